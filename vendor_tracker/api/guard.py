"""Who may call the API: the owner of a live bearer token, where the access table has its role. Cookies do not count."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, jsonify, request

from vendor_tracker.usecases import accounts
from vendor_tracker.usecases.work import Actor
from vendor_tracker.wording.problems import problem

CHALLENGE = 'Bearer realm="vendor-tracker", charset="UTF-8"'


def stand(app: Flask) -> None:
    """Ask every endpoint that the access table gives to tokens for a token; the table is the staff door's own."""

    @app.before_request
    def _check() -> Response | None:
        table: Mapping[str, Any] = app.extensions["vendor_tracker.access"]
        access = table.get(request.endpoint or "")
        if access is None or not access.token:
            return None
        account = _account()
        if account is None:
            return _refusal(401, {"WWW-Authenticate": CHALLENGE})
        if account.role not in access.roles:
            return _refusal(403, {})
        g.api_actor = account.actor
        return None


def actor() -> Actor:
    """Return the owner of the token of this request."""
    return g.api_actor  # type: ignore[no-any-return]


def _account() -> accounts.Account | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return accounts.bearer(token.strip()) if scheme.lower() == "bearer" else None


def _refusal(code: int, headers: Mapping[str, str]) -> Response:
    answer = jsonify(problem(code))
    answer.status_code = code
    answer.headers.update(headers)
    return answer
