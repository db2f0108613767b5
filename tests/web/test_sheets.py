"""Answering in a spreadsheet: downloaded, filled, understood item by item, and confirmed before it is the draft."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine

from contracts.vocabulary import EvidenceKind, RequestKind
from tests.rig.app import Inspector

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ISO, AUDIT = EvidenceKind.ISO_27001, EvidenceKind.AUDIT_REPORT


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Monday, 2 March 2026, nine o'clock in Brasília; it stands still."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def ask(make: Any, *, question: str = "Envie o certificado.") -> int:
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    operator = make.operator("Voz Clara Teleatendimento Ltda.")
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=9))
    agreement = make.agreement(
        operator,
        recorded_at=START - timedelta(days=9),
        signed_on=date(2026, 1, 5),
        starts_on=date(2026, 1, 5),
        ends_on=date(2027, 12, 31),
    )
    return int(
        requesting.create_request(
            Actor("fiscal@orgao.example"),
            agreement_id=agreement,
            kind=RequestKind.INFORMATION,
            items=[
                requesting.NewItem("V", "Certificado em vigor", question, (ISO, AUDIT)),
                requesting.NewItem("XI", "Houve incidente?", "Informe se houve.", wants_file=False),
            ],
            due_on=date(2026, 3, 20),
            reason="O certificado anterior venceu.",
        )
    )


def enter(client: Inspector, request_id: int) -> Inspector:
    from vendor_tracker.usecases import portal_links

    address = f"/portal/r/{portal_links.secret_of(request_id, 1)}"
    client.get(address)
    client.post(address)
    return client


@pytest.fixture
def vendor(app: Any, client: Inspector, make: Any) -> Inspector:
    """A browser that opened a request of two items."""
    return enter(client, ask(make))


def drafts() -> list[tuple[str, str, Any, int]]:
    from sqlalchemy import select

    from vendor_tracker.store.session import reading
    from vendor_tracker.store.tables import Answer

    with reading() as session:
        rows = session.scalars(select(Answer).order_by(Answer.item_id))
        return [(row.text, row.cannot_deliver, row.evidence_kind, row.version) for row in rows]


def filled(vendor: Inspector, **cells: str) -> bytes:
    """The book of the request with cells filled, such as ``D5="Segue."``."""
    book = openpyxl.load_workbook(io.BytesIO(vendor.get("/portal/planilha.xlsx").data))
    for name, value in cells.items():
        book["Respostas"][name].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send(vendor: Inspector, data: bytes, name: str = "requisicao.xlsx") -> Any:
    vendor.get("/portal/planilha")
    return vendor.post("/portal/planilha", {"planilha": (io.BytesIO(data), name)})


def seen(page: Any) -> dict[str, str]:
    return {field.get("name"): field.get("value") for field in page.tree.xpath("//input[starts-with(@name,'versao-')]")}


def test_a_filled_sheet_becomes_the_draft_only_after_what_was_understood_is_confirmed(vendor: Inspector) -> None:
    from vendor_tracker.wording.labels import label

    assert "Responder por planilha" in vendor.get("/portal/requisicao").words
    assert "O item 1 pede arquivo" in vendor.get("/portal/planilha").words
    sent = send(
        vendor, filled(vendor, D5="Segue o certificado.", E5=label(ISO), F6="Não consigo entregar", G6="Até maio.")
    )
    assert sent.status_code == 303
    page = vendor.get(sent.location)
    for told in (
        "2 itens do rascunho mudam",
        "Segue o certificado.",
        label(ISO),
        "Até maio.",
        "Falta anexar o arquivo",
    ):
        assert told in page.words
    assert drafts() == [], "what was understood is no draft yet"

    done = vendor.post(sent.location, {**seen(page), "acao": "confirmar"})
    assert (done.status_code, done.location) == (303, "/portal/requisicao")
    assert "2 itens mudaram" in vendor.get("/portal/requisicao").words
    assert drafts() == [("Segue o certificado.", "", ISO, 1), ("", "Até maio.", None, 1)]
    assert vendor.get(sent.location).status_code == 409

    again = send(vendor, filled(vendor, D5="", D6="Não houve."))
    page = vendor.get(again.location)
    assert "1 item do rascunho muda" in page.words
    vendor.post(again.location, {**seen(page), "acao": "confirmar"})
    assert drafts()[0] == ("Segue o certificado.", "", ISO, 1), "a blank cell leaves the draft alone"
    assert drafts()[1][0] == "Não houve."


def test_what_was_not_understood_is_said_and_a_sheet_may_be_set_aside(vendor: Inspector) -> None:
    sent = send(vendor, filled(vendor, D5="=1+1", E5="Um selo qualquer", B6="Pergunta mais fácil?", D6="Sim."))
    page = vendor.get(sent.location)
    for told in ("fórmulas não são lidas", "não é uma das provas aceitas", "A pergunta foi alterada na planilha"):
        assert told in page.words
    assert "Ela não muda nada no rascunho" in page.words
    assert not page.tree.xpath("//button[@value='confirmar']")
    assert vendor.post(sent.location, {"acao": "desistir"}).status_code == 303
    assert drafts() == []
    assert vendor.get(sent.location).status_code == 409


def test_what_somebody_saved_meanwhile_is_not_overwritten_by_a_sheet(vendor: Inspector, clock: Any) -> None:
    sent = send(vendor, filled(vendor, D6="Da planilha."))
    page = vendor.get(sent.location)
    item = [name.removeprefix("versao-") for name in seen(page)][1]
    vendor.get("/portal/requisicao")
    vendor.post("/portal/requisicao", {f"resposta-{item}": "De um colega.", f"versao-{item}": "1.0", "acao": "salvar"})
    vendor.get(sent.location)
    vendor.post(sent.location, {**seen(page), "acao": "confirmar"})
    words = vendor.get("/portal/requisicao").text
    assert "De um colega." in words
    assert "Da planilha." in words


def test_a_sheet_of_another_request_or_with_a_foreign_mark_is_recognised(
    app: Any, vendor: Inspector, make: Any
) -> None:
    from vendor_tracker.reports.request_sheet import HIDDEN

    other = enter(Inspector(app), ask(make))
    refused = send(vendor, filled(other, D5="Segue."))
    assert refused.status_code == 422
    assert "é da requisição 2026/0002" in refused.words
    book = openpyxl.load_workbook(io.BytesIO(filled(other, D5="Segue.")))
    book[HIDDEN]["B1"].value = "2026/0001"
    for line in (5, 6):
        mine = openpyxl.load_workbook(io.BytesIO(vendor.get("/portal/planilha.xlsx").data))
        book[HIDDEN][f"B{line}"].value = mine[HIDDEN][f"B{line}"].value
    out = io.BytesIO()
    book.save(out)
    page = vendor.get(send(vendor, out.getvalue()).location)
    assert page.words.count("A marca desta linha não confere") == 2
    assert not page.tree.xpath("//button[@value='confirmar']")


def test_what_is_no_sheet_of_ours_is_refused_beside_the_field(vendor: Inspector) -> None:
    from tests.rig import papers

    for data, name, told in (
        (papers.pdf(), "x.pdf", "Envie a planilha em Excel"),
        (papers.xlsx(), "x.xlsx", "não é a que o portal oferece"),
        (b"", "x.xlsx", "está vazio"),
    ):
        page = send(vendor, data, name)
        assert page.status_code == 422
        assert told in page.words
    vendor.get("/portal/planilha")
    assert "Escolha a planilha" in vendor.post("/portal/planilha", {}).words
    stale = vendor.post("/portal/planilha", {"planilha": (io.BytesIO(b"x"), "x.xlsx")}, token=False)
    assert stale.status_code == 400
