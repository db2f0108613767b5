"""Papers about a request, an audit, an incident, a disposal or an authorised person, made of what is on record."""

import json
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from docx import Document
from docx.oxml.ns import qn
from sqlalchemy import func, select

from clause_library.catalogue import load_catalogue
from clause_library.description import AuditDescription
from contracts.vocabulary import INCISOS, EndReason, EvidenceKind, IncidentSource, RequestKind, ReviewDecision
from tests.rig import papers
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.settings import Body
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import IssuedDocument, TrailEntry
from vendor_tracker.usecases import conduct, documents, evidence, instruments, judging, library, requesting
from vendor_tracker.usecases.describing_subjects import incisos_in, subject_of
from vendor_tracker.usecases.document_kinds import INSTRUMENTS, KIND_NAMES, LETTER, SUBJECT_OF, kinds_about
from vendor_tracker.usecases.evidence import Decision, EvidenceData
from vendor_tracker.usecases.filing import Upload
from vendor_tracker.usecases.judging import assess_agreement
from vendor_tracker.usecases.requesting import NewItem
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, look

BODY = Body(contact_email="protecaodedados@orgao.example", encarregado="Helena Prado", signatory="Diretoria-Geral")
ACTOR = Actor("fiscal@orgao.example")
TODAY = clock.today()
NOW = datetime.now(UTC).replace(microsecond=0)

FACTS: dict[str, dict[str, Any]] = {
    "audit": {
        "title": "Controle de acessos",
        "planned_on": TODAY + timedelta(days=40),
        "incisos": "II, VI e VIII",
        "scope": "Sistema de inscrições",
        "team": "Rita Vasques, analista judiciária\nNilo Prado, técnico",
    },
    "incident": {
        "title": "Cópia exposta",
        "suspected_at": NOW - timedelta(hours=5),
        "learned_at": NOW - timedelta(hours=3),
        "reported_at": NOW - timedelta(hours=2),
        "source": IncidentSource.OPERATOR,
        "severity": "2, moderado",
        "affected_people": "Cerca de 300 servidores",
    },
    "disposal": {
        "trigger": EndReason.TERM,
        "triggered_on": TODAY - timedelta(days=4),
        "due_on": TODAY + timedelta(days=26),
        "what": "Banco de dados de inscrições",
        "method": "Apagamento criptográfico",
    },
    "person": {
        "label": "matrícula 4471",
        "function": "Suporte",
        "has_need": True,
        "need": "Atende chamados do sistema",
        "access_from": TODAY - timedelta(days=9),
    },
}


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "kept")


def working_day() -> date:
    with look() as session:
        return judging.workdays_of(session).next_working(TODAY + timedelta(days=28))


@pytest.fixture
def record(files: FileStore) -> Any:
    def put(agreement: int, subject: str, **changes: Any) -> int:
        if subject == "request":
            return requesting.create_request(
                ACTOR,
                agreement_id=agreement,
                kind=RequestKind.INFORMATION,
                items=[
                    NewItem("V", "Provas de segurança", "Envie as provas de segurança."),
                    NewItem("VIII", "Acessos", "Quantas pessoas têm acesso?", wants_file=False),
                ],
                due_on=working_day(),
                reason="Conferência de rotina.",
            )
        slug = conduct.SLUGS[subject]
        values = {**FACTS[subject], **changes}
        return conduct.record(ACTOR, files, agreement_id=agreement, slug=slug, values=values)

    return put


def registered(make: Any, **fields: Any) -> int:
    operator = make.operator()
    make.contact(operator)
    return int(make.agreement(operator, **fields))


def words(data: bytes) -> str:
    body = Document(BytesIO(data)).element.body
    return "".join(node.text or "" for node in body.iter(qn("w:t"))).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("kind", SUBJECT_OF)
def test_a_paper_is_issued_about_its_record_and_found_from_it_and_by_its_code(
    app_on_each_database: Any, files: FileStore, make: Any, record: Any, kind: str
) -> None:
    agreement = registered(make, number="00012/2026")
    subject = record(agreement, SUBJECT_OF[kind])
    issued = documents.issue(ACTOR, files, BODY, kind=kind, subject_id=subject)
    data = files.read(issued.row.sha256)
    assert sha256(data).hexdigest() == issued.row.sha256
    with db.session() as session:
        row = session.scalars(select(IssuedDocument)).one()
        line = session.scalars(select(TrailEntry).where(TrailEntry.act == "document_issued")).one()
    assert (row.agreement_id, row.subject_kind, row.subject_id) == (agreement, SUBJECT_OF[kind], subject)
    assert json.loads(line.details)["subject"] == f"{SUBJECT_OF[kind]}:{subject}"
    assert row.covers == []
    assert row.passages == {}
    assert issued.subject is not None
    assert issued.subject.id == subject
    assert not issued.binding
    assert all(clause_id == "" and title and version == "1" for clause_id, title, version in issued.clauses)
    assert [each.id for each in documents.index(kind=kind).rows] == [row.id]
    if SUBJECT_OF[kind] == "request":
        assert [each.id for each in requesting.request_page(ACTOR, subject).issued] == [row.id]
    else:
        page = conduct.show(ACTOR, slug=conduct.SLUGS[SUBJECT_OF[kind]], lineage=subject)
        assert [each.id for each in page.issued] == [row.id]
        assert kind in page.documents
    found = documents.verify(issued.row.code)
    assert found is not None
    assert (found.kind_name, found.instrument) == (KIND_NAMES[kind], "Contrato 00012/2026")


@pytest.mark.parametrize("kind", SUBJECT_OF)
def test_the_same_record_gives_the_same_bytes(app: Any, files: FileStore, make: Any, record: Any, kind: str) -> None:
    subject = record(registered(make), SUBJECT_OF[kind])
    with time_machine.travel(clock.now(), tick=False):
        assert documents.render(BODY, kind=kind, subject_id=subject) == documents.render(
            BODY, kind=kind, subject_id=subject
        )


def test_what_is_on_record_stands_in_the_papers(app: Any, files: FileStore, make: Any, record: Any) -> None:
    agreement = registered(make)
    said = {
        kind: words(documents.render(BODY, kind=kind, subject_id=record(agreement, subject)))
        for kind, subject in SUBJECT_OF.items()
        if kind != "relatorio-de-auditoria"
    }
    assert "Conferência de rotina" in said["requisicao-de-informacoes"]
    assert "/portal/" in said["requisicao-de-informacoes"]
    assert "/portal/r/" not in said["requisicao-de-informacoes"]
    assert "incisos II, VI e VIII" in said["plano-de-auditoria"]
    assert "Rita Vasques" in said["plano-de-auditoria"]
    assert "2, moderado" in said["relatorio-de-incidente"]
    assert "3 horas" in said["relatorio-de-incidente"]
    assert "não há, em registro, demora" in said["relatorio-de-incidente"]
    assert "Apagamento criptográfico" in said["termo-de-devolucao-e-descarte"]
    assert "matrícula 4471" in said["compromisso-individual"]


def test_an_audit_brings_its_corrective_actions_and_no_other_to_the_report(
    app: Any, files: FileStore, make: Any, record: Any
) -> None:
    agreement = registered(make)
    audit = record(agreement, "audit", performed_on=TODAY - timedelta(days=2))
    action = {"inciso": "V", "due_on": TODAY + timedelta(days=9)}
    for text, lineage in (("Cifrar as cópias", audit), ("Trocar as senhas", None)):
        values = {**action, "description": text, "audit_lineage": lineage}
        conduct.record(ACTOR, files, agreement_id=agreement, slug="acao-corretiva", values=values)
    text = words(documents.render(BODY, kind="relatorio-de-auditoria", subject_id=audit))
    assert "Cifrar as cópias" in text
    assert "Trocar as senhas" not in text


def test_the_checklist_of_an_audit_is_the_book_that_decides_the_verdicts(
    app: Any, files: FileStore, make: Any, record: Any
) -> None:
    agreement = registered(make)
    audit = record(agreement, "audit", incisos="")
    assessment = assess_agreement(agreement)
    with look() as session:
        described = subject_of(session, "audit", audit, assessment=assessment, numbers={"auditoria_aviso_dias": 10})
    assert isinstance(described, AuditDescription)
    assert tuple(criterion.inciso for criterion in described.criteria) == INCISOS
    for criterion in described.criteria:
        finding = assessment.finding(criterion.inciso)
        assert criterion.standing == finding.verdict
        assert [check.sentence for check in criterion.checks] == [each.sentence for each in finding.version.requires]
    assert described.notice_by == TODAY + timedelta(days=30)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", INCISOS),
        (None, INCISOS),
        ("viii, ii e VI", ("II", "VI", "VIII")),
        ("XII.", ("XII",)),
        ("XIII", INCISOS),
    ],
)
def test_the_criteria_of_an_audit_are_read_as_people_write_them(text: str | None, found: tuple[str, ...]) -> None:
    assert incisos_in(text) == found


def test_criteria_that_are_not_incisos_are_refused(app: Any, files: FileStore, make: Any, record: Any) -> None:
    with pytest.raises(UseCaseError, match="XIII") as refused:
        record(registered(make), "audit", incisos="II e XIII")
    assert refused.value.field == "incisos"


@pytest.mark.parametrize(("agreed", "late"), [(None, False), (2, True), (48, False)])
def test_the_delay_of_a_report_is_measured_by_the_shorter_of_the_two_terms(
    app: Any, files: FileStore, make: Any, record: Any, agreed: int | None, late: bool
) -> None:
    incident = record(registered(make, incident_term_hours=agreed), "incident")
    text = words(documents.render(BODY, kind="relatorio-de-incidente", subject_id=incident))
    assert ("[informar: motivos da demora da comunicação]" in text) is late


def test_neither_the_verification_nor_the_list_tells_who_the_person_is(
    app: Any, files: FileStore, make: Any, record: Any
) -> None:
    person = record(registered(make), "person")
    issued = documents.issue(ACTOR, files, BODY, kind="compromisso-individual", subject_id=person)
    found = documents.verify(issued.row.code)
    assert found is not None
    assert "4471" not in repr(found)
    assert "4471" not in issued.row.title
    assert "4471" not in words(documents.render(BODY, kind="anexo", agreement_id=issued.row.agreement_id))
    assert {"Nome completo de quem assina o compromisso", "CPF de quem assina o compromisso"} <= set(
        issued.missing_fields
    )


def test_a_paper_about_something_else_or_of_another_agreement_is_refused(
    app: Any, files: FileStore, make: Any, record: Any
) -> None:
    agreement, other = registered(make), registered(make)
    audit = record(agreement, "audit")
    with pytest.raises(UseCaseError) as nothing:
        documents.render(BODY, kind="plano-de-auditoria", agreement_id=agreement)
    assert nothing.value.field == "subject_id"
    with pytest.raises(UseCaseError):
        documents.render(BODY, kind="anexo", agreement_id=agreement, subject_id=audit)
    with pytest.raises(UseCaseError):
        documents.render(BODY, kind="anexo")
    with pytest.raises(NotFoundError):
        documents.render(BODY, kind="plano-de-auditoria", agreement_id=other, subject_id=audit)
    for kind, subject in SUBJECT_OF.items():
        with pytest.raises(NotFoundError):
            documents.render(BODY, kind=kind, subject_id=4711)
        assert kind in kinds_about(subject)
    with db.session() as session:
        assert session.scalar(select(func.count(IssuedDocument.id))) == 0


def test_only_what_becomes_an_instrument_is_proposed_and_registered_as_signed(
    app: Any, files: FileStore, make: Any, record: Any
) -> None:
    agreement = registered(make, kind="convenio")
    plan = documents.issue(ACTOR, files, BODY, kind="plano-de-auditoria", subject_id=record(agreement, "audit"))
    commitment = documents.issue(ACTOR, files, BODY, kind="termo-de-compromisso", agreement_id=agreement)
    with pytest.raises(UseCaseError, match="passa a ser instrumento"):
        documents.propose(ACTOR, document_id=plan.row.id, proposed_on=TODAY)
    assert documents.propose(ACTOR, document_id=commitment.row.id, proposed_on=TODAY)
    assert set(INCISOS) <= set(commitment.covers)
    choices = instruments.new_instrument(agreement_id=agreement).issued
    assert [choice.id for choice in choices] == [commitment.row.id]


def test_an_agreement_without_instrument_gets_the_commitment_that_stands_alone(
    app: Any, files: FileStore, make: Any
) -> None:
    agreement = registered(make, kind="none")
    assert "sem instrumento" in documents.preview(BODY, kind="anexo", agreement_id=agreement).refusal
    page = documents.preview(BODY, kind="termo-de-compromisso", agreement_id=agreement)
    assert page.refusal == ""
    assert page.draft is not None
    assert page.beside == ("anexo", "termo-aditivo", "carta-ao-operador")


def test_every_document_of_the_library_has_a_name_and_the_library_tells_where_a_clause_is_used(app: Any) -> None:
    specs = load_catalogue().documents
    assert set(KIND_NAMES) == set(specs)
    # The letter is about what is open under the operator's agreements, which no single record holds.
    assert {kind: spec.subject for kind, spec in specs.items() if spec.subject} == {**SUBJECT_OF, LETTER: "letter"}
    assert {kind for kind, spec in specs.items() if spec.binding} == set(INSTRUMENTS)
    lines = {line.id: line for _, each in library.index().by_inciso for line in each}
    assert set(lines["incident-notice"].documents) == {"anexo", "termo aditivo", "termo de compromisso"}


def test_a_document_says_of_each_missing_fact_where_to_complete_it(
    app: Any, files: FileStore, make: Any, record: Any
) -> None:
    page = documents.preview(
        BODY, kind="relatorio-de-incidente", subject_id=record(registered(make), "incident", severity="")
    )
    owners = {item.label: item.belongs_to for item in page.missing}
    assert owners["Nível de gravidade do incidente, segundo o protocolo de resposta"] == "incident"
    assert owners["Nome de quem elaborou o relatório"] == "signer"
    assert set(owners.values()) <= {"body", "operator", "sub_operators", "agreement", "incident", "signer"}


def test_a_term_of_disposal_carries_the_hash_of_the_accepted_proof(
    app: Any, files: FileStore, make: Any, record: Any
) -> None:
    agreement = registered(make)
    data = papers.pdf("Certificado de descarte")
    proof = evidence.register(
        ACTOR,
        files,
        agreement_id=agreement,
        data=EvidenceData(EvidenceKind.DISPOSAL_CERTIFICATE, ("XII",), "Certificado de descarte"),
        upload=Upload(BytesIO(data), "certificado.pdf", 5_000_000),
    )
    evidence.decide(ACTOR, evidence_id=proof, decision=Decision(ReviewDecision.ACCEPTED, covers_service=True))
    case = record(
        agreement,
        "disposal",
        manner="disposal",
        covers_copies=True,
        covers_backups=True,
        covers_sub_operators=False,
        evidence_id=proof,
        accepted_on=TODAY,
    )
    text = words(documents.render(BODY, kind="termo-de-devolucao-e-descarte", subject_id=case))
    assert sha256(data).hexdigest() in text
    assert "Certificado de descarte" in text
