"""Requests: what was asked of operators and what came back."""

from dataclasses import fields as dataclass_fields
from typing import Any

from vendor_tracker.api.fields import LARGEST_ID, paged
from vendor_tracker.api.guard import actor
from vendor_tracker.api.schemas import RequestOut, RequestPage, RequestQuery
from vendor_tracker.api.subject import Subject
from vendor_tracker.usecases import requesting

blueprint = Subject("api_requests", "/requests", "Requisições")


@blueprint.get("")
@blueprint.arguments(RequestQuery, location="query")
@blueprint.response(200, RequestPage)
def index(query: dict[str, Any]) -> dict[str, Any]:
    """Lista as requisições, da mais urgente à concluída."""
    found = requesting.requests_page(
        standing=query["standing"],
        kind=query["kind"],
        text=query["q"],
        operator_id=query["operator_id"],
        agreement_id=query["agreement_id"],
        number=query["page"],
        size=query["page_size"],
    )
    items = [line.head for line in found.lines] if found.number == query["page"] else []
    return paged(items, number=query["page"], size=found.size, total=found.total)


@blueprint.get(f"/<int(max={LARGEST_ID}):request_id>")
@blueprint.response(200, RequestOut)
def show(request_id: int) -> dict[str, Any]:
    """Mostra uma requisição, com as respostas, o histórico e os recibos."""
    page = requesting.request_page(actor(), request_id)
    head = {item.name: getattr(page.head, item.name) for item in dataclass_fields(page.head)}
    return {**head, "items": page.items, "events": page.events, "receipts": page.receipts}
