"""How often an agreement is asked: what holds, what comes, the decisions; and the facts that ask by themselves."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired

from contracts.recurrence import LAST_DAY, LAST_NTH, interval_sentence
from contracts.vocabulary import DayRule, RhythmKind
from vendor_tracker.usecases import occasions, rhythms
from vendor_tracker.usecases.rhythms import RhythmChoice, RhythmPreview
from vendor_tracker.usecases.work import UseCaseError
from vendor_tracker.web.forms import DayField, StaffForm, place_error
from vendor_tracker.web.judged import address
from vendor_tracker.web.shell import actor, render

blueprint = Blueprint("rhythms", __name__)

KINDS: Mapping[str, RhythmKind] = {
    "propria": RhythmKind.OWN,
    "suspensao": RhythmKind.SUSPENDED,
    "faixa": RhythmKind.DEFAULT,
}
"""How addresses name each kind of decision."""

INTERVALS = (1, 2, 3, 4, 6, 12, 18, 24, 36, 48, 60)
"""The intervals that are offered, in months."""


def _days() -> list[SelectChoice]:
    """Return the days of a month that a rhythm may fall on, in three groups."""
    nth = [
        SelectChoice(f"{DayRule.NTH_WORKING}:{n}", f"no {n}º dia útil", optgroup="Dia útil, do início do mês")
        for n in range(1, LAST_NTH + 1)
    ]
    last = SelectChoice(f"{DayRule.LAST_WORKING}:0", "no último dia útil", optgroup="Fim do mês")
    fixed = [
        SelectChoice(
            f"{DayRule.MONTH_DAY}:{n}",
            f"no dia {'1º' if n == 1 else n}",
            optgroup="Dia fixo do mês, ou o dia útil seguinte",
        )
        for n in range(1, LAST_DAY + 1)
    ]
    return [*nth, last, *fixed]


class DecisionForm(StaffForm):
    """What every decision says."""

    holds_from = DayField(
        "A partir de",
        [InputRequired("Informe o dia a partir do qual a decisão vale.")],
        description="Hoje ou um dia futuro. O que já era devido antes continua a ser pedido.",
    )
    reason = TextAreaField(
        "Motivo",
        description="Fica no registro, com o seu nome. Não vai ao operador.",
    )
    seen = HiddenField(name="visto")


class OwnForm(DecisionForm):
    """A rhythm of the agreement's own."""

    months = SelectField(
        "Com que intervalo", choices=[SelectChoice(str(n), interval_sentence(n)) for n in INTERVALS], coerce=str
    )
    day = SelectField("Em que dia do mês", choices=_days(), coerce=str)


class SuspensionForm(DecisionForm):
    """A suspension."""

    until = DayField("Último dia da suspensão", [InputRequired("Informe o último dia da suspensão.")])


_FORMS: Mapping[RhythmKind, type[DecisionForm]] = {
    RhythmKind.OWN: OwnForm,
    RhythmKind.SUSPENDED: SuspensionForm,
    RhythmKind.DEFAULT: DecisionForm,
}


@blueprint.get("/acordos/<int:agreement_id>/periodicidade")
def show(agreement_id: int) -> tuple[str, int]:
    """Show how often an agreement is asked, the days to come and every decision."""
    page = rhythms.rhythm_page(agreement_id=agreement_id)
    return render("rhythms/show.html", page, kinds=KINDS)


@blueprint.route("/acordos/<int:agreement_id>/periodicidade/<kind>", methods=["GET", "POST"])
def decide(agreement_id: int, kind: str) -> Response | tuple[str, int]:
    """Decide how often an agreement is asked: first the sentence and the next days, then the decision."""
    if kind not in KINDS:
        abort(404)
    form = _FORMS[KINDS[kind]]()
    if not form.is_submitted():
        page = rhythms.form_of(agreement_id=agreement_id, kind=KINDS[kind])
        _fill(form, page.choice)
        return render("rhythms/decide.html", page, form=form, preview=None, slug=kind)
    if not form.validate():
        return _again(agreement_id, kind, form, 422)
    choice = _choice(KINDS[kind], form)
    try:
        if request.form.get("acao") != "salvar" or form.seen.data != _mark(choice):
            preview = rhythms.preview_rhythm(agreement_id=agreement_id, choice=choice)
            form.seen.data = _mark(choice)
            return _again(agreement_id, kind, form, 200, preview)
        changed = rhythms.set_rhythm(actor(), agreement_id=agreement_id, choice=choice, reason=form.reason.data or "")
    except UseCaseError as error:
        place_error(form, error)
        preview = None
        if error.field == "reason":
            preview = rhythms.preview_rhythm(agreement_id=agreement_id, choice=choice)
        return _again(agreement_id, kind, form, 422, preview)
    flash("Decisão registrada." if changed else "Nada mudou: é o que já valia.", "good" if changed else "")
    return redirect(url_for("rhythms.show", agreement_id=agreement_id), code=303)


def _again(
    agreement_id: int, kind: str, form: DecisionForm, status: int, preview: RhythmPreview | None = None
) -> tuple[str, int]:
    page = preview if preview is not None else rhythms.form_of(agreement_id=agreement_id, kind=KINDS[kind])
    return render("rhythms/decide.html", page, status=status, form=form, preview=preview, slug=kind)


def _fill(form: DecisionForm, choice: RhythmChoice) -> None:
    """Show what the decision starts from."""
    form.holds_from.data = choice.holds_from
    if isinstance(form, OwnForm):
        form.months.data = str(choice.months)
        form.day.data = f"{choice.rule}:{choice.number}"


def _choice(kind: RhythmKind, form: DecisionForm) -> RhythmChoice:
    if isinstance(form, OwnForm):
        rule, _, number = str(form.day.data).partition(":")
        return RhythmChoice(kind, form.holds_from.data, int(form.months.data), DayRule(rule), int(number))
    if isinstance(form, SuspensionForm):
        return RhythmChoice(kind, form.holds_from.data, until=form.until.data)
    return RhythmChoice(kind, form.holds_from.data)


def _mark(choice: RhythmChoice) -> str:
    """Name what was shown, so that nothing is saved whose days nobody has seen."""
    until = choice.until.isoformat() if choice.until else ""
    return f"{choice.kind}|{choice.holds_from.isoformat()}|{choice.months}|{choice.rule}|{choice.number}|{until}"


@blueprint.get("/requisicoes/fatos")
def facts() -> tuple[str, int]:
    """List the facts that open requests by themselves: what each asks, and why."""
    page = occasions.occasions_page()
    parameters = {
        key: address("parameters.edit", key=key) for key in ("event_requests", "event_age_days", "event_fold_days")
    }
    return render("rhythms/facts.html", page, parameters=parameters)
