"""What an obligation is: a dated book of requirements on three legs, and what comes out when it is judged.

A requirement is one Portuguese sentence and one small function. The function answers True, False or None ("nobody has
told us") together with the reason and the records that decided it, so that no page can show a status without them.

Judging thousands of agreements must be quick and most sentences are never read, so an answer keeps the *parts* of its
reason and puts them into words when somebody asks for it; a finding does the same with its next action.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contracts.facts import AgreementFacts, EvidenceFact, InstrumentFact, Record, RequestFact
from contracts.index import RecordIndex
from contracts.norm import LegalReference
from contracts.policy import PolicyOn
from contracts.vocabulary import INCISOS, ActionKind, EvidenceKind, Exposure, Leg, LegState, Verdict
from contracts.workdays import CalendarRangeError, Workdays

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
"""The day that counts is São Paulo's."""


def day_of(moment: datetime) -> date:
    """Return the São Paulo day of an aware moment."""
    return moment.astimezone(SAO_PAULO).date()


class Numbers(dict[str, int | Mapping[str, int]]):
    """The administrative parameters of one day, each looked up once."""

    def __init__(self, policy: PolicyOn) -> None:
        super().__init__()
        self.policy = policy
        self.day_ends_at = datetime.combine(policy.day + timedelta(days=1), time(), SAO_PAULO).astimezone(UTC)
        """The first moment after the day; in UTC, as moments are kept, because zones are slow to compare."""
        self._validity: dict[tuple[EvidenceKind, str | None, Exposure], tuple[int, str]] = {}

    def __missing__(self, key: str) -> int | Mapping[str, int]:
        """Look the parameter up and keep it."""
        value = self.policy.value(key).value
        self[key] = value
        return value

    def validity(self, kind: EvidenceKind, refresh: str | None, exposure: Exposure) -> tuple[int, str]:
        """Return how many months a proof holds (zero: without end), and the key of the parameter that says so.

        The default validity of its kind counts, or the renewal that the obligation asks for (``refresh``) if shorter.
        """
        found = self._validity.get((kind, refresh, exposure))
        if found is None:
            months, key = self.policy.table("evidence_validity_months")[kind], "evidence_validity_months"
            if refresh is not None:
                renewals = self[refresh]
                renewal = renewals if isinstance(renewals, int) else renewals[exposure]
                if renewal and (not months or renewal < months):
                    months, key = renewal, refresh
            found = self._validity[kind, refresh, exposure] = (months, key)
        return found


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The day of a judgement and what holds on it besides the facts.

    Made by :func:`contracts.evaluation.circumstances_of`. ``incisos`` are those in force on the day, and
    ``clause_editions``, for each clause whose text changed, the days from which a newer text holds, oldest first.
    """

    on: date
    policy: PolicyOn
    exposure: Exposure
    workdays: Workdays
    index: RecordIndex
    numbers: Numbers
    incisos: tuple[str, ...] = INCISOS
    clause_editions: Mapping[str, tuple[date, ...]] = field(default_factory=dict)
    instrument_waived: bool = False
    """Whether a law waives the instrument, so that nothing is asked of one."""

    def number(self, key: str) -> int:
        """Return a parameter that is one number, in its own unit."""
        value = self.numbers[key]
        return value if isinstance(value, int) else self.policy.number(key)

    def table(self, key: str) -> Mapping[str, int]:
        """Return a parameter that is a table."""
        value = self.numbers[key]
        return self.policy.table(key) if isinstance(value, int) else value

    def tiered(self, key: str) -> int:
        """Return a parameter for the agreement's exposure: its own line of a table, or the one number for all."""
        value = self.numbers[key]
        return value if isinstance(value, int) else value[self.exposure]

    def happened(self, moment: datetime) -> bool:
        """Tell whether an aware moment had come by the end of the day."""
        return moment < self.numbers.day_ends_at

    def working_day_from(self, day: date) -> date:
        """Return the day, or the next one with expediente, as a term that ends on a closed day is extended.

        Beyond the years the calendar knows only weekends are skipped: a judgement must come out on any day.
        """
        try:
            return self.workdays.next_working(day)
        except CalendarRangeError:
            return day + timedelta(days=7 - day.weekday() if day.weekday() >= 5 else 0)

    def working_days_after(self, day: date, count: int) -> date:
        """Return the ``count``-th day with expediente after ``day``; see :meth:`working_day_from` for unknown years."""
        try:
            return self.workdays.add_working(day, count)
        except CalendarRangeError:
            for _ in range(count):
                day = self.working_day_from(day + timedelta(days=1))
            return day


class Named(NamedTuple):
    """A record inside a sentence: its noun and its label in quotes, or the label alone when it says the noun."""

    noun: str
    label: str

    def __str__(self) -> str:
        """Return the words, for use after an article of the noun's gender."""
        if self.label.casefold().startswith(self.noun.casefold()):
            return f"“{self.label}”"
        return f"{self.noun} “{self.label}”"


def listed(words: tuple[str, ...]) -> str:
    """Join words as Portuguese does: "I, II e III"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} e {words[-1]}"


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun in the right number: "1 hora", "2 horas"."""
    return f"{number} {one if number == 1 else many}"


def moment_in_words(value: datetime) -> str:
    """Write an aware moment by the clock of São Paulo: "20/11/2026, às 8h30"; a full hour is "8h"."""
    at = value.astimezone(SAO_PAULO)
    minutes = f"{at:%M}" if at.minute else ""
    return f"{at:%d/%m/%Y}, às {at.hour}h{minutes}"


def said(value: object) -> str:
    """Put one part of a sentence into words: days as dd/mm/aaaa, moments in São Paulo's time, records by name."""
    if isinstance(value, datetime):
        return moment_in_words(value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, InstrumentFact):
        return str(Named("instrumento", value.record.label))
    if isinstance(value, EvidenceFact):
        return str(Named("evidência", value.record.label))
    if isinstance(value, RequestFact):
        return str(Named("requisição", value.record.label))
    if isinstance(value, tuple) and not isinstance(value, Named):
        return listed(tuple(str(word) for word in value))
    return str(value)


class Answer(NamedTuple):
    """What a requirement's function found.

    ``template`` and ``values`` make :attr:`reason`, a whole Portuguese sentence. ``partly`` marks a False that is half
    there (a clause that covers in part, a proof that has expired); ``silent`` marks a True that holds only because
    nothing has happened yet; ``until`` is the last day on which a True will hold if nothing else changes, or on which
    what is missing may still be given. ``remedy`` names the tool when it is not the usual one of the leg, and
    ``asks_for`` the proofs when the circumstances change which would do.
    """

    holds: bool | None
    template: str
    values: tuple[object, ...] = ()
    records: tuple[Record, ...] = ()
    partly: bool = False
    silent: bool = False
    until: date | None = None
    parameter: str | None = None
    """Key of the administrative parameter whose number decided."""
    remedy: ActionKind | None = None
    asks_for: tuple[EvidenceKind, ...] | None = None

    @property
    def reason(self) -> str:
        """Return the sentence."""
        return self.template.format(*map(said, self.values)) if self.values else self.template


_new = tuple.__new__
"""Makes an answer from all its fields in their order, which takes a third of the time that naming them does."""


def yes(
    template: str,
    *values: object,
    records: tuple[Record, ...] = (),
    until: date | None = None,
    parameter: str | None = None,
) -> Answer:
    """Answer that the requirement holds."""
    return _new(Answer, (True, template, values, records, False, False, until, parameter, None, None))


def quiet(template: str, *values: object) -> Answer:
    """Answer that it holds because nothing on record says otherwise."""
    return _new(Answer, (True, template, values, (), False, True, None, None, None, None))


def no(
    template: str,
    *values: object,
    records: tuple[Record, ...] = (),
    partly: bool = False,
    parameter: str | None = None,
    remedy: ActionKind | None = None,
    asks_for: tuple[EvidenceKind, ...] | None = None,
) -> Answer:
    """Answer that the requirement fails."""
    return _new(Answer, (False, template, values, records, partly, False, None, parameter, remedy, asks_for))


def unknown(
    template: str,
    *values: object,
    records: tuple[Record, ...] = (),
    until: date | None = None,
    parameter: str | None = None,
    remedy: ActionKind | None = None,
) -> Answer:
    """Answer that nobody has told us."""
    return _new(Answer, (None, template, values, records, False, False, until, parameter, remedy, None))


Test = Callable[[AgreementFacts, Circumstances], Answer]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One sentence that must be true, on one leg.

    ``asks_for`` names the proofs of which any one satisfies an evidence requirement, the preferred first; empty when
    the gap is mended in our own records. ``remedy`` is how the next action begins, when the usual words do not fit.
    ``untouched`` is what the function answers while no corrective action and no fact against the inciso is on record,
    when that alone settles it: most agreements have neither, and then it need not be asked.
    """

    leg: Leg
    sentence: str
    test: Test
    asks_for: tuple[EvidenceKind, ...] = ()
    remedy: str = ""
    untouched: Answer | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """The book of an obligation from the day ``since`` on (to the day ``until``, included, when it has one)."""

    since: date
    law: LegalReference
    requires: tuple[Requirement, ...]
    related: tuple[LegalReference, ...] = ()
    due: Callable[[AgreementFacts, Circumstances], Answer | None] | None = None
    """Returns why the obligation is not yet due on the day, or ``None`` when it is."""
    until: date | None = None
    legs: tuple[tuple[Requirement, ...], ...] = field(init=False, repr=False, compare=False)
    """The requirements of each leg, in the order of :class:`Leg`."""
    tests: tuple[Test, ...] = field(init=False, repr=False, compare=False)
    """The functions of those requirements, leg after leg."""
    bounds: tuple[int, int] = field(init=False, repr=False, compare=False)
    """Where in ``tests`` the second and the third leg begin."""
    untouched: tuple[Answer, ...] = field(init=False, repr=False, compare=False)
    """What the last requirements of conduct answer while nothing about the inciso was found; see Requirement."""
    asked: tuple[Test, ...] = field(init=False, repr=False, compare=False)
    """The functions of the other requirements, which are always asked."""

    def __post_init__(self) -> None:
        """Sort the requirements by leg, once."""
        by_leg = tuple(tuple(item for item in self.requires if item.leg is leg) for leg in Leg)
        object.__setattr__(self, "legs", by_leg)
        object.__setattr__(self, "tests", tuple(item.test for items in by_leg for item in items))
        object.__setattr__(self, "bounds", (len(by_leg[0]), len(by_leg[0]) + len(by_leg[1])))
        tail = tuple(takewhile(lambda answer: answer is not None, (item.untouched for item in reversed(by_leg[-1]))))
        object.__setattr__(self, "untouched", tail[::-1])
        object.__setattr__(self, "asked", self.tests[: len(self.tests) - len(tail)])


@dataclass(frozen=True, slots=True)
class Obligation:
    """One inciso of art. 14, or one obligation of the organisation ("não se limitam").

    Raises ``ValueError`` when the versions are not in the order of their days.
    """

    inciso: str
    title: str
    versions: tuple[Version, ...]

    def __post_init__(self) -> None:
        """Refuse versions out of order: the day of a judgement would pick the wrong one."""
        days = [version.since for version in self.versions]
        if not days or days != sorted(set(days)):
            message = f"{self.inciso}: an obligation needs its versions in order, one a day"
            raise ValueError(message)

    def on(self, day: date) -> Version | None:
        """Return the version in force on ``day``; ``None`` before the first one, or after the last has ended."""
        for version in reversed(self.versions):
            if version.since <= day:
                return version if version.until is None or day <= version.until else None
        return None


class Check(NamedTuple):
    """A requirement as it was answered."""

    leg: Leg
    sentence: str
    answer: Answer
    asks_for: tuple[EvidenceKind, ...] = ()
    remedy: str = ""


class LegResult(NamedTuple):
    """A leg as it stands: its state, and its requirements with their answers, in the same order."""

    leg: Leg
    state: LegState
    requires: tuple[Requirement, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def checks(self) -> tuple[Check, ...]:
        """Return each requirement as it was answered."""
        return tuple(
            Check(
                requirement.leg,
                requirement.sentence,
                answer,
                requirement.asks_for if answer.asks_for is None else answer.asks_for,
                requirement.remedy,
            )
            for requirement, answer in zip(self.requires, self.answers, strict=True)
        )


@dataclass(frozen=True, slots=True)
class NextAction:
    """The one thing to do next about a finding.

    ``due_on`` is the day by which, where one is known: for :data:`ActionKind.NOTHING` the day it will next need care.
    """

    kind: ActionKind
    sentence: str
    leg: Leg | None = None
    due_on: date | None = None
    evidence_kinds: tuple[EvidenceKind, ...] = ()


Answers = tuple[tuple[Answer, ...], tuple[Answer, ...], tuple[Answer, ...]]
"""The answers of the three legs, in the order of :class:`Leg`."""

States = tuple[LegState, LegState, LegState]
"""The states of the three legs, in the order of :class:`Leg`."""


@dataclass(eq=False)
class Finding:
    """How one obligation stands on a day, and why.

    ``ground`` is the answer that settled the matter before the legs were asked: the waiver, or why it is not yet due.
    Everything that is only for reading is worked out when it is first read.
    """

    obligation: Obligation
    version: Version
    verdict: Verdict
    states: States
    answers: Answers
    facts: AgreementFacts
    when: Circumstances
    ground: Answer | None = None

    @property
    def inciso(self) -> str:
        """Return the inciso, or the code of an obligation of the organisation."""
        return self.obligation.inciso

    @property
    def title(self) -> str:
        """Return the short name of the obligation."""
        return self.obligation.title

    @property
    def law(self) -> LegalReference:
        """Return the provision, quoted."""
        return self.version.law

    @cached_property
    def results(self) -> tuple[LegResult, LegResult, LegResult]:
        """Return the three legs, in the order of :class:`Leg`."""
        (instrument, evidence, conduct), answers, requires = self.states, self.answers, self.version.legs
        # A leg that was not asked (a waived instrument) shows no requirement either.
        return (
            LegResult(Leg.INSTRUMENT, instrument, requires[0] if answers[0] else (), answers[0]),
            LegResult(Leg.EVIDENCE, evidence, requires[1] if answers[1] else (), answers[1]),
            LegResult(Leg.CONDUCT, conduct, requires[2] if answers[2] else (), answers[2]),
        )

    @property
    def legs(self) -> Mapping[Leg, LegResult]:
        """Return the three legs by name."""
        return {result.leg: result for result in self.results}

    @property
    def checks(self) -> tuple[Check, ...]:
        """Return every requirement as it was answered, in the order of the legs."""
        return tuple(check for result in self.results for check in result.checks)

    def state(self, leg: Leg) -> LegState:
        """Return the state of one leg."""
        return next(result.state for result in self.results if result.leg is leg)

    @property
    def records(self) -> tuple[Record, ...]:
        """Return every record behind the finding, in the order of the legs, each once."""
        seen: dict[Record, None] = dict.fromkeys(self.ground.records if self.ground else ())
        for answers in self.answers:
            for answer in answers:
                seen.update(dict.fromkeys(answer.records))
        return tuple(seen)

    @property
    def deciding(self) -> tuple[Answer, ...]:
        """Return the answers that decided: the ground, what broke, else what is missing, else what holds."""
        ground = (self.ground,) if self.ground else ()
        if self.verdict is Verdict.NOT_APPLICABLE:
            return ground
        instrument, _, conduct = self.answers
        if self.verdict is Verdict.BREACHED:
            return tuple(answer for answer in conduct if answer.holds is False)
        if self.verdict is Verdict.NOT_DUE:
            # What the instrument lacks can still be mended before the end, so it is said now.
            return ground + tuple(answer for answer in instrument if answer.holds is not True)
        answers = tuple(answer for leg in self.answers for answer in leg)
        return tuple(answer for answer in answers if answer.holds is not True) or answers

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Return the sentences that decided."""
        # Two requirements may fail for one cause, and say it in the same words: once is enough.
        return tuple(dict.fromkeys(answer.reason for answer in self.deciding))

    @cached_property
    def next_action(self) -> NextAction:
        """Return the one thing to do next."""
        from contracts.next_action import next_action_of  # it speaks of findings, so it is taken late

        return next_action_of(self)

    @cached_property
    def related(self) -> tuple[LegalReference, ...]:
        """Return the other provisions that bear on it."""
        from contracts.sharing import related_regime  # the same

        return (*self.version.related, *related_regime(self.facts, self.when.on))

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """Return what a reader must know about the other party's regime or role."""
        from contracts.sharing import regime_remarks  # the same

        return regime_remarks(self.facts, self.when.on)
