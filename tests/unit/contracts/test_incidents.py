"""The terms of an incident around holidays, Carnival and the year's end; its severity; the operator's own delay."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.incidents import (
    OPEN_STATES,
    Clock,
    IncidentTimes,
    Latency,
    clocks,
    hours_and_minutes,
    last_instant,
    next_due,
    propose_severity,
)
from contracts.obligation import SAO_PAULO, day_of
from contracts.policy import Policy
from contracts.vocabulary import ClockState, DataNature, Harm, IncidentClock, IncidentSeverity, VolumeBand
from vendor_tracker.calendars import cnj_calendar, federal_calendar

FEDERAL = federal_calendar((2025, 2030))
COURT = cnj_calendar((2025, 2030))
POLICY = Policy.load()
DAYS = st.dates(date(2025, 11, 1), date(2029, 10, 1))
MOMENTS = st.builds(lambda day, at: datetime.combine(day, at, SAO_PAULO), DAYS, st.times())


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SAO_PAULO)


def standing(times: IncidentTimes, now: datetime) -> dict[IncidentClock, Clock]:
    return {clock.kind: clock for clock in clocks(times, now=now, policy=POLICY.on(day_of(now)), federal=FEDERAL)}


def known(day: date, **more: object) -> IncidentTimes:
    return IncidentTimes(learned_at=at(day), reached_data=True, reached_data_known_at=at(day), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "due", "said"),
    [
        (date(2026, 3, 2), date(2026, 3, 5), "segunda-feira comum: o primeiro dia não conta"),
        (date(2026, 3, 6), date(2026, 3, 11), "sexta-feira: sábado e domingo não contam"),
        (date(2026, 3, 7), date(2026, 3, 11), "sábado: conta como a sexta-feira"),
        (date(2026, 2, 13), date(2026, 2, 20), "antes do Carnaval: a segunda e a terça não contam, as Cinzas contam"),
        (date(2026, 4, 1), date(2026, 4, 7), "Semana Santa: a quinta-feira conta, só a Sexta-feira da Paixão não"),
        (date(2026, 4, 17), date(2026, 4, 23), "Tiradentes, terça-feira, não conta"),
        (date(2026, 6, 3), date(2026, 6, 9), "Corpus Christi, quinta-feira, não conta"),
        (date(2026, 8, 10), date(2026, 8, 13), "11 de agosto fecha os tribunais e não para este prazo"),
        (date(2026, 12, 7), date(2026, 12, 10), "8 de dezembro, Dia da Justiça, conta"),
        (date(2026, 12, 18), date(2026, 12, 23), "recesso forense: os dias contam"),
        (date(2026, 12, 22), date(2026, 12, 28), "só o Natal não conta"),
        (date(2026, 12, 30), date(2027, 1, 5), "fim do ano: só 1º de janeiro não conta"),
    ],
)
def test_three_working_days_to_the_anpd_run_on_the_federal_calendar(day: date, due: date, said: str) -> None:
    clock = standing(known(day), at(day, 11))[IncidentClock.ANPD]
    assert (clock.state, clock.due_at) == (ClockState.RUNNING, last_instant(due)), said


def test_the_recess_of_the_court_would_have_given_two_weeks_more() -> None:
    day = date(2026, 12, 18)
    assert FEDERAL.add_working(day, 3) == date(2026, 12, 23)
    assert COURT.add_working(day, 3) > date(2027, 1, 6)


@pytest.mark.parametrize(
    ("told", "due"),
    [
        (date(2026, 3, 2), date(2026, 3, 30)),
        (date(2026, 1, 23), date(2026, 2, 24)),  # Carnival in between.
        (
            date(2026, 12, 10),
            date(2027, 1, 11),
        ),  # Christmas and New Year in between, and the recess that does not count.
    ],
)
def test_a_partial_communication_starts_the_twenty_working_days_of_the_complement(told: date, due: date) -> None:
    clock = standing(known(told, anpd_told_at=at(told, 15), anpd_partial=True), at(told, 16))
    assert clock[IncidentClock.ANPD].state is ClockState.MET
    assert clock[IncidentClock.ANPD_COMPLEMENT].state is ClockState.RUNNING
    assert clock[IncidentClock.ANPD_COMPLEMENT].due_at == last_instant(due)


def test_a_whole_communication_leaves_nothing_to_complete() -> None:
    day = date(2026, 3, 2)
    clock = standing(known(day, anpd_told_at=at(day, 15)), at(day, 16))
    assert clock[IncidentClock.ANPD_COMPLEMENT].state is ClockState.NOT_DUE


def test_a_suspicion_starts_the_term_of_the_presidency_and_not_that_of_the_anpd() -> None:
    day = date(2026, 3, 2)
    clock = standing(IncidentTimes(learned_at=at(day)), at(day, 11))
    assert clock[IncidentClock.PRESIDENCY].state is ClockState.RUNNING
    assert {clock[kind].state for kind in IncidentClock if kind is not IncidentClock.PRESIDENCY} == {
        ClockState.NOT_STARTED
    }


def test_what_is_learned_later_starts_the_term_later() -> None:
    times = IncidentTimes(
        learned_at=at(date(2026, 3, 2)), reached_data=True, reached_data_known_at=at(date(2026, 3, 11), 18)
    )
    assert standing(times, at(date(2026, 3, 12)))[IncidentClock.ANPD].due_at == last_instant(date(2026, 3, 16))


@pytest.mark.parametrize("decided", [{"relevant_risk": False}, {"reached_data": False}])
def test_only_a_decision_spares_the_communications_and_it_undoes_none_that_was_made(decided: dict[str, bool]) -> None:
    day = date(2026, 3, 2)
    base: dict[str, object] = {"learned_at": at(day), "reached_data": True, "reached_data_known_at": at(day)} | decided
    spared = standing(IncidentTimes(**base), at(day, 11))  # type: ignore[arg-type]
    assert {clock.state for clock in spared.values()} == {ClockState.NOT_DUE}
    told = standing(IncidentTimes(**base, presidency_told_at=at(day, 12)), at(day, 13))  # type: ignore[arg-type]
    assert told[IncidentClock.PRESIDENCY].state is ClockState.MET


def test_each_limit_counts_to_its_last_instant() -> None:
    day = date(2026, 3, 2)
    last = last_instant(date(2026, 3, 5))
    after = last + timedelta(microseconds=1)
    assert standing(known(day), last)[IncidentClock.ANPD].state is ClockState.RUNNING_OUT
    assert standing(known(day), after)[IncidentClock.ANPD].state is ClockState.LATE
    assert standing(known(day, anpd_told_at=last), after)[IncidentClock.ANPD].state is ClockState.MET
    assert standing(known(day, anpd_told_at=after), after)[IncidentClock.ANPD].state is ClockState.MET_LATE


def test_the_last_part_of_a_term_is_said_to_run_out_from_its_first_instant() -> None:
    learned = at(date(2026, 3, 2))
    times = IncidentTimes(learned_at=learned, severity=IncidentSeverity.HIGH)  # twelve hours, the last three of them
    edge = learned + timedelta(hours=9)
    assert standing(times, edge - timedelta(microseconds=1))[IncidentClock.PRESIDENCY].state is ClockState.RUNNING
    assert standing(times, edge)[IncidentClock.PRESIDENCY].state is ClockState.RUNNING_OUT


def test_the_presidency_is_told_within_the_hours_of_the_confirmed_severity_and_the_fewest_before() -> None:
    learned = at(date(2026, 3, 2))
    hours = POLICY.on(date(2026, 3, 2)).table("incident_presidency_hours")
    for severity in (None, *IncidentSeverity):
        clock = standing(IncidentTimes(learned_at=learned, severity=severity), learned)[IncidentClock.PRESIDENCY]
        expected = min(hours.values()) if severity is None else hours[severity.value]
        assert (clock.hours, clock.due_at) == (expected, learned + timedelta(hours=expected))


@given(MOMENTS, MOMENTS, MOMENTS)
def test_a_term_never_goes_back_while_nothing_is_done(learned: datetime, first: datetime, second: datetime) -> None:
    earlier, later = sorted((max(first, learned), max(second, learned)))
    times = IncidentTimes(learned_at=learned, reached_data=True, reached_data_known_at=learned)
    order = [ClockState.RUNNING, ClockState.RUNNING_OUT, ClockState.LATE]
    before, after = standing(times, earlier), standing(times, later)
    for kind in (IncidentClock.PRESIDENCY, IncidentClock.ANPD, IncidentClock.DATA_SUBJECTS):
        assert order.index(before[kind].state) <= order.index(after[kind].state)
        assert before[kind].due_at == after[kind].due_at


@given(MOMENTS)
def test_a_term_of_the_resolution_ends_on_a_federal_working_day_after_three_of_them(learned: datetime) -> None:
    clock = standing(known(day_of(learned)), at(day_of(learned)))[IncidentClock.ANPD]
    assert clock.due_at is not None
    end = day_of(clock.due_at)
    assert FEDERAL.is_working(end)
    assert FEDERAL.count(day_of(learned), end) == 3
    assert end <= COURT.add_working(day_of(learned), 3), "the court's calendar never ends a term earlier"


@given(st.builds(IncidentTimes, learned_at=MOMENTS, reached_data=st.none() | st.booleans(), relevant_risk=st.none()
                 | st.booleans(), presidency_told_at=st.none() | MOMENTS, anpd_told_at=st.none() | MOMENTS,
                 anpd_partial=st.booleans()), MOMENTS)  # fmt: skip
def test_whatever_is_on_record_each_term_has_one_standing_and_the_first_to_end_is_open(
    times: IncidentTimes, now: datetime
) -> None:
    found = clocks(times, now=now, policy=POLICY.on(day_of(now)), federal=FEDERAL)
    assert [clock.kind for clock in found] == list(IncidentClock)
    assert all(clock.why.endswith(".") for clock in found)
    assert all((clock.due_at is not None) for clock in found if clock.state in OPEN_STATES)
    first = next_due(found)
    assert (first is None) == (not any(clock.open for clock in found))
    assert first is None or all(
        first.due_at is not None and clock.due_at is not None and first.due_at <= clock.due_at
        for clock in found
        if clock.open
    )


# -- severity ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("natures", "volume", "harm", "level", "points"),
    [
        ((), None, None, None, 0),
        ((DataNature.COMMON,), None, None, IncidentSeverity.LOW, 1),
        ((DataNature.COMMON,), VolumeBand.UP_TO_10K, Harm.NONE, IncidentSeverity.LOW, 3),
        ((DataNature.COMMON,), VolumeBand.UP_TO_10K, Harm.MINOR, IncidentSeverity.MODERATE, 4),
        ((DataNature.FINANCIAL,), VolumeBand.UP_TO_100K, Harm.NONE, IncidentSeverity.MODERATE, 6),
        ((DataNature.AUTHENTICATION,), VolumeBand.UP_TO_1K, Harm.SERIOUS, IncidentSeverity.HIGH, 7),
        ((DataNature.SENSITIVE,), VolumeBand.UP_TO_10K, Harm.SERIOUS, IncidentSeverity.HIGH, 9),
        ((DataNature.SECRECY, DataNature.COMMON), VolumeBand.UP_TO_1K, Harm.GRAVE, IncidentSeverity.CRITICAL, 10),
        ((DataNature.VULNERABLE,), VolumeBand.OVER_100K, Harm.GRAVE, IncidentSeverity.CRITICAL, 13),
    ],
)
def test_the_scale_adds_the_heaviest_nature_the_volume_and_the_harm(
    natures: tuple[DataNature, ...],
    volume: VolumeBand | None,
    harm: Harm | None,
    level: IncidentSeverity | None,
    points: int,
) -> None:
    found = propose_severity(natures=natures, volume=volume, harm=harm, policy=POLICY.on(date(2026, 3, 2)))
    assert (found.level, found.points) == (level, points)
    assert sum(factor.points for factor in found.factors) == points
    assert len(found.factors) + len(found.unknown) == 3


@given(
    st.frozensets(st.sampled_from(DataNature)),
    st.sampled_from(DataNature),
    st.none() | st.sampled_from(VolumeBand),
    st.none() | st.sampled_from(Harm),
)
def test_learning_more_never_lowers_the_proposed_severity(
    natures: frozenset[DataNature], one_more: DataNature, volume: VolumeBand | None, harm: Harm | None
) -> None:
    policy = POLICY.on(date(2026, 3, 2))
    less = propose_severity(natures=natures, volume=volume, harm=harm, policy=policy)
    more = propose_severity(
        natures=natures | {one_more}, volume=volume or VolumeBand.UP_TO_1K, harm=harm or Harm.NONE, policy=policy
    )
    assert more.points >= less.points
    assert more.level is not None
    if less.level is not None:
        assert list(IncidentSeverity).index(more.level) >= list(IncidentSeverity).index(less.level)


# -- the operator's delay ----------------------------------------------------------------------------------------------


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=40)), st.none() | st.integers(1, 200), st.integers(1, 72))
def test_the_delay_is_measured_to_the_second_against_the_shorter_limit(
    aware: datetime, taken: timedelta, agreed: int | None, administrative: int
) -> None:
    found = Latency(aware, aware + taken, agreed, administrative)
    limit = min(administrative, agreed if agreed is not None else administrative)
    assert found.limit_hours == limit
    assert found.late is (taken > timedelta(hours=limit))
    assert found.elapsed == taken
    assert found.difference == abs(taken - timedelta(hours=limit))


def test_the_hour_itself_is_in_time_and_the_next_second_is_not() -> None:
    aware = datetime(2026, 3, 7, 23, 0, tzinfo=UTC)
    assert not Latency(aware, aware + timedelta(hours=24), 24, 48).late
    assert Latency(aware, aware + timedelta(hours=24, seconds=1), 24, 48).late


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(hours=26, minutes=14, seconds=59), "26 h 14 min"),
        (timedelta(hours=24), "24 h"),
        (timedelta(minutes=40), "40 min"),
        (timedelta(seconds=12), "12 s"),
        (timedelta(hours=1234, minutes=5), "1.234 h 5 min"),
        (timedelta(0), "0 s"),
    ],
)
def test_a_length_of_time_is_said_in_hours_and_minutes(length: timedelta, said: str) -> None:
    assert hours_and_minutes(length) == said
