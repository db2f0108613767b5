"""Whether the process can do its work, and the counters that operations watch."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy.exc import SQLAlchemyError

from vendor_tracker.store import setup
from vendor_tracker.usecases.work import look


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be answered, and what the database said in one Portuguese phrase."""

    ready: bool
    database: str


def readiness() -> Readiness:
    """Ask the database whether it is there and of this version."""
    try:
        with look() as session:
            if setup.is_prepared(session):
                return Readiness(True, "pronta")
            return Readiness(False, "precisa de preparo: rode vendor-tracker init")
    except SQLAlchemyError:
        return Readiness(False, "não responde")


def registry() -> CollectorRegistry:
    """Return the counters, read from the database at this moment: they hold for any number of processes."""
    fresh = CollectorRegistry()
    with look() as session:
        counts = setup.counts(session)
    for name, (help_text, value) in counts.items():
        Gauge(f"vendor_tracker_{name}", help_text, registry=fresh).set(value)
    return fresh
