"""What the pages of agreements show, as frozen values."""

from dataclasses import dataclass
from datetime import date

from contracts.vocabulary import AgreementKind, Regime, RequestKind, RequestState, StewardRole
from vendor_tracker.store.parties import ContactLine
from vendor_tracker.store.register_lists import AgreementLine
from vendor_tracker.store.register_papers import PaperLine
from vendor_tracker.usecases import operators
from vendor_tracker.usecases.agreements.said import HistoryEntry, Said
from vendor_tracker.usecases.agreements.what_next import NextStep
from vendor_tracker.usecases.older_texts import OlderClause
from vendor_tracker.usecases.presenting import JudgementView


@dataclass(frozen=True, slots=True)
class AgreementsPage:
    """A page of the list of agreements; ``total`` counts those that the filters let through."""

    title: str
    agreements: tuple[AgreementLine, ...]
    units: tuple[tuple[int, str], ...]
    total: int
    number: int
    size: int
    filtered: bool
    today: date


@dataclass(frozen=True, slots=True)
class Identity:
    """What an agreement is called and with whom it is."""

    id: int
    label: str
    kind: AgreementKind
    number: str
    pncp_id: str | None
    unit_id: int | None
    unit: str
    source: str
    operator_id: int
    operator: str
    cnpj: str | None
    foreign_id: str | None
    regime: Regime | None


@dataclass(frozen=True, slots=True)
class StewardLine:
    """A gestor or fiscal."""

    lineage: int
    role: StewardRole
    name: str
    email: str
    portaria: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class SubOperatorLine:
    """A sub-operator; ``parent`` is the name of the one that engaged it, empty when the operator itself did."""

    lineage: int
    name: str
    cnpj: str | None
    country: str
    activity: str
    authorised_on: date | None
    since: date | None
    until: date | None
    parent: str


@dataclass(frozen=True, slots=True)
class TermLine:
    """An aditivo, apostilamento or rescission that the source lists."""

    kind: str
    number: str
    signed_on: date | None
    new_ends_on: date | None
    object: str


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request under the agreement."""

    id: int
    number: str
    kind: RequestKind
    state: RequestState
    opened_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """One agreement: what to do, what is on record, how it stands and what happened to it."""

    title: str
    identity: Identity
    said: Said
    object: str
    """The object as a sentence, whatever letters the source used."""
    starts_on: date | None
    ends_on: date | None
    """Last day, terms of extension included."""
    today: date
    stage: str
    judgement: JudgementView
    next_steps: tuple[NextStep, ...]
    missing: tuple[str, ...]
    """Keys of :data:`vendor_tracker.store.register_lists.MISSING` that nobody has answered."""
    contacts: tuple[ContactLine, ...]
    stewards: tuple[StewardLine, ...]
    former_stewards: tuple[StewardLine, ...]
    sub_operators: tuple[SubOperatorLine, ...]
    papers: tuple[PaperLine, ...]
    older_texts: tuple[OlderClause, ...]
    """Clauses that the signed document, or the issued one when none is signed, carries in an older text."""
    requests: tuple[RequestLine, ...]
    rhythm: str
    """How often it is asked, in Portuguese."""
    asked_next_on: date | None
    """The next day of a complete request, or today when one is due; none when nothing comes."""
    terms: tuple[TermLine, ...]
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class EditPage:
    """What the form of a section needs: the agreement, what is on record and the day it holds from."""

    title: str
    identity: Identity
    said: Said
    object: str
    """The object as a sentence, for reading; the form shows it as it is on record."""
    revision_id: int | None
    """What the form shows; handed back, it tells whether somebody else wrote in the meantime."""
    holds_from: date
    first_day: date
    today: date
    units: tuple[tuple[int, str], ...]
    contacts: tuple[ContactLine, ...]
    stewards: tuple[StewardLine, ...]
    sub_operators: tuple[SubOperatorLine, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What the first step of a registration needs."""

    title: str
    units: tuple[tuple[int, str], ...]
    operator: operators.OperatorValues | None
