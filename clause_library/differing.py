"""Tells two texts apart word by word, as a person who compares two versions of a clause would.

The parts that are equal or deleted, joined, are the old text; those that are equal or inserted are the new one, to
the last space. Words, numbers ("1.234,56", "9º", "48") and marks are compared whole: nobody reads half a number.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["equal", "inserted", "deleted"]

MOST_WORK = 2_000_000
"""Pairs of equal words that a comparison may look at; past it, texts are compared by lines, then replaced whole."""

_TOKEN = re.compile(
    r"\n|[^\S\n]+"  # A line break or a run of spaces.
    r"|\d+(?:[.,/:-]\d+)*[ºª°%]?"  # A number, with what belongs to it.
    r"|[^\W\d_]+(?:['’-][^\W\d_]+)*"  # A word, with its hyphens.
    r"|.",  # A mark.
    re.DOTALL,
)

_TELLING = 4
"""Letters from which a word that stayed alone between two changes is worth showing as kept."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that both versions have, or only the new one (``inserted``), or only the old one (``deleted``)."""

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> tuple[Segment, ...]:
    """Compare two texts word by word.

    Returns:
        The segments in reading order, none empty, no two of one kind side by side; in a change the deleted part
        comes before the inserted one. Two empty texts have no segment. The same texts always give the same segments.
    """
    return _joined(_compared(_tokens(old), _tokens(new)))


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


_Change = tuple[Kind, Sequence[str]]


def _compared(old: list[str], new: list[str], *, may_split: bool = True) -> Iterator[_Change]:
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    yield "equal", old[:start]
    yield from _middle(old[start : len(old) - end], new[start : len(new) - end], may_split=may_split)
    yield "equal", old[len(old) - end :]


def _middle(old: list[str], new: list[str], *, may_split: bool) -> Iterator[_Change]:
    if _work(old, new) <= MOST_WORK:
        yield from _cleaned(_matched(old, new))
        return
    old_lines, new_lines = _lines(old), _lines(new)
    if not may_split or _work(old_lines, new_lines) > MOST_WORK:
        yield "deleted", old
        yield "inserted", new
        return
    for kind, deleted, inserted in _runs(old_lines, new_lines):
        if kind == "equal":
            yield "equal", deleted
        else:
            yield from _compared(_words(deleted), _words(inserted), may_split=False)


def _work(old: Sequence[str], new: Sequence[str]) -> int:
    counted = Counter(token for token in new if not token.isspace())
    return sum(counted[token] for token in old if not token.isspace())


def _lines(tokens: Sequence[str]) -> list[str]:
    return "".join(tokens).splitlines(keepends=True)


def _words(lines: Sequence[str]) -> list[str]:
    return _tokens("".join(lines))


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    # Spaces never begin a match, or every change would be cut in pieces by them; they only prolong one.
    for tag, a1, a2, b1, b2 in SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes():
        yield tag, old[a1:a2], new[b1:b2]


def _matched(old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    found: list[_Change] = []
    for tag, deleted, inserted in _runs(old, new):
        if tag == "equal":
            found.append(("equal", deleted))
        else:
            found.append(("deleted", deleted))
            found.append(("inserted", inserted))
    return found


def _cleaned(changes: list[_Change]) -> Iterator[_Change]:
    """Give up what stayed by chance in the middle of a rewritten passage: a space, a mark, one short word."""
    for position, (kind, tokens) in enumerate(changes):
        around = {each for each, held in changes[max(position - 2, 0) : position + 3] if held}
        inside = 0 < position < len(changes) - 1 and {"deleted", "inserted"} <= around
        if kind == "equal" and inside and _by_chance(tokens):
            yield "deleted", tokens
            yield "inserted", tokens
        else:
            yield kind, tokens


def _by_chance(tokens: Sequence[str]) -> bool:
    words = [token for token in tokens if token[0].isalnum()]
    return len(words) <= 1 and not any(word[0].isdigit() or len(word) >= _TELLING for word in words)


def _joined(changes: Iterator[_Change]) -> tuple[Segment, ...]:
    """Join neighbours of one kind; all that one change deletes comes before all that it inserts."""
    segments: list[Segment] = []
    held: dict[Kind, list[str]] = {"deleted": [], "inserted": [], "equal": []}

    def close(*kinds: Kind) -> None:
        segments.extend(Segment(kind, "".join(held[kind])) for kind in kinds if held[kind])
        for kind in kinds:
            held[kind] = []

    for kind, tokens in changes:
        if tokens:
            close(*(("deleted", "inserted") if kind == "equal" else ("equal",)))
            held[kind].extend(tokens)
    close("equal", "deleted", "inserted")
    return tuple(segments)
