"""Batches of documents: asked for from the list of agreements, followed while they are made, downloaded in the end."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from vendor_tracker.usecases import batches
from vendor_tracker.usecases.batches import BatchPage, Filters, LeftOut
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError
from vendor_tracker.web.files import attachment, store
from vendor_tracker.web.forms import StaffForm, number_of
from vendor_tracker.web.shell import actor, page_number, render
from vendor_tracker.wording.batches import BATCH_STATES, ITEM_STATES, NOT_STARTED, filter_words
from vendor_tracker.wording.parts import build_pager
from vendor_tracker.wording.plurals import counted

blueprint = Blueprint("batches", __name__, url_prefix="/documentos/lotes")

LIVE_SECONDS = 3
"""How often the page of a batch reads itself anew."""
TOLD_EVERY = 10
"""Per cent: a screen reader is told of each such step, and not of each document."""


def _filters() -> Filters:
    """Read the filter from the address, which has the same words as that of the list of agreements."""
    args = request.args
    return Filters(
        words=args.get("texto", ""),
        unit_id=number_of(args.get("unidade")),
        kind=args.get("tipo", ""),
        exposure=args.get("exposicao", ""),
        stage=args.get("estagio", ""),
        only_incomplete=args.get("completar") == "1",
    )


def _address(filters: Filters) -> dict[str, object]:
    """Return the filter as the address carries it."""
    said = {
        "texto": filters.words,
        "unidade": filters.unit_id,
        "tipo": filters.kind,
        "exposicao": filters.exposure,
        "estagio": filters.stage,
        "completar": 1 if filters.only_incomplete else None,
    }
    return {name: value for name, value in said.items() if value}


@blueprint.get("")
def index() -> tuple[str, int]:
    """List the batches."""
    page = batches.index(page=page_number(request.args))
    pager = build_pager(
        page.total,
        page.number,
        page.size,
        lambda number, _size: url_for("batches.index", pagina=number),
        sizes=(),
    )
    return render("batches/index.html", page, pager=pager, states=BATCH_STATES)


@blueprint.route("/novo", methods=["GET", "POST"])
def create() -> Response | tuple[str, int]:
    """Say what a batch would do; a POST asks for it."""
    filters, repeat = _filters(), request.args.get("repetir") == "1"
    form = StaffForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                batch_id = batches.start(actor(), filters=filters, describe=filter_words, repeat=repeat)
            except ConflictError as error:
                flash(error.message, "bad")
                return redirect(url_for("batches.index"), code=303)
            except UseCaseError as error:
                flash(error.message, "bad")
            else:
                return redirect(url_for("batches.show", batch_id=batch_id), code=303)
    page = batches.confirm_page(filters=filters, repeat=repeat)
    address = _address(page.filters)
    return render(
        "batches/create.html",
        page,
        status=status,
        words=filter_words(page.filters, page.unit),
        list_url=url_for("agreements.index", **address),  # type: ignore[arg-type]
        here=url_for("batches.create", **address, repetir=1 if repeat else None),  # type: ignore[arg-type]
        repeat_url=url_for("batches.create", **address, repetir=1),  # type: ignore[arg-type]
        issued=LeftOut.ISSUED,
    )


@blueprint.get("/<int:batch_id>")
def show(batch_id: int) -> tuple[str, int]:
    """Show a batch as it stands at this moment."""
    page = batches.show(
        actor(), batch_id=batch_id, state=request.args.get("mostrar", ""), page=page_number(request.args)
    )
    pager = build_pager(
        page.items_total,
        page.number,
        page.size,
        lambda number, _size: url_for(
            "batches.show", batch_id=batch_id, mostrar=page.state or None, pagina=number if number > 1 else None
        ),
        sizes=(),
    )
    item_states = ITEM_STATES if page.going else {**ITEM_STATES, "pending": NOT_STARTED}
    return render(
        "batches/show.html",
        page,
        pager=pager,
        states=BATCH_STATES,
        item_states=item_states,
        told=_told(page),
        live=LIVE_SECONDS if page.going else 0,
    )


def _told(page: BatchPage) -> str:
    """Return the sentence that a screen reader says of itself: it changes with each tenth, and at the end."""
    row = page.row
    if not page.going:
        return f"{BATCH_STATES[row.state]}: {counted(row.done, 'termo emitido', 'termos emitidos')}."
    tenths = 100 * page.handled // max(row.total, 1) // TOLD_EVERY * TOLD_EVERY
    return f"{BATCH_STATES[row.state]}: {tenths} % dos acordos."


@blueprint.post("/<int:batch_id>/cancelamento")
def cancel(batch_id: int) -> Response:
    """Stop a batch before its next agreement."""
    try:
        stopped = batches.cancel(actor(), batch_id=batch_id)
    except NotFoundError:
        raise
    except UseCaseError as error:
        flash(error.message, "bad")
    else:
        flash(
            "Lote cancelado antes de começar; nada foi emitido."
            if stopped
            else "Cancelamento pedido. O lote para antes do próximo acordo; o que já foi emitido continua válido.",
            "good",
        )
    return redirect(url_for("batches.show", batch_id=batch_id), code=303)


@blueprint.get("/<int:batch_id>/arquivo")
def download(batch_id: int) -> Response:
    """Hand out the archive, piece by piece."""
    archive = batches.archive(actor(), store(), batch_id=batch_id)
    response = attachment(
        archive.pieces, name=archive.name, media_type=archive.media_type, restricted=archive.restricted
    )
    response.content_length = archive.size
    return response
