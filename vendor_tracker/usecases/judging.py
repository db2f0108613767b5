"""Judging what is on record: at once when a fact changes, nightly for the passage of time, monthly for the picture.

Nobody writes a verdict. What changed is written with the sentence that changed it, in the transaction of its act.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from clause_library.catalogue import load_catalogue
from contracts.checks import CurrentEvidence, clause_covers, common_conduct
from contracts.evaluation import Assessment, evaluate
from contracts.facts import AgreementFacts, Record
from contracts.norm import ART_14_CAPUT, PORTARIA_DATED_ON, LegalReference
from contracts.obligation import Finding, Obligation, Requirement, Version
from contracts.policy import Override, Policy
from contracts.vocabulary import EvidenceKind, Leg, RequestState, Verdict
from contracts.workdays import Workdays
from vendor_tracker import clock
from vendor_tracker.calendars import CalendarChange, cnj_calendar, federal_calendar
from vendor_tracker.store import findings, rulebook, snapshots, standings, trails
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.findings import FindingValues
from vendor_tracker.store.rulebook import FurtherRow
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, Work, act, job, look

BATCH = 200
"""Agreements judged in one transaction of the nightly job: writers wait about a second, not a minute."""

CALENDAR_YEARS = (2000, 2060)
"""The years a calendar answers for. Terms start from days on record and end a few years ahead at most."""

TIME_PASSES = "Passagem do tempo"
"""The cause of a change that no act led to."""


# ----------------------------------------------------------------------------------------------------------------------
# What is judged by
# ----------------------------------------------------------------------------------------------------------------------

_Remembered = WeakKeyDictionary[Any, dict[object, Any]]
_policies: _Remembered = WeakKeyDictionary()
_calendars: _Remembered = WeakKeyDictionary()


def _remember(memory: _Remembered, session: Session, key: object, make: Any) -> Any:
    """Return what this process already made of the same rows of the same database, else make it."""
    pool = session.get_bind().engine.pool
    held = memory.setdefault(pool, {})
    if key not in held:
        if len(held) > 16:
            held.clear()
        held[key] = make()
    return held[key]


def policy_of(session: Session, known_until: datetime | None = None) -> Policy:
    """Return the administrative parameters with the organisation's decisions, as known at the moment (default: now)."""
    edition = rulebook.last_override(session, known_until)
    if edition is None:
        return Policy.load()

    def make() -> Policy:
        rows = rulebook.overrides(session, up_to=edition[0])
        return Policy.load().with_overrides(Override(row.key, row.since, row.value) for row in rows)

    made: Policy = _remember(_policies, session, edition, make)
    return made


def workdays_of(session: Session, years: Iterable[int] = (), *, calendar: str = "cnj") -> Workdays:
    """Return the court's calendar (or, with ``calendar="federal"``, ANPD's) with the entries of the administrator.

    It answers for :data:`CALENDAR_YEARS`, and for ``years`` where they reach further.
    """
    first, last = min((CALENDAR_YEARS[0], *years)), max((CALENDAR_YEARS[1], *years))

    def make() -> Workdays:
        rows = rulebook.calendar_days(session, calendar=calendar)
        changes = [CalendarChange(row.day, row.closed, row.name, row.source) for row in rows]
        return (federal_calendar if calendar == "federal" else cnj_calendar)((first, last), changes)

    key = (calendar, first, last, rulebook.last_calendar_day(session))
    made: Workdays = _remember(_calendars, session, key, make)
    return made


def further_of(session: Session, known_until: datetime | None = None) -> tuple[Obligation, ...]:
    """Return the obligations that the organisation added to the twelve, as known at the moment (default: now)."""
    return tuple(further_obligation(row) for row in rulebook.further_obligations(session, known_until=known_until))


def further_obligation(row: FurtherRow) -> Obligation:
    """Build an obligation of the organisation from its record: clause, proof, and what every duty asks of conduct."""
    requires: list[Requirement] = []
    if row.needs_clause:
        requires.append(
            Requirement(Leg.INSTRUMENT, f"O instrumento assinado prevê: {row.title}.", clause_covers(row.code))
        )
    kinds = tuple(EvidenceKind(slug) for slug in row.evidence_kinds)
    if kinds:
        requires.append(
            Requirement(
                Leg.EVIDENCE,
                f"Há prova aceita e dentro do prazo sobre: {row.title}.",
                CurrentEvidence(row.code, kinds, f"Não há prova aceita sobre: {row.title}."),
                asks_for=kinds,
            )
        )
    requires.extend(common_conduct(row.code))
    law = LegalReference(
        key=f"further_{row.lineage}",
        norm=ART_14_CAPUT.norm,
        article=ART_14_CAPUT.article,
        label=f"Obrigação acrescentada por {row.decided_by}, em {row.decided_on:%d/%m/%Y} (art. 14, caput)",
        text=row.text,
    )
    return Obligation(row.code, row.title, (Version(row.since, law, tuple(requires), until=row.until),))


def clause_editions() -> tuple[date, ...]:
    """Return the days from which an edition of the required clauses holds, oldest first."""
    return load_catalogue().turning_days()


@dataclass(frozen=True, slots=True)
class _Book:
    """Everything a judgement needs besides the facts."""

    policy: Policy
    workdays: Workdays
    further: tuple[Obligation, ...]
    editions: tuple[date, ...]

    def judge(self, facts: AgreementFacts, on: date) -> Assessment:
        """Judge one agreement on the day."""
        return evaluate(
            facts,
            on,
            policy=self.policy,
            workdays=self.workdays,
            further=self.further,
            clause_editions=self.editions,
        )


def _book(session: Session, known_until: datetime | None = None) -> _Book:
    return _Book(
        policy_of(session, known_until), workdays_of(session), further_of(session, known_until), clause_editions()
    )


# ----------------------------------------------------------------------------------------------------------------------
# One agreement, on any day
# ----------------------------------------------------------------------------------------------------------------------


def knowledge_for(on: date, known_until: datetime | None = None) -> datetime | None:
    """Return the moment of knowledge for a day: its end when it is past, so that nothing learned later counts."""
    if known_until is not None:
        return known_until
    return clock.end_of(on) if on < clock.today() else None


def assess(session: Session, agreement_id: int, *, on: date, known_until: datetime | None = None) -> Assessment:
    """Judge one agreement on the day ``on``, past, present or future, with what was known then.

    ``known_until`` overrides the moment of knowledge. Raises :class:`NotFoundError` when there was no such agreement,
    and :class:`UseCaseError` for a day before the Portaria.
    """
    return assess_many(session, [agreement_id], on=on, known_until=known_until, required=True)[agreement_id]


def assess_many(
    session: Session,
    agreement_ids: Collection[int] | None,
    *,
    on: date,
    known_until: datetime | None = None,
    required: bool = False,
) -> dict[int, Assessment]:
    """Judge several agreements on one day, by id; see :func:`assess`. ``None`` judges the whole register."""
    if on < PORTARIA_DATED_ON:
        raise UseCaseError(
            f"A Portaria é de {PORTARIA_DATED_ON:%d/%m/%Y}; nenhum acordo é avaliado em dia anterior.", field="em"
        )
    moment = knowledge_for(on, known_until)
    facts = load_facts(session, agreement_ids, on=on, known_until=moment)
    if required and not facts:
        raise NotFoundError("Este acordo não existe, ou ainda não estava no registro nesse dia.")
    book = _book(session, moment)
    return {agreement_id: book.judge(each, on) for agreement_id, each in facts.items()}


def assess_agreement(agreement_id: int, *, on: date | None = None) -> Assessment:
    """Judge one agreement outside any act: what the API and the command line print. ``on`` defaults to today."""
    with look() as session:
        return assess(session, agreement_id, on=on or clock.today())


# ----------------------------------------------------------------------------------------------------------------------
# When a fact changes
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that is no longer what it was, with the sentence that decided."""

    agreement_id: int
    inciso: str
    before: Verdict
    after: Verdict
    reason: str


def rejudge(
    work: Work, agreement_ids: Iterable[int], *, cause: str, about: tuple[str, int] | None = None
) -> tuple[Change, ...]:
    """Judge the agreements anew in the caller's transaction and keep what changed, with ``cause`` ("Evidência aceita").

    Call it after the facts were added and flushed. ``about`` is the kind and id of the record that the act was about:
    the sentence kept with a change is then the one that leans on it, not the first that decided. Returns the verdicts
    that changed; a first judgement changes none.
    """
    ids = sorted(set(agreement_ids))
    changes: list[Change] = []
    for start in range(0, len(ids), BATCH):
        changes.extend(_rejudge_batch(work, ids[start : start + BATCH], cause, about))
    return tuple(changes)


def rejudge_operators(work: Work, operator_ids: Iterable[int], *, cause: str) -> tuple[Change, ...]:
    """Judge every agreement of the operators anew; for facts that an operator has once for all of them."""
    work.session.flush()
    return rejudge(work, findings.agreements_of_operators(work.session, sorted(set(operator_ids))), cause=cause)


def _rejudge_batch(work: Work, ids: Sequence[int], cause: str, about: tuple[str, int] | None) -> list[Change]:
    session, on = work.session, work.today
    session.flush()
    # Waiting for the writers before us, so that no finding is judged on facts that are already old.
    trails.take_turn(session)
    facts = load_facts(session, ids, on=on)
    book = _book(session)
    held = findings.present_findings(session, ids)
    unseen = set(held)
    written: list[tuple[FindingValues, date]] = []
    stands: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    changes: list[Change] = []
    for agreement_id, each in facts.items():
        assessment = book.judge(each, on)
        stands.append(_standing(assessment, each, work.now))
        for finding in (*assessment.findings, *assessment.further):
            values = _values(agreement_id, finding)
            key = (agreement_id, finding.inciso)
            unseen.discard(key)
            before = held.get(key)
            if before is None:
                written.append((values, on))
                continue
            if before.verdict is not finding.verdict:
                written.append((values, on))
                reason, records = _what_changed(finding, about)
                change = Change(agreement_id, finding.inciso, before.verdict, finding.verdict, reason)
                changes.append(change)
                changed.append(_change_row(change, records, work, cause))
            elif not findings.same_finding(before, values):
                written.append((values, before.since))
    findings.write_findings(session, written)
    findings.remove_findings(session, sorted(unseen))
    standings.write_standings(session, stands)
    findings.add_changes(session, changed)
    return changes


def _values(agreement_id: int, finding: Finding) -> FindingValues:
    action = finding.next_action
    return FindingValues(
        agreement_id=agreement_id,
        inciso=finding.inciso,
        verdict=finding.verdict,
        legs=" ".join(result.state.value for result in finding.results),
        reasons=list(finding.reasons),
        records=[{"kind": record.kind, "id": record.id, "label": record.label} for record in finding.records],
        next_action={
            "kind": action.kind.value,
            "sentence": action.sentence,
            "leg": action.leg.value if action.leg else None,
            "due_on": action.due_on.isoformat() if action.due_on else None,
            "evidence_kinds": [kind.value for kind in action.evidence_kinds],
        },
    )


def _what_changed(finding: Finding, about: tuple[str, int] | None) -> tuple[str, tuple[Record, ...]]:
    """Return the sentence that leans on what the act was about, or else the first that decided, with its records."""
    if about is not None:
        for check in finding.checks:
            found = tuple(record for record in check.answer.records if (record.kind, record.id) == about)
            if found:
                return check.answer.reason, found
    return finding.reasons[0], finding.deciding[0].records


def _change_row(change: Change, records: Sequence[Record], work: Work, cause: str) -> dict[str, object]:
    record = {"kind": records[0].kind, "id": records[0].id, "label": records[0].label} if records else None
    return {
        "agreement_id": change.agreement_id,
        "inciso": change.inciso,
        "at": work.now,
        "on": work.today,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "cause": cause,
        "record": record,
    }


def _standing(assessment: Assessment, facts: AgreementFacts, now: datetime) -> dict[str, object]:
    verdicts = [finding.verdict for finding in assessment.findings]
    exposure = assessment.exposure
    return {
        "agreement_id": assessment.agreement_id,
        "judged_on": assessment.on,
        "judged_at": now,
        "score": assessment.score.value,
        "exposure": exposure.tier,
        "points": exposure.points,
        **_twelve(assessment),
        "breached": verdicts.count(Verdict.BREACHED),
        "unproven": verdicts.count(Verdict.UNPROVEN),
        "partial": verdicts.count(Verdict.PARTIAL),
        "met": verdicts.count(Verdict.MET),
        "stage": stage_of(facts, assessment.on),
        "next_due_on": next_due_on(assessment, facts),
    }


def _twelve(assessment: Assessment) -> dict[str, str]:
    return {
        "verdicts": " ".join(finding.verdict.value for finding in assessment.findings),
        "legs": " ".join(",".join(result.state.value for result in finding.results) for finding in assessment.findings),
    }


def stage_of(facts: AgreementFacts, on: date) -> str:
    """Tell where an agreement is in its life on the day: future, in_force, ending (ended, not disposed) or closed."""
    if facts.closed_on is not None and facts.closed_on <= on:
        return "closed"
    if facts.starts_on is not None and on < facts.starts_on:
        return "future"
    if facts.end is not None and facts.end < on:
        return "ending"
    return "in_force"


def next_due_on(assessment: Assessment, facts: AgreementFacts) -> date | None:
    """Return the nearest day on which something falls due, overdue ones included; ``None``: nothing."""
    on = assessment.on
    if stage_of(facts, on) == "closed":
        return None
    waiting = (RequestState.OPEN, RequestState.RETURNED)
    days: list[date | None] = [request.due_on for request in facts.requests if request.state in waiting]
    days += [action.due_on for action in facts.corrective_actions if action.done_on is None]
    days += [help_.due_on for help_ in facts.assistance if help_.answered_on is None]
    days += [instruction.due_on for instruction in facts.instructions if instruction.done_on is None]
    days += [delivery.next_due_on for delivery in facts.calendar]
    days += [finding.next_action.due_on for finding in assessment.findings]
    if facts.disposal is not None and facts.disposal.accepted_on is None:
        days.append(facts.disposal.due_on)
    if facts.end is not None and facts.end >= on:
        days.append(facts.end)
    return min((day for day in days if day is not None), default=None)


# ----------------------------------------------------------------------------------------------------------------------
# When time passes
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegisterResult:
    """What an evaluation of the whole register found."""

    on: date
    agreements: int
    verdicts: Mapping[Verdict, int]
    """How many findings have each verdict, the twelve of every agreement."""
    changes: tuple[Change, ...]
    kept: bool
    """Whether it was written down: only an evaluation of today is."""


def evaluate_register(
    *, on: date | None = None, actor: Actor | None = None, cause: str = TIME_PASSES
) -> RegisterResult:
    """Judge every agreement. Today's judgement is kept, batch by batch; another day's is only counted.

    ``cause`` is what led to it: the passage of time, or a parameter, a calendar or a book that changed.

    It may run any number of times a day: what did not change is not written, so a night that was missed needs nothing.
    """
    today = clock.today()
    if on is not None and on != today:
        return _count_register(on)
    who = actor or job("evaluate")
    changes: list[Change] = []
    total, last = 0, 0
    while True:
        with act(who) as work:
            ids = findings.agreement_ids(work.session, after=last, limit=BATCH)
            if not ids:
                break
            found = rejudge(work, ids, cause=cause)
            if found:
                work.trail("evaluate", "register", None, _changes_sentence(found, cause), _changes_details(found))
            changes.extend(found)
            total, last = total + len(ids), ids[-1]
    with look() as session:
        verdicts = count_verdicts(standings.verdict_counts(session, standings.StandingFilter(closed=True)))
    return RegisterResult(today, total, verdicts, tuple(changes), kept=True)


def _count_register(on: date) -> RegisterResult:
    verdicts: dict[Verdict, int] = dict.fromkeys(Verdict, 0)
    total = 0
    with look() as session:
        for ids in _batches(session):
            for assessment in assess_many(session, ids, on=on).values():
                total += 1
                for finding in assessment.findings:
                    verdicts[finding.verdict] += 1
    return RegisterResult(on, total, verdicts, (), kept=False)


def _batches(session: Session) -> Iterator[list[int]]:
    last = 0
    while ids := findings.agreement_ids(session, after=last, limit=BATCH):
        yield ids
        last = ids[-1]


def count_verdicts(rows: Iterable[standings.VerdictsCount]) -> dict[Verdict, int]:
    """Count the findings of each verdict in standings counted together."""
    counts = dict.fromkeys(Verdict, 0)
    for row in rows:
        for slug in row.verdicts.split():
            counts[Verdict(slug)] += row.agreements
    return counts


def _changes_sentence(changes: Sequence[Change], cause: str) -> str:
    agreements = len({change.agreement_id for change in changes})
    situations = "1 situação mudou" if len(changes) == 1 else f"{len(changes)} situações mudaram"
    where = "1 acordo" if agreements == 1 else f"{agreements} acordos"
    return f"{cause}: {situations} em {where}."


def _changes_details(changes: Sequence[Change]) -> dict[str, object]:
    return {
        "changes": [
            {
                "agreement": change.agreement_id,
                "inciso": change.inciso,
                "before": change.before.value,
                "after": change.after.value,
            }
            for change in changes
        ]
    }


# ----------------------------------------------------------------------------------------------------------------------
# Once a month
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SnapshotResult:
    """Which months' pictures were taken or completed, and of how many agreements."""

    months: tuple[date, ...]
    agreements: int


def take_snapshots(*, actor: Actor | None = None) -> SnapshotResult:
    """Take the picture of every complete month that lacks it, with what was known at its end.

    A month that nobody pictured in time is pictured late and comes out the same. Running it twice adds nothing.
    """
    who = actor or job("snapshot")
    with look() as session:
        first_at = snapshots.first_agreement_at(session)
        held = snapshots.snapshot_counts(session)
    if first_at is None:
        return SnapshotResult((), 0)
    taken: list[date] = []
    total = 0
    for month in month_ends(max(clock.day_of(first_at), PORTARIA_DATED_ON), clock.today()):
        added = _take_month(who, month, held.get(month, 0))
        if added:
            taken.append(month)
            total += added
    if total:
        with act(who) as work:
            names = ", ".join(f"{month:%m/%Y}" for month in taken)
            work.trail("snapshot", "register", None, f"Retrato mensal registrado: {names}.", {"agreements": total})
    return SnapshotResult(tuple(taken), total)


def _take_month(who: Actor, month: date, held: int) -> int:
    moment = clock.end_of(month)
    with look() as session:
        if snapshots.agreements_created_before(session, moment) <= held:
            return 0
    added = 0
    while True:
        with act(who) as work:
            ids = snapshots.without_snapshot(work.session, month=month, created_before=moment, limit=BATCH)
            if not ids:
                return added
            rows = [
                {
                    "month": month,
                    "agreement_id": agreement_id,
                    "score": assessment.score.value,
                    "exposure": assessment.exposure.tier,
                    **_twelve(assessment),
                }
                for agreement_id, assessment in assess_many(work.session, ids, on=month, known_until=moment).items()
            ]
            added += snapshots.add_snapshots(work.session, rows)


def month_ends(first: date, today: date) -> list[date]:
    """Return the last days of the months from that of ``first`` to the last complete one before ``today``."""
    ends: list[date] = []
    start = first.replace(day=1)
    while True:
        following = (start + timedelta(days=32)).replace(day=1)
        end = following - timedelta(days=1)
        if end >= today:
            return ends
        ends.append(end)
        start = following
