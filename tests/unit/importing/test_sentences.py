"""Objects typed in capitals are shown as sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vendor_tracker.importing.sentences import sentence_case


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            "PRESTAÇÃO DE SERVIÇOS DE TI PARA O CNJ, NOS TERMOS DA LEI Nº 14.133/2021.",
            "Prestação de serviços de TI para o CNJ, nos termos da Lei nº 14.133/2021.",
        ),
        (
            "LOCAÇÃO DE IMÓVEL EM BRASÍLIA. O PRAZO É O DO ART. 107, INCISO I, DA LEI.",
            "Locação de imóvel em Brasília. O prazo é o do art. 107, inciso I, da lei.",
        ),
        (
            "ATENDIMENTO AO CONSELHO NACIONAL DE JUSTIÇA NO DISTRITO FEDERAL",
            "Atendimento ao Conselho Nacional de Justiça no Distrito Federal",
        ),
        (
            "A) ACRÉSCIMO DE LICENÇAS MICROSOFT; B) POSTOS 12X36H",
            "A) Acréscimo de licenças Microsoft; b) postos 12X36H",
        ),
        ("ANEXO IV DO TERMO DE REFERÊNCIA E ACESSO WI-FI", "Anexo IV do termo de referência e acesso Wi-Fi"),
    ],
)
def test_capitals_become_a_sentence_that_keeps_acronyms_and_names(typed, shown):
    assert sentence_case(typed) == shown


@pytest.mark.parametrize("typed", ["Serviços de nuvem para o CNJ", "", "CNJ", "Contrato nº 4/2026: SERVIÇOS de apoio"])
def test_what_is_not_typed_in_capitals_stays_as_it_is(typed):
    assert sentence_case(typed) == typed


@given(st.text(alphabet="ABCÇÃÉÍ .,;:()-/0123456789ºª\n", max_size=200))
def test_only_the_case_of_letters_ever_changes(typed):
    assert sentence_case(typed).casefold() == typed.casefold()
