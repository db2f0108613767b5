"""Twelve months of the organisation, of a unit or of an operator, from the monthly pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from contracts.vocabulary import INCISOS, Verdict
from vendor_tracker import clock
from vendor_tracker.store import overview, snapshots, standings
from vendor_tracker.store.overview import MonthStanding
from vendor_tracker.store.standings import UnitRow
from vendor_tracker.usecases.painel import MONTHS, Year
from vendor_tracker.usecases.work import NotFoundError, look

__all__ = ["Month", "TrendPage", "trend_of", "trend_page"]


@dataclass(frozen=True, slots=True)
class Month:
    """The agreements at the end of a month."""

    month: date
    agreements: int
    breached: int
    """Agreements with at least one obligation breached."""
    score: int | None
    """The lower median of the scores; ``None`` when no agreement had one."""


@dataclass(frozen=True, slots=True)
class TrendPage:
    """The course of the last months, oldest first."""

    title: str
    whose: str
    """The unit's or operator's name; empty for the organisation."""
    unit_id: int | None
    operator_id: int | None
    months: tuple[Month, ...]
    year: Year | None
    """``None`` until two months have been pictured."""
    units: tuple[UnitRow, ...]


_held: WeakKeyDictionary[Any, tuple[object, tuple[MonthStanding, ...]]] = WeakKeyDictionary()
"""The organisation's months as this process last counted them in each database: a picture once taken never changes."""


def trend_page(*, unit_id: int | None = None, operator_id: int | None = None) -> TrendPage:
    """Return the last twelve pictured months; raises :class:`NotFoundError` for an operator that does not exist."""
    today = clock.today()
    since = today.replace(day=1, year=today.year - 1)
    with look() as session:
        units = standings.units(session)
        unit = next((each for each in units if each.id == unit_id), None)
        whose = unit.name if unit else ""
        if operator_id is not None:
            name = overview.operator_name(session, operator_id)
            if name is None:
                raise NotFoundError("Não há esse operador.")
            whose, unit = name, None
        months = snapshots.snapshot_months(session, since=since)[-MONTHS:]
        if unit is None and operator_id is None:
            rows: Sequence[MonthStanding] = _of_organisation(session, today, months)
        else:
            rows = overview.month_standings(session, months, unit_id=unit.id if unit else None, operator_id=operator_id)
    counted, year = trend_of(rows)
    return TrendPage(
        title="Evolução em doze meses",
        whose=whose,
        unit_id=unit.id if unit else None,
        operator_id=operator_id,
        months=counted,
        year=year,
        units=tuple(units),
    )


def _of_organisation(session: Session, today: date, months: list[date]) -> tuple[MonthStanding, ...]:
    pool = session.get_bind().engine.pool
    key = (today.replace(day=1), snapshots.last_register_line(session))
    held = _held.get(pool)
    if held is None or held[0] != key:
        held = (key, tuple(overview.month_standings(session, months, unit_id=None, operator_id=None)))
        _held[pool] = held
    return held[1]


def trend_of(rows: Iterable[MonthStanding]) -> tuple[tuple[Month, ...], Year | None]:
    """Count the months that have a picture of at least one agreement, oldest first."""
    by_month: dict[date, list[MonthStanding]] = {}
    for row in rows:
        by_month.setdefault(row.month, []).append(row)
    months = sorted(by_month)
    is_met, is_breached = Verdict.MET.value, Verdict.BREACHED.value
    met = {inciso: [0] * len(months) for inciso in INCISOS}
    breached = {inciso: [0] * len(months) for inciso in INCISOS}
    counted = []
    for place, month in enumerate(months):
        agreements = in_breach = 0
        scores: dict[int, int] = {}
        for row in by_month[month]:
            slugs = row.verdicts.split()
            agreements += row.agreements
            in_breach += row.agreements if is_breached in slugs else 0
            if row.score is not None:
                scores[row.score] = scores.get(row.score, 0) + row.agreements
            for inciso, slug in zip(INCISOS, slugs, strict=True):
                if slug == is_met:
                    met[inciso][place] += row.agreements
                elif slug == is_breached:
                    breached[inciso][place] += row.agreements
        counted.append(Month(month, agreements, in_breach, _lower_median(scores)))
    if len(months) < 2:  # One point is no course.
        return tuple(counted), None
    return tuple(counted), Year(
        months=tuple(months),
        met={inciso: tuple(values) for inciso, values in met.items()},
        breached={inciso: tuple(values) for inciso, values in breached.items()},
        agreements=max(each.agreements for each in counted),
    )


def _lower_median(scores: dict[int, int]) -> int | None:
    half = (sum(scores.values()) + 1) // 2
    for score in sorted(scores):
        half -= scores[score]
        if half <= 0:
            return score
    return None
