"""The ladder of reminders and escalation of a request. Pure; says which steps must be sent on a day.

A step is due when its threshold has passed and it has not been sent: never "when the day equals today", so that a
ladder that missed three nights still speaks. It does not speak three times, though: of the steps towards the same side
that have passed, only the newest counts, because a reminder that is overtaken by a graver one tells its reader
nothing. The operator's own side is one side, whether a step goes to the preposto or to every contact, since the
preposto is one of them. Gestor and fiscal, Encarregado and committee are sides of their own: each learns what the step
before did not mend.
"""

from collections.abc import Collection
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
    itself has just said it. Nothing is due once the request was answered, refused or cancelled.
    """
    if request.state not in WAITING_STATES:
        return ()
    newest: dict[str, Step] = {}
    for step in ladder(request.due_on, policy=policy, on=on, workdays=workdays):
        if step.day <= on and (step.overdue or step.day > request.asked_on):
            # The ladder is in order, so that the last one kept is the newest.
            newest[_SIDE[step.audience]] = step
    return tuple(step for step in newest.values() if step.slug not in sent)
