"""Verdicts that changed between two days: the net change of each obligation of each agreement, and its steps."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from contracts.vocabulary import AgreementKind, Verdict
from vendor_tracker.store.standings import StandingFilter, agreements_of
from vendor_tracker.store.tables import Agreement, FindingChange, Operator


class NetChange(NamedTuple):
    """One obligation of one agreement whose verdict changed; reason, cause and record are those of the last step."""

    id: int
    agreement_id: int
    operator_id: int
    operator: str
    kind: AgreementKind
    number: str
    inciso: str
    before: Verdict | None
    """The verdict at the end of the first day."""
    after: Verdict
    on: date
    """The day of the last step."""
    reason: str
    cause: str
    record: dict[str, Any] | None


class Step(NamedTuple):
    """One change of verdict."""

    agreement_id: int
    inciso: str
    before: Verdict | None
    after: Verdict
    on: date
    reason: str
    cause: str
    record: dict[str, Any] | None


class Turn(NamedTuple):
    """How many obligations went from one verdict to another."""

    before: Verdict | None
    after: Verdict
    obligations: int


def _within(table: Any, since: date, until: date) -> ColumnElement[bool]:
    return and_(table.on > since, table.on <= until)


def _net(columns: Any, since: date, until: date, wanted: StandingFilter, *, returned: bool) -> Select[Any]:
    """Select the last step of each obligation in the days, with the verdict before the first step."""
    later, first = aliased(FindingChange), aliased(FindingChange)
    is_last = ~exists().where(
        later.agreement_id == FindingChange.agreement_id,
        later.inciso == FindingChange.inciso,
        later.on <= until,
        or_(later.on > FindingChange.on, and_(later.on == FindingChange.on, later.id > FindingChange.id)),
    )
    before = (
        select(first.before)
        .where(
            first.agreement_id == FindingChange.agreement_id,
            first.inciso == FindingChange.inciso,
            _within(first, since, until),
        )
        .order_by(first.on, first.id)
        .limit(1)
        .scalar_subquery()
    )
    query = select(*columns, before.label("first_before")).where(_within(FindingChange, since, until), is_last)
    if wanted.inciso is not None:
        query = query.where(FindingChange.inciso == wanted.inciso)
    if wanted.verdict is not None:
        query = query.where(FindingChange.after == wanted.verdict)
    chosen = agreements_of(wanted)
    if chosen is not None:
        query = query.where(FindingChange.agreement_id.in_(chosen))
    if not returned:
        query = query.where(or_(before.is_(None), before != FindingChange.after))
    return query


def turns(session: Session, since: date, until: date, wanted: StandingFilter) -> list[Turn]:
    """Return how many obligations went from which verdict to which, those that came back to where they were included.

    The days go from the end of ``since`` to the end of ``until``. Of ``wanted``, ``verdict`` is the one at the end.
    """
    net = _net((FindingChange.after,), since, until, wanted, returned=True).subquery()
    rows = session.execute(
        select(net.c.first_before, net.c.after, func.count())
        .group_by(net.c.first_before, net.c.after)
        .order_by(net.c.first_before, net.c.after)
    )
    return [Turn(*row) for row in rows]


def net_changes(
    session: Session,
    since: date,
    until: date,
    wanted: StandingFilter,
    *,
    returned: bool,
    limit: int,
    offset: int = 0,
) -> list[NetChange]:
    """Return a page of what changed, the latest first; ``returned`` adds what came back to where it was."""
    columns = (FindingChange.id, FindingChange.on)
    chosen = (
        _net(columns, since, until, wanted, returned=returned)
        .order_by(FindingChange.on.desc(), FindingChange.id.desc())
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    rows = session.execute(
        select(
            FindingChange.id,
            FindingChange.agreement_id,
            Agreement.operator_id,
            Operator.name,
            Agreement.kind,
            Agreement.number,
            FindingChange.inciso,
            chosen.c.first_before,
            FindingChange.after,
            FindingChange.on,
            FindingChange.reason,
            FindingChange.cause,
            FindingChange.record,
        )
        .select_from(chosen)
        .join(FindingChange, FindingChange.id == chosen.c.id)
        .join(Agreement, Agreement.id == FindingChange.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .order_by(FindingChange.on.desc(), FindingChange.id.desc())
    )
    return [NetChange(*row) for row in rows]


def steps(session: Session, since: date, until: date, agreement_ids: Collection[int]) -> list[Step]:
    """Return every change of some agreements between the days, the oldest first."""
    rows = session.execute(
        select(
            FindingChange.agreement_id,
            FindingChange.inciso,
            FindingChange.before,
            FindingChange.after,
            FindingChange.on,
            FindingChange.reason,
            FindingChange.cause,
            FindingChange.record,
        )
        .where(FindingChange.agreement_id.in_(sorted(agreement_ids)), _within(FindingChange, since, until))
        .order_by(FindingChange.on, FindingChange.id)
    )
    return [Step(*row) for row in rows]
