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
    runs: list[tuple[Kind, list[str]]] = []
    held: dict[Kind, list[str]] = {"deleted": [], "inserted": [], "equal": []}

    def close(*kinds: Kind) -> None:
        runs.extend((kind, held[kind]) for kind in kinds if held[kind])
        for kind in kinds:
            held[kind] = []

    for kind, tokens in changes:
        if tokens:
            close(*(("deleted", "inserted") if kind == "equal" else ("equal",)))
            held[kind].extend(tokens)
    close("equal", "deleted", "inserted")
    _settle(runs)
    return tuple(Segment(kind, "".join(tokens)) for kind, tokens in runs if tokens)


def _settle(runs: list[tuple[Kind, list[str]]]) -> None:
    """Move what came or left alone, where it may stand in several places, to begin or end with a line.

    A line "b." that came after "a." may be read as the mark, the break and "b" between "a" and the mark, or as the
    break and "b." at the end: a person reads the second.
    """
    for position, (kind, tokens) in enumerate(runs):
        neighbours = [runs[place][0] for place in (position - 1, position + 1) if 0 <= place < len(runs)]
        if kind == "equal" or any(near != "equal" for near in neighbours) or _is_settled(tokens):
            continue
        before = runs[position - 1][1] if position else []
        after = runs[position + 1][1] if position + 1 < len(runs) else []
        # A run between two changes never empties, or the two would touch.
        least_before, least_after = int(position > 1), int(position + 2 < len(runs))
        moved = _slide(tokens, before, after, least_before, least_after)
        if moved is not None:
            kept_before, tokens_now, kept_after = moved
            tokens[:] = tokens_now
            if position:
                runs[position - 1][1][:] = kept_before
            if position + 1 < len(runs):
                runs[position + 1][1][:] = kept_after


def _is_settled(tokens: Sequence[str]) -> bool:
    return tokens[0] == "\n" or tokens[-1] == "\n"


def _slide(
    tokens: Sequence[str], before: Sequence[str], after: Sequence[str], least_before: int, least_after: int
) -> tuple[list[str], list[str], list[str]] | None:
    """Find the nearest place, to the right and then to the left, where a run begins or ends with a line."""
    left, run, right = list(before), list(tokens), list(after)
    while before and len(right) > least_after and run[0] == right[0]:
        left.append(run.pop(0))
        run.append(right.pop(0))
        if _is_settled(run):
            return left, run, right
    left, run, right = list(before), list(tokens), list(after)
    while after and len(left) > least_before and run[-1] == left[-1]:
        right.insert(0, run.pop())
        run.insert(0, left.pop())
        if _is_settled(run):
            return left, run, right
    return None
