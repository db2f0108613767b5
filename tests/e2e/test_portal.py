"""The vendor's pages in a real browser: on a phone, without script, in the dark, by the keyboard, for every reader."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.rig.accessibility import assert_accessible

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def link(app: Any, make: Any, live_server: Callable[[Any], Any]) -> str:
    """The address in the vendor's mail, of a request with a file item, a choice of proofs and a question in words."""
    from contracts.vocabulary import EvidenceKind, RequestKind
    from vendor_tracker import clock
    from vendor_tracker.store.session import reading
    from vendor_tracker.usecases import judging, portal_links, requesting
    from vendor_tracker.usecases.work import Actor

    operator = make.operator("Voz Clara Teleatendimento Ltda.")
    make.contact(operator)
    agreement = make.agreement(operator)
    with reading() as session:
        due_on = judging.workdays_of(session).next_working(clock.today() + timedelta(days=15))
    request = requesting.create_request(
        Actor("fiscal@orgao.example"),
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        items=[
            requesting.NewItem(
                "V", "Prova de segurança", "Envie uma prova.", (EvidenceKind.ISO_27001, EvidenceKind.SOC2_TYPE2)
            ),
            requesting.NewItem("XI", "Houve incidente?", "Informe.", wants_file=False),
        ],
        due_on=due_on,
        reason="O certificado anterior venceu.",
    )
    return str(live_server(app).path(f"/portal/r/{portal_links.secret_of(request, 1)}"))


def narrow_enough(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{page.url} is {width} pixels wide"  # type: ignore[index]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"viewport": PHONE}, id="no telefone"),
        pytest.param({"color_scheme": "dark"}, id="no escuro"),
        pytest.param({"viewport": PHONE, "java_script_enabled": False}, id="sem script"),
    ],
)
def test_the_vendor_answers_whatever_the_device(new_page: Callable[..., Page], link: str, options: Any) -> None:
    page = new_page(**options)
    scripted = options.get("java_script_enabled", True)

    def looks_right() -> None:
        if scripted:
            narrow_enough(page)
            assert_accessible(page)

    page.goto(link)
    looks_right()
    page.get_by_role("button", name="Abrir requisição").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Informações sobre proteção de dados pessoais")
    looks_right()
    page.locator("textarea[name^=resposta]").first.fill("Segue o certificado.")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "certificado.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.get_by_role("button", name="Enviar resposta").click()
    expect(page.get_by_role("alert")).to_contain_text("Item 2")
    expect(page.get_by_text("certificado.pdf", exact=True).first).to_be_visible()
    expect(page.locator("textarea[name^=resposta]").first).to_have_value("Segue o certificado.")
    looks_right()
    page.locator("select").first.select_option("iso_27001")
    page.locator("textarea[name^=resposta]").nth(1).fill("Não houve.")
    page.locator("#cargo").fill("Preposto")
    page.locator("#declaro").check()
    page.get_by_role("button", name="Enviar resposta").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Resposta recebida")
    looks_right()
    assert "/portal/recibo/" in page.url


def test_the_enter_key_in_the_name_saves_and_never_sends_or_removes(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Abrir requisição").press("Enter")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "certificado.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.locator("#nome").fill("Renato Villar")
    page.locator("#nome").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Rascunho salvo.")
    expect(page.get_by_text("certificado.pdf", exact=True).first).to_be_visible()
    expect(page.locator("#nome")).to_have_value("Renato Villar")


def test_a_link_that_does_not_open_says_so_to_every_reader(page: Page, link: str) -> None:
    page.goto(link[:-1] + "_")
    expect(page.get_by_role("heading", level=1)).to_have_text("Endereço não encontrado")
    assert_accessible(page)


def test_two_people_write_at_once_over_a_bad_line_and_send_files_one_by_one(
    new_page: Callable[..., Page], link: str
) -> None:
    renato, other = new_page(viewport=PHONE), new_page()
    for page in (renato, other):
        page.goto(link)
        page.get_by_role("button", name="Abrir requisição").click()
        expect(page.locator("#nome")).to_be_visible()
    mine, theirs = renato.locator("textarea[name^=resposta]"), other.locator("textarea[name^=resposta]")

    mine.first.fill("Segue o certificado.")
    expect(renato.locator("[data-part=saved]").first).to_contain_text("Salvo às")
    expect(renato.locator("[data-part=mark]").first).to_contain_text("Falta o arquivo")

    renato.context.set_offline(True)
    mine.nth(1).fill("Não houve.")
    expect(renato.locator("[data-connection]")).to_contain_text("Sem conexão. O que você escreve continua nesta página")
    theirs.nth(1).fill("Houve um, em março.")
    expect(other.locator("[data-part=saved]").nth(1)).to_contain_text("Salvo às")
    renato.context.set_offline(False)
    beside = renato.locator("[data-part=beside]").nth(1)
    expect(beside).to_contain_text("Houve um, em março.")
    expect(mine.nth(1)).to_have_value("Não houve.")
    expect(renato.locator("[data-connection]")).to_be_empty()
    narrow_enough(renato)
    assert_accessible(renato)
    renato.get_by_role("button", name="Ficar com o meu texto").click()
    expect(renato.get_by_role("status").first).to_contain_text("Rascunho salvo.")
    expect(mine.nth(1)).to_have_value("Não houve.")

    renato.locator("input[type=file]").first.set_input_files(
        [
            {"name": "certificado.pdf", "mimeType": "application/pdf", "buffer": PDF},
            {"name": "programa.pdf", "mimeType": "application/pdf", "buffer": b"MZ" + bytes(500)},
        ]
    )
    expect(renato.get_by_role("link", name="certificado.pdf")).to_be_visible()
    expect(renato.locator(".uploads")).to_contain_text(["Este tipo de arquivo não é aceito", ""])
    narrow_enough(renato)
    assert_accessible(renato)
    renato.locator("select").first.select_option("iso_27001")
    renato.locator("#cargo").fill("Preposto")
    renato.locator("#declaro").check()
    renato.get_by_role("button", name="Enviar resposta").click()
    expect(renato.locator("[data-connection]")).to_contain_text("Um arquivo não foi enviado.")
    renato.get_by_role("button", name="Desistir programa.pdf").click()
    renato.get_by_role("button", name="Enviar resposta").click()
    expect(renato.get_by_role("heading", level=1)).to_have_text("Resposta recebida")
    theirs.first.fill("Tarde demais.")
    expect(other.locator("[data-connection]")).to_contain_text("já foi enviada")
    expect(other.get_by_role("link", name="Ver o que foi enviado")).to_be_visible()
