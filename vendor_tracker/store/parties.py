"""Who answers for an agreement on each side: contacts, gestores and fiscais, sub-operators."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from contracts.vocabulary import ContactRole
from vendor_tracker.store.base import current
from vendor_tracker.store.tables import Agreement, Contact, Steward, SubOperator, User


class ContactLine(NamedTuple):
    """A contact as pages show it."""

    lineage: int
    agreement_id: int | None
    agreement: str
    role: ContactRole
    name: str
    email: str
    phone: str
    document: str
    reachable_always: bool | None
    since: date
    until: date | None


def contacts(session: Session, *, operator_id: int, agreement_id: int | None = None) -> list[ContactLine]:
    """Return the contacts of an operator, the present ones first; with ``agreement_id``, only those that serve it."""
    serves = [] if agreement_id is None else [or_(Contact.agreement_id.is_(None), Contact.agreement_id == agreement_id)]
    statement = (
        select(
            Contact.lineage,
            Contact.agreement_id,
            func.coalesce(Agreement.number, ""),
            Contact.role,
            Contact.name,
            Contact.email,
            Contact.phone,
            Contact.document,
            Contact.reachable_always,
            Contact.since,
            Contact.until,
        )
        .outerjoin(Agreement, Agreement.id == Contact.agreement_id)
        .where(Contact.operator_id == operator_id, current(Contact), *serves)
        .order_by(Contact.until.is_not(None), Contact.role, Contact.since.desc(), Contact.id.desc())
    )
    return [ContactLine._make(row) for row in session.execute(statement)]


def present_contacts(session: Session, operator_id: int) -> list[Contact]:
    """Return the rows of the contacts who answer for an operator now."""
    return list(
        session.scalars(
            select(Contact)
            .where(Contact.operator_id == operator_id, current(Contact), Contact.until.is_(None))
            .order_by(Contact.id)
        )
    )


def stewards(session: Session, agreement_id: int) -> list[Steward]:
    """Return the gestores and fiscais of an agreement, present ones first."""
    return list(
        session.scalars(
            select(Steward)
            .where(Steward.agreement_id == agreement_id, current(Steward))
            .order_by(Steward.until.is_not(None), Steward.role.desc(), Steward.since.desc(), Steward.id.desc())
        )
    )


def sub_operators(session: Session, agreement_id: int) -> list[SubOperator]:
    """Return the sub-operators of an agreement in the order in which they were registered."""
    return list(
        session.scalars(
            select(SubOperator)
            .where(SubOperator.agreement_id == agreement_id, current(SubOperator))
            .order_by(SubOperator.lineage, SubOperator.id)
        )
    )


def names_of(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of users by id."""
    wanted = sorted({user_id for user_id in user_ids if user_id is not None})
    if not wanted:
        return {}
    return {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(wanted)))}
