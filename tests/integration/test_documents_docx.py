"""Drafts as Word files: reopened, walked, compared byte by byte, and opened by LibreOffice."""

import re
import zipfile
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from clause_library.description import Gap
from clause_library.docx_builder import build_docx
from clause_library.draft import TO_COMPLETE, Blank, CrossReference, Draft, Table, plain
from clause_library.drafting import draft_anexo, draft_termo_aditivo
from contracts.vocabulary import Coverage, Regime, Role
from tests.unit.clause_library.samples import COMPLETE, ON, PARAMETERS, PLAIN, UNKNOWN, described
from tests.unit.clause_library.subject_samples import BARE, FULL, KINDS, drafted

CODE = "K7QM-2XPA-94TD"
JOINT = described(
    role=Role.JOINT_CONTROLLER, operator=replace(PLAIN.operator, regime=Regime.PUBLIC), sensitive=True, children=True
)


def anexo(description=COMPLETE):
    return draft_anexo(description, parameters=PARAMETERS, on=ON)


def aditivo():
    gaps = [Gap("I", Coverage.MISSING), Gap("XI", Coverage.PARTIAL, "conta da confirmação")]
    return draft_termo_aditivo(COMPLETE, gaps, parameters=PARAMETERS, on=ON, number=2)


DRAFTS = {
    "anexo": anexo,
    "anexo with nothing known": lambda: anexo(UNKNOWN),
    "anexo of joint controllers": lambda: anexo(
        described(role=Role.JOINT_CONTROLLER, operator=UNKNOWN.operator, sensitive=True, children=True)
    ),
    "termo aditivo": aditivo,
    **{kind: (lambda kind=kind: drafted(kind)) for kind in KINDS},
    **{f"{kind} with nothing known": (lambda kind=kind: drafted(kind, UNKNOWN, BARE.get(kind))) for kind in KINDS},
    **{f"{kind} of joint controllers": (lambda kind=kind: drafted(kind, JOINT)) for kind in KINDS},
}


@pytest.fixture(params=DRAFTS, scope="module")
def draft(request) -> Draft:
    return DRAFTS[request.param]()


@pytest.fixture(scope="module")
def docx(draft) -> bytes:
    return build_docx(draft, verification_code=CODE)


def shown(element) -> str:
    """The text of an element as a reader sees it, content controls and fields' results included."""
    return "".join(node.text or "" for node in element.iter(qn("w:t"))).replace("\N{NO-BREAK SPACE}", " ")


def paragraphs(docx: bytes) -> list[str]:
    return [shown(paragraph) for paragraph in Document(BytesIO(docx)).element.body.iter(qn("w:p"))]


def expected(draft: Draft) -> list[str]:
    """Every paragraph and cell that the draft promises, in order."""
    lines = [plain(draft.title), *(plain(line) for line in draft.subtitle)]
    if draft.parties:
        lines += cells(draft.parties)
    lines += [plain(line) for line in (*draft.preamble, *draft.recitals)]
    if draft.points_first and draft.points_table:
        lines += cells(draft.points_table)
    for clause in draft.clauses:
        lines.append(clause.title)
        for block in clause.content:
            if isinstance(block, Table):
                lines += cells(block)
            else:
                lines += [plain(paragraph.line) for paragraph in block.walk()]
    if not draft.points_first and draft.points_table:
        lines += cells(draft.points_table)
    lines.append(plain(draft.closing))
    for signature in draft.signatures:
        lines += [plain(signature.name), plain(signature.position), plain(signature.party), plain(signature.capacity)]
    if draft.missing:
        lines += [TO_COMPLETE, *(missing.label for missing in draft.missing)]
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def cells(table: Table) -> list[str]:
    return [table.title, *(plain(cell) for row in (table.header, *table.rows) for cell in row)]


def part(docx: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        return etree.fromstring(archive.read(name))


def test_the_file_holds_every_word_of_the_draft_in_order(draft, docx):
    found = iter(paragraphs(docx))
    for line in expected(draft):
        assert any(line == text for text in found), f"missing, or out of order: {line!r}"


def test_numbers_are_words_own_and_not_typed(draft, docx):
    body = Document(BytesIO(docx)).element.body
    styles = {2: "ClausulaItem", 3: "ClausulaAlinea", 4: "ClausulaInciso"}
    by_style = [
        (paragraph.pPr.pStyle.val.removesuffix("Unido"), shown(paragraph))
        for paragraph in body.iter(qn("w:p"))
        if paragraph.pPr.pStyle.val.removesuffix("Unido") in {"Heading1", *styles.values()}
    ]
    wanted = []
    for clause in draft.clauses:
        wanted.append(("Heading1", clause.title))
        for block in clause.paragraphs:
            wanted += [(styles[paragraph.level], plain(paragraph.line)) for paragraph in block.walk()]
    assert by_style == wanted


def test_each_numbered_style_has_its_level_of_the_one_list(draft, docx):
    numbering, styles = part(docx, "word/numbering.xml"), part(docx, "word/styles.xml")
    levels = {level.find(qn("w:pStyle")).get(qn("w:val")): level for level in numbering.iter(qn("w:lvl"))}

    texts = {style: level.find(qn("w:lvlText")).get(qn("w:val")) for style, level in levels.items()}
    assert texts == {
        "Heading1": "CLÁUSULA %1." if draft.numbering == "clauses" else "%1.",
        "ClausulaItem": "%1.%2",
        "ClausulaAlinea": "%3)",
        "ClausulaInciso": "%4 –",
        "ListaDado": "☐",
    }
    for style in styles.iter(qn("w:style")):
        number = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        style_id = style.get(qn("w:styleId"))
        assert (number is not None) is (style_id in levels), style_id
        if number is not None:
            assert number.find(qn("w:ilvl")).get(qn("w:val")) == levels[style_id].get(qn("w:ilvl"))


def test_every_style_that_the_text_uses_exists(docx):
    known = {style.get(qn("w:styleId")) for style in part(docx, "word/styles.xml").iter(qn("w:style"))}
    for name in ("word/document.xml", "word/header1.xml", "word/footer1.xml"):
        for tag in ("w:pStyle", "w:rStyle", "w:tblStyle"):
            used = {node.get(qn("w:val")) for node in part(docx, name).iter(qn(tag))}
            assert used <= known, name


def test_the_text_carries_no_formatting_of_its_own(docx):
    document = part(docx, "word/document.xml")
    for properties in document.iter(qn("w:rPr")):
        assert [child.tag for child in properties] == [qn("w:rStyle")]
    for properties in document.iter(qn("w:pPr")):
        assert [child.tag for child in properties] == [qn("w:pStyle")]


def test_every_cross_reference_is_a_live_field_to_a_bookmark_that_exists(draft, docx):
    document = part(docx, "word/document.xml")
    names = [mark.get(qn("w:name")) for mark in document.iter(qn("w:bookmarkStart"))]
    ids = [mark.get(qn("w:id")) for mark in document.iter(qn("w:bookmarkStart"))]
    fields = [node.text.split() for node in document.iter(qn("w:instrText")) if " REF " in node.text]

    assert len(set(names)) == len(names)
    assert ids == [
        mark.get(qn("w:id"))
        for mark in sorted(document.iter(qn("w:bookmarkEnd")), key=lambda mark: int(mark.get(qn("w:id"))))
    ]
    assert {field[1] for field in fields} <= set(names)
    assert all("\\h" in field for field in fields)
    wanted = [
        inline.anchor
        for clause in draft.clauses
        for block in clause.paragraphs
        for paragraph in block.walk()
        for inline in paragraph.line
        if isinstance(inline, CrossReference)
    ]
    tables = [block for clause in draft.clauses for block in clause.content if isinstance(block, Table)]
    if draft.points_table:
        tables.append(draft.points_table)
    in_tables = [
        inline
        for table in tables
        for row in table.rows
        for cell in row
        for inline in cell
        if isinstance(inline, CrossReference)
    ]
    assert len(fields) == len(wanted) + len(in_tables)


def test_what_is_missing_is_a_named_content_control_that_stands_out(draft, docx):
    document, header = part(docx, "word/document.xml"), part(docx, "word/header1.xml")
    controls = [*header.iter(qn("w:sdt")), *document.iter(qn("w:sdt"))]
    by_tag = {control.find(f".//{qn('w:tag')}").get(qn("w:val")): control for control in controls}
    labels = {missing.placeholder: missing.label for missing in draft.missing}

    assert set(by_tag) == set(labels)
    for tag, control in by_tag.items():
        assert shown(control) == Blank(tag, labels[tag]).text
        assert control.find(f".//{qn('w:alias')}").get(qn("w:val")) == labels[tag][:64]
        assert control.find(f".//{qn('w:rStyle')}").get(qn("w:val")) == "DadoAInformar"
    ids = [control.find(f".//{qn('w:id')}").get(qn("w:val")) for control in controls]
    assert len(set(ids)) == len(ids)
    style = next(
        style
        for style in part(docx, "word/styles.xml").iter(qn("w:style"))
        if style.get(qn("w:styleId")) == "DadoAInformar"
    )
    assert style.find(f".//{qn('w:shd')}") is not None


def test_what_introduces_a_list_or_a_table_stays_on_its_page_and_a_citation_on_its_line(docx):
    styles = {style.get(qn("w:styleId")): style for style in part(docx, "word/styles.xml").iter(qn("w:style"))}
    united = {style_id for style_id in styles if style_id.endswith("Unido")}
    assert united
    for style_id in united:
        assert styles[style_id].find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None
        assert styles[style_id].find(qn("w:basedOn")).get(qn("w:val")) == style_id.removesuffix("Unido")
    body = Document(BytesIO(docx)).element.body
    for paragraph in body.findall(qn("w:p")):
        if paragraph.pPr.pStyle.val == "ClausulaItem":
            following = paragraph.getnext()
            assert following.pPr.pStyle.val != "ClausulaAlinea"
            assert following.pPr.pStyle.val != "Caption"
    text = "".join(node.text or "" for node in body.iter(qn("w:t")))
    assert not re.search(r"\b(arts?\.|nº) [0-9]", text)


def test_tables_repeat_their_header_and_never_break_a_row(docx):
    tables = Document(BytesIO(docx)).tables
    assert tables
    for table in tables:
        rows = list(table._tbl.iter(qn("w:tr")))
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
        if table.style.name == "Quadro":
            headers = [row for row in rows if row.find(f".//{qn('w:tblHeader')}") is not None]
            assert headers == rows[:1]
            assert table._tbl.find(f".//{qn('w:tblCaption')}").get(qn("w:val"))


def test_the_signatures_keep_together(draft, docx):
    table = Document(BytesIO(docx)).tables[-1]
    assert table.style.name == "Assinaturas"
    styles = part(docx, "word/styles.xml")
    keeping = {
        style.get(qn("w:styleId"))
        for style in styles.iter(qn("w:style"))
        if style.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None
    }
    used = {paragraph.pPr.pStyle.val for paragraph in table._tbl.iter(qn("w:p"))}
    assert used
    assert used <= keeping
    assert "Fecho" in keeping
    assert len(table.columns) == 2
    # A letter is signed by who sends it alone.
    assert len(draft.signatures) in ({1} if draft.document_id == "carta-ao-operador" else {2, 3})
    if draft.points_table is None or draft.points_first:
        closing = next(
            paragraph
            for paragraph in Document(BytesIO(docx)).element.body.findall(qn("w:p"))
            if paragraph.pPr.pStyle.val == "Fecho"
        )
        assert closing.getprevious().pPr.pStyle.val.endswith("Unido")


def test_the_page_is_a4_in_portuguese_with_header_footer_and_page_numbers(draft, docx):
    document = Document(BytesIO(docx))
    section = document.sections[0]

    measures = [section.page_width, section.page_height, section.top_margin, section.left_margin]
    measures += [section.right_margin, section.bottom_margin]
    wanted = [Cm(21), Cm(29.7), Cm(3), Cm(3), Cm(2), Cm(2)]
    assert all(abs(measure - length) < 1000 for measure, length in zip(measures, wanted, strict=True))
    assert shown(part(docx, "word/header1.xml")) == plain(draft.header)
    footer = part(docx, "word/footer1.xml")
    assert [node.text.strip() for node in footer.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]
    assert shown(footer) == (f"Cláusulas: conjunto {draft.clause_set} – Código de verificação: {CODE}Página 1 de 1")
    languages = {node.get(qn("w:val")) for node in part(docx, "word/styles.xml").iter(qn("w:lang"))}
    assert languages == {"pt-BR"}


def test_a_document_without_code_says_that_it_is_a_draft():
    assert "Minuta sem código de verificação" in shown(part(build_docx(anexo()), "word/footer1.xml"))


def test_the_properties_say_what_the_document_is_and_when_it_was_drafted(draft, docx):
    properties = Document(BytesIO(docx)).core_properties

    assert properties.title == plain(draft.title)
    assert properties.author == properties.last_modified_by == "Conselho Nacional de Justiça"
    assert properties.subject == draft.subject
    assert properties.language == "pt-BR"
    assert properties.identifier == CODE
    assert draft.clause_set in properties.keywords
    moment = properties.created
    assert moment.replace(tzinfo=None) == datetime(ON.year, ON.month, ON.day, 12)
    assert properties.modified == moment


def test_the_same_draft_gives_the_same_bytes_and_another_code_gives_others(draft, docx):
    assert build_docx(draft, verification_code=CODE) == docx
    assert build_docx(draft, verification_code="OUTRO") != docx


def test_nothing_of_the_librarys_template_is_left_in_the_file(docx):
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        names = set(archive.namelist())
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        content = b"".join(archive.read(name) for name in names)
    assert names == {
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/core.xml",
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/footer1.xml",
        "word/header1.xml",
        "word/numbering.xml",
        "word/settings.xml",
        "word/styles.xml",
    }
    assert b"python-docx" not in content


@settings(max_examples=25)
@given(st.text(min_size=1, max_size=60), st.text(max_size=60))
def test_any_text_that_a_person_types_makes_a_file_that_opens(name, purpose):
    draft = anexo(described(purpose=purpose, gestor=name))

    texts = paragraphs(build_docx(draft))

    assert [line for line in expected(draft) if line not in texts] == []


# Opened by somebody else's program.


def _pdf_text(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages))


@pytest.mark.parametrize(
    "name",
    ["anexo", "termo aditivo", "anexo with nothing known", *KINDS, *(f"{kind} with nothing known" for kind in FULL)],
)
def test_libreoffice_opens_the_file_numbers_it_as_the_draft_and_resolves_its_references(name, docx_to_pdf):
    draft = DRAFTS[name]()

    text = _pdf_text(docx_to_pdf(build_docx(draft, verification_code=CODE)))

    squeezed = text.replace(" ", "").replace("-", "")
    for clause in draft.clauses:
        assert f"{clause.label}. {clause.title}".replace(" ", "").replace("-", "") in squeezed
        for paragraph in clause.paragraphs:
            opening = plain(paragraph.line).split("[")[0][:40]
            assert f"{paragraph.number}{opening}".replace(" ", "").replace("-", "") in squeezed
    assert "Error" not in text
    assert "Erro:" not in text
    pages = int(re.search(r"Página 1 de (\d+)", text).group(1))
    assert f"Página {pages} de {pages}" in text
    fewest, most = (3, 30) if draft.numbering == "clauses" else (2, 6)
    assert fewest <= pages <= most
    for missing in draft.missing:
        assert missing.label.replace(" ", "").replace("-", "") in squeezed


def test_libreoffice_shows_the_number_of_the_clause_that_is_referred_to(docx_to_pdf):
    text = _pdf_text(docx_to_pdf(build_docx(aditivo())))

    assert "da CLÁUSULA 2 à CLÁUSULA 3, para suprir" in text
    assert "art. 14, XI" in text
    assert "CLÁUSULA 2." in text


def test_the_public_body_and_the_private_company_sign_in_their_own_capacity():
    public = build_docx(anexo(described(operator=replace(PLAIN.operator, regime=Regime.PUBLIC))))
    private = build_docx(anexo(PLAIN))

    assert "Autoridade competente do OPERADOR" in paragraphs(public)
    assert "Representante legal do OPERADOR" in paragraphs(private)
