"""Asking for more time, in the portal: a page of its own, so that nothing typed into the answer is at risk."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for

from vendor_tracker.portal.forms import read_form
from vendor_tracker.portal.pages import COOKIE, Answer, blueprint
from vendor_tracker.usecases import answering, extensions
from vendor_tracker.usecases.answering import Visit
from vendor_tracker.usecases.extensions import PortalExtension
from vendor_tracker.usecases.work import ConflictError, UseCaseError
from vendor_tracker.wording.parts import ErrorLine

LABELS = {"ate": "Novo prazo pedido", "motivo": "Por que o prazo não basta", "pessoa": "Nome de quem pede"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the form."""

    until: str = ""
    reason: str = ""
    person: str = ""


def _visit() -> Visit:
    return answering.visit_of(request.cookies.get(COOKIE, ""))


@blueprint.context_processor
def _extension() -> dict[str, Callable[[], PortalExtension]]:
    """Let the request's page say, where it wants, whether more time was asked for."""
    return {"extension_of_request": lambda: extensions.portal_extension(_visit())}


@blueprint.route("/prorrogacao", methods=["GET", "POST"])
def extension() -> Answer:
    """Ask for a later term."""
    if request.method == "GET":
        visit = _visit()
        return _page(visit, Typed(person=visit.person))
    sent = read_form()
    visit = _visit()
    typed = Typed(sent.text("ate"), sent.text("motivo"), sent.text("pessoa"))
    if not sent.genuine:
        problem = "A página ficou aberta tempo demais e, por segurança, nada foi gravado. Confira e peça de novo."
        return _page(visit, typed, status=400, problem=problem)
    until = _day(typed.until)
    if until is None:
        sentence = "Informe o novo prazo, por exemplo 31/12/2026." if not typed.until else "Informe um dia que exista."
        return _page(visit, typed, status=422, problems={"ate": sentence})
    try:
        extensions.ask(visit, until=until, reason=typed.reason, person=typed.person)
    except ConflictError as error:
        return _page(visit, typed, status=409, problem=error.message)
    except UseCaseError as error:
        return _page(visit, typed, status=422, problems={error.field or "ate": error.message})
    said: Any = {"title": "Pedido de prorrogação enviado.", "text": "A decisão chega por e-mail."}
    flash(said, "good")
    return redirect(url_for("portal.answer"), code=303)


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - A day has no zone.
        except ValueError:
            continue
        return found if 2000 <= found.year <= 2150 else None
    return None


def _page(
    visit: Visit, typed: Typed, *, status: int = 200, problems: Mapping[str, str] | None = None, problem: str = ""
) -> tuple[str, int]:
    problems = problems or {}
    errors: list[Any] = [ErrorLine(message, LABELS.get(field, ""), field) for field, message in problems.items()]
    page = extensions.portal_extension(visit)
    return (
        render_template(
            "portal/extension.html", page=page, typed=typed, problems=problems, errors=errors, problem=problem
        ),
        status,
    )
