"""Operators: the list, the page of one, its data and who answers for it."""

from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from contracts.vocabulary import ContactRole, Regime
from vendor_tracker import clock
from vendor_tracker.usecases import operators
from vendor_tracker.usecases.work import NotFoundError
from vendor_tracker.web.forms import number_of
from vendor_tracker.web.forms_operators import ContactForm, NewOperatorForm, OperatorForm
from vendor_tracker.web.forms_register import REGIME_HINTS, UntilForm, attempt
from vendor_tracker.web.judged import address
from vendor_tracker.web.shell import actor, page_number, render
from vendor_tracker.wording.labels import label
from vendor_tracker.wording.parts import PAGE_SIZES, Page, Pager, build_pager
from vendor_tracker.wording.register import SOURCE_LABELS, STAGE_LABELS, country

blueprint = Blueprint("operators", __name__, url_prefix="/operadores")


SHOWN = 50
"""Lines of a list, unless the reader asks for more or fewer."""


def page_size(default: int = SHOWN) -> int:
    """Return the page size asked for, when it is one of those offered."""
    text = request.args.get("por-pagina", "")
    return int(text) if text.isdecimal() and int(text) in PAGE_SIZES else default


def pager(endpoint: str, total: int, number: int, size: int, **values: Any) -> Pager:
    """Build the pager of the list at ``endpoint``; the filters in the query stay."""
    kept = {key: value for key, value in request.args.items() if key not in {"pagina", "por-pagina"} and value}

    def url_of(page: int, each: int) -> str:
        asked: dict[str, Any] = dict(kept)
        if page > 1:
            asked["pagina"] = page
        if each != SHOWN:
            asked["por-pagina"] = each
        return url_for(endpoint, **values, **asked)

    return build_pager(total, number, size, url_of)


@blueprint.get("")
def index() -> tuple[str, int]:
    """List the operators."""
    words = request.args.get("texto", "").strip()[:200]
    regime = request.args.get("regime", "")
    order = "worst" if request.args.get("ordem") == "situacao" else "name"
    page = operators.index(words=words, regime=regime, order=order, number=page_number(request.args), size=page_size())
    return render(
        "operators/index.html",
        page,
        words=words,
        regime=regime,
        order=order,
        regimes=[("", "Todos"), *((member.value, label(member)) for member in Regime), ("none", "Não informado")],
        pager=pager("operators.index", page.total, page.number, page.size),
    )


@blueprint.route("/novo", methods=["GET", "POST"])
def create() -> Response | tuple[str, int]:
    """Register an operator by hand."""
    form = NewOperatorForm()
    made: list[int] = []
    status = attempt(
        form,
        lambda: made.append(
            operators.register_operator(
                actor(),
                cnpj=form.cnpj.data,
                foreign_id=form.foreign_id.data,
                name=form.name.data or "",
                regime=form.regime.data,
                country=form.country.data or "BR",
                address=form.address.data or "",
            )
        ),
    )
    if status == 303:
        flash("Operador registrado. Registre agora quem responde por ele e o acordo que o liga ao órgão.", "good")
        return redirect(url_for("operators.show", operator_id=made[0]), code=303)
    page = Page("Registrar operador")
    return render("operators/form.html", page, status=status, form=form, values=None, regime_hints=REGIME_HINTS)


@blueprint.get("/<int:operator_id>")
def show(operator_id: int) -> tuple[str, int]:
    """Show one operator."""
    page = operators.show(operator_id=operator_id)
    scorecard = address("boletim.show", operator_id=operator_id)
    return render(
        "operators/show.html",
        page,
        scorecard=scorecard,
        stages=STAGE_LABELS,
        source=SOURCE_LABELS.get(page.source, page.source),
        country=country(page.country),
        preposto_missing=page.lacks(ContactRole.PREPOSTO),
        proof_url=lambda proof_id: (
            address("evidence.show", evidence_id=proof_id) or address("evidence.review", evidence_id=proof_id)
        ),
    )


@blueprint.route("/<int:operator_id>/editar", methods=["GET", "POST"])
def edit(operator_id: int) -> Response | tuple[str, int]:
    """Change what is on record about an operator."""
    values = operators.form_values(operator_id=operator_id)
    form = OperatorForm(data=asdict(values))
    status = attempt(
        form,
        lambda: operators.change_operator(
            actor(),
            operator_id=operator_id,
            name=form.name.data or "",
            regime=form.regime.data,
            country=form.country.data or "BR",
            address=form.address.data or "",
        ),
    )
    if status == 303:
        flash("Dados do operador alterados.", "good")
        return redirect(url_for("operators.show", operator_id=operator_id), code=303)
    page = Page("Editar operador")
    return render("operators/form.html", page, status=status, form=form, values=values, regime_hints=REGIME_HINTS)


def _to_contacts(operator_id: int, sentence: str) -> Response:
    """Return to the operator's contacts, saying what was done."""
    flash(sentence, "good")
    return redirect(url_for("operators.show", operator_id=operator_id, _anchor="contatos"), code=303)


def _label_of(contact: operators.ContactValues) -> str:
    return f"{label(contact.role)}: {contact.name}" if contact.role else contact.name


@blueprint.route("/<int:operator_id>/contatos/novo", methods=["GET", "POST"])
def add_contact(operator_id: int) -> Response | tuple[str, int]:
    """Register who answers for an operator, or who follows a present contact (``?substitui=``)."""
    replaces = number_of(request.args.get("substitui"))
    former = operators.contact_values(operator_id=operator_id, lineage=replaces) if replaces else None
    values = operators.contact_values(operator_id=operator_id, agreement_id=number_of(request.args.get("acordo")))
    role = former.role if former else None
    if role is None and request.args.get("funcao") in {member.value for member in ContactRole}:
        role = ContactRole(request.args["funcao"])
    form = ContactForm(
        data={
            "role": role,
            "since": clock.today(),
            "agreement": former.agreement_id if former else values.agreement_id,
            "email": former.email if former and former.role is ContactRole.INCIDENT_CHANNEL else "",
        }
    )
    form.agreement.offer(values.agreements)
    status = attempt(
        form,
        lambda: operators.add_contact(
            actor(), operator_id=operator_id, replaces=replaces, since=form.since.data, **_typed(form)
        ),
    )
    if status == 303:
        return _to_contacts(operator_id, "Contato registrado.")
    title = "Substituir contato" if former else "Registrar contato"
    return render(
        "operators/contact.html",
        Page(title),
        status=status,
        form=form,
        values=values,
        former=_label_of(former) if former else "",
        verb="Registrar contato",
    )


@blueprint.route("/<int:operator_id>/contatos/<int:lineage>/editar", methods=["GET", "POST"])
def edit_contact(operator_id: int, lineage: int) -> Response | tuple[str, int]:
    """Correct a contact."""
    values = operators.contact_values(operator_id=operator_id, lineage=lineage)
    form = ContactForm(data={**asdict(values), "agreement": values.agreement_id})
    form.agreement.offer(values.agreements)
    status = attempt(
        form,
        lambda: operators.correct_contact(
            actor(), operator_id=operator_id, lineage=lineage, since=form.since.data, **_typed(form)
        ),
    )
    if status == 303:
        return _to_contacts(operator_id, "Contato corrigido. O que estava antes continua no histórico.")
    return render(
        "operators/contact.html",
        Page("Corrigir contato"),
        status=status,
        form=form,
        values=values,
        former="",
        verb="Salvar correção",
    )


def _typed(form: ContactForm) -> dict[str, Any]:
    return {
        "role": form.role.data,
        "name": form.name.data or "",
        "email": form.email.data or "",
        "phone": form.phone.data or "",
        "document": form.document.data or "",
        "reachable_always": form.reachable_always.data,
        "agreement_id": form.agreement.data,
    }


@blueprint.route("/<int:operator_id>/contatos/<int:lineage>/encerrar", methods=["GET", "POST"])
def end_contact(operator_id: int, lineage: int) -> Response | tuple[str, int]:
    """Record the last day of a contact."""
    values = operators.contact_values(operator_id=operator_id, lineage=lineage)
    if values.until is not None:
        raise NotFoundError("Este contato já foi encerrado.")
    form = UntilForm(data={"until": clock.today()})
    status = attempt(
        form,
        lambda: operators.end_contact(
            actor(), operator_id=operator_id, lineage=lineage, until=form.until.data or date.min
        ),
    )
    if status == 303:
        return _to_contacts(operator_id, "Contato encerrado.")
    return render(
        "operators/end_contact.html",
        Page("Encerrar contato"),
        status=status,
        form=form,
        values=values,
        contact=_label_of(values),
    )
