"""An incident from the operator's first words to the end of the case: nothing overwritten, every term counted once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from docx import Document
from docx.oxml.ns import qn
from sqlalchemy import select

from contracts.vocabulary import (
    ClockState,
    DataNature,
    Harm,
    IncidentClock,
    IncidentSeverity,
    IncidentSource,
    Verdict,
    VolumeBand,
)
from vendor_tracker.files import FileStore
from vendor_tracker.store.base import db
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.tables import IncidentReport, Message, TrailEntry
from vendor_tracker.usecases import conduct, documents, incidents, painel
from vendor_tracker.usecases.incidents import IncidentFile, Reporter, ReportRefusedError, Told
from vendor_tracker.usecases.judging import assess_agreement
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError

MONDAY = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
"""Ten o'clock in Brasília on an ordinary Monday."""
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "kept")


@pytest.fixture
def actor(make: Any) -> Actor:
    found: Actor = make.user("encarregado")
    return found


@pytest.fixture
def reporter(app: Any, make: Any) -> Reporter:
    """The operator, by the standing link of an agreement that wants incidents told within eight hours."""
    operator = make.operator("Voz Clara Teleatendimento Ltda.")
    make.contact(operator, since=date(2026, 1, 1), recorded_at=MONDAY - timedelta(days=9))
    agreement = make.agreement(
        operator, recorded_at=MONDAY - timedelta(days=9), signed_on=date(2026, 1, 5), starts_on=date(2026, 1, 5),
        ends_on=date(2027, 12, 31), incident_term_hours=8,
    )  # fmt: skip
    return Reporter(agreement, "channel", 1, "")


def told(**changes: Any) -> Told:
    values: dict[str, Any] = {
        "what": "Planilha com telefones enviada ao destinatário errado. Pedimos que a apague.",
        "aware_at": MONDAY - timedelta(hours=5),
        "person": "Renato Villar",
        "email": "renato@vozclara.example",
    }
    return Told(**{**values, **changes})


def the_incident(lineage: int, actor: Actor) -> incidents.IncidentPage:
    return incidents.incident_page(actor, lineage=lineage)


def lineage_of(protocol: str) -> int:
    with db.session() as session:
        return session.scalars(select(IncidentReport.incident_lineage).where(IncidentReport.protocol == protocol)).one()


def messages(kind: str) -> list[Message]:
    with db.session() as session:
        return list(session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def state_of(page: incidents.IncidentPage, kind: IncidentClock) -> ClockState:
    return next(term.state for term in page.terms if term.kind is kind)


def test_three_facts_are_enough_and_put_the_incident_on_record_at_the_server_s_hour(
    reporter: Reporter, files: FileStore, actor: Actor
) -> None:
    received = incidents.report(reporter, files, told=told())
    page = the_incident(lineage_of(received.protocol), actor)
    assert page.what == "Planilha com telefones enviada ao destinatário errado"
    assert (page.reported_at, page.learned_at) == (MONDAY, MONDAY)
    assert page.source is IncidentSource.OPERATOR
    assert page.counted is not None
    assert (page.counted.elapsed, page.counted.limit_hours, page.counted.late) == (timedelta(hours=5), 8, False)
    assert state_of(page, IncidentClock.PRESIDENCY) is ClockState.RUNNING
    assert state_of(page, IncidentClock.ANPD) is ClockState.NOT_STARTED
    assert {field.inciso for field in page.missing} == {"I", "II", "III", "IV", "V", "VI", "VIII"}
    receipts = [message.recipient for message in messages("incident_receipt")]
    assert receipts == ["renato@vozclara.example", "preposto@fornecedor.example"]
    assert actor.name in {message.recipient for message in messages("incident_reported")}
    assert all("telefones" not in message.body for message in messages("incident_reported"))


def test_a_later_version_adds_and_overwrites_nothing_and_never_moves_the_first_hour(
    reporter: Reporter, files: FileStore, actor: Actor, clock: Any
) -> None:
    first = incidents.report(reporter, files, told=told())
    lineage = lineage_of(first.protocol)
    clock.shift(timedelta(hours=6))
    more = told(
        aware_at=MONDAY - timedelta(hours=9), reached_data=True, affected_data="Nomes e telefones", measures="Cobrança",
        natures=(DataNature.COMMON,), volume=VolumeBand.UP_TO_1K,
    )  # fmt: skip
    second = incidents.amend(
        reporter, files, first_protocol=first.protocol, told=more,
        new_files=(IncidentFile("relato.pdf", BytesIO(PDF)), IncidentFile("virus.exe", BytesIO(b"MZ\x90\x00" * 40))),
    )  # fmt: skip
    assert len(second.refused_files) == 1
    assert "virus.exe" in second.refused_files[0]
    page = the_incident(lineage, actor)
    assert [view.number for view in page.versions] == [2, 1]
    assert page.versions[1].told == told()
    assert page.versions[0].changed == {"aware_at", "reached_data", "affected_data", "measures", "natures", "volume"}
    assert [file.name for file in page.versions[0].files] == ["relato.pdf"]
    assert page.reported_at == MONDAY
    # Both moments stay; the earlier counts, and by it the first communication was late.
    assert [(said.counts, said.latency.late) for said in page.said] == [(False, False), (True, True)]
    assert page.counted is not None
    assert page.counted.elapsed == timedelta(hours=9)
    # A “sim” starts the terms of the Resolution when our server received it, once.
    anpd = next(term for term in page.terms if term.kind is IncidentClock.ANPD)
    assert (anpd.starts_at, anpd.due_at and anpd.due_at.date()) == (MONDAY + timedelta(hours=6), date(2026, 3, 5))
    clock.shift(timedelta(days=1))
    incidents.amend(reporter, files, first_protocol=first.protocol, told=told(reached_data=True, risks="Golpes"))
    again = the_incident(lineage, actor)
    assert next(term for term in again.terms if term.kind is IncidentClock.ANPD).due_at == anpd.due_at
    assert again.suspected_at == MONDAY - timedelta(hours=9), "a later moment told afterwards does not excuse"
    with db.session() as session:
        facts = load_facts(session, [reporter.agreement_id], on=date(2026, 3, 3))[reporter.agreement_id]
    assert [fact.reported_at for fact in facts.incidents] == [MONDAY]
    verdict = assess_agreement(agreement_id=reporter.agreement_id, on=date(2026, 3, 3)).finding("XI").verdict
    assert verdict is Verdict.BREACHED


def test_what_the_court_wrote_is_not_overwritten_by_the_operator(
    reporter: Reporter, files: FileStore, actor: Actor
) -> None:
    first = incidents.report(reporter, files, told=told(affected_data="Telefones"))
    lineage = lineage_of(first.protocol)
    page = conduct.show(actor, slug="incidente", lineage=lineage)
    ours = {**page.values, "affected_data": "Telefones e CPF, conferido pelo órgão"}
    conduct.revise(actor, files, slug="incidente", lineage=lineage, values=ours)
    incidents.amend(
        reporter, files, first_protocol=first.protocol, told=told(affected_data="Só telefones", risks="Golpe")
    )
    field = {each.inciso: each for each in the_incident(lineage, actor).fields}
    assert field["III"].on_record == ("Telefones e CPF, conferido pelo órgão",)
    assert field["III"].differs == "Só telefones"
    assert field["VI"].on_record == ("Golpe",)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"what": "", "person": "", "email": "renato"}, {"o-que", "nome", "email"}),
        ({"aware_at": None}, {"ciencia"}),
        ({"aware_at": MONDAY + timedelta(minutes=1)}, {"ciencia"}),
        ({"measures": "x" * 10_001}, {"medidas"}),
    ],
)
def test_what_cannot_be_received_is_said_beside_each_field(
    reporter: Reporter, files: FileStore, changes: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(ReportRefusedError) as refused:
        incidents.report(reporter, files, told=told(**changes))
    assert set(refused.value.problems) == fields


def test_a_button_pressed_twice_tells_once_and_an_empty_complement_is_refused(
    reporter: Reporter, files: FileStore
) -> None:
    first = incidents.report(reporter, files, told=told())
    assert incidents.report(reporter, files, told=told()).protocol == first.protocol
    assert len(incidents.own_page(reporter).incidents) == 1
    with pytest.raises(ReportRefusedError):
        incidents.amend(reporter, files, first_protocol=first.protocol, told=told())


def test_an_operator_reaches_only_the_incidents_of_its_own_agreement(
    reporter: Reporter, files: FileStore, make: Any
) -> None:
    first = incidents.report(reporter, files, told=told())
    other = Reporter(make.agreement(make.operator("Outra Ltda.")), "channel", 2, "")
    for act in (incidents.own_incident, incidents.incident_receipt, incidents.incident_receipt_content):
        with pytest.raises(NotFoundError):
            act(other, first.protocol)
    with pytest.raises(NotFoundError):
        incidents.amend(other, files, first_protocol=first.protocol, told=told(risks="x"))


def test_a_receipt_is_verified_by_anybody_and_tells_neither_who_nor_what(
    reporter: Reporter, files: FileStore, app: Any
) -> None:
    protocol = incidents.report(reporter, files, told=told()).protocol
    check = incidents.verify_incident_receipt(protocol.lower())
    assert check is not None
    assert (check.received_at, check.intact) == (MONDAY, True)
    assert "Voz Clara" not in repr(check)
    with db.session() as session:
        row = session.scalars(select(IncidentReport)).one()
        row.content = {**row.content, "o_que_aconteceu": "Nada."}
        session.commit()
    altered = incidents.verify_incident_receipt(protocol)
    assert altered is not None
    assert not altered.intact
    assert incidents.verify_incident_receipt("IN-2026-0001-00") is None


def test_severity_is_proposed_confirmed_or_changed_with_a_reason_and_moves_the_presidency_s_term(
    reporter: Reporter, files: FileStore, actor: Actor
) -> None:
    lineage = lineage_of(incidents.report(reporter, files, told=told()).protocol)
    facts: dict[str, Any] = {"natures": [DataNature.SENSITIVE], "volume": VolumeBand.UP_TO_1K, "harm": Harm.SERIOUS}
    with pytest.raises(UseCaseError) as refused:
        incidents.assess(actor, lineage=lineage, **facts, level=IncidentSeverity.LOW, reason=" ")
    assert refused.value.field == "reason"
    incidents.assess(actor, lineage=lineage, **facts, level=None, reason="")
    page = the_incident(lineage, actor)
    assert page.severity.level is IncidentSeverity.HIGH
    assert next(term for term in page.terms if term.kind is IncidentClock.PRESIDENCY).hours == 12
    assert page.fields[0].on_record == ("Nível 3, alta (escala administrativa)",)
    incidents.assess(actor, lineage=lineage, **facts, level=IncidentSeverity.MODERATE, reason="Dados já públicos.")
    page = the_incident(lineage, actor)
    assert [line.level for line in page.severity.history] == [IncidentSeverity.MODERATE, IncidentSeverity.HIGH]
    assert next(term for term in page.terms if term.kind is IncidentClock.PRESIDENCY).hours == 24


def test_terms_are_met_completed_annulled_and_the_case_ends_only_when_nothing_is_owed(
    reporter: Reporter, files: FileStore, actor: Actor, clock: Any
) -> None:
    lineage = lineage_of(incidents.report(reporter, files, told=told(reached_data=True)).protocol)

    def communicate(kind: IncidentClock, *, partial: bool = False, why: str = "", protocol: str = "ANPD 123") -> None:
        incidents.communicate(
            actor, files, lineage=lineage, kind=kind, sent_at=datetime.now(UTC), protocol=protocol, partial=partial,
            delay_reason=why, note="",
        )  # fmt: skip

    with pytest.raises(UseCaseError):
        communicate(IncidentClock.ANPD, protocol="")
    with pytest.raises(UseCaseError):
        communicate(IncidentClock.ANPD_COMPLEMENT)
    communicate(IncidentClock.ANPD, partial=True)
    page = the_incident(lineage, actor)
    assert state_of(page, IncidentClock.ANPD) is ClockState.MET
    assert state_of(page, IncidentClock.ANPD_COMPLEMENT) is ClockState.RUNNING
    clock.shift(timedelta(hours=7))  # The six hours of an unconfirmed severity are over.
    with pytest.raises(UseCaseError) as late:
        communicate(IncidentClock.PRESIDENCY)
    assert late.value.field == "delay_reason"
    communicate(IncidentClock.PRESIDENCY, why="O plantão não foi avisado.")
    page = the_incident(lineage, actor)
    assert state_of(page, IncidentClock.PRESIDENCY) is ClockState.MET_LATE
    assert page.fields[6].on_record == ("À Presidência: O plantão não foi avisado.",)
    assert conduct.show(actor, slug="incidente", lineage=lineage).values["presidency_told_at"] == datetime.now(UTC)
    incidents.annul(actor, lineage=lineage, communication_id=page.communications[-1].id, reason="Foi a outro órgão.")
    page = the_incident(lineage, actor)
    assert state_of(page, IncidentClock.PRESIDENCY) is ClockState.LATE
    assert page.communications[-1].annulled_because == "Foi a outro órgão."
    communicate(IncidentClock.PRESIDENCY, why="O plantão não foi avisado.")
    with pytest.raises(UseCaseError):
        incidents.close(actor, lineage=lineage, reason="Resolvido.")
    communicate(IncidentClock.ANPD_COMPLEMENT)
    communicate(IncidentClock.DATA_SUBJECTS, protocol="")
    incidents.close(actor, lineage=lineage, reason="Resolvido.")
    assert the_incident(lineage, actor).closed is not None
    assert incidents.incidents_page(standing="closed").total == 1
    incidents.reopen(actor, lineage=lineage, reason="O arquivo reapareceu.")
    assert the_incident(lineage, actor).closed is None


def test_a_decision_spares_the_communications_and_is_needed_to_close(
    reporter: Reporter, files: FileStore, actor: Actor
) -> None:
    lineage = lineage_of(incidents.report(reporter, files, told=told()).protocol)
    with pytest.raises(UseCaseError):
        incidents.close(actor, lineage=lineage, reason="Nada houve.")
    with pytest.raises(UseCaseError):
        incidents.decide(actor, lineage=lineage, question="reached_data", answer=False, known_at=None, reason="")
    incidents.decide(
        actor, lineage=lineage, question="reached_data", answer=False, known_at=None, reason="Perícia do sistema."
    )
    page = the_incident(lineage, actor)
    assert {term.state for term in page.terms} == {ClockState.NOT_DUE}
    incidents.close(actor, lineage=lineage, reason="Nada houve.")
    with pytest.raises(UseCaseError):
        incidents.decide(
            actor,
            lineage=lineage,
            question="reached_data",
            answer=True,
            known_at=MONDAY - timedelta(days=1),
            reason="x",
        )


def test_each_warning_leaves_once_when_its_part_of_the_term_comes_and_the_queue_shows_it(
    reporter: Reporter, files: FileStore, actor: Actor, clock: Any
) -> None:
    incidents.report(reporter, files, told=told())
    assert incidents.watch_terms().messages == 0
    clock.shift(timedelta(hours=5))  # One hour left of six: the last quarter.
    assert incidents.watch_terms().messages == 1
    assert incidents.watch_terms().messages == 0
    clock.shift(timedelta(hours=2))
    late = incidents.watch_terms()
    assert (late.warnings, incidents.watch_terms().messages) == (1, 0)
    subjects = [message.subject for message in messages("incident_term")]
    assert subjects[0].startswith("Prazo acabando: comunicação à Presidência")
    assert subjects[-1].startswith("Prazo vencido: comunicação à Presidência")
    page = painel.painel_page(actor=actor, filters=painel.Filters())
    assert [(task.what.what, task.due_on) for task in page.tasks if task.kind == "incident"] == [
        ("presidency", date(2026, 3, 2))
    ]


def test_an_incident_that_the_court_records_itself_sets_the_terms_running(
    reporter: Reporter, files: FileStore, actor: Actor
) -> None:
    lineage = conduct.record(
        actor, files, agreement_id=reporter.agreement_id, slug="incidente",
        values={"title": "Base à venda em um fórum", "learned_at": MONDAY, "source": IncidentSource.THIRD_PARTY},
    )  # fmt: skip
    page = the_incident(lineage, actor)
    assert state_of(page, IncidentClock.PRESIDENCY) is ClockState.RUNNING
    assert incidents.incidents_page(standing="due").lines[0].lineage == lineage
    assert page.versions == ()


def test_the_standing_link_opens_once_pressed_and_tells_honestly_when_it_no_longer_does(
    reporter: Reporter, actor: Actor
) -> None:
    from vendor_tracker.usecases import incident_links
    from vendor_tracker.usecases.answering import LinkGoneError, SessionEndedError

    agreement = reporter.agreement_id
    incidents.issue_channel(actor, agreement_id=agreement)
    secret = incident_links.secret_of(agreement, 1)
    assert len(secret) == 43
    assert all(secret not in message.body for message in messages("incident_channel"))
    with db.session() as session:
        acts = set(session.scalars(select(TrailEntry.act)))
    incidents.channel_landing(secret, address="203.0.113.9")
    with db.session() as session:
        assert set(session.scalars(select(TrailEntry.act))) == acts, "looking changes nothing"
        assert incident_links.current_address(session, agreement, now=MONDAY).endswith(secret)
    token = incidents.open_channel_session(secret, address="203.0.113.9")
    assert incidents.reporter_by_channel(token).agreement_id == agreement
    with pytest.raises(NotFoundError):
        incidents.channel_landing("x" * 43, address="203.0.113.9")
    incidents.issue_channel(actor, agreement_id=agreement)
    for open_ in (
        lambda: incidents.channel_landing(secret, address="203.0.113.9"),
        lambda: incidents.reporter_by_channel(token),
    ):
        with pytest.raises(LinkGoneError, match="substituído"):
            open_()
    incidents.revoke_channel(actor, agreement_id=agreement, reason="O preposto saiu.")
    with pytest.raises(LinkGoneError, match="cancelado"):
        incidents.channel_landing(incident_links.secret_of(agreement, 2), address="203.0.113.9")
    with pytest.raises(SessionEndedError):
        incidents.reporter_by_channel("")
    with db.session() as session:
        assert "cancelado" in incident_links.current_address(session, agreement, now=MONDAY)


def test_what_the_court_already_knew_of_and_the_operator_tells_later_become_one_incident(
    reporter: Reporter, files: FileStore, actor: Actor, clock: Any
) -> None:
    found = MONDAY - timedelta(hours=2)
    older = conduct.record(
        actor, files, agreement_id=reporter.agreement_id, slug="incidente",
        values={"title": "Planilha vista em um fórum", "learned_at": found, "source": IncidentSource.THIRD_PARTY},
    )  # fmt: skip
    protocol = incidents.report(reporter, files, told=told(reached_data=True, measures="Retirada do ar")).protocol
    newer = lineage_of(protocol)
    assert [each for each, _, _ in the_incident(newer, actor).joinable] == [older]
    with pytest.raises(UseCaseError):
        incidents.join(actor, lineage=newer, into=newer)
    incidents.join(actor, lineage=newer, into=older)
    page = the_incident(older, actor)
    assert (page.learned_at, page.source, page.reported_at) == (found, IncidentSource.THIRD_PARTY, MONDAY)
    assert [view.protocol for view in page.versions] == [protocol]
    assert state_of(page, IncidentClock.ANPD) is ClockState.RUNNING
    assert incidents.joined_into(lineage=newer) == older
    with pytest.raises(NotFoundError):
        the_incident(newer, actor)
    with db.session() as session:
        facts = load_facts(session, [reporter.agreement_id], on=date(2026, 3, 2))[reporter.agreement_id]
    assert [fact.reported_at for fact in facts.incidents] == [MONDAY]
    incidents.amend(reporter, files, first_protocol=protocol, told=told(reached_data=True, risks="Golpes"))
    assert len(the_incident(older, actor).versions) == 2


def test_the_report_in_word_says_harm_terms_delays_and_what_the_anpd_was_told(
    reporter: Reporter, files: FileStore, actor: Actor, app: Any
) -> None:
    lineage = lineage_of(incidents.report(reporter, files, told=told(reached_data=True)).protocol)
    body = app.extensions["vendor_tracker.settings"].body

    def paper() -> str:
        word = documents.render(body, kind="relatorio-de-incidente", subject_id=lineage)
        nodes = Document(BytesIO(word)).element.body.iter(qn("w:t"))
        return "".join(node.text or "" for node in nodes).replace("\N{NO-BREAK SPACE}", " ")

    assert "[informar:" in paper()
    incidents.assess(
        actor, lineage=lineage, natures=[DataNature.SENSITIVE], volume=VolumeBand.UP_TO_1K, harm=Harm.GRAVE, level=None,
        reason="",
    )  # fmt: skip
    incidents.communicate(
        actor, files, lineage=lineage, kind=IncidentClock.ANPD, sent_at=MONDAY, protocol="ANPD 77", partial=True,
        delay_reason="", note="",
    )  # fmt: skip
    said = paper()
    term = "prazo máximo, 6 (seis) horas, parâmetro administrativo"
    for words in (term, "dano grave ou irreversível", "protocolo ANPD 77, incompleta", "Nível 4"):
        assert words in said, words
