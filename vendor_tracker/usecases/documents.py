"""Annexes and termos aditivos: drafted from the clause library, issued in Word, proposed, and verified by code."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from clause_library.catalogue import Catalogue, CatalogueError
from clause_library.description import AgreementDescription, Gap
from clause_library.docx_builder import build_docx
from clause_library.draft import Draft, plain
from clause_library.drafting import DraftRefused, NothingToAmend, draft_anexo, draft_termo_aditivo
from clause_library.placeholders import PlaceholderError, document_parameters, load_placeholders
from contracts.evaluation import Assessment
from contracts.vocabulary import INCISOS, Coverage
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.settings import Body
from vendor_tracker.store import issued, papers
from vendor_tracker.store.issued import IssuedRow, ProposalRow
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.tables import IssuedDocument, Proposal
from vendor_tracker.usecases import describing, filing
from vendor_tracker.usecases.filing import DOCX
from vendor_tracker.usecases.instruments import READABLE_FORMALITIES, head_of
from vendor_tracker.usecases.judging import assess, catalogue_of, rejudge
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, Work, act, look

KIND_NAMES: Mapping[str, str] = {
    "anexo": "Anexo de proteção de dados pessoais",
    "termo-aditivo": "Termo aditivo de proteção de dados pessoais",
}
"""The documents that can be issued, by their slug in the clause library."""

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What verification codes are made of: no sign that a reader could take for another, and no word by chance."""

PAGE_SIZE = 20
LONGEST_QUOTE = 600


# ----------------------------------------------------------------------------------------------------------------------
# Page values
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MissingView:
    """A fact that the document asks for; ``belongs_to`` tells where it is recorded."""

    label: str
    belongs_to: str
    """``body``, ``operator``, ``sub_operators``, ``amendment`` or ``agreement``."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A document as it would be issued today, or why it cannot be."""

    title: str
    kind: str
    agreement: AgreementHead
    number: int | None
    draft: Draft | None
    refusal: str
    missing: tuple[MissingView, ...]
    unread: tuple[str, ...]
    """Points that nobody has read in any signed paper: the termo aditivo leaves them out."""
    waiting_papers: tuple[tuple[int, str], ...]
    """Signed papers (lineage, title), for the link to their check."""
    unserved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssuedDocumentView:
    """An issued document: where it stands, what it is made of, and what became of it."""

    title: str
    row: IssuedRow
    kind_name: str
    clauses: tuple[tuple[str, str, str], ...]
    """Id, title and version of each clause, in order."""
    missing_fields: tuple[str, ...]
    covers: tuple[str, ...]
    readable: bool
    proposals: tuple[ProposalRow, ...]
    signed: tuple[tuple[int, str], ...]
    """Signed papers (lineage, title) that are this document."""


@dataclass(frozen=True, slots=True)
class IssuedPage:
    """The list of issued documents."""

    title: str
    rows: tuple[IssuedRow, ...]
    total: int
    number: int
    size: int
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What anybody with the code may know: what was issued, for which instrument, when, and its fingerprint."""

    code: str
    kind_name: str
    instrument: str
    issued_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal, for the form that records what became of it."""

    title: str
    agreement: AgreementHead
    proposal: ProposalRow
    document: IssuedRow | None


# ----------------------------------------------------------------------------------------------------------------------
# Drafting
# ----------------------------------------------------------------------------------------------------------------------


def _parameters(assessment: Assessment, on: date) -> dict[str, int]:
    """Return the administrative numbers of the day, the agreement's own agreed terms before them.

    A term agreed longer than a norm allows is left out: a new document does not repeat it.
    """
    numbers = document_parameters(assessment.when.policy.policy.on(on), assessment.exposure.tier)
    most = {name: parameter.maximum for name, parameter in load_placeholders().parameters.items()}
    facts = assessment.facts
    own = {
        "comunicacao_incidente_horas": facts.incident_term_hours,
        "auxilio_titular_dias_uteis": facts.assistance_term_days,
        "descarte_dias": facts.disposal_term_days,
    }
    for name, agreed in own.items():
        limit = most.get(f"parametro.{name}")
        if agreed is not None and name in numbers and (limit is None or agreed <= limit):
            numbers[name] = agreed
    return numbers


def _points(assessment: Assessment) -> tuple[str, ...]:
    return (
        *INCISOS,
        *(formality.value for formality in READABLE_FORMALITIES),
        *(finding.inciso for finding in assessment.further),
    )


def gaps_of(assessment: Assessment) -> tuple[tuple[Gap, ...], tuple[str, ...]]:
    """Return what the signed papers lack, as confirmed, and the points that nobody has read in any of them."""
    gaps, unread = [], []
    for point in _points(assessment):
        found = assessment.facts.coverage(point, assessment.on)
        if found is None:
            unread.append(point)
        elif found[0].coverage is not Coverage.COVERED:
            gaps.append(Gap(point, found[0].coverage, found[0].missing_idea))
    return tuple(gaps), tuple(unread)


def _next_number(session: Session, agreement_id: int) -> int:
    return issued.aditivos_known(session, agreement_id) + 1


def _draft(
    kind: str,
    description: AgreementDescription,
    assessment: Assessment,
    on: date,
    number: int | None,
    catalogue: Catalogue,
) -> Draft:
    parameters = _parameters(assessment, on)
    if kind == "anexo":
        return draft_anexo(description, parameters=parameters, on=on, catalogue=catalogue)
    gaps, _ = gaps_of(assessment)
    if not assessment.facts.papers_on(on):
        message = (
            "Nenhum instrumento assinado está em registro, por isso não se sabe o que falta. "
            "Registre e confira o instrumento, ou emita o anexo completo."
        )
        raise DraftRefused(message)
    if all(assessment.facts.coverage(point, on) is None for point in _points(assessment)):
        message = (
            "Ninguém conferiu ainda o instrumento assinado. O termo aditivo traz só o que a conferência mostra faltar."
        )
        raise DraftRefused(message)
    return draft_termo_aditivo(description, gaps, parameters=parameters, on=on, number=number, catalogue=catalogue)


def _prepare(
    session: Session, body: Body, agreement_id: int, kind: str, on: date, number: int | None
) -> tuple[AgreementHead, Draft]:
    """Draft the document; raises :class:`UseCaseError` with the library's own Portuguese reason when it cannot be."""
    _check_kind(kind)
    head = head_of(session, agreement_id)
    assessment = assess(session, agreement_id, on=on)
    description = describing.description_of(session, agreement_id, body=body, on=on)
    try:
        return head, _draft(kind, description, assessment, on, number, catalogue_of(session))
    except (NothingToAmend, DraftRefused, PlaceholderError, CatalogueError) as error:
        raise UseCaseError(str(error)) from error


def _check_kind(kind: str) -> None:
    if kind not in KIND_NAMES:
        message = "Este tipo de documento não existe."
        raise NotFoundError(message)


def _checked_number(kind: str, number: int | None) -> int | None:
    if kind != "termo-aditivo":
        return None
    if number is not None and not 1 <= number <= 99:
        message = "O número de ordem do termo aditivo vai de 1 a 99."
        raise UseCaseError(message, field="number")
    return number


def preview(body: Body, *, agreement_id: int, kind: str, number: int | None = None) -> Preview:
    """Return the document as it would be issued today, to be read before it is issued. Nothing is written."""
    _check_kind(kind)
    on = clock.today()
    with look() as session:
        head = head_of(session, agreement_id)
        if kind == "termo-aditivo" and number is None:
            number = _next_number(session, agreement_id)
        draft: Draft | None = None
        refusal = ""
        unread: tuple[str, ...] = ()
        assessment = assess(session, agreement_id, on=on)
        description = describing.description_of(session, agreement_id, body=body, on=on)
        try:
            draft = _draft(kind, description, assessment, on, _checked_number(kind, number), catalogue_of(session))
        except (NothingToAmend, DraftRefused, PlaceholderError, CatalogueError) as error:
            refusal = str(error)
        if kind == "termo-aditivo":
            unread = gaps_of(assessment)[1]
        return Preview(
            title=KIND_NAMES[kind],
            kind=kind,
            agreement=head,
            number=number if kind == "termo-aditivo" else None,
            draft=draft,
            refusal=refusal,
            missing=()
            if draft is None
            else tuple(MissingView(item.label, _owner(item.field)) for item in draft.missing),
            unread=unread,
            waiting_papers=tuple(
                (paper.lineage, paper.title) for paper in papers.instruments_of(session, agreement_id)
            ),
            unserved=() if draft is None else draft.unserved,
        )


def _owner(field: str) -> str:
    if field == "amendment_number":
        return "amendment"
    first, dot, _ = field.partition(".")
    return first if dot else "agreement"


def render(body: Body, *, agreement_id: int, kind: str, number: int | None = None) -> bytes:
    """Return the bytes of today's draft in Word, without a code and without a record: its footer says it is a draft."""
    with look() as session:
        if kind == "termo-aditivo" and number is None:
            number = _next_number(session, agreement_id)
        _, draft = _prepare(session, body, agreement_id, kind, clock.today(), _checked_number(kind, number))
    return build_docx(draft)


# ----------------------------------------------------------------------------------------------------------------------
# Issuing
# ----------------------------------------------------------------------------------------------------------------------


def _new_code(session: Session, acronym: str) -> str:
    start = "".join(sign for sign in acronym.upper() if sign.isascii() and sign.isalnum())[:8] or "DOC"
    while True:
        signs = [secrets.choice(SIGNS) for _ in range(8)]
        code = f"{start}-{''.join(signs[:4])}-{''.join(signs[4:])}"
        if not issued.code_taken(session, code):
            return code


def normal_code(code: str) -> str:
    """Return a typed code as it is stored: capitals, with its hyphens, however it was typed."""
    signs = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
    return f"{signs[:-8]}-{signs[-8:-4]}-{signs[-4:]}" if len(signs) > 8 else signs


@dataclass(frozen=True, slots=True)
class ReadyDocument:
    """A document drafted and written in Word; nothing of it is on record yet."""

    agreement: AgreementHead
    kind: str
    draft: Draft
    code: str
    data: bytes


def ready(
    session: Session, body: Body, *, agreement_id: int, kind: str, on: date, number: int | None = None
) -> ReadyDocument:
    """Draft a document and write it in Word under a new code, for :func:`put_on_record`.

    Raises :class:`UseCaseError` with what to do when it cannot be drafted.
    """
    if kind == "termo-aditivo" and number is None:
        number = _next_number(session, agreement_id)
    head, draft = _prepare(session, body, agreement_id, kind, on, _checked_number(kind, number))
    code = _new_code(session, body.acronym)
    return ReadyDocument(head, kind, draft, code, build_docx(draft, verification_code=code))


def put_on_record(work: Work, files: FileStore, document: ReadyDocument) -> IssuedDocument:
    """Keep the bytes of a document, record it in the caller's transaction and leave its line in the trail."""
    head, draft, code = document.agreement, document.draft, document.code
    title = f"{plain(draft.title)}: {head.label}"
    file = filing.keep_ours(
        work,
        files,
        data=document.data,
        name=f"{plain(draft.title)} - {head.label.replace('/', '-')} - {code}.docx",
        media_type=DOCX,
        restricted=head.secret,
    )
    since = {(clause.id, clause.version): clause.since for clause in catalogue_of(work.session).clauses}
    row = IssuedDocument(
        agreement_id=head.id,
        kind=document.kind,
        title=title[:300],
        code=code,
        sha256=file.sha256,
        file_id=file.id,
        clause_versions={
            clause.id: f"{clause.version} ({since[clause.id, clause.version].isoformat()})" for clause in draft.clauses
        },
        clause_set_since=draft.clause_set_since,
        missing_fields=[item.label for item in draft.missing],
        covers=list(dict.fromkeys(point for clause in draft.clauses for point in clause.points)),
        passages=_passages(draft),
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
    )
    work.session.add(row)
    work.session.flush()
    work.trail(
        "document_issued",
        "issued_document",
        row.id,
        f"Documento emitido: {row.title}, código {code}.",
        {"agreement": head.id, "kind": document.kind, "sha256": file.sha256, "clause_set": draft.clause_set},
    )
    return row


def issue(
    actor: Actor, files: FileStore, body: Body, *, agreement_id: int, kind: str, number: int | None = None
) -> IssuedDocumentView:
    """Draft the document of today, write it in Word, keep its bytes and put it on record with a code.

    Raises :class:`UseCaseError` with what to do when it cannot be drafted.
    """
    with act(actor) as work:
        document = ready(work.session, body, agreement_id=agreement_id, kind=kind, on=work.today, number=number)
        row = put_on_record(work, files, document)
        return _view(work.session, actor, row)


def _passages(draft: Draft) -> dict[str, dict[str, str]]:
    """Say where each point stands in the document and how it begins, for who checks it once signed."""
    found: dict[str, dict[str, str]] = {}
    for clause in draft.clauses:
        words = plain(clause.paragraphs[0].line) if clause.paragraphs else ""
        if len(words) > LONGEST_QUOTE:
            words = f"{words[: LONGEST_QUOTE - 1].rsplit(' ', 1)[0]}…"
        for point in clause.points:
            found.setdefault(
                point, {"place": f"{clause.label.capitalize()}, {clause.title.lower()}"[:120], "quote": words}
            )
    return found


def _view(session: Session, actor: Actor, row: IssuedDocument) -> IssuedDocumentView:
    listed = issued.issued_row(session, row.id)
    if listed is None:
        message = "Este documento não existe."
        raise NotFoundError(message)
    titles: dict[tuple[str, str], str] = {
        (clause.id, str(clause.version)): clause.title for clause in catalogue_of(session).clauses
    }
    return IssuedDocumentView(
        title=row.title,
        row=listed,
        kind_name=KIND_NAMES.get(row.kind, row.kind),
        clauses=tuple(
            (clause_id, titles.get((clause_id, version.split(" ")[0]), clause_id), version.split(" ")[0])
            for clause_id, version in row.clause_versions.items()
        ),
        missing_fields=tuple(row.missing_fields),
        covers=tuple(row.covers),
        readable=filing.may_read(actor.role, restricted=listed.restricted),
        proposals=tuple(issued.proposals_of(session, issued_document_id=row.id)),
        signed=tuple(issued.papers_signed_from(session, row.id)),
    )


def show(actor: Actor, *, document_id: int) -> IssuedDocumentView:
    """Return an issued document for its page."""
    with look() as session:
        row = issued.issued_document(session, document_id)
        if row is None:
            message = "Este documento não existe."
            raise NotFoundError(message)
        return _view(session, actor, row)


def index(*, kind: str = "", words: str = "", page: int = 1) -> IssuedPage:
    """Return a page of the list of issued documents."""
    with look() as session:
        rows, total = issued.issued_documents(
            session, kind=kind if kind in KIND_NAMES else "", words=words, page=page, size=PAGE_SIZE
        )
        return IssuedPage("Documentos emitidos", tuple(rows), total, page, PAGE_SIZE, kind, words)


def verify(code: str) -> Verification | None:
    """Return what anybody may know of the document with this code, or ``None``. A protected agreement is not named."""
    with look() as session:
        row = issued.issued_by_code(session, normal_code(code[:60]))
    if row is None:
        return None
    instrument = "Instrumento protegido (art. 5º da Portaria)" if row.restricted else row.agreement_label
    return Verification(row.code, KIND_NAMES.get(row.kind, row.kind), instrument, row.issued_at, row.sha256)


# ----------------------------------------------------------------------------------------------------------------------
# Proposing
# ----------------------------------------------------------------------------------------------------------------------


def propose(actor: Actor, *, document_id: int, proposed_on: date, note: str = "") -> int:
    """Record that an issued document was handed to the operator for signature; returns the lineage of the proposal."""
    with act(actor) as work:
        document = issued.issued_document(work.session, document_id)
        if document is None:
            message = "Este documento não existe."
            raise NotFoundError(message)
        if proposed_on > work.today:
            message = "O dia da proposta ainda não chegou."
            raise UseCaseError(message, field="proposed_on")
        issued_on = clock.day_of(document.recorded_at)
        if proposed_on < issued_on:
            message = f"O documento só foi emitido em {issued_on:%d/%m/%Y}."
            raise UseCaseError(message, field="proposed_on")
        row = Proposal(
            agreement_id=document.agreement_id,
            issued_document_id=document.id,
            title=document.title[:200],
            proposed_on=proposed_on,
            note=note.strip()[:2000],
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        rejudge(work, [document.agreement_id], cause="Documento proposto ao operador")
        work.trail(
            "document_proposed",
            "proposal",
            row.id,
            f"Proposto ao operador: {document.title}.",
            {"document": document.id, "proposed_on": proposed_on},
        )
        return row.id


def _proposal(session: Session, lineage: int) -> Proposal:
    row = issued.current_proposal(session, lineage)
    if row is None:
        message = "Esta proposta não existe."
        raise NotFoundError(message)
    return row


def proposal_page(*, lineage: int) -> ProposalPage:
    """Return a proposal for the form that records what became of it."""
    with look() as session:
        row = _proposal(session, lineage)
        found = next(
            item for item in issued.proposals_of(session, agreement_id=row.agreement_id) if item.lineage == lineage
        )
        document = issued.issued_row(session, row.issued_document_id) if row.issued_document_id else None
        return ProposalPage(f"Proposta: {row.title}", head_of(session, row.agreement_id), found, document)


def answer_proposal(
    actor: Actor, *, lineage: int, refused_on: date | None, signed_on: date | None, note: str = ""
) -> None:
    """Record that the operator refused or signed; both empty puts the proposal back to waiting."""
    with act(actor) as work:
        row = _proposal(work.session, lineage)
        _check_answer(work, row, refused_on, signed_on)
        work.session.add(
            row.next_version(
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
                refused_on=refused_on,
                signed_on=signed_on,
                note=note.strip()[:2000],
            )
        )
        work.session.flush()
        rejudge(work, [row.agreement_id], cause="Resposta do operador à proposta")
        what = "recusada" if refused_on else "assinada" if signed_on else "de novo em espera"
        work.trail(
            "proposal_answered",
            "proposal",
            lineage,
            f"Proposta {what}: {row.title}.",
            {"refused_on": refused_on, "signed_on": signed_on},
        )


def _check_answer(work: Work, row: Proposal, refused_on: date | None, signed_on: date | None) -> None:
    if refused_on is not None and signed_on is not None:
        message = "Registre a recusa ou a assinatura, não as duas."
        raise UseCaseError(message, field="signed_on")
    for field, day in (("refused_on", refused_on), ("signed_on", signed_on)):
        if day is not None and day > work.today:
            message = "Este dia ainda não chegou."
            raise UseCaseError(message, field=field)
        if day is not None and day < row.proposed_on:
            message = f"A proposta é de {row.proposed_on:%d/%m/%Y}; a resposta não pode ser anterior."
            raise UseCaseError(message, field=field)
