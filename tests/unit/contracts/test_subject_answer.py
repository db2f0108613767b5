"""The court's own clock of art. 11: fifteen days, extended once, never shortened by a closed day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.norm import ART_11
from contracts.subject_answer import ANSWER_DAYS, answer_term, court_term
from contracts.vocabulary import Requester
from contracts.workdays import Workdays

days = st.dates(date(2025, 10, 20), date(2030, 12, 31))
calendars = st.frozensets(st.dates(date(2025, 11, 1), date(2031, 3, 1)), max_size=60).map(
    lambda closed: Workdays(closed, "de teste")
)


def test_the_article_says_fifteen_days_from_the_protocol_and_the_same_again_with_reasons() -> None:
    text = ART_11.text or ""
    assert f"prazo de {ANSWER_DAYS} (quinze) dias contados da data do protocolo do requerimento do titular" in text
    assert "prorrogado, mediante justificativa fundamentada, por igual período" in text


@given(days, calendars)
def test_the_term_leaves_the_protocol_out_counts_every_day_and_ends_on_a_working_one(
    protocol: date, workdays: Workdays
) -> None:
    for extended in (False, True):
        nominal = protocol + timedelta(days=30 if extended else 15)
        term = answer_term(protocol, workdays, extended=extended)
        assert workdays.is_working(term)
        assert term >= nominal
        assert not any(workdays.is_working(nominal + timedelta(days=n)) for n in range((term - nominal).days))
    assert answer_term(protocol, workdays) < answer_term(protocol, workdays, extended=True) or not any(
        workdays.is_working(protocol + timedelta(days=n)) for n in range(15, 30)
    )


@pytest.mark.parametrize("extended", [False, True])
def test_only_a_data_subject_has_the_clock_of_the_article(extended: bool) -> None:
    workdays, protocol, given_ = Workdays(frozenset(), "de teste"), date(2026, 3, 2), date(2026, 3, 9)
    assert court_term(Requester.DATA_SUBJECT, protocol, given_, workdays, extended=extended) == (
        date(2026, 4, 1) if extended else date(2026, 3, 17)
    )
    assert court_term(Requester.DATA_SUBJECT, None, given_, workdays) is None
    for requester in (Requester.AUTHORITY, Requester.OTHER, None):
        assert court_term(requester, protocol, given_, workdays, extended=extended) == given_
