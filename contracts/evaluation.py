"""Judge one agreement on one day: the twelve obligations and the formalities of art. 6º.

Pure: the facts, the day, the parameters and the calendar come in, an :class:`Assessment` comes out. Verdicts are worked
out at once; sentences, score and formalities when they are first read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from contracts.exposure import ExposureResult, exposure_of, tier_of
from contracts.facts import AgreementFacts
from contracts.index import RecordIndex
from contracts.obligation import Answer, Circumstances, Finding, LegResult, Numbers, Obligation, Requirement
from contracts.policy import Policy, PolicyOn
from contracts.scorecard import Score, score_of
from contracts.sharing import FormalityFinding, formalities_of, instrument_waived, waiver_of
from contracts.vocabulary import INCISOS, Leg, LegState, Verdict
from contracts.workdays import Workdays


@dataclass(eq=False)
class Assessment:
    """How one agreement stands on one day."""

    agreement_id: int
    label: str
    on: date
    findings: tuple[Finding, ...]
    further: tuple[Finding, ...]
    """Findings of the obligations that the organisation added to the twelve ("não se limitam"); they do not score."""
    facts: AgreementFacts
    when: Circumstances
    """What it was judged by; for a closed agreement, as on its closing day."""

    @cached_property
    def exposure(self) -> ExposureResult:
        """Return the tier and its arithmetic."""
        return exposure_of(self.facts, self.when.policy)

    @cached_property
    def score(self) -> Score:
        """Return the score of the twelve and its arithmetic."""
        return score_of({finding.inciso: finding.verdict for finding in self.findings}, self.when.policy)

    @cached_property
    def formalities(self) -> tuple[FormalityFinding, ...]:
        """Return the formalities of art. 6º."""
        return formalities_of(self.facts, self.when)

    def finding(self, inciso: str) -> Finding:
        """Return the finding of one inciso or further obligation; ``KeyError`` when there is none."""
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
    obligations: Sequence[Obligation] | None = None,
    further: Iterable[Obligation] = (),
    clause_editions: tuple[date, ...] = (),
) -> Assessment:
    """Judge ``facts`` on the day ``on``.

    ``obligations`` defaults to the twelve. ``clause_editions`` are the days from which an edition of the court's
    required clauses holds; without them no signed instrument grows old (inciso IV).

    An agreement closed by accepted disposal evidence is judged on what it promises and proves as on its closing day:
    proofs need no renewal for data that are no longer held. Its conduct is judged on the day itself, because data found
    after the certificate break inciso XII however late they are found.

    Raises ``ValueError`` for a day before the Portaria, because no rule of it was in force.
    """
    book: Sequence[Obligation]
    if obligations is None:
        from contracts.obligations import TWELVE  # the twelve import this package's pieces, so they are taken late

        book = TWELVE
    else:
        book = obligations
    first = min(obligation.versions[0].since for obligation in book)
    if on < first:
        message = f"Nenhuma obrigação do art. 14 estava em vigor em {on:%d/%m/%Y}."
        raise ValueError(message)
    now = circumstances_of(facts, on, policy=policy, workdays=workdays, book=book, clause_editions=clause_editions)
    when = now
    if facts.closed_on is not None and facts.closed_on < on:
        when = circumstances_of(
            facts,
            max(facts.closed_on, first),
            policy=policy,
            workdays=workdays,
            book=book,
            clause_editions=clause_editions,
        )
    return Assessment(
        agreement_id=facts.id,
        label=facts.label,
        on=on,
        findings=tuple([judge(obligation, facts, when, now) for obligation in book if obligation.on(when.on)]),
        further=tuple([judge(obligation, facts, when, now) for obligation in further if obligation.on(when.on)]),
        facts=facts,
        when=when,
    )


def circumstances_of(
    facts: AgreementFacts,
    on: date,
    *,
    policy: Policy,
    workdays: Workdays,
    book: Sequence[Obligation] = (),
    clause_editions: tuple[date, ...] = (),
) -> Circumstances:
    """Gather what holds on the day ``on``: parameters, exposure, calendar, and the records by inciso.

    ``book`` tells which incisos are in force on the day; without it, all twelve are.
    """
    numbers = _numbers_on(policy, on)
    return Circumstances(
        on=on,
        policy=numbers.policy,
        exposure=tier_of(facts, numbers),
        workdays=workdays,
        index=RecordIndex(facts, on),
        numbers=numbers,
        incisos=tuple([item.inciso for item in book if item.on(on)]) if book else INCISOS,
        clause_editions=clause_editions,
    )


_REMEMBERED: dict[tuple[int, date], tuple[Policy, Numbers]] = {}
_REMEMBERED_AT_MOST = 64


def _numbers_on(policy: Policy, on: date) -> Numbers:
    """Return the parameters of one day, looked up once for all the agreements judged on it.

    The key is the policy's identity, and the policy is kept beside it, so that no other can take the same identity.
    """
    held = _REMEMBERED.get((id(policy), on))
    if held is None:
        if len(_REMEMBERED) >= _REMEMBERED_AT_MOST:
            _REMEMBERED.clear()
        held = (policy, Numbers(PolicyOn(policy, on)))
        _REMEMBERED[id(policy), on] = held
    return held[1]


def judge(
    obligation: Obligation, facts: AgreementFacts, when: Circumstances, now: Circumstances | None = None
) -> Finding:
    """Judge one obligation; ``now`` is the day for conduct when it is not ``when`` (a closed agreement).

    Raises ``ValueError`` on a day when no version of it is in force.
    """
    now = now or when
    version = obligation.on(when.on)
    if version is None:
        message = f"A obrigação {obligation.inciso} não estava em vigor em {when.on:%d/%m/%Y}."
        raise ValueError(message)
    if facts.dispensation is not None or facts.role is not None:
        waiver = waiver_of(facts, now.on, obligation.inciso)
        if waiver is not None:
            return Finding(
                obligation.inciso, obligation.title, Verdict.NOT_APPLICABLE, _NOTHING, version, facts, now, waiver
            )
    instrument, evidence, conduct = version.legs
    promised = _NO_INSTRUMENT if instrument_waived(facts, now.on) else _leg(Leg.INSTRUMENT, instrument, facts, when)
    results = (promised, _leg(Leg.EVIDENCE, evidence, facts, when), _leg(Leg.CONDUCT, conduct, facts, now))
    not_due = version.due(facts, when) if version.due else None
    verdict = verdict_of(results) if not_due is None else Verdict.NOT_DUE
    return Finding(obligation.inciso, obligation.title, verdict, results, version, facts, now, not_due)


_NO_INSTRUMENT = LegResult(Leg.INSTRUMENT, LegState.NONE)
_NOTHING = (_NO_INSTRUMENT, LegResult(Leg.EVIDENCE, LegState.NONE), LegResult(Leg.CONDUCT, LegState.NONE))


def verdict_of(results: tuple[LegResult, LegResult, LegResult]) -> Verdict:
    """Decide the verdict from the three legs, given in the order of :class:`Leg`.

    An empty leg (no requirement) does not count. A conduct leg that holds never makes a verdict partial by itself, and
    never met by itself when it is silent throughout: that nothing bad has happened is no proof.
    """
    instrument, evidence, conduct = (result.state for result in results)
    if conduct is LegState.BROKEN:
        return Verdict.BREACHED
    if (
        (instrument is LegState.FULL or instrument is LegState.NONE)
        and (evidence is LegState.FULL or evidence is LegState.NONE)
        and (conduct is LegState.FULL or conduct is LegState.NONE)
    ):
        if instrument is LegState.FULL or evidence is LegState.FULL:
            return Verdict.MET
        return Verdict.UNPROVEN if all(answer.silent for answer in results[2].answers) else Verdict.MET
    if instrument is LegState.FULL or evidence is LegState.FULL:
        return Verdict.PARTIAL
    return Verdict.UNPROVEN


def leg_state(leg: Leg, answers: Sequence[Answer]) -> LegState:
    """Sum up the answers of one leg: full, half, empty, broken (conduct only) or none (no requirement)."""
    if not answers:
        return LegState.NONE
    held = failed = half = False
    for answer in answers:
        if answer.holds is True:
            held = True
        else:
            failed = True
            if answer.holds is False and leg is Leg.CONDUCT:
                return LegState.BROKEN
            half = half or answer.partly
    if not failed:
        return LegState.FULL
    return LegState.HALF if held or half else LegState.EMPTY


def _leg(leg: Leg, requires: tuple[Requirement, ...], facts: AgreementFacts, when: Circumstances) -> LegResult:
    answers = tuple([requirement.test(facts, when) for requirement in requires])
    return LegResult(leg, leg_state(leg, answers), requires, answers)
