"""What happened under an agreement: audits, corrective actions, incidents, instructions, people, disposal."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from contracts.vocabulary import AuditMode, EndReason, IncidentSource, Requester
from vendor_tracker.store.base import Model, Moment, Slug, Versioned


class OfAgreement(Versioned):
    """A versioned fact of one agreement."""

    @declared_attr
    def agreement_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy passes the class
        """Return the column for the agreement."""
        return mapped_column(ForeignKey("agreement.id"), index=True)


class Audit(OfAgreement, Model):
    """An audit or inspection (inciso IX)."""

    __tablename__ = "audit"

    title: Mapped[str] = mapped_column(String(200))
    planned_on: Mapped[date | None] = mapped_column(Date, index=True)
    performed_on: Mapped[date | None] = mapped_column(Date)
    concluded_on: Mapped[date | None] = mapped_column(Date)
    refused_on: Mapped[date | None] = mapped_column(Date)
    independent: Mapped[bool] = mapped_column(Boolean, default=False)
    conclusion: Mapped[str] = mapped_column(Text, default="")
    scope: Mapped[str | None] = mapped_column(Text)
    """What the audit reaches: units, systems, period."""
    incisos: Mapped[str | None] = mapped_column(String(80))
    """The criteria, as in "II, VI, VIII"; empty means all twelve."""
    team: Mapped[str | None] = mapped_column(Text)
    """Who audits, one person a line, with the position."""
    mode: Mapped[AuditMode | None] = mapped_column(Slug(AuditMode))
    auditor: Mapped[str | None] = mapped_column(String(300))
    """The independent auditor that the court authorised, by name."""
    period_from: Mapped[date | None] = mapped_column(Date)
    period_until: Mapped[date | None] = mapped_column(Date)
    """The days whose facts are audited, both included."""
    refusal_reason: Mapped[str | None] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))


class CorrectiveAction(OfAgreement, Model):
    """Something the operator must mend by a day."""

    __tablename__ = "corrective_action"

    audit_lineage: Mapped[int | None] = mapped_column(Integer)
    inciso: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date, index=True)
    done_on: Mapped[date | None] = mapped_column(Date)
    finding_lineage: Mapped[int | None] = mapped_column(Integer)
    owner: Mapped[str | None] = mapped_column(String(200))
    """Who answers for it on the operator's side."""
    answered_on: Mapped[date | None] = mapped_column(Date)
    """The day on which the operator said it was mended, while nobody has sent the answer back."""
    refused_on: Mapped[date | None] = mapped_column(Date)
    verified_on: Mapped[date | None] = mapped_column(Date)
    verified_by: Mapped[str | None] = mapped_column(String(200))
    verification: Mapped[str | None] = mapped_column(Text)
    """What was seen when somebody looked whether it was mended."""
    reopened_on: Mapped[date | None] = mapped_column(Date)
    """The last day on which somebody looked and it was not mended."""
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    """The day from which the court no longer asks for it."""


class Deviation(OfAgreement, Model):
    """A fact that shows a duty broken and that no other record holds."""

    __tablename__ = "deviation"

    inciso: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(Text)
    found_on: Mapped[date] = mapped_column(Date)
    settled_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str | None] = mapped_column(String(40))
    """What put it on record when nobody did: ``silence``, that is, no answer after the last notice of a request."""
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"), index=True)
    """The request that was met with silence."""


class Incident(OfAgreement, Model):
    """A risk, threat or incident (inciso XI). Never deleted by age."""

    __tablename__ = "incident"

    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    suspected_at: Mapped[datetime | None] = mapped_column(Moment)
    reported_at: Mapped[datetime | None] = mapped_column(Moment)
    learned_at: Mapped[datetime] = mapped_column(Moment, index=True)
    source: Mapped[IncidentSource] = mapped_column(Slug(IncidentSource))
    delay_reason: Mapped[str] = mapped_column(Text, default="")

    # What art. 25, § 1º, of the Portaria asks of a report, in its order; nobody is named.
    severity: Mapped[str | None] = mapped_column(String(120))
    presidency_told_at: Mapped[datetime | None] = mapped_column(Moment)
    affected_data: Mapped[str | None] = mapped_column(Text)
    affected_people: Mapped[str | None] = mapped_column(Text)
    measures: Mapped[str | None] = mapped_column(Text)
    risks: Mapped[str | None] = mapped_column(Text)
    prevention: Mapped[str | None] = mapped_column(Text)


class Instruction(OfAgreement, Model):
    """A directive or instruction sent to the operator (inciso VII)."""

    __tablename__ = "instruction"

    text: Mapped[str] = mapped_column(Text)
    sent_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date, index=True)
    acknowledged_on: Mapped[date | None] = mapped_column(Date)
    answered_on: Mapped[date | None] = mapped_column(Date)
    """The day on which the operator said it was done, while nobody has sent the answer back."""
    done_on: Mapped[date | None] = mapped_column(Date)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    """The day from which the court no longer asks for it."""


class Assistance(OfAgreement, Model):
    """Help asked for a data subject, an authority or another legitimate party (inciso X). No data of the person."""

    __tablename__ = "assistance"

    subject: Mapped[str] = mapped_column(String(200))
    asked_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date, index=True)
    answered_on: Mapped[date | None] = mapped_column(Date)
    requester: Mapped[Requester | None] = mapped_column(Slug(Requester))
    protocol_on: Mapped[date | None] = mapped_column(Date)
    """The day of the data subject's protocol, from which art. 11 counts the court's fifteen days."""
    court_due_on: Mapped[date | None] = mapped_column(Date)
    """The term that an authority or another party gave the court; art. 11 speaks of the data subject alone."""
    extended_on: Mapped[date | None] = mapped_column(Date)
    """The day on which the court extended its own term of art. 11, once."""
    extension_reason: Mapped[str | None] = mapped_column(Text)
    told_on: Mapped[date | None] = mapped_column(Date)
    """The day on which the court answered whoever had asked."""
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    """The day from which the court no longer asks for it."""


class AuthorisedPerson(OfAgreement, Model):
    """Somebody of the operator with access to the data (inciso VIII): function and initials, no more."""

    __tablename__ = "authorised_person"

    label: Mapped[str] = mapped_column(String(120))
    """How the operator names the person to us: a badge number or initials."""
    function: Mapped[str] = mapped_column(String(200), default="")
    has_need: Mapped[bool | None] = mapped_column(Boolean)
    need: Mapped[str] = mapped_column(Text, default="")
    committed_on: Mapped[date | None] = mapped_column(Date)
    access_from: Mapped[date] = mapped_column(Date)
    access_until: Mapped[date | None] = mapped_column(Date)
    left_on: Mapped[date | None] = mapped_column(Date)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))


class Delivery(OfAgreement, Model):
    """A line of the agreed calendar of communications and records (inciso III)."""

    __tablename__ = "delivery"

    what: Mapped[str] = mapped_column(String(300))
    to_whom: Mapped[str] = mapped_column(String(200), default="")
    months: Mapped[int | None] = mapped_column(Integer)
    agreed_on: Mapped[date] = mapped_column(Date)
    reviewed_on: Mapped[date] = mapped_column(Date)
    last_delivered_on: Mapped[date | None] = mapped_column(Date)
    next_due_on: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)


class ChannelTest(OfAgreement, Model):
    """A test of the incident channel (inciso I)."""

    __tablename__ = "channel_test"

    tested_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(Text, default="")


class DisposalCase(OfAgreement, Model):
    """The disposal or return of the data after the end (inciso XII)."""

    __tablename__ = "disposal_case"

    trigger: Mapped[EndReason] = mapped_column(Slug(EndReason))
    triggered_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date, index=True)
    manner: Mapped[str] = mapped_column(String(20), default="")
    """``return`` or ``disposal``."""
    what: Mapped[str | None] = mapped_column(Text)
    """Which data, in which systems and media."""
    method: Mapped[str | None] = mapped_column(Text)
    """How they are given back, or disposed of beyond recovery."""
    responsible: Mapped[str | None] = mapped_column(String(200))
    """Who answers for it on the operator's side."""
    covers_copies: Mapped[bool | None] = mapped_column(Boolean)
    covers_backups: Mapped[bool | None] = mapped_column(Boolean)
    covers_sub_operators: Mapped[bool | None] = mapped_column(Boolean)
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    accepted_on: Mapped[date | None] = mapped_column(Date)
    retained: Mapped[str | None] = mapped_column(Text)
    """What the operator keeps after the end, if a law obliges or allows it to."""
    retained_ground: Mapped[str | None] = mapped_column(Text)
    """The legal ground of keeping it."""
    retained_until: Mapped[date | None] = mapped_column(Date)
    """Until when; null when the ground sets no day."""
