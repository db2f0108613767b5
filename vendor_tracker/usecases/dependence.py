"""Who stands behind the operators: sub-operators and countries on which several of them depend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from contracts.vocabulary import DataCategory, Exposure
from vendor_tracker import clock
from vendor_tracker.store import overview
from vendor_tracker.store.overview import Entrusted, PartyLink, Transfer
from vendor_tracker.store.search import folded
from vendor_tracker.usecases.chains import HOME
from vendor_tracker.usecases.work import look

__all__ = ["Country", "DependencePage", "Entrusted", "Party", "dependence_page", "gather"]

SEVERAL = 2
"""From how many operators on something is shared."""

PAGE_SIZE = 20
SHOWN = 30
"""Agreements named under each; the number of all of them stands beside."""

CNPJ_ROOT = 8
"""The first characters of a CNPJ, which all establishments of one company share."""

_TIERS = {tier: place for place, tier in enumerate(Exposure)}


@dataclass(slots=True)
class _Gathered:
    """What is known of one party or country while the register is gone through."""

    names: dict[str, int] = field(default_factory=dict)
    cnpjs: set[str] = field(default_factory=set)
    countries: set[str] = field(default_factory=set)
    agreements: dict[int, Exposure] = field(default_factory=dict)
    operators: set[int] = field(default_factory=set)

    @property
    def exposure(self) -> Exposure:
        return max(self.agreements.values(), key=_TIERS.__getitem__)


@dataclass(frozen=True, slots=True)
class Party:
    """A sub-operator on which several operators depend."""

    name: str
    cnpjs: tuple[str, ...]
    """Its establishments; empty when nobody informed one and the name alone says that it is the same."""
    countries: tuple[str, ...]
    operators: int
    agreements: int
    exposure: Exposure
    """The highest among the agreements."""
    categories: tuple[DataCategory, ...]
    uninformed: int
    """Agreements whose data categories nobody has informed."""
    shown: tuple[Entrusted, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """A country where data are handled, by sub-operators or by the operators themselves."""

    code: str
    operators: int
    agreements: int
    exposure: Exposure
    categories: tuple[DataCategory, ...]
    uninformed: int
    shown: tuple[Entrusted, ...]


@dataclass(frozen=True, slots=True)
class DependencePage:
    """The parties, those with most operators first, and the countries other than Brazil."""

    title: str
    today: date
    parties: tuple[Party, ...]
    page: int
    page_size: int
    total: int
    alone: int
    """Sub-operators that serve a single operator, which the page leaves out."""
    countries: tuple[Country, ...]


def dependence_page(*, page: int = 1) -> DependencePage:
    """Return the parties at ``page`` (from 1) and every country abroad; the number of queries is fixed."""
    today = clock.today()
    with look() as session:
        links = overview.party_links(session, today)
        parties, countries = gather(links, overview.transfers(session))
        shared = [each for each in parties if len(each.operators) >= SEVERAL]
        page = min(page, max(1, -(-len(shared) // PAGE_SIZE)))
        chosen = shared[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        wanted = {agreement for each in (*chosen, *countries.values()) for agreement in each.agreements}
        entrusted = overview.entrusted(session, wanted) if wanted else []
    return DependencePage(
        title="Quem está por trás",
        today=today,
        parties=tuple(
            Party(
                max(each.names, key=lambda name: (each.names[name], name)),
                tuple(sorted(each.cnpjs)),
                tuple(sorted(each.countries)),
                len(each.operators),
                len(each.agreements),
                each.exposure,
                *_said(each, entrusted),
            )
            for each in chosen
        ),
        page=page,
        page_size=PAGE_SIZE,
        total=len(shared),
        alone=len(parties) - len(shared),
        countries=tuple(
            Country(code, len(each.operators), len(each.agreements), each.exposure, *_said(each, entrusted))
            for code, each in sorted(countries.items(), key=lambda item: (*_most(item[1]), item[0]))
        ),
    )


def gather(links: Sequence[PartyLink], transfers: Iterable[Transfer]) -> tuple[list[_Gathered], dict[str, _Gathered]]:
    """Put what is the same together: by the root of the CNPJ and, where there is none, by the name without accents.

    A name without CNPJ joins the company that bears it when exactly one does. Returns parties, those with most
    operators first, and countries abroad by code.
    """
    roots: dict[str, set[str]] = {}
    for link in links:
        if link.cnpj:
            roots.setdefault(folded(link.name), set()).add(link.cnpj[:CNPJ_ROOT])
    parties: dict[str, _Gathered] = {}
    countries: dict[str, _Gathered] = {}
    for link in links:
        name = folded(link.name)
        bearers = roots.get(name, set())
        key = link.cnpj[:CNPJ_ROOT] if link.cnpj else next(iter(bearers)) if len(bearers) == 1 else f"nome:{name}"
        party = parties.setdefault(key, _Gathered())
        party.names[link.name] = party.names.get(link.name, 0) + 1
        party.countries.add(link.country)
        if link.cnpj:
            party.cnpjs.add(link.cnpj)
        _count(party, link.agreement_id, link.operator_id, link.exposure)
        if link.country != HOME:
            _count(countries.setdefault(link.country, _Gathered()), link.agreement_id, link.operator_id, link.exposure)
    for transfer in transfers:
        for code in set(transfer.countries or ()) - {HOME}:
            _count(
                countries.setdefault(code, _Gathered()), transfer.agreement_id, transfer.operator_id, transfer.exposure
            )
    return sorted(parties.values(), key=lambda each: (*_most(each), min(each.names))), countries


def _count(into: _Gathered, agreement_id: int, operator_id: int, exposure: Exposure) -> None:
    into.agreements[agreement_id] = exposure
    into.operators.add(operator_id)


def _most(each: _Gathered) -> tuple[int, int]:
    return -len(each.operators), -len(each.agreements)


def _said(
    each: _Gathered, entrusted: Sequence[Entrusted]
) -> tuple[tuple[DataCategory, ...], int, tuple[Entrusted, ...]]:
    """Return the categories of its agreements, in how many nobody informed them, and the first agreements."""
    own = [row for row in entrusted if row.agreement_id in each.agreements]
    slugs = {slug for row in own for slug in row.data_categories or ()}
    return (
        tuple(category for category in DataCategory if category.value in slugs),
        sum(not row.data_categories for row in own),
        tuple(own[:SHOWN]),
    )
