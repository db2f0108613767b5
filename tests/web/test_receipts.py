"""The receipt as a file: handed out, mailed, kept byte for byte, and verified by anybody, by its code or by itself."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pypdf
import pytest
import time_machine

from tests.rig.app import Inspector

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Monday, 2 March 2026, nine o'clock in Brasília; it stands still."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def answered(app: Any, client: Inspector, make: Any) -> str:
    """A request that was answered in this browser; returns the protocol."""
    from contracts.vocabulary import EvidenceKind, RequestKind
    from vendor_tracker.usecases import answering, portal_links, requesting
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
    request_id = requesting.create_request(
        Actor("fiscal@orgao.example"),
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        items=[requesting.NewItem("V", "Certificado em vigor", "Envie o certificado.", (EvidenceKind.ISO_27001,))],
        due_on=date(2026, 3, 20),
        reason="O certificado anterior venceu.",
    )
    secret = portal_links.secret_of(request_id, 1)
    client.get(f"/portal/r/{secret}")
    client.post(f"/portal/r/{secret}")
    visit = answering.visit_of(answering.open_session(secret, address="192.0.2.1"))
    [item] = answering.answer_page(visit).items
    answering.save(
        visit,
        app.extensions["vendor_tracker.files"],
        drafts={item.id: answering.Draft("Segue o certificado: #let x = 1.")},
        new_files=(answering.NewFile(item.id, "certificado.pdf", BytesIO(PDF)),),
    )
    return str(answering.submit(visit, name="Renato Villar", position="Preposto", declared=True))


def code_on(page: Any, protocol: str) -> str:
    found = re.search(rf"{protocol}-[0-9A-Z]{{4}}-[0-9A-Z]{{4}}", page.words)
    assert found is not None
    return found.group()


def papers() -> list[Any]:
    from sqlalchemy import select

    from vendor_tracker.store.session import reading
    from vendor_tracker.store.tables import ReceiptPaper

    with reading() as session:
        rows = list(session.scalars(select(ReceiptPaper)))
        session.expunge_all()
        return rows


def test_the_vendor_the_staff_and_the_mail_have_the_same_bytes(
    app: Any, client: Inspector, answered: str, smtp_server: Any, sign_in: Any
) -> None:
    from vendor_tracker.mail import SmtpTransport
    from vendor_tracker.usecases.outbox import deliver_waiting

    assert papers() == [], "nobody waits for the PDF when submitting"
    transport = SmtpTransport(smtp_server.url, "protecaodedados@orgao.example", "Conselho Nacional de Justiça")
    deliver_waiting(transport, worker="one")
    [letter] = [each for each in smtp_server.received if each.subject.startswith("Recibo")]
    [attached] = list(letter.message.iter_attachments())
    assert attached.get_filename() == f"recibo-{answered}.pdf"
    assert attached.get_content_type() == "application/pdf"
    data = attached.get_content()
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)
    assert sha256(PDF).hexdigest() in text
    assert "#let x = 1." in text

    mine = client.get(f"/portal/recibo/{answered}.pdf")
    assert (mine.status_code, mine.mimetype, mine.data) == (200, "application/pdf", data)
    [paper] = papers()
    assert paper.sha256 == sha256(data).hexdigest()

    app.extensions["vendor_tracker.files"].path(paper.sha256).unlink()
    staff = Inspector(app)
    sign_in(staff, "fiscal")
    assert "Baixar recibo em PDF" in staff.get(f"/recibos/{answered}").words
    assert staff.get(f"/recibos/{answered}.pdf").data == data, "a PDF that was lost is made again, byte for byte"
    assert Inspector(app).get(f"/portal/recibo/{answered}.pdf").status_code == 403


def test_a_letter_waits_for_a_receipt_that_cannot_be_set_and_says_why(
    answered: str, smtp_server: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vendor_tracker.mail import SmtpTransport
    from vendor_tracker.reports import receipt
    from vendor_tracker.reports.typesetting import TypesettingError, typeset
    from vendor_tracker.usecases.outbox import deliver_waiting

    def broken(*_args: object, **_kwargs: object) -> bytes:
        raise TypesettingError("no memory")

    transport = SmtpTransport(smtp_server.url, "protecaodedados@orgao.example", "Conselho Nacional de Justiça")
    monkeypatch.setattr(receipt, "typeset", broken)
    assert deliver_waiting(transport, worker="one").deferred == 1
    assert not [each for each in smtp_server.received if each.subject.startswith("Recibo")]
    monkeypatch.setattr(receipt, "typeset", typeset)
    clock.move_to(START + timedelta(minutes=2))
    assert deliver_waiting(transport, worker="one").sent == 1


def test_a_protocol_alone_confirms_little_and_the_code_the_rest(app: Any, client: Inspector, answered: str) -> None:
    code = code_on(client.get(f"/portal/recibo/{answered}"), answered)
    anybody = Inspector(app)
    little = anybody.get(f"/verificar/{answered}")
    assert "2 de março de 2026" in little.words
    for private in ("Voz Clara", "2026/0001", sha256(PDF).hexdigest()):
        assert private not in little.words
    whole = anybody.get(f"/verificar/{code}")
    for told in ("Voz Clara", "2026/0001", sha256(PDF).hexdigest()):
        assert told in whole.words
    for page in (little, whole):
        assert "Renato" not in page.words
        assert "certificado.pdf" not in page.words
    last = "A" if code[-1] != "A" else "B"
    assert anybody.get(f"/verificar/{code[:-1]}{last}").status_code == 404


def test_a_file_or_its_fingerprint_is_recognised_and_one_changed_byte_is_not(
    app: Any, client: Inspector, answered: str
) -> None:
    receipt = client.get(f"/portal/recibo/{answered}")
    code = code_on(receipt, answered)
    paper = client.get(f"/portal/recibo/{answered}.pdf").data
    content = client.get(f"/portal/recibo/{answered}.json").data
    anybody = Inspector(app)
    anybody.get("/verificar")

    def said(data: bytes | None = None, **fields: str) -> str:
        form: dict[str, Any] = {**fields}
        if data is not None:
            form["arquivo"] = (BytesIO(data), "x.pdf")
        return str(anybody.post("/verificar", form).words)

    assert "é, byte por byte, o PDF do recibo" in said(paper)
    assert "é, byte por byte, o PDF do recibo" in said(sha256=f" SHA-256: {sha256(paper).hexdigest().upper()} ")
    assert "é o conteúdo do recibo" in said(content)
    assert "não é um recibo nem um documento" in said(paper + b"\n")
    assert "não é um recibo nem um documento" in said(PDF)
    assert "é um dos que foram entregues" in said(PDF, codigo=code)
    assert "não é o PDF nem o conteúdo do recibo" in said(PDF, codigo=answered), "a protocol alone opens nothing"
    assert "não confie nele" in said(paper + b"\n", codigo=code)
    assert "64 caracteres" in said(sha256="abc")
    assert "Escolha o arquivo ou cole" in said(codigo=code)
    assert "Renato" not in said(paper)
