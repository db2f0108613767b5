"""Lists for programs: what the API hands out page by page. Stable order, a fixed number of queries, frozen rows."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from contracts.vocabulary import AgreementKind, EvidenceKind, Exposure, IncidentSource, ReviewDecision
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.tables import (
    Agreement,
    Evidence,
    EvidenceAgreement,
    EvidenceInciso,
    EvidenceReview,
    Incident,
    Operator,
    Standing,
    StoredFile,
)

LIVE = ("in_force", "ending")
"""The stages in which an agreement counts for its operator's scorecard."""


class JudgedOperator(NamedTuple):
    """An operator with a live agreement that was judged."""

    id: int
    name: str
    cnpj: str | None
    foreign_id: str | None


class JudgedAgreement(NamedTuple):
    """A live agreement as it stands; ``verdicts`` are twelve slugs joined by spaces."""

    id: int
    operator_id: int
    kind: AgreementKind
    number: str
    judged_on: date
    score: int | None
    exposure: Exposure
    verdicts: str
    stage: str
    next_due_on: date | None


def judged_operators(session: Session, *, limit: int, offset: int) -> tuple[list[JudgedOperator], int]:
    """Return a page of the operators with a live agreement, the worst first, and how many there are."""
    live = Standing.stage.in_(LIVE)
    owned = (
        select(
            Agreement.operator_id,
            func.sum(Standing.breached).label("breached"),
            func.min(Standing.score).label("worst"),
        )
        .join(Standing, Standing.agreement_id == Agreement.id)
        .where(live)
        .group_by(Agreement.operator_id)
        .subquery()
    )
    total = session.scalar(select(func.count()).select_from(owned)) or 0
    rows = session.execute(
        select(Operator.id, Operator.name, Operator.cnpj, Operator.foreign_id)
        .join(owned, owned.c.operator_id == Operator.id)
        .order_by(owned.c.breached.desc(), func.coalesce(owned.c.worst, 101), Operator.search_name, Operator.id)
        .limit(limit)
        .offset(offset)
    )
    return [JudgedOperator(*row) for row in rows], total


def judged_agreements(session: Session, operator_ids: Collection[int]) -> list[JudgedAgreement]:
    """Return the live agreements of some operators as they stand, in the order in which they were registered."""
    rows = session.execute(
        select(
            Agreement.id,
            Agreement.operator_id,
            Agreement.kind,
            Agreement.number,
            Standing.judged_on,
            Standing.score,
            Standing.exposure,
            Standing.verdicts,
            Standing.stage,
            Standing.next_due_on,
        )
        .join(Standing, Standing.agreement_id == Agreement.id)
        .where(among(session, Agreement.operator_id, operator_ids), Standing.stage.in_(LIVE))
        .order_by(Agreement.id)
    )
    return [JudgedAgreement(*row) for row in rows]


class EvidenceLine(NamedTuple):
    """A proof on file; ``decision`` is ``None`` while it waits for review."""

    id: int
    operator_id: int
    operator: str
    kind: EvidenceKind
    title: str
    received_on: date
    decision: ReviewDecision | None
    decided_on: date | None
    valid_from: date | None
    valid_until: date | None
    sha256: str | None


def evidence(
    session: Session, *, operator_id: int | None, agreement_id: int | None, waiting: bool, limit: int, offset: int
) -> tuple[list[EvidenceLine], int]:
    """Return a page of the proofs, the newest first, and how many there are; ``waiting``: only those to review."""
    newer = aliased(EvidenceReview)
    last = ~exists().where(newer.evidence_id == EvidenceReview.evidence_id, newer.id > EvidenceReview.id)
    wanted = []
    if operator_id is not None:
        wanted.append(Evidence.operator_id == operator_id)
    if agreement_id is not None:
        wanted.append(
            exists().where(EvidenceAgreement.evidence_id == Evidence.id, EvidenceAgreement.agreement_id == agreement_id)
        )
    if waiting:
        wanted.append(~exists().where(newer.evidence_id == Evidence.id))
    total = session.scalar(select(func.count()).select_from(Evidence).where(*wanted)) or 0
    rows = session.execute(
        select(
            Evidence.id,
            Evidence.operator_id,
            Operator.name,
            Evidence.kind,
            Evidence.title,
            Evidence.received_on,
            EvidenceReview.decision,
            EvidenceReview.decided_on,
            func.coalesce(EvidenceReview.valid_from, Evidence.valid_from),
            func.coalesce(EvidenceReview.valid_until, Evidence.valid_until),
            StoredFile.sha256,
        )
        .join(Operator, Operator.id == Evidence.operator_id)
        .outerjoin(EvidenceReview, and_(EvidenceReview.evidence_id == Evidence.id, last))
        .outerjoin(StoredFile, StoredFile.id == Evidence.file_id)
        .where(*wanted)
        .order_by(Evidence.received_on.desc(), Evidence.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [EvidenceLine(*row) for row in rows], total


def incisos_of(session: Session, evidence_ids: Collection[int]) -> dict[int, set[str]]:
    """Return the incisos that some proofs speak to."""
    found: dict[int, set[str]] = {}
    rows = session.execute(
        select(EvidenceInciso.evidence_id, EvidenceInciso.inciso).where(
            among(session, EvidenceInciso.evidence_id, evidence_ids)
        )
    )
    for row in rows:
        found.setdefault(row.evidence_id, set()).add(row.inciso)
    return found


def agreements_served(session: Session, evidence_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the agreements that some proofs serve, ascending."""
    found: dict[int, list[int]] = {}
    rows = session.execute(
        select(EvidenceAgreement.evidence_id, EvidenceAgreement.agreement_id)
        .where(among(session, EvidenceAgreement.evidence_id, evidence_ids))
        .order_by(EvidenceAgreement.agreement_id)
    )
    for row in rows:
        found.setdefault(row.evidence_id, []).append(row.agreement_id)
    return found


class IncidentLine(NamedTuple):
    """An incident as it is known; ``id`` is its lineage."""

    id: int
    agreement_id: int
    kind: AgreementKind
    number: str
    operator_id: int
    operator: str
    title: str
    suspected_at: datetime | None
    learned_at: datetime
    reported_at: datetime | None
    source: IncidentSource


def incidents(
    session: Session, *, operator_id: int | None, agreement_id: int | None, limit: int, offset: int
) -> tuple[list[IncidentLine], int]:
    """Return a page of the incidents, the newest known first, and how many there are."""
    wanted = [current(Incident)]
    if operator_id is not None:
        wanted.append(Agreement.operator_id == operator_id)
    if agreement_id is not None:
        wanted.append(Incident.agreement_id == agreement_id)
    total = (
        session.scalar(
            select(func.count(Incident.id)).join(Agreement, Agreement.id == Incident.agreement_id).where(*wanted)
        )
        or 0
    )
    rows = session.execute(
        select(
            Incident.lineage,
            Incident.agreement_id,
            Agreement.kind,
            Agreement.number,
            Agreement.operator_id,
            Operator.name,
            Incident.title,
            Incident.suspected_at,
            Incident.learned_at,
            Incident.reported_at,
            Incident.source,
        )
        .join(Agreement, Agreement.id == Incident.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(*wanted)
        .order_by(Incident.learned_at.desc(), Incident.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [IncidentLine(*row) for row in rows], total


def agreements_named(session: Session, text: str) -> list[int]:
    """Return the agreements that ``text`` names: its PNCP number, or its own number as printed; at most two."""
    rows = session.scalars(
        select(Agreement.id)
        .where(or_(Agreement.pncp_id == text, Agreement.number == text))
        .order_by(Agreement.id)
        .limit(2)
    )
    return list(rows)


def has_agreement(session: Session, agreement_id: int) -> bool:
    """Tell whether there is such an agreement."""
    return session.scalar(select(Agreement.id).where(Agreement.id == agreement_id)) is not None
