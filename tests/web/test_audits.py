"""An audit on the pages: from the plan to the conclusion, and what the operator is sent."""

from datetime import date, timedelta
from io import BytesIO

from tests.rig import papers
from vendor_tracker import clock
from vendor_tracker.store.base import db
from vendor_tracker.usecases import requesting

TODAY = clock.today()


def day(ahead: int) -> str:
    return (TODAY + timedelta(days=ahead)).isoformat()


def working(ahead: int) -> str:
    """A working day at least so many days from today."""
    from vendor_tracker.usecases.judging import workdays_of
    from vendor_tracker.usecases.work import look

    with look() as session:
        return workdays_of(session).next_working(TODAY + timedelta(days=ahead)).isoformat()


def reachable(make) -> int:
    operator = make.operator()
    make.contact(operator)
    return make.agreement(operator)


def location(answer) -> str:
    assert answer.status_code == 303, answer.words
    return answer.headers["Location"].partition("#")[0]


def test_an_audit_is_planned_told_checked_found_wanting_followed_and_concluded(app, client, sign_in, make):
    agreement = reachable(make)
    sign_in(client, "auditor")
    plan = {"title": "Controle de acessos", "planned_on": day(20), "incisos": "VIII", "mode": "on_site",
            "auditor": "Serrana Auditores", "period_from": day(-300), "period_until": day(-10)}  # fmt: skip
    audit = location(client.post(f"/acordos/{agreement}/fatos/auditoria/novo", plan))
    page = client.get(audit)
    assert "Auditor independente: Serrana Auditores" in page.words
    assert client.get("/auditorias").tree.xpath(f"//a[@href='{audit}']")
    # The notice.
    page = client.get(f"{audit}/aviso")
    assert "parâmetro administrativo" in page.words
    posted = {"due_on": working(5), "incisos": ["VIII"]}
    assert location(client.post(f"{audit}/aviso", posted)) == audit
    assert client.post(f"{audit}/aviso", posted).status_code == 409
    assert "À espera de envio a preposto@fornecedor.example" in client.get(audit).words
    # The checklist.
    location(client.post(f"{audit}/roteiro"))
    page = client.get(audit)
    items = page.tree.xpath("//section[@aria-labelledby='roteiro']//td/a/@href")
    assert len(items) > 4
    location(client.post(f"{audit}/roteiro/novo", {"inciso": "VIII", "text": "As chaves da sala têm dono."}))
    own = client.get(audit).tree.xpath("//a[text()='As chaves da sala têm dono.']/@href")[0]
    location(client.post(own, {"acao": "retirar"}))
    assert "1 item retirado do roteiro" in client.get(audit).words
    refused = client.post(items[0], {"result": "nonconforming", "note": " ", "text": "O mesmo."})
    assert refused.status_code == 422
    assert refused.tree.xpath("//div[@role='alert']//a/@href") == ["#note"]
    upload = {"arquivo": (BytesIO(papers.pdf()), "relacao.pdf")}
    answer = {"result": "nonconforming", "note": "Três acessos de quem saiu.", "text": "O acesso acompanha a função."}
    following = location(client.post(items[0], {**answer, **upload, "acao": "seguinte"}))
    assert following == items[1]
    for item in items[1:]:
        text = client.get(item).tree.xpath("string(//textarea[@name='text'])").strip()
        location(client.post(item, {"result": "conforming", "text": text, "acao": "salvar"}))
    page = client.get(audit)
    assert "relacao.pdf" in page.words
    assert f"{len(items)} de {len(items)} itens anotados" in page.words
    # What it found.
    location(client.post(f"{audit}/realizada", {"on": day(0)}))
    finding = {"severity": "medium", "description": "Acessos de quem saiu", "correction": "Retirar os acessos",
               "owner": "Otávio Lemos, gerente"}  # fmt: skip
    page = client.get(f"{items[0]}/achado")
    assert "parâmetro administrativo" in page.words
    assert client.post(f"{items[0]}/achado", {**finding, "severity": ""}).status_code == 422
    assert location(client.post(f"{items[0]}/achado", finding)) == audit
    page = client.get(audit)
    assert "gravidade média" in page.words
    assert "1 ação corretiva ainda não foi requisitada" in page.words
    location(client.post(f"{audit}/requisitar-correcoes"))
    [action] = client.get(audit).tree.xpath("//section[@aria-labelledby='achados']//th/a/@href")
    assert "Requisições ao operador" in client.get(action).words
    verify = client.get(audit).tree.xpath("//a[contains(@href, '/conferir')]/@href")[0]
    seen = {"mended": "sim", "on": day(0), "how": "Conferido na relação de acessos."}
    assert client.post(verify, seen).status_code == 409, "what a request still asks is decided there"
    [asked] = client.get(action).tree.xpath("//section[@aria-labelledby='requisicoes']//th/a/@href")
    page = client.get(f"{asked}/cancelar")
    assert "As ações corretivas continuam exigidas" in page.words
    location(client.post(f"{asked}/cancelar", {"reason": "A correção foi vista no local."}))
    assert client.post(verify, {"mended": "nao", "how": "Nada foi feito."}).status_code == 422
    location(client.post(verify, {"mended": "sim", "on": day(0), "how": "Conferido na relação de acessos."}))
    assert "Conferida por Pessoa Auditor" in client.get(audit).words
    # The end.
    location(client.post(f"{audit}/concluir", {"on": day(0), "conclusion": "Acessos corrigidos."}))
    page = client.get(audit)
    assert "Acessos corrigidos." in page.words
    assert not page.tree.xpath("//section[@aria-labelledby='roteiro']//td/a"), "what was concluded is not changed"
    assert client.post(items[0], answer).status_code == 409


def test_a_committee_member_reads_an_audit_and_finds_no_button(app, client, sign_in, make):
    sign_in(client, "auditor")
    audit = location(
        client.post(f"/acordos/{reachable(make)}/fatos/auditoria/novo", {"title": "Visita", "planned_on": day(20)})
    )
    client.post("/sair")
    sign_in(client, "committee")
    page = client.get(audit)
    assert page.status_code == 200
    assert not page.tree.xpath("//main//form | //main//a[contains(@class, 'btn')]")
    assert client.post(f"{audit}/roteiro").status_code == 403


def test_an_instruction_is_sent_and_shows_the_request_that_carries_it(app, client, sign_in, make):
    agreement = reachable(make)
    sign_in(client, "fiscal")
    path = f"/acordos/{agreement}/instrucoes/nova"
    assert "parâmetro administrativo" in client.get(path).words
    assert client.post(path, {"text": "  "}).status_code == 422
    shown = location(client.post(path, {"text": "Suspender o envio por e-mail.", "due_on": working(12)}))
    page = client.get(shown)
    [link] = page.tree.xpath("//section[@aria-labelledby='requisicoes']//th/a/@href")
    request = client.get(link)
    assert "Ciência da instrução" in request.words
    assert "Comprovação do cumprimento" in request.words
    [line] = requesting.requests_page().lines
    assert line.head.agreement_id == agreement


def test_a_plea_for_help_shows_both_clocks_and_the_court_extends_its_own_once(app, client, sign_in, make):
    agreement = reachable(make)
    sign_in(client, "encarregado")
    path = f"/acordos/{agreement}/auxilios/novo"
    posted = {"requester": "data_subject", "subject": "Acesso, protocolo 7", "question": "Envie o que trata.",
              "protocol_on": day(-1)}  # fmt: skip
    assert client.post(path, {**posted, "protocol_on": ""}).status_code == 422
    shown = location(client.post(path, posted))
    page = client.get(shown)
    assert "Os dois prazos" in page.words
    assert "por igual período" in page.words, "art. 11 is quoted"
    extend = page.tree.xpath("//a[contains(@href, '/prorrogar')]/@href")[0]
    assert client.post(extend, {"reason": " "}).status_code == 422
    location(client.post(extend, {"reason": "Dados em três sistemas."}))
    page = client.get(shown)
    assert "Dados em três sistemas." in page.words
    assert not page.tree.xpath("//a[contains(@href, '/prorrogar')]")
    assert "já foi prorrogado" in client.get(extend).words
    with db.session() as session:
        from vendor_tracker.store import conduct as store

        row = store.current_fact(session, "assistance", int(shown.rpartition("/")[2]))
    assert row.extended_on == TODAY
    assert isinstance(row.due_on, date)
