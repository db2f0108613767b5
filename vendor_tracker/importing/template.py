"""The model spreadsheet: the columns, a line of help, lists to choose from, and a sheet that explains each column."""

import io
from datetime import date, datetime

import xlsxwriter

from vendor_tracker.importing.columns import COLUMNS, HELP_MARK, Column

LINES = 1_000
"""Lines below the help that carry the lists and the checks."""
_FIRST, _LAST = 2, LINES + 1

_MADE_ON = datetime(2026, 1, 1)  # noqa: DTZ001, XLSX keeps no zone. Fixed, so that the same model has the same bytes.


def template_xlsx() -> bytes:
    """Make the model spreadsheet. The same bytes on every call."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties(
        {
            "title": "Modelo de planilha de acordos",
            "subject": "Importação de operadores e acordos de compartilhamento de dados pessoais",
            "created": _MADE_ON,
        }
    )
    ink, rule = "#1F2933", "#9AA5B1"
    head = book.add_format({"bold": True, "font_color": ink, "bottom": 2, "text_wrap": True, "valign": "bottom"})
    aid = book.add_format(
        {"italic": True, "font_color": "#52606D", "text_wrap": True, "valign": "top", "bottom": 1, "bottom_color": rule}
    )
    formats = {
        "text": book.add_format({"num_format": "@"}),
        "day": book.add_format({"num_format": "dd/mm/yyyy"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
    }
    sheet = book.add_worksheet("Acordos")
    sheet.set_row(0, 32)
    sheet.set_row(1, 96)
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width, formats[column.holds])
        sheet.write_string(0, place, f"{column.title} *" if column.required else column.title, head)
        help_text = column.help[:1].upper() + column.help[1:]
        sheet.write_string(1, place, f"{HELP_MARK} {column.help}" if place == 0 else help_text, aid)
        _check_cells(sheet, place, column)
    sheet.freeze_panes(2, 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    _explain(book, head)
    book.close()
    return out.getvalue()


def _check_cells(sheet: "xlsxwriter.worksheet.Worksheet", place: int, column: Column) -> None:
    options: dict[str, object] = {"ignore_blank": True, "error_type": "warning", "error_title": column.title}
    if column.choices:
        options |= {"validate": "list", "source": list(column.choices)}
        options["error_message"] = "Escolha um dos valores da lista."
    elif column.holds == "day":
        options |= {
            "validate": "date",
            "criteria": "between",
            "minimum": date(1950, 1, 1),
            "maximum": date(2200, 12, 31),
        }
        options["error_message"] = "Escreva a data no formato dd/mm/aaaa."
    elif column.holds == "money":
        options |= {"validate": "decimal", "criteria": ">=", "value": 0}
        options["error_message"] = "Escreva o valor em reais, só com números."
    else:
        return
    sheet.data_validation(_FIRST, place, _LAST, place, options)


def _explain(book: "xlsxwriter.Workbook", head: object) -> None:
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("Instruções")
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 13)
    sheet.set_column(2, 2, 70)
    sheet.set_column(3, 3, 36)
    lines = (
        "Preencha a aba “Acordos”, um acordo por linha, a partir da terceira linha. A linha de ajuda pode ficar.",
        "As colunas podem estar em qualquer ordem, e as opcionais podem ser apagadas.",
        "Pessoas físicas não são importadas, e nenhum CPF é guardado. Cadastre-as à mão quando forem operadoras.",
        "Nada é gravado antes de você conferir a prévia.",
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    top = len(lines) + 1
    for place, title in enumerate(("Nome da coluna", "Obrigatória", "O que escrever", "Modelo fictício")):
        sheet.write_string(top, place, title, head)
    for row, column in enumerate(COLUMNS, start=top + 1):
        sheet.write_string(row, 0, column.title, wrap)
        sheet.write_string(row, 1, "Sim" if column.required else "Não", wrap)
        sheet.write_string(row, 2, column.help[:1].upper() + column.help[1:], wrap)
        sheet.write_string(row, 3, column.example, wrap)
