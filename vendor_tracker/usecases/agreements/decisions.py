"""Decisions about an agreement: the role, a dispensation, the exposure, the end before its term."""

from datetime import date
from typing import Any

from contracts.vocabulary import DispensationGround, EndReason, Exposure, Role, UserRole
from vendor_tracker.store import register
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.tables import Agreement
from vendor_tracker.usecases.agreements.recording import checked_reason, locked, record
from vendor_tracker.usecases.agreements.said import needs_approval, said_by
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, Work, act


def propose_role(actor: Actor, *, agreement_id: int, role: Role, justification: str) -> bool:
    """Propose who decides about the processing (art. 13). Any role but operator waits for the Encarregado."""
    words = checked_justification(role, justification)
    with act(actor) as work:
        return record_role(work, locked(work, agreement_id), role, words)


def checked_justification(role: Role, justification: str) -> str:
    """Return the justification in one line; refuses one too short for a role that the Encarregado must approve."""
    words = " ".join(justification.split())
    if role is not Role.OPERATOR and len(words) < 10:
        raise UseCaseError(
            "Justifique em ao menos uma frase: o Encarregado decide com base nela.", field="justification"
        )
    return words


def record_role(work: Work, agreement: Agreement, role: Role, justification: str) -> bool:
    """Record a proposed role, not yet approved, in the caller's transaction; ``False`` when nothing changed."""
    return record(
        work,
        agreement,
        holds_from=work.today,
        reason="Papel no tratamento registrado" if role is Role.OPERATOR else "Papel no tratamento proposto",
        act_name="agreement_role_proposed",
        summary=f"Papel no tratamento proposto para {agreement_label(agreement.kind, agreement.number)}.",
        cause="Papel no tratamento proposto",
        values={
            "role": role,
            "role_justification": justification,
            "role_approved_by": "",
            "role_approved_on": None,
        },
    )


def decide_role(actor: Actor, *, agreement_id: int, approve: bool, reason: str = "") -> None:
    """Approve the proposed role, or return it: the agreement is then judged as an operator's again."""
    if actor.role not in {UserRole.ENCARREGADO, UserRole.ADMIN}:
        raise UseCaseError("Só o Encarregado decide sobre o papel no tratamento.")
    words = " ".join(reason.split())
    if not approve and len(words) < 3:
        raise UseCaseError("Diga em uma frase por que a proposta não foi aprovada.", field="reason")
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        held = register.current_revision(work.session, agreement_id)
        if not needs_approval(said_by(held)):
            raise ConflictError("Não há papel aguardando decisão neste acordo; talvez alguém já tenha decidido.")
        label = agreement_label(agreement.kind, agreement.number)
        values: dict[str, Any] = (
            {"role_approved_by": actor.display or actor.name, "role_approved_on": work.today}
            if approve
            else {"role": None, "role_justification": "", "role_approved_by": "", "role_approved_on": None}
        )
        record(
            work,
            agreement,
            holds_from=work.today,
            reason="Papel no tratamento aprovado" if approve else f"Papel no tratamento não aprovado: {words}",
            act_name="agreement_role_approved" if approve else "agreement_role_refused",
            summary=f"Papel no tratamento de {label} {'aprovado' if approve else 'não aprovado'}.",
            cause="Papel no tratamento aprovado" if approve else "Papel no tratamento não aprovado",
            values=values,
        )


def decide_dispensation(
    actor: Actor, *, agreement_id: int, ground: DispensationGround | None, detail: str, decided_on: date | None = None
) -> bool:
    """Decide that no instrument, or no assessment, is asked for; ``ground`` ``None`` withdraws the decision."""
    if actor.role not in {UserRole.ENCARREGADO, UserRole.LEGAL, UserRole.ADMIN}:
        raise UseCaseError("Só o Encarregado ou o Jurídico decidem sobre dispensa.")
    words = " ".join(detail.split())
    if len(words) < 10:
        raise UseCaseError("Explique em ao menos uma frase os fatos e o fundamento.", field="detail")
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        day = decided_on or work.today
        if day > work.today:
            raise UseCaseError("A decisão não pode estar no futuro.", field="decided_on")
        label = agreement_label(agreement.kind, agreement.number)
        values: dict[str, Any] = {
            "dispensation_ground": ground,
            "dispensation_detail": words if ground else "",
            "dispensation_by": (actor.display or actor.name) if ground else "",
            "dispensation_on": day if ground else None,
        }
        return record(
            work,
            agreement,
            holds_from=day if ground else work.today,
            reason="Dispensa decidida (art. 6º)" if ground else f"Dispensa retirada: {words}",
            act_name="agreement_dispensed" if ground else "agreement_dispensation_withdrawn",
            summary=f"Dispensa {'decidida' if ground else 'retirada'} para {label}.",
            cause="Dispensa decidida" if ground else "Dispensa retirada",
            values=values,
        )


def raise_exposure(actor: Actor, *, agreement_id: int, tier: Exposure | None, reason: str) -> bool:
    """Raise the tier that the sum gives, with a reason; ``None`` returns to the sum. Nobody can lower it."""
    words = checked_reason(reason, least=10)
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        label = agreement_label(agreement.kind, agreement.number)
        return record(
            work,
            agreement,
            holds_from=work.today,
            reason=f"Exposição elevada: {words}" if tier else f"Exposição volta à soma: {words}",
            act_name="agreement_exposure_raised",
            summary=f"Exposição de {label} {'elevada' if tier else 'devolvida à soma'}.",
            cause="Exposição alterada",
            values={"raised_exposure": tier, "raised_exposure_reason": words if tier else ""},
        )


def end_agreement(actor: Actor, *, agreement_id: int, ended_on: date, end_reason: EndReason, reason: str) -> None:
    """Record that the bond ended, or will end, before its term (rescission, purpose met); disposal follows (XII)."""
    words = checked_reason(reason)
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        held = register.current_revision(work.session, agreement_id)
        if held is not None and held.starts_on is not None and ended_on < held.starts_on:
            raise UseCaseError(
                f"O acordo começou em {held.starts_on:%d/%m/%Y}; informe um dia depois.", field="ended_on"
            )
        if (ended_on - work.today).days > 366:
            raise UseCaseError("Confira o ano: a data está a mais de um ano de hoje.", field="ended_on")
        if held is not None and held.ended_on is not None:
            raise ConflictError(f"Este acordo já foi encerrado em {held.ended_on:%d/%m/%Y}.", field="ended_on")
        label = agreement_label(agreement.kind, agreement.number)
        record(
            work,
            agreement,
            holds_from=min(ended_on, work.today),
            reason=words,
            act_name="agreement_ended",
            summary=f"{label} encerrado em {ended_on:%d/%m/%Y}.",
            cause="Acordo encerrado",
            values={"ended_on": ended_on, "end_reason": end_reason},
        )


def undo_end(actor: Actor, *, agreement_id: int, reason: str) -> None:
    """Take back an end that was recorded by mistake; both stay in the history."""
    words = checked_reason(reason)
    with act(actor) as work:
        agreement = locked(work, agreement_id)
        held = register.current_revision(work.session, agreement_id)
        if held is None or held.ended_on is None:
            raise ConflictError("Este acordo não está encerrado antes do termo.")
        record(
            work,
            agreement,
            holds_from=min(held.holds_from, work.today),
            reason=f"Encerramento desfeito: {words}",
            act_name="agreement_end_undone",
            summary=f"Encerramento de {agreement_label(agreement.kind, agreement.number)} desfeito.",
            cause="Encerramento desfeito",
            values={"ended_on": None, "end_reason": None},
        )
