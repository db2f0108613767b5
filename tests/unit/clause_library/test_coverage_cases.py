"""The case book of the reader: our own sentences for each inciso, covered, partial and missing, traps among them."""

import tomllib
from pathlib import Path

import pytest

from clause_library.coverage import read_coverage
from clause_library.passages import Passage
from contracts.vocabulary import INCISOS, Coverage

FOLDER = Path(__file__).parent / "coverage_cases"
HEADING = Passage(text="CLÁUSULA DÉCIMA – PROTEÇÃO DE DADOS PESSOAIS", paragraph=1)
LEVELS = ("covered", "partial", "missing")


def read(sentence, point):
    return read_coverage((HEADING, Passage(text=f"10.1. {sentence}", paragraph=2))).points[point]


def cases():
    for path in sorted(FOLDER.glob("*.toml")):
        book = tomllib.loads(path.read_text("utf-8"))
        for level in LEVELS:
            for number, sentence in enumerate(book[level], start=1):
                yield pytest.param(book["inciso"], level, sentence, id=f"{book['inciso']}-{level}-{number}")


@pytest.mark.parametrize(("point", "level", "sentence"), tuple(cases()))
def test_a_sentence_of_the_case_book_is_read_at_its_level(point, level, sentence):
    reading = read(sentence, point)
    if level == "missing" and reading.coverage is Coverage.POSSIBLE:
        # No rule found anything: the words only lean that way, and somebody is asked to read them.
        assert reading.ideas == (), reading.ideas
        return
    assert reading.coverage.value == level, (reading.why, reading.ideas, reading.missing)


def test_few_traps_are_shown_to_a_person_for_nothing():
    traps = [case.values for case in cases() if case.values[1] == "missing"]
    shown = [values for values in traps if read(values[2], values[0]).coverage is Coverage.POSSIBLE]
    assert len(shown) <= len(traps) / 8


def test_the_case_book_has_each_level_of_each_inciso_but_the_one_that_counts_the_others():
    books = {tomllib.loads(path.read_text("utf-8"))["inciso"] for path in FOLDER.glob("*.toml")}
    assert books == set(INCISOS) - {"IV"}


@pytest.mark.parametrize(("point", "level", "sentence"), [case for case in cases() if case.values[1] == "missing"])
def test_nothing_is_claimed_for_a_trap_even_when_somebody_should_read_it(point, level, sentence):
    assert read(sentence, point).coverage in {Coverage.MISSING, Coverage.POSSIBLE}
