"""Queries about what happened under an agreement. Every fact is a lineage of versions; the newest counts."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from vendor_tracker.store.base import current
from vendor_tracker.store.tables import (
    Assistance,
    Audit,
    AuthorisedPerson,
    ChannelTest,
    CorrectiveAction,
    Delivery,
    Deviation,
    DisposalCase,
    Incident,
    Instruction,
    User,
)
from vendor_tracker.store.tables.conduct import OfAgreement

TABLES: dict[str, type[OfAgreement]] = {
    "audit": Audit,
    "corrective_action": CorrectiveAction,
    "deviation": Deviation,
    "incident": Incident,
    "instruction": Instruction,
    "assistance": Assistance,
    "person": AuthorisedPerson,
    "calendar": Delivery,
    "channel_test": ChannelTest,
    "disposal": DisposalCase,
}
"""The table of each kind of fact, by the slug that :class:`contracts.facts.Record` uses."""


def current_facts(session: Session, agreement_id: int) -> dict[str, list[Any]]:
    """Return the newest version of every fact of an agreement by kind, in the order they were first recorded."""
    return {
        kind: list(
            session.scalars(
                select(table)
                .where(table.agreement_id == agreement_id, current(table))
                .order_by(table.lineage, table.id)
            )
        )
        for kind, table in TABLES.items()
    }


def facts_of_kind(session: Session, agreement_id: int, kind: str) -> list[Any]:
    """Return the newest version of every fact of one kind, in the order they were first recorded."""
    table = TABLES[kind]
    return list(
        session.scalars(
            select(table).where(table.agreement_id == agreement_id, current(table)).order_by(table.lineage, table.id)
        )
    )


def current_fact(session: Session, kind: str, lineage: int) -> Any:
    """Return the newest version of a fact, or ``None``."""
    table = TABLES[kind]
    return session.scalar(select(table).where(table.lineage == lineage, current(table)))


class SilenceLine(NamedTuple):
    """Silence about a request, as a fact about one inciso."""

    lineage: int
    inciso: str
    found_on: date
    settled_on: date | None


def silences(session: Session, request_id: int) -> list[SilenceLine]:
    """Return the facts that put silence about a request on record, settled or not, in the order of recording."""
    rows = session.execute(
        select(Deviation.lineage, Deviation.inciso, Deviation.found_on, Deviation.settled_on)
        .where(Deviation.request_id == request_id, Deviation.source == "silence", current(Deviation))
        .order_by(Deviation.lineage)
    )
    return [SilenceLine(*row) for row in rows]


def open_silences(session: Session, request_id: int) -> list[Deviation]:
    """Return the facts that put silence about a request on record and that nobody has settled."""
    return list(
        session.scalars(
            select(Deviation)
            .where(
                Deviation.request_id == request_id,
                Deviation.source == "silence",
                Deviation.settled_on.is_(None),
                current(Deviation),
            )
            .order_by(Deviation.id)
        )
    )


def versions(session: Session, kind: str, lineage: int) -> list[tuple[Any, str]]:
    """Return every version of a fact with the name of who recorded it, newest first."""
    table = TABLES[kind]
    rows = session.execute(
        select(table, User.name)
        .outerjoin(User, User.id == table.recorded_by_id)
        .where(table.lineage == lineage)
        .order_by(table.id.desc())
    )
    return [(row, name or "") for row, name in rows]


def longest(kind: str, field: str) -> int | None:
    """Return how many characters a column holds; ``None`` when it has no bound of its own."""
    table: Any = TABLES[kind]
    return getattr(table.__table__.c[field].type, "length", None)
