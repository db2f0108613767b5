"""The standing link of an agreement's incidents: 256 bits that nobody keeps.

It is made like the link of a request (:mod:`vendor_tracker.usecases.portal_links`): computed from the installation's
own secret when a letter leaves, and only its SHA-256 is stored.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from vendor_tracker.running import settings
from vendor_tracker.store import incidents as store
from vendor_tracker.store.tables import IncidentChannel


def secret_of(agreement_id: int, generation: int) -> str:
    """Return the secret of a standing link, 256 bits in base64url."""
    key = settings().secret_key.encode()
    digest = hmac.new(key, f"incident-channel:{agreement_id}:{generation}".encode(), sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def hash_of(secret: str) -> str:
    """Return what is stored of a secret."""
    return sha256(secret.encode()).hexdigest()


def address_of(secret: str) -> str:
    """Return the address that the operator opens."""
    return f"{settings().base_url}/portal/incidente/canal/{secret}"


def issue(session: Session, agreement_id: int, *, sent_to: str, now: datetime, by: int | None) -> IncidentChannel:
    """Give the agreement its next standing link; the one before stops working."""
    newest = store.newest_channel(session, agreement_id)
    generation = 1 if newest is None else newest.generation + 1
    row = IncidentChannel(
        agreement_id=agreement_id,
        generation=generation,
        token_hash=hash_of(secret_of(agreement_id, generation)),
        sent_to=sent_to,
        recorded_at=now,
        recorded_by_id=by,
    )
    session.add(row)
    session.flush()
    return row


def current_address(session: Session, agreement_id: int, *, now: datetime) -> str:
    """Return the address of an agreement's standing link, for a letter that is about to leave.

    A link that was revoked meanwhile is said to be; when the installation's secret was changed since, the old one can
    no longer be made and the next one takes its place.
    """
    newest = store.newest_channel(session, agreement_id)
    if newest is None or newest.revoked_at is not None:
        return "(este endereço foi cancelado antes do envio; peça outro)"
    secret = secret_of(agreement_id, newest.generation)
    if hash_of(secret) != newest.token_hash:
        newest = issue(session, agreement_id, sent_to=newest.sent_to, now=now, by=newest.recorded_by_id)
        secret = secret_of(agreement_id, newest.generation)
    return address_of(secret)
