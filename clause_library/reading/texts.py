"""What the readers of the three formats share: cleaned text, and passages gathered within the limits."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from clause_library.passages import Part, Passage
from clause_library.reading.limits import LONGEST_LABEL, MOST_CHARACTERS, MOST_PASSAGES, refusal

_LIGATURES: dict[str, str | Any | None] = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
# What is not seen: soft hyphens, joiners, marks of direction and of order. It would part words for a program only.
_UNSEEN = dict.fromkeys(
    (0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0xFFFE, 0xFFFF)
)
_TABLE = {**_UNSEEN, **str.maketrans(_LIGATURES)}
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffd\ue000-\uf8ff]+")
_SPACES = re.compile(r"\s+")


def cleaned(text: str) -> str:
    """Return the text as it is seen: one space between words, composed accents, nothing that is not seen or shown.

    Characters that no database keeps (halves of characters, controls) and those of private fonts are left out.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _ODD.sub(" ", text.translate(_TABLE))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


@dataclass(slots=True)
class Found:
    """Passages as they are found; running headers, footers and notes are kept apart and come last."""

    pages: int | None = None
    in_text: list[Passage] = field(default_factory=list)
    around: list[Passage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _characters: int = 0

    def add(
        self, text: str, *, page: int | None = None, part: Part = Part.BODY, heading: bool = False, label: str = ""
    ) -> None:
        """Add a passage unless nothing of it is seen; its number is given at the end.

        Raises :class:`UnreadableFileError` once there is more text than any instrument has.
        """
        text = cleaned(text)
        if not text:
            return
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS or len(self.in_text) + len(self.around) >= MOST_PASSAGES:
            raise refusal("too_long")
        passage = Passage(text, 0, page, part, heading, cleaned(label)[:LONGEST_LABEL])
        (self.in_text if part in {Part.BODY, Part.TABLE} else self.around).append(passage)

    def passages(self) -> tuple[Passage, ...]:
        """Return every passage in reading order, counted from 1."""
        return tuple(
            Passage(each.text, number, each.page, each.part, each.heading, each.label)
            for number, each in enumerate((*self.in_text, *self.around), start=1)
        )
