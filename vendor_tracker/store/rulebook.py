"""What agreements are judged by, as rows: administrative parameters, calendars, obligations of the organisation."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from vendor_tracker.store.base import current, known_at
from vendor_tracker.store.tables import CalendarDay, FurtherObligationRow, PolicyOverride


class OverrideRow(NamedTuple):
    """A decision about an administrative parameter."""

    id: int
    key: str
    since: date
    value: Any
    decided_by: str
    reason: str
    recorded_at: datetime


class CalendarRow(NamedTuple):
    """An entry of the administrator in a calendar."""

    id: int
    calendar: str
    day: date
    closed: bool
    name: str
    source: str
    recorded_at: datetime


class FurtherRow(NamedTuple):
    """An obligation of the organisation, its newest known version."""

    lineage: int
    code: str
    title: str
    text: str
    since: date
    until: date | None
    needs_clause: bool
    evidence_kinds: tuple[str, ...]
    decided_by: str
    decided_on: date


Edition = tuple[int, datetime]
"""Which edition of something that only grows: the id of its newest row and when it was recorded.

The moment is part of it because an id may be given again after a transaction was undone.
"""


def last_override(session: Session, known_until: datetime | None = None) -> Edition | None:
    """Return the edition of the parameters known at the moment; ``None`` before the first decision."""
    query = select(PolicyOverride.id, PolicyOverride.recorded_at).order_by(PolicyOverride.id.desc()).limit(1)
    if known_until is not None:
        query = query.where(PolicyOverride.recorded_at < known_until)
    row = session.execute(query).one_or_none()
    return None if row is None else (row.id, row.recorded_at)


def overrides(session: Session, *, up_to: int | None = None) -> list[OverrideRow]:
    """Return the decisions about parameters in the order in which they were taken; ``up_to`` bounds their ids."""
    query = select(
        PolicyOverride.id,
        PolicyOverride.key,
        PolicyOverride.since,
        PolicyOverride.value,
        PolicyOverride.decided_by,
        PolicyOverride.reason,
        PolicyOverride.recorded_at,
    ).order_by(PolicyOverride.id)
    if up_to is not None:
        query = query.where(PolicyOverride.id <= up_to)
    return [OverrideRow(*row) for row in session.execute(query)]


def last_calendar_day(session: Session) -> Edition | None:
    """Return the edition of the calendars; ``None`` before the first entry."""
    row = session.execute(
        select(CalendarDay.id, CalendarDay.recorded_at).order_by(CalendarDay.id.desc()).limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.recorded_at)


def calendar_days(session: Session, *, calendar: str, year: int | None = None) -> list[CalendarRow]:
    """Return the entries of one calendar in the order in which they were made; of two for a day the later wins."""
    query = (
        select(
            CalendarDay.id,
            CalendarDay.calendar,
            CalendarDay.day,
            CalendarDay.closed,
            CalendarDay.name,
            CalendarDay.source,
            CalendarDay.recorded_at,
        )
        .where(CalendarDay.calendar == calendar)
        .order_by(CalendarDay.id)
    )
    if year is not None:
        query = query.where(CalendarDay.day >= date(year, 1, 1), CalendarDay.day <= date(year, 12, 31))
    return [CalendarRow(*row) for row in session.execute(query)]


def further_obligations(session: Session, *, known_until: datetime | None = None) -> list[FurtherRow]:
    """Return the obligations of the organisation as known at the moment, by code."""
    known = current(FurtherObligationRow) if known_until is None else known_at(FurtherObligationRow, known_until)
    rows = session.execute(
        select(
            FurtherObligationRow.lineage,
            FurtherObligationRow.code,
            FurtherObligationRow.title,
            FurtherObligationRow.text,
            FurtherObligationRow.since,
            FurtherObligationRow.until,
            FurtherObligationRow.needs_clause,
            FurtherObligationRow.evidence_kinds,
            FurtherObligationRow.decided_by,
            FurtherObligationRow.decided_on,
        )
        .where(known)
        .order_by(FurtherObligationRow.code, FurtherObligationRow.id)
    )
    return [FurtherRow(*row[:7], tuple(row.evidence_kinds), row.decided_by, row.decided_on) for row in rows]


def further_version(session: Session, lineage: int) -> FurtherObligationRow | None:
    """Return the newest version of an obligation of the organisation, for writing the next."""
    return session.scalars(
        select(FurtherObligationRow).where(FurtherObligationRow.lineage == lineage, current(FurtherObligationRow))
    ).one_or_none()
