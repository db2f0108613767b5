"""The extract for the register of processing operations (Ropa): one line an agreement, as CSV or as a spreadsheet.

The columns follow art. 27, parágrafo único, of the Portaria, with what identifies the operation (LGPD, art. 37). What
is not on record is printed as such, and the last column names it by its inciso: a gap is never an empty cell.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import xlsxwriter

from contracts.vocabulary import AgreementKind, DataCategory, Role, SubjectGroup, VolumeBand
from vendor_tracker.wording.filters import cnpj, day, join_and
from vendor_tracker.wording.labels import NOT_INFORMED, label
from vendor_tracker.wording.plurals import counted
from vendor_tracker.wording.register import country

COLUMNS: tuple[tuple[str, int], ...] = (
    ("Acordo", 26),
    ("Outra parte", 34),
    ("CNPJ ou identificação", 20),
    ("Unidade responsável", 26),
    ("Papel no tratamento (art. 13)", 22),
    ("Vigência", 24),
    ("Base legal (I)", 40),
    ("Categorias de dados (II)", 40),
    ("Dados sensíveis (II)", 14),
    ("Crianças e adolescentes (II)", 16),
    ("Titulares (II)", 40),
    ("Quantidade de titulares", 22),
    ("Finalidade (III)", 44),
    ("Função judicial ou política pública", 40),
    ("Mecanismos de conformidade (IV)", 44),
    ("Análise de minimização (V)", 40),
    ("Destinação após o tratamento (VI)", 40),
    ("Compartilhamentos (VII)", 44),
    ("Transferência internacional (VII)", 30),
    ("Última revisão dos dados (art. 6º, V)", 18),
    ("O que falta", 50),
)
"""Titles and widths in characters. The numerals are the incisos of art. 27, parágrafo único."""

LONGEST_CELL = 32_000
"""A little less than the characters that a cell of Excel holds."""


@dataclass(frozen=True, slots=True)
class RopaLine:
    """A processing operation: an agreement and what is on record about the data; ``None`` is what nobody told us."""

    agreement_id: int
    kind: AgreementKind
    label: str
    operator: str
    cnpj: str | None
    foreign_id: str | None
    unit: str
    role: Role | None
    role_approved: bool
    starts_on: date | None
    ends_on: date | None
    legal_basis: str
    categories: tuple[DataCategory, ...]
    sensitive: bool | None
    children: bool | None
    groups: tuple[SubjectGroup, ...]
    volume: VolumeBand | None
    purpose: str
    public_function: str
    guarantees: str
    minimisation: str
    destination: str
    disposal_days: int | None
    sub_operators: tuple[tuple[str, str], ...]
    """Name and country of those who take part."""
    uses_sub_operators: bool | None
    international_transfer: bool | None
    countries: tuple[str, ...]
    reviewed_on: date | None


GAPS: Mapping[str, str] = {
    "legal_basis": "I, base legal",
    "categories": "II, categorias de dados",
    "groups": "II, titulares",
    "sensitive": "II, dados sensíveis",
    "children": "II, crianças e adolescentes",
    "purpose": "III, finalidade",
    "guarantees": "IV, mecanismos de conformidade",
    "minimisation": "V, análise de minimização",
    "destination": "VI, destinação após o tratamento",
    "sub_operators": "VII, suboperadores",
    "transfer": "VII, transferência internacional",
}
"""What art. 27, parágrafo único, asks for, by inciso, in the order of the law."""


def gaps(line: RopaLine) -> tuple[str, ...]:
    """Return what the record of an agreement lacks: keys of :data:`GAPS`, in their order."""
    held = {
        "legal_basis": bool(line.legal_basis),
        "categories": bool(line.categories),
        "groups": bool(line.groups),
        "sensitive": line.sensitive is not None,
        "children": line.children is not None,
        "purpose": bool(line.purpose),
        "guarantees": bool(line.guarantees),
        "minimisation": bool(line.minimisation),
        "destination": bool(line.destination) or line.disposal_days is not None,
        "sub_operators": bool(line.sub_operators) or line.uses_sub_operators is not None,
        "transfer": line.international_transfer is not None,
    }
    return tuple(key for key in GAPS if not held[key])


def cells(line: RopaLine) -> tuple[str, ...]:
    """Return the texts of a line, one a column; dates are printed as people read them."""
    role = NOT_INFORMED
    if line.role is not None:
        waits = line.role is not Role.OPERATOR and not line.role_approved
        role = label(line.role) + (" (aguarda aprovação)" if waits else "")
    term = NOT_INFORMED
    if line.starts_on is not None:
        term = f"{day(line.starts_on)} a {day(line.ends_on) if line.ends_on else 'prazo indeterminado'}"
    return (
        line.label,
        line.operator,
        cnpj(line.cnpj) if line.cnpj else line.foreign_id or NOT_INFORMED,
        line.unit or NOT_INFORMED,
        role,
        term,
        line.legal_basis or NOT_INFORMED,
        _list(line.categories),
        _yes_no(line.sensitive),
        _yes_no(line.children),
        _list(line.groups),
        label(line.volume) if line.volume is not None else NOT_INFORMED,
        line.purpose or NOT_INFORMED,
        line.public_function or NOT_INFORMED,
        line.guarantees or NOT_INFORMED,
        line.minimisation or NOT_INFORMED,
        _destination(line),
        _shared(line),
        _transfer(line),
        day(line.reviewed_on) if line.reviewed_on else NOT_INFORMED,
        "; ".join(GAPS[key] for key in gaps(line)) or "Nada falta",
    )


def _list(members: Sequence[DataCategory] | Sequence[SubjectGroup]) -> str:
    return "; ".join(label(member) for member in members) or NOT_INFORMED


def _yes_no(answer: bool | None) -> str:
    return NOT_INFORMED if answer is None else "Sim" if answer else "Não"


def _destination(line: RopaLine) -> str:
    said = [line.destination] if line.destination else []
    if line.disposal_days is not None:
        days = counted(line.disposal_days, "dia", "dias")
        said.append(f"O instrumento dá {days} após o fim para descartar ou devolver os dados.")
    return " ".join(said) or NOT_INFORMED


def _shared(line: RopaLine) -> str:
    if line.sub_operators:
        names = join_and(name + (f" ({country(code)})" if code != "BR" else "") for name, code in line.sub_operators)
        return f"{line.operator.rstrip('.')}, com suboperadores: {names}"
    if line.uses_sub_operators is False:
        return f"{line.operator.rstrip('.')}, sem suboperadores"
    return f"{line.operator.rstrip('.')}; suboperadores: {NOT_INFORMED}"


def _transfer(line: RopaLine) -> str:
    if line.international_transfer is None:
        return NOT_INFORMED
    if not line.international_transfer:
        return "Não"
    return "Sim: " + (join_and(country(code) for code in line.countries) or f"países: {NOT_INFORMED}")


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def csv_text(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[str]:
    """Give a CSV a line at a time: semicolons, as Brazilian spreadsheets read them, and a mark that says UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow(heads)
    for line in lines:
        yield out.getvalue()
        out.seek(0)
        out.truncate()
        writer.writerow([plain(text) for text in line])
    yield out.getvalue()


def write_workbook(path: Path, folder: str, lines: Iterable[RopaLine], *, body: str, on: date) -> None:
    """Write the extract to ``path`` as XLSX, its parts in ``folder`` meanwhile; a second sheet tells how to read it."""
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": "Extrato para o registro de operações de tratamento", "author": body})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    missing = book.add_format({"text_wrap": True, "valign": "top", "italic": True, "font_color": "#a1201c"})
    head = book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
    sheet = book.add_worksheet("Operações")
    for place, (title, width) in enumerate(COLUMNS):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, head)
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    row = 0
    for line in lines:
        row += 1
        for place, value in enumerate(cells(line)):
            lacks = value == NOT_INFORMED or (place == len(COLUMNS) - 1 and value != "Nada falta")
            sheet.write_string(row, place, value[:LONGEST_CELL], missing if lacks else text)
    sheet.autofilter(0, 0, max(1, row), len(COLUMNS) - 1)
    about = book.add_worksheet("Como ler")
    about.set_column(0, 0, 110)
    for place, sentence in enumerate(
        (
            f"Extrato dos acordos de {body} em {day(on)}, para o registro de operações de tratamento (Ropa).",
            "Os números romanos nos títulos são os incisos do art. 27, parágrafo único, da Portaria nº 369/2025.",
            f"“{NOT_INFORMED}” quer dizer que ninguém registrou o dado: não é um “não”.",
            "A análise de minimização e a destinação vêm da última revisão dos dados (art. 6º, V).",
            "O extrato é interno: traz também o que o portal público retém.",
        )
    ):
        about.write_string(place, 0, sentence, text)
    book.close()
