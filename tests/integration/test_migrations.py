"""A database that migrations made is the one the program expects, on both engines."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from vendor_tracker.store.base import Base
from vendor_tracker.store.migrate import downgrade, upgrade


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on an empty database."""
    made = create_engine(database_url)
    yield made
    made.dispose()


def _differences(engine: Engine) -> list[Any]:
    import vendor_tracker.store.tables  # noqa: F401 - makes the metadata whole

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        return compare_metadata(context, Base.metadata)


def test_migrations_make_exactly_the_tables_of_the_program(engine: Engine) -> None:
    upgrade(engine)
    assert _differences(engine) == []


def test_migrations_can_be_taken_back_and_made_again(engine: Engine) -> None:
    upgrade(engine)
    downgrade(engine, "base")
    left = set(inspect(engine).get_table_names()) - {"alembic_version"}
    assert left == set()
    upgrade(engine)
    assert _differences(engine) == []


def test_a_migrated_database_starts_its_trail_and_guards_it(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT seq FROM trail_head WHERE id = 1")).scalar() == 0
        connection.execute(
            text(
                "INSERT INTO trail_entry (seq, at, actor, act, subject_kind, summary, details, previous, hash) "
                "VALUES (1, '2026-01-01 00:00:00', 'a', 'b', 'c', 'd', '{}', 'e', 'f')"
            )
        )
    for statement in ("UPDATE trail_entry SET actor = 'x'", "DELETE FROM trail_entry"):
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(statement))


def test_preparing_twice_is_the_same_as_once(engine: Engine) -> None:
    upgrade(engine)
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM trail_head")).scalar() == 1
