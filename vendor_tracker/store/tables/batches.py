"""Batches: one document, or one request, asked for many agreements at once, and what became of each agreement."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vendor_tracker.store.base import Identified, Model, Moment, Recorded


class Batch(Recorded, Model):
    """A document or a request for every agreement of a filtered list. Its progress is here, and in no process.

    Whoever works on it holds it by ``claimed_by`` until ``claimed_until``, and moves that moment ahead with each step.
    """

    __tablename__ = "batch"
    __table_args__ = (Index("ix_batch_waiting", "state", "claimed_until"),)

    kind: Mapped[str] = mapped_column(String(40))
    """Slug of the document in ``clause_library/documents``, or ``request`` when every operator is asked something."""
    asked: Mapped[dict[str, object] | None] = mapped_column(JSON)
    """What is asked, and by when: the words as they were confirmed."""
    filters: Mapped[dict[str, object]] = mapped_column(JSON)
    """The filter of the list, as it was chosen."""
    filter_words: Mapped[str] = mapped_column(Text)
    """The same in words, as they were shown on the day."""
    repeat: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether agreements whose gaps already have a document are given another."""
    asked_by: Mapped[str] = mapped_column(String(254))
    """The actor in whose name the documents are issued."""
    state: Mapped[str] = mapped_column(String(20), default="queued")
    """``queued``, ``running``, ``cancelling``, ``cancelled``, ``done`` or ``failed``."""
    total: Mapped[int] = mapped_column(Integer)
    done: Mapped[int] = mapped_column(Integer, default=0)
    skipped: Mapped[int] = mapped_column(Integer, default=0)
    failed: Mapped[int] = mapped_column(Integer, default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    tries: Mapped[int] = mapped_column(Integer, default=0)
    """How often putting the files together went wrong."""
    problem: Mapped[str] = mapped_column(Text, default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """The archive with the documents and their index."""


class BatchItem(Identified, Model):
    """One agreement of a batch. The unique keys let each be issued once, however many processes try."""

    __tablename__ = "batch_item"
    __table_args__ = (
        UniqueConstraint("batch_id", "agreement_id"),
        UniqueConstraint("batch_id", "position"),
        Index("ix_batch_item_state", "batch_id", "state", "position"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    position: Mapped[int] = mapped_column(Integer)
    """From 1, in the order of the list; the number that begins the file's name."""
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="pending")
    """``pending``, ``done``, ``skipped`` or ``failed``."""
    reason: Mapped[str] = mapped_column(Text, default="")
    issued_document_id: Mapped[int | None] = mapped_column(ForeignKey("issued_document.id"), unique=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"), unique=True)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    """How often a process died at it."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


__all__ = ["Batch", "BatchItem"]
