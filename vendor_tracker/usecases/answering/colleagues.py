"""Colleagues at the operator who work on the same answer, each by a link of their own, which can be withdrawn."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from contracts.vocabulary import FileState
from vendor_tracker import clock
from vendor_tracker.store import people, portal, recipients
from vendor_tracker.store import requests as store
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.store.tables import PortalGuest, PortalSession
from vendor_tracker.usecases import judging, portal_links, requesting
from vendor_tracker.usecases.answering.pages import head_of
from vendor_tracker.usecases.answering.visiting import Visit
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act, look

LONGEST_NAME = 120
LONGEST_EMAIL = 254
IN_A_ROW = 3
"""Invitations of one request within :data:`WINDOW`."""
WINDOW = timedelta(minutes=15)

_EMAIL = re.compile(r"[^@\s<>()\[\],;:\"\\]+@[^@\s<>()\[\],;:\"\\]+\.[^@\s<>()\[\],;:\"\\]+")
_NAME = re.compile(r"[^\W\d_][^\d_<>\[\]{}()@/\\:;#$%&*+=|~^\"]*")
"""A person's name: letters, blanks, hyphens, apostrophes and dots. No address fits in it, and no mark of ours."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who was invited."""

    id: int
    name: str
    email: str
    invited_at: datetime
    invited_by: str
    revoked_at: datetime | None
    revoked_by: str
    came_at: datetime | None
    """When the link was last used to come in."""
    mine: bool
    """Whether who looks may withdraw the invitation."""
    elsewhere: bool
    """Whether the address is at none of the places of the contacts on record."""


@dataclass(frozen=True, slots=True)
class ColleaguesPage:
    """Who works on an answer, as the portal shows it."""

    title: str
    head: RequestHead
    colleagues: tuple[Colleague, ...]
    limit: int
    left: int
    can_invite: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that came, and how far its check is."""

    name: str
    item: int
    attached_by: str
    attached_at: datetime | None
    state: FileState
    reason: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A browser that came in."""

    who: str
    created_at: datetime
    expires_at: datetime
    open: bool


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Who came to a request through the portal, and what they brought, as staff see it."""

    title: str
    head: RequestHead
    colleagues: tuple[Colleague, ...]
    sessions: tuple[SessionLine, ...]
    files: tuple[FileLine, ...]
    limit: int


def colleagues_page(visit: Visit) -> ColleaguesPage:
    """Return who works on the answer, and whether another may be invited."""
    with look() as session:
        head = head_of(session, visit)
        limit = judging.policy_of(session).on(clock.today()).number("portal_colleagues")
        left = max(limit - portal.invitations_made(session, head.id), 0)
        return ColleaguesPage(
            "Quem trabalha nesta resposta",
            head,
            _colleagues(session, head, visit),
            limit,
            left,
            head.state in store.WAITING,
        )


def _colleagues(session: Session, head: RequestHead, visit: Visit | None) -> tuple[Colleague, ...]:
    came: dict[int, datetime] = {}
    for row, _ in portal.sessions(session, head.id):
        if row.guest_id is not None:
            came.setdefault(row.guest_id, row.created_at)
    known = _domains(session, head)
    return tuple(
        Colleague(
            guest.id,
            guest.name,
            guest.email,
            guest.invited_at,
            guest.invited_by,
            guest.revoked_at,
            guest.revoked_by,
            came.get(guest.id),
            guest.revoked_at is None and (visit is None or _may_revoke(visit, guest)),
            bool(known) and guest.email.rpartition("@")[2].lower() not in known,
        )
        for guest in portal.guests(session, head.id)
    )


def _domains(session: Session, head: RequestHead) -> set[str]:
    """Return where the operator's contacts on record have their addresses."""
    found = [requesting.preposto_of(session, head, clock.today())]
    found += recipients.contacts(session, head.agreement_id, clock.today())
    return {each.email.rpartition("@")[2].lower() for each in found if each is not None and each.email}


def _may_revoke(visit: Visit, guest: PortalGuest) -> bool:
    """Tell whether a visitor may withdraw an invitation: who invited, and the holder of the request's own link."""
    return visit.guest_id is None or visit.guest_id == guest.invited_by_guest_id


def invite(visit: Visit, *, name: str, email: str) -> str:
    """Give a colleague a link of their own and mail it; returns the colleague's name.

    Raises :class:`UseCaseError` beside ``nome-colega`` or ``email-colega``, or for the whole form past the limits, and
    :class:`ConflictError` when the request no longer waits for the vendor.
    """
    who, address = " ".join(name.split()), email.strip().lower()
    if not who or len(who) > LONGEST_NAME or not _NAME.fullmatch(who):
        message = f"Informe só o nome do colega, com até {LONGEST_NAME} letras."
        raise UseCaseError(message, field="nome-colega")
    if len(address) > LONGEST_EMAIL or not _EMAIL.fullmatch(address):
        raise UseCaseError("Informe um e-mail válido, por exemplo nome@empresa.com.br.", field="email-colega")
    with act(visit.actor) as work:
        request = store.locked(work.session, visit.request_id)
        head = head_of(work.session, visit)
        if request is None or head.state not in store.WAITING:
            raise ConflictError("A resposta já foi enviada: não há mais o que preparar em conjunto.")
        _check_limits(work, head, address)
        inviter = visit.guest or visit.person or _preposto(work, head)
        nonce = secrets.token_hex(16)
        guest = PortalGuest(
            request_id=head.id,
            name=who,
            email=address,
            nonce=nonce,
            token_hash=portal_links.hash_of(portal_links.guest_secret(head.id, nonce)),
            invited_at=work.now,
            invited_by=inviter,
            invited_by_guest_id=visit.guest_id,
            revoked_by="",
        )
        work.session.add(guest)
        work.session.flush()
        requesting.note_event(
            work, request, "colleague_invited", note=f"{who} ({address}) foi convidado a ajudar.", person=inviter
        )
        work.trail(
            "portal_invited",
            "request",
            head.id,
            f"{inviter} convidou {who} a trabalhar na requisição {head.number}, no portal.",
            {"email": address},
        )
        requesting.send_letter(
            work,
            "portal_invitation",
            head,
            Mailbox(who, address),
            step=f"invitation:{guest.id}",
            inviter=inviter,
            guest=guest.id,
        )
    return who


def _preposto(work: Work, head: RequestHead) -> str:
    preposto = requesting.preposto_of(work.session, head, work.today)
    return preposto.name if preposto is not None else "Operador"


def _check_limits(work: Work, head: RequestHead, address: str) -> None:
    guests = portal.guests(work.session, head.id)
    if any(guest.email == address and guest.revoked_at is None for guest in guests):
        raise UseCaseError(
            "Este colega já foi convidado. O endereço dele está no e-mail do convite.", field="email-colega"
        )
    preposto = requesting.preposto_of(work.session, head, work.today)
    if preposto is not None and preposto.email.lower() == address:
        raise UseCaseError("Este é o e-mail que já recebeu a requisição.", field="email-colega")
    limit = judging.policy_of(work.session).on(work.today).number("portal_colleagues")
    if len(guests) >= limit:
        raise UseCaseError(
            f"Cada requisição permite {limit} convites, contados os que foram retirados (parâmetro administrativo)."
        )
    tries = people.count_try(work.session, scope="portal_invitation", key=str(head.id), now=work.now, window=WINDOW)
    if tries > IN_A_ROW:
        raise UseCaseError("Muitos convites foram feitos agora há pouco. Aguarde 15 minutos e convide de novo.")


def revoke_invitation(visit: Visit, *, guest_id: int) -> str:
    """Withdraw an invitation that this visitor may withdraw; returns the colleague's name. Their sessions end."""
    with act(visit.actor) as work:
        row = work.session.get(PortalSession, visit.session_id)
        by = visit.guest or (row.person if row is not None else "") or _preposto(work, head_of(work.session, visit))
        guest = portal.guest(work.session, guest_id)
        if guest is None or guest.request_id != visit.request_id or not _may_revoke(visit, guest):
            raise NotFoundError("Este convite não existe ou foi feito por outra pessoa.")
        _revoke(work, guest, by=by, number=visit.number)
        return guest.name


def revoke_for_staff(actor: Actor, *, request_id: int, guest_id: int) -> str:
    """Withdraw any invitation of a request; returns the colleague's name."""
    with act(actor) as work:
        guest = portal.guest(work.session, guest_id)
        if guest is None or guest.request_id != request_id:
            raise NotFoundError("Este convite não existe.")
        head = requesting.head_of(work.session, request_id)
        _revoke(work, guest, by=actor.display or "quem acompanha o contrato", number=head.number)
        return guest.name


def _revoke(work: Work, guest: PortalGuest, *, by: str, number: str) -> None:
    if guest.revoked_at is not None:
        return
    guest.revoked_at, guest.revoked_by = work.now, by
    work.session.flush()
    request = store.locked(work.session, guest.request_id)
    if request is not None:
        requesting.note_event(
            work, request, "colleague_revoked", note=f"O convite a {guest.name} foi retirado.", person=by
        )
    work.trail(
        "portal_invitation_revoked",
        "request",
        guest.request_id,
        f"Convite a {guest.name} para a requisição {number} retirado por {by}.",
        {"email": guest.email},
    )


def access_page(request_id: int) -> AccessPage:
    """Return who came to a request through the portal and what they brought; raises :class:`NotFoundError`."""
    now = clock.now()
    with look() as session:
        head = requesting.head_of(session, request_id)
        positions = {item.id: item.position for item in store.items(session, request_id)}
        items = {answer.id: positions[answer.item_id] for answer in store.answers(session, request_id)}
        return AccessPage(
            f"Acessos à requisição {head.number}",
            head,
            _colleagues(session, head, None),
            tuple(
                SessionLine(
                    guest or row.person or "Quem recebeu a requisição",
                    row.created_at,
                    row.expires_at,
                    row.expires_at > now,
                )
                for row, guest in portal.sessions(session, request_id)
            ),
            tuple(
                FileLine(
                    file.name,
                    items[file.answer_id],
                    file.attached_by,
                    file.attached_at,
                    file.state,
                    file.refused_because,
                    file.withdrawn_at is not None,
                )
                for file in store.attached(session, request_id)
            ),
            judging.policy_of(session).on(clock.today()).number("portal_colleagues"),
        )
