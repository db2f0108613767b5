"""A draft turned into a Word file: true numbering, live cross-references, content controls for what is missing.

Everything that is seen comes from a style; the text carries no formatting of its own. The same draft gives the same
bytes, so that a stored file can be compared with a new one.
"""

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import zip_longest
from types import MappingProxyType

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE as REL
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm
from lxml.etree import SubElement

from clause_library.draft import (
    TO_COMPLETE,
    TO_COMPLETE_NOTE,
    Blank,
    CrossReference,
    Draft,
    DraftClause,
    Line,
    Paragraph,
    Signature,
    Table,
    Text,
    plain,
)

_TEXT_WIDTH = 9071
"""Sixteen centimetres in twentieths of a point: A4 less margins of three and two."""

_TITLE_LINE = 40
"""About how many capitals of a title fit on one line."""

_LEVEL_STYLES = {2: "ClausulaItem", 3: "ClausulaAlinea", 4: "ClausulaInciso"}
_UNITED = "Unido"
"""The ending of the styles that hold a paragraph on the page of what it introduces."""
_EMPHASES = {"em": "Emphasis", "strong": "Strong"}
# Hundredths of the text's width, by number of columns, for tables that do not say; the grounds and the matrix have
# their own.
_WIDTHS = {2: (34, 66), 3: (42, 35, 23), 4: (30, 25, 27, 18)}
_PARTIES_WIDTHS = (20, 38, 42)
_MATRIX_WIDTHS = (18, 62, 20)
_GROUNDS_WIDTHS = (16, 27, 40, 17)
_CITATION = re.compile(r"(?:\barts?\.|\bnº|§) (?=[0-9])")
_SECTION_NUMBER = "%1."
"""How level 1 is numbered in a paper with sections, where an instrument prints "CLÁUSULA 1."."""
_OWN_PARTS = {REL.STYLES: "styles.xml", REL.NUMBERING: "numbering.xml", REL.SETTINGS: "settings.xml"}


def build_docx(draft: Draft, *, verification_code: str | None = None) -> bytes:
    """Write the draft as a DOCX file.

    Args:
        draft: what to write.
        verification_code: the code by which the public page recognises the issued document; without it the footer
            says that the document is a draft.
    """
    document = Document()
    _replace_parts(document, draft.numbering)
    writer = _Writer(document)
    writer.page(draft, verification_code)
    writer.body(draft)
    _properties(document, draft, verification_code)
    raw = BytesIO()
    document.save(raw)
    return _with_fixed_times(raw.getvalue())


def _replace_parts(document: WordDocument, numbering: str) -> None:
    """Put our styles, numbering and settings in the place of the template's, and drop its other parts.

    Nothing of the template's look, language or dates is left over.
    """
    part = document.part
    for relation_id, relation in list(part.rels.items()):
        if relation.reltype not in _OWN_PARTS:
            del part.rels[relation_id]
    for kind, name in _OWN_PARTS.items():
        xml = files("clause_library").joinpath("word", name).read_bytes()
        root = parse_xml(xml)
        if kind == REL.NUMBERING and numbering == "sections":
            root.find(f".//{qn('w:lvlText')}").set(qn("w:val"), _SECTION_NUMBER)
        part.part_related_by(kind)._element = root  # type: ignore[attr-defined]  # noqa: SLF001
    package = part.package
    assert package is not None  # noqa: S101  # A document that python-docx has just opened has a package.
    for relation_id, relation in list(package.rels.items()):
        if relation.reltype not in {REL.OFFICE_DOCUMENT, REL.CORE_PROPERTIES}:
            del package.rels[relation_id]


def _properties(document: WordDocument, draft: Draft, verification_code: str | None) -> None:
    moment = datetime(draft.on.year, draft.on.month, draft.on.day, 12)  # noqa: DTZ001  # python-docx wants it naive.
    properties = document.core_properties
    properties.title = plain(draft.title)
    properties.author = draft.court
    properties.last_modified_by = draft.court
    properties.subject = draft.subject[:255]
    properties.keywords = f"Portaria Presidência CNJ nº 369/2025; cláusulas {draft.clause_set}"
    properties.category = "Proteção de dados pessoais"
    properties.comments = ""
    properties.identifier = verification_code or ""
    properties.language = "pt-BR"
    properties.version = str(draft.document_version)
    properties.revision = 1
    properties.created = moment
    properties.modified = moment


def _with_fixed_times(raw: bytes) -> bytes:
    """Write the same parts again in the same order, all at the first moment that a ZIP file knows."""
    fixed = BytesIO()
    with zipfile.ZipFile(BytesIO(raw)) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, source.read(name), compresslevel=9)
    return fixed.getvalue()


@cache
def _name(tag: str) -> str:
    """The name of a tag or attribute of the ``w`` namespace; a document asks for the same few thousands of times."""
    return qn(f"w:{tag}")


def _element(tag: str, parent: BaseOxmlElement | None = None, **attributes: str | int) -> BaseOxmlElement:
    """Make an element of the ``w`` namespace, with attributes of the same, and append it."""
    # Made inside its parent it shares the parent's namespaces: several times as fast as bringing its own.
    element = OxmlElement(f"w:{tag}") if parent is None else SubElement(parent, _name(tag))
    for name, value in attributes.items():
        element.set(_name(name), str(value))
    return element


def _paragraph(parent: BaseOxmlElement, style: str) -> BaseOxmlElement:
    paragraph = _element("p", parent)
    _element("pStyle", _element("pPr", paragraph), val=style)
    return paragraph


def _run(parent: BaseOxmlElement, text: str, style: str = "") -> BaseOxmlElement:
    run = _element("r", parent)
    if style:
        _element("rStyle", _element("rPr", run), val=style)
    if text:
        words = _element("t", run)
        words.text = _unbroken(text)
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run


def _unbroken(text: str) -> str:
    """Keep "art. 14", "nº 369" and "§ 1º" on one line."""
    return _CITATION.sub(lambda match: f"{match[0][:-1]}\N{NO-BREAK SPACE}", text)


def _keep_last_words(paragraph: BaseOxmlElement) -> None:
    """Let the last two words of a title go to a new line together, so that none stands there alone."""
    for words in list(paragraph.iter(qn("w:t")))[-1:]:
        before, space, last = (words.text or "").rpartition(" ")
        if space:
            words.text = f"{before}\N{NO-BREAK SPACE}{last}"


def _field(parent: BaseOxmlElement, instruction: str, cached: str) -> None:
    """A field with the text that is shown until Word computes it again."""
    _element("fldChar", _element("r", parent), fldCharType="begin")
    code = _element("instrText", _element("r", parent))
    code.text = f" {instruction} "
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    _element("fldChar", _element("r", parent), fldCharType="separate")
    _run(parent, cached)
    _element("fldChar", _element("r", parent), fldCharType="end")


def _widths(table: Table, others: Mapping[int, Sequence[int]] = MappingProxyType({})) -> Sequence[int]:
    """The columns' widths in hundredths: as the table says, or as is usual for as many columns."""
    columns = len(table.header)
    if not table.widths:
        return others.get(columns) or _WIDTHS[columns]
    total = sum(table.widths)
    shares = [width * 100 // total for width in table.widths]
    return [*shares[:-1], 100 - sum(shares[:-1])]


class _Writer:
    """Writes a draft into a document, handing out the ids that bookmarks and content controls need."""

    def __init__(self, document: WordDocument) -> None:
        self._document = document
        self._body = document.element.body
        self._section_end = self._body.sectPr
        self._bookmarks = 0
        self._controls = 0

    # The page.

    def page(self, draft: Draft, verification_code: str | None) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.top_margin, section.left_margin = Cm(3), Cm(3)
        section.right_margin, section.bottom_margin = Cm(2), Cm(2)
        section.header_distance, section.footer_distance = Cm(1.5), Cm(1)
        header, footer = section.header, section.footer
        header.is_linked_to_previous = footer.is_linked_to_previous = False
        top, bottom = header._element, footer._element  # noqa: SLF001  # Paragraphs of our own, by style id.
        for part in (top, bottom):
            for child in list(part):
                part.remove(child)
        self._line(_paragraph(top, "Header"), draft.header)
        first = _paragraph(bottom, "Footer")
        code = "Minuta sem código de verificação"
        if verification_code:
            code = f"Código de verificação: {verification_code}"
        _run(first, f"Cláusulas: conjunto {draft.clause_set} – {code}")
        _element("tab", _element("r", first))
        _run(first, "Página ")
        _field(first, "PAGE", "1")
        _run(first, " de ")
        _field(first, "NUMPAGES", "1")

    # The text.

    def body(self, draft: Draft) -> None:
        title = self._paragraph("Title")
        self._line(title, draft.title)
        if len(plain(draft.title)) > _TITLE_LINE:
            _keep_last_words(title)
        for line in draft.subtitle:
            self._line(self._paragraph("Subtitle"), line)
        if draft.parties is not None:
            self._table(draft.parties, _widths(draft.parties, {3: _PARTIES_WIDTHS}))
            self._spacer()
        for line in draft.preamble:
            self._line(self._paragraph("Preambulo"), line)
        if draft.recitals:
            _run(self._paragraph("Secao"), "Considerando que")
            for line in draft.recitals:
                self._line(self._paragraph("Considerando"), line)
        if draft.points_first and draft.points_table is not None:
            self._table(draft.points_table, _GROUNDS_WIDTHS)
        matrix_follows = not draft.points_first and draft.points_table is not None
        for clause in draft.clauses:
            # The signatures never stand alone on a page: the last words of the text go with them.
            self._clause(clause, closes=clause is draft.clauses[-1] and not matrix_follows)
        if not draft.points_first and draft.points_table is not None:
            _run(self._paragraph("Secao"), "Correspondência com a Portaria")
            self._table(draft.points_table, _MATRIX_WIDTHS)
        self._line(self._paragraph("Fecho"), draft.closing)
        self._signatures(draft.signatures)
        # A document may not end in a table, and a last paragraph lets the signatures' rows keep together.
        self._paragraph("AssinaturaFim")
        if draft.missing:
            _run(self._paragraph("SecaoNovaPagina"), TO_COMPLETE)
            _run(self._paragraph("ListaIntroducao"), TO_COMPLETE_NOTE)
            for missing in draft.missing:
                _run(self._paragraph("ListaDado"), missing.label)

    def _paragraph(self, style: str) -> BaseOxmlElement:
        paragraph = _element("p")
        self._section_end.addprevious(paragraph)
        _element("pStyle", _element("pPr", paragraph), val=style)
        return paragraph

    def _spacer(self) -> None:
        """An empty line of table text, so that a table does not touch the prose after it."""
        self._paragraph("QuadroTexto")

    def _clause(self, clause: DraftClause, *, closes: bool = False) -> None:
        heading = self._paragraph("Heading1")
        with_bookmark = self._bookmark(heading, clause.anchor)
        _run(heading, clause.title)
        heading.append(with_bookmark)
        after_table = False
        for block, following in zip_longest(clause.content, clause.content[1:]):
            if isinstance(block, Table):
                self._table(block, _widths(block))
                after_table = True
                continue
            if after_table:
                self._spacer()
            after_table = False
            *others, last = block.walk()
            for paragraph in others:
                self._numbered(paragraph, introduces=bool(paragraph.children) or isinstance(following, Table))
            self._numbered(last, introduces=isinstance(following, Table) or (closes and following is None))
        if after_table:
            # A heading that follows a table at once is parted from its text at the end of a page by LibreOffice.
            self._paragraph("QuadroFim")

    def _numbered(self, paragraph: Paragraph, *, introduces: bool) -> None:
        element = self._paragraph(_LEVEL_STYLES[paragraph.level] + (_UNITED if introduces else ""))
        end = self._bookmark(element, paragraph.anchor)
        self._line(element, paragraph.line)
        element.append(end)

    def _bookmark(self, paragraph: BaseOxmlElement, name: str) -> BaseOxmlElement:
        """Open a bookmark in the paragraph and return its end, to be appended after the text."""
        self._bookmarks += 1
        _element("bookmarkStart", paragraph, id=self._bookmarks, name=name)
        return _element("bookmarkEnd", id=self._bookmarks)

    def _line(self, paragraph: BaseOxmlElement, line: Line) -> None:
        for inline in line:
            if isinstance(inline, Text):
                _run(paragraph, inline.text, _EMPHASES.get(inline.emphasis, ""))
            elif isinstance(inline, CrossReference):
                # \r is the paragraph's number without its last full stop; \h makes it a link.
                _field(paragraph, f"REF {inline.anchor} \\r \\h", inline.text)
            else:
                self._control(paragraph, inline)

    def _control(self, paragraph: BaseOxmlElement, blank: Blank) -> None:
        """A content control named after the fact it asks for: what is typed in takes the text's own look."""
        self._controls += 1
        control = _element("sdt", paragraph)
        properties = _element("sdtPr", control)
        _element("alias", properties, val=blank.label[:64])
        _element("tag", properties, val=blank.placeholder[:64])
        _element("id", properties, val=self._controls)
        _element("showingPlcHdr", properties)
        _run(_element("sdtContent", control), blank.text, "DadoAInformar")

    # Tables.

    def _table(self, table: Table, widths: Sequence[int]) -> None:
        caption = self._paragraph("Caption")
        _run(caption, "Quadro ")
        _field(caption, "SEQ Quadro \\* ARABIC", str(table.number))
        _run(caption, " – ")
        self._line(caption, table.caption)
        element = self._open_table("Quadro", [_TEXT_WIDTH * width // 100 for width in widths], plain(table.caption))
        self._row(element, table.header, widths, "QuadroCabecalho", header=True)
        for position, row in enumerate(table.rows):
            # Neither the first two rows nor the last one are left alone on a page.
            united = position < 2 or position == len(table.rows) - 2
            self._row(element, row, widths, "QuadroTexto" + (_UNITED if united else ""))

    def _open_table(self, style: str, widths: Sequence[int], description: str) -> BaseOxmlElement:
        table = _element("tbl")
        self._section_end.addprevious(table)
        properties = _element("tblPr", table)
        _element("tblStyle", properties, val=style)
        _element("tblW", properties, w=sum(widths), type="dxa")
        _element("tblLayout", properties, type="fixed")
        _element(
            "tblLook", properties, val="0020", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=1, noVBand=1
        )
        if description:
            # What a screen reader says of the table.
            _element("tblCaption", properties, val=description)
        grid = _element("tblGrid", table)
        for width in widths:
            _element("gridCol", grid, w=width)
        return table

    def _row(
        self, table: BaseOxmlElement, cells: Iterable[Line], widths: Sequence[int], style: str, *, header: bool = False
    ) -> None:
        row = _element("tr", table)
        properties = _element("trPr", row)
        _element("cantSplit", properties)
        if header:
            _element("tblHeader", properties)
        for line, width in zip(cells, widths, strict=True):
            cell = _element("tc", row)
            _element("tcW", _element("tcPr", cell), w=_TEXT_WIDTH * width // 100, type="dxa")
            self._line(_paragraph(cell, style), line)

    def _signatures(self, signatures: Sequence[Signature]) -> None:
        """Two blocks beside each other, never parted by a page."""
        half = _TEXT_WIDTH // 2
        table = self._open_table("Assinaturas", [half, half], "")
        for start in range(0, len(signatures), 2):
            row = _element("tr", table)
            _element("cantSplit", _element("trPr", row))
            pair = [*signatures[start : start + 2], None][:2]
            for signature in pair:
                cell = _element("tc", row)
                _element("tcW", _element("tcPr", cell), w=half, type="dxa")
                if signature is None:
                    _paragraph(cell, "AssinaturaTexto")
                    continue
                self._line(_paragraph(cell, "AssinaturaNome"), signature.name)
                for line in (signature.position, signature.party, signature.capacity):
                    self._line(_paragraph(cell, "AssinaturaTexto"), line)
