"""New versions of clauses: written, previewed, sent, approved; and the agreements that still carry an older text."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contracts.vocabulary import INCISOS, EditionState, Formality
from vendor_tracker.usecases import clause_editions, older_texts
from vendor_tracker.usecases.clause_editions import COMPOUND, EditorPage, Typed
from vendor_tracker.usecases.clause_texts import OF_AGREEMENTS
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError
from vendor_tracker.web.forms import DayField, StaffForm, number_of, place_error
from vendor_tracker.web.shell import actor, page_number, render, settings
from vendor_tracker.wording.filters import day as in_figures
from vendor_tracker.wording.labels import inciso_title, label
from vendor_tracker.wording.parts import build_pager

blueprint = Blueprint("clause_editions", __name__)

SERVABLE = tuple(point for point in Formality if point not in {Formality.KIND, Formality.DISPENSATION})
"""The formalities that the text of a clause can supply."""


class ChecksField(SelectMultipleField):
    """Several of a list, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class EditionForm(StaffForm):
    """A new version of a clause."""

    revision = HiddenField()
    title = StringField("Título da cláusula", [InputRequired("Informe o título."), Length(max=200)])
    body = TextAreaField(
        "Texto",
        [InputRequired("Escreva o texto da cláusula.")],
        description="Itens com “1.”, alíneas com três espaços e “a)”, incisos com seis espaços e “i)”. "
        "*itálico*, **negrito**, {campo} e {{ref:clausula|da #|sem ela}}.",
    )
    incisos = ChecksField(
        "Incisos do art. 14 a que atende",
        choices=[SelectChoice(inciso, f"{inciso} – {inciso_title(inciso)}") for inciso in INCISOS],
        validate_choice=False,
    )
    formalities = ChecksField(
        "Formalidades do art. 6º a que atende",
        choices=[SelectChoice(point.value, label(point)) for point in SERVABLE],
        validate_choice=False,
    )
    applies = SelectField("Entra no documento", validate_choice=False)
    why = TextAreaField(
        "Por que está no documento",
        [InputRequired("Diga por que a cláusula está no documento."), Length(max=1000)],
        description="Uma frase, mostrada a quem confere o documento antes de emitir.",
    )
    reason = TextAreaField(
        "Motivo da mudança",
        [Optional(), Length(max=2000)],
        description="Para quem aprova e para quem, depois, perguntar por que o texto mudou.",
    )
    since = DayField("Vale a partir de", [Optional()])
    words = StringField(
        "Ver com os dados de um acordo",
        [Optional(), Length(max=120)],
        description="Número ou objeto de um acordo. Em branco, um exemplo fictício.",
    )


class ApprovalForm(StaffForm):
    """The approval of a version."""

    revision = HiddenField()
    since = DayField(
        "Vale a partir de",
        [InputRequired("Informe o dia a partir do qual a versão vale.")],
        description="Hoje ou um dia futuro: o que foi emitido e avaliado até ontem usou o texto de então.",
    )


class ReasonForm(StaffForm):
    """A version given back or withdrawn, and why."""

    revision = HiddenField()
    reason = TextAreaField("Motivo", [InputRequired("Explique o motivo."), Length(max=2000)])


def _filled(page: EditorPage) -> EditionForm:
    """Return the form over what is on record."""
    return EditionForm(
        formdata=None,
        data={
            "revision": page.revision,
            "title": page.typed.title,
            "body": page.typed.body,
            "incisos": list(page.typed.incisos),
            "formalities": [point.value for point in page.typed.formalities],
            "applies": page.typed.applies,
            "why": page.typed.why,
            "reason": page.typed.reason,
            "since": page.typed.since or page.first_day,
        },
    )


def _conditions(page: EditorPage) -> list[SelectChoice]:
    compound = [SelectChoice(COMPOUND, f"Quando {page.compound}")] if page.compound else []
    return compound + [
        SelectChoice(name, "Sempre" if name == "always" else f"Quando {words}") for name, words in OF_AGREEMENTS.items()
    ]


def _typed(form: EditionForm) -> Typed:
    known = {point.value: point for point in Formality}
    return Typed(
        title=form.title.data or "",
        body=form.body.data or "",
        incisos=tuple(inciso for inciso in form.incisos.data or () if inciso in INCISOS),
        formalities=tuple(known[value] for value in form.formalities.data or () if value in known),
        applies=form.applies.data or "",
        why=form.why.data or "",
        reason=form.reason.data or "",
        since=form.since.data,
    )


@blueprint.route("/biblioteca/<clause_id>/nova-versao", methods=["GET", "POST"])
def create(clause_id: str) -> Response | tuple[str, int]:
    """Show the page for writing a new version; a POST previews, keeps or sends what was typed."""
    form = EditionForm()
    status = 200
    if form.is_submitted():
        asked = request.form.get("acao", "previa")
        sound = form.validate()
        if sound and asked in {"salvar", "enviar"}:
            try:
                lineage = clause_editions.save(
                    actor(),
                    clause_id=clause_id,
                    revision=number_of(form.revision.data) or 0,
                    typed=_typed(form),
                    submit=asked == "enviar",
                )
            except NotFoundError:
                raise
            except UseCaseError as error:
                place_error(form, error)
                status = 409 if isinstance(error, ConflictError) else 422
            else:
                if asked == "enviar":
                    flash("Versão enviada. Outra pessoa do jurídico precisa aprová-la.", "good")
                    return redirect(url_for("clause_editions.show", lineage=lineage), code=303)
                flash("Rascunho salvo.", "good")
                return redirect(url_for("clause_editions.create", clause_id=clause_id), code=303)
        elif not sound:
            status = 422
        page = clause_editions.editor_page(
            settings().body,
            clause_id=clause_id,
            typed=_typed(form),
            revision=number_of(form.revision.data) or 0,
            words=form.words.data or "",
        )
    else:
        page = clause_editions.editor_page(settings().body, clause_id=clause_id)
        if page.waiting:
            flash("Já há uma versão desta cláusula à espera de aprovação.", "warn")
            return redirect(url_for("clause_editions.show", lineage=page.edition), code=303)
        form = _filled(page)
    form.applies.choices = _conditions(page)
    return render("library/edit.html", page, status=status, form=form)


@blueprint.get("/biblioteca/edicoes")
def index() -> tuple[str, int]:
    """List the versions written in the product."""
    asked = request.args.get("situacao", "")
    state = EditionState(asked) if asked in {each.value for each in EditionState} else None
    page = clause_editions.index(state=state, page=page_number(request.args))
    pager = build_pager(
        page.total,
        page.number,
        page.size,
        lambda number, _size: url_for("clause_editions.index", situacao=asked or None, pagina=number),
        sizes=(),
    )
    return render("library/editions.html", page, pager=pager, states=tuple(EditionState))


def _edition(
    lineage: int, *, status: int = 200, approval: ApprovalForm | None = None, reason: ReasonForm | None = None
) -> tuple[str, int]:
    page = clause_editions.edition_page(
        actor(), settings().body, lineage=lineage, words=request.args.get("acordo", "")[:120]
    )
    if approval is None:
        since = max(page.since, page.first_day) if page.since else page.first_day
        approval = ApprovalForm(formdata=None, data={"since": since, "revision": page.revision})
    if reason is None:
        reason = ReasonForm(formdata=None, data={"revision": page.revision})
    return render("library/edition.html", page, status=status, approval=approval, reason=reason)


@blueprint.get("/biblioteca/edicoes/<int:lineage>")
def show(lineage: int) -> tuple[str, int]:
    """Show a version: what changes, what was done about it, and what this person may decide."""
    return _edition(lineage)


@blueprint.post("/biblioteca/edicoes/<int:lineage>/aprovacao")
def approve(lineage: int) -> Response | tuple[str, int]:
    """Approve a version that another person wrote."""
    form = ApprovalForm()
    status = 422
    if form.validate():
        try:
            clause_editions.approve(
                actor(), lineage=lineage, revision=number_of(form.revision.data) or 0, since=form.since.data
            )
        except NotFoundError:
            raise
        except UseCaseError as error:
            place_error(form, error)
            status = 409 if isinstance(error, ConflictError) else 422
        else:
            flash(f"Versão aprovada; vale a partir de {in_figures(form.since.data)}.", "good")
            return redirect(url_for("clause_editions.show", lineage=lineage), code=303)
    return _edition(lineage, status=status, approval=form)


@blueprint.post("/biblioteca/edicoes/<int:lineage>/devolucao")
def give_back(lineage: int) -> Response | tuple[str, int]:
    """Give a version back to be written on."""
    return _with_reason(lineage, clause_editions.give_back, "Versão devolvida; volta a ser rascunho.")


@blueprint.post("/biblioteca/edicoes/<int:lineage>/retirada")
def withdraw(lineage: int) -> Response | tuple[str, int]:
    """Give up a version that does not hold yet."""
    return _with_reason(lineage, clause_editions.withdraw, "Versão retirada.")


def _with_reason(lineage: int, decide: Any, done: str) -> Response | tuple[str, int]:
    form = ReasonForm()
    status = 422
    if form.validate():
        try:
            decide(actor(), lineage=lineage, revision=number_of(form.revision.data) or 0, reason=form.reason.data or "")
        except NotFoundError:
            raise
        except UseCaseError as error:
            place_error(form, error)
            status = 409 if isinstance(error, ConflictError) else 422
        else:
            flash(done, "good")
            return redirect(url_for("clause_editions.show", lineage=lineage), code=303)
    return _edition(lineage, status=status, reason=form)


@blueprint.get("/biblioteca/<clause_id>/comparar")
def compare(clause_id: str) -> tuple[str, int]:
    """Show two versions of a clause, word by word."""
    page = clause_editions.comparison(
        clause_id=clause_id, old=number_of(request.args.get("de")), new=number_of(request.args.get("ate"))
    )
    return render("library/compare.html", page)


@blueprint.get("/biblioteca/desatualizados")
def outdated() -> tuple[str, int]:
    """List the agreements that carry an older text of a clause."""
    asked = request.args.get("assinatura", "")
    page = older_texts.index(
        clause_id=request.args.get("clausula", "")[:60],
        signed={"assinado": True, "emitido": False}.get(asked),
        words=request.args.get("q", "")[:200],
        page=page_number(request.args),
    )
    pager = build_pager(
        page.total,
        page.number,
        page.size,
        lambda number, _size: url_for(
            "clause_editions.outdated",
            clausula=page.clause_id or None,
            assinatura=asked or None,
            q=page.words or None,
            pagina=number,
        ),
        sizes=(),
    )
    return render("library/outdated.html", page, pager=pager, asked=asked)
