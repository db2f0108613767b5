"""The one place that reads the clock. Moments are aware UTC; the day that counts is São Paulo's."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """Return the present moment, in UTC."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretending(moment: datetime) -> Iterator[None]:
    """Let the block live at ``moment``: how the demonstration and the generated registers get a past."""
    token = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


def today() -> date:
    """Return the present day in São Paulo."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Return the São Paulo day of an aware moment."""
    return moment.astimezone(SAO_PAULO).date()


def end_of(day: date) -> datetime:
    """Return the first moment after the São Paulo day, in UTC: what was recorded before it was known on that day."""
    return datetime.combine(day + timedelta(days=1), time.min, SAO_PAULO).astimezone(UTC)


def start_of(day: date) -> datetime:
    """Return the first moment of the São Paulo day, in UTC."""
    return datetime.combine(day, time.min, SAO_PAULO).astimezone(UTC)
