"""What a program is told when an act of the API is refused: always JSON, always Portuguese, always the same shape."""

from typing import Any

import marshmallow as ma
import structlog
from flask import Response, jsonify, request
from flask_smorest import Blueprint
from werkzeug.exceptions import HTTPException

from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError
from vendor_tracker.wording.problems import problem

log = structlog.get_logger()


class Problem(ma.Schema):
    """An error answer."""

    code = ma.fields.Integer(required=True, metadata={"description": "Código HTTP."})
    status = ma.fields.String(required=True, metadata={"description": "Nome do erro."})
    message = ma.fields.String(required=True, metadata={"description": "O que houve e o que fazer."})
    errors = ma.fields.Dict(metadata={"description": "O que não foi aceito, por campo."})


def answer(blueprint: Blueprint) -> None:
    """Let ``blueprint`` answer every refusal and every failure with a :class:`Problem`."""

    @blueprint.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        data: dict[str, Any] = getattr(error, "data", None) or {}
        refusal = _problem(error.code or 500, errors=data.get("messages"))
        refusal.headers.update(
            {name: value for name, value in error.get_headers() if name.lower() in {"allow", "retry-after"}}
        )
        return refusal

    @blueprint.errorhandler(NotFoundError)
    def _missing(error: NotFoundError) -> Response:
        return _problem(404, message=error.message)

    @blueprint.errorhandler(ConflictError)
    def _conflict(error: ConflictError) -> Response:
        return _problem(409, message=error.message, errors=_of_field(error))

    @blueprint.errorhandler(UseCaseError)
    def _refused(error: UseCaseError) -> Response:
        return _problem(422, message=error.message, errors=_of_field(error))

    @blueprint.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        log.error("unexpected", path=request.path, exc_info=error)
        return _problem(500)


def _of_field(error: UseCaseError) -> dict[str, list[str]] | None:
    return {error.field: [error.message]} if error.field else None


def _problem(code: int, *, message: str = "", errors: object = None) -> Response:
    refusal = jsonify(problem(code, message=message, errors=errors))
    refusal.status_code = code
    return refusal
