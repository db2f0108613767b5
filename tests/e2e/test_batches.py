"""A batch followed in a browser: the bar moves by itself, what somebody is at stays, and the end is said."""

from typing import Any

from tests.rig import papers
from tests.rig.app import Inspector
from tests.rig.browser import Troubles
from tests.rig.serving import serving
from vendor_tracker.usecases import batches
from vendor_tracker.usecases.batches import working


def with_gap(make: Any) -> None:
    papers.signed_paper(make, make.agreement(), {"XI": "missing"})


def cookies_of(client: Inspector, url: str) -> list[dict[str, str]]:
    kept = client.plain._cookies.values()
    return [{"name": cookie.decoded_key, "value": cookie.decoded_value, "url": url} for cookie in kept]


def test_the_page_of_a_batch_keeps_itself_up_to_date_and_says_the_end(
    app: Any, client: Inspector, sign_in: Any, make: Any, browser: Any, monkeypatch: Any
) -> None:
    for _ in range(4):
        with_gap(make)
    sign_in(client, "legal")
    address = client.post("/documentos/lotes/novo").location
    troubles = Troubles()
    context = browser.new_context(locale="pt-BR", timezone_id="America/Sao_Paulo")
    page = context.new_page()
    page.set_default_timeout(30_000)
    record, seen = working._record, []
    with serving(app) as served:
        context.add_cookies(cookies_of(client, served.url))
        troubles.watch(page)
        page.goto(served.path(address))
        page.evaluate("window.sameDocument = true")
        bar = page.locator("#barra-do-lote")
        assert bar.get_attribute("value") == "0"
        page.get_by_role("button", name="Cancelar o lote").focus()

        def look_after_two(*values: Any, **fields: Any) -> Any:
            going = record(*values, **fields)
            seen.append(going)
            if len(seen) == 2:
                page.wait_for_selector("#barra-do-lote[value='2']")
                assert page.locator("#aviso-do-lote").inner_text() == "Em andamento: 50 % dos acordos."
                assert page.evaluate("document.activeElement.textContent").startswith("Cancelar o lote")
            return going

        monkeypatch.setattr(working, "_record", look_after_two)
        batches.work_through(
            app.extensions["vendor_tracker.files"], app.extensions["vendor_tracker.settings"].body, worker="tests"
        )
        page.wait_for_selector("#barra-do-lote[value='4']")
        page.get_by_role("link", name="Baixar tudo").wait_for()
        assert page.locator("#aviso-do-lote").inner_text() == "Concluído: 4 termos emitidos."
        assert page.get_by_role("button", name="Cancelar o lote").count() == 0
        assert page.evaluate("window.sameDocument"), "nothing was loaded anew"
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Baixar tudo").click()
        assert waiting.value.suggested_filename == "Lote 1 - termos aditivos.zip"
    context.close()
    assert troubles.found == []
