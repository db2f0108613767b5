"""The matrix of the painel as CSV and as a workbook. Lines are written as they come, and no text is ever a formula."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from typing import IO

import xlsxwriter

from contracts.vocabulary import INCISOS

COLUMNS: tuple[tuple[str, int], ...] = (
    ("Operador", 40),
    ("Instrumento", 22),
    ("Número", 16),
    ("Momento do acordo", 18),
    *((inciso, 16) for inciso in INCISOS),
    ("Pontos", 8),
    ("Exposição", 12),
    ("Próximo prazo", 14),
)
"""Titles and widths in characters."""

LONGEST_CELL = 32_000
"""A little less than the characters that a cell of Excel holds."""


@dataclass(frozen=True, slots=True)
class SheetHead:
    """What the workbook says of itself; the moment is São Paulo's, without zone, as spreadsheets keep it."""

    title: str
    judged_on: date
    made_at: datetime
    filters: Sequence[tuple[str, str]]
    """Each filter and its value, in words."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One agreement, in the words of the page."""

    operator: str
    kind: str
    number: str
    stage: str
    verdicts: Sequence[str]
    score: int | None
    exposure: str
    next_due_on: date | None


def write_csv(out: IO[bytes], lines: Iterable[SheetLine]) -> int:
    """Write the lines, separated by semicolons and in UTF-8 with its mark; return how many there were."""
    text = TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text, delimiter=";")
    writer.writerow([title for title, _ in COLUMNS])
    number = 0
    for line in lines:
        number += 1
        words = (line.operator, line.kind, line.number, line.stage, *line.verdicts)
        writer.writerow(
            [
                *(inert(_printable(word)) for word in words),
                "" if line.score is None else line.score,
                inert(line.exposure),
                f"{line.next_due_on:%d/%m/%Y}" if line.next_due_on else "",
            ]
        )
    text.flush()
    text.detach()
    return number


def inert(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula when it opens a CSV."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def write_xlsx(out: IO[bytes], folder: str, head: SheetHead, lines: Iterable[SheetLine]) -> int:
    """Write the workbook, keeping its parts in ``folder`` meanwhile; return how many lines there were."""
    book = xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    try:
        book.set_properties({"title": head.title, "created": head.made_at})
        bold = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"})
        sheet = book.add_worksheet("Painel")
        for place, (title, width) in enumerate(COLUMNS):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, title, bold)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        number = 0
        after = 4 + len(INCISOS)
        for line in lines:
            number += 1
            words = (line.operator, line.kind, line.number, line.stage, *line.verdicts)
            for place, word in enumerate(words):
                if word:
                    sheet.write_string(number, place, _printable(word)[:LONGEST_CELL])
            if line.score is not None:
                sheet.write_number(number, after, line.score)
            sheet.write_string(number, after + 1, line.exposure)
            if line.next_due_on is not None:
                sheet.write_datetime(number, after + 2, line.next_due_on, day)
        sheet.autofilter(0, 0, max(number, 1), len(COLUMNS) - 1)
        about = book.add_worksheet("Filtros")
        about.set_column(0, 0, 26)
        about.set_column(1, 1, 60)
        about.write_string(0, 0, "Situação em", bold)
        about.write_datetime(0, 1, head.judged_on, day)
        about.write_string(1, 0, "Planilha feita em", bold)
        about.write_datetime(1, 1, head.made_at, moment)
        about.write_string(2, 0, "Acordos", bold)
        about.write_number(2, 1, number)
        for row, (name, value) in enumerate(head.filters, start=3):
            about.write_string(row, 0, name, bold)
            about.write_string(row, 1, _printable(value)[:LONGEST_CELL])
    finally:
        book.close()
    return number


def _printable(words: str) -> str:
    """Return the words without the control signs that no spreadsheet may hold."""
    return "".join(sign for sign in words if sign in "\t\n" or sign >= " ")
