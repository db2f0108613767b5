"""Incidents on the vendor's side: three facts at once, more as they are known, and a receipt for each version.

The way in is the page of a request or the standing link of the agreement. What was reported stays: a later version is
another version.
"""

import contextlib
from datetime import datetime
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for

from contracts.vocabulary import DataNature, VolumeBand
from vendor_tracker import clock
from vendor_tracker.portal.forms import Sent, read_form
from vendor_tracker.portal.pages import COOKIE, Answer, blueprint
from vendor_tracker.usecases import answering, incidents
from vendor_tracker.usecases.answering import LinkGoneError, SessionEndedError
from vendor_tracker.usecases.filing import ACCEPTED
from vendor_tracker.usecases.incidents import IncidentFile, Received, Reporter, ReportRefusedError, Told
from vendor_tracker.wording.labels import choices
from vendor_tracker.wording.parts import ErrorLine, Page

CHANNEL_COOKIE = "vt_incident"
"""The session that the standing link opened; it stands before the session of a request."""

FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y, às %Hh%M", "%d/%m/%Y às %Hh%M")

LABELS = {
    "o-que": "O que aconteceu",
    "ciencia": "Quando perceberam",
    "nome": "Nome",
    "cargo": "Cargo ou função",
    "email": "E-mail",
    "telefone": "Telefone",
    "dados": "Dados alcançados",
    "titulares": "Titulares",
    "medidas": "Medidas",
    "riscos": "Riscos",
    "demora": "Motivos da demora",
    "prevencao": "Prevenção",
}


def render(template: str, page: Any, *, status: int = 200, **extra: Any) -> tuple[str, int]:
    """Render a page of the portal."""
    return render_template(f"portal/{template}.html", page=page, **extra), status


def _reporter() -> Reporter:
    token = request.cookies.get(CHANNEL_COOKIE, "")
    if token:
        return incidents.reporter_by_channel(token)
    return incidents.reporter_by_request(answering.visit_of(request.cookies.get(COOKIE, "")))


# ----------------------------------------------------------------------------------------------------------------------
# Entering
# ----------------------------------------------------------------------------------------------------------------------
@blueprint.get("/incidente/canal/<secret>")
def incident_landing(secret: str) -> Answer:
    """Show what the standing link is for; changes nothing."""
    page = incidents.channel_landing(secret, address=request.remote_addr or "")
    return render("incident_landing", page, secret=secret, again=False)


@blueprint.post("/incidente/canal/<secret>")
def incident_enter(secret: str) -> Answer:
    """Start a session: the button was pressed by a person."""
    address = request.remote_addr or ""
    if not read_form().genuine:
        page = incidents.channel_landing(secret, address=address)
        return render("incident_landing", page, status=400, secret=secret, again=True)
    return _begin(incidents.open_channel_session(secret, address=address))


@blueprint.get("/incidente/endereco/<secret>")
def incident_closed_landing(secret: str) -> Answer:
    """Show what the link of a closed request still serves for; changes nothing."""
    page = incidents.closed_link_landing(secret, address=request.remote_addr or "")
    return render("incident_landing", page, secret=secret, again=False)


@blueprint.post("/incidente/endereco/<secret>")
def incident_closed_enter(secret: str) -> Answer:
    """Start a session by the link of a closed request."""
    address = request.remote_addr or ""
    if not read_form().genuine:
        page = incidents.closed_link_landing(secret, address=address)
        return render("incident_landing", page, status=400, secret=secret, again=True)
    return _begin(incidents.open_closed_link_session(secret, address=address))


@blueprint.context_processor
def _ways() -> dict[str, Any]:
    """Let the page that refuses a link say when the link still serves to report an incident."""
    return {"closed_link_reports": incidents.closed_link_reports}


def _begin(token: str) -> Answer:
    response = redirect(url_for("portal.incidents"), code=303)
    response.set_cookie(
        CHANNEL_COOKIE,
        token,
        max_age=answering.SESSION_HOURS * 3600,
        path="/portal",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Strict",
    )
    return response


@blueprint.get("/incidente/da-requisicao")
def incident_from_request() -> Answer:
    """Come from the page of a request: its own agreement is meant, whatever link was opened here before."""
    response = redirect(url_for("portal.incidents"), code=303)
    response.delete_cookie(CHANNEL_COOKIE, path="/portal", httponly=True, samesite="Strict")
    return response


@blueprint.post("/incidente/sair")
def incident_leave() -> Answer:
    """End the session that the standing link opened on this browser."""
    if read_form().genuine and request.cookies.get(CHANNEL_COOKIE):
        with contextlib.suppress(SessionEndedError, LinkGoneError):
            incidents.end_channel_session(_reporter())
    response = redirect(url_for("portal.front"), code=303)
    response.delete_cookie(CHANNEL_COOKIE, path="/portal", httponly=True, samesite="Strict")
    return response


# ----------------------------------------------------------------------------------------------------------------------
# Reporting
# ----------------------------------------------------------------------------------------------------------------------
@blueprint.route("/incidente", methods=["GET", "POST"], endpoint="incidents")
def report() -> Answer:
    """Ask for the few facts that are needed at once, and list what was reported before."""
    if request.method == "GET":
        return _new_page(_reporter())
    sent = read_form()
    try:
        reporter = _reporter()
    except (SessionEndedError, LinkGoneError) as error:
        return _over(error, sent)
    if not sent.genuine:
        return _new_page(reporter, status=400, typed=_told(sent), problem=_AGAIN)
    try:
        received = incidents.report(reporter, _files(), told=_told(sent), new_files=_new_files(sent))
    except ReportRefusedError as error:
        return _new_page(reporter, status=422, typed=_told(sent), problems=error.problems)
    return _receipt_of(received)


@blueprint.route("/incidente/<protocol>", methods=["GET", "POST"])
def incident(protocol: str) -> Answer:
    """Show what was reported of an incident, version by version, and take a later one."""
    if request.method == "GET":
        return _own_page(_reporter(), protocol)
    sent = read_form()
    try:
        reporter = _reporter()
    except (SessionEndedError, LinkGoneError) as error:
        return _over(error, sent)
    if not sent.genuine:
        return _own_page(reporter, protocol, status=400, typed=_told(sent), problem=_AGAIN)
    try:
        received = incidents.amend(
            reporter, _files(), first_protocol=protocol, told=_told(sent), new_files=_new_files(sent)
        )
    except ReportRefusedError as error:
        return _own_page(reporter, protocol, status=422, typed=_told(sent), problems=error.problems)
    return _receipt_of(received)


_AGAIN = (
    "A página ficou aberta tempo demais e, por segurança, nada foi recebido. Confira o texto, anexe de novo os "
    "arquivos e envie."
)


def _over(error: SessionEndedError | LinkGoneError, sent: Sent) -> Answer:
    """Say that the session is over, and give back what was typed."""
    status = 403 if isinstance(error, SessionEndedError) else 410
    return render("refused", Page("A sessão terminou"), status=status, sentence=error.message, typed=sent.typed)


def _receipt_of(received: Received) -> Answer:
    for sentence in received.refused_files:
        flash({"title": "Um arquivo ficou de fora.", "text": sentence}, "warn")  # type: ignore[arg-type]
    return redirect(url_for("portal.incident_receipt", protocol=received.protocol), code=303)


def _files() -> Any:
    return current_app.extensions["vendor_tracker.files"]


def _moment(text: str) -> datetime | None:
    """Read a moment of Brasília as browsers send it and as people type it."""
    for form in FORMATS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=clock.SAO_PAULO)
        except ValueError:
            continue
    return None


def _told(sent: Sent) -> Told:
    volume = sent.text("volume")
    natures = set(sent.texts.getlist("natureza"))
    return Told(
        what=sent.text("o-que"),
        aware_at=_moment(sent.text("ciencia")),
        person=" ".join(sent.text("nome").split()),
        position=" ".join(sent.text("cargo").split()),
        email=sent.text("email"),
        phone=" ".join(sent.text("telefone").split()),
        reached_data={"sim": True, "nao": False}.get(sent.text("alcancou")),
        natures=tuple(each for each in DataNature if each.value in natures),
        volume=VolumeBand(volume) if volume in set(VolumeBand) else None,
        affected_data=sent.text("dados"),
        affected_people=sent.text("titulares"),
        measures=sent.text("medidas"),
        risks=sent.text("riscos"),
        delay_reason=sent.text("demora"),
        prevention=sent.text("prevencao"),
    )


def _new_files(sent: Sent) -> tuple[IncidentFile, ...]:
    found = []
    for file in sent.files.getlist("arquivo"):
        if file.filename:
            stream: Any = file.stream
            found.append(IncidentFile(file.filename, stream, bool(getattr(stream, "too_large", False))))
    return tuple(found)


def _errors(problems: dict[str, str]) -> list[ErrorLine]:
    return [ErrorLine(message, LABELS.get(field, ""), field) for field, message in problems.items()]


def _new_page(
    reporter: Reporter,
    *,
    status: int = 200,
    typed: Told | None = None,
    problems: dict[str, str] | None = None,
    problem: str = "",
) -> Answer:
    return render(
        "incident_new",
        incidents.own_page(reporter),
        status=status,
        told=typed,
        problems=problems or {},
        errors=_errors(problems or {}),
        problem=problem,
        **_lists(),
    )


def _own_page(
    reporter: Reporter,
    protocol: str,
    *,
    status: int = 200,
    typed: Told | None = None,
    problems: dict[str, str] | None = None,
    problem: str = "",
) -> Answer:
    page = incidents.own_incident(reporter, protocol)
    return render(
        "incident_own",
        page,
        status=status,
        told=typed or page.newest.told,
        problems=problems or {},
        errors=_errors(problems or {}),
        problem=problem,
        **_lists(),
    )


def _lists() -> dict[str, Any]:
    return {
        "accepted": ACCEPTED,
        "natures": choices(DataNature),
        "volumes": [*choices(VolumeBand), ("", "Ainda não se sabe")],
    }


# ----------------------------------------------------------------------------------------------------------------------
# Receipts
# ----------------------------------------------------------------------------------------------------------------------
@blueprint.get("/incidente/recibo/<protocol>")
def incident_receipt(protocol: str) -> Answer:
    """Show the proof that a version was received."""
    return render("incident_receipt", incidents.incident_receipt(_reporter(), protocol))


@blueprint.get("/incidente/recibo/<protocol>.json")
def incident_receipt_content(protocol: str) -> Answer:
    """Hand out the exact content over which the receipt's SHA-256 was taken."""
    text = incidents.incident_receipt_content(_reporter(), protocol)
    response = Response(text.encode(), content_type="application/json; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"recibo-{protocol}.json")
    return response


@blueprint.get("/incidente/arquivos/<int:file_id>")
def incident_file(file_id: int) -> Answer:
    """Give back a file that came with a report."""
    found = incidents.incident_file(_reporter(), file_id)
    response = Response(_files().read(found.sha256), mimetype=found.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response
