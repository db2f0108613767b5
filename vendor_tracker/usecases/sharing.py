"""With whom data of a kind are shared (art. 9º, VII): the answer to a data subject, from the register.

The person who answers sees everything; the text to send holds back what the public portal holds back, with its ground.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.publication import masked
from contracts.vocabulary import DataCategory, PublicField, Regime, SubjectGroup
from vendor_tracker import clock
from vendor_tracker.store import transparency as store
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.transparency import LinkRow
from vendor_tracker.usecases.transparency import PublicAgreement, made_public
from vendor_tracker.usecases.work import look

MOST = 500
"""Agreements that one answer holds; an answer longer than that needs a narrower question."""


@dataclass(frozen=True, slots=True)
class SharedUnder:
    """An agreement of the answer: as the staff know it, and as the data subject may be told."""

    id: int
    label: str
    public: PublicAgreement
    categories: tuple[DataCategory, ...]
    groups: tuple[SubjectGroup, ...]
    """All that are on record, which only the staff see."""
    purpose: str
    ended: bool
    sub_operators: tuple[LinkRow, ...]


@dataclass(frozen=True, slots=True)
class SharedWith:
    """An operator of the answer."""

    operator_id: int
    name: str
    cnpj: str | None
    regime: Regime | None
    agreements: tuple[SharedUnder, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of one entity: its name, or the ground of not telling it."""

    name: str
    identity: str
    ground: str
    agreements: tuple[SharedUnder, ...]


@dataclass(frozen=True, slots=True)
class SharingPage:
    """The question and its answer."""

    title: str
    categories: tuple[DataCategory, ...]
    groups: tuple[SubjectGroup, ...]
    ended: bool
    asked: bool
    operators: tuple[SharedWith, ...]
    told: tuple[Told, ...]
    """The same in what the text says; entities whose name is held back stand alone, each by its agreement."""
    total: int
    """Agreements, also those beyond :data:`MOST`."""
    unanswered: int
    """Agreements in force of which nobody has said which data they hold: the answer may lack them."""
    today: date


def sharing_page(
    *, categories: Collection[DataCategory] = (), groups: Collection[SubjectGroup] = (), ended: bool = False
) -> SharingPage:
    """Return with whom data of any of the categories and groups are shared; nothing when neither is said."""
    asked_categories = tuple(each for each in DataCategory if each in categories)
    asked_groups = tuple(each for each in SubjectGroup if each in groups)
    asked = bool(asked_categories or asked_groups)
    today = clock.today()
    operators: list[SharedWith] = []
    total = unanswered = 0
    if asked:
        with look() as session:
            rows, total = store.sharing(
                session, categories=asked_categories, groups=asked_groups, ended=ended, limit=MOST
            )
            links = store.sub_operators(session, [row.id for row in rows], today) if rows else {}
            public = made_public(session, rows)
            unanswered = store.unanswered(session)
        found: dict[int, list[SharedUnder]] = {}
        heads = {}
        for row, shown in zip(rows, public, strict=True):
            heads[row.operator_id] = row
            found.setdefault(row.operator_id, []).append(
                SharedUnder(
                    row.id,
                    agreement_label(row.kind, row.number),
                    shown,
                    tuple(DataCategory(slug) for slug in row.data_categories or ()),
                    tuple(SubjectGroup(slug) for slug in row.subject_groups or ()),
                    row.purpose or "",
                    row.stage in store.ENDED,
                    tuple(links.get(row.id, ())),
                )
            )
        operators = [
            SharedWith(key, heads[key].operator, heads[key].cnpj, heads[key].regime, tuple(agreements))
            for key, agreements in found.items()
        ]
    return SharingPage(
        "Com quem compartilhamos",
        asked_categories,
        asked_groups,
        ended,
        asked,
        tuple(operators),
        told_of(operators),
        total,
        unanswered,
        today,
    )


def told_of(operators: Sequence[SharedWith]) -> tuple[Told, ...]:
    """Return the answer as the data subject may read it, named entities first."""
    named, nameless = [], []
    for operator in operators:
        open_ones = tuple(each for each in operator.agreements if PublicField.PARTY not in each.public.withheld)
        if open_ones:
            first = open_ones[0].public
            named.append(Told(first.party, first.party_id, "", open_ones))
        nameless += [
            Told("", "", each.public.withheld[PublicField.PARTY], (each,))
            for each in operator.agreements
            if PublicField.PARTY in each.public.withheld
        ]
    return (*named, *nameless)


def told_links(agreement: SharedUnder) -> tuple[str, ...]:
    """Return the names of the sub-operators that the text may tell: none where the party itself is held back."""
    if PublicField.PARTY in agreement.public.withheld:
        return ()
    return tuple(masked(link.name, name=True) for link in agreement.sub_operators)
