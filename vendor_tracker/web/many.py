"""The same request to every agreement of a filtered list: written once, confirmed agreement by agreement, followed."""

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from contracts.vocabulary import RequestKind
from vendor_tracker.usecases.requesting import NewItem, many
from vendor_tracker.usecases.requesting.many import Asked, Chosen, Filters, ListPage
from vendor_tracker.usecases.work import NotFoundError, UseCaseError
from vendor_tracker.web.forms import number_of, place_error
from vendor_tracker.web.requests import NewRequestForm, chosen_items, names_of, typed_items
from vendor_tracker.web.shell import actor, page_number, render
from vendor_tracker.wording.batches import BATCH_STATES, NOT_STARTED, filter_words
from vendor_tracker.wording.parts import ErrorLine, build_pager
from vendor_tracker.wording.plurals import counted

blueprint = Blueprint("many", __name__, url_prefix="/requisicoes/lotes")

LIVE_SECONDS = 3
"""How often the page of a list reads itself anew."""
TOLD_EVERY = 10
"""Per cent: a screen reader is told of each such step, and not of each request."""

ITEM_STATES = {"done": "Requisição aberta", "skipped": "Deixado de fora", "failed": "Falhou", "pending": "Na fila"}


def _chosen() -> Chosen:
    """Read the filter from the address, which has the same words as that of the list of agreements."""
    args = request.args
    filters = Filters(
        words=args.get("texto", ""),
        unit_id=number_of(args.get("unidade")),
        kind=args.get("tipo", ""),
        exposure=args.get("exposicao", ""),
        stage=args.get("estagio", ""),
        only_incomplete=args.get("completar") == "1",
    )
    return Chosen(filters.cleaned(), number_of(args.get("operador")))


def _address(chosen: Chosen) -> dict[str, Any]:
    """Return the filter as the address carries it."""
    filters = chosen.filters
    said = {
        "texto": filters.words,
        "unidade": filters.unit_id,
        "tipo": filters.kind,
        "exposicao": filters.exposure,
        "estagio": filters.stage,
        "completar": 1 if filters.only_incomplete else None,
        "operador": chosen.operator_id,
    }
    return {name: value for name, value in said.items() if value}


def _surroundings(chosen: Chosen, whom: str, unit: str) -> dict[str, Any]:
    """Return what both steps print around their form: the filter in words, and the way back to the list."""
    address = _address(chosen)
    if chosen.operator_id is not None:
        back = url_for("operators.show", operator_id=chosen.operator_id)
        words = f"Acordos com o operador {whom}."
    else:
        back = url_for("agreements.index", **address)
        words = filter_words(chosen.filters, unit)
    return {"words": words, "list_url": back, "here": url_for("many.create", **address)}


@blueprint.route("/nova", methods=["GET", "POST"])
def create() -> Response | tuple[str, int]:
    """Ask every agreement of a list, in two steps: what and by when, then who gets which words."""
    chosen = _chosen()
    page = many.new_list_page(chosen)
    around = _surroundings(chosen, page.whom, page.unit)
    form = NewRequestForm()
    if request.method == "GET":
        form.due_on.data = page.default_due_on
        form.kind.data = RequestKind.INFORMATION
        return render("requests/many_create.html", page, form=form, picked=chosen_items(), items_error="", **around)
    status, wrong = 422, ""
    items = typed_items(request.form)
    if form.validate():
        asked = Asked(
            form.kind.data or RequestKind.INFORMATION,
            tuple(items),
            form.due_on.data,
            (form.reason.data or "").strip(),
            (form.note.data or "").strip(),
        )
        token = request.form.get("vez", "")[:40] or secrets.token_hex(12)
        try:
            done = request.form.get("acao")
            if done == "enviar":
                batch_id = many.start(actor(), chosen=chosen, asked=asked, describe=filter_words, token=token)
                return redirect(url_for("many.show", batch_id=batch_id), code=303)
            blank = "itens" not in request.form and any(not item.template for item in items)
            if done == "acrescentar" or (blank and done == "conferir"):
                return _words(asked, form, around, token)
            if done != "voltar":
                confirmed = many.confirm_page(chosen, asked)
                return render(
                    "requests/many_confirm.html", confirmed, form=form, errors=(), items=items, token=token, **around
                )
            status = 200
        except NotFoundError:
            raise
        except UseCaseError as error:
            if error.field and error.field.startswith("pergunta_"):
                return _words(asked, form, around, token, ErrorLine(error.message, "", error.field))
            if error.field == "itens":
                wrong = error.message
            else:
                place_error(form, error)
    return render(
        "requests/many_create.html",
        page,
        status=status,
        form=form,
        picked=names_of(items),
        items_error=wrong,
        **around,
    )


def _words(
    asked: Asked, form: NewRequestForm, around: dict[str, Any], token: str, *errors: ErrorLine
) -> tuple[str, int]:
    """Show the words alone, to be mended before anybody's letter can be shown."""
    items: list[NewItem] = list(asked.items)
    return render(
        "requests/many_words.html",
        many.new_list_page(_chosen()),
        status=422 if errors else 200,
        form=form,
        errors=errors,
        items=items,
        token=token,
        **around,
    )


@blueprint.get("")
def index() -> tuple[str, int]:
    """List the requests to whole lists."""
    page = many.index(page=page_number(request.args))
    pager = build_pager(
        page.total, page.number, page.size, lambda number, _size: url_for("many.index", pagina=number), sizes=()
    )
    return render("requests/many_index.html", page, pager=pager, states=BATCH_STATES)


@blueprint.get("/<int:batch_id>")
def show(batch_id: int) -> tuple[str, int]:
    """Show a request to a list as it stands at this moment."""
    page = many.show(batch_id=batch_id, state=request.args.get("mostrar", ""), page=page_number(request.args))
    pager = build_pager(
        page.items_total,
        page.number,
        page.size,
        lambda number, _size: url_for(
            "many.show", batch_id=batch_id, mostrar=page.state or None, pagina=number if number > 1 else None
        ),
        sizes=(),
    )
    return render(
        "requests/many_show.html",
        page,
        pager=pager,
        states=BATCH_STATES,
        item_states=ITEM_STATES if page.going else {**ITEM_STATES, "pending": NOT_STARTED},
        told=_told(page),
        live=LIVE_SECONDS if page.going else 0,
    )


def _told(page: ListPage) -> str:
    """Return the sentence that a screen reader says of itself: it changes with each tenth, and at the end."""
    row = page.row
    if not page.going:
        return f"{BATCH_STATES[row.state]}: {counted(row.done, 'requisição aberta', 'requisições abertas')}."
    tenths = 100 * page.handled // max(row.total, 1) // TOLD_EVERY * TOLD_EVERY
    return f"{BATCH_STATES[row.state]}: {tenths} % dos acordos."


@blueprint.post("/<int:batch_id>/cancelamento")
def cancel(batch_id: int) -> Response:
    """Stop a request to a list before its next agreement."""
    try:
        stopped = many.cancel(actor(), batch_id=batch_id)
    except NotFoundError:
        raise
    except UseCaseError as error:
        flash(error.message, "bad")
    else:
        flash(
            "Cancelada antes de começar; nenhuma requisição foi aberta."
            if stopped
            else "Cancelamento pedido. Para antes do próximo acordo; o que já foi aberto continua com os operadores.",
            "good",
        )
    return redirect(url_for("many.show", batch_id=batch_id), code=303)
