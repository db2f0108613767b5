"""What the painel reads: the queue of each role, the matrix worst first, its totals, the year."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from contracts.vocabulary import AgreementKind, EndReason, Exposure, Role, UserRole, Verdict
from tests.rig.judged import NOON, moment
from vendor_tracker.store.tables import DisposalCase
from vendor_tracker.usecases import judging, painel
from vendor_tracker.usecases.painel import Filters
from vendor_tracker.usecases.work import Actor

ENCARREGADA = Actor("encarregada@orgao.example", role=UserRole.ENCARREGADO)
LEGAL = Actor("juridico@orgao.example", role=UserRole.LEGAL)


@pytest.fixture(autouse=True)
def _fixed_day():
    with time_machine.travel(NOON, tick=False):
        yield


def page_of(actor=ENCARREGADA, page=1, **filters):
    return painel.painel_page(actor=actor, filters=Filters(**filters), page=page)


def kinds(page):
    return [task.kind for task in page.tasks]


def test_an_empty_register_is_said_to_be_empty(app_on_each_database):
    page = page_of()
    assert page.register_is_empty
    assert (page.rows, page.total, page.tasks, page.year, page.median_score) == ((), 0, (), None, None)


def test_the_matrix_shows_the_worst_first_and_adds_up_what_is_filtered(app_on_each_database, make, records):
    unit = make.unit("Gestão de Pessoas")
    good_operator, bad_operator = make.operator("Trilha Educação"), make.operator("Prisma Biometria")
    good = make.agreement(
        good_operator, recorded_at=moment("2026-02-01"), kind="convenio", number="00001/2026", unit_id=unit
    )
    bad = make.agreement(
        bad_operator, recorded_at=moment("2026-02-01"), system_access=True, external_hosting=True, children=True
    )
    records.instrument(good)
    records.evidence(good, good_operator)
    records.action(bad, due="2026-06-01")
    records.judge(good, bad)
    page = page_of()
    assert [row.operator for row in page.rows] == ["Prisma Biometria", "Trilha Educação"]
    assert page.total == 2
    assert page.met[5] == 1, "VI is met by one"
    assert page.breached[8] == 1, "IX is breached by one"
    assert page.breached_agreements == 1
    scores = sorted(row.score for row in page.rows)
    assert page.median_score == scores[0]
    assert [row.operator_id for row in page_of(verdict=Verdict.BREACHED).rows] == [bad_operator]
    assert [row.operator_id for row in page_of(verdict=Verdict.MET, inciso="VI").rows] == [good_operator]
    assert page_of(verdict=Verdict.BREACHED, inciso="VI").total == 0
    assert [row.agreement_id for row in page_of(unit_id=unit).rows] == [good]
    assert [row.agreement_id for row in page_of(kind=AgreementKind.CONVENIO).rows] == [good]
    assert [row.agreement_id for row in page_of(exposure=Exposure.MEDIUM).rows] == [bad]
    assert [row.agreement_id for row in page_of(text="EDUCAÇÃO").rows] == [good], "accents and case do not matter"
    assert [row.agreement_id for row in page_of(text="00001/2026").rows] == [good]
    assert page_of(text="100%").total == 0, "what was typed is not a pattern"


def test_an_agreement_whose_disposal_was_proved_leaves_the_matrix(app_on_each_database, make, records):
    agreement_id = make.agreement(recorded_at=moment("2026-02-01"), ends_on=date(2026, 3, 1))
    make.add(
        DisposalCase(
            agreement_id=agreement_id,
            trigger=EndReason.TERM,
            triggered_on=date(2026, 3, 2),
            due_on=date(2026, 4, 1),
            accepted_on=date(2026, 3, 20),
            recorded_at=moment("2026-03-20"),
        )
    )
    records.judge(agreement_id)
    assert page_of().total == 0
    assert not page_of().register_is_empty
    [row] = page_of(closed=True).rows
    assert (row.stage, row.next_due_on) == ("closed", None)


def test_each_role_sees_what_waits_for_it(app_on_each_database, make, records):
    operator_id = make.operator()
    agreement_id = make.agreement(operator_id, recorded_at=moment("2026-02-01"), role=Role.JOINT_CONTROLLER)
    records.judge(agreement_id)
    records.request(agreement_id, due="2026-06-12", sequence=147)
    answered = records.request(
        agreement_id, due="2026-06-20", state="submitted", submitted="2026-06-10", inciso="X", sequence=148
    )
    records.evidence(agreement_id, operator_id, received="2026-06-01", accepted=None, title="Ficha do canal")
    records.action(agreement_id, due="2026-06-14")
    make.add(
        DisposalCase(
            agreement_id=agreement_id,
            trigger=EndReason.PURPOSE_MET,
            triggered_on=date(2026, 6, 1),
            due_on=date(2026, 7, 1),
            recorded_at=moment("2026-06-01"),
        )
    )
    records.judge(agreement_id, cause="Ação corretiva registrada")
    page = page_of()
    assert sorted(set(kinds(page))) == ["action", "answer", "breach", "disposal", "evidence", "request", "role"]
    by_kind = {task.kind: task for task in page.tasks}
    assert by_kind["request"].what.what == "2026/0147"
    assert by_kind["answer"].what.id == answered
    assert by_kind["answer"].due_on == date(2026, 6, 24), "ten working days after the answer came"
    assert by_kind["evidence"].what.what == "Ficha do canal"
    assert by_kind["disposal"].due_on == date(2026, 7, 1)
    assert by_kind["role"].what.what == "joint_controller"
    assert {task.what.inciso for task in page.tasks if task.kind == "breach"} <= {"IX", "VI"}
    dated = [task.due_on for task in page.tasks if task.due_on]
    assert dated == sorted(dated), "the most urgent first"
    assert set(kinds(page_of(LEGAL))) == {"breach"}
    assert "role" not in page_of(Actor("fiscal@orgao.example", role=UserRole.FISCAL)).task_counts


def test_many_late_requests_do_not_hide_a_new_breach(app_on_each_database, make, records):
    agreement_id = make.agreement(recorded_at=moment("2026-02-01"))
    records.judge(agreement_id)
    for _ in range(12):
        records.request(agreement_id, due="2026-05-20")
    records.action(agreement_id, due="2026-06-20")
    records.judge(agreement_id, cause="Requisição vencida")
    page = page_of()
    assert len(page.tasks) == painel.QUEUE_LENGTH
    assert page.task_counts["request"] == 12
    assert "breach" in kinds(page)


def test_a_breach_is_news_for_fourteen_days_and_only_while_it_lasts(app_on_each_database, make, records):
    agreement_id = make.agreement(recorded_at=moment("2026-02-01"))
    records.judge(agreement_id)
    records.action(agreement_id, due="2026-06-14")
    records.judge(agreement_id, cause="Ação corretiva vencida")
    with time_machine.travel(NOON + timedelta(days=14), tick=False):
        assert page_of().task_counts["breach"] == 1
    with time_machine.travel(NOON + timedelta(days=15), tick=False):
        assert page_of().task_counts["breach"] == 0
    with make.writing() as session:
        from vendor_tracker.store.tables import CorrectiveAction

        row = session.query(CorrectiveAction).one()
        session.add(row.next_version(recorded_at=NOON, recorded_by_id=None, done_on=date(2026, 6, 15)))
    records.judge(agreement_id, cause="Ação corretiva concluída")
    assert page_of().task_counts["breach"] == 0


def test_the_year_counts_each_month_and_follows_new_pictures(app_on_each_database, make, records):
    operator_id = make.operator()
    agreement_id = make.agreement(operator_id, recorded_at=moment("2026-03-10"))
    records.judge(agreement_id)
    records.instrument(agreement_id, since="2026-03-12")
    records.evidence(agreement_id, operator_id, received="2026-04-10", accepted="2026-04-12")
    with time_machine.travel(datetime(2026, 4, 1, 12, tzinfo=UTC), tick=False):
        judging.take_snapshots()
        assert page_of().year is None, "one point is no course"
    judging.take_snapshots()
    year = page_of().year
    assert year.months == (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31))
    assert year.met["VI"] == (0, 1, 1)
    assert year.breached["VI"] == (0, 0, 0)
    assert year.agreements == 1


def test_the_painel_takes_as_many_queries_for_two_hundred_agreements_as_for_ten(
    app_on_each_database, make, records, count_queries
):
    operator_id = make.operator()
    ids = [make.agreement(operator_id, recorded_at=moment("2026-02-01")) for _ in range(10)]
    records.judge(*ids)
    page_of()
    with count_queries() as few:
        page_of()
    ids = [make.agreement(operator_id, recorded_at=moment("2026-02-01")) for _ in range(60)]
    records.judge(*ids)
    with count_queries() as many:
        page = page_of()
    assert int(few) == int(many)
    assert (len(page.rows), page.total) == (50, 70)
    assert len(page_of(page=2).rows) == 20
    assert page_of(page=99).page == 2, "an old bookmark still shows something"
