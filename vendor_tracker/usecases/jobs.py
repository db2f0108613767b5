"""The slots of jobs: which process does tonight's work, and what it came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from vendor_tracker.store import jobs
from vendor_tracker.store.tables import JobRun
from vendor_tracker.usecases.work import act, job

GIVEN_UP_AFTER = timedelta(hours=2)
"""A run that started so long ago and never ended belonged to a process that died."""

REST_AFTER_FAILURE = timedelta(minutes=10)
"""How long a slot whose run failed is left alone; then whoever comes first takes it again."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A slot that this process took."""

    run_id: int
    job: str
    slot: str


def claim(name: str, slot: str, *, again: bool = False) -> Claim | None:
    """Take the slot of a job; ``None`` when another process has it, or did it.

    A run that failed did not do it: after a rest the slot may be taken anew. ``again`` takes it once more although it
    was done before; never while somebody is at it.
    """
    try:
        with act(job(name)) as work:
            runs = jobs.runs_of_slot(work.session, name, slot)
            if any(_at_work(run, work.now) for run in runs):
                return None
            if not again and any(_settled(run, work.now) for run in runs):
                return None
            own = slot if not runs else f"{slot} ({len(runs) + 1})"
            row = JobRun(job=name, slot=own, started_at=work.now)
            work.session.add(row)
            work.session.flush()
            return Claim(row.id, name, own)
    except IntegrityError:
        # Another process wrote the same slot while we looked: it is theirs.
        return None


def _at_work(run: JobRun, now: datetime) -> bool:
    return run.finished_at is None and now - run.started_at < GIVEN_UP_AFTER


def _settled(run: JobRun, now: datetime) -> bool:
    """Tell whether a run did the work of its slot, or failed so lately that the slot is left alone."""
    if run.finished_at is None:
        return False
    return "error" not in (run.outcome or {}) or now - run.finished_at < REST_AFTER_FAILURE


def finish(taken: Claim, outcome: Mapping[str, object]) -> None:
    """Write down what a run came to."""
    with act(job(taken.job)) as work:
        row = work.session.get_one(JobRun, taken.run_id)
        row.finished_at, row.outcome = work.now, dict(outcome)
