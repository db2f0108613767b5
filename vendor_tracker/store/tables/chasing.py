"""What happens while an answer is awaited: terms asked anew by operators, and calendars that people subscribe to."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from vendor_tracker.store.base import Identified, Model, Moment, Recorded


class TermExtension(Recorded, Model):
    """A later term that the operator asked for in the portal, and what was decided about it."""

    __tablename__ = "term_extension"

    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    """1 before the first answer, 2 after the first return, and so on."""
    asked_until: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(200))
    """Who asked, on the operator's side."""
    decision: Mapped[str] = mapped_column(String(20), default="", index=True)
    """Empty while it waits; ``granted``, ``refused``, or ``overtaken`` when the answer or the end came first."""
    granted_until: Mapped[date | None] = mapped_column(Date)
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class CalendarFeed(Identified, Model):
    """The secret address of a calendar: of what one person follows, or of a unit. Only the secret's SHA-256 is kept."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    """Whose address it is: when the account closes, it opens no more."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """The unit it shows; null for what the person follows."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    last_fetched_on: Mapped[date | None] = mapped_column(Date)
    digest: Mapped[str] = mapped_column(String(64), default="")
    """Fingerprint of what it last said, so that an unchanged calendar is read without writing."""
    changed_at: Mapped[datetime | None] = mapped_column(Moment)


class CalendarFeedItem(Identified, Model):
    """What a calendar last said of one commitment, so that a change gets its number and what fell away is cancelled."""

    __tablename__ = "calendar_feed_item"
    __table_args__ = (UniqueConstraint("feed_id", "uid"),)

    feed_id: Mapped[int] = mapped_column(ForeignKey("calendar_feed.id"))
    uid: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    day: Mapped[date] = mapped_column(Date)
    summary: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    path: Mapped[str] = mapped_column(String(200), default="")
    """Address of the record, without the host."""
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)


__all__ = ["CalendarFeed", "CalendarFeedItem", "TermExtension"]
