"""Who follows an agreement in the court, and who takes part in the processing for its operator."""

from collections.abc import Callable
from datetime import date

from flask import abort
from werkzeug.wrappers import Response

from contracts.vocabulary import StewardRole
from vendor_tracker.usecases import agreements
from vendor_tracker.usecases.agreements import EditPage
from vendor_tracker.web.agreements.base import blueprint, small_act
from vendor_tracker.web.forms_people import AuthoriseForm, StewardForm, SubOperatorForm
from vendor_tracker.web.forms_register import UntilForm
from vendor_tracker.web.shell import actor
from vendor_tracker.wording.filters import day
from vendor_tracker.wording.labels import label
from vendor_tracker.wording.register import country


@blueprint.route("/<int:agreement_id>/gestao/nova", methods=["GET", "POST"])
def add_steward(agreement_id: int) -> Response | tuple[str, int]:
    """Register the gestor or a fiscal."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Registrar gestor ou fiscal")
    form = StewardForm(data={"role": StewardRole.FISCAL, "since": page.today})
    form.replaces.offer((row.lineage, f"{row.name}, {label(row.role).lower()}") for row in page.stewards)
    return small_act(
        page,
        form,
        lambda: agreements.add_steward(
            actor(),
            agreement_id=agreement_id,
            role=StewardRole(str(form.role.data)),
            name=form.name.data or "",
            email=form.email.data or "",
            portaria=form.portaria.data or "",
            since=form.since.data,
            replaces=form.replaces.data,
        ),
        done="Designação registrada.",
        anchor="contatos",
        names=("role", "name", "email", "portaria", "since", *(("replaces",) if page.stewards else ())),
        verb="Registrar designação",
        widths={"role": "mid", "email": "mid", "portaria": "mid", "since": "short", "replaces": "mid"},
    )


@blueprint.route("/<int:agreement_id>/gestao/<int:lineage>/encerrar", methods=["GET", "POST"])
def end_steward(agreement_id: int, lineage: int) -> Response | tuple[str, int]:
    """Record the last day of a designation."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Encerrar designação")
    who = next((row for row in page.stewards if row.lineage == lineage), None)
    if who is None:
        abort(404)
    return _end(
        page,
        lineage,
        agreements.end_steward,
        who=f"{label(who.role)}: {who.name}, desde {day(who.since)}.",
        done="Designação encerrada.",
        anchor="contatos",
        verb="Encerrar designação",
    )


def _end(
    page: EditPage, lineage: int, act: Callable[..., None], *, who: str, done: str, anchor: str, verb: str
) -> Response | tuple[str, int]:
    """Record the last day of somebody who takes part."""
    form = UntilForm(data={"until": page.today})
    return small_act(
        page,
        form,
        lambda: act(actor(), agreement_id=page.identity.id, lineage=lineage, until=form.until.data or date.min),
        done=done,
        anchor=anchor,
        names=("until",),
        verb=verb,
        kind="grave",
        intro=(who,),
        widths={"until": "short"},
    )


@blueprint.route("/<int:agreement_id>/suboperadores/novo", methods=["GET", "POST"])
def add_sub_operator(agreement_id: int) -> Response | tuple[str, int]:
    """Register a sub-operator."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Registrar suboperador")
    form = SubOperatorForm()
    form.parent.offer((row.lineage, row.name) for row in page.sub_operators)
    names = ("name", "cnpj", "country", "activity", "since", "authorised_on")
    return small_act(
        page,
        form,
        lambda: agreements.add_sub_operator(
            actor(),
            agreement_id=agreement_id,
            name=form.name.data or "",
            cnpj=form.cnpj.data,
            country=form.country.data or "BR",
            activity=form.activity.data or "",
            since=form.since.data,
            authorised_on=form.authorised_on.data,
            parent=form.parent.data,
        ),
        done="Suboperador registrado.",
        anchor="suboperadores",
        names=(*names, "parent") if page.sub_operators else names,
        verb="Registrar suboperador",
        intro=("Quem trata os dados por conta do operador responde pelas mesmas obrigações, na cadeia dele.",),
        widths={"cnpj": "cnpj", "country": "mid", "since": "short", "authorised_on": "short", "parent": "mid"},
    )


def _sub_operator(page: EditPage, lineage: int) -> str:
    found = next((row for row in page.sub_operators if row.lineage == lineage), None)
    if found is None:
        abort(404)
    return f"{found.name}, {country(found.country)}."


@blueprint.route("/<int:agreement_id>/suboperadores/<int:lineage>/autorizar", methods=["GET", "POST"])
def authorise_sub_operator(agreement_id: int, lineage: int) -> Response | tuple[str, int]:
    """Record the court's authorisation of a sub-operator."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Autorizar suboperador")
    form = AuthoriseForm(data={"authorised_on": page.today})
    return small_act(
        page,
        form,
        lambda: agreements.authorise_sub_operator(
            actor(), agreement_id=agreement_id, lineage=lineage, authorised_on=form.authorised_on.data or date.min
        ),
        done="Autorização registrada.",
        anchor="suboperadores",
        names=("authorised_on",),
        verb="Registrar autorização",
        intro=(_sub_operator(page, lineage),),
        widths={"authorised_on": "short"},
    )


@blueprint.route("/<int:agreement_id>/suboperadores/<int:lineage>/encerrar", methods=["GET", "POST"])
def end_sub_operator(agreement_id: int, lineage: int) -> Response | tuple[str, int]:
    """Record the last day of a sub-operator."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Encerrar participação de suboperador")
    return _end(
        page,
        lineage,
        agreements.end_sub_operator,
        who=_sub_operator(page, lineage),
        done="Participação encerrada.",
        anchor="suboperadores",
        verb="Encerrar participação",
    )
