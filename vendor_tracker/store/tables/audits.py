"""What an audit verifies, item by item, and what it finds (inciso IX)."""

from datetime import date

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.vocabulary import CheckResult, FindingSeverity
from vendor_tracker.store.base import Model, Slug
from vendor_tracker.store.tables.conduct import OfAgreement


class AuditCheck(OfAgreement, Model):
    """One item of an audit's checklist, about one inciso, and what was seen."""

    __tablename__ = "audit_check"

    audit_lineage: Mapped[int] = mapped_column(Integer, index=True)
    position: Mapped[int] = mapped_column(Integer)
    inciso: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(20))
    """``requirement`` (of the obligation), ``question`` (of the question book) or ``own`` (of whoever audits)."""
    proofs: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Slugs of the proofs of which any one shows it."""
    result: Mapped[CheckResult | None] = mapped_column(Slug(CheckResult))
    note: Mapped[str] = mapped_column(Text, default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    """The proof on record that was looked at."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """What was gathered on the spot."""
    checked_on: Mapped[date | None] = mapped_column(Date)
    left_out_on: Mapped[date | None] = mapped_column(Date)
    """The day on which it was taken off the checklist; it stays on record."""


class AuditFinding(OfAgreement, Model):
    """Something that an audit found wrong, tied to the item of the checklist that showed it."""

    __tablename__ = "audit_finding"

    audit_lineage: Mapped[int] = mapped_column(Integer, index=True)
    check_lineage: Mapped[int] = mapped_column(Integer, index=True)
    inciso: Mapped[str] = mapped_column(String(40))
    severity: Mapped[FindingSeverity] = mapped_column(Slug(FindingSeverity))
    description: Mapped[str] = mapped_column(Text)
    found_on: Mapped[date] = mapped_column(Date)
    deviation_lineage: Mapped[int | None] = mapped_column(Integer)
    """The breach that it put on record, where its severity alone shows one."""
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")
