"""Facts that ask: found on record by night, asked once, and kept with the request that asks them.

A fact joins a request that is due the same night, or one opened within the month whose term still leaves time to
answer; only otherwise does it open one of its own. Its key is unique, so that nights and processes ask it once.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from contracts.cadence import DueItem
from contracts.evaluation import Assessment
from contracts.exposure import exposure_of
from contracts.facts import Record
from contracts.norm import PORTARIA_DATED_ON
from contracts.occasions import Happening, OccasionRule, event_key, occasion_book, sets_off
from contracts.policy import PolicyOn
from contracts.vocabulary import EvidenceKind, Exposure, Occasion
from contracts.workdays import add_months
from vendor_tracker import clock
from vendor_tracker.store import occasions as store
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.occasions import OpenRequest
from vendor_tracker.store.tables import Audit, RequestOccasion
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.work import Work, look

LOOK_BACK_DAYS = 90
"""How far back facts are looked for that were not asked yet: while the jobs stood still, or nobody could be reached."""

_TIERS = tuple(Exposure)


# ----------------------------------------------------------------------------------------------------------------------
# Finding
# ----------------------------------------------------------------------------------------------------------------------
def found(
    session: Session, assessments: Mapping[int, Assessment], *, on: date, parameters: PolicyOn
) -> dict[int, tuple[Happening, ...]]:
    """Return the facts that ask something and were not asked yet, by agreement, in the order they were recorded."""
    ids = assessments.keys()
    since = clock.start_of(on - timedelta(days=LOOK_BACK_DAYS))
    happenings = store.happenings(session, ids, since=since, today=on)
    turns = {key: moments for key, moments in store.turns(session, ids, since=since).items() if key in assessments}
    if not happenings and not turns:
        return {}
    asked = store.noted(session, {each.agreement_id for each in happenings} | turns.keys())
    for agreement_id, moments in turns.items():
        happenings += _raises(session, assessments[agreement_id], moments, parameters, asked)
    new: dict[int, dict[str, Happening]] = {}
    for each in happenings:
        if each.key not in asked and each.agreement_id in assessments and sets_off(each, parameters):
            new.setdefault(each.agreement_id, {}).setdefault(each.key, each)
    return {agreement_id: tuple(each.values()) for agreement_id, each in new.items()}


def _raises(
    session: Session, assessment: Assessment, moments: Sequence[datetime], parameters: PolicyOn, asked: Collection[str]
) -> list[Happening]:
    """Return the last day on which what was recorded raised the exposure towards what it is; none if it did not rise.

    A rise that was asked about ends the search: whatever came before it was asked with it.

    Each record is judged by today's points and bands, so that a parameter that changes raises nobody. While nothing was
    known of the data there was nothing to rise from: to complete a registration is no raise.
    """
    after = assessment.exposure.tier
    if after is Exposure.LOW:
        return []
    for moment in reversed(moments):
        day = clock.day_of(moment)
        if event_key(assessment.agreement_id, Occasion.EXPOSURE_RAISED, day.isoformat()) in asked:
            return []
        known = load_facts(session, [assessment.agreement_id], on=assessment.on, known_until=moment)
        facts = known.get(assessment.agreement_id)
        if facts is None or not facts.data_known:
            return []
        before = exposure_of(facts, parameters).tier
        if _TIERS.index(before) < _TIERS.index(after):
            record = Record("agreement", assessment.agreement_id, assessment.facts.label)
            return [
                Happening(
                    assessment.agreement_id, Occasion.EXPOSURE_RAISED, day.isoformat(), day, day, PORTARIA_DATED_ON,
                    record,
                )
            ]  # fmt: skip
        after = before
    return []


# ----------------------------------------------------------------------------------------------------------------------
# Asking
# ----------------------------------------------------------------------------------------------------------------------
def lacking(wanted: Sequence[DueItem], asked: Collection[DueItem]) -> tuple[DueItem, ...]:
    """Return what of ``wanted`` is not asked yet, each thing once, in its order."""
    new: list[DueItem] = []
    for item in wanted:
        if not any(_asks_it(other, item) for other in (*asked, *new)):
            new.append(item)
    return tuple(new)


def _asks_it(other: DueItem, item: DueItem) -> bool:
    """Tell whether another item asks for what this one asks: the same proof or, where none is named, the inciso."""
    return other.inciso == item.inciso and (not item.kinds or bool(set(other.kinds) & set(item.kinds)))


def items_of_request(request: OpenRequest) -> tuple[DueItem, ...]:
    """Return what an open request asks, as the rules see it."""
    return tuple(DueItem(inciso, tuple(EvidenceKind(slug) for slug in slugs), "") for inciso, slugs in request.items)


def reason_of(events: Sequence[Happening]) -> str:
    """Say why these facts ask, each kind of fact once."""
    book = occasion_book()
    told = {event.occasion: book[event.occasion].sentence(event.happened_on) for event in events}
    return " ".join(told.values())


def joinable(session: Session, agreement_id: int, *, on: date, parameters: PolicyOn) -> OpenRequest | None:
    """Return the open request that facts may join: opened within the month, with half the usual term still to run."""
    return store.joinable(
        session,
        agreement_id,
        opened_since=on - timedelta(days=parameters.number("event_fold_days")),
        due_from=on + timedelta(days=parameters.number("request_answer_days") // 2),
    )


def note(work: Work, request_id: int, events: Sequence[Happening], *, joined: bool) -> None:
    """Keep in the caller's transaction which facts a request asks about; none of them will ask again."""
    book = occasion_book()
    for event in events:
        work.session.add(
            RequestOccasion(
                key=event.key,
                request_id=request_id,
                agreement_id=event.agreement_id,
                occasion=event.occasion,
                happened_on=event.happened_on,
                reason=book[event.occasion].sentence(event.happened_on),
                record_kind=event.record.kind,
                record_id=event.record.id,
                record_label=event.record.label[:300],
                joined=joined,
                recorded_at=work.now,
                recorded_by_id=work.actor.user_id,
            )
        )
        work.session.flush()
        work.trail(
            "request_occasion",
            "request",
            request_id,
            f"{book[event.occasion].label} ({event.record.label}): "
            + ("junta-se à requisição." if joined else "motivo da requisição."),
            {"agreement": event.agreement_id, "key": event.key},
        )


def plan_audit(work: Work, assessment: Assessment, events: Sequence[Happening]) -> int | None:
    """Put an audit on the plan when the exposure rose to the tier that calls for one by then; returns its lineage.

    The day is the end of the new tier's cycle, counted from the last audit or from the beginning, and never sooner than
    the notice of an audit allows. A plan that somebody made for that day or before is left as it is.
    """
    book = occasion_book()
    if assessment.exposure.tier is not Exposure.HIGH or not any(book[event.occasion].plans_audit for event in events):
        return None
    facts, session = assessment.facts, work.session
    parameters = judging.policy_of(session).on(work.today)
    concluded = [audit.concluded_on for audit in facts.audits if audit.concluded_on is not None]
    since = max(concluded, default=max(facts.starts_on or facts.signed_on or work.today, PORTARIA_DATED_ON))
    months = parameters.table("audit_cycle_months")[Exposure.HIGH.value]
    soonest = work.today + timedelta(days=parameters.number("audit_notice_days"))
    due_on = judging.workdays_of(session).next_working(max(soonest, add_months(since, months)))
    if (facts.end is not None and due_on > facts.end) or store.has_open_audit(session, facts.id, by=due_on):
        return None
    audit = Audit(
        agreement_id=facts.id,
        title="Auditoria pela elevação da faixa de exposição",
        planned_on=due_on,
        independent=False,
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
    )
    session.add(audit)
    session.flush()
    work.trail(
        "audit_recorded",
        "audit",
        audit.lineage,
        f"{facts.label}: exposição elevada a alta; auditoria planejada para {due_on:%d/%m/%Y}, pelo ciclo da faixa.",
        {"agreement": facts.id, "planned_on": due_on},
    )
    return audit.lineage


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class OccasionView:
    """Why a request was opened, or what joined it: the fact, its record and the ground."""

    occasion: Occasion
    happened_on: date
    reason: str
    record: Record
    joined: bool


def of_request(session: Session, request_id: int) -> tuple[OccasionView, ...]:
    """Return the facts that a request asks about, in the order in which they came to it."""
    return tuple(
        OccasionView(
            row.occasion,
            row.happened_on,
            row.reason,
            Record(row.record_kind, row.record_id, row.record_label),
            row.joined,
        )
        for row in store.of_request(session, request_id)
    )


@dataclass(frozen=True, slots=True)
class OccasionLine:
    """A fact that may ask, as the page lists it."""

    rule: OccasionRule
    on: bool
    """Whether it opens requests today."""
    asked: int
    """How many facts of this kind were asked about so far."""


@dataclass(frozen=True, slots=True)
class OccasionsPage:
    """The table of facts that ask."""

    title: str
    lines: tuple[OccasionLine, ...]
    age_days: int
    fold_days: int


def occasions_page() -> OccasionsPage:
    """Return which facts open requests, what each asks and why."""
    with look() as session:
        parameters = judging.policy_of(session).on(clock.today())
        switches, counts = parameters.table("event_requests"), store.counted(session)
        return OccasionsPage(
            "Fatos que abrem requisição",
            tuple(
                OccasionLine(rule, bool(switches[occasion.value]), counts.get(occasion, 0))
                for occasion, rule in occasion_book().items()
            ),
            parameters.number("event_age_days"),
            parameters.number("event_fold_days"),
        )
