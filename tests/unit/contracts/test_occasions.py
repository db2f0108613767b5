"""Facts that ask: the table a person can read, and which facts are old or part of a registration."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.cadence import event_items
from contracts.evaluation import evaluate
from contracts.facts import AgreementFacts, Dispensation, Record
from contracts.norm import ART_14
from contracts.occasions import (
    Happening,
    OccasionsError,
    event_key,
    occasion_book,
    parse_occasions,
    sets_off,
)
from contracts.policy import Override, Policy
from contracts.vocabulary import INCISOS, AgreementKind, DispensationGround, EvidenceKind, Occasion
from contracts.workdays import Workdays

ON = date(2026, 6, 15)
POLICY = Policy.load()
PARAMETERS = POLICY.on(ON)


def happening(
    occasion: Occasion = Occasion.INCIDENT, *, age: int = 0, recorded: date = ON, registered: date = date(2026, 1, 5)
) -> Happening:
    record = Record("incident", 3, "Incidente 3: Acesso indevido")
    return Happening(7, occasion, "3", recorded - timedelta(days=age), recorded, registered, record)


def test_every_occasion_has_its_rule_with_a_ground_in_the_incisos_that_it_asks_about() -> None:
    book = occasion_book()
    assert list(book) == list(Occasion)
    for rule in book.values():
        assert "art. 14, caput" in rule.basis
        assert "{day}" in rule.reason
        for ask in rule.asks:
            assert ask.inciso in rule.basis.replace(",", " ").split()
            assert ART_14[ask.inciso]
        assert rule.sentence(ON).count("15/06/2026") == 1
        assert "{" not in rule.sentence(ON)
    assert book[Occasion.EXPOSURE_RAISED].asks_everything
    assert book[Occasion.EXPOSURE_RAISED].incisos == INCISOS[:-1], "XII is not due before the end"


def test_the_key_of_a_fact_names_agreement_occasion_and_record() -> None:
    assert happening().key == "event:7:incident:3" == event_key(7, Occasion.INCIDENT, "3")


@given(st.sampled_from(Occasion), st.integers(0, 400), st.integers(0, 365))
def test_a_fact_asks_up_to_its_age_and_not_a_day_longer(occasion: Occasion, age: int, limit: int) -> None:
    parameters = POLICY.with_overrides([Override("event_age_days", date(2026, 1, 1), limit)]).on(ON)
    assert sets_off(happening(occasion, age=age), parameters) == (age <= limit)


@pytest.mark.parametrize("occasion", list(Occasion))
def test_what_is_recorded_on_the_day_of_the_registration_belongs_to_it_unless_it_is_an_incident(
    occasion: Occasion,
) -> None:
    alone = {Occasion.INCIDENT, Occasion.EXPOSURE_RAISED}
    assert sets_off(happening(occasion, registered=ON), PARAMETERS) == (occasion in alone)
    assert sets_off(happening(occasion, registered=ON - timedelta(days=1)), PARAMETERS)


@pytest.mark.parametrize("occasion", list(Occasion))
def test_each_occasion_can_be_switched_off_from_a_day_on(occasion: Occasion) -> None:
    switches = {each.value: int(each is not occasion) for each in Occasion}
    policy = POLICY.with_overrides([Override("event_requests", ON, switches)])
    assert not sets_off(happening(occasion), policy.on(ON))
    assert sets_off(happening(occasion), policy.on(ON - timedelta(days=1)))


def test_a_fact_asks_what_applies_to_the_agreement_and_nothing_of_one_that_is_waived() -> None:
    facts = AgreementFacts(
        7, "Contrato 00001/2026", AgreementKind.CONTRATO, starts_on=date(2026, 1, 5), purpose="Apoio"
    )
    ground = Dispensation(DispensationGround.NO_PERSONAL_DATA, "Só peças", "Encarregado", date(2026, 1, 5))
    waived = AgreementFacts(
        7, "Contrato 00001/2026", AgreementKind.CONTRATO, starts_on=date(2026, 1, 5), dispensation=ground
    )

    def asked(what: AgreementFacts, occasion: Occasion) -> list[tuple[str, tuple[EvidenceKind, ...], bool]]:
        assessment = evaluate(what, ON, policy=POLICY, workdays=Workdays(frozenset(), "de teste"))
        rule = occasion_book()[occasion]
        items = event_items(rule, what, assessment, on=ON, parameters=PARAMETERS, months=12)
        return [(item.inciso, item.kinds, item.whole) for item in items]

    assert asked(facts, Occasion.INCIDENT) == [("XI", (), True), ("II", (), True)]
    assert asked(facts, Occasion.CONTACT_CHANGED) == [("I", (EvidenceKind.INCIDENT_CHANNEL,), False)]
    assert {inciso for inciso, _, _ in asked(facts, Occasion.EXPOSURE_RAISED)} == set(INCISOS[:-1])
    for occasion in Occasion:
        assert asked(waived, occasion) == []


WHOLE = """
[{name}]
label = "Fato"
when = "Quando."
reason = "Motivo de {{day}}."
basis = "art. 14, caput"
asks = {asks}
after_end = false
waits = false
plans_audit = {audit}
"""


@pytest.mark.parametrize(
    ("asks", "audit", "complaint"),
    [
        ("[]", "false", "everything"),
        ('"nothing"', "false", "everything"),
        ('[{ inciso = "XIII", what = "inciso" }]', "false", "XIII"),
        ('[{ inciso = "I", what = "a letter" }]', "false", "a letter"),
        ('[{ inciso = "I" }]', "false", "exactly inciso and what"),
        ('"everything"', "1", "true or false"),
    ],
)
def test_a_table_that_says_something_else_is_refused(asks: str, audit: str, complaint: str) -> None:
    good = "".join(WHOLE.format(name=each.value, asks='"everything"', audit="false") for each in list(Occasion)[1:])
    bad = WHOLE.format(name=Occasion.INCIDENT.value, asks=asks, audit=audit)
    with pytest.raises(OccasionsError, match=complaint):
        parse_occasions(bad + good)
    with pytest.raises(OccasionsError, match="exactly the tables"):
        parse_occasions(good)
