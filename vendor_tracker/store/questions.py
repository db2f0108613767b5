"""Queries about the organisation's own texts of what is asked, and about what is being asked now."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from contracts.vocabulary import EditionState, EvidenceKind, RequestState
from vendor_tracker.store import edition_history
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.edition_history import EditionAct, Mark
from vendor_tracker.store.requests import WAITING, number_of
from vendor_tracker.store.tables import QuestionEditionRow, Request, RequestItem, User

BEING_ASKED = (*WAITING, RequestState.SUBMITTED)
"""States in which an item is with the operator, or with us for review."""


class QuestionEditionLine(NamedTuple):
    """An edition in a list, as it stands."""

    lineage: int
    key: str
    number: int
    title: str
    since: date | None
    state: EditionState
    retires: bool
    author: str
    approver: str
    recorded_at: datetime


def mark(session: Session, known_until: datetime | None = None) -> Mark | None:
    """Return which decisions are known at the moment (default: now); ``None`` before the first."""
    return edition_history.mark(session, QuestionEditionRow, known_until)


def approved(session: Session, known_until: datetime | None = None) -> list[QuestionEditionRow]:
    """Return the editions that were approved and not withdrawn, as known at the moment, by key and number."""
    return edition_history.approved(session, QuestionEditionRow, QuestionEditionRow.key, known_until)


def edition(session: Session, lineage: int) -> QuestionEditionRow | None:
    """Return an edition as it stands."""
    return edition_history.edition(session, QuestionEditionRow, lineage)


def open_edition(session: Session, key: str) -> QuestionEditionRow | None:
    """Return the edition of an item that is being written or waits for approval; there is one at most."""
    return edition_history.open_edition(session, QuestionEditionRow, QuestionEditionRow.key, key)


def acts(session: Session, lineage: int) -> list[EditionAct]:
    """Return everything that was done about an edition, the oldest first."""
    return edition_history.acts(session, QuestionEditionRow, lineage)


def known_keys(session: Session) -> set[str]:
    """Return the key of every item that anybody ever began to write, so that no slug is used twice."""
    return set(session.scalars(select(QuestionEditionRow.key).distinct()))


def open_editions(session: Session) -> list[QuestionEditionRow]:
    """Return every edition that is being written or waits for approval."""
    wanted = (EditionState.DRAFT, EditionState.SUBMITTED)
    return list(
        session.scalars(
            select(QuestionEditionRow)
            .where(current(QuestionEditionRow), QuestionEditionRow.state.in_(wanted))
            .order_by(QuestionEditionRow.id)
        )
    )


def editions(
    session: Session, *, state: EditionState | None = None, page: int = 1, size: int = 20
) -> tuple[list[QuestionEditionLine], int]:
    """Return a page of the editions as they stand, what changed last first, and how many there are."""
    table = QuestionEditionRow
    wanted: list[ColumnElement[bool]] = [current(table)]
    if state is not None:
        wanted.append(table.state == state)
    author, approver = aliased(User), aliased(User)
    total = session.scalar(select(func.count(table.id)).where(*wanted)) or 0
    columns: tuple[Any, ...] = (
        table.lineage,
        table.key,
        table.number,
        table.title,
        table.since,
        table.state,
        table.retires,
        func.coalesce(author.name, ""),
        func.coalesce(approver.name, ""),
        table.recorded_at,
    )
    rows = session.execute(
        select(*columns)
        .outerjoin(author, author.id == table.author_id)
        .outerjoin(approver, approver.id == table.approver_id)
        .where(*wanted)
        .order_by(table.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return [QuestionEditionLine(*row) for row in rows], total


# ----------------------------------------------------------------------------------------------------------------------
# What is being asked
# ----------------------------------------------------------------------------------------------------------------------


class AskedItem(NamedTuple):
    """An item that is with the operator, or with us for review."""

    agreement_id: int
    request_id: int
    number: str
    inciso: str
    template: str
    title: str
    kinds: tuple[EvidenceKind, ...]


def being_asked(session: Session, agreement_ids: Collection[int]) -> Mapping[int, tuple[AskedItem, ...]]:
    """Return, by agreement, every item that is being asked, in the order it was asked."""
    rows = session.execute(
        select(
            Request.agreement_id,
            Request.id,
            Request.year,
            Request.sequence,
            RequestItem.inciso,
            RequestItem.template,
            RequestItem.title,
            RequestItem.evidence_kind,
            RequestItem.accepts,
        )
        .join(RequestItem, RequestItem.request_id == Request.id)
        .where(among(session, Request.agreement_id, agreement_ids), Request.state.in_(BEING_ASKED))
        .order_by(Request.agreement_id, Request.id, RequestItem.position)
    )
    found: dict[int, list[AskedItem]] = {}
    for agreement_id, request_id, year, sequence, inciso, template, title, kind, accepts in rows:
        kinds = tuple(EvidenceKind(slug) for slug in accepts or ()) or ((kind,) if kind is not None else ())
        item = AskedItem(agreement_id, request_id, number_of(year, sequence), inciso, template, title, kinds)
        found.setdefault(agreement_id, []).append(item)
    return {agreement_id: tuple(items) for agreement_id, items in found.items()}
