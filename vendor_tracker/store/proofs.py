"""Queries about proofs, their reviews, and what their acceptance changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session

from contracts.vocabulary import INCISOS, EvidenceKind, ReviewDecision, Verdict
from vendor_tracker.store.dialects import among
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.papers import stored_file
from vendor_tracker.store.search import escaped, folded
from vendor_tracker.store.tables import (
    Agreement,
    Answer,
    AnswerFile,
    Evidence,
    EvidenceAgreement,
    EvidenceInciso,
    EvidenceReview,
    FindingChange,
    Operator,
    Request,
    RequestItem,
    StoredFile,
    User,
)


class EvidenceRow(NamedTuple):
    """A proof in a list. ``decision`` is that of its newest review, ``None`` while nobody reviewed it."""

    id: int
    title: str
    kind: EvidenceKind
    received_on: date
    operator_id: int
    operator_name: str
    decision: ReviewDecision | None
    valid_until: date | None
    incisos: tuple[str, ...]
    agreements: tuple[tuple[int, str], ...]


class ReviewRow(NamedTuple):
    """A decision about a proof, and who took it."""

    id: int
    decision: ReviewDecision
    reason: str
    decided_on: date
    valid_from: date | None
    valid_until: date | None
    independent: bool
    covers_service: bool | None
    decided_at: datetime
    decided_by: str


class AskedRow(NamedTuple):
    """What a proof answers: the item of a request, frozen when it was asked."""

    item_id: int
    request_id: int
    year: int
    sequence: int
    inciso: str
    title: str
    question: str
    due_on: date


class ChangeRow(NamedTuple):
    """A verdict that changed."""

    id: int
    agreement_id: int
    inciso: str
    at: datetime
    before: Verdict | None
    after: Verdict
    reason: str
    cause: str


@dataclass(frozen=True, slots=True)
class EvidenceFilter:
    """Which proofs a list shows. ``state``: ``waiting``, ``accepted``, ``returned``, ``false`` or empty for all."""

    state: str = "waiting"
    inciso: str = ""
    kind: EvidenceKind | None = None
    operator_id: int | None = None
    words: str = ""


def _last_review() -> Select[Any]:
    return select(func.max(EvidenceReview.id)).where(EvidenceReview.evidence_id == Evidence.id).correlate(Evidence)


def _chosen_evidence(wanted: EvidenceFilter) -> Select[Any]:
    """Select the ids of the proofs that a list shows, in no order."""
    query = select(Evidence.id)
    if wanted.state == "waiting":
        query = query.where(~exists().where(EvidenceReview.evidence_id == Evidence.id))
    elif wanted.state:
        query = query.join(EvidenceReview, EvidenceReview.id == _last_review().scalar_subquery()).where(
            EvidenceReview.decision == ReviewDecision(wanted.state)
        )
    if wanted.inciso:
        query = query.where(
            exists().where(EvidenceInciso.evidence_id == Evidence.id, EvidenceInciso.inciso == wanted.inciso)
        )
    if wanted.kind is not None:
        query = query.where(Evidence.kind == wanted.kind)
    if wanted.operator_id is not None:
        query = query.where(Evidence.operator_id == wanted.operator_id)
    words = folded(wanted.words).split()[:6]
    if words:
        query = query.join(Operator, Operator.id == Evidence.operator_id)
    return query.where(*(Operator.search_name.like(f"%{escaped(word)}%", escape="\\") for word in words))


def evidence_list(
    session: Session, wanted: EvidenceFilter, *, page: int = 1, size: int = 20
) -> tuple[list[EvidenceRow], int]:
    """Return a page of proofs, those that wait longest first, and how many there are, in four queries."""
    # The page is chosen by ids, and only its rows are told whole: a long list costs what it shows.
    chosen = _chosen_evidence(wanted)
    total = session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    # What waits is worked through from the oldest; what was decided is looked up from the newest.
    order = (Evidence.received_on, Evidence.id) if wanted.state == "waiting" else (Evidence.id.desc(),)
    shown = chosen.order_by(*order).limit(size).offset((page - 1) * size).subquery()
    rows = session.execute(
        select(
            Evidence.id,
            Evidence.title,
            Evidence.kind,
            Evidence.received_on,
            Evidence.valid_until,
            Operator.id.label("operator_id"),
            Operator.name.label("operator_name"),
            EvidenceReview.decision,
            EvidenceReview.valid_until.label("accepted_until"),
        )
        .select_from(shown)
        .join(Evidence, Evidence.id == shown.c.id)
        .join(Operator, Operator.id == Evidence.operator_id)
        .outerjoin(EvidenceReview, EvidenceReview.id == _last_review().scalar_subquery())
        .order_by(*order)
    ).all()
    ids = [row.id for row in rows]
    incisos = incisos_of(session, ids)
    agreements = agreements_of_evidence(session, ids)
    return [
        EvidenceRow(
            row.id,
            row.title,
            row.kind,
            row.received_on,
            row.operator_id,
            row.operator_name,
            row.decision,
            row.accepted_until if row.decision is not None else row.valid_until,
            incisos.get(row.id, ()),
            agreements.get(row.id, ()),
        )
        for row in rows
    ], total


def incisos_of(session: Session, evidence_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Return the incisos that each proof speaks to, in the order of the law; the organisation's own come after."""
    found: dict[int, tuple[str, ...]] = {}
    for evidence_id, inciso in session.execute(
        select(EvidenceInciso.evidence_id, EvidenceInciso.inciso)
        .where(among(session, EvidenceInciso.evidence_id, evidence_ids))
        .order_by(EvidenceInciso.evidence_id, EvidenceInciso.inciso)
    ):
        found[evidence_id] = (*found.get(evidence_id, ()), inciso)
    return {evidence_id: tuple(sorted(codes, key=_place_in_the_law)) for evidence_id, codes in found.items()}


def _place_in_the_law(code: str) -> tuple[int, str]:
    return (INCISOS.index(code), "") if code in INCISOS else (len(INCISOS), code)


def agreements_of_evidence(session: Session, evidence_ids: Collection[int]) -> dict[int, tuple[tuple[int, str], ...]]:
    """Return (id, label) of the agreements that each proof serves."""
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for row in session.execute(
        select(EvidenceAgreement.evidence_id, Agreement.id, Agreement.kind, Agreement.number)
        .join(Agreement, Agreement.id == EvidenceAgreement.agreement_id)
        .where(among(session, EvidenceAgreement.evidence_id, evidence_ids))
        .order_by(EvidenceAgreement.evidence_id, Agreement.id)
    ):
        pair = (row.id, agreement_label(row.kind, row.number))
        found[row.evidence_id] = (*found.get(row.evidence_id, ()), pair)
    return found


def evidence_by_id(session: Session, evidence_id: int) -> Any:
    """Return a proof, its operator's name and who recorded it."""
    return session.execute(
        select(Evidence, Operator.name, User.name)
        .join(Operator, Operator.id == Evidence.operator_id)
        .outerjoin(User, User.id == Evidence.recorded_by_id)
        .where(Evidence.id == evidence_id)
    ).one_or_none()


def reviews_of(session: Session, evidence_id: int) -> list[ReviewRow]:
    """Return the decisions about a proof, newest first."""
    rows = session.execute(
        select(EvidenceReview, User.name)
        .outerjoin(User, User.id == EvidenceReview.recorded_by_id)
        .where(EvidenceReview.evidence_id == evidence_id)
        .order_by(EvidenceReview.id.desc())
    )
    return [
        ReviewRow(
            review.id,
            review.decision,
            review.reason,
            review.decided_on,
            review.valid_from,
            review.valid_until,
            review.independent,
            review.covers_service,
            review.recorded_at,
            name or "",
        )
        for review, name in rows
    ]


def asked_by(session: Session, item_id: int | None) -> AskedRow | None:
    """Return what a proof answers, when it answers a request."""
    if item_id is None:
        return None
    row = session.execute(
        select(
            RequestItem.id,
            Request.id,
            Request.year,
            Request.sequence,
            RequestItem.inciso,
            RequestItem.title,
            RequestItem.question,
            Request.due_on,
        )
        .join(Request, Request.id == RequestItem.request_id)
        .where(RequestItem.id == item_id)
    ).one_or_none()
    return None if row is None else AskedRow(*row)


def files_of_evidence(session: Session, evidence: Evidence) -> list[StoredFile]:
    """Return the file of a proof, or every file of the answer that it came with, in the order they were attached."""
    if evidence.request_item_id is not None:
        sent_last = (
            select(func.max(Answer.submitted_at))
            .where(Answer.item_id == evidence.request_item_id, Answer.submitted_at <= evidence.recorded_at)
            .scalar_subquery()
        )
        answered = list(
            session.scalars(
                select(StoredFile)
                .join(AnswerFile, AnswerFile.file_id == StoredFile.id)
                .join(Answer, Answer.id == AnswerFile.answer_id)
                .where(
                    Answer.item_id == evidence.request_item_id,
                    # Where a file's check took longer, the proof was made some time after the answer was sent.
                    Answer.submitted_at == sent_last,
                    AnswerFile.withdrawn_at.is_(None),
                )
                .order_by(AnswerFile.id)
            )
        )
        if answered:
            return answered
    file = stored_file(session, evidence.file_id)
    return [] if file is None else [file]


def undecided_with(session: Session, evidence: Evidence) -> bool:
    """Tell whether another proof of the same item of a request still waits for its first review."""
    if evidence.request_item_id is None:
        return False
    waiting = select(Evidence.id).where(
        Evidence.request_item_id == evidence.request_item_id,
        Evidence.id != evidence.id,
        ~exists(select(EvidenceReview.id).where(EvidenceReview.evidence_id == Evidence.id)),
    )
    return session.scalar(waiting.limit(1)) is not None


def next_waiting(session: Session, *, but: int) -> int | None:
    """Return the proof that has waited longest for review, leaving one out."""
    return session.scalar(
        select(Evidence.id)
        .where(~exists(select(EvidenceReview.id).where(EvidenceReview.evidence_id == Evidence.id)), Evidence.id != but)
        .order_by(Evidence.received_on, Evidence.id)
        .limit(1)
    )


def changes_at(session: Session, agreement_ids: Sequence[int], moments: Collection[datetime]) -> list[ChangeRow]:
    """Return the verdicts of the agreements that changed at exactly these moments, in the order they were written."""
    if not agreement_ids or not moments:
        return []
    rows = session.execute(
        select(
            FindingChange.id,
            FindingChange.agreement_id,
            FindingChange.inciso,
            FindingChange.at,
            FindingChange.before,
            FindingChange.after,
            FindingChange.reason,
            FindingChange.cause,
        )
        .where(among(session, FindingChange.agreement_id, agreement_ids), FindingChange.at.in_(list(moments)))
        .order_by(FindingChange.id)
    )
    return [ChangeRow(*row) for row in rows]


def disposal_evidence_of(session: Session, agreement_id: int) -> list[tuple[int, str]]:
    """Return (id, title) of the accepted proofs of disposal of an agreement, newest first."""
    last = _last_review().scalar_subquery()
    rows = session.execute(
        select(Evidence.id, Evidence.title)
        .join(EvidenceAgreement, EvidenceAgreement.evidence_id == Evidence.id)
        .join(EvidenceReview, and_(EvidenceReview.evidence_id == Evidence.id, EvidenceReview.id == last))
        .where(
            EvidenceAgreement.agreement_id == agreement_id,
            Evidence.kind == EvidenceKind.DISPOSAL_CERTIFICATE,
            EvidenceReview.decision == ReviewDecision.ACCEPTED,
        )
        .order_by(Evidence.id.desc())
    )
    return [(row[0], row[1]) for row in rows]
