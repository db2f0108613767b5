"""Which inciso a sentence leans to, by the words it is made of; it can only say "perhaps, read this".

Each inciso has a list of stems, and of pairs of neighbouring stems, with a weight: how much oftener they stand in
passages that people labelled with that inciso than in all others (``inclinacoes.toml``, made by
``python -m benchmarks.weights`` from the labelled batches). A sentence that says a duty in words which no rule foresees
still tends to be built of such words. The heaviest few are added up, so that a long sentence has no advantage.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType

from clause_library.coverage.provisions import Document
from clause_library.coverage.words import FUNCTION_WORDS, stem

ENOUGH = 16.0
"""From this sum on a sentence is shown; set on batches whose words had no part in the weights."""

COUNTED = 8
"""How many of a sentence's words and pairs are added up, the heaviest first."""

Weights = Mapping[str, Mapping[str, float]]


@cache
def load_weights() -> Weights:
    """Return the weights by inciso; IV has none, because it is judged by the others."""
    text = files("clause_library").joinpath("coverage/inclinacoes.toml").read_text(encoding="utf-8")
    return MappingProxyType({point: MappingProxyType(words) for point, words in tomllib.loads(text).items()})


def marks_of(folded: Iterable[str]) -> frozenset[str]:
    """Return the stems of a sentence's folded words, and its pairs of neighbouring stems."""
    stems = [stem(word) for word in folded if word not in FUNCTION_WORDS and not word.isdigit()]
    return frozenset(stems) | {f"{first} {second}" for first, second in pairwise(stems)}


def leaning_of(marks: Collection[str], weights: Mapping[str, float]) -> float:
    """Return how much a sentence leans to an inciso."""
    return sum(sorted((weights[mark] for mark in marks if mark in weights), reverse=True)[:COUNTED])


def most_leaning(point: str, document: Document, sentences: Sequence[int]) -> int | None:
    """Return which of the sentences leans most to the inciso, if any leans enough."""
    weights = load_weights().get(point)
    if weights is None:
        return None
    best, found = ENOUGH, None
    for index in sentences:
        leaning = leaning_of(_marks(document, index), weights)
        if leaning >= best and (found is None or leaning > best):
            best, found = leaning, index
    return found


def _marks(document: Document, sentence: int) -> frozenset[str]:
    piece = document.sentences[sentence]
    return marks_of(document.folded[piece.first : piece.last])
