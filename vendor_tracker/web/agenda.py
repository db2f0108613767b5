"""The agenda: a month, a list, and the calendars that people subscribe to."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from contracts.vocabulary import AgendaKind
from vendor_tracker.usecases import agenda, feeds
from vendor_tracker.usecases.agenda import AgendaPage, Scope
from vendor_tracker.usecases.feeds import FeedGoneError
from vendor_tracker.usecases.work import NotFoundError
from vendor_tracker.web.shell import actor, page_number, render
from vendor_tracker.wording.labels import choices
from vendor_tracker.wording.parts import build_pager

blueprint = Blueprint("agenda", __name__, url_prefix="/agenda")

VIEWS = {"mes": "month", "lista": "list"}

READ_AGAIN_SECONDS = 900
"""For how long an agenda may show what it has read without asking again."""


# ----------------------------------------------------------------------------------------------------------------------
# The page
# ----------------------------------------------------------------------------------------------------------------------
@blueprint.get("")
def index() -> tuple[str, int]:
    """Show a month as a calendar or as a list."""
    args = request.args
    kind = args.get("tipo", "")
    page = agenda.agenda_page(
        month=_day(args.get("mes", ""), "%Y-%m"),
        day=_day(args.get("dia", ""), "%Y-%m-%d"),
        view=VIEWS.get(args.get("vista", ""), "month"),
        scope=Scope(_whole("unidade"), _whole("pessoa")),
        kind=AgendaKind(kind) if kind in set(AgendaKind) else None,
        number=page_number(args),
    )
    pager = build_pager(
        page.total, page.number, page.size, lambda number, _size: _address(page, pagina=number), sizes=()
    )
    return render(
        "agenda/index.html",
        page,
        pager=pager,
        address=lambda **changes: _address(page, **changes),
        kinds=(("", "Todos"), *choices(AgendaKind)),
        me=actor().user_id,
    )


def _day(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - A day has no zone.
    except ValueError:
        return None


def _whole(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _address(page: AgendaPage, **changes: Any) -> str:
    """Return the address of the page with some of what was asked changed; what is empty is left out."""
    asked: dict[str, Any] = {
        "mes": f"{page.month:%Y-%m}",
        "dia": page.day.isoformat() if page.day else "",
        "vista": "lista" if page.view == "list" and page.day is None else "",
        "unidade": page.scope.unit_id,
        "pessoa": page.scope.user_id,
        "tipo": page.kind.value if page.kind else "",
        **changes,
    }
    return url_for("agenda.index", **{name: value for name, value in asked.items() if value not in {"", None}})


# ----------------------------------------------------------------------------------------------------------------------
# Calendars to subscribe to
# ----------------------------------------------------------------------------------------------------------------------
@blueprint.get("/assinaturas", endpoint="feeds")
def subscriptions() -> tuple[str, int]:
    """Show one's calendar addresses."""
    return render("agenda/feeds.html", feeds.feeds_page(actor()))


@blueprint.post("/assinaturas")
def issue() -> Response | BaseResponse:
    """Make an address, or replace one, and show it this once: it is stored nowhere, and no cache keeps the page."""
    text = request.form.get("unidade", "")
    unit_id = int(text) if text.isdecimal() and len(text) < 10 else None
    address = feeds.issue(actor(), unit_id=unit_id)
    response = make_response(render("agenda/feeds.html", feeds.feeds_page(actor(), address=address, unit_id=unit_id)))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/assinaturas/<int:feed_id>/revogar")
def revoke(feed_id: int) -> BaseResponse:
    """Take an address back."""
    feeds.revoke(actor(), feed_id=feed_id)
    flash("Endereço revogado. Ele não abre mais; nas agendas que o assinavam, a assinatura pode ser apagada.", "good")
    return redirect(url_for("agenda.feeds"), code=303)


@blueprint.get("/<secret>.ics")
def subscription(secret: str) -> Response:
    """Hand out the calendar behind an address, or say that nothing changed since it was last read."""
    try:
        feed = feeds.read(secret)
    except NotFoundError as error:
        return _plain(error.message, 404)
    except FeedGoneError as error:
        return _plain(error.message, 410)
    response = Response(feed.content, content_type="text/calendar; charset=utf-8")
    response.set_etag(feed.etag)
    response.last_modified = feed.changed_at
    _discreet(response)
    response.headers["Cache-Control"] = f"private, max-age={READ_AGAIN_SECONDS}"
    response.headers.set("Content-Disposition", "inline", filename="agenda.ics")
    response.make_conditional(request)
    return response


def _plain(sentence: str, status: int) -> Response:
    response = Response(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return _discreet(response)


def _discreet(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
