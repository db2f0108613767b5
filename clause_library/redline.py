"""Compares a signed file with the document that we issued: which clauses came back, and what changed in them.

Clauses are paired by what they say, so that one that moved or was given another number is still recognised. Numbers
printed by Word, breaks of lines and pages, capitals and the shape of quotes say nothing; every other word counts. What
fills in a blank that we left ("[informar: …]") is an answer, not a change.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from clause_library.differing import word_diff
from clause_library.passages import Part, Passage

DERIVES_FROM = 0.5
"""The share of our words from which a file without our code is taken for one that derives from our document."""


class Fate(StrEnum):
    """What became of a clause that we issued; ``NEW`` is one that we did not issue."""

    UNCHANGED = "unchanged"
    ALTERED = "altered"
    MISSING = "missing"
    NEW = "new"


Kind = Literal["equal", "inserted", "deleted", "blank", "filled"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words. ``blank`` is one of ours that somebody filled in, with the words that follow as ``filled``."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class RedlineClause:
    """A clause of ours, of theirs, or both.

    ``issued`` and ``signed`` are the two texts, paragraphs parted by line breaks; ``paragraph`` and ``page`` are where
    the signed one begins. The segments that are equal, deleted or blank, joined, are the words of ``issued``; those
    that are equal, inserted or filled are ``signed`` — but for spaces, line breaks, capitals and quotes of the equal
    ones, which are taken from ``signed``. ``moved`` tells that it stands elsewhere among the others.
    """

    fate: Fate
    title: str
    issued: str
    signed: str
    segments: tuple[Segment, ...]
    paragraph: int | None = None
    page: int | None = None
    moved: bool = False
    filled: int = 0
    left_blank: int = 0


@dataclass(frozen=True, slots=True)
class Redline:
    """Our clauses in our order, each new one after the one that it follows in the signed file.

    ``likeness`` is what :func:`derives_from` says, from 0 to 1; ``same_code`` tells that our code is in the file.
    """

    clauses: tuple[RedlineClause, ...]
    likeness: float
    same_code: bool

    def count(self, fate: Fate) -> int:
        """Return how many clauses had this fate."""
        return sum(clause.fate is fate for clause in self.clauses)

    @property
    def is_unchanged(self) -> bool:
        """Whether every clause came back as it was, and nothing else with them."""
        return all(clause.fate is Fate.UNCHANGED for clause in self.clauses)


# ----------------------------------------------------------------------------------------------------------------------
# Words as they are compared
# ----------------------------------------------------------------------------------------------------------------------

_BLANK = re.compile(r"\[informar:[^\]]*\]")
_CODE = re.compile(r"\b[A-Z0-9]{2,8}-[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}\b")
_WORD = re.compile(r"\w+")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
_TYPED_NUMBER = re.compile(
    r"(?:(?:CL[ÁA]USULA|Cl[áa]usula)\s+(?:(?:\d+(?:\.\d+)*|[IVXLC]+)[.ªº]?(?:\s*[-–—:])?|\w+(?:\s\w+)?\s*[-–—:])"
    r"|\d+(?:\.\d+)+\.?|\d+\.|[a-z]{1,2}\)|[IVXLC]+\s+[–—-])\s+(?=\S)"
)
"""The number that is typed before a title or a paragraph, where Word does not print it by itself."""
_LONGEST_TITLE = 160
_LONGEST_ANSWER = 240
"""Characters that may fill in a blank; more is new text."""
_SHINGLE = 4
_SAME_TITLE = 0.3
_LIKE = 0.55
"""The share of words in common from which two clauses are the same; with the same title, less is enough."""


def _squashed(text: str) -> str:
    """Return what is compared of a text: no capitals, one kind of quotes and dashes, no spaces."""
    return "".join(text.translate(_QUOTES).casefold().split())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _without_number(text: str) -> str:
    return _TYPED_NUMBER.sub("", text, count=1) if _TYPED_NUMBER.match(text) else text


@dataclass(slots=True)
class _Unit:
    """A heading and what stands under it, without the numbers that are printed before paragraphs."""

    title: str
    texts: list[str]
    number: str = ""
    paragraph: int | None = None
    page: int | None = None

    @property
    def text(self) -> str:
        return "\n".join(([self.title] if self.title else []) + self.texts)

    @property
    def shown_title(self) -> str:
        return " ".join(word for word in (self.number, self.title) if word) or "Início do documento"


def _units(passages: Iterable[Passage], ours: Sequence[_Unit] = ()) -> list[_Unit]:
    """Part passages into clauses: those of our document, or those of a signed file where ``ours`` are ours.

    In a signed file our titles begin a clause even where nothing marks them as headings, and our other texts begin none
    even where they look like one.
    """
    titles = frozenset(_squashed(unit.title) for unit in ours if unit.title)
    texts = frozenset(_squashed(text) for unit in ours for text in unit.texts if len(text) <= _LONGEST_TITLE)
    units: list[_Unit] = []
    for passage in passages:
        if passage.part not in {Part.BODY, Part.TABLE}:
            continue
        said = _without_number(passage.text)
        typed = passage.text[: len(passage.text) - len(said)].strip()
        if _begins_unit(passage, _squashed(said) if len(said) <= _LONGEST_TITLE else "", titles, texts):
            units.append(_Unit(said, [], passage.label or typed, passage.paragraph, passage.page))
            continue
        if not units:
            units.append(_Unit("", [], "", passage.paragraph, passage.page))
        units[-1].texts.append(said)
    return units


def _begins_unit(passage: Passage, said: str, titles: frozenset[str], texts: frozenset[str]) -> bool:
    if not said or passage.part is Part.TABLE:
        return False
    return said in titles or (passage.heading and said not in texts)


# ----------------------------------------------------------------------------------------------------------------------
# Recognising the document
# ----------------------------------------------------------------------------------------------------------------------


def codes_in(passages: Iterable[Passage]) -> tuple[str, ...]:
    """Return the verification codes that a file carries, those of its footers and headers first."""
    ordered = sorted(passages, key=lambda passage: passage.part in {Part.BODY, Part.TABLE})
    return tuple(dict.fromkeys(code for passage in ordered for code in _CODE.findall(passage.text)))


def derives_from(signed: Sequence[Passage], issued: Sequence[Passage]) -> float:
    """Return from 0 to 1 how much of a document of ours a signed file holds; 1 when it carries the document's code.

    From ``DERIVES_FROM`` on the file derives from the document. Two documents made of the same clauses are alike: where
    there are several candidates, the code decides, then the highest number.
    """
    return 1.0 if _same_code(signed, issued) else _likeness(signed, issued)


def _same_code(signed: Sequence[Passage], ours: Sequence[Passage]) -> bool:
    return bool(set(codes_in(each for each in ours if each.part is Part.FOOTER)) & set(codes_in(signed)))


def _likeness(signed: Sequence[Passage], ours: Sequence[Passage]) -> float:
    mine, theirs = _shingles(ours), _shingles(signed)
    return sum((mine & theirs).values()) / mine.total() if mine else 0.0


def _shingles(passages: Iterable[Passage]) -> Counter[tuple[str, ...]]:
    found: Counter[tuple[str, ...]] = Counter()
    for unit in _units(passages):
        words = _words(_BLANK.sub(" ", unit.text))
        found.update(zip(*(words[start:] for start in range(_SHINGLE)), strict=False))
    return found


# ----------------------------------------------------------------------------------------------------------------------
# Comparing
# ----------------------------------------------------------------------------------------------------------------------


def compare(signed: Sequence[Passage], issued: Sequence[Passage]) -> Redline:
    """Compare the passages of a signed file with those of the DOCX file that we issued."""
    mine = _units(issued)
    theirs = _units(signed, mine)
    partners = _paired(mine, theirs)
    still = _in_order(partners)
    follows: dict[int, list[RedlineClause]] = {}
    last = -1
    of_theirs = {theirs_at: mine_at for mine_at, theirs_at in partners.items()}
    for at, unit in enumerate(theirs):
        if at in of_theirs:
            last = of_theirs[at]
        else:
            segments = (Segment("inserted", unit.text),)
            follows.setdefault(last, []).append(
                RedlineClause(Fate.NEW, unit.shown_title, "", unit.text, segments, unit.paragraph, unit.page)
            )
    clauses = list(follows.get(-1, ()))
    for at, unit in enumerate(mine):
        other = theirs[partners[at]] if at in partners else None
        clauses.append(_clause(unit, other, moved=at in partners and at not in still))
        clauses.extend(follows.get(at, ()))
    same = _same_code(signed, issued)
    return Redline(tuple(clauses), 1.0 if same else _likeness(signed, issued), same)


def _clause(mine: _Unit, theirs: _Unit | None, *, moved: bool) -> RedlineClause:
    title = mine.shown_title
    if theirs is None:
        return RedlineClause(Fate.MISSING, title, mine.text, "", (Segment("deleted", mine.text),))
    segments = compared(mine.text, theirs.text)
    changed = any(segment.kind in {"inserted", "deleted"} for segment in segments)
    return RedlineClause(
        fate=Fate.ALTERED if changed else Fate.UNCHANGED,
        title=title,
        issued=mine.text,
        signed=theirs.text,
        segments=segments,
        paragraph=theirs.paragraph,
        page=theirs.page,
        moved=moved,
        filled=sum(segment.kind == "blank" for segment in segments),
        left_blank=sum(len(_BLANK.findall(segment.text)) for segment in segments if segment.kind == "equal"),
    )


def compared(issued: str, signed: str) -> tuple[Segment, ...]:
    """Return the segments of two texts, as :class:`RedlineClause` describes them."""
    if _squashed(issued) == _squashed(signed):
        return (Segment("equal", signed),) if signed else ()
    filled = _filled(issued, signed)
    if filled is not None:
        return filled
    found: list[Segment] = []
    for deleted, inserted, equal in _changes(issued, signed):
        if _squashed(deleted) == _squashed(inserted):
            found.append(Segment("equal", inserted))
        else:
            found.extend(_filled(deleted, inserted) or _parted(deleted, inserted))
        if equal:
            found.append(Segment("equal", equal))
    return _joined(found)


def _changes(issued: str, signed: str) -> Iterable[tuple[str, str, str]]:
    """Return each change with what is equal after it: what was deleted, what was inserted, what is equal.

    Line breaks are compared as spaces, since each format breaks lines as it likes, and stand in what is equal again.
    """
    deleted = inserted = ""
    at = len(signed) - len(signed.lstrip())
    for segment in word_diff(" ".join(issued.split()), " ".join(signed.split())):
        if segment.kind == "deleted":
            deleted += segment.text
            continue
        at, said = _taken(signed, at, segment.text)
        if segment.kind == "inserted":
            inserted += said
        else:
            yield deleted, inserted, said
            deleted = inserted = ""
    if deleted or inserted:
        yield deleted, inserted, ""


def _taken(text: str, at: int, squeezed: str) -> tuple[int, str]:
    """Return the next part of a text whose spaces were squeezed, as it stands in the text, and where it ends."""
    end = at
    for sign in squeezed:
        if sign == " ":
            while end < len(text) and text[end].isspace():
                end += 1
        else:
            end += 1
    return end, text[at:end]


def _filled(issued: str, signed: str) -> tuple[Segment, ...] | None:
    """Return the segments when the only difference is what stands in the blanks; nothing otherwise."""
    blanks = list(_BLANK.finditer(issued))
    if not blanks or len(signed) > len(issued) + len(blanks) * _LONGEST_ANSWER:
        return None
    pieces = [issued[end:start] for end, start in zip(
        [0, *(blank.end() for blank in blanks)], [*(blank.start() for blank in blanks), len(issued)], strict=True
    )]  # fmt: skip
    squashed = [_squashed(piece) for piece in pieces]
    # Where each sign of the squashed text stands in the text.
    places = [at for at, sign in enumerate(signed) for _ in _squashed(sign)]
    whole = _squashed(signed)
    if not whole.startswith(squashed[0]):
        return None
    found: list[Segment] = []
    at = len(squashed[0])
    _say(found, "equal", signed[: _start(places, at, signed)])
    for number, piece in enumerate(squashed[1:], start=1):
        last = number == len(squashed) - 1
        begins = len(whole) - len(piece) if last and whole.endswith(piece) else whole.find(piece, at)
        if begins < at or (last and not whole.endswith(piece)):
            return None
        answer = signed[_start(places, at, signed) : _start(places, begins, signed)]
        blank = blanks[number - 1][0]
        if not answer.strip() or len(answer) > _LONGEST_ANSWER or "\n" in answer.strip():
            return None  # The blank was struck out, or more was written than what it asks for: that is a change.
        if _squashed(answer) == _squashed(blank):
            _say(found, "equal", answer)
        else:
            _say(found, "blank", blank)
            _say(found, "filled", answer)
        at = begins + len(piece)
        _say(found, "equal", signed[_start(places, begins, signed) : _start(places, at, signed)])
    return _joined(found)


def _start(places: Sequence[int], at: int, text: str) -> int:
    """Return where in the text a place in the squashed one begins."""
    return places[at] if at < len(places) else len(text)


def _say(found: list[Segment], kind: Kind, text: str) -> None:
    if text:
        found.append(Segment(kind, text))


def _parted(deleted: str, inserted: str) -> list[Segment]:
    found: list[Segment] = []
    _say(found, "deleted", deleted)
    _say(found, "inserted", inserted)
    return found


def _joined(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Join neighbours of one kind, and leave out empty ones."""
    joined: list[Segment] = []
    for segment in segments:
        if not segment.text:
            continue
        if joined and joined[-1].kind == segment.kind and segment.kind in {"equal", "inserted", "deleted"}:
            joined[-1] = Segment(segment.kind, joined[-1].text + segment.text)
        else:
            joined.append(segment)
    return tuple(joined)


# ----------------------------------------------------------------------------------------------------------------------
# Pairing
# ----------------------------------------------------------------------------------------------------------------------


def _paired(mine: Sequence[_Unit], theirs: Sequence[_Unit]) -> dict[int, int]:
    """Return for each clause of ours the one of theirs that says most of the same, each used once."""
    ours = [(_squashed(unit.title), Counter(_words(_BLANK.sub(" ", unit.text)))) for unit in mine]
    others = [(_squashed(unit.title), Counter(_words(unit.text))) for unit in theirs]
    sizes = [words.total() for _, words in others]
    candidates: list[tuple[float, int, int, int]] = []
    for at, (title, words) in enumerate(ours):
        size = words.total()
        for other, (their_title, held) in enumerate(others):
            least = _SAME_TITLE if title == their_title else _LIKE
            total = size + sizes[other]
            if total and 2 * min(size, sizes[other]) < least * total:
                continue  # One is too short to say most of the same.
            alike = 2 * (words & held).total() / total if total else 1.0
            if alike >= least:
                candidates.append((-alike - (0.3 if title == their_title else 0.0), abs(at - other), at, other))
    partners: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, at, other in sorted(candidates):
        if at not in partners and other not in taken:
            partners[at] = other
            taken.add(other)
    return partners


def _in_order(partners: dict[int, int]) -> set[int]:
    """Return the clauses of ours that stand in their order in the signed file: as many as can be."""
    ordered = sorted(partners)
    ends: list[int] = []  # The least place at which an ordered run of each length can end.
    last: list[int] = []
    before: dict[int, int | None] = {}
    for at in ordered:
        place = partners[at]
        length = bisect_left(ends, place)
        before[at] = last[length - 1] if length else None
        if length == len(ends):
            ends.append(place)
            last.append(at)
        else:
            ends[length] = place
            last[length] = at
    kept: set[int] = set()
    each = last[-1] if last else None
    while each is not None:
        kept.add(each)
        each = before[each]
    return kept
