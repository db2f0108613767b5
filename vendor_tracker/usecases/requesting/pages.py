"""Requests as staff read them: the list, one request whole, and the files that came with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from contracts.norm import LegalReference
from contracts.vocabulary import EvidenceKind, FileState, RequestKind, RequestState
from contracts.workdays import TermUnit
from vendor_tracker import clock
from vendor_tracker.store import bulk, conduct, extensions, issued, jobs, portal
from vendor_tracker.store import outbox as sent
from vendor_tracker.store import requests as store
from vendor_tracker.store.audits import Matter, matters_of
from vendor_tracker.store.conduct import SilenceLine
from vendor_tracker.store.extensions import ExtensionLine
from vendor_tracker.store.issued import IssuedRow
from vendor_tracker.store.outbox import Failure
from vendor_tracker.store.requests import RequestFilter, RequestHead
from vendor_tracker.store.tables import RequestEvent
from vendor_tracker.usecases import filing, judging, occasions
from vendor_tracker.usecases.occasions import OccasionView
from vendor_tracker.usecases.requesting.asking import law_of
from vendor_tracker.usecases.requesting.deciding import newest_submitted
from vendor_tracker.usecases.requesting.events import head_of
from vendor_tracker.usecases.requesting.preflight import Preflight, PreflightLine, open_lines, preflight_of
from vendor_tracker.usecases.work import Actor, NotFoundError, look

PAGE_SIZES = (20, 50, 100)


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request in a list."""

    head: RequestHead
    items: int


@dataclass(frozen=True, slots=True)
class RequestsPage:
    """The list of requests."""

    title: str
    today: date
    chosen: RequestFilter
    counts: Mapping[str, int]
    lines: tuple[RequestLine, ...]
    total: int
    number: int
    size: int
    unreachable: int
    """Agreements that should have been asked the last night and have no preposto with an address."""


def requests_page(
    *,
    standing: str = "",
    kind: RequestKind | None = None,
    text: str = "",
    operator_id: int | None = None,
    agreement_id: int | None = None,
    number: int = 1,
    size: int = PAGE_SIZES[0],
) -> RequestsPage:
    """Return one page of the requests, the most urgent first; a page past the end shows the last."""
    today = clock.today()
    chosen = RequestFilter(standing, kind, text.strip()[:100], agreement_id, operator_id)
    with look() as session:
        total, heads = store.listed(session, chosen, today=today, limit=size, offset=(number - 1) * size)
        if total and not heads:
            number = (total + size - 1) // size
            total, heads = store.listed(session, chosen, today=today, limit=size, offset=(number - 1) * size)
        counts = store.item_counts(session, [head.id for head in heads])
        return RequestsPage(
            "Requisições",
            today,
            chosen,
            store.standings(session, today),
            tuple(RequestLine(head, counts.get(head.id, 0)) for head in heads),
            total,
            number,
            size,
            _whole(jobs.last_outcome(session, "plan_requests").get("without_contact")),
        )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file the vendor sent."""

    id: int
    name: str
    size: int
    sha256: str
    readable: bool
    state: FileState = FileState.CLEAN
    """How far its check is; only a clean one opens."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One round's answer to an item."""

    round: int
    text: str
    cannot_deliver: str
    kind: EvidenceKind | None
    files: tuple[FileLine, ...]
    submitted_at: datetime | None
    decision: str
    decision_reason: str


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item, what came back, and what to decide."""

    id: int
    position: int
    inciso: str
    title: str
    question: str
    reason: str
    law: LegalReference | None
    answers: tuple[AnswerView, ...]
    evidence_id: int | None
    """The newest proof made of it, to be decided on its own page."""
    to_decide: bool
    """Whether it waits for a decision here: submitted, undecided, and without a proof of its own."""
    waits: bool
    """Whether it waits for a decision anywhere."""
    help: str = ""
    """The short sentence beside the question."""


@dataclass(frozen=True, slots=True)
class EventView:
    """Something that happened."""

    at: datetime
    kind: str
    note: str
    who: str
    due_on: date


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A receipt of a request."""

    protocol: str
    round: int
    submitted_at: datetime
    submitted_by: str
    position: str
    late: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request, whole."""

    title: str
    today: date
    head: RequestHead
    items: tuple[ItemView, ...]
    events: tuple[EventView, ...]
    messages: tuple[sent.MessageLine, ...]
    receipts: tuple[ReceiptLine, ...]
    review_by: date | None
    """Until when the answer should be reviewed: an internal term, never counted against the operator."""
    preflight: Preflight
    marked: int
    """Items marked for return while others are still under review."""
    issued: tuple[IssuedRow, ...] = ()
    """The papers made of it, newest first."""
    answerable: tuple[PreflightLine, ...] = ()
    """What could keep the operator from answering, looked at now; empty when it has not the word."""
    extensions: tuple[ExtensionLine, ...] = ()
    """Later terms that the operator asked for, newest first."""
    failing: Mapping[str, Failure] = field(default_factory=dict)
    """Addresses of the operator, in lower case, that do not take our messages."""
    silences: tuple[SilenceLine, ...] = ()
    """Facts that put the operator's silence on record."""
    unreached: bool = False
    """Nothing that was sent since the operator has the request arrived: its silence is our failure."""
    note: str = ""
    """What staff noted for themselves when they asked."""
    batch: int | None = None
    """The request to a whole list that opened it."""
    occasions: tuple[OccasionView, ...] = ()
    """The facts on record that it was opened for, or that joined it."""
    matters: tuple[Matter, ...] = ()
    """The records to which its answers go back, in the order of the items."""

    @property
    def waiting(self) -> bool:
        """Tell whether the vendor has the word."""
        return self.head.state in store.WAITING

    @property
    def extension(self) -> ExtensionLine | None:
        """Return the asked extension that waits for us."""
        return next((line for line in self.extensions if not line.decision), None) if self.waiting else None

    @property
    def in_review(self) -> bool:
        """Tell whether we have the word."""
        return self.head.state is RequestState.SUBMITTED


def request_page(actor: Actor, request_id: int) -> RequestPage:
    """Return one request with its answers, events, letters and receipts; raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        head = head_of(session, request_id)
        answers = store.answers(session, request_id)
        files: dict[int, list[FileLine]] = {}
        for file in store.attached(session, request_id):
            if file.withdrawn_at is None:
                readable = filing.may_read(actor.role, restricted=file.restricted or head.secret)
                files.setdefault(file.answer_id, []).append(
                    FileLine(file.id, file.name, file.size, file.sha256, readable, file.state)
                )
        proofs = {proof.item_id: proof for proof in store.evidence_of(session, request_id)}
        newest = newest_submitted(answers)
        items = []
        for item in store.items(session, request_id):
            own = tuple(
                AnswerView(
                    answer.round,
                    answer.text,
                    answer.cannot_deliver,
                    answer.evidence_kind or item.evidence_kind,
                    tuple(files.get(answer.id, ())),
                    answer.submitted_at,
                    answer.decision,
                    answer.decision_reason,
                )
                for answer in answers
                # A draft is the vendor's own until it is sent.
                if answer.item_id == item.id and answer.submitted_at is not None
            )
            proof = proofs.get(item.id)
            waits = head.state is RequestState.SUBMITTED and item.id in newest and not newest[item.id].decision
            items.append(
                ItemView(
                    item.id,
                    item.position,
                    item.inciso,
                    item.title,
                    item.question,
                    item.reason,
                    law_of(item.inciso),
                    own,
                    proof.evidence_id if proof else None,
                    waits
                    and (proof is None or proof.decision is not None)
                    # What is still being checked may become a proof, to be decided on its own page.
                    and not any(file.state is FileState.CHECKING for file in files.get(newest[item.id].id, ())),
                    waits,
                    help=item.help,
                )
            )
        review_by = None
        if head.state is RequestState.SUBMITTED and head.submitted_at is not None:
            review_by = review_term(session, clock.day_of(head.submitted_at))
        events = store.events(session, request_id)
        due_at = {event.recorded_at: event.due_on for event, _ in events}
        messages = sent.of_request(session, request_id)
        return RequestPage(
            title=f"Requisição {head.number}",
            today=today,
            head=head,
            items=tuple(items),
            events=tuple(
                EventView(
                    event.recorded_at, event.kind, event.note, event.person or name or "Rotina automática", event.due_on
                )
                for event, name in events
            ),
            messages=tuple(messages),
            receipts=tuple(
                ReceiptLine(
                    receipt.protocol,
                    receipt.round,
                    receipt.submitted_at,
                    receipt.submitted_by,
                    receipt.submitted_by_position,
                    clock.day_of(receipt.submitted_at) > due_at.get(receipt.submitted_at, head.due_on),
                    receipt.sha256,
                )
                for receipt in portal.receipts(session, request_id)
            ),
            review_by=review_by,
            preflight=preflight_of(session, head.agreement_id, today),
            matters=tuple(matters_of(session, request_id)),
            answerable=_answerable(session, head),
            issued=tuple(issued.issued_documents(session, about=("request", request_id))[0]),
            occasions=occasions.of_request(session, request_id),
            extensions=tuple(extensions.of_request(session, request_id)),
            silences=tuple(conduct.silences(session, request_id)),
            failing=sent.failing(session, {line.recipient for line in messages}),
            note=store.internal_note(session, request_id),
            batch=bulk.batch_of_request(session, request_id),
            unreached=head.state in store.WAITING and _unreached(messages, events),
            marked=sum(answer.decision == "returned" for answer in newest.values())
            if head.state is RequestState.SUBMITTED
            else 0,
        )


def _unreached(messages: Sequence[sent.MessageLine], events: Sequence[tuple[RequestEvent, str | None]]) -> bool:
    """Tell whether every letter to the operator was given up since it has the request, and nobody opened the portal."""
    asked_at = max((event.recorded_at for event, _ in events if event.kind in {"opened", "returned"}), default=None)
    if asked_at is None or any(event.kind == "seen" and event.recorded_at >= asked_at for event, _ in events):
        return False
    states = [line.state for line in messages if line.kind in sent.OPERATOR_LETTERS and line.created_at >= asked_at]
    return bool(states) and all(state == "failed" for state in states)


def _answerable(session: Session, head: RequestHead) -> tuple[PreflightLine, ...]:
    """Return what could keep the operator from answering, while it has the word."""
    if head.state not in store.WAITING:
        return ()
    asked = [(item.wants_file, bool(item.evidence_kind or item.accepts)) for item in store.items(session, head.id)]
    return open_lines(session, head, asked, now=clock.now())


def review_term(session: Session, submitted_on: date) -> date:
    """Return until when an answer should be reviewed."""
    days = judging.policy_of(session).on(submitted_on).number("review_days")
    return judging.workdays_of(session).due_after(submitted_on, days, TermUnit.WORKING_DAYS)


def file_of_request(actor: Actor, request_id: int, answer_file_id: int) -> int:
    """Return the id of the stored file behind an attachment that was submitted; raises :class:`NotFoundError`.

    Whether this person may open it is for :func:`vendor_tracker.usecases.filing.open_file` and, for a protected
    agreement, decided here.
    """
    with look() as session:
        head = head_of(session, request_id)
        submitted = {answer.id for answer in store.answers(session, request_id) if answer.submitted_at is not None}
        for file in store.attached(session, request_id):
            if file.id == answer_file_id and file.answer_id in submitted and file.withdrawn_at is None:
                if not filing.may_read(actor.role, restricted=file.restricted or head.secret):
                    break
                return file.file_id
    raise NotFoundError("Este arquivo não existe ou é protegido (art. 5º da Portaria).")
