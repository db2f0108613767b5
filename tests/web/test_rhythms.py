"""How often an agreement is asked: decided without script, the next days first; and the list of facts that ask."""

from datetime import date, timedelta
from typing import Any

import pytest

from vendor_tracker import clock


@pytest.fixture
def agreement(make: Any) -> int:
    operator = make.operator()
    make.contact(operator)
    return int(make.agreement(operator, purpose="Hospedar sistemas"))


def errors_of(page: Any, name: str) -> str:
    return str(page.tree.xpath(f"string(//*[@id='{name}-erro'])"))


def hidden(page: Any) -> str:
    return str(page.tree.xpath("string(//main//input[@name='visto']/@value)"))


def test_a_rhythm_is_decided_after_its_sentence_and_four_days_were_seen(
    client: Any, sign_in: Any, agreement: int
) -> None:
    sign_in(client, "fiscal")
    page = client.get(f"/acordos/{agreement}")
    assert "Requisição completa: a cada 2 anos, pela faixa de exposição." in page.words
    [address] = page.tree.xpath("//a[text()='Ver ou mudar a periodicidade']/@href")
    page = client.get(address)
    assert "Nenhuma: vale a periodicidade da faixa de exposição." in page.words
    [address] = page.tree.xpath("//a[contains(@href, '/periodicidade/propria')]/@href")
    page = client.get(address)
    assert "Salvar" not in page.words, "nothing can be saved whose days nobody has seen"
    since = clock.today() + timedelta(days=40)
    form = {"months": "6", "day": "nth_working:5", "holds_from": since.isoformat(), "reason": "", "acao": "ver"}
    page = client.post(address, form)
    assert page.status_code == 200
    assert "A cada 6 meses, no 5º dia útil" in page.words
    days = page.tree.xpath("//section[@aria-labelledby='fica']//ol/li")
    assert len(days) == 4
    saving = {**form, "acao": "salvar", "visto": hidden(page)}
    page = client.post(address, saving)
    assert page.status_code == 422
    assert "motivo" in errors_of(page, "reason")
    page = client.post(address, {**saving, "months": "12", "reason": "Acompanhamento mais próximo"})
    assert (page.status_code, "Todo ano, no 5º dia útil de" in page.words) == (200, True), "changed, so seen anew"
    assert "O acordo termina em" in page.words, "before the fourth day"
    answer = client.post(address, {**saving, "reason": "Acompanhamento mais próximo"})
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert "Acompanhamento mais próximo" in page.words
    assert "ainda não começou" in page.words


def test_a_suspension_needs_its_end_and_a_past_day_is_refused(client: Any, sign_in: Any, agreement: int) -> None:
    sign_in(client, "encarregado")
    address = f"/acordos/{agreement}/periodicidade/suspensao"
    today = clock.today()
    page = client.post(address, {"holds_from": today.isoformat(), "reason": "Execução suspensa", "acao": "ver"})
    assert page.status_code == 422
    assert "último dia" in errors_of(page, "until")
    past = (today - timedelta(days=1)).isoformat()
    page = client.post(address, {"holds_from": past, "until": today.isoformat(), "reason": "x", "acao": "ver"})
    assert page.status_code == 422
    assert "de hoje em diante" in errors_of(page, "holds_from")
    until = date(today.year + 1, 6, 30)
    form = {"holds_from": today.isoformat(), "until": until.isoformat(), "reason": "Execução suspensa"}
    page = client.post(address, {**form, "acao": "ver"})
    assert f"Suspensa até {until:%d/%m/%Y}" in page.words
    assert client.post(address, {**form, "acao": "salvar", "visto": hidden(page)}).status_code == 303
    page = client.get(f"/acordos/{agreement}/periodicidade")
    assert f"Suspensa até {until:%d/%m/%Y}" in page.words
    assert "Voltar à da faixa" in page.words
    assert client.get(f"/acordos/{agreement}/periodicidade/qualquer").status_code == 404
    assert client.get("/acordos/999/periodicidade").status_code == 404


def test_who_only_reads_sees_the_rhythm_and_the_facts_that_ask_and_decides_nothing(
    client: Any, sign_in: Any, agreement: int
) -> None:
    sign_in(client, "legal")
    page = client.get(f"/acordos/{agreement}/periodicidade")
    assert not page.tree.xpath("//a[contains(@href, '/periodicidade/propria')]")
    assert client.get(f"/acordos/{agreement}/periodicidade/propria").status_code == 403
    page = client.get("/requisicoes/fatos")
    assert len(page.tree.xpath("//main//tbody/tr")) == 5
    assert "parâmetro administrativo" in page.words


def test_a_request_says_which_fact_it_was_opened_for_and_leads_to_its_record(
    app: Any, client: Any, sign_in: Any, agreement: int
) -> None:
    from contracts.vocabulary import IncidentSource
    from vendor_tracker.usecases import conduct, planning

    fiscal = sign_in(client, "fiscal")
    values = {"title": "Acesso indevido", "learned_at": clock.now(), "source": IncidentSource.THIRD_PARTY}
    lineage = conduct.record(
        fiscal, app.extensions["vendor_tracker.files"], agreement_id=agreement, slug="incidente", values=values
    )
    assert planning.plan_requests().opened == 1
    page = client.get("/requisicoes/1")
    assert "Por que foi aberta" in page.words
    assert "Fundamento: Portaria Presidência CNJ nº 369/2025, art. 14, caput, II e XI." in page.words
    assert page.tree.xpath(f"//dd//a[text()='Incidente {lineage}: Acesso indevido']/@href")
