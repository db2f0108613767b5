"""What an obligation is: a dated book of requirements on three legs, and what comes out when it is judged.

A requirement is one Portuguese sentence and one small function. The function answers True, False or None ("nobody has told
us") together with the reason and the records that decided it, so that no page can show a status without them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from contracts.facts import AgreementFacts, Record
from contracts.norm import LegalReference
from contracts.policy import PolicyOn
from contracts.vocabulary import ActionKind, EvidenceKind, Exposure, Leg, LegState, Verdict
from contracts.workdays import Workdays


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The day of a judgement and what holds on it besides the facts."""

    on: date
    policy: PolicyOn
    exposure: Exposure
    workdays: Workdays


@dataclass(frozen=True, slots=True)
class Answer:
    """What a requirement's function found.

    ``reason`` is a whole Portuguese sentence; ``partly`` marks a False that is half there (a clause that covers in
    part, a proof that has expired); ``silent`` marks a True that holds only because nothing has happened yet;
    ``until`` is the last day on which a True will hold if nothing else changes.
    """

    holds: bool | None
    reason: str
    records: tuple[Record, ...] = ()
    partly: bool = False
    silent: bool = False
    until: date | None = None
    parameter: str | None = None
    """Key of the administrative parameter whose number stands in the reason."""


def yes(reason: str, *records: Record, until: date | None = None, parameter: str | None = None) -> Answer:
    """Answer that the requirement holds."""
    return Answer(True, reason, records, until=until, parameter=parameter)


def quiet(reason: str) -> Answer:
    """Answer that it holds because nothing on record says otherwise."""
    return Answer(True, reason, silent=True)


def no(reason: str, *records: Record, partly: bool = False, parameter: str | None = None) -> Answer:
    """Answer that the requirement fails."""
    return Answer(False, reason, records, partly=partly, parameter=parameter)


def unknown(reason: str, *records: Record) -> Answer:
    """Answer that nobody has told us."""
    return Answer(None, reason, records)


Test = Callable[[AgreementFacts, Circumstances], Answer]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One sentence that must be true, on one leg.

    ``asks_for`` names the proofs that would satisfy an evidence requirement: they become the items of a request.
    """

    leg: Leg
    sentence: str
    test: Test
    asks_for: tuple[EvidenceKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """The book of an obligation from the day ``since`` on."""

    since: date
    law: LegalReference
    requires: tuple[Requirement, ...]
    related: tuple[LegalReference, ...] = ()
    due: Callable[[AgreementFacts, Circumstances], str | None] | None = None
    """Returns why the obligation is not yet due on the day, or ``None`` when it is."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One inciso of art. 14, or one obligation of the organisation ("não se limitam")."""

    inciso: str
    title: str
    versions: tuple[Version, ...]

    def on(self, day: date) -> Version | None:
        """Return the version in force on ``day``; ``None`` before the first one."""
        held = [version for version in self.versions if version.since <= day]
        return max(held, key=lambda version: version.since) if held else None


@dataclass(frozen=True, slots=True)
class Check:
    """A requirement as it was answered."""

    leg: Leg
    sentence: str
    answer: Answer
    asks_for: tuple[EvidenceKind, ...] = ()


@dataclass(frozen=True, slots=True)
class LegResult:
    """A leg as it stands: its state and the answers behind it."""

    leg: Leg
    state: LegState
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class NextAction:
    """The one thing to do next about a finding.

    ``due_on`` is the day by which, where one is known: for :data:`ActionKind.NOTHING` the day it will next fall due.
    """

    kind: ActionKind
    sentence: str
    leg: Leg | None = None
    due_on: date | None = None
    evidence_kinds: tuple[EvidenceKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """How one obligation stands on a day, and why."""

    inciso: str
    title: str
    law: LegalReference
    verdict: Verdict
    reasons: tuple[str, ...]
    legs: Mapping[Leg, LegResult]
    next_action: NextAction
    related: tuple[LegalReference, ...] = ()
    remarks: tuple[str, ...] = field(default=())

    def state(self, leg: Leg) -> LegState:
        """Return the state of one leg."""
        return self.legs[leg].state

    @property
    def records(self) -> tuple[Record, ...]:
        """Return every record behind the finding, in the order of the legs, each once."""
        seen: dict[Record, None] = {}
        for result in self.legs.values():
            for check in result.checks:
                seen.update(dict.fromkeys(check.answer.records))
        return tuple(seen)
