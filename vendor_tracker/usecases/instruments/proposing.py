"""What is proposed about a point of a signed paper, and what a person concludes: the values of a check."""

from dataclasses import dataclass

from clause_library.passages import PointReading, Quote
from contracts.vocabulary import Coverage

LONGEST_QUOTE = 4_000
LONGEST_PLACE = 120


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person concluded about one point of a paper."""

    point: str
    coverage: Coverage
    quote: str = ""
    place: str = ""
    missing_idea: str = ""


@dataclass(frozen=True, slots=True)
class Proposal(Reading):
    """What is proposed about one point, for a person to confirm or correct.

    ``source`` is ``machine`` (read in the text), ``redline`` (a clause of ours came back unchanged, or did not come
    back) or ``issued`` (what the document of ours promised; the signed file was not read). ``missing`` and ``ideas``
    name the ideas not found and found, ``why`` explains the level, and ``confidence`` runs from 0 to 1.
    """

    source: str = "issued"
    why: str = ""
    missing: tuple[str, ...] = ()
    ideas: tuple[str, ...] = ()
    confidence: float = 0.0
    quotes: tuple[Quote, ...] = ()
    reader: str = ""
    altered: bool = False
    """Whether it was read in a clause of ours that came back with other words: what changed must be read first."""

    @property
    def is_conclusive(self) -> bool:
        """Whether the form may begin with it: it says what is there, and was read in the file that was signed."""
        if self.source == "issued":
            return False
        return self.coverage is Coverage.PARTIAL or (self.coverage is Coverage.COVERED and not self.altered)

    def kept(self) -> dict[str, object]:
        """Return what is kept of it beside a person's conclusion."""
        return {
            "coverage": self.coverage.value,
            "quote": self.quote,
            "place": self.place,
            "source": self.source,
            "missing": list(self.missing),
            "why": self.why,
            "confidence": self.confidence,
            "reader": self.reader,
        }


def of_machine(point: PointReading, reader: str, *, lead: str = "", altered: bool = False) -> Proposal:
    """Return what the machine found about a point as a proposal; ``lead`` is said before its reason."""
    return Proposal(
        point.point,
        point.coverage,
        quote=clipped(point.quote, LONGEST_QUOTE),
        place=clipped(point.place, LONGEST_PLACE),
        missing_idea=sentence("; ".join(point.missing)) if point.coverage is Coverage.PARTIAL else "",
        source="machine",
        why=" ".join(part for part in (lead, point.why) if part),
        missing=point.missing,
        ideas=point.ideas,
        confidence=point.confidence,
        quotes=point.quotes,
        reader=reader,
        altered=altered,
    )


def clipped(text: str, longest: int) -> str:
    """Return the text, cut after a word and marked when it is too long."""
    return text if len(text) <= longest else f"{text[: longest - 1].rsplit(' ', 1)[0]}…"


def sentence(text: str) -> str:
    """Return the text with a capital, as a person would type it into a field."""
    return text[:1].upper() + text[1:]
