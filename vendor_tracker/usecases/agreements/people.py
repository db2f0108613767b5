"""Who answers for an agreement: its gestor and fiscais, its sub-operators, the operator's preposto and channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from contracts.cnpj import Cnpj, CnpjError, mask_cpf_in
from contracts.vocabulary import ContactRole, Role, StewardRole
from vendor_tracker.store import parties, people, register
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.tables import Agreement, Steward, SubOperator
from vendor_tracker.usecases import judging, operators
from vendor_tracker.usecases.agreements.decisions import checked_justification, record_role
from vendor_tracker.usecases.agreements.recording import locked
from vendor_tracker.usecases.agreements.said import said_by
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, Work, act

P = TypeVar("P", Steward, SubOperator)


@dataclass(frozen=True, slots=True)
class Person:
    """A person or channel as a form hands it in; without a name there is nobody to record."""

    name: str = ""
    email: str = ""
    phone: str = ""
    document: str = ""
    reachable_always: bool | None = None


@dataclass(frozen=True, slots=True)
class PeopleData:
    """The role of the other party and who answers on each side, as one step of a registration hands them in."""

    role: Role | None = None
    justification: str = ""
    gestor: Person = Person()
    fiscal: Person = Person()
    preposto: Person = Person()
    channel: Person = Person()


def _checked_email(email: str, *, field: str) -> str:
    """Return an address without spaces around it, or nothing; refuses what cannot be one."""
    address = email.strip()
    if address and ("@" not in address or " " in address):
        raise UseCaseError("Informe um e-mail válido.", field=field)
    return address


_ABSENT: Mapping[type, str] = {Steward: "Não há essa designação.", SubOperator: "Não há esse suboperador."}
_NAMES: Mapping[type, str] = {Steward: "steward", SubOperator: "sub_operator"}
"""What the trail calls each."""


def _part(work: Work, table: type[P], agreement_id: int, lineage: int) -> P:
    """Return the version that counts of a steward or sub-operator of the agreement. Raises :class:`NotFoundError`."""
    row = register.newest(work.session, table, lineage)
    if row is None or row.agreement_id != agreement_id:
        raise NotFoundError(_ABSENT[table])
    return row


def _change(work: Work, row: Steward | SubOperator, act_name: str, summary: str, cause: str, **changes: date) -> None:
    """Record the next version of a steward or sub-operator, with its trail line and the new judgement."""
    work.session.add(row.next_version(recorded_at=work.now, recorded_by_id=work.actor.user_id, **changes))
    work.trail(act_name, "agreement", row.agreement_id, summary, {_NAMES[type(row)]: row.lineage, **changes})
    judging.rejudge(work, [row.agreement_id], cause=cause)


def add_steward(
    actor: Actor,
    *,
    agreement_id: int,
    role: StewardRole,
    name: str,
    email: str = "",
    portaria: str = "",
    since: date | None = None,
    replaces: int | None = None,
) -> int:
    """Register the gestor or a fiscal by portaria; returns the lineage. ``replaces`` ends the one before on the eve."""
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        day = since or work.today
        if not name.strip():
            raise UseCaseError("Informe o nome.", field="name")
        address = _checked_email(email, field="email")
        if day > work.today:
            raise UseCaseError("Informe um dia até hoje: o da designação.", field="since")
        if replaces is not None:
            former = _part(work, Steward, agreement_id, replaces)
            if day <= former.since:
                raise UseCaseError(
                    f"A designação anterior é de {former.since:%d/%m/%Y}; informe um dia depois.", field="since"
                )
            eve = date.fromordinal(day.toordinal() - 1)
            work.session.add(former.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, until=eve))
        user = people.user_by_email(work.session, address) if address else None
        row = Steward(
            agreement_id=agreement_id,
            role=role,
            name=name.strip()[:200],
            email=address[:254],
            portaria=portaria.strip()[:120],
            user_id=user.id if user is not None else None,
            since=day,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        work.trail(
            "steward_added",
            "agreement",
            agreement_id,
            f"Designação registrada em {agreement_label(agreement.kind, agreement.number)}: {row.name}.",
            {"steward": row.lineage, "role": role, "portaria": row.portaria, "since": day, "replaces": replaces},
        )
        judging.rejudge(work, [agreement_id], cause="Gestor ou fiscal designado")
        return int(row.lineage or row.id)


def end_steward(actor: Actor, *, agreement_id: int, lineage: int, until: date) -> None:
    """Record the last day of a designation."""
    with act(actor) as work:
        row = _part(work, Steward, agreement_id, lineage)
        if until < row.since:
            raise UseCaseError(f"A designação é de {row.since:%d/%m/%Y}; informe um dia depois.", field="until")
        if until > work.today:
            raise UseCaseError("Informe um dia até hoje.", field="until")
        _change(work, row, "steward_ended", f"Designação encerrada: {row.name}.", "Designação encerrada", until=until)


def add_sub_operator(
    actor: Actor,
    *,
    agreement_id: int,
    name: str,
    cnpj: str | None = None,
    country: str = "BR",
    activity: str = "",
    authorised_on: date | None = None,
    since: date | None = None,
    parent: int | None = None,
) -> int:
    """Register a sub-operator; returns its lineage. ``parent`` is the lineage of the sub-operator that engaged it."""
    number = None
    if cnpj and cnpj.strip():
        try:
            number = Cnpj.parse(cnpj).value
        except CnpjError as error:
            raise UseCaseError(str(error), field="cnpj") from None
    clean = mask_cpf_in(" ".join(name.split()))[:300]
    if not clean:
        raise UseCaseError("Informe o nome do suboperador.", field="name")
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        if authorised_on is not None and authorised_on > work.today:
            raise UseCaseError("A autorização não pode estar no futuro.", field="authorised_on")
        if parent is not None:
            _part(work, SubOperator, agreement_id, parent)
        row = SubOperator(
            agreement_id=agreement_id,
            parent_lineage=parent,
            name=clean,
            cnpj=number,
            country=(country or "BR").upper()[:2],
            activity=activity.strip()[:300],
            authorised_on=authorised_on,
            since=since,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        work.trail(
            "sub_operator_added",
            "agreement",
            agreement_id,
            f"Suboperador registrado em {agreement_label(agreement.kind, agreement.number)}: {clean}.",
            {"sub_operator": row.lineage, "authorised_on": authorised_on, "country": row.country},
        )
        judging.rejudge(work, [agreement_id], cause="Suboperador registrado")
        return int(row.lineage or row.id)


def authorise_sub_operator(actor: Actor, *, agreement_id: int, lineage: int, authorised_on: date) -> None:
    """Record the day on which the court authorised a sub-operator."""
    with act(actor) as work:
        row = _part(work, SubOperator, agreement_id, lineage)
        if authorised_on > work.today:
            raise UseCaseError("A autorização não pode estar no futuro.", field="authorised_on")
        _change(
            work,
            row,
            "sub_operator_authorised",
            f"Suboperador autorizado: {row.name}.",
            "Suboperador autorizado",
            authorised_on=authorised_on,
        )


def end_sub_operator(actor: Actor, *, agreement_id: int, lineage: int, until: date) -> None:
    """Record the last day on which a sub-operator took part."""
    with act(actor) as work:
        row = _part(work, SubOperator, agreement_id, lineage)
        first = row.since or row.authorised_on
        if first is not None and until < first:
            raise UseCaseError(f"A participação começou em {first:%d/%m/%Y}; informe um dia depois.", field="until")
        if until > work.today:
            raise UseCaseError("Informe um dia até hoje.", field="until")
        _change(
            work,
            row,
            "sub_operator_ended",
            f"Participação de suboperador encerrada: {row.name}.",
            "Suboperador encerrado",
            until=until,
        )


def register_people(actor: Actor, *, agreement_id: int, data: PeopleData) -> bool:
    """Record the role and the people of an agreement in one act; ``False`` when nothing changed.

    A person already on record for the same function is corrected; nobody is removed by being left blank. Errors stand
    beside fields named ``gestor_name``, ``preposto_email`` and so on.
    """
    words = checked_justification(data.role, data.justification) if data.role is not None else ""
    people_by_field = {"gestor": data.gestor, "fiscal": data.fiscal, "preposto": data.preposto, "channel": data.channel}
    for prefix, person in people_by_field.items():
        address = _checked_email(person.email, field=f"{prefix}_email")
        if not person.name.strip() and (address or person.phone.strip() or person.document.strip()):
            raise UseCaseError("Informe o nome.", field=f"{prefix}_name")
    if data.preposto.name.strip() and not data.preposto.email.strip():
        raise UseCaseError("Informe o e-mail: é para onde vão as requisições.", field="preposto_email")
    if data.channel.name.strip() and not (data.channel.email.strip() or data.channel.phone.strip()):
        raise UseCaseError("Informe um meio de contato do canal: e-mail ou telefone.", field="channel_email")
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        changed = [
            *_put_stewards(work, agreement, {StewardRole.GESTOR: data.gestor, StewardRole.FISCAL: data.fiscal}),
            *_put_contacts(
                work, agreement, {ContactRole.PREPOSTO: data.preposto, ContactRole.INCIDENT_CHANNEL: data.channel}
            ),
        ]
        label = agreement_label(agreement.kind, agreement.number)
        held = said_by(register.current_revision(work.session, agreement_id))
        decided = data.role is not None and (held.role is not data.role or held.role_justification != words)
        if changed:
            work.trail(
                "agreement_people_registered",
                "agreement",
                agreement_id,
                f"Pessoas de {label} registradas: {', '.join(changed)}.",
                {"people": changed},
            )
            judging.rejudge_operators(work, [agreement.operator_id], cause="Pessoas do acordo registradas")
        if data.role is not None and decided:
            record_role(work, agreement, data.role, words)
        return bool(changed) or decided


def _put_stewards(work: Work, agreement: Agreement, named: Mapping[StewardRole, Person]) -> list[str]:
    """Add or correct the present gestor and fiscal; returns the names that changed."""
    present = [row for row in parties.stewards(work.session, agreement.id) if row.until is None]
    changed = []
    for role, person in named.items():
        name = person.name.strip()[:200]
        if not name:
            continue
        address = person.email.strip()[:254]
        user = people.user_by_email(work.session, address) if address else None
        said = {
            "name": name,
            "email": address,
            "portaria": person.document.strip()[:120],
            "user_id": user.id if user is not None else None,
        }
        held = next((row for row in present if row.role is role), None)
        if held is None:
            work.session.add(
                Steward(
                    agreement_id=agreement.id,
                    role=role,
                    since=work.today,
                    recorded_at=work.now,
                    recorded_by_id=work.actor.user_id,
                    **said,
                )
            )
        elif any(getattr(held, key) != value for key, value in said.items()):
            work.session.add(held.next_version(recorded_at=work.now, recorded_by_id=work.actor.user_id, **said))
        else:
            continue
        changed.append(name)
    return changed


def _put_contacts(work: Work, agreement: Agreement, named: Mapping[ContactRole, Person]) -> list[str]:
    """Add or correct the present preposto and incident channel of the operator; returns the names that changed."""
    present = parties.present_contacts(work.session, agreement.operator_id)
    changed = []
    for role, person in named.items():
        name = person.name.strip()[:200]
        if not name:
            continue
        said: dict[str, Any] = {
            "name": name,
            "email": person.email.strip()[:254],
            "phone": person.phone.strip()[:60],
            "reachable_always": person.reachable_always if role is ContactRole.INCIDENT_CHANNEL else None,
        }
        serving = [row for row in present if row.role is role and row.agreement_id in {None, agreement.id}]
        held = min(serving, key=lambda row: row.agreement_id is None, default=None)
        if held is None:
            operators.put_contact(
                work, operator_id=agreement.operator_id, agreement_id=None, role=role, since=work.today, **said
            )
        elif any(getattr(held, key) != value for key, value in said.items()):
            work.session.add(held.next_version(recorded_at=work.now, recorded_by_id=work.actor.user_id, **said))
        else:
            continue
        changed.append(name)
    return changed
