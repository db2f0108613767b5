"""The words in which operators are asked."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.questions import (
    Question,
    QuestionEdition,
    QuestionsError,
    parse_questions,
    question_book,
    with_editions,
)
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


def edition(key: str, number: int, since: date, *, retires: bool = False, inciso: str = "V") -> QuestionEdition:
    found = question_book().find(key)
    base = found or Question("Cópias fora do local", "Informe onde ficam.", inciso=inciso, key=key)
    return QuestionEdition(replace(base, text=f"Texto {number}.", number=number, since=since), since, retires)


DAYS = st.integers(0, 60).map(lambda days: date(2026, 1, 1) + timedelta(days=days))


@given(st.lists(DAYS, unique=True, max_size=6), DAYS)
def test_on_each_day_an_item_is_asked_in_the_newest_words_that_have_begun(begins: list[date], on: date) -> None:
    editions = [edition("inciso.V", number, since) for number, since in enumerate(sorted(begins), 2)]
    book = with_editions(question_book(), reversed(editions), on)
    begun = [each for each in editions if each.since <= on]
    expected = begun[-1].question if begun else question_book().incisos["V"]
    assert book.incisos["V"] == expected
    assert book.for_item("V", (EvidenceKind.ISO_27001, EvidenceKind.INSURANCE)) == expected
    untouched = [each for each in book if each.key != "inciso.V"]
    assert untouched == [each for each in question_book() if each.key != "inciso.V"]


@given(st.lists(st.tuples(DAYS, st.booleans()), unique_by=lambda each: each[0], max_size=6), DAYS)
def test_an_item_of_the_bodys_own_is_asked_from_its_day_until_the_day_it_is_withdrawn(
    acts: list[tuple[date, bool]], on: date
) -> None:
    editions = [
        edition("extra.copias", number, since, retires=retires)
        for number, (since, retires) in enumerate(sorted(acts), 1)
    ]
    book = with_editions(question_book(), editions, on)
    begun = [each for each in editions if each.since <= on]
    asked = bool(begun) and not begun[-1].retires
    assert [each.key for each in book.extras_of("V")] == (["extra.copias"] if asked else [])
    assert (book.find("extra.copias") is not None) == asked


@pytest.mark.parametrize(
    ("refused", "sentence"),
    [
        (edition("inciso.V", 2, date(2026, 1, 1), retires=True), "cannot be withdrawn"),
        (edition("extra.copias", 1, date(2026, 1, 1), inciso="XX"), "one of the twelve"),
        (edition("evidence.nothing", 2, date(2026, 1, 1)), "no such item"),
    ],
)
def test_an_edition_that_would_leave_the_plan_without_words_is_refused(refused: QuestionEdition, sentence: str) -> None:
    with pytest.raises(QuestionsError, match=sentence):
        with_editions(question_book(), [refused], date(2026, 2, 1))
