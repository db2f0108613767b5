"""What every page about agreements stands on: their one blueprint, and the way a form of theirs is answered."""

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from vendor_tracker.usecases.agreements import EditPage
from vendor_tracker.web.agreements.view import short
from vendor_tracker.web.forms import StaffForm
from vendor_tracker.web.forms_register import attempt
from vendor_tracker.web.shell import render
from vendor_tracker.wording.filters import day
from vendor_tracker.wording.parts import Fact
from vendor_tracker.wording.register import shown

blueprint = Blueprint("agreements", __name__, url_prefix="/acordos")


def told_beside(page: EditPage) -> tuple[Fact, ...]:
    """Return what is already on record, for the column beside a form."""
    identity, said = page.identity, page.said
    end = day(said.ends_on) if said.ends_on else "prazo indeterminado"
    return (
        Fact("Operador", identity.operator),
        Fact("Instrumento", identity.label),
        Fact("Processo", said.sei_process),
        Fact("Objeto", short(page.object) if page.object else ""),
        Fact("Vigência", f"{shown(said.starts_on)} a {end}"),
        Fact("Unidade", identity.unit),
    )


def tried(form: StaffForm, call: Callable[[], object]) -> tuple[int, bool]:
    """Do as :func:`attempt`, and tell too whether anything changed: an act that changed nothing answers ``False``."""
    answers: list[object] = []
    status = attempt(form, lambda: answers.append(call()))
    return status, bool(answers) and answers[0] is not False


def saved(agreement_id: int, *, changed: bool, sentence: str, anchor: str = "") -> Response:
    """Return to the agreement's page, saying what was done, or that there was nothing to do."""
    flash(
        sentence if changed else "Nada mudou: o que você enviou é o que já estava no registro.",
        "good" if changed else "",
    )
    return redirect(url_for("agreements.show", agreement_id=agreement_id, _anchor=anchor or None), code=303)


def small_act(
    page: EditPage,
    form: StaffForm,
    call: Callable[[], object],
    *,
    done: str,
    names: Sequence[str],
    verb: str,
    anchor: str = "",
    intro: Sequence[str] = (),
    kind: str = "primary",
    widths: Mapping[str, str] | None = None,
    hints: Mapping[str, Mapping[str, str]] | None = None,
) -> Response | tuple[str, int]:
    """Answer a form of a few fields about one agreement: do its one act and say ``done``, or show it."""
    status, changed = tried(form, call)
    if status == 303:
        return saved(page.identity.id, changed=changed, sentence=done, anchor=anchor)
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
        note="",
    )
