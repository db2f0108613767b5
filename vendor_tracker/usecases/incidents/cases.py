"""The case of an incident: which terms run, seen anew whenever something about it changes."""

from datetime import datetime

from sqlalchemy.orm import Session

from contracts.incidents import Clock, IncidentTimes, clocks, next_due
from contracts.vocabulary import IncidentClock
from vendor_tracker import clock
from vendor_tracker.store import incidents as store
from vendor_tracker.store import trails
from vendor_tracker.store.tables import Incident, IncidentCase, IncidentDecision
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.work import NotFoundError, Work


def incident_of(session: Session, lineage: int) -> Incident:
    """Return the newest version of an incident; raises :class:`NotFoundError`."""
    row = store.incident(session, lineage)
    if row is None:
        raise NotFoundError("Este incidente não existe.")
    return row


def decided(session: Session, lineage: int) -> dict[str, IncidentDecision]:
    """Return the newest decision about each question."""
    found: dict[str, IncidentDecision] = {}
    for row, _ in store.decisions(session, lineage):
        found.setdefault(row.question, row)
    return found


def times_of(session: Session, incident: Incident) -> IncidentTimes:
    """Return what the terms of an incident are counted from, and what stopped them."""
    lineage = int(incident.lineage or 0)
    answers = decided(session, lineage)
    reached, risk = answers.get("reached_data"), answers.get("relevant_risk")
    assessed = store.assessments(session, lineage)
    made = [row for row, _, _ in store.communications(session, lineage) if row.annulled_at is None]

    def first(*kinds: IncidentClock) -> datetime | None:
        return min((row.sent_at for row in made if row.kind in kinds), default=None)

    anpd = next((row for row in made if row.kind is IncidentClock.ANPD), None)
    completed = [first(IncidentClock.ANPD_COMPLEMENT)]
    if anpd is not None:
        # A second communication that lacks nothing completes the first one as well.
        completed += [
            row.sent_at for row in made if row.kind is IncidentClock.ANPD and row is not anpd and not row.partial
        ]
    told = [each for each in (first(IncidentClock.PRESIDENCY), incident.presidency_told_at) if each is not None]
    return IncidentTimes(
        learned_at=incident.learned_at,
        reached_data=reached.answer if reached else None,
        reached_data_known_at=reached.known_at if reached else None,
        relevant_risk=risk.answer if risk else None,
        severity=assessed[0][0].level if assessed else None,
        presidency_told_at=min(told, default=None),
        anpd_told_at=anpd.sent_at if anpd else None,
        anpd_partial=anpd.partial if anpd else False,
        anpd_completed_at=min((each for each in completed if each is not None), default=None),
        subjects_told_at=first(IncidentClock.DATA_SUBJECTS),
    )


def clocks_of(session: Session, incident: Incident, *, now: datetime) -> tuple[Clock, ...]:
    """Return the terms of an incident as they stand at the moment."""
    return clocks(
        times_of(session, incident),
        now=now,
        policy=judging.policy_of(session).on(clock.day_of(now)),
        federal=judging.workdays_of(session, calendar="federal"),
    )


def follow(work: Work, incident: Incident) -> tuple[Clock, ...]:
    """Give the incident a case unless it has one, and write down which open term ends first; returns the terms."""
    trails.take_turn(work.session)
    work.session.flush()
    lineage = int(incident.lineage or 0)
    row = store.locked_case(work.session, lineage)
    if row is None:
        row = IncidentCase(incident_lineage=lineage, agreement_id=incident.agreement_id, opened_at=work.now)
        work.session.add(row)
    found = clocks_of(work.session, incident, now=work.now)
    closing = decided(work.session, lineage).get("closed")
    row.closed_at = closing.known_at if closing is not None and closing.answer else None
    first = None if row.closed_at else next_due(found)
    row.next_clock = first.kind if first else None
    row.next_due_at = first.due_at if first else None
    work.session.flush()
    return found
