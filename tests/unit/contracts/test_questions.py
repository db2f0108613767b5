"""The words in which operators are asked."""

import pytest

from contracts.questions import QuestionsError, parse_questions, question_book
from contracts.vocabulary import INCISOS, EvidenceKind


def test_every_proof_and_every_inciso_has_its_question() -> None:
    book = question_book()
    assert set(book.evidence) == set(EvidenceKind)
    assert tuple(book.incisos) == INCISOS
    assert tuple(book.confirmations) == INCISOS[:-1]


def test_questions_are_whole_sentences_and_name_the_body_that_asks() -> None:
    book = question_book()
    for question in (*book.evidence.values(), *book.incisos.values(), *book.confirmations.values()):
        assert question.text.endswith((".", "?"))
        assert question.title[0].isupper()
        asked = question.addressed("TJX")
        assert "{" not in asked.title + asked.text
        assert "CNJ" not in asked.text, "another body may ask"


def test_one_proof_is_asked_by_name_and_several_by_their_inciso() -> None:
    book = question_book()
    assert book.for_item("V", (EvidenceKind.ISO_27001,)) is book.evidence[EvidenceKind.ISO_27001]
    assert book.for_item("V", (EvidenceKind.ISO_27001, EvidenceKind.INSURANCE)) is book.incisos["V"]
    assert (
        book.for_item("A-1", (EvidenceKind.INSURANCE, EvidenceKind.LOG_POLICY)) is book.evidence[EvidenceKind.INSURANCE]
    )


def test_nothing_is_confirmed_about_disposal_before_the_end() -> None:
    assert question_book().confirming("XII") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[", "not valid TOML"),
        ("[evidence]", "exactly the sections"),
        ("[evidence.x]\n[inciso.I]\n[confirmation.I]", "missing or unknown"),
    ],
)
def test_a_malformed_file_is_refused_with_the_place(text: str, expected: str) -> None:
    with pytest.raises(QuestionsError, match=expected):
        parse_questions(text)
