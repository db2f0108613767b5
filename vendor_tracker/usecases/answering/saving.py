"""Keeping what the vendor typed and attached, until it is sent.

Every change is a version of its item, kept for ever. A form says which version it was made from. When somebody saved
another in between, what only one of them changed is put together; where both changed the same field, the later text is
laid beside the answer, and a person chooses. So nobody's words are overwritten unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contracts.vocabulary import FileState
from vendor_tracker import clock
from vendor_tracker.files import FileStore, KeptFile
from vendor_tracker.store import portal
from vendor_tracker.store import requests as store
from vendor_tracker.store.tables import Answer, AnswerDraft, AnswerFile, PortalSession, Request, RequestItem
from vendor_tracker.usecases import filing, quarantine, requesting
from vendor_tracker.usecases.answering.merging import Draft, merged
from vendor_tracker.usecases.answering.pages import head_of, open_rounds
from vendor_tracker.usecases.answering.taking import NewFile, TakenFile, take_in
from vendor_tracker.usecases.answering.visiting import Visit, visit_replaced
from vendor_tracker.usecases.quarantine import Opener
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError, Work, act, look

LONGEST_TEXT = 20_000
LONGEST_PERSON = 200
MOST_FILES = 40
"""Files that one request may hold, those withdrawn included."""


class AnswerRefusedError(UseCaseError):
    """The answer cannot be submitted yet: ``problems`` maps a field's name to what is missing.

    ``saved`` tells whether what was typed and attached was kept all the same; ``conflicts`` are the items for which
    another text holds, with the id of the text that was laid beside it.
    """

    def __init__(
        self, problems: Mapping[str, str], *, saved: bool = False, conflicts: Mapping[int, int] | None = None
    ) -> None:
        """Keep every problem, in the order of the page."""
        super().__init__("Falta completar a resposta.")
        self.problems = dict(problems)
        self.saved = saved
        self.conflicts = dict(conflicts or {})


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form was made from: per item the round and version, which answer it was to be, and the page."""

    versions: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    turn: int = 0
    page: str = ""


NOTHING_SEEN = Seen()
"""Of who does not say what they saw: what they write holds as it stands."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was decided about a text that lay beside the answer.

    ``verb``: ``use`` (it becomes the answer), ``keep`` (the answer stays as the form has it) or ``adopt`` (the answer
    stays as it is on record, whatever the form has).
    """

    verb: str
    draft_id: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to."""

    files: int
    """How many files were attached; one that was there already is not attached again."""
    problems: Mapping[str, str]
    """What was wrong, by field."""
    conflicts: Mapping[int, int] = field(default_factory=dict)
    """Items for which somebody else's text holds, with the id of the text that was laid beside it."""
    withdrawn: str = ""
    """The name of the file that was taken back."""


@dataclass(slots=True)
class Opened:
    """A request held for an act of the vendor: its items, the round open for each, and who acts."""

    work: Work
    visit: Visit
    request: Request
    items: list[RequestItem]
    rounds: dict[int, int]
    seen: Seen
    who: str

    def answer(self, item_id: int) -> Answer | None:
        """Return the draft of an item."""
        return store.answer_of(self.work.session, item_id, self.rounds[item_id])

    def made(self, item_id: int) -> Answer:
        """Return the draft of an item, made when there is none."""
        answer = self.answer(item_id)
        if answer is None:
            answer = Answer(
                item_id=item_id,
                round=self.rounds[item_id],
                saved_at=self.work.now,
                text="",
                cannot_deliver="",
                version=0,
                saved_by="",
            )
            self.work.session.add(answer)
            self.work.session.flush()
        return answer


def save(
    visit: Visit,
    files: FileStore,
    *,
    drafts: Mapping[int, Draft],
    new_files: tuple[NewFile, ...] = (),
    seen: Seen = NOTHING_SEEN,
    person: tuple[str, str] | None = None,
    choice: Choice | None = None,
    withdraw: int | None = None,
    opened: Opener | None = None,
) -> Saved:
    """Keep what the vendor typed and attached. A bad file never costs the texts or the good files: it is only reported.

    Args:
        visit: who is at it.
        files: where the bytes are kept.
        drafts: the texts, by item; an item that is not named is left alone.
        new_files: what came with the form.
        seen: what the form was made from.
        person: name and position of who answers, as typed.
        choice: what was decided about a text that lay beside the answer.
        withdraw: the attachment to take back.
        opened: opens PDF and Word files in the place of the process apart.

    Raises :class:`ConflictError` when the request no longer waits for the vendor, :class:`AnswerRefusedError` for a
    text that is too long to keep, and :class:`NotFoundError` when there is no such attachment to take back.
    """
    taken, problems = take_in(files, new_files, opened=opened)
    with act(visit.actor) as work:
        held = open_answer(work, visit, seen, person)
        kept = keep(held, drafts=drafts, taken=taken, choice=choice, problems=problems)
        name = _withdraw(held, withdraw) if withdraw is not None else ""
    return Saved(kept.files, problems, kept.conflicts, name)


def open_answer(work: Work, visit: Visit, seen: Seen = NOTHING_SEEN, person: tuple[str, str] | None = None) -> Opened:
    """Hold the request for this act; refuse one that was sent."""
    request = store.locked(work.session, visit.request_id)
    if request is None:
        raise NotFoundError("Esta requisição não existe.")
    if request.state not in store.WAITING:
        raise ConflictError("A resposta já foi enviada e não pode mais ser alterada por aqui.")
    items = store.items(work.session, request.id)
    rounds = open_rounds(items, store.answers(work.session, request.id), request.state)
    return Opened(work, visit, request, items, rounds, seen, _introduced(work, visit, person))


def _introduced(work: Work, visit: Visit, person: tuple[str, str] | None) -> str:
    """Remember who says to be answering; returns the name under which they save."""
    row = work.session.get(PortalSession, visit.session_id)
    if person is not None and row is not None:
        name, position = (" ".join(each.split())[:LONGEST_PERSON] for each in person)
        if (row.person, row.position) != (name, position):
            row.person, row.position = name, position
    if visit.guest:
        return visit.guest
    if row is not None and row.person:
        return row.person
    preposto = requesting.preposto_of(work.session, head_of(work.session, visit), work.today)
    return preposto.name if preposto is not None else "Operador"


# ----------------------------------------------------------------------------------------------------------------------
# What one form brings
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Kept:
    """What became of one form."""

    files: int = 0
    changed: list[int] = field(default_factory=list)
    conflicts: dict[int, int] = field(default_factory=dict)


def keep(
    held: Opened,
    *,
    drafts: Mapping[int, Draft],
    taken: list[TakenFile],
    problems: dict[str, str],
    choice: Choice | None = None,
) -> Kept:
    """Write the texts and the files of one form, in the caller's transaction; what is wrong goes to ``problems``."""
    _check_length(held.items, drafts)
    kept = Kept()
    aside = _chosen(held, choice)
    for item_id, draft in drafts.items():
        if item_id not in held.rounds:
            continue
        if choice is not None and aside is not None and choice.verb == "adopt" and aside[1].item_id == item_id:
            continue
        _write(held, kept, item_id, draft.tidy)
    if choice is not None and aside is not None:
        _decide(held, kept, choice, *aside)
    kept.files = _attach(held, kept, taken, problems)
    if kept.changed or kept.files:
        held.work.trail(
            "answer_saved",
            "request",
            held.request.id,
            f"Rascunho salvo na requisição {held.visit.number} por {held.who}.",
            {"items": sorted(set(kept.changed)), "files": kept.files},
        )
    if kept.conflicts:
        held.work.trail(
            "answer_set_aside",
            "request",
            held.request.id,
            f"Texto de {held.who} guardado à parte na requisição {held.visit.number}: outra pessoa havia salvo antes.",
            {"items": sorted(kept.conflicts)},
        )
    return kept


def _check_length(items: list[RequestItem], drafts: Mapping[int, Draft]) -> None:
    problems = {}
    for item in items:
        draft = drafts.get(item.id)
        if draft is None:
            continue
        for name, text in (("resposta", draft.text), ("motivo", draft.cannot_deliver)):
            if len(text) > LONGEST_TEXT:
                problems[f"{name}-{item.id}"] = (
                    f"O texto tem {len(text)} caracteres; o limite é {LONGEST_TEXT}. Resuma-o ou envie-o como arquivo."
                )
    if problems:
        raise AnswerRefusedError(problems)


def content_of(answer: Answer | AnswerDraft | None) -> Draft:
    """Return what an answer or one of its versions says."""
    return Draft() if answer is None else Draft(answer.text, answer.cannot_deliver, answer.evidence_kind)


def _write(held: Opened, kept: Kept, item_id: int, draft: Draft) -> None:
    """Save one item's text, together with what others saved since, or beside it when they contradict."""
    session = held.work.session
    answer = held.answer(item_id)
    now = content_of(answer)
    if draft == now:
        return
    seen = held.seen.versions.get(item_id)
    if seen is None or (answer is None and seen[0] == held.rounds[item_id]):
        new_version(held, item_id, draft)
        kept.changed.append(item_id)
        return
    round_, version = seen
    if round_ != held.rounds[item_id]:
        # Typed into a page of an earlier round: what was sent then is on record, anything else is a text of its own.
        if draft != content_of(store.answer_of(session, item_id, round_)):
            kept.conflicts[item_id] = _set_aside(held, held.made(item_id), draft, 0)
        return
    assert answer is not None  # noqa: S101 - the case without an answer was left above
    later = portal.versions_after(session, answer.id, version)
    own = bool(held.seen.page) and all(row.page == held.seen.page for row in later)
    whole: Draft | None = draft
    if later and not own:
        base = content_of(portal.version(session, answer.id, version) if version else None)
        whole = merged(base, draft, now)
    if whole is None:
        kept.conflicts[item_id] = _set_aside(held, answer, draft, version)
    elif whole != now:
        new_version(held, item_id, whole)
        kept.changed.append(item_id)


def new_version(held: Opened, item_id: int, draft: Draft, *, note: str = "") -> Answer:
    """Make ``draft`` the newest version of an item, and close what this person had lying beside it."""
    answer = held.made(item_id)
    work = held.work
    answer.text, answer.cannot_deliver, answer.evidence_kind = draft.text, draft.cannot_deliver, draft.kind
    answer.version += 1
    answer.saved_at, answer.saved_by = work.now, held.who
    work.session.add(
        AnswerDraft(
            answer_id=answer.id,
            version=answer.version,
            base_version=held.seen.versions.get(item_id, (0, answer.version - 1))[1],
            text=draft.text,
            cannot_deliver=draft.cannot_deliver,
            evidence_kind=draft.kind,
            saved_at=work.now,
            saved_by=held.who,
            session_id=held.visit.session_id,
            page=held.seen.page,
            note=note[:300],
        )
    )
    if not note:
        portal.settle(work.session, answer.id, session_id=held.visit.session_id, now=work.now, by=held.who)
    work.session.flush()
    return answer


def _set_aside(held: Opened, answer: Answer, draft: Draft, version: int) -> int:
    """Lay a text beside an answer; this person's earlier one there is closed. Returns its id."""
    work = held.work
    for row in portal.set_aside(work.session, held.request.id):
        if row.answer_id == answer.id and row.session_id == held.visit.session_id and content_of(row) == draft:
            return row.id
    portal.settle(work.session, answer.id, session_id=held.visit.session_id, now=work.now, by=held.who)
    row = AnswerDraft(
        answer_id=answer.id,
        version=None,
        base_version=version,
        text=draft.text,
        cannot_deliver=draft.cannot_deliver,
        evidence_kind=draft.kind,
        saved_at=work.now,
        saved_by=held.who,
        session_id=held.visit.session_id,
        page=held.seen.page,
        note="",
    )
    work.session.add(row)
    work.session.flush()
    return row.id


def _chosen(held: Opened, choice: Choice | None) -> tuple[AnswerDraft, Answer] | None:
    """Return the text that a choice is about; ``None`` when somebody decided about it before."""
    if choice is None:
        return None
    for row in portal.set_aside(held.work.session, held.request.id):
        if row.id == choice.draft_id:
            return row, held.work.session.get_one(Answer, row.answer_id)
    return None


def _decide(held: Opened, kept: Kept, choice: Choice, row: AnswerDraft, answer: Answer) -> None:
    work = held.work
    if choice.verb == "use" and answer.item_id in held.rounds:
        if content_of(row) != content_of(answer):
            new_version(held, answer.item_id, content_of(row))
        kept.changed.append(answer.item_id)
    row.settled_at, row.settled_by = work.now, held.who
    work.session.flush()
    work.trail(
        "answer_chosen",
        "request",
        held.request.id,
        f"{held.who} decidiu sobre o texto de {row.saved_by}, guardado à parte na requisição {held.visit.number}: "
        f"{'passou a ser a resposta' if choice.verb == 'use' else 'a resposta ficou como estava'}.",
        {"draft": row.id},
    )


def _attach(held: Opened, kept: Kept, taken: list[TakenFile], problems: dict[str, str]) -> int:
    """Attach the files that came; the same content under the same name is attached to an item only once."""
    work, count = held.work, 0
    if not taken:
        return 0
    there = store.attached(work.session, held.request.id)
    restricted = bool(head_of(work.session, held.visit).secret)
    total = len(there)
    live = {(file.answer_id, file.sha256, file.name) for file in there if file.withdrawn_at is None}
    for file in taken:
        if file.item_id not in held.rounds:
            continue
        answer = held.made(file.item_id)
        if (answer.id, file.sha256, file.name) in live:
            continue
        if total >= MOST_FILES:
            problems[f"arquivo-{file.item_id}"] = (
                f"A requisição já tem {MOST_FILES} arquivos. Junte os documentos em um .zip."
            )
            continue
        row = filing.record_kept(
            work,
            KeptFile(file.sha256, file.size),
            name=file.name,
            media_type=file.media_type,
            restricted=restricted,
        )
        quarantine.record(work, row, file.verdict)
        work.session.add(
            AnswerFile(
                answer_id=answer.id,
                file_id=row.id,
                attached_at=work.now,
                attached_by=held.who,
                guest_id=held.visit.guest_id,
            )
        )
        live.add((answer.id, file.sha256, file.name))
        new_version(held, file.item_id, content_of(answer), note=f"Anexou {file.name}.")
        if file.verdict.state is FileState.REFUSED:
            problems[f"arquivo-{file.item_id}"] = file.verdict.reason
        kept.changed.append(file.item_id)
        total, count = total + 1, count + 1
    return count


# ----------------------------------------------------------------------------------------------------------------------
# Taking back, reading one's own, and what was being typed when the link was replaced
# ----------------------------------------------------------------------------------------------------------------------
def withdraw_file(visit: Visit, *, answer_file_id: int) -> str:
    """Take a file out of a draft; returns its name. The file stays on record, marked."""
    with act(visit.actor) as work:
        return _withdraw(open_answer(work, visit), answer_file_id)


def _withdraw(held: Opened, answer_file_id: int) -> str:
    work = held.work
    by_id = {answer.id: answer for answer in store.answers(work.session, held.request.id)}
    for file in store.attached(work.session, held.request.id):
        answer = by_id[file.answer_id]
        mine = answer.submitted_at is None and held.rounds.get(answer.item_id) == answer.round
        if file.id == answer_file_id and mine:
            row = work.session.get_one(AnswerFile, file.id)
            if row.withdrawn_at is None:
                row.withdrawn_at = work.now
                new_version(held, answer.item_id, content_of(answer), note=f"Retirou {file.name}.")
                work.trail(
                    "answer_file_withdrawn",
                    "request",
                    held.request.id,
                    f"Arquivo “{file.name}” retirado do rascunho da requisição {held.visit.number} por {held.who}.",
                    {"sha256": file.sha256},
                )
            return file.name
    raise NotFoundError("Este arquivo não está no rascunho.")


def own_file(visit: Visit, answer_file_id: int) -> tuple[str, str, str]:
    """Return name, media type and SHA-256 of a file that the vendor attached to this request.

    Raises :class:`NotFoundError`, also for a file that is still being checked or was refused: nobody opens those.
    """
    with look() as session:
        for file in store.attached(session, visit.request_id):
            if file.id == answer_file_id and file.withdrawn_at is None:
                if file.state is FileState.CHECKING:
                    raise NotFoundError("Este arquivo ainda está em conferência. Ele se abre assim que ela terminar.")
                if file.state is FileState.REFUSED:
                    raise NotFoundError(f"{file.refused_because} Por segurança, ele não se abre.")
                return file.name, file.media_type, file.sha256
    raise NotFoundError("Este arquivo não existe.")


def rescue(token: str, *, drafts: Mapping[int, Draft], seen: Seen) -> bool:
    """Lay beside the answer what was being typed when the request's link was replaced; tells whether something was.

    ``token`` is of a session that the replacement ended. It reads nothing and changes no answer, and it does this once:
    whoever opens the new link sees the text and decides about it.
    """
    now = clock.now()
    with look() as session:
        visit = visit_replaced(session, token, now)
    if visit is None:
        return False
    with act(visit.actor) as work:
        try:
            held = open_answer(work, visit, seen)
        except ConflictError:
            return False
        _check_length(held.items, drafts)
        kept = Kept()
        for item_id, draft in drafts.items():
            if item_id not in held.rounds or draft.tidy == content_of(held.answer(item_id)):
                continue
            round_, version = seen.versions.get(item_id, (0, 0))
            base = _base(held, item_id, round_, version)
            if draft.tidy != base:
                kept.conflicts[item_id] = _set_aside(held, held.made(item_id), draft.tidy, version)
        row = work.session.get_one(PortalSession, visit.session_id)
        row.expires_at = work.now
        work.trail(
            "answer_set_aside",
            "request",
            held.request.id,
            f"Texto de {held.who} guardado à parte na requisição {visit.number}: o endereço havia sido substituído.",
            {"items": sorted(kept.conflicts)},
        )
        return bool(kept.conflicts)


def _base(held: Opened, item_id: int, round_: int, version: int) -> Draft:
    """Return what a page showed of an item when it was made."""
    answer = store.answer_of(held.work.session, item_id, round_) if round_ else None
    if answer is None or not version:
        return Draft()
    return content_of(portal.version(held.work.session, answer.id, version))


__all__ = [
    "LONGEST_TEXT",
    "MOST_FILES",
    "NOTHING_SEEN",
    "AnswerRefusedError",
    "Choice",
    "Kept",
    "NewFile",
    "Opened",
    "Saved",
    "Seen",
    "content_of",
    "keep",
    "new_version",
    "open_answer",
    "own_file",
    "rescue",
    "save",
    "withdraw_file",
]
