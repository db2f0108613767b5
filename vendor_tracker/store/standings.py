"""Where each agreement stands today, as lists and the painel's matrix show it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, exists, func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind, Exposure, Verdict
from vendor_tracker.store.dialects import among, upsert
from vendor_tracker.store.tables import Agreement, FindingRow, Operator, Standing, Unit

STAGES = ("in_force", "ending", "closed", "future")
"""Where an agreement is in its life; see :class:`~vendor_tracker.store.tables.Standing`."""


def write_standings(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert or replace standings; each mapping has every column."""
    upsert(session, Standing, rows, ("agreement_id",))


@dataclass(frozen=True, slots=True)
class StandingFilter:
    """Which standings to show; ``None`` and empty mean all. ``text`` is without accents and in lower case."""

    unit_id: int | None = None
    kind: AgreementKind | None = None
    verdict: Verdict | None = None
    inciso: str | None = None
    exposure: Exposure | None = None
    text: str = ""
    closed: bool = False
    """Whether agreements whose disposal was accepted are shown too."""


class StandingRow(NamedTuple):
    """One row of the matrix. ``verdicts`` and ``legs`` are texts, as the table ``standing`` keeps them."""

    agreement_id: int
    operator_id: int
    operator: str
    kind: AgreementKind
    number: str
    score: int | None
    exposure: Exposure
    verdicts: str
    legs: str
    stage: str
    next_due_on: date | None


class VerdictsCount(NamedTuple):
    """How many agreements have the same twelve verdicts and the same score."""

    verdicts: str
    score: int | None
    agreements: int


def standing_conditions(wanted: StandingFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on the standing, and on its agreement and operator when the filter speaks of them."""
    conditions: list[ColumnElement[bool]] = []
    if not wanted.closed:
        conditions.append(Standing.stage != "closed")
    if wanted.exposure is not None:
        conditions.append(Standing.exposure == wanted.exposure)
    if wanted.unit_id is not None:
        conditions.append(Agreement.unit_id == wanted.unit_id)
    if wanted.kind is not None:
        conditions.append(Agreement.kind == wanted.kind)
    if wanted.verdict is not None and wanted.inciso is not None:
        conditions.append(
            exists().where(
                FindingRow.agreement_id == Standing.agreement_id,
                FindingRow.inciso == wanted.inciso,
                FindingRow.verdict == wanted.verdict,
            )
        )
    elif wanted.verdict is not None:
        conditions.append(Standing.verdicts.contains(wanted.verdict.value))
    if wanted.text:
        conditions.append(
            or_(
                Operator.search_name.contains(wanted.text, autoescape=True),
                Agreement.search_text.contains(wanted.text, autoescape=True),
            )
        )
    return conditions


def of_standing(query: Select[Any], wanted: StandingFilter) -> Select[Any]:
    """Narrow a query about standings to what is wanted, joining only what the conditions speak of."""
    joined = (
        query.join(Agreement, Agreement.id == Standing.agreement_id)
        if wanted.unit_id is not None or wanted.kind is not None or wanted.text
        else query
    )
    if wanted.text:
        joined = joined.join(Operator, Operator.id == Agreement.operator_id)
    return joined.where(*standing_conditions(wanted))


def agreements_of(wanted: StandingFilter) -> Select[Any] | None:
    """Select the agreements of a unit, kind, exposure or text, whatever their verdicts; ``None`` when that is all."""
    narrowed = StandingFilter(
        unit_id=wanted.unit_id, kind=wanted.kind, exposure=wanted.exposure, text=wanted.text, closed=True
    )
    if narrowed == StandingFilter(closed=True):
        return None
    return of_standing(select(Standing.agreement_id).select_from(Standing), narrowed)


_WORST_FIRST = (
    Standing.breached.desc(),
    Standing.score.is_(None),
    Standing.score,
    Standing.unproven.desc(),
    Standing.agreement_id,
)


def standings(session: Session, wanted: StandingFilter, *, limit: int, offset: int = 0) -> list[StandingRow]:
    """Return a page of the matrix, the worst first: most breached, then lowest score, then oldest in the register."""
    # The page is chosen on the standings alone and only its rows fetch their names: the last page of ten thousand
    # would otherwise fetch and sort all that stands before it.
    chosen = (
        of_standing(select(Standing.agreement_id).select_from(Standing), wanted)
        .order_by(*_WORST_FIRST)
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    return [StandingRow(*row) for row in session.execute(_rows_of(chosen))]


def every_standing(session: Session, wanted: StandingFilter) -> Iterator[StandingRow]:
    """Go through the whole filtered matrix in its order, a few hundred rows in memory at a time."""
    chosen = of_standing(select(Standing.agreement_id).select_from(Standing), wanted).subquery()
    for row in session.execute(_rows_of(chosen).execution_options(yield_per=500)):
        yield StandingRow(*row)


def _rows_of(chosen: Subquery) -> Select[Any]:
    rows: Any = (
        select(
            Standing.agreement_id,
            Agreement.operator_id,
            Operator.name,
            Agreement.kind,
            Agreement.number,
            Standing.score,
            Standing.exposure,
            Standing.verdicts,
            Standing.legs,
            Standing.stage,
            Standing.next_due_on,
        )
        .select_from(chosen)
        .join(Standing, Standing.agreement_id == chosen.c.agreement_id)
        .join(Agreement, Agreement.id == Standing.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .order_by(*_WORST_FIRST)
    )
    return rows


def verdict_counts(session: Session, wanted: StandingFilter) -> list[VerdictsCount]:
    """Return the whole filtered register, agreements with the same verdicts and score counted together."""
    query = of_standing(select(Standing.verdicts, Standing.score, func.count()).select_from(Standing), wanted)
    rows = session.execute(
        query.group_by(Standing.verdicts, Standing.score).order_by(Standing.verdicts, Standing.score)
    )
    return [VerdictsCount(*row) for row in rows]


def last_judged(session: Session) -> tuple[date, datetime] | None:
    """Return the oldest day for which a standing holds and the moment it was judged; ``None`` for an empty register."""
    row = session.execute(
        select(Standing.judged_on, Standing.judged_at).order_by(Standing.judged_on, Standing.judged_at).limit(1)
    ).one_or_none()
    return None if row is None else (row.judged_on, row.judged_at)


class UnitRow(NamedTuple):
    """A unit for a filter."""

    id: int
    name: str
    acronym: str


def units(session: Session) -> list[UnitRow]:
    """Return the active units by name."""
    rows = session.execute(select(Unit.id, Unit.name, Unit.acronym).where(Unit.active).order_by(Unit.name, Unit.id))
    return [UnitRow(*row) for row in rows]


class StandingBrief(NamedTuple):
    """The standing of one agreement as lists show it."""

    agreement_id: int
    judged_on: date
    score: int | None
    exposure: Exposure
    points: int
    verdicts: tuple[Verdict, ...]
    stage: str
    next_due_on: date | None


def standings_of(session: Session, ids: Collection[int]) -> dict[int, StandingBrief]:
    """Return the standings of some agreements by id."""
    rows = session.execute(
        select(
            Standing.agreement_id,
            Standing.judged_on,
            Standing.score,
            Standing.exposure,
            Standing.points,
            Standing.verdicts,
            Standing.stage,
            Standing.next_due_on,
        ).where(among(session, Standing.agreement_id, ids))
    )
    return {
        row.agreement_id: StandingBrief(
            *row[:5], tuple(Verdict(slug) for slug in row.verdicts.split()), row.stage, row.next_due_on
        )
        for row in rows
    }
