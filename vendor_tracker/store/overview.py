"""The register looked at by obligation, by month and by who stands behind the operators."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import INCISOS, Exposure, Verdict
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.standings import StandingFilter, of_standing, standing_conditions
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    FindingRow,
    Operator,
    Snapshot,
    Standing,
    SubOperator,
)


class Pattern(NamedTuple):
    """How many agreements have the same twelve verdicts and the same thirty-six leg states."""

    verdicts: str
    legs: str
    agreements: int


def patterns(session: Session, wanted: StandingFilter) -> list[Pattern]:
    """Return the filtered register, agreements that stand alike counted together."""
    alike: Any = select(Standing.verdicts, Standing.legs, func.count()).select_from(Standing)
    query = of_standing(alike, wanted)
    return [Pattern(*row) for row in session.execute(query.group_by(Standing.verdicts, Standing.legs))]


class WorstOperator(NamedTuple):
    """An operator in breach of an obligation, and in how many of its agreements."""

    inciso: str
    operator_id: int
    operator: str
    agreements: int


def worst_operators(session: Session, wanted: StandingFilter, *, each: int) -> list[WorstOperator]:
    """Return for each of the twelve the ``each`` operators that breach it in the most agreements."""
    number = func.count().label("number")
    counted = (
        select(FindingRow.inciso, Agreement.operator_id, number)
        .select_from(FindingRow)
        .join(Standing, Standing.agreement_id == FindingRow.agreement_id)
        .join(Agreement, Agreement.id == FindingRow.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(FindingRow.inciso.in_(INCISOS), FindingRow.verdict == Verdict.BREACHED, *standing_conditions(wanted))
        .group_by(FindingRow.inciso, Agreement.operator_id)
        .subquery()
    )
    place = (
        func.row_number()
        .over(partition_by=counted.c.inciso, order_by=(counted.c.number.desc(), counted.c.operator_id))
        .label("place")
    )
    ranked = select(counted, place).subquery()
    rows = session.execute(
        select(ranked.c.inciso, ranked.c.operator_id, Operator.name, ranked.c.number)
        .join(Operator, Operator.id == ranked.c.operator_id)
        .where(ranked.c.place <= each)
        .order_by(ranked.c.inciso, ranked.c.place)
    )
    return [WorstOperator(*row) for row in rows]


class MonthStanding(NamedTuple):
    """How many agreements had the same twelve verdicts and score at the end of a month."""

    month: date
    verdicts: str
    score: int | None
    agreements: int


def month_standings(
    session: Session, months: Collection[date], *, unit_id: int | None, operator_id: int | None
) -> list[MonthStanding]:
    """Return whole months of a unit, of an operator or, with neither, of the organisation."""
    query = select(Snapshot.month, Snapshot.verdicts, Snapshot.score, func.count()).where(
        Snapshot.month.in_(sorted(months))
    )
    if unit_id is not None or operator_id is not None:
        query = query.join(Agreement, Agreement.id == Snapshot.agreement_id)
    if unit_id is not None:
        query = query.where(Agreement.unit_id == unit_id)
    if operator_id is not None:
        query = query.where(Agreement.operator_id == operator_id)
    rows = session.execute(query.group_by(Snapshot.month, Snapshot.verdicts, Snapshot.score))
    return [MonthStanding(*row) for row in rows]


class PartyLink(NamedTuple):
    """A sub-operator in the chain of one agreement."""

    name: str
    cnpj: str | None
    country: str
    agreement_id: int
    operator_id: int
    exposure: Exposure


def party_links(session: Session, on: date) -> list[PartyLink]:
    """Return every sub-operator that takes part on the day in an agreement whose data are not disposed of."""
    rows = session.execute(
        select(
            SubOperator.name,
            SubOperator.cnpj,
            SubOperator.country,
            SubOperator.agreement_id,
            Agreement.operator_id,
            Standing.exposure,
        )
        .join(Agreement, Agreement.id == SubOperator.agreement_id)
        .join(Standing, Standing.agreement_id == SubOperator.agreement_id)
        .where(
            current(SubOperator),
            or_(SubOperator.since.is_(None), SubOperator.since <= on),
            or_(SubOperator.until.is_(None), SubOperator.until >= on),
            Standing.stage != "closed",
        )
        .order_by(SubOperator.lineage, SubOperator.id)
    )
    return [PartyLink(*row) for row in rows]


class Transfer(NamedTuple):
    """An agreement whose data go abroad by the operator's own hand, and to which countries."""

    agreement_id: int
    operator_id: int
    countries: list[str]
    exposure: Exposure


def transfers(session: Session) -> list[Transfer]:
    """Return the agreements with an international transfer on record whose data are not disposed of."""
    rows = session.execute(
        select(Agreement.id, Agreement.operator_id, AgreementRevision.transfer_countries, Standing.exposure)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .join(Standing, Standing.agreement_id == Agreement.id)
        .where(AgreementRevision.international_transfer.is_(True), Standing.stage != "closed")
        .order_by(Agreement.id)
    )
    return [Transfer(*row) for row in rows]


class Entrusted(NamedTuple):
    """What is entrusted under an agreement, and to whom."""

    agreement_id: int
    kind: str
    number: str
    operator_id: int
    operator: str
    exposure: Exposure
    data_categories: list[str] | None


def entrusted(session: Session, agreement_ids: Collection[int]) -> list[Entrusted]:
    """Return some agreements with the categories of their data, by operator."""
    rows = session.execute(
        select(
            Agreement.id,
            Agreement.kind,
            Agreement.number,
            Agreement.operator_id,
            Operator.name,
            Standing.exposure,
            AgreementRevision.data_categories,
        )
        .join(Operator, Operator.id == Agreement.operator_id)
        .join(Standing, Standing.agreement_id == Agreement.id)
        .outerjoin(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(among(session, Agreement.id, agreement_ids))
        .order_by(Operator.name, Agreement.id)
    )
    return [Entrusted(*row) for row in rows]


def operator_name(session: Session, operator_id: int) -> str | None:
    """Return the name of an operator; ``None`` when there is none."""
    return session.execute(select(Operator.name).where(Operator.id == operator_id)).scalar_one_or_none()
