"""Deciding about what came back, item by item, until the request closes or goes back."""

from collections.abc import Iterable, Sequence
from datetime import date

from contracts.vocabulary import FileState, RequestState
from vendor_tracker import clock
from vendor_tracker.store import requests as store
from vendor_tracker.store.tables import Answer, Request
from vendor_tracker.usecases import judging, portal_links
from vendor_tracker.usecases.requesting import matters
from vendor_tracker.usecases.requesting.events import add_event, link_days, locked_request, note_event
from vendor_tracker.usecases.requesting.letters import ItemLine, tell_preposto
from vendor_tracker.usecases.requesting.silence import settle_silence
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act


def item_decided(work: Work, item_id: int, *, accepted: bool, reason: str = "", at_once: bool = False) -> None:
    """Record the decision about an item's newest answer, in the caller's transaction.

    When it was the last one open, the request closes as accepted or goes back to the vendor with the items that were
    returned, a new term and a letter. An item without a submitted answer, or already decided, is left alone: a proof
    may be decided again later, and that does not reopen the request. ``at_once`` gives back what was returned without
    waiting for the rest. The caller judges the agreement afterwards.
    """
    item = store.item(work.session, item_id)
    if item is None:
        raise NotFoundError("Este item não existe.")
    request = locked_request(work, item.request_id)
    newest = newest_submitted(store.answers(work.session, request.id)).get(item.id)
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
        _conclude(work, request, at_once=at_once)


def decide_item(actor: Actor, *, request_id: int, item_id: int, accepted: bool, reason: str) -> None:
    """Decide about an item that is answered in words alone; proofs are decided on their own page."""
    if not accepted and not reason.strip():
        raise UseCaseError("Diga ao operador o que falta ou o que corrigir.", field="reason")
    with act(actor) as work:
        request = locked_request(work, request_id)
        item = store.item(work.session, item_id)
        if item is None or item.request_id != request.id:
            raise NotFoundError("Este item não existe.")
        if request.state is not RequestState.SUBMITTED:
            raise ConflictError("Só se decide sobre resposta que foi enviada e ainda está em exame.")
        if any(
            proof.item_id == item_id and proof.decision is None for proof in store.evidence_of(work.session, request.id)
        ):
            raise ConflictError("Este item trouxe uma prova: decida na página da evidência.")
        newest = newest_submitted(store.answers(work.session, request.id)).get(item_id)
        if newest is None or newest.decision:
            raise ConflictError("Este item já foi decidido por outra pessoa.")
        if any(
            file.answer_id == newest.id and file.withdrawn_at is None and file.state is FileState.CHECKING
            for file in store.attached(work.session, request.id)
        ):
            raise ConflictError("Um arquivo deste item ainda está em conferência. Decida depois que ela terminar.")
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
        request = locked_request(work, request_id)
        if request.state is not RequestState.SUBMITTED:
            raise ConflictError("Só se devolve resposta que está em exame.")
        if not _conclude(work, request, at_once=True):
            raise UseCaseError("Nenhum item foi marcado para devolução.")
        number = store.number_of(request.year, request.sequence)
        work.trail("request_given_back", "request", request.id, f"Requisição {number} devolvida ao operador.")
        judging.rejudge(work, [request.agreement_id], cause="Requisição devolvida")


def newest_submitted(answers: Sequence[Answer]) -> dict[int, Answer]:
    """Return the newest submitted answer of each item; the answers come in the order of rounds."""
    return {answer.item_id: answer for answer in answers if answer.submitted_at is not None}


def _conclude(work: Work, request: Request, *, at_once: bool) -> bool:
    """Close or give back a request whose items are decided; ``at_once`` does not wait for those still open."""
    items = {item.id: item for item in store.items(work.session, request.id)}
    newest = newest_submitted(store.answers(work.session, request.id))
    if not at_once and any(not newest[item_id].decision for item_id in items if item_id in newest):
        return False
    returned = [
        ItemLine(item.position, item.inciso, item.title, newest[item.id].decision_reason)
        for item in items.values()
        if item.id in newest and newest[item.id].decision == "returned"
    ]
    if not returned:
        if at_once:
            return False
        add_event(work, request, "accepted", RequestState.ACCEPTED, request.due_on)
        work.session.flush()
        settle_silence(work, request, on=_answered_on(work, newest.values()), why="a resposta foi aceita")
        tell_preposto(work, request, "request_accepted", step="accepted")
        return True
    due_on = matters.return_term(work, request)
    positions = ", ".join(str(item.position) for item in returned)
    add_event(
        work,
        request,
        "returned",
        RequestState.RETURNED,
        due_on,
        note=f"{'Item devolvido' if len(returned) == 1 else 'Itens devolvidos'}: {positions}.",
    )
    portal_links.renew(request, days_after_term=link_days(work))
    work.session.flush()
    owed = {items[item_id].inciso for item_id, answer in newest.items() if answer.decision != "accepted"}
    settle_silence(
        work,
        request,
        on=_answered_on(work, newest.values()),
        why="a resposta foi aceita em parte",
        incisos={item.inciso for item in items.values()} - owed,
    )
    rounds = max(answer.round for answer in newest.values())
    tell_preposto(work, request, "request_returned", step=f"returned:{rounds}", returned=returned)
    return True


def _answered_on(work: Work, answers: Iterable[Answer]) -> date:
    """Return the day on which the newest of these answers came: how long we took to read it is our own affair."""
    came = [answer.submitted_at for answer in answers if answer.submitted_at is not None]
    return clock.day_of(max(came)) if came else work.today
