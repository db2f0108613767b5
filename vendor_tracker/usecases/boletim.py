"""The boletim: how one agreement stands on a day, past or present, why, and what to do about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.facts import AgreementFacts, Record
from contracts.vocabulary import AgreementKind, EvidenceKind, Regime, RequestState, ReviewDecision, Verdict
from vendor_tracker import clock
from vendor_tracker.store import boletim, snapshots, standings
from vendor_tracker.store.boletim import AgreementHead, ChangeRow
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.snapshots import MonthScore
from vendor_tracker.usecases.boletim_record import OnRecord, on_record
from vendor_tracker.usecases.judging import assess, knowledge_for, next_due_on, stage_of
from vendor_tracker.usecases.presenting import JudgementView, judgement_view
from vendor_tracker.usecases.work import NotFoundError, look

HISTORY_LINES = 40
"""Lines of the history on the page; the trail has them all."""

SCORE_MONTHS = 12


@dataclass(frozen=True, slots=True)
class AgreementChoice:
    """Another agreement of the same operator."""

    agreement_id: int
    label: str
    score: int | None
    breached: int
    stage: str


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A request that waits for the operator or for us, as it stood on the day."""

    record: Record
    incisos: tuple[str, ...]
    evidence_kinds: tuple[EvidenceKind, ...]
    due_on: date
    state: RequestState


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened under the agreement: a sentence and the record."""

    on: date
    text: str
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class BoletimPage:
    """The boletim of one agreement on one day."""

    title: str
    operator_id: int
    operator: str
    cnpj: str | None
    foreign_id: str | None
    regime: Regime | None
    agreement_id: int
    kind: AgreementKind
    label: str
    object: str
    sei_process: str
    secret: bool
    starts_on: date | None
    ends_on: date | None
    contacts: tuple[str, ...]
    stage: str
    next_due_on: date | None
    on: date
    today: date
    view: JudgementView
    scores: tuple[MonthScore, ...]
    """The last months' scores and, at the end, that of the day; months without a score are left out."""
    requests: tuple[OpenRequest, ...]
    changes: tuple[ChangeRow, ...]
    events: tuple[Event, ...]
    others: tuple[AgreementChoice, ...]
    """The other agreements of the operator, the worst first."""
    held: OnRecord
    """What the operator owes, and the records of the agreement by kind."""

    @property
    def is_today(self) -> bool:
        """Tell whether the page shows the present."""
        return self.on == self.today


@dataclass(frozen=True, slots=True)
class NoAgreementPage:
    """An operator without any agreement: there is nothing to judge yet."""

    title: str
    operator_id: int


def operator_boletim(
    *, operator_id: int, agreement_id: int | None = None, on: date | None = None
) -> BoletimPage | NoAgreementPage:
    """Return the boletim of an operator: of the agreement asked for, else of its worst.

    Raises :class:`NotFoundError` when there is no such operator, or the agreement is not its own.
    """
    with look() as session:
        heads = boletim.agreement_heads(session, operator_id=operator_id)
        name = heads[0].operator if heads else boletim.operator_name(session, operator_id)
    if name is None:
        raise NotFoundError("Este operador não existe.")
    if not heads:
        return NoAgreementPage(name, operator_id)
    chosen = (
        heads[0] if agreement_id is None else next((one for one in heads if one.agreement_id == agreement_id), None)
    )
    if chosen is None:
        raise NotFoundError("Este operador não tem o acordo pedido.")
    return _page(chosen, heads, on)


def agreement_boletim(*, agreement_id: int, on: date | None = None) -> BoletimPage:
    """Return the boletim of one agreement on the day ``on`` (default: today), with what was known then.

    Raises :class:`NotFoundError` when there is no such agreement, or there was none yet on the day.
    """
    with look() as session:
        own = boletim.agreement_heads(session, agreement_id=agreement_id)
        if not own:
            raise NotFoundError("Este acordo não existe.")
        heads = boletim.agreement_heads(session, operator_id=own[0].operator_id)
    return _page(own[0], heads, on)


def _page(head: AgreementHead, heads: Iterable[AgreementHead], on: date | None) -> BoletimPage:
    today = clock.today()
    day = on or today
    moment = knowledge_for(day)
    with look() as session:
        assessment = assess(session, head.agreement_id, on=day)
        view = judgement_view(assessment)
        since = (day.replace(day=1) - timedelta(days=31 * SCORE_MONTHS)).replace(day=1)
        scores = [
            row for row in snapshots.scores_of(session, head.agreement_id, since=since, until=day) if row.month < day
        ]
        changes = boletim.changes_of(session, head.agreement_id, known_until=moment, limit=HISTORY_LINES)
        others = [other for other in heads if other.agreement_id != head.agreement_id]
        stands = standings.standings_of(session, [other.agreement_id for other in others]) if others else {}
    facts = assessment.facts
    pictured = [row for row in scores if row.score is not None][-(SCORE_MONTHS - 1) :]
    now = [] if view.score.value is None else [MonthScore(day, view.score.value)]
    return BoletimPage(
        title=f"Boletim: {head.operator}",
        operator_id=head.operator_id,
        operator=head.operator,
        cnpj=head.cnpj,
        foreign_id=head.foreign_id,
        regime=head.regime,
        agreement_id=head.agreement_id,
        kind=head.kind,
        label=facts.label,
        object=head.object,
        sei_process=head.sei_process,
        secret=head.secret,
        starts_on=facts.starts_on,
        ends_on=facts.end,
        contacts=tuple(
            contact.record.label.removeprefix("Contato: ")
            for contact in facts.contacts
            if contact.since <= day and (contact.until is None or day <= contact.until)
        ),
        stage=stage_of(facts, day),
        next_due_on=next_due_on(assessment, facts),
        on=day,
        today=today,
        view=view,
        scores=(*pictured, *now),
        requests=_open_requests(facts),
        changes=tuple(changes),
        events=events_of(facts, day)[:HISTORY_LINES],
        held=on_record(facts, day),
        others=tuple(
            AgreementChoice(
                other.agreement_id,
                agreement_label(other.kind, other.number),
                stands[other.agreement_id].score,
                stands[other.agreement_id].verdicts.count(Verdict.BREACHED),
                stands[other.agreement_id].stage,
            )
            if other.agreement_id in stands
            else AgreementChoice(other.agreement_id, agreement_label(other.kind, other.number), None, 0, "in_force")
            for other in others
        ),
    )


def _open_requests(facts: AgreementFacts) -> tuple[OpenRequest, ...]:
    """Gather the items of each open request, the nearest term first."""
    found: dict[int, OpenRequest] = {}
    for item in facts.requests:
        if item.state not in {RequestState.OPEN, RequestState.RETURNED, RequestState.SUBMITTED}:
            continue
        held = found.get(item.record.id)
        incisos = dict.fromkeys((*(held.incisos if held else ()), item.inciso))
        kinds = dict.fromkeys(
            (*(held.evidence_kinds if held else ()), *((item.evidence_kind,) if item.evidence_kind else ()))
        )
        found[item.record.id] = OpenRequest(item.record, tuple(incisos), tuple(kinds), item.due_on, item.state)
    return tuple(sorted(found.values(), key=lambda request: (request.due_on, request.record.id)))


_DECIDED = {
    ReviewDecision.ACCEPTED: "aceita",
    ReviewDecision.RETURNED: "devolvida ao operador",
    ReviewDecision.FALSE: "considerada falsa",
}


_Happening = tuple[date | datetime | None, str, Record]


def events_of(facts: AgreementFacts, on: date) -> tuple[Event, ...]:
    """Tell what happened under an agreement up to the day, the newest first."""
    found = []
    for happened, text, record in (*_bond(facts, on), *_papers(facts), *_asked(facts), *_conduct(facts)):
        if happened is None:
            continue
        day = clock.day_of(happened) if isinstance(happened, datetime) else happened
        if day <= on:
            found.append(Event(day, text, record))
    found.sort(key=lambda event: event.on, reverse=True)
    return tuple(found)


def _bond(facts: AgreementFacts, on: date) -> Iterator[_Happening]:
    yield facts.starts_on, "Começou a vigência do acordo.", facts.record
    if facts.ended_on is not None:
        yield facts.ended_on, "O vínculo terminou antes do prazo.", facts.record
    elif facts.ends_on is not None and facts.ends_on < on:
        yield facts.ends_on, "Terminou a vigência do acordo.", facts.record
    case = facts.disposal
    if case is not None:
        yield case.triggered_on, "O descarte ou a devolução dos dados passou a ser exigível.", case.record
        yield case.accepted_on, "Prova de descarte ou devolução aceita.", case.record


def _papers(facts: AgreementFacts) -> Iterator[_Happening]:
    for paper in facts.instruments:
        yield paper.signed_on, f"{paper.record.label}: assinado.", paper.record
    for proposal in facts.proposals:
        yield proposal.proposed_on, "Proposta entregue ao operador para assinatura.", proposal.record
        yield proposal.refused_on, "O operador recusou a proposta.", proposal.record
    for proof in facts.evidence:
        yield proof.received_on, "Evidência recebida.", proof.record
        if proof.decision is not None:
            yield proof.decided_on, f"Evidência {_DECIDED[proof.decision]}.", proof.record


def _asked(facts: AgreementFacts) -> Iterator[_Happening]:
    seen: set[int] = set()
    for item in facts.requests:
        if item.record.id in seen or item.state in {RequestState.DRAFT, RequestState.CANCELLED}:
            continue
        seen.add(item.record.id)
        yield item.opened_on, f"Requisição enviada ao operador, com prazo até {item.due_on:%d/%m/%Y}.", item.record
        yield item.submitted_on, "O operador respondeu à requisição.", item.record


def _conduct(facts: AgreementFacts) -> Iterator[_Happening]:
    for audit in facts.audits:
        yield audit.concluded_on, "Auditoria concluída.", audit.record
        yield audit.refused_on, "O operador recusou a auditoria.", audit.record
    for action in facts.corrective_actions:
        yield action.done_on, "Ação corretiva concluída.", action.record
    for deviation in facts.deviations:
        yield deviation.found_on, f"Constatado: {deviation.description.rstrip('.')}.", deviation.record
    for incident in facts.incidents:
        if incident.reported_at is not None:
            yield incident.reported_at, "Incidente comunicado ao órgão.", incident.record
        else:
            yield incident.learned_at, "O órgão soube de um incidente que o operador não comunicou.", incident.record
