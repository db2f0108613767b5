"""What may be asked of an operator: the proposed words, the checks, and the letter before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from contracts.norm import REFERENCES, LegalReference
from contracts.questions import TITLE_LIMIT, Question, QuestionBook
from contracts.vocabulary import INCISOS, EvidenceKind, RequestKind, RequestState
from contracts.workdays import CalendarRangeError, TermUnit
from vendor_tracker import clock
from vendor_tracker.reports.letters import without_links
from vendor_tracker.running import settings
from vendor_tracker.store import questions
from vendor_tracker.store import requests as store
from vendor_tracker.store.questions import AskedItem
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.requesting.letters import ItemLine, write_letter
from vendor_tracker.usecases.requesting.preflight import Preflight, whole_preflight
from vendor_tracker.usecases.work import NotFoundError, UseCaseError, look

MOST_ITEMS = 30
LONGEST_TEXT = 4000
LONGEST_HELP = 300


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
    help: str = ""
    """A short sentence beside the question."""
    template: str = ""
    """The template and edition that the words came from, as in ``inciso.V/2``; empty for a free item."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The words proposed for an inciso or a proof."""

    inciso: str
    kind: EvidenceKind | None
    title: str
    question: str


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """An item that may be picked. ``value`` is how a form names it: ``V:evidence.iso_27001``."""

    value: str
    section: str
    title: str
    own: bool
    """Whether the organisation added it."""


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """What may be asked about an inciso: the whole of it, and single items."""

    inciso: str
    whole: ItemChoice
    single: tuple[ItemChoice, ...]
    pending: tuple[AskedItem, ...]
    """What is being asked about it now."""


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
    groups: tuple[ChoiceGroup, ...]


@dataclass(frozen=True, slots=True)
class VendorItem:
    """An item as the operator would read it."""

    title: str
    question: str
    help: str
    inciso: str
    law: LegalReference | None
    wants_file: bool
    kinds: tuple[EvidenceKind, ...]


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
    preflight: Preflight
    note: str = ""
    """What staff noted for themselves; it is not sent."""
    vendor_items: tuple[VendorItem, ...] = ()
    """The items as the operator would read them."""


def law_of(inciso: str) -> LegalReference | None:
    """Return the words of an inciso of art. 14; ``None`` for an obligation that the organisation added."""
    return REFERENCES.get(f"art_14_{inciso.lower()}") if inciso in INCISOS else None


def _body() -> str:
    return settings().body.acronym


def suggestion(inciso: str, kind: EvidenceKind | None = None) -> Suggestion:
    """Return the words proposed today for one of the twelve, or for one proof of it."""
    with look() as session:
        book = judging.questions_of(session, clock.today())
    question = (book.evidence[kind] if kind is not None else book.incisos[inciso]).addressed(_body())
    return Suggestion(inciso, kind, question.title, question.text)


def item_from(question: Question, inciso: str) -> NewItem:
    """Return a template as an item about an inciso, addressed by the body."""
    said = question.addressed(_body())
    kinds = question.kinds or (kinds_for(inciso) if question.section == "inciso" else ())
    return NewItem(
        inciso,
        said.title,
        said.text,
        kinds,
        wants_file=said.wants_file,
        help=said.help,
        template=f"{question.key}/{question.number}",
    )


def proposed_items(values: Sequence[str]) -> tuple[NewItem, ...]:
    """Return the items that a form names, in today's words; what is not to be picked today is left out.

    A name is ``<inciso>:<key of the template>``; with an empty key it is a free item about the inciso, without words.
    """
    with look() as session:
        book = judging.questions_of(session, clock.today())
    found = []
    for value in dict.fromkeys(values):
        inciso, _, key = value.partition(":")
        if inciso not in INCISOS:
            continue
        question = book.find(key) if key else None
        if question is not None and question.inciso in {"", inciso}:
            found.append(item_from(question, inciso))
        elif not key:
            found.append(NewItem(inciso, "", "", wants_file=False))
    return tuple(found)


def choice_groups(book: QuestionBook, asked: Sequence[AskedItem] = ()) -> tuple[ChoiceGroup, ...]:
    """Return everything that may be picked, by inciso. Proofs that no rule names stand under V, as security proofs."""
    named = {kind for inciso in INCISOS for kind in kinds_for(inciso)}
    groups = []
    for inciso in INCISOS:
        kinds = [*kinds_for(inciso)]
        if inciso == "V":
            kinds += [kind for kind in EvidenceKind if kind not in named]
        single = [book.evidence[kind] for kind in kinds]
        confirmation = book.confirming(inciso)
        single += [*([] if confirmation is None else [confirmation]), *book.extras_of(inciso)]
        groups.append(
            ChoiceGroup(
                inciso,
                _choice(book.incisos[inciso], inciso),
                tuple(_choice(question, inciso) for question in single),
                tuple(item for item in asked if item.inciso == inciso),
            )
        )
    return tuple(groups)


def _choice(question: Question, inciso: str) -> ItemChoice:
    said = question.addressed(_body())
    return ItemChoice(f"{inciso}:{question.key}", question.section, said.title, question.section == "extra")


def kinds_for(inciso: str) -> tuple[EvidenceKind, ...]:
    """Return the proofs that would serve an inciso today, as its obligation names them."""
    from contracts.obligations import TWELVE

    today = clock.today()
    for obligation in TWELVE:
        version = obligation.on(today)
        if obligation.inciso == inciso and version is not None:
            return tuple(dict.fromkeys(kind for requirement in version.requires for kind in requirement.asks_for))
    return ()


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
        asked = questions.being_asked(session, [agreement_id]).get(agreement_id, ())
        return NewRequestPage(
            title="Nova requisição",
            agreement_id=agreement_id,
            agreement=label,
            operator=operator,
            operator_id=operator_id,
            today=today,
            default_due_on=workdays.due_after(today, days, TermUnit.CALENDAR_DAYS),
            default_days=days,
            preflight=whole_preflight(session, agreement_id, today, items=()),
            groups=choice_groups(judging.questions_of(session, today), asked),
        )


def checked_items(items: Sequence[NewItem]) -> tuple[NewItem, ...]:
    """Return the items, or refuse what nobody could answer. A free item without any words is left out."""
    kept = [item for item in items if item.template or item.title.strip() or item.question.strip()]
    if not kept:
        raise UseCaseError("Escolha ao menos um item para pedir.", field="itens")
    if len(kept) > MOST_ITEMS:
        raise UseCaseError(f"Uma requisição tem no máximo {MOST_ITEMS} itens; divida-a.", field="itens")
    for position, item in enumerate(items, 1):
        if item not in kept:
            continue
        place = f"pergunta_{position}"
        if not item.title.strip() or not item.question.strip():
            raise UseCaseError(f"Escreva o título e a pergunta do item {position}.", field=place)
        if len(item.title) > TITLE_LIMIT or len(item.question) > LONGEST_TEXT or len(item.help) > LONGEST_HELP:
            raise UseCaseError(
                f"O título do item {position} passa de {TITLE_LIMIT} caracteres, a pergunta de {LONGEST_TEXT} ou a "
                f"ajuda de {LONGEST_HELP}.",
                field=place,
            )
    return tuple(kept)


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
    *, agreement_id: int, kind: RequestKind, items: Sequence[NewItem], due_on: date, reason: str, note: str = ""
) -> Preview:
    """Return the letter and the items as the vendor would see them; checks all that opening would check."""
    today = clock.today()
    asked = checked_items(items)
    with look() as session:
        names = store.agreement_names(session, agreement_id)
        if names is None:
            raise NotFoundError("Este acordo não existe.")
        checked_term(session, due_on, today)
        preflight = whole_preflight(session, agreement_id, today, items=asked, due_on=due_on)
        if preflight.problem:
            raise UseCaseError(preflight.problem)
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
        preflight=preflight,
        note=note,
        vendor_items=vendor_items(asked),
    )


def vendor_items(items: Sequence[NewItem]) -> tuple[VendorItem, ...]:
    """Return items as the operator would read them."""
    return tuple(
        VendorItem(
            item.title.strip(),
            item.question.strip(),
            item.help.strip(),
            item.inciso,
            law_of(item.inciso),
            item.wants_file,
            item.kinds,
        )
        for item in items
    )
