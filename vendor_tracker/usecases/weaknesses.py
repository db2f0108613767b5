"""Where the whole organisation is weak: the twelve obligations, each counted over every agreement."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from contracts.vocabulary import INCISOS, Leg, LegState, Verdict
from vendor_tracker import clock
from vendor_tracker.store import overview, standings
from vendor_tracker.store.overview import Pattern, WorstOperator
from vendor_tracker.store.standings import UnitRow
from vendor_tracker.usecases.painel import Filters, standing_filter
from vendor_tracker.usecases.work import look

__all__ = ["IncisoLine", "WeakLeg", "WeaknessPage", "WorstOperator", "lines_of", "weakness_page"]

WORST = 3
"""Operators named for each obligation."""

LEGS: tuple[Leg, Leg, Leg] = (Leg.INSTRUMENT, Leg.EVIDENCE, Leg.CONDUCT)
"""The order in which a standing keeps the leg states."""

_FALLS_SHORT = frozenset({Verdict.BREACHED.value, Verdict.UNPROVEN.value, Verdict.PARTIAL.value})
_LACKING = frozenset({LegState.EMPTY.value, LegState.BROKEN.value})


@dataclass(frozen=True, slots=True)
class WeakLeg:
    """The leg that falls short most often: in how many agreements nothing of it is there, and in how many a part."""

    leg: Leg
    lacking: int
    half: int


@dataclass(frozen=True, slots=True)
class IncisoLine:
    """One obligation over the filtered register."""

    inciso: str
    counts: Mapping[Verdict, int]
    weakest: WeakLeg | None
    """``None`` where nothing falls short."""
    worst: tuple[WorstOperator, ...]

    @property
    def short(self) -> int:
        """Return in how many agreements the obligation is breached, unproven or met in part."""
        return sum(self.counts.get(each, 0) for each in (Verdict.BREACHED, Verdict.UNPROVEN, Verdict.PARTIAL))


@dataclass(frozen=True, slots=True)
class WeaknessPage:
    """The twelve, the weakest first."""

    title: str
    today: date
    filters: Filters
    lines: tuple[IncisoLine, ...]
    total: int
    units: tuple[UnitRow, ...]


def weakness_page(*, filters: Filters) -> WeaknessPage:
    """Return the twelve over the agreements that the filters leave; situation and inciso do not narrow this page."""
    kept = replace(filters, verdict=None, inciso=None)
    wanted = standing_filter(kept)
    with look() as session:
        alike = overview.patterns(session, wanted)
        worst = overview.worst_operators(session, wanted, each=WORST)
        units = standings.units(session)
    lines = lines_of(alike, worst)
    return WeaknessPage(
        title="Por obrigação",
        today=clock.today(),
        filters=kept,
        lines=lines,
        total=sum(each.agreements for each in alike),
        units=tuple(units),
    )


def lines_of(alike: list[Pattern], worst: list[WorstOperator]) -> tuple[IncisoLine, ...]:
    """Count the twelve; most breached first, then most fallen short, then in the order of the Portaria."""
    counts: list[dict[str, int]] = [{} for _ in INCISOS]
    lacking = [[0, 0, 0] for _ in INCISOS]
    half = [[0, 0, 0] for _ in INCISOS]
    is_half = LegState.HALF.value
    for verdicts, legs, number in alike:
        for place, (verdict, states) in enumerate(zip(verdicts.split(), legs.split(), strict=True)):
            counts[place][verdict] = counts[place].get(verdict, 0) + number
            if verdict in _FALLS_SHORT:
                for which, state in enumerate(states.split(",")):
                    if state in _LACKING:
                        lacking[place][which] += number
                    elif state == is_half:
                        half[place][which] += number
    by_inciso: dict[str, list[WorstOperator]] = {}
    for each in worst:
        by_inciso.setdefault(each.inciso, []).append(each)
    lines = [
        IncisoLine(
            inciso=inciso,
            counts={Verdict(slug): number for slug, number in counts[place].items()},
            weakest=_weakest(lacking[place], half[place]),
            worst=tuple(by_inciso.get(inciso, ())),
        )
        for place, inciso in enumerate(INCISOS)
    ]
    return tuple(sorted(lines, key=lambda line: (-line.counts.get(Verdict.BREACHED, 0), -line.short)))


def _weakest(lacking: list[int], half: list[int]) -> WeakLeg | None:
    which = max(range(len(LEGS)), key=lambda place: (lacking[place], half[place], -place))
    return WeakLeg(LEGS[which], lacking[which], half[which]) if lacking[which] or half[which] else None
