"""Newer versions of what is followed under an agreement, and what a mended corrective action settles.

A corrective action born of an audit's finding settles the breach that the finding put on record, once every action of
that finding is done; it stands again when one of them is found wanting.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from vendor_tracker.store import audits as store
from vendor_tracker.store import conduct as facts
from vendor_tracker.store import trails
from vendor_tracker.usecases.work import Actor, Work, act


@contextmanager
def in_turn(actor: Actor) -> Iterator[Work]:
    """Open an act that looks at what is on record before it writes: nobody else writes in between."""
    with act(actor) as work:
        trails.take_turn(work.session)
        yield work


def follow_up(work: Work, kind: str, row: Any, summary: str, **changes: Any) -> Any:
    """Record a newer version of a fact in the caller's transaction, with its trail line; none when nothing changes.

    Returns the version that counts from now on. The caller judges the agreement afterwards.
    """
    if all(getattr(row, name) == value for name, value in changes.items()):
        return row
    newer = row.next_version(recorded_at=work.now, recorded_by_id=work.actor.user_id, **changes)
    work.session.add(newer)
    work.session.flush()
    work.trail(f"{kind}_followed", kind, row.lineage, summary, {"agreement": row.agreement_id, **changes})
    if kind == "corrective_action":
        settle(work, newer)
    return newer


def mend(work: Work, row: Any, *, on: date, how: str, summary: str) -> Any:
    """Record that a corrective action was looked at and is mended since ``on``."""
    return follow_up(
        work,
        "corrective_action",
        row,
        summary,
        done_on=on,
        verified_on=work.today,
        verified_by=work.actor.display or work.actor.name,
        verification=how,
    )


def reopen(work: Work, row: Any, *, how: str, summary: str, **changes: Any) -> Any:
    """Record that a corrective action was looked at and is not mended: it is owed again."""
    return follow_up(
        work,
        "corrective_action",
        row,
        summary,
        done_on=None,
        answered_on=None,
        verified_on=work.today,
        verified_by=work.actor.display or work.actor.name,
        verification=how,
        reopened_on=work.today,
        **changes,
    )


def settle(work: Work, action: Any) -> None:
    """Let the breach that the action's finding put on record follow the actions that mend it."""
    if action.finding_lineage is None:
        return
    finding = store.finding(work.session, action.finding_lineage)
    if finding is None or finding.deviation_lineage is None or finding.withdrawn_on is not None:
        return
    deviation = facts.current_fact(work.session, "deviation", finding.deviation_lineage)
    owed = [
        each for each in store.actions_of_finding(work.session, action.finding_lineage) if each.withdrawn_on is None
    ]
    if deviation is None or not owed:
        return
    days = [each.done_on for each in owed]
    settled = None if None in days else max(day for day in days if day is not None)
    if deviation.settled_on != settled:
        follow_up(
            work,
            "deviation",
            deviation,
            "Ocorrência sanada: as ações corretivas do achado foram cumpridas."
            if settled is not None
            else "Ocorrência reaberta: a correção do achado não foi confirmada.",
            settled_on=settled,
        )
