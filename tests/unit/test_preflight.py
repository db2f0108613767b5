"""What counts as asking the same thing twice, before a request is sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.questions import Question, question_book
from contracts.vocabulary import EvidenceKind
from vendor_tracker.store.questions import AskedItem
from vendor_tracker.usecases.requesting import NewItem
from vendor_tracker.usecases.requesting.preflight import same_item

ISO, REPORT, POLICY = EvidenceKind.ISO_27001, EvidenceKind.AUDIT_REPORT, EvidenceKind.SECURITY_POLICY


def new(inciso: str, template: str, *kinds: EvidenceKind) -> NewItem:
    return NewItem(inciso, "Título", "Pergunta.", kinds, template=template)


def asked(inciso: str, template: str, *kinds: EvidenceKind) -> AskedItem:
    return AskedItem(1, 7, "2026/0007", inciso, template, "Pedido", kinds)


@pytest.mark.parametrize(
    ("item", "pending", "same"),
    [
        # The same template is the same question, whatever its edition.
        (new("V", "inciso.V/2", ISO), asked("V", "inciso.V/1", POLICY), True),
        # Another template of the same inciso is the same when one proof would answer both.
        (new("V", "evidence.iso_27001/1", ISO), asked("V", "inciso.V/1", ISO, REPORT), True),
        (new("V", "evidence.insurance/1", EvidenceKind.INSURANCE), asked("V", "inciso.V/1", ISO, REPORT), False),
        # A proof that serves two incisos is asked under each.
        (new("IX", "evidence.audit_report/1", REPORT), asked("V", "evidence.audit_report/1", REPORT), False),
        # An item of the organisation's own is the same only as itself.
        (new("V", "extra.copias/1", ISO), asked("V", "evidence.iso_27001/1", ISO), False),
        (new("V", "evidence.iso_27001/1", ISO), asked("V", "extra.copias/1", ISO), False),
        (new("V", "extra.copias/2"), asked("V", "extra.copias/1"), True),
        # A free item and what was asked before templates were kept have only their proofs to go by.
        (new("V", ""), asked("V", ""), False),
        (new("XI", "inciso.XI/1"), asked("XI", ""), True),
        (new("V", "", ISO), asked("V", "", ISO), True),
        # A confirmation is not the proof that it confirms.
        (new("V", "confirmation.V/1"), asked("V", "evidence.iso_27001/1", ISO), False),
    ],
)
def test_the_same_is_asked_twice_only_when_one_answer_would_do_for_both(
    item: NewItem, pending: AskedItem, same: bool
) -> None:
    assert (same_item(item, [asked("II", "inciso.II/1"), pending]) is pending) is same


@given(st.sampled_from([each for each in question_book() if each.inciso]), st.integers(1, 9), st.integers(1, 9))
def test_every_item_is_the_same_as_itself_in_any_edition(question: Question, now: int, before: int) -> None:
    key, inciso, kinds = question.key, question.inciso, question.kinds
    held = asked(inciso, f"{key}/{before}", *kinds)
    assert same_item(new(inciso, f"{key}/{now}", *kinds), [held]) is held
