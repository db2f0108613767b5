"""Signed papers: registering them, checking what they say, correcting what is on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from contracts.vocabulary import Coverage, InstrumentKind
from vendor_tracker.usecases import instruments
from vendor_tracker.usecases.instruments import CheckPage, InstrumentForm, PaperData, PointToRead, Reading
from vendor_tracker.usecases.work import NotFoundError, UseCaseError
from vendor_tracker.web.files import store, upload_help, uploaded
from vendor_tracker.web.forms import DayField, SlugField, StaffForm, YesNoField, place_error
from vendor_tracker.web.shell import actor, may, page_number, render, tell
from vendor_tracker.wording.filters import moment
from vendor_tracker.wording.labels import inciso_title, label
from vendor_tracker.wording.parts import ErrorLine, build_pager

blueprint = Blueprint("instruments", __name__)

CONCLUSIONS = (Coverage.COVERED, Coverage.PARTIAL, Coverage.MISSING)


class PaperForm(StaffForm):
    """What is typed about a signed paper."""

    kind = SlugField(
        "Espécie",
        InstrumentKind,
        validators=[InputRequired("Escolha a espécie.")],
        description="O apostilamento é escrito por um lado só: não cria obrigação para o operador.",
    )
    title = StringField(
        "Nome",
        [InputRequired("Dê um nome ao instrumento."), Length(max=200, message="Use no máximo 200 caracteres.")],
        description="Como ele é citado, por exemplo “2º termo aditivo”.",
    )
    issued_document_id = SelectField(
        "Foi assinado a partir de documento emitido aqui?",
        coerce=lambda value: int(value) if str(value).isdecimal() else None,
        validate_choice=False,
        description="Se foi, a conferência já começa com o que as cláusulas emitidas dizem.",
    )
    signed_on = DayField("Assinado em", description="O dia da última assinatura.")
    signed_by_both = YesNoField(
        "As duas partes assinaram?", description="O art. 14, IV, pede que o operador assine as cláusulas."
    )
    in_force_from = DayField("Vale desde", description="Só se não valer desde a assinatura.")
    in_force_until = DayField("Vale até", description="Só se o próprio instrumento tiver fim antes do acordo.")
    published_on = DayField(
        "Publicado em", description="O dia da publicação do extrato (art. 94 da Lei nº 14.133/2021)."
    )
    arquivo = FileField("Arquivo assinado")

    def data_typed(self) -> PaperData:
        """Return the plain values."""
        return PaperData(
            kind=self.kind.data,
            title=self.title.data or "",
            signed_on=self.signed_on.data,
            signed_by_both=self.signed_by_both.data,
            in_force_from=self.in_force_from.data,
            in_force_until=self.in_force_until.data,
            published_on=self.published_on.data,
            issued_document_id=self.issued_document_id.data,
        )


SIGNED_AS = {
    "termo-aditivo": InstrumentKind.ADITIVO,
    "termo-de-compromisso": InstrumentKind.TERMO_COMPROMISSO,
}
"""What a document of ours is once signed; the others are annexes."""


def _form(page: InstrumentForm) -> PaperForm:
    form = PaperForm(obj=page.present)
    form.issued_document_id.choices = [
        SelectChoice("", "Não"),
        *(SelectChoice(item.id, f"{item.title}, de {moment(item.issued_at)} ({item.code})") for item in page.issued),
    ]
    form.arquivo.description = upload_help(optional=True)
    if page.present is None and request.method == "GET":
        chosen = request.args.get("documento", "")
        if chosen.isdecimal():
            form.issued_document_id.data = int(chosen)
            form.kind.data = SIGNED_AS.get(request.args.get("tipo", ""), InstrumentKind.ANEXO)
    return form


@blueprint.route("/acordos/<int:agreement_id>/instrumentos/novo", methods=["GET", "POST"])
def create(agreement_id: int) -> Response | tuple[str, int]:
    """Put a signed paper on record, then lead to its check."""
    page = instruments.new_instrument(agreement_id=agreement_id)
    form = _form(page)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                lineage = instruments.file_instrument(
                    actor(), store(), agreement_id=agreement_id, data=form.data_typed(), upload=uploaded()
                )
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash("Instrumento registrado. Confira agora o que ele diz: só o que você confirmar conta.", "good")
                return redirect(url_for("instruments.confirm", instrument_id=lineage), code=303)
    return render("instruments/form.html", page, status=status, form=form)


@blueprint.route("/instrumentos/<int:instrument_id>/editar", methods=["GET", "POST"])
def edit(instrument_id: int) -> Response | tuple[str, int]:
    """Correct what is on record about a paper."""
    page = instruments.instrument_to_edit(actor(), lineage=instrument_id)
    form = _form(page)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                instruments.refile_instrument(
                    actor(), store(), lineage=instrument_id, data=form.data_typed(), upload=uploaded()
                )
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash("Registro corrigido. A versão anterior continua no histórico.", "good")
                return redirect(url_for("instruments.show", instrument_id=instrument_id), code=303)
    return render("instruments/form.html", page, status=status, form=form)


@blueprint.get("/instrumentos")
def index() -> tuple[str, int]:
    """List the signed papers that wait for a person's conclusions."""
    page = instruments.pending_page(page=page_number(request.args))
    pager = build_pager(
        page.total, page.number, page.size, lambda number, _size: url_for("instruments.index", pagina=number), sizes=()
    )
    return render("instruments/index.html", page, pager=pager)


@blueprint.get("/instrumentos/<int:instrument_id>")
def show(instrument_id: int) -> tuple[str, int]:
    """Show a signed paper, what was confirmed about it, and the history of both."""
    page = instruments.instrument_page(actor(), lineage=instrument_id, files=store())
    names = {point.point: _name(point) for point in page.points}
    return render("instruments/show.html", page, names=names)


@blueprint.post("/instrumentos/<int:instrument_id>/leitura")
def read(instrument_id: int) -> Response:
    """Have the machine read the file, or put a scan in line for the recognition of its letters."""
    try:
        if request.form.get("acao") == "ocr":
            instruments.ask_for_letters(actor(), lineage=instrument_id)
            flash("O arquivo entrou na fila do reconhecimento de texto (OCR). Volte em alguns minutos.", "good")
        else:
            found = instruments.read_instrument(actor(), store(), lineage=instrument_id)
            if found.state == "read":
                flash("Arquivo lido. Confira o que a máquina propõe: só o que você confirmar conta.", "good")
    except NotFoundError:
        raise
    except UseCaseError as error:
        flash(error.message, "bad")
    back = "instruments.confirm" if may("instruments.confirm") else "instruments.show"
    return redirect(url_for(back, instrument_id=instrument_id), code=303)


@blueprint.post("/instrumentos/<int:instrument_id>/origem")
def origin(instrument_id: int) -> Response:
    """Record from which document of ours the paper was signed."""
    chosen = request.form.get("documento", "")
    try:
        instruments.record_origin(
            actor(), lineage=instrument_id, document_id=int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0
        )
    except NotFoundError:
        raise
    except UseCaseError as error:
        flash(error.message, "bad")
    else:
        flash("Documento de origem registrado. A versão anterior do registro continua no histórico.", "good")
    return redirect(url_for("instruments.confirm", instrument_id=instrument_id), code=303)


@blueprint.get("/biblioteca/leitura")
def reader() -> tuple[str, int]:
    """Tell what the automatic reading can do, what it cannot, and how often people corrected it."""
    return render("instruments/reader.html", instruments.reader_page())


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One point of the check as the page prints it: what stands in its controls and what is wrong with it."""

    point: PointToRead
    anchor: str
    name: str
    passage: str
    """Where the first passage found about it stands on the page; empty when there is none."""
    coverage: str
    quote: str
    place: str
    missing_idea: str
    errors: Mapping[str, str]

    @property
    def state(self) -> Coverage | None:
        """What is confirmed, for the mark beside the name."""
        return self.point.confirmed.coverage if self.point.confirmed else None


def _name(point: PointToRead) -> str:
    if point.numeral:
        return inciso_title(point.numeral)
    return label(point.formality) if point.formality else point.title


def _begins(point: PointToRead) -> dict[str, str]:
    """Return what stands in the controls of a point before anybody touches them.

    A proposal fills in where and what. The conclusion is marked where the machine takes a stand on the signed file
    itself, or when the person asks for what the issued document promised; it counts only once saved.
    """
    shown = point.shown
    proposed = point.proposed
    chosen: Reading | None = None
    if point.confirmed is not None:
        chosen = shown
    elif proposed is not None and (proposed.is_conclusive or _marks_promised(point)):
        chosen = proposed
    return {
        "coverage": chosen.coverage.value if chosen else "",
        "quote": shown.quote if shown else "",
        "place": shown.place if shown else "",
        "missing_idea": shown.missing_idea if shown else "",
    }


def _marks_promised(point: PointToRead) -> bool:
    return (
        request.args.get("marcar") == "propostas" and point.proposed is not None and point.proposed.source == "issued"
    )


def _conclusions(page: CheckPage, problems: Mapping[str, str]) -> tuple[Conclusion, ...]:
    sent = request.form if request.method == "POST" else None
    found = []
    for point in page.paper.points:
        held = _begins(point)
        if sent is not None:
            held = {name: sent.get(f"{point.point}-{name}", value)[:20_000] for name, value in held.items()}
        errors = {name: problems[f"{point.point}-{name}"] for name in held if f"{point.point}-{name}" in problems}
        found.append(
            Conclusion(
                point=point,
                anchor=f"r-{point.point.lower()}",
                name=_name(point),
                passage=page.anchors.get(point.point, ""),
                errors=errors,
                **held,
            )
        )
    return tuple(found)


def _sent(page: CheckPage, only: str) -> tuple[list[Reading], dict[str, str]]:
    """Return the conclusions that were marked (``only``: of one point), and what cannot be understood."""
    readings, problems = [], {}
    members = {coverage.value: coverage for coverage in CONCLUSIONS}
    for point in page.paper.points:
        chosen = request.form.get(f"{point.point}-coverage", "")
        if only not in {"", point.point}:
            continue
        if not chosen:
            if only:
                problems[f"{point.point}-coverage"] = "Conclua: prevê, prevê em parte ou não prevê."
            continue
        if chosen not in members:
            problems[f"{point.point}-coverage"] = "Conclua: prevê, prevê em parte ou não prevê."
            continue
        texts = {name: request.form.get(f"{point.point}-{name}", "") for name in ("quote", "place", "missing_idea")}
        texts = {
            name: " ".join(text.split()) if name == "place" else text.replace("\r\n", "\n")
            for name, text in texts.items()
        }
        readings.append(Reading(point.point, members[chosen], **texts))
    return readings, problems


def _typed_elsewhere(page: CheckPage, only: str) -> bool:
    """Tell whether something stands in the controls of other points that would be lost on a fresh page."""
    for point in page.paper.points:
        if point.point == only:
            continue
        for name, value in _begins(point).items():
            sent = request.form.get(f"{point.point}-{name}")
            if sent is not None and sent.replace("\r\n", "\n").strip() != value.strip():
                return True
    return False


def _way() -> dict[str, Any]:
    """Return what the address says about how the check is shown, so that every link and form keeps it."""
    return {name: request.args[name][:20] for name in ("documento", "ver", "texto") if request.args.get(name)}


def _check(instrument_id: int) -> CheckPage:
    chosen = request.args.get("documento", "")
    return instruments.check_page(
        actor(),
        store(),
        lineage=instrument_id,
        chosen=int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None,
        text=request.args.get("ver") == "texto",
        whole=request.args.get("texto") == "inteiro",
        opened=request.method == "GET",
    )


@blueprint.route("/instrumentos/<int:instrument_id>/conferencia", methods=["GET", "POST"])
def confirm(instrument_id: int) -> Response | tuple[str, int]:
    """Ask a person what the paper says on each point; what is left unmarked stays as it is."""
    page = _check(instrument_id)
    problems: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        status = 422
        only = request.form.get("confirmar", "")
        readings, problems = _sent(page, only)
        if not readings and not problems:
            problems[""] = "Nenhuma conclusão foi marcada. Marque ao menos uma para salvar."
        if not problems:
            try:
                result = instruments.confirm(
                    actor(), lineage=instrument_id, readings=readings, files=store(), compared_with=page.chosen
                )
            except instruments.ReadingRefusedError as error:
                for field, sentence in error.problems:
                    problems.setdefault(field, sentence)
            else:
                _tell(result)
                if not (only and _typed_elsewhere(page, only)):
                    return redirect(_next(instrument_id, only), code=303)
                # What was typed about other points would be lost by a fresh page.
                status, page = 200, _check(instrument_id)
    conclusions = _conclusions(page, problems)
    return render(
        "instruments/confirm.html",
        page,
        status=status,
        conclusions=conclusions,
        errors=_lines(conclusions, problems),
        way=_way(),
    )


def _next(instrument_id: int, only: str) -> str:
    if only:
        return url_for("instruments.confirm", instrument_id=instrument_id, _anchor=f"r-{only.lower()}", **_way())
    if request.form.get("acao") == "continuar":
        return url_for("instruments.confirm", instrument_id=instrument_id, **_way())
    return url_for("instruments.show", instrument_id=instrument_id)


def _tell(result: instruments.ConfirmResult) -> None:
    if not result.recorded:
        flash("Nada mudou: as conclusões já eram essas.", "")
        return
    count = "Uma conclusão salva." if result.recorded == 1 else f"{result.recorded} conclusões salvas."
    changed = "; ".join(
        f"{change.inciso}: de {label(change.before).lower()} para {label(change.after).lower()}"
        for change in result.changes
    )
    tell(count, f"Situações que mudaram: {changed}." if changed else "", "good")


def _lines(conclusions: tuple[Conclusion, ...], problems: Mapping[str, str]) -> tuple[ErrorLine, ...]:
    lines = [ErrorLine(problems[""])] if "" in problems else []
    suffix = {"coverage": "-coverage-0", "place": "-place", "quote": "-quote", "missing_idea": "-missing_idea"}
    for item in conclusions:
        subject = f"{item.point.numeral}, {item.name}" if item.point.numeral else item.name
        lines.extend(
            ErrorLine(sentence, subject, f"{item.anchor}{suffix[name]}") for name, sentence in item.errors.items()
        )
    return tuple(lines)
