"""Queries about the monthly pictures of the register."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from vendor_tracker.store.dialects import insert_into
from vendor_tracker.store.tables import Agreement, Snapshot, TrailEntry


def snapshot_counts(session: Session) -> dict[date, int]:
    """Return how many agreements each month's picture holds."""
    rows = session.execute(
        select(Snapshot.month, func.count().label("agreements")).group_by(Snapshot.month).order_by(Snapshot.month)
    )
    return {row.month: row.agreements for row in rows}


def first_agreement_at(session: Session) -> datetime | None:
    """Return when the first agreement was recorded."""
    return session.execute(
        select(Agreement.created_at).order_by(Agreement.created_at, Agreement.id).limit(1)
    ).scalar_one_or_none()


def agreements_created_before(session: Session, moment: datetime) -> int:
    """Return how many agreements had been recorded at the moment."""
    return session.execute(
        select(func.count()).select_from(Agreement).where(Agreement.created_at < moment)
    ).scalar_one()


def without_snapshot(session: Session, *, month: date, created_before: datetime, limit: int) -> list[int]:
    """Return agreements recorded before the moment that the month's picture lacks, ascending."""
    taken = exists().where(Snapshot.month == month, Snapshot.agreement_id == Agreement.id)
    return list(
        session.execute(
            select(Agreement.id)
            .where(Agreement.created_at < created_before, ~taken)
            .order_by(Agreement.id)
            .limit(limit)
        ).scalars()
    )


def add_snapshots(session: Session, rows: Sequence[Mapping[str, object]]) -> int:
    """Add monthly pictures that do not exist yet; return how many were new."""
    if not rows:
        return 0
    query = insert_into(session, Snapshot).on_conflict_do_nothing(index_elements=["month", "agreement_id"])
    before = session.execute(select(func.count()).select_from(Snapshot)).scalar_one()
    session.execute(query, list(rows))
    return session.execute(select(func.count()).select_from(Snapshot)).scalar_one() - before


class MonthCount(NamedTuple):
    """How many agreements had the same twelve verdicts at the end of a month."""

    month: date
    verdicts: str
    agreements: int


def snapshot_months(session: Session, *, since: date) -> list[date]:
    """Return the months that have a picture, oldest first, from ``since`` on."""
    return list(
        session.execute(
            select(Snapshot.month).where(Snapshot.month >= since).distinct().order_by(Snapshot.month)
        ).scalars()
    )


def month_verdicts(session: Session, months: Collection[date]) -> list[MonthCount]:
    """Return the verdicts of whole months, agreements with the same twelve counted together."""
    rows = session.execute(
        select(Snapshot.month, Snapshot.verdicts, func.count())
        .where(Snapshot.month.in_(sorted(months)))
        .group_by(Snapshot.month, Snapshot.verdicts)
        .order_by(Snapshot.month, Snapshot.verdicts)
    )
    return [MonthCount(*row) for row in rows]


def last_register_line(session: Session) -> int:
    """Return the number of the last trail line about the register as a whole; the pictures only change with one."""
    return (
        session.execute(
            select(TrailEntry.seq)
            .where(TrailEntry.subject_kind == "register", TrailEntry.subject_id.is_(None))
            .order_by(TrailEntry.seq.desc())
            .limit(1)
        ).scalar_one_or_none()
        or 0
    )


class MonthScore(NamedTuple):
    """The score of one agreement at the end of a month."""

    month: date
    score: int | None


def scores_of(session: Session, agreement_id: int, *, since: date, until: date) -> list[MonthScore]:
    """Return the monthly scores of one agreement, oldest first."""
    rows = session.execute(
        select(Snapshot.month, Snapshot.score)
        .where(Snapshot.agreement_id == agreement_id, Snapshot.month >= since, Snapshot.month <= until)
        .order_by(Snapshot.month)
    )
    return [MonthScore(*row) for row in rows]
