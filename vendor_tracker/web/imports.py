"""Importing: a file is read and shown, row by row; only then is anything written."""

from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, request, send_file, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import BooleanField

from vendor_tracker.usecases import importing
from vendor_tracker.usecases.work import NotFoundError, UseCaseError
from vendor_tracker.web.forms import StaffForm, place_error
from vendor_tracker.web.operators import page_size, pager
from vendor_tracker.web.shell import actor, page_number, render, settings
from vendor_tracker.wording.register import SOURCE_LABELS

blueprint = Blueprint("imports", __name__, url_prefix="/importar")

OUTCOME_LABELS = {
    "create": "Criar",
    "update": "Atualizar",
    "unchanged": "Sem mudança",
    "skipped": "Deixado de fora",
    "rejected": "Recusado",
}
DONE_LABELS = {**OUTCOME_LABELS, "create": "Criado", "update": "Atualizado"}
FILTERS = {
    "criar": "create",
    "atualizar": "update",
    "sem-mudanca": "unchanged",
    "fora": "skipped",
    "recusados": "rejected",
    "conferir": "warnings",
}
"""The words of the address and the outcomes they keep."""


class UploadForm(StaffForm):
    """A file of agreements."""

    arquivo = FileField("Arquivo")
    include_empenhos = BooleanField(
        "Incluir notas de empenho com força de contrato",
        description="Elas substituem o contrato em compras de entrega imediata (Lei nº 14.133/2021, art. 95).",
    )

    def uploaded(self) -> Any:
        """Return the file that was sent, or ``None``."""
        file = request.files.get("arquivo")
        return file if file is not None and file.filename else None


@blueprint.route("", methods=["GET", "POST"])
def index() -> Response | tuple[str, int]:
    """Take a file in, and list those that were."""
    form = UploadForm()
    limit = settings().upload_limit_mb
    form.arquivo.description = (
        "Consulta do PNCP, do Compras.gov.br ou do Contratos.gov.br (JSON), ou planilha no nosso modelo (XLSX ou CSV), "
        f"até {limit} MB."
    )
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                batch_id = _read(form, limit)
            except UseCaseError as error:
                place_error(form, error)
            else:
                return redirect(url_for("imports.show", batch_id=batch_id), code=303)
    page = importing.index(number=page_number(request.args))
    return render(
        "imports/index.html",
        page,
        status=status,
        form=form,
        limit_bytes=limit * 1024 * 1024,
        sources=SOURCE_LABELS,
        pager=pager("imports.index", page.total, page.number, page.size),
    )


def _read(form: UploadForm, limit_mb: int) -> int:
    upload = form.uploaded()
    if upload is None:
        raise UseCaseError("Escolha o arquivo a importar.", field="arquivo")
    data = upload.stream.read(limit_mb * 1024 * 1024 + 1)
    if len(data) > limit_mb * 1024 * 1024:
        message = f"O arquivo passa do limite de {limit_mb} MB. Divida-o por ano ou por unidade e envie as partes."
        raise UseCaseError(message, field="arquivo")
    return importing.preview_file(
        actor(), data=data, filename=upload.filename or "", include_empenhos=form.include_empenhos.data
    )


@blueprint.get("/<int:batch_id>")
def show(batch_id: int) -> tuple[str, int]:
    """Show what a file would do, or what it did."""
    asked = request.args.get("mostrar", "")
    page = importing.show(
        batch_id=batch_id, shown=FILTERS.get(asked, ""), number=page_number(request.args), size=page_size()
    )
    return render(
        "imports/show.html",
        page,
        asked=asked if asked in FILTERS else "",
        filters=FILTERS,
        labels=DONE_LABELS if page.applied_at else OUTCOME_LABELS,
        pager=pager("imports.show", page.total, page.number, page.size, batch_id=batch_id),
    )


@blueprint.post("/<int:batch_id>/aplicar")
def apply(batch_id: int) -> Response:
    """Do what the preview showed; a second time it does nothing."""
    try:
        result = importing.apply_batch(actor(), batch_id=batch_id)
    except NotFoundError:
        raise
    except UseCaseError as error:
        flash(error.message, "bad")
    else:
        created = result.created_agreements + result.created_terms
        flash(
            {  # type: ignore[arg-type]
                "title": "Importação gravada",
                "text": f"{created} criados, {result.updated} atualizados, {result.unchanged} sem mudança.",
                "url": url_for("agreements.index", completar=1),
                "link": "Ver os acordos que falta completar",
            },
            "good",
        )
    return redirect(url_for("imports.show", batch_id=batch_id), code=303)


@blueprint.get("/modelo.xlsx")
def template() -> Response:
    """Hand out the model spreadsheet."""
    return send_file(
        BytesIO(importing.template()),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name="modelo-de-acordos.xlsx",
    )
