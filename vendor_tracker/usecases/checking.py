"""Reading a file that somebody signed, without putting it on record: what it says about each inciso, and where."""

from collections.abc import Mapping
from dataclasses import dataclass

from clause_library.passages import CoverageReading, ReadFile, UnreadableFileError
from clause_library.reading.apart import check_apart
from contracts.vocabulary import INCISOS, Coverage
from vendor_tracker.usecases.filing import clean_name
from vendor_tracker.usecases.work import UseCaseError

FIELD = "file"


class UnreadableError(UseCaseError):
    """A file that cannot be read; ``code`` is the reader's slug and the message its Portuguese sentence."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the sentence."""
        super().__init__(message, field=FIELD)
        self.code = code


@dataclass(frozen=True, slots=True)
class CheckedPoint:
    """What the file says about one inciso; ``why`` and ``ideas`` explain it to people, and are not in the JSON."""

    coverage: Coverage
    quote: str
    place: str
    missing: tuple[str, ...]
    confidence: float
    why: str = ""
    ideas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was read and judged. ``pages`` is ``None`` where the format has none."""

    file: str
    sha256: str
    pages: int | None
    provisions: int
    incisos: Mapping[str, CheckedPoint]
    notes: tuple[str, ...] = ()

    def json(self) -> dict[str, object]:
        """Return what the command line prints and the API answers."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "pages": self.pages,
            "provisions": self.provisions,
            "incisos": {
                inciso: {
                    "coverage": point.coverage.value,
                    "quote": point.quote,
                    "place": point.place,
                    "missing": list(point.missing),
                    "confidence": point.confidence,
                }
                for inciso, point in self.incisos.items()
            },
        }


def check_file(*, name: str, data: bytes, ocr: bool = False) -> CheckedFile:
    """Read a file in a process of its own and tell what it says about each of the twelve incisos.

    Nothing is kept. ``ocr`` has the letters of a scan recognised first, where the server can.

    Raises:
        UnreadableError: the file cannot be read; the message says why and what to do.
    """
    try:
        read, coverage = check_apart(data, clean_name(name), ocr=ocr)
    except UnreadableFileError as error:
        raise UnreadableError(error.code, error.sentence) from error
    return checked(read, coverage)


def checked(read: ReadFile, coverage: CoverageReading) -> CheckedFile:
    """Return what was found, the twelve incisos in the order of the Portaria."""
    return CheckedFile(
        file=read.name,
        sha256=read.sha256,
        pages=read.pages,
        provisions=coverage.provisions,
        incisos={inciso: _point(coverage, inciso) for inciso in INCISOS},
        notes=read.notes,
    )


def _point(coverage: CoverageReading, inciso: str) -> CheckedPoint:
    found = coverage.points[inciso]
    return CheckedPoint(
        coverage=found.coverage,
        quote=found.quote,
        place=found.place,
        missing=found.missing,
        confidence=found.confidence,
        why=found.why,
        ideas=found.ideas,
    )
