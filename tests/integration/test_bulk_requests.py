"""The same request goes to every agreement of a list once, whatever happens to the processes that open it."""

import multiprocessing
import os
import signal
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select

from contracts.vocabulary import RequestKind, UserRole
from vendor_tracker import clock
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import Batch, BatchItem, Message, Request, RequestItem, TrailEntry
from vendor_tracker.usecases import judging, requesting, rounds
from vendor_tracker.usecases.requesting import many
from vendor_tracker.usecases.requesting.many import Asked, Chosen, Filters
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, look

ASKER = Actor("encarregado@orgao.example", role=UserRole.ENCARREGADO)


def describe(filters: Filters, unit: str) -> str:
    return f"Lista de ensaio: {filters.words or 'todos'}, {unit or 'qualquer unidade'}."


def working_day(days: int) -> date:
    with look() as session:
        return judging.workdays_of(session).next_working(clock.today() + timedelta(days=days))


def what(*values: str) -> Asked:
    items = requesting.proposed_items(values or ("VI:inciso.VI", "XI:inciso.XI"))
    return Asked(RequestKind.INFORMATION, items, working_day(20), "Levantamento.", "Só para nós.")


def reachable(make: Any, count: int = 1) -> list[int]:
    operator = make.operator()
    make.contact(operator, since=date(2026, 1, 1))
    return [int(make.agreement(operator)) for _ in range(count)]


def start(asked: Asked | None = None, chosen: Chosen | None = None, token: str = "") -> int:
    return many.start(ASKER, chosen=chosen or Chosen(Filters()), asked=asked or what(), describe=describe, token=token)


def row_of(batch_id: int) -> Batch:
    with db.session() as session:
        return session.scalars(select(Batch).where(Batch.id == batch_id)).one()


def opened_for() -> dict[int, int]:
    """How many requests each agreement has."""
    with db.session() as session:
        rows = session.execute(select(Request.agreement_id, func.count()).group_by(Request.agreement_id))
        return {row[0]: row[1] for row in rows}


def test_before_it_is_sent_each_agreement_says_who_gets_what_and_why_not(app: Any, make: Any) -> None:
    plain, asked_already = reachable(make, 2)
    alone = make.agreement()
    other = make.operator()
    make.contact(other, since=date(2026, 1, 1), email="fora@operador.example")
    failing, ended = make.agreement(other), make.agreement(other, ends_on=clock.today() - timedelta(days=3))
    with_failure(app, "fora@operador.example")
    requesting.create_request(
        ASKER, agreement_id=asked_already, kind=RequestKind.INFORMATION,
        items=requesting.proposed_items(("VI:inciso.VI",)), due_on=working_day(9), reason="",
    )  # fmt: skip
    judging.evaluate_register()
    page = many.confirm_page(Chosen(Filters()), what("VI:inciso.VI", "XI:inciso.XI", "XII:inciso.XII"))
    lines = {line.agreement_id: line for line in page.lines}
    assert page.total == 5
    assert {each.inciso for each in lines[plain].items} == {"VI", "XI"}
    assert lines[plain].left == (many.LeftItem(requesting.suggestion("XII").title, many.NOT_DUE),)
    assert [each.inciso for each in lines[asked_already].items] == ["XI"]
    assert "já se pede na requisição" in lines[asked_already].left_words
    assert lines[alone].reason == many.NOBODY
    assert "não recebe" in lines[failing].warning
    assert [each.inciso for each in lines[ended].items] == ["XII"], "after the end only the disposal is asked"
    assert page.ready == 4
    assert page.letter is not None
    assert "Levantamento." in page.letter.body
    assert "Só para nós." not in page.letter.body
    assert opened_for() == {asked_already: 1}, "looking opens nothing"


def with_failure(app: Any, address: str) -> None:
    """Put a letter on record that was given up."""
    from vendor_tracker.store.tables import MessageAttempt

    with db.session() as session:
        message = Message(
            key=f"ensaio:{address}", kind="request_opened", recipient=address, subject="x", body="x",
            message_id=f"<{address}>", created_at=clock.now(), next_try_at=clock.now(), state="failed",
        )  # fmt: skip
        session.add(message)
        session.flush()
        session.add(MessageAttempt(message_id=message.id, at=clock.now(), outcome="refused", answer="550"))
        session.commit()


def test_each_agreement_gets_its_own_request_with_the_words_that_were_confirmed(
    app_on_each_database: Any, make: Any
) -> None:
    wanted = reachable(make, 3)
    make.agreement()
    batch = start(token="uma vez")
    assert start(token="uma vez") == batch, "pressed twice, it is asked once"
    seen: list[tuple[int, int]] = []
    report = many.work_through(worker="um", report=lambda done, total: seen.append((done, total)))
    assert (report.ended, report.done, report.left_out, report.broken) == (1, 3, 1, 0)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert opened_for() == dict.fromkeys(wanted, 1)
    with db.session() as session:
        keys = set(session.scalars(select(Request.period_key)))
        notes = set(session.scalars(select(Request.internal_note)))
        items = session.scalars(select(RequestItem.template)).all()
        letters = session.scalars(select(func.count()).select_from(Message)).one()
        trail = session.scalars(select(TrailEntry.act).where(TrailEntry.subject_kind == "batch")).all()
    assert keys == {f"bulk:{batch}:{agreement}" for agreement in wanted}
    assert notes == {"Só para nós."}
    assert sorted(set(items)) == ["inciso.VI/1", "inciso.XI/1"]
    assert letters == 3
    assert trail == ["bulk_request_started", "bulk_request_ended"]
    page = many.show(batch_id=batch)
    assert not page.going
    assert [(item.state, bool(item.number)) for item in page.items].count(("done", True)) == 3
    assert page.counts == {"done": 3, "skipped": 1, "failed": 0, "pending": 0}


def test_several_workers_at_once_open_each_request_once(app_on_each_database: Any, make: Any) -> None:
    wanted = reachable(make, 6)
    batch = start()
    errors: list[BaseException] = []

    def worker(name: str) -> None:
        try:
            with app_on_each_database.app_context():
                many.work_through(worker=name)
        except BaseException as error:  # noqa: BLE001 - said again by the test itself
            errors.append(error)

    threads = [threading.Thread(target=worker, args=(f"trabalhador {number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert opened_for() == dict.fromkeys(wanted, 1)
    assert (row_of(batch).state, row_of(batch).done) == ("done", 6)


def _die(url: str, folder: str) -> None:
    """Be a worker that is killed without notice, with the third request half written."""
    from tests.rig.app import opened

    with opened(url, Path(folder)):
        conclude, seen = many.conclude, []

        def killed_inside(*values: Any, **more: Any) -> None:
            conclude(*values, **more)
            seen.append(values)
            if len(seen) == 3:
                os.kill(os.getpid(), signal.SIGKILL)

        many.conclude = killed_inside
        many.work_through(worker="o que morre")


def test_a_list_whose_worker_was_killed_is_gone_through_by_another(
    databases: Any, database_kind: Any, tmp_path: Path
) -> None:
    from sqlalchemy.orm import Session

    from tests.rig.app import Maker, opened, prepare

    with databases.fresh(database_kind, prepared_by=prepare) as url:
        with opened(url, tmp_path / "data"):
            make = Maker(lambda: Session(db.engine.execution_options(writes=True), expire_on_commit=False))
            wanted = reachable(make, 4)
            batch = start()
        process = multiprocessing.get_context("spawn").Process(target=_die, args=(url, str(tmp_path / "data")))
        process.start()
        process.join(timeout=120)
        assert process.exitcode == -signal.SIGKILL
        with opened(url, tmp_path / "data"):
            assert row_of(batch).state == "running"
            assert sum(opened_for().values()) == row_of(batch).done == 2, "what was half written is not on record"
            assert many.work_through(worker="outro").done == 0, "the lease of the dead one still runs"
            with time_machine.travel(datetime.now(UTC) + rounds.LEASE + timedelta(seconds=5), tick=True):
                assert many.work_through(worker="outro").ended == 1
            assert opened_for() == dict.fromkeys(wanted, 1)
            assert (row_of(batch).state, row_of(batch).done, row_of(batch).failed) == ("done", 4, 0)


def test_a_cancelled_list_stops_before_the_next_agreement_and_says_so(app: Any, make: Any) -> None:
    reachable(make, 3)
    batch = start()

    opened = many._opened

    def cancel_after_first(*values: Any) -> bool:
        went_on = opened(*values)
        if row_of(batch).state == "running":
            many.cancel(ASKER, batch_id=batch)
        return went_on

    many._opened = cancel_after_first
    try:
        many.work_through(worker="um")
    finally:
        many._opened = opened
    page = many.show(batch_id=batch)
    assert (page.row.state, page.row.done) == ("cancelled", 1)
    assert page.counts["pending"] == 2
    assert sum(opened_for().values()) == 1
    with pytest.raises(ConflictError, match="Já terminou"):
        many.cancel(ASKER, batch_id=batch)


def test_a_list_of_nobody_and_a_term_without_expediente_are_refused(app: Any, make: Any) -> None:
    with pytest.raises(UseCaseError, match="Nenhum acordo passa"):
        start(chosen=Chosen(Filters(words="ninguém se chama assim")))
    [agreement] = reachable(make)
    with pytest.raises(UseCaseError, match="depois de hoje"):
        start(Asked(RequestKind.INFORMATION, what().items, clock.today()))
    with pytest.raises(UseCaseError, match="ao menos um item"):
        start(Asked(RequestKind.INFORMATION, (), working_day(9)))
    assert opened_for() == {}
    with db.session() as session:
        assert session.scalars(select(BatchItem)).all() == [], f"nothing was put in line for {agreement}"
