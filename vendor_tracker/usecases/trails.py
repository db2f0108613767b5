"""Reading the audit trail and checking that nobody touched it."""

from dataclasses import dataclass
from datetime import datetime

from vendor_tracker import trail
from vendor_tracker.store import trails as store
from vendor_tracker.usecases.work import look

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class TrailLine:
    """A line of the trail, as the page prints it."""

    seq: int
    at: datetime
    actor: str
    act: str
    subject_kind: str
    subject_id: int | None
    summary: str
    details: str
    hash: str


@dataclass(frozen=True, slots=True)
class TrailPage:
    """One page of the trail, newest first."""

    title: str
    lines: tuple[TrailLine, ...]
    total: int
    page: int
    page_size: int
    actor: str
    head_hash: str


def trail_page(*, page: int = 1, actor: str = "") -> TrailPage:
    """Return one page of the trail."""
    with look() as session:
        total, rows = store.page(session, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE, actor=actor)
        lines = tuple(
            TrailLine(
                row.seq,
                row.at,
                row.actor,
                row.act,
                row.subject_kind,
                row.subject_id,
                row.summary,
                row.details,
                row.hash,
            )
            for row in rows
        )
        _, head_hash = store.head(session)
    return TrailPage("Trilha de auditoria", lines, total, page, PAGE_SIZE, actor, head_hash)


def verify() -> trail.TrailCheck:
    """Check the whole chain."""
    with look() as session:
        return trail.verify(store.entries(session), store.head(session))


@dataclass(frozen=True, slots=True)
class VerifiedPage:
    """The outcome of a verification."""

    title: str
    check: trail.TrailCheck
    head_hash: str


def verified_page() -> VerifiedPage:
    """Check the whole chain, for the page."""
    with look() as session:
        head = store.head(session)
        return VerifiedPage("Conferência da trilha", trail.verify(store.entries(session), head), head[1])
