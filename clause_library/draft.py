"""A finished draft: numbered paragraphs, tables, signatures and what is still missing. No Word in it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

TO_COMPLETE = "Dados a completar"
"""The heading of the list that ends a document with blanks."""

TO_COMPLETE_NOTE = (
    "Os dados abaixo não constavam do registro quando este documento foi emitido. O lugar de cada um está destacado no "
    "texto. Depois de completá-los, retire esta página antes da assinatura."
)


@dataclass(frozen=True, slots=True)
class Text:
    """Printed words; ``emphasis`` is "", "em" or "strong"."""

    text: str
    emphasis: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """A fact that nobody has told us; the document asks for it in its place."""

    placeholder: str
    label: str

    @property
    def text(self) -> str:
        """What stands in the document until somebody fills it in."""
        label = self.label
        first_word = label.split(" ", 1)[0]
        return f"[informar: {label if first_word.isupper() else label[0].lower() + label[1:]}]"


@dataclass(frozen=True, slots=True)
class CrossReference:
    """The number of another paragraph of the draft, which Word keeps up to date."""

    anchor: str
    text: str


Inline = Text | Blank | CrossReference
Line = tuple[Inline, ...]


def plain(line: Line) -> str:
    """The line as a reader sees it."""
    return "".join(inline.text for inline in line)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A numbered paragraph. ``level`` 2 is "5.1", 3 is "a)", 4 is "I –"; ``anchor`` names it in the document."""

    level: int
    number: str
    line: Line
    anchor: str
    children: tuple["Paragraph", ...] = ()

    def walk(self) -> Iterator["Paragraph"]:
        """This paragraph and those under it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its number ("Quadro 3") and caption. ``widths`` are shares of the text's width; empty: the usual."""

    number: int
    caption: Line
    header: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[int, ...] = ()

    @property
    def title(self) -> str:
        """The whole caption: "Quadro 3 – Partes e contatos"."""
        return f"Quadro {self.number} – {plain(self.caption)}"


@dataclass(frozen=True, slots=True)
class DraftClause:
    """A clause, or a section, in its place. ``why`` says to whoever reviews the draft why it is in.

    ``own`` tells that it belongs to this document alone and is not in the library; ``heading`` is the number as it is
    printed, "CLÁUSULA 5" in an instrument and "5" in a paper with sections.
    """

    id: str
    version: int
    number: int
    title: str
    anchor: str
    points: tuple[str, ...]
    why: str
    content: tuple[Paragraph | Table, ...]
    own: bool = False
    heading: str = "CLÁUSULA"

    @property
    def label(self) -> str:
        """The number as it is printed: "CLÁUSULA 5", or "5"."""
        return f"{self.heading} {self.number}".strip()

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The items of level 2."""
        return tuple(block for block in self.content if isinstance(block, Paragraph))


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """Which clause serves a point of the Portaria. ``lacks`` says, in a termo aditivo, what the instrument lacked."""

    point: str
    provision: str
    duty: str
    clause_id: str
    clause_number: int
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """One block of the last page."""

    party: Line
    name: Line
    position: Line
    capacity: Line


@dataclass(frozen=True, slots=True)
class MissingField:
    """A fact that the draft asks for: its placeholder, its Portuguese label and its place in the description."""

    placeholder: str
    label: str
    field: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A document ready to be read, printed or turned into Word.

    ``clause_set`` identifies the set that it was made from ("2025-10-20-1a2b3c4d"); ``unserved`` lists the points of
    the gaps that no clause can supply. ``points_table`` stands before the clauses in a termo aditivo (the grounds) and
    after them in an annex (the matrix); other papers have none. ``numbering`` is "clauses" or "sections"; ``binding``
    tells that the document, once signed, is an instrument of the agreement.
    """

    document_id: str
    document_version: int
    on: date
    court: str
    subject: str
    title: Line
    subtitle: tuple[Line, ...]
    header: Line
    preamble: tuple[Line, ...]
    recitals: tuple[Line, ...]
    parties: Table | None
    points_first: bool
    points_table: Table | None
    matrix: tuple[MatrixRow, ...]
    clauses: tuple[DraftClause, ...]
    closing: Line
    signatures: tuple[Signature, ...]
    missing: tuple[MissingField, ...]
    clause_set: str
    clause_set_since: date
    unserved: tuple[str, ...] = ()
    numbering: str = "clauses"
    binding: bool = True

    @property
    def clause_versions(self) -> tuple[tuple[str, int], ...]:
        """The clauses in the document, with their versions, in order."""
        return tuple((clause.id, clause.version) for clause in self.clauses)

    @property
    def text(self) -> str:
        """The whole document as plain text, for a preview, a comparison or a snapshot."""
        return "\n".join(self._lines()) + "\n"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the text, in hexadecimal: the same draft has the same one."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def _lines(self) -> Iterator[str]:
        yield plain(self.title)
        yield from (plain(line) for line in self.subtitle)
        if self.parties is not None:
            yield from table_lines(self.parties)
        yield from (plain(line) for line in self.preamble)
        if self.recitals:
            yield "CONSIDERANDO QUE"
            yield from (plain(line) for line in self.recitals)
        if self.points_first and self.points_table is not None:
            yield from table_lines(self.points_table)
        for clause in self.clauses:
            yield ""
            yield f"{clause.label}. {clause.title}"
            for block in clause.content:
                if isinstance(block, Table):
                    yield from table_lines(block)
                else:
                    for paragraph in block.walk():
                        yield f"{'   ' * (paragraph.level - 2)}{paragraph.number} {plain(paragraph.line)}"
        yield ""
        if not self.points_first and self.points_table is not None:
            yield from table_lines(self.points_table)
        yield plain(self.closing)
        for signature in self.signatures:
            yield ""
            yield from (plain(getattr(signature, part)) for part in ("name", "position", "party", "capacity"))
        if self.missing:
            yield ""
            yield TO_COMPLETE
            yield from (f"- {item.label}" for item in self.missing)


def table_lines(table: Table) -> Iterator[str]:
    """The table as lines of text, cells parted by a bar."""
    yield table.title
    for row in (table.header, *table.rows):
        yield " | ".join(plain(cell) for cell in row)
