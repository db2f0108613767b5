"""One subject of the API: its addresses, its refusals, and a strict reading of what is asked."""

from typing import Any, ClassVar

import marshmallow as ma
from flask_smorest import Blueprint

from vendor_tracker.api.errors import answer

Parser: Any = type(Blueprint.ARGUMENTS_PARSER)
"""What reads arguments in this version of flask-smorest."""


class StrictParser(Parser):
    """Refuses a query parameter that does not exist: a misspelt filter must not quietly list everything."""

    DEFAULT_UNKNOWN_BY_LOCATION: ClassVar[dict[str, str | None]] = {
        **Parser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
    }


class Subject(Blueprint):
    """A blueprint of /api/v1."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, path: str, description: str, **options: Any) -> None:
        """Serve ``path`` below /api/v1; ``name`` prefixes the endpoints in the access table."""
        super().__init__(name, __name__, url_prefix=f"/api/v1{path}", description=description, **options)
        answer(self)
