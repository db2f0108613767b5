"""Proofs: handed in by the operator or put on record by staff, and what a person decides about each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from sqlalchemy.orm import Session

from contracts.norm import ART_14
from contracts.obligations import renewals_of
from contracts.vocabulary import INCISOS, INDEPENDENT_EVIDENCE, EvidenceKind, ReviewDecision
from contracts.workdays import add_months
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.store import papers, proofs, rulebook, standings
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.proofs import AskedRow, ChangeRow, EvidenceFilter, EvidenceRow, ReviewRow
from vendor_tracker.store.tables import Evidence, EvidenceAgreement, EvidenceInciso, EvidenceReview
from vendor_tracker.usecases import filing, requesting
from vendor_tracker.usecases.filing import FileView, Upload
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.judging import Change, assess_many, policy_of, rejudge
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act, look

__all__ = [
    "AgreementChoice",
    "Decision",
    "EvidenceData",
    "EvidenceFilter",
    "EvidencePage",
    "EvidenceView",
    "NewEvidencePage",
    "ServedInciso",
    "decide",
    "default_until",
    "index",
    "new_page",
    "register",
    "show",
    "usual_incisos",
]

PAGE_SIZE = 20
LONGEST_TITLE = 300
LONGEST_TEXT = 10_000

STATES: Mapping[str, str] = {
    "waiting": "A conferir",
    "accepted": "Aceitas",
    "returned": "Devolvidas",
    "false": "Falsas",
    "": "Todas",
}
"""The lists that a reader may ask for, in the order of the menu."""

_CAUSES: Mapping[ReviewDecision, str] = {
    ReviewDecision.ACCEPTED: "Evidência aceita",
    ReviewDecision.RETURNED: "Evidência devolvida",
    ReviewDecision.FALSE: "Evidência considerada falsa",
}


# ----------------------------------------------------------------------------------------------------------------------
# Page values
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The list of proofs."""

    title: str
    rows: tuple[EvidenceRow, ...]
    total: int
    number: int
    size: int
    wanted: EvidenceFilter
    today: date
    incisos: tuple[str, ...]
    """What the filter by inciso offers: the twelve and the obligations of the organisation."""


@dataclass(frozen=True, slots=True)
class ServedInciso:
    """An inciso that a proof speaks to, with the words of the law."""

    inciso: str
    title: str
    """Empty for the twelve, whose names are labels."""
    law_text: str
    law_place: str


@dataclass(frozen=True, slots=True)
class AgreementChoice:
    """An agreement of the same operator that a proof serves or might serve."""

    id: int
    label: str
    served: bool


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """A proof and everything a person needs to decide about it."""

    title: str
    id: int
    kind: EvidenceKind
    operator_id: int
    operator_name: str
    received_on: date
    recorded_by: str
    """Who put it on record; empty when the operator handed it in."""
    stated_from: date | None
    stated_until: date | None
    statement: str
    files: tuple[FileView, ...]
    incisos: tuple[ServedInciso, ...]
    agreements: tuple[AgreementChoice, ...]
    asked: AskedRow | None
    reviews: tuple[ReviewRow, ...]
    """Newest first."""
    changes: tuple[ChangeRow, ...]
    """The verdicts that the newest decision changed."""
    default_from: date
    default_until: date | None
    """Last day it would count by the administrative validity of its kind; ``None``: without end."""
    validity_months: int
    independent_kind: bool
    next_id: int | None
    """The proof that has waited longest, for who works through the list."""

    @property
    def present(self) -> ReviewRow | None:
        """The decision that counts."""
        return self.reviews[0] if self.reviews else None


@dataclass(frozen=True, slots=True)
class NewEvidencePage:
    """What the form of a new proof needs."""

    title: str
    agreement: AgreementHead
    others: tuple[AgreementChoice, ...]
    """Other agreements of the same operator."""
    incisos: tuple[tuple[str, str], ...]
    """Code and title; the title of the twelve is empty, because it is a label."""
    usual_incisos: Mapping[EvidenceKind, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class EvidenceData:
    """What is typed about a proof put on record by staff."""

    kind: EvidenceKind
    incisos: Sequence[str]
    title: str = ""
    received_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    statement: str = ""
    also_serves: Sequence[int] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a proof. ``seen`` is the id of the newest decision that the person saw, if any."""

    decision: ReviewDecision
    reason: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    independent: bool = False
    covers_service: bool | None = None
    also_serves: Sequence[int] = field(default_factory=tuple)
    confirmed: bool = False
    """A second yes, asked before a proof is called false."""
    seen: int | None = None


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------


@cache
def usual_incisos() -> Mapping[EvidenceKind, tuple[str, ...]]:
    """Return, for each kind of proof, the incisos whose requirements ask for it today."""
    from contracts.obligations import TWELVE

    found: dict[EvidenceKind, list[str]] = {kind: [] for kind in EvidenceKind}
    for obligation in TWELVE:
        version = obligation.versions[-1]
        for kind in dict.fromkeys(kind for requirement in version.requires for kind in requirement.asks_for):
            found[kind].append(obligation.inciso)
    return {kind: tuple(incisos) for kind, incisos in found.items()}


def _codes(session: Session) -> tuple[tuple[str, str], ...]:
    further = [(row.code, row.title) for row in rulebook.further_obligations(session)]
    return (*((inciso, "") for inciso in INCISOS), *further)


def index(wanted: EvidenceFilter, *, page: int = 1) -> EvidencePage:
    """Return a page of the list: what waits comes oldest first, what was decided newest first."""
    if wanted.state not in STATES:
        wanted = EvidenceFilter(
            inciso=wanted.inciso, kind=wanted.kind, operator_id=wanted.operator_id, words=wanted.words
        )
    with look() as session:
        rows, total = proofs.evidence_list(session, wanted, page=page, size=PAGE_SIZE)
        codes = tuple(code for code, _ in _codes(session))
    title = "Evidências a conferir" if wanted.state == "waiting" else "Evidências"
    return EvidencePage(title, tuple(rows), total, page, PAGE_SIZE, wanted, clock.today(), codes)


def show(actor: Actor, *, evidence_id: int) -> EvidenceView:
    """Return a proof for its page; raises :class:`NotFoundError`."""
    with look() as session:
        evidence, operator_name, author = _found(session, evidence_id)
        served = proofs.agreements_of_evidence(session, [evidence_id]).get(evidence_id, ())
        served_ids = {agreement_id for agreement_id, _ in served}
        secret = papers.any_secret(session, served_ids)
        reviews = tuple(proofs.reviews_of(session, evidence_id))
        incisos = proofs.incisos_of(session, [evidence_id]).get(evidence_id, ())
        further = {row.code: row for row in rulebook.further_obligations(session)}
        months = _validity(session, evidence.kind, served_ids, clock.today())
        start = evidence.valid_from or evidence.received_on
        return EvidenceView(
            title=evidence.title,
            id=evidence.id,
            kind=evidence.kind,
            operator_id=evidence.operator_id,
            operator_name=operator_name,
            received_on=evidence.received_on,
            recorded_by=author or "",
            stated_from=evidence.valid_from,
            stated_until=evidence.valid_until,
            statement=evidence.statement,
            files=tuple(
                filing.view_of(file, actor, secret=secret) for file in proofs.files_of_evidence(session, evidence)
            ),
            incisos=tuple(
                ServedInciso(code, "", ART_14[code].text or "", ART_14[code].short_citation)
                if code in ART_14
                else ServedInciso(
                    code,
                    further[code].title if code in further else code,
                    further[code].text if code in further else "",
                    "obrigação acrescentada pelo órgão",
                )
                for code in incisos
            ),
            agreements=tuple(
                AgreementChoice(agreement_id, label, agreement_id in served_ids)
                for agreement_id, label in papers.agreements_of_operator(session, evidence.operator_id)
            ),
            asked=proofs.asked_by(session, evidence.request_item_id),
            reviews=reviews,
            changes=_told(session, sorted(served_ids), reviews, evidence_id),
            default_from=start,
            default_until=default_until(start, months, evidence.valid_until),
            validity_months=months,
            independent_kind=evidence.kind in INDEPENDENT_EVIDENCE,
            next_id=proofs.next_waiting(session, but=evidence_id),
        )


def _told(
    session: Session, agreement_ids: Sequence[int], reviews: Sequence[ReviewRow], evidence_id: int
) -> tuple[ChangeRow, ...]:
    """Return the verdicts that the newest decision changed, each with the sentence that speaks of this very proof.

    The sentence kept with a change is the first that decided; while the verdict still holds, the one that leans on the
    proof says more.
    """
    changes = proofs.changes_at(session, agreement_ids, [reviews[0].decided_at]) if reviews else []
    if not changes:
        return ()
    judged = assess_many(session, {change.agreement_id for change in changes}, on=clock.today())
    told = []
    for change in changes:
        finding = next((each for each in judged[change.agreement_id].findings if each.inciso == change.inciso), None)
        own = (
            [
                check.answer.reason
                for check in finding.checks
                if any(record.kind == "evidence" and record.id == evidence_id for record in check.answer.records)
            ]
            if finding is not None and finding.verdict is change.after
            else []
        )
        told.append(change._replace(reason=" ".join(dict.fromkeys(own)) or change.reason))
    return tuple(told)


def _found(session: Session, evidence_id: int) -> tuple[Evidence, str, str | None]:
    row = proofs.evidence_by_id(session, evidence_id)
    if row is None:
        message = "Esta evidência não existe."
        raise NotFoundError(message)
    return row[0], row[1], row[2]


def _validity(session: Session, kind: EvidenceKind, agreement_ids: Collection[int], on: date) -> int:
    """Return how many months a proof of this kind counts for these agreements; zero is without end.

    The shortest wins, as in the judgement: the validity of the kind, or the renewal that an obligation asks for at the
    highest exposure among the agreements it serves.
    """
    policy = policy_of(session).on(on)
    months = [policy.table("evidence_validity_months")[kind.value]]
    tiers = {brief.exposure for brief in standings.standings_of(session, agreement_ids).values()}
    for key in renewals_of(kind, on):
        if policy.parameter(key).is_table:
            by_tier = policy.table(key)
            months += [by_tier[tier.value] for tier in tiers]
        else:
            months.append(policy.number(key))
    return min((number for number in months if number), default=0)


def default_until(start: date, months: int, stated: date | None) -> date | None:
    """Return the last day a proof would count: by its kind's months from ``start`` or as stated, whichever is first.

    Zero months means without end.
    """
    by_kind = add_months(start, months) if months else None
    days = [day for day in (by_kind, stated) if day is not None]
    return min(days, default=None)


def new_page(*, agreement_id: int) -> NewEvidencePage:
    """Return what the form of a new proof needs; raises :class:`NotFoundError`."""
    with look() as session:
        head = head_of(session, agreement_id)
        others = papers.agreements_of_operator(session, head.operator_id)
        return NewEvidencePage(
            "Registrar evidência",
            head,
            tuple(AgreementChoice(each, label, False) for each, label in others if each != agreement_id),
            _codes(session),
            usual_incisos(),
        )


# ----------------------------------------------------------------------------------------------------------------------
# Recording
# ----------------------------------------------------------------------------------------------------------------------


def register(actor: Actor, files: FileStore, *, agreement_id: int, data: EvidenceData, upload: Upload | None) -> int:
    """Put a proof on record; returns its id. It counts only once a person has accepted it."""
    with act(actor) as work:
        head = head_of(work.session, agreement_id)
        incisos = _checked_incisos(work, data.incisos)
        received_on = data.received_on or work.today
        _check_data(work, data, received_on)
        serves = [agreement_id, *_others(work, head.operator_id, data.also_serves, but={agreement_id})]
        if upload is None and not data.statement.strip():
            message = "Envie o arquivo da evidência, ou escreva o que foi respondido."
            raise UseCaseError(message, field="arquivo")
        restricted = papers.any_secret(work.session, serves)
        file_id = filing.receive_upload(work, files, upload, restricted=restricted)
        row = Evidence(
            operator_id=head.operator_id,
            kind=data.kind,
            title=data.title.strip(),
            received_on=received_on,
            valid_from=data.valid_from,
            valid_until=data.valid_until,
            file_id=file_id,
            statement=data.statement.strip(),
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        work.session.add_all(EvidenceInciso(evidence_id=row.id, inciso=inciso) for inciso in incisos)
        _serve(work, row.id, serves)
        work.session.flush()
        rejudge(work, serves, cause="Evidência registrada")
        work.trail(
            "evidence_registered",
            "evidence",
            row.id,
            f"Evidência registrada para {head.operator_name}: {row.title}.",
            {"agreements": serves, "incisos": list(incisos), "kind": data.kind, "file": file_id},
        )
        return row.id


def _check_data(work: Work, data: EvidenceData, received_on: date) -> None:
    if not data.title.strip():
        message = "Dê um nome à evidência, por exemplo “Certificado ISO/IEC 27001 de 2026”."
        raise UseCaseError(message, field="title")
    if len(data.title) > LONGEST_TITLE:
        message = f"Use no máximo {LONGEST_TITLE} caracteres."
        raise UseCaseError(message, field="title")
    if len(data.statement) > LONGEST_TEXT:
        message = f"Use no máximo {LONGEST_TEXT} caracteres."
        raise UseCaseError(message, field="statement")
    if received_on > work.today:
        message = "O dia do recebimento ainda não chegou."
        raise UseCaseError(message, field="received_on")
    _check_validity(data.valid_from, data.valid_until)


def _check_validity(valid_from: date | None, valid_until: date | None) -> None:
    if valid_from is not None and valid_until is not None and valid_until < valid_from:
        message = "O fim da validade é anterior ao começo."
        raise UseCaseError(message, field="valid_until")


def _checked_incisos(work: Work, incisos: Sequence[str]) -> tuple[str, ...]:
    codes = [code for code, _ in _codes(work.session)]
    wanted = set(incisos)
    if not wanted or wanted - set(codes):
        message = "Marque ao menos um inciso a que a evidência responde."
        raise UseCaseError(message, field="incisos")
    return tuple(code for code in codes if code in wanted)


def _others(work: Work, operator_id: int, wanted: Sequence[int], *, but: set[int]) -> list[int]:
    """Return the chosen agreements that the proof does not serve yet; all must be of the same operator."""
    own = {agreement_id for agreement_id, _ in papers.agreements_of_operator(work.session, operator_id)}
    if set(wanted) - own:
        message = "Escolha entre os acordos deste operador."
        raise UseCaseError(message, field="also_serves")
    return sorted(set(wanted) - but)


def _serve(work: Work, evidence_id: int, agreement_ids: Sequence[int]) -> None:
    work.session.add_all(
        EvidenceAgreement(
            evidence_id=evidence_id,
            agreement_id=agreement_id,
            recorded_at=work.now,
            recorded_by_id=work.actor.user_id,
        )
        for agreement_id in agreement_ids
    )


def decide(actor: Actor, *, evidence_id: int, decision: Decision) -> tuple[Change, ...]:
    """Record a decision about a proof; returns the verdicts that are no longer what they were.

    The request that it answers goes on by itself: it closes when the last item is accepted, and goes back to the
    operator when one was returned. Raises :class:`ConflictError` when somebody decided meanwhile.
    """
    with act(actor) as work:
        evidence, operator_name, _ = _found(work.session, evidence_id)
        reviews = proofs.reviews_of(work.session, evidence_id)
        if (reviews[0].id if reviews else None) != decision.seen:
            message = (
                "Outra pessoa decidiu sobre esta evidência enquanto a página estava aberta. Confira antes de decidir."
            )
            raise ConflictError(message)
        _check_decision(decision)
        accepted = decision.decision is ReviewDecision.ACCEPTED
        served = {each for each, _ in proofs.agreements_of_evidence(work.session, [evidence_id]).get(evidence_id, ())}
        added = _others(work, evidence.operator_id, decision.also_serves, but=served) if accepted else []
        work.session.add(
            EvidenceReview(
                evidence_id=evidence_id,
                decision=decision.decision,
                reason=decision.reason.strip(),
                decided_on=work.today,
                valid_from=(decision.valid_from or evidence.valid_from or evidence.received_on) if accepted else None,
                valid_until=decision.valid_until if accepted else None,
                independent=accepted and decision.independent,
                covers_service=decision.covers_service if accepted else None,
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
            )
        )
        _serve(work, evidence_id, added)
        work.session.flush()
        if evidence.request_item_id is not None and not (accepted and proofs.undecided_with(work.session, evidence)):
            # An item whose other proofs still wait is not accepted yet; one that was returned goes back at once.
            requesting.item_decided(work, evidence.request_item_id, accepted=accepted, reason=decision.reason)
        changes = rejudge(
            work, sorted(served | set(added)), cause=_CAUSES[decision.decision], about=("evidence", evidence_id)
        )
        work.trail(
            "evidence_reviewed",
            "evidence",
            evidence_id,
            f"{_CAUSES[decision.decision]}: {evidence.title} ({operator_name}).",
            {
                "decision": decision.decision,
                "valid_until": decision.valid_until if accepted else None,
                "also_serves": added,
                "reason": decision.reason.strip(),
            },
        )
        return changes


def _check_decision(decision: Decision) -> None:
    if decision.decision is ReviewDecision.ACCEPTED:
        _check_validity(decision.valid_from, decision.valid_until)
        return
    if not decision.reason.strip():
        message = (
            "Diga ao operador o que falta ou o que corrigir."
            if decision.decision is ReviewDecision.RETURNED
            else "Diga o que mostra que a evidência é falsa; a conclusão fica no registro."
        )
        raise UseCaseError(message, field="reason")
    if len(decision.reason) > LONGEST_TEXT:
        message = f"Use no máximo {LONGEST_TEXT} caracteres."
        raise UseCaseError(message, field="reason")
    if decision.decision is ReviewDecision.FALSE and not decision.confirmed:
        message = "Confirme: uma evidência falsa descumpre a obrigação e pede providência."
        raise UseCaseError(message, field="confirmed")
