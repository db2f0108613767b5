"""The calendars of expediente: what the law closes, and what the administrator closes or opens with its act."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length

from vendor_tracker.usecases import parameters
from vendor_tracker.usecases.work import ConflictError, UseCaseError
from vendor_tracker.web.forms import DayField, StaffForm, place_error
from vendor_tracker.web.shell import actor, render
from vendor_tracker.wording.filters import day as in_figures
from vendor_tracker.wording.parts import Link, Page

blueprint = Blueprint("calendar", __name__)

NAMES = {"cnj": "Do órgão", "federal": "Federal, pelo qual conta a ANPD"}
"""The calendars as the pages call them."""


class DayForm(StaffForm):
    """A day that opens or closes."""

    calendar = RadioField(
        "Calendário",
        [InputRequired("Escolha o calendário.")],
        choices=[SelectChoice(value, text) for value, text in NAMES.items()],
        default="cnj",
        description="Os prazos do operador contam pelo do órgão.",
    )
    day = DayField("Dia", [InputRequired("Informe o dia.")])
    closed = RadioField(
        "Nesse dia",
        [InputRequired("Escolha se há expediente.")],
        choices=[SelectChoice("1", "Não há expediente"), SelectChoice("0", "Há expediente, apesar da regra")],
        default="1",
    )
    name = StringField("Nome do dia", [Length(max=200)], description="Por exemplo: Ponto facultativo.")
    source = StringField(
        "Ato que decidiu",
        [InputRequired("Informe o ato que decidiu."), Length(max=200)],
        description="A portaria ou o decreto: sem ele não se sabe por que um prazo mudou.",
    )


@blueprint.get("/calendario")
def index() -> tuple[str, int]:
    """Show the days without expediente of a year."""
    text = request.args.get("ano", "")
    year = int(text) if text.isdecimal() and len(text) == 4 else None
    page = parameters.calendar_page(calendar=request.args.get("calendario") or "cnj", year=year)
    years = tuple((shown, url_for("calendar.index", calendario=page.calendar, ano=shown)) for shown in page.years)
    others = tuple(
        (text, name, url_for("calendar.index", calendario=name, ano=page.year)) for name, text in NAMES.items()
    )
    return render("calendar/index.html", page, years=years, calendars=others)


@blueprint.route("/calendario/dia", methods=["GET", "POST"])
def create() -> Response | tuple[str, int]:
    """Close a day, or open it after all."""
    form = DayForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                parameters.set_day(
                    actor(),
                    calendar=form.calendar.data,
                    day=form.day.data,
                    closed=form.closed.data == "1",
                    name=form.name.data or "",
                    source=form.source.data or "",
                )
            except UseCaseError as error:
                place_error(form, error)
                status = 409 if isinstance(error, ConflictError) else 422
            else:
                said = "sem expediente" if form.closed.data == "1" else "com expediente"
                flash(f"{in_figures(form.day.data)}: {said}.", "good")
                target = url_for("calendar.index", calendario=form.calendar.data, ano=form.day.data.year)
                return redirect(target, code=303)
    page = Page("Registrar dia", crumbs=(Link("Calendário", url_for("calendar.index")),))
    return render("calendar/create.html", page, status=status, form=form)
