"""Make the weights by which a sentence leans to an inciso, from the labelled batches.

``python -m benchmarks.weights`` writes ``clause_library/coverage/inclinacoes.toml``; the same batches give the same
file. A sentence counts for an inciso when a label "sim" or "parcial" of its text is quoted from it.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.labels import BATCHES
from clause_library.coverage.leaning import marks_of
from clause_library.coverage.provisions import split
from clause_library.scoring import passages_of_text
from contracts.vocabulary import INCISOS

TARGET = Path(__file__).parents[1] / "clause_library" / "coverage" / "inclinacoes.toml"
LEFT_OUT = frozenset({"frozen-10"})
"""Batches whose words have no part in the weights, so that their scores stay those of texts that nobody had seen."""
SEEN_AT_LEAST = 2
LEAST, MOST = 0.7, 3.5
"""Logarithms of how many times oftener: below the first a word says nothing, above the second it says no more."""
ENDS = 60
"""Signs that two passages must share at their beginning to be the same."""

HEAD = """# Quanto cada palavra (ou par de palavras vizinhas, pelo radical) inclina uma frase a cada inciso.
# Feito por "python -m benchmarks.weights" a partir dos textos rotulados; não se edita à mão.
# Só leva a "talvez: leia este trecho".
"""


def labelled(folders: Iterable[Path]) -> Iterator[tuple[list[frozenset[str]], dict[str, list[int]]]]:
    """Give each text as the marks of its sentences, and the sentences that its labels quote by inciso."""
    for folder in folders:
        for path in sorted(folder.glob("*.labels.json")):
            labels = json.loads(path.read_text(encoding="utf-8"))
            document = split(passages_of_text((folder / labels["text"]).read_text(encoding="utf-8")))
            texts = [_even(document.text(index)) for index in range(len(document.sentences))]
            marks = [marks_of(document.folded[each.first : each.last]) for each in document.sentences]
            yield (
                marks,
                {point: _quoted(texts, _even(labels["incisos"][point]["quote"])) for point in INCISOS if point != "IV"},
            )


def _even(text: str) -> str:
    return " ".join(text.split())


def _quoted(texts: list[str], quote: str) -> list[int]:
    if not quote:
        return []
    return [
        index
        for index, text in enumerate(texts)
        if quote[:ENDS] in text or text in quote or (len(text) > ENDS // 2 and text[:ENDS] in quote)
    ]


def weights_of(folders: Iterable[Path]) -> dict[str, dict[str, float]]:
    """Return the weight of each word and pair by inciso, to two places."""
    points = [point for point in INCISOS if point != "IV"]
    quoted: dict[str, Counter[str]] = {point: Counter() for point in points}
    sentences: Counter[str] = Counter()
    everywhere: Counter[str] = Counter()
    count = 0
    for marks, said in labelled(folders):
        count += len(marks)
        for each in marks:
            everywhere.update(each)
        for point, indexes in said.items():
            sentences[point] += len(indexes)
            for index in indexes:
                quoted[point].update(marks[index])
    found: dict[str, dict[str, float]] = {}
    for point in points:
        own, others = sentences[point], count - sentences[point]
        weighed = {}
        for mark, seen in sorted(quoted[point].items()):
            if seen < SEEN_AT_LEAST:
                continue
            oftener = math.log(((seen + 0.5) / (own + 1)) / ((everywhere[mark] - seen + 0.5) / (others + 1)))
            if oftener > LEAST:
                weighed[mark] = round(min(oftener, MOST), 2)
        found[point] = weighed
    return found


def as_toml(weights: dict[str, dict[str, float]]) -> str:
    """Write the weights, a section an inciso, a word a line."""
    lines = [HEAD]
    for point, words in weights.items():
        lines.append(f"[{point}]")
        lines += [f"{json.dumps(mark, ensure_ascii=False)} = {weight}" for mark, weight in words.items()]
        lines.append("")
    return "\n".join(lines)


def folders() -> list[Path]:
    """Return the batches that the weights are made of."""
    return sorted(path for path in BATCHES.iterdir() if path.is_dir() and path.name not in LEFT_OUT)


def main() -> None:
    """Write the file."""
    TARGET.write_text(as_toml(weights_of(folders())), encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
