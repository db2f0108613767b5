"""Fictional CNPJs that pass every check, the same for the same seed."""

from random import Random

from contracts.cnpj import Cnpj, cnpj_check_digits

_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def make_cnpj(seed: int, *, alphanumeric: bool = False) -> Cnpj:
    """A valid CNPJ made from ``seed``. An alphanumeric one always has at least one letter.

    Classic numbers belong to a headquarters (ordem 0001) and start with 9, a range scarcely given out.
    """
    random = Random(seed)
    if alphanumeric:
        base = "9" + random.choice(_LETTERS) + "".join(random.choices(_DIGITS + _LETTERS, k=10))
    else:
        base = "9" + "".join(random.choices(_DIGITS, k=7)) + "0001"
    return Cnpj(base + cnpj_check_digits(base))
