"""What happened under an agreement, as facts."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

from contracts.facts import (
    AssistanceFact,
    AuditFact,
    ChannelTestFact,
    CorrectiveActionFact,
    DeliveryFact,
    DeviationFact,
    DisposalFact,
    IncidentFact,
    InstructionFact,
    Record,
)
from vendor_tracker.clock import day_of
from vendor_tracker.store.knowledge import Knowledge
from vendor_tracker.store.tables import (
    Assistance,
    Audit,
    ChannelTest,
    CorrectiveAction,
    Delivery,
    Deviation,
    DisposalCase,
    Incident,
    Instruction,
)

F = TypeVar("F")


def _gathered(found: Iterable[tuple[int, F]]) -> dict[int, list[F]]:
    """Put facts under their agreements, in the order in which they come."""
    by_agreement: dict[int, list[F]] = defaultdict(list)
    for agreement_id, fact in found:
        by_agreement[agreement_id].append(fact)
    return by_agreement


def audits(seen: Knowledge) -> dict[int, list[AuditFact]]:
    """Return the audits."""
    return _gathered(
        (
            row.agreement_id,
            AuditFact(
                Record("audit", row.lineage, f"Auditoria {row.lineage}: {row.title}"),
                row.planned_on,
                seen.past(row.performed_on),
                seen.past(row.concluded_on),
                seen.past(row.refused_on),
                row.independent,
            ),
        )
        for row in seen.versioned(Audit)
    )


def corrective_actions(seen: Knowledge) -> dict[int, list[CorrectiveActionFact]]:
    """Return the corrective actions."""
    return _gathered(
        (
            row.agreement_id,
            CorrectiveActionFact(
                Record("corrective_action", row.lineage, f"Ação corretiva {row.lineage}"),
                row.inciso,
                row.description,
                row.due_on,
                seen.past(row.done_on),
                seen.past(row.answered_on),
                seen.past(row.refused_on),
            ),
        )
        for row in seen.versioned(CorrectiveAction)
        if seen.past(row.withdrawn_on) is None
    )


def deviations(seen: Knowledge) -> dict[int, list[DeviationFact]]:
    """Return the breaches found."""
    return _gathered(
        (
            row.agreement_id,
            DeviationFact(
                Record("deviation", row.lineage, f"Ocorrência {row.lineage}"),
                row.inciso,
                row.description,
                row.found_on,
                seen.past(row.settled_on),
            ),
        )
        for row in seen.versioned(Deviation)
        if row.found_on <= seen.on
    )


def incidents(seen: Knowledge) -> dict[int, list[IncidentFact]]:
    """Return the incidents that the court knew of."""
    return _gathered(
        (
            row.agreement_id,
            IncidentFact(
                Record("incident", row.lineage, f"Incidente {row.lineage}: {row.title}"),
                row.suspected_at,
                seen.past_moment(row.reported_at),
                row.learned_at,
                row.source,
            ),
        )
        for row in seen.versioned(Incident)
        if day_of(row.learned_at) <= seen.on
    )


def instructions(seen: Knowledge) -> dict[int, list[InstructionFact]]:
    """Return the instructions sent."""
    return _gathered(
        (
            row.agreement_id,
            InstructionFact(
                Record("instruction", row.lineage, f"Instrução {row.lineage}, de {row.sent_on:%d/%m/%Y}"),
                row.sent_on,
                row.due_on,
                seen.past(row.acknowledged_on),
                seen.past(row.done_on),
                seen.past(row.answered_on),
            ),
        )
        for row in seen.versioned(Instruction)
        if row.sent_on <= seen.on and seen.past(row.withdrawn_on) is None
    )


def assistance(seen: Knowledge) -> dict[int, list[AssistanceFact]]:
    """Return the requests for help with a data subject."""
    return _gathered(
        (
            row.agreement_id,
            AssistanceFact(
                Record("assistance", row.lineage, f"Pedido de auxílio {row.lineage}: {row.subject}"),
                row.asked_on,
                row.due_on,
                seen.past(row.answered_on),
            ),
        )
        for row in seen.versioned(Assistance)
        if row.asked_on <= seen.on and seen.past(row.withdrawn_on) is None
    )


def calendar(seen: Knowledge) -> dict[int, list[DeliveryFact]]:
    """Return the deliveries agreed and still running."""
    return _gathered(
        (
            row.agreement_id,
            DeliveryFact(
                Record("calendar", row.lineage, f"Envio combinado: {row.what}"),
                row.what,
                row.months,
                row.agreed_on,
                row.reviewed_on,
                seen.past(row.last_delivered_on),
                row.next_due_on,
            ),
        )
        for row in seen.versioned(Delivery)
        if row.agreed_on <= seen.on and (row.until is None or seen.on <= row.until)
    )


def channel_tests(seen: Knowledge) -> dict[int, list[ChannelTestFact]]:
    """Return the tests of the incident channel."""
    return _gathered(
        (
            row.agreement_id,
            ChannelTestFact(
                Record("channel_test", row.lineage, f"Teste do canal de {day_of(row.tested_at):%d/%m/%Y}"),
                row.tested_at,
                seen.past_moment(row.answered_at),
            ),
        )
        for row in seen.versioned(ChannelTest)
        if day_of(row.tested_at) <= seen.on
    )


def disposals(seen: Knowledge) -> dict[int, DisposalFact]:
    """Return the newest disposal case of each agreement."""
    found: dict[int, DisposalFact] = {}
    for row in seen.versioned(DisposalCase):
        if row.triggered_on <= seen.on:
            found[row.agreement_id] = DisposalFact(
                Record("disposal", row.lineage, f"Descarte ou devolução {row.lineage}"),
                row.trigger,
                row.triggered_on,
                row.due_on,
                row.covers_copies,
                row.covers_backups,
                row.covers_sub_operators,
                seen.past(row.accepted_on),
            )
    return found
