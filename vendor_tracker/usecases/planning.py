"""The nightly look at what each operator owes: requests that fall due, and the disposal case when a bond ends.

The rules say what is due (:mod:`contracts.cadence`), by the exposure tier or by the rhythm decided for the agreement,
and which facts put on record ask something (:mod:`contracts.occasions`); here they are asked about the whole register,
and what is due is opened, one agreement a transaction. A night that was missed needs nothing special, because the rules
look at the records. An agreement that cannot be judged is counted and logged, and keeps no other from its turn.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from contracts.cadence import COMPLETE, Due, DueItem, disposal_due_on, event_items, is_asked, requests_due, schedule_of
from contracts.evaluation import Assessment
from contracts.norm import PORTARIA_DATED_ON
from contracts.occasions import Happening, occasion_book
from contracts.policy import PolicyOn
from contracts.questions import QuestionBook
from contracts.schedule import Schedule
from contracts.vocabulary import EndReason, RequestKind
from contracts.workdays import TermUnit, Workdays
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import jobs, questions, recipients, rhythms, trails
from vendor_tracker.store.questions import AskedItem
from vendor_tracker.store.tables import DisposalCase
from vendor_tracker.usecases import judging, occasions
from vendor_tracker.usecases.requesting import (
    MOST_ITEMS,
    NewItem,
    join_items,
    kinds_for,
    locked_request,
    open_request,
)
from vendor_tracker.usecases.requesting.asking import item_from
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
    by_fact: int = 0
    """Of the requests opened, those that a fact on record set off."""
    joined: int = 0
    """Agreements under which a fact joined a request that the operator already had."""


def plan_requests(*, progress: Callable[[int, int], None] | None = None) -> PlanReport:
    """Open every request that is due today. Run twice, or by two processes at once, it opens each once."""
    today = clock.today()
    with look() as session:
        ids = jobs.plannable(session)
    done: list[_Done] = []
    without_contact = unjudged = 0
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
                done.append(_open_due(agreement_id))
            except SQLAlchemyError:
                # The database is the trouble, and not this agreement: the round is tried again as a whole.
                raise
            except Exception:
                log.exception("agreement not planned", agreement=agreement_id)
                unjudged += 1
        if progress is not None:
            progress(min(start + BATCH, len(ids)), len(ids))
    return PlanReport(
        len(ids),
        sum(each.opened for each in done),
        without_contact,
        unjudged,
        by_fact=sum(each.by_fact for each in done),
        joined=sum(each.joined for each in done),
    )


@dataclass(frozen=True, slots=True)
class _Done:
    """What one agreement's turn came to."""

    opened: bool = False
    by_fact: bool = False
    joined: bool = False


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
        return _Found(tuple(_nights(session, batch, today)), frozenset(reachable))


# ----------------------------------------------------------------------------------------------------------------------
# One agreement's night
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Night:
    """What is to be asked under one agreement tonight: what is due by the calendar, and the facts that ask."""

    assessment: Assessment
    due: Due | None
    events: tuple[Happening, ...]
    items: tuple[DueItem, ...]
    """What the facts ask, beside what is due."""


def _nights(session: Session, agreement_ids: Collection[int], on: date) -> dict[int, _Night]:
    """Return what is to be asked under each agreement; those with nothing to ask are left out."""
    policy, workdays = judging.policy_of(session), judging.workdays_of(session)
    parameters = policy.on(on)
    history = jobs.planned(session, agreement_ids)
    decided = rhythms.decisions(session, agreement_ids)
    assessments = judging.assess_many(session, agreement_ids, on=on)
    events = occasions.found(session, assessments, on=on, parameters=parameters)
    nights = {}
    for agreement_id, assessment in assessments.items():
        facts, opened = assessment.facts, history.get(agreement_id, {})
        decisions = decided.get(agreement_id, ())
        due = next(
            iter(
                requests_due(
                    facts, assessment, on=on, policy=policy, workdays=workdays, history=opened, decisions=decisions
                )
            ),
            None,
        )
        asking: tuple[Happening, ...] = ()
        items: tuple[DueItem, ...] = ()
        if agreement_id in events:
            schedule = schedule_of(facts, assessment, policy=parameters, history=opened, decisions=decisions)
            asking = _asking(events[agreement_id], assessment, due, schedule, parameters, workdays)
            items = _asked_by(asking, assessment, due, schedule, parameters)
        if due is not None or items:
            nights[agreement_id] = _Night(assessment, due, asking, items)
    return nights


def _asking(
    events: Sequence[Happening],
    assessment: Assessment,
    due: Due | None,
    schedule: Schedule,
    parameters: PolicyOn,
    workdays: Workdays,
) -> tuple[Happening, ...]:
    """Return the facts that ask tonight: not those of a bond that is over, nor those that wait for what is due soon."""
    facts, on = assessment.facts, assessment.on
    if not is_asked(facts, assessment, on):
        return ()
    book = occasion_book()
    over = facts.end is not None and facts.end < on
    soon = on + timedelta(days=parameters.number("event_fold_days"))
    waits = due is None and not over and any(schedule.coming(on, workdays, until=min(soon, facts.end or soon)))
    return tuple(
        event
        for event in events
        if (book[event.occasion].after_end or not over) and not (book[event.occasion].waits and waits)
    )


def _asked_by(
    events: Sequence[Happening], assessment: Assessment, due: Due | None, schedule: Schedule, parameters: PolicyOn
) -> tuple[DueItem, ...]:
    """Return what the facts ask, each thing once; what is due tonight anyway is taken to be asked there."""
    book, on = occasion_book(), assessment.on
    wanted = [
        item
        for event in events
        for item in event_items(
            book[event.occasion],
            assessment.facts,
            assessment,
            on=on,
            parameters=parameters,
            months=schedule.interval(on),
        )
    ]
    return occasions.lacking(wanted, () if due is None else due.items)


def _open_due(agreement_id: int) -> _Done:
    """Open what is due under one agreement, looking again now that it is our turn."""
    with act(job("plan_requests")) as work:
        trails.take_turn(work.session)
        return _open_in(work, agreement_id)


def _open_in(work: Work, agreement_id: int) -> _Done:
    session = work.session
    if agreement_id not in recipients.prepostos(session, [agreement_id], work.today):
        return _Done()
    night = _nights(session, [agreement_id], work.today).get(agreement_id)
    if night is None:
        return _Done()
    done = _ask(work, night)
    occasions.plan_audit(work, night.assessment, night.events)
    judging.rejudge(work, [agreement_id], cause="Requisição aberta" if done.opened else "Requisição ampliada")
    return done


def _ask(work: Work, night: _Night) -> _Done:
    """Ask tonight's things in one letter: what is due, with the facts; else in an open request; else in a new one."""
    agreement_id, due, events = night.assessment.agreement_id, night.due, night.events
    why = occasions.reason_of(events)
    book = judging.questions_of(work.session, work.today)
    if due is not None:
        items = items_of((*due.items, *night.items), book)
        if due.cadence == COMPLETE:
            items = with_own_items(
                items, book, questions.being_asked(work.session, [agreement_id]).get(agreement_id, ())
            )
        items = items[:MOST_ITEMS]
        request = open_request(
            work,
            agreement_id=agreement_id,
            kind=due.kind,
            items=items,
            due_on=due.due_on,
            reason=f"{due.reason} {why}".strip(),
            period_key=due.key(agreement_id),
        )
        occasions.note(work, request.id, events, joined=True)
        return _Done(opened=True)
    parameters = judging.policy_of(work.session).on(work.today)
    held = occasions.joinable(work.session, agreement_id, on=work.today, parameters=parameters)
    if held is not None:
        new = occasions.lacking(night.items, occasions.items_of_request(held))
        if len(held.items) + len(new) <= MOST_ITEMS:
            request = locked_request(work, held.id)
            join_items(work, request, items_of(new, book), reason=why, step=events[0].key)
            occasions.note(work, request.id, events, joined=True)
            return _Done(joined=True)
    days = parameters.number("request_answer_days")
    request = open_request(
        work,
        agreement_id=agreement_id,
        kind=RequestKind.INFORMATION,
        items=items_of(night.items, book),
        due_on=judging.workdays_of(work.session).due_after(work.today, days, TermUnit.CALENDAR_DAYS),
        reason=why,
        period_key=events[0].key,
    )
    occasions.note(work, request.id, events, joined=False)
    return _Done(opened=True, by_fact=True)


def items_of(due: Sequence[DueItem], book: QuestionBook) -> list[NewItem]:
    """Put the items of a due request into the words of the book."""
    body = settings().body.acronym
    items = []
    for item in due:
        kinds = item.kinds
        if item.whole:
            question = book.incisos.get(item.inciso)
            kinds = (question.kinds if question else ()) or kinds_for(item.inciso)
        else:
            question = book.confirming(item.inciso) if item.confirms else book.for_item(item.inciso, item.kinds)
        if question is None:
            continue
        words = question.addressed(body)
        items.append(
            NewItem(
                inciso=item.inciso,
                title=words.title,
                question=words.text,
                kinds=kinds,
                wants_file=words.wants_file,
                reason=item.reason,
                help=words.help,
                template=f"{question.key}/{question.number}",
            )
        )
    return items


def with_own_items(items: Sequence[NewItem], book: QuestionBook, asked: Sequence[AskedItem]) -> list[NewItem]:
    """Put the organisation's own periodic items beside the others of their inciso, unless they are being asked."""
    pending = {each.template.partition("/")[0] for each in asked}
    found: list[NewItem] = []
    for position, item in enumerate(items):
        found.append(item)
        if any(later.inciso == item.inciso for later in items[position + 1 :]):
            continue
        own = [each for each in book.extras_of(item.inciso) if each.periodic and each.key not in pending]
        found += [replace(item_from(each, item.inciso), reason=OWN_ITEM) for each in own]
    return found


OWN_ITEM = "O órgão faz esta pergunta em toda requisição completa."


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
                asked = _open_in(work, agreement_id).opened
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
