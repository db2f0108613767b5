"""Answering in a spreadsheet: download the request, upload it filled, see what was understood, confirm."""

from typing import Any

from flask import Response, current_app, flash, redirect, request, url_for

from vendor_tracker.portal.forms import Sent, read_form
from vendor_tracker.portal.pages import Answer, _refusal, _render, _visit, blueprint, seen_of
from vendor_tracker.usecases import answering
from vendor_tracker.usecases.answering import sheets
from vendor_tracker.usecases.work import ConflictError, UseCaseError
from vendor_tracker.wording.plurals import counted

STALE = "A página ficou aberta tempo demais e, por segurança, nada foi gravado. Tente de novo."
SENT = "A planilha não pode mais ser usada"


@blueprint.route("/planilha", methods=["GET", "POST"])
def sheet() -> Answer:
    """Say how to answer in a spreadsheet, or take in a filled one."""
    visit = _visit()
    try:
        if request.method == "GET":
            return _render("sheet", sheets.sheet_page(visit), problem="")
        sent = read_form()
        if not sent.genuine:
            return _render("sheet", sheets.sheet_page(visit), status=400, problem=STALE)
        return _taken(visit, sent)
    except ConflictError as error:
        return _refusal(SENT, error.message, status=409)


def _taken(visit: answering.Visit, sent: Sent) -> Answer:
    file = sent.files.get("planilha")
    problem = "Escolha a planilha preenchida."
    if file is not None and file.filename:
        stream: Any = file.stream
        try:
            sheet_id = sheets.upload_sheet(
                visit,
                current_app.extensions["vendor_tracker.files"],
                stream=stream,
                name=file.filename,
                too_large=bool(getattr(stream, "too_large", False)),
            )
            return redirect(url_for("portal.sheet_reading", sheet_id=sheet_id), code=303)
        except ConflictError:
            raise
        except UseCaseError as error:
            problem = error.message
    return _render("sheet", sheets.sheet_page(visit), status=422, problem=problem)


@blueprint.get("/planilha.xlsx")
def sheet_file() -> Answer:
    """Hand out the request as a spreadsheet, with what was saved so far."""
    try:
        made = sheets.sheet_file(_visit())
    except ConflictError as error:
        return _refusal(SENT, error.message, status=409)
    response = Response(made.data, mimetype=made.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=made.name)
    return response


@blueprint.route("/planilha/<int:sheet_id>", methods=["GET", "POST"])
def sheet_reading(sheet_id: int) -> Answer:
    """Show what was understood of a spreadsheet; confirm it, or set it aside."""
    visit = _visit()
    try:
        if request.method == "GET":
            return _render("sheet_reading", sheets.reading_page(visit, sheet_id), problem="")
        sent = read_form()
        if not sent.genuine:
            return _render("sheet_reading", sheets.reading_page(visit, sheet_id), status=400, problem=STALE)
        if sent.text("acao") != "confirmar":
            sheets.set_sheet_aside(visit, sheet_id)
            flash({"title": "Planilha posta de lado.", "text": "O rascunho ficou como estava."}, "good")
            return redirect(url_for("portal.answer"), code=303)
        changed, conflicts = sheets.confirm_sheet(visit, sheet_id, versions=seen_of(sent).versions)
    except ConflictError as error:
        return _refusal(SENT, error.message, status=409)
    said = counted(changed, "item mudou", "itens mudaram", "Nenhum item mudou")
    title = f"Rascunho atualizado pela planilha: {said}." if changed else "A planilha não mudou o rascunho."
    flash({"title": title, "text": "Confira, anexe os arquivos e envie a resposta nesta página."}, "good")
    if conflicts:
        waiting = counted(conflicts, "item foi salvo", "itens foram salvos")
        text = "O texto da planilha ficou ao lado, e você escolhe qual vale."
        flash({"title": f"{waiting} por outra pessoa enquanto você conferia.", "text": text}, "warn")
    return redirect(url_for("portal.answer"), code=303)
