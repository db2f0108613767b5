"""Dates, times, money, numbers and identifiers as Brazilians write them, and their registration in a Jinja environment.

Days are ``date``; instants are aware ``datetime`` and are printed in America/Sao_Paulo; a naive instant is refused,
because nobody can tell which hour it means. ``None`` means that nobody has told us, and prints "não informado".
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from jinja2 import Environment

from contracts.incidents import hours_and_minutes
from contracts.vocabulary import INCISOS, Formality
from vendor_tracker.wording import actors, charts, fields, labels, linking, plurals
from vendor_tracker.wording.labels import NOT_INFORMED
from vendor_tracker.wording.parts import Clock
from vendor_tracker.wording.plurals import brazil

_FORMALITIES = frozenset(formality.value for formality in Formality)

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
"""The zone of every page, of every deadline and of the day that counts."""

_WEEKDAYS = ("seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom.")
_MONTHS = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")


def local(instant: datetime) -> datetime:
    """Bring an aware instant to São Paulo; raise ``ValueError`` for a naive one."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; store instants aware, in UTC")
    return instant.astimezone(SAO_PAULO)


def local_day(value: date | datetime) -> date:
    """Give the day in São Paulo on which an instant falls; a plain day stays itself."""
    return local(value).date() if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    """Print a day short: 23/11/2026."""
    return NOT_INFORMED if value is None else f"{local_day(value):%d/%m/}{local_day(value).year:04d}"


def day_month(value: date | datetime | None) -> str:
    """Print day and month: 23/11."""
    return NOT_INFORMED if value is None else f"{local_day(value):%d/%m}"


def plain_day(value: date | datetime | None) -> str:
    """Print a day for running text: 23 de novembro de 2026; the first of a month is 1º."""
    if value is None:
        return NOT_INFORMED
    on = local_day(value)
    ordinal = "'º'" if on.day == 1 else ""
    return format_date(on, f"d{ordinal} 'de' MMMM 'de' y", locale=brazil())


def long_day(value: date | datetime | None) -> str:
    """Print a day long: segunda-feira, 23 de novembro de 2026."""
    if value is None:
        return NOT_INFORMED
    return f"{format_date(local_day(value), 'EEEE', locale=brazil())}, {plain_day(value)}"


def month_year(value: date | datetime | None) -> str:
    """Print a month in full: novembro de 2026."""
    return NOT_INFORMED if value is None else format_date(local_day(value), "MMMM 'de' y", locale=brazil())


def month(value: date | datetime | None) -> str:
    """Print a month's three letters, without a dot, for heads of tables: nov."""
    return NOT_INFORMED if value is None else _MONTHS[local_day(value).month - 1]


def clock_time(value: datetime | None) -> str:
    """Print the hour: 14h32; a full hour is 14h."""
    if value is None:
        return NOT_INFORMED
    at = local(value)
    return f"{at.hour}h{at.minute:02d}" if at.minute else f"{at.hour}h"


def moment(value: datetime | None) -> str:
    """Print an instant to the minute: 20/11/2026, às 16h07."""
    return NOT_INFORMED if value is None else f"{day(value)}, às {clock_time(value)}"


def local_input(value: datetime | None) -> str:
    """Give the value of a control for day and hour, by the clock of Brasília: 2026-11-20T16:07; empty for none."""
    return "" if value is None else f"{local(value):%Y-%m-%dT%H:%M}"


def exact_moment(value: datetime | None) -> str:
    """Print an instant to the second, as a receipt: 20 de novembro de 2026, às 16h07min42s (horário de Brasília)."""
    if value is None:
        return NOT_INFORMED
    at = local(value)
    return f"{plain_day(value)}, às {at.hour}h{at.minute:02d}min{at.second:02d}s (horário de Brasília)"


def iso(value: date | datetime) -> str:
    """Print the value of a ``time`` element's ``datetime``: a day, or an instant with São Paulo's offset."""
    return local(value).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def money(value: Decimal | int | None) -> str:
    """Print reais: R$ 1.234,56, with a no-break space after the sign."""
    return NOT_INFORMED if value is None else format_currency(Decimal(value), "BRL", locale=brazil())


def integer(value: int | None) -> str:
    """Print a whole number: 1.234."""
    return NOT_INFORMED if value is None else format_decimal(value, "#,##0", locale=brazil())


def decimal(value: Decimal | float | None, places: int = 2) -> str:
    """Print a number with at most ``places`` decimals, without trailing zeros: 68,75; 16,5; 24."""
    if value is None:
        return NOT_INFORMED
    pattern = "#,##0." + "#" * places if places else "#,##0"
    return format_decimal(value, pattern, locale=brazil())


def percentage(part: int, whole: int) -> str:
    """Print a share with its sum, never alone: "7 de 18 (39%)"; of nothing, only the sum."""
    if whole == 0:
        return f"{integer(part)} de 0"
    return f"{integer(part)} de {integer(whole)} ({(200 * part + whole) // (2 * whole)}%)"


def cnpj(value: object) -> str:
    """Print the 14 characters of a CNPJ, classic or alphanumeric, with its mask: 12.ABC.345/01DE-35.

    What does not have 14 letters and digits is printed as it stands, so that nothing is hidden.
    """
    if value is None:
        return NOT_INFORMED
    text = str(value)
    bare = re.sub(r"[.\-/\s]", "", text).upper()
    if not re.fullmatch(r"[0-9A-Z]{12}[0-9]{2}", bare):
        return text
    return f"{bare[:2]}.{bare[2:5]}.{bare[5:8]}/{bare[8:12]}-{bare[12:]}"


def process_number(value: str | None) -> str:
    """Print a process number: a court case's 20 digits and an NUP's 17 get their masks; others stand as typed."""
    if value is None:
        return NOT_INFORMED
    text = value.strip()
    if re.fullmatch(r"[0-9]{20}", text):
        return f"{text[:7]}-{text[7:9]}.{text[9:13]}.{text[13]}.{text[14:16]}.{text[16:]}"
    if re.fullmatch(r"[0-9]{17}", text):
        return f"{text[:5]}.{text[5:11]}/{text[11:15]}-{text[15:]}"
    return text


def file_size(value: int | None) -> str:
    """Print a size in decimal units: 980 bytes, 412 kB, 1,1 MB, 2 GB."""
    if value is None:
        return NOT_INFORMED
    if value < 1000:
        return plurals.counted(value, "byte", "bytes")
    size = Decimal(value)
    for unit, places in (("kB", 0), ("MB", 1), ("GB", 1)):
        size /= 1000
        rounded = round(size, places)
        if rounded < 1000 or unit == "GB":
            return f"{decimal(rounded, places)} {unit}"
    raise AssertionError("the last unit always answers")


def sha_short(value: str | None, length: int = 12) -> str:
    """Print the first characters of a hash, with an ellipsis when something was left out."""
    if value is None:
        return NOT_INFORMED
    return value if len(value) <= length else f"{value[:length]}…"


def relative_day(due_on: date | datetime, today: date, gender: str = "f") -> str:
    """Say how a deadline stands: "Vencida há 2 dias", "Vence hoje", "Até seg., 23/11".

    ``gender`` ``f`` or ``m`` is that of what is due. The year is said when it is not today's.
    """
    due = local_day(due_on)
    left = (due - today).days
    if left < 0:
        past = "Vencida" if gender == "f" else "Vencido"
        return f"{past} há {plurals.counted(-left, 'dia', 'dias')}"
    if left == 0:
        return "Vence hoje"
    when = day_month(due) if due.year == today.year else day(due)
    return f"Até {_WEEKDAYS[due.weekday()]}, {when}"


def days_left(due_on: date | datetime, today: date) -> str:
    """Say how many days are left: "Faltam 4 dias", "O prazo termina hoje", "O prazo terminou há 2 dias"."""
    left = (local_day(due_on) - today).days
    if left < 0:
        return f"O prazo terminou há {plurals.counted(-left, 'dia', 'dias')}"
    if left == 0:
        return "O prazo termina hoje"
    return f"{plurals.plural(left, 'Falta', 'Faltam')} {plurals.counted(left, 'dia', 'dias')}"


def in_days(due_on: date | datetime, today: date) -> str:
    """Say a distance, for a table: "em 4 dias", "hoje", "há 6 dias"."""
    left = (local_day(due_on) - today).days
    if left == 0:
        return "hoje"
    return f"{'em' if left > 0 else 'há'} {plurals.counted(abs(left), 'dia', 'dias')}"


def clock_tone(due_on: date | datetime, today: date) -> str:
    """Give a clock's class: ``late`` when the day has passed, ``today`` on the day, empty before."""
    left = (local_day(due_on) - today).days
    return "late" if left < 0 else "today" if left == 0 else ""


def clock(due_on: date | datetime | None, today: date, gender: str = "f") -> Clock:
    """Build a clock, words and tone together; without a deadline, "Sem prazo"."""
    if due_on is None:
        return Clock("Sem prazo")
    return Clock(relative_day(due_on, today, gender), clock_tone(due_on, today))


def short_clock(due_on: date | datetime | None, today: date, gender: str = "m") -> Clock:
    """Build a table's clock: "23/11/2026", "hoje", "17/11/2026, vencido"; without a deadline, "sem prazo"."""
    if due_on is None:
        return Clock("sem prazo")
    due, tone = local_day(due_on), clock_tone(due_on, today)
    if tone == "today":
        return Clock("hoje", tone)
    # A column of days is read down: each is written in the same form.
    return Clock(f"{day(due)}, {'vencida' if gender == 'f' else 'vencido'}" if tone else day(due), tone)


def join_and(values: Iterable[object]) -> str:
    """Join with commas and a final "e": I, II e III."""
    texts = [str(value) for value in values]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} e {texts[-1]}"


def points_in_words(points: Iterable[str]) -> str:
    """Name the points that a paper serves: "incisos II e V, finalidade do compartilhamento"; others by their code."""
    listed = tuple(points)
    incisos = [point for point in listed if point in INCISOS]
    said = [f"{plurals.plural(len(incisos), 'inciso', 'incisos')} {join_and(incisos)}"] if incisos else []
    said += [
        lower_first(labels.label(Formality(point))) if point in _FORMALITIES else point
        for point in listed
        if point not in INCISOS
    ]
    return ", ".join(said)


def sentence_case(value: str) -> str:
    """Raise the first letter and leave the rest as it is, acronyms included."""
    return value[:1].upper() + value[1:]


def lower_first(value: str) -> str:
    """Lower the first letter, to carry a label into running text, unless the word is an acronym."""
    return value if value[1:2].isupper() else value[:1].lower() + value[1:]


def yes_no(value: bool | None) -> str:
    """Print "Sim", "Não" or, when nobody has told us, "não informado"."""
    return NOT_INFORMED if value is None else "Sim" if value else "Não"


def informed(value: object) -> object:
    """Print a text, or "não informado" in the place of ``None`` and of an empty text."""
    return NOT_INFORMED if value is None or value == "" else value


def required(value: str, what: str) -> str:
    """Give the text back, or refuse to render the page when it is empty: ``{{ page.title|required("título") }}``."""
    if not str(value).strip():
        raise ValueError(f"the page cannot be rendered without {what}")
    return value


def slug_id(value: object) -> str:
    """Make an id for HTML out of a text: lower case, letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-") or "x"


FILTERS: dict[str, Any] = {
    "hours_and_minutes": hours_and_minutes,
    "local_input": local_input,
    "day": day,
    "day_month": day_month,
    "plain_day": plain_day,
    "long_day": long_day,
    "month": month,
    "month_year": month_year,
    "clock_time": clock_time,
    "moment": moment,
    "exact_moment": exact_moment,
    "iso": iso,
    "local_day": local_day,
    "money": money,
    "integer": integer,
    "decimal": decimal,
    "cnpj": cnpj,
    "process_number": process_number,
    "file_size": file_size,
    "sha_short": sha_short,
    "relative_day": relative_day,
    "days_left": days_left,
    "in_days": in_days,
    "clock_tone": clock_tone,
    "clock": clock,
    "short_clock": short_clock,
    "join_and": join_and,
    "sentence_case": sentence_case,
    "lower_first": lower_first,
    "yes_no": yes_no,
    "informed": informed,
    "required": required,
    "slug_id": slug_id,
    "plural": plurals.plural,
    "counted": plurals.counted,
    "in_words": plurals.in_words,
    "counted_in_words": plurals.counted_in_words,
    "verdict_count": plurals.verdict_count,
    "field_kind": fields.field_kind,
    "error_lines": fields.error_lines,
    "label": labels.label,
    "request_opening": labels.request_opening,
    "shape": labels.shape,
    "coverage_tone": labels.coverage_tone,
    "inciso_title": labels.inciso_title,
    "legs_in_words": labels.legs_in_words,
    "points_in_words": points_in_words,
    "told": linking.told,
    "who": actors.who,
}
"""Filter name in templates -> function. One way to print each thing."""

GLOBALS: dict[str, Any] = {
    "OBLIGATION_TITLES": labels.OBLIGATION_TITLES,
    "LEG_LETTERS": labels.LEG_LETTERS,
    "LEG_LONG": labels.LEG_LONG,
    "LEG_STATE_WHEN": labels.LEG_STATE_WHEN,
    "NOT_INFORMED": NOT_INFORMED,
    "VERDICT_ORDER": labels.VERDICT_ORDER,
    "VERDICT_WHEN": labels.VERDICT_WHEN,
    "LEG_STATES": tuple(labels.LEG_STATE_WHEN),
    "LEG_ORDER": labels.LEG_ORDER,
    "chart_steps": charts.steps,
    "chart_line": charts.line,
    "chart_bars": charts.bars,
    "chart_sentence": charts.sentence,
    "percentage": percentage,
}
"""Names that components read without being handed them."""


def register(env: Environment) -> None:
    """Put the filters and the names of this module into a Jinja environment."""
    from vendor_tracker.wording.sheet import component_sheet  # The sheet prints its material with these filters.

    env.filters.update(FILTERS)
    env.globals["component_sheet"] = component_sheet
    env.globals.update(GLOBALS)
