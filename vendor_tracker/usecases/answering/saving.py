"""Keeping what the vendor typed and attached, until it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from vendor_tracker.files import FileStore
from vendor_tracker.running import settings
from vendor_tracker.store import requests as store
from vendor_tracker.store.tables import Answer, AnswerFile, Request, RequestItem
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.answering.pages import Draft, head_of, open_rounds
from vendor_tracker.usecases.answering.visiting import Visit
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError, Work, act, look

LONGEST_TEXT = 20_000
MOST_FILES = 40
"""Files that one request may hold, those withdrawn included."""


class AnswerRefusedError(UseCaseError):
    """The answer cannot be submitted yet: ``problems`` maps a field's name to what is missing."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        """Keep every problem, in the order of the page."""
        super().__init__("Falta completar a resposta.")
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that came with the form. ``stream`` is seekable; ``too_large``: it passed the limit while coming in."""

    item_id: int
    name: str
    stream: BinaryIO
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to: how many files were kept, and what was wrong, by field."""

    files: int
    problems: Mapping[str, str]


def save(visit: Visit, files: FileStore, *, drafts: Mapping[int, Draft], new_files: tuple[NewFile, ...] = ()) -> Saved:
    """Keep what the vendor typed and attached. A bad file never costs the texts or the good files: it is only reported.

    Raises :class:`ConflictError` when the request no longer waits for the vendor, and :class:`AnswerRefusedError` for a
    text that is too long to keep.
    """
    problems: dict[str, str] = {}
    kept = 0
    with act(visit.actor) as work:
        limit = settings().upload_limit_mb * 1024 * 1024
        total = len(store.attached(work.session, visit.request_id))
        restricted = bool(head_of(work.session, visit).secret)
        received: list[tuple[int, int]] = []
        # The files are written before it is our turn, so that nobody else waits for a slow disk.
        for new in new_files:
            field = f"arquivo-{new.item_id}"
            name = filing.clean_name(new.name)
            if new.too_large:
                problems[field] = (
                    f"“{name}” passa de {settings().upload_limit_mb} MB e não foi guardado. "
                    "Divida-o ou reduza-o e anexe de novo."
                )
                continue
            if total >= MOST_FILES:
                problems[field] = f"A requisição já tem {MOST_FILES} arquivos. Junte os documentos em um .zip."
                continue
            try:
                row = filing.receive(
                    work, files, stream=new.stream, name=new.name, restricted=restricted, limit=limit, field=field
                )
            except UseCaseError as error:
                problems[field] = f"“{name}” não foi guardado. {error.message}"
                continue
            received.append((new.item_id, row.id))
            total += 1
        request, items, rounds = open_answer(work, visit)
        _check_length(items, drafts)
        saved = {
            item_id: _save_draft(work, item_id, rounds[item_id], draft)
            for item_id, draft in drafts.items()
            if item_id in rounds
        }
        for item_id, file_id in received:
            if item_id in rounds:
                answer = saved.get(item_id) or _save_draft(work, item_id, rounds[item_id], None)
                saved[item_id] = answer
                work.session.add(AnswerFile(answer_id=answer.id, file_id=file_id))
                kept += 1
        work.trail(
            "answer_saved",
            "request",
            request.id,
            f"Rascunho salvo na requisição {visit.number}.",
            {"items": sorted(saved), "files": kept},
        )
    return Saved(kept, problems)


def _check_length(items: list[RequestItem], drafts: Mapping[int, Draft]) -> None:
    problems = {}
    for item in items:
        draft = drafts.get(item.id)
        if draft is None:
            continue
        for field, text in (("resposta", draft.text), ("motivo", draft.cannot_deliver)):
            if len(text) > LONGEST_TEXT:
                problems[f"{field}-{item.id}"] = (
                    f"O texto tem {len(text)} caracteres; o limite é {LONGEST_TEXT}. Resuma-o ou envie-o como arquivo."
                )
    if problems:
        raise AnswerRefusedError(problems)


def open_answer(work: Work, visit: Visit) -> tuple[Request, list[RequestItem], dict[int, int]]:
    """Return the request held for this act, its items and the round open for each; refuse one that was sent."""
    request = store.locked(work.session, visit.request_id)
    if request is None:
        raise NotFoundError("Esta requisição não existe.")
    if request.state not in store.WAITING:
        raise ConflictError("A resposta já foi enviada e não pode mais ser alterada por aqui.")
    items = store.items(work.session, request.id)
    return request, items, open_rounds(items, store.answers(work.session, request.id), request.state)


def _save_draft(work: Work, item_id: int, round_: int, draft: Draft | None) -> Answer:
    answer = store.answer_of(work.session, item_id, round_)
    if answer is None:
        answer = Answer(item_id=item_id, round=round_, saved_at=work.now, text="", cannot_deliver="")
        work.session.add(answer)
    if draft is not None:
        answer.text = draft.text.strip()
        answer.cannot_deliver = draft.cannot_deliver.strip()
        answer.evidence_kind = draft.kind
    answer.saved_at = work.now
    work.session.flush()
    return answer


def withdraw_file(visit: Visit, *, answer_file_id: int) -> str:
    """Take a file out of a draft; returns its name. The file stays on record, marked."""
    with act(visit.actor) as work:
        request, _, rounds = open_answer(work, visit)
        by_id = {answer.id: answer for answer in store.answers(work.session, request.id)}
        for file in store.attached(work.session, request.id):
            answer = by_id[file.answer_id]
            if file.id == answer_file_id and answer.submitted_at is None and rounds.get(answer.item_id) == answer.round:
                row = work.session.get_one(AnswerFile, file.id)
                if row.withdrawn_at is None:
                    row.withdrawn_at = work.now
                    work.trail(
                        "answer_file_withdrawn",
                        "request",
                        request.id,
                        f"Arquivo “{file.name}” retirado do rascunho da requisição {visit.number}.",
                        {"sha256": file.sha256},
                    )
                return file.name
    raise NotFoundError("Este arquivo não está no rascunho.")


def own_file(visit: Visit, answer_file_id: int) -> tuple[str, str, str]:
    """Return name, media type and SHA-256 of a file that the vendor attached to this request."""
    with look() as session:
        for file in store.attached(session, visit.request_id):
            if file.id == answer_file_id and file.withdrawn_at is None:
                return file.name, file.media_type, file.sha256
    raise NotFoundError("Este arquivo não existe.")
