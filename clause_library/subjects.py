"""How the words of a request, an audit, an incident, a disposal or a person are said in a document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clause_library import phrases
from clause_library.description import (
    AuditDescription,
    CheckDescription,
    CorrectiveActionDescription,
    CriterionDescription,
    DisposalDescription,
    IncidentDescription,
    OpenPointDescription,
    RequestItemDescription,
    SeenDescription,
)
from clause_library.values import Value, day_words, moment_words, sentence, stripped
from contracts.vocabulary import INCISOS, EvidenceKind

Say = Callable[[Any], Value]
"""Says one fact of a subject, or of a member of a list."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list whose rows or items are repeated: how its members are found, and how each value of one is said."""

    members: Callable[[Any], tuple[Any, ...] | None]
    values: Mapping[str, Say]


def _proofs(kinds: tuple[EvidenceKind, ...]) -> str:
    words = [phrases.EVIDENCE[kind] for kind in kinds]
    return f"{', '.join(words[:-1])} ou {words[-1]}" if len(words) > 1 else "".join(words)


def _answer(item: RequestItemDescription) -> str:
    """What serves as an answer to an item, in a sentence without its full stop."""
    if item.accepts:
        return f"{_proofs(item.accepts)}, em arquivo, com a explicação que couber"
    return "resposta por escrito, com os arquivos que a comprovem" if item.wants_file else "resposta por escrito"


def _asked(point: OpenPointDescription) -> str:
    return f"{point.asked}: {_proofs(point.accepts)}" if point.accepts else point.asked


def _until(point: OpenPointDescription) -> str:
    """The day, after the one that has passed when one has."""
    day = f"{point.due_on:%d/%m/%Y}"
    return f"Venceu em {point.was_due_on:%d/%m/%Y}. Atender até {day}" if point.was_due_on else day


def _plain_law(text: str) -> str:
    return f"“{text.strip()}”" if text.strip() else "dever acrescentado pelo órgão"


def _action_standing(action: CorrectiveActionDescription) -> str:
    if action.done_on is None:
        return "Em aberto"
    seen = f", conferida em {action.verified_on:%d/%m/%Y}" if action.verified_on else ""
    return f"Cumprida em {action.done_on:%d/%m/%Y}{seen}"


def _period(audit: AuditDescription) -> Value:
    """The days that are audited; asked for when nobody has said."""
    start, end = audit.period_from, audit.period_until
    if start is not None and end is not None:
        return f"De {start:%d/%m/%Y} a {end:%d/%m/%Y}"
    if start is not None:
        return f"Desde {start:%d/%m/%Y}"
    return f"Até {end:%d/%m/%Y}" if end is not None else None


def _noted(seen: SeenDescription) -> str:
    """The note of an item and what was looked at, as the report's table prints them."""
    parts = [seen.note.strip().rstrip("."), f"Prova examinada: {seen.proof.strip()}" if seen.proof.strip() else ""]
    return ". ".join(part for part in parts if part) or "Sem anotação"


def _member(position: int) -> Say:
    """A part of "Name, position"; what was not given is asked for."""

    def say(member: str) -> Value:
        return stripped(member.partition(",")[2 * position])

    return say


def _criteria(audit: AuditDescription) -> Value:
    codes = [criterion.inciso for criterion in audit.criteria]
    if tuple(codes) == INCISOS:
        return "incisos I a XII do art. 14 da Portaria"
    if len(codes) == 1:
        return f"inciso {codes[0]} do art. 14 da Portaria"
    return f"incisos {phrases.enumeration(codes)} do art. 14 da Portaria" if codes else None


def _executor(audit: AuditDescription) -> Value:
    if not audit.independent:
        return "equipe do próprio órgão"
    named = f", {audit.auditor.strip()}" if audit.auditor and audit.auditor.strip() else ""
    return f"auditor independente autorizado pelo órgão{named}"


def _coordinator(audit: AuditDescription) -> Value:
    return stripped(audit.team[0].partition(",")[0]) if audit.team else None


def _interval(incident: IncidentDescription) -> Value:
    if incident.suspected_at is None or incident.reported_at is None:
        return None
    return phrases.elapsed(incident.reported_at - incident.suspected_at)


def _presidency_term(incident: IncidentDescription) -> Value:
    if incident.presidency_hours is None:
        return None
    return f"{phrases.quantity(incident.presidency_hours, 'horas corridas')}, parâmetro administrativo"


def _delay(incident: IncidentDescription) -> Value:
    """The reasons given; that there was no delay, when the record shows it; otherwise they are asked for."""
    if reasons := sentence(incident.delay_reason):
        return reasons
    if incident.suspected_at is None or incident.reported_at is None or incident.limit_hours is None:
        return None
    taken = incident.reported_at - incident.suspected_at
    if taken.total_seconds() > incident.limit_hours * 3600:
        return None
    limit = phrases.quantity(incident.limit_hours, "horas corridas")
    return (
        "não há, em registro, demora a justificar, porque a comunicação formal veio "
        f"{phrases.elapsed(taken)} depois da primeira suspeita, dentro do limite de {limit}, convencionado ou fixado "
        "como parâmetro administrativo"
    )


def _reached(answer: bool | None) -> Value:
    if answer is None:
        return None
    return "Sim" if answer else "Não"


def _retained(case: DisposalDescription) -> Value:
    """Say what stays with the operator, on which ground and until when; unknown when nobody said."""
    what, ground = stripped(case.retained), stripped(case.retained_ground)
    if not what or not ground:
        return None
    until = f", até {day_words(case.retained_until)}" if case.retained_until else ""
    return f"conservam-se {what.rstrip('.')}, com fundamento em {ground.rstrip('.')}{until}"


def _operation(case: DisposalDescription) -> Value:
    return {"return": "Devolução ao órgão", "disposal": "Descarte irrecuperável"}.get(case.manner or "")


FACTS_OF_SUBJECTS: Mapping[str, Say] = {
    "requisicao.numero": lambda r: r.number,
    "requisicao.data": lambda r: day_words(r.opened_on),
    "requisicao.prazo": lambda r: day_words(r.due_on),
    "requisicao.motivo": lambda r: sentence(r.reason),
    "requisicao.portal": lambda r: stripped(r.portal),
    "auditoria.titulo": lambda a: a.title,
    "auditoria.alcance": lambda a: sentence(a.scope),
    "auditoria.criterios": _criteria,
    "auditoria.planejada": lambda a: day_words(a.planned_on),
    "auditoria.aviso": lambda a: day_words(a.notice_by),
    "auditoria.realizada": lambda a: day_words(a.performed_on),
    "auditoria.concluida": lambda a: day_words(a.concluded_on),
    "auditoria.recusada": lambda a: day_words(a.refused_on),
    "auditoria.executor": _executor,
    "auditoria.coordenador": _coordinator,
    "auditoria.relatorio": lambda a: day_words(a.concluded_on),
    "auditoria.conclusao": lambda a: sentence(a.conclusion),
    "auditoria.modo": lambda a: phrases.AUDIT_MODES[a.mode] if a.mode else None,
    "auditoria.periodo": _period,
    "auditoria.avisada": lambda a: day_words(a.noticed_on),
    "auditoria.razoes": lambda a: sentence(a.refusal_reason),
    "incidente.titulo": lambda i: i.title,
    "incidente.descricao": lambda i: sentence(i.description),
    "incidente.suspeita": lambda i: moment_words(i.suspected_at),
    "incidente.comunicacao": lambda i: moment_words(i.reported_at),
    "incidente.ciencia": lambda i: moment_words(i.learned_at),
    "incidente.fonte": lambda i: phrases.INCIDENT_SOURCES[i.source],
    "incidente.intervalo": _interval,
    "incidente.gravidade": lambda i: sentence(i.severity),
    "incidente.dano": lambda i: phrases.HARMS[i.harm] if i.harm else None,
    "incidente.presidencia_prazo": _presidency_term,
    "incidente.presidencia": lambda i: moment_words(i.presidency_told_at),
    "incidente.anpd": lambda i: sentence(i.anpd),
    "incidente.dados": lambda i: sentence(i.affected_data),
    "incidente.titulares": lambda i: sentence(i.affected_people),
    "incidente.medidas": lambda i: sentence(i.measures),
    "incidente.riscos": lambda i: sentence(i.risks),
    "incidente.demora": _delay,
    "incidente.prevencao": lambda i: sentence(i.prevention),
    "incidente.relator": lambda _: None,
    "incidente.relator_cargo": lambda _: None,
    "descarte.operacao": _operation,
    "descarte.motivo": lambda c: phrases.END_REASONS[c.trigger],
    "descarte.fim": lambda c: day_words(c.triggered_on),
    "descarte.prazo": lambda c: day_words(c.due_on),
    "descarte.dados": lambda c: sentence(c.what),
    "descarte.metodo": lambda c: sentence(c.method),
    "descarte.execucao": lambda _: None,
    "descarte.verificacao": lambda _: None,
    "descarte.responsavel": lambda c: stripped(c.responsible),
    "descarte.copias": lambda c: _reached(c.covers_copies),
    "descarte.seguranca": lambda c: _reached(c.covers_backups),
    "descarte.suboperadores": lambda c: _reached(c.covers_sub_operators),
    "descarte.evidencia": lambda c: stripped(c.evidence_title),
    "descarte.evidencia_data": lambda c: day_words(c.evidence_received_on),
    "descarte.resumo": lambda c: stripped(c.evidence_sha256),
    "descarte.conservados": _retained,
    "descarte.aceito": lambda c: day_words(c.accepted_on),
    "pessoa.nome": lambda _: None,
    "pessoa.cpf": lambda _: None,
    "pessoa.identificacao": lambda p: p.label,
    "pessoa.funcao": lambda p: stripped(p.function),
    "pessoa.necessidade": lambda p: sentence(p.need),
    "pessoa.inicio": lambda p: day_words(p.access_from),
}
"""How each fact of a subject is said. What no record holds, such as who will sign, is always asked for."""


def _checks(audit: AuditDescription) -> tuple[tuple[CriterionDescription, CheckDescription], ...]:
    return tuple((criterion, check) for criterion in audit.criteria for check in criterion.checks)


LISTS_OF_SUBJECTS: Mapping[str, Listing] = {
    "item": Listing(
        lambda r: r.items,
        {
            "titulo": lambda i: i.title,
            "dispositivo": lambda i: i.provision,
            "norma": lambda i: _plain_law(i.law),
            "pergunta": lambda i: i.question.strip(),
            "resposta": _answer,
            "comprovante": lambda i: _sentence_start(_answer(i)),
            "motivo": lambda i: sentence(i.reason) or "informação requisitada a qualquer tempo, na forma do art. 14",
        },
    ),
    "pendencia": Listing(
        lambda letter: letter.points,
        {
            "acordo": lambda p: p.agreement,
            "dispositivo": lambda p: p.provision,
            "constatacao": lambda p: p.found.strip(),
            "pedido": _asked,
            "prazo": _until,
        },
    ),
    "criterio": Listing(
        lambda a: a.criteria,
        {
            "dispositivo": lambda c: phrases.provision(c.inciso),
            "dever": lambda c: phrases.DUTIES[c.inciso],
            "situacao": lambda c: phrases.VERDICTS[c.standing],
        },
    ),
    "verificacao": Listing(
        _checks,
        {
            "inciso": lambda pair: pair[0].inciso,
            "pergunta": lambda pair: pair[1].sentence,
            "prova": lambda pair: _sentence_start(_proofs(pair[1].proofs)) or "Registro do órgão",
        },
    ),
    "membro": Listing(lambda a: a.team, {"nome": _member(0), "cargo": _member(1)}),
    "acao": Listing(
        lambda a: a.actions,
        {
            "dispositivo": lambda c: c.provision,
            "descricao": lambda c: c.description.strip(),
            "prazo": lambda c: f"{c.due_on:%d/%m/%Y}",
            "situacao": _action_standing,
            "responsavel": lambda c: stripped(c.owner) or "A indicar pelo auditado",
        },
    ),
    "constatacao": Listing(
        lambda a: a.seen,
        {
            "item": lambda s: str(s.item),
            "inciso": lambda s: s.inciso,
            "verificado": lambda s: s.sentence,
            "resultado": lambda s: phrases.CHECK_RESULTS[s.result] if s.result else None,
            "anotacao": _noted,
        },
    ),
    "achado": Listing(
        lambda a: a.findings,
        {
            "item": lambda f: str(f.item),
            "dispositivo": lambda f: f.provision,
            "gravidade": lambda f: phrases.SEVERITIES[f.severity],
            "descricao": lambda f: f.description.strip(),
        },
    ),
}
"""The lists whose members a table or a section repeats, by the prefix of their placeholders."""


def _sentence_start(text: str) -> str:
    return text[:1].upper() + text[1:]


_PREFIXES: Mapping[str, str] = {
    "requisicao": "request",
    "item": "request",
    "auditoria": "audit",
    "criterio": "audit",
    "verificacao": "audit",
    "membro": "audit",
    "acao": "audit",
    "constatacao": "audit",
    "achado": "audit",
    "incidente": "incident",
    "descarte": "disposal",
    "pessoa": "person",
    "pendencia": "letter",
}


def subject_of(placeholder: str) -> str:
    """The subject that a placeholder speaks of, as a document file names it; "" when it speaks of the agreement."""
    return _PREFIXES.get(placeholder.partition(".")[0], "")


def list_of(placeholder: str) -> str:
    """The list that a placeholder belongs to, by its prefix; "" when it belongs to none."""
    prefix = placeholder.partition(".")[0]
    return prefix if prefix in LISTS_OF_SUBJECTS else ""
