"""Facts that ask: which of them set a request off, what they ask and why, as ``occasions.toml`` says.

Pure: what happened, the day and the parameters in, whether and what to ask out. Each fact asks once: its key is kept
with the request that asks it. What was old when it was recorded, or came with the agreement itself, asks nothing, so
that filling the register sets off no flood: the first complete request asks about all of it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from contracts.facts import Record
from contracts.policy import PolicyOn
from contracts.vocabulary import INCISOS, EvidenceKind, Occasion

EVENT = "event"
"""What the keys of requests that a fact set off begin with."""

_REGISTERED_WITH_THE_AGREEMENT = frozenset({Occasion.SUB_OPERATOR, Occasion.INSTRUMENT, Occasion.CONTACT_CHANGED})
"""What belongs to a registration when it is recorded on the same day. An incident never does."""


class OccasionsError(ValueError):
    """The occasions file is malformed; the message says where."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that an occasion asks: about an inciso, as a whole, to confirm it, or one proof of it."""

    inciso: str
    what: str
    """``inciso``, ``confirmation`` or the slug of an :class:`EvidenceKind`."""

    @property
    def proof(self) -> EvidenceKind | None:
        """Return the proof that is asked, when it is one."""
        return None if self.what in {"inciso", "confirmation"} else EvidenceKind(self.what)


@dataclass(frozen=True, slots=True)
class OccasionRule:
    """What one occasion asks and why. ``reason`` and the rest are Portuguese; ``{day}`` in it is when it happened."""

    occasion: Occasion
    label: str
    when: str
    reason: str
    basis: str
    asks: tuple[Ask, ...]
    """What is asked; empty for everything."""
    after_end: bool
    waits: bool
    plans_audit: bool

    @property
    def asks_everything(self) -> bool:
        """Tell whether it asks what a complete request asks."""
        return not self.asks

    @property
    def incisos(self) -> tuple[str, ...]:
        """Return the incisos it asks about."""
        asked = {ask.inciso for ask in self.asks}
        return tuple(inciso for inciso in INCISOS if inciso in asked) or INCISOS[:-1]

    def sentence(self, happened_on: date) -> str:
        """Say why it asks, with its ground."""
        return f"{self.reason.replace('{day}', f'{happened_on:%d/%m/%Y}')} Fundamento: {self.basis}."


@dataclass(frozen=True, slots=True)
class Happening:
    """A fact on record that may ask something under one agreement."""

    agreement_id: int
    occasion: Occasion
    tail: str
    """What tells it from others of its kind in the key: the id of its record, or its day."""
    happened_on: date
    recorded_on: date
    registered_on: date
    """The day on which the agreement entered the register."""
    record: Record

    @property
    def key(self) -> str:
        """Return the unique key of this fact: ``event:<agreement>:<occasion>:<tail>``."""
        return event_key(self.agreement_id, self.occasion, self.tail)


def event_key(agreement_id: int, occasion: Occasion, tail: str) -> str:
    """Return the unique key of a fact that asks."""
    return f"{EVENT}:{agreement_id}:{occasion.value}:{tail}"


def sets_off(happening: Happening, parameters: PolicyOn) -> bool:
    """Tell whether a fact asks anything: it is switched on, it was recent when recorded, and it is news."""
    if not parameters.table("event_requests")[happening.occasion.value]:
        return False
    age = (happening.recorded_on - happening.happened_on).days
    if age > parameters.number("event_age_days"):
        return False
    with_the_agreement = happening.recorded_on <= happening.registered_on
    return not (with_the_agreement and happening.occasion in _REGISTERED_WITH_THE_AGREEMENT)


@cache
def occasion_book() -> Mapping[Occasion, OccasionRule]:
    """Read the occasions (once a process), in the order of the file.

    Raises:
        OccasionsError: a table, a key or a text is missing or unknown.
    """
    return parse_occasions(files("contracts").joinpath("occasions.toml").read_text(encoding="utf-8"))


_TEXTS = ("label", "when", "reason", "basis")
_SWITCHES = ("after_end", "waits", "plans_audit")


def parse_occasions(text: str) -> Mapping[Occasion, OccasionRule]:
    """Read an occasions file, refusing whatever it does not know.

    Raises:
        OccasionsError: not TOML, or a table, a key or a text is missing or unknown.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OccasionsError(f"occasions file is not valid TOML: {error}") from error
    if document.keys() != {occasion.value for occasion in Occasion}:
        raise OccasionsError(f"occasions file must have exactly the tables {', '.join(Occasion)}")
    return MappingProxyType({Occasion(key): _rule(Occasion(key), raw) for key, raw in document.items()})


def _rule(occasion: Occasion, raw: object) -> OccasionRule:
    if not isinstance(raw, dict) or raw.keys() != {*_TEXTS, *_SWITCHES, "asks"}:
        raise OccasionsError(f"{occasion}: has exactly {', '.join((*_TEXTS, 'asks', *_SWITCHES))}")
    if not all(isinstance(raw[name], str) and raw[name].strip() for name in _TEXTS):
        raise OccasionsError(f"{occasion}: {', '.join(_TEXTS)} must be texts")
    if not all(isinstance(raw[name], bool) for name in _SWITCHES):
        raise OccasionsError(f"{occasion}: {', '.join(_SWITCHES)} must be true or false")
    asks = () if raw["asks"] == "everything" else _asks(occasion, raw["asks"])
    return OccasionRule(
        occasion=occasion,
        label=raw["label"],
        when=raw["when"],
        reason=raw["reason"],
        basis=raw["basis"],
        asks=asks,
        after_end=raw["after_end"],
        waits=raw["waits"],
        plans_audit=raw["plans_audit"],
    )


def _asks(occasion: Occasion, raw: object) -> tuple[Ask, ...]:
    known = {"inciso", "confirmation", *(kind.value for kind in EvidenceKind)}
    if not isinstance(raw, list) or not raw:
        raise OccasionsError(f'{occasion}: asks is "everything" or a list of items')
    for item in raw:
        if not isinstance(item, dict) or item.keys() != {"inciso", "what"}:
            raise OccasionsError(f"{occasion}: each item of asks has exactly inciso and what")
        if item["inciso"] not in INCISOS or item["what"] not in known:
            raise OccasionsError(f"{occasion}: asks an unknown {item['inciso']}, {item['what']}")
    return tuple(Ask(item["inciso"], item["what"]) for item in raw)
