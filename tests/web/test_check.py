"""A person checks a signed file beside its text: the machine proposes, the person confirms or corrects, both are kept."""

import pytest
from sqlalchemy import select

from clause_library.passages import UnreadableFileError
from contracts.vocabulary import INCISOS, Coverage
from tests.web.test_instruments import paper_form, register
from vendor_tracker.demo.signed import altered
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import CoverageReading, TrailEntry
from vendor_tracker.usecases import documents, instruments


@pytest.fixture
def filed(client, sign_in, make, reader):
    """A paper that somebody of the legal staff has just filed, and that the machine has read."""
    sign_in(client, "legal")
    return register(client, make.agreement())


def check(client, lineage: int, query: str = ""):
    page = client.get(f"/instrumentos/{lineage}/conferencia{query}")
    assert page.status_code == 200
    return page


def item(page, inciso: str):
    (found,) = page.tree.xpath(f"//article[@id='r-{inciso.lower()}']")
    return found


def words_of(node) -> str:
    return " ".join(" ".join(node.xpath(".//text()")).split())


def as_sent(page) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    sent = {}
    for node in page.tree.xpath("//form[@id='conferencia']//input | //form[@id='conferencia']//textarea"):
        if node.get("name") == "csrf_token" or (node.get("type") == "radio" and node.get("checked") is None):
            continue
        sent[node.get("name")] = (
            (node.text or "").removeprefix("\n") if node.tag == "textarea" else node.get("value", "")
        )
    return sent


def recorded() -> dict[str, tuple[Coverage, dict]]:
    with db.session() as session:
        return {row.point: (row.coverage, row.proposed) for row in session.scalars(select(CoverageReading))}


def test_the_text_stands_beside_the_points_and_each_leads_to_the_other(app, client, filed):
    page = check(client, filed)
    assert "Página 11" in page.words
    assert "12.1. Inciso VII A CONTRATADA tratará os dados pessoais segundo as instruções" in page.words
    (link,) = item(page, "VII").xpath(".//a[starts-with(@href, '#t-')]/@href")
    (chip,) = page.tree.xpath(f"//mark/a[@id='{link[1:]}']")
    assert chip.get("href") == "#r-vii"
    assert "cláusula 12.1, p. 11" in words_of(item(page, "VII"))
    assert "Confiança alta" in words_of(item(page, "VII"))
    assert page.tree.xpath("//mark[@class='some']/a[@href='#r-xi']")
    assert page.tree.xpath("//mark[@class='maybe']/a[@href='#r-ix']")


def test_the_law_stands_at_each_point(app, client, filed):
    page = check(client, filed)
    for inciso in ("I", "XII"):
        assert item(page, inciso).xpath(".//details//blockquote[@class='law']")


def test_the_form_begins_with_what_the_machine_is_sure_of_and_never_with_a_maybe(app, client, filed):
    page = check(client, filed)
    assert page.tree.xpath("//input[@type='radio'][@checked]/@id") == ["r-vii-coverage-0", "r-xi-coverage-1"]
    assert "Talvez: leia" in words_of(item(page, "IX"))
    assert "A máquina não conclui" in words_of(item(page, "IX"))
    assert item(page, "IX").xpath(".//input[@name='IX-place']/@value") == ["cláusula 12.3, p. 11"]
    assert "as 2 propostas marcadas passam a valer" in page.words


def test_confirming_one_point_records_that_one_alone(app, client, filed):
    page = check(client, filed)
    answer = client.post(f"/instrumentos/{filed}/conferencia", as_sent(page) | {"confirmar": "XI"})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/instrumentos/{filed}/conferencia#r-xi")
    assert set(recorded()) == {"XI"}
    assert recorded()["XI"][0] is Coverage.PARTIAL
    page = check(client, filed)
    assert "Confirmado por Pessoa Legal" in words_of(item(page, "XI"))
    assert item(page, "XI").xpath(".//details/summary[starts-with(., 'Rever')]")


def test_a_correction_is_kept_beside_the_proposal_and_told_in_the_history(app, client, filed):
    page = check(client, filed)
    changed = {"confirmar": "VII", "VII-coverage": "partial", "VII-missing_idea": "Não veda o uso próprio"}
    assert client.post(f"/instrumentos/{filed}/conferencia", as_sent(page) | changed).status_code == 303
    coverage, proposed = recorded()["VII"]
    assert (coverage, proposed["coverage"], proposed["source"]) == (Coverage.PARTIAL, "covered", "machine")
    assert "A máquina propôs: prevê." in words_of(item(check(client, filed), "VII"))
    page = client.get(f"/instrumentos/{filed}")
    (row,) = page.tree.xpath("//section[@aria-labelledby='leituras']//tbody/tr")
    assert "A máquina propôs: prevê." in words_of(row)
    assert "Prevê em parte" in words_of(row)


def test_what_was_typed_about_other_points_is_not_lost_when_one_is_confirmed(app, client, filed):
    page = check(client, filed)
    typed = as_sent(page) | {"confirmar": "XI", "II-coverage": "partial", "II-missing_idea": "guarda por seis meses"}
    answer = client.post(f"/instrumentos/{filed}/conferencia", typed)
    assert answer.status_code == 200
    assert set(recorded()) == {"XI"}
    assert answer.tree.xpath("//input[@name='II-missing_idea']/@value") == ["guarda por seis meses"]
    assert answer.tree.xpath("//input[@name='II-coverage'][@value='partial']/@checked")
    assert "Uma conclusão salva" in answer.words
    assert client.post(f"/instrumentos/{filed}/conferencia", typed).status_code == 200, (
        "sent again, nothing is recorded"
    )
    assert set(recorded()) == {"XI"}


def test_confirming_a_point_without_a_conclusion_is_refused_at_its_place(app, client, filed):
    page = check(client, filed)
    answer = client.post(f"/instrumentos/{filed}/conferencia", as_sent(page) | {"confirmar": "IX"})
    assert answer.status_code == 422
    assert answer.tree.xpath("//div[@role='alert']//a/@href") == ["#r-ix-coverage-0"]
    assert recorded() == {}
    for nonsense in ("possible", "covered-at-all"):
        sent = as_sent(page) | {"confirmar": "IX", "IX-coverage": nonsense}
        assert client.post(f"/instrumentos/{filed}/conferencia", sent).status_code == 422


def test_saving_the_whole_check_confirms_what_is_marked(app, client, filed):
    page = check(client, filed)
    assert client.post(f"/instrumentos/{filed}/conferencia", as_sent(page)).status_code == 303
    assert {point: coverage for point, (coverage, _) in recorded().items()} == {
        "VII": Coverage.COVERED, "XI": Coverage.PARTIAL,
    }  # fmt: skip


def test_a_failure_is_told_with_what_to_do_and_can_be_tried_again(app, client, sign_in, make, reader):
    reader.error = UnreadableFileError(
        "encrypted", "O arquivo está protegido por senha. Salve-o sem senha e envie de novo."
    )
    sign_in(client, "legal")
    lineage = register(client, make.agreement())
    for path in (f"/instrumentos/{lineage}/conferencia", f"/instrumentos/{lineage}"):
        page = client.get(path)
        assert "A máquina não leu este arquivo." in page.words
        assert "Salve-o sem senha e envie de novo." in page.words
        assert page.tree.xpath("//button[text()='Ler de novo']")
        assert not page.tree.xpath("//button[starts-with(., 'Reconhecer texto')]")
    assert len(page.tree.xpath("//section[@aria-labelledby='conclusoes']//tbody/tr")) == 17
    reader.error = None
    assert client.post(f"/instrumentos/{lineage}/leitura", {"acao": "ler"}).status_code == 303
    assert "Leitura automática: 1 inciso previsto, 1 em parte, 1 em dúvida" in check(client, lineage).words


def test_a_scan_can_be_put_in_line_for_its_letters(app, client, sign_in, make, reader, monkeypatch):
    from vendor_tracker.usecases.instruments import machine

    monkeypatch.setattr(machine, "ocr_available", lambda: True)
    reader.error = UnreadableFileError("no_text", "O arquivo é uma digitalização sem texto.")
    sign_in(client, "legal")
    lineage = register(client, make.agreement())
    page = check(client, lineage)
    assert page.tree.xpath("//button[starts-with(., 'Reconhecer texto')]")
    client.post(f"/instrumentos/{lineage}/leitura", {"acao": "ocr"})
    page = check(client, lineage)
    assert "espera o reconhecimento de texto" in page.words
    client.post(f"/instrumentos/{lineage}/leitura", {"acao": "ocr"})
    assert "não espera reconhecimento" in check(client, lineage).text


def test_who_only_registers_has_the_file_read_but_does_not_conclude(app, client, sign_in, make, reader):
    sign_in(client, "procurement")
    lineage = register(client, make.agreement())
    assert len(reader.asked) == 1
    page = client.get(f"/instrumentos/{lineage}")
    assert "Proposta: prevê em parte, cláusula 12.2, p. 11. Ninguém confirmou ainda." in page.words
    assert "Proposta: talvez: leia este trecho" in page.words
    assert client.get(f"/instrumentos/{lineage}/conferencia").status_code == 403
    assert client.post(f"/instrumentos/{lineage}/origem", {"documento": "1"}).status_code == 403
    assert client.post(f"/instrumentos/{lineage}/leitura", {"acao": "ler"}).location.endswith(
        f"/instrumentos/{lineage}"
    )
    assert len(reader.asked) == 1


def test_reading_what_is_not_there_is_a_plain_answer(app, client, sign_in, make, reader):
    sign_in(client, "legal")
    assert client.post("/instrumentos/4711/leitura", {}).status_code == 404
    assert client.post("/instrumentos/4711/origem", {"documento": "1"}).status_code == 404
    lineage = register(client, make.agreement(), arquivo="")
    client.post(f"/instrumentos/{lineage}/leitura", {})
    assert "O arquivo assinado ainda não foi enviado" in check(client, lineage).text
    client.post(f"/instrumentos/{lineage}/origem", {"documento": "x"})
    assert "Escolha um documento emitido para este acordo" in check(client, lineage).text


def test_a_corrected_record_with_a_new_file_is_read_anew(app, client, filed, reader):
    from io import BytesIO

    from tests.rig import papers

    reader.levels = {"I": Coverage.PARTIAL}
    form = paper_form(arquivo=(BytesIO(papers.pdf("outro")), "Outro.pdf"))
    assert client.post(f"/instrumentos/{filed}/editar", form).status_code == 303
    assert len(reader.asked) == 2
    assert check(client, filed).tree.xpath("//input[@type='radio'][@checked]/@id") == ["r-i-coverage-1"]


def test_showing_the_text_of_a_protected_file_leaves_a_line_in_the_trail(app, client, sign_in, make, reader):
    sign_in(client, "legal")
    lineage = register(client, make.agreement(secret=True))
    check(client, lineage)
    with db.session() as session:
        lines = session.scalars(select(TrailEntry).where(TrailEntry.act == "restricted_file_opened")).all()
    assert len(lines) == 1


def test_a_text_of_sixty_pages_stays_usable(app, client, sign_in, make, reader, monkeypatch, count_queries):
    from clause_library import passages as values

    reader.text = ("", *reader.text[1:])
    sign_in(client, "legal")
    short = register(client, make.agreement())
    with count_queries() as few:
        check(client, short)
    real = type(reader).__call__

    def long(self, data, name, **options):
        read, coverage = real(self, data, name, **options)
        more = [
            values.Passage(
                f"{page}.{place}. O contratado cumprirá o cronograma anexo. " * 4, 4 + page * 20 + place, 11 + page
            )
            for page in range(1, 60)
            for place in range(20)
        ]
        return values.ReadFile(read.name, read.sha256, read.media_type, 71, (*read.passages, *more)), coverage

    monkeypatch.setattr(type(reader), "__call__", long)
    from io import BytesIO

    from tests.rig import papers

    lineage = register(client, make.agreement(), arquivo=(BytesIO(papers.pdf("longo")), "Longo.pdf"))
    with count_queries() as many:
        page = check(client, lineage)
    assert int(many) == int(few)
    folded = page.tree.xpath("//section[@class='sheet']/details/summary")
    assert len(folded) == 59, "a page without a mark is folded"
    assert "7.3. O contratado" in page.words
    assert len(page.text) < 600_000


def test_a_very_long_text_leaves_out_what_nobody_marked_until_asked(app, client, sign_in, make, reader):
    sign_in(client, "legal")
    reader.text = (*reader.text, *(f"{number}. O cronograma segue anexo. " * 20 for number in range(1, 700)))
    reader.page = None
    lineage = register(client, make.agreement())
    page = check(client, lineage)
    assert "O arquivo é longo" in page.words
    assert "650. O cronograma" not in page.words
    (address,) = page.tree.xpath("//a[text()='Ver o texto inteiro']/@href")
    assert "650. O cronograma" in client.get(address).words


def test_the_papers_that_wait_are_listed_until_the_last_inciso_has_a_conclusion(app, client, filed, make, reader):
    page = client.get("/instrumentos")
    (row,) = page.tree.xpath("//tbody/tr")
    assert "Lido: há propostas" in words_of(row)
    assert "0 de 12" in words_of(row)
    assert row.xpath(".//a/@href") == [f"/instrumentos/{filed}/conferencia"]
    register(client, make.agreement(), arquivo="", title="Sem arquivo ainda")
    page = client.get("/instrumentos")
    assert [words_of(row).split()[0] for row in page.tree.xpath("//tbody/tr")] == ["Sem", "Contrato"]
    data = {f"{inciso}-coverage": "missing" for inciso in INCISOS}
    assert client.post(f"/instrumentos/{filed}/conferencia", data).status_code == 303
    page = client.get("/instrumentos")
    assert "Contrato de hospedagem" not in page.words
    assert page.tree.xpath("//nav//a[@aria-current='page']")[0].text == "Instrumentos a conferir"


# ----------------------------------------------------------------------------------------------------------------------
# What came back of a document of ours
# ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def returned(app, client, sign_in, make):
    """An annex of ours that came back signed with other words, read by the real reader."""
    from io import BytesIO

    actor, agreement = sign_in(client, "legal"), make.agreement()
    body, files = app.extensions["vendor_tracker.settings"].body, app.extensions["vendor_tracker.files"]
    issued = documents.issue(actor, files, body, agreement_id=agreement, kind="anexo")
    data = altered(files.read(issued.row.sha256))
    lineage = register(client, agreement, kind="anexo", title="Anexo", arquivo=(BytesIO(data), "Anexo assinado.docx"))
    return lineage, issued


def test_the_differences_stand_in_the_place_of_the_text(app, client, returned):
    lineage, issued = returned
    page = check(client, lineage)
    assert f"O arquivo traz o código de verificação de {issued.title}" in page.words
    assert "2 alteradas, 1 ausente, 1 nova" in page.words
    (clause,) = page.tree.xpath("//div[contains(@class, 'fate-altered')][.//a[@href='#r-xi']]")
    assert "48 (quarenta e oito) horas úteis" in words_of(clause.xpath(".//ins")[0])
    assert "[incluído:" in words_of(clause.xpath(".//ins")[0])
    assert "[retirado:" in words_of(clause.xpath(".//del")[0])
    assert item(page, "XI").xpath(f".//a[@href='#{clause.get('id')}']")
    assert "leia a diferença antes de concluir" in words_of(item(page, "XI"))
    (gone,) = page.tree.xpath("//div[contains(@class, 'fate-missing')]")
    assert "não está no arquivo assinado" in words_of(gone)
    (new,) = page.tree.xpath("//div[contains(@class, 'fate-new')]")
    assert "Do custo de novas exigências" in words_of(new)
    assert page.tree.xpath("//input[@name='VI-coverage'][@value='covered']/@checked")
    assert not page.tree.xpath("//input[@name='XI-coverage'][@value='covered']/@checked")


def test_the_text_can_be_seen_instead_and_another_document_chosen(app, client, returned):
    lineage, issued = returned
    page = check(client, lineage, "?ver=texto")
    assert page.tree.xpath("//section[@class='sheet']//mark")
    assert page.tree.xpath("//a[text()='Ver as diferenças']")
    page = check(client, lineage, "?documento=0")
    assert not page.tree.xpath("//section[contains(@class, 'redline')]")
    (form,) = page.tree.xpath("//form[@class='compare-with']")
    assert form.xpath(".//option/@value") == ["0", str(issued.row.id)]
    assert page.tree.xpath("//form[@id='conferencia']/@action") == [f"/instrumentos/{lineage}/conferencia?documento=0"]
    for nonsense in ("?documento=x", "?documento=99999999999", "?documento=4711"):
        check(client, lineage, nonsense)


def test_a_file_with_the_code_of_another_agreement_is_pointed_out(app, client, returned, make):
    from io import BytesIO

    _, issued = returned
    data = app.extensions["vendor_tracker.files"].read(issued.row.sha256)
    lineage = register(client, make.agreement(), arquivo=(BytesIO(data), "Anexo assinado.docx"))
    page = check(client, lineage)
    assert "O arquivo traz o código de um documento emitido para outro acordo." in page.words
    assert issued.row.code in page.words
    assert "outro acordo" not in check(client, returned[0]).words


def test_the_origin_is_put_on_record_by_a_person(app, client, returned):
    lineage, issued = returned
    page = check(client, lineage)
    (form,) = page.tree.xpath("//form[contains(@action, '/origem')]")
    assert form.xpath(".//input[@name='documento']/@value") == [str(issued.row.id)]
    assert client.post(f"/instrumentos/{lineage}/origem", {"documento": str(issued.row.id)}).status_code == 303
    page = check(client, lineage)
    assert not page.tree.xpath("//form[contains(@action, '/origem')]")
    assert f"Assinado a partir de {issued.title}" in page.words


def test_what_the_comparison_proposed_is_kept(app, client, returned):
    lineage, _ = returned
    page = check(client, lineage)
    client.post(f"/instrumentos/{lineage}/conferencia", as_sent(page) | {"confirmar": "VI"})
    coverage, proposed = recorded()["VI"]
    assert (coverage, proposed["source"], proposed["coverage"]) == (Coverage.COVERED, "redline", "covered")


# ----------------------------------------------------------------------------------------------------------------------
# The page about the reader
# ----------------------------------------------------------------------------------------------------------------------


def test_the_page_about_the_reader_counts_what_people_corrected(app, client, filed):
    page = client.get("/biblioteca/leitura")
    assert "Ninguém conferiu ainda uma proposta da máquina" in page.words
    page = check(client, filed)
    sent = as_sent(page) | {"VII-coverage": "missing", "IX-coverage": "missing"}
    assert client.post(f"/instrumentos/{filed}/conferencia", sent).status_code == 303
    page = client.get("/biblioteca/leitura")
    assert "Das propostas que concluíam, 1 de 2 (50%) foram confirmadas; 1 foi corrigida." in page.words
    assert "Em 1 caso a máquina só disse “talvez”." in page.words
    rows = {row.xpath("string(./th)"): row.xpath("./td[@class='num']/text()") for row in page.tree.xpath("//tbody/tr")}
    assert rows["VII"] == ["0", "0", "1", "0"]
    assert rows["XI"] == ["1", "0", "0", "0"]
    assert rows["IX"] == ["0", "0", "0", "1"]
    assert instruments.reader_page().reader in page.text
