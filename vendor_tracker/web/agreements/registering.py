"""Registering an agreement, step by step; what a step leaves out is completed later on the agreement's page."""

from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from contracts.vocabulary import AgreementKind, ContactRole, StewardRole
from vendor_tracker.usecases import agreements
from vendor_tracker.usecases.agreements import EditPage
from vendor_tracker.web.agreements.base import blueprint, told_beside
from vendor_tracker.web.agreements.view import view_of
from vendor_tracker.web.forms import number_of
from vendor_tracker.web.forms_agreements import NewAgreementForm, ProcessingForm, processing_values
from vendor_tracker.web.forms_people import PeopleForm
from vendor_tracker.web.forms_register import REGIME_HINTS, attempt, role_hints
from vendor_tracker.web.shell import actor, render
from vendor_tracker.wording.labels import label
from vendor_tracker.wording.parts import Fact, Page, Step

STEPS = ("Instrumento e operador", "Dados pessoais tratados", "Papel e pessoas", "Conferir")


def steps_to(current: int, agreement_id: int | None = None) -> tuple[Step, ...]:
    """Return the passage of a registration; ``current`` counts from 0."""
    urls = ["", "", "", ""]
    if agreement_id is not None:
        urls = [
            url_for("agreements.edit_instrument", agreement_id=agreement_id),
            url_for("agreements.step_processing", agreement_id=agreement_id),
            url_for("agreements.step_people", agreement_id=agreement_id),
            url_for("agreements.step_summary", agreement_id=agreement_id),
        ]
    return tuple(
        Step(name, "done" if place < current else "current" if place == current else "ahead", urls[place])
        for place, name in enumerate(STEPS)
    )


@blueprint.route("/novo", methods=["GET", "POST"])
def create() -> Response | tuple[str, int]:
    """Step one: the instrument and with whom it is. It registers the agreement; the next steps complete it."""
    page = agreements.new_page(operator_id=number_of(request.args.get("operador")))
    chosen = page.operator
    form = NewAgreementForm(
        data={
            "kind": AgreementKind.CONTRATO,
            "cnpj": chosen.cnpj if chosen else None,
            "foreign_id": chosen.foreign_id if chosen else "",
            "operator_name": chosen.name if chosen else "",
            "regime": chosen.regime if chosen else None,
            "country": chosen.country if chosen else "BR",
        }
    )
    made: list[int] = []
    status = attempt(
        form,
        lambda: made.append(
            agreements.create_agreement(
                actor(),
                data=form.instrument(),
                cnpj=form.cnpj.data,
                foreign_id=form.foreign_id.data,
                operator_name=form.operator_name.data or "",
                regime=form.regime.data,
                country=form.country.data or "BR",
            )
        ),
    )
    if status == 303:
        flash(
            "Acordo registrado. Complete agora o que se faz com os dados; você pode parar e voltar quando quiser.",
            "good",
        )
        return redirect(url_for("agreements.step_processing", agreement_id=made[0]), code=303)
    return render("agreements/new.html", page, status=status, form=form, steps=steps_to(0), regime_hints=REGIME_HINTS)


@blueprint.route("/<int:agreement_id>/registro/dados-pessoais", methods=["GET", "POST"])
def step_processing(agreement_id: int) -> Response | tuple[str, int]:
    """Step two: what is done with which personal data."""
    page = agreements.edit_page(agreement_id=agreement_id, title=STEPS[1])
    form = ProcessingForm(data=processing_values(page.said))
    status = attempt(
        form,
        lambda: agreements.change_processing(
            actor(),
            agreement_id=agreement_id,
            data=form.processing(),
            holds_from=page.holds_from,
            reason="Dados pessoais informados no registro",
        ),
    )
    if status == 303:
        return _after_step(agreement_id, "agreements.step_people")
    return render(
        "agreements/processing.html",
        page,
        status=status,
        form=form,
        steps=steps_to(1, agreement_id),
        told=told_beside(page),
        back=url_for("agreements.edit_instrument", agreement_id=agreement_id),
    )


@blueprint.route("/<int:agreement_id>/registro/pessoas", methods=["GET", "POST"])
def step_people(agreement_id: int) -> Response | tuple[str, int]:
    """Step three: the role, and who answers on each side."""
    return _people(agreement_id, in_steps=True)


@blueprint.route("/<int:agreement_id>/editar/pessoas", methods=["GET", "POST"])
def people(agreement_id: int) -> Response | tuple[str, int]:
    """Change the role and who answers on each side."""
    return _people(agreement_id, in_steps=False)


def _people(agreement_id: int, *, in_steps: bool) -> Response | tuple[str, int]:
    page = agreements.edit_page(agreement_id=agreement_id, title=STEPS[2])
    form = PeopleForm(data=_people_values(page))
    status = attempt(form, lambda: agreements.register_people(actor(), agreement_id=agreement_id, data=form.people()))
    if status == 303:
        if in_steps:
            return _after_step(agreement_id, "agreements.step_summary")
        flash("Papel e pessoas registrados.", "good")
        return redirect(url_for("agreements.show", agreement_id=agreement_id), code=303)
    return render(
        "agreements/people.html",
        page,
        status=status,
        form=form,
        steps=steps_to(2, agreement_id) if in_steps else (),
        told=told_beside(page),
        role_hints=role_hints(),
        back=url_for("agreements.step_processing" if in_steps else "agreements.show", agreement_id=agreement_id),
    )


def _after_step(agreement_id: int, following: str) -> Response:
    """Lead on, or out when "Salvar e sair" was pressed."""
    if request.form.get("acao") == "sair":
        flash("Rascunho salvo. O que falta fica indicado na página do acordo.", "good")
        following = "agreements.show"
    return redirect(url_for(following, agreement_id=agreement_id), code=303)


def _people_values(page: EditPage) -> dict[str, Any]:
    def steward(role: StewardRole) -> dict[str, str]:
        held = next((row for row in page.stewards if row.role is role and row.until is None), None)
        said = (held.name, held.email, held.portaria) if held else ("", "", "")
        return dict(zip((f"{role.value}_name", f"{role.value}_email", f"{role.value}_portaria"), said, strict=True))

    def contact(role: ContactRole, prefix: str) -> dict[str, Any]:
        serving = [row for row in page.contacts if row.role is role and row.until is None]
        held = min(serving, key=lambda row: row.agreement_id is None, default=None)
        if held is None:
            return {}
        return {
            f"{prefix}_name": held.name,
            f"{prefix}_email": held.email,
            f"{prefix}_phone": held.phone,
            f"{prefix}_always": held.reachable_always,
        }

    return {
        "role": page.said.role,
        "justification": page.said.role_justification,
        **steward(StewardRole.GESTOR),
        **steward(StewardRole.FISCAL),
        **contact(ContactRole.PREPOSTO, "preposto"),
        **contact(ContactRole.INCIDENT_CHANNEL, "channel"),
    }


@blueprint.get("/<int:agreement_id>/registro/conferir")
def step_summary(agreement_id: int) -> tuple[str, int]:
    """Step four: everything that was said, and what is still missing."""
    page = agreements.show(agreement_id=agreement_id)
    return render(
        "agreements/summary.html",
        Page("Conferir o registro"),
        agreement=page,
        view=view_of(page),
        waits_approval=agreements.needs_approval(page.said),
        steps=steps_to(3, agreement_id),
        people=(
            *(Fact(label(row.role), row.name, note=row.portaria or row.email) for row in page.stewards),
            *(Fact(label(row.role), row.name, note=row.email or row.phone) for row in page.contacts),
        ),
    )
