"""The proof itself: that its ledger notices what is wrong, and that nobody else's clock can be bent by it."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from random import Random
from typing import Any

import pytest
import time_machine

from tests.chaos import ledger, register, wheel
from tests.chaos.postmaster import DECK, Postmaster, Taken
from tests.chaos.register import Deal
from tests.chaos.vendors import Said

Story = ledger.Story


@pytest.fixture
def story(app: Any) -> Iterator[Story]:
    """A register that was planned and mailed in one round by one process that nobody killed."""
    from vendor_tracker import scheduler
    from vendor_tracker.running import settings

    deals = register.fill(["answers", "says nothing", "unreachable", "answers"], Random(1))
    with time_machine.travel(register.START, tick=False):
        scheduler.run_due(app)
        folder = settings().data_dir / "mail"
        letters: list[Any] = [message_from_bytes(path.read_bytes(), policy=default) for path in folder.iterdir()]
        taken = [
            Taken(str(each["Message-ID"]), each["To"].addresses[0].addr_spec, str(each["Subject"]), "", told=True)
            for each in letters
        ]
        yield Story(deals, {}, [], taken, most_interrupted=0)


def differing(app: Any, story: Story) -> list[str]:
    """The first words of the tables that differ."""
    found = ledger.tables_of(story, app.extensions["vendor_tracker.files"])
    return [table.name.partition(":")[0] for table in found if table.differing]


def change(statement: str) -> None:
    from sqlalchemy import text

    from vendor_tracker.store.session import writing

    with writing() as session:
        session.execute(text(statement))
        session.commit()


def test_a_run_in_which_nothing_went_wrong_agrees_in_every_row(app: Any, story: Story) -> None:
    tables = ledger.tables_of(story, app.extensions["vendor_tracker.files"])
    assert [str(table) for table in tables if table.differing] == []
    assert len(tables[0].received) == 3
    assert len(story.taken) == 3


def lost_letter(story: Story) -> Story:
    return replace(story, taken=story.taken[1:])


def letter_twice(story: Story) -> Story:
    return replace(story, taken=[*story.taken, story.taken[0]])


def foreign_letter(story: Story) -> Story:
    return replace(story, taken=[*story.taken, replace(story.taken[0], message_id="<other@127.0.0.1>")])


def request_missing(story: Story) -> Story:
    return replace(story, deals=[*story.deals, Deal(99, "answers", "x@fornecedor.example", (), ())])


def draft_lost(story: Story) -> Story:
    return replace(story, said={"2026/0001": Said(story.deals[0], "2026/0001", drafts={1: "o que escrevi"})})


def file_lost(story: Story) -> Story:
    return replace(story, said={"2026/0001": Said(story.deals[0], "2026/0001", files={1: {"0" * 64}})})


def receipt_lost(story: Story) -> Story:
    said = Said(story.deals[0], "2026/0001", protocol="2026-0001-AA", receipt_sha256="0" * 64)
    return replace(story, said={"2026/0001": said})


def second_message(story: Story) -> Story:
    columns = (
        "kind, subject_kind, subject_id, recipient, recipient_name, subject, body, html, attachments, created_at, state, "
        "next_try_at, tries"
    )
    change(
        f"INSERT INTO message (key, message_id, {columns}) SELECT key || '!', '<second@x>', {columns} FROM message LIMIT 1"
    )
    return story


def step_twice(story: Story) -> Story:
    columns = "state, due_on, note, person, recorded_at"
    for _ in range(2):
        change(
            f"INSERT INTO request_event (request_id, kind, {columns}) "
            f"SELECT request_id, 'step:preposto_after_1', {columns} FROM request_event WHERE kind = 'opened' LIMIT 1"
        )
    return story


def number_skipped(story: Story) -> Story:
    change("UPDATE request SET sequence = 9 WHERE sequence = 3")
    return story


def cut_off_without_a_kill(story: Story) -> Story:
    change(
        "INSERT INTO message_attempt (message_id, at, outcome, answer) "
        f"SELECT id, created_at, 'deferred', '{ledger.INTERRUPTED} antes.' FROM message LIMIT 1"
    )
    return story


def finding_stale(story: Story) -> Story:
    change("UPDATE finding SET verdict = 'met' WHERE inciso = 'I'")
    return story


def trail_broken(story: Story) -> Story:
    change("UPDATE trail_head SET hash = 'outro'")
    return story


@pytest.mark.parametrize(
    ("wrong", "table"),
    [
        (lost_letter, "deliveries"),
        (letter_twice, "deliveries"),
        (foreign_letter, "deliveries"),
        (request_missing, "requests"),
        (draft_lost, "answers"),
        (file_lost, "files"),
        (receipt_lost, "receipts"),
        (second_message, "messages"),
        (step_twice, "steps"),
        (number_skipped, "numbers and protocols"),
        (cut_off_without_a_kill, "messages cut off"),
        (finding_stale, "findings"),
        (trail_broken, "trail"),
    ],
)
def test_the_ledger_notices(app: Any, story: Story, wrong: Callable[[Story], Story], table: str) -> None:
    assert table in differing(app, wrong(story))


def test_a_second_copy_is_explained_by_an_answer_that_the_server_did_not_give(app: Any, story: Story) -> None:
    lost = replace(story.taken[0], told=False)
    assert differing(app, replace(story, taken=[*story.taken, lost])) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql+psycopg://vendor@database.orgao.example/vendor"),
        ("DATABASE_URL", "sqlite:////srv/vendor-tracker/vendor-tracker.sqlite3"),
        ("DATA_DIR", "/srv/vendor-tracker"),
        ("BASE_URL", "https://fornecedores.orgao.example"),
        ("SMTP_URL", "smtp://correio.orgao.example"),
        (wheel.VARIABLE, "/srv/clock"),
    ],
)
def test_nobody_bends_the_clock_of_an_installation(tmp_path: Path, name: str, value: str) -> None:
    ours = {
        wheel.VARIABLE: str(tmp_path / "clock"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/run.sqlite",
        "DATA_DIR": str(tmp_path / "data"),
        "BASE_URL": "http://127.0.0.1",
        "SMTP_URL": "smtp://127.0.0.1:2525",
    }
    assert wheel.check_ours(ours) == tmp_path / "clock"
    with pytest.raises(wheel.NotOurs):
        wheel.check_ours({**ours, name: value})


def test_the_product_itself_has_no_switch_for_its_clock() -> None:
    package = Path(__file__).parents[2] / "vendor_tracker"
    assert not [path for path in package.rglob("*.py") if wheel.VARIABLE in path.read_text(encoding="utf-8")]
    assert "environ" not in (package / "clock.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("fate", DECK)
def test_the_postmaster_does_what_its_card_says(fate: str) -> None:
    server = Postmaster(Random(1), lambda _letter: None)
    server._deck = [fate]
    server.start()
    message = EmailMessage()
    message["Message-ID"] = "<um@127.0.0.1>"
    message.set_content("Prezado Renato,\n.\numa linha só com um ponto")
    host, port = server.url.removeprefix("smtp://").split(":")
    heard = "250"
    try:
        with smtplib.SMTP(host, int(port), timeout=30) as client:
            client.send_message(message, "de@orgao.example", ["para@fornecedor.example"])
    except smtplib.SMTPServerDisconnected:
        heard = "nothing"
    except smtplib.SMTPRecipientsRefused as error:
        heard = str(error.recipients["para@fornecedor.example"][0])
    except smtplib.SMTPResponseException as error:
        heard = str(error.smtp_code)
    finally:
        server.stop()
    code = fate.partition(" ")[0]
    assert heard == {"fine": "250", "slow": "250", "hang": "nothing"}.get(code, code)
    assert [each.told for each in server.taken] == {
        "fine": [True],
        "slow": [True],
        "hang up after data, taken": [False],
    }.get(fate, [])
    for each in server.taken:
        assert each.text.splitlines()[1] == "."
