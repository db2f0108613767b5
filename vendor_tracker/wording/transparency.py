"""How a shared agreement is told to the public: on the page, in its files, and in the answer to a data subject."""

from collections.abc import Sequence
from datetime import date

from contracts.vocabulary import DataCategory, SubjectGroup
from vendor_tracker.wording.filters import day, join_and, lower_first
from vendor_tracker.wording.labels import NOT_INFORMED, label
from vendor_tracker.wording.register import country

HELD_BACK = "Não publicado"
"""What begins the place of a field that is held back; its ground follows."""


def held_back(ground: str) -> str:
    """Return what stands in the place of a field that is held back."""
    return f"{HELD_BACK}. Fundamento: {ground}"


def members(values: Sequence[DataCategory] | Sequence[SubjectGroup]) -> str:
    """Return categories or groups as one sentence begins: "Identificação, contato e saúde"."""
    words = [label(value) for value in values]
    if not words:
        return NOT_INFORMED
    return join_and([words[0], *(lower_first(word) for word in words[1:])])


def term(starts_on: date | None, ends_on: date | None, *, ended: bool | None) -> str:
    """Return the term of an agreement: "de 05/01/2026 a 04/01/2028", with what it is today."""
    if starts_on is None and ends_on is None:
        return NOT_INFORMED
    since = f"desde {day(starts_on)}"
    if starts_on is None:
        said = f"até {day(ends_on)}"
    elif ends_on is None:
        said = f"{since}, sem prazo final no registro"
    else:
        said = f"de {day(starts_on)} a {day(ends_on)}"
    return f"{said} (encerrado)" if ended else said


def transfer(answer: bool | None, countries: Sequence[str]) -> str:
    """Return whether the data leave the country, and for where."""
    if answer is None:
        return NOT_INFORMED
    if not answer:
        return "Não há"
    names = [country(code) for code in countries]
    return f"Sim: {join_and(names)}" if names else "Sim; os países não estão no registro"
