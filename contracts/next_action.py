"""The one next action of a finding: what is broken first, then the instrument, then the evidence, then the calendar.

Each leg has its own tool. A sentence begins with the act and ends with the reason it is needed.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from contracts.obligation import Check, Finding, LegResult, NextAction
from contracts.vocabulary import ActionKind, Leg, LegState, Verdict


def next_action_of(finding: Finding) -> NextAction:
    """Choose the next action of a finding; there is always exactly one."""
    if finding.verdict is Verdict.NOT_APPLICABLE:
        return NextAction(ActionKind.NOTHING, "Nenhuma: a obrigação não se aplica.")
    instrument, evidence, conduct = finding.results
    if finding.verdict is Verdict.BREACHED:
        return _about_conduct(finding, conduct)
    if instrument.state not in {LegState.FULL, LegState.NONE}:
        return _about_instrument(finding, _open(instrument))
    if finding.verdict is not Verdict.NOT_DUE:
        if evidence.state not in {LegState.FULL, LegState.NONE}:
            return _about_evidence(_open(evidence))
        if pending := _open(conduct):
            first = pending[0]
            kind = first.answer.remedy or ActionKind.COMPLETE_RECORD
            return NextAction(kind, f"Completar o registro: {_joined(first)}", Leg.CONDUCT)
    return _nothing_until(finding)


def _open(result: LegResult) -> list[Check]:
    return [check for check in result.checks if check.answer.holds is not True]


def _about_conduct(finding: Finding, conduct: LegResult) -> NextAction:
    broken = next(check for check in conduct.checks if check.answer.holds is False)
    kind = broken.answer.remedy or ActionKind.CORRECTIVE_ACTION
    if kind is ActionKind.FORMAL_NOTICE:
        return NextAction(kind, f"Notificar formalmente o operador: {_joined(broken)}", Leg.CONDUCT)
    running = [
        action
        for action in finding.when.index.actions.get(finding.inciso, ())
        if action.done_on is None and action.due_on >= finding.when.on
    ]
    if running:
        # The remedy has been asked for and its term runs: asking again would only confuse the operator.
        action = min(running, key=lambda action: action.due_on)
        sentence = f"Acompanhar a ação corretiva já exigida, com prazo até {action.due_on:%d/%m/%Y}: {_joined(broken)}"
        return NextAction(ActionKind.CORRECTIVE_ACTION, sentence, Leg.CONDUCT, due_on=action.due_on)
    return NextAction(kind, f"Exigir ação corretiva: {_joined(broken)}", Leg.CONDUCT)


def _about_instrument(finding: Finding, failed: Sequence[Check]) -> NextAction:
    missing = [check for check in failed if check.answer.holds is False]
    if not missing:
        kind = failed[0].answer.remedy or ActionKind.READ_INSTRUMENT
        if kind is ActionKind.READ_INSTRUMENT and not finding.facts.instruments:
            return NextAction(
                kind,
                "Registrar o instrumento assinado e conferir o que ele prevê: nenhum está no registro.",
                Leg.INSTRUMENT,
            )
        if kind is ActionKind.READ_INSTRUMENT:
            return NextAction(kind, f"Conferir o instrumento assinado: {_joined(failed[0])}", Leg.INSTRUMENT)
        if kind is ActionKind.NOTHING:
            last = failed[0].answer.until
            day = last + timedelta(days=1) if last is not None else None
            return NextAction(kind, f"Nenhuma por ora: {_joined(failed[0])}", Leg.INSTRUMENT, due_on=day)
        return NextAction(kind, f"Completar o registro: {_joined(failed[0])}", Leg.INSTRUMENT)
    end = finding.facts.end
    kind = ActionKind.TERMO_ADITIVO
    if end is not None and end < finding.when.on:
        # What has ended can no longer be amended, and inciso IV knows a second paper: the termo de compromisso.
        kind, act = ActionKind.TERMO_COMPROMISSO, "Propor termo de compromisso, porque o vínculo já terminou"
    elif not finding.when.index.papers:
        act = "Propor a assinatura de instrumento com as cláusulas requeridas"
    else:
        act = "Propor termo aditivo"
    return NextAction(kind, f"{act}: {_joined(missing[0])}", Leg.INSTRUMENT)


def _about_evidence(failed: Sequence[Check]) -> NextAction:
    for check in failed:
        if check.answer.remedy is ActionKind.REVIEW_EVIDENCE:
            # What the operator has already sent is looked at before anything more is asked.
            return NextAction(
                ActionKind.REVIEW_EVIDENCE,
                f"Conferir a evidência recebida: {_joined(check)}",
                Leg.EVIDENCE,
                evidence_kinds=check.asks_for,
            )
    asked = [check for check in failed if check.asks_for]
    if not asked:
        return NextAction(ActionKind.COMPLETE_RECORD, f"Completar o registro: {_joined(failed[0])}", Leg.EVIDENCE)
    first = asked[0]
    return NextAction(
        ActionKind.REQUEST_EVIDENCE,
        f"{first.remedy or 'Requisitar evidência'}: {_joined(first)}",
        Leg.EVIDENCE,
        due_on=first.answer.until,
        evidence_kinds=tuple(dict.fromkeys(kind for check in asked for kind in check.asks_for)),
    )


def _nothing_until(finding: Finding) -> NextAction:
    if finding.verdict is Verdict.NOT_DUE:
        last = finding.ground.until if finding.ground else None
        if last is None:
            return NextAction(ActionKind.NOTHING, "Nenhuma por ora: o vínculo não tem fim previsto no registro.")
        day = last + timedelta(days=1)
        return NextAction(
            ActionKind.NOTHING, f"Nenhuma por ora. A obrigação torna-se exigível em {day:%d/%m/%Y}.", due_on=day
        )
    days: list[date] = [
        answer.until for result in finding.results for answer in result.answers if answer.until is not None
    ]
    if not days:
        return NextAction(ActionKind.NOTHING, "Nenhuma por ora: nada do que está no registro tem prazo para vencer.")
    day = min(days) + timedelta(days=1)
    return NextAction(
        ActionKind.NOTHING,
        f"Nenhuma por ora. Se nada mudar, será preciso agir em {day:%d/%m/%Y}.",
        due_on=day,
    )


def _joined(check: Check) -> str:
    """Return the reason as it follows a colon: its first letter lowered, unless the word is an acronym."""
    reason = check.answer.reason
    first = reason.split(" ", 1)[0]
    return reason if len(first) > 1 and first.isupper() else reason[:1].lower() + reason[1:]
