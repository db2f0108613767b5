"""The settings of the running application, for what has no page to receive them from: letters and portal links.

They come from the same application context that gives the database its engine, so a use case that reaches the one
always reaches the other, and two applications in one process (as in tests) never mix.
"""

from flask import current_app

from vendor_tracker.files import FileStore
from vendor_tracker.settings import Settings


def settings() -> Settings:
    """Return the settings of the application whose context is open; raises ``RuntimeError`` outside any."""
    found = current_app.extensions["vendor_tracker.settings"]
    if not isinstance(found, Settings):
        message = "The application was built without settings."
        raise TypeError(message)
    return found


def files() -> FileStore:
    """Return where the application whose context is open keeps its files; raises ``RuntimeError`` outside any."""
    found = current_app.extensions["vendor_tracker.files"]
    if not isinstance(found, FileStore):
        message = "The application was built without a place for its files."
        raise TypeError(message)
    return found
