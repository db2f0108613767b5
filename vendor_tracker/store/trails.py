"""Queries over the audit trail."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vendor_tracker.store.tables import TrailEntry, TrailHead


def head(session: Session) -> tuple[int, str]:
    """Return the number and hash of the newest line."""
    row = session.execute(select(TrailHead.seq, TrailHead.hash).where(TrailHead.id == 1)).one()
    return row.seq, row.hash


def entries(session: Session) -> Iterator[TrailEntry]:
    """Walk the whole trail from its first line, a thousand at a time."""
    statement = select(TrailEntry).order_by(TrailEntry.seq).execution_options(yield_per=1000)
    yield from session.scalars(statement)


def page(
    session: Session, *, offset: int, limit: int, subject_kind: str = "", subject_id: int | None = None, actor: str = ""
) -> tuple[int, list[TrailEntry]]:
    """Return how many lines match and one page of them, newest first."""
    conditions = []
    if subject_kind:
        conditions.append(TrailEntry.subject_kind == subject_kind)
    if subject_id is not None:
        conditions.append(TrailEntry.subject_id == subject_id)
    if actor:
        conditions.append(TrailEntry.actor == actor)
    total = session.scalar(select(func.count()).select_from(TrailEntry).where(*conditions)) or 0
    rows = session.scalars(
        select(TrailEntry).where(*conditions).order_by(TrailEntry.seq.desc()).offset(offset).limit(limit)
    )
    return total, list(rows)


def take_turn(session: Session) -> None:
    """Wait for the writers before us, until the end of the transaction.

    Every act ends in the trail, whose head has one row to hold. Whoever holds it first and touches other rows
    afterwards cannot meet another writer who does the same the other way round. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(TrailHead.id).where(TrailHead.id == 1).with_for_update())
