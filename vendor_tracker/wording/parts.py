"""The frozen values that the layouts and components of ``templates/`` read.

A page's own value comes from its use case and knows no address. The web layer builds these small parts from it,
because only the web layer knows addresses. The components read attributes by name, so any object with the same
attributes serves. Texts are plain Portuguese; the components escape them. Days are ``date``; instants are aware
``datetime``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import ceil

from contracts.vocabulary import Coverage, Leg, LegState, Verdict
from vendor_tracker.wording.labels import LEG_ORDER, OBLIGATION_TITLES


@dataclass(frozen=True, slots=True)
class Link:
    """An address and the words that lead to it. ``hidden`` is said only to screen readers, after the words."""

    label: str
    url: str
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What every layout asks of a page. A use case's own page value may have more, and may replace this one."""

    title: str
    """Words of the browser's tab and, unless the template says otherwise, of the only ``h1``."""
    lede: str = ""
    crumbs: tuple[Link, ...] = ()
    """From the top downwards, without the page itself; the layout adds it, by its title."""


@dataclass(frozen=True, slots=True)
class House:
    """The body that runs the product, from the settings."""

    body_name: str
    body_acronym: str
    norm_label: str
    """For example "Portaria Presidência CNJ nº 369/2025, art. 14"."""
    contact_lines: tuple[str, ...] = ()
    """Where questions go, one sentence each; the portal prints them at the foot."""
    demo_notice: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person."""

    name: str
    role_label: str


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses that every page needs; an empty one prints nothing."""

    home: str = ""
    search: str = ""
    sign_in: str = ""
    sign_out: str = ""
    """Reached by POST."""
    account: str = ""
    law: str = ""
    """The book of the twelve obligations."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the rail. ``count`` is how many things wait there; zero or ``None`` prints nothing."""

    label: str
    url: str
    count: int | None = None
    current: bool = False


@dataclass(frozen=True, slots=True)
class NavGroup:
    """A titled group of the rail."""

    title: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """An answer to what was just done. ``kind``: ``good``, ``warn``, ``bad`` or empty for a plain one."""

    title: str
    text: str = ""
    kind: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """How long is left, in words; ``tone`` is ``late``, ``today`` or empty. See ``filters.clock``."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """Something that waits for the reader: the clock, the act, the reason and one button."""

    clock: Clock
    act: str
    why: str
    verb: str
    url: str
    param: str = ""
    """Words of an administrative parameter, said after the reason."""
    place: str = ""
    """The legal place, said last: "Art. 14, IX"."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record that a sentence leans on. Without an address it is printed as plain words."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a leg and the records that decided it."""

    text: str
    records: tuple[Record, ...] = ()
    param: str = ""


@dataclass(frozen=True, slots=True)
class LegView:
    """One aspecto of an obligation: its mark and its sentences."""

    leg: Leg
    state: LegState
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class NextAction:
    """What mends the gap: a sentence and, when there is a tool, the verb and its address."""

    sentence: str
    verb: str = ""
    url: str = ""
    param: str = ""


@dataclass(frozen=True, slots=True)
class ObligationView:
    """One of the twelve on a boletim."""

    inciso: str
    title: str
    verdict: Verdict
    law: str
    """The inciso's words, verbatim; the component adds the numeral when they come without it."""
    legs: tuple[LegView, LegView, LegView]
    next_action: NextAction | None = None
    ground: str = ""
    """Why it does not apply or is not due yet; printed under the law."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One obligation of one row: its verdict, its three marks in the order P D C, and where the reasons are."""

    inciso: str
    verdict: Verdict
    legs: tuple[LegState, LegState, LegState]
    url: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One operator (or agreement) and its twelve cells."""

    name: str
    detail: str
    url: str
    cells: tuple[MatrixCell, ...]
    score: int | None
    exposure: str
    next_due: Clock | None = None


@dataclass(frozen=True, slots=True)
class StripItem:
    """One of the twelve in the strip beside the score."""

    inciso: str
    verdict: Verdict
    url: str


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of the score's arithmetic. ``factor`` is ``None`` for a situação that stays out of the sum."""

    verdict: Verdict
    incisos: tuple[str, ...]
    weights: tuple[Decimal | int, ...]
    weight: Decimal | int
    factor: Decimal | None
    points: Decimal | int


@dataclass(frozen=True, slots=True)
class BriefObligation:
    """One of the twelve in brief: the situation, the marks, what is missing and its remedy."""

    inciso: str
    title: str
    verdict: Verdict
    legs: tuple[LegState, LegState, LegState]
    missing: str = ""
    remedy: Link | None = None
    """The tool that mends it; without an address it is only named."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ReadingItem:
    """An inciso (or a formality) as read in a signed file; ``passages`` lead to the highlighted text."""

    inciso: str
    title: str
    coverage: Coverage
    why: str = ""
    passages: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value; ``lines`` are printed under one another."""

    label: str
    value: str = ""
    link: Link | None = None
    param: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened (or will): a day or words in its place, a sentence, and the record."""

    text: str
    on: date | datetime | None = None
    when: str = ""
    """Words instead of a day, such as "Hoje" or "Até 04/12"."""
    record: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file on record. ``size`` in bytes; ``sha256`` in hexadecimal."""

    name: str
    size: int
    sha256: str
    url: str = ""
    heading: str = ""
    """Said above the file, such as the item it answers."""
    remove_value: str = ""
    """Value of the button that takes the file out; empty prints no button."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a long form. ``state``: ``done``, ``current`` or ``ahead``."""

    label: str
    state: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of an error summary: the field's label, what to do, and the id of its control."""

    message: str
    label: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Multiple:
    """One obligation's year: how many operators met it and how many breached it, month by month, oldest first."""

    inciso: str
    title: str
    met: tuple[int, ...]
    breached: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of a list, or a page size, as a real address."""

    number: int
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the reader stands in a long list."""

    first: int
    last: int
    total: int
    number: int
    count: int
    previous_url: str
    next_url: str
    pages: tuple[PageLink, ...]
    """The first, the last and the neighbours; a gap in the numbers is printed as an ellipsis."""
    sizes: tuple[PageLink, ...]


PAGE_SIZES: tuple[int, ...] = (20, 50, 100)
"""The page sizes a reader may choose."""


def build_pager(
    total: int, number: int, size: int, url_of: Callable[[int, int], str], sizes: Sequence[int] = PAGE_SIZES
) -> Pager:
    """Build the pager of a list of ``total`` items, at page ``number`` (from 1) of ``size`` items.

    ``url_of(number, size)`` gives the address of a page. A number outside the list is brought to its nearest end, so
    that an old bookmark still shows something. Raise ``ValueError`` for a size under 1 or a negative total.
    """
    if size < 1:
        raise ValueError(f"a page holds at least one item, not {size}")
    if total < 0:
        raise ValueError(f"a list cannot have {total} items")
    count = max(1, ceil(total / size))
    number = min(max(1, number), count)
    first = (number - 1) * size + 1 if total else 0
    wanted = sorted({1, count} | {near for near in range(number - 2, number + 3) if 1 <= near <= count})
    return Pager(
        first=first,
        last=min(number * size, total),
        total=total,
        number=number,
        count=count,
        previous_url=url_of(number - 1, size) if number > 1 else "",
        next_url=url_of(number + 1, size) if number < count else "",
        pages=tuple(PageLink(each, url_of(each, size), each == number) for each in wanted),
        sizes=tuple(PageLink(each, url_of(max(1, ceil(first / each)), each), each == size) for each in sizes),
    )


def legs_from(states: Sequence[LegState]) -> tuple[LegView, LegView, LegView]:
    """Give each of three states, in the order P D C, its leg."""
    if len(states) != len(LEG_ORDER):
        raise ValueError(f"an obligation has three legs, not {len(states)}")
    one, two, three = (LegView(leg, state) for leg, state in zip(LEG_ORDER, states, strict=True))
    return one, two, three


def title_of(inciso: str) -> str:
    """Give the short name of an obligation; raise ``KeyError`` for what is not one of the twelve."""
    return OBLIGATION_TITLES[inciso]
