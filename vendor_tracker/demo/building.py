"""Filling an empty database with the demonstration's year, and what visitors are told about it."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask

from vendor_tracker import clock
from vendor_tracker.demo import (
    asking,
    chains,
    chasing,
    incidents,
    letters,
    library,
    matters,
    recurrence,
    routine,
    sheets,
    stories,
    transparency,
    views,
)
from vendor_tracker.demo.hands import Hands
from vendor_tracker.demo.timeline import Timeline, play
from vendor_tracker.usecases import portal_links, requesting
from vendor_tracker.usecases.work import look

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that waits for its operator, and the link to answer it."""

    number: str
    operator: str
    address: str


def build(app: Flask, *, progress: Progress | None = None) -> Hands:
    """Tell every story in an empty, prepared database; the same day makes the same register."""
    with app.app_context():
        timeline = Timeline(clock.now())
        hands = Hands(app.extensions["vendor_tracker.settings"], app.extensions["vendor_tracker.files"], timeline.today)
        told = [
            stories.opening(hands),
            *(story(hands) for story in stories.ALL),
            library.story(hands),
            asking.story(hands),
            chasing.story(hands),
            chains.story(hands),
            incidents.story(hands),
            matters.story(hands),
            recurrence.story(hands),
            letters.story(hands),
            routine.year(hands, timeline),
            sheets.story(hands),
            transparency.story(hands),
            views.story(hands),
        ]
        play(told, timeline, progress=progress)
        return hands


def open_request(app: Flask) -> OpenRequest | None:
    """Return the open request with the most time left, with its link as it stands; ``None`` when none is open."""
    with app.app_context():
        page = requesting.requests_page(standing="waiting", size=100)
        lines = [line for line in page.lines if line.head.due_on >= page.today]
        if not lines:
            return None
        chosen = max(lines, key=lambda line: (line.items, line.head.due_on, -line.head.id)).head
        # The link of the last letter is shown, as the operator has it; a new one would undo it at every start.
        with look() as session:
            address = portal_links.current_address(session, chosen.id, now=clock.now())
        return OpenRequest(chosen.number, chosen.operator, address)
