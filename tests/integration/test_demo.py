"""The demonstration shows every situação, faixa, etapa and state, in the words of fictional people only."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contracts.cnpj import Cnpj
from contracts.norm import PORTARIA_DATED_ON
from contracts.vocabulary import (
    INCISOS,
    AgreementKind,
    Coverage,
    Exposure,
    Regime,
    RequestState,
    ReviewDecision,
    Role,
    UserRole,
    Verdict,
)
from tests.rig.serving import serving
from vendor_tracker import clock
from vendor_tracker.demo import IMPORTABLE, cast, importable
from vendor_tracker.demo.building import open_request
from vendor_tracker.demo.papers import pdf
from vendor_tracker.demo.timeline import LONGEST_DAYS, Timeline, play
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    Contact,
    CoverageReading,
    EvidenceReview,
    FindingRow,
    IssuedDocument,
    Message,
    Operator,
    Request,
    Snapshot,
    Standing,
    User,
)
from vendor_tracker.usecases import accounts, importing, trails
from vendor_tracker.usecases.document_kinds import KIND_NAMES

NEVER_IN_A_REGISTER = {Coverage.POSSIBLE}
"""Only the machine proposes it; nobody confirms it."""

NOT_MADE_BY_ANY_PAGE = {RequestState.DRAFT}
"""A request opens when it is made."""


@pytest.fixture
def register(demonstration):
    copy = demonstration()
    with Session(db.engine) as session:
        yield copy, session


def _all(session, column) -> set:
    return set(session.scalars(select(column).distinct()))


def test_every_situacao_faixa_etapa_and_state_is_in_the_demonstration(register):
    _, session = register
    assert _all(session, FindingRow.verdict) == set(Verdict)
    assert _all(session, Standing.exposure) == set(Exposure)
    assert _all(session, Standing.stage) == {"future", "in_force", "ending", "closed"}
    assert _all(session, Request.state) == set(RequestState) - NOT_MADE_BY_ANY_PAGE
    assert _all(session, EvidenceReview.decision) == set(ReviewDecision)
    assert _all(session, CoverageReading.coverage) == set(Coverage) - NEVER_IN_A_REGISTER
    assert _all(session, Agreement.kind) == set(AgreementKind)
    assert _all(session, Operator.regime) >= set(Regime)
    assert _all(session, AgreementRevision.role) >= set(Role)
    assert {"sent", "failed"} <= _all(session, Message.state)


def test_each_obligation_is_met_somewhere_and_in_want_somewhere_else(register):
    _, session = register
    found = {(row.inciso, row.verdict) for row in session.execute(select(FindingRow.inciso, FindingRow.verdict))}
    for inciso in INCISOS:
        verdicts = {verdict for each, verdict in found if each == inciso}
        assert Verdict.MET in verdicts, inciso
        assert verdicts & {Verdict.BREACHED, Verdict.PARTIAL, Verdict.UNPROVEN}, inciso


def test_the_court_has_about_twenty_operators_and_a_few_letters_in_their_numbers(register):
    _, session = register
    operators = list(session.scalars(select(Operator)))
    numbers = [Cnpj.parse(operator.cnpj).value for operator in operators if operator.cnpj]
    assert 18 <= len(operators) <= 30
    assert sum(not number.isdigit() for number in numbers) >= 3
    assert sum(operator.regime is Regime.FOREIGN for operator in operators) == 1
    assert sum(operator.regime is Regime.PUBLIC for operator in operators) >= 4


def test_a_document_of_each_kind_was_issued(register):
    _, session = register
    assert _all(session, IssuedDocument.kind) == set(KIND_NAMES)


def test_nobody_s_address_belongs_to_anybody(register):
    _, session = register
    addresses = _all(session, Contact.email) | _all(session, User.email) | _all(session, Message.recipient)
    assert {address for address in addresses if address and not address.endswith(".example")} == set()


def test_each_role_can_enter(register):
    for role in UserRole:
        person = cast.PEOPLE[role]
        entered = accounts.sign_in(email=person.email, password=cast.PASSWORD, address="127.0.0.1")
        assert entered.role is role


def test_the_months_of_the_painel_are_there_and_the_trail_is_whole(register):
    _, session = register
    months = sorted(_all(session, Snapshot.month))
    possible = (clock.today().replace(day=1) - timedelta(days=1) - PORTARIA_DATED_ON).days // 31
    assert len(months) >= min(12, possible)
    assert trails.verify().broken_at is None


def test_work_waits_for_the_encarregado_and_for_the_fiscal(register):
    _, session = register
    proposed = session.scalars(
        select(AgreementRevision.role)
        .join(Agreement, Agreement.current_revision_id == AgreementRevision.id)
        .where(AgreementRevision.role_approved_on.is_(None), AgreementRevision.role.is_not(None))
    )
    assert Role.NO_PERSONAL_DATA in set(proposed)
    waiting = session.scalar(select(func.count()).where(Request.state == RequestState.SUBMITTED))
    assert waiting


def test_the_printed_link_opens_the_request_as_its_operator_sees_it(demonstration):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    copy = demonstration(port=port)
    found = open_request(copy.app)
    assert found is not None
    assert found.address.startswith(f"http://127.0.0.1:{port}/portal/r/")
    with serving(copy.app) as served:
        path = found.address.removeprefix(f"http://127.0.0.1:{port}")
        body = urllib.request.urlopen(served.path(path)).read().decode()
    assert found.number in body


def test_the_file_to_import_adds_what_is_new_and_changes_nothing_else(register):
    _, session = register
    before = session.scalar(select(func.count(Agreement.id)))
    admin = accounts.sign_in(email=cast.PEOPLE[UserRole.ADMIN].email, password=cast.PASSWORD, address="127.0.0.1")
    data = importable.contracts(clock.today()).encode()
    importing.import_file(admin.actor, data=data, filename=IMPORTABLE, source="pncp")
    session.rollback()
    assert session.scalar(select(func.count(Agreement.id))) == before + len(cast.MORE_TO_IMPORT)


@given(now=st.datetimes(datetime(2025, 12, 20), datetime(2032, 1, 1), timezones=st.just(clock.SAO_PAULO)))
def test_the_past_that_is_told_lies_after_the_portaria_and_never_after_now(now):
    timeline = Timeline(now)
    days = [timeline.day(ago) for ago in range(LONGEST_DAYS, -1, -1)]
    assert days == sorted(days)
    assert days[0] > PORTARIA_DATED_ON
    assert days[-1] <= timeline.today
    assert all(timeline.moment((ago, 23)) <= now for ago in (0, 1, 2))


@given(
    steps=st.lists(st.lists(st.integers(0, LONGEST_DAYS), min_size=1, max_size=6).map(lambda ago: sorted(ago)[::-1]))
)
def test_stories_told_together_go_on_in_the_order_of_time(steps):
    told = []

    def story(agos):
        for ago in agos:
            yield ago
            told.append(clock.now())

    now = datetime(2027, 3, 17, 11, tzinfo=clock.SAO_PAULO)
    play([story(agos) for agos in steps], Timeline(now))
    assert told == sorted(told)
    assert len(told) == sum(map(len, steps))


def test_papers_of_many_pages_can_be_read_back():
    paragraphs = [f"Parágrafo {number}, com ação (entre parênteses) e barra \\." for number in range(120)]
    pages = PdfReader(BytesIO(pdf("Título", paragraphs))).pages
    text = "\n".join(page.extract_text() for page in pages)
    assert len(pages) > 3
    assert [line for line in paragraphs if line not in text] == []


def _wait_for(process: subprocess.Popen, wanted: str) -> str:
    said = ""
    for line in process.stdout:
        said += line
        if wanted in line:
            return said
    raise AssertionError(f"It ended before it said “{wanted}”:\n{said}\n{process.stderr.read()}")


def _alive_in_group(group: int) -> list[str]:
    """Return the processes of a group that are not merely waiting for somebody to note their end."""
    listed = subprocess.run(["ps", "-A", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in listed.splitlines()]
    return [row[2] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]


def _scheduler_of(process: subprocess.Popen, *, other_than: int = 0) -> int:
    """Return the process that runs the jobs beside the served pages, waiting up to a minute for it to be born."""
    # Without -ww a long command line is cut where somebody's terminal would end.
    command = ["ps", "-ww", "--ppid", str(process.pid), "-o", "pid=,stat=,args="]
    for _ in range(300):
        for row in subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines():
            pid, state, arguments = row.split(maxsplit=2)
            if "spawn_main" in arguments and not state.startswith("Z") and int(pid) != other_than:
                return int(pid)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.2)
            raise AssertionError("the server ended")
    raise AssertionError("no scheduler stands beside the server")


def test_the_command_serves_until_it_is_stopped_and_leaves_no_process_behind(demonstration):
    copy = demonstration()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "vendor_tracker.cli", "demo", "--port", str(port), "--data-dir", str(copy.folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said = _wait_for(process, "Ctrl+C")
        for person in cast.PEOPLE.values():
            assert re.search(rf"{re.escape(person.email)} +{cast.PASSWORD}", said), person.email
        link = re.search(r"http://\S+/portal/r/\S+", said)
        assert link is not None
        assert "Entrar" in urllib.request.urlopen(f"http://127.0.0.1:{port}/entrar").read().decode()
        assert urllib.request.urlopen(link[0]).status == 200
        dead = _scheduler_of(process)
        os.kill(dead, signal.SIGKILL)
        assert _scheduler_of(process, other_than=dead)
        os.killpg(process.pid, signal.SIGINT)
        _, complaints = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
    assert process.returncode == 0, complaints
    assert "Traceback" not in complaints
    # A helper of a process that was killed outright sees that it is alone, and leaves a moment later.
    left = _alive_in_group(process.pid)
    for _ in range(100):
        if not left:
            break
        threading.Event().wait(0.1)
        left = _alive_in_group(process.pid)
    assert left == []


def test_a_taken_port_is_one_clear_line(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "vendor_tracker.cli", "demo", "--port", str(port)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert f"A porta {port}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_with_a_register_of_somebody_s_own_is_left_alone(databases, tmp_path: Path):
    from tests.rig.app import prepare

    folder = tmp_path / "own"
    folder.mkdir()
    prepare(f"sqlite:///{folder / 'vendor-tracker.sqlite3'}")
    kept = (folder / "vendor-tracker.sqlite3").read_bytes()
    command = [sys.executable, "-m", "vendor_tracker.cli", "demo", "--port", "0", "--data-dir", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert (folder / "vendor-tracker.sqlite3").read_bytes() == kept
