"""Queries for the agenda: which commitments fall on which day, and the names of those that a page prints.

A month of a large register has thousands of commitments and a page prints dozens. So the days are read first, as bare
numbers over indexed columns (:func:`dated`), and the words only of what is shown (:func:`described`); the number of
statements is fixed whatever the register holds.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, literal, or_, select
from sqlalchemy.orm import Session

from contracts.sharing import REVIEW_MONTHS
from contracts.vocabulary import AgendaKind, IncidentClock, ReviewDecision
from contracts.workdays import add_months
from vendor_tracker.clock import day_of, end_of, start_of
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.requests import WAITING, number_of
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    Assistance,
    Audit,
    CorrectiveAction,
    DisposalCase,
    Evidence,
    EvidenceAgreement,
    EvidenceReview,
    Incident,
    IncidentCase,
    Instruction,
    Operator,
    Request,
    Steward,
    TermExtension,
    Unit,
    User,
)


class Scope(NamedTuple):
    """Whose commitments: those of a unit's agreements, of those a person is gestor or fiscal of; none means all."""

    unit_id: int | None = None
    user_id: int | None = None


class Dated(NamedTuple):
    """A commitment as a bare number on a day. ``id`` is the record's id or lineage, by its kind."""

    day: date
    kind: AgendaKind
    id: int


def _within(scope: Scope, agreement_id: Any, today: date) -> list[ColumnElement[bool]]:
    """Return the conditions that hold ``agreement_id`` within the scope."""
    conditions: list[ColumnElement[bool]] = []
    if scope.unit_id is not None:
        conditions.append(agreement_id.in_(select(Agreement.id).where(Agreement.unit_id == scope.unit_id)))
    if scope.user_id is not None:
        conditions.append(
            agreement_id.in_(
                select(Steward.agreement_id).where(
                    Steward.user_id == scope.user_id,
                    current(Steward),
                    Steward.since <= today,
                    or_(Steward.until.is_(None), Steward.until >= today),
                )
            )
        )
    return conditions


_FACTS: Mapping[AgendaKind, tuple[Any, Any, Any]] = {
    AgendaKind.AUDIT: (Audit, Audit.planned_on, and_(Audit.performed_on.is_(None), Audit.refused_on.is_(None))),
    AgendaKind.ACTION: (CorrectiveAction, CorrectiveAction.due_on, CorrectiveAction.done_on.is_(None)),
    AgendaKind.DISPOSAL: (DisposalCase, DisposalCase.due_on, DisposalCase.accepted_on.is_(None)),
    AgendaKind.ASSISTANCE: (Assistance, Assistance.due_on, Assistance.answered_on.is_(None)),
    AgendaKind.INSTRUCTION: (Instruction, Instruction.due_on, Instruction.done_on.is_(None)),
}
"""The facts of an agreement: table, the day, and what keeps it open."""


def dated(
    session: Session, first: date, last: date, scope: Scope, *, today: date, kinds: Collection[AgendaKind]
) -> list[Dated]:
    """Return the open commitments of the kinds from ``first`` to ``last``, both included, in no order.

    Steps of the ladder are not records: see :func:`terms_between`. Nor are requests still to be opened.
    """
    found: list[Dated] = []
    if AgendaKind.REQUEST in kinds:
        rows = session.execute(
            select(Request.due_on, Request.id).where(
                Request.state.in_(WAITING),
                Request.due_on.between(first, last),
                *_within(scope, Request.agreement_id, today),
            )
        )
        found += [Dated(day, AgendaKind.REQUEST, each) for day, each in rows]
    for kind, (table, column, still_open) in _FACTS.items():
        if kind in kinds:
            rows = session.execute(
                select(column, table.lineage).where(
                    current(table), column.between(first, last), still_open, *_within(scope, table.agreement_id, today)
                )
            )
            found += [Dated(day, kind, each) for day, each in rows]
    if AgendaKind.INCIDENT in kinds:
        ending = session.execute(
            select(IncidentCase.next_due_at, IncidentCase.incident_lineage).where(
                IncidentCase.closed_at.is_(None),
                IncidentCase.next_due_at >= start_of(first),
                IncidentCase.next_due_at < end_of(last),
                *_within(scope, IncidentCase.agreement_id, today),
            )
        )
        found += [Dated(day_of(moment), AgendaKind.INCIDENT, each) for moment, each in ending if moment is not None]
    if AgendaKind.EVIDENCE in kinds:
        found += _evidence(session, first, last, scope, today)
    if AgendaKind.AGREEMENT_END in kinds:
        rows = session.execute(
            select(AgreementRevision.ends_on, Agreement.id)
            .join(Agreement, Agreement.current_revision_id == AgreementRevision.id)
            .where(
                AgreementRevision.ends_on.between(first, last),
                AgreementRevision.ended_on.is_(None),
                *_within(scope, Agreement.id, today),
            )
        )
        found += [Dated(day, AgendaKind.AGREEMENT_END, each) for day, each in rows]
    if AgendaKind.REVIEW in kinds:
        found += _reviews(session, first, last, scope, today)
    return found


def _evidence(session: Session, first: date, last: date, scope: Scope, today: date) -> list[Dated]:
    """Return the accepted proofs whose validity ends, by the newest decision about each."""
    newer = EvidenceReview.__table__.alias("newer")
    conditions: list[ColumnElement[bool]] = []
    if scope != Scope():
        serves = select(EvidenceAgreement.evidence_id).where(*_within(scope, EvidenceAgreement.agreement_id, today))
        conditions.append(EvidenceReview.evidence_id.in_(serves))
    rows = session.execute(
        select(EvidenceReview.valid_until, EvidenceReview.evidence_id).where(
            EvidenceReview.valid_until.between(first, last),
            EvidenceReview.decision == ReviewDecision.ACCEPTED,
            ~exists().where(newer.c.evidence_id == EvidenceReview.evidence_id, newer.c.id > EvidenceReview.id),
            *conditions,
        )
    )
    return [Dated(day, AgendaKind.EVIDENCE, each) for day, each in rows if day is not None]


def _reviews(session: Session, first: date, last: date, scope: Scope, today: date) -> list[Dated]:
    """Return the agreements whose sharing is to be reviewed again (art. 6º, V), two years after the last review."""
    # Months differ in length, so that a day has no exact counterpart: a wider span is read and each day is counted.
    since, until = add_months(first, -REVIEW_MONTHS) - timedelta(days=3), add_months(last, -REVIEW_MONTHS)
    rows = session.execute(
        select(AgreementRevision.reviewed_on, Agreement.id)
        .join(Agreement, Agreement.current_revision_id == AgreementRevision.id)
        .where(
            AgreementRevision.reviewed_on.between(since, until + timedelta(days=3)),
            AgreementRevision.ended_on.is_(None),
            or_(AgreementRevision.ends_on.is_(None), AgreementRevision.ends_on >= today),
            *_within(scope, Agreement.id, today),
        )
    )
    days = [(add_months(reviewed_on, REVIEW_MONTHS), each) for reviewed_on, each in rows if reviewed_on]
    return [Dated(day, AgendaKind.REVIEW, each) for day, each in days if first <= day <= last]


def within(session: Session, scope: Scope, *, today: date) -> list[int] | None:
    """Return the agreements of a scope; ``None`` when it holds them all."""
    if scope == Scope():
        return None
    return list(
        session.scalars(select(Agreement.id).where(*_within(scope, Agreement.id, today)).order_by(Agreement.id))
    )


class Term(NamedTuple):
    """A request that the operator has: its term, and when a later one was asked that nobody has decided."""

    id: int
    due_on: date
    extension_asked_at: datetime | None


def terms_between(session: Session, first: date, last: date, scope: Scope, *, today: date) -> list[Term]:
    """Return the requests with the operator whose term ends in the span: the steps of their ladders lie around it."""
    rows = session.execute(
        select(Request.id, Request.due_on, TermExtension.recorded_at)
        .outerjoin(TermExtension, and_(TermExtension.request_id == Request.id, TermExtension.decision == ""))
        .where(
            Request.state.in_(WAITING),
            Request.due_on.between(first, last),
            *_within(scope, Request.agreement_id, today),
        )
    )
    return [Term(*row) for row in rows]


# ----------------------------------------------------------------------------------------------------------------------
# The names of what is shown
# ----------------------------------------------------------------------------------------------------------------------
class Named(NamedTuple):
    """What a page says of a commitment."""

    what: str
    """The request's number, the audit's title, the action's description: the record's own words; may be empty."""
    agreement: str
    operator: str
    secret: bool
    """Some agreement that it belongs to is protected (art. 5º)."""
    at: datetime | None = None
    """The very instant, where the hour matters."""
    clock: IncidentClock | None = None


def _of_agreement(source: Any, *columns: Any) -> Select[Any]:
    """Select columns of ``source``, a table with an agreement or the agreements themselves, with the names."""
    named = select(
        *columns,
        Agreement.kind.label("agreement_kind"),
        Agreement.number.label("agreement_number"),
        Operator.name.label("operator"),
        AgreementRevision.secret,
    ).select_from(source)
    if source is not Agreement:
        named = named.join(Agreement, Agreement.id == source.agreement_id)
    return named.join(Operator, Operator.id == Agreement.operator_id).outerjoin(
        AgreementRevision, AgreementRevision.id == Agreement.current_revision_id
    )


def _named(row: Any, what: str, **more: Any) -> Named:
    return Named(
        what, agreement_label(row.agreement_kind, row.agreement_number), row.operator, bool(row.secret), **more
    )


def described(session: Session, wanted: Mapping[AgendaKind, Collection[int]]) -> dict[tuple[AgendaKind, int], Named]:
    """Return the names of commitments by kind and id; one statement a kind."""
    found: dict[tuple[AgendaKind, int], Named] = {}
    for kind, ids in wanted.items():
        if ids:
            for each, named in _BY_KIND[kind](session, kind, ids):
                found[kind, each] = named
    return found


Rows = list[tuple[int, Named]]


def _requests(session: Session, _kind: AgendaKind, ids: Collection[int]) -> Rows:
    rows = session.execute(
        _of_agreement(Request, Request.id, Request.year, Request.sequence).where(among(session, Request.id, ids))
    )
    return [(row.id, _named(row, number_of(row.year, row.sequence))) for row in rows]


def _facts(session: Session, kind: AgendaKind, ids: Collection[int]) -> Rows:
    table = _FACTS[kind][0]
    words = {
        AgendaKind.AUDIT: "title",
        AgendaKind.ACTION: "description",
        AgendaKind.ASSISTANCE: "subject",
        AgendaKind.INSTRUCTION: "text",
    }
    what = cast(getattr(table, words[kind]), Text) if kind in words else literal("")
    rows = session.execute(
        _of_agreement(table, table.lineage.label("id"), what.label("what")).where(
            current(table), among(session, table.lineage, ids)
        )
    )
    return [(row.id, _named(row, row.what or "")) for row in rows]


def _incidents(session: Session, _kind: AgendaKind, ids: Collection[int]) -> Rows:
    rows = session.execute(
        _of_agreement(
            IncidentCase,
            IncidentCase.incident_lineage.label("id"),
            IncidentCase.next_clock,
            IncidentCase.next_due_at,
            Incident.title,
        )
        .join(Incident, and_(Incident.lineage == IncidentCase.incident_lineage, current(Incident)))
        .where(among(session, IncidentCase.incident_lineage, ids))
    )
    return [(row.id, _named(row, row.title, at=row.next_due_at, clock=row.next_clock)) for row in rows]


def _evidences(session: Session, _kind: AgendaKind, ids: Collection[int]) -> Rows:
    secret = exists().where(
        EvidenceAgreement.evidence_id == Evidence.id,
        Agreement.id == EvidenceAgreement.agreement_id,
        AgreementRevision.id == Agreement.current_revision_id,
        AgreementRevision.secret.is_(True),
    )
    rows = session.execute(
        select(Evidence.id, Evidence.title, Operator.name, secret.label("secret"))
        .join(Operator, Operator.id == Evidence.operator_id)
        .where(among(session, Evidence.id, ids))
    )
    return [(row.id, Named(row.title, "", row.name, bool(row.secret))) for row in rows]


def _agreements(session: Session, _kind: AgendaKind, ids: Collection[int]) -> Rows:
    rows = session.execute(_of_agreement(Agreement, Agreement.id).where(among(session, Agreement.id, ids)))
    return [(row.id, _named(row, "")) for row in rows]


_BY_KIND: Mapping[AgendaKind, Callable[[Session, AgendaKind, Collection[int]], Rows]] = {
    AgendaKind.REQUEST: _requests,
    AgendaKind.STEP: _requests,
    **dict.fromkeys(_FACTS, _facts),
    AgendaKind.INCIDENT: _incidents,
    AgendaKind.EVIDENCE: _evidences,
    AgendaKind.AGREEMENT_END: _agreements,
    AgendaKind.REVIEW: _agreements,
    AgendaKind.PLANNED: _agreements,
}


# ----------------------------------------------------------------------------------------------------------------------
# What an agenda may be narrowed to
# ----------------------------------------------------------------------------------------------------------------------
def units(session: Session) -> list[tuple[int, str]]:
    """Return the units that manage any agreement, by name."""
    rows = session.execute(
        select(Unit.id, Unit.acronym, Unit.name)
        .where(Unit.id.in_(select(Agreement.unit_id).where(Agreement.unit_id.is_not(None))))
        .order_by(Unit.name, Unit.id)
    )
    return [(row.id, row.acronym or row.name) for row in rows]


def stewards(session: Session) -> list[tuple[int, str]]:
    """Return the active people who are gestor or fiscal of any agreement, by name."""
    rows = session.execute(
        select(User.id, User.name)
        .where(
            User.active,
            User.id.in_(select(Steward.user_id).where(current(Steward), Steward.user_id.is_not(None))),
        )
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in rows]
