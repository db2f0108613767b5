"""Queries of the boletim: whom it is about, and how the verdicts came to be what they are."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind, Verdict
from vendor_tracker.store.tables import Agreement, AgreementRevision, FindingChange, FindingRow, Operator, Standing


class AgreementHead(NamedTuple):
    """What the head of a boletim says of an agreement."""

    agreement_id: int
    operator_id: int
    operator: str
    cnpj: str | None
    foreign_id: str | None
    regime: Any
    kind: AgreementKind
    number: str
    object: str
    sei_process: str
    secret: bool


def agreement_heads(
    session: Session, *, operator_id: int | None = None, agreement_id: int | None = None
) -> list[AgreementHead]:
    """Return the agreements of an operator, the worst first, or the one agreement asked for."""
    query = (
        select(
            Agreement.id,
            Agreement.operator_id,
            Operator.name,
            Operator.cnpj,
            Operator.foreign_id,
            Operator.regime,
            Agreement.kind,
            Agreement.number,
            func.coalesce(AgreementRevision.object, ""),
            func.coalesce(AgreementRevision.sei_process, ""),
            func.coalesce(AgreementRevision.secret, False),
        )
        .select_from(Agreement)
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
        .order_by(
            Standing.breached.is_(None),
            Standing.breached.desc(),
            Standing.score.is_(None),
            Standing.score,
            Agreement.id,
        )
    )
    if operator_id is not None:
        query = query.where(Agreement.operator_id == operator_id)
    if agreement_id is not None:
        query = query.where(Agreement.id == agreement_id)
    return [AgreementHead(*row) for row in session.execute(query)]


def operator_name(session: Session, operator_id: int) -> str | None:
    """Return the name of an operator, or ``None`` when there is no such operator."""
    return session.execute(select(Operator.name).where(Operator.id == operator_id)).scalar_one_or_none()


class ChangeRow(NamedTuple):
    """A change of verdict with the sentence that made it."""

    id: int
    inciso: str
    at: datetime
    on: date
    before: Verdict | None
    after: Verdict
    reason: str
    cause: str
    record: Mapping[str, Any] | None


def changes_of(
    session: Session, agreement_id: int, *, known_until: datetime | None = None, limit: int = 50
) -> list[ChangeRow]:
    """Return the changes of verdict of one agreement, the newest first."""
    query = (
        select(
            FindingChange.id,
            FindingChange.inciso,
            FindingChange.at,
            FindingChange.on,
            FindingChange.before,
            FindingChange.after,
            FindingChange.reason,
            FindingChange.cause,
            FindingChange.record,
        )
        .where(FindingChange.agreement_id == agreement_id)
        .order_by(FindingChange.at.desc(), FindingChange.id.desc())
        .limit(limit)
    )
    if known_until is not None:
        query = query.where(FindingChange.at < known_until)
    return [ChangeRow(*row) for row in session.execute(query)]


class PresentVerdict(NamedTuple):
    """A present finding as the change log continues it."""

    inciso: str
    verdict: Verdict
    since: date


def present_verdicts(session: Session, agreement_id: int) -> dict[str, PresentVerdict]:
    """Return the present verdicts of one agreement by inciso, the twelve and those of the organisation."""
    rows = session.execute(
        select(FindingRow.inciso, FindingRow.verdict, FindingRow.since).where(FindingRow.agreement_id == agreement_id)
    )
    return {row.inciso: PresentVerdict(*row) for row in rows}
