"""The history of a request: its row, held until the end of an act, and the events that the row repeats."""

from datetime import date

from sqlalchemy.orm import Session

from contracts.vocabulary import RequestState
from vendor_tracker.store import extensions
from vendor_tracker.store import requests as store
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.store.tables import Request, RequestEvent
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.requesting import matters
from vendor_tracker.usecases.requesting.matters import Happening
from vendor_tracker.usecases.work import NotFoundError, Work


def add_event(
    work: Work, request: Request, kind: str, state: RequestState, due_on: date, *, note: str = "", person: str = ""
) -> None:
    """Add an event, let the row repeat it, and tell the record that the request is about."""
    moved = request.due_on != due_on
    request.state, request.due_on = state, due_on
    if state not in store.WAITING:
        # Nobody needs more time for what was answered, refused or withdrawn.
        extensions.overtake(work.session, request.id, at=work.now)
    work.session.add(
        RequestEvent(
            request_id=request.id,
            kind=kind,
            state=state,
            due_on=due_on,
            note=note,
            person=person,
            recorded_at=work.now,
            recorded_by_id=work.actor.user_id,
        )
    )
    matters.follow(work, request, Happening(kind, note, moved))


def locked_request(work: Work, request_id: int) -> Request:
    """Return the row of a request, held until the end of the act; raises :class:`NotFoundError`."""
    request = store.locked(work.session, request_id)
    if request is None:
        raise NotFoundError("Esta requisição não existe.")
    return request


def head_of(session: Session, request_id: int) -> RequestHead:
    """Return a request with its names; raises :class:`NotFoundError`."""
    head = store.head(session, request_id)
    if head is None:
        raise NotFoundError("Esta requisição não existe.")
    return head


def note_event(work: Work, request: Request, kind: str, *, note: str = "", person: str = "") -> None:
    """Add an event that leaves the state and the term as they are."""
    add_event(work, request, kind, request.state, request.due_on, note=note, person=person)


def note_submission(work: Work, request: Request, *, note: str, person: str) -> None:
    """Record that the vendor answered; the term stays what it was."""
    request.submitted_at = work.now
    add_event(work, request, "submitted", RequestState.SUBMITTED, request.due_on, note=note, person=person)


def link_days(work: Work) -> int:
    """Return how many days after its term a link still opens."""
    return judging.policy_of(work.session).on(work.today).number("portal_link_days")
