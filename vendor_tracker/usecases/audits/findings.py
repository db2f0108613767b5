"""What an audit finds, and the corrective actions born of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from contracts.policy import PolicyOn
from contracts.vocabulary import CheckResult, FindingSeverity, RequestState
from contracts.workdays import TermUnit
from vendor_tracker.store import audits as store
from vendor_tracker.store import conduct as facts
from vendor_tracker.store.tables import AuditFinding, CorrectiveAction, Deviation
from vendor_tracker.usecases import mending
from vendor_tracker.usecases.audits.common import (
    action_of,
    audit_of,
    check_of,
    finding_of,
    refuse_ended,
    within,
    written,
)
from vendor_tracker.usecases.conduct.fact_kind import day_text, short
from vendor_tracker.usecases.judging import policy_of, rejudge, workdays_of
from vendor_tracker.usecases.mending import in_turn
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, Work

FAULTS = frozenset({CheckResult.NONCONFORMING, CheckResult.PARTIAL})
"""The results of which a finding may be born."""


def correction_days(policy: PolicyOn, severity: FindingSeverity) -> int:
    """Return in how many days a finding of this severity is to be mended (administrative parameter)."""
    return int(policy.table("finding_correction_days")[severity.value])


def shows_breach(policy: PolicyOn, severity: FindingSeverity) -> bool:
    """Tell whether a finding of this severity shows, by itself, the duty broken (administrative parameter)."""
    return bool(policy.table("finding_shows_breach")[severity.value])


def proposed_term(session: Session, severity: FindingSeverity, today: date) -> date:
    """Return the term proposed for a corrective action of a finding of this severity."""
    days = correction_days(policy_of(session).on(today), severity)
    return workdays_of(session).due_after(today, days, TermUnit.CALENDAR_DAYS)


@dataclass(frozen=True, slots=True)
class Correction:
    """What the operator must mend, by when, and who answers for it there. No day: the parameter's of the severity."""

    description: str
    due_on: date | None = None
    owner: str = ""


def record_finding(
    actor: Actor,
    *,
    check_lineage: int,
    severity: FindingSeverity,
    description: str,
    correction: Correction | None = None,
) -> int:
    """Record what an item of the checklist showed to be wrong, and what must be mended; returns the finding's lineage.

    Where the severity shows, by itself, the duty broken (administrative parameter), the breach is put on record too and
    stands until the actions of the finding are done.
    """
    clean = written(description, "description", "Descreva o achado.")
    with in_turn(actor) as work:
        check = check_of(work.session, check_lineage)
        audit = audit_of(work.session, check.audit_lineage)
        refuse_ended(audit)
        if check.result not in FAULTS:
            raise UseCaseError("Anote antes, no item do roteiro, que ele não está conforme, no todo ou em parte.")
        if audit.performed_on is None:
            raise UseCaseError("Informe antes, no registro da auditoria, o dia em que ela foi realizada.")
        deviation_lineage = None
        if shows_breach(policy_of(work.session).on(work.today), severity):
            deviation = Deviation(
                agreement_id=audit.agreement_id,
                inciso=check.inciso,
                description=clean,
                found_on=work.today,
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
            )
            work.session.add(deviation)
            work.session.flush()
            deviation_lineage = deviation.lineage
            work.trail(
                "deviation_recorded",
                "deviation",
                deviation.lineage,
                f"Ocorrência registrada a partir de achado da auditoria “{audit.title}”: {short(clean)}.",
                {"agreement": audit.agreement_id, "inciso": check.inciso},
            )
        row = AuditFinding(
            agreement_id=audit.agreement_id,
            audit_lineage=check.audit_lineage,
            check_lineage=check_lineage,
            inciso=check.inciso,
            severity=severity,
            description=clean,
            found_on=work.today,
            deviation_lineage=deviation_lineage,
            withdrawal_reason="",
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        work.trail(
            "audit_finding_recorded",
            "audit",
            check.audit_lineage,
            f"Achado registrado na auditoria “{audit.title}”, inciso {check.inciso}: {short(clean)}.",
            {"agreement": audit.agreement_id, "finding": row.lineage, "severity": severity, "check": check_lineage},
        )
        if correction is not None:
            _add_action(work, row, correction)
        rejudge(work, [audit.agreement_id], cause="Achado de auditoria registrado")
        return int(row.lineage or 0)


def add_action(actor: Actor, *, finding_lineage: int, correction: Correction) -> int:
    """Require a correction for a finding; returns the action's lineage. Also after the audit was concluded."""
    with in_turn(actor) as work:
        finding = finding_of(work.session, finding_lineage)
        if finding.withdrawn_on is not None:
            raise ConflictError("Este achado foi retirado.")
        row = _add_action(work, finding, correction)
        mending.settle(work, row)
        rejudge(work, [finding.agreement_id], cause="Ação corretiva registrada")
        return int(row.lineage)


def _add_action(work: Work, finding: AuditFinding, correction: Correction) -> Any:
    text = written(correction.description, "correction", "Diga o que o operador deve corrigir.")
    owner = within(correction.owner, "owner")
    if len(owner) > (facts.longest("corrective_action", "owner") or 0):
        raise UseCaseError("Use no máximo 200 caracteres.", field="owner")
    due_on = correction.due_on or proposed_term(work.session, finding.severity, work.today)
    if due_on <= work.today:
        raise UseCaseError("O prazo deve terminar depois de hoje.", field="due_on")
    row = CorrectiveAction(
        agreement_id=finding.agreement_id,
        audit_lineage=finding.audit_lineage,
        finding_lineage=finding.lineage,
        inciso=finding.inciso,
        description=text,
        owner=owner,
        due_on=due_on,
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
    )
    work.session.add(row)
    work.session.flush()
    work.trail(
        "corrective_action_recorded",
        "corrective_action",
        row.lineage,
        f"Ação corretiva exigida até {day_text(due_on)}: {short(text)}.",
        {"agreement": finding.agreement_id, "finding": finding.lineage, "due_on": due_on, "owner": owner},
    )
    return row


def withdraw_finding(actor: Actor, *, lineage: int, reason: str) -> int:
    """Take back a finding that did not hold; returns the audit's lineage.

    Its breach never stood, and what it required and is not yet done is no longer required. All stays on record.
    """
    why = written(reason, "reason", "Diga por que o achado não se sustenta.")
    with in_turn(actor) as work:
        row = finding_of(work.session, lineage)
        if row.withdrawn_on is not None:
            raise ConflictError("Este achado já foi retirado.")
        for action in store.actions_of_finding(work.session, lineage):
            if store.open_request_about(work.session, "corrective_action", action.lineage or 0) is not None:
                raise ConflictError(
                    "Uma ação deste achado está numa requisição em curso. Cancele antes a requisição, ou decida a "
                    "resposta."
                )
        newer = row.next_version(
            recorded_at=work.now, recorded_by_id=actor.user_id, withdrawn_on=work.today, withdrawal_reason=why
        )
        work.session.add(newer)
        work.session.flush()
        work.trail(
            "audit_finding_withdrawn",
            "audit",
            row.audit_lineage,
            f"Achado retirado: {short(row.description)}.",
            {"agreement": row.agreement_id, "finding": lineage, "reason": why},
        )
        for action in store.actions_of_finding(work.session, lineage):
            if action.done_on is None and action.withdrawn_on is None:
                mending.follow_up(
                    work,
                    "corrective_action",
                    action,
                    f"Ação corretiva {action.lineage} retirada com o achado.",
                    withdrawn_on=work.today,
                )
        if row.deviation_lineage is not None:
            deviation = facts.current_fact(work.session, "deviation", row.deviation_lineage)
            if deviation is not None:
                mending.follow_up(
                    work,
                    "deviation",
                    deviation,
                    "Ocorrência sem efeito: o achado de que nasceu foi retirado.",
                    settled_on=deviation.found_on,
                )
        rejudge(work, [row.agreement_id], cause="Achado de auditoria retirado")
        return row.audit_lineage


def verify_action(
    actor: Actor, *, lineage: int, mended: bool, on: date | None, how: str, due_on: date | None = None
) -> None:
    """Record that somebody looked whether a corrective action was carried out.

    Mended: since ``on``. Not mended: it is owed again, by ``due_on``, also when it had been taken for done before. What
    an open request asks is decided there, so that the operator hears of it and is not chased for what is done.
    """
    seen = written(how, "how", "Diga o que se viu e onde está a prova.")
    with in_turn(actor) as work:
        row = action_of(work.session, lineage)
        asked = store.open_request_about(work.session, "corrective_action", lineage)
        if asked is not None and asked.state is RequestState.SUBMITTED:
            raise ConflictError(f"A resposta está em exame na requisição {asked.number}: aceite-a ou devolva-a lá.")
        if asked is not None:
            raise ConflictError(
                f"A correção está pedida na requisição {asked.number}, que continuaria a ser cobrada. Espere a "
                "resposta, ou cancele antes a requisição: a ação continua exigida."
            )
        if row.withdrawn_on is not None:
            raise ConflictError("Esta ação foi retirada: nada mais se exige por ela.")
        label = f"Ação corretiva {lineage}"
        if mended:
            if on is None:
                raise UseCaseError("Informe o dia em que a correção ficou pronta.", field="on")
            if on > work.today:
                raise UseCaseError("Este dia ainda não chegou.", field="on")
            mending.mend(work, row, on=on, how=seen, summary=f"{label} conferida: corrigida desde {day_text(on)}.")
        else:
            if due_on is None or due_on <= work.today:
                raise UseCaseError("Informe o novo prazo, posterior a hoje.", field="due_on")
            mending.reopen(
                work, row, how=seen, summary=f"{label} reaberta, com prazo até {day_text(due_on)}.", due_on=due_on
            )
        rejudge(work, [row.agreement_id], cause="Ação corretiva conferida")
