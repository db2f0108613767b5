"""Facts as staff read them: everything under an agreement, and one fact with its history."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from contracts.vocabulary import INCISOS
from vendor_tracker import clock
from vendor_tracker.store import conduct as store
from vendor_tracker.store import issued, papers, proofs, rulebook
from vendor_tracker.store.audits import requests_about
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.issued import IssuedRow
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.conduct.asking import CourtClock, askable, clock_of
from vendor_tracker.usecases.conduct.fact_kind import FactKind, Typed, Values
from vendor_tracker.usecases.conduct.kinds import KINDS, current_fact, kind_of, values_of
from vendor_tracker.usecases.document_kinds import kinds_about
from vendor_tracker.usecases.filing import FileView
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.work import Actor, look


@dataclass(frozen=True, slots=True)
class FactLine:
    """A fact in a list: its name and how it stands today."""

    lineage: int
    label: str
    inciso: str
    standing: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """The facts of one kind."""

    kind: FactKind
    lines: tuple[FactLine, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, or is due: a day or a moment, and the fact it belongs to."""

    when: date | datetime
    text: str
    slug: str
    lineage: int
    ahead: bool


@dataclass(frozen=True, slots=True)
class ConductPage:
    """Everything on record about how an agreement was carried out."""

    title: str
    agreement: AgreementHead
    groups: tuple[FactGroup, ...]
    happenings: tuple[Happening, ...]
    """Newest first, what is still to come on top."""


@dataclass(frozen=True, slots=True)
class FactVersion:
    """One version of a fact, with who recorded it."""

    recorded_at: datetime
    recorded_by: str
    values: Values


@dataclass(frozen=True, slots=True)
class FactPage:
    """A fact, its form's choices, and its history. ``lineage`` is ``None`` for a new one."""

    title: str
    kind: FactKind
    agreement: AgreementHead
    lineage: int | None
    values: Values
    standing: str
    file: FileView | None
    versions: tuple[FactVersion, ...]
    incisos: tuple[tuple[str, str], ...]
    """Code and title; the title of the twelve is empty, because it is a label."""
    audits: tuple[tuple[int, str], ...]
    proofs: tuple[tuple[int, str], ...]
    """Accepted proofs of disposal."""
    documents: tuple[str, ...] = ()
    """The documents of the clause library that can be made about it."""
    issued: tuple[IssuedRow, ...] = ()
    """Those that were issued, newest first."""
    lacking: tuple[str, ...] = ()
    """What is still missing before it is settled."""
    requests: tuple[RequestHead, ...] = ()
    """The requests that asked the operator about it, newest first."""
    court: CourtClock | None = None
    """The operator's clock and the court's, of a plea for help."""
    to_ask: bool = False
    """Whether it is a corrective action that is owed and that no request asks."""


def index(*, agreement_id: int) -> ConductPage:
    """Return everything on record about how an agreement was carried out, in a fixed number of queries."""
    today = clock.today()
    with look() as session:
        head = head_of(session, agreement_id)
        facts = store.current_facts(session, agreement_id)
        groups = tuple(
            FactGroup(
                kind,
                tuple(
                    FactLine(
                        row.lineage, kind.label(row), getattr(row, "inciso", kind.inciso), kind.standing(row, today)
                    )
                    for row in reversed(facts[kind.record])
                ),
            )
            for kind in KINDS.values()
        )
        happenings = [
            Happening(when, text, kind.slug, row.lineage, _as_day(when) > today)
            for kind in KINDS.values()
            for row in facts[kind.record]
            for when, text in kind.events(row)
        ]
    happenings.sort(key=lambda each: (_as_moment(each.when), each.lineage), reverse=True)
    return ConductPage("Cumprimento", head, groups, tuple(happenings))


def _as_day(when: date | datetime) -> date:
    return clock.day_of(when) if isinstance(when, datetime) else when


def _as_moment(when: date | datetime) -> datetime:
    return when if isinstance(when, datetime) else clock.start_of(when)


def _choices(session: Session, head: AgreementHead, kind: FactKind) -> dict[str, Any]:
    further = tuple((row.code, row.title) for row in rulebook.further_obligations(session))
    audits = store.facts_of_kind(session, head.id, "audit") if "audit_lineage" in kind.fields else []
    return {
        "incisos": (*((inciso, "") for inciso in INCISOS), *further),
        "audits": tuple((row.lineage, row.title) for row in audits),
        "proofs": tuple(proofs.disposal_evidence_of(session, head.id)) if "evidence_id" in kind.fields else (),
    }


def new_fact(*, agreement_id: int, slug: str) -> FactPage:
    """Return what the form of a new fact needs."""
    kind = kind_of(slug)
    with look() as session:
        head = head_of(session, agreement_id)
        defaults: Typed = {}
        if kind.record == "disposal":
            defaults = _disposal_defaults(session, head)
        return FactPage(
            title=kind.register,
            kind=kind,
            agreement=head,
            lineage=None,
            values=defaults,
            standing="",
            file=None,
            versions=(),
            **_choices(session, head, kind),
        )


def _disposal_defaults(session: Session, head: AgreementHead) -> Typed:
    """Propose the end that is already on record."""
    facts = load_facts(session, [head.id], on=clock.today())[head.id]
    ended = facts.end if facts.end is not None and facts.end <= clock.today() else None
    return {"trigger": facts.end_reason, "triggered_on": ended}


def show(actor: Actor, *, slug: str, lineage: int) -> FactPage:
    """Return a fact with its history; raises :class:`NotFoundError`."""
    kind = kind_of(slug)
    with look() as session:
        row = current_fact(session, kind, lineage)
        head = head_of(session, row.agreement_id)
        file = papers.stored_file(session, row.file_id) if kind.takes_file else None
        return FactPage(
            title=f"{kind.name}: {kind.label(row)}",
            kind=kind,
            agreement=head,
            lineage=lineage,
            values=values_of(kind, row),
            standing=kind.standing(row, clock.today()),
            file=None if file is None else filing.view_of(file, actor, secret=head.secret),
            versions=tuple(
                FactVersion(version.recorded_at, name, values_of(kind, version))
                for version, name in store.versions(session, kind.record, lineage)
            ),
            documents=kinds_about(kind.record),
            lacking=kind.lacking(row),
            issued=tuple(issued.issued_documents(session, about=(kind.record, lineage))[0]),
            requests=tuple(requests_about(session, kind.record, [lineage]).get(lineage, ())),
            court=clock_of(session, row) if kind.record == "assistance" else None,
            to_ask=kind.record == "corrective_action" and bool(askable(session, [row])),
            **_choices(session, head, kind),
        )
