"""Decisions about an agreement: its role, a dispensation, a higher exposure, an end before the term."""

from datetime import date

from flask import request
from werkzeug.wrappers import Response

from contracts.vocabulary import DispensationGround, EndReason, Exposure, Role
from vendor_tracker.usecases import agreements
from vendor_tracker.web.agreements.base import blueprint, small_act
from vendor_tracker.web.forms_decisions import (
    DispensationForm,
    EndForm,
    ExposureForm,
    ReasonForm,
    RoleDecisionForm,
    RoleForm,
)
from vendor_tracker.web.forms_register import role_hints
from vendor_tracker.web.shell import actor


@blueprint.route("/<int:agreement_id>/papel", methods=["GET", "POST"])
def role(agreement_id: int) -> Response | tuple[str, int]:
    """Propose who decides about the processing."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Papel no tratamento")
    form = RoleForm(data={"role": page.said.role or Role.OPERATOR, "justification": page.said.role_justification})
    return small_act(
        page,
        form,
        lambda: agreements.propose_role(
            actor(),
            agreement_id=agreement_id,
            role=Role(str(form.role.data)),
            justification=form.justification.data or "",
        ),
        done="Papel no tratamento registrado.",
        anchor="papel",
        names=("role", "justification"),
        verb="Registrar papel",
        intro=(
            (
                "A Portaria considera operador quem mantém contrato, convênio ou instrumento congênere com o órgão "
                "(art. 14, caput). Outro papel só vale depois que o Encarregado o aprova; até lá, o acordo é avaliado "
                "como de operador."
            ),
        ),
        hints={"role": role_hints()},
    )


@blueprint.post("/<int:agreement_id>/papel/decisao")
def decide_role(agreement_id: int) -> Response | tuple[str, int]:
    """Approve the role that was proposed, or not."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Não aprovar o papel proposto")
    form = RoleDecisionForm()
    approve = request.form.get("decisao") == "aprovar"
    return small_act(
        page,
        form,
        lambda: agreements.decide_role(
            actor(), agreement_id=agreement_id, approve=approve, reason=form.reason.data or ""
        ),
        done="Papel aprovado." if approve else "Papel não aprovado. O acordo segue avaliado como de operador.",
        anchor="papel",
        names=("reason",),
        verb="Não aprovar",
        intro=("O acordo segue avaliado como de operador.",),
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
    return small_act(
        page,
        form,
        lambda: agreements.decide_dispensation(
            actor(),
            agreement_id=agreement_id,
            ground=DispensationGround(str(form.ground.data)),
            detail=form.detail.data or "",
            decided_on=form.decided_on.data,
        ),
        done="Dispensa registrada.",
        anchor="dados",
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

    def withdraw() -> None:
        """Whoever finds it withdrawn already has what they asked for, so the answer is not looked at."""
        agreements.decide_dispensation(actor(), agreement_id=agreement_id, ground=None, detail=form.reason.data or "")

    return small_act(
        page,
        form,
        withdraw,
        done="Dispensa retirada. O acordo volta a ser avaliado.",
        names=("reason",),
        verb="Retirar a dispensa",
        intro=("As obrigações dispensadas voltam a ser avaliadas a partir de hoje.",),
    )


@blueprint.route("/<int:agreement_id>/exposicao", methods=["GET", "POST"])
def exposure(agreement_id: int) -> Response | tuple[str, int]:
    """Raise the exposure above what the sum gives."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Elevar a exposição")
    form = ExposureForm(data={"tier": page.said.raised_exposure, "reason": page.said.raised_exposure_reason})
    return small_act(
        page,
        form,
        lambda: agreements.raise_exposure(
            actor(),
            agreement_id=agreement_id,
            tier=Exposure(form.tier.data) if form.tier.data else None,
            reason=form.reason.data or "",
        ),
        done="Exposição alterada.",
        anchor="exposicao",
        names=("tier", "reason"),
        verb="Salvar",
        intro=("A exposição sai de uma soma de pontos. Uma pessoa pode elevá-la, com motivo; ninguém pode baixá-la.",),
    )


@blueprint.route("/<int:agreement_id>/encerrar", methods=["GET", "POST"])
def end(agreement_id: int) -> Response | tuple[str, int]:
    """End the bond before its term, on a page of its own."""
    page = agreements.edit_page(agreement_id=agreement_id, title="Encerrar acordo")
    form = EndForm(data={"ended_on": page.today})
    return small_act(
        page,
        form,
        lambda: agreements.end_agreement(
            actor(),
            agreement_id=agreement_id,
            ended_on=form.ended_on.data or date.min,
            end_reason=EndReason(str(form.end_reason.data)),
            reason=form.reason.data or "",
        ),
        done="Acordo encerrado. Falta a prova do descarte (art. 14, XII).",
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
    return small_act(
        page,
        form,
        lambda: agreements.undo_end(actor(), agreement_id=agreement_id, reason=form.reason.data or ""),
        done="Encerramento desfeito.",
        names=("reason",),
        verb="Desfazer o encerramento",
        intro=("O acordo volta a valer até o fim da vigência. O encerramento e este ato ficam no histórico.",),
    )
