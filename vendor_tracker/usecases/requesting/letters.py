"""Letters about a request, written once and put into the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from vendor_tracker import clock
from vendor_tracker.reports import ics, letters
from vendor_tracker.reports.letters import Letter, letterhead
from vendor_tracker.reports.receipt import MEDIA_TYPE, file_name
from vendor_tracker.running import settings
from vendor_tracker.store import extensions, recipients
from vendor_tracker.store import requests as store
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.store.tables import Request
from vendor_tracker.usecases.outbox import enqueue
from vendor_tracker.usecases.requesting.events import head_of
from vendor_tracker.usecases.work import Work


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An item as letters list it."""

    position: int
    inciso: str
    title: str
    reason: str = ""


def write_letter(name: str, head: RequestHead, recipient: Mailbox, **values: object) -> Letter:
    """Write a letter about a request; every letter also gets the letterhead and the day."""
    return letters.write(name, letterhead(settings()), request=head, recipient=recipient, today=clock.today(), **values)


def send_letter(work: Work, name: str, head: RequestHead, recipient: Mailbox, *, step: str, **values: object) -> bool:
    """Put a letter about a request into the outbox; once for each request, step and recipient."""
    letter = write_letter(name, head, recipient, **values)
    return enqueue(
        work,
        key=f"request:{head.id}:{step}:{recipient.email.lower()}",
        kind=name,
        recipient=recipient.email,
        recipient_name=recipient.name,
        subject=letter.subject,
        body=letter.body,
        subject_kind="request",
        subject_id=head.id,
        attachments=_attachments(work, name, head, values),
    )


def _attachments(work: Work, name: str, head: RequestHead, values: Mapping[str, object]) -> list[dict[str, object]]:
    """Return what goes with a letter: the term for the agenda, or the receipt's PDF, made when the letter leaves."""
    if name == "receipt":
        protocol = str(getattr(values["receipt"], "protocol", ""))
        return [{"name": file_name(protocol), "media_type": MEDIA_TYPE, "receipt": protocol}]
    return [calendar_entry(work, head, cancelled=name in _WITHDRAW)] if name in _CARRY else []


_WITHDRAW = frozenset({"request_cancelled"})
"""Letters that take the term out of the operator's agenda again."""

_CARRY = _WITHDRAW | {
    "request_opened",
    "request_returned",
    "request_extended",
    "request_extension_refused",
    "request_link",
    "request_before",
    "request_redirected",
}
"""Letters that carry the term for the operator's agenda."""


def calendar_entry(work: Work, head: RequestHead, *, cancelled: bool = False) -> dict[str, object]:
    """Return the term of a request as a file that agendas open.

    It is the same entry all along, so that a later term moves it and a withdrawal removes it. The portal's address is
    not in it: agendas are shared, and the address is personal.
    """
    host = urlsplit(settings().base_url).hostname or "localhost"
    method = "CANCEL" if cancelled else "PUBLISH"
    entry = ics.Entry(
        uid=f"requisicao-{head.id}@{host}",
        day=head.due_on,
        summary=f"Responder à requisição {head.number} ({settings().body.acronym})",
        description=f"{head.agreement}. O endereço para responder está no e-mail da requisição.",
        url="",
        sequence=extensions.term_changes(work.session, head.id),
        changed_at=work.now,
        cancelled=cancelled,
    )
    whole = ics.calendar([entry], method=method, organizer=settings().mail_from)
    return {
        "name": f"requisicao-{head.number.replace('/', '-')}.ics",
        "media_type": ics.MEDIA_TYPE,
        "parameters": {"charset": "utf-8", "method": method},
        "text": whole.decode(),
    }


def item_lines(session: Session, request_id: int) -> list[ItemLine]:
    """Return a request's items as letters list them."""
    return [ItemLine(item.position, item.inciso, item.title) for item in store.items(session, request_id)]


def preposto_of(session: Session, head: RequestHead, on: date) -> Mailbox | None:
    """Return to whom letters about a request go."""
    return recipients.prepostos(session, [head.agreement_id], on).get(head.agreement_id)


def tell_preposto(work: Work, request: Request, name: str, *, step: str, **values: object) -> None:
    """Write to whom the operator named, when somebody is named."""
    head = head_of(work.session, request.id)
    preposto = preposto_of(work.session, head, work.today)
    if preposto is not None:
        send_letter(work, name, head, preposto, step=step, **values)
