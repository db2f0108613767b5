"""A proof counts only once a person accepted it, until the day that person set, in every agreement it serves."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from contracts.vocabulary import EvidenceKind, RequestKind, RequestState, ReviewDecision
from tests.rig import papers
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.store.base import db
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.tables import (
    Answer,
    Evidence,
    EvidenceAgreement,
    EvidenceInciso,
    EvidenceReview,
    FindingChange,
    Request,
    RequestEvent,
    RequestItem,
    TrailEntry,
)
from vendor_tracker.usecases import evidence
from vendor_tracker.usecases.evidence import Decision, EvidenceData, EvidenceFilter
from vendor_tracker.usecases.filing import Upload
from vendor_tracker.usecases.judging import assess_agreement, evaluate_register
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError

ACTOR = Actor("fiscal@orgao.example")
TODAY = clock.today()


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "kept")


def data(**changes) -> EvidenceData:
    values = {
        "kind": EvidenceKind.ISO_27001,
        "incisos": ("V",),
        "title": "Certificado de 2026",
        "received_on": TODAY,
        "valid_from": TODAY - timedelta(days=60),
        **changes,
    }
    return EvidenceData(**values)


def upload(content: bytes | None = None, name: str = "certificado.pdf") -> Upload:
    return Upload(BytesIO(content or papers.pdf()), name, 25 << 20)


def register(files, agreement: int, **changes) -> int:
    return evidence.register(ACTOR, files, agreement_id=agreement, data=data(**changes), upload=upload())


def accept(evidence_id: int, **changes):
    values = {"decision": ReviewDecision.ACCEPTED, "covers_service": True, "independent": True, **changes}
    return evidence.decide(ACTOR, evidence_id=evidence_id, decision=Decision(**values))


def facts_of(agreement: int, on: date = TODAY, known_until=None):
    with db.session() as session:
        return load_facts(session, [agreement], on=on, known_until=known_until)[agreement]


def test_a_proof_waits_until_it_is_accepted_and_the_verdict_changes_with_the_reason(app_on_each_database, files, make):
    agreement = make.agreement()
    papers.signed_paper(make, agreement, {"VI": "covered"})
    evaluate_register()
    proof = register(files, agreement, kind=EvidenceKind.PROCESSING_RECORD, incisos=("VI",), title="Extrato")
    assert assess_agreement(agreement).finding("VI").verdict == "partial"
    changes = accept(proof, valid_until=TODAY + timedelta(days=300))
    assert [(change.inciso, change.before, change.after) for change in changes] == [("VI", "partial", "met")]
    with db.session() as session:
        change = session.scalars(select(FindingChange)).one()
        line = session.scalars(select(TrailEntry).where(TrailEntry.act == "evidence_reviewed")).one()
    assert change.cause == "Evidência aceita"
    assert line.subject_id == proof
    page = evidence.show(ACTOR, evidence_id=proof)
    assert [row.inciso for row in page.changes] == ["VI"]
    assert page.changes[0].after == "met"
    assert "Extrato" in page.changes[0].reason


def test_what_was_accepted_today_was_unknown_yesterday(app, files, make):
    agreement = make.agreement()
    proof = register(files, agreement)
    accept(proof)
    eve = TODAY - timedelta(days=1)
    assert facts_of(agreement).evidence[0].decision is ReviewDecision.ACCEPTED
    assert not facts_of(agreement, eve, clock.end_of(eve)).evidence


def test_the_default_validity_comes_from_the_parameters_or_from_the_paper_whichever_ends_first(app, files, make):
    agreement = make.agreement()
    start = date(2026, 1, 31)
    page = evidence.show(ACTOR, evidence_id=register(files, agreement, kind=EvidenceKind.SOC2_TYPE2, valid_from=start))
    assert (page.default_from, page.default_until, page.validity_months) == (start, date(2027, 1, 31), 12)
    stated = register(files, agreement, kind=EvidenceKind.SOC2_TYPE2, valid_from=start, valid_until=date(2026, 12, 31))
    assert evidence.show(ACTOR, evidence_id=stated).default_until == date(2026, 12, 31)
    endless = register(files, agreement, kind=EvidenceKind.DISPOSAL_CERTIFICATE, incisos=("XII",), valid_from=None)
    page = evidence.show(ACTOR, evidence_id=endless)
    assert (page.default_from, page.default_until) == (TODAY, None)


def test_the_validity_shown_to_the_reviewer_is_the_one_the_judgement_will_use(app, files, make):
    high = {"sensitive": True, "children": True, "judicial_secrecy": True}
    exposed, quiet = make.agreement(**high), make.agreement()
    evaluate_register()
    shown = {}
    for agreement in (exposed, quiet):
        proof = register(files, agreement, kind=EvidenceKind.INCIDENT_CHANNEL, incisos=("I",), valid_from=TODAY)
        page = evidence.show(ACTOR, evidence_id=proof)
        accept(proof, valid_from=TODAY, valid_until=page.default_until)
        shown[agreement] = (page.validity_months, page.default_until)
    assert [months for months, _ in shown.values()] == [6, 12]
    judged = assess_agreement(exposed).finding("I")
    assert f"vale até {shown[exposed][1]:%d/%m/%Y}" in " ".join(check.answer.reason for check in judged.checks)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"incisos": ()}, "incisos"),
        ({"incisos": ("XIII",)}, "incisos"),
        ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
        ({"valid_from": TODAY, "valid_until": TODAY - timedelta(days=1)}, "valid_until"),
        ({"also_serves": (4711,)}, "also_serves"),
    ],
)
def test_a_proof_that_makes_no_sense_is_refused_beside_its_field(app, files, make, changes, field):
    agreement = make.agreement()
    with pytest.raises(UseCaseError) as refused:
        register(files, agreement, **changes)
    assert refused.value.field == field
    with db.session() as session:
        assert session.scalar(select(Evidence.id)) is None


def test_a_proof_needs_a_file_or_words(app, files, make):
    agreement = make.agreement()
    with pytest.raises(UseCaseError, match="Envie o arquivo"):
        evidence.register(ACTOR, files, agreement_id=agreement, data=data(), upload=None)
    evidence.register(ACTOR, files, agreement_id=agreement, data=data(statement="Declaro que…"), upload=None)


def test_one_answer_serves_every_agreement_that_is_marked_and_only_of_the_same_operator(app, files, make):
    operator = make.operator()
    first, second, third = (make.agreement(operator) for _ in range(3))
    stranger = make.agreement()
    proof = register(files, first, also_serves=(second,))
    accept(proof, also_serves=(third,))
    for agreement in (first, second, third):
        assert facts_of(agreement).evidence[0].decision is ReviewDecision.ACCEPTED
    assert not facts_of(stranger).evidence
    with pytest.raises(UseCaseError) as refused:
        evidence.decide(
            ACTOR,
            evidence_id=proof,
            decision=Decision(ReviewDecision.ACCEPTED, also_serves=(stranger,), seen=newest_review(proof)),
        )
    assert refused.value.field == "also_serves"


def newest_review(proof: int) -> int:
    with db.session() as session:
        return session.scalars(select(EvidenceReview.id).order_by(EvidenceReview.id.desc())).first()


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (Decision(ReviewDecision.RETURNED), "reason"),
        (Decision(ReviewDecision.FALSE, reason="  "), "reason"),
        (Decision(ReviewDecision.FALSE, reason="Certificado inexistente"), "confirmed"),
        (Decision(ReviewDecision.ACCEPTED, valid_from=TODAY, valid_until=TODAY - timedelta(days=1)), "valid_until"),
    ],
)
def test_a_decision_without_its_reason_or_its_second_yes_is_refused(app, files, make, decision, field):
    proof = register(files, make.agreement())
    with pytest.raises(UseCaseError) as refused:
        evidence.decide(ACTOR, evidence_id=proof, decision=decision)
    assert refused.value.field == field


def test_a_false_proof_breaches_inciso_v_and_a_later_decision_may_correct_it(app, files, make):
    agreement = make.agreement()
    evaluate_register()
    proof = register(files, agreement)
    changes = evidence.decide(
        ACTOR,
        evidence_id=proof,
        decision=Decision(ReviewDecision.FALSE, reason="A certificadora nega tê-lo emitido.", confirmed=True),
    )
    assert ("V", "breached") in [(change.inciso, change.after) for change in changes]
    accept(proof, seen=newest_review(proof))
    assert assess_agreement(agreement).finding("V").verdict != "breached"
    assert [row.decision for row in evidence.show(ACTOR, evidence_id=proof).reviews] == ["accepted", "false"]


def test_two_people_deciding_at_once_do_not_overwrite_each_other(app, files, make):
    proof = register(files, make.agreement())
    accept(proof)
    with pytest.raises(ConflictError, match="Outra pessoa decidiu"):
        evidence.decide(ACTOR, evidence_id=proof, decision=Decision(ReviewDecision.RETURNED, reason="Ilegível"))


def asked(make, agreement: int, *titles: str) -> tuple[int, list[int]]:
    """Make a submitted request with one item a title, each answered and turned into a proof; returns ids."""
    moment = datetime.now(UTC) - timedelta(minutes=5)
    request = make.add(
        Request(
            agreement_id=agreement, kind=RequestKind.INFORMATION, year=2026, sequence=agreement, opened_on=TODAY,
            first_due_on=TODAY, state=RequestState.SUBMITTED, due_on=TODAY, submitted_at=moment, recorded_at=moment,
        )
    )  # fmt: skip
    make.add(
        RequestEvent(
            request_id=request.id, kind="submitted", state=RequestState.SUBMITTED, due_on=TODAY, recorded_at=moment
        )
    )
    with make.writing() as session:
        from vendor_tracker.store.tables import Agreement

        operator = session.get(Agreement, agreement).operator_id
    proofs = []
    for position, title in enumerate(titles, start=1):
        item = make.add(
            RequestItem(
                request_id=request.id, position=position, inciso="VI", title=title, question="Envie.",
                evidence_kind=EvidenceKind.PROCESSING_RECORD,
            )
        )  # fmt: skip
        make.add(Answer(item_id=item.id, round=1, text="Segue.", saved_at=moment, submitted_at=moment))
        proof = make.add(
            Evidence(
                operator_id=operator, kind=EvidenceKind.PROCESSING_RECORD, title=title, received_on=TODAY,
                request_item_id=item.id, statement="Segue.", recorded_at=moment,
            )
        )  # fmt: skip
        make.add(EvidenceInciso(evidence_id=proof.id, inciso="VI"))
        make.add(EvidenceAgreement(evidence_id=proof.id, agreement_id=agreement, recorded_at=moment))
        proofs.append(proof.id)
    return request.id, proofs


def state_of(request: int) -> RequestState:
    with db.session() as session:
        return session.get(Request, request).state


def test_accepting_the_last_item_closes_the_request(app_on_each_database, make):
    request, (first, second) = asked(make, make.agreement(), "Extrato", "Política")
    accept(first)
    assert state_of(request) is RequestState.SUBMITTED
    accept(second)
    assert state_of(request) is RequestState.ACCEPTED


def test_returning_an_item_sends_the_request_back_with_the_reason(app, make):
    request, (first, second) = asked(make, make.agreement(), "Extrato", "Política")
    accept(first)
    evidence.decide(ACTOR, evidence_id=second, decision=Decision(ReviewDecision.RETURNED, reason="Falta a assinatura."))
    assert state_of(request) is RequestState.RETURNED
    page = evidence.show(ACTOR, evidence_id=second)
    assert page.asked.title == "Política"
    with db.session() as session:
        assert session.scalars(select(Answer.decision_reason).order_by(Answer.id)).all() == ["", "Falta a assinatura."]


def test_the_list_shows_first_what_has_waited_longest(app_on_each_database, files, make):
    agreement = make.agreement()
    days = [3, 9, 1]
    ids = [register(files, agreement, received_on=TODAY - timedelta(days=ago), title=f"Há {ago}") for ago in days]
    page = evidence.index(EvidenceFilter())
    assert [row.title for row in page.rows] == ["Há 9", "Há 3", "Há 1"]
    accept(ids[1])
    assert [row.title for row in evidence.index(EvidenceFilter()).rows] == ["Há 3", "Há 1"]
    assert [row.title for row in evidence.index(EvidenceFilter(state="accepted")).rows] == ["Há 9"]
    assert evidence.index(EvidenceFilter(state="")).total == 3
    assert evidence.index(EvidenceFilter(state="", inciso="VI")).total == 0
    assert evidence.index(EvidenceFilter(state="", words="nuvem serrana")).total == 3
    assert evidence.index(EvidenceFilter(state="", words="outra")).total == 0
    assert evidence.show(ACTOR, evidence_id=ids[0]).next_id == ids[2]


def test_the_list_asks_the_same_number_of_questions_for_one_proof_or_many(app, files, make, count_queries):
    register(files, make.agreement())
    with count_queries() as one:
        evidence.index(EvidenceFilter())
    for _ in range(6):
        register(files, make.agreement())
    with count_queries() as many:
        evidence.index(EvidenceFilter())
    assert int(many) == int(one)


def test_the_file_of_a_proof_for_a_secret_agreement_is_protected(app, files, make):
    operator = make.operator()
    open_one, secret = make.agreement(operator), make.agreement(operator, secret=True)
    page = evidence.show(ACTOR, evidence_id=register(files, open_one, also_serves=(secret,)))
    assert page.files[0].restricted
    with pytest.raises(NotFoundError):
        evidence.show(ACTOR, evidence_id=4711)


def test_every_kind_of_proof_is_asked_for_by_some_inciso_or_by_none_on_purpose():
    usual = evidence.usual_incisos()
    assert usual[EvidenceKind.ISO_27001] == ("V",)
    assert usual[EvidenceKind.DISPOSAL_CERTIFICATE] == ("XII",)
    assert set(usual) == set(EvidenceKind)
