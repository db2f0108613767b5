"""Words lean a sentence to an inciso: from labelled texts only, the same for the same texts, and never firmly."""

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.weights import LEFT_OUT, TARGET, as_toml, folders, weights_of
from clause_library.coverage import read_coverage
from clause_library.coverage.leaning import COUNTED, leaning_of, load_weights
from clause_library.passages import Passage
from contracts.vocabulary import INCISOS, Coverage

HEADING = Passage(text="CLÁUSULA DÉCIMA – PROTEÇÃO DE DADOS PESSOAIS", paragraph=1)
MARKS = sorted(load_weights()["XI"])


def test_the_weights_are_those_that_the_labelled_batches_give():
    assert TARGET.read_text(encoding="utf-8") == as_toml(weights_of(folders())), "run python -m benchmarks.weights"


def test_a_batch_that_is_kept_unseen_has_no_part_in_the_weights():
    assert LEFT_OUT.isdisjoint(folder.name for folder in folders())


def test_every_inciso_but_the_one_that_counts_the_others_has_words():
    weights = load_weights()
    assert set(weights) == set(INCISOS) - {"IV"}
    assert all(len(words) > 100 for words in weights.values())
    assert all(weight > 0 for words in weights.values() for weight in words.values())


@given(st.sets(st.sampled_from(MARKS), max_size=40), st.sampled_from(MARKS))
def test_a_word_more_never_makes_a_sentence_lean_less_and_a_long_one_has_no_advantage(marks, more):
    weights = load_weights()["XI"]
    before, after = leaning_of(marks, weights), leaning_of(marks | {more}, weights)
    assert before <= after <= COUNTED * max(weights.values())


def test_a_duty_that_no_rule_foresees_is_shown_and_nothing_is_claimed():
    sentence = "10.1. Sabedora de que alguém bisbilhotou as fichas dos pacientes, a CONTRATADA avisará o TRIBUNAL do incidente sem delonga, pelo telefone do plantão."
    points = read_coverage((HEADING, Passage(text=sentence, paragraph=2))).points
    assert points["XI"].coverage is not Coverage.MISSING


def test_a_sentence_of_another_matter_leans_to_nothing():
    sentence = "10.1. A CONTRATADA entregará as cadeiras em trinta dias, montadas e limpas."
    points = read_coverage((Passage(text=sentence, paragraph=1),)).points
    assert all(reading.coverage is Coverage.MISSING for reading in points.values())
