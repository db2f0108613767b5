"""Queries about the organisation's own versions of clauses, and about which agreements carry an older text."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from contracts.vocabulary import EditionState
from vendor_tracker.store import edition_history
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.edition_history import EditionAct, Mark
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.search import escaped, folded
from vendor_tracker.store.tables import (
    Agreement,
    ClauseEdition,
    Instrument,
    IssuedClause,
    IssuedDocument,
    Operator,
    Standing,
    User,
)

STAGES = ("in_force", "future")
"""The stages in which an agreement can still be brought up to date by a termo aditivo."""


# ----------------------------------------------------------------------------------------------------------------------
# Editions
# ----------------------------------------------------------------------------------------------------------------------


class EditionRow(NamedTuple):
    """An edition in a list, as it stands."""

    lineage: int
    clause_id: str
    number: int
    based_on: int
    title: str
    since: date | None
    state: EditionState
    reason: str
    author: str
    approver: str
    recorded_at: datetime
    decided_at: datetime | None


def mark(session: Session, known_until: datetime | None = None) -> Mark | None:
    """Return which decisions are known at the moment (default: now); ``None`` before the first. One small query."""
    return edition_history.mark(session, ClauseEdition, known_until)


def approved(session: Session, known_until: datetime | None = None) -> list[ClauseEdition]:
    """Return the editions that were approved and not withdrawn, as known at the moment, by clause and number."""
    return edition_history.approved(session, ClauseEdition, ClauseEdition.clause_id, known_until)


def edition(session: Session, lineage: int) -> ClauseEdition | None:
    """Return an edition as it stands."""
    return edition_history.edition(session, ClauseEdition, lineage)


def version(session: Session, row_id: int) -> ClauseEdition | None:
    """Return one row of the history of an edition."""
    return session.get(ClauseEdition, row_id)


def open_edition(session: Session, clause_id: str) -> ClauseEdition | None:
    """Return the edition of a clause that is being written or waits for approval; there is one at most."""
    return edition_history.open_edition(session, ClauseEdition, ClauseEdition.clause_id, clause_id)


def editions(
    session: Session, *, clause_id: str = "", state: EditionState | None = None, page: int = 1, size: int = 20
) -> tuple[list[EditionRow], int]:
    """Return a page of the editions as they stand, what changed last first, and how many there are."""
    wanted: list[ColumnElement[bool]] = [current(ClauseEdition)]
    if clause_id:
        wanted.append(ClauseEdition.clause_id == clause_id)
    if state is not None:
        wanted.append(ClauseEdition.state == state)
    author, approver = aliased(User), aliased(User)
    total = session.scalar(select(func.count(ClauseEdition.id)).where(*wanted)) or 0
    columns: tuple[Any, ...] = (
        ClauseEdition.lineage,
        ClauseEdition.clause_id,
        ClauseEdition.number,
        ClauseEdition.based_on,
        ClauseEdition.title,
        ClauseEdition.since,
        ClauseEdition.state,
        ClauseEdition.reason,
        func.coalesce(author.name, ""),
        func.coalesce(approver.name, ""),
        ClauseEdition.recorded_at,
        ClauseEdition.decided_at,
    )
    rows = session.execute(
        select(*columns)
        .outerjoin(author, author.id == ClauseEdition.author_id)
        .outerjoin(approver, approver.id == ClauseEdition.approver_id)
        .where(*wanted)
        .order_by(ClauseEdition.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    )
    return [EditionRow(*row) for row in rows], total


def acts(session: Session, lineage: int) -> list[EditionAct]:
    """Return everything that was done about an edition, the oldest first."""
    return edition_history.acts(session, ClauseEdition, lineage)


# ----------------------------------------------------------------------------------------------------------------------
# Older texts
# ----------------------------------------------------------------------------------------------------------------------


class OlderAgreement(NamedTuple):
    """An agreement with a document of ours that carries an older text."""

    agreement_id: int
    agreement_label: str
    operator_id: int
    operator_name: str
    stage: str


class OlderText(NamedTuple):
    """A clause in the document that counts for an agreement: its newest signed one, else its newest issued one."""

    agreement_id: int
    clause_id: str
    version: int
    since: date
    document_id: int
    document_title: str
    signed: bool


class _Held(NamedTuple):
    subquery: Subquery
    agreement_id: ColumnElement[int]


def _signed(today: date) -> ColumnElement[bool]:
    return and_(
        Instrument.issued_document_id == IssuedDocument.id,
        current(Instrument),
        Instrument.signed_on.is_not(None),
        or_(Instrument.signed_by_both.is_(None), Instrument.signed_by_both.is_(True)),
        or_(Instrument.in_force_until.is_(None), Instrument.in_force_until >= today),
    )


def _held(newest: Mapping[str, date], today: date, *, signed: bool | None = None) -> _Held:
    """Return the (agreement, clause) pairs whose text is older than the one in force since ``newest``."""
    of_signed = func.max(case((Instrument.id.is_not(None), IssuedClause.since)))
    counts = func.coalesce(of_signed, func.max(IssuedClause.since))
    wanted = [or_(*(and_(IssuedClause.clause_id == clause_id, counts < since) for clause_id, since in newest.items()))]
    if signed is not None:
        wanted.append(of_signed.is_not(None) if signed else of_signed.is_(None))
    subquery = (
        select(IssuedDocument.agreement_id, IssuedClause.clause_id)
        .join(IssuedClause, IssuedClause.issued_document_id == IssuedDocument.id)
        .outerjoin(Instrument, _signed(today))
        .where(IssuedClause.clause_id.in_(sorted(newest)))
        .group_by(IssuedDocument.agreement_id, IssuedClause.clause_id)
        .having(and_(*wanted))
        .subquery()
    )
    return _Held(subquery, subquery.c.agreement_id)


def older_agreements(
    session: Session,
    newest: Mapping[str, date],
    *,
    today: date,
    signed: bool | None = None,
    words: str = "",
    page: int = 1,
    size: int = 20,
) -> tuple[list[OlderAgreement], int]:
    """Return a page of the agreements that carry an older text of one of the clauses, and how many there are.

    ``newest`` gives, for each clause to look at, since when the text in force holds. ``signed`` keeps those whose older
    text is signed, or those where it is only issued.
    """
    if not newest:
        return [], 0
    held = _held(newest, today, signed=signed)
    wanted: list[ColumnElement[bool]] = [
        Agreement.id.in_(select(held.agreement_id)),
        Standing.stage.in_(STAGES),
    ]
    for word in folded(words).split()[:6]:
        text = f"%{escaped(word)}%"
        wanted.append(or_(Operator.search_name.like(text, escape="\\"), Agreement.search_text.like(text, escape="\\")))
    joined = (
        select(Agreement.id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .join(Standing, Standing.agreement_id == Agreement.id)
        .where(*wanted)
    )
    total = session.scalar(select(func.count()).select_from(joined.subquery())) or 0
    rows = session.execute(
        joined.with_only_columns(
            Agreement.id, Agreement.kind, Agreement.number, Operator.id, Operator.name, Standing.stage
        )
        .order_by(Operator.search_name, Agreement.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    found = [
        OlderAgreement(agreement_id, agreement_label(kind, number), operator_id, name, stage)
        for agreement_id, kind, number, operator_id, name, stage in rows
    ]
    return found, total


def older_texts(
    session: Session, newest: Mapping[str, date], *, agreement_ids: Collection[int], today: date
) -> list[OlderText]:
    """Return the older texts of some agreements, by agreement and clause; see :func:`older_agreements`."""
    if not newest or not agreement_ids:
        return []
    rows = session.execute(
        select(
            IssuedDocument.agreement_id,
            IssuedClause.clause_id,
            IssuedClause.version,
            IssuedClause.since,
            IssuedDocument.id,
            IssuedDocument.title,
            Instrument.id.is_not(None).label("signed"),
        )
        .join(IssuedClause, IssuedClause.issued_document_id == IssuedDocument.id)
        .outerjoin(Instrument, _signed(today))
        .where(IssuedClause.clause_id.in_(sorted(newest)), among(session, IssuedDocument.agreement_id, agreement_ids))
        .order_by(IssuedDocument.agreement_id, IssuedClause.clause_id, IssuedDocument.id)
    )
    best: dict[tuple[int, str], OlderText] = {}
    for row in rows:
        text = OlderText(*row[:6], signed=bool(row.signed))
        key = (text.agreement_id, text.clause_id)
        held = best.get(key)
        if held is None or (text.signed, text.since) >= (held.signed, held.since):
            best[key] = text
    return [text for text in best.values() if text.since < newest[text.clause_id]]


def agreements_with_older_text(session: Session, clause_id: str, since: date, *, today: date) -> list[int]:
    """Return the agreements with a signed document that carries a text of the clause older than ``since``."""
    held = _held({clause_id: since}, today, signed=True)
    return list(session.scalars(select(held.agreement_id).distinct().order_by(held.agreement_id)))


def how_many_by_clause(session: Session, newest: Mapping[str, date], *, today: date) -> dict[str, int]:
    """Return how many agreements carry an older text of each clause; clauses that none does are left out."""
    if not newest:
        return {}
    held = _held(newest, today)
    rows = session.execute(
        select(held.subquery.c.clause_id, func.count())
        .join(Standing, Standing.agreement_id == held.agreement_id)
        .where(Standing.stage.in_(STAGES))
        .group_by(held.subquery.c.clause_id)
        .order_by(held.subquery.c.clause_id)
    )
    return {row[0]: row[1] for row in rows}
