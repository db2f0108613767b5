"""Proofs: the list of what waits, the decision about one, and putting one on record by hand."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_wtf.file import FileField
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contracts.vocabulary import INCISOS, EvidenceKind, ReviewDecision
from vendor_tracker import clock
from vendor_tracker.usecases import evidence
from vendor_tracker.usecases.evidence import Decision, EvidenceData, EvidenceFilter, EvidenceView
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError
from vendor_tracker.web.files import store, upload_help, uploaded
from vendor_tracker.web.forms import DayField, SlugField, StaffForm, YesNoField, place_error
from vendor_tracker.web.shell import actor, page_number, render
from vendor_tracker.wording.labels import inciso_title, label
from vendor_tracker.wording.parts import build_pager

blueprint = Blueprint("evidence", __name__)


class ChecksField(SelectMultipleField):
    """Several of a list that the record offers, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _whole(value: object) -> int:
    """Read an id; anything else is one that no record has."""
    return int(str(value)) if str(value).isdecimal() and len(str(value)) < 10 else 0


class ReviewForm(StaffForm):
    """A decision about a proof."""

    decision = RadioField(
        "Sua decisão",
        [InputRequired("Escolha uma decisão.")],
        choices=[
            SelectChoice(ReviewDecision.ACCEPTED.value, "Aceitar"),
            SelectChoice(ReviewDecision.RETURNED.value, "Devolver ao operador"),
            SelectChoice(ReviewDecision.FALSE.value, "Considerar falsa"),
        ],
    )
    valid_from = DayField("Vale desde", description="A data do documento.")
    valid_until = DayField("Vale até")
    independent = BooleanField(
        "Quem atesta é independente do operador", description="Certificadora, auditoria ou laboratório de fora."
    )
    covers_service = YesNoField(
        "O escopo alcança o serviço contratado?",
        description="Um certificado de outra unidade ou de outro serviço não demonstra o inciso V.",
    )
    also_serves = ChecksField(
        "Serve também a",
        coerce=_whole,
        validate_choice=False,
        description="O operador responde uma vez; a prova conta em cada acordo marcado.",
    )
    reason = TextAreaField(
        "Motivo",
        [Optional(), Length(max=10_000, message="Use no máximo 10.000 caracteres.")],
        description="Obrigatório para devolver ou considerar falsa. O operador lê estas palavras.",
    )
    confirmed = BooleanField(
        "Confirmo que a evidência é falsa",
        description="Só para “considerar falsa”: descumpre a obrigação, fica no registro e pede providência.",
    )
    seen = HiddenField()


class EvidenceForm(StaffForm):
    """A proof put on record by staff."""

    kind = SlugField("O que é", EvidenceKind, blank="Escolha", validators=[InputRequired("Escolha o que é.")])
    title = StringField(
        "Nome",
        [InputRequired("Dê um nome à evidência."), Length(max=300, message="Use no máximo 300 caracteres.")],
        description="Como ela aparece nas listas, por exemplo “Certificado ISO/IEC 27001 de 2026”.",
    )
    incisos = ChecksField("Incisos a que responde", validate_choice=False)
    received_on = DayField("Recebida em", [InputRequired("Informe o dia.")])
    valid_from = DayField("Data do documento", description="De onde conta a validade. Sem ela, conta do recebimento.")
    valid_until = DayField("Validade escrita no documento", description="Se houver.")
    arquivo = FileField("Arquivo")
    statement = TextAreaField(
        "Resposta por escrito",
        [Optional(), Length(max=10_000, message="Use no máximo 10.000 caracteres.")],
        description="Quando a prova é uma declaração sem arquivo.",
    )
    also_serves = ChecksField(
        "Serve também a",
        coerce=_whole,
        validate_choice=False,
        description="Outros acordos do mesmo operador: o operador responde uma vez.",
    )


@blueprint.get("/evidencias")
def index() -> tuple[str, int]:
    """List proofs; those to review first, the oldest on top."""
    args = request.args
    kind = args.get("tipo", "")
    operator = args.get("operador", "")
    wanted = EvidenceFilter(
        state=args.get("estado", "waiting"),
        inciso=args.get("inciso", "")[:40],
        kind=EvidenceKind(kind) if kind in set(EvidenceKind) else None,
        operator_id=int(operator) if operator.isdecimal() and len(operator) < 10 else None,
        words=args.get("q", "")[:200],
    )
    page = evidence.index(wanted, page=page_number(args))
    kept: dict[str, Any] = {
        "estado": page.wanted.state,
        "inciso": page.wanted.inciso or None,
        "tipo": page.wanted.kind.value if page.wanted.kind else None,
        "operador": page.wanted.operator_id,
        "q": page.wanted.words or None,
    }
    pager = build_pager(
        page.total,
        page.number,
        page.size,
        lambda number, _size: url_for("evidence.index", **{**kept, "pagina": number}),
        sizes=(),
    )
    filtered = any(kept[name] for name in ("inciso", "tipo", "operador", "q"))
    kinds = [("", "Todos"), *((each.value, label(each)) for each in EvidenceKind)]
    return render("evidence/index.html", page, pager=pager, states=evidence.STATES, kinds=kinds, filtered=filtered)


def _review_form(page: EvidenceView) -> ReviewForm:
    form = ReviewForm()
    form.also_serves.choices = [SelectChoice(each.id, each.label) for each in page.agreements if not each.served]
    months = page.validity_months
    if months:
        rule = f"A validade deste tipo é de {months} meses (parâmetro administrativo)."
        form.valid_until.description = f"{rule} Vale o que ocorrer primeiro: ela ou a validade do próprio documento."
    else:
        form.valid_until.description = (
            "Este tipo de evidência não perde a validade por tempo (parâmetro administrativo)."
        )
    if request.method == "GET":
        held = page.present if page.present and page.present.decision is ReviewDecision.ACCEPTED else None
        form.valid_from.data = held.valid_from if held else page.default_from
        form.valid_until.data = held.valid_until if held else page.default_until
        form.independent.data = held.independent if held else page.independent_kind
        form.covers_service.data = held.covers_service if held else None
        form.also_serves.data = []
        form.seen.data = str(page.present.id) if page.present else ""
    return form


def _shown(page: EvidenceView, form: ReviewForm, status: int) -> tuple[str, int]:
    return render("evidence/show.html", page, status=status, form=form, today=clock.today())


@blueprint.get("/evidencias/<int:evidence_id>")
def show(evidence_id: int) -> tuple[str, int]:
    """Show a proof, what it answers, the law beside it and the decision form."""
    page = evidence.show(actor(), evidence_id=evidence_id)
    return _shown(page, _review_form(page), 200)


@blueprint.post("/evidencias/<int:evidence_id>")
def review(evidence_id: int) -> Response | tuple[str, int]:
    """Record a decision about a proof."""
    page = evidence.show(actor(), evidence_id=evidence_id)
    form = _review_form(page)
    if not form.validate():
        return _shown(page, form, 422)
    seen = form.seen.data or ""
    try:
        evidence.decide(
            actor(),
            evidence_id=evidence_id,
            decision=Decision(
                decision=ReviewDecision(form.decision.data),
                reason=form.reason.data or "",
                valid_from=form.valid_from.data,
                valid_until=form.valid_until.data,
                independent=bool(form.independent.data),
                covers_service=form.covers_service.data,
                also_serves=form.also_serves.data or (),
                confirmed=bool(form.confirmed.data),
                seen=int(seen) if seen.isdecimal() else None,
            ),
        )
    except NotFoundError:
        raise
    except ConflictError as error:
        place_error(form, error)
        form.seen.data = str(page.present.id) if page.present else ""
        form.seen.raw_data = None
        return _shown(page, form, 409)
    except UseCaseError as error:
        place_error(form, error)
        return _shown(page, form, 422)
    flash("Decisão registrada.", "good")
    return redirect(url_for("evidence.show", evidence_id=evidence_id, _anchor="mudou"), code=303)


@blueprint.route("/acordos/<int:agreement_id>/evidencias/nova", methods=["GET", "POST"])
def create(agreement_id: int) -> Response | tuple[str, int]:
    """Put a proof on record by hand."""
    page = evidence.new_page(agreement_id=agreement_id)
    form = EvidenceForm()
    form.incisos.choices = [
        SelectChoice(code, f"{code}, {inciso_title(code) if code in INCISOS else title}")
        for code, title in page.incisos
    ]
    form.also_serves.choices = [SelectChoice(each.id, each.label) for each in page.others]
    form.arquivo.description = upload_help()
    status = 200
    if not form.is_submitted():
        _begin(form, page)
    else:
        status = 422
        if form.validate():
            data = EvidenceData(
                kind=form.kind.data,
                incisos=form.incisos.data or (),
                title=form.title.data or "",
                received_on=form.received_on.data,
                valid_from=form.valid_from.data,
                valid_until=form.valid_until.data,
                statement=form.statement.data or "",
                also_serves=form.also_serves.data or (),
            )
            try:
                evidence_id = evidence.register(
                    actor(), store(), agreement_id=agreement_id, data=data, upload=uploaded()
                )
            except UseCaseError as error:
                place_error(form, error)
            else:
                flash("Evidência registrada. Ela conta depois que alguém a conferir e aceitar.", "good")
                return redirect(url_for("evidence.show", evidence_id=evidence_id), code=303)
    return render("evidence/create.html", page, status=status, form=form)


def _begin(form: EvidenceForm, page: evidence.NewEvidencePage) -> None:
    """Begin with what the address of the page already says."""
    form.received_on.data = clock.today()
    kind = request.args.get("tipo", "")
    chosen = {request.args.get("inciso", "")} & {code for code, _ in page.incisos}
    if kind in set(EvidenceKind):
        form.kind.data = EvidenceKind(kind)
        form.title.data = label(form.kind.data)
        chosen |= set(page.usual_incisos[form.kind.data])
    form.incisos.data = sorted(chosen)
