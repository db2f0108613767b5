"""The request as the vendor sees it: what waits for an answer, and what was already answered."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from contracts.norm import REFERENCES, LegalReference
from contracts.vocabulary import EvidenceKind, FileState, RequestState
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import portal
from vendor_tracker.store import requests as store
from vendor_tracker.store.requests import AttachedFile, RequestHead
from vendor_tracker.store.tables import Answer, RequestItem
from vendor_tracker.usecases import requesting
from vendor_tracker.usecases.answering.merging import Draft
from vendor_tracker.usecases.answering.visiting import Visit
from vendor_tracker.usecases.work import NotFoundError, look


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file the vendor attached, and how far its check is."""

    id: int
    name: str
    size: int
    sha256: str
    state: FileState = FileState.CLEAN
    refused_because: str = ""
    attached_by: str = ""


@dataclass(frozen=True, slots=True)
class AsideText:
    """A text that was kept beside the answer because somebody had saved another one in between."""

    id: int
    draft: Draft
    saved_by: str
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item that waits for the vendor, with what was saved of it."""

    id: int
    position: int
    inciso: str
    title: str
    question: str
    reason: str
    law: LegalReference | None
    wants_file: bool
    accepts: tuple[EvidenceKind, ...]
    draft: Draft
    files: tuple[OwnFile, ...]
    returned_because: str
    saved_at: datetime | None
    saved_by: str
    round: int
    version: int
    """How often it was saved with a change: what a form says that it was made from."""
    aside: tuple[AsideText, ...] = ()
    help: str = ""
    """A short sentence beside the question."""
    before: "ClosedItem | None" = None
    """What was sent in the round before, when it came back."""

    @property
    def arrived(self) -> tuple[OwnFile, ...]:
        """Return the files that may count: those whose check did not refuse them."""
        return tuple(file for file in self.files if file.state is not FileState.REFUSED)

    @property
    def saved_today(self) -> bool:
        """Tell whether the hour alone says when it was saved."""
        return self.saved_at is not None and clock.day_of(self.saved_at) == clock.today()

    @property
    def waits(self) -> bool:
        """Tell whether a file of it is still being checked."""
        return any(file.state is FileState.CHECKING for file in self.files)

    @property
    def standing(self) -> str:
        """Tell how far it is: ``done``, ``cannot``, ``open``, ``refused`` (a file), ``file`` or ``kind`` (missing)."""
        if self.draft.cannot_deliver.strip():
            return "cannot"
        if any(file.state is FileState.REFUSED for file in self.files):
            return "refused"
        if self.wants_file and not self.files:
            return "file" if self.draft.text.strip() else "open"
        if not self.draft.text.strip() and not self.files:
            return "open"
        return "kind" if len(self.accepts) > 1 and self.draft.kind is None else "done"


@dataclass(frozen=True, slots=True)
class ClosedItem:
    """An item that was already answered, read only."""

    position: int
    inciso: str
    title: str
    text: str
    cannot_deliver: str
    files: tuple[OwnFile, ...]
    decision: str


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The request as the vendor sees it."""

    title: str
    head: RequestHead
    today: date
    recipient: str
    """The preposto's name, when there is one."""
    preposto_email: str
    caput: LegalReference
    answer_days: int
    items: tuple[OpenItem, ...]
    closed: tuple[ClosedItem, ...]
    returned: bool
    saved_at: datetime | None
    limit_mb: int
    receipts: tuple[tuple[str, datetime], ...]
    review_by: date | None
    turn: int
    """Which answer of this request it will be: 1, and one more after each that was sent."""
    person: str
    """Who answers, as last typed; the person the link was sent to until then."""
    position: str
    guest: bool
    """Whether an invited colleague is looking."""
    colleagues: tuple[str, ...]
    """The colleagues who may work on it now."""

    @property
    def can_answer(self) -> bool:
        """Tell whether the vendor has the word."""
        return self.head.state in store.WAITING


def open_rounds(items: list[RequestItem], answers: list[Answer], state: RequestState) -> dict[int, int]:
    """Return the round that is open for each item: all at first, only those returned afterwards."""
    newest: dict[int, Answer] = {}
    for answer in answers:
        if answer.submitted_at is not None:
            newest[answer.item_id] = answer
    if state is RequestState.OPEN:
        return {item.id: 1 for item in items}
    if state is RequestState.RETURNED:
        return {
            item.id: newest[item.id].round + 1
            for item in items
            if item.id in newest and newest[item.id].decision == "returned"
        }
    return {}


def own_files(files: list[AttachedFile], answer: Answer | None) -> tuple[OwnFile, ...]:
    """Return the files of an answer that were not withdrawn."""
    if answer is None:
        return ()
    return tuple(
        OwnFile(file.id, file.name, file.size, file.sha256, file.state, file.refused_because, file.attached_by)
        for file in files
        if file.answer_id == answer.id and file.withdrawn_at is None
    )


def accepted_kinds(item: RequestItem) -> tuple[EvidenceKind, ...]:
    """Return the proofs of which any one answers the item."""
    if item.accepts:
        return tuple(EvidenceKind(slug) for slug in item.accepts)
    return (item.evidence_kind,) if item.evidence_kind is not None else ()


def answer_page(visit: Visit) -> AnswerPage:
    """Return the request with everything that was saved."""
    today = clock.today()
    with look() as session:
        head = head_of(session, visit)
        items = store.items(session, visit.request_id)
        answers = store.answers(session, visit.request_id)
        files = store.attached(session, visit.request_id)
        rounds = open_rounds(items, answers, head.state)
        aside: dict[int, list[AsideText]] = {}
        for row in portal.set_aside(session, visit.request_id):
            aside.setdefault(row.answer_id, []).append(
                AsideText(row.id, Draft(row.text, row.cannot_deliver, row.evidence_kind), row.saved_by, row.saved_at)
            )
        by_round = {(answer.item_id, answer.round): answer for answer in answers}
        newest = {answer.item_id: answer for answer in answers if answer.submitted_at is not None}
        open_items, closed = [], []
        for item in items:
            before = newest.get(item.id)
            if item.id in rounds:
                draft = by_round.get((item.id, rounds[item.id]))
                open_items.append(
                    OpenItem(
                        item.id,
                        item.position,
                        item.inciso,
                        item.title,
                        item.question,
                        item.reason,
                        requesting.law_of(item.inciso),
                        item.wants_file,
                        accepted_kinds(item),
                        Draft(draft.text, draft.cannot_deliver, draft.evidence_kind) if draft else Draft(),
                        own_files(files, draft),
                        before.decision_reason if before else "",
                        draft.saved_at if draft else None,
                        draft.saved_by if draft else "",
                        rounds[item.id],
                        draft.version if draft else 0,
                        tuple(aside.get(draft.id, ())) if draft else (),
                        help=item.help,
                        before=_closed(item, before, files) if before else None,
                    )
                )
            elif before is not None:
                closed.append(_closed(item, before, files))
        preposto = requesting.preposto_of(session, head, today)
        person, position = visit.person, visit.position
        if not person and preposto is not None and visit.guest_id is None:
            person = preposto.name
        receipts = portal.receipts(session, visit.request_id)
        submitted_on = clock.day_of(head.submitted_at) if head.submitted_at else None
        in_review = head.state is RequestState.SUBMITTED and submitted_on is not None
        return AnswerPage(
            title="Informações sobre proteção de dados pessoais",
            head=head,
            today=today,
            recipient=preposto.name if preposto else "",
            preposto_email=preposto.email if preposto else "",
            caput=REFERENCES["art_14_caput"],
            answer_days=(head.due_on - head.opened_on).days,
            items=tuple(open_items),
            closed=tuple(closed),
            returned=head.state is RequestState.RETURNED,
            saved_at=max((item.saved_at for item in open_items if item.saved_at), default=None),
            limit_mb=settings().upload_limit_mb,
            receipts=tuple((receipt.protocol, receipt.submitted_at) for receipt in receipts),
            review_by=requesting.review_term(session, submitted_on) if in_review and submitted_on else None,
            turn=len(receipts) + 1,
            person=person,
            position=position,
            guest=visit.guest_id is not None,
            colleagues=tuple(
                guest.name for guest in portal.guests(session, visit.request_id) if guest.revoked_at is None
            ),
        )


def _closed(item: RequestItem, answer: Answer, files: list[AttachedFile]) -> ClosedItem:
    return ClosedItem(
        item.position,
        item.inciso,
        item.title,
        answer.text,
        answer.cannot_deliver,
        own_files(files, answer),
        answer.decision,
    )


def head_of(session: Session, visit: Visit) -> RequestHead:
    """Return the request of a visit; raises :class:`NotFoundError`."""
    head = store.head(session, visit.request_id)
    if head is None:
        raise NotFoundError("Esta requisição não existe.")
    return head
