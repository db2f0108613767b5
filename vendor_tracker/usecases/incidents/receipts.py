"""What the operator reads of its own reports: the list, the history of one, and the receipt of each version."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from contracts.incidents import Latency
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import incidents as store
from vendor_tracker.store import recipients
from vendor_tracker.store.incidents import FileLine
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.recipients import Mailbox
from vendor_tracker.store.tables import IncidentReport
from vendor_tracker.trail import canonical
from vendor_tracker.usecases.incidents.reporting import (
    Told,
    is_incident_protocol,
    latency_of,
    lineage_of,
    told_of,
)
from vendor_tracker.usecases.incidents.telling import each_once
from vendor_tracker.usecases.incidents.visiting import Reporter
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.work import NotFoundError, look


@dataclass(frozen=True, slots=True)
class ReportView:
    """One version of a report as it was received, checked against its own hash."""

    number: int
    protocol: str
    received_at: datetime
    told: Told
    origin: str
    """In words: by which link it came."""
    files: tuple[FileLine, ...]
    sha256: str
    intact: bool
    changed: frozenset[str]
    """Names of :class:`Told` that say something else than the version before; empty for the first."""


def views_of(session: Session, rows: list[IncidentReport]) -> tuple[ReportView, ...]:
    """Return the versions of one incident, the first first."""
    files = store.report_files(session, [row.id for row in rows])
    found: list[ReportView] = []
    for row in rows:
        told = told_of(row.content)
        before = found[-1].told if found else None
        names = (name for name in Told.__dataclass_fields__ if name not in {"person", "position", "email", "phone"})
        found.append(
            ReportView(
                row.number,
                row.protocol,
                row.received_at,
                told,
                str(row.content["por"]),
                tuple(file for file in files if file.report_id == row.id),
                row.sha256,
                sha256(canonical(row.content).encode()).hexdigest() == row.sha256,
                frozenset(name for name in names if before and getattr(told, name) != getattr(before, name)),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class OwnIncident:
    """An incident in the operator's list."""

    protocol: str
    what: str
    received_at: datetime
    versions: int


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The operator's incidents under one agreement, and the form of a new one."""

    title: str
    agreement: AgreementHead
    cnpj: str
    reporter: Reporter
    incidents: tuple[OwnIncident, ...]
    limit_hours: int
    limit_is_parameter: bool
    limit_mb: int
    now: datetime


@dataclass(frozen=True, slots=True)
class OwnIncidentPage:
    """One incident as the operator told it, version by version, the newest first."""

    title: str
    agreement: AgreementHead
    reporter: Reporter
    protocol: str
    versions: tuple[ReportView, ...]
    latency: Latency
    limit_mb: int

    @property
    def newest(self) -> ReportView:
        """Return the last version."""
        return self.versions[0]


@dataclass(frozen=True, slots=True)
class IncidentReceiptPage:
    """The proof that a version was received."""

    title: str
    agreement: AgreementHead
    cnpj: str
    first_protocol: str
    view: ReportView
    latency: Latency
    verify_url: str
    copies_to: tuple[str, ...]


def own_page(reporter: Reporter) -> OwnPage:
    """Return what the operator told so far under the agreement, the newest first."""
    with look() as session:
        head = head_of(session, reporter.agreement_id)
        rows = store.reports_of_agreement(session, head.id)
        incidents = tuple(
            OwnIncident(
                row.protocol,
                told_of(row.content).what,
                row.received_at,
                sum(each.incident_lineage == row.incident_lineage for each in rows),
            )
            for row in rows
            if row.number == 1 and reporter.reaches(row)
        )
        now = clock.now()
        limit = latency_of(session, head.id, now, now)
        return OwnPage(
            "Comunicar um incidente",
            head,
            store.operator_cnpj(session, head.operator_id),
            reporter,
            incidents,
            limit.limit_hours,
            limit.limit_is_parameter,
            settings().upload_limit_mb,
            now,
        )


def own_incident(reporter: Reporter, first_protocol: str) -> OwnIncidentPage:
    """Return one incident of the operator; raises :class:`NotFoundError` for what is not its own."""
    lineage = lineage_of(reporter, first_protocol)
    with look() as session:
        head = head_of(session, reporter.agreement_id)
        views = views_of(session, store.reports(session, lineage))
        return OwnIncidentPage(
            f"Incidente {first_protocol}",
            head,
            reporter,
            first_protocol,
            views[::-1],
            _latency(session, head.id, views),
            settings().upload_limit_mb,
        )


def _latency(session: Session, agreement_id: int, views: tuple[ReportView, ...]) -> Latency:
    """Measure from the earliest moment told to the first reception, which later versions never move."""
    aware = min(view.told.aware_at for view in views if view.told.aware_at is not None)
    return latency_of(session, agreement_id, aware, views[0].received_at)


def _own(session: Session, reporter: Reporter, protocol: str) -> IncidentReport:
    row = store.report(session, protocol)
    if row is None or not reporter.reaches(store.reports(session, row.incident_lineage)[0]):
        raise NotFoundError("Este recibo não existe.")
    return row


def incident_receipt(reporter: Reporter, protocol: str) -> IncidentReceiptPage:
    """Return the receipt of a version of the operator's own reports."""
    with look() as session:
        row = _own(session, reporter, protocol)
        head = head_of(session, row.agreement_id)
        views = views_of(session, store.reports(session, row.incident_lineage))
        preposto = recipients.prepostos(session, [head.id], clock.today()).get(head.id)
        boxes = each_once([Mailbox(row.reporter, row.email), *([preposto] if preposto else [])])
        return IncidentReceiptPage(
            "Comunicação recebida" if row.number == 1 else "Complemento recebido",
            head,
            store.operator_cnpj(session, head.operator_id),
            views[0].protocol,
            views[row.number - 1],
            _latency(session, head.id, views[: row.number]),
            f"{settings().base_url}/verificar/{protocol}",
            tuple(box.email for box in boxes),
        )


def incident_receipt_content(reporter: Reporter, protocol: str) -> str:
    """Return the canonical JSON of a receipt, over which anybody can take the SHA-256 again."""
    with look() as session:
        return canonical(_own(session, reporter, protocol).content)


def incident_file(reporter: Reporter, file_id: int) -> FileLine:
    """Return a file that the operator sent with a report of its own."""
    with look() as session:
        rows = store.reports_of_agreement(session, reporter.agreement_id)
        reached = {row.incident_lineage for row in rows if row.number == 1 and reporter.reaches(row)}
        own = [row.id for row in rows if row.incident_lineage in reached]
        for file in store.report_files(session, own):
            if file.file_id == file_id:
                return file
    raise NotFoundError("Este arquivo não existe.")


@dataclass(frozen=True, slots=True)
class IncidentReceiptCheck:
    """What anybody may know of a receipt by its protocol: that it is ours, when, and the fingerprints.

    Protocols are numbered, so that anybody can try the next: neither the operator nor the agreement is told.
    """

    protocol: str
    number: int
    received_at: datetime
    hashes: tuple[tuple[int, str], ...]
    """Each file's size in bytes and SHA-256."""
    sha256: str
    intact: bool


def verify_incident_receipt(code: str) -> IncidentReceiptCheck | None:
    """Return what a protocol stands for; ``None`` when there is no such receipt."""
    protocol = code.strip().upper()
    if not is_incident_protocol(protocol):
        return None
    with look() as session:
        row = store.report(session, protocol)
        if row is None:
            return None
        files = store.report_files(session, [row.id])
        return IncidentReceiptCheck(
            protocol,
            row.number,
            row.received_at,
            tuple((file.size, file.sha256) for file in files),
            row.sha256,
            sha256(canonical(row.content).encode()).hexdigest() == row.sha256,
        )
