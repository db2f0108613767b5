"""Later terms that operators ask for in the portal, and what we decide about them.

Asking changes no term by itself. But what was asked within the term and waits for us is not held against the operator:
the ladder falls silent, and the request does not count as overdue, until somebody decides. A refusal that comes when
hardly any time is left leaves a short term, so that the delay of our decision is not the operator's.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from contracts.policy import PolicyOn
from contracts.vocabulary import RequestState, UserRole
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import extensions as store
from vendor_tracker.store import recipients
from vendor_tracker.store import requests as requests_store
from vendor_tracker.store.extensions import ExtensionLine
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.store.tables import Request, TermExtension
from vendor_tracker.usecases import judging, portal_links, requesting
from vendor_tracker.usecases.answering import Visit
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, Work, act, look

LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class PortalExtension:
    """What the operator reads, on the request's page, about asking for more time."""

    title: str
    head: RequestHead
    today: date
    pending: ExtensionLine | None
    decided: ExtensionLine | None
    """The newest that was decided in this round."""
    may_ask: bool
    latest: date
    """The latest term that may be asked for: an administrative parameter."""
    longest_days: int
    in_time: bool


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """An asked extension before it is decided."""

    title: str
    head: RequestHead
    today: date
    asked: ExtensionLine
    in_time: bool
    decide_by: date
    """Until when it should be decided, by the administrative parameter."""
    refused_until: date
    """The term that would remain after a refusal today."""


# ----------------------------------------------------------------------------------------------------------------------
# The operator asks
# ----------------------------------------------------------------------------------------------------------------------
def portal_extension(visit: Visit) -> PortalExtension:
    """Return what the operator may ask and has asked."""
    today = clock.today()
    with look() as session:
        head = requesting.head_of(session, visit.request_id)
        lines = store.of_request(session, head.id)
        round_ = store.round_of(session, head.id)
        asked = store.asked_in_round(session, head.id, round_)
        policy = judging.policy_of(session).on(today)
        days = policy.number("extension_longest_days")
        pending = next((line for line in lines if not line.decision), None)
        return PortalExtension(
            title="Pedir prorrogação do prazo",
            head=head,
            today=today,
            pending=pending,
            decided=next((line for line in lines[:asked] if line.decision in {"granted", "refused"}), None),
            may_ask=head.state in requests_store.WAITING
            and pending is None
            and asked < policy.number("extension_requests"),
            latest=_latest(session, head.due_on, days),
            longest_days=days,
            in_time=today <= head.due_on,
        )


def _latest(session: Session, due_on: date, days: int) -> date:
    return judging.workdays_of(session).previous_working(due_on + timedelta(days=days))


def ask(visit: Visit, *, until: date, reason: str, person: str) -> None:
    """Ask for a later term, as the operator; staff and preposto are told.

    Raises :class:`ConflictError` when nothing more can be asked, :class:`UseCaseError` beside the field that is wrong.
    """
    why, who = " ".join(reason.split()), " ".join(person.split())
    if not who:
        raise UseCaseError("Informe o nome de quem pede.", field="pessoa")
    if not why:
        raise UseCaseError("Diga por que o prazo não basta.", field="motivo")
    if len(why) > LONGEST_REASON:
        raise UseCaseError("Use no máximo 2.000 caracteres.", field="motivo")
    with act(visit.actor) as work:
        session = work.session
        request = requesting.locked_request(work, visit.request_id)
        if request.state not in requests_store.WAITING:
            raise ConflictError("A requisição não espera mais por resposta: não há prazo a prorrogar.")
        if store.pending(session, request.id) is not None:
            raise ConflictError("Já há um pedido de prorrogação à espera de decisão.")
        policy = judging.policy_of(session).on(work.today)
        round_ = store.round_of(session, request.id)
        if store.asked_in_round(session, request.id, round_) >= policy.number("extension_requests"):
            raise ConflictError("O número de pedidos de prorrogação desta requisição já foi alcançado.")
        _check_until(work, policy, request, until)
        row = TermExtension(
            request_id=request.id,
            round=round_,
            asked_until=until,
            reason=why,
            person=who[:200],
            recorded_at=work.now,
            recorded_by_id=None,
        )
        session.add(row)
        requesting.note_event(
            work, request, "extension_asked", note=f"Pede prazo até {until:%d/%m/%Y}. {why}", person=who[:200]
        )
        session.flush()
        head = requesting.head_of(session, request.id)
        work.trail(
            "extension_asked",
            "request",
            request.id,
            f"Prorrogação da requisição {head.number} até {until:%d/%m/%Y} pedida pelo operador.",
            {"until": until, "reason": why, "extension": row.id},
        )
        _tell_of_asking(work, head, row)
        judging.rejudge(work, [request.agreement_id], cause="Prorrogação de prazo pedida")


def _check_until(work: Work, policy: PolicyOn, request: Request, until: date) -> None:
    try:
        requesting.checked_term(work.session, until, work.today)
    except UseCaseError as error:
        raise UseCaseError(error.message, field="ate") from None
    if until <= request.due_on:
        raise UseCaseError(f"Peça um dia depois do prazo atual, {request.due_on:%d/%m/%Y}.", field="ate")
    latest = _latest(work.session, request.due_on, policy.number("extension_longest_days"))
    if until > latest:
        raise UseCaseError(
            f"Pode-se pedir até {latest:%d/%m/%Y}. Se precisar de mais, explique o motivo e peça até esse dia.",
            field="ate",
        )


def _tell_of_asking(work: Work, head: RequestHead, row: TermExtension) -> None:
    """Write to who decides, the gestor and the fiscal or else the Encarregado, and confirm to the operator."""
    staff = recipients.stewards(work.session, head.agreement_id, work.today)
    staff = staff or recipients.people_of_role(work.session, UserRole.ENCARREGADO) or _house()
    said: dict[str, object] = {"until": row.asked_until, "person": row.person, "reason": row.reason}
    for box in staff:
        requesting.send_letter(
            work,
            "request_extension_asked",
            head,
            box,
            step=f"extension_asked:{row.id}",
            in_time=work.today <= head.due_on,
            **said,
        )
    preposto = requesting.preposto_of(work.session, head, work.today)
    if preposto is not None:
        requesting.send_letter(
            work, "request_extension_received", head, preposto, step=f"extension_received:{row.id}", **said
        )


def _house() -> list[Mailbox]:
    body = settings().body
    return [Mailbox(body.encarregado or "Encarregado", body.contact_email)] if body.contact_email else []


# ----------------------------------------------------------------------------------------------------------------------
# Staff decide
# ----------------------------------------------------------------------------------------------------------------------
def decision_page(request_id: int) -> DecisionPage:
    """Return the extension of a request that waits; raises :class:`ConflictError` when none does."""
    today = clock.today()
    with look() as session:
        head = requesting.head_of(session, request_id)
        waiting = next((line for line in store.of_request(session, request_id) if not line.decision), None)
        if waiting is None or head.state not in requests_store.WAITING:
            raise ConflictError("Não há pedido de prorrogação à espera de decisão nesta requisição.")
        asked_on = clock.day_of(waiting.asked_at)
        return DecisionPage(
            title="Decidir o pedido de prorrogação",
            head=head,
            today=today,
            asked=waiting,
            in_time=asked_on <= head.due_on,
            decide_by=decide_by(session, asked_on),
            refused_until=_term_after_refusal(session, head.due_on, asked_on, today),
        )


def waits(request_id: int) -> bool:
    """Tell whether an asked extension of a request waits for a decision."""
    with look() as session:
        return store.pending(session, request_id) is not None


def decide_by(session: Session, asked_on: date) -> date:
    """Return until when an extension that was asked on a day should be decided."""
    days = judging.policy_of(session).on(asked_on).number("extension_decision_days")
    return judging.workdays_of(session).add_working(asked_on, days)


def _term_after_refusal(session: Session, due_on: date, asked_on: date, today: date) -> date:
    """Return the term that a refusal leaves: the one in force, or a short one where our decision came late."""
    if asked_on > due_on:
        return due_on
    days = judging.policy_of(session).on(today).number("extension_refusal_days")
    return max(due_on, judging.workdays_of(session).add_working(today, days))


def grant(actor: Actor, *, request_id: int, until: date, reason: str) -> None:
    """Give the term that was asked, or another one; the operator is told with the reason."""
    why = requesting.reasoned(reason)
    with act(actor) as work:
        request = _pending_of(work, request_id)[0]
        requesting.checked_term(work.session, until, work.today)
        if until <= request.due_on:
            raise UseCaseError(f"O novo prazo deve ser posterior ao atual, {request.due_on:%d/%m/%Y}.", field="due_on")
        requesting.prolong(work, request, due_on=until, why=why, asked=True)


def refuse(actor: Actor, *, request_id: int, reason: str) -> date:
    """Refuse more time; returns the term that remains. The operator is told with the reason."""
    why = requesting.reasoned(reason)
    with act(actor) as work:
        request, row = _pending_of(work, request_id)
        due_on = _term_after_refusal(work.session, request.due_on, clock.day_of(row.recorded_at), work.today)
        row.decision, row.decision_reason = "refused", why
        row.decided_at, row.decided_by_id = work.now, work.actor.user_id
        requesting.add_event(work, request, "extension_refused", request.state, due_on, note=why)
        portal_links.renew(request, days_after_term=requesting.link_days(work))
        work.session.flush()
        number = requests_store.number_of(request.year, request.sequence)
        work.trail(
            "extension_refused",
            "request",
            request.id,
            f"Prorrogação da requisição {number} negada; o prazo termina em {due_on:%d/%m/%Y}.",
            {"reason": why, "extension": row.id},
        )
        requesting.tell_preposto(
            work,
            request,
            "request_extension_refused",
            step=f"extension_refused:{row.id}",
            items=requesting.item_lines(work.session, request.id),
            reason=why,
        )
        judging.rejudge(work, [request.agreement_id], cause="Prorrogação de prazo negada")
        return due_on


def _pending_of(work: Work, request_id: int) -> tuple[Request, TermExtension]:
    request = requesting.locked_request(work, request_id)
    row = store.pending(work.session, request_id)
    if row is None or request.state not in (RequestState.OPEN, RequestState.RETURNED):
        raise ConflictError("Este pedido já foi decidido ou superado pela resposta.")
    return request, row
