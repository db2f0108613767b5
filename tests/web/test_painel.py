"""The painel, as each role opens it."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from contracts.vocabulary import EndReason, Role
from tests.rig.judged import NOON, moment
from vendor_tracker.store.tables import DisposalCase
from vendor_tracker.usecases import judging


@pytest.fixture(autouse=True)
def _fixed_day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def register(make, records):
    """Two agreements, one of them with a breach."""
    good_operator, bad_operator = make.operator("Trilha Educação Ltda."), make.operator("Prisma Biometria S.A.")
    good = make.agreement(good_operator, recorded_at=moment("2026-02-01"), kind="convenio", number="00001/2026")
    bad = make.agreement(bad_operator, recorded_at=moment("2026-02-01"), number="00002/2026")
    records.instrument(good)
    records.evidence(good, good_operator)
    records.judge(good, bad)
    records.action(bad, due="2026-06-14")
    records.judge(good, bad, cause="Ação corretiva vencida")
    return {"good": good, "bad": bad}


def names(response):
    return response.tree.xpath("//table[@data-matrix]/tbody/tr/th/a/text()")


def test_an_empty_register_says_how_to_begin(client, sign_in):
    sign_in(client, "encarregado")
    answer = client.get("/painel")
    assert answer.status_code == 200
    assert "O registro ainda está vazio" in answer.words
    assert not answer.tree.xpath("//table")


@pytest.mark.parametrize("role", ["procurement", "legal", "fiscal", "encarregado", "committee", "auditor", "admin"])
def test_every_role_opens_the_painel(client, sign_in, register, role):
    sign_in(client, role)
    answer = client.get("/painel")
    assert answer.status_code == 200
    assert answer.tree.findtext(".//title").startswith("Painel")
    assert names(answer) == ["Prisma Biometria S.A.", "Trilha Educação Ltda."]


def test_the_painel_is_closed_to_strangers(client):
    assert client.get("/painel").status_code == 303


def test_the_page_says_first_what_to_decide_and_where(client, sign_in, register):
    sign_in(client, "encarregado")
    answer = client.get("/painel")
    queue = answer.tree.xpath("//ol[@class='queue']/li")
    words = [" ".join(" ".join(item.itertext()).split()) for item in queue]
    assert any("Decidir sobre a obrigação IX, agora descumprida: auditorias e inspeções" in text for text in words)
    assert any(text.startswith("Vencida há 1 dia Cobrar a ação corretiva: rever os acessos") for text in words)
    assert f"/acordos/{register['bad']}/boletim#ix" in answer.tree.xpath("//ol[@class='queue']//a/@href")
    assert ".." not in "".join(words), "one full stop after a company's name"


def test_each_cell_says_its_situation_and_its_three_marks_to_who_cannot_see_them(client, sign_in, register):
    sign_in(client, "committee")
    answer = client.get("/painel")
    rows = answer.tree.xpath("//table[@data-matrix]/tbody/tr")
    cells = rows[0].xpath("./td[@class='cell']")
    assert len(cells) == 12
    assert cells[8].text_content().startswith("IX: Descumprida. Previsto: ")
    assert cells[8].xpath("./a/@href") == [f"/acordos/{register['bad']}/boletim#ix"]
    assert cells[8].xpath(".//use/@href")[0] == "#v-breached"
    assert len(cells[8].xpath(".//svg[contains(@class, 'legs')]/use")) == 3
    assert "1 acordo tem 1 obrigação descumprida" in answer.words
    totals = [cell.text_content() for cell in answer.tree.xpath("//table[@data-matrix]/tfoot//td")][:12]
    assert totals[5] == "1"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("situacao=breached", ["Prisma Biometria S.A."]),
        ("situacao=met&inciso=VI", ["Trilha Educação Ltda."]),
        ("instrumento=convenio", ["Trilha Educação Ltda."]),
        ("busca=educacao", ["Trilha Educação Ltda."]),
        ("exposicao=low", ["Prisma Biometria S.A.", "Trilha Educação Ltda."]),
        ("situacao=inventada&unidade=x&inciso=XX&pagina=-3", ["Prisma Biometria S.A.", "Trilha Educação Ltda."]),
    ],
)
def test_filters_live_in_the_address_and_nonsense_is_left_out(client, sign_in, register, query, found):
    sign_in(client, "fiscal")
    assert names(client.get(f"/painel?{query}")) == found


def test_filters_that_find_nothing_offer_the_way_back(client, sign_in, register):
    sign_in(client, "fiscal")
    answer = client.get("/painel?busca=inexistente")
    assert "Nenhum acordo corresponde aos filtros" in answer.words
    assert "/painel" in answer.tree.xpath("//main//a/@href")
    assert answer.tree.xpath("//input[@name='busca']/@value") == ["inexistente"]


def test_pages_keep_the_filters(client, sign_in, make, records):
    operator_id = make.operator()
    ids = [make.agreement(operator_id, recorded_at=moment("2026-02-01")) for _ in range(51)]
    records.judge(*ids)
    sign_in(client, "fiscal")
    answer = client.get("/painel?exposicao=low")
    assert len(names(answer)) == 50
    [following] = answer.tree.xpath("//a[@rel='next']/@href")
    assert "exposicao=low" in following
    assert len(names(client.get(following))) == 1


def test_the_year_is_drawn_with_its_numbers_in_a_table(client, sign_in, make, records):
    operator_id = make.operator()
    agreement_id = make.agreement(operator_id, recorded_at=datetime(2026, 3, 10, 12, tzinfo=UTC))
    records.judge(agreement_id)
    judging.take_snapshots()
    sign_in(client, "encarregado")
    answer = client.get("/painel")
    assert len(answer.tree.xpath("//figure")) == 12
    caption = "Acordos com a obrigação atendida, por mês; entre parênteses, descumprida"
    assert caption in [text.strip() for text in answer.tree.xpath("//caption/text()")]
    assert answer.tree.xpath("//table[@data-matrix]/thead//a/@href")[0] == "#obr-i"


def test_the_encarregado_sees_proposed_roles_and_disposals(client, sign_in, make, records):
    agreement_id = make.agreement(recorded_at=moment("2026-02-01"), role=Role.JOINT_CONTROLLER)
    make.add(
        DisposalCase(
            agreement_id=agreement_id,
            trigger=EndReason.PURPOSE_MET,
            triggered_on=date(2026, 6, 1),
            due_on=date(2026, 6, 15),
            recorded_at=moment("2026-06-01"),
        )
    )
    records.request(agreement_id, due="2026-06-11", sequence=147)
    records.request(agreement_id, due="2026-06-30", state="submitted", submitted="2026-06-10", sequence=148)
    records.evidence(agreement_id, make.operator(), received="2026-06-01", accepted=None, title="Ficha do canal")
    records.judge(agreement_id)
    sign_in(client, "encarregado")
    words = client.get("/painel").words
    assert "Aprovar o papel “controlador conjunto”, proposto para o acordo" in words
    assert "Vence hoje Obter a prova de descarte ou de devolução dos dados" in words
    assert "Cobrar a requisição 2026/0147, sem resposta" in words
    assert "Conferir a resposta à requisição 2026/0148" in words
    assert "Conferir a evidência recebida: Ficha do canal" in words


def test_what_the_queue_leaves_out_has_a_page_of_its_own(client, sign_in, make, records):
    agreements = [make.agreement(recorded_at=moment("2026-02-01"), role=Role.JOINT_CONTROLLER) for _ in range(9)]
    for agreement_id in agreements:
        make.add(
            DisposalCase(
                agreement_id=agreement_id,
                trigger=EndReason.PURPOSE_MET,
                triggered_on=date(2026, 6, 1),
                due_on=date(2026, 6, 12),
                recorded_at=moment("2026-06-01"),
            )
        )
    records.judge(*agreements)
    sign_in(client, "encarregado")
    answer = client.get("/painel")
    left = answer.tree.xpath("//p[contains(@class, 'queue-more')]//a")
    assert {link.get("href") for link in left} >= {"/painel?fila=descartes#hoje", "/painel?fila=papeis#hoje"}
    disposals = client.get("/painel?fila=descartes")
    acts = [text.strip() for text in disposals.tree.xpath("//ol[@class='queue']/li//strong/text()")]
    assert acts == ["Obter a prova de descarte ou de devolução dos dados"] * 9
    assert "9 descartes a provar" in disposals.words
    assert "/painel" in disposals.tree.xpath("//p[contains(@class, 'queue-more')]//a/@href")


def test_a_queue_that_waits_for_somebody_else_shows_the_usual_one(client, sign_in, register):
    sign_in(client, "legal")
    answer = client.get("/painel?fila=papeis")
    assert "Decidir sobre a obrigação IX" in answer.words
    assert not answer.tree.xpath("//p[contains(@class, 'queue-more')]")
