"""What is on record about an agreement as it holds on a day, and what each act changed of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from contracts.vocabulary import DataCategory, DispensationGround, EndReason, Exposure, Role, SubjectGroup, VolumeBand
from vendor_tracker.importing.sentences import sentence_case
from vendor_tracker.store import register
from vendor_tracker.store.tables import AgreementRevision


@dataclass(frozen=True, slots=True)
class Said:
    """What is on record about an agreement, as it holds; ``None`` means that nobody has told us."""

    sei_process: str = ""
    object: str = ""
    signed_on: date | None = None
    published_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    ended_on: date | None = None
    end_reason: EndReason | None = None
    value: Decimal | None = None
    role: Role | None = None
    role_justification: str = ""
    role_approved_by: str = ""
    role_approved_on: date | None = None
    dispensation_ground: DispensationGround | None = None
    dispensation_detail: str = ""
    dispensation_by: str = ""
    dispensation_on: date | None = None
    purpose: str | None = None
    public_function: str | None = None
    legal_basis: str | None = None
    guarantees: str | None = None
    subject_access: str | None = None
    reviewed_on: date | None = None
    data_categories: tuple[DataCategory, ...] | None = None
    subject_groups: tuple[SubjectGroup, ...] | None = None
    sensitive: bool | None = None
    children: bool | None = None
    judicial_secrecy: bool | None = None
    volume: VolumeBand | None = None
    international_transfer: bool | None = None
    transfer_countries: tuple[str, ...] = ()
    system_access: bool | None = None
    external_hosting: bool | None = None
    uses_sub_operators: bool | None = None
    nobody_has_access: bool | None = None
    raised_exposure: Exposure | None = None
    raised_exposure_reason: str = ""
    incident_term_hours: int | None = None
    assistance_term_days: int | None = None
    disposal_term_days: int | None = None
    secret: bool = False
    secrecy_ground: str = ""


_ENUM_LISTS: Mapping[str, type[DataCategory] | type[SubjectGroup]] = {
    "data_categories": DataCategory,
    "subject_groups": SubjectGroup,
}


def said_by(revision: AgreementRevision | None) -> Said:
    """Return what a revision says, as a frozen value; nothing at all for ``None``."""
    if revision is None:
        return Said()
    values: dict[str, Any] = {}
    for item in fields(Said):
        value = getattr(revision, item.name)
        if item.name in _ENUM_LISTS and value is not None:
            value = tuple(_ENUM_LISTS[item.name](slug) for slug in value)
        elif item.name == "transfer_countries":
            value = tuple(value or ())
        values[item.name] = value
    return Said(**values)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that a revision changed; ``key`` is the column, and the values are as :class:`Said` has them."""

    key: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What changed, when it was recorded, from which day it holds, and who recorded it."""

    recorded_at: datetime
    by: str
    holds_from: date
    reason: str
    changes: tuple[FieldChange, ...]


def needs_approval(said: Said) -> bool:
    """Tell whether a role other than operator was proposed and waits for the Encarregado."""
    return said.role is not None and said.role is not Role.OPERATOR and said.role_approved_on is None


def history_of(rows: Sequence[AgreementRevision], names: Mapping[int, str]) -> tuple[HistoryEntry, ...]:
    """Return what each act changed, the newest first.

    A revision is compared with the one that held on its day when it was recorded. One act may write several, because a
    change is carried into every later picture; it is told once, from its first day on.
    """
    entries: list[HistoryEntry] = []
    for place, row in enumerate(rows):
        last = rows[place - 1] if place else None
        if last is not None and (last.recorded_at, last.reason) == (row.recorded_at, row.reason):
            continue
        earlier = rows[:place]
        base = register.holding_on(earlier, row.holds_from)
        if base is None and earlier:
            base = min(earlier, key=lambda other: (other.holds_from, other.id))
        before, after = said_by(base), said_by(row)
        changes = tuple(
            FieldChange(item.name, _told(before, item.name), _told(after, item.name))
            for item in fields(Said)
            if getattr(before, item.name) != getattr(after, item.name)
        )
        by = names.get(row.recorded_by_id or 0, "")
        entries.append(HistoryEntry(row.recorded_at, by, row.holds_from, row.reason, changes))
    return tuple(reversed(entries))


def _told(said: Said, key: str) -> object:
    """Return a field as the history tells it: the object as a sentence, even when the source shouts."""
    value: object = getattr(said, key)
    return sentence_case(value) if key == "object" and isinstance(value, str) else value
