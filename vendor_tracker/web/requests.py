"""Requests to operators: the list, one request with all that happened, and the acts that drive it."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from contracts.vocabulary import RequestKind
from vendor_tracker.usecases import answering, filing, requesting
from vendor_tracker.usecases.answering import papers
from vendor_tracker.usecases.requesting import NewItem
from vendor_tracker.usecases.work import ConflictError, UseCaseError
from vendor_tracker.web.forms import DayField, SlugField, StaffForm, place_error
from vendor_tracker.web.judged import record_url
from vendor_tracker.web.shell import actor, page_number, render, tell
from vendor_tracker.wording.parts import ErrorLine, Link, Page, Pager, build_pager

blueprint = Blueprint("requests", __name__)

STANDINGS: tuple[tuple[str, str], ...] = (
    ("", "Todas"),
    ("waiting", "Com o operador"),
    ("late", "Com prazo vencido"),
    ("review", "A conferir"),
    ("closed", "Encerradas"),
)
"""How a list of requests may be narrowed, in the order of the choices."""

KINDS_BY_HAND = (
    RequestKind.INFORMATION,
    RequestKind.EVIDENCE_RENEWAL,
    RequestKind.AUDIT,
    RequestKind.CORRECTIVE_ACTION,
    RequestKind.DISPOSAL,
)


# ----------------------------------------------------------------------------------------------------------------------
# The list
# ----------------------------------------------------------------------------------------------------------------------
def _whole(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def page_size(sizes: tuple[int, ...] = requesting.PAGE_SIZES) -> int:
    """Return the page size asked for, when it is one of those offered."""
    size = _whole("por_pagina")
    return size if size in sizes else sizes[0]


def pager_of(endpoint: str, total: int, number: int, size: int, **kept: Any) -> Pager:
    """Build the pager of a list that keeps its filters."""
    kept = {name: value for name, value in kept.items() if value not in {"", None}}
    return build_pager(
        total, number, size, lambda page, per_page: url_for(endpoint, **kept, pagina=page, por_pagina=per_page)
    )


@blueprint.get("/requisicoes")
def index() -> tuple[str, int]:
    """List requests, the most urgent first."""
    wanted = request.args.get("situacao", "")
    kind = request.args.get("tipo", "")
    page = requesting.requests_page(
        standing=wanted if wanted in dict(STANDINGS) else "",
        kind=RequestKind(kind) if kind in set(RequestKind) else None,
        text=request.args.get("q", ""),
        operator_id=_whole("operador"),
        agreement_id=_whole("acordo"),
        number=page_number(request.args),
        size=page_size(),
    )
    chosen = page.chosen
    pager = pager_of(
        "requests.index",
        page.total,
        page.number,
        page.size,
        situacao=chosen.standing,
        tipo=chosen.kind.value if chosen.kind else "",
        q=chosen.text,
        operador=chosen.operator_id,
        acordo=chosen.agreement_id,
    )
    return render("requests/index.html", page, pager=pager, standings=STANDINGS, kinds=tuple(RequestKind))


# ----------------------------------------------------------------------------------------------------------------------
# A new one
# ----------------------------------------------------------------------------------------------------------------------
class NewRequestForm(StaffForm):
    """Why and by when. The items are drawn by the page, which shows what is already being asked about each inciso."""

    kind = SlugField("Motivo da requisição", RequestKind, members=KINDS_BY_HAND)
    due_on = DayField("Prazo para responder", [InputRequired("Informe até que dia o operador deve responder.")])
    reason = TextAreaField(
        "Por que se pede",
        [Length(max=requesting.LONGEST_TEXT, message="Use no máximo 4.000 caracteres.")],
        description="Uma ou duas frases. Vão no e-mail e na página do operador.",
    )
    note = TextAreaField(
        "Anotação interna",
        [Length(max=requesting.LONGEST_TEXT, message="Use no máximo 4.000 caracteres.")],
        description="Só a equipe lê. Não vai ao operador.",
    )


class TermForm(StaffForm):
    """A later term."""

    due_on = DayField("Novo prazo", [InputRequired("Informe o novo prazo.")])
    reason = TextAreaField(
        "Motivo",
        [InputRequired("Diga o motivo.")],
        description="Fica no registro e vai no e-mail ao operador.",
    )


class ReasonForm(StaffForm):
    """A reason for what ends something."""

    reason = TextAreaField("Motivo", [InputRequired("Diga o motivo.")])


def chosen_items() -> tuple[str, ...]:
    """Return the items that a form or a link names: ``V:evidence.iso_27001``; ``V:`` for a free one.

    A link from a finding names the inciso, and the proof when it asks for one (``inciso=V&prova=iso_27001``).
    """
    named = list(request.values.getlist("item"))
    proof = request.values.get("prova", "")
    for inciso in request.values.getlist("inciso"):
        serves = proof in {kind.value for kind in requesting.kinds_for(inciso)}
        named.append(f"{inciso}:evidence.{proof}" if serves else f"{inciso}:inciso.{inciso}")
    return tuple(dict.fromkeys(named))


def typed_items(form: MultiDict[str, str]) -> list[NewItem]:
    """Return the items of the second page as typed; those of the first as proposed."""
    count = form.get("itens", "")
    if not count.isdecimal() or len(count) > 3:
        return list(requesting.proposed_items(chosen_items()))
    items: list[NewItem] = []
    for position in range(1, min(int(count), 2 * requesting.MOST_ITEMS) + 1):
        if f"retirar_{position}" in form:
            continue
        inciso, _, key = form.get(f"item_{position}", "").partition(":")
        proposed = requesting.proposed_items((f"{form.get(f'inciso_{position}', inciso)}:{key}",))
        items += [
            replace(
                item,
                title=form.get(f"titulo_{position}", item.title),
                question=form.get(f"pergunta_{position}", item.question),
                help=form.get(f"ajuda_{position}", item.help),
                wants_file=f"arquivo_{position}" in form,
            )
            for item in proposed
        ]
    if form.get("acao") == "acrescentar":
        items += requesting.proposed_items(("V:",))
    return items


@blueprint.route("/acordos/<int:agreement_id>/requisicoes/nova", methods=["GET", "POST"])
def create(agreement_id: int) -> Response | tuple[str, int]:
    """Ask the operator something, in two steps: what and by when, then the words as the operator will read them."""
    page = requesting.new_request_page(agreement_id)
    form = NewRequestForm()
    if request.method == "GET":
        form.due_on.data = page.default_due_on
        form.kind.data = RequestKind.INFORMATION
        return render("requests/create.html", page, form=form, chosen=chosen_items())
    status, wrong = 422, ""
    items = typed_items(request.form)
    if form.validate():
        values: dict[str, Any] = {
            "agreement_id": agreement_id,
            "kind": form.kind.data or RequestKind.INFORMATION,
            "items": items,
            "due_on": form.due_on.data,
            "reason": (form.reason.data or "").strip(),
            "note": (form.note.data or "").strip(),
        }
        try:
            if request.form.get("acao") == "enviar":
                request_id = requesting.create_request(actor(), **values)
                tell("Requisição enviada.", "O e-mail ao preposto sai em até um minuto.")
                return redirect(url_for("requests.show", request_id=request_id), code=303)
            blank = "itens" not in request.form and any(not item.template for item in items)
            if request.form.get("acao") == "acrescentar" or (blank and request.form.get("acao") == "conferir"):
                # A free item has no words yet: they are written before there is a letter to show.
                return render("requests/preview.html", _unread_preview(page, values), form=form, errors=())
            if request.form.get("acao") != "voltar":
                return render("requests/preview.html", requesting.preview_request(**values), form=form, errors=())
            status = 200
        except ConflictError:
            raise
        except UseCaseError as error:
            if error.field and error.field.startswith("pergunta_"):
                # The words are on the second page, so that is where they are mended.
                line = ErrorLine(error.message, "", error.field)
                preview = _unread_preview(page, values)
                return render("requests/preview.html", preview, status=422, form=form, errors=(line,))
            if error.field == "itens":
                wrong = error.message
            else:
                place_error(form, error)
    return render("requests/create.html", page, status=status, form=form, chosen=names_of(items), items_error=wrong)


def names_of(items: list[NewItem]) -> tuple[str, ...]:
    """Return how the first page names items, to tick them again."""
    return tuple(f"{item.inciso}:{item.template.partition('/')[0]}" for item in items)


def _unread_preview(page: requesting.NewRequestPage, values: dict[str, Any]) -> requesting.Preview:
    """Return the second page with what was typed, although no letter can be shown yet."""
    return requesting.Preview(
        title="Conferir antes de enviar",
        agreement_id=page.agreement_id,
        agreement=page.agreement,
        operator=page.operator,
        recipient=page.preflight.recipient,
        email=page.preflight.email,
        due_on=values["due_on"],
        today=page.today,
        reason=values["reason"],
        items=tuple(values["items"]),
        subject="",
        body="",
        preflight=page.preflight,
        note=values["note"],
    )


# ----------------------------------------------------------------------------------------------------------------------
# One request
# ----------------------------------------------------------------------------------------------------------------------
@blueprint.get("/requisicoes/<int:request_id>")
def show(request_id: int) -> tuple[str, int]:
    """Show one request: what was asked, what came back, what left, what to decide."""
    return _show(request_id)


def _show(request_id: int, *, status: int = 200, item_error: tuple[int, str, str] | None = None) -> tuple[str, int]:
    return render(
        "requests/show.html",
        requesting.request_page(actor(), request_id),
        status=status,
        item_error=item_error,
        record_url=record_url,
    )


def _back(request_id: int) -> Response:
    return redirect(url_for("requests.show", request_id=request_id), code=303)


@blueprint.route("/requisicoes/<int:request_id>/prorrogar", methods=["GET", "POST"])
def extend(request_id: int) -> Response | tuple[str, int]:
    """Give the operator more time."""
    page = requesting.request_page(actor(), request_id)
    form = TermForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate() and form.due_on.data is not None:
            try:
                requesting.extend_term(
                    actor(), request_id=request_id, due_on=form.due_on.data, reason=form.reason.data or ""
                )
            except ConflictError as error:
                form.refuse(error.message)
                status = 409
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash("Prazo prorrogado. O operador foi avisado.", "good")
                return _back(request_id)
    return _act_page(page, form, "extend", "Prorrogar o prazo", status)


@blueprint.route("/requisicoes/<int:request_id>/cancelar", methods=["GET", "POST"])
def cancel(request_id: int) -> Response | tuple[str, int]:
    """Withdraw the request, after a confirmation."""
    return _ending(request_id, "cancel", "Cancelar a requisição", requesting.cancel, "Requisição cancelada.")


@blueprint.route("/requisicoes/<int:request_id>/recusa", methods=["GET", "POST"])
def refuse(request_id: int) -> Response | tuple[str, int]:
    """Record the operator's formal refusal, after a confirmation."""
    return _ending(
        request_id, "refuse", "Registrar recusa formal", requesting.register_refusal, "Recusa formal registrada."
    )


def _ending(request_id: int, verb: str, title: str, act: Any, done: str) -> Response | tuple[str, int]:
    page = requesting.request_page(actor(), request_id)
    form = ReasonForm()
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                act(actor(), request_id=request_id, reason=form.reason.data or "")
            except ConflictError as error:
                form.refuse(error.message)
                status = 409
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash(done, "good")
                return _back(request_id)
    return _act_page(page, form, verb, title, status)


def _act_page(page: requesting.RequestPage, form: StaffForm, verb: str, title: str, status: int) -> tuple[str, int]:
    crumbs = (
        Link("Requisições", url_for("requests.index")),
        Link(page.title, url_for("requests.show", request_id=page.head.id)),
    )
    return render("requests/act.html", Page(title, crumbs=crumbs), status=status, form=form, verb=verb, about=page)


@blueprint.post("/requisicoes/<int:request_id>/novo-endereco")
def reissue(request_id: int) -> Response | tuple[str, int]:
    """Replace the operator's link and mail the new one."""
    try:
        email = requesting.reissue_link(actor(), request_id=request_id)
    except ConflictError as error:
        flash(error.message, "warn")
    except UseCaseError as error:
        flash(error.message, "bad")
    else:
        tell("Novo endereço emitido.", f"O e-mail a {email} sai em até um minuto.")
    return _back(request_id)


@blueprint.post("/requisicoes/<int:request_id>/itens/<int:item_id>")
def decide(request_id: int, item_id: int) -> Response | tuple[str, int]:
    """Accept or return an item that was answered in words alone."""
    accepted = request.form.get("decisao") == "aceitar"
    reason = request.form.get("motivo", "")
    try:
        requesting.decide_item(actor(), request_id=request_id, item_id=item_id, accepted=accepted, reason=reason)
    except ConflictError as error:
        return _show(request_id, status=409, item_error=(item_id, error.message, reason))
    except UseCaseError as error:
        return _show(request_id, status=422, item_error=(item_id, error.message, reason))
    flash("Item aceito." if accepted else "Item marcado para devolução.", "good")
    return _back(request_id)


@blueprint.post("/requisicoes/<int:request_id>/devolver")
def give_back(request_id: int) -> Response | tuple[str, int]:
    """Return at once the items that are marked, without waiting for the rest."""
    try:
        requesting.give_back(actor(), request_id=request_id)
    except UseCaseError as error:
        flash(error.message, "warn")
    else:
        flash("Itens devolvidos. O operador foi avisado.", "good")
    return _back(request_id)


@blueprint.get("/requisicoes/<int:request_id>/arquivos/<int:answer_file_id>")
def file(request_id: int, answer_file_id: int) -> Response:
    """Hand out a file that the operator sent; opening a protected one leaves a trace."""
    file_id = requesting.file_of_request(actor(), request_id, answer_file_id)
    found = filing.open_file(actor(), current_app.extensions["vendor_tracker.files"], file_id=file_id)
    response = Response(found.data, mimetype=found.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response


@blueprint.get("/recibos/<protocol>")
def receipt(protocol: str) -> tuple[str, int]:
    """Show a receipt to the court's own people."""
    return render("requests/receipt.html", answering.receipt_for_staff(protocol))


@blueprint.get("/recibos/<protocol>.pdf")
def receipt_paper(protocol: str) -> Response:
    """Hand out the PDF of a receipt; the use case refuses one that art. 5º protects from this person."""
    paper = papers.receipt_paper_for_staff(actor(), current_app.extensions["vendor_tracker.files"], protocol)
    response = Response(paper.data, mimetype=paper.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=paper.name)
    return response
