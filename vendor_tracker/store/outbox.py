"""Queries about the outbox: putting messages in, claiming them, and what became of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from vendor_tracker.store.tables import Message, MessageAttempt


def add(session: Session, values: Mapping[str, Any]) -> bool:
    """Put a message in unless its key is there already; tells whether it was put in.

    The database decides, so that two processes that write the same message at once put in one.
    """
    insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    # No column is named: a message's identity follows from its key, and either of the two may collide first.
    statement = insert(Message).values(**values).on_conflict_do_nothing().returning(Message.id)
    return session.execute(statement).first() is not None


def claimable(session: Session, *, now: datetime) -> Message | None:
    """Return a message to send now, held until the end of the transaction; those another process holds are passed over.

    A message that somebody claimed and never gave back is claimable again once its lease is over.
    """
    return session.scalar(
        select(Message)
        .where(
            or_(
                and_(Message.state == "waiting", Message.next_try_at <= now),
                and_(Message.state == "sending", Message.claimed_until < now),
            )
        )
        .order_by(Message.next_try_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def hold(session: Session, message_id: int, worker: str) -> bool:
    """Hold the message that ``worker`` claimed until the end of the transaction; ``False``: it has another's by now.

    Whoever looks for work passes over a held message, so that no lease ends under a sender that lives, whatever the
    clock does; when the sender dies, PostgreSQL lets go at once. SQLite has one writer for the whole database, who must
    not wait for a mail server: there the lease alone keeps others away, and nothing is asked here.
    """
    if session.get_bind().dialect.name == "sqlite":
        return True
    return claimed(session, message_id, worker) is not None


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


def _lines() -> Any:
    newest = (
        select(MessageAttempt.message_id, func.max(MessageAttempt.id).label("id"))
        .group_by(MessageAttempt.message_id)
        .subquery()
    )
    return (
        select(
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
            MessageAttempt.answer,
        )
        .outerjoin(newest, newest.c.message_id == Message.id)
        .outerjoin(MessageAttempt, MessageAttempt.id == newest.c.id)
    )


def listed(
    session: Session, *, state: str = "", text: str = "", limit: int, offset: int
) -> tuple[int, list[MessageLine]]:
    """Return how many messages match and one page of them, the newest first."""
    conditions = []
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
    found = {"": 0, "waiting": 0, "sent": 0, "failed": 0}
    for state, number in session.execute(select(Message.state, func.count()).group_by(Message.state)):
        found["waiting" if state == "sending" else state] += number
        found[""] += number
    return found


def attempts(session: Session, message_id: int) -> list[MessageAttempt]:
    """Return every try to deliver a message, oldest first."""
    return list(
        session.scalars(
            select(MessageAttempt).where(MessageAttempt.message_id == message_id).order_by(MessageAttempt.id)
        )
    )
