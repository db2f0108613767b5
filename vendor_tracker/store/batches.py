"""Queries about batches of documents: claiming one, its agreements in order, and how far it has come."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from vendor_tracker.store.dialects import among
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    Batch,
    BatchItem,
    IssuedDocument,
    Operator,
    StoredFile,
    Unit,
    User,
)

OPEN = ("queued", "running", "cancelling")
"""The states of a batch on which there is still work to do."""


class BatchRow(NamedTuple):
    """A batch as pages show it."""

    id: int
    kind: str
    filters: Mapping[str, object]
    filter_words: str
    repeat: bool
    state: str
    total: int
    done: int
    skipped: int
    failed: int
    asked_at: datetime
    asked_by: str
    started_at: datetime | None
    ended_at: datetime | None
    cancelled_by: str
    problem: str
    held_until: datetime | None
    file_id: int | None
    file_name: str
    size: int
    """Bytes of the archive; 0 before there is one."""
    sha256: str
    restricted: bool


class ItemRow(NamedTuple):
    """An agreement of a batch, and the document that it was given."""

    position: int
    agreement_id: int
    label: str
    number: str
    operator_id: int
    operator: str
    state: str
    reason: str
    document_id: int | None
    code: str
    sha256: str
    issued_at: datetime | None
    clauses: tuple[str, ...]
    """Ids of the clauses in the document, in order."""
    missing: tuple[str, ...]
    """Labels of the facts that the document asks for."""
    restricted: bool


class NewestDocument(NamedTuple):
    """The newest document of a kind that an agreement was given."""

    code: str
    issued_at: datetime
    covers: frozenset[str]
    clause_set_since: object


def add_items(session: Session, batch_id: int, agreement_ids: Collection[int]) -> None:
    """Put the agreements of a batch on record, in their order."""
    rows = [
        {
            "batch_id": batch_id,
            "position": position,
            "agreement_id": agreement_id,
            "state": "pending",
            "reason": "",
            "tries": 0,
        }
        for position, agreement_id in enumerate(agreement_ids, start=1)
    ]
    if rows:
        session.execute(insert(BatchItem), rows)


def any_open(session: Session, kind: str) -> bool:
    """Tell whether there is a batch of the kind with work to do, at whoever's hands."""
    return session.scalar(select(Batch.id).where(Batch.kind == kind, Batch.state.in_(OPEN)).limit(1)) is not None


def claimable(session: Session, kind: str, *, now: datetime, batch_id: int | None = None) -> Batch | None:
    """Return the oldest batch of the kind that nobody is at, held until the transaction ends.

    ``batch_id`` asks for one. One that another process is claiming at this moment is passed over.
    """
    wanted = [Batch.kind == kind, Batch.state.in_(OPEN), or_(Batch.claimed_until.is_(None), Batch.claimed_until <= now)]
    if batch_id is not None:
        wanted.append(Batch.id == batch_id)
    return session.scalar(select(Batch).where(*wanted).order_by(Batch.id).limit(1).with_for_update(skip_locked=True))


def held(session: Session, batch_id: int, worker: str) -> Batch | None:
    """Return a batch that ``worker`` still holds, for writing; ``None`` when it is another's by now."""
    return session.scalar(
        select(Batch)
        .where(Batch.id == batch_id, Batch.claimed_by == worker, Batch.state.in_(OPEN))
        .execution_options(populate_existing=True)
        .with_for_update()
    )


def for_writing(session: Session, batch_id: int, kind: str) -> Batch | None:
    """Return a batch of a kind, held until the end of the transaction."""
    return session.scalar(select(Batch).where(Batch.id == batch_id, Batch.kind == kind).with_for_update())


def same_open(session: Session, kind: str, filter_words: str) -> int | None:
    """Return the batch of the same document and filter that is still being made."""
    return session.scalar(
        select(Batch.id)
        .where(Batch.kind == kind, Batch.filter_words == filter_words, Batch.state.in_(OPEN))
        .order_by(Batch.id)
        .limit(1)
    )


def pending(session: Session, batch_id: int, *, limit: int) -> list[tuple[int, int]]:
    """Return (item, agreement) of the next items that wait, in order."""
    rows = session.execute(
        select(BatchItem.id, BatchItem.agreement_id)
        .where(BatchItem.batch_id == batch_id, BatchItem.state == "pending")
        .order_by(BatchItem.position)
        .limit(limit)
    )
    return [(item_id, agreement_id) for item_id, agreement_id in rows]


def pending_item(session: Session, item_id: int) -> BatchItem | None:
    """Return an item that still waits, held until the end of the transaction."""
    return session.scalar(
        select(BatchItem).where(BatchItem.id == item_id, BatchItem.state == "pending").with_for_update()
    )


def skip(session: Session, reasons: Mapping[int, str], *, now: datetime) -> int:
    """Write down why items are left out (item -> reason); returns how many were still waiting."""
    changed = 0
    for item_id, reason in reasons.items():
        result = session.execute(
            update(BatchItem)
            .where(BatchItem.id == item_id, BatchItem.state == "pending")
            .values(state="skipped", reason=reason, ended_at=now)
        )
        changed += result.rowcount  # type: ignore[attr-defined]
    return changed


def newest_documents(session: Session, agreement_ids: Collection[int], kind: str) -> dict[int, NewestDocument]:
    """Return, by agreement, the newest document of a kind."""
    newest = (
        select(func.max(IssuedDocument.id).label("id"))
        .where(among(session, IssuedDocument.agreement_id, agreement_ids), IssuedDocument.kind == kind)
        .group_by(IssuedDocument.agreement_id)
        .subquery()
    )
    rows = session.execute(
        select(
            IssuedDocument.agreement_id,
            IssuedDocument.code,
            IssuedDocument.recorded_at,
            IssuedDocument.covers,
            IssuedDocument.clause_set_since,
        ).join(newest, newest.c.id == IssuedDocument.id)
    )
    return {row[0]: NewestDocument(row[1], row[2], frozenset(row[3]), row[4]) for row in rows}


def unit_name(session: Session, unit_id: int) -> str:
    """Return the name of a unit; empty when there is none."""
    return session.scalar(select(Unit.name).where(Unit.id == unit_id)) or ""


# ----------------------------------------------------------------------------------------------------------------------
# Pages and the archive
# ----------------------------------------------------------------------------------------------------------------------


def _rows() -> Select[Any]:
    asker, canceller = aliased(User), aliased(User)
    return (
        select(
            Batch.id,
            Batch.kind,
            Batch.filters,
            Batch.filter_words,
            Batch.repeat,
            Batch.state,
            Batch.total,
            Batch.done,
            Batch.skipped,
            Batch.failed,
            Batch.recorded_at,
            func.coalesce(asker.name, ""),
            Batch.started_at,
            Batch.ended_at,
            func.coalesce(canceller.name, ""),
            Batch.problem,
            Batch.claimed_until,
            Batch.file_id,
            func.coalesce(StoredFile.name, ""),
            func.coalesce(StoredFile.size, 0),
            func.coalesce(StoredFile.sha256, ""),
            or_(func.coalesce(StoredFile.restricted, False), _has_secret()),
        )
        .outerjoin(asker, asker.id == Batch.recorded_by_id)
        .outerjoin(canceller, canceller.id == Batch.cancelled_by_id)
        .outerjoin(StoredFile, StoredFile.id == Batch.file_id)
    )


def _has_secret() -> Any:
    """Tell whether an agreement with a document in the archive is protected today."""
    return exists().where(
        BatchItem.batch_id == Batch.id,
        BatchItem.issued_document_id.is_not(None),
        Agreement.id == BatchItem.agreement_id,
        AgreementRevision.id == Agreement.current_revision_id,
        AgreementRevision.secret,
    )


def batch_row(session: Session, batch_id: int, kind: str) -> BatchRow | None:
    """Return a batch of a kind for its page."""
    row = session.execute(_rows().where(Batch.id == batch_id, Batch.kind == kind)).one_or_none()
    return None if row is None else BatchRow._make(row)


def listed(session: Session, kind: str, *, page: int, size: int) -> tuple[list[BatchRow], int]:
    """Return a page of the batches of a kind, the newest first, and how many there are."""
    total = session.scalar(select(func.count()).select_from(Batch).where(Batch.kind == kind)) or 0
    rows = session.execute(
        _rows().where(Batch.kind == kind).order_by(Batch.id.desc()).limit(size).offset((page - 1) * size)
    )
    return [BatchRow._make(row) for row in rows], total


def _items() -> Select[Any]:
    return (
        select(
            BatchItem.position,
            Agreement.id,
            Agreement.kind,
            Agreement.number,
            Operator.id,
            Operator.name,
            BatchItem.state,
            BatchItem.reason,
            IssuedDocument.id,
            func.coalesce(IssuedDocument.code, ""),
            func.coalesce(IssuedDocument.sha256, ""),
            IssuedDocument.recorded_at,
            IssuedDocument.clause_versions,
            IssuedDocument.missing_fields,
            func.coalesce(StoredFile.restricted, False),
        )
        .join(Agreement, Agreement.id == BatchItem.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(IssuedDocument, IssuedDocument.id == BatchItem.issued_document_id)
        .outerjoin(StoredFile, StoredFile.id == IssuedDocument.file_id)
    )


def _item(row: Any) -> ItemRow:
    position, agreement_id, kind, number, operator_id, operator, state, reason, document_id, code, sha256, *rest = row
    issued_at, clauses, missing, restricted = rest
    return ItemRow(
        position,
        agreement_id,
        agreement_label(kind, number),
        number,
        operator_id,
        operator,
        state,
        reason,
        document_id,
        code,
        sha256,
        issued_at,
        tuple(clauses or ()),
        tuple(missing or ()),
        restricted,
    )


def items(session: Session, batch_id: int, *, state: str = "", page: int, size: int) -> tuple[list[ItemRow], int]:
    """Return a page of the agreements of a batch, in their order, and how many there are in that state."""
    wanted = [BatchItem.batch_id == batch_id]
    if state:
        wanted.append(BatchItem.state == state)
    total = session.scalar(select(func.count()).select_from(BatchItem).where(*wanted)) or 0
    rows = session.execute(_items().where(*wanted).order_by(BatchItem.position).limit(size).offset((page - 1) * size))
    return [_item(row) for row in rows], total


def items_after(session: Session, batch_id: int, position: int, *, limit: int) -> list[ItemRow]:
    """Return the next agreements of a batch after a position, so that thousands are read without holding them all."""
    rows = session.execute(
        _items()
        .where(and_(BatchItem.batch_id == batch_id, BatchItem.position > position))
        .order_by(BatchItem.position)
        .limit(limit)
    )
    return [_item(row) for row in rows]
