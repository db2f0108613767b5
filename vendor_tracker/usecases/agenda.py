"""The agenda: what falls on which day, for a unit, for a person, or for all, as a month and as a list.

Only what is still open is told: what was answered, done or accepted has left the agenda. The steps of the ladder are
computed from the terms and the administrative parameters, because nothing about them is on record before they are
taken.
"""

from calendar import SUNDAY, Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from contracts.escalation import Audience, Step, ladder
from contracts.vocabulary import AgendaKind, IncidentClock
from contracts.workdays import add_months
from vendor_tracker import clock
from vendor_tracker.store import agenda as store
from vendor_tracker.store.agenda import Dated, Named, Scope
from vendor_tracker.usecases import judging, rhythms
from vendor_tracker.usecases.conduct import SLUGS
from vendor_tracker.usecases.work import look

PAGE_SIZE = 50
SHOWN_A_DAY = 4
"""Commitments printed in a day of the month; the rest is one link away."""

LONGEST_TITLE = 110


@dataclass(frozen=True, slots=True)
class Commitment:
    """Something that falls on a day."""

    day: date
    kind: AgendaKind
    id: int
    title: str
    short: str
    """The title where there is little room: "Requisição 2026/0012"; empty where the kind says enough."""
    operator: str
    detail: str
    """Operator and agreement."""
    path: str
    """Address of the record, without the host."""
    uid: str
    """What names it in agendas for ever, without the host."""
    secret: bool
    """Some agreement that it belongs to is protected (art. 5º)."""
    overdue: bool
    """Somebody owes it and its day has passed; the end of an agreement or of a proof merely comes."""


_OWED = frozenset(
    {
        AgendaKind.REQUEST,
        AgendaKind.INCIDENT,
        AgendaKind.ASSISTANCE,
        AgendaKind.INSTRUCTION,
        AgendaKind.ACTION,
        AgendaKind.DISPOSAL,
        AgendaKind.REVIEW,
    }
)
"""What somebody owes by its day."""


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """A day of the month; those that fill up the first and the last week are of a neighbouring month."""

    day: date
    inside: bool
    working: bool
    commitments: tuple[Commitment, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AgendaPage:
    """A month, as the reader asked for it."""

    title: str
    today: date
    month: date
    """The first day of the month shown."""
    previous: date | None
    next: date | None
    view: str
    """``month`` or ``list``."""
    day: date | None
    """The only day of the list, when the reader asked for one."""
    scope: Scope
    kind: AgendaKind | None
    units: tuple[tuple[int, str], ...]
    people: tuple[tuple[int, str], ...]
    weeks: tuple[tuple[AgendaDay, ...], ...]
    """The month by weeks that begin on Sunday; empty in the list."""
    lines: tuple[Commitment, ...]
    """One page of the list, by day; empty in the month."""
    total: int
    number: int
    size: int


class _Placed(NamedTuple):
    """A commitment on a day, before it is named; ``slug`` tells the steps of a ladder apart."""

    day: date
    order: int
    id: int
    slug: str
    kind: AgendaKind


_ORDER = {kind: place for place, kind in enumerate(AgendaKind)}
"""In what order the commitments of a day are told: the gravest terms first."""
_ORDER[AgendaKind.INCIDENT] = -1


def agenda_page(
    *,
    month: date | None = None,
    day: date | None = None,
    view: str = "month",
    scope: Scope | None = None,
    kind: AgendaKind | None = None,
    number: int = 1,
) -> AgendaPage:
    """Return the agenda of a month (default: the present one); ``day`` narrows the list to one day."""
    today = clock.today()
    # A term beside the first or the last year that the calendar knows could not be counted.
    earliest, latest = date(judging.CALENDAR_YEARS[0] + 1, 1, 1), date(judging.CALENDAR_YEARS[1] - 1, 12, 1)
    first = min(max((day or month or today).replace(day=1), earliest), latest)
    day = day if day is not None and day.replace(day=1) == first else None
    last = add_months(first, 1) - timedelta(days=1)
    chosen = scope or Scope()
    kinds = (kind,) if kind is not None else tuple(AgendaKind)
    view = "list" if day is not None or view == "list" else "month"
    with look() as session:
        span = (day, day) if day is not None else (first, last)
        found = sorted(_placed(session, *span, chosen, today=today, kinds=kinds))
        number = min(number, max(1, -(-len(found) // PAGE_SIZE)))
        lines: tuple[Commitment, ...] = ()
        weeks: tuple[tuple[AgendaDay, ...], ...] = ()
        if view == "list":
            lines = tuple(_named(session, found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]))
        else:
            weeks = _weeks(session, first, found)
        return AgendaPage(
            title="Agenda",
            today=today,
            month=first,
            previous=add_months(first, -1) if first > earliest else None,
            next=add_months(first, 1) if first < latest else None,
            view=view,
            day=day,
            scope=chosen,
            kind=kind,
            units=tuple(store.units(session)),
            people=tuple(store.stewards(session)),
            weeks=weeks,
            lines=lines,
            total=len(found),
            number=number,
            size=PAGE_SIZE,
        )


def commitments(session: Session, first: date, last: date, scope: Scope, *, most: int) -> list[Commitment]:
    """Return what falls between two days, but what the product does by itself: at most ``most``, the earliest first.

    A person's own agenda is for what people do; what the product sends by itself is on the agenda's page.
    """
    kinds = [kind for kind in AgendaKind if kind not in {AgendaKind.STEP, AgendaKind.PLANNED}]
    return _named(session, sorted(_placed(session, first, last, scope, today=clock.today(), kinds=kinds))[:most])


def _placed(
    session: Session, first: date, last: date, scope: Scope, *, today: date, kinds: Sequence[AgendaKind]
) -> list[_Placed]:
    found = [_place(each) for each in store.dated(session, first, last, scope, today=today, kinds=kinds)]
    if AgendaKind.STEP in kinds:
        found += _steps(session, first, last, scope, today)
    if AgendaKind.PLANNED in kinds:
        coming = rhythms.coming_between(session, first, last, store.within(session, scope, today=today))
        found += [
            _Placed(each.day, _ORDER[AgendaKind.PLANNED], each.agreement_id, "", AgendaKind.PLANNED) for each in coming
        ]
    return found


def _place(each: Dated) -> _Placed:
    return _Placed(each.day, _ORDER[each.kind], each.id, "", each.kind)


def _steps(session: Session, first: date, last: date, scope: Scope, today: date) -> list[_Placed]:
    """Return the rungs still to come of every request that waits, by the parameters of today."""
    policy, workdays = judging.policy_of(session), judging.workdays_of(session)
    offsets = policy.on(today).table("reminder_steps_days").values()
    # A working day is never further than twice its number, and a recess is added to that.
    reach = {sign: timedelta(days=2 * max((sign * each for each in offsets), default=0) + 30) for sign in (1, -1)}
    rungs: dict[date, tuple[Step, ...]] = {}
    found = []
    for term in store.terms_between(session, first - reach[1], last + reach[-1], scope, today=today):
        if term.due_on not in rungs:
            rungs[term.due_on] = ladder(term.due_on, policy=policy, on=today, workdays=workdays)
        asked = term.extension_asked_at
        held = asked is not None and clock.day_of(asked) <= term.due_on
        found += [
            _Placed(step.day, _ORDER[AgendaKind.STEP], term.id, step.slug, AgendaKind.STEP)
            for step in rungs[term.due_on]
            if today < step.day and first <= step.day <= last and not (held and step.overdue)
        ]
    return found


def _weeks(session: Session, first: date, found: Sequence[_Placed]) -> tuple[tuple[AgendaDay, ...], ...]:
    by_day: dict[date, list[_Placed]] = {}
    for each in found:
        by_day.setdefault(each.day, []).append(each)
    shown = _named(session, [each for day in by_day.values() for each in day[:SHOWN_A_DAY]])
    named: dict[date, list[Commitment]] = {}
    for commitment in shown:
        named.setdefault(commitment.day, []).append(commitment)
    workdays = judging.workdays_of(session)

    def day_of(day: date) -> AgendaDay:
        inside = day.month == first.month
        return AgendaDay(
            day,
            inside,
            # The weeks at both ends of the calendar reach beyond what it knows.
            not inside or workdays.is_working(day),
            tuple(named.get(day, ())),
            len(by_day.get(day, ())),
        )

    return tuple(
        tuple(day_of(day) for day in week) for week in Calendar(SUNDAY).monthdatescalendar(first.year, first.month)
    )


def _named(session: Session, placed: Sequence[_Placed]) -> list[Commitment]:
    """Give commitments their words, in the order given; what has just left the register is left out."""
    wanted: dict[AgendaKind, set[int]] = {}
    for each in placed:
        wanted.setdefault(each.kind, set()).add(each.id)
    names = store.described(session, wanted)
    today = clock.today()
    return [_commitment(each, names[each.kind, each.id], today) for each in placed if (each.kind, each.id) in names]


def _commitment(each: _Placed, named: Named, today: date) -> Commitment:
    return Commitment(
        day=each.day,
        kind=each.kind,
        id=each.id,
        title=_title(each, named),
        short=f"Requisição {named.what}" if each.kind is AgendaKind.REQUEST else "",
        operator=named.operator,
        detail=" · ".join(part for part in (named.operator, named.agreement) if part),
        path=path_of(each.kind, each.id),
        uid="-".join(part for part in (each.kind.value.replace("_", "-"), str(each.id), each.slug) if part),
        secret=named.secret,
        overdue=each.kind in _OWED and each.day < today,
    )


_RECORDS = {
    AgendaKind.INCIDENT: "incident",
    AgendaKind.ASSISTANCE: "assistance",
    AgendaKind.INSTRUCTION: "instruction",
    AgendaKind.AUDIT: "audit",
    AgendaKind.ACTION: "corrective_action",
    AgendaKind.DISPOSAL: "disposal",
}


def path_of(kind: AgendaKind, record_id: int) -> str:
    """Return the address of a commitment's record, without the host."""
    if kind in _RECORDS:
        return f"/fatos/{SLUGS[_RECORDS[kind]]}/{record_id}"
    if kind is AgendaKind.EVIDENCE:
        return f"/evidencias/{record_id}"
    if kind is AgendaKind.PLANNED:
        return f"/acordos/{record_id}/periodicidade"
    if kind in {AgendaKind.AGREEMENT_END, AgendaKind.REVIEW}:
        return f"/acordos/{record_id}"
    return f"/requisicoes/{record_id}"


_NOTICES = {
    Audience.CONTACTS: "aviso a todos os contatos do operador",
    Audience.STEWARDS: "aviso ao gestor e ao fiscal",
    Audience.ENCARREGADO: "aviso ao Encarregado",
    Audience.COMMITTEE: "aviso ao CGLGPD",
}

_CLOCKS = {
    IncidentClock.PRESIDENCY: "comunicar à Presidência",
    IncidentClock.ANPD: "comunicar à ANPD",
    IncidentClock.ANPD_COMPLEMENT: "completar a comunicação à ANPD",
    IncidentClock.DATA_SUBJECTS: "comunicar aos titulares",
}


def _title(each: _Placed, named: Named) -> str:
    what = _short(named.what)
    match each.kind:
        case AgendaKind.REQUEST:
            return f"Requisição {what}: termina o prazo do operador"
        case AgendaKind.STEP:
            return f"Requisição {what}: {_notice(each.slug)}, se não houver resposta"
        case AgendaKind.PLANNED:
            return "Requisição completa, pela periodicidade do acordo"
        case AgendaKind.INCIDENT:
            return f"Incidente “{what}”: {_CLOCKS[named.clock] if named.clock else 'prazo'}{_until(named.at)}"
        case AgendaKind.ASSISTANCE:
            return f"Auxílio pedido ao operador: {what}"
        case AgendaKind.INSTRUCTION:
            return f"Instrução a cumprir: {what}"
        case AgendaKind.AUDIT:
            return f"Auditoria planejada: {what}"
        case AgendaKind.ACTION:
            return f"Ação corretiva: {what}"
        case AgendaKind.DISPOSAL:
            return "Prova do descarte ou da devolução dos dados"
        case AgendaKind.EVIDENCE:
            return f"Termina a validade da evidência: {what}"
        case AgendaKind.AGREEMENT_END:
            return "Termina a vigência do acordo"
        case AgendaKind.REVIEW:
            return "Revisão do compartilhamento, ao menos a cada dois anos (art. 6º, V)"


def _notice(slug: str) -> str:
    audience, _, when = slug.partition("_")
    if audience == Audience.PREPOSTO.value:
        return "lembrete ao preposto" if when.startswith("before") else "aviso de prazo vencido ao preposto"
    return _NOTICES[Audience(audience)]


def _until(moment: datetime | None) -> str:
    return f", até {moment.astimezone(clock.SAO_PAULO):%Hh%M}" if moment else ""


def _short(text: str) -> str:
    words = " ".join(text.split()).rstrip(".")
    return words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"


__all__ = [
    "PAGE_SIZE",
    "AgendaDay",
    "AgendaPage",
    "Commitment",
    "Scope",
    "agenda_page",
    "commitments",
    "path_of",
]
