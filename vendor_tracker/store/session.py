"""Sessions: one that reads a snapshot, one that writes. Neither commits; the use cases do."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from vendor_tracker.store.base import db


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session for reading; what it loaded is dropped at the end."""
    with Session(db.engine, autoflush=False) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """Open a session for writing. On SQLite it takes the writer's place at once, so that no read grows stale."""
    engine = db.engine.execution_options(writes=True)
    with Session(engine, expire_on_commit=False) as session:
        yield session
