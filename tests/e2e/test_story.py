"""The main job, end to end, in a real browser: from a file of contracts to the boletim of an operator."""

import re
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

from docx import Document
from playwright.sync_api import expect

from tests.rig.cnpj import make_cnpj
from tests.rig.papers import pdf
from tests.rig.pncp import contract, contracts_file
from tests.rig.smtp import MailServer
from tests.rig.story import PHONE, Person, Stage, link_in, text_of

PREPOSTO = "contratos@nuvemserrana.example"
HOST = "NUVEM SERRANA HOSPEDAGEM S.A."
CONTRACT = "Contrato 00001/2026"
ROMANS = "I II III IV V VI VII VIII IX X XI XII".split()
MISSING = ("II", "XI", "XII")
"""What the signed contract of the story does not foresee."""

NEXT_MORNING = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ANSWERED = datetime(2026, 3, 4, 19, 0, tzinfo=UTC)
"""Four in the afternoon in Brasília."""

RETURNED = datetime(2026, 3, 5, 13, 0, tzinfo=UTC)
CERTIFICATE = pdf("Certificado fictício")
SIGNED = pdf("Contrato assinado, fictício")
SIGNED_AMENDMENT = pdf("Primeiro termo aditivo assinado, fictício")


def upload(name: str, data: bytes) -> Any:
    """A file as a person chooses it in the browser."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def a_file_of_contracts() -> bytes:
    """A page of the PNCP's search with what such pages hold: contracts, and what is none or is wrong."""
    good = contract(
        1,
        nomeRazaoSocialFornecedor=HOST,
        dataAssinatura="2025-11-03",
        dataVigenciaInicio="2025-11-10",
        dataVigenciaFim="2027-11-09",
        valorGlobal=1_240_000,
    )
    wrong = make_cnpj(105).value
    wrong = wrong[:-1] + str((int(wrong[-1]) + 1) % 10)
    return contracts_file(
        good,
        contract(2, objetoContrato="TRADUÇÃO E LEGENDAGEM DE AUDIÊNCIAS"),
        good,
        contract(3, tipoContrato={"id": 7, "nome": "Empenho"}),
        contract(4, niFornecedor="52998224725", tipoPessoa="PF", nomeRazaoSocialFornecedor="PESSOA FICTICIA"),
        contract(5, niFornecedor=wrong),
    )


# ----------------------------------------------------------------------------------------------------------------------
# 1. Procurement
# ----------------------------------------------------------------------------------------------------------------------
def procurement_reads_the_preview_row_by_row_and_applies_it(officer: Person) -> None:
    officer.choose_task("Importar")
    officer.page.set_input_files("input[type=file]", upload("contratos.json", a_file_of_contracts()))
    officer.press("Ler o arquivo")
    counts = {row[0]: int(row[1]) for row in officer.rows("Linhas do arquivo, por destino")}
    assert counts == {"Criar": 2, "Atualizar": 0, "Sem mudança": 0, "Deixado de fora": 3, "Recusado": 1}
    told = {row[0]: f"{row[1]}: {row[4]}" for row in officer.rows("Linhas do arquivo")}
    assert told["6"].startswith("Recusado: Os dígitos verificadores do CNPJ não conferem")
    assert told["3"].startswith("Deixado de fora: O mesmo acordo aparece mais de uma vez")
    assert told["4"].startswith("Deixado de fora: É uma nota de empenho")
    assert told["5"].startswith("Deixado de fora: O fornecedor é pessoa física")
    assert "529" not in officer.words
    officer.press("Gravar no registro")
    officer.reads("Importação gravada", "2 criados")


def procurement_completes_what_the_pncp_does_not_know(officer: Person) -> None:
    officer.follow("Completar os acordos")
    officer.follow(CONTRACT)
    officer.reads("Falta informar")
    officer.follow("Completar dados pessoais tratados")
    officer.fill(
        {
            "Finalidade do tratamento": "Hospedar os sistemas de processo eletrônico",
            "Função judicial ou política pública": "Prestação jurisdicional por meio eletrônico",
            "Base legal": "LGPD, art. 7º, III, e art. 23",
            "Países de destino": "Irlanda",
            "Garantias aos titulares": "Cifragem em repouso, acesso restrito e vedação de novo uso",
            "Acesso do titular às informações": "Aviso de privacidade no portal do órgão",
            "Motivo": "Dados completados",
        }
    )
    officer.choose("Categorias de dados pessoais", "Identificação", "Saúde")
    officer.choose("Titulares", "Partes em processos", "Advogados")
    officer.field("Quantidade de titulares").select_option(label="Mais de 100 mil titulares")
    for question, answer in {
        "Há dados pessoais sensíveis?": "Sim",
        "Há dados de crianças e adolescentes?": "Não",
        "Há dados sob segredo de justiça?": "Sim",
        "O operador entra em sistemas do órgão?": "Sim",
        "Os dados ficam fora da infraestrutura do órgão?": "Sim",
        "Há transferência internacional?": "Sim",
        "O operador usa suboperadores?": "Não",
    }.items():
        officer.choose(question, answer)
    officer.press("Salvar")
    officer.follow("Completar papel e pessoas")
    officer.choose("Papel no tratamento", "Operador")
    officer.fill(
        {
            "Nome do gestor": "Otávio Lins",
            "Portaria do gestor": "Portaria DG 12/2025",
            "Nome do fiscal": "Marina Queiroz",
            "E-mail do fiscal": "marina.queiroz@orgao.example",
            "Portaria do fiscal": "Portaria DG 13/2025",
            "Nome do preposto": "Renato Villar",
            "E-mail para requisições": PREPOSTO,
        }
    )
    officer.press("Salvar")
    expect(officer.main).not_to_contain_text("Falta informar")
    officer.reads("Otávio Lins", "Portaria DG 12/2025", "Renato Villar", PREPOSTO, "Sim: Irlanda")


def procurement_registers_an_operator_whose_cnpj_has_letters(officer: Person) -> None:
    number = make_cnpj(51, alphanumeric=True).formatted
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    officer.choose_task("Operadores")
    officer.follow("Registrar operador")
    cnpj = officer.field("CNPJ")
    cnpj.press_sequentially(re.sub(r"[./-]", "", wrong).lower())
    assert cnpj.input_value() == wrong
    officer.reads("não conferem")
    officer.fill({"Nome ou razão social": "Tradutora Ipê Amarelo Ltda."})
    officer.choose("Regime jurídico", "Direito privado")
    officer.press("Registrar operador")
    assert "dígitos verificadores" in officer.error_beside(officer.field("CNPJ"))
    assert officer.field("CNPJ").input_value() == wrong
    assert officer.field("Nome ou razão social").input_value() == "Tradutora Ipê Amarelo Ltda."
    officer.fill({"CNPJ": number})
    officer.press("Registrar operador")
    officer.reads("Operador registrado", number)


def procurement_registers_an_agreement_by_hand(officer: Person) -> None:
    officer.follow("Registrar acordo")
    officer.fill(
        {
            "Número": "00044/2026",
            "Objeto": "Tradução e legendagem de audiências",
            "Assinado em": "2026-02-02",
            "Início da vigência": "2026-02-10",
            "Fim da vigência": "2026-02-01",
            "Valor total": "386.400,00",
        }
    )
    officer.press("Salvar e continuar")
    assert "anterior ao início" in officer.error_beside(officer.field("Fim da vigência"))
    assert officer.field("Objeto").input_value() == "Tradução e legendagem de audiências"
    officer.fill({"Fim da vigência": "2028-02-09"})
    officer.press("Salvar e continuar")
    officer.reads("Acordo registrado")
    officer.fill({"Finalidade do tratamento": "Dar acesso a audiências a quem não ouve"})
    officer.press("Salvar e continuar")
    officer.choose("Papel no tratamento", "Operador")
    officer.press("Salvar e continuar")
    officer.reads("Falta informar", "R$ 386.400,00")
    officer.follow("Abrir o acordo")
    assert officer.page.locator("h1").inner_text() == "Contrato 00044/2026"


# ----------------------------------------------------------------------------------------------------------------------
# 2. The agreement
# ----------------------------------------------------------------------------------------------------------------------
def the_agreement_says_what_is_owed_what_is_missing_and_what_to_do_next(reader: Person) -> None:
    open_the_agreement(reader)
    obligations = reader.rows("Doze obrigações: situação, aspectos e o que falta")
    assert [row[0] for row in obligations] == ROMANS
    assert len(reader.rows("Formalidades do art. 6º")) == 8
    points = [row[2] for row in reader.rows("Conta da exposição")]
    total = reader.table("Conta da exposição").locator("tfoot td")
    assert int(total.inner_text()) == sum(int(each) for each in points if each.isdecimal())
    reader.reads("Exposição: alta")
    for _, title, verdict, aspects, why, remedy in obligations:
        assert (title, verdict) != ("", "")
        assert [aspect in aspects for aspect in ("Previsto", "Demonstrado", "Cumprido")] == [True] * 3
        if verdict not in {"Atendida", "Ainda não exigível"}:
            assert why.endswith("."), title
            assert remedy, title
    acts = reader.main.locator("ol.queue > li")
    assert acts.count() >= 1
    for place in range(acts.count()):
        links = acts.nth(place).locator("a")
        assert links.count() == 1
        assert reader.page.request.get(f"{reader.stage.url}{links.get_attribute('href')}").ok


def open_the_agreement(reader: Person) -> None:
    reader.choose_task("Acordos")
    reader.follow(CONTRACT)


# ----------------------------------------------------------------------------------------------------------------------
# 3. Legal
# ----------------------------------------------------------------------------------------------------------------------
def word_text(data: bytes) -> str:
    """The text of a Word file, as Word itself would open it."""
    document = Document(BytesIO(data))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def legal_issues_the_annex_in_word(lawyer: Person) -> None:
    open_the_agreement(lawyer)
    lawyer.follow("Emitir anexo de cláusulas")
    expect(lawyer.main).not_to_contain_text("Papel da outra parte no tratamento")
    lawyer.press("Emitir em Word")
    lawyer.reads("Documento emitido")
    clauses = [row[1] for row in lawyer.rows("Cláusulas e versões")]
    data = lawyer.download("Baixar em Word")
    written = word_text(data).lower()
    assert [title for title in clauses if title.lower() not in written] == []
    lawyer.reads(sha256(data).hexdigest())


def legal_reads_the_signed_contract_inciso_by_inciso(lawyer: Person) -> None:
    open_the_agreement(lawyer)
    lawyer.follow("Anexar instrumento assinado")
    lawyer.field("Espécie").select_option(label="Instrumento original")
    lawyer.fill({"Nome": "Contrato 00001/2026", "Assinado em": "2025-11-03"})
    lawyer.choose("As duas partes assinaram?", "Sim")
    lawyer.page.set_input_files("input[type=file]", upload("contrato-assinado.pdf", SIGNED))
    lawyer.press("Registrar e conferir")
    for inciso in ROMANS:
        conclude(lawyer, inciso, inciso not in MISSING)
    for formality in ("public_function", "purpose", "categories", "guarantees", "subject_access"):
        conclude(lawyer, formality, covered=True)
    lawyer.press("Salvar a conferência")
    lawyer.reads("conclusões salvas", "Situações que mudaram")


def conclude(lawyer: Person, point: str, covered: bool) -> None:
    """Mark what the paper says on one point, and where."""
    lawyer.main.locator(f"input[name='{point}-coverage'][value='{'covered' if covered else 'missing'}']").check()
    if covered:
        lawyer.main.locator(f"[name='{point}-place']").fill("cláusula 12, página 11")


def legal_issues_a_termo_aditivo_with_only_the_missing_clauses(lawyer: Person) -> None:
    open_the_agreement(lawyer)
    lawyer.follow("Emitir termo aditivo")
    lawyer.press("Emitir em Word")
    lawyer.reads("Atende: incisos II, XI e XII.")
    clauses = [row[1] for row in lawyer.rows("Cláusulas e versões")]
    assert clauses == [
        "Do objeto",
        "Dos registros para propósitos forenses",
        "Da comunicação imediata de riscos, ameaças e incidentes",
        "Da devolução e do descarte dos dados",
        "Dos efeitos e da publicação",
        "Da ratificação",
    ]
    written = word_text(lawyer.download("Baixar em Word")).lower()
    assert [title for title in clauses if title.lower() not in written] == []
    for present in ("Das auditorias e inspeções", "Do registro das operações de tratamento"):
        assert present.lower() not in written


def legal_registers_the_signed_amendment_and_confirms_it(lawyer: Person) -> None:
    lawyer.follow("Registrar assinado")
    lawyer.fill({"Nome": "1º Termo Aditivo", "Assinado em": "2026-03-02"})
    lawyer.choose("As duas partes assinaram?", "Sim")
    lawyer.page.set_input_files("input[type=file]", upload("aditivo-assinado.pdf", SIGNED_AMENDMENT))
    lawyer.press("Registrar e conferir")
    lawyer.reads("O documento emitido propõe: prevê, cláusula 2, dos registros para propósitos forenses.")
    for inciso in MISSING:
        lawyer.main.locator(f"input[name='{inciso}-coverage'][value='covered']").check()
    lawyer.press("Salvar a conferência")
    lawyer.reads("3 conclusões salvas")


# ----------------------------------------------------------------------------------------------------------------------
# 4. The night, and the vendor
# ----------------------------------------------------------------------------------------------------------------------
def overnight_the_scheduler_asks_the_operator_for_what_it_owes(stage: Stage) -> str:
    done = stage.night(NEXT_MORNING)
    assert done["plan_requests"]["opened"] == 1
    assert done["send_mail"]["sent"] == 1
    again = stage.night(NEXT_MORNING)
    assert (again["plan_requests"]["opened"], again["send_mail"]["sent"]) == (0, 0)
    letter = stage.letter_to(PREPOSTO)
    text = text_of(letter)
    assert letter["Subject"] == f"Requisição 2026/0001: responda até 23/03/2026 ({CONTRACT})"
    assert "Prazo: segunda-feira, 23 de março de 2026." in text
    assert "(art. 14, VI)" in text
    return link_in(text)


def the_vendor_opens_the_link_without_an_account(vendor: Person, link: str) -> None:
    vendor.open(link)
    vendor.reads("Requisição 2026/0001", HOST, "segunda-feira, 23 de março de 2026")
    assert vendor.page.context.cookies(f"{vendor.stage.url}/portal/requisicao") == [] or not any(
        cookie["name"] == "vt_portal" for cookie in vendor.page.context.cookies()
    )
    vendor.press("Abrir requisição")
    vendor.reads("Catorze itens", "requisitar informações")


def the_vendor_saves_a_draft_and_leaves(vendor: Person) -> None:
    first = vendor.main.locator("section.item").first
    first.locator("textarea").first.fill("O canal atende a qualquer hora.")
    security = item(vendor, "Evidências e garantias de segurança")
    security.locator("select").select_option(label="Certificado ISO/IEC 27001")
    security.locator("input[type=file]").set_input_files(upload("certificado-2026.pdf", CERTIFICATE))
    # The file leaves as soon as it is chosen, and what is typed is saved after a pause.
    expect(security.get_by_role("link", name="certificado-2026.pdf")).to_be_visible()
    vendor.press("Salvar rascunho")
    vendor.reads("Rascunho salvo", "certificado-2026.pdf", sha256(CERTIFICATE).hexdigest()[:32])
    vendor.press("Sair do portal")
    vendor.reads("sem conta e sem senha")
    vendor.open("/portal/requisicao")
    vendor.reads("A sessão terminou")


def item(vendor: Person, title: str) -> Any:
    """The item of the request with this title."""
    return vendor.main.locator("section.item").filter(has=vendor.page.locator("h3", has_text=title)).first


def the_vendor_comes_back_answers_item_by_item_and_submits(vendor: Person, link: str) -> str:
    vendor.stage.clock.move_to(ANSWERED)
    the_vendor_opens_the_link_without_an_account(vendor, link)
    expect(vendor.main.locator("section.item textarea").first).to_have_value("O canal atende a qualquer hora.")
    items = vendor.main.locator("section.item[id^='item-']")
    for number in range(items.count()):
        each = items.nth(number)
        if each.locator("textarea").first.input_value() == "":
            each.locator("textarea").first.fill("Segue o documento pedido, sem alteração desde a assinatura.")
        wants_file = "(opcional)" not in each.locator("label", has_text="Anexar arquivos").inner_text()
        if wants_file and each.locator(".files").count() == 0:
            each.locator("input[type=file]").set_input_files(upload(f"prova-{number + 1}.pdf", pdf(f"Prova {number}")))
    vendor.fill({"Cargo ou função": "Preposto do contrato"})
    vendor.press("Enviar resposta")
    assert "declar" in vendor.error_beside(vendor.page.locator("#declaro")).lower()
    expect(vendor.main.locator("section.item textarea").first).to_have_value("O canal atende a qualquer hora.")
    vendor.page.locator("#declaro").check()
    vendor.press("Enviar resposta")
    vendor.reads(
        "dentro do prazo",
        "4 de março de 2026, às 16h",
        "(horário de Brasília)",
        "certificado-2026.pdf",
        sha256(CERTIFICATE).hexdigest(),
    )
    protocol = vendor.main.locator(".protocol").inner_text()
    assert re.fullmatch(r"2026-0001-[0-9A-F]{2}", protocol)
    code = re.search(rf"{protocol}-[0-9A-Z]{{4}}-[0-9A-Z]{{4}}", vendor.main.inner_text())
    assert code is not None
    assert vendor.download("Baixar recibo em PDF").startswith(b"%PDF-")
    assert sha256(CERTIFICATE).hexdigest() in vendor.download("Baixar como texto").decode()
    content = vendor.download("Baixar conteúdo para conferência")
    vendor.reads(sha256(content).hexdigest())
    return code.group()


def nobody_enters_with_an_altered_link(stage: Stage, link: str) -> None:
    stranger = stage.stranger()
    altered = link[:-1] + ("A" if link[-1] != "A" else "B")
    answer = stranger.page.goto(altered)
    assert answer is not None
    assert answer.status == 404
    stranger.look()
    stranger.reads("Endereço não encontrado")


def anybody_checks_the_receipt_by_its_code(stage: Stage, code: str) -> None:
    anybody = stage.stranger()
    protocol = code[: -len("-0000-0000")]
    anybody.open(f"/verificar/{protocol}")
    anybody.reads(protocol, "(horário de Brasília)")
    expect(anybody.main).not_to_contain_text(HOST)
    anybody.open(f"/verificar/{code}")
    anybody.reads(protocol, HOST, "(horário de Brasília)", sha256(CERTIFICATE).hexdigest())
    for private in ("certificado-2026.pdf", "Renato Villar", PREPOSTO):
        expect(anybody.main).not_to_contain_text(private)
    anybody.open("/verificar/2026-0001-ZZ")
    anybody.reads("Não há recibo nem documento nosso")


# ----------------------------------------------------------------------------------------------------------------------
# 5. The fiscal
# ----------------------------------------------------------------------------------------------------------------------
def decide(fiscal: Person, title: str) -> None:
    """Open what waits for a decision, by the name of its item."""
    fiscal.choose_task("Evidências a conferir")
    fiscal.follow(title)


def the_fiscal_accepts_a_proof_and_sees_the_verdict_change(fiscal: Person) -> None:
    decide(fiscal, "Extrato do registro das operações de tratamento")
    fiscal.reads("Segue o documento pedido", "condições de rastreabilidade e de prova eletrônica")
    assert fiscal.page.request.get(
        f"{fiscal.stage.url}{fiscal.main.locator('.files a').first.get_attribute('href')}"
    ).body() == pdf("Prova 6")
    fiscal.choose("Sua decisão", "Aceitar")
    fiscal.fill({"Vale desde": "2026-03-04", "Vale até": "2026-12-31"})
    fiscal.press("Registrar decisão")
    fiscal.reads("Decisão registrada", "Vale até 31/12/2026")
    (change,) = fiscal.rows("Situações que mudaram")
    assert change[0].startswith("VI ")
    assert change[1:3] == ["Parcial", "Atendida"]
    assert "Extrato do registro das operações de tratamento" in change[3]
    assert "foi aceita e vale até 31/12/2026" in change[3]


def the_fiscal_returns_another_with_a_reason(fiscal: Person) -> None:
    decide(fiscal, "Evidências e garantias de segurança")
    fiscal.choose("Sua decisão", "Devolver ao operador")
    fiscal.press("Registrar decisão")
    assert "diga ao operador" in fiscal.error_beside(fiscal.field("Motivo")).lower()
    fiscal.fill({"Motivo": "O certificado não alcança o serviço contratado."})
    fiscal.press("Registrar decisão")
    fiscal.reads("Decisão registrada", "Devolvida.")
    fiscal.follow("Requisição 2026/0001")
    fiscal.reads("Há 1 item marcado para devolução")
    fiscal.press("Devolver já")
    fiscal.reads("Itens devolvidos", "Devolvida ao operador")


def the_returned_item_reopens_for_the_vendor_on_a_phone(stage: Stage) -> None:
    done = stage.night(RETURNED)
    assert done["plan_requests"]["opened"] == 0
    letter = stage.letter_to(PREPOSTO, about="devolvida")
    text = text_of(letter)
    assert "O certificado não alcança o serviço contratado." in text
    vendor = stage.stranger(viewport=PHONE)
    vendor.open(link_in(text))
    vendor.press("Abrir requisição")
    items = vendor.main.locator("section.item[id^='item-']")
    assert items.count() == 1
    vendor.reads("Devolvido para completar", "O certificado não alcança o serviço contratado.")
    renewed = pdf("Certificado fictício, com outro escopo")
    items.locator("input[type=file]").set_input_files(upload("certificado-novo.pdf", renewed))
    items.locator("select").select_option(label="Certificado ISO/IEC 27001")
    items.locator("textarea").first.fill("O novo escopo alcança o serviço.")
    vendor.fill({"Nome completo": "Renato Villar", "Cargo ou função": "Preposto do contrato"})
    vendor.page.locator("#declaro").check()
    vendor.press("Enviar resposta")
    vendor.reads("Resposta recebida", sha256(renewed).hexdigest(), "1 item")


# ----------------------------------------------------------------------------------------------------------------------
# 6. The Encarregado
# ----------------------------------------------------------------------------------------------------------------------
def the_encarregado_reads_the_painel_worst_first_and_one_boletim(stage: Stage) -> None:
    encarregado = stage.enter("encarregado")
    encarregado.choose_task("Painel")
    matrix = encarregado.main.locator("table.matrix")
    heads = [text.strip() for text in matrix.locator("thead th").all_inner_texts()]
    assert heads[1:13] == ROMANS
    scores = [int(text) for text in matrix.locator("tbody td.score").all_inner_texts()]
    assert len(scores) == 3
    assert scores == sorted(scores)
    assert scores[-1] > scores[0]
    last = matrix.locator("tbody tr").last
    assert HOST in last.locator("th").inner_text()
    assert "VI: Atendida." in last.locator("td.cell").nth(5).inner_text()
    encarregado.follow(HOST, within=last)
    assert encarregado.page.locator("h1").inner_text() == HOST
    encarregado.reads(
        "pontos de 100",
        f"Como se chegou a {scores[-1]}",
        "foi aceita e vale até 31/12/2026",
        "Obrigação VI: de parcial para atendida. A “Evidência",
        "manter os registros de tratamento de dados pessoais que realizar",
    )


# ----------------------------------------------------------------------------------------------------------------------
# The whole
# ----------------------------------------------------------------------------------------------------------------------
def test_from_a_file_of_contracts_to_the_boletim_of_an_operator(stage: Stage) -> None:
    officer = stage.enter("procurement")
    procurement_reads_the_preview_row_by_row_and_applies_it(officer)
    procurement_completes_what_the_pncp_does_not_know(officer)
    procurement_registers_an_operator_whose_cnpj_has_letters(officer)
    procurement_registers_an_agreement_by_hand(officer)

    lawyer = stage.enter("legal")
    the_agreement_says_what_is_owed_what_is_missing_and_what_to_do_next(lawyer)
    legal_issues_the_annex_in_word(lawyer)
    legal_reads_the_signed_contract_inciso_by_inciso(lawyer)
    legal_issues_a_termo_aditivo_with_only_the_missing_clauses(lawyer)
    legal_registers_the_signed_amendment_and_confirms_it(lawyer)

    link = overnight_the_scheduler_asks_the_operator_for_what_it_owes(stage)
    vendor = stage.stranger()
    the_vendor_opens_the_link_without_an_account(vendor, link)
    the_vendor_saves_a_draft_and_leaves(vendor)
    code = the_vendor_comes_back_answers_item_by_item_and_submits(stage.stranger(), link)
    nobody_enters_with_an_altered_link(stage, link)
    anybody_checks_the_receipt_by_its_code(stage, code)

    fiscal = stage.enter("fiscal")
    the_fiscal_accepts_a_proof_and_sees_the_verdict_change(fiscal)
    the_fiscal_returns_another_with_a_reason(fiscal)
    the_returned_item_reopens_for_the_vendor_on_a_phone(stage)

    the_encarregado_reads_the_painel_worst_first_and_one_boletim(stage)


def test_a_vendor_answers_on_a_phone_what_a_mail_server_brought(stage: Stage, smtp_server: MailServer) -> None:
    stage.mail_through(smtp_server.url)
    operator = stage.make.operator("Voz Clara Teleatendimento Ltda.")
    stage.make.contact(operator, email="preposto@vozclara.example", since=date(2025, 12, 1))
    stage.make.agreement(
        operator,
        number="017/2025",
        signed_on=date(2025, 12, 1),
        starts_on=date(2025, 12, 1),
        ends_on=date(2027, 11, 30),
        data_categories=["identification"],
        role="operator",
    )
    done = stage.night(NEXT_MORNING)
    assert done["send_mail"]["sent"] == 1
    (received,) = smtp_server.received
    assert received.recipients == ("preposto@vozclara.example",)
    assert received.subject.startswith("Requisição 2026/0001: responda até 23/03/2026")
    assert stage.letters() == []

    vendor = stage.stranger(viewport=PHONE)
    vendor.open(link_in(received.text))
    vendor.press("Abrir requisição")
    items = vendor.main.locator("section.item[id^='item-']")
    count = items.count()
    assert count >= 5
    for number in range(count):
        each = items.nth(number)
        # The vendor of this story has nothing to deliver yet, and says so item by item.
        if each.locator("label", has_text="Anexar arquivos (opcional)").count():
            each.locator("textarea").first.fill("Não houve.")
        else:
            each.locator("summary").click()
            each.locator("details textarea").fill("O documento fica pronto em 10/03/2026.")
    first = items.first.locator("input[type=file]")
    first.set_input_files(upload("ficha.pdf", CERTIFICATE))
    items.first.locator("details textarea").fill("")
    items.first.locator("textarea").first.fill("Segue a ficha do canal.")
    vendor.fill({"Cargo ou função": "Preposto"})
    vendor.press("Salvar rascunho")
    vendor.reads("Rascunho salvo", "ficha.pdf")
    vendor.page.locator("#declaro").check()
    vendor.press("Enviar resposta")
    vendor.reads("Resposta recebida", sha256(CERTIFICATE).hexdigest(), "Declarou que não consegue entregar")
    stage.night(NEXT_MORNING + timedelta(hours=1))
    receipts = [each for each in smtp_server.received if each.subject.startswith("Recibo 2026-0001-")]
    assert [each.recipients for each in receipts] == [("preposto@vozclara.example",)]
    assert sha256(CERTIFICATE).hexdigest() in receipts[0].text
