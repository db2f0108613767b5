"""Who came to a request through the portal: invited colleagues, browsers that came in, files and their checks."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from vendor_tracker.usecases import answering
from vendor_tracker.web.shell import actor, render, tell

blueprint = Blueprint("portal_access", __name__)


@blueprint.get("/requisicoes/<int:request_id>/acessos")
def show(request_id: int) -> tuple[str, int]:
    """Show who works on the answer and what they brought."""
    return render("requests/access.html", answering.access_page(request_id))


@blueprint.post("/requisicoes/<int:request_id>/acessos/<int:guest_id>/retirar")
def revoke(request_id: int, guest_id: int) -> Response:
    """Withdraw a colleague's invitation."""
    name = answering.revoke_for_staff(actor(), request_id=request_id, guest_id=guest_id)
    tell(f"Convite a {name} retirado.", "O endereço dele já não abre. O que ele salvou continua na resposta.")
    return redirect(url_for("portal_access.show", request_id=request_id), code=303)
