"""Judge one agreement on one day: the twelve obligations and the formalities of art. 6º.

Pure: the facts, the day, the parameters and the calendar come in, an :class:`Assessment` comes out. Verdicts are worked
out at once; sentences, score and formalities when they are first read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType

from contracts.exposure import ExposureResult, exposure_of, tier_of
from contracts.facts import AgreementFacts
from contracts.index import RecordIndex
from contracts.obligation import Answer, Answers, Circumstances, Finding, Numbers, Obligation, States, Version, unknown
from contracts.policy import Policy, PolicyOn
from contracts.scorecard import Score, score_of
from contracts.sharing import FormalityFinding, formalities_of, instrument_waived, waiver_of
from contracts.vocabulary import INCISOS, LegState, Role, Verdict
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


_NO_EDITIONS: Mapping[str, tuple[date, ...]] = MappingProxyType({})


def evaluate(
    facts: AgreementFacts,
    on: date,
    *,
    policy: Policy,
    workdays: Workdays,
    obligations: Sequence[Obligation] | None = None,
    further: Sequence[Obligation] = (),
    clause_editions: Mapping[str, tuple[date, ...]] = _NO_EDITIONS,
) -> Assessment:
    """Judge ``facts`` on the day ``on``.

    ``obligations`` defaults to the twelve. ``clause_editions`` are, for each clause whose text changed, the days from
    which a newer text holds, oldest first; without them no signed instrument grows old (inciso IV).

    An agreement closed by accepted disposal evidence is judged on what it promises and proves as on its closing day:
    proofs need no renewal for data that are no longer held. Its conduct is judged on the day itself, because data found
    after the certificate break inciso XII however late they are found.

    Before its first day an agreement owes nothing yet, except what it has already broken and, once it is signed, that
    the signed papers have their clauses (inciso IV).

    Raises ``ValueError`` for a day before the Portaria, because no rule of it was in force.
    """
    book: Sequence[Obligation]
    if obligations is None:
        from contracts.obligations import TWELVE  # the twelve import this package's pieces, so they are taken late

        book = TWELVE
    else:
        book = obligations
    in_force = _in_force(book, on)
    if not in_force.versions:
        message = f"Nenhuma obrigação do art. 14 estava em vigor em {on:%d/%m/%Y}."
        raise ValueError(message)
    now = circumstances_of(facts, on, policy=policy, workdays=workdays, book=book, clause_editions=clause_editions)
    when = now
    if facts.closed_on is not None and facts.closed_on < on:
        closed_on = max(facts.closed_on, min(obligation.versions[0].since for obligation in book))
        in_force = _in_force(book, closed_on)
        when = circumstances_of(
            facts, closed_on, policy=policy, workdays=workdays, book=book, clause_editions=clause_editions
        )
    added = _in_force(further, when.on).versions if further else ()
    findings = tuple([_judged(obligation, version, facts, when, now) for obligation, version in in_force.versions])
    beyond = tuple([_judged(obligation, version, facts, when, now) for obligation, version in added])
    if facts.starts_on is not None and facts.starts_on > on:
        findings, beyond = _before_the_start(findings, facts.starts_on), _before_the_start(beyond, facts.starts_on)
    return Assessment(
        agreement_id=facts.id,
        label=facts.label,
        on=on,
        findings=findings,
        further=beyond,
        facts=facts,
        when=when,
    )


def _before_the_start(findings: Iterable[Finding], starts_on: date) -> tuple[Finding, ...]:
    """Tell of each finding that is not a breach, nor settled before, that the agreement has not begun."""
    ground = unknown(
        "O acordo começa em {}: antes disso, a obrigação ainda não é exigível.",
        starts_on,
        until=starts_on - timedelta(days=1),
    )
    return tuple(
        finding
        if finding.verdict in {Verdict.BREACHED, Verdict.NOT_APPLICABLE, Verdict.NOT_DUE} or _owed_at_once(finding)
        else replace(finding, verdict=Verdict.NOT_DUE, ground=ground)
        for finding in findings
    )


def _owed_at_once(finding: Finding) -> bool:
    """Tell whether the duty is one of signing, which is owed as soon as what was signed binds, or is not on record.

    A signed paper that comes into force with the agreement itself is looked at from that day on.
    """
    if finding.inciso != "IV":
        return False
    facts, when = finding.facts, finding.when
    if facts.instruments:
        return bool(when.index.papers)
    return facts.signed_on is not None and facts.signed_on <= when.on


@dataclass(frozen=True, slots=True)
class InForce:
    """The versions of a book in force on a day, and the incisos they are of, in the same order."""

    versions: tuple[tuple[Obligation, Version], ...]
    incisos: tuple[str, ...]


_REMEMBERED_AT_MOST = 64
_BOOKS: dict[tuple[int, date], tuple[Sequence[Obligation], InForce]] = {}


def _in_force(book: Sequence[Obligation], on: date) -> InForce:
    """Return the versions of a book in force on a day, looked up once for all the agreements judged on it.

    The key is the book's identity, and the book is kept beside it, so that no other can take the same identity.
    """
    held = _BOOKS.get((id(book), on))
    if held is None:
        if len(_BOOKS) >= _REMEMBERED_AT_MOST:
            _BOOKS.clear()
        versions = [(obligation, version) for obligation in book if (version := obligation.on(on)) is not None]
        in_force = InForce(tuple(versions), tuple(obligation.inciso for obligation, _ in versions))
        held = _BOOKS[id(book), on] = (book, in_force)
    return held[1]


def circumstances_of(
    facts: AgreementFacts,
    on: date,
    *,
    policy: Policy,
    workdays: Workdays,
    book: Sequence[Obligation] = (),
    clause_editions: Mapping[str, tuple[date, ...]] = _NO_EDITIONS,
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
        incisos=_in_force(book, on).incisos if book else INCISOS,
        clause_editions=clause_editions,
        instrument_waived=instrument_waived(facts, on),
    )


_REMEMBERED: dict[tuple[int, date], tuple[Policy, Numbers]] = {}


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
    version = obligation.on(when.on)
    if version is None:
        message = f"A obrigação {obligation.inciso} não estava em vigor em {when.on:%d/%m/%Y}."
        raise ValueError(message)
    return _judged(obligation, version, facts, when, now or when)


def _judged(
    obligation: Obligation, version: Version, facts: AgreementFacts, when: Circumstances, now: Circumstances
) -> Finding:
    # Only these two can waive anything; most agreements have neither.
    role = facts.role
    if facts.dispensation is not None or (role is not None and role.role is _NO_PERSONAL_DATA):
        waiver = waiver_of(facts, now.on, obligation.inciso)
        if waiver is not None:
            return Finding(obligation, version, Verdict.NOT_APPLICABLE, _NO_LEGS, _NO_ANSWERS, facts, now, waiver)
    inciso, asked, settled = obligation.inciso, version.asked, version.untouched
    if inciso in now.index.actions or inciso in now.index.deviations:
        asked, settled = version.tests, ()
    found = []
    whole = True
    for test in asked:
        answer = test(facts, when)
        found.append(answer)
        if answer[0] is not True:
            whole = False
    second, third = version.bounds
    if when is not now:
        found[third:] = [test(facts, now) for test in asked[third:]]
        whole = False
    instrument = () if now.instrument_waived else tuple(found[:second])
    evidence, conduct = tuple(found[second:third]), (*found[third:], *settled)
    if whole and instrument and evidence and conduct:
        states = _ALL_FULL
    else:
        states = (leg_state(instrument), leg_state(evidence), leg_state(conduct, breaks=True))
    not_due = version.due(facts, when) if version.due is not None else None
    if not_due is not None:
        verdict = Verdict.NOT_DUE
    elif states is _ALL_FULL:
        verdict = _MET
    else:
        verdict = verdict_of(states, conduct)
    return Finding(obligation, version, verdict, states, (instrument, evidence, conduct), facts, now, not_due)


# Looking a member up by name costs as much as a call (Python 3.11), and these are looked up for every agreement.
_FULL, _NONE, _BROKEN = LegState.FULL, LegState.NONE, LegState.BROKEN
_HALF, _EMPTY = LegState.HALF, LegState.EMPTY
_NO_PERSONAL_DATA = Role.NO_PERSONAL_DATA
_MET, _PARTIAL, _UNPROVEN, _BREACHED = Verdict.MET, Verdict.PARTIAL, Verdict.UNPROVEN, Verdict.BREACHED

_ALL_FULL: States = (_FULL, _FULL, _FULL)
_NO_LEGS: States = (_NONE, _NONE, _NONE)
_NO_ANSWERS: Answers = ((), (), ())


def verdict_of(states: States, conduct: Sequence[Answer] = ()) -> Verdict:
    """Decide the verdict from the states of the three legs; ``conduct`` are the answers of the third.

    An empty leg (no requirement) does not count. A conduct leg that holds never makes a verdict partial by itself, and
    never met by itself when it is silent throughout: that nothing bad has happened is no proof.
    """
    promised, proved, kept = states
    if kept is _BROKEN:
        return _BREACHED
    whole = (
        (promised is _FULL or promised is _NONE)
        and (proved is _FULL or proved is _NONE)
        and (kept is _FULL or kept is _NONE)
    )
    if promised is _FULL or proved is _FULL:
        return _MET if whole else _PARTIAL
    return _MET if whole and not all(answer.silent for answer in conduct) else _UNPROVEN


def leg_state(answers: Sequence[Answer], *, breaks: bool = False) -> LegState:
    """Sum up the answers of one leg: full, half, empty or none (no requirement).

    ``breaks`` is for conduct, where one requirement that fails breaks the leg.
    """
    if not answers:
        return _NONE
    for answer in answers:
        if answer[0] is not True:
            break
    else:
        return _FULL
    half = False
    for answer in answers:
        if answer[0] is False and breaks:
            return _BROKEN
        half = half or answer[0] is True or answer.partly
    return _HALF if half else _EMPTY
