"""The receipt as a PDF, for the vendor."""

from flask import Response, current_app

from vendor_tracker.portal.pages import _visit, blueprint
from vendor_tracker.usecases.answering import papers


@blueprint.get("/recibo/<protocol>.pdf")
def receipt_paper(protocol: str) -> Response:
    """Hand out the receipt as a PDF, the same bytes each time."""
    paper = papers.receipt_paper(_visit(), current_app.extensions["vendor_tracker.files"], protocol)
    response = Response(paper.data, mimetype=paper.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=paper.name)
    return response
