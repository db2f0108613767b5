"""Queries about documents issued from the clause library, and the proposals made with them."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import InstrumentKind
from vendor_tracker.store.base import current
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.search import escaped, folded
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    AgreementTerm,
    Instrument,
    IssuedDocument,
    Operator,
    Proposal,
    StoredFile,
    User,
)


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
    about: tuple[str, int] | None = None,
    kind: str = "",
    words: str = "",
    page: int = 1,
    size: int = 20,
) -> tuple[list[IssuedRow], int]:
    """Return a page of issued documents, newest first, and how many there are.

    ``about`` is the kind and the id of the request or fact that they are about.
    """
    wanted: list[ColumnElement[bool]] = []
    if agreement_id is not None:
        wanted.append(IssuedDocument.agreement_id == agreement_id)
    if about is not None:
        wanted += [IssuedDocument.subject_kind == about[0], IssuedDocument.subject_id == about[1]]
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
