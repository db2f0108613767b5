"""What a boletim lists beside the judgement: what the operator still owes, and the records of the agreement by kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from contracts.facts import (
    AgreementFacts,
    AuditFact,
    DeviationFact,
    EvidenceFact,
    IncidentFact,
    InstrumentFact,
    PersonFact,
    Record,
    RequestFact,
    SubOperatorFact,
)
from contracts.vocabulary import RequestState


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that the operator has to do: a sentence without full stop, the duty, the record and the term."""

    what: str
    inciso: str
    record: Record
    due_on: date | None


@dataclass(frozen=True, slots=True)
class OnRecord:
    """The records of an agreement as they were known on the day, the newest of each kind first."""

    asks: tuple[Ask, ...]
    """What waits for the operator, the nearest term first, what has no term last."""
    papers: tuple[InstrumentFact, ...]
    proofs: tuple[EvidenceFact, ...]
    audits: tuple[AuditFact, ...]
    incidents: tuple[IncidentFact, ...]
    people: tuple[PersonFact, ...] | None
    """``None`` when nobody has registered who has access."""
    sub_operators: tuple[SubOperatorFact, ...]
    uses_sub_operators: bool | None


def on_record(facts: AgreementFacts, on: date) -> OnRecord:
    """Gather the records of an agreement for its boletim of the day ``on``."""
    return OnRecord(
        asks=asks_of(facts, on),
        papers=tuple(sorted(facts.instruments, key=lambda one: (one.signed_on or date.min, one.record.id))[::-1]),
        proofs=tuple(sorted(facts.evidence, key=lambda one: (one.received_on, one.record.id))[::-1]),
        audits=tuple(
            sorted(
                facts.audits,
                key=lambda one: (one.concluded_on or one.performed_on or one.planned_on or date.min, one.record.id),
            )[::-1]
        ),
        incidents=tuple(sorted(facts.incidents, key=lambda one: (one.learned_at, one.record.id))[::-1]),
        people=None if facts.people is None else tuple(sorted(facts.people, key=lambda one: one.record.label)),
        sub_operators=tuple(sorted(facts.sub_operators, key=lambda one: one.name)),
        uses_sub_operators=facts.uses_sub_operators,
    )


def asks_of(facts: AgreementFacts, on: date) -> tuple[Ask, ...]:
    """Return what the operator has to do under an agreement, the nearest term first."""
    found = [*_requests(facts), *_conduct(facts, on)]
    return tuple(sorted(found, key=lambda one: (one.due_on is None, one.due_on or on, one.record.kind, one.record.id)))


def _requests(facts: AgreementFacts) -> Iterator[Ask]:
    items: dict[int, list[RequestFact]] = {}
    for item in facts.requests:
        if item.state in {RequestState.OPEN, RequestState.RETURNED}:
            items.setdefault(item.record.id, []).append(item)
    for each in items.values():
        first = each[0]
        returned = any(item.state is RequestState.RETURNED for item in each)
        verb = "Completar a resposta devolvida" if returned else "Responder à requisição"
        incisos = tuple(dict.fromkeys(item.inciso for item in each))
        yield Ask(verb, ", ".join(incisos), first.record, first.due_on)


def _conduct(facts: AgreementFacts, on: date) -> Iterator[Ask]:
    for action in facts.corrective_actions:
        if action.done_on is None and action.answered_on is None:
            what = f"Concluir a ação corretiva: {action.description.strip().rstrip('.')}"
            yield Ask(what, action.inciso, action.record, action.due_on)
    found: dict[str, list[DeviationFact]] = {}
    for deviation in facts.deviations:
        if deviation.settled_on is None:
            found.setdefault(deviation.description.strip().rstrip("."), []).append(deviation)
    for description, group in found.items():
        # One fact may break several duties, each with a line of its own; it is mended once.
        incisos = dict.fromkeys(each.inciso for each in group)
        yield Ask(f"Sanar o que se constatou: {description}", ", ".join(incisos), group[0].record, None)
    for order in facts.instructions:
        if order.done_on is None and order.answered_on is None:
            yield Ask("Cumprir a instrução e confirmar", "VII", order.record, order.due_on)
    for help_ in facts.assistance:
        if help_.answered_on is None:
            yield Ask("Prestar o auxílio pedido", "X", help_.record, help_.due_on)
    for proposal in facts.proposals:
        if proposal.signed_on is None and proposal.refused_on is None:
            yield Ask("Assinar a proposta, ou recusá-la com as razões", "IV", proposal.record, None)
    case = facts.disposal
    if case is not None and case.accepted_on is None and case.triggered_on <= on:
        yield Ask("Provar a devolução ou o descarte dos dados", "XII", case.record, case.due_on)
