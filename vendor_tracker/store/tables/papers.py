"""Files, signed instruments and what they say, issued documents, proofs and their review."""

from datetime import date

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.vocabulary import Coverage, EvidenceKind, InstrumentKind, ReviewDecision
from vendor_tracker.store.base import Model, Recorded, Slug, Versioned


class StoredFile(Recorded, Model):
    """A file of the content-addressed store, as somebody handed it in."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(Integer)
    media_type: Mapped[str] = mapped_column(String(120))
    """What the content is, never what the name says."""
    name: Mapped[str] = mapped_column(String(255))
    restricted: Mapped[bool] = mapped_column(Boolean, default=False)
    """Protected by art. 5º: open only to the roles that need it."""


class Instrument(Versioned, Model):
    """A signed paper of an agreement."""

    __tablename__ = "instrument"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    kind: Mapped[InstrumentKind] = mapped_column(Slug(InstrumentKind))
    title: Mapped[str] = mapped_column(String(200))
    signed_on: Mapped[date | None] = mapped_column(Date)
    signed_by_both: Mapped[bool | None] = mapped_column(Boolean)
    in_force_from: Mapped[date | None] = mapped_column(Date)
    in_force_until: Mapped[date | None] = mapped_column(Date)
    published_on: Mapped[date | None] = mapped_column(Date)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    issued_document_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))
    """The document of ours that was signed, when it was one."""


class CoverageReading(Recorded, Model):
    """What a person confirmed that an instrument says on one point; the newest of each point counts."""

    __tablename__ = "coverage_reading"
    __table_args__ = (Index("ix_coverage_reading_lookup", "instrument_lineage", "point", "id"),)

    instrument_lineage: Mapped[int] = mapped_column(Integer)
    point: Mapped[str] = mapped_column(String(40))
    """An inciso, a formality slug, or the code of an obligation of the organisation."""
    coverage: Mapped[Coverage] = mapped_column(Slug(Coverage))
    quote: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    missing_idea: Mapped[str] = mapped_column(Text, default="")
    proposed: Mapped[dict[str, object] | None] = mapped_column(JSON)
    """What the machine had proposed, when it proposed something."""


class IssuedDocument(Recorded, Model):
    """A document generated from the clause library, with the exact bytes and clause versions."""

    __tablename__ = "issued_document"
    __table_args__ = (Index("ix_issued_document_subject", "subject_kind", "subject_id"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    """Slug of the document in ``clause_library/documents``."""
    subject_kind: Mapped[str | None] = mapped_column(String(40))
    """What it is about besides the agreement: ``request``, ``audit``, ``incident``, ``disposal`` or ``person``."""
    subject_id: Mapped[int | None] = mapped_column(Integer)
    """The id of that request, or the lineage of that fact."""
    title: Mapped[str] = mapped_column(String(300))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    """Verification code, shown in the footer and accepted by ``/verificar``."""
    sha256: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    clause_versions: Mapped[dict[str, str]] = mapped_column(JSON)
    """For each clause, its version and the day since which that version is in force."""
    clause_set_since: Mapped[date] = mapped_column(Date)
    """Since when the library's whole set of clauses had been as it was on the day of issue: the document's edition."""
    missing_fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    covers: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Points (incisos and formalities) that its clauses serve."""
    passages: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON, default=dict)
    """For each of those points, where it stands (``place``) and its first words (``quote``)."""


class Proposal(Versioned, Model):
    """A termo aditivo or compromisso handed to the operator for signature (inciso IV)."""

    __tablename__ = "proposal"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    issued_document_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"))
    title: Mapped[str] = mapped_column(String(200))
    proposed_on: Mapped[date] = mapped_column(Date)
    refused_on: Mapped[date | None] = mapped_column(Date)
    signed_on: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text, default="")


class Evidence(Recorded, Model):
    """A proof handed in. What was decided about it is in its reviews."""

    __tablename__ = "evidence"

    operator_id: Mapped[int] = mapped_column(ForeignKey("operator.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(Slug(EvidenceKind))
    title: Mapped[str] = mapped_column(String(300))
    received_on: Mapped[date] = mapped_column(Date)
    valid_from: Mapped[date | None] = mapped_column(Date)
    """As stated by who handed it in; the review decides."""
    valid_until: Mapped[date | None] = mapped_column(Date)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    request_item_id: Mapped[int | None] = mapped_column(ForeignKey("request_item.id"), index=True)
    statement: Mapped[str] = mapped_column(Text, default="")
    """The answer given in words, when there is one."""


class EvidenceInciso(Model):
    """An inciso that a proof speaks to."""

    __tablename__ = "evidence_inciso"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    inciso: Mapped[str] = mapped_column(String(40), primary_key=True)


class EvidenceAgreement(Recorded, Model):
    """An agreement that a proof serves: one certificate may serve several."""

    __tablename__ = "evidence_agreement"
    __table_args__ = (UniqueConstraint("evidence_id", "agreement_id"),)

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)


class EvidenceReview(Recorded, Model):
    """A decision about a proof; the newest counts, older ones stay."""

    __tablename__ = "evidence_review"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    decision: Mapped[ReviewDecision] = mapped_column(Slug(ReviewDecision))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date] = mapped_column(Date)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date, index=True)
    independent: Mapped[bool] = mapped_column(Boolean, default=False)
    covers_service: Mapped[bool | None] = mapped_column(Boolean)


class FurtherObligationRow(Versioned, Model):
    """An obligation that the organisation added to the twelve ("não se limitam")."""

    __tablename__ = "further_obligation"

    code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    needs_clause: Mapped[bool] = mapped_column(Boolean, default=True)
    evidence_kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_on: Mapped[date] = mapped_column(Date)


__all__ = [
    "CoverageReading",
    "Evidence",
    "EvidenceAgreement",
    "EvidenceInciso",
    "EvidenceReview",
    "FurtherObligationRow",
    "Instrument",
    "IssuedDocument",
    "Proposal",
    "StoredFile",
]
