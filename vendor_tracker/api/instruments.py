"""Signed files, read without being put on record."""

from typing import Final

from flask import Response, current_app, jsonify, request
from werkzeug.datastructures import FileStorage

from vendor_tracker.api.schemas import CheckFiles, InstrumentCheckOut
from vendor_tracker.api.subject import Subject
from vendor_tracker.usecases import checking
from vendor_tracker.wording.problems import problem

blueprint = Subject("api_instruments", "/instruments", "Instrumentos assinados")

_STATUSES: Final = {
    **dict.fromkeys(("unsupported", "image", "old_doc", "rtf", "odt", "form"), 415),
    "too_large": 413,
    "busy": 503,
}
"""What each refusal of the reader is in HTTP; every other one is 422."""


@blueprint.errorhandler(checking.UnreadableError)
def _unreadable(error: checking.UnreadableError) -> Response:
    status = _STATUSES.get(error.code, 422)
    answer = jsonify(problem(status, message=error.message, errors={checking.FIELD: [error.message]}))
    answer.status_code = status
    return answer


@blueprint.before_request
def _only_forms() -> None:
    if request.method == "POST" and request.mimetype != "multipart/form-data":
        raise checking.UnreadableError("form", "Envie o arquivo como multipart/form-data, no campo file.")


@blueprint.post("/check")
@blueprint.arguments(CheckFiles, location="files")
@blueprint.response(200, InstrumentCheckOut)
def check(files: dict[str, FileStorage]) -> checking.CheckedFile:
    """Lê um instrumento assinado e diz o que ele prevê sobre cada inciso do art. 14. Nada é guardado."""
    sent = files["file"]
    limit_mb = current_app.extensions["vendor_tracker.settings"].upload_limit_mb
    limit = limit_mb * 1024 * 1024
    data = sent.stream.read(limit + 1)
    if len(data) > limit:
        message = f"O arquivo passa do limite de {limit_mb} MB. Envie só o instrumento assinado."
        raise checking.UnreadableError("too_large", message)
    return checking.check_file(name=sent.filename or "", data=data)
