"""Who is written to: the operator's preposto and contacts, the gestor and the fiscal, the people of a role."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import ContactRole, StewardRole, UserRole
from vendor_tracker.store.base import current
from vendor_tracker.store.dialects import among
from vendor_tracker.store.tables import Agreement, Contact, Steward, User


class Mailbox(NamedTuple):
    """Somebody who can be written to."""

    name: str
    email: str


def prepostos(session: Session, agreement_ids: Collection[int], on: date) -> Mapping[int, Mailbox]:
    """Return the preposto with an address of each agreement: its own before that of the operator, the newest first."""
    rows = session.execute(
        select(Agreement.id, Contact.agreement_id, Contact.name, Contact.email)
        .join(Contact, Contact.operator_id == Agreement.operator_id)
        .where(
            among(session, Agreement.id, agreement_ids),
            or_(Contact.agreement_id.is_(None), Contact.agreement_id == Agreement.id),
            Contact.role == ContactRole.PREPOSTO,
            Contact.email != "",
            *_serving(Contact, on),
        )
        .order_by(Agreement.id, Contact.agreement_id.is_(None), Contact.since.desc(), Contact.id.desc())
    )
    found: dict[int, Mailbox] = {}
    for agreement_id, _, name, email in rows:
        found.setdefault(agreement_id, Mailbox(name, email))
    return found


def _serving(table: type[Contact] | type[Steward], on: date) -> tuple[ColumnElement[bool], ...]:
    return current(table), table.since <= on, or_(table.until.is_(None), table.until >= on)


def contacts(session: Session, agreement_id: int, on: date) -> list[Mailbox]:
    """Return everybody who answers for the operator under the agreement and has an address, each address once.

    The prepostos come first, those of the agreement before those of the operator: the order in which they are written
    to when one address fails.
    """
    rows = session.execute(
        select(Contact.name, Contact.email)
        .join(Agreement, Agreement.operator_id == Contact.operator_id)
        .where(
            Agreement.id == agreement_id,
            or_(Contact.agreement_id.is_(None), Contact.agreement_id == agreement_id),
            Contact.email != "",
            *_serving(Contact, on),
        )
        .order_by(
            case((Contact.role == ContactRole.PREPOSTO, 0), else_=1),
            Contact.agreement_id.is_(None),
            Contact.since.desc(),
            Contact.id.desc(),
        )
    )
    return _once(Mailbox(name, email) for name, email in rows)


def stewards(session: Session, agreement_id: int, on: date) -> list[Mailbox]:
    """Return the gestor and the fiscal who have an address, the fiscal first."""
    rows = session.execute(
        select(Steward.name, Steward.email)
        .where(Steward.agreement_id == agreement_id, Steward.email != "", *_serving(Steward, on))
        .order_by(case((Steward.role == StewardRole.FISCAL, 0), else_=1), Steward.id)
    )
    return _once(Mailbox(name, email) for name, email in rows)


def people_of_role(session: Session, role: UserRole) -> list[Mailbox]:
    """Return the active users of a role."""
    rows = session.execute(select(User.name, User.email).where(User.role == role, User.active).order_by(User.id))
    return _once(Mailbox(name, email) for name, email in rows)


def _once(boxes: Any) -> list[Mailbox]:
    found: dict[str, Mailbox] = {}
    for box in boxes:
        found.setdefault(box.email.lower(), box)
    return list(found.values())
