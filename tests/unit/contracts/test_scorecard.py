"""The score: weights times values over what is due, with every number of the arithmetic."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.policy import Policy
from contracts.scorecard import WORST_FIRST, half_up, operator_score, score_of, worst
from contracts.vocabulary import INCISOS, Verdict
from tests.rig.facts import DAY, policy_with

POLICY = Policy.load().on(DAY)
VERDICTS = st.fixed_dictionaries({inciso: st.sampled_from(list(Verdict)) for inciso in INCISOS})


def all_are(verdict: Verdict, **others: Verdict) -> dict[str, Verdict]:
    return {**dict.fromkeys(INCISOS, verdict), **others}


@pytest.mark.parametrize(
    ("verdicts", "value"),
    [
        (all_are(Verdict.MET), 100),
        (all_are(Verdict.PARTIAL), 50),
        (all_are(Verdict.UNPROVEN), 0),
        (all_are(Verdict.BREACHED), 0),
        (all_are(Verdict.NOT_DUE), None),
        (all_are(Verdict.NOT_APPLICABLE), None),
        ({}, None),
        # What is not due leaves the sum: XII weighs 2 of 25.
        (all_are(Verdict.MET, XII=Verdict.NOT_DUE), 100),
        # IV, V and XI weigh 3; II and III weigh 1; the others 2: together 25.
        (all_are(Verdict.MET, IV=Verdict.BREACHED), 88),
        (all_are(Verdict.MET, II=Verdict.BREACHED), 96),
        (all_are(Verdict.BREACHED, XI=Verdict.MET), 12),
        (all_are(Verdict.BREACHED, XI=Verdict.PARTIAL), 6),
        (all_are(Verdict.UNPROVEN, I=Verdict.MET), 8),
    ],
)
def test_the_score_is_what_the_weights_say(verdicts: dict[str, Verdict], value: int | None) -> None:
    assert score_of(verdicts, POLICY).value == value


@pytest.mark.parametrize(
    ("inciso", "weight"),
    [
        ("I", 2),
        ("II", 1),
        ("III", 1),
        ("IV", 3),
        ("V", 3),
        ("VI", 2),
        ("VII", 2),
        ("VIII", 2),
        ("IX", 2),
        ("X", 2),
        ("XI", 3),
        ("XII", 2),
    ],
)
def test_each_inciso_has_its_weight(inciso: str, weight: int) -> None:
    score = score_of({inciso: Verdict.MET}, POLICY)
    assert (score.weight, score.earned) == (weight, weight)


def test_every_number_of_the_arithmetic_is_kept() -> None:
    score = score_of(
        all_are(Verdict.MET, IV=Verdict.PARTIAL, XI=Verdict.BREACHED, XII=Verdict.NOT_DUE, X=Verdict.NOT_APPLICABLE),
        POLICY,
    )
    lines = {line.verdict: line for line in score.lines}
    assert list(lines) == [
        Verdict.MET,
        Verdict.PARTIAL,
        Verdict.UNPROVEN,
        Verdict.BREACHED,
        Verdict.NOT_DUE,
        Verdict.NOT_APPLICABLE,
    ]
    assert lines[Verdict.MET].incisos == ("I", "II", "III", "V", "VI", "VII", "VIII", "IX")
    assert lines[Verdict.MET].weights == (2, 1, 1, 3, 2, 2, 2, 2)
    assert (lines[Verdict.PARTIAL].weight, lines[Verdict.PARTIAL].earned) == (3, Fraction(3, 2))
    assert lines[Verdict.BREACHED].value_percent == 0
    assert lines[Verdict.NOT_DUE].value_percent is None
    assert lines[Verdict.NOT_APPLICABLE].earned == 0
    assert (score.weight, score.earned) == (21, Fraction(33, 2))
    assert score.value == 79  # 78,57…


def test_obligations_of_the_organisation_do_not_score() -> None:
    assert score_of(all_are(Verdict.MET, **{"A-1": Verdict.BREACHED}), POLICY).value == 100


def test_the_score_follows_the_parameters() -> None:
    heavier = policy_with({"score_weights": {"IV": 10}}).on(DAY)
    kinder = policy_with({"score_values_percent": {"partial": 51}}).on(DAY)
    assert score_of(all_are(Verdict.MET, IV=Verdict.BREACHED), heavier).value == 69  # 22 of 32: 68,75
    assert score_of(all_are(Verdict.PARTIAL), kinder).value == 51


@pytest.mark.parametrize(
    ("number", "rounded"),
    [
        (Fraction(275, 4), 69),
        (Fraction(137, 2), 69),
        (Fraction(6849, 100), 68),
        (Fraction(1, 2), 1),
        (Fraction(49, 100), 0),
        (Fraction(0), 0),
        (Fraction(100), 100),
    ],
)
def test_halves_are_rounded_up(number: Fraction, rounded: int) -> None:
    assert half_up(number) == rounded


@given(number=st.fractions(min_value=0, max_value=100))
def test_rounding_never_moves_by_more_than_a_half(number: Fraction) -> None:
    assert -Fraction(1, 2) < half_up(number) - number <= Fraction(1, 2)


@given(verdicts=VERDICTS, inciso=st.sampled_from(INCISOS))
def test_a_better_verdict_never_lowers_the_score(verdicts: dict[str, Verdict], inciso: str) -> None:
    values = []
    for verdict in (Verdict.BREACHED, Verdict.UNPROVEN, Verdict.PARTIAL, Verdict.MET):
        value = score_of({**verdicts, inciso: verdict}, POLICY).value
        assert value is not None
        assert 0 <= value <= 100
        values.append(value)
    assert values == sorted(values)


@given(verdicts=VERDICTS)
def test_every_inciso_stands_on_exactly_one_line(verdicts: dict[str, Verdict]) -> None:
    score = score_of(verdicts, POLICY)
    listed = [inciso for line in score.lines for inciso in line.incisos]
    assert sorted(listed) == sorted(INCISOS)
    due = sum(POLICY.table("score_weights")[i] for i, v in verdicts.items() if v not in {"not_due", "not_applicable"})
    assert score.weight == due
    assert (score.value is None) is (due == 0)


def test_an_operator_is_as_good_as_its_worst_agreement() -> None:
    assert operator_score([80, 35, 100]) == 35
    assert operator_score([None, 35, None]) == 35
    assert operator_score([None, 0]) == 0
    assert operator_score([None]) is None
    assert operator_score([]) is None


def test_the_worst_verdict_comes_first() -> None:
    assert worst([Verdict.MET, Verdict.BREACHED, Verdict.NOT_DUE]) is Verdict.BREACHED
    assert worst([Verdict.PARTIAL, Verdict.UNPROVEN]) is Verdict.UNPROVEN
    assert worst([Verdict.NOT_APPLICABLE, Verdict.MET]) is Verdict.MET
    assert tuple(Verdict) == WORST_FIRST
    with pytest.raises(ValueError, match="empty"):
        worst([])
