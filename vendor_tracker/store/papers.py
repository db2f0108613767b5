"""Queries about files, instruments and their readings, issued documents, proposals and proofs."""

from typing import NamedTuple

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    Audit,
    AuthorisedPerson,
    Evidence,
    EvidenceAgreement,
    Instrument,
    IssuedDocument,
    StoredFile,
)


class FileRow(NamedTuple):
    """A file and whether art. 5º protects it, by its own mark or by an agreement it belongs to."""

    id: int
    name: str
    media_type: str
    sha256: str
    size: int
    restricted: bool


def file_for_reading(session: Session, file_id: int) -> FileRow | None:
    """Return the file with this id; an agreement that is secret today protects every file under it."""
    secret = (
        select(Agreement.id)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(AgreementRevision.secret)
    )
    of_evidence = (
        select(EvidenceAgreement.id)
        .join(Evidence, Evidence.id == EvidenceAgreement.evidence_id)
        .where(Evidence.file_id == StoredFile.id, EvidenceAgreement.agreement_id.in_(secret))
    )
    protected = or_(
        StoredFile.restricted,
        *(
            exists(select(table.id).where(table.file_id == StoredFile.id, table.agreement_id.in_(secret)))
            for table in (Instrument, IssuedDocument, Audit, AuthorisedPerson)
        ),
        exists(of_evidence),
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
