"""The outbox: mail is recorded in the transaction that causes it, leaves after the commit, and keeps every try.

Each message is claimed, and committed as being sent, right before its server is talked to, and what the server said is
committed right afterwards. In between its sender holds it, so that nobody takes it from a sender that lives. A process
that dies leaves one claim whose lease ends, and that one message is sent again under the same Message-ID: a letter may
arrive twice after a crash, and a mail server can tell, but none is lost.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol
from urllib.parse import urlsplit

from vendor_tracker import clock
from vendor_tracker.reports.letters import INCIDENT_MARK, NO_LINK, PORTAL_MARK_PATTERN, with_links
from vendor_tracker.running import files, settings
from vendor_tracker.store import outbox
from vendor_tracker.store.tables import Message, MessageAttempt
from vendor_tracker.usecases import incident_links, portal_links
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act, job

LEASE = timedelta(minutes=10)
"""How long a claimed message is its sender's: longer than the slowest server takes for one, with every time-out."""

BACK_OFF_MINUTES = (1, 5, 15, 60, 180, 360, 720, 1440, 1440, 1440)
"""How long to wait after each temporary failure; after the last one the message is given up, about five days on."""

LONGEST_ANSWER = 2000


class Outcome(StrEnum):
    """What became of one try."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a try came to, and what the server said in its own words."""

    outcome: Outcome
    answer: str


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A message as it leaves.

    ``attachments`` hold ``name``, ``media_type``, ``text`` or ``base64``, and perhaps ``parameters``.
    """

    message_id: str
    recipient: str
    recipient_name: str
    subject: str
    body: str
    created_at: datetime
    attachments: tuple[Mapping[str, object], ...] = ()


class Transport(Protocol):
    """Whatever carries mail away. It never raises for what a server or a network may do: it says so."""

    def send(self, mail: OutgoingMail) -> Delivery:
        """Try once."""
        ...


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How many messages left, will be tried again, or were given up."""

    sent: int = 0
    deferred: int = 0
    failed: int = 0


def enqueue(
    work: Work,
    *,
    key: str,
    kind: str,
    recipient: str,
    recipient_name: str,
    subject: str,
    body: str,
    html: str = "",
    subject_kind: str = "",
    subject_id: int | None = None,
    attachments: Sequence[Mapping[str, object]] = (),
) -> bool:
    """Record a message in the caller's transaction; ``False`` when one with this key was recorded before."""
    host = urlsplit(settings().base_url).hostname or "localhost"
    return outbox.add(
        work.session,
        {
            "key": key,
            "kind": kind,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "recipient": recipient,
            "recipient_name": recipient_name,
            "subject": " ".join(subject.split())[:300],
            "body": body,
            "html": html,
            "attachments": [dict(attachment) for attachment in attachments],
            # The same message has the same identity however often it is tried.
            "message_id": f"<{sha256(key.encode()).hexdigest()[:40]}@{host}>",
            "created_at": work.now,
            "state": "waiting",
            "next_try_at": work.now,
            "tries": 0,
        },
    )


def deliver_waiting(transport: Transport, *, worker: str, most: int = 1000) -> DeliveryReport:
    """Send what waits, one by one, until nothing is due or ``most`` were tried. Safe in any number of processes.

    ``worker`` names the process; what it claims, no other sends until the lease is over.
    """
    counts = dict.fromkeys(Outcome, 0)
    failed = 0
    for _ in range(most):
        taken = _claim(worker)
        if taken is None:
            break
        done = _hand_over(transport, worker, *taken)
        if done is not None:
            delivery, gave_up = done
            counts[delivery.outcome] += 1
            failed += gave_up
    return DeliveryReport(counts[Outcome.SENT], counts[Outcome.DEFERRED] + counts[Outcome.REFUSED] - failed, failed)


def _claim(worker: str) -> tuple[int, OutgoingMail] | None:
    """Take the next message: it is committed as being sent before anybody talks to a server.

    Never more than one: a process that dies leaves only what was in flight, and a slow server cannot outlast the lease
    of what waits behind.
    """
    with act(job("send_mail")) as work:
        message = outbox.claimable(work.session, now=work.now)
        if message is None:
            return None
        if message.state == "sending":
            # Whoever claimed it died before telling what the server said.
            work.session.add(
                MessageAttempt(
                    message_id=message.id,
                    at=message.claimed_until or work.now,
                    outcome=Outcome.DEFERRED.value,
                    answer="O processo que enviava foi interrompido antes de registrar a resposta do servidor.",
                )
            )
        message.state, message.claimed_by = "sending", worker
        message.claimed_until = work.now + LEASE
        message.tries += 1
        return message.id, _outgoing(work, message)


def _hand_over(transport: Transport, worker: str, message_id: int, mail: OutgoingMail) -> tuple[Delivery, bool] | None:
    """Send a claimed message and write down what the server said; ``None`` when the claim was lost before sending."""
    with act(job("send_mail")) as work, outbox.hold(work.session, message_id, worker) as ours:
        if not ours:
            return None
        # Inside the hold: making a paper takes its time, and a clock set forward must not take the message from us.
        mail, trouble = _with_papers(mail)
        delivery = transport.send(mail) if trouble is None else trouble
        return delivery, _record(work, worker, message_id, delivery)


def _with_papers(mail: OutgoingMail) -> tuple[OutgoingMail, Delivery | None]:
    """Put in the papers that a mail only names, made now if they never were; or why the mail has to wait for them.

    They are not made when the letter is written: composing takes its time, and whoever submits would wait for it.
    """
    if not any("receipt" in attachment for attachment in mail.attachments):
        return mail, None
    from vendor_tracker.usecases.answering.papers import paper_of  # Answering writes letters, so it comes after us.

    attachments: list[Mapping[str, object]] = []
    for attachment in mail.attachments:
        if "receipt" not in attachment:
            attachments.append(attachment)
            continue
        try:
            paper = paper_of(files(), str(attachment["receipt"]))
        except UseCaseError as error:
            return mail, Delivery(Outcome.DEFERRED, f"O anexo “{attachment['name']}” ainda não existe: {error.message}")
        base64 = b64encode(paper.data).decode()
        attachments.append({"name": paper.name, "media_type": paper.media_type, "base64": base64})
    return replace(mail, attachments=tuple(attachments)), None


def _outgoing(work: Work, message: Message) -> OutgoingMail:
    """Turn a row into a mail; the vendor's link is put in here and is stored nowhere."""
    links, guests = {}, {}
    for request, guest in PORTAL_MARK_PATTERN.findall(message.body):
        # Only links of the request that the letter is about: a mark may stand in a name that somebody typed.
        if message.subject_kind != "request" or int(request) != message.subject_id:
            continue
        if not guest:
            links[int(request)] = portal_links.current_address(work.session, int(request), now=work.now)
        elif address := portal_links.guest_address(work.session, int(request), int(guest), email=message.recipient):
            guests[int(guest)] = address
    return OutgoingMail(
        message_id=message.message_id,
        recipient=message.recipient,
        recipient_name=message.recipient_name,
        subject=message.subject,
        body=_with_channel(work, message, with_links(message.body, links, guests)),
        created_at=message.created_at,
        attachments=tuple(message.attachments),
    )


def _with_channel(work: Work, message: Message, body: str) -> str:
    """Put the standing link of incidents into the one letter that carries it, and into no other."""
    if message.kind != "incident_channel" or message.subject_id is None:
        return body.replace(INCIDENT_MARK, NO_LINK)
    return body.replace(INCIDENT_MARK, incident_links.current_address(work.session, message.subject_id, now=work.now))


def _record(work: Work, worker: str, message_id: int, delivery: Delivery) -> bool:
    """Write down what the server said; tells whether the message was given up."""
    # The act may have begun before a slow server was talked to; what it said, it said now.
    moment = clock.now()
    message = outbox.claimed(work.session, message_id, worker)
    work.session.add(
        MessageAttempt(
            message_id=message_id,
            at=moment,
            outcome=delivery.outcome.value,
            answer=delivery.answer[:LONGEST_ANSWER],
        )
    )
    if message is None:
        # The lease ran out and another process has it now: its word will count, ours is kept.
        return False
    message.claimed_by = message.claimed_until = None
    match delivery.outcome:
        case Outcome.SENT:
            message.state, message.sent_at = "sent", moment
            work.trail(
                "mail_sent", "message", message.id, f"Mensagem enviada a {message.recipient}: {message.subject}."
            )
            return False
        case Outcome.DEFERRED if message.tries <= len(BACK_OFF_MINUTES):
            message.state = "waiting"
            message.next_try_at = moment + timedelta(minutes=BACK_OFF_MINUTES[message.tries - 1])
            return False
        case _:
            message.state = "failed"
            work.trail(
                "mail_failed",
                "message",
                message.id,
                f"Mensagem a {message.recipient} não pôde ser entregue: {message.subject}.",
                {"answer": delivery.answer[:LONGEST_ANSWER]},
            )
            return True


def retry(actor: Actor, *, message_id: int) -> None:
    """Put a message that was given up back in line, at once; its earlier tries stay on record."""
    with act(actor) as work:
        message = work.session.get(Message, message_id, with_for_update=True)
        if message is None:
            raise NotFoundError("Esta mensagem não existe.")
        if message.state != "failed":
            raise ConflictError("Só se reenvia mensagem cuja entrega falhou; esta não está mais nessa situação.")
        message.state, message.tries, message.next_try_at = "waiting", 0, work.now
        work.trail("mail_retried", "message", message.id, f"Nova tentativa de enviar mensagem a {message.recipient}.")
