"""Reading plain text, and telling what a file is by its content."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.passages import UnreadableFileError
from clause_library.reading import limits, read_file
from clause_library.reading.limits import SENTENCES
from clause_library.reading.texts import cleaned
from tests.unit.clause_library.word_files import FILLER, archive, docx, p

WRAPPED = """CLÁUSULA QUINTA – DOS INCIDENTES

5.1 A CONTRATADA comunicará ao CONTRATANTE, de imediato e por escrito, qual-
quer incidente de segurança que envolva dados pessoais tratados em razão do
contrato, com a descrição da natureza dos dados.
5.2 O prazo previsto no item anterior corre sem interrupção, inclusive à noite e
em fins de semana.
"""


def texts(data: bytes) -> list[str]:
    return [passage.text for passage in read_file(data, "x").passages]


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        read_file(data, "contrato.docx")
    assert refused.value.sentence.startswith(SENTENCES[refused.value.code])
    return refused.value.code


# -- plain text --------------------------------------------------------------------------------------------------------


def test_each_line_is_a_paragraph_where_lines_are_long() -> None:
    lines = [FILLER * 3, "a) curta", "b) também curta"]
    assert texts("\r\n".join(lines).encode()) == lines


def test_lines_broken_at_a_width_are_joined_again() -> None:
    assert texts(WRAPPED.encode()) == [
        "CLÁUSULA QUINTA – DOS INCIDENTES",
        (
            "5.1 A CONTRATADA comunicará ao CONTRATANTE, de imediato e por escrito, qualquer incidente de segurança que "
            "envolva dados pessoais tratados em razão do contrato, com a descrição da natureza dos dados."
        ),
        "5.2 O prazo previsto no item anterior corre sem interrupção, inclusive à noite e em fins de semana.",
    ]
    assert read_file(WRAPPED.encode(), "x").passages[0].heading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_usual_ways_to_write_letters_are_read(encoding: str) -> None:
    file = read_file(f"{FILLER}\nAção, “aspas” e º.".encode(encoding), "x")
    assert [passage.text for passage in file.passages] == [FILLER, "Ação, “aspas” e º."]
    assert (file.media_type, file.pages) == ("text/plain", None)


def test_a_text_that_begins_like_a_picture_is_a_text() -> None:
    assert texts(f"BM é a sigla da parte. {FILLER}".encode()) == [f"BM é a sigla da parte. {FILLER}"]


@given(st.text())
def test_cleaned_text_is_clean_whatever_comes(text: str) -> None:
    found = cleaned(text)
    assert found == cleaned(found)
    assert found == found.strip()
    assert "  " not in found
    found.encode("utf-8")
    assert not any(sign < " " or "\x7f" <= sign < "\xa0" for sign in found)


@given(
    st.lists(
        st.text("abcç ÁÃ.,;", min_size=1).map(lambda text: " ".join(text.split())).filter(bool), min_size=1, max_size=20
    )
)
def test_no_word_of_a_text_is_lost(lines: list[str]) -> None:
    data = "\n".join([FILLER, *lines]).encode()
    assert "".join("".join(texts(data)).split()) == "".join("".join([FILLER, *lines]).split())


# -- what is refused, and why ------------------------------------------------------------------------------------------


def odt() -> bytes:
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"})


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("empty", b""),
        ("old_doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "WordDocument".encode("utf-16-le")),
        ("encrypted", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
        ("unsupported", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),
        ("rtf", b"{\\rtf1\\ansi texto}"),
        ("odt", odt()),
        ("unsupported", archive({"[Content_Types].xml": "<x/>", "_rels/.rels": "<x/>", "xl/workbook.xml": "<x/>"})),
        ("unsupported", archive({"leia.txt": "um"})),
        ("unsupported", b"<!DOCTYPE html><html><body>oi</body></html>"),
        ("unsupported", b"MZ\x90\x00\x03" + bytes(300)),
        ("image", b"\x89PNG\r\n\x1a\n" + bytes(300)),
        ("image", b"\xff\xd8\xff\xe0" + bytes(300)),
        ("corrupted", b"PK\x03\x04" + bytes(100)),
        ("corrupted", b"%PDF-1.7\nnada"),
        ("empty_text", b"Oi."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_other_kind_of_file_gets_its_own_sentence(code: str, data: bytes) -> None:
    assert code_of(data) == code


def test_a_file_past_the_limit_is_not_even_looked_at() -> None:
    assert code_of(b"%PDF-" + bytes(limits.LARGEST_FILE)) == "too_large"


def test_more_text_than_any_instrument_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clause_library.reading.texts.MOST_CHARACTERS", len(FILLER) * 3)
    assert code_of("\n".join([FILLER] * 4).encode()) == "too_long"
    assert len(texts("\n".join([FILLER] * 3).encode())) == 3


def test_more_paragraphs_than_any_instrument_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clause_library.reading.texts.MOST_PASSAGES", 5)
    assert code_of("\n".join([FILLER] * 6).encode()) == "too_long"
    assert len(texts("\n".join([FILLER] * 5).encode())) == 5


# -- archives that grow ------------------------------------------------------------------------------------------------


def test_an_archive_that_grows_too_much_is_never_unpacked() -> None:
    bomb = archive({"word/document.xml": b"0" * (limits.RATIO_COUNTS_FROM * 3)})
    assert len(bomb) < limits.RATIO_COUNTS_FROM
    assert code_of(bomb) == "bomb"


def test_an_archive_with_too_many_parts_is_a_bomb() -> None:
    parts = {f"word/p{at}.xml": "x" for at in range(limits.MOST_ENTRIES + 1)}
    assert code_of(archive(parts)) == "bomb"


def test_parts_that_lie_over_one_another_are_a_bomb() -> None:
    raw = BytesIO()
    with zipfile.ZipFile(raw, "w") as target:
        target.writestr("word/document.xml", b"0" * 10_000)
        first = target.infolist()[0]
        for at in range(9):
            again = zipfile.ZipInfo(f"word/p{at}.xml")
            again.__setattr__("header_offset", first.header_offset)
            for name in ("CRC", "compress_size", "file_size"):
                setattr(again, name, getattr(first, name))
            target.filelist.append(again)
    assert code_of(raw.getvalue()) == "bomb"


def test_a_list_of_contents_that_lies_about_the_size_does_not_help() -> None:
    honest = docx(p("texto " * 20_000))
    size = honest.index(b"word/document.xml")
    lying = bytearray(honest)
    central = honest.rindex(b"PK\x01\x02", 0, honest.rindex(b"word/document.xml"))
    lying[central + 24 : central + 28] = (500).to_bytes(4, "little")
    assert size
    assert code_of(bytes(lying)) == "corrupted"


def test_a_part_larger_than_any_word_document_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clause_library.reading.package.LARGEST_PART", 3_000)
    assert code_of(docx(p("texto " * 1_000))) == "too_long"
    assert texts(docx(p("texto")))[0] == "texto"


def test_a_part_with_a_password_says_so() -> None:
    locked = bytearray(docx(p("texto")))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(sign)
        while at >= 0:
            locked[at + place] |= 1
            at = locked.find(sign, at + 4)
    assert code_of(bytes(locked)) == "encrypted"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"%PDF-1.4\n", b"{\\rtf", bytes.fromhex("d0cf11e0a1b11ae1")):
        try:
            read_file(start + data, "x")
        except UnreadableFileError as error:
            known = error.code in SENTENCES
        else:
            known = True
        assert known


DOCUMENT = docx(p("Texto do contrato."))


@given(st.lists(st.tuples(st.integers(0, len(DOCUMENT) - 1), st.integers(0, 255)), min_size=1, max_size=10))
def test_a_word_file_with_bytes_changed_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    broken = bytearray(DOCUMENT)
    for place, byte in changes:
        broken[place] = byte
    try:
        found = bool(read_file(bytes(broken), "x").passages)
    except UnreadableFileError as error:
        found = error.code in SENTENCES
    assert found
