"""The hourly look at requests that wait for an answer: reminders, notices and escalation, each sent once.

The ladder says which steps are due (:mod:`contracts.escalation`); here they are put into the outbox and into the
request's history in one transaction that holds the request, so that two processes take turns and the second finds it
done.
"""

from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

from contracts.escalation import Audience, Step, Waiting, steps_due
from contracts.vocabulary import UserRole
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import jobs, recipients
from vendor_tracker.store import requests as store
from vendor_tracker.store.jobs import WaitingRequest
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.requesting import item_lines, note_event, preposto_of, send_letter
from vendor_tracker.usecases.work import Work, act, job, look

log = structlog.get_logger()

LETTERS = {
    Audience.CONTACTS: "request_overdue_contacts",
    Audience.STEWARDS: "request_overdue_stewards",
    Audience.ENCARREGADO: "request_overdue_encarregado",
    Audience.COMMITTEE: "request_overdue_committee",
}


@dataclass(frozen=True, slots=True)
class EscalationReport:
    """How many steps were taken, how many messages that made, and how many steps found nobody to write to."""

    steps: int
    messages: int
    without_recipient: int
    unjudged: int = 0
    """Requests whose ladder could not be read; the log says why."""


def escalate() -> EscalationReport:
    """Send every step that is due now. Run twice, or by two processes at once, it sends each once."""
    today = clock.today()
    with look() as session:
        policy, workdays = judging.policy_of(session), judging.workdays_of(session)
        waiting = jobs.waiting(session)
    steps = messages = nobody = unjudged = 0
    for each in waiting:
        try:
            if not steps_due(_as_waiting(each), each.sent, on=today, policy=policy, workdays=workdays):
                continue
            taken = _take_due(each.id)
        except SQLAlchemyError:
            # The database is the trouble, and not this request: the round is tried again as a whole.
            raise
        except Exception:
            log.exception("request not escalated", request=each.id)
            unjudged += 1
            continue
        steps += len(taken)
        messages += sum(taken)
        nobody += taken.count(0)
    return EscalationReport(steps, messages, nobody, unjudged)


def _take_due(request_id: int) -> list[int]:
    """Take the steps that are due for one request, looking again now that it is ours; returns the letters of each."""
    with act(job("escalate")) as work:
        request = store.locked(work.session, request_id)
        again = jobs.waiting(work.session, [request_id])
        head = store.head(work.session, request_id)
        if request is None or head is None or not again:
            return []
        due = steps_due(
            _as_waiting(again[0]),
            again[0].sent,
            on=work.today,
            policy=judging.policy_of(work.session),
            workdays=judging.workdays_of(work.session),
        )
        taken = []
        for step in due:
            sent = _take(work, head, step)
            note_event(work, request, f"step:{step.slug}", note=_said(step, sent))
            work.session.flush()
            work.trail(
                "request_step",
                "request",
                head.id,
                f"Requisição {head.number}: {_said(step, sent)}",
                {"step": step.slug},
            )
            taken.append(len(sent))
        return taken


def _as_waiting(request: WaitingRequest) -> Waiting:
    return Waiting(request.state, clock.day_of(request.asked_at), request.due_on)


def _take(work: Work, head: RequestHead, step: Step) -> list[Mailbox]:
    """Write the letters of one step; returns to whom."""
    name = LETTERS.get(step.audience) or ("request_overdue" if step.overdue else "request_before")
    told = _recipients(work, head, step.audience)
    for recipient in told:
        send_letter(
            work,
            name,
            head,
            recipient,
            # A new term starts the ladder anew, so that the term belongs to the key.
            step=f"{head.due_on.isoformat()}:{step.slug}",
            items=item_lines(work.session, head.id),
        )
    return told


def _recipients(work: Work, head: RequestHead, audience: Audience) -> list[Mailbox]:
    session, body = work.session, settings().body
    match audience:
        case Audience.PREPOSTO:
            preposto = preposto_of(session, head, work.today)
            return [preposto] if preposto else []
        case Audience.CONTACTS:
            return recipients.contacts(session, head.agreement_id, work.today)
        case Audience.STEWARDS:
            return recipients.stewards(session, head.agreement_id, work.today)
        case Audience.ENCARREGADO:
            found = recipients.people_of_role(session, UserRole.ENCARREGADO)
            return found or (
                [Mailbox(body.encarregado or "Encarregado", body.contact_email)] if body.contact_email else []
            )
        case Audience.COMMITTEE:
            if body.committee_email:
                return [Mailbox("Comitê Gestor da LGPD", body.committee_email)]
            return recipients.people_of_role(session, UserRole.COMMITTEE)


_WORDS = {
    Audience.PREPOSTO: "preposto",
    Audience.CONTACTS: "contatos do operador",
    Audience.STEWARDS: "gestor e fiscal",
    Audience.ENCARREGADO: "Encarregado",
    Audience.COMMITTEE: "Comitê Gestor",
}


def _said(step: Step, told: list[Mailbox]) -> str:
    what = "aviso de prazo vencido" if step.overdue else "lembrete"
    if not told:
        return f"{what}: não há e-mail registrado para {_WORDS[step.audience]}.".capitalize()
    return f"{what.capitalize()} a {_WORDS[step.audience]}: {', '.join(box.email for box in told)}."
