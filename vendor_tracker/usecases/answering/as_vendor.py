"""The vendor's page as staff may see it: the same value that the vendor's page is made of, and nothing that it does.

No session is opened and nothing counts as seen. What the vendor only saved is the vendor's own until it is sent, so the
page is that of a vendor who has not begun: no drafts, no files that were not sent, no names of who is typing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from contracts.norm import REFERENCES
from contracts.vocabulary import RequestKind, RequestState
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import requests as store
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.usecases import extensions, requesting
from vendor_tracker.usecases.answering.merging import Draft
from vendor_tracker.usecases.answering.pages import AnswerPage, OpenItem, answer_page
from vendor_tracker.usecases.answering.visiting import Visit
from vendor_tracker.usecases.extensions import PortalExtension
from vendor_tracker.usecases.requesting import NewItem
from vendor_tracker.usecases.work import Actor, NotFoundError, act, look

NUMBERLESS = "(a numerar)"


@dataclass(frozen=True, slots=True)
class VendorView:
    """The vendor's page, and what it says about asking for more time. ``sent``: whether the request left already."""

    page: AnswerPage
    extension: PortalExtension
    agreement_id: int
    sent: bool


def page_as_vendor(actor: Actor, request_id: int) -> VendorView:
    """Return the page of a request as its vendor sees it, and leave a trace; raises :class:`NotFoundError`."""
    with look() as session:
        head = store.head(session, request_id)
    if head is None:
        raise NotFoundError("Esta requisição não existe.")
    visit = Visit(0, request_id, head.number)
    page = answer_page(visit)
    page = replace(page, items=tuple(map(_untouched, page.items)), saved_at=None, position="", colleagues=())
    with act(actor) as work:
        work.trail(
            "request_seen_as_vendor",
            "request",
            request_id,
            f"Página da requisição {head.number} vista como o operador a vê.",
        )
    return VendorView(page, extensions.portal_extension(visit), head.agreement_id, sent=True)


def _untouched(item: OpenItem) -> OpenItem:
    return replace(item, draft=Draft(), files=(), saved_at=None, saved_by="", version=0, aside=())


def preview_as_vendor(
    actor: Actor, *, agreement_id: int, kind: RequestKind, items: Sequence[NewItem], due_on: date, reason: str
) -> VendorView:
    """Return the page as the vendor would see it if the request were sent now, and leave a trace.

    Raises what :func:`requesting.preview_request` raises.
    """
    preview = requesting.preview_request(
        agreement_id=agreement_id, kind=kind, items=items, due_on=due_on, reason=reason
    )
    today = clock.today()
    with look() as session:
        names = store.agreement_names(session, agreement_id)
    if names is None:
        raise NotFoundError("Este acordo não existe.")
    label, operator, operator_id, cnpj = names
    head = RequestHead(
        0, agreement_id, operator_id, NUMBERLESS, label, operator, cnpj, kind, RequestState.OPEN, reason, today, due_on,
        due_on, None, None, secret=False,
    )  # fmt: skip
    page = AnswerPage(
        title="Informações sobre proteção de dados pessoais",
        head=head,
        today=today,
        recipient=preview.recipient,
        preposto_email=preview.email,
        caput=REFERENCES["art_14_caput"],
        answer_days=(due_on - today).days,
        items=tuple(_asked(position, item) for position, item in enumerate(preview.items, 1)),
        closed=(),
        returned=False,
        saved_at=None,
        limit_mb=settings().upload_limit_mb,
        receipts=(),
        review_by=None,
        turn=1,
        person=preview.recipient,
        position="",
        guest=False,
        colleagues=(),
    )
    extension = PortalExtension(
        "Pedir prorrogação do prazo", head, today, None, None, may_ask=True, latest=due_on, longest_days=0, in_time=True
    )
    with act(actor) as work:
        work.trail(
            "preview_seen_as_vendor",
            "agreement",
            agreement_id,
            f"Requisição ainda não enviada, sobre {label}, vista como o operador a veria.",
        )
    return VendorView(page, extension, agreement_id, sent=False)


def _asked(position: int, item: NewItem) -> OpenItem:
    return OpenItem(
        id=position,
        position=position,
        inciso=item.inciso,
        title=item.title,
        question=item.question,
        reason=item.reason,
        law=requesting.law_of(item.inciso),
        wants_file=item.wants_file,
        accepts=item.kinds,
        draft=Draft(),
        files=(),
        returned_because="",
        saved_at=None,
        saved_by="",
        round=1,
        version=0,
        help=item.help,
    )


__all__ = ["VendorView", "page_as_vendor", "preview_as_vendor"]
