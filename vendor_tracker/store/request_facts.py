"""What was asked of the operator, as facts."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from contracts.facts import ProposalFact, Record, RequestFact
from contracts.vocabulary import RequestState
from vendor_tracker.clock import day_of, end_of
from vendor_tracker.store.dialects import among
from vendor_tracker.store.knowledge import Knowledge
from vendor_tracker.store.outbox import OPERATOR_LETTERS
from vendor_tracker.store.requests import WAITING
from vendor_tracker.store.tables import Message, Proposal, Request, RequestEvent, RequestItem


def requests(seen: Knowledge) -> dict[int, list[RequestFact]]:
    """Return every item that was asked, in the state its request had on the day."""
    asked = select(Request.id).where(
        seen.of(Request.agreement_id), seen.recorded(Request), Request.opened_on <= seen.on
    )
    # The state on the day is told by the events, because the row itself only repeats the newest one.
    by_then = [RequestEvent.recorded_at < end_of(seen.on)]
    if seen.known_until is not None:
        by_then.append(RequestEvent.recorded_at < seen.known_until)
    last: dict[int, Row[Any]] = {}
    submitted: dict[int, date] = {}
    accepted: dict[int, bool] = {}
    held: set[int] = set()
    asked_at: dict[int, datetime] = {}
    for row in seen.session.execute(
        select(
            RequestEvent.request_id,
            RequestEvent.kind,
            RequestEvent.state,
            RequestEvent.due_on,
            RequestEvent.recorded_at,
        )
        .where(RequestEvent.request_id.in_(asked), *by_then)
        .order_by(RequestEvent.id)
    ):
        last[row.request_id] = row
        kind, _, item = row.kind.partition(":")
        if kind == "extension_asked" and day_of(row.recorded_at) <= row.due_on:
            held.add(row.request_id)
        elif kind in _DECIDE:
            held.discard(row.request_id)
        if kind in {"opened", "returned"}:
            asked_at[row.request_id] = row.recorded_at
        elif kind == "seen":
            asked_at.pop(row.request_id, None)
        if kind in {"item_accepted", "item_returned"} and item.isdecimal():
            accepted[int(item)] = kind == "item_accepted"
        elif row.state is RequestState.SUBMITTED and (kind == "submitted" or row.request_id not in submitted):
            submitted[row.request_id] = day_of(row.recorded_at)
    unreached = _unreached(
        seen,
        {
            each: moment
            for each, moment in asked_at.items()
            if last[each].state in WAITING and last[each].due_on < seen.on
        },
    )
    found: dict[int, list[RequestFact]] = defaultdict(list)
    for row in seen.session.execute(
        select(
            Request.agreement_id,
            Request.id,
            Request.kind,
            Request.year,
            Request.sequence,
            Request.opened_on,
            Request.first_due_on,
            RequestItem.id.label("item_id"),
            RequestItem.inciso,
            RequestItem.evidence_kind,
        )
        .join(RequestItem, RequestItem.request_id == Request.id)
        .where(seen.of(Request.agreement_id), seen.recorded(Request), Request.opened_on <= seen.on)
        .order_by(Request.id, RequestItem.position)
    ):
        event = last.get(row.id)
        state = event.state if event else RequestState.DRAFT
        if state is RequestState.RETURNED and accepted.get(row.item_id):
            # Only the items that were returned are owed again.
            state = RequestState.ACCEPTED
        found[row.agreement_id].append(
            RequestFact(
                record=Record("request", row.id, f"Requisição {row.year}/{row.sequence:04d}"),
                kind=row.kind,
                inciso=row.inciso,
                opened_on=row.opened_on,
                due_on=event.due_on if event else row.first_due_on,
                state=state,
                submitted_on=submitted.get(row.id),
                evidence_kind=row.evidence_kind,
                extension_pending=row.id in held,
                unreached=row.id in unreached,
            )
        )
    return found


_DECIDE = frozenset({"extended", "extension_refused", "submitted", "returned", "accepted", "refused", "cancelled"})
"""Events after which no extension waits for a decision."""


def _unreached(seen: Knowledge, since: Mapping[int, datetime]) -> set[int]:
    """Return the requests about which everything sent to the operator since a moment had been given up by the day.

    Asked only of those that are overdue and that nobody opened: nearly none. What still waits to leave may yet arrive.
    """
    if not since:
        return set()
    end = end_of(seen.on)
    arrived: dict[int, bool] = {}
    for request_id, created_at, sent_at, state in seen.session.execute(
        select(Message.subject_id, Message.created_at, Message.sent_at, Message.state).where(
            Message.subject_kind == "request",
            among(seen.session, Message.subject_id, since),
            Message.kind.in_(OPERATOR_LETTERS),
            Message.created_at < end,
        )
    ):
        if request_id is not None and created_at >= since[request_id]:
            came_back = state == "failed" or (sent_at is not None and sent_at >= end)
            arrived[request_id] = arrived.get(request_id, False) or not came_back
    return {request_id for request_id, any_arrived in arrived.items() if not any_arrived}


def proposals(seen: Knowledge) -> dict[int, list[ProposalFact]]:
    """Return the documents handed to the operator for signature."""
    found: dict[int, list[ProposalFact]] = defaultdict(list)
    for row in seen.versioned(Proposal):
        if row.proposed_on <= seen.on:
            record = Record("proposal", row.lineage, f"Proposta {row.lineage}: {row.title}")
            found[row.agreement_id].append(
                ProposalFact(record, row.proposed_on, seen.past(row.refused_on), seen.past(row.signed_on))
            )
    return found
