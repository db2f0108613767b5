"""Requests as staff see and drive them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def agreement(app: Any, make: Any) -> int:
    operator = make.operator("Voz Clara Teleatendimento Ltda.")
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=9))
    return int(
        make.agreement(
            operator,
            recorded_at=START - timedelta(days=9),
            signed_on=date(2026, 1, 5),
            starts_on=date(2026, 1, 5),
            ends_on=date(2027, 12, 31),
        )
    )


def new_request(agreement: int, *incisos: str) -> int:
    from contracts.vocabulary import EvidenceKind, RequestKind
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    items = [
        requesting.NewItem(
            inciso,
            f"Item sobre {inciso}",
            "Pergunta.",
            (EvidenceKind.PROCESSING_RECORD,) if inciso == "VI" else (),
            wants_file=inciso == "VI",
        )
        for inciso in incisos or ("VI", "XI")
    ]
    return requesting.create_request(
        Actor("fiscal@orgao.example"),
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        items=items,
        due_on=date(2026, 3, 20),
        reason="Conferência anual.",
    )


def answer(app: Any, request_id: int) -> None:
    from vendor_tracker.usecases import answering, portal_links

    visit = answering.visit_of(answering.open_session(portal_links.secret_of(request_id, 1), address="192.0.2.1"))
    page = answering.answer_page(visit)
    answering.save(
        visit,
        app.extensions["vendor_tracker.files"],
        drafts={item.id: answering.Draft("Respondido.") for item in page.items},
        new_files=tuple(
            answering.NewFile(item.id, "extrato.pdf", BytesIO(PDF)) for item in page.items if item.wants_file
        ),
    )
    answering.submit(visit, name="Renato Villar", position="Preposto", declared=True)


def test_a_request_by_hand_goes_through_what_and_by_when_then_the_words_and_leaves(
    client: Any, sign_in: Any, agreement: int
) -> None:
    sign_in(client, "fiscal")
    path = f"/acordos/{agreement}/requisicoes/nova"
    page = client.get(f"{path}?inciso=V&prova=iso_27001")
    assert page.tree.xpath("//input[@name='item' and @checked]/@value") == ["V:evidence.iso_27001"]
    assert page.tree.xpath("//input[@name='due_on']/@value") == ["2026-03-23"]
    assert "preposto@fornecedor.example" in page.words
    first = {
        "item": ["V:evidence.iso_27001", "XI:inciso.XI", "V:"],
        "kind": "information",
        "due_on": "2026-03-20",
        "reason": "Venceu.",
        "note": "Falar antes com o gestor.",
    }
    written = client.post(path, {**first, "acao": "conferir"})
    assert written.tree.xpath("//input[@name='titulo_1']/@value") == ["Certificado ISO/IEC 27001 em vigor"]
    assert written.tree.xpath("//input[@name='itens']/@value") == ["3"]
    typed = {
        **{name: first[name] for name in ("kind", "due_on", "reason", "note")},
        "itens": "3",
        "item_1": "V:evidence.iso_27001",
        "titulo_1": "Certificado renovado",
        "pergunta_1": "Envie o certificado de 2026.",
        "ajuda_1": "Basta a primeira página.",
        "arquivo_1": "1",
        "item_2": "XI:inciso.XI",
        "titulo_2": "Houve incidente?",
        "pergunta_2": "Informe.",
        "item_3": "V:",
        "inciso_3": "X",
        "titulo_3": "Quem atende em janeiro?",
        "pergunta_3": "Informe o nome e o telefone.",
    }
    preview = client.post(path, {**typed, "acao": "conferir"})
    assert preview.status_code == 200
    assert "Prezado(a) Renato Villar" in preview.text
    assert "[endereço pessoal do portal]" in preview.text
    assert "Falar antes com o gestor." not in "".join(preview.tree.xpath("//pre//text()"))
    assert "Basta a primeira página." in preview.words
    assert "O prazo termina em 20/03/2026, dia útil" in preview.words
    sent = client.post(path, {**typed, "acao": "enviar"})
    assert sent.status_code == 303
    shown = client.get(sent.location)
    assert "Requisição enviada." in shown.words
    assert "Certificado renovado" in shown.words
    assert "Envie o certificado de 2026." in shown.words
    assert "Com o operador" in shown.words


def test_a_request_about_nothing_says_so_and_keeps_what_was_typed(client: Any, sign_in: Any, agreement: int) -> None:
    sign_in(client, "fiscal")
    page = client.post(
        f"/acordos/{agreement}/requisicoes/nova",
        {"kind": "audit", "due_on": "2026-03-20", "reason": "Motivo digitado.", "acao": "conferir"},
    )
    assert page.status_code == 422
    assert "Escolha ao menos um item" in page.words
    assert "Motivo digitado." in page.text
    assert page.tree.xpath("//select[@name='kind']/option[@selected]/@value") == ["audit"]


@pytest.mark.parametrize(
    ("due_on", "sentence"),
    [("2026-03-02", "depois de hoje"), ("2026-03-21", "Não há expediente"), ("31/02/2026", "dia que exista")],
)
def test_an_impossible_term_is_refused_beside_its_field(
    client: Any, sign_in: Any, agreement: int, due_on: str, sentence: str
) -> None:
    sign_in(client, "fiscal")
    page = client.post(
        f"/acordos/{agreement}/requisicoes/nova",
        {"item": ["V:inciso.V"], "kind": "information", "due_on": due_on, "reason": "", "acao": "conferir"},
    )
    assert page.status_code == 422
    assert sentence in page.tree.xpath("string(//p[@id='due_on-erro'])")
    assert page.tree.xpath("//input[@name='item' and @checked]/@value") == ["V:inciso.V"]


def test_an_empty_question_is_mended_where_the_words_are(client: Any, sign_in: Any, agreement: int) -> None:
    sign_in(client, "fiscal")
    page = client.post(
        f"/acordos/{agreement}/requisicoes/nova",
        {
            "itens": "1",
            "item_1": "V:inciso.V",
            "kind": "information",
            "due_on": "2026-03-20",
            "titulo_1": "Título meu",
            "pergunta_1": " ",
            "acao": "enviar",
        },
    )
    assert page.status_code == 422
    assert page.tree.xpath("//input[@name='titulo_1']/@value") == ["Título meu"]
    assert "Escreva o título e a pergunta do item 1." in page.words


def test_before_anything_is_typed_staff_hear_that_nobody_would_get_it(client: Any, sign_in: Any, make: Any) -> None:
    sign_in(client, "fiscal")
    page = client.get(f"/acordos/{make.agreement()}/requisicoes/nova")
    assert "não chegaria a ninguém" in page.words


def test_the_list_is_narrowed_by_situation_and_searched_by_operator_and_number(
    app: Any, client: Any, sign_in: Any, agreement: int, make: Any
) -> None:
    sign_in(client, "fiscal")
    assert "Nenhuma requisição foi feita ainda" in client.get("/requisicoes").words
    new_request(agreement)
    answered = new_request(agreement)
    answer(app, answered)
    assert len(client.get("/requisicoes").tree.xpath("//tbody/tr")) == 2
    [row] = client.get("/requisicoes?situacao=review").tree.xpath("//tbody/tr")
    assert "2026/0002" in row.text_content()
    assert len(client.get("/requisicoes?q=voz+clara").tree.xpath("//tbody/tr")) == 2
    assert len(client.get("/requisicoes?q=2026/0001").tree.xpath("//tbody/tr")) == 1
    assert "Nenhuma requisição com estes filtros" in client.get("/requisicoes?q=inexistente").words
    assert len(client.get("/requisicoes?pagina=9").tree.xpath("//tbody/tr")) == 2


def test_the_list_takes_the_same_number_of_queries_whatever_its_length(
    client: Any, sign_in: Any, agreement: int, count_queries: Any
) -> None:
    sign_in(client, "fiscal")
    new_request(agreement)
    with count_queries() as few:
        client.get("/requisicoes")
    for _ in range(6):
        new_request(agreement)
    with count_queries() as many:
        client.get("/requisicoes")
    assert int(many) == int(few)


def test_an_answer_in_words_is_decided_on_the_page_and_a_return_needs_its_reason(
    app: Any, client: Any, sign_in: Any, agreement: int
) -> None:
    sign_in(client, "fiscal")
    request_id = new_request(agreement, "XI", "IX")
    answer(app, request_id)
    page = client.get(f"/requisicoes/{request_id}")
    assert "Respondida, a conferir" in page.words
    actions = page.tree.xpath("//form[contains(@action,'/itens/')]/@action")
    assert len(actions) == 2
    refused = client.post(actions[0], {"decisao": "devolver", "motivo": ""})
    assert refused.status_code == 422
    assert "Diga ao operador o que falta" in refused.words
    assert client.post(actions[0], {"decisao": "devolver", "motivo": "Falta o período."}).status_code == 303
    page = client.get(f"/requisicoes/{request_id}")
    assert "1 item marcado para devolução" in page.words
    assert client.post(f"/requisicoes/{request_id}/devolver").status_code == 303
    page = client.get(f"/requisicoes/{request_id}")
    assert "Devolvida ao operador" in page.words
    again = client.post(actions[0], {"decisao": "aceitar"})
    assert again.status_code == 409


def test_when_every_item_is_accepted_the_request_closes(app: Any, client: Any, sign_in: Any, agreement: int) -> None:
    sign_in(client, "fiscal")
    request_id = new_request(agreement, "XI")
    answer(app, request_id)
    [action] = client.get(f"/requisicoes/{request_id}").tree.xpath("//form[contains(@action,'/itens/')]/@action")
    client.post(action, {"decisao": "aceitar"})
    page = client.get(f"/requisicoes/{request_id}")
    assert "Aceita" in page.words
    assert not page.tree.xpath("//a[contains(@href,'/cancelar')]")


def test_a_proof_is_decided_on_its_own_page(app: Any, client: Any, sign_in: Any, agreement: int) -> None:
    sign_in(client, "fiscal")
    request_id = new_request(agreement, "VI")
    answer(app, request_id)
    page = client.get(f"/requisicoes/{request_id}")
    assert not page.tree.xpath("//form[contains(@action,'/itens/')]")
    [link] = page.tree.xpath("//a[contains(.,'extrato.pdf')]/@href")
    assert client.get(link).data == PDF


def test_the_term_is_extended_with_a_reason(client: Any, sign_in: Any, agreement: int) -> None:
    sign_in(client, "fiscal")
    request_id = new_request(agreement)
    path = f"/requisicoes/{request_id}/prorrogar"
    assert client.get(path).status_code == 200
    bad = client.post(path, {"due_on": "2026-03-19", "reason": "Pedido do operador."})
    assert bad.status_code == 422
    assert "posterior ao atual" in bad.words
    assert "Pedido do operador." in bad.text
    assert client.post(path, {"due_on": "2026-03-30", "reason": "Pedido do operador."}).status_code == 303
    assert "30 de março de 2026" in client.get(f"/requisicoes/{request_id}").words


@pytest.mark.parametrize(("verb", "word"), [("cancelar", "Cancelada"), ("recusa", "Recusada pelo operador")])
def test_what_ends_a_request_is_confirmed_on_its_own_page(
    client: Any, sign_in: Any, agreement: int, verb: str, word: str
) -> None:
    sign_in(client, "fiscal")
    request_id = new_request(agreement)
    path = f"/requisicoes/{request_id}/{verb}"
    assert client.get(path).status_code == 200
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "Ofício de 02/03/2026."}).status_code == 303
    page = client.get(f"/requisicoes/{request_id}")
    assert word in page.words
    late = client.post(path, {"reason": "De novo."})
    assert late.status_code == 409
    assert "De novo." in late.text


def test_a_new_link_is_mailed_and_the_message_shows_no_link(client: Any, sign_in: Any, agreement: int) -> None:
    sign_in(client, "fiscal")
    request_id = new_request(agreement)
    assert client.post(f"/requisicoes/{request_id}/novo-endereco").status_code == 303
    page = client.get(f"/requisicoes/{request_id}")
    assert "preposto@fornecedor.example" in page.words
    links = page.tree.xpath("//a[starts-with(@href,'/mensagens/')]/@href")
    message = client.get(links[-1])
    assert "[endereço pessoal do portal]" in message.text
    assert "/portal/r/" not in message.text


def test_a_message_that_was_given_up_is_said_and_may_be_sent_again(client: Any, sign_in: Any, agreement: int) -> None:
    from vendor_tracker.usecases import outbox

    class Refuses:
        def send(self, mail: Any) -> outbox.Delivery:
            return outbox.Delivery(outbox.Outcome.REFUSED, "550 5.1.1 Caixa inexistente")

    sign_in(client, "fiscal")
    new_request(agreement)
    outbox.deliver_waiting(Refuses(), worker="tests")
    page = client.get("/mensagens")
    assert "1 mensagem não pôde ser entregue, e o endereço continua com falha." in page.words
    [link] = page.tree.xpath("//tbody//a/@href")
    assert "550 5.1.1 Caixa inexistente" in client.get(link).words
    assert client.post(f"{link}/reenviar").status_code == 303
    assert "voltou à fila" in client.get(link).words


def test_the_receipt_is_shown_to_staff(app: Any, client: Any, sign_in: Any, agreement: int) -> None:
    sign_in(client, "auditor")
    request_id = new_request(agreement)
    answer(app, request_id)
    [link] = client.get(f"/requisicoes/{request_id}").tree.xpath("//a[starts-with(@href,'/recibos/')]/@href")
    page = client.get(link)
    assert "Renato Villar, preposto" in page.words
    assert "entregue no prazo" in page.words


def test_the_committee_reads_and_does_not_drive(client: Any, sign_in: Any, agreement: int) -> None:
    request_id = new_request(agreement)
    sign_in(client, "committee")
    page = client.get(f"/requisicoes/{request_id}")
    assert page.status_code == 200
    assert not page.tree.xpath("//main//form[@method='post']")
    assert client.get(f"/requisicoes/{request_id}/cancelar").status_code == 403


def test_a_protected_agreements_file_opens_only_to_who_needs_it(app: Any, client: Any, sign_in: Any, make: Any) -> None:
    operator = make.operator()
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=9))
    agreement = make.agreement(
        operator,
        recorded_at=START - timedelta(days=9),
        signed_on=date(2026, 1, 5),
        starts_on=date(2026, 1, 5),
        ends_on=date(2027, 12, 31),
        secret=True,
    )
    request_id = new_request(agreement, "VI")
    answer(app, request_id)
    sign_in(client, "procurement")
    page = client.get(f"/requisicoes/{request_id}")
    assert "Arquivo protegido (art. 5º)" in page.words
    assert "extrato.pdf" not in page.text
    assert client.get(f"/requisicoes/{request_id}/arquivos/1").status_code == 404


def test_agreements_that_nobody_answers_for_are_said_on_the_list(
    app: Any, client: Any, sign_in: Any, make: Any
) -> None:
    from vendor_tracker import scheduler

    make.agreement(
        recorded_at=START - timedelta(days=9),
        signed_on=date(2026, 1, 5),
        starts_on=date(2026, 1, 5),
        ends_on=date(2027, 12, 31),
    )
    scheduler.run_due(app)
    sign_in(client, "fiscal")
    assert "Um acordo tem requisição devida e nenhum preposto" in client.get("/requisicoes").words


def test_an_unknown_request_is_a_clear_page(client: Any, sign_in: Any) -> None:
    sign_in(client, "fiscal")
    assert client.get("/requisicoes/999").status_code == 404
    assert client.get("/recibos/2026-0001-00").status_code == 404
    assert client.get("/mensagens/999").status_code == 404
    assert client.get("/acordos/999/requisicoes/nova").status_code == 404
