"""What operators report of incidents and what the court does about them. Nothing here is deleted by age.

The incident itself, whose facts are judged, is the lineage of :class:`~vendor_tracker.store.tables.conduct.Incident`;
every row here points at it by ``incident_lineage``.
"""

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.vocabulary import Harm, IncidentClock, IncidentSeverity, VolumeBand
from vendor_tracker.store.base import Identified, Model, Moment, Recorded, Slug


class IncidentChannel(Recorded, Model):
    """A standing link by which an operator reports incidents under one agreement: only its hash is kept."""

    __tablename__ = "incident_channel"
    __table_args__ = (UniqueConstraint("agreement_id", "generation"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    generation: Mapped[int] = mapped_column(Integer)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    sent_to: Mapped[str] = mapped_column(String(254))
    """The address of the preposto to whom the letter with the link went."""
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    revoked_because: Mapped[str] = mapped_column(Text, default="")


class IncidentSession(Identified, Model):
    """A browser of the operator that opened the standing link, or that of a closed request, and pressed the button."""

    __tablename__ = "incident_session"

    channel_id: Mapped[int | None] = mapped_column(ForeignKey("incident_channel.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"), index=True)
    """Exactly one of the two is set."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class IncidentReport(Recorded, Model):
    """One version of what the operator told of an incident, with its receipt. None is ever changed."""

    __tablename__ = "incident_report"
    __table_args__ = (UniqueConstraint("incident_lineage", "number"),)

    incident_lineage: Mapped[int] = mapped_column(Integer)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    number: Mapped[int] = mapped_column(Integer)
    """1 for the first communication, 2 for the first addition, and so on."""
    protocol: Mapped[str] = mapped_column(String(24), unique=True)
    received_at: Mapped[datetime] = mapped_column(Moment)
    """When our server received it: what the operator's term is measured with."""
    aware_at: Mapped[datetime] = mapped_column(Moment)
    """When the operator says, in this version, that it became aware."""
    reporter: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254))
    origin: Mapped[str] = mapped_column(String(20))
    """``request`` or ``channel``: by which link it came."""
    origin_id: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    """Everything that was told, and the SHA-256 of every file, in order."""
    sha256: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the canonical JSON of ``content``."""


class IncidentReportFile(Identified, Model):
    """A file that came with a version of a report."""

    __tablename__ = "incident_report_file"

    report_id: Mapped[int] = mapped_column(ForeignKey("incident_report.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))


class IncidentAssessment(Recorded, Model):
    """The severity that a person confirmed, what the scale had proposed, and why they differ. The newest counts."""

    __tablename__ = "incident_assessment"

    incident_lineage: Mapped[int] = mapped_column(Integer, index=True)
    natures: Mapped[list[str]] = mapped_column(JSON, default=list)
    volume: Mapped[VolumeBand | None] = mapped_column(Slug(VolumeBand))
    harm: Mapped[Harm | None] = mapped_column(Slug(Harm))
    proposed: Mapped[IncidentSeverity | None] = mapped_column(Slug(IncidentSeverity))
    points: Mapped[int] = mapped_column(Integer, default=0)
    level: Mapped[IncidentSeverity] = mapped_column(Slug(IncidentSeverity))
    reason: Mapped[str] = mapped_column(Text, default="")


class IncidentDecision(Recorded, Model):
    """An answer about an incident: did it reach personal data, is the risk relevant, is it closed.

    The newest of each ``question`` counts. ``recorded_by_id`` is null when the operator's own report answered it.
    """

    __tablename__ = "incident_decision"
    __table_args__ = (Index("ix_incident_decision_question", "incident_lineage", "question"),)

    incident_lineage: Mapped[int] = mapped_column(Integer)
    question: Mapped[str] = mapped_column(String(20))
    """``reached_data``, ``relevant_risk`` or ``closed``."""
    answer: Mapped[bool] = mapped_column(Boolean)
    known_at: Mapped[datetime] = mapped_column(Moment)
    """Since when it is known: the terms of the Resolution count from it."""
    reason: Mapped[str] = mapped_column(Text)


class IncidentCommunication(Recorded, Model):
    """A communication that the court made of an incident, with its protocol. A mistake is annulled, and kept."""

    __tablename__ = "incident_communication"

    incident_lineage: Mapped[int] = mapped_column(Integer, index=True)
    kind: Mapped[IncidentClock] = mapped_column(Slug(IncidentClock))
    sent_at: Mapped[datetime] = mapped_column(Moment)
    protocol: Mapped[str] = mapped_column(String(120), default="")
    partial: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether something was still missing, to be completed later."""
    delay_reason: Mapped[str] = mapped_column(Text, default="")
    """Art. 25, § 1º, VII, when it was not in time."""
    note: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    annulled_at: Mapped[datetime | None] = mapped_column(Moment)
    annulled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    annulled_because: Mapped[str] = mapped_column(Text, default="")


class IncidentCase(Identified, Model):
    """What the terms of an incident came to when they were last looked at, so that lists need not count them anew."""

    __tablename__ = "incident_case"
    __table_args__ = (Index("ix_incident_case_due", "closed_at", "next_due_at"),)

    incident_lineage: Mapped[int] = mapped_column(Integer, unique=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    joined_into: Mapped[int | None] = mapped_column(Integer)
    """The incident of which this one turned out to be the same; its reports are there."""
    next_clock: Mapped[IncidentClock | None] = mapped_column(Slug(IncidentClock))
    """The open term that ends first; null when none asks for anything."""
    next_due_at: Mapped[datetime | None] = mapped_column(Moment)
