"""Working on an answer without leaving its page: drafts saved while they are typed, files sent one by one.

The script of the page calls here; every page works without it. The answers are JSON whose parts are the very sections
of the page, so that words are written in one place.
"""

from collections.abc import Mapping

from flask import Response, current_app, jsonify, render_template, url_for
from flask_wtf.csrf import generate_csrf

from vendor_tracker.portal.forms import Sent, read_form
from vendor_tracker.portal.pages import (
    CONFLICT,
    _visit,
    blueprint,
    drafts_of,
    files_of,
    person_of,
    rescued,
    seen_of,
)
from vendor_tracker.usecases import answering
from vendor_tracker.usecases.answering import AnswerRefusedError, Draft, LinkGoneError, SessionEndedError, Visit
from vendor_tracker.usecases.work import ConflictError

Told = tuple[Response, int]


def _told(state: str, status: int, message: str = "", **more: object) -> Told:
    return jsonify(state=state, message=message, token=generate_csrf(), **more), status


@blueprint.post("/requisicao/rascunho")
def autosave() -> Told:
    """Save what was typed since the last time, and tell what others changed meanwhile."""
    return _kept(read_form())


@blueprint.post("/requisicao/arquivos")
def upload() -> Told:
    """Attach what was sent with one item, and tell how far its check is."""
    return _kept(read_form())


def _kept(sent: Sent) -> Told:
    try:
        visit = _visit()
    except SessionEndedError as error:
        return _told("ended", 403, error.message)
    except LinkGoneError as error:
        return _told("gone", 410, error.message + rescued(sent))
    if not sent.genuine:
        return _told("token", 400, "A página ficou aberta tempo demais. Tentando de novo.")
    drafts, new_files, seen, person = drafts_of(sent), files_of(sent), seen_of(sent), person_of(sent)
    named = (person.name, person.position) if "nome" in sent.texts else None
    saved = answering.Saved(0, {})
    try:
        if drafts or new_files or named:
            saved = answering.save(
                visit,
                current_app.extensions["vendor_tracker.files"],
                drafts=drafts,
                new_files=new_files,
                seen=seen,
                person=named,
            )
    except AnswerRefusedError as error:
        return _told("problem", 422, "", problems=error.problems)
    except ConflictError as error:
        return _told("sent", 409, error.message, address=url_for("portal.answer"))
    return _parts(visit, seen, saved, drafts)


def _parts(visit: Visit, seen: answering.Seen, saved: answering.Saved, drafts: Mapping[int, Draft]) -> Told:
    """Return the sections of the items that differ from what the page shows."""
    page = answering.answer_page(visit)
    if not page.can_answer:
        message = "A resposta foi enviada e não pode mais ser alterada por aqui."
        return _told("sent", 409, message, address=url_for("portal.answer"))
    items = {}
    for item in page.items:
        touched = item.id in drafts or any(field.endswith(f"-{item.id}") for field in saved.problems)
        # A page that knows nothing of an item is told nothing of it: it is another round's.
        if item.id in seen.versions and (touched or seen.versions[item.id] != (item.round, item.version) or item.waits):
            items[item.id] = render_template(
                "portal/item.html",
                item=item,
                typed={number: drafts[number] for number in saved.conflicts},
                problems=dict.fromkeys((f"resposta-{number}" for number in saved.conflicts), CONFLICT),
                conflicts=saved.conflicts,
            )
    return _told("saved", 200, items=items, problems=dict(saved.problems), conflicts=sorted(saved.conflicts))
