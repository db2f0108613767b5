"""What the machine read in files: their text, and what it proposes that they say."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from vendor_tracker.store.base import Model, Moment, Recorded


class MachineReading(Recorded, Model):
    """One reading of a file's content by one version of the reader; an older version's reading stays.

    The row is written when a process takes the file, and completed once by the same process: it ends with a text, or
    with an error. Content that was read is not read again by the same version; only an error may be followed by another
    attempt. A row that waits for the recognition of letters is held by nobody yet.
    """

    __tablename__ = "machine_reading"
    __table_args__ = (
        UniqueConstraint("sha256", "reader", "attempt"),
        Index("ix_machine_reading_waiting", "ended_at", "held_until"),
    )

    sha256: Mapped[str] = mapped_column(String(64))
    """The content that is read, wherever and under whatever name it was handed in."""
    reader: Mapped[str] = mapped_column(String(16))
    """The reader's version: a digest of its rules and of its concepts."""
    attempt: Mapped[int] = mapped_column(Integer)
    """From 1; another one follows only an error."""
    ocr: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether letters are to be recognised in the picture of the pages first."""
    tries: Mapped[int] = mapped_column(Integer, default=0)
    """How often a process took it."""
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    """Until when the process that took it may still be at it."""
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    error_code: Mapped[str] = mapped_column(String(40), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    """What happened and what to do, in Portuguese; empty when the file was read."""
    media_type: Mapped[str] = mapped_column(String(120), default="")
    pages: Mapped[int | None] = mapped_column(Integer)
    provisions: Mapped[int] = mapped_column(Integer, default=0)
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    points: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """For each inciso, what the machine proposes."""
    derives: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """``codes``: our verification codes found in it; ``likeness``: for ids of issued documents, how alike it is."""
    passages: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    """The text, compressed; large, so that only who shows it loads it."""


__all__ = ["MachineReading"]
