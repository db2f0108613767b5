"""The ladder of reminders and escalation of a request. Pure; says which steps must be sent on a day.

A step is due when its threshold has passed and it has not been sent: never "when the day equals today", so that a
ladder that missed three nights still speaks. It does not speak three times, though: of the steps towards the same side
that have passed, only the newest counts, because a reminder that is overtaken by a graver one tells its reader
nothing. The operator's own side is one side, whether a step goes to the preposto or to every contact, since the
preposto is one of them. Gestor and fiscal, Encarregado and committee are sides of their own: each learns what the step
before did not mend.

While an extension that was asked within the term waits for our decision, nobody is accused of being late. And when the
last step was taken and its day has passed, the silence itself is a finding (:func:`silent_since`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts.policy import Policy
from contracts.vocabulary import RequestState
from contracts.workdays import Workdays


class Audience(StrEnum):
    """To whom a step speaks."""

    PREPOSTO = "preposto"
    CONTACTS = "contacts"
    STEWARDS = "stewards"
    ENCARREGADO = "encarregado"
    COMMITTEE = "committee"


_SIDE = {
    Audience.PREPOSTO: "operator",
    Audience.CONTACTS: "operator",
    Audience.STEWARDS: "stewards",
    Audience.ENCARREGADO: "encarregado",
    Audience.COMMITTEE: "committee",
}

WAITING_STATES = frozenset({RequestState.OPEN, RequestState.RETURNED})
"""States in which the ladder runs: the vendor has the word."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: its slug, the day its threshold passes, and to whom it speaks.

    ``working_days`` is signed: negative before the term, positive after.
    """

    slug: str
    audience: Audience
    working_days: int
    day: date

    @property
    def overdue(self) -> bool:
        """Tell whether the step speaks of a term that has passed."""
        return self.working_days > 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the ladder needs to know of a request. ``asked_on`` is the day the vendor got it, or got it back."""

    state: RequestState
    asked_on: date
    due_on: date
    extension_asked_on: date | None = None
    """The day on which the vendor asked for a later term, while nobody has decided; ``None`` when nothing waits."""

    @property
    def held(self) -> bool:
        """Tell whether a decision of ours is awaited that was asked for in time: being late would be our doing."""
        return self.extension_asked_on is not None and self.extension_asked_on <= self.due_on


def ladder(due_on: date, *, policy: Policy, on: date, workdays: Workdays) -> tuple[Step, ...]:
    """Return every rung for a term that ends on ``due_on``, in order of day, by the parameters of the day ``on``.

    Raises:
        ValueError: a step's slug names no audience.
        CalendarRangeError: a rung leaves what the calendar knows.
    """
    table = policy.on(on).table("reminder_steps_days")
    steps = [
        Step(slug, Audience(slug.partition("_")[0]), offset, workdays.add_working(due_on, offset))
        for slug, offset in table.items()
    ]
    return tuple(sorted(steps, key=lambda step: (step.working_days, step.slug)))


def steps_due(
    request: Waiting, sent: Collection[str], *, on: date, policy: Policy, workdays: Workdays
) -> tuple[Step, ...]:
    """Return the steps to send on the day ``on``, at most one for each side.

    ``sent`` holds the slugs already sent for the term now in force: a new term (extension, or return to the vendor)
    starts the ladder anew. A reminder whose day came before the vendor even had the request is not sent: the request
    itself has just said it. Nothing is due once the request was answered, refused or cancelled, nor, past the term,
    while it is held.
    """
    if request.state not in WAITING_STATES or (request.held and on > request.due_on):
        return ()
    newest: dict[str, Step] = {}
    for step in ladder(request.due_on, policy=policy, on=on, workdays=workdays):
        if step.day <= on and (step.overdue or step.day > request.asked_on):
            # The ladder is in order, so that the last one kept is the newest.
            newest[_SIDE[step.audience]] = step
    return tuple(step for step in newest.values() if step.slug not in sent)


def silent_since(
    request: Waiting, sent: Mapping[str, date], *, on: date, policy: Policy, workdays: Workdays
) -> date | None:
    """Return the last day of a silence that is complete on ``on``, or ``None`` while somebody may still answer in time.

    ``sent`` holds the steps taken for the term now in force and the day of each. Silence is complete when the last rung
    was taken and its day has passed. Where the vendor's own last notice left late, because nobody ran the ladder in
    time, its day is counted on by what lay between the two rungs: the vendor never has fewer working days to answer
    than the ladder promises, whatever we missed.
    """
    if request.state not in WAITING_STATES or request.held:
        return None
    rungs = [step for step in ladder(request.due_on, policy=policy, on=on, workdays=workdays) if step.overdue]
    own = [step for step in rungs if _SIDE[step.audience] == "operator" and step.slug in sent]
    if not own or rungs[-1].slug not in sent:
        return None
    last, notice = rungs[-1], own[-1]
    spared = workdays.add_working(sent[notice.slug], last.working_days - notice.working_days)
    end = max(last.day, sent[last.slug], spared)
    return end if end < on else None
