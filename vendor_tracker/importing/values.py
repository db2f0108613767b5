"""From what sources write to plain values: text, days, instants, money, numbers of things.

Every ``parse_*`` gives None for "nothing there" and raises ``ValueError`` for "something there that cannot be read", so
that a blank never looks like a mistake, nor a mistake like a blank.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from contracts.cnpj import mask_cpf_in

FIRST_YEAR, LAST_YEAR = 1950, 2200
"""No agreement in force was signed before, or ends after; a year outside is a typing error such as 0202 or 20255."""
MONEY_LIMIT = Decimal(10) ** 13
"""Ten trillion reais. What exceeds it is a typing error, and would not fit the column that keeps it."""
NAME_LIMIT, OBJECT_LIMIT, ECHO_LIMIT = 300, 10_000, 120

BRASILIA = timezone(timedelta(hours=-3))
"""The zone of instants that the sources print without one. Fixed, because Brazil has had no summer time since 2019 and
both sources began to publish after that."""


def plain_text(value: object, limit: int = NAME_LIMIT) -> str:
    """One line of text: NFC, without control or invisible characters, runs of space made one.

    Numbers are printed; None, booleans, lists and objects are "nothing there". Longer texts are cut with an ellipsis.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = (
        value
        if isinstance(value, str)
        else f"{value:f}"
        if isinstance(value, Decimal) and value.is_finite()
        else str(value)
    )
    # Cut before the costly steps: nothing past this length can survive them anyway.
    seen = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text[: limit * 4])
    text = " ".join(unicodedata.normalize("NFC", seen).split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def verbatim_text(value: object, limit: int = OBJECT_LIMIT) -> str:
    """Text as the source wrote it, paragraphs included, with CPFs masked and what cannot be printed taken out."""
    if not isinstance(value, str):
        return plain_text(value, limit)
    lines = value[: limit * 2].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = [plain_text(line, limit) for line in lines]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    masked = mask_cpf_in(text)
    return masked if len(masked) <= limit else masked[: limit - 1].rstrip() + "…"


def echo(value: object) -> str:
    """What to show of a value that could not be read: short, on one line, with CPFs masked."""
    if isinstance(value, (date, datetime)):
        return show_day(value)
    if isinstance(value, (dict, list)):
        return "(lista ou grupo de campos)"
    return mask_cpf_in(plain_text(value, ECHO_LIMIT))


def show_day(day: date) -> str:
    """``31/12/2026``."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def fold(text: str) -> str:
    """Lower case, without accents, words kept apart by one space: for comparing, never for showing."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^0-9a-z]+", " ", bare.casefold()).split())


def parse_code(value: object, width: int = 0) -> str:
    """A code that some sources print as a number: digits only are filled with zeros up to ``width``."""
    text = plain_text(value, 60)
    return text.zfill(width) if text.isascii() and text.isdigit() else text


# Days ----------------------------------------------------------------------------------------------------------------

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janeiro jan", "fevereiro fev", "marco mar", "abril abr", "maio mai", "junho jun",
            "julho jul", "agosto ago", "setembro set", "outubro out", "novembro nov", "dezembro dez",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.,]{4,20}(?: ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2}))?)?")
_BRAZILIAN = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?:[T ][0-9:.,]{4,20})?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_WRITTEN = re.compile(r"([0-9]{1,2}) ?o? (?:de )?([a-z]+) (?:de )?([0-9]{4})")
_SERIAL = re.compile(r"[0-9]{5,6}(?:[.,][0-9]+)?")
_EXCEL_EPOCH = date(1899, 12, 30)
"""Day 0 of the spreadsheets' count. Numbers before 01/03/1900 are off by one there, and far outside our years."""


def parse_day(value: object, *, serial: bool = False) -> date | None:
    """A day, from a date, an ISO date or instant, ``dd/mm/aaaa``, ``aaaammdd`` or ``1º de março de 2023``.

    The day printed is the day kept: the hour and the zone beside it are ignored, since sources print ``T00:00:00Z``
    for a day. With ``serial``, a number of at least 10000 is a spreadsheet's day count (1900 system). Two-digit
    years are refused: 30 may be 1930 or 2030.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return _in_range(value.date())
    if isinstance(value, date):
        return _in_range(value)
    if isinstance(value, bool):
        raise ValueError("not a day")  # noqa: TRY004, every reader here answers ValueError for what it cannot read.
    if serial and isinstance(value, (int, float, Decimal)):
        return _from_serial(value)
    text = plain_text(value, 60)
    if not text:
        if isinstance(value, str):
            return None
        raise ValueError("not a day")
    if serial and _SERIAL.fullmatch(text):
        return _from_serial(float(text.replace(",", ".")))
    if found := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return _in_range(date(year, month, day))
    if found := _BRAZILIAN.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
        return _in_range(date(year, month, day))
    if found := _WRITTEN.fullmatch(fold(text)):
        written = _MONTHS.get(found[2])
        if written:
            return _in_range(date(int(found[3]), written, int(found[1])))
    raise ValueError("not a day")


def _from_serial(value: float | Decimal) -> date:
    if not 10_000 <= value < 120_000:  # Also keeps NaN, infinity and what overflows a day out.
        raise ValueError("not a day count")
    return _in_range(_EXCEL_EPOCH + timedelta(days=int(value)))


def _in_range(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError("year out of range")
    return day


def parse_instant(value: object) -> datetime | None:
    """An instant in UTC; one printed without a zone is Brasília's. Never raises: an update mark is not worth a row."""
    if isinstance(value, str):
        text = value.strip()[:40]
        # Python 3.11 reads at most six decimals of a second, and some records carry seven.
        text = re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", text)
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            return None
    elif isinstance(value, datetime):
        instant = value
    else:
        return None
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        return None
    return (instant if instant.tzinfo else instant.replace(tzinfo=BRASILIA)).astimezone(UTC)


# Money ---------------------------------------------------------------------------------------------------------------

_BRAZILIAN_MONEY = re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]{1,2})?")
_POINT_MONEY = re.compile(r"[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})")
_ENGLISH_MONEY = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]{1,2}")


def parse_money(value: object) -> Decimal | None:
    """Reais with two places, from a number or from text: ``1.234.567,89``, ``R$ 1.234,50``, ``1234.5``, ``1,234.50``.

    ``1.234`` is one thousand two hundred and thirty-four, as Brazilians write it. ``1,234`` could be either and is
    refused, as are negative amounts and those of ten trillion or more.
    """
    if value is None or isinstance(value, bool):
        if value is None:
            return None
        raise ValueError("not an amount")
    if isinstance(value, (int, float, Decimal)):
        try:
            amount = Decimal(str(value))
        except (InvalidOperation, ValueError) as error:
            raise ValueError("not an amount") from error
        return _reais(amount)
    text = plain_text(value, 60)
    if not text:
        if isinstance(value, str):
            return None
        raise ValueError("not an amount")
    text = re.sub(r"^(?:R\$|BRL)\s*", "", text, flags=re.IGNORECASE).replace(" ", "")
    if text in {"-", "–", "—"}:
        return None
    if _BRAZILIAN_MONEY.fullmatch(text):
        return _reais(Decimal(text.replace(".", "").replace(",", ".")))
    if _POINT_MONEY.fullmatch(text):
        return _reais(Decimal(text))
    if _ENGLISH_MONEY.fullmatch(text):
        return _reais(Decimal(text.replace(",", "")))
    raise ValueError("not an amount")


def _reais(amount: Decimal) -> Decimal:
    if not amount.is_finite() or amount < 0 or amount >= MONEY_LIMIT:
        raise ValueError("amount out of range")
    # Adding zero turns the "-0.00" of a source into plain zero.
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) + 0
