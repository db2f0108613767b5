"""What a sentence denies: each word under a "não", a "vedado" or a "dispensada de" that reaches it.

A denial of a denial ("não poderá recusar", "não deixará de", "não … sem") affirms.
"""

from collections.abc import Iterator

from clause_library.coverage.matching import Index
from clause_library.coverage.provisions import Document

_NOT_REACH = 7
_DUTY_REACH = 18
_DUTY = frozenset(
    "cabe cabera caberao cabendo competindo incumbindo compete competira incumbe incumbira obriga obrigada obrigado "
    "esta estara deve devera".split()
)
"""A denied duty ("não caberá à contratada auxiliar…") is denied to its end."""
_WAIVER_REACH = 14
_BREAKERS = frozenset("mas porem salvo exceto senao ressalvado ressalvada ressalvados todavia devendo bem".split())
_PASSIVES = frozenset(
    {"se", "sera", "serao", "sao", "e", "fica", "ficam", "ficara", "ficarao", "ha", "havera", "cabe", "cabera"}
)
_ROW_WITHIN = 4
_ROW_WORDS = frozenset({"ou", "nem"})
_ACTS = ("ara", "era", "ira", "arao", "erao", "irao", "ando", "endo", "indo")
_COMMA = (",", ";", ":", "(", "–", "—")


def denied(document: Document, index: Index) -> frozenset[int]:
    """The tokens that are denied.

    The lists are data: ``nega`` (não, nunca…), ``nega_pouco`` (what looks like a denial and is none), ``dispensa``
    (dispensada de, vedado…, which reach forwards and, after "fica" or "será", backwards).
    """
    harmless = {first for first, _ in index.spans("nega_pouco")}
    found: set[int] = set()
    for first, last in index.spans("nega"):
        if first not in harmless:
            far = last < len(document.folded) and document.folded[last] in _DUTY
            found.update(_forwards(document, last, _DUTY_REACH if far else _NOT_REACH))
            if _closes(document, first, last):
                found.update(_backwards(document, first))
    for first, last in index.spans("dispensa"):
        if first in harmless or first in found:
            continue
        found.update(_forwards(document, last, _WAIVER_REACH))
        found.update(_backwards(document, first))
        if last == document.sentences[document.sentence_of[first]].last:
            found.add(last - 1)
    for sentence in document.sentences:
        # "A contratada fica dispensada de:" denies each item below.
        if any(_ends_denied(document, opening, found) for opening in document.opening(sentence.index)):
            found.update(range(sentence.first, sentence.last))
    return frozenset(found)


def _ends_denied(document: Document, sentence: int, found: set[int]) -> bool:
    last = document.sentences[sentence].last
    return last - 1 in found


def _closes(document: Document, first: int, last: int) -> bool:
    """Tell whether the denial falls on what stands before it.

    It does in "as evidências não se partilham"; "que não se apaga" only describes what stands before.
    """
    sentence = document.sentences[document.sentence_of[first]]
    if first == sentence.first or document.folded[first - 1] == "que" or last >= sentence.last:
        return False
    return document.folded[last] in _PASSIVES


def _between(document: Document, position: int) -> str:
    """What stands in the text between a token and the next."""
    here, there = document.tokens[position], document.tokens[position + 1]
    text = document.passages[document.sentences[document.sentence_of[position]].passage].text
    return text[here.end : there.start]


def _forwards(document: Document, start: int, reach: int) -> Iterator[int]:
    if start >= len(document.tokens):
        return
    stop = min(start + reach, document.sentences[document.sentence_of[start - 1]].last)
    for position in range(start, stop):
        if document.folded[position] in _BREAKERS:
            return
        if (
            position > start
            and any(mark in _between(document, position - 1) for mark in _COMMA)
            and not _goes_on(document, position, stop)
        ):
            return
        yield position


def _goes_on(document: Document, position: int, stop: int) -> bool:
    """Tell that the comma before the position only parts things told in a row: "auditorias, inspeções ou testes"."""
    if _between(document, position - 1).strip() != ",":
        return False
    for at in range(position, min(position + _ROW_WITHIN, stop)):
        if at > position and document.folded[at] in _ROW_WORDS:
            return True
        if document.folded[at].endswith(_ACTS):
            return False
    return False


def _backwards(document: Document, start: int) -> Iterator[int]:
    begin = document.sentences[document.sentence_of[start]].first
    for position in range(start - 1, max(begin, start - _WAIVER_REACH) - 1, -1):
        if any(mark in _between(document, position) for mark in _COMMA):
            return
        yield position
