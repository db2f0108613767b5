"""The audit trail: append-only, each line carrying the SHA-256 of the one before.

The hash of a line is SHA-256 over the UTF-8 of its fields joined by the unit separator (U+001F): seq, at (ISO, UTC,
microseconds), actor, act, subject_kind, subject_id, summary, details, previous. Anyone can recompute it with a text
editor and ``sha256sum``.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from vendor_tracker.store.tables import TrailEntry, TrailHead

GENESIS = "0" * 64


def canonical(details: Mapping[str, object]) -> str:
    """Return details as JSON with sorted keys, no spaces and plain types."""
    return json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value, key=str) if isinstance(value, (set, frozenset)) else list(value)
    message = f"{type(value).__name__} has no place in the trail."
    raise TypeError(message)


def line_hash(entry: TrailEntry) -> str:
    """Return the hash that ``entry`` must carry, given its other fields."""
    fields = (
        str(entry.seq),
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.act,
        entry.subject_kind,
        "" if entry.subject_id is None else str(entry.subject_id),
        entry.summary,
        entry.details,
        entry.previous,
    )
    return sha256("\x1f".join(fields).encode()).hexdigest()


def append(
    session: Session,
    *,
    at: datetime,
    actor: str,
    act: str,
    subject_kind: str,
    subject_id: int | None,
    summary: str,
    details: Mapping[str, object],
) -> TrailEntry:
    """Write one line at the end of the chain, in the caller's transaction.

    Locking the head's only row puts concurrent writers in line until they commit.
    """
    session.flush()
    session.execute(update(TrailHead).where(TrailHead.id == 1).values(seq=TrailHead.seq + 1))
    head = session.execute(select(TrailHead.seq, TrailHead.hash).where(TrailHead.id == 1)).one()
    entry = TrailEntry(
        seq=head.seq,
        at=at,
        actor=actor,
        act=act,
        subject_kind=subject_kind,
        subject_id=subject_id,
        summary=summary,
        details=canonical(details),
        previous=head.hash,
    )
    entry.hash = line_hash(entry)
    session.add(entry)
    session.flush()
    session.execute(update(TrailHead).where(TrailHead.id == 1).values(hash=entry.hash))
    return entry


@dataclass(frozen=True, slots=True)
class TrailCheck:
    """What a verification found: how many lines hold, and the first that does not."""

    lines: int
    broken_at: int | None
    problem: str


def verify(entries: Iterable[TrailEntry], head: tuple[int, str]) -> TrailCheck:
    """Walk the chain from its first line; name the first that was changed, removed or reordered."""
    previous, expected, count = GENESIS, 1, 0
    for entry in entries:
        if entry.seq != expected:
            return TrailCheck(count, expected, f"A linha {expected} não está na trilha.")
        if entry.previous != previous:
            return TrailCheck(count, entry.seq, f"A linha {entry.seq} não continua a anterior.")
        if line_hash(entry) != entry.hash:
            return TrailCheck(
                count, entry.seq, f"O conteúdo da linha {entry.seq} não corresponde ao seu resumo SHA-256."
            )
        previous, expected, count = entry.hash, expected + 1, count + 1
    if head != (expected - 1, previous):
        return TrailCheck(count, expected, f"Faltam linhas no fim da trilha, a partir da {expected}.")
    return TrailCheck(count, None, "")
