"""Bytes of a spreadsheet (XLSX or CSV) to a plain grid of cells, within limits."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel

from vendor_tracker.importing.rows import UnreadableFile
from vendor_tracker.importing.values import plain_text

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_BLANK_RUN = 500
"""So many blank lines in a row end the reading: formatted but empty lines go on to the millionth."""

MAX_ENTRIES = 2_000
MAX_UNCOMPRESSED = 80 * 1024 * 1024
MAX_RATIO = 120
"""Uncompressed over compressed. Real spreadsheets stay below 40; a decompression bomb is near 1,000."""

_FORMULA_BLANK = "fórmula sem resultado salvo"


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell whose formula has no stored result, because the file was made by a program and never opened."""

    text: str = _FORMULA_BLANK


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not blank."""

    number: int
    """As the spreadsheet program numbers it, from 1."""
    cells: tuple[Any, ...]
    """str, int, float, bool, date, datetime, ``Formula`` or None."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet; a CSV is one sheet without a name."""

    name: str
    lines: tuple[Line, ...]


# XLSX ----------------------------------------------------------------------------------------------------------------


def check_zip(data: bytes) -> None:
    """Refuse what is no XLSX or would not fit in memory, before anything is unpacked. Raises ``UnreadableFile``."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"A planilha passa de {MAX_BYTES // 1024 // 1024} MB. Divida-a e envie em partes.")
    damaged = UnreadableFile("A planilha está danificada. Abra-a no seu programa, salve-a como XLSX e envie outra vez.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_names([entry.filename for entry in entries])
            total = sum(entry.file_size for entry in entries)
            packed = sum(entry.compress_size for entry in entries) or 1
            if len(entries) > MAX_ENTRIES or total > MAX_UNCOMPRESSED or total / packed > MAX_RATIO:
                raise UnreadableFile(
                    "A planilha se expande além do permitido ao ser aberta e foi recusada por segurança."
                )
            if any(entry.flag_bits & 1 for entry in entries):
                raise UnreadableFile("A planilha está protegida por senha. Retire a senha e envie outra vez.")
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(entry) as part:
                        head = part.read(4096)
                    # Office never writes a document type; whoever does wants entities expanded.
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        raise UnreadableFile("A planilha traz conteúdo que não é aceito e foi recusada por segurança.")
    except UnreadableFile:
        raise
    except Exception:  # noqa: BLE001, zipfile answers a damaged archive with a dozen kinds of exception.
        raise damaged from None


def _check_names(names: list[str]) -> None:
    if "xl/workbook.xml" in names or any(name.startswith("xl/") for name in names):
        return
    if any(name.startswith("word/") for name in names):
        raise UnreadableFile("O arquivo é um documento de texto (DOCX). Envie uma planilha XLSX ou CSV.")
    if "content.xml" in names:
        raise UnreadableFile("O arquivo é uma planilha ODS. Salve-a como XLSX ou CSV e envie outra vez.")
    raise UnreadableFile("O arquivo é um ZIP, não uma planilha. Extraia o conteúdo e envie só a planilha XLSX ou CSV.")


def read_xlsx(data: bytes) -> Iterator[Table]:
    """Each sheet of an XLSX, values instead of formulas, read only when asked for. Raises ``UnreadableFile``."""
    check_zip(data)
    try:
        yield from _sheets(data)
    except UnreadableFile:
        raise
    except Exception:  # noqa: BLE001, openpyxl answers a malformed part with whatever it stumbles on.
        raise UnreadableFile(
            "A planilha não pode ser lida. Abra-a no seu programa, salve-a como XLSX e envie outra vez."
        ) from None


def _sheets(data: bytes) -> Iterator[Table]:
    # Read twice, side by side: once for the stored results, once to know which blanks are formulas never computed.
    with _quietly():
        results = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        formulas = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    old_mac = results.epoch == CALENDAR_MAC_1904
    try:
        for sheet in results.worksheets:
            twin = formulas[sheet.title]
            # The size a file declares for its sheet is often wrong, and openpyxl would believe it.
            sheet.reset_dimensions()
            twin.reset_dimensions()
            rows = zip(
                sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True),
                twin.iter_rows(max_col=MAX_COLUMNS, values_only=True),
                strict=False,
            )
            with _quietly():
                lines = tuple(_lines(_merged(values, written, old_mac=old_mac) for values, written in rows))
            yield Table(sheet.title, lines)
    finally:
        results.close()
        formulas.close()


@contextmanager
def _quietly() -> Iterator[None]:
    # openpyxl warns of styles and extensions it drops; only the cells matter here.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _merged(values: tuple[Any, ...], written: tuple[Any, ...], *, old_mac: bool) -> tuple[Any, ...]:
    cells: list[Any] = []
    for index, value in enumerate(values):
        other = written[index] if index < len(written) else None
        if value is None and other is not None:
            cells.append(Formula())
        elif old_mac and isinstance(value, (int, float)) and not isinstance(value, bool):
            cells.append(_OldMacNumber(value))
        else:
            cells.append(value)
    return tuple(cells)


class _OldMacNumber(float):
    """A number of a workbook that counts days from 1904; only a date column makes use of the difference."""


def day_of(cell: object) -> object:
    """The cell as a date column should see it: 1904 day counts made days, all else as it is."""
    if isinstance(cell, _OldMacNumber):
        moved = from_excel(float(cell), epoch=CALENDAR_MAC_1904)
        return moved.date() if isinstance(moved, datetime) else moved
    return cell


# CSV -----------------------------------------------------------------------------------------------------------------


def decode(data: bytes) -> str:
    """Text of a CSV: UTF-16 with its mark, UTF-8 with or without, else Windows-1252. Raises ``UnreadableFile``."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"O arquivo passa de {MAX_BYTES // 1024 // 1024} MB. Divida-o e envie em partes.")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    if "\x00" in text or text.count("\ufffd") > len(text) // 100:
        raise UnreadableFile("O arquivo não é um texto nem uma planilha. Envie um arquivo JSON, XLSX ou CSV.")
    return text


DELIMITERS = (";", ",", "\t")


def delimiters_of(text: str) -> tuple[str, ...]:
    """The delimiters to try, the likeliest first: the one sniffed, or ``;``, as Brazilian programs write."""
    try:
        sniffed = csv.Sniffer().sniff(text[:4096], delimiters=";,\t").delimiter
    except csv.Error:
        sniffed = ";"
    return (sniffed, *(mark for mark in DELIMITERS if mark != sniffed))


def read_csv(text: str, delimiter: str) -> Table:
    """The lines of a CSV read with one delimiter. Raises ``UnreadableFile``."""
    try:
        return Table(
            "", tuple(_lines(_unwrapped(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
        )
    except csv.Error:
        raise UnreadableFile(
            "O arquivo CSV está danificado: há uma célula grande demais ou aspas que não fecham. Salve-o novamente."
        ) from None


def without_separator_line(text: str) -> tuple[str, str | None]:
    """Blank out the ``sep=;`` line that some programs put first, and give its delimiter."""
    first, newline, rest = text.partition("\n")
    mark = first.strip().lower()
    if mark.startswith("sep=") and len(mark) == len("sep=") + 1 and mark[-1] in DELIMITERS:
        return newline + rest, mark[-1]
    return (newline + rest, "\t") if mark == "sep=" else (text, None)


def _unwrapped(row: list[str]) -> tuple[str | None, ...]:
    # ="00123" is how people keep a program from eating the zeros; the value is what stands between the quotes.
    return tuple(
        (cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else cell) or None for cell in row
    )


# Both ----------------------------------------------------------------------------------------------------------------


def _lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[Line]:
    blank = kept = 0
    for number, row in enumerate(rows, start=1):
        cells = tuple(_cell(cell) for cell in row[:MAX_COLUMNS])
        if all(cell is None for cell in cells):
            blank += 1
            if blank > MAX_BLANK_RUN:
                return
            continue
        blank = 0
        kept += 1
        if kept > MAX_ROWS:
            raise UnreadableFile(f"A planilha tem mais de {MAX_ROWS} linhas. Divida-a e envie em partes.")
        yield Line(number, cells)


def _cell(cell: object) -> object:
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if isinstance(cell, (int, float, date, datetime, Formula)) or cell is None:
        return cell
    if isinstance(cell, (time, timedelta)):
        return str(cell)
    return plain_text(str(cell)) or None
