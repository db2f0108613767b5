"""Incidents: the list, one incident with its terms, and what the court records about it."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectChoice, StringField, TextAreaField
from wtforms.validators import Optional

from contracts.vocabulary import DataNature, Harm, IncidentClock, IncidentSeverity, VolumeBand
from vendor_tracker.usecases import incidents
from vendor_tracker.usecases.incidents import IncidentPage
from vendor_tracker.usecases.work import UseCaseError
from vendor_tracker.web.conduct import ChoiceField, MomentField
from vendor_tracker.web.files import store, upload_help, uploaded
from vendor_tracker.web.forms import SlugField, SlugsField, StaffForm, YesNoField, place_error
from vendor_tracker.web.shell import actor, page_number, render, tell
from vendor_tracker.wording.documents import DOCUMENT_BUTTONS
from vendor_tracker.wording.filters import day
from vendor_tracker.wording.parts import Pager, build_pager

blueprint = Blueprint("incidents", __name__)

STANDINGS = {
    "open": "Em acompanhamento",
    "due": "Com prazo em aberto",
    "closed": "Encerrados",
    "all": "Todos",
}


class SeverityForm(StaffForm):
    """What the scale considers, and the level."""

    natures = SlugsField("Natureza dos dados", DataNature, description="Conta a que mais pontua.")
    volume = SlugField("Titulares alcançados", VolumeBand, blank="Ainda não se sabe")
    harm = SlugField("Potencial de dano", Harm, blank="Ainda não se sabe")
    level = SlugField(
        "Gravidade",
        IncidentSeverity,
        blank="A que a escala propõe",
        description="Escolha outra só se a proposta não servir, e diga por quê.",
    )
    reason = TextAreaField(
        "Por que é diferente da proposta", [Optional()], description="Preencha só se escolheu outra."
    )


class DecisionForm(StaffForm):
    """The answer to a question about an incident."""

    answer = YesNoField("Resposta")
    known_at = MomentField(
        "Sabe-se desde",
        [Optional()],
        description="Os prazos da Resolução contam daqui. Em branco, agora. Horário de Brasília.",
    )
    reason = TextAreaField("Em que se apoia", [Optional()], description="Fica no histórico. Sem dados de titulares.")


class CommunicationForm(StaffForm):
    """A communication that the court made."""

    kind = SlugField("Comunicação", IncidentClock, blank="Escolha")
    sent_at = MomentField("Feita em", [Optional()], description="Horário de Brasília.")
    protocol = StringField(
        "Protocolo", [Optional()], description="Da ANPD, o número que ela deu; da Presidência, o processo ou ofício."
    )
    partial = BooleanField(
        "Faltavam informações, a completar",
        description="Só na comunicação à ANPD: inicia o prazo do complemento.",
    )
    delay_reason = TextAreaField(
        "Motivos da demora", [Optional()], description="Art. 25, § 1º, VII. Exigidos quando o prazo já passou."
    )
    note = TextAreaField("Observações", [Optional()])
    arquivo = FileField("Comprovante")


class JoinForm(StaffForm):
    """The older record of the same incident."""

    into = ChoiceField("Incidente já em registro", whole=True)


class ReasonForm(StaffForm):
    """An act that only needs its reason."""

    reason = TextAreaField("Motivo", [Optional()])


QUESTIONS = {
    "dados": ("reached_data", "O incidente alcançou dados pessoais?"),
    "risco": ("relevant_risk", "Há risco ou dano relevante aos titulares?"),
}


@blueprint.get("/incidentes")
def index() -> tuple[str, int]:
    """List incidents, those whose term ends first on top."""
    page = incidents.incidents_page(
        standing=request.args.get("situacao", "open"), text=request.args.get("q", ""), number=page_number(request.args)
    )
    return render("incidents/index.html", page, pager=_pager(page), standings=tuple(STANDINGS.items()))


def _pager(page: incidents.IncidentsPage) -> Pager:
    kept = {"situacao": page.standing, "q": page.text}

    def address(number: int, _size: int) -> str:
        return url_for("incidents.index", **{name: text for name, text in kept.items() if text}, pagina=number)  # type: ignore[arg-type]

    return build_pager(page.total, page.number, page.size, address, sizes=())


@blueprint.get("/incidentes/<int:lineage>")
def show(lineage: int) -> Response | tuple[str, int]:
    """Show one incident: terms, delay, severity, the eight elements, what was communicated."""
    moved = incidents.joined_into(lineage=lineage)
    if moved is not None:
        return redirect(url_for("incidents.show", lineage=moved), code=301)
    page = incidents.incident_page(actor(), lineage=lineage)
    return render("incidents/show.html", page, buttons=DOCUMENT_BUTTONS, questions=QUESTIONS)


def _back(lineage: int, anchor: str) -> Response:
    return redirect(url_for("incidents.show", lineage=lineage, _anchor=anchor), code=303)


@blueprint.route("/incidentes/<int:lineage>/gravidade", methods=["GET", "POST"])
def assess(lineage: int) -> Response | tuple[str, int]:
    """Confirm the proposed severity, or change it with a reason."""
    page = incidents.incident_page(actor(), lineage=lineage)
    held = page.severity
    form = SeverityForm(data={"natures": held.natures, "volume": held.volume, "harm": held.harm})
    if form.is_submitted():
        try:
            if form.validate():
                incidents.assess(
                    actor(),
                    lineage=lineage,
                    natures=form.natures.data,
                    volume=form.volume.data,
                    harm=form.harm.data,
                    level=form.level.data,
                    reason=form.reason.data or "",
                )
                tell("Gravidade confirmada.", "O prazo à Presidência foi recalculado.")
                return _back(lineage, "gravidade")
        except UseCaseError as error:
            place_error(form, error)
    return _form(page, form, "Confirmar gravidade", "severity", "Confirmar gravidade")


@blueprint.route("/incidentes/<int:lineage>/apuracao/<any(dados, risco):subject>", methods=["GET", "POST"])
def decide(lineage: int, subject: str) -> Response | tuple[str, int]:
    """Answer whether personal data were reached, or whether the risk is relevant."""
    page = incidents.incident_page(actor(), lineage=lineage)
    question, title = QUESTIONS[subject]
    held = page.answer(question)
    form = DecisionForm(data={"answer": held.answer if held else None})
    if question != "reached_data":
        del form.known_at
    if form.is_submitted():
        try:
            if form.validate():
                incidents.decide(
                    actor(),
                    lineage=lineage,
                    question=question,
                    answer=form.answer.data,
                    known_at=form.known_at.data if "known_at" in form else None,
                    reason=form.reason.data or "",
                )
                tell("Resposta registrada.", "Os prazos foram recalculados; a resposta anterior continua no histórico.")
                return _back(lineage, "apuracao")
        except UseCaseError as error:
            place_error(form, error)
    return _form(page, form, title, "decision", "Registrar resposta", question=question)


@blueprint.route("/incidentes/<int:lineage>/comunicacao", methods=["GET", "POST"])
def communicate(lineage: int) -> Response | tuple[str, int]:
    """Record a communication that the court made."""
    page = incidents.incident_page(actor(), lineage=lineage)
    asked = request.args.get("a", "")
    form = CommunicationForm(data={"kind": asked if asked in set(IncidentClock) else None})
    form.arquivo.description = upload_help()
    if form.is_submitted():
        try:
            if form.validate():
                incidents.communicate(
                    actor(),
                    store(),
                    lineage=lineage,
                    kind=form.kind.data,
                    sent_at=form.sent_at.data,
                    protocol=form.protocol.data or "",
                    partial=form.partial.data,
                    delay_reason=form.delay_reason.data or "",
                    note=form.note.data or "",
                    upload=uploaded(),
                )
                tell("Comunicação registrada.")
                return _back(lineage, "comunicacoes")
        except UseCaseError as error:
            place_error(form, error)
    return _form(page, form, "Registrar comunicação", "communication", "Registrar comunicação")


@blueprint.route("/incidentes/<int:lineage>/comunicacao/<int:communication_id>/anular", methods=["GET", "POST"])
def annul(lineage: int, communication_id: int) -> Response | tuple[str, int]:
    """Annul the record of a communication that was not made as recorded."""
    page = incidents.incident_page(actor(), lineage=lineage)
    form = ReasonForm()
    form.reason.description = "O registro continua na página, riscado, com este motivo."
    if form.is_submitted():
        try:
            if form.validate():
                incidents.annul(
                    actor(), lineage=lineage, communication_id=communication_id, reason=form.reason.data or ""
                )
                tell("Registro anulado.", "O prazo correspondente voltou a ser contado.")
                return _back(lineage, "comunicacoes")
        except UseCaseError as error:
            place_error(form, error)
    held = next((each for each in page.communications if each.id == communication_id), None)
    return _form(page, form, "Anular registro de comunicação", "annulment", "Anular registro", held=held)


@blueprint.route("/incidentes/<int:lineage>/juntada", methods=["GET", "POST"])
def join(lineage: int) -> Response | tuple[str, int]:
    """Say that the operator reported what the court already had on record."""
    page = incidents.incident_page(actor(), lineage=lineage)
    form = JoinForm()
    form.into.choices = [
        SelectChoice("", "Escolha"),
        *(SelectChoice(str(each), f"{title}, de {day(learned)}") for each, title, learned in page.joinable),
    ]
    if form.is_submitted():
        try:
            if form.validate():
                incidents.join(actor(), lineage=lineage, into=form.into.data)
                tell("Comunicação juntada.", "O que o operador disse está agora no registro anterior.")
                return _back(form.into.data, "versoes")
        except UseCaseError as error:
            place_error(form, error)
    return _form(page, form, "Juntar a incidente já registrado", "joining", "Juntar comunicação")


@blueprint.route("/incidentes/<int:lineage>/encerramento", methods=["GET", "POST"])
def close(lineage: int) -> Response | tuple[str, int]:
    """Close the case, or open it again."""
    page = incidents.incident_page(actor(), lineage=lineage)
    form = ReasonForm()
    again = page.closed is not None
    form.reason.label.text = "O que surgiu de novo" if again else "Como terminou"
    if form.is_submitted():
        try:
            if form.validate():
                turn = incidents.reopen if again else incidents.close
                turn(actor(), lineage=lineage, reason=form.reason.data or "")
                tell("Incidente reaberto." if again else "Incidente encerrado.")
                return _back(lineage, "prazos")
        except UseCaseError as error:
            place_error(form, error)
    words = "Reabrir incidente" if again else "Encerrar incidente"
    return _form(page, form, words, "closing", words)


def _form(page: IncidentPage, form: StaffForm, title: str, kind: str, verb: str, **more: Any) -> tuple[str, int]:
    status = 422 if form.is_submitted() else 200
    page = replace(page, title=f"{title.removesuffix('?')}: {page.what}")
    return render("incidents/form.html", page, status=status, form=form, title=title, kind=kind, verb=verb, more=more)


# ----------------------------------------------------------------------------------------------------------------------
# The standing channel
# ----------------------------------------------------------------------------------------------------------------------
@blueprint.get("/acordos/<int:agreement_id>/canal-de-incidentes")
def channel(agreement_id: int) -> tuple[str, int]:
    """Show the standing channel of an agreement."""
    return render("incidents/channel.html", incidents.channel_page(agreement_id=agreement_id), form=ReasonForm())


@blueprint.post("/acordos/<int:agreement_id>/canal-de-incidentes/emitir")
def issue_channel(agreement_id: int) -> Response:
    """Send a new standing link to the preposto."""
    try:
        incidents.issue_channel(actor(), agreement_id=agreement_id)
    except UseCaseError as error:
        tell("O endereço não foi emitido.", error.message, "bad")
    else:
        tell(
            "Endereço emitido.", "A carta ao preposto sai em instantes; o endereço anterior, se havia, deixou de abrir."
        )
    return redirect(url_for("incidents.channel", agreement_id=agreement_id), code=303)


@blueprint.post("/acordos/<int:agreement_id>/canal-de-incidentes/cancelar")
def revoke_channel(agreement_id: int) -> Response | tuple[str, int]:
    """Take the standing link back."""
    form = ReasonForm()
    try:
        if form.validate():
            incidents.revoke_channel(actor(), agreement_id=agreement_id, reason=form.reason.data or "")
            tell("Endereço cancelado.", "Quem o abrir é avisado de que já não serve.")
            return redirect(url_for("incidents.channel", agreement_id=agreement_id), code=303)
    except UseCaseError as error:
        place_error(form, error)
    page = incidents.channel_page(agreement_id=agreement_id)
    return render("incidents/channel.html", page, status=422, form=form)
