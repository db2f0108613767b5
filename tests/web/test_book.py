"""The book of obligations, the parameters, the calendar and the further obligations, as pages."""

import pytest
import time_machine

from contracts.vocabulary import INCISOS
from tests.rig.judged import NOON, moment
from vendor_tracker.usecases import parameters


@pytest.fixture(autouse=True)
def _fixed_day():
    with time_machine.travel(NOON, tick=False):
        yield


def test_the_book_quotes_the_law_and_says_which_numbers_are_not_law(client, sign_in):
    sign_in(client, "committee")
    answer = client.get("/obrigacoes")
    assert answer.status_code == 200
    for inciso in INCISOS:
        article = answer.tree.get_element_by_id(inciso.lower())
        assert article.xpath(".//p[@class='law']")[0].text_content().startswith(f"{inciso} – ")
        assert len(article.xpath(".//dt")) == 3
    xi = " ".join(answer.tree.get_element_by_id("xi").text_content().split())
    assert "24 horas corridas (parâmetro administrativo)" in xi or "24 horas corridas parâmetro administrativo" in xi
    assert "art. 6º não tem parágrafo único" in answer.words
    assert "Decidir parâmetros" not in answer.words, "the committee reads"


def test_the_book_of_a_day(client, sign_in):
    sign_in(client, "admin")
    assert "Como em 31 de outubro de 2025" in client.get("/obrigacoes?em=2025-10-31").words
    for wrong in ("2025-10-19", "nunca"):
        answer = client.get(f"/obrigacoes?em={wrong}")
        assert answer.status_code == 422
        assert answer.tree.get_element_by_id("em-erro") is not None
        assert answer.tree.xpath("//input[@name='em']/@value") == [wrong]


def test_a_parameter_is_decided_and_the_page_keeps_its_history(client, sign_in, make, records):
    agreement_id = make.agreement(recorded_at=moment("2026-02-01"), system_access=True, external_hosting=True)
    records.judge(agreement_id)
    sign_in(client, "encarregado")
    assert client.get("/parametros").status_code == 200
    page = client.get("/parametros/exposure_bands")
    assert page.tree.xpath("//input[@name='value_medium_from']/@value") == ["4"]
    sent = {
        "value_medium_from": "2",
        "value_high_from": "3",
        "since": "2026-06-15",
        "decided_by": "CGLGPD",
        "reason": "Ata de junho",
    }
    answer = client.post("/parametros/exposure_bands", sent)
    assert answer.status_code == 303
    after = client.get(answer.headers["Location"])
    assert "Parâmetro decidido a partir de 15/06/2026" in after.words
    assert "Média, a partir de: 2 pontos; Alta, a partir de: 3 pontos" in after.words
    assert "Ata de junho" in after.words
    assert "Exposição alta" in client.get(f"/acordos/{agreement_id}/boletim").words
    assert "decisão própria" in client.get("/parametros").words


@pytest.mark.parametrize(
    ("key", "changes", "status", "sentence"),
    [
        ("exposure_bands", {"value_medium_from": "9", "value_high_from": "4"}, 422, "maior que o da linha anterior"),
        ("exposure_bands", {"since": "2026-06-14"}, 422, "de hoje em diante"),
        ("exposure_bands", {"value_high_from": "muitos"}, 422, "número inteiro"),
        ("exposure_bands", {"value_medium_from": "4", "value_high_from": "9"}, 409, "já vale isso"),
        ("exposure_bands", {"reason": ""}, 422, "motivo"),
        ("request_answer_days", {"value": "500"}, 422, "fora do intervalo"),
    ],
)
def test_a_refused_decision_keeps_what_was_typed(client, sign_in, key, changes, status, sentence):
    sign_in(client, "admin")
    sent = {
        "value": "10",
        "value_medium_from": "2",
        "value_high_from": "3",
        "since": "2026-06-15",
        "decided_by": "CGLGPD",
        "reason": "Ata de junho",
        **changes,
    }
    answer = client.post(f"/parametros/{key}", sent)
    assert answer.status_code == status
    assert sentence in answer.words
    assert answer.tree.xpath("//input[@name='decided_by']/@value") == ["CGLGPD"]


def test_negative_steps_and_yes_or_no_are_understood(client, sign_in):
    sign_in(client, "admin")
    page = client.get("/parametros/reminder_steps_days")
    names = page.tree.xpath("//input[starts-with(@name, 'value_')]/@name")
    values = dict(zip(names, page.tree.xpath("//input[starts-with(@name, 'value_')]/@value"), strict=True))
    assert values["value_preposto_before_7"] == "-7"
    sent = {**values, "value_preposto_before_7": "−9", "since": "2026-06-15", "decided_by": "CGLGPD", "reason": "Ata"}
    assert client.post("/parametros/reminder_steps_days", sent).status_code == 303
    assert parameters.parameter_page(key="reminder_steps_days").line.value["preposto_before_7"] == -9
    radio = client.get("/parametros/independent_proof_tiers")
    assert len(radio.tree.xpath("//input[@type='radio' and @checked]")) == 3
    sent = {
        "value_low": "0",
        "value_medium": "1",
        "value_high": "1",
        "since": "2026-06-15",
        "decided_by": "CGLGPD",
        "reason": "Ata",
    }
    assert client.post("/parametros/independent_proof_tiers", sent).status_code == 303
    assert "Exposição média: sim" in client.get("/parametros/independent_proof_tiers").words


def test_every_parameter_has_a_page(client, sign_in):
    sign_in(client, "admin")
    links = [
        link for link in client.get("/parametros").tree.xpath("//main//th//a/@href") if link.startswith("/parametros/")
    ]
    assert len(links) > 20
    for link in links:
        assert client.get(link).status_code == 200, link
    assert client.get("/parametros/nada").status_code == 404


@pytest.mark.parametrize("role", ["procurement", "legal", "fiscal", "committee", "auditor"])
def test_only_who_decides_opens_the_parameters(client, sign_in, role):
    sign_in(client, role)
    assert client.get("/parametros").status_code == 403
    assert client.get("/calendario/dia").status_code == 403
    assert client.get("/calendario").status_code == 200


def test_a_day_is_closed_by_an_act_and_shows_in_the_year(client, sign_in):
    sign_in(client, "admin")
    sent = {
        "calendar": "cnj",
        "day": "2026-06-22",
        "closed": "1",
        "name": "Ponto facultativo",
        "source": "Portaria fictícia nº 1",
    }
    answer = client.post("/calendario/dia", sent)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    assert "22/06/2026: sem expediente" in page.words
    assert "segunda-feira, 22 de junho de 2026" in page.words
    again = client.post("/calendario/dia", sent)
    assert again.status_code == 409
    assert "já está sem expediente" in again.words
    weekend = client.post("/calendario/dia", {**sent, "day": "2026-06-20"})
    assert weekend.status_code == 422
    assert "nunca têm expediente" in weekend.words
    assert client.post("/calendario/dia", {**sent, "source": ""}).status_code == 422


@pytest.mark.parametrize("query", ["ano=2027", "calendario=federal", "calendario=federal&ano=2025", "ano=abc"])
def test_the_calendar_of_any_year(client, sign_in, query):
    sign_in(client, "fiscal")
    assert client.get(f"/calendario?{query}").status_code == 200


def test_a_calendar_that_does_not_exist_is_not_found(client, sign_in):
    sign_in(client, "fiscal")
    assert client.get("/calendario?calendario=lunar").status_code == 404
    assert client.get("/calendario?ano=1900").status_code == 404


def test_an_obligation_is_added_and_ended(client, sign_in):
    sign_in(client, "encarregado")
    sent = {
        "code": "seguro-1",
        "title": "Seguro cibernético",
        "text": "Manter apólice.",
        "since": "2026-06-15",
        "needs_clause": "y",
        "evidence_kinds": ["insurance"],
        "decided_by": "CGLGPD",
        "decided_on": "2026-06-10",
    }
    assert client.post("/obrigacoes-acrescentadas/nova", {**sent, "code": "XII"}).status_code == 422
    assert client.post("/obrigacoes-acrescentadas/nova", sent).status_code == 303
    assert client.post("/obrigacoes-acrescentadas/nova", sent).status_code == 409
    page = client.get("/parametros")
    assert "SEGURO-1" in page.words
    assert "SEGURO-1" in client.get("/obrigacoes").words
    [end] = [link for link in page.tree.xpath("//main//a/@href") if link.endswith("/fim")]
    refused = client.post(end, {"until": "2026-06-14", "decided_by": "CGLGPD"})
    assert refused.status_code == 422
    assert client.get(end).status_code == 200
    assert client.post(end, {"until": "2026-06-30", "decided_by": "CGLGPD"}).status_code == 303
    assert "até 30/06/2026" in client.get("/parametros").words
    assert client.get("/obrigacoes-acrescentadas/999/fim").status_code == 404


def test_a_number_is_printed_with_its_unit():
    from vendor_tracker.web.numbers import with_unit

    assert [
        with_unit(*case) for case in ((1, "meses"), (12, "meses"), (0, "sim ou não"), (50, "por cento"), (3, "peso"))
    ] == [
        "1 mês",
        "12 meses",
        "não",
        "50%",
        "peso 3",
    ]
    assert with_unit(-1, "dias úteis") == "-1 dia útil"
