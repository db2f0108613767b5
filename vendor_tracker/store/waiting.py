"""What needs somebody today.

Each list says how many there are in all, so that the page can tell what it leaves out.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import EditionState, RequestState, Role, Verdict
from vendor_tracker.clock import day_of
from vendor_tracker.store import incidents, outbox
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.requests import number_of
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    ClauseEdition,
    Contact,
    CorrectiveAction,
    DisposalCase,
    Evidence,
    EvidenceReview,
    FindingChange,
    FindingRow,
    Operator,
    QuestionEditionRow,
    Request,
    RequestItem,
    TermExtension,
)


class Waiting(NamedTuple):
    """Something that waits for a person."""

    id: int
    agreement_id: int | None
    operator_id: int
    operator: str
    what: str
    on: date
    """The day from which its clock is told."""
    inciso: str
    total: int


def answers_to_review(session: Session, *, limit: int) -> list[Waiting]:
    """Return requests that were answered and wait for us, the oldest answer first; ``on`` is the term they had."""
    return _requests_waiting(session, Request.state == RequestState.SUBMITTED, Request.submitted_at, limit)


def overdue_requests(session: Session, *, today: date, limit: int) -> list[Waiting]:
    """Return requests with the operator whose term has passed, the oldest term first."""
    late = and_(Request.state.in_((RequestState.OPEN, RequestState.RETURNED)), Request.due_on < today)
    return _requests_waiting(session, late, Request.due_on, limit)


def _requests_waiting(session: Session, condition: ColumnElement[bool], order: Any, limit: int) -> list[Waiting]:
    rows = session.execute(
        select(
            Request.id,
            Request.agreement_id,
            Agreement.operator_id,
            Operator.name,
            Request.year,
            Request.sequence,
            Request.submitted_at,
            Request.due_on,
            func.count().over().label("total"),
        )
        .join(Agreement, Agreement.id == Request.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(condition)
        .order_by(order, Request.id)
        .limit(limit)
    )
    return [
        Waiting(
            row.id,
            row.agreement_id,
            row.operator_id,
            row.name,
            f"{row.year}/{row.sequence:04d}",
            row.due_on,
            "",
            row.total,
        )
        for row in rows
    ]


def extensions_to_decide(session: Session, *, limit: int) -> list[Waiting]:
    """Return the later terms asked for that nobody has decided, the oldest first; ``on`` is the day of asking."""
    rows = session.execute(
        select(
            Request.id,
            Request.agreement_id,
            Agreement.operator_id,
            Operator.name,
            Request.year,
            Request.sequence,
            TermExtension.recorded_at,
            func.count().over().label("total"),
        )
        .join(Request, Request.id == TermExtension.request_id)
        .join(Agreement, Agreement.id == Request.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(TermExtension.decision == "")
        .order_by(TermExtension.id)
        .limit(limit)
    )
    return [
        Waiting(
            row.id,
            row.agreement_id,
            row.operator_id,
            row.name,
            number_of(row.year, row.sequence),
            day_of(row.recorded_at),
            "",
            row.total,
        )
        for row in rows
    ]


def failing_addresses(session: Session, *, today: date, limit: int) -> list[Waiting]:
    """Return the contacts in service whose address does not take our messages; ``what`` is the address."""
    found = outbox.failing(session)
    if not found:
        return []
    rows = session.execute(
        select(Contact.lineage, Contact.agreement_id, Contact.operator_id, Operator.name, Contact.email)
        .join(Operator, Operator.id == Contact.operator_id)
        .where(
            current(Contact),
            Contact.since <= today,
            or_(Contact.until.is_(None), Contact.until >= today),
            func.lower(Contact.email).in_(sorted(found)[:MOST_FAILING]),
        )
        .order_by(Contact.id)
    )
    once: dict[tuple[int, str], Waiting] = {}
    for lineage, agreement_id, operator_id, name, email in rows:
        day = day_of(found[email.lower()].at)
        once.setdefault(
            (operator_id, email.lower()), Waiting(lineage, agreement_id, operator_id, name, email, day, "", 0)
        )
    waiting = sorted(once.values(), key=lambda each: (each.on, each.id))
    return [each._replace(total=len(waiting)) for each in waiting[:limit]]


MOST_FAILING = 1000
"""How many failing addresses are looked up among the contacts: a bound for the statement, far above what is seen."""


def submitted_moments(session: Session, ids: Collection[int]) -> dict[int, datetime]:
    """Return when each of these requests was answered."""
    rows = session.execute(
        select(Request.id, Request.submitted_at).where(
            among(session, Request.id, ids), Request.submitted_at.is_not(None)
        )
    )
    return {row.id: row.submitted_at for row in rows if row.submitted_at is not None}


def newly_breached(session: Session, *, since: datetime, limit: int) -> list[Waiting]:
    """Return obligations that became breached since the moment and still are, the newest first."""
    rows = session.execute(
        select(
            FindingChange.id,
            FindingChange.agreement_id,
            Agreement.operator_id,
            Operator.name,
            FindingChange.reason,
            FindingChange.on,
            FindingChange.inciso,
            func.count().over().label("total"),
        )
        .join(
            FindingRow,
            and_(FindingRow.agreement_id == FindingChange.agreement_id, FindingRow.inciso == FindingChange.inciso),
        )
        .join(Agreement, Agreement.id == FindingChange.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(
            FindingChange.at >= since,
            FindingChange.after == Verdict.BREACHED,
            FindingRow.verdict == Verdict.BREACHED,
            # Of two changes to breached only the one that still holds is news.
            FindingChange.on == FindingRow.since,
        )
        .order_by(FindingChange.at.desc(), FindingChange.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]


def evidence_to_review(session: Session, *, limit: int) -> list[Waiting]:
    """Return proofs that nobody has reviewed, the oldest first; those of an answer that waits whole are left to it."""
    reviewed = exists().where(EvidenceReview.evidence_id == Evidence.id)
    with_answer = exists().where(
        RequestItem.id == Evidence.request_item_id,
        Request.id == RequestItem.request_id,
        Request.state == RequestState.SUBMITTED,
    )
    first = (
        select(Evidence.id, func.count().over().label("total"))
        .where(~reviewed, ~with_answer)
        .order_by(Evidence.received_on, Evidence.id)
        .limit(limit)
        .subquery()
    )
    rows = session.execute(
        select(Evidence.id, Evidence.operator_id, Operator.name, Evidence.title, Evidence.received_on, first.c.total)
        .select_from(first)
        .join(Evidence, Evidence.id == first.c.id)
        .join(Operator, Operator.id == Evidence.operator_id)
        .order_by(Evidence.received_on, Evidence.id)
    )
    return [Waiting(row.id, None, row.operator_id, row.name, row.title, row.received_on, "", row.total) for row in rows]


def disposals_due(session: Session, *, by: date, limit: int) -> list[Waiting]:
    """Return disposal cases without accepted proof whose term ends by the day, the oldest term first."""
    return _of_agreement(
        session,
        DisposalCase,
        DisposalCase.due_on,
        "XII",
        and_(DisposalCase.accepted_on.is_(None), DisposalCase.due_on <= by),
        limit,
    )


def overdue_actions(session: Session, *, today: date, limit: int) -> list[Waiting]:
    """Return corrective actions whose term has passed, the oldest term first."""
    return _of_agreement(
        session,
        CorrectiveAction,
        CorrectiveAction.due_on,
        CorrectiveAction.inciso,
        and_(CorrectiveAction.done_on.is_(None), CorrectiveAction.due_on < today),
        limit,
    )


def _of_agreement(
    session: Session, table: Any, day: Any, inciso: Any, condition: ColumnElement[bool], limit: int
) -> list[Waiting]:
    what = table.description if hasattr(table, "description") else table.trigger
    rows = session.execute(
        select(
            table.lineage,
            table.agreement_id,
            Agreement.operator_id,
            Operator.name,
            cast(what, Text).label("what"),
            day.label("on"),
            func.count().over().label("total"),
            *([] if isinstance(inciso, str) else [inciso]),
        )
        .join(Agreement, Agreement.id == table.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(current(table), condition)
        .order_by(day, table.lineage)
        .limit(limit)
    )
    return [
        Waiting(
            row.lineage,
            row.agreement_id,
            row.operator_id,
            row.name,
            row.what,
            row.on,
            inciso if isinstance(inciso, str) else row.inciso,
            row.total,
        )
        for row in rows
    ]


def incident_terms(session: Session, *, limit: int) -> list[Waiting]:
    """Return the open terms of incidents, the first to end first; ``what`` is the slug of the term."""
    return [
        Waiting(
            line.lineage,
            line.agreement_id,
            line.operator_id,
            line.operator,
            line.clock.value,
            day_of(line.due_at),
            "XI",
            line.total,
        )
        for line in incidents.terms_due(session, limit=limit)
    ]


def editions_to_approve(session: Session, *, but_of: int | None, limit: int) -> list[Waiting]:
    """Return versions of clauses sent for approval that somebody else wrote last, those that hold soonest first."""
    rows = session.execute(
        select(ClauseEdition.lineage, ClauseEdition.title, ClauseEdition.since, func.count().over().label("total"))
        .where(
            current(ClauseEdition),
            ClauseEdition.state == EditionState.SUBMITTED,
            ClauseEdition.since.is_not(None),
            ClauseEdition.author_id != but_of,
        )
        .order_by(ClauseEdition.since, ClauseEdition.id)
        .limit(limit)
    )
    return [Waiting(row.lineage, None, 0, "", row.title, row.since, "", row.total) for row in rows]


def questions_to_approve(session: Session, *, but_of: int | None, limit: int) -> list[Waiting]:
    """Return versions of items sent for approval that somebody else wrote last, those that hold soonest first."""
    table = QuestionEditionRow
    rows = session.execute(
        select(table.lineage, table.title, table.since, func.count().over().label("total"))
        .where(
            current(table),
            table.state == EditionState.SUBMITTED,
            table.since.is_not(None),
            table.author_id != but_of,
        )
        .order_by(table.since, table.id)
        .limit(limit)
    )
    return [Waiting(row.lineage, None, 0, "", row.title, row.since, "", row.total) for row in rows]


def roles_to_approve(session: Session, *, limit: int) -> list[Waiting]:
    """Return agreements whose role was proposed and not approved; ``what`` is the slug of the role."""
    rows = session.execute(
        select(
            Agreement.id,
            Agreement.operator_id,
            Operator.name,
            AgreementRevision.role,
            AgreementRevision.holds_from,
            func.count().over().label("total"),
        )
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(
            AgreementRevision.role.is_not(None),
            AgreementRevision.role != Role.OPERATOR,
            AgreementRevision.role_approved_on.is_(None),
        )
        .order_by(AgreementRevision.holds_from, Agreement.id)
        .limit(limit)
    )
    return [
        Waiting(row.id, row.id, row.operator_id, row.name, row.role.value, row.holds_from, "", row.total)
        for row in rows
    ]
