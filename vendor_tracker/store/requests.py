"""Queries about requests: their heads, lists, items, events, answers, files and proofs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind, FileState, RequestKind, RequestState
from vendor_tracker.store.dialects import among
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.search import folded
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    Answer,
    AnswerFile,
    Evidence,
    EvidenceReview,
    FileCheck,
    Operator,
    Request,
    RequestEvent,
    RequestItem,
    StoredFile,
    User,
)
from vendor_tracker.store.trails import take_turn

WAITING = (RequestState.OPEN, RequestState.RETURNED)
"""States in which the vendor has the word."""


def number_of(year: int, sequence: int) -> str:
    """Print the number of a request: 2026/0001."""
    return f"{year}/{sequence:04d}"


@dataclass(frozen=True, slots=True)
class RequestHead:
    """A request with the names that every page and letter about it prints."""

    id: int
    agreement_id: int
    operator_id: int
    number: str
    agreement: str
    operator: str
    cnpj: str | None
    kind: RequestKind
    state: RequestState
    reason: str
    opened_on: date
    first_due_on: date
    due_on: date
    submitted_at: datetime | None
    link_expires_at: datetime | None
    secret: bool
    """The agreement is protected (art. 5º)."""


def _heads() -> Select[Any]:
    return (
        select(
            Request.id,
            Request.agreement_id,
            Agreement.operator_id,
            Request.year,
            Request.sequence,
            Agreement.kind.label("agreement_kind"),
            Agreement.number.label("agreement_number"),
            Operator.name.label("operator"),
            Operator.cnpj,
            Request.kind,
            Request.state,
            Request.reason,
            Request.opened_on,
            Request.first_due_on,
            Request.due_on,
            Request.submitted_at,
            Request.link_expires_at,
            AgreementRevision.secret,
        )
        .join(Agreement, Agreement.id == Request.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
    )


def _head(row: Row[Any]) -> RequestHead:
    return RequestHead(
        id=row.id,
        agreement_id=row.agreement_id,
        operator_id=row.operator_id,
        number=number_of(row.year, row.sequence),
        agreement=agreement_label(row.agreement_kind, row.agreement_number),
        operator=row.operator,
        cnpj=row.cnpj,
        kind=row.kind,
        state=row.state,
        reason=row.reason,
        opened_on=row.opened_on,
        first_due_on=row.first_due_on,
        due_on=row.due_on,
        submitted_at=row.submitted_at,
        link_expires_at=row.link_expires_at,
        secret=bool(row.secret),
    )


def head(session: Session, request_id: int) -> RequestHead | None:
    """Return one request with its names."""
    row = session.execute(_heads().where(Request.id == request_id)).one_or_none()
    return None if row is None else _head(row)


def heads(session: Session, request_ids: Collection[int]) -> dict[int, RequestHead]:
    """Return some requests with their names, by id."""
    rows = session.execute(_heads().where(among(session, Request.id, request_ids)))
    return {row.id: _head(row) for row in rows}


def internal_note(session: Session, request_id: int) -> str:
    """Return what staff noted for themselves when they asked; empty when nothing."""
    return session.scalar(select(Request.internal_note).where(Request.id == request_id)) or ""


def id_of_number(session: Session, year: int, sequence: int) -> int | None:
    """Return the id of the request with this number."""
    return session.scalar(select(Request.id).where(Request.year == year, Request.sequence == sequence))


def locked(session: Session, request_id: int) -> Request | None:
    """Return the row of a request as it stands once it is our turn, so two acts about it never cross."""
    take_turn(session)
    return session.get(Request, request_id, populate_existing=True)


def agreement_exists(session: Session, agreement_id: int) -> bool:
    """Tell whether there is such an agreement."""
    return session.get(Agreement, agreement_id) is not None


def next_sequence(session: Session, year: int) -> int:
    """Return the next number of the year; call :func:`take_turn` first."""
    return (session.scalar(select(func.max(Request.sequence)).where(Request.year == year)) or 0) + 1


# ----------------------------------------------------------------------------------------------------------------------
# Lists
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What a list of requests shows: ``standing`` is ``waiting``, ``late``, ``review``, ``closed`` or empty for all."""

    standing: str = ""
    kind: RequestKind | None = None
    text: str = ""
    agreement_id: int | None = None
    operator_id: int | None = None


def _wanted(chosen: RequestFilter, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    match chosen.standing:
        case "waiting":
            conditions.append(Request.state.in_(WAITING))
        case "late":
            conditions += [Request.state.in_(WAITING), Request.due_on < today]
        case "review":
            conditions.append(Request.state == RequestState.SUBMITTED)
        case "closed":
            conditions.append(Request.state.in_((RequestState.ACCEPTED, RequestState.REFUSED, RequestState.CANCELLED)))
    if chosen.kind is not None:
        conditions.append(Request.kind == chosen.kind)
    if chosen.agreement_id is not None:
        conditions.append(Request.agreement_id == chosen.agreement_id)
    if chosen.operator_id is not None:
        conditions.append(Agreement.operator_id == chosen.operator_id)
    if text := chosen.text.strip():
        year, _, sequence = text.partition("/")
        if year.isdecimal() and sequence.isdecimal() and len(text) < 14:
            conditions.append(and_(Request.year == int(year), Request.sequence == int(sequence)))
        else:
            conditions.append(
                or_(
                    Operator.search_name.contains(folded(text), autoescape=True),
                    Agreement.search_text.contains(folded(text), autoescape=True),
                )
            )
    return conditions


def listed(
    session: Session, chosen: RequestFilter, *, today: date, limit: int, offset: int
) -> tuple[int, list[RequestHead]]:
    """Return how many requests match and one page of them: with the vendor first, the most urgent on top."""
    conditions = _wanted(chosen, today)
    total = session.scalar(
        select(func.count(Request.id))
        .join(Agreement, Agreement.id == Request.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(*conditions)
    )
    order = case((Request.state.in_((*WAITING, RequestState.SUBMITTED)), 0), else_=1)
    rows = session.execute(
        _heads().where(*conditions).order_by(order, Request.due_on, Request.id).limit(limit).offset(offset)
    )
    return total or 0, [_head(row) for row in rows]


def standings(session: Session, today: date) -> Mapping[str, int]:
    """Return how many requests each standing of :class:`RequestFilter` has."""
    late = case((and_(Request.state.in_(WAITING), Request.due_on < today), 1), else_=0)
    counts: dict[str, int] = {"": 0, "waiting": 0, "late": 0, "review": 0, "closed": 0}
    for state, number, overdue in session.execute(
        select(Request.state, func.count(), func.sum(late)).group_by(Request.state)
    ):
        counts[""] += number
        counts["late"] += overdue or 0
        if state in WAITING:
            counts["waiting"] += number
        elif state is RequestState.SUBMITTED:
            counts["review"] += number
        elif state is not RequestState.DRAFT:
            counts["closed"] += number
    return counts


def item_counts(session: Session, request_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many items each request has."""
    rows = session.execute(
        select(RequestItem.request_id, func.count().label("number"))
        .where(among(session, RequestItem.request_id, request_ids))
        .group_by(RequestItem.request_id)
    )
    return {row.request_id: row.number for row in rows}


# ----------------------------------------------------------------------------------------------------------------------
# What belongs to one request
# ----------------------------------------------------------------------------------------------------------------------
def items(session: Session, request_id: int) -> list[RequestItem]:
    """Return the items in order."""
    return list(
        session.scalars(select(RequestItem).where(RequestItem.request_id == request_id).order_by(RequestItem.position))
    )


def item(session: Session, item_id: int) -> RequestItem | None:
    """Return one item."""
    return session.get(RequestItem, item_id)


def events(session: Session, request_id: int) -> list[tuple[RequestEvent, str | None]]:
    """Return what happened, oldest first, with the name of the user who recorded it."""
    rows = session.execute(
        select(RequestEvent, User.name)
        .outerjoin(User, User.id == RequestEvent.recorded_by_id)
        .where(RequestEvent.request_id == request_id)
        .order_by(RequestEvent.id)
    )
    return [(event, name) for event, name in rows]


def answers(session: Session, request_id: int) -> list[Answer]:
    """Return every answer of every round, in the order of items and rounds."""
    return list(
        session.scalars(
            select(Answer)
            .join(RequestItem, RequestItem.id == Answer.item_id)
            .where(RequestItem.request_id == request_id)
            .order_by(RequestItem.position, Answer.round)
        )
    )


def answer_of(session: Session, item_id: int, round_: int) -> Answer | None:
    """Return the answer of one item and round."""
    return session.scalar(select(Answer).where(Answer.item_id == item_id, Answer.round == round_))


class AttachedFile(NamedTuple):
    """A file of an answer and what is known of its bytes."""

    id: int
    answer_id: int
    file_id: int
    name: str
    size: int
    sha256: str
    media_type: str
    restricted: bool
    withdrawn_at: datetime | None
    attached_at: datetime | None
    attached_by: str
    guest_id: int | None
    state: FileState
    """How far its check is; what came before there were checks counts as checked."""
    refused_because: str


def attached(session: Session, request_id: int) -> list[AttachedFile]:
    """Return every file attached to a request's answers, withdrawn ones included, in the order they came."""
    rows = session.execute(
        select(
            AnswerFile.id,
            AnswerFile.answer_id,
            StoredFile.id,
            StoredFile.name,
            StoredFile.size,
            StoredFile.sha256,
            StoredFile.media_type,
            StoredFile.restricted,
            AnswerFile.withdrawn_at,
            AnswerFile.attached_at,
            AnswerFile.attached_by,
            AnswerFile.guest_id,
            func.coalesce(FileCheck.state, FileState.CLEAN.value),
            func.coalesce(FileCheck.reason, ""),
        )
        .join(StoredFile, StoredFile.id == AnswerFile.file_id)
        .outerjoin(FileCheck, FileCheck.file_id == StoredFile.id)
        .join(Answer, Answer.id == AnswerFile.answer_id)
        .join(RequestItem, RequestItem.id == Answer.item_id)
        .where(RequestItem.request_id == request_id)
        .order_by(AnswerFile.id)
    )
    return [AttachedFile(*row[:-2], FileState(row[-2]), row[-1]) for row in rows]


class ItemEvidence(NamedTuple):
    """The proof made of an item's answer, and what was last decided about it."""

    item_id: int
    evidence_id: int
    decision: str | None


def evidence_of(session: Session, request_id: int) -> list[ItemEvidence]:
    """Return the proofs that came from a request's items, oldest first."""
    newest = (
        select(EvidenceReview.evidence_id, func.max(EvidenceReview.id).label("id"))
        .group_by(EvidenceReview.evidence_id)
        .subquery()
    )
    rows = session.execute(
        select(Evidence.request_item_id, Evidence.id, EvidenceReview.decision)
        .join(RequestItem, RequestItem.id == Evidence.request_item_id)
        .outerjoin(newest, newest.c.evidence_id == Evidence.id)
        .outerjoin(EvidenceReview, EvidenceReview.id == newest.c.id)
        .where(RequestItem.request_id == request_id)
        .order_by(Evidence.id)
    )
    return [ItemEvidence(row[0], row[1], None if row[2] is None else row[2].value) for row in rows]


# ----------------------------------------------------------------------------------------------------------------------
# The agreement it is about
# ----------------------------------------------------------------------------------------------------------------------
def agreement_names(session: Session, agreement_id: int) -> tuple[str, str, int, str | None] | None:
    """Return the label of an agreement, and the name, id and CNPJ of its operator."""
    row = session.execute(
        select(Agreement.kind, Agreement.number, Operator.name, Operator.id, Operator.cnpj)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(Agreement.id == agreement_id)
    ).one_or_none()
    return None if row is None else (agreement_label(AgreementKind(row[0]), row[1]), row[2], row[3], row[4])
