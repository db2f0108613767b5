"""Finds the words of the concept files in a document.

An entry is a few words as a lawyer would type them in a search: ``notificar`` finds every form of the verb,
``notific*`` every word that begins so, ``=log`` exactly that word, ``dar ... ciência`` allows up to six words between,
``{avisar}`` stands for any entry of that list, and ``@prazo`` for what the program finds (a term, a party).
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clause_library.coverage.provisions import Document
from clause_library.coverage.words import FUNCTION_WORDS, fold, stem

Span = tuple[int, int]
"""Tokens from the first to the second number (exclusive)."""

GAP = 6
_SKIPPED = 3
_LINKS = frozenset({"de", "da", "do", "das", "dos"})
"""Between two words of an entry any of them may stand: "quebra de segurança" reads "quebra da segurança"."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of an entry.

    ``kind`` is "stem", "prefix", "exact", "list" or "found"; ``gap`` allows words before it.
    """

    kind: str
    value: str
    gap: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One alternative of a list, with the words as the file has them."""

    written: str
    elements: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class WordList:
    """A named list of alternatives. Inside the spans of the lists in ``not_inside`` it is not looked for."""

    name: str
    entries: tuple[Entry, ...]
    not_inside: tuple[str, ...] = ()


class EntryError(ValueError):
    """An entry that cannot be read; the message shows it."""


def parse_entry(written: str) -> Entry:
    """Read an entry.

    Raises:
        EntryError: the entry is empty or ends with a gap.
    """
    elements: list[Element] = []
    gap = False
    for word in written.split():
        if word in {"...", "…"}:
            gap = True
            continue
        if word.startswith("{") and word.endswith("}"):
            element = Element("list", word[1:-1], gap)
        elif word.startswith("@"):
            element = Element("found", word, gap)
        elif word.startswith("="):
            element = Element("exact", fold(word[1:]), gap)
        elif word.endswith("*"):
            element = Element("prefix", fold(word[:-1]), gap)
        else:
            element = Element("stem", fold(word), gap)
        if not element.value:
            raise EntryError(f"entrada sem palavra: {written!r}")
        elements.append(element)
        gap = False
    if not elements or gap:
        raise EntryError(f"entrada vazia ou terminada em reticências: {written!r}")
    return Entry(written, _without_links(elements))


def _without_links(elements: Sequence[Element]) -> tuple[Element, ...]:
    """Leave out the "de" between two words; a gap before it is kept."""
    kept: list[Element] = []
    gap = False
    for position, element in enumerate(elements):
        between = 0 < position < len(elements) - 1
        if between and element.kind == "stem" and element.value in _LINKS:
            gap = gap or element.gap
            continue
        kept.append(Element(element.kind, element.value, element.gap or gap))
        gap = False
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where one element is found: its starts in order, the ends of each, and the sentences it is in."""

    starts: list[int]
    ends: dict[int, list[int]]
    sentences: frozenset[int]


_ONE_WORD = frozenset({"stem", "prefix", "exact"})
_NOWHERE = _Places([], {}, frozenset())


class Index:
    """The words of one document, ready to be asked for any list; answers are kept."""

    def __init__(
        self,
        document: Document,
        lists: Mapping[str, WordList],
        found: Mapping[str, Sequence[Span]],
        names: frozenset[int] = frozenset(),
    ) -> None:
        """Index the document.

        ``found`` holds what the program finds by itself, by its name with "@"; ``names`` the tokens that name a party,
        which only an exact word finds.
        """
        self.names = names
        self.document = document
        self.lists = lists
        self.found = dict(found)
        self.positions: dict[str, list[int]] = {}
        for position, word in enumerate(document.folded):
            self.positions.setdefault(word, []).append(position)
        self.vocabulary = sorted(self.positions)
        self.by_stem: dict[str, list[str]] = {}
        for word in self.vocabulary:
            self.by_stem.setdefault(stem(word), []).append(word)
        self._elements: dict[tuple[str, str], _Places] = {}
        self._spans: dict[str, tuple[Span, ...]] = {}
        self._by_sentence: dict[str, dict[int, list[Span]]] = {}

    def spans(self, name: str) -> tuple[Span, ...]:
        """Where the list is found, in order."""
        if name.startswith("@"):
            return tuple(self.found.get(name, ()))
        known = self._spans.get(name)
        if known is None:
            word_list = self.lists[name]
            spans: set[Span] = set()
            for entry in word_list.entries:
                spans.update(self._entry(entry))
            if word_list.not_inside and spans:
                masked = self._masked(word_list.not_inside)
                spans = {span for span in spans if span[0] not in masked}
            known = tuple(sorted(spans))
            self._spans[name] = known
        return known

    def in_sentence(self, name: str) -> dict[int, list[Span]]:
        """Where the list is found, by sentence."""
        known = self._by_sentence.get(name)
        if known is None:
            known = {}
            for span in self.spans(name):
                known.setdefault(self.document.sentence_of[span[0]], []).append(span)
            self._by_sentence[name] = known
        return known

    def _masked(self, names: tuple[str, ...]) -> set[int]:
        return {position for name in names for first, last in self.spans(name) for position in range(first, last)}

    def _entry(self, entry: Entry) -> set[Span]:
        if len(entry.elements) == 1 and entry.elements[0].kind in _ONE_WORD:
            only = entry.elements[0]
            hidden: frozenset[int] = frozenset() if only.kind == "exact" else self.names
            return {
                (position, position + 1)
                for word in self._words(only)
                for position in self.positions[word]
                if position not in hidden
            }
        found: list[_Places] = []
        for element in entry.elements:
            place = self._element(element)
            if not place.starts:
                # Most entries have a word that the text has not.
                return set()
            found.append(place)
        places = found[0]
        if len(found) == 1:
            return {(start, end) for start in places.starts for end in places.ends[start]}
        # Most entries are absent from most sentences: only those that have every element are looked into.
        common = min((place.sentences for place in found), key=len)
        for place in found:
            common = common & place.sentences
            if not common:
                return set()
        whole: set[Span] = set()
        for index in common:
            sentence = self.document.sentences[index]
            begin, stop = bisect_left(places.starts, sentence.first), bisect_left(places.starts, sentence.last)
            current = {(start, end) for start in places.starts[begin:stop] for end in places.ends[start]}
            for element, following in zip(entry.elements[1:], found[1:], strict=True):
                current = {
                    (first, end)
                    for first, last in current
                    for start in self._next(last, sentence.last, following, gap=element.gap)
                    for end in following.ends[start]
                }
                if not current:
                    break
            whole |= current
        return whole

    def _next(self, last: int, stop: int, following: "_Places", *, gap: bool) -> list[int]:
        if gap:
            begin = bisect_left(following.starts, last)
            end = bisect_left(following.starts, min(last + GAP + 1, stop), begin)
            return following.starts[begin:end]
        folded, ends = self.document.folded, following.ends
        found: list[int] = []
        position = last
        while position < stop:
            if position in ends:
                found.append(position)
            if position - last >= _SKIPPED or folded[position] not in FUNCTION_WORDS:
                break
            position += 1
        return found

    def _element(self, element: Element) -> "_Places":
        key = (element.kind, element.value)
        known = self._elements.get(key)
        if known is None:
            ends: dict[int, list[int]] = {}
            if element.kind == "list":
                for first, last in self.spans(element.value):
                    ends.setdefault(first, []).append(last)
            elif element.kind == "found":
                for first, last in self.found.get(element.value, ()):
                    ends.setdefault(first, []).append(last)
            else:
                exact = element.kind == "exact"
                for word in self._words(element):
                    for position in self.positions[word]:
                        if exact or position not in self.names:
                            ends[position] = [position + 1]
            if not ends:
                self._elements[key] = _NOWHERE
                return _NOWHERE
            starts = sorted(ends)
            sentence_of = self.document.sentence_of
            known = _Places(starts, ends, frozenset([sentence_of[start] for start in starts]))
            self._elements[key] = known
        return known

    def _words(self, element: Element) -> list[str]:
        if element.kind == "exact":
            return [element.value] if element.value in self.positions else []
        if element.kind == "stem":
            # Stemmed here and not when the files are read: a process that reads no text need not wait for it.
            return self.by_stem.get(stem(element.value), [])
        begin = bisect_left(self.vocabulary, element.value)
        words: list[str] = []
        while begin < len(self.vocabulary) and self.vocabulary[begin].startswith(element.value):
            words.append(self.vocabulary[begin])
            begin += 1
        return words
