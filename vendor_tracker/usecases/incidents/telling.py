"""Letters about incidents: the receipt, the news to the court's people, and the terms that run out.

None of them says what happened or whose data were reached: mail travels in the open, and the page is one link away.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from contracts.incidents import Clock, Latency
from contracts.vocabulary import UserRole
from vendor_tracker.reports import letters
from vendor_tracker.reports.letters import letterhead
from vendor_tracker.running import settings
from vendor_tracker.store import recipients
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.usecases.outbox import enqueue
from vendor_tracker.usecases.work import Work

LONGEST_KEY = 160


@dataclass(frozen=True, slots=True)
class ToldReport:
    """A version of a report as letters read it."""

    lineage: int
    agreement: str
    operator: str
    cnpj: str
    protocol: str
    first_protocol: str
    number: int
    received_at: datetime
    aware_at: datetime
    person: str
    position: str
    email: str
    reached_data: bool | None
    latency: Latency
    sha256: str
    files: tuple[tuple[str, int, str], ...]
    """Name, size in bytes and SHA-256 of each file."""


def encarregado_boxes(session: Session) -> list[Mailbox]:
    """Return where the Encarregado reads: the accounts of the role, or the body's own address."""
    body = settings().body
    found = recipients.people_of_role(session, UserRole.ENCARREGADO)
    return found or ([Mailbox(body.encarregado or "Encarregado", body.contact_email)] if body.contact_email else [])


def committee_boxes(session: Session) -> list[Mailbox]:
    """Return where the Comitê Gestor reads."""
    if settings().body.committee_email:
        return [Mailbox("Comitê Gestor da LGPD", settings().body.committee_email)]
    return recipients.people_of_role(session, UserRole.COMMITTEE)


def each_once(boxes: Iterable[Mailbox]) -> list[Mailbox]:
    """Return every address once, in the order given."""
    found: dict[str, Mailbox] = {}
    for box in boxes:
        found.setdefault(box.email.lower(), box)
    return list(found.values())


def key_of(lineage: int, step: str, email: str) -> str:
    """Return the key that makes one message of an incident, a step and a recipient."""
    key = f"incident:{lineage}:{step}:{email.lower()}"
    return (
        key
        if len(key) <= LONGEST_KEY
        else f"incident:{lineage}:{step}:{sha256(email.lower().encode()).hexdigest()[:32]}"
    )


def _send(work: Work, name: str, lineage: int, step: str, recipient: Mailbox, **values: object) -> bool:
    letter = letters.write(name, letterhead(settings()), recipient=recipient, **values)
    return enqueue(
        work,
        key=key_of(lineage, step, recipient.email),
        kind=name,
        recipient=recipient.email,
        recipient_name=recipient.name,
        subject=letter.subject,
        body=letter.body,
        subject_kind="incident",
        subject_id=lineage,
    )


def tell_of_report(work: Work, head: AgreementHead, told: ToldReport, terms: tuple[Clock, ...]) -> list[str]:
    """Send the receipt to who reported and to the preposto, and the news to the court; returns whom it told."""
    preposto = recipients.prepostos(work.session, [head.id], work.today).get(head.id)
    for box in each_once([Mailbox(told.person, told.email), *([preposto] if preposto else [])]):
        _send(work, "incident_receipt", told.lineage, f"receipt:{told.protocol}", box, report=told)
    court = each_once([*encarregado_boxes(work.session), *recipients.stewards(work.session, head.id, work.today)])
    for box in court:
        _send(
            work, "incident_reported", told.lineage, f"reported:{told.protocol}", box, report=told,
            terms=[term for term in terms if term.open],
        )  # fmt: skip
    return [box.email for box in court]


@dataclass(frozen=True, slots=True)
class ToldTerm:
    """A term as the warning about it reads."""

    lineage: int
    agreement: str
    operator: str
    term: Clock


def tell_of_term(work: Work, told: ToldTerm, step: str, boxes: list[Mailbox]) -> int:
    """Send the warning about a term; returns how many messages that made."""
    return sum(_send(work, "incident_term", told.lineage, step, box, incident=told) for box in boxes)
