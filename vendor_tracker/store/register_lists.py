"""The lists of operators and agreements, and what is still missing from an agreement's record."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind, ContactRole, Exposure, Regime, Role, StewardRole
from vendor_tracker.store.base import current
from vendor_tracker.store.search import escaped, has_words
from vendor_tracker.store.tables import Agreement, AgreementRevision, Contact, Operator, Standing, Steward, Unit


class OperatorLine(NamedTuple):
    """A line of the list of operators."""

    id: int
    name: str
    cnpj: str | None
    foreign_id: str | None
    regime: Regime | None
    agreements: int
    in_force: int
    breached: int
    """Breached obligations, over all its agreements."""
    worst_score: int | None
    """The lowest score among its agreements in force."""
    exposure: int
    """The highest exposure among its agreements in force: 0 none, 1 low, 2 medium, 3 high."""


class AgreementLine(NamedTuple):
    """A line of the list of agreements."""

    id: int
    kind: AgreementKind
    number: str
    operator_id: int
    operator: str
    unit: str
    object: str
    starts_on: date | None
    ends_on: date | None
    ended_on: date | None
    score: int | None
    exposure: Exposure | None
    breached: int
    stage: str
    missing: int
    """How many of the data that PNCP does not know are still missing."""


class AgreementOfOperator(NamedTuple):
    """An agreement on its operator's page."""

    id: int
    kind: AgreementKind
    number: str
    object: str
    starts_on: date | None
    ends_on: date | None
    ended_on: date | None
    score: int | None
    exposure: Exposure | None
    breached: int
    stage: str
    next_due_on: date | None


_EXPOSURE_RANK = case((Standing.exposure == Exposure.HIGH, 3), (Standing.exposure == Exposure.MEDIUM, 2), else_=1)


def operator_lines(
    session: Session, *, words: str = "", regime: str = "", order: str = "name", offset: int, limit: int
) -> tuple[list[OperatorLine], int]:
    """Return a page of operators and how many there are.

    ``regime`` is a slug of :class:`Regime`, ``none`` for those without one, or empty. ``order`` is ``name`` or
    ``worst`` (breached first, then the lowest score).
    """
    conditions: list[ColumnElement[bool]] = []
    if words:
        bare = re.sub(r"[^0-9A-Za-z]", "", words).upper()
        found = [has_words(Operator.search_name, words)]
        if len(bare) >= 4:
            found += [
                Operator.cnpj.like(f"{bare}%"),
                func.upper(Operator.foreign_id).like(f"{escaped(bare)}%", escape="\\"),
            ]
        conditions.append(or_(*found))
    if regime == "none":
        conditions.append(Operator.regime.is_(None))
    elif regime:
        conditions.append(Operator.regime == Regime(regime))
    live = Standing.stage.in_(("in_force", "ending"))
    owned = (
        select(
            Agreement.operator_id,
            func.count().label("agreements"),
            func.sum(case((Standing.stage == "in_force", 1), else_=0)).label("in_force"),
            func.sum(case((live, Standing.breached), else_=0)).label("breached"),
            func.min(case((live, Standing.score), else_=None)).label("worst"),
            func.max(case((live, _EXPOSURE_RANK), else_=0)).label("exposure"),
        )
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
        .group_by(Agreement.operator_id)
        .subquery()
    )
    orders: tuple[Any, ...] = (Operator.search_name, Operator.id)
    if order == "worst":
        orders = (
            func.coalesce(owned.c.breached, 0).desc(),
            func.coalesce(owned.c.worst, 101),
            func.coalesce(owned.c.exposure, 0).desc(),
            *orders,
        )
    statement = (
        select(
            Operator.id,
            Operator.name,
            Operator.cnpj,
            Operator.foreign_id,
            Operator.regime,
            func.coalesce(owned.c.agreements, 0),
            func.coalesce(owned.c.in_force, 0),
            func.coalesce(owned.c.breached, 0),
            owned.c.worst,
            func.coalesce(owned.c.exposure, 0),
        )
        .outerjoin(owned, owned.c.operator_id == Operator.id)
        .where(*conditions)
        .order_by(*orders)
        .offset(offset)
        .limit(limit)
    )
    total = session.scalar(select(func.count()).select_from(Operator).where(*conditions)) or 0
    return [OperatorLine._make(row) for row in session.execute(statement)], total


def _blank(column: Any) -> ColumnElement[bool]:
    return or_(column.is_(None), column == "")


def _blank_list(column: Any) -> ColumnElement[bool]:
    """Tell whether a JSON list was never answered, whether the database holds NULL or JSON's own null."""
    return or_(column.is_(None), cast(column, String) == "null")


MISSING: Mapping[str, ColumnElement[bool]] = {
    "role": AgreementRevision.role.is_(None),
    "purpose": _blank(AgreementRevision.purpose),
    "legal_basis": _blank(AgreementRevision.legal_basis),
    "public_function": _blank(AgreementRevision.public_function),
    "data_categories": _blank_list(AgreementRevision.data_categories),
    "subject_groups": _blank_list(AgreementRevision.subject_groups),
    "sensitive": AgreementRevision.sensitive.is_(None),
    "children": AgreementRevision.children.is_(None),
    "judicial_secrecy": AgreementRevision.judicial_secrecy.is_(None),
    "volume": AgreementRevision.volume.is_(None),
    "international_transfer": AgreementRevision.international_transfer.is_(None),
    "system_access": AgreementRevision.system_access.is_(None),
    "external_hosting": AgreementRevision.external_hosting.is_(None),
    "uses_sub_operators": AgreementRevision.uses_sub_operators.is_(None),
    "guarantees": _blank(AgreementRevision.guarantees),
    "subject_access": _blank(AgreementRevision.subject_access),
    "gestor": ~exists().where(
        Steward.agreement_id == Agreement.id,
        Steward.role == StewardRole.GESTOR,
        current(Steward),
        Steward.until.is_(None),
    ),
    "fiscal": ~exists().where(
        Steward.agreement_id == Agreement.id,
        Steward.role == StewardRole.FISCAL,
        current(Steward),
        Steward.until.is_(None),
    ),
    "preposto": ~exists().where(
        Contact.operator_id == Agreement.operator_id,
        or_(Contact.agreement_id.is_(None), Contact.agreement_id == Agreement.id),
        Contact.role == ContactRole.PREPOSTO,
        Contact.email != "",
        current(Contact),
        Contact.until.is_(None),
    ),
}
"""What the public sources do not know and a person completes; each with the condition that it is still missing."""

_EXEMPT = or_(
    and_(AgreementRevision.role == Role.NO_PERSONAL_DATA, AgreementRevision.role_approved_on.is_not(None)),
    AgreementRevision.dispensation_ground.is_not(None),
)
_MISSING_COUNT = case(
    (_EXEMPT, 0), else_=sum((case((condition, 1), else_=0) for condition in MISSING.values()), start=literal(0))
)


def missing_of(session: Session, agreement_id: int) -> tuple[str, ...]:
    """Return the keys of :data:`MISSING` that nobody has answered for an agreement."""
    statement = (
        select(_EXEMPT.label("exempt"), *(condition.label(key) for key, condition in MISSING.items()))
        .select_from(Agreement)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(Agreement.id == agreement_id)
    )
    row = session.execute(statement).one_or_none()
    if row is None or row.exempt:
        return ()
    return tuple(key for key in MISSING if getattr(row, key))


_NEWEST_FIRST = (AgreementRevision.signed_on.desc().nulls_last(), Agreement.id.desc())
"""The order of the list of agreements: the newest instrument first."""


def _agreement_conditions(
    *, words: str, unit_id: int | None, kind: str, exposure: str, stage: str, only_incomplete: bool
) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters of the list of agreements."""
    conditions: list[ColumnElement[bool]] = []
    if words:
        bare = re.sub(r"[^0-9A-Za-z]", "", words).casefold()
        found = has_words(Agreement.search_text, words)
        conditions.append(or_(found, Agreement.search_text.like(f"%{bare}%")) if len(bare) == 14 else found)
    if unit_id is not None:
        conditions.append(Agreement.unit_id == unit_id)
    if kind:
        conditions.append(Agreement.kind == AgreementKind(kind))
    if exposure:
        conditions.append(Standing.exposure == Exposure(exposure))
    if stage:
        conditions.append(Standing.stage == stage)
    if only_incomplete:
        conditions.append(_MISSING_COUNT > 0)
    return conditions


def agreement_ids(
    session: Session,
    *,
    words: str = "",
    unit_id: int | None = None,
    kind: str = "",
    exposure: str = "",
    stage: str = "",
    only_incomplete: bool = False,
) -> list[int]:
    """Return the ids of all the agreements that the filters of the list let through, in the order of the list."""
    conditions = _agreement_conditions(
        words=words, unit_id=unit_id, kind=kind, exposure=exposure, stage=stage, only_incomplete=only_incomplete
    )
    statement = (
        select(Agreement.id)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
        .where(*conditions)
        .order_by(*_NEWEST_FIRST)
    )
    return list(session.scalars(statement))


def agreement_lines(
    session: Session,
    *,
    words: str = "",
    unit_id: int | None = None,
    kind: str = "",
    exposure: str = "",
    stage: str = "",
    only_incomplete: bool = False,
    offset: int,
    limit: int,
) -> tuple[list[AgreementLine], int]:
    """Return a page of agreements, the newest instrument first, and how many there are; filters are slugs or empty."""
    conditions = _agreement_conditions(
        words=words, unit_id=unit_id, kind=kind, exposure=exposure, stage=stage, only_incomplete=only_incomplete
    )
    source = (
        select(Agreement.id)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
        .where(*conditions)
    )
    total = session.scalar(select(func.count()).select_from(source.subquery())) or 0
    statement = (
        select(
            Agreement.id,
            Agreement.kind,
            Agreement.number,
            Agreement.operator_id,
            Operator.name,
            func.coalesce(Unit.name, ""),
            AgreementRevision.object,
            AgreementRevision.starts_on,
            AgreementRevision.ends_on,
            AgreementRevision.ended_on,
            Standing.score,
            Standing.exposure,
            func.coalesce(Standing.breached, 0),
            func.coalesce(Standing.stage, ""),
            _MISSING_COUNT,
        )
        .join(Operator, Operator.id == Agreement.operator_id)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .outerjoin(Unit, Unit.id == Agreement.unit_id)
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
        .where(*conditions)
        .order_by(*_NEWEST_FIRST)
        .offset(offset)
        .limit(limit)
    )
    return [AgreementLine._make(row) for row in session.execute(statement)], total


def agreements_of_operator(session: Session, operator_id: int) -> list[AgreementOfOperator]:
    """Return an operator's agreements, those in force first, then the newest."""
    rank = case(
        (Standing.stage == "in_force", 0), (Standing.stage == "ending", 1), (Standing.stage == "future", 2), else_=3
    )
    statement = (
        select(
            Agreement.id,
            Agreement.kind,
            Agreement.number,
            AgreementRevision.object,
            AgreementRevision.starts_on,
            AgreementRevision.ends_on,
            AgreementRevision.ended_on,
            Standing.score,
            Standing.exposure,
            func.coalesce(Standing.breached, 0),
            func.coalesce(Standing.stage, ""),
            Standing.next_due_on,
        )
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
        .where(Agreement.operator_id == operator_id)
        .order_by(rank, AgreementRevision.signed_on.desc().nulls_last(), Agreement.id.desc())
    )
    return [AgreementOfOperator._make(row) for row in session.execute(statement)]
