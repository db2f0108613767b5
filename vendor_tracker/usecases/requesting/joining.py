"""Taking more into a request that the operator already has, instead of writing it a second one."""

from collections.abc import Sequence

from vendor_tracker.store import requests as store
from vendor_tracker.store.tables import Request
from vendor_tracker.usecases.requesting.asking import NewItem
from vendor_tracker.usecases.requesting.events import note_event
from vendor_tracker.usecases.requesting.letters import ItemLine, tell_preposto
from vendor_tracker.usecases.requesting.opening import put_items
from vendor_tracker.usecases.work import Work


def join_items(work: Work, request: Request, items: Sequence[NewItem], *, reason: str, step: str) -> None:
    """Add items to an open request in the caller's transaction; its term stays, and the preposto is told what came.

    Without items the request asks it all already: only its history says so. ``step`` tells this letter from others of
    the request. The caller holds the request and judges the agreement afterwards.
    """
    taken = store.items(work.session, request.id)
    first = max((item.position for item in taken), default=0) + 1
    put_items(work, request, items, first=first)
    note_event(work, request, "joined", note=reason)
    work.session.flush()
    number = store.number_of(request.year, request.sequence)
    added = f"{len(items)} item acrescentado" if len(items) == 1 else f"{len(items)} itens acrescentados"
    work.trail(
        "request_joined",
        "request",
        request.id,
        f"Requisição {number}: {added}." if items else f"Requisição {number}: outro motivo se juntou a ela.",
        {"agreement": request.agreement_id, "incisos": [item.inciso for item in items], "reason": reason},
    )
    if items:
        lines = [ItemLine(position, item.inciso, item.title) for position, item in enumerate(items, first)]
        tell_preposto(work, request, "request_joined", step=f"joined:{step}", items=lines, reason=reason)
