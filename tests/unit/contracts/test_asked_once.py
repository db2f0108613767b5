"""What an operator sent and a person accepted is not asked for again the next night; what is left is our own work."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from contracts.cadence import requests_due
from contracts.evaluation import Assessment, evaluate
from contracts.facts import AgreementFacts, EvidenceFact, Record
from contracts.policy import Policy
from contracts.vocabulary import AgreementKind, DataCategory, EvidenceKind, ReviewDecision, VolumeBand
from contracts.workdays import Workdays

POLICY = Policy.load()
WORKDAYS = Workdays(frozenset(), "de teste")
MONDAY = date(2026, 3, 2)

LOW = AgreementFacts(
    id=7,
    label="Contrato 00001/2026",
    kind=AgreementKind.CONTRATO,
    starts_on=date(2025, 11, 10),
    ends_on=date(2029, 1, 4),
    purpose="Hospedar sistemas",
    data_categories=frozenset({DataCategory.IDENTIFICATION}),
)
HIGH = replace(
    LOW,
    sensitive=True,
    judicial_secrecy=True,
    system_access=True,
    external_hosting=True,
    international_transfer=True,
    volume=VolumeBand.OVER_100K,
)


def judged(facts: AgreementFacts, on: date) -> Assessment:
    return evaluate(facts, on, policy=POLICY, workdays=WORKDAYS)


def asked(facts: AgreementFacts, on: date, history: dict[str, date]) -> list[tuple[str, tuple[EvidenceKind, ...], str]]:
    found = requests_due(facts, judged(facts, on), on=on, policy=POLICY, workdays=WORKDAYS, history=history)
    history.update({each.key(facts.id): on for each in found})
    return [(item.inciso, item.kinds, item.reason) for each in found for item in each.items]


def accepted(inciso: str, kind: EvidenceKind, number: int) -> EvidenceFact:
    return EvidenceFact(
        record=Record("evidence", number, f"Evidência {number}"),
        kind=kind,
        incisos=frozenset({inciso}),
        received_on=MONDAY,
        decision=ReviewDecision.ACCEPTED,
        decided_on=MONDAY + timedelta(days=1),
        independent=True,
        covers_service=True,
    )


@pytest.mark.parametrize("facts", [LOW, HIGH], ids=["low exposure", "high exposure"])
def test_an_operator_that_sent_all_that_was_asked_is_not_asked_again_the_next_night(facts: AgreementFacts) -> None:
    history: dict[str, date] = {}
    first = asked(facts, MONDAY, history)
    assert len(first) > 8
    wanted = [(inciso, kinds[0]) for inciso, kinds, _ in first if kinds]
    answered = replace(
        facts, evidence=tuple(accepted(inciso, kind, number) for number, (inciso, kind) in enumerate(wanted, 1))
    )
    assert asked(answered, MONDAY + timedelta(days=2), history) == []
