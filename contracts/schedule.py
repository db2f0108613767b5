"""The decisions about how often one agreement is asked, over time: which period is due, and which come next.

Without a decision the exposure tier says how often (an administrative parameter): so many months after the last
complete request. A decision holds from a day on, until the next one. Whatever changes, what was already due when the
decision began to hold stays due until it is asked, and one complete request answers for all that fell due before it.
A suspension puts off and waives nothing: what falls due meanwhile is asked when it ends.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.recurrence import Period, Rhythm
from contracts.vocabulary import RhythmKind
from contracts.workdays import Workdays, add_months

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RhythmDecision:
    """What somebody decided about one agreement, from ``holds_from`` on."""

    holds_from: date
    kind: RhythmKind
    rhythm: Rhythm | None = None
    """The rhythm, when it is one of its own."""
    until: date | None = None
    """The last day of a suspension."""

    @property
    def sentence(self) -> str:
        """Say the decision in Portuguese."""
        if self.kind is RhythmKind.SUSPENDED and self.until is not None:
            return f"suspensa até {self.until:%d/%m/%Y}"
        return self.rhythm.sentence if self.rhythm is not None else "a da faixa de exposição"


@dataclass(frozen=True, slots=True)
class Slot:
    """A period of complete requests that is due, and since when."""

    period: str
    """What names it within the cadence: the month of a rhythm of its own, or the day by the exposure tier."""
    day: date
    own: bool
    """Whether a rhythm of its own made it due."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Everything that says when the complete requests of one agreement fall due.

    ``opened`` maps the period of each complete request that was ever opened to the day it was. ``begins_on`` is the
    day the first one is due, and ``months`` the interval of the exposure tier on the day of the question.
    """

    decisions: tuple[RhythmDecision, ...]
    opened: Mapping[str, date]
    begins_on: date
    months: int

    def in_force(self, on: date) -> RhythmDecision | None:
        """Return the decision that holds on the day, a suspension included; ``None``: the exposure tier says.

        Once a suspension is over, what it suspended holds again.
        """
        for decision in reversed(_in_order(self.decisions)):
            over = decision.until is not None and decision.until < on
            if decision.holds_from <= on and not (decision.kind is RhythmKind.SUSPENDED and over):
                return decision
        return None

    def suspended_until(self, on: date) -> date | None:
        """Return the last day of the suspension that holds on the day."""
        decision = self.in_force(on)
        return decision.until if decision is not None and decision.kind is RhythmKind.SUSPENDED else None

    def interval(self, on: date) -> int:
        """Return how many months lie between complete requests, by the rhythm that holds or by the tier."""
        found = self.months
        for start, end, rhythm in self._stretches():
            if start <= on and (end is None or on < end):
                found = rhythm.months if rhythm is not None else self.months
        return found

    def due(self, on: date, workdays: Workdays) -> Slot | None:
        """Return the period that is due on the day, the latest when several went unasked; ``None``: nothing is.

        Raises:
            CalendarRangeError: the calendar does not reach so far.
        """
        if self.suspended_until(on) is not None:
            return None
        found: Slot | None = None
        for start, end, rhythm in self._stretches():
            slot = self._own(start, end, rhythm, on, workdays) if rhythm is not None else self._default(start, end, on)
            if slot is not None and (found is None or slot.day >= found.day):
                found = slot
        return found

    def coming(self, after: date, workdays: Workdays, *, until: date) -> Iterator[date]:
        """Yield the days after ``after``, up to ``until``, on which complete requests will be opened, if all goes well.

        What is due already is taken to be asked on ``after``.

        Raises:
            CalendarRangeError: the calendar does not reach so far.
        """
        opened = dict(self.opened)
        due = self.due(after, workdays)
        if due is not None:
            opened[due.period] = after
        day = after
        while True:
            ahead = Schedule(self.decisions, opened, self.begins_on, self.months)
            resumed = self._resumed(day)
            if resumed != day:
                # What was due when the suspension began, or fell due in it, is asked on the day it is over.
                day, slot = resumed, ahead.due(resumed, workdays)
            else:
                slot = ahead.next_after(day, workdays, until=until)
                if slot is None:
                    return
                day = self._resumed(slot.day)
            if day > until:
                return
            if slot is not None:
                opened[slot.period] = day
                yield day

    def _resumed(self, day: date) -> date:
        """Return the day itself, or the first day on which the suspension that holds on it is over.

        That is the day after its last or, when another decision came before, the day that one holds from.
        """
        while (last := self.suspended_until(day)) is not None:
            later = (decision.holds_from for decision in self.decisions if decision.holds_from > day)
            day = min((last + _ONE_DAY, *later))
        return day

    def next_after(self, after: date, workdays: Workdays, *, until: date) -> Slot | None:
        """Return the first period that falls due after the day and by ``until``, suspensions left aside."""
        found: Slot | None = None
        for start, end, rhythm in self._stretches():
            slot = self._next_in(start, end, rhythm, after, workdays, until)
            if slot is not None and slot.day <= until and (found is None or slot.day < found.day):
                found = slot
        return found

    # -- the stretches of time between decisions -----------------------------------------------------------------------

    def _stretches(self) -> Iterator[tuple[date, date | None, Rhythm | None]]:
        """Yield (first day, first day of the next, rhythm or ``None`` for the tier's); suspensions rule no stretch."""
        ruling = [each for each in _in_order(self.decisions) if each.kind is not RhythmKind.SUSPENDED]
        starts = [date.min, *(each.holds_from for each in ruling)]
        rhythms = [None, *(each.rhythm for each in ruling)]
        for index, (start, rhythm) in enumerate(zip(starts, rhythms, strict=True)):
            yield start, starts[index + 1] if index + 1 < len(starts) else None, rhythm

    def _own(self, start: date, end: date | None, rhythm: Rhythm, on: date, workdays: Workdays) -> Slot | None:
        last = on if end is None else min(on, end - _ONE_DAY)
        period = rhythm.latest(last, workdays) if start <= last else None
        if period is None or self._covered(period):
            return None
        return Slot(period.name, period.day, own=True)

    def _default(self, start: date, end: date | None, on: date) -> Slot | None:
        day = max(self._due_by_tier(), start)
        if day > on or (end is not None and day >= end):
            return None
        return Slot(day.isoformat(), day, own=False)

    def _next_in(
        self, start: date, end: date | None, rhythm: Rhythm | None, after: date, workdays: Workdays, until: date
    ) -> Slot | None:
        if rhythm is None:
            day = max(self._due_by_tier(), start)
            return Slot(day.isoformat(), day, own=False) if day > after and (end is None or day < end) else None
        for period in rhythm.periods(workdays, after=after):
            if period.day > until or (end is not None and period.day >= end):
                return None
            if not self._covered(period):
                return Slot(period.name, period.day, own=True)
        return None

    def _due_by_tier(self) -> date:
        return add_months(max(self.opened.values()), self.months) if self.opened else self.begins_on

    def _covered(self, period: Period) -> bool:
        """Tell whether a complete request answers for a period of an own rhythm.

        It was opened for it, or on its day or later; or the exposure tier had one opened in the same month.
        """
        return period.name in self.opened or any(
            opened_on >= period.day or (not _is_month(name) and f"{opened_on:%Y-%m}" == period.name)
            for name, opened_on in self.opened.items()
        )


def _is_month(period: str) -> bool:
    return len(period) == len("2027-03")


def _in_order(decisions: Sequence[RhythmDecision]) -> tuple[RhythmDecision, ...]:
    """Return the decisions by the day they hold from; of one day, as they were taken."""
    return tuple(sorted(decisions, key=lambda decision: decision.holds_from))
