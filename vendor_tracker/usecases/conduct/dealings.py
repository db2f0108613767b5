"""What the two sides owe each other along the way: instructions, help with data subjects, deliveries."""

from datetime import date
from typing import Any

from contracts.vocabulary import Requester
from contracts.workdays import add_months
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.usecases.conduct.fact_kind import (
    FactKind,
    Typed,
    dated,
    day_text,
    in_order,
    need,
    refuse_future,
    short,
    until_text,
)
from vendor_tracker.usecases.judging import policy_of, workdays_of
from vendor_tracker.usecases.work import UseCaseError, Work


def _check_instruction(work: Work, _head: AgreementHead, values: Typed) -> None:
    need(values, "text", "Escreva a instrução.")
    need(values, "sent_on", "Informe o dia do envio.")
    refuse_future(work, values, "sent_on", "acknowledged_on", "done_on", "withdrawn_on")
    in_order(values, "sent_on", "due_on", "O prazo é anterior ao envio.")
    in_order(values, "sent_on", "acknowledged_on", "A ciência é anterior ao envio.")
    in_order(values, "sent_on", "done_on", "O cumprimento é anterior ao envio.")


def _instruction_standing(row: Any, today: date) -> str:
    if row.withdrawn_on and row.withdrawn_on <= today:
        return f"retirada pelo órgão em {day_text(row.withdrawn_on)}"
    if row.done_on:
        return f"cumprida em {day_text(row.done_on)}"
    if row.answered_on:
        return f"dada por cumprida pelo operador em {day_text(row.answered_on)}, a conferir"
    known = f"ciência em {day_text(row.acknowledged_on)}; " if row.acknowledged_on else "sem ciência; "
    return known + until_text(row.due_on, today)


INSTRUCTION = FactKind(
    "instruction",
    "instrucao",
    "Instrução",
    "Instruções",
    "Registrar instrução",
    "Instrução registrada",
    "VII",
    "O operador trata os dados segundo as diretrizes e instruções do órgão. O que foi enviado, e se houve "
    "ciência e cumprimento, precisa estar provado.",
    _check_instruction,
    lambda row: short(row.text),
    lambda row: dated(
        (row.sent_on, f"Instrução enviada: {short(row.text)}"),
        (row.acknowledged_on, f"Ciência da instrução: {short(row.text)}"),
        (row.done_on, f"Instrução cumprida: {short(row.text)}"),
        (row.withdrawn_on, f"Instrução retirada pelo órgão: {short(row.text)}"),
    ),
    _instruction_standing,
    ("text", "sent_on", "due_on", "acknowledged_on", "done_on", "withdrawn_on"),
)


def _check_assistance(work: Work, head: AgreementHead, values: Typed) -> None:
    need(values, "subject", "Diga o assunto do pedido, sem identificar o titular.")
    need(values, "asked_on", "Informe o dia do pedido.")
    refuse_future(work, values, "asked_on", "answered_on", "protocol_on", "told_on", "withdrawn_on")
    if values.get("requester") is Requester.DATA_SUBJECT and values.get("court_due_on") is not None:
        message = "O prazo para responder ao titular é o do art. 11. Deixe em branco: ele conta do protocolo."
        raise UseCaseError(message, field="court_due_on")
    in_order(values, "protocol_on", "told_on", "A resposta do órgão é anterior ao protocolo.")
    if values.get("due_on") is None:
        values["due_on"] = _assistance_due(work, head, values["asked_on"])
    in_order(values, "asked_on", "due_on", "O prazo é anterior ao pedido.")
    in_order(values, "asked_on", "answered_on", "A resposta é anterior ao pedido.")


def _assistance_due(work: Work, head: AgreementHead, asked_on: date) -> date:
    """Return the term that applies when none was written: the one agreed with the operator, else the parameter."""
    facts = load_facts(work.session, [head.id], on=work.today)[head.id]
    agreed = facts.assistance_term_days
    days = policy_of(work.session).on(work.today).number("assistance_term_days") if agreed is None else agreed
    return workdays_of(work.session, (asked_on.year, asked_on.year + 2)).add_working(asked_on, days)


def _assistance_standing(row: Any, today: date) -> str:
    if row.withdrawn_on and row.withdrawn_on <= today:
        return f"retirado pelo órgão em {day_text(row.withdrawn_on)}"
    ours = f"; órgão respondeu em {day_text(row.told_on)}" if row.told_on else ""
    return (f"prestado em {day_text(row.answered_on)}" if row.answered_on else until_text(row.due_on, today)) + ours


ASSISTANCE = FactKind(
    "assistance",
    "auxilio",
    "Pedido de auxílio",
    "Pedidos de auxílio",
    "Registrar pedido de auxílio",
    "Pedido de auxílio registrado",
    "X",
    "O operador auxilia o órgão perante titulares, autoridades e outros legítimos interessados. Não escreva "
    "o nome nem outro dado do titular.",
    _check_assistance,
    lambda row: row.subject,
    lambda row: dated(
        (row.protocol_on, f"Protocolo do interessado: {row.subject}"),
        (row.asked_on, f"Auxílio pedido: {row.subject}"),
        (row.answered_on, f"Auxílio prestado: {row.subject}"),
        (row.extended_on, f"Prazo do órgão prorrogado (art. 11): {row.subject}"),
        (row.told_on, f"Órgão respondeu ao interessado: {row.subject}"),
        (row.withdrawn_on, f"Pedido de auxílio retirado pelo órgão: {row.subject}"),
    ),
    _assistance_standing,
    (
        "subject",
        "requester",
        "protocol_on",
        "court_due_on",
        "asked_on",
        "due_on",
        "answered_on",
        "told_on",
        "withdrawn_on",
    ),
)


def _check_delivery(work: Work, _head: AgreementHead, values: Typed) -> None:
    need(values, "what", "Diga o que será enviado.")
    need(values, "agreed_on", "Informe quando o envio foi combinado.")
    refuse_future(work, values, "agreed_on", "reviewed_on", "last_delivered_on")
    months = values.get("months")
    if months is not None and not 1 <= months <= 120:
        message = "Informe de 1 a 120 meses, ou deixe em branco quando for por evento."
        raise UseCaseError(message, field="months")
    values["reviewed_on"] = values.get("reviewed_on") or values["agreed_on"]
    in_order(values, "agreed_on", "reviewed_on", "A revisão é anterior ao combinado.")
    in_order(values, "agreed_on", "last_delivered_on", "A entrega é anterior ao combinado.")
    in_order(values, "agreed_on", "until", "O fim é anterior ao combinado.")
    if values.get("next_due_on") is None and months is not None:
        values["next_due_on"] = add_months(values.get("last_delivered_on") or values["agreed_on"], months)


def _delivery_standing(row: Any, today: date) -> str:
    often = "por evento" if row.months is None else "todo mês" if row.months == 1 else f"a cada {row.months} meses"
    if row.until and row.until < today:
        return f"{often}, encerrado em {day_text(row.until)}"
    if row.next_due_on is None:
        return often
    late = (
        f"vencido em {day_text(row.next_due_on)}"
        if row.next_due_on < today
        else f"próximo até {day_text(row.next_due_on)}"
    )
    return f"{often}, {late}"


CALENDAR = FactKind(
    "calendar",
    "envio",
    "Envio combinado",
    "Calendário de envios",
    "Registrar envio combinado",
    "Envio combinado registrado",
    "III",
    "O que o operador envia, com que frequência e a quem. O calendário é parte do que a Portaria manda estabelecer.",
    _check_delivery,
    lambda row: row.what,
    lambda row: dated(
        (row.agreed_on, f"Envio combinado: {row.what}"),
        (row.last_delivered_on, f"Última entrega: {row.what}"),
        (row.next_due_on, f"Próxima entrega: {row.what}"),
    ),
    _delivery_standing,
    ("what", "to_whom", "months", "agreed_on", "reviewed_on", "last_delivered_on", "next_due_on", "until"),
)
