"""The public portal (arts. 5º and 26): which agreements share personal data, field by field, and what is held back.

What leaves this module for the public has already been masked and held back: no page, file or answer of the API sees
anything else. Nothing of it is a verdict, and no person's contact is read at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from contracts.cnpj import Cnpj
from contracts.publication import HIDDEN_WHEN_SECRET, Condition, PublicityFacts, conditions, masked, withheld
from contracts.vocabulary import AgreementKind, DataCategory, PublicField, SubjectGroup
from vendor_tracker import clock
from vendor_tracker.store import parties, register_papers
from vendor_tracker.store import transparency as store
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.tables import PublicityDecision
from vendor_tracker.store.transparency import PublicFilters, SharingRow
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.work import Actor, UseCaseError, act, look

PAGE_SIZE = 20
CHUNK = 500
"""Agreements read at a time when the whole list is written out."""
STAGES = ("in_force", "ended", "all")
LONGEST_GROUND = 500

M = TypeVar("M", DataCategory, SubjectGroup)


@dataclass(frozen=True, slots=True)
class PublicAgreement:
    """An agreement as the public sees it. What is held back is empty, and its ground is in ``withheld``."""

    kind: AgreementKind | None
    instrument: str
    """As it is named: "Contrato 00012/2024"."""
    party: str
    party_id: str
    """CNPJ with its mask, or the foreign identification."""
    purpose: str
    legal_basis: str
    """Empty also when nobody has told us."""
    data_categories: tuple[DataCategory, ...]
    subject_groups: tuple[SubjectGroup, ...]
    starts_on: date | None
    ends_on: date | None
    ended: bool | None
    international_transfer: bool | None
    transfer_countries: tuple[str, ...]
    withheld: Mapping[PublicField, str]


@dataclass(frozen=True, slots=True)
class PublicPage:
    """A part of the public list."""

    title: str
    lede: str
    agreements: tuple[PublicAgreement, ...]
    total: int
    number: int
    size: int
    filters: PublicFilters
    filtered: bool
    today: date


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field on the staff's page: what the public reads, what is on record, and who decided."""

    field: PublicField
    shown: bool
    ground: str
    """The ground that is shown in its place."""
    by_default: bool
    """It is held back because access to the agreement is restricted, and nobody has decided about the field."""
    decided: bool


@dataclass(frozen=True, slots=True)
class TakenDecision:
    """A decision about a field, past or standing."""

    field: PublicField
    held_back: bool
    ground: str
    who: str
    recorded_at: datetime
    stands: bool


@dataclass(frozen=True, slots=True)
class AsPublicPage:
    """How an agreement looks on the public portal, for the staff."""

    title: str
    agreement: AgreementHead
    published: bool
    conditions: tuple[Condition, ...]
    public: PublicAgreement
    fields: tuple[FieldLine, ...]
    decisions: tuple[TakenDecision, ...]


@dataclass(frozen=True, slots=True)
class FieldPage:
    """One field of an agreement, for the form of a decision."""

    title: str
    agreement: AgreementHead
    field: PublicField
    line: FieldLine


# -- what the public sees ---------------------------------------------------------------------------------------------


def as_public(row: SharingRow, held_back: Mapping[PublicField, str], ends_on: date | None) -> PublicAgreement:
    """Hold back and mask: the only way in which a record becomes public."""

    def shows(name: PublicField) -> bool:
        return name not in held_back

    party, instrument, term = shows(PublicField.PARTY), shows(PublicField.INSTRUMENT), shows(PublicField.TERM)
    transfer = shows(PublicField.INTERNATIONAL_TRANSFER)
    return PublicAgreement(
        kind=row.kind if instrument else None,
        instrument=masked(agreement_label(row.kind, row.number)) if instrument else "",
        party=masked(row.operator, name=True) if party else "",
        party_id=_party_id(row) if party else "",
        purpose=masked((row.purpose or "").strip()) if shows(PublicField.PURPOSE) else "",
        legal_basis=masked((row.legal_basis or "").strip()) if shows(PublicField.LEGAL_BASIS) else "",
        data_categories=_members(DataCategory, row.data_categories) if shows(PublicField.DATA_CATEGORIES) else (),
        subject_groups=_members(SubjectGroup, row.subject_groups) if shows(PublicField.SUBJECT_GROUPS) else (),
        starts_on=(row.starts_on or row.signed_on) if term else None,
        ends_on=ends_on if term else None,
        ended=row.stage in store.ENDED if term else None,
        international_transfer=row.international_transfer if transfer else None,
        transfer_countries=tuple(row.transfer_countries or ()) if transfer else (),
        withheld=dict(held_back),
    )


def _members(kind: type[M], slugs: Sequence[str] | None) -> tuple[M, ...]:
    return tuple(kind(slug) for slug in slugs or ())


def _party_id(row: SharingRow) -> str:
    if row.cnpj:
        return Cnpj(row.cnpj).formatted
    return masked(row.foreign_id or "", name=True)


def end_of(row: SharingRow, new_ends: Sequence[date]) -> date | None:
    """Return the last day of an agreement: when it was ended, else the latest day that it or an aditivo sets."""
    if row.ended_on is not None:
        return row.ended_on
    return max([day for day in (row.ends_on, *new_ends) if day is not None], default=None)


def ends_of(session: Session, rows: Sequence[SharingRow]) -> dict[int, date | None]:
    """Return the last day of each agreement."""
    moved: dict[int, list[date]] = {}
    for term in register_papers.terms_of(session, [row.id for row in rows]):
        if term.kind != "rescisao" and term.new_ends_on is not None:
            moved.setdefault(term.agreement_id, []).append(term.new_ends_on)
    return {row.id: end_of(row, moved.get(row.id, ())) for row in rows}


def made_public(session: Session, rows: Sequence[SharingRow]) -> tuple[PublicAgreement, ...]:
    """Return rows as the public sees them, with a fixed number of queries."""
    if not rows:
        return ()
    decisions = store.decisions(session, [row.id for row in rows])
    ends = ends_of(session, rows)
    return tuple(as_public(row, withheld(row.secret, decisions.get(row.id, {})), ends[row.id]) for row in rows)


def public_page(*, filters: PublicFilters, number: int = 1, size: int = PAGE_SIZE) -> PublicPage:
    """Return a part of the public list; a number past the end shows the last part."""
    with look() as session:
        rows, total = store.published(session, filters, offset=(number - 1) * size, limit=size)
        if not rows and total:
            number = -(-total // size)
            rows, total = store.published(session, filters, offset=(number - 1) * size, limit=size)
        shown = made_public(session, rows)
    return PublicPage(
        "Com quem compartilhamos dados pessoais",
        "",
        shown,
        total,
        number,
        size,
        filters,
        filtered=filters != PublicFilters(),
        today=clock.today(),
    )


@dataclass(frozen=True, slots=True)
class PublicList:
    """A page of the public list for programs; one past the end is empty."""

    items: tuple[PublicAgreement, ...]
    total: int
    number: int
    size: int


def public_list(*, filters: PublicFilters, number: int, size: int) -> PublicList:
    """Return a page of the public list for programs."""
    with look() as session:
        rows, total = store.published(session, filters, offset=(number - 1) * size, limit=size)
        return PublicList(made_public(session, rows), total, number, size)


def every_public(*, filters: PublicFilters) -> Iterator[PublicAgreement]:
    """Give the whole public list, a chunk at a time, so that no size of it fills the memory."""
    last = 0
    while True:
        with look() as session:
            rows = store.published_after(session, filters, last, limit=CHUNK)
            shown = made_public(session, rows)
        yield from shown
        if len(rows) < CHUNK:
            return
        last = rows[-1].id


# -- what the staff decides -------------------------------------------------------------------------------------------


def as_public_page(*, agreement_id: int) -> AsPublicPage:
    """Return how an agreement looks on the public portal, and why. Raises :class:`NotFoundError`."""
    with look() as session:
        head = head_of(session, agreement_id)
        row = store.one(session, agreement_id)
        if row is None:
            message = "An agreement always has a revision."
            raise LookupError(message)
        taken = store.taken(session, agreement_id)
        names = parties.names_of(session, [each.recorded_by_id for each in taken])
        decided = store.decisions(session, [agreement_id]).get(agreement_id, {})
        (public,) = made_public(session, [row])
    rule = conditions(_facts(row))
    return AsPublicPage(
        "Como fica no portal público",
        head,
        all(condition.holds for condition in rule),
        rule,
        public,
        tuple(_field_line(name, public, decided, secret=row.secret) for name in PublicField),
        tuple(
            TakenDecision(
                each.field,
                each.held_back,
                each.ground,
                names.get(each.recorded_by_id or 0, ""),
                each.recorded_at,
                each.superseded_at is None,
            )
            for each in taken
        ),
    )


def _facts(row: SharingRow) -> PublicityFacts:
    return PublicityFacts(
        role=row.role,
        role_approved=row.role_approved_on is not None,
        dispensation=row.dispensation,
        purpose=row.purpose,
        data_categories=_members(DataCategory, row.data_categories),
        subject_groups=_members(SubjectGroup, row.subject_groups),
        begun=row.stage not in {None, "future"},
    )


def _field_line(
    name: PublicField, public: PublicAgreement, decided: Mapping[PublicField, tuple[bool, str]], *, secret: bool
) -> FieldLine:
    return FieldLine(
        name,
        name not in public.withheld,
        public.withheld.get(name, ""),
        secret and name in HIDDEN_WHEN_SECRET and name not in decided,
        name in decided,
    )


def field_page(*, agreement_id: int, field: PublicField) -> FieldPage:
    """Return one field of an agreement for its form. Raises :class:`NotFoundError`."""
    page = as_public_page(agreement_id=agreement_id)
    line = next(each for each in page.fields if each.field is field)
    return FieldPage("Reter um dado" if line.shown else "Mostrar um dado", page.agreement, field, line)


def decide_field(actor: Actor, *, agreement_id: int, field: PublicField, held_back: bool, ground: str) -> bool:
    """Hold a field back from the public portal, or show it; ``False`` when that already stands.

    The ground of holding back is published in the place of the field; the reason for showing stays with the staff.
    Raises :class:`UseCaseError` without one.
    """
    words = " ".join(ground.split())
    if len(words) < 3:
        raise UseCaseError(
            "Informe o fundamento legal: ele aparece no lugar do dado."
            if held_back
            else "Diga em uma frase por que o dado pode ser mostrado.",
            field="ground",
        )
    if len(words) > LONGEST_GROUND:
        raise UseCaseError(f"Use no máximo {LONGEST_GROUND} caracteres.", field="ground")
    with act(actor) as work:
        head = head_of(work.session, agreement_id)
        row = store.decision(work.session, agreement_id, field)
        if row is not None and (row.held_back, row.ground) == (held_back, words):
            return False
        if row is None and not held_back and not (head.secret and field in HIDDEN_WHEN_SECRET):
            return False
        if row is None:
            work.session.add(
                PublicityDecision(
                    agreement_id=agreement_id,
                    field=field,
                    held_back=held_back,
                    ground=words,
                    recorded_at=work.now,
                    recorded_by_id=actor.user_id,
                )
            )
        else:
            work.session.add(
                row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, held_back=held_back, ground=words)
            )
        work.trail(
            "publicity_decided",
            "agreement",
            agreement_id,
            f"{head.label}: um dado {'retido no' if held_back else 'mostrado no'} portal público.",
            {"field": field, "held_back": held_back, "ground": words},
        )
        return True


__all__ = [
    "LONGEST_GROUND",
    "STAGES",
    "AsPublicPage",
    "FieldLine",
    "FieldPage",
    "PublicAgreement",
    "PublicFilters",
    "PublicList",
    "PublicPage",
    "TakenDecision",
    "as_public",
    "as_public_page",
    "decide_field",
    "ends_of",
    "every_public",
    "field_page",
    "made_public",
    "public_list",
    "public_page",
]
