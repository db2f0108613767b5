"""Every kind of fact, in the order of the page, and a fact found by its kind."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from vendor_tracker.store import conduct as store
from vendor_tracker.usecases.conduct.dealings import ASSISTANCE, CALENDAR, INSTRUCTION
from vendor_tracker.usecases.conduct.disposal import DISPOSAL
from vendor_tracker.usecases.conduct.fact_kind import FactKind, Values
from vendor_tracker.usecases.conduct.incidents import CHANNEL_TEST, INCIDENT
from vendor_tracker.usecases.conduct.people import PERSON
from vendor_tracker.usecases.conduct.supervision import AUDIT, CORRECTIVE_ACTION, DEVIATION
from vendor_tracker.usecases.work import NotFoundError

KINDS: Mapping[str, FactKind] = {
    kind.slug: kind
    for kind in (
        INCIDENT,
        AUDIT,
        CORRECTIVE_ACTION,
        DEVIATION,
        INSTRUCTION,
        ASSISTANCE,
        PERSON,
        CALENDAR,
        CHANNEL_TEST,
        DISPOSAL,
    )
}
"""Every kind of fact by the name that addresses use, in the order of the page."""

SLUGS: Mapping[str, str] = {kind.record: kind.slug for kind in KINDS.values()}
"""The name that addresses use for each record slug."""


def kind_of(slug: str) -> FactKind:
    """Return the kind with this name; raises :class:`NotFoundError`."""
    if slug not in KINDS:
        message = "Este tipo de registro não existe."
        raise NotFoundError(message)
    return KINDS[slug]


def current_fact(session: Session, kind: FactKind, lineage: int) -> Any:
    """Return the newest version of a fact; raises :class:`NotFoundError`."""
    row = store.current_fact(session, kind.record, lineage)
    if row is None:
        message = "Este registro não existe."
        raise NotFoundError(message)
    return row


def values_of(kind: FactKind, row: Any) -> Values:
    """Return the values of a fact by the names of its fields."""
    return {name: getattr(row, name) for name in kind.fields}
