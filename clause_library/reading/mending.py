"""Puts together what lines broke apart: paragraphs over lines, words over hyphens. Knows Portuguese, and no format."""

import re
from collections.abc import Sequence

MARKER = re.compile(
    r"(?:(?:CL[ÁA]USULA|Cl[áa]usula|SUBCL[ÁA]USULA|Subcl[áa]usula|CAP[ÍI]TULO|Cap[íi]tulo|SE[ÇC][ÃA]O|Se[çc][ãa]o|ANEXO|Anexo|"
    r"T[ÍI]TULO|PAR[ÁA]GRAFO|Par[áa]grafo|ART\.|Art\.|ARTIGO|Artigo|CONSIDERANDO|Considerando)(?=\W|$)"
    r"|§"
    r"|\d{1,3}(?:\.\d{1,3})*\.?(?:\s*[)–—-])?\s+(?=\S)"
    r"|\d{1,3}(?:\.\d{1,3})+\.?(?=[^\W\d])"
    r"|\(?[a-z]{1,2}\)"
    r"|\(?[IVXLC]{1,7}\)?\s*[–—.)-](?=\s|[A-ZÀ-Ú])"
    r"|[•●▪■◦○‣·*–—-]\s"
    r"|\([ xX]?\))"
)
"""How a provision begins whose number is typed."""

ENDS = re.compile(r"[.;:!?…]['\"”’)\]]*$|(?:[;,]\s+(?:e|ou))$")
"""How a line ends when its sentence or item ends."""

_MARKS = dict.fromkeys(map(ord, "ªº"))
"""Signs that count as small letters and stand among capitals."""
_LONGEST_END = 16
_CLAUSE = re.compile(
    r"(?:CL[ÁA]USULA|Cl[áa]usula|CAP[ÍI]TULO|ANEXO|T[ÍI]TULO|SE[ÇC][ÃA]O)\s+(?:\d|[IVXLC]+\b|(?i:prim|segund|terceir|quart"
    r"|quint|sext|s[ée]tim|oitav|non|d[ée]cim|vig[ée]sim|trig[ée]sim|quadrag[ée]sim|[úu]nic))"
)
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\u2011]$")
_ENCLITICS = frozenset("se lo la los las me te lhe lhes nos vos".split())
_KEEPING_PREFIXES = frozenset("pré pós pró ex vice não além recém segunda".split())
_WORD_AT_END = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*-?$")
_WORD_AT_START = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LONGEST_HEADING = 140
_SHORTEST_BROKEN = 8
"""Letters from which a word in capitals over two lines is one word, and not two names."""
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+|[^\W\d_]+")


class Hyphens:
    """Decides whether the hyphen at the end of a line belongs to the word; the rest of the file is its dictionary."""

    def __init__(self, lines: Sequence[str]) -> None:
        """Learn the words that stand within the lines, neither at the end of one nor at the start of the next."""
        self._known: set[str] = set()
        for line in lines:
            words = _WORDS.findall(line)
            self._known.update(word.casefold() for word in words[1:-1])

    def join(self, left: str, right: str) -> str:
        """Return two lines as one."""
        if not left:
            return right
        if _HYPHEN.search(left) is None:
            return f"{left} {right}"
        if right.startswith("-"):
            return left + right[1:]  # The hyphen of a word is printed again where the line begins with it.
        before, after = _WORD_AT_END.search(left[:-1]), _WORD_AT_START.match(right)
        if before is None or after is None:
            return left + right
        first, second = before[0].casefold(), after[0].casefold()
        if first + second in self._known:
            return left[:-1] + right
        capitals = before[0].isupper() and after[0].isupper() and len(first + second) >= _SHORTEST_BROKEN
        keeps = (
            f"{first}-{second}" in self._known
            or second in _ENCLITICS
            or first in _KEEPING_PREFIXES
            or not (right[0].islower() or capitals)  # "Decreto-Lei", "CNJ-TI": a name's own hyphen.
        )
        return (left if keeps else left[:-1]) + right


def is_heading(text: str) -> bool:
    """Tell whether a line of plain words reads as a heading: a clause's title, or a short line in capitals."""
    if len(text) > _LONGEST_HEADING:
        return False
    plain = text.translate(_MARKS) if "º" in text or "ª" in text else text
    capitals = plain.isupper() and sum(map(str.isalpha, text)) > 3
    return capitals or (_CLAUSE.match(text) is not None and not text.rstrip().endswith((".", ";", ",", ":")))


def begins_provision(text: str) -> bool:
    """Tell whether a line begins with the number, the letter or the name of a provision."""
    return MARKER.match(text) is not None


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends where its sentence or item ends."""
    return ENDS.search(text[-_LONGEST_END:].rstrip()) is not None
