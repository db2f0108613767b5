"""Queries about how often agreements are asked."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from contracts.cadence import COMPLETE
from contracts.occasions import EVENT
from contracts.recurrence import Rhythm
from contracts.schedule import RhythmDecision
from contracts.vocabulary import INCISOS, Exposure, Occasion, Verdict
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.tables import Agreement, AgreementRevision, AgreementRhythm, Request, Standing, User


def decision_of(row: AgreementRhythm) -> RhythmDecision:
    """Return what a row decided; raises :class:`~contracts.recurrence.RhythmError` for a rule we did not write."""
    return RhythmDecision(row.holds_from, row.kind, Rhythm.from_rrule(row.rrule) if row.rrule else None, row.until)


def decisions(session: Session, agreement_ids: Collection[int] | None) -> dict[int, tuple[RhythmDecision, ...]]:
    """Return the decisions that stand, by agreement, in the order of the days they hold from."""
    rows = session.scalars(
        select(AgreementRhythm)
        .where(among(session, AgreementRhythm.agreement_id, agreement_ids), current(AgreementRhythm))
        .order_by(AgreementRhythm.agreement_id, AgreementRhythm.holds_from, AgreementRhythm.id)
    )
    found: dict[int, list[RhythmDecision]] = {}
    for row in rows:
        found.setdefault(row.agreement_id, []).append(decision_of(row))
    return {agreement_id: tuple(each) for agreement_id, each in found.items()}


def standing_from(session: Session, agreement_id: int, day: date) -> list[AgreementRhythm]:
    """Return the rows of the decisions that stand and hold from the day or later, the first first, for writing."""
    return list(
        session.scalars(
            select(AgreementRhythm)
            .where(
                AgreementRhythm.agreement_id == agreement_id,
                AgreementRhythm.holds_from >= day,
                current(AgreementRhythm),
            )
            .order_by(AgreementRhythm.holds_from, AgreementRhythm.id)
        )
    )


class TakenDecision(NamedTuple):
    """A decision with who took it, and when another replaced it before it held."""

    decision: RhythmDecision
    reason: str
    who: str
    recorded_at: datetime
    superseded_at: datetime | None


def taken(session: Session, agreement_id: int) -> list[TakenDecision]:
    """Return every decision ever taken about an agreement, the newest first."""
    rows = session.execute(
        select(AgreementRhythm, User.name)
        .outerjoin(User, User.id == AgreementRhythm.recorded_by_id)
        .where(AgreementRhythm.agreement_id == agreement_id)
        .order_by(AgreementRhythm.id.desc())
    )
    return [
        TakenDecision(decision_of(row), row.reason, name or "", row.recorded_at, row.superseded_at)
        for row, name in rows
    ]


class BondRow(NamedTuple):
    """What the calendar of complete requests needs to know of an agreement, without judging it."""

    agreement_id: int
    starts_on: date | None
    signed_on: date | None
    end: date | None
    exposure: Exposure
    asked_on: date | None
    """When the newest complete request was opened, or one that asked everything."""


def bonds(session: Session, agreement_ids: Collection[int] | None, *, on: date) -> list[BondRow]:
    """Return the agreements whose bond is not over on the day and that are not wholly waived, as last judged, by id."""
    end = func.coalesce(AgreementRevision.ended_on, AgreementRevision.ends_on)
    asked = (
        select(Request.agreement_id, func.max(Request.opened_on).label("asked_on"))
        .where(
            or_(
                Request.period_key.like(f"cadence:%:{COMPLETE}:%"),
                Request.period_key.like(f"{EVENT}:%:{Occasion.EXPOSURE_RAISED}:%"),
            ),
            among(session, Request.agreement_id, agreement_ids),
        )
        .group_by(Request.agreement_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Agreement.id,
            AgreementRevision.starts_on,
            AgreementRevision.signed_on,
            end,
            Standing.exposure,
            asked.c.asked_on,
        )
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .join(Standing, Standing.agreement_id == Agreement.id)
        .outerjoin(asked, asked.c.agreement_id == Agreement.id)
        .where(
            among(session, Agreement.id, agreement_ids),
            or_(end.is_(None), end >= on),
            Standing.verdicts != " ".join([Verdict.NOT_APPLICABLE.value] * len(INCISOS)),
        )
        .order_by(Agreement.id)
    )
    return [BondRow(*row) for row in rows]
