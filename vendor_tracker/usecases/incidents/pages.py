"""Incidents as the court reads them: the list, and one incident with its terms, its history and what still lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from contracts.incidents import Clock, Latency, SeverityProposal, propose_severity
from contracts.norm import ART_25, ART_25_P1, ART_25_P1_CAPUT, LegalReference
from contracts.obligation import moment_in_words
from contracts.vocabulary import (
    ClockState,
    DataNature,
    Harm,
    IncidentClock,
    IncidentSeverity,
    IncidentSource,
    VolumeBand,
)
from vendor_tracker import clock
from vendor_tracker.store import incidents as store
from vendor_tracker.store import issued
from vendor_tracker.store.incidents import IncidentLine
from vendor_tracker.store.issued import IssuedRow
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.tables import Incident
from vendor_tracker.usecases import filing, judging
from vendor_tracker.usecases.document_kinds import kinds_about
from vendor_tracker.usecases.filing import FileView
from vendor_tracker.usecases.incidents.cases import clocks_of, incident_of
from vendor_tracker.usecases.incidents.receipts import ReportView, views_of
from vendor_tracker.usecases.incidents.reporting import TOLD_FIELDS, latency_of, told_of
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.work import Actor, look

PAGE_SIZE = 25
STANDINGS = ("open", "due", "closed", "all")


@dataclass(frozen=True, slots=True)
class IncidentsPage:
    """The list of incidents."""

    title: str
    lines: tuple[IncidentLine, ...]
    standing: str
    text: str
    number: int
    size: int
    total: int
    now: datetime


def incidents_page(*, standing: str = "open", text: str = "", number: int = 1) -> IncidentsPage:
    """Return a page of incidents, those whose term ends first on top."""
    standing = standing if standing in STANDINGS else "open"
    words = text.strip()[:100]
    with look() as session:
        lines = store.incident_lines(
            session,
            standing="" if standing == "all" else standing,
            text=words,
            limit=PAGE_SIZE,
            offset=(number - 1) * PAGE_SIZE,
        )
    total = lines[0].total if lines else 0
    return IncidentsPage("Incidentes", tuple(lines), standing, words, number, PAGE_SIZE, total, clock.now())


@dataclass(frozen=True, slots=True)
class ProtocolField:
    """One of the eight elements of art. 25, § 1º: the law's words, what is on record, and whether it lacks."""

    inciso: str
    law: LegalReference
    on_record: tuple[str, ...]
    missing: str
    """What lacks, in a sentence; empty when nothing does."""
    differs: str = ""
    """What the operator's last version says, when the court's own text is another."""


@dataclass(frozen=True, slots=True)
class SeverityView:
    """What the scale proposes today, and what a person confirmed."""

    proposal: SeverityProposal
    natures: tuple[DataNature, ...]
    volume: VolumeBand | None
    harm: Harm | None
    level: IncidentSeverity | None
    """As confirmed; ``None`` while nobody has."""
    history: tuple["AssessmentLine", ...]


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """A confirmed severity in the history."""

    at: datetime
    by: str
    level: IncidentSeverity
    proposed: IncidentSeverity | None
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision in the history; ``by`` is empty when the operator's report answered."""

    at: datetime
    by: str
    question: str
    answer: bool
    known_at: datetime
    reason: str
    stands: bool


@dataclass(frozen=True, slots=True)
class CommunicationLine:
    """A communication on record."""

    id: int
    kind: IncidentClock
    sent_at: datetime
    protocol: str
    partial: bool
    delay_reason: str
    note: str
    by: str
    recorded_at: datetime
    file: FileView | None
    annulled_at: datetime | None
    annulled_because: str


@dataclass(frozen=True, slots=True)
class SaidAwareness:
    """A moment of awareness that the operator told, in which version, and what the delay is by it."""

    protocol: str
    received_at: datetime
    latency: Latency
    counts: bool


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One incident, whole."""

    title: str
    lineage: int
    agreement: AgreementHead
    now: datetime
    today: date
    what: str
    description: str
    suspected_at: datetime | None
    learned_at: datetime
    reported_at: datetime | None
    source: IncidentSource
    terms: tuple[Clock, ...]
    closed: DecisionLine | None
    counted: Latency | None
    """The operator's delay as inciso XI judges it; ``None`` while its two ends are not known."""
    term_hours: int | None
    limit_hours: int
    said: tuple[SaidAwareness, ...]
    versions: tuple[ReportView, ...]
    """Newest first."""
    files: Mapping[int, FileView]
    severity: SeverityView
    fields: tuple[ProtocolField, ...]
    law: LegalReference
    law_fields: LegalReference
    decisions: tuple[DecisionLine, ...]
    communications: tuple[CommunicationLine, ...]
    documents: tuple[str, ...]
    issued: tuple[IssuedRow, ...]
    joinable: tuple[tuple[int, str, datetime], ...]
    """Incidents of the agreement that the court recorded itself, of which this one may be the report."""

    @property
    def missing(self) -> tuple[ProtocolField, ...]:
        """Return the elements of art. 25, § 1º, that lack something."""
        return tuple(field for field in self.fields if field.missing)

    def answer(self, question: str) -> DecisionLine | None:
        """Return the decision that stands about a question."""
        return next((line for line in self.decisions if line.question == question and line.stands), None)


def incident_page(actor: Actor, *, lineage: int) -> IncidentPage:
    """Return one incident with everything about it; raises :class:`NotFoundError`."""
    now = clock.now()
    with look() as session:
        row = incident_of(session, lineage)
        head = head_of(session, row.agreement_id)
        terms = clocks_of(session, row, now=now)
        versions = views_of(session, store.reports(session, lineage))
        severity = _severity(session, row, versions)
        decisions = _decisions(session, lineage)
        policy = judging.policy_of(session).on(clock.day_of(now))
        agreed = store.term_hours(session, head.id)
        counted = (
            latency_of(session, head.id, row.suspected_at, row.reported_at)
            if row.suspected_at is not None and row.reported_at is not None
            else None
        )
        communications = _communications(session, actor, head, lineage)
        closing = next((line for line in decisions if line.question == "closed" and line.stands), None)
        return IncidentPage(
            title=f"Incidente: {row.title}",
            lineage=lineage,
            agreement=head,
            now=now,
            today=clock.day_of(now),
            what=row.title,
            description=row.description,
            suspected_at=row.suspected_at,
            learned_at=row.learned_at,
            reported_at=row.reported_at,
            source=row.source,
            terms=terms,
            closed=closing if closing is not None and closing.answer else None,
            counted=counted,
            term_hours=agreed,
            limit_hours=min(each for each in (agreed, policy.number("incident_report_hours")) if each is not None),
            said=_said(session, row, versions),
            versions=versions[::-1],
            files=_files(actor, versions),
            severity=severity,
            fields=_fields(row, severity, terms, communications, counted, versions),
            law=ART_25,
            law_fields=ART_25_P1_CAPUT,
            decisions=decisions,
            communications=communications,
            documents=kinds_about("incident"),
            issued=tuple(issued.issued_documents(session, about=("incident", lineage))[0]),
            joinable=(
                tuple(store.joinable(session, head.id, but=lineage))
                if versions and not communications and not severity.history
                else ()
            ),
        )


def joined_into(*, lineage: int) -> int | None:
    """Return the incident to which this one was joined; ``None`` when it stands by itself."""
    with look() as session:
        case = store.case(session, lineage)
        return case.joined_into if case is not None else None


def _files(actor: Actor, versions: tuple[ReportView, ...]) -> dict[int, FileView]:
    return {
        file.file_id: FileView(
            file.file_id,
            file.name,
            file.size,
            file.sha256,
            file.restricted,
            filing.may_read(actor.role, restricted=file.restricted),
        )
        for view in versions
        for file in view.files
    }


def _severity(session: Session, row: Incident, versions: tuple[ReportView, ...]) -> SeverityView:
    """Propose from what a person put on record last, or from what the operator told."""
    history = store.assessments(session, int(row.lineage or 0))
    newest = history[0][0] if history else None
    told = versions[-1].told if versions else None
    if newest is not None:
        natures = tuple(DataNature(each) for each in newest.natures)
        volume, harm = newest.volume, newest.harm
    else:
        natures, volume, harm = (told.natures if told else ()), (told.volume if told else None), None
    proposal = propose_severity(
        natures=natures, volume=volume, harm=harm, policy=judging.policy_of(session).on(clock.today())
    )
    return SeverityView(
        proposal,
        natures,
        volume,
        harm,
        newest.level if newest else None,
        tuple(
            AssessmentLine(each.recorded_at, by, each.level, each.proposed, each.points, each.reason)
            for each, by in history
        ),
    )


def _decisions(session: Session, lineage: int) -> tuple[DecisionLine, ...]:
    seen: set[str] = set()
    lines = []
    for each, by in store.decisions(session, lineage):
        stands = each.question not in seen
        seen.add(each.question)
        lines.append(DecisionLine(each.recorded_at, by, each.question, each.answer, each.known_at, each.reason, stands))
    return tuple(lines)


def _communications(session: Session, actor: Actor, head: AgreementHead, lineage: int) -> tuple[CommunicationLine, ...]:
    return tuple(
        CommunicationLine(
            each.id,
            each.kind,
            each.sent_at,
            each.protocol,
            each.partial,
            each.delay_reason,
            each.note,
            by,
            each.recorded_at,
            None if file is None else filing.view_of(file, actor, secret=head.secret),
            each.annulled_at,
            each.annulled_because,
        )
        for each, by, file in store.communications(session, lineage)
    )


def _said(session: Session, row: Incident, versions: tuple[ReportView, ...]) -> tuple[SaidAwareness, ...]:
    """Return each moment of awareness that was told, once, the first first; all measured to the first reception."""
    found: dict[datetime, SaidAwareness] = {}
    for view in versions:
        aware = view.told.aware_at
        if aware is not None and aware not in found:
            latency = latency_of(session, row.agreement_id, aware, versions[0].received_at)
            found[aware] = SaidAwareness(view.protocol, view.received_at, latency, aware == row.suspected_at)
    return tuple(found.values())


_MISSING = {
    "I": "Confirme a gravidade.",
    "III": "Descreva os tipos de dado alcançados.",
    "IV": "Informe os grupos e o número de titulares, sem nomes.",
    "V": "Descreva as medidas de proteção e contenção.",
    "VI": "Descreva os riscos e como são mitigados.",
    "VIII": "Descreva as ações contra a repetição.",
}

_COLUMNS = {"III": "affected_data", "IV": "affected_people", "V": "measures", "VI": "risks", "VIII": "prevention"}


def _fields(
    row: Incident,
    severity: SeverityView,
    terms: tuple[Clock, ...],
    communications: tuple[CommunicationLine, ...],
    counted: Latency | None,
    versions: tuple[ReportView, ...],
) -> tuple[ProtocolField, ...]:
    told = versions[-1].told if versions else None
    by_column = {column: name for name, column in TOLD_FIELDS.items()}
    found = []
    for inciso, law in ART_25_P1.items():
        lines: list[str] = []
        missing = differs = ""
        if inciso == "I":
            lines = [row.severity] if row.severity else []
            missing = "" if severity.level is not None else _MISSING["I"]
        elif inciso == "II":
            lines, missing = _communicated(terms, communications)
        elif inciso == "VII":
            lines, missing = _delays(row, terms, communications, counted)
            differs = _other(told.delay_reason if told else "", row.delay_reason)
        else:
            text = getattr(row, _COLUMNS[inciso]) or ""
            lines = [text] if text else []
            missing = "" if text else _MISSING[inciso]
            differs = _other(getattr(told, by_column[_COLUMNS[inciso]]) if told else "", text)
        found.append(ProtocolField(inciso, law, tuple(lines), missing, differs))
    return tuple(found)


def _other(told: str, held: str | None) -> str:
    return told if told and held and told != held else ""


_TO_WHOM = {
    IncidentClock.PRESIDENCY: "À Presidência",
    IncidentClock.ANPD: "À ANPD",
    IncidentClock.ANPD_COMPLEMENT: "Complemento à ANPD",
    IncidentClock.DATA_SUBJECTS: "Aos titulares",
}


def _communicated(terms: tuple[Clock, ...], communications: tuple[CommunicationLine, ...]) -> tuple[list[str], str]:
    """Say which communications were made and until when the others are due."""
    protocols = {each.kind: each.protocol for each in reversed(communications) if each.annulled_at is None}
    lines = []
    open_ones = []
    for term in terms:
        name = _TO_WHOM[term.kind]
        if term.met_at is not None:
            number = f", protocolo {protocols[term.kind]}" if protocols.get(term.kind) else ""
            lines.append(f"{name}: comunicado em {moment_in_words(term.met_at)}{number}.")
        elif term.open and term.due_at is not None:
            lines.append(f"{name}: até {moment_in_words(term.due_at)}.")
            open_ones.append(name.lower() if term.kind is not IncidentClock.ANPD else "à ANPD")
    return lines, "Falta comunicar." if open_ones else ""


def _delays(
    row: Incident, terms: tuple[Clock, ...], communications: tuple[CommunicationLine, ...], counted: Latency | None
) -> tuple[list[str], str]:
    """Say the reasons of each delay; ask for those that nobody gave."""
    lines = [f"Do operador: {row.delay_reason}"] if row.delay_reason else []
    lines += [
        f"{_TO_WHOM[each.kind]}: {each.delay_reason}"
        for each in communications
        if each.delay_reason and each.annulled_at is None
    ]
    if counted is not None and counted.late and not row.delay_reason:
        return lines, "O operador comunicou depois do limite: pergunte os motivos da demora."
    explained = {each.kind for each in communications if each.delay_reason and each.annulled_at is None}
    late = [
        term for term in terms if term.state in {ClockState.MET_LATE, ClockState.LATE} and term.kind not in explained
    ]
    if late:
        return lines, "Um prazo do órgão passou: registre os motivos da demora com a comunicação."
    return lines or ["Não há, em registro, demora a justificar."], ""


__all__ = ["IncidentPage", "IncidentsPage", "incident_page", "incidents_page", "told_of"]
