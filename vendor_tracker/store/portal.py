"""Queries about what the operator holds of a request: its link, its sessions in the portal, its receipts."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from vendor_tracker.store.tables import PortalLink, PortalSession, Receipt, Request


class FoundLink(NamedTuple):
    """A link that exists: of which request, which generation, and whether it is the newest."""

    request_id: int
    generation: int
    newest: bool


def link(session: Session, token_hash: str) -> FoundLink | None:
    """Return the link with this hash."""
    row = session.execute(
        select(PortalLink.request_id, PortalLink.generation, Request.link_hash)
        .join(Request, Request.id == PortalLink.request_id)
        .where(PortalLink.token_hash == token_hash)
    ).one_or_none()
    return None if row is None else FoundLink(row.request_id, row.generation, row.link_hash == token_hash)


def portal_session(session: Session, token_hash: str) -> PortalSession | None:
    """Return the portal session with this hash."""
    return session.scalar(select(PortalSession).where(PortalSession.token_hash == token_hash))


def next_receipt(session: Session, year: int) -> int:
    """Return the next receipt number of the year; call :func:`take_turn` first."""
    newest = session.scalar(
        select(Receipt.protocol).where(Receipt.protocol.like(f"{year}-%")).order_by(Receipt.id.desc()).limit(1)
    )
    return int(newest.split("-")[1]) + 1 if newest else 1


def receipts(session: Session, request_id: int) -> list[Receipt]:
    """Return the receipts of a request, oldest first."""
    return list(session.scalars(select(Receipt).where(Receipt.request_id == request_id).order_by(Receipt.id)))


def receipt(session: Session, protocol: str) -> Receipt | None:
    """Return the receipt with this protocol."""
    return session.scalar(select(Receipt).where(Receipt.protocol == protocol))
