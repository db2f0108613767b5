"""The list of agreements, and the page of one."""

from flask import request

from contracts.norm import CROSS_REFERENCE_NOTE
from contracts.vocabulary import AgreementKind, Exposure
from vendor_tracker.usecases import agreements
from vendor_tracker.web import judged
from vendor_tracker.web.agreements.base import blueprint
from vendor_tracker.web.agreements.view import view_of
from vendor_tracker.web.forms import number_of
from vendor_tracker.web.forms_decisions import RoleDecisionForm
from vendor_tracker.web.forms_register import role_hints
from vendor_tracker.web.judged import address
from vendor_tracker.web.operators import page_size, pager
from vendor_tracker.web.shell import page_number, render
from vendor_tracker.wording.labels import label
from vendor_tracker.wording.register import STAGE_LABELS, TERM_LABELS, country


@blueprint.get("")
def index() -> tuple[str, int]:
    """List the agreements."""
    args = request.args
    asked = {
        "words": args.get("texto", "").strip()[:200],
        "unit_id": number_of(args.get("unidade")),
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


@blueprint.get("/<int:agreement_id>")
def show(agreement_id: int) -> tuple[str, int]:
    """Show one agreement."""
    page = agreements.show(agreement_id=agreement_id)
    return render(
        "agreements/show.html",
        page,
        view=view_of(page),
        cross_reference=CROSS_REFERENCE_NOTE,
        state_words=judged.state_words,
        record_url=lambda record: judged.record_url(record, agreement_id),
        country=country,
        term_labels=TERM_LABELS,
        reach=address,
        waits_approval=agreements.needs_approval(page.said),
        role_hints=role_hints(),
        decision=RoleDecisionForm(),
    )
