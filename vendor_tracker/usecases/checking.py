"""Reading a file that somebody signed, without putting it on record: what it says about each inciso, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from clause_library.passages import CoverageReading, ReadFile, UnreadableFileError
from clause_library.reading.apart import check_apart
from contracts.vocabulary import INCISOS, Coverage
from vendor_tracker.usecases.filing import clean_name
from vendor_tracker.usecases.work import UseCaseError

if TYPE_CHECKING:
    from clause_library.scoring import ScoreTable

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


def score_labels(folder: Path) -> "ScoreTable":
    """Judge every labelled text of a folder (``NN.txt`` beside ``NN.labels.json``) and count the right answers.

    Raises :class:`UseCaseError` when a text or its labels cannot be read, or there is none.
    """
    from clause_library.scoring import LabelsError, score_folder  # The rules take their time to load.

    try:
        return score_folder(folder)
    except LabelsError as error:
        raise UseCaseError(str(error)) from error


def score_lines(table: "ScoreTable") -> tuple[str, ...]:
    """Return a score for people, line by line."""
    from clause_library.scoring import report_lines

    return tuple(report_lines(table))


def score_json(table: "ScoreTable") -> dict[str, object]:
    """Return a score for programs: shares from 0 to 1, ``None`` for a share of nothing, the confusion matrix."""
    from clause_library.scoring import LABELS

    def measures(part: "ScoreTable") -> dict[str, object]:
        return {
            "labels": len(part.cells),
            "exact": part.exact,
            "found": part.found,
            "covered": part.covered,
            "false_covered": part.false_covered,
        }

    return {
        "texts": len(table.texts),
        **measures(table),
        "confusion": {label: {each.value: table.count(label, each) for each in Coverage} for label in LABELS},
        "incisos": {inciso: measures(table.of(point=inciso)) for inciso in INCISOS},
        "kinds": {kind: measures(table.of(kind=kind)) for kind in table.kinds},
    }
