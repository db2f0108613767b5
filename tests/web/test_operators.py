"""The pages of operators and their contacts."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.rig.cnpj import make_cnpj
from vendor_tracker import clock


@pytest.fixture
def procurement(client: Any, sign_in: Any) -> Any:
    sign_in(client, "procurement")
    return client


def test_an_empty_register_says_how_to_begin(procurement: Any) -> None:
    page = procurement.get("/operadores")
    assert page.status_code == 200
    assert "Nenhum operador registrado" in page.words
    assert page.tree.xpath("//main//a[@href='/importar']")


def test_an_operator_is_registered_by_hand_and_its_page_opens(procurement: Any) -> None:
    number = make_cnpj(41)
    answer = procurement.post(
        "/operadores/novo",
        {"cnpj": number.formatted, "name": "Tradutora Ipê Amarelo Ltda.", "regime": "private", "country": "BR"},
    )
    assert answer.status_code == 303
    page = procurement.get(answer.location)
    assert "Tradutora Ipê Amarelo Ltda." in page.words
    assert number.formatted in page.words
    assert "Nenhum acordo com este operador" in page.words


def test_an_alphanumeric_cnpj_is_taken_and_shown_with_its_mask(procurement: Any) -> None:
    answer = procurement.post(
        "/operadores/novo", {"cnpj": "12.abc.345/01de-35", "name": "Nuvem Serrana", "regime": "", "country": "BR"}
    )
    assert answer.status_code == 303
    assert "12.ABC.345/01DE-35" in procurement.get(answer.location).words


def test_a_wrong_cnpj_is_explained_beside_its_field_and_nothing_typed_is_lost(procurement: Any) -> None:
    page = procurement.post(
        "/operadores/novo", {"cnpj": "12.ABC.345/01DE-36", "name": "Nuvem Serrana", "address": "Rua das Acácias, 10"}
    )
    assert page.status_code == 422
    assert "dígitos verificadores" in page.tree.xpath("string(//*[@id='cnpj-erro'])")
    assert page.tree.xpath("//input[@name='cnpj']/@value") == ["12.ABC.345/01DE-36"]
    assert page.tree.xpath("//input[@name='address']/@value") == ["Rua das Acácias, 10"]


def test_registering_the_same_cnpj_again_is_a_conflict_that_names_who_has_it(procurement: Any, make: Any) -> None:
    number = make_cnpj(42)
    make.operator("Arquivo Vivo Ltda.", cnpj=number.value)
    page = procurement.post("/operadores/novo", {"cnpj": number.formatted, "name": "Outro nome", "country": "BR"})
    assert page.status_code == 409
    assert "Arquivo Vivo Ltda." in page.words


def test_a_foreign_entity_is_registered_by_its_own_identification(procurement: Any) -> None:
    answer = procurement.post(
        "/operadores/novo", {"foreign_id": "EIN 12-3456789", "name": "Cloud Example Inc.", "country": "US"}
    )
    page = procurement.get(answer.location)
    assert "EIN 12-3456789" in page.words
    assert "Estados Unidos" in page.words
    assert "Entidade estrangeira" in page.words


def test_the_list_finds_by_word_without_accent_by_cnpj_and_by_regime(procurement: Any, make: Any) -> None:
    number = make_cnpj(43)
    make.operator("Gráfica Ipê Amarelo S.A.", cnpj=number.value, regime="private")
    make.operator("Universidade do Alto Planalto", regime="public")
    by_word = procurement.get("/operadores?texto=grafica+ipe")
    assert "Gráfica Ipê Amarelo" in by_word.words
    assert "Universidade" not in by_word.words
    by_number = procurement.get(f"/operadores?texto={number.formatted[:10]}")
    assert "Gráfica Ipê Amarelo" in by_number.words
    by_regime = procurement.get("/operadores?regime=public")
    assert "Universidade" in by_regime.words
    assert "Gráfica" not in by_regime.words


def test_a_filter_that_finds_nothing_offers_to_clear_it(procurement: Any, make: Any) -> None:
    make.operator()
    page = procurement.get("/operadores?texto=inexistente")
    assert "Nenhum operador com estes filtros" in page.words


def test_a_long_list_is_cut_into_pages_that_keep_the_filter(procurement: Any, make: Any) -> None:
    for place in range(23):
        make.operator(f"Editora Aroeira {place:02} Ltda.")
    first = procurement.get("/operadores?texto=aroeira&por-pagina=20")
    assert "1 a 20 de 23 operadores" in first.words
    (following,) = first.tree.xpath("//a[@rel='next']/@href")
    second = procurement.get(following)
    assert "21 a 23 de 23 operadores" in second.words


def test_the_list_sends_the_same_number_of_queries_however_many_operators(
    procurement: Any, make: Any, count_queries: Any
) -> None:
    make.agreement(make.operator())
    with count_queries() as few:
        procurement.get("/operadores")
    for _ in range(12):
        make.agreement(make.operator())
    with count_queries() as many:
        procurement.get("/operadores")
    assert int(many) == int(few)


def test_editing_changes_name_and_regime_and_the_agreements_are_found_by_the_new_name(
    procurement: Any, make: Any
) -> None:
    operator = make.operator("Nome Antigo Ltda.")
    make.agreement(operator)
    answer = procurement.post(
        f"/operadores/{operator}/editar", {"name": "Nome Novo Ltda.", "regime": "public", "country": "BR"}
    )
    assert answer.status_code == 303
    assert "Nome Novo Ltda." in procurement.get("/acordos?texto=novo").words


def test_a_preposto_needs_an_address_for_the_requests(procurement: Any, make: Any) -> None:
    operator = make.operator()
    page = procurement.post(
        f"/operadores/{operator}/contatos/novo",
        {"role": "preposto", "name": "Iara Bastos", "since": clock.today().isoformat()},
    )
    assert page.status_code == 422
    assert "para onde vão as requisições" in page.tree.xpath("string(//*[@id='email-erro'])")


def test_a_contact_is_added_corrected_replaced_and_ended_and_the_former_stay_listed(
    procurement: Any, make: Any
) -> None:
    operator = make.operator()
    make.agreement(operator)
    begun = clock.today() - timedelta(days=30)
    procurement.post(
        f"/operadores/{operator}/contatos/novo",
        {"role": "preposto", "name": "Iara Bastos", "email": "iara@ipe.example", "since": begun.isoformat()},
    )
    page = procurement.get(f"/operadores/{operator}")
    assert "Iara Bastos" in page.words
    (correct,) = page.tree.xpath("//a[contains(@href, '/contatos/') and contains(@href, '/editar')]/@href")
    answer = procurement.post(
        correct,
        {"role": "preposto", "name": "Iara Bastos Leme", "email": "iara@ipe.example", "since": begun.isoformat()},
    )
    assert answer.status_code == 303
    page = procurement.get(f"/operadores/{operator}")
    assert "Iara Bastos Leme" in page.words
    (replace,) = page.tree.xpath("//a[contains(@href, 'substitui=')]/@href")
    answer = procurement.post(
        replace,
        {"role": "preposto", "name": "Caio Reis", "email": "caio@ipe.example", "since": clock.today().isoformat()},
    )
    assert answer.status_code == 303
    page = procurement.get(f"/operadores/{operator}")
    assert "Quem já respondeu (1)" in page.words
    (ending,) = page.tree.xpath("//a[contains(@href, '/encerrar')]/@href")
    asked = procurement.get(ending)
    assert "Caio Reis" in asked.words
    assert procurement.post(ending, {"until": clock.today().isoformat()}).status_code == 303


def test_a_contact_cannot_end_before_it_began(procurement: Any, make: Any) -> None:
    operator = make.operator()
    contact = make.contact(operator, since=date(2026, 5, 1))
    page = procurement.post(f"/operadores/{operator}/contatos/{contact}/encerrar", {"until": "2026-04-30"})
    assert page.status_code == 422
    assert "01/05/2026" in page.words


def test_a_contact_of_another_operator_is_not_found(procurement: Any, make: Any) -> None:
    contact = make.contact(make.operator())
    other = make.operator("Outra Ltda.")
    assert procurement.get(f"/operadores/{other}/contatos/{contact}/editar").status_code == 404


def test_the_page_warns_when_nobody_receives_the_requests(procurement: Any, make: Any) -> None:
    operator = make.operator()
    make.agreement(operator)
    page = procurement.get(f"/operadores/{operator}")
    assert "Ninguém recebe as requisições deste operador" in page.words


def test_an_auditor_reads_operators_and_is_offered_nothing_to_change(client: Any, sign_in: Any, make: Any) -> None:
    sign_in(client, "auditor")
    operator = make.operator()
    make.contact(operator)
    page = client.get(f"/operadores/{operator}")
    assert page.status_code == 200
    assert not page.tree.xpath("//main//a[contains(@href, 'editar') or contains(@href, '/novo')]")
    assert client.get("/operadores/novo").status_code == 403


def test_an_operator_that_does_not_exist_is_not_found(procurement: Any) -> None:
    assert procurement.get("/operadores/999").status_code == 404
