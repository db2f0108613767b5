"""A signed file is handed in and checked in a browser, with script and without, on a desk and on a phone."""

from pathlib import Path
from typing import Any

import pytest

from tests.rig.accessibility import assert_accessible
from tests.rig.app import Inspector
from tests.rig.browser import Troubles
from tests.rig.serving import serving
from vendor_tracker.demo import papers as fictional
from vendor_tracker.demo.signed import CONTRACT


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """An ordinary contract of three pages."""
    title, *paragraphs = (each.format(operator="Quartzo Certificação Digital S.A.") for each in CONTRACT)
    path = tmp_path / "Contrato assinado.pdf"
    path.write_bytes(fictional.pdf(title, paragraphs))
    return path


@pytest.mark.parametrize(
    ("width", "script"), [(1280, True), (360, True), (1280, False)], ids=["on a desk", "on a phone", "without script"]
)
def test_a_contract_is_handed_in_read_and_checked(
    app: Any, client: Inspector, sign_in: Any, make: Any, browser: Any, contract: Path, width: int, script: bool
) -> None:
    agreement = make.agreement()
    sign_in(client, "legal")
    troubles = Troubles()
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale="pt-BR",
        timezone_id="America/Sao_Paulo",
        java_script_enabled=script,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    with serving(app) as served:
        context.add_cookies(
            [
                {"name": cookie.decoded_key, "value": cookie.decoded_value, "url": served.url}
                for cookie in client.plain._cookies.values()
            ]
        )
        troubles.watch(page)
        page.goto(served.path(f"/acordos/{agreement}/instrumentos/novo"))
        page.get_by_label("Espécie").select_option(label="Instrumento original")
        page.get_by_label("Nome").fill("Contrato de certificação")
        page.get_by_label("Arquivo assinado").set_input_files(contract)
        page.get_by_role("button", name="Registrar e conferir").click()
        page.wait_for_url("**/conferencia")
        if script:
            assert_accessible(page)
        point = page.locator("#r-xi")
        passage = page.locator("mark:has(a[href='#r-xi'])").first
        assert "48 (quarenta e oito) horas" in passage.inner_text()
        point.scroll_into_view_if_needed()
        point.get_by_role("link", name="Ver trecho").click()
        assert _in_its_frame(passage)
        if width == 1280 and script:
            assert point.is_visible()
            assert page.evaluate("location.hash") == "", "only the text moved"
        point.get_by_label("Prevê em parte").check()
        point.get_by_text("Onde está, o que falta e o trecho").click()
        point.get_by_label("O que falta").fill("48 horas da confirmação, e não de imediato")
        point.get_by_role("button", name="Confirmar").click()
        page.wait_for_url("**/conferencia#r-xi")
        assert "Confirmado por" in page.locator("#r-xi").inner_text()
        assert "48 horas da confirmação" in page.locator("#r-xi").inner_text()
        page.get_by_role("button", name="Salvar a conferência").click()
        page.wait_for_url("**/instrumentos/*")
        history = page.locator("section[aria-labelledby='leituras']").inner_text()
        assert "A máquina propôs: prevê" in history
    context.close()
    assert troubles.found == []


def _in_its_frame(passage: Any) -> bool:
    """Tell whether the passage is seen in the frame of the text."""
    box, frame = passage.bounding_box(), passage.page.locator(".sheet").bounding_box()
    return bool(box["y"] + box["height"] > frame["y"] and box["y"] < frame["y"] + frame["height"])
