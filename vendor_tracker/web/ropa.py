"""The extract for the register of processing operations (art. 27, parágrafo único)."""

from io import BytesIO

from flask import Blueprint, Response, request, send_file, stream_with_context
from werkzeug.wrappers import Response as BaseResponse

from contracts.norm import ART_27, ART_27_SOLE_PARAGRAPH, ART_27_SOLE_PARAGRAPH_CAPUT
from vendor_tracker.usecases import ropa
from vendor_tracker.web.shell import render, settings

blueprint = Blueprint("ropa", __name__)

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _ended() -> bool:
    return request.args.get("encerrados") == "1"


@blueprint.get("/ropa")
def show() -> tuple[str, int]:
    """Show what the extract holds, and what is missing in it."""
    return render(
        "ropa/show.html",
        ropa.ropa_page(ended=_ended()),
        caput=(ART_27, ART_27_SOLE_PARAGRAPH_CAPUT),
        incisos=tuple(ART_27_SOLE_PARAGRAPH.items()),
    )


@blueprint.get("/ropa.csv")
def as_csv() -> Response:
    """Give the extract as CSV."""
    response = Response(stream_with_context(ropa.as_csv(ended=_ended())), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="extrato-ropa.csv"'
    return response


@blueprint.get("/ropa.xlsx")
def as_xlsx() -> BaseResponse:
    """Give the extract as a spreadsheet."""
    book = ropa.as_workbook(body=settings().body, ended=_ended())
    return send_file(BytesIO(book), mimetype=BOOK, as_attachment=True, download_name="extrato-ropa.xlsx", max_age=0)
