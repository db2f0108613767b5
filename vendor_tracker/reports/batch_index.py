"""The index of a batch: one line an agreement, with its document or the reason why it has none.

Every text is written as text, so that no spreadsheet takes a name that begins with "=" for a formula. Lines go to disk
as they come, and the same lines give the same bytes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import xlsxwriter

COLUMNS: tuple[tuple[str, int], ...] = (
    ("Nº", 6),
    ("Instrumento", 30),
    ("Operador", 36),
    ("Resultado", 18),
    ("Motivo", 48),
    ("Cláusulas", 60),
    ("Dados em branco", 48),
    ("Emitido em", 12),
    ("Código de verificação", 22),
    ("SHA-256 do documento", 66),
    ("Arquivo", 48),
)
"""Titles and widths in characters."""

RESULTS = {"done": "Emitido", "skipped": "Deixado de fora", "failed": "Falhou", "pending": "Não iniciado"}
LONGEST_CELL = 32_000
"""A little less than the characters that a cell of Excel holds."""


@dataclass(frozen=True, slots=True)
class IndexHead:
    """What the second sheet says of the batch; the moment is São Paulo's, without zone, as spreadsheets keep it."""

    number: int
    filter_words: str
    asked_by: str
    asked_at: datetime
    cancelled: bool
    total: int
    done: int
    skipped: int
    failed: int


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One agreement."""

    position: int
    label: str
    operator: str
    state: str
    reason: str
    clauses: tuple[str, ...]
    missing: tuple[str, ...]
    issued_on: date | None
    code: str
    sha256: str
    file_name: str


class IndexWriter:
    """Writes the index to ``path``, keeping its parts in ``folder`` until it is closed."""

    def __init__(self, path: Path, folder: str, head: IndexHead) -> None:
        """Begin the workbook."""
        self._head = head
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self._book.set_properties(
            {"title": f"Lote {head.number}: índice", "created": head.asked_at, "comments": head.filter_words[:250]}
        )
        self._text = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._day = self._book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})
        self._moment = self._book.add_format({"num_format": "dd/mm/yyyy hh:mm", "valign": "top", "align": "left"})
        self._title = self._book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self._sheet = self._book.add_worksheet("Índice")
        self._rows = 0
        self._closed = False
        for place, (title, width) in enumerate(COLUMNS):
            self._sheet.set_column(place, place, width)
            self._sheet.write_string(0, place, title, self._title)
        self._sheet.freeze_panes(1, 2)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.repeat_rows(0)
        self._sheet.fit_to_pages(1, 0)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close what is open, so that no part is left on the disk."""
        self.close()

    def line(self, line: IndexLine) -> None:
        """Write the next agreement."""
        self._rows += 1
        row = self._rows
        self._sheet.write_number(row, 0, line.position, self._text)
        texts = (
            (1, line.label),
            (2, line.operator),
            (3, RESULTS[line.state]),
            (4, line.reason),
            (5, "; ".join(line.clauses)),
            (6, "; ".join(line.missing)),
        )
        for place, words in texts:
            self._write(row, place, words)
        if line.issued_on is not None:
            self._sheet.write_datetime(row, 7, line.issued_on, self._day)
        for place, words in ((8, line.code), (9, line.sha256), (10, line.file_name)):
            self._write(row, place, words)

    def _write(self, row: int, place: int, words: str) -> None:
        if words:
            self._sheet.write_string(row, place, _printable(words)[:LONGEST_CELL], self._text)

    def close(self) -> None:
        """Write the second sheet and finish the file; a second time does nothing."""
        if self._closed:
            return
        self._closed = True
        self._sheet.autofilter(0, 0, max(self._rows, 1), len(COLUMNS) - 1)
        sheet, head = self._book.add_worksheet("Lote"), self._head
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 80)
        lines: tuple[tuple[str, str | int | datetime], ...] = (
            ("Lote", head.number),
            ("Documento", "Termo aditivo de proteção de dados pessoais, só com o que falta em cada instrumento"),
            ("Filtro", head.filter_words),
            ("Pedido por", head.asked_by or "Linha de comando"),
            ("Pedido em", head.asked_at),
            ("Situação", "Cancelado antes do fim" if head.cancelled else "Concluído"),
            ("Acordos no filtro", head.total),
            ("Termos emitidos", head.done),
            ("Deixados de fora", head.skipped),
            ("Com falha", head.failed),
            ("Como verificar", "Qualquer pessoa confere um documento pelo código, na página /verificar, sem senha."),
        )
        for row, (name, value) in enumerate(lines):
            sheet.write_string(row, 0, name, self._title)
            if isinstance(value, datetime):
                sheet.write_datetime(row, 1, value, self._moment)
            elif isinstance(value, int):
                sheet.write_number(row, 1, value, self._text)
            else:
                sheet.write_string(row, 1, _printable(value)[:LONGEST_CELL], self._text)
        self._book.close()


def _printable(words: str) -> str:
    """Return the words without the control signs that no spreadsheet may hold."""
    return "".join(sign for sign in words if sign in "\t\n" or sign >= " ")
