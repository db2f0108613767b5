"""What the pages of operators show: the list, one operator, its form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from contracts.vocabulary import AgreementKind, ContactRole, EvidenceKind, Exposure, Regime, ReviewDecision
from vendor_tracker import clock
from vendor_tracker.importing.sentences import sentence_case
from vendor_tracker.store import outbox, parties, register_lists, register_papers
from vendor_tracker.store.outbox import Failure
from vendor_tracker.store.parties import ContactLine
from vendor_tracker.store.register_lists import OperatorLine
from vendor_tracker.store.tables import Operator
from vendor_tracker.usecases.work import NotFoundError, look

PAGE_SIZE = 50
EVIDENCE_SHOWN = 20
_EXPOSURES: dict[int, Exposure | None] = {0: None, 1: Exposure.LOW, 2: Exposure.MEDIUM, 3: Exposure.HIGH}


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """A line of the list."""

    id: int
    name: str
    cnpj: str | None
    foreign_id: str | None
    regime: Regime | None
    agreements: int
    in_force: int
    breached: int
    worst_score: int | None
    exposure: Exposure | None


@dataclass(frozen=True, slots=True)
class OperatorsPage:
    """A page of the list of operators; ``total`` counts those that the filters let through."""

    title: str
    operators: tuple[OperatorRow, ...]
    total: int
    number: int
    size: int
    filtered: bool


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement on its operator's page."""

    id: int
    kind: AgreementKind
    number: str
    object: str
    starts_on: date | None
    ends_on: date | None
    score: int | None
    exposure: Exposure | None
    breached: int
    stage: str
    next_due_on: date | None


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A proof that the operator handed in."""

    id: int
    kind: EvidenceKind
    title: str
    received_on: date
    decision: ReviewDecision | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class OperatorPage:
    """Everything about one operator on one page."""

    title: str
    id: int
    cnpj: str | None
    foreign_id: str | None
    regime: Regime | None
    country: str
    address: str
    source: str
    created_at: datetime
    today: date
    agreements: tuple[AgreementRow, ...]
    contacts: tuple[ContactLine, ...]
    """Who answers today."""
    former_contacts: tuple[ContactLine, ...]
    proofs: tuple[ProofRow, ...]
    failing: Mapping[str, Failure] = field(default_factory=dict)
    """Addresses of the contacts, in lower case, that do not take our messages, and what their servers said last."""

    def lacks(self, role: ContactRole) -> bool:
        """Tell whether nobody of this role answers today."""
        return all(contact.role is not role for contact in self.contacts)


@dataclass(frozen=True, slots=True)
class OperatorValues:
    """An operator as a form shows it; ``id`` is ``None`` for a new one."""

    id: int | None = None
    name: str = ""
    cnpj: str | None = None
    foreign_id: str | None = None
    regime: Regime | None = None
    country: str = "BR"
    address: str = ""


def index(
    *, words: str = "", regime: str = "", order: str = "name", number: int = 1, size: int = PAGE_SIZE
) -> OperatorsPage:
    """Return a page of operators, by name, or the worst standing first with ``order="worst"``."""
    if regime not in {"", "none", *(member.value for member in Regime)}:
        regime = ""
    with look() as session:
        lines, total = register_lists.operator_lines(
            session, words=words, regime=regime, order=order, offset=(number - 1) * size, limit=size
        )
        if not lines and total:
            number = (total + size - 1) // size
            lines, total = register_lists.operator_lines(
                session, words=words, regime=regime, order=order, offset=(number - 1) * size, limit=size
            )
    return OperatorsPage(
        "Operadores", tuple(_row(line) for line in lines), total, number, size, filtered=bool(words or regime)
    )


def _row(line: OperatorLine) -> OperatorRow:
    return OperatorRow(
        line.id,
        line.name,
        line.cnpj,
        line.foreign_id,
        line.regime,
        line.agreements,
        int(line.in_force),
        int(line.breached),
        line.worst_score,
        _EXPOSURES[int(line.exposure)],
    )


def show(*, operator_id: int) -> OperatorPage:
    """Return one operator with its agreements, contacts and proofs. Raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        operator = session.get(Operator, operator_id)
        if operator is None:
            raise NotFoundError("Não há esse operador no registro.")
        agreements = register_lists.agreements_of_operator(session, operator_id)
        contacts = parties.contacts(session, operator_id=operator_id)
        proofs = register_papers.evidence_of(session, operator_id, limit=EVIDENCE_SHOWN)
        return OperatorPage(
            title=operator.name,
            id=operator.id,
            cnpj=operator.cnpj,
            foreign_id=operator.foreign_id,
            regime=operator.regime,
            country=operator.country,
            address=operator.address,
            source=operator.source,
            created_at=operator.created_at,
            today=today,
            agreements=tuple(
                AgreementRow(
                    row.id,
                    row.kind,
                    row.number,
                    sentence_case(row.object),
                    row.starts_on,
                    row.ended_on or row.ends_on,
                    row.score,
                    row.exposure,
                    row.breached,
                    row.stage,
                    row.next_due_on,
                )
                for row in agreements
            ),
            contacts=tuple(row for row in contacts if row.until is None or row.until >= today),
            former_contacts=tuple(row for row in contacts if row.until is not None and row.until < today),
            proofs=tuple(ProofRow(*row) for row in proofs),
            failing=outbox.failing(session, {row.email for row in contacts}),
        )


def form_values(*, operator_id: int) -> OperatorValues:
    """Return an operator for its form. Raises :class:`NotFoundError`."""
    with look() as session:
        row = session.get(Operator, operator_id)
        if row is None:
            raise NotFoundError("Não há esse operador no registro.")
        return values_of(row)


def values_of(row: Operator) -> OperatorValues:
    """Return what is on record about an operator as its form shows it."""
    return OperatorValues(row.id, row.name, row.cnpj, row.foreign_id, row.regime, row.country, row.address)
