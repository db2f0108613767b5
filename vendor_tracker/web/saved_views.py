"""The filters that a person saved: list, save, rename, begin with, withdraw."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from vendor_tracker.usecases import saved_views
from vendor_tracker.usecases.work import NotFoundError, UseCaseError
from vendor_tracker.web.painel import asked, asked_for, in_words
from vendor_tracker.web.shell import actor, render, tell

blueprint = Blueprint("views", __name__, url_prefix="/painel/filtros")


@dataclass(frozen=True, slots=True)
class Failed:
    """What was typed and why it was refused; ``view_id`` is 0 for filters that are new."""

    sentence: str
    name: str
    query: str = ""
    view_id: int = 0


@blueprint.get("")
def index() -> tuple[str, int]:
    """List what the reader saved."""
    return _listed()


def _listed(failed: Failed | None = None) -> tuple[str, int]:
    page = saved_views.views_page(actor())
    return render(
        "painel/saved.html",
        page,
        status=422 if failed else 200,
        words={each.id: in_words(asked(MultiDict(parse_qsl(each.query))), page.units) for each in page.views},
        failed=failed,
    )


@blueprint.post("")
def save() -> Response | tuple[str, int]:
    """Save the filters of the painel under a name."""
    name = request.form.get("name", "")
    # Only what the painel understands is kept, in the painel's own order, so that equal filters are equal texts.
    query = urlencode(asked_for(asked(MultiDict(parse_qsl(request.form.get("query", ""))))))
    try:
        view = saved_views.save(actor(), name=name, query=query)
    except UseCaseError as error:
        return _listed(Failed(error.message, name, query))
    tell(f"Filtros salvos como “{view.name}”", "Eles ficam acima dos filtros do painel.")
    return redirect(f"{url_for('painel.show')}?{view.query}", code=303)


@blueprint.post("/<int:view_id>/nome")
def rename(view_id: int) -> Response | tuple[str, int]:
    """Give saved filters another name."""
    name = request.form.get("name", "")
    try:
        saved_views.rename(actor(), view_id=view_id, name=name)
    except NotFoundError:
        raise
    except UseCaseError as error:
        return _listed(Failed(error.message, name, view_id=view_id))
    tell("Nome mudado")
    return redirect(url_for("views.index"), code=303)


@blueprint.post("/<int:view_id>/abrir")
def make_default(view_id: int) -> Response:
    """Let the painel open with saved filters, or with none."""
    default = request.form.get("abrir") == "1"
    return _done(
        "O painel abre com estes filtros" if default else "O painel abre sem filtros",
        lambda: saved_views.make_default(actor(), view_id=view_id, default=default),
    )


@blueprint.post("/<int:view_id>/retirar")
def withdraw(view_id: int) -> Response:
    """Offer saved filters no more."""
    return _done("Filtros retirados", lambda: saved_views.withdraw(actor(), view_id=view_id))


def _done(said: str, call: Callable[[], None]) -> Response:
    call()
    tell(said)
    return redirect(url_for("views.index"), code=303)
