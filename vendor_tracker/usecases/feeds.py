"""Calendars to subscribe to: a secret address for each person, and one for each unit that a person follows.

Whoever has the address reads it without signing in, so it is 256 bits long, only its hash is kept, and it is shown
once. It opens for as long as its owner has an account: that is looked up each time. What it tells is what the agenda
tells, less the steps that the product takes by itself; of a protected agreement (art. 5º) it says only that there is a
term, because an address travels further than a page.

An agenda that has read a commitment must hear when it moves and when it falls away. So what was last told is kept,
each commitment with its number; a calendar that says the same as before is read without writing anything.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from contracts.vocabulary import AgendaKind, UserRole
from vendor_tracker import clock
from vendor_tracker.reports import ics
from vendor_tracker.running import settings
from vendor_tracker.store import feeds as store
from vendor_tracker.store.agenda import Scope, stewards, units
from vendor_tracker.store.feeds import FeedLine
from vendor_tracker.store.tables import CalendarFeed, CalendarFeedItem, Unit, User
from vendor_tracker.usecases import agenda
from vendor_tracker.usecases.agenda import Commitment
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, act, look

SUBSCRIBERS = frozenset(UserRole)
"""Roles whose people may read the agenda; asked again at each reading, because roles change."""

BACK_DAYS = 31
AHEAD_DAYS = 400
"""From how many days back to how many ahead a calendar tells: what happened lately, and a year and a month more."""

MOST = 2000
"""Commitments in one calendar, the earliest first: more than any agenda shows, and a bound for the answer."""

KEPT_DAYS = 60
"""For how many days what fell away is still told as cancelled; after that every agenda has heard."""


class FeedGoneError(UseCaseError):
    """The address was real once; it was revoked or replaced, or its owner has no account any more."""


@dataclass(frozen=True, slots=True)
class FeedsPage:
    """A person's calendar addresses, and what may still be subscribed to."""

    title: str
    feeds: tuple[FeedLine, ...]
    own: bool
    """Whether there is an address for what the person follows."""
    follows: bool
    """Whether the person is gestor or fiscal of any agreement; else an own calendar would be empty."""
    units: tuple[tuple[int, str], ...]
    """Units without an address of this person yet."""
    address: str = ""
    """The address just made: it is shown this once."""
    made_for: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar as it is handed out."""

    content: bytes
    etag: str
    changed_at: datetime


# ----------------------------------------------------------------------------------------------------------------------
# Making and taking back addresses
# ----------------------------------------------------------------------------------------------------------------------
def feeds_page(actor: Actor, *, address: str = "", unit_id: int | None = None) -> FeedsPage:
    """Return the addresses of the actor; ``address`` is one that was just made, for the unit or for the person."""
    with look() as session:
        return _page(session, actor, address, unit_id)


def _page(session: Session, actor: Actor, address: str = "", unit_id: int | None = None) -> FeedsPage:
    lines = tuple(store.of_user(session, _user_id(actor)))
    taken = {line.unit_id for line in lines}
    made_for = ""
    if address:
        made_for = next((line.unit for line in lines if line.unit_id == unit_id and line.unit), "o que você acompanha")
    return FeedsPage(
        title="Assinar a agenda",
        feeds=lines,
        own=None in taken,
        follows=any(each == actor.user_id for each, _ in stewards(session)),
        units=tuple((each, name) for each, name in units(session) if each not in taken),
        address=address,
        made_for=made_for,
    )


def _user_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotFoundError("Só uma pessoa com conta assina a agenda.")
    return actor.user_id


def issue(actor: Actor, *, unit_id: int | None = None) -> str:
    """Make an address for what the actor follows, or for a unit; returns it, this once. A former one stops opening."""
    user_id = _user_id(actor)
    secret = secrets.token_urlsafe(32)
    with act(actor) as work:
        unit = None if unit_id is None else work.session.get(Unit, unit_id)
        if unit_id is not None and unit is None:
            raise NotFoundError("Esta unidade não existe.")
        former = store.open_feed(work.session, user_id, unit_id)
        row = CalendarFeed(user_id=user_id, unit_id=unit_id, token_hash=_hash(secret), created_at=work.now)
        if former is not None:
            former.revoked_at = work.now
        work.session.add(row)
        work.session.flush()
        if former is not None:
            store.hand_over(work.session, former.id, row.id)
        about = f"da unidade {unit.name}" if unit else "do que a pessoa acompanha"
        verb = "substituído" if former is not None else "emitido"
        work.trail("feed_issued", "calendar_feed", row.id, f"Endereço de agenda {verb}: {about}.", {"unit": unit_id})
    return f"{settings().base_url}/agenda/{secret}.ics"


def revoke(actor: Actor, *, feed_id: int) -> None:
    """Take an address of the actor back; it opens no more. Raises :class:`NotFoundError`."""
    with act(actor) as work:
        row = work.session.get(CalendarFeed, feed_id, with_for_update=True)
        if row is None or row.user_id != _user_id(actor):
            raise NotFoundError("Este endereço de agenda não existe.")
        if row.revoked_at is None:
            row.revoked_at = work.now
            work.trail("feed_revoked", "calendar_feed", row.id, "Endereço de agenda revogado.")


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------
def read(secret: str) -> Feed:
    """Return the calendar behind an address.

    Raises :class:`NotFoundError` when there never was one, :class:`FeedGoneError` when it no longer opens.
    """
    token_hash, today = _hash(secret), clock.today()
    with look() as session:
        feed, name = _opened(session, token_hash)
        told = _told(session, feed, today)
        if feed.digest == told.digest and feed.changed_at is not None and feed.last_fetched_on == today:
            return _feed(name, store.items(session, feed.id), feed.changed_at)
    with act(Actor(f"calendar:{feed.id}")) as work:
        # Looked at again: another reader may have written meanwhile, or the owner revoked it.
        feed, name = _opened(work.session, token_hash, held=True)
        told = _told(work.session, feed, today)
        if feed.digest != told.digest or feed.changed_at is None:
            _tell(work.session, feed, told.commitments, work.now)
            feed.digest, feed.changed_at = told.digest, work.now
        if feed.last_fetched_on != today:
            feed.last_fetched_on = today
            work.trail("feed_read", "calendar_feed", feed.id, "Agenda lida por assinatura.")
        work.session.flush()
        return _feed(name, store.items(work.session, feed.id), feed.changed_at)


def _opened(session: Session, token_hash: str, *, held: bool = False) -> tuple[CalendarFeed, str]:
    found = store.by_hash(session, token_hash, held=held)
    if found is None:
        raise NotFoundError("Este endereço de agenda não existe. Confira se ele foi copiado por inteiro.")
    feed, owner, unit = found
    if feed.revoked_at is not None:
        raise FeedGoneError("Este endereço de agenda foi revogado ou substituído por outro.")
    if not _may_read(owner):
        raise FeedGoneError("A conta a que este endereço pertencia foi encerrada.")
    return feed, f"Operadores de dados: {unit or 'o que acompanho'}"


def _may_read(owner: User) -> bool:
    return owner.active and owner.role in SUBSCRIBERS


@dataclass(frozen=True, slots=True)
class _Told:
    """What a calendar has to say now, and its fingerprint."""

    commitments: dict[str, "_Words"]
    digest: str


@dataclass(frozen=True, slots=True)
class _Words:
    """A commitment in the words of a calendar."""

    kind: AgendaKind
    day: date
    summary: str
    description: str
    path: str


def _told(session: Session, feed: CalendarFeed, today: date) -> _Told:
    scope = Scope(unit_id=feed.unit_id) if feed.unit_id is not None else Scope(user_id=feed.user_id)
    first, last = today - timedelta(days=BACK_DAYS), today + timedelta(days=AHEAD_DAYS)
    said = {each.uid: _words(each) for each in agenda.commitments(session, first, last, scope, most=MOST)}
    whole = sha256()
    for uid, words in sorted(said.items()):
        whole.update(f"{uid}\x1f{words.day.isoformat()}\x1f{words.summary}\x1f{words.description}\n".encode())
    return _Told(said, whole.hexdigest())


NEUTRAL = {
    AgendaKind.REQUEST: "Prazo de requisição",
    AgendaKind.INCIDENT: "Prazo de incidente",
    AgendaKind.ASSISTANCE: "Prazo de auxílio pedido ao operador",
    AgendaKind.INSTRUCTION: "Prazo de instrução",
    AgendaKind.AUDIT: "Auditoria planejada",
    AgendaKind.ACTION: "Prazo de ação corretiva",
    AgendaKind.DISPOSAL: "Prazo de descarte ou devolução",
    AgendaKind.EVIDENCE: "Fim da validade de evidência",
    AgendaKind.AGREEMENT_END: "Fim de vigência",
    AgendaKind.REVIEW: "Revisão do compartilhamento",
}
"""What a calendar says of a protected agreement: that there is a term, not whose nor about what."""


def _words(each: Commitment) -> _Words:
    if each.secret:
        summary = f"{NEUTRAL[each.kind]} (acordo protegido, art. 5º)"
        return _Words(each.kind, each.day, summary, "Os detalhes estão no sistema.", each.path)
    return _Words(each.kind, each.day, each.title[:300], each.detail, each.path)


def _tell(session: Session, feed: CalendarFeed, said: dict[str, _Words], now: datetime) -> None:
    """Write down what a calendar says now: what is new, what changed, and what fell away."""
    known = {item.uid: item for item in store.items(session, feed.id)}
    for uid, words in said.items():
        item = known.get(uid)
        if item is None:
            session.add(
                CalendarFeedItem(
                    feed_id=feed.id,
                    uid=uid,
                    kind=words.kind.value,
                    day=words.day,
                    summary=words.summary,
                    description=words.description,
                    path=words.path,
                    sequence=0,
                    changed_at=now,
                )
            )
        elif item.cancelled_at is not None or (item.day, item.summary, item.description) != (
            words.day,
            words.summary,
            words.description,
        ):
            item.day, item.summary, item.description, item.path = (
                words.day,
                words.summary,
                words.description,
                words.path,
            )
            item.sequence, item.changed_at, item.cancelled_at = item.sequence + 1, now, None
    first = clock.day_of(now) - timedelta(days=BACK_DAYS)
    for uid, item in known.items():
        # What the calendar has left behind has not fallen away: it has passed.
        if uid not in said and item.cancelled_at is None and item.day >= first:
            item.sequence, item.changed_at, item.cancelled_at = item.sequence + 1, now, now
    session.flush()


def _feed(name: str, items: Iterable[CalendarFeedItem], changed_at: datetime) -> Feed:
    host = urlsplit(settings().base_url).hostname or "localhost"
    oldest = clock.today() - timedelta(days=max(KEPT_DAYS, BACK_DAYS))
    entries = [
        ics.Entry(
            uid=f"{item.uid}@{host}",
            day=item.day,
            summary=item.summary,
            description=item.description,
            url=f"{settings().base_url}{item.path}",
            sequence=item.sequence,
            changed_at=item.changed_at,
            cancelled=item.cancelled_at is not None,
        )
        for item in items
        if item.day >= oldest and (item.cancelled_at is None or clock.day_of(item.cancelled_at) >= oldest)
    ]
    content = ics.calendar(entries, name=name)
    return Feed(content, sha256(content).hexdigest()[:32], changed_at)
