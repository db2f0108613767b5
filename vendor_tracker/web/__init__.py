"""The staff's pages: one blueprint a subject."""

from flask import Flask


def open_door(app: Flask) -> None:
    """Register every staff page on ``app``, with sign-in, access table, wording and error pages."""
    from vendor_tracker.web import (
        boletim,
        documents,
        errors,
        files,
        guard,
        health,
        home,
        instruments,
        library,
        painel,
        session,
        trail,
        users,
    )

    subjects = (
        session,
        home,
        painel,
        boletim,
        health,
        files,
        instruments,
        documents,
        library,
        trail,
        users,
    )
    for subject in subjects:
        app.register_blueprint(subject.blueprint)
    guard.stand(app)
    errors.answer(app)
