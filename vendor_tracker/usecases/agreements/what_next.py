"""What to do next about an agreement: the few acts that mend every inciso, the most urgent first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from contracts.evaluation import Assessment
from contracts.facts import Record
from contracts.obligation import Finding
from contracts.vocabulary import ActionKind
from vendor_tracker.usecases.agreements.said import Said, needs_approval
from vendor_tracker.usecases.presenting import ActionView, obligation_view


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do about an agreement, with every inciso that it mends.

    ``kind`` is an :class:`ActionKind` slug, or ``approve_role``.
    """

    kind: str
    sentence: str
    why: str
    incisos: tuple[str, ...]
    due_on: date | None
    action: ActionView | None = None
    """The action of the first of the incisos, for the page that does it."""


_GROUPED: Mapping[ActionKind, str] = {
    ActionKind.TERMO_ADITIVO: "Propor termo aditivo com as cláusulas que faltam",
    ActionKind.TERMO_COMPROMISSO: "Propor termo de compromisso com as cláusulas que faltam",
    ActionKind.READ_INSTRUMENT: "Conferir o instrumento assinado",
    ActionKind.REQUEST_EVIDENCE: "Requisitar as evidências que faltam",
    ActionKind.REVIEW_EVIDENCE: "Conferir as evidências recebidas",
    ActionKind.COMPLETE_RECORD: "Completar o registro",
    ActionKind.CORRECTIVE_ACTION: "Exigir ações corretivas",
    ActionKind.FORMAL_NOTICE: "Notificar formalmente o operador",
}
"""What a step says when one act mends several incisos."""

_ONE_BY_ONE = frozenset({ActionKind.FORMAL_NOTICE, ActionKind.CORRECTIVE_ACTION, ActionKind.COMPLETE_RECORD})
"""What is done about one record, so that only findings that lean on the same one are mended by one act."""

_URGENCY: tuple[ActionKind, ...] = (
    ActionKind.FORMAL_NOTICE,
    ActionKind.CORRECTIVE_ACTION,
    ActionKind.READ_INSTRUMENT,
    ActionKind.TERMO_ADITIVO,
    ActionKind.TERMO_COMPROMISSO,
    ActionKind.REVIEW_EVIDENCE,
    ActionKind.REQUEST_EVIDENCE,
    ActionKind.COMPLETE_RECORD,
)
"""What is broken first, then what was promised, then what was proved, then our own records."""


def next_steps(assessment: Assessment, said: Said, *, has_papers: bool) -> tuple[NextStep, ...]:
    """Gather the next action of every obligation into as few acts as mend them all, the most urgent first."""
    steps: list[NextStep] = []
    if needs_approval(said):
        steps.append(
            NextStep(
                "approve_role",
                "Decidir sobre o papel proposto no tratamento",
                "Com o Encarregado. Enquanto não for aprovado, o acordo é avaliado como de operador (art. 14, caput)",
                (),
                None,
            )
        )
    for kind, found in _acts((*assessment.findings, *assessment.further)):
        days = [finding.next_action.due_on for finding in found if finding.next_action.due_on is not None]
        sentence = _GROUPED[kind]
        if kind is ActionKind.READ_INSTRUMENT and not has_papers:
            sentence = "Anexar o instrumento assinado e conferir o que ele prevê"
        if len(found) == 1 or kind in _ONE_BY_ONE:
            act_words, _, why = found[0].next_action.sentence.partition(": ")
            sentence, why = (act_words, why[:1].upper() + why[1:]) if why else (act_words, "")
        else:
            why = ""
        steps.append(
            NextStep(
                kind.value,
                sentence,
                why.rstrip("."),
                tuple(finding.inciso for finding in found),
                min(days, default=None),
                obligation_view(found[0]).action,
            )
        )
    return tuple(steps)


def _acts(findings: Iterable[Finding]) -> Iterator[tuple[ActionKind, list[Finding]]]:
    """Return what one act mends, the most urgent first."""
    together: dict[ActionKind, dict[tuple[Record, ...], list[Finding]]] = {kind: {} for kind in _URGENCY}
    for finding in findings:
        kind = finding.next_action.kind
        if kind is not ActionKind.NOTHING:
            about = obligation_view(finding).action.records if kind in _ONE_BY_ONE else ()
            together[kind].setdefault(about, []).append(finding)
    for kind, acts in together.items():
        yield from ((kind, found) for found in acts.values())
