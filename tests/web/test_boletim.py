"""The boletim: the number with its sum, the twelve with their reasons, any day."""

from datetime import date, timedelta

import pytest
import time_machine

from contracts.vocabulary import DispensationGround, EndReason, IncidentSource, Regime
from tests.rig.judged import NOON, moment
from vendor_tracker.store.tables import DisposalCase, FurtherObligationRow, Incident, RequestItem
from vendor_tracker.usecases import judging


@pytest.fixture(autouse=True)
def _fixed_day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def agreement(make, records):
    """An agreement with a paper that lacks a clause, one proof, an open request and a breach."""
    operator_id = make.operator("Voz Clara Teleatendimento Ltda.")
    agreement_id = make.agreement(
        operator_id,
        recorded_at=moment("2026-02-01"),
        number="00017/2025",
        ends_on=date(2027, 3, 14),
        system_access=True,
    )
    records.instrument(agreement_id, covers={"III": "partial", "X": "missing"})
    records.judge(agreement_id)
    records.evidence(agreement_id, operator_id)
    records.judge(agreement_id, cause="Evidência aceita")
    records.request(agreement_id, due="2026-06-20", inciso="II", sequence=151)
    records.action(agreement_id, due="2026-06-14")
    records.judge(agreement_id, cause="Ação corretiva vencida")
    return agreement_id


def words_of(tree, xpath):
    return [" ".join(node.text_content().split()) for node in tree.xpath(xpath)]


def test_the_boletim_shows_the_twelve_with_law_legs_reasons_and_one_next_action(client, sign_in, agreement):
    sign_in(client, "encarregado")
    answer = client.get(f"/acordos/{agreement}/boletim")
    assert answer.status_code == 200
    assert answer.tree.xpath("//h1")[0].text_content().strip() == "Voz Clara Teleatendimento Ltda."
    articles = answer.tree.xpath("//article[@class='obligation']")
    assert [article.get("id") for article in articles] == [
        "i",
        "ii",
        "iii",
        "iv",
        "v",
        "vi",
        "vii",
        "viii",
        "ix",
        "x",
        "xi",
        "xii",
    ]
    by_id = {article.get("id"): article for article in articles}
    for article in articles:
        assert article.xpath(".//p[@class='law']")[0].text_content().startswith(f"{article.get('id').upper()} – ")
        assert len(article.xpath(".//dt")) == 3
        assert article.xpath(".//div[@class='next']/h4")
    assert "Descumprida" in by_id["ix"].text_content()
    assert "não foi concluída" in by_id["ix"].text_content()
    assert "cobre o inciso X" not in by_id["iii"].text_content()
    assert "só em parte" in by_id["iii"].text_content()
    assert "Atendida" in by_id["vi"].text_content()


def test_the_score_carries_its_sum(client, sign_in, agreement):
    sign_in(client, "committee")
    answer = client.get(f"/acordos/{agreement}/boletim")
    score = judging.assess_agreement(agreement).score
    assert answer.tree.xpath("//p[@class='score-figure']/text()")[0] == str(score.value)
    assert f"Como se chegou a {score.value}" in answer.words
    [formula] = words_of(answer.tree, "//tfoot/tr/th[contains(., '÷')]")
    assert f"÷ {score.weight} × 100" in formula
    assert "A Portaria não atribui pesos às obrigações" in answer.words
    assert "parâmetro administrativo" in answer.words


def test_what_to_decide_comes_first_and_one_paper_gathers_its_incisos(client, sign_in, agreement):
    sign_in(client, "encarregado")
    queue = words_of(client.get(f"/acordos/{agreement}/boletim").tree, "//ol[@class='queue']/li")
    assert queue[0].startswith("Descumprida")
    assert "Art. 14, IX" in queue[0]
    assert any("Completar o instrumento por termo aditivo" in item and "os incisos III" in item for item in queue)
    assert ".." not in "".join(queue)


def test_one_late_request_is_one_thing_to_decide_however_many_incisos_it_breaks(
    client, sign_in, agreement, make, records
):
    request_id = records.request(agreement, due="2026-06-10", inciso="I", sequence=152)
    make.add(RequestItem(request_id=request_id, position=2, inciso="V", title="Laudo", question="Envie o laudo."))
    records.judge(agreement)
    sign_in(client, "encarregado")
    queue = words_of(client.get(f"/acordos/{agreement}/boletim").tree, "//ol[@class='queue']/li")
    late = [item for item in queue if "2026/0152" in item]
    assert len(late) == 1
    assert "Art. 14, incisos I e V" in late[0]


def test_the_history_tells_what_changed_and_the_sentence_that_changed_it(client, sign_in, agreement):
    sign_in(client, "auditor")
    history = words_of(client.get(f"/acordos/{agreement}/boletim").tree, "//ol[@class='timeline']/li")
    assert any("Obrigação VI: de parcial para atendida" in line and "Evidência aceita" in line for line in history)
    assert any("Obrigação IX: de" in line and "para descumprida" in line for line in history)
    assert any("Requisição enviada ao operador, com prazo até 20/06/2026" in line for line in history)


def test_a_past_day_shows_what_was_known_then_and_offers_today(client, sign_in, agreement):
    sign_in(client, "encarregado")
    answer = client.get(f"/acordos/{agreement}/boletim?em=2026-04-30")
    assert answer.status_code == 200
    assert "Como se sabia em 30 de abril de 2026" in answer.words
    assert "Parcial" in answer.tree.get_element_by_id("vi").text_content(), "the proof came in May"
    assert "Requisição 2026/0151" not in answer.words
    assert not answer.tree.xpath("//ol[@class='queue']//a"), "nothing is done about a past day"
    assert answer.tree.xpath("//input[@name='em']/@value") == ["2026-04-30"]
    assert f"/acordos/{agreement}/boletim" in answer.tree.xpath("//p[@class='lede']//a/@href")


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-01-31", "ainda não estava no registro"),
        ("2025-10-19", "A Portaria é de 20/10/2025"),
        ("ontem", "Informe um dia que exista"),
        ("2026-02-30", "Informe um dia que exista"),
    ],
)
def test_a_day_that_cannot_be_shown_says_why_beside_the_field(client, sign_in, agreement, day, sentence):
    sign_in(client, "encarregado")
    answer = client.get(f"/acordos/{agreement}/boletim?em={day}")
    assert answer.status_code == 422
    assert sentence in answer.tree.get_element_by_id("em-erro").text_content()
    assert answer.tree.xpath("//input[@name='em']/@value") == [day]


def test_an_operator_shows_its_worst_agreement_and_leads_to_the_others(client, sign_in, agreement, make, records):
    operator_id = 1
    better = make.agreement(operator_id, recorded_at=moment("2026-02-01"), number="00099/2025")
    records.instrument(better)
    records.judge(better)
    sign_in(client, "encarregado")
    answer = client.get(f"/operadores/{operator_id}/boletim")
    assert "Contrato 00017/2025" in answer.tree.xpath("//p[@class='lede']")[0].text_content()
    assert f"/acordos/{better}/boletim" in answer.tree.xpath("//section[@aria-labelledby='outros']//a/@href")
    [others] = words_of(answer.tree, "//p[contains(@class, 'others')]")
    assert others.startswith("Este é o acordo em pior situação dos 2 deste operador. O outro: Contrato 00099/2025 (")
    chosen = client.get(f"/operadores/{operator_id}/boletim?acordo={better}")
    [others] = words_of(chosen.tree, "//p[contains(@class, 'others')]")
    assert others.startswith("Este operador tem outro acordo: Contrato 00017/2025 (")
    assert "Contrato 00099/2025" in chosen.tree.xpath("//p[@class='lede']")[0].text_content()
    assert "1 descumprida" in chosen.tree.xpath("//section[@aria-labelledby='outros']")[0].text_content()
    assert client.get(f"/operadores/{operator_id}/boletim?acordo=9999").status_code == 404


def test_unknown_operators_and_agreements_are_not_found(client, sign_in):
    sign_in(client, "encarregado")
    assert client.get("/operadores/77/boletim").status_code == 404
    assert client.get("/acordos/77/boletim").status_code == 404
    assert client.get("/acordos/77/boletim?em=2026-05-01").status_code == 404


def test_an_operator_without_agreements_says_so(client, sign_in, make):
    operator_id = make.operator()
    sign_in(client, "procurement")
    answer = client.get(f"/operadores/{operator_id}/boletim")
    assert answer.status_code == 200
    assert "ainda não tem acordo registrado" in answer.words


def test_a_dispensed_agreement_says_the_ground_and_has_no_score(client, sign_in, make, records):
    agreement_id = make.agreement(
        recorded_at=moment("2026-02-01"),
        dispensation_ground=DispensationGround.ART_6_P2,
        dispensation_on=date(2026, 2, 1),
        dispensation_by="Helena Prado",
        dispensation_detail="Folha de pagamento",
    )
    records.judge(agreement_id)
    sign_in(client, "encarregado")
    answer = client.get(f"/acordos/{agreement_id}/boletim")
    assert "sem pontuação" in answer.words
    assert "art. 6º, § 2º" in answer.tree.get_element_by_id("i").text_content()
    assert "Nada a decidir" in answer.words
    assert "Doze que não se aplicam" in answer.words


def test_a_public_body_carries_its_remark_and_a_further_obligation_stands_apart(client, sign_in, make, records):
    agreement_id = make.agreement(
        make.operator(regime=Regime.PUBLIC), kind="termo_cooperacao", recorded_at=moment("2026-02-01")
    )
    make.add(
        FurtherObligationRow(
            code="SEGURO-1",
            title="Seguro cibernético",
            text="Manter apólice.",
            since=date(2026, 1, 1),
            needs_clause=True,
            evidence_kinds=["insurance"],
            decided_by="CGLGPD",
            decided_on=date(2025, 12, 1),
            recorded_at=moment("2026-01-02"),
        )
    )
    records.judge(agreement_id)
    sign_in(client, "encarregado")
    answer = client.get(f"/acordos/{agreement_id}/boletim")
    assert "regime jurídico próprio" in answer.words
    assert answer.tree.get_element_by_id("mais-seguro-1") is not None
    assert "não entram na pontuação" in answer.words


def test_a_closed_agreement_is_shown_as_on_its_closing_day(client, sign_in, make, records):
    agreement_id = make.agreement(recorded_at=moment("2026-02-01"), ends_on=date(2026, 3, 1))
    make.add(
        DisposalCase(
            agreement_id=agreement_id,
            trigger=EndReason.TERM,
            triggered_on=date(2026, 3, 2),
            due_on=date(2026, 4, 1),
            accepted_on=date(2026, 3, 20),
            recorded_at=moment("2026-03-20"),
        )
    )
    records.judge(agreement_id)
    sign_in(client, "encarregado")
    answer = client.get(f"/acordos/{agreement_id}/boletim")
    assert "As provas são avaliadas como estavam em 20 de março de 2026" in answer.words
    assert "Terminou a vigência do acordo" in answer.words


def test_an_incident_that_the_operator_kept_quiet_is_in_the_history(client, sign_in, make, records):
    agreement_id = make.agreement(recorded_at=moment("2026-02-01"))
    make.add(
        Incident(
            agreement_id=agreement_id,
            title="Vazamento",
            suspected_at=None,
            reported_at=None,
            learned_at=moment("2026-05-05"),
            source=IncidentSource.THIRD_PARTY,
            recorded_at=moment("2026-05-05"),
        )
    )
    records.judge(agreement_id)
    sign_in(client, "encarregado")
    answer = client.get(f"/acordos/{agreement_id}/boletim")
    assert "O órgão soube de um incidente que o operador não comunicou" in answer.words
    assert "Descumprida" in answer.tree.get_element_by_id("xi").text_content()


def test_the_score_is_drawn_month_by_month_once_there_is_a_course(client, sign_in, agreement):
    judging.take_snapshots()
    sign_in(client, "encarregado")
    answer = client.get(f"/acordos/{agreement}/boletim")
    [drawn] = answer.tree.xpath("//svg[@class='chart']/@aria-label")
    assert drawn.startswith("Pontuação mês a mês, de ")
    assert drawn.endswith("em jun 2026")


def test_the_boletim_takes_a_fixed_number_of_queries(client, sign_in, agreement, make, records, count_queries):
    operator_id = 1
    sign_in(client, "encarregado")
    client.get(f"/acordos/{agreement}/boletim")
    with count_queries() as few:
        client.get(f"/acordos/{agreement}/boletim")
    for number in range(20):
        records.evidence(agreement, operator_id, title=f"Prova {number}")
        records.request(agreement, due="2026-07-01", inciso="V")
    with count_queries() as many:
        client.get(f"/acordos/{agreement}/boletim")
    assert int(many) <= int(few)


@pytest.mark.parametrize("role", ["procurement", "legal", "fiscal", "encarregado", "committee", "auditor", "admin"])
def test_no_link_of_the_boletim_leads_where_the_reader_may_not_go(client, sign_in, agreement, role):
    sign_in(client, role)
    links = set(client.get(f"/acordos/{agreement}/boletim").tree.xpath("//main//a/@href"))
    for link in sorted(links):
        if link.startswith("/"):
            assert client.get(link.partition("#")[0]).status_code in {200, 303}, link


def test_the_day_turns_at_midnight_in_sao_paulo(client, sign_in, agreement):
    with time_machine.travel(NOON + timedelta(hours=11, minutes=59), tick=False):
        sign_in(client, "encarregado")
        assert "segunda-feira, 15 de junho de 2026" in client.get(f"/acordos/{agreement}/boletim").words
    with time_machine.travel(NOON + timedelta(hours=12), tick=False):
        assert "terça-feira, 16 de junho de 2026" in client.get(f"/acordos/{agreement}/boletim").words
