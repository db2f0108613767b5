"""The Portuguese of every closed list, and the shape that draws it. Nowhere else are these words written.

A situação (verdict) speaks of an obrigação, so its words are feminine; an aspecto (leg) is masculine. A label is what a
page, a mail or a spreadsheet prints; the ``HELP`` sentences explain it beside a form or in a legend.
"""

from enum import StrEnum

from contracts import vocabulary as v
from contracts.obligations import TWELVE

NOT_INFORMED = "não informado"
"""What is printed where nobody has told us: neither "none" nor zero."""

LEG_ORDER: tuple[v.Leg, v.Leg, v.Leg] = (v.Leg.INSTRUMENT, v.Leg.EVIDENCE, v.Leg.CONDUCT)
"""The fixed order of the three marks: P D C."""

OBLIGATION_TITLES: dict[str, str] = {obligation.inciso: obligation.title for obligation in TWELVE}
"""Short names of the twelve duties of art. 14, as table heads and menus say them."""

LABELS: dict[type[StrEnum], dict[str, str]] = {
    v.AgreementKind: {
        v.AgreementKind.CONTRATO: "Contrato",
        v.AgreementKind.CONVENIO: "Convênio",
        v.AgreementKind.TERMO_COOPERACAO: "Termo de cooperação",
        v.AgreementKind.TERMO_COMPROMISSO: "Termo de compromisso",
        v.AgreementKind.CONGENERE: "Instrumento congênere",
        v.AgreementKind.NONE: "Sem instrumento",
    },
    v.Role: {
        v.Role.OPERATOR: "Operador",
        v.Role.JOINT_CONTROLLER: "Controlador conjunto",
        v.Role.INDEPENDENT_CONTROLLER: "Controlador independente",
        v.Role.NO_PERSONAL_DATA: "Sem tratamento de dados pessoais",
    },
    v.Regime: {
        v.Regime.PRIVATE: "Direito privado",
        v.Regime.PUBLIC: "Direito público",
        v.Regime.FOREIGN: "Entidade estrangeira",
    },
    v.DataCategory: {
        v.DataCategory.IDENTIFICATION: "Identificação",
        v.DataCategory.CONTACT: "Contato",
        v.DataCategory.FINANCIAL: "Dados financeiros",
        v.DataCategory.FUNCTIONAL: "Vida funcional",
        v.DataCategory.PROCEDURAL: "Dados processuais",
        v.DataCategory.AUTHENTICATION: "Credenciais e registros de acesso",
        v.DataCategory.LOCATION: "Localização",
        v.DataCategory.IMAGE_VOICE: "Imagem e voz",
        v.DataCategory.HEALTH: "Saúde",
        v.DataCategory.BIOMETRIC: "Biometria",
        v.DataCategory.GENETIC: "Dados genéticos",
        v.DataCategory.RACIAL_ETHNIC: "Origem racial ou étnica",
        v.DataCategory.RELIGIOUS_POLITICAL: "Convicção religiosa, opinião política ou filiação",
        v.DataCategory.SEXUAL_LIFE: "Vida sexual",
        v.DataCategory.CRIMINAL: "Antecedentes e infrações penais",
    },
    v.SubjectGroup: {
        v.SubjectGroup.PARTIES: "Partes em processos",
        v.SubjectGroup.LAWYERS: "Advogados",
        v.SubjectGroup.JUDGES: "Magistrados",
        v.SubjectGroup.STAFF: "Servidores",
        v.SubjectGroup.DEPENDANTS: "Dependentes e pensionistas",
        v.SubjectGroup.OUTSOURCED: "Colaboradores terceirizados",
        v.SubjectGroup.INTERNS: "Estagiários",
        v.SubjectGroup.VISITORS: "Visitantes",
        v.SubjectGroup.CITIZENS: "Cidadãos usuários de serviços",
        v.SubjectGroup.DETAINED: "Pessoas privadas de liberdade",
        v.SubjectGroup.CHILDREN: "Crianças e adolescentes",
    },
    v.VolumeBand: {
        v.VolumeBand.UP_TO_1K: "Até 1 mil titulares",
        v.VolumeBand.UP_TO_10K: "De 1 mil a 10 mil titulares",
        v.VolumeBand.UP_TO_100K: "De 10 mil a 100 mil titulares",
        v.VolumeBand.OVER_100K: "Mais de 100 mil titulares",
    },
    v.Leg: {
        v.Leg.INSTRUMENT: "Previsto",
        v.Leg.EVIDENCE: "Demonstrado",
        v.Leg.CONDUCT: "Cumprido",
    },
    v.LegState: {
        v.LegState.FULL: "inteiro",
        v.LegState.HALF: "em parte",
        v.LegState.EMPTY: "falta",
        v.LegState.BROKEN: "descumprido",
        v.LegState.NONE: "não conta",
    },
    v.Verdict: {
        v.Verdict.MET: "Atendida",
        v.Verdict.PARTIAL: "Parcial",
        v.Verdict.UNPROVEN: "Não demonstrada",
        v.Verdict.BREACHED: "Descumprida",
        v.Verdict.NOT_DUE: "Ainda não exigível",
        v.Verdict.NOT_APPLICABLE: "Não se aplica",
    },
    v.Exposure: {
        v.Exposure.LOW: "Baixa",
        v.Exposure.MEDIUM: "Média",
        v.Exposure.HIGH: "Alta",
    },
    v.Coverage: {
        v.Coverage.COVERED: "Prevê",
        v.Coverage.PARTIAL: "Prevê em parte",
        v.Coverage.POSSIBLE: "Talvez preveja",
        v.Coverage.MISSING: "Não prevê",
    },
    v.Formality: {
        v.Formality.KIND: "Espécie do instrumento",
        v.Formality.PUBLIC_FUNCTION: "Função judicial ou política pública atendida",
        v.Formality.PURPOSE: "Finalidade do tratamento compartilhado",
        v.Formality.CATEGORIES: "Categorias de dados pessoais",
        v.Formality.GUARANTEES: "Garantias de proteção aos direitos dos titulares",
        v.Formality.SUBJECT_ACCESS: "Acesso facilitado do titular às informações",
        v.Formality.BIENNIAL_REVIEW: "Revisão bienal dos dados",
        v.Formality.DISPENSATION: "Fundamento da dispensa",
    },
    v.InstrumentKind: {
        v.InstrumentKind.ORIGINAL: "Instrumento original",
        v.InstrumentKind.ADITIVO: "Termo aditivo",
        v.InstrumentKind.ANEXO: "Anexo",
        v.InstrumentKind.APOSTILAMENTO: "Apostilamento",
        v.InstrumentKind.TERMO_COMPROMISSO: "Termo de compromisso",
    },
    v.DispensationGround: {
        v.DispensationGround.ART_6_P2: "Compartilhamento entre áreas de gestão de pessoas (art. 6º, § 2º)",
        v.DispensationGround.LAW: "Dispensa expressa em lei (art. 6º, § 1º, parte final)",
        v.DispensationGround.NO_PERSONAL_DATA: "Não há tratamento de dados pessoais",
    },
    v.EvidenceKind: {
        v.EvidenceKind.ISO_27001: "Certificado ISO/IEC 27001",
        v.EvidenceKind.ISO_27701: "Certificado ISO/IEC 27701",
        v.EvidenceKind.SOC2_TYPE2: "Relatório SOC 2, tipo II",
        v.EvidenceKind.PENETRATION_TEST: "Relatório de teste de invasão",
        v.EvidenceKind.VULNERABILITY_SCAN: "Relatório de varredura de vulnerabilidades",
        v.EvidenceKind.CONTINUITY_TEST: "Relatório de teste de continuidade",
        v.EvidenceKind.SECURITY_POLICY: "Política de segurança da informação",
        v.EvidenceKind.TRAINING_RECORD: "Comprovante de treinamento",
        v.EvidenceKind.INCIDENT_PLAN: "Plano de resposta a incidentes",
        v.EvidenceKind.INCIDENT_CHANNEL: "Ficha do canal de incidentes",
        v.EvidenceKind.LOG_POLICY: "Política de registros para fins forenses",
        v.EvidenceKind.LOG_SAMPLE: "Amostra de registros",
        v.EvidenceKind.COMMUNICATION_CALENDAR: "Calendário de comunicações e envios",
        v.EvidenceKind.PROCESSING_RECORD: "Registro das operações de tratamento",
        v.EvidenceKind.DIRECTIVES_ACKNOWLEDGEMENT: "Ciência das diretrizes e instruções",
        v.EvidenceKind.OWN_USE_DECLARATION: "Declaração de não uso para finalidade própria",
        v.EvidenceKind.ACCESS_REVIEW: "Revisão dos acessos",
        v.EvidenceKind.CONFIDENTIALITY_COMMITMENT: "Compromisso de confidencialidade",
        v.EvidenceKind.AUDIT_REPORT: "Relatório de auditoria",
        v.EvidenceKind.ASSISTANCE_PROCEDURE: "Procedimento de auxílio a titulares e autoridades",
        v.EvidenceKind.INSURANCE: "Apólice de seguro",
        v.EvidenceKind.DISPOSAL_CERTIFICATE: "Comprovante de descarte",
        v.EvidenceKind.SELF_DECLARATION: "Declaração do próprio operador",
    },
    v.ReviewDecision: {
        v.ReviewDecision.ACCEPTED: "Aceita",
        v.ReviewDecision.RETURNED: "Devolvida",
        v.ReviewDecision.FALSE: "Falsa",
    },
    v.RequestKind: {
        v.RequestKind.INFORMATION: "Informações",
        v.RequestKind.EVIDENCE_RENEWAL: "Renovação de evidência",
        v.RequestKind.AUDIT: "Auditoria",
        v.RequestKind.CHANNEL_TEST: "Teste do canal de incidentes",
        v.RequestKind.CORRECTIVE_ACTION: "Ação corretiva",
        v.RequestKind.DISPOSAL: "Prova de descarte",
        v.RequestKind.INSTRUCTION: "Instrução",
        v.RequestKind.ASSISTANCE: "Auxílio a titular ou autoridade",
    },
    v.RequestState: {
        v.RequestState.DRAFT: "Em preparo",
        v.RequestState.OPEN: "Com o operador",
        v.RequestState.SUBMITTED: "Respondida, a conferir",
        v.RequestState.RETURNED: "Devolvida ao operador",
        v.RequestState.ACCEPTED: "Aceita",
        v.RequestState.REFUSED: "Recusada pelo operador",
        v.RequestState.CANCELLED: "Cancelada",
    },
    v.RhythmKind: {
        v.RhythmKind.OWN: "Periodicidade própria",
        v.RhythmKind.DEFAULT: "A da faixa de exposição",
        v.RhythmKind.SUSPENDED: "Suspensa",
    },
    v.DayRule: {
        v.DayRule.NTH_WORKING: "Em um dia útil contado do início do mês",
        v.DayRule.LAST_WORKING: "No último dia útil do mês",
        v.DayRule.MONTH_DAY: "Em um dia fixo do mês, ou no dia útil seguinte",
    },
    v.Occasion: {
        v.Occasion.INCIDENT: "Incidente registrado",
        v.Occasion.SUB_OPERATOR: "Suboperador novo",
        v.Occasion.INSTRUMENT: "Instrumento ou termo aditivo novo",
        v.Occasion.CONTACT_CHANGED: "Mudança de preposto ou de canal de incidentes",
        v.Occasion.EXPOSURE_RAISED: "Faixa de exposição elevada",
    },
    v.ContactRole: {
        v.ContactRole.PREPOSTO: "Preposto",
        v.ContactRole.ENCARREGADO: "Encarregado do operador",
        v.ContactRole.INCIDENT_CHANNEL: "Canal de incidentes",
        v.ContactRole.LEGAL_REPRESENTATIVE: "Representante legal",
    },
    v.StewardRole: {
        v.StewardRole.GESTOR: "Gestor do contrato",
        v.StewardRole.FISCAL: "Fiscal do contrato",
    },
    v.EndReason: {
        v.EndReason.TERM: "Fim da vigência",
        v.EndReason.RESCISSION: "Rescisão",
        v.EndReason.PURPOSE_MET: "Finalidade alcançada",
    },
    v.IncidentSource: {
        v.IncidentSource.OPERATOR: "O próprio operador",
        v.IncidentSource.THIRD_PARTY: "Terceiros",
    },
    v.IncidentSeverity: {
        v.IncidentSeverity.LOW: "Nível 1, baixa",
        v.IncidentSeverity.MODERATE: "Nível 2, moderada",
        v.IncidentSeverity.HIGH: "Nível 3, alta",
        v.IncidentSeverity.CRITICAL: "Nível 4, crítica",
    },
    v.DataNature: {
        v.DataNature.COMMON: "Dados comuns (identificação, contato, vida funcional)",
        v.DataNature.FINANCIAL: "Dados financeiros",
        v.DataNature.AUTHENTICATION: "Senhas e outros dados de acesso a sistemas",
        v.DataNature.VULNERABLE: "Dados de crianças, de adolescentes ou de pessoas idosas",
        v.DataNature.SECRECY: "Dados sob segredo de justiça ou sigilo legal ou profissional",
        v.DataNature.SENSITIVE: "Dados sensíveis (saúde, biometria, religião e outros)",
    },
    v.Harm: {
        v.Harm.NONE: "Nenhum dano previsível",
        v.Harm.MINOR: "Incômodo passageiro",
        v.Harm.SERIOUS: "Dano material ou moral, ou limitação de direitos",
        v.Harm.GRAVE: "Dano grave ou irreversível: discriminação, fraude, risco à integridade física",
    },
    v.IncidentClock: {
        v.IncidentClock.PRESIDENCY: "Comunicação à Presidência",
        v.IncidentClock.ANPD: "Comunicação à ANPD",
        v.IncidentClock.ANPD_COMPLEMENT: "Complemento à ANPD",
        v.IncidentClock.DATA_SUBJECTS: "Comunicação aos titulares",
    },
    v.ClockState: {
        v.ClockState.NOT_STARTED: "Não começou",
        v.ClockState.RUNNING: "Corre",
        v.ClockState.RUNNING_OUT: "Está acabando",
        v.ClockState.LATE: "Vencido",
        v.ClockState.MET: "Cumprido",
        v.ClockState.MET_LATE: "Cumprido com atraso",
        v.ClockState.NOT_DUE: "Não é devido",
    },
    v.AuditMode: {
        v.AuditMode.ON_SITE: "No local",
        v.AuditMode.ON_PAPER: "Documental, à distância",
    },
    v.CheckResult: {
        v.CheckResult.CONFORMING: "Conforme",
        v.CheckResult.NONCONFORMING: "Não conforme",
        v.CheckResult.PARTIAL: "Conforme em parte",
        v.CheckResult.UNVERIFIED: "Não verificado",
        v.CheckResult.NOT_APPLICABLE: "Não se aplica",
    },
    v.FindingSeverity: {
        v.FindingSeverity.LIGHT: "Leve",
        v.FindingSeverity.MEDIUM: "Média",
        v.FindingSeverity.SERIOUS: "Grave",
    },
    v.Requester: {
        v.Requester.DATA_SUBJECT: "Titular de dados",
        v.Requester.AUTHORITY: "Autoridade competente",
        v.Requester.OTHER: "Outro legítimo interessado",
    },
    v.FileState: {
        v.FileState.CHECKING: "Em conferência",
        v.FileState.CLEAN: "Conferido",
        v.FileState.REFUSED: "Recusado",
    },
    v.AgendaKind: {
        v.AgendaKind.REQUEST: "Prazo de requisição",
        v.AgendaKind.STEP: "Aviso automático",
        v.AgendaKind.PLANNED: "Requisição a abrir",
        v.AgendaKind.INCIDENT: "Prazo de incidente",
        v.AgendaKind.ASSISTANCE: "Auxílio a titular",
        v.AgendaKind.INSTRUCTION: "Prazo de instrução",
        v.AgendaKind.AUDIT: "Auditoria",
        v.AgendaKind.ACTION: "Ação corretiva",
        v.AgendaKind.DISPOSAL: "Descarte ou devolução",
        v.AgendaKind.EVIDENCE: "Validade de evidência",
        v.AgendaKind.AGREEMENT_END: "Fim de acordo",
        v.AgendaKind.REVIEW: "Revisão bienal",
    },
    v.PublicField: {
        v.PublicField.INSTRUMENT: "Instrumento",
        v.PublicField.PARTY: "Outra parte",
        v.PublicField.PURPOSE: "Finalidade",
        v.PublicField.LEGAL_BASIS: "Base legal",
        v.PublicField.DATA_CATEGORIES: "Categorias de dados",
        v.PublicField.SUBJECT_GROUPS: "Titulares dos dados",
        v.PublicField.TERM: "Vigência",
        v.PublicField.INTERNATIONAL_TRANSFER: "Transferência internacional",
    },
    v.EditionState: {
        v.EditionState.DRAFT: "Rascunho",
        v.EditionState.SUBMITTED: "Aguarda aprovação",
        v.EditionState.APPROVED: "Aprovada",
        v.EditionState.WITHDRAWN: "Retirada",
    },
    v.UserRole: {
        v.UserRole.PROCUREMENT: "Gestão de contratos",
        v.UserRole.LEGAL: "Jurídico",
        v.UserRole.FISCAL: "Fiscalização de contratos",
        v.UserRole.ENCARREGADO: "Encarregado",
        v.UserRole.COMMITTEE: "Comitê Gestor (CGLGPD)",
        v.UserRole.AUDITOR: "Auditoria interna",
        v.UserRole.ADMIN: "Administração do sistema",
    },
    v.ActionKind: {
        v.ActionKind.CORRECTIVE_ACTION: "Ação corretiva",
        v.ActionKind.FORMAL_NOTICE: "Notificação formal",
        v.ActionKind.TERMO_ADITIVO: "Termo aditivo",
        v.ActionKind.TERMO_COMPROMISSO: "Termo de compromisso",
        v.ActionKind.READ_INSTRUMENT: "Conferência do instrumento",
        v.ActionKind.REQUEST_EVIDENCE: "Requisição",
        v.ActionKind.COMPLETE_RECORD: "Completar o registro",
        v.ActionKind.REVIEW_EVIDENCE: "Conferência da evidência",
        v.ActionKind.NOTHING: "Nenhuma",
    },
}

ACTION_VERBS: dict[v.ActionKind, str] = {
    v.ActionKind.CORRECTIVE_ACTION: "Decidir",
    v.ActionKind.FORMAL_NOTICE: "Notificar",
    v.ActionKind.TERMO_ADITIVO: "Redigir aditivo",
    v.ActionKind.TERMO_COMPROMISSO: "Redigir termo",
    v.ActionKind.READ_INSTRUMENT: "Conferir instrumento",
    v.ActionKind.REQUEST_EVIDENCE: "Requisitar",
    v.ActionKind.COMPLETE_RECORD: "Completar",
    v.ActionKind.REVIEW_EVIDENCE: "Conferir",
    v.ActionKind.NOTHING: "",
}
"""The verb on the button of each tool; empty where there is nothing to do."""

LEG_LETTERS: dict[v.Leg, str] = {v.Leg.INSTRUMENT: "P", v.Leg.EVIDENCE: "D", v.Leg.CONDUCT: "C"}
"""The letter of each mark in a table head."""

LEG_LONG: dict[v.Leg, str] = {
    v.Leg.INSTRUMENT: "Previsto no instrumento",
    v.Leg.EVIDENCE: "Demonstrado por prova",
    v.Leg.CONDUCT: "Cumprido na conduta",
}
"""The legend of each mark."""

VERDICT_ORDER: tuple[v.Verdict, ...] = (
    v.Verdict.MET,
    v.Verdict.PARTIAL,
    v.Verdict.UNPROVEN,
    v.Verdict.BREACHED,
    v.Verdict.NOT_DUE,
    v.Verdict.NOT_APPLICABLE,
)
"""The order of legends and of the score's arithmetic."""

VERDICT_WHEN: dict[v.Verdict, str] = {
    v.Verdict.MET: "Todas as exigências dos três aspectos estão satisfeitas.",
    v.Verdict.PARTIAL: "Ao menos um aspecto, Previsto ou Demonstrado, está inteiro, e algo ainda falta.",
    v.Verdict.UNPROVEN: "Falta prova. Não é descumprimento nem conformidade.",
    v.Verdict.BREACHED: "Há registro de que a conduta não foi cumprida.",
    v.Verdict.NOT_DUE: "O fato de que depende ainda não ocorreu.",
    v.Verdict.NOT_APPLICABLE: "Dispensada, com o fundamento legal ao lado.",
}
"""When each situação is given, in one sentence."""

LEG_STATE_WHEN: dict[v.LegState, str] = {
    v.LegState.FULL: "Todas as exigências do aspecto estão satisfeitas.",
    v.LegState.HALF: "Parte das exigências está satisfeita.",
    v.LegState.EMPTY: "Nenhuma exigência satisfeita, ou ninguém informou.",
    v.LegState.BROKEN: "Só no aspecto Cumprido: há descumprimento em registro.",
    v.LegState.NONE: "A obrigação não usa este aspecto.",
}
"""When each mark is drawn, in one sentence."""

VERDICT_FORMS: dict[v.Verdict, tuple[str, str]] = {
    v.Verdict.MET: ("atendida", "atendidas"),
    v.Verdict.PARTIAL: ("parcial", "parciais"),
    v.Verdict.UNPROVEN: ("não demonstrada", "não demonstradas"),
    v.Verdict.BREACHED: ("descumprida", "descumpridas"),
    v.Verdict.NOT_DUE: ("ainda não exigível", "ainda não exigíveis"),
    v.Verdict.NOT_APPLICABLE: ("que não se aplica", "que não se aplicam"),
}
"""Singular and plural of each situação, to be counted: "uma descumprida", "cinco atendidas"."""

_ROLE_HELP: dict[v.Role, str] = {
    v.Role.OPERATOR: "Trata os dados em nome do {body} e segundo as instruções dele",
    v.Role.JOINT_CONTROLLER: "Decide com o {body} sobre o tratamento (art. 13 e art. 14, parágrafo único)",
    v.Role.INDEPENDENT_CONTROLLER: "Decide sozinho sobre o tratamento que faz, por lei ou por atribuição própria",
    v.Role.NO_PERSONAL_DATA: "O acordo fica no registro, e as doze obrigações não se aplicam",
}


def role_help(body: str) -> dict[v.Role, str]:
    """Return the sentence beside each choice of papel no tratamento; ``body`` is the acronym of who runs this."""
    return {role: sentence.format(body=body) for role, sentence in _ROLE_HELP.items()}


REGIME_HELP: dict[v.Regime, str] = {
    v.Regime.PRIVATE: "Empresa ou entidade privada com CNPJ",
    v.Regime.PUBLIC: "Órgão ou entidade pública. Aplicam-se as formalidades do art. 6º, § 1º, da Portaria",
    v.Regime.FOREIGN: "Entidade estrangeira sem CNPJ",
}
"""The sentence beside each choice of regime."""

_COVERAGE_MARKS: dict[v.Coverage, tuple[v.LegState, str]] = {
    v.Coverage.COVERED: (v.LegState.FULL, "covered"),
    v.Coverage.PARTIAL: (v.LegState.HALF, "some"),
    v.Coverage.POSSIBLE: (v.LegState.HALF, "some"),
    v.Coverage.MISSING: (v.LegState.EMPTY, "missing"),
}


_INFORMED = "requisita ao operador informações sobre os dados pessoais que lhe confiou."

REQUEST_OPENINGS: dict[v.RequestKind, str] = {
    **dict.fromkeys(v.RequestKind, _INFORMED),
    v.RequestKind.AUDIT: "avisa o operador da auditoria descrita no primeiro item (art. 14, IX).",
    v.RequestKind.CORRECTIVE_ACTION: "exige que o operador corrija o que segue e comprove a correção.",
    v.RequestKind.INSTRUCTION: "transmite ao operador o que se lê no primeiro item, para que o siga (art. 14, VII).",
    v.RequestKind.ASSISTANCE: "pede o auxílio do operador para atender a quem lhe dirigiu um pedido (art. 14, X).",
}
"""What the body does by a request of each kind, after its name: the first sentence that the operator reads."""


def request_opening(kind: v.RequestKind) -> str:
    """Return what the body does by a request of this kind, to be said after its name."""
    return REQUEST_OPENINGS[kind]


def label(member: StrEnum) -> str:
    """Give the Portuguese of one member of a closed list.

    Raise ``TypeError`` for what is not a member of a list of ours: a bare string has no list, and a guess would print
    the English slug to a reader.
    """
    try:
        return LABELS[type(member)][member]
    except KeyError:
        raise TypeError(f"{member!r} is not a member of a labelled list; pass the enum, not its text") from None


def choices(kind: type[StrEnum]) -> list[tuple[str, str]]:
    """Give (value, Portuguese) for every member of a list, in its order, for a form's choices."""
    return [(member.value, label(member)) for member in kind]


def shape(member: StrEnum) -> str:
    """Give the id of the sprite's symbol that draws a verdict, a leg's state or a coverage: ``v-met``, ``l-half``."""
    match member:
        case v.Verdict():
            return f"v-{member.value}"
        case v.LegState():
            return f"l-{member.value}"
        case v.Coverage():
            return f"l-{_COVERAGE_MARKS[member][0].value}"
        case _:
            raise TypeError(f"{member!r} has no shape; only verdicts, leg states and coverages are drawn")


def coverage_tone(member: v.Coverage) -> str:
    """Give the class that colours a coverage: ``covered``, ``some`` or ``missing``."""
    return _COVERAGE_MARKS[member][1]


def inciso_title(inciso: str) -> str:
    """Give the short name of one of the twelve obligations; raise ``KeyError`` for anything else."""
    return OBLIGATION_TITLES[inciso]


def legs_in_words(states: tuple[v.LegState, ...]) -> str:
    """Say three marks in words: "Previsto: inteiro; Demonstrado: em parte; Cumprido: falta"."""
    return "; ".join(f"{label(leg)}: {label(state)}" for leg, state in zip(LEG_ORDER, states, strict=True))
