"""A sentence that names a record leads to it from the name itself, so that the name is not printed twice."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from vendor_tracker.wording.parts import Record


class Piece(NamedTuple):
    """A run of a sentence; with an address it is a link."""

    text: str
    url: str = ""


class Told(NamedTuple):
    """A sentence in pieces, and the records that it does not name, to be printed after it."""

    pieces: tuple[Piece, ...]
    rest: tuple[Record, ...]


def told(text: str, records: Sequence[Record]) -> Told:
    """Lead from each record's name in a sentence to its address; the first mention is enough.

    A name counts only as whole words: "Instrução 4" is not in "Instrução 45". A record without address whose name
    stands in the sentence needs nothing more.
    """
    found: list[tuple[int, int, str]] = []
    rest = []
    for record in records:
        match = re.search(rf"(?<!\w){re.escape(record.label)}(?!\w)", text)
        if match is None or any(match.start() < end and start < match.end() for start, end, _ in found):
            rest.append(record)
        else:
            found.append((match.start(), match.end(), record.url))
    pieces, place = [], 0
    for start, end, url in sorted(found):
        if start > place:
            pieces.append(Piece(text[place:start]))
        pieces.append(Piece(text[start:end], url))
        place = end
    if place < len(text):
        pieces.append(Piece(text[place:]))
    return Told(tuple(pieces), tuple(rest))
