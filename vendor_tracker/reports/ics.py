"""Calendars in the format that every agenda reads (iCalendar, RFC 5545).

Everything here is told by the day, without an hour: a term of the Portaria ends with the day. So no time zone is
needed, and no reader shows a term on the eve because it lives elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

PRODUCT = "-//Operadores de dados pessoais//Agenda//PT-BR"

MEDIA_TYPE = "text/calendar"

REFRESH = timedelta(hours=6)
"""How often readers are asked to look again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A commitment on a day. ``sequence`` grows with each change that its readers must hear of."""

    uid: str
    day: date
    summary: str
    description: str
    url: str
    sequence: int
    changed_at: datetime
    """When it was last changed, aware: its time stamp, so that the same entry is always the same bytes."""
    cancelled: bool = False
    category: str = ""


def calendar(entries: Iterable[Entry], *, name: str = "", method: str = "PUBLISH", organizer: str = "") -> bytes:
    """Return a calendar in UTF-8. ``organizer`` is an e-mail address; a withdrawal (``CANCEL``) needs one."""
    whole = Calendar()
    whole.add("prodid", PRODUCT)
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("method", method)
    if name:
        whole.add("x-wr-calname", name)
        whole.add("x-wr-timezone", "America/Sao_Paulo")
        whole.add("refresh-interval", REFRESH)
        whole["refresh-interval"].params["VALUE"] = "DURATION"
        whole.add("x-published-ttl", REFRESH)
    for entry in entries:
        whole.add_component(_event(entry, organizer))
    return bytes(whole.to_ical())


def _event(entry: Entry, organizer: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.summary)
    if entry.description:
        event.add("description", entry.description)
    if entry.url:
        event.add("url", entry.url)
    if entry.category:
        event.add("categories", [entry.category])
    if organizer:
        event.add("organizer", f"mailto:{organizer}")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    # A term is no appointment: nobody is busy because something ends.
    event.add("transp", "TRANSPARENT")
    return event


__all__ = ["MEDIA_TYPE", "Entry", "calendar"]
