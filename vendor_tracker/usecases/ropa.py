"""The extract for the register of processing operations (art. 27): every agreement that shares data, gaps visible."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from contracts.vocabulary import DataCategory, SubjectGroup, VolumeBand
from vendor_tracker import clock
from vendor_tracker.reports import ropa as report
from vendor_tracker.reports.ropa import RopaLine
from vendor_tracker.settings import Body
from vendor_tracker.store import reviews
from vendor_tracker.store import transparency as store
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.transparency import SharingRow
from vendor_tracker.usecases.transparency import ends_of
from vendor_tracker.usecases.work import look

CHUNK = 500


SHOWN = 20


@dataclass(frozen=True, slots=True)
class RopaRow:
    """A line of the page: the agreement, what identifies it, and what its record lacks."""

    agreement_id: int
    label: str
    operator: str
    unit: str
    purpose: str
    gaps: tuple[str, ...]
    """Words such as "I, base legal"."""


@dataclass(frozen=True, slots=True)
class RopaPage:
    """What the extract holds and lacks."""

    title: str
    ended: bool
    rows: tuple[RopaRow, ...]
    """The first :data:`SHOWN` lines of the extract."""
    total: int
    lacking: tuple[tuple[str, int], ...]
    """Everything that is asked, by inciso, and in how many agreements it is missing."""
    today: date


def ropa_page(*, ended: bool = False) -> RopaPage:
    """Return what the extract would hold, its first lines, and what is missing in how many of them."""
    today = clock.today()
    with look() as session:
        total, lacking = store.operation_gaps(session, ended=ended, on=today)
        lines = _lines(session, store.operations_after(session, 0, ended=ended, limit=SHOWN))
    return RopaPage(
        "Extrato para o registro de operações (Ropa)",
        ended,
        tuple(
            RopaRow(
                line.agreement_id,
                line.label,
                line.operator,
                line.unit,
                line.purpose,
                tuple(report.GAPS[key] for key in report.gaps(line)),
            )
            for line in lines
        ),
        total,
        tuple((words, lacking[key]) for key, words in report.GAPS.items()),
        today,
    )


def operations(*, ended: bool = False) -> Iterator[RopaLine]:
    """Give every processing operation, by the age of its agreement, a chunk at a time."""
    last = 0
    while True:
        with look() as session:
            rows = store.operations_after(session, last, ended=ended, limit=CHUNK)
            lines = _lines(session, rows)
        yield from lines
        if len(rows) < CHUNK:
            return
        last = rows[-1].id


def _lines(session: Session, rows: list[SharingRow]) -> list[RopaLine]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    ends = ends_of(session, rows)
    links = store.sub_operators(session, ids, clock.today())
    reviewed = reviews.newest_of(session, ids)
    lines = []
    for row in rows:
        review = reviewed.get(row.id)
        lines.append(
            RopaLine(
                agreement_id=row.id,
                kind=row.kind,
                label=agreement_label(row.kind, row.number),
                operator=row.operator,
                cnpj=row.cnpj,
                foreign_id=row.foreign_id,
                unit=row.unit,
                role=row.role,
                role_approved=row.role_approved_on is not None,
                starts_on=row.starts_on or row.signed_on,
                ends_on=ends[row.id],
                legal_basis=(row.legal_basis or "").strip(),
                categories=tuple(DataCategory(slug) for slug in row.data_categories or ()),
                sensitive=row.sensitive,
                children=row.children,
                groups=tuple(SubjectGroup(slug) for slug in row.subject_groups or ()),
                volume=None if row.volume is None else VolumeBand(row.volume),
                purpose=(row.purpose or "").strip(),
                public_function=(row.public_function or "").strip(),
                guarantees=(row.guarantees or "").strip(),
                minimisation=review.minimisation if review is not None else "",
                destination=review.destination if review is not None else "",
                disposal_days=row.disposal_term_days,
                sub_operators=tuple((link.name, link.country) for link in links.get(row.id, ())),
                uses_sub_operators=row.uses_sub_operators,
                international_transfer=row.international_transfer,
                countries=tuple(row.transfer_countries or ()),
                reviewed_on=row.reviewed_on,
            )
        )
    return lines


def as_csv(*, ended: bool = False) -> Iterator[str]:
    """Give the extract as CSV, a line at a time."""
    heads = [title for title, _ in report.COLUMNS]
    return report.csv_text(heads, (report.cells(line) for line in operations(ended=ended)))


def as_workbook(*, body: Body, ended: bool = False) -> bytes:
    """Return the extract as an XLSX file."""
    with tempfile.TemporaryDirectory(prefix="ropa-") as folder:
        path = Path(folder) / "ropa.xlsx"
        report.write_workbook(path, folder, operations(ended=ended), body=body.name, on=clock.today())
        return path.read_bytes()
