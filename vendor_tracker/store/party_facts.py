"""Who stands on the operator's side, as facts."""

from collections import defaultdict

from sqlalchemy import or_, select

from contracts.facts import ContactFact, PersonFact, Record, SubOperatorFact
from vendor_tracker.store.knowledge import Knowledge
from vendor_tracker.store.tables import Agreement, AuthorisedPerson, Contact, SubOperator


def contacts(seen: Knowledge) -> dict[tuple[int, int | None], list[ContactFact]]:
    """Return who answers for each operator (agreement ``None``) and for each agreement."""
    rows = seen.session.execute(
        select(
            Contact.operator_id,
            Contact.agreement_id,
            Contact.lineage,
            Contact.role,
            Contact.name,
            Contact.since,
            Contact.until,
            Contact.reachable_always,
        )
        .where(
            Contact.operator_id.in_(select(Agreement.operator_id).where(seen.of(Agreement.id))),
            or_(Contact.agreement_id.is_(None), seen.of(Contact.agreement_id)),
            seen.known(Contact),
        )
        .order_by(Contact.lineage, Contact.id)
    )
    found: dict[tuple[int, int | None], list[ContactFact]] = defaultdict(list)
    for row in rows:
        record = Record("contact", row.lineage, f"Contato: {row.name}")
        found[row.operator_id, row.agreement_id].append(
            ContactFact(record, row.role, row.since, row.until, row.reachable_always)
        )
    return found


def sub_operators(seen: Knowledge) -> dict[int, list[SubOperatorFact]]:
    """Return the sub-operators of the day."""
    found: dict[int, list[SubOperatorFact]] = defaultdict(list)
    for row in seen.versioned(SubOperator):
        begun = row.since is None or row.since <= seen.on
        if begun and (row.until is None or seen.on <= row.until):
            record = Record("sub_operator", row.lineage, f"Suboperador: {row.name}")
            found[row.agreement_id].append(
                SubOperatorFact(record, row.name, seen.past(row.authorised_on), row.country, row.until)
            )
    return found


def people(seen: Knowledge) -> dict[int, tuple[PersonFact, ...]]:
    """Return the people with access to the data."""
    found: dict[int, list[PersonFact]] = defaultdict(list)
    for row in seen.versioned(AuthorisedPerson):
        found[row.agreement_id].append(
            PersonFact(
                Record("person", row.lineage, f"Pessoa autorizada: {row.label}"),
                row.has_need,
                seen.past(row.committed_on),
                row.access_from,
                row.access_until,
                seen.past(row.left_on),
            )
        )
    return {agreement: tuple(people) for agreement, people in found.items()}
