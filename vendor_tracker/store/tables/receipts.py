"""The paper of a receipt: the PDF as it was first made."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from vendor_tracker.store.base import Identified, Model, Moment


class ReceiptPaper(Identified, Model):
    """The PDF of a receipt. Made once and kept, so that a later version of the typesetter changes no receipt."""

    __tablename__ = "receipt_paper"

    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"), unique=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    """SHA-256 of its bytes, by which anybody can verify the file."""
    made_at: Mapped[datetime] = mapped_column(Moment)


__all__ = ["ReceiptPaper"]
