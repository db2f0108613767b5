"""The API: /api/v1, bearer tokens, OpenAPI."""

from flask import Flask


def open_door(app: Flask) -> None:
    """Register the API on ``app``."""
