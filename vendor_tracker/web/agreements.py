"""Agreements: the list, the steps of a registration, the page of one, its sections and the decisions about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from contracts.norm import CROSS_REFERENCE_NOTE
from contracts.vocabulary import ActionKind, AgreementKind, DispensationGround, EndReason, Exposure, Role, StewardRole
from vendor_tracker.usecases import agreements
from vendor_tracker.usecases.agreements import AgreementPage, EditPage, NextStep, PeopleData, Person
from vendor_tracker.web import judged
from vendor_tracker.web.forms import StaffForm
from vendor_tracker.web.forms_register import (
    REGIME_HINTS,
    ROLE_HINTS,
    AuthoriseForm,
    DeadlinesForm,
    DispensationForm,
    EditInstrumentForm,
    EditProcessingForm,
    EndForm,
    ExposureForm,
    NewAgreementForm,
    PeopleForm,
    ProcessingForm,
    ReasonForm,
    RoleDecisionForm,
    RoleForm,
    SecrecyForm,
    StewardForm,
    SubOperatorForm,
    UntilForm,
    attempt,
    processing_values,
    seen_of,
)
from vendor_tracker.web.judged import address
from vendor_tracker.web.operators import page_size, pager
from vendor_tracker.web.shell import actor, may, page_number, render
from vendor_tracker.wording.filters import cnpj, day, join_and, relative_day, sentence_case
from vendor_tracker.wording.labels import label
from vendor_tracker.wording.parts import Clock, Fact, Link, Page, QueueItem, Step, TimelineEntry
from vendor_tracker.wording.register import (
    FIELD_LABELS,
    MISSING_LABELS,
    SOURCE_LABELS,
    STAGE_LABELS,
    TERM_LABELS,
    country,
    shown,
)

blueprint = Blueprint("agreements", __name__, url_prefix="/acordos")

STEPS = ("Instrumento e operador", "Dados pessoais tratados", "Papel e pessoas", "Conferir")
PEOPLE_KEYS = frozenset({"gestor", "fiscal", "preposto"})
"""What is missing and completed by naming somebody."""


# ----------------------------------------------------------------------------------------------------------------------
# The list
# ----------------------------------------------------------------------------------------------------------------------


@blueprint.get("")
def index() -> tuple[str, int]:
    """List the agreements."""
    args = request.args
    unit = args.get("unidade", "")
    asked = {
        "words": args.get("texto", "").strip()[:200],
        "unit_id": int(unit) if unit.isdecimal() and len(unit) < 10 else None,
        "kind": args.get("tipo", ""),
        "exposure": args.get("exposicao", ""),
        "stage": args.get("estagio", ""),
        "only_incomplete": args.get("completar") == "1",
    }
    page = agreements.index(**asked, number=page_number(args), size=page_size())  # type: ignore[arg-type]
    return render(
        "agreements/index.html",
        page,
        asked=asked,
        kinds=[("", "Todos"), *((member.value, label(member)) for member in AgreementKind)],
        exposures=[("", "Todas"), *((member.value, label(member)) for member in reversed(Exposure))],
        stages=[("", "Todas"), *((key, STAGE_LABELS[key]) for key in agreements.STAGES)],
        units=[("", "Todas"), *((str(identity), name) for identity, name in page.units)],
        stage_labels=STAGE_LABELS,
        pager=pager("agreements.index", page.total, page.number, page.size),
    )


# ----------------------------------------------------------------------------------------------------------------------
# The page of one
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class View:
    """What the page of an agreement prints, with addresses and words."""

    lede: str
    queue: tuple[QueueItem, ...]
    missing: tuple[str, ...]
    complete: tuple[Link, ...]
    about: tuple[Fact, ...]
    processing: tuple[Fact, ...]
    brief: Sequence[Any]
    scorecard: str
    exposure: tuple[tuple[str, str, str], ...]
    history: tuple[TimelineEntry, ...]
    stage: str
    source: str


@blueprint.get("/<int:agreement_id>")
def show(agreement_id: int) -> tuple[str, int]:
    """Show one agreement."""
    page = agreements.show(agreement_id=agreement_id)
    return render(
        "agreements/show.html",
        page,
        view=_view(page),
        cross_reference=CROSS_REFERENCE_NOTE,
        state_words=judged.state_words,
        record_url=lambda record: judged.record_url(record, agreement_id),
        country=country,
        term_labels=TERM_LABELS,
        reach=address,
        waits_approval=agreements.needs_approval(page.said),
        role_hints=ROLE_HINTS,
        decision=RoleDecisionForm(),
    )


def _view(page: AgreementPage) -> View:
    identity = page.identity
    scorecard = address("boletim.of_agreement", agreement_id=identity.id)
    tier = label(page.judgement.exposure.tier).lower()
    term = f"Vigente até {day(page.ends_on)}" if page.ends_on else "Prazo indeterminado"
    if page.stage != "in_force":
        term = STAGE_LABELS[page.stage] + (
            f", em {day(page.ends_on)}" if page.stage == "ending" and page.ends_on else ""
        )
    score = page.judgement.score.value
    points = "Sem pontuação" if score is None else f"{score} {'ponto' if score == 1 else 'pontos'} de 100"
    return View(
        lede=f"{identity.operator}. {term}. Exposição {tier}. {points} em {day(page.today)}.",
        queue=tuple(_queue_item(step, page) for step in page.next_steps),
        missing=tuple(MISSING_LABELS[key] for key in page.missing),
        complete=_where_to_complete(page.missing, identity.id),
        about=_about(page),
        processing=_processing(page),
        brief=judged.brief(page.judgement, scorecard),
        scorecard=scorecard,
        exposure=judged.exposure_rows(page.judgement.exposure),
        history=_history(page),
        stage=STAGE_LABELS[page.stage],
        source=SOURCE_LABELS.get(identity.source, identity.source),
    )


def _queue_item(step: NextStep, page: AgreementPage) -> QueueItem:
    if step.kind == "approve_role":
        verb, url = ("Decidir", "#papel") if may("agreements.decide_role") else ("Ver proposta", "#papel")
    elif step.action is None:
        verb, url = "", ""
    else:
        url = judged.action_address(step.action, page.identity.id)
        if step.action.kind is ActionKind.REQUEST_EVIDENCE and len(step.incisos) > 1:
            url = address("requests.create", agreement_id=page.identity.id, inciso=list(step.incisos))
        verb = judged.action_verb(step.action) if url else ""
    clock = Clock("Sem prazo")
    if step.due_on is not None:
        tone = "late" if step.due_on < page.today else "today" if step.due_on == page.today else ""
        clock = Clock(relative_day(step.due_on, page.today), tone)
    place = ""
    if step.incisos:
        word = "Inciso" if len(step.incisos) == 1 else "Incisos"
        place = "Doze incisos do art. 14" if len(step.incisos) == 12 else f"{word} {join_and(step.incisos)} do art. 14"
    return QueueItem(clock, step.sentence, step.why, verb, url, place=place)


def _where_to_complete(missing: Sequence[str], agreement_id: int) -> tuple[Link, ...]:
    links = []
    if any(key not in PEOPLE_KEYS | {"role"} for key in missing):
        links.append(Link("Dados pessoais tratados", address("agreements.edit_processing", agreement_id=agreement_id)))
    if any(key in PEOPLE_KEYS | {"role"} for key in missing):
        links.append(Link("Papel e pessoas", address("agreements.people", agreement_id=agreement_id)))
    return tuple(link for link in links if link.url)


def _about(page: AgreementPage) -> tuple[Fact, ...]:
    identity, said = page.identity, page.said
    operator = Link(identity.operator, url_for("operators.show", operator_id=identity.operator_id))
    number = f"CNPJ {cnpj(identity.cnpj)}" if identity.cnpj else (identity.foreign_id or "")
    term = f"{shown(page.starts_on)} a {day(page.ends_on) if page.ends_on else 'prazo indeterminado'}"
    facts = [
        Fact("Parte", number, link=operator),
        Fact("Regime", label(identity.regime) if identity.regime else ""),
        Fact("Processo", said.sei_process),
        Fact("Vigência", term, note=_ended(page)),
        Fact("Assinatura", day(said.signed_on) if said.signed_on else ""),
        Fact("Unidade", identity.unit),
        Fact("Gestor e fiscal", "; ".join(steward.name for steward in page.stewards)),
        Fact("Valor", shown(said.value) if said.value is not None else ""),
        Fact("Objeto", page.object),
    ]
    if identity.pncp_id:
        facts.append(Fact("PNCP", identity.pncp_id))
    if said.secret:
        facts.append(Fact("Sigilo", f"Acesso restrito (art. 5º). {said.secrecy_ground}"))
    terms = {
        "Comunicar incidentes": (said.incident_term_hours, "hora", "horas"),
        "Auxiliar titulares": (said.assistance_term_days, "dia útil", "dias úteis"),
        "Provar o descarte": (said.disposal_term_days, "dia", "dias"),
    }
    own = [
        f"{name}: {value} {one if value == 1 else many}"
        for name, (value, one, many) in terms.items()
        if value is not None
    ]
    if own:
        facts.append(Fact("Prazos do instrumento", "; ".join(own)))
    return tuple(facts)


def _ended(page: AgreementPage) -> str:
    said = page.said
    if said.ended_on is None:
        return ""
    why = f" ({label(said.end_reason).lower()})" if said.end_reason else ""
    return f"Encerrado em {day(said.ended_on)}{why}"


def _processing(page: AgreementPage) -> tuple[Fact, ...]:
    said = page.said

    def told(value: object) -> str:
        return "" if value in (None, "", ()) else sentence_case(shown(value))

    transfer = told(said.international_transfer)
    if said.international_transfer and said.transfer_countries:
        transfer = f"Sim: {join_and(said.transfer_countries)}"
    return (
        Fact("Finalidade", said.purpose or ""),
        Fact("Função pública", said.public_function or ""),
        Fact("Base legal", said.legal_basis or ""),
        Fact("Categorias", told(said.data_categories)),
        Fact("Titulares", told(said.subject_groups)),
        Fact("Quantidade", told(said.volume)),
        Fact("Dados sensíveis", told(said.sensitive)),
        Fact("Crianças e adolescentes", told(said.children)),
        Fact("Segredo de justiça", told(said.judicial_secrecy)),
        Fact("Transferência internacional", transfer),
        Fact("Acesso a sistemas", told(said.system_access)),
        Fact("Hospedagem externa", told(said.external_hosting)),
        Fact("Garantias", said.guarantees or ""),
        Fact("Acesso do titular", said.subject_access or ""),
        Fact("Última revisão", told(said.reviewed_on)),
    )


def _history(page: AgreementPage) -> tuple[TimelineEntry, ...]:
    entries = []
    for entry in page.history:
        told = [_change(change.key, change.before, change.after) for change in entry.changes]
        what = "; ".join(told) if told else "nenhum campo mudou"
        by = f" Por {entry.by}." if entry.by else ""
        holds = f" Vale desde {day(entry.holds_from)}."
        entries.append(
            TimelineEntry(f"{entry.reason.rstrip('.')}: {what.rstrip('.')}.{holds}{by}", on=entry.recorded_at)
        )
    return tuple(entries)


def _change(key: str, before: object, after: object) -> str:
    name = FIELD_LABELS[key]
    if before in (None, "", ()):
        return f"{name}: {_short(after)}"
    if after in (None, "", ()):
        return f"{name}: retirado (era {_short(before)})"
    return f"{name}: de {_short(before)} para {_short(after)}"


def _short(value: object, limit: int = 160) -> str:
    text = shown(value)
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


# ----------------------------------------------------------------------------------------------------------------------
# Registering, step by step
# ----------------------------------------------------------------------------------------------------------------------


def _steps(current: int, agreement_id: int | None = None) -> tuple[Step, ...]:
    """Return the passage of a registration; ``current`` counts from 0."""
    urls = ["", "", "", ""]
    if agreement_id is not None:
        urls = [
            url_for("agreements.edit_instrument", agreement_id=agreement_id),
            url_for("agreements.step_processing", agreement_id=agreement_id),
            url_for("agreements.step_people", agreement_id=agreement_id),
            url_for("agreements.step_summary", agreement_id=agreement_id),
        ]
    return tuple(
        Step(name, "done" if place < current else "current" if place == current else "ahead", urls[place])
        for place, name in enumerate(STEPS)
    )


@blueprint.route("/novo", methods=["GET", "POST"])
def create() -> Response | tuple[str, int]:
    """Step one: the instrument and with whom it is. It registers the agreement; the next steps complete it."""
    asked = request.args.get("operador", "")
    page = agreements.new_page(operator_id=int(asked) if asked.isdecimal() and len(asked) < 10 else None)
    chosen = page.operator
    form = NewAgreementForm(
        data={
            "kind": AgreementKind.CONTRATO,
            "cnpj": chosen.cnpj if chosen else None,
            "foreign_id": chosen.foreign_id if chosen else "",
            "operator_name": chosen.name if chosen else "",
            "regime": chosen.regime if chosen else None,
            "country": chosen.country if chosen else "BR",
        }
    )
    made: list[int] = []
    status = attempt(
        form,
        lambda: made.append(
            agreements.create_agreement(
                actor(),
                data=form.instrument(),
                cnpj=form.cnpj.data,
                foreign_id=form.foreign_id.data,
                operator_name=form.operator_name.data or "",
                regime=form.regime.data,  # type: ignore[arg-type]
                country=form.country.data or "BR",
            )
        ),
    )
    if status == 303:
        flash(
            "Acordo registrado. Complete agora o que se faz com os dados; você pode parar e voltar quando quiser.",
            "good",
        )
        return redirect(url_for("agreements.step_processing", agreement_id=made[0]), code=303)
    return render("agreements/new.html", page, status=status, form=form, steps=_steps(0), regime_hints=REGIME_HINTS)


@blueprint.route("/<int:agreement_id>/registro/dados-pessoais", methods=["GET", "POST"])
def step_processing(agreement_id: int) -> Response | tuple[str, int]:
    """Step two: what is done with which personal data."""
    page = agreements.edit_page(agreement_id=agreement_id, title=STEPS[1])
    form = ProcessingForm(data=processing_values(page.said))
    status = attempt(
        form,
        lambda: agreements.change_processing(
            actor(),
            agreement_id=agreement_id,
            data=form.processing(),
            holds_from=page.holds_from,
            reason="Dados pessoais informados no registro",
        ),
    )
    if status == 303:
        return _after_step(agreement_id, "agreements.step_people")
    return render(
        "agreements/processing.html",
        page,
        status=status,
        form=form,
        steps=_steps(1, agreement_id),
        told=_told(page),
        back=url_for("agreements.edit_instrument", agreement_id=agreement_id),
    )


@blueprint.route("/<int:agreement_id>/registro/pessoas", methods=["GET", "POST"])
def step_people(agreement_id: int) -> Response | tuple[str, int]:
    """Step three: the role, and who answers on each side."""
    return _people(agreement_id, in_steps=True)


@blueprint.route("/<int:agreement_id>/editar/pessoas", methods=["GET", "POST"])
def people(agreement_id: int) -> Response | tuple[str, int]:
    """Change the role and who answers on each side."""
    return _people(agreement_id, in_steps=False)


def _people(agreement_id: int, *, in_steps: bool) -> Response | tuple[str, int]:
    page = agreements.edit_page(agreement_id=agreement_id, title=STEPS[2])
    form = PeopleForm(data=_people_values(page))
    status = attempt(
        form, lambda: agreements.register_people(actor(), agreement_id=agreement_id, data=_people_data(form))
    )
    if status == 303:
        if in_steps:
            return _after_step(agreement_id, "agreements.step_summary")
        flash("Papel e pessoas registrados.", "good")
        return redirect(url_for("agreements.show", agreement_id=agreement_id), code=303)
    return render(
        "agreements/people.html",
        page,
        status=status,
        form=form,
        steps=_steps(2, agreement_id) if in_steps else (),
        told=_told(page),
        role_hints=ROLE_HINTS,
        back=url_for("agreements.step_processing" if in_steps else "agreements.show", agreement_id=agreement_id),
    )


def _after_step(agreement_id: int, following: str) -> Response:
    """Lead on, or out when "Salvar e sair" was pressed."""
    if request.form.get("acao") == "sair":
        flash("Rascunho salvo. O que falta fica indicado na página do acordo.", "good")
        following = "agreements.show"
    return redirect(url_for(following, agreement_id=agreement_id), code=303)


def _people_values(page: EditPage) -> dict[str, Any]:
    from contracts.vocabulary import ContactRole

    def steward(role: StewardRole) -> dict[str, str]:
        held = next((row for row in page.stewards if row.role is role and row.until is None), None)
        said = (held.name, held.email, held.portaria) if held else ("", "", "")
        return dict(zip((f"{role.value}_name", f"{role.value}_email", f"{role.value}_portaria"), said, strict=True))

    def contact(role: ContactRole, prefix: str) -> dict[str, Any]:
        serving = [row for row in page.contacts if row.role is role and row.until is None]
        held = min(serving, key=lambda row: row.agreement_id is None, default=None)
        if held is None:
            return {}
        return {
            f"{prefix}_name": held.name,
            f"{prefix}_email": held.email,
            f"{prefix}_phone": held.phone,
            f"{prefix}_always": held.reachable_always,
        }

    return {
        "role": page.said.role,
        "justification": page.said.role_justification,
        **steward(StewardRole.GESTOR),
        **steward(StewardRole.FISCAL),
        **contact(ContactRole.PREPOSTO, "preposto"),
        **contact(ContactRole.INCIDENT_CHANNEL, "channel"),
    }


def _people_data(form: PeopleForm) -> PeopleData:
    return PeopleData(
        role=Role(form.role.data) if form.role.data else None,
        justification=form.justification.data or "",
        gestor=Person(
            form.gestor_name.data or "", form.gestor_email.data or "", document=form.gestor_portaria.data or ""
        ),
        fiscal=Person(
            form.fiscal_name.data or "", form.fiscal_email.data or "", document=form.fiscal_portaria.data or ""
        ),
        preposto=Person(form.preposto_name.data or "", form.preposto_email.data or "", form.preposto_phone.data or ""),
        channel=Person(
            form.channel_name.data or "",
            form.channel_email.data or "",
            form.channel_phone.data or "",
            reachable_always=form.channel_always.data,
        ),
    )


@blueprint.get("/<int:agreement_id>/registro/conferir")
def step_summary(agreement_id: int) -> tuple[str, int]:
    """Step four: everything that was said, and what is still missing."""
    page = agreements.show(agreement_id=agreement_id)
    return render(
        "agreements/summary.html",
        Page("Conferir o registro"),
        agreement=page,
        view=_view(page),
        waits_approval=agreements.needs_approval(page.said),
        steps=_steps(3, agreement_id),
        people=(
            *(Fact(label(row.role), row.name, note=row.portaria or row.email) for row in page.stewards),
            *(Fact(label(row.role), row.name, note=row.email or row.phone) for row in page.contacts),
        ),
    )


def _told(page: EditPage) -> tuple[Fact, ...]:
    """Return what is already on record, for the column beside a form."""
    identity, said = page.identity, page.said
    end = day(said.ends_on) if said.ends_on else "prazo indeterminado"
    return (
        Fact("Operador", identity.operator),
        Fact("Instrumento", identity.label),
        Fact("Processo", said.sei_process),
        Fact("Objeto", _short(page.object) if page.object else ""),
        Fact("Vigência", f"{shown(said.starts_on)} a {end}"),
        Fact("Unidade", identity.unit),
    )


# ----------------------------------------------------------------------------------------------------------------------
# Sections
# ----------------------------------------------------------------------------------------------------------------------


def _saved(agreement_id: int, *, changed: bool, sentence: str, anchor: str = "") -> Response:
    flash(
        sentence if changed else "Nada mudou: o que você enviou é o que já estava no registro.",
        "good" if changed else "",
    )
    return redirect(url_for("agreements.show", agreement_id=agreement_id, _anchor=anchor or None), code=303)


def _once(call: Callable[[], object], answers: list[object]) -> Callable[[], None]:
    """Keep what a use case answered, for the sentence that follows."""

    def run() -> None:
        answers.append(call())

    return run


@blueprint.route("/<int:agreement_id>/editar/instrumento", methods=["GET", "POST"])
def edit_instrument(agreement_id: int) -> Response | tuple[str, int]:
    """Change what identifies and dates the instrument."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Editar dados do instrumento")
    identity = page.identity
    form = EditInstrumentForm(
        data={
            **asdict(page.said),
            "kind": identity.kind,
            "number": identity.number,
            "pncp_id": identity.pncp_id or "",
            "unit": identity.unit_id,
            "holds_from": page.holds_from,
        }
    )
    answers: list[object] = []
    status = attempt(
        form,
        _once(
            lambda: agreements.change_instrument(
                actor(),
                agreement_id=agreement_id,
                data=form.instrument(),
                holds_from=form.holds_from.data or date.min,
                reason=form.reason.data or "",
                seen=seen_of(form),
            ),
            answers,
        ),
    )
    form.seen.data = page.revision_id
    if status == 303:
        return _saved(
            agreement_id, changed=bool(answers[0]), sentence="Dados do instrumento alterados.", anchor="dados"
        )
    return render("agreements/instrument.html", page, status=status, form=form)


@blueprint.route("/<int:agreement_id>/editar/dados-pessoais", methods=["GET", "POST"])
def edit_processing(agreement_id: int) -> Response | tuple[str, int]:
    """Change what is on record about the personal data."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Dados pessoais tratados")
    form = EditProcessingForm(
        data={**processing_values(page.said), "holds_from": page.holds_from, "reason": "Dados completados"}
    )
    answers: list[object] = []
    status = attempt(
        form,
        _once(
            lambda: agreements.change_processing(
                actor(),
                agreement_id=agreement_id,
                data=form.processing(),
                holds_from=form.holds_from.data or date.min,
                reason=form.reason.data or "",
                seen=seen_of(form),
            ),
            answers,
        ),
    )
    form.seen.data = page.revision_id
    if status == 303:
        return _saved(
            agreement_id, changed=bool(answers[0]), sentence="Dados pessoais tratados informados.", anchor="tratamento"
        )
    return render(
        "agreements/processing.html",
        page,
        status=status,
        form=form,
        steps=(),
        told=_told(page),
        back=url_for("agreements.show", agreement_id=agreement_id),
    )


def _small(
    page: EditPage,
    form: StaffForm,
    status: int,
    *,
    names: Sequence[str],
    verb: str,
    intro: Sequence[str] = (),
    kind: str = "primary",
    widths: Mapping[str, str] | None = None,
    hints: Mapping[str, Mapping[str, str]] | None = None,
    note: str = "",
) -> tuple[str, int]:
    """Render a form of a few fields about one agreement."""
    return render(
        "agreements/small.html",
        page,
        status=status,
        form=form,
        names=names,
        verb=verb,
        intro=intro,
        kind=kind,
        widths=widths or {},
        hints=hints or {},
        note=note,
    )


@blueprint.route("/<int:agreement_id>/editar/prazos", methods=["GET", "POST"])
def edit_deadlines(agreement_id: int) -> Response | tuple[str, int]:
    """Record the terms that the instrument itself sets."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Prazos fixados no instrumento")
    form = DeadlinesForm(data={**asdict(page.said), "holds_from": page.holds_from, "reason": "Prazos do instrumento"})
    answers: list[object] = []
    status = attempt(
        form,
        _once(
            lambda: agreements.change_deadlines(
                actor(),
                agreement_id=agreement_id,
                incident_term_hours=form.incident_term_hours.data,
                assistance_term_days=form.assistance_term_days.data,
                disposal_term_days=form.disposal_term_days.data,
                holds_from=form.holds_from.data or date.min,
                reason=form.reason.data or "",
            ),
            answers,
        ),
    )
    if status == 303:
        return _saved(agreement_id, changed=bool(answers[0]), sentence="Prazos registrados.", anchor="dados")
    return _small(
        page,
        form,
        status,
        names=("incident_term_hours", "assistance_term_days", "disposal_term_days", "holds_from", "reason"),
        verb="Salvar prazos",
        intro=(
            "O que o instrumento fixa prevalece sobre os parâmetros administrativos. Em branco, valem os parâmetros.",
        ),
        widths={
            "incident_term_hours": "short",
            "assistance_term_days": "short",
            "disposal_term_days": "short",
            "holds_from": "short",
        },
    )


@blueprint.route("/<int:agreement_id>/editar/sigilo", methods=["GET", "POST"])
def edit_secrecy(agreement_id: int) -> Response | tuple[str, int]:
    """Protect the agreement's files, or open them."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Acesso restrito (art. 5º)")
    form = SecrecyForm(data=asdict(page.said))
    answers: list[object] = []
    status = attempt(
        form,
        _once(
            lambda: agreements.change_secrecy(
                actor(), agreement_id=agreement_id, secret=form.secret.data, ground=form.secrecy_ground.data or ""
            ),
            answers,
        ),
    )
    if status == 303:
        return _saved(agreement_id, changed=bool(answers[0]), sentence="Restrição de acesso alterada.", anchor="dados")
    return _small(
        page,
        form,
        status,
        names=("secret", "secrecy_ground"),
        verb="Salvar",
        intro=(
            (
                "O registro do acordo continua visível a todos os papéis. A restrição alcança os arquivos: "
                "instrumentos, evidências e documentos emitidos."
            ),
        ),
    )


# ----------------------------------------------------------------------------------------------------------------------
# Decisions
# ----------------------------------------------------------------------------------------------------------------------


@blueprint.route("/<int:agreement_id>/papel", methods=["GET", "POST"])
def role(agreement_id: int) -> Response | tuple[str, int]:
    """Propose who decides about the processing."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Papel no tratamento")
    form = RoleForm(data={"role": page.said.role or Role.OPERATOR, "justification": page.said.role_justification})
    answers: list[object] = []
    status = attempt(
        form,
        _once(
            lambda: agreements.propose_role(
                actor(),
                agreement_id=agreement_id,
                role=Role(str(form.role.data)),
                justification=form.justification.data or "",
            ),
            answers,
        ),
    )
    if status == 303:
        return _saved(
            agreement_id, changed=bool(answers[0]), sentence="Papel no tratamento registrado.", anchor="papel"
        )
    return _small(
        page,
        form,
        status,
        names=("role", "justification"),
        verb="Registrar papel",
        intro=(
            (
                "A Portaria considera operador quem mantém contrato, convênio ou instrumento congênere com o órgão "
                "(art. 14, caput). Outro papel só vale depois que o Encarregado o aprova; até lá, o acordo é avaliado "
                "como de operador."
            ),
        ),
        hints={"role": ROLE_HINTS},
    )


@blueprint.post("/<int:agreement_id>/papel/decisao")
def decide_role(agreement_id: int) -> Response | tuple[str, int]:
    """Approve the role that was proposed, or not."""
    form = RoleDecisionForm()
    approve = request.form.get("decisao") == "aprovar"
    status = attempt(
        form,
        lambda: agreements.decide_role(
            actor(), agreement_id=agreement_id, approve=approve, reason=form.reason.data or ""
        ),
    )
    if status == 303:
        flash("Papel aprovado." if approve else "Papel não aprovado. O acordo segue avaliado como de operador.", "good")
        return redirect(url_for("agreements.show", agreement_id=agreement_id, _anchor="papel"), code=303)
    page = agreements.edit_page(agreement_id=agreement_id, title="Não aprovar o papel proposto")
    return _small(
        page, form, status, names=("reason",), verb="Não aprovar", intro=("O acordo segue avaliado como de operador.",)
    )


@blueprint.route("/<int:agreement_id>/dispensa", methods=["GET", "POST"])
def dispensation(agreement_id: int) -> Response | tuple[str, int]:
    """Decide that no instrument, or no assessment, is asked for."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Dispensa")
    said = page.said
    form = DispensationForm(
        data={
            "ground": said.dispensation_ground,
            "detail": said.dispensation_detail,
            "decided_on": said.dispensation_on or page.today,
        }
    )
    answers: list[object] = []
    status = attempt(
        form,
        _once(
            lambda: agreements.decide_dispensation(
                actor(),
                agreement_id=agreement_id,
                ground=DispensationGround(str(form.ground.data)),
                detail=form.detail.data or "",
                decided_on=form.decided_on.data,
            ),
            answers,
        ),
    )
    if status == 303:
        return _saved(agreement_id, changed=bool(answers[0]), sentence="Dispensa registrada.", anchor="dados")
    return _small(
        page,
        form,
        status,
        names=("ground", "detail", "decided_on"),
        verb="Registrar dispensa",
        intro=("A decisão fica com o seu nome, aparece no boletim e pode ser retirada por outra decisão.",),
        widths={"decided_on": "short"},
        hints={
            "ground": {
                "art_6_p2": "Nenhuma das doze obrigações é avaliada",
                "law": "O aspecto “Previsto” não é avaliado; o restante continua exigível",
                "no_personal_data": "Nenhuma das doze obrigações é avaliada",
            }
        },
    )


@blueprint.route("/<int:agreement_id>/dispensa/retirar", methods=["GET", "POST"])
def withdraw_dispensation(agreement_id: int) -> Response | tuple[str, int]:
    """Withdraw a dispensation."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Retirar a dispensa")
    form = ReasonForm()
    status = attempt(
        form,
        lambda: agreements.decide_dispensation(
            actor(), agreement_id=agreement_id, ground=None, detail=form.reason.data or ""
        ),
    )
    if status == 303:
        return _saved(agreement_id, changed=True, sentence="Dispensa retirada. O acordo volta a ser avaliado.")
    return _small(
        page,
        form,
        status,
        names=("reason",),
        verb="Retirar a dispensa",
        intro=("As obrigações dispensadas voltam a ser avaliadas a partir de hoje.",),
    )


@blueprint.route("/<int:agreement_id>/exposicao", methods=["GET", "POST"])
def exposure(agreement_id: int) -> Response | tuple[str, int]:
    """Raise the exposure above what the sum gives."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Elevar a exposição")
    form = ExposureForm(data={"tier": page.said.raised_exposure, "reason": page.said.raised_exposure_reason})
    answers: list[object] = []
    status = attempt(
        form,
        _once(
            lambda: agreements.raise_exposure(
                actor(),
                agreement_id=agreement_id,
                tier=Exposure(form.tier.data) if form.tier.data else None,
                reason=form.reason.data or "",
            ),
            answers,
        ),
    )
    if status == 303:
        return _saved(agreement_id, changed=bool(answers[0]), sentence="Exposição alterada.", anchor="exposicao")
    return _small(
        page,
        form,
        status,
        names=("tier", "reason"),
        verb="Salvar",
        intro=("A exposição sai de uma soma de pontos. Uma pessoa pode elevá-la, com motivo; ninguém pode baixá-la.",),
    )


@blueprint.route("/<int:agreement_id>/encerrar", methods=["GET", "POST"])
def end(agreement_id: int) -> Response | tuple[str, int]:
    """End the bond before its term, on a page of its own."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Encerrar acordo")
    form = EndForm(data={"ended_on": page.today})
    status = attempt(
        form,
        lambda: agreements.end_agreement(
            actor(),
            agreement_id=agreement_id,
            ended_on=form.ended_on.data or date.min,
            end_reason=EndReason(str(form.end_reason.data)),
            reason=form.reason.data or "",
        ),
    )
    if status == 303:
        return _saved(
            agreement_id, changed=True, sentence="Acordo encerrado. Falta a prova do descarte (art. 14, XII)."
        )
    return _small(
        page,
        form,
        status,
        names=("end_reason", "ended_on", "reason"),
        verb="Encerrar acordo",
        kind="grave",
        intro=(
            "Ao encerrar, o operador passa a dever a devolução ou o descarte dos dados, com prova (art. 14, XII).",
            "As demais obrigações continuam exigíveis enquanto ele guardar dados. Nada é apagado do registro.",
        ),
        widths={"ended_on": "short"},
    )


@blueprint.route("/<int:agreement_id>/encerrar/desfazer", methods=["GET", "POST"])
def undo_end(agreement_id: int) -> Response | tuple[str, int]:
    """Take back an end that was recorded by mistake."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Desfazer o encerramento")
    form = ReasonForm()
    status = attempt(
        form, lambda: agreements.undo_end(actor(), agreement_id=agreement_id, reason=form.reason.data or "")
    )
    if status == 303:
        return _saved(agreement_id, changed=True, sentence="Encerramento desfeito.")
    return _small(
        page,
        form,
        status,
        names=("reason",),
        verb="Desfazer o encerramento",
        intro=("O acordo volta a valer até o fim da vigência. O encerramento e este ato ficam no histórico.",),
    )


# ----------------------------------------------------------------------------------------------------------------------
# Who follows it, and the chain
# ----------------------------------------------------------------------------------------------------------------------


@blueprint.route("/<int:agreement_id>/gestao/nova", methods=["GET", "POST"])
def add_steward(agreement_id: int) -> Response | tuple[str, int]:
    """Register the gestor or a fiscal."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Registrar gestor ou fiscal")
    form = StewardForm(data={"role": StewardRole.FISCAL, "since": page.today})
    form.replaces.offer((row.lineage, f"{row.name}, {label(row.role).lower()}") for row in page.stewards)
    status = attempt(
        form,
        lambda: agreements.add_steward(
            actor(),
            agreement_id=agreement_id,
            role=StewardRole(str(form.role.data)),
            name=form.name.data or "",
            email=form.email.data or "",
            portaria=form.portaria.data or "",
            since=form.since.data,
            replaces=form.replaces.data,
        ),
    )
    if status == 303:
        return _saved(agreement_id, changed=True, sentence="Designação registrada.", anchor="contatos")
    names = ("role", "name", "email", "portaria", "since", *(("replaces",) if page.stewards else ()))
    return _small(
        page,
        form,
        status,
        names=names,
        verb="Registrar designação",
        widths={"role": "mid", "email": "mid", "portaria": "mid", "since": "short", "replaces": "mid"},
    )


@blueprint.route("/<int:agreement_id>/gestao/<int:lineage>/encerrar", methods=["GET", "POST"])
def end_steward(agreement_id: int, lineage: int) -> Response | tuple[str, int]:
    """Record the last day of a designation."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Encerrar designação")
    who = next((row for row in page.stewards if row.lineage == lineage), None)
    if who is None:
        abort(404)
    form = UntilForm(data={"until": page.today})
    status = attempt(
        form,
        lambda: agreements.end_steward(
            actor(), agreement_id=agreement_id, lineage=lineage, until=form.until.data or date.min
        ),
    )
    if status == 303:
        return _saved(agreement_id, changed=True, sentence="Designação encerrada.", anchor="contatos")
    return _small(
        page,
        form,
        status,
        names=("until",),
        verb="Encerrar designação",
        kind="grave",
        intro=(f"{label(who.role)}: {who.name}, desde {day(who.since)}.",),
        widths={"until": "short"},
    )


@blueprint.route("/<int:agreement_id>/suboperadores/novo", methods=["GET", "POST"])
def add_sub_operator(agreement_id: int) -> Response | tuple[str, int]:
    """Register a sub-operator."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Registrar suboperador")
    form = SubOperatorForm()
    form.parent.offer((row.lineage, row.name) for row in page.sub_operators)
    status = attempt(
        form,
        lambda: agreements.add_sub_operator(
            actor(),
            agreement_id=agreement_id,
            name=form.name.data or "",
            cnpj=form.cnpj.data,
            country=form.country.data or "BR",
            activity=form.activity.data or "",
            since=form.since.data,
            authorised_on=form.authorised_on.data,
            parent=form.parent.data,
        ),
    )
    if status == 303:
        return _saved(agreement_id, changed=True, sentence="Suboperador registrado.", anchor="suboperadores")
    names = ("name", "cnpj", "country", "activity", "since", "authorised_on")
    return _small(
        page,
        form,
        status,
        names=(*names, "parent") if page.sub_operators else names,
        verb="Registrar suboperador",
        intro=("Quem trata os dados por conta do operador responde pelas mesmas obrigações, na cadeia dele.",),
        widths={"cnpj": "cnpj", "country": "mid", "since": "short", "authorised_on": "short", "parent": "mid"},
    )


def _sub_operator(page: EditPage, lineage: int) -> str:
    found = next((row for row in page.sub_operators if row.lineage == lineage), None)
    if found is None:
        abort(404)
    return f"{found.name}, {country(found.country)}."


@blueprint.route("/<int:agreement_id>/suboperadores/<int:lineage>/autorizar", methods=["GET", "POST"])
def authorise_sub_operator(agreement_id: int, lineage: int) -> Response | tuple[str, int]:
    """Record the court's authorisation of a sub-operator."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Autorizar suboperador")
    who = _sub_operator(page, lineage)
    form = AuthoriseForm(data={"authorised_on": page.today})
    status = attempt(
        form,
        lambda: agreements.authorise_sub_operator(
            actor(), agreement_id=agreement_id, lineage=lineage, authorised_on=form.authorised_on.data or date.min
        ),
    )
    if status == 303:
        return _saved(agreement_id, changed=True, sentence="Autorização registrada.", anchor="suboperadores")
    return _small(
        page,
        form,
        status,
        names=("authorised_on",),
        verb="Registrar autorização",
        intro=(who,),
        widths={"authorised_on": "short"},
    )


@blueprint.route("/<int:agreement_id>/suboperadores/<int:lineage>/encerrar", methods=["GET", "POST"])
def end_sub_operator(agreement_id: int, lineage: int) -> Response | tuple[str, int]:
    """Record the last day of a sub-operator."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Encerrar participação de suboperador")
    who = _sub_operator(page, lineage)
    form = UntilForm(data={"until": page.today})
    status = attempt(
        form,
        lambda: agreements.end_sub_operator(
            actor(), agreement_id=agreement_id, lineage=lineage, until=form.until.data or date.min
        ),
    )
    if status == 303:
        return _saved(agreement_id, changed=True, sentence="Participação encerrada.", anchor="suboperadores")
    return _small(
        page,
        form,
        status,
        names=("until",),
        verb="Encerrar participação",
        kind="grave",
        intro=(who,),
        widths={"until": "short"},
    )
