"""The same request to every agreement of a filtered list: said before, opened in the background, reported in the end.

What was confirmed is on record word for word. Each agreement is its own transaction, in which the request and the note
that it was opened are written together: killed at any moment, the list is gone through further by another process, and
no agreement is asked twice (``bulk:<list>:<agreement>`` is unique besides).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from contracts.vocabulary import EvidenceKind, RequestKind, Verdict
from contracts.workdays import TermUnit
from vendor_tracker import clock
from vendor_tracker.store import batches, bulk, outbox, questions, recipients
from vendor_tracker.store.batches import BatchRow
from vendor_tracker.store.bulk import AskedRow, ListedAgreement
from vendor_tracker.store.questions import AskedItem
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.tables import Batch
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.batches.choosing import Filters
from vendor_tracker.usecases.requesting.asking import (
    ChoiceGroup,
    NewItem,
    Preview,
    VendorItem,
    checked_items,
    checked_term,
    choice_groups,
    preview_request,
    vendor_items,
)
from vendor_tracker.usecases.requesting.opening import open_request
from vendor_tracker.usecases.requesting.preflight import failing_words, same_item
from vendor_tracker.usecases.rounds import (
    LEASE,
    LostError,
    Progress,
    Report,
    Round,
    conclude,
    count,
    go_through,
    held,
    release,
)
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, act, job, look

log = structlog.get_logger()

KIND = "request"
"""The kind of batch that opens requests."""

SCREENED = 200
"""How many agreements are looked at in one go."""
CHUNK = 50
SHOWN = 200
"""How many agreements the page before sending lists one by one."""
PAGE_SIZE = 20
ITEMS_SHOWN = 50
ITEM_STATES = ("done", "skipped", "failed", "pending")
SAME_PRESS = timedelta(days=2)

NO_LIST = "Esta requisição em lote não existe."
NOBODY = "O acordo não tem preposto com e-mail em vigor a quem enviar."
CLOSED = "O acordo está encerrado."
FUTURE = "O acordo ainda não começou."
NOTHING_LEFT = "Nenhum item cabe agora: "
ONLY_DISPOSAL = "o acordo terminou, e depois do fim só cabe a prova do descarte"
NOT_APPLICABLE = "o inciso não se aplica"
NOT_DUE = "o inciso ainda não é exigível"
GAVE_UP = "A abertura foi interrompida várias vezes neste acordo. Abra a requisição na página dele."


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom to ask: the agreements that the filter of the list lets through, or those of one operator."""

    filters: Filters
    operator_id: int | None = None

    def ids(self, session: Session) -> list[int]:
        """Return the agreements, in the order of the list."""
        if self.operator_id is not None:
            return bulk.of_operator(session, self.operator_id)
        return self.filters.cleaned().ids(session)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of each: frozen when it is confirmed."""

    kind: RequestKind
    items: tuple[NewItem, ...]
    due_on: date
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeftItem:
    """An item that is not asked under an agreement, and why. ``request_id``: the request that asks it already."""

    title: str
    why: str
    request_id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One agreement of the list before it is asked."""

    agreement_id: int
    label: str
    operator: str
    recipient: str
    email: str
    warning: str
    """Why the letter may not arrive, although it is sent; empty when nothing is known."""
    items: tuple[NewItem, ...]
    left: tuple[LeftItem, ...]
    reason: str
    """Why nothing is asked at all; empty when something is."""

    @property
    def left_words(self) -> str:
        """Say what is left out, in one sentence; empty when nothing is."""
        said = "; ".join(f"{each.title} ({each.why})" for each in self.left)
        return f"Ficou de fora: {said}." if said else ""


@dataclass(frozen=True, slots=True)
class NewListPage:
    """The form of a request to a list."""

    title: str
    chosen: Chosen
    whom: str
    """The operator's name, when the list is that of one."""
    unit: str
    total: int
    today: date
    default_due_on: date
    default_days: int
    groups: tuple[ChoiceGroup, ...]


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """What would be opened, agreement by agreement."""

    title: str
    chosen: Chosen
    whom: str
    unit: str
    today: date
    asked: Asked
    total: int
    ready: int
    unreachable: int
    warned: int
    lines: tuple[Line, ...]
    """The first agreements of the list."""
    reasons: tuple[tuple[str, int], ...]
    """Why agreements get nothing, and how many, the most frequent first."""
    letter: Preview | None
    """The letter to the first that gets one."""
    vendor_items: tuple[VendorItem, ...]


@dataclass(frozen=True, slots=True)
class ListsPage:
    """The requests to whole lists, the newest first."""

    title: str
    rows: tuple[BatchRow, ...]
    total: int
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """A request to a list as it stands at this moment."""

    title: str
    row: BatchRow
    asked: Asked
    going: bool
    stalled: bool
    """Whether nobody has worked on it for a while: no scheduler runs, or it was interrupted."""
    handled: int
    counts: Mapping[str, int]
    state: str
    items: tuple[AskedRow, ...]
    items_total: int
    number: int
    size: int


# ----------------------------------------------------------------------------------------------------------------------
# Before
# ----------------------------------------------------------------------------------------------------------------------


def _named(session: Session, chosen: Chosen) -> tuple[str, str]:
    """Return the operator's and the unit's name; raises :class:`NotFoundError` for an operator that is none."""
    whom = ""
    if chosen.operator_id is not None:
        name = bulk.operator_name(session, chosen.operator_id)
        if name is None:
            raise NotFoundError("Este operador não existe.")
        whom = name
    unit_id = chosen.filters.unit_id
    return whom, batches.unit_name(session, unit_id) if unit_id is not None else ""


def new_list_page(chosen: Chosen) -> NewListPage:
    """Return what the form of a request to a list needs."""
    today = clock.today()
    with look() as session:
        whom, unit = _named(session, chosen)
        days = judging.policy_of(session).on(today).number("request_answer_days")
        return NewListPage(
            "Requisitar a todos desta lista",
            chosen,
            whom,
            unit,
            len(chosen.ids(session)),
            today,
            judging.workdays_of(session).due_after(today, days, TermUnit.CALENDAR_DAYS),
            days,
            choice_groups(judging.questions_of(session, today)),
        )


def confirm_page(chosen: Chosen, asked: Asked) -> ConfirmPage:
    """Return what would be opened today; checks all that :func:`start` checks. Opens nothing."""
    today = clock.today()
    asked = _checked(asked)
    reasons: Counter[str] = Counter()
    lines: list[Line] = []
    first: Line | None = None
    total = warned = unreachable = 0
    with look() as session:
        whom, unit = _named(session, chosen)
        checked_term(session, asked.due_on, today)
        ids = chosen.ids(session)
        total = len(ids)
        for start_at in range(0, total, SCREENED):
            part = ids[start_at : start_at + SCREENED]
            found = screen(session, part, asked.items, on=today)
            for agreement_id in part:
                line = found[agreement_id]
                if line.reason:
                    reasons[line.reason if not line.left else NOTHING_LEFT.strip(": ") + "."] += 1
                    unreachable += line.reason == NOBODY
                else:
                    first = first or line
                    warned += bool(line.warning)
                if len(lines) < SHOWN:
                    lines.append(line)
    letter = None
    if first is not None:
        letter = preview_request(
            agreement_id=first.agreement_id, kind=asked.kind, items=first.items, due_on=asked.due_on,
            reason=asked.reason,
        )  # fmt: skip
    return ConfirmPage(
        "Conferir a requisição em lote",
        chosen,
        whom,
        unit,
        today,
        asked,
        total,
        total - reasons.total(),
        unreachable,
        warned,
        tuple(lines),
        tuple(reasons.most_common()),
        letter,
        vendor_items(asked.items),
    )


def _checked(asked: Asked) -> Asked:
    return Asked(asked.kind, checked_items(asked.items), asked.due_on, asked.reason.strip(), asked.note.strip())


def screen(session: Session, agreement_ids: Sequence[int], items: Sequence[NewItem], *, on: date) -> Mapping[int, Line]:
    """Return, for each agreement, who would get which items on the day, and why the others are left out."""
    named = bulk.agreements(session, agreement_ids)
    reachable = recipients.prepostos(session, agreement_ids, on)
    failing = outbox.failing(session, {box.email for box in reachable.values()})
    asked = questions.being_asked(session, agreement_ids)
    verdicts = bulk.verdicts(session, agreement_ids)
    return {
        agreement_id: _line(
            named[agreement_id],
            reachable.get(agreement_id),
            failing,
            items,
            asked.get(agreement_id, ()),
            verdicts.get(agreement_id, {}),
        )
        for agreement_id in agreement_ids
    }


def _line(
    agreement: ListedAgreement,
    box: Mailbox | None,
    failing: Mapping[str, outbox.Failure],
    items: Sequence[NewItem],
    asked: Sequence[AskedItem],
    verdicts: Mapping[str, Verdict],
) -> Line:
    kept: list[NewItem] = []
    left: list[LeftItem] = []
    for item in items:
        out = _left_out(item, agreement.stage, asked, verdicts)
        if out is None:
            kept.append(item)
        else:
            left.append(out)
    reason = ""
    if agreement.stage == "closed":
        reason = CLOSED
    elif agreement.stage == "future":
        reason = FUTURE
    elif box is None:
        reason = NOBODY
    elif not kept:
        reason = NOTHING_LEFT + "; ".join(dict.fromkeys(each.why for each in left)) + "."
    failure = failing.get(box.email.lower()) if box is not None else None
    return Line(
        agreement.id,
        agreement.label,
        agreement.operator,
        box.name if box is not None else "",
        box.email if box is not None else "",
        failing_words(failure) if failure is not None else "",
        tuple(kept),
        tuple(left),
        reason,
    )


def _left_out(
    item: NewItem, stage: str, asked: Sequence[AskedItem], verdicts: Mapping[str, Verdict]
) -> LeftItem | None:
    """Return why an item is not asked under an agreement; ``None`` when it is."""
    verdict = verdicts.get(item.inciso)
    if verdict is Verdict.NOT_APPLICABLE:
        return LeftItem(item.title, NOT_APPLICABLE)
    if verdict is Verdict.NOT_DUE:
        return LeftItem(item.title, NOT_DUE)
    if stage == "ending" and item.inciso != "XII":
        return LeftItem(item.title, ONLY_DISPOSAL)
    same = same_item(item, asked)
    return None if same is None else LeftItem(item.title, f"já se pede na requisição {same.number}", same.request_id)


# ----------------------------------------------------------------------------------------------------------------------
# Asking for it, and taking it back
# ----------------------------------------------------------------------------------------------------------------------


def start(
    actor: Actor, *, chosen: Chosen, asked: Asked, describe: Callable[[Filters, str], str], token: str = ""
) -> int:
    """Put a request to every agreement of a list in line; returns its number.

    ``describe`` says the filter in words, given the name of its unit. ``token`` names the page that asked: pressed
    twice, it asks once. Raises :class:`UseCaseError` when there is nobody to ask or the words cannot stand.
    """
    asked = _checked(asked)
    with act(actor) as work:
        session = work.session
        same = bulk.with_token(session, KIND, token, since=work.now - SAME_PRESS) if token else None
        if same is not None:
            return same
        checked_term(session, asked.due_on, work.today)
        whom, unit = _named(session, chosen)
        ids = chosen.ids(session)
        if not ids:
            raise UseCaseError("Nenhum acordo passa por este filtro. Mude o filtro na lista de acordos.")
        words = f"Acordos com o operador {whom}." if whom else describe(chosen.filters.cleaned(), unit)
        row = Batch(
            kind=KIND,
            filters=asdict(chosen.filters.cleaned()) | {"unit": unit, "operator_id": chosen.operator_id},
            filter_words=words,
            repeat=False,
            asked=_as_data(asked) | {"token": token},
            asked_by=actor.name,
            total=len(ids),
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        session.add(row)
        session.flush()
        batches.add_items(session, row.id, ids)
        work.trail(
            "bulk_request_started",
            "batch",
            row.id,
            f"Requisição em lote {row.id} pedida, com prazo até {asked.due_on:%d/%m/%Y}. {words}",
            {"agreements": len(ids), "items": [item.title for item in asked.items], "filters": row.filters},
        )
        return row.id


def cancel(actor: Actor, *, batch_id: int) -> bool:
    """Stop before the next agreement; what was opened stays open. Tells whether it has already stopped."""
    with act(actor) as work:
        row = batches.for_writing(work.session, batch_id, KIND)
        if row is None:
            raise NotFoundError(NO_LIST)
        if row.state not in {"queued", "running"}:
            raise ConflictError(
                "O cancelamento já foi pedido." if row.state == "cancelling" else "Já terminou; não há o que cancelar."
            )
        at_once = row.state == "queued" and row.claimed_by is None
        row.cancelled_by_id = actor.user_id
        row.state = "cancelled" if at_once else "cancelling"
        if at_once:
            row.ended_at = work.now
        work.trail(
            "bulk_request_cancelled",
            "batch",
            row.id,
            f"Requisição em lote {row.id} cancelada {'antes de começar' if at_once else 'durante a abertura'}.",
            {"done": row.done, "total": row.total},
        )
        return at_once


def _as_data(asked: Asked) -> dict[str, object]:
    return {
        "kind": asked.kind.value,
        "due_on": asked.due_on.isoformat(),
        "reason": asked.reason,
        "note": asked.note,
        "items": [
            {
                "inciso": item.inciso,
                "title": item.title,
                "question": item.question,
                "help": item.help,
                "kinds": [kind.value for kind in item.kinds],
                "wants_file": item.wants_file,
                "template": item.template,
            }
            for item in asked.items
        ],
    }


def _from_data(data: Mapping[str, object]) -> Asked:
    raw = data.get("items")
    return Asked(
        RequestKind(str(data["kind"])),
        tuple(
            NewItem(
                str(item["inciso"]),
                str(item["title"]),
                str(item["question"]),
                tuple(EvidenceKind(slug) for slug in item["kinds"]),
                wants_file=bool(item["wants_file"]),
                help=str(item["help"]),
                template=str(item["template"]),
            )
            for item in (raw if isinstance(raw, list) else [])
        ),
        date.fromisoformat(str(data["due_on"])),
        str(data["reason"]),
        str(data["note"]),
    )


# ----------------------------------------------------------------------------------------------------------------------
# Going through the list
# ----------------------------------------------------------------------------------------------------------------------


def work_through(
    *, worker: str, seconds: float | None = None, batch_id: int | None = None, report: Progress | None = None
) -> Report:
    """Open the requests of the lists that wait, the oldest first; see :func:`rounds.go_through`."""
    return go_through(
        KIND,
        worker=worker,
        seconds=seconds,
        batch_id=batch_id,
        begin=lambda found, deadline: Round(worker, found, deadline, report),
        make=_make,
        gave_up=GAVE_UP,
    )


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The next agreements that wait, as (item, agreement); ``more``: others may wait behind them."""

    waiting: tuple[tuple[int, int], ...]
    asked: Asked
    asker: Actor
    more: bool


def _make(at: Round) -> bool:
    """Go through the agreements that wait; tells whether the list ended."""
    while True:
        chunk = _next(at)
        for item_id, agreement_id in chunk.waiting:
            if not _open_one(at, chunk, item_id, agreement_id):
                return _finish(at)
            if at.late:
                return release(at)
        if not chunk.more:
            return _finish(at)


def _next(at: Round) -> _Chunk:
    with act(job("batches")) as work:
        row = held(work, at)
        asked = _from_data(row.asked or {})
        asker = Actor(row.asked_by, user_id=row.recorded_by_id)
        if row.state == "cancelling":
            return _Chunk((), asked, asker, more=False)
        waiting = batches.pending(work.session, row.id, limit=CHUNK)
        return _Chunk(tuple(waiting), asked, asker, more=bool(waiting))


def _open_one(at: Round, chunk: _Chunk, item_id: int, agreement_id: int) -> bool:
    """Open the request of one agreement, or write down why not; ``False`` when the list is being cancelled."""
    state, reason = "skipped", ""
    try:
        return _opened(at, chunk, item_id, agreement_id)
    except UseCaseError as error:
        reason = error.message
    except (DBAPIError, LostError):
        raise
    except Exception as error:
        log.exception("request of a list failed", batch=at.batch_id, agreement=agreement_id)
        state = "failed"
        reason = (
            f"A abertura falhou por um erro do sistema ({type(error).__name__}). Abra a requisição na página do "
            "acordo; se persistir, avise a administração."
        )
    with act(chunk.asker) as work:
        row = held(work, at)
        if row.state == "cancelling":
            return False
        conclude(work, row, item_id, state=state, reason=reason)
    count(at, state)
    return True


def _opened(at: Round, chunk: _Chunk, item_id: int, agreement_id: int) -> bool:
    asked = chunk.asked
    state = "skipped"
    with act(chunk.asker) as work:
        row = held(work, at)
        if row.state == "cancelling":
            return False
        # What is being asked may have changed since the page was read, so each is looked at in its own transaction.
        line = screen(work.session, [agreement_id], asked.items, on=work.today)[agreement_id]
        if line.reason:
            conclude(work, row, item_id, state=state, reason=line.reason)
        else:
            checked_term(work.session, asked.due_on, work.today)
            request = open_request(
                work,
                agreement_id=agreement_id,
                kind=asked.kind,
                items=line.items,
                due_on=asked.due_on,
                reason=asked.reason,
                period_key=f"bulk:{row.id}:{agreement_id}",
                note=asked.note,
            )
            judging.rejudge(work, [agreement_id], cause="Requisição aberta")
            state = "done"
            said = " ".join(part for part in (line.left_words, line.warning) if part)
            conclude(work, row, item_id, state=state, reason=said, request_id=request.id)
    count(at, state)
    return True


def _finish(at: Round) -> bool:
    with act(job("batches")) as work:
        row = held(work, at)
        stopped = row.state == "cancelling"
        row.state = "cancelled" if stopped else "done"
        row.ended_at, row.claimed_by, row.claimed_until = work.now, None, None
        work.trail(
            "bulk_request_ended",
            "batch",
            row.id,
            f"Requisição em lote {row.id} {'interrompida' if stopped else 'concluída'}. Acordos: {row.total}; "
            f"requisições abertas: {row.done}; deixados de fora: {row.skipped}; com falha: {row.failed}.",
            {"done": row.done, "skipped": row.skipped, "failed": row.failed, "total": row.total},
        )
    return True


# ----------------------------------------------------------------------------------------------------------------------
# After
# ----------------------------------------------------------------------------------------------------------------------


def index(*, page: int = 1) -> ListsPage:
    """Return a page of the requests to whole lists, the newest first."""
    with look() as session:
        rows, total = batches.listed(session, KIND, page=page, size=PAGE_SIZE)
    return ListsPage("Requisições em lote", tuple(rows), total, page, PAGE_SIZE)


def show(*, batch_id: int, state: str = "", page: int = 1) -> ListPage:
    """Return a request to a list for its page. Raises :class:`NotFoundError`."""
    state = state if state in ITEM_STATES else ""
    with look() as session:
        row = batches.batch_row(session, batch_id, KIND)
        if row is None:
            raise NotFoundError(NO_LIST)
        asked = _from_data(bulk.asked_of(session, batch_id))
        items, total = bulk.asked_items(session, batch_id, state=state, page=page, size=ITEMS_SHOWN)
    handled = row.done + row.skipped + row.failed
    going = row.state in batches.OPEN
    silent_since = row.held_until or row.started_at or row.asked_at
    return ListPage(
        title=f"Requisição em lote {row.id}",
        row=row,
        asked=asked,
        going=going,
        stalled=going and clock.now() - silent_since > LEASE,
        handled=handled,
        counts={"done": row.done, "skipped": row.skipped, "failed": row.failed, "pending": row.total - handled},
        state=state,
        items=tuple(items),
        items_total=total,
        number=page,
        size=ITEMS_SHOWN,
    )


__all__ = [
    "Asked",
    "Chosen",
    "ConfirmPage",
    "Filters",
    "ListPage",
    "ListsPage",
    "NewListPage",
    "cancel",
    "confirm_page",
    "index",
    "new_list_page",
    "show",
    "start",
    "work_through",
]
