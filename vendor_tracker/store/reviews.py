"""Queries about the biennial review of shared data (art. 6º, V)."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true
from sqlalchemy.orm import Session

from contracts.norm import PORTARIA_DATED_ON
from contracts.vocabulary import AgreementKind, DispensationGround, Role
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    DataReview,
    DataReviewTask,
    Operator,
    Standing,
    User,
)

_R = AgreementRevision
_START = func.coalesce(_R.starts_on, _R.signed_on)
_COUNTED_FROM = func.coalesce(_R.reviewed_on, case((_START < PORTARIA_DATED_ON, PORTARIA_DATED_ON), else_=_START))
"""The day from which the two years run; see :func:`contracts.publication.review_due_on`."""


def _reviewable() -> ColumnElement[bool]:
    """Return the condition that somebody still holds personal data under an agreement."""
    return and_(
        Standing.stage.in_(("in_force", "ending")),
        or_(
            _R.role.is_(None),
            _R.role != Role.NO_PERSONAL_DATA,
            _R.role_approved_on.is_(None),
        ),
        or_(_R.dispensation_ground.is_(None), _R.dispensation_ground != DispensationGround.NO_PERSONAL_DATA),
    )


class ReviewRow(NamedTuple):
    """An agreement whose shared data are to be reviewed."""

    agreement_id: int
    kind: AgreementKind
    number: str
    operator: str
    starts_on: date | None
    reviewed_on: date | None
    opened_at: datetime | None
    """Since when it is in the queue."""


def _from(statement: Any) -> Any:
    return (
        statement.join(Operator, Operator.id == Agreement.operator_id)
        .join(_R, _R.id == Agreement.current_revision_id)
        .join(Standing, Standing.agreement_id == Agreement.id)
    )


def rows_due(
    session: Session, *, before: date | None, since: date | None, offset: int, limit: int
) -> tuple[list[ReviewRow], int]:
    """Return agreements whose two years count from before a day, or from a day on, the oldest first; and how many."""
    conditions = [_reviewable(), _COUNTED_FROM.is_not(None)]
    if before is not None:
        conditions.append(before > _COUNTED_FROM)
    if since is not None:
        conditions.append(since <= _COUNTED_FROM)
    total = session.scalar(_from(select(func.count()).select_from(Agreement)).where(*conditions)) or 0
    waiting = (
        select(DataReviewTask.agreement_id, func.min(DataReviewTask.opened_at).label("opened_at"))
        .where(DataReviewTask.closed_at.is_(None))
        .group_by(DataReviewTask.agreement_id)
        .subquery()
    )
    statement = (
        _from(
            select(
                Agreement.id, Agreement.kind, Agreement.number, Operator.name, _START, _R.reviewed_on,
                waiting.c.opened_at,
            )
        )
        .outerjoin(waiting, waiting.c.agreement_id == Agreement.id)
        .where(*conditions)
        .order_by(_COUNTED_FROM, Agreement.id)
        .offset(offset)
        .limit(limit)
    )  # fmt: skip
    return [ReviewRow._make(row) for row in session.execute(statement)], total


def undated(session: Session) -> int:
    """Return how many agreements have neither a review nor a beginning on record."""
    statement = _from(select(func.count()).select_from(Agreement)).where(_reviewable(), _COUNTED_FROM.is_(None))
    return session.scalar(statement) or 0


class OverdueRow(NamedTuple):
    """What the daily job needs to know of an agreement."""

    agreement_id: int
    starts_on: date | None
    reviewed_on: date | None


def overdue(session: Session, before: date) -> list[OverdueRow]:
    """Return every agreement whose two years are counted from before the day, by id."""
    statement = _from(select(Agreement.id, _START, _R.reviewed_on).select_from(Agreement))
    rows = session.execute(statement.where(_reviewable(), before > _COUNTED_FROM).order_by(Agreement.id))
    return [OverdueRow._make(row) for row in rows]


def open_tasks(session: Session, agreement_ids: Collection[int] | None = None) -> list[DataReviewTask]:
    """Return the tasks that wait, for writing, by id."""
    return list(
        session.scalars(
            select(DataReviewTask)
            .where(
                DataReviewTask.closed_at.is_(None),
                true() if agreement_ids is None else among(session, DataReviewTask.agreement_id, agreement_ids),
            )
            .order_by(DataReviewTask.id)
        )
    )


def known_tasks(session: Session) -> dict[tuple[int, date], DataReviewTask]:
    """Return every task ever opened, for writing, by its key."""
    return {(row.agreement_id, row.due_on): row for row in session.scalars(select(DataReviewTask))}


class DoneRow(NamedTuple):
    """A review on record, with its agreement and who recorded it."""

    review: DataReview
    kind: AgreementKind
    number: str
    operator: str
    who: str


def done(
    session: Session, *, agreement_id: int | None = None, offset: int = 0, limit: int = 50
) -> tuple[list[DoneRow], int]:
    """Return the reviews on record, the last first, and how many."""
    conditions = [current(DataReview)]
    if agreement_id is not None:
        conditions.append(DataReview.agreement_id == agreement_id)
    total = session.scalar(select(func.count()).select_from(DataReview).where(*conditions)) or 0
    rows = session.execute(
        select(DataReview, Agreement.kind, Agreement.number, Operator.name, User.name)
        .join(Agreement, Agreement.id == DataReview.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(User, User.id == DataReview.recorded_by_id)
        .where(*conditions)
        .order_by(DataReview.reviewed_on.desc(), DataReview.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [DoneRow(review, kind, number, name, who or "") for review, kind, number, name, who in rows], total


def newest_of(session: Session, agreement_ids: Collection[int]) -> dict[int, DataReview]:
    """Return the last review of each agreement that has one."""
    rows = session.scalars(
        select(DataReview)
        .where(among(session, DataReview.agreement_id, agreement_ids), current(DataReview))
        .order_by(DataReview.reviewed_on, DataReview.id)
    )
    return {row.agreement_id: row for row in rows}


def version(session: Session, agreement_id: int, lineage: int) -> DataReview | None:
    """Return the newest version of a review, for writing."""
    return session.scalar(
        select(DataReview).where(
            DataReview.agreement_id == agreement_id, DataReview.lineage == lineage, current(DataReview)
        )
    )
