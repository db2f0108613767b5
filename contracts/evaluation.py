"""Judge one agreement on one day: the twelve obligations and the formalities of art. 6º.

Pure: the facts, the day, the parameters and the calendar come in, an :class:`Assessment` comes out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.exposure import ExposureResult, exposure_of
from contracts.facts import AgreementFacts
from contracts.norm import ART_14_SOLE_PARAGRAPH, LegalReference
from contracts.obligation import (
    Answer,
    Check,
    Circumstances,
    Finding,
    LegResult,
    NextAction,
    Obligation,
    Requirement,
    Version,
)
from contracts.policy import Policy
from contracts.scorecard import Score, score_of
from contracts.sharing import FormalityFinding, formalities_of, waiver_of
from contracts.vocabulary import ActionKind, Leg, LegState, Regime, Role, Verdict
from contracts.workdays import Workdays

PUBLIC_REGIME_REMARK = (
    "Órgão ou entidade pública: as doze obrigações valem, respeitadas as especificidades do regime jurídico próprio "
    "(art. 14, parágrafo único)."
)
JOINT_CONTROLLER_REMARK = (
    "Controlador conjunto: as doze obrigações valem também para ele (art. 14, parágrafo único), observadas as "
    "formalidades do art. 6º, IV."
)
INDEPENDENT_CONTROLLER_REMARK = (
    "O papel registrado é o de controlador independente, mas o art. 14 considera operador quem mantém contrato, convênio "
    "ou congênere e recebe dados pessoais do CNJ: as doze obrigações continuam a ser avaliadas."
)


@dataclass(frozen=True, slots=True)
class Assessment:
    """How one agreement stands on one day."""

    agreement_id: int
    label: str
    on: date
    exposure: ExposureResult
    findings: tuple[Finding, ...]
    formalities: tuple[FormalityFinding, ...]
    score: Score
    further: tuple[Finding, ...] = ()
    """Findings of the obligations that the organisation added to the twelve ("não se limitam"); they do not score."""

    def finding(self, inciso: str) -> Finding:
        """Return the finding of one inciso; ``KeyError`` when there is none."""
        for finding in (*self.findings, *self.further):
            if finding.inciso == inciso:
                return finding
        raise KeyError(inciso)


def evaluate(
    facts: AgreementFacts,
    on: date,
    *,
    policy: Policy,
    workdays: Workdays,
    obligations: Iterable[Obligation] | None = None,
    further: Iterable[Obligation] = (),
) -> Assessment:
    """Judge ``facts`` on the day ``on``.

    ``obligations`` defaults to the twelve. An agreement closed by accepted disposal evidence is judged as it stood on its
    closing day: proofs need no renewal for data that are no longer held. Raises ``ValueError`` for a day before the
    Portaria, because no rule of it was in force.
    """
    from contracts.obligations import TWELVE  # the twelve import this package's pieces, so they are taken late

    book = tuple(TWELVE if obligations is None else obligations)
    judged_on = min(on, facts.closed_on) if facts.closed_on else on
    first = min(version.since for obligation in book for version in obligation.versions)
    if on < first:
        message = f"Nenhuma obrigação do art. 14 estava em vigor em {on:%d/%m/%Y}."
        raise ValueError(message)
    judged_on = max(judged_on, first)
    tier = exposure_of(facts, policy.on(judged_on))
    when = Circumstances(on=judged_on, policy=policy.on(judged_on), exposure=tier.tier, workdays=workdays)
    findings = tuple(judge(obligation, facts, when) for obligation in book if obligation.on(judged_on))
    return Assessment(
        agreement_id=facts.id,
        label=facts.label,
        on=on,
        exposure=tier,
        findings=findings,
        formalities=formalities_of(facts, when),
        score=score_of({finding.inciso: finding.verdict for finding in findings}, when.policy),
        further=tuple(judge(obligation, facts, when) for obligation in further if obligation.on(judged_on)),
    )


def judge(obligation: Obligation, facts: AgreementFacts, when: Circumstances) -> Finding:
    """Judge one obligation; raises ``ValueError`` on a day when no version of it is in force."""
    version = obligation.on(when.on)
    if version is None:
        message = f"A obrigação {obligation.inciso} não estava em vigor em {when.on:%d/%m/%Y}."
        raise ValueError(message)
    waiver = waiver_of(facts, when.on)
    if waiver is not None:
        return Finding(
            inciso=obligation.inciso,
            title=obligation.title,
            law=version.law,
            verdict=Verdict.NOT_APPLICABLE,
            reasons=(waiver,),
            legs={leg: LegResult(leg, LegState.NONE) for leg in Leg},
            next_action=NextAction(ActionKind.NOTHING, "Nenhuma: a obrigação não se aplica."),
            related=version.related,
        )
    legs = {leg: _leg(leg, version.requires, facts, when) for leg in Leg}
    not_due = version.due(facts, when) if version.due else None
    verdict = verdict_of(legs) if not_due is None else Verdict.NOT_DUE
    return Finding(
        inciso=obligation.inciso,
        title=obligation.title,
        law=version.law,
        verdict=verdict,
        reasons=((not_due,) if not_due else ()) + _reasons(verdict, legs),
        legs=legs,
        next_action=next_action_of(obligation.inciso, verdict, legs, when),
        related=_with_sole_paragraph(version, facts),
        remarks=_remarks(facts),
    )


def verdict_of(legs: Mapping[Leg, LegResult]) -> Verdict:
    """Decide the verdict from the three legs.

    An empty leg (no requirement) does not count. A conduct leg that holds never makes a verdict partial by itself:
    that nothing bad has happened is no proof.
    """
    if legs[Leg.CONDUCT].state is LegState.BROKEN:
        return Verdict.BREACHED
    counted = [result for result in legs.values() if result.state is not LegState.NONE]
    if all(result.state is LegState.FULL for result in counted):
        return Verdict.MET
    if any(legs[leg].state is LegState.FULL for leg in (Leg.INSTRUMENT, Leg.EVIDENCE)):
        return Verdict.PARTIAL
    return Verdict.UNPROVEN


def leg_state(leg: Leg, answers: Iterable[Answer]) -> LegState:
    """Sum up the answers of one leg: full, half, empty, broken (conduct only) or none (no requirement)."""
    given = tuple(answers)
    if not given:
        return LegState.NONE
    if leg is Leg.CONDUCT and any(answer.holds is False for answer in given):
        return LegState.BROKEN
    if all(answer.holds is True for answer in given):
        return LegState.FULL
    if any(answer.holds is True or answer.partly for answer in given):
        return LegState.HALF
    return LegState.EMPTY


def _leg(leg: Leg, requires: Iterable[Requirement], facts: AgreementFacts, when: Circumstances) -> LegResult:
    checks = tuple(
        Check(leg, requirement.sentence, requirement.test(facts, when), requirement.asks_for)
        for requirement in requires
        if requirement.leg is leg
    )
    return LegResult(leg, leg_state(leg, (check.answer for check in checks)), checks)


def _reasons(verdict: Verdict, legs: Mapping[Leg, LegResult]) -> tuple[str, ...]:
    """Choose the sentences that decided: what broke, else what is missing, else what holds."""
    checks = [check for result in legs.values() for check in result.checks]
    broken = [check for check in legs[Leg.CONDUCT].checks if check.answer.holds is False]
    if verdict is Verdict.BREACHED:
        return tuple(check.answer.reason for check in broken)
    if verdict is Verdict.NOT_DUE:
        checks = [check for check in legs[Leg.INSTRUMENT].checks if check.answer.holds is not True]
        return tuple(check.answer.reason for check in checks)
    open_points = [check for check in checks if check.answer.holds is not True]
    return tuple(check.answer.reason for check in open_points or checks)


def next_action_of(
    inciso: str, verdict: Verdict, legs: Mapping[Leg, LegResult], when: Circumstances
) -> NextAction:
    """Choose the one next action: conduct first, then the instrument, then the evidence, then the next turning day."""
    if verdict is Verdict.BREACHED:
        broken = next(check for check in legs[Leg.CONDUCT].checks if check.answer.holds is False)
        kinds = {record.kind for record in broken.answer.records}
        if kinds & {"request", "assistance", "proposal"}:
            return NextAction(ActionKind.FORMAL_NOTICE, f"Notificar formalmente o operador: {_lower(broken.answer.reason)}",
                              Leg.CONDUCT)
        return NextAction(ActionKind.CORRECTIVE_ACTION, f"Exigir ação corretiva: {_lower(broken.answer.reason)}", Leg.CONDUCT)
    failed = [check for check in legs[Leg.INSTRUMENT].checks if check.answer.holds is not True]
    if failed:
        if all(check.answer.holds is None for check in failed):
            return NextAction(ActionKind.READ_INSTRUMENT,
                              "Conferir o instrumento assinado e marcar o que ele prevê sobre este inciso.", Leg.INSTRUMENT)
        return NextAction(ActionKind.TERMO_ADITIVO,
                          f"Propor termo aditivo com a cláusula que falta: {_lower(failed[0].answer.reason)}", Leg.INSTRUMENT)
    if verdict is not Verdict.NOT_DUE:
        failed = [check for check in legs[Leg.EVIDENCE].checks if check.answer.holds is not True]
        if failed:
            waiting = [check for check in failed if check.answer.holds is None and check.answer.records]
            if waiting:
                return NextAction(ActionKind.REVIEW_EVIDENCE, f"Conferir a prova recebida: {_lower(waiting[0].answer.reason)}",
                                  Leg.EVIDENCE, evidence_kinds=waiting[0].asks_for)
            asked = tuple(dict.fromkeys(kind for check in failed for kind in check.asks_for))
            if asked:
                return NextAction(ActionKind.REQUEST_EVIDENCE, f"Requisitar a prova que falta: {_lower(failed[0].answer.reason)}",
                                  Leg.EVIDENCE, evidence_kinds=asked)
            return NextAction(ActionKind.COMPLETE_RECORD, f"Completar o registro: {_lower(failed[0].answer.reason)}", Leg.EVIDENCE)
    pending = [check for check in legs[Leg.CONDUCT].checks if check.answer.holds is None]
    if pending:
        return NextAction(ActionKind.COMPLETE_RECORD, f"Completar o registro: {_lower(pending[0].answer.reason)}", Leg.CONDUCT)
    turning = [check.answer.until for result in legs.values() for check in result.checks if check.answer.until]
    if turning:
        day = min(turning) + timedelta(days=1)
        return NextAction(ActionKind.NOTHING, f"Nenhuma por ora. Volta a ser exigível em {day:%d/%m/%Y}.", due_on=day)
    return NextAction(ActionKind.NOTHING, "Nenhuma.")


def _lower(sentence: str) -> str:
    """Join a sentence to a colon: lower its first letter unless the word looks like an acronym or a numeral."""
    first = sentence.split(" ", 1)[0]
    return sentence if len(first) > 1 and first.isupper() else sentence[:1].lower() + sentence[1:]


def _with_sole_paragraph(version: Version, facts: AgreementFacts) -> tuple[LegalReference, ...]:
    if _special_regime(facts):
        return (*version.related, ART_14_SOLE_PARAGRAPH)
    return version.related


def _special_regime(facts: AgreementFacts) -> bool:
    joint = facts.role is not None and facts.role.role is Role.JOINT_CONTROLLER and facts.role.approved_on is not None
    return facts.regime is Regime.PUBLIC or joint


def _remarks(facts: AgreementFacts) -> tuple[str, ...]:
    remarks = []
    if facts.regime is Regime.PUBLIC:
        remarks.append(PUBLIC_REGIME_REMARK)
    if facts.role is not None and facts.role.approved_on is not None:
        if facts.role.role is Role.JOINT_CONTROLLER:
            remarks.append(JOINT_CONTROLLER_REMARK)
        if facts.role.role is Role.INDEPENDENT_CONTROLLER:
            remarks.append(INDEPENDENT_CONTROLLER_REMARK)
    return tuple(remarks)
