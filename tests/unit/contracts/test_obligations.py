"""What must be true of all twelve obligations together, whatever each of them says."""

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.norm import ART_14, PORTARIA_DATED_ON, is_verbatim
from contracts.obligation import Obligation, Requirement, no, unknown
from contracts.obligations import BY_INCISO, TWELVE
from contracts.policy import Group, Override, Policy
from contracts.vocabulary import INCISOS, ActionKind, Leg, Verdict
from tests.rig.cases import Case, all_cases, cases_of
from tests.rig.facts import DAY, judged

OBLIGATIONS = pytest.mark.parametrize("obligation", TWELVE, ids=lambda obligation: obligation.inciso)
REQUIREMENTS = [
    pytest.param(obligation, requirement, id=f"{obligation.inciso}: {requirement.sentence}")
    for obligation in TWELVE
    for requirement in obligation.versions[-1].requires
]


# ----------------------------------------------------------------------------------------------------------------------
# The book
# ----------------------------------------------------------------------------------------------------------------------
def test_there_are_exactly_twelve_in_the_order_of_the_portaria() -> None:
    assert tuple(obligation.inciso for obligation in TWELVE) == INCISOS
    assert tuple(BY_INCISO) == INCISOS


@OBLIGATIONS
def test_the_law_is_quoted_word_for_word_in_the_data_and_beside_the_code(obligation: Obligation) -> None:
    for version in obligation.versions:
        assert version.law is ART_14[obligation.inciso]
        assert version.law.text
        assert is_verbatim(version.law.text)
        (module,) = [
            module
            for name, module in sys.modules.items()
            if name.startswith("contracts.obligations.o") and vars(module).get("OBLIGATION") is obligation
        ]
        beside = re.sub(r"\s+", " ", module.__doc__ or "")
        assert f"“{version.law.text}”" in beside


@OBLIGATIONS
def test_nothing_is_asked_before_the_portaria(obligation: Obligation) -> None:
    assert obligation.on(PORTARIA_DATED_ON - timedelta(days=1)) is None
    assert obligation.on(PORTARIA_DATED_ON) is obligation.versions[0]


@OBLIGATIONS
def test_every_obligation_asks_something_of_the_instrument_and_of_conduct(obligation: Obligation) -> None:
    legs = {leg for leg in Leg for item in obligation.versions[-1].requires if item.leg is leg}
    # Nothing can be proved about an incident that has not happened: only XI has no evidence leg.
    assert legs == (set(Leg) - {Leg.EVIDENCE} if obligation.inciso == "XI" else set(Leg))


@OBLIGATIONS
def test_no_two_requirements_of_an_obligation_say_the_same(obligation: Obligation) -> None:
    sentences = [requirement.sentence for requirement in obligation.versions[-1].requires]
    assert len(sentences) == len(set(sentences))


def test_no_obligation_imports_another() -> None:
    for obligation in TWELVE:
        for name, module in list(sys.modules.items()):
            if name.startswith("contracts.obligations.o") and vars(module).get("OBLIGATION") is obligation:
                assert "contracts.obligations" not in inspect.getsource(module)


# ----------------------------------------------------------------------------------------------------------------------
# The case books
# ----------------------------------------------------------------------------------------------------------------------
@OBLIGATIONS
def test_every_verdict_an_obligation_can_give_has_a_case(obligation: Obligation) -> None:
    # Not due: XII before the end, the others before the first day; the eve of a case counts as one.
    given = {verdict for case in cases_of(obligation.inciso) for verdict in (case.verdict, case.eve) if verdict}
    assert {Verdict(verdict) for verdict in given} == set(Verdict)


NEVER_ALONE = {
    # Without evidence of disposal after the term, both the proof and the term are missing: one fact, two legs.
    "O prazo para provar o descarte não passou sem evidência aceita.": (
        "Há evidência aceita de descarte irrecuperável ou de devolução."
    ),
}


@pytest.mark.parametrize(("obligation", "requirement"), REQUIREMENTS)
def test_each_requirement_alone_decides_a_case(obligation: Obligation, requirement: Requirement) -> None:
    for case in cases_of(obligation.inciso):
        finding = case.finding()
        if finding.verdict in {Verdict.MET, Verdict.NOT_DUE, Verdict.NOT_APPLICABLE}:
            continue
        failed = [check for check in finding.checks if check.answer.holds is not True]
        refused = [check for check in failed if check.answer.holds is False]
        if [check.sentence for check in failed] == [requirement.sentence]:
            return
        if [check.sentence for check in refused] == [requirement.sentence]:
            return
        if {check.sentence for check in refused} == {requirement.sentence, NEVER_ALONE.get(requirement.sentence)}:
            return
    pytest.fail(
        f"escreva em tests/cases/{obligation.inciso.lower()}.toml um caso que só falhe em: {requirement.sentence}"
    )


def _in_order(inciso: str) -> Case:
    return next(case for case in cases_of(inciso) if case.name.startswith("Com cláusula, evidência e conduta em ordem"))


def _book_with(obligation: Obligation, requirement: Requirement, changed: Requirement) -> tuple[Obligation, ...]:
    version = obligation.versions[-1]
    requires = tuple(changed if item is requirement else item for item in version.requires)
    other = replace(obligation, versions=(replace(version, requires=requires),))
    return tuple(other if item is obligation else item for item in TWELVE)


@pytest.mark.parametrize(("obligation", "requirement"), REQUIREMENTS)
def test_flipping_one_requirement_of_what_is_met_changes_the_verdict(
    obligation: Obligation, requirement: Requirement
) -> None:
    case = _in_order(obligation.inciso)
    assert case.finding().verdict is Verdict.MET
    refused = replace(requirement, test=lambda facts, when: no("Não."), untouched=None)
    untold = replace(requirement, test=lambda facts, when: unknown("Não se sabe."), untouched=None)
    after_no = case.finding(obligations=_book_with(obligation, requirement, refused)).verdict
    after_unknown = case.finding(obligations=_book_with(obligation, requirement, untold)).verdict
    if requirement.leg is Leg.CONDUCT:
        assert after_no is Verdict.BREACHED
        assert after_unknown is Verdict.PARTIAL
    elif requirement.leg is Leg.EVIDENCE:
        assert after_no is after_unknown is Verdict.PARTIAL
    else:
        expected = Verdict.UNPROVEN if obligation.inciso == "XI" else Verdict.PARTIAL
        assert after_no is after_unknown is expected


def _asking_everything(obligation: Obligation) -> Obligation:
    """Return the obligation with no answer known beforehand."""
    versions = tuple(
        replace(version, requires=tuple(replace(item, untouched=None) for item in version.requires))
        for version in obligation.versions
    )
    return replace(obligation, versions=versions)


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_what_need_not_be_asked_is_what_would_have_been_answered(case: Case) -> None:
    spared = case.finding()
    asked = case.finding(obligations=tuple(map(_asking_everything, TWELVE)))
    assert spared.verdict is asked.verdict
    assert spared.states == asked.states
    assert spared.checks == asked.checks


# ----------------------------------------------------------------------------------------------------------------------
# Turning days
# ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_what_holds_until_a_day_holds_on_it_and_not_on_the_next(case: Case) -> None:
    checks = case.finding().checks
    for place, check in enumerate(checks):
        last = check.answer.until
        if last is None or check.answer.holds is not True:
            continue
        assert last >= case.on
        assert case.finding(last).checks[place].answer.holds is True, check.answer.reason
        after = case.finding(last + timedelta(days=1)).checks[place].answer
        assert after.holds is not True, f"{check.answer.reason}\n{after.reason}"


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_the_day_to_act_is_the_first_on_which_there_is_something_to_do(case: Case) -> None:
    finding = case.finding()
    action = finding.next_action
    if finding.verdict not in {Verdict.MET, Verdict.NOT_DUE} or action.kind is not ActionKind.NOTHING:
        return
    if action.due_on is None:
        return
    assert action.due_on > case.on
    assert case.finding(action.due_on - timedelta(days=1)).next_action.kind is ActionKind.NOTHING
    then = case.finding(action.due_on)
    if case.agreement.starts_on is not None and case.on < case.agreement.starts_on:
        # What begins to be owed may be in order already.
        assert then.verdict is not Verdict.NOT_DUE
    else:
        assert then.next_action.kind is not ActionKind.NOTHING


# ----------------------------------------------------------------------------------------------------------------------
# Limits
# ----------------------------------------------------------------------------------------------------------------------
NOT_JUDGED_BY: Mapping[tuple[str, str | None], str] = {
    ("evidence_warning_days", None): "only marks a proof as about to expire",
    ("assistance_term_days", None): "sets the term written on a request for help; the written term is judged",
    ("evidence_validity_months", "communication_calendar"): "the calendar is judged by its lines and its reviews",
    ("evidence_validity_months", "confidentiality_commitment"): "commitments are judged person by person",
}


ONLY_IN_CLAUSES = "Vai nas cláusulas dos documentos"
"""How the file of parameters marks a number that documents state and that nothing on record is measured by."""

JUDGED_TOO = frozenset({"instruction_acknowledgement_days"})
"""Numbers that documents state and that an obligation measures as well."""


def _limits() -> Iterator[tuple[str, str | None, int, int]]:
    """Every number that judges, with each neighbour it could be mistaken for."""
    for parameter in Policy.load().parameters:
        if parameter.group not in {Group.EVIDENCE, Group.TERMS}:
            continue
        if ONLY_IN_CLAUSES in parameter.note and parameter.key not in JUDGED_TOO:
            continue
        value = parameter.values[0].value
        numbers = {None: value} if isinstance(value, int) else dict(value)
        for line, number in numbers.items():
            if (parameter.key, line) in NOT_JUDGED_BY:
                continue
            for neighbour in (number - 1, number + 1):
                if parameter.minimum <= neighbour <= parameter.maximum:
                    yield parameter.key, line, number, neighbour


def _policy_with(key: str, line: str | None, number: int) -> Policy:
    first = Policy.load().parameter(key).values[0]
    value = number if line is None else {**dict(first.value), line: number}  # type: ignore[call-overload]
    return Policy.load().with_overrides([Override(key, first.since, value)])


@pytest.mark.parametrize(("key", "line", "number", "neighbour"), list(_limits()))
def test_no_limit_moves_by_one_unnoticed(key: str, line: str | None, number: int, neighbour: int) -> None:
    moved = _policy_with(key, line, neighbour)
    assert not all(case.still_decided(moved) for case in all_cases()), (
        f"nenhum caso percebe {key} {line or ''} passar de {number} a {neighbour}"
    )


@pytest.mark.parametrize(("key", "line"), list(NOT_JUDGED_BY))
def test_the_numbers_said_not_to_judge_do_not(key: str, line: str | None) -> None:
    value = Policy.load().parameter(key).values[0].value
    number = value if isinstance(value, int) else value[line or ""]
    moved = _policy_with(key, line, number + 1)
    assert all(case.still_decided(moved) for case in all_cases())


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_the_parameter_named_beside_an_answer_exists(case: Case) -> None:
    for check in case.finding().checks:
        if check.answer.parameter is not None:
            Policy.load().parameter(check.answer.parameter)


def test_the_parameter_is_named_where_its_number_decides() -> None:
    finding = judged({"evidence": {"log_policy": {"received_on": DAY.replace(year=2025, month=5)}}}).finding("II")
    assert [check.answer.parameter for check in finding.checks if check.answer.holds is False] == [
        "evidence_validity_months"
    ]


# ----------------------------------------------------------------------------------------------------------------------
# What an obligation refuses
# ----------------------------------------------------------------------------------------------------------------------
def test_versions_out_of_order_are_refused() -> None:
    version = TWELVE[0].versions[0]
    later = replace(version, since=version.since + timedelta(days=1))
    with pytest.raises(ValueError, match="in order"):
        Obligation("A-1", "Fora de ordem", (later, version))
    with pytest.raises(ValueError, match="in order"):
        Obligation("A-1", "Sem versões", ())


def test_a_version_holds_from_its_day_until_the_next_or_its_own_end() -> None:
    first = TWELVE[0].versions[0]
    second = replace(first, since=first.since + timedelta(days=30), until=first.since + timedelta(days=60))
    obligation = Obligation("A-1", "Duas versões", (first, second))
    assert obligation.on(second.since - timedelta(days=1)) is first
    assert obligation.on(second.since) is second
    assert obligation.on(first.since + timedelta(days=60)) is second
    assert obligation.on(first.since + timedelta(days=61)) is None
