"""Queries about what the public portal shows, and about with whom data are shared."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from contracts.publication import HIDDEN_WHEN_SECRET
from contracts.vocabulary import (
    AgreementKind,
    DataCategory,
    DispensationGround,
    PublicField,
    Regime,
    Role,
    SubjectGroup,
)
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.search import escaped, folded
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    DataReview,
    Operator,
    PublicityDecision,
    Standing,
    SubOperator,
    Unit,
)


@dataclass(frozen=True, slots=True)
class PublicFilters:
    """What the reader of the public list asked for. ``stage``: ``in_force``, ``ended`` or ``all``."""

    words: str = ""
    category: DataCategory | None = None
    group: SubjectGroup | None = None
    stage: str = "in_force"


class SharingRow(NamedTuple):
    """What is on record about an agreement that shares data, before anything of it is held back."""

    id: int
    operator_id: int
    kind: AgreementKind
    number: str
    operator: str
    cnpj: str | None
    foreign_id: str | None
    regime: Regime | None
    unit: str
    role: Role | None
    role_approved_on: date | None
    dispensation: DispensationGround | None
    purpose: str | None
    public_function: str | None
    legal_basis: str | None
    guarantees: str | None
    data_categories: list[str] | None
    subject_groups: list[str] | None
    sensitive: bool | None
    children: bool | None
    volume: str | None
    starts_on: date | None
    signed_on: date | None
    ends_on: date | None
    ended_on: date | None
    international_transfer: bool | None
    transfer_countries: list[str] | None
    uses_sub_operators: bool | None
    disposal_term_days: int | None
    reviewed_on: date | None
    secret: bool
    stage: str | None


_R = AgreementRevision
_COLUMNS = (
    Agreement.id,
    Agreement.operator_id,
    Agreement.kind,
    Agreement.number,
    Operator.name,
    Operator.cnpj,
    Operator.foreign_id,
    Operator.regime,
    func.coalesce(Unit.name, ""),
    _R.role,
    _R.role_approved_on,
    _R.dispensation_ground,
    _R.purpose,
    _R.public_function,
    _R.legal_basis,
    _R.guarantees,
    _R.data_categories,
    _R.subject_groups,
    _R.sensitive,
    _R.children,
    _R.volume,
    _R.starts_on,
    _R.signed_on,
    _R.ends_on,
    _R.ended_on,
    _R.international_transfer,
    _R.transfer_countries,
    _R.uses_sub_operators,
    _R.disposal_term_days,
    _R.reviewed_on,
    _R.secret,
    Standing.stage,
)
ENDED = ("ending", "closed")


def _from(statement: Any) -> Any:
    return (
        statement.join(Operator, Operator.id == Agreement.operator_id)
        .join(_R, _R.id == Agreement.current_revision_id)
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
    )


def _answered(column: Any) -> ColumnElement[bool]:
    """Tell whether a JSON list holds something, whether the database keeps NULL, JSON's null or an empty list."""
    return func.coalesce(cast(column, String), "null").not_in(("null", "[]"))


def _personal() -> ColumnElement[bool]:
    return and_(
        or_(_R.role.is_(None), _R.role != Role.NO_PERSONAL_DATA),
        or_(_R.dispensation_ground.is_(None), _R.dispensation_ground != DispensationGround.NO_PERSONAL_DATA),
    )


def _published() -> ColumnElement[bool]:
    """Return the rule of :data:`contracts.publication.RULE` as a condition."""
    return and_(
        _personal(),
        or_(_R.role == Role.OPERATOR, and_(_R.role.is_not(None), _R.role_approved_on.is_not(None))),
        _R.purpose.is_not(None),
        func.trim(_R.purpose) != "",
        _answered(_R.data_categories),
        _answered(_R.subject_groups),
        Standing.stage.is_not(None),
        Standing.stage != "future",
    )


def _decided(name: PublicField, held_back: bool | None = None) -> ColumnElement[bool]:
    conditions = [
        PublicityDecision.agreement_id == Agreement.id,
        PublicityDecision.field == name,
        current(PublicityDecision),
    ]
    if held_back is not None:
        conditions.append(PublicityDecision.held_back.is_(held_back))
    return exists().where(*conditions)


def _shown(name: PublicField) -> ColumnElement[bool]:
    """Return the condition that a field is not held back; what is held back is not searched either."""
    if name not in HIDDEN_WHEN_SECRET:
        return ~_decided(name, True)
    return and_(~_decided(name, True), or_(_R.secret.is_(False), _decided(name, False)))


def _holds(column: Any, slugs: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a JSON list of slugs holds one of them."""
    return or_(*(cast(column, String).like(f'%"{slug}"%') for slug in sorted(slugs)))


def _stage(stage: str) -> ColumnElement[bool]:
    if stage == "all":
        return Standing.stage != "future"
    return Standing.stage.in_(ENDED) if stage == "ended" else Standing.stage == "in_force"


def _wanted(filters: PublicFilters) -> list[ColumnElement[bool]]:
    conditions = [_published(), _stage(filters.stage)]
    for word in folded(filters.words).split()[:8]:
        bare = "".join(sign for sign in word if sign.isalnum()).upper()
        party = [Operator.search_name.like(f"%{escaped(word)}%", escape="\\")]
        if len(bare) >= 4:
            party.append(Operator.cnpj.like(f"{escaped(bare)}%", escape="\\"))
        number = func.lower(Agreement.number).like(f"%{escaped(word)}%", escape="\\")
        conditions.append(
            or_(and_(or_(*party), _shown(PublicField.PARTY)), and_(number, _shown(PublicField.INSTRUMENT)))
        )
    if filters.category is not None:
        conditions += [_holds(_R.data_categories, [filters.category]), _shown(PublicField.DATA_CATEGORIES)]
    if filters.group is not None:
        conditions += [_holds(_R.subject_groups, [filters.group]), _shown(PublicField.SUBJECT_GROUPS)]
    return conditions


def published(session: Session, filters: PublicFilters, *, offset: int, limit: int) -> tuple[list[SharingRow], int]:
    """Return a part of the public list, by the name of the other party, and how many there are in all.

    Those whose party is held back come last, by their age in the register: their place must not tell a name.
    """
    wanted = _wanted(filters)
    named = ~_decided(PublicField.PARTY, True)
    count = _from(select(func.count()).select_from(Agreement)).where(*wanted)
    first = session.scalar(count.where(named)) or 0
    last = session.scalar(count.where(~named)) or 0
    statement = _from(select(*_COLUMNS)).outerjoin(Unit, Unit.id == Agreement.unit_id).where(*wanted)
    rows = []
    if offset < first:
        found = statement.where(named).order_by(Operator.search_name, Agreement.id).offset(offset).limit(limit)
        rows = [SharingRow._make(row) for row in session.execute(found)]
    if len(rows) < limit and last:
        nameless = statement.where(~named).order_by(Agreement.id).offset(max(0, offset - first))
        rows += [SharingRow._make(row) for row in session.execute(nameless.limit(limit - len(rows)))]
    return rows, first + last


def published_after(session: Session, filters: PublicFilters, last: int, *, limit: int) -> list[SharingRow]:
    """Return the next rows of the whole public list, by id, after the one of id ``last``."""
    statement = _from(select(*_COLUMNS)).outerjoin(Unit, Unit.id == Agreement.unit_id)
    found = statement.where(*_wanted(filters), Agreement.id > last).order_by(Agreement.id).limit(limit)
    return [SharingRow._make(row) for row in session.execute(found)]


def one(session: Session, agreement_id: int) -> SharingRow | None:
    """Return what is on record about one agreement, whether it is published or not."""
    statement = _from(select(*_COLUMNS)).outerjoin(Unit, Unit.id == Agreement.unit_id)
    row = session.execute(statement.where(Agreement.id == agreement_id)).one_or_none()
    return None if row is None else SharingRow._make(row)


def sharing(
    session: Session,
    *,
    categories: Collection[DataCategory] = (),
    groups: Collection[SubjectGroup] = (),
    ended: bool = False,
    limit: int,
) -> tuple[list[SharingRow], int]:
    """Return the agreements that hold one of the categories and one of the groups, by operator, and how many.

    An empty collection asks nothing. A role that waits for approval counts: what is asked is with whom data are
    shared, and not what may be published.
    """
    conditions = [_personal(), _answered(_R.data_categories), _answered(_R.subject_groups)]
    conditions.append(_stage("all" if ended else "in_force"))
    if categories:
        conditions.append(_holds(_R.data_categories, categories))
    if groups:
        conditions.append(_holds(_R.subject_groups, groups))
    total = session.scalar(_from(select(func.count()).select_from(Agreement)).where(*conditions)) or 0
    statement = _from(select(*_COLUMNS)).outerjoin(Unit, Unit.id == Agreement.unit_id).where(*conditions)
    rows = session.execute(statement.order_by(Operator.search_name, Operator.id, Agreement.id).limit(limit))
    return [SharingRow._make(row) for row in rows], total


def unanswered(session: Session) -> int:
    """Return how many agreements in force may share data without their categories or groups being on record."""
    statement = _from(select(func.count()).select_from(Agreement)).where(
        _personal(),
        _stage("in_force"),
        or_(~_answered(_R.data_categories), ~_answered(_R.subject_groups)),
    )
    return session.scalar(statement) or 0


def operations_after(session: Session, last: int, *, ended: bool, limit: int) -> list[SharingRow]:
    """Return the next agreements that share data or may do so, by id, for the register of processing operations."""
    statement = _from(select(*_COLUMNS)).outerjoin(Unit, Unit.id == Agreement.unit_id)
    conditions = [_personal(), _stage("all" if ended else "in_force"), Agreement.id > last]
    rows = session.execute(statement.where(*conditions).order_by(Agreement.id).limit(limit))
    return [SharingRow._make(row) for row in rows]


def _blank(column: Any) -> ColumnElement[bool]:
    return or_(column.is_(None), func.trim(column) == "")


def _lacks(on: date) -> dict[str, ColumnElement[bool]]:
    """Return what the extract of processing operations lacks, as conditions, by the keys of the extract's gaps."""

    def unsaid(column: Any) -> ColumnElement[bool]:
        last = (
            select(column)
            .where(current(DataReview), DataReview.agreement_id == Agreement.id)
            .order_by(DataReview.reviewed_on.desc(), DataReview.id.desc())
            .limit(1)
            .correlate(Agreement)
            .scalar_subquery()
        )
        return func.coalesce(last, "") == ""

    taking_part = exists().where(
        SubOperator.agreement_id == Agreement.id,
        current(SubOperator),
        or_(SubOperator.since.is_(None), SubOperator.since <= on),
        or_(SubOperator.until.is_(None), SubOperator.until >= on),
    )
    return {
        "legal_basis": _blank(_R.legal_basis),
        "categories": ~_answered(_R.data_categories),
        "groups": ~_answered(_R.subject_groups),
        "sensitive": _R.sensitive.is_(None),
        "children": _R.children.is_(None),
        "purpose": _blank(_R.purpose),
        "guarantees": _blank(_R.guarantees),
        "minimisation": unsaid(DataReview.minimisation),
        "destination": and_(unsaid(DataReview.destination), _R.disposal_term_days.is_(None)),
        "sub_operators": and_(_R.uses_sub_operators.is_(None), ~taking_part),
        "transfer": _R.international_transfer.is_(None),
    }


def operation_gaps(session: Session, *, ended: bool, on: date) -> tuple[int, dict[str, int]]:
    """Return how many processing operations there are, and how many of them lack each thing."""
    lacks = _lacks(on)
    conditions = [_personal(), _stage("all" if ended else "in_force")]
    counts = [func.coalesce(func.sum(case((lack, 1), else_=0)), 0) for lack in lacks.values()]
    row = session.execute(_from(select(func.count(), *counts).select_from(Agreement)).where(*conditions)).one()
    return int(row[0]), {key: int(count) for key, count in zip(lacks, row[1:], strict=True)}


class LinkRow(NamedTuple):
    """A sub-operator that takes part in an agreement."""

    agreement_id: int
    name: str
    cnpj: str | None
    country: str


def sub_operators(session: Session, agreement_ids: Collection[int], on: date) -> dict[int, list[LinkRow]]:
    """Return the sub-operators that take part on the day, by agreement, in the order in which they were registered."""
    rows = session.execute(
        select(SubOperator.agreement_id, SubOperator.name, SubOperator.cnpj, SubOperator.country)
        .where(
            among(session, SubOperator.agreement_id, agreement_ids),
            current(SubOperator),
            or_(SubOperator.since.is_(None), SubOperator.since <= on),
            or_(SubOperator.until.is_(None), SubOperator.until >= on),
        )
        .order_by(SubOperator.agreement_id, SubOperator.lineage)
    )
    found: dict[int, list[LinkRow]] = {}
    for row in rows:
        found.setdefault(row.agreement_id, []).append(LinkRow._make(row))
    return found


def decisions(session: Session, agreement_ids: Collection[int]) -> dict[int, dict[PublicField, tuple[bool, str]]]:
    """Return the decisions that stand, by agreement and field: whether it is held back, and the words."""
    rows = session.execute(
        select(
            PublicityDecision.agreement_id, PublicityDecision.field, PublicityDecision.held_back,
            PublicityDecision.ground,
        ).where(among(session, PublicityDecision.agreement_id, agreement_ids), current(PublicityDecision))
    )  # fmt: skip
    found: dict[int, dict[PublicField, tuple[bool, str]]] = {}
    for agreement_id, name, held_back, ground in rows:
        found.setdefault(agreement_id, {})[name] = (held_back, ground)
    return found


def decision(session: Session, agreement_id: int, name: PublicField) -> PublicityDecision | None:
    """Return the decision that stands about a field of an agreement, for writing."""
    return session.scalar(
        select(PublicityDecision).where(
            PublicityDecision.agreement_id == agreement_id,
            PublicityDecision.field == name,
            current(PublicityDecision),
        )
    )


def taken(session: Session, agreement_id: int) -> list[PublicityDecision]:
    """Return every decision ever taken about the fields of an agreement, the newest first."""
    return list(
        session.scalars(
            select(PublicityDecision)
            .where(PublicityDecision.agreement_id == agreement_id)
            .order_by(PublicityDecision.id.desc())
        )
    )
