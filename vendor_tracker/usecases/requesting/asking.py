"""What may be asked of an operator: the proposed words, the checks, and the letter before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from contracts.norm import REFERENCES, LegalReference
from contracts.questions import TITLE_LIMIT, question_book
from contracts.vocabulary import INCISOS, EvidenceKind, RequestKind, RequestState
from contracts.workdays import CalendarRangeError, TermUnit
from vendor_tracker import clock
from vendor_tracker.reports.letters import without_links
from vendor_tracker.running import settings
from vendor_tracker.store import recipients
from vendor_tracker.store import requests as store
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.requests import RequestFilter, RequestHead
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.requesting.letters import ItemLine, write_letter
from vendor_tracker.usecases.work import NotFoundError, UseCaseError, look

MOST_ITEMS = 30
LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to ask. ``kinds``: the proofs of which any one would do; none when words are enough."""

    inciso: str
    title: str
    question: str
    kinds: tuple[EvidenceKind, ...] = ()
    wants_file: bool = True
    reason: str = ""
    matter: int | None = None
    """The record that this item alone is about, in a request about several of one kind."""


@dataclass(frozen=True, slots=True)
class Preflight:
    """Whether a request can reach the operator, told before anything is sent."""

    recipient: str
    email: str
    problem: str
    """Why it cannot be sent, in a sentence; empty when it can."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The words proposed for an inciso or a proof."""

    inciso: str
    kind: EvidenceKind | None
    title: str
    question: str


@dataclass(frozen=True, slots=True)
class NewRequestPage:
    """The form of a request opened by hand."""

    title: str
    agreement_id: int
    agreement: str
    operator: str
    operator_id: int
    today: date
    default_due_on: date
    default_days: int
    preflight: Preflight
    suggestions: tuple[Suggestion, ...]
    pending: tuple[tuple[str, str, int], ...]
    """Items already with the vendor or with us: (inciso, request number, request id)."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What the vendor would get."""

    title: str
    agreement_id: int
    agreement: str
    operator: str
    recipient: str
    email: str
    due_on: date
    today: date
    reason: str
    items: tuple[NewItem, ...]
    subject: str
    body: str


def law_of(inciso: str) -> LegalReference | None:
    """Return the words of an inciso of art. 14; ``None`` for an obligation that the organisation added."""
    return REFERENCES.get(f"art_14_{inciso.lower()}") if inciso in INCISOS else None


def _body() -> str:
    return settings().body.acronym


def suggestion(inciso: str, kind: EvidenceKind | None = None) -> Suggestion:
    """Return the proposed words for one of the twelve, or for one proof of it."""
    book = question_book()
    question = (book.evidence[kind] if kind is not None else book.incisos[inciso]).addressed(_body())
    return Suggestion(inciso, kind, question.title, question.text)


def kinds_for(inciso: str) -> tuple[EvidenceKind, ...]:
    """Return the proofs that would serve an inciso today, as its obligation names them."""
    from contracts.obligations import TWELVE

    today = clock.today()
    for obligation in TWELVE:
        version = obligation.on(today)
        if obligation.inciso == inciso and version is not None:
            return tuple(dict.fromkeys(kind for requirement in version.requires for kind in requirement.asks_for))
    return ()


def preflight_of(session: Session, agreement_id: int, on: date) -> Preflight:
    """Tell whether a request would reach the operator on the day."""
    preposto = recipients.prepostos(session, [agreement_id], on).get(agreement_id)
    if preposto is None:
        return Preflight(
            "",
            "",
            "O acordo não tem preposto com e-mail em vigor. Registre-o no operador antes de enviar a requisição.",
        )
    return Preflight(preposto.name, preposto.email, "")


def new_request_page(agreement_id: int) -> NewRequestPage:
    """Return what the form of a new request needs; raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        names = store.agreement_names(session, agreement_id)
        if names is None:
            raise NotFoundError("Este acordo não existe.")
        label, operator, operator_id, _ = names
        days = judging.policy_of(session).on(today).number("request_answer_days")
        workdays = judging.workdays_of(session)
        _, open_ = store.listed(session, RequestFilter(agreement_id=agreement_id), today=today, limit=200, offset=0)
        pending = tuple(
            (item.inciso, head.number, head.id)
            for head in open_
            if head.state in (*store.WAITING, RequestState.SUBMITTED)
            for item in store.items(session, head.id)
        )
        return NewRequestPage(
            title="Nova requisição",
            agreement_id=agreement_id,
            agreement=label,
            operator=operator,
            operator_id=operator_id,
            today=today,
            default_due_on=workdays.due_after(today, days, TermUnit.CALENDAR_DAYS),
            default_days=days,
            preflight=preflight_of(session, agreement_id, today),
            suggestions=tuple(suggestion(inciso) for inciso in INCISOS),
            pending=pending,
        )


def checked_items(items: Sequence[NewItem]) -> tuple[NewItem, ...]:
    """Return the items, or refuse what nobody could answer."""
    if not items:
        raise UseCaseError("Escolha ao menos um inciso sobre o qual perguntar.", field="incisos")
    if len(items) > MOST_ITEMS:
        raise UseCaseError(f"Uma requisição tem no máximo {MOST_ITEMS} itens; divida-a.", field="incisos")
    for item in items:
        if not item.title.strip() or not item.question.strip():
            raise UseCaseError(
                f"Escreva o título e a pergunta do inciso {item.inciso}.", field=f"pergunta_{item.inciso}"
            )
        if len(item.title) > TITLE_LIMIT or len(item.question) > LONGEST_TEXT:
            raise UseCaseError(
                f"O título do inciso {item.inciso} passa de {TITLE_LIMIT} caracteres, ou a pergunta de {LONGEST_TEXT}.",
                field=f"pergunta_{item.inciso}",
            )
    return tuple(items)


def checked_term(session: Session, due_on: date, today: date) -> date:
    """Return the term, or refuse one that is past or ends without expediente."""
    if due_on <= today:
        raise UseCaseError("O prazo deve terminar depois de hoje.", field="due_on")
    try:
        working = judging.workdays_of(session).is_working(due_on)
    except CalendarRangeError as error:
        raise UseCaseError(str(error), field="due_on") from None
    if not working:
        raise UseCaseError(
            f"Não há expediente em {due_on:%d/%m/%Y}. Escolha um dia útil para o fim do prazo.", field="due_on"
        )
    return due_on


def preview_request(
    *, agreement_id: int, kind: RequestKind, items: Sequence[NewItem], due_on: date, reason: str
) -> Preview:
    """Return the letter and the items as the vendor would see them; checks all that opening would check."""
    today = clock.today()
    asked = checked_items(items)
    with look() as session:
        names = store.agreement_names(session, agreement_id)
        if names is None:
            raise NotFoundError("Este acordo não existe.")
        preflight = preflight_of(session, agreement_id, today)
        if preflight.problem:
            raise UseCaseError(preflight.problem)
        checked_term(session, due_on, today)
        label, operator, operator_id, cnpj = names
        head = RequestHead(
            0, agreement_id, operator_id, "(a numerar)", label, operator, cnpj, kind, RequestState.DRAFT, reason, today,
            due_on, due_on, None, None, secret=False,
        )  # fmt: skip
    letter = write_letter(
        "request_opened",
        head,
        Mailbox(preflight.recipient, preflight.email),
        items=[ItemLine(position, item.inciso, item.title) for position, item in enumerate(asked, 1)],
    )
    return Preview(
        title="Conferir antes de enviar",
        agreement_id=agreement_id,
        agreement=label,
        operator=operator,
        recipient=preflight.recipient,
        email=preflight.email,
        due_on=due_on,
        today=today,
        reason=reason,
        items=asked,
        subject=letter.subject,
        body=without_links(letter.body),
    )
