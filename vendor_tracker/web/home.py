"""The start, the search and the sheet of components."""

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from contracts.vocabulary import UserRole
from vendor_tracker.usecases import searching
from vendor_tracker.web.shell import render
from vendor_tracker.wording.parts import Page

blueprint = Blueprint("home", __name__)

FIRST_PAGE: dict[UserRole, str] = {
    UserRole.PROCUREMENT: "agreements.index",
    UserRole.LEGAL: "agreements.index",
    UserRole.FISCAL: "requests.index",
    UserRole.ADMIN: "painel.show",
}
"""Where each role begins its day; everybody else begins at the painel."""


@blueprint.get("/")
def start() -> Response:
    """Send each role to the page where its work begins."""
    endpoint = FIRST_PAGE.get(current_user.role, "painel.show")
    return redirect(url_for(endpoint), code=303)


@blueprint.get("/busca")
def search() -> tuple[str, int]:
    """Find operators, agreements and requests by name, number, CNPJ or process."""
    query = request.args.get("q", "").strip()[:200]
    return render("home/search.html", searching.search(query=query), query=query)


@blueprint.get("/componentes")
def components() -> tuple[str, int]:
    """Show every component once."""
    return render("components/folha.html", Page("Folha de componentes"))
