"""Every case of every book is decided as the book says."""

from datetime import timedelta

import pytest

from contracts.vocabulary import Leg
from tests.rig.cases import Case, all_cases

BLEMISHES = (
    "  ",
    "..",
    "{",
    "}",
    "None",
    "datetime",
    " ,",
    " .",
    ": .",
    " de o ",
    " de a ",
    " em o ",
    " em a ",
    " a a ",
)
"""Words left uncontracted, doubled spaces and stops, and pieces of the machinery."""


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_the_case_is_decided_as_its_book_says(case: Case) -> None:
    finding = case.finding()
    told = f"{case}\n{finding.reasons}\n{finding.next_action}"
    assert finding.verdict == case.verdict, told
    for leg, state in case.legs.items():
        assert finding.state(Leg(leg)) == state, told
    for part in case.reason_contains:
        assert any(part in reason for reason in finding.reasons), told
    if case.next_action is not None:
        assert finding.next_action.kind == case.next_action, told
    assert case.next_contains in finding.next_action.sentence, told
    if case.due_on is not None:
        assert finding.next_action.due_on == case.due_on, told
    if case.asks_for is not None:
        assert finding.next_action.evidence_kinds == case.asks_for, told


@pytest.mark.parametrize("case", [case for case in all_cases() if case.eve], ids=str)
def test_the_day_before_is_decided_as_its_book_says(case: Case) -> None:
    eve = case.finding(case.on - timedelta(days=1))
    assert eve.verdict == case.eve, f"{case}\n{eve.reasons}"


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_every_sentence_is_whole_and_in_portuguese(case: Case) -> None:
    finding = case.finding()
    sentences = [
        *finding.reasons,
        *(check.answer.reason for check in finding.checks),
        *(check.sentence for check in finding.checks),
        finding.next_action.sentence,
    ]
    assert finding.reasons
    for sentence in sentences:
        assert sentence[0].isupper() or sentence[0].isdigit(), sentence
        assert sentence.endswith("."), sentence
        for blemish in BLEMISHES:
            # "antes de o operador" is right: there the article belongs to the subject of a verb.
            assert blemish not in sentence.replace("antes de o ", ""), sentence


def test_no_two_cases_of_an_inciso_share_a_name() -> None:
    names = [str(case) for case in all_cases()]
    assert len(names) == len(set(names))
