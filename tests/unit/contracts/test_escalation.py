"""The ladder: who hears of a request, when, and never three times at once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.escalation import Audience, Step, Waiting, ladder, silent_since, steps_due
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


# ----------------------------------------------------------------------------------------------------------------------
# An extension that waits for us, and silence
# ----------------------------------------------------------------------------------------------------------------------
def test_while_an_extension_asked_in_time_waits_for_us_nobody_is_called_late() -> None:
    held = Waiting(RequestState.OPEN, ASKED, DUE, extension_asked_on=DUE)
    assert steps_due(held, set(), on=date(2026, 5, 4), policy=POLICY, workdays=WORKDAYS) == ()
    found = steps_due(held, set(), on=DUE, policy=POLICY, workdays=WORKDAYS)
    assert [step.slug for step in found] == ["preposto_before_1"], "the term itself still runs"


def test_an_extension_asked_after_the_term_stops_nothing() -> None:
    late = Waiting(RequestState.OPEN, ASKED, DUE, extension_asked_on=DUE + timedelta(days=1))
    found = steps_due(late, set(), on=date(2026, 3, 24), policy=POLICY, workdays=WORKDAYS)
    assert [step.slug for step in found] == ["preposto_after_1"]


def silence(on: date, sent: dict[str, date], **changes: date | None) -> date | None:
    request = Waiting(RequestState.OPEN, ASKED, DUE, changes.get("extension_asked_on"))
    return silent_since(request, sent, on=on, policy=POLICY, workdays=WORKDAYS)


def test_silence_is_complete_on_the_day_after_the_last_step_and_not_on_the_day_itself() -> None:
    sent = {"contacts_after_3": date(2026, 3, 26), "committee_after_20": date(2026, 4, 20)}
    assert silence(date(2026, 4, 20), sent) is None
    assert silence(date(2026, 4, 21), sent) == date(2026, 4, 20)


def test_a_request_that_is_held_or_whose_last_step_was_not_taken_is_no_silence() -> None:
    sent = {"contacts_after_3": date(2026, 3, 26), "committee_after_20": date(2026, 4, 20)}
    assert silence(date(2026, 6, 1), sent, extension_asked_on=DUE) is None
    assert silence(date(2026, 6, 1), {"contacts_after_3": date(2026, 3, 26)}) is None
    assert silence(date(2026, 6, 1), {"committee_after_20": date(2026, 4, 20)}) is None


SLUGS = ("preposto_after_1", "contacts_after_3", "stewards_after_5", "encarregado_after_10", "committee_after_20")


@given(
    taken=st.dictionaries(st.sampled_from(SLUGS), st.integers(1, 120)),
    state=st.sampled_from(RequestState),
    asked=st.none() | st.integers(-20, 60),
    days=st.integers(0, 200),
)
def test_silence_always_leaves_the_vendor_the_working_days_that_the_ladder_promises(
    taken: dict[str, int], state: RequestState, asked: int | None, days: int
) -> None:
    sent = {slug: DUE + timedelta(days=late) for slug, late in taken.items()}
    request = Waiting(state, ASKED, DUE, None if asked is None else DUE + timedelta(days=asked))
    end = silent_since(request, sent, on=DUE + timedelta(days=days), policy=POLICY, workdays=WORKDAYS)
    if end is None:
        return
    assert state in {RequestState.OPEN, RequestState.RETURNED}
    assert not request.held
    assert sent["committee_after_20"] <= end < DUE + timedelta(days=days)
    rungs = {step.slug: step for step in ladder(DUE, policy=POLICY, on=DUE, workdays=WORKDAYS)}
    assert rungs["committee_after_20"].day <= end
    notices = [slug for slug in ("preposto_after_1", "contacts_after_3") if slug in sent]
    promised = 20 - rungs[notices[-1]].working_days
    assert workdays_between(sent[notices[-1]], end) >= promised
    later = silent_since(request, sent, on=DUE + timedelta(days=days + 30), policy=POLICY, workdays=WORKDAYS)
    assert later == end, "what is silent stays silent, since the same day"


def workdays_between(start: date, end: date) -> int:
    return WORKDAYS.count(start, end)
