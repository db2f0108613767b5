"""Queries about the outbox: putting messages in, claiming them, and what became of them."""

import fcntl
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, aliased

from vendor_tracker.store.requests import WAITING
from vendor_tracker.store.tables import Message, MessageAttempt, Request, RequestEvent


def add(session: Session, values: Mapping[str, Any]) -> bool:
    """Put a message in unless its key is there already; tells whether it was put in.

    The database decides, so that two processes that write the same message at once put in one.
    """
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    # No column is named: a message's identity follows from its key, and either of the two may collide first.
    statement = insert(Message).values(**values).on_conflict_do_nothing().returning(Message.id)
    return session.execute(statement).first() is not None


LOOK_AT = 50
"""How many messages are looked at for one to send: more than there will ever be senders with a lease that is over."""


def claimable(session: Session, *, now: datetime) -> Message | None:
    """Return a message to send now, held until the end of the transaction; those another process holds are passed over.

    A message that somebody claimed and never gave back is claimable again once its lease is over, unless its sender
    lives: see :func:`hold`.
    """
    found = session.scalars(
        select(Message)
        .where(
            or_(
                and_(Message.state == "waiting", Message.next_try_at <= now),
                and_(Message.state == "sending", Message.claimed_until < now),
            )
        )
        .order_by(Message.next_try_at, Message.id)
        .limit(1 if _rows_can_be_held(session) else LOOK_AT)
        .with_for_update(skip_locked=True)
    )
    return next((each for each in found if each.state == "waiting" or not _sender_lives(session, each.id)), None)


@contextmanager
def hold(session: Session, message_id: int, worker: str) -> Iterator[bool]:
    """Hold the message that ``worker`` claimed while the block lasts; gives ``False`` when it is another's by now.

    Whoever looks for work passes over a held message, so that no lease ends under a sender that lives, whatever the
    clock does; when the sender dies, its hold ends with it. On PostgreSQL the row is held by the open transaction.
    SQLite has one writer, who must not wait for a mail server: there a locked file beside the database is the hold, all
    senders being on one machine, and no transaction is open inside the block.
    """
    if _rows_can_be_held(session):
        yield claimed(session, message_id, worker) is not None
        return
    path = _held_file(session, message_id)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            ours = claimed(session, message_id, worker) is not None
            session.rollback()
            yield ours
        finally:
            path.unlink(missing_ok=True)


def _rows_can_be_held(session: Session) -> bool:
    return session.get_bind().dialect.name != "sqlite"


def _held_file(session: Session, message_id: int) -> Path:
    return Path(f"{session.get_bind().engine.url.database}-sending-{message_id}")


def _sender_lives(session: Session, message_id: int) -> bool:
    """Tell whether the file of a message is locked; on PostgreSQL a held row is never even seen."""
    if _rows_can_be_held(session):
        return False
    try:
        with _held_file(session, message_id).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def claimed(session: Session, message_id: int, worker: str) -> Message | None:
    """Return a message that ``worker`` still holds."""
    return session.scalar(
        select(Message)
        .where(Message.id == message_id, Message.state == "sending", Message.claimed_by == worker)
        .with_for_update()
    )


class MessageLine(NamedTuple):
    """A message in a list."""

    id: int
    kind: str
    subject_kind: str
    subject_id: int | None
    recipient: str
    recipient_name: str
    subject: str
    created_at: datetime
    state: str
    next_try_at: datetime
    tries: int
    sent_at: datetime | None
    last_answer: str | None
    attempts: int
    """How often it was tried in all."""


def _lines() -> Any:
    # Asked for each line: a page has few, and the attempts of all messages are many.
    own = MessageAttempt.message_id == Message.id
    newest = select(func.max(MessageAttempt.id)).where(own).correlate(Message).scalar_subquery()
    number = select(func.count(MessageAttempt.id)).where(own).correlate(Message).scalar_subquery()
    last = aliased(MessageAttempt)
    return select(
        Message.id,
        Message.kind,
        Message.subject_kind,
        Message.subject_id,
        Message.recipient,
        Message.recipient_name,
        Message.subject,
        Message.created_at,
        Message.state,
        Message.next_try_at,
        Message.tries,
        Message.sent_at,
        last.answer,
        number.label("attempts"),
    ).outerjoin(last, last.id == newest)


def listed(
    session: Session, *, state: str = "", text: str = "", limit: int, offset: int
) -> tuple[int, list[MessageLine]]:
    """Return how many messages match and one page of them, the newest first.

    ``state`` may also be ``failing``: those given up whose address took no other message since.
    """
    conditions = []
    if state == "failing":
        conditions.append(_given_up_and_not_mended())
        state = "failed"
    if state == "waiting":
        conditions.append(Message.state.in_(("waiting", "sending")))
    elif state:
        conditions.append(Message.state == state)
    if text:
        conditions.append(
            or_(Message.recipient.contains(text, autoescape=True), Message.subject.contains(text, autoescape=True))
        )
    total = session.scalar(select(func.count(Message.id)).where(*conditions)) or 0
    rows = session.execute(_lines().where(*conditions).order_by(Message.id.desc()).limit(limit).offset(offset))
    return total, [MessageLine(*row) for row in rows]


def of_request(session: Session, request_id: int) -> list[MessageLine]:
    """Return the messages about one request, oldest first."""
    rows = session.execute(
        _lines().where(Message.subject_kind == "request", Message.subject_id == request_id).order_by(Message.id)
    )
    return [MessageLine(*row) for row in rows]


def counts(session: Session) -> Mapping[str, int]:
    """Return how many messages are in each state; those being sent count as waiting."""
    found = {"": 0, "waiting": 0, "sent": 0, "failed": 0, "failing": 0}
    for state, number in session.execute(select(Message.state, func.count()).group_by(Message.state)):
        found["waiting" if state == "sending" else state] += number
        found[""] += number
    if found["failed"]:
        found["failing"] = session.scalar(select(func.count(Message.id)).where(_given_up_and_not_mended())) or 0
    return found


def attempts(session: Session, message_id: int) -> list[MessageAttempt]:
    """Return every try to deliver a message, oldest first."""
    return list(
        session.scalars(
            select(MessageAttempt).where(MessageAttempt.message_id == message_id).order_by(MessageAttempt.id)
        )
    )


# ----------------------------------------------------------------------------------------------------------------------
# Addresses that fail
# ----------------------------------------------------------------------------------------------------------------------
OPERATOR_LETTERS = (
    "request_opened",
    "request_returned",
    "request_extended",
    "request_extension_refused",
    "request_link",
    "request_before",
    "request_overdue",
    "request_overdue_contacts",
    "request_redirected",
)
"""Letters by which the operator learns what it is asked and until when."""


def _given_up_and_not_mended() -> ColumnElement[bool]:
    """Pick the messages given up whose address accepted no message afterwards."""
    tried = (
        select(func.max(MessageAttempt.at))
        .where(MessageAttempt.message_id == Message.id)
        .correlate(Message)
        .scalar_subquery()
    )
    later = aliased(Message)
    mended = exists().where(later.recipient == Message.recipient, later.state == "sent", later.sent_at > tried)
    return and_(Message.state == "failed", ~mended)


class Failure(NamedTuple):
    """An address that does not take our messages: the newest one given up, when, and the server's last words."""

    message_id: int
    recipient: str
    at: datetime
    answer: str


def failing(session: Session, emails: Collection[str] | None = None) -> dict[str, Failure]:
    """Return the addresses that fail, in lower case, of those given (``None``: of all)."""
    chosen = []
    if emails is not None:
        known = {form for email in emails if email for form in (email, email.lower())}
        if not known:
            return {}
        chosen.append(Message.recipient.in_(sorted(known)))
    newest = (
        select(MessageAttempt.message_id, func.max(MessageAttempt.id).label("id"))
        .where(MessageAttempt.message_id.in_(select(Message.id).where(Message.state == "failed", *chosen)))
        .group_by(MessageAttempt.message_id)
        .subquery()
    )
    rows = session.execute(
        select(Message.id, Message.recipient, MessageAttempt.at, MessageAttempt.answer)
        .join(newest, newest.c.message_id == Message.id)
        .join(MessageAttempt, MessageAttempt.id == newest.c.id)
        .where(*chosen, _given_up_and_not_mended())
        .order_by(MessageAttempt.at, Message.id)
    )
    return {row.recipient.lower(): Failure(*row) for row in rows}


def reached(session: Session, request_id: int, *, since: datetime) -> bool:
    """Tell whether any letter to the operator about a request left since the moment."""
    return (
        session.scalar(
            select(Message.id)
            .where(
                Message.subject_kind == "request",
                Message.subject_id == request_id,
                Message.kind.in_(OPERATOR_LETTERS),
                Message.state == "sent",
                Message.created_at >= since,
            )
            .limit(1)
        )
        is not None
    )


def written_to(session: Session, request_id: int, *, since: datetime) -> set[str]:
    """Return the addresses, in lower case, to which a letter about a request went or still goes since the moment."""
    rows = session.scalars(
        select(Message.recipient).where(
            Message.subject_kind == "request",
            Message.subject_id == request_id,
            Message.kind.in_(OPERATOR_LETTERS),
            Message.state != "failed",
            Message.created_at >= since,
        )
    )
    return {recipient.lower() for recipient in rows}


class Undelivered(NamedTuple):
    """A letter to the operator that was given up and that nobody has taken further yet."""

    message_id: int
    request_id: int
    recipient: str
    created_at: datetime
    answer: str


def undelivered(session: Session, request_id: int | None = None) -> list[Undelivered]:
    """Return the letters given up about requests that the operator has (or about one), those not taken further."""
    newest = (
        select(MessageAttempt.answer)
        .where(MessageAttempt.message_id == Message.id)
        .order_by(MessageAttempt.id.desc())
        .limit(1)
        .correlate(Message)
        .scalar_subquery()
    )
    noted = exists().where(
        RequestEvent.request_id == Message.subject_id,
        RequestEvent.kind == literal("undelivered:").concat(cast(Message.id, String)),
    )
    rows = session.execute(
        select(Message.id, Message.subject_id, Message.recipient, Message.created_at, newest)
        .join(Request, Request.id == Message.subject_id)
        .where(
            Message.subject_kind == "request",
            Message.state == "failed",
            Message.kind.in_(OPERATOR_LETTERS),
            Request.state.in_(WAITING),
            *([] if request_id is None else [Message.subject_id == request_id]),
            ~noted,
        )
        .order_by(Message.id)
    )
    return [Undelivered(row[0], row[1], row[2], row[3], row[4] or "") for row in rows]
