"""Changing one section of an agreement's record: the instrument, the personal data, the terms, the secrecy."""

from dataclasses import asdict
from datetime import date

from flask import url_for
from werkzeug.wrappers import Response

from vendor_tracker.usecases import agreements
from vendor_tracker.web.agreements.base import blueprint, saved, small_act, told_beside, tried
from vendor_tracker.web.forms_agreements import (
    DeadlinesForm,
    EditInstrumentForm,
    EditProcessingForm,
    SecrecyForm,
    processing_values,
    seen_of,
)
from vendor_tracker.web.shell import actor, render


@blueprint.route("/<int:agreement_id>/editar/instrumento", methods=["GET", "POST"])
def edit_instrument(agreement_id: int) -> Response | tuple[str, int]:
    """Change what identifies and dates the instrument."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Editar dados do instrumento")
    identity = page.identity
    form = EditInstrumentForm(
        data={
            **asdict(page.said),
            "kind": identity.kind,
            "number": identity.number,
            "pncp_id": identity.pncp_id or "",
            "unit": identity.unit_id,
            "holds_from": page.holds_from,
        }
    )
    status, changed = tried(
        form,
        lambda: agreements.change_instrument(
            actor(),
            agreement_id=agreement_id,
            data=form.instrument(),
            holds_from=form.holds_from.data or date.min,
            reason=form.reason.data or "",
            seen=seen_of(form),
        ),
    )
    form.seen.data = page.revision_id
    if status == 303:
        return saved(agreement_id, changed=changed, sentence="Dados do instrumento alterados.", anchor="dados")
    return render("agreements/instrument.html", page, status=status, form=form)


@blueprint.route("/<int:agreement_id>/editar/dados-pessoais", methods=["GET", "POST"])
def edit_processing(agreement_id: int) -> Response | tuple[str, int]:
    """Change what is on record about the personal data."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Dados pessoais tratados")
    form = EditProcessingForm(
        data={**processing_values(page.said), "holds_from": page.holds_from, "reason": "Dados completados"}
    )
    status, changed = tried(
        form,
        lambda: agreements.change_processing(
            actor(),
            agreement_id=agreement_id,
            data=form.processing(),
            holds_from=form.holds_from.data or date.min,
            reason=form.reason.data or "",
            seen=seen_of(form),
        ),
    )
    form.seen.data = page.revision_id
    if status == 303:
        return saved(agreement_id, changed=changed, sentence="Dados pessoais tratados informados.", anchor="tratamento")
    return render(
        "agreements/processing.html",
        page,
        status=status,
        form=form,
        steps=(),
        told=told_beside(page),
        back=url_for("agreements.show", agreement_id=agreement_id),
    )


@blueprint.route("/<int:agreement_id>/editar/prazos", methods=["GET", "POST"])
def edit_deadlines(agreement_id: int) -> Response | tuple[str, int]:
    """Record the terms that the instrument itself sets."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Prazos fixados no instrumento")
    form = DeadlinesForm(data={**asdict(page.said), "holds_from": page.holds_from, "reason": "Prazos do instrumento"})
    terms = ("incident_term_hours", "assistance_term_days", "disposal_term_days")
    return small_act(
        page,
        form,
        lambda: agreements.change_deadlines(
            actor(),
            agreement_id=agreement_id,
            incident_term_hours=form.incident_term_hours.data,
            assistance_term_days=form.assistance_term_days.data,
            disposal_term_days=form.disposal_term_days.data,
            holds_from=form.holds_from.data or date.min,
            reason=form.reason.data or "",
        ),
        done="Prazos registrados.",
        anchor="dados",
        names=(*terms, "holds_from", "reason"),
        verb="Salvar prazos",
        intro=(
            "O que o instrumento fixa prevalece sobre os parâmetros administrativos. Em branco, valem os parâmetros.",
        ),
        widths=dict.fromkeys((*terms, "holds_from"), "short"),
    )


@blueprint.route("/<int:agreement_id>/editar/sigilo", methods=["GET", "POST"])
def edit_secrecy(agreement_id: int) -> Response | tuple[str, int]:
    """Protect the agreement's files, or open them."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Acesso restrito (art. 5º)")
    form = SecrecyForm(data=asdict(page.said))
    return small_act(
        page,
        form,
        lambda: agreements.change_secrecy(
            actor(), agreement_id=agreement_id, secret=form.secret.data, ground=form.secrecy_ground.data or ""
        ),
        done="Restrição de acesso alterada.",
        anchor="dados",
        names=("secret", "secrecy_ground"),
        verb="Salvar",
        intro=(
            (
                "O registro do acordo continua visível a todos os papéis. A restrição alcança os arquivos: "
                "instrumentos, evidências e documentos emitidos."
            ),
        ),
    )
