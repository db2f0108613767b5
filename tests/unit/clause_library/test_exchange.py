"""What the reader's own process says arrives as it was said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.passages import (
    CoverageReading,
    Part,
    Passage,
    PointReading,
    Quote,
    ReadFile,
    UnreadableFileError,
)
from clause_library.reading.exchange import ExchangeError, detail_of, packed, packed_error, unpacked
from contracts.vocabulary import INCISOS, Coverage

# Halves of characters included: a broken file may hold them.
texts = st.text(st.characters(), max_size=40)
pages = st.none() | st.integers(1, 10**6)
passages = st.builds(Passage, texts, st.integers(), pages, st.sampled_from(Part), st.booleans(), texts)
files = st.builds(
    ReadFile,
    texts,
    texts,
    texts,
    pages,
    st.lists(passages, max_size=5).map(tuple),
    st.lists(texts, max_size=3).map(tuple),
)
quotes = st.builds(Quote, texts, st.integers(), pages, st.integers(), st.integers())
several = st.lists(texts, max_size=3).map(tuple)
points = st.builds(
    PointReading,
    texts,
    st.sampled_from(Coverage),
    st.lists(quotes, max_size=3).map(tuple),
    texts,
    several,
    several,
    texts,
    st.floats(allow_nan=False, allow_infinity=False),
)
readings = st.builds(
    CoverageReading, st.integers(0), st.dictionaries(st.sampled_from(INCISOS) | texts, points, max_size=4)
)


@given(files, readings)
def test_every_value_comes_back_as_it_was_and_in_its_order(file: ReadFile, reading: CoverageReading) -> None:
    back_file, back_reading = unpacked(packed(file, reading))
    assert back_file == file
    assert back_reading == reading
    assert list(back_reading.points) == list(reading.points)


@given(texts, texts)
def test_a_refusal_arrives_with_its_code_and_its_sentence(code: str, sentence: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        unpacked(packed_error(code, sentence, "detail"))
    assert (refused.value.code, refused.value.sentence) == (code, sentence)
    assert detail_of(packed_error(code, sentence, "detail")) == "detail"


def answer() -> bytes:
    passage = Passage("Texto.", 1, 2, Part.TABLE, True, "1.1")
    point = PointReading("I", Coverage.PARTIAL, (Quote("Texto.", 1, 2, 0, 6),), "p. 2", ("a",), ("b",), "c", 0.5)
    return packed(ReadFile("a.pdf", "0" * 64, "application/pdf", 2, (passage,)), CoverageReading(3, {"I": point}))


def ways(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, each in value.items():
            found += ways(each, (*path, key))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            found += ways(each, (*path, at))
    return found


@pytest.mark.parametrize("path", ways(json.loads(answer())), ids=str)
def test_an_answer_with_anything_else_in_the_place_of_a_value_is_not_believed(path: tuple[object, ...]) -> None:
    for wrong in ({"x": 1}, 1.5, True):
        value = json.loads(answer())
        parent = value
        for step in path[:-1]:
            parent = parent[step]
        if wrong == 1.5 and path[-1] == "confidence":
            continue
        if wrong is True and parent[path[-1]] is True:
            continue
        parent[path[-1]] = wrong
        with pytest.raises(ExchangeError):
            unpacked(json.dumps(value).encode())


@given(st.binary(max_size=60))
def test_bytes_that_are_no_answer_are_not_believed(noise: bytes) -> None:
    with pytest.raises(ExchangeError):
        unpacked(noise)


def test_an_answer_of_another_version_is_not_believed() -> None:
    value = {**json.loads(answer()), "version": 2}
    with pytest.raises(ExchangeError, match="version 2"):
        unpacked(json.dumps(value).encode())


def test_an_answer_that_stops_in_the_middle_is_not_believed() -> None:
    whole = answer()
    for end in range(0, len(whole), 17):
        with pytest.raises(ExchangeError):
            unpacked(whole[:end])
