"""The link and the session that it opens: one request, until a moment."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from contracts.vocabulary import RequestState
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import people, portal
from vendor_tracker.store import requests as store
from vendor_tracker.store.portal import FoundLink
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.store.tables import PortalGuest, PortalSession, Request
from vendor_tracker.usecases import portal_links, requesting
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, act, look

SESSION_HOURS = 12
WRONG_LINKS = 20
WRONG_LINKS_WINDOW = timedelta(minutes=15)


class LinkGoneError(UseCaseError):
    """The link was real once; the sentence says why it no longer opens and what to do."""


class SessionEndedError(UseCaseError):
    """The portal session is over; the link opens a new one."""


class TooManyLinksError(UseCaseError):
    """Too many unknown links were tried from this address."""


@dataclass(frozen=True, slots=True)
class LandingPage:
    """What a link shows before anything is opened."""

    title: str
    head: RequestHead
    today: date
    submitted: bool
    guest: str = ""
    """The name of the colleague whose invitation it is."""
    invited_by: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """An open portal session: one request, until a moment."""

    session_id: int
    request_id: int
    number: str
    guest_id: int | None = None
    """The invitation by which an invited colleague came; ``None`` for the request's own link."""
    guest: str = ""
    """That colleague's name."""
    person: str = ""
    """Who answers, as last typed."""
    position: str = ""

    @property
    def actor(self) -> Actor:
        """Return the operator as the trail names it."""
        return Actor(f"operator:{self.number}", display=f"Operador, requisição {self.number}")


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _found(session: Session, secret: str, now: datetime) -> tuple[RequestHead, FoundLink]:
    """Return the request behind a link, and the link, or say why it does not open."""
    link = portal.link(session, portal_links.hash_of(secret))
    if link is None:
        raise NotFoundError("Este endereço não existe. Confira se ele foi copiado por inteiro do e-mail.")
    head = store.head(session, link.request_id)
    if head is None:
        raise NotFoundError("Este endereço não existe.")
    _check_open(head, now, replaced=not link.newest)
    _check_invited(link.guest, head.number)
    return head, link


def _check_invited(guest: PortalGuest | None, number: str) -> None:
    if guest is not None and guest.revoked_at is not None:
        raise LinkGoneError(
            f"O convite para trabalhar na requisição {number} foi retirado por {guest.revoked_by}. "
            f"Se ainda precisar participar, fale com {guest.invited_by}, que convidou você."
        )


def _check_open(head: RequestHead, now: datetime, *, replaced: bool) -> None:
    match head.state:
        case RequestState.ACCEPTED:
            raise LinkGoneError(f"A requisição {head.number} foi respondida e aceita. Nada mais se pede nela.")
        case RequestState.CANCELLED:
            raise LinkGoneError(f"A requisição {head.number} foi cancelada e não precisa ser respondida.")
        case RequestState.REFUSED:
            raise LinkGoneError(f"A requisição {head.number} foi encerrada com a recusa formal do operador.")
        case _:
            pass
    if replaced:
        raise LinkGoneError(
            "Este endereço foi substituído por outro mais novo. Use o do e-mail mais recente sobre a requisição "
            f"{head.number}."
        )
    if head.link_expires_at is not None and head.link_expires_at <= now:
        last_day = clock.day_of(head.link_expires_at - timedelta(seconds=1))
        raise LinkGoneError(
            f"O acesso a este endereço terminou em {last_day:%d/%m/%Y}. "
            f"Peça um novo endereço e informe o número da requisição, {head.number}."
        )


def _count_wrong(address: str) -> None:
    with act(Actor("portal")) as work:
        people.count_try(work.session, scope="portal_link", key=address, now=work.now, window=WRONG_LINKS_WINDOW)


def _check_patience(session: Session, address: str, now: datetime) -> None:
    wrong = people.tries(session, scope="portal_link", key=address, now=now, window=WRONG_LINKS_WINDOW)
    if wrong >= WRONG_LINKS:
        raise TooManyLinksError(
            "Muitos endereços inexistentes foram tentados a partir da sua rede. Aguarde 15 minutos e abra o endereço "
            "do e-mail."
        )


def landing_page(secret: str, *, address: str) -> LandingPage:
    """Return what a link shows; changes nothing about the request.

    Raises :class:`NotFoundError` (unknown), :class:`LinkGoneError` (replaced, expired, closed) or
    :class:`TooManyLinksError`.
    """
    now = clock.now()
    try:
        with look() as session:
            _check_patience(session, address, now)
            head, link = _found(session, secret, now)
            return LandingPage(
                "Requisição do " + settings().body.name,
                head,
                clock.day_of(now),
                head.state is RequestState.SUBMITTED,
                link.guest.name if link.guest else "",
                link.guest.invited_by if link.guest else "",
            )
    except NotFoundError:
        _count_wrong(address)
        raise


def open_session(secret: str, *, address: str) -> str:
    """Start a portal session; returns its token, which the browser keeps and we do not."""
    now = clock.now()
    try:
        with look() as session:
            _check_patience(session, address, now)
            _found(session, secret, now)
    except NotFoundError:
        _count_wrong(address)
        raise
    token = secrets.token_urlsafe(32)
    with act(Actor("portal")) as work:
        head, link = _found(work.session, secret, work.now)
        guest = link.guest
        person, position = portal.last_person(work.session, head.id, guest.id if guest else None)
        work.session.add(
            PortalSession(
                request_id=head.id,
                token_hash=_hash(token),
                link_generation=link.generation,
                guest_id=guest.id if guest else None,
                person=guest.name if guest else person,
                position=position,
                created_at=work.now,
                expires_at=work.now + timedelta(hours=SESSION_HOURS),
            )
        )
        request = store.locked(work.session, head.id)
        if request is None:
            raise NotFoundError("Esta requisição não existe.")
        seen = any(event.kind == "seen" for event, _ in store.events(work.session, head.id))
        if not seen:
            requesting.note_event(
                work, request, "seen", note="O operador abriu a requisição no portal.", person="Operador"
            )
        who = f"por {guest.name}, a convite de {guest.invited_by}" if guest else "pelo operador"
        work.trail("portal_opened", "request", head.id, f"Requisição {head.number} aberta no portal {who}.")
    return token


def visit_of(token: str) -> Visit:
    """Return the visit of a session token; raises :class:`SessionEndedError` or :class:`LinkGoneError`."""
    with look() as session:
        found = portal.portal_session(session, _hash(token)) if token else None
        now = clock.now()
        if found is None or found.expires_at <= now:
            raise SessionEndedError(
                "A sua sessão no portal terminou. Abra de novo o endereço do e-mail; o que foi salvo continua lá."
            )
        head = store.head(session, found.request_id)
        request = session.get(Request, found.request_id)
        if head is None or request is None:
            raise SessionEndedError("A sua sessão no portal terminou.")
        if head.state is not RequestState.ACCEPTED:
            # A vendor who has just seen the end of a request may still read its receipts.
            replaced = found.guest_id is None and request.link_generation != found.link_generation
            _check_open(head, now, replaced=replaced)
        guest = None if found.guest_id is None else portal.guest(session, found.guest_id)
        _check_invited(guest, head.number)
        return _visit(found, head.number, guest)


def _visit(found: PortalSession, number: str, guest: PortalGuest | None) -> Visit:
    return Visit(
        found.id,
        found.request_id,
        number,
        found.guest_id,
        guest.name if guest else "",
        found.person,
        found.position,
    )


def visit_replaced(session: Session, token: str, now: datetime) -> Visit | None:
    """Return the visit of a session that ended only because the request's link was replaced, ``None`` otherwise.

    What was being typed then is still its writer's: it may be laid beside the answer, and nothing may be read.
    """
    found = portal.portal_session(session, _hash(token)) if token else None
    if found is None or found.expires_at <= now or found.guest_id is not None:
        return None
    request = session.get(Request, found.request_id)
    head = store.head(session, found.request_id)
    if request is None or head is None or request.link_generation == found.link_generation:
        return None
    return _visit(found, head.number, None)


def end_session(visit: Visit) -> None:
    """Close the vendor's session."""
    with act(visit.actor) as work:
        row = work.session.get(PortalSession, visit.session_id)
        if row is not None:
            row.expires_at = work.now
        work.trail(
            "portal_closed", "request", visit.request_id, f"Sessão do portal encerrada na requisição {visit.number}."
        )
