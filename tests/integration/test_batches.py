"""A batch gives every agreement with gaps its termo aditivo, once, whatever happens to the processes that make it."""

import multiprocessing
import os
import signal
import threading
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import time_machine
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import func, select

from contracts.vocabulary import INCISOS, DispensationGround, Role, UserRole
from tests.rig import papers
from vendor_tracker import clock, scheduler
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import Batch, BatchItem, IssuedDocument, StoredFile, TrailEntry
from vendor_tracker.usecases import batches, documents
from vendor_tracker.usecases.batches import Filters, packing, working
from vendor_tracker.usecases.batches.packing import file_name
from vendor_tracker.usecases.filing import DOCX
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, look

LEGAL = Actor("juridico@orgao.example", role=UserRole.LEGAL)
COVERED = dict.fromkeys(INCISOS, "covered") | {
    "purpose": "covered", "categories": "covered", "guarantees": "covered", "subject_access": "covered",
    "public_function": "covered",
}  # fmt: skip


def describe(filters: Filters, unit: str) -> str:
    return f"Filtro de ensaio: {filters.words or 'todos'}, {unit or 'qualquer unidade'}."


def files_of(app: Any) -> Any:
    return app.extensions["vendor_tracker.files"]


def body_of(app: Any) -> Any:
    return app.extensions["vendor_tracker.settings"].body


def with_gap(make: Any, **fields: Any) -> int:
    agreement = make.agreement(**fields)
    papers.signed_paper(make, agreement, {"XI": "missing", "I": "partial"})
    return int(agreement)


def start(**fields: Any) -> int:
    return batches.start(LEGAL, **{"filters": Filters(), "describe": describe, **fields})


def work(app: Any, worker: str = "one", **fields: Any) -> Any:
    return batches.work_through(files_of(app), body_of(app), worker=worker, **fields)


def row_of(batch_id: int) -> Batch:
    with db.session() as session:
        return session.scalars(select(Batch).where(Batch.id == batch_id)).one()


def items_of(batch_id: int) -> list[BatchItem]:
    with db.session() as session:
        return list(
            session.scalars(select(BatchItem).where(BatchItem.batch_id == batch_id).order_by(BatchItem.position))
        )


def documents_issued() -> dict[int, int]:
    """How many documents each agreement has."""
    with db.session() as session:
        counted = session.execute(
            select(IssuedDocument.agreement_id, func.count()).group_by(IssuedDocument.agreement_id)
        )
        return {row[0]: row[1] for row in counted}


def archive_of(app: Any, batch_id: int, actor: Actor = LEGAL) -> bytes:
    return b"".join(batches.archive(actor, files_of(app), batch_id=batch_id).pieces)


def index_of(data: bytes) -> list[dict[str, Any]]:
    with ZipFile(BytesIO(data)) as archive:
        book = load_workbook(BytesIO(archive.read("indice.xlsx")))
    heads, *rows = book["Índice"].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_each_agreement_with_gaps_gets_its_document_and_each_other_one_a_reason(
    app_on_each_database: Any, make: Any
) -> None:
    app = app_on_each_database
    today = datetime.now(UTC).date()
    given_one = with_gap(make, number="00012/2025")
    reasons = {
        make.agreement(kind="none"): "sem instrumento",
        make.agreement(): "Nenhum instrumento assinado",
        with_gap(make, ends_on=today - timedelta(days=30)): "já terminou",
        with_gap(make, role=Role.NO_PERSONAL_DATA, role_approved_on=today): "sem tratamento de dados pessoais",
        with_gap(
            make, dispensation_ground=DispensationGround.LAW, dispensation_on=today - timedelta(days=1)
        ): "dispensado de instrumento",
    }
    unread, whole = make.agreement(), make.agreement()
    papers.signed_paper(make, unread, {})
    papers.signed_paper(make, whole, COVERED)
    reasons |= {unread: "Ninguém conferiu", whole: "Nenhuma lacuna"}

    page = batches.confirm_page(filters=Filters())
    assert (page.total, page.ready) == (8, 1)
    assert sum(count for _, _, count in page.left_out) == 7
    assert [label for _, label in page.examples] == ["Contrato 00012/2025"]

    batch = start()
    assert work(app) == batches.BatchReport(ended=1, issued=1, left_out=7)
    row = row_of(batch)
    assert (row.state, row.total, row.done, row.skipped, row.failed) == ("done", 8, 1, 7, 0)
    assert (row.claimed_by, row.claimed_until) == (None, None)
    assert documents_issued() == {given_one: 1}
    found = {item.agreement_id: item for item in items_of(batch)}
    assert found[given_one].state == "done"
    for agreement, words in reasons.items():
        assert found[agreement].state == "skipped"
        assert words in found[agreement].reason, "what the screening said before is what is written down"
    with db.session() as session:
        acts = session.scalars(
            select(TrailEntry.act).where(TrailEntry.subject_kind == "batch").order_by(TrailEntry.seq)
        )
        assert list(acts) == ["batch_started", "batch_ended"]


def test_the_archive_holds_the_issued_bytes_and_an_index_that_excel_opens(app: Any, make: Any) -> None:
    operator = make.operator(name='=HYPERLINK("http://example.org";"Abra")')
    with_gap(make, operator_id=operator, number="00012/2025")
    with_gap(make, number="Acordo nº 7 / São José")
    make.agreement(number="00003/2025")
    batch = start()
    work(app)
    data = archive_of(app, batch)
    with ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        packed = {name: archive.read(name) for name in names}
    assert names[-1] == "indice.xlsx"
    assert sorted(names[:-1]) == names[:-1]
    rows = index_of(data)
    assert [row["Nº"] for row in rows] == [1, 2, 3]
    for row in rows:
        if row["Resultado"] == "Emitido":
            document = packed[row["Arquivo"]]
            assert sha256(document).hexdigest() == row["SHA-256 do documento"]
            assert row["Código de verificação"] in "".join(
                part.blob.decode("utf-8", "ignore") for part in Document(BytesIO(document)).part.package.iter_parts()
            )
            assert documents.verify(row["Código de verificação"]) is not None
            assert "incidentes" in row["Cláusulas"].lower()
            assert row["Dados em branco"]
            assert row["Emitido em"].date() == clock.today()
        else:
            assert row["Arquivo"] is None
            assert "Nenhum instrumento assinado" in row["Motivo"]
    assert {row["Arquivo"] for row in rows} >= {
        "002-acordo-acordo-no-7-sao-jose-termo-aditivo.docx",
        "003-acordo-00012-2025-termo-aditivo.docx",
    }
    book = load_workbook(BytesIO(packed["indice.xlsx"]))
    cells = {cell.value: cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line}
    assert cells['=HYPERLINK("http://example.org";"Abra")'] == "s", "a name that looks like a formula is only a name"
    assert "f" not in cells.values()


def test_the_same_documents_make_the_same_archive(app: Any, make: Any) -> None:
    for _ in range(3):
        with_gap(make)
    batch = start()
    work(app)
    first = row_of(batch).file_id
    with look() as session:
        again = packing.pack(session, files_of(app), batch, lambda: None)
        digest = session.scalar(select(StoredFile.sha256).where(StoredFile.id == first))
    assert again.kept.sha256 == digest


def test_a_document_altered_on_the_disk_stays_out_of_the_archive_and_the_index_says_so(app: Any, make: Any) -> None:
    with_gap(make)
    with_gap(make)
    batch = start()
    files = files_of(app)

    def alter(done: int, _total: int) -> None:
        if done == 2:
            with db.session() as session:
                digest = session.scalars(select(IssuedDocument.sha256).order_by(IssuedDocument.id)).first()
            path = files.path(digest)
            path.write_bytes(b"outra coisa")

    work(app, report=alter)
    work(app)
    rows = index_of(archive_of(app, batch))
    assert [row["Arquivo"] is None for row in rows].count(True) == 1
    assert any("foi alterado" in (row["Motivo"] or "") for row in rows)


def test_an_archive_of_ten_times_as_many_documents_takes_no_more_memory(app: Any, make: Any) -> None:
    size = 300_000
    peaks = []
    for count in (8, 80):
        batch = make.add(
            Batch(
                kind="termo-aditivo", filters={}, filter_words="Ensaio.", asked_by="tests", state="running",
                total=count, done=count, recorded_at=datetime.now(UTC),
            )
        )  # fmt: skip
        for position in range(1, count + 1):
            file = make.add(kept_document(app, os.urandom(size)))
            document = make.add(issued(make.agreement(), file))
            make.add(
                BatchItem(
                    batch_id=batch.id, position=position, agreement_id=document.agreement_id, state="done",
                    issued_document_id=document.id,
                )
            )  # fmt: skip
        with look() as session:
            tracemalloc.start()
            packed = packing.pack(session, files_of(app), batch.id, lambda: None)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert packed.kept.size > count * size
    assert peaks[1] < peaks[0] + 2 * size, f"{peaks} bytes at the most for 8 and for 80 documents"


def kept_document(app: Any, data: bytes) -> StoredFile:
    kept = files_of(app).keep_bytes(data)
    return StoredFile(
        sha256=kept.sha256, size=kept.size, media_type=DOCX, name="termo.docx", recorded_at=datetime.now(UTC)
    )


def issued(agreement_id: int, file: StoredFile) -> IssuedDocument:
    return IssuedDocument(
        agreement_id=agreement_id, kind="termo-aditivo", title="Termo aditivo", code=f"CNJ-{file.sha256[:8]}",
        sha256=file.sha256, file_id=file.id, clause_versions={}, clause_set_since=clock.today(),
        recorded_at=datetime.now(UTC),
    )  # fmt: skip


@given(st.integers(1, 99_999), st.integers(1, 99_999), st.text(max_size=200))
def test_every_number_makes_a_file_name_that_every_system_takes(position: int, total: int, number: str) -> None:
    name = file_name(position, max(position, total), number, "termo-aditivo")
    assert name.isascii()
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert name.endswith("-termo-aditivo.docx")
    assert name.count(".") == 1
    assert len(name) < 120
    assert int(name.partition("-")[0]) == position


@given(st.lists(st.text(max_size=30), min_size=2, max_size=30))
def test_no_two_documents_of_a_batch_share_a_name(numbers: list[str]) -> None:
    names = [file_name(place, len(numbers), number, "termo-aditivo") for place, number in enumerate(numbers, 1)]
    assert len({name.casefold() for name in names}) == len(names)
    assert sorted(names) == names, "the names stand in the order of the list"


def together(app: Any, work_of: Callable[[int], Any], how_many: int) -> list[Any]:
    barrier, results, errors = threading.Barrier(how_many), [], []

    def run(number: int) -> None:
        with app.app_context():
            barrier.wait()
            try:
                results.append(work_of(number))
            except Exception as error:  # noqa: BLE001 - whatever it is, the main thread must hear of it
                errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
    return results


def test_several_workers_at_once_issue_each_document_once(app_on_each_database: Any, make: Any) -> None:
    app = app_on_each_database
    wanted = [with_gap(make) for _ in range(6)]
    one = start()
    two = start(repeat=True, filters=Filters(kind="contrato"), describe=lambda _f, _u: "Outro filtro")
    reports = together(app, lambda number: work(app, f"worker {number}"), 3)
    assert sum(report.issued for report in reports) == 12
    assert sum(report.ended for report in reports) == 2
    assert documents_issued() == dict.fromkeys(wanted, 2)
    for batch in (one, two):
        linked = [item.issued_document_id for item in items_of(batch)]
        assert len(set(linked)) == 6
        assert None not in linked


def _die_at(url: str, folder: str, moment: str) -> None:
    """Be a worker that is killed without notice: after two documents, or with the third one half recorded."""
    from tests.rig.app import opened

    with opened(url, Path(folder)) as app:
        if moment == "half recorded":
            record, seen = documents.put_on_record, []

            def killed_inside(*values: Any) -> Any:
                row = record(*values)
                seen.append(row)
                if len(seen) == 3:
                    os.kill(os.getpid(), signal.SIGKILL)
                return row

            documents.put_on_record = killed_inside

        def killed_between(done: int, _total: int) -> None:
            if moment == "between" and done == 2:
                os.kill(os.getpid(), signal.SIGKILL)

        def killed_packing(*_values: Any) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        if moment == "packing":
            working.pack = killed_packing
        work(app, "the one that dies", report=killed_between)


@pytest.mark.parametrize("moment", ["between", "half recorded", "packing"])
def test_a_worker_that_is_killed_leaves_a_batch_that_another_finishes(
    databases: Any, database_kind: Any, tmp_path: Path, moment: str
) -> None:
    from sqlalchemy.orm import Session

    from tests.rig.app import Maker, opened, prepare

    with databases.fresh(database_kind, prepared_by=prepare) as url:
        with opened(url, tmp_path / "data"):
            make = Maker(lambda: Session(db.engine.execution_options(writes=True), expire_on_commit=False))
            wanted = [with_gap(make) for _ in range(4)]
            batch = start()
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=_die_at, args=(url, str(tmp_path / "data"), moment))
        process.start()
        process.join(timeout=120)
        assert process.exitcode == -signal.SIGKILL
        with opened(url, tmp_path / "data") as app:
            left = row_of(batch)
            assert left.state == "running"
            assert left.done == (4 if moment == "packing" else 2)
            assert sum(documents_issued().values()) == left.done, "what was half recorded is not on record"
            assert work(app).issued == 0, "its lease still runs"
            with time_machine.travel(datetime.now(UTC) + working.LEASE + timedelta(seconds=5), tick=True):
                assert work(app).ended == 1
            row = row_of(batch)
            assert (row.state, row.done, row.failed) == ("done", 4, 0)
            assert documents_issued() == dict.fromkeys(wanted, 1)
            assert len(index_of(archive_of(app, batch))) == 4
            assert not list((tmp_path / "data").glob(".lote-*"))


def test_an_agreement_at_which_processes_keep_dying_is_given_up_and_the_others_go_on(app: Any, make: Any) -> None:
    agreements = [with_gap(make) for _ in range(2)]
    batch = start()

    class Killed(BaseException):
        """What no handler of ours catches."""

    def dies(done: int, _total: int) -> None:
        if done == 0:
            raise Killed

    moment = datetime.now(UTC)
    for number in range(working.DEATHS):
        with time_machine.travel(moment + 2 * number * working.LEASE, tick=False), pytest.raises(Killed):
            work(app, f"worker {number}", report=dies)
    with time_machine.travel(moment + 2 * working.DEATHS * working.LEASE, tick=False):
        assert work(app).ended == 1
    first, second = items_of(batch)
    assert (first.state, second.state) == ("failed", "done")
    assert "interrompida 3 vezes" in first.reason
    assert documents_issued() == {agreements[0]: 1}


def test_one_agreement_that_fails_does_not_stop_the_others(
    app: Any, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = with_gap(make), with_gap(make)
    ready = documents.ready

    def refuses_one(*values: Any, **fields: Any) -> Any:
        if fields["agreement_id"] == broken:
            message = "a defect"
            raise RuntimeError(message)
        return ready(*values, **fields)

    monkeypatch.setattr(documents, "ready", refuses_one)
    batch = start()
    report = work(app)
    assert (report.issued, report.broken) == (1, 1)
    found = {item.agreement_id: item for item in items_of(batch)}
    assert found[fine].state == "done"
    assert found[broken].state == "failed"
    assert "RuntimeError" in found[broken].reason
    assert "a defect" not in found[broken].reason
    assert any(row["Resultado"] == "Falhou" for row in index_of(archive_of(app, batch)))


def test_a_worker_whose_lease_ran_out_writes_nothing_more(
    app_on_each_database: Any, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_on_each_database
    for _ in range(3):
        with_gap(make)
    batch = start()
    record, recorded, others = working._record, [], []

    def overtaken(at: Any, *values: Any, **fields: Any) -> Any:
        """Let the lease run out, and another take over, before the second document of the slow one is recorded."""
        if at.worker == "slow":
            recorded.append(at)
            if len(recorded) == 2:
                with time_machine.travel(datetime.now(UTC) + 2 * working.LEASE, tick=False):
                    others.extend(together(app, lambda _number: work(app, "the next one"), 1))
        return record(at, *values, **fields)

    monkeypatch.setattr(working, "_record", overtaken)
    report = work(app, "slow")
    assert report.issued == 1
    assert report.ended == 0
    assert [(other.issued, other.ended) for other in others] == [(2, 1)]
    assert set(documents_issued().values()) == {1}
    assert row_of(batch).state == "done"


def test_a_batch_is_cancelled_between_two_agreements_and_what_was_issued_is_handed_out(
    app_on_each_database: Any, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_on_each_database
    for _ in range(4):
        with_gap(make)
    batch = start()
    record, seen = working._record, []

    def cancelled_after_two(*values: Any, **fields: Any) -> Any:
        going = record(*values, **fields)
        seen.append(going)
        if len(seen) == 2:
            assert batches.cancel(LEGAL, batch_id=batch) is False
            with pytest.raises(ConflictError, match="já foi pedido"):
                batches.cancel(LEGAL, batch_id=batch)
        return going

    monkeypatch.setattr(working, "_record", cancelled_after_two)
    work(app)
    row = row_of(batch)
    assert (row.state, row.done) == ("cancelled", 2)
    assert [item.state for item in items_of(batch)] == ["done", "done", "pending", "pending"]
    rows = index_of(archive_of(app, batch))
    assert [row["Resultado"] for row in rows] == ["Emitido", "Emitido", "Não iniciado", "Não iniciado"]
    assert work(app) == batches.BatchReport()
    with pytest.raises(ConflictError, match="já terminou"):
        batches.cancel(LEGAL, batch_id=batch)


def test_a_batch_cancelled_before_it_began_has_no_archive(app: Any, make: Any) -> None:
    with_gap(make)
    batch = start()
    assert batches.cancel(LEGAL, batch_id=batch) is True
    assert work(app) == batches.BatchReport()
    assert row_of(batch).state == "cancelled"
    with pytest.raises(NotFoundError):
        batches.archive(LEGAL, files_of(app), batch_id=batch)
    with pytest.raises(NotFoundError):
        batches.cancel(LEGAL, batch_id=4711)


def test_the_same_filter_waits_for_the_batch_that_is_being_made(app: Any, make: Any) -> None:
    with pytest.raises(UseCaseError, match="Nenhum acordo passa"):
        start()
    with_gap(make)
    batch = start()
    with pytest.raises(ConflictError, match=f"lote {batch} "):
        start()
    work(app)
    assert start() > batch


def test_gaps_that_already_have_a_document_are_left_out_unless_asked_for(app: Any, make: Any) -> None:
    agreement = with_gap(make)
    start()
    work(app)
    assert batches.confirm_page(filters=Filters()).ready == 0
    assert batches.confirm_page(filters=Filters(), repeat=True).ready == 1
    again = start()
    work(app)
    assert "Já há termo aditivo" in items_of(again)[0].reason
    papers.signed_paper(make, agreement, {"XII": "missing"}, days_ago=20)
    assert batches.confirm_page(filters=Filters()).ready == 1, "a new gap calls for a new document"
    start(repeat=True)
    work(app)
    assert documents_issued() == {agreement: 2}


def test_a_round_with_little_time_leaves_the_rest_to_the_next(
    app_on_each_database: Any, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_on_each_database
    for _ in range(3):
        with_gap(make)
    batch = start()
    ticks = iter(range(1000))
    monkeypatch.setattr(working.time, "monotonic", lambda: float(next(ticks)))
    rounds = 0
    while row_of(batch).state != "done":
        work(app, f"worker {rounds}", seconds=4)
        rounds += 1
        assert row_of(batch).claimed_by is None
    assert rounds > 1
    assert set(documents_issued().values()) == {1}
    assert sum(documents_issued().values()) == 3


def test_an_archive_that_cannot_be_written_is_tried_again_and_in_the_end_said(
    app: Any, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_gap(make)
    batch = start()

    def full(*_values: Any) -> None:
        raise OSError(28, "No space left on device")

    pack = working.pack
    monkeypatch.setattr(working, "pack", full)
    moment = datetime.now(UTC)
    for number in range(working.TRIES):
        with time_machine.travel(moment + number * 10 * working.LEASE, tick=False):
            work(app)
            if number == 0:
                assert work(app) == batches.BatchReport(), "not at once"
    row = row_of(batch)
    assert row.state == "failed"
    assert "podem ser baixados um a um" in row.problem
    assert row.done == 1
    monkeypatch.setattr(working, "pack", pack)
    other = start(repeat=True)
    assert work(app).ended == 1
    assert row_of(other).state == "done"


def test_the_scheduler_makes_what_waits_and_a_round_by_hand_goes_to_the_end(app: Any, make: Any) -> None:
    for _ in range(3):
        with_gap(make)
    batch = start()
    done = scheduler.run_due(app)
    assert done["make_batches"] == {"ended": 1, "issued": 3, "left_out": 0, "broken": 0}
    assert row_of(batch).state == "done"
    assert scheduler.run_due(app)["make_batches"]["issued"] == 0


def test_an_archive_with_a_protected_agreement_is_for_those_who_may_and_leaves_a_line(app: Any, make: Any) -> None:
    with_gap(make, secret=True, secrecy_ground="Investigação em curso")
    batch = start()
    work(app)
    assert archive_of(app, batch)
    with pytest.raises(NotFoundError):
        archive_of(app, batch, Actor("compras@orgao.example", role=UserRole.PROCUREMENT))
    with db.session() as session:
        opened = session.scalars(select(TrailEntry.summary).where(TrailEntry.act == "restricted_file_opened")).all()
    assert len(opened) == 1


def test_documents_are_issued_in_the_name_of_who_asked(app: Any, make: Any) -> None:
    asker = make.user("legal")
    with_gap(make)
    batches.start(asker, filters=Filters(), describe=describe)
    work(app)
    with db.session() as session:
        row = session.scalars(select(IssuedDocument)).one()
        line = session.scalars(select(TrailEntry).where(TrailEntry.act == "document_issued")).one()
    assert row.recorded_by_id == asker.user_id
    assert line.actor == asker.name


def test_the_screening_asks_the_same_few_questions_however_many_agreements_there_are(
    app: Any, make: Any, count_queries: Any
) -> None:
    with_gap(make)
    batches.confirm_page(filters=Filters())
    with count_queries() as few:
        batches.confirm_page(filters=Filters())
    for _ in range(8):
        with_gap(make)
    with count_queries() as many:
        page = batches.confirm_page(filters=Filters())
    assert page.ready == 9
    assert int(many) == int(few)


def test_the_filter_of_the_list_chooses_the_agreements(app: Any, make: Any) -> None:
    unit = make.unit("Gestão de Pessoas")
    inside = with_gap(make, unit_id=unit)
    with_gap(make)
    page = batches.confirm_page(filters=Filters(unit_id=unit, kind="nonsense"))
    assert (page.total, page.unit, page.filters.kind) == (1, "Gestão de Pessoas", "")
    batch = start(filters=Filters(unit_id=unit))
    work(app)
    assert documents_issued() == {inside: 1}
    assert row_of(batch).filters["unit"] == "Gestão de Pessoas"
    assert batches.show(LEGAL, batch_id=batch).row.filter_words == "Filtro de ensaio: todos, Gestão de Pessoas."
