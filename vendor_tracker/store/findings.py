"""What was found, as rows: the present findings and the changes of verdict, and the agreements to judge."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Text, cast, delete, func, select
from sqlalchemy.orm import Session

from contracts.vocabulary import Verdict
from vendor_tracker.store.dialects import among, upsert
from vendor_tracker.store.tables import Agreement, FindingChange, FindingRow


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
    upsert(session, FindingRow, rows, ("agreement_id", "inciso"))


def remove_findings(session: Session, keys: Iterable[tuple[int, str]]) -> None:
    """Remove present findings of obligations that are no longer in force; their changes stay."""
    for agreement_id, inciso in keys:
        session.execute(delete(FindingRow).where(FindingRow.agreement_id == agreement_id, FindingRow.inciso == inciso))


def add_changes(session: Session, changes: Sequence[Mapping[str, object]]) -> None:
    """Add changes of verdict, each a mapping of the columns of :class:`FindingChange`."""
    if changes:
        session.execute(FindingChange.__table__.insert(), list(changes))  # type: ignore[attr-defined]


def agreement_ids(
    session: Session, *, after: int = 0, limit: int | None = None, created_before: datetime | None = None
) -> list[int]:
    """Return ids of agreements in ascending order, those after ``after``."""
    query = select(Agreement.id).where(Agreement.id > after).order_by(Agreement.id).limit(limit)
    if created_before is not None:
        query = query.where(Agreement.created_at < created_before)
    return list(session.execute(query).scalars())


def how_many(session: Session) -> int:
    """Return how many agreements there are."""
    return session.scalar(select(func.count()).select_from(Agreement)) or 0


def agreements_of_operators(session: Session, operator_ids: Collection[int]) -> list[int]:
    """Return the ids of every agreement of these operators, ascending."""
    query = select(Agreement.id).where(among(session, Agreement.operator_id, operator_ids)).order_by(Agreement.id)
    return list(session.execute(query).scalars())
