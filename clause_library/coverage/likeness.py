"""How much a sentence resembles the examples of an inciso; it can only say "perhaps, read this".

Synonyms are folded to the head of their group, then single words and pairs of words are compared, and, for the few
sentences that come near, also runs of three to five letters, which forgive spelling and endings.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType

from clause_library.coverage.concepts import Concepts, load_concepts
from clause_library.coverage.provisions import Document
from clause_library.coverage.words import FUNCTION_WORDS, stem, tokens_of

THRESHOLD = 0.5
"""From this likeness on a sentence is shown; set on batches that the examples had not seen."""

_NEAR = 8
_MIN_WORDS = 5
_WORD_SHARE = 0.65

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Example:
    words: Vector
    letters: Vector


@dataclass(frozen=True, slots=True)
class Likeness:
    """The examples, ready to be compared with."""

    synonyms: Mapping[str, str]
    weights: Mapping[str, float]
    examples: Mapping[str, tuple[_Example, ...]]

    @staticmethod
    def of(concepts: Concepts) -> "Likeness":
        """The likeness for these concepts; that of the product's own is kept."""
        return _kept() if concepts is load_concepts() else _build(concepts)

    def best(self, point: str, document: Document, sentences: Sequence[int]) -> tuple[int, float] | None:
        """Which of the sentences is most like the examples of the inciso, and how much, if it reaches the threshold."""
        near: list[tuple[float, int]] = []
        examples = self.examples[point]
        known = {word for example in examples for word in example.words}
        for index in sentences:
            sentence = document.sentences[index]
            words = self._words(document.folded[sentence.first : sentence.last])
            if len(words) < _MIN_WORDS or not any(word in known for word in words):
                continue
            vector = self._vector(words)
            score = max((_cosine(vector, example.words) for example in examples), default=0.0)
            near.append((score, -sentence.index))
        near.sort(reverse=True)
        best: tuple[int, float] | None = None
        for score, negative in near[:_NEAR]:
            if score < THRESHOLD / 2:
                break
            sentence = document.sentences[-negative]
            folded = document.folded[sentence.first : sentence.last]
            vector, letters = self._vector(self._words(folded)), _letters(folded)
            total = max(
                _WORD_SHARE * _cosine(vector, example.words) + (1 - _WORD_SHARE) * _cosine(letters, example.letters)
                for example in examples
            )
            if total >= THRESHOLD and (best is None or total > best[1]):
                best = (-negative, total)
        return best

    def _words(self, folded: Iterable[str]) -> list[str]:
        kept = [word for word in folded if word not in FUNCTION_WORDS and not word.isdigit()]
        return [self.synonyms.get(word) or self.synonyms.get(stem(word)) or stem(word) for word in kept]

    def _vector(self, words: Sequence[str]) -> Vector:
        counts = Counter(words)
        counts.update(f"{first} {second}" for first, second in pairwise(words))
        return {word: count * self.weights.get(word, 1.0) for word, count in counts.items()}


@cache
def _kept() -> Likeness:
    return _build(load_concepts())


def _build(concepts: Concepts) -> Likeness:
    synonyms = MappingProxyType({form: head for word, head in concepts.synonyms.items() for form in (word, stem(word))})
    bare = Likeness(synonyms, MappingProxyType({}), MappingProxyType({}))
    sentences = {
        point: [[token.folded for token in tokens_of(example)] for example in concept.examples]
        for point, concept in concepts.points.items()
    }
    frequency: Counter[str] = Counter()
    for known in sentences.values():
        for folded in known:
            frequency.update(set(bare._vector(bare._words(folded))))  # noqa: SLF001
    count = sum(len(known) for known in sentences.values())
    weights = {word: math.log((1 + count) / (1 + seen)) + 0.3 for word, seen in frequency.items()}
    weighed = Likeness(synonyms, MappingProxyType(weights), MappingProxyType({}))
    examples = {
        point: tuple(
            _Example(weighed._vector(weighed._words(folded)), _letters(folded))  # noqa: SLF001
            for folded in point_sentences
        )
        for point, point_sentences in sentences.items()
    }
    return Likeness(synonyms, weighed.weights, MappingProxyType(examples))


def _letters(folded: Iterable[str]) -> Vector:
    text = " ".join(word for word in folded if word not in FUNCTION_WORDS)
    counts: Counter[str] = Counter()
    for size in (3, 4, 5):
        counts.update(text[start : start + size] for start in range(len(text) - size + 1))
    return counts


def _cosine(left: Vector, right: Vector) -> float:
    if len(right) < len(left):
        left, right = right, left
    product = sum(value * right[word] for word, value in left.items() if word in right)
    if not product:
        return 0.0
    return product / math.sqrt(_square(left) * _square(right))


def _square(vector: Vector) -> float:
    return sum(value * value for value in vector.values())
