"""Asking for a batch from the list of agreements, following it, cancelling it, downloading it."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from contracts.vocabulary import UserRole
from tests.rig import papers
from vendor_tracker.usecases import batches
from vendor_tracker.usecases.batches import Filters
from vendor_tracker.usecases.work import Actor
from vendor_tracker.wording.batches import BATCH_STATES, ITEM_STATES, filter_words


def with_gap(make: Any, **fields: Any) -> int:
    agreement = make.agreement(**fields)
    papers.signed_paper(make, agreement, {"XI": "missing"})
    return int(agreement)


def ask(client: Any, path: str = "/documentos/lotes/novo") -> str:
    answer = client.post(path)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def work(app: Any, seconds: float | None = None) -> None:
    files, body = app.extensions["vendor_tracker.files"], app.extensions["vendor_tracker.settings"].body
    number = batches.index().rows[0].id
    batches.work_through(files, body, worker="tests", seconds=seconds, batch_id=number)


def test_the_filtered_list_leads_to_a_page_that_says_what_would_be_issued(
    app: Any, client: Any, sign_in: Any, make: Any
) -> None:
    with_gap(make, number="00012/2025")
    with_gap(make, kind="convenio")
    make.agreement(number="00013/2025")
    sign_in(client, "legal")
    listed = client.get("/acordos?tipo=contrato&texto=hospedagem")
    [address] = listed.tree.xpath("//main//a[contains(., 'todos com lacunas')]/@href")
    assert address.startswith("/documentos/lotes/novo?")
    page = client.get(address)
    assert "Acordos com texto “hospedagem”, tipo contrato." in page.words
    assert "1 termo aditivo , de 2 acordos na lista" in page.words
    assert "Contrato 00012/2025" in page.words
    assert "Nenhum instrumento assinado em vigor" in page.words
    batch = ask(client, address)
    work(app)
    shown = client.get(batch)
    assert "Concluído 2 de 2 acordos" in shown.words
    assert "Acordos com texto “hospedagem”, tipo contrato." in shown.words


def test_a_batch_shows_how_far_it_has_come_on_every_reload_and_can_be_cancelled(
    app: Any, client: Any, sign_in: Any, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vendor_tracker.usecases.batches import working

    for _ in range(4):
        with_gap(make)
    sign_in(client, "legal")
    batch = ask(client)
    page = client.get(batch)
    assert page.tree.xpath("//progress/@value") == ["0"]
    assert page.tree.xpath("//progress/@max") == ["4"]
    assert "Na fila" in page.words
    assert page.tree.xpath("//*[@data-live]"), "the script is asked to follow"
    record, seen = working._record, []

    def look_after_two(*values: Any, **fields: Any) -> Any:
        going = record(*values, **fields)
        seen.append(going)
        if len(seen) == 2:
            halfway = client.get(batch)
            assert halfway.tree.xpath("//progress/@value") == ["2"]
            assert halfway.tree.xpath("//*[@role='status' and @id='aviso-do-lote']")[0].text == (
                "Em andamento: 50 % dos acordos."
            )
            [action] = halfway.tree.xpath("//form[contains(@action, 'cancelamento')]/@action")
            assert client.post(action).status_code == 303
            assert "Cancelamento pedido" in client.get(batch).words
        return going

    monkeypatch.setattr(working, "_record", look_after_two)
    work(app)
    page = client.get(batch)
    assert "Cancelado por Pessoa Legal" in page.words
    assert page.tree.xpath("//progress/@value") == ["2"]
    assert not page.tree.xpath("//*[@data-live]")
    assert not page.tree.xpath("//form[contains(@action, 'cancelamento')]")
    assert "não iniciado (2)" in page.words
    assert client.get(f"{batch}?mostrar=pending").tree.xpath("count(//table/tbody/tr)") == 2
    again = client.post(f"{batch}/cancelamento")
    assert "já terminou" in client.get(again.location).words


def test_the_archive_is_downloaded_whole(app: Any, client: Any, sign_in: Any, make: Any) -> None:
    with_gap(make)
    sign_in(client, "legal")
    batch = ask(client)
    work(app)
    [address] = client.get(batch).tree.xpath("//main//a[contains(., 'Baixar tudo')]/@href")
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    with ZipFile(BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == 2
    listed = client.get("/documentos/lotes")
    assert "Concluído" in listed.words
    assert listed.tree.xpath(f"//a[@href='{batch}']")
    assert client.get("/documentos").tree.xpath("//main//a[@href='/documentos/lotes']")


def test_only_legal_staff_and_the_administrator_ask_for_batches_and_everybody_sees_them(
    app: Any, client: Any, sign_in: Any, make: Any
) -> None:
    with_gap(make, secret=True, secrecy_ground="Investigação")
    number = batches.start(Actor("cli"), filters=Filters(), describe=lambda _filters, _unit: "Todos os acordos.")
    work(app)
    allowed = {UserRole.LEGAL, UserRole.ADMIN}
    for role in UserRole:
        visitor = type(client)(app)
        sign_in(visitor, role.value)
        may = role in allowed
        assert bool(visitor.get("/acordos").tree.xpath("//a[contains(@href, 'lotes/novo')]")) is may
        assert visitor.get("/documentos/lotes/novo").status_code == (200 if may else 403)
        assert visitor.post(f"/documentos/lotes/{number}/cancelamento").status_code == (303 if may else 403)
        page = visitor.get(f"/documentos/lotes/{number}")
        assert page.status_code == 200
        opens = bool(page.tree.xpath("//a[contains(., 'Baixar tudo')]"))
        assert visitor.get(f"/documentos/lotes/{number}/arquivo").status_code == (200 if opens else 404)
        assert opens is (role not in {UserRole.PROCUREMENT, UserRole.COMMITTEE})


def test_nothing_to_issue_offers_no_button_and_the_same_batch_is_not_asked_for_twice(
    client: Any, sign_in: Any, make: Any
) -> None:
    sign_in(client, "legal")
    empty = client.get("/documentos/lotes/novo")
    assert "Nenhum acordo passa por este filtro" in empty.words
    assert not empty.tree.xpath("//main//form")
    refused = client.post("/documentos/lotes/novo")
    assert refused.status_code == 422
    assert "Nenhum acordo passa por este filtro." in refused.words
    make.agreement()
    assert not client.get("/documentos/lotes/novo").tree.xpath("//main//form")
    with_gap(make)
    ask(client)
    twice = client.post("/documentos/lotes/novo")
    assert twice.location == "/documentos/lotes"
    assert "já está em andamento" in client.get(twice.location).words


def test_gaps_that_have_a_document_can_be_issued_again_on_purpose(
    app: Any, client: Any, sign_in: Any, make: Any
) -> None:
    with_gap(make)
    sign_in(client, "legal")
    ask(client)
    work(app)
    page = client.get("/documentos/lotes/novo?tipo=contrato")
    assert "Já há termo aditivo emitido para as mesmas lacunas" in page.words
    [again] = page.tree.xpath("//main//a[starts-with(., 'Emitir de novo')]/@href")
    assert "1 termo aditivo" in client.get(again).words
    batch = ask(client, again)
    work(app)
    assert "Emitido" in client.get(batch).words


def test_a_batch_that_nobody_works_on_says_so(app: Any, client: Any, sign_in: Any, make: Any) -> None:
    from datetime import UTC, datetime, timedelta

    import time_machine

    with_gap(make)
    sign_in(client, "legal")
    batch = ask(client)
    assert "Ninguém trabalha neste lote" not in client.get(batch).words
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5), tick=False):
        assert "Ninguém trabalha neste lote há mais de um minuto" in client.get(batch).words


def test_a_pause_between_two_rounds_is_not_said_to_be_a_standstill(
    app: Any, client: Any, sign_in: Any, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime, timedelta

    import time_machine

    from vendor_tracker.usecases.batches import working

    for _ in range(3):
        with_gap(make)
    sign_in(client, "legal")
    batch = ask(client)
    monkeypatch.setattr(working._Round, "late", property(lambda _round: True))
    start = datetime.now(UTC)
    for minutes in (0, 5):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            work(app, seconds=60)
            page = client.get(batch)
            assert "Em andamento" in page.words
            assert "Ninguém trabalha neste lote" not in page.words


def test_what_does_not_exist_is_not_found(client: Any, sign_in: Any) -> None:
    sign_in(client, "legal")
    assert client.get("/documentos/lotes/4711").status_code == 404
    assert client.get("/documentos/lotes/4711/arquivo").status_code == 404
    assert client.post("/documentos/lotes/4711/cancelamento").status_code == 404
    assert "Nenhum lote até agora" in client.get("/documentos/lotes").words


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({}, "Todos os acordos."),
        ({"kind": "convenio", "exposure": "high"}, "Acordos com tipo convênio, exposição alta."),
        (
            {"unit": "Gestão de Pessoas", "stage": "in_force"},
            "Acordos com unidade Gestão de Pessoas, etapa “em vigor”.",
        ),
        ({"words": "nuvem", "only_incomplete": True}, "Acordos com texto “nuvem”, dados a completar."),
    ],
)
def test_a_filter_is_said_in_words(chosen: dict[str, Any], words: str) -> None:
    unit = chosen.pop("unit", "")
    assert filter_words(Filters(**chosen), unit) == words


def test_every_state_has_its_words() -> None:
    from vendor_tracker.reports.batch_index import RESULTS
    from vendor_tracker.store.batches import OPEN
    from vendor_tracker.usecases.batches.pages import ITEM_STATES as STATES

    assert set(OPEN) < set(BATCH_STATES)
    assert set(ITEM_STATES) == set(STATES) == set(RESULTS)
