"""Fields whose refusals are Portuguese, and which refuse what no database could keep."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import fields, validate

from contracts.norm import PORTARIA_DATED_ON

LARGEST_ID = 2**31 - 1
LAST_PAGE = 1_000_000
LARGEST_PAGE = 200
LAST_DAY = date(2059, 12, 31)
"""The last day that the calendars answer for."""

_MESSAGES = {
    "required": "Informe este campo.",
    "null": "Este campo não pode ser nulo.",
    "validator_failed": "Valor não aceito.",
    "invalid": "Valor não aceito.",
    "invalid_utf8": "O texto não está em UTF-8.",
    "too_large": "Número grande demais.",
    "special": "Use um número finito.",
    "unknown": "Use um destes: {choices}.",
}
_OF_TYPE: dict[type[fields.Field[Any]], str] = {
    fields.Integer: "Use um número inteiro.",
    fields.Date: "Use um dia no formato 2026-06-30.",
    fields.Boolean: "Use true ou false.",
    fields.String: "Use texto.",
    fields.List: "Use uma lista.",
    fields.Nested: "Use um objeto.",
}


class Schema(ma.Schema):
    """A schema that refuses unknown fields and speaks Portuguese."""

    error_messages: ClassVar[dict[str, str]] = {
        "unknown": "Este campo não existe.",
        "type": "Envie um objeto JSON.",
    }

    def on_bind_field(self, field_name: str, field_obj: "fields.Field[Any]") -> None:  # noqa: ARG002 - marshmallow's
        """Give each field its Portuguese messages."""
        own = next((said for kind, said in _OF_TYPE.items() if isinstance(field_obj, kind)), "")
        for key in field_obj.error_messages:
            field_obj.error_messages[key] = own if own and key == "invalid" else _MESSAGES.get(key, "Valor não aceito.")


PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
"""Text without the control characters that PostgreSQL refuses or nobody means."""


class Text(fields.String):
    """Text without control characters that a database refuses; spaces at the ends are dropped."""

    def __init__(
        self, *, longest: int, shortest: int = 0, pattern: str = PLAIN, said: str = "", **options: Any
    ) -> None:
        """Bound the length in characters; ``pattern`` with its own refusal ``said`` bounds the characters further."""
        length = (
            f"Use no máximo {longest} caracteres." if not shortest else f"Use de {shortest} a {longest} caracteres."
        )
        checks = [
            validate.Length(min=shortest or None, max=longest, error=length),
            validate.Regexp(pattern, error=said or "O texto tem caracteres que não são aceitos."),
        ]
        super().__init__(validate=checks, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **options)).strip(" \t\r\n\u00a0")
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            raise ma.ValidationError("O texto tem caracteres que não são aceitos.")
        return text


def country() -> Text:
    """Return the field for a country: two capital letters, ISO 3166."""
    return Text(longest=2, shortest=2, pattern=r"^[A-Z]{2}$", said="Use duas letras maiúsculas.", load_default="BR")


class Slug(fields.Enum):
    """A member of a closed list, as its English slug."""

    def __init__(self, members: type[StrEnum], **options: Any) -> None:
        """Take the list."""
        super().__init__(members, by_value=True, **options)


class Money(fields.String):
    """Reais with at most two decimals, as a string, so that no program rounds them."""

    def __init__(self, **options: Any) -> None:
        """Bound the amount to what the register keeps."""
        said = "Use um valor com ponto decimal, entre aspas, como 1234.50."
        super().__init__(
            metadata={"pattern": r"^[0-9]{1,14}([.][0-9]{1,2})?$", "example": "1234.50", "description": said}, **options
        )

    def _serialize(self, value: Decimal | None, attr: str | None, obj: Any, **options: Any) -> str | None:  # noqa: ARG002 - marshmallow's
        return None if value is None else f"{value:.2f}"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Decimal:
        text = super()._deserialize(value, attr, data, **options)
        if re.fullmatch(r"[0-9]{1,14}([.][0-9]{1,2})?", text, re.ASCII) is None:
            raise ma.ValidationError("Use um valor com ponto decimal, entre aspas, como 1234.50.")
        return Decimal(text)


class Day(fields.Date):
    """A day of São Paulo, ISO 8601."""


def judged_day(description: str) -> Day:
    """Return the field for a day that may be judged: from the day of the Portaria on."""
    said = f"Use um dia de {PORTARIA_DATED_ON.isoformat()} a {LAST_DAY.isoformat()}."
    return Day(
        load_default=None,
        validate=validate.Range(min=PORTARIA_DATED_ON, max=LAST_DAY, error=said),
        metadata={"description": description},
    )


def identity(**options: Any) -> fields.Integer:
    """Return the field for an id in a filter."""
    said = f"Use um número de 1 a {LARGEST_ID}."
    return fields.Integer(validate=validate.Range(min=1, max=LARGEST_ID, error=said), **options)


class PageQuery(Schema):
    """Which page of a list is asked for."""

    page = fields.Integer(
        load_default=1,
        validate=validate.Range(min=1, max=LAST_PAGE, error=f"Use um número de 1 a {LAST_PAGE}."),
        metadata={"description": "Página, a partir de 1."},
    )
    page_size = fields.Integer(
        load_default=50,
        validate=validate.Range(min=1, max=LARGEST_PAGE, error=f"Use um número de 1 a {LARGEST_PAGE}."),
        metadata={"description": "Itens por página."},
    )


class Page(Schema):
    """A page of a list; a subclass names its items."""

    page = fields.Integer(required=True)
    page_size = fields.Integer(required=True)
    total = fields.Integer(required=True, metadata={"description": "Itens na lista inteira."})
    pages = fields.Integer(required=True, metadata={"description": "Páginas na lista inteira."})


def paged(items: Any, *, number: int, size: int, total: int) -> dict[str, Any]:
    """Return a page as :class:`Page` has it."""
    return {"items": items, "page": number, "page_size": size, "total": total, "pages": -(-total // size)}
