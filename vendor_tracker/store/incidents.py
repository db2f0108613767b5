"""Queries about incidents: the standing links, what operators reported, what the court decided and communicated."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import IncidentClock, IncidentSeverity
from vendor_tracker.store.base import current
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.search import escaped, folded
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    Incident,
    IncidentAssessment,
    IncidentCase,
    IncidentChannel,
    IncidentCommunication,
    IncidentDecision,
    IncidentReport,
    IncidentReportFile,
    IncidentSession,
    Message,
    Operator,
    StoredFile,
    User,
)


# ----------------------------------------------------------------------------------------------------------------------
# The standing link
# ----------------------------------------------------------------------------------------------------------------------
class ChannelRow(NamedTuple):
    """A standing link, with who gave it and who took it back."""

    channel: IncidentChannel
    issued_by: str
    revoked_by: str


def channels(session: Session, agreement_id: int) -> list[ChannelRow]:
    """Return every standing link that an agreement ever had, the newest first."""
    revoker = User.__table__.alias("revoker")
    rows = session.execute(
        select(IncidentChannel, User.name, revoker.c.name)
        .outerjoin(User, User.id == IncidentChannel.recorded_by_id)
        .outerjoin(revoker, revoker.c.id == IncidentChannel.revoked_by_id)
        .where(IncidentChannel.agreement_id == agreement_id)
        .order_by(IncidentChannel.generation.desc())
    )
    return [ChannelRow(row[0], row[1] or "", row[2] or "") for row in rows]


def newest_channel(session: Session, agreement_id: int) -> IncidentChannel | None:
    """Return the newest standing link of an agreement, revoked or not."""
    return session.scalar(
        select(IncidentChannel)
        .where(IncidentChannel.agreement_id == agreement_id)
        .order_by(IncidentChannel.generation.desc())
        .limit(1)
    )


def channel_by_hash(session: Session, token_hash: str) -> IncidentChannel | None:
    """Return the standing link with this hash."""
    return session.scalar(select(IncidentChannel).where(IncidentChannel.token_hash == token_hash))


def session_by_hash(session: Session, token_hash: str) -> tuple[IncidentSession, IncidentChannel | None] | None:
    """Return the session with this hash and the standing link that opened it; ``None`` when a request's link did."""
    row = session.execute(
        select(IncidentSession, IncidentChannel)
        .outerjoin(IncidentChannel, IncidentChannel.id == IncidentSession.channel_id)
        .where(IncidentSession.token_hash == token_hash)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


# ----------------------------------------------------------------------------------------------------------------------
# What was reported
# ----------------------------------------------------------------------------------------------------------------------
class FileLine(NamedTuple):
    """A file that came with a version of a report. ``size`` in bytes."""

    report_id: int
    file_id: int
    name: str
    media_type: str
    size: int
    sha256: str
    restricted: bool


def next_number(session: Session, prefix: str) -> int:
    """Return the next number of the protocols that begin with ``prefix``; call ``trails.take_turn`` first."""
    newest = session.scalar(
        select(IncidentReport.protocol)
        .where(IncidentReport.protocol.like(f"{prefix}%"))
        .order_by(IncidentReport.id.desc())
        .limit(1)
    )
    return int(newest.removeprefix(prefix).split("-")[0]) + 1 if newest else 1


def reports(session: Session, lineage: int) -> list[IncidentReport]:
    """Return every version of what was reported of an incident, the first first."""
    return list(
        session.scalars(
            select(IncidentReport).where(IncidentReport.incident_lineage == lineage).order_by(IncidentReport.number)
        )
    )


def reports_of_agreement(session: Session, agreement_id: int) -> list[IncidentReport]:
    """Return every version of every report under an agreement, the newest incident first, its versions in order."""
    return list(
        session.scalars(
            select(IncidentReport)
            .where(IncidentReport.agreement_id == agreement_id)
            .order_by(IncidentReport.incident_lineage.desc(), IncidentReport.number)
        )
    )


def report(session: Session, protocol: str) -> IncidentReport | None:
    """Return the version with this protocol."""
    return session.scalar(select(IncidentReport).where(IncidentReport.protocol == protocol))


def report_files(session: Session, report_ids: list[int]) -> list[FileLine]:
    """Return the files of some versions, in the order in which they came."""
    rows = session.execute(
        select(
            IncidentReportFile.report_id,
            StoredFile.id,
            StoredFile.name,
            StoredFile.media_type,
            StoredFile.size,
            StoredFile.sha256,
            StoredFile.restricted,
        )
        .join(StoredFile, StoredFile.id == IncidentReportFile.file_id)
        .where(IncidentReportFile.report_id.in_(report_ids))
        .order_by(IncidentReportFile.id)
    )
    return [FileLine._make(row) for row in rows]


# ----------------------------------------------------------------------------------------------------------------------
# What the court decided and communicated
# ----------------------------------------------------------------------------------------------------------------------
def incident(session: Session, lineage: int) -> Incident | None:
    """Return the newest version of an incident."""
    return session.scalar(select(Incident).where(Incident.lineage == lineage, current(Incident)))


def locked_case(session: Session, lineage: int) -> IncidentCase | None:
    """Return the case of an incident and hold it until the end of the transaction."""
    return session.scalar(select(IncidentCase).where(IncidentCase.incident_lineage == lineage).with_for_update())


def case(session: Session, lineage: int) -> IncidentCase | None:
    """Return the case of an incident."""
    return session.scalar(select(IncidentCase).where(IncidentCase.incident_lineage == lineage))


def joinable(session: Session, agreement_id: int, *, but: int) -> list[tuple[int, str, datetime]]:
    """Return lineage, title and moment of learning of the agreement's other incidents, open and never reported."""
    closed = (
        select(IncidentCase.id)
        .where(IncidentCase.incident_lineage == Incident.lineage, IncidentCase.closed_at.is_not(None))
        .exists()
    )
    reported = select(IncidentReport.id).where(IncidentReport.incident_lineage == Incident.lineage).exists()
    rows = session.execute(
        select(Incident.lineage, Incident.title, Incident.learned_at)
        .where(Incident.agreement_id == agreement_id, current(Incident), Incident.lineage != but, ~reported, ~closed)
        .order_by(Incident.learned_at.desc(), Incident.lineage)
    )
    return [(row.lineage, row.title, row.learned_at) for row in rows]


def open_cases(session: Session) -> list[int]:
    """Return the incidents whose case is open, the oldest first."""
    return list(
        session.scalars(
            select(IncidentCase.incident_lineage).where(IncidentCase.closed_at.is_(None)).order_by(IncidentCase.id)
        )
    )


def assessments(session: Session, lineage: int) -> list[tuple[IncidentAssessment, str]]:
    """Return every confirmed severity with the name of who confirmed it, the newest first."""
    rows = session.execute(
        select(IncidentAssessment, User.name)
        .outerjoin(User, User.id == IncidentAssessment.recorded_by_id)
        .where(IncidentAssessment.incident_lineage == lineage)
        .order_by(IncidentAssessment.id.desc())
    )
    return [(row, name or "") for row, name in rows]


def decisions(session: Session, lineage: int) -> list[tuple[IncidentDecision, str]]:
    """Return every decision with the name of who took it (empty: the operator's own report), the newest first."""
    rows = session.execute(
        select(IncidentDecision, User.name)
        .outerjoin(User, User.id == IncidentDecision.recorded_by_id)
        .where(IncidentDecision.incident_lineage == lineage)
        .order_by(IncidentDecision.id.desc())
    )
    return [(row, name or "") for row, name in rows]


def communications(session: Session, lineage: int) -> list[tuple[IncidentCommunication, str, StoredFile | None]]:
    """Return every communication with who recorded it and its file, by the moment it left; the annulled ones too."""
    rows = session.execute(
        select(IncidentCommunication, User.name, StoredFile)
        .outerjoin(User, User.id == IncidentCommunication.recorded_by_id)
        .outerjoin(StoredFile, StoredFile.id == IncidentCommunication.file_id)
        .where(IncidentCommunication.incident_lineage == lineage)
        .order_by(IncidentCommunication.sent_at, IncidentCommunication.id)
    )
    return [(row, name or "", file) for row, name, file in rows]


def operator_cnpj(session: Session, operator_id: int) -> str:
    """Return the CNPJ of an operator; empty when it has none."""
    return session.scalar(select(Operator.cnpj).where(Operator.id == operator_id)) or ""


def term_hours(session: Session, agreement_id: int) -> int | None:
    """Return the hours within which the agreement wants incidents reported; ``None`` when it sets none."""
    return session.scalar(
        select(AgreementRevision.incident_term_hours)
        .join(Agreement, Agreement.current_revision_id == AgreementRevision.id)
        .where(Agreement.id == agreement_id)
    )


# ----------------------------------------------------------------------------------------------------------------------
# Lists
# ----------------------------------------------------------------------------------------------------------------------
class IncidentLine(NamedTuple):
    """An incident in the list of all."""

    lineage: int
    agreement_id: int
    agreement: str
    operator: str
    title: str
    learned_at: datetime
    reported_at: datetime | None
    severity: str | None
    level: IncidentSeverity | None
    next_clock: IncidentClock | None
    next_due_at: datetime | None
    closed_at: datetime | None
    followed: bool
    """Whether it has a case: one recorded before cases were kept gets one with its first decision."""
    total: int


def incident_lines(session: Session, *, standing: str, text: str, limit: int, offset: int) -> list[IncidentLine]:
    """Return a page of incidents: those with an open term first, by its end, then the newest.

    ``standing``: ``open`` (a case that nobody closed), ``due`` (an open term), ``closed``, or empty for all.
    """
    newest = (
        select(func.max(IncidentAssessment.id))
        .where(IncidentAssessment.incident_lineage == Incident.lineage)
        .correlate(Incident)
        .scalar_subquery()
    )
    conditions: list[ColumnElement[bool]] = [current(Incident)]
    open_case = or_(IncidentCase.id.is_(None), IncidentCase.closed_at.is_(None))
    if standing == "open":
        conditions.append(open_case)
    elif standing == "due":
        conditions += [IncidentCase.closed_at.is_(None), IncidentCase.next_due_at.is_not(None)]
    elif standing == "closed":
        conditions.append(IncidentCase.closed_at.is_not(None))
    for word in folded(text).split()[:6]:
        pattern = f"%{escaped(word)}%"
        conditions.append(
            or_(Operator.search_name.like(pattern, escape="\\"), Agreement.search_text.like(pattern, escape="\\"))
        )
    statement: Select[Any] = (
        select(
            Incident.lineage,
            Incident.agreement_id,
            Agreement.kind,
            Agreement.number,
            Operator.name,
            Incident.title,
            Incident.learned_at,
            Incident.reported_at,
            Incident.severity,
            IncidentAssessment.level,
            IncidentCase.next_clock,
            IncidentCase.next_due_at,
            IncidentCase.closed_at,
            IncidentCase.id.is_not(None),
            func.count().over().label("total"),
        )
        .join(Agreement, Agreement.id == Incident.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(IncidentCase, IncidentCase.incident_lineage == Incident.lineage)
        .outerjoin(IncidentAssessment, IncidentAssessment.id == newest)
        .where(*conditions)
        .order_by(
            IncidentCase.closed_at.is_not(None),
            IncidentCase.next_due_at.is_(None),
            IncidentCase.next_due_at,
            Incident.learned_at.desc(),
            Incident.lineage.desc(),
        )
        .limit(limit)
        .offset(offset)
    )
    return [
        IncidentLine(row[0], row[1], agreement_label(row[2], row[3]), *row[4:]) for row in session.execute(statement)
    ]


class DueLine(NamedTuple):
    """An open term of an incident, for the queue."""

    lineage: int
    agreement_id: int
    operator_id: int
    operator: str
    clock: IncidentClock
    due_at: datetime
    total: int


def terms_due(session: Session, *, limit: int) -> list[DueLine]:
    """Return the open terms of incidents, the first to end first."""
    rows = session.execute(
        select(
            IncidentCase.incident_lineage,
            IncidentCase.agreement_id,
            Agreement.operator_id,
            Operator.name,
            IncidentCase.next_clock,
            IncidentCase.next_due_at,
            func.count().over().label("total"),
        )
        .join(Agreement, Agreement.id == IncidentCase.agreement_id)
        .join(Operator, Operator.id == Agreement.operator_id)
        .where(and_(IncidentCase.closed_at.is_(None), IncidentCase.next_due_at.is_not(None)))
        .order_by(IncidentCase.next_due_at, IncidentCase.id)
        .limit(limit)
    )
    return [DueLine._make(row) for row in rows]


def sent_keys(session: Session, keys: Collection[str]) -> set[str]:
    """Return which of these messages were recorded already."""
    return set(session.scalars(select(Message.key).where(Message.key.in_(list(keys)))))
