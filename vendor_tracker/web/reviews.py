"""The biennial review of shared data (art. 6º, V): what is due, what was done, and the form that records it."""

from dataclasses import asdict
from datetime import date

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from contracts.norm import ART_6_V
from vendor_tracker.usecases import reviews
from vendor_tracker.usecases.reviews import LONGEST, ReviewData
from vendor_tracker.web.forms import DayField, StaffForm
from vendor_tracker.web.forms_register import attempt
from vendor_tracker.web.shell import actor, page_number, render
from vendor_tracker.wording.parts import build_pager

blueprint = Blueprint("reviews", __name__)

VIEWS = {"": "due", "a-vencer": "coming", "feitas": "done"}
"""How addresses name the lists."""


class WordsForm(StaffForm):
    """What a review says."""

    reviewed = TextAreaField(
        "O que foi revisto",
        [InputRequired("Diga quais dados foram revistos."), Length(max=LONGEST)],
        description="Quais dados, de quem, em que sistemas, arquivos e cópias, inclusive os que estão com o operador.",
    )
    kept = TextAreaField(
        "O que fica, e por quê",
        [InputRequired("Diga o que fica e por que ainda é necessário."), Length(max=LONGEST)],
        description="A finalidade que ainda se cumpre ou o prazo de guarda que ainda corre.",
    )
    eliminated = TextAreaField(
        "O que foi eliminado, e por quê",
        [Length(max=LONGEST)],
        description="A finalidade já cumprida ou o prazo de guarda encerrado. Em branco, nada foi eliminado.",
    )
    minimisation = TextAreaField(
        "Dá para compartilhar menos?",
        [Length(max=LONGEST)],
        description="A análise de minimização. Vai ao extrato para o Ropa (art. 27, parágrafo único, V).",
    )
    destination = TextAreaField(
        "Destinação após o tratamento",
        [Length(max=LONGEST)],
        description="Guarda, eliminação, anonimização. Vai ao extrato para o Ropa (art. 27, parágrafo único, VI).",
    )


class ReviewForm(WordsForm):
    """A review."""

    reviewed_on = DayField(
        "Revisão concluída em",
        [InputRequired("Informe o dia em que a revisão terminou.")],
        description="Os próximos dois anos contam-se deste dia.",
    )


def _data(form: WordsForm, day: date) -> ReviewData:
    return ReviewData(
        day,
        form.reviewed.data or "",
        form.kept.data or "",
        form.eliminated.data or "",
        form.minimisation.data or "",
        form.destination.data or "",
    )


NAMES = ("reviewed", "kept", "eliminated", "minimisation", "destination")


@blueprint.get("/revisoes")
def index() -> tuple[str, int]:
    """List the reviews that are overdue, that come, or that were done."""
    slug = request.args.get("lista", "")
    slug = slug if slug in VIEWS else ""
    page = reviews.reviews_page(view=VIEWS[slug], number=page_number(request.args))

    def url_of(number: int, size: int) -> str:  # noqa: ARG001 - the page size is fixed
        asked = {"lista": slug} if slug else {}
        return url_for("reviews.index", **asked, **({"pagina": str(number)} if number > 1 else {}))  # type: ignore[arg-type]

    return render(
        "reviews/index.html",
        page,
        law=ART_6_V,
        pager=build_pager(page.total, page.number, page.size, url_of, sizes=()),
    )


@blueprint.get("/acordos/<int:agreement_id>/revisoes")
def show(agreement_id: int) -> tuple[str, int]:
    """Show the reviews of one agreement."""
    return render("reviews/show.html", reviews.of_agreement(agreement_id=agreement_id), law=ART_6_V)


@blueprint.route("/acordos/<int:agreement_id>/revisoes/nova", methods=["GET", "POST"])
def create(agreement_id: int) -> Response | tuple[str, int]:
    """Record a review."""
    page = reviews.of_agreement(agreement_id=agreement_id)
    form = ReviewForm(data={"reviewed_on": page.today})
    status = attempt(
        form,
        lambda: reviews.record_review(
            actor(), agreement_id=agreement_id, data=_data(form, form.reviewed_on.data or date.max)
        ),
    )
    if status == 303:
        flash("Revisão registrada. Os próximos dois anos contam-se do dia dela.", "good")
        return redirect(url_for("reviews.show", agreement_id=agreement_id), code=303)
    return render("reviews/form.html", page, status=status, form=form, names=("reviewed_on", *NAMES), law=ART_6_V)


@blueprint.route("/acordos/<int:agreement_id>/revisoes/<int:lineage>/corrigir", methods=["GET", "POST"])
def edit(agreement_id: int, lineage: int) -> Response | tuple[str, int]:
    """Correct the words of a review."""
    page = reviews.one(agreement_id=agreement_id, lineage=lineage)
    form = WordsForm(data=asdict(page.line.data))
    changed: list[bool] = []
    status = attempt(
        form,
        lambda: changed.append(
            reviews.correct_review(
                actor(), agreement_id=agreement_id, lineage=lineage, data=_data(form, page.line.data.reviewed_on)
            )
        ),
    )
    if status == 303:
        said = "Registro corrigido; a versão anterior fica guardada." if changed[0] else "Nada mudou."
        flash(said, "good" if changed[0] else "")
        return redirect(url_for("reviews.show", agreement_id=agreement_id), code=303)
    return render("reviews/form.html", page, status=status, form=form, names=NAMES, law=ART_6_V)
