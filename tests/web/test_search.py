"""One search over the whole register."""

from typing import Any

import pytest

from tests.rig.cnpj import make_cnpj
from tests.rig.pncp import contract, contracts_file
from vendor_tracker.usecases import importing
from vendor_tracker.usecases.work import Actor


@pytest.fixture
def procurement(client: Any, sign_in: Any) -> Any:
    sign_in(client, "procurement")
    importing.import_file(Actor("tests"), data=contracts_file(contract(1), contract(2)), filename="c.json")
    return client


@pytest.mark.parametrize(
    "words",
    [
        "contrato 00001/2026",
        "00001/2025",
        "ficticia 1",
        "Hospedagem",
        make_cnpj(101).formatted,
        make_cnpj(101).value,
    ],
)
def test_an_agreement_is_found_by_whatever_a_person_has_at_hand(procurement: Any, words: str) -> None:
    page = procurement.get("/busca", query_string={"q": words})
    assert page.status_code == 200
    assert page.tree.xpath("//ul[@class='results']//a")
    assert "00001/2026" in page.words or "EMPRESA FICTICIA 1" in page.words


def test_an_object_typed_in_capitals_is_shown_as_a_sentence(procurement: Any) -> None:
    page = procurement.get("/busca?q=hospedagem")
    assert "Serviços de hospedagem de sistemas de informação" in page.words


def test_an_empty_search_says_what_can_be_searched(procurement: Any) -> None:
    assert "Procure por nome, CNPJ" in procurement.get("/busca").words


def test_what_is_not_found_is_said_with_the_words_that_were_typed(procurement: Any) -> None:
    page = procurement.get("/busca", query_string={"q": "<b>nada</b>"})
    assert "Nada encontrado para “<b>nada</b>”." in page.words
    assert "Nenhum registro com esse termo" in page.words


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", '"; DROP TABLE operator; --'])
def test_signs_with_a_meaning_for_the_database_are_only_signs(procurement: Any, words: str) -> None:
    page = procurement.get("/busca", query_string={"q": words})
    assert page.status_code == 200
    assert "Nada encontrado" in page.words
