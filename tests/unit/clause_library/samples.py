"""Fictional agreements that the tests of the clause library draft documents for."""

from dataclasses import replace
from datetime import date
from typing import Any

from clause_library.description import AgreementDescription, Body, Operator, SubOperator
from clause_library.placeholders import document_parameters
from contracts.policy import Policy
from contracts.vocabulary import AgreementKind, DataCategory, Exposure, Regime, Role, SubjectGroup, VolumeBand

ON = date(2026, 11, 22)
PARAMETERS = document_parameters(Policy.load().on(ON), Exposure.MEDIUM)

BODY = Body(
    name="Conselho Nacional de Justiça",
    acronym="CNJ",
    cnpj="07421906000129",
    address="SAF Sul, Quadra 2, Lotes 5/6, Brasília – DF",
    signatory_name="Helena Duarte Prado",
    signatory_position="Diretora-Geral",
    encarregado_name="Marina Teles",
    encarregado_contact="encarregado@orgao.example",
    incident_channel="incidentes@orgao.example",
    data_subject_channel="orgao.example/titulares",
)

OPERATOR = Operator(
    name="Aurora Nuvem e Dados Ltda.",
    regime=Regime.PRIVATE,
    cnpj="12ABC34501DE35",
    address="Rua das Acácias, 120, Campinas – SP",
    representative_name="Otávio Lemos Braga",
    representative_position="Diretor de Operações",
    preposto_name="Lívia Campos",
    preposto_email="livia@aurora.example",
    incident_channel="cert@aurora.example, (61) 5550-0199, 24 horas",
)

COMPLETE = AgreementDescription(
    body=BODY,
    operator=OPERATOR,
    kind=AgreementKind.CONTRATO,
    number="12/2026",
    process="08314/2026",
    object="Hospedagem e sustentação do sistema de inscrições em eventos",
    signed_on=date(2026, 3, 10),
    starts_on=date(2026, 3, 10),
    ends_on=date(2029, 3, 9),
    unit="Departamento de Tecnologia da Informação e Comunicação",
    gestor="Caio Menezes",
    fiscal="Ana Brito",
    amendment_ground="cláusula de alterações do próprio Contrato",
    role=Role.OPERATOR,
    purpose="Inscrever participantes e emitir certificados de capacitação",
    public_function="Formação de magistrados e servidores",
    legal_basis="LGPD, art. 7º, III, e art. 23",
    categories=(DataCategory.HEALTH, DataCategory.IDENTIFICATION, DataCategory.CONTACT),
    subject_groups=(SubjectGroup.STAFF, SubjectGroup.JUDGES),
    sensitive=True,
    children=False,
    judicial_secrecy=False,
    international_transfer=False,
    sub_operators=(
        SubOperator(
            name="Cais Datacenter S.A.", identification="11222333000181", service="Hospedagem", country="Brasil"
        ),
    ),
    volume=VolumeBand.UP_TO_100K,
    hosting="Nuvem privada no Brasil",
    guarantees="canal único de atendimento e aviso de privacidade na inscrição.",
)
"""Everything is known."""

PLAIN = replace(COMPLETE, categories=(DataCategory.CONTACT,), sensitive=False, sub_operators=())
"""Nothing special: no sensitive data, no children, no secrecy, no transfer, nobody else in the chain."""

UNKNOWN = AgreementDescription(
    body=Body(name="Conselho Nacional de Justiça", acronym="CNJ"),
    operator=Operator(name="Universidade Federal do Alto Planalto"),
    kind=AgreementKind.TERMO_COOPERACAO,
)
"""Only what cannot be unknown is known."""


def described(**changes: Any) -> AgreementDescription:
    """The plain agreement with these facts changed."""
    return replace(PLAIN, **changes)
