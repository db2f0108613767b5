"""The vendor's story: open the link, answer item by item, send files, submit, keep the receipt. No account."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
import time_machine
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.rig.app import Inspector

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Monday, 2 March 2026, nine o'clock in Brasília; it stands still."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def asked(app: Any, make: Any) -> int:
    """A request of two items: a proof that needs a file, and a question that does not. Returns its id."""
    from contracts.vocabulary import EvidenceKind, RequestKind
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    operator = make.operator("Voz Clara Teleatendimento Ltda.")
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=9))
    agreement = make.agreement(
        operator,
        number="017/2025",
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


def link(request_id: int, generation: int = 1) -> str:
    from vendor_tracker.usecases import portal_links

    return f"/portal/r/{portal_links.secret_of(request_id, generation)}"


@pytest.fixture
def vendor(app: Any, client: Inspector, asked: int) -> Inspector:
    """A browser that opened the request."""
    page = client.get(link(asked))
    assert page.status_code == 200
    answer = client.post(link(asked))
    assert (answer.status_code, answer.location) == (303, "/portal/requisicao")
    return client


def fields(client: Inspector) -> list[str]:
    """The numbers of the items on the page, in order."""
    page = client.get("/portal/requisicao")
    return [
        name.removeprefix("resposta-") for name in page.tree.xpath("//textarea[starts-with(@name,'resposta-')]/@name")
    ]


def complete(first: str, second: str, **changes: Any) -> dict[str, Any]:
    return {
        f"resposta-{first}": "O certificado foi renovado.",
        f"arquivo-{first}": (BytesIO(PDF), "certificado-2026.pdf"),
        f"resposta-{second}": "Não houve.",
        "nome": "Renato Villar",
        "cargo": "Preposto do contrato",
        "declaro": "1",
        "acao": "enviar",
        **changes,
    }


def test_fetching_the_link_changes_nothing(client: Inspector, asked: int) -> None:
    from sqlalchemy import func, select

    from vendor_tracker.store.session import reading
    from vendor_tracker.store.tables import PortalSession, Request, RequestEvent

    page = client.get(link(asked))
    assert "Abrir requisição" in page.text
    assert "Set-Cookie" not in page.headers or "vt_portal" not in page.headers["Set-Cookie"]
    with reading() as session:
        assert session.scalar(select(func.count(PortalSession.id))) == 0
        assert session.scalar(select(func.count(RequestEvent.id))) == 1
        assert session.get_one(Request, asked).state.value == "open"


def test_the_portal_leaks_no_address_and_is_kept_by_no_cache(client: Inspector, asked: int) -> None:
    for path in (link(asked), "/portal/requisicao", "/portal/r/invented", "/portal/"):
        page = client.get(path)
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"


def test_the_session_cookie_reaches_the_portal_alone(client: Inspector, asked: int) -> None:
    client.get(link(asked))
    cookies = client.post(link(asked)).headers.getlist("Set-Cookie")
    [cookie] = [each for each in cookies if each.startswith("vt_portal=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/portal" in cookie


def test_the_whole_story_ends_in_a_receipt(vendor: Inspector, asked: int, clock: Any) -> None:
    page = vendor.get("/portal/requisicao")
    assert "Certificado em vigor" in page.words
    assert "apresentar evidências e garantias suficientes" in page.words
    assert "sexta-feira, 20 de março de 2026" in page.words
    first, second = fields(vendor)

    saved = vendor.post(
        "/portal/requisicao", {f"resposta-{first}": "Em renovação.", f"resposta-{second}": "", "acao": "salvar"}
    )
    assert saved.status_code == 303
    assert "Rascunho salvo." in vendor.get("/portal/requisicao").words

    clock.move_to(START + timedelta(hours=7, minutes=7, seconds=42))
    sent = vendor.post("/portal/requisicao", complete(first, second))
    assert sent.status_code == 303
    protocol = sent.location.rsplit("/", 1)[1]
    assert re.fullmatch(r"2026-0001-[0-9A-F]{2}", protocol)
    receipt = vendor.get(sent.location)
    assert protocol in receipt.words
    assert "2 de março de 2026, às 16h07min42s (horário de Brasília)" in receipt.words
    assert sha256(PDF).hexdigest() in receipt.words
    assert "dentro do prazo" in receipt.words

    text = vendor.get(f"{sent.location}.txt")
    assert text.mimetype == "text/plain"
    assert sha256(PDF).hexdigest() in text.text
    content = vendor.get(f"{sent.location}.json")
    assert sha256(content.data).hexdigest() in receipt.words

    after = vendor.get("/portal/requisicao")
    assert "não pode mais ser alterada" in after.words
    assert not after.tree.xpath("//textarea")
    code = re.search(rf"{protocol}-[0-9A-Z]{{4}}-[0-9A-Z]{{4}}", receipt.words)
    assert code is not None
    public = vendor.get(f"/verificar/{code.group().lower()}")
    assert public.status_code == 200
    assert sha256(PDF).hexdigest() in public.words
    assert "certificado-2026.pdf" not in public.words
    assert "Renato" not in public.words


def test_what_was_submitted_cannot_be_sent_again_and_nothing_typed_is_lost(vendor: Inspector) -> None:
    first, second = fields(vendor)
    assert vendor.post("/portal/requisicao", complete(first, second)).status_code == 303
    again = vendor.post("/portal/requisicao", complete(first, second, **{f"resposta-{second}": "Outra versão."}))
    assert again.status_code == 409
    assert "Outra versão." in again.text
    assert "já foi enviada" in again.words


def test_an_incomplete_answer_says_every_point_that_is_missing_and_keeps_the_rest(vendor: Inspector) -> None:
    first, second = fields(vendor)
    page = vendor.post(
        "/portal/requisicao",
        {f"resposta-{first}": "Segue em breve.", f"resposta-{second}": "", "nome": "Renato", "acao": "enviar"},
    )
    assert page.status_code == 422
    assert "Segue em breve." in page.text
    targets = page.tree.xpath("//div[contains(@class,'notice bad')]//a/@href")
    assert targets == [f"#arquivo-{first}", f"#resposta-{second}", "#cargo", "#declaro"]
    assert page.tree.xpath("//input[@id='nome']/@value") == ["Renato"]
    assert "Segue em breve." in vendor.get("/portal/requisicao").text


def test_a_file_that_is_too_large_is_said_so_and_costs_nothing_else(vendor: Inspector) -> None:
    first, second = fields(vendor)
    big = BytesIO(PDF + bytes(60 * 1024 * 1024))
    files = [FileStorage(big, "enorme.pdf"), FileStorage(BytesIO(PDF), "boa.pdf")]
    boundary, body = encode_multipart(
        MultiDict(complete(first, second, csrf_token=vendor.token(), **{f"arquivo-{first}": files}))
    )
    with vendor.application.app_context():
        answer = vendor.plain.post(
            "/portal/requisicao", data=body, content_type=f"multipart/form-data; boundary={boundary}"
        )
    page = vendor._seen(answer, "/portal/requisicao")
    assert page.status_code == 422
    assert "“enorme.pdf” passa de 25 MB" in page.words
    assert "boa.pdf" in page.words
    assert "O certificado foi renovado." in page.text


def test_a_file_of_another_type_is_said_so_and_costs_nothing_else(vendor: Inspector) -> None:
    first, second = fields(vendor)
    page = vendor.post(
        "/portal/requisicao",
        complete(first, second, **{f"arquivo-{first}": (BytesIO(b"MZ\x90\x00" + bytes(400)), "certificado.pdf")}),
    )
    assert page.status_code == 422
    assert "“certificado.pdf” não foi guardado" in page.words
    assert "O certificado foi renovado." in page.text
    assert vendor.get("/portal/requisicao").status_code == 200


def test_more_than_the_portal_takes_at_once_is_refused_before_it_is_read(vendor: Inspector) -> None:
    answer = vendor.post(
        "/portal/requisicao",
        {"acao": "salvar"},
        environ_overrides={"CONTENT_LENGTH": str(400 * 1024 * 1024)},
        token=False,
    )
    assert answer.status_code == 413
    assert "continua salvo" in answer.words


def test_a_form_without_its_token_writes_nothing_and_gives_the_text_back(vendor: Inspector) -> None:
    first, second = fields(vendor)
    page = vendor.post("/portal/requisicao", complete(first, second), token=False)
    assert page.status_code == 400
    assert "O certificado foi renovado." in page.text
    assert "nada foi gravado" in page.words
    assert "O certificado foi renovado." not in vendor.get("/portal/requisicao").text


def test_a_button_without_its_token_asks_to_be_pressed_again(client: Inspector, asked: int) -> None:
    page = client.post(link(asked), token=False)
    assert page.status_code == 400
    assert "Aperte o botão outra vez." in page.words


def test_the_end_of_the_session_loses_nothing_that_was_typed(vendor: Inspector, clock: Any) -> None:
    first, second = fields(vendor)
    clock.move_to(START + timedelta(hours=13))
    page = vendor.post("/portal/requisicao", complete(first, second))
    assert page.status_code == 403
    assert "O certificado foi renovado." in page.text
    assert "Abra de novo o endereço do e-mail" in page.words


def test_a_file_may_be_taken_back_before_sending(vendor: Inspector) -> None:
    first, _ = fields(vendor)
    vendor.post(
        "/portal/requisicao",
        {f"resposta-{first}": "x", f"arquivo-{first}": (BytesIO(PDF), "errada.pdf"), "acao": f"anexar-{first}"},
    )
    page = vendor.get("/portal/requisicao")
    [button] = page.tree.xpath("//button[@name='retirar']")
    own = page.tree.xpath("//ul[@class='files']//a/@href")[0]
    assert vendor.get(own).data == PDF
    answer = vendor.post("/portal/requisicao", {f"resposta-{first}": "x", "retirar": button.get("value")})
    assert answer.status_code == 303
    page = vendor.get("/portal/requisicao")
    assert "Arquivo retirado: errada.pdf." in page.words
    assert not page.tree.xpath("//button[@name='retirar']")
    assert vendor.get(own).status_code == 404


def test_the_enter_key_in_a_field_saves_and_sends_nothing(vendor: Inspector) -> None:
    page = vendor.get("/portal/requisicao")
    first_button = page.tree.xpath("//form[@enctype]//button[@type='submit']")[0]
    assert (first_button.get("name"), first_button.get("value")) == ("acao", "salvar")


def test_an_altered_link_is_unknown(client: Inspector, asked: int) -> None:
    page = client.get(link(asked)[:-1] + "_")
    assert page.status_code == 404
    assert "copiado por inteiro" in page.words


def test_an_expired_link_is_gone_and_says_whom_to_ask(client: Inspector, asked: int, clock: Any) -> None:
    clock.move_to(START + timedelta(days=60))
    page = client.get(link(asked))
    assert page.status_code == 410
    assert "terminou em 04/04/2026" in page.words
    assert "2026/0001" in page.words
    assert "protecaodedados@orgao.example" in page.text


def test_a_replaced_link_is_gone_and_points_to_the_newest_mail(client: Inspector, asked: int) -> None:
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    requesting.reissue_link(Actor("fiscal@orgao.example"), request_id=asked)
    page = client.get(link(asked))
    assert page.status_code == 410
    assert "e-mail mais recente" in page.words
    assert client.get(link(asked, 2)).status_code == 200


def test_the_link_of_a_cancelled_request_says_that_nothing_is_owed(client: Inspector, asked: int) -> None:
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    requesting.cancel(Actor("fiscal@orgao.example"), request_id=asked, reason="Pedida por engano.")
    page = client.get(link(asked))
    assert page.status_code == 410
    assert "não precisa ser respondida" in page.words


def test_guessing_links_has_to_wait(client: Inspector) -> None:
    for number in range(20):
        assert client.get(f"/portal/r/guess-{number}").status_code == 404
    page = client.get("/portal/r/guess")
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "900"


def test_without_a_session_the_portal_says_how_to_enter(client: Inspector) -> None:
    page = client.get("/portal/requisicao")
    assert page.status_code == 403
    assert "endereço do e-mail" in page.words
    assert client.get("/portal/").status_code == 200


def test_the_session_of_one_request_reads_no_receipt_of_another(app: Any, vendor: Inspector, make: Any) -> None:
    first, second = fields(vendor)
    sent = vendor.post("/portal/requisicao", complete(first, second))
    stranger = Inspector(app)
    assert stranger.get(sent.location).status_code == 403


def test_leaving_ends_the_session(vendor: Inspector) -> None:
    assert vendor.post("/portal/sair").status_code == 303
    assert vendor.get("/portal/requisicao").status_code == 403


@pytest.mark.parametrize("code", ["2026-0001-00", "nada", "2026-0001", "x" * 300])
def test_a_code_that_is_not_ours_is_not_confirmed(client: Inspector, code: str) -> None:
    page = client.get(f"/verificar/{code}")
    assert page.status_code == 404
    assert "não confie no documento" in page.words


def test_the_verification_form_leads_to_the_code(client: Inspector) -> None:
    assert client.get("/verificar").status_code == 200
    assert client.get("/verificar?codigo=2026-0001-3F").location == "/verificar/2026-0001-3F"


def test_saving_and_sending_is_one_transaction(vendor: Inspector) -> None:
    from sqlalchemy import event

    from vendor_tracker.store.base import db

    first, second = fields(vendor)
    form = complete(first, second, csrf_token=vendor.token())
    commits = []

    def count(connection: Any) -> None:
        commits.append(connection)

    event.listen(db.engine, "commit", count)
    assert vendor.post("/portal/requisicao", form, token=False).status_code == 303
    event.remove(db.engine, "commit", count)
    assert len(commits) == 1, "between saving and sending, a colleague's text could slip into what is sent"


def test_a_form_that_arrives_twice_attaches_its_file_once(vendor: Inspector) -> None:
    first, _ = fields(vendor)
    for _ in range(2):
        form = {f"resposta-{first}": "x", f"arquivo-{first}": (BytesIO(PDF), "certificado.pdf"), "acao": "salvar"}
        assert vendor.post("/portal/requisicao", form).status_code == 303
    page = vendor.get("/portal/requisicao")
    assert len(page.tree.xpath("//ul[@class='files']//a[starts-with(@href, '/portal/arquivos/')]")) == 1


def hidden(client: Inspector) -> dict[str, str]:
    """What the page of the request carries unseen: what it was made from."""
    page = client.get("/portal/requisicao")
    return {
        node.get("name"): node.get("value")
        for node in page.tree.xpath("//form[@data-answer]//input[@type='hidden']")
        if node.get("name") != "csrf_token"
    }


def colleague(app: Any, vendor: Inspector, asked: int) -> Inspector:
    """Another browser, of a colleague who was invited and came in."""
    from vendor_tracker.store.session import reading
    from vendor_tracker.store.tables import PortalGuest
    from vendor_tracker.usecases import portal_links

    sent = vendor.post("/portal/colegas", {"nome-colega": "Ana Souza", "email-colega": "ana@fornecedor.example"})
    assert sent.status_code == 303
    with reading() as session:
        path = f"/portal/r/{portal_links.guest_secret(asked, session.get_one(PortalGuest, 1).nonce)}"
    browser = Inspector(app)
    landing = browser.get(path)
    assert "Ana Souza, você foi convidado por Renato Villar" in landing.words
    assert browser.plain.head(path).status_code == 200
    assert browser.get("/portal/requisicao").status_code == 403, "fetching the link opened nothing"
    assert browser.post(path).status_code == 303
    return browser


def test_what_is_typed_is_saved_without_leaving_the_page(vendor: Inspector) -> None:
    first, _ = fields(vendor)
    answer = vendor.post("/portal/requisicao/rascunho", {**hidden(vendor), f"resposta-{first}": "Até aqui."})
    assert (answer.status_code, answer.json["state"]) == (200, "saved")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Salvo às 9h por Renato Villar." in answer.json["items"][first]
    assert list(answer.json["items"]) == [first], "what nobody changed is not sent again"
    assert "Até aqui." in vendor.get("/portal/requisicao").text
    looked = vendor.post("/portal/requisicao/rascunho", hidden(vendor))
    assert looked.json["items"] == {}


def test_saving_says_why_it_could_not(vendor: Inspector, asked: int, clock: Any) -> None:
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    first, second = fields(vendor)
    form = {**hidden(vendor), f"resposta-{first}": "x"}
    lost = vendor.post("/portal/requisicao/rascunho", form, token=False)
    assert (lost.status_code, lost.json["state"]) == (400, "token")
    again = vendor.post("/portal/requisicao/rascunho", {**form, "csrf_token": lost.json["token"]}, token=False)
    assert again.json["state"] == "saved"
    long = vendor.post("/portal/requisicao/rascunho", {**form, f"resposta-{first}": "x" * 20_001})
    assert (long.status_code, list(long.json["problems"])) == (422, [f"resposta-{first}"])
    requesting.reissue_link(Actor("fiscal@orgao.example"), request_id=asked)
    gone = vendor.post("/portal/requisicao/rascunho", {**form, f"resposta-{second}": "Digitado agora."})
    assert (gone.status_code, gone.json["state"]) == (410, "gone")
    assert "foi guardado à parte" in gone.json["message"]
    vendor.post(link(asked, 2))
    page = vendor.get("/portal/requisicao")
    assert "Há outro texto para este item, de Renato Villar" in page.words
    assert "Digitado agora." in page.words
    assert vendor.post("/portal/requisicao", complete(first, second, **hidden(vendor))).status_code == 422
    chosen = page.tree.xpath("//button[starts-with(@value, 'usar-')]/@value")[0]
    assert vendor.post("/portal/requisicao", {**hidden(vendor), "acao": chosen}).status_code == 303
    sent = vendor.post("/portal/requisicao", complete(first, second, **hidden(vendor)))
    assert sent.status_code == 303
    after = vendor.post("/portal/requisicao/rascunho", {**form, f"resposta-{first}": "tarde"})
    assert (after.status_code, after.json["state"]) == (409, "sent")
    clock.move_to(START + timedelta(hours=13))
    ended = vendor.post("/portal/requisicao/rascunho", form)
    assert (ended.status_code, ended.json["state"]) == (403, "ended")


def test_a_colleague_who_was_faster_is_named_and_both_texts_are_shown(app: Any, vendor: Inspector, asked: int) -> None:
    _, second = fields(vendor)
    ana = colleague(app, vendor, asked)
    mine = hidden(vendor)
    ana.post("/portal/requisicao/rascunho", {**hidden(ana), f"resposta-{second}": "Houve um."})
    page = vendor.post("/portal/requisicao", {**mine, f"resposta-{second}": "Não houve.", "acao": "salvar"})
    assert page.status_code == 409
    assert "Ana Souza salvou outro texto neste item às 9h, enquanto você escrevia." in page.words
    assert page.tree.xpath(f"//textarea[@id='resposta-{second}']")[0].text.strip() == "Não houve."
    assert "Houve um." in page.tree.xpath("//blockquote[@class='other']")[0].text_content()
    fresh = {
        node.get("name"): node.get("value")
        for node in page.tree.xpath("//form[@data-answer]//input[@type='hidden']")
        if node.get("name") != "csrf_token"
    }
    keep = page.tree.xpath("//button[starts-with(@value, 'manter-')]/@value")[0]
    kept = vendor.post("/portal/requisicao", {**fresh, f"resposta-{second}": "Não houve mesmo.", "acao": keep})
    assert kept.status_code == 303
    after = ana.get("/portal/requisicao")
    assert after.tree.xpath(f"//textarea[@id='resposta-{second}']")[0].text.strip() == "Não houve mesmo."
    assert not after.tree.xpath("//blockquote[@class='other']")
    assert "Salvo às 9h por Renato Villar." in after.words


def test_files_go_one_by_one_and_each_is_told_apart(vendor: Inspector) -> None:
    first, _ = fields(vendor)
    sent = vendor.post("/portal/requisicao/arquivos", {**hidden(vendor), f"arquivo-{first}": (BytesIO(PDF), "a.pdf")})
    assert (sent.status_code, sent.json["problems"]) == (200, {})
    assert "a.pdf" in sent.json["items"][first]
    bad = {**hidden(vendor), f"arquivo-{first}": (BytesIO(b"MZ\x90\x00" + bytes(400)), "b.pdf")}
    refused = vendor.post("/portal/requisicao/arquivos", bad)
    assert "“b.pdf” não foi guardado" in refused.json["problems"][f"arquivo-{first}"]
    own = vendor.get("/portal/requisicao").tree.xpath("//ul[@class='files']//a/@href")[0]
    file = vendor.get(own)
    assert (file.headers["Cache-Control"], file.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert Inspector(vendor.application).get(own).status_code == 403


def test_staff_see_who_came_and_withdraw_an_invitation(app: Any, vendor: Inspector, asked: int, sign_in: Any) -> None:
    ana = colleague(app, vendor, asked)
    first, _ = fields(ana)
    ana.post("/portal/requisicao/arquivos", {**hidden(ana), f"arquivo-{first}": (BytesIO(PDF), "a.pdf")})
    staff = Inspector(app)
    sign_in(staff, "fiscal")
    page = staff.get(f"/requisicoes/{asked}/acessos")
    assert "ana@fornecedor.example" in page.words
    assert "2/3/2026" in page.words or "02/03/2026" in page.words
    assert "por Ana Souza" in page.words
    assert "Conferido" in page.words
    action = page.tree.xpath("//form[contains(@action, '/retirar')]/@action")[0]
    assert staff.post(action).status_code == 303
    gone = ana.post("/portal/requisicao/rascunho", {**hidden(vendor), f"resposta-{first}": "x"})
    assert (gone.status_code, gone.json["state"]) == (410, "gone")
    assert "foi retirado por" in gone.json["message"]


@pytest.mark.parametrize("path", ["/portal", "/portal/nada", "/portal/r/um/dois", "/portal/requisicao/rascunho"])
def test_no_address_under_the_portal_travels_or_is_kept_not_even_one_without_a_page(
    client: Inspector, path: str
) -> None:
    answer = client.plain.get(path)
    assert answer.status_code in {308, 404, 405}
    assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "no-store")
