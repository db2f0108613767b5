"""Counting in Brazilian Portuguese."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import Verdict
from vendor_tracker.wording import plurals


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 dia"),
        (1, "1 dia"),
        (Decimal("1.5"), "1,5 dia"),
        (2, "2 dias"),
        (1024, "1.024 dias"),
        (1_000_000, "1.000.000 dias"),
    ],
)
def test_everything_under_two_is_singular(number, said):
    assert plurals.counted(number, "dia", "dias") == said


def test_zero_may_have_words_of_its_own():
    assert plurals.counted(0, "requisição", "requisições", "nenhuma requisição") == "nenhuma requisição"


@given(st.integers(min_value=2, max_value=10**9))
def test_from_two_on_the_noun_is_plural(number):
    assert plurals.plural(number, "um", "muitos") == "muitos"


@pytest.mark.parametrize(
    ("number", "gender", "said"),
    [
        (0, "f", "zero"),
        (1, "f", "uma"),
        (1, "m", "um"),
        (2, "f", "duas"),
        (2, "m", "dois"),
        (12, "f", "doze"),
        (20, "m", "vinte"),
        (21, "f", "21"),
        (1500, "m", "1.500"),
    ],
)
def test_small_numbers_are_spelled_with_their_gender(number, gender, said):
    assert plurals.in_words(number, gender) == said


def test_an_unknown_gender_is_refused():
    with pytest.raises(ValueError, match="gender"):
        plurals.in_words(1, "x")


@pytest.mark.parametrize(
    ("number", "verdict", "said"),
    [
        (5, Verdict.MET, "cinco atendidas"),
        (1, Verdict.BREACHED, "uma descumprida"),
        (0, Verdict.BREACHED, "nenhuma descumprida"),
        (2, Verdict.NOT_DUE, "duas ainda não exigíveis"),
        (3, Verdict.PARTIAL, "três parciais"),
        (12, Verdict.UNPROVEN, "doze não demonstradas"),
        (1, Verdict.NOT_APPLICABLE, "uma que não se aplica"),
    ],
)
def test_situations_are_counted_in_the_feminine(number, verdict, said):
    assert plurals.verdict_count(number, verdict) == said


def test_a_masculine_noun_is_counted_in_the_masculine():
    assert plurals.counted_in_words(0, "ponto", "pontos", "m") == "nenhum ponto"
    assert plurals.counted_in_words(2, "ponto", "pontos", "m") == "dois pontos"
