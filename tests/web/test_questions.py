"""Legal staff write what operators are asked, a second person approves it; and a request goes to a whole list."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.vocabulary import INCISOS
from tests.rig.app import Inspector
from vendor_tracker import clock
from vendor_tracker.usecases.judging import evaluate_register
from vendor_tracker.usecases.requesting import many

LIST = "/requisicoes/modelos"
PAGE = f"{LIST}/inciso.VI/nova-versao"


@pytest.fixture
def another(app: Any, sign_in: Any) -> Any:
    """A function that signs somebody else in, at another machine."""

    def enter(role: str = "legal") -> Inspector:
        client = Inspector(app)
        sign_in(client, role)
        return client

    return enter


def typed(client: Any, path: str = PAGE, **changes: str) -> dict[str, Any]:
    """Return the fields of the page as its form would send them, with changes."""
    form = client.get(path).tree.xpath("//form[@data-preview]")[0]
    fields = {
        name: value
        for name, value in form.fields.items()
        if name in {"revision", "title", "question", "help", "since", "inciso"} and value is not None
    }
    fields["wants_file"] = "y"
    return {**fields, "reason": "Vinha sem data.", **changes}


def filled(page: Any) -> dict[str, str]:
    """Return what the form of the second step carries."""
    [form] = page.tree.xpath("//main//form[@data-once]")
    return {
        element.get("name"): element.text or "" if element.tag == "textarea" else element.get("value") or ""
        for element in form.xpath(".//input[not(@type='checkbox') or @checked] | .//textarea")
        if element.get("name") not in {None, "csrf_token"}
    }


def test_the_list_quotes_each_inciso_and_leads_to_each_item(client: Any, sign_in: Any) -> None:
    sign_in(client, "auditor")
    page = client.get(LIST)
    assert len(page.tree.xpath("//blockquote[contains(@class, 'law')]")) == len(INCISOS)
    links = page.tree.xpath("//main//th/a/@href")
    assert {f"{LIST}/inciso.{inciso}" for inciso in INCISOS} <= set(links)
    assert f"{LIST}/evidence.insurance" in links
    assert "Escrever novo item" not in page.words, "who audits writes nothing"
    shown = client.get(f"{LIST}/evidence.audit_report")
    assert "incisos V e IX do art. 14" in shown.words
    assert client.get(f"{LIST}/evidence.nada").status_code == 404


def test_a_question_is_written_seen_as_the_operator_sees_it_compared_sent_and_approved_by_another(
    client: Any, sign_in: Any, another: Any, make: Any
) -> None:
    make.agreement()
    evaluate_register()
    sign_in(client, "legal")
    changed = typed(client, question="Envie ao {body} o extrato assinado e datado.", help="Oculte nomes.")
    preview = client.post(PAGE, {**changed, "acao": "previa"})
    assert preview.status_code == 200
    [item] = preview.tree.xpath("//article[contains(@class, 'read')]")
    assert "Envie ao CNJ o extrato assinado e datado." in item.text_content()
    assert "Oculte nomes." in item.text_content()
    assert preview.tree.xpath("//ins[contains(., 'assinado')]")
    wrong = client.post(PAGE, {**changed, "question": "Envie {tudo}.", "acao": "enviar"})
    assert wrong.status_code == 422
    assert "O único campo" in wrong.tree.xpath("string(//p[@id='question-erro'])")
    sent = client.post(PAGE, {**changed, "acao": "enviar"})
    assert sent.status_code == 303
    own = client.get(sent.location)
    assert "Você escreveu esta versão" in own.words
    second = another("legal")
    waiting = second.get("/painel")
    assert "Aprovar a nova versão do item “Registros das operações de tratamento”" in waiting.words
    page = second.get(sent.location)
    revision = page.tree.xpath("//input[@name='revision']/@value")[0]
    day = clock.today().isoformat()
    done = second.post(f"{sent.location}/aprovacao", {"revision": revision, "since": day})
    assert done.status_code == 303
    listed = client.get(LIST)
    assert "Envie ao CNJ o extrato assinado e datado." in listed.words
    compared = client.get(f"{LIST}/inciso.VI/comparar")
    assert compared.tree.xpath("//ins")
    asking = another("fiscal").get(f"{LIST}/inciso.VI")
    assert "2, desde" in asking.words


def test_an_item_of_the_bodys_own_is_offered_under_its_inciso_once_it_holds(
    client: Any, sign_in: Any, another: Any, make: Any
) -> None:
    sign_in(client, "legal")
    fields = typed(client, f"{LIST}/novo?inciso=X", title="Plantão de titulares", question="Informe o plantão.")
    assert fields["inciso"] == "X"
    fields["since"] = clock.today().isoformat()
    sent = client.post(f"{LIST}/novo", {**fields, "acao": "enviar"})
    assert sent.status_code == 303, sent.words
    agreement = make.agreement()
    fiscal = another("fiscal")
    form = f"/acordos/{agreement}/requisicoes/nova"
    assert "Plantão de titulares" not in fiscal.get(form).words
    assert "a aprovar" in client.get(LIST).words
    second = another("legal")
    revision = second.get(sent.location).tree.xpath("//input[@name='revision']/@value")[0]
    second.post(f"{sent.location}/aprovacao", {"revision": revision, "since": fields["since"]})
    assert "X:extra.plantao-de-titulares" in fiscal.get(form).tree.xpath("//input[@name='item']/@value")


def test_a_whole_list_is_asked_once_seen_before_and_reported_after(client: Any, sign_in: Any, make: Any) -> None:
    operator = make.operator("Voz Clara Ltda.")
    make.contact(operator, since=date(2026, 1, 1))
    for number in ("00001/2026", "00002/2026"):
        make.agreement(operator, number=number, object="Teleatendimento ao público")
    make.agreement()
    sign_in(client, "encarregado")
    [link] = client.get("/acordos?texto=teleatendimento").tree.xpath("//a[.='Requisitar a todos desta lista']/@href")
    page = client.get(link)
    assert "2 acordos na lista" in page.words.lower()
    due = page.tree.xpath("//input[@name='due_on']/@value")[0]
    chosen = {"item": ["VI:inciso.VI"], "kind": "information", "due_on": due, "reason": "Levantamento."}
    nothing = client.post(link, {**chosen, "item": [], "acao": "conferir"})
    assert nothing.status_code == 422
    assert "ao menos um item" in nothing.words
    confirmed = client.post(link, {**chosen, "acao": "conferir"})
    assert "2 requisições de 2 acordos" in confirmed.words
    assert "Prezado(a) Renato Villar" in confirmed.text
    sent = [client.post(link, {**filled(confirmed), "acao": "enviar"}) for _ in range(2)]
    assert {each.status_code for each in sent} == {303}
    assert len({each.location for each in sent}) == 1, "pressed twice, it is asked once"
    assert "0 de 2 acordos" in client.get(sent[0].location).words
    many.work_through(worker="ensaio")
    report = client.get(sent[0].location)
    assert "Concluído" in report.words
    assert len(report.tree.xpath("//td/a[starts-with(@href, '/requisicoes/')]")) == 2
    opened = client.get(report.tree.xpath("//td/a[starts-with(@href, '/requisicoes/')]/@href")[0])
    assert opened.tree.xpath("//dd/a/@href[. = $list]", list=sent[0].location)
    assert "Lote" in client.get("/requisicoes/lotes").words
    of_operator = client.get(f"/requisicoes/lotes/nova?operador={operator}")
    assert "Acordos com o operador Voz Clara Ltda." in of_operator.words
    late = client.post(link, {**chosen, "due_on": (clock.today() - timedelta(days=1)).isoformat(), "acao": "conferir"})
    assert "depois de hoje" in late.tree.xpath("string(//p[@id='due_on-erro'])")
