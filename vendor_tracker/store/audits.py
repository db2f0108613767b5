"""Queries about audits: the checklist, the findings, the actions born of them, and the requests about a record."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import RequestState
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.requests import RequestHead, heads
from vendor_tracker.store.tables import (
    Agreement,
    Assistance,
    Audit,
    AuditCheck,
    AuditFinding,
    CorrectiveAction,
    Evidence,
    EvidenceAgreement,
    Instruction,
    Operator,
    Request,
    RequestItem,
    StoredFile,
)

STILL_OPEN = (RequestState.OPEN, RequestState.RETURNED, RequestState.SUBMITTED)
"""States of a request that nothing has ended yet."""


def check(session: Session, lineage: int) -> AuditCheck | None:
    """Return the newest version of an item of a checklist."""
    return session.scalar(select(AuditCheck).where(AuditCheck.lineage == lineage, current(AuditCheck)))


def checks(session: Session, audit_lineage: int) -> list[AuditCheck]:
    """Return the checklist of an audit in its order, items that were left out included."""
    return list(
        session.scalars(
            select(AuditCheck)
            .where(AuditCheck.audit_lineage == audit_lineage, current(AuditCheck))
            .order_by(AuditCheck.position, AuditCheck.lineage)
        )
    )


def finding(session: Session, lineage: int) -> AuditFinding | None:
    """Return the newest version of a finding."""
    return session.scalar(select(AuditFinding).where(AuditFinding.lineage == lineage, current(AuditFinding)))


def findings(session: Session, audit_lineage: int) -> list[AuditFinding]:
    """Return the findings of an audit in the order they were recorded, withdrawn ones included."""
    return list(
        session.scalars(
            select(AuditFinding)
            .where(AuditFinding.audit_lineage == audit_lineage, current(AuditFinding))
            .order_by(AuditFinding.lineage)
        )
    )


def actions_of_audit(session: Session, audit_lineage: int) -> list[CorrectiveAction]:
    """Return the corrective actions of an audit, the first due first."""
    return list(
        session.scalars(
            select(CorrectiveAction)
            .where(CorrectiveAction.audit_lineage == audit_lineage, current(CorrectiveAction))
            .order_by(CorrectiveAction.due_on, CorrectiveAction.lineage)
        )
    )


def actions_of_finding(session: Session, finding_lineage: int) -> list[CorrectiveAction]:
    """Return the corrective actions of a finding, in the order they were recorded."""
    return list(
        session.scalars(
            select(CorrectiveAction)
            .where(CorrectiveAction.finding_lineage == finding_lineage, current(CorrectiveAction))
            .order_by(CorrectiveAction.lineage)
        )
    )


def proofs_of_agreement(session: Session, agreement_id: int) -> list[tuple[int, str]]:
    """Return the proofs received under an agreement, the newest first: id, and title with its day."""
    rows = session.execute(
        select(Evidence.id, Evidence.title, Evidence.received_on)
        .join(EvidenceAgreement, EvidenceAgreement.evidence_id == Evidence.id)
        .where(EvidenceAgreement.agreement_id == agreement_id)
        .distinct()
        .order_by(Evidence.received_on.desc(), Evidence.id.desc())
    )
    return [(row.id, f"{row.title}, de {row.received_on:%d/%m/%Y}") for row in rows]


def titles_of_proofs(session: Session, evidence_ids: Collection[int]) -> dict[int, str]:
    """Return the titles of some proofs."""
    rows = session.execute(select(Evidence.id, Evidence.title).where(among(session, Evidence.id, evidence_ids)))
    return {row.id: row.title for row in rows}


def files(session: Session, file_ids: Collection[int]) -> dict[int, StoredFile]:
    """Return some files, by id."""
    rows = session.scalars(select(StoredFile).where(among(session, StoredFile.id, file_ids)))
    return {row.id: row for row in rows}


# ----------------------------------------------------------------------------------------------------------------------
# Requests about a record
# ----------------------------------------------------------------------------------------------------------------------
def requests_about(session: Session, kind: str, lineages: Collection[int]) -> dict[int, list[RequestHead]]:
    """Return the requests about each of some records of one kind, the newest first."""
    if not lineages:
        return {}
    rows = session.execute(
        select(Request.id, func.coalesce(RequestItem.matter_lineage, Request.matter_lineage).label("lineage"))
        .outerjoin(RequestItem, and_(RequestItem.request_id == Request.id, RequestItem.matter_lineage.is_not(None)))
        .where(
            Request.matter_kind == kind,
            or_(
                among(session, Request.matter_lineage, lineages),
                among(session, RequestItem.matter_lineage, lineages),
            ),
        )
        .distinct()
        .order_by(Request.id.desc())
    ).all()
    asked = heads(session, [row.id for row in rows])
    found: dict[int, list[RequestHead]] = defaultdict(list)
    for row in rows:
        if row.lineage in lineages:
            found[row.lineage].append(asked[row.id])
    return dict(found)


_SAID: Mapping[str, Any] = {
    "audit": (Audit, Audit.title),
    "instruction": (Instruction, Instruction.text),
    "assistance": (Assistance, Assistance.subject),
    "corrective_action": (CorrectiveAction, CorrectiveAction.description),
}
"""The table of each kind of record that requests are about, and the column that names it."""


class Matter(NamedTuple):
    """A record that a request is about: its kind, its lineage and its words."""

    kind: str
    lineage: int
    said: str


def matters_of(session: Session, request_id: int) -> list[Matter]:
    """Return the records that a request is about, in the order of its items; none for what is asked in general."""
    request = session.get(Request, request_id)
    if request is None or request.matter_kind not in _SAID:
        return []
    of_items = session.scalars(
        select(RequestItem.matter_lineage)
        .where(RequestItem.request_id == request_id, RequestItem.matter_lineage.is_not(None))
        .order_by(RequestItem.position)
    )
    lineages = list(dict.fromkeys([*of_items] or [request.matter_lineage]))
    table, column = _SAID[request.matter_kind]
    wanted = [lineage for lineage in lineages if lineage is not None]
    rows = session.execute(select(table.lineage, column).where(current(table), among(session, table.lineage, wanted)))
    said = {row[0]: row[1] for row in rows}
    return [Matter(request.matter_kind, lineage, said[lineage]) for lineage in wanted if lineage in said]


def open_request_about(session: Session, kind: str, lineage: int) -> RequestHead | None:
    """Return the newest request about a record that nothing has ended yet."""
    asked = requests_about(session, kind, [lineage]).get(lineage, [])
    return next((each for each in asked if each.state in STILL_OPEN), None)


# ----------------------------------------------------------------------------------------------------------------------
# The list
# ----------------------------------------------------------------------------------------------------------------------
class AuditLine(NamedTuple):
    """An audit in the list of all."""

    lineage: int
    title: str
    agreement_id: int
    agreement: str
    operator: str
    planned_on: date | None
    performed_on: date | None
    concluded_on: date | None
    refused_on: date | None
    independent: bool
    findings: int
    actions: int
    """Corrective actions of it that are not done."""


def listed(session: Session, *, standing: str, limit: int, offset: int) -> tuple[int, list[AuditLine]]:
    """Return how many audits there are and one page: what is ahead or running first, by day; then the concluded."""
    ended = or_(Audit.concluded_on.is_not(None), Audit.refused_on.is_not(None))
    conditions = [current(Audit)]
    if standing == "running":
        conditions.append(~ended)
    elif standing == "ended":
        conditions.append(ended)
    total = session.scalar(select(func.count(Audit.id)).where(*conditions)) or 0
    rows = session.execute(
        select(
            Audit.lineage,
            Audit.title,
            Audit.agreement_id,
            Agreement.kind,
            Agreement.number,
            Operator.name,
            Audit.planned_on,
            Audit.performed_on,
            Audit.concluded_on,
            Audit.refused_on,
            Audit.independent,
        )
        .join(Agreement, Agreement.id == Audit.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(*conditions)
        .order_by(
            ended,
            func.coalesce(Audit.concluded_on, Audit.refused_on).desc(),
            Audit.planned_on.nulls_last(),
            Audit.lineage,
        )
        .limit(limit)
        .offset(offset)
    ).all()
    lineages = [row.lineage for row in rows]
    found = _counts(session, AuditFinding, lineages, AuditFinding.withdrawn_on.is_(None))
    owed = _counts(
        session,
        CorrectiveAction,
        lineages,
        and_(CorrectiveAction.done_on.is_(None), CorrectiveAction.withdrawn_on.is_(None)),
    )
    return total, [
        AuditLine(
            row.lineage,
            row.title,
            row.agreement_id,
            agreement_label(row.kind, row.number),
            row.name,
            row.planned_on,
            row.performed_on,
            row.concluded_on,
            row.refused_on,
            row.independent,
            found.get(row.lineage, 0),
            owed.get(row.lineage, 0),
        )
        for row in rows
    ]


def _counts(session: Session, table: Any, lineages: Collection[int], condition: Any) -> Mapping[int, int]:
    rows = session.execute(
        select(table.audit_lineage, func.count().label("number"))
        .where(among(session, table.audit_lineage, lineages), current(table), condition)
        .group_by(table.audit_lineage)
    )
    return {row.audit_lineage: row.number for row in rows}
