"""Fictional requests, audits, incidents, disposals and people that the tests of the clause library draft papers about."""

from datetime import UTC, date, datetime
from typing import Any

from clause_library.description import (
    AgreementDescription,
    AuditDescription,
    AuditFindingDescription,
    CheckDescription,
    CorrectiveActionDescription,
    CriterionDescription,
    DisposalDescription,
    IncidentDescription,
    LetterDescription,
    OpenPointDescription,
    PersonDescription,
    RequestDescription,
    RequestItemDescription,
    SeenDescription,
    Subject,
)
from clause_library.draft import Draft
from clause_library.drafting import draft_document
from contracts.norm import ART_14
from contracts.vocabulary import (
    AuditMode,
    CheckResult,
    EndReason,
    EvidenceKind,
    FindingSeverity,
    IncidentSource,
    Verdict,
)
from tests.unit.clause_library.samples import COMPLETE, ON, PARAMETERS


def item(inciso: str, title: str, question: str, **fields: Any) -> RequestItemDescription:
    """An item about an inciso, with the inciso's own words."""
    return RequestItemDescription(
        inciso=inciso,
        title=title,
        question=question,
        provision=f"art. 14, {inciso}",
        law=ART_14[inciso].text or "",
        **fields,
    )


REQUEST = RequestDescription(
    number="2026/0042",
    opened_on=date(2026, 11, 10),
    due_on=date(2026, 12, 10),
    reason="As evidências de segurança vencem em dezembro de 2026.",
    portal="https://portal.orgao.example/portal",
    items=(
        item(
            "V",
            "Teste de invasão com reteste",
            "Envie o sumário do teste de invasão dos últimos doze meses, com o reteste das falhas.",
            accepts=(EvidenceKind.PENETRATION_TEST, EvidenceKind.SOC2_TYPE2),
            reason="O relatório em registro vence em 15/12/2026.",
        ),
        item("VIII", "Revisão dos acessos", "Quantas pessoas têm acesso hoje, e quantas deixaram de ter no semestre?"),
        item("I", "Contato de plantão", "Quem atende o canal de incidentes fora do expediente?", wants_file=False),
    ),
)

AUDIT = AuditDescription(
    title="Controle de acessos e registros",
    planned_on=date(2026, 12, 1),
    notice_by=date(2026, 11, 16),
    performed_on=date(2026, 11, 3),
    concluded_on=date(2026, 11, 18),
    scope="Sistema de inscrições, de janeiro a outubro de 2026.",
    team=("Rita Vasques, analista judiciária", "Nilo Prado, técnico em segurança"),
    conclusion="Os acessos são controlados; os registros precisam de guarda íntegra.",
    mode=AuditMode.ON_SITE,
    period_from=date(2026, 1, 1),
    period_until=date(2026, 10, 31),
    noticed_on=date(2026, 10, 19),
    seen=(
        SeenDescription(
            item=1,
            inciso="II",
            sentence="Há prova aceita e em vigor.",
            result=CheckResult.PARTIAL,
            note="Os registros são guardados sem resumo criptográfico.",
            proof="Política de registros",
        ),
        SeenDescription(item=3, inciso="VI", sentence="Há prova aceita e em vigor.", result=CheckResult.UNVERIFIED),
        SeenDescription(
            item=5,
            inciso="VIII",
            sentence="Há prova aceita e em vigor.",
            result=CheckResult.NONCONFORMING,
            note="Dois acessos sem uso há seis meses",
        ),
    ),
    findings=(
        AuditFindingDescription(
            provision="art. 14, II",
            item=1,
            severity=FindingSeverity.MEDIUM,
            description="Registros guardados sem prova de integridade.",
        ),
        AuditFindingDescription(
            provision="art. 14, VIII",
            item=5,
            severity=FindingSeverity.LIGHT,
            description="Acessos mantidos sem necessidade.",
        ),
    ),
    criteria=tuple(
        CriterionDescription(
            inciso=inciso,
            standing=verdict,
            checks=(
                CheckDescription("Há prova aceita e em vigor.", (EvidenceKind.LOG_POLICY, EvidenceKind.LOG_SAMPLE)),
                CheckDescription("Nenhuma requisição sobre este inciso está vencida."),
            ),
        )
        for inciso, verdict in (("II", Verdict.PARTIAL), ("VI", Verdict.UNPROVEN), ("VIII", Verdict.MET))
    ),
    actions=(
        CorrectiveActionDescription(
            provision="art. 14, II",
            description="Guardar os registros com resumo criptográfico diário.",
            owner="Otávio Lemos Braga, gerente de operações",
            due_on=date(2026, 12, 20),
        ),
        CorrectiveActionDescription(
            provision="art. 14, VIII",
            description="Retirar dois acessos sem uso.",
            due_on=date(2026, 11, 15),
            done_on=date(2026, 11, 12),
            verified_on=date(2026, 11, 17),
        ),
    ),
)

INCIDENT = IncidentDescription(
    title="Cópia de segurança exposta",
    description="Um arquivo de cópia ficou acessível sem senha por algumas horas.",
    suspected_at=datetime(2026, 11, 5, 12, 30, tzinfo=UTC),
    learned_at=datetime(2026, 11, 5, 14, 0, tzinfo=UTC),
    reported_at=datetime(2026, 11, 5, 14, 45, tzinfo=UTC),
    source=IncidentSource.OPERATOR,
    limit_hours=24,
    severity="2, moderado",
    presidency_told_at=datetime(2026, 11, 5, 15, 30, tzinfo=UTC),
    affected_data="Nome, endereço eletrônico e órgão de origem.",
    affected_people="Servidores inscritos em eventos, cerca de 300 pessoas.",
    measures="O arquivo foi retirado e as credenciais foram trocadas.",
    risks="Mensagens fraudulentas; os inscritos foram avisados.",
    prevention="Verificação diária do acesso às cópias.",
)

DISPOSAL = DisposalDescription(
    trigger=EndReason.TERM,
    triggered_on=date(2026, 10, 1),
    due_on=date(2026, 10, 31),
    manner="disposal",
    what="Banco de dados de inscrições e planilhas exportadas.",
    method="Apagamento criptográfico, com destruição das chaves.",
    responsible="Otávio Lemos Braga",
    covers_copies=True,
    covers_backups=True,
    covers_sub_operators=False,
    evidence_title="Certificado de descarte",
    evidence_received_on=date(2026, 10, 25),
    evidence_sha256="0123456789abcdef" * 4,
    accepted_on=date(2026, 10, 28),
)

PERSON = PersonDescription(
    label="matrícula 4471",
    access_from=date(2026, 12, 1),
    function="administradora de banco de dados",
    need="Manter o banco de dados do sistema de inscrições.",
)

POINT = OpenPointDescription(
    agreement="Contrato 00017/2025",
    provision="Art. 14, V",
    found="Requisição 2026/0042",
    asked="Responder à requisição",
    due_on=date(2026, 12, 10),
)

LETTER = LetterDescription(
    points=(
        POINT,
        OpenPointDescription(
            agreement="Contrato 00018/2025",
            provision="Art. 14, II e VI",
            found="Nenhuma evidência do inciso está em registro",
            asked="Apresentar a prova que falta",
            due_on=date(2026, 12, 14),
            was_due_on=date(2026, 11, 3),
            accepts=(EvidenceKind.LOG_POLICY, EvidenceKind.PROCESSING_RECORD),
        ),
    )
)

BARE: dict[str, Subject] = {
    "requisicao-de-informacoes": RequestDescription(
        number="2026/0043",
        opened_on=date(2026, 11, 10),
        due_on=date(2026, 12, 10),
        items=(item("V", "Evidências de segurança", "Envie as evidências."),),
    ),
    "plano-de-auditoria": AuditDescription(title="Inspeção", criteria=AUDIT.criteria),
    "relatorio-de-auditoria": AuditDescription(title="Inspeção", criteria=AUDIT.criteria),
    "relatorio-de-incidente": IncidentDescription(
        title="Suspeita de acesso indevido",
        learned_at=datetime(2026, 11, 5, 14, 0, tzinfo=UTC),
        source=IncidentSource.THIRD_PARTY,
    ),
    "termo-de-devolucao-e-descarte": DisposalDescription(trigger=EndReason.RESCISSION, triggered_on=date(2026, 10, 1)),
    "compromisso-individual": PersonDescription(label="L. C.", access_from=date(2026, 12, 1)),
    "carta-ao-operador": LetterDescription(points=(POINT,)),
}
"""Each subject with only what its record cannot do without."""

FULL: dict[str, Subject] = {
    "requisicao-de-informacoes": REQUEST,
    "plano-de-auditoria": AUDIT,
    "relatorio-de-auditoria": AUDIT,
    "relatorio-de-incidente": INCIDENT,
    "termo-de-devolucao-e-descarte": DISPOSAL,
    "compromisso-individual": PERSON,
    "carta-ao-operador": LETTER,
}
"""Each subject with everything that a record can hold."""

KINDS = ("termo-de-compromisso", *FULL)
"""The documents beside the annex and the termo aditivo."""


def drafted(kind: str, description: AgreementDescription = COMPLETE, subject: Subject | None = None) -> Draft:
    """The document about the full subject, unless another is given."""
    return draft_document(
        kind,
        description,
        parameters=PARAMETERS,
        on=ON,
        subject=FULL.get(kind) if subject is None else subject,
    )
