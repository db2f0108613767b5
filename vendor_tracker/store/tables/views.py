"""Filters of the painel that somebody gave a name to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from vendor_tracker.store.base import Identified, Model, Moment


class SavedView(Identified, Model):
    """Filters of the painel under a name, of one person. What is withdrawn stays on record and is no longer offered."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("ix_saved_view_user", "user_id", "withdrawn_at"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(600))
    """The filters as the address of the painel holds them, without page and without question mark."""
    is_default: Mapped[bool] = mapped_column(default=False)
    """Whether the painel opens with these filters; at most one of a person."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)


__all__ = ["SavedView"]
