"""What an import looks up, a whole file at a time, and the files that were read."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vendor_tracker.store.chunks import chunks
from vendor_tracker.store.tables import Agreement, AgreementRevision, ImportBatch, Operator, Unit, User


def operators_by_cnpj(session: Session, numbers: Collection[str]) -> dict[str, Operator]:
    """Return the operators on record among these CNPJs."""
    found: dict[str, Operator] = {}
    for some in chunks(numbers):
        found |= {str(row.cnpj): row for row in session.scalars(select(Operator).where(Operator.cnpj.in_(some)))}
    return found


def operators_by_foreign_id(session: Session, numbers: Collection[str]) -> dict[str, Operator]:
    """Return the foreign operators on record among these identifications."""
    found: dict[str, Operator] = {}
    for some in chunks(numbers):
        rows = session.scalars(select(Operator).where(Operator.foreign_id.in_(some)))
        found |= {str(row.foreign_id): row for row in rows}
    return found


def agreements_by(session: Session, column: Any, values: Collection[Any]) -> list[Agreement]:
    """Return the agreements whose ``column`` is one of the values."""
    found: list[Agreement] = []
    for some in chunks(values):
        found += session.scalars(select(Agreement).where(column.in_(some)).order_by(Agreement.id))
    return found


def revisions_of(session: Session, agreement_ids: Collection[int]) -> dict[int, list[AgreementRevision]]:
    """Return every revision of some agreements, by agreement, in the order in which they were recorded."""
    found: dict[int, list[AgreementRevision]] = {}
    for some in chunks(agreement_ids):
        rows = session.scalars(
            select(AgreementRevision).where(AgreementRevision.agreement_id.in_(some)).order_by(AgreementRevision.id)
        )
        for row in rows:
            found.setdefault(row.agreement_id, []).append(row)
    return found


def units_by_code(session: Session, codes: Collection[str]) -> dict[str, Unit]:
    """Return the units with these codes."""
    found: dict[str, Unit] = {}
    for some in chunks(codes):
        found |= {row.code: row for row in session.scalars(select(Unit).where(Unit.code.in_(some)))}
    return found


class BatchLine(NamedTuple):
    """A file on the page of imports."""

    id: int
    source: str
    file_name: str
    recorded_at: datetime
    by: str
    applied_at: datetime | None
    read: int


def batches(session: Session, *, offset: int, limit: int) -> tuple[list[BatchLine], int]:
    """Return a page of the files that were read, the newest first, and how many there are."""
    statement = (
        select(
            ImportBatch.id,
            ImportBatch.source,
            ImportBatch.file_name,
            ImportBatch.recorded_at,
            func.coalesce(User.name, ""),
            ImportBatch.applied_at,
            ImportBatch.preview["read"].as_integer(),
        )
        .outerjoin(User, User.id == ImportBatch.recorded_by_id)
        .order_by(ImportBatch.id.desc())
        .offset(offset)
        .limit(limit)
    )
    total = session.scalar(select(func.count()).select_from(ImportBatch)) or 0
    return [BatchLine._make(row) for row in session.execute(statement)], total


def batch_for_update(session: Session, batch_id: int) -> ImportBatch | None:
    """Return a batch and keep it from everybody else until the transaction ends."""
    return session.scalar(select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update())
