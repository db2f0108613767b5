"""An agreement as the clause library's documents describe it."""

from collections.abc import Sequence
from datetime import date

from babel import Locale
from sqlalchemy.orm import Session

from clause_library.description import AgreementDescription
from clause_library.description import Body as DescribedBody
from clause_library.description import Operator as DescribedOperator
from clause_library.description import SubOperator as DescribedSubOperator
from contracts.cnpj import Cnpj
from contracts.vocabulary import AgreementKind, ContactRole, StewardRole
from vendor_tracker.importing.sentences import sentence_case
from vendor_tracker.settings import Body
from vendor_tracker.store import parties, register, register_papers
from vendor_tracker.store.parties import ContactLine
from vendor_tracker.store.tables import Operator, SubOperator
from vendor_tracker.usecases.agreements import NO_AGREEMENT, Said, needs_approval, said_by
from vendor_tracker.usecases.work import NotFoundError


def description_of(session: Session, agreement_id: int, *, body: Body, on: date) -> AgreementDescription:
    """Return the agreement as it stands on the day ``on``; what nobody has told us is ``None``.

    Raises :class:`NotFoundError`.
    """
    head = register.head(session, agreement_id)
    if head is None:
        raise NotFoundError(NO_AGREEMENT)
    operator = session.get_one(Operator, head.operator_id)
    said = said_by(register.holding_on(register.revisions(session, agreement_id), on))
    terms = [term.new_ends_on for term in register_papers.terms_of(session, [agreement_id]) if term.kind != "rescisao"]
    ends = max([day for day in (said.ends_on, *terms) if day is not None], default=None)
    stewards = [row for row in parties.stewards(session, agreement_id) if _serves(row.since, row.until, on)]
    names = {role: next((row.name for row in stewards if row.role is role), None) for role in StewardRole}
    contacts = [
        row
        for row in parties.contacts(session, operator_id=head.operator_id, agreement_id=agreement_id)
        if _serves(row.since, row.until, on)
    ]
    return AgreementDescription(
        body=_body(body),
        operator=_operator(operator, contacts),
        kind=head.kind,
        number=None if head.kind is AgreementKind.NONE else head.number or None,
        process=said.sei_process or None,
        object=sentence_case(said.object).strip().rstrip(".") or None,
        signed_on=said.signed_on,
        starts_on=said.starts_on,
        ends_on=ends,
        unit=head.unit or None,
        gestor=names[StewardRole.GESTOR],
        fiscal=names[StewardRole.FISCAL],
        role=None if needs_approval(said) else said.role,
        purpose=said.purpose,
        public_function=said.public_function,
        legal_basis=said.legal_basis,
        categories=said.data_categories,
        subject_groups=said.subject_groups,
        sensitive=said.sensitive,
        children=said.children,
        judicial_secrecy=said.judicial_secrecy,
        international_transfer=said.international_transfer,
        transfer_countries=said.transfer_countries,
        sub_operators=_sub_operators(said, parties.sub_operators(session, agreement_id), on),
        volume=said.volume,
        hosting=_hosting(said),
        guarantees=said.guarantees,
    )


def _serves(since: date | None, until: date | None, on: date) -> bool:
    return (since is None or since <= on) and (until is None or on <= until)


def _body(body: Body) -> DescribedBody:
    contact = " ou ".join(part for part in (body.contact_email, body.contact_phone) if part)
    return DescribedBody(
        name=body.name,
        acronym=body.acronym,
        cnpj=body.cnpj or None,
        address=body.address or None,
        signatory_position=body.signatory or None,
        encarregado_name=body.encarregado or None,
        encarregado_contact=contact or None,
        incident_channel=contact or None,
        data_subject_channel=contact or None,
    )


def _operator(row: Operator, contacts: Sequence[ContactLine]) -> DescribedOperator:
    def first(role: ContactRole) -> ContactLine | None:
        """Return the present contact of a role; one appointed for this agreement alone comes first."""
        found = [contact for contact in contacts if contact.role is role]
        return min(found, key=lambda contact: contact.agreement_id is None, default=None)

    preposto = first(ContactRole.PREPOSTO)
    representative = first(ContactRole.LEGAL_REPRESENTATIVE)
    channel = first(ContactRole.INCIDENT_CHANNEL)
    return DescribedOperator(
        name=row.name,
        regime=row.regime,
        cnpj=Cnpj(row.cnpj).value if row.cnpj else None,
        foreign_id=row.foreign_id,
        address=row.address or None,
        representative_name=representative.name if representative else None,
        representative_position=(representative.document or None) if representative else None,
        preposto_name=preposto.name if preposto else None,
        preposto_email=(preposto.email or None) if preposto else None,
        incident_channel=" ou ".join(part for part in (channel.email, channel.phone) if part) if channel else None,
    )


def _sub_operators(said: Said, rows: Sequence[SubOperator], on: date) -> tuple[DescribedSubOperator, ...] | None:
    present = tuple(
        DescribedSubOperator(
            name=row.name,
            identification=Cnpj(row.cnpj).formatted if row.cnpj else None,
            service=row.activity or None,
            country=Locale("pt", "BR").territories.get(row.country),
        )
        for row in rows
        if _serves(row.since, row.until, on)
    )
    if present:
        return present
    return () if said.uses_sub_operators is False else None


def _hosting(said: Said) -> str | None:
    """Say where the data are handled, from the two answers on record."""
    parts = []
    if said.external_hosting is not None:
        parts.append("hospedagem fora do órgão" if said.external_hosting else "sem hospedagem fora do órgão")
    if said.system_access is not None:
        parts.append("com acesso a sistemas do órgão" if said.system_access else "sem acesso a sistemas do órgão")
    return ", ".join(parts) or None
