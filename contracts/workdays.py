"""Counting terms in days: corridos, úteis and months, over a calendar that is handed in.

The rules are those of Lei nº 9.784/1999, art. 66, and Lei nº 14.133/2021, art. 183: the first day is left out and the
last is counted; a term that ends on a day without expediente rolls to the next working day; days run on unless the term
is in dias úteis; months go from date to date, and where the month lacks the day, to its last day.
Which days are closed is not decided here: see ``vendor_tracker/calendars.py``.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_ONE_DAY = timedelta(days=1)


class TermUnit(StrEnum):
    """What a term counts."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class CalendarRangeError(ValueError):
    """The calendar knows nothing about this day; the message is Portuguese."""


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier, when negative); the month's last day where it has no such day."""
    year, month_index = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = month_index + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Workdays:
    """A calendar of expediente: Monday to Friday, less the closed days.

    ``name`` is Portuguese, for pages ("CNJ"). ``first`` and ``last`` bound what the calendar knows, inclusive: asking
    about a day outside is an error, because a year whose holidays are unknown would silently look fully open. Leave
    both out only when every closed day there is, is in ``closed``.
    """

    closed: frozenset[date]
    name: str
    first: date = date.min
    last: date = date.max

    def is_working(self, day: date) -> bool:
        """Whether there is expediente on the day.

        Raises:
            CalendarRangeError: the day is outside what the calendar knows.
        """
        if not self.first <= day <= self.last:
            raise CalendarRangeError(
                f"O calendário {self.name} vai de {self.first:%d/%m/%Y} a {self.last:%d/%m/%Y} e não alcança "
                f"{day:%d/%m/%Y}. Peça ao administrador que amplie o calendário."
            )
        return day.weekday() < 5 and day not in self.closed

    def next_working(self, day: date) -> date:
        """The day itself when there is expediente, else the first later day that has it."""
        while not self.is_working(day):
            day += _ONE_DAY
        return day

    def previous_working(self, day: date) -> date:
        """The day itself when there is expediente, else the last earlier day that had it."""
        while not self.is_working(day):
            day -= _ONE_DAY
        return day

    def add_working(self, day: date, n: int) -> date:
        """The ``n``-th working day after the day, which is not counted; before it, when ``n`` is negative.

        Zero is the day itself, rolled forward to a working day.
        """
        if n == 0:
            return self.next_working(day)
        step = _ONE_DAY if n > 0 else -_ONE_DAY
        for _ in range(abs(n)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def count(self, start: date, end: date) -> int:
        """How many working days lie after ``start``, up to and including ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.count(end, start)
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def due_after(self, start: date, n: int, unit: TermUnit) -> date:
        """The last day of a term of ``n`` units that starts on ``start``: the day itself is left out, the last counts.

        Whatever the unit, the answer is a working day. ``start`` is the day of official notice (Lei nº 9.784/1999,
        art. 66) or what Lei nº 14.133/2021, art. 183, § 1º, calls "dia do começo".

        Raises:
            ValueError: ``n`` is negative.
            CalendarRangeError: the term leaves what the calendar knows.
        """
        if n < 0:
            raise ValueError("Um prazo não pode ser negativo.")
        if unit is TermUnit.WORKING_DAYS:
            return self.add_working(start, n)
        if unit is TermUnit.CALENDAR_DAYS:
            return self.next_working(start + timedelta(days=n))
        return self.next_working(add_months(start, n))
