"""The outbox: what left, what waits, what could not be delivered."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from vendor_tracker.usecases import messages, outbox
from vendor_tracker.usecases.work import ConflictError
from vendor_tracker.web.requests import page_size, pager_of
from vendor_tracker.web.shell import actor, page_number, render

blueprint = Blueprint("messages", __name__)

STATES: tuple[tuple[str, str], ...] = (
    ("", "Todas"),
    ("waiting", "À espera de envio"),
    ("sent", "Enviadas"),
    ("failed", "Não entregues"),
    ("failing", "Não entregues, a endereço ainda com falha"),
)


@blueprint.get("/mensagens")
def index() -> tuple[str, int]:
    """List messages, the newest first."""
    page = messages.messages_page(
        state=request.args.get("situacao", ""),
        text=request.args.get("q", ""),
        number=page_number(request.args),
        size=page_size(),
    )
    pager = pager_of("messages.index", page.total, page.number, page.size, situacao=page.state, q=page.text)
    return render("messages/index.html", page, pager=pager, states=STATES)


@blueprint.get("/mensagens/<int:message_id>")
def show(message_id: int) -> tuple[str, int]:
    """Show one message and every try to deliver it."""
    return render("messages/show.html", messages.message_page(message_id))


@blueprint.post("/mensagens/<int:message_id>/reenviar")
def retry(message_id: int) -> Response:
    """Put a message that was given up back in line."""
    try:
        outbox.retry(actor(), message_id=message_id)
    except ConflictError as error:
        flash(error.message, "warn")
    else:
        flash("A mensagem voltou à fila e será enviada em até um minuto.", "good")
    return redirect(url_for("messages.show", message_id=message_id), code=303)
