"""Requests, audits, incidents, disposals and authorised people as the clause library's documents describe them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from clause_library.description import (
    AuditDescription,
    AuditFindingDescription,
    CheckDescription,
    CorrectiveActionDescription,
    CriterionDescription,
    DisposalDescription,
    IncidentDescription,
    PersonDescription,
    RequestDescription,
    RequestItemDescription,
    SeenDescription,
    Subject,
)
from contracts.evaluation import Assessment
from contracts.incidents import Clock
from contracts.norm import ART_14
from contracts.obligation import moment_in_words
from contracts.vocabulary import INCISOS, ClockState, EvidenceKind, IncidentClock
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import audits, incidents, proofs, requests, rulebook
from vendor_tracker.store import conduct as facts
from vendor_tracker.store.tables import AuditCheck, Incident, IncidentCommunication
from vendor_tracker.usecases.conduct.kinds import KINDS, SLUGS
from vendor_tracker.usecases.incidents.cases import clocks_of
from vendor_tracker.usecases.work import NotFoundError

GONE = "O registro de que trata o documento não existe."


@dataclass(frozen=True, slots=True)
class SubjectHead:
    """What a document is about besides the agreement, as pages name it. ``slug`` is how addresses name a fact."""

    kind: str
    id: int
    agreement_id: int
    label: str
    slug: str


def subject_head(session: Session, kind: str, subject_id: int) -> SubjectHead:
    """Return the request or the fact that a document is about; raises :class:`NotFoundError`."""
    if kind == "request":
        head = requests.head(session, subject_id)
        if head is None:
            raise NotFoundError(GONE)
        return SubjectHead(kind, subject_id, head.agreement_id, f"Requisição {head.number}", "")
    row = _fact(session, kind, subject_id)
    fact = KINDS[SLUGS[kind]]
    return SubjectHead(kind, subject_id, row.agreement_id, f"{fact.name}: {fact.label(row)}", fact.slug)


def subject_of(
    session: Session, kind: str, subject_id: int, *, assessment: Assessment, numbers: Mapping[str, int]
) -> Subject:
    """Return the description of what a document is about, on the day of the assessment.

    ``numbers`` are the administrative parameters of the day, by the name of their placeholder without its prefix.
    Raises :class:`NotFoundError`.
    """
    return _DESCRIBED[kind](session, subject_id, assessment, numbers)


def _fact(session: Session, kind: str, lineage: int) -> Any:
    row = facts.current_fact(session, kind, lineage) if kind in SLUGS else None
    if row is None:
        raise NotFoundError(GONE)
    return row


def _request(session: Session, request_id: int, _assessment: Assessment, _numbers: Mapping[str, int]) -> Subject:
    head = requests.head(session, request_id)
    if head is None:
        raise NotFoundError(GONE)
    further = {row.code: row for row in rulebook.further_obligations(session)}
    items = []
    for item in requests.items(session, request_id):
        own = further.get(item.inciso)
        law = ART_14[item.inciso].text if item.inciso in INCISOS else (own.text if own else "")
        accepts = [EvidenceKind(slug) for slug in item.accepts]
        if not accepts and item.evidence_kind is not None:
            accepts = [item.evidence_kind]
        items.append(
            RequestItemDescription(
                inciso=item.inciso,
                title=item.title,
                question=item.question,
                provision=_provision(item.inciso),
                law=law or "",
                accepts=tuple(accepts),
                wants_file=item.wants_file,
                reason=item.reason,
            )
        )
    return RequestDescription(
        number=head.number,
        opened_on=head.opened_on,
        due_on=head.due_on,
        items=tuple(items),
        reason=head.reason or None,
        # The front page of the portal: the secret link of the request is never written on paper.
        portal=f"{settings().base_url}/portal/",
    )


def _provision(inciso: str) -> str:
    return f"art. 14, {inciso}" if inciso in INCISOS else f"obrigação {inciso} do órgão"


def incisos_in(text: str | None) -> tuple[str, ...]:
    """Return the incisos that a text like "II, VI e VIII" names, in order; all twelve when it names none."""
    named = {word.strip(".;").upper() for word in (text or "").replace(",", " ").split()}
    return tuple(inciso for inciso in INCISOS if inciso in named) or INCISOS


def _audit(session: Session, lineage: int, assessment: Assessment, numbers: Mapping[str, int]) -> Subject:
    row = _fact(session, "audit", lineage)
    actions = [
        each for each in facts.facts_of_kind(session, row.agreement_id, "corrective_action")
        if each.audit_lineage == lineage
    ]  # fmt: skip
    notice = numbers.get("auditoria_aviso_dias")
    rows = [each for each in audits.checks(session, lineage) if each.left_out_on is None]
    rows.sort(key=lambda each: (INCISOS.index(each.inciso), each.position))
    proofs_seen = audits.titles_of_proofs(session, [each.evidence_id for each in rows if each.evidence_id is not None])
    told = audits.requests_about(session, "audit", [lineage]).get(lineage, [])
    places = {each.lineage: each.position for each in rows}
    return AuditDescription(
        title=row.title,
        planned_on=row.planned_on,
        performed_on=row.performed_on,
        concluded_on=row.concluded_on,
        refused_on=row.refused_on,
        independent=row.independent,
        scope=row.scope,
        team=tuple(line.strip() for line in (row.team or "").splitlines() if line.strip()),
        conclusion=row.conclusion or None,
        mode=row.mode,
        auditor=row.auditor or None,
        period_from=row.period_from,
        period_until=row.period_until,
        refusal_reason=row.refusal_reason or None,
        noticed_on=min((each.opened_on for each in told), default=None),
        criteria=tuple(_criterion(assessment, inciso, rows) for inciso in incisos_in(row.incisos)),
        seen=tuple(
            SeenDescription(
                item=each.position,
                inciso=each.inciso,
                sentence=each.text,
                result=each.result,
                note=each.note,
                proof=proofs_seen.get(each.evidence_id or 0, ""),
            )
            for each in rows
            if each.result is not None
        ),
        findings=tuple(
            AuditFindingDescription(
                provision=_provision(each.inciso),
                item=places.get(each.check_lineage, 0),
                severity=each.severity,
                description=each.description,
            )
            for each in audits.findings(session, lineage)
            if each.withdrawn_on is None
        ),
        actions=tuple(
            CorrectiveActionDescription(
                provision=_provision(each.inciso),
                description=each.description,
                due_on=each.due_on,
                done_on=each.done_on,
                owner=each.owner or None,
                verified_on=each.verified_on,
            )
            for each in actions
            if each.withdrawn_on is None
        ),
        notice_by=None if row.planned_on is None or notice is None else row.planned_on - timedelta(days=notice),
    )


def _criterion(assessment: Assessment, inciso: str, rows: Sequence[AuditCheck]) -> CriterionDescription:
    """The audit's own checklist about an inciso; before there is one, the requirements of the book that judges."""
    finding = assessment.finding(inciso)
    own = tuple(
        CheckDescription(each.text, tuple(EvidenceKind(slug) for slug in each.proofs))
        for each in rows
        if each.inciso == inciso
    )
    book = tuple(CheckDescription(each.sentence, each.asks_for) for each in finding.version.requires)
    return CriterionDescription(inciso=inciso, standing=finding.verdict, checks=own or book)


def _incident(session: Session, lineage: int, assessment: Assessment, numbers: Mapping[str, int]) -> Subject:
    row = _fact(session, "incident", lineage)
    # The shorter of the agreed term and the administrative one counts, as in the judgement of inciso XI.
    administrative = assessment.when.number("incident_report_hours")
    limits = [administrative, numbers.get("comunicacao_incidente_horas", administrative)]
    assessed = incidents.assessments(session, lineage)
    terms = {term.kind: term for term in clocks_of(session, row, now=clock.now())}
    presidency = terms[IncidentClock.PRESIDENCY]
    told = [each for each, _, _ in incidents.communications(session, lineage) if each.annulled_at is None]
    return IncidentDescription(
        title=row.title,
        description=row.description or None,
        suspected_at=row.suspected_at,
        learned_at=row.learned_at,
        reported_at=row.reported_at,
        source=row.source,
        limit_hours=min(limits),
        severity=row.severity,
        presidency_told_at=row.presidency_told_at,
        affected_data=row.affected_data,
        affected_people=row.affected_people,
        measures=row.measures,
        risks=row.risks,
        delay_reason=_delays(row, told),
        prevention=row.prevention,
        harm=assessed[0][0].harm if assessed else None,
        presidency_hours=presidency.hours if presidency.state is not ClockState.NOT_DUE else None,
        anpd=_anpd(told, terms),
    )


def _delays(row: Incident, told: list[IncidentCommunication]) -> str | None:
    """Gather the reasons of every delay: the operator's and the court's own (art. 25, § 1º, VII)."""
    said = [row.delay_reason, *(each.delay_reason for each in told)]
    return " ".join(f"{each.strip().rstrip('.')}." for each in said if each and each.strip()) or None


def _anpd(told: list[IncidentCommunication], terms: Mapping[IncidentClock, Clock]) -> str | None:
    """Say what was communicated to the ANPD, or why nothing is due; ``None`` while neither is on record."""
    said = []
    for each in told:
        if each.kind in {IncidentClock.ANPD, IncidentClock.ANPD_COMPLEMENT}:
            name = "complemento" if each.kind is IncidentClock.ANPD_COMPLEMENT else "comunicação"
            partial = ", incompleta" if each.partial else ""
            number = f", protocolo {each.protocol}" if each.protocol else ""
            said.append(f"{name} em {moment_in_words(each.sent_at)}{number}{partial}")
    if said:
        return "; ".join(said)
    anpd = terms[IncidentClock.ANPD]
    return f"não é devida. {anpd.why}" if anpd.state is ClockState.NOT_DUE else None


def _disposal(session: Session, lineage: int, _assessment: Assessment, _numbers: Mapping[str, int]) -> Subject:
    row = _fact(session, "disposal", lineage)
    found = None if row.evidence_id is None else proofs.evidence_by_id(session, row.evidence_id)
    proof = None if found is None else found[0]
    files = [] if proof is None else proofs.files_of_evidence(session, proof)
    received: date | None = None if proof is None else proof.received_on
    return DisposalDescription(
        trigger=row.trigger,
        triggered_on=row.triggered_on,
        due_on=row.due_on,
        manner=row.manner or None,
        what=row.what,
        method=row.method,
        responsible=row.responsible,
        covers_copies=row.covers_copies,
        covers_backups=row.covers_backups,
        covers_sub_operators=row.covers_sub_operators,
        evidence_title=None if proof is None else proof.title,
        evidence_received_on=received,
        evidence_sha256=" ".join(file.sha256 for file in files) or None,
        accepted_on=row.accepted_on,
        retained=row.retained or None,
        retained_ground=row.retained_ground or None,
        retained_until=row.retained_until,
    )


def _person(session: Session, lineage: int, _assessment: Assessment, _numbers: Mapping[str, int]) -> Subject:
    row = _fact(session, "person", lineage)
    return PersonDescription(
        label=row.label, access_from=row.access_from, function=row.function or None, need=row.need or None
    )


_DESCRIBED: Mapping[str, Callable[[Session, int, Assessment, Mapping[str, int]], Subject]] = {
    "request": _request,
    "audit": _audit,
    "incident": _incident,
    "disposal": _disposal,
    "person": _person,
}
