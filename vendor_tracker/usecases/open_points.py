"""What is open with an operator, under each of its agreements, as the letter to the operator lists it."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from clause_library.description import LetterDescription, OpenPointDescription
from clause_library.drafting import DraftRefused
from contracts.evaluation import Assessment
from contracts.obligation import Finding
from contracts.vocabulary import INCISOS, ActionKind, Verdict
from contracts.workdays import TermUnit
from vendor_tracker.store import boletim
from vendor_tracker.usecases.boletim_record import asks_of
from vendor_tracker.usecases.judging import assess_many, workdays_of

NOTHING_OPEN = "Nada está em aberto com este operador em nenhum dos seus acordos; não há carta a emitir."

_ASKED: dict[ActionKind, str] = {
    ActionKind.TERMO_ADITIVO: "Assinar o termo aditivo que o órgão propuser",
    ActionKind.TERMO_COMPROMISSO: "Assinar o termo de compromisso que o órgão propuser",
    ActionKind.REQUEST_EVIDENCE: "Apresentar a prova que falta",
    ActionKind.FORMAL_NOTICE: "Corrigir o que consta e comprovar a correção",
    ActionKind.CORRECTIVE_ACTION: "Corrigir o que consta e comprovar a correção",
}
"""What is asked of the operator for a duty that is not met; what else is missing is the court's own to do."""

_WITH_TERM = (Verdict.BREACHED, Verdict.UNPROVEN, Verdict.PARTIAL)


def letter_of(session: Session, agreement_id: int, assessment: Assessment) -> LetterDescription:
    """Return what is open with the operator of an agreement: under this agreement first, then under its others.

    Raises :class:`~clause_library.drafting.DraftRefused` when nothing is.
    """
    on = assessment.on
    own = boletim.agreement_heads(session, agreement_id=agreement_id)[0]
    heads = boletim.agreement_heads(session, operator_id=own.operator_id)
    others = [head.agreement_id for head in heads if head.agreement_id != agreement_id]
    every = [assessment, *assess_many(session, others, on=on).values()] if others else [assessment]
    days = assessment.when.policy.policy.on(on).number("request_answer_days")
    until = workdays_of(session).due_after(on, days, TermUnit.CALENDAR_DAYS)
    points = tuple(point for each in every for point in _points(each, on, until))
    if not points:
        raise DraftRefused(NOTHING_OPEN)
    return LetterDescription(points=points)


def _points(assessment: Assessment, on: date, until: date) -> Iterator[OpenPointDescription]:
    asks = asks_of(assessment.facts, on)
    for ask in asks:
        yield OpenPointDescription(
            agreement=assessment.label,
            provision=_provision(ask.inciso.split(", ")),
            found=ask.record.label,
            asked=ask.what,
            due_on=ask.due_on if ask.due_on is not None and ask.due_on >= on else until,
            was_due_on=ask.due_on if ask.due_on is not None and ask.due_on < on else None,
        )
    asked = {inciso for ask in asks for inciso in ask.inciso.split(", ")}
    papers: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in (*assessment.findings, *assessment.further):
        action = finding.next_action
        signs = action.kind in {ActionKind.TERMO_ADITIVO, ActionKind.TERMO_COMPROMISSO}
        # What a request or an action already asks for is not asked for twice.
        if finding.verdict in _WITH_TERM and action.kind in _ASKED and (signs or finding.inciso not in asked):
            reason = "O instrumento não prevê o dever, ou só em parte" if signs else finding.reasons[0].rstrip(".")
            # Each proof is asked for by itself: what serves for one duty does not serve for another.
            alone = finding.inciso if action.kind is ActionKind.REQUEST_EVIDENCE else ""
            papers.setdefault((_ASKED[action.kind], reason, alone), []).append(finding)
    for (what, reason, _), group in papers.items():
        kinds = dict.fromkeys(kind for finding in group for kind in finding.next_action.evidence_kinds)
        yield OpenPointDescription(
            agreement=assessment.label,
            provision=_provision([finding.inciso for finding in group]),
            found=reason,
            asked=what,
            due_on=until,
            accepts=tuple(kinds) if group[0].next_action.kind is ActionKind.REQUEST_EVIDENCE else (),
        )


def _provision(incisos: list[str]) -> str:
    law = [inciso for inciso in INCISOS if inciso in incisos]
    own = [f"obrigação {inciso} do órgão" for inciso in incisos if inciso not in INCISOS]
    named = f"{', '.join(law[:-1])} e {law[-1]}" if len(law) > 1 else "".join(law)
    return "; ".join([*([f"Art. 14, {named}"] if law else []), *own])
