"""Reading what a vendor sends: texts and files, each file bounded on its own.

Werkzeug refuses a whole form when it is too large, and what was typed would be lost with it. Here a file that passes
the limit is dropped as it comes in and only marked, while everything else arrives.
"""

from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import current_app, g, request
from flask_wtf.csrf import validate_csrf
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import parse_form_data
from wtforms import ValidationError

MEMORY = 1 << 20
"""Bytes of a file kept in memory; beyond that it goes to a temporary file."""

LONGEST_TEXTS = 4 << 20
"""Bytes that all the texts of a form may have together."""

FORM_IN_FILES = 12
"""How many files of the largest size one form may bring."""

MOST_PARTS = 400


class Bounded(SpooledTemporaryFile[bytes]):
    """A temporary file that keeps at most ``limit`` bytes, and remembers when there were more."""

    def __init__(self, limit: int) -> None:
        """Start empty."""
        super().__init__(max_size=MEMORY)
        self.limit = limit
        self.received = 0

    @property
    def too_large(self) -> bool:
        """Tell whether more came than may be kept."""
        return self.received > self.limit

    def write(self, data: Any) -> int:
        """Keep the bytes while they fit; a file that does not fit is not kept in part."""
        before = self.received
        self.received += len(data)
        if not self.too_large:
            return super().write(data)
        if before <= self.limit:
            self.seek(0)
            self.truncate()
        return len(data)


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it came: its texts, its files, and whether its protection token held."""

    texts: MultiDict[str, str]
    files: MultiDict[str, FileStorage]
    genuine: bool

    def text(self, name: str) -> str:
        """Return one text, without the blanks around it; line ends as Unix writes them."""
        return self.texts.get(name, "").replace("\r\n", "\n").strip()

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Return what was typed, for giving it back."""
        hidden = {"csrf_token", "acao", "retirar", "declaro", "pagina", "vez"}
        return [
            (name, text)
            for name, text in self.texts.items(multi=True)
            # What was chosen from a list is not writing: its value says nothing to a reader.
            if name not in hidden and not name.startswith(("tipo-", "versao-")) and text.strip()
        ]


def read_form() -> Sent:
    """Read the form of the present request; raises ``RequestEntityTooLarge`` past what any form may bring."""
    limit = current_app.extensions["vendor_tracker.settings"].upload_limit_mb * 1024 * 1024
    whole = limit * FORM_IN_FILES
    if (request.content_length or 0) > whole:
        raise RequestEntityTooLarge

    def container(**_about: object) -> IO[bytes]:
        g.setdefault("portal_files", []).append(Bounded(limit))
        return g.portal_files[-1]  # type: ignore[no-any-return]

    _, texts, files = parse_form_data(
        request.environ,
        stream_factory=container,
        max_form_memory_size=LONGEST_TEXTS,
        max_content_length=whole,
        max_form_parts=MOST_PARTS,
        silent=False,
    )
    return Sent(texts, files, _genuine(texts.get("csrf_token", "")))


def let_go() -> None:
    """Close the temporary files of the present request."""
    for file in g.pop("portal_files", []):
        file.close()


def _genuine(token: str) -> bool:
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return True
