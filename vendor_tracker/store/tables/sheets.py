"""Answers that came in a spreadsheet: the file, and what was understood of it until somebody confirmed."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from vendor_tracker.store.base import Identified, Model, Moment


class AnswerSheet(Identified, Model):
    """A filled spreadsheet that the operator sent in the portal. Nothing of it is an answer before it is confirmed."""

    __tablename__ = "answer_sheet"

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    generation: Mapped[int] = mapped_column(Integer)
    """Which link of the request was in force when the spreadsheet was downloaded."""
    reading: Mapped[list[dict[str, object]]] = mapped_column(JSON)
    """What was understood, one entry an item of the sheet."""
    received_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(20), default="read")
    """``read``, ``confirmed`` (it became the draft) or ``set_aside``."""
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


__all__ = ["AnswerSheet"]
