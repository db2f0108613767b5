"""Inviting a colleague to work on the same answer, and taking an invitation back."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for

from vendor_tracker.portal.forms import read_form
from vendor_tracker.portal.pages import Answer, _visit, blueprint
from vendor_tracker.usecases import answering
from vendor_tracker.usecases.answering import Visit
from vendor_tracker.usecases.work import NotFoundError, UseCaseError
from vendor_tracker.wording.parts import ErrorLine

LABELS = {"nome-colega": "Nome do colega", "email-colega": "E-mail do colega"}
TOO_OLD = "A página ficou aberta tempo demais e, por segurança, nada foi feito. Confira e aperte de novo."


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form."""

    name: str = ""
    email: str = ""


@blueprint.get("/colegas")
def colleagues() -> Answer:
    """Show who works on the answer, and the way to invite another."""
    return _page(_visit(), Typed())


@blueprint.post("/colegas")
def invite() -> Answer:
    """Mail a colleague a link of their own."""
    sent = read_form()
    visit = _visit()
    typed = Typed(sent.text("nome-colega"), sent.text("email-colega"))
    if not sent.genuine:
        return _page(visit, typed, status=400, problem=TOO_OLD)
    try:
        name = answering.invite(visit, name=typed.name, email=typed.email)
    except UseCaseError as error:
        if error.field is None:
            return _page(visit, typed, status=422, problem=error.message)
        return _page(visit, typed, status=422, problems={error.field: error.message})
    flash({"title": f"Convite enviado a {name}.", "text": "O e-mail sai em até um minuto."}, "good")
    return redirect(url_for("portal.colleagues"), code=303)


@blueprint.post("/colegas/<int:guest_id>/retirar")
def revoke(guest_id: int) -> Answer:
    """Take an invitation back."""
    sent = read_form()
    visit = _visit()
    if not sent.genuine:
        return _page(visit, Typed(), status=400, problem=TOO_OLD)
    try:
        name = answering.revoke_invitation(visit, guest_id=guest_id)
    except NotFoundError as error:
        flash(error.message, "warn")
    else:
        flash({"title": f"Convite a {name} retirado.", "text": "O que foi salvo continua na resposta."}, "good")
    return redirect(url_for("portal.colleagues"), code=303)


def _page(
    visit: Visit, typed: Typed, *, status: int = 200, problems: dict[str, str] | None = None, problem: str = ""
) -> tuple[str, int]:
    problems = problems or {}
    errors: list[Any] = [ErrorLine(message, LABELS[field], field) for field, message in problems.items()]
    page = answering.colleagues_page(visit)
    return (
        render_template(
            "portal/colleagues.html", page=page, typed=typed, problems=problems, errors=errors, problem=problem
        ),
        status,
    )
