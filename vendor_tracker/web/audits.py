"""Audits and inspections (art. 14, IX): the list, one audit whole, and the acts that take it from plan to follow-up."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contracts.vocabulary import CheckResult, FindingSeverity
from vendor_tracker.usecases import audits
from vendor_tracker.usecases.audits import Correction, Seen
from vendor_tracker.usecases.conduct import asking
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError
from vendor_tracker.web.conduct import ChoiceField
from vendor_tracker.web.files import store, upload_help, uploaded
from vendor_tracker.web.forms import DayField, StaffForm, place_error
from vendor_tracker.web.requests import page_size, pager_of
from vendor_tracker.web.shell import actor, page_number, render, tell
from vendor_tracker.wording.documents import DOCUMENT_BUTTONS
from vendor_tracker.wording.labels import inciso_title, label

blueprint = Blueprint("audits", __name__)

STANDINGS: tuple[tuple[str, str], ...] = (("", "Todas"), ("running", "Em curso"), ("ended", "Encerradas"))
"""How the list may be narrowed."""


class MemberField(RadioField):
    """One member of a closed list, by radio buttons; the data are the member or ``None``."""

    data: Any

    def __init__(self, text: str, members: type[StrEnum], validators: Iterable[Any] = (), **options: Any) -> None:
        """Offer every member, in its order."""
        choices = [SelectChoice(member.value, label(member)) for member in members]
        super().__init__(
            text, validators, choices=choices, coerce=_member_of(members), validate_choice=False, **options
        )


def _member_of(members: type[StrEnum]) -> Callable[[Any], StrEnum | None]:
    def read(value: Any) -> StrEnum | None:
        return members(value) if value in set(members) else None

    return read


class IncisosField(SelectMultipleField):
    """Incisos, by checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NoticeForm(StaffForm):
    """The notice of an audit."""

    due_on = DayField(
        "Prazo para responder ao aviso", [InputRequired("Informe até que dia o operador deve responder.")]
    )
    incisos = IncisosField(
        "Informações a pedir com o aviso",
        description="Cada inciso marcado vira um item da requisição, com a pergunta do livro. A ciência da "
        "auditoria é sempre pedida.",
        validate_choice=False,
    )
    short_reason = TextAreaField(
        "Por que o aviso é mais curto", [Optional()], description="Só se o dia planejado não permitir a antecedência."
    )


class CheckForm(StaffForm):
    """What was seen about an item."""

    result = MemberField("Constatação", CheckResult)
    note = TextAreaField(
        "Anotação",
        [Optional()],
        description="O que se viu, onde e com quem. Obrigatória quando não conforme. Sem dados de titulares.",
    )
    evidence_id = ChoiceField("Evidência examinada", whole=True, description="Uma das que já estão em registro.")
    arquivo = FileField("Documento recolhido")
    text = TextAreaField("O que se verifica", [InputRequired("Escreva o que se verifica.")])


class NewCheckForm(StaffForm):
    """An item of one's own."""

    inciso = ChoiceField("Inciso", validators=[InputRequired("Escolha o inciso.")])
    text = TextAreaField("O que se verifica", [InputRequired("Escreva o que se verifica.")], description="Uma frase.")


class FindingForm(StaffForm):
    """A finding and, when there is something to mend at once, the correction."""

    severity = MemberField("Gravidade", FindingSeverity, [InputRequired("Escolha a gravidade.")])
    description = TextAreaField(
        "Achado",
        [InputRequired("Descreva o achado.")],
        description="O que está errado, e em que difere do dever. Vai ao relatório, com estas palavras.",
    )
    correction = TextAreaField(
        "Correção exigida", [Optional()], description="O que o operador deve fazer. Em branco, exija-a depois."
    )
    owner = StringField("Responsável no operador", [Optional()], description="Nome e cargo, se já se sabe.")
    due_on = DayField("Prazo da correção", description="Em branco, conta o da gravidade escolhida.")


class ActionForm(StaffForm):
    """A correction for a finding on record."""

    correction = TextAreaField("Correção exigida", [InputRequired("Diga o que o operador deve corrigir.")])
    owner = StringField("Responsável no operador", [Optional()], description="Nome e cargo, se já se sabe.")
    due_on = DayField("Prazo da correção", description="Em branco, conta o da gravidade do achado.")


class WithdrawForm(StaffForm):
    """Why a finding does not hold."""

    reason = TextAreaField(
        "Motivo",
        [InputRequired("Diga por que o achado não se sustenta.")],
        description="Por exemplo, o que o operador mostrou ao manifestar-se.",
    )


class VerifyForm(StaffForm):
    """What was seen when somebody looked whether it was mended."""

    mended = RadioField(
        "A correção foi feita?",
        [InputRequired("Diga se a correção foi feita.")],
        choices=[
            SelectChoice("sim", "Sim, está corrigido"),
            SelectChoice("nao", "Não, ou não por inteiro: a ação é reaberta"),
        ],
        validate_choice=False,
    )
    on = DayField("Corrigido desde", description="Se foi feita.")
    due_on = DayField("Novo prazo", description="Se não foi feita.")
    how = TextAreaField(
        "O que se viu e onde está a prova",
        [InputRequired("Diga o que se viu e onde está a prova.")],
        description="Documento, visita, teste, evidência ou requisição em que consta.",
    )


class DayForm(StaffForm):
    """The day of something."""

    on = DayField("Realizada em", [InputRequired("Informe o dia.")])


class ConcludeForm(StaffForm):
    """The conclusion."""

    on = DayField("Concluída em", [InputRequired("Informe o dia.")])
    conclusion = TextAreaField(
        "Conclusão", [InputRequired("Escreva a conclusão.")], description="O que se constatou, em poucas linhas."
    )


class RefusalForm(StaffForm):
    """The operator's refusal."""

    on = DayField("Recusada em", [InputRequired("Informe o dia.")])
    reason = TextAreaField(
        "Razões do operador",
        [InputRequired("Diga as razões que o operador apresentou, ou que nenhuma apresentou.")],
        description="E o documento em que constam. Vão ao relatório.",
    )


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------
@blueprint.get("/auditorias")
def index() -> tuple[str, int]:
    """List the audits of every agreement, those ahead or running first."""
    wanted = request.args.get("situacao", "")
    page = audits.index(
        standing=wanted if wanted in dict(STANDINGS) else "",
        number=page_number(request.args),
        size=page_size(audits.PAGE_SIZES),
    )
    pager = pager_of("audits.index", page.total, page.number, page.size, situacao=page.standing)
    return render("audits/index.html", page, pager=pager, standings=STANDINGS)


@blueprint.get("/auditorias/<int:lineage>")
def show(lineage: int) -> tuple[str, int]:
    """Show one audit as a document: plan, notice, checklist, findings, corrections, conclusion."""
    return render("audits/show.html", audits.show(actor(), lineage), buttons=DOCUMENT_BUTTONS)


# ----------------------------------------------------------------------------------------------------------------------
# Acts
# ----------------------------------------------------------------------------------------------------------------------
def _acted(form: StaffForm, act: Callable[[], Any]) -> tuple[bool, int]:
    """Do what a form asks; tells whether it was done and, when not, with which status the form is shown again."""
    if not form.is_submitted():
        return False, 200
    if not form.validate():
        return False, 422
    try:
        act()
    except NotFoundError:
        raise
    except ConflictError as error:
        form.refuse(error.message)
        return False, 409
    except UseCaseError as error:
        place_error(form, error)
        return False, 422
    return True, 303


def _to_audit(lineage: int, anchor: str = "") -> Response:
    return redirect(url_for("audits.show", lineage=lineage, _anchor=anchor or None), code=303)


@blueprint.route("/auditorias/<int:lineage>/aviso", methods=["GET", "POST"])
def notice(lineage: int) -> Response | tuple[str, int]:
    """Tell the operator of the audit, by a request."""
    page = audits.notice_page(lineage)
    form = NoticeForm(data={"due_on": page.due_on, "incisos": [code for code, _ in page.criteria]})
    form.incisos.choices = [SelectChoice(code, f"{code}, {title}") for code, title in page.criteria]
    done, status = _acted(
        form,
        lambda: audits.send_notice(
            actor(),
            audit_lineage=lineage,
            due_on=form.due_on.data,
            incisos=tuple(form.incisos.data or ()),
            short_reason=form.short_reason.data or "",
        ),
    )
    if done:
        tell("Aviso enviado.", "O e-mail ao preposto sai em até um minuto; a requisição mostra a entrega.")
        return _to_audit(lineage, "aviso")
    return render("audits/notice.html", page, status=status, form=form)


@blueprint.post("/auditorias/<int:lineage>/roteiro")
def propose(lineage: int) -> Response:
    """Put on the checklist what the criteria propose."""
    try:
        added = audits.propose_checklist(actor(), audit_lineage=lineage)
    except ConflictError as error:
        flash(error.message, "warn")
    else:
        tell(
            "Roteiro proposto.",
            f"{added} itens, das obrigações e do livro de perguntas. Retire ou acrescente à vontade.",
        )
    return _to_audit(lineage, "roteiro")


@blueprint.route("/auditorias/<int:lineage>/roteiro/novo", methods=["GET", "POST"])
def add_check(lineage: int) -> Response | tuple[str, int]:
    """Add an item of one's own to the checklist."""
    page = audits.form(lineage, "Acrescentar item ao roteiro")
    form = NewCheckForm()
    form.inciso.choices = [
        SelectChoice("", "Escolha"),
        *(SelectChoice(code, f"{code}, {inciso_title(code)}") for code in page.criteria),
    ]
    done, status = _acted(
        form,
        lambda: audits.add_check(
            actor(), audit_lineage=lineage, inciso=form.inciso.data or "", text=form.text.data or ""
        ),
    )
    if done:
        flash("Item acrescentado ao roteiro.", "good")
        return _to_audit(lineage, "roteiro")
    return render("audits/form.html", page, status=status, form=form, about="add_check", verb="Acrescentar item")


@blueprint.route("/auditorias/itens/<int:lineage>", methods=["GET", "POST"])
def check(lineage: int) -> Response | tuple[str, int]:
    """Answer an item of the checklist, put it in other words, or take it off."""
    page = audits.check_page(actor(), lineage)
    line = page.line
    if request.method == "POST" and request.form.get("acao") == "retirar":
        try:
            back = audits.leave_out(actor(), lineage=lineage)
        except ConflictError as error:
            flash(error.message, "warn")
            return redirect(url_for("audits.check", lineage=lineage), code=303)
        flash("Item devolvido ao roteiro." if line.left_out else "Item retirado do roteiro.", "good")
        return _to_audit(back, "roteiro")
    form = CheckForm(
        data={"result": line.result, "note": line.note, "evidence_id": line.evidence_id, "text": line.text}
    )
    form.evidence_id.choices = [
        SelectChoice("", "Nenhuma"),
        *(SelectChoice(identity, text) for identity, text in page.proofs),
    ]
    form.arquivo.description = upload_help()
    answered: list[int | None] = []
    done, status = _acted(
        form,
        lambda: answered.append(
            audits.answer_check(
                actor(),
                store(),
                lineage=lineage,
                seen=Seen(form.result.data, form.note.data or "", form.evidence_id.data, form.text.data),
                upload=uploaded(),
            )
        ),
    )
    if done:
        return _after_check(page, form.result.data, answered[0])
    return render("audits/check.html", page, status=status, form=form)


def _after_check(page: audits.CheckPage, result: CheckResult | None, following: int | None) -> Response:
    """Go where whoever audits goes next: to the finding, to the next item, or back to the audit."""
    if request.form.get("acao") == "achado" and page.performed:
        return redirect(url_for("audits.create_finding", lineage=page.line.lineage), code=303)
    if request.form.get("acao") == "seguinte" and following is not None:
        flash(f"Item {page.line.position} anotado.", "good")
        return redirect(url_for("audits.check", lineage=following), code=303)
    if following is None and result is not None:
        tell(f"Item {page.line.position} anotado.", "Todos os itens do roteiro têm constatação.")
    else:
        flash(f"Item {page.line.position} anotado.", "good")
    return _to_audit(page.audit_lineage, "roteiro")


@blueprint.route("/auditorias/itens/<int:lineage>/achado", methods=["GET", "POST"])
def create_finding(lineage: int) -> Response | tuple[str, int]:
    """Record what an item showed to be wrong."""
    page = audits.new_finding_page(actor(), lineage)
    form = FindingForm(data={"description": page.check.note if page.check else ""})
    done, status = _acted(
        form,
        lambda: audits.record_finding(
            actor(),
            check_lineage=lineage,
            severity=form.severity.data,
            description=form.description.data or "",
            correction=_correction(form) if (form.correction.data or "").strip() else None,
        ),
    )
    if done:
        flash("Achado registrado.", "good")
        return _to_audit(page.audit_lineage, "achados")
    return render("audits/finding.html", page, status=status, form=form)


def _correction(form: FindingForm | ActionForm) -> Correction:
    return Correction(form.correction.data or "", form.due_on.data, form.owner.data or "")


@blueprint.route("/auditorias/achados/<int:lineage>/correcao", methods=["GET", "POST"])
def add_action(lineage: int) -> Response | tuple[str, int]:
    """Require a correction for a finding."""
    page = audits.finding_page(lineage, "Exigir correção")
    form = ActionForm()
    done, status = _acted(
        form, lambda: audits.add_action(actor(), finding_lineage=lineage, correction=_correction(form))
    )
    if done:
        flash("Ação corretiva registrada.", "good")
        return _to_audit(page.audit_lineage, "achados")
    return render("audits/finding.html", page, status=status, form=form)


@blueprint.route("/auditorias/achados/<int:lineage>/retirar", methods=["GET", "POST"])
def withdraw_finding(lineage: int) -> Response | tuple[str, int]:
    """Take back a finding that does not hold."""
    page = audits.finding_page(lineage, "Retirar achado")
    form = WithdrawForm()
    done, status = _acted(
        form, lambda: audits.withdraw_finding(actor(), lineage=lineage, reason=form.reason.data or "")
    )
    if done:
        flash("Achado retirado. Ele continua no registro, com o motivo.", "good")
        return _to_audit(page.audit_lineage, "achados")
    return render("audits/finding.html", page, status=status, form=form)


@blueprint.route("/auditorias/<int:lineage>/requisitar-correcoes", methods=["GET", "POST"])
def ask_actions(lineage: int) -> Response | tuple[str, int]:
    """Ask the operator for every correction of the audit that is owed and not asked yet."""
    page = audits.ask_page(audit_lineage=lineage)
    form = StaffForm()
    done, status = _acted(form, lambda: asking.ask_actions(actor(), lineages=[line.lineage for line in page.lines]))
    if done:
        tell("Correções requisitadas.", "O e-mail ao preposto sai em até um minuto.")
        return _to_audit(lineage, "achados")
    return render("audits/ask.html", page, status=status, form=form)


@blueprint.route("/acoes-corretivas/<int:lineage>/requisitar", methods=["GET", "POST"])
def ask_action(lineage: int) -> Response | tuple[str, int]:
    """Ask the operator for one correction."""
    page = audits.ask_page(action_lineage=lineage)
    form = StaffForm()
    done, status = _acted(form, lambda: asking.ask_actions(actor(), lineages=[lineage]))
    if done:
        tell("Correção requisitada.", "O e-mail ao preposto sai em até um minuto.")
        return redirect(url_for("conduct.show", kind="acao-corretiva", lineage=lineage), code=303)
    return render("audits/ask.html", page, status=status, form=form)


@blueprint.route("/acoes-corretivas/<int:lineage>/conferir", methods=["GET", "POST"])
def verify(lineage: int) -> Response | tuple[str, int]:
    """Record whether a corrective action was carried out."""
    page = audits.verify_page(lineage)
    form = VerifyForm(data={"on": page.answered_on})
    done, status = _acted(
        form,
        lambda: audits.verify_action(
            actor(),
            lineage=lineage,
            mended=form.mended.data == "sim",
            on=form.on.data,
            how=form.how.data or "",
            due_on=form.due_on.data,
        ),
    )
    if done:
        flash("Conferência registrada." if form.mended.data == "sim" else "Ação corretiva reaberta.", "good")
        if page.audit_lineage is not None:
            return _to_audit(page.audit_lineage, "achados")
        return redirect(url_for("conduct.show", kind="acao-corretiva", lineage=lineage), code=303)
    return render("audits/verify.html", page, status=status, form=form)


@blueprint.route("/auditorias/<int:lineage>/realizada", methods=["GET", "POST"])
def perform(lineage: int) -> Response | tuple[str, int]:
    """Record the day on which the audit was carried out."""
    page = audits.form(lineage, "Registrar a realização")
    form = DayForm(data={"on": page.today})
    done, status = _acted(form, lambda: audits.perform(actor(), lineage=lineage, on=form.on.data))
    if done:
        flash("Realização registrada.", "good")
        return _to_audit(lineage)
    return render("audits/form.html", page, status=status, form=form, about="perform", verb="Registrar realização")


@blueprint.route("/auditorias/<int:lineage>/concluir", methods=["GET", "POST"])
def conclude(lineage: int) -> Response | tuple[str, int]:
    """Conclude the audit."""
    page = audits.form(lineage, "Concluir auditoria")
    form = ConcludeForm(data={"on": page.today})
    done, status = _acted(
        form,
        lambda: audits.conclude(actor(), lineage=lineage, on=form.on.data, conclusion=form.conclusion.data or ""),
    )
    if done:
        tell("Auditoria concluída.", "O relatório já pode ser emitido.")
        return _to_audit(lineage)
    return render("audits/form.html", page, status=status, form=form, about="conclude", verb="Concluir auditoria")


@blueprint.route("/auditorias/<int:lineage>/recusa", methods=["GET", "POST"])
def refuse(lineage: int) -> Response | tuple[str, int]:
    """Record that the operator refused or prevented the audit."""
    page = audits.form(lineage, "Registrar recusa da auditoria")
    form = RefusalForm(data={"on": page.today})
    done, status = _acted(
        form,
        lambda: audits.register_refusal(actor(), lineage=lineage, on=form.on.data, reason=form.reason.data or ""),
    )
    if done:
        flash("Recusa registrada: o art. 14, IX, fica descumprido.", "good")
        return _to_audit(lineage)
    return render("audits/form.html", page, status=status, form=form, about="refuse", verb="Registrar recusa")
