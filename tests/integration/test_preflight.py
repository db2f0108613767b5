"""Whether a vendor can answer: said before a request is sent, and for as long as it waits."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from contracts.vocabulary import EvidenceKind, RequestKind

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Monday, 2 March 2026, nine o'clock in Brasília; it stands still."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def said(lines: Any, standing: str) -> str:
    return " ".join(line.said for line in lines if line.standing == standing)


def test_staff_are_told_what_keeps_a_vendor_from_answering(app: Any, make: Any, clock: Any) -> None:
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    fiscal = Actor("fiscal@orgao.example")
    operator = make.operator()
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=30))
    agreement = make.agreement(
        operator,
        signed_on=date(2026, 1, 5),
        starts_on=date(2026, 1, 5),
        ends_on=date(2027, 12, 31),
        recorded_at=START - timedelta(days=30),
    )
    items = [
        requesting.NewItem("V", "Certificado", "Envie o certificado.", (EvidenceKind.ISO_27001,)),
        requesting.NewItem("VI", "Registro", "Envie o registro."),
    ]
    values: dict[str, Any] = {
        "agreement_id": agreement,
        "kind": RequestKind.INFORMATION,
        "items": items,
        "due_on": date(2026, 3, 20),
        "reason": "Conferência anual.",
    }
    before = requesting.preview_request(**values).preflight.lines
    assert "O item 2 exige arquivo sem dizer que prova serve" in said(before, "warn")
    assert "2 itens a responder. 2 itens pedem arquivo." in said(before, "good")
    assert "abre até 04/04/2026, 15 dias depois do prazo" in said(before, "good")

    request_id = requesting.create_request(fiscal, **values)
    while_open = requesting.request_page(fiscal, request_id).answerable
    assert "recebe em preposto@fornecedor.example" in said(while_open, "good")
    assert "abre até 04/04/2026" in said(while_open, "good")
    assert said(while_open, "bad") == ""

    clock.move_to(datetime(2026, 4, 5, 12, 0, tzinfo=UTC))
    assert "O acesso do operador terminou" in said(requesting.request_page(fiscal, request_id).answerable, "bad")
    requesting.cancel(fiscal, request_id=request_id, reason="Pedida por engano.")
    assert requesting.request_page(fiscal, request_id).answerable == ()
