"""How the court supervises: audits, corrective actions, breaches found."""

from datetime import date
from typing import Any

from contracts.vocabulary import INCISOS
from vendor_tracker.store import conduct as store
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.usecases.conduct.fact_kind import (
    Event,
    FactKind,
    Typed,
    dated,
    day_text,
    in_order,
    known_inciso,
    need,
    refuse_future,
    short,
    until_text,
)
from vendor_tracker.usecases.work import UseCaseError, Work


def _check_criteria(values: Typed) -> None:
    """Refuse criteria that are not incisos: the plan and the report quote them."""
    words = (values.get("incisos") or "").replace(",", " ").replace(";", " ").split()
    if unknown := [word for word in words if word.upper() not in {*INCISOS, "E"}]:
        message = f"“{unknown[0]}” não é inciso do art. 14. Escreva, por exemplo, “II, VI e VIII”."
        raise UseCaseError(message, field="incisos")


def _check_audit(work: Work, _head: AgreementHead, values: Typed) -> None:
    need(values, "title", "Diga o que foi ou será auditado.")
    _check_criteria(values)
    refuse_future(work, values, "performed_on", "concluded_on", "refused_on")
    if not any(values.get(name) for name in ("planned_on", "performed_on", "refused_on")):
        message = "Informe ao menos o dia planejado."
        raise UseCaseError(message, field="planned_on")
    if (values.get("auditor") or "").strip():
        values["independent"] = True
    in_order(values, "period_from", "period_until", "O fim do período é anterior ao começo.")
    if values.get("refused_on") and values.get("performed_on"):
        message = "A auditoria foi feita ou foi recusada, não as duas."
        raise UseCaseError(message, field="refused_on")
    if values.get("concluded_on"):
        need(values, "performed_on", "Informe quando a auditoria foi feita, antes de concluí-la.")
    in_order(values, "performed_on", "concluded_on", "A conclusão é anterior à auditoria.")


def _audit_events(row: Any) -> list[Event]:
    name = f"Auditoria “{row.title}”"
    return dated(
        (row.planned_on, f"{name}: dia planejado"),
        (row.performed_on, f"{name} realizada{' por auditor independente' if row.independent else ''}"),
        (row.concluded_on, f"{name} concluída"),
        (row.refused_on, f"{name} recusada pelo operador"),
    )


def _audit_standing(row: Any, today: date) -> str:
    if row.refused_on:
        return f"recusada pelo operador em {day_text(row.refused_on)}"
    if row.concluded_on:
        return f"concluída em {day_text(row.concluded_on)}"
    if row.performed_on:
        return f"realizada em {day_text(row.performed_on)}, sem conclusão"
    return f"planejada para {day_text(row.planned_on)}" + (", não realizada" if row.planned_on < today else "")


AUDIT = FactKind(
    "audit",
    "auditoria",
    "Auditoria",
    "Auditorias",
    "Registrar auditoria",
    "Auditoria registrada",
    "IX",
    "O operador deve permitir e contribuir com auditorias do órgão ou de auditor independente. A recusa "
    "descumpre o inciso.",
    _check_audit,
    lambda row: row.title,
    _audit_events,
    _audit_standing,
    (
        "title",
        "incisos",
        "scope",
        "period_from",
        "period_until",
        "mode",
        "team",
        "independent",
        "auditor",
        "planned_on",
        "performed_on",
        "concluded_on",
        "refused_on",
        "refusal_reason",
        "conclusion",
    ),
    takes_file=True,
)


def _check_corrective_action(work: Work, head: AgreementHead, values: Typed) -> None:
    known_inciso(work, values)
    need(values, "description", "Diga o que o operador deve corrigir.")
    need(values, "due_on", "Informe o prazo dado ao operador.")
    refuse_future(work, values, "done_on", "refused_on", "verified_on", "withdrawn_on")
    in_order(values, "done_on", "verified_on", "A conferência é anterior ao cumprimento.")
    lineage = values.get("audit_lineage")
    if lineage is not None:
        audit = store.current_fact(work.session, "audit", lineage)
        if audit is None or audit.agreement_id != head.id:
            message = "Escolha uma auditoria deste acordo."
            raise UseCaseError(message, field="audit_lineage")


def action_standing(row: Any, today: date) -> str:
    """Say how a corrective action stands."""
    if row.withdrawn_on and row.withdrawn_on <= today:
        return f"retirada pelo órgão em {day_text(row.withdrawn_on)}"
    if row.done_on:
        seen = f", conferida em {day_text(row.verified_on)}" if row.verified_on else ""
        return f"cumprida em {day_text(row.done_on)}{seen}"
    if row.refused_on:
        return f"recusada pelo operador em {day_text(row.refused_on)}"
    if row.answered_on:
        return f"dada por cumprida pelo operador em {day_text(row.answered_on)}, a conferir"
    again = f"reaberta em {day_text(row.reopened_on)}; " if row.reopened_on else ""
    return again + until_text(row.due_on, today)


CORRECTIVE_ACTION = FactKind(
    "corrective_action",
    "acao-corretiva",
    "Ação corretiva",
    "Ações corretivas",
    "Exigir ação corretiva",
    "Ação corretiva registrada",
    "",
    "O que o operador deve corrigir, e até quando. Vencido o prazo sem correção, a obrigação do inciso fica "
    "descumprida.",
    _check_corrective_action,
    lambda row: short(row.description),
    lambda row: dated(
        (row.due_on, f"Prazo da ação corretiva: {short(row.description)}"),
        (row.refused_on, f"Ação corretiva recusada pelo operador: {short(row.description)}"),
        (row.done_on, f"Ação corretiva cumprida: {short(row.description)}"),
        (row.withdrawn_on, f"Ação corretiva retirada pelo órgão: {short(row.description)}"),
    ),
    action_standing,
    (
        "audit_lineage",
        "inciso",
        "description",
        "owner",
        "due_on",
        "done_on",
        "refused_on",
        "verified_on",
        "verified_by",
        "verification",
        "withdrawn_on",
    ),
)


def _check_deviation(work: Work, _head: AgreementHead, values: Typed) -> None:
    known_inciso(work, values)
    need(values, "description", "Descreva o fato que mostra o descumprimento.")
    need(values, "found_on", "Informe o dia em que o fato foi constatado.")
    refuse_future(work, values, "found_on", "settled_on")
    in_order(values, "found_on", "settled_on", "A solução é anterior à constatação.")


DEVIATION = FactKind(
    "deviation",
    "ocorrencia",
    "Ocorrência",
    "Ocorrências",
    "Registrar ocorrência",
    "Ocorrência registrada",
    "",
    "Um fato que mostra o descumprimento e que nenhum outro registro guarda: registros alterados, operação "
    "sem registro, uso para outra finalidade, dados encontrados depois do descarte.",
    _check_deviation,
    lambda row: short(row.description),
    lambda row: dated(
        (row.found_on, f"Ocorrência constatada: {short(row.description)}"),
        (row.settled_on, f"Ocorrência sanada: {short(row.description)}"),
    ),
    lambda row, _today: f"sanada em {day_text(row.settled_on)}" if row.settled_on else "não sanada",
    ("inciso", "description", "found_on", "settled_on"),
)
