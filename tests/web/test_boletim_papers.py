"""The boletim as files: what the PDF and the workbook of an agreement and of an operator say, and that they hold."""

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
import time_machine

from contracts.vocabulary import INCISOS, Verdict
from tests.rig.judged import NOON, moment
from vendor_tracker.reports import boletim_paper, typesetting
from vendor_tracker.reports.boletim_book import VERDICT_SIGNS
from vendor_tracker.wording.labels import label


@pytest.fixture(autouse=True)
def _fixed_day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def agreements(make, records):
    """Two agreements of one operator whose name would be a formula; the first has a breach and an open request."""
    operator_id = make.operator("=1+1 Teleatendimento #x $y$ Ltda.")
    worst = make.agreement(operator_id, recorded_at=moment("2026-02-01"), number="00017/2025", system_access=True)
    records.instrument(worst, covers={"III": "partial", "X": "missing"})
    records.evidence(worst, operator_id)
    records.request(worst, due="2026-06-20", inciso="II", sequence=151)
    records.action(worst, due="2026-06-14")
    records.judge(worst, cause="Ação corretiva vencida")
    other = make.agreement(operator_id, recorded_at=moment("2026-03-01"), number="00018/2025")
    records.judge(other)
    return operator_id, worst, other


def words(text: str) -> str:
    return " ".join(text.replace("\u200b", "").replace("\u00a0", " ").replace("\u00ad", "").split())


def read(data: bytes) -> tuple[Any, str]:
    pdf = pypdf.PdfReader(io.BytesIO(data))
    return pdf, words(" ".join(page.extract_text() for page in pdf.pages))


def test_the_pdf_of_an_agreement_is_tagged_says_what_the_page_says_and_is_the_same_each_time(
    client, sign_in, agreements
):
    sign_in(client, "encarregado")
    page = client.get(f"/acordos/{agreements[1]}/boletim")
    links = {link.text_content(): link.get("href") for link in page.tree.xpath("//a[contains(@href,'boletim.')]")}
    made = client.get(links["PDF deste acordo"])
    assert (made.status_code, made.content_type) == (200, "application/pdf")
    assert "00017-2025-2026-06-15.pdf" in made.headers["Content-Disposition"]
    assert client.get(links["PDF deste acordo"]).data == made.data
    pdf, said = read(made.data)
    root = pdf.trailer["/Root"]
    assert pdf.metadata.title == "Boletim de =1+1 Teleatendimento #x $y$ Ltda., Contrato 00017/2025, em 15/06/2026"
    assert root["/Lang"] == "pt-BR"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    articles = page.tree.xpath("//article[@class='obligation']")
    for article in articles:
        assert words(article.xpath(".//h3")[0].text_content()).split(None, 1)[-1][:20] in said
    for heading in ("O que cabe ao operador", "O que cabe ao órgão", "Formalidades do art. 6º", "Pessoas autorizadas"):
        assert heading in said
    assert "Concluir a ação corretiva" in said
    assert "Venceu ontem" in said or "Vencida ontem" in said or "14/06/2026" in said
    assert "2026/0151" in said
    score = page.tree.xpath("//*[@id='conta']")[0].text_content()
    assert words(score) in said
    # From the second page on, each says whose boletim it is.
    assert "boletim em 15/06/2026" in words(pdf.pages[1].extract_text())
    assert f"Página 2 de {len(pdf.pages)}" in words(pdf.pages[1].extract_text())


def test_the_boletim_of_an_operator_has_each_of_its_agreements_and_a_past_day_only_what_was_known(
    client, sign_in, agreements
):
    sign_in(client, "encarregado")
    operator_id, worst, _ = agreements
    _, said = read(client.get(f"/operadores/{operator_id}/boletim.pdf").data)
    assert said.index("Contrato 00017/2025") < said.index("Contrato 00018/2025")
    # The second agreement was recorded in March: on a day of February nobody knew of it.
    past = client.get(f"/operadores/{operator_id}/boletim.pdf?em=2026-02-15")
    _, then = read(past.data)
    assert "Como se sabia nesse dia" in then
    assert "00018/2025" not in then
    assert "Concluir a ação corretiva" not in then
    assert client.get(f"/acordos/{worst}/boletim.pdf?em=2026-02-31").status_code == 302
    assert client.get("/operadores/987/boletim.pdf").status_code == 404


def test_the_workbook_has_four_sheets_without_formulas_and_says_the_verdict_with_its_sign(client, sign_in, agreements):
    sign_in(client, "encarregado")
    data = client.get(f"/operadores/{agreements[0]}/boletim.xlsx").data
    assert client.get(f"/operadores/{agreements[0]}/boletim.xlsx").data == data
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Resumo", "Obrigações", "Requisições", "Histórico"]
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert any(cell.value == "=1+1 Teleatendimento #x $y$ Ltda." for cell in cells)
    sheet = book["Obrigações"]
    rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] == "Contrato 00017/2025"]
    assert [row[1] for row in rows][:12] == list(INCISOS)
    page = client.get(f"/acordos/{agreements[1]}/boletim")
    shown = [
        words(node.text_content())
        for node in page.tree.xpath("//article[@class='obligation']//*[contains(@class,'verdict')]")
    ]
    signs = {f"{VERDICT_SIGNS[one]} {label(one)}": label(one) for one in Verdict}
    assert [signs[row[3]] for row in rows][: len(shown)] == shown
    assert sheet.freeze_panes == "D2"
    assert sheet.print_title_rows == "$1:$1"
    # Two agreements, with their score and the six counts that add up to twelve.
    lines = [row for row in book["Resumo"].iter_rows(values_only=True) if str(row[0]).startswith("Contrato")]
    assert sum(lines[0][4:10]) == 12
    due = [
        row for row in book["Requisições"].iter_rows(min_row=2, values_only=True) if row[3] == "Requisição 2026/0151"
    ]
    assert due[0][4].date() == date(2026, 6, 20)
    assert due[0][5] == 5


def test_the_pdf_draws_the_same_shapes_as_the_page():
    # The sprite lies at the top of the checkout; the template of the paper has each drawing once more.
    sprite = (Path(__file__).parents[2] / "templates/components/sprite.html").read_text("utf-8")
    paper = (typesetting.FOLDER / "boletim.typ").read_text("utf-8")
    drawn = re.findall(r'<symbol id="(?:v|l)-(\w+)" viewBox="[^"]+">(.*?)</symbol>', sprite)
    assert len(drawn) == 11
    for name, shape in drawn:
        own = re.search(rf'"{name}": \(\S+, "(.*?)"\),\n', paper)
        assert own is not None, name
        assert own[1].replace("'C'", "'currentColor'").replace("'", '"') == shape, name


def test_the_name_of_a_file_is_plain_letters_whoever_it_is_about():
    class One:
        operator, label, on = "Ação & Ção/..\\ Ltda. " * 9, "Contrato 1/2025", date(2026, 6, 15)

    name = boletim_paper.file_name(boletim_paper.BoletimPaper((One(),), whole=False), "pdf")  # type: ignore[arg-type]
    assert re.fullmatch(r"boletim-acao-cao[a-z0-9-]+-2026-06-15\.pdf", name)
    assert len(name) < 120
