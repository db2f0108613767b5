"""Plain text: paragraphs are lines, or what blank lines part where somebody broke the lines at a fixed width."""

import re
from itertools import pairwise

from clause_library.passages import Part
from clause_library.reading.kinds import decoded
from clause_library.reading.limits import refusal
from clause_library.reading.mending import Hyphens, begins_provision, ends_sentence, is_heading
from clause_library.reading.texts import Found, cleaned

_WIDEST_WRAP = 132
"""Characters of the widest line that a program breaks at a fixed width."""
_NARROWEST_WRAP = 40
_FEWEST_BROKEN = 0.25
"""Of the long lines, the share that breaks off within a sentence where lines were broken at a width."""
_SOFT_HYPHEN = re.compile("\u00ad(?=[\r\n])")
_BREAKS = re.compile(r"\r\n|[\n\r\v\f\u2028\u2029\x85]")


def read_plain(data: bytes) -> Found:
    """Return the paragraphs of a plain text."""
    text = decoded(data)
    if text is None:
        raise refusal("unsupported")
    lines = [cleaned(line) for line in _BREAKS.split(_SOFT_HYPHEN.sub("-", text))]
    found = Found()
    hyphens = Hyphens(lines)
    width = _wrap_width(lines)
    held = ""
    last = ""
    for line in [*lines, ""]:
        if held and (not line or not _goes_on(last, line, width)):
            found.add(held, part=Part.BODY, heading=is_heading(held))
            held = ""
        held = hyphens.join(held, line) if line else ""
        last = line
    return found


def _wrap_width(lines: list[str]) -> int:
    """Return the width at which the lines were broken, or 0 when each line is a paragraph."""
    long = [len(line) for line in lines if len(line) >= _NARROWEST_WRAP]
    if not long or max(long) > _WIDEST_WRAP:
        return 0
    width = max(long)
    broken = sum(
        not ends_sentence(line) and bool(following) and len(line) > 0.7 * width for line, following in pairwise(lines)
    )
    return width if broken >= _FEWEST_BROKEN * sum(size > 0.7 * width for size in long) else 0


def _goes_on(last: str, line: str, width: int) -> bool:
    """Tell whether a line continues the one before: its first word had no room there."""
    if not width or (is_heading(last) != is_heading(line) and (is_heading(last) or ends_sentence(last))):
        return False
    had_room = len(last) + 1 + len(line.split(" ", 1)[0]) <= width - 2
    return not had_room and not (begins_provision(line) and ends_sentence(last))
