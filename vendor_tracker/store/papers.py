"""Queries about files, instruments and their readings, issued documents, proposals and proofs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind, Coverage, EvidenceKind, InstrumentKind, ReviewDecision, Verdict
from vendor_tracker.store.base import current
from vendor_tracker.store.facts import agreement_label, among
from vendor_tracker.store.search import escaped, folded
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    AgreementTerm,
    Answer,
    AnswerFile,
    Audit,
    AuthorisedPerson,
    CoverageReading,
    Evidence,
    EvidenceAgreement,
    EvidenceInciso,
    EvidenceReview,
    FindingChange,
    Instrument,
    IssuedDocument,
    Operator,
    Proposal,
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


class IssuedRow(NamedTuple):
    """An issued document in a list. ``size`` in bytes."""

    id: int
    kind: str
    title: str
    code: str
    sha256: str
    issued_at: datetime
    issued_by: str
    agreement_id: int
    agreement_label: str
    operator_id: int
    operator_name: str
    missing: int
    file_id: int
    size: int
    restricted: bool


class ProposalRow(NamedTuple):
    """A document handed to the operator for signature."""

    lineage: int
    agreement_id: int
    issued_document_id: int | None
    title: str
    proposed_on: date
    refused_on: date | None
    signed_on: date | None
    note: str


class EvidenceRow(NamedTuple):
    """A proof in a list. ``decision`` is that of its newest review, ``None`` while nobody reviewed it."""

    id: int
    title: str
    kind: EvidenceKind
    received_on: date
    operator_id: int
    operator_name: str
    decision: ReviewDecision | None
    valid_until: date | None
    incisos: tuple[str, ...]
    agreements: tuple[tuple[int, str], ...]


class ReviewRow(NamedTuple):
    """A decision about a proof, and who took it."""

    id: int
    decision: ReviewDecision
    reason: str
    decided_on: date
    valid_from: date | None
    valid_until: date | None
    independent: bool
    covers_service: bool | None
    decided_at: datetime
    decided_by: str


class AskedRow(NamedTuple):
    """What a proof answers: the item of a request, frozen when it was asked."""

    item_id: int
    request_id: int
    year: int
    sequence: int
    inciso: str
    title: str
    question: str
    due_on: date


class ChangeRow(NamedTuple):
    """A verdict that changed."""

    id: int
    agreement_id: int
    inciso: str
    at: datetime
    before: Verdict | None
    after: Verdict
    reason: str
    cause: str


@dataclass(frozen=True, slots=True)
class EvidenceFilter:
    """Which proofs a list shows. ``state``: ``waiting``, ``accepted``, ``returned``, ``false`` or empty for all."""

    state: str = "waiting"
    inciso: str = ""
    kind: EvidenceKind | None = None
    operator_id: int | None = None
    words: str = ""


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
            for table in (Instrument, IssuedDocument, Audit, AuthorisedPerson)
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
        ).where(StoredFile.id == file_id)
    ).one_or_none()
    return None if row is None else FileRow(row[0], row[1], row[2], row[3], row[4], bool(row[5]))


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
        )
        .outerjoin(User, User.id == CoverageReading.recorded_by_id)
        .where(CoverageReading.instrument_lineage == lineage)
        .order_by(CoverageReading.id.desc())
    )
    return [ReadingRow(*row[:7], row[7] or "") for row in rows]


def stored_file(session: Session, file_id: int | None) -> StoredFile | None:
    """Return a file's row, or ``None``."""
    return None if file_id is None else session.get(StoredFile, file_id)


# ----------------------------------------------------------------------------------------------------------------------
# Issued documents and proposals
# ----------------------------------------------------------------------------------------------------------------------


def _issued() -> Any:
    return (
        select(
            IssuedDocument,
            User.name,
            Agreement.kind,
            Agreement.number,
            Operator.id,
            Operator.name,
            StoredFile.size,
            StoredFile.restricted,
            AgreementRevision.secret,
        )
        .join(Agreement, Agreement.id == IssuedDocument.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .join(StoredFile, StoredFile.id == IssuedDocument.file_id)
        .outerjoin(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .outerjoin(User, User.id == IssuedDocument.recorded_by_id)
    )


def _issued_row(
    row: Any,
) -> IssuedRow:
    document, author, kind, number, operator_id, operator_name, size, restricted, secret = row
    return IssuedRow(
        document.id,
        document.kind,
        document.title,
        document.code,
        document.sha256,
        document.recorded_at,
        author or "",
        document.agreement_id,
        agreement_label(kind, number),
        operator_id,
        operator_name,
        len(document.missing_fields or ()),
        document.file_id,
        size,
        restricted or bool(secret),
    )


def issued_document(session: Session, document_id: int) -> IssuedDocument | None:
    """Return an issued document."""
    return session.get(IssuedDocument, document_id)


def issued_row(session: Session, document_id: int) -> IssuedRow | None:
    """Return an issued document as lists show it."""
    row = session.execute(_issued().where(IssuedDocument.id == document_id)).one_or_none()
    return None if row is None else _issued_row(row)


def issued_by_code(session: Session, code: str) -> IssuedRow | None:
    """Return the issued document with this verification code, written as it is stored."""
    row = session.execute(_issued().where(IssuedDocument.code == code)).one_or_none()
    return None if row is None else _issued_row(row)


def issued_documents(
    session: Session,
    *,
    agreement_id: int | None = None,
    kind: str = "",
    words: str = "",
    page: int = 1,
    size: int = 20,
) -> tuple[list[IssuedRow], int]:
    """Return a page of issued documents, newest first, and how many there are."""
    wanted: list[ColumnElement[bool]] = []
    if agreement_id is not None:
        wanted.append(IssuedDocument.agreement_id == agreement_id)
    if kind:
        wanted.append(IssuedDocument.kind == kind)
    for word in folded(words).split()[:6]:
        text = f"%{escaped(word)}%"
        wanted.append(
            or_(
                Operator.search_name.like(text, escape="\\"),
                Agreement.search_text.like(text, escape="\\"),
                func.lower(IssuedDocument.code).like(text, escape="\\"),
            )
        )
    total = session.scalar(
        select(func.count(IssuedDocument.id))
        .join(Agreement, Agreement.id == IssuedDocument.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(*wanted)
    )
    rows = session.execute(
        _issued().where(*wanted).order_by(IssuedDocument.id.desc()).limit(size).offset((page - 1) * size)
    )
    return [_issued_row(row) for row in rows], total or 0


def code_taken(session: Session, code: str) -> bool:
    """Tell whether a verification code is in use."""
    return session.scalar(select(IssuedDocument.id).where(IssuedDocument.code == code)) is not None


def papers_signed_from(session: Session, document_id: int) -> list[tuple[int, str]]:
    """Return (lineage, title) of the signed papers that are this issued document."""
    rows = session.execute(
        select(Instrument.lineage, Instrument.title)
        .where(Instrument.issued_document_id == document_id, current(Instrument))
        .order_by(Instrument.lineage)
    )
    return [(lineage, title) for lineage, title in rows if lineage is not None]


def aditivos_known(session: Session, agreement_id: int) -> int:
    """Return how many termos aditivos are known, as signed papers or as the source listed them, whichever is more."""
    signed = session.scalar(
        select(func.count(Instrument.id)).where(
            Instrument.agreement_id == agreement_id, Instrument.kind == InstrumentKind.ADITIVO, current(Instrument)
        )
    )
    listed = session.scalar(
        select(func.count(AgreementTerm.id)).where(
            AgreementTerm.agreement_id == agreement_id, AgreementTerm.kind == "aditivo"
        )
    )
    return max(signed or 0, listed or 0)


def proposals_of(
    session: Session, *, agreement_id: int | None = None, issued_document_id: int | None = None
) -> list[ProposalRow]:
    """Return the proposals of an agreement, or those made with one issued document, newest first."""
    query = select(Proposal).where(current(Proposal))
    if agreement_id is not None:
        query = query.where(Proposal.agreement_id == agreement_id)
    if issued_document_id is not None:
        query = query.where(Proposal.issued_document_id == issued_document_id)
    return [_proposal_row(row) for row in session.scalars(query.order_by(Proposal.lineage.desc()))]


def current_proposal(session: Session, lineage: int) -> Proposal | None:
    """Return the newest version of a proposal."""
    return session.scalar(select(Proposal).where(Proposal.lineage == lineage, current(Proposal)))


def _proposal_row(row: Proposal) -> ProposalRow:
    return ProposalRow(
        row.lineage or row.id,
        row.agreement_id,
        row.issued_document_id,
        row.title,
        row.proposed_on,
        row.refused_on,
        row.signed_on,
        row.note,
    )


# ----------------------------------------------------------------------------------------------------------------------
# Proofs
# ----------------------------------------------------------------------------------------------------------------------


def _last_review() -> Select[Any]:
    return select(func.max(EvidenceReview.id)).where(EvidenceReview.evidence_id == Evidence.id).correlate(Evidence)


def evidence_list(
    session: Session, wanted: EvidenceFilter, *, page: int = 1, size: int = 20
) -> tuple[list[EvidenceRow], int]:
    """Return a page of proofs, those that wait longest first, and how many there are, in four queries."""
    last = _last_review().scalar_subquery()
    conditions: list[ColumnElement[bool]] = []
    if wanted.state == "waiting":
        conditions.append(EvidenceReview.id.is_(None))
    elif wanted.state:
        conditions.append(EvidenceReview.decision == ReviewDecision(wanted.state))
    if wanted.inciso:
        conditions.append(
            exists(
                select(EvidenceInciso.evidence_id).where(
                    EvidenceInciso.evidence_id == Evidence.id, EvidenceInciso.inciso == wanted.inciso
                )
            )
        )
    if wanted.kind is not None:
        conditions.append(Evidence.kind == wanted.kind)
    if wanted.operator_id is not None:
        conditions.append(Evidence.operator_id == wanted.operator_id)
    conditions.extend(
        Operator.search_name.like(f"%{escaped(word)}%", escape="\\") for word in folded(wanted.words).split()[:6]
    )
    joined = (
        select(
            Evidence.id,
            Evidence.title,
            Evidence.kind,
            Evidence.received_on,
            Evidence.valid_until,
            Operator.id.label("operator_id"),
            Operator.name.label("operator_name"),
            EvidenceReview.decision,
            EvidenceReview.valid_until.label("accepted_until"),
        )
        .join(Operator, Operator.id == Evidence.operator_id)
        .outerjoin(EvidenceReview, and_(EvidenceReview.evidence_id == Evidence.id, EvidenceReview.id == last))
        .where(*conditions)
    )
    total = session.scalar(select(func.count()).select_from(joined.subquery())) or 0
    # What waits is worked through from the oldest; what was decided is looked up from the newest.
    order = (Evidence.received_on, Evidence.id) if wanted.state == "waiting" else (Evidence.id.desc(),)
    rows = session.execute(joined.order_by(*order).limit(size).offset((page - 1) * size)).all()
    ids = [row.id for row in rows]
    incisos = incisos_of(session, ids)
    agreements = agreements_of_evidence(session, ids)
    return [
        EvidenceRow(
            row.id,
            row.title,
            row.kind,
            row.received_on,
            row.operator_id,
            row.operator_name,
            row.decision,
            row.accepted_until if row.decision is not None else row.valid_until,
            incisos.get(row.id, ()),
            agreements.get(row.id, ()),
        )
        for row in rows
    ], total


def incisos_of(session: Session, evidence_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the incisos that each proof speaks to."""
    found: dict[int, tuple[str, ...]] = {}
    for evidence_id, inciso in session.execute(
        select(EvidenceInciso.evidence_id, EvidenceInciso.inciso)
        .where(among(session, EvidenceInciso.evidence_id, evidence_ids))
        .order_by(EvidenceInciso.evidence_id, EvidenceInciso.inciso)
    ):
        found[evidence_id] = (*found.get(evidence_id, ()), inciso)
    return found


def agreements_of_evidence(session: Session, evidence_ids: Collection[int]) -> dict[int, tuple[tuple[int, str], ...]]:
    """Return (id, label) of the agreements that each proof serves."""
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for row in session.execute(
        select(EvidenceAgreement.evidence_id, Agreement.id, Agreement.kind, Agreement.number)
        .join(Agreement, Agreement.id == EvidenceAgreement.agreement_id)
        .where(among(session, EvidenceAgreement.evidence_id, evidence_ids))
        .order_by(EvidenceAgreement.evidence_id, Agreement.id)
    ):
        pair = (row.id, agreement_label(row.kind, row.number))
        found[row.evidence_id] = (*found.get(row.evidence_id, ()), pair)
    return found


def any_secret(session: Session, agreement_ids: Collection[int]) -> bool:
    """Tell whether one of the agreements is protected by art. 5º."""
    return session.scalar(_secret_agreements().where(among(session, Agreement.id, agreement_ids)).limit(1)) is not None


def evidence_by_id(session: Session, evidence_id: int) -> Any:
    """Return a proof, its operator's name and who recorded it."""
    return session.execute(
        select(Evidence, Operator.name, User.name)
        .join(Operator, Operator.id == Evidence.operator_id)
        .outerjoin(User, User.id == Evidence.recorded_by_id)
        .where(Evidence.id == evidence_id)
    ).one_or_none()


def reviews_of(session: Session, evidence_id: int) -> list[ReviewRow]:
    """Return the decisions about a proof, newest first."""
    rows = session.execute(
        select(EvidenceReview, User.name)
        .outerjoin(User, User.id == EvidenceReview.recorded_by_id)
        .where(EvidenceReview.evidence_id == evidence_id)
        .order_by(EvidenceReview.id.desc())
    )
    return [
        ReviewRow(
            review.id,
            review.decision,
            review.reason,
            review.decided_on,
            review.valid_from,
            review.valid_until,
            review.independent,
            review.covers_service,
            review.recorded_at,
            name or "",
        )
        for review, name in rows
    ]


def asked_by(session: Session, item_id: int | None) -> AskedRow | None:
    """Return what a proof answers, when it answers a request."""
    if item_id is None:
        return None
    row = session.execute(
        select(
            RequestItem.id,
            Request.id,
            Request.year,
            Request.sequence,
            RequestItem.inciso,
            RequestItem.title,
            RequestItem.question,
            Request.due_on,
        )
        .join(Request, Request.id == RequestItem.request_id)
        .where(RequestItem.id == item_id)
    ).one_or_none()
    return None if row is None else AskedRow(*row)


def files_of_evidence(session: Session, evidence: Evidence) -> list[StoredFile]:
    """Return the file of a proof, or every file of the answer that it came with, in the order they were attached."""
    if evidence.request_item_id is not None:
        answered = list(
            session.scalars(
                select(StoredFile)
                .join(AnswerFile, AnswerFile.file_id == StoredFile.id)
                .join(Answer, Answer.id == AnswerFile.answer_id)
                .where(
                    Answer.item_id == evidence.request_item_id,
                    Answer.submitted_at == evidence.recorded_at,
                    AnswerFile.withdrawn_at.is_(None),
                )
                .order_by(AnswerFile.id)
            )
        )
        if answered:
            return answered
    file = stored_file(session, evidence.file_id)
    return [] if file is None else [file]


def undecided_with(session: Session, evidence: Evidence) -> bool:
    """Tell whether another proof of the same item of a request still waits for its first review."""
    if evidence.request_item_id is None:
        return False
    waiting = select(Evidence.id).where(
        Evidence.request_item_id == evidence.request_item_id,
        Evidence.id != evidence.id,
        ~exists(select(EvidenceReview.id).where(EvidenceReview.evidence_id == Evidence.id)),
    )
    return session.scalar(waiting.limit(1)) is not None


def next_waiting(session: Session, *, but: int) -> int | None:
    """Return the proof that has waited longest for review, leaving one out."""
    return session.scalar(
        select(Evidence.id)
        .where(~exists(select(EvidenceReview.id).where(EvidenceReview.evidence_id == Evidence.id)), Evidence.id != but)
        .order_by(Evidence.received_on, Evidence.id)
        .limit(1)
    )


def changes_at(session: Session, agreement_ids: Sequence[int], moments: Collection[datetime]) -> list[ChangeRow]:
    """Return the verdicts of the agreements that changed at exactly these moments, in the order they were written."""
    if not agreement_ids or not moments:
        return []
    rows = session.execute(
        select(
            FindingChange.id,
            FindingChange.agreement_id,
            FindingChange.inciso,
            FindingChange.at,
            FindingChange.before,
            FindingChange.after,
            FindingChange.reason,
            FindingChange.cause,
        )
        .where(among(session, FindingChange.agreement_id, agreement_ids), FindingChange.at.in_(list(moments)))
        .order_by(FindingChange.id)
    )
    return [ChangeRow(*row) for row in rows]


def disposal_evidence_of(session: Session, agreement_id: int) -> list[tuple[int, str]]:
    """Return (id, title) of the accepted proofs of disposal of an agreement, newest first."""
    last = _last_review().scalar_subquery()
    rows = session.execute(
        select(Evidence.id, Evidence.title)
        .join(EvidenceAgreement, EvidenceAgreement.evidence_id == Evidence.id)
        .join(EvidenceReview, and_(EvidenceReview.evidence_id == Evidence.id, EvidenceReview.id == last))
        .where(
            EvidenceAgreement.agreement_id == agreement_id,
            Evidence.kind == EvidenceKind.DISPOSAL_CERTIFICATE,
            EvidenceReview.decision == ReviewDecision.ACCEPTED,
        )
        .order_by(Evidence.id.desc())
    )
    return [(row[0], row[1]) for row in rows]
