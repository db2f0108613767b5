"""Legal staff write a new version of a clause, a second person approves it, and the pages tell who has an older text."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from clause_library.catalogue import load_catalogue
from clause_library.editions import as_text
from tests.rig.app import Inspector
from tests.rig.clauses import approved_text, as_typed, signed_annex, submitted_text
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import ClauseEdition
from vendor_tracker.usecases.judging import evaluate_register
from vendor_tracker.wording.filters import day as in_figures

PAGE = "/biblioteca/audits/nova-versao"


@pytest.fixture
def files(tmp_path) -> FileStore:
    return FileStore(tmp_path / "data" / "files")


def filled(client, **changes):
    """Return the fields of the page as its form would send them, with changes."""
    form = client.get(PAGE).tree.xpath("//form[@data-preview]")[0]
    fields = {
        "revision": form.fields["revision"],
        "title": form.fields["title"],
        "body": form.fields["body"],
        "incisos": [box.get("value") for box in form.xpath(".//input[@name='incisos'][@checked]")],
        "formalities": [box.get("value") for box in form.xpath(".//input[@name='formalities'][@checked]")],
        "applies": form.fields["applies"],
        "why": form.fields["why"],
        "reason": "Diz quem recebe o relatório.",
        "since": form.fields["since"],
    }
    return {**fields, **changes}


def submitted(client, **changes) -> int:
    data = filled(client, **changes)
    if "10." not in data["body"]:
        data["body"] += "\n\n10. O relatório é entregue ao {orgao.sigla}.\n"
    answer = client.post(PAGE, {**data, "acao": "enviar"})
    assert answer.status_code == 303, answer.words
    return int(answer.location.rsplit("/", 1)[1])


@pytest.fixture
def another(app, sign_in):
    """A function that signs somebody else in, at another machine."""

    def enter(role: str = "legal") -> Inspector:
        client = Inspector(app)
        sign_in(client, role)
        return client

    return enter


def revision_of(page) -> str:
    return page.tree.xpath("//input[@name='revision']/@value")[0]


def test_the_page_begins_with_the_text_in_force_and_what_it_serves(app, client, sign_in):
    sign_in(client, "legal")
    data = filled(client)
    held = load_catalogue().versions_of("audits")[0]
    assert data["body"].strip() == as_text(held).strip()
    assert data["incisos"] == ["IX"]
    assert data["since"] == clock.today().isoformat()
    page = client.get(PAGE)
    assert "Nada mudou em relação à versão anterior." in page.words
    assert "{parametro.plano_correcao_dias}" in page.words


def test_the_preview_is_filled_in_and_compared_without_keeping_anything(app, client, sign_in, make):
    make.agreement(number="00077/2026")
    sign_in(client, "legal")
    data = filled(client)
    body = data["body"].replace("pode ser presencial ou remota", "pode ser presencial")
    page = client.post(PAGE, {**data, "body": body, "acao": "previa", "words": "00077/2026"})
    assert page.status_code == 200
    assert "ou remota" in " ".join(page.tree.xpath("//div[@id='previa']//del//text()"))
    assert "Contrato 00077/2026" in page.words
    assert page.tree.xpath("//textarea[@name='body']")[0].text_content().strip() == body.strip()
    with db.session() as session:
        assert session.scalar(select(func.count(ClauseEdition.id))) == 0


def test_a_preview_of_a_text_with_a_slip_says_where_and_what_to_write(app, client, sign_in):
    sign_in(client, "legal")
    page = client.post(PAGE, {**filled(client), "body": "1. Um.\n3. Três.", "acao": "previa", "words": "nenhum assim"})
    assert page.status_code == 200
    assert "A numeração saiu da ordem em “3. Três.”: aqui se esperava “2.”." in page.words
    assert "Nenhum acordo encontrado com “nenhum assim”" in page.words


def test_a_draft_is_kept_and_found_again(app, client, sign_in):
    sign_in(client, "legal")
    answer = client.post(PAGE, {**filled(client), "title": "Das auditorias", "acao": "salvar"})
    assert answer.status_code == 303
    assert filled(client)["title"] == "Das auditorias"
    assert "Continuar rascunho" in client.get("/biblioteca/audits").words
    listed = client.get("/biblioteca/edicoes?situacao=draft")
    assert "Das auditorias" in listed.words
    assert "Nenhuma versão nesta situação" in client.get("/biblioteca/edicoes?situacao=approved").words


def test_what_somebody_else_saved_meanwhile_is_not_overwritten_and_what_was_typed_stays(app, client, sign_in):
    sign_in(client, "legal")
    mine = filled(client, title="Minha versão")
    assert client.post(PAGE, {**filled(client), "title": "A de outra pessoa", "acao": "salvar"}).status_code == 303
    page = client.post(PAGE, {**mine, "acao": "salvar"})
    assert page.status_code == 409
    assert "Outra pessoa mudou esta versão enquanto você escrevia." in page.words
    assert page.tree.xpath("//input[@name='title']/@value") == ["Minha versão"]
    assert filled(client)["title"] == "A de outra pessoa"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Informe o título."),
        ({"body": ""}, "Escreva o texto da cláusula."),
        ({"since": "31/02/2027"}, "Informe um dia que exista"),
        ({"since": ""}, "Informe o dia a partir do qual a versão vale."),
        ({"since": "2025-11-03"}, "o que foi emitido e avaliado até ontem usou o texto de então"),
        ({"reason": ""}, "Explique o motivo da mudança"),
        ({"incisos": []}, "o inciso IX teria nenhuma"),
        ({"applies": "children"}, "entra sempre"),
        ({"applies": "às vezes"}, "Escolha na lista quando a cláusula entra."),
        ({}, "O texto é igual ao da versão anterior"),
    ],
)
def test_what_is_sent_must_be_whole_and_nothing_is_kept_otherwise(app, client, sign_in, changes, sentence):
    sign_in(client, "legal")
    page = client.post(PAGE, {**filled(client, **changes), "acao": "enviar"})
    assert page.status_code == 422
    assert sentence in page.words
    with db.session() as session:
        assert session.scalar(select(func.count(ClauseEdition.id))) == 0


def test_who_wrote_a_version_does_not_approve_it_and_a_second_person_does(app, client, sign_in, another):
    sign_in(client, "legal")
    lineage = submitted(client)
    page = client.get(f"/biblioteca/edicoes/{lineage}")
    assert "Você escreveu esta versão. Quem aprova é outra pessoa do jurídico." in page.words
    data = {"revision": revision_of(page), "since": clock.today().isoformat()}
    refused = client.post(f"/biblioteca/edicoes/{lineage}/aprovacao", data)
    assert refused.status_code == 422
    assert "Quem escreveu a versão não a aprova." in refused.words
    assert client.get(PAGE).status_code == 303, "a version that waits for approval is not written on"
    client = another()
    page = client.get(f"/biblioteca/edicoes/{lineage}")
    assert "Aprovar versão" in page.words
    assert "O relatório é entregue ao" in " ".join(page.tree.xpath("//ins//text()"))
    answer = client.post(f"/biblioteca/edicoes/{lineage}/aprovacao", data)
    assert answer.status_code == 303
    clause = client.get("/biblioteca/audits")
    assert "O relatório é entregue ao" in clause.words
    assert f"2, desde {in_figures(clock.today())}" in clause.words
    compared = client.get("/biblioteca/audits/comparar?de=1&ate=2")
    assert "O relatório é entregue ao" in " ".join(compared.tree.xpath("//ins//text()"))
    assert client.post(f"/biblioteca/edicoes/{lineage}/aprovacao", data).status_code == 409


@pytest.mark.parametrize("role", ["procurement", "fiscal", "encarregado", "committee", "auditor", "admin"])
def test_only_legal_staff_approve_and_everybody_reads(app, client, sign_in, another, role):
    sign_in(client, "legal")
    lineage = submitted(client)
    client = another(role)
    page = client.get(f"/biblioteca/edicoes/{lineage}")
    assert page.status_code == 200
    assert "Só uma pessoa do jurídico aprova a versão de uma cláusula." in page.words
    data = {"revision": revision_of(page) if role == "admin" else "1", "since": "2030-01-01"}
    answer = client.post(f"/biblioteca/edicoes/{lineage}/aprovacao", data)
    assert answer.status_code == (422 if role == "admin" else 403)
    assert (client.get(PAGE).status_code == 403) is (role != "admin")


def test_a_version_given_back_says_why_and_may_be_sent_again(app, client, sign_in, another):
    sign_in(client, "legal")
    lineage = submitted(client)
    client = another()
    page = client.get(f"/biblioteca/edicoes/{lineage}")
    path = f"/biblioteca/edicoes/{lineage}/devolucao"
    assert client.post(path, {"revision": revision_of(page), "reason": ""}).status_code == 422
    assert client.post(path, {"revision": revision_of(page), "reason": "Falta o prazo."}).status_code == 303
    assert "Falta o prazo." in client.get(PAGE).words
    assert submitted(client) == lineage
    assert "Devolveu" in client.get(f"/biblioteca/edicoes/{lineage}").words


def test_a_version_is_withdrawn_until_it_holds_and_not_after(app, client, sign_in, another):
    sign_in(client, "legal")
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    lineage = submitted(client, since=tomorrow)
    client = another()
    page = client.get(f"/biblioteca/edicoes/{lineage}")
    approval = {"revision": revision_of(page), "since": tomorrow}
    assert client.post(f"/biblioteca/edicoes/{lineage}/aprovacao", approval).status_code == 303
    page = client.get(f"/biblioteca/edicoes/{lineage}")
    assert "Aprovada, programada." in page.words
    assert "Programada" in client.get("/biblioteca/audits").words
    data = {"revision": revision_of(page), "reason": "O colegiado pediu mais tempo."}
    assert client.post(f"/biblioteca/edicoes/{lineage}/retirada", data).status_code == 303
    assert "O colegiado pediu mais tempo." in client.get(f"/biblioteca/edicoes/{lineage}").words
    assert "Programada" not in client.get("/biblioteca/audits").words


def test_every_act_needs_the_token_of_the_form(app, client, sign_in):
    sign_in(client, "legal")
    lineage = submitted(client)
    for path in (PAGE, *(f"/biblioteca/edicoes/{lineage}/{act}" for act in ("aprovacao", "devolucao", "retirada"))):
        assert client.post(path, {"reason": "x"}, token=False).status_code == 400


def test_the_pages_tell_which_agreements_carry_an_older_text_and_what_changed(app, client, sign_in, make, files):
    author, approver = make.user("legal"), make.user("legal")
    signed = signed_annex(make, files, number="00031/2026")
    unsigned = make.agreement(number="00032/2026")
    sign_in(client, "legal")
    assert "Nenhum texto mudou ainda" in client.get("/biblioteca/desatualizados").words
    client.post(f"/acordos/{unsigned}/documentos/novo?tipo=anexo")
    evaluate_register()
    approved_text(author, approver, "audits", since=clock.today())
    page = client.get("/biblioteca/desatualizados")
    assert "Contrato 00031/2026" in page.words
    assert "Contrato 00032/2026" in page.words
    assert "da versão 1 (20/10/2025) à 2" in page.words
    assert "Este item é novo." in " ".join(page.tree.xpath("//ins//text()"))
    assert f"/acordos/{signed}/documentos/novo?tipo=termo-aditivo" in page.tree.xpath("//main//a/@href")
    assert f"/acordos/{unsigned}/documentos/novo?tipo=anexo" in page.tree.xpath("//main//a/@href")
    only = client.get("/biblioteca/desatualizados?clausula=audits&assinatura=assinado&q=00031")
    assert "Contrato 00031/2026" in only.words
    assert "Contrato 00032/2026" not in only.words
    assert "Nenhum acordo com esses filtros" in client.get("/biblioteca/desatualizados?q=nada+disso").words
    assert client.get("/biblioteca/desatualizados?clausula=inventada").status_code == 404
    assert "texto anterior" in client.get(f"/acordos/{signed}").words
    assert "2 acordos trazem texto anterior desta cláusula." in client.get("/biblioteca/audits").words
    draft = client.get(f"/acordos/{signed}/documentos/novo?tipo=termo-aditivo")
    assert "O Instrumento traz um texto anterior" in draft.words


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(
    app, client, sign_in, make, files, count_queries
):
    author, approver = make.user("legal"), make.user("legal")
    signed_annex(make, files)
    approved_text(author, approver, "audits", since=clock.today())
    sign_in(client, "legal")
    client.get("/biblioteca/desatualizados")
    with count_queries() as one:
        client.get("/biblioteca/desatualizados")
    for _ in range(3):
        older = signed_annex(make, files, before=True)
        assert older
    with count_queries() as many:
        page = client.get("/biblioteca/desatualizados")
    assert page.words.count("Gerar termo aditivo") == 4
    assert int(many) == int(one)


def test_what_does_not_exist_is_not_found(app, client, sign_in):
    sign_in(client, "legal")
    for path in (
        "/biblioteca/inventada/nova-versao",
        "/biblioteca/edicoes/99",
        "/biblioteca/inventada/comparar",
        "/biblioteca/audits/comparar?de=1&ate=9",
    ):
        assert client.get(path).status_code == 404, path


def test_the_comparison_defaults_to_the_last_two_versions(app, client, sign_in, make):
    approved_text(make.user("legal"), make.user("legal"), "audits", since=clock.today())
    sign_in(client, "auditor")
    assert "da versão 1 à versão 2" in client.get("/biblioteca/audits/comparar").tree.findtext(".//h1")


def test_as_typed_begins_with_the_text_in_force():
    assert as_typed("audits").title == load_catalogue().versions_of("audits")[-1].title


def test_the_painel_tells_the_second_person_and_not_the_author(app, client, sign_in, another, make):
    make.agreement()
    evaluate_register()
    author = sign_in(client, "legal")
    submitted_text(author, "audits", since=clock.today())
    assert "Aprovar a nova versão da cláusula" not in client.get("/painel").words
    page = another().get("/painel")
    assert "Aprovar a nova versão da cláusula “Das auditorias e inspeções”" in page.words
    assert "/biblioteca/edicoes/1" in page.tree.xpath("//main//a/@href")
    assert "Aprovar a nova versão da cláusula" not in another("procurement").get("/painel").words
