"""The monthly mail to the committee: once a month and recipient, with what the month came to and the PDF."""

import io
from base64 import b64decode
from datetime import date

import pypdf
import pytest
import time_machine
from sqlalchemy import select

from contracts.vocabulary import IncidentSource, UserRole
from tests.rig.judged import NOON, moment
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import AgreementRevision, Incident, Message, TrailEntry
from vendor_tracker.usecases import committee, judging, parameters
from vendor_tracker.usecases.work import Actor

ADMIN = Actor("admin@orgao.example", role=UserRole.ADMIN)


@pytest.fixture
def register(make, records):
    """Two agreements of May, one of them protected; each had a breach and an incident in May."""
    made = []
    for number, secret in (("00017/2025", False), ("00018/2025", True)):
        operator_id = make.operator(f"Operador {number} Ltda.")
        agreement = make.agreement(operator_id, recorded_at=moment("2026-04-02"), number=number)
        records.instrument(agreement, since="2026-04-02")
        with time_machine.travel(moment("2026-04-03"), tick=False):
            records.judge(agreement)
        make.add(
            Incident(
                agreement_id=agreement, title="Título que não se conta", learned_at=moment("2026-05-11"),
                source=IncidentSource.OPERATOR, recorded_at=moment("2026-05-11"),
            )
        )  # fmt: skip
        records.action(agreement, due="2026-05-14")
        with time_machine.travel(moment("2026-05-20"), tick=False):
            records.judge(agreement, cause="Ação corretiva vencida")
        if secret:
            db.session.scalars(
                select(AgreementRevision).where(AgreementRevision.agreement_id == agreement)
            ).one().secret = True
            db.session.commit()
        made.append(agreement)
    return made


def messages() -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind == "committee_month").order_by(Message.id)))


def test_the_committee_gets_the_month_once_and_no_protected_agreement_is_named(make, records, register):
    with time_machine.travel(NOON, tick=False):
        judging.take_snapshots()
        assert committee.send_month().why == "nenhum destinatário"
        email = make.user("committee").name
        first = committee.send_month()
        assert (first.month, first.messages) == ("2026-05", 1)
        assert committee.send_month().messages == 0
    with time_machine.travel(moment("2026-06-30"), tick=False):
        assert committee.send_month().messages == 0
    (message,) = messages()
    assert message.recipient == email
    assert "Acordos acompanhados: 2" in message.body
    assert "Incidentes de que o órgão soube no mês: 2" in message.body
    assert "Operador 00017/2025 Ltda." in message.body
    (attached,) = message.attachments
    pdf = pypdf.PdfReader(io.BytesIO(b64decode(str(attached["base64"]))))
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Operadores de dados pessoais em maio de 2026"
    said = message.body + " ".join(page.extract_text() for page in pdf.pages)
    assert "Acordo protegido" in said
    assert "00018/2025" not in said
    assert "Título que não se conta" not in said
    told = db.session.scalars(select(TrailEntry).where(TrailEntry.act == "committee_told")).all()
    assert len(told) == 1


def test_nothing_is_sent_while_the_parameter_says_no(make, register):
    make.user("committee")
    with time_machine.travel(NOON, tick=False):
        parameters.decide_parameter(
            ADMIN,
            key="committee_monthly_mail",
            since=date(2026, 6, 15),
            value=0,
            decided_by="CGLGPD",
            reason="Decisão do Comitê.",
        )
        assert committee.send_month().why == "desligado por parâmetro administrativo"
    assert not messages()


def test_a_month_in_which_the_register_was_empty_has_nothing_to_tell(make):
    make.user("committee")
    with time_machine.travel(NOON, tick=False):
        assert committee.send_month().why == "não há retrato do mês"
    assert not messages()


def test_a_picture_that_nobody_took_yet_is_taken_before_writing(make, register):
    make.user("committee")
    with time_machine.travel(NOON, tick=False):
        assert committee.send_month().messages == len(messages()) > 0
