"""What the public portal shows of an agreement that shares personal data, and holds back (arts. 5º, 6º, 9º and 26).

The rule that lets an agreement in is data, so that the page can print it beside what it led to. It asks only what is
on record, never a verdict.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from contracts.norm import PORTARIA_DATED_ON
from contracts.sharing import REVIEW_MONTHS
from contracts.vocabulary import DataCategory, DispensationGround, PublicField, Role, SubjectGroup
from contracts.workdays import add_months

HIDDEN_WHEN_SECRET: frozenset[PublicField] = frozenset(
    {
        PublicField.PURPOSE,
        PublicField.DATA_CATEGORIES,
        PublicField.SUBJECT_GROUPS,
        PublicField.INTERNATIONAL_TRANSFER,
    }
)
"""What is held back of an agreement whose access is restricted, until somebody decides field by field.

Who the parties are, the instrument, its term and its legal basis are what the publicity of contracts is about; the
rest describes the data that the restriction protects.
"""

SECRET_GROUND = (
    "Informação protegida por sigilo, ressalvada da publicidade pelo art. 5º da Portaria Presidência CNJ "  # noqa: S105
    "nº 369/2025."
)
"""What is shown in the place of a field that is held back because access to the agreement is restricted.

The reason on record was written for the staff and may itself tell what it protects; it is never published by itself.
"""


@dataclass(frozen=True, slots=True)
class PublicityFacts:
    """What the rule looks at; ``None`` means that nobody has told us."""

    role: Role | None
    role_approved: bool
    dispensation: DispensationGround | None
    purpose: str | None
    data_categories: tuple[DataCategory, ...] | None
    subject_groups: tuple[SubjectGroup, ...] | None
    begun: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the rule: the sentence that the page prints, and whether it holds for an agreement."""

    key: str
    sentence: str
    holds: bool = True


RULE: Mapping[str, str] = MappingProxyType(
    {
        "personal_data": "O acordo envolve o compartilhamento de dados pessoais.",
        "role": "O papel de quem recebe os dados está confirmado no registro (art. 13 da Portaria).",
        "purpose": "A finalidade do tratamento está no registro (art. 6º, § 1º).",
        "data": "As categorias de dados e os grupos de titulares estão no registro (art. 6º, § 1º).",
        "begun": "A vigência já começou.",
    }
)
"""The rule that lets an agreement in: every one of these must hold."""


def conditions(facts: PublicityFacts) -> tuple[Condition, ...]:
    """Apply the rule to an agreement, condition by condition, in the order in which the page prints them."""
    held = {
        "personal_data": facts.role is not Role.NO_PERSONAL_DATA
        and facts.dispensation is not DispensationGround.NO_PERSONAL_DATA,
        "role": facts.role is not None and (facts.role is Role.OPERATOR or facts.role_approved),
        "purpose": bool(facts.purpose and facts.purpose.strip()),
        "data": bool(facts.data_categories) and bool(facts.subject_groups),
        "begun": facts.begun,
    }
    return tuple(Condition(key, sentence, held[key]) for key, sentence in RULE.items())


def withheld(secret: bool, decisions: Mapping[PublicField, tuple[bool, str]]) -> dict[PublicField, str]:
    """Return the fields that are held back, each with the ground that is shown in its place.

    ``decisions`` are those that stand: field -> (held back, ground). A decision to publish opens what the restriction
    of access alone would hold back.
    """
    found: dict[PublicField, str] = {}
    for name in PublicField:
        if name in decisions:
            held_back, ground = decisions[name]
            if held_back:
                found[name] = masked(ground)
        elif secret and name in HIDDEN_WHEN_SECRET:
            found[name] = SECRET_GROUND
    return found


# -- natural persons --------------------------------------------------------------------------------------------------

_MASKED_CPF = re.compile(r"(?<![\w.\-/])(\d{3})\.(\d{3})\.(\d{3})[-–](\d{2})(?![\w/])")
_BARE_CPF = re.compile(r"(?<![\w.\-/])(\d{3})(\d{3})(\d{3})(\d{2})(?![\w.\-/]*\d)")
_EMAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
_PHONE = re.compile(r"(?<![\w.\-/])(?:\+55\s?)?\(\d{2}\)\s?9?\s?\d{4}[-\s]?\d{4}(?!\d)")

EMAIL_LEFT_OUT = "[e-mail não publicado]"
PHONE_LEFT_OUT = "[telefone não publicado]"


def is_cpf(digits: str) -> bool:
    """Tell whether eleven digits carry the two check digits of a CPF."""
    if len(digits) != 11 or not digits.isdecimal() or len(set(digits)) == 1:
        return False
    for place in (9, 10):
        total = sum(int(digit) * weight for digit, weight in zip(digits, range(place + 1, 1, -1), strict=False))
        if int(digits[place]) != total * 10 % 11 % 10:
            return False
    return True


def masked(text: str, *, name: bool = False) -> str:
    """Return a text fit for the public: the outer digits of a CPF are hidden, e-mails and telephones are left out.

    Eleven digits in a row are a CPF when their check digits say so; in the ``name`` of a party always, because the
    names of individual entrepreneurs end in one, rightly typed or not.
    """

    def bare(found: re.Match[str]) -> str:
        return f"***.{found[2]}.{found[3]}-**" if name or is_cpf(found[0]) else found[0]

    text = _MASKED_CPF.sub(r"***.\2.\3-**", text)
    text = _BARE_CPF.sub(bare, text)
    text = _EMAIL.sub(EMAIL_LEFT_OUT, text)
    return _PHONE.sub(PHONE_LEFT_OUT, text)


# -- the biennial review ----------------------------------------------------------------------------------------------


def review_due_on(reviewed_on: date | None, starts_on: date | None) -> date | None:
    """Return the last day of the two years of art. 6º, V; ``None`` when it is not known since when data are handled.

    Without any review the two years run from the beginning, and never from before the Portaria, which is what asks.
    """
    if reviewed_on is not None:
        return add_months(reviewed_on, REVIEW_MONTHS)
    if starts_on is None:
        return None
    return add_months(max(starts_on, PORTARIA_DATED_ON), REVIEW_MONTHS)


def oldest_still_reviewed(today: date) -> date:
    """Return the first day from which two years still reach ``today``: what is counted from before it is overdue."""
    day = add_months(today, -REVIEW_MONTHS)
    while add_months(day, REVIEW_MONTHS) < today:
        day = date.fromordinal(day.toordinal() + 1)
    while add_months(date.fromordinal(day.toordinal() - 1), REVIEW_MONTHS) >= today:
        day = date.fromordinal(day.toordinal() - 1)
    return day


__all__ = [
    "HIDDEN_WHEN_SECRET",
    "RULE",
    "SECRET_GROUND",
    "Condition",
    "PublicityFacts",
    "conditions",
    "is_cpf",
    "masked",
    "oldest_still_reviewed",
    "review_due_on",
    "withheld",
]
