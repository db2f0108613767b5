"""Instructions and pleas for help that reach the operator as requests, and the court's own clock of art. 11."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired

from contracts.vocabulary import Requester
from vendor_tracker.usecases.conduct import asking
from vendor_tracker.usecases.conduct.asking import NewAssistance
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError
from vendor_tracker.web.forms import DayField, SlugField, StaffForm, place_error
from vendor_tracker.web.shell import actor, render, tell
from vendor_tracker.wording.filters import day

blueprint = Blueprint("matters", __name__)


class SendInstructionForm(StaffForm):
    """An instruction or a directive."""

    text = TextAreaField(
        "Instrução",
        [InputRequired("Escreva a instrução.")],
        description="O operador a lê com estas palavras. Uma instrução por vez: cada uma se prova à parte.",
    )
    due_on = DayField(
        "Prazo para cumprir",
        description="Um dia útil. Em branco, é diretriz: vale até que o órgão a altere, e só se pede a ciência.",
    )


class AskAssistanceForm(StaffForm):
    """Help towards a data subject, an authority or another party."""

    requester = SlugField(
        "Quem pediu ao órgão", Requester, blank="Escolha", validators=[InputRequired("Diga quem pediu ao órgão.")]
    )
    protocol_on = DayField(
        "Protocolo do pedido ao órgão", description="Se for titular, deste dia contam os 15 dias do art. 11."
    )
    court_due_on = DayField(
        "Prazo dado ao órgão",
        description="Só se uma autoridade ou outro interessado o fixou. O do titular é o do art. 11.",
    )
    subject = StringField(
        "Assunto",
        [InputRequired("Diga o assunto, sem identificar o titular.")],
        description="Sem identificar o titular, por exemplo “confirmação de tratamento, protocolo 123”.",
    )
    question = TextAreaField(
        "O que o operador deve fazer, informar ou entregar",
        [InputRequired("Diga o que o operador deve fazer, informar ou entregar.")],
        description="Não escreva nome, CPF nem outro dado do titular: use o número do protocolo.",
    )
    due_on = DayField("Prazo do operador", description="Em branco, conta o que está dito acima.")
    wants_file = BooleanField("Pedir arquivo na resposta")


class ExtendCourtTermForm(StaffForm):
    """The reasons for the one extension of art. 11."""

    reason = TextAreaField(
        "Justificativa fundamentada",
        [InputRequired("Escreva a justificativa fundamentada que o art. 11 exige.")],
        description="Por que os primeiros quinze dias não bastam. Sem dados do titular.",
    )


def _back(kind: str, lineage: int) -> Response:
    return redirect(url_for("conduct.show", kind=kind, lineage=lineage), code=303)


@blueprint.route("/acordos/<int:agreement_id>/instrucoes/nova", methods=["GET", "POST"])
def send_instruction(agreement_id: int) -> Response | tuple[str, int]:
    """Send an instruction to the operator."""
    page = asking.instruction_page(agreement_id)
    form = SendInstructionForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                lineage = asking.send_instruction(
                    actor(), agreement_id=agreement_id, text=form.text.data or "", due_on=form.due_on.data
                )
            except NotFoundError:
                raise
            except UseCaseError as error:
                place_error(form, error)
            else:
                tell("Instrução enviada.", "O e-mail ao preposto sai em até um minuto.")
                return _back("instrucao", lineage)
    return render("matters/instruction.html", page, status=status, form=form)


@blueprint.route("/acordos/<int:agreement_id>/auxilios/novo", methods=["GET", "POST"])
def ask_assistance(agreement_id: int) -> Response | tuple[str, int]:
    """Ask the operator for help."""
    page = asking.assistance_page(agreement_id)
    form = AskAssistanceForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate() and form.requester.data is not None:
            asked = NewAssistance(
                subject=form.subject.data or "",
                question=form.question.data or "",
                requester=form.requester.data,
                protocol_on=form.protocol_on.data,
                court_due_on=form.court_due_on.data,
                due_on=form.due_on.data,
                wants_file=bool(form.wants_file.data),
            )
            try:
                lineage = asking.ask_assistance(actor(), agreement_id=agreement_id, asked=asked)
            except NotFoundError:
                raise
            except UseCaseError as error:
                place_error(form, error)
            else:
                tell("Auxílio pedido.", "O e-mail ao preposto sai em até um minuto.")
                return _back("auxilio", lineage)
    return render("matters/assistance.html", page, status=status, form=form)


@blueprint.route("/auxilios/<int:lineage>/prorrogar", methods=["GET", "POST"])
def extend_court_term(lineage: int) -> Response | tuple[str, int]:
    """Extend once the court's own term towards the data subject."""
    page = asking.extension_page(lineage)
    form = ExtendCourtTermForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                until = asking.extend_court_term(actor(), lineage=lineage, reason=form.reason.data or "")
            except ConflictError as error:
                form.refuse(error.message)
                status = 409
            except UseCaseError as error:
                place_error(form, error)
            else:
                tell(
                    "Prazo do órgão prorrogado.",
                    f"Termina agora em {day(until)}. O prazo do operador continua o mesmo.",
                )
                return _back("auxilio", lineage)
    return render("matters/extension.html", page, status=status, form=form)
