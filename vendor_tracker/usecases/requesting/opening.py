"""Opening a request, by hand or by the plan."""

from collections.abc import Sequence
from datetime import date

from contracts.vocabulary import EvidenceKind, RequestKind, RequestState
from vendor_tracker.store import requests as store
from vendor_tracker.store import trails
from vendor_tracker.store.tables import Request, RequestItem
from vendor_tracker.usecases import judging, portal_links
from vendor_tracker.usecases.requesting.asking import NewItem, checked_items, checked_term
from vendor_tracker.usecases.requesting.events import add_event, link_days
from vendor_tracker.usecases.requesting.letters import item_lines, tell_preposto
from vendor_tracker.usecases.requesting.preflight import preflight_of
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, Work, act


def create_request(
    actor: Actor,
    *,
    agreement_id: int,
    kind: RequestKind,
    items: Sequence[NewItem],
    due_on: date,
    reason: str,
    note: str = "",
) -> int:
    """Open a request by hand; returns its id. Refuses when it could not reach anybody. ``note`` stays inside."""
    asked = checked_items(items)
    with act(actor) as work:
        if not store.agreement_exists(work.session, agreement_id):
            raise NotFoundError("Este acordo não existe.")
        problem = preflight_of(work.session, agreement_id, work.today).problem
        if problem:
            raise UseCaseError(problem)
        checked_term(work.session, due_on, work.today)
        request = open_request(
            work,
            agreement_id=agreement_id,
            kind=kind,
            items=asked,
            due_on=due_on,
            reason=reason.strip(),
            note=note.strip(),
        )
        judging.rejudge(work, [agreement_id], cause="Requisição aberta")
        return request.id


def open_request(
    work: Work,
    *,
    agreement_id: int,
    kind: RequestKind,
    items: Sequence[NewItem],
    due_on: date,
    reason: str,
    period_key: str | None = None,
    matter: tuple[str, int | None] | None = None,
    note: str = "",
) -> Request:
    """Open a request in the caller's transaction: number, items, link, event, letter, trail line.

    ``matter`` is the record that it is about: its kind, and its lineage unless the items name several. The caller has
    checked that it is due and judges the agreement afterwards.
    """
    session = work.session
    trails.take_turn(session)
    year = work.today.year
    request = Request(
        agreement_id=agreement_id,
        kind=kind,
        year=year,
        sequence=store.next_sequence(session, year),
        period_key=period_key,
        reason=reason,
        internal_note=note,
        matter_kind=None if matter is None else matter[0],
        matter_lineage=None if matter is None else matter[1],
        opened_on=work.today,
        first_due_on=due_on,
        state=RequestState.OPEN,
        due_on=due_on,
        link_generation=0,
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
    )
    session.add(request)
    session.flush()
    put_items(work, request, items)
    portal_links.issue(session, request, now=work.now, days_after_term=link_days(work))
    add_event(work, request, "opened", RequestState.OPEN, due_on, note=reason)
    session.flush()
    number = store.number_of(request.year, request.sequence)
    work.trail(
        "request_opened",
        "request",
        request.id,
        f"Requisição {number} aberta, com prazo até {due_on:%d/%m/%Y}.",
        {"agreement": agreement_id, "kind": kind, "incisos": [item.inciso for item in items], "period": period_key},
    )
    tell_preposto(work, request, "request_opened", step="opened", items=item_lines(session, request.id))
    return request


def put_items(work: Work, request: Request, items: Sequence[NewItem], *, first: int = 1) -> None:
    """Add the items of a request in the caller's transaction, frozen as they are asked, from position ``first`` on."""
    shown_until = _exhibition(work, request.due_on)
    for position, item in enumerate(items, first):
        work.session.add(
            RequestItem(
                request_id=request.id,
                position=position,
                inciso=item.inciso,
                evidence_kind=item.kinds[0] if len(item.kinds) == 1 else None,
                accepts=[kind.value for kind in item.kinds] if len(item.kinds) > 1 else [],
                title=item.title.strip(),
                question=item.question.strip()
                + (shown_until if item.kinds == (EvidenceKind.CONFIDENTIALITY_COMMITMENT,) else ""),
                wants_file=item.wants_file,
                reason=item.reason,
                matter_lineage=item.matter,
                help=item.help.strip(),
                template=item.template,
            )
        )


def _exhibition(work: Work, due_on: date) -> str:
    """Say the shorter term of the commitments of inciso VIII, which are to be at hand at any time; empty if it is not.

    The rule counts it from the day of asking, so the operator must be able to read it in what it is asked.
    """
    days = judging.policy_of(work.session).on(work.today).number("commitment_exhibition_days")
    last = judging.workdays_of(work.session).add_working(work.today, days)
    if last >= due_on:
        return ""
    return (
        f" Exiba-os até {last:%d/%m/%Y}, ainda que os demais itens tenham prazo maior: o compromisso deve estar "
        "disponível em caráter permanente (art. 14, VIII). "
        f"O prazo de {days} dias úteis para a exibição é parâmetro administrativo."
    )
