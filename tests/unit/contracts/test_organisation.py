"""Obligations that the organisation adds to the twelve: real ones, made of data."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from contracts.norm import ART_14_CAPUT, is_verbatim
from contracts.organisation import GROUND, FurtherObligation, further_obligations
from contracts.vocabulary import EvidenceKind, Leg, LegState, Verdict
from tests.rig.facts import DAY, judged

TRAINING = FurtherObligation(
    code="A-1",
    title="Capacitação anual",
    text="Capacitar a cada ano as pessoas que tratam dados do CNJ.",
    since=date(2026, 3, 2),
    until=None,
    needs_clause=True,
    evidence_kinds=(EvidenceKind.TRAINING_RECORD,),
    decided_by="CGLGPD",
    decided_on=date(2026, 2, 10),
)
PROOF = {
    "kind": "training_record",
    "incisos": ["A-1"],
    "received_on": date(2026, 5, 4),
    "decision": "accepted",
    "decided_on": date(2026, 5, 6),
}
IN_ORDER = {"instruments": {"contrato": {"readings": {"A-1": "covered"}}}, "evidence": {"training": PROOF}}


def test_an_added_obligation_is_judged_like_the_twelve_and_does_not_score() -> None:
    further = further_obligations([TRAINING])
    nothing = judged(further=further)
    assert nothing.finding("A-1").verdict is Verdict.UNPROVEN
    assert nothing.score.value == 100
    assert len(nothing.findings) == 12
    assert judged(IN_ORDER, further=further).finding("A-1").verdict is Verdict.MET
    late = {"r1": {"kind": "information", "inciso": "A-1", "opened_on": DAY, "due_on": DAY, "state": "open"}}
    assert judged({**IN_ORDER, "requests": late}, further=further).finding("A-1").verdict is Verdict.MET
    next_day = judged({**IN_ORDER, "requests": late}, DAY + timedelta(days=1), further=further)
    assert next_day.finding("A-1").verdict is Verdict.BREACHED


def test_it_says_that_the_organisation_added_it_on_the_ground_of_the_caput() -> None:
    finding = judged(further=further_obligations([TRAINING])).finding("A-1")
    assert finding.law.text == TRAINING.text
    assert finding.law.label == f"{GROUND}. Decisão de CGLGPD, em 10/02/2026"
    assert "todavia não se limitam" in finding.law.label
    assert is_verbatim("dentre os quais se incluem, todavia não se limitam")
    assert finding.related == (ART_14_CAPUT,)
    assert finding.law.citation.startswith("art. 14, caput,")


@pytest.mark.parametrize(
    ("on", "there"),
    [(date(2026, 3, 1), False), (date(2026, 3, 2), True), (date(2026, 9, 30), True), (date(2026, 10, 1), False)],
)
def test_it_is_judged_from_its_first_day_to_its_last(on: date, there: bool) -> None:
    further = further_obligations([replace(TRAINING, until=date(2026, 9, 30))])
    assert bool(judged(on=on, further=further).further) is there


def test_a_later_decision_on_the_same_code_is_its_next_version() -> None:
    later = replace(TRAINING, text="Capacitar a cada semestre.", since=date(2026, 7, 1), needs_clause=False)
    (obligation,) = further_obligations([later, TRAINING])
    before = judged(on=date(2026, 6, 30), further=(obligation,)).finding("A-1")
    after = judged(on=date(2026, 7, 1), further=(obligation,)).finding("A-1")
    assert (before.law.text, after.law.text) == (TRAINING.text, "Capacitar a cada semestre.")
    assert after.state(Leg.INSTRUMENT) is LegState.NONE


def test_any_one_of_its_kinds_of_proof_will_do() -> None:
    either = replace(TRAINING, evidence_kinds=(EvidenceKind.SECURITY_POLICY, EvidenceKind.TRAINING_RECORD))
    finding = judged(IN_ORDER, further=further_obligations([either])).finding("A-1")
    assert finding.verdict is Verdict.MET
    asked = judged({**IN_ORDER, "evidence": {}}, further=further_obligations([either])).finding("A-1")
    assert asked.next_action.evidence_kinds == either.evidence_kinds


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": "XI"}, "não serve"),
        ({"code": " "}, "não serve"),
        ({"until": date(2026, 3, 1)}, "termina antes de começar"),
        ({"needs_clause": False, "evidence_kinds": ()}, "precisa de cláusula ou de ao menos um tipo de evidência"),
    ],
)
def test_what_could_never_be_judged_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(TRAINING, **changes)  # type: ignore[arg-type]
