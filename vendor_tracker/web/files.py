"""Handing files in and out: what comes is checked by its use case; what goes is an attachment, never a page of ours."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request

from vendor_tracker.usecases import filing
from vendor_tracker.usecases.filing import Upload
from vendor_tracker.web.shell import actor, settings

blueprint = Blueprint("files", __name__)


def store() -> Any:
    """Return where this application keeps its files, to be handed on to a use case."""
    return current_app.extensions["vendor_tracker.files"]


def uploaded(name: str = "arquivo") -> Upload | None:
    """Return the file of the form sent in this request, or ``None`` when its field was left empty."""
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        return None
    return Upload(sent.stream, sent.filename, settings().upload_limit_mb * 1024 * 1024)  # type: ignore[arg-type]


def upload_help(*, optional: bool = False) -> str:
    """Return the sentence under every file field."""
    start = "Sem o arquivo, o registro fica incompleto; você pode enviá-lo depois. " if optional else ""
    return f"{start}Até {settings().upload_limit_mb} MB. Aceita {filing.ACCEPTED}."


def attachment(data: bytes | Iterable[bytes], *, name: str, media_type: str, restricted: bool = False) -> Response:
    """Return bytes, whole or piece by piece, that the browser saves and never runs."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store" if restricted else "private, no-cache"
    return response


@blueprint.get("/arquivos/<int:file_id>")
def download(file_id: int) -> Response:
    """Hand out a file by its id."""
    file = filing.open_file(actor(), store(), file_id=file_id)
    return attachment(file.data, name=file.name, media_type=file.media_type, restricted=file.restricted)
