"""What happens to a request, told to the record that the request is about: the one place where answers become facts.

``Request.matter_kind`` names the kind of record and ``matter_lineage`` the record. Each event of a request comes by
here, in the transaction that adds it; whoever adds it judges the agreement afterwards. A kind that is not listed here
needs nothing told.

The term of a record that is asked through a request is the request's own: when the request is extended or given back
with a new term, the record is owed by that term too, so that the letter, the page and the judgement never differ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.subject_answer import court_term
from contracts.workdays import TermUnit
from vendor_tracker.store import conduct as facts
from vendor_tracker.store import requests as store
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.tables import Answer, Request, RequestItem
from vendor_tracker.usecases import judging, mending
from vendor_tracker.usecases.work import UseCaseError, Work

ACKNOWLEDGEMENT = 1
"""The position of the item by which an operator says that it knows an instruction."""
FULFILMENT = 2
"""The position of the item by which an operator shows that it did what an instruction asks."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of a request: its kind, what was noted, and whether the term moved."""

    kind: str
    note: str
    moved: bool

    @property
    def name(self) -> str:
        """The kind without the item that it may carry."""
        return self.kind.partition(":")[0]

    def is_about(self, item: RequestItem) -> bool:
        """Tell whether the event is about this item alone."""
        return self.kind.partition(":")[2] == str(item.id)


def follow(work: Work, request: Request, happening: Happening) -> None:
    """Tell the record that a request is about what happened to the request."""
    told = _MATTERS.get(request.matter_kind or "")
    if told is not None:
        told(work, request, happening)


def return_term(work: Work, request: Request) -> date:
    """Return the new term of a request that is given back.

    Help asked for by others cannot wait as long as the rest. The term of an instruction stands while it runs, and that
    of a corrective action never grows shorter because the operator answered early.
    """
    policy = judging.policy_of(work.session).on(work.today)
    workdays = judging.workdays_of(work.session)
    if request.matter_kind != "assistance":
        usual = workdays.due_after(work.today, policy.number("request_answer_days"), TermUnit.CALENDAR_DAYS)
        if request.matter_kind == "instruction" and request.due_on > work.today:
            return request.due_on
        return max(usual, request.due_on) if request.matter_kind == "corrective_action" else usual
    term = workdays.add_working(work.today, assistance_days(work, request.agreement_id))
    ours = _court_term(work, request)
    return min(term, ours) if ours is not None and ours > work.today else term


def assistance_days(work: Work, agreement_id: int) -> int:
    """Return in how many working days the operator helps: as agreed with it, else by the administrative parameter."""
    agreed = load_facts(work.session, [agreement_id], on=work.today)[agreement_id].assistance_term_days
    if agreed is not None:
        return agreed
    return judging.policy_of(work.session).on(work.today).number("assistance_term_days")


def check_term(work: Work, request: Request, due_on: date) -> None:
    """Refuse a term that would let the operator's help come after the court's own term has ended."""
    if request.matter_kind != "assistance":
        return
    ours = _court_term(work, request)
    if ours is not None and ours >= work.today and due_on > ours:
        raise UseCaseError(
            f"O prazo do operador deve caber no do órgão, que termina em {ours:%d/%m/%Y} (art. 11 da Portaria ou prazo "
            "da autoridade). Prorrogue antes o prazo do órgão, se couber.",
            field="due_on",
        )


def _court_term(work: Work, request: Request) -> date | None:
    row = _record(work, request)
    if row is None:
        return None
    return court_term(
        row.requester,
        row.protocol_on,
        row.court_due_on,
        judging.workdays_of(work.session),
        extended=row.extended_on is not None,
    )


def _record(work: Work, request: Request) -> Any:
    if request.matter_kind is None or request.matter_lineage is None:
        return None
    return facts.current_fact(work.session, request.matter_kind, request.matter_lineage)


def _delivered(work: Work, request: Request) -> dict[int, Answer]:
    """Return the newest submitted answer of each item that brought what was asked, and not the reason why not."""
    newest = {
        answer.item_id: answer for answer in store.answers(work.session, request.id) if answer.submitted_at is not None
    }
    return {item_id: answer for item_id, answer in newest.items() if not answer.cannot_deliver}


def _number(request: Request) -> str:
    return store.number_of(request.year, request.sequence)


def _audit(work: Work, request: Request, happening: Happening) -> None:
    """A refused notice is a refused audit (art. 14, IX), unless the audit was carried out all the same."""
    row = _record(work, request)
    if row is None or happening.name != "refused" or row.performed_on is not None or row.refused_on is not None:
        return
    mending.follow_up(
        work,
        "audit",
        row,
        f"Auditoria recusada pelo operador na requisição {_number(request)}.",
        refused_on=work.today,
        refusal_reason=happening.note,
    )


def _instruction(work: Work, request: Request, happening: Happening) -> None:
    row = _record(work, request)
    if row is None:
        return
    label = f"Instrução da requisição {_number(request)}"
    if happening.moved and row.due_on is not None:
        row = mending.follow_up(
            work, "instruction", row, f"{label}: novo prazo, {request.due_on:%d/%m/%Y}.", due_on=request.due_on
        )
    if happening.name == "cancelled":
        mending.follow_up(
            work, "instruction", row, f"{label} retirada pelo órgão.", withdrawn_on=work.today, answered_on=None
        )
        return
    delivered = _delivered(work, request)
    for item in store.items(work.session, request.id):
        came = item.id in delivered
        returned = happening.name == "item_returned" and happening.is_about(item)
        if item.position == ACKNOWLEDGEMENT:
            if happening.name == "submitted" and came and row.acknowledged_on is None:
                row = mending.follow_up(
                    work, "instruction", row, f"{label}: ciência do operador.", acknowledged_on=work.today
                )
            elif returned:
                row = mending.follow_up(
                    work, "instruction", row, f"{label}: ciência devolvida ao operador.", acknowledged_on=None
                )
        elif item.position == FULFILMENT:
            if happening.name == "submitted" and came and row.done_on is None:
                row = mending.follow_up(
                    work,
                    "instruction",
                    row,
                    f"{label}: o operador declarou o cumprimento, a conferir.",
                    answered_on=row.answered_on or work.today,
                )
            elif returned:
                row = mending.follow_up(
                    work, "instruction", row, f"{label}: comprovação devolvida ao operador.", answered_on=None
                )
            elif happening.name == "item_accepted" and happening.is_about(item) and came:
                row = mending.follow_up(
                    work,
                    "instruction",
                    row,
                    f"{label}: cumprimento conferido e aceito.",
                    done_on=row.answered_on or work.today,
                )


def _assistance(work: Work, request: Request, happening: Happening) -> None:
    row = _record(work, request)
    if row is None:
        return
    label = f"Auxílio da requisição {_number(request)}"
    if happening.moved:
        row = mending.follow_up(
            work, "assistance", row, f"{label}: novo prazo, {request.due_on:%d/%m/%Y}.", due_on=request.due_on
        )
    if happening.name == "submitted" and _delivered(work, request):
        mending.follow_up(
            work, "assistance", row, f"{label} prestado pelo operador, a conferir.", answered_on=work.today
        )
    elif happening.name == "item_returned":
        mending.follow_up(work, "assistance", row, f"{label}: resposta devolvida ao operador.", answered_on=None)
    elif happening.name == "cancelled":
        mending.follow_up(work, "assistance", row, f"{label} retirado pelo órgão.", withdrawn_on=work.today)


def _corrective_action(work: Work, request: Request, happening: Happening) -> None:
    number, delivered = _number(request), _delivered(work, request)
    for item in store.items(work.session, request.id):
        lineage = item.matter_lineage
        row = None if lineage is None else facts.current_fact(work.session, "corrective_action", lineage)
        if row is None or row.done_on is not None or row.withdrawn_on is not None:
            continue
        label = f"Ação corretiva {row.lineage}"
        if happening.moved and request.state in store.WAITING:
            row = mending.follow_up(
                work,
                "corrective_action",
                row,
                f"{label}: novo prazo, {request.due_on:%d/%m/%Y}, da requisição {number}.",
                due_on=request.due_on,
            )
        match happening.name:
            case "submitted" if item.id in delivered:
                mending.follow_up(
                    work,
                    "corrective_action",
                    row,
                    f"{label}: o operador declarou a correção na requisição {number}, a conferir.",
                    answered_on=row.answered_on or work.today,
                    refused_on=None,
                )
            case "item_returned" if happening.is_about(item):
                mending.reopen(
                    work,
                    row,
                    how=f"Resposta à requisição {number} devolvida. {happening.note}",
                    summary=f"{label} reaberta: a resposta à requisição {number} foi devolvida.",
                )
            case "item_accepted" if happening.is_about(item) and item.id in delivered:
                mending.mend(
                    work,
                    row,
                    on=row.answered_on or work.today,
                    how=f"Resposta à requisição {number} conferida e aceita.",
                    summary=f"{label} cumprida: a resposta à requisição {number} foi aceita.",
                )
            case "refused":
                mending.follow_up(
                    work,
                    "corrective_action",
                    row,
                    f"{label} recusada pelo operador na requisição {number}.",
                    refused_on=work.today,
                    answered_on=None,
                )
            case "cancelled":
                mending.follow_up(
                    work,
                    "corrective_action",
                    row,
                    f"{label}: a requisição {number} foi cancelada, e a ação continua exigida.",
                    answered_on=None,
                )
            case _:
                pass


_MATTERS: Mapping[str, Callable[[Work, Request, Happening], None]] = {
    "audit": _audit,
    "instruction": _instruction,
    "assistance": _assistance,
    "corrective_action": _corrective_action,
}
"""What each kind of record is told, by the slug of :class:`contracts.facts.Record`."""
