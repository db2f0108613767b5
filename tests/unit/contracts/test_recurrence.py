"""Rhythms: the days they give, their rule in RFC 5545 and their sentence, and which period is due under which decision."""

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.recurrence import LAST_DAY, LAST_NTH, MOST_MONTHS, Rhythm, RhythmError
from contracts.schedule import RhythmDecision, Schedule
from contracts.vocabulary import DayRule, RhythmKind
from contracts.workdays import Workdays, add_months
from vendor_tracker.calendars import cnj_calendar

EVERY_WEEKDAY = Workdays(frozenset(), "sem feriados")
CNJ = cnj_calendar((2025, 2046))
"""The court's real calendar, with its recess."""

anchors = st.dates(date(2026, 1, 1), date(2029, 12, 31)).map(lambda day: day.replace(day=1))
numbers = {
    DayRule.NTH_WORKING: st.integers(1, LAST_NTH),
    DayRule.MONTH_DAY: st.integers(1, LAST_DAY),
    DayRule.LAST_WORKING: st.just(0),
}


@st.composite
def rhythms(draw: st.DrawFn, most_months: int = MOST_MONTHS) -> Rhythm:
    rule = draw(st.sampled_from(DayRule))
    return Rhythm(draw(st.integers(1, most_months)), rule, draw(numbers[rule]), draw(anchors))


@st.composite
def calendars(draw: st.DrawFn) -> Workdays:
    """The court's calendar, with some more closed days, a week of them at times."""
    closed = set(CNJ.closed)
    for day in draw(st.lists(st.dates(date(2026, 1, 1), date(2034, 12, 31)), max_size=6)):
        closed |= {day + timedelta(days=n) for n in range(draw(st.integers(1, 7)))}
    return Workdays(frozenset(closed), CNJ.name, CNJ.first, CNJ.last)


@given(rhythms(), calendars())
def test_the_days_of_a_rhythm_strictly_increase_and_all_have_expediente(rhythm: Rhythm, workdays: Workdays) -> None:
    periods = [period for period, _ in zip(rhythm.periods(workdays), range(3), strict=False)]
    days = [period.day for period in periods]
    assert days == sorted(set(days))
    assert all(workdays.is_working(day) for day in days)
    months = [(int(period.name[:4]) - rhythm.anchor.year) * 12 + int(period.name[5:]) for period in periods]
    assert months == [rhythm.anchor.month + n * rhythm.months for n in range(3)]


@given(rhythms(most_months=36), calendars(), st.dates(date(2026, 1, 1), date(2032, 12, 31)))
def test_the_last_day_and_the_next_meet_around_any_day(rhythm: Rhythm, workdays: Workdays, day: date) -> None:
    following = next(rhythm.periods(workdays, after=day))
    assert following.day > day
    latest = rhythm.latest(day, workdays)
    if latest is None:
        assert following == next(rhythm.periods(workdays))
    else:
        assert latest.day <= day
        assert next(rhythm.periods(workdays, after=latest.day)) == following


@given(rhythms())
def test_the_rule_in_rfc_5545_comes_back_and_gives_the_same_days_where_every_weekday_is_worked(rhythm: Rhythm) -> None:
    assert Rhythm.from_rrule(rhythm.rrule) == rhythm
    ours = [period.day for period, _ in zip(rhythm.periods(EVERY_WEEKDAY), range(4), strict=False)]
    rule = rrulestr(rhythm.rrule, forceset=False)
    theirs = [moment.date() for moment, _ in zip(rule.xafter(datetime(2025, 1, 1)), range(4), strict=False)]
    assert ours == [EVERY_WEEKDAY.next_working(day) for day in theirs]


@given(rhythms())
def test_the_sentence_says_the_rule_and_nothing_else(rhythm: Rhythm) -> None:
    assert Rhythm.read(rhythm.sentence, rhythm.anchor) == rhythm


@pytest.mark.parametrize(
    ("rhythm", "sentence"),
    [
        (Rhythm(6, DayRule.NTH_WORKING, 5, date(2027, 3, 1)), "a cada 6 meses, no 5º dia útil"),
        (Rhythm(12, DayRule.LAST_WORKING, 0, date(2027, 3, 1)), "todo ano, no último dia útil de março"),
        (Rhythm(24, DayRule.NTH_WORKING, 1, date(2027, 8, 1)), "a cada 2 anos, no 1º dia útil de agosto"),
        (Rhythm(1, DayRule.MONTH_DAY, 1, date(2027, 3, 1)), "todo mês, no dia 1º ou no dia útil seguinte"),
        (Rhythm(12, DayRule.MONTH_DAY, 10, date(2027, 3, 1)), "todo ano, no dia 10 de março ou no dia útil seguinte"),
    ],
)
def test_a_rhythm_reads_as_a_civil_servant_would_write_it(rhythm: Rhythm, sentence: str) -> None:
    assert rhythm.sentence == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "de vez em quando",
        "todo ano, no 5º dia útil",  # Of which month?
        "a cada 6 meses, no 5º dia útil de março",  # September too.
        "a cada 61 meses, no 5º dia útil",
        "todo mês, no 11º dia útil",
        "todo mês, no dia 29 ou no dia útil seguinte",
    ],
)
def test_a_sentence_that_says_no_rhythm_is_refused_with_an_example_or_a_bound(sentence: str) -> None:
    with pytest.raises(RhythmError, match=r"Escolha|Escreva|Diga"):
        Rhythm.read(sentence, date(2027, 1, 1))


def test_the_days_are_those_of_the_courts_calendar() -> None:
    march = Rhythm(12, DayRule.NTH_WORKING, 5, date(2027, 3, 1))
    assert march.day_in(march.anchor, CNJ) == date(2027, 3, 5)
    last = Rhythm(12, DayRule.LAST_WORKING, 0, date(2026, 12, 1))
    assert last.day_in(last.anchor, CNJ) == date(2026, 12, 18), "the recess begins on the 20th, a Sunday"
    fixed = Rhythm(12, DayRule.MONTH_DAY, 21, date(2026, 12, 1))
    assert fixed.day_in(fixed.anchor, CNJ) == date(2027, 1, 7), "the first working day after the recess"
    assert fixed.latest(date(2027, 1, 7), CNJ) is not None
    assert fixed.latest(date(2027, 1, 6), CNJ) is None


@given(rhythms(), st.dates(date(2026, 1, 1), date(2029, 12, 31)))
def test_a_rhythm_starts_on_the_first_of_its_days_from_the_day_chosen_on(rhythm: Rhythm, since: date) -> None:
    started = Rhythm.starting(rhythm.months, rhythm.rule, rhythm.number, since, CNJ)
    first = next(started.periods(CNJ)).day
    assert since <= first
    before = add_months(started.anchor, -1)
    assert started.day_in(before, CNJ) < since or before < since.replace(day=1)


# ----------------------------------------------------------------------------------------------------------------------
# Decisions over time
# ----------------------------------------------------------------------------------------------------------------------
BEGINS = date(2026, 1, 5)
LAST_NIGHT = date(2028, 12, 31)


def own(sentence: str, since: date) -> RhythmDecision:
    told = Rhythm.read(sentence, since)
    rhythm = Rhythm.starting(told.months, told.rule, told.number, max(since, told.anchor), CNJ)
    return RhythmDecision(since, RhythmKind.OWN, rhythm)


def schedule(*decisions: RhythmDecision, opened: dict[str, date] | None = None, months: int = 12) -> Schedule:
    return Schedule(decisions, opened or {}, BEGINS, months)


@st.composite
def decided(draw: st.DrawFn) -> tuple[RhythmDecision, ...]:
    """Up to four decisions about one agreement, in any order of days."""
    found = []
    for since in draw(st.lists(st.dates(date(2026, 1, 1), date(2028, 6, 30)), max_size=4, unique=True)):
        kind = draw(st.sampled_from(RhythmKind))
        if kind is RhythmKind.SUSPENDED:
            found.append(RhythmDecision(since, kind, until=since + timedelta(days=draw(st.integers(0, 200)))))
        elif kind is RhythmKind.DEFAULT:
            found.append(RhythmDecision(since, kind))
        else:
            rule = draw(st.sampled_from(DayRule))
            months = draw(st.integers(1, 13))
            found.append(RhythmDecision(since, kind, Rhythm.starting(months, rule, draw(numbers[rule]), since, CNJ)))
    return tuple(sorted(found, key=lambda decision: decision.holds_from))


outages = st.lists(st.tuples(st.dates(BEGINS, LAST_NIGHT), st.integers(1, 90)), max_size=6)


def nights(stopped: list[tuple[date, int]]) -> list[date]:
    """Every night on which the job ran."""
    off = {start + timedelta(days=n) for start, length in stopped for n in range(length)}
    days = (BEGINS + timedelta(days=n) for n in range((LAST_NIGHT - BEGINS).days + 1))
    return [day for day in days if day not in off]


def lived(decisions: tuple[RhythmDecision, ...], runs: list[date]) -> dict[str, date]:
    """Return the periods asked by the runs of the job, each told only of the decisions taken by its day."""
    opened: dict[str, date] = {}
    for night in runs:
        # A decision is never taken after the day it holds from; whether the later ones are known changes nothing.
        slot = schedule(*decisions, opened=opened).due(night, CNJ)
        if slot is not None:
            assert slot.period not in opened, f"{slot.period} was asked twice"
            assert slot.day <= night
            opened[slot.period] = night
        again = schedule(*decisions, opened=opened).due(night, CNJ)
        assert again is None, f"the same night asks twice: {again}"
    return opened


@settings(max_examples=60)
@given(decided(), outages)
def test_no_period_is_asked_twice_and_none_is_lost_whatever_the_decisions_and_the_outages(
    decisions: tuple[RhythmDecision, ...], stopped: list[tuple[date, int]]
) -> None:
    runs = nights(stopped)
    asked = sorted(lived(decisions, runs).values())
    everything = schedule(*decisions)
    for index, decision in enumerate(decisions):
        if decision.rhythm is None:
            continue
        ruling = [each for each in decisions[index + 1 :] if each.kind is not RhythmKind.SUSPENDED]
        end = ruling[0].holds_from if ruling else LAST_NIGHT + timedelta(days=1)
        for period in decision.rhythm.periods(CNJ):
            if period.day >= end:
                break
            # The first night of the job from that day on, suspensions aside: by then a letter answers for the period.
            by = next((n for n in runs if n >= period.day and everything.suspended_until(n) is None), None)
            month = date.fromisoformat(f"{period.name}-01")
            if by is not None:
                assert any(min(month, period.day) <= day <= by for day in asked), f"{period} was lost"


@settings(max_examples=40)
@given(decided())
def test_the_days_that_are_shown_beforehand_are_the_days_on_which_the_job_asks(
    decisions: tuple[RhythmDecision, ...],
) -> None:
    first = schedule(*decisions).due(BEGINS, CNJ)
    opened = {} if first is None else {first.period: BEGINS}
    shown = list(schedule(*decisions, opened=opened).coming(BEGINS, CNJ, until=LAST_NIGHT))
    assert shown == sorted(set(shown))
    asked = lived(decisions, nights([]))
    assert [day for day in sorted(asked.values()) if day > BEGINS] == shown


def test_what_was_already_due_when_the_rhythm_changes_is_still_asked_and_only_once() -> None:
    change = own("a cada 6 meses, no 5º dia útil", date(2027, 3, 1))
    due = schedule(change).due(date(2027, 2, 10), CNJ)
    assert due is not None, "the first complete request was due since the beginning"
    assert (due.period, due.own) == ("2026-01-05", False)
    late = schedule(change).due(date(2027, 3, 3), CNJ)
    assert late == due, "the change does not forgive it"
    march = schedule(change).due(date(2027, 3, 5), CNJ)
    assert march is not None
    assert (march.period, march.own) == ("2027-03", True), "one letter answers for both"
    assert schedule(change, opened={"2027-03": date(2027, 3, 5)}).due(date(2027, 9, 7), CNJ) is None
    assert schedule(change, opened={"2027-03": date(2027, 3, 5)}).due(date(2027, 9, 8), CNJ) is not None


def test_another_day_of_the_same_month_makes_no_second_request_of_it() -> None:
    first, second = (
        own("todo mês, no 5º dia útil", date(2027, 3, 1)),
        own("todo mês, no dia 20 ou no dia útil seguinte", date(2027, 3, 8)),
    )
    opened = {"2026-01-05": BEGINS, "2027-03": date(2027, 3, 5)}
    both = schedule(first, second, opened=opened)
    assert both.due(date(2027, 3, 31), CNJ) is None
    assert next(both.coming(date(2027, 3, 8), CNJ, until=LAST_NIGHT)) == date(2027, 4, 20)


def test_a_suspension_puts_off_and_waives_nothing() -> None:
    often = own("a cada 3 meses, no 1º dia útil", date(2027, 1, 1))
    pause = RhythmDecision(date(2027, 3, 15), RhythmKind.SUSPENDED, until=date(2027, 6, 30))
    plan = schedule(often, pause, opened={"2027-01": date(2027, 1, 7)})
    assert pause.sentence == "suspensa até 30/06/2027"
    assert plan.suspended_until(date(2027, 4, 1)) == date(2027, 6, 30)
    assert plan.due(date(2027, 6, 30), CNJ) is None
    after = plan.due(date(2027, 7, 1), CNJ)
    assert after is not None
    assert after.period == "2027-07"
    assert next(plan.coming(date(2027, 4, 1), CNJ, until=LAST_NIGHT)) == date(2027, 7, 1)
    assert plan.in_force(date(2027, 7, 1)) == often, "what was suspended holds again"


def test_back_to_the_tier_counts_from_the_last_request() -> None:
    decisions = (
        own("todo mês, no 1º dia útil", date(2026, 2, 1)),
        RhythmDecision(date(2026, 9, 1), RhythmKind.DEFAULT),
    )
    plan = schedule(*decisions, opened={"2026-08": date(2026, 8, 3)})
    assert plan.due(date(2027, 8, 2), CNJ) is None
    due = plan.due(date(2027, 8, 3), CNJ)
    assert due is not None
    assert (due.period, due.own) == ("2027-08-03", False)
