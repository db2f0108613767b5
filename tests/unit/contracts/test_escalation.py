"""The ladder: who hears of a request, when, and never three times at once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.escalation import Audience, Step, Waiting, ladder, steps_due
from contracts.policy import Policy
from contracts.vocabulary import RequestState
from contracts.workdays import Workdays

POLICY = Policy.load()
CARNIVAL = frozenset({date(2026, 2, 16), date(2026, 2, 17)})
WORKDAYS = Workdays(CARNIVAL, "de teste")
ASKED = date(2026, 3, 2)
DUE = date(2026, 3, 23)


def steps(
    on: date, sent: set[str] | None = None, state: RequestState = RequestState.OPEN, **changes: date
) -> list[str]:
    request = Waiting(state, changes.get("asked_on", ASKED), changes.get("due_on", DUE))
    found = steps_due(request, sent or set(), on=on, policy=POLICY, workdays=WORKDAYS)
    return [step.slug for step in found]


def test_the_ladder_counts_working_days_on_both_sides_of_the_term() -> None:
    days = {step.slug: step.day for step in ladder(DUE, policy=POLICY, on=ASKED, workdays=WORKDAYS)}
    assert days == {
        "preposto_before_7": date(2026, 3, 12),
        "preposto_before_1": date(2026, 3, 20),
        "preposto_after_1": date(2026, 3, 24),
        "contacts_after_3": date(2026, 3, 26),
        "stewards_after_5": date(2026, 3, 30),
        "encarregado_after_10": date(2026, 4, 6),
        "committee_after_20": date(2026, 4, 20),
    }


def test_closed_days_do_not_count() -> None:
    days = {step.slug: step.day for step in ladder(date(2026, 2, 18), policy=POLICY, on=ASKED, workdays=WORKDAYS)}
    assert days["preposto_before_1"] == date(2026, 2, 13)


def test_every_step_of_the_parameters_has_an_audience() -> None:
    audiences = {step.audience for step in ladder(DUE, policy=POLICY, on=ASKED, workdays=WORKDAYS)}
    assert audiences == set(Audience)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 11), []),
        (date(2026, 3, 12), ["preposto_before_7"]),
        (date(2026, 3, 19), ["preposto_before_7"]),
        (date(2026, 3, 20), ["preposto_before_1"]),
        (date(2026, 3, 23), ["preposto_before_1"]),
        (date(2026, 3, 24), ["preposto_after_1"]),
        (date(2026, 3, 26), ["contacts_after_3"]),
        (date(2026, 3, 30), ["contacts_after_3", "stewards_after_5"]),
    ],
)
def test_each_step_is_due_from_its_day_on_and_not_on_its_eve(day: date, expected: list[str]) -> None:
    assert steps(day) == expected


def test_a_step_that_was_sent_is_not_sent_again() -> None:
    assert steps(date(2026, 3, 16), {"preposto_before_7"}) == []


def test_after_three_missed_nights_the_same_side_hears_once() -> None:
    assert steps(date(2026, 3, 27)) == ["contacts_after_3"]
    assert steps(date(2026, 3, 28), {"contacts_after_3"}) == [], "the reminders that were overtaken are never sent"


def test_after_a_long_silence_each_side_hears_its_own_newest_step() -> None:
    assert steps(date(2026, 5, 4)) == [
        "contacts_after_3",
        "stewards_after_5",
        "encarregado_after_10",
        "committee_after_20",
    ]


@pytest.mark.parametrize(
    "state",
    [
        RequestState.DRAFT,
        RequestState.SUBMITTED,
        RequestState.ACCEPTED,
        RequestState.REFUSED,
        RequestState.CANCELLED,
    ],
)
def test_the_ladder_stops_when_the_vendor_no_longer_has_the_word(state: RequestState) -> None:
    assert steps(date(2026, 5, 4), state=state) == []


def test_a_returned_request_climbs_the_ladder_of_its_new_term() -> None:
    later = DUE + timedelta(days=28)
    assert steps(later - timedelta(days=3), state=RequestState.RETURNED, asked_on=DUE, due_on=later) == [
        "preposto_before_1"
    ]


def test_a_short_request_gets_no_reminder_from_before_it_was_asked() -> None:
    assert steps(ASKED, due_on=ASKED + timedelta(days=4)) == []
    assert steps(ASKED + timedelta(days=3), due_on=ASKED + timedelta(days=4)) == ["preposto_before_1"]


@given(nights=st.lists(st.integers(0, 70), min_size=1, max_size=30))
def test_on_any_set_of_nights_no_step_is_sent_twice_and_no_side_twice_a_night(nights: list[int]) -> None:
    sent: set[str] = set()
    seen: list[Step] = []
    for night in sorted(nights):
        request = Waiting(RequestState.OPEN, ASKED, DUE)
        found = steps_due(request, sent, on=ASKED + timedelta(days=night), policy=POLICY, workdays=WORKDAYS)
        operators = [step for step in found if step.audience in {Audience.PREPOSTO, Audience.CONTACTS}]
        assert len(operators) <= 1
        for step in found:
            assert step.slug not in sent
            assert step.day <= ASKED + timedelta(days=night)
            sent.add(step.slug)
            seen.append(step)
    operator_days = [step.day for step in seen if step.audience in {Audience.PREPOSTO, Audience.CONTACTS}]
    assert operator_days == sorted(operator_days), "the ladder is only climbed"
