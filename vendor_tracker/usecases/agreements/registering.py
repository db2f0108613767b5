"""Registering an agreement, and changing what is on record about its instrument and its personal data."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from contracts.cnpj import mask_cpf_in
from contracts.vocabulary import AgreementKind, DataCategory, Regime, SubjectGroup, VolumeBand
from vendor_tracker.importing.building import read_pncp_id
from vendor_tracker.store import register
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.tables import Agreement, Unit
from vendor_tracker.usecases import judging, operators
from vendor_tracker.usecases.agreements.recording import checked_day, checked_reason, checked_seen, locked, record
from vendor_tracker.usecases.operators import one_at_a_time
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, Work, act


@dataclass(frozen=True, slots=True)
class InstrumentData:
    """What identifies and dates an instrument, as a form hands it in."""

    kind: AgreementKind
    number: str
    sei_process: str = ""
    pncp_id: str = ""
    unit_id: int | None = None
    object: str = ""
    signed_on: date | None = None
    published_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProcessingData:
    """What is done with which personal data, as a form hands it in; ``None`` means that nobody knows yet."""

    purpose: str = ""
    public_function: str = ""
    legal_basis: str = ""
    data_categories: tuple[DataCategory, ...] = ()
    subject_groups: tuple[SubjectGroup, ...] = ()
    volume: VolumeBand | None = None
    sensitive: bool | None = None
    children: bool | None = None
    judicial_secrecy: bool | None = None
    international_transfer: bool | None = None
    transfer_countries: tuple[str, ...] = ()
    system_access: bool | None = None
    external_hosting: bool | None = None
    uses_sub_operators: bool | None = None
    guarantees: str = ""
    subject_access: str = ""
    reviewed_on: date | None = None


def _checked_instrument(
    work: Work, data: InstrumentData, *, agreement: Agreement | None, operator_id: int
) -> dict[str, Any]:
    """Return the revision's fields; raises beside the field that is wrong."""
    number = " ".join(data.number.split())[:60]
    process = " ".join(data.sei_process.split())[:60]
    if not number and data.kind is AgreementKind.NONE:
        number = process
        if not number:
            raise UseCaseError(
                "Sem instrumento, o processo identifica o compartilhamento. Informe o número do processo.",
                field="sei_process",
            )
    if not number:
        raise UseCaseError("Informe o número do instrumento, como está impresso nele.", field="number")
    if data.starts_on is not None and data.ends_on is not None and data.ends_on < data.starts_on:
        raise UseCaseError(
            f"O fim da vigência ({data.ends_on:%d/%m/%Y}) é anterior ao início ({data.starts_on:%d/%m/%Y}).",
            field="ends_on",
        )
    if data.signed_on is not None and data.signed_on > work.today:
        raise UseCaseError("A assinatura não pode estar no futuro. Confira a data.", field="signed_on")
    if data.value is not None and data.value < 0:
        raise UseCaseError("Informe um valor positivo.", field="value")
    pncp_id = data.pncp_id.strip()
    if pncp_id and read_pncp_id(pncp_id) is None:
        raise UseCaseError(
            "Confira o número de controle: são 14 caracteres do CNPJ, -2-, seis algarismos, barra e o ano. "
            "Exemplo: 12345678000195-2-000123/2026.",
            field="pncp_id",
        )
    same = register.agreement_by_number(work.session, operator_id=operator_id, kind=data.kind, number=number)
    if same is not None and (agreement is None or same.id != agreement.id):
        raise ConflictError(
            f"Este operador já tem no registro {agreement_label(same.kind, same.number)}. Confira o número ou abra "
            "o que já existe.",
            field="number",
        )
    if pncp_id:
        owner = register.agreement_by_pncp_id(work.session, pncp_id.upper())
        if owner is not None and (agreement is None or owner.id != agreement.id):
            raise ConflictError(
                f"Este número de controle já identifica {agreement_label(owner.kind, owner.number)}.", field="pncp_id"
            )
    if data.unit_id is not None and work.session.get(Unit, data.unit_id) is None:
        raise UseCaseError("Escolha uma unidade da lista.", field="unit_id")
    return {
        "number": number,
        "pncp_id": pncp_id.upper() or None,
        "sei_process": process,
        "object": mask_cpf_in(data.object.strip()),
        "signed_on": data.signed_on,
        "published_on": data.published_on,
        "starts_on": data.starts_on,
        "ends_on": data.ends_on,
        "value": data.value,
    }


def first_day(today: date, *days: date | None) -> date:
    """Return the day from which a first picture holds: the first one known, never in the future."""
    return min(next((day for day in days if day is not None), today), today)


def create_agreement(
    actor: Actor,
    *,
    data: InstrumentData,
    cnpj: str | None,
    foreign_id: str | None = None,
    operator_name: str = "",
    regime: Regime | None = None,
    country: str = "BR",
) -> int:
    """Register an agreement with an operator, who is registered too when new. Returns the agreement's id.

    Raises :class:`UseCaseError` beside the wrong field (``operator_name`` when the operator is new and unnamed) and
    :class:`ConflictError` beside ``number`` when the operator already has an agreement of this kind and number.
    """
    with act(actor) as work, one_at_a_time("Este acordo acabou de ser registrado por outra pessoa. Abra a lista."):
        try:
            operator, made = operators.find_or_add(
                work, cnpj=cnpj, foreign_id=foreign_id, name=operator_name, regime=regime, country=country
            )
        except UseCaseError as error:
            raise type(error)(error.message, field="operator_name" if error.field == "name" else error.field) from None
        values = _checked_instrument(work, data, agreement=None, operator_id=operator.id)
        agreement = Agreement(
            operator_id=operator.id,
            kind=data.kind,
            number=values.pop("number"),
            pncp_id=values.pop("pncp_id"),
            unit_id=data.unit_id,
            source="manual",
            created_at=work.now,
        )
        work.session.add(agreement)
        work.session.flush()
        register.add_revision(
            work.session,
            agreement,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
            holds_from=first_day(work.today, data.signed_on, data.starts_on, data.published_on),
            reason="Registro do acordo",
            operator=operator,
            known=(),
            **values,
        )
        work.trail(
            "agreement_added",
            "agreement",
            agreement.id,
            f"{agreement_label(agreement.kind, agreement.number)} registrado, com {operator.name}.",
            {"operator": operator.id, "operator_is_new": made, **values},
        )
        judging.rejudge(work, [agreement.id], cause="Acordo registrado")
        return agreement.id


def change_instrument(
    actor: Actor, *, agreement_id: int, data: InstrumentData, holds_from: date, reason: str, seen: int | None = None
) -> bool:
    """Change what identifies and dates the instrument, from a day on; ``False`` when nothing changed.

    ``seen`` is the revision that the person was looking at; :class:`ConflictError` when it is not the present one.
    """
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        checked_seen(agreement, seen)
        checked_day(work, holds_from)
        words = checked_reason(reason)
        values = _checked_instrument(work, data, agreement=agreement, operator_id=agreement.operator_id)
        own = {
            "kind": (agreement.kind, data.kind),
            "number": (agreement.number, values.pop("number")),
            "pncp_id": (agreement.pncp_id, values.pop("pncp_id")),
            "unit_id": (agreement.unit_id, data.unit_id),
        }
        also = {key: (before, after) for key, (before, after) in own.items() if before != after}
        for key, (_, after) in also.items():
            setattr(agreement, key, after)
        work.session.flush()
        return record(
            work,
            agreement,
            holds_from=holds_from,
            reason=words,
            act_name="agreement_changed",
            summary=f"Dados de {agreement_label(agreement.kind, agreement.number)} alterados.",
            cause="Dados do acordo alterados",
            values=values,
            also=also,
        )


def change_processing(
    actor: Actor, *, agreement_id: int, data: ProcessingData, holds_from: date, reason: str, seen: int | None = None
) -> bool:
    """Change what is on record about the personal data, from a day on; ``False`` when nothing changed.

    ``seen`` is the revision that the person was looking at; :class:`ConflictError` when it is not the present one.
    """
    countries = tuple(dict.fromkeys(name.strip() for name in data.transfer_countries if name.strip()))
    if data.international_transfer is False and countries:
        raise UseCaseError(
            "Você disse que não há transferência internacional. Retire os países ou mude a resposta.",
            field="transfer_countries",
        )
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        checked_seen(agreement, seen)
        checked_day(work, holds_from)
        words = checked_reason(reason)
        if data.reviewed_on is not None and data.reviewed_on > work.today:
            raise UseCaseError("A revisão não pode estar no futuro.", field="reviewed_on")
        values: dict[str, Any] = {
            "purpose": data.purpose.strip() or None,
            "public_function": data.public_function.strip() or None,
            "legal_basis": data.legal_basis.strip() or None,
            "guarantees": data.guarantees.strip() or None,
            "subject_access": data.subject_access.strip() or None,
            "data_categories": [category.value for category in data.data_categories] or None,
            "subject_groups": [group.value for group in data.subject_groups] or None,
            "volume": data.volume,
            "sensitive": data.sensitive,
            "children": data.children,
            "judicial_secrecy": data.judicial_secrecy,
            "international_transfer": data.international_transfer,
            "transfer_countries": list(countries),
            "system_access": data.system_access,
            "external_hosting": data.external_hosting,
            "uses_sub_operators": data.uses_sub_operators,
            "reviewed_on": data.reviewed_on,
        }
        return record(
            work,
            agreement,
            holds_from=holds_from,
            reason=words,
            act_name="agreement_processing_changed",
            summary=f"Dados pessoais tratados em {agreement_label(agreement.kind, agreement.number)} informados.",
            cause="Dados pessoais tratados informados",
            values=values,
        )


def change_deadlines(
    actor: Actor,
    *,
    agreement_id: int,
    incident_term_hours: int | None,
    assistance_term_days: int | None,
    disposal_term_days: int | None,
    holds_from: date,
    reason: str,
) -> bool:
    """Record the terms that the instrument itself sets, which take the place of the administrative parameters."""
    limits = {"incident_term_hours": 720, "assistance_term_days": 365, "disposal_term_days": 3650}
    values: dict[str, Any] = {
        "incident_term_hours": incident_term_hours,
        "assistance_term_days": assistance_term_days,
        "disposal_term_days": disposal_term_days,
    }
    for key, most in limits.items():
        number = values[key]
        if number is not None and not 0 <= number <= most:
            raise UseCaseError(f"Informe um número de 0 a {most}.", field=key)
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        checked_day(work, holds_from)
        return record(
            work,
            agreement,
            holds_from=holds_from,
            reason=checked_reason(reason),
            act_name="agreement_deadlines_changed",
            summary=f"Prazos fixados por {agreement_label(agreement.kind, agreement.number)} registrados.",
            cause="Prazos do instrumento registrados",
            values=values,
        )


def change_secrecy(actor: Actor, *, agreement_id: int, secret: bool, ground: str) -> bool:
    """Protect parts of the agreement (art. 5º), or open them again."""
    words = " ".join(ground.split())
    if secret and not words:
        raise UseCaseError("Informe o fundamento legal da restrição.", field="secrecy_ground")
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        return record(
            work,
            agreement,
            holds_from=work.today,
            reason="Restrição de acesso (art. 5º)" if secret else "Fim da restrição de acesso (art. 5º)",
            act_name="agreement_secrecy_changed",
            summary=f"Acesso aos documentos de {agreement_label(agreement.kind, agreement.number)} "
            + ("restrito." if secret else "reaberto."),
            cause="Restrição de acesso alterada",
            values={"secret": secret, "secrecy_ground": words if secret else ""},
        )
