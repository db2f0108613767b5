"""The index of the commitments of inciso VIII, as a page to read and as a table to count."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from vendor_tracker.reports.pages import write_page
from vendor_tracker.settings import Body

HEADS = (
    "nº",
    "identificação",
    "função",
    "necessidade",
    "compromisso",
    "acesso desde",
    "deixou o operador",
    "pendências",
    "arquivo",
    "SHA-256",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the pack. ``file`` is the name in the pack, or empty; ``note`` then says why there is none."""

    position: int
    label: str
    function: str
    need: str
    committed_on: date | None
    access_from: date
    left_on: date | None
    gaps: tuple[str, ...]
    file: str
    sha256: str
    note: str


@dataclass(frozen=True, slots=True)
class Head:
    """Of which agreement, under which words of the law."""

    agreement: str
    operator: str
    law: str
    citation: str
    made_at: datetime


def index_page(body: Body, head: Head, lines: Sequence[Line]) -> bytes:
    """Return the index as an HTML file of its own, in UTF-8."""
    return write_page("exhibition", body=body, head=head, lines=lines).encode()


def index_table(lines: Sequence[Line]) -> bytes:
    """Return the index as CSV: with the mark that Excel needs for accents, and no cell that it would run."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(HEADS)
    for line in lines:
        cells = (
            line.label,
            line.function,
            line.need,
            _day(line.committed_on),
            _day(line.access_from),
            _day(line.left_on),
            " ".join(line.gaps),
            line.file or line.note,
            line.sha256,
        )
        writer.writerow([line.position, *(_inert(cell) for cell in cells)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _inert(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
