"""The audit trail, newest first."""

from flask import Blueprint, request, url_for

from vendor_tracker.usecases import trails
from vendor_tracker.web.shell import page_number, render
from vendor_tracker.wording.parts import build_pager

blueprint = Blueprint("trail", __name__)


@blueprint.get("/trilha")
def index() -> tuple[str, int]:
    """Show a page of the trail, of everybody or of one actor."""
    actor = request.args.get("quem", "").strip()[:254]
    page = trails.trail_page(page=page_number(request.args), actor=actor)

    def address(number: int, size: int) -> str:  # noqa: ARG001 - the page size is fixed
        return url_for("trail.index", pagina=number, quem=actor or None)

    return render("trail/index.html", page, pager=build_pager(page.total, page.page, page.page_size, address))


@blueprint.get("/trilha/conferencia")
def verify() -> tuple[str, int]:
    """Walk the whole chain and say whether it holds."""
    return render("trail/verify.html", trails.verified_page())
