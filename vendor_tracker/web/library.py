"""The clause library: what serves each inciso, and every word of it."""

from flask import Blueprint

from vendor_tracker.usecases import library
from vendor_tracker.web.shell import render
from vendor_tracker.wording.documents import DOCUMENT_LEDES, DOCUMENT_STARTS

blueprint = Blueprint("library", __name__)


@blueprint.get("/biblioteca")
def index() -> tuple[str, int]:
    """List the clauses in force by what they serve."""
    return render("library/index.html", library.index(), ledes=DOCUMENT_LEDES, starts=DOCUMENT_STARTS)


@blueprint.get("/biblioteca/<clause_id>")
def show(clause_id: str) -> tuple[str, int]:
    """Show a clause in full."""
    return render("library/show.html", library.show(clause_id=clause_id))
