"""The boletim as a workbook: what the PDF says, in four sheets that can be sorted and filtered.

Every text is written as text, so that nothing on record becomes a formula; a situação is its word with a sign beside,
so that it is read without colour. The same values give the same bytes.
"""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from contracts.vocabulary import LegState, Verdict
from vendor_tracker.reports.batch_index import LONGEST_CELL
from vendor_tracker.reports.boletim_paper import BoletimPaper, agreement_data, identity_of, place_words, title_of
from vendor_tracker.wording.labels import LEG_ORDER, VERDICT_ORDER, label

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

VERDICT_SIGNS: dict[Verdict, str] = {
    Verdict.MET: "●",
    Verdict.PARTIAL: "◐",
    Verdict.UNPROVEN: "○",
    Verdict.BREACHED: "■",
    Verdict.NOT_DUE: "◌",
    Verdict.NOT_APPLICABLE: "–",
}
"""The shapes of the page as signs of Unicode."""

LEG_SIGNS: dict[LegState, str] = {
    LegState.FULL: "■",
    LegState.HALF: "◧",
    LegState.EMPTY: "□",
    LegState.BROKEN: "◪",
    LegState.NONE: "–",
}

Cell = str | int | float | date | None


def boletim_book(paper: BoletimPaper) -> bytes:
    """Return the boletim as XLSX."""
    out = BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    made = datetime.combine(paper.pages[0].on, time())
    book.set_properties({"title": title_of(paper), "created": made})
    writer = _Writer(book, title_of(paper))
    writer.summary(paper)
    writer.obligations(paper)
    writer.requests(paper)
    writer.history(paper)
    book.close()
    return out.getvalue()


class _Writer:
    """Writes the sheets, each with its title row, its widths, its frozen panes and its print setup."""

    def __init__(self, book: Any, title: str) -> None:
        self._book = book
        self._title = title
        top = {"valign": "top", "text_wrap": True}
        self._text = book.add_format(top)
        self._bold = book.add_format({**top, "bold": True})
        self._name = book.add_format({"bold": True, "font_size": 14})
        self._head = book.add_format({**top, "bold": True, "bottom": 1})
        self._day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"})
        self._number = book.add_format({"num_format": "#,##0.##", "valign": "top"})

    def _sheet(self, name: str, columns: Sequence[tuple[str, int]], *, fixed: int = 1) -> Any:
        sheet = self._book.add_worksheet(name)
        for place, (_, width) in enumerate(columns):
            sheet.set_column(place, place, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_header("&L" + self._title.replace("&", "&&")[:200])
        sheet.set_footer("&L&A&RPágina &P de &N")
        if columns and columns[0][0]:
            self._row(sheet, 0, [title for title, _ in columns], self._head)
            sheet.freeze_panes(1, fixed)
            sheet.repeat_rows(0)
        return sheet

    def _row(self, sheet: Any, row: int, values: Sequence[Cell], form: Any = None) -> int:
        for place, value in enumerate(values):
            if value is None or value == "":
                continue
            if isinstance(value, date):
                sheet.write_datetime(row, place, datetime.combine(value, time()), self._day)
            elif isinstance(value, int | float):
                sheet.write_number(row, place, value, form or self._number)
            else:
                clean = "".join(sign for sign in value if sign in "\t\n" or sign >= " ")
                sheet.write_string(row, place, clean[:LONGEST_CELL], form or self._text)
        return row + 1

    def summary(self, paper: BoletimPaper) -> None:
        counts = [(label(one), 12) for one in VERDICT_ORDER]
        columns = [("", 34), ("", 40), ("", 24), ("", 12), *[("", width) for _, width in counts], ("", 12)]
        sheet = self._sheet("Resumo", columns)
        sheet.write_string(0, 0, self._title, self._name)
        row = 2
        for name, said in identity_of(paper.pages[0]):
            sheet.write_string(row, 0, name, self._bold)
            row = self._row(sheet, row, ["", said])
        sheet.write_string(row, 0, "Situação em", self._bold)
        row = self._row(sheet, row, ["", paper.pages[0].on]) + 1
        titles = ["Acordo", "Objeto", "Vigência até", "Pontuação", *[name for name, _ in counts], "Exposição"]
        row = self._row(sheet, row, titles, self._head)
        for page in paper.pages:
            signs = [page.view.verdicts.count(one) for one in VERDICT_ORDER]
            score = page.view.score.value
            tier = label(page.view.exposure.tier)
            row = self._row(sheet, row, [page.label, page.object, page.ends_on, score, *signs, tier])
        if paper.left_out:
            row = self._row(sheet, row, [f"Acordos fora desta planilha: {paper.left_out}"])
        row = self._row(sheet, row + 1, ["Como se chegou à pontuação"], self._bold)
        row = self._row(sheet, row, ["Acordo", "Situação e obrigações", "Pesos", "Soma", "Valor", "Pontos"], self._head)
        for page in paper.pages:
            for line in page.view.score.lines:
                if not line.incisos:
                    continue
                said = f"{_verdict(line.verdict)}: {', '.join(line.incisos)}"
                out = line.factor is None
                row = self._row(
                    sheet,
                    row,
                    [
                        page.label,
                        said,
                        "fora da conta" if out else " + ".join(map(str, line.weights)),
                        None if out else line.weight,
                        None if line.factor is None else float(line.factor),
                        None if out else float(line.points),
                    ],
                )
            sums = agreement_data(page)["sums"]
            formula = sums["formula"] if isinstance(sums, dict) else ""
            row = self._row(sheet, row, [page.label, str(formula)], self._bold)
        self._row(sheet, row + 1, ["Pesos e valores são parâmetros administrativos; a Portaria não os fixa."])

    def obligations(self, paper: BoletimPaper) -> None:
        legs = [(label(leg), 14) for leg in LEG_ORDER]
        columns = [
            ("Acordo", 24), ("Inciso", 8), ("Obrigação", 30), ("Situação", 20), *legs, ("Razões", 60),
            ("Próximo passo", 44), ("Prazo", 12), ("Registros", 36), ("Texto da norma", 60), ("Dispositivo", 26),
        ]  # fmt: skip
        sheet = self._sheet("Obrigações", columns, fixed=3)
        row = 1
        for page in paper.pages:
            for item in (*page.view.obligations, *page.view.further):
                applies = item.verdict is not Verdict.NOT_APPLICABLE
                states = [f"{LEG_SIGNS[one]} {label(one)}" if applies else "–" for one in item.states]
                records = dict.fromkeys(
                    record.label for leg in item.legs for one in leg.sentences for record in one.records
                )
                row = self._row(
                    sheet,
                    row,
                    [
                        page.label, item.inciso, item.title, _verdict(item.verdict), *states,
                        "\n".join(item.reasons) or item.ground, item.action.sentence, item.action.due_on,
                        "\n".join(records) if applies else "", item.law, item.citation,
                    ],
                )  # fmt: skip
        sheet.autofilter(0, 0, max(row - 1, 1), len(columns) - 1)

    def requests(self, paper: BoletimPaper) -> None:
        columns = [
            ("Acordo", 24), ("O que cabe ao operador", 60), ("Dispositivo", 24), ("Registro", 34), ("Prazo", 12),
            ("Dias até o prazo", 16),
        ]  # fmt: skip
        sheet = self._sheet("Requisições", columns)
        row = 1
        for page in paper.pages:
            for one in page.held.asks:
                left = None if one.due_on is None else (one.due_on - page.on).days
                row = self._row(
                    sheet, row, [page.label, one.what, place_words(one.inciso), one.record.label, one.due_on, left]
                )
            for answered in page.requests:
                if answered.record not in {one.record for one in page.held.asks}:
                    row = self._row(
                        sheet,
                        row,
                        [
                            page.label, label(answered.state), place_words(", ".join(answered.incisos)),
                            answered.record.label, answered.due_on,
                        ],
                    )  # fmt: skip
        if row == 1:
            self._row(sheet, row, ["", "Nada pedido ao operador está em aberto."])
        sheet.autofilter(0, 0, max(row - 1, 1), len(columns) - 1)

    def history(self, paper: BoletimPaper) -> None:
        columns = [("Acordo", 24), ("Dia", 12), ("O que aconteceu", 90), ("Registro", 44)]
        sheet = self._sheet("Histórico", columns, fixed=2)
        row = 1
        for page in paper.pages:
            entries = agreement_data(page)["history"]
            for one in entries if isinstance(entries, list) else []:
                row = self._row(sheet, row, [page.label, date.fromisoformat(one["iso"]), one["text"], one["record"]])
        sheet.autofilter(0, 0, max(row - 1, 1), len(columns) - 1)


def _verdict(verdict: Verdict) -> str:
    return f"{VERDICT_SIGNS[verdict]} {label(verdict)}"
