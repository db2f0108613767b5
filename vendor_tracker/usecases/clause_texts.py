"""A clause as people read it on a page: numbered lines, tables, and what differs between two of its versions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Literal

from clause_library.catalogue import Catalogue, Clause
from clause_library.conditions import Condition
from clause_library.differing import word_diff
from clause_library.markup import Block, Item, Line, Reference, Slot, TableSource, Words, letter
from clause_library.phrases import DUTIES

CONDITIONS: Mapping[str, str] = {
    "always": "sempre",
    "sensitive": "há dados sensíveis, ou não se sabe",
    "children": "há dados de crianças ou adolescentes, ou não se sabe",
    "judicial_secrecy": "há dados sob segredo de justiça ou sigilo, ou não se sabe",
    "international_transfer": "há transferência internacional, ou não se sabe",
    "sub_operators": "há suboperadores, ou não se sabe",
    "public_body": "a outra parte é órgão ou entidade de direito público",
    "joint_controllers": "as partes decidem juntas sobre o tratamento (controladores conjuntos)",
    "independent_controller": "a outra parte é controladora independente",
    "audit_performed": "a auditoria se realizou",
    "audit_refused": "a auditoria foi recusada",
    "audit_noticed": "o operador foi avisado da auditoria",
    "audit_checked": "há itens de verificação",
    "audit_findings": "há achados",
    "findings": "a auditoria apontou ações corretivas",
    "data_returned": "os dados são devolvidos",
    "data_disposed": "os dados são descartados",
}
"""When a clause stands in a document, in words that follow "entra quando"."""

OF_AGREEMENTS: Mapping[str, str] = {
    name: words
    for name, words in CONDITIONS.items()
    if name not in {"findings", "data_returned", "data_disposed"} and not name.startswith("audit_")
}
"""Those that can hold of an agreement; the others are about what some documents are about besides it."""

_NEGATED: Mapping[str, str] = {
    "sensitive": "consta que não há dados sensíveis",
    "children": "consta que não há dados de crianças nem de adolescentes",
    "judicial_secrecy": "consta que não há dados sob segredo de justiça nem sigilo",
    "international_transfer": "consta que não há transferência internacional",
    "sub_operators": "consta que não há suboperadores",
    "public_body": "a outra parte não é órgão nem entidade de direito público",
    "joint_controllers": "as partes não são controladoras conjuntas",
    "independent_controller": "a outra parte não é controladora independente",
}

FOLDED = 3
"""From how many on, paragraphs that did not change are folded away in a comparison."""

Fill = Callable[[str], tuple[str, bool]]
"""Gives the words of a field, and whether they are on record; without one, fields are shown by their labels."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """A run of a clause's text.

    ``kind``: ``text``, ``em``, ``strong``, ``slot`` (to be filled in), ``filled`` (a field with its words) or ``ref``.
    """

    kind: str
    text: str
    target: str = ""
    """Id of the clause that a reference leads to; empty within the same clause."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A numbered paragraph: level 2 is "1.", 3 is "a)", 4 is "i)"."""

    level: int
    number: str
    parts: tuple[TextPart, ...]


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of a clause."""

    caption: tuple[TextPart, ...]
    header: tuple[tuple[TextPart, ...], ...]
    rows: tuple[tuple[tuple[TextPart, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class DiffPart:
    """A run of a line of a comparison."""

    kind: Literal["equal", "inserted", "deleted"]
    text: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A paragraph of a comparison. ``changed`` is whether anything in it differs.

    ``number`` is the paragraph's in the new version; in the old one, when the paragraph left.
    """

    level: int
    number: str
    parts: tuple[DiffPart, ...]
    changed: bool


@dataclass(frozen=True, slots=True)
class DiffRun:
    """Neighbouring paragraphs to read, or to fold away because nothing in them changed."""

    changed: bool
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True)
class ChangedField:
    """Something about a clause besides its text that the new version says otherwise."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one version of a clause to another."""

    lines: tuple[DiffLine, ...]
    fields: tuple[ChangedField, ...]

    @property
    def runs(self) -> tuple[DiffRun, ...]:
        """The paragraphs by runs; the unchanged one just before a change stands with it, to show where it is."""
        shown = [
            line.changed or any(near.changed for near in self.lines[position + 1 : position + 2])
            for position, line in enumerate(self.lines)
        ]
        runs: list[DiffRun] = []
        for changed, group in groupby(zip(shown, self.lines, strict=True), key=itemgetter(0)):
            lines = tuple(line for _, line in group)
            # Two paragraphs are read faster than they are unfolded.
            keep = changed or len(lines) < FOLDED
            if runs and keep and runs[-1].changed:
                runs[-1] = DiffRun(True, runs[-1].lines + lines)
            else:
                runs.append(DiffRun(keep, lines))
        return tuple(runs)

    @property
    def is_empty(self) -> bool:
        """Whether the two say the same."""
        return not self.fields and not any(line.changed for line in self.lines)


def condition_in_words(condition: Condition) -> str:
    """Return when a clause applies, as it follows "entra quando"; empty when always."""
    return "" if condition.is_always else _said(condition)


def _said(condition: Condition) -> str:
    if condition.operator == "name":
        return CONDITIONS.get(condition.name, condition.name)
    if condition.operator == "not":
        inner = condition.parts[0]
        if inner.operator == "name" and inner.name in _NEGATED:
            return _NEGATED[inner.name]
        return f"não é o caso de que {_said(inner)}"
    joint = "; e " if condition.operator == "all" else "; ou "
    return joint.join(_said(part) for part in condition.parts)


# A clause, laid out.


def blocks_of(catalogue: Catalogue, clause: Clause, fill: Fill | None = None) -> tuple[TextLine | TextTable, ...]:
    """Lay out a clause in numbered lines and tables; ``fill`` gives the words of its fields."""
    return _Layout(catalogue, fill).blocks(clause.body)


class _Layout:
    def __init__(self, catalogue: Catalogue, fill: Fill | None) -> None:
        self._catalogue = catalogue
        self._fill = fill

    def blocks(self, body: tuple[Block, ...]) -> tuple[TextLine | TextTable, ...]:
        blocks: list[TextLine | TextTable] = []
        position = 0
        for block in body:
            if isinstance(block, TableSource):
                blocks.append(
                    TextTable(
                        self._parts(block.caption),
                        tuple(self._parts(cell) for cell in block.header),
                        tuple(tuple(self._parts(cell) for cell in row) for row in block.rows),
                    )
                )
            else:
                position += 1
                blocks.extend(self._item(block, f"{position}."))
        return tuple(blocks)

    def _item(self, item: Item, number: str) -> list[TextLine]:
        lines = [TextLine(item.level, number, self._parts(item.line))]
        for position, child in enumerate(item.children, start=1):
            lines.extend(self._item(child, f"{letter(position) if child.level == 3 else _small_roman(position)})"))
        return lines

    def _parts(self, line: Line) -> tuple[TextPart, ...]:
        parts = []
        for inline in line:
            if isinstance(inline, Words):
                parts.append(TextPart(inline.emphasis or "text", inline.text))
            elif isinstance(inline, Slot):
                parts.append(self._slot(inline.name))
            else:
                parts.append(self._reference(inline))
        return tuple(parts)

    def _slot(self, name: str) -> TextPart:
        if self._fill is not None:
            words, known = self._fill(name)
            if known:
                return TextPart("filled", words)
        return TextPart("slot", slot_label(self._catalogue, name))

    def _reference(self, inline: Reference) -> TextPart:
        item = f", item {inline.item}" if inline.item else ""
        words = inline.present.replace("#", "").strip() or "cláusula"
        return TextPart("ref", f"{words} “{title_of(self._catalogue, inline.clause)}”{item}", inline.clause)


def _small_roman(number: int) -> str:
    return ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")[number - 1]


def slot_label(catalogue: Catalogue, name: str) -> str:
    """Return what a field is called."""
    placeholders = catalogue.placeholders
    if name in placeholders.parameters:
        return placeholders.parameters[name].label
    return placeholders.facts[name].label


def title_of(catalogue: Catalogue, clause_id: str) -> str:
    """Return the title of the newest version of a clause, or its id when there is none."""
    return next((clause.title for clause in reversed(catalogue.clauses) if clause.id == clause_id), clause_id)


# Two versions, compared.


def difference(catalogue: Catalogue, old: Clause, new: Clause) -> Difference:
    """Compare two versions of a clause: word by word in the text, and everything else that is said otherwise."""
    return Difference(diff_lines(_paragraphs(catalogue, old), _paragraphs(catalogue, new)), _changed_fields(old, new))


Paragraph = tuple[int, str, str]
"""Level, number and words. The words alone are compared: a number only shifts when an item comes in before it."""


def _paragraphs(catalogue: Catalogue, clause: Clause) -> list[Paragraph]:
    lines: list[Paragraph] = []
    for block in blocks_of(catalogue, clause):
        if isinstance(block, TextLine):
            lines.append((block.level, block.number, _words(block.parts)))
        else:
            lines.append((2, "", f"Quadro: {_words(block.caption)}"))
            lines += [(3, "", " | ".join(_words(cell) for cell in row)) for row in (block.header, *block.rows)]
    return lines


def _words(parts: tuple[TextPart, ...]) -> str:
    return "".join(f"[{part.text}]" if part.kind == "slot" else part.text for part in parts)


def diff_lines(old: list[Paragraph], new: list[Paragraph]) -> tuple[DiffLine, ...]:
    """Compare two texts word by word and return the paragraphs of both, in reading order."""
    lines: list[DiffLine] = []
    parts: list[DiffPart] = []
    at_old = at_new = 0

    def close() -> None:
        if parts:
            left = all(part.kind == "deleted" for part in parts)
            level, number, _ = old[at_old] if left else new[at_new]
            lines.append(DiffLine(level, number, tuple(parts), any(part.kind != "equal" for part in parts)))
            parts.clear()

    for segment in word_diff("\n".join(words for *_, words in old), "\n".join(words for *_, words in new)):
        for position, text in enumerate(segment.text.split("\n")):
            if position:
                close()
                at_old += segment.kind != "inserted"
                at_new += segment.kind != "deleted"
            if text:
                parts.append(DiffPart(segment.kind, text))
    close()
    return tuple(lines)


def _changed_fields(old: Clause, new: Clause) -> tuple[ChangedField, ...]:
    pairs = (
        ("Título", old.title, new.title),
        ("Incisos do art. 14", _listed(old.incisos), _listed(new.incisos)),
        ("Formalidades do art. 6º", _formalities(old), _formalities(new)),
        ("Entra", _applies(old), _applies(new)),
        ("Por que está no documento", old.why, new.why),
    )
    return tuple(ChangedField(label, before, after) for label, before, after in pairs if before != after)


def _formalities(clause: Clause) -> str:
    return _listed(tuple(DUTIES.get(formality, formality.value) for formality in clause.formalities))


def _applies(clause: Clause) -> str:
    words = condition_in_words(clause.applies_when)
    return f"quando {words}" if words else "sempre"


def _listed(items: tuple[str, ...]) -> str:
    return ", ".join(items) or "nenhum"


def previous_of(catalogue: Catalogue, clause: Clause) -> Clause | None:
    """Return the version before this one, or ``None`` when it is the first."""
    versions = catalogue.versions_of(clause.id)
    return next((older for older, newer in pairwise(versions) if newer.version == clause.version), None)
