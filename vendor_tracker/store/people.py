"""Queries about units, users, tokens and tries."""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from vendor_tracker.store.tables import ApiToken, Throttle, Unit, User


def user_by_email(session: Session, email: str) -> User | None:
    """Return the user with this address, whatever its case."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def users(session: Session) -> list[tuple[User, str | None]]:
    """Return every user with the name of their unit, by name."""
    statement = select(User, Unit.name).outerjoin(Unit, Unit.id == User.unit_id).order_by(User.name, User.id)
    return [(row[0], row[1]) for row in session.execute(statement)]


def units(session: Session) -> list[Unit]:
    """Return the active units, by name."""
    return list(session.scalars(select(Unit).where(Unit.active).order_by(Unit.name, Unit.id)))


def unit_by_code(session: Session, code: str) -> Unit | None:
    """Return the unit with this code."""
    return session.scalar(select(Unit).where(Unit.code == code))


def token_owner(session: Session, token_hash: str) -> tuple[ApiToken, User] | None:
    """Return the live token with this hash and its owner."""
    row = session.execute(
        select(ApiToken, User)
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.token_hash == token_hash, ApiToken.revoked_at.is_(None), User.active)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def tokens_of(session: Session, user_id: int) -> list[ApiToken]:
    """Return a user's tokens, newest first."""
    return list(session.scalars(select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc())))


def count_try(session: Session, *, scope: str, key: str, now: datetime, window: timedelta) -> int:
    """Count one more try of ``key`` in the present window; returns how many there are."""
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)
    same = (Throttle.scope == scope, Throttle.key == key[:120], Throttle.window_start == start)
    if not session.execute(update(Throttle).where(*same).values(tries=Throttle.tries + 1)).rowcount:  # type: ignore[attr-defined]
        try:
            with session.begin_nested():
                session.add(Throttle(scope=scope, key=key[:120], window_start=start, tries=1))
        except IntegrityError:
            session.execute(update(Throttle).where(*same).values(tries=Throttle.tries + 1))
    return session.scalar(select(Throttle.tries).where(*same)) or 0


def tries(session: Session, *, scope: str, key: str, now: datetime, window: timedelta) -> int:
    """Return how often ``key`` was tried in the present window."""
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)
    statement = select(Throttle.tries).where(
        Throttle.scope == scope, Throttle.key == key[:120], Throttle.window_start == start
    )
    return session.scalar(statement) or 0


def has_users(session: Session) -> bool:
    """Tell whether anybody has an account."""
    return bool(session.scalar(select(func.count()).select_from(User)))
