"""Scorecards, proofs and incidents: lists to be read by other systems."""

from typing import Any

from vendor_tracker.api.fields import PageQuery, paged
from vendor_tracker.api.schemas import (
    EvidencePage,
    EvidenceQuery,
    IncidentPage,
    IncidentQuery,
    ScorecardPage,
)
from vendor_tracker.api.subject import Subject
from vendor_tracker.usecases import listing

blueprint = Subject("api_lists", "", "Boletins, evidências e incidentes")


@blueprint.get("/scorecards")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, ScorecardPage)
def scorecards(query: dict[str, Any]) -> dict[str, Any]:
    """Lista os boletins, um por operador com acordo em curso, do pior ao melhor."""
    found = listing.scorecards(number=query["page"], size=query["page_size"])
    return paged(found.items, number=found.number, size=found.size, total=found.total)


@blueprint.get("/evidence")
@blueprint.arguments(EvidenceQuery, location="query")
@blueprint.response(200, EvidencePage)
def evidence(query: dict[str, Any]) -> dict[str, Any]:
    """Lista as evidências, da mais nova à mais antiga."""
    found = listing.evidence(
        operator_id=query["operator_id"],
        agreement_id=query["agreement_id"],
        waiting=query["waiting"],
        number=query["page"],
        size=query["page_size"],
    )
    items = [{**item.line._asdict(), "incisos": item.incisos, "agreements": item.agreements} for item in found.items]
    return paged(items, number=found.number, size=found.size, total=found.total)


@blueprint.get("/incidents")
@blueprint.arguments(IncidentQuery, location="query")
@blueprint.response(200, IncidentPage)
def incidents(query: dict[str, Any]) -> dict[str, Any]:
    """Lista os incidentes no registro, do último conhecido ao primeiro."""
    found = listing.incidents(
        operator_id=query["operator_id"],
        agreement_id=query["agreement_id"],
        number=query["page"],
        size=query["page_size"],
    )
    items = [{**item.line._asdict(), "agreement": item.agreement} for item in found.items]
    return paged(items, number=found.number, size=found.size, total=found.total)
