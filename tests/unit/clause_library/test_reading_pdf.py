"""Reading PDF files: paragraphs over lines, columns and pages; what runs along the pages kept apart."""

import random
from io import BytesIO

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clause_library.passages import Part, Passage, ReadFile, UnreadableFileError
from clause_library.reading import limits, read_file
from clause_library.reading.mending import Hyphens, begins_provision, ends_sentence, is_heading
from tests.unit.clause_library.pdf_files import LOREM, assembled, shown, typeset, written

SUBJECTS = "incidente auditoria descarte registro acesso titular suboperador prazo comunicação evidência".split()


def paragraphs(number: int) -> list[str]:
    """Different paragraphs of four lines or so."""
    return [
        f"Sobre {SUBJECTS[at % 10]}{' muito' * (at // 10)} relevante, {LOREM[0].lower()}{LOREM[1:]}"
        for at in range(number)
    ]


def read(data: bytes) -> ReadFile:
    return read_file(data, "contrato.pdf")


def texts(data: bytes) -> list[str]:
    return [passage.text for passage in read(data).passages]


def body(found: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in found if passage.part is Part.BODY]


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        read(data)
    return refused.value.code


# -- paragraphs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("justify", [True, False])
@pytest.mark.parametrize("hyphenate", [True, False])
@pytest.mark.parametrize("columns", [1, 2])
def test_lines_become_the_paragraphs_that_were_set(justify: bool, hyphenate: bool, columns: int) -> None:
    wanted = paragraphs(12)
    file = read(typeset("\n\n".join(wanted), justify=justify, hyphenate=hyphenate, columns=columns))
    assert [passage.text for passage in file.passages] == wanted
    assert file.pages in {1, 2}
    assert [passage.paragraph for passage in file.passages] == list(range(1, 13))


def test_a_paragraph_that_runs_over_two_pages_is_one_and_stands_on_the_first() -> None:
    wanted = paragraphs(30)
    file = read(typeset("\n\n".join(wanted)))
    assert file.pages
    assert file.pages > 2
    assert [passage.text for passage in file.passages] == wanted
    pages = [passage.page or 0 for passage in file.passages]
    assert pages == sorted(pages)
    assert set(pages) == set(range(1, file.pages + 1))


def test_numbered_items_stay_apart_even_where_their_lines_are_full() -> None:
    items = [f"1.{at} {text}" for at, text in enumerate(paragraphs(6), start=1)]
    assert texts(typeset("#set par(spacing: 0.65em)\n" + "\n\n".join(items))) == items


def test_a_reference_at_the_start_of_a_line_begins_no_provision() -> None:
    words = "observa-se o que dispõe o item"
    lines = [
        f"Para os fins deste contrato e de tudo o que dele decorre entre as partes, {words}",
        "10.4 deste instrumento, e nada mais.",
    ]
    page = "".join(shown(60, 780 - 14 * at, line) for at, line in enumerate(lines))
    assert texts(written([page])) == [" ".join(lines)]


def test_a_heading_is_told_by_its_words_or_its_weight() -> None:
    markup = f"CLÁUSULA PRIMEIRA – DO OBJETO\n\n{paragraphs(1)[0]}\n\n*Da finalidade*\n\n{paragraphs(2)[1]}"
    assert [passage.heading for passage in read(typeset(markup)).passages] == [True, False, True, False]


def test_the_rows_of_a_table_are_read_cell_by_cell_and_its_header_once() -> None:
    rows = [("Categoria", "Descrição", "Prazo")]
    rows += [
        (f"Dado {at}", f"Nome, CPF e endereço dos servidores que usam o sistema número {at} contratado", f"{at} anos")
        for at in range(2, 40)
    ]
    cells = ", ".join(f"[{cell}]" for row in rows[1:] for cell in row)
    header = ", ".join(f"[{cell}]" for cell in rows[0])
    file = read(
        typeset(
            f"Antes da tabela.\n\n#table(columns: (3cm, 1fr, 2cm), table.header({header}), {cells})\n\nDepois da tabela."
        )
    )
    assert file.pages == 2
    assert [passage.text for passage in file.passages] == [
        "Antes da tabela.",
        *(cell for row in rows for cell in row),
        "Depois da tabela.",
    ]
    assert {passage.part for passage in file.passages[1:-1]} == {Part.TABLE}


def test_columns_that_the_file_holds_line_beside_line_are_read_one_after_the_other() -> None:
    words = iter(" ".join(paragraphs(6)).split())

    def line() -> str:
        held = ""
        while len(held) < 36:
            held += f" {next(words)}"
        return held.strip()

    left = [line() for _ in range(20)]
    right = [line() for _ in range(20)]
    page = "".join(shown(60, 780 - 14 * at, left[at]) + shown(330, 780 - 14 * at, right[at]) for at in range(20))
    assert " ".join(texts(written([page]))) == " ".join(left + right)


def test_lines_that_the_file_holds_out_of_order_are_read_down_the_page() -> None:
    lines = [f"{at:02d} {text[:70]}." for at, text in enumerate(paragraphs(25))]
    rows = [shown(60, 780 - 20 * at, line) for at, line in enumerate(lines)]
    random.Random(3).shuffle(rows)
    found = " ".join(texts(written(["".join(rows)])))
    places = [found.index(f"{at:02d} Sobre") for at in range(25)]
    assert places == sorted(places)


def test_a_page_shown_turned_is_read_and_a_stamp_across_the_margin_is_no_part_of_the_text() -> None:
    lines = [f"{text[:60]} linha {at}." for at, text in enumerate(paragraphs(6))]
    turned = "".join(f"BT /F1 11 Tf 0 1 -1 0 {100 + 20 * at} 60 Tm ({line}) Tj ET\n" for at, line in enumerate(lines))
    assert texts(written([turned], page="/Rotate 90")) == [" ".join(lines)]
    straight = "".join(shown(60, 700 - 20 * at, line) for at, line in enumerate(lines[:3]))
    stamp = "BT /F1 8 Tf 0 1 -1 0 20 100 Tm (Assinado eletronicamente por Fulano) Tj ET\n"
    rest = "".join(shown(60, 700 - 20 * at, line) for at, line in enumerate(lines) if at > 2)
    found = read(written([straight + stamp + rest])).passages
    assert body(found) == [" ".join(lines)]
    assert [passage.text for passage in found if passage.part is Part.FOOTER] == ["Assinado eletronicamente por Fulano"]


def field(x: float, y: float, text: str, *, flags: int = 4) -> str:
    """A field of a form, filled in; flag 4 prints it, flag 2 hides it."""
    stream = f"/Tx BMC BT /F1 11 Tf 1 0 0 1 2 3 Tm ({text}) Tj ET EMC"
    return (
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (campo) /V ({text}) /F {flags} /Rect [{x} {y} {x + 160} {y + 14}] "
        f"/AP << /N {{}} 0 R >> >>|<< /Type /XObject /Subtype /Form /BBox [0 0 160 14] /Resources << /Font << /F1 3 0 R >> >> "
        f"/Length {len(stream)} >>\nstream\n{stream}\nendstream"
    )


def form(stream: str, *fields: str) -> bytes:
    """A page of a form: its fields are objects 6, 8, … and what they show 7, 9, …."""
    parts = [each.split("|") for each in fields]
    names = " ".join(f"{6 + 2 * at} 0 R" for at in range(len(parts)))
    page = "/MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R"
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{names}] >> >>",
        "<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Type /Page /Parent 2 0 R {page} /Annots [{names}] >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    for at, (annotation, shows) in enumerate(parts):
        objects += [annotation.replace("{}", str(7 + 2 * at)), shows]
    return assembled(objects)


def test_what_was_typed_into_the_fields_of_a_form_is_read_where_it_stands() -> None:
    stream = (
        shown(60, 700, "O canal do OPERADOR para incidentes:")
        + shown(60, 686, "endereco")
        + shown(300, 686, "e atende sempre.")
        + shown(60, 640, "Outro paragrafo, inteiro e sem campo.")
    )
    data = form(
        stream,
        field(110, 683, "cert@aurora.example"),
        field(60, 660, "Campo sozinho na linha"),
        field(60, 600, "Oculto", flags=2),
    )
    assert " ".join(texts(data)) == (
        "O canal do OPERADOR para incidentes: endereco cert@aurora.example e atende sempre. Campo sozinho na linha "
        "Outro paragrafo, inteiro e sem campo."
    )


# -- what runs along the pages -----------------------------------------------------------------------------------------


def test_headers_and_footers_are_said_once_and_page_numbers_never() -> None:
    more = (
        "#set page(header: [Contrato nº 7/2026 – CNJ], footer: context [Cláusulas: conjunto 2025 – Código de verificação: "
        "CNJ-ABCD-2345 #h(1fr) Página #counter(page).display() de 4])"
    )
    wanted = paragraphs(30)
    found = read(typeset("\n\n".join(wanted), more=more)).passages
    assert body(found) == wanted
    assert [(passage.text, passage.part) for passage in found if passage.part is not Part.BODY] == [
        ("Contrato nº 7/2026 – CNJ", Part.HEADER),
        ("Cláusulas: conjunto 2025 – Código de verificação: CNJ-ABCD-2345", Part.FOOTER),
    ]


@pytest.mark.parametrize("shape", ["{}", "- {} -", "Página {}", "Pág. {} de 9", "fls. {}", "{}/9"])
def test_a_page_number_alone_is_no_paragraph(shape: str) -> None:
    pages = []
    for number, text in enumerate(paragraphs(3), start=1):
        pages.append(shown(60, 500, f"{text[:60]} assunto {number}.") + shown(290, 30, shape.format(number)))
    assert len(texts(written(pages))) == 3


def test_the_same_words_in_the_middle_of_every_page_are_text() -> None:
    pages = [shown(60, 420, f"{LOREM[:70]}.") for _ in range(5)]
    assert len(texts(written(pages))) == 5


# -- hyphens -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right", "wanted"),
    [
        ("trata os dados pes-", "soais confiados", "trata os dados pessoais confiados"),
        ("deve informar-", "se de imediato", "deve informar-se de imediato"),
        ("deve comunicá-", "los", "deve comunicá-los"),
        ("por isto entende-", "-se o que segue", "por isto entende-se o que segue"),
        ("do pré-", "aviso", "do pré-aviso"),
        ("o Decreto-", "Lei nº 200", "o Decreto-Lei nº 200"),
        ("a CONTRA-", "TANTE paga", "a CONTRATANTE paga"),
        ("o CNJ-", "TI define", "o CNJ-TI define"),
        ("de 2025-", "2026", "de 2025- 2026"),
        ("sem hífen", "no fim", "sem hífen no fim"),
        ("", "só", "só"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_is_mended_unless_it_is_the_words_own(left: str, right: str, wanted: str) -> None:
    assert Hyphens([]).join(left, right) == wanted


def test_the_rest_of_the_file_tells_which_words_have_a_hyphen() -> None:
    assert Hyphens(["o bem-estar de todos"]).join("pelo bem-", "estar geral") == "pelo bem-estar geral"
    assert Hyphens(["um termo sem hífen aqui"]).join("o ter-", "mo assinado") == "o termo assinado"
    assert Hyphens(["que ele informasse a todos"]).join("que informas-", "se logo") == "que informasse logo"


@given(
    st.lists(st.text("abcdefg áé-", min_size=1), max_size=5),
    st.text("abc-", max_size=6),
    st.text("abc-", min_size=1, max_size=6),
)
def test_mending_loses_no_letter(lines: list[str], left: str, right: str) -> None:
    joined = Hyphens(lines).join(left, right)
    assert joined.replace("-", "").replace(" ", "") == (left + right).replace("-", "")


@pytest.mark.parametrize(
    "text",
    [
        "CLÁUSULA QUINTA – DO PRAZO",
        "Art. 5º",
        "§ 1º",
        "5.1 O",
        "10.4. O",
        "a) o",
        "(b) o",
        "IV – o",
        "• item",
        "( ) SIM",
        "Parágrafo único.",
    ],
)
def test_provisions_are_told_by_how_they_begin(text: str) -> None:
    assert begins_provision(text)


@pytest.mark.parametrize(
    "text", ["cláusula 5", "art. 14", "A CONTRATADA", "Artigos", "e) ".strip("e) ") or "o", "2026", "Incidente – aviso"]
)
def test_other_words_begin_no_provision(text: str) -> None:
    assert not begins_provision(text)


def test_ends_and_headings() -> None:
    assert [ends_sentence(text) for text in ("fim.", "item; e", "item;", "lista:", "fim.”", "meio", "e")] == [
        True,
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert [
        is_heading(text)
        for text in ("DO OBJETO", "Cláusula 5. Do objeto", "Cláusula 5 do contrato.", "Do objeto", "I.", "A" * 200)
    ] == [True, True, False, False, False, False]


# -- what is refused ---------------------------------------------------------------------------------------------------


def test_a_scan_without_text_says_so_and_a_page_without_text_is_mentioned() -> None:
    assert code_of(written(["0 0 100 100 re f\n", ""])) == "no_text"
    assert code_of(written([shown(60, 30, "Página 1")])) == "no_text"
    file = read(written([shown(60, 500, LOREM[:90]), "0 0 100 100 re f\n", ""]))
    assert file.notes == ("2 páginas não têm texto (imagem ou página em branco) e não foram lidas.",)


def test_a_file_with_a_password_says_so_and_one_that_only_forbids_copying_is_read() -> None:
    plain = pypdf.PdfWriter(clone_from=BytesIO(typeset(LOREM)))
    plain.encrypt("senha", algorithm="AES-256")
    locked = BytesIO()
    plain.write(locked)
    assert code_of(locked.getvalue()) == "encrypted"
    open_to_read = pypdf.PdfWriter(clone_from=BytesIO(typeset(LOREM)))
    open_to_read.encrypt("", owner_password="dono", algorithm="AES-128")
    restricted = BytesIO()
    open_to_read.write(restricted)
    assert texts(restricted.getvalue()) == [LOREM]


def test_too_many_pages_are_refused_before_any_is_read() -> None:
    many = written([shown(60, 500, LOREM[:80])] * (limits.MOST_PAGES + 1))
    assert code_of(many) == "too_many_pages"
    assert read(written([shown(60, 500, f"{LOREM[:80]} {at}") for at in range(3)])).pages == 3


def test_pages_within_pages_without_end_are_refused() -> None:
    depth = 5_000
    objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    objects += [f"<< /Type /Pages /Count 1 /Kids [{at + 1} 0 R] /Parent {at - 1} 0 R >>" for at in range(2, depth)]
    objects.append(f"<< /Type /Page /Parent {depth - 1} 0 R /MediaBox [0 0 595 842] >>")
    assert code_of(assembled(objects)) in {"corrupted", "no_text"}
    circle = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 3 /Kids [2 0 R 2 0 R 2 0 R] /Parent 2 0 R >>",
    ]
    assert code_of(assembled(circle)) in {"corrupted", "no_text"}


def outcome(data: bytes) -> str:
    try:
        return "read" if read(data).passages else "nothing"
    except UnreadableFileError as error:
        return error.code


def test_a_file_cut_off_is_read_as_far_as_it_goes_or_refused() -> None:
    whole = typeset("\n\n".join(paragraphs(10)))
    assert {outcome(whole[:end]) for end in range(9, len(whole), 997)} <= {"read", "corrupted", "no_text"}


WHOLE = typeset("\n\n".join(paragraphs(3)))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(8, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=20))
def test_a_file_with_bytes_changed_is_read_or_refused_and_nothing_else(changes: list[tuple[int, int]]) -> None:
    broken = bytearray(WHOLE)
    for place, byte in changes:
        broken[place] = byte
    assert outcome(bytes(broken)) in {"read", "corrupted", "no_text", "encrypted", "too_long", "too_many_pages"}
