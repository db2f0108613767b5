"""Reading Word files: what is printed is read, in its order, with the numbers that Word prints; what is not, is not."""

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from clause_library.docx_builder import build_docx
from clause_library.draft import plain
from clause_library.drafting import draft_anexo
from clause_library.passages import Part, ReadFile, UnreadableFileError
from clause_library.reading import read_file
from clause_library.reading.numbering import cardinal, letters, ordinal, roman
from tests.unit.clause_library import samples
from tests.unit.clause_library.word_files import FILLER, STRICT, docx, in_list, level, p, r


def read(body: str, **options: Any) -> ReadFile:
    return read_file(docx(body, **options), "contrato.docx")


def said(body: str, **options: Any) -> list[str]:
    return [passage.text for passage in read(body, **options).passages if passage.text != FILLER]


def labelled(body: str, numbering: str, styles: str = "") -> list[tuple[str, str]]:
    file = read(body, others={"numbering.xml": ("numbering", numbering), "styles.xml": ("styles", styles)})
    return [(passage.label, passage.text) for passage in file.passages if passage.text != FILLER]


# -- what is read ------------------------------------------------------------------------------------------------------


def test_the_file_is_told_by_its_content_and_counted_from_one() -> None:
    file = read_file(docx(p("Primeiro.") + p("") + p("Segundo.")), "foto.png")
    assert file.media_type.endswith("wordprocessingml.document")
    assert (file.name, file.pages) == ("foto.png", None)
    assert [(passage.paragraph, passage.text) for passage in file.passages[:2]] == [(1, "Primeiro."), (2, "Segundo.")]


def test_a_word_broken_into_runs_is_one_word() -> None:
    runs = r("comu") + r("nica", "<w:b/>") + r("ção ime") + r("diata")
    assert said(p(runs=runs)) == ["comunicação imediata"]


def test_tabs_and_line_breaks_are_spaces_and_signs_that_are_not_seen_are_gone() -> None:
    runs = "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/><w:t>e</w:t></w:r>"
    assert said(p(runs=runs)) == ["a b c-de"]
    assert said(p("pro\u200bte\u00adção\u00a0de  dados \ufb01ca")) == ["proteção de dados fica"]


def test_tracked_insertions_are_read_and_deletions_are_not() -> None:
    runs = (
        r("O prazo é de ")
        + '<w:del w:id="1" w:author="x"><w:r><w:delText>72</w:delText></w:r></w:del>'
        + '<w:ins w:id="2" w:author="x">' + r("24") + "</w:ins>"
        + r(" horas.")
    )  # fmt: skip
    file = read(p(runs=runs))
    assert file.passages[0].text == "O prazo é de 24 horas."
    assert any("excluído" in note for note in file.notes)
    assert any("inserido" in note for note in file.notes)


def test_moved_text_is_read_where_it_went_to_and_not_where_it_came_from() -> None:
    left = p(runs=r("A. ") + '<w:moveFrom w:id="1">' + r("Movido.") + "</w:moveFrom>")
    arrived = p(runs=r("B. ") + '<w:moveTo w:id="2">' + r("Movido.") + "</w:moveTo>")
    assert said(left + arrived) == ["A.", "B. Movido."]


def test_a_deleted_paragraph_mark_joins_the_paragraph_with_the_next() -> None:
    mark = '<w:rPr><w:del w:id="1" w:author="x"/></w:rPr>'
    assert said(p("Primeira parte, ", properties=mark) + p("segunda parte.")) == ["Primeira parte, segunda parte."]


def test_a_deleted_row_of_a_table_is_left_out() -> None:
    def row(text: str, properties: str = "") -> str:
        return f"<w:tr><w:trPr>{properties}</w:trPr><w:tc><w:tcPr/>{p(text)}</w:tc></w:tr>"

    rows = row("Fica") + row("Sai", '<w:del w:id="1"/>') + row("Chega", '<w:ins w:id="2"/>')
    assert said(f"<w:tbl>{rows}</w:tbl>") == ["Fica", "Chega"]


def test_content_controls_links_and_tags_only_wrap_the_text() -> None:
    runs = (
        r("CNPJ: ")
        + "<w:sdt><w:sdtPr><w:alias w:val='CNPJ'/><w:text/></w:sdtPr><w:sdtContent>" + r("12.345") + "</w:sdtContent></w:sdt>"
        + '<w:hyperlink r:id="rId9">' + r(" no sítio") + "</w:hyperlink>"
        + "<w:smartTag>" + r(" oficial") + "</w:smartTag>"
    )  # fmt: skip
    block = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('No controle.')}<w:tbl><w:tr><w:tc>{p('Na célula.')}</w:tc></w:tr></w:tbl></w:sdtContent></w:sdt>"
    assert said(p(runs=runs) + block) == ["CNPJ: 12.345 no sítio oficial", "No controle.", "Na célula."]


def test_of_a_field_the_result_is_read_and_the_instruction_is_not() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    nested = (
        mark("begin")
        + "<w:r><w:instrText> PAGE </w:instrText></w:r>"
        + r("oculto")
        + mark("separate")
        + r("7")
        + mark("end")
    )
    runs = (
        r("ver a ")
        + mark("begin")
        + "<w:r><w:instrText>REF x \\r </w:instrText></w:r>"
        + nested
        + mark("separate")
        + r("cláusula 5")
        + mark("end")
    )
    simple = '<w:fldSimple w:instr="SEQ Quadro">' + r("3") + "</w:fldSimple>"
    assert said(p(runs=runs + r(", quadro ") + simple)) == ["ver a cláusula 5, quadro 3"]


def test_a_field_whose_result_runs_over_paragraphs_is_read_in_each() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert said(p(runs=begin + r("Um")) + p("Dois") + p(runs=r("Três") + end) + p("Quatro")) == [
        "Um",
        "Dois",
        "Três",
        "Quatro",
    ]


def test_hidden_text_is_not_read_and_said_to_be_there() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="Oculto"><w:name w:val="Oculto"/><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Filho"><w:basedOn w:val="Oculto"/></w:style>'
    )
    runs = r("Visível. ") + r("Direto. ", "<w:vanish/>") + r("Estilo. ", '<w:rStyle w:val="Filho"/>')
    runs += r("Volta.", '<w:rStyle w:val="Filho"/><w:vanish w:val="0"/>')
    file = read(p(runs=runs), others={"styles.xml": ("styles", styles)})
    assert file.passages[0].text == "Visível. Volta."
    assert file.notes == ("O arquivo tem texto oculto, que não aparece impresso e ficou de fora.",)


def test_tables_are_read_cell_by_cell_and_those_inside_them_too() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{p('c1')}</w:tc><w:tc>{p('c2')}</w:tc></w:tr></w:tbl>"
    table = (
        f"<w:tbl><w:tr><w:tc>{p('a')}{p('a, segunda')}</w:tc><w:tc>{p('b')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{inner}{p('')}</w:tc><w:sdt><w:sdtContent><w:tc>{p('d')}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>"
    )
    file = read(p("Antes") + table + p("Depois"))
    found = [(passage.text, passage.part) for passage in file.passages[:-1]]
    table_texts = ["a", "a, segunda", "b", "c1", "c2", "d"]
    assert found == [("Antes", Part.BODY), *((text, Part.TABLE) for text in table_texts), ("Depois", Part.BODY)]


def test_a_text_box_is_read_once_after_its_paragraph_whatever_forms_it_is_kept_in() -> None:
    box = f"<wps:txbx><w:txbxContent>{p('Na caixa.')}</w:txbxContent></wps:txbx>"
    old = f"<w:pict><v:shape><v:textbox><w:txbxContent>{p('Na caixa.')}</w:txbxContent></v:textbox></v:shape></w:pict>"
    drawing = f"<w:drawing><wp:inline><a:graphic>{box}</a:graphic></wp:inline></w:drawing>"
    both = f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawing}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>'
    assert said(p(runs=r("Âncora ") + both + r("fim.")) + p("Depois.")) == ["Âncora fim.", "Na caixa.", "Depois."]
    assert said(p(runs=r("Velha ") + f"<w:r>{old}</w:r>")) == ["Velha", "Na caixa."]


def test_headers_footers_and_notes_come_last_each_in_its_part_and_once() -> None:
    section = '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/><w:headerReference w:type="first" r:id="rId2"/><w:footerReference w:type="default" r:id="rId3"/></w:sectPr>'
    notes = f'<w:footnote w:type="separator" w:id="-1">{p("traço")}</w:footnote><w:footnote w:id="1">{p("Nota de rodapé.")}</w:footnote>'
    file = read(
        p("Texto.") + p(FILLER) + section,
        filler=False,
        others={
            "header1.xml": ("header", p("Timbre")),
            "header2.xml": ("header", p("Timbre") + p("Capa")),
            "footer1.xml": ("footer", p("Código")),
            "footer2.xml": ("footer", p("Não usado")),
            "footnotes.xml": ("footnotes", notes),
        },
    )
    assert [(passage.text, passage.part) for passage in file.passages[2:]] == [
        ("Timbre", Part.HEADER),
        ("Capa", Part.HEADER),
        ("Código", Part.FOOTER),
        ("Nota de rodapé.", Part.NOTE),
    ]


def test_headings_are_told_by_outline_by_style_and_by_what_is_typed() -> None:
    styles = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Meu"><w:name w:val="Meu"/><w:basedOn w:val="T"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="C"><w:name w:val="Corpo"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
    )
    body = (
        p("Do objeto", style="Meu")
        + p("Direto", properties='<w:outlineLvl w:val="0"/>')
        + p("Corpo", style="C")
        + p("CLÁUSULA PRIMEIRA – DO OBJETO")
        + p("Cláusula 3ª, já citada, vale para todos.")
    )
    file = read(body, others={"styles.xml": ("styles", styles)})
    assert [passage.heading for passage in file.passages] == [True, True, False, True, False, False]


def test_the_strict_form_and_another_name_of_the_main_part_are_read_alike() -> None:
    assert said(p("Estrito."), namespace=STRICT) == ["Estrito."]
    assert said(p("Outro nome."), main="word/documento2.xml") == ["Outro nome."]


def test_what_python_docx_writes_is_read_whole() -> None:
    document = Document()
    document.add_heading("Contrato", 1)
    document.add_paragraph("A CONTRATADA comunicará incidentes de imediato.")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Prazo", "24 horas"
    document.sections[0].header.paragraphs[0].text = "Timbre"
    raw = BytesIO()
    document.save(raw)
    found = read_file(raw.getvalue(), "x.docx").passages
    assert [(passage.text, passage.part) for passage in found] == [
        ("Contrato", Part.BODY),
        ("A CONTRATADA comunicará incidentes de imediato.", Part.BODY),
        ("Prazo", Part.TABLE),
        ("24 horas", Part.TABLE),
        ("Timbre", Part.HEADER),
    ]
    assert found[0].heading


# -- the numbers that Word prints --------------------------------------------------------------------------------------

OURS = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "CLÁUSULA %1.", style="T")
    + level(1, "%1.%2", style="Item")
    + level(2, "%3)", "lowerLetter", style="Alinea")
    + level(3, "%4 –", "upperRoman", style="Inciso")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def styled(style: str, depth: int) -> str:
    return f'<w:style w:type="paragraph" w:styleId="{style}"><w:name w:val="{style}"/><w:pPr>{in_list(1, depth)}</w:pPr></w:style>'


OUR_STYLES = styled("T", 0) + styled("Item", 1) + styled("Alinea", 2) + styled("Inciso", 3)


def test_a_multilevel_list_tied_to_styles_is_numbered_as_word_does() -> None:
    order = "T Item Item Alinea Alinea Inciso Inciso Alinea Item T Item Alinea".split()
    body = "".join(p(f"texto {at}", style=style) for at, style in enumerate(order))
    assert [label for label, _ in labelled(body, OURS, OUR_STYLES)] == [
        "CLÁUSULA 1.", "1.1", "1.2", "a)", "b)", "I –", "II –", "c)", "1.3", "CLÁUSULA 2.", "2.1", "a)",
    ]  # fmt: skip


def test_an_empty_numbered_paragraph_counts_and_one_taken_out_of_the_list_does_not() -> None:
    body = (
        p("um", style="T")
        + p("", style="T")
        + p("fora", style="T", properties='<w:numPr><w:numId w:val="0"/></w:numPr>')
        + p("três", style="T")
    )
    assert labelled(body, OURS, OUR_STYLES) == [("CLÁUSULA 1.", "um"), ("", "fora"), ("CLÁUSULA 3.", "três")]


def test_two_lists_of_one_definition_count_together_and_one_that_starts_anew_does_not() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="7">' + level(0, "%1.") + "</w:abstractNum>"
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = "".join(p(f"t{at}", properties=in_list(number)) for at, number in enumerate((1, 2, 1, 3, 3, 1)))
    assert [label for label, _ in labelled(body, numbering)] == ["1.", "2.", "3.", "5.", "6.", "7."]


def test_a_level_that_never_restarts_goes_on_counting_and_legal_numbers_are_decimal() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0">' + level(0, "%1", "upperRoman")
        + level(1, "%1.%2", more='<w:lvlRestart w:val="0"/><w:isLgl/>')
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )  # fmt: skip
    body = "".join(p(f"t{at}", properties=in_list(1, depth)) for at, depth in enumerate((0, 1, 1, 0, 1)))
    assert [label for label, _ in labelled(body, numbering)] == ["I", "1.1", "1.2", "II", "2.3"]


def test_a_list_style_leads_to_the_list_that_it_names() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0">' + level(0, "Art. %1º") + "</w:abstractNum>"
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Lista"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    styles = (
        f'<w:style w:type="numbering" w:styleId="Lista"><w:name w:val="Lista"/><w:pPr>{in_list(1)}</w:pPr></w:style>'
    )
    assert labelled(p("x", properties=in_list(2)), numbering, styles) == [("Art. 1º", "x")]


def test_a_bullet_is_no_number() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0">'
        + level(0, "\uf0b7", "bullet")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    assert labelled(p("item", properties=in_list(1)), numbering) == [("", "item")]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("decimalZero", "05"),
        ("lowerLetter", "e"),
        ("upperLetter", "E"),
        ("lowerRoman", "v"),
        ("ordinal", "5º"),
        ("ordinalText", "Quinto"),
        ("cardinalText", "Cinco"),
        ("desconhecido", "5"),
    ],
)
def test_each_shape_of_number_is_written_as_word_writes_it(shape: str, expected: str) -> None:
    numbering = f'<w:abstractNum w:abstractNumId="0">{level(0, "%1", shape, start=5)}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    assert labelled(p("x", properties=in_list(1)), numbering) == [(expected, "x")]


def test_words_and_letters_for_numbers() -> None:
    assert [letters(number) for number in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "zz", "aaa"]
    assert [ordinal(number) for number in (1, 10, 15, 21, 99)] == [
        "primeiro",
        "décimo",
        "décimo quinto",
        "vigésimo primeiro",
        "nonagésimo nono",
    ]
    assert [cardinal(number) for number in (0, 14, 20, 99)] == ["zero", "quatorze", "vinte", "noventa e nove"]


@given(st.integers(1, 3999))
def test_roman_numerals_say_their_number(number: int) -> None:
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    signs = [values[sign] for sign in roman(number)]
    total = sum(
        -now if any(now < later for later in signs[at + 1 :]) and now < max(signs[at + 1 :]) else now
        for at, now in enumerate(signs)
    )
    assert total == number


def test_our_own_document_is_read_with_the_numbers_that_its_draft_has() -> None:
    draft = draft_anexo(samples.COMPLETE, parameters=samples.PARAMETERS, on=samples.ON)
    found = read_file(build_docx(draft, verification_code="CNJ-ABCD-2345"), "anexo.docx").passages
    labels = [(passage.label, passage.text) for passage in found if passage.label]
    expected: list[tuple[str, str]] = []
    for clause in draft.clauses:
        expected.append((f"{clause.label}.", clause.title))
        for block in clause.paragraphs:
            expected += [(each.number, " ".join(plain(each.line).split())) for each in block.walk()]
    assert labels == expected
    assert any("CNJ-ABCD-2345" in passage.text for passage in found if passage.part is Part.FOOTER)


# -- what is refused ---------------------------------------------------------------------------------------------------


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        read_file(data, "x.docx")
    assert refused.value.sentence.endswith(".")
    return refused.value.code


def test_a_document_without_text_says_so() -> None:
    assert code_of(docx(p("Oi."), filler=False)) == "empty_text"


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        "<!DOCTYPE x>",
    ],
)
def test_definitions_in_the_xml_are_refused(prolog: str) -> None:
    assert code_of(docx(p("texto"), prolog=prolog)) == "entities"


def test_an_entity_that_names_a_file_is_never_opened(tmp_path: Any) -> None:
    secret = tmp_path / "segredo.txt"
    secret.write_text("senha")
    prolog = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    assert code_of(docx(p("&s;"), prolog=prolog)) == "entities"


def test_elements_in_elements_without_end_are_refused() -> None:
    assert code_of(docx("<w:sdt><w:sdtContent>" * 300 + p("fundo") + "</w:sdtContent></w:sdt>" * 300)) == "nested"
    assert code_of(docx("<w:tbl><w:tr><w:tc>" * 30 + p("fundo") + "</w:tc></w:tr></w:tbl>" * 30)) == "nested"
    deep = "<w:ins>" * 100 + r("fundo") + "</w:ins>" * 100
    assert code_of(docx(p(runs=deep))) == "nested"


def test_damaged_parts_are_refused() -> None:
    whole = docx(p("texto"))
    assert code_of(whole[: len(whole) // 2]) == "corrupted"
    assert code_of(docx("<w:p><w:nao-fecha></w:p>")) == "corrupted"
