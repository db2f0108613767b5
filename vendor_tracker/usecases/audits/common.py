"""What every act about an audit shares: the audit found, and the checks of what was typed."""

from typing import Any

from sqlalchemy.orm import Session

from vendor_tracker.store import audits as store
from vendor_tracker.store import conduct as facts
from vendor_tracker.store.tables import AuditCheck, AuditFinding
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError

LONGEST_TEXT = 4000


def audit_of(session: Session, lineage: int) -> Any:
    """Return the newest version of an audit; raises :class:`NotFoundError`."""
    row = facts.current_fact(session, "audit", lineage)
    if row is None:
        raise NotFoundError("Esta auditoria não existe.")
    return row


def check_of(session: Session, lineage: int) -> AuditCheck:
    """Return the newest version of an item of a checklist; raises :class:`NotFoundError`."""
    row = store.check(session, lineage)
    if row is None:
        raise NotFoundError("Este item do roteiro não existe.")
    return row


def finding_of(session: Session, lineage: int) -> AuditFinding:
    """Return the newest version of a finding; raises :class:`NotFoundError`."""
    row = store.finding(session, lineage)
    if row is None:
        raise NotFoundError("Este achado não existe.")
    return row


def action_of(session: Session, lineage: int) -> Any:
    """Return the newest version of a corrective action; raises :class:`NotFoundError`."""
    row = facts.current_fact(session, "corrective_action", lineage)
    if row is None:
        raise NotFoundError("Esta ação corretiva não existe.")
    return row


def refuse_ended(audit: Any) -> None:
    """Refuse to change what an audit verified or found once it has ended."""
    if audit.refused_on is not None:
        raise ConflictError("A auditoria foi recusada pelo operador: não há o que verificar nela.")
    if audit.concluded_on is not None:
        raise ConflictError("A auditoria foi concluída: o roteiro e os achados ficam como o relatório os mostra.")


def written(text: str, field: str, sentence: str) -> str:
    """Return a text without its margins; refuse an empty one with the sentence, and one past the limit."""
    clean = text.strip()
    if not clean:
        raise UseCaseError(sentence, field=field)
    return within(clean, field)


def within(text: str, field: str) -> str:
    """Return a text without its margins; refuse one past the limit."""
    clean = text.strip()
    if len(clean) > LONGEST_TEXT:
        raise UseCaseError(f"Use no máximo {LONGEST_TEXT} caracteres.", field=field)
    return clean
