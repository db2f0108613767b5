"""How often, and on which day: a rhythm as a value, in RFC 5545 and in plain Portuguese.

A rhythm names one day in every so many months: the n-th working day, the last one, or a day of the month. What a rule
of RFC 5545 can say of it is written in one (``FREQ=MONTHLY;INTERVAL=6;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=5``); which
weekdays have expediente it cannot say, so the days themselves are counted over the calendar that is handed in.

Each month of the rhythm is one period, named by it (``2027-03``). The name does not follow the day, so that a holiday
entered late, or another day of the same month, never makes a second period of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.vocabulary import DayRule
from contracts.workdays import Workdays, add_months

MOST_MONTHS = 60
"""The longest interval, in months: that of the parameter that rhythms take the place of."""

LAST_NTH = 10
"""The highest n-th working day: every month has so many, even the one of the recess."""

LAST_DAY = 28
"""The highest day of the month: every month has it."""

MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho",
    "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)  # fmt: skip

_ONE_DAY = timedelta(days=1)
_WEEKDAYS = "MO,TU,WE,TH,FR"


class RhythmError(ValueError):
    """A rhythm that cannot be; the message is Portuguese and says what to do."""


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a rhythm: its name, and the day on which it falls due."""

    name: str
    """The month, as in ``2027-03``."""
    day: date


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One day in every ``months`` months, counted from the month of ``anchor``.

    ``number`` is which working day, or which day of the month; zero for the last working day. ``anchor`` is the first
    day of the month of the first period.

    Raises:
        RhythmError: a number is out of bounds.
    """

    months: int
    rule: DayRule
    number: int
    anchor: date

    def __post_init__(self) -> None:
        """Refuse what no month could keep."""
        if not 1 <= self.months <= MOST_MONTHS:
            raise RhythmError(f"Escolha um intervalo de 1 a {MOST_MONTHS} meses.")
        if self.rule is DayRule.NTH_WORKING and not 1 <= self.number <= LAST_NTH:
            raise RhythmError(f"Escolha do 1º ao {LAST_NTH}º dia útil do mês.")
        if self.rule is DayRule.MONTH_DAY and not 1 <= self.number <= LAST_DAY:
            raise RhythmError(f"Escolha um dia de 1 a {LAST_DAY}, que todo mês tem.")
        if self.rule is DayRule.LAST_WORKING and self.number != 0:
            raise RhythmError("O último dia útil não leva número.")
        if self.anchor.day != 1:
            raise RhythmError("A contagem começa no primeiro dia de um mês.")

    @staticmethod
    def starting(months: int, rule: DayRule, number: int, since: date, workdays: Workdays) -> "Rhythm":
        """Return the rhythm whose first day is the first one that its rule gives on or after ``since``.

        Raises:
            RhythmError: a number is out of bounds.
            CalendarRangeError: the calendar does not reach so far.
        """
        here = Rhythm(months, rule, number, since.replace(day=1))
        if here.day_in(here.anchor, workdays) >= since:
            return here
        return Rhythm(months, rule, number, add_months(here.anchor, 1))

    # -- days ----------------------------------------------------------------------------------------------------------

    def day_in(self, month: date, workdays: Workdays) -> date:
        """Return the day that the rule gives in the month of ``month``; always one with expediente.

        A month with fewer working days than ``number`` gives its last one; a day without expediente gives the next
        that has it, even if that lies in the month after.

        Raises:
            CalendarRangeError: the calendar does not reach so far.
        """
        first = month.replace(day=1)
        if self.rule is DayRule.MONTH_DAY:
            return workdays.next_working(first.replace(day=self.number))
        last = add_months(first, 1) - _ONE_DAY
        end = workdays.previous_working(last)
        if end < first:  # Nobody works in the whole month.
            return workdays.next_working(last)
        if self.rule is DayRule.LAST_WORKING:
            return end
        return min(workdays.add_working(first - _ONE_DAY, self.number), end)

    def periods(self, workdays: Workdays, *, after: date | None = None) -> Iterator[Period]:
        """Yield the periods in order, without end: all of them, or those that fall due after a day.

        Raises:
            CalendarRangeError: the calendar does not reach so far.
        """
        count = 0 if after is None else max(0, self._months_to(after) // self.months - 1)
        while True:
            month = add_months(self.anchor, count * self.months)
            period = Period(f"{month:%Y-%m}", self.day_in(month, workdays))
            if after is None or period.day > after:
                yield period
            count += 1

    def latest(self, day: date, workdays: Workdays) -> Period | None:
        """Return the last period that fell due by the day; ``None`` before the first.

        Raises:
            CalendarRangeError: the calendar does not reach so far.
        """
        for count in range(self._months_to(day) // self.months, -1, -1):
            month = add_months(self.anchor, count * self.months)
            due = self.day_in(month, workdays)
            if due <= day:
                return Period(f"{month:%Y-%m}", due)
        return None

    def _months_to(self, day: date) -> int:
        return (day.year - self.anchor.year) * 12 + day.month - self.anchor.month

    # -- in words ------------------------------------------------------------------------------------------------------

    @property
    def sentence(self) -> str:
        """Say the rhythm in Portuguese: "a cada 6 meses, no 5º dia útil"."""
        often = interval_sentence(self.months)
        of_month = "" if self.months % 12 else f" de {MONTHS[self.anchor.month - 1]}"
        match self.rule:
            case DayRule.NTH_WORKING:
                return f"{often}, no {self.number}º dia útil{of_month}"
            case DayRule.LAST_WORKING:
                return f"{often}, no último dia útil{of_month}"
            case DayRule.MONTH_DAY:
                day = "1º" if self.number == 1 else str(self.number)
                return f"{often}, no dia {day}{of_month} ou no dia útil seguinte"

    @staticmethod
    def read(sentence: str, anchor: date) -> "Rhythm":
        """Return the rhythm that a sentence says, with its first period in the month of ``anchor``.

        A sentence that names a month (one of whole years) moves ``anchor`` on to the next such month.

        Raises:
            RhythmError: the sentence says no rhythm.
        """
        found = _SENTENCE.fullmatch(" ".join(sentence.split()))
        if found is None:
            raise RhythmError(
                "Escreva, por exemplo: a cada 6 meses, no 5º dia útil; todo ano, no último dia útil de março; "
                "a cada 3 meses, no dia 10 ou no dia útil seguinte."
            )
        months = _months_said(found)
        if (months % 12 == 0) != (found["month"] is not None):
            raise RhythmError("Diga o mês quando o intervalo é de anos inteiros, e só então.")
        first = anchor.replace(day=1)
        if found["month"] is not None:
            first = add_months(first, (MONTHS.index(found["month"]) + 1 - first.month) % 12)
        if found["nth"] is not None:
            return Rhythm(months, DayRule.NTH_WORKING, int(found["nth"]), first)
        if found["day"] is not None:
            return Rhythm(months, DayRule.MONTH_DAY, int(found["day"].rstrip("º")), first)
        return Rhythm(months, DayRule.LAST_WORKING, 0, first)

    # -- in RFC 5545 ---------------------------------------------------------------------------------------------------

    @property
    def rrule(self) -> str:
        """Return the rule as RFC 5545 writes it, DTSTART and RRULE; expediente is left to the calendar."""
        years, rest = divmod(self.months, 12)
        often = f"FREQ=MONTHLY;INTERVAL={self.months}"
        if not rest:
            often = f"FREQ=YEARLY;INTERVAL={years};BYMONTH={self.anchor.month}"
        match self.rule:
            case DayRule.NTH_WORKING:
                day = f"BYDAY={_WEEKDAYS};BYSETPOS={self.number}"
            case DayRule.LAST_WORKING:
                day = f"BYDAY={_WEEKDAYS};BYSETPOS=-1"
            case DayRule.MONTH_DAY:
                day = f"BYMONTHDAY={self.number}"
        return f"DTSTART;VALUE=DATE:{self.anchor:%Y%m%d}\nRRULE:{often};{day}"

    @staticmethod
    def from_rrule(text: str) -> "Rhythm":
        """Return the rhythm that :attr:`rrule` wrote.

        Raises:
            RhythmError: it is no rule of that shape.
        """
        found = _RRULE.fullmatch(text)
        if found is None:
            raise RhythmError("A regra de recorrência no registro não é das que o sistema escreve.")
        anchor = date(int(found["year"]), int(found["month"]), int(found["day"]))
        months = int(found["months"] or 0) or int(found["years"]) * 12
        if found["bymonth"] is not None and int(found["bymonth"]) != anchor.month:
            raise RhythmError("A regra de recorrência no registro começa em um mês e diz outro.")
        if found["on"] is not None:
            return Rhythm(months, DayRule.MONTH_DAY, int(found["on"]), anchor)
        if found["nth"] == "-1":
            return Rhythm(months, DayRule.LAST_WORKING, 0, anchor)
        return Rhythm(months, DayRule.NTH_WORKING, int(found["nth"]), anchor)


def interval_sentence(months: int) -> str:
    """Say an interval in Portuguese: "a cada 6 meses", "todo ano"."""
    years, rest = divmod(months, 12)
    if not rest:
        return "todo ano" if years == 1 else f"a cada {years} anos"
    return "todo mês" if months == 1 else f"a cada {months} meses"


def _months_said(found: re.Match[str]) -> int:
    often = found["often"]
    if often == "todo mês":
        return 1
    if often == "todo ano":
        return 12
    if found["years"] is not None:
        return int(found["years"]) * 12
    return int(found["months"])


_SENTENCE = re.compile(
    r"(?P<often>todo mês|todo ano|a cada (?:(?P<months>\d{1,2}) meses|(?P<years>\d) anos)), "
    r"no (?:(?P<nth>\d{1,2})º dia útil|último dia útil|dia (?P<day>1º|\d{1,2}))"
    rf"(?: de (?P<month>{'|'.join(MONTHS)}))?"
    r"(?(day) ou no dia útil seguinte)"
)
_RRULE = re.compile(
    r"DTSTART;VALUE=DATE:(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)\n"
    r"RRULE:(?:FREQ=MONTHLY;INTERVAL=(?P<months>\d{1,2})|FREQ=YEARLY;INTERVAL=(?P<years>\d);BYMONTH=(?P<bymonth>\d{1,2}))"
    r";(?:BYDAY=MO,TU,WE,TH,FR;BYSETPOS=(?P<nth>-1|\d{1,2})|BYMONTHDAY=(?P<on>\d{1,2}))"
)
