"""What falls due under an agreement, night after night."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.cadence import Due, requests_due
from contracts.evaluation import evaluate
from contracts.facts import (
    AgreementFacts,
    Dispensation,
    DisposalFact,
    EvidenceFact,
    Record,
    RequestFact,
)
from contracts.policy import Override, Policy
from contracts.vocabulary import (
    AgreementKind,
    DispensationGround,
    EndReason,
    EvidenceKind,
    Exposure,
    RequestKind,
    RequestState,
    ReviewDecision,
)
from contracts.workdays import Workdays

POLICY = Policy.load()
WORKDAYS = Workdays(frozenset(), "de teste")
MONDAY = date(2026, 3, 2)


def agreement(**changes: object) -> AgreementFacts:
    values: dict[str, object] = {
        "id": 7,
        "label": "Contrato 00001/2026",
        "kind": AgreementKind.CONTRATO,
        "starts_on": date(2026, 1, 5),
        "ends_on": date(2029, 1, 4),
        "purpose": "Atendimento telefônico aos usuários",
        **changes,
    }
    return AgreementFacts(**values)  # type: ignore[arg-type]


def due(
    facts: AgreementFacts, on: date = MONDAY, *, history: dict[str, date] | None = None, policy: Policy = POLICY
) -> tuple[Due, ...]:
    assessment = evaluate(facts, on, policy=policy, workdays=WORKDAYS)
    return requests_due(facts, assessment, on=on, policy=policy, workdays=WORKDAYS, history=history or {})


def proof(kind: EvidenceKind, inciso: str, until: date | None = None, number: int = 1) -> EvidenceFact:
    return EvidenceFact(
        Record("evidence", number, "Evidência"),
        kind,
        frozenset({inciso}),
        received_on=date(2026, 1, 10),
        decision=ReviewDecision.ACCEPTED,
        decided_on=date(2026, 1, 12),
        valid_from=date(2026, 1, 10),
        valid_until=until,
        covers_service=True,
    )


def asked(inciso: str, state: RequestState, kind: EvidenceKind | None = None, on: date = MONDAY) -> RequestFact:
    return RequestFact(
        Record("request", 3, "Requisição 2026/0003"),
        RequestKind.INFORMATION,
        inciso,
        opened_on=on,
        due_on=on + timedelta(days=20),
        state=state,
        evidence_kind=kind,
    )


COMPLETED = {"cadence:7:complete:2026-01-05": MONDAY}


def test_the_first_night_asks_about_every_inciso_that_the_vendor_can_answer() -> None:
    [request] = due(agreement())
    assert request.kind is RequestKind.INFORMATION
    assert request.key(7) == "cadence:7:complete:2026-01-05"
    assert {item.inciso for item in request.items} == set("I II III IV V VI VII VIII IX X XI".split())
    assert request.opens_on == MONDAY
    assert request.due_on == date(2026, 3, 23)


def test_an_agreement_older_than_the_portaria_is_asked_from_the_portaria_on() -> None:
    [request] = due(agreement(starts_on=date(2019, 5, 2)))
    assert request.period == "2025-10-20"


@pytest.mark.parametrize(("month", "expected"), [(3, 0), (9, 1)])
def test_the_complete_request_returns_at_the_interval_of_the_tier(month: int, expected: int) -> None:
    facts = agreement(raised_exposure=Exposure.HIGH, raised_exposure_reason="Dados sensíveis.")
    requests = due(facts, date(2026, month, 3), history={**COMPLETED, "cadence:7:renewal:2026-09": MONDAY})
    complete = [request for request in requests if request.cadence == "complete"]
    assert len(complete) == expected


@pytest.mark.parametrize(("tier", "months"), [(Exposure.LOW, 24), (Exposure.MEDIUM, 12), (Exposure.HIGH, 6)])
def test_each_tier_has_its_interval_to_the_day(tier: Exposure, months: int) -> None:
    facts = agreement(raised_exposure=tier, raised_exposure_reason="Decisão.")
    day = date(2026 + (2 + months) // 12, (2 + months) % 12 + 1, 2)
    assert [request.cadence for request in due(facts, day - timedelta(days=1), history=COMPLETED)] != ["complete"]
    [request] = due(facts, day, history=COMPLETED)
    assert (request.cadence, request.period) == ("complete", day.isoformat())


def test_the_same_night_always_gives_the_same_key() -> None:
    assert due(agreement())[0].key(7) == due(agreement())[0].key(7)
    later = due(agreement(), MONDAY + timedelta(days=3))[0]
    assert later.key(7) == due(agreement())[0].key(7), "a missed night asks for the same period"


def test_between_complete_requests_only_what_is_missing_is_asked_once_a_month() -> None:
    [request] = due(agreement(), date(2026, 5, 4), history=COMPLETED)
    assert request.kind is RequestKind.EVIDENCE_RENEWAL
    assert request.period == "2026-05"
    assert all(item.kinds for item in request.items)
    assert due(agreement(), date(2026, 5, 20), history={**COMPLETED, request.key(7): date(2026, 5, 4)}) == ()
    assert due(agreement(), date(2026, 6, 1), history={**COMPLETED, request.key(7): date(2026, 5, 4)}) != ()


def policy_items(requests: tuple[Due, ...], inciso: str) -> list[tuple[EvidenceKind, ...]]:
    return [item.kinds for request in requests for item in request.items if item.inciso == inciso]


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (
            date(2026, 4, 30),
            True,
        ),  # March ends, and thirty days more: it would lapse before April could renew it in time.
        (date(2026, 5, 1), False),
        (date(2026, 2, 28), True),  # Already lapsed.
    ],
)
def test_a_proof_is_asked_again_before_it_lapses(until: date, expected: bool) -> None:
    facts = agreement(evidence=(proof(EvidenceKind.PROCESSING_RECORD, "VI", until),))
    assert ((EvidenceKind.PROCESSING_RECORD,) in policy_items(due(facts, history=COMPLETED), "VI")) is expected


def test_what_is_with_the_vendor_or_with_us_is_not_asked_again() -> None:
    for state in (RequestState.OPEN, RequestState.RETURNED, RequestState.SUBMITTED):
        facts = agreement(requests=(asked("VI", state, EvidenceKind.PROCESSING_RECORD),))
        assert policy_items(due(facts, history=COMPLETED), "VI") == []
        assert policy_items(due(facts), "VI") == []


def test_what_was_formally_refused_waits_for_the_next_complete_request() -> None:
    facts = agreement(requests=(asked("VI", RequestState.REFUSED, EvidenceKind.PROCESSING_RECORD),))
    assert policy_items(due(facts, date(2026, 6, 1), history=COMPLETED), "VI") == []
    assert policy_items(due(facts, date(2028, 3, 2), history=COMPLETED), "VI") == [(EvidenceKind.PROCESSING_RECORD,)]


def test_what_was_cancelled_or_accepted_may_be_asked_again() -> None:
    for state in (RequestState.CANCELLED, RequestState.ACCEPTED):
        facts = agreement(requests=(asked("VI", state, EvidenceKind.PROCESSING_RECORD),))
        assert policy_items(due(facts, date(2026, 6, 1), history=COMPLETED), "VI") != []


def test_a_proof_that_waits_for_our_review_is_not_asked_again() -> None:
    waiting = replace(proof(EvidenceKind.PROCESSING_RECORD, "VI"), decision=None, decided_on=None)
    assert policy_items(due(agreement(evidence=(waiting,)), history=COMPLETED), "VI") == []


def test_a_current_proof_is_only_confirmed_by_the_complete_request() -> None:
    facts = agreement(evidence=(proof(EvidenceKind.PROCESSING_RECORD, "VI", date(2027, 1, 10)),))
    assert policy_items(due(facts), "VI") == [()]
    assert policy_items(due(facts, history=COMPLETED), "VI") == []


def test_inciso_v_asks_for_any_one_of_several_proofs_in_one_item() -> None:
    [kinds] = policy_items(due(agreement()), "V")
    assert len(kinds) > 1
    assert EvidenceKind.ISO_27001 in kinds


@pytest.mark.parametrize(
    "changes",
    [
        {"starts_on": MONDAY + timedelta(days=1)},
        {"starts_on": None, "signed_on": MONDAY + timedelta(days=1)},
        {"closed_on": MONDAY},
        {
            "dispensation": Dispensation(
                DispensationGround.NO_PERSONAL_DATA, "Só fornece café.", "Encarregado", date(2026, 1, 6)
            )
        },
    ],
    ids=["ainda não começou", "ainda não foi assinado", "encerrado", "dispensado"],
)
def test_nothing_is_due_before_the_beginning_after_the_closing_or_when_waived(changes: dict[str, object]) -> None:
    assert due(agreement(**changes)) == ()


def test_the_first_day_of_the_agreement_already_counts() -> None:
    assert due(agreement(starts_on=MONDAY)) != ()


def test_on_the_last_day_nothing_about_disposal_is_due_and_on_the_next_only_that() -> None:
    facts = agreement(ends_on=MONDAY)
    assert all(request.kind is not RequestKind.DISPOSAL for request in due(facts))
    [request] = due(facts, MONDAY + timedelta(days=1))
    assert (request.kind, request.period) == (RequestKind.DISPOSAL, "2026-03-02")
    assert [(item.inciso, item.kinds) for item in request.items] == [("XII", (EvidenceKind.DISPOSAL_CERTIFICATE,))]
    assert request.due_on == date(2026, 4, 1)


def test_whoever_is_asked_late_about_disposal_still_gets_a_whole_term() -> None:
    [request] = due(agreement(ends_on=date(2026, 1, 31)), MONDAY)
    assert request.due_on == date(2026, 3, 23)


def test_the_instruments_own_term_for_disposal_goes_before_the_parameter() -> None:
    [request] = due(agreement(ends_on=MONDAY, disposal_term_days=60), MONDAY + timedelta(days=1))
    assert request.due_on == date(2026, 5, 1)


def test_disposal_is_asked_once_whatever_became_of_the_request() -> None:
    facts = agreement(ends_on=MONDAY)
    assert due(facts, date(2026, 6, 1), history={"cadence:7:disposal:2026-03-02": date(2026, 3, 3)}) == ()


def test_no_disposal_is_asked_by_itself_when_nobody_said_there_were_data_or_the_bond_ended_before_the_portaria() -> (
    None
):
    assert due(agreement(ends_on=MONDAY, purpose=None), MONDAY + timedelta(days=1)) == ()
    assert due(agreement(starts_on=date(2020, 1, 1), ends_on=date(2025, 10, 19)), MONDAY) == ()
    assert due(agreement(starts_on=date(2020, 1, 1), ends_on=date(2025, 10, 20)), MONDAY) != ()


def test_accepted_disposal_asks_nothing() -> None:
    case = DisposalFact(
        Record("disposal", 1, "Descarte"),
        EndReason.TERM,
        date(2026, 2, 1),
        covers_copies=True,
        covers_backups=True,
        covers_sub_operators=True,
        accepted_on=date(2026, 2, 20),
    )
    assert due(agreement(ends_on=date(2026, 1, 31), disposal=case)) == ()


def test_an_assessment_of_another_day_is_refused() -> None:
    facts = agreement()
    assessment = evaluate(facts, MONDAY, policy=POLICY, workdays=WORKDAYS)
    with pytest.raises(ValueError, match="same agreement and day"):
        requests_due(facts, assessment, on=MONDAY + timedelta(days=1), policy=POLICY, workdays=WORKDAYS, history={})


def test_the_answer_term_is_the_parameter_of_the_day() -> None:
    policy = POLICY.with_overrides([Override("request_answer_days", date(2026, 3, 1), 5)])
    assert due(agreement(), policy=policy)[0].due_on == date(2026, 3, 9)


def nights(first: date, how_many: int, skip: set[int]) -> Iterator[date]:
    yield from (first + timedelta(days=n) for n in range(how_many) if n not in skip)


@given(skip=st.sets(st.integers(0, 59)), repeat=st.integers(1, 3))
def test_however_many_nights_are_missed_or_repeated_each_period_is_asked_once(skip: set[int], repeat: int) -> None:
    history: dict[str, date] = {}
    for night in nights(MONDAY, 60, skip):
        for _ in range(repeat):
            for request in due(agreement(), night, history=history):
                key = request.key(7)
                assert key not in history
                history[key] = night
    complete = [key for key in history if ":complete:" in key]
    assert len(complete) == (1 if len(skip) < 60 else 0)
    months = [key for key in history if ":renewal:" in key]
    assert len(months) == len(set(months))
