"""Queries about facts that ask: what was put on record lately, what of it was asked already, and by which request."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from contracts.facts import Record
from contracts.occasions import Happening
from contracts.vocabulary import ContactRole, InstrumentKind, Occasion, RequestKind, RequestState
from vendor_tracker.clock import day_of
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    AgreementTerm,
    Audit,
    Contact,
    Incident,
    Instrument,
    Request,
    RequestItem,
    RequestOccasion,
    SubOperator,
)

SIGNED_PAPERS = (InstrumentKind.ORIGINAL, InstrumentKind.ADITIVO, InstrumentKind.TERMO_COMPROMISSO)
"""Papers whose signature asks for a calendar anew. An apostilamento is written by one side and changes no duty."""

TOLD_ROLES = (ContactRole.PREPOSTO, ContactRole.INCIDENT_CHANNEL)
"""Contacts on whom the communication of incidents depends."""

Ids = Collection[int] | None


def happenings(session: Session, agreement_ids: Ids, *, since: datetime, today: date) -> list[Happening]:
    """Return the facts recorded since a moment that may ask something, in the order in which they were recorded.

    Whether they do is for the rules to say. Five queries, however many agreements there are.
    """
    found = [
        *_incidents(session, agreement_ids, since),
        *_sub_operators(session, agreement_ids, since),
        *_instruments(session, agreement_ids, since),
        *_terms(session, agreement_ids, since),
        *_contacts(session, agreement_ids, since, today),
    ]
    return sorted(found, key=lambda each: (each.recorded_on, each.occasion, each.tail))


def _begun(session: Session, table: Any, agreement_ids: Ids, since: datetime, *more: Any) -> Iterator[Any]:
    """Yield the newest version of each lineage begun since, with when it was begun and the agreement registered."""
    first = aliased(table)
    yield from session.execute(
        select(table, first.recorded_at.label("begun_at"), Agreement.created_at)
        .join(first, first.id == table.lineage)
        .join(Agreement, Agreement.id == table.agreement_id)
        .where(among(session, table.agreement_id, agreement_ids), current(table), first.recorded_at >= since, *more)
        .order_by(table.lineage)
    )


def _incidents(session: Session, agreement_ids: Ids, since: datetime) -> Iterator[Happening]:
    for row, begun_at, registered_at in _begun(session, Incident, agreement_ids, since):
        yield Happening(
            row.agreement_id,
            Occasion.INCIDENT,
            str(row.lineage),
            day_of(row.learned_at),
            day_of(begun_at),
            day_of(registered_at),
            Record("incident", row.lineage, f"Incidente {row.lineage}: {row.title}"),
        )


def _sub_operators(session: Session, agreement_ids: Ids, since: datetime) -> Iterator[Happening]:
    for row, begun_at, registered_at in _begun(session, SubOperator, agreement_ids, since, SubOperator.until.is_(None)):
        yield Happening(
            row.agreement_id,
            Occasion.SUB_OPERATOR,
            str(row.lineage),
            row.since or day_of(begun_at),
            day_of(begun_at),
            day_of(registered_at),
            Record("sub_operator", row.lineage, f"Suboperador: {row.name}"),
        )


def _instruments(session: Session, agreement_ids: Ids, since: datetime) -> Iterator[Happening]:
    signed = (Instrument.kind.in_(SIGNED_PAPERS), Instrument.signed_on.is_not(None))
    for row, begun_at, registered_at in _begun(session, Instrument, agreement_ids, since, *signed):
        yield _signed(row, day_of(begun_at), day_of(registered_at), Record("instrument", row.lineage, str(row.title)))


def _terms(session: Session, agreement_ids: Ids, since: datetime) -> Iterator[Happening]:
    rows = session.execute(
        select(AgreementTerm, Agreement.created_at)
        .join(Agreement, Agreement.id == AgreementTerm.agreement_id)
        .where(
            among(session, AgreementTerm.agreement_id, agreement_ids),
            AgreementTerm.kind == "aditivo",
            AgreementTerm.signed_on.is_not(None),
            AgreementTerm.recorded_at >= since,
        )
        .order_by(AgreementTerm.id)
    )
    for row, registered_at in rows:
        record = Record("agreement", row.agreement_id, f"Termo aditivo {row.number}")
        yield _signed(row, day_of(row.recorded_at), day_of(registered_at), record)


def _signed(row: Any, recorded_on: date, registered_on: date, record: Record) -> Happening:
    """Name a signature by its day: the source's line and the file of one aditivo then ask once."""
    return Happening(
        row.agreement_id,
        Occasion.INSTRUMENT,
        row.signed_on.isoformat(),
        row.signed_on,
        recorded_on,
        registered_on,
        record,
    )


def _contacts(session: Session, agreement_ids: Ids, since: datetime, today: date) -> Iterator[Happening]:
    """Yield each change of who answers. One of the operator as a whole is asked under its oldest agreement in force."""
    wanted = select(Agreement.operator_id).where(among(session, Agreement.id, agreement_ids))
    of_operators = () if agreement_ids is None else (Contact.operator_id.in_(wanted),)
    rows = session.execute(
        select(Contact.operator_id, Contact.agreement_id, Contact.role).where(
            *of_operators,
            Contact.role.in_(TOLD_ROLES),
            Contact.recorded_at >= since,
            current(Contact),
            or_(Contact.until.is_(None), Contact.until >= today),
        )
    )
    changed = {(row.operator_id, row.agreement_id, row.role) for row in rows}
    if not changed:
        return
    operators = {operator_id for operator_id, _, _ in changed}
    scopes: dict[tuple[int, int | None, ContactRole], list[Contact]] = {}
    for row in session.scalars(
        select(Contact)
        .where(among(session, Contact.operator_id, operators), Contact.role.in_(TOLD_ROLES))
        .order_by(Contact.id)
    ):
        scopes.setdefault((row.operator_id, row.agreement_id, row.role), []).append(row)
    places = _agreements_of(session, operators, today)
    for scope in sorted(changed, key=lambda each: (each[0], each[1] or 0, each[2])):
        change = _last_change(scopes[scope], since)
        place = places.get((scope[0], scope[1]))
        if change is None or place is None or (agreement_ids is not None and place[0] not in agreement_ids):
            continue
        recorded_on = day_of(change.recorded_at)
        yield Happening(
            place[0],
            Occasion.CONTACT_CHANGED,
            str(change.id),
            # A corrected record keeps the day since which the person answers; what is new in it is new today.
            recorded_on if change.lineage != change.id else change.since,
            recorded_on,
            day_of(place[1]),
            Record("contact", change.lineage or change.id, f"Contato: {change.name}"),
        )


def _last_change(rows: list[Contact], since: datetime) -> Contact | None:
    """Return the last row that says another name or address than the row before it, if it was recorded since."""
    for before, row in reversed(tuple(pairwise(rows))):
        if row.recorded_at < since:
            return None
        if _told(before) != _told(row):
            return row
    return None


def _told(row: Contact) -> tuple[str, str, str]:
    return row.name.casefold(), row.email.casefold(), row.phone


def _agreements_of(
    session: Session, operators: Collection[int], today: date
) -> dict[tuple[int, int | None], tuple[int, datetime]]:
    """Return where a contact's change is asked: (operator, agreement or ``None``) to the agreement and its creation."""
    end = func.coalesce(AgreementRevision.ended_on, AgreementRevision.ends_on)
    rows = session.execute(
        select(Agreement.id, Agreement.operator_id, Agreement.created_at)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(among(session, Agreement.operator_id, operators), or_(end.is_(None), end >= today))
        .order_by(Agreement.id)
    )
    places: dict[tuple[int, int | None], tuple[int, datetime]] = {}
    for agreement_id, operator_id, created_at in rows:
        places.setdefault((operator_id, None), (agreement_id, created_at))
        places[operator_id, agreement_id] = (agreement_id, created_at)
    return places


def turns(session: Session, agreement_ids: Ids, *, since: datetime) -> dict[int, list[datetime]]:
    """Return when something that may move the exposure was recorded, since a moment, by agreement, oldest first.

    What was recorded on the day the agreement entered the register is left out: it is part of the registration.
    """
    found: dict[int, list[datetime]] = {}
    for table in (AgreementRevision, SubOperator):
        rows = session.execute(
            select(table.agreement_id, table.recorded_at, Agreement.created_at)
            .join(Agreement, Agreement.id == table.agreement_id)
            .where(among(session, table.agreement_id, agreement_ids), table.recorded_at >= since)
        )
        for agreement_id, recorded_at, created_at in rows:
            if day_of(recorded_at) > day_of(created_at):
                found.setdefault(agreement_id, []).append(recorded_at)
    return {agreement_id: sorted(set(moments)) for agreement_id, moments in found.items()}


def noted(session: Session, agreement_ids: Ids) -> set[str]:
    """Return the keys of the facts that were asked already."""
    return set(
        session.scalars(select(RequestOccasion.key).where(among(session, RequestOccasion.agreement_id, agreement_ids)))
    )


def of_request(session: Session, request_id: int) -> list[RequestOccasion]:
    """Return the facts that a request asks about, as they were noted."""
    return list(
        session.scalars(
            select(RequestOccasion).where(RequestOccasion.request_id == request_id).order_by(RequestOccasion.id)
        )
    )


def counted(session: Session) -> dict[Occasion, int]:
    """Return how many facts of each kind were asked about."""
    rows = session.execute(select(RequestOccasion.occasion, func.count(RequestOccasion.id)).group_by("occasion"))
    return dict(rows.all())


class OpenRequest(NamedTuple):
    """A request that may take a fact in, and its items: (inciso, slugs of the proofs that would do)."""

    id: int
    items: tuple[tuple[str, frozenset[str]], ...]


def joinable(session: Session, agreement_id: int, *, opened_since: date, due_from: date) -> OpenRequest | None:
    """Return the newest open request opened since a day whose term still runs to another; ``None``: there is none."""
    request_id = session.scalar(
        select(Request.id)
        .where(
            Request.agreement_id == agreement_id,
            Request.state == RequestState.OPEN,
            Request.kind.in_((RequestKind.INFORMATION, RequestKind.EVIDENCE_RENEWAL)),
            Request.opened_on >= opened_since,
            Request.due_on >= due_from,
        )
        .order_by(Request.id.desc())
        .limit(1)
    )
    if request_id is None:
        return None
    items = session.execute(
        select(RequestItem.inciso, RequestItem.evidence_kind, RequestItem.accepts)
        .where(RequestItem.request_id == request_id)
        .order_by(RequestItem.position)
    )
    return OpenRequest(
        request_id,
        tuple(
            (row.inciso, frozenset([row.evidence_kind.value] if row.evidence_kind else row.accepts)) for row in items
        ),
    )


def has_open_audit(session: Session, agreement_id: int, *, by: date) -> bool:
    """Tell whether an audit is planned by the day, and neither concluded nor refused."""
    return (
        session.scalar(
            select(Audit.id)
            .where(
                Audit.agreement_id == agreement_id,
                current(Audit),
                Audit.planned_on <= by,
                Audit.concluded_on.is_(None),
                Audit.refused_on.is_(None),
            )
            .limit(1)
        )
        is not None
    )
