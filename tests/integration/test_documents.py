"""Annexes and termos aditivos are drafted from what is on record, issued in Word and found again by their code."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from clause_library.catalogue import load_catalogue
from clause_library.editions import as_text, condition_as_data
from contracts.vocabulary import INCISOS, EditionState
from tests.rig import papers
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.settings import Body
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import ClauseEdition, FindingChange, IssuedDocument, Proposal, TrailEntry
from vendor_tracker.usecases import documents, instruments
from vendor_tracker.usecases.instruments import PaperData, Reading
from vendor_tracker.usecases.judging import assess_agreement
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError

BODY = Body(contact_email="protecaodedados@orgao.example", encarregado="Helena Prado", signatory="Diretoria-Geral")
ACTOR = Actor("juridico@orgao.example")
ALL_BUT_XI = {inciso: "covered" for inciso in INCISOS if inciso != "XI"} | {
    "purpose": "covered", "categories": "covered", "guarantees": "covered", "subject_access": "covered",
    "public_function": "covered",
}  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "kept")


def words(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_the_annex_is_a_real_word_file_with_its_code_and_exact_bytes_on_record(app_on_each_database, files, make):
    agreement = make.agreement(number="00012/2025")
    issued = documents.issue(ACTOR, files, BODY, agreement_id=agreement, kind="anexo")
    with db.session() as session:
        row = session.scalars(select(IssuedDocument)).one()
        line = session.scalars(select(TrailEntry).where(TrailEntry.act == "document_issued")).one()
    data = files.read(row.sha256)
    assert sha256(data).hexdigest() == issued.row.sha256
    text = words(data)
    assert "12/2025" in text
    assert "Conselho Nacional de Justiça" in text
    footer = Document(BytesIO(data)).sections[0]
    everywhere = "".join(part.blob.decode("utf-8", "ignore") for part in footer.part.package.iter_parts())
    assert row.code in everywhere
    assert set(INCISOS) <= set(row.covers)
    assert set(row.passages) == set(row.covers)
    assert row.passages["XI"]["quote"].startswith("O OPERADOR deve")
    assert row.passages["XI"]["place"].startswith("Cláusula ")
    assert line.details.count(row.sha256) == 1
    assert row.missing_fields, "a bare record leaves blanks, and they are listed"


def test_the_termo_aditivo_has_only_the_clauses_that_were_found_missing(app, files, make):
    agreement = make.agreement()
    papers.signed_paper(make, agreement, ALL_BUT_XI | {"XI": "missing", "I": "partial"})
    issued = documents.issue(ACTOR, files, BODY, agreement_id=agreement, kind="termo-aditivo")
    ids = [clause_id for clause_id, _title, _version in issued.clauses]
    assert "incident-notice" in ids
    assert "incident-channel" in ids
    assert "disposal" not in ids
    text = words(files.read(issued.row.sha256))
    assert "Não diz quem atende fora do expediente" in text
    assert "1º Termo Aditivo" in text


def test_what_has_ended_gets_no_termo_aditivo_and_on_its_last_day_still_does(app, files, make):
    today = clock.today()
    last_day, ended = make.agreement(ends_on=today), make.agreement(ends_on=today - timedelta(days=1))
    for agreement in (last_day, ended):
        papers.signed_paper(make, agreement, ALL_BUT_XI | {"XI": "missing"})
    assert documents.preview(BODY, agreement_id=last_day, kind="termo-aditivo").refusal == ""
    assert "cabe em termo de compromisso" in documents.preview(BODY, agreement_id=ended, kind="termo-aditivo").refusal
    with pytest.raises(UseCaseError, match="um termo aditivo não o alcança"):
        documents.issue(ACTOR, files, BODY, agreement_id=ended, kind="termo-aditivo")


def test_the_number_of_the_termo_aditivo_follows_those_already_signed_and_may_be_corrected(
    app_on_each_database, files, make
):
    agreement = make.agreement()
    papers.signed_paper(make, agreement, {"XI": "missing"})
    papers.signed_paper(make, agreement, {}, kind="aditivo", title="1º termo aditivo", days_ago=10)
    page = documents.preview(BODY, agreement_id=agreement, kind="termo-aditivo")
    assert page.number == 2
    assert "2º Termo Aditivo" in page.draft.text
    other = documents.preview(BODY, agreement_id=agreement, kind="termo-aditivo", number=5)
    assert "5º Termo Aditivo" in other.draft.text
    with pytest.raises(UseCaseError) as refused:
        documents.issue(ACTOR, files, BODY, agreement_id=agreement, kind="termo-aditivo", number=100)
    assert refused.value.field == "number"


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        (None, "Registre e confira o instrumento"),
        ({}, "Ninguém conferiu ainda o instrumento"),
        (ALL_BUT_XI | {"XI": "covered"}, "já cobre os pontos conferidos"),
    ],
)
def test_a_termo_aditivo_that_has_nothing_to_mend_says_why_and_is_not_issued(app, files, make, readings, reason):
    agreement = make.agreement()
    if readings is not None:
        papers.signed_paper(make, agreement, readings)
    page = documents.preview(BODY, agreement_id=agreement, kind="termo-aditivo")
    assert page.draft is None
    assert reason in page.refusal
    with pytest.raises(UseCaseError, match=reason):
        documents.issue(ACTOR, files, BODY, agreement_id=agreement, kind="termo-aditivo")
    with db.session() as session:
        assert session.scalar(select(IssuedDocument.id)) is None


def test_points_that_nobody_read_are_named_and_left_out(app, make):
    agreement = make.agreement()
    papers.signed_paper(make, agreement, {"XI": "missing"})
    page = documents.preview(BODY, agreement_id=agreement, kind="termo-aditivo")
    assert "XI" not in page.unread
    assert {"I", "XII", "purpose"} <= set(page.unread)
    assert "disposal" not in {clause.id for clause in page.draft.clauses}


def test_an_agreement_without_instrument_has_no_document(app, files, make):
    agreement = make.agreement(kind="none")
    assert "sem instrumento" in documents.preview(BODY, agreement_id=agreement, kind="anexo").refusal
    with pytest.raises(NotFoundError):
        documents.preview(BODY, agreement_id=agreement, kind="ata")
    with pytest.raises(NotFoundError):
        documents.preview(BODY, agreement_id=4711, kind="anexo")


def test_terms_agreed_with_the_operator_replace_the_administrative_ones(app, make):
    agreement = make.agreement(incident_term_hours=7)
    text = documents.preview(BODY, agreement_id=agreement, kind="anexo").draft.text
    assert "7 (sete) horas" in text
    assert "7 (sete) horas" not in documents.preview(BODY, agreement_id=make.agreement(), kind="anexo").draft.text


def test_a_draft_for_the_command_line_is_the_same_text_without_a_code(app, files, make):
    agreement = make.agreement()
    data = documents.render(BODY, agreement_id=agreement, kind="anexo")
    issued = documents.issue(ACTOR, files, BODY, agreement_id=agreement, kind="anexo")
    assert words(data) == words(files.read(issued.row.sha256))
    assert issued.row.code.encode() not in data


def test_anybody_with_the_code_learns_what_was_issued_and_nothing_of_persons(app_on_each_database, files, make):
    agreement = make.agreement(number="00012/2025")
    issued = documents.issue(ACTOR, files, BODY, agreement_id=agreement, kind="anexo")
    code = issued.row.code
    for typed in (code, code.lower(), code.replace("-", " "), f"  {code.replace('-', '')} "):
        found = documents.verify(typed)
        assert found is not None, typed
        assert (found.code, found.sha256) == (code, issued.row.sha256)
        assert found.instrument == "Contrato 00012/2025"
    assert documents.verify("CNJ-2222-2222") is None
    assert documents.verify("") is None
    assert [row.code for row in documents.index(words=code.lower()).rows] == [code]
    assert [row.code for row in documents.index(words="nuvem", kind="anexo").rows] == [code]
    assert documents.index(kind="termo-aditivo").total == 0
    secret = documents.issue(ACTOR, files, BODY, agreement_id=make.agreement(secret=True), kind="anexo")
    assert documents.verify(secret.row.code).instrument == "Instrumento protegido (art. 5º da Portaria)"


@given(st.text(max_size=80))
def test_no_typed_code_breaks_the_verification(text):
    code = documents.normal_code(text)
    assert documents.normal_code(code) == code


def test_two_documents_never_share_a_code(app, files, make):
    agreement = make.agreement()
    codes = {documents.issue(ACTOR, files, BODY, agreement_id=agreement, kind="anexo").row.code for _ in range(5)}
    assert len(codes) == 5


def test_a_signed_document_of_ours_begins_its_check_with_what_its_clauses_say(app, files, make):
    agreement = make.agreement()
    papers.signed_paper(make, agreement, ALL_BUT_XI | {"XI": "missing"})
    issued = documents.issue(ACTOR, files, BODY, agreement_id=agreement, kind="termo-aditivo")
    proposal = documents.propose(ACTOR, document_id=issued.row.id, proposed_on=clock.today())
    data = PaperData(
        kind="aditivo", title="1º termo aditivo", signed_on=clock.today(), signed_by_both=True,
        issued_document_id=issued.row.id,
    )  # fmt: skip
    lineage = instruments.register_instrument(ACTOR, files, agreement_id=agreement, data=data, upload=None)
    page = instruments.instrument_page(ACTOR, lineage=lineage)
    point = next(point for point in page.points if point.point == "XI")
    assert point.confirmed is None
    assert point.proposed.place.startswith("Cláusula ")
    assert assess_agreement(agreement).facts.coverage("XI", clock.today())[0].coverage == "missing"
    proposed = point.proposed
    instruments.confirm(
        ACTOR, lineage=lineage, readings=[Reading("XI", proposed.coverage, proposed.quote, proposed.place)]
    )
    assert assess_agreement(agreement).facts.coverage("XI", clock.today())[0].coverage == "covered"
    assert documents.proposal_page(lineage=proposal).proposal.signed_on == clock.today()


def noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=15)


def approved_text(make, clause_id: str, since: str, **changes):
    """Put an approved newer version of a clause on record, as legal staff would have written it."""
    held = load_catalogue().versions_of(clause_id)[-1]
    values = {
        "clause_id": clause_id,
        "number": held.version + 1,
        "based_on": held.version,
        "title": held.title,
        "body": as_text(held) + f"\n{held.item_count + 1}. Este item é novo.\n",
        "incisos": list(held.incisos),
        "formalities": list(held.formalities),
        "applies_when": condition_as_data(held.applies_when),
        "why": held.why,
        "reason": "Texto mais claro.",
        "since": date.fromisoformat(since),
        "state": EditionState.APPROVED,
        "recorded_at": noon("2026-03-02"),
    }
    return make.add(ClauseEdition(**{**values, **changes}))


@pytest.mark.parametrize(
    ("changed", "has_children", "issued_on", "outdated"),
    [
        ("children", False, "2026-02-02", False),
        ("children", False, "2026-05-04", False),
        ("children", True, "2026-02-02", True),
        ("children", True, "2026-05-04", False),
        ("audits", False, "2026-02-02", True),
        ("audits", False, "2026-05-04", False),
    ],
)
def test_a_signed_document_is_outdated_only_by_a_newer_text_of_a_clause_that_it_contains(
    app, files, make, changed, has_children, issued_on, outdated
):
    approved_text(make, changed, "2026-04-01")
    with time_machine.travel(noon(issued_on), tick=False):
        agreement = make.agreement(children=has_children)
        issued = documents.issue(ACTOR, files, BODY, agreement_id=agreement, kind="anexo")
        data = PaperData(
            kind="anexo", title="Anexo", signed_on=clock.today(), signed_by_both=True, issued_document_id=issued.row.id
        )
        lineage = instruments.register_instrument(ACTOR, files, agreement_id=agreement, data=data, upload=None)
        proposed = [point.proposed for point in instruments.instrument_page(ACTOR, lineage=lineage).points]
        instruments.confirm(ACTOR, lineage=lineage, readings=[reading for reading in proposed if reading is not None])
    with time_machine.travel(noon("2026-11-16"), tick=False):
        finding = assess_agreement(agreement).finding("IV")
    assert any("edição" in reason for reason in finding.reasons) is outdated, finding.reasons


def test_a_refused_proposal_breaches_inciso_iv_and_says_so(app, files, make):
    agreement = make.agreement()
    papers.signed_paper(make, agreement, {"XI": "missing"})
    issued = documents.issue(ACTOR, files, BODY, agreement_id=agreement, kind="anexo")
    lineage = documents.propose(ACTOR, document_id=issued.row.id, proposed_on=clock.today())
    documents.answer_proposal(ACTOR, lineage=lineage, refused_on=clock.today(), signed_on=None)
    assert assess_agreement(agreement).finding("IV").verdict == "breached"
    with db.session() as session:
        change = session.scalars(select(FindingChange).where(FindingChange.inciso == "IV")).all()[-1]
        assert (change.after, change.cause) == ("breached", "Resposta do operador à proposta")
        versions = session.scalars(select(Proposal).order_by(Proposal.id)).all()
    assert [row.refused_on for row in versions] == [None, clock.today()]


def test_the_days_of_a_proposal_follow_each_other(app, files, make):
    issued = documents.issue(ACTOR, files, BODY, agreement_id=make.agreement(), kind="anexo")
    today = clock.today()
    for day in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(UseCaseError) as refused:
            documents.propose(ACTOR, document_id=issued.row.id, proposed_on=day)
        assert refused.value.field == "proposed_on"
    lineage = documents.propose(ACTOR, document_id=issued.row.id, proposed_on=today)
    for answer in (
        {"refused_on": today, "signed_on": today},
        {"refused_on": today - timedelta(days=1), "signed_on": None},
        {"refused_on": None, "signed_on": today + timedelta(days=1)},
    ):
        with pytest.raises(UseCaseError):
            documents.answer_proposal(ACTOR, lineage=lineage, **answer)
