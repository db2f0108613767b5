"""Queries about what the machine read in files, and how often people corrected it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import INCISOS, Coverage
from vendor_tracker.store.base import current
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.tables import (
    Agreement,
    CoverageReading,
    Instrument,
    IssuedDocument,
    MachineReading,
    Operator,
    StoredFile,
)


class UnreadPaper(NamedTuple):
    """A signed paper whose file this version of the reader has not read."""

    lineage: int
    sha256: str


class BindingDocument(NamedTuple):
    """An issued document that becomes an instrument of its agreement once signed."""

    id: int
    title: str
    code: str
    sha256: str
    issued_at: datetime


class PendingPaper(NamedTuple):
    """A signed paper with incisos that nobody has concluded about."""

    lineage: int
    title: str
    agreement_label: str
    operator_name: str
    signed_on: date | None
    concluded: int
    state: str
    """``missing`` (no file), ``unread``, ``reading``, ``failed`` or ``read``."""


class Outcome(NamedTuple):
    """How often a proposal of one level about one point ended in one conclusion."""

    point: str
    proposed: str
    confirmed: Coverage
    times: int


def readings_of_file(session: Session, sha256: str) -> list[MachineReading]:
    """Return every reading of a content, oldest first, without the text."""
    return list(
        session.scalars(select(MachineReading).where(MachineReading.sha256 == sha256).order_by(MachineReading.id))
    )


def text_of(session: Session, reading_id: int) -> bytes | None:
    """Return the compressed text of a reading."""
    return session.scalar(select(MachineReading.passages).where(MachineReading.id == reading_id))


def for_completion(session: Session, reading_id: int) -> MachineReading:
    """Return a reading, held until the end of the transaction."""
    return session.scalars(select(MachineReading).where(MachineReading.id == reading_id).with_for_update()).one()


def waiting_for_letters(session: Session, *, now: datetime) -> MachineReading | None:
    """Return the oldest reading that waits for the recognition of letters and that nobody is at, held."""
    return session.scalar(
        select(MachineReading)
        .where(
            MachineReading.ocr,
            MachineReading.ended_at.is_(None),
            or_(MachineReading.held_until.is_(None), MachineReading.held_until < now),
        )
        .order_by(MachineReading.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def any_waiting_for_letters(session: Session) -> bool:
    """Tell whether a file waits for the recognition of its letters, at whoever's hands."""
    return (
        session.scalar(select(MachineReading.id).where(MachineReading.ocr, MachineReading.ended_at.is_(None)).limit(1))
        is not None
    )


def unread_papers(
    session: Session, *, reader: str, now: datetime, retried: Collection[str], most: int, limit: int
) -> list[UnreadPaper]:
    """Return the papers whose file ``reader`` has not read, oldest first; those with twelve conclusions are left out.

    A file whose reading ended with one of the ``retried`` codes counts as unread until ``most`` attempts were made.
    """
    concluded = _concluded()
    settled = exists().where(
        MachineReading.sha256 == StoredFile.sha256,
        MachineReading.reader == reader,
        or_(
            MachineReading.held_until >= now,
            and_(MachineReading.ocr, MachineReading.ended_at.is_(None)),
            and_(
                MachineReading.ended_at.is_not(None),
                or_(MachineReading.error_code.not_in(retried), MachineReading.attempt >= most),
            ),
        ),
    )
    rows = session.execute(
        select(func.min(Instrument.lineage), StoredFile.sha256)
        .join(StoredFile, StoredFile.id == Instrument.file_id)
        .outerjoin(concluded, concluded.c.instrument_lineage == Instrument.lineage)
        .where(
            current(Instrument),
            _open(concluded),
            ~settled,
        )
        .group_by(StoredFile.sha256)
        .order_by(func.min(Instrument.lineage))
        .limit(limit)
    )
    return [UnreadPaper(lineage, sha256) for lineage, sha256 in rows if lineage is not None]


def pending_papers(session: Session, *, page: int, size: int) -> tuple[list[PendingPaper], int]:
    """Return a page of the papers that wait for a person's conclusions, newest first, and how many there are."""
    concluded = _concluded()
    waiting = (
        select(
            Instrument.lineage,
            Instrument.title,
            Agreement.kind,
            Agreement.number,
            Operator.name,
            Instrument.signed_on,
            concluded.c.points,
            StoredFile.sha256,
        )
        .join(Agreement, Agreement.id == Instrument.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(StoredFile, StoredFile.id == Instrument.file_id)
        .outerjoin(concluded, concluded.c.instrument_lineage == Instrument.lineage)
        .where(current(Instrument), _open(concluded))
    )
    total = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
    rows = session.execute(waiting.order_by(Instrument.lineage.desc()).limit(size).offset((page - 1) * size)).all()
    states = _states(session, {row.sha256 for row in rows if row.sha256})
    return [
        PendingPaper(
            row.lineage,
            row.title,
            agreement_label(row.kind, row.number),
            row.name,
            row.signed_on,
            row.points or 0,
            states.get(row.sha256, "unread") if row.sha256 else "missing",
        )
        for row in rows
    ], total


def _states(session: Session, contents: Collection[str]) -> dict[str, str]:
    """Return, for each content that anybody took, how far the machine has come with it."""
    found: dict[str, str] = {}
    rows = session.execute(
        select(MachineReading.sha256, MachineReading.ended_at, MachineReading.error_code)
        .where(MachineReading.sha256.in_(contents))
        .order_by(MachineReading.id)
    )
    for sha256, ended_at, error_code in rows:
        if found.get(sha256) != "read":
            found[sha256] = "reading" if ended_at is None else "failed" if error_code else "read"
    return found


def _concluded() -> Subquery:
    return (
        select(CoverageReading.instrument_lineage, func.count(CoverageReading.point.distinct()).label("points"))
        .where(CoverageReading.point.in_(INCISOS))
        .group_by(CoverageReading.instrument_lineage)
        .subquery()
    )


def _open(concluded: Subquery) -> ColumnElement[bool]:
    return or_(concluded.c.points.is_(None), concluded.c.points < len(INCISOS))


def papers_of_file(session: Session, sha256: str) -> list[int]:
    """Return the signed papers whose file has this content."""
    return list(
        session.scalars(
            select(Instrument.lineage)
            .join(StoredFile, StoredFile.id == Instrument.file_id)
            .where(StoredFile.sha256 == sha256, current(Instrument))
            .order_by(Instrument.lineage)
        )
    )


def binding_documents(session: Session, agreement_id: int, *, limit: int = 12) -> list[BindingDocument]:
    """Return the newest documents issued for an agreement whose clauses serve some point, newest first."""
    rows = session.execute(
        select(
            IssuedDocument.id,
            IssuedDocument.title,
            IssuedDocument.code,
            IssuedDocument.sha256,
            IssuedDocument.recorded_at,
            IssuedDocument.covers,
        )
        .where(IssuedDocument.agreement_id == agreement_id)
        .order_by(IssuedDocument.id.desc())
        .limit(limit * 2)
    )
    return [BindingDocument(*row[:5]) for row in rows if row.covers][:limit]


def conclusions_beside_proposals(session: Session, *, source: str) -> list[Outcome]:
    """Return, for each point, how the newest conclusions of people compare with what ``source`` had proposed."""
    newest = (
        select(func.max(CoverageReading.id).label("id"))
        .group_by(CoverageReading.instrument_lineage, CoverageReading.point)
        .subquery()
    )
    proposed = CoverageReading.proposed["coverage"].as_string()
    rows = session.execute(
        select(CoverageReading.point, proposed, CoverageReading.coverage, func.count())
        .join(newest, newest.c.id == CoverageReading.id)
        .where(
            and_(
                CoverageReading.proposed["source"].as_string() == source,
                CoverageReading.point.in_(INCISOS),
            )
        )
        .group_by(CoverageReading.point, proposed, CoverageReading.coverage)
        .order_by(CoverageReading.point, proposed, CoverageReading.coverage)
    )
    return [Outcome(*row) for row in rows]
