"""Reading a draft, issuing it, downloading it, proposing it; and the library it comes from."""

from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select

from clause_library.catalogue import load_catalogue
from contracts.norm import ART_14
from contracts.vocabulary import INCISOS
from tests.rig import papers
from vendor_tracker import clock
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import IssuedDocument


def issue(client, agreement: int, kind: str = "anexo") -> int:
    answer = client.post(f"/acordos/{agreement}/documentos/novo?tipo={kind}")
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def test_the_draft_says_why_each_clause_is_in_and_what_is_still_missing(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "legal")
    page = client.get(f"/acordos/{agreement}/documentos/novo?tipo=anexo")
    assert page.status_code == 200
    assert load_catalogue().on(clock.today())["incident-notice"].why in page.words
    assert "Atende: inciso XI" in page.words
    assert f"/acordos/{agreement}" in page.tree.xpath("//section[@aria-labelledby='faltam']//li/a/@href")
    with db.session() as session:
        assert session.scalar(select(IssuedDocument.id)) is None


def test_issuing_leads_to_the_document_and_its_word_file_opens(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "legal")
    document = issue(client, agreement)
    page = client.get(f"/documentos/{document}")
    assert "Documento emitido." in page.words
    with db.session() as session:
        row = session.get(IssuedDocument, document)
    assert row.code in page.words
    file = client.get(f"/arquivos/{row.file_id}")
    assert Document(BytesIO(file.data)).paragraphs
    assert file.headers["Content-Disposition"].startswith("attachment")
    listed = client.get("/documentos")
    assert row.code in listed.words
    assert row.code in client.get(f"/documentos?q={row.code.lower()}").words
    assert "Nenhum documento com esses filtros" in client.get("/documentos?tipo=termo-aditivo").words


def test_the_termo_aditivo_waits_for_the_check_and_leads_to_it(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "legal")
    path = f"/acordos/{agreement}/documentos/novo?tipo=termo-aditivo"
    page = client.get(path)
    assert "não pode ser emitido agora" in page.words
    assert f"/acordos/{agreement}/instrumentos/novo" in page.tree.xpath("//main//a/@href")
    assert client.post(path).status_code == 422
    lineage = papers.signed_paper(make, agreement, {"XI": "missing"})
    page = client.get(path)
    assert page.tree.xpath("//input[@name='number']/@value") == ["1"]
    assert f"/instrumentos/{lineage}/conferencia" in page.tree.xpath("//main//a/@href")
    answer = client.post(path, {"number": "7"})
    assert answer.status_code == 303
    assert "7º Termo Aditivo" in client.get(answer.location).words
    assert client.post(path, {"number": "setenta"}).status_code == 422


def test_proposal_and_refusal_are_recorded_from_the_pages(app, client, sign_in, make):
    agreement = make.agreement()
    sign_in(client, "procurement")
    document = issue(client, agreement)
    refused = client.post(f"/documentos/{document}/proposta", {"proposed_on": "", "note": "Ofício 12"})
    assert refused.status_code == 422
    assert refused.tree.xpath("//textarea[@name='note']")[0].text.strip() == "Ofício 12"
    assert (
        client.post(f"/documentos/{document}/proposta", {"proposed_on": clock.today().isoformat()}).status_code == 303
    )
    page = client.get(f"/documentos/{document}")
    link = page.tree.xpath("//a[starts-with(@href, '/propostas/')]/@href")[0]
    assert client.get(link).status_code == 200
    assert client.post(link, {"refused_on": "amanhã"}).status_code == 422
    assert client.post(link, {"refused_on": clock.today().isoformat(), "note": "Negou as cláusulas"}).status_code == 303
    assert "recusado em" in client.get(f"/documentos/{document}").words


def test_a_document_of_a_secret_agreement_is_listed_and_not_handed_to_everybody(app, client, sign_in, make):
    agreement = make.agreement(secret=True)
    sign_in(client, "procurement")
    document = issue(client, agreement)
    page = client.get(f"/documentos/{document}")
    assert "Protegido (art. 5º da Portaria)" in page.words
    with db.session() as session:
        file_id = session.get(IssuedDocument, document).file_id
    assert client.get(f"/arquivos/{file_id}").status_code == 404
    assert "Protegido" in client.get("/documentos").words


def test_unknown_documents_are_not_found(app, client, sign_in, make):
    sign_in(client, "legal")
    for path in ("/documentos/4711", "/propostas/4711", f"/acordos/{make.agreement()}/documentos/novo?tipo=ata"):
        assert client.get(path).status_code == 404, path


def test_who_does_not_write_papers_does_not_issue_them(app, client, sign_in, make):
    sign_in(client, "committee")
    assert client.get(f"/acordos/{make.agreement()}/documentos/novo?tipo=anexo").status_code == 403
    assert client.get("/documentos").status_code == 200


def test_the_list_asks_the_same_number_of_questions_for_one_document_or_many(app, client, sign_in, make, count_queries):
    agreement = make.agreement()
    sign_in(client, "legal")
    issue(client, agreement)
    client.get("/documentos")
    with count_queries() as one:
        client.get("/documentos")
    for _ in range(4):
        issue(client, agreement)
    with count_queries() as many:
        client.get("/documentos")
    assert int(many) == int(one)


def test_the_library_has_a_clause_for_every_inciso_in_the_order_of_the_portaria(app, client, sign_in, make):
    sign_in(client, "committee")
    page = client.get("/biblioteca")
    incisos = page.tree.xpath("//section[@aria-labelledby='incisos']//tbody/tr/th/text()")
    assert list(dict.fromkeys(incisos)) == list(INCISOS)
    assert "Quando há dados sensíveis, ou não se sabe" in page.words
    assert "Quando consta que não há transferência internacional" in page.words


@pytest.mark.parametrize("clause", sorted(clause.id for clause in load_catalogue().clauses))
def test_every_clause_is_printed_in_full_with_the_law_it_serves(app, client, sign_in, make, clause):
    sign_in(client, "legal")
    page = client.get(f"/biblioteca/{clause}")
    assert page.status_code == 200
    held = load_catalogue().on(clock.today())[clause]
    assert held.why in page.words
    for inciso in held.incisos:
        assert " ".join((ART_14[inciso].text or "").split()) in page.words
    assert "{" not in page.words


def test_an_invented_clause_is_not_found(app, client, sign_in, make):
    sign_in(client, "legal")
    assert client.get("/biblioteca/inventada").status_code == 404
