"""The geometry of the small charts: numbers in, SVG path data out. Coordinates are in the units of a ``viewBox``."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.vocabulary import Verdict
from vendor_tracker.wording.plurals import verdict_count


@dataclass(frozen=True, slots=True)
class Frame:
    """The drawing area: from ``left`` to ``right`` in time; from ``bottom``, zero, to ``top``, ``maximum``."""

    left: float
    right: float
    top: float
    bottom: float
    maximum: float

    def x(self, index: int, count: int) -> float:
        """Give the place of the value ``index`` of ``count``; a single value stands at the right, where "now" is."""
        return self.right if count < 2 else self.left + (self.right - self.left) * index / (count - 1)

    def y(self, value: float) -> float:
        """Give the height of a value; what leaves the scale is drawn at its edge."""
        share = min(max(value / self.maximum, 0.0), 1.0) if self.maximum > 0 else 0.0
        return self.bottom - (self.bottom - self.top) * share


@dataclass(frozen=True, slots=True)
class Drawing:
    """A line and its last point."""

    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar standing on the axis; all in the units of the ``viewBox``."""

    x: float
    y: float
    width: float
    height: float


MULTIPLE_WIDTH, MULTIPLE_HEIGHT = 160, 54
"""The ``viewBox`` of a small multiple; its axis is at 50."""


def _multiple(maximum: float) -> Frame:
    return Frame(left=4, right=156, top=4, bottom=50, maximum=maximum)


def _number(value: float) -> str:
    return f"{value:.1f}"


def steps(values: Sequence[float], maximum: float) -> Drawing:
    """Draw a small multiple's line as steps, because a count holds until the next month; empty values draw nothing."""
    if not values:
        return Drawing("", 0.0, 0.0)
    frame = _multiple(maximum)
    points = [(round(frame.x(i, len(values)), 1), round(frame.y(value), 1)) for i, value in enumerate(values)]
    path = f"M{_number(points[0][0])} {_number(points[0][1])}"
    path += "".join(f"H{_number(x)}V{_number(y)}" for x, y in points[1:])
    return Drawing(path, *points[-1])


def bars(values: Sequence[float], maximum: float) -> tuple[Bar, ...]:
    """Draw a small multiple's bars, 6 units wide; a zero has no bar."""
    frame = _multiple(maximum)
    drawn = []
    for index, value in enumerate(values):
        if value > 0:
            top = round(frame.y(value), 1)
            left = round(frame.x(index, len(values)) - 3, 1)
            drawn.append(Bar(left, top, 6, round(frame.bottom - top, 1)))
    return tuple(drawn)


def line(values: Sequence[float], maximum: float, left: float, right: float, top: float, bottom: float) -> Drawing:
    """Draw a line through the values inside the given area; empty values draw nothing."""
    if not values:
        return Drawing("", 0.0, 0.0)
    frame = Frame(left, right, top, bottom, maximum)
    points = [(round(frame.x(i, len(values)), 1), round(frame.y(value), 1)) for i, value in enumerate(values)]
    return Drawing("M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points), *points[-1])


def sentence(inciso: str, met: Sequence[int], breached: Sequence[int], first: str, last: str) -> str:
    """Say a small multiple in words, for who cannot see it.

    ``first`` and ``last`` name the months at both ends: "dezembro de 2025", "novembro de 2026".
    """
    if not met:
        return f"{inciso}: ainda sem histórico"
    ending = verdict_count(breached[-1] if breached else 0, Verdict.BREACHED)
    if len(met) == 1:
        return f"{inciso}: {verdict_count(met[0], Verdict.MET)} e {ending} em {last}"
    return f"{inciso}: atendidas de {met[0]} em {first} a {met[-1]} em {last}; {ending} ao fim"
