"""What changed between two days: every verdict that is another one, why, and the record that changed it."""

from dataclasses import dataclass
from datetime import date, timedelta

from contracts.vocabulary import Verdict
from vendor_tracker import clock
from vendor_tracker.store import changes, standings
from vendor_tracker.store.changes import NetChange, Step, Turn
from vendor_tracker.store.standings import UnitRow
from vendor_tracker.usecases.painel import Filters, standing_filter
from vendor_tracker.usecases.work import look

__all__ = ["Changed", "ChangesPage", "NetChange", "Step", "Turn", "changes_page", "is_worse"]

PAGE_SIZE = 50
USUAL_DAYS = 30
"""How many days back the page looks when nobody says since when."""

_RANK = {Verdict.BREACHED: 0, Verdict.UNPROVEN: 1, Verdict.PARTIAL: 2, Verdict.MET: 3}
"""From worst to best; what is not due, or does not apply, is neither."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A net change and, when there was more than one, the steps that led to it, the oldest first."""

    net: NetChange
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What changed between the end of one day and the end of another."""

    title: str
    since: date
    until: date
    today: date
    swapped: bool
    """Whether the days came in the wrong order and were put right."""
    filters: Filters
    returned: bool
    rows: tuple[Changed, ...]
    page: int
    page_size: int
    total: int
    worse: int
    better: int
    other: int
    """Changes from or to "not due" and "does not apply", which are neither better nor worse."""
    came_back: int
    units: tuple[UnitRow, ...]


def is_worse(before: Verdict | None, after: Verdict) -> bool | None:
    """Tell whether a verdict became worse; ``None`` when the two cannot be ranked, or are the same."""
    if before is None or before not in _RANK or after not in _RANK or before is after:
        return None
    return _RANK[after] < _RANK[before]


def changes_page(
    *, since: date | None, until: date | None, filters: Filters, returned: bool = False, page: int = 1
) -> ChangesPage:
    """Return a page of the changes; the days may come in any order, and neither lies in the future.

    ``returned`` adds the obligations that changed and came back to what they were. The number of queries is fixed.
    """
    today = clock.today()
    end = min(until or today, today)
    start = min(since, today) if since else end - timedelta(days=USUAL_DAYS)
    swapped = start > end
    if swapped:
        start, end = end, start
    wanted = standing_filter(filters)
    with look() as session:
        turns = changes.turns(session, start, end, wanted)
        came_back = sum(turn.obligations for turn in turns if turn.before is turn.after)
        total = sum(turn.obligations for turn in turns) - (0 if returned else came_back)
        page = min(page, max(1, -(-total // PAGE_SIZE)))
        rows = changes.net_changes(
            session, start, end, wanted, returned=returned, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE
        )
        courses: dict[tuple[int, str], list[Step]] = {}
        for step in changes.steps(session, start, end, {row.agreement_id for row in rows}):
            courses.setdefault((step.agreement_id, step.inciso), []).append(step)
        units = standings.units(session)
    worse = sum(turn.obligations for turn in turns if is_worse(turn.before, turn.after) is True)
    better = sum(turn.obligations for turn in turns if is_worse(turn.before, turn.after) is False)
    return ChangesPage(
        title="O que mudou",
        since=start,
        until=end,
        today=today,
        swapped=swapped,
        filters=filters,
        returned=returned,
        rows=tuple(Changed(row, _course(courses.get((row.agreement_id, row.inciso), []))) for row in rows),
        page=page,
        page_size=PAGE_SIZE,
        total=total,
        worse=worse,
        better=better,
        other=sum(turn.obligations for turn in turns) - came_back - worse - better,
        came_back=came_back,
        units=tuple(units),
    )


def _course(steps: list[Step]) -> tuple[Step, ...]:
    return tuple(steps) if len(steps) > 1 else ()
