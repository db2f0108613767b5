"""The portal's pages. A link opens nothing by being fetched; a button starts a session that reaches one request.

Nobody signs in here. The session's cookie is sent to the portal alone and never from another site, and the addresses
carry no referrer away and are kept by no cache: :func:`vendor_tracker.portal.open_door` sees to it.
"""

import contextlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from contracts.vocabulary import EvidenceKind
from vendor_tracker.portal.forms import Sent, let_go, read_form
from vendor_tracker.usecases import answering
from vendor_tracker.usecases.answering import (
    AnswerRefusedError,
    Draft,
    LinkGoneError,
    NewFile,
    SessionEndedError,
    TooManyLinksError,
    Visit,
)
from vendor_tracker.usecases.filing import ACCEPTED
from vendor_tracker.usecases.work import ConflictError, NotFoundError
from vendor_tracker.wording.parts import ErrorLine, Page
from vendor_tracker.wording.plurals import counted

COOKIE = "vt_portal"

blueprint = Blueprint("portal", __name__, url_prefix="/portal")

Answer = Response | BaseResponse | tuple[str, int]


@blueprint.teardown_request
def _let_go(_error: BaseException | None) -> None:
    """Close what the form brought; what was kept is elsewhere by now."""
    let_go()


def _render(template: str, page: Any, *, status: int = 200, **extra: Any) -> tuple[str, int]:
    return render_template(f"portal/{template}.html", page=page, **extra), status


def _refusal(title: str, sentence: str, *, status: int, typed: list[tuple[str, str]] | None = None) -> tuple[str, int]:
    """Say why the portal does not open, and give back whatever was typed."""
    return _render("refused", Page(title), status=status, sentence=sentence, typed=typed or [])


def _visit() -> Visit:
    return answering.visit_of(request.cookies.get(COOKIE, ""))


# ----------------------------------------------------------------------------------------------------------------------
# Refusals
# ----------------------------------------------------------------------------------------------------------------------
@blueprint.errorhandler(NotFoundError)
def _unknown(error: NotFoundError) -> tuple[str, int]:
    return _refusal("Endereço não encontrado", error.message, status=404)


@blueprint.errorhandler(LinkGoneError)
def _gone(error: LinkGoneError) -> tuple[str, int]:
    return _refusal("Este endereço já não abre", error.message, status=410)


@blueprint.errorhandler(TooManyLinksError)
def _too_many(error: TooManyLinksError) -> tuple[Response, int]:
    response = Response(_refusal("Aguarde um pouco", error.message, status=429)[0])
    response.headers["Retry-After"] = str(int(answering.WRONG_LINKS_WINDOW.total_seconds()))
    return response, 429


@blueprint.errorhandler(SessionEndedError)
def _ended(error: SessionEndedError) -> tuple[str, int]:
    return _refusal("A sessão terminou", error.message, status=403)


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> tuple[str, int]:
    return _refusal(
        "Envio grande demais",
        "Os arquivos enviados de uma só vez passam do que o portal recebe. O que já estava salvo continua salvo: volte "
        "à requisição e anexe menos arquivos por vez.",
        status=413,
    )


@blueprint.errorhandler(BadRequest)
def _unreadable(_error: BadRequest) -> tuple[str, int]:
    return _refusal(
        "O envio não pôde ser lido",
        "O formulário chegou incompleto. O que já estava salvo continua salvo: volte à requisição e envie de novo.",
        status=400,
    )


# ----------------------------------------------------------------------------------------------------------------------
# Entering
# ----------------------------------------------------------------------------------------------------------------------
@blueprint.get("/")
def front() -> Answer:
    """Say how one gets in."""
    return _render("front", Page("Portal do operador"))


@blueprint.get("/r/<secret>")
def landing(secret: str) -> Answer:
    """Show what waits behind the link; changes nothing."""
    return _render("landing", answering.landing_page(secret, address=request.remote_addr or ""), secret=secret)


@blueprint.post("/r/<secret>")
def enter(secret: str) -> Answer:
    """Open the request: the button was pressed by a person."""
    sent = read_form()
    if not sent.genuine:
        page = answering.landing_page(secret, address=request.remote_addr or "")
        return _render("landing", page, status=400, secret=secret, again=True)
    token = answering.open_session(secret, address=request.remote_addr or "")
    response = redirect(url_for("portal.answer"), code=303)
    response.set_cookie(
        COOKIE,
        token,
        max_age=answering.SESSION_HOURS * 3600,
        path="/portal",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Strict",
    )
    return response


@blueprint.post("/sair")
def leave() -> Answer:
    """End the session on this browser."""
    sent = read_form()
    if sent.genuine:
        with contextlib.suppress(SessionEndedError, LinkGoneError):
            answering.end_session(_visit())
    response = redirect(url_for("portal.front"), code=303)
    response.delete_cookie(COOKIE, path="/portal", httponly=True, samesite="Strict")
    return response


# ----------------------------------------------------------------------------------------------------------------------
# Answering
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Person:
    """Who answers, as last typed."""

    name: str
    position: str
    declared: bool = False


CHOICES = {"usar": "use", "manter": "keep", "adotar": "adopt"}
"""What the buttons beside two contradicting texts decide."""

KEPT_ASIDE = (
    " O que você escreveu foi guardado à parte: quem abrir o novo endereço verá o seu texto e decidirá sobre ele."
)


@blueprint.route("/requisicao", methods=["GET", "POST"])
def answer() -> Answer:
    """Show the request, save what was typed, or submit it."""
    if request.method == "GET":
        return _page(_visit())
    sent = read_form()
    try:
        visit = _visit()
    except SessionEndedError as error:
        return _refusal("A sessão terminou", error.message, status=403, typed=sent.typed)
    except LinkGoneError as error:
        return _refusal("Este endereço já não abre", error.message + rescued(sent), status=410, typed=sent.typed)
    person = person_of(sent)
    if not sent.genuine:
        problem = (
            "A página ficou aberta tempo demais e, por segurança, nada foi gravado. Confira o texto, anexe de novo os "
            "arquivos e envie."
        )
        return _page(visit, status=400, typed=drafts_of(sent), person=person, problem=problem)
    try:
        return _act(visit, sent, person)
    except AnswerRefusedError as error:
        drafts = drafts_of(sent)
        typed = {item_id: drafts[item_id] for item_id in error.conflicts} if error.saved else drafts
        return _page(
            visit, status=422, problems=error.problems, typed=typed, person=person, conflicts=error.conflicts,
            saved=error.saved,
        )  # fmt: skip
    except ConflictError as error:
        return _refusal("A resposta já foi enviada", error.message, status=409, typed=sent.typed)


def rescued(sent: Sent) -> str:
    """Lay beside the answer what was being typed when the link was replaced; returns the sentence that says so."""
    if not sent.genuine:
        return ""
    try:
        kept = answering.rescue(request.cookies.get(COOKIE, ""), drafts=drafts_of(sent), seen=seen_of(sent))
    except AnswerRefusedError:
        return ""
    return KEPT_ASIDE if kept else ""


def _act(visit: Visit, sent: Sent, person: Person) -> Answer:
    """Do what the pressed button says; whichever it is, what was typed and attached is saved with it."""
    verb, _, target = sent.text("acao").partition("-")
    files = current_app.extensions["vendor_tracker.files"]
    drafts, new_files, seen = drafts_of(sent), files_of(sent), seen_of(sent)
    withdrawn = int(sent.text("retirar")) if sent.text("retirar").isdecimal() else None
    if verb == "enviar" and withdrawn is None:
        protocol = answering.submit(
            visit,
            name=person.name,
            position=person.position,
            declared=person.declared,
            files=files,
            drafts=drafts,
            new_files=new_files,
            seen=seen,
        )
        return redirect(url_for("portal.receipt", protocol=protocol), code=303)
    chosen = answering.Choice(CHOICES[verb], int(target)) if verb in CHOICES and target.isdecimal() else None
    saved = answering.save(
        visit,
        files,
        drafts=drafts,
        new_files=new_files,
        seen=seen,
        person=(person.name, person.position),
        choice=chosen,
        withdraw=withdrawn,
    )
    if saved.problems or saved.conflicts:
        typed = {item_id: drafts[item_id] for item_id in saved.conflicts}
        status = 409 if saved.conflicts else 422
        return _page(
            visit, status=status, problems=saved.problems, typed=typed, person=person, conflicts=saved.conflicts,
            saved=True,
        )  # fmt: skip
    if saved.withdrawn:
        flash({"title": f"Arquivo retirado: {saved.withdrawn}.", "text": "O rascunho foi salvo."}, "good")
        return redirect(url_for("portal.answer"), code=303)
    kept = f" {counted(saved.files, 'arquivo guardado', 'arquivos guardados')}." if saved.files else ""
    flash(
        {"title": "Rascunho salvo.", "text": f"{kept} Você pode sair e voltar pelo endereço do e-mail.".strip()},
        "good",
    )
    anchor = f"item-{target}" if verb == "anexar" and target.isdecimal() else None
    return redirect(url_for("portal.answer", _anchor=anchor), code=303)


def person_of(sent: Sent) -> Person:
    """Return who answers, as typed."""
    return Person(sent.text("nome"), sent.text("cargo"), bool(sent.text("declaro")))


def drafts_of(sent: Sent) -> dict[int, Draft]:
    """Return the texts by item; only items whose field came are touched."""
    drafts = {}
    for name in sent.texts:
        field, _, number = name.partition("-")
        if field == "resposta" and number.isdecimal():
            kind = sent.text(f"tipo-{number}")
            drafts[int(number)] = Draft(
                sent.text(name),
                sent.text(f"motivo-{number}"),
                EvidenceKind(kind) if kind in set(EvidenceKind) else None,
            )
    return drafts


def seen_of(sent: Sent) -> answering.Seen:
    """Return what the form was made from, as it says itself."""
    versions = {}
    for name, value in sent.texts.items():
        field, _, number = name.partition("-")
        round_, _, version = value.partition(".")
        if field == "versao" and number.isdecimal() and round_.isdecimal() and version.isdecimal():
            versions[int(number)] = (int(round_), int(version))
    turn = sent.text("vez")
    return answering.Seen(versions, int(turn) if turn.isdecimal() else 0, sent.text("pagina")[:40])


def files_of(sent: Sent) -> tuple[NewFile, ...]:
    """Return the files by item; a control that was left empty sends one without a name."""
    found = []
    for name, file in sent.files.items(multi=True):
        field, _, number = name.partition("-")
        if field == "arquivo" and number.isdecimal() and file.filename:
            stream: Any = file.stream
            found.append(NewFile(int(number), file.filename, stream, bool(getattr(stream, "too_large", False))))
    return tuple(found)


def _page(
    visit: Visit,
    *,
    status: int = 200,
    problems: Mapping[str, str] | None = None,
    typed: Mapping[int, Draft] | None = None,
    person: Person | None = None,
    problem: str = "",
    conflicts: Mapping[int, int] | None = None,
    saved: bool = False,
) -> tuple[str, int]:
    """Show the request; ``typed`` stands over what was saved when it could not be saved, or lost a race."""
    page = answering.answer_page(visit)
    problems = dict(problems or {})
    for item_id in conflicts or {}:
        problems.setdefault(f"resposta-{item_id}", CONFLICT)
    labels = _labels(page)
    errors = [ErrorLine(message, labels.get(field, ""), field) for field, message in problems.items()]
    return _render(
        "request",
        page,
        status=status,
        problems=problems,
        errors=errors,
        typed=typed or {},
        person=person or Person(page.person, page.position),
        problem=problem,
        conflicts=conflicts or {},
        saved=saved,
        opened=secrets.token_hex(16),
        accepted=ACCEPTED,
    )


CONFLICT = "Outra pessoa salvou um texto diferente enquanto você escrevia. Escolha, no item, qual dos dois vale."


def _labels(page: answering.AnswerPage) -> dict[str, str]:
    labels = {"nome": "Nome completo", "cargo": "Cargo ou função", "declaro": "Declaração"}
    for item in page.items:
        for field in ("resposta", "motivo", "arquivo", "tipo"):
            labels[f"{field}-{item.id}"] = f"Item {item.position}"
    return labels


@blueprint.get("/arquivos/<int:answer_file_id>")
def file(answer_file_id: int) -> Answer:
    """Give back a file that the vendor attached."""
    name, media_type, digest = answering.own_file(_visit(), answer_file_id)
    data = current_app.extensions["vendor_tracker.files"].read(digest)
    response = Response(data, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


# ----------------------------------------------------------------------------------------------------------------------
# Receipts
# ----------------------------------------------------------------------------------------------------------------------
@blueprint.get("/recibo/<protocol>")
def receipt(protocol: str) -> Answer:
    """Show the proof of delivery."""
    return _render("receipt", answering.receipt_page(_visit(), protocol))


@blueprint.get("/recibo/<protocol>.txt")
def receipt_text(protocol: str) -> Answer:
    """Hand out the receipt as plain text."""
    return _download(answering.receipt_text(_visit(), protocol), f"recibo-{protocol}.txt", "text/plain")


@blueprint.get("/recibo/<protocol>.json")
def receipt_content(protocol: str) -> Answer:
    """Hand out the exact content over which the receipt's SHA-256 was taken."""
    return _download(answering.receipt_content(_visit(), protocol), f"recibo-{protocol}.json", "application/json")


def _download(text: str, name: str, media_type: str) -> Response:
    response = Response(text.encode(), content_type=f"{media_type}; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
