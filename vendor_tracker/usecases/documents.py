"""Documents of the clause library: drafted, issued in Word, proposed to the operator, and verified by code."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from clause_library.catalogue import CatalogueError
from clause_library.description import Gap, Subject
from clause_library.docx_builder import build_docx
from clause_library.draft import Draft, plain
from clause_library.drafting import DraftRefused, NothingToAmend, draft_document
from clause_library.placeholders import PlaceholderError, document_parameters, load_placeholders
from contracts.evaluation import Assessment
from contracts.facts import older_texts
from contracts.vocabulary import INCISOS, Coverage
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.settings import Body
from vendor_tracker.store import issued, papers
from vendor_tracker.store.issued import IssuedRow, ProposalRow
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.tables import IssuedDocument, Proposal
from vendor_tracker.usecases import describing, filing
from vendor_tracker.usecases.describing_subjects import SubjectHead, subject_head, subject_of
from vendor_tracker.usecases.document_kinds import (
    INSTRUMENTS,
    KIND_NAMES,
    LETTER,
    OF_AGREEMENT,
    SUBJECT_OF,
    kinds_about,
)
from vendor_tracker.usecases.filing import DOCX
from vendor_tracker.usecases.instruments import READABLE_FORMALITIES, head_of
from vendor_tracker.usecases.judging import assess, catalogue_of, rejudge
from vendor_tracker.usecases.open_points import letter_of
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, Work, act, look

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
    """``body``, ``operator``, ``sub_operators``, ``amendment``, ``agreement``, ``parameters``, the subject's kind, or
    ``signer``: what no record holds, for whoever signs to write."""


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
    subject: SubjectHead | None
    beside: tuple[str, ...]
    """The other documents about the same subject, or about the agreement alone."""


@dataclass(frozen=True, slots=True)
class IssuedDocumentView:
    """An issued document: where it stands, what it is made of, and what became of it."""

    title: str
    row: IssuedRow
    kind_name: str
    clauses: tuple[tuple[str, str, str], ...]
    """Id, title and version of each clause, in order; the id is empty when the clause is this document's own."""
    missing_fields: tuple[str, ...]
    covers: tuple[str, ...]
    readable: bool
    proposals: tuple[ProposalRow, ...]
    signed: tuple[tuple[int, str], ...]
    """Signed papers (lineage, title) that are this document."""
    binding: bool
    """Whether it becomes an instrument of the agreement once signed, and so is proposed to the operator."""
    subject: SubjectHead | None


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


def renewals_of(assessment: Assessment) -> dict[str, date]:
    """Return the clauses that the signed papers carry in an older text, with the day from which the next one holds."""
    facts, when = assessment.facts, assessment.when
    older = older_texts(facts.papers_on(assessment.on), when.clause_editions, facts.binding_day(assessment.on))
    return {clause: first for clause, (_, first) in older.items()}


def _next_number(session: Session, agreement_id: int) -> int:
    return issued.aditivos_known(session, agreement_id) + 1


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A document to be drafted: which, of which agreement, and about what besides."""

    kind: str
    agreement_id: int
    on: date
    number: int | None
    subject: SubjectHead | None


def _wanted(
    session: Session, *, kind: str, agreement_id: int | None, subject_id: int | None, on: date, number: int | None
) -> _Wanted:
    """Find the agreement and the subject; raises :class:`NotFoundError` when they are missing or do not fit."""
    _check_kind(kind)
    about = SUBJECT_OF.get(kind, "")
    if bool(about) is not (subject_id is not None):
        message = (
            "Diga de que registro o documento trata." if about else "Este documento trata do acordo, e de nada mais."
        )
        raise UseCaseError(message, field="subject_id")
    subject = None if subject_id is None else subject_head(session, about, subject_id)
    if subject is not None and agreement_id not in {None, subject.agreement_id}:
        message = "O registro de que trata o documento é de outro acordo."
        raise NotFoundError(message)
    found = subject.agreement_id if subject is not None else agreement_id
    if found is None:
        message = "Diga de que acordo o documento trata."
        raise UseCaseError(message, field="agreement_id")
    if kind == "termo-aditivo" and number is None:
        number = _next_number(session, found)
    return _Wanted(kind, found, on, _checked_number(kind, number), subject)


def _draft(session: Session, body: Body, wanted: _Wanted, assessment: Assessment) -> Draft:
    """Draft the document; raises what the library raises when it cannot be."""
    on, subject = wanted.on, wanted.subject
    parameters = _parameters(assessment, on)
    gaps: tuple[Gap, ...] = ()
    if wanted.kind == "termo-aditivo":
        gaps = gaps_of(assessment)[0]
        _check_amendable(assessment, on)
    described: Subject | None = None
    if wanted.kind == LETTER:
        described = letter_of(session, wanted.agreement_id, assessment)
    elif subject is not None:
        described = subject_of(session, subject.kind, subject.id, assessment=assessment, numbers=parameters)
    return draft_document(
        wanted.kind,
        describing.description_of(session, wanted.agreement_id, body=body, on=on),
        parameters=parameters,
        on=on,
        subject=described,
        gaps=gaps,
        renewing=renewals_of(assessment) if wanted.kind == "termo-aditivo" else (),
        number=wanted.number,
        catalogue=catalogue_of(session),
    )


def _check_amendable(assessment: Assessment, on: date) -> None:
    """Refuse a termo aditivo to what has ended, and when nobody has read what the signed papers say."""
    end = assessment.facts.end
    if end is not None and end < on:
        message = (
            f"O acordo terminou em {end:%d/%m/%Y}; um termo aditivo não o alcança. "
            "O que ainda falta prever cabe em termo de compromisso."
        )
        raise DraftRefused(message)
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


def _prepare(session: Session, body: Body, wanted: _Wanted) -> tuple[AgreementHead, Draft]:
    """Draft the document; raises :class:`UseCaseError` with the library's own Portuguese reason when it cannot be."""
    head = head_of(session, wanted.agreement_id)
    assessment = assess(session, wanted.agreement_id, on=wanted.on)
    try:
        return head, _draft(session, body, wanted, assessment)
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


def preview(
    body: Body,
    *,
    kind: str,
    agreement_id: int | None = None,
    subject_id: int | None = None,
    number: int | None = None,
) -> Preview:
    """Return the document as it would be issued today, to be read before it is issued. Nothing is written.

    A document about a request or a fact is found by ``subject_id``, the others by ``agreement_id``.
    """
    on = clock.today()
    with look() as session:
        wanted = _wanted(session, kind=kind, agreement_id=agreement_id, subject_id=subject_id, on=on, number=number)
        head = head_of(session, wanted.agreement_id)
        draft: Draft | None = None
        refusal = ""
        assessment = assess(session, head.id, on=on)
        try:
            draft = _draft(session, body, wanted, assessment)
        except (NothingToAmend, DraftRefused, PlaceholderError, CatalogueError) as error:
            refusal = str(error)
        subject = wanted.subject
        return Preview(
            title=KIND_NAMES[kind],
            kind=kind,
            agreement=head,
            number=wanted.number,
            draft=draft,
            refusal=refusal,
            missing=()
            if draft is None
            else tuple(MissingView(item.label, _owner(item.field)) for item in draft.missing),
            unread=gaps_of(assessment)[1] if kind == "termo-aditivo" else (),
            waiting_papers=tuple((paper.lineage, paper.title) for paper in papers.instruments_of(session, head.id)),
            unserved=() if draft is None else draft.unserved,
            subject=subject,
            beside=tuple(
                other for other in (OF_AGREEMENT if subject is None else kinds_about(subject.kind)) if other != kind
            ),
        )


def _owner(field: str) -> str:
    if field == "amendment_number":
        return "amendment"
    first, dot, _ = field.partition(".")
    return first if dot else "agreement"


def render(
    body: Body,
    *,
    kind: str,
    agreement_id: int | None = None,
    subject_id: int | None = None,
    number: int | None = None,
) -> bytes:
    """Return the bytes of today's draft in Word, without a code and without a record: its footer says it is a draft."""
    with look() as session:
        wanted = _wanted(
            session, kind=kind, agreement_id=agreement_id, subject_id=subject_id, on=clock.today(), number=number
        )
        _, draft = _prepare(session, body, wanted)
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
    subject: SubjectHead | None = None


def ready(
    session: Session,
    body: Body,
    *,
    kind: str,
    on: date,
    agreement_id: int | None = None,
    subject_id: int | None = None,
    number: int | None = None,
) -> ReadyDocument:
    """Draft a document and write it in Word under a new code, for :func:`put_on_record`.

    Raises :class:`UseCaseError` with what to do when it cannot be drafted.
    """
    wanted = _wanted(session, kind=kind, agreement_id=agreement_id, subject_id=subject_id, on=on, number=number)
    head, draft = _prepare(session, body, wanted)
    code = _new_code(session, body.acronym)
    return ReadyDocument(head, kind, draft, code, build_docx(draft, verification_code=code), wanted.subject)


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
    library = catalogue_of(work.session)
    clauses = (*library.clauses, *library.document(document.kind).own)
    since = {(clause.id, clause.version): clause.since for clause in clauses}
    subject = document.subject
    row = IssuedDocument(
        agreement_id=head.id,
        kind=document.kind,
        subject_kind=None if subject is None else subject.kind,
        subject_id=None if subject is None else subject.id,
        title=title[:300],
        code=code,
        sha256=file.sha256,
        file_id=file.id,
        clause_versions={
            clause.id: f"{clause.version} ({since[clause.id, clause.version].isoformat()})" for clause in draft.clauses
        },
        clause_set_since=draft.clause_set_since,
        missing_fields=[item.label for item in draft.missing],
        # What is not an instrument once signed covers nothing, whatever its sections speak of.
        covers=list(dict.fromkeys(point for clause in draft.clauses for point in clause.points))
        if draft.binding
        else [],
        passages=_passages(draft) if draft.binding else {},
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
        {
            "agreement": head.id,
            "kind": document.kind,
            "subject": None if subject is None else f"{subject.kind}:{subject.id}",
            "sha256": file.sha256,
            "clause_set": draft.clause_set,
        },
    )
    return row


def issue(
    actor: Actor,
    files: FileStore,
    body: Body,
    *,
    kind: str,
    agreement_id: int | None = None,
    subject_id: int | None = None,
    number: int | None = None,
) -> IssuedDocumentView:
    """Draft the document of today, write it in Word, keep its bytes and put it on record with a code.

    Raises :class:`UseCaseError` with what to do when it cannot be drafted.
    """
    with act(actor) as work:
        document = ready(
            work.session,
            body,
            kind=kind,
            on=work.today,
            agreement_id=agreement_id,
            subject_id=subject_id,
            number=number,
        )
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
    library = catalogue_of(session)
    titles: dict[tuple[str, str], str] = {(clause.id, str(clause.version)): clause.title for clause in library.clauses}
    spec = library.documents.get(row.kind)
    own = {} if spec is None else {clause.id: clause.title for clause in spec.own}
    return IssuedDocumentView(
        title=row.title,
        row=listed,
        kind_name=KIND_NAMES.get(row.kind, row.kind),
        clauses=tuple(
            (
                "" if clause_id in own else clause_id,
                own.get(clause_id) or titles.get((clause_id, version.split(" ")[0]), clause_id),
                version.split(" ")[0],
            )
            for clause_id, version in row.clause_versions.items()
        ),
        missing_fields=tuple(row.missing_fields),
        covers=tuple(row.covers),
        readable=filing.may_read(actor.role, restricted=listed.restricted),
        proposals=tuple(issued.proposals_of(session, issued_document_id=row.id)),
        signed=tuple(issued.papers_signed_from(session, row.id)),
        binding=row.kind in INSTRUMENTS,
        subject=None
        if row.subject_kind is None or row.subject_id is None
        else subject_head(session, row.subject_kind, row.subject_id),
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
        if document.kind not in INSTRUMENTS:
            message = "Só se propõe à assinatura das partes o documento que passa a ser instrumento do acordo."
            raise UseCaseError(message)
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
