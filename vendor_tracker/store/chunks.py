"""Many identifiers, a few at a time."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")

CHUNK = 500
"""How many identifiers go into one statement; SQLite bounds its variables."""


def chunks(values: Iterable[T], size: int = CHUNK) -> list[list[T]]:
    """Cut a collection into lists of at most ``size``."""
    listed = list(values)
    return [listed[start : start + size] for start in range(0, len(listed), size)]
