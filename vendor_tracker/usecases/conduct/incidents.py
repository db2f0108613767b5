"""Incidents, and the tests of the channel through which they are told."""

from datetime import date
from typing import Any

from contracts.obligation import moment_in_words
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.usecases.conduct.fact_kind import FactKind, Typed, dated, in_order, need, refuse_future
from vendor_tracker.usecases.incidents.cases import follow
from vendor_tracker.usecases.work import Work


def _check_incident(work: Work, _head: AgreementHead, values: Typed) -> None:
    need(values, "title", "Dê um nome ao incidente.")
    need(values, "learned_at", "Informe quando o órgão soube.")
    need(values, "source", "Diga por quem o órgão soube.")
    refuse_future(work, values, "suspected_at", "learned_at", "reported_at", "presidency_told_at")
    in_order(values, "suspected_at", "learned_at", "O órgão não pode ter sabido antes da primeira suspeita.")
    in_order(values, "suspected_at", "reported_at", "A comunicação é anterior à primeira suspeita.")


def _incident_standing(row: Any, _today: date) -> str:
    if row.reported_at is None:
        return "sem comunicação formal do operador"
    return f"comunicado em {moment_in_words(row.reported_at)}"


INCIDENT = FactKind(
    "incident",
    "incidente",
    "Incidente",
    "Incidentes",
    "Registrar incidente",
    "Incidente registrado",
    "XI",
    "O prazo de comunicação conta da primeira suspeita do operador. As horas decidem a situação: "
    "registre-as como ocorreram, no horário de Brasília.",
    _check_incident,
    lambda row: row.title,
    lambda row: dated(
        (row.suspected_at, f"Primeira suspeita do operador: {row.title}"),
        (row.learned_at, f"O órgão soube do incidente: {row.title}"),
        (row.reported_at, f"Comunicação formal do operador: {row.title}"),
        (row.presidency_told_at, f"Comunicação à Presidência: {row.title}"),
    ),
    _incident_standing,
    (
        "title",
        "description",
        "suspected_at",
        "reported_at",
        "learned_at",
        "source",
        "severity",
        "presidency_told_at",
        "affected_data",
        "affected_people",
        "measures",
        "risks",
        "delay_reason",
        "prevention",
    ),
    after=follow,
)


def _check_channel_test(work: Work, _head: AgreementHead, values: Typed) -> None:
    need(values, "tested_at", "Informe quando o canal foi testado.")
    refuse_future(work, values, "tested_at", "answered_at")
    in_order(values, "tested_at", "answered_at", "A resposta é anterior ao teste.")


def _channel_standing(row: Any, _today: date) -> str:
    if row.answered_at is None:
        return "sem resposta"
    minutes = int((row.answered_at - row.tested_at).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    return f"respondido em {f'{hours} h e ' if hours else ''}{rest} min"


CHANNEL_TEST = FactKind(
    "channel_test",
    "teste-do-canal",
    "Teste do canal",
    "Testes do canal de incidentes",
    "Registrar teste do canal",
    "Teste do canal registrado",
    "I",
    "Um canal que ninguém testou pode não responder quando for preciso. Registre a hora do teste e a da "
    "resposta, no horário de Brasília.",
    _check_channel_test,
    lambda row: f"Teste de {moment_in_words(row.tested_at)}",
    lambda row: dated(
        (row.tested_at, "Canal de incidentes testado"),
        (row.answered_at, "O operador respondeu ao teste do canal"),
    ),
    _channel_standing,
    ("tested_at", "answered_at", "note"),
)
