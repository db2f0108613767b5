"""The letter to the operator: what is open under each of its agreements, with the duty, what is asked and by when."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from docx import Document

from tests.rig.judged import NOON, moment
from vendor_tracker.settings import Body
from vendor_tracker.usecases import documents
from vendor_tracker.usecases.document_kinds import INSTRUMENTS, LETTER, OF_AGREEMENT
from vendor_tracker.usecases.open_points import NOTHING_OPEN

BODY = Body(contact_email="protecaodedados@orgao.example", encarregado="Helena Prado")


@pytest.fixture(autouse=True)
def _fixed_day():
    with time_machine.travel(NOON, tick=False):
        yield


def test_the_letter_lists_what_is_open_under_every_agreement_of_the_operator(make, records):
    operator_id = make.operator("Voz Clara Teleatendimento Ltda.")
    worst = make.agreement(operator_id, recorded_at=moment("2026-02-01"), number="00017/2025")
    records.instrument(worst)
    records.request(worst, due="2026-06-20", inciso="II", sequence=151)
    records.action(worst, due="2026-06-01")
    other = make.agreement(operator_id, recorded_at=moment("2026-03-01"), number="00018/2025")
    records.instrument(other, covers={"III": "missing", "X": "missing"})
    elsewhere = make.agreement(make.operator("Outra Ltda."), recorded_at=moment("2026-03-01"), number="00099/2025")
    records.instrument(elsewhere)
    preview = documents.preview(BODY, kind=LETTER, agreement_id=worst)
    assert preview.draft is not None
    table = next(block for block in preview.draft.clauses[0].content if hasattr(block, "rows"))
    rows = [tuple("".join(getattr(part, "text", "") for part in cell) for cell in row) for row in table.rows]
    assert (
        "Contrato 00017/2025",
        "Art. 14, II",
        "Requisição 2026/0151",
        "Responder à requisição",
        "20/06/2026",
    ) in rows
    late = next(row for row in rows if row[3].startswith("Concluir a ação corretiva"))
    # Thirty calendar days, the administrative term of an answer, from 15/06/2026.
    assert late[4].startswith("Venceu em 01/06/2026. Atender até ")
    assert date(int(late[4][-4:]), int(late[4][-7:-5]), int(late[4][-10:-8])) > date(2026, 6, 15)
    signed = [row for row in rows if row[0] == "Contrato 00018/2025" and row[3].startswith("Assinar o termo aditivo")]
    assert len(signed) == 1
    assert signed[0][1] == "Art. 14, III, IV e X"
    assert "00099/2025" not in preview.draft.text
    word = Document(BytesIO(documents.render(BODY, kind=LETTER, agreement_id=worst)))
    assert any("Requisição 2026/0151" in cell.text for table in word.tables for row in table.rows for cell in row.cells)


def test_a_letter_asks_only_what_the_operator_owes_and_is_never_an_instrument(make):
    agreement = make.agreement(make.operator("Nada Ltda."), recorded_at=moment("2026-03-01"))
    preview = documents.preview(BODY, kind=LETTER, agreement_id=agreement)
    # Nobody has read an instrument: that is the court's own to do, and the letter does not ask it of the operator.
    assert (preview.draft, preview.refusal) == (None, NOTHING_OPEN)
    assert LETTER in OF_AGREEMENT
    assert LETTER not in INSTRUMENTS
