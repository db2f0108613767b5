"""Queries about the calendars that people subscribe to."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from vendor_tracker.store.tables import CalendarFeed, CalendarFeedItem, Unit, User


class FeedLine(NamedTuple):
    """A calendar address of a person; the secret itself is on record nowhere."""

    id: int
    unit_id: int | None
    unit: str
    created_at: datetime
    last_fetched_on: date | None


def of_user(session: Session, user_id: int) -> list[FeedLine]:
    """Return the calendar addresses of a person that open, one's own first."""
    rows = session.execute(
        select(
            CalendarFeed.id,
            CalendarFeed.unit_id,
            func.coalesce(Unit.name, ""),
            CalendarFeed.created_at,
            CalendarFeed.last_fetched_on,
        )
        .outerjoin(Unit, Unit.id == CalendarFeed.unit_id)
        .where(CalendarFeed.user_id == user_id, CalendarFeed.revoked_at.is_(None))
        .order_by(CalendarFeed.unit_id.is_not(None), CalendarFeed.id)
    )
    return [FeedLine(*row) for row in rows]


def open_feed(session: Session, user_id: int, unit_id: int | None) -> CalendarFeed | None:
    """Return a person's address for a unit, or for what the person follows, unless it was revoked."""
    return session.scalar(
        select(CalendarFeed)
        .where(
            CalendarFeed.user_id == user_id,
            CalendarFeed.unit_id.is_(None) if unit_id is None else CalendarFeed.unit_id == unit_id,
            CalendarFeed.revoked_at.is_(None),
        )
        .with_for_update()
    )


def hand_over(session: Session, old_id: int, new_id: int) -> None:
    """Give what an address said to the one that replaces it, so that its numbers go on."""
    session.execute(update(CalendarFeedItem).where(CalendarFeedItem.feed_id == old_id).values(feed_id=new_id))


def by_hash(session: Session, token_hash: str, *, held: bool = False) -> tuple[CalendarFeed, User, str] | None:
    """Return the address with this hash, whose it is, and the name of its unit; ``held`` keeps it until the end."""
    query = (
        select(CalendarFeed, User, func.coalesce(Unit.name, ""))
        .join(User, User.id == CalendarFeed.user_id)
        .outerjoin(Unit, Unit.id == CalendarFeed.unit_id)
        .where(CalendarFeed.token_hash == token_hash)
    )
    if held:
        query = query.with_for_update(of=CalendarFeed)
    row = session.execute(query).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def items(session: Session, feed_id: int) -> list[CalendarFeedItem]:
    """Return what an address last said, in the order of days."""
    return list(
        session.scalars(
            select(CalendarFeedItem)
            .where(CalendarFeedItem.feed_id == feed_id)
            .order_by(CalendarFeedItem.day, CalendarFeedItem.uid)
        )
    )
