"""The chain of sub-operators of an agreement: who engaged whom, to do what, where, and what each took on.

The Portaria speaks of the operator; whoever it engages handles the same data. What each link of the chain must have on
record follows from that: the court's authorisation, and an instrument that carries the operator's duties on. Neither
is a verdict of its own: a gap here is something to ask the operator for.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from contracts.vocabulary import INCISOS
from vendor_tracker import clock
from vendor_tracker.store import parties, register
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.tables import SubOperator
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, act, look

HOME = "BR"


@dataclass(frozen=True, slots=True)
class Link:
    """A sub-operator in its place. ``depth`` is 1 for whom the operator itself engaged; ``gaps`` are sentences."""

    lineage: int
    name: str
    cnpj: str | None
    country: str
    activity: str
    authorised_on: date | None
    since: date | None
    until: date | None
    bound_on: date | None
    bound_by: str
    bound_incisos: tuple[str, ...] | None
    depth: int
    taking_part: bool
    gaps: tuple[str, ...]
    children: "tuple[Link, ...]" = field(default=())


@dataclass(frozen=True, slots=True)
class ChainPage:
    """The whole chain of an agreement."""

    title: str
    agreement: AgreementHead
    links: tuple[Link, ...]
    """Those whom the operator itself engaged; each carries its own."""
    taking_part: int
    deepest: int
    with_gaps: int
    abroad: tuple[str, ...]
    """Countries, other than Brazil, where those who take part handle the data; ISO codes in order."""
    said_none: bool
    """It is on record that the operator uses no sub-operators."""
    today: date


@dataclass(frozen=True, slots=True)
class LinkPage:
    """One sub-operator, for its forms."""

    title: str
    agreement: AgreementHead
    link: Link
    today: date


def chain_of(rows: Sequence[SubOperator], on: date) -> tuple[Link, ...]:
    """Put sub-operators into their places, in the order in which they were registered.

    One whose engager is not among them, or that would stand above itself, hangs from the operator: nobody is left out.
    """
    known = {int(row.lineage or row.id): row for row in rows}
    below: dict[int | None, list[int]] = {}
    for lineage, row in known.items():
        above = row.parent_lineage if row.parent_lineage in known else None
        if above is not None and _stands_above(known, lineage, above):
            above = None
        below.setdefault(above, []).append(lineage)

    def grow(lineage: int, depth: int, above: SubOperator | None) -> Link:
        row = known[lineage]
        return Link(
            lineage=lineage,
            name=row.name,
            cnpj=row.cnpj,
            country=row.country,
            activity=row.activity,
            authorised_on=row.authorised_on,
            since=row.since,
            until=row.until,
            bound_on=row.bound_on,
            bound_by=row.bound_by or "",
            bound_incisos=None if row.bound_incisos is None else tuple(row.bound_incisos),
            depth=depth,
            taking_part=_takes_part(row, on),
            gaps=gaps_of(row, above, on),
            children=tuple(grow(each, depth + 1, row) for each in below.get(lineage, ())),
        )

    return tuple(grow(lineage, 1, None) for lineage in below.get(None, ()))


def _stands_above(known: dict[int, SubOperator], lineage: int, above: int | None) -> bool:
    """Tell whether going up from ``above`` meets ``lineage`` again."""
    met: set[int] = set()
    while above is not None and above in known and above not in met:
        if above == lineage:
            return True
        met.add(above)
        above = known[above].parent_lineage
    # A ring that ``lineage`` is not part of is cut where the ring itself is looked at.
    return False


def _takes_part(row: SubOperator, on: date) -> bool:
    return (row.since is None or row.since <= on) and (row.until is None or on <= row.until)


def gaps_of(row: SubOperator, above: SubOperator | None, on: date) -> tuple[str, ...]:
    """Say what is missing on record about a sub-operator that takes part; nothing about one that has left."""
    if row.until is not None and row.until < on:
        return ()
    found = []
    if row.authorised_on is None or row.authorised_on > on:
        found.append("Não consta autorização do órgão.")
    elif row.since is not None and row.since < row.authorised_on:
        found.append(f"Participa desde {row.since:%d/%m/%Y}, antes da autorização.")
    if row.bound_on is None or row.bound_on > on:
        found.append("Não consta o instrumento pelo qual assumiu os deveres do operador.")
    elif row.bound_incisos is None:
        found.append("Não consta quais deveres o instrumento dele alcança.")
    else:
        left_out = [inciso for inciso in INCISOS if inciso not in row.bound_incisos]
        if left_out:
            found.append(f"O instrumento dele não alcança {_listed(left_out)} do art. 14.")
    if not row.activity.strip():
        found.append("Não consta o que ele faz com os dados.")
    if above is not None and above.until is not None and above.until < on:
        found.append(f"Quem o contratou, {above.name}, deixou a cadeia em {above.until:%d/%m/%Y}.")
    return tuple(found)


def _listed(incisos: Sequence[str]) -> str:
    if len(incisos) == 1:
        return f"o inciso {incisos[0]}"
    return f"os incisos {', '.join(incisos[:-1])} e {incisos[-1]}"


def every_link(links: Sequence[Link]) -> Iterator[Link]:
    """Go through a chain, each before those it engaged."""
    for link in links:
        yield link
        yield from every_link(link.children)


def show(*, agreement_id: int) -> ChainPage:
    """Return the chain of an agreement; raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        head = head_of(session, agreement_id)
        links = chain_of(parties.sub_operators(session, agreement_id), today)
        held = register.holding_on(register.revisions(session, agreement_id), today)
    present = [link for link in every_link(links) if link.taking_part]
    return ChainPage(
        title="Cadeia de suboperadores",
        agreement=head,
        links=links,
        taking_part=len(present),
        deepest=max((link.depth for link in present), default=0),
        with_gaps=sum(1 for link in every_link(links) if link.gaps),
        abroad=tuple(sorted({link.country for link in present if link.country != HOME})),
        said_none=held is not None and held.uses_sub_operators is False,
        today=today,
    )


def link_page(*, agreement_id: int, lineage: int, title: str) -> LinkPage:
    """Return one sub-operator for its forms; raises :class:`NotFoundError`."""
    page = show(agreement_id=agreement_id)
    link = next((each for each in every_link(page.links) if each.lineage == lineage), None)
    if link is None:
        raise NotFoundError("Não há esse suboperador.")
    return LinkPage(title, page.agreement, link, page.today)


def bind(
    actor: Actor, *, agreement_id: int, lineage: int, bound_on: date, bound_by: str, incisos: Collection[str]
) -> bool:
    """Record the instrument by which a sub-operator took on the duties; ``False`` when that was on record already."""
    named = " ".join(bound_by.split())[:300]
    if not named:
        raise UseCaseError(
            "Diga qual é o instrumento, por exemplo “contrato 12/2026 com a operadora”.", field="bound_by"
        )
    carried = [inciso for inciso in INCISOS if inciso in incisos]
    with act(actor) as work:
        row = register.newest(work.session, SubOperator, lineage)
        if row is None or row.agreement_id != agreement_id:
            raise NotFoundError("Não há esse suboperador.")
        if bound_on > work.today:
            raise UseCaseError("O instrumento não pode estar no futuro.", field="bound_on")
        if (row.bound_on, row.bound_by, row.bound_incisos) == (bound_on, named, carried):
            return False
        work.session.add(
            row.next_version(
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
                bound_on=bound_on,
                bound_by=named,
                bound_incisos=carried,
            )
        )
        work.trail(
            "sub_operator_bound",
            "agreement",
            agreement_id,
            f"Instrumento do suboperador {row.name} registrado: {named}.",
            {"sub_operator": lineage, "bound_on": bound_on, "incisos": carried},
        )
        judging.rejudge(work, [agreement_id], cause="Instrumento de suboperador registrado")
        return True


def correct(actor: Actor, *, agreement_id: int, lineage: int, activity: str, country: str, since: date | None) -> bool:
    """Correct what a sub-operator does, where, and since when; ``False`` when nothing changed. The name stays."""
    with act(actor) as work:
        row = register.newest(work.session, SubOperator, lineage)
        if row is None or row.agreement_id != agreement_id:
            raise NotFoundError("Não há esse suboperador.")
        if since is not None and row.until is not None and since > row.until:
            raise UseCaseError(f"A participação terminou em {row.until:%d/%m/%Y}; informe um dia antes.", field="since")
        said = {"activity": " ".join(activity.split())[:300], "country": (country or HOME).upper()[:2], "since": since}
        if all(getattr(row, name) == value for name, value in said.items()):
            return False
        work.session.add(row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, **said))
        work.trail(
            "sub_operator_corrected",
            "agreement",
            agreement_id,
            f"Dados do suboperador {row.name} corrigidos.",
            {"sub_operator": lineage, **said},
        )
        judging.rejudge(work, [agreement_id], cause="Suboperador corrigido")
        return True
