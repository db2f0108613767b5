"""What a judgement may know: the two clocks, and the conditions that keep them.

``on`` is the day that is judged: what had not happened by its end is left out. ``known_until`` is the moment of
knowledge: a row recorded later, or a version superseded before, does not exist. ``None`` means everything known now,
rows of the caller's own transaction included.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from vendor_tracker.clock import day_of
from vendor_tracker.store.base import Recorded, Versioned, current, known_at
from vendor_tracker.store.dialects import among


@dataclass(frozen=True, slots=True)
class Knowledge:
    """One loading of facts: what is common to its queries. ``ids`` are the agreements asked for, ``None`` for all."""

    session: Session
    ids: Collection[int] | None
    on: date
    known_until: datetime | None

    def known(self, table: type[Versioned]) -> ColumnElement[bool]:
        """Return the condition that a version of a fact was the newest one known."""
        return current(table) if self.known_until is None else known_at(table, self.known_until)

    def recorded(self, table: type[Recorded]) -> ColumnElement[bool]:
        """Return the condition that a row had been recorded."""
        return true() if self.known_until is None else table.recorded_at < self.known_until

    def of(self, column: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[bool]:
        """Return the condition that a column names one of the agreements."""
        return among(self.session, column, self.ids)

    def past(self, day: date | None) -> date | None:
        """Return the day of something that happens once, unless it lies after the judged day."""
        return day if day is not None and day <= self.on else None

    def past_moment(self, moment: datetime | None) -> datetime | None:
        """Return a moment, unless its day lies after the judged day."""
        return moment if moment is not None and day_of(moment) <= self.on else None

    def versioned(self, table: Any) -> Iterable[Row[Any]]:
        """Select the known versions of a table of agreement facts, oldest lineage first."""
        skip = {"superseded_at", "recorded_at", "recorded_by_id"}
        columns = [column for column in table.__table__.c if column.name not in skip]
        return self.session.execute(
            select(*columns).where(self.of(table.agreement_id), self.known(table)).order_by(table.lineage, table.id)
        )
