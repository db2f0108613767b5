"""Rounds over a batch, in any number of processes: one holds it at a time, and any other goes on where that one died.

What is made of each agreement, and the note that it was made, belong in one transaction of the caller: no crash then
makes it twice or passes it over.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import structlog

from vendor_tracker.store import batches
from vendor_tracker.store.tables import Batch
from vendor_tracker.usecases.work import Work, act, job, look

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
"""How long a batch stays with a process that says nothing more; each step says something."""
DEATHS = 3
"""An agreement at which so many processes died is given up, so that the others get their turn."""
LONGEST_REASON = 500

Progress = Callable[[int, int], None]


class LostError(Exception):
    """The lease ran out and another process has the batch; whatever it does, counts."""


@dataclass(slots=True)
class Round:
    """One process at one batch. The counts are of this round alone."""

    worker: str
    batch_id: int
    deadline: float | None
    report: Progress | None
    done: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def late(self) -> bool:
        """Tell whether the time of this round is over."""
        return self.deadline is not None and time.monotonic() >= self.deadline


@dataclass(frozen=True, slots=True)
class Report:
    """What the rounds came to: batches that ended, agreements done, left out and failed."""

    ended: int = 0
    done: int = 0
    left_out: int = 0
    broken: int = 0


R = TypeVar("R", bound=Round)


def go_through(
    kind: str,
    *,
    worker: str,
    seconds: float | None,
    batch_id: int | None,
    begin: Callable[[int, float | None], R],
    make: Callable[[R], bool],
    gave_up: str,
) -> Report:
    """Make the batches of a kind that wait, the oldest first, until none waits or the time is over.

    Args:
        kind: the kind of batch.
        worker: names this process; what it holds, no other touches until its lease is over.
        seconds: the time after which the batch is left for the next round; ``None`` goes on to the end.
        batch_id: makes this batch alone.
        begin: given the batch and the moment by which to stop, returns the round.
        make: goes on with the batch; tells whether it ended.
        gave_up: said of an agreement at which processes kept dying.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    ended = done = left_out = broken = 0
    while deadline is None or time.monotonic() < deadline:
        found = _claim(kind, worker, batch_id, gave_up)
        if found is None:
            break
        at = begin(found, deadline)
        try:
            finished = make(at)
        except LostError:
            log.warning("batch taken over by another process", batch=found)
            finished = False
        done, left_out, broken = done + at.done, left_out + at.skipped, broken + at.failed
        ended += finished
        if batch_id is not None:
            break
    return Report(ended, done, left_out, broken)


def _claim(kind: str, worker: str, batch_id: int | None, gave_up: str) -> int | None:
    """Take a batch that nobody is at; ``None`` when none waits."""
    with look() as session:
        # Asked every few seconds by every process: when nothing waits, nobody's place as the writer is taken.
        if not batches.any_open(session, kind):
            return None
    with act(job("batches")) as work:
        if batch_id is not None and (own := batches.held(work.session, batch_id, worker)) is not None:
            row = own
        else:
            found = batches.claimable(work.session, kind, now=work.now, batch_id=batch_id)
            if found is None:
                return None
            row = found
            if row.claimed_by is not None and row.state == "running":
                _note_death(work, row, gave_up)
        row.claimed_by, row.claimed_until = worker, work.now + LEASE
        if row.state == "queued":
            row.state, row.started_at = "running", work.now
        return row.id


def _note_death(work: Work, row: Batch, gave_up: str) -> None:
    """Count that a process died at the first agreement that waits; after some times that agreement is given up."""
    for item_id, _ in batches.pending(work.session, row.id, limit=1):
        item = batches.pending_item(work.session, item_id)
        if item is None:
            return
        item.tries += 1
        if item.tries >= DEATHS:
            item.state, item.ended_at, item.reason = "failed", work.now, gave_up
            row.failed += 1


def held(work: Work, at: Round) -> Batch:
    """Return the batch that this round holds, its lease renewed; raises :class:`LostError`."""
    row = batches.held(work.session, at.batch_id, at.worker)
    if row is None:
        raise LostError
    row.claimed_until = work.now + LEASE
    if at.report is not None:
        at.report(row.done + row.skipped + row.failed, row.total)
    return row


def conclude(work: Work, row: Batch, item_id: int, *, state: str, reason: str = "", **made: int) -> None:
    """Put one agreement's outcome on record in the caller's transaction; ``made`` names what was made for it.

    Raises :class:`LostError` when the agreement no longer waits.
    """
    item = batches.pending_item(work.session, item_id)
    if item is None:
        raise LostError
    for name, value in made.items():
        setattr(item, name, value)
    item.state, item.reason, item.ended_at = state, reason[:LONGEST_REASON], work.now
    row.done += state == "done"
    row.skipped += state == "skipped"
    row.failed += state == "failed"


def count(at: Round, state: str) -> None:
    """Count an outcome of this round, once its transaction is over."""
    at.done += state == "done"
    at.skipped += state == "skipped"
    at.failed += state == "failed"


def release(at: Round) -> bool:
    """Leave the batch, which has not ended, to whoever comes next."""
    with act(job("batches")) as work:
        row = held(work, at)
        # The moment stays, so that the page can tell a pause between two rounds from a batch that nobody comes back to.
        row.claimed_by, row.claimed_until = None, work.now
    return False
