"""Error pages: what happened and what to do next, in Portuguese, for people; problem details for the API."""

import structlog
from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from vendor_tracker.usecases.work import ConflictError, NotFoundError
from vendor_tracker.web.forms import field_labels
from vendor_tracker.wording.problems import problem

PAGES = frozenset({400, 403, 404, 405, 409, 410, 413, 415, 429, 500, 503})
log = structlog.get_logger()


def answer(app: Flask) -> None:
    """Let ``app`` answer every error with a page of ours."""

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> tuple[str, int]:
        labels = field_labels(request.blueprint or "")
        typed = [
            (labels.get(name, ""), value)
            for name, value in request.form.items(multi=True)
            if name not in {"csrf_token", "password", "senha"} and value.strip() and len(value) < 20_000
        ]
        return render_template("errors/csrf.html", typed=typed), 400

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response | tuple[str, int] | tuple[Response, int]:
        if error.response is not None:
            return error.response  # type: ignore[return-value]
        return _page(error.code or 500, _headers(error))

    @app.errorhandler(NotFoundError)
    def _missing(_error: NotFoundError) -> Response | tuple[str, int] | tuple[Response, int]:
        return _page(404, {})

    @app.errorhandler(ConflictError)
    def _conflict(error: ConflictError) -> Response | tuple[str, int] | tuple[Response, int]:
        return _page(409, {}, sentence=error.message)

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response | tuple[str, int] | tuple[Response, int]:
        log.error("unexpected", path=request.path, exc_info=error)
        if app.testing and app.config.get("PROPAGATE_EXCEPTIONS") is not False:
            raise error
        return _page(InternalServerError.code, {})


def _headers(error: HTTPException) -> dict[str, str]:
    kept = {"allow", "retry-after"}
    return {name: value for name, value in error.get_headers() if name.lower() in kept}


def _page(
    code: int, headers: dict[str, str], *, sentence: str = ""
) -> Response | tuple[str, int] | tuple[Response, int]:
    if request.path.startswith("/api/"):
        answer_ = jsonify(problem(code, message=sentence))
        answer_.headers.update(headers)
        return answer_, code
    shown = code if code in PAGES else (400 if code < 500 else 500)
    response = Response(render_template(f"errors/{shown}.html", sentence=sentence), status=code)
    response.headers.update(headers)
    return response
