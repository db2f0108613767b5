"""An assessment in the forms that leave the rules: JSON, frozen views, the score's sum in words, months."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.evaluation import evaluate
from contracts.facts import AgreementFacts
from contracts.policy import Policy
from contracts.scorecard import score_of
from contracts.vocabulary import INCISOS, AgreementKind, Exposure, Leg, LegState, Verdict
from contracts.workdays import Workdays
from vendor_tracker.usecases import judging, presenting
from vendor_tracker.web import judged

DAY = date(2026, 6, 15)
WORKDAYS = Workdays(frozenset(), "CNJ")


def assessed(**facts):
    known = AgreementFacts(id=7, label="Contrato 00017/2025", kind=AgreementKind.CONTRATO, **facts)
    return evaluate(known, DAY, policy=Policy.load(), workdays=WORKDAYS)


def test_the_assessment_in_json_has_the_fixed_shape():
    found = json.loads(json.dumps(presenting.assessment_json(assessed(ends_on=date(2027, 1, 1)))))
    assert list(found) == ["agreement", "on", "score", "exposure", "findings"]
    assert (found["agreement"], found["on"], found["exposure"]) == (7, "2026-06-15", Exposure.LOW.value)
    assert [finding["inciso"] for finding in found["findings"]] == list(INCISOS)
    for finding in found["findings"]:
        assert list(finding) == ["inciso", "verdict", "legs", "reasons", "next_action"]
        assert set(finding["legs"]) == {leg.value for leg in Leg}
        assert set(finding["legs"].values()) <= {state.value for state in LegState}
        assert finding["verdict"] in {verdict.value for verdict in Verdict}
        assert all(reason.endswith(".") for reason in finding["reasons"])
        assert isinstance(finding["next_action"], str)


def test_the_view_says_everything_that_the_assessment_says():
    assessment = assessed()
    view = presenting.judgement_view(assessment)
    assert view.verdicts == tuple(finding.verdict for finding in assessment.findings)
    for item, finding in zip(view.obligations, assessment.findings, strict=True):
        assert item.states == tuple(result.state for result in finding.results)
        assert item.law == f"{item.inciso} – {finding.law.text}"
        said = [sentence.text for leg in item.legs for sentence in leg.sentences]
        assert said == [check.answer.reason for check in finding.checks]
        assert item.action.sentence == finding.next_action.sentence
    assert view.exposure.points == sum(factor.points for factor in view.exposure.factors)
    assert len(view.formalities) == 8
    worst = [item.verdict for item in presenting.worst_first(view.obligations)]
    assert worst == sorted(worst, key=list(Verdict).index)


@given(st.lists(st.sampled_from(list(Verdict)), min_size=12, max_size=12))
def test_the_sum_in_words_agrees_with_the_score(verdicts):
    assessment = assessed()
    score = score_of(dict(zip(INCISOS, verdicts, strict=True)), Policy.load().on(DAY))
    assessment.__dict__["score"] = score
    view = presenting.score_view(assessment)
    text = judged.score_formula(view)
    if score.value is None:
        assert text == "Nenhuma obrigação entra na conta."
        return
    assert view.value == score.value
    assert sum((line.points for line in view.lines if line.factor is not None), Decimal(0)) == view.earned
    assert text.endswith(str(score.value))
    assert f"÷ {score.weight} × 100" in text
    assert abs(view.exact - score.value) <= Decimal("0.5")
    summary = judged.verdict_summary(verdicts)
    assert summary[0].isupper()
    assert len(summary) > 5


@pytest.mark.parametrize(
    ("earned", "weight", "value", "text"),
    [
        (Decimal("16.5"), 24, 69, "16,5 ÷ 24 × 100 = 68,75, arredondado para 69"),
        (Decimal(13), 23, 57, "13 ÷ 23 × 100 ≈ 56,52, arredondado para 57"),
        (Decimal(12), 24, 50, "12 ÷ 24 × 100 = 50"),
    ],
)
def test_the_sum_is_written_as_a_reader_would_check_it(earned, weight, value, text):
    view = presenting.ScoreView(value, (), weight, earned, earned * 100 / weight, "", None)
    assert judged.score_formula(view) == text


@given(
    st.dates(min_value=date(2025, 10, 20), max_value=date(2040, 12, 31)),
    st.integers(min_value=0, max_value=2000),
)
def test_month_ends_are_the_complete_months_each_once(first, days):
    today = first + timedelta(days=days)
    ends = judging.month_ends(first, today)
    assert ends == sorted(set(ends))
    assert all((end + timedelta(days=1)).day == 1 for end in ends)
    assert all(end < today for end in ends)
    assert all(end >= first for end in ends)
    months = (today.year - first.year) * 12 + today.month - first.month
    assert len(ends) == months
