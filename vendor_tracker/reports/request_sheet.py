"""A request as a spreadsheet, for vendors who answer in one: written here, and read back in a process of its own.

The book has three sheets. *Instruções* tells how to fill it. *Respostas* has one line an item; all is locked but the
cells of the answer, and what may only be chosen has a list. A third sheet, which the program hides, says of which
request and link the book is, and carries a keyed mark of each item, made by the caller, so that a line of another
request or of altered questions is recognised. No password locks anything: the marks are what counts.

Whatever was typed is written as text and never as a formula, and no formula is ever computed when the book is read.
"""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from contracts.vocabulary import EvidenceKind
from vendor_tracker.apart import ApartError, RefusedError, run_apart
from vendor_tracker.importing.rows import UnreadableFile

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 5 * 1024 * 1024
"""Bytes of a filled book: thirty items with the longest answers take a fifth of it."""
LONGEST_ANSWER = 20_000
SECONDS = 20
MEMORY_MIB = 768

ANSWERS, HIDDEN, GUIDE = "Respostas", "_requisicao", "Instruções"
FORM = "requisicao-1"
"""What the hidden sheet says the book is; a later shape gets another number."""
CANNOT = "Não consigo entregar"
HEADER = 4
"""Lines above the first item in *Respostas*."""
MOST_LINES = 120

TITLES = (
    "Item",
    "O que se pede",
    "Fundamento e motivo",
    "Resposta",
    "Prova enviada",
    "Não consegue entregar?",
    "Motivo e data em que poderá entregar",
    "Arquivo",
)
WIDTHS = (6, 56, 40, 60, 30, 20, 40, 26)
ANSWER, KIND, CANNOT_COLUMN, REASON = 3, 4, 5, 6
"""Columns that are filled in, from 0."""

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class SheetItem:
    """An item as the book asks it, with what was saved of it. ``accepts``: the words of each proof that would do."""

    id: int
    position: int
    round: int
    version: int
    mark: str
    title: str
    question: str
    ground: str
    accepts: tuple[str, ...]
    wants_file: bool
    text: str
    kind: str
    cannot_deliver: str


@dataclass(frozen=True, slots=True)
class SheetHead:
    """Of which request the book is. ``generation``: which of its links was in force."""

    number: str
    generation: int
    body_name: str
    operator: str
    agreement: str
    due_on: date
    most_days: str
    """Until when the portal takes it, in words."""


@dataclass(frozen=True, slots=True)
class FilledLine:
    """A line as it came back. What could not be read is in ``problems``, and its value is then empty."""

    item_id: int
    position: int
    round: int
    version: int
    mark: str
    asked: str
    """The words of the question as they now stand in the book."""
    text: str
    kind: str
    cannot: bool
    reason: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A book as it came back."""

    number: str
    generation: int
    lines: tuple[FilledLine, ...]
    notes: tuple[str, ...]
    """What else was seen, in sentences."""


class SheetUnreadableError(Exception):
    """The file is no book of ours, or cannot be read; the message is a sentence for people."""


def cell_text(text: str) -> str:
    """Return a text as a cell can hold it: line ends of Unix, no control signs, no blanks around it."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def kind_words(kind: EvidenceKind) -> str:
    """Return the words by which a proof is chosen from a list."""
    from vendor_tracker.wording.labels import label  # The process that reads a filled book needs no words of ours.

    return label(kind)


def ground_words(inciso: str, *, law: str, help_text: str, returned_because: str, reason: str) -> str:
    """Return the cell that says on what ground an item is asked, and why now."""
    from vendor_tracker.reports.letters import place  # As above.
    from vendor_tracker.wording.filters import lower_first, sentence_case

    where = sentence_case(place(inciso))
    lines = [help_text, f"{where}: “{law}”." if law else f"{where}."]
    if returned_because:
        lines.append(f"Devolvido para completar: {returned_because}")
    if reason:
        lines.append(f"Por que agora: {lower_first(reason)}")
    return "\n".join(filter(None, lines))


def asked_words(title: str, question: str) -> str:
    """Return the cell that says what is asked."""
    return cell_text(f"{title}\n{question}")


# ----------------------------------------------------------------------------------------------------------------------
# Writing
# ----------------------------------------------------------------------------------------------------------------------
def write_sheet(head: SheetHead, items: Sequence[SheetItem]) -> bytes:
    """Return the book of a request."""
    import xlsxwriter  # Only who answers in a spreadsheet needs it.

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": f"Requisição {head.number}", "author": head.body_name})
    _guide(book, head, items)
    _answers(book, head, items)
    _hidden(book, head, items)
    book.close()
    return out.getvalue()


def _guide(book: Any, head: SheetHead, items: Sequence[SheetItem]) -> None:
    sheet = book.add_worksheet(GUIDE)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 96)
    title = book.add_format({"bold": True, "font_size": 16, "font_color": "#1A1F21", "text_wrap": True})
    plain = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#1A1F21"})
    wanting = [str(item.position) for item in items if item.wants_file]
    lines = [
        f"{head.body_name}. Para {head.operator}, {head.agreement}.",
        f"O prazo para responder termina em {head.due_on:%d/%m/%Y}. {head.most_days}",
        f"1. Preencha só as células brancas da folha “{ANSWERS}”. As outras estão travadas; as perguntas não mudam.",
        "2. Escreva a resposta como texto. Fórmulas não são lidas.",
        "3. Onde houver uma lista na coluna “Prova enviada”, escolha qual das provas aceitas você está entregando.",
        f"4. Se não puder entregar um item, escolha “{CANNOT}” e diga o motivo e a data em que poderá.",
        "5. Salve a planilha e envie-a no portal, em “Responder por planilha”; lá, confira o que foi entendido.",
        f"6. Os arquivos são anexados no portal, não aqui. {_wanting(wanting)}",
        "7. Célula em branco deixa o rascunho do portal como está.",
        "A resposta só é entregue quando você aperta “Enviar resposta” no portal e recebe o recibo.",
    ]
    sheet.write_string(0, 0, cell_text(f"Requisição {head.number}"), title)
    for number, line in enumerate(lines, 2):
        sheet.write_string(number, 0, cell_text(line), plain)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _wanting(positions: Sequence[str]) -> str:
    if not positions:
        return "Nenhum item desta requisição exige arquivo."
    if len(positions) == 1:
        return f"O item {positions[0]} pede arquivo."
    return f"Os itens {', '.join(positions[:-1])} e {positions[-1]} pedem arquivo."


def _answers(book: Any, head: SheetHead, items: Sequence[SheetItem]) -> None:
    sheet = book.add_worksheet(ANSWERS)
    shared = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D3D7D6", "font_color": "#1A1F21"}
    locked = book.add_format({**shared, "bg_color": "#ECEEEB"})
    number = book.add_format({**shared, "bg_color": "#ECEEEB", "align": "center", "bold": True})
    # “@” keeps a program from taking what is typed for a number, a day or a formula.
    open_ = book.add_format({**shared, "locked": False, "num_format": "@", "bg_color": "#FFFFFF"})
    top = book.add_format({"bold": True, "font_size": 14, "font_color": "#1A1F21"})
    heads = book.add_format({**shared, "bold": True, "bottom": 2, "bottom_color": "#1A1F21", "valign": "bottom"})
    sheet.write_string(0, 0, cell_text(f"Requisição {head.number}: respostas"), top)
    sheet.write_string(1, 0, cell_text(f"{head.operator}, {head.agreement}. Prazo: {head.due_on:%d/%m/%Y}."))
    for place, (title, width) in enumerate(zip(TITLES, WIDTHS, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(HEADER - 1, place, title, heads)
    for line, item in enumerate(items, HEADER):
        sheet.set_row(line, _height(item))
        sheet.write_number(line, 0, item.position, number)
        sheet.write_string(line, 1, asked_words(item.title, item.question), locked)
        sheet.write_string(line, 2, cell_text(item.ground), locked)
        sheet.write_string(line, ANSWER, cell_text(item.text), open_)
        sheet.write_string(line, REASON, cell_text(item.cannot_deliver), open_)
        sheet.write_string(line, CANNOT_COLUMN, CANNOT if cell_text(item.cannot_deliver) else "", open_)
        sheet.data_validation(line, CANNOT_COLUMN, line, CANNOT_COLUMN, _choice([CANNOT]))
        if len(item.accepts) > 1:
            sheet.write_string(line, KIND, cell_text(item.kind), open_)
            first, last = _letter(FIRST_CHOICE), _letter(FIRST_CHOICE + len(item.accepts) - 1)
            source = f"='{HIDDEN}'!${first}${line + 1}:${last}${line + 1}"
            sheet.data_validation(line, KIND, line, KIND, _choice(source))
        else:
            sheet.write_string(line, KIND, cell_text(item.accepts[0]) if item.accepts else "Não se pede prova", locked)
        sheet.write_string(line, 7, "Anexe no portal" if item.wants_file else "Não é preciso", locked)
        for place in (ANSWER, REASON):
            sheet.data_validation(line, place, line, place, _bounded())
    sheet.freeze_panes(HEADER, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER - 1)
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _choice(source: object) -> dict[str, object]:
    return {
        "validate": "list",
        "source": source,
        "ignore_blank": True,
        "error_title": "Escolha da lista",
        "error_message": "Escolha um dos valores da lista ou deixe em branco.",
    }


def _bounded() -> dict[str, object]:
    return {
        "validate": "length",
        "criteria": "<=",
        "value": LONGEST_ANSWER,
        "error_title": "Texto longo demais",
        "error_message": "Use no máximo 20.000 caracteres, ou envie o texto como arquivo no portal.",
    }


def _height(item: SheetItem) -> float:
    """Return a height in points that shows the longest of a line's texts, within what a line can have."""
    lines = max(
        _lines(asked_words(item.title, item.question), WIDTHS[1]),
        _lines(item.ground, WIDTHS[2]),
        _lines(item.text, WIDTHS[ANSWER]),
        _lines(item.cannot_deliver, WIDTHS[REASON]),
        3,
    )
    return min(15.0 * lines + 6, 400.0)


def _lines(text: str, width: int) -> int:
    return sum(1 + len(line) // width for line in text.split("\n"))


FIRST_CHOICE = 6
"""Column of the hidden sheet, from 0, where the words of the proofs that would do begin."""


def _letter(column: int) -> str:
    return chr(ord("A") + column) if column < 26 else f"A{chr(ord('A') + column - 26)}"


def _hidden(book: Any, head: SheetHead, items: Sequence[SheetItem]) -> None:
    """Write the sheet that says what the book is; its lines stand beside those of *Respostas*."""
    sheet = book.add_worksheet(HIDDEN)
    for place, value in enumerate((FORM, head.number, str(head.generation))):
        sheet.write_string(0, place, value)
    for line, item in enumerate(items, HEADER):
        values = (str(item.position), str(item.id), str(item.round), str(item.version), item.mark)
        for place, value in enumerate(values):
            sheet.write_string(line, place, value)
        for place, words in enumerate(item.accepts, FIRST_CHOICE):
            sheet.write_string(line, place, cell_text(words))
    sheet.protect("")
    sheet.very_hidden()


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------
def read_sheet(data: bytes) -> FilledSheet:
    """Return what a filled book says; raises :class:`SheetUnreadableError`. It is opened in a process of its own."""
    if len(data) > LARGEST:
        message = (
            "A planilha passa de 5 MB. Envie a que foi baixada aqui, sem imagens; os arquivos são anexados no portal."
        )
        raise SheetUnreadableError(message)
    payload = {"data": b64encode(data).decode()}
    try:
        answer = json.loads(run_apart(f"{__name__}:read_apart", payload, seconds=SECONDS, memory_mib=MEMORY_MIB))
    except RefusedError as refusal:
        raise SheetUnreadableError(str(refusal)) from None
    except ApartError as error:
        message = "A planilha não pôde ser lida. Abra-a no seu programa, salve-a como XLSX e envie outra vez."
        raise SheetUnreadableError(message) from error
    lines = tuple(map(line_of, answer["lines"]))
    return FilledSheet(answer["number"], answer["generation"], lines, tuple(answer["notes"]))


def line_of(entry: Mapping[str, Any]) -> FilledLine:
    """Return a line from what :func:`dataclasses.asdict` made of it and JSON kept."""
    return FilledLine(**{**entry, "problems": tuple(entry["problems"])})


def read_apart(payload: Mapping[str, object]) -> bytes:
    """Read a filled book: the part of :func:`read_sheet` that runs in a process of its own."""
    try:
        found = _read(b64decode(str(payload["data"])))
    except UnreadableFile as error:
        raise RefusedError(str(error)) from None
    return json.dumps(asdict(found)).encode()


def _read(data: bytes) -> FilledSheet:
    import warnings

    from openpyxl import load_workbook

    from vendor_tracker.importing.tables import check_zip

    check_zip(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It warns of styles that it drops; only the cells matter.
        book = load_workbook(BytesIO(data), read_only=True, data_only=False)
    try:
        if HIDDEN not in book.sheetnames or ANSWERS not in book.sheetnames:
            message = (
                "Esta planilha não é a que o portal oferece. Baixe a planilha da requisição, preencha-a e envie-a."
            )
            raise UnreadableFile(message)
        hidden = _grid(book[HIDDEN])
        answers = _grid(book[ANSWERS])
    finally:
        book.close()
    head = [_plain(cell) for cell in (hidden[0] if hidden else [])[:3]]
    if len(head) < 3 or head[0] != FORM or not head[2].isdecimal():
        message = (
            "A planilha perdeu a parte que diz de qual requisição ela é. Baixe-a de novo e copie as respostas para ela."
        )
        raise UnreadableFile(message)
    known = {values[0]: values for row in hidden[1:] if (values := [_plain(cell) for cell in row[:5]])[0:1] != [""]}
    lines, notes, seen = [], [], set()
    for row in answers[HEADER:]:
        place = _plain(row[0]) if row else ""
        if not any(_plain(cell) for cell in row):
            continue
        if place not in known:
            notes.append("Há uma linha sem o número de um item da requisição; ela não foi lida.")
        elif place in seen:
            notes.append(f"O item {place} aparece em mais de uma linha; só a primeira foi lida.")
        else:
            seen.add(place)
            lines.append(_line(known[place], row))
    return FilledSheet(head[1], int(head[2]), tuple(lines), tuple(dict.fromkeys(notes)))


def _grid(sheet: Any) -> list[list[Any]]:
    """Return the cells of a sheet, as many as a book of ours can have, whatever the file says of its own size."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=MOST_LINES, max_col=FIRST_CHOICE + 30)
    return [[(cell.value, cell.data_type) for cell in row] for row in rows]


def _line(known: Sequence[str], row: Sequence[Any]) -> FilledLine:
    problems: list[str] = []
    cells = [row[place] if place < len(row) else (None, "n") for place in range(len(TITLES))]

    def said(place: int) -> str:
        value, kind = cells[place]
        if kind == "f":
            problems.append(f"A célula “{TITLES[place]}” tem uma fórmula, e fórmulas não são lidas. Escreva o texto.")
            return ""
        if kind == "e":
            problems.append(f"A célula “{TITLES[place]}” mostra um erro da planilha. Escreva o texto.")
            return ""
        text = _plain((value, kind))
        if len(text) > LONGEST_ANSWER:
            problems.append(
                f"A célula “{TITLES[place]}” passa de 20.000 caracteres. Resuma o texto ou envie-o como arquivo."
            )
            return ""
        return text

    text, kind, choice, reason = said(ANSWER), said(KIND), said(CANNOT_COLUMN), said(REASON)
    cannot = choice.casefold() == CANNOT.casefold()
    if choice and not cannot:
        problems.append(f"Em “{TITLES[CANNOT_COLUMN]}”, só se entende “{CANNOT}” ou a célula em branco.")
    if cannot and not reason:
        problems.append("Falta o motivo de não conseguir entregar, com a data em que poderá.")
    numbers = [int(each) if each.isdecimal() and len(each) < 10 else 0 for each in known[:4]]
    return FilledLine(
        item_id=numbers[1],
        position=numbers[0],
        round=numbers[2],
        version=numbers[3],
        mark=known[4] if len(known) > 4 else "",
        asked=_plain(cells[1]),
        text=text,
        kind=kind,
        cannot=cannot or bool(reason),
        reason=reason,
        problems=tuple(problems),
    )


def _plain(cell: tuple[Any, str]) -> str:
    """Return a cell as text: what a person would read in it."""
    value = cell[0]
    if value is None or cell[1] == "f":
        return ""
    if isinstance(value, bool):
        return "Sim" if value else "Não"
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == datetime.min.time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    # A carriage return that a program wrote comes back as its code.
    return cell_text(str(value).replace("_x000D_", ""))


__all__ = [
    "ANSWERS",
    "CANNOT",
    "HIDDEN",
    "MEDIA_TYPE",
    "FilledLine",
    "FilledSheet",
    "SheetHead",
    "SheetItem",
    "SheetUnreadableError",
    "asked_words",
    "cell_text",
    "ground_words",
    "kind_words",
    "line_of",
    "read_sheet",
    "write_sheet",
]
