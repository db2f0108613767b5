"""Bad input from end to end: a clear Portuguese sentence where it is needed, what was typed kept, and nothing lost."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.rig.app import Inspector
from tests.rig.cnpj import make_cnpj
from tests.rig.papers import pdf

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00" + bytes(4096)
"""The beginning of a Windows program, whatever its name says."""
SIXTY_MEGABYTES = 60 * 1024 * 1024

AGREEMENT = {
    "kind": "contrato",
    "number": "00044/2026",
    "sei_process": "12907/2026",
    "object": "Tradução e legendagem de audiências",
    "signed_on": "2026-01-05",
    "starts_on": "2026-01-10",
    "ends_on": "2028-01-09",
    "value": "386.400,00",
    "operator_name": "Tradutora Ipê Amarelo Ltda.",
    "regime": "private",
    "country": "BR",
}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Monday, 2 March 2026, nine o'clock in Brasília; it stands still."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def officer(client: Inspector, sign_in: Any) -> Inspector:
    sign_in(client, "procurement")
    return client


@pytest.fixture
def kept(app: Any) -> Any:
    """A function that tells what is on record: rows by table, and how many files are in the store."""

    def count() -> dict[str, int]:
        from sqlalchemy import func, select

        from vendor_tracker.store.base import db

        with db.engine.connect() as connection:
            rows = {
                table.name: connection.scalar(select(func.count()).select_from(table)) or 0
                for table in db.metadata.sorted_tables
            }
        folder = Path(app.extensions["vendor_tracker.settings"].data_dir) / "files"
        return {**rows, "files in the store": sum(path.is_file() for path in folder.rglob("*"))}

    return count


@pytest.fixture
def asked(app: Any, make: Any) -> int:
    """A request of two items: a proof that needs a file, and a question that does not."""
    from contracts.vocabulary import EvidenceKind, RequestKind
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    operator = make.operator("Voz Clara Teleatendimento Ltda.")
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=9))
    agreement = make.agreement(
        operator,
        recorded_at=START - timedelta(days=9),
        signed_on=date(2026, 1, 5),
        starts_on=date(2026, 1, 5),
        ends_on=date(2027, 12, 31),
    )
    return requesting.create_request(
        Actor("fiscal@orgao.example"),
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        items=[
            requesting.NewItem("V", "Certificado em vigor", "Envie o certificado.", (EvidenceKind.ISO_27001,)),
            requesting.NewItem("XI", "Houve incidente?", "Informe se houve incidente.", wants_file=False),
        ],
        due_on=date(2026, 3, 20),
        reason="O certificado anterior venceu.",
    )


def link(request_id: int) -> str:
    from vendor_tracker.usecases import portal_links

    return f"/portal/r/{portal_links.secret_of(request_id, 1)}"


@pytest.fixture
def vendor(client: Inspector, asked: int) -> Inspector:
    """A browser that opened the request."""
    assert client.get(link(asked)).status_code == 200
    assert client.post(link(asked)).status_code == 303
    return client


def items(vendor: Inspector) -> list[str]:
    """The numbers of the items on the vendor's page."""
    page = vendor.get("/portal/requisicao")
    return [
        name.removeprefix("resposta-") for name in page.tree.xpath("//textarea[starts-with(@name,'resposta-')]/@name")
    ]


def error_beside(page: Any, name: str) -> str:
    """The sentence under a control, which is tied to it for those who cannot see."""
    (control,) = page.tree.xpath(f"//*[@name={name!r} and @aria-describedby]")
    (named,) = [each for each in control.get("aria-describedby").split() if each.endswith("-erro")]
    assert control.get("aria-invalid") == "true"
    return str(page.tree.xpath(f"string(//*[@id={named!r}])"))


def typed(page: Any, name: str) -> str:
    """What stands in a control."""
    (control,) = page.tree.xpath(f"//*[@name={name!r}]")
    return str(control.get("value") if control.tag == "input" else control.text_content()).strip()


def send_large(client: Inspector, path: str, fields: dict[str, Any], field: str, data: bytes) -> Any:
    """Send a form with a large file; the test client's own encoder would leave a temporary file open."""
    parts: MultiDict[str, Any] = MultiDict(
        {**fields, field: FileStorage(BytesIO(data), "enorme.pdf"), "csrf_token": client.token()}
    )
    boundary, body = encode_multipart(parts)
    with client.application.app_context():
        answer = client.plain.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    return client._seen(answer, path)


# ----------------------------------------------------------------------------------------------------------------------
# The register
# ----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("letters", [False, True])
def test_a_wrong_check_digit_is_said_beside_the_cnpj(officer: Inspector, kept: Any, letters: bool) -> None:
    right = make_cnpj(51, alphanumeric=letters).formatted
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    before = kept()
    page = officer.post("/operadores/novo", {"cnpj": wrong, "name": "Tradutora Ipê Amarelo Ltda.", "country": "BR"})
    assert page.status_code == 422
    assert "dígitos verificadores" in error_beside(page, "cnpj")
    assert typed(page, "cnpj") == wrong
    assert typed(page, "name") == "Tradutora Ipê Amarelo Ltda."
    assert kept() == before


def test_an_end_before_the_start_is_said_beside_the_end(officer: Inspector, kept: Any) -> None:
    before = kept()
    page = officer.post("/acordos/novo", {**AGREEMENT, "cnpj": make_cnpj(52).formatted, "ends_on": "2026-01-09"})
    assert page.status_code == 422
    assert "anterior ao início (10/01/2026)" in error_beside(page, "ends_on")
    assert typed(page, "ends_on") == "2026-01-09"
    assert typed(page, "object") == AGREEMENT["object"]
    assert typed(page, "value") == AGREEMENT["value"]
    assert kept() == before


def test_the_same_number_twice_is_said_beside_the_number_and_the_first_agreement_stays(
    officer: Inspector, kept: Any
) -> None:
    cnpj = make_cnpj(53).formatted
    first = officer.post("/acordos/novo", {**AGREEMENT, "cnpj": cnpj})
    assert first.status_code == 303
    before = kept()
    page = officer.post("/acordos/novo", {**AGREEMENT, "cnpj": cnpj, "object": "Outro objeto"})
    assert page.status_code == 409
    assert "Contrato 00044/2026" in error_beside(page, "number")
    assert typed(page, "object") == "Outro objeto"
    assert kept() == before
    (path, *_) = first.location.partition("/registro")
    assert "Tradução e legendagem de audiências" in officer.get(path).words


def test_a_form_without_its_token_writes_nothing_and_gives_back_what_was_typed(officer: Inspector, kept: Any) -> None:
    before = kept()
    page = officer.post("/acordos/novo", {**AGREEMENT, "cnpj": make_cnpj(54).formatted}, token=False)
    assert page.status_code == 400
    assert "não foi gravado" in page.words
    assert AGREEMENT["object"] in page.text
    assert kept() == before


# ----------------------------------------------------------------------------------------------------------------------
# Files of staff
# ----------------------------------------------------------------------------------------------------------------------
PAPER = {"kind": "original", "title": "Contrato de hospedagem", "signed_on": "2026-02-02", "signed_by_both": "sim"}


def test_a_program_that_calls_itself_a_pdf_is_refused_beside_the_file(officer: Inspector, make: Any, kept: Any) -> None:
    path = f"/acordos/{make.agreement()}/instrumentos/novo"
    before = kept()
    page = officer.post(path, {**PAPER, "arquivo": (BytesIO(PROGRAM), "contrato.pdf")})
    assert page.status_code == 422
    assert "Este tipo de arquivo não é aceito. Envie PDF" in error_beside(page, "arquivo")
    assert typed(page, "title") == PAPER["title"]
    assert typed(page, "signed_on") == PAPER["signed_on"]
    assert kept() == before


def test_a_file_over_the_limit_is_refused_beside_the_file(officer: Inspector, make: Any, kept: Any) -> None:
    path = f"/acordos/{make.agreement()}/instrumentos/novo"
    before = kept()
    page = send_large(officer, path, PAPER, "arquivo", b"%PDF-1.7\n" + bytes(26 * 1024 * 1024))
    assert page.status_code == 422
    assert "25 MB" in error_beside(page, "arquivo")
    assert typed(page, "title") == PAPER["title"]
    assert kept() == before


def test_sixty_megabytes_from_staff_get_an_honest_answer(officer: Inspector, make: Any, kept: Any) -> None:
    path = f"/acordos/{make.agreement()}/instrumentos/novo"
    before = kept()
    page = send_large(officer, path, PAPER, "arquivo", b"%PDF-1.7\n" + bytes(SIXTY_MEGABYTES))
    assert page.status_code == 413
    assert "grande demais" in page.tree.xpath("string(//h1)")
    assert kept() == before


# ----------------------------------------------------------------------------------------------------------------------
# The portal
# ----------------------------------------------------------------------------------------------------------------------
def test_a_program_sent_by_the_vendor_is_refused_beside_its_item_and_the_texts_stay(
    vendor: Inspector, kept: Any
) -> None:
    first, second = items(vendor)
    before = kept()
    page = vendor.post(
        "/portal/requisicao",
        {
            f"resposta-{first}": "Segue o certificado.",
            f"arquivo-{first}": (BytesIO(PROGRAM), "certificado.pdf"),
            f"resposta-{second}": "Não houve.",
            "nome": "Renato Villar",
            "cargo": "Preposto",
            "declaro": "1",
            "acao": "enviar",
        },
    )
    assert page.status_code == 422
    assert "certificado.pdf" in error_beside(page, f"arquivo-{first}")
    assert typed(page, f"resposta-{second}") == "Não houve."
    after = kept()
    assert after["files in the store"] == before["files in the store"]
    assert after["receipt"] == before["receipt"] == 0
    again = vendor.get("/portal/requisicao")
    assert typed(again, f"resposta-{first}") == "Segue o certificado."


def test_sixty_megabytes_from_the_vendor_cost_neither_the_texts_nor_what_was_attached_before(
    vendor: Inspector, kept: Any
) -> None:
    first, second = items(vendor)
    vendor.post(
        "/portal/requisicao",
        {
            f"arquivo-{first}": (BytesIO(pdf("Certificado")), "certificado.pdf"),
            f"resposta-{first}": "",
            "acao": "salvar",
        },
    )
    before = kept()
    page = send_large(
        vendor,
        "/portal/requisicao",
        {f"resposta-{first}": "Segue também o relatório.", f"resposta-{second}": "Não houve.", "acao": "salvar"},
        f"arquivo-{first}",
        b"%PDF-1.7\n" + bytes(SIXTY_MEGABYTES),
    )
    assert page.status_code == 422
    assert "25 MB" in error_beside(page, f"arquivo-{first}")
    assert "certificado.pdf" in page.words
    again = vendor.get("/portal/requisicao")
    assert typed(again, f"resposta-{first}") == "Segue também o relatório."
    assert typed(again, f"resposta-{second}") == "Não houve."
    assert kept()["files in the store"] == before["files in the store"] == 1


def test_a_vendors_form_without_its_token_writes_nothing_and_keeps_the_texts_in_their_fields(
    vendor: Inspector, kept: Any
) -> None:
    first, second = items(vendor)
    before = kept()
    page = vendor.post(
        "/portal/requisicao",
        {f"resposta-{first}": "Texto longo.", f"resposta-{second}": "Não houve.", "acao": "enviar"},
        token=False,
    )
    assert page.status_code == 400
    assert "nada foi gravado" in page.words
    assert typed(page, f"resposta-{first}") == "Texto longo."
    assert kept() == before


def test_a_session_that_ended_gives_back_every_text_and_nothing_but_texts(
    vendor: Inspector, clock: Any, kept: Any
) -> None:
    first, second = items(vendor)
    clock.move_to(START + timedelta(days=1))
    before = kept()
    page = vendor.post(
        "/portal/requisicao",
        {
            f"resposta-{first}": "Texto longo.",
            f"tipo-{first}": "iso_27001",
            f"resposta-{second}": "Não houve.",
            "nome": "Renato Villar",
            "declaro": "1",
            "acao": "enviar",
        },
    )
    assert page.status_code == 403
    assert [text.strip() for text in page.tree.xpath("//textarea/text()")] == [
        "Texto longo.",
        "Não houve.",
        "Renato Villar",
    ]
    assert kept() == before


def test_an_expired_link_says_so_and_changes_nothing(client: Inspector, asked: int, clock: Any, kept: Any) -> None:
    clock.move_to(START + timedelta(days=200))
    before = kept()
    for answer in (client.get(link(asked)), client.post(link(asked))):
        assert answer.status_code == 410
        assert "já não abre" in answer.tree.xpath("string(//h1)")
    after = kept()
    assert after["portal_session"] == before["portal_session"] == 0
    assert after["request_event"] == before["request_event"]


def test_an_altered_link_opens_nothing(client: Inspector, asked: int, kept: Any) -> None:
    right = link(asked)
    before = kept()
    for wrong in (right[:-1], f"{right[:-1]}{'A' if right[-1] != 'A' else 'B'}", f"{right}0"):
        for answer in (client.get(wrong), client.post(wrong)):
            assert answer.status_code == 404
            assert "Endereço não encontrado" in answer.tree.xpath("string(//h1)")
    after = kept()
    assert after["portal_session"] == before["portal_session"] == 0
    assert after["request_event"] == before["request_event"]


def test_a_session_reaches_no_receipt_and_no_file_but_its_own(vendor: Inspector) -> None:
    for path in ("/portal/recibo/2026-0099-AA", "/portal/arquivos/99"):
        answer = vendor.get(path)
        assert answer.status_code == 404


# ----------------------------------------------------------------------------------------------------------------------
# In a browser
# ----------------------------------------------------------------------------------------------------------------------
def test_a_browser_that_sends_sixty_megabytes_is_shown_the_page_that_says_so(
    officer: Inspector, make: Any, new_page: Any, live_server: Any, tmp_path: Path
) -> None:
    """A server that hung up in the middle would leave the browser with an error of its own."""
    from tests.rig.app import PASSWORD

    agreement = make.agreement()
    server = live_server(officer.application)
    officer.application.config["PERMANENT_SESSION_LIFETIME"] = 50 * 365 * 86_400
    page = new_page()
    page.goto(server.path("/entrar"))
    page.get_by_label("E-mail").fill(make.user("procurement").name)
    page.get_by_label("Senha").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name="Entrar").click()
    page.goto(server.path(f"/acordos/{agreement}/instrumentos/novo"))
    page.get_by_label("Nome", exact=True).fill("Contrato de hospedagem")
    large = tmp_path / "enorme.pdf"
    large.write_bytes(b"%PDF-1.7\n" + bytes(SIXTY_MEGABYTES))
    page.set_input_files("input[type=file]", large)
    with page.expect_navigation():
        page.get_by_role("button", name="Registrar e conferir").click()
    assert page.locator("h1").inner_text() == "O arquivo é grande demais"
    page.go_back()
    assert page.get_by_label("Nome", exact=True).input_value() == "Contrato de hospedagem"
