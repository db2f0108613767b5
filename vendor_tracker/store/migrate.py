"""Running the migrations that a database lacks, without Flask's command line."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from vendor_tracker.store.setup import MIGRATIONS


def config_for(engine: Engine) -> Config:
    """Return Alembic's configuration for this engine."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to ``revision``."""
    command.upgrade(config_for(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back to ``revision``; used by tests of the migrations."""
    command.downgrade(config_for(engine), revision)
