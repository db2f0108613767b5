"""Once a month: the picture of the register, with what was known at the month's end."""

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.norm import PORTARIA_DATED_ON
from vendor_tracker import clock
from vendor_tracker.store import snapshots
from vendor_tracker.usecases.judging.assessing import assess_many
from vendor_tracker.usecases.judging.rejudging import BATCH, twelve_of
from vendor_tracker.usecases.work import Actor, act, job, look


@dataclass(frozen=True, slots=True)
class SnapshotResult:
    """Which months' pictures were taken or completed, and of how many agreements."""

    months: tuple[date, ...]
    agreements: int


def take_snapshots(*, actor: Actor | None = None) -> SnapshotResult:
    """Take the picture of every complete month that lacks it, with what was known at its end.

    A month that nobody pictured in time is pictured late and comes out the same. Running it twice adds nothing.
    """
    who = actor or job("snapshot")
    with look() as session:
        first_at = snapshots.first_agreement_at(session)
        held = snapshots.snapshot_counts(session)
    if first_at is None:
        return SnapshotResult((), 0)
    taken: list[date] = []
    total = 0
    for month in month_ends(max(clock.day_of(first_at), PORTARIA_DATED_ON), clock.today()):
        added = _take_month(who, month, held.get(month, 0))
        if added:
            taken.append(month)
            total += added
    if total:
        with act(who) as work:
            names = ", ".join(f"{month:%m/%Y}" for month in taken)
            work.trail("snapshot", "register", None, f"Retrato mensal registrado: {names}.", {"agreements": total})
    return SnapshotResult(tuple(taken), total)


def _take_month(who: Actor, month: date, held: int) -> int:
    moment = clock.end_of(month)
    with look() as session:
        if snapshots.agreements_created_before(session, moment) <= held:
            return 0
    added = 0
    while True:
        with act(who) as work:
            ids = snapshots.without_snapshot(work.session, month=month, created_before=moment, limit=BATCH)
            if not ids:
                return added
            rows = [
                {
                    "month": month,
                    "agreement_id": agreement_id,
                    "score": assessment.score.value,
                    "exposure": assessment.exposure.tier,
                    **twelve_of(assessment),
                }
                for agreement_id, assessment in assess_many(work.session, ids, on=month, known_until=moment).items()
            ]
            added += snapshots.add_snapshots(work.session, rows)


def month_ends(first: date, today: date) -> list[date]:
    """Return the last days of the months from that of ``first`` to the last complete one before ``today``."""
    ends: list[date] = []
    start = first.replace(day=1)
    while True:
        following = (start + timedelta(days=32)).replace(day=1)
        end = following - timedelta(days=1)
        if end >= today:
            return ends
        ends.append(end)
        start = following
