"""The vendor's pages: no account, one request each."""

from flask import Flask


def open_door(app: Flask) -> None:
    """Register the portal on ``app``.

    The portal reads its forms itself, so that one file that is too large costs neither the texts nor the other files;
    therefore it also checks their protection token itself, in :mod:`vendor_tracker.portal.forms`.
    """
    from vendor_tracker.portal import extensions, pages, papers

    for part in (extensions, papers):
        assert part.blueprint is pages.blueprint, f"the pages of {part.__name__} belong to the portal's own blueprint"

    app.register_blueprint(pages.blueprint)
    app.extensions["csrf"].exempt(pages.blueprint)
