"""Preparing a database: tables by migration, the head of the trail, and what the database itself refuses."""

from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.orm import Session

from vendor_tracker.store.base import Base
from vendor_tracker.store.tables import Agreement, JobRun, Message, Operator, Request, TrailEntry, TrailHead

MIGRATIONS = Path(__file__).parent / "migrations"
GENESIS = "0" * 64


def expected_revision() -> str | None:
    """Return the newest migration of this version of the program."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config).get_current_head()


def create_all(engine: Engine) -> None:
    """Make every table at once, with the trail's guards and its head: what tests and an empty database need."""
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        guard_trail(connection)
        begin_trail(connection)


def guard_trail(connection: Connection) -> None:
    """Make the database refuse UPDATE and DELETE on the trail's lines."""
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            connection.execute(
                text(
                    f"CREATE TRIGGER IF NOT EXISTS trail_entry_refuses_{verb.lower()} BEFORE {verb} ON trail_entry "
                    "BEGIN SELECT RAISE(ABORT, 'a trilha de auditoria não se altera'); END"
                )
            )
        return
    connection.execute(
        text(
            "CREATE OR REPLACE FUNCTION trail_entry_refuses() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a trilha de auditoria não se altera'; END $$"
        )
    )
    connection.execute(text("DROP TRIGGER IF EXISTS trail_entry_refuses_change ON trail_entry"))
    connection.execute(
        text(
            "CREATE TRIGGER trail_entry_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON trail_entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION trail_entry_refuses()"
        )
    )


def begin_trail(connection: Connection) -> None:
    """Write the head of an empty chain, once."""
    if connection.execute(select(TrailHead.id)).first() is None:
        connection.execute(TrailHead.__table__.insert().values(id=1, seq=0, hash=GENESIS))  # type: ignore[attr-defined]


def is_prepared(session: Session) -> bool:
    """Tell whether the database has the tables of this version."""
    connection = session.connection()
    if not inspect(connection).has_table("trail_head"):
        return False
    if not inspect(connection).has_table("alembic_version"):
        return True  # Made at once, by create_all.
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == expected_revision()


def counts(session: Session) -> dict[str, tuple[str, int]]:
    """Return what operations watch: name -> (what it is, how many)."""

    def how_many(statement: object) -> int:
        return session.scalar(statement) or 0  # type: ignore[call-overload, no-any-return]

    return {
        "operators": ("Operadores registrados", how_many(select(func.count()).select_from(Operator))),
        "agreements": ("Acordos registrados", how_many(select(func.count()).select_from(Agreement))),
        "requests": ("Requisições", how_many(select(func.count()).select_from(Request))),
        "messages_waiting": (
            "Mensagens à espera de envio",
            how_many(select(func.count()).select_from(Message).where(Message.state.in_(("waiting", "sending")))),
        ),
        "messages_failed": (
            "Mensagens que não puderam ser entregues",
            how_many(select(func.count()).select_from(Message).where(Message.state == "failed")),
        ),
        "job_runs": ("Execuções de rotinas", how_many(select(func.count()).select_from(JobRun))),
        "trail_entries": ("Linhas da trilha de auditoria", how_many(select(func.max(TrailEntry.seq)))),
    }
