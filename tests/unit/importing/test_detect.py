"""Whatever a person sends, the right reader is found by what the file holds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.importing.builders import (
    SELLER,
    as_json,
    contract,
    envelope,
    federal,
    federal_term,
    open_data,
    pncp_id,
    term,
    xlsx,
)
from vendor_tracker.importing.detect import read_any
from vendor_tracker.importing.rows import ImportFile, UnreadableFile
from vendor_tracker.importing.spreadsheet import template_xlsx

SHEET = [
    ("CNPJ", "Nome", "Número", "Objeto", "Início", "Fim", "Tipo"),
    (SELLER, "Fictícia Ltda.", "4/2026", "Nuvem", "01/02/2026", "01/02/2027", "Contrato"),
]


@pytest.mark.parametrize("name", ["contratos.json", "contratos.csv", "contratos.xlsx", "", "sem extensao"])
@pytest.mark.parametrize(
    ("data", "source", "agreements", "terms"),
    [
        (envelope(contract()), "pncp", 1, 0),
        (b"\xef\xbb\xbf" + envelope(contract()), "pncp", 1, 0),
        (json.dumps([contract()]).encode("utf-16"), "pncp", 1, 0),
        (as_json({pncp_id(): [term()]}), "pncp", 0, 1),
        (as_json({"resultado": [open_data()]}), "dadosabertos", 1, 0),
        (as_json([federal()]), "contratosgov", 1, 0),
        (as_json([federal_term()]), "contratosgov", 0, 1),
        (xlsx(SHEET), "spreadsheet", 1, 0),
        ("\n".join(";".join(row) for row in SHEET).encode("cp1252"), "spreadsheet", 1, 0),
        (template_xlsx(), "spreadsheet", 0, 0),
    ],
)
def test_the_reader_is_chosen_by_content_whatever_the_name(data, source, agreements, terms, name):
    file = read_any(data, name)
    assert (file.source, len(file.agreements), len(file.terms), file.problems) == (source, agreements, terms, ())


def test_the_option_for_empenhos_reaches_every_reader():
    records = {
        "pncp": envelope(contract(tipoContrato={"id": 7, "nome": "Empenho"})),
        "contratosgov": as_json([federal(tipo="Empenho")]),
        "spreadsheet": xlsx([SHEET[0], (*SHEET[1][:-1], "Empenho")]),
    }
    for source, data in records.items():
        assert read_any(data).agreements == ()
        (agreement,) = read_any(data, include_empenhos=True).agreements
        assert (agreement.source, agreement.is_empenho) == (source, True)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "está vazio"),
        (b"%PDF-1.7 ...", "é um PDF"),
        (b"<!DOCTYPE html><html>", "página da internet"),
        (b"\xef\xbb\xbf<html>", "página da internet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "formato antigo"),
        (b"\x1f\x8b\x08...", "compactado"),
        (b"Rar!\x1a\x07", "compactado"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "não é um texto nem uma planilha"),
        (b"[1, 2", "incompleto"),
    ],
)
def test_a_stranger_is_refused_with_what_to_do_next(data, sentence):
    with pytest.raises(UnreadableFile, match=sentence):
        read_any(data, "arquivo")


def test_a_csv_whose_first_column_begins_like_an_archive_is_still_a_csv():
    text = f"Razão social;CNPJ;Número;Objeto;Início;Fim;Tipo\nFictícia;{SELLER};4/2026;Nuvem;01/02/2026;01/02/2027;Contrato\n"
    assert len(read_any(text.encode()).agreements) == 1


def _read_or_refused(data):
    try:
        file = read_any(data, "x")
    except UnreadableFile as refused:
        assert str(refused).endswith(".")  # noqa: PT017, a refusal is one of two right answers.
    else:
        assert isinstance(file, ImportFile)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_with_a_sentence(data):
    _read_or_refused(data)


@given(
    st.sampled_from([b"PK\x03\x04", b"[{", b'{"data":[', b"\xff\xfe", b"sep=;\n", b"CNPJ;Numero\n"]),
    st.binary(max_size=200),
)
def test_bytes_that_begin_well_are_read_or_refused_with_a_sentence(start, data):
    _read_or_refused(start + data)


GOOD = envelope(contract(1), contract(2))


@given(st.integers(min_value=0, max_value=len(GOOD) - 1), st.integers(min_value=0, max_value=255))
def test_one_damaged_byte_never_breaks_the_reading(place, byte):
    _read_or_refused(GOOD[:place] + bytes([byte]) + GOOD[place + 1 :])


@pytest.mark.parametrize(
    ("limit", "data", "sentence"),
    [
        ("vendor_tracker.importing.json_source.MAX_BYTES", GOOD, "Divida a consulta"),
        ("vendor_tracker.importing.tables.MAX_BYTES", xlsx(SHEET), "Divida-a"),
        ("vendor_tracker.importing.tables.MAX_BYTES", b"CNPJ;Objeto\n", "Divida-o"),
    ],
)
def test_a_file_larger_than_the_limit_is_refused_with_advice(monkeypatch, limit, data, sentence):
    monkeypatch.setattr(limit, len(data))
    _read_or_refused(data)
    monkeypatch.setattr(limit, len(data) - 1)
    with pytest.raises(UnreadableFile, match=sentence):
        read_any(data)


def test_the_reasons_are_counted_with_the_most_frequent_first():
    records = [contract(1, niFornecedor=None), contract(2, tipoPessoa="PF"), contract(3, tipoPessoa="PF")]
    file = read_any(envelope(*records))
    assert [(reason[:28], times) for reason, times in file.reasons()] == [
        ("O fornecedor é pessoa física", 2),
        ("O fornecedor não tem CNPJ ne", 1),
    ]
    assert (file.count("skipped"), file.count("rejected"), file.count("warning")) == (2, 1, 0)
