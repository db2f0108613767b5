"""The vendor's page for staff: the very template and value of the portal, with everything that acts made inert.

Three things keep it so, each enough by itself: the forms' controls are disabled, no address of the portal is in the
page, and the browser is told to send no form and to run no script.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from contracts.vocabulary import RequestKind
from vendor_tracker.usecases.answering import as_vendor
from vendor_tracker.usecases.answering.as_vendor import VendorView
from vendor_tracker.usecases.filing import ACCEPTED
from vendor_tracker.usecases.work import UseCaseError
from vendor_tracker.web.requests import NewRequestForm, typed_items
from vendor_tracker.web.shell import actor, render

blueprint = Blueprint("as_vendor", __name__)

INERT = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who answers, as the portal's page draws it."""

    name: str
    position: str = ""
    declared: bool = False


@blueprint.get("/requisicoes/<int:request_id>/como-o-operador")
def show(request_id: int) -> Response:
    """Show a request as its vendor sees it."""
    return _inert(as_vendor.page_as_vendor(actor(), request_id), url_for("requests.show", request_id=request_id))


@blueprint.post("/acordos/<int:agreement_id>/requisicoes/como-o-operador")
def preview(agreement_id: int) -> Response | BaseResponse:
    """Show a request that was not sent yet as its vendor would see it."""
    form = NewRequestForm()
    back = url_for("requests.create", agreement_id=agreement_id)
    if not form.validate() or form.due_on.data is None:
        flash("Complete os itens e o prazo para ver a página como o operador.", "warn")
        return redirect(back, code=303)
    try:
        view = as_vendor.preview_as_vendor(
            actor(),
            agreement_id=agreement_id,
            kind=form.kind.data or RequestKind.INFORMATION,
            items=typed_items(request.form),
            due_on=form.due_on.data,
            reason=(form.reason.data or "").strip(),
        )
    except UseCaseError as error:
        flash(error.message, "warn")
        return redirect(back, code=303)
    return _inert(view, "")


def _inert(view: VendorView, back: str) -> Response:
    """Render the portal's page without anything in it that acts."""

    def address(endpoint: str, **values: Any) -> str:
        """Lead where staff may read the same; everything else of the portal leads nowhere."""
        if endpoint == "portal.receipt":
            return url_for("requests.receipt", protocol=values["protocol"])
        return "#conteudo" if endpoint.startswith("portal.") else url_for(endpoint, **values)

    body, status = render(
        "portal/as_vendor.html",
        view.page,
        view=view,
        back=back,
        problems={},
        errors=(),
        typed={},
        person=Person(view.page.person),
        problem="",
        conflicts={},
        saved=False,
        opened="",
        accepted=ACCEPTED,
        extension_of_request=lambda: view.extension,
        url_for=address,
    )
    response = make_response(body, status)
    response.headers["Content-Security-Policy"] = INERT
    return response
