"""Deciding about the later term that an operator asked for."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired

from vendor_tracker.usecases import extensions
from vendor_tracker.usecases.work import ConflictError, UseCaseError
from vendor_tracker.web.forms import DayField, StaffForm, place_error
from vendor_tracker.web.shell import actor, render
from vendor_tracker.wording.filters import day as in_figures

blueprint = Blueprint("extensions", __name__)


class DecisionForm(StaffForm):
    """Granted until a day, or refused; with the reason either way."""

    decision = RadioField(
        "Decisão",
        [InputRequired("Escolha se o prazo é prorrogado.")],
        choices=[SelectChoice("conceder", "Conceder mais prazo"), SelectChoice("negar", "Negar")],
    )
    due_on = DayField("Novo prazo", description="Só para conceder. Um dia útil, depois do prazo atual.")
    reason = TextAreaField(
        "Motivo",
        [InputRequired("Diga o motivo da decisão.")],
        description="Fica no registro e vai no e-mail ao operador.",
    )


@blueprint.route("/requisicoes/<int:request_id>/pedido-de-prorrogacao", methods=["GET", "POST"])
def decide(request_id: int) -> Response | tuple[str, int]:
    """Show what was asked, and decide."""
    try:
        page = extensions.decision_page(request_id)
    except ConflictError as error:
        flash(error.message, "warn")
        return redirect(url_for("requests.show", request_id=request_id), code=303)
    form = DecisionForm()
    if request.method == "GET":
        form.due_on.data = page.asked.asked_until
    if not form.is_submitted():
        return render("requests/extension.html", page, form=form)
    if form.validate():
        try:
            said = _decide(request_id, form)
        except ConflictError as error:
            form.refuse(error.message)
            return render("requests/extension.html", page, status=409, form=form)
        except UseCaseError as error:
            place_error(form, error)
        else:
            flash(said, "good")
            return redirect(url_for("requests.show", request_id=request_id), code=303)
    return render("requests/extension.html", page, status=422, form=form)


def _decide(request_id: int, form: DecisionForm) -> str:
    reason = form.reason.data or ""
    if form.decision.data == "negar":
        due_on = extensions.refuse(actor(), request_id=request_id, reason=reason)
        return f"Prorrogação negada. O prazo termina em {in_figures(due_on)}; o operador foi avisado."
    if form.due_on.data is None:
        raise UseCaseError("Informe o novo prazo.", field="due_on")
    extensions.grant(actor(), request_id=request_id, until=form.due_on.data, reason=reason)
    return f"Prazo prorrogado até {in_figures(form.due_on.data)}. O operador foi avisado."
