"""Answering in a spreadsheet: the request as a book, what was understood of it when it came back, and the confirmation.

A book never becomes an answer by being sent. It is read apart and kept; a person of the vendor sees, item by item, what
was understood, what would change in the draft and what was not understood and why, and confirms. Only then is the draft
saved, with its versions like any other. Files are attached on the page, never in the book.

Each item of a book carries a mark: HMAC-SHA-256, keyed by the installation's own secret, over the request, the item,
its round and its very words. A line of another request, of another round or with altered words is recognised by it.
"""

import hmac
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import BinaryIO

from sqlalchemy.orm import Session

from contracts.vocabulary import EvidenceKind, FileState
from vendor_tracker.files import FileStore
from vendor_tracker.reports.request_sheet import (
    LARGEST,
    MEDIA_TYPE,
    FilledLine,
    FilledSheet,
    SheetHead,
    SheetItem,
    SheetUnreadableError,
    asked_words,
    cell_text,
    ground_words,
    kind_words,
    line_of,
    read_sheet,
    write_sheet,
)
from vendor_tracker.running import settings
from vendor_tracker.store import sheets
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.store.tables import AnswerSheet, Request
from vendor_tracker.usecases import filing, quarantine
from vendor_tracker.usecases.answering.merging import Draft
from vendor_tracker.usecases.answering.pages import AnswerPage, OpenItem, answer_page
from vendor_tracker.usecases.answering.saving import Seen, keep, open_answer
from vendor_tracker.usecases.answering.visiting import Visit
from vendor_tracker.usecases.quarantine import QuickChecks
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError, act, look

MOST_SHEETS = 40
"""Books that may be sent for one request."""
FIELD = "planilha"
NO_SHEET = "Esta planilha não existe."
ANSWERED = "A resposta já foi enviada e não pode mais ser alterada por aqui."


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A book to be handed out."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SheetPage:
    """How to answer in a spreadsheet, and the books that still wait for a confirmation."""

    title: str
    head: RequestHead
    today: date
    wanting: tuple[int, ...]
    """Positions of the items that want a file, which is attached on the page."""
    waiting: tuple[tuple[int, datetime], ...]
    """Books that were read and not confirmed: id, and when they came."""


@dataclass(frozen=True, slots=True)
class ReadField:
    """A field of an item as the book has it, beside the draft."""

    name: str
    now: str
    read: str

    @property
    def changes(self) -> bool:
        """Tell whether confirming would change the draft."""
        return bool(self.read) and self.read != self.now


@dataclass(frozen=True, slots=True)
class ReadItem:
    """What was understood of an item. ``problems``: what was not, and why."""

    id: int
    position: int
    title: str
    round: int
    version: int
    """The version of the draft that this was compared with."""
    fields: tuple[ReadField, ...]
    problems: tuple[str, ...]
    wants_file: bool
    files: int

    @property
    def changes(self) -> bool:
        """Tell whether confirming would change the draft of this item."""
        return any(each.changes for each in self.fields)

    @property
    def lacks_file(self) -> bool:
        """Tell whether a file is still to be attached on the page."""
        return self.wants_file and not self.files


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """A book as it was understood, against the draft of this moment."""

    title: str
    head: RequestHead
    today: date
    sheet_id: int
    received_at: datetime
    items: tuple[ReadItem, ...]
    notes: tuple[str, ...]

    @property
    def changed(self) -> tuple[ReadItem, ...]:
        """Return the items that confirming would change."""
        return tuple(item for item in self.items if item.changes)

    @property
    def troubled(self) -> tuple[ReadItem, ...]:
        """Return the items of which something was not understood."""
        return tuple(item for item in self.items if item.problems)


# ----------------------------------------------------------------------------------------------------------------------
# The book
# ----------------------------------------------------------------------------------------------------------------------
def mark_of(number: str, item_id: int, round_: int, title: str, question: str) -> str:
    """Return the mark of an item: who has no key cannot make one, and no word of it can change."""
    said = "\x1f".join(("sheet-item", number, str(item_id), str(round_), title, question))
    return hmac.new(settings().secret_key.encode(), said.encode(), sha256).hexdigest()


def sheet_page(visit: Visit) -> SheetPage:
    """Return what the page about answering in a spreadsheet shows; raises :class:`ConflictError` once it was sent."""
    page = _open_page(visit)
    with look() as session:
        waiting = tuple((row.id, row.received_at) for row in sheets.waiting(session, visit.request_id))
    wanting = tuple(item.position for item in page.items if item.wants_file)
    return SheetPage("Responder por planilha", page.head, page.today, wanting, waiting)


def _open_page(visit: Visit) -> AnswerPage:
    page = answer_page(visit)
    if not page.can_answer:
        raise ConflictError(ANSWERED)
    return page


def sheet_file(visit: Visit) -> SheetFile:
    """Return the request as a book, with what was saved so far; raises :class:`ConflictError` once it was sent."""
    page = _open_page(visit)
    with look() as session:
        generation = session.get_one(Request, visit.request_id).link_generation
    head = SheetHead(
        number=page.head.number,
        generation=generation,
        body_name=settings().body.name,
        operator=page.head.operator,
        agreement=page.head.agreement,
        due_on=page.head.due_on,
        most_days="A Portaria não fixa prazo de resposta; este é um parâmetro administrativo.",
    )
    items = [
        SheetItem(
            id=item.id,
            position=item.position,
            round=item.round,
            version=item.version,
            mark=mark_of(page.head.number, item.id, item.round, item.title, item.question),
            title=item.title,
            question=item.question,
            ground=ground_words(
                item.inciso,
                law=(item.law.text or "") if item.law else "",
                help_text=item.help,
                returned_because=item.returned_because,
                reason=item.reason,
            ),
            accepts=tuple(map(kind_words, item.accepts)),
            wants_file=item.wants_file,
            text=item.draft.text,
            kind=_said(item.draft.kind),
            cannot_deliver=item.draft.cannot_deliver,
        )
        for item in page.items
    ]
    name = f"requisicao-{page.head.number.replace('/', '-')}.xlsx"
    return SheetFile(name, MEDIA_TYPE, write_sheet(head, items))


# ----------------------------------------------------------------------------------------------------------------------
# What came back
# ----------------------------------------------------------------------------------------------------------------------
def upload_sheet(visit: Visit, files: FileStore, *, stream: BinaryIO, name: str, too_large: bool = False) -> int:
    """Read a filled book and keep it with what was understood; returns its id. Changes no draft.

    Raises :class:`UseCaseError` beside the file field for what is no book of this request, and :class:`ConflictError`
    once the answer was sent.
    """
    if too_large:
        raise UseCaseError("A planilha passa do tamanho aceito. Envie a que foi baixada aqui.", field=FIELD)
    media_type, kept_name = filing.examine(stream, name=name, limit=LARGEST, field=FIELD)
    if media_type != MEDIA_TYPE:
        raise UseCaseError("Envie a planilha em Excel (.xlsx), a mesma que foi baixada aqui.", field=FIELD)
    data = stream.read()
    try:
        filled = read_sheet(data)
    except SheetUnreadableError as error:
        raise UseCaseError(str(error), field=FIELD) from None
    _check_ours(visit, filled)
    kept = files.keep_bytes(data)
    verdict = QuickChecks(files).judge(kept.sha256, kept.size, kept_name, media_type)
    if verdict.state is FileState.REFUSED:
        raise UseCaseError(verdict.reason, field=FIELD)
    with act(visit.actor) as work:
        held = open_answer(work, visit)
        if sheets.count(work.session, visit.request_id) >= MOST_SHEETS:
            message = f"Já vieram {MOST_SHEETS} planilhas nesta requisição. Complete a resposta na própria página."
            raise UseCaseError(message, field=FIELD)
        row = filing.record_kept(work, kept, name=kept_name, media_type=media_type)
        quarantine.record(work, row, verdict)
        sheet = AnswerSheet(
            request_id=visit.request_id,
            file_id=row.id,
            generation=filled.generation,
            reading=[*(asdict(line) for line in filled.lines), *({"note": note} for note in filled.notes)],
            received_at=work.now,
            state="read",
        )
        work.session.add(sheet)
        work.session.flush()
        work.trail(
            "answer_sheet_received",
            "request",
            visit.request_id,
            f"Planilha recebida na requisição {visit.number}, por {held.who}; nada dela vale antes de ser confirmada.",
            {"sha256": kept.sha256, "items": len(filled.lines)},
        )
        return sheet.id


def _check_ours(visit: Visit, filled: FilledSheet) -> None:
    if filled.number != visit.number:
        message = (
            f"Esta planilha é da requisição {filled.number[:20]}, e você está respondendo à {visit.number}. "
            "Confira o arquivo."
        )
        raise UseCaseError(message, field=FIELD)
    if not filled.lines:
        raise UseCaseError("Nenhuma linha da planilha tem o número de um item desta requisição.", field=FIELD)


def reading_page(visit: Visit, sheet_id: int) -> ReadingPage:
    """Return what was understood of a book, against the draft of this moment.

    Raises :class:`NotFoundError`, and :class:`ConflictError` once the answer was sent or the book was decided about.
    """
    page = _open_page(visit)
    with look() as session:
        row = _waiting_sheet(session, visit, sheet_id)
        lines, notes = _lines_of(row)
        received_at, generation = row.received_at, row.generation
        newest = session.get_one(Request, visit.request_id).link_generation
    if generation != newest:
        notes = (*notes, "A planilha foi baixada antes do endereço atual. As perguntas são conferidas uma a uma.")
    by_item = {line.item_id: line for line in lines}
    items = tuple(_read_item(page, item, by_item.get(item.id)) for item in page.items)
    open_ids = {item.id for item in page.items}
    gone = sorted(line.position for line in lines if line.item_id not in open_ids)
    if gone:
        listed = ", ".join(map(str, gone))
        notes = (*notes, f"A planilha traz itens que não esperam resposta agora ({listed}); eles não foram lidos.")
    return ReadingPage("O que foi entendido da planilha", page.head, page.today, sheet_id, received_at, items, notes)


def _waiting_sheet(session: Session, visit: Visit, sheet_id: int) -> AnswerSheet:
    row = sheets.sheet(session, visit.request_id, sheet_id)
    if row is None:
        raise NotFoundError(NO_SHEET)
    if row.state != "read":
        done = "confirmada" if row.state == "confirmed" else "posta de lado"
        raise ConflictError(f"Esta planilha já foi {done}. Para mudar o rascunho, edite a página ou envie outra.")
    return row


def _lines_of(row: AnswerSheet) -> tuple[list[FilledLine], tuple[str, ...]]:
    lines = [line_of(entry) for entry in row.reading if "note" not in entry]
    return lines, tuple(str(entry["note"]) for entry in row.reading if "note" in entry)


def _read_item(page: AnswerPage, item: OpenItem, line: FilledLine | None) -> ReadItem:
    """Compare a line with the draft; a line that is not to be trusted gives nothing but the reason."""
    draft = item.draft
    problems: tuple[str, ...] = ()
    wanted = Draft()
    if line is None:
        problems = ("A planilha não tem a linha deste item.",)
    elif problem := _distrusted(page, item, line):
        problems = (problem,)
    else:
        kind, unknown = _kind_of(item, line)
        problems = (*line.problems, *unknown)
        cannot = "" if line.cannot and not line.reason else line.reason
        wanted = Draft(line.text, cannot, kind)
    fields = [ReadField("Resposta", cell_text(draft.text), wanted.text)]
    if len(item.accepts) > 1:
        fields.append(ReadField("Prova enviada", _said(draft.kind), _said(wanted.kind)))
    if draft.cannot_deliver or wanted.cannot_deliver:
        fields.append(ReadField("Não consegue entregar", cell_text(draft.cannot_deliver), wanted.cannot_deliver))
    return ReadItem(
        item.id,
        item.position,
        item.title,
        item.round,
        item.version,
        tuple(fields),
        problems,
        item.wants_file,
        len(item.arrived),
    )


def _said(kind: EvidenceKind | None) -> str:
    return kind_words(kind) if kind is not None else ""


def _distrusted(page: AnswerPage, item: OpenItem, line: FilledLine) -> str:
    """Say why a line cannot stand for the item; empty when it can."""
    number = page.head.number
    if not hmac.compare_digest(line.mark, mark_of(number, item.id, line.round, item.title, item.question)):
        return "A marca desta linha não confere com o item desta requisição. Baixe a planilha de novo."
    if line.round != item.round:
        return "A linha é de antes da devolução deste item. Baixe a planilha de novo e complete o que falta."
    if line.asked != asked_words(item.title, item.question):
        return "A pergunta foi alterada na planilha. Responda à que está nesta página."
    return ""


def _kind_of(item: OpenItem, line: FilledLine) -> tuple[EvidenceKind | None, tuple[str, ...]]:
    if len(item.accepts) < 2 or not line.kind:
        return None, ()
    for kind in item.accepts:
        if cell_text(kind_words(kind)).casefold() == line.kind.casefold():
            return kind, ()
    return None, (f"“{line.kind[:120]}” não é uma das provas aceitas. Escolha da lista.",)


# ----------------------------------------------------------------------------------------------------------------------
# Deciding
# ----------------------------------------------------------------------------------------------------------------------
def confirm_sheet(visit: Visit, sheet_id: int, *, versions: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
    """Make what was understood the draft; returns how many items changed, and how many wait for a choice.

    ``versions``: per item the round and version of the draft that was shown beside it. Where somebody saved another
    text in between, both are kept and a person chooses, as with any form. A blank cell changes nothing.
    """
    page = reading_page(visit, sheet_id)
    drafts = {
        item.id: Draft(*_filled(item, open_item))
        for item, open_item in zip(page.items, _open_page(visit).items, strict=True)
        if item.changes
    }
    with act(visit.actor) as work:
        held = open_answer(work, visit, Seen(versions=dict(versions)))
        row = _waiting_sheet(work.session, visit, sheet_id)
        kept = keep(held, drafts=drafts, taken=[], problems={})
        row.state, row.decided_at = "confirmed", work.now
        work.trail(
            "answer_sheet_confirmed",
            "request",
            visit.request_id,
            f"Planilha confirmada por {held.who}: o que foi entendido passou ao rascunho da requisição {visit.number}.",
            {"sheet": sheet_id, "items": sorted(drafts)},
        )
        return len(kept.changed), len(kept.conflicts)


def _filled(item: ReadItem, now: OpenItem) -> tuple[str, str, EvidenceKind | None]:
    read = {each.name: each.read for each in item.fields}
    kind = next((kind for kind in now.accepts if read.get("Prova enviada") == kind_words(kind)), now.draft.kind)
    return read["Resposta"] or now.draft.text, read.get("Não consegue entregar") or now.draft.cannot_deliver, kind


def set_sheet_aside(visit: Visit, sheet_id: int) -> None:
    """Leave the draft as it is; the book stays on record."""
    with act(visit.actor) as work:
        held = open_answer(work, visit)
        row = _waiting_sheet(work.session, visit, sheet_id)
        row.state, row.decided_at = "set_aside", work.now
        work.trail(
            "answer_sheet_set_aside",
            "request",
            visit.request_id,
            f"Planilha posta de lado por {held.who} na requisição {visit.number}; o rascunho ficou como estava.",
            {"sheet": sheet_id},
        )


__all__ = [
    "ReadingPage",
    "SheetFile",
    "SheetPage",
    "confirm_sheet",
    "reading_page",
    "set_sheet_aside",
    "sheet_file",
    "sheet_page",
    "upload_sheet",
]
