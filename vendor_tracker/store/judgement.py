"""What was judged, as rows: present findings, standings, changes, monthly pictures; and the numbers judged by."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, and_, cast, delete, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert as insert_into_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_into_sqlite
from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind, Exposure, RequestState, Role, Verdict
from vendor_tracker.store.base import current, known_at
from vendor_tracker.store.facts import among
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    CalendarDay,
    CorrectiveAction,
    DisposalCase,
    Evidence,
    EvidenceReview,
    FindingChange,
    FindingRow,
    FurtherObligationRow,
    Operator,
    PolicyOverride,
    Request,
    RequestItem,
    Snapshot,
    Standing,
    TrailEntry,
    TrailHead,
    Unit,
)

STAGES = ("in_force", "ending", "closed", "future")
"""Where an agreement is in its life; see :class:`~vendor_tracker.store.tables.Standing`."""


# ----------------------------------------------------------------------------------------------------------------------
# What is judged by: parameters, calendar, obligations of the organisation
# ----------------------------------------------------------------------------------------------------------------------


class OverrideRow(NamedTuple):
    """A decision about an administrative parameter."""

    id: int
    key: str
    since: date
    value: Any
    decided_by: str
    reason: str
    recorded_at: datetime


class CalendarRow(NamedTuple):
    """An entry of the administrator in a calendar."""

    id: int
    calendar: str
    day: date
    closed: bool
    name: str
    source: str
    recorded_at: datetime


class FurtherRow(NamedTuple):
    """An obligation of the organisation, its newest known version."""

    lineage: int
    code: str
    title: str
    text: str
    since: date
    until: date | None
    needs_clause: bool
    evidence_kinds: tuple[str, ...]
    decided_by: str
    decided_on: date


Edition = tuple[int, datetime]
"""Which edition of something that only grows: the id of its newest row and when it was recorded.

The moment is part of it because an id may be given again after a transaction was undone.
"""


def last_override(session: Session, known_until: datetime | None = None) -> Edition | None:
    """Return the edition of the parameters known at the moment; ``None`` before the first decision."""
    query = select(PolicyOverride.id, PolicyOverride.recorded_at).order_by(PolicyOverride.id.desc()).limit(1)
    if known_until is not None:
        query = query.where(PolicyOverride.recorded_at < known_until)
    row = session.execute(query).one_or_none()
    return None if row is None else (row.id, row.recorded_at)


def overrides(session: Session, *, up_to: int | None = None) -> list[OverrideRow]:
    """Return the decisions about parameters in the order in which they were taken; ``up_to`` bounds their ids."""
    query = select(
        PolicyOverride.id,
        PolicyOverride.key,
        PolicyOverride.since,
        PolicyOverride.value,
        PolicyOverride.decided_by,
        PolicyOverride.reason,
        PolicyOverride.recorded_at,
    ).order_by(PolicyOverride.id)
    if up_to is not None:
        query = query.where(PolicyOverride.id <= up_to)
    return [OverrideRow(*row) for row in session.execute(query)]


def last_calendar_day(session: Session) -> Edition | None:
    """Return the edition of the calendars; ``None`` before the first entry."""
    row = session.execute(
        select(CalendarDay.id, CalendarDay.recorded_at).order_by(CalendarDay.id.desc()).limit(1)
    ).one_or_none()
    return None if row is None else (row.id, row.recorded_at)


def calendar_days(session: Session, *, calendar: str, year: int | None = None) -> list[CalendarRow]:
    """Return the entries of one calendar in the order in which they were made; of two for a day the later wins."""
    query = (
        select(
            CalendarDay.id,
            CalendarDay.calendar,
            CalendarDay.day,
            CalendarDay.closed,
            CalendarDay.name,
            CalendarDay.source,
            CalendarDay.recorded_at,
        )
        .where(CalendarDay.calendar == calendar)
        .order_by(CalendarDay.id)
    )
    if year is not None:
        query = query.where(CalendarDay.day >= date(year, 1, 1), CalendarDay.day <= date(year, 12, 31))
    return [CalendarRow(*row) for row in session.execute(query)]


def further_obligations(session: Session, *, known_until: datetime | None = None) -> list[FurtherRow]:
    """Return the obligations of the organisation as known at the moment, by code."""
    known = current(FurtherObligationRow) if known_until is None else known_at(FurtherObligationRow, known_until)
    rows = session.execute(
        select(
            FurtherObligationRow.lineage,
            FurtherObligationRow.code,
            FurtherObligationRow.title,
            FurtherObligationRow.text,
            FurtherObligationRow.since,
            FurtherObligationRow.until,
            FurtherObligationRow.needs_clause,
            FurtherObligationRow.evidence_kinds,
            FurtherObligationRow.decided_by,
            FurtherObligationRow.decided_on,
        )
        .where(known)
        .order_by(FurtherObligationRow.code, FurtherObligationRow.id)
    )
    return [FurtherRow(*row[:7], tuple(row.evidence_kinds), row.decided_by, row.decided_on) for row in rows]


def further_version(session: Session, lineage: int) -> FurtherObligationRow | None:
    """Return the newest version of an obligation of the organisation, for writing the next."""
    return session.scalars(
        select(FurtherObligationRow).where(FurtherObligationRow.lineage == lineage, current(FurtherObligationRow))
    ).one_or_none()


# ----------------------------------------------------------------------------------------------------------------------
# Writing what was judged
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FindingValues:
    """A finding as its row holds it."""

    agreement_id: int
    inciso: str
    verdict: Verdict
    legs: str
    reasons: Sequence[str]
    records: Sequence[Mapping[str, object]]
    next_action: Mapping[str, object]


class PresentFinding(NamedTuple):
    """What the row of a finding says now; the JSON columns as text, because they are only compared."""

    verdict: Verdict
    since: date
    legs: str
    reasons: str
    records: str
    next_action: str


def stand_in_line(session: Session) -> None:
    """Wait for the writers before us, by the same lock that the trail takes, so that no finding is judged on old facts.

    SQLite has one writer anyway, since the session took its place when it began.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(TrailHead.id).where(TrailHead.id == 1).with_for_update())


def present_findings(session: Session, ids: Collection[int] | None) -> dict[tuple[int, str], PresentFinding]:
    """Return the present findings of the agreements by (agreement, inciso)."""
    rows = session.execute(
        select(
            FindingRow.agreement_id,
            FindingRow.inciso,
            FindingRow.verdict,
            FindingRow.since,
            FindingRow.legs,
            cast(FindingRow.reasons, Text),
            cast(FindingRow.records, Text),
            cast(FindingRow.next_action, Text),
        ).where(among(session, FindingRow.agreement_id, ids))
    )
    return {(row[0], row[1]): PresentFinding(*row[2:]) for row in rows}


def same_finding(held: PresentFinding, new: FindingValues) -> bool:
    """Tell whether the row already says what was found."""
    return (
        held.verdict is new.verdict
        and held.legs == new.legs
        and _same_json(held.reasons, new.reasons)
        and _same_json(held.records, new.records)
        and _same_json(held.next_action, new.next_action)
    )


def _same_json(held: str, new: object) -> bool:
    # The text is compared first: reading JSON a hundred thousand times a night would cost more than judging.
    return held == json.dumps(new) or json.loads(held) == new


def write_findings(session: Session, findings: Iterable[tuple[FindingValues, date]]) -> None:
    """Insert or replace findings, each with the day since which its verdict holds."""
    rows = [
        {
            "agreement_id": found.agreement_id,
            "inciso": found.inciso,
            "verdict": found.verdict,
            "legs": found.legs,
            "reasons": list(found.reasons),
            "records": list(found.records),
            "next_action": dict(found.next_action),
            "since": since,
        }
        for found, since in findings
    ]
    _upsert(session, FindingRow, rows, ("agreement_id", "inciso"))


def remove_findings(session: Session, keys: Iterable[tuple[int, str]]) -> None:
    """Remove present findings of obligations that are no longer in force; their changes stay."""
    for agreement_id, inciso in keys:
        session.execute(delete(FindingRow).where(FindingRow.agreement_id == agreement_id, FindingRow.inciso == inciso))


def write_standings(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert or replace standings; each mapping has every column."""
    _upsert(session, Standing, rows, ("agreement_id",))


def add_changes(session: Session, changes: Sequence[Mapping[str, object]]) -> None:
    """Add changes of verdict, each a mapping of the columns of :class:`FindingChange`."""
    if changes:
        session.execute(FindingChange.__table__.insert(), list(changes))  # type: ignore[attr-defined]


def add_snapshots(session: Session, rows: Sequence[Mapping[str, object]]) -> int:
    """Add monthly pictures that do not exist yet; return how many were new."""
    if not rows:
        return 0
    query = _insert(session, Snapshot).on_conflict_do_nothing(index_elements=["month", "agreement_id"])
    before = session.execute(select(func.count()).select_from(Snapshot)).scalar_one()
    session.execute(query, list(rows))
    return session.execute(select(func.count()).select_from(Snapshot)).scalar_one() - before


def _insert(session: Session, table: Any) -> Any:
    postgresql = session.get_bind().dialect.name == "postgresql"
    return insert_into_postgresql(table) if postgresql else insert_into_sqlite(table)


def _upsert(session: Session, table: Any, rows: Sequence[Mapping[str, object]], key: tuple[str, ...]) -> None:
    if not rows:
        return
    query = _insert(session, table)
    changed = {name: query.excluded[name] for name in rows[0] if name not in key}
    session.execute(query.on_conflict_do_update(index_elements=list(key), set_=changed), list(rows))


def agreement_ids(
    session: Session, *, after: int = 0, limit: int | None = None, created_before: datetime | None = None
) -> list[int]:
    """Return ids of agreements in ascending order, those after ``after``."""
    query = select(Agreement.id).where(Agreement.id > after).order_by(Agreement.id).limit(limit)
    if created_before is not None:
        query = query.where(Agreement.created_at < created_before)
    return list(session.execute(query).scalars())


def agreements_of_operators(session: Session, operator_ids: Collection[int]) -> list[int]:
    """Return the ids of every agreement of these operators, ascending."""
    query = select(Agreement.id).where(among(session, Agreement.operator_id, operator_ids)).order_by(Agreement.id)
    return list(session.execute(query).scalars())


# ----------------------------------------------------------------------------------------------------------------------
# Monthly pictures
# ----------------------------------------------------------------------------------------------------------------------


def snapshot_counts(session: Session) -> dict[date, int]:
    """Return how many agreements each month's picture holds."""
    rows = session.execute(
        select(Snapshot.month, func.count().label("agreements")).group_by(Snapshot.month).order_by(Snapshot.month)
    )
    return {row.month: row.agreements for row in rows}


def first_agreement_at(session: Session) -> datetime | None:
    """Return when the first agreement was recorded."""
    return session.execute(
        select(Agreement.created_at).order_by(Agreement.created_at, Agreement.id).limit(1)
    ).scalar_one_or_none()


def agreements_created_before(session: Session, moment: datetime) -> int:
    """Return how many agreements had been recorded at the moment."""
    return session.execute(
        select(func.count()).select_from(Agreement).where(Agreement.created_at < moment)
    ).scalar_one()


def without_snapshot(session: Session, *, month: date, created_before: datetime, limit: int) -> list[int]:
    """Return agreements recorded before the moment that the month's picture lacks, ascending."""
    taken = exists().where(Snapshot.month == month, Snapshot.agreement_id == Agreement.id)
    return list(
        session.execute(
            select(Agreement.id)
            .where(Agreement.created_at < created_before, ~taken)
            .order_by(Agreement.id)
            .limit(limit)
        ).scalars()
    )


class MonthCount(NamedTuple):
    """How many agreements had the same twelve verdicts at the end of a month."""

    month: date
    verdicts: str
    agreements: int


def snapshot_months(session: Session, *, since: date) -> list[date]:
    """Return the months that have a picture, oldest first, from ``since`` on."""
    return list(
        session.execute(
            select(Snapshot.month).where(Snapshot.month >= since).distinct().order_by(Snapshot.month)
        ).scalars()
    )


def month_verdicts(session: Session, months: Collection[date]) -> list[MonthCount]:
    """Return the verdicts of whole months, agreements with the same twelve counted together."""
    rows = session.execute(
        select(Snapshot.month, Snapshot.verdicts, func.count())
        .where(Snapshot.month.in_(sorted(months)))
        .group_by(Snapshot.month, Snapshot.verdicts)
        .order_by(Snapshot.month, Snapshot.verdicts)
    )
    return [MonthCount(*row) for row in rows]


def last_register_line(session: Session) -> int:
    """Return the number of the last trail line about the register as a whole; the pictures only change with one."""
    return (
        session.execute(
            select(TrailEntry.seq)
            .where(TrailEntry.subject_kind == "register", TrailEntry.subject_id.is_(None))
            .order_by(TrailEntry.seq.desc())
            .limit(1)
        ).scalar_one_or_none()
        or 0
    )


class MonthScore(NamedTuple):
    """The score of one agreement at the end of a month."""

    month: date
    score: int | None


def scores_of(session: Session, agreement_id: int, *, since: date, until: date) -> list[MonthScore]:
    """Return the monthly scores of one agreement, oldest first."""
    rows = session.execute(
        select(Snapshot.month, Snapshot.score)
        .where(Snapshot.agreement_id == agreement_id, Snapshot.month >= since, Snapshot.month <= until)
        .order_by(Snapshot.month)
    )
    return [MonthScore(*row) for row in rows]


# ----------------------------------------------------------------------------------------------------------------------
# The painel
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StandingFilter:
    """Which standings to show; ``None`` and empty mean all. ``text`` is without accents and in lower case."""

    unit_id: int | None = None
    kind: AgreementKind | None = None
    verdict: Verdict | None = None
    inciso: str | None = None
    exposure: Exposure | None = None
    text: str = ""
    closed: bool = False
    """Whether agreements whose disposal was accepted are shown too."""


class StandingRow(NamedTuple):
    """One row of the matrix. ``verdicts`` and ``legs`` are texts, as the table ``standing`` keeps them."""

    agreement_id: int
    operator_id: int
    operator: str
    kind: AgreementKind
    number: str
    score: int | None
    exposure: Exposure
    verdicts: str
    legs: str
    stage: str
    next_due_on: date | None


class VerdictsCount(NamedTuple):
    """How many agreements have the same twelve verdicts and the same score."""

    verdicts: str
    score: int | None
    agreements: int


def _standing_conditions(wanted: StandingFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if not wanted.closed:
        conditions.append(Standing.stage != "closed")
    if wanted.exposure is not None:
        conditions.append(Standing.exposure == wanted.exposure)
    if wanted.unit_id is not None:
        conditions.append(Agreement.unit_id == wanted.unit_id)
    if wanted.kind is not None:
        conditions.append(Agreement.kind == wanted.kind)
    if wanted.verdict is not None and wanted.inciso is not None:
        conditions.append(
            exists().where(
                FindingRow.agreement_id == Standing.agreement_id,
                FindingRow.inciso == wanted.inciso,
                FindingRow.verdict == wanted.verdict,
            )
        )
    elif wanted.verdict is not None:
        conditions.append(Standing.verdicts.contains(wanted.verdict.value))
    if wanted.text:
        conditions.append(
            or_(
                Operator.search_name.contains(wanted.text, autoescape=True),
                Agreement.search_text.contains(wanted.text, autoescape=True),
            )
        )
    return conditions


def _of_standing(query: Select[Any], wanted: StandingFilter) -> Select[Any]:
    joined = (
        query.join(Agreement, Agreement.id == Standing.agreement_id)
        if wanted.unit_id is not None or wanted.kind is not None or wanted.text
        else query
    )
    if wanted.text:
        joined = joined.join(Operator, Operator.id == Agreement.operator_id)
    return joined.where(*_standing_conditions(wanted))


def standings(session: Session, wanted: StandingFilter, *, limit: int, offset: int = 0) -> list[StandingRow]:
    """Return a page of the matrix, the worst first: most breached, then lowest score, then oldest in the register."""
    query = (
        select(
            Standing.agreement_id,
            Agreement.operator_id,
            Operator.name,
            Agreement.kind,
            Agreement.number,
            Standing.score,
            Standing.exposure,
            Standing.verdicts,
            Standing.legs,
            Standing.stage,
            Standing.next_due_on,
        )
        .select_from(Standing)
        .join(Agreement, Agreement.id == Standing.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(*_standing_conditions(wanted))
        .order_by(
            Standing.breached.desc(),
            Standing.score.is_(None),
            Standing.score,
            Standing.unproven.desc(),
            Standing.agreement_id,
        )
        .limit(limit)
        .offset(offset)
    )
    return [StandingRow(*row) for row in session.execute(query)]


def verdict_counts(session: Session, wanted: StandingFilter) -> list[VerdictsCount]:
    """Return the whole filtered register, agreements with the same verdicts and score counted together."""
    query = _of_standing(select(Standing.verdicts, Standing.score, func.count()).select_from(Standing), wanted)
    rows = session.execute(
        query.group_by(Standing.verdicts, Standing.score).order_by(Standing.verdicts, Standing.score)
    )
    return [VerdictsCount(*row) for row in rows]


def last_judged(session: Session) -> tuple[date, datetime] | None:
    """Return the oldest day for which a standing holds and the moment it was judged; ``None`` for an empty register."""
    row = session.execute(
        select(Standing.judged_on, Standing.judged_at).order_by(Standing.judged_on, Standing.judged_at).limit(1)
    ).one_or_none()
    return None if row is None else (row.judged_on, row.judged_at)


class UnitRow(NamedTuple):
    """A unit for a filter."""

    id: int
    name: str
    acronym: str


def units(session: Session) -> list[UnitRow]:
    """Return the active units by name."""
    rows = session.execute(select(Unit.id, Unit.name, Unit.acronym).where(Unit.active).order_by(Unit.name, Unit.id))
    return [UnitRow(*row) for row in rows]


class StandingBrief(NamedTuple):
    """The standing of one agreement as lists show it."""

    agreement_id: int
    judged_on: date
    score: int | None
    exposure: Exposure
    points: int
    verdicts: tuple[Verdict, ...]
    stage: str
    next_due_on: date | None


def standings_of(session: Session, ids: Collection[int]) -> dict[int, StandingBrief]:
    """Return the standings of some agreements by id."""
    rows = session.execute(
        select(
            Standing.agreement_id,
            Standing.judged_on,
            Standing.score,
            Standing.exposure,
            Standing.points,
            Standing.verdicts,
            Standing.stage,
            Standing.next_due_on,
        ).where(among(session, Standing.agreement_id, ids))
    )
    return {
        row.agreement_id: StandingBrief(
            *row[:5], tuple(Verdict(slug) for slug in row.verdicts.split()), row.stage, row.next_due_on
        )
        for row in rows
    }


# ----------------------------------------------------------------------------------------------------------------------
# What needs somebody today. Each list says how many there are in all, so that the page can tell what it leaves out.
# ----------------------------------------------------------------------------------------------------------------------


class Waiting(NamedTuple):
    """Something that waits for a person."""

    id: int
    agreement_id: int | None
    operator_id: int
    operator: str
    what: str
    on: date
    """The day from which its clock is told."""
    inciso: str
    total: int


def answers_to_review(session: Session, *, limit: int) -> list[Waiting]:
    """Return requests that were answered and wait for us, the oldest answer first; ``on`` is the term they had."""
    return _requests_waiting(session, Request.state == RequestState.SUBMITTED, Request.submitted_at, limit)


def overdue_requests(session: Session, *, today: date, limit: int) -> list[Waiting]:
    """Return requests with the operator whose term has passed, the oldest term first."""
    late = and_(Request.state.in_((RequestState.OPEN, RequestState.RETURNED)), Request.due_on < today)
    return _requests_waiting(session, late, Request.due_on, limit)


def _requests_waiting(session: Session, condition: ColumnElement[bool], order: Any, limit: int) -> list[Waiting]:
    rows = session.execute(
        select(
            Request.id,
            Request.agreement_id,
            Agreement.operator_id,
            Operator.name,
            Request.year,
            Request.sequence,
            Request.submitted_at,
            Request.due_on,
            func.count().over().label("total"),
        )
        .join(Agreement, Agreement.id == Request.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(condition)
        .order_by(order, Request.id)
        .limit(limit)
    )
    return [
        Waiting(
            row.id,
            row.agreement_id,
            row.operator_id,
            row.name,
            f"{row.year}/{row.sequence:04d}",
            row.due_on,
            "",
            row.total,
        )
        for row in rows
    ]


def submitted_moments(session: Session, ids: Collection[int]) -> dict[int, datetime]:
    """Return when each of these requests was answered."""
    rows = session.execute(
        select(Request.id, Request.submitted_at).where(
            among(session, Request.id, ids), Request.submitted_at.is_not(None)
        )
    )
    return {row.id: row.submitted_at for row in rows if row.submitted_at is not None}


def newly_breached(session: Session, *, since: datetime, limit: int) -> list[Waiting]:
    """Return obligations that became breached since the moment and still are, the newest first."""
    rows = session.execute(
        select(
            FindingChange.id,
            FindingChange.agreement_id,
            Agreement.operator_id,
            Operator.name,
            FindingChange.reason,
            FindingChange.on,
            FindingChange.inciso,
            func.count().over().label("total"),
        )
        .join(
            FindingRow,
            and_(FindingRow.agreement_id == FindingChange.agreement_id, FindingRow.inciso == FindingChange.inciso),
        )
        .join(Agreement, Agreement.id == FindingChange.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(
            FindingChange.at >= since,
            FindingChange.after == Verdict.BREACHED,
            FindingRow.verdict == Verdict.BREACHED,
            # Of two changes to breached only the one that still holds is news.
            FindingChange.on == FindingRow.since,
        )
        .order_by(FindingChange.at.desc(), FindingChange.id)
        .limit(limit)
    )
    return [Waiting(*row) for row in rows]


def evidence_to_review(session: Session, *, limit: int) -> list[Waiting]:
    """Return proofs that nobody has reviewed, the oldest first; those of an answer that waits whole are left to it."""
    reviewed = exists().where(EvidenceReview.evidence_id == Evidence.id)
    with_answer = exists().where(
        RequestItem.id == Evidence.request_item_id,
        Request.id == RequestItem.request_id,
        Request.state == RequestState.SUBMITTED,
    )
    rows = session.execute(
        select(
            Evidence.id,
            Evidence.operator_id,
            Operator.name,
            Evidence.title,
            Evidence.received_on,
            func.count().over().label("total"),
        )
        .join(Operator, Operator.id == Evidence.operator_id)
        .where(~reviewed, ~with_answer)
        .order_by(Evidence.received_on, Evidence.id)
        .limit(limit)
    )
    return [Waiting(row.id, None, row.operator_id, row.name, row.title, row.received_on, "", row.total) for row in rows]


def disposals_due(session: Session, *, by: date, limit: int) -> list[Waiting]:
    """Return disposal cases without accepted proof whose term ends by the day, the oldest term first."""
    return _of_agreement(
        session,
        DisposalCase,
        DisposalCase.due_on,
        "XII",
        and_(DisposalCase.accepted_on.is_(None), DisposalCase.due_on <= by),
        limit,
    )


def overdue_actions(session: Session, *, today: date, limit: int) -> list[Waiting]:
    """Return corrective actions whose term has passed, the oldest term first."""
    return _of_agreement(
        session,
        CorrectiveAction,
        CorrectiveAction.due_on,
        CorrectiveAction.inciso,
        and_(CorrectiveAction.done_on.is_(None), CorrectiveAction.due_on < today),
        limit,
    )


def _of_agreement(
    session: Session, table: Any, day: Any, inciso: Any, condition: ColumnElement[bool], limit: int
) -> list[Waiting]:
    what = table.description if hasattr(table, "description") else table.trigger
    rows = session.execute(
        select(
            table.lineage,
            table.agreement_id,
            Agreement.operator_id,
            Operator.name,
            cast(what, Text).label("what"),
            day.label("on"),
            func.count().over().label("total"),
            *([] if isinstance(inciso, str) else [inciso]),
        )
        .join(Agreement, Agreement.id == table.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(current(table), condition)
        .order_by(day, table.lineage)
        .limit(limit)
    )
    return [
        Waiting(
            row.lineage,
            row.agreement_id,
            row.operator_id,
            row.name,
            row.what,
            row.on,
            inciso if isinstance(inciso, str) else row.inciso,
            row.total,
        )
        for row in rows
    ]


def roles_to_approve(session: Session, *, limit: int) -> list[Waiting]:
    """Return agreements whose role was proposed and not approved; ``what`` is the slug of the role."""
    rows = session.execute(
        select(
            Agreement.id,
            Agreement.operator_id,
            Operator.name,
            AgreementRevision.role,
            AgreementRevision.holds_from,
            func.count().over().label("total"),
        )
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(
            AgreementRevision.role.is_not(None),
            AgreementRevision.role != Role.OPERATOR,
            AgreementRevision.role_approved_on.is_(None),
        )
        .order_by(AgreementRevision.holds_from, Agreement.id)
        .limit(limit)
    )
    return [
        Waiting(row.id, row.id, row.operator_id, row.name, row.role.value, row.holds_from, "", row.total)
        for row in rows
    ]


# ----------------------------------------------------------------------------------------------------------------------
# The boletim
# ----------------------------------------------------------------------------------------------------------------------


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
