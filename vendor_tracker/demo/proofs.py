"""What the operators of the demonstration hand in: a title and a page of text for each kind of proof."""

from collections.abc import Mapping
from datetime import date

from contracts.checks import SCOPED_EVIDENCE as SCOPED
from contracts.vocabulary import EvidenceKind

_K = EvidenceKind

TITLES: Mapping[EvidenceKind, str] = {
    _K.ISO_27001: "Certificado ISO-IEC 27001",
    _K.ISO_27701: "Certificado ISO-IEC 27701",
    _K.SOC2_TYPE2: "Relatório SOC 2 tipo II",
    _K.PENETRATION_TEST: "Sumário do teste de invasão",
    _K.VULNERABILITY_SCAN: "Resumo da varredura de vulnerabilidades",
    _K.CONTINUITY_TEST: "Relatório do teste de restauração",
    _K.SECURITY_POLICY: "Política de segurança da informação",
    _K.TRAINING_RECORD: "Relatório de capacitação",
    _K.INCIDENT_PLAN: "Plano de resposta a incidentes",
    _K.INCIDENT_CHANNEL: "Ficha do canal de incidentes",
    _K.LOG_POLICY: "Política de registros forenses",
    _K.LOG_SAMPLE: "Amostra de registros",
    _K.COMMUNICATION_CALENDAR: "Calendário de comunicações e envios",
    _K.PROCESSING_RECORD: "Extrato do registro de operações",
    _K.DIRECTIVES_ACKNOWLEDGEMENT: "Ciência das diretrizes",
    _K.OWN_USE_DECLARATION: "Declaração de não uso para finalidade própria",
    _K.ACCESS_REVIEW: "Revisão das pessoas autorizadas",
    _K.CONFIDENTIALITY_COMMITMENT: "Compromissos de confidencialidade",
    _K.AUDIT_REPORT: "Relatório de auditoria independente",
    _K.ASSISTANCE_PROCEDURE: "Procedimento de auxílio a titulares",
    _K.INSURANCE: "Apólice de seguro",
    _K.DISPOSAL_CERTIFICATE: "Termo de descarte e devolução de dados",
    _K.SELF_DECLARATION: "Questionário de medidas de segurança",
}

_SAYS: Mapping[EvidenceKind, tuple[str, ...]] = {
    _K.ISO_27001: (
        "Certificamos que o sistema de gestão de segurança da informação atende à norma ISO/IEC 27001, edição 2022.",
        "Escopo: operação, sustentação e suporte dos serviços prestados ao órgão, inclusive cópias de segurança.",
    ),
    _K.PENETRATION_TEST: (
        "Teste de invasão externo e interno, feito por equipe independente, com reteste.",
        "Falhas encontradas: nenhuma crítica, duas médias e quatro baixas. Reteste: as médias foram corrigidas.",
    ),
    _K.INCIDENT_CHANNEL: (
        "Canal: central de incidentes, por telefone e por e-mail, a qualquer hora. Substituto: diretoria de operações.",
        "O aviso traz data e hora, sistemas, dados e titulares atingidos e as medidas tomadas.",
    ),
    _K.LOG_SAMPLE: (
        "Período: os últimos sete dias. Campos: data e hora, conta, origem, ação e objeto. Dados pessoais ocultados.",
        "Resumo SHA-256 do arquivo exportado: consta do recibo da entrega.",
    ),
    _K.DISPOSAL_CERTIFICATE: (
        "Os dados foram devolvidos em mídia cifrada e apagados dos equipamentos por sobrescrita e destruição física.",
        "O descarte alcança cópias e cópias de segurança. Não houve suboperadores.",
    ),
}


def paper_of(kind: EvidenceKind, operator: str, agreement: str, day: date) -> tuple[str, tuple[str, ...]]:
    """Return the title and the paragraphs of a proof made on ``day``."""
    says = _SAYS.get(
        kind, ("Este documento descreve o que foi pedido, com responsáveis, datas e forma de verificação.",)
    )
    return TITLES[kind], (
        f"{operator}",
        f"Referência: {agreement}.",
        *says,
        f"Documento fictício, feito para demonstração. Emitido em {day:%d/%m/%Y}.",
    )


def words_of(inciso: str) -> str:
    """Return an answer in words about an inciso."""
    if inciso == "XI":
        return "Não houve suspeita, risco, ameaça ou incidente que tenha alcançado os dados desde a última resposta."
    if inciso == "IV":
        return "Não houve alteração contratual, de razão social, de representante nem de suboperador."
    return "Confirmamos que o que informamos continua válido e em uso na execução deste acordo."


__all__ = ["SCOPED", "TITLES", "paper_of", "words_of"]
