"""What the rules said: current findings, what changed, monthly pictures; parameters and calendars; the trail."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.vocabulary import Exposure, Verdict
from vendor_tracker.store.base import Identified, Model, Moment, Recorded, Slug


class FindingRow(Model):
    """The present finding of one agreement and inciso; rewritten by the use cases and the daily job."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_matrix", "inciso", "verdict", "agreement_id"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    inciso: Mapped[str] = mapped_column(String(40), primary_key=True)
    verdict: Mapped[Verdict] = mapped_column(Slug(Verdict))
    legs: Mapped[str] = mapped_column(String(40))
    """Three leg states in the order instrument, evidence, conduct, joined by spaces."""
    reasons: Mapped[list[str]] = mapped_column(JSON)
    records: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    next_action: Mapped[dict[str, object]] = mapped_column(JSON)
    since: Mapped[date] = mapped_column(Date)
    """The day on which the verdict became what it is."""


class Standing(Model):
    """One row per agreement that lists and the painel sort by; kept together with its findings."""

    __tablename__ = "standing"
    __table_args__ = (Index("ix_standing_worst", "breached", "score", "agreement_id"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    judged_on: Mapped[date] = mapped_column(Date, index=True)
    judged_at: Mapped[datetime] = mapped_column(Moment)
    score: Mapped[int | None] = mapped_column(Integer)
    exposure: Mapped[Exposure] = mapped_column(Slug(Exposure), index=True)
    points: Mapped[int] = mapped_column(Integer)
    verdicts: Mapped[str] = mapped_column(String(240))
    """Twelve verdict slugs in the order of the incisos, joined by spaces: a whole row of the matrix in one column."""
    legs: Mapped[str] = mapped_column(String(400))
    """Twelve groups of three leg states, joined by commas inside and spaces between."""
    breached: Mapped[int] = mapped_column(Integer)
    unproven: Mapped[int] = mapped_column(Integer)
    partial: Mapped[int] = mapped_column(Integer)
    met: Mapped[int] = mapped_column(Integer)
    stage: Mapped[str] = mapped_column(String(20), index=True)
    """``in_force``, ``ending`` (ended, disposal not accepted), ``closed`` or ``future``."""
    next_due_on: Mapped[date | None] = mapped_column(Date, index=True)


class FindingChange(Identified, Model):
    """A verdict that changed, and the sentence and record that changed it."""

    __tablename__ = "finding_change"
    __table_args__ = (
        Index("ix_finding_change_agreement", "agreement_id", "at"),
        Index("ix_finding_change_on", "on", "id"),
        Index("ix_finding_change_course", "agreement_id", "inciso", "on", "id"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    inciso: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    on: Mapped[date] = mapped_column(Date)
    before: Mapped[Verdict | None] = mapped_column(Slug(Verdict))
    after: Mapped[Verdict] = mapped_column(Slug(Verdict))
    reason: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)
    """The act that led to it, as the trail names it: "Evidência aceita", "Passagem do tempo"…"""
    record: Mapped[dict[str, object] | None] = mapped_column(JSON)


class Snapshot(Model):
    """The standing of an agreement at the end of a month."""

    __tablename__ = "snapshot"
    __table_args__ = (Index("ix_snapshot_agreement", "agreement_id", "month"),)

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    """Last day of the month."""
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    score: Mapped[int | None] = mapped_column(Integer)
    exposure: Mapped[Exposure] = mapped_column(Slug(Exposure))
    verdicts: Mapped[str] = mapped_column(String(240))
    legs: Mapped[str] = mapped_column(String(400))


class PolicyOverride(Recorded, Model):
    """An administrative parameter that the organisation set for itself from a day on."""

    __tablename__ = "policy_override"

    key: Mapped[str] = mapped_column(String(80), index=True)
    since: Mapped[date] = mapped_column(Date)
    value: Mapped[object] = mapped_column(JSON)
    decided_by: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")


class CalendarDay(Recorded, Model):
    """A day that the court's own calendar closes or opens against the rule, with its source."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("calendar", "day", "id"),)

    calendar: Mapped[str] = mapped_column(String(20), default="cnj")
    day: Mapped[date] = mapped_column(Date, index=True)
    closed: Mapped[bool] = mapped_column()
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200), default="")
    """The portaria or act that set it."""


class TrailEntry(Model):
    """One line of the audit trail; each carries the hash of the one before. The database refuses to change it."""

    __tablename__ = "trail_entry"
    __table_args__ = (Index("ix_trail_entry_subject", "subject_kind", "subject_id", "seq"),)

    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    actor: Mapped[str] = mapped_column(String(254))
    """E-mail of the user, ``job:<name>``, or ``operator:<request number>``."""
    act: Mapped[str] = mapped_column(String(80))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(Integer)
    summary: Mapped[str] = mapped_column(Text)
    """What happened, in one Portuguese sentence."""
    details: Mapped[str] = mapped_column(Text)
    """Canonical JSON."""
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class TrailHead(Model):
    """The end of the chain; locking its only row puts writers in line."""

    __tablename__ = "trail_head"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))
