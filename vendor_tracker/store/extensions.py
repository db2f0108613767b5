"""Queries about the later terms that operators ask for."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from vendor_tracker.store.tables import RequestEvent, TermExtension, User


def pending(session: Session, request_id: int) -> TermExtension | None:
    """Return the asked extension of a request that nobody has decided."""
    return session.scalar(
        select(TermExtension).where(TermExtension.request_id == request_id, TermExtension.decision == "")
    )


def asked_in_round(session: Session, request_id: int, round_: int) -> int:
    """Return how often an extension was asked since the operator got the request, or got it back."""
    return (
        session.scalar(
            select(func.count(TermExtension.id)).where(
                TermExtension.request_id == request_id, TermExtension.round == round_
            )
        )
        or 0
    )


def round_of(session: Session, request_id: int) -> int:
    """Return which time the operator has the request: 1, and one more for each return."""
    returns = session.scalar(
        select(func.count(RequestEvent.id)).where(
            RequestEvent.request_id == request_id, RequestEvent.kind == "returned"
        )
    )
    return 1 + (returns or 0)


class ExtensionLine(NamedTuple):
    """An extension that was asked, and what became of it."""

    id: int
    asked_at: datetime
    person: str
    asked_until: date
    reason: str
    decision: str
    granted_until: date | None
    decision_reason: str
    decided_at: datetime | None
    decided_by: str


def of_request(session: Session, request_id: int) -> list[ExtensionLine]:
    """Return the extensions asked about a request, the newest first."""
    rows = session.execute(
        select(
            TermExtension.id,
            TermExtension.recorded_at,
            TermExtension.person,
            TermExtension.asked_until,
            TermExtension.reason,
            TermExtension.decision,
            TermExtension.granted_until,
            TermExtension.decision_reason,
            TermExtension.decided_at,
            func.coalesce(User.name, ""),
        )
        .outerjoin(User, User.id == TermExtension.decided_by_id)
        .where(TermExtension.request_id == request_id)
        .order_by(TermExtension.id.desc())
    )
    return [ExtensionLine(*row) for row in rows]


def overtake(session: Session, request_id: int, *, at: datetime) -> None:
    """Close what was asked and never decided, because the answer or the end of the request came first."""
    session.execute(
        update(TermExtension)
        .where(TermExtension.request_id == request_id, TermExtension.decision == "")
        .values(decision="overtaken", decided_at=at)
    )


TERM_CHANGES = ("returned", "extended", "extension_refused", "cancelled")
"""Events after which the operator's calendar must hear of the request again."""


def term_changes(session: Session, request_id: int) -> int:
    """Return how often the term of a request was changed or withdrawn: the number of its calendar entry."""
    return (
        session.scalar(
            select(func.count(RequestEvent.id)).where(
                RequestEvent.request_id == request_id, RequestEvent.kind.in_(TERM_CHANGES)
            )
        )
        or 0
    )


DECISIONS: Mapping[str, str] = {"granted": "concedida", "refused": "negada", "overtaken": "superada"}
"""How a decision is told."""
