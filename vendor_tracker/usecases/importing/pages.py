"""The pages of an import: where a file is handed in, and one that was read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vendor_tracker.importing.spreadsheet import template_xlsx
from vendor_tracker.store import imports
from vendor_tracker.store.imports import BatchLine
from vendor_tracker.store.tables import ImportBatch, User
from vendor_tracker.usecases.importing.names import ATTENTION, OUTCOMES, SOURCE_NAMES
from vendor_tracker.usecases.importing.results import PreviewRow, RowChange
from vendor_tracker.usecases.work import NotFoundError, look

PAGE_SIZE = 50
HISTORY_SIZE = 20


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """Where a file is handed in, and those that were."""

    title: str
    batches: tuple[BatchLine, ...]
    total: int
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A file that was read: before it is applied, what would happen; afterwards, what did."""

    title: str
    id: int
    source: str
    file_name: str
    sha256: str
    recorded_at: datetime
    recorded_by: str
    applied_at: datetime | None
    read: int
    counts: Mapping[str, int]
    """Rows by outcome."""
    new_operators: int
    warnings: int
    rows: tuple[PreviewRow, ...]
    total: int
    number: int
    size: int
    shown: str
    """The filter: an outcome, ``warnings`` or empty for all."""
    nothing_to_do: bool
    is_terms: bool


def index(*, number: int = 1, size: int = HISTORY_SIZE) -> ImportsPage:
    """Return the page where files are handed in, with those that were."""
    with look() as session:
        batches, total = imports.batches(session, offset=(number - 1) * size, limit=size)
    return ImportsPage("Importar acordos", tuple(batches), total, number, size)


def show(*, batch_id: int, shown: str = "", number: int = 1, size: int = PAGE_SIZE) -> BatchPage:
    """Return a file that was read: its preview, or what applying it did. Raises :class:`NotFoundError`.

    ``shown`` keeps only the rows of one outcome, or those with something to look at (``warnings``).
    """
    with look() as session:
        batch = session.get(ImportBatch, batch_id)
        if batch is None:
            raise NotFoundError("Não há essa importação.")
        by = session.get(User, batch.recorded_by_id) if batch.recorded_by_id is not None else None
        preview: Any = batch.preview
        result: Any = batch.result
        packed = result["rows"] if result else preview["rows"]
        rows = [
            PreviewRow(
                **{
                    **row,
                    "reasons": tuple(row["reasons"]),
                    "changes": tuple(RowChange(**change) for change in row["changes"]),
                }
            )
            for row in packed
        ]
        # What needs a person comes first; within each outcome, the order of the file.
        rows.sort(key=lambda row: (ATTENTION.index(row.outcome), row.row))
        counts = Counter(row.outcome for row in rows)
        doubtful = [row for row in rows if row.reasons and row.outcome in {"create", "update", "unchanged"}]
        wanted = doubtful if shown == "warnings" else [row for row in rows if shown in {"", row.outcome}]
        if shown not in {*OUTCOMES, "warnings"}:
            shown, wanted = "", rows
        total = len(wanted)
        number = min(number, max(1, (total + size - 1) // size))
        return BatchPage(
            title="Resultado da importação" if batch.applied_at else "Conferir antes de gravar",
            id=batch.id,
            source=SOURCE_NAMES.get(batch.source, batch.source),
            file_name=batch.file_name,
            sha256=batch.sha256,
            recorded_at=batch.recorded_at,
            recorded_by=by.name if by is not None else "",
            applied_at=batch.applied_at,
            read=preview["read"],
            counts={outcome: counts[outcome] for outcome in OUTCOMES},
            new_operators=result["created"]["operators"] if result else preview["new_operators"],
            warnings=len(doubtful),
            rows=tuple(wanted[(number - 1) * size : number * size]),
            total=total,
            number=number,
            size=size,
            shown=shown,
            nothing_to_do=not (counts["create"] or counts["update"]),
            is_terms=bool(preview["terms"]),
        )


def template() -> bytes:
    """Return the model spreadsheet (XLSX)."""
    return template_xlsx()
