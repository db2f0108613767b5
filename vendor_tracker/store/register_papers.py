"""What was added to an agreement or handed in by its operator: terms, signed papers, requests, proofs."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from vendor_tracker.store.base import current
from vendor_tracker.store.chunks import chunks
from vendor_tracker.store.tables import (
    AgreementTerm,
    Evidence,
    EvidenceReview,
    Instrument,
    IssuedDocument,
    Request,
    StoredFile,
)


def terms_of(session: Session, agreement_ids: Collection[int]) -> list[AgreementTerm]:
    """Return the aditivos, apostilamentos and rescissions of some agreements, in the order of their signature."""
    found: list[AgreementTerm] = []
    for ids in chunks(agreement_ids):
        found += session.scalars(
            select(AgreementTerm).where(AgreementTerm.agreement_id.in_(ids)).order_by(AgreementTerm.id)
        )
    return sorted(found, key=lambda term: (term.agreement_id, term.signed_on or date.min, term.id))


class PaperLine(NamedTuple):
    """A signed instrument or an issued document on the agreement's page."""

    kind: str
    """``instrument`` or ``document``."""
    id: int
    """Lineage of the instrument, or id of the issued document."""
    title: str
    on: date | None
    recorded_at: datetime
    sha256: str
    size: int | None
    name: str
    restricted: bool


def papers_of(session: Session, agreement_id: int) -> list[PaperLine]:
    """Return the signed instruments, then the documents issued, of an agreement, the newest of each first."""
    signed = session.execute(
        select(
            Instrument.lineage,
            Instrument.title,
            Instrument.signed_on,
            Instrument.recorded_at,
            StoredFile.sha256,
            StoredFile.size,
            StoredFile.name,
            StoredFile.restricted,
        )
        .outerjoin(StoredFile, StoredFile.id == Instrument.file_id)
        .where(Instrument.agreement_id == agreement_id, current(Instrument))
        .order_by(Instrument.signed_on.desc().nulls_last(), Instrument.id.desc())
    )
    issued = session.execute(
        select(
            IssuedDocument.id,
            IssuedDocument.title,
            literal(None),
            IssuedDocument.recorded_at,
            IssuedDocument.sha256,
            StoredFile.size,
            StoredFile.name,
            StoredFile.restricted,
        )
        .outerjoin(StoredFile, StoredFile.id == IssuedDocument.file_id)
        .where(IssuedDocument.agreement_id == agreement_id)
        .order_by(IssuedDocument.id.desc())
    )

    def line(kind: str, row: Iterable[Any]) -> PaperLine:
        identity, title, on, at, sha256, size, name, restricted = row
        return PaperLine(kind, identity, title, on, at, sha256 or "", size, name or "", bool(restricted))

    return [line("instrument", row) for row in signed] + [line("document", row) for row in issued]


def requests_of(session: Session, agreement_id: int, *, limit: int) -> list[Request]:
    """Return the newest requests of an agreement."""
    return list(
        session.scalars(
            select(Request).where(Request.agreement_id == agreement_id).order_by(Request.id.desc()).limit(limit)
        )
    )


class EvidenceLine(NamedTuple):
    """A proof on its operator's page."""

    id: int
    kind: Any
    title: str
    received_on: date
    decision: Any
    valid_until: date | None


def evidence_of(session: Session, operator_id: int, *, limit: int) -> list[EvidenceLine]:
    """Return the newest proofs that an operator handed in, with the newest decision about each."""
    newer = aliased(EvidenceReview)
    last = ~exists().where(newer.evidence_id == EvidenceReview.evidence_id, newer.id > EvidenceReview.id)
    statement = (
        select(
            Evidence.id,
            Evidence.kind,
            Evidence.title,
            Evidence.received_on,
            EvidenceReview.decision,
            func.coalesce(EvidenceReview.valid_until, Evidence.valid_until),
        )
        .outerjoin(EvidenceReview, and_(EvidenceReview.evidence_id == Evidence.id, last))
        .where(Evidence.operator_id == operator_id)
        .order_by(Evidence.received_on.desc(), Evidence.id.desc())
        .limit(limit)
    )
    return [EvidenceLine._make(row) for row in session.execute(statement)]
