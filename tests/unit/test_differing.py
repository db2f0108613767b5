"""Two versions of a text are told apart word by word, and nothing of either is lost."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clause_library import differing
from clause_library.differing import Segment, word_diff

WORDS = ["o", "OPERADOR", "comunica", "incidente", "de", "imediato", "48", "horas", "9º", "1.234,56", ",", ".", "§"]
SPACES = [" ", "\n", "  ", " \n", ""]
texts = st.one_of(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SPACES))).map(
        lambda pairs: "".join(word + space for word, space in pairs)
    ),
    st.text(),
)


def old_of(segments: tuple[Segment, ...]) -> str:
    return "".join(each.text for each in segments if each.kind != "inserted")


def new_of(segments: tuple[Segment, ...]) -> str:
    return "".join(each.text for each in segments if each.kind != "deleted")


def check(old: str, new: str) -> None:
    segments = word_diff(old, new)
    assert old_of(segments) == old
    assert new_of(segments) == new
    assert all(segment.text for segment in segments)
    for before, after in pairwise(segments):
        assert before.kind != after.kind
        assert (before.kind, after.kind) != ("inserted", "deleted")


@settings(max_examples=400)
@given(texts, texts)
def test_the_segments_join_again_to_both_texts(old: str, new: str) -> None:
    check(old, new)


@given(texts, texts)
def test_texts_too_long_to_compare_by_words_still_lose_nothing(old: str, new: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differing, "MOST_WORK", 3)
        check(old, new)


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert word_diff(text, text) == ((Segment("equal", text),) if text else ())


def test_a_number_changes_whole() -> None:
    assert word_diff("no prazo de 48 horas", "no prazo de 24 horas") == (
        Segment("equal", "no prazo de "),
        Segment("deleted", "48"),
        Segment("inserted", "24"),
        Segment("equal", " horas"),
    )
    kinds = {segment.text: segment.kind for segment in word_diff("R$ 1.234,56 no item 9º", "R$ 1.234,57 no item 8º")}
    assert kinds["1.234,56"] == "deleted"
    assert kinds["1.234,57"] == "inserted"
    assert kinds["9º"] == "deleted"


def test_a_mark_after_a_word_changes_without_the_word() -> None:
    assert word_diff("de imediato.", "de imediato;") == (
        Segment("equal", "de imediato"),
        Segment("deleted", "."),
        Segment("inserted", ";"),
    )


def test_words_added_in_the_middle_are_one_insertion() -> None:
    assert word_diff(
        "o OPERADOR comunica o incidente", "o OPERADOR comunica, de imediato e por escrito, o incidente"
    ) == (
        Segment("equal", "o OPERADOR comunica"),
        Segment("inserted", ", de imediato e por escrito,"),
        Segment("equal", " o incidente"),
    )


def test_a_rewritten_sentence_is_not_cut_in_pieces_by_its_spaces_and_short_words() -> None:
    segments = word_diff("guarda os registros de acesso", "conserva as trilhas de auditoria")
    assert [segment.kind for segment in segments] == ["deleted", "inserted"]


def test_a_short_word_between_two_insertions_stays() -> None:
    assert [each.kind for each in word_diff("prazo de 48 horas", "novo prazo certo de exatas 48 horas")] == [
        "inserted",
        "equal",
        "inserted",
        "equal",
        "inserted",
        "equal",
    ]


def test_a_paragraph_that_comes_after_another_takes_nothing_of_it() -> None:
    assert word_diff("Um dever.", "Um dever.\nOutro dever.") == (
        Segment("equal", "Um dever."),
        Segment("inserted", "\nOutro dever."),
    )
    assert word_diff("Um.\nDois.\nTrês.", "Um.\nTrês.") == (
        Segment("equal", "Um.\n"),
        Segment("deleted", "Dois.\n"),
        Segment("equal", "Três."),
    )


def test_long_texts_are_compared_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differing, "MOST_WORK", 40)
    old = "".join(f"item{number} a a a\n" for number in range(10))
    new = old.replace("item5 a a a", "item5 a b a")
    segments = word_diff(f"antes\n{old}antes", f"depois\n{new}depois")
    assert Segment("inserted", "b") in segments
    assert Segment("equal", "".join(f"\nitem{number} a a a" for number in range(5)) + "\nitem5 a ") in segments
