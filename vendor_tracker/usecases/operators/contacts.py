"""Who answers for an operator, for all its agreements or for one."""

from dataclasses import dataclass
from datetime import date

from contracts.vocabulary import ContactRole
from vendor_tracker.store import register, register_lists
from vendor_tracker.store.tables import Agreement, Contact, Operator
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, Work, act, look


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
