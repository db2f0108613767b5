"""The chain of sub-operators of an agreement, as a tree, and what binds each of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from contracts.vocabulary import INCISOS
from vendor_tracker.usecases import chains
from vendor_tracker.usecases.chains import LinkPage
from vendor_tracker.web.forms import DayField, StaffForm
from vendor_tracker.web.forms_register import CountryField, attempt
from vendor_tracker.web.shell import actor, render
from vendor_tracker.wording.labels import inciso_title
from vendor_tracker.wording.register import country

blueprint = Blueprint("chains", __name__, url_prefix="/acordos/<int:agreement_id>/suboperadores")


class BoundForm(StaffForm):
    """The instrument by which a sub-operator took on the duties."""

    bound_on = DayField("Assinado em", [InputRequired("Informe o dia em que foi assinado.")])
    bound_by = StringField(
        "Instrumento",
        [InputRequired("Diga qual é o instrumento."), Length(max=300)],
        description="Como quem o contratou o nomeia, por exemplo “contrato de hospedagem 12/2026, anexo B”.",
    )
    incisos = SelectMultipleField(
        "Deveres do art. 14 que ele alcança",
        choices=[SelectChoice(inciso, f"{inciso}, {inciso_title(inciso)}") for inciso in INCISOS],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description="Marque o que o texto transmite ao suboperador. O que ficar de fora aparece como pendência.",
    )


class CorrectForm(StaffForm):
    """What a sub-operator does, where and since when."""

    activity = StringField("O que faz", [Length(max=300)], description="A parte do tratamento que ele executa.")
    country = CountryField(description="Onde os dados são tratados. Fora do Brasil, é transferência internacional.")
    since = DayField("Participa desde")


@blueprint.get("")
def show(agreement_id: int) -> tuple[str, int]:
    """Show the chain as a tree."""
    return render("chains/show.html", chains.show(agreement_id=agreement_id), country=country)


def _answer(
    page: LinkPage,
    form: StaffForm,
    call: Callable[[], bool],
    *,
    names: Sequence[str],
    verb: str,
    done: str,
    intro: Sequence[str],
    widths: Mapping[str, str],
) -> Response | tuple[str, int]:
    answers: list[bool] = []
    status = attempt(form, lambda: answers.append(call()))
    if status == 303:
        changed = answers[0]
        flash(
            done if changed else "Nada mudou: o que você enviou é o que já estava no registro.",
            "good" if changed else "",
        )
        address = url_for("chains.show", agreement_id=page.agreement.id, _anchor=f"s-{page.link.lineage}")
        return redirect(address, code=303)
    return render(
        "chains/form.html",
        page,
        status=status,
        form=form,
        names=names,
        verb=verb,
        intro=intro,
        widths=widths,
        country=country,
    )


@blueprint.route("/<int:lineage>/instrumento", methods=["GET", "POST"])
def bind(agreement_id: int, lineage: int) -> Response | tuple[str, int]:
    """Record the instrument by which a sub-operator took on the operator's duties."""
    page = chains.link_page(agreement_id=agreement_id, lineage=lineage, title="Instrumento do suboperador")
    link = page.link
    form = BoundForm(
        data={
            "bound_on": link.bound_on,
            "bound_by": link.bound_by,
            "incisos": list(INCISOS if link.bound_incisos is None else link.bound_incisos),
        }
    )
    return _answer(
        page,
        form,
        lambda: chains.bind(
            actor(),
            agreement_id=agreement_id,
            lineage=lineage,
            bound_on=form.bound_on.data or date.max,
            bound_by=form.bound_by.data or "",
            incisos=form.incisos.data or (),
        ),
        names=("bound_by", "bound_on", "incisos"),
        verb="Registrar o instrumento",
        done="Instrumento registrado.",
        intro=("Confira no contrato entre o suboperador e quem o contratou, que o operador deve exibir ao órgão.",),
        widths={"bound_on": "short"},
    )


@blueprint.route("/<int:lineage>/dados", methods=["GET", "POST"])
def correct(agreement_id: int, lineage: int) -> Response | tuple[str, int]:
    """Correct what a sub-operator does, where, and since when."""
    page = chains.link_page(agreement_id=agreement_id, lineage=lineage, title="Corrigir dados do suboperador")
    form = CorrectForm(data={"activity": page.link.activity, "country": page.link.country, "since": page.link.since})
    return _answer(
        page,
        form,
        lambda: chains.correct(
            actor(),
            agreement_id=agreement_id,
            lineage=lineage,
            activity=form.activity.data or "",
            country=form.country.data or "",
            since=form.since.data,
        ),
        names=("activity", "country", "since"),
        verb="Salvar",
        done="Dados corrigidos.",
        intro=("O nome e o CNPJ não mudam aqui: outro suboperador é outro registro.",),
        widths={"country": "mid", "since": "short"},
    )
