"""New versions of clauses for tests: written by one person, approved by another; and annexes signed before them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vendor_tracker.files import FileStore
    from vendor_tracker.usecases.clause_editions import Typed
    from vendor_tracker.usecases.work import Actor

NEW_ITEM = "Este item é novo."


def as_typed(clause_id: str, **changes: Any) -> "Typed":
    """Return the text of the library's file as the page begins with it, with one more item and a reason."""
    from clause_library.catalogue import load_catalogue
    from vendor_tracker.usecases.clause_editions.typed import typed_from

    held = load_catalogue().versions_of(clause_id)[-1]
    typed = typed_from(held)
    body = f"{typed.body}\n{held.item_count + 1}. {NEW_ITEM}\n"
    return replace(typed, **{"body": body, "reason": "Texto mais claro.", **changes})


def submitted_text(author: "Actor", clause_id: str, *, since: date, **changes: Any) -> tuple[int, int]:
    """Write and send a new version; returns its lineage and its revision."""
    from vendor_tracker.settings import Body
    from vendor_tracker.usecases import clause_editions

    body = Body()
    revision = clause_editions.editor_page(body, clause_id=clause_id).revision
    typed = as_typed(clause_id, since=since, **changes)
    lineage = clause_editions.save(author, clause_id=clause_id, revision=revision, typed=typed, submit=True)
    return lineage, clause_editions.edition_page(author, body, lineage=lineage).revision


def approved_text(author: "Actor", approver: "Actor", clause_id: str, *, since: date, **changes: Any) -> int:
    """Write, send and approve a new version; returns its lineage."""
    from vendor_tracker.usecases import clause_editions

    lineage, revision = submitted_text(author, clause_id, since=since, **changes)
    clause_editions.approve(approver, lineage=lineage, revision=revision)
    return lineage


def signed_annex(make: Any, files: "FileStore", *, before: bool = False, **agreement: Any) -> int:
    """Issue and sign an annex that covers everything, a month ago with ``before``; returns the agreement."""
    import time_machine

    from vendor_tracker import clock
    from vendor_tracker.settings import Body
    from vendor_tracker.usecases import documents, instruments
    from vendor_tracker.usecases.instruments import PaperData
    from vendor_tracker.usecases.work import Actor

    moment: datetime = clock.now() - timedelta(days=30 if before else 0)
    actor = Actor("juridico@orgao.example")
    with time_machine.travel(moment, tick=False):
        agreement_id: int = make.agreement(**agreement)
        issued = documents.issue(actor, files, Body(), agreement_id=agreement_id, kind="anexo")
        data = PaperData(
            kind="anexo", title="Anexo", signed_on=clock.today(), signed_by_both=True, issued_document_id=issued.row.id
        )
        lineage = instruments.register_instrument(actor, files, agreement_id=agreement_id, data=data, upload=None)
        points = instruments.instrument_page(actor, lineage=lineage).points
        proposed = [point.proposed for point in points if point.proposed is not None]
        instruments.confirm(actor, lineage=lineage, readings=proposed)
    return agreement_id
