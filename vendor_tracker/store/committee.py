"""Queries of the monthly report to the committee: what the register came to in a month."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind, RequestState, Verdict
from vendor_tracker.store.base import current
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.requests import number_of
from vendor_tracker.store.tables import Agreement, AgreementRevision, FindingChange, Incident, Operator, Request


class Line(NamedTuple):
    """Something that happened under an agreement; ``total`` is how many there are, listed or not."""

    agreement_id: int
    agreement: str
    operator: str
    secret: bool
    on: date | datetime
    what: str
    """The inciso, or the number of the request; empty for an incident."""
    total: int


_ABOUT = (
    Agreement.id,
    Agreement.kind,
    Agreement.number,
    Operator.name,
    func.coalesce(AgreementRevision.secret, False),
)


def _line(row: tuple[int, AgreementKind, str, str, bool, date | datetime, str, int]) -> Line:
    return Line(row[0], agreement_label(row[1], row[2]), row[3], bool(row[4]), row[5], row[6], row[7])


def newly_breached(session: Session, *, since: datetime, until: datetime, limit: int) -> list[Line]:
    """Return the obligations found breached between two moments, the newest first."""
    rows = session.execute(
        select(*_ABOUT, FindingChange.on, FindingChange.inciso, func.count().over())
        .join(Agreement, Agreement.id == FindingChange.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(
            FindingChange.after == Verdict.BREACHED,
            FindingChange.before.is_not(None),
            FindingChange.at >= since,
            FindingChange.at < until,
        )
        .order_by(FindingChange.at.desc(), FindingChange.id.desc())
        .limit(limit)
    )
    return [_line(tuple(row)) for row in rows]


def overdue(session: Session, *, today: date, limit: int) -> list[Line]:
    """Return the requests with the operator whose term has passed, the oldest term first."""
    rows = session.execute(
        select(*_ABOUT, Request.due_on, Request.year, Request.sequence, func.count().over())
        .join(Agreement, Agreement.id == Request.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(Request.state.in_((RequestState.OPEN, RequestState.RETURNED)), Request.due_on < today)
        .order_by(Request.due_on, Request.id)
        .limit(limit)
    )
    return [_line((*row[:6], number_of(row[6], row[7]), row[8])) for row in rows]


def incidents_learned(session: Session, *, since: datetime, until: datetime, limit: int) -> list[Line]:
    """Return the incidents that the court learned of between two moments, the newest first."""
    rows = session.execute(
        select(*_ABOUT, Incident.learned_at, func.count().over())
        .join(Agreement, Agreement.id == Incident.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(
            current(Incident),
            Incident.learned_at >= since,
            Incident.learned_at < until,
        )
        .order_by(Incident.learned_at.desc(), Incident.id.desc())
        .limit(limit)
    )
    return [_line((*row[:6], "", row[6])) for row in rows]
