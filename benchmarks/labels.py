"""Score the reader on every batch of ``benchmarks/labelled``, beside the score of its first sight.

``python -m benchmarks.labels`` prints one line a batch: exact answers, what was found of the labels "sim", and what of
the labels "nao" was given for covered, in per cent; in brackets the same on the day the batch was first read.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from clause_library.scoring import ScoreTable, score_folder

BATCHES = Path(__file__).parent / "labelled"


@dataclass(frozen=True, slots=True)
class FirstSight:
    """The first score of a batch, in per cent; ``when`` tells the state of the rules."""

    exact: float
    found: float
    false_covered: float
    when: str


def first_sights() -> dict[str, FirstSight]:
    """Return the first score of each batch, by its folder's name.

    Raises ``TypeError`` when a line of ``first-sight.toml`` has other keys than a :class:`FirstSight`.
    """
    rows = tomllib.loads((BATCHES / "first-sight.toml").read_text(encoding="utf-8"))
    return {name: FirstSight(**row) for name, row in rows.items()}


def scores() -> Iterator[tuple[str, ScoreTable]]:
    """Score each batch with the rules as they are now."""
    for folder in sorted(path for path in BATCHES.iterdir() if path.is_dir()):
        yield folder.name, score_folder(folder)


def main() -> None:
    """Print the table."""
    first = first_sights()
    print(f"{'batch':<16}{'texts':>6}{'exact':>16}{'sim found':>16}{'nao covered':>16}  rules at first sight")
    for name, table in scores():
        held = first[name]
        now = (table.exact, table.found, table.false_covered)
        then = (held.exact, held.found, held.false_covered)
        cells = "".join(
            f"{100 * (value or 0):>8.1f} ({before:.1f})".rjust(16) for value, before in zip(now, then, strict=True)
        )
        print(f"{name:<16}{len(table.texts):>6}{cells}  {held.when}")


if __name__ == "__main__":
    main()
