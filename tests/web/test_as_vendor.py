"""Staff see the vendor's very page, before and after it is sent, and nothing in it acts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.rig.app import Inspector

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Monday, 2 March 2026, nine o'clock in Brasília; it stands still."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def agreement(app: Any, make: Any) -> int:
    operator = make.operator("Voz Clara Teleatendimento Ltda.")
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=9))
    return int(
        make.agreement(
            operator,
            recorded_at=START - timedelta(days=9),
            signed_on=date(2026, 1, 5),
            starts_on=date(2026, 1, 5),
            ends_on=date(2027, 12, 31),
        )
    )


def items() -> list[Any]:
    from contracts.vocabulary import EvidenceKind
    from vendor_tracker.usecases import requesting

    return [
        requesting.NewItem("VI", "Registro das operações", "Envie o registro.", (EvidenceKind.PROCESSING_RECORD,)),
        requesting.NewItem("XI", "Houve incidente?", "Informe se houve.", wants_file=False),
    ]


def asked(agreement: int) -> int:
    from contracts.vocabulary import RequestKind
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    return int(
        requesting.create_request(
            Actor("fiscal@orgao.example"),
            agreement_id=agreement,
            kind=RequestKind.INFORMATION,
            items=items(),
            due_on=date(2026, 3, 20),
            reason="Conferência anual.",
        )
    )


def rows(name: str) -> list[Any]:
    from sqlalchemy import select

    from vendor_tracker.store import tables
    from vendor_tracker.store.session import reading

    with reading() as session:
        found = list(session.scalars(select(getattr(tables, name))))
        session.expunge_all()
        return found


def said(page: Any) -> list[str]:
    """What the vendor reads: headings, questions, labels and help, in order, without the banner."""
    main = page.tree.xpath("//main")[0]
    for banner in main.xpath(".//div[contains(@class,'notice')]"):
        banner.getparent().remove(banner)
    return [" ".join(each.text_content().split()) for each in main.xpath(".//h2|.//h3|.//p|.//label|.//option|.//li")]


def inert(page: Any) -> None:
    tree = page.tree
    assert "form-action 'none'" in page.headers["Content-Security-Policy"]
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert not [
        field
        for field in tree.xpath("//input|//textarea|//select|//button")
        if not field.xpath("ancestor::fieldset[@disabled]")
    ]
    assert not [each for each in tree.xpath("//@href|//@action") if str(each).startswith("/portal")]


def test_staff_see_the_very_page_of_the_vendor_without_being_the_vendor(
    app: Any, client: Inspector, sign_in: Any, agreement: int
) -> None:
    from vendor_tracker.usecases import portal_links

    request_id = asked(agreement)
    sign_in(client, "legal")
    assert "Ver como o operador" in client.get(f"/requisicoes/{request_id}").words
    page = client.get(f"/requisicoes/{request_id}/como-o-operador")
    assert "Você vê a página como o operador a vê" in page.words
    inert(page)
    assert rows("PortalSession") == []
    assert [event.kind for event in rows("RequestEvent")] == ["opened"]
    [line] = [entry for entry in rows("TrailEntry") if entry.act == "request_seen_as_vendor"]
    assert line.subject_id == request_id

    vendor = Inspector(app)
    address = f"/portal/r/{portal_links.secret_of(request_id, 1)}"
    vendor.get(address)
    vendor.post(address)
    own = vendor.get("/portal/requisicao")
    assert said(page) == said(own)

    number = own.tree.xpath("//textarea[starts-with(@name,'resposta-')]/@name")[0]
    vendor.post("/portal/requisicao", {number: "Ainda em rascunho.", "nome": "Beatriz Dutra", "acao": "salvar"})
    again = client.get(f"/requisicoes/{request_id}/como-o-operador")
    assert "Ainda em rascunho." not in again.text, "what is only saved is the vendor's own"
    assert "Beatriz" not in again.text


def test_before_sending_the_page_is_the_one_the_vendor_will_get(
    client: Inspector, sign_in: Any, agreement: int
) -> None:
    from contracts.vocabulary import RequestKind
    from vendor_tracker.usecases.answering import as_vendor
    from vendor_tracker.usecases.work import Actor

    view = as_vendor.preview_as_vendor(
        Actor("fiscal@orgao.example"),
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        items=items(),
        due_on=date(2026, 3, 20),
        reason="Conferência anual.",
    )
    sent = as_vendor.page_as_vendor(Actor("fiscal@orgao.example"), asked(agreement))
    for mine, theirs in zip(view.page.items, sent.page.items, strict=True):
        for field in ("position", "inciso", "title", "question", "law", "wants_file", "accepts", "standing"):
            assert getattr(mine, field) == getattr(theirs, field)

    sign_in(client, "fiscal")
    form = {
        "kind": "information",
        "due_on": "2026-03-20",
        "reason": "Conferência anual.",
        "item": ["XI:inciso.XI"],
        "acao": "conferir",
    }
    client.get(f"/acordos/{agreement}/requisicoes/nova")
    preview = client.post(f"/acordos/{agreement}/requisicoes/nova", form)
    [button] = preview.tree.xpath("//button[@formaction]")
    fields = {
        field.get("name"): field.get("value") or field.text or ""
        for field in preview.tree.xpath("//form[.//button[@formaction]]//*[self::input or self::textarea][@name]")
        if field.get("type") != "checkbox" or field.get("checked") is not None
    }
    page = client.post(button.get("formaction"), {**fields, "acao": "conferir"})
    assert page.status_code == 200
    assert "ainda não foi enviada" in page.words
    inert(page)
    assert len(rows("Request")) == 1, "looking at it sends nothing"
