"""XLSX and CSV with Portuguese headers: one agreement a line, columns in any order.

The header is looked for in the first lines, so titles above it do no harm. Headers are matched by meaning
(``columns``); a column nobody knows is named in a warning and left out. Dates may be real dates, day counts or
``dd/mm/aaaa``; amounts may be numbers or ``1.234,56``. A formula counts for its stored result.
"""

import re
from datetime import date
from typing import Any

from contracts.vocabulary import AgreementKind, Regime
from vendor_tracker.importing.building import (
    EMPENHO_SKIPPED,
    OBJECT_BLANK,
    Candidate,
    Row,
    latest_of_each,
    read_dates,
    read_pncp_id,
    read_value,
)
from vendor_tracker.importing.columns import COLUMNS, HELP_MARK, KIND_CHOICES, REGIME_CHOICES, column_for
from vendor_tracker.importing.kinds import is_empenho, kind_of
from vendor_tracker.importing.rows import Findings, ImportedAgreement, ImportFile, UnreadableFile
from vendor_tracker.importing.suppliers import parse_cnpj, read_supplier
from vendor_tracker.importing.tables import (
    Formula,
    Line,
    Table,
    day_of,
    decode,
    delimiters_of,
    read_csv,
    read_xlsx,
    without_separator_line,
)
from vendor_tracker.importing.template import template_xlsx
from vendor_tracker.importing.values import echo, fold, parse_code, plain_text, verbatim_text

__all__ = ["read_spreadsheet", "template_xlsx"]

HEADER_WITHIN = 30
"""Lines among which the header is looked for."""
_KNOWN_HEADERS = 2
"""A line with fewer known headers is a title, not a header."""

_FORMULA = "A célula tem uma fórmula sem resultado salvo. Abra a planilha, salve-a e envie outra vez."
_BETWEEN_DAYS = re.compile(r" +(?:a|à|até|ate|-|–|—) +", re.IGNORECASE)

_KIND_BLANK = "O tipo de instrumento está em branco. O acordo foi lido como contrato; confira."
_KIND_UNKNOWN = f"O tipo de instrumento não é conhecido. Use um destes: {', '.join(KIND_CHOICES)}."
_REGIME_UNKNOWN = f"O regime não é conhecido e foi sugerido pelo nome. Use um destes: {', '.join(REGIME_CHOICES)}."
_NUMBER_MISSING = "O número do instrumento está em branco."
_NUMBER_IS_DAY = (
    "O número do instrumento virou uma data na planilha. Formate a coluna como texto e escreva o número outra vez."
)
_PNCP_WRONG = "O número de controle do PNCP não tem a forma esperada (CNPJ-2-000000/ano) e ficou em branco."
_UNKNOWN_COLUMN = "A coluna não é conhecida e não foi lida."
_REPEATED_COLUMN = "Outra coluna à esquerda já traz esta informação. Esta não foi lida."


def read_spreadsheet(data: bytes, filename: str = "", *, include_empenhos: bool = False) -> ImportFile:
    """Read the first sheet that has a known header. The name of the file only helps with messages.

    Raises ``UnreadableFile`` when there is no such sheet or a required column is missing.
    """
    if not data.strip():
        raise UnreadableFile("O arquivo está vazio. Confira e envie outra vez.")
    tables = read_xlsx(data) if data[:2] == b"PK" else iter(_csv_tables(data))
    for table in tables:
        header = _header_of(table)
        if header is not None:
            return _read(table, header, include_empenhos=include_empenhos)
    where = f"“{plain_text(filename, 80)}”" if filename else "O arquivo"
    raise UnreadableFile(
        f"{where} não tem uma linha de cabeçalho conhecida. Use o modelo de planilha, com as colunas "
        f"{' e '.join(f'“{column.title}”' for column in COLUMNS if column.required)}."
    )


def _csv_tables(data: bytes) -> list[Table]:
    text, stated = without_separator_line(decode(data))
    marks = (stated,) if stated else delimiters_of(text)
    tables = [read_csv(text, mark) for mark in marks]
    # The delimiter that shows the most known headers is the right one; ``max`` keeps the first of equals.
    return [max(tables, key=lambda table: max((_known(line) for line in table.lines[:HEADER_WITHIN]), default=0))]


def _known(line: Line) -> int:
    found = {column.key for cell in line.cells if isinstance(cell, str) and (column := column_for(_title(cell)))}
    return len(found)


def _title(cell: object) -> str:
    return plain_text(cell).rstrip("*: ")


def _header_of(table: Table) -> Line | None:
    """The line with the most known headers among the first ones."""
    best = max(table.lines[:HEADER_WITHIN], key=_known, default=None)
    return best if best is not None and _known(best) >= _KNOWN_HEADERS else None


def _read(table: Table, header: Line, *, include_empenhos: bool) -> ImportFile:
    findings = Findings()
    places = _places(header, findings)
    missing = [column.title for column in COLUMNS if column.required and column.key not in places]
    if missing:
        plural = "as colunas" if len(missing) > 1 else "a coluna"
        raise UnreadableFile(
            f"Falta na planilha {plural} {' e '.join(f'“{title}”' for title in missing)}. Use o modelo de planilha."
        )
    lines = [line for line in table.lines if line.number > header.number and not _is_help(line)]
    candidates: list[Candidate] = []
    for line in lines:
        record = {key: line.cells[place] if place < len(line.cells) else None for key, place in places.items()}
        if all(value is None for value in record.values()):
            continue
        candidates.append(Candidate(line.number, _key(record), None, record))
    agreements = [
        agreement
        for candidate in latest_of_each(candidates, findings)
        if (agreement := _agreement(candidate, findings, include_empenhos=include_empenhos)) is not None
    ]
    return ImportFile(
        source="spreadsheet", agreements=tuple(agreements), problems=findings.sorted(), read=len(candidates)
    )


def _places(header: Line, findings: Findings) -> dict[str, int]:
    """Where each known column stands; a warning for each one that is unknown or comes twice."""
    places: dict[str, int] = {}
    for place, cell in enumerate(header.cells):
        title = _title(cell)
        if not title:
            continue
        column = column_for(title)
        if column is None:
            findings.warn(header.number, _UNKNOWN_COLUMN, echo(title), echo(title))
        elif column.key in places:
            findings.warn(header.number, _REPEATED_COLUMN, echo(title), echo(title))
        else:
            places[column.key] = place
    return places


def _is_help(line: Line) -> bool:
    first = next((cell for cell in line.cells if cell is not None), None)
    return isinstance(first, str) and first.startswith(HELP_MARK)


def _key(record: dict[str, Any]) -> str:
    """What makes two lines the same agreement: the PNCP number, or else the other party and the number."""
    pncp = read_pncp_id(record.get("pncp"))
    if pncp:
        return pncp
    number, party = _number(record), plain_text(record.get("identifier"))
    return f"{parse_cnpj(party) or fold(party)}:{number}" if number and party else ""


def _number(record: dict[str, Any]) -> str:
    value = record.get("number")
    if isinstance(value, (date, Formula)):
        return ""
    number, year = parse_code(value), parse_code(record.get("year"))
    return f"{number}/{year}" if number.isascii() and number.isdigit() and year else number


def _agreement(candidate: Candidate, findings: Findings, *, include_empenhos: bool) -> ImportedAgreement | None:
    number = _number(candidate.record)
    row = Row(findings, candidate.row, number)
    record = _computed(candidate.record, row)
    if not number:
        reason = _NUMBER_IS_DAY if isinstance(candidate.record.get("number"), date) else _NUMBER_MISSING
        row.reject(reason, "Número do instrumento", echo(record.get("number")))
        return None
    type_name = plain_text(record.get("kind"))
    kind = kind_of(type_name) if type_name else AgreementKind.CONTRATO
    if kind is None:
        row.reject(_KIND_UNKNOWN, "Tipo de instrumento", echo(type_name))
        return None
    empenho = is_empenho(type_name)
    if empenho and not include_empenhos:
        row.skip(EMPENHO_SKIPPED, "Tipo de instrumento", echo(type_name))
        return None
    regime, person = _regime(record.get("regime"), row)
    supplier = read_supplier(record.get("identifier"), record.get("name"), person, record.get("country"), regime)
    if supplier.operator is None:
        add = row.skip if supplier.severity == "skipped" else row.reject
        add(supplier.reason, "CNPJ do operador", supplier.read)
        return None
    days = {key: day_of(record.get(key)) for key in ("signed", "starts", "ends", "published")}
    dates = read_dates(row, _split_term(days), serial=True)
    if dates is None:
        return None
    for warning in supplier.warnings:
        row.warn(warning, "operador")
    if not type_name:
        row.warn(_KIND_BLANK, "Tipo de instrumento")
    pncp_id = read_pncp_id(record.get("pncp"))
    if pncp_id is None and record.get("pncp") is not None:
        row.warn(_PNCP_WRONG, "Nº de controle PNCP", echo(record.get("pncp")))
    text = verbatim_text(record.get("object"))
    if not text:
        row.warn(OBJECT_BLANK, "Objeto")
    return ImportedAgreement(
        row=candidate.row,
        pncp_id=pncp_id,
        external_id=pncp_id or f"{supplier.operator.cnpj or supplier.operator.foreign_id}:{number}",
        kind=kind,
        number=number,
        sei_process=plain_text(record.get("process")),
        unit_code=parse_code(record.get("unit_code"), 6),
        unit_name=plain_text(record.get("unit_name")),
        object=text,
        signed_on=dates.signed_on,
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        value=read_value(row, record.get("value")),
        operator=supplier.operator,
        published_on=dates.published_on,
        is_empenho=empenho,
        body_cnpj=parse_cnpj(pncp_id[:14]) if pncp_id else None,
        source="spreadsheet",
        updated_at=None,
    )


def _split_term(days: dict[str, object]) -> dict[str, object]:
    """The days with a term written in one cell (``01/02/2026 a 31/01/2028``) taken apart, if there is no start."""
    ends = days["ends"]
    if days["starts"] is None and isinstance(ends, str):
        first, mark, second = (part.strip() for part in _BETWEEN_DAYS.sub("|", ends, count=1).partition("|"))
        if mark and first and second:
            return {**days, "starts": first, "ends": second}
    return days


def _computed(record: dict[str, Any], row: Row) -> dict[str, Any]:
    """The record with blanks for the formulas that have no result, each with its warning."""
    titles = {column.key: column.title for column in COLUMNS}
    for key, value in record.items():
        if isinstance(value, Formula):
            row.warn(_FORMULA, titles[key], value.text)
    return {key: None if isinstance(value, Formula) else value for key, value in record.items()}


_REGIMES = {
    "privado": Regime.PRIVATE,
    "privada": Regime.PRIVATE,
    "direito privado": Regime.PRIVATE,
    "publico": Regime.PUBLIC,
    "publica": Regime.PUBLIC,
    "direito publico": Regime.PUBLIC,
    "estrangeiro": Regime.FOREIGN,
    "estrangeira": Regime.FOREIGN,
}
_PERSONS = {
    "pj": "PJ",
    "pf": "PF",
    "pe": "PE",
    "pessoa juridica": "PJ",
    "pessoa fisica": "PF",
    "pessoa estrangeira": "PE",
}


def _regime(value: object, row: Row) -> tuple[Regime | None, str]:
    """The regime and the kind of person that one column states; both are written in it by different people."""
    word = fold(plain_text(value))
    if not word:
        return None, ""
    if word in _PERSONS:
        return None, _PERSONS[word]
    regime = _REGIMES.get(word)
    if regime is None:
        row.warn(_REGIME_UNKNOWN, "Regime do operador", echo(value))
    return regime, "PE" if regime is Regime.FOREIGN else ""
