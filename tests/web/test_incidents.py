"""The vendor's two minutes, and what the court then sees: report, receipt, complement, terms, communication."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from werkzeug.datastructures import FileStorage

from tests.rig.app import Inspector

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""Monday, nine o'clock in Brasília."""
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
FACTS = {
    "o-que": "Acesso indevido ao painel de atendimento. Conta já bloqueada.",
    "ciencia": "2026-03-02T07:30",
    "nome": "Renato Villar",
    "email": "renato@vozclara.example",
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def agreement(app: Any, make: Any) -> int:
    operator = make.operator("Voz Clara Teleatendimento Ltda.")
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=9))
    found: int = make.agreement(
        operator, number="017/2025", recorded_at=START - timedelta(days=9), signed_on=date(2026, 1, 5),
        starts_on=date(2026, 1, 5), ends_on=date(2027, 12, 31),
    )  # fmt: skip
    return found


def channel_path(agreement: int, generation: int = 1) -> str:
    from vendor_tracker.usecases import incident_links

    return f"/portal/incidente/canal/{incident_links.secret_of(agreement, generation)}"


def words(page: Any) -> str:
    return " ".join(page.tree.text_content().split())


@pytest.fixture
def vendor(app: Any, agreement: int) -> Inspector:
    """A phone of the operator that opened the standing link and pressed the button."""
    from vendor_tracker.usecases import incidents
    from vendor_tracker.usecases.work import Actor

    incidents.issue_channel(Actor("fiscal@orgao.example"), agreement_id=agreement)
    phone = Inspector(app)
    landing = phone.get(channel_path(agreement))
    assert landing.headers["Referrer-Policy"] == "no-referrer"
    assert landing.headers["Cache-Control"] == "no-store"
    assert phone.get("/portal/incidente").status_code == 403, "looking at the link opened nothing"
    answer = phone.post(channel_path(agreement))
    assert (answer.status_code, answer.location) == (303, "/portal/incidente")
    return phone


def test_a_vendor_tells_in_two_minutes_completes_it_later_and_keeps_both_receipts(
    vendor: Inspector, clock: Any, client: Inspector, sign_in: Any
) -> None:
    refused = vendor.post("/portal/incidente", {"o-que": "Algo", "ciencia": "ontem"})
    assert refused.status_code == 422
    assert "Falta corrigir três pontos" in words(refused)
    assert "Algo" in words(refused)
    first = vendor.post("/portal/incidente", FACTS)
    assert first.status_code == 303
    protocol = re.findall(r"IN-2026-\d{4}-[0-9A-F]{2}", first.location)[0]
    receipt = words(vendor.get(first.location))
    assert "2 de março de 2026, às 9h00min00s (horário de Brasília)" in receipt
    assert "1 h 30 min, dentro do limite de 24 horas" in receipt
    clock.shift(timedelta(hours=3))
    more = {
        **FACTS, "alcancou": "sim", "natureza": ["common", "authentication"], "volume": "up_to_1k",
        "medidas": "Senhas trocadas.", "arquivo": FileStorage(BytesIO(PDF), "linha-do-tempo.pdf"),
    }  # fmt: skip
    second = vendor.post(f"/portal/incidente/{protocol}", more, content_type="multipart/form-data")
    assert second.status_code == 303
    assert "Senhas trocadas." in words(vendor.get(second.location))
    history = words(vendor.get(f"/portal/incidente/{protocol}"))
    assert "Primeira comunicação" in history
    assert "Complemento 1" in history
    assert "linha-do-tempo.pdf" in history
    again = vendor.post(f"/portal/incidente/{protocol}", {**more, "arquivo": ""})
    assert again.status_code == 422
    public = words(client.get(f"/verificar/{protocol}"))
    assert "foi emitido pelo" in public
    assert "Voz Clara" not in public

    sign_in(client, "encarregado")
    listed = client.get("/incidentes")
    address = listed.tree.xpath("//a[contains(., 'Acesso indevido')]/@href")[0]
    page = words(client.get(address))
    assert "Dentro do limite, com 22 h 30 min de folga" in page
    assert "05/03/2026, às 23h59" in page, "three federal working days from the complement that said so"
    assert "O operador o informou na comunicação" in page
    assert "“motivos da demora, no caso de comunicação não imediata”" in page
    sent = client.post(
        f"{address}/comunicacao",
        {"kind": "anpd", "sent_at": "2026-03-02T12:00", "protocol": "ANPD 00123", "partial": "y"},
    )
    assert sent.status_code == 303
    after = words(client.get(address))
    assert "30/03/2026, às 23h59" in after, "twenty federal working days for the complement"
    assert "ANPD 00123" in after
    assert client.get("/painel").status_code == 200
    assert "Comunicar o incidente à Presidência" in words(client.get("/painel"))


def test_a_vendor_reaches_the_report_from_the_page_of_a_request_and_only_its_own_agreement(
    app: Any, agreement: int, vendor: Inspector, make: Any
) -> None:
    from contracts.vocabulary import RequestKind
    from vendor_tracker.usecases import portal_links, requesting
    from vendor_tracker.usecases.work import Actor

    other_operator = make.operator("Outra Empresa Ltda.")
    make.contact(other_operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=9))
    other = make.agreement(other_operator, number="099/2025", recorded_at=START - timedelta(days=9))
    asked = requesting.create_request(
        Actor("fiscal@orgao.example"),
        agreement_id=other,
        kind=RequestKind.INFORMATION,
        items=[requesting.NewItem("XI", "Houve incidente?", "Informe se houve incidente.", wants_file=False)],
        due_on=date(2026, 3, 20),
        reason="Rotina.",
    )
    own = vendor.post("/portal/incidente", FACTS).location.rsplit("/", 1)[1]
    vendor.post(f"/portal/r/{portal_links.secret_of(asked, 1)}")
    way = vendor.get("/portal/requisicao").tree.xpath("//a[normalize-space(.)='Comunicar um incidente']/@href")
    assert way == ["/portal/incidente/da-requisicao"]
    assert vendor.get(way[0]).location == "/portal/incidente"
    page = words(vendor.get("/portal/incidente"))
    assert "099/2025" in page
    assert own not in page, "the incident of another agreement is not shown"
    assert vendor.get(f"/portal/incidente/{own}").status_code == 404

    requesting.cancel(Actor("fiscal@orgao.example"), request_id=asked, reason="Pedida em duplicidade.")
    phone = Inspector(app)
    gone = phone.get(f"/portal/r/{portal_links.secret_of(asked, 1)}")
    assert gone.status_code == 410
    way = gone.tree.xpath("//a[normalize-space(.)='Comunicar um incidente']/@href")[0]
    assert "099/2025" in words(phone.get(way))
    assert phone.post(way).location == "/portal/incidente"
    told = phone.post("/portal/incidente", FACTS)
    assert told.status_code == 303, "a closed request is no reason not to be heard"
    assert phone.get(told.location).status_code == 200


def test_a_link_that_no_longer_opens_says_why_and_a_made_up_one_is_unknown(
    agreement: int, vendor: Inspector, client: Inspector, sign_in: Any
) -> None:
    sign_in(client, "fiscal")
    page = client.get(f"/acordos/{agreement}/canal-de-incidentes")
    assert "Em vigor" in words(page)
    assert channel_path(agreement).rsplit("/", 1)[1] not in page.get_data(as_text=True)
    refused = client.post(f"/acordos/{agreement}/canal-de-incidentes/cancelar", {"reason": ""})
    assert refused.status_code == 422
    assert client.post(f"/acordos/{agreement}/canal-de-incidentes/emitir").status_code == 303
    assert vendor.get(channel_path(agreement)).status_code == 410
    typed = vendor.post("/portal/incidente", FACTS)
    assert typed.status_code == 410
    assert "Acesso indevido" in words(typed), "what was typed is given back"
    client.post(f"/acordos/{agreement}/canal-de-incidentes/cancelar", {"reason": "O preposto saiu."})
    assert vendor.get(channel_path(agreement, 2)).status_code == 410
    for _ in range(20):
        assert vendor.get(f"/portal/incidente/canal/{'x' * 43}").status_code == 404
    assert vendor.get(f"/portal/incidente/canal/{'x' * 43}").status_code == 429


def test_the_court_assesses_decides_annuls_and_closes_page_by_page(
    vendor: Inspector, client: Inspector, sign_in: Any
) -> None:
    vendor.post("/portal/incidente", FACTS)
    sign_in(client, "encarregado")
    address = client.get("/incidentes").tree.xpath("//a[contains(., 'Acesso indevido')]/@href")[0]
    assert client.get(f"{address}/gravidade").status_code == 200
    answer = client.post(f"{address}/gravidade", {"natures": ["common"], "harm": "minor", "level": "critical"})
    assert answer.status_code == 422
    assert "Diga por que a gravidade é diferente" in words(answer)
    done = client.post(f"{address}/gravidade", {"natures": ["common"], "volume": "up_to_1k", "harm": "minor"})
    assert done.status_code == 303
    assert "Nível 1, baixa" in words(client.get(address))
    assert client.get(f"{address}/apuracao/dados").status_code == 200
    assert client.get(f"{address}/apuracao/outra").status_code == 404
    assert client.post(f"{address}/encerramento", {"reason": "Fim."}).status_code == 422
    decided = {"answer": "nao", "reason": "Os registros mostram que só a tela inicial abriu."}
    assert client.post(f"{address}/apuracao/dados", decided).status_code == 303
    sent = {"kind": "presidency", "sent_at": "2026-03-02T08:59"}
    assert client.post(f"{address}/comunicacao", sent).status_code == 422, "before the court knew"
    assert (
        client.post(f"{address}/comunicacao?a=presidency", {**sent, "sent_at": "2026-03-02T09:00"}).status_code == 303
    )
    annul = client.get(address).tree.xpath("//a[starts-with(normalize-space(.), 'Anular')]/@href")[0]
    assert client.get(annul).status_code == 200
    assert client.post(annul, {"reason": "Foi a outro órgão."}).status_code == 303
    assert "Foi a outro órgão." in words(client.get(address))
    assert client.post(f"{address}/encerramento", {"reason": "Nada foi alcançado."}).status_code == 303
    assert "Nada foi alcançado." in words(client.get(address))
    assert "Acesso indevido" in words(client.get("/incidentes?situacao=closed"))
    assert client.post(f"{address}/encerramento", {"reason": "Apareceu cópia."}).status_code == 303
