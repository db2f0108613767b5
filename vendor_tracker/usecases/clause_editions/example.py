"""An agreement that does not exist, with every field told, to read a clause filled in."""

from datetime import date

from clause_library.description import AgreementDescription, Body, Operator, SubOperator
from contracts.vocabulary import AgreementKind, DataCategory, Regime, Role, SubjectGroup, VolumeBand
from vendor_tracker.settings import Body as Setting

NAME = "exemplo fictício"


def description(body: Setting) -> AgreementDescription:
    """Return a fictional agreement of the organisation."""
    contact = " ou ".join(part for part in (body.contact_email, body.contact_phone) if part) or "dados@orgao.example"
    return AgreementDescription(
        body=Body(
            name=body.name,
            acronym=body.acronym,
            cnpj=body.cnpj or None,
            address=body.address or None,
            signatory_position=body.signatory or "Diretoria-Geral",
            encarregado_name=body.encarregado or None,
            encarregado_contact=contact,
            incident_channel=contact,
            data_subject_channel=contact,
        ),
        operator=Operator(
            name="Exemplo Serviços de Tecnologia Ltda.",
            regime=Regime.PRIVATE,
            cnpj="11222333000181",
            address="Rua das Acácias, 100, Brasília/DF",
            representative_name="Marina Duarte",
            representative_position="Diretora",
            preposto_name="Caio Lemos",
            preposto_email="caio.lemos@operador.example",
            incident_channel="incidentes@operador.example",
        ),
        kind=AgreementKind.CONTRATO,
        number="00001/2026",
        process="00001/2026",
        object="sustentação de sistemas de informação",
        signed_on=date(2026, 1, 12),
        starts_on=date(2026, 1, 15),
        ends_on=date(2028, 1, 14),
        unit="Secretaria de Tecnologia",
        gestor="Paula Nogueira",
        fiscal="Rui Campos",
        amendment_ground="art. 124 da Lei nº 14.133/2021",
        role=Role.OPERATOR,
        purpose="sustentação dos sistemas judiciais",
        public_function="prestação jurisdicional",
        legal_basis="art. 23 da LGPD",
        categories=(DataCategory.IDENTIFICATION, DataCategory.PROCEDURAL),
        subject_groups=(SubjectGroup.PARTIES, SubjectGroup.LAWYERS),
        sensitive=True,
        children=True,
        judicial_secrecy=True,
        international_transfer=True,
        transfer_countries=("Portugal",),
        transfer_mechanism="cláusulas-padrão contratuais",
        sub_operators=(SubOperator(name="Exemplo Nuvem S.A.", service="hospedagem", country="Brasil"),),
        volume=VolumeBand.UP_TO_10K,
        hosting="com hospedagem fora do órgão",
        processing_term="enquanto durar o Instrumento",
        guarantees="acesso restrito, registro de operações e cópias de segurança",
    )
