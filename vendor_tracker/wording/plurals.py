"""Counting in Brazilian Portuguese: number words with their gender, and the plural that CLDR gives.

In pt-BR everything under two is singular: "0 dia", "1,5 dia", "2 dias". Small counts in running text are spelled.
"""

from decimal import Decimal
from functools import cache

from babel import Locale
from babel.numbers import format_decimal

from contracts.vocabulary import Verdict
from vendor_tracker.wording.labels import VERDICT_FORMS

_MASCULINE = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis dezessete "
    "dezoito dezenove vinte"
).split()
_FEMININE = {1: "uma", 2: "duas"}


@cache
def brazil() -> Locale:
    """Give the locale that every number, date and plural follows."""
    return Locale.parse("pt_BR")


def plural(number: Decimal | float, one: str, many: str) -> str:
    """Choose the form of a noun for a number, without the number."""
    return one if brazil().plural_form(number) == "one" else many


def counted(number: Decimal | float, one: str, many: str, none: str | None = None) -> str:
    """Print a number in figures with its noun: "1 requisição", "1.024 requisições".

    ``none``, when given, is the whole text for zero: "nenhuma requisição".
    """
    if number == 0 and none is not None:
        return none
    return f"{format_decimal(number, locale=brazil())} {plural(number, one, many)}"


def in_words(number: int, gender: str = "f") -> str:
    """Spell a whole number from 0 to 20 (``gender`` ``f`` or ``m``); beyond that, print figures."""
    if gender not in {"f", "m"}:
        raise ValueError(f"gender is 'f' or 'm', not {gender!r}")
    if not 0 <= number <= 20:
        return format_decimal(number, locale=brazil())
    return _FEMININE[number] if gender == "f" and number in _FEMININE else _MASCULINE[number]


def counted_in_words(number: int, one: str, many: str, gender: str = "f", none: str | None = None) -> str:
    """Spell a number with its noun: "uma descumprida", "cinco atendidas".

    Zero gives ``none``, or "nenhuma" / "nenhum" with the singular.
    """
    if number == 0:
        return none if none is not None else f"{'nenhuma' if gender == 'f' else 'nenhum'} {one}"
    return f"{in_words(number, gender)} {plural(number, one, many)}"


def verdict_count(number: int, verdict: Verdict) -> str:
    """Say how many obligations are in a situação: "cinco atendidas", "nenhuma descumprida"."""
    return counted_in_words(number, *VERDICT_FORMS[verdict])
