"""Scores the reader against labelled texts: confusion matrix, exact answers, what is missed, what is claimed falsely.

A folder holds ``NN.txt`` (UTF-8) beside ``NN.labels.json``, whose ``incisos`` give each inciso a ``label``: "sim",
"parcial" or "nao". ``possible`` counts as partial. Errors cluster by text, so the intervals resample whole texts.
"""

import json
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from clause_library.coverage import read_coverage
from clause_library.passages import Passage
from contracts.vocabulary import INCISOS, Coverage

LABELS = ("sim", "parcial", "nao")
_ANSWERS = (Coverage.COVERED, Coverage.PARTIAL, Coverage.POSSIBLE, Coverage.MISSING)
_RIGHT = {
    "sim": {Coverage.COVERED},
    "parcial": {Coverage.PARTIAL, Coverage.POSSIBLE},
    "nao": {Coverage.MISSING},
}
_RESAMPLES = 1000
_SEED = 369
_STARTS_PASSAGE = re.compile(
    r"\s*(?:(?:CL[ÁA]USULA|CAP[ÍI]TULO|SE[ÇC][ÃA]O|T[ÍI]TULO|ANEXO|Cl[áa]usula|Cap[íi]tulo|Se[çc][ãa]o|Anexo)\b"
    r"|(?i:art(?:igo)?\.?)\s*\d+|§|(?i:par[áa]grafo\s+\w+)|\d{1,2}(?:\.\d{1,3})*[.)]?\s|\d{1,2}\s*[-–—]\s"
    r"|[IVXLC]{1,6}\s*[-–—.)]|\(?[a-zA-Z]\)|\([ivxlc]+\)|[ivxlc]+\)|[-–—•*●▪]\s)"
)
_ENDS_PASSAGE = (".", ";", ":", "!", "?")
_FULL_LINE = 60
_SHOUTED = 0.6
"""From this share of capitals on, capitals mark no title."""


class LabelsError(ValueError):
    """A labelled text cannot be read; the message names the file."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One inciso of one text: the label and the machine's answer."""

    text: str
    kind: str
    point: str
    label: str
    answer: Coverage

    @property
    def exact(self) -> bool:
        """The answer says what the label says."""
        return self.answer in _RIGHT[self.label]


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """The cells, and what can be counted in them. Shares run from 0 to 1; a share of nothing is ``None``."""

    cells: tuple[Cell, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts, in order."""
        return tuple(dict.fromkeys(cell.text for cell in self.cells))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of text, in order of their names; empty when no text tells."""
        return tuple(sorted({cell.kind for cell in self.cells if cell.kind}))

    def of(self, *, point: str | None = None, kind: str | None = None) -> "ScoreTable":
        """Only the cells of an inciso, or of a kind of text."""
        return ScoreTable(
            tuple(
                cell
                for cell in self.cells
                if (point is None or cell.point == point) and (kind is None or cell.kind == kind)
            )
        )

    def count(self, label: str, answer: Coverage) -> int:
        """How many cells have this label and this answer."""
        return sum(cell.label == label and cell.answer is answer for cell in self.cells)

    @property
    def exact(self) -> float | None:
        """The share of exact answers (possible counts as partial)."""
        return _share(self.cells, lambda cell: cell.exact)

    @property
    def found(self) -> float | None:
        """The share of "sim" that were not called missing."""
        asked = [cell for cell in self.cells if cell.label == "sim"]
        return _share(asked, lambda cell: cell.answer is not Coverage.MISSING)

    @property
    def covered(self) -> float | None:
        """The share of "sim" that were called covered."""
        asked = [cell for cell in self.cells if cell.label == "sim"]
        return _share(asked, lambda cell: cell.answer is Coverage.COVERED)

    @property
    def false_covered(self) -> float | None:
        """The share of "nao" that were called covered: the grave error."""
        asked = [cell for cell in self.cells if cell.label == "nao"]
        return _share(asked, lambda cell: cell.answer is Coverage.COVERED)

    def interval(self, measure: "Callable[[ScoreTable], float | None]") -> tuple[float, float] | None:
        """The middle 95 % of a measure over texts drawn again with replacement; always the same for the same cells."""
        by_text: dict[str, list[Cell]] = {}
        for cell in self.cells:
            by_text.setdefault(cell.text, []).append(cell)
        names = list(by_text)
        if len(names) < 2:
            return None
        chance = random.Random(_SEED)  # noqa: S311
        values: list[float] = []
        for _ in range(_RESAMPLES):
            drawn = ScoreTable(tuple(cell for name in chance.choices(names, k=len(names)) for cell in by_text[name]))
            value = measure(drawn)
            if value is not None:
                values.append(value)
        if not values:
            return None
        values.sort()
        return values[int(0.025 * (len(values) - 1))], values[int(0.975 * (len(values) - 1))]


def _share(cells: Sequence[Cell], holds: Callable[[Cell], bool]) -> float | None:
    return sum(map(holds, cells)) / len(cells) if cells else None


def passages_of_text(text: str) -> tuple[Passage, ...]:
    """Cut a plain text into passages.

    A line that opens an item or a heading, and a line after a blank one, opens a passage; a line that only continues
    the one before it (a hard wrap) is joined to it, hyphenated words mended.
    """
    paragraphs: list[str] = []
    fresh = True
    previous = ""
    letters = [char for char in text if char.isalpha()]
    shouted = sum(map(str.isupper, letters)) > _SHOUTED * len(letters)
    for line in text.splitlines():
        stripped = " ".join(line.split())
        if not stripped:
            # A blank line inside an unfinished sentence is a page's or a wrapper's, not the author's.
            fresh = True
            continue
        if paragraphs and not _opens(stripped, previous, fresh=fresh, shouted=shouted):
            paragraphs[-1] = _joined(paragraphs[-1], stripped)
        else:
            paragraphs.append(stripped)
        previous, fresh = stripped, False
    return tuple(Passage(text=paragraph, paragraph=number) for number, paragraph in enumerate(paragraphs, start=1))


def _opens(line: str, previous: str, *, fresh: bool, shouted: bool) -> bool:
    if fresh and not (line[:1].islower() and not previous.endswith(_ENDS_PASSAGE)):
        return True
    if " | " in line:
        return True
    if _STARTS_PASSAGE.match(line) and (previous.endswith(_ENDS_PASSAGE) or previous.endswith((",", " e")) or fresh):
        return True
    if re.fullmatch(r"(?i)par[áa]grafo \w+(?: \w+)?|§ ?\d+º?", previous):
        return False
    if _is_title(previous, shouted=shouted) and not line[:1].islower():
        return True
    if previous.endswith(_ENDS_PASSAGE):
        # A wrapped line is full and is followed by any word; an author's line break comes after a finished sentence.
        return line[:1].isupper() or not line[:1].isalpha()
    return False


def _is_title(line: str, *, shouted: bool) -> bool:
    if line.endswith((*_ENDS_PASSAGE, ",")) or len(line) > 2 * _FULL_LINE:
        return False
    letters = [char for char in line if char.isalpha()]
    if not shouted and bool(letters) and sum(char.isupper() for char in letters) > 0.8 * len(letters):
        return len(line) <= _FULL_LINE or bool(_STARTS_PASSAGE.match(line))
    named = re.match(r"(?:Cl[áa]usula|Cap[íi]tulo|Anexo|Se[çc][ãa]o|CL[ÁA]USULA)\b", line)
    numbered = re.match(r"\d{1,2}\.? [A-ZÀ-Ý]", line)
    return (named is not None and len(line) <= 1.5 * _FULL_LINE) or (numbered is not None and len(line) <= _FULL_LINE)


def _joined(above: str, line: str) -> str:
    if above.endswith("-") and len(above) > 1 and above[-2].isalpha() and line[:1].islower():
        return above[:-1] + line
    return f"{above} {line}"


def score_folder(path: Path) -> ScoreTable:
    """Read and score every labelled text of a folder, and of its folders.

    Raises:
        LabelsError: a label is missing or is not one of the three, or there is no labelled text.
    """
    cells: list[Cell] = []
    for labels in sorted(path.rglob("*.labels.json")):
        source = labels.with_name(labels.name.removesuffix(".labels.json") + ".txt")
        try:
            raw = json.loads(labels.read_text("utf-8"))
            text = source.read_text("utf-8")
        except (OSError, ValueError) as error:
            raise LabelsError(f"{labels.name}: não foi possível ler o texto ou os rótulos ({error}).") from error
        wanted = _labels(labels.name, raw)
        reading = read_coverage(passages_of_text(text))
        kind = raw.get("kind", "")
        name = str(labels.relative_to(path).with_suffix("").with_suffix(""))
        cells += [
            Cell(name, kind if isinstance(kind, str) else "", point, wanted[point], reading.points[point].coverage)
            for point in INCISOS
        ]
    if not cells:
        raise LabelsError(f"{path}: não há textos rotulados (NN.txt ao lado de NN.labels.json).")
    return ScoreTable(tuple(cells))


def _labels(name: str, raw: object) -> Mapping[str, str]:
    incisos = raw.get("incisos") if isinstance(raw, dict) else None
    if not isinstance(incisos, dict):
        raise LabelsError(f"{name}: falta “incisos”.")
    found: dict[str, str] = {}
    for point in INCISOS:
        entry = incisos.get(point)
        label = entry.get("label") if isinstance(entry, dict) else None
        if label not in LABELS:
            raise LabelsError(f"{name}: o inciso {point} precisa de rótulo sim, parcial ou nao.")
        found[point] = str(label)
    return found


_ANSWER_NAMES = {
    Coverage.COVERED: "coberto",
    Coverage.PARTIAL: "parcial",
    Coverage.POSSIBLE: "possível",
    Coverage.MISSING: "ausente",
}


def report_lines(table: ScoreTable) -> Iterator[str]:
    """The score in Portuguese, line by line."""
    yield f"{len(table.texts)} textos, {len(table.cells)} rótulos. “Possível” conta como parcial."
    yield ""
    yield f"{'rótulo':<9}" + "".join(f"{_ANSWER_NAMES[answer]:>10}" for answer in _ANSWERS)
    for label in LABELS:
        yield f"{label:<9}" + "".join(f"{table.count(label, answer):>10}" for answer in _ANSWERS)
    yield ""
    measures: tuple[tuple[str, Callable[[ScoreTable], float | None]], ...] = (
        ("Exatos", attrgetter("exact")),
        ("“sim” encontrados", attrgetter("found")),
        ("“sim” cobertos", attrgetter("covered")),
        ("“nao” dados por cobertos", attrgetter("false_covered")),
    )
    for name, measure in measures:
        yield f"{name:<26}{_percent(measure(table)):>8}  {_between(table.interval(measure))}"
    yield ""
    yield f"{'inciso':<9}{'exatos':>8}{'achados':>9}{'falsos':>8}"
    for point in INCISOS:
        yield _row(point, table.of(point=point))
    if len(table.kinds) > 1:
        yield ""
        for kind in table.kinds:
            part = table.of(kind=kind)
            yield f"{kind[:70]:<72}{_percent(part.exact):>8}{_percent(part.found):>9}{_percent(part.false_covered):>8}"


def _row(name: str, part: ScoreTable) -> str:
    return f"{name:<9}{_percent(part.exact):>8}{_percent(part.found):>9}{_percent(part.false_covered):>8}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %".replace(".", ",")


def _between(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f"(95 %: de {_percent(interval[0])} a {_percent(interval[1])}, por textos)"


def main(arguments: Iterable[str]) -> int:
    """Print the score of each folder given."""
    status = 0
    for argument in arguments:
        try:
            sys.stdout.write("\n".join(report_lines(score_folder(Path(argument)))) + "\n")
        except LabelsError as error:
            sys.stderr.write(f"{error}\n")
            status = 1
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
