"""Splits passages into provisions and sentences, and remembers what stands above each of them.

A contract is a tree: clause, item, paragraph, inciso, letter. A list is read with its opening words ("São obrigações da
contratada:"), a sentence with its heading. The numbering may be typed, printed by Word, or lost; each case is read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from clause_library.coverage.words import Token, fold, tokens_of
from clause_library.passages import Part, Passage

_HEADING_WORDS = (
    r"(?:CL[ÁA]USULA|SUBCL[ÁA]USULA|CAP[ÍI]TULO|SE[ÇC][ÃA]O|T[ÍI]TULO|ANEXO|AP[ÊE]NDICE|"
    r"Cl[áa]usula|Subcl[áa]usula|Cap[íi]tulo|Se[çc][ãa]o|T[íi]tulo|Anexo|Ap[êe]ndice)"
)
_ORDINALS = (
    r"(?:[úu]nic[ao]|primeir[ao]|segund[ao]|terceir[ao]|quart[ao]|quint[ao]|sext[ao]|s[ée]tim[ao]|oitav[ao]|non[ao]|"
    r"d[ée]cim[ao]|vig[ée]sim[ao]|trig[ée]sim[ao]|quadrag[ée]sim[ao])"
)
_NUMBERING = rf"(?:(?i:{_ORDINALS}(?:[\s-]+{_ORDINALS}){{0,2}})|\d{{1,3}}[ªºa°]?(?:-[A-Z])?|[IVXLC]{{1,7}}|[A-Z])"
_QUOTES = '"“”«»'
_MARK = re.compile(
    rf"(?P<clause>{_HEADING_WORDS}(?:\s+{_NUMBERING}(?![\w]))?(?=\s*[-–—:.]|\s+[A-ZÀ-Ý]|\s*$))"
    rf"|(?P<article>(?i:art(?:igo)?\.?)\s*\d{{1,3}}\s*[ºo°]?\.?(?=\s))"
    rf"|(?P<paragraph>§\s*\d{{1,2}}\s*[ºo°]?\.?|(?i:par[áa]grafo\s+{_ORDINALS}(?:\s+{_ORDINALS})?)\b)"
    r"|(?P<decimal>\d{1,2}[ªºa°]?(?:-[A-Z])?(?:\.\d{1,3}){1,4}\.?\)?(?=\s))"
    r"|(?P<number>\d{1,2}\s?[.)](?=\s)|\d{1,2}\s[-–—|]\s)"
    r"|(?P<roman>(?:\([ivx]{1,6}\)|\([IVXL]{1,6}\)|[IVXL]{1,7}\s?[-–—.)]|[ivx]{1,6}\))(?=\s))"
    rf"|(?P<letter>(?i:al[íi]nea\s+{_ORDINALS})\b|(?:\([a-zA-Z]\)|[a-zA-Z]\)|[a-z]\s?[.–—-])(?=\s))"
    r"|(?P<bullet>[-–—•●▪*·](?=\s))"
)
_INLINE = re.compile(
    r"(?:(?<=[.;:!?,])|(?<=\se)|(?<=\sou))\s+(?=[\d§(a-zA-ZÀ-Ý])"
    r"|\s+(?=\d{1,2} \| [A-ZÀ-Ý])"
    r"|(?<=[A-ZÀ-Ý)])\s+(?=a\)\s)"
    r"|\s+(?=\d{1,2}(?:\.\d{1,3}){1,4}\.?\s+[A-ZÀ-Ý])"
)
_REFERENCE_BEFORE = re.compile(
    r"(?:\b(?:item|itens|cl[áa]usulas?|subcl[áa]usula|al[íi]neas?|incisos?|arts?\.?|artigos?|par[áa]grafos?|"
    r"se[çc][ãa]o|anexo|n[ºo°.]+|lei|e|ou|a|ao|ao|do|da|no|na|vers[ãa]o|tls|iso|pelo|pela|,)|,)\s*$",
    re.IGNORECASE,
)
_TITLED = re.compile(
    rf"(?:{_HEADING_WORDS}\s+{_NUMBERING}|(?i:{_ORDINALS}(?:\s+{_ORDINALS})?)(?=[\s.:–—-]))?[\s.:ºªo°–—-]*"
    r"D(?:[aeo]s?|[AEO]S?)\s+(?:[^.;:,]|\.(?=\d)){3,90}\.(?=\s+[\"“(A-ZÀ-Ý]|\s*$)"
)
_MAX_TITLE_WORDS = 9
_VERB_END = re.compile(r"(?:r[áÁ]|r[ãÃ][oO]|-se|-SE|\b[éÉ]|\bs[ãÃ][oO])$")
_RANK = {"clause": 0, "number": 1, "article": 2, "decimal": 2, "paragraph": 3, "roman": 4, "letter": 5, "bullet": 6}
_PLAIN = 2
_LOOSE_ITEM = 7
_SENTENCE_END = re.compile(r"[.;?!]+(?=[\s\"”’')\]]|$)")
_ABBREVIATIONS = frozenset(
    "art arts inc incs al als n no nº fl fls dr dra sr sra cf ex etc obs res dec proc tel av cap pag p par v ltda cia "
    "min des exmo exma nos op cit r ss vs dd mm".split()
)
_CLOSED = (".", ";", "!", "?", ":", ",")
_MAX_HEADING_WORDS = 16
_MAX_CAPS_HEADING_WORDS = 14
_MAX_NUMBERED_WORDS = 10
_BRACKETED = re.compile(r"\([^()]*\)")


@dataclass(slots=True)
class Sentence:
    """A sentence: the tokens ``first`` to ``last`` (exclusive) of the document, and the words of its passage."""

    index: int
    first: int
    last: int
    unit: int
    passage: int
    start: int
    end: int
    continues: bool
    """It follows a semicolon, and so shares the subject of the sentence before it."""


@dataclass(slots=True)
class Unit:
    """A numbered or plain piece of the text: a heading, an item, a paragraph."""

    index: int
    rank: int
    label: str
    heading: bool
    section: int
    parent: int | None
    """The unit whose opening words ("obriga-se a:") this one completes."""
    provision: int
    """The index of the unit at the top of the item this one belongs to."""
    above: tuple[str, ...]
    """The labels above it, outermost first."""
    sentences: list[int] = field(default_factory=list)
    opens: bool = False
    """Its text ends with a colon: what follows completes it."""


@dataclass(slots=True)
class Section:
    """What stands between two headings; ``heading`` is the unit of the heading, ``None`` before the first."""

    index: int
    heading: int | None
    level: int
    above: int | None
    units: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Document:
    """The passages, cut up: parallel lists of tokens, sentences, units and sections."""

    passages: Sequence[Passage]
    tokens: list[Token] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    def unit_of(self, sentence: int) -> Unit:
        """The unit in which a sentence stands."""
        return self.units[self.sentences[sentence].unit]

    def opening(self, sentence: int) -> tuple[int, ...]:
        """The sentences whose opening words a sentence completes, nearest first."""
        found: list[int] = []
        unit = self.unit_of(sentence)
        while unit.parent is not None:
            unit = self.units[unit.parent]
            if unit.sentences:
                found.append(unit.sentences[-1])
        return tuple(found)

    def text(self, sentence: int) -> str:
        """The words of a sentence as they stand."""
        piece = self.sentences[sentence]
        return self.passages[piece.passage].text[piece.start : piece.end]

    @property
    def provisions(self) -> int:
        """How many provisions there are, headings not counted."""
        return len({unit.provision for unit in self.units if not unit.heading})


@dataclass(frozen=True, slots=True)
class _Piece:
    passage: int
    start: int
    end: int
    kind: str
    label: str
    rank: int
    heading: bool


def split(passages: Sequence[Passage]) -> Document:
    """Cut passages into units and sentences. Page headers and footers are left out: they repeat."""
    document = Document(passages)
    builder = _Builder(document)
    for index, passage in enumerate(passages):
        if passage.part in {Part.HEADER, Part.FOOTER} or not passage.text.strip():
            continue
        for piece in _pieces(index, passage):
            builder.add(piece)
    return document


def _pieces(index: int, passage: Passage) -> list[_Piece]:
    """Cut one passage where a number stands at its beginning or, in a text on one line, inside it."""
    text = passage.text
    starts = [0]
    for gap in _INLINE.finditer(text):
        at = gap.end()
        mark = _MARK.match(text, at)
        if mark is None or mark.lastgroup in {"bullet", None} or _REFERENCE_BEFORE.search(text, 0, gap.start()):
            continue
        begins = text.startswith("a)", at) and (text[gap.start() - 1].isupper() or text[gap.start() - 1] == ")")
        if mark.lastgroup in {"roman", "letter"} and not begins and not _may_begin_item(text, gap.start(), at):
            continue
        if mark.lastgroup in {"number", "letter"} and "|" not in mark.group() and not _opens_item(text, mark):
            continue
        if mark.lastgroup == "clause" and not text[at].isupper():
            continue
        starts.append(at)
    starts.append(len(text))
    pieces: list[_Piece] = []
    for position, (start, end) in enumerate(pairwise(starts)):
        first = position == 0
        piece = _piece(index, passage, start, end, whole=first and len(starts) == 2, first=first)
        pieces.extend(_untitled(piece, text))
    return [piece for piece in pieces if piece.start < piece.end]


def _may_begin_item(text: str, gap: int, at: int) -> bool:
    """Tell that a letter or roman number may open an item: after a stop, or in brackets."""
    return text[gap - 1] in ":;." or text[at] == "("


def _untitled(piece: _Piece, text: str) -> list[_Piece]:
    """Part a title run into its provision: "Art. 10. Das fichas das crianças. Entregam-se à MANTENEDORA as fichas…"."""
    if piece.heading or piece.kind not in {"plain", "clause", "article", "paragraph", "number", "decimal"}:
        return [piece]
    title = _TITLED.match(text, piece.start, piece.end)
    if title is None:
        return [piece]
    words = title.group().rstrip(".").split()
    if len(words) > _MAX_TITLE_WORDS + 2 or any(_VERB_END.search(word) for word in words):
        return [piece]
    rank = 0 if piece.kind == "plain" else piece.rank
    head = _Piece(piece.passage, piece.start, title.end(), piece.kind, piece.label, rank, heading=True)
    rest = title.end()
    while rest < piece.end and text[rest].isspace():
        rest += 1
    return [head, _Piece(piece.passage, rest, piece.end, "plain", piece.label, _PLAIN, heading=False)]


def _opens_item(text: str, mark: re.Match[str]) -> bool:
    """Tell a number that opens an item from one that ends a sentence ("em 24. A parte…")."""
    if mark.group()[-1:] == ")" or mark.group()[:1] == "(":
        return True
    after = text[mark.end() :].lstrip()[:1]
    return after.isupper() and mark.lastgroup == "number" and not mark.group().rstrip(".) –—-").startswith("0")


def _piece(index: int, passage: Passage, start: int, end: int, *, whole: bool, first: bool) -> _Piece:
    text = passage.text
    while start < end and text[start].isspace():
        start += 1
    if start + 1 < end and text[start] in _QUOTES and _MARK.match(text, start + 1, end) is not None:
        # An amendment quotes the clause it puts in: “CLÁUSULA 17ª-A – PROTEÇÃO DE DADOS…
        start += 1
    label, rank, kind = "", _PLAIN, "plain"
    source = f"{passage.label} " if first and passage.label else ""
    mark = _MARK.match(source) if source else _MARK.match(text, start, end)
    if mark is not None and mark.lastgroup is not None:
        kind = mark.lastgroup
        label = "" if kind == "bullet" else _label(kind, mark.group())
        rank = _RANK[kind]
        if kind == "decimal":
            rank += min(label.count("."), 3) - 1
        if not source:
            start = mark.end() if kind != "clause" else start
    elif source:
        label = passage.label.strip()
    while start < end and (text[start].isspace() or (text[start] in "-–—.:)" and kind != "clause")):
        start += 1
    heading = (first and passage.heading) or _is_heading(text[start:end], kind, whole=whole)
    return _Piece(index, start, end, kind, label, 0 if heading and kind == "plain" else rank, heading)


def _label(kind: str, mark: str) -> str:
    clean = " ".join(mark.split()).strip(" .)(-–—:")
    if kind == "clause":
        return clean.capitalize() if clean.isupper() and " " not in clean else clean
    return clean


def _is_heading(text: str, kind: str, *, whole: bool) -> bool:
    stripped = text.strip()
    words = stripped.split()
    if not stripped or stripped.endswith(_CLOSED):
        return False
    if kind == "clause":
        return len(words) <= _MAX_HEADING_WORDS or not whole
    if kind in {"letter", "roman", "bullet", "paragraph", "article"}:
        return False
    letters = [char for char in _BRACKETED.sub("", stripped) if char.isalpha()]
    upper = bool(letters) and all(char.isupper() for char in letters)
    if kind in {"number", "decimal"}:
        return stripped[:1].isupper() and len(words) <= (_MAX_CAPS_HEADING_WORDS if upper else _MAX_NUMBERED_WORDS)
    return whole and upper and len(words) <= _MAX_CAPS_HEADING_WORDS


class _Builder:
    """Adds pieces to a document, keeping the stack of what is open above."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[Unit] = []
        document.sections.append(Section(0, None, 99, None))

    def add(self, piece: _Piece) -> None:
        """Add a piece: a heading opens a section, anything else a unit in the open one."""
        document = self.document
        rank = self._rank(piece)
        previous = document.units[-1] if document.units else None
        if piece.kind == "plain" and not piece.heading and previous is not None and not previous.heading:
            ends = self._ends(previous)
            if previous.opens or (previous.rank == _LOOSE_ITEM and ends in {";", ","}):
                rank = _LOOSE_ITEM
        while self.stack and self.stack[-1].rank >= rank:
            self.stack.pop()
        if piece.heading:
            level = rank
            above = document.sections[-1]
            while above.heading is not None and above.level >= level and above.above is not None:
                above = document.sections[above.above]
            parent = above.index if above.heading is not None and above.level < level else None
            document.sections.append(Section(len(document.sections), len(document.units), level, parent))
        section = document.sections[-1]
        unit = Unit(
            index=len(document.units),
            rank=rank,
            label=piece.label,
            heading=piece.heading,
            section=section.index,
            parent=None,
            provision=len(document.units),
            above=tuple(open_unit.label for open_unit in self.stack if open_unit.label),
        )
        if not piece.heading and self.stack:
            over = self.stack[-1]
            if over.opens:
                unit.parent = over.index
            below = rank >= _RANK["letter"] or (piece.kind == "decimal" and over.label.count(".") >= 1)
            if below and not over.heading:
                unit.provision = over.provision
        document.units.append(unit)
        section.units.append(unit.index)
        self.stack.append(unit)
        text = document.passages[piece.passage].text
        self._sentences(unit, piece, text)
        unit.opens = text[piece.start : piece.end].rstrip().endswith(":")

    def _rank(self, piece: _Piece) -> int:
        """The rank of a piece; "i)" after "h)" is a letter, "I" after "(h)" too."""
        if piece.kind == "roman" and len(piece.label) == 1:
            before = chr(ord(piece.label.lower()) - 1)
            if any(unit.rank == _RANK["letter"] and unit.label.lower() == before for unit in self.stack):
                return _RANK["letter"]
        return piece.rank

    def _ends(self, unit: Unit) -> str:
        if not unit.sentences:
            return ""
        sentence = self.document.sentences[unit.sentences[-1]]
        return self.document.passages[sentence.passage].text[: sentence.end].rstrip()[-1:]

    def _sentences(self, unit: Unit, piece: _Piece, text: str) -> None:
        document = self.document
        tokens = tokens_of(text[piece.start : piece.end], piece.start)
        cuts = [*_cuts(text, piece.start, piece.end), piece.end]
        begin, cursor, continues = piece.start, 0, False
        for cut in cuts:
            first = cursor
            while cursor < len(tokens) and tokens[cursor].start < cut:
                cursor += 1
            if cursor > first:
                index = len(document.sentences)
                start, end = _trimmed(text, begin, cut)
                sentence = Sentence(
                    index=index,
                    first=len(document.tokens),
                    last=len(document.tokens) + cursor - first,
                    unit=unit.index,
                    passage=piece.passage,
                    start=start,
                    end=end,
                    continues=continues,
                )
                for token in tokens[first:cursor]:
                    document.tokens.append(token)
                    document.folded.append(token.folded)
                    document.sentence_of.append(index)
                document.sentences.append(sentence)
                unit.sentences.append(index)
            continues = text[cut - 1 : cut] == ";"
            begin = cut


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Where sentences end, abbreviations and numbers guarded."""
    cuts: list[int] = []
    for match in _SENTENCE_END.finditer(text, start, end):
        if match.group() == ".":
            before = text[max(start, match.start() - 24) : match.start()]
            word = re.split(r"[\s(“\"]", before)[-1]
            after = text[match.end() : match.end() + 8].lstrip(" \"”’')]")[:1]
            if fold(word) in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()):
                continue
            if word.isdigit() and re.search(r"(?i)\b(?:arts?\.?|itens|item|n[ºo°.]*)\s*\d*$", before):
                continue
            if after and after.islower():
                continue
        cuts.append(match.end())
    return cuts
