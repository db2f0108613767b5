"""From rows to facts: what is known, when, and in how many queries."""

from datetime import UTC, date, datetime

import pytest

from contracts.vocabulary import (
    AgreementKind,
    ContactRole,
    Coverage,
    DataCategory,
    DispensationGround,
    EndReason,
    EvidenceKind,
    Exposure,
    IncidentSource,
    InstrumentKind,
    RequestKind,
    RequestState,
    ReviewDecision,
    Role,
    SubjectGroup,
    VolumeBand,
)
from vendor_tracker.clock import end_of
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.session import reading
from vendor_tracker.store.tables import (
    AgreementTerm,
    Assistance,
    Audit,
    AuthorisedPerson,
    ChannelTest,
    CorrectiveAction,
    CoverageReading,
    Delivery,
    Deviation,
    DisposalCase,
    Evidence,
    EvidenceAgreement,
    EvidenceInciso,
    EvidenceReview,
    Incident,
    Instruction,
    Instrument,
    IssuedDocument,
    Proposal,
    Request,
    RequestEvent,
    RequestItem,
    StoredFile,
    SubOperator,
)


def at(day: date, hour: int = 12) -> datetime:
    """Return a moment inside the São Paulo day."""
    return datetime(day.year, day.month, day.day, hour + 3, tzinfo=UTC)


def d(text: str) -> date:
    return date.fromisoformat(text)


RECORDED = at(d("2026-01-10"))


def facts_of(agreement_id, on, known_until=None):
    with reading() as session:
        return load_facts(session, [agreement_id], on=d(on), known_until=known_until)[agreement_id]


@pytest.fixture
def agreement(app_on_each_database, make):
    """An agreement with one record of every kind, all recorded on 10/01/2026."""
    operator_id = make.operator()
    agreement_id = make.agreement(
        operator_id,
        kind="convenio",
        number="00004/2023",
        recorded_at=RECORDED,
        signed_on=d("2025-11-01"),
        starts_on=d("2025-11-03"),
        ends_on=d("2027-11-02"),
        role=Role.OPERATOR,
        role_justification="Trata os dados por conta do CNJ.",
        role_approved_by="Helena Prado",
        role_approved_on=d("2026-01-05"),
        dispensation_ground=DispensationGround.LAW,
        dispensation_detail="Lei fictícia",
        dispensation_by="Helena Prado",
        dispensation_on=d("2026-01-06"),
        purpose="Hospedar sistemas",
        public_function="Função judicial",
        legal_basis="LGPD, art. 7º, III",
        guarantees="Criptografia",
        subject_access="Página do titular",
        reviewed_on=d("2026-01-02"),
        data_categories=["health", "identification"],
        subject_groups=["parties", "children"],
        sensitive=True,
        children=True,
        judicial_secrecy=False,
        volume=VolumeBand.OVER_100K,
        international_transfer=True,
        transfer_countries=["PT"],
        system_access=True,
        external_hosting=True,
        uses_sub_operators=True,
        raised_exposure=Exposure.HIGH,
        raised_exposure_reason="Decisão do comitê",
        incident_term_hours=12,
        assistance_term_days=3,
        disposal_term_days=45,
    )
    make.contact(operator_id, name="Renato Villar", recorded_at=RECORDED, reachable_always=True)
    common = {"agreement_id": agreement_id, "recorded_at": RECORDED}
    file = make.add(
        StoredFile(sha256="a" * 64, size=1, media_type="application/pdf", name="a.pdf", recorded_at=RECORDED)
    )
    issued = make.add(
        IssuedDocument(
            kind="anexo",
            title="Anexo",
            code="ABC",
            sha256="b" * 64,
            file_id=file.id,
            **common,
            clause_versions={"audits": "1 (2025-10-20)", "disposal": "2 (2026-01-01)"},
            clause_set_since=d("2026-02-01"),
            missing_fields=[],
            covers=[],
        )
    )
    paper = make.add(
        Instrument(
            kind=InstrumentKind.ORIGINAL,
            title="Convênio 00004/2023",
            signed_on=d("2025-11-01"),
            signed_by_both=True,
            in_force_from=d("2025-11-03"),
            published_on=d("2025-11-05"),
            file_id=file.id,
            issued_document_id=issued.id,
            **common,
        )
    )
    make.add(
        CoverageReading(
            instrument_lineage=paper.lineage,
            point="XI",
            coverage=Coverage.PARTIAL,
            quote="comunicar",
            place="p. 3",
            missing_idea="prazo",
            recorded_at=RECORDED,
        )
    )
    make.add(
        CoverageReading(
            instrument_lineage=paper.lineage, point="XI", coverage=Coverage.COVERED, recorded_at=at(d("2026-02-01"))
        )
    )
    evidence = make.add(
        Evidence(
            operator_id=operator_id,
            kind=EvidenceKind.ISO_27001,
            title="Certificado ISO 27001",
            received_on=d("2026-01-09"),
            valid_from=d("2025-06-01"),
            valid_until=d("2028-05-31"),
            recorded_at=RECORDED,
        )
    )
    make.add(EvidenceInciso(evidence_id=evidence.id, inciso="V"))
    make.add(EvidenceAgreement(evidence_id=evidence.id, **common))
    make.add(
        EvidenceReview(
            evidence_id=evidence.id,
            decision=ReviewDecision.RETURNED,
            reason="Fora do escopo",
            decided_on=d("2026-01-20"),
            independent=True,
            covers_service=False,
            recorded_at=at(d("2026-01-20")),
        )
    )
    make.add(
        EvidenceReview(
            evidence_id=evidence.id,
            decision=ReviewDecision.ACCEPTED,
            decided_on=d("2026-02-10"),
            valid_from=d("2025-06-01"),
            valid_until=d("2027-05-31"),
            independent=True,
            covers_service=True,
            recorded_at=at(d("2026-02-10")),
        )
    )
    request = make.add(
        Request(
            kind=RequestKind.INFORMATION,
            year=2026,
            sequence=7,
            opened_on=d("2026-01-10"),
            first_due_on=d("2026-01-30"),
            state=RequestState.ACCEPTED,
            due_on=d("2026-02-15"),
            **common,
        )
    )
    make.add(
        RequestItem(
            request_id=request.id,
            position=1,
            inciso="V",
            evidence_kind=EvidenceKind.ISO_27001,
            title="Certificado",
            question="Envie o certificado.",
        )
    )
    for kind, state, due, day in (
        ("opened", RequestState.OPEN, "2026-01-30", "2026-01-10"),
        ("extended", RequestState.OPEN, "2026-02-15", "2026-01-28"),
        ("submitted", RequestState.SUBMITTED, "2026-02-15", "2026-02-12"),
        ("accepted", RequestState.ACCEPTED, "2026-02-15", "2026-02-20"),
    ):
        make.add(RequestEvent(request_id=request.id, kind=kind, state=state, due_on=d(due), recorded_at=at(d(day))))
    make.add(Audit(title="Auditoria de acesso", planned_on=d("2026-03-01"), performed_on=d("2026-03-02"), **common))
    make.add(
        CorrectiveAction(
            inciso="IX", description="Rever acessos", due_on=d("2026-04-01"), done_on=d("2026-03-20"), **common
        )
    )
    make.add(Deviation(inciso="II", description="Registro alterado", found_on=d("2026-01-09"), **common))
    make.add(
        Incident(
            title="Acesso indevido",
            suspected_at=at(d("2026-01-08")),
            reported_at=at(d("2026-01-09")),
            learned_at=at(d("2026-01-09")),
            source=IncidentSource.OPERATOR,
            **common,
        )
    )
    make.add(
        Instruction(
            text="Não copiar",
            sent_on=d("2026-01-07"),
            due_on=d("2026-01-20"),
            acknowledged_on=d("2026-01-15"),
            **common,
        )
    )
    make.add(Assistance(subject="Pedido de titular", asked_on=d("2026-01-05"), due_on=d("2026-01-12"), **common))
    make.add(
        AuthorisedPerson(
            label="Crachá 12", has_need=True, committed_on=d("2026-01-02"), access_from=d("2026-01-02"), **common
        )
    )
    make.add(
        Delivery(what="Relatório mensal", months=1, agreed_on=d("2025-12-01"), reviewed_on=d("2026-01-01"), **common)
    )
    make.add(ChannelTest(tested_at=at(d("2026-01-06")), answered_at=at(d("2026-01-06"), 14), **common))
    make.add(Proposal(title="1º termo aditivo", proposed_on=d("2026-01-09"), **common))
    make.add(SubOperator(name="Cofre Digital Ltda.", country="PT", authorised_on=d("2025-12-01"), **common))
    make.add(DisposalCase(trigger=EndReason.TERM, triggered_on=d("2027-11-03"), due_on=d("2027-12-03"), **common))
    return agreement_id


def test_every_record_of_an_agreement_reaches_the_rules(agreement):
    facts = facts_of(agreement, "2026-03-01")
    assert (facts.label, facts.kind) == ("Convênio 00004/2023", AgreementKind.CONVENIO)
    assert facts.role.approved_on == d("2026-01-05")
    assert facts.dispensation.ground is DispensationGround.LAW
    assert (facts.signed_on, facts.starts_on, facts.ends_on) == (d("2025-11-01"), d("2025-11-03"), d("2027-11-02"))
    assert facts.data_categories == {DataCategory.HEALTH, DataCategory.IDENTIFICATION}
    assert facts.subject_groups == {SubjectGroup.PARTIES, SubjectGroup.CHILDREN}
    assert facts.volume is VolumeBand.OVER_100K
    assert facts.transfer_countries == ("PT",)
    assert (facts.incident_term_hours, facts.assistance_term_days, facts.disposal_term_days) == (12, 3, 45)
    assert [(contact.role, contact.reachable_always) for contact in facts.contacts] == [(ContactRole.PREPOSTO, True)]
    assert [sub.name for sub in facts.sub_operators] == ["Cofre Digital Ltda."]
    paper = facts.instruments[0]
    assert paper.record.label == "Convênio 00004/2023"
    assert paper.clauses == {"audits": d("2025-10-20"), "disposal": d("2026-01-01")}
    assert paper.readings["XI"].coverage is Coverage.COVERED
    proof = facts.evidence[0]
    assert proof.record.label == f"Evidência {proof.record.id}: Certificado ISO 27001"
    assert (proof.decision, proof.valid_until, proof.covers_service) == (ReviewDecision.ACCEPTED, d("2027-05-31"), True)
    assert proof.incisos == {"V"}
    asked = facts.requests[0]
    assert asked.record.label == "Requisição 2026/0007"
    assert (asked.state, asked.due_on, asked.submitted_on) == (RequestState.ACCEPTED, d("2026-02-15"), d("2026-02-12"))
    assert facts.audits[0].performed_on is None, "it is performed on the morrow of the judged day"
    assert facts.corrective_actions[0].done_on is None
    assert facts.deviations[0].inciso == "II"
    assert facts.incidents[0].source is IncidentSource.OPERATOR
    assert facts.instructions[0].acknowledged_on == d("2026-01-15")
    assert facts.assistance[0].answered_on is None
    assert [person.record.label for person in facts.people] == ["Pessoa autorizada: Crachá 12"]
    assert facts.calendar[0].months == 1
    assert facts.channel_tests[0].answered_at is not None
    assert facts.proposals[0].signed_on is None
    assert facts.disposal is None, "the bond has not ended yet"
    assert facts.closed_on is None


def test_only_what_was_known_on_a_past_day_counts(agreement):
    in_january = facts_of(agreement, "2026-01-31", end_of(d("2026-01-31")))
    assert in_january.evidence[0].decision is ReviewDecision.RETURNED
    assert in_january.instruments[0].readings["XI"].coverage is Coverage.PARTIAL
    assert (in_january.requests[0].state, in_january.requests[0].due_on) == (RequestState.OPEN, d("2026-02-15"))
    earlier = facts_of(agreement, "2026-01-15", end_of(d("2026-01-15")))
    assert earlier.evidence[0].decision is None
    assert earlier.requests[0].due_on == d("2026-01-30")
    with reading() as session:
        before = load_facts(session, None, on=d("2026-01-09"), known_until=end_of(d("2026-01-09")))
    assert before == {}


def test_a_corrected_record_is_seen_as_it_was_before_the_correction(agreement, make):
    with make.writing() as session:
        action = session.query(CorrectiveAction).one()
        session.add(action.next_version(recorded_at=at(d("2026-05-01")), recorded_by_id=None, due_on=d("2026-06-01")))
    assert facts_of(agreement, "2026-05-02").corrective_actions[0].due_on == d("2026-06-01")
    then = facts_of(agreement, "2026-04-30", end_of(d("2026-04-30")))
    assert then.corrective_actions[0].due_on == d("2026-04-01")
    now = facts_of(agreement, "2026-05-02")
    assert now.corrective_actions[0].record.id == then.corrective_actions[0].record.id, "the identity stays"


def test_the_latest_revision_that_had_begun_is_the_one_that_holds(app_on_each_database, make):
    from vendor_tracker.store.tables import AgreementRevision

    agreement_id = make.agreement(recorded_at=RECORDED, signed_on=d("2025-11-01"), purpose="Primeira")
    for begins, purpose, recorded in (
        ("2026-06-01", "Segunda", "2026-03-01"),
        ("2025-11-01", "Corrigida", "2026-04-01"),
    ):
        make.add(
            AgreementRevision(
                agreement_id=agreement_id,
                holds_from=d(begins),
                purpose=purpose,
                recorded_at=at(d(recorded)),
                transfer_countries=[],
            )
        )
    assert facts_of(agreement_id, "2026-02-01", end_of(d("2026-02-01"))).purpose == "Primeira"
    assert facts_of(agreement_id, "2026-05-31").purpose == "Corrigida"
    assert facts_of(agreement_id, "2026-06-01").purpose == "Segunda"
    assert facts_of(agreement_id, "2025-10-31").purpose is None, "nothing held yet"


def test_an_aditivo_extends_the_term_and_a_rescission_ends_the_bond(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=RECORDED, ends_on=d("2026-12-31"))
    term = {"agreement_id": agreement_id, "recorded_at": RECORDED, "object": ""}
    make.add(AgreementTerm(kind="aditivo", number="1", signed_on=d("2026-06-01"), new_ends_on=d("2027-12-31"), **term))
    make.add(AgreementTerm(kind="apostilamento", number="1", signed_on=d("2026-06-02"), **term))
    make.add(AgreementTerm(kind="aditivo", number="2", signed_on=d("2026-06-03"), new_ends_on=d("2026-11-30"), **term))
    make.add(AgreementTerm(kind="rescisao", number="1", signed_on=d("2026-09-01"), **term))
    assert facts_of(agreement_id, "2026-05-31").ends_on == d("2026-12-31")
    assert facts_of(agreement_id, "2026-06-30").ends_on == d("2027-12-31")
    ended = facts_of(agreement_id, "2026-09-01")
    assert (ended.ended_on, ended.end_reason) == (d("2026-09-01"), EndReason.RESCISSION)
    assert facts_of(agreement_id, "2026-08-31").ended_on is None


def test_people_unknown_differ_from_nobody_with_access(app_on_each_database, make):
    unknown = make.agreement(recorded_at=RECORDED)
    nobody = make.agreement(recorded_at=RECORDED, nobody_has_access=True)
    assert facts_of(unknown, "2026-02-01").people is None
    assert facts_of(nobody, "2026-02-01").people == ()


def test_accepted_disposal_closes_the_agreement(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=RECORDED)
    make.add(
        DisposalCase(
            agreement_id=agreement_id,
            trigger=EndReason.PURPOSE_MET,
            triggered_on=d("2026-02-01"),
            accepted_on=d("2026-03-10"),
            recorded_at=RECORDED,
        )
    )
    assert facts_of(agreement_id, "2026-03-09").closed_on is None
    assert facts_of(agreement_id, "2026-03-10").closed_on == d("2026-03-10")


def test_contacts_of_one_agreement_do_not_answer_for_another(app_on_each_database, make):
    operator_id = make.operator()
    one, other = make.agreement(operator_id, recorded_at=RECORDED), make.agreement(operator_id, recorded_at=RECORDED)
    make.contact(operator_id, name="De todos", recorded_at=RECORDED)
    make.contact(operator_id, name="Só deste", agreement_id=one, recorded_at=RECORDED)
    make.contact(make.operator(), name="De outro operador", recorded_at=RECORDED)
    with reading() as session:
        facts = load_facts(session, None, on=d("2026-02-01"))
    assert [contact.record.label for contact in facts[one].contacts] == ["Contato: De todos", "Contato: Só deste"]
    assert [contact.record.label for contact in facts[other].contacts] == ["Contato: De todos"]


def test_the_number_of_queries_does_not_grow_with_the_register(app_on_each_database, make, count_queries):
    operator_id = make.operator()
    ids = [make.agreement(operator_id, recorded_at=RECORDED) for _ in range(200)]
    counts = []
    for wanted in (ids[:1], ids[:10], ids, None):
        with count_queries() as queries, reading() as session:
            facts = load_facts(session, wanted, on=d("2026-02-01"))
        assert len(facts) == (len(wanted) if wanted is not None else 200)
        counts.append(int(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 26


def test_thousands_of_ids_are_asked_for_at_once(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=RECORDED)
    with reading() as session:
        facts = load_facts(session, [*range(10_000, 60_000), agreement_id], on=d("2026-02-01"))
    assert list(facts) == [agreement_id]


def test_an_agreement_recorded_but_described_only_from_a_later_day_is_bare(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=RECORDED, holds_from=d("2026-05-01"), purpose="Depois")
    facts = facts_of(agreement_id, "2026-04-30")
    assert (facts.purpose, facts.ends_on, facts.people) == (None, None, None)
    assert facts_of(agreement_id, "2026-05-01").purpose == "Depois"


def test_a_draft_has_no_state_but_draft(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=RECORDED)
    request = make.add(
        Request(
            agreement_id=agreement_id,
            kind=RequestKind.AUDIT,
            year=2026,
            sequence=1,
            opened_on=d("2026-01-11"),
            first_due_on=d("2026-02-11"),
            due_on=d("2026-02-11"),
            state=RequestState.DRAFT,
            recorded_at=RECORDED,
        )
    )
    make.add(RequestItem(request_id=request.id, position=1, inciso="IX", title="Visita", question="Quando?"))
    assert facts_of(agreement_id, "2026-01-12").requests[0].state is RequestState.DRAFT
    assert facts_of(agreement_id, "2026-01-10").requests == ()


def test_what_lies_ahead_of_the_judged_day_is_left_out(agreement):
    eve = facts_of(agreement, "2026-01-04")
    assert eve.role.approved_on is None
    assert (eve.assistance, eve.incidents, eve.channel_tests) == ((), (), ())
    assert facts_of(agreement, "2026-01-05").assistance[0].due_on == d("2026-01-12")
    later = facts_of(agreement, str(d("2027-11-03")))
    assert later.disposal.due_on == d("2027-12-03")
    assert later.corrective_actions[0].done_on == d("2026-03-20")
