"""A request answered in a spreadsheet: what was typed comes back as it was, and nothing is computed on the way."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rig import papers
from vendor_tracker.reports import request_sheet
from vendor_tracker.reports.request_sheet import (
    ANSWERS,
    CANNOT,
    HIDDEN,
    FilledSheet,
    SheetHead,
    SheetItem,
    SheetUnreadableError,
    cell_text,
    read_sheet,
    write_sheet,
)

HEAD = SheetHead("2026/0151", 2, "Tribunal de Exemplo", "Voz Clara Ltda.", "Contrato 017/2025", date(2026, 11, 30), "")
KINDS = ("Certificado ISO/IEC 27001", "Relatório de auditoria independente")
ITEM = SheetItem(
    7, 1, 1, 3, "ab" * 32, "Certificado", "Envie o certificado.", "Art. 14, V.", KINDS, True, "Antes.", "", ""
)  # fmt: skip


def read(data: bytes) -> FilledSheet:
    """Read in this process, for the many examples of a property; the process apart is tested on its own."""
    return request_sheet._read(data)


def filled(data: bytes, **cells: object) -> bytes:
    """Fill cells of the book as a person would, such as ``D5="Segue."``; a text stays a text."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for name, value in cells.items():
        cell = book[ANSWERS][name]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


TEXTS = st.text(max_size=60) | st.sampled_from(
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1",
        "@SOMA(A1)",
        "{=A1}",
        "007",
        "12/03",
        "_x0041_",
        "a\nb\r\nc",
        "'x",
        "\x00\x1f\uffff",
        "😀",
    ]
)


@settings(max_examples=25)
@given(text=TEXTS, reason=TEXTS, question=TEXTS, kind=st.sampled_from(("", *KINDS)))
def test_what_was_saved_is_written_and_read_back_as_it_was(text: str, reason: str, question: str, kind: str) -> None:
    item = replace(ITEM, text=text, cannot_deliver=reason, question=question, kind=kind)
    found = read(write_sheet(HEAD, [item, replace(ITEM, id=8, position=2)]))
    assert (found.number, found.generation, found.notes) == ("2026/0151", 2, ())
    first, second = found.lines
    assert (first.item_id, first.position, first.round, first.version, first.mark) == (7, 1, 1, 3, "ab" * 32)
    assert first.text == cell_text(text)
    assert first.reason == cell_text(reason)
    assert first.cannot == bool(cell_text(reason))
    assert first.kind == kind
    assert first.asked == request_sheet.asked_words("Certificado", question)
    assert (second.item_id, second.text) == (8, "Antes.")


@settings(max_examples=15)
@given(TEXTS.filter(lambda text: not any(sign < " " and sign not in "\n\t" for sign in text)))
def test_what_a_person_types_is_read_as_it_was_typed(text: str) -> None:
    made = filled(write_sheet(HEAD, [ITEM]), D5=text, E5=KINDS[1])
    [line] = read(made).lines
    assert line.text == cell_text(text)
    assert line.kind == KINDS[1]
    assert line.problems == ()


def test_numbers_days_and_yes_are_read_as_a_person_sees_them() -> None:
    for value, seen in ((12, "12"), (1.5, "1,5"), (datetime(2026, 12, 31), "31/12/2026"), (True, "Sim")):
        [line] = read(filled(write_sheet(HEAD, [ITEM]), D5=value)).lines
        assert line.text == seen


def test_no_cell_of_ours_is_a_formula_and_a_formula_of_theirs_is_refused_and_not_computed() -> None:
    data = write_sheet(HEAD, [replace(ITEM, text="=1+1", question='=HYPERLINK("http://x.example")', kind="=2")])
    parts = zipfile.ZipFile(io.BytesIO(data))
    assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]
    book = openpyxl.load_workbook(io.BytesIO(data))
    book[ANSWERS]["D5"].value = "=1+1"
    out = io.BytesIO()
    book.save(out)
    [line] = read(out.getvalue()).lines
    assert line.text == ""
    assert "fórmula" in line.problems[0]


def test_what_cannot_be_understood_is_said_beside_its_item() -> None:
    made = filled(write_sheet(HEAD, [ITEM]), F5="talvez", D5="x" * 20_001)
    [line] = read(made).lines
    assert line.text == ""
    assert "20.000 caracteres" in line.problems[0]
    assert f"“{CANNOT}”" in line.problems[1]
    [line] = read(filled(write_sheet(HEAD, [ITEM]), F5=CANNOT.upper())).lines
    assert line.cannot
    assert "Falta o motivo" in line.problems[0]


def test_only_the_cells_of_the_answer_can_be_written_and_the_choices_are_lists() -> None:
    data = write_sheet(HEAD, [ITEM, replace(ITEM, id=8, position=2, accepts=KINDS[:1])])
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[ANSWERS]
    assert sheet.protection.sheet
    assert [cell.column_letter for cell in sheet[5] if not cell.protection.locked] == ["D", "E", "F", "G"]
    assert [cell.column_letter for cell in sheet[6] if not cell.protection.locked] == ["D", "F", "G"]
    assert book[HIDDEN].sheet_state == "veryHidden"
    lists = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation if each.type == "list"}
    assert lists == {"E5": f"'{HIDDEN}'!$G$5:$H$5", "F5": f'"{CANNOT}"', "F6": f'"{CANNOT}"'}
    assert tuple(cell.value for cell in book[HIDDEN][5][6:8]) == KINDS


def test_a_book_is_opened_apart_and_what_is_none_of_ours_is_refused_with_a_sentence() -> None:
    assert read_sheet(write_sheet(HEAD, [ITEM])).lines[0].text == "Antes."
    bomb = papers.archive({"xl/workbook.xml": b"0" * (90 << 20)})
    for data, sentence in (
        (papers.xlsx(), "não é a que o portal oferece"),
        (b"PK\x03\x04 nada", "danificada"),
        (bomb, "por segurança"),
        (b"x" * (6 << 20), "passa de 5 MB"),
    ):
        with pytest.raises(SheetUnreadableError, match=sentence):
            read_sheet(data)
