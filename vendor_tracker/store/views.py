"""Queries about the filters that people saved."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from vendor_tracker.store.tables import SavedView, User


def of_user(session: Session, user_id: int) -> list[SavedView]:
    """Return what a person saved and did not withdraw, by name."""
    rows = session.scalars(
        select(SavedView)
        .where(SavedView.user_id == user_id, SavedView.withdrawn_at.is_(None))
        .order_by(SavedView.name, SavedView.id)
    )
    return list(rows)


def hold(session: Session, user_id: int) -> None:
    """Put the acts of one person about their own saved filters in line, so that two windows do not save one name."""
    session.execute(select(User.id).where(User.id == user_id).with_for_update())
