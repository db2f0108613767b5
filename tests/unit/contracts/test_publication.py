"""What the public portal shows of an agreement, natural persons in its texts, and when a review is due."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from contracts.norm import PORTARIA_DATED_ON
from contracts.publication import (
    HIDDEN_WHEN_SECRET,
    SECRET_GROUND,
    is_cpf,
    masked,
    oldest_still_reviewed,
    review_due_on,
    withheld,
)
from contracts.sharing import REVIEW_MONTHS
from contracts.vocabulary import PublicField
from contracts.workdays import add_months

DAYS = st.dates(date(2025, 10, 20), date(2050, 12, 31))


def cpf_of(nine: int) -> str:
    digits = f"{nine:09}"
    for _ in range(2):
        total = sum(int(digit) * weight for digit, weight in zip(digits, range(len(digits) + 1, 1, -1), strict=True))
        digits += str(total * 10 % 11 % 10)
    return digits


@given(st.integers(0, 999_999_999))
def test_no_cpf_survives_in_a_public_text_however_it_is_written(nine: int) -> None:
    digits = cpf_of(nine)
    written = f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"
    assert written not in masked(f"Perito de CPF {written}, nomeado.")
    if len(set(digits)) > 1:
        assert is_cpf(digits)
        assert digits not in masked(f"CPF: {digits}.")
    assert digits not in masked(f"MARIA FICTICIA {digits}", name=True)


def test_numbers_of_contracts_processes_and_companies_are_not_taken_for_a_cpf() -> None:
    for text in (
        "Contrato 00012/2026",
        "07421906000129-2-000012/2026",
        "12.345.678/0001-95",
        "SEI 0001234-56.2026.2.00.0000",
        "Processo 12345/2025, art. 7º, III",
        "12345678901",
    ):
        assert masked(text) == text


@given(st.booleans(), st.dictionaries(st.sampled_from(PublicField), st.tuples(st.booleans(), st.text(min_size=1))))
def test_a_decision_about_a_field_always_prevails_over_the_restriction_of_access(
    secret: bool, decisions: dict[PublicField, tuple[bool, str]]
) -> None:
    found = withheld(secret, decisions)
    for name in PublicField:
        if name in decisions:
            assert (name in found) == decisions[name][0]
        else:
            assert found.get(name) == (SECRET_GROUND if secret and name in HIDDEN_WHEN_SECRET else None)


@given(DAYS, DAYS)
def test_a_review_is_overdue_exactly_when_its_two_years_ended_before_today(counted_from: date, today: date) -> None:
    overdue = add_months(counted_from, REVIEW_MONTHS) < today
    assert (counted_from < oldest_still_reviewed(today)) == overdue


def test_the_first_two_years_never_run_from_before_the_portaria() -> None:
    assert review_due_on(None, date(2019, 1, 1)) == add_months(PORTARIA_DATED_ON, REVIEW_MONTHS)
    assert review_due_on(None, date(2026, 2, 28)) == date(2028, 2, 28)
    assert review_due_on(date(2024, 2, 29), date(2019, 1, 1)) == date(2026, 2, 28)
    assert review_due_on(None, None) is None
