"""Administrative parameters and further obligations: read by everybody in the book, decided here."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from contracts.vocabulary import EvidenceKind
from vendor_tracker.usecases import parameters
from vendor_tracker.usecases.parameters import ParameterPage
from vendor_tracker.usecases.work import ConflictError, UseCaseError
from vendor_tracker.web.forms import DayField, SlugsField, StaffForm, WholeField, place_error
from vendor_tracker.web.numbers import GROUPS, parameter_row, row_label, value_lines
from vendor_tracker.web.shell import actor, render
from vendor_tracker.wording.filters import day as in_figures
from vendor_tracker.wording.parts import Link, Page

blueprint = Blueprint("parameters", __name__)


class SignedField(WholeField):
    """A whole number that may be negative."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; the typographic minus is understood too."""
        text = valuelist[0].strip().replace("−", "-") if valuelist else ""
        if text.startswith("-"):
            super().process_formdata([text[1:].strip()])
            self.data = None if self.data is None else -self.data
        else:
            super().process_formdata([text])


class DecisionForm(StaffForm):
    """What every decision about a parameter says."""

    since = DayField(
        "Vale a partir de",
        [InputRequired("Informe o dia a partir do qual a decisão vale.")],
        description="Hoje ou um dia futuro. O que já foi avaliado fica como está.",
    )
    decided_by = StringField(
        "Quem decidiu",
        [InputRequired("Informe quem decidiu."), Length(max=200)],
        description="A pessoa ou o colegiado, com o ato, quando houver.",
    )
    reason = TextAreaField(
        "Motivo",
        [InputRequired("Explique o motivo."), Length(max=2000)],
        description="Aparece ao lado do número, para quem for avaliado por ele.",
    )


class FurtherForm(StaffForm):
    """A new obligation of the organisation."""

    code = StringField(
        "Código",
        [InputRequired("Informe o código."), Length(max=20)],
        description="Curto, em maiúsculas sem acento, por exemplo SEGURO-1. Identifica a obrigação nas listas.",
    )
    title = StringField("Título", [InputRequired("Informe o título."), Length(max=200)])
    text = TextAreaField(
        "Texto da obrigação",
        [InputRequired("Escreva a obrigação."), Length(max=4000)],
        description="Por inteiro, como o operador deve lê-la.",
    )
    since = DayField("Vale a partir de", [InputRequired("Informe o dia a partir do qual ela vale.")])
    needs_clause = BooleanField(
        "Precisa estar prevista no instrumento",
        description="O aspecto “Previsto” passa a exigir uma cláusula sobre ela.",
    )
    evidence_kinds = SlugsField(
        "Provas que servem",
        EvidenceKind,
        description="Qualquer uma das marcadas basta. Sem nenhuma, a obrigação não usa o aspecto “Demonstrado”.",
    )
    decided_by = StringField("Quem decidiu", [InputRequired("Informe quem decidiu."), Length(max=200)])
    decided_on = DayField("Dia da decisão", [InputRequired("Informe o dia da decisão.")])


class EndForm(StaffForm):
    """The end of an obligation of the organisation."""

    until = DayField(
        "Último dia",
        [InputRequired("Informe o último dia.")],
        description="Depois dele a obrigação deixa de ser avaliada.",
    )
    decided_by = StringField("Quem decidiu", [InputRequired("Informe quem decidiu."), Length(max=200)])


@blueprint.get("/parametros")
def index() -> tuple[str, int]:
    """List every administrative parameter, and the further obligations."""
    page = parameters.parameters_page()
    groups = tuple(
        (group.value, GROUPS[group], tuple(parameter_row(line, page.today) for line in lines))
        for group, lines in page.groups
    )
    return render("parameters/index.html", page, groups=groups)


@blueprint.route("/parametros/<key>", methods=["GET", "POST"])
def edit(key: str) -> Response | tuple[str, int]:
    """Show a parameter with its history, and decide it from a day on."""
    page = parameters.parameter_page(key=key)
    form = _decision_form(page)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                parameters.decide_parameter(
                    actor(),
                    key=key,
                    since=form.since.data,
                    value=_decided(page, form),
                    decided_by=form.decided_by.data or "",
                    reason=form.reason.data or "",
                )
            except UseCaseError as error:
                place_error(form, error)
                status = 409 if isinstance(error, ConflictError) else 422
            else:
                flash(f"Parâmetro decidido a partir de {in_figures(form.since.data)}.", "good")
                return redirect(url_for("parameters.edit", key=key), code=303)
    shown = Page(page.title, crumbs=(Link("Parâmetros", url_for("parameters.index")),))
    history = tuple(
        (entry.since, value_lines(page.line, entry.value), entry.decided_by, entry.reason, entry.recorded_at)
        for entry in page.history
    )
    fields = [form[name] for name in _value_names(page)]
    return render(
        "parameters/edit.html",
        shown,
        status=status,
        parameter=page,
        row=parameter_row(page.line, page.today),
        history=history,
        form=form,
        fields=fields,
    )


def _value_names(page: ParameterPage) -> tuple[str, ...]:
    return tuple(f"value_{key}" for key in page.table_keys) or ("value",)


def _decision_form(page: ParameterPage) -> Any:
    """Build the form of one parameter: a field for its number, or one for each row of its table."""
    now = page.line.value
    needed = [InputRequired("Informe o número.")]
    fields: dict[str, Any] = {}
    held: dict[str, Any] = {}
    if isinstance(now, Mapping):
        for key, number in now.items():
            fields[f"value_{key}"] = _number_field(row_label(page.line, key), page, needed)
            held[f"value_{key}"] = number
    else:
        fields["value"] = _number_field("Novo valor", page, needed)
        held["value"] = now
    return type("OneParameterForm", (DecisionForm,), fields)(data={**held, "since": page.today})


def _number_field(text: str, page: ParameterPage, needed: list[Any]) -> Any:
    if page.line.unit == "sim ou não":
        return RadioField(text, needed, choices=[SelectChoice("1", "Sim"), SelectChoice("0", "Não")], coerce=int)
    return SignedField(
        f"{text} ({page.line.unit})", needed, description=f"De {page.minimum} a {page.maximum}.",
        render_kw={"inputmode": "numeric"},
    )  # fmt: skip


def _decided(page: ParameterPage, form: Any) -> int | dict[str, int]:
    if page.table_keys:
        return {key: form[f"value_{key}"].data for key in page.table_keys}
    return int(form["value"].data)


@blueprint.route("/obrigacoes-acrescentadas/nova", methods=["GET", "POST"])
def create_further() -> Response | tuple[str, int]:
    """Add an obligation to the twelve."""
    form = FurtherForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                parameters.add_further(
                    actor(),
                    code=form.code.data or "",
                    title=form.title.data or "",
                    text=form.text.data or "",
                    since=form.since.data,
                    needs_clause=bool(form.needs_clause.data),
                    evidence_kinds=tuple(form.evidence_kinds.data or ()),
                    decided_by=form.decided_by.data or "",
                    decided_on=form.decided_on.data,
                )
            except UseCaseError as error:
                place_error(form, error)
                status = 409 if isinstance(error, ConflictError) else 422
            else:
                flash(f"Obrigação {form.code.data} acrescentada às doze.", "good")
                return redirect(url_for("parameters.index"), code=303)
    page = Page(
        "Acrescentar obrigação",
        lede="O art. 14 não se limita às doze. A obrigação acrescentada é avaliada ao lado delas e não pontua.",
        crumbs=(Link("Parâmetros", url_for("parameters.index")),),
    )
    return render("parameters/further.html", page, status=status, form=form)


@blueprint.route("/obrigacoes-acrescentadas/<int:lineage>/fim", methods=["GET", "POST"])
def end_further(lineage: int) -> Response | tuple[str, int]:
    """End an obligation of the organisation."""
    row = parameters.further_row(lineage=lineage)
    form = EndForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                parameters.end_further(
                    actor(), lineage=lineage, until=form.until.data, decided_by=form.decided_by.data or ""
                )
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash(f"Obrigação {row.code} vale até {in_figures(form.until.data)}.", "good")
                return redirect(url_for("parameters.index"), code=303)
    page = Page(f"Encerrar {row.code}", lede=row.title, crumbs=(Link("Parâmetros", url_for("parameters.index")),))
    return render("parameters/end.html", page, status=status, form=form)
