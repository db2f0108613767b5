"""The outbox as staff see it: what left, what waits, what could not be delivered, and every try."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from vendor_tracker.reports.letters import without_links
from vendor_tracker.store import outbox as store
from vendor_tracker.store.outbox import Failure, MessageLine
from vendor_tracker.store.tables import Message
from vendor_tracker.usecases.work import NotFoundError, look

STATES = ("", "waiting", "sent", "failed", "failing")


@dataclass(frozen=True, slots=True)
class MessagesPage:
    """The list of messages, the newest first."""

    title: str
    state: str
    text: str
    counts: Mapping[str, int]
    lines: tuple[MessageLine, ...]
    failing: Mapping[str, Failure]
    """Addresses on this page, in lower case, that have taken no message since one was given up."""
    total: int
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One try to deliver, and what the server said."""

    at: datetime
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class MessagePage:
    """One message, its text without the vendor's personal link, and its tries."""

    title: str
    id: int
    kind: str
    recipient: str
    recipient_name: str
    subject: str
    body: str
    message_id: str
    created_at: datetime
    state: str
    next_try_at: datetime
    sent_at: datetime | None
    request_id: int | None
    attempts: tuple[AttemptView, ...]
    attachments: tuple[str, ...] = ()
    """Names of the files that go with it."""


def messages_page(*, state: str = "", text: str = "", number: int = 1, size: int = 20) -> MessagesPage:
    """Return one page of the messages; an unknown state shows all, a page past the end the last."""
    chosen = state if state in STATES else ""
    wanted = text.strip()[:100]
    with look() as session:
        total, lines = store.listed(session, state=chosen, text=wanted, limit=size, offset=(number - 1) * size)
        if total and not lines:
            number = (total + size - 1) // size
            total, lines = store.listed(session, state=chosen, text=wanted, limit=size, offset=(number - 1) * size)
        return MessagesPage(
            "Mensagens enviadas",
            chosen,
            wanted,
            store.counts(session),
            tuple(lines),
            store.failing(session, {line.recipient for line in lines}),
            total,
            number,
            size,
        )


def message_page(message_id: int) -> MessagePage:
    """Return one message; raises :class:`NotFoundError`."""
    with look() as session:
        message = session.get(Message, message_id)
        if message is None:
            raise NotFoundError("Esta mensagem não existe.")
        return MessagePage(
            title=message.subject,
            id=message.id,
            kind=message.kind,
            recipient=message.recipient,
            recipient_name=message.recipient_name,
            subject=message.subject,
            body=without_links(message.body),
            message_id=message.message_id,
            created_at=message.created_at,
            state=message.state,
            next_try_at=message.next_try_at,
            sent_at=message.sent_at,
            request_id=message.subject_id if message.subject_kind == "request" else None,
            attempts=tuple(
                AttemptView(attempt.at, attempt.outcome, attempt.answer)
                for attempt in store.attempts(session, message_id)
            ),
            attachments=tuple(str(each["name"]) for each in message.attachments),
        )
