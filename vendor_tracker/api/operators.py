"""Operators: who holds personal data of the court."""

from typing import Any

from flask import url_for

from vendor_tracker.api.fields import LARGEST_ID, paged
from vendor_tracker.api.guard import actor
from vendor_tracker.api.schemas import NewOperator, OperatorOut, OperatorPage, OperatorQuery
from vendor_tracker.api.subject import Subject
from vendor_tracker.usecases import operators

blueprint = Subject("api_operators", "/operators", "Operadores")


@blueprint.get("")
@blueprint.arguments(OperatorQuery, location="query")
@blueprint.response(200, OperatorPage)
def index(query: dict[str, Any]) -> dict[str, Any]:
    """Lista os operadores."""
    found = operators.index(
        words=query["q"],
        regime=query["regime"].value if query["regime"] else "",
        order=query["order"],
        number=query["page"],
        size=query["page_size"],
    )
    items = found.operators if found.number == query["page"] else ()
    return paged(items, number=query["page"], size=found.size, total=found.total)


@blueprint.post("")
@blueprint.arguments(NewOperator)
@blueprint.response(201, OperatorOut)
def create(data: dict[str, Any]) -> tuple[Any, dict[str, str]]:
    """Registra um operador."""
    identity = operators.register_operator(actor(), **data)
    return operators.show(operator_id=identity), {"Location": url_for("api_operators.show", operator_id=identity)}


@blueprint.get(f"/<int(max={LARGEST_ID}):operator_id>")
@blueprint.response(200, OperatorOut)
def show(operator_id: int) -> Any:
    """Mostra um operador, com os contatos e os acordos."""
    return operators.show(operator_id=operator_id)
