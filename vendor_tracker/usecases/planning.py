"""The nightly look at what each operator owes: requests that fall due, and the disposal case when a bond ends.

The rules say what is due (:mod:`contracts.cadence`); here they are asked about the whole register, and what is due is
opened, one agreement a transaction. A night that was missed needs nothing special, because the rules look at the
records. An agreement that cannot be judged is counted and logged, and keeps no other from its turn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy.exc import SQLAlchemyError

from contracts.cadence import Due, disposal_due_on, requests_due
from contracts.evaluation import Assessment
from contracts.norm import PORTARIA_DATED_ON
from contracts.questions import question_book
from contracts.vocabulary import EndReason
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import jobs, recipients, trails
from vendor_tracker.store.tables import DisposalCase
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.requesting import NewItem, open_request
from vendor_tracker.usecases.work import Work, act, job, look

log = structlog.get_logger()

BATCH = 200


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What a planning did: agreements looked at, requests opened, and those that could reach nobody."""

    looked_at: int
    opened: int
    without_contact: int
    unjudged: int = 0
    """Agreements that could not be planned; the log says why."""


def plan_requests(*, progress: Callable[[int, int], None] | None = None) -> PlanReport:
    """Open every request that is due today. Run twice, or by two processes at once, it opens each once."""
    today = clock.today()
    with look() as session:
        ids = jobs.plannable(session)
    opened = without_contact = unjudged = 0
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        found = _look_at(batch, today)
        unjudged += found.unjudged
        for agreement_id in found.due:
            # Nobody could answer a request without a preposto: the agreement stays due and is counted, night after
            # night.
            if agreement_id not in found.reachable:
                without_contact += 1
                continue
            try:
                opened += _open_due(agreement_id) > 0
            except SQLAlchemyError:
                # The database is the trouble, and not this agreement: the round is tried again as a whole.
                raise
            except Exception:
                log.exception("agreement not planned", agreement=agreement_id)
                unjudged += 1
        if progress is not None:
            progress(min(start + BATCH, len(ids)), len(ids))
    return PlanReport(len(ids), opened, without_contact, unjudged)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a look at some agreements found: those under which something is due, and those that can be reached."""

    due: tuple[int, ...]
    reachable: frozenset[int]
    unjudged: int = 0


def _look_at(batch: Sequence[int], today: date) -> _Found:
    """Ask the rules about a batch; when one agreement spoils it, each is asked about alone."""
    try:
        return _due_among(batch, today)
    except SQLAlchemyError:
        raise
    except Exception:
        if len(batch) == 1:
            log.exception("agreement not planned", agreement=batch[0])
            return _Found((), frozenset(), 1)
    alone = [_look_at([agreement_id], today) for agreement_id in batch]
    return _Found(
        tuple(agreement_id for each in alone for agreement_id in each.due),
        frozenset().union(*(each.reachable for each in alone)),
        sum(each.unjudged for each in alone),
    )


def _due_among(batch: Sequence[int], today: date) -> _Found:
    with look() as session:
        reachable = recipients.prepostos(session, batch, today)
        history = jobs.planned(session, batch)
        policy, workdays = judging.policy_of(session), judging.workdays_of(session)
        due = [
            agreement_id
            for agreement_id, assessment in judging.assess_many(session, batch, on=today).items()
            if requests_due(
                assessment.facts,
                assessment,
                on=today,
                policy=policy,
                workdays=workdays,
                history=history.get(agreement_id, {}),
            )
        ]
    return _Found(tuple(due), frozenset(reachable))


def _open_due(agreement_id: int) -> int:
    """Open what is due under one agreement, looking again now that it is our turn; returns how many were opened."""
    with act(job("plan_requests")) as work:
        trails.take_turn(work.session)
        return _open_in(work, agreement_id)


def _open_in(work: Work, agreement_id: int) -> int:
    session = work.session
    if agreement_id not in recipients.prepostos(session, [agreement_id], work.today):
        return 0
    assessment = judging.assess(session, agreement_id, on=work.today)
    found = requests_due(
        assessment.facts,
        assessment,
        on=work.today,
        policy=judging.policy_of(session),
        workdays=judging.workdays_of(session),
        history=jobs.planned(session, [agreement_id]).get(agreement_id, {}),
    )
    for due in found:
        open_request(
            work,
            agreement_id=agreement_id,
            kind=due.kind,
            items=items_of(due),
            due_on=due.due_on,
            reason=due.reason,
            period_key=due.key(agreement_id),
        )
    if found:
        judging.rejudge(work, [agreement_id], cause="Requisição aberta")
    return len(found)


def items_of(due: Due) -> list[NewItem]:
    """Put the items of a due request into words."""
    book, body = question_book(), settings().body.acronym
    items = []
    for item in due.items:
        question = book.confirming(item.inciso) if item.confirms else book.for_item(item.inciso, item.kinds)
        if question is None:
            continue
        words = question.addressed(body)
        items.append(
            NewItem(
                inciso=item.inciso,
                title=words.title,
                question=words.text,
                kinds=item.kinds,
                wants_file=not item.confirms,
                reason=item.reason,
            )
        )
    return items


@dataclass(frozen=True, slots=True)
class DisposalReport:
    """What the look at ended agreements did."""

    cases: int
    requests: int
    unjudged: int = 0
    """Agreements that could not be judged; the log says why."""


def open_disposals() -> DisposalReport:
    """Open the disposal case, and the request for its proof, of every agreement whose bond has ended (art. 14, XII)."""
    today = clock.today()
    with look() as session:
        ids = jobs.ended_without_case(session, today)
    cases = requests = unjudged = 0
    for agreement_id in ids:
        try:
            with act(job("open_disposal")) as work:
                trails.take_turn(work.session)
                assessment = judging.assess(work.session, agreement_id, on=work.today)
                if not _open_case(work, assessment, work.today):
                    continue
                asked = _open_in(work, agreement_id)
                judging.rejudge(work, [agreement_id], cause="Fim do vínculo")
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("disposal case not opened", agreement=agreement_id)
            unjudged += 1
        else:
            cases += 1
            requests += asked
    return DisposalReport(cases, requests, unjudged)


def _open_case(work: Work, assessment: Assessment, on: date) -> bool:
    """Add the case unless there is one; the bond may have been extended since we looked."""
    facts = assessment.facts
    ended_on = facts.end
    if facts.disposal is not None or ended_on is None or ended_on >= on:
        return False
    if not facts.data_known or ended_on < PORTARIA_DATED_ON:
        # Nobody has said that there are data to dispose of, or no term of the Portaria runs: a person decides.
        return False
    due_on = disposal_due_on(facts, ended_on, judging.policy_of(work.session).on(on), judging.workdays_of(work.session))
    row = DisposalCase(
        agreement_id=facts.id,
        trigger=facts.end_reason or EndReason.TERM,
        triggered_on=ended_on,
        due_on=due_on,
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
    )
    work.session.add(row)
    work.session.flush()
    work.trail(
        "disposal_opened",
        "disposal",
        row.id,
        f"{facts.label}: o vínculo terminou em {ended_on:%d/%m/%Y}; o descarte ou a devolução deve ser provado até "
        f"{due_on:%d/%m/%Y}.",
        {"agreement": facts.id},
    )
    return True
