"""CNPJ, classic and alphanumeric, and the CPF that sometimes hides in a company's name.

The alphanumeric format is that of Instrução Normativa RFB nº 2.229/2024: twelve characters 0-9 A-Z and two check
digits, each character worth its ASCII code minus 48, weights 2 to 9 from right to left, modulus 11. Classic numbers are
the special case without letters. A CNPJ is text, upper-case; it is never a number.
"""

import re
from dataclasses import dataclass

_BARE = re.compile(r"[0-9A-Z]{12}[0-9]{2}")
_MASKED = re.compile(r"([0-9A-Z]{2})\.([0-9A-Z]{3})\.([0-9A-Z]{3})/([0-9A-Z]{4})-([0-9]{2})")
_CPF = re.compile(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}|[0-9]{11}")


class CnpjError(ValueError):
    """The text is not a CNPJ; the message is Portuguese and says what is wrong."""


@dataclass(frozen=True, slots=True, order=True)
class Cnpj:
    """A valid CNPJ. ``value`` is its fourteen characters without the mask; no invalid one can be made."""

    value: str

    def __post_init__(self) -> None:
        """Refuse whatever is not fourteen characters with the right check digits."""
        _check(self.value)

    @classmethod
    def parse(cls, text: str) -> "Cnpj":
        """Read a CNPJ with its whole mask (``AA.AAA.AAA/AAAA-DD``) or with none, in either case of letters.

        Raises:
            CnpjError: wrong length, a character or punctuation out of place, a repeated character, or check digits
                that do not match.
        """
        stripped = text.strip()
        if not stripped:
            raise CnpjError("Informe o CNPJ.")
        # Upper-casing comes after this gate: some foreign letters upper-case to ASCII ones and would slip through.
        if not stripped.isascii():
            raise CnpjError(
                "O CNPJ tem um caractere que não é aceito. Use só algarismos e letras de A a Z, sem acento."
            )
        upper = stripped.upper()
        masked = _MASKED.fullmatch(upper)
        return cls("".join(masked.groups()) if masked else upper)

    @property
    def formatted(self) -> str:
        """With the mask: ``12.ABC.345/01DE-35``."""
        v = self.value
        return f"{v[:2]}.{v[2:5]}.{v[5:8]}/{v[8:12]}-{v[12:]}"

    @property
    def root(self) -> str:
        """The eight characters that all establishments of a company share."""
        return self.value[:8]

    @property
    def branch(self) -> str:
        """The four characters of the establishment. Nothing is inferred from them: letters follow no public rule."""
        return self.value[8:12]

    @property
    def is_alphanumeric(self) -> bool:
        """Whether the number has letters."""
        return not self.value.isdigit()

    def __str__(self) -> str:
        """Without the mask, as it is stored."""
        return self.value


def _check(value: str) -> None:
    if odd := re.search(r"[^0-9A-Z./-]", value):
        raise CnpjError(
            f"O CNPJ tem um caractere que não é aceito (“{odd.group()}”). "
            "Use só algarismos e letras de A a Z, com ou sem a pontuação AA.AAA.AAA/AAAA-DD."
        )
    if re.search(r"[./-]", value):
        raise CnpjError("A pontuação do CNPJ está fora do lugar. Use AA.AAA.AAA/AAAA-DD ou só os 14 caracteres.")
    if len(value) != 14:
        hint = " Se ele veio de uma planilha, confira os zeros à esquerda." if len(value) in {12, 13} else ""
        raise CnpjError(f"O CNPJ tem 14 caracteres; este tem {len(value)}.{hint}")
    if not _BARE.fullmatch(value):
        raise CnpjError("Os dois últimos caracteres do CNPJ são algarismos. Confira o número.")
    if len(set(value[:12])) == 1:
        raise CnpjError("O CNPJ repete um só caractere e por isso não existe. Confira o número.")
    if value[12:] != cnpj_check_digits(value[:12]):
        raise CnpjError("Os dígitos verificadores do CNPJ não conferem. Confira o número no documento do fornecedor.")


def cnpj_check_digits(base12: str) -> str:
    """The two check digits of a CNPJ's first twelve characters (0-9 A-Z, upper-case).

    Source: Receita Federal's manual of the alphanumeric CNPJ's check digits.

    Raises:
        CnpjError: not twelve such characters.
    """
    if not re.fullmatch(r"[0-9A-Z]{12}", base12):
        raise CnpjError("A base do CNPJ tem 12 caracteres: algarismos ou letras de A a Z.")
    values = [ord(character) - 48 for character in base12]
    for _ in range(2):
        total = sum(value * (2 + place % 8) for place, value in enumerate(reversed(values)))
        values.append(_check_digit(total))
    return f"{values[-2]}{values[-1]}"


def _check_digit(total: int) -> int:
    remainder = total % 11
    return 0 if remainder < 2 else 11 - remainder


def is_cpf(text: str) -> bool:
    """Whether the text is a CPF, with its whole mask or none: eleven digits, not all alike, check digits right."""
    stripped = text.strip()
    return bool(_CPF.fullmatch(stripped)) and _is_cpf_digits(re.sub(r"[.-]", "", stripped))


def _is_cpf_digits(digits: str) -> bool:
    if len(set(digits)) == 1:
        return False
    values = [int(digit) for digit in digits]
    return all(
        values[size] == _check_digit(sum(value * (size + 1 - place) for place, value in enumerate(values[:size])))
        for size in (9, 10)
    )


# A CPF as people write it inside other text. A digit right beside it, or a digit across one punctuation mark, means
# that it is a stretch of a longer number (CNPJ, PNCP id, process number) and no CPF.
_CPF_INSIDE = re.compile(
    r"(?<![0-9])(?<![0-9][./-])"
    r"(?P<first>[0-9]{3})\.?(?P<second>[0-9]{3})\.?(?P<third>[0-9]{3})[-/.]?(?P<check>[0-9]{2})"
    r"(?![0-9])(?![./-][0-9])"
)
_RUN_BEFORE = re.compile(r"[0-9A-Za-z]*\Z")
_RUN_AFTER = re.compile(r"[0-9A-Za-z]*")


def mask_cpf_in(text: str) -> str:
    """Hide every CPF in a text, as ``***.456.789-**``; all else stays as it is.

    Companies of one person often carry the owner's CPF in their name. Only numbers whose check digits are right are
    taken for a CPF; CNPJs (alphanumeric too), PNCP ids and process numbers are left alone.
    """

    def hide(found: re.Match[str]) -> str:
        if not _is_cpf_digits("".join(found.groups())) or _inside_cnpj(text, found):
            return found.group()
        return f"***.{found['second']}.{found['third']}-**"

    return _CPF_INSIDE.sub(hide, text)


def _inside_cnpj(text: str, found: re.Match[str]) -> bool:
    """Whether the digits are the tail of an alphanumeric CNPJ written without mask."""
    before, after = _RUN_BEFORE.search(text[: found.start()]), _RUN_AFTER.match(text, found.end())
    run = (before.group() if before else "") + found.group() + (after.group() if after else "")
    try:
        Cnpj.parse(run)
    except CnpjError:
        return False
    return True
