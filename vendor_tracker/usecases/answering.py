"""The vendor's side of a request: opening the link, answering item by item, submitting, and the receipt.

A vendor has no account. A link opens nothing by being fetched: mail scanners and previews fetch links too. Pressing the
button on the landing page starts a session that reaches one request and nothing else. What was submitted can never be
changed or taken back by the vendor; what was only saved can, and even a withdrawn file stays on record.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import BinaryIO

from sqlalchemy.orm import Session

from contracts.norm import REFERENCES, LegalReference
from contracts.vocabulary import EvidenceKind, RequestState
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.running import settings
from vendor_tracker.store import people, portal, recipients, trails
from vendor_tracker.store import requests as store
from vendor_tracker.store.requests import AttachedFile, RequestHead
from vendor_tracker.store.tables import (
    Answer,
    AnswerFile,
    Evidence,
    EvidenceAgreement,
    EvidenceInciso,
    PortalSession,
    Receipt,
    Request,
    RequestItem,
)
from vendor_tracker.trail import canonical
from vendor_tracker.usecases import filing, judging, portal_links, requesting
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act, look

SESSION_HOURS = 12
WRONG_LINKS = 20
WRONG_LINKS_WINDOW = timedelta(minutes=15)
LONGEST_TEXT = 20_000
LONGEST_NAME = 200
MOST_FILES = 40
"""Files that one request may hold, those withdrawn included."""


class LinkGoneError(UseCaseError):
    """The link was real once; the sentence says why it no longer opens and what to do."""


class SessionEndedError(UseCaseError):
    """The portal session is over; the link opens a new one."""


class TooManyLinksError(UseCaseError):
    """Too many unknown links were tried from this address."""


class AnswerRefusedError(UseCaseError):
    """The answer cannot be submitted yet: ``problems`` maps a field's name to what is missing."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        """Keep every problem, in the order of the page."""
        super().__init__("Falta completar a resposta.")
        self.problems = dict(problems)


# ----------------------------------------------------------------------------------------------------------------------
# The link
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LandingPage:
    """What a link shows before anything is opened."""

    title: str
    head: RequestHead
    today: date
    submitted: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """An open portal session: one request, until a moment."""

    session_id: int
    request_id: int
    number: str

    @property
    def actor(self) -> Actor:
        """Return the operator as the trail names it."""
        return Actor(f"operator:{self.number}", display=f"Operador, requisição {self.number}")


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _found(session: Session, secret: str, now: datetime) -> tuple[RequestHead, int]:
    """Return the request behind a link and the link's generation, or say why it does not open."""
    link = portal.link(session, portal_links.hash_of(secret))
    if link is None:
        raise NotFoundError("Este endereço não existe. Confira se ele foi copiado por inteiro do e-mail.")
    head = store.head(session, link.request_id)
    if head is None:
        raise NotFoundError("Este endereço não existe.")
    _check_open(head, now, replaced=not link.newest)
    return head, link.generation


def _check_open(head: RequestHead, now: datetime, *, replaced: bool) -> None:
    match head.state:
        case RequestState.ACCEPTED:
            raise LinkGoneError(f"A requisição {head.number} foi respondida e aceita. Nada mais se pede nela.")
        case RequestState.CANCELLED:
            raise LinkGoneError(f"A requisição {head.number} foi cancelada e não precisa ser respondida.")
        case RequestState.REFUSED:
            raise LinkGoneError(f"A requisição {head.number} foi encerrada com a recusa formal do operador.")
        case _:
            pass
    if replaced:
        raise LinkGoneError(
            "Este endereço foi substituído por outro mais novo. Use o do e-mail mais recente sobre a requisição "
            f"{head.number}."
        )
    if head.link_expires_at is not None and head.link_expires_at <= now:
        last_day = clock.day_of(head.link_expires_at - timedelta(seconds=1))
        raise LinkGoneError(
            f"O acesso a este endereço terminou em {last_day:%d/%m/%Y}. "
            f"Peça um novo endereço e informe o número da requisição, {head.number}."
        )


def _count_wrong(address: str) -> None:
    with act(Actor("portal")) as work:
        people.count_try(work.session, scope="portal_link", key=address, now=work.now, window=WRONG_LINKS_WINDOW)


def _check_patience(session: Session, address: str, now: datetime) -> None:
    wrong = people.tries(session, scope="portal_link", key=address, now=now, window=WRONG_LINKS_WINDOW)
    if wrong >= WRONG_LINKS:
        raise TooManyLinksError(
            "Muitos endereços inexistentes foram tentados a partir da sua rede. Aguarde 15 minutos e abra o endereço "
            "do e-mail."
        )


def landing_page(secret: str, *, address: str) -> LandingPage:
    """Return what a link shows; changes nothing about the request.

    Raises :class:`NotFoundError` (unknown), :class:`LinkGoneError` (replaced, expired, closed) or
    :class:`TooManyLinksError`.
    """
    now = clock.now()
    try:
        with look() as session:
            _check_patience(session, address, now)
            head, _ = _found(session, secret, now)
            return LandingPage(
                "Requisição do " + settings().body.name,
                head,
                clock.day_of(now),
                head.state is RequestState.SUBMITTED,
            )
    except NotFoundError:
        _count_wrong(address)
        raise


def open_session(secret: str, *, address: str) -> str:
    """Start a portal session; returns its token, which the browser keeps and we do not."""
    now = clock.now()
    try:
        with look() as session:
            _check_patience(session, address, now)
            _found(session, secret, now)
    except NotFoundError:
        _count_wrong(address)
        raise
    token = secrets.token_urlsafe(32)
    with act(Actor("portal")) as work:
        head, generation = _found(work.session, secret, work.now)
        work.session.add(
            PortalSession(
                request_id=head.id,
                token_hash=_hash(token),
                link_generation=generation,
                created_at=work.now,
                expires_at=work.now + timedelta(hours=SESSION_HOURS),
            )
        )
        request = store.locked(work.session, head.id)
        if request is None:
            raise NotFoundError("Esta requisição não existe.")
        seen = any(event.kind == "seen" for event, _ in store.events(work.session, head.id))
        if not seen:
            requesting.note_event(
                work, request, "seen", note="O operador abriu a requisição no portal.", person="Operador"
            )
        work.trail("portal_opened", "request", head.id, f"Requisição {head.number} aberta no portal pelo operador.")
    return token


def visit_of(token: str) -> Visit:
    """Return the visit of a session token; raises :class:`SessionEndedError` or :class:`LinkGoneError`."""
    with look() as session:
        found = portal.portal_session(session, _hash(token)) if token else None
        now = clock.now()
        if found is None or found.expires_at <= now:
            raise SessionEndedError(
                "A sua sessão no portal terminou. Abra de novo o endereço do e-mail; o que foi salvo continua lá."
            )
        head = store.head(session, found.request_id)
        request = session.get(Request, found.request_id)
        if head is None or request is None:
            raise SessionEndedError("A sua sessão no portal terminou.")
        if head.state is not RequestState.ACCEPTED:
            # A vendor who has just seen the end of a request may still read its receipts.
            _check_open(head, now, replaced=request.link_generation != found.link_generation)
        return Visit(found.id, found.request_id, head.number)


def end_session(visit: Visit) -> None:
    """Close the vendor's session."""
    with act(visit.actor) as work:
        row = work.session.get(PortalSession, visit.session_id)
        if row is not None:
            row.expires_at = work.now
        work.trail(
            "portal_closed", "request", visit.request_id, f"Sessão do portal encerrada na requisição {visit.number}."
        )


# ----------------------------------------------------------------------------------------------------------------------
# The page
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Draft:
    """What the vendor typed for one item. ``kind``: which of several accepted proofs it is."""

    text: str = ""
    cannot_deliver: str = ""
    kind: EvidenceKind | None = None


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file the vendor attached."""

    id: int
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item that waits for the vendor, with what was saved of it."""

    id: int
    position: int
    inciso: str
    title: str
    question: str
    reason: str
    law: LegalReference | None
    wants_file: bool
    accepts: tuple[EvidenceKind, ...]
    draft: Draft
    files: tuple[OwnFile, ...]
    returned_because: str
    saved_at: datetime | None

    @property
    def standing(self) -> str:
        """Tell how far the item is: ``done``, ``file`` (only the file is missing), ``cannot`` or ``open``."""
        if self.draft.cannot_deliver.strip():
            return "cannot"
        if self.wants_file and not self.files:
            return "file" if self.draft.text.strip() else "open"
        return "done" if self.draft.text.strip() or self.files else "open"


@dataclass(frozen=True, slots=True)
class ClosedItem:
    """An item that was already answered, read only."""

    position: int
    inciso: str
    title: str
    text: str
    cannot_deliver: str
    files: tuple[OwnFile, ...]
    decision: str


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The request as the vendor sees it."""

    title: str
    head: RequestHead
    today: date
    recipient: str
    """The preposto's name, when there is one."""
    preposto_email: str
    caput: LegalReference
    answer_days: int
    items: tuple[OpenItem, ...]
    closed: tuple[ClosedItem, ...]
    returned: bool
    saved_at: datetime | None
    limit_mb: int
    receipts: tuple[tuple[str, datetime], ...]
    review_by: date | None

    @property
    def can_answer(self) -> bool:
        """Tell whether the vendor has the word."""
        return self.head.state in store.WAITING


def _rounds(items: list[RequestItem], answers: list[Answer], state: RequestState) -> dict[int, int]:
    """Return the round that is open for each item: all at first, only those returned afterwards."""
    newest: dict[int, Answer] = {}
    for answer in answers:
        if answer.submitted_at is not None:
            newest[answer.item_id] = answer
    if state is RequestState.OPEN:
        return {item.id: 1 for item in items}
    if state is RequestState.RETURNED:
        return {
            item.id: newest[item.id].round + 1
            for item in items
            if item.id in newest and newest[item.id].decision == "returned"
        }
    return {}


def _own(files: list[AttachedFile], answer: Answer | None) -> tuple[OwnFile, ...]:
    if answer is None:
        return ()
    return tuple(
        OwnFile(file.id, file.name, file.size, file.sha256)
        for file in files
        if file.answer_id == answer.id and file.withdrawn_at is None
    )


def _accepts(item: RequestItem) -> tuple[EvidenceKind, ...]:
    if item.accepts:
        return tuple(EvidenceKind(slug) for slug in item.accepts)
    return (item.evidence_kind,) if item.evidence_kind is not None else ()


def answer_page(visit: Visit) -> AnswerPage:
    """Return the request with everything that was saved."""
    today = clock.today()
    with look() as session:
        head = _head(session, visit)
        items = store.items(session, visit.request_id)
        answers = store.answers(session, visit.request_id)
        files = store.attached(session, visit.request_id)
        rounds = _rounds(items, answers, head.state)
        by_round = {(answer.item_id, answer.round): answer for answer in answers}
        newest = {answer.item_id: answer for answer in answers if answer.submitted_at is not None}
        open_items, closed = [], []
        for item in items:
            before = newest.get(item.id)
            if item.id in rounds:
                draft = by_round.get((item.id, rounds[item.id]))
                open_items.append(
                    OpenItem(
                        item.id,
                        item.position,
                        item.inciso,
                        item.title,
                        item.question,
                        item.reason,
                        requesting.law_of(item.inciso),
                        item.wants_file,
                        _accepts(item),
                        Draft(draft.text, draft.cannot_deliver, draft.evidence_kind) if draft else Draft(),
                        _own(files, draft),
                        before.decision_reason if before else "",
                        draft.saved_at if draft else None,
                    )
                )
            elif before is not None:
                closed.append(
                    ClosedItem(
                        item.position,
                        item.inciso,
                        item.title,
                        before.text,
                        before.cannot_deliver,
                        _own(files, before),
                        before.decision,
                    )
                )
        preposto = requesting.preposto_of(session, head, today)
        receipts = portal.receipts(session, visit.request_id)
        submitted_on = clock.day_of(head.submitted_at) if head.submitted_at else None
        in_review = head.state is RequestState.SUBMITTED and submitted_on is not None
        return AnswerPage(
            title="Informações sobre proteção de dados pessoais",
            head=head,
            today=today,
            recipient=preposto.name if preposto else "",
            preposto_email=preposto.email if preposto else "",
            caput=REFERENCES["art_14_caput"],
            answer_days=(head.due_on - head.opened_on).days,
            items=tuple(open_items),
            closed=tuple(closed),
            returned=head.state is RequestState.RETURNED,
            saved_at=max((item.saved_at for item in open_items if item.saved_at), default=None),
            limit_mb=settings().upload_limit_mb,
            receipts=tuple((receipt.protocol, receipt.submitted_at) for receipt in receipts),
            review_by=requesting.review_term(session, submitted_on) if in_review and submitted_on else None,
        )


def _head(session: Session, visit: Visit) -> RequestHead:
    head = store.head(session, visit.request_id)
    if head is None:
        raise NotFoundError("Esta requisição não existe.")
    return head


# ----------------------------------------------------------------------------------------------------------------------
# Saving
# ----------------------------------------------------------------------------------------------------------------------
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
        restricted = bool(_head(work.session, visit).secret)
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
        request, items, rounds = _open(work, visit)
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


def _open(work: Work, visit: Visit) -> tuple[Request, list[RequestItem], dict[int, int]]:
    request = store.locked(work.session, visit.request_id)
    if request is None:
        raise NotFoundError("Esta requisição não existe.")
    if request.state not in store.WAITING:
        raise ConflictError("A resposta já foi enviada e não pode mais ser alterada por aqui.")
    items = store.items(work.session, request.id)
    return request, items, _rounds(items, store.answers(work.session, request.id), request.state)


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
        request, _, rounds = _open(work, visit)
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


# ----------------------------------------------------------------------------------------------------------------------
# Submitting
# ----------------------------------------------------------------------------------------------------------------------
def submit(visit: Visit, *, name: str, position: str, declared: bool) -> str:
    """Freeze what was saved into a receipt; returns its protocol. Save first: this takes what is on record.

    Raises :class:`AnswerRefusedError` with every problem at once, and :class:`ConflictError` when it was sent before.
    """
    with act(visit.actor) as work:
        request, items, rounds = _open(work, visit)
        session = work.session
        head = _head(session, visit)
        files = [file for file in store.attached(session, request.id) if file.withdrawn_at is None]
        answers = {
            item.id: answer
            for item in items
            if item.id in rounds and (answer := store.answer_of(session, item.id, rounds[item.id])) is not None
        }
        problems = _problems(items, rounds, answers, files)
        who, role = " ".join(name.split()), " ".join(position.split())
        if not who:
            problems["nome"] = "Informe o nome completo de quem responde."
        elif len(who) > LONGEST_NAME:
            problems["nome"] = f"Use no máximo {LONGEST_NAME} caracteres."
        if not role:
            problems["cargo"] = "Informe o cargo ou a função de quem responde."
        elif len(role) > LONGEST_NAME:
            problems["cargo"] = f"Use no máximo {LONGEST_NAME} caracteres."
        if not declared:
            problems["declaro"] = "Marque a declaração para enviar a resposta."
        if problems:
            raise AnswerRefusedError(problems)

        trails.take_turn(session)
        year = work.today.year
        protocol = protocol_of(year, portal.next_receipt(session, year))
        round_ = max(rounds.values())
        content = _content(head, protocol, work.now, who, role, items, answers, files)
        receipt = Receipt(
            request_id=request.id,
            round=round_,
            protocol=protocol,
            submitted_at=work.now,
            submitted_by=who,
            submitted_by_position=role,
            content=content,
            sha256=sha256(canonical(content).encode()).hexdigest(),
            recorded_at=work.now,
            recorded_by_id=None,
        )
        session.add(receipt)
        for item in items:
            if item.id in answers:
                answers[item.id].submitted_at = work.now
                _make_evidence(work, head, item, answers[item.id], files)
        requesting.note_submission(work, request, note=f"Resposta recebida, protocolo {protocol}.", person=who)
        session.flush()
        work.trail(
            "answer_submitted",
            "request",
            request.id,
            f"Resposta à requisição {head.number} recebida sob o protocolo {protocol}.",
            {"sha256": receipt.sha256, "files": [file.sha256 for file in files]},
        )
        _write_letters(work, head, receipt)
        judging.rejudge(work, [head.agreement_id], cause="Resposta recebida do operador")
        return protocol


def _problems(
    items: list[RequestItem], rounds: Mapping[int, int], answers: Mapping[int, Answer], files: list[AttachedFile]
) -> dict[str, str]:
    """Say what is missing, by field, in the order of the page. Whoever cannot deliver says why and is done."""
    problems: dict[str, str] = {}
    for item in items:
        if item.id not in rounds:
            continue
        answer = answers.get(item.id)
        own = _own(files, answer)
        if answer is not None and answer.cannot_deliver:
            continue
        if item.wants_file and not own:
            problems[f"arquivo-{item.id}"] = (
                "Anexe o arquivo pedido ou diga, em “Não consigo entregar este item”, o motivo e quando poderá."
            )
        elif not own and not (answer and answer.text):
            problems[f"resposta-{item.id}"] = "Escreva a resposta ou diga por que não consegue entregar este item."
        elif len(_accepts(item)) > 1 and (answer is None or answer.evidence_kind not in _accepts(item)):
            problems[f"tipo-{item.id}"] = "Diga qual prova está enviando."
    return problems


def _content(
    head: RequestHead,
    protocol: str,
    now: datetime,
    who: str,
    role: str,
    items: list[RequestItem],
    answers: Mapping[int, Answer],
    files: list[AttachedFile],
) -> dict[str, object]:
    """Return everything that was delivered, in order: what the receipt's own hash is taken over."""
    return {
        "protocolo": protocol,
        "requisicao": head.number,
        "acordo": head.agreement,
        "operador": head.operator,
        "cnpj": head.cnpj or "",
        "recebida_em": now.astimezone(clock.SAO_PAULO).isoformat(timespec="microseconds"),
        "prazo": head.due_on.isoformat(),
        "enviada_por": who,
        "cargo": role,
        "itens": [
            {
                "posicao": item.position,
                "inciso": item.inciso,
                "titulo": item.title,
                "pergunta": item.question,
                "resposta": answers[item.id].text,
                "nao_consegue_entregar": answers[item.id].cannot_deliver,
                "arquivos": [
                    {"nome": file.name, "tamanho": file.size, "sha256": file.sha256}
                    for file in _own(files, answers[item.id])
                ],
            }
            for item in items
            if item.id in answers
        ],
    }


def _make_evidence(work: Work, head: RequestHead, item: RequestItem, answer: Answer, files: list[AttachedFile]) -> None:
    """Turn an answered item into one proof to be reviewed, when the item asked for a proof and something came."""
    kinds = _accepts(item)
    kind = answer.evidence_kind if len(kinds) > 1 else (kinds[0] if kinds else None)
    own = [file for file in files if file.answer_id == answer.id]
    if kind is None or answer.cannot_deliver or not (own or answer.text):
        return
    evidence = Evidence(
        operator_id=head.operator_id,
        kind=kind,
        title=f"{item.title} (requisição {head.number})"[:300],
        received_on=work.today,
        file_id=own[0].file_id if own else None,
        request_item_id=item.id,
        statement=answer.text,
        recorded_at=work.now,
        recorded_by_id=None,
    )
    work.session.add(evidence)
    work.session.flush()
    work.session.add(EvidenceInciso(evidence_id=evidence.id, inciso=item.inciso))
    work.session.add(
        EvidenceAgreement(
            evidence_id=evidence.id, agreement_id=head.agreement_id, recorded_at=work.now, recorded_by_id=None
        )
    )


def protocol_of(year: int, sequence: int) -> str:
    """Return a protocol: year, number of the year, and two characters that catch a mistyped one."""
    stem = f"{year}-{sequence:04d}"
    return f"{stem}-{_check(stem)}"


def is_protocol(text: str) -> bool:
    """Tell whether a text is a protocol whose check characters agree."""
    stem, _, check = text.rpartition("-")
    year, _, sequence = stem.partition("-")
    right_shape = len(year) == 4 and year.isdecimal() and 4 <= len(sequence) <= 9 and sequence.isdecimal()
    return right_shape and text.isascii() and check == _check(stem)


def _check(stem: str) -> str:
    """CRC-8 (polynomial x⁸ + x² + x + 1) of the digits: it catches any one wrong digit and any swap of neighbours."""
    crc = 0
    for byte in stem.encode():
        crc ^= byte
        for _ in range(8):
            crc = ((crc << 1) ^ 0x07 if crc & 0x80 else crc << 1) & 0xFF
    return f"{crc:02X}"


# ----------------------------------------------------------------------------------------------------------------------
# Receipts
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """An item as it was delivered."""

    position: int
    inciso: str
    title: str
    text: str
    cannot_deliver: str
    files: tuple[OwnFile, ...]


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """A receipt, with what happens next."""

    title: str
    protocol: str
    head: RequestHead
    submitted_at: datetime
    person: str
    position: str
    due_on: date
    late: bool
    items: tuple[ReceiptItem, ...]
    sha256: str
    intact: bool
    """Whether the stored content still has the receipt's hash."""
    preposto_email: str
    review_by: date
    today: date
    verify_url: str

    @property
    def files(self) -> int:
        """Count the files."""
        return sum(len(item.files) for item in self.items)


def _receipt_page(session: Session, receipt: Receipt) -> ReceiptPage:
    head = store.head(session, receipt.request_id)
    if head is None:
        raise NotFoundError("Este recibo não existe.")
    raw = receipt.content
    items = []
    for item in _list(raw["itens"]):
        files = tuple(
            OwnFile(0, str(file["nome"]), int(str(file["tamanho"])), str(file["sha256"]))
            for file in _list(item["arquivos"])
        )
        items.append(
            ReceiptItem(
                int(str(item["posicao"])),
                str(item["inciso"]),
                str(item["titulo"]),
                str(item["resposta"]),
                str(item["nao_consegue_entregar"]),
                files,
            )
        )
    due_on = date.fromisoformat(str(raw["prazo"]))
    submitted_on = clock.day_of(receipt.submitted_at)
    today = clock.today()
    preposto = requesting.preposto_of(session, head, today)
    return ReceiptPage(
        title="Resposta recebida",
        protocol=receipt.protocol,
        head=head,
        submitted_at=receipt.submitted_at,
        person=receipt.submitted_by,
        position=receipt.submitted_by_position,
        due_on=due_on,
        late=submitted_on > due_on,
        items=tuple(items),
        sha256=receipt.sha256,
        intact=sha256(canonical(raw).encode()).hexdigest() == receipt.sha256,
        preposto_email=preposto.email if preposto else "",
        review_by=requesting.review_term(session, submitted_on),
        today=today,
        verify_url=f"{settings().base_url}/verificar/{receipt.protocol}",
    )


def _list(value: object) -> list[dict[str, object]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def receipt_page(visit: Visit, protocol: str) -> ReceiptPage:
    """Return a receipt of the visit's own request."""
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None or receipt.request_id != visit.request_id:
            raise NotFoundError("Este recibo não existe.")
        return _receipt_page(session, receipt)


def receipt_for_staff(protocol: str) -> ReceiptPage:
    """Return any receipt, for the court's own people."""
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None:
            raise NotFoundError("Este recibo não existe.")
        return _receipt_page(session, receipt)


def receipt_text(visit: Visit, protocol: str) -> str:
    """Return a receipt as plain text: the very letter that was mailed."""
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None or receipt.request_id != visit.request_id:
            raise NotFoundError("Este recibo não existe.")
        page = _receipt_page(session, receipt)
        recipient = recipients.Mailbox(page.person, "")
        return requesting.write_letter("receipt", page.head, recipient, receipt=_for_letter(page)).body


def receipt_content(visit: Visit, protocol: str) -> str:
    """Return the canonical JSON of a receipt, over which anybody can take the SHA-256 again."""
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None or receipt.request_id != visit.request_id:
            raise NotFoundError("Este recibo não existe.")
        return canonical(receipt.content)


@dataclass(frozen=True, slots=True)
class _LetterReceipt:
    """A receipt as letters read it."""

    protocol: str
    submitted_at: datetime
    due_on: date
    late: bool
    person: str
    position: str
    items: tuple[ReceiptItem, ...]
    sha256: str
    files: int


def _for_letter(page: ReceiptPage) -> _LetterReceipt:
    return _LetterReceipt(
        page.protocol, page.submitted_at, page.due_on, page.late, page.person, page.position, page.items, page.sha256,
        page.files,
    )  # fmt: skip


def _write_letters(work: Work, head: RequestHead, receipt: Receipt) -> None:
    """Send the receipt to the preposto and the news to whoever follows the agreement."""
    page = _receipt_page(work.session, receipt)
    told = _for_letter(page)
    preposto = requesting.preposto_of(work.session, head, work.today)
    if preposto is not None:
        requesting.send_letter(work, "receipt", head, preposto, step=f"receipt:{receipt.protocol}", receipt=told)
    for steward in recipients.stewards(work.session, head.agreement_id, work.today):
        requesting.send_letter(
            work,
            "answer_received",
            head,
            steward,
            step=f"received:{receipt.protocol}",
            receipt=told,
            review_by=page.review_by,
        )


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """What anybody may know of a receipt by its protocol: that it is ours, when, and the fingerprints."""

    protocol: str
    number: str
    operator: str
    """Empty when the agreement is protected (art. 5º)."""
    submitted_at: datetime
    items: int
    hashes: tuple[tuple[int, str], ...]
    """Each file's size in bytes and SHA-256; names are the parties' own."""
    sha256: str
    intact: bool


def verify_receipt(code: str) -> ReceiptCheck | None:
    """Return what a protocol stands for; ``None`` when there is no such receipt."""
    protocol = code.strip().upper()
    if not is_protocol(protocol):
        return None
    with look() as session:
        receipt = portal.receipt(session, protocol)
        if receipt is None:
            return None
        page = _receipt_page(session, receipt)
        return ReceiptCheck(
            page.protocol,
            page.head.number,
            "" if page.head.secret else page.head.operator,
            page.submitted_at,
            len(page.items),
            tuple((file.size, file.sha256) for item in page.items for file in item.files),
            page.sha256,
            page.intact,
        )
