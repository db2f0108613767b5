"""The vendor's pages: no account, one request each."""

from flask import Flask, Response, request


def open_door(app: Flask) -> None:
    """Register the portal on ``app``.

    The portal reads its forms itself, so that one file that is too large costs neither the texts nor the other files;
    therefore it also checks their protection token itself, in :mod:`vendor_tracker.portal.forms`.
    """
    from vendor_tracker.portal import colleagues, extensions, incidents, pages, papers, sheets, working

    @app.after_request
    def _discreet(response: Response) -> Response:
        """Let no address of the portal travel or be kept, not even one that no page answers: it may open a request."""
        if request.path == "/portal" or request.path.startswith("/portal/"):
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    # Each part puts its pages on the portal's one blueprint; whoever adds a part adds it here.
    parts = (colleagues, extensions, incidents, pages, papers, sheets, working)
    for blueprint in dict.fromkeys(part.blueprint for part in parts):
        app.register_blueprint(blueprint)
        app.extensions["csrf"].exempt(blueprint)
