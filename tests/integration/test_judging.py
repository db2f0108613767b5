"""Judging: at once when a fact changes, nightly for the passage of time, monthly for the picture."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from contracts.policy import Policy
from contracts.vocabulary import (
    INCISOS,
    EndReason,
    EvidenceKind,
    Exposure,
    RequestKind,
    RequestState,
    ReviewDecision,
    Verdict,
)
from vendor_tracker import clock
from vendor_tracker.store import standings
from vendor_tracker.store.tables import (
    CorrectiveAction,
    DisposalCase,
    Evidence,
    EvidenceAgreement,
    EvidenceInciso,
    EvidenceReview,
    FindingChange,
    FindingRow,
    FurtherObligationRow,
    PolicyOverride,
    Request,
    RequestEvent,
    RequestItem,
    Snapshot,
    Standing,
    TrailEntry,
)
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.judging.rulebook import Book
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, act, look

FISCAL = Actor("fiscal@orgao.example", display="Fiscal")
NOON = datetime(2026, 6, 15, 15, tzinfo=UTC)
"""Midday in São Paulo, 15/06/2026."""


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture(autouse=True)
def _fixed_day():
    with time_machine.travel(NOON, tick=False):
        yield


def recorded(days_ago: int = 30) -> datetime:
    return NOON - timedelta(days=days_ago)


def rejudge(*ids, cause="Evidência aceita"):
    with act(FISCAL) as work:
        return judging.rejudge(work, ids, cause=cause)


def rows(table, *conditions):
    with look() as session:
        found = session.scalars(select(table).where(*conditions)).all()
        session.expunge_all()
        return found


def overdue_request(make, agreement_id, due, *, inciso="VI", opened="2026-04-01"):
    request = make.add(
        Request(
            agreement_id=agreement_id,
            kind=RequestKind.INFORMATION,
            year=2026,
            sequence=agreement_id,
            opened_on=d(opened),
            first_due_on=d(due),
            due_on=d(due),
            state=RequestState.OPEN,
            recorded_at=recorded(60),
        )
    )
    make.add(
        RequestItem(request_id=request.id, position=1, inciso=inciso, title="Registro", question="Envie o registro.")
    )
    make.add(
        RequestEvent(
            request_id=request.id, kind="sent", state=RequestState.OPEN, due_on=d(due), recorded_at=recorded(60)
        )
    )
    return request


def proof(make, agreement_id, operator_id, kind=EvidenceKind.PROCESSING_RECORD, inciso="VI", received="2026-06-01"):
    evidence = make.add(
        Evidence(
            operator_id=operator_id,
            kind=kind,
            title="Registro de tratamento",
            received_on=d(received),
            recorded_at=recorded(14),
        )
    )
    make.add(EvidenceInciso(evidence_id=evidence.id, inciso=inciso))
    make.add(EvidenceAgreement(evidence_id=evidence.id, agreement_id=agreement_id, recorded_at=recorded(14)))
    return evidence


def test_a_first_judgement_keeps_twelve_findings_and_a_standing(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=recorded())
    assert rejudge(agreement_id, cause="Acordo registrado") == ()
    findings = rows(FindingRow, FindingRow.agreement_id == agreement_id)
    assert {row.inciso for row in findings} == set(INCISOS)
    assert all(row.reasons and row.since == d("2026-06-15") for row in findings)
    [standing] = rows(Standing)
    assert standing.verdicts.split() == [
        next(row.verdict.value for row in findings if row.inciso == inciso) for inciso in INCISOS
    ]
    assert [len(group.split(",")) for group in standing.legs.split()] == [3] * 12
    assert (standing.stage, standing.judged_on, standing.exposure) == ("in_force", d("2026-06-15"), Exposure.LOW)
    assert standing.breached + standing.unproven + standing.partial + standing.met <= 12
    assert rows(FindingChange) == [], "nothing changed: it was never judged before"


def test_the_verdict_changes_at_once_with_the_sentence_that_changed_it(app_on_each_database, make):
    operator_id = make.operator()
    agreement_id = make.agreement(operator_id, recorded_at=recorded())
    rejudge(agreement_id, cause="Acordo registrado")
    evidence = proof(make, agreement_id, operator_id)
    make.add(
        EvidenceReview(
            evidence_id=evidence.id,
            decision=ReviewDecision.ACCEPTED,
            decided_on=d("2026-06-15"),
            valid_until=d("2027-05-31"),
            recorded_at=NOON,
        )
    )
    changes = rejudge(agreement_id, cause="Evidência aceita")
    assert [(change.inciso, change.before, change.after) for change in changes] == [
        ("VI", Verdict.UNPROVEN, Verdict.PARTIAL)
    ]
    [change] = rows(FindingChange)
    assert (change.cause, change.at, change.on) == ("Evidência aceita", NOON, d("2026-06-15"))
    assert change.reason == changes[0].reason
    assert change.reason.endswith(".")
    [row] = rows(FindingRow, FindingRow.inciso == "VI")
    assert (row.verdict, row.since) == (Verdict.PARTIAL, d("2026-06-15"))
    assert {
        "kind": "evidence",
        "id": evidence.id,
        "label": f"Evidência {evidence.id}: Registro de tratamento",
    } in row.records


def test_a_breach_carries_the_record_that_shows_it(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=recorded())
    rejudge(agreement_id)
    action = make.add(
        CorrectiveAction(
            agreement_id=agreement_id,
            inciso="IX",
            description="Rever acessos",
            due_on=d("2026-06-14"),
            recorded_at=recorded(20),
        )
    )
    [change] = rejudge(agreement_id, cause="Ação corretiva registrada")
    assert (change.inciso, change.after) == ("IX", Verdict.BREACHED)
    [row] = rows(FindingChange)
    assert row.record["kind"] == "corrective_action"
    assert row.record["id"] == action.lineage
    [standing] = rows(Standing)
    assert (standing.breached, standing.next_due_on) == (1, d("2026-06-14"))


def test_what_did_not_change_keeps_the_day_since_which_it_holds(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=recorded())
    rejudge(agreement_id)
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        assert rejudge(agreement_id) == ()
        assert {row.since for row in rows(FindingRow)} == {d("2026-06-15")}
        assert rows(Standing)[0].judged_on == d("2026-06-18")


def test_an_undone_act_leaves_no_judgement(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=recorded())

    def fail_after_judging():
        with act(FISCAL) as work:
            judging.rejudge(work, [agreement_id], cause="Acordo registrado")
            raise UseCaseError("Não foi possível registrar.")

    with pytest.raises(UseCaseError):
        fail_after_judging()
    assert rows(FindingRow) == []
    assert rows(Standing) == []


def test_facts_of_the_same_transaction_are_judged(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=recorded())
    rejudge(agreement_id)
    with act(FISCAL) as work:
        work.session.add(
            CorrectiveAction(
                agreement_id=agreement_id,
                inciso="IX",
                description="Rever acessos",
                due_on=d("2026-06-01"),
                recorded_at=work.now,
            )
        )
        changes = judging.rejudge(work, [agreement_id], cause="Ação corretiva registrada")
    assert [change.after for change in changes] == [Verdict.BREACHED]


def test_a_past_day_is_judged_with_what_was_known_then(app_on_each_database, make):
    operator_id = make.operator()
    agreement_id = make.agreement(operator_id, recorded_at=recorded(90))
    evidence = proof(make, agreement_id, operator_id)
    make.add(
        EvidenceReview(
            evidence_id=evidence.id,
            decision=ReviewDecision.ACCEPTED,
            decided_on=d("2026-06-02"),
            recorded_at=recorded(5),
        )
    )
    with look() as session:
        now = judging.assess(session, agreement_id, on=d("2026-06-15"))
        then = judging.assess(session, agreement_id, on=d("2026-06-09"))
        as_known_now = judging.assess(session, agreement_id, on=d("2026-06-09"), known_until=NOON)
    assert now.finding("VI").verdict is Verdict.PARTIAL
    assert then.finding("VI").verdict is Verdict.UNPROVEN, "the review was recorded on the 10th"
    assert as_known_now.finding("VI").verdict is Verdict.PARTIAL


def test_a_day_before_the_agreement_or_the_portaria_is_refused_with_a_sentence(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=recorded())
    with look() as session:
        with pytest.raises(NotFoundError, match="ainda não estava no registro"):
            judging.assess(session, agreement_id, on=d("2026-05-15"))
        with pytest.raises(UseCaseError, match="20/10/2025") as refused:
            judging.assess(session, agreement_id, on=d("2025-10-19"))
        with pytest.raises(NotFoundError):
            judging.assess(session, agreement_id + 1, on=d("2026-06-15"))
    assert refused.value.field == "em"


def test_the_passage_of_time_turns_a_due_request_into_a_breach(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=recorded(90))
    other = make.agreement(recorded_at=recorded(90))
    overdue_request(make, agreement_id, "2026-06-15")
    rejudge(agreement_id, other)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        result = judging.evaluate_register()
        again = judging.evaluate_register()
    assert (result.agreements, result.kept, result.on) == (2, True, d("2026-06-16"))
    assert [(change.agreement_id, change.inciso, change.after) for change in result.changes] == [
        (agreement_id, "VI", Verdict.BREACHED)
    ]
    assert result.verdicts[Verdict.BREACHED] == 1
    assert sum(result.verdicts.values()) == 24
    assert again.changes == ()
    [change] = rows(FindingChange)
    assert change.cause == "Passagem do tempo"
    [line] = rows(TrailEntry, TrailEntry.act == "evaluate")
    assert line.summary == "Passagem do tempo: 1 situação mudou em 1 acordo."
    assert line.actor == "job:evaluate"


def test_another_day_of_the_register_is_counted_and_not_kept(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=recorded(90))
    overdue_request(make, agreement_id, "2026-06-20")
    result = judging.evaluate_register(on=d("2026-06-21"))
    assert (result.kept, result.agreements, result.verdicts[Verdict.BREACHED]) == (False, 1, 1)
    assert rows(FindingRow) == []


def test_more_agreements_than_a_batch_are_all_judged(app, make, monkeypatch):
    monkeypatch.setattr("vendor_tracker.usecases.judging.register.BATCH", 2)
    ids = [make.agreement(recorded_at=recorded()) for _ in range(5)]
    assert judging.evaluate_register().agreements == 5
    assert [row.agreement_id for row in rows(Standing)] == ids
    assert rejudge(*ids) == ()


@pytest.mark.parametrize("on", [None, "2026-06-14"])
def test_an_agreement_that_cannot_be_judged_keeps_no_other_from_being_judged(app, make, monkeypatch, on):
    ids = [make.agreement(recorded_at=recorded(90)) for _ in range(5)]
    real = Book.judge

    def spoiled(self, facts, day):
        if facts.id == ids[2]:
            raise ZeroDivisionError("a record that no rule expected")
        return real(self, facts, day)

    monkeypatch.setattr(Book, "judge", spoiled)
    result = judging.evaluate_register(on=d(on) if on else None)
    assert (result.agreements, result.unjudged) == (4, 1)
    if on is None:
        assert [row.agreement_id for row in rows(Standing)] == [*ids[:2], *ids[3:]]


def test_judging_two_hundred_agreements_takes_as_many_queries_as_ten(app, make, count_queries):
    operator_id = make.operator()
    ids = [make.agreement(operator_id, recorded_at=recorded()) for _ in range(200)]
    rejudge(*ids)
    counts = []
    for wanted in (ids[:10], ids):
        with count_queries() as queries:
            rejudge(*wanted)
        counts.append(int(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("revision", "case", "stage"),
    [
        ({"starts_on": d("2026-06-16"), "signed_on": d("2026-06-01")}, None, "future"),
        ({"starts_on": d("2026-06-15"), "signed_on": d("2026-06-01")}, None, "in_force"),
        ({"ends_on": d("2026-06-15")}, None, "in_force"),
        ({"ends_on": d("2026-06-14")}, None, "ending"),
        ({"ended_on": d("2026-06-14"), "end_reason": EndReason.RESCISSION}, None, "ending"),
        ({"ends_on": d("2026-05-01")}, d("2026-06-15"), "closed"),
        ({"ends_on": d("2026-05-01")}, d("2026-06-16"), "ending"),
    ],
)
def test_the_stage_of_an_agreement_turns_on_the_day(app, make, revision, case, stage):
    agreement_id = make.agreement(recorded_at=recorded(), **revision)
    if case:
        make.add(
            DisposalCase(
                agreement_id=agreement_id,
                trigger=EndReason.TERM,
                triggered_on=d("2026-05-02"),
                accepted_on=case,
                due_on=d("2026-06-20"),
                recorded_at=recorded(),
            )
        )
    rejudge(agreement_id)
    assert rows(Standing)[0].stage == stage


def test_a_parameter_decided_from_a_day_on_counts_from_that_day_and_from_its_record(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=recorded(90), system_access=True, volume="over_100k")
    with look() as session:
        assert judging.policy_of(session) is Policy.load()
        assert judging.assess(session, agreement_id, on=d("2026-06-15")).exposure.tier is Exposure.MEDIUM
    make.add(
        PolicyOverride(
            key="exposure_bands",
            since=d("2026-06-01"),
            value={"medium_from": 2, "high_from": 4},
            decided_by="CGLGPD",
            reason="Reunião de maio",
            recorded_at=recorded(5),
        )
    )
    with look() as session:
        assert judging.assess(session, agreement_id, on=d("2026-06-15")).exposure.tier is Exposure.HIGH
        assert judging.assess(session, agreement_id, on=d("2026-06-09")).exposure.tier is Exposure.MEDIUM, (
            "not decided yet"
        )
        past = judging.assess(session, agreement_id, on=d("2026-05-31"), known_until=NOON)
        assert past.exposure.tier is Exposure.MEDIUM, "not in force yet"
        assert judging.policy_of(session) is judging.policy_of(session), "made once"


def test_a_closed_day_of_the_administrator_moves_terms(app_on_each_database, make):
    from vendor_tracker.store.tables import CalendarDay

    with look() as session:
        assert judging.workdays_of(session).is_working(d("2026-06-22"))
    make.add(
        CalendarDay(
            calendar="cnj",
            day=d("2026-06-22"),
            closed=True,
            name="Ponto facultativo",
            source="Portaria fictícia",
            recorded_at=NOON,
        )
    )
    with look() as session:
        assert not judging.workdays_of(session).is_working(d("2026-06-22"))
        assert judging.workdays_of(session, calendar="federal").is_working(d("2026-06-22"))
        assert judging.workdays_of(session, [1999]).first == d("1999-01-01")
    make.add(
        CalendarDay(
            calendar="cnj", day=d("2026-06-22"), closed=False, name="", source="Portaria fictícia", recorded_at=NOON
        )
    )
    with look() as session:
        assert judging.workdays_of(session).is_working(d("2026-06-22"))


def test_an_obligation_of_the_organisation_is_judged_beside_the_twelve_and_does_not_score(app_on_each_database, make):
    agreement_id = make.agreement(recorded_at=recorded())
    rejudge(agreement_id)
    score = rows(Standing)[0].score
    make.add(
        FurtherObligationRow(
            code="EXTRA-1",
            title="Seguro cibernético",
            text="Manter apólice de seguro cibernético.",
            since=d("2026-01-01"),
            needs_clause=False,
            evidence_kinds=["insurance"],
            decided_by="CGLGPD",
            decided_on=d("2025-12-15"),
            recorded_at=recorded(),
        )
    )
    assert rejudge(agreement_id, cause="Obrigação acrescentada") == ()
    [row] = rows(FindingRow, FindingRow.inciso == "EXTRA-1")
    assert row.verdict is Verdict.UNPROVEN
    assert rows(Standing)[0].score == score
    assert len(rows(Standing)[0].verdicts.split()) == 12
    with make.writing() as session:
        held = session.query(FurtherObligationRow).one()
        session.add(held.next_version(recorded_at=NOON, recorded_by_id=None, until=d("2026-06-14")))
    rejudge(agreement_id, cause="Obrigação encerrada")
    assert rows(FindingRow, FindingRow.inciso == "EXTRA-1") == []


def test_month_pictures_are_taken_once_and_missed_months_are_caught_up(app_on_each_database, make):
    operator_id = make.operator()
    early = make.agreement(operator_id, recorded_at=datetime(2026, 3, 10, 12, tzinfo=UTC))
    late = make.agreement(operator_id, recorded_at=datetime(2026, 5, 1, 12, tzinfo=UTC))
    evidence = proof(make, early, operator_id)
    make.add(
        EvidenceReview(
            evidence_id=evidence.id,
            decision=ReviewDecision.ACCEPTED,
            decided_on=d("2026-06-10"),
            recorded_at=recorded(3),
        )
    )
    result = judging.take_snapshots()
    assert (result.months, result.agreements) == ((d("2026-03-31"), d("2026-04-30"), d("2026-05-31")), 4)
    assert {(row.month, row.agreement_id) for row in rows(Snapshot)} == {
        (d("2026-03-31"), early),
        (d("2026-04-30"), early),
        (d("2026-05-31"), early),
        (d("2026-05-31"), late),
    }
    assert all(row.verdicts.split()[5] == "unproven" for row in rows(Snapshot)), "the proof came in June"
    assert judging.take_snapshots() == judging.SnapshotResult((), 0)
    [line] = rows(TrailEntry, TrailEntry.act == "snapshot")
    assert line.summary == "Retrato mensal registrado: 03/2026, 04/2026, 05/2026."
    with time_machine.travel(datetime(2026, 7, 1, 3, 30, tzinfo=UTC), tick=False):
        assert judging.take_snapshots().months == (d("2026-06-30"),)
    june = rows(Snapshot, Snapshot.month == d("2026-06-30"), Snapshot.agreement_id == early)
    assert june[0].verdicts.split()[5] == "partial"


def test_an_empty_register_has_no_picture(app_on_each_database):
    assert judging.take_snapshots() == judging.SnapshotResult((), 0)
    assert judging.evaluate_register().agreements == 0


@pytest.mark.parametrize(
    ("first", "today", "months"),
    [
        ("2026-01-31", "2026-02-01", ["2026-01-31"]),
        ("2026-01-31", "2026-01-31", []),
        ("2025-11-15", "2026-03-01", ["2025-11-30", "2025-12-31", "2026-01-31", "2026-02-28"]),
        ("2028-02-29", "2028-03-01", ["2028-02-29"]),
    ],
)
def test_a_month_is_complete_on_the_first_of_the_next(first, today, months):
    assert judging.month_ends(d(first), d(today)) == [d(month) for month in months]


def test_the_day_of_sao_paulo_decides_not_utc(app, make):
    agreement_id = make.agreement(recorded_at=recorded(90))
    overdue_request(make, agreement_id, "2026-06-15")
    with time_machine.travel(datetime(2026, 6, 16, 2, 30, tzinfo=UTC), tick=False):
        assert clock.today() == d("2026-06-15")
        rejudge(agreement_id)
        assert rows(Standing)[0].breached == 0
    with time_machine.travel(datetime(2026, 6, 16, 3, 30, tzinfo=UTC), tick=False):
        rejudge(agreement_id)
        assert rows(Standing)[0].breached == 1


def test_operators_facts_touch_each_of_their_agreements(app, make):
    operator_id = make.operator()
    ids = [make.agreement(operator_id, recorded_at=recorded()) for _ in range(3)]
    make.agreement(recorded_at=recorded())
    with act(FISCAL) as work:
        judging.rejudge_operators(work, [operator_id], cause="Contato alterado")
    assert [row.agreement_id for row in rows(Standing)] == ids


def test_the_next_term_is_the_nearest_of_what_is_open(app, make):
    agreement_id = make.agreement(recorded_at=recorded(90), ends_on=d("2026-12-31"))
    rejudge(agreement_id)
    assert rows(Standing)[0].next_due_on == d("2026-12-31")
    overdue_request(make, agreement_id, "2026-07-10")
    rejudge(agreement_id)
    assert rows(Standing)[0].next_due_on == d("2026-07-10")
    with look() as session:
        brief = standings.standings_of(session, [agreement_id])[agreement_id]
    assert brief.next_due_on == d("2026-07-10")
    assert len(brief.verdicts) == 12
