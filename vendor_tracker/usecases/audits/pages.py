"""Audits as staff read them: the list, one audit whole, an item of its checklist, a finding, a corrective action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from contracts.norm import ART_14, LegalReference
from contracts.vocabulary import AuditMode, CheckResult, EvidenceKind, FindingSeverity
from vendor_tracker import clock
from vendor_tracker.store import audits as store
from vendor_tracker.store import issued, outbox, papers, parties
from vendor_tracker.store.audits import AuditLine
from vendor_tracker.store.issued import IssuedRow
from vendor_tracker.store.outbox import MessageLine
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.store.tables import AuditCheck, AuditFinding
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.audits.checklist import next_unanswered
from vendor_tracker.usecases.audits.common import action_of, audit_of, check_of, finding_of
from vendor_tracker.usecases.audits.findings import FAULTS, correction_days, proposed_term, shows_breach
from vendor_tracker.usecases.conduct.asking import askable
from vendor_tracker.usecases.conduct.kinds import KINDS
from vendor_tracker.usecases.conduct.supervision import action_standing
from vendor_tracker.usecases.describing_subjects import incisos_in
from vendor_tracker.usecases.document_kinds import kinds_about
from vendor_tracker.usecases.filing import FileView
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.judging import policy_of
from vendor_tracker.usecases.requesting.preflight import preflight_of
from vendor_tracker.usecases.work import Actor, look

PAGE_SIZES = (20, 50, 100)


# ----------------------------------------------------------------------------------------------------------------------
# The list
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class AuditsPage:
    """The list of audits of every agreement."""

    title: str
    today: date
    standing: str
    lines: tuple[AuditLine, ...]
    total: int
    number: int
    size: int


def index(*, standing: str = "", number: int = 1, size: int = PAGE_SIZES[0]) -> AuditsPage:
    """Return one page of the audits: those ahead or running first. ``standing`` is ``running``, ``ended`` or empty."""
    with look() as session:
        total, lines = store.listed(session, standing=standing, limit=size, offset=(number - 1) * size)
        if total and not lines:
            number = (total + size - 1) // size
            total, lines = store.listed(session, standing=standing, limit=size, offset=(number - 1) * size)
        return AuditsPage("Auditorias", clock.today(), standing, tuple(lines), total, number, size)


# ----------------------------------------------------------------------------------------------------------------------
# One audit
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class CheckLine:
    """An item of the checklist and what was seen."""

    lineage: int
    position: int
    inciso: str
    text: str
    source: str
    proofs: tuple[EvidenceKind, ...]
    result: CheckResult | None
    note: str
    evidence_id: int | None
    evidence: str
    file: FileView | None
    checked_on: date | None
    left_out: bool
    found: bool
    """Whether a finding that stands was born of it."""


@dataclass(frozen=True, slots=True)
class CheckGroup:
    """The items of one inciso, with how they came out."""

    inciso: str
    law: LegalReference
    lines: tuple[CheckLine, ...]
    counts: Mapping[CheckResult, int]
    waiting: int


@dataclass(frozen=True, slots=True)
class ActionLine:
    """A corrective action, how it stands, and the request that asks for it."""

    lineage: int
    inciso: str
    description: str
    owner: str
    due_on: date
    standing: str
    done: bool
    late: bool
    verified_on: date | None
    verified_by: str
    verification: str
    finding_lineage: int | None
    requests: tuple[RequestHead, ...]
    to_ask: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding and the actions born of it."""

    lineage: int
    check_lineage: int
    position: int
    """The place of its item in the checklist."""
    check: str
    inciso: str
    severity: FindingSeverity
    description: str
    found_on: date
    deviation_lineage: int | None
    withdrawn_on: date | None
    withdrawal_reason: str
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One audit, whole: plan, notice, checklist, findings, actions, conclusion."""

    title: str
    today: date
    lineage: int
    agreement: AgreementHead
    law: LegalReference
    standing: str
    scope: str
    criteria: tuple[str, ...]
    mode: AuditMode | None
    period_from: date | None
    period_until: date | None
    independent: bool
    auditor: str
    team: tuple[str, ...]
    planned_on: date | None
    performed_on: date | None
    concluded_on: date | None
    refused_on: date | None
    refusal_reason: str
    conclusion: str
    file: FileView | None
    notices: tuple[tuple[RequestHead, tuple[MessageLine, ...]], ...]
    """The requests that told the operator, newest first, each with the messages that left."""
    groups: tuple[CheckGroup, ...]
    left_out: tuple[CheckLine, ...]
    answered: int
    total: int
    next_check: int | None
    """The first item that nobody has answered."""
    findings: tuple[FindingLine, ...]
    withdrawn: tuple[FindingLine, ...]
    other_actions: tuple[ActionLine, ...]
    """Actions of the audit that no finding names: written before findings were kept."""
    to_ask: int
    """Actions that are owed and that no request asks."""
    documents: tuple[str, ...]
    issued: tuple[IssuedRow, ...]
    recorded_by: str

    @property
    def open(self) -> bool:
        """Whether it may still be changed: neither refused nor concluded."""
        return self.refused_on is None and self.concluded_on is None


def show(actor: Actor, lineage: int) -> AuditPage:
    """Return one audit with all that belongs to it; raises :class:`NotFoundError`. A fixed number of queries."""
    today = clock.today()
    with look() as session:
        row = audit_of(session, lineage)
        head = head_of(session, row.agreement_id)
        checks = store.checks(session, lineage)
        findings = store.findings(session, lineage)
        actions = _actions(session, store.actions_of_audit(session, lineage), today)
        lines = _check_lines(session, actor, checks, findings, secret=head.secret)
        kept = [line for line in lines if not line.left_out]
        found = _finding_lines(findings, actions, {each.lineage: each for each in checks})
        notices = store.requests_about(session, "audit", [lineage]).get(lineage, [])
        named = {each.lineage for each in findings}
        file = papers.stored_file(session, row.file_id)
        return AuditPage(
            title=row.title,
            today=today,
            lineage=lineage,
            agreement=head,
            law=ART_14["IX"],
            standing=KINDS["auditoria"].standing(row, today),
            scope=row.scope or "",
            criteria=incisos_in(row.incisos),
            mode=row.mode,
            period_from=row.period_from,
            period_until=row.period_until,
            independent=row.independent,
            auditor=row.auditor or "",
            team=tuple(line.strip() for line in (row.team or "").splitlines() if line.strip()),
            planned_on=row.planned_on,
            performed_on=row.performed_on,
            concluded_on=row.concluded_on,
            refused_on=row.refused_on,
            refusal_reason=row.refusal_reason or "",
            conclusion=row.conclusion or "",
            file=None if file is None else filing.view_of(file, actor, secret=head.secret),
            notices=tuple((each, tuple(outbox.of_request(session, each.id))) for each in notices[:3]),
            groups=_groups(kept),
            left_out=tuple(line for line in lines if line.left_out),
            answered=sum(line.result is not None for line in kept),
            total=len(kept),
            next_check=next_unanswered(checks, after=0),
            findings=tuple(each for each in found if each.withdrawn_on is None),
            withdrawn=tuple(each for each in found if each.withdrawn_on is not None),
            other_actions=tuple(each for each in actions if each.finding_lineage not in named),
            to_ask=sum(each.to_ask for each in actions),
            documents=kinds_about("audit"),
            issued=tuple(issued.issued_documents(session, about=("audit", lineage))[0]),
            recorded_by=parties.names_of(session, [row.recorded_by_id]).get(row.recorded_by_id or 0, ""),
        )


def _check_lines(
    session: Session, actor: Actor, checks: Sequence[AuditCheck], findings: Sequence[AuditFinding], *, secret: bool
) -> list[CheckLine]:
    titles = store.titles_of_proofs(session, [each.evidence_id for each in checks if each.evidence_id is not None])
    found = {each.check_lineage for each in findings if each.withdrawn_on is None}
    files = store.files(session, [each.file_id for each in checks if each.file_id is not None])
    return [
        CheckLine(
            each.lineage or 0,
            each.position,
            each.inciso,
            each.text,
            each.source,
            tuple(EvidenceKind(slug) for slug in each.proofs),
            each.result,
            each.note,
            each.evidence_id,
            titles.get(each.evidence_id or 0, ""),
            filing.view_of(files[each.file_id], actor, secret=secret) if each.file_id in files else None,
            each.checked_on,
            each.left_out_on is not None,
            each.lineage in found,
        )
        for each in checks
    ]


def _groups(lines: Sequence[CheckLine]) -> tuple[CheckGroup, ...]:
    groups = []
    for inciso in ART_14:
        own = tuple(line for line in lines if line.inciso == inciso)
        if own:
            counts = {result: sum(line.result is result for line in own) for result in CheckResult}
            groups.append(CheckGroup(inciso, ART_14[inciso], own, counts, sum(line.result is None for line in own)))
    return tuple(groups)


def _actions(session: Session, rows: Sequence[Any], today: date) -> list[ActionLine]:
    asked = store.requests_about(session, "corrective_action", [row.lineage for row in rows])
    to_ask = {row.lineage for row in askable(session, rows)}
    return [
        ActionLine(
            row.lineage,
            row.inciso,
            row.description,
            row.owner or "",
            row.due_on,
            action_standing(row, today),
            row.done_on is not None,
            row.done_on is None
            and row.withdrawn_on is None
            and (row.refused_on is not None or (row.answered_on is None and row.due_on < today)),
            row.verified_on,
            row.verified_by or "",
            row.verification or "",
            row.finding_lineage,
            tuple(asked.get(row.lineage, ())),
            row.lineage in to_ask,
            row.withdrawn_on is not None,
        )
        for row in rows
    ]


def _finding_lines(
    findings: Sequence[AuditFinding], actions: Sequence[ActionLine], checks: Mapping[int | None, AuditCheck]
) -> list[FindingLine]:
    return [
        FindingLine(
            each.lineage or 0,
            each.check_lineage,
            checks[each.check_lineage].position if each.check_lineage in checks else 0,
            checks[each.check_lineage].text if each.check_lineage in checks else "",
            each.inciso,
            each.severity,
            each.description,
            each.found_on,
            each.deviation_lineage,
            each.withdrawn_on,
            each.withdrawal_reason,
            tuple(action for action in actions if action.finding_lineage == each.lineage),
        )
        for each in findings
    ]


# ----------------------------------------------------------------------------------------------------------------------
# What a form needs
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class AuditForm:
    """What every form about an audit says above its fields."""

    title: str
    today: date
    lineage: int
    audit: str
    agreement: AgreementHead
    criteria: tuple[str, ...]
    performed_on: date | None
    answered: int
    total: int


def form(lineage: int, title: str) -> AuditForm:
    """Return the head of a form about an audit; raises :class:`NotFoundError`."""
    with look() as session:
        row = audit_of(session, lineage)
        kept = [each for each in store.checks(session, lineage) if each.left_out_on is None]
        return AuditForm(
            title,
            clock.today(),
            lineage,
            row.title,
            head_of(session, row.agreement_id),
            incisos_in(row.incisos),
            row.performed_on,
            sum(each.result is not None for each in kept),
            len(kept),
        )


@dataclass(frozen=True, slots=True)
class CheckPage:
    """One item of a checklist, to be answered."""

    title: str
    audit_lineage: int
    audit: str
    agreement: AgreementHead
    line: CheckLine
    law: LegalReference
    proofs: tuple[tuple[int, str], ...]
    """The proofs on record of the agreement."""
    total: int
    answered: int
    open: bool
    can_find: bool
    """Whether a finding may be born of it as it stands."""
    performed: bool


def check_page(actor: Actor, lineage: int) -> CheckPage:
    """Return one item of a checklist; raises :class:`NotFoundError`."""
    with look() as session:
        row = check_of(session, lineage)
        audit = audit_of(session, row.audit_lineage)
        head = head_of(session, row.agreement_id)
        findings = store.findings(session, row.audit_lineage)
        line = _check_lines(session, actor, [row], findings, secret=head.secret)[0]
        kept = [each for each in store.checks(session, row.audit_lineage) if each.left_out_on is None]
        ended = audit.refused_on is not None or audit.concluded_on is not None
        return CheckPage(
            title=f"Item {row.position} do roteiro",
            audit_lineage=row.audit_lineage,
            audit=audit.title,
            agreement=head,
            line=line,
            law=ART_14[row.inciso],
            proofs=tuple(store.proofs_of_agreement(session, row.agreement_id)),
            total=len(kept),
            answered=sum(each.result is not None for each in kept),
            open=not ended,
            can_find=not ended and line.result in FAULTS and not line.left_out and audit.performed_on is not None,
            performed=audit.performed_on is not None,
        )


@dataclass(frozen=True, slots=True)
class SeverityLine:
    """What a severity means today: administrative parameters."""

    severity: FindingSeverity
    days: int
    breach: bool
    due_on: date


@dataclass(frozen=True, slots=True)
class FindingPage:
    """The form of a finding, or of one more correction for it."""

    title: str
    audit_lineage: int
    audit: str
    agreement: AgreementHead
    check: CheckLine | None
    finding: AuditFinding | None
    scale: tuple[SeverityLine, ...]


def _scale(session: Session) -> tuple[SeverityLine, ...]:
    today = clock.today()
    policy = policy_of(session).on(today)
    return tuple(
        SeverityLine(
            severity,
            correction_days(policy, severity),
            shows_breach(policy, severity),
            proposed_term(session, severity, today),
        )
        for severity in FindingSeverity
    )


def new_finding_page(actor: Actor, check_lineage: int) -> FindingPage:
    """Return what the form of a new finding needs; raises :class:`NotFoundError`."""
    page = check_page(actor, check_lineage)
    with look() as session:
        return FindingPage(
            "Registrar achado", page.audit_lineage, page.audit, page.agreement, page.line, None, _scale(session)
        )


def finding_page(lineage: int, title: str) -> FindingPage:
    """Return a finding with its audit, for the forms about it; raises :class:`NotFoundError`."""
    with look() as session:
        row = finding_of(session, lineage)
        audit = audit_of(session, row.audit_lineage)
        session.expunge(row)
        return FindingPage(
            title, row.audit_lineage, audit.title, head_of(session, row.agreement_id), None, row, _scale(session)
        )


@dataclass(frozen=True, slots=True)
class VerifyPage:
    """The form by which somebody says whether a corrective action was carried out."""

    title: str
    today: date
    agreement: AgreementHead
    audit_lineage: int | None
    line: ActionLine
    answered_on: date | None


def verify_page(lineage: int) -> VerifyPage:
    """Return a corrective action to be looked at; raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        row = action_of(session, lineage)
        return VerifyPage(
            "Conferir ação corretiva",
            today,
            head_of(session, row.agreement_id),
            row.audit_lineage,
            _actions(session, [row], today)[0],
            row.answered_on,
        )


@dataclass(frozen=True, slots=True)
class AskPage:
    """What is asked of the operator before it is sent: corrective actions, and whom the letter reaches."""

    title: str
    agreement: AgreementHead
    audit_lineage: int | None
    lines: tuple[ActionLine, ...]
    recipient: str
    email: str
    problem: str


def ask_page(*, audit_lineage: int | None = None, action_lineage: int | None = None) -> AskPage:
    """Return the corrective actions that may be asked, of an audit or one alone; raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        if action_lineage is not None:
            row = action_of(session, action_lineage)
            rows, agreement_id, of = [row], row.agreement_id, row.audit_lineage
        else:
            audit = audit_of(session, audit_lineage or 0)
            rows, agreement_id, of = store.actions_of_audit(session, audit.lineage), audit.agreement_id, audit.lineage
        preflight = preflight_of(session, agreement_id, today)
        return AskPage(
            "Requisitar correções",
            head_of(session, agreement_id),
            of,
            tuple(each for each in _actions(session, rows, today) if each.to_ask),
            preflight.recipient,
            preflight.email,
            preflight.problem,
        )
