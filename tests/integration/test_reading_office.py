"""Reading what other programs made of our documents: LibreOffice prints them, and the reader finds them unchanged."""

from collections.abc import Callable
from io import BytesIO

from docx import Document

from clause_library.docx_builder import build_docx
from clause_library.drafting import draft_anexo
from clause_library.passages import Part
from clause_library.reading import read_file
from clause_library.redline import Fate, compare
from tests.unit.clause_library import samples
from tests.unit.clause_library.word_files import docx, in_list, level, p, r

CODE = "CNJ-ABCD-2345"


def test_our_annex_printed_by_another_program_is_read_page_by_page_and_unchanged(
    docx_to_pdf: Callable[[bytes], bytes],
) -> None:
    draft = draft_anexo(samples.COMPLETE, parameters=samples.PARAMETERS, on=samples.ON)
    word = build_docx(draft, verification_code=CODE)
    issued = read_file(word, "anexo.docx")
    printed = read_file(docx_to_pdf(word), "anexo.pdf")
    found = compare(printed.passages, issued.passages)
    assert [clause.title for clause in found.clauses if clause.fate is not Fate.UNCHANGED] == []
    assert found.same_code
    assert printed.pages
    assert {passage.page for passage in printed.passages} == set(range(1, printed.pages + 1))
    around = [passage for passage in printed.passages if passage.part in {Part.HEADER, Part.FOOTER}]
    assert [passage.part for passage in around] == [Part.HEADER, Part.FOOTER]
    assert CODE in around[1].text
    assert not any("Página" in passage.text for passage in printed.passages)


def test_the_numbers_computed_are_those_that_another_program_prints(docx_to_pdf: Callable[[bytes], bytes]) -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/>'
        + level(0, "CLÁUSULA %1 –")
        + level(1, "%1.%2.")
        + level(2, "%3)", "lowerLetter")
        + level(3, "%4 -", "upperRoman")
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        + '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>'
    )
    places = [(1, 0), (1, 1), (1, 1), (1, 2), (1, 2), (1, 3), (1, 1), (1, 0), (1, 1), (2, 0), (2, 1), (2, 0)]
    body = "".join(
        p(f"parágrafo de número {at} nesta lista de provas.", properties=in_list(number, depth))
        for at, (number, depth) in enumerate(places)
    )
    file = docx(body, filler=False, others={"numbering.xml": ("numbering", numbering)})
    computed = [f"{passage.label} {passage.text}" for passage in read_file(file, "x").passages]
    printed = [passage.text for passage in read_file(docx_to_pdf(file), "x").passages]
    assert printed == computed


def test_a_contract_with_tables_boxes_and_insertions_reads_alike_in_word_and_printed(
    docx_to_pdf: Callable[[bytes], bytes],
) -> None:
    document = Document()
    document.add_heading("CLÁUSULA PRIMEIRA – DO OBJETO", 1)
    text = "A CONTRATADA comunicará ao CONTRATANTE, de imediato, os incidentes que envolvam dados pessoais confiados, "
    for at in range(8):
        document.add_paragraph(f"{at + 1}. {text * 3}sem prejuízo do item {at}.")
    table = document.add_table(3, 3)
    for row in range(3):
        for column in range(3):
            table.cell(row, column).text = f"célula {row}.{column} com algumas palavras dentro dela"
    document.sections[0].footer.paragraphs[0].text = "Contrato nº 7/2026"
    raw = BytesIO()
    document.save(raw)
    word = read_file(raw.getvalue(), "x").passages
    printed = read_file(docx_to_pdf(raw.getvalue()), "x").passages
    assert [(passage.text, passage.part) for passage in printed] == [(passage.text, passage.part) for passage in word]


def test_what_is_deleted_in_word_is_read_by_nobody_and_what_is_inserted_by_everybody(
    docx_to_pdf: Callable[[bytes], bytes],
) -> None:
    tracked = p(
        runs=r("O prazo é de ")
        + '<w:ins w:id="2" w:author="x" w:date="2026-01-01T00:00:00Z">'
        + r("vinte e quatro horas")
        + "</w:ins>"
        + r(", contadas do conhecimento do incidente.")
    )
    file = docx(tracked)
    assert read_file(docx_to_pdf(file), "x").passages[0].text == read_file(file, "x").passages[0].text
