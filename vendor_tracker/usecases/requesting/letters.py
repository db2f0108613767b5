"""Letters about a request, written once and put into the outbox."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from vendor_tracker import clock
from vendor_tracker.reports import letters
from vendor_tracker.reports.letters import Letter, letterhead
from vendor_tracker.running import settings
from vendor_tracker.store import recipients
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
    )


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
