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
    sent: Mapping[str, datetime]
    """When each step was taken that was already sent for the term in force."""
    extension_asked_at: datetime | None
    """When the vendor asked for a later term, while nobody has decided."""
    silent: bool
    """Silence about the term in force is on record."""
    seen: bool
    """The vendor opened the portal since it got the request, or got it back."""


def waiting(session: Session, request_ids: Sequence[int] | None = None) -> list[WaitingRequest]:
    """Return every request that the vendor has (or those given), with the steps already sent for its present term."""
    chosen = among(session, Request.id, request_ids)
    rows = session.execute(
        select(Request.id, Request.state, Request.due_on).where(chosen, Request.state.in_(WAITING)).order_by(Request.id)
    ).all()
    asked: dict[int, datetime] = {}
    sent: dict[int, dict[tuple[str, date], datetime]] = {}
    extensions: dict[int, datetime] = {}
    silences: set[tuple[int, date]] = set()
    seen: dict[int, datetime] = {}
    for event in session.execute(
        select(RequestEvent.request_id, RequestEvent.kind, RequestEvent.due_on, RequestEvent.recorded_at)
        .join(Request, Request.id == RequestEvent.request_id)
        .where(chosen, Request.state.in_(WAITING))
        .order_by(RequestEvent.id)
    ):
        if event.kind in {"opened", "returned"}:
            asked[event.request_id] = event.recorded_at
        elif event.kind.startswith("step:"):
            taken = sent.setdefault(event.request_id, {})
            taken.setdefault((event.kind.removeprefix("step:"), event.due_on), event.recorded_at)
        elif event.kind == "extension_asked":
            extensions[event.request_id] = event.recorded_at
        elif event.kind == "silence":
            silences.add((event.request_id, event.due_on))
        elif event.kind == "seen":
            seen[event.request_id] = event.recorded_at
        if event.kind in {"extended", "extension_refused", "returned"}:
            extensions.pop(event.request_id, None)
    return [
        WaitingRequest(
            row.id,
            row.state,
            row.due_on,
            asked[row.id],
            {slug: at for (slug, due_on), at in sent.get(row.id, {}).items() if due_on == row.due_on},
            extensions.get(row.id),
            (row.id, row.due_on) in silences,
            row.id in seen and seen[row.id] >= asked[row.id],
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
