"""The end: data returned or disposed of, and proven so."""

from datetime import date
from typing import Any

from vendor_tracker.store import proofs
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.usecases.conduct.fact_kind import (
    FactKind,
    Typed,
    dated,
    day_text,
    in_order,
    need,
    refuse_future,
    until_text,
)
from vendor_tracker.usecases.work import UseCaseError, Work


def _check_disposal(work: Work, head: AgreementHead, values: Typed) -> None:
    need(values, "trigger", "Diga por que o tratamento terminou.")
    need(values, "triggered_on", "Informe o dia em que o tratamento terminou.")
    refuse_future(work, values, "triggered_on", "accepted_on")
    in_order(values, "triggered_on", "due_on", "O prazo é anterior ao fim do tratamento.")
    in_order(values, "triggered_on", "accepted_on", "A aceitação é anterior ao fim do tratamento.")
    if (values.get("retained") or "").strip():
        need(values, "retained_ground", "Diga que norma permite conservar estes dados (LGPD, art. 16).")
    elif (values.get("retained_ground") or "").strip() or values.get("retained_until") is not None:
        raise UseCaseError("Diga quais dados o operador conserva.", field="retained")
    in_order(values, "triggered_on", "retained_until", "O fim da guarda é anterior ao fim do tratamento.")
    proof = values.get("evidence_id")
    if proof is not None and proof not in {each for each, _ in proofs.disposal_evidence_of(work.session, head.id)}:
        message = "Escolha um comprovante de descarte aceito deste acordo."
        raise UseCaseError(message, field="evidence_id")
    if values.get("accepted_on") is None:
        return
    need(values, "evidence_id", "Para encerrar, escolha o comprovante de descarte que foi aceito.")
    need(values, "manner", "Diga se os dados foram devolvidos ou descartados.")
    for name in ("covers_copies", "covers_backups", "covers_sub_operators"):
        if values.get(name) is None:
            message = "Confira no comprovante e responda antes de encerrar."
            raise UseCaseError(message, field=name)


def _disposal_standing(row: Any, today: date) -> str:
    if row.accepted_on:
        return f"comprovado e encerrado em {day_text(row.accepted_on)}"
    return until_text(row.due_on, today)


_REACHES = (
    ("covers_copies", "as cópias"),
    ("covers_backups", "as cópias de segurança"),
    ("covers_sub_operators", "os suboperadores"),
)


def _lacking(row: Any) -> tuple[str, ...]:
    """Say what keeps the agreement from being closed."""
    if row.accepted_on:
        return ()
    found = []
    if not row.manner:
        found.append("Dizer se os dados foram devolvidos ou descartados.")
    if row.evidence_id is None:
        found.append("Receber do operador o comprovante, conferi-lo e aceitá-lo.")
    for name, words in _REACHES:
        if getattr(row, name) is None:
            found.append(f"Conferir se o comprovante alcança {words}.")
        elif getattr(row, name) is False:
            found.append(f"Obter comprovante que alcance {words}: o atual não alcança.")
    if (row.retained or "").strip() and row.retained_until is None:
        found.append("Dizer até quando o operador guarda o que conserva, se a norma fixa um fim.")
    found.append("Registrar o dia em que o descarte foi aceito: até lá, o acordo está em encerramento.")
    return tuple(found)


DISPOSAL = FactKind(
    "disposal",
    "descarte",
    "Devolução ou descarte",
    "Devolução ou descarte",
    "Registrar devolução ou descarte",
    "Devolução ou descarte registrado",
    "XII",
    "Terminado o tratamento, o operador devolve ou descarta os dados e o prova. O acordo só se encerra com "
    "o comprovante aceito.",
    _check_disposal,
    lambda row: f"Fim do tratamento em {day_text(row.triggered_on)}",
    lambda row: dated(
        (row.triggered_on, "Fim do tratamento"),
        (row.due_on, "Prazo para provar a devolução ou o descarte"),
        (row.accepted_on, "Devolução ou descarte comprovado: acordo encerrado"),
        (row.retained_until, "Fim da guarda dos dados que o operador conserva: falta descartá-los"),
    ),
    _disposal_standing,
    (
        "trigger",
        "triggered_on",
        "due_on",
        "manner",
        "what",
        "method",
        "responsible",
        "covers_copies",
        "covers_backups",
        "covers_sub_operators",
        "retained",
        "retained_ground",
        "retained_until",
        "evidence_id",
        "accepted_on",
    ),
    lacking=_lacking,
)
