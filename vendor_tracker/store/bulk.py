"""Queries about requests to a whole list: who would be asked, what applies to them, and what became of each."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from contracts.vocabulary import Verdict
from vendor_tracker.store.dialects import among
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.requests import number_of
from vendor_tracker.store.tables import Agreement, Batch, BatchItem, FindingRow, Operator, Request, Standing


class ListedAgreement(NamedTuple):
    """An agreement that a list lets through. ``stage``: as it was last judged; empty before the first time."""

    id: int
    label: str
    operator_id: int
    operator: str
    stage: str


class AskedRow(NamedTuple):
    """An agreement of a list, and the request that was opened for it."""

    position: int
    agreement_id: int
    label: str
    operator: str
    state: str
    reason: str
    request_id: int | None
    number: str
    request_state: str


def of_operator(session: Session, operator_id: int) -> list[int]:
    """Return the agreements of an operator, in the order they were recorded."""
    return list(
        session.scalars(select(Agreement.id).where(Agreement.operator_id == operator_id).order_by(Agreement.id))
    )


def operator_name(session: Session, operator_id: int) -> str | None:
    """Return the name of an operator."""
    return session.scalar(select(Operator.name).where(Operator.id == operator_id))


def agreements(session: Session, agreement_ids: Collection[int]) -> Mapping[int, ListedAgreement]:
    """Return the names of agreements, and where each is in its life."""
    rows = session.execute(
        select(
            Agreement.id,
            Agreement.kind,
            Agreement.number,
            Operator.id,
            Operator.name,
            func.coalesce(Standing.stage, ""),
        )
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
        .where(among(session, Agreement.id, agreement_ids))
        .order_by(Agreement.id)
    )
    return {row[0]: ListedAgreement(row[0], agreement_label(row[1], row[2]), row[3], row[4], row[5]) for row in rows}


def verdicts(session: Session, agreement_ids: Collection[int]) -> Mapping[int, Mapping[str, Verdict]]:
    """Return, by agreement, the verdict of each obligation as it was last judged."""
    rows = session.execute(
        select(FindingRow.agreement_id, FindingRow.inciso, FindingRow.verdict)
        .where(among(session, FindingRow.agreement_id, agreement_ids))
        .order_by(FindingRow.agreement_id, FindingRow.inciso)
    )
    found: dict[int, dict[str, Verdict]] = {}
    for agreement_id, inciso, verdict in rows:
        found.setdefault(agreement_id, {})[inciso] = verdict
    return found


def asked_of(session: Session, batch_id: int) -> Mapping[str, Any]:
    """Return what a batch asks; empty when it asks nothing."""
    return session.scalar(select(Batch.asked).where(Batch.id == batch_id)) or {}


def with_token(session: Session, kind: str, token: str, *, since: datetime) -> int | None:
    """Return the batch that was asked for by the same press of the same page, since a moment."""
    rows = session.execute(
        select(Batch.id, Batch.asked).where(Batch.kind == kind, Batch.recorded_at >= since).order_by(Batch.id.desc())
    )
    return next((batch_id for batch_id, asked in rows if (asked or {}).get("token") == token), None)


def _asked() -> Select[Any]:
    return (
        select(
            BatchItem.position,
            Agreement.id,
            Agreement.kind,
            Agreement.number,
            Operator.name,
            BatchItem.state,
            BatchItem.reason,
            Request.id,
            Request.year,
            Request.sequence,
            Request.state,
        )
        .join(Agreement, Agreement.id == BatchItem.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(Request, Request.id == BatchItem.request_id)
    )


def asked_items(
    session: Session, batch_id: int, *, state: str = "", page: int, size: int
) -> tuple[list[AskedRow], int]:
    """Return a page of the agreements of a list, in their order, and how many there are in that state."""
    wanted = [BatchItem.batch_id == batch_id]
    if state:
        wanted.append(BatchItem.state == state)
    total = session.scalar(select(func.count()).select_from(BatchItem).where(*wanted)) or 0
    rows = session.execute(_asked().where(*wanted).order_by(BatchItem.position).limit(size).offset((page - 1) * size))
    found = []
    for position, agreement_id, kind, number, operator, item_state, reason, request_id, year, sequence, at in rows:
        found.append(
            AskedRow(
                position,
                agreement_id,
                agreement_label(kind, number),
                operator,
                item_state,
                reason,
                request_id,
                "" if request_id is None else number_of(year, sequence),
                "" if at is None else at.value,
            )
        )
    return found, total


def batch_of_request(session: Session, request_id: int) -> int | None:
    """Return the batch that opened a request."""
    return session.scalar(select(BatchItem.batch_id).where(BatchItem.request_id == request_id))
