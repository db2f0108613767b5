"""Real calendars of expediente, built from the national holidays and from Lei nº 5.010/1966.

Two are needed, and they differ: the court's own, which stops for the judicial recess, and the federal one that ANPD
counts by, which does not. What no law settles (a moved Dia do Servidor, a ponto facultativo between holidays)
is left open until somebody enters it with its source: a term that ends too early is safer than one that ends too late.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import holidays
from dateutil.easter import easter

from contracts.workdays import Workdays

CNJ_CALENDAR_NAME = "do CNJ"
FEDERAL_CALENDAR_NAME = "federal"

_LEI_5010 = "Lei nº 5.010/1966, art. 62"


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """An administrator's entry: the day is closed (or, with ``closed`` False, open after all), by this act."""

    day: date
    closed: bool
    name: str
    source: str


@dataclass(frozen=True, slots=True, order=True)
class ClosedDay:
    """A day without expediente, with its Portuguese name and the act that closes it."""

    day: date
    name: str
    source: str


def cnj_closed_days(years: Iterable[int], changes: Iterable[CalendarChange] = ()) -> tuple[ClosedDay, ...]:
    """The court's closed days in order, one entry a day; weekends are only listed when a holiday falls on them.

    Raises:
        ValueError: no year is given.
    """
    first, last = _span(years)
    days = _national_holidays(first, last)
    # The law that closes the courts goes before the yearly act that lets federal bodies close on the same day.
    for closed in (*_judiciary_days(first, last), *_national_optional_days(first, last)):
        days.setdefault(closed.day, closed)
    return _changed(days, changes, first, last)


def federal_closed_days(years: Iterable[int], changes: Iterable[CalendarChange] = ()) -> tuple[ClosedDay, ...]:
    """The federal administration's closed days, which ANPD counts by; the judiciary's own days are not among them.

    Raises:
        ValueError: no year is given.
    """
    first, last = _span(years)
    days = _national_holidays(first, last)
    for closed in _national_optional_days(first, last):
        days.setdefault(closed.day, closed)
    return _changed(days, changes, first, last)


def cnj_calendar(years: Iterable[int], changes: Iterable[CalendarChange] = ()) -> Workdays:
    """The court's calendar from the first to the last of ``years``, whole years, those between included.

    Raises:
        ValueError: no year is given.
    """
    first, last = _span(years)
    closed = cnj_closed_days((first, last), changes)
    return _workdays(closed, CNJ_CALENDAR_NAME, first, last)


def federal_calendar(years: Iterable[int], changes: Iterable[CalendarChange] = ()) -> Workdays:
    """The federal calendar from the first to the last of ``years``, whole years, those between included.

    Raises:
        ValueError: no year is given.
    """
    first, last = _span(years)
    closed = federal_closed_days((first, last), changes)
    return _workdays(closed, FEDERAL_CALENDAR_NAME, first, last)


def _span(years: Iterable[int]) -> tuple[int, int]:
    listed = tuple(years)
    if not listed:
        raise ValueError("a calendar needs at least one year")
    return min(listed), max(listed)


def _workdays(closed: tuple[ClosedDay, ...], name: str, first: int, last: int) -> Workdays:
    return Workdays(frozenset(entry.day for entry in closed), name, date(first, 1, 1), date(last, 12, 31))


def _national_holidays(first: int, last: int) -> dict[date, ClosedDay]:
    """National holidays by day.

    No subdivision is asked for: the Federal District's 30 November (Dia do Evangélico) is not observed by the courts.
    """
    years = range(first, last + 1)
    national = holidays.country_holidays("BR", years=years, observed=False, language="pt_BR")
    return {day: ClosedDay(day, name, "Feriado nacional") for day, name in national.items()}


def _national_optional_days(first: int, last: int) -> Iterable[ClosedDay]:
    """The pontos facultativos on which federal bodies never open: Carnival and Corpus Christi."""
    for year in range(first, last + 1):
        for offset, name in ((-48, "Carnaval"), (-47, "Carnaval"), (60, "Corpus Christi")):
            yield ClosedDay(easter(year) + timedelta(days=offset), name, "Ponto facultativo nacional")


def _judiciary_days(first: int, last: int) -> Iterable[ClosedDay]:
    """The days of Lei nº 5.010/1966, art. 62."""
    for year in range(first, last + 1):
        recess = [date(year, 1, day) for day in range(1, 7)] + [date(year, 12, day) for day in range(20, 32)]
        for day in recess:
            yield ClosedDay(day, "Recesso forense", f"{_LEI_5010}, I")
        for offset in range(-4, 1):
            yield ClosedDay(easter(year) + timedelta(days=offset), "Semana Santa", f"{_LEI_5010}, II")
        for offset in (-48, -47):
            yield ClosedDay(easter(year) + timedelta(days=offset), "Carnaval", f"{_LEI_5010}, III")
        for month, day_of_month, name in (
            (8, 11, "Dia da criação dos cursos jurídicos"),
            (11, 1, "Dia de Todos os Santos"),
            (11, 2, "Finados"),
            (12, 8, "Dia da Justiça"),
        ):
            yield ClosedDay(date(year, month, day_of_month), name, f"{_LEI_5010}, IV")


def _changed(
    days: dict[date, ClosedDay], changes: Iterable[CalendarChange], first: int, last: int
) -> tuple[ClosedDay, ...]:
    """Lay the administrator's entries over the days; of two for one day the later given wins."""
    for change in changes:
        if not first <= change.day.year <= last:
            continue
        if change.closed:
            days[change.day] = ClosedDay(change.day, change.name, change.source)
        else:
            days.pop(change.day, None)
    return tuple(sorted(days.values()))
