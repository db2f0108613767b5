"""Issued documents and their bytes."""

from typing import Any
from urllib.parse import quote

from flask import Response, current_app, url_for

from vendor_tracker.api.fields import LARGEST_ID
from vendor_tracker.api.guard import actor
from vendor_tracker.api.schemas import DocumentOut
from vendor_tracker.api.subject import Subject
from vendor_tracker.usecases import documents, filing
from vendor_tracker.usecases.filing import DOCX

blueprint = Subject("api_documents", "/documents", "Documentos emitidos")
ONE = f"/<int(max={LARGEST_ID}):document_id>"


def document_out(row: Any) -> dict[str, Any]:
    """Return an issued document as the API shows it, with the address of its file."""
    shown = {name: getattr(row, name) for name in DocumentOut().fields if name != "file_url"}
    return {**shown, "file_url": url_for("api_documents.file", document_id=row.id)}


@blueprint.get(ONE)
@blueprint.response(200, DocumentOut)
def show(document_id: int) -> dict[str, Any]:
    """Mostra um documento emitido."""
    return document_out(documents.show(actor(), document_id=document_id).row)


@blueprint.get(f"{ONE}/file")
@blueprint.response(200, {"type": "string", "contentMediaType": DOCX}, content_type=DOCX)
def file(document_id: int) -> Response:
    """Entrega o arquivo do documento, com os mesmos bytes da emissão."""
    row = documents.show(actor(), document_id=document_id).row
    found = filing.open_file(actor(), current_app.extensions["vendor_tracker.files"], file_id=row.file_id)
    answer = Response(found.data, content_type=found.media_type)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{row.code}.docx\"; filename*=UTF-8''{quote(found.name)}"
    )
    return answer
