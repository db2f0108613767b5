"""The formalities of art. 6º, what dispenses them, and what is said about the other party's regime."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.norm import ART_6_IV, ART_6_P1, ART_6_P2, ART_6_V, ART_14_SOLE_PARAGRAPH, is_verbatim
from contracts.sharing import (
    INDEPENDENT_CONTROLLER_REMARK,
    INSTRUMENT_WAIVED_REMARK,
    JOINT_CONTROLLER_REMARK,
    PUBLIC_REGIME_REMARK,
    FormalityFinding,
    instrument_waived,
    waiver_of,
)
from contracts.vocabulary import AgreementKind, Formality, Leg, LegState, Verdict
from tests.rig.facts import DAY, base_facts, judged

EVE = DAY - timedelta(days=1)
P2 = {"ground": "art_6_p2", "detail": "cessão de servidores", "decided_by": "Diretora-Geral", "decided_on": DAY}
BY_LAW = {"ground": "law", "detail": "Lei fictícia nº 1/2020", "decided_by": "Diretora-Geral", "decided_on": DAY}


def formality(point: Formality, changes: dict[str, Any] | None = None, on: date = DAY) -> FormalityFinding:
    return next(item for item in judged(changes, on).formalities if item.formality is point)


def unread(point: Formality) -> dict[str, Any]:
    return {"instruments": {"contrato": {"readings": {point.value: False}}}}


def read_as(point: Formality, reading: Any) -> dict[str, Any]:
    return {"instruments": {"contrato": {"readings": {point.value: reading}}}}


def test_the_eight_formalities_come_in_order_each_with_its_sentence_and_its_law() -> None:
    found = judged().formalities
    assert [item.formality for item in found] == list(Formality)
    assert [item.law for item in found] == [
        ART_6_IV,
        ART_6_IV,
        ART_6_P1,
        ART_6_P1,
        ART_6_P1,
        ART_6_P1,
        ART_6_V,
        ART_6_P2,
    ]
    for item in found:
        assert item.holds is True
        assert item.label.endswith(".")
        assert item.reason.endswith(".")
        assert is_verbatim(item.law.text or "")
        assert item.records or item.formality is Formality.DISPENSATION


@pytest.mark.parametrize("kind", [kind for kind in AgreementKind if kind is not AgreementKind.NONE])
def test_every_kind_of_instrument_fits(kind: AgreementKind) -> None:
    assert formality(Formality.KIND, {"kind": kind.value}).holds is True


def test_no_instrument_fits_only_with_a_dispensation_decided_by_the_day() -> None:
    nothing = {"kind": "none", "instruments": {"contrato": False}}
    assert formality(Formality.KIND, nothing).holds is False
    assert formality(Formality.KIND, {**nothing, "dispensation": P2}, EVE).holds is False
    found = formality(Formality.KIND, {**nothing, "dispensation": P2})
    assert found.holds is True
    assert "o art. 6º, § 2º, dispensa o instrumento (cessão de servidores)" in found.reason
    assert "Decidido por Diretora-Geral, em 15/06/2026." in found.reason


WRITTEN = (Formality.PURPOSE, Formality.CATEGORIES, Formality.GUARANTEES)
"""What § 1º wants the instrument itself to say."""

SO = (Formality.PUBLIC_FUNCTION, Formality.SUBJECT_ACCESS)
"""What art. 6º wants to be so, wherever it is written."""


@pytest.mark.parametrize("point", WRITTEN)
def test_a_note_in_the_register_does_not_stand_for_what_the_instrument_must_say(point: Formality) -> None:
    found = formality(point, unread(point))
    assert found.holds is None
    assert "ninguém conferiu ainda se ela consta do instrumento" in found.reason
    nothing = {"purpose": "unknown", "data_categories": "unknown", "guarantees": "unknown"}
    assert "Ninguém conferiu ainda" in formality(point, {**unread(point), **nothing}).reason


@pytest.mark.parametrize("point", SO)
def test_what_must_only_be_so_may_stand_in_the_register(point: Formality) -> None:
    found = formality(point, unread(point))
    assert found.holds is True
    assert found.reason.startswith("Consta do registro do acordo: ")
    nothing = {"public_function": "unknown", "subject_access": "unknown"}
    assert formality(point, {**unread(point), **nothing}).holds is None
    assert formality(point, {**read_as(point, "missing"), **nothing}).holds is False
    assert formality(point, {**unread(point), "public_function": " ", "subject_access": " "}).holds is None


@pytest.mark.parametrize("point", WRITTEN)
def test_what_somebody_read_in_the_instrument_is_quoted(point: Formality) -> None:
    reading = {"coverage": "covered", "quote": "Os dados servem a…", "place": "cláusula 2ª"}
    found = formality(point, read_as(point, reading))
    assert (found.holds, found.partly, found.quote) == (True, False, "Os dados servem a…")
    assert found.reason == "Consta do instrumento “Contrato nº 12/2026” (cláusula 2ª)."
    partial = formality(point, read_as(point, {**reading, "coverage": "partial", "missing_idea": "o prazo."}))
    assert (partial.holds, partial.partly) == (False, True)
    assert partial.reason == "Consta só em parte do instrumento “Contrato nº 12/2026” (cláusula 2ª); falta: o prazo."
    missing = formality(point, read_as(point, "missing"))
    assert (missing.holds, missing.partly, missing.quote) == (False, False, "")
    assert missing.reason == "Não consta do instrumento “Contrato nº 12/2026”."


@pytest.mark.parametrize("point", WRITTEN)
def test_without_instrument_nothing_can_say_it_unless_it_is_dispensed(point: Formality) -> None:
    nothing = {"kind": "none", "instruments": {"contrato": False}}
    assert formality(point, nothing).holds is False
    assert formality(point, {**nothing, "dispensation": BY_LAW}).holds is True


# ----------------------------------------------------------------------------------------------------------------------
# The review of art. 6º, V: two years are law
# ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reviewed_on", "last"),
    [
        (date(2026, 2, 2), date(2028, 2, 2)),
        (date(2024, 2, 29), date(2026, 2, 28)),
        (date(2025, 12, 31), date(2027, 12, 31)),
    ],
)
def test_data_are_reviewed_every_two_years_from_date_to_date(reviewed_on: date, last: date) -> None:
    changes = {"reviewed_on": reviewed_on}
    on_time = formality(Formality.BIENNIAL_REVIEW, changes, last)
    assert (on_time.holds, on_time.until) == (True, last)
    late = formality(Formality.BIENNIAL_REVIEW, changes, last + timedelta(days=1))
    assert late.holds is False
    assert f"a seguinte era devida até {last:%d/%m/%Y}" in late.reason


def test_before_any_review_the_two_years_run_from_the_start() -> None:
    changes = {"reviewed_on": "unknown"}
    pending = formality(Formality.BIENNIAL_REVIEW, changes, date(2028, 1, 5))
    assert (pending.holds, pending.until) == (None, date(2028, 1, 5))
    assert formality(Formality.BIENNIAL_REVIEW, changes, date(2028, 1, 6)).holds is False


def test_for_what_is_older_than_the_portaria_they_run_from_it() -> None:
    changes = {"reviewed_on": "unknown", "starts_on": date(2019, 3, 1)}
    assert formality(Formality.BIENNIAL_REVIEW, changes, date(2027, 10, 20)).holds is None
    assert formality(Formality.BIENNIAL_REVIEW, changes, date(2027, 10, 21)).holds is False


def test_without_a_start_nobody_knows_when_the_review_is_due() -> None:
    changes = {"reviewed_on": "unknown", "starts_on": "unknown", "signed_on": "unknown"}
    assert formality(Formality.BIENNIAL_REVIEW, changes).holds is None


def test_a_review_yet_to_come_is_no_review() -> None:
    assert formality(Formality.BIENNIAL_REVIEW, {"reviewed_on": DAY}, EVE).holds is None
    assert formality(Formality.BIENNIAL_REVIEW, {"reviewed_on": DAY}).holds is True


@given(reviewed_on=st.dates(date(2023, 11, 1), date(2030, 12, 31)))
def test_the_day_after_a_review_lapses_is_never_less_than_730_days_later(reviewed_on: date) -> None:
    found = formality(Formality.BIENNIAL_REVIEW, {"reviewed_on": reviewed_on}, max(reviewed_on, date(2025, 10, 20)))
    assert found.until is not None
    assert 730 <= (found.until - reviewed_on).days <= 731


# ----------------------------------------------------------------------------------------------------------------------
# Dispensation
# ----------------------------------------------------------------------------------------------------------------------
def test_a_dispensation_needs_the_law_and_who_decided() -> None:
    assert formality(Formality.DISPENSATION, {"dispensation": BY_LAW}).holds is True
    lawless = formality(Formality.DISPENSATION, {"dispensation": {**BY_LAW, "detail": " "}})
    assert (lawless.holds, lawless.partly) == (False, True)
    assert lawless.reason == "Não consta a lei que dispensa."
    nobody = formality(Formality.DISPENSATION, {"dispensation": {**BY_LAW, "detail": "", "decided_by": ""}})
    assert nobody.reason == "Não consta a lei que dispensa nem quem decidiu."
    assert formality(Formality.DISPENSATION, {"dispensation": {**P2, "detail": ""}}).holds is True


def test_no_instrument_and_no_dispensation_is_a_gap() -> None:
    assert formality(Formality.DISPENSATION, {"kind": "none", "instruments": {"contrato": False}}).holds is False


def test_a_waiver_says_its_ground_its_author_and_its_day() -> None:
    facts = base_facts({"dispensation": P2})
    assert waiver_of(facts, EVE) is None
    waiver = waiver_of(facts, DAY)
    assert waiver is not None
    assert waiver.reason == (
        "Não se aplica, por força do art. 6º, § 2º: compartilhamento entre unidades de gestão de pessoas para cumprir "
        "obrigação normativa (cessão de servidores). Decidido por Diretora-Geral, em 15/06/2026."
    )


def test_a_law_that_waives_the_instrument_waives_nothing_but_the_instrument() -> None:
    facts = base_facts({"dispensation": BY_LAW})
    assert waiver_of(facts, DAY) is None
    assert waiver_of(facts, DAY, "XI") is None
    assert waiver_of(facts, DAY, "IV") is not None
    assert not instrument_waived(facts, EVE)
    assert instrument_waived(facts, DAY)
    finding = judged({"dispensation": BY_LAW}).finding("II")
    assert finding.verdict is Verdict.MET
    assert finding.state(Leg.INSTRUMENT) is LegState.NONE
    assert not finding.legs[Leg.INSTRUMENT].checks
    assert INSTRUMENT_WAIVED_REMARK in finding.remarks
    lacking = judged({"dispensation": BY_LAW, "evidence": {"log_policy": False}}).finding("II")
    assert lacking.verdict is Verdict.UNPROVEN


def test_only_the_approved_role_counts_and_from_its_day() -> None:
    role = {"role": "no_personal_data", "justification": "Só mobiliário", "approved_by": "Encarregado"}
    assert waiver_of(base_facts({"role": role}), DAY) is None
    approved = base_facts({"role": {**role, "approved_on": DAY}})
    assert waiver_of(approved, EVE) is None
    waiver = waiver_of(approved, DAY)
    assert waiver is not None
    assert "(Só mobiliário). Papel aprovado por Encarregado, em 15/06/2026." in waiver.reason


# ----------------------------------------------------------------------------------------------------------------------
# Regime
# ----------------------------------------------------------------------------------------------------------------------
def test_public_bodies_and_joint_controllers_keep_all_twelve_with_the_sole_paragraph_beside() -> None:
    ordinary = judged().finding("I")
    assert ordinary.remarks == ()
    assert ART_14_SOLE_PARAGRAPH not in ordinary.related
    public = judged({"regime": "public"}).finding("I")
    assert (public.verdict, public.remarks) == (Verdict.MET, (PUBLIC_REGIME_REMARK,))
    assert public.related[-1] is ART_14_SOLE_PARAGRAPH
    joint = {"role": "joint_controller", "approved_by": "Encarregado", "approved_on": DAY}
    assert judged({"role": joint}, EVE).finding("I").remarks == ()
    found = judged({"role": joint}).finding("I")
    assert (found.verdict, found.remarks) == (Verdict.MET, (JOINT_CONTROLLER_REMARK,))
    assert found.related[-1] is ART_14_SOLE_PARAGRAPH


def test_an_independent_controller_is_judged_all_the_same() -> None:
    role = {"role": "independent_controller", "approved_by": "Encarregado", "approved_on": DAY}
    finding = judged({"role": role}).finding("I")
    assert (finding.verdict, finding.remarks) == (Verdict.MET, (INDEPENDENT_CONTROLLER_REMARK,))
