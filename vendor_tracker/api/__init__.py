"""The API: /api/v1, bearer tokens, OpenAPI."""

from flask import Flask
from flask_smorest import Api

TITLE = "Operadores de dados pessoais"
DESCRIPTION = (
    "Registro dos operadores de dados pessoais e da situação de cada um nas doze obrigações do art. 14 da Portaria "
    "Presidência CNJ nº 369/2025. Identifique-se com uma chave no cabeçalho Authorization: Bearer. Os dias estão em "
    "ISO 8601 e são os de São Paulo; os momentos estão em UTC; os valores em reais são textos; as listas fechadas são "
    "palavras em inglês. Nenhuma situação é digitada: todas são calculadas do que está no registro."
)


def open_door(app: Flask) -> None:
    """Register the API on ``app``."""
    from vendor_tracker.api import (
        agreements,
        documents,
        errors,
        guard,
        instruments,
        lists,
        operators,
        requests,
        transparency,
    )

    app.config.update(
        API_TITLE=TITLE,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION},
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "security": [{"token": []}],
        },
    )

    class Door(Api):
        """The library's own error handler would answer for pages too; ours belongs to each blueprint."""

        ERROR_SCHEMA = errors.Problem

        def _register_error_handlers(self) -> None:
            """Leave the pages' errors to the pages."""

    guard.stand(app)
    door = Door(app)
    for subject in (operators, agreements, documents, instruments, requests, lists, transparency):
        app.extensions["csrf"].exempt(subject.blueprint)
        door.register_blueprint(subject.blueprint)
