"""Who reports: a browser of the operator that opened a request's link or the standing link, and what it reaches.

Both lead to the incidents of one agreement and to nothing else. Opening a link changes nothing; one press starts the
session.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from contracts.vocabulary import RequestState
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import incidents as store
from vendor_tracker.store import people, portal
from vendor_tracker.store import requests as request_store
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.store.tables import IncidentChannel, IncidentReport, IncidentSession
from vendor_tracker.usecases import portal_links
from vendor_tracker.usecases.answering import (
    SESSION_HOURS,
    WRONG_LINKS_WINDOW,
    LinkGoneError,
    SessionEndedError,
    TooManyLinksError,
    Visit,
)
from vendor_tracker.usecases.incident_links import hash_of
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, act, look

CLOSED = frozenset({RequestState.ACCEPTED, RequestState.CANCELLED, RequestState.REFUSED})
"""Where nothing more is asked of the operator."""

WRONG_LINKS = 20
"""Unknown links that one address may try in a window: those of requests and those of incidents together."""


@dataclass(frozen=True, slots=True)
class ChannelLanding:
    """What the standing link shows before anything is opened."""

    title: str
    agreement: AgreementHead
    cnpj: str
    number: str = ""
    """The number of the closed request whose link it is; empty for the standing link."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """An open session of the operator that reaches the incidents of one agreement."""

    agreement_id: int
    origin: str
    """``request`` or ``channel``."""
    origin_id: int
    number: str
    """The request's number; empty for the standing link."""
    session_id: int | None = None
    limited: bool = False
    """Whether it reaches only what was reported by the same request: an invited colleague, or a closed request."""

    def reaches(self, first: IncidentReport) -> bool:
        """Tell whether an incident, given its first report, is this reporter's to see."""
        same = (first.origin, first.origin_id) == (self.origin, self.origin_id)
        return first.agreement_id == self.agreement_id and (same or not self.limited)

    @property
    def actor(self) -> Actor:
        """Return the operator as the trail names it."""
        if self.origin == "request":
            return Actor(f"operator:{self.number}", display=f"Operador, requisição {self.number}")
        return Actor("incident-channel", display="Operador, canal de incidentes")


def _found(session: Session, secret: str) -> IncidentChannel:
    """Return the standing link, or say why it does not open."""
    row = store.channel_by_hash(session, hash_of(secret))
    if row is None:
        raise NotFoundError("Este endereço não existe. Confira se ele foi copiado por inteiro do e-mail.")
    _check_open(session, row)
    return row


def _check_open(session: Session, row: IncidentChannel) -> None:
    contact = " ou ".join(part for part in (settings().body.contact_email, settings().body.contact_phone) if part)
    at_once = f" Para comunicar um incidente agora, use {contact}." if contact else ""
    newest = store.newest_channel(session, row.agreement_id)
    if newest is not None and newest.id != row.id:
        raise LinkGoneError(f"Este endereço foi substituído por outro mais novo, enviado ao preposto.{at_once}")
    if row.revoked_at is not None:
        raise LinkGoneError(f"Este endereço foi cancelado em {clock.day_of(row.revoked_at):%d/%m/%Y}.{at_once}")


def _check_patience(session: Session, address: str, now: datetime) -> None:
    wrong = people.tries(session, scope="portal_link", key=address, now=now, window=WRONG_LINKS_WINDOW)
    if wrong >= WRONG_LINKS:
        raise TooManyLinksError(
            "Muitos endereços inexistentes foram tentados a partir da sua rede. Aguarde 15 minutos e abra o endereço "
            "do e-mail."
        )


def _count_wrong(address: str) -> None:
    with act(Actor("portal")) as work:
        people.count_try(work.session, scope="portal_link", key=address, now=work.now, window=WRONG_LINKS_WINDOW)


def channel_landing(secret: str, *, address: str) -> ChannelLanding:
    """Return what the standing link shows; changes nothing.

    Raises :class:`NotFoundError` (unknown), :class:`LinkGoneError` (replaced, cancelled) or :class:`TooManyLinksError`.
    """
    try:
        with look() as session:
            _check_patience(session, address, clock.now())
            row = _found(session, secret)
            head = head_of(session, row.agreement_id)
            return ChannelLanding("Comunicar um incidente", head, store.operator_cnpj(session, head.operator_id))
    except NotFoundError:
        _count_wrong(address)
        raise


def open_channel_session(secret: str, *, address: str) -> str:
    """Start a session by the standing link; returns its token, which the browser keeps and we do not."""
    try:
        with look() as session:
            _check_patience(session, address, clock.now())
            _found(session, secret)
    except NotFoundError:
        _count_wrong(address)
        raise
    token = secrets.token_urlsafe(32)
    with act(Actor("incident-channel")) as work:
        row = _found(work.session, secret)
        work.session.add(
            IncidentSession(
                channel_id=row.id,
                request_id=None,
                token_hash=sha256(token.encode()).hexdigest(),
                created_at=work.now,
                expires_at=work.now + timedelta(hours=SESSION_HOURS),
            )
        )
        head = head_of(work.session, row.agreement_id)
        work.trail(
            "incident_channel_opened",
            "agreement",
            head.id,
            f"Canal de incidentes aberto pelo operador em {head.label}.",
        )
    return token


def reporter_by_channel(token: str) -> Reporter:
    """Return who reports by the standing link; raises :class:`SessionEndedError` or :class:`LinkGoneError`."""
    with look() as session:
        found = store.session_by_hash(session, sha256(token.encode()).hexdigest()) if token else None
        if found is None or found[0].expires_at <= clock.now():
            raise SessionEndedError(
                "A sua sessão terminou. Abra de novo o endereço do e-mail para comunicar o incidente."
            )
        row, channel = found
        if channel is None:
            head = request_store.head(session, row.request_id or 0)
            if head is None:
                raise SessionEndedError("A sua sessão terminou.")
            return Reporter(head.agreement_id, "request", head.id, head.number, row.id, limited=True)
        _check_open(session, channel)
        return Reporter(channel.agreement_id, "channel", channel.id, "", row.id)


def reporter_by_request(visit: Visit) -> Reporter:
    """Return who reports from the page of a request."""
    with look() as session:
        head = request_store.head(session, visit.request_id)
        if head is None:
            raise SessionEndedError("A sua sessão no portal terminou.")
        # Whoever was invited works on one request, and reads of incidents only what came by it.
        return Reporter(head.agreement_id, "request", head.id, head.number, limited=visit.guest_id is not None)


def _closed_request(session: Session, secret: str) -> RequestHead:
    """Return the closed request behind a link of the operator that was neither replaced nor ran out.

    Nothing more is asked there, but whoever holds the link may still have something to tell.
    """
    link = portal.link(session, portal_links.hash_of(secret))
    head = request_store.head(session, link.request_id) if link is not None and link.guest is None else None
    if link is None or head is None:
        raise NotFoundError("Este endereço não existe. Confira se ele foi copiado por inteiro do e-mail.")
    over = head.link_expires_at is not None and head.link_expires_at <= clock.now()
    if over or not link.newest or head.state not in CLOSED:
        raise LinkGoneError("Este endereço já não serve para comunicar incidentes. Use o canal permanente.")
    return head


def closed_link_reports(secret: str) -> bool:
    """Tell whether the link of a request that no longer opens still serves to report an incident."""
    with look() as session:
        try:
            _closed_request(session, secret)
        except UseCaseError:
            return False
        return True


def closed_link_landing(secret: str, *, address: str) -> ChannelLanding:
    """Return what the link of a closed request shows; changes nothing. Raises as :func:`channel_landing` does."""
    try:
        with look() as session:
            _check_patience(session, address, clock.now())
            request = _closed_request(session, secret)
            head = head_of(session, request.agreement_id)
            cnpj = store.operator_cnpj(session, head.operator_id)
            return ChannelLanding("Comunicar um incidente", head, cnpj, request.number)
    except NotFoundError:
        _count_wrong(address)
        raise


def open_closed_link_session(secret: str, *, address: str) -> str:
    """Start a session by the link of a closed request; returns its token, which the browser keeps and we do not."""
    closed_link_landing(secret, address=address)
    token = secrets.token_urlsafe(32)
    with act(Actor("incident-channel")) as work:
        request = _closed_request(work.session, secret)
        work.session.add(
            IncidentSession(
                channel_id=None,
                request_id=request.id,
                token_hash=sha256(token.encode()).hexdigest(),
                created_at=work.now,
                expires_at=work.now + timedelta(hours=SESSION_HOURS),
            )
        )
        work.trail(
            "incident_channel_opened",
            "request",
            request.id,
            f"Comunicação de incidente aberta pelo endereço da requisição {request.number}, já encerrada.",
        )
    return token


def end_channel_session(reporter: Reporter) -> None:
    """Close a session that the standing link opened."""
    with act(reporter.actor) as work:
        row = work.session.get(IncidentSession, reporter.session_id) if reporter.session_id else None
        if row is not None:
            row.expires_at = work.now
        work.trail(
            "incident_channel_closed", "agreement", reporter.agreement_id, "Sessão do canal de incidentes encerrada."
        )
