"""An assessment as pages, reports and the API take it: frozen, with every sentence already made and no address.

Record pointers stay pointers (:class:`~contracts.facts.Record`); whoever prints them knows where they lead. The words
of closed lists are the wording's business too: here a verdict is a verdict.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from contracts.evaluation import Assessment
from contracts.facts import Record
from contracts.norm import PORTARIA_DATED_ON, LegalReference
from contracts.obligation import Check, Finding
from contracts.policy import NoValueError, Parameter
from contracts.scorecard import WORST_FIRST
from contracts.vocabulary import INCISOS, ActionKind, EvidenceKind, Exposure, Formality, Leg, LegState, Verdict


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence and the records that decided it. ``parameter`` is the key of the administrative number in it."""

    text: str
    holds: bool | None
    records: tuple[Record, ...] = ()
    parameter: str | None = None
    requirement: str = ""
    """The sentence that had to be true."""
    silent: bool = False
    """Whether it holds only because nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class LegView:
    """One aspecto of an obligation."""

    leg: Leg
    state: LegState
    sentences: tuple[SentenceView, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionView:
    """The one next action of a finding."""

    kind: ActionKind
    sentence: str
    inciso: str
    leg: Leg | None = None
    due_on: date | None = None
    evidence_kinds: tuple[EvidenceKind, ...] = ()
    records: tuple[Record, ...] = ()
    """The records of the gap that it mends: the proof to review, the request that runs."""


@dataclass(frozen=True, slots=True)
class ObligationView:
    """One obligation on a day, with its law and its reasons."""

    inciso: str
    title: str
    verdict: Verdict
    law: str
    """Verbatim, with its numeral."""
    citation: str
    legs: tuple[LegView, LegView, LegView]
    action: ActionView
    reasons: tuple[str, ...]
    ground: str = ""
    """Why it does not apply or is not due yet."""
    related: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def states(self) -> tuple[LegState, LegState, LegState]:
        """Return the three marks, in the order P D C."""
        one, two, three = self.legs
        return one.state, two.state, three.state


@dataclass(frozen=True, slots=True)
class FactorView:
    """A line of the exposure's arithmetic; ``present`` is None when nobody has told us."""

    label: str
    detail: str
    present: bool | None
    points: int


@dataclass(frozen=True, slots=True)
class ExposureView:
    """The exposure and how it was reached."""

    tier: Exposure
    computed_tier: Exposure
    points: int
    medium_from: int
    high_from: int
    factors: tuple[FactorView, ...]
    raised_reason: str
    decided_by: str
    since: date | None


@dataclass(frozen=True, slots=True)
class FormalityView:
    """One formality of art. 6º."""

    formality: Formality
    label: str
    citation: str
    holds: bool | None
    partly: bool
    reason: str
    records: tuple[Record, ...]
    quote: str
    until: date | None

    @property
    def state(self) -> LegState:
        """Return the mark that draws it."""
        if self.holds is True:
            return LegState.FULL
        return LegState.HALF if self.partly else LegState.EMPTY


@dataclass(frozen=True, slots=True)
class ScoreLineView:
    """A line of the score's arithmetic; ``factor`` is None for what stays out of the sum."""

    verdict: Verdict
    incisos: tuple[str, ...]
    weights: tuple[int, ...]
    weight: int
    factor: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class ScoreView:
    """The score, its lines and its sum: ``earned`` ÷ ``weight`` × 100 = ``exact``, rounded half up to ``value``."""

    value: int | None
    lines: tuple[ScoreLineView, ...]
    weight: int
    earned: Decimal
    exact: Decimal | None
    decided_by: str
    since: date | None


@dataclass(frozen=True, slots=True)
class JudgementView:
    """A whole assessment as a page shows it."""

    agreement_id: int
    label: str
    on: date
    judged_on: date
    """The day on which its promises and proofs were judged: the closing day, for a closed agreement."""
    obligations: tuple[ObligationView, ...]
    further: tuple[ObligationView, ...]
    formalities: tuple[FormalityView, ...]
    exposure: ExposureView
    score: ScoreView
    remarks: tuple[str, ...]
    """What a reader must know about the other party's regime or role, each once."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Return the twelve verdicts in order."""
        return tuple(item.verdict for item in self.obligations)


def judgement_view(assessment: Assessment) -> JudgementView:
    """Freeze a whole assessment."""
    every = (*assessment.findings, *assessment.further)
    return JudgementView(
        agreement_id=assessment.agreement_id,
        label=assessment.label,
        on=assessment.on,
        judged_on=assessment.when.on,
        obligations=obligation_views(assessment),
        further=tuple(obligation_view(finding) for finding in assessment.further),
        formalities=formalities_view(assessment),
        exposure=exposure_view(assessment),
        score=score_view(assessment),
        remarks=tuple(dict.fromkeys(remark for finding in every for remark in finding.remarks)),
    )


def obligation_views(assessment: Assessment) -> tuple[ObligationView, ...]:
    """Freeze the twelve findings, in order."""
    return tuple(obligation_view(finding) for finding in assessment.findings)


def obligation_view(finding: Finding) -> ObligationView:
    """Freeze one finding."""
    one, two, three = (
        LegView(result.leg, result.state, tuple(_sentence(check) for check in result.checks))
        for result in finding.results
    )
    return ObligationView(
        inciso=finding.inciso,
        title=finding.title,
        verdict=finding.verdict,
        law=law_text(finding.inciso, finding.law),
        citation=finding.law.short_citation,
        legs=(one, two, three),
        action=_action(finding),
        reasons=finding.reasons,
        ground=finding.ground.reason if finding.ground else "",
        related=tuple(reference.short_citation for reference in finding.related),
        remarks=finding.remarks,
    )


def law_text(inciso: str, law: LegalReference) -> str:
    """Return the words of the law with the numeral that the Portaria prints before them."""
    text = law.text or ""
    return f"{inciso} – {text}" if inciso in INCISOS and text else text


def _sentence(check: Check) -> SentenceView:
    answer = check.answer
    return SentenceView(
        answer.reason, answer.holds, answer.records, answer.parameter, check.sentence, silent=answer.silent
    )


def _action(finding: Finding) -> ActionView:
    action = finding.next_action
    gaps = [check.answer for check in finding.checks if check.leg is action.leg and check.answer.holds is not True]
    records = tuple(dict.fromkeys(record for answer in gaps for record in answer.records))
    return ActionView(
        action.kind, action.sentence, finding.inciso, action.leg, action.due_on, action.evidence_kinds, records
    )


def exposure_view(assessment: Assessment) -> ExposureView:
    """Freeze the exposure with every line of its arithmetic."""
    found = assessment.exposure
    parameter = assessment.when.policy.parameter("exposure_points")
    return ExposureView(
        tier=found.tier,
        computed_tier=found.computed_tier,
        points=found.points,
        medium_from=found.medium_from,
        high_from=found.high_from,
        factors=tuple(FactorView(line.label, line.detail, line.present, line.points) for line in found.factors),
        raised_reason=found.raised_reason,
        decided_by=parameter.decided_by,
        since=_since(parameter, assessment.when.on),
    )


def formalities_view(assessment: Assessment) -> tuple[FormalityView, ...]:
    """Freeze the formalities of art. 6º, in order."""
    return tuple(
        FormalityView(
            found.formality,
            found.label,
            found.law.short_citation,
            found.holds,
            found.partly,
            found.reason,
            found.records,
            found.quote,
            found.until,
        )
        for found in assessment.formalities
    )


def score_view(assessment: Assessment) -> ScoreView:
    """Freeze the score with every number of its arithmetic."""
    score = assessment.score
    parameter = assessment.when.policy.parameter("score_weights")
    return ScoreView(
        value=score.value,
        lines=tuple(
            ScoreLineView(
                line.verdict,
                line.incisos,
                line.weights,
                line.weight,
                None if line.value_percent is None else Decimal(line.value_percent) / 100,
                _decimal(line.earned),
            )
            for line in score.lines
        ),
        weight=score.weight,
        earned=_decimal(score.earned),
        exact=_decimal(score.earned * 100 / score.weight) if score.weight else None,
        decided_by=parameter.decided_by,
        since=_since(parameter, assessment.when.on),
    )


def _decimal(number: Fraction) -> Decimal:
    return Decimal(number.numerator) / Decimal(number.denominator)


def _since(parameter: Parameter, on: date) -> date | None:
    try:
        return parameter.on(max(on, PORTARIA_DATED_ON)).since
    except NoValueError:
        return None


def worst_first(views: Iterable[ObligationView]) -> tuple[ObligationView, ...]:
    """Sort obligations by situação, the worst first, in the order of the Portaria within each."""
    return tuple(sorted(views, key=lambda view: WORST_FIRST.index(view.verdict)))


def assessment_json(assessment: Assessment) -> dict[str, object]:
    """Return the assessment as the command line and the API print it.

    Verdicts, leg states and the exposure are slugs; reasons and next actions are Portuguese sentences.
    """
    return {
        "agreement": assessment.agreement_id,
        "on": assessment.on.isoformat(),
        "score": assessment.score.value,
        "exposure": assessment.exposure.tier.value,
        "findings": [finding_json(finding) for finding in assessment.findings],
    }


def finding_json(finding: Finding) -> dict[str, object]:
    """Return one finding as the command line and the API print it."""
    return {
        "inciso": finding.inciso,
        "verdict": finding.verdict.value,
        "legs": {result.leg.value: result.state.value for result in finding.results},
        "reasons": list(finding.reasons),
        "next_action": finding.next_action.sentence,
    }
