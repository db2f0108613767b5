"""What the scheduled jobs look at: what may be due, what was already sent, and when each job ran."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import RequestState
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.requests import WAITING
from vendor_tracker.store.tables import Agreement, AgreementRevision, DisposalCase, JobRun, Request, RequestEvent


def plannable(session: Session) -> list[int]:
    """Return the ids of every agreement, in order; whether anything is due is for the rules to say."""
    return list(session.scalars(select(Agreement.id).order_by(Agreement.id)))


def planned(session: Session, agreement_ids: Collection[int]) -> Mapping[int, dict[str, date]]:
    """Return, for each agreement, the keys of its planned requests and the days they were opened."""
    rows = session.execute(
        select(Request.agreement_id, Request.period_key, Request.opened_on).where(
            among(session, Request.agreement_id, agreement_ids), Request.period_key.is_not(None)
        )
    )
    found: dict[int, dict[str, date]] = {}
    for agreement_id, key, opened_on in rows:
        found.setdefault(agreement_id, {})[key] = opened_on
    return found


def ended_without_case(session: Session, today: date) -> list[int]:
    """Return the agreements whose bond has ended and that have no disposal case."""
    end = func.coalesce(AgreementRevision.ended_on, AgreementRevision.ends_on)
    return list(
        session.scalars(
            select(Agreement.id)
            .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
            .where(
                end < today,
                ~exists().where(DisposalCase.agreement_id == Agreement.id, current(DisposalCase)),
            )
            .order_by(Agreement.id)
        )
    )


class WaitingRequest(NamedTuple):
    """A request that the vendor has, as the ladder sees it."""

    id: int
    state: RequestState
    due_on: date
    asked_at: datetime
    sent: frozenset[str]
    """Steps already sent for the term in force."""


def waiting(session: Session, request_ids: Sequence[int] | None = None) -> list[WaitingRequest]:
    """Return every request that the vendor has (or those given), with the steps already sent for its present term."""
    chosen = among(session, Request.id, request_ids)
    rows = session.execute(
        select(Request.id, Request.state, Request.due_on).where(chosen, Request.state.in_(WAITING)).order_by(Request.id)
    ).all()
    asked: dict[int, datetime] = {}
    sent: dict[int, set[tuple[str, date]]] = {}
    for event in session.execute(
        select(RequestEvent.request_id, RequestEvent.kind, RequestEvent.due_on, RequestEvent.recorded_at)
        .join(Request, Request.id == RequestEvent.request_id)
        .where(chosen, Request.state.in_(WAITING))
        .order_by(RequestEvent.id)
    ):
        if event.kind in {"opened", "returned"}:
            asked[event.request_id] = event.recorded_at
        elif event.kind.startswith("step:"):
            sent.setdefault(event.request_id, set()).add((event.kind.removeprefix("step:"), event.due_on))
    return [
        WaitingRequest(
            row.id,
            row.state,
            row.due_on,
            asked[row.id],
            frozenset(slug for slug, due_on in sent.get(row.id, ()) if due_on == row.due_on),
        )
        for row in rows
        if row.id in asked
    ]


def last_outcome(session: Session, job: str) -> Mapping[str, object]:
    """Return what the newest finished run of a job came to; empty when there is none."""
    found = session.scalar(
        select(JobRun.outcome)
        .where(JobRun.job == job, JobRun.finished_at.is_not(None))
        .order_by(JobRun.id.desc())
        .limit(1)
    )
    return found or {}


def runs_of_slot(session: Session, job: str, slot: str) -> list[JobRun]:
    """Return the runs of a job in a slot and its repetitions, oldest first."""
    return list(
        session.scalars(
            select(JobRun)
            .where(JobRun.job == job, or_(JobRun.slot == slot, JobRun.slot.like(f"{slot} (%")))
            .order_by(JobRun.id)
        )
    )
