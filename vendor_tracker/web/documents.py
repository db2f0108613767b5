"""Documents of the clause library: read before they are issued, issued in Word, proposed to the operator."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contracts.vocabulary import INCISOS, Formality
from vendor_tracker import clock
from vendor_tracker.usecases import documents
from vendor_tracker.usecases.conduct import KINDS
from vendor_tracker.usecases.document_kinds import KIND_NAMES, OF_AGREEMENT, kinds_about
from vendor_tracker.usecases.work import NotFoundError, UseCaseError
from vendor_tracker.web.files import store
from vendor_tracker.web.forms import DayField, StaffForm, WholeField, place_error
from vendor_tracker.web.shell import actor, page_number, render, settings, tell
from vendor_tracker.wording.documents import COMPLETED_BY, DOCUMENT_BUTTONS, DOCUMENT_LEDES
from vendor_tracker.wording.labels import label
from vendor_tracker.wording.parts import build_pager

blueprint = Blueprint("documents", __name__)

POINT_NAMES: Mapping[str, str] = {
    **{inciso: f"inciso {inciso}" for inciso in INCISOS},
    **{formality.value: label(formality) for formality in Formality},
}
"""How a point that a clause serves is printed."""


class IssueForm(StaffForm):
    """What may still be chosen before issuing."""

    number = WholeField(
        "Número de ordem do termo aditivo",
        [Optional(), NumberRange(1, 99, message="Use um número de 1 a 99.")],
        description="Proposto pelo que está em registro. Confira no processo.",
    )


class ProposeForm(StaffForm):
    """When a document was handed to the operator."""

    proposed_on = DayField(
        "Entregue ao operador em",
        [InputRequired("Informe o dia.")],
        description="A recusa de assinar as cláusulas requeridas descumpre o art. 14, IV; o prazo conta deste dia.",
    )
    note = TextAreaField(
        "Como foi entregue", [Optional(), Length(max=2000)], description="Por exemplo, o ofício ou o SEI."
    )


class AnswerForm(StaffForm):
    """What became of a proposal."""

    signed_on = DayField("Assinada em", description="Depois, registre o instrumento assinado e confira-o.")
    refused_on = DayField("Recusada em", description="Só a recusa expressa. O silêncio já aparece pelo prazo.")
    note = TextAreaField("Observações", [Optional(), Length(max=2000)])


def _kind(choices: Sequence[str]) -> str:
    """Return the document that the address asks for, the first of the choices when it asks for none."""
    kind = request.args.get("tipo", choices[0])
    if kind not in choices:
        message = "Este tipo de documento não existe."
        raise NotFoundError(message)
    return kind


def _draft_page(
    kind: str, *, agreement_id: int | None = None, subject_id: int | None = None
) -> Response | tuple[str, int]:
    """Show the document as it would be issued; a POST issues it."""
    form = IssueForm()
    body = settings().body
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                issued = documents.issue(
                    actor(),
                    store(),
                    body,
                    kind=kind,
                    agreement_id=agreement_id,
                    subject_id=subject_id,
                    number=form.number.data,
                )
            except NotFoundError:
                raise
            except UseCaseError as error:
                place_error(form, error)
            else:
                tell("Documento emitido.", f"Código de verificação: {issued.row.code}.")
                return redirect(url_for("documents.show", document_id=issued.row.id), code=303)
    page = documents.preview(body, kind=kind, agreement_id=agreement_id, subject_id=subject_id)
    if not form.number.raw_data:
        form.number.data = page.number
    return render(
        "documents/create.html",
        page,
        status=status,
        form=form,
        point_names=POINT_NAMES,
        buttons=DOCUMENT_BUTTONS,
        lede=DOCUMENT_LEDES[kind],
        completed_by=COMPLETED_BY,
    )


@blueprint.route("/acordos/<int:agreement_id>/documentos/novo", methods=["GET", "POST"])
def create(agreement_id: int) -> Response | tuple[str, int]:
    """Draft and issue a document about the agreement alone."""
    return _draft_page(_kind(OF_AGREEMENT), agreement_id=agreement_id)


@blueprint.route("/requisicoes/<int:request_id>/documento", methods=["GET", "POST"])
def of_request(request_id: int) -> Response | tuple[str, int]:
    """Draft and issue a request as a paper."""
    return _draft_page(_kind(kinds_about("request")), subject_id=request_id)


@blueprint.route("/fatos/<kind>/<int:lineage>/documento", methods=["GET", "POST"])
def of_fact(kind: str, lineage: int) -> Response | tuple[str, int]:
    """Draft and issue a document about an audit, an incident, a disposal or an authorised person."""
    choices = kinds_about(KINDS[kind].record) if kind in KINDS else ()
    if not choices:
        message = "Não há documento sobre este tipo de registro."
        raise NotFoundError(message)
    return _draft_page(_kind(choices), subject_id=lineage)


@blueprint.get("/documentos")
def index() -> tuple[str, int]:
    """List what was issued."""
    page = documents.index(
        kind=request.args.get("tipo", ""), words=request.args.get("q", "")[:200], page=page_number(request.args)
    )
    pager = build_pager(
        page.total,
        page.number,
        page.size,
        lambda number, _size: url_for("documents.index", tipo=page.kind or None, q=page.words or None, pagina=number),
        sizes=(),
    )
    return render("documents/index.html", page, pager=pager, kinds=KIND_NAMES)


@blueprint.get("/documentos/<int:document_id>")
def show(document_id: int) -> tuple[str, int]:
    """Show an issued document, its clauses, its file and what became of it."""
    page = documents.show(actor(), document_id=document_id)
    form = ProposeForm()
    form.proposed_on.data = clock.today()
    return render("documents/show.html", page, form=form, point_names=POINT_NAMES)


@blueprint.post("/documentos/<int:document_id>/proposta")
def propose(document_id: int) -> Response | tuple[str, int]:
    """Record that the document was handed to the operator for signature."""
    form = ProposeForm()
    if form.validate():
        try:
            documents.propose(
                actor(), document_id=document_id, proposed_on=form.proposed_on.data, note=form.note.data or ""
            )
        except NotFoundError:
            raise
        except UseCaseError as error:
            place_error(form, error)
        else:
            flash("Proposta registrada. Registre aqui a assinatura ou a recusa quando vier.", "good")
            return redirect(url_for("documents.show", document_id=document_id), code=303)
    page = documents.show(actor(), document_id=document_id)
    return render("documents/show.html", page, status=422, form=form, point_names=POINT_NAMES)


@blueprint.route("/propostas/<int:lineage>", methods=["GET", "POST"])
def proposal(lineage: int) -> Response | tuple[str, int]:
    """Record that the operator signed or refused."""
    page = documents.proposal_page(lineage=lineage)
    form = AnswerForm(obj=page.proposal)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                documents.answer_proposal(
                    actor(),
                    lineage=lineage,
                    refused_on=form.refused_on.data,
                    signed_on=form.signed_on.data,
                    note=form.note.data or "",
                )
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash("Resposta do operador registrada.", "good")
                if page.document is None:
                    return redirect(url_for("documents.proposal", lineage=lineage), code=303)
                return redirect(url_for("documents.show", document_id=page.document.id), code=303)
    return render("documents/proposal.html", page, status=status, form=form)
