"""The monthly mail to the Comitê Gestor da LGPD: written once for each complete month, in the letter and as PDF."""

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from contracts.vocabulary import UserRole, Verdict
from vendor_tracker import clock
from vendor_tracker.reports import committee as report
from vendor_tracker.reports import letters
from vendor_tracker.reports.committee import Month, MonthLine
from vendor_tracker.reports.letters import letterhead
from vendor_tracker.running import settings
from vendor_tracker.store import committee as store
from vendor_tracker.store import recipients, snapshots
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.usecases.judging import policy_of, take_snapshots
from vendor_tracker.usecases.outbox import enqueue
from vendor_tracker.usecases.work import act, job, look

LISTED = 100
"""Lines of each list of the PDF."""

PROTECTED = "Acordo protegido (art. 5º)"
UNNAMED = "Operador não nomeado"


@dataclass(frozen=True, slots=True)
class MonthReport:
    """What a run came to: the month reported and how many messages that made; ``why`` says why none was due."""

    month: str = ""
    messages: int = 0
    why: str = ""


def send_month() -> MonthReport:
    """Write to the committee about the month that ended last, unless that was done: once a month and recipient.

    Nothing is written while the administrative parameter says no, when nobody is there to read it, or when the month
    has no picture: then the register was empty.
    """
    today = clock.today()
    last = today.replace(day=1) - timedelta(days=1)
    name = f"{last:%Y-%m}"
    with look() as session:
        if not policy_of(session).on(today).number("committee_monthly_mail"):
            return MonthReport(name, why="desligado por parâmetro administrativo")
        boxes = committee_boxes(session)
        if not boxes:
            return MonthReport(name, why="nenhum destinatário")
        month = month_of(session, last, today)
    if month is None:
        # The job that takes the pictures may be at it in another process, or have failed this morning.
        take_snapshots()
        with look() as session:
            month = month_of(session, last, today)
    if month is None:
        return MonthReport(name, why="não há retrato do mês")
    head = letterhead(settings())
    pdf = b64encode(report.month_pdf(month, head)).decode()
    attached = {"name": report.file_name(month), "media_type": report.MEDIA_TYPE, "base64": pdf}
    letter = letters.write("committee_month", head, month=month)
    with act(job("committee_month")) as work:
        sent = sum(
            enqueue(
                work,
                key=f"committee:{name}:{sha256(box.email.lower().encode()).hexdigest()[:32]}",
                kind="committee_month",
                recipient=box.email,
                recipient_name=box.name,
                subject=letter.subject,
                body=letter.body,
                attachments=[attached],
            )
            for box in boxes
        )
        if sent:
            work.trail(
                "committee_told",
                "register",
                None,
                f"Resumo de {month.name} enviado ao CGLGPD.",
                {"month": name, "messages": sent},
            )
    return MonthReport(name, sent)


def committee_boxes(session: Session) -> list[Mailbox]:
    """Return where the committee reads: the accounts of its role and the body's own address, each address once."""
    own = settings().body.committee_email
    found = {box.email.lower(): box for box in recipients.people_of_role(session, UserRole.COMMITTEE)}
    if own:
        found.setdefault(own.lower(), Mailbox("Comitê Gestor da LGPD", own))
    return list(found.values())


def month_of(session: Session, last: date, today: date) -> Month | None:
    """Return what the month that ends on ``last`` came to; ``None`` when no picture of it was taken."""
    before = last.replace(day=1) - timedelta(days=1)
    counts: dict[date, Counter[Verdict]] = {}
    agreements = 0
    for row in snapshots.month_verdicts(session, [before, last]):
        tally = counts.setdefault(row.month, Counter())
        for slug in row.verdicts.split():
            tally[Verdict(slug)] += row.agreements
        agreements += row.agreements if row.month == last else 0
    if not agreements:
        return None
    since = datetime.combine(last.replace(day=1), time(), clock.SAO_PAULO)
    until = datetime.combine(last + timedelta(days=1), time(), clock.SAO_PAULO)
    breached = store.newly_breached(session, since=since, until=until, limit=LISTED)
    overdue = store.overdue(session, today=today, limit=LISTED)
    incidents = store.incidents_learned(session, since=since, until=until, limit=LISTED)
    return Month(
        ends_on=last,
        made_on=today,
        agreements=agreements,
        counts=counts[last],
        before=counts.get(before, {}),
        breached=_lines(breached),
        breached_total=_total(breached),
        overdue=_lines(overdue),
        overdue_total=_total(overdue),
        incidents=_lines(incidents),
        incidents_total=_total(incidents),
    )


def _total(rows: Sequence[store.Line]) -> int:
    return rows[0].total if rows else 0


def _lines(rows: Sequence[store.Line]) -> tuple[MonthLine, ...]:
    return tuple(
        MonthLine(
            PROTECTED if row.secret else row.agreement,
            UNNAMED if row.secret else row.operator,
            clock.day_of(row.on) if isinstance(row.on, datetime) else row.on,
            row.what,
        )
        for row in rows
    )
