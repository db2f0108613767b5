"""Asking for a batch, and taking the request back."""

from collections.abc import Callable
from dataclasses import asdict

from vendor_tracker.store import batches
from vendor_tracker.store.tables import Batch
from vendor_tracker.usecases.batches.choosing import KIND, Filters
from vendor_tracker.usecases.rounds import LEASE
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, act

NO_BATCH = "Este lote não existe."


def start(
    actor: Actor,
    *,
    filters: Filters,
    describe: Callable[[Filters, str], str],
    repeat: bool = False,
    worker: str = "",
) -> int:
    """Put a batch in line for every agreement that the filter lets through today; returns its number.

    ``describe`` says the filter in words, given the name of its unit. ``worker`` names a process that makes the batch
    by itself, so that no other takes it first.

    Raises :class:`UseCaseError` when the filter lets nothing through, and :class:`ConflictError` when the same is
    already being made.
    """
    filters = filters.cleaned()
    with act(actor) as work:
        session = work.session
        ids = filters.ids(session)
        if not ids:
            message = "Nenhum acordo passa por este filtro. Mude o filtro na lista de acordos."
            raise UseCaseError(message)
        unit = batches.unit_name(session, filters.unit_id) if filters.unit_id is not None else ""
        words = describe(filters, unit)
        same = batches.same_open(session, KIND, words)
        if same is not None:
            message = f"O lote {same} já está em andamento com este mesmo filtro. Acompanhe-o ou cancele-o antes."
            raise ConflictError(message)
        row = Batch(
            kind=KIND,
            filters=asdict(filters) | {"unit": unit},
            filter_words=words,
            repeat=repeat,
            asked_by=actor.name,
            total=len(ids),
            claimed_by=worker or None,
            claimed_until=work.now + LEASE if worker else None,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        session.add(row)
        session.flush()
        batches.add_items(session, row.id, ids)
        work.trail(
            "batch_started",
            "batch",
            row.id,
            f"Lote {row.id} pedido: termo aditivo para os acordos com lacunas. {words}",
            {"kind": KIND, "agreements": len(ids), "filters": row.filters, "repeat": repeat},
        )
        return row.id


def cancel(actor: Actor, *, batch_id: int) -> bool:
    """Stop a batch before its next agreement; what was issued stays issued. Tells whether it has already stopped."""
    with act(actor) as work:
        row = batches.for_writing(work.session, batch_id, KIND)
        if row is None:
            raise NotFoundError(NO_BATCH)
        if row.state not in {"queued", "running"}:
            message = (
                "O cancelamento deste lote já foi pedido."
                if row.state == "cancelling"
                else "Este lote já terminou; não há o que cancelar."
            )
            raise ConflictError(message)
        at_once = row.state == "queued" and row.claimed_by is None
        row.cancelled_by_id = actor.user_id
        row.state = "cancelled" if at_once else "cancelling"
        if at_once:
            row.ended_at = work.now
        work.trail(
            "batch_cancelled",
            "batch",
            row.id,
            f"Lote {row.id} cancelado {'antes de começar' if at_once else 'durante a emissão'}.",
            {"done": row.done, "total": row.total},
        )
        return at_once
