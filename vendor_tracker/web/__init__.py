"""The staff's pages: one blueprint a subject."""

from flask import Flask


def open_door(app: Flask) -> None:
    """Register every staff page on ``app``, with sign-in, access table, wording and error pages."""
    from vendor_tracker.web import (
        agenda,
        agreements,
        authorised,
        batches,
        boletim,
        book,
        calendar,
        chains,
        clause_editions,
        conduct,
        documents,
        errors,
        evidence,
        extensions,
        files,
        guard,
        health,
        home,
        imports,
        incidents,
        instruments,
        library,
        messages,
        operators,
        painel,
        parameters,
        portal_access,
        questions,
        requests,
        rhythms,
        session,
        trail,
        users,
        verify,
    )

    subjects = (
        session,
        home,
        operators,
        agreements,
        chains,
        authorised,
        imports,
        painel,
        agenda,
        boletim,
        book,
        parameters,
        calendar,
        health,
        files,
        instruments,
        documents,
        batches,
        evidence,
        conduct,
        incidents,
        library,
        clause_editions,
        questions,
        requests,
        portal_access,
        rhythms,
        extensions,
        messages,
        verify,
        trail,
        users,
    )
    for subject in subjects:
        app.register_blueprint(subject.blueprint)
    guard.stand(app)
    errors.answer(app)
