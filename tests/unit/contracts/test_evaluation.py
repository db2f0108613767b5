"""Judging: what holds of every judgement, on any facts, and how it is put together."""

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.evaluation import Assessment, circumstances_of, evaluate, judge, leg_state, verdict_of
from contracts.facts import AgreementFacts, CoverageFact, DeviationFact, EvidenceFact, InstrumentFact, Record
from contracts.norm import PORTARIA_DATED_ON
from contracts.obligation import Named, counted, no, quiet, said, unknown, yes
from contracts.obligations import BY_INCISO, TWELVE
from contracts.policy import Policy
from contracts.vocabulary import (
    INCISOS,
    ActionKind,
    Coverage,
    EvidenceKind,
    InstrumentKind,
    Leg,
    LegState,
    ReviewDecision,
    Verdict,
)
from contracts.workdays import Workdays
from tests.rig import anything
from tests.rig.facts import DAY, WORKDAYS, base_facts, judged

POLICY = Policy.load()
RANK = {Verdict.BREACHED: 0, Verdict.UNPROVEN: 1, Verdict.PARTIAL: 2, Verdict.MET: 3}


def judge_all(facts: AgreementFacts, on: date, editions: Mapping[str, tuple[date, ...]] | None = None) -> Assessment:
    return evaluate(facts, on, policy=POLICY, workdays=WORKDAYS, clause_editions=editions or {})


# ----------------------------------------------------------------------------------------------------------------------
# Any facts at all
# ----------------------------------------------------------------------------------------------------------------------
@settings(max_examples=300, deadline=None)
@given(facts=anything.agreements, on=anything.days, editions=anything.editions)
def test_any_facts_are_judged_and_explained(
    facts: AgreementFacts, on: date, editions: Mapping[str, tuple[date, ...]]
) -> None:
    assessment = judge_all(facts, on, editions)
    assert [finding.inciso for finding in assessment.findings] == list(INCISOS)
    assert len(assessment.formalities) == 8
    assert all(item.reason.endswith(".") for item in assessment.formalities)
    assert assessment.score.value is None or 0 <= assessment.score.value <= 100
    for finding in assessment.findings:
        assert finding.reasons
        assert finding.next_action.sentence.endswith(".")
        assert all(reason.endswith(".") for reason in finding.reasons)
        assert all(check.answer.reason.endswith(".") for check in finding.checks)
        assert all(isinstance(record, Record) for record in finding.records)
        if finding.verdict is Verdict.NOT_DUE:
            assert finding.inciso == "XII" or (facts.starts_on is not None and facts.starts_on > on)
        if finding.verdict is Verdict.NOT_APPLICABLE:
            assert not finding.checks
            assert finding.next_action.kind is ActionKind.NOTHING


@settings(max_examples=200, deadline=None)
@given(facts=anything.agreements, on=anything.days)
def test_the_verdict_follows_from_the_legs_and_the_action_from_the_verdict(facts: AgreementFacts, on: date) -> None:
    for finding in judge_all(facts, on).findings:
        if finding.verdict in {Verdict.NOT_APPLICABLE, Verdict.NOT_DUE}:
            continue
        legs = finding.legs
        conduct = [check.answer.holds for check in legs[Leg.CONDUCT].checks]
        answers = [check.answer.holds for check in finding.checks]
        assert (finding.verdict is Verdict.BREACHED) is (False in conduct)
        if finding.verdict is Verdict.MET:
            assert set(answers) == {True}
            assert finding.next_action.kind is ActionKind.NOTHING
        if finding.verdict is Verdict.PARTIAL:
            assert LegState.FULL in {legs[Leg.INSTRUMENT].state, legs[Leg.EVIDENCE].state}
            assert set(answers) != {True}
        if finding.verdict is Verdict.BREACHED:
            assert finding.next_action.kind in {ActionKind.CORRECTIVE_ACTION, ActionKind.FORMAL_NOTICE}
            assert finding.next_action.leg is Leg.CONDUCT
        if finding.next_action.kind is ActionKind.REQUEST_EVIDENCE:
            assert finding.next_action.evidence_kinds


@settings(max_examples=100, deadline=None)
@given(facts=anything.agreements, on=anything.days)
def test_the_order_of_the_records_decides_nothing(facts: AgreementFacts, on: date) -> None:
    turned = replace(
        facts,
        **{
            name: tuple(reversed(getattr(facts, name) or ()))
            for name in ("evidence", "requests", "audits", "incidents", "instructions", "assistance", "calendar")
        },
        channel_tests=tuple(reversed(facts.channel_tests)),
        proposals=tuple(reversed(facts.proposals)),
        people=None if facts.people is None else tuple(reversed(facts.people)),
        contacts=tuple(reversed(facts.contacts)),
    )
    before, after = judge_all(facts, on), judge_all(turned, on)
    assert [item.verdict for item in before.findings] == [item.verdict for item in after.findings]
    assert [item.states for item in before.findings] == [item.states for item in after.findings]


@settings(max_examples=150, deadline=None)
@given(
    facts=anything.agreements,
    on=anything.days,
    inciso=st.sampled_from([inciso for inciso in INCISOS if inciso != "XII"]),
    kind=st.sampled_from(list(EvidenceKind)),
)
def test_a_good_proof_never_makes_a_verdict_worse(
    facts: AgreementFacts, on: date, inciso: str, kind: EvidenceKind
) -> None:
    proof = EvidenceFact(
        Record("evidence", 999, "Prova nova"),
        kind,
        frozenset({inciso}),
        on,
        ReviewDecision.ACCEPTED,
        on,
        independent=True,
        covers_service=True,
    )
    better = replace(facts, evidence=(*facts.evidence, proof))
    _never_worse(judge_all(facts, on), judge_all(better, on))


@settings(max_examples=150, deadline=None)
@given(facts=anything.agreements, on=anything.days)
def test_a_paper_that_covers_everything_never_makes_a_verdict_worse(facts: AgreementFacts, on: date) -> None:
    # Conduct does not look at papers; what comes in force and is signed by both can only add.
    day = facts.binding_day(on)
    paper = InstrumentFact(
        Record("instrument", 999, "Anexo novo"),
        InstrumentKind.ANEXO,
        day,
        True,
        day,
        readings={inciso: CoverageFact(inciso, Coverage.COVERED) for inciso in INCISOS},
    )
    better = replace(facts, instruments=(*facts.instruments, paper))
    _never_worse(judge_all(facts, on), judge_all(better, on))


@settings(max_examples=100, deadline=None)
@given(facts=anything.agreements, on=anything.days, inciso=anything.incisos)
def test_a_fact_against_it_breaks_the_obligation(facts: AgreementFacts, on: date, inciso: str) -> None:
    deviation = DeviationFact(Record("deviation", 999, "Fato"), inciso, "fato novo", on)
    before = judge_all(facts, on).finding(inciso).verdict
    after = judge_all(replace(facts, deviations=(*facts.deviations, deviation)), on).finding(inciso).verdict
    # Before its first day an agreement can be broken already; what follows its end cannot.
    spared = before is Verdict.NOT_APPLICABLE or (before is Verdict.NOT_DUE and inciso == "XII")
    assert after is (before if spared else Verdict.BREACHED)


def _never_worse(before: Assessment, after: Assessment) -> None:
    for old, new in zip(before.findings, after.findings, strict=True):
        if old.inciso == "IV" and old.verdict is Verdict.NOT_DUE:
            # Before the first day, the paper itself is what makes the duty of signing due.
            assert new.verdict is not Verdict.BREACHED
        elif old.verdict in RANK and new.verdict in RANK:
            assert RANK[new.verdict] >= RANK[old.verdict], (old.reasons, new.reasons)
        else:
            assert new.verdict is old.verdict


# ----------------------------------------------------------------------------------------------------------------------
# The rule of the verdict, whole
# ----------------------------------------------------------------------------------------------------------------------
STATES = (LegState.FULL, LegState.HALF, LegState.EMPTY, LegState.NONE)


@pytest.mark.parametrize(
    ("instrument", "evidence", "conduct"), list(itertools.product(STATES, STATES, (*STATES, LegState.BROKEN)))
)
def test_the_verdict_of_every_combination_of_legs(instrument: LegState, evidence: LegState, conduct: LegState) -> None:
    verdict = verdict_of((instrument, evidence, conduct), (yes("Consta."),))
    counted_legs = [state for state in (instrument, evidence, conduct) if state is not LegState.NONE]
    if conduct is LegState.BROKEN:
        expected = Verdict.BREACHED
    elif counted_legs and all(state is LegState.FULL for state in counted_legs):
        expected = Verdict.MET
    elif LegState.FULL in {instrument, evidence}:
        expected = Verdict.PARTIAL
    elif not counted_legs:
        expected = Verdict.MET  # Nothing was asked and something was answered: cannot happen, and harms nobody.
    else:
        expected = Verdict.UNPROVEN
    assert verdict is expected


def test_silence_alone_is_no_compliance() -> None:
    only_conduct = (LegState.NONE, LegState.NONE, LegState.FULL)
    assert verdict_of(only_conduct, (quiet("Nada consta."), quiet("Nada consta."))) is Verdict.UNPROVEN
    assert verdict_of(only_conduct, (quiet("Nada consta."), yes("Respondida."))) is Verdict.MET
    assert verdict_of((LegState.FULL, LegState.NONE, LegState.FULL), (quiet("Nada consta."),)) is Verdict.MET


@pytest.mark.parametrize(
    ("answers", "breaks", "state"),
    [
        ((), False, LegState.NONE),
        ((yes("a"), quiet("b")), False, LegState.FULL),
        ((yes("a"), no("b")), False, LegState.HALF),
        ((yes("a"), unknown("b")), True, LegState.HALF),
        ((no("a", partly=True), no("b")), False, LegState.HALF),
        ((no("a"), unknown("b")), False, LegState.EMPTY),
        ((unknown("a"),), True, LegState.EMPTY),
        ((yes("a"), no("b")), True, LegState.BROKEN),
        ((unknown("a"), no("b", partly=True)), True, LegState.BROKEN),
    ],
)
def test_a_leg_is_summed_up_from_its_answers(answers: tuple[Any, ...], breaks: bool, state: LegState) -> None:
    assert leg_state(answers, breaks=breaks) is state


# ----------------------------------------------------------------------------------------------------------------------
# How it is put together
# ----------------------------------------------------------------------------------------------------------------------
def test_no_day_before_the_portaria_is_judged() -> None:
    with pytest.raises(ValueError, match=r"19/10/2025"):
        judged(on=PORTARIA_DATED_ON - timedelta(days=1))
    assert len(judged(on=PORTARIA_DATED_ON).findings) == 12
    when = circumstances_of(base_facts(), DAY, policy=POLICY, workdays=WORKDAYS)
    early = replace(when, on=PORTARIA_DATED_ON - timedelta(days=1))
    with pytest.raises(ValueError, match="não estava em vigor"):
        judge(TWELVE[0], base_facts(), early)


def test_a_finding_is_found_by_its_inciso() -> None:
    assert judged().finding("XI").title == "Comunicação imediata de incidentes"
    with pytest.raises(KeyError):
        judged().finding("XIII")


def test_one_obligation_can_be_judged_by_itself() -> None:
    facts = base_facts()
    when = circumstances_of(facts, DAY, policy=POLICY, workdays=WORKDAYS)
    finding = judge(BY_INCISO["IX"], facts, when)
    assert (finding.verdict, finding.states) == (Verdict.MET, (LegState.FULL, LegState.FULL, LegState.FULL))


def test_a_finding_lists_each_record_once() -> None:
    records = judged().finding("IV").records
    assert records == (Record("instrument", 3, "Contrato nº 12/2026"),)


CLOSED = {
    "ended_on": date(2026, 5, 31),
    "closed_on": DAY,
    "disposal": {
        "trigger": "rescission",
        "triggered_on": date(2026, 5, 31),
        "covers_copies": True,
        "covers_backups": True,
        "covers_sub_operators": True,
        "accepted_on": DAY,
    },
}


def test_a_closed_agreement_stays_as_it_stood_on_its_closing_day() -> None:
    on_closing = judged(CLOSED)
    years_later = judged(CLOSED, date(2030, 1, 2))
    assert [finding.verdict for finding in on_closing.findings] == [Verdict.MET] * 12
    assert [finding.verdict for finding in years_later.findings] == [Verdict.MET] * 12
    assert (years_later.on, years_later.when.on) == (date(2030, 1, 2), DAY)
    # Without the closing, the proofs would have to be renewed for ever.
    still_open = judged({**CLOSED, "closed_on": "unknown"}, date(2030, 1, 2))
    assert still_open.finding("II").verdict is Verdict.PARTIAL


def test_what_is_found_after_the_closing_still_breaks() -> None:
    found = {"d1": {"inciso": "XII", "description": "cópia achada", "found_on": date(2027, 1, 4)}}
    assert judged({**CLOSED, "deviations": found}, date(2027, 1, 3)).finding("XII").verdict is Verdict.MET
    assert judged({**CLOSED, "deviations": found}, date(2027, 1, 4)).finding("XII").verdict is Verdict.BREACHED


def test_an_agreement_closed_before_the_portaria_is_judged_on_its_first_day() -> None:
    facts = {**CLOSED, "ended_on": date(2024, 5, 31), "closed_on": date(2024, 6, 30)}
    assert judged(facts).when.on == PORTARIA_DATED_ON


def test_both_papers_count_together_and_the_reading_is_the_same_wherever_it_is_asked() -> None:
    facts = base_facts(
        {
            "instruments": {
                "contrato": {"readings": {"I": "partial"}},
                "anexo": {
                    "label": "Anexo I",
                    "kind": "anexo",
                    "signed_on": date(2026, 3, 2),
                    "signed_by_both": True,
                    "readings": {"I": "covered", "II": "missing"},
                },
            }
        }
    )
    best = facts.coverage("I", DAY)
    assert best is not None
    assert (best[0].coverage, best[1].record.label) == (Coverage.COVERED, "Anexo I")
    kept = facts.coverage("II", DAY)
    assert kept is not None
    assert kept[1].record.label == "Contrato nº 12/2026"
    assert facts.coverage("XIII", DAY) is None
    before = facts.coverage("I", date(2026, 3, 1))
    assert before is not None
    assert before[0].coverage is Coverage.PARTIAL


def test_terms_still_end_somewhere_beyond_what_the_calendar_knows() -> None:
    short = Workdays(frozenset(), "CNJ", date(2026, 1, 1), date(2026, 6, 30))
    when = circumstances_of(base_facts(), DAY, policy=POLICY, workdays=short)
    assert when.working_day_from(date(2026, 7, 4)) == date(2026, 7, 6)
    assert when.working_day_from(date(2026, 7, 5)) == date(2026, 7, 6)
    assert when.working_day_from(date(2026, 7, 6)) == date(2026, 7, 6)
    assert when.working_days_after(date(2026, 6, 29), 3) == date(2026, 7, 2)
    assert when.working_days_after(date(2026, 7, 2), 2) == date(2026, 7, 6)
    assert evaluate(base_facts(CLOSED), date(2027, 1, 4), policy=POLICY, workdays=short).findings


# ----------------------------------------------------------------------------------------------------------------------
# Words
# ----------------------------------------------------------------------------------------------------------------------
def test_days_lists_and_records_are_put_into_portuguese() -> None:
    assert yes(
        "Em {}, {} e {}.", date(2026, 6, 1), ("I", "II", "XI"), Named("requisição", "Requisição nº 1")
    ).reason == ("Em 01/06/2026, I, II e XI e “Requisição nº 1”.")
    assert said(("I",)) == "I"
    assert said(Named("evidência", "Certificado")) == "evidência “Certificado”"
    assert counted(1, "hora", "horas") == "1 hora"
    assert counted(2, "hora", "horas") == "2 horas"
    assert counted(0, "hora", "horas") == "0 horas"
    assert said(datetime(2026, 11, 20, 11, 30, tzinfo=UTC)) == "20/11/2026, às 8h30"
    assert said(datetime(2026, 11, 20, 11, tzinfo=UTC)) == "20/11/2026, às 8h"


def test_a_name_with_braces_is_printed_as_it_is() -> None:
    assert no("A {} venceu.", Named("requisição", "{nome} {0}")).reason == "A requisição “{nome} {0}” venceu."
    assert quiet("Sem valores, {nada} muda.").reason == "Sem valores, {nada} muda."


def test_the_next_action_keeps_acronyms_and_lowers_the_rest() -> None:
    changes = {"deviations": {"d1": {"inciso": "II", "description": "LGPD descumprida", "found_on": DAY}}}
    assert judged(changes).finding("II").next_action.sentence == (
        "Exigir ação corretiva: LGPD descumprida (constatado em 15/06/2026)."
    )
    changes = {"deviations": {"d1": {"inciso": "II", "description": "A cópia sumiu", "found_on": DAY}}}
    assert judged(changes).finding("II").next_action.sentence == (
        "Exigir ação corretiva: a cópia sumiu (constatado em 15/06/2026)."
    )
