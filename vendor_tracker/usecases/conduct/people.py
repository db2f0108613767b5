"""The people of the operator who have access to the data."""

from datetime import date
from typing import Any

from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.usecases.conduct.fact_kind import FactKind, Typed, dated, day_text, in_order, need, refuse_future
from vendor_tracker.usecases.work import Work


def _check_person(work: Work, _head: AgreementHead, values: Typed) -> None:
    need(values, "label", "Identifique a pessoa pelas iniciais ou pela matrícula.")
    need(values, "access_from", "Informe desde quando a pessoa tem acesso.")
    refuse_future(work, values, "committed_on", "left_on")
    in_order(values, "access_from", "access_until", "O fim do acesso é anterior ao começo.")
    in_order(values, "access_from", "left_on", "A saída é anterior ao começo do acesso.")
    if values.get("has_need"):
        need(values, "need", "Diga por que a pessoa precisa do acesso.")


def _person_standing(row: Any, today: date) -> str:
    signed = f"compromisso de {day_text(row.committed_on)}" if row.committed_on else "sem compromisso assinado"
    if row.access_until and row.access_until < today:
        return f"acesso encerrado em {day_text(row.access_until)}; {signed}"
    if row.left_on:
        return f"saiu em {day_text(row.left_on)} e ainda tem acesso; {signed}"
    return f"com acesso desde {day_text(row.access_from)}; {signed}"


PERSON = FactKind(
    "person",
    "pessoa",
    "Pessoa autorizada",
    "Pessoas autorizadas",
    "Registrar pessoa autorizada",
    "Pessoa autorizada registrada",
    "VIII",
    "Só tem acesso quem precisa e assinou o compromisso de confidencialidade. Use iniciais ou matrícula: o "
    "nome e o CPF não são necessários aqui.",
    _check_person,
    lambda row: f"{row.label}{f', {row.function}' if row.function else ''}",
    lambda row: dated(
        (row.committed_on, f"Compromisso assinado por {row.label}"),
        (row.access_from, f"Acesso concedido a {row.label}"),
        (row.left_on, f"{row.label} deixou o operador"),
        (row.access_until, f"Acesso de {row.label} encerrado"),
    ),
    _person_standing,
    ("label", "function", "has_need", "need", "committed_on", "access_from", "access_until", "left_on"),
    takes_file=True,
)
