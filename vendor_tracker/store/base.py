"""The database object, the column types and the two mixins that keep history.

A row that states a fact is never rewritten. A correction is a new row of the same ``lineage``; the old one only learns
when it was superseded. What was known at a moment is therefore a plain ``where`` (:func:`known_at`).
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ColumnElement, Date, DateTime, ForeignKey, Integer, MetaData, String, and_, event, or_
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table hangs on this base; the naming convention lets SQLite migrate constraints."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:

    class Model(Base):
        """What every table inherits, as the type checker sees it."""

        __abstract__ = True
else:
    Model = db.Model


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment; SQLite keeps it without zone, and it comes back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment: nobody could tell which day of São Paulo it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "A moment needs a time zone."
            raise ValueError(message)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


E = TypeVar("E", bound=StrEnum)


class Slug(TypeDecorator[E]):
    """An enumeration stored as its English slug, so that adding a member needs no migration."""

    impl = String(40)
    cache_ok = True

    def __init__(self, enumeration: type[E]) -> None:
        """Remember which enumeration the column holds."""
        self.enumeration = enumeration
        super().__init__()

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Store the slug; a string that is no member is an error."""
        return None if value is None else self.enumeration(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the member."""
        return None if value is None else self.enumeration(value)


class Identified:
    """A surrogate key."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)


class Recorded(Identified):
    """A row that says when it was recorded and by whom; it is never changed."""

    recorded_at: Mapped[datetime] = mapped_column(Moment, index=True)

    @declared_attr
    def recorded_by_id(cls) -> Mapped[int | None]:  # noqa: N805 - SQLAlchemy passes the class
        """Return the column for the user; null when the operator itself or a job recorded it."""
        return mapped_column(ForeignKey("user.id"))


class Versioned(Recorded):
    """A row of a lineage: the newest version counts, older ones know when they were superseded."""

    lineage: Mapped[int | None] = mapped_column(Integer, index=True)
    """Id of the first version: the stable identity that pages link to."""
    superseded_at: Mapped[datetime | None] = mapped_column(Moment, index=True)

    def next_version(self, *, recorded_at: datetime, recorded_by_id: int | None, **changes: Any) -> Self:
        """Return a copy with ``changes``, mark this row as superseded; the caller adds the copy to the session."""
        skip = {"id", "recorded_at", "recorded_by_id", "superseded_at"}
        kept = {
            attribute.key: getattr(self, attribute.key)
            for attribute in type(self).__mapper__.column_attrs  # type: ignore[attr-defined]
            if attribute.key not in skip
        }
        unknown = changes.keys() - kept.keys()
        if unknown:
            message = f"{type(self).__name__} has no columns {sorted(unknown)}."
            raise TypeError(message)
        self.superseded_at = recorded_at
        return type(self)(**{**kept, **changes}, recorded_at=recorded_at, recorded_by_id=recorded_by_id)


def known_at(table: type[Versioned], moment: datetime) -> ColumnElement[bool]:
    """Return the condition that picks the versions known at ``moment`` (recorded before it, not yet superseded)."""
    return and_(
        table.recorded_at < moment,
        or_(table.superseded_at.is_(None), table.superseded_at >= moment),
    )


def current(table: type[Versioned]) -> ColumnElement[bool]:
    """Return the condition that picks the newest versions."""
    return table.superseded_at.is_(None)


@event.listens_for(Versioned, "after_insert", propagate=True)
def _start_lineage(mapper: Any, connection: Any, row: Versioned) -> None:
    """Give the first version of a lineage its own id as identity."""
    if row.lineage is None:
        table = mapper.local_table
        connection.execute(table.update().where(table.c.id == row.id).values(lineage=row.id))
        # The loaded attribute follows the row without a second query.
        row.__dict__["lineage"] = row.id


def prepare_sqlite(engine: Engine) -> None:
    """Make SQLite behave: WAL, foreign keys, patience, and one writer by BEGIN IMMEDIATE.

    The driver's own transaction handling is switched off. A session that means to write says so with the execution
    option ``writes``; a reader takes a snapshot and never waits.
    """

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=30000", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        immediate = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


__all__ = [
    "Base",
    "Date",
    "Identified",
    "Model",
    "Moment",
    "Recorded",
    "Slug",
    "Versioned",
    "current",
    "db",
    "known_at",
    "prepare_sqlite",
]
