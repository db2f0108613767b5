"""Requests to operators, as staff see and drive them: open, extend, decide, give back, cancel.

A request's history is in its events; the row repeats the newest one, so that lists need no history. Every act that
changes a request holds its row until the end, leaves an event and a trail line, and writes its mail to the outbox.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from contracts.norm import REFERENCES, LegalReference
from contracts.questions import TITLE_LIMIT, question_book
from contracts.vocabulary import INCISOS, EvidenceKind, RequestKind, RequestState
from contracts.workdays import CalendarRangeError, TermUnit
from vendor_tracker import clock
from vendor_tracker.reports import letters
from vendor_tracker.reports.letters import Letter, letterhead, without_links
from vendor_tracker.running import settings
from vendor_tracker.store import jobs, portal, recipients, trails
from vendor_tracker.store import outbox as sent
from vendor_tracker.store import requests as store
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.requests import RequestFilter, RequestHead
from vendor_tracker.store.tables import Answer, Request, RequestEvent, RequestItem
from vendor_tracker.usecases import filing, judging, portal_links
from vendor_tracker.usecases.outbox import enqueue
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act, look

PAGE_SIZES = (20, 50, 100)
MOST_ITEMS = 30
LONGEST_TEXT = 4000


# ----------------------------------------------------------------------------------------------------------------------
# What is asked
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to ask. ``kinds``: the proofs of which any one would do; none when words are enough."""

    inciso: str
    title: str
    question: str
    kinds: tuple[EvidenceKind, ...] = ()
    wants_file: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Preflight:
    """Whether a request can reach the operator, told before anything is sent."""

    recipient: str
    email: str
    problem: str
    """Why it cannot be sent, in a sentence; empty when it can."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The words proposed for an inciso or a proof."""

    inciso: str
    kind: EvidenceKind | None
    title: str
    question: str


@dataclass(frozen=True, slots=True)
class NewRequestPage:
    """The form of a request opened by hand."""

    title: str
    agreement_id: int
    agreement: str
    operator: str
    operator_id: int
    today: date
    default_due_on: date
    default_days: int
    preflight: Preflight
    suggestions: tuple[Suggestion, ...]
    pending: tuple[tuple[str, str, int], ...]
    """Items already with the vendor or with us: (inciso, request number, request id)."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the vendor would get."""

    title: str
    agreement_id: int
    agreement: str
    operator: str
    recipient: str
    email: str
    due_on: date
    today: date
    reason: str
    items: tuple[NewItem, ...]
    subject: str
    body: str


def law_of(inciso: str) -> LegalReference | None:
    """Return the words of an inciso of art. 14; ``None`` for an obligation that the organisation added."""
    return REFERENCES.get(f"art_14_{inciso.lower()}") if inciso in INCISOS else None


def _body() -> str:
    return settings().body.acronym


def suggestion(inciso: str, kind: EvidenceKind | None = None) -> Suggestion:
    """Return the proposed words for one of the twelve, or for one proof of it."""
    book = question_book()
    question = (book.evidence[kind] if kind is not None else book.incisos[inciso]).addressed(_body())
    return Suggestion(inciso, kind, question.title, question.text)


def kinds_for(inciso: str) -> tuple[EvidenceKind, ...]:
    """Return the proofs that would serve an inciso today, as its obligation names them."""
    from contracts.obligations import TWELVE

    today = clock.today()
    for obligation in TWELVE:
        version = obligation.on(today)
        if obligation.inciso == inciso and version is not None:
            return tuple(dict.fromkeys(kind for requirement in version.requires for kind in requirement.asks_for))
    return ()


def _preflight(session: Session, agreement_id: int, on: date) -> Preflight:
    preposto = recipients.prepostos(session, [agreement_id], on).get(agreement_id)
    if preposto is None:
        return Preflight(
            "",
            "",
            "O acordo não tem preposto com e-mail em vigor. Registre-o no operador antes de enviar a requisição.",
        )
    return Preflight(preposto.name, preposto.email, "")


def new_request_page(agreement_id: int) -> NewRequestPage:
    """Return what the form of a new request needs; raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        names = store.agreement_names(session, agreement_id)
        if names is None:
            raise NotFoundError("Este acordo não existe.")
        label, operator, operator_id, _ = names
        days = judging.policy_of(session).on(today).number("request_answer_days")
        workdays = judging.workdays_of(session)
        _, open_ = store.listed(session, RequestFilter(agreement_id=agreement_id), today=today, limit=200, offset=0)
        pending = tuple(
            (item.inciso, head.number, head.id)
            for head in open_
            if head.state in (*store.WAITING, RequestState.SUBMITTED)
            for item in store.items(session, head.id)
        )
        return NewRequestPage(
            title="Nova requisição",
            agreement_id=agreement_id,
            agreement=label,
            operator=operator,
            operator_id=operator_id,
            today=today,
            default_due_on=workdays.due_after(today, days, TermUnit.CALENDAR_DAYS),
            default_days=days,
            preflight=_preflight(session, agreement_id, today),
            suggestions=tuple(suggestion(inciso) for inciso in INCISOS),
            pending=pending,
        )


def _checked_items(items: Sequence[NewItem]) -> tuple[NewItem, ...]:
    if not items:
        raise UseCaseError("Escolha ao menos um inciso sobre o qual perguntar.", field="incisos")
    if len(items) > MOST_ITEMS:
        raise UseCaseError(f"Uma requisição tem no máximo {MOST_ITEMS} itens; divida-a.", field="incisos")
    for item in items:
        if not item.title.strip() or not item.question.strip():
            raise UseCaseError(
                f"Escreva o título e a pergunta do inciso {item.inciso}.", field=f"pergunta_{item.inciso}"
            )
        if len(item.title) > TITLE_LIMIT or len(item.question) > LONGEST_TEXT:
            raise UseCaseError(
                f"O título do inciso {item.inciso} passa de {TITLE_LIMIT} caracteres, ou a pergunta de {LONGEST_TEXT}.",
                field=f"pergunta_{item.inciso}",
            )
    return tuple(items)


def _checked_term(session: Session, due_on: date, today: date) -> date:
    if due_on <= today:
        raise UseCaseError("O prazo deve terminar depois de hoje.", field="due_on")
    try:
        working = judging.workdays_of(session).is_working(due_on)
    except CalendarRangeError as error:
        raise UseCaseError(str(error), field="due_on") from None
    if not working:
        raise UseCaseError(
            f"Não há expediente em {due_on:%d/%m/%Y}. Escolha um dia útil para o fim do prazo.", field="due_on"
        )
    return due_on


def preview_request(
    *, agreement_id: int, kind: RequestKind, items: Sequence[NewItem], due_on: date, reason: str
) -> Preview:
    """Return the letter and the items as the vendor would see them; checks all that opening would check."""
    today = clock.today()
    asked = _checked_items(items)
    with look() as session:
        names = store.agreement_names(session, agreement_id)
        if names is None:
            raise NotFoundError("Este acordo não existe.")
        preflight = _preflight(session, agreement_id, today)
        if preflight.problem:
            raise UseCaseError(preflight.problem)
        _checked_term(session, due_on, today)
        label, operator, operator_id, cnpj = names
        head = RequestHead(
            0, agreement_id, operator_id, "(a numerar)", label, operator, cnpj, kind, RequestState.DRAFT, reason, today,
            due_on, due_on, None, None, secret=False,
        )  # fmt: skip
    letter = write_letter(
        "request_opened",
        head,
        Mailbox(preflight.recipient, preflight.email),
        items=[_ItemLine(position, item.inciso, item.title) for position, item in enumerate(asked, 1)],
    )
    return Preview(
        title="Conferir antes de enviar",
        agreement_id=agreement_id,
        agreement=label,
        operator=operator,
        recipient=preflight.recipient,
        email=preflight.email,
        due_on=due_on,
        today=today,
        reason=reason,
        items=asked,
        subject=letter.subject,
        body=without_links(letter.body),
    )


# ----------------------------------------------------------------------------------------------------------------------
# Letters
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _ItemLine:
    """An item as letters list it."""

    position: int
    inciso: str
    title: str
    reason: str = ""


def write_letter(name: str, head: RequestHead, recipient: Mailbox, **values: object) -> Letter:
    """Write a letter about a request; every letter also gets the letterhead and the day."""
    return letters.write(name, letterhead(settings()), request=head, recipient=recipient, today=clock.today(), **values)


def send_letter(work: Work, name: str, head: RequestHead, recipient: Mailbox, *, step: str, **values: object) -> bool:
    """Put a letter about a request into the outbox; once for each request, step and recipient."""
    letter = write_letter(name, head, recipient, **values)
    return enqueue(
        work,
        key=f"request:{head.id}:{step}:{recipient.email.lower()}",
        kind=name,
        recipient=recipient.email,
        recipient_name=recipient.name,
        subject=letter.subject,
        body=letter.body,
        subject_kind="request",
        subject_id=head.id,
    )


def item_lines(session: Session, request_id: int) -> list[_ItemLine]:
    """Return a request's items as letters list them."""
    return [_ItemLine(item.position, item.inciso, item.title) for item in store.items(session, request_id)]


def preposto_of(session: Session, head: RequestHead, on: date) -> Mailbox | None:
    """Return to whom letters about a request go."""
    return recipients.prepostos(session, [head.agreement_id], on).get(head.agreement_id)


def _tell_preposto(work: Work, request: Request, name: str, *, step: str, **values: object) -> None:
    head = _head(work.session, request.id)
    preposto = preposto_of(work.session, head, work.today)
    if preposto is not None:
        send_letter(work, name, head, preposto, step=step, **values)


# ----------------------------------------------------------------------------------------------------------------------
# Opening
# ----------------------------------------------------------------------------------------------------------------------
def create_request(
    actor: Actor,
    *,
    agreement_id: int,
    kind: RequestKind,
    items: Sequence[NewItem],
    due_on: date,
    reason: str,
) -> int:
    """Open a request by hand; returns its id. Refuses when it could not reach anybody."""
    asked = _checked_items(items)
    with act(actor) as work:
        if not store.agreement_exists(work.session, agreement_id):
            raise NotFoundError("Este acordo não existe.")
        problem = _preflight(work.session, agreement_id, work.today).problem
        if problem:
            raise UseCaseError(problem)
        _checked_term(work.session, due_on, work.today)
        request = open_request(
            work, agreement_id=agreement_id, kind=kind, items=asked, due_on=due_on, reason=reason.strip()
        )
        judging.rejudge(work, [agreement_id], cause="Requisição aberta")
        return request.id


def open_request(
    work: Work,
    *,
    agreement_id: int,
    kind: RequestKind,
    items: Sequence[NewItem],
    due_on: date,
    reason: str,
    period_key: str | None = None,
) -> Request:
    """Open a request in the caller's transaction: number, items, link, event, letter, trail line.

    The caller has checked that it is due and judges the agreement afterwards.
    """
    session = work.session
    trails.take_turn(session)
    year = work.today.year
    request = Request(
        agreement_id=agreement_id,
        kind=kind,
        year=year,
        sequence=store.next_sequence(session, year),
        period_key=period_key,
        reason=reason,
        opened_on=work.today,
        first_due_on=due_on,
        state=RequestState.OPEN,
        due_on=due_on,
        link_generation=0,
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
    )
    session.add(request)
    session.flush()
    for position, item in enumerate(items, 1):
        session.add(
            RequestItem(
                request_id=request.id,
                position=position,
                inciso=item.inciso,
                evidence_kind=item.kinds[0] if len(item.kinds) == 1 else None,
                accepts=[kind.value for kind in item.kinds] if len(item.kinds) > 1 else [],
                title=item.title.strip(),
                question=item.question.strip(),
                wants_file=item.wants_file,
                reason=item.reason,
            )
        )
    portal_links.issue(session, request, now=work.now, days_after_term=_link_days(work))
    _event(work, request, "opened", RequestState.OPEN, due_on, note=reason)
    session.flush()
    number = store.number_of(request.year, request.sequence)
    work.trail(
        "request_opened",
        "request",
        request.id,
        f"Requisição {number} aberta, com prazo até {due_on:%d/%m/%Y}.",
        {"agreement": agreement_id, "kind": kind, "incisos": [item.inciso for item in items], "period": period_key},
    )
    _tell_preposto(work, request, "request_opened", step="opened", items=item_lines(session, request.id))
    return request


def _link_days(work: Work) -> int:
    return judging.policy_of(work.session).on(work.today).number("portal_link_days")


def _event(
    work: Work, request: Request, kind: str, state: RequestState, due_on: date, *, note: str = "", person: str = ""
) -> None:
    """Add an event and let the row repeat it."""
    request.state, request.due_on = state, due_on
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


def _locked(work: Work, request_id: int) -> Request:
    request = store.locked(work.session, request_id)
    if request is None:
        raise NotFoundError("Esta requisição não existe.")
    return request


def _head(session: Session, request_id: int) -> RequestHead:
    head = store.head(session, request_id)
    if head is None:
        raise NotFoundError("Esta requisição não existe.")
    return head


def note_event(work: Work, request: Request, kind: str, *, note: str = "", person: str = "") -> None:
    """Add an event that leaves the state and the term as they are."""
    _event(work, request, kind, request.state, request.due_on, note=note, person=person)


def note_submission(work: Work, request: Request, *, note: str, person: str) -> None:
    """Record that the vendor answered; the term stays what it was."""
    request.submitted_at = work.now
    _event(work, request, "submitted", RequestState.SUBMITTED, request.due_on, note=note, person=person)


# ----------------------------------------------------------------------------------------------------------------------
# Driving
# ----------------------------------------------------------------------------------------------------------------------
def _reasoned(reason: str) -> str:
    text = " ".join(reason.split())
    if not text:
        raise UseCaseError("Diga o motivo: ele fica no registro e, quando couber, vai ao operador.", field="reason")
    if len(text) > LONGEST_TEXT:
        raise UseCaseError(f"O motivo passa de {LONGEST_TEXT} caracteres.", field="reason")
    return text


def extend_term(actor: Actor, *, request_id: int, due_on: date, reason: str) -> None:
    """Give the vendor more time; the ladder of reminders starts anew for the new term."""
    why = _reasoned(reason)
    with act(actor) as work:
        request = _locked(work, request_id)
        if request.state not in store.WAITING:
            raise ConflictError("Só se prorroga requisição que está com o operador.")
        _checked_term(work.session, due_on, work.today)
        if due_on <= request.due_on:
            raise UseCaseError(f"O novo prazo deve ser posterior ao atual, {request.due_on:%d/%m/%Y}.", field="due_on")
        _event(work, request, "extended", request.state, due_on, note=why)
        portal_links.renew(request, days_after_term=_link_days(work))
        work.session.flush()
        number = store.number_of(request.year, request.sequence)
        work.trail(
            "request_extended",
            "request",
            request.id,
            f"Prazo da requisição {number} prorrogado até {due_on:%d/%m/%Y}.",
            {"reason": why},
        )
        _tell_preposto(
            work,
            request,
            "request_extended",
            step=f"extended:{due_on.isoformat()}",
            items=item_lines(work.session, request.id),
            reason=why,
        )
        judging.rejudge(work, [request.agreement_id], cause="Prazo de requisição prorrogado")


def cancel(actor: Actor, *, request_id: int, reason: str) -> None:
    """Withdraw a request; it stays on record and nothing is owed."""
    why = _reasoned(reason)
    with act(actor) as work:
        request = _locked(work, request_id)
        if request.state not in (*store.WAITING, RequestState.SUBMITTED):
            raise ConflictError("Esta requisição já foi encerrada.")
        _event(work, request, "cancelled", RequestState.CANCELLED, request.due_on, note=why)
        work.session.flush()
        number = store.number_of(request.year, request.sequence)
        work.trail("request_cancelled", "request", request.id, f"Requisição {number} cancelada.", {"reason": why})
        _tell_preposto(work, request, "request_cancelled", step="cancelled", reason=why)
        judging.rejudge(work, [request.agreement_id], cause="Requisição cancelada")


def register_refusal(actor: Actor, *, request_id: int, reason: str) -> None:
    """Record that the operator formally refused to answer: a breach of every inciso that was asked."""
    why = _reasoned(reason)
    with act(actor) as work:
        request = _locked(work, request_id)
        if request.state not in store.WAITING:
            raise ConflictError("Só se registra recusa de requisição que está com o operador.")
        _event(work, request, "refused", RequestState.REFUSED, request.due_on, note=why)
        work.session.flush()
        number = store.number_of(request.year, request.sequence)
        work.trail(
            "request_refused",
            "request",
            request.id,
            f"Recusa formal do operador à requisição {number} registrada.",
            {"reason": why},
        )
        judging.rejudge(work, [request.agreement_id], cause="Recusa formal registrada")


def reissue_link(actor: Actor, *, request_id: int) -> str:
    """Replace the vendor's link and mail the new one; returns to whom. Sessions of the old link end."""
    with act(actor) as work:
        request = _locked(work, request_id)
        if request.state not in (*store.WAITING, RequestState.SUBMITTED):
            raise ConflictError("A requisição foi encerrada: o portal não se abre mais para ela.")
        head = _head(work.session, request_id)
        preposto = preposto_of(work.session, head, work.today)
        if preposto is None:
            raise UseCaseError(_preflight(work.session, request.agreement_id, work.today).problem)
        days = _link_days(work)
        portal_links.issue(work.session, request, now=work.now, days_after_term=days)
        if request.link_expires_at is not None and request.link_expires_at <= work.now:
            # Whoever asks for a new link long after the term gets as many days as anybody had.
            request.link_expires_at = clock.end_of(
                judging.workdays_of(work.session).due_after(work.today, max(days, 1), TermUnit.CALENDAR_DAYS)
            )
        note_event(work, request, "link_reissued", note=f"Novo endereço enviado a {preposto.email}.")
        work.session.flush()
        work.trail(
            "request_link_reissued",
            "request",
            request.id,
            f"Novo endereço do portal emitido para a requisição {head.number}.",
            {"recipient": preposto.email},
        )
        send_letter(work, "request_link", head, preposto, step=f"link:{request.link_generation}")
        return preposto.email


# ----------------------------------------------------------------------------------------------------------------------
# Deciding about what came back
# ----------------------------------------------------------------------------------------------------------------------
def item_decided(work: Work, item_id: int, *, accepted: bool, reason: str = "") -> None:
    """Record the decision about an item's newest answer, in the caller's transaction.

    When it was the last one open, the request closes as accepted or goes back to the vendor with the items that were
    returned, a new term and a letter. An item without a submitted answer, or already decided, is left alone: a proof
    may be decided again later, and that does not reopen the request. The caller judges the agreement afterwards.
    """
    item = store.item(work.session, item_id)
    if item is None:
        raise NotFoundError("Este item não existe.")
    request = _locked(work, item.request_id)
    newest = _newest_submitted(store.answers(work.session, request.id)).get(item.id)
    if newest is None or newest.decision:
        return
    newest.decision = "accepted" if accepted else "returned"
    newest.decision_reason = reason.strip()
    word = "aceito" if accepted else "devolvido"
    note_event(
        work,
        request,
        # The item is named in the kind, so that on any later day it is known which items were owed again.
        f"item_accepted:{item.id}" if accepted else f"item_returned:{item.id}",
        note=f"Item {item.position} {word}.{f' {newest.decision_reason}' if newest.decision_reason else ''}",
    )
    work.session.flush()
    if request.state is RequestState.SUBMITTED:
        _conclude(work, request, at_once=False)


def decide_item(actor: Actor, *, request_id: int, item_id: int, accepted: bool, reason: str) -> None:
    """Decide about an item that is answered in words alone; proofs are decided on their own page."""
    if not accepted and not reason.strip():
        raise UseCaseError("Diga ao operador o que falta ou o que corrigir.", field="reason")
    with act(actor) as work:
        request = _locked(work, request_id)
        item = store.item(work.session, item_id)
        if item is None or item.request_id != request.id:
            raise NotFoundError("Este item não existe.")
        if request.state is not RequestState.SUBMITTED:
            raise ConflictError("Só se decide sobre resposta que foi enviada e ainda está em exame.")
        if any(
            proof.item_id == item_id and proof.decision is None for proof in store.evidence_of(work.session, request.id)
        ):
            raise ConflictError("Este item trouxe uma prova: decida na página da evidência.")
        newest = _newest_submitted(store.answers(work.session, request.id)).get(item_id)
        if newest is None or newest.decision:
            raise ConflictError("Este item já foi decidido por outra pessoa.")
        item_decided(work, item_id, accepted=accepted, reason=reason)
        number = store.number_of(request.year, request.sequence)
        work.trail(
            "request_item_decided",
            "request",
            request.id,
            f"Item {item.position} da requisição {number} {'aceito' if accepted else 'devolvido'}.",
            {"item": item_id, "accepted": accepted, "reason": reason.strip()},
        )
        judging.rejudge(work, [request.agreement_id], cause="Resposta examinada")


def give_back(actor: Actor, *, request_id: int) -> None:
    """Return at once what was already marked for return, while the rest is still under review."""
    with act(actor) as work:
        request = _locked(work, request_id)
        if request.state is not RequestState.SUBMITTED:
            raise ConflictError("Só se devolve resposta que está em exame.")
        if not _conclude(work, request, at_once=True):
            raise UseCaseError("Nenhum item foi marcado para devolução.")
        number = store.number_of(request.year, request.sequence)
        work.trail("request_given_back", "request", request.id, f"Requisição {number} devolvida ao operador.")
        judging.rejudge(work, [request.agreement_id], cause="Requisição devolvida")


def _newest_submitted(answers: Sequence[Answer]) -> dict[int, Answer]:
    """Return the newest submitted answer of each item; the answers come in the order of rounds."""
    return {answer.item_id: answer for answer in answers if answer.submitted_at is not None}


def _conclude(work: Work, request: Request, *, at_once: bool) -> bool:
    """Close or give back a request whose items are decided; ``at_once`` does not wait for those still open."""
    items = {item.id: item for item in store.items(work.session, request.id)}
    newest = _newest_submitted(store.answers(work.session, request.id))
    if not at_once and any(not newest[item_id].decision for item_id in items if item_id in newest):
        return False
    returned = [
        _ItemLine(item.position, item.inciso, item.title, newest[item.id].decision_reason)
        for item in items.values()
        if item.id in newest and newest[item.id].decision == "returned"
    ]
    if not returned:
        if at_once:
            return False
        _event(work, request, "accepted", RequestState.ACCEPTED, request.due_on)
        work.session.flush()
        _tell_preposto(work, request, "request_accepted", step="accepted")
        return True
    days = judging.policy_of(work.session).on(work.today).number("request_answer_days")
    due_on = judging.workdays_of(work.session).due_after(work.today, days, TermUnit.CALENDAR_DAYS)
    positions = ", ".join(str(item.position) for item in returned)
    _event(
        work,
        request,
        "returned",
        RequestState.RETURNED,
        due_on,
        note=f"{'Item devolvido' if len(returned) == 1 else 'Itens devolvidos'}: {positions}.",
    )
    portal_links.renew(request, days_after_term=_link_days(work))
    work.session.flush()
    rounds = max(answer.round for answer in newest.values())
    _tell_preposto(work, request, "request_returned", step=f"returned:{rounds}", returned=returned)
    return True


# ----------------------------------------------------------------------------------------------------------------------
# Pages
# ----------------------------------------------------------------------------------------------------------------------
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

    @property
    def waiting(self) -> bool:
        """Tell whether the vendor has the word."""
        return self.head.state in store.WAITING

    @property
    def in_review(self) -> bool:
        """Tell whether we have the word."""
        return self.head.state is RequestState.SUBMITTED


def request_page(actor: Actor, request_id: int) -> RequestPage:
    """Return one request with its answers, events, letters and receipts; raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        head = _head(session, request_id)
        answers = store.answers(session, request_id)
        files: dict[int, list[FileLine]] = {}
        for file in store.attached(session, request_id):
            if file.withdrawn_at is None:
                readable = filing.may_read(actor.role, restricted=file.restricted or head.secret)
                files.setdefault(file.answer_id, []).append(
                    FileLine(file.id, file.name, file.size, file.sha256, readable)
                )
        proofs = {proof.item_id: proof for proof in store.evidence_of(session, request_id)}
        newest = _newest_submitted(answers)
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
                    waits and (proof is None or proof.decision is not None),
                    waits,
                )
            )
        review_by = None
        if head.state is RequestState.SUBMITTED and head.submitted_at is not None:
            review_by = review_term(session, clock.day_of(head.submitted_at))
        events = store.events(session, request_id)
        due_at = {event.recorded_at: event.due_on for event, _ in events}
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
            messages=tuple(sent.of_request(session, request_id)),
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
            preflight=_preflight(session, head.agreement_id, today),
            marked=sum(answer.decision == "returned" for answer in newest.values())
            if head.state is RequestState.SUBMITTED
            else 0,
        )


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
        head = _head(session, request_id)
        submitted = {answer.id for answer in store.answers(session, request_id) if answer.submitted_at is not None}
        for file in store.attached(session, request_id):
            if file.id == answer_file_id and file.answer_id in submitted and file.withdrawn_at is None:
                if not filing.may_read(actor.role, restricted=file.restricted or head.secret):
                    break
                return file.file_id
    raise NotFoundError("Este arquivo não existe ou é protegido (art. 5º da Portaria).")
