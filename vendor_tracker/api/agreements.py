"""Agreements: what is on record, how each stands on a day, and the documents issued for it."""

from typing import Any

from flask import current_app, url_for

from vendor_tracker.api.documents import document_out
from vendor_tracker.api.fields import LARGEST_ID, PageQuery, paged
from vendor_tracker.api.guard import actor
from vendor_tracker.api.schemas import (
    AgreementOut,
    AgreementPage,
    AgreementQuery,
    AssessmentOut,
    AssessmentQuery,
    DocumentOut,
    DocumentPage,
    NewAgreement,
    NewDocument,
)
from vendor_tracker.api.subject import Subject
from vendor_tracker.usecases import agreements, documents, judging, listing
from vendor_tracker.usecases.agreements import InstrumentData
from vendor_tracker.usecases.presenting import assessment_json

blueprint = Subject("api_agreements", "/agreements", "Acordos")
ONE = f"/<int(max={LARGEST_ID}):agreement_id>"


@blueprint.get("")
@blueprint.arguments(AgreementQuery, location="query")
@blueprint.response(200, AgreementPage)
def index(query: dict[str, Any]) -> dict[str, Any]:
    """Lista os acordos, do mais novo ao mais antigo."""
    found = agreements.index(
        words=query["q"],
        kind=query["kind"].value if query["kind"] else "",
        exposure=query["exposure"].value if query["exposure"] else "",
        stage=query["stage"],
        number=query["page"],
        size=query["page_size"],
    )
    items = found.agreements if found.number == query["page"] else ()
    return paged(items, number=query["page"], size=found.size, total=found.total)


@blueprint.post("")
@blueprint.arguments(NewAgreement)
@blueprint.response(201, AgreementOut)
def create(data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Registra um acordo, e o operador quando é novo."""
    party = {name: data.pop(name) for name in ("cnpj", "foreign_id", "operator_name", "regime", "country")}
    identity = agreements.create_agreement(actor(), data=InstrumentData(**data), **party)
    return _agreement(identity), {"Location": url_for("api_agreements.show", agreement_id=identity)}


@blueprint.get(ONE)
@blueprint.response(200, AgreementOut)
def show(agreement_id: int) -> dict[str, Any]:
    """Mostra um acordo e a situação dele hoje."""
    return _agreement(agreement_id)


def _agreement(agreement_id: int) -> dict[str, Any]:
    page = agreements.show(agreement_id=agreement_id)
    identity, said, judged = page.identity, page.said, page.judgement
    return {
        "id": identity.id,
        "label": identity.label,
        "kind": identity.kind,
        "number": identity.number,
        "pncp_id": identity.pncp_id,
        "unit": identity.unit,
        "operator_id": identity.operator_id,
        "operator": identity.operator,
        "cnpj": identity.cnpj,
        "sei_process": said.sei_process,
        "object": page.object,
        "signed_on": said.signed_on,
        "published_on": said.published_on,
        "starts_on": page.starts_on,
        "ends_on": page.ends_on,
        "ended_on": said.ended_on,
        "value": said.value,
        "role": said.role,
        "role_approved_on": said.role_approved_on,
        "purpose": said.purpose,
        "legal_basis": said.legal_basis,
        "data_categories": said.data_categories,
        "subject_groups": said.subject_groups,
        "volume": said.volume,
        "sensitive": said.sensitive,
        "children": said.children,
        "judicial_secrecy": said.judicial_secrecy,
        "international_transfer": said.international_transfer,
        "stage": page.stage,
        "score": judged.score.value,
        "exposure": judged.exposure.tier,
        "verdicts": {item.inciso: item.verdict for item in judged.obligations},
        "missing": page.missing,
    }


@blueprint.get(f"{ONE}/assessment")
@blueprint.arguments(AssessmentQuery, location="query")
@blueprint.response(200, AssessmentOut)
def assessment(query: dict[str, Any], agreement_id: int) -> dict[str, object]:
    """Avalia um acordo em um dia, com o que se sabia então."""
    return assessment_json(judging.assess_agreement(agreement_id, on=query["on"]))


@blueprint.get(f"{ONE}/documents")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, DocumentPage)
def issued(query: dict[str, Any], agreement_id: int) -> dict[str, Any]:
    """Lista os documentos emitidos para um acordo."""
    found = listing.documents_of(agreement_id, number=query["page"], size=query["page_size"])
    items = [document_out(row) for row in found.items]
    return paged(items, number=found.number, size=found.size, total=found.total)


@blueprint.post(f"{ONE}/documents")
@blueprint.arguments(NewDocument)
@blueprint.response(201, DocumentOut)
def create_document(data: dict[str, Any], agreement_id: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Emite um documento em Word, do acordo ou de um dos seus registros."""
    made = documents.issue(
        actor(),
        current_app.extensions["vendor_tracker.files"],
        current_app.extensions["vendor_tracker.settings"].body,
        agreement_id=agreement_id,
        kind=data["kind"],
        subject_id=data["subject_id"],
        number=data["number"],
    )
    return document_out(made.row), {"Location": url_for("api_documents.show", document_id=made.row.id)}
