"""What was read in a file, and what was found in it: the values that the reader's parts hand to one another.

``reading`` turns a file into a :class:`ReadFile`; ``coverage`` turns its passages into a :class:`CoverageReading`.
Nothing here opens a file or knows a word of any clause.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from contracts.vocabulary import Coverage


class Part(StrEnum):
    """Where in the file a passage stands."""

    BODY = "body"
    TABLE = "table"
    HEADER = "header"
    FOOTER = "footer"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph of a file, in reading order, with hyphenation and line breaks mended.

    ``paragraph`` counts from 1 over the whole file; ``page`` counts from 1 and is ``None`` where the format has no
    pages (DOCX, plain text). ``label`` is the number that Word prints by itself ("CLÁUSULA 5", "5.1.", "a)"), empty
    when the number is typed in the text or there is none. ``heading`` tells that the file marks it as a heading.
    """

    text: str
    paragraph: int
    page: int | None = None
    part: Part = Part.BODY
    heading: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The text of a file.

    ``pages`` is ``None`` where the format has none; ``notes`` are Portuguese sentences about what the reader did or
    could not do (deleted text left out, pages without text…).
    """

    name: str
    sha256: str
    media_type: str
    pages: int | None
    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()


class UnreadableFileError(ValueError):
    """A file whose text cannot be read.

    ``code`` is an English slug; ``sentence`` says in Portuguese why, and what to do.
    """

    def __init__(self, code: str, sentence: str) -> None:
        """Keep both: programs tell by the code, people read the sentence."""
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a passage: ``text`` is ``passage.text[start:end]``."""

    text: str
    paragraph: int
    page: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PointReading:
    """What the machine found about one inciso.

    ``quotes`` come best first; ``place`` is where the first stands ("cláusula 10.4, p. 3", "parágrafo 12"); ``ideas``
    are the Portuguese names of the ideas found and ``missing`` of those not found or narrowed, each a short sentence
    that a lawyer understands; ``why`` is one sentence that explains the level; ``confidence`` runs from 0 to 1.
    """

    point: str
    coverage: Coverage
    quotes: tuple[Quote, ...] = ()
    place: str = ""
    ideas: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    why: str = ""
    confidence: float = 0.0

    @property
    def quote(self) -> str:
        """The best passage, or an empty string."""
        return self.quotes[0].text if self.quotes else ""


@dataclass(frozen=True, slots=True)
class CoverageReading:
    """What a file says about the twelve incisos. ``provisions`` counts the provisions it was split into."""

    provisions: int
    points: Mapping[str, PointReading]
