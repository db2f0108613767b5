"""Living a past: each story is a generator that says when it goes on, and all stories go on in the order of time.

A story yields how many days before today its next act happens, ``200`` or, with an hour, ``(200, 15.5)``. Whatever it
does until its next ``yield`` happens at that moment, for :mod:`vendor_tracker.clock` and so for every use case.
"""

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import TypeAlias

from contracts.norm import PORTARIA_DATED_ON
from vendor_tracker import clock

When: TypeAlias = float | tuple[float, float] | datetime
Story: TypeAlias = Iterator[When]

LONGEST_DAYS = 400
"""How far back the stories go. Nothing is judged before the Portaria, so with less past than this it is told faster."""

UNHURRIED_DAYS = 75
"""The last days are never told faster: the terms that run today were set in them."""


class Timeline:
    """Turns "so many days ago" into moments that have a place after the Portaria and before now."""

    def __init__(self, now: datetime) -> None:
        """Stand at ``now``, an aware moment."""
        self.now = now
        self.today = clock.day_of(now)
        room = (self.today - PORTARIA_DATED_ON).days - 2
        self._pace = min(1.0, max(room - UNHURRIED_DAYS, 1) / (LONGEST_DAYS - UNHURRIED_DAYS))

    def day(self, ago: float) -> date:
        """Return the day that lies ``ago`` days back in the stories; a weekend becomes the Friday before."""
        told = ago if ago <= UNHURRIED_DAYS else UNHURRIED_DAYS + (ago - UNHURRIED_DAYS) * self._pace
        day = max(self.today - timedelta(days=round(told)), PORTARIA_DATED_ON + timedelta(days=1))
        return day - timedelta(days=max(0, day.weekday() - 4))

    def moment(self, when: When) -> datetime:
        """Return the moment of an act: mid-morning unless the story names an hour, and never in the future."""
        if isinstance(when, datetime):
            return min(when, self.now)
        ago, hour = when if isinstance(when, tuple) else (when, 9.5)
        clocked = datetime.combine(self.day(ago), time(int(hour), round(hour % 1 * 60)), clock.SAO_PAULO)
        return min(clocked, self.now)

    def nights(self, *, every: int, recently_every: int, recent_days: int) -> Iterator[datetime]:
        """Yield the nights on which routines ran: each first of the month, else every so many days."""
        first = self.day(LONGEST_DAYS)
        for ago in range((self.today - first).days, -1, -1):
            day = self.today - timedelta(days=ago)
            step = recently_every if ago <= recent_days else every
            if ago % step == 0 or day.day == 1:
                yield datetime.combine(day, time(5, 40), clock.SAO_PAULO)


def play(stories: Sequence[Story], timeline: Timeline, *, progress: Callable[[int, int], None] | None = None) -> None:
    """Let every story go on at its moments until all are told; ``progress`` gets the days told and all days."""
    turn = count()
    waiting: list[tuple[datetime, int, Story]] = []

    def line_up(story: Story, after: datetime | None) -> None:
        step = next(story, None)
        if step is not None:
            moment = timeline.moment(step)
            # What a story tells comes after what it told, however coarse its hours are.
            if after is not None:
                moment = min(max(moment, after + timedelta(minutes=1)), timeline.now)
            heapq.heappush(waiting, (moment, next(turn), story))

    for story in stories:
        line_up(story, None)
    first = timeline.day(LONGEST_DAYS)
    while waiting:
        moment, _, story = heapq.heappop(waiting)
        if progress is not None:
            progress((clock.day_of(moment) - first).days, (timeline.today - first).days)
        with clock.pretending(moment):
            line_up(story, moment)
