"""The people of the operator with access to the data: the register, many at once, the exhibition on demand."""

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from vendor_tracker.usecases import authorised_people
from vendor_tracker.usecases.work import NotFoundError, UseCaseError
from vendor_tracker.web.files import attachment, store
from vendor_tracker.web.forms import StaffForm, place_error
from vendor_tracker.web.shell import actor, render
from vendor_tracker.wording.plurals import counted

blueprint = Blueprint("authorised", __name__, url_prefix="/acordos/<int:agreement_id>/pessoas-autorizadas")


class ManyForm(StaffForm):
    """Many people, one a line."""

    people = TextAreaField(
        "Pessoas",
        [InputRequired("Escreva ao menos uma pessoa, uma por linha.")],
        description="Uma pessoa por linha, com os campos separados por ponto e vírgula, ou coladas de uma planilha.",
    )


@blueprint.get("")
def show(agreement_id: int) -> tuple[str, int]:
    """Show the register: who has access, why, with which commitment, and what is missing."""
    return render("authorised/show.html", authorised_people.show(actor(), agreement_id=agreement_id))


@blueprint.route("/varias", methods=["GET", "POST"])
def many(agreement_id: int) -> Response | tuple[str, int]:
    """Put many people on the register at once."""
    page = authorised_people.many_page(agreement_id=agreement_id)
    form = ManyForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                count = authorised_people.record_many(actor(), agreement_id=agreement_id, text=form.people.data or "")
            except NotFoundError:
                raise
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash(f"{counted(count, 'pessoa registrada', 'pessoas registradas')}.", "good")
                return redirect(url_for("authorised.show", agreement_id=agreement_id), code=303)
    return render("authorised/many.html", page, status=status, form=form)


@blueprint.post("/exibicao")
def exhibit(agreement_id: int) -> Response:
    """Hand out the commitments, with their index and their sums."""
    try:
        pack = authorised_people.exhibit(actor(), store(), agreement_id=agreement_id)
    except NotFoundError:
        raise
    except UseCaseError as error:
        flash(error.message, "bad")
        return redirect(url_for("authorised.show", agreement_id=agreement_id), code=303)
    response = attachment(pack.pieces, name=pack.name, media_type="application/zip", restricted=pack.restricted)
    response.content_length = pack.size
    return response
