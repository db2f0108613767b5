"""The painel: what needs somebody today, then the matrix, then the year. It only reads what was judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from contracts.policy import NoValueError
from contracts.vocabulary import INCISOS, AgreementKind, Exposure, UserRole, Verdict
from vendor_tracker import clock
from vendor_tracker.store import snapshots, standings, views, waiting
from vendor_tracker.store.search import folded
from vendor_tracker.store.standings import StandingFilter, StandingRow, UnitRow
from vendor_tracker.store.waiting import Waiting
from vendor_tracker.usecases.judging import policy_of, workdays_of
from vendor_tracker.usecases.saved_views import View, view_of
from vendor_tracker.usecases.work import Actor, look

__all__ = [
    "WAITS_FOR",
    "Filters",
    "PainelPage",
    "StandingRow",
    "Task",
    "UnitRow",
    "View",
    "Year",
    "opened",
    "painel_page",
    "standing_filter",
]

PAGE_SIZE = 50
"""Rows of the matrix on a page."""

QUEUE_LENGTH = 8
"""Things to do that the page shows; the rest is one link away."""

WHOLE_QUEUE = 100
"""How many of one kind are shown when the reader asks for that kind alone."""

NEWS_DAYS = 14
"""For how many days a new breach counts as news."""

DISPOSAL_AHEAD_DAYS = 30
"""How many days before its term a disposal shows up."""

MONTHS = 12
"""Months of the evolution."""

_EVERYONE_WHO_FOLLOWS = frozenset(
    {UserRole.FISCAL, UserRole.PROCUREMENT, UserRole.AUDITOR, UserRole.ENCARREGADO, UserRole.ADMIN}
)

WAITS_FOR: Mapping[str, frozenset[UserRole]] = {
    "answer": _EVERYONE_WHO_FOLLOWS,
    "evidence": _EVERYONE_WHO_FOLLOWS,
    "extension": _EVERYONE_WHO_FOLLOWS,
    "address": _EVERYONE_WHO_FOLLOWS,
    "breach": frozenset(UserRole),
    "request": _EVERYONE_WHO_FOLLOWS,
    "action": _EVERYONE_WHO_FOLLOWS,
    "disposal": _EVERYONE_WHO_FOLLOWS,
    "role": frozenset({UserRole.ENCARREGADO, UserRole.ADMIN}),
    "clause": frozenset({UserRole.LEGAL}),
    "question": frozenset({UserRole.LEGAL}),
    "incident": frozenset({UserRole.ENCARREGADO, UserRole.FISCAL, UserRole.ADMIN}),
}
"""Whom each kind of task waits for."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the reader.

    ``kind`` is a key of :data:`WAITS_FOR`: an answered request to review, a proof to review, a later term to decide
    about, an address that fails, an obligation newly breached, an open term of an incident, an overdue request, an
    overdue corrective action, a disposal to prove, a role to approve, a version of a clause to approve.
    """

    kind: str
    what: Waiting
    due_on: date | None
    """Until when it should be done; ``None`` when nothing sets a term."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; empty means all."""

    unit_id: int | None = None
    kind: AgreementKind | None = None
    verdict: Verdict | None = None
    inciso: str | None = None
    exposure: Exposure | None = None
    text: str = ""
    closed: bool = False

    @property
    def any(self) -> bool:
        """Tell whether anything is filtered."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve obligations over the last months, oldest first: in how many agreements each was met, and breached."""

    months: tuple[date, ...]
    met: Mapping[str, tuple[int, ...]]
    breached: Mapping[str, tuple[int, ...]]
    agreements: int
    """The most agreements in any of the months: the common scale."""


@dataclass(frozen=True, slots=True)
class PainelPage:
    """The painel as one reader asked for it."""

    title: str
    today: date
    judged_on: date | None
    judged_at: datetime | None
    tasks: tuple[Task, ...]
    task_counts: Mapping[str, int]
    """How many of each kind there are in all, shown or not; kinds that wait for somebody else are absent."""
    filters: Filters
    rows: tuple[StandingRow, ...]
    page: int
    page_size: int
    total: int
    met: tuple[int, ...]
    """For each inciso, in how many of the filtered agreements it is met."""
    breached: tuple[int, ...]
    breached_agreements: int
    median_score: int | None
    units: tuple[UnitRow, ...]
    year: Year | None
    """``None`` until two months have been pictured."""
    task_kind: str = ""
    """The only kind of task shown, when the reader asked for one."""
    register_is_empty: bool = field(default=False)
    views: tuple[View, ...] = ()
    """The filters that the reader saved, by name."""


def standing_filter(filters: Filters) -> StandingFilter:
    """Return what the reader asked for as the store understands it."""
    return StandingFilter(
        unit_id=filters.unit_id,
        kind=filters.kind,
        verdict=filters.verdict,
        inciso=filters.inciso,
        exposure=filters.exposure,
        text=folded(filters.text),
        closed=filters.closed,
    )


def opened(
    *, actor: Actor, filters: Filters, page: int = 1, task_kind: str = "", bare: bool = False
) -> PainelPage | View:
    """Return the painel, or the saved filters with which the actor wants it to open.

    ``bare`` says that nothing at all was asked for; else what was asked for counts.
    """
    if bare and actor.user_id is not None:
        with look() as session:
            chosen = next((row for row in views.of_user(session, actor.user_id) if row.is_default), None)
            if chosen is not None:
                return view_of(chosen)
    return painel_page(actor=actor, filters=filters, page=page, task_kind=task_kind)


def painel_page(*, actor: Actor, filters: Filters, page: int = 1, task_kind: str = "") -> PainelPage:
    """Return the painel of ``actor``, its filtered matrix at ``page`` (from 1); the number of queries is fixed.

    ``task_kind``, one of :data:`WAITS_FOR` that waits for the actor, shows that queue alone and whole.
    """
    today = clock.today()
    if actor.role not in WAITS_FOR.get(task_kind, ()):
        task_kind = ""
    wanted = standing_filter(filters)
    with look() as session:
        counts = standings.verdict_counts(session, wanted)
        total = sum(row.agreements for row in counts)
        page = min(page, max(1, -(-total // PAGE_SIZE)))
        rows = standings.standings(session, wanted, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
        judged = standings.last_judged(session)
        tasks, task_counts = _tasks(session, actor, today, task_kind)
        units = standings.units(session)
        year = _year(session, today)
        saved = views.of_user(session, actor.user_id) if actor.user_id is not None else []
    met, breached, breached_agreements = _totals(counts)
    return PainelPage(
        title="Painel",
        today=today,
        judged_on=judged[0] if judged else None,
        judged_at=judged[1] if judged else None,
        tasks=tasks,
        task_counts=task_counts,
        filters=filters,
        rows=tuple(rows),
        page=page,
        page_size=PAGE_SIZE,
        total=total,
        met=met,
        breached=breached,
        breached_agreements=breached_agreements,
        median_score=_median(counts),
        units=tuple(units),
        year=year,
        task_kind=task_kind,
        register_is_empty=judged is None,
        views=tuple(view_of(row) for row in saved),
    )


def _totals(counts: list[standings.VerdictsCount]) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Count for each inciso where it is met and where it is breached, and the agreements with any breach."""
    # Read once: in a large register this loop runs a hundred thousand times, and a member's value is a descriptor.
    is_met, is_breached = Verdict.MET.value, Verdict.BREACHED.value
    met, breached = [0] * len(INCISOS), [0] * len(INCISOS)
    agreements = 0
    for verdicts, _, number in counts:
        slugs = verdicts.split()
        for place, slug in enumerate(slugs):
            if slug == is_met:
                met[place] += number
            elif slug == is_breached:
                breached[place] += number
        if is_breached in slugs:
            agreements += number
    return tuple(met), tuple(breached), agreements


def _median(counts: list[standings.VerdictsCount]) -> int | None:
    """Return the lower median of the scores; agreements without a score are left out."""
    by_score: dict[int, int] = {}
    for row in counts:
        if row.score is not None:
            by_score[row.score] = by_score.get(row.score, 0) + row.agreements
    half = (sum(by_score.values()) + 1) // 2
    for score in sorted(by_score):
        half -= by_score[score]
        if half <= 0:
            return score
    return None


def _tasks(session: Session, actor: Actor, today: date, only: str = "") -> tuple[tuple[Task, ...], dict[str, int]]:
    """Gather what waits for the actor's role, the most urgent first; what has no term comes last."""
    length = WHOLE_QUEUE if only else QUEUE_LENGTH
    since = clock.start_of(today - timedelta(days=NEWS_DAYS))
    ahead = today + timedelta(days=DISPOSAL_AHEAD_DAYS)
    asked: dict[str, Callable[[], list[Waiting]]] = {
        "answer": lambda: waiting.answers_to_review(session, limit=length),
        "evidence": lambda: waiting.evidence_to_review(session, limit=length),
        "extension": lambda: waiting.extensions_to_decide(session, limit=length),
        "address": lambda: waiting.failing_addresses(session, today=today, limit=length),
        "breach": lambda: waiting.newly_breached(session, since=since, limit=length),
        "request": lambda: waiting.overdue_requests(session, today=today, limit=length),
        "action": lambda: waiting.overdue_actions(session, today=today, limit=length),
        "disposal": lambda: waiting.disposals_due(session, by=ahead, limit=length),
        "role": lambda: waiting.roles_to_approve(session, limit=length),
        "incident": lambda: waiting.incident_terms(session, limit=length),
        "clause": lambda: waiting.editions_to_approve(session, but_of=actor.user_id, limit=length),
        "question": lambda: waiting.questions_to_approve(session, but_of=actor.user_id, limit=length),
    }
    found = {kind: ask() for kind, ask in asked.items() if actor.role in WAITS_FOR[kind] and only in {"", kind}}
    dated = ("incident", "request", "action", "disposal", "clause", "question")
    tasks = [Task(kind, what, what.on) for kind in dated for what in found.get(kind, ())]
    tasks += _to_review(session, found.get("answer", []), found.get("evidence", []), today)
    tasks += _to_decide(session, found.get("extension", []))
    tasks += [Task(kind, what, None) for kind in ("address", "breach", "role") for what in found.get(kind, ())]
    tasks.sort(key=lambda task: (task.due_on is None, task.due_on or today))
    counts = {kind: queue[0].total if queue else 0 for kind, queue in found.items()}
    return (tuple(tasks) if only else _a_share_for_each(tasks)), counts


def _to_decide(session: Session, asked: list[Waiting]) -> list[Task]:
    """Give asked extensions the term that the court set itself (``extension_decision_days``), from the asking on."""
    if not asked:
        return []
    policy, workdays = policy_of(session), workdays_of(session)
    return [
        Task("extension", each, workdays.add_working(each.on, policy.on(each.on).number("extension_decision_days")))
        for each in asked
    ]


def _a_share_for_each(tasks: list[Task]) -> tuple[Task, ...]:
    """Keep the most urgent, but at least one of each kind, so that a hundred late requests do not hide a new breach."""
    firsts = {id(task) for task in {task.kind: task for task in reversed(tasks)}.values()}
    room = QUEUE_LENGTH - len(firsts)
    kept = []
    for task in tasks:
        if id(task) in firsts:
            kept.append(task)
        elif room > 0:
            kept.append(task)
            room -= 1
    return tuple(kept)


def _to_review(session: Session, answers: list[Waiting], proofs: list[Waiting], today: date) -> list[Task]:
    """Give answers and proofs the term that the court set itself (``review_days``), counted from when they came."""
    if not answers and not proofs:
        return []
    try:
        days = policy_of(session).on(today).number("review_days")
    except NoValueError:
        days = 0
    workdays = workdays_of(session)
    came = waiting.submitted_moments(session, [answer.id for answer in answers]) if answers else {}
    tasks = []
    for answer in answers:
        moment = came.get(answer.id)
        tasks.append(Task("answer", answer, workdays.add_working(clock.day_of(moment), days) if moment else None))
    tasks += [Task("evidence", proof, workdays.add_working(proof.on, days)) for proof in proofs]
    return tasks


# ----------------------------------------------------------------------------------------------------------------------
# The year
# ----------------------------------------------------------------------------------------------------------------------

_years: WeakKeyDictionary[Any, tuple[object, Year | None]] = WeakKeyDictionary()
"""The last year that this process counted in each database: a picture once taken never changes."""


def _year(session: Session, today: date) -> Year | None:
    pool = session.get_bind().engine.pool
    key = (today.replace(day=1), snapshots.last_register_line(session))
    held = _years.get(pool)
    if held is None or held[0] != key:
        held = (key, _count_year(session, today))
        _years[pool] = held
    return held[1]


def _count_year(session: Session, today: date) -> Year | None:
    since = today.replace(day=1).replace(year=today.year - 1)
    months = snapshots.snapshot_months(session, since=since)[-MONTHS:]
    if len(months) < 2:  # One point is no course.
        return None
    place = {month: index for index, month in enumerate(months)}
    met = {inciso: [0] * len(months) for inciso in INCISOS}
    breached = {inciso: [0] * len(months) for inciso in INCISOS}
    agreements = [0] * len(months)
    is_met, is_breached = Verdict.MET.value, Verdict.BREACHED.value
    for month, verdicts, number in snapshots.month_verdicts(session, months):
        index = place[month]
        agreements[index] += number
        for inciso, slug in zip(INCISOS, verdicts.split(), strict=True):
            if slug == is_met:
                met[inciso][index] += number
            elif slug == is_breached:
                breached[inciso][index] += number
    return Year(
        months=tuple(months),
        met={inciso: tuple(values) for inciso, values in met.items()},
        breached={inciso: tuple(values) for inciso, values in breached.items()},
        agreements=max(agreements),
    )
