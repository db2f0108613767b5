"""What is asked of operators, how it leaves, what comes back; and the outbox."""

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.vocabulary import EvidenceKind, RequestKind, RequestState
from vendor_tracker.store.base import Identified, Model, Moment, Recorded, Slug


class Request(Recorded, Model):
    """A numbered request to an operator under one agreement (art. 14, caput). Its history is in its events."""

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("year", "sequence"),
        Index("ix_request_matter", "matter_kind", "matter_lineage"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(Slug(RequestKind))
    year: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    period_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    """``cadence:<agreement>:<subject>:<period>``; the unique key that makes one request per period."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it is asked, in a Portuguese sentence."""
    internal_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What staff noted for themselves when they asked; it never reaches the operator."""
    matter_kind: Mapped[str | None] = mapped_column(String(40))
    """What it is about, by the slug of the record: ``audit``, ``instruction``; none for what is asked in general."""
    matter_lineage: Mapped[int | None] = mapped_column(Integer)
    """The lineage of that record; none when its items are about several (:attr:`RequestItem.matter_lineage`)."""
    opened_on: Mapped[date] = mapped_column(Date)
    first_due_on: Mapped[date] = mapped_column(Date)

    # What follows repeats the newest events, so that lists need no history; only use cases write it.
    state: Mapped[RequestState] = mapped_column(Slug(RequestState), index=True)
    due_on: Mapped[date] = mapped_column(Date, index=True)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)

    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """SHA-256 of the secret in the vendor's link; the secret itself is never stored."""
    link_expires_at: Mapped[datetime | None] = mapped_column(Moment)
    link_generation: Mapped[int] = mapped_column(Integer, default=0)


class RequestItem(Identified, Model):
    """One question of a request, about one inciso, frozen when it was asked."""

    __tablename__ = "request_item"
    __table_args__ = (UniqueConstraint("request_id", "position"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    inciso: Mapped[str] = mapped_column(String(40))
    evidence_kind: Mapped[EvidenceKind | None] = mapped_column(Slug(EvidenceKind))
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    wants_file: Mapped[bool] = mapped_column(Boolean, default=True)
    accepts: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Slugs of the proofs of which any one would do, when there are several; ``evidence_kind`` is then null."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why this item is asked now, in a Portuguese sentence."""
    help: Mapped[str] = mapped_column(Text, default="", server_default="")
    """The short sentence beside the question."""
    template: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """The item template and its edition, as in ``inciso.V/2``; empty for a question that staff wrote themselves."""
    matter_lineage: Mapped[int | None] = mapped_column(Integer, index=True)
    """The record of the request's ``matter_kind`` that the item alone is about, such as one corrective action."""


class RequestEvent(Recorded, Model):
    """What happened to a request: opened, sent, submitted, returned, accepted, refused, extended, cancelled."""

    __tablename__ = "request_event"

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[RequestState] = mapped_column(Slug(RequestState))
    """The state from this event on."""
    due_on: Mapped[date] = mapped_column(Date)
    """The term from this event on."""
    note: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[str] = mapped_column(String(200), default="")
    """Who acted on the operator's side."""


class PortalLink(Identified, Model):
    """A link that was given to a vendor: only its hash, so that a replaced link is told apart from an invented one."""

    __tablename__ = "portal_link"
    __table_args__ = (UniqueConstraint("request_id", "generation"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"))
    generation: Mapped[int] = mapped_column(Integer)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime] = mapped_column(Moment)


class PortalSession(Identified, Model):
    """A vendor's browser that opened the link and pressed the button."""

    __tablename__ = "portal_session"

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    link_generation: Mapped[int] = mapped_column(Integer)
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("portal_guest.id"))
    """The invited colleague whose link it was; null for the request's own link."""
    person: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """Who is answering, as last typed."""
    position: Mapped[str] = mapped_column(String(200), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class Answer(Identified, Model):
    """The draft of an answer to one item; frozen into a receipt when submitted. One row per item and round."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("item_id", "round"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("request_item.id"), index=True)
    round: Mapped[int] = mapped_column(Integer, default=1)
    """1 for the first answer, 2 after the first return, and so on."""
    text: Mapped[str] = mapped_column(Text, default="")
    cannot_deliver: Mapped[str] = mapped_column(Text, default="")
    """Why it cannot be delivered and when it could."""
    evidence_kind: Mapped[EvidenceKind | None] = mapped_column(Slug(EvidenceKind))
    """Which of the accepted proofs it is, where the item accepts several."""
    version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How often it was saved with a change; every version is kept in its drafts."""
    saved_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    saved_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    decision: Mapped[str] = mapped_column(String(20), default="")
    """``accepted`` or ``returned`` once staff decided about this round."""
    decision_reason: Mapped[str] = mapped_column(Text, default="")


class AnswerFile(Identified, Model):
    """A file attached to an answer. Taken back before submission: kept, marked as withdrawn."""

    __tablename__ = "answer_file"

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    attached_at: Mapped[datetime | None] = mapped_column(Moment)
    attached_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("portal_guest.id"))
    """The invited colleague who attached it; null when it was the holder of the request's own link."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


class Receipt(Recorded, Model):
    """The proof of delivery that the vendor keeps."""

    __tablename__ = "receipt"

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    protocol: Mapped[str] = mapped_column(String(20), unique=True)
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    submitted_by: Mapped[str] = mapped_column(String(200))
    submitted_by_position: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    """Every answer and the SHA-256 of every file, in order."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of the canonical JSON of ``content``."""


class Message(Identified, Model):
    """A message of the outbox, written in the transaction that caused it; it leaves after the commit."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_waiting", "state", "next_try_at"),)

    key: Mapped[str] = mapped_column(String(160), unique=True)
    """``request:<id>:<step>:<recipient>``, which makes one message per step and recipient."""
    kind: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None] = mapped_column(Integer, index=True)
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    recipient_name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    attachments: Mapped[list[dict[str, object]]] = mapped_column(JSON, default=list)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    """``waiting``, ``sending``, ``sent`` or ``failed`` (gave up; visible to staff)."""
    next_try_at: Mapped[datetime] = mapped_column(Moment)
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class MessageAttempt(Identified, Model):
    """One try to deliver a message and what the server said. Kept for ever."""

    __tablename__ = "message_attempt"

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    outcome: Mapped[str] = mapped_column(String(20))
    """``sent``, ``deferred`` or ``refused``."""
    answer: Mapped[str] = mapped_column(Text)


class JobRun(Identified, Model):
    """A slot of a job, claimed by the process that wrote the row first."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    job: Mapped[str] = mapped_column(String(60))
    slot: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[dict[str, object] | None] = mapped_column(JSON)
