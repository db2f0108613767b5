"""The checks that every agreement passes, whichever source it came from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from vendor_tracker.importing.rows import Findings
from vendor_tracker.importing.values import echo, parse_day, parse_money, show_day

PNCP_ID = re.compile(r"([0-9A-Z]{14})-2-([0-9]{6})/([0-9]{4})")
"""PNCP control number of a contract: the body's CNPJ, 2 for contracts, a sequence that restarts every year."""

EMPENHO_SKIPPED = (
    "É uma nota de empenho, não um instrumento assinado pelas partes. Não entra no registro de acordos, a menos que "
    "você marque a opção de incluir empenhos com força de contrato (Lei nº 14.133/2021, art. 95)."
)
OBJECT_BLANK = "A fonte não informa o objeto do acordo. Complete-o depois de importar."
END_BLANK = "A fonte não informa o fim da vigência. O acordo será tratado como de prazo indeterminado."
START_BLANK = "A fonte não informa o início da vigência."
NUMBER_BLANK = "A fonte não informa o número do acordo."
DUPLICATE_OLDER = "O mesmo acordo aparece mais de uma vez no arquivo. Foi usado o registro atualizado por último."

_NEVER = datetime.min.replace(tzinfo=UTC)


def read_pncp_id(value: object) -> str | None:
    """A well-formed PNCP control number of a contract, upper case, or None."""
    text = str(value).strip().upper() if isinstance(value, str) else ""
    return text if PNCP_ID.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Row:
    """One row being read: where it stands and how a person recognises it."""

    findings: Findings
    number: int
    reference: str

    def reject(self, reason: str, field_name: str = "", read: str = "") -> None:
        self.findings.reject(self.number, reason, field_name, read, self.reference)

    def warn(self, reason: str, field_name: str = "", read: str = "") -> None:
        self.findings.warn(self.number, reason, field_name, read, self.reference)

    def skip(self, reason: str, field_name: str = "", read: str = "") -> None:
        self.findings.skip(self.number, reason, field_name, read, self.reference)


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of an agreement, already checked against each other."""

    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    published_on: date | None


def read_dates(row: Row, values: Mapping[str, Any], *, serial: bool = False) -> Dates | None:
    """The four days under ``signed``, ``starts``, ``ends`` and ``published``; None when the row was rejected.

    A start or an end that cannot be read rejects the row, because a wrong term makes wrong duties; a signature or a
    publication that cannot be read is a warning. Missing days are warnings at most.
    """
    labels = {
        "signed": "data de assinatura",
        "starts": "início da vigência",
        "ends": "fim da vigência",
        "published": "data de publicação",
    }
    days: dict[str, date | None] = {}
    for key, label in labels.items():
        value = values.get(key)
        try:
            days[key] = parse_day(value, serial=serial)
        except (ValueError, OverflowError):
            reason = f"A data em “{label}” não pode ser lida. Use o formato dd/mm/aaaa."
            if key in {"starts", "ends"}:
                row.reject(reason, label, echo(value))
                return None
            row.warn(reason, label, echo(value))
            days[key] = None
    starts, ends = days["starts"], days["ends"]
    if starts is not None and ends is not None and ends < starts:
        reason = f"O fim da vigência ({show_day(ends)}) é anterior ao início ({show_day(starts)})."
        row.reject(reason, "fim da vigência", f"{show_day(starts)} a {show_day(ends)}")
        return None
    if starts is None:
        row.warn(START_BLANK, labels["starts"])
    if ends is None:
        row.warn(END_BLANK, labels["ends"])
    return Dates(days["signed"], starts, ends, days["published"])


def read_value(row: Row, value: object) -> Decimal | None:
    """The amount in reais; a warning and None when it cannot be read."""
    try:
        return parse_money(value)
    except (ValueError, ArithmeticError):
        row.warn("O valor não pode ser lido e ficou em branco.", "valor", echo(value))
        return None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record not yet judged: where it stands, what it calls itself and when it was last changed."""

    row: int
    key: str
    """Empty when the record does not name itself; such records are never taken for duplicates."""
    updated_at: datetime | None
    record: dict[str, Any]


def latest_of_each(candidates: Iterable[Candidate], findings: Findings) -> list[Candidate]:
    """One candidate per key, the one last updated (the first of equals), in the order of the file.

    Chosen before anything is judged: if the newest version is wrong, an older one is not quietly imported in its place.
    """
    kept: dict[str, Candidate] = {}
    for candidate in candidates:
        key = candidate.key or f"row {candidate.row}"
        other = kept.get(key)
        if other is None:
            kept[key] = candidate
            continue
        newer = (candidate.updated_at or _NEVER) > (other.updated_at or _NEVER)
        kept[key], dropped = (candidate, other) if newer else (other, candidate)
        findings.skip(dropped.row, DUPLICATE_OLDER, reference=key)
    return sorted(kept.values(), key=lambda candidate: candidate.row)


def not_a_record(findings: Findings, row: int) -> None:
    """Record that an item of the list is not a record at all."""
    findings.reject(row, "O item não é um registro de contrato.")
