"""The Portuguese that documents are made of."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library import phrases
from contracts.vocabulary import INCISOS, AgreementKind, Coverage, DataCategory, Role, SubjectGroup, VolumeBand


def test_every_member_of_every_list_has_its_words():
    assert set(phrases.CATEGORIES) == set(DataCategory)
    assert set(phrases.SUBJECT_GROUPS) == set(SubjectGroup)
    assert set(phrases.VOLUMES) == set(VolumeBand)
    assert set(phrases.KINDS) == set(AgreementKind) - {AgreementKind.NONE}
    roles = set(Role) - {Role.NO_PERSONAL_DATA}
    assert set(phrases.PARTY_TERMS) == set(phrases.PARTY_ROLES) == set(phrases.COURT_ROLES) == roles
    assert set(INCISOS) <= set(phrases.DUTIES)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (1, "um"),
        (14, "quatorze"),
        (21, "vinte e um"),
        (100, "cem"),
        (101, "cento e um"),
        (222, "duzentos e vinte e dois"),
        (1000, "mil"),
        (1001, "mil e um"),
        (1100, "mil e cem"),
        (1120, "mil cento e vinte"),
        (2000, "dois mil"),
        (9999, "nove mil novecentos e noventa e nove"),
    ],
)
def test_numbers_are_written_as_brazilian_instruments_write_them(number, words):
    assert phrases.number_in_words(number) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "uma"),
        (2, "duas"),
        (72, "setenta e duas"),
        (200, "duzentas"),
        (541, "quinhentas e quarenta e uma"),
        (2002, "duas mil e duas"),
    ],
)
def test_numbers_agree_with_what_is_counted(number, words):
    assert phrases.number_in_words(number, feminine=True) == words


def test_no_two_numbers_are_written_alike():
    for feminine in (False, True):
        written = [phrases.number_in_words(number, feminine=feminine) for number in range(10_000)]
        assert len(set(written)) == len(written)


@pytest.mark.parametrize("number", [-1, 10_000])
def test_a_number_out_of_range_is_refused(number):
    with pytest.raises(ValueError, match="9999"):
        phrases.number_in_words(number)


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        (1, "horas corridas", "1 (uma) hora"),
        (24, "horas corridas", "24 (vinte e quatro) horas"),
        (1, "dias úteis", "1 (um) dia útil"),
        (5, "dias úteis", "5 (cinco) dias úteis"),
        (1, "meses", "1 (um) mês"),
        (20, "dias corridos", "20 (vinte) dias"),
    ],
)
def test_a_term_carries_its_unit_in_the_right_number(number, unit, words):
    assert phrases.quantity(number, unit) == words


def test_a_unit_that_documents_do_not_use_is_refused():
    with pytest.raises(ValueError, match="pontos"):
        phrases.quantity(3, "pontos")


@pytest.mark.parametrize(
    ("items", "joined"), [([], ""), (["a"], "a"), (["a", "b"], "a e b"), (["a", "b", "c"], "a, b e c")]
)
def test_lists_are_joined_as_prose(items, joined):
    assert phrases.enumeration(items) == joined


def test_days_are_written_in_full():
    assert phrases.day_in_full(date(2025, 10, 20)) == "20 de outubro de 2025"
    assert phrases.day_in_full(date(2026, 3, 1)) == "1º de março de 2026"


@given(st.dates(min_value=date(1900, 1, 1)))
def test_no_two_days_are_written_alike(day):
    assert phrases.day_in_full(day) != phrases.day_in_full(date.fromordinal(day.toordinal() - 1))
    assert str(day.year) in phrases.day_in_full(day)


def test_each_point_is_cited_where_the_portaria_has_it():
    assert phrases.provision("XI") == "art. 14, XI"
    assert phrases.provision("purpose") == "art. 6º, § 1º"
    assert phrases.provision("biennial_review") == "art. 6º, V"
    with pytest.raises(KeyError):
        phrases.provision("kind")


def test_what_an_instrument_lacks_is_said_in_one_sentence():
    assert phrases.what_lacks(Coverage.MISSING, "") == "O Instrumento não trata deste ponto."
    assert phrases.what_lacks(Coverage.MISSING, "o canal") == "Não previsto. Falta: o canal."
    assert phrases.what_lacks(Coverage.PARTIAL, "o conteúdo mínimo.") == "Previsto em parte. Falta: o conteúdo mínimo."
    assert phrases.what_lacks(Coverage.PARTIAL, " ") == "Previsto em parte, de forma incompleta."


def test_a_cnpj_gets_its_mask_and_what_is_not_one_is_left_for_a_person():
    assert phrases.cnpj_in_full("12abc34501de35") == "12.ABC.345/01DE-35"
    assert phrases.cnpj_in_full("CNPJ a confirmar") == "CNPJ a confirmar"


@given(st.text())
def test_text_from_outside_becomes_one_printable_line(text):
    cleaned = phrases.clean(text)

    assert cleaned == " ".join(cleaned.split())
    assert not any(ord(char) < 32 or 0xD800 <= ord(char) <= 0xDFFF for char in cleaned)
    assert phrases.clean(cleaned) == cleaned
