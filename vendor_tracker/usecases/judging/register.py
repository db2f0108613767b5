"""When time passes: the whole register is judged, batch by batch.

An agreement that cannot be judged is logged and counted, and keeps no other from being judged.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from contracts.evaluation import Assessment
from contracts.vocabulary import Verdict
from vendor_tracker import clock
from vendor_tracker.store import findings, standings
from vendor_tracker.usecases.judging.assessing import assess_many
from vendor_tracker.usecases.judging.rejudging import BATCH, Change, rejudge
from vendor_tracker.usecases.work import Actor, UseCaseError, act, job, look

log = structlog.get_logger()

Progress = Callable[[int, int], None]
"""Told how many are done, and how many there are."""

TIME_PASSES = "Passagem do tempo"
"""The cause of a change that no act led to."""


@dataclass(frozen=True, slots=True)
class RegisterResult:
    """What an evaluation of the whole register found."""

    on: date
    agreements: int
    verdicts: Mapping[Verdict, int]
    """How many findings have each verdict, the twelve of every agreement."""
    changes: tuple[Change, ...]
    kept: bool
    """Whether it was written down: only an evaluation of today is."""
    unjudged: int = 0
    """Agreements that could not be judged; the log says why."""


def evaluate_register(
    *,
    on: date | None = None,
    actor: Actor | None = None,
    cause: str = TIME_PASSES,
    progress: Progress | None = None,
) -> RegisterResult:
    """Judge every agreement. Today's judgement is kept, batch by batch; another day's is only counted.

    ``cause`` is what led to it: the passage of time, or a parameter, a calendar or a book that changed. ``progress`` is
    told, after each batch, how many agreements are done and how many there are.

    It may run any number of times a day: what did not change is not written, so a night that was missed needs nothing.
    """
    today = clock.today()
    if on is not None and on != today:
        return _count_register(on, progress)
    with look() as session:
        many = findings.how_many(session)
    who = actor or job("evaluate")
    changes: list[Change] = []
    total, last, unjudged = 0, 0, 0
    while True:
        with look() as session:
            ids = findings.agreement_ids(session, after=last, limit=BATCH)
        if not ids:
            break
        found, failed = _judge(who, ids, cause)
        changes.extend(found)
        unjudged += failed
        total, last = total + len(ids), ids[-1]
        if progress is not None:
            progress(total, max(total, many))
    with look() as session:
        verdicts = count_verdicts(standings.verdict_counts(session, standings.StandingFilter(closed=True)))
    return RegisterResult(today, total - unjudged, verdicts, tuple(changes), kept=True, unjudged=unjudged)


def _judge(who: Actor, ids: Sequence[int], cause: str) -> tuple[list[Change], int]:
    """Judge some agreements and keep it, each alone when one spoils the batch; returns too how many could not be."""
    try:
        with act(who) as work:
            found = rejudge(work, ids, cause=cause)
            if found:
                work.trail("evaluate", "register", None, _changes_sentence(found, cause), _changes_details(found))
            return list(found), 0
    except SQLAlchemyError:
        # The database is the trouble, and not an agreement: the round is tried again as a whole.
        raise
    except Exception:
        if len(ids) == 1:
            log.exception("agreement not judged", agreement=ids[0])
            return [], 1
    changes: list[Change] = []
    failed = 0
    for agreement_id in ids:
        more, spoiled = _judge(who, [agreement_id], cause)
        changes += more
        failed += spoiled
    return changes, failed


def _count_register(on: date, progress: Progress | None) -> RegisterResult:
    verdicts: dict[Verdict, int] = dict.fromkeys(Verdict, 0)
    total = seen = unjudged = 0
    with look() as session:
        many = findings.how_many(session)
        for ids in _batches(session):
            assessments, failed = _assessed(session, ids, on)
            for assessment in assessments:
                for finding in assessment.findings:
                    verdicts[finding.verdict] += 1
            total, unjudged, seen = total + len(assessments), unjudged + failed, seen + len(ids)
            if progress is not None:
                progress(seen, max(seen, many))
    return RegisterResult(on, total, verdicts, (), kept=False, unjudged=unjudged)


def _assessed(session: Session, ids: Sequence[int], on: date) -> tuple[list[Assessment], int]:
    """Judge some agreements on another day; one that cannot be judged is logged and counted."""
    try:
        return list(assess_many(session, ids, on=on).values()), 0
    except (SQLAlchemyError, UseCaseError):
        raise
    except Exception:
        if len(ids) == 1:
            log.exception("agreement not judged", agreement=ids[0])
            return [], 1
    alone = [_assessed(session, [agreement_id], on) for agreement_id in ids]
    return [assessment for assessments, _ in alone for assessment in assessments], sum(failed for _, failed in alone)


def _batches(session: Session) -> Iterator[list[int]]:
    last = 0
    while ids := findings.agreement_ids(session, after=last, limit=BATCH):
        yield ids
        last = ids[-1]


def count_verdicts(rows: Iterable[standings.VerdictsCount]) -> dict[Verdict, int]:
    """Count the findings of each verdict in standings counted together."""
    counts = dict.fromkeys(Verdict, 0)
    for row in rows:
        for slug in row.verdicts.split():
            counts[Verdict(slug)] += row.agreements
    return counts


def _changes_sentence(changes: Sequence[Change], cause: str) -> str:
    agreements = len({change.agreement_id for change in changes})
    situations = "1 situação mudou" if len(changes) == 1 else f"{len(changes)} situações mudaram"
    where = "1 acordo" if agreements == 1 else f"{agreements} acordos"
    return f"{cause}: {situations} em {where}."


def _changes_details(changes: Sequence[Change]) -> dict[str, object]:
    return {
        "changes": [
            {
                "agreement": change.agreement_id,
                "inciso": change.inciso,
                "before": change.before.value,
                "after": change.after.value,
            }
            for change in changes
        ]
    }
