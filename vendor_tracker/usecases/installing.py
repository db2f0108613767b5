"""Preparing an installation: the database and whether anybody can enter."""

from sqlalchemy import inspect

from vendor_tracker.store import people
from vendor_tracker.store.base import db
from vendor_tracker.store.migrate import upgrade
from vendor_tracker.usecases.work import look


def prepare_database() -> None:
    """Bring the database to this version: run the migrations that are missing."""
    upgrade(db.engine)


def has_accounts() -> bool:
    """Tell whether anybody has an account."""
    with look() as session:
        return inspect(session.connection()).has_table("user") and people.has_users(session)
