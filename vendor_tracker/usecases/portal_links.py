"""The vendor's link: 256 bits that nobody keeps.

The secret of a link is HMAC-SHA-256 over the request and the link's generation, keyed by the installation's own
secret. So a reminder can carry the same link as the first letter, and yet the database holds only the SHA-256 of each
link: whoever reads it cannot open a request. A reissued link is the next generation; the replaced one is recognised
and refused. A colleague whom the vendor invites gets a link of their own, made in the same way from a number of its
own: it lives as long as the request's, opens the same request, and is withdrawn without touching any other.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store.tables import PortalGuest, PortalLink, Request

SECRET_LENGTH = 43
"""Characters of a secret: 32 bytes in base64url without padding."""


def secret_of(request_id: int, generation: int) -> str:
    """Return the secret of a link, 256 bits in base64url."""
    key = settings().secret_key.encode()
    digest = hmac.new(key, f"portal-link:{request_id}:{generation}".encode(), sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def guest_secret(request_id: int, nonce: str) -> str:
    """Return the secret of an invited colleague's link, 256 bits in base64url."""
    key = settings().secret_key.encode()
    digest = hmac.new(key, f"portal-guest:{request_id}:{nonce}".encode(), sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(secret: str) -> str:
    """Return what is stored of a secret."""
    return sha256(secret.encode()).hexdigest()


def address_of(secret: str) -> str:
    """Return the address that the vendor opens."""
    return f"{settings().base_url}/portal/r/{secret}"


def issue(session: Session, request: Request, *, now: datetime, days_after_term: int) -> None:
    """Give the request its next link; the one before stops working."""
    request.link_generation += 1
    request.link_hash = hash_of(secret_of(request.id, request.link_generation))
    renew(request, days_after_term=days_after_term)
    session.add(
        PortalLink(
            request_id=request.id, generation=request.link_generation, token_hash=request.link_hash, issued_at=now
        )
    )


def renew(request: Request, *, days_after_term: int) -> None:
    """Let the link live until the end of the given days after the term in force."""
    request.link_expires_at = clock.end_of(request.due_on + timedelta(days=days_after_term))


def current_address(session: Session, request_id: int, *, now: datetime) -> str:
    """Return the address of a request's link, for a letter that is about to leave.

    When the installation's secret was changed since, the old link can no longer be made: the request gets a new one.
    Without a request, the portal's front page.
    """
    request = session.get(Request, request_id)
    if request is None or request.link_hash is None:
        return f"{settings().base_url}/portal/"
    secret = secret_of(request.id, request.link_generation)
    if hash_of(secret) != request.link_hash:
        expires_at = request.link_expires_at
        issue(session, request, now=now, days_after_term=0)
        request.link_expires_at = expires_at
        secret = secret_of(request.id, request.link_generation)
    return address_of(secret)


def guest_address(session: Session, request_id: int, guest_id: int, *, email: str) -> str:
    """Return the address of a colleague's own link, for the letter to that colleague; empty when it is not theirs.

    When the installation's secret was changed since, the link is made anew, as :func:`current_address` does.
    """
    guest = session.get(PortalGuest, guest_id)
    if guest is None or guest.request_id != request_id or guest.email.lower() != email.lower():
        return ""
    secret = guest_secret(request_id, guest.nonce)
    guest.token_hash = hash_of(secret)
    return address_of(secret)
