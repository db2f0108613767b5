"""Administrative parameters in words: a number with its unit, a table with its rows, the groups they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contracts.policy import Group
from contracts.vocabulary import EvidenceKind, Exposure, FindingSeverity
from vendor_tracker.usecases.parameters import ParameterLine
from vendor_tracker.web.judged import address
from vendor_tracker.wording.filters import day, integer, sentence_case
from vendor_tracker.wording.labels import OBLIGATION_TITLES, label

GROUPS: Mapping[Group, str] = {
    Group.EVIDENCE: "Provas: quanto valem e quando se renovam",
    Group.TERMS: "Prazos do operador, quando o instrumento não fixa outro",
    Group.REQUESTS: "Requisições, lembretes e recursos",
    Group.INCIDENTS: "Incidentes: gravidade e prazos do órgão",
    Group.EXPOSURE: "Exposição",
    Group.SCORE: "Pontuação do boletim",
}
"""The title of each group of parameters."""

_ONE = {
    "horas corridas": "hora corrida",
    "dias corridos": "dia corrido",
    "dias úteis": "dia útil",
    "meses": "mês",
    "vezes": "vez",
    "pontos": "ponto",
}


_ZERO: Mapping[str, str] = {
    "evidence_validity_months": "sem fim",
    "audit_cycle_months": "uma vez durante a vigência",
}
"""What zero means where it is not an amount, in the words of the parameter's own note."""


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter as a list prints it."""

    key: str
    label: str
    lines: tuple[str, ...]
    """The number in words, or one line a row of the table."""
    since: date
    decided_by: str
    note: str
    own: bool
    ahead: tuple[str, ...]
    url: str
    """Where it is changed; empty for who may not."""


def parameter_row(line: ParameterLine, on: date) -> ParameterRow:
    """Put a parameter into words, as it stands on the day."""
    return ParameterRow(
        key=line.key,
        label=line.label,
        lines=value_lines(line, line.value),
        since=line.since,
        decided_by=sentence_case(line.decided_by.removeprefix("Parâmetro administrativo: ")),
        note=line.note,
        own=line.own,
        ahead=tuple(f"A partir de {day(since)}: {'; '.join(value_lines(line, value))}" for since, value in line.ahead),
        url=address("parameters.edit", key=line.key) if on else "",
    )


def value_lines(line: ParameterLine, value: int | Mapping[str, int]) -> tuple[str, ...]:
    """Return the number with its unit, or a line for each row of the table."""
    if isinstance(value, int):
        return (_in_words(line, value),)
    return tuple(f"{row_label(line, key)}: {_in_words(line, number)}" for key, number in value.items())


def _in_words(line: ParameterLine, number: int) -> str:
    return _ZERO[line.key] if number == 0 and line.key in _ZERO else with_unit(number, line.unit)


def with_unit(number: int, unit: str) -> str:
    """Print a number with its unit: "1 mês", "20 dias corridos", "50%", "peso 3", "sim"."""
    match unit:
        case "sim ou não":
            return "sim" if number else "não"
        case "por cento":
            return f"{integer(number)}%"
        case "peso":
            return f"peso {integer(number)}"
        case _:
            return f"{integer(number)} {_ONE.get(unit, unit) if number in {1, -1} else unit}"


def row_label(line: ParameterLine, key: str) -> str:
    """Return what a row of the table is called."""
    match line.keyed_by:
        case "EvidenceKind":
            return label(EvidenceKind(key))
        case "Exposure":
            return f"Exposição {label(Exposure(key)).lower()}"
        case "FindingSeverity":
            return f"Gravidade {label(FindingSeverity(key)).lower()}"
        case "Inciso":
            return f"{key}, {OBLIGATION_TITLES[key].lower()}"
        case _:
            return line.entries[key]
