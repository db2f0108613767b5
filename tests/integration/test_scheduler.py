"""The jobs: in São Paulo's time, once a slot, in any number of processes, making up for what was missed."""

import multiprocessing
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def at_start() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def register(make: Any) -> int:
    operator = make.operator()
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=30))
    return int(
        make.agreement(
            operator,
            recorded_at=START - timedelta(days=30),
            signed_on=date(2026, 1, 5),
            starts_on=date(2026, 1, 5),
            ends_on=date(2030, 12, 31),
        )
    )


def count(table: type[Any]) -> int:
    from sqlalchemy import func, select

    from vendor_tracker.store.session import reading

    with reading() as session:
        return session.scalar(select(func.count(table.id))) or 0


def test_one_round_plans_reminds_and_sends(app_on_each_database: Any, make: Any, at_start: Any) -> None:
    from vendor_tracker import scheduler
    from vendor_tracker.running import settings

    register(make)
    done = scheduler.run_due(app_on_each_database)
    assert list(done) == [job.name for job in scheduler.JOBS]
    assert done["plan_requests"] == {
        "looked_at": 1,
        "opened": 1,
        "without_contact": 0,
        "unjudged": 0,
        "by_fact": 0,
        "joined": 0,
    }
    assert done["rejudge_register"]["agreements"] == 1
    assert done["send_mail"] == {"sent": 1, "deferred": 0, "failed": 0}
    [mail] = (settings().data_dir / "mail").iterdir()
    assert b"/portal/r/" in mail.read_bytes()


def test_a_second_round_looks_again_and_repeats_nothing(app_on_each_database: Any, make: Any, at_start: Any) -> None:
    from vendor_tracker import scheduler
    from vendor_tracker.store.tables import JobRun, Message, Request

    register(make)
    scheduler.run_due(app_on_each_database)
    again = scheduler.run_due(app_on_each_database)
    assert again["plan_requests"]["opened"] == 0
    assert again["send_mail"] == {"sent": 0, "deferred": 0, "failed": 0}
    assert (count(Request), count(Message)) == (1, 1)
    slotted = sum(each.slot is not None for each in scheduler.JOBS)
    assert count(JobRun) == 2 * slotted, "each job with a slot, twice"


def test_the_clock_leaves_a_slot_that_is_done_alone(app_on_each_database: Any, make: Any, at_start: Any) -> None:
    from vendor_tracker import scheduler
    from vendor_tracker.usecases import jobs

    register(make)
    scheduler.run_due(app_on_each_database)
    assert jobs.claim("plan_requests", "2026-03-02") is None
    assert jobs.claim("plan_requests", "2026-03-03") is not None


def test_a_slot_somebody_is_at_is_passed_over_and_one_whose_process_died_is_taken(
    app_on_each_database: Any, at_start: Any
) -> None:
    from vendor_tracker import scheduler
    from vendor_tracker.usecases import jobs

    assert jobs.claim("plan_requests", "2026-03-02") is not None
    assert "skipped" in scheduler.run_due(app_on_each_database)["plan_requests"]
    at_start.move_to(START + jobs.GIVEN_UP_AFTER)
    assert scheduler.run_due(app_on_each_database)["plan_requests"]["opened"] == 0


def outcomes(job: str) -> list[Any]:
    from sqlalchemy import select

    from vendor_tracker.store.session import reading
    from vendor_tracker.store.tables import JobRun

    with reading() as session:
        return list(session.scalars(select(JobRun.outcome).where(JobRun.job == job).order_by(JobRun.id)))


def test_what_a_dead_process_left_undone_is_made_up_for_on_the_same_day(
    app_on_each_database: Any, make: Any, at_start: Any
) -> None:
    from vendor_tracker import scheduler
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import jobs

    register(make)
    assert jobs.claim("plan_requests", "2026-03-02") is not None, "and the process died"
    scheduler.make_up(app_on_each_database)
    assert count(Request) == 0, "for all we know somebody is at it"
    at_start.move_to(START + jobs.GIVEN_UP_AFTER)
    scheduler.make_up(app_on_each_database)
    assert count(Request) == 1


def test_a_round_that_failed_is_tried_again_on_the_same_day_but_not_at_once(
    app_on_each_database: Any, make: Any, at_start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from vendor_tracker import scheduler
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import jobs

    register(make)

    def no_database() -> object:
        raise OSError("the database went away")

    whole = scheduler.JOBS
    monkeypatch.setattr(
        scheduler, "JOBS", tuple(replace(job, run=no_database) if job.name == "plan_requests" else job for job in whole)
    )
    app_on_each_database.testing = False
    scheduler.make_up(app_on_each_database)
    monkeypatch.setattr(scheduler, "JOBS", whole)
    scheduler.make_up(app_on_each_database)
    assert [sorted(outcome) for outcome in outcomes("plan_requests")] == [["error"]]
    at_start.move_to(START + jobs.REST_AFTER_FAILURE)
    scheduler.make_up(app_on_each_database)
    scheduler.make_up(app_on_each_database)
    assert [sorted(outcome) for outcome in outcomes("plan_requests")] == [
        ["error"],
        ["by_fact", "joined", "looked_at", "opened", "unjudged", "without_contact"],
    ]
    assert count(Request) == 1


def test_making_up_waits_until_a_rounds_own_time_has_come(app_on_each_database: Any, make: Any, at_start: Any) -> None:
    from vendor_tracker import scheduler

    register(make)
    at_start.move_to(datetime(2026, 3, 2, 9, 19, tzinfo=UTC))
    scheduler.make_up(app_on_each_database)
    assert (outcomes("plan_requests"), len(outcomes("rejudge_register"))) == ([], 1), "06:19 in São Paulo"
    at_start.move_to(datetime(2026, 3, 2, 9, 20, tzinfo=UTC))
    scheduler.make_up(app_on_each_database)
    assert len(outcomes("plan_requests")) == 1


def test_one_agreement_that_cannot_be_planned_keeps_no_other_from_being_asked(
    app_on_each_database: Any, make: Any, at_start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contracts.workdays import CalendarRangeError
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import planning

    spoilt, *_ = register(make), register(make), register(make)
    real = planning.requests_due

    def due(facts: Any, *rest: Any, **named: Any) -> Any:
        if facts.id == spoilt:
            raise CalendarRangeError("o calendário não vai tão longe")
        return real(facts, *rest, **named)

    monkeypatch.setattr(planning, "requests_due", due)
    report = planning.plan_requests()
    assert (report.looked_at, report.opened, report.unjudged) == (3, 2, 1)
    monkeypatch.undo()
    assert planning.plan_requests().opened == 1, "once mended, the next round asks"
    assert count(Request) == 3


def test_one_request_whose_ladder_cannot_be_read_keeps_no_other_from_being_reminded(
    app_on_each_database: Any, make: Any, at_start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vendor_tracker.usecases import escalating, planning

    register(make)
    register(make)
    planning.plan_requests()
    real = escalating._as_waiting

    def waiting(request: Any) -> Any:
        if request.id == 1:
            raise ValueError("o calendário não vai tão longe")
        return real(request)

    at_start.move_to(START + timedelta(days=18))
    monkeypatch.setattr(escalating, "_as_waiting", waiting)
    report = escalating.escalate()
    assert (report.steps, report.unjudged) == (1, 1)
    monkeypatch.undo()
    assert escalating.escalate().steps == 1


def test_one_bond_whose_end_cannot_be_judged_keeps_no_other_case_from_being_opened(
    app_on_each_database: Any, make: Any, at_start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vendor_tracker.usecases import planning

    spoilt, _ = (
        make.agreement(
            recorded_at=START - timedelta(days=30),
            signed_on=date(2026, 1, 5),
            starts_on=date(2026, 1, 5),
            ends_on=date(2026, 2, 20),
            sensitive=True,
        )
        for _ in range(2)
    )
    real = planning._open_case

    def case(work: Any, assessment: Any, on: date) -> bool:
        if assessment.agreement_id == spoilt:
            raise ValueError("o calendário não vai tão longe")
        return real(work, assessment, on)

    monkeypatch.setattr(planning, "_open_case", case)
    report = planning.open_disposals()
    assert (report.cases, report.unjudged) == (1, 1)


def test_a_database_that_went_away_ends_the_round_which_is_tried_again(
    app_on_each_database: Any, make: Any, at_start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    from vendor_tracker.usecases import planning

    register(make)

    def gone(*_: Any, **__: Any) -> Any:
        raise OperationalError("SELECT 1", {}, OSError("the database went away"))

    monkeypatch.setattr(planning, "open_request", gone)
    with pytest.raises(OperationalError):
        planning.plan_requests()


def test_days_and_hours_are_sao_paulos() -> None:
    from vendor_tracker import scheduler

    late = datetime(2026, 1, 1, 1, 30, tzinfo=UTC)
    assert scheduler.daily(late) == "2025-12-31"
    assert scheduler.hourly(late) == "2025-12-31T22"


def test_no_daily_job_runs_in_the_hours_whose_date_differs_from_utc() -> None:
    from vendor_tracker import scheduler

    for job in scheduler.JOBS:
        if "hour" in job.cron:
            assert int(job.cron["hour"]) < 21, f"{job.name} would run on another day by UTC; choose an earlier hour"
        else:
            assert job.slot in {None, scheduler.hourly}, f"{job.name} runs all day, so its slot must name the hour"


def test_the_whole_table_is_armed_in_sao_paulos_zone(app: Any) -> None:
    from vendor_tracker import scheduler

    running = scheduler.start(app)
    try:
        armed = {job.id: job.trigger for job in running.get_jobs()}
        assert "make_up" in armed
        assert {job.name for job in scheduler.JOBS} <= set(armed)
        for job in scheduler.JOBS:
            assert str(armed[job.name].timezone) == "America/Sao_Paulo"
    finally:
        running.shutdown(wait=True)


def test_making_up_at_the_start_is_never_too_late_however_slow_the_machine(app: Any) -> None:
    from apscheduler.schedulers.background import BackgroundScheduler

    from vendor_tracker import scheduler

    armed = scheduler._arm(app, BackgroundScheduler())
    # APScheduler leaves out a job that starts a second late, unless it is told that there is no too late.
    assert getattr(armed.get_job("catch_up"), "misfire_grace_time", 1) is None


def _one_process(url: str, folder: str, gate: Any, results: Any) -> None:
    """Be a scheduler: build the application, wait for the others, run a round."""
    from tests.rig.app import opened
    from vendor_tracker import scheduler

    with time_machine.travel(START, tick=True), opened(url, Path(folder)) as app:
        gate.wait()
        results.put((os.getpid(), scheduler.run_due(app)))


def test_two_schedulers_in_two_processes_make_one_request_and_one_message(
    databases: Any, database_kind: Any, tmp_path: Path
) -> None:
    from tests.rig.app import Maker, opened, prepare
    from vendor_tracker.store.tables import Message, Request

    with databases.fresh(database_kind, prepared_by=prepare) as url:
        with opened(url, tmp_path / "data"):
            from sqlalchemy.orm import Session

            from vendor_tracker.store.base import db

            maker = Maker(lambda: Session(db.engine.execution_options(writes=True), expire_on_commit=False))
            with time_machine.travel(START, tick=False):
                register(maker)
                register(maker)
        context = multiprocessing.get_context("spawn")
        gate, results = context.Barrier(2), context.Queue()
        processes = [
            context.Process(target=_one_process, args=(url, str(tmp_path / "data"), gate, results)) for _ in range(2)
        ]
        for process in processes:
            process.start()
        found = [results.get(timeout=120) for _ in processes]
        for process in processes:
            process.join()
        assert len({pid for pid, _ in found}) == 2
        with opened(url, tmp_path / "data"):
            assert (count(Request), count(Message)) == (2, 2)
        assert sum(done["send_mail"]["sent"] for _, done in found) == 2
        assert len(list((tmp_path / "data" / "mail").iterdir())) == 2
