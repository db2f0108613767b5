"""Splitting into provisions and sentences: numbering, lists, headings, abbreviations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.coverage.provisions import split
from clause_library.passages import Passage
from clause_library.scoring import passages_of_text


def document(text):
    return split(passages_of_text(text))


def sentences(text):
    found = document(text)
    return [found.text(sentence.index) for sentence in found.sentences]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("10.4. Ocorrendo vazamento, avisará.", "10.4"),
        ("Art. 5º O alerta segue.", "Art. 5º"),
        ("§ 3º Se sobrevier incidente, avisará.", "§ 3º"),
        ("Parágrafo Segundo. Responde a parte.", "Parágrafo Segundo"),
        ("III – Não ceder os dados;", "III"),
        ("a) apagar os dados;", "a"),
        ("7) avisar;", "7"),
    ],
)
def test_the_number_of_a_provision_is_read(text, label):
    unit = document(text).units[0]
    assert unit.label == label
    assert not unit.heading


@pytest.mark.parametrize(
    "text",
    [
        "CLÁUSULA DÉCIMA – DOS DADOS PESSOAIS",
        "ANEXO II – CONDIÇÕES",
        "3. Diretrizes e sigilo",
        "DO TRATAMENTO DE DADOS",
    ],
)
def test_a_heading_is_told_from_a_provision(text):
    found = document(f"{text}\n\n1.1. A parte avisará.")
    assert found.units[0].heading
    assert found.units[1].section != 0


@pytest.mark.parametrize(
    "text",
    [
        "Nos termos do art. 46 da LGPD, adotará medidas.",
        "Conforme o art. 7º, inc. III, e o nº 13.709, agirá.",
        "A EMPRESA GAMA S.A. avisará o contratante.",
        "O prazo é de 24 h. contadas do fato.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text):
    assert sentences(text) == [text]


def test_sentences_end_at_full_stops_and_semicolons():
    assert sentences("Avisará o fato; apagará os dados. Não cederá nada.") == [
        "Avisará o fato;",
        "apagará os dados.",
        "Não cederá nada.",
    ]


def test_a_list_hangs_from_its_opening_words():
    found = document("5.1. Obriga-se a parte a:\na) avisar;\nb) apagar.\n\n5.2. Nada mais.")
    opening, first, second, last = found.units
    assert first.parent == opening.index
    assert second.parent == opening.index
    assert last.parent is None


def test_letters_past_b_are_letters_and_not_roman_numbers():
    text = "5.1. Obriga-se a:\n" + "\n".join(f"{letter}) cumprir;" for letter in "abcdefghijklmnopqrstuv")
    found = document(text)
    assert {unit.parent for unit in found.units[1:]} == {0}


def test_a_text_on_one_line_is_split_at_its_numbers():
    found = document("10.1. A parte avisará. 10.2. A parte apagará: a) os dados; b) as cópias. § 1º Nada mais.")
    assert [unit.label for unit in found.units] == ["10.1", "10.2", "a", "b", "§ 1º"]


def test_a_reference_to_an_item_does_not_open_one():
    assert len(document("Conforme o item 10.1. e a cláusula 10.2. deste contrato, avisará.").units) == 1


def test_a_row_of_a_table_is_a_provision():
    assert [unit.label for unit in document("1 | Avisar o contratante\n2 | Apagar os dados").units] == ["1 |", "2 |"]


@given(text=st.text(max_size=300))
def test_no_character_of_a_sentence_is_outside_its_passage(text):
    passage = Passage(text=text, paragraph=1)
    found = split([passage])
    for sentence in found.sentences:
        assert 0 <= sentence.start < sentence.end <= len(text)
        for position in range(sentence.first, sentence.last):
            token = found.tokens[position]
            assert sentence.start <= token.start < token.end <= sentence.end
