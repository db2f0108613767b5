"""The organisation's own texts of what is asked: newer editions of items, and items of its own."""

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.vocabulary import EditionState
from vendor_tracker.store.base import Model, Moment, Slug, Versioned


class QuestionEditionRow(Versioned, Model):
    """An edition of an item written in the product. Every act about it is a new row of its lineage; none is changed."""

    __tablename__ = "question_edition"
    __table_args__ = (Index("ix_question_edition_key", "key", "number"),)

    key: Mapped[str] = mapped_column(String(80))
    """``evidence.iso_27001``, ``inciso.V``, ``confirmation.V``; ``extra.<slug>`` for an item of the organisation's."""
    number: Mapped[int] = mapped_column(Integer)
    """The edition of the item that it is, or would be; 1 is the file's, or the first of an own item."""
    based_on: Mapped[int] = mapped_column(Integer)
    """The edition whose words its author began with; 0 for a new item."""
    inciso: Mapped[str] = mapped_column(String(10), default="")
    """The inciso that an item of the organisation's is about."""
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    help: Mapped[str] = mapped_column(Text, default="")
    wants_file: Mapped[bool] = mapped_column(Boolean, default=True)
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Slugs of the proofs of which any one would do."""
    periodic: Mapped[bool] = mapped_column(Boolean, default=False)
    retires: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether from its day on the item is asked no more."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why the words change."""
    since: Mapped[date | None] = mapped_column(Date)
    state: Mapped[EditionState] = mapped_column(Slug(EditionState), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who wrote the words last."""
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(Text, default="")
    """What was said with this act: why it was given back or withdrawn."""


__all__ = ["QuestionEditionRow"]
