"""The biennial review of shared data (art. 6º, V), and what is held back of an agreement on the public portal."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.vocabulary import PublicField
from vendor_tracker.store.base import Identified, Model, Moment, Slug
from vendor_tracker.store.tables.conduct import OfAgreement


class DataReview(OfAgreement, Model):
    """A review of the data that an agreement shares: what was looked at, what stays and what was eliminated."""

    __tablename__ = "data_review"

    reviewed_on: Mapped[date] = mapped_column(Date, index=True)
    reviewed: Mapped[str] = mapped_column(Text)
    """Which data, in which systems and media, were looked at."""
    kept: Mapped[str] = mapped_column(Text)
    """What stays, and why it is still necessary."""
    eliminated: Mapped[str] = mapped_column(Text)
    """What was eliminated or anonymised, and why; empty when nothing was."""
    minimisation: Mapped[str] = mapped_column(Text)
    """Whether less could be shared (art. 27, parágrafo único, V); empty when it was not looked at."""
    destination: Mapped[str] = mapped_column(Text)
    """What becomes of the data after the processing (art. 27, parágrafo único, VI); empty when it was not looked at."""


class DataReviewTask(Identified, Model):
    """A review that fell due and that the daily job put in the queue; the key makes it come up once."""

    __tablename__ = "data_review_task"
    __table_args__ = (UniqueConstraint("agreement_id", "due_on"),)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    due_on: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    review_lineage: Mapped[int | None] = mapped_column(Integer)
    """The review that answered it; null while it waits, and when the need for it fell away."""


class PublicityDecision(OfAgreement, Model):
    """A decision to hold a field back from the public portal, or to show it; one lineage an agreement and field."""

    __tablename__ = "publicity_decision"

    field: Mapped[PublicField] = mapped_column(Slug(PublicField))
    held_back: Mapped[bool] = mapped_column(Boolean)
    ground: Mapped[str] = mapped_column(Text)
    """The legal ground, shown in the place of the field; of a decision to show, the reason, for the staff alone."""


__all__ = ["DataReview", "DataReviewTask", "PublicityDecision"]
