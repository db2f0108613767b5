"""The vendor's pages: no account, one request each."""

from flask import Flask


def open_door(app: Flask) -> None:
    """Register the portal on ``app``."""
