"""One act, one transaction: who acts, when, and the trail line it leaves. The only place that commits."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from contracts.vocabulary import UserRole
from vendor_tracker import clock, trail
from vendor_tracker.store.session import reading, writing


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a signed-in person, a job (``job:tick``) or an operator (``operator:2026/0001``)."""

    name: str
    user_id: int | None = None
    role: UserRole | None = None
    unit_id: int | None = None
    display: str = ""
    """The person's name, as documents and decisions print it."""


SYSTEM = Actor("system", display="Sistema")


def job(name: str) -> Actor:
    """Return the actor of a scheduled job."""
    return Actor(f"job:{name}", display="Rotina automática")


class UseCaseError(Exception):
    """An act that cannot be done as asked. The message is Portuguese and says what to do.

    ``field`` names the form field beside which it belongs, when there is one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        """Keep the sentence and the field."""
        super().__init__(message)
        self.message = message
        self.field = field


class NotFoundError(UseCaseError):
    """There is no such record, or it is not this person's to see."""


class ConflictError(UseCaseError):
    """Somebody or something was there first; what was typed is kept."""


@dataclass(slots=True)
class Work:
    """An open act: its session, its actor and its moment."""

    session: Session
    actor: Actor
    now: datetime
    today: date

    def trail(
        self,
        act: str,
        subject_kind: str,
        subject_id: int | None,
        summary: str,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Write the trail line of the act; an act that leaves none is a defect."""
        trail.append(
            self.session,
            at=self.now,
            actor=self.actor.name,
            act=act,
            subject_kind=subject_kind,
            subject_id=subject_id,
            summary=summary,
            details=details or {},
        )


@contextmanager
def act(actor: Actor) -> Iterator[Work]:
    """Open one transaction for ``actor``; commit at the end, roll back on any error."""
    moment = clock.now()
    with writing() as session:
        try:
            yield Work(session=session, actor=actor, now=moment, today=clock.day_of(moment))
            session.commit()
        except BaseException:
            session.rollback()
            raise


@contextmanager
def look() -> Iterator[Session]:
    """Open a session for reading only."""
    with reading() as session:
        yield session
