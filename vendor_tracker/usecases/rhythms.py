"""How often one agreement is asked: what holds, what comes, and the decisions of staff.

By default the exposure tier says how often (an administrative parameter). A decision gives one agreement a rhythm of
its own, suspends the periodic requests until a day, or goes back to the tier's; it holds from a day on, with its
reason, and nothing that was decided is ever rewritten.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from sqlalchemy.orm import Session

from contracts.cadence import COMPLETE, is_asked, period_key, schedule_from, schedule_of
from contracts.evaluation import Assessment
from contracts.recurrence import MOST_MONTHS, Rhythm, RhythmError, interval_sentence
from contracts.schedule import RhythmDecision, Schedule, Slot
from contracts.vocabulary import DayRule, Exposure, RhythmKind
from contracts.workdays import CalendarRangeError, Workdays, add_months
from vendor_tracker import clock
from vendor_tracker.store import jobs, recipients, register
from vendor_tracker.store import rhythms as store
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.tables import AgreementRhythm
from vendor_tracker.store.trails import take_turn
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, act, look

SHOWN = 4
"""How many coming days are shown before a decision is saved, and beside what holds."""

FARTHEST_YEARS = 5
"""How far ahead a decision may begin, or a suspension end."""

LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class RhythmChoice:
    """What somebody chose: ``months``, ``rule``, ``number`` of a rhythm of its own, ``until`` of a suspension."""

    kind: RhythmKind
    holds_from: date
    months: int = 0
    rule: DayRule = DayRule.LAST_WORKING
    number: int = 0
    until: date | None = None


@dataclass(frozen=True, slots=True)
class RhythmView:
    """How often an agreement is asked today, and what comes."""

    agreement_id: int
    agreement: str
    operator: str
    operator_id: int
    today: date
    sentence: str
    """How often, in Portuguese, whoever decided it."""
    decision: RhythmDecision | None
    """The decision that holds, a suspension included; ``None``: the exposure tier says."""
    tier: Exposure
    tier_sentence: str
    """How often the tier asks."""
    waiting: Slot | None
    """What is due already and was not asked: tonight's round asks it."""
    coming: tuple[date, ...]
    """The next days on which a complete request is opened."""
    ends_on: date | None
    """Last day of the bond: after it only the disposal is asked."""
    asked: bool
    """Whether anything periodic is asked at all: not before the bond begins, after it ends, or while all is waived."""
    reachable: bool
    """Whether a letter would reach anybody."""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision of the past, the present or the future."""

    sentence: str
    holds_from: date
    reason: str
    who: str
    recorded_at: datetime
    replaced_at: datetime | None
    """When another decision took its place before it held, or on the day it did."""
    holds: bool


@dataclass(frozen=True, slots=True)
class RhythmPage:
    """How often an agreement is asked, with every decision about it."""

    title: str
    view: RhythmView
    decisions: tuple[DecisionLine, ...]


@dataclass(frozen=True, slots=True)
class RhythmForm:
    """What the form of a decision starts from."""

    title: str
    view: RhythmView
    choice: RhythmChoice


@dataclass(frozen=True, slots=True)
class RhythmPreview:
    """What a decision would lead to, before it is saved."""

    title: str
    view: RhythmView
    choice: RhythmChoice
    sentence: str
    before: str
    """How often it is asked until the decision holds."""
    waiting: Slot | None
    coming: tuple[date, ...]
    replaced: tuple[str, ...]
    """Decisions that had not begun, and that this one takes the place of."""


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------
def rhythm_page(*, agreement_id: int) -> RhythmPage:
    """Return how often an agreement is asked, and every decision about it. Raises :class:`NotFoundError`."""
    with look() as session:
        view = _Known.of(session, agreement_id).view(session)
        return RhythmPage(
            "Periodicidade das requisições",
            view,
            tuple(
                DecisionLine(
                    taken.decision.sentence,
                    taken.decision.holds_from,
                    taken.reason,
                    taken.who,
                    taken.recorded_at,
                    taken.superseded_at,
                    taken.superseded_at is None and taken.decision == view.decision,
                )
                for taken in store.taken(session, agreement_id)
            ),
        )


def rhythm_of(session: Session, assessment: Assessment) -> tuple[str, date | None]:
    """Return how often a judged agreement is asked, and the next day it is, for the agreement's own page."""
    known = _Known.judged(session, assessment)
    due = known.schedule.due(assessment.on, known.workdays)
    coming = next(known.coming(known.schedule), None) if known.is_asked() else None
    next_on = assessment.on if due is not None and known.is_asked() else coming
    return known.sentence(known.schedule.in_force(assessment.on)), next_on


def form_of(*, agreement_id: int, kind: RhythmKind) -> RhythmForm:
    """Return what the form of a decision of a kind starts from: what holds, where it says. Raises NotFoundError."""
    with look() as session:
        view = _Known.of(session, agreement_id).view(session)
    held = view.decision.rhythm if view.decision is not None else None
    if kind is RhythmKind.OWN and held is not None:
        choice = RhythmChoice(kind, view.today, held.months, held.rule, held.number)
    elif kind is RhythmKind.OWN:
        choice = RhythmChoice(kind, view.today, 6, DayRule.NTH_WORKING, 5)
    else:
        choice = RhythmChoice(kind, view.today)
    return RhythmForm(TITLES[kind], view, choice)


TITLES = {
    RhythmKind.OWN: "Definir a periodicidade",
    RhythmKind.SUSPENDED: "Suspender as requisições periódicas",
    RhythmKind.DEFAULT: "Voltar à periodicidade da faixa",
}
"""The title of the page of each kind of decision."""


def preview_rhythm(*, agreement_id: int, choice: RhythmChoice) -> RhythmPreview:
    """Return the sentence and the next days of a decision; checks all that saving would check, but the reason."""
    with look() as session:
        known = _Known.of(session, agreement_id)
        decision = known.checked(choice)
        replaced = [row for row in known.decisions if row.holds_from >= decision.holds_from]
        kept = tuple(row for row in known.decisions if row.holds_from < decision.holds_from)
        ahead = Schedule((*kept, decision), known.schedule.opened, known.schedule.begins_on, known.schedule.months)
        before = known.schedule.in_force(known.on)
        return RhythmPreview(
            TITLES[choice.kind],
            known.view(session),
            choice,
            known.sentence(decision),
            known.sentence(before),
            ahead.due(known.on, known.workdays),
            tuple(islice(known.coming(ahead), SHOWN)),
            tuple(f"{known.sentence(row)}, a partir de {row.holds_from:%d/%m/%Y}" for row in replaced),
        )


# ----------------------------------------------------------------------------------------------------------------------
# Deciding
# ----------------------------------------------------------------------------------------------------------------------
def set_rhythm(actor: Actor, *, agreement_id: int, choice: RhythmChoice, reason: str) -> bool:
    """Decide how often an agreement is asked from a day on; tells whether anything changed.

    A decision that had not begun when this one holds is taken the place of; it stays on record.
    """
    why = " ".join(reason.split())
    if not why:
        raise UseCaseError("Diga o motivo: ele fica no registro, com o seu nome.", field="reason")
    if len(why) > LONGEST_REASON:
        raise UseCaseError(f"O motivo passa de {LONGEST_REASON} caracteres.", field="reason")
    with act(actor) as work:
        take_turn(work.session)
        known = _Known.of(work.session, agreement_id)
        decision = known.checked(choice)
        replaced = store.standing_from(work.session, agreement_id, decision.holds_from)
        held = known.schedule.in_force(decision.holds_from)
        others = [row for row in replaced if store.decision_of(row) != held]
        if not others and held is not None and _same(held, decision):
            return False
        for row in replaced:
            row.superseded_at = work.now
        work.session.add(
            AgreementRhythm(
                agreement_id=agreement_id,
                lineage=replaced[0].lineage if replaced else None,
                holds_from=decision.holds_from,
                kind=decision.kind,
                rrule=decision.rhythm.rrule if decision.rhythm is not None else "",
                until=decision.until,
                reason=why,
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
            )
        )
        work.session.flush()
        sentence = known.sentence(decision)
        work.trail(
            "rhythm_set",
            "agreement",
            agreement_id,
            f"{known.label}: periodicidade das requisições a partir de {decision.holds_from:%d/%m/%Y}: {sentence}.",
            {"reason": why, "kind": decision.kind, "rrule": decision.rhythm.rrule if decision.rhythm else ""},
        )
        return True


def _same(held: RhythmDecision, decision: RhythmDecision) -> bool:
    """Tell whether a decision says what already holds."""
    if held.kind is not decision.kind or held.until != decision.until:
        return False
    first, second = held.rhythm, decision.rhythm
    return first == second or (
        first is not None
        and second is not None
        and first.sentence == second.sentence
        and (second.anchor.month - first.anchor.month + 12 * (second.anchor.year - first.anchor.year)) % first.months
        == 0
    )


# ----------------------------------------------------------------------------------------------------------------------
# What is known of one agreement
# ----------------------------------------------------------------------------------------------------------------------
class _Known(NamedTuple):
    """An agreement as its schedule sees it."""

    assessment: Assessment
    decisions: tuple[RhythmDecision, ...]
    schedule: Schedule
    workdays: Workdays

    @classmethod
    def of(cls, session: Session, agreement_id: int) -> "_Known":
        if register.head(session, agreement_id) is None:
            raise NotFoundError("Este acordo não existe.")
        return cls.judged(session, judging.assess(session, agreement_id, on=clock.today()))

    @classmethod
    def judged(cls, session: Session, assessment: Assessment) -> "_Known":
        agreement_id = assessment.agreement_id
        decisions = store.decisions(session, [agreement_id]).get(agreement_id, ())
        schedule = schedule_of(
            assessment.facts,
            assessment,
            policy=judging.policy_of(session).on(assessment.on),
            history=jobs.planned(session, [agreement_id]).get(agreement_id, {}),
            decisions=decisions,
        )
        return cls(assessment, decisions, schedule, judging.workdays_of(session))

    @property
    def on(self) -> date:
        return self.assessment.on

    @property
    def label(self) -> str:
        return self.assessment.facts.label

    def sentence(self, decision: RhythmDecision | None) -> str:
        """Say a decision; of the tier's, also how often that is."""
        if decision is None or decision.kind is RhythmKind.DEFAULT:
            return f"{interval_sentence(self.schedule.months)}, pela faixa de exposição"
        return decision.sentence

    def is_asked(self) -> bool:
        facts = self.assessment.facts
        return is_asked(facts, self.assessment, self.on) and (facts.end is None or facts.end >= self.on)

    def coming(self, schedule: Schedule) -> Iterator[date]:
        """Yield the days to come, up to the end of the bond or as far as the calendar reaches."""
        reach = min(add_months(self.on, (SHOWN + 1) * MOST_MONTHS), date(judging.CALENDAR_YEARS[1] - 1, 1, 1))
        end = self.assessment.facts.end
        return schedule.coming(self.on, self.workdays, until=reach if end is None else min(end, reach))

    def view(self, session: Session) -> RhythmView:
        head = register.head(session, self.assessment.agreement_id)
        if head is None:
            raise NotFoundError("Este acordo não existe.")
        decision = self.schedule.in_force(self.on)
        asked = self.is_asked()
        return RhythmView(
            agreement_id=head.id,
            agreement=agreement_label(head.kind, head.number),
            operator=head.operator,
            operator_id=head.operator_id,
            today=self.on,
            sentence=self.sentence(decision),
            decision=decision,
            tier=self.assessment.exposure.tier,
            tier_sentence=interval_sentence(self.schedule.months),
            waiting=self.schedule.due(self.on, self.workdays) if asked else None,
            coming=tuple(islice(self.coming(self.schedule), SHOWN)) if asked else (),
            ends_on=self.assessment.facts.end,
            asked=asked,
            reachable=head.id in recipients.prepostos(session, [head.id], self.on),
        )

    def checked(self, choice: RhythmChoice) -> RhythmDecision:
        """Return the decision that a choice comes to, or refuse it beside the field that is wrong."""
        facts = self.assessment.facts
        if facts.end is not None and facts.end < self.on:
            raise UseCaseError("O vínculo terminou: só o descarte ou a devolução dos dados ainda é pedido.")
        farthest = add_months(self.on, 12 * FARTHEST_YEARS)
        if choice.holds_from < self.on:
            raise UseCaseError("A decisão vale de hoje em diante: o que já foi pedido não muda.", field="holds_from")
        if choice.holds_from > farthest:
            raise UseCaseError(f"Escolha um dia até {farthest:%d/%m/%Y}.", field="holds_from")
        match choice.kind:
            case RhythmKind.OWN:
                try:
                    rhythm = Rhythm.starting(
                        choice.months, choice.rule, choice.number, choice.holds_from, self.workdays
                    )
                except (RhythmError, CalendarRangeError) as error:
                    raise UseCaseError(str(error), field="months") from None
                return RhythmDecision(choice.holds_from, choice.kind, rhythm)
            case RhythmKind.SUSPENDED:
                if choice.until is None or choice.until < choice.holds_from:
                    raise UseCaseError(
                        "Informe o último dia da suspensão, no dia em que começa ou depois.", field="until"
                    )
                if choice.until > farthest:
                    raise UseCaseError(f"Escolha um dia até {farthest:%d/%m/%Y}.", field="until")
                return RhythmDecision(choice.holds_from, choice.kind, until=choice.until)
            case RhythmKind.DEFAULT:
                if not self.decisions:
                    raise UseCaseError("A periodicidade deste acordo já é a da faixa de exposição.")
                return RhythmDecision(choice.holds_from, choice.kind)


# ----------------------------------------------------------------------------------------------------------------------
# What comes, for many
# ----------------------------------------------------------------------------------------------------------------------
class ComingRequest(NamedTuple):
    """A day on which a complete request will be opened, if all goes well."""

    day: date
    agreement_id: int


def coming_between(
    session: Session, first: date, last: date, agreement_ids: Collection[int] | None = None
) -> list[ComingRequest]:
    """Return the complete requests that come from ``first`` to ``last``, after today, by day.

    The tier is that of the last judgement, so that no agreement is judged anew, and the whole history is read only of
    those with a decision of their own: the number of queries is fixed, whatever the register holds.
    """
    today = clock.today()
    if last <= today:
        return []
    months = judging.policy_of(session).on(today).table("request_frequency_months")
    workdays = judging.workdays_of(session)
    decided = store.decisions(session, agreement_ids)
    history = jobs.planned(session, decided) if decided else {}
    found = []
    for row in store.bonds(session, agreement_ids, on=today):
        begins_on = row.starts_on or row.signed_on
        opened = {period_key(row.agreement_id, COMPLETE, ""): row.asked_on} if row.asked_on is not None else {}
        schedule = schedule_from(
            row.agreement_id,
            begins_on,
            months[row.exposure.value],
            history=history.get(row.agreement_id, {}) if row.agreement_id in decided else opened,
            decisions=decided.get(row.agreement_id, ()),
        )
        until = last if row.end is None else min(last, row.end)
        found += [
            ComingRequest(day, row.agreement_id)
            for day in schedule.coming(today, workdays, until=until)
            if day >= first
        ]
    return sorted(found)
