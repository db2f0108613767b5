"""The pages of the import: hand a file in, read what it would do, write it, see what was done."""

import json
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.rig.cnpj import make_cnpj
from tests.rig.pncp import contract, contracts_file, pncp_id, term, terms_file

CPF = "52998224725"


@pytest.fixture
def procurement(client: Any, sign_in: Any) -> Any:
    sign_in(client, "procurement")
    return client


def send(client: Any, data: bytes, name: str = "contratos.json", **fields: str) -> Any:
    return client.post("/importar", {"arquivo": (BytesIO(data), name), **fields})


def read(client: Any, data: bytes, name: str = "contratos.json", **fields: str) -> Any:
    """Hand a file in and open its preview."""
    answer = send(client, data, name, **fields)
    assert answer.status_code == 303, answer.words
    page = client.get(answer.location)
    page.path = answer.location
    return page


def applied(client: Any, data: bytes, **fields: str) -> Any:
    """Hand a file in, write it and open the result."""
    page = read(client, data, **fields)
    answer = client.post(f"{page.path}/aplicar")
    assert answer.status_code == 303
    done = client.get(answer.location)
    done.path = page.path
    return done


def counted(page: Any) -> dict[str, int]:
    rows = page.tree.xpath("//table[caption[contains(., 'por destino')]]/tbody/tr")
    return {row.xpath("string(th)"): int(row.xpath("string(td[1])")) for row in rows}


def test_the_first_page_explains_the_sources_and_hands_out_the_model(procurement: Any) -> None:
    page = procurement.get("/importar")
    assert "Nenhum arquivo lido até agora" in page.words
    model = procurement.plain.get("/importar/modelo.xlsx")
    assert model.status_code == 200
    sheet = load_workbook(BytesIO(model.data)).worksheets[0]
    assert sheet.cell(1, 1).value.startswith("CNPJ do operador")


def test_the_preview_says_what_each_row_becomes_and_writes_nothing(procurement: Any) -> None:
    data = contracts_file(
        contract(1),
        contract(2, dataVigenciaFim="2026-03-09"),
        contract(3, niFornecedor=CPF, tipoPessoa="PF", nomeRazaoSocialFornecedor="FULANO DE TAL"),
        contract(4, tipoContrato={"id": 7, "nome": "Empenho"}),
    )
    page = read(procurement, data)
    assert counted(page) == {"Criar": 1, "Atualizar": 0, "Sem mudança": 0, "Deixado de fora": 2, "Recusado": 1}
    assert "anterior ao início (10/03/2026)" in page.words
    assert "O fornecedor é pessoa física" in page.words
    assert "nota de empenho" in page.words
    assert "Nenhum acordo registrado" in procurement.get("/acordos").words


def test_writing_registers_agreements_and_operators_and_links_to_them(procurement: Any) -> None:
    page = applied(procurement, contracts_file(contract(1), contract(2, niFornecedor=make_cnpj(101).value)))
    assert counted(page)["Criado"] == 2
    assert "1 operador novo" in page.words
    links = page.tree.xpath("//table[caption='Linhas do arquivo']//th/a/@href")
    assert len(links) == 2
    assert "hospedagem de sistemas" in procurement.get(links[0]).words.lower()
    assert "1 a 2 de 2 acordos" in procurement.get("/acordos").words


def test_writing_twice_does_it_once(procurement: Any) -> None:
    page = applied(procurement, contracts_file(contract(1)))
    again = procurement.post(f"{page.path}/aplicar")
    assert again.status_code == 303
    assert "1 de 1 acordo" in procurement.get("/acordos").words


def test_the_same_file_again_would_change_nothing_and_offers_no_button(procurement: Any) -> None:
    applied(procurement, contracts_file(contract(1)))
    page = read(procurement, contracts_file(contract(1)))
    assert counted(page)["Sem mudança"] == 1
    assert "Não há o que gravar" in page.words
    assert not page.tree.xpath("//form[contains(@action, '/aplicar')]")


def test_an_update_shows_what_was_and_what_will_be(procurement: Any) -> None:
    applied(procurement, contracts_file(contract(1)))
    page = read(procurement, contracts_file(contract(1, dataVigenciaFim="2027-12-31", valorGlobal=150000)))
    assert counted(page)["Atualizar"] == 1
    assert "Fim da vigência: de 09/03/2027 para 31/12/2027" in page.words
    assert "Valor: de R$ 120.000,50 para R$ 150.000,00" in page.words


def test_no_cpf_reaches_a_page_or_the_database(procurement: Any, make: Any) -> None:
    from sqlalchemy import text

    record = contract(1, nomeRazaoSocialFornecedor=f"JOSE FICTICIO {CPF}", objetoContrato=f"SERVIÇO DE {CPF}")
    individual = contract(2, niFornecedor=CPF, tipoPessoa="PF", nomeRazaoSocialFornecedor="MARIA FICTICIA")
    page = applied(procurement, contracts_file(record, individual), name=f"contratos {CPF}.json")
    assert "***.982.247-**" in page.words
    with make.session_factory() as session:
        kept = session.execute(text("SELECT preview, result, file_name FROM import_batch")).one()
        stored = json.dumps([str(value) for value in kept], ensure_ascii=False)
        names = str(session.execute(text("SELECT name FROM operator")).all())
    for told in (page.text, stored, names):
        assert CPF not in told
        assert "MARIA FICTICIA" not in told


def test_terms_extend_and_rescind_the_agreements_they_name(procurement: Any) -> None:
    applied(procurement, contracts_file(contract(1), contract(2)))
    page = applied(
        procurement,
        terms_file(
            n1=[term()],
            n2=[term(tipoTermoContratoId=1, tipoTermoContratoNome="Termo de Rescisão", dataVigenciaFim="2026-10-31")],
            n9=[term()],
        ),
    )
    assert counted(page)["Criado"] == 2
    assert "O acordo deste termo não está no registro" in page.words
    links = sorted(set(page.tree.xpath("//table[caption='Linhas do arquivo']//th/a/@href")))
    assert "Vigente até 09/03/2028" in procurement.get(links[0]).words
    assert "Encerrado em 31/10/2026 (rescisão)" in procurement.get(links[1]).words


def test_empenhos_come_in_only_when_asked_for(procurement: Any) -> None:
    record = contract(1, tipoContrato={"id": 7, "nome": "Empenho"})
    assert counted(read(procurement, contracts_file(record)))["Deixado de fora"] == 1
    assert counted(read(procurement, contracts_file(record), include_empenhos="y"))["Criar"] == 1


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "vazio.json", "está vazio"),
        (b"%PDF-1.7 ...", "contratos.json", "é um PDF"),
        (b'{"data": [', "contratos.json", "JSON"),
        (b"<html><body>504</body></html>", "contratos.json", "página da internet"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained_beside_the_field(
    procurement: Any, data: bytes, name: str, said: str
) -> None:
    page = send(procurement, data, name)
    assert page.status_code == 422
    assert said in page.tree.xpath("string(//*[@id='arquivo-erro'])")


def test_sending_no_file_asks_for_one(procurement: Any) -> None:
    page = procurement.post("/importar", {})
    assert page.status_code == 422
    assert "Escolha o arquivo" in page.tree.xpath("string(//*[@id='arquivo-erro'])")


def test_a_long_preview_is_cut_into_pages_and_can_be_filtered(procurement: Any) -> None:
    records = [contract(number) for number in range(1, 58)]
    records.append(contract(58, dataVigenciaFim="2020-01-01"))
    page = read(procurement, contracts_file(*records))
    assert "1 a 50 de 58 linhas" in page.words
    second = procurement.get(f"{page.path}?pagina=2")
    assert "51 a 58 de 58 linhas" in second.words
    refused = procurement.get(f"{page.path}?mostrar=recusados")
    assert "1 de 1 linha" in refused.words
    assert pncp_id(58) in refused.words


def test_the_list_of_files_tells_the_written_from_the_read(procurement: Any) -> None:
    read(procurement, contracts_file(contract(1)), name="lido.json")
    applied(procurement, contracts_file(contract(1)), name="gravado.json")
    page = procurement.get("/importar")
    rows = {row.xpath("string(th)"): row.text_content() for row in page.tree.xpath("//main//tbody/tr")}
    assert "só conferido" in rows["lido.json"]
    assert "gravado em" in rows["gravado.json"]


def test_only_those_who_register_may_import(client: Any, sign_in: Any) -> None:
    sign_in(client, "auditor")
    assert client.get("/importar").status_code == 403


def test_an_import_that_does_not_exist_is_not_found(procurement: Any) -> None:
    assert procurement.get("/importar/99").status_code == 404
    assert procurement.post("/importar/99/aplicar").status_code == 404
