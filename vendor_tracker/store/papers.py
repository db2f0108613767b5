"""Queries about agreements' heads, files, signed papers and their readings."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind, Coverage, FileState, InstrumentKind
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    Answer,
    AnswerFile,
    Audit,
    AuditCheck,
    AuthorisedPerson,
    CoverageReading,
    Evidence,
    EvidenceAgreement,
    FileCheck,
    Instrument,
    IssuedDocument,
    Operator,
    Request,
    RequestItem,
    StoredFile,
    User,
)


class FileRow(NamedTuple):
    """A file and whether art. 5º protects it, by its own mark or by an agreement it belongs to. ``size`` in bytes."""

    id: int
    name: str
    media_type: str
    sha256: str
    size: int
    restricted: bool
    check: FileState = FileState.CLEAN
    """How far the check of a file from outside is; what came in by our own hands needs none."""


class AgreementHead(NamedTuple):
    """What every page about one agreement says of it."""

    id: int
    label: str
    kind: AgreementKind
    number: str
    operator_id: int
    operator_name: str
    object: str
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    secret: bool


class ReadingRow(NamedTuple):
    """A confirmed reading and who confirmed it."""

    id: int
    point: str
    coverage: Coverage
    quote: str
    place: str
    missing_idea: str
    confirmed_at: datetime
    confirmed_by: str
    proposed: Mapping[str, Any] | None = None
    """What had been proposed to who confirmed it, when something was."""


class InstrumentRow(NamedTuple):
    """A signed paper in a list, with how many points of it were read."""

    lineage: int
    kind: InstrumentKind
    title: str
    signed_on: date | None
    signed_by_both: bool | None
    in_force_from: date | None
    in_force_until: date | None
    published_on: date | None
    has_file: bool
    points_read: int


# ----------------------------------------------------------------------------------------------------------------------
# Agreements and files
# ----------------------------------------------------------------------------------------------------------------------


def agreement_head(session: Session, agreement_id: int) -> AgreementHead | None:
    """Return the agreement's head, or ``None``."""
    row = session.execute(
        select(
            Agreement.id,
            Agreement.kind,
            Agreement.number,
            Operator.id.label("operator_id"),
            Operator.name.label("operator_name"),
            AgreementRevision.object,
            AgreementRevision.signed_on,
            AgreementRevision.starts_on,
            AgreementRevision.ends_on,
            AgreementRevision.secret,
        )
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(Agreement.id == agreement_id)
    ).one_or_none()
    if row is None:
        return None
    return AgreementHead(
        row.id,
        agreement_label(row.kind, row.number),
        row.kind,
        row.number,
        row.operator_id,
        row.operator_name,
        row.object or "",
        row.signed_on,
        row.starts_on,
        row.ends_on,
        bool(row.secret),
    )


def agreements_of_operator(session: Session, operator_id: int) -> list[tuple[int, str]]:
    """Return (id, label) of every agreement of an operator, newest first."""
    rows = session.execute(
        select(Agreement.id, Agreement.kind, Agreement.number)
        .where(Agreement.operator_id == operator_id)
        .order_by(Agreement.id.desc())
    )
    return [(row.id, agreement_label(row.kind, row.number)) for row in rows]


def _secret_agreements() -> Select[Any]:
    return (
        select(Agreement.id)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(AgreementRevision.secret)
    )


def file_for_reading(session: Session, file_id: int) -> FileRow | None:
    """Return the file with this id; an agreement that is secret today protects every file under it."""
    secret = _secret_agreements()
    of_evidence = (
        select(EvidenceAgreement.id)
        .join(Evidence, Evidence.id == EvidenceAgreement.evidence_id)
        .where(Evidence.file_id == StoredFile.id, EvidenceAgreement.agreement_id.in_(secret))
    )
    of_answer = (
        select(AnswerFile.id)
        .join(Answer, Answer.id == AnswerFile.answer_id)
        .join(RequestItem, RequestItem.id == Answer.item_id)
        .join(Request, Request.id == RequestItem.request_id)
        .where(AnswerFile.file_id == StoredFile.id, Request.agreement_id.in_(secret))
    )
    protected = or_(
        StoredFile.restricted,
        *(
            exists(select(table.id).where(table.file_id == StoredFile.id, table.agreement_id.in_(secret)))
            for table in (Instrument, IssuedDocument, Audit, AuditCheck, AuthorisedPerson)
        ),
        exists(of_evidence),
        exists(of_answer),
    )
    row = session.execute(
        select(
            StoredFile.id,
            StoredFile.name,
            StoredFile.media_type,
            StoredFile.sha256,
            StoredFile.size,
            protected.label("restricted"),
            func.coalesce(FileCheck.state, FileState.CLEAN.value),
        )
        .outerjoin(FileCheck, FileCheck.file_id == StoredFile.id)
        .where(StoredFile.id == file_id)
    ).one_or_none()
    return None if row is None else FileRow(row[0], row[1], row[2], row[3], row[4], bool(row[5]), FileState(row[6]))


# ----------------------------------------------------------------------------------------------------------------------
# Instruments
# ----------------------------------------------------------------------------------------------------------------------


def current_instrument(session: Session, lineage: int) -> Instrument | None:
    """Return the newest version of a signed paper."""
    return session.scalar(select(Instrument).where(Instrument.lineage == lineage, current(Instrument)))


def instrument_versions(session: Session, lineage: int) -> list[Any]:
    """Return every version of a signed paper with who recorded it, newest first."""
    return list(
        session.execute(
            select(Instrument, User.name)
            .outerjoin(User, User.id == Instrument.recorded_by_id)
            .where(Instrument.lineage == lineage)
            .order_by(Instrument.id.desc())
        )
    )


def instruments_of(session: Session, agreement_id: int) -> list[InstrumentRow]:
    """Return the signed papers of an agreement, oldest first."""
    read = (
        select(CoverageReading.instrument_lineage, func.count(CoverageReading.point.distinct()).label("points"))
        .group_by(CoverageReading.instrument_lineage)
        .subquery()
    )
    rows = session.execute(
        select(Instrument, read.c.points)
        .outerjoin(read, read.c.instrument_lineage == Instrument.lineage)
        .where(Instrument.agreement_id == agreement_id, current(Instrument))
        .order_by(Instrument.signed_on, Instrument.lineage)
    )
    return [
        InstrumentRow(
            paper.lineage or paper.id,
            paper.kind,
            paper.title,
            paper.signed_on,
            paper.signed_by_both,
            paper.in_force_from,
            paper.in_force_until,
            paper.published_on,
            paper.file_id is not None,
            points or 0,
        )
        for paper, points in rows
    ]


def readings_of(session: Session, lineage: int) -> list[ReadingRow]:
    """Return every reading of a paper, newest first: the first of each point counts."""
    rows = session.execute(
        select(
            CoverageReading.id,
            CoverageReading.point,
            CoverageReading.coverage,
            CoverageReading.quote,
            CoverageReading.place,
            CoverageReading.missing_idea,
            CoverageReading.recorded_at,
            User.name,
            CoverageReading.proposed,
        )
        .outerjoin(User, User.id == CoverageReading.recorded_by_id)
        .where(CoverageReading.instrument_lineage == lineage)
        .order_by(CoverageReading.id.desc())
    )
    return [ReadingRow(*row[:7], row[7] or "", row[8]) for row in rows]


def stored_file(session: Session, file_id: int | None) -> StoredFile | None:
    """Return a file's row, or ``None``."""
    return None if file_id is None else session.get(StoredFile, file_id)


def stored_files(session: Session, file_ids: Iterable[int | None]) -> dict[int | None, StoredFile]:
    """Return the rows of files by id, in one query."""
    wanted = sorted({file_id for file_id in file_ids if file_id is not None})
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(StoredFile).where(StoredFile.id.in_(wanted)))}


def any_secret(session: Session, agreement_ids: Collection[int]) -> bool:
    """Tell whether one of the agreements is protected by art. 5º."""
    return session.scalar(_secret_agreements().where(among(session, Agreement.id, agreement_ids)).limit(1)) is not None
