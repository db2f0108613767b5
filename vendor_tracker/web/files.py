"""Handing out files: always as an attachment, never as a page of ours."""

from urllib.parse import quote

from flask import Blueprint, Response, current_app

from vendor_tracker.usecases import filing
from vendor_tracker.web.shell import actor

blueprint = Blueprint("files", __name__)


def attachment(data: bytes, *, name: str, media_type: str, restricted: bool = False) -> Response:
    """Return bytes that the browser saves and never runs."""
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
    file = filing.open_file(actor(), current_app.extensions["vendor_tracker.files"], file_id=file_id)
    return attachment(file.data, name=file.name, media_type=file.media_type, restricted=file.restricted)
