"""What happened is put on record, corrected without being rewritten, and changes the verdicts it bears on."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from contracts.vocabulary import EndReason, EvidenceKind, IncidentSource, ReviewDecision
from tests.rig import papers
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.store.base import db
from vendor_tracker.store.conduct import TABLES
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.tables import FindingChange, StoredFile, TrailEntry
from vendor_tracker.usecases import conduct, evidence
from vendor_tracker.usecases.evidence import Decision, EvidenceData
from vendor_tracker.usecases.filing import Upload
from vendor_tracker.usecases.judging import assess_agreement, evaluate_register
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError

ACTOR = Actor("fiscal@orgao.example")
TODAY = clock.today()
NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


GOOD = {
    "auditoria": {"title": "Auditoria anual", "planned_on": ago(-30)},
    "acao-corretiva": {"inciso": "V", "description": "Aplicar as correções pendentes", "due_on": ago(-10)},
    "ocorrencia": {"inciso": "II", "description": "Registros de acesso alterados", "found_on": ago(3)},
    "incidente": {
        "title": "Acesso indevido", "suspected_at": NOW - timedelta(days=3), "learned_at": NOW - timedelta(hours=1),
        "source": IncidentSource.THIRD_PARTY,
    },
    "instrucao": {"text": "Suspender o envio por correio eletrônico", "sent_on": ago(5), "due_on": ago(-5)},
    "auxilio": {"subject": "Confirmação de tratamento, protocolo 12", "asked_on": ago(2), "due_on": ago(-5)},
    "pessoa": {"label": "A.B.", "function": "Suporte", "has_need": True, "need": "Atende chamados", "access_from": ago(9)},
    "envio": {"what": "Relatório de acessos", "months": 6, "agreed_on": ago(20)},
    "teste-do-canal": {"tested_at": NOW - timedelta(hours=5), "answered_at": NOW - timedelta(hours=4)},
    "descarte": {"trigger": EndReason.TERM, "triggered_on": ago(4), "due_on": ago(-26)},
}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "kept")


@pytest.fixture
def record(files):
    def put(agreement: int, slug: str, **changes) -> int:
        values = {**GOOD[slug], **changes}
        return conduct.record(ACTOR, files, agreement_id=agreement, slug=slug, values=values)

    return put


def facts_of(agreement: int, on: date = TODAY, known_until=None):
    with db.session() as session:
        return load_facts(session, [agreement], on=on, known_until=known_until)[agreement]


def test_there_is_a_kind_for_every_table_and_a_table_for_every_kind():
    assert {kind.record for kind in conduct.KINDS.values()} == set(TABLES)
    assert set(GOOD) == set(conduct.KINDS)


@pytest.mark.parametrize("slug", sorted(GOOD))
def test_each_kind_is_recorded_corrected_and_keeps_its_history(app, files, make, record, slug):
    agreement = make.agreement()
    lineage = record(agreement, slug)
    page = conduct.show(ACTOR, slug=slug, lineage=lineage)
    assert page.agreement.id == agreement
    assert page.standing
    for name, value in GOOD[slug].items():
        assert page.values[name] == value
    text = {name: f"{value} (corrigido)" for name, value in page.values.items() if type(value) is str and value
            and name not in {"inciso", "manner"}}  # fmt: skip
    change = text or {next(name for name in ("note", "manner") if name in page.values): "return"}
    conduct.revise(ACTOR, files, slug=slug, lineage=lineage, values={**page.values, **change})
    page = conduct.show(ACTOR, slug=slug, lineage=lineage)
    assert len(page.versions) == 2
    name, value = next(iter(change.items()))
    assert page.versions[0].values[name] == value
    assert page.versions[1].values[name] != value
    with db.session() as session:
        acts = session.scalars(select(TrailEntry.act).where(TrailEntry.subject_id == lineage)).all()
    assert acts == [f"{page.kind.record}_recorded", f"{page.kind.record}_revised"]
    conduct.revise(ACTOR, files, slug=slug, lineage=lineage, values=page.values)
    assert len(conduct.show(ACTOR, slug=slug, lineage=lineage).versions) == 2, "saying the same records nothing"
    lines = {line.lineage for group in conduct.index(agreement_id=agreement).groups for line in group.lines}
    assert lines == {lineage}


BAD = [
    ("auditoria", {"title": ""}, "title"),
    ("auditoria", {"planned_on": None}, "planned_on"),
    ("auditoria", {"performed_on": ago(-1)}, "performed_on"),
    ("auditoria", {"performed_on": ago(2), "refused_on": ago(2)}, "refused_on"),
    ("auditoria", {"concluded_on": ago(2)}, "performed_on"),
    ("auditoria", {"performed_on": ago(2), "concluded_on": ago(3)}, "concluded_on"),
    ("auditoria", {"title": "x" * 201}, "title"),
    ("acao-corretiva", {"inciso": None}, "inciso"),
    ("acao-corretiva", {"inciso": "XIII"}, "inciso"),
    ("acao-corretiva", {"due_on": None}, "due_on"),
    ("acao-corretiva", {"done_on": ago(-1)}, "done_on"),
    ("acao-corretiva", {"audit_lineage": 4711}, "audit_lineage"),
    ("ocorrencia", {"found_on": ago(-1)}, "found_on"),
    ("ocorrencia", {"settled_on": ago(4)}, "settled_on"),
    ("incidente", {"learned_at": None}, "learned_at"),
    ("incidente", {"source": None}, "source"),
    ("incidente", {"suspected_at": NOW + timedelta(days=1)}, "suspected_at"),
    ("incidente", {"reported_at": NOW - timedelta(days=4)}, "reported_at"),
    ("incidente", {"suspected_at": NOW - timedelta(minutes=1)}, "learned_at"),
    ("instrucao", {"text": " "}, "text"),
    ("instrucao", {"due_on": ago(6)}, "due_on"),
    ("instrucao", {"acknowledged_on": ago(6)}, "acknowledged_on"),
    ("instrucao", {"done_on": ago(-1)}, "done_on"),
    ("auxilio", {"asked_on": ago(-1)}, "asked_on"),
    ("auxilio", {"answered_on": ago(3)}, "answered_on"),
    ("pessoa", {"need": ""}, "need"),
    ("pessoa", {"access_until": ago(10)}, "access_until"),
    ("pessoa", {"access_from": None}, "access_from"),
    ("envio", {"months": 0}, "months"),
    ("envio", {"reviewed_on": ago(21)}, "reviewed_on"),
    ("envio", {"agreed_on": None}, "agreed_on"),
    ("teste-do-canal", {"answered_at": NOW - timedelta(hours=6)}, "answered_at"),
    ("descarte", {"accepted_on": TODAY}, "evidence_id"),
    ("descarte", {"evidence_id": 4711}, "evidence_id"),
    ("descarte", {"triggered_on": ago(-1)}, "triggered_on"),
]


@pytest.mark.parametrize(("slug", "changes", "field"), BAD)
def test_what_cannot_have_happened_is_refused_beside_its_field(app, make, record, slug, changes, field):
    agreement = make.agreement()
    with pytest.raises(UseCaseError) as refused:
        record(agreement, slug, **changes)
    assert refused.value.field == field
    assert not any(group.lines for group in conduct.index(agreement_id=agreement).groups)


def test_an_incident_reported_late_breaches_inciso_xi_and_names_its_cause(app_on_each_database, files, make):
    agreement = make.agreement()
    evaluate_register()
    values = {**GOOD["incidente"], "reported_at": NOW - timedelta(hours=1)}
    conduct.record(ACTOR, files, agreement_id=agreement, slug="incidente", values=values)
    assert assess_agreement(agreement).finding("XI").verdict == "breached"
    with db.session() as session:
        change = session.scalars(select(FindingChange).where(FindingChange.inciso == "XI")).one()
    assert (change.after, change.cause) == ("breached", "Incidente registrado")


def test_a_corrective_action_breaches_its_inciso_only_once_overdue_and_until_it_is_done(app, files, make, record):
    agreement = make.agreement()
    lineage = record(agreement, "acao-corretiva", due_on=ago(60))
    assert assess_agreement(agreement).finding("V").verdict == "breached"
    values = {**conduct.show(ACTOR, slug="acao-corretiva", lineage=lineage).values, "done_on": TODAY}
    changes = conduct.revise(ACTOR, files, slug="acao-corretiva", lineage=lineage, values=values)
    assert ("V", "breached") in [(change.inciso, change.before) for change in changes]


def test_yesterday_knows_nothing_of_what_was_recorded_or_corrected_today(app, make, record):
    agreement = make.agreement()
    record(agreement, "ocorrencia")
    eve = ago(1)
    assert len(facts_of(agreement, eve).deviations) == 1, "it had happened by then, as known now"
    assert not facts_of(agreement, eve, clock.end_of(eve)).deviations


def test_a_term_left_empty_is_counted_in_working_days_from_the_parameter_or_what_was_agreed(app, make, record):
    first = record(make.agreement(), "auxilio", asked_on=ago(2), due_on=None)
    due = conduct.show(ACTOR, slug="auxilio", lineage=first).values["due_on"]
    assert due > ago(2)
    agreed = record(make.agreement(assistance_term_days=30), "auxilio", asked_on=ago(2), due_on=None)
    assert conduct.show(ACTOR, slug="auxilio", lineage=agreed).values["due_on"] > due


def test_the_next_delivery_is_counted_from_the_last_one(app, make, record):
    lineage = record(make.agreement(), "envio", agreed_on=date(2025, 11, 30), months=3)
    assert conduct.show(ACTOR, slug="envio", lineage=lineage).values["next_due_on"] == date(2026, 2, 28)
    lineage = record(
        make.agreement(), "envio", agreed_on=date(2025, 11, 30), last_delivered_on=date(2026, 1, 5), months=3
    )
    assert conduct.show(ACTOR, slug="envio", lineage=lineage).values["next_due_on"] == date(2026, 4, 5)
    lineage = record(make.agreement(), "envio", months=None)
    assert conduct.show(ACTOR, slug="envio", lineage=lineage).values["next_due_on"] is None


def disposal_proof(files, agreement: int) -> int:
    proof = evidence.register(
        ACTOR, files, agreement_id=agreement,
        data=EvidenceData(EvidenceKind.DISPOSAL_CERTIFICATE, ("XII",), "Certificado de descarte"),
        upload=Upload(BytesIO(papers.pdf()), "descarte.pdf", 1 << 25),
    )  # fmt: skip
    evidence.decide(ACTOR, evidence_id=proof, decision=Decision(ReviewDecision.ACCEPTED, covers_service=True))
    return proof


def test_an_agreement_closes_only_with_an_accepted_proof_that_covers_everything(
    app_on_each_database, files, make, record
):
    agreement = make.agreement(ends_on=ago(4), starts_on=ago(400))
    page = conduct.new_fact(agreement_id=agreement, slug="descarte")
    assert page.values["triggered_on"] == ago(4)
    lineage = record(agreement, "descarte")
    with pytest.raises(ConflictError, match="Já há um caso"):
        record(agreement, "descarte")
    proof = disposal_proof(files, agreement)
    page = conduct.show(ACTOR, slug="descarte", lineage=lineage)
    assert page.proofs == ((proof, "Certificado de descarte"),)
    closing = {**page.values, "evidence_id": proof, "accepted_on": TODAY, "manner": "disposal"}
    for name in ("covers_copies", "covers_backups", "covers_sub_operators"):
        with pytest.raises(UseCaseError) as refused:
            conduct.revise(ACTOR, files, slug="descarte", lineage=lineage, values=closing)
        assert refused.value.field == name
        closing[name] = True
    conduct.revise(ACTOR, files, slug="descarte", lineage=lineage, values=closing)
    assert facts_of(agreement).closed_on == TODAY
    assert facts_of(agreement, ago(1), clock.end_of(ago(1))).closed_on is None


def test_the_report_of_an_audit_is_kept_and_protected_with_its_agreement(app, files, make):
    agreement = make.agreement(secret=True)
    upload = Upload(BytesIO(papers.pdf()), "relatório.pdf", 1 << 25)
    lineage = conduct.record(
        ACTOR, files, agreement_id=agreement, slug="auditoria", values=GOOD["auditoria"], upload=upload
    )
    assert conduct.show(ACTOR, slug="auditoria", lineage=lineage).file.restricted
    conduct.revise(
        ACTOR, files, slug="auditoria", lineage=lineage, values={**GOOD["auditoria"], "title": "Auditoria 2"}
    )
    assert conduct.show(ACTOR, slug="auditoria", lineage=lineage).file.name == "relatório.pdf"
    with db.session() as session:
        assert session.scalars(select(StoredFile.restricted)).all() == [True]


def test_the_timeline_is_newest_first_and_marks_what_is_still_ahead(app, make, record):
    agreement = make.agreement()
    for slug in GOOD:
        record(agreement, slug)
    page = conduct.index(agreement_id=agreement)
    days = [clock.day_of(each.when) if isinstance(each.when, datetime) else each.when for each in page.happenings]
    assert days == sorted(days, reverse=True)
    assert all(each.ahead is (day > TODAY) for each, day in zip(page.happenings, days, strict=True))
    assert {each.slug for each in page.happenings} == set(GOOD)


def test_the_page_asks_the_same_number_of_questions_however_much_happened(app, make, record, count_queries):
    agreement = make.agreement()
    with count_queries() as none:
        conduct.index(agreement_id=agreement)
    for slug in GOOD:
        record(agreement, slug)
    with count_queries() as many:
        conduct.index(agreement_id=agreement)
    assert int(many) == int(none)


def test_unknown_kinds_and_records_are_not_found(app, files, make):
    agreement = make.agreement()
    for act in (
        lambda: conduct.new_fact(agreement_id=agreement, slug="inventado"),
        lambda: conduct.new_fact(agreement_id=4711, slug="auditoria"),
        lambda: conduct.show(ACTOR, slug="auditoria", lineage=4711),
        lambda: conduct.index(agreement_id=4711),
    ):
        with pytest.raises(NotFoundError):
            act()
