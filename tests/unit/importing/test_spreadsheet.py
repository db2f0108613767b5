"""Reading spreadsheets that people filled in, and the model they are given."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import AgreementKind, Regime
from tests.rig.cnpj import make_cnpj
from tests.unit.importing.builders import CPF, SELLER, pncp_id, xlsx
from vendor_tracker.importing.columns import COLUMNS, HELP_MARK, column_for
from vendor_tracker.importing.rows import NAME_NOT_INFORMED, UnreadableFile
from vendor_tracker.importing.spreadsheet import read_spreadsheet, template_xlsx
from vendor_tracker.importing.suppliers import INDIVIDUAL

HEADER = (
    "CNPJ", "Razão social", "Tipo", "Nº do contrato", "Processo SEI", "Objeto", "Assinatura", "Início", "Término",
    "Valor global (R$)",
)  # fmt: skip
MASKED = make_cnpj(2).formatted


def line(**changes):
    cells = {
        "CNPJ": MASKED,
        "Razão social": "Fictícia Serviços Ltda.",
        "Tipo": "Contrato",
        "Nº do contrato": "00004/2026",
        "Processo SEI": "01234/2025",
        "Objeto": "Nuvem; e suporte",
        "Assinatura": "15/01/2026",
        "Início": "01/02/2026",
        "Término": "31/01/2028",
        "Valor global (R$)": "1.234.567,89",
    }
    assert set(changes) <= set(cells)
    return [(cells | changes)[title] for title in HEADER]


def csv_of(*lines, delimiter=";", header=HEADER):
    quoted = (
        delimiter.join(f'"{cell}"' if delimiter in str(cell) else str(cell or "") for cell in row) for row in lines
    )
    return "\n".join([delimiter.join(header), *quoted]) + "\n"


def check_the_usual_line(file):
    (agreement,) = file.agreements
    assert file.problems == ()
    assert (file.source, file.read, agreement.row) == ("spreadsheet", 1, 2)
    assert (agreement.operator.cnpj, agreement.operator.name) == (SELLER, "Fictícia Serviços Ltda.")
    assert (agreement.kind, agreement.number, agreement.sei_process) == (
        AgreementKind.CONTRATO,
        "00004/2026",
        "01234/2025",
    )
    assert agreement.object == "Nuvem; e suporte"
    assert (agreement.signed_on, agreement.starts_on) == (date(2026, 1, 15), date(2026, 2, 1))
    assert (agreement.ends_on, agreement.value) == (date(2028, 1, 31), Decimal("1234567.89"))
    assert agreement.external_id == f"{SELLER}:00004/2026"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_in_the_encodings_and_delimiters_people_use(encoding, delimiter):
    check_the_usual_line(read_spreadsheet(csv_of(line(), delimiter=delimiter).encode(encoding), "acordos.csv"))


def test_a_csv_with_windows_line_endings_and_a_separator_line_is_read():
    text = "sep=;\n" + csv_of(line())
    file = read_spreadsheet(text.replace("\n", "\r\n").encode("cp1252"))
    assert (file.agreements[0].row, file.agreements[0].value) == (3, Decimal("1234567.89"))


def test_the_trick_that_keeps_zeros_in_a_csv_is_undone():
    text = csv_of(line(**{"Nº do contrato": "4/2026"})).replace("4/2026", '="00004/2026"')
    assert read_spreadsheet(text.encode()).agreements[0].number == "00004/2026"


def test_an_xlsx_with_text_cells_is_read():
    check_the_usual_line(read_spreadsheet(xlsx([HEADER, line()]), "acordos.xlsx"))


def test_an_xlsx_with_real_dates_numbers_and_day_counts_is_read():
    cells = line(
        Assinatura=datetime(2026, 1, 15, 10, 30),
        Início=date(2026, 2, 1),
        Término=(date(2028, 1, 31) - date(1899, 12, 30)).days,
        **{"Valor global (R$)": 1234567.89},
    )
    check_the_usual_line(read_spreadsheet(xlsx([HEADER, cells])))


def test_a_workbook_that_counts_days_from_1904_gives_the_same_days():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(HEADER)
    sheet.append(line(Início=(date(2026, 2, 1) - date(1904, 1, 1)).days, Término=datetime(2028, 1, 31)))
    out = io.BytesIO()
    book.save(out)
    (agreement,) = read_spreadsheet(out.getvalue()).agreements
    assert (agreement.starts_on, agreement.ends_on) == (date(2026, 2, 1), date(2028, 1, 31))


def test_titles_above_the_header_and_blank_lines_do_no_harm():
    rows = [["Relação de contratos"], [], ["Atualizada em", date(2026, 1, 1)], HEADER, [], line(), [None, "  "], []]
    file = read_spreadsheet(xlsx(rows))
    assert [a.row for a in file.agreements] == [6]
    assert file.read == 1


def test_headers_are_known_whatever_their_accents_case_and_order():
    header = ("NUMERO DO CONTRATO", "fim da vigencia", "INÍCIO DA VIGÊNCIA:", "cnpj do fornecedor *", "Objeto ", "tipo")
    row = ("4/2026", "31/01/2028", "01/02/2026", SELLER, "Nuvem", "contrato")
    (agreement,) = read_spreadsheet(xlsx([header, row])).agreements
    assert (agreement.ends_on, agreement.operator.name) == (date(2028, 1, 31), NAME_NOT_INFORMED)


def test_every_title_and_every_synonym_names_one_column_only():
    for column in COLUMNS:
        assert {column_for(name) for name in (column.title, f"{column.title} ", *column.also)} == {column}


def test_unknown_and_repeated_columns_are_told_and_not_read():
    file = read_spreadsheet(xlsx([[*HEADER, "Cor preferida", "Valor"], [*line(), "azul", "9"]]))
    assert [(p.severity, p.field) for p in file.problems] == [("warning", "Cor preferida"), ("warning", "Valor")]
    assert file.agreements[0].value == Decimal("1234567.89")


def test_a_missing_required_column_is_named():
    with pytest.raises(UnreadableFile, match="Falta na planilha a coluna “Número do instrumento”"):
        read_spreadsheet(b"CNPJ;Objeto\n1;2\n")
    with pytest.raises(UnreadableFile, match=r"“compras\.csv” não tem uma linha de cabeçalho"):
        read_spreadsheet(b"fruta;cor\nuva;roxa\n", "compras.csv")


def test_a_term_written_in_one_cell_is_taken_apart():
    text = f"CNPJ;Contrato;Vigência;Objeto;Tipo\n{SELLER};4/2026;01/02/2026 a 31/01/2028;Nuvem;Contrato\n"
    (agreement,) = read_spreadsheet(text.encode()).agreements
    assert (agreement.starts_on, agreement.ends_on) == (date(2026, 2, 1), date(2028, 1, 31))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"CNPJ": "11.111.111/1111-11"}, "CNPJ"),
        ({"CNPJ": None}, "não tem CNPJ"),
        ({"Nº do contrato": None}, "número do instrumento está em branco"),
        ({"Tipo": "Amizade"}, "tipo de instrumento não é conhecido"),
        ({"Término": "31/01/2025"}, r"fim da vigência \(31/01/2025\) é anterior ao início \(01/02/2026\)"),
        ({"Início": "31/02/2026"}, "não pode ser lida"),
    ],
)
def test_a_wrong_line_is_rejected_with_its_number_and_the_others_go_on(changes, reason):
    good = line(**{"Nº do contrato": "00005/2026"})
    file = read_spreadsheet(xlsx([HEADER, line(**changes), good]))
    assert [a.row for a in file.agreements] == [3]
    (problem,) = file.problems
    assert (problem.row, problem.severity) == (2, "rejected")
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(problem.reason)


def test_an_individual_is_skipped_without_a_trace():
    file = read_spreadsheet(xlsx([HEADER, line(CNPJ=CPF, **{"Razão social": "Maria Fictícia"})]))
    assert [(p.severity, p.reason) for p in file.problems] == [("skipped", INDIVIDUAL)]
    assert "Maria" not in repr(file)
    assert CPF not in repr(file)


def test_a_foreign_operator_needs_no_cnpj():
    header = ("CNPJ do operador", "Nome", "Regime", "País", "Número", "Objeto", "Início", "Fim", "Tipo")
    row = (
        "HRB 12345",
        "Fictional GmbH",
        "Estrangeiro",
        "Alemanha",
        "7/2026",
        "Nuvem",
        "01/02/2026",
        "01/02/2027",
        "Contrato",
    )
    (agreement,) = read_spreadsheet(xlsx([header, row])).agreements
    assert (agreement.operator.foreign_id, agreement.operator.country) == ("HRB 12345", "Alemanha")
    assert agreement.operator.regime is Regime.FOREIGN


def test_the_same_agreement_on_two_lines_is_read_once():
    again = line(CNPJ=SELLER.lower())
    file = read_spreadsheet(xlsx([HEADER, line(), again, line(**{"Nº do contrato": "00005/2026"})]))
    assert [a.row for a in file.agreements] == [2, 4]
    assert [(p.row, p.severity) for p in file.problems] == [(3, "skipped")]


def test_an_empenho_on_a_line_is_left_out_unless_asked_for():
    data = xlsx([HEADER, line(Tipo="Empenho")])
    assert read_spreadsheet(data).count("skipped") == 1
    assert read_spreadsheet(data, include_empenhos=True).agreements[0].is_empenho


def test_a_number_that_the_program_turned_into_a_date_is_rejected_with_advice():
    file = read_spreadsheet(xlsx([HEADER, line(**{"Nº do contrato": date(2026, 4, 1)})]))
    assert "virou uma data" in file.problems[0].reason


def test_a_formula_counts_for_its_result_and_one_without_result_is_told():
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    sheet.write_row(1, 0, line())
    sheet.write_formula(1, 9, "=1000+234.5", None, 1234.5)
    sheet.write_row(2, 0, line(**{"Nº do contrato": "00005/2026"}))
    sheet.write_formula(2, 9, "=1000+234.5", None, "")
    book.close()
    saved = io.BytesIO()
    computed = read_spreadsheet(out.getvalue())
    assert computed.agreements[0].value == Decimal("1234.50")

    opened = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
    opened.save(saved)
    file = read_spreadsheet(saved.getvalue())
    assert [a.value for a in file.agreements] == [None, None]
    assert {(p.severity, p.field) for p in file.problems} == {("warning", "Valor (R$)")}


def test_a_pncp_number_on_the_line_identifies_the_agreement():
    header = [*HEADER, "Nº de controle PNCP"]
    file = read_spreadsheet(
        xlsx([header, [*line(), pncp_id(9)], [*line(**{"Nº do contrato": "00005/2026"}), "quase isso"]])
    )
    assert [(a.pncp_id, a.body_cnpj is not None) for a in file.agreements] == [(pncp_id(9), True), (None, False)]
    assert [p.what_was_read for p in file.problems] == ["quase isso"]


# The model -----------------------------------------------------------------------------------------------------------


def test_the_model_is_the_same_on_every_call_and_reads_back_empty():
    assert template_xlsx() == template_xlsx()
    file = read_spreadsheet(template_xlsx())
    assert (file.agreements, file.problems, file.read) == ((), (), 0)


def test_the_model_filled_with_its_own_examples_is_read_without_a_problem():
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx()))
    book["Acordos"].append([column.example or None for column in COLUMNS])
    out = io.BytesIO()
    book.save(out)
    file = read_spreadsheet(out.getvalue())
    (agreement,) = file.agreements
    assert file.problems == ()
    assert agreement.operator.cnpj == "12ABC34501DE35"
    assert (agreement.row, agreement.number, agreement.ends_on) == (3, "00004/2026", date(2028, 1, 31))


def test_the_model_explains_every_column_and_offers_the_choices():
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx()))
    sheet = book["Acordos"]
    assert [cell.value.rstrip(" *") for cell in sheet[1]] == [column.title for column in COLUMNS]
    assert sheet["A2"].value.startswith(HELP_MARK)
    assert all(cell.value for cell in sheet[2])
    kinds = {rule.type for rule in sheet.data_validations.dataValidation}
    assert kinds == {"list", "date", "decimal"}
    explained = {row[0].value for row in book["Instruções"].iter_rows()}
    assert {column.title for column in COLUMNS} <= explained


# What is refused -----------------------------------------------------------------------------------------------------


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def test_a_decompression_bomb_is_refused_before_it_is_opened():
    bomb = zipped(xl__workbook_dot_xml="<workbook/>", xl__worksheets__sheet1_dot_xml="0" * 20_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(UnreadableFile, match="se expande além do permitido"):
        read_spreadsheet(bomb)


def test_too_many_parts_are_refused():
    many = zipped(xl__workbook_dot_xml="<workbook/>", **{f"xl__part{n}": "x" for n in range(2_001)})
    with pytest.raises(UnreadableFile, match="se expande além do permitido"):
        read_spreadsheet(many)


def test_entities_in_the_parts_are_refused():
    with pytest.raises(UnreadableFile, match="por segurança"):
        read_spreadsheet(zipped(xl__workbook_dot_xml='<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><workbook/>'))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (zipped(word__document_dot_xml="<a/>"), "DOCX"),
        (zipped(content_dot_xml="<a/>"), "ODS"),
        (zipped(leia_dot_txt="oi"), "é um ZIP"),
        (zipped(xl__workbook_dot_xml="<a"), "não pode ser lida"),
        (b"PK\x03\x04 e mais nada", "danificada"),
        (b"CNPJ;N\x00mero", "não é um texto"),
        (b"", "vazio"),
    ],
)
def test_what_is_not_a_spreadsheet_is_refused_with_a_sentence(data, sentence):
    with pytest.raises(UnreadableFile, match=sentence):
        read_spreadsheet(data)


def test_a_spreadsheet_without_end_is_refused():
    text = csv_of(*[line(**{"Nº do contrato": f"{n}/2026"}) for n in range(20_001)])
    with pytest.raises(UnreadableFile, match="mais de 20000 linhas"):
        read_spreadsheet(text.encode())


@given(st.integers(min_value=0, max_value=5_000))
def test_a_workbook_cut_anywhere_is_read_or_refused_with_a_sentence(cut):
    whole = xlsx([HEADER, line()])
    try:
        read_spreadsheet(whole[: len(whole) - 1 - cut % len(whole)])
    except UnreadableFile as refused:
        assert str(refused).endswith(".")  # noqa: PT017, a refusal is one of two right answers.


cells = (
    st.none() | st.text(max_size=20) | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
)


@given(st.lists(st.lists(cells, min_size=10, max_size=10), max_size=4))
def test_lines_with_noise_are_read_or_explained(rows):
    text = csv_of(*[[str(cell).replace('"', "").replace("\n", "") for cell in row] for row in rows])
    try:
        file = read_spreadsheet(text.encode("utf-8", errors="ignore"))
    except UnreadableFile as refused:
        assert str(refused).endswith(".")  # noqa: PT017, a refusal is one of two right answers.
    else:
        assert len(file.agreements) + file.count("rejected") + file.count("skipped") == file.read


def test_a_stated_regime_is_kept_and_an_unknown_one_is_told():
    header = [*HEADER, "Regime"]
    rows = [[*line(**{"Nº do contrato": f"{n}/2026"}), word] for n, word in enumerate(("Público", "PJ", "Misto"))]
    file = read_spreadsheet(xlsx([header, *rows]))
    assert [a.operator.regime for a in file.agreements] == [Regime.PUBLIC, Regime.PRIVATE, Regime.PRIVATE]
    assert [(p.severity, p.what_was_read) for p in file.problems] == [("warning", "Misto")]


def test_a_workbook_protected_by_a_password_says_so():
    data = bytearray(zipped(xl__workbook_dot_xml="<workbook/>"))
    # The encryption bit stands in the entry's flags, in the central directory.
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(UnreadableFile, match="protegida por senha"):
        read_spreadsheet(bytes(data))


def test_a_year_in_its_own_column_completes_the_number():
    header = ("CNPJ", "Nome", "Número", "Ano", "Objeto", "Início", "Fim", "Tipo")
    row = (SELLER, "Fictícia Ltda.", "00004", 2026, "Nuvem", "01/02/2026", "01/02/2027", "Contrato")
    assert read_spreadsheet(xlsx([header, row])).agreements[0].number == "00004/2026"


def test_a_line_with_only_the_essential_is_read_with_warnings():
    file = read_spreadsheet(f"CNPJ;Número\n{SELLER};4/2026\n".encode())
    assert file.agreements[0].kind is AgreementKind.CONTRATO
    assert file.count("warning") == len(file.problems) == 5


def test_only_the_first_sheet_with_a_known_header_is_read():
    book = openpyxl.Workbook()
    book.active.append(["Leia-me"])
    for title in ("Acordos", "Antigos"):
        sheet = book.create_sheet(title)
        sheet.append(HEADER)
        sheet.append(line(Objeto=title))
    out = io.BytesIO()
    book.save(out)
    assert [a.object for a in read_spreadsheet(out.getvalue()).agreements] == ["Acordos"]
