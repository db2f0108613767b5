"""The text of a signed file as the page of its check prints it: leaf by leaf, with the found passages marked.

Passages of two points may overlap: a text is cut at every border, so that each cut is of the same points throughout.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from clause_library.passages import Part, Passage
from contracts.vocabulary import INCISOS, Coverage
from vendor_tracker.usecases.instruments.proposing import Proposal

LEAF_PARAGRAPHS = 40
"""How many paragraphs make a leaf where the format has no pages; a leaf ends at the next heading."""
LONGEST_LEAF = 80
FEW_LEAVES = 6
"""Up to so many, every leaf is open; of more, those without a mark are folded."""
HEAVY = 300_000
"""Characters from which leaves without a mark are left out until somebody asks for the whole text."""

_STRENGTH = {Coverage.COVERED: 3, Coverage.PARTIAL: 2, Coverage.POSSIBLE: 1, Coverage.MISSING: 0}


@dataclass(frozen=True, slots=True)
class Chip:
    """Where a marked passage of a point begins: the way to the point, and the address of the passage."""

    anchor: str
    point: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A run of words; ``level`` tells how it is marked, ``None`` that it is not."""

    text: str
    level: Coverage | None = None
    chips: tuple[Chip, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the file."""

    label: str
    cuts: tuple[Cut, ...]
    heading: bool
    part: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the file, or a run of paragraphs where the format has no pages."""

    title: str
    lines: tuple[Line, ...]
    points: tuple[str, ...]
    """The points marked in it, in order of appearance."""
    folded: bool
    left_out: bool
    """Whether its lines are not here, because the file is long and nothing is marked in them."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The text of a file. ``anchors`` leads from each point to its first passage."""

    leaves: tuple[Leaf, ...]
    anchors: Mapping[str, str]

    @property
    def left_out(self) -> int:
        """How many leaves are not here."""
        return sum(leaf.left_out for leaf in self.leaves)


@dataclass(frozen=True, slots=True)
class _Span:
    point: str
    level: Coverage
    start: int
    end: int
    anchor: str


def sheet_of(passages: Sequence[Passage], proposals: Iterable[Proposal], *, whole: bool = False) -> Sheet:
    """Return the text with the passages of the proposals marked; ``whole`` asks for every leaf of a long file."""
    spans: dict[int, list[_Span]] = {}
    anchors: dict[str, str] = {}
    lengths = {passage.paragraph: len(passage.text) for passage in passages}
    for proposal in proposals:
        if proposal.point not in INCISOS:
            continue  # The machine reads the incisos; where a formality stands is said beside it.
        for number, quote in enumerate(proposal.quotes, start=1):
            if not 0 <= quote.start < quote.end <= lengths.get(quote.paragraph, 0):
                continue
            anchor = f"t-{proposal.point.lower()}-{number}"
            anchors.setdefault(proposal.point, anchor)
            span = _Span(proposal.point, proposal.coverage, quote.start, quote.end, anchor)
            spans.setdefault(quote.paragraph, []).append(span)
    leaves = _leaves(passages)
    heavy = not whole and sum(lengths.values()) > HEAVY
    said: set[tuple[Part, str]] = set()
    printed = [_leaf(title, leaf, spans, said, many=len(leaves) > FEW_LEAVES, heavy=heavy) for title, leaf in leaves]
    return Sheet(tuple(printed), anchors)


def _leaves(passages: Sequence[Passage]) -> list[tuple[str, list[Passage]]]:
    groups: list[list[Passage]] = []
    for passage in passages:
        last = groups[-1] if groups else None
        turns = last is None or passage.page != last[0].page
        if last is not None and passage.page is None:
            turns = (len(last) >= LEAF_PARAGRAPHS and passage.heading) or len(last) >= LONGEST_LEAF
        if last is None or turns:
            groups.append([passage])
        else:
            last.append(passage)
    return [(_title(group), group) for group in groups]


def _title(group: Sequence[Passage]) -> str:
    first, last = group[0], group[-1]
    return f"Página {first.page}" if first.page is not None else f"Parágrafos {first.paragraph} a {last.paragraph}"


def _leaf(
    title: str,
    passages: Sequence[Passage],
    spans: Mapping[int, Sequence[_Span]],
    said: set[tuple[Part, str]],
    *,
    many: bool,
    heavy: bool,
) -> Leaf:
    points = tuple(dict.fromkeys(span.point for passage in passages for span in spans.get(passage.paragraph, ())))
    if heavy and not points:
        return Leaf(title, (), (), folded=True, left_out=True)
    lines = []
    for passage in passages:
        marked = spans.get(passage.paragraph, ())
        if passage.part in {Part.HEADER, Part.FOOTER}:
            # What runs along every page is printed once.
            if (passage.part, passage.text) in said and not marked:
                continue
            said.add((passage.part, passage.text))
        lines.append(Line(passage.label, _cuts(passage.text, marked), passage.heading, passage.part.value))
    return Leaf(title, tuple(lines), points, folded=many and not points, left_out=False)


def _cuts(text: str, spans: Sequence[_Span]) -> tuple[Cut, ...]:
    if not spans:
        return (Cut(text),)
    borders = sorted({0, len(text), *(span.start for span in spans), *(span.end for span in spans)})
    found = []
    for start, end in pairwise(borders):
        over = [span for span in spans if span.start <= start and end <= span.end]
        level = max((span.level for span in over), key=_STRENGTH.__getitem__, default=None)
        chips = tuple(Chip(span.anchor, span.point) for span in over if span.start == start)
        found.append(Cut(text[start:end], level, chips))
    return tuple(found)
