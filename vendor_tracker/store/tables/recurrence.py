"""How often an agreement is asked, decided for it alone; and the facts that led to a request."""

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.vocabulary import Occasion, RhythmKind
from vendor_tracker.store.base import Model, Recorded, Slug
from vendor_tracker.store.tables.conduct import OfAgreement


class AgreementRhythm(OfAgreement, Model):
    """A decision about how often one agreement is asked, from a day on; without any, the exposure tier says."""

    __tablename__ = "agreement_rhythm"

    holds_from: Mapped[date] = mapped_column(Date)
    kind: Mapped[RhythmKind] = mapped_column(Slug(RhythmKind))
    rrule: Mapped[str] = mapped_column(String(200), default="")
    """The rule in the words of RFC 5545 (DTSTART and RRULE), when it is a rhythm of its own."""
    until: Mapped[date | None] = mapped_column(Date)
    """Last day of a suspension."""
    reason: Mapped[str] = mapped_column(Text)


class RequestOccasion(Recorded, Model):
    """A fact on record that asked for something, and the request that asks it. The key makes it ask once."""

    __tablename__ = "request_occasion"

    key: Mapped[str] = mapped_column(String(120), unique=True)
    """``event:<agreement>:<occasion>:<id of the record, or day>``."""
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    occasion: Mapped[Occasion] = mapped_column(Slug(Occasion))
    happened_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    """Why it asks, in a Portuguese sentence, with its ground."""
    record_kind: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int] = mapped_column(Integer)
    record_label: Mapped[str] = mapped_column(String(300))
    joined: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether it joined a request that was due or open anyway, instead of opening one."""
