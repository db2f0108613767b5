"""Terms are counted as Lei 9.784, art. 66, and Lei 14.133, art. 183, count them."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.workdays import CalendarRangeError, TermUnit, Workdays, add_months
from vendor_tracker.calendars import (
    CalendarChange,
    cnj_calendar,
    cnj_closed_days,
    federal_calendar,
    federal_closed_days,
)

CNJ = cnj_calendar([2024, 2040])
FEDERAL = federal_calendar([2024, 2040])
PLAIN = Workdays(frozenset(), "de teste")
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 12, 31))
CALENDARS = st.sampled_from([CNJ, FEDERAL, PLAIN])
UNITS = st.sampled_from(list(TermUnit))
C, W, M = TermUnit.CALENDAR_DAYS, TermUnit.WORKING_DAYS, TermUnit.MONTHS


# Known days.


@pytest.mark.parametrize(
    ("day", "what"),
    [
        (date(2025, 4, 18), "Good Friday"),
        (date(2025, 4, 21), "Tiradentes"),
        (date(2025, 5, 1), "Labour Day"),
        (date(2025, 6, 19), "Corpus Christi"),
        (date(2025, 11, 20), "Consciência Negra"),
        (date(2025, 12, 25), "Christmas"),
        (date(2026, 1, 1), "New Year"),
        (date(2026, 2, 16), "Carnival Monday"),
        (date(2026, 2, 17), "Carnival Tuesday"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 6, 4), "Corpus Christi"),
        (date(2026, 9, 7), "Independence"),
        (date(2026, 10, 12), "Aparecida"),
        (date(2026, 11, 2), "Finados"),
        (date(2026, 11, 20), "Consciência Negra"),
        (date(2027, 2, 8), "Carnival Monday"),
        (date(2027, 2, 9), "Carnival Tuesday"),
        (date(2027, 3, 26), "Good Friday"),
        (date(2027, 5, 27), "Corpus Christi"),
        (date(2027, 11, 15), "Republic"),
    ],
    ids=str,
)
def test_national_closed_days_close_both_calendars(day, what):
    assert day.weekday() < 5, what
    assert not CNJ.is_working(day)
    assert not FEDERAL.is_working(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 4, 16),
        date(2025, 4, 17),
        date(2025, 8, 11),
        date(2025, 12, 8),
        date(2025, 12, 22),
        date(2026, 1, 2),
        date(2026, 1, 6),
        date(2026, 4, 1),
        date(2026, 4, 2),
        date(2026, 8, 11),
        date(2026, 12, 8),
        date(2027, 3, 24),
        date(2027, 3, 25),
        date(2027, 11, 1),
        date(2027, 12, 20),
    ],
    ids=str,
)
def test_the_judiciary_s_own_days_close_the_court_and_not_the_federal_administration(day):
    assert not CNJ.is_working(day)
    assert FEDERAL.is_working(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2025, 12, 19),
        date(2026, 1, 7),
        date(2026, 2, 18),
        date(2026, 3, 31),
        date(2026, 4, 6),
        date(2026, 8, 10),
        date(2026, 8, 12),
        date(2026, 10, 28),
        date(2026, 11, 30),
        date(2027, 12, 7),
    ],
    ids=str,
)
def test_days_beside_the_closed_ones_and_local_holidays_that_courts_ignore_are_open(day):
    assert CNJ.is_working(day)
    assert FEDERAL.is_working(day)


def test_every_closed_day_has_one_portuguese_name_and_the_act_that_closes_it():
    closed = cnj_closed_days([2026])
    assert len({entry.day for entry in closed}) == len(closed)
    assert list(closed) == sorted(closed)
    by_day = {entry.day: entry for entry in closed}
    assert by_day[date(2026, 12, 25)].name == "Natal"
    assert by_day[date(2026, 2, 16)].source == "Lei nº 5.010/1966, art. 62, III"
    assert by_day[date(2026, 6, 4)].source == "Ponto facultativo nacional"
    assert by_day[date(2026, 12, 21)].name == "Recesso forense"
    federal = {entry.day: entry for entry in federal_closed_days([2026])}
    assert federal[date(2026, 2, 16)].source == "Ponto facultativo nacional"
    assert date(2026, 12, 21) not in federal


def test_an_administrator_may_close_a_day_and_open_another_each_with_its_source():
    moved = [
        CalendarChange(date(2026, 10, 30), True, "Dia do Servidor", "Portaria fictícia nº 1/2026"),
        CalendarChange(date(2026, 8, 11), False, "Expediente normal", "Portaria fictícia nº 2/2026"),
    ]
    calendar = cnj_calendar([2026], moved)
    assert not calendar.is_working(date(2026, 10, 30))
    assert calendar.is_working(date(2026, 8, 11))
    [entry] = [entry for entry in cnj_closed_days([2026], moved) if entry.day == date(2026, 10, 30)]
    assert (entry.name, entry.source) == ("Dia do Servidor", "Portaria fictícia nº 1/2026")
    assert not federal_calendar([2026], moved).is_working(date(2026, 10, 30))


def test_a_change_outside_the_years_is_ignored_and_the_later_of_two_wins():
    changes = [
        CalendarChange(date(2031, 3, 3), True, "Fora", "Ato"),
        CalendarChange(date(2026, 3, 3), True, "Fechado", "Ato 1"),
        CalendarChange(date(2026, 3, 3), False, "Aberto", "Ato 2"),
    ]
    assert cnj_closed_days([2026], changes) == cnj_closed_days([2026])


def test_years_between_the_given_ones_are_part_of_the_calendar():
    assert not cnj_calendar([2025, 2027]).is_working(date(2026, 4, 3))
    with pytest.raises(ValueError, match="at least one year"):
        cnj_calendar([])


def test_a_day_the_calendar_knows_nothing_about_is_an_error_and_not_an_open_day():
    calendar = cnj_calendar([2026])
    assert calendar.is_working(date(2026, 1, 7))
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        with pytest.raises(CalendarRangeError, match="do CNJ vai de 01/01/2026 a 31/12/2026"):
            calendar.is_working(day)


# Terms.


@pytest.mark.parametrize(
    ("start", "n", "unit", "due"),
    [
        # The first day is left out, the last is counted.
        (date(2026, 3, 2), 1, W, date(2026, 3, 3)),
        (date(2026, 3, 2), 5, W, date(2026, 3, 9)),
        (date(2026, 3, 2), 8, C, date(2026, 3, 10)),
        # Days run on over weekends and roll only at the end.
        (date(2026, 3, 2), 12, C, date(2026, 3, 16)),
        (date(2026, 3, 2), 13, C, date(2026, 3, 16)),
        (date(2026, 3, 2), 14, C, date(2026, 3, 16)),
        (date(2026, 3, 2), 15, C, date(2026, 3, 17)),
        # A term that ends in the recess rolls to 7 January.
        (date(2025, 12, 5), 15, C, date(2026, 1, 7)),
        (date(2025, 12, 4), 15, C, date(2025, 12, 19)),
        (date(2025, 12, 19), 3, W, date(2026, 1, 9)),
        # A term that starts on a closed day: the next working day is the first counted.
        (date(2026, 3, 7), 1, W, date(2026, 3, 9)),
        # Good Friday and the days before it.
        (date(2026, 3, 31), 1, W, date(2026, 4, 6)),
        # Months go from date to date, or to the month's last day, and roll.
        (date(2026, 1, 31), 1, M, date(2026, 3, 2)),
        (date(2026, 3, 31), 1, M, date(2026, 4, 30)),
        (date(2026, 3, 10), 1, M, date(2026, 4, 10)),
        (date(2025, 12, 9), 12, M, date(2026, 12, 9)),
        (date(2025, 12, 8), 12, M, date(2026, 12, 9)),
        # No term at all ends on the day, or on the first working day after it.
        (date(2026, 3, 2), 0, C, date(2026, 3, 2)),
        (date(2026, 3, 1), 0, W, date(2026, 3, 2)),
    ],
)
def test_the_court_s_terms_end_on_the_day_the_law_says(start, n, unit, due):
    assert CNJ.due_after(start, n, unit) == due


def test_the_recess_does_not_stop_anpd_s_three_working_days():
    assert FEDERAL.due_after(date(2025, 12, 19), 3, W) == date(2025, 12, 24)
    assert CNJ.due_after(date(2025, 12, 19), 3, W) == date(2026, 1, 9)


def test_a_term_cannot_be_negative():
    with pytest.raises(ValueError, match="não pode ser negativo"):
        CNJ.due_after(date(2026, 3, 2), -1, C)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 11, 30), 1, date(2025, 12, 30)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 3, 31), 0, date(2026, 3, 31)),
    ],
)
def test_months_go_from_date_to_date_or_to_the_month_s_last_day(day, months, expected):
    assert add_months(day, months) == expected


@given(DAYS, st.integers(min_value=-60, max_value=60))
def test_months_land_in_the_month_counted_and_never_past_the_day(day, months):
    landed = add_months(day, months)
    assert landed.year * 12 + landed.month == day.year * 12 + day.month + months
    assert landed.day == day.day or (landed.day < day.day and (landed + timedelta(days=1)).day == 1)


@given(CALENDARS, DAYS, st.integers(min_value=-120, max_value=120))
def test_going_forth_and_back_by_working_days_returns_to_the_same_day(calendar, day, n):
    assume(calendar.is_working(day))
    assert calendar.add_working(calendar.add_working(day, n), -n) == day


@given(CALENDARS, DAYS, st.integers(min_value=-60, max_value=60))
def test_counting_working_days_undoes_adding_them(calendar, day, n):
    assume(calendar.is_working(day))
    assert calendar.count(day, calendar.add_working(day, n)) == n


@given(CALENDARS, DAYS, DAYS, DAYS)
def test_counting_in_two_stages_is_counting_at_once(calendar, start, middle, end):
    assert calendar.count(start, middle) + calendar.count(middle, end) == calendar.count(start, end)


@given(CALENDARS, DAYS, st.integers(min_value=-60, max_value=59))
def test_one_working_day_more_is_never_earlier(calendar, day, n):
    assert calendar.add_working(day, n) <= calendar.add_working(day, n + 1)


@given(CALENDARS, DAYS)
def test_rolling_lands_on_the_nearest_working_day_and_stays_there(calendar, day):
    following, previous = calendar.next_working(day), calendar.previous_working(day)
    assert previous <= day <= following
    assert calendar.next_working(following) == following
    assert calendar.previous_working(previous) == previous
    between = [previous + timedelta(days=n) for n in range(1, (following - previous).days)]
    assert not any(calendar.is_working(other) for other in between)


@given(CALENDARS, DAYS, st.integers(min_value=0, max_value=60), UNITS)
def test_a_term_ends_on_a_working_day_and_not_before_it_starts(calendar, start, n, unit):
    due = calendar.due_after(start, n, unit)
    assert calendar.is_working(due)
    assert due >= start + timedelta(days=n if unit is not M else 28 * n)


@given(CALENDARS, DAYS, st.integers(min_value=0, max_value=23), UNITS)
def test_a_longer_term_or_a_later_start_never_ends_earlier(calendar, start, n, unit):
    due = calendar.due_after(start, n, unit)
    assert due <= calendar.due_after(start, n + 1, unit)
    assert due <= calendar.due_after(start + timedelta(days=1), n, unit)


@given(DAYS, st.integers(min_value=0, max_value=40), UNITS)
def test_the_federal_calendar_never_ends_a_term_later_than_the_court_s(start, n, unit):
    assert FEDERAL.due_after(start, n, unit) <= CNJ.due_after(start, n, unit)


@given(DAYS)
def test_weekends_are_never_working_days(day):
    assume(day.weekday() >= 5)
    assert not PLAIN.is_working(day)
    assert not CNJ.is_working(day)
