"""Portuguese words that documents are made of: labels, lists, dates in full, numbers in words.

The clause library may not import the application's wording, and a document's register differs from a page's.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from contracts.cnpj import Cnpj, CnpjError
from contracts.obligation import SAO_PAULO
from contracts.obligations import TWELVE
from contracts.vocabulary import (
    AgreementKind,
    AuditMode,
    CheckResult,
    Coverage,
    DataCategory,
    EndReason,
    EvidenceKind,
    FindingSeverity,
    Formality,
    Harm,
    IncidentSource,
    Role,
    SubjectGroup,
    Verdict,
    VolumeBand,
)

WITHOUT_INSTRUMENT = "Compartilhamento de dados pessoais sem outro instrumento"
"""How an agreement that has no instrument of its own is named."""

KINDS: Mapping[AgreementKind, str] = {
    AgreementKind.CONTRATO: "Contrato",
    AgreementKind.CONVENIO: "Convênio",
    AgreementKind.TERMO_COOPERACAO: "Termo de Cooperação",
    AgreementKind.TERMO_COMPROMISSO: "Termo de Compromisso",
    AgreementKind.CONGENERE: "Instrumento congênere",
}
"""Every name is masculine, so that clauses may write "o", "do" and "ao" before it."""

PARTY_TERMS: Mapping[Role, str] = {
    Role.OPERATOR: "OPERADOR",
    Role.JOINT_CONTROLLER: "CONTROLADOR CONJUNTO",
    Role.INDEPENDENT_CONTROLLER: "CONTROLADOR INDEPENDENTE",
}
"""What the other party is called in a document; all masculine, for the same reason."""

PARTY_ROLES: Mapping[Role, str] = {
    Role.OPERATOR: "Operador (art. 14, caput, da Portaria)",
    Role.JOINT_CONTROLLER: "Controlador conjunto (arts. 13 e 14, parágrafo único, da Portaria)",
    Role.INDEPENDENT_CONTROLLER: "Controlador independente, sujeito ao art. 14 da Portaria quanto aos dados confiados",
}

COURT_ROLES: Mapping[Role, str] = {
    Role.OPERATOR: "Controlador (art. 13 da Portaria)",
    Role.JOINT_CONTROLLER: "Controlador conjunto (art. 13 da Portaria)",
    Role.INDEPENDENT_CONTROLLER: "Controlador (art. 13 da Portaria)",
}

CATEGORIES: Mapping[DataCategory, str] = {
    DataCategory.IDENTIFICATION: "identificação",
    DataCategory.CONTACT: "contato",
    DataCategory.FINANCIAL: "dados financeiros e bancários",
    DataCategory.FUNCTIONAL: "dados funcionais e profissionais",
    DataCategory.PROCEDURAL: "dados processuais",
    DataCategory.AUTHENTICATION: "credenciais e dados de autenticação",
    DataCategory.LOCATION: "localização",
    DataCategory.IMAGE_VOICE: "imagem e voz",
    DataCategory.HEALTH: "saúde",
    DataCategory.BIOMETRIC: "biometria",
    DataCategory.GENETIC: "dados genéticos",
    DataCategory.RACIAL_ETHNIC: "origem racial ou étnica",
    DataCategory.RELIGIOUS_POLITICAL: "convicção religiosa, opinião política ou filiação",
    DataCategory.SEXUAL_LIFE: "vida sexual",
    DataCategory.CRIMINAL: "antecedentes e dados criminais",
}

SUBJECT_GROUPS: Mapping[SubjectGroup, str] = {
    SubjectGroup.PARTIES: "partes e interessados em processos",
    SubjectGroup.LAWYERS: "advogados e procuradores",
    SubjectGroup.JUDGES: "magistrados",
    SubjectGroup.STAFF: "servidores",
    SubjectGroup.DEPENDANTS: "dependentes e beneficiários",
    SubjectGroup.OUTSOURCED: "trabalhadores terceirizados",
    SubjectGroup.INTERNS: "estagiários e aprendizes",
    SubjectGroup.VISITORS: "visitantes",
    SubjectGroup.CITIZENS: "cidadãos usuários dos serviços",
    SubjectGroup.DETAINED: "pessoas privadas de liberdade",
    SubjectGroup.CHILDREN: "crianças e adolescentes",
}

VOLUMES: Mapping[VolumeBand, str] = {
    VolumeBand.UP_TO_1K: "até 1.000 titulares",
    VolumeBand.UP_TO_10K: "de 1.001 a 10.000 titulares",
    VolumeBand.UP_TO_100K: "de 10.001 a 100.000 titulares",
    VolumeBand.OVER_100K: "mais de 100.000 titulares",
}

EVIDENCE: Mapping[EvidenceKind, str] = {
    EvidenceKind.ISO_27001: "certificado ISO/IEC 27001",
    EvidenceKind.ISO_27701: "certificado ISO/IEC 27701",
    EvidenceKind.SOC2_TYPE2: "relatório SOC 2, tipo II",
    EvidenceKind.PENETRATION_TEST: "relatório de teste de invasão",
    EvidenceKind.VULNERABILITY_SCAN: "relatório de varredura de vulnerabilidades",
    EvidenceKind.CONTINUITY_TEST: "relatório de teste de continuidade",
    EvidenceKind.SECURITY_POLICY: "política de segurança da informação",
    EvidenceKind.TRAINING_RECORD: "comprovante de treinamento",
    EvidenceKind.INCIDENT_PLAN: "plano de resposta a incidentes",
    EvidenceKind.INCIDENT_CHANNEL: "ficha de comunicação de incidentes",
    EvidenceKind.LOG_POLICY: "política de registros para fins forenses",
    EvidenceKind.LOG_SAMPLE: "amostra de registros com resumo criptográfico",
    EvidenceKind.COMMUNICATION_CALENDAR: "calendário de comunicações e envios",
    EvidenceKind.PROCESSING_RECORD: "extrato do registro das operações de tratamento",
    EvidenceKind.DIRECTIVES_ACKNOWLEDGEMENT: "ciência das diretrizes e instruções",
    EvidenceKind.OWN_USE_DECLARATION: "declaração de não uso para finalidade própria",
    EvidenceKind.ACCESS_REVIEW: "revisão dos acessos",
    EvidenceKind.CONFIDENTIALITY_COMMITMENT: "compromissos de confidencialidade assinados",
    EvidenceKind.AUDIT_REPORT: "relatório de auditoria",
    EvidenceKind.ASSISTANCE_PROCEDURE: "procedimento de auxílio a titulares e autoridades",
    EvidenceKind.INSURANCE: "apólice de seguro",
    EvidenceKind.DISPOSAL_CERTIFICATE: "comprovante de descarte",
    EvidenceKind.SELF_DECLARATION: "declaração do próprio operador",
}

VERDICTS: Mapping[Verdict, str] = {
    Verdict.BREACHED: "Descumprida",
    Verdict.UNPROVEN: "Não demonstrada",
    Verdict.PARTIAL: "Parcial",
    Verdict.MET: "Atendida",
    Verdict.NOT_DUE: "Ainda não exigível",
    Verdict.NOT_APPLICABLE: "Não se aplica",
}

AUDIT_MODES: Mapping[AuditMode, str] = {
    AuditMode.ON_SITE: "No local",
    AuditMode.ON_PAPER: "Documental, à distância",
}

CHECK_RESULTS: Mapping[CheckResult, str] = {
    CheckResult.CONFORMING: "Conforme",
    CheckResult.NONCONFORMING: "Não conforme",
    CheckResult.PARTIAL: "Conforme em parte",
    CheckResult.UNVERIFIED: "Não verificado",
    CheckResult.NOT_APPLICABLE: "Não se aplica",
}

SEVERITIES: Mapping[FindingSeverity, str] = {
    FindingSeverity.LIGHT: "Leve",
    FindingSeverity.MEDIUM: "Média",
    FindingSeverity.SERIOUS: "Grave",
}

END_REASONS: Mapping[EndReason, str] = {
    EndReason.TERM: "decurso do prazo",
    EndReason.RESCISSION: "extinção do vínculo",
    EndReason.PURPOSE_MET: "satisfação da finalidade",
}

HARMS: Mapping[Harm, str] = {
    Harm.NONE: "nenhum dano previsível",
    Harm.MINOR: "incômodo passageiro",
    Harm.SERIOUS: "dano material ou moral, ou limitação de direitos",
    Harm.GRAVE: "dano grave ou irreversível aos titulares",
}
"""What an incident may do to the data subjects, as the report says it."""

INCIDENT_SOURCES: Mapping[IncidentSource, str] = {
    IncidentSource.OPERATOR: "comunicação da outra parte",
    IncidentSource.THIRD_PARTY: "terceiro",
}

DUTIES: Mapping[str, str] = {
    **{obligation.inciso: obligation.title for obligation in TWELVE},
    Formality.PUBLIC_FUNCTION: "Função judicial ou política pública atendida",
    Formality.PURPOSE: "Finalidade do tratamento compartilhado",
    Formality.CATEGORIES: "Categorias de dados pessoais envolvidos",
    Formality.GUARANTEES: "Garantias de proteção aos direitos dos titulares",
    Formality.SUBJECT_ACCESS: "Acesso facilitado do titular às informações",
    Formality.BIENNIAL_REVIEW: "Revisão dos dados em até dois anos",
}
"""The short name of each point that a document may supply: the twelve incisos and the formalities of art. 6º."""

_FORMALITY_PROVISIONS: Mapping[str, str] = {
    Formality.PUBLIC_FUNCTION: "art. 6º, IV",
    Formality.PURPOSE: "art. 6º, § 1º",
    Formality.CATEGORIES: "art. 6º, § 1º",
    Formality.GUARANTEES: "art. 6º, § 1º",
    Formality.SUBJECT_ACCESS: "art. 6º, § 1º",
    Formality.BIENNIAL_REVIEW: "art. 6º, V",
}

_MONTHS = (
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
)

_SMALL = (
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete "
    "dezoito dezenove"
).split()
_TENS = "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa".split()
_HUNDREDS = ("cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos").split()

_UNITS: Mapping[str, tuple[str, str, bool]] = {
    "horas corridas": ("hora", "horas", True),
    "dias corridos": ("dia", "dias", False),
    "dias úteis": ("dia útil", "dias úteis", False),
    "meses": ("mês", "meses", False),
}
"""Unit of a parameter -> singular, plural, whether feminine. The counting of hours and days is said by the clauses."""

UNITS: frozenset[str] = frozenset(_UNITS)


def provision(point: str) -> str:
    """Where the Portaria asks for a point: "art. 14, XI" or "art. 6º, § 1º".

    Raises:
        KeyError: the point is neither an inciso nor a formality that a document can supply.
    """
    return _FORMALITY_PROVISIONS[point] if point in _FORMALITY_PROVISIONS else f"art. 14, {_inciso(point)}"


def _inciso(point: str) -> str:
    if point not in DUTIES:
        raise KeyError(point)
    return point


def what_lacks(coverage: Coverage, missing_idea: str) -> str:
    """The sentence of the grounds of a termo aditivo that says what an instrument lacks on one point."""
    idea = missing_idea.strip().rstrip(".")
    if coverage is Coverage.PARTIAL:
        return f"Previsto em parte. Falta: {idea}." if idea else "Previsto em parte, de forma incompleta."
    return f"Não previsto. Falta: {idea}." if idea else "O Instrumento não trata deste ponto."


def enumeration(items: Iterable[str]) -> str:
    """Join as Portuguese prose does: "a", "a e b", "a, b e c"; "" for nothing."""
    parts = list(items)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} e {parts[-1]}"


def day_in_full(day: date) -> str:
    """Write the day as "20 de outubro de 2025"; the first of the month is "1º de"."""
    number = "1º" if day.day == 1 else str(day.day)
    return f"{number} de {_MONTHS[day.month - 1]} de {day.year}"


def moment_in_full(moment: datetime) -> str:
    """Write an aware moment as "20 de outubro de 2025, às 9h05", by the clock of Brasília."""
    local = moment.astimezone(SAO_PAULO)
    return f"{day_in_full(local.date())}, às {local.hour}h{f'{local.minute:02d}' if local.minute else ''}"


def elapsed(length: timedelta) -> str:
    """How long something took, in hours and minutes: "2 horas e 5 minutos"; "menos de 1 minuto" for less."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = [f"{count} {word if count == 1 else f'{word}s'}" for count, word in ((hours, "hora"), (minutes, "minuto"))]
    return enumeration(part for part in parts if not part.startswith("0 ")) or "menos de 1 minuto"


def number_in_words(number: int, *, feminine: bool = False) -> str:
    """A whole number from 0 to 9999 in words, agreeing with the gender of what is counted.

    Raises:
        ValueError: the number is outside the range.
    """
    if not 0 <= number <= 9999:
        raise ValueError(f"only numbers from 0 to 9999 are written in words: {number}")
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        head = "mil" if thousands == 1 else f"{number_in_words(thousands, feminine=feminine)} mil"
        if not rest:
            return head
        # "mil e cem", "mil e vinte", but "mil cento e vinte": the "e" joins what is said in one piece.
        joint = " e " if rest < 100 or rest % 100 == 0 else " "
        return head + joint + number_in_words(rest, feminine=feminine)
    if number == 100:
        return "cem"
    if number > 100:
        hundreds, rest = divmod(number, 100)
        word = _HUNDREDS[hundreds - 1]
        if feminine and hundreds > 1:
            word = word.removesuffix("os") + "as"
        return f"{word} e {number_in_words(rest, feminine=feminine)}" if rest else word
    if number < 20:
        return {1: "uma", 2: "duas"}.get(number, _SMALL[number]) if feminine else _SMALL[number]
    tens, rest = divmod(number, 10)
    word = _TENS[tens - 2]
    return f"{word} e {number_in_words(rest, feminine=feminine)}" if rest else word


def quantity(number: int, unit: str) -> str:
    """A number with its unit, as instruments write it: "24 (vinte e quatro) horas", "1 (um) dia útil".

    Raises:
        ValueError: a negative number, one above 9999, or a unit that documents do not use.
    """
    if unit not in _UNITS:
        raise ValueError(f"documents do not use the unit {unit!r}")
    singular, plural, feminine = _UNITS[unit]
    return f"{number} ({number_in_words(number, feminine=feminine)}) {singular if number == 1 else plural}"


def ordinal(number: int) -> str:
    """Write the order of a termo aditivo: "1º", "2º"."""
    return f"{number}º"


def cnpj_in_full(text: str) -> str:
    """The CNPJ with its mask; a text that is not one is given back as it is, for a person to mend."""
    try:
        return Cnpj.parse(text).formatted
    except CnpjError:
        return text


def clean(text: str) -> str:
    """One line of printable text: control characters go and runs of white space become one space.

    Word files are XML, which has no place for control characters or unpaired surrogates.
    """
    kept = "".join(" " if unicodedata.category(char) in {"Cc", "Cs", "Cn", "Zl", "Zp"} else char for char in text)
    return " ".join(kept.split())
