"""Item templates of requests: read by inciso, written anew, approved by a second person, withdrawn from a day."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from contracts.questions import TITLE_LIMIT
from contracts.vocabulary import INCISOS, EditionState, EvidenceKind
from vendor_tracker.usecases import question_editions
from vendor_tracker.usecases.question_editions import EditorPage, Typed
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError
from vendor_tracker.web.forms import DayField, SlugsField, StaffForm, number_of, place_error
from vendor_tracker.web.shell import actor, page_number, render
from vendor_tracker.wording.filters import day as in_figures
from vendor_tracker.wording.labels import inciso_title
from vendor_tracker.wording.parts import build_pager

blueprint = Blueprint("questions", __name__, url_prefix="/requisicoes/modelos")

SECTION_WORDS = {
    "evidence": "Prova",
    "inciso": "Inciso como um todo",
    "confirmation": "Confirmação periódica",
    "extra": "Item do órgão",
}
"""What each kind of item is called."""


class ItemForm(StaffForm):
    """A new edition of an item, or a new item."""

    revision = HiddenField()
    inciso = SelectField(
        "Inciso do art. 14",
        choices=[SelectChoice(inciso, f"{inciso} – {inciso_title(inciso)}") for inciso in INCISOS],
        validate_choice=False,
    )
    title = StringField(
        "Título do item",
        [InputRequired("Informe o título."), Length(max=TITLE_LIMIT)],
        description="Curto: é o que o operador lê no e-mail.",
    )
    question = TextAreaField(
        "Pergunta",
        [InputRequired("Escreva a pergunta."), Length(max=4000)],
        description="Diga o que enviar, de que período e o que deve constar. {body} vira a sigla do órgão.",
    )
    help = StringField(
        "Ajuda ao operador",
        [Optional(), Length(max=300)],
        description="Uma frase ao lado da pergunta: o que serve, o que não serve, o que ocultar.",
    )
    wants_file = BooleanField("Exigir arquivo", description="Sem esta marca, basta responder por escrito.")
    kinds = SlugsField(
        "Provas que servem",
        EvidenceKind,
        description="Basta uma. Sem nenhuma, valem as da regra do inciso; em item do órgão, a resposta não vira prova.",
    )
    periodic = BooleanField(
        "Perguntar em toda requisição completa",
        description="Sem esta marca, o item só entra quando alguém o escolhe.",
    )
    retires = BooleanField(
        "Deixar de pedir este item",
        description="A partir do dia abaixo ele sai da lista. O que já foi pedido continua valendo.",
    )
    reason = TextAreaField(
        "Motivo da mudança",
        [Optional(), Length(max=2000)],
        description="Para quem aprova e para quem, depois, perguntar por que a pergunta mudou.",
    )
    since = DayField("Vale a partir de", [Optional()])


class ApprovalForm(StaffForm):
    """The approval of an edition."""

    revision = HiddenField()
    since = DayField(
        "Vale a partir de",
        [InputRequired("Informe o dia a partir do qual a versão vale.")],
        description="Hoje ou um dia futuro: o que já foi pedido fica com as palavras de então.",
    )


class ReasonForm(StaffForm):
    """An edition given back or withdrawn, and why."""

    revision = HiddenField()
    reason = TextAreaField("Motivo", [InputRequired("Explique o motivo."), Length(max=2000)])


def _filled(page: EditorPage) -> ItemForm:
    """Return the form over what is on record."""
    typed = page.typed
    return ItemForm(
        formdata=None,
        data={
            "revision": page.revision,
            "inciso": page.inciso,
            "title": typed.title,
            "question": typed.question,
            "help": typed.help,
            "wants_file": typed.wants_file,
            "kinds": [kind.value for kind in typed.kinds],
            "periodic": typed.periodic,
            "retires": typed.retires,
            "reason": typed.reason,
            "since": typed.since or page.first_day,
        },
    )


def _typed(form: ItemForm) -> Typed:
    return Typed(
        title=form.title.data or "",
        question=form.question.data or "",
        help=form.help.data or "",
        wants_file=bool(form.wants_file.data),
        kinds=tuple(form.kinds.data or ()),
        periodic=bool(form.periodic.data),
        retires=bool(form.retires.data),
        reason=form.reason.data or "",
        since=form.since.data,
    )


@blueprint.get("")
def index() -> tuple[str, int]:
    """List every item template by inciso, with the law."""
    return render("questions/index.html", question_editions.templates_page(), sections=SECTION_WORDS)


@blueprint.route("/novo", methods=["GET", "POST"])
def add() -> Response | tuple[str, int]:
    """Write an item of the organisation's own."""
    return _write("")


@blueprint.get("/<key>")
def show(key: str) -> tuple[str, int]:
    """Show one item: its words, what it serves, its history."""
    return render("questions/show.html", question_editions.show(key), sections=SECTION_WORDS)


@blueprint.route("/<key>/nova-versao", methods=["GET", "POST"])
def create(key: str) -> Response | tuple[str, int]:
    """Show the page for writing a new edition; a POST previews, keeps or sends what was typed."""
    return _write(key)


def _write(key: str) -> Response | tuple[str, int]:
    form = ItemForm()
    status = 200
    if form.is_submitted():
        asked = request.form.get("acao", "previa")
        if form.validate():
            if asked in {"salvar", "enviar"}:
                try:
                    lineage = question_editions.save(
                        actor(),
                        key=key,
                        inciso=form.inciso.data or "",
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
                    sent = asked == "enviar"
                    flash(
                        "Versão enviada. Outra pessoa do jurídico precisa aprová-la." if sent else "Rascunho salvo.",
                        "good",
                    )
                    return redirect(url_for("questions.edition", lineage=lineage), code=303)
        else:
            status = 422
        typed = _typed(form)
        page = (
            question_editions.editor_page(key, typed=typed, revision=number_of(form.revision.data) or 0)
            if key
            else question_editions.new_page(inciso=form.inciso.data or "", typed=typed)
        )
    else:
        page = (
            question_editions.editor_page(key)
            if key
            else question_editions.new_page(inciso=request.args.get("inciso", ""))
        )
        if page.waiting:
            flash("Já há uma versão deste item à espera de aprovação.", "warn")
            return redirect(url_for("questions.edition", lineage=page.edition), code=303)
        form = _filled(page)
    return render("questions/edit.html", page, status=status, form=form, sections=SECTION_WORDS)


@blueprint.get("/<key>/comparar")
def compare(key: str) -> tuple[str, int]:
    """Show two editions of an item, word by word."""
    page = question_editions.comparison(
        key=key, old=number_of(request.args.get("de")), new=number_of(request.args.get("ate"))
    )
    return render("questions/compare.html", page)


@blueprint.get("/edicoes")
def editions() -> tuple[str, int]:
    """List the editions written in the product."""
    asked = request.args.get("situacao", "")
    state = EditionState(asked) if asked in {each.value for each in EditionState} else None
    page = question_editions.index(state=state, page=page_number(request.args))
    pager = build_pager(
        page.total,
        page.number,
        page.size,
        lambda number, _size: url_for("questions.editions", situacao=asked or None, pagina=number),
        sizes=(),
    )
    return render("questions/editions.html", page, pager=pager, states=tuple(EditionState))


def _edition(
    lineage: int, *, status: int = 200, approval: ApprovalForm | None = None, reason: ReasonForm | None = None
) -> tuple[str, int]:
    page = question_editions.edition_page(actor(), lineage=lineage)
    if approval is None:
        since = max(page.since, page.first_day) if page.since else page.first_day
        approval = ApprovalForm(formdata=None, data={"since": since, "revision": page.revision})
    if reason is None:
        reason = ReasonForm(formdata=None, data={"revision": page.revision})
    return render(
        "questions/edition.html", page, status=status, approval=approval, reason=reason, sections=SECTION_WORDS
    )


@blueprint.get("/edicoes/<int:lineage>")
def edition(lineage: int) -> tuple[str, int]:
    """Show an edition: what changes, what was done about it, and what this person may decide."""
    return _edition(lineage)


@blueprint.post("/edicoes/<int:lineage>/aprovacao")
def approve(lineage: int) -> Response | tuple[str, int]:
    """Approve an edition that another person wrote."""
    form = ApprovalForm()
    status = 422
    if form.validate():
        try:
            question_editions.approve(
                actor(), lineage=lineage, revision=number_of(form.revision.data) or 0, since=form.since.data
            )
        except NotFoundError:
            raise
        except UseCaseError as error:
            place_error(form, error)
            status = 409 if isinstance(error, ConflictError) else 422
        else:
            flash(f"Versão aprovada; vale a partir de {in_figures(form.since.data)}.", "good")
            return redirect(url_for("questions.edition", lineage=lineage), code=303)
    return _edition(lineage, status=status, approval=form)


@blueprint.post("/edicoes/<int:lineage>/devolucao")
def give_back(lineage: int) -> Response | tuple[str, int]:
    """Give an edition back to be written on."""
    return _with_reason(lineage, question_editions.give_back, "Versão devolvida; volta a ser rascunho.")


@blueprint.post("/edicoes/<int:lineage>/retirada")
def withdraw(lineage: int) -> Response | tuple[str, int]:
    """Give up an edition that does not hold yet."""
    return _with_reason(lineage, question_editions.withdraw, "Versão retirada.")


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
            return redirect(url_for("questions.edition", lineage=lineage), code=303)
    return _edition(lineage, status=status, reason=form)
