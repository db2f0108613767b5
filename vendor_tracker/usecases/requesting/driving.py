"""What staff do with a request that is on its way: extend, cancel, note a refusal, send a new link."""

from datetime import date

from contracts.vocabulary import RequestState
from contracts.workdays import TermUnit
from vendor_tracker import clock
from vendor_tracker.store import extensions
from vendor_tracker.store import requests as store
from vendor_tracker.store.tables import Request
from vendor_tracker.usecases import judging, portal_links
from vendor_tracker.usecases.requesting import matters
from vendor_tracker.usecases.requesting.asking import LONGEST_TEXT, checked_term
from vendor_tracker.usecases.requesting.events import add_event, head_of, link_days, locked_request, note_event
from vendor_tracker.usecases.requesting.letters import item_lines, preposto_of, send_letter, tell_preposto
from vendor_tracker.usecases.requesting.preflight import preflight_of
from vendor_tracker.usecases.requesting.silence import settle_silence
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, Work, act


def reasoned(reason: str) -> str:
    """Return a reason in one line, or refuse to act without one."""
    text = " ".join(reason.split())
    if not text:
        raise UseCaseError("Diga o motivo: ele fica no registro e, quando couber, vai ao operador.", field="reason")
    if len(text) > LONGEST_TEXT:
        raise UseCaseError(f"O motivo passa de {LONGEST_TEXT} caracteres.", field="reason")
    return text


def extend_term(actor: Actor, *, request_id: int, due_on: date, reason: str) -> None:
    """Give the vendor more time; the ladder of reminders starts anew for the new term."""
    why = reasoned(reason)
    with act(actor) as work:
        request = locked_request(work, request_id)
        if request.state not in store.WAITING:
            raise ConflictError("Só se prorroga requisição que está com o operador.")
        checked_term(work.session, due_on, work.today)
        matters.check_term(work, request, due_on)
        if due_on <= request.due_on:
            raise UseCaseError(f"O novo prazo deve ser posterior ao atual, {request.due_on:%d/%m/%Y}.", field="due_on")
        prolong(work, request, due_on=due_on, why=why)


def prolong(work: Work, request: Request, *, due_on: date, why: str, asked: bool = False) -> None:
    """Give the vendor until ``due_on`` in the caller's transaction, whoever asked for it; the preposto is told.

    What waits for a decision about the term is decided by this; a silence about the former term is lifted with it.
    """
    pending = extensions.pending(work.session, request.id)
    if pending is not None:
        pending.decision, pending.granted_until, pending.decision_reason = "granted", due_on, why
        pending.decided_at, pending.decided_by_id = work.now, work.actor.user_id
    add_event(work, request, "extended", request.state, due_on, note=why)
    portal_links.renew(request, days_after_term=link_days(work))
    work.session.flush()
    number = store.number_of(request.year, request.sequence)
    work.trail(
        "request_extended",
        "request",
        request.id,
        f"Prazo da requisição {number} prorrogado até {due_on:%d/%m/%Y}{', a pedido do operador' if asked else ''}.",
        {"reason": why},
    )
    settle_silence(work, request, on=work.today, why=f"o prazo foi prorrogado até {due_on:%d/%m/%Y}")
    tell_preposto(
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
    why = reasoned(reason)
    with act(actor) as work:
        request = locked_request(work, request_id)
        if request.state not in (*store.WAITING, RequestState.SUBMITTED):
            raise ConflictError("Esta requisição já foi encerrada.")
        add_event(work, request, "cancelled", RequestState.CANCELLED, request.due_on, note=why)
        work.session.flush()
        settle_silence(work, request, on=work.today, why="a requisição foi cancelada")
        number = store.number_of(request.year, request.sequence)
        work.trail("request_cancelled", "request", request.id, f"Requisição {number} cancelada.", {"reason": why})
        tell_preposto(work, request, "request_cancelled", step="cancelled", reason=why)
        judging.rejudge(work, [request.agreement_id], cause="Requisição cancelada")


def register_refusal(actor: Actor, *, request_id: int, reason: str) -> None:
    """Record that the operator formally refused to answer: a breach of every inciso that was asked."""
    why = reasoned(reason)
    with act(actor) as work:
        request = locked_request(work, request_id)
        if request.state not in store.WAITING:
            raise ConflictError("Só se registra recusa de requisição que está com o operador.")
        add_event(work, request, "refused", RequestState.REFUSED, request.due_on, note=why)
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
        request = locked_request(work, request_id)
        if request.state not in (*store.WAITING, RequestState.SUBMITTED):
            raise ConflictError("A requisição foi encerrada: o portal não se abre mais para ela.")
        head = head_of(work.session, request_id)
        preposto = preposto_of(work.session, head, work.today)
        if preposto is None:
            raise UseCaseError(preflight_of(work.session, request.agreement_id, work.today).problem)
        days = link_days(work)
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
