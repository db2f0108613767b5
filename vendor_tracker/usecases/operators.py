"""Operators: who they are, who answers for them, what they hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from contracts.cnpj import Cnpj, CnpjError, mask_cpf_in
from contracts.vocabulary import AgreementKind, ContactRole, EvidenceKind, Exposure, Regime, ReviewDecision
from vendor_tracker import clock
from vendor_tracker.importing.sentences import sentence_case
from vendor_tracker.store import parties, register, register_lists, register_papers
from vendor_tracker.store.parties import ContactLine
from vendor_tracker.store.register_lists import OperatorLine
from vendor_tracker.store.search import folded
from vendor_tracker.store.tables import Agreement, Contact, Operator
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act, look

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


@dataclass(frozen=True, slots=True)
class ContactValues:
    """A contact as a form shows it, with what the page around it says."""

    operator_id: int
    operator: str
    agreements: tuple[tuple[int, str], ...]
    """The agreements that a contact may be limited to: (id, number)."""
    lineage: int | None = None
    agreement_id: int | None = None
    role: ContactRole | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    document: str = ""
    reachable_always: bool | None = None
    since: date | None = None
    until: date | None = None


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


@contextmanager
def one_at_a_time(sentence: str) -> Iterator[None]:
    """Turn the database's refusal of a second record of the same identity into a conflict that a person understands.

    The use cases look before they write; two people who look at the same moment are told apart by the database alone.
    """
    try:
        yield
    except IntegrityError:
        raise ConflictError(sentence) from None


# -- identity ---------------------------------------------------------------------------------------------------------


def checked_identity(cnpj: str | None, foreign_id: str | None) -> tuple[str | None, str | None]:
    """Return the identity to be recorded: a valid CNPJ, or the identification of a foreign entity; exactly one.

    Raises :class:`UseCaseError` beside ``cnpj`` or ``foreign_id``.
    """
    number, foreign = (cnpj or "").strip(), (foreign_id or "").strip()
    if number and foreign:
        raise UseCaseError("Informe o CNPJ ou a identificação estrangeira, não os dois.", field="foreign_id")
    if number:
        try:
            return Cnpj.parse(number).value, None
        except CnpjError as error:
            raise UseCaseError(str(error), field="cnpj") from None
    if not foreign:
        raise UseCaseError("Informe o CNPJ; se a entidade é estrangeira, a identificação dela.", field="cnpj")
    return None, foreign[:60]


def find_or_add(
    work: Work,
    *,
    cnpj: str | None,
    foreign_id: str | None,
    name: str,
    regime: Regime | None,
    country: str = "BR",
    address: str = "",
    source: str = "manual",
) -> tuple[Operator, bool]:
    """Return the operator with this identity, made if it is new, and whether it was made; in the caller's transaction.

    Of an operator already on record nothing is changed. Raises :class:`UseCaseError` beside ``name`` when it is new and
    nobody said its name.
    """
    number, foreign = checked_identity(cnpj, foreign_id)
    if number:
        known = register.operator_by_cnpj(work.session, number)
    else:
        known = register.operator_by_foreign_id(work.session, str(foreign))
    if known is not None:
        return known, False
    clean = mask_cpf_in(" ".join(name.split()))[:300]
    if not clean:
        raise UseCaseError(
            "Esta identificação ainda não está no registro. Informe o nome ou a razão social.", field="name"
        )
    operator = Operator(
        cnpj=number,
        foreign_id=foreign,
        name=clean,
        search_name=folded(clean),
        regime=regime or (Regime.FOREIGN if foreign else None),
        country=country or "BR",
        address=address.strip()[:400],
        source=source,
        created_at=work.now,
        updated_at=work.now,
    )
    work.session.add(operator)
    work.session.flush()
    return operator, True


def register_operator(
    actor: Actor,
    *,
    cnpj: str | None,
    foreign_id: str | None = None,
    name: str,
    regime: Regime | None,
    country: str = "BR",
    address: str = "",
) -> int:
    """Register an operator; raises :class:`ConflictError` when it is there already. Returns its id."""
    with act(actor) as work, one_at_a_time("Este operador acabou de ser registrado por outra pessoa. Abra a lista."):
        operator, made = find_or_add(
            work, cnpj=cnpj, foreign_id=foreign_id, name=name, regime=regime, country=country, address=address
        )
        if not made:
            raise ConflictError(
                f"Este operador já está no registro: {operator.name}.", field="cnpj" if operator.cnpj else "foreign_id"
            )
        work.trail(
            "operator_added",
            "operator",
            operator.id,
            f"Operador registrado: {operator.name}.",
            {"cnpj": operator.cnpj, "foreign_id": operator.foreign_id, "regime": regime},
        )
        return operator.id


def change_operator(
    actor: Actor, *, operator_id: int, name: str, regime: Regime | None, country: str = "BR", address: str = ""
) -> None:
    """Change what is on record about an operator; its CNPJ or foreign identification never changes."""
    clean = mask_cpf_in(" ".join(name.split()))[:300]
    if not clean:
        raise UseCaseError("Informe o nome ou a razão social.", field="name")
    with act(actor) as work:
        operator = work.session.get(Operator, operator_id)
        if operator is None:
            raise NotFoundError("Não há esse operador no registro.")
        before = {
            "name": operator.name,
            "regime": operator.regime,
            "country": operator.country,
            "address": operator.address,
        }
        after = {"name": clean, "regime": regime, "country": country or "BR", "address": address.strip()[:400]}
        changed = [key for key in after if before[key] != after[key]]
        if not changed:
            return
        operator.name, operator.search_name = clean, folded(clean)
        operator.regime = regime
        operator.country = country or "BR"
        operator.address = address.strip()[:400]
        operator.updated_at = work.now
        work.session.flush()
        register.refresh_search_text(work.session, operator)
        work.trail(
            "operator_changed",
            "operator",
            operator.id,
            f"Dados do operador alterados: {operator.name}.",
            {"before": {key: before[key] for key in changed}, "after": {key: after[key] for key in changed}},
        )
        if "regime" in changed:
            judging.rejudge_operators(work, [operator.id], cause="Regime do operador alterado")


# -- contacts ---------------------------------------------------------------------------------------------------------


def contact_values(*, operator_id: int, lineage: int | None = None, agreement_id: int | None = None) -> ContactValues:
    """Return the form's values: of the contact ``lineage``, or of a new one limited to ``agreement_id`` if given."""
    with look() as session:
        operator = session.get(Operator, operator_id)
        if operator is None:
            raise NotFoundError("Não há esse operador no registro.")
        offered = tuple((row.id, row.number) for row in register_lists.agreements_of_operator(session, operator_id))
        if lineage is None:
            known = {identity for identity, _ in offered}
            return ContactValues(
                operator_id, operator.name, offered, agreement_id=agreement_id if agreement_id in known else None
            )
        contact = register.newest(session, Contact, lineage)
        if contact is None or contact.operator_id != operator_id:
            raise NotFoundError("Não há esse contato.")
        return ContactValues(
            operator_id,
            operator.name,
            offered,
            contact.lineage,
            contact.agreement_id,
            contact.role,
            contact.name,
            contact.email,
            contact.phone,
            contact.document,
            contact.reachable_always,
            contact.since,
            contact.until,
        )


def _checked_contact(
    work: Work,
    operator_id: int,
    agreement_id: int | None,
    role: ContactRole,
    name: str,
    email: str,
    phone: str,
    since: date,
) -> None:
    if not name.strip():
        raise UseCaseError("Informe o nome de quem responde.", field="name")
    address = email.strip()
    if address and ("@" not in address or " " in address or address.startswith("@") or address.endswith("@")):
        raise UseCaseError("Informe um e-mail válido, por exemplo contratos@empresa.com.br.", field="email")
    if role is ContactRole.PREPOSTO and not address:
        raise UseCaseError("Informe o e-mail: é para onde vão as requisições.", field="email")
    if not address and not phone.strip():
        raise UseCaseError("Informe ao menos um meio de contato: e-mail ou telefone.", field="email")
    if since > work.today:
        raise UseCaseError("Informe um dia até hoje: o contato vale desde a indicação.", field="since")
    if agreement_id is not None:
        owner = work.session.get(Agreement, agreement_id)
        if owner is None or owner.operator_id != operator_id:
            raise UseCaseError("Escolha um acordo deste operador.", field="agreement_id")


def add_contact(
    actor: Actor,
    *,
    operator_id: int,
    role: ContactRole,
    name: str,
    email: str = "",
    phone: str = "",
    document: str = "",
    reachable_always: bool | None = None,
    since: date | None = None,
    agreement_id: int | None = None,
    replaces: int | None = None,
) -> int:
    """Register who answers for an operator, for all its agreements or for one; returns the contact's lineage.

    ``replaces`` is the lineage of the contact that this one follows; it ends on the eve.
    """
    with act(actor) as work:
        operator = work.session.get(Operator, operator_id)
        if operator is None:
            raise NotFoundError("Não há esse operador no registro.")
        day = since or work.today
        _checked_contact(work, operator_id, agreement_id, role, name, email, phone, day)
        former = None
        if replaces is not None:
            former = _contact_of(work, operator_id, replaces)
            if day < former.since:
                raise UseCaseError(
                    f"O contato anterior responde desde {former.since:%d/%m/%Y}; informe um dia depois.", field="since"
                )
            work.session.add(
                former.next_version(
                    recorded_at=work.now,
                    recorded_by_id=actor.user_id,
                    until=max(date.fromordinal(day.toordinal() - 1), former.since),
                )
            )
        lineage = put_contact(
            work,
            operator_id=operator_id,
            agreement_id=agreement_id,
            role=role,
            name=name,
            email=email,
            phone=phone,
            document=document,
            reachable_always=reachable_always,
            since=day,
        )
        summary = f"Contato registrado para {operator.name}: {name.strip()}."
        work.trail(
            "contact_added",
            "operator",
            operator_id,
            summary,
            {"contact": lineage, "role": role, "since": day, "agreement": agreement_id, "replaces": replaces},
        )
        judging.rejudge_operators(work, [operator_id], cause="Contato do operador registrado")
        return lineage


def put_contact(
    work: Work,
    *,
    operator_id: int,
    agreement_id: int | None,
    role: ContactRole,
    name: str,
    email: str,
    phone: str,
    document: str = "",
    reachable_always: bool | None = None,
    since: date,
) -> int:
    """Add the row of a contact in the caller's transaction; returns its lineage."""
    row = Contact(
        operator_id=operator_id,
        agreement_id=agreement_id,
        role=role,
        reachable_always=reachable_always,
        since=since,
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
        **_clean(name, email, phone, document),
    )
    work.session.add(row)
    work.session.flush()
    return int(row.lineage or row.id)


def _clean(name: str, email: str, phone: str, document: str) -> dict[str, str]:
    """Return the texts of a contact as its columns hold them."""
    return {
        "name": name.strip()[:200],
        "email": email.strip()[:254],
        "phone": phone.strip()[:60],
        "document": document.strip()[:200],
    }


def _contact_of(work: Work, operator_id: int, lineage: int) -> Contact:
    contact = register.newest(work.session, Contact, lineage)
    if contact is None or contact.operator_id != operator_id:
        raise NotFoundError("Não há esse contato.")
    return contact


def correct_contact(
    actor: Actor,
    *,
    operator_id: int,
    lineage: int,
    role: ContactRole,
    name: str,
    email: str = "",
    phone: str = "",
    document: str = "",
    reachable_always: bool | None = None,
    since: date | None = None,
    agreement_id: int | None = None,
) -> None:
    """Correct a contact: the same person or channel, better described. What was recorded before stays on record."""
    with act(actor) as work:
        contact = _contact_of(work, operator_id, lineage)
        day = since or contact.since
        _checked_contact(work, operator_id, agreement_id, role, name, email, phone, day)
        if contact.until is not None and contact.until < day:
            raise UseCaseError(f"O contato terminou em {contact.until:%d/%m/%Y}; informe um dia antes.", field="since")
        work.session.add(
            contact.next_version(
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
                role=role,
                reachable_always=reachable_always,
                since=day,
                agreement_id=agreement_id,
                **_clean(name, email, phone, document),
            )
        )
        work.trail(
            "contact_corrected", "operator", operator_id, f"Contato corrigido: {name.strip()}.", {"contact": lineage}
        )
        judging.rejudge_operators(work, [operator_id], cause="Contato do operador corrigido")


def end_contact(actor: Actor, *, operator_id: int, lineage: int, until: date) -> None:
    """Record the last day on which a contact answered for the operator."""
    with act(actor) as work:
        contact = _contact_of(work, operator_id, lineage)
        if until < contact.since:
            raise UseCaseError(
                f"O contato responde desde {contact.since:%d/%m/%Y}; informe um dia depois.", field="until"
            )
        if until > work.today:
            raise UseCaseError("Informe um dia até hoje.", field="until")
        work.session.add(contact.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, until=until))
        work.trail(
            "contact_ended",
            "operator",
            operator_id,
            f"Contato encerrado: {contact.name}.",
            {"contact": lineage, "until": until},
        )
        judging.rejudge_operators(work, [operator_id], cause="Contato do operador encerrado")
