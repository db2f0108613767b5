"""What the portal keeps of the work on an answer: who takes part, what each saved, and whether a file is safe."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.vocabulary import EvidenceKind, FileState
from vendor_tracker.store.base import Identified, Model, Moment, Slug


class PortalGuest(Identified, Model):
    """A colleague whom somebody at the operator invited to one request. Withdrawn invitations stay, marked."""

    __tablename__ = "portal_guest"

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    nonce: Mapped[str] = mapped_column(String(32))
    """What the secret is made of, together with the installation's own; by itself it opens nothing."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the secret in the colleague's link; the secret itself is never stored."""
    invited_at: Mapped[datetime] = mapped_column(Moment)
    invited_by: Mapped[str] = mapped_column(String(200))
    invited_by_guest_id: Mapped[int | None] = mapped_column(ForeignKey("portal_guest.id"))
    """The colleague who invited; null when it was the holder of the request's own link."""
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_by: Mapped[str] = mapped_column(String(200), default="")


class AnswerDraft(Identified, Model):
    """A text as somebody saved it. The newest version repeats in its answer; one that lost a race is kept beside it."""

    __tablename__ = "answer_draft"
    __table_args__ = (UniqueConstraint("answer_id", "version"),)

    answer_id: Mapped[int] = mapped_column(ForeignKey("answer.id"), index=True)
    version: Mapped[int | None] = mapped_column(Integer)
    """1, 2, 3…; null for a text that was set aside because somebody had saved another in between."""
    base_version: Mapped[int] = mapped_column(Integer)
    """The version that its writer had before them."""
    text: Mapped[str] = mapped_column(Text)
    cannot_deliver: Mapped[str] = mapped_column(Text)
    evidence_kind: Mapped[EvidenceKind | None] = mapped_column(Slug(EvidenceKind))
    saved_at: Mapped[datetime] = mapped_column(Moment)
    saved_by: Mapped[str] = mapped_column(String(200))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("portal_session.id"))
    page: Mapped[str] = mapped_column(String(40), default="")
    """The opened page it was typed in: two windows of one person are two pages."""
    note: Mapped[str] = mapped_column(String(300), default="")
    """What was done when it was not the text that changed: a file attached or taken back."""
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    """When somebody decided about a text that was set aside."""
    settled_by: Mapped[str] = mapped_column(String(200), default="")


class FileCheck(Identified, Model):
    """The check of a file that came from outside. Until ``clean``, nobody opens it and it proves nothing."""

    __tablename__ = "file_check"
    __table_args__ = (Index("ix_file_check_waiting", "state", "next_try_at"),)

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    state: Mapped[FileState] = mapped_column(Slug(FileState))
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was refused, in a Portuguese sentence."""
    came_at: Mapped[datetime] = mapped_column(Moment)
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    next_try_at: Mapped[datetime] = mapped_column(Moment)
    """From when on a job may take it; moved on while one is at it, and after a try that came to nothing."""
    tries: Mapped[int] = mapped_column(Integer, default=0)
