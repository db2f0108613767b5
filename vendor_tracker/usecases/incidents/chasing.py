"""The hourly look at the terms of incidents: who must act is told when one runs out and when it is late, once each."""

from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from contracts.incidents import Clock
from contracts.vocabulary import ClockState
from vendor_tracker import clock
from vendor_tracker.store import incidents as store
from vendor_tracker.store import recipients
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.usecases.incidents.cases import clocks_of, follow, incident_of
from vendor_tracker.usecases.incidents.telling import (
    ToldTerm,
    committee_boxes,
    each_once,
    encarregado_boxes,
    key_of,
    tell_of_term,
)
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.work import act, job, look

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TermsReport:
    """How many warnings were due, how many messages that made, and how many found nobody to write to."""

    warnings: int
    messages: int
    without_recipient: int
    unjudged: int = 0
    """Incidents whose terms could not be counted; the log says why."""


def watch_terms() -> TermsReport:
    """Warn about every term that runs out or is late. Run twice, or by two processes at once, it warns once."""
    warnings = messages = nobody = unjudged = 0
    with look() as session:
        waiting = store.open_cases(session)
    for lineage in waiting:
        try:
            with look() as session:
                if not _asks(session, lineage):
                    continue
            sent = _warn(lineage)
        except SQLAlchemyError:
            # The database is the trouble, and not this incident: the round is tried again as a whole.
            raise
        except Exception:
            log.exception("incident not watched", incident=lineage)
            unjudged += 1
            continue
        warnings += len(sent)
        messages += sum(sent)
        nobody += sent.count(0)
    return TermsReport(warnings, messages, nobody, unjudged)


def _due(terms: tuple[Clock, ...]) -> list[Clock]:
    return [term for term in terms if term.state in {ClockState.RUNNING_OUT, ClockState.LATE}]


def _step(term: Clock) -> str:
    """Name the warning: a term that moves, because the severity was confirmed or a calendar corrected, warns anew."""
    due = f"{term.due_at:%Y%m%dT%H%M}" if term.due_at else ""
    return f"{term.kind.value}:{term.state.value}:{due}"


def _boxes(session: Session, agreement_id: int, term: Clock) -> list[Mailbox]:
    """Return whom to warn: who is late is said to those above as well."""
    boxes = encarregado_boxes(session)
    if term.state is ClockState.LATE:
        boxes = [*boxes, *committee_boxes(session), *recipients.stewards(session, agreement_id, clock.today())]
    return each_once(boxes)


def _asks(session: Session, lineage: int) -> bool:
    """Tell whether a warning is due and not yet sent, or what lists show of the terms is old."""
    incident, case = incident_of(session, lineage), store.case(session, lineage)
    terms = clocks_of(session, incident, now=clock.now())
    due = _due(terms)
    wanted = {
        key_of(lineage, _step(term), box.email) for term in due for box in _boxes(session, incident.agreement_id, term)
    }
    ends = [term.due_at for term in terms if term.open and term.due_at is not None]
    return (
        case is None or case.next_due_at != min(ends, default=None) or bool(wanted - store.sent_keys(session, wanted))
    )


def _warn(lineage: int) -> list[int]:
    """Send the warnings that are due, looking again now that it is our turn; returns the messages of each."""
    with act(job("watch_terms")) as work:
        incident = incident_of(work.session, lineage)
        terms = follow(work, incident)
        head = head_of(work.session, incident.agreement_id)
        sent = []
        for term in _due(terms):
            boxes = _boxes(work.session, head.id, term)
            told = ToldTerm(lineage, head.label, head.operator_name, term)
            made = tell_of_term(work, told, _step(term), boxes)
            if not made and boxes:
                continue
            sent.append(made)
            work.trail(
                "incident_term_told",
                "incident",
                lineage,
                f"Aviso de prazo de incidente em {head.label} a {', '.join(box.email for box in boxes) or 'ninguém'}.",
                {"term": term.kind.value, "state": term.state.value},
            )
        return sent
