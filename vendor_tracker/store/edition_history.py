"""Queries that every kind of text written in the product shares: what is decided, what is open, what was done."""

from datetime import date, datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from contracts.vocabulary import EditionState
from vendor_tracker.store.base import current, known_at
from vendor_tracker.store.tables import ClauseEdition, QuestionEditionRow, User

Mark = tuple[int, int, datetime]
"""Which decisions about editions are known: the newest row, how many there are, and the moment of the last."""

E = TypeVar("E", ClauseEdition, QuestionEditionRow)

_DECIDED = (EditionState.APPROVED, EditionState.WITHDRAWN)
_OPEN = (EditionState.DRAFT, EditionState.SUBMITTED)


class EditionAct(NamedTuple):
    """One act of the history of an edition."""

    id: int
    state: EditionState
    note: str
    since: date | None
    by_id: int | None
    by: str
    at: datetime


def mark(session: Session, table: type[E], known_until: datetime | None = None) -> Mark | None:
    """Return which decisions are known at the moment (default: now); ``None`` before the first. One small query."""
    query = select(func.max(table.id), func.count(), func.max(table.recorded_at)).where(table.state.in_(_DECIDED))
    if known_until is not None:
        query = query.where(table.recorded_at < known_until)
    last, many, at = session.execute(query).one()
    return None if last is None else (last, many, at)


def approved(
    session: Session, table: type[E], by: InstrumentedAttribute[str], known_until: datetime | None = None
) -> list[E]:
    """Return the editions that were approved and not withdrawn, as known at the moment, in the order of ``by``."""
    known = current(table) if known_until is None else known_at(table, known_until)
    return list(
        session.scalars(
            select(table).where(known, table.state == EditionState.APPROVED).order_by(by, table.number, table.id)
        )
    )


def edition(session: Session, table: type[E], lineage: int) -> E | None:
    """Return an edition as it stands."""
    return session.scalar(select(table).where(table.lineage == lineage, current(table)))


def open_edition(session: Session, table: type[E], by: InstrumentedAttribute[str], value: str) -> E | None:
    """Return the edition that is being written or waits for approval; there is one at most for each text."""
    return session.scalar(
        select(table).where(by == value, current(table), table.state.in_(_OPEN)).order_by(table.id.desc()).limit(1)
    )


def acts(session: Session, table: type[E], lineage: int) -> list[EditionAct]:
    """Return everything that was done about an edition, the oldest first."""
    rows = session.execute(
        select(
            table.id,
            table.state,
            table.note,
            table.since,
            table.recorded_by_id,
            func.coalesce(User.name, ""),
            table.recorded_at,
        )
        .outerjoin(User, User.id == table.recorded_by_id)
        .where(table.lineage == lineage)
        .order_by(table.id)
    )
    return [EditionAct(*row) for row in rows]
