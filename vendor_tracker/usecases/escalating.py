"""The hourly look at requests that wait for an answer: reminders, notices and escalation, each sent once.

The ladder says which steps are due (:mod:`contracts.escalation`); here they are put into the outbox and into the
request's history in one transaction that holds the request, so that two processes take turns and the second finds it
done. A letter that a server refuses for good goes on to the next contact of the operator, and the history says so; when
there is none, gestor and fiscal are told. When nothing came after the last step, the silence goes on record as a fact,
but only where a letter did reach the operator: what never arrived is our failure and no silence of theirs.
"""

from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from contracts.escalation import Audience, Step, Waiting, ladder, silent_since, steps_due
from contracts.vocabulary import UserRole
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import jobs, outbox, recipients
from vendor_tracker.store import requests as store
from vendor_tracker.store.jobs import WaitingRequest
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.store.tables import Request
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.requesting import item_lines, note_event, preposto_of, record_silence, send_letter
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
    redirected: int = 0
    """Letters that could not be delivered and were taken further."""
    silences: int = 0
    """Requests whose silence went on record."""


def escalate() -> EscalationReport:
    """Send every step that is due now. Run twice, or by two processes at once, it sends each once."""
    today = clock.today()
    redirected, unjudged = _redirect_undelivered()
    with look() as session:
        policy, workdays = judging.policy_of(session), judging.workdays_of(session)
        waiting = jobs.waiting(session)
    steps = messages = nobody = silences = 0
    for each in waiting:
        try:
            request = _as_waiting(each)
            if steps_due(request, each.sent, on=today, policy=policy, workdays=workdays):
                taken = _take_due(each.id)
                steps += len(taken)
                messages += sum(taken)
                nobody += taken.count(0)
            elif not each.silent and silent_since(request, _days(each), on=today, policy=policy, workdays=workdays):
                silences += _find_silent(each.id)
        except SQLAlchemyError:
            # The database is the trouble, and not this request: the round is tried again as a whole.
            raise
        except Exception:
            log.exception("request not escalated", request=each.id)
            unjudged += 1
    return EscalationReport(steps, messages, nobody, unjudged, redirected, silences)


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
        if any(step.overdue for step in due):
            _keep_open(work, request)
        return taken


def _keep_open(work: Work, request: Request) -> None:
    """Let the vendor's link open until the end of the ladder: whoever is urged to answer must be able to."""
    rungs = ladder(
        request.due_on,
        policy=judging.policy_of(work.session),
        on=work.today,
        workdays=judging.workdays_of(work.session),
    )
    until = clock.end_of(max(rungs[-1].day, work.today) if rungs else work.today)
    request.link_expires_at = max(request.link_expires_at or until, until)


def _as_waiting(request: WaitingRequest) -> Waiting:
    asked = request.extension_asked_at
    return Waiting(
        request.state, clock.day_of(request.asked_at), request.due_on, None if asked is None else clock.day_of(asked)
    )


def _days(request: WaitingRequest) -> dict[str, date]:
    return {slug: clock.day_of(moment) for slug, moment in request.sent.items()}


# ----------------------------------------------------------------------------------------------------------------------
# Silence
# ----------------------------------------------------------------------------------------------------------------------
def _find_silent(request_id: int) -> bool:
    """Put the silence about a request on record, looking again now that it is ours; tells whether it was."""
    with look() as session:
        again = jobs.waiting(session, [request_id])
        if not again or not _was_reached(session, again[0]):
            return False
    with act(job("escalate")) as work:
        request = store.locked(work.session, request_id)
        again = jobs.waiting(work.session, [request_id])
        head = store.head(work.session, request_id)
        if request is None or head is None or not again or again[0].silent:
            return False
        since = silent_since(
            _as_waiting(again[0]),
            _days(again[0]),
            on=work.today,
            policy=judging.policy_of(work.session),
            workdays=judging.workdays_of(work.session),
        )
        if since is None or not _was_reached(work.session, again[0]):
            return False
        record_silence(work, request, head, since=since)
        judging.rejudge(work, [request.agreement_id], cause="Silêncio após o último aviso")
        return True


def _was_reached(session: Session, request: WaitingRequest) -> bool:
    """Tell whether the operator knows of the request: a letter arrived, or somebody opened the portal."""
    return request.seen or outbox.reached(session, request.id, since=request.asked_at)


# ----------------------------------------------------------------------------------------------------------------------
# Letters that came back
# ----------------------------------------------------------------------------------------------------------------------
def _redirect_undelivered() -> tuple[int, int]:
    """Take every letter to an operator further that could not be delivered; returns how many, and how many failed."""
    with look() as session:
        found = list(dict.fromkeys(each.request_id for each in outbox.undelivered(session)))
    done = failed = 0
    for request_id in found:
        try:
            done += _redirect(request_id)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("letter not redirected", request=request_id)
            failed += 1
    return done, failed


def _redirect(request_id: int) -> int:
    """Write to the next contact of the operator about each letter that came back; returns how many came back."""
    with act(job("escalate")) as work:
        session = work.session
        request = store.locked(session, request_id)
        again = jobs.waiting(session, [request_id])
        head = store.head(session, request_id)
        if request is None or head is None or not again:
            return 0
        came_back = outbox.undelivered(session, request_id)
        contacts = recipients.contacts(session, head.agreement_id, work.today)
        for letter in came_back:
            failing = outbox.failing(session, [box.email for box in contacts])
            # Whoever was written to since the operator has the request knows of it; a server that refused is no one.
            told = outbox.written_to(session, request_id, since=again[0].asked_at)
            usable = [box for box in contacts if box.email.lower() not in failing]
            refused = f"O e-mail a {letter.recipient} não foi entregue ({_short(letter.answer)})."
            fresh = [box for box in usable if box.email.lower() not in told]
            if fresh and letter.created_at >= again[0].asked_at:
                send_letter(
                    work,
                    "request_redirected",
                    head,
                    fresh[0],
                    step=f"redirected:{letter.message_id}",
                    items=item_lines(session, head.id),
                    failed=letter.recipient,
                )
                _keep_open(work, request)
                said = f"{refused} A requisição seguiu para {fresh[0].email}, próximo contato do operador."
            elif usable:
                said = f"{refused} Outro contato do operador já foi avisado."
            else:
                said = f"{refused} Não há outro contato do operador com e-mail que receba: {_ours(work, head, letter)}."
            note_event(work, request, f"undelivered:{letter.message_id}", note=said)
            session.flush()
            work.trail(
                "letter_undelivered",
                "request",
                head.id,
                f"Requisição {head.number}: {said}",
                {"message": letter.message_id},
            )
        return len(came_back)


def _ours(work: Work, head: RequestHead, letter: outbox.Undelivered) -> str:
    """Tell gestor and fiscal that nobody of the operator can be reached; says to whom it was told."""
    told = recipients.stewards(work.session, head.agreement_id, work.today)
    for steward in told:
        send_letter(
            work,
            "request_unreachable",
            head,
            steward,
            step=f"unreachable:{head.due_on.isoformat()}",
            failed=letter.recipient,
            answer=_short(letter.answer),
        )
    if not told:
        return "a falha é do órgão e está na fila do painel"
    return f"a falha é do órgão, e foram avisados o gestor e o fiscal ({', '.join(box.email for box in told)})"


def _short(answer: str) -> str:
    words = " ".join(answer.split())
    return words if len(words) <= 160 else f"{words[:159]}…"


# ----------------------------------------------------------------------------------------------------------------------
# Steps
# ----------------------------------------------------------------------------------------------------------------------
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
    Audience.PREPOSTO: ("ao preposto", "o preposto"),
    Audience.CONTACTS: ("aos contatos do operador", "os contatos do operador"),
    Audience.STEWARDS: ("ao gestor e ao fiscal", "o gestor e o fiscal"),
    Audience.ENCARREGADO: ("ao Encarregado", "o Encarregado"),
    Audience.COMMITTEE: ("ao Comitê Gestor", "o Comitê Gestor"),
}
"""To whom a step speaks, and whom it would reach, in the words of the history."""


def _said(step: Step, told: list[Mailbox]) -> str:
    what = "Aviso de prazo vencido" if step.overdue else "Lembrete"
    to, whom = _WORDS[step.audience]
    if not told:
        return f"{what}: não há e-mail registrado que alcance {whom}."
    return f"{what} {to}: {', '.join(box.email for box in told)}."
