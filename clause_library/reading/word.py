"""DOCX: every word that a reader of the printed file would see, in the order in which he would see it.

Read: text, tables cell by cell, headers, footers, notes, text boxes, tracked insertions, content controls, links, the
results of fields. Left out: tracked deletions and the place that moved text came from, hidden text, the instructions of
fields, comments.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from clause_library.passages import Part
from clause_library.reading.limits import DEEPEST_TABLE, refusal
from clause_library.reading.mending import is_heading
from clause_library.reading.numbering import Numbering
from clause_library.reading.package import Element, Package, Relation
from clause_library.reading.styles import Styles, child, children, is_on, local, value_of, whole
from clause_library.reading.texts import Found, cleaned

_LEFT_OUT = frozenset("del moveFrom instrText delText delInstrText rPr pPr sdtPr sdtEndPr ruby".split())
_SIGNS: Mapping[str, str] = {
    "tab": " ",
    "ptab": " ",
    "br": " ",
    "cr": " ",
    "noBreakHyphen": "-",
    "softHyphen": "",
}
_NOTES_THAT_ARE_NONE = {"separator", "continuationSeparator", "continuationNotice"}
_TYPED_CLAUSE = re.compile(r"(?:CL[ÁA]USULA|Cl[áa]usula|CAP[ÍI]TULO|SUBCL[ÁA]USULA)\s")
_DEEPEST_RUN = 60


def read_docx(data: bytes) -> Found:
    """Return the passages of a DOCX file.

    Raises:
        UnreadableFileError: the file is damaged or hostile.
    """
    found = Found()
    with Package(data) as package:
        main = next(
            (each.target for each in package.relations("").values() if each.kind == "officeDocument"),
            "word/document.xml",
        )
        root = package.part(main)
        body = child(root, "body")
        if body is None:
            raise refusal("corrupted")
        relations = package.relations(main)
        styles = Styles(_related(package, relations, "styles"))
        lists = _related(package, relations, "numbering")

        def story() -> "_Story":
            return _Story(found, styles, Numbering(lists, styles), seen)

        seen = _Seen()
        story().read(body, Part.BODY)
        for name, part in (("header", Part.HEADER), ("footer", Part.FOOTER)):
            _read_margins(package, root, relations, name, part, story)
        for kind in ("footnotes", "endnotes"):
            for note in children(_related(package, relations, kind), kind.removesuffix("s")):
                if _plain_attribute(note, "type") not in _NOTES_THAT_ARE_NONE:
                    story().read(note, Part.NOTE)
        found.notes.extend(seen.sentences())
    return found


def _related(package: Package, relations: Mapping[str, Relation], kind: str) -> Element | None:
    target = next((each.target for each in relations.values() if each.kind == kind), None)
    return None if target is None else package.part(target)


def _read_margins(
    package: Package,
    root: Element,
    relations: Mapping[str, Relation],
    name: str,
    part: Part,
    story: Callable[[], "_Story"],
) -> None:
    """Read the headers or the footers that some section uses, each text once."""
    used = {_plain_attribute(each, "id") for each in root.iter() if local(each) == f"{name}Reference"}
    read: set[str] = set()
    for key, relation in relations.items():
        if relation.kind == name and key in used and relation.target not in read:
            read.add(relation.target)
            story().read(package.part(relation.target), part)


@dataclass(slots=True)
class _Seen:
    """What was left out, for the notes, and what was already said in a margin."""

    margins: set[tuple[Part, str]] = field(default_factory=set)
    deleted: bool = False
    hidden: bool = False
    inserted: bool = False
    embedded: bool = False

    def sentences(self) -> Iterator[str]:
        if self.inserted:
            yield "O arquivo tem alterações controladas; o texto inserido foi lido como se aceito."
        if self.deleted:
            yield "O texto excluído nas alterações controladas ficou de fora."
        if self.hidden:
            yield "O arquivo tem texto oculto, que não aparece impresso e ficou de fora."
        if self.embedded:
            yield "O arquivo traz outro arquivo dentro de si, que não foi lido."


@dataclass(slots=True)
class _Held:
    """A paragraph being gathered; a deleted paragraph mark lets the next one continue it."""

    words: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class _Field:
    """A field that began: its instruction is not text, its result is."""

    in_result: bool = False


class _Story:
    """Reads one story of the file: the text, a header, a note. Fields may reach over its paragraphs."""

    def __init__(self, found: Found, styles: Styles, numbering: Numbering, seen: _Seen) -> None:
        self._found = found
        self._styles = styles
        self._numbering = numbering
        self._seen = seen
        self._fields: list[_Field] = []
        self._held = _Held()

    def read(self, parent: Element | None, part: Part) -> None:
        if parent is not None:
            self._blocks(parent, part, 0)
            self._flush(part)

    def _blocks(self, parent: Element, part: Part, depth: int) -> None:
        if depth > DEEPEST_TABLE:
            raise refusal("nested")
        for each in parent:
            name = local(each)
            if name == "p":
                self._paragraph(each, part, depth)
            elif name == "tbl":
                self._flush(part)
                self._table(each, Part.TABLE if part is Part.BODY else part, depth)
            elif name == "sdt":
                content = child(each, "sdtContent")
                if content is not None:
                    self._blocks(content, part, depth + 1)
            elif name in {"customXml", "ins", "moveTo", "smartTag", "sdtContent"}:
                self._blocks(each, part, depth + 1)
            elif name == "AlternateContent":
                chosen = _chosen(each)
                if chosen is not None:
                    self._blocks(chosen, part, depth + 1)
            elif name == "altChunk":
                self._seen.embedded = True

    def _table(self, table: Element, part: Part, depth: int) -> None:
        for row in _wrapped(table, "tr"):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                self._seen.deleted = True
                continue
            for cell in _wrapped(row, "tc"):
                if child(child(cell, "tcPr"), "cellDel") is not None:
                    self._seen.deleted = True
                    continue
                self._blocks(cell, part, depth + 1)
                self._flush(part)

    def _paragraph(self, paragraph: Element, part: Part, depth: int) -> None:
        properties = child(paragraph, "pPr")
        style = value_of(properties, "pStyle") or self._styles.default
        mark = child(properties, "rPr")
        goes_on = child(mark, "del") is not None or child(mark, "moveFrom") is not None
        if child(mark, "ins") is not None:
            self._seen.inserted = True
        hidden = self._styles.hides(style)
        self._inline(paragraph, hidden, 0)
        if goes_on:
            # It runs into the next paragraph, whose number is printed before both.
            self._seen.deleted = True
            return
        label = self._numbering.label(paragraph)
        level = value_of(properties, "outlineLvl")
        heading = whole(level, 9) < 9 if level else self._styles.is_heading(style)
        self._flush(part, heading=heading, label=label, depth=depth)

    def _flush(self, part: Part, *, heading: bool = False, label: str = "", depth: int = 0) -> None:
        held, self._held = self._held, _Held()
        text = cleaned("".join(held.words))
        repeated = part in {Part.HEADER, Part.FOOTER} and (part, text) in self._seen.margins
        if text and not repeated:
            self._seen.margins.add((part, text))
            typed = _TYPED_CLAUSE.match(text) is not None and is_heading(text)
            self._found.add(text, part=part, heading=heading or typed, label=label)
        for box in held.boxes:
            self._blocks(box, part, depth + 1)
            self._flush(part)

    def _inline(self, parent: Element, hidden: bool, depth: int) -> None:
        if depth > _DEEPEST_RUN:
            raise refusal("nested")
        for each in parent:
            name = local(each)
            if name == "r":
                self._run(each, hidden, depth)
            elif name in _LEFT_OUT:
                if name in {"del", "moveFrom"}:
                    self._seen.deleted = True
            elif name == "sdt":
                content = child(each, "sdtContent")
                if content is not None:
                    self._inline(content, hidden, depth + 1)
            elif name == "AlternateContent":
                chosen = _chosen(each)
                if chosen is not None:
                    self._inline(chosen, hidden, depth + 1)
            elif name == "t":
                self._say(each.text or "")
            elif len(each):  # Insertions, links, simple fields, tags: they only wrap the text inside.
                if name == "ins":
                    self._seen.inserted = True
                self._inline(each, hidden, depth + 1)

    def _run(self, run: Element, hidden: bool, depth: int) -> None:
        properties = child(run, "rPr")
        own = is_on(properties, "vanish")
        style = value_of(properties, "rStyle")
        unseen = own if own is not None else hidden or (bool(style) and self._styles.hides(style))
        for each in run:
            name = local(each)
            if name == "fldChar":
                self._mark_field(_plain_attribute(each, "fldCharType"))
            elif name in _LEFT_OUT:
                continue
            elif name in {"drawing", "pict", "object", "AlternateContent"}:
                self._drawing(each)
            elif unseen:
                self._seen.hidden = self._seen.hidden or (name == "t" and bool((each.text or "").strip()))
            elif name == "t":
                self._say(each.text or "")
            elif name in _SIGNS:
                self._say(_SIGNS[name])
            elif len(each):
                self._inline(each, unseen, depth + 1)

    def _drawing(self, element: Element) -> None:
        """Keep the text boxes of a drawing for after its paragraph; of two forms of the same one, only the first."""
        waiting = [element]
        while waiting:
            each = waiting.pop()
            name = local(each)
            if name == "AlternateContent":
                chosen = _chosen(each)
                if chosen is not None:
                    waiting.append(chosen)
            elif name == "txbxContent":
                self._held.boxes.append(each)
            elif name == "OLEObject":
                self._seen.embedded = True
            else:
                waiting.extend(reversed(each))

    def _mark_field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _say(self, text: str) -> None:
        if all(each.in_result for each in self._fields):
            self._held.words.append(text)


def _wrapped(parent: Element, name: str) -> Iterator[Element]:
    """Return the rows or the cells, which content controls and tracked insertions may wrap."""
    for each in parent:
        found = local(each)
        if found == name:
            yield each
        elif found in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
            yield from _wrapped(each, name)


def _chosen(alternatives: Element) -> Element | None:
    """Return the first form of what the file offers in several."""
    found = child(alternatives, "Choice")
    return found if found is not None else child(alternatives, "Fallback")


def _plain_attribute(element: Element, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), "")
