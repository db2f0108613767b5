"""Mail that leaves: over a real server that accepts, defers, refuses or hangs up, and never twice by our own doing."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import time_machine

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def write(key: str = "test:1", recipient: str = "preposto@fornecedor.example", **changes: Any) -> bool:
    from vendor_tracker.usecases.outbox import enqueue
    from vendor_tracker.usecases.work import Actor, act

    with act(Actor("tests")) as work:
        return enqueue(
            work,
            **{
                "key": key,
                "kind": "test",
                "recipient": recipient,
                "recipient_name": "Renato Villar",
                "subject": "Requisição 2026/0001: responda até 23/03/2026",
                "body": "Prezado Renato,\n\nSegue a requisição.\n",
                **changes,
            },
        )


def messages() -> list[Any]:
    from sqlalchemy import select

    from vendor_tracker.store.session import reading
    from vendor_tracker.store.tables import Message

    with reading() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def attempts() -> list[tuple[str, str]]:
    from sqlalchemy import select

    from vendor_tracker.store.session import reading
    from vendor_tracker.store.tables import MessageAttempt

    with reading() as session:
        rows = session.scalars(select(MessageAttempt).order_by(MessageAttempt.id))
        return [(row.outcome, row.answer) for row in rows]


def send(url: str, worker: str = "one") -> Any:
    from vendor_tracker.mail import SmtpTransport
    from vendor_tracker.usecases.outbox import deliver_waiting

    transport = SmtpTransport(url, "protecaodedados@orgao.example", "Conselho Nacional de Justiça")
    return deliver_waiting(transport, worker=worker)


def test_a_message_arrives_whole_and_says_that_a_program_wrote_it(app_on_each_database: Any, smtp_server: Any) -> None:
    from vendor_tracker.usecases.outbox import DeliveryReport

    assert write()
    assert send(smtp_server.url) == DeliveryReport(sent=1)
    [received] = smtp_server.received
    assert received.recipients == ("preposto@fornecedor.example",)
    assert received.subject == "Requisição 2026/0001: responda até 23/03/2026"
    assert received.text.splitlines() == ["Prezado Renato,", "", "Segue a requisição."]
    assert received.message["Auto-Submitted"] == "auto-generated"
    assert str(received.message["From"]) == "Conselho Nacional de Justiça <protecaodedados@orgao.example>"
    assert received.message["Date"].datetime == START
    [message] = messages()
    assert (message.state, message.tries, message.sent_at) == ("sent", 1, START)
    assert attempts() == [("sent", "250 2.0.0 Queued as test-1")]


def test_the_same_key_makes_one_message(app_on_each_database: Any) -> None:
    assert write("same")
    assert not write("same")
    assert len(messages()) == 1


def test_many_processes_that_write_the_same_message_at_once_make_one(app_on_each_database: Any) -> None:
    made = together(app_on_each_database, lambda: write("same"), 4)
    assert sorted(made) == [False, False, False, True]


def together(app: Any, work: Callable[[], Any], how_many: int) -> list[Any]:
    barrier, results, errors = threading.Barrier(how_many), [], []

    def run() -> None:
        with app.app_context():
            barrier.wait()
            try:
                results.append(work())
            except Exception as error:  # noqa: BLE001 - whatever it is, the main thread must hear of it
                errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
    return results


def test_several_senders_at_once_send_each_message_once(app_on_each_database: Any, smtp_server: Any) -> None:
    for number in range(12):
        write(f"test:{number}", f"pessoa{number}@fornecedor.example")
    workers = iter("abc")
    lock = threading.Lock()

    def work() -> Any:
        with lock:
            worker = next(workers)
        return send(smtp_server.url, worker)

    reports = together(app_on_each_database, work, 3)
    assert sum(report.sent for report in reports) == 12
    assert len({received.recipients for received in smtp_server.received}) == len(smtp_server.received) == 12


def test_a_temporary_refusal_is_tried_again_later_with_the_same_identity(
    app_on_each_database: Any, smtp_server: Any, clock: Any
) -> None:
    write()
    smtp_server.refuse_everything("451 4.3.0 Tente mais tarde")
    assert send(smtp_server.url).deferred == 1
    [message] = messages()
    assert (message.state, message.next_try_at) == ("waiting", START + timedelta(minutes=1))
    identity = message.message_id
    smtp_server.accept_everything()
    assert send(smtp_server.url).sent == 0, "not before its time"
    clock.move_to(START + timedelta(minutes=1))
    assert send(smtp_server.url).sent == 1
    assert smtp_server.received[0].message["Message-ID"] == identity
    assert [outcome for outcome, _ in attempts()] == ["deferred", "sent"]
    assert attempts()[0][1] == "451 4.3.0 Tente mais tarde"


def test_a_recipient_that_does_not_exist_is_given_up_at_once_and_staff_may_send_again(
    app_on_each_database: Any, smtp_server: Any
) -> None:
    from vendor_tracker.usecases import messages as pages
    from vendor_tracker.usecases import outbox
    from vendor_tracker.usecases.work import Actor, ConflictError

    write()
    smtp_server.refuse("preposto@fornecedor.example")
    assert send(smtp_server.url).failed == 1
    [message] = messages()
    assert message.state == "failed"
    page = pages.messages_page(state="failed")
    assert [line.last_answer for line in page.lines] == ["550 5.1.1 No such mailbox"]
    smtp_server.accept_everything()
    assert send(smtp_server.url).sent == 0, "nobody asked for it"
    outbox.retry(Actor("fiscal"), message_id=message.id)
    assert send(smtp_server.url).sent == 1
    with pytest.raises(ConflictError):
        outbox.retry(Actor("fiscal"), message_id=message.id)
    assert [outcome for outcome, _ in attempts()] == ["refused", "sent"]


def test_after_five_days_of_temporary_refusals_the_message_is_given_up(
    app_on_each_database: Any, smtp_server: Any, clock: Any
) -> None:
    from vendor_tracker.usecases.outbox import BACK_OFF_MINUTES

    write()
    smtp_server.refuse_everything()
    moment = START
    for minutes in BACK_OFF_MINUTES:
        assert send(smtp_server.url).deferred == 1
        moment += timedelta(minutes=minutes)
        clock.move_to(moment)
    assert send(smtp_server.url).failed == 1
    assert messages()[0].state == "failed"
    assert len(attempts()) == len(BACK_OFF_MINUTES) + 1


class HangsUp(threading.Thread):
    """A server that takes the whole text and closes without an answer, the given number of times."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.taken: list[bytes] = []

    @property
    def url(self) -> str:
        host, port = self.listener.getsockname()
        return f"smtp://{host}:{port}"

    def run(self) -> None:
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rwb", buffering=0) as line:
            line.write(b"220 ready\r\n")
            while command := line.readline():
                if command.upper().startswith(b"DATA"):
                    line.write(b"354 go on\r\n")
                    text = b""
                    while not text.endswith(b"\r\n.\r\n"):
                        text += line.readline()
                    self.taken.append(text)
                    return
                line.write(b"250 ok\r\n")


def test_a_connection_lost_after_the_text_is_tried_again_and_kept_on_record(
    app_on_each_database: Any, smtp_server: Any, clock: Any
) -> None:
    write()
    server = HangsUp()
    server.start()
    assert send(server.url).deferred == 1
    server.join()
    server.listener.close()
    assert len(server.taken) == 1
    outcome, answer = attempts()[0]
    assert outcome == "deferred"
    assert "encerrou a conexão" in answer
    clock.move_to(START + timedelta(minutes=1))
    assert send(smtp_server.url).sent == 1
    first = re.search(rb"Message-ID: (\S+)", server.taken[0])
    assert first
    assert smtp_server.received[0].message["Message-ID"] == first[1].decode(), (
        "so that a mail server can tell them alike"
    )


def test_a_server_that_is_not_there_defers(app_on_each_database: Any) -> None:
    write()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert send(f"smtp://127.0.0.1:{port}").deferred == 1
    assert "não pôde ser alcançado" in attempts()[0][1]


def test_a_sender_that_died_after_claiming_loses_nothing(
    app_on_each_database: Any, smtp_server: Any, clock: Any
) -> None:
    from vendor_tracker.usecases import outbox

    write()
    assert outbox._claim("died") is not None
    assert send(smtp_server.url).sent == 0, "the lease still runs"
    clock.move_to(START + outbox.LEASE + timedelta(seconds=1))
    assert send(smtp_server.url).sent == 1
    assert [outcome for outcome, _ in attempts()] == ["deferred", "sent"]
    assert "interrompido" in attempts()[0][1]


def test_a_sender_that_lost_its_lease_does_not_undo_what_the_next_one_did(
    app_on_each_database: Any, smtp_server: Any, clock: Any
) -> None:
    from vendor_tracker.usecases import outbox

    write()
    from vendor_tracker.usecases.work import Actor, act

    taken = outbox._claim("slow")
    assert taken is not None
    clock.move_to(START + outbox.LEASE + timedelta(seconds=1))
    assert send(smtp_server.url, "quick").sent == 1
    with act(Actor("tests")) as work:
        outbox._record(work, "slow", taken[0], outbox.Delivery(outbox.Outcome.DEFERRED, "421 Too slow"))
    assert messages()[0].state == "sent"
    assert attempts()[-1] == ("deferred", "421 Too slow")


class Hands:
    """A transport that does something with each message while it is being sent, and says that it was."""

    def __init__(self, meanwhile: Callable[[Any], None]) -> None:
        self.meanwhile = meanwhile
        self.sent: list[str] = []

    def send(self, mail: Any) -> Any:
        from vendor_tracker.usecases.outbox import Delivery, Outcome

        self.sent.append(mail.recipient)
        self.meanwhile(mail)
        return Delivery(Outcome.SENT, "250 OK")


def test_a_slow_server_never_lets_the_lease_of_what_was_not_tried_yet_run_out(
    app_on_each_database: Any, clock: Any
) -> None:
    from vendor_tracker.usecases import outbox

    for number in range(20):
        write(f"test:{number}", f"pessoa{number}@fornecedor.example")
    moments = iter(START + timedelta(minutes=minute) for minute in range(1, 21))
    second = Hands(lambda _mail: None)

    def slowly(_mail: Any) -> None:
        clock.move_to(next(moments))
        if len(first.sent) == 12:
            # Another process looks for work when the first has been at it for longer than a lease.
            outbox.deliver_waiting(second, worker="two")

    first = Hands(slowly)
    outbox.deliver_waiting(first, worker="one")
    assert sorted(first.sent + second.sent) == sorted(f"pessoa{number}@fornecedor.example" for number in range(20))
    assert {outcome for outcome, _ in attempts()} == {"sent"}


class Killed(BaseException):
    """The process ends here."""


def test_a_process_that_dies_while_sending_leaves_only_the_message_in_flight_to_be_sent_again(
    app_on_each_database: Any, clock: Any
) -> None:
    from vendor_tracker.usecases import outbox

    for number in range(3):
        write(f"test:{number}", f"pessoa{number}@fornecedor.example")

    def die(_mail: Any) -> None:
        raise Killed

    first = Hands(die)
    with pytest.raises(Killed):
        outbox.deliver_waiting(first, worker="one")
    second = Hands(lambda _mail: None)
    outbox.deliver_waiting(second, worker="two")
    assert len(second.sent) == 2, "the others wait for nobody's lease"
    clock.move_to(START + outbox.LEASE + timedelta(seconds=1))
    outbox.deliver_waiting(second, worker="two")
    assert sorted(second.sent) == [f"pessoa{number}@fornecedor.example" for number in range(3)]
    assert [outcome for outcome, _ in attempts()].count("deferred") == 1


def test_a_clock_set_forward_does_not_take_a_message_from_a_sender_that_lives(
    app_on_each_database: Any, clock: Any
) -> None:
    from vendor_tracker.usecases import outbox

    write()
    second = Hands(lambda _mail: None)

    def jump(_mail: Any) -> None:
        clock.move_to(START + timedelta(weeks=3))
        outbox.deliver_waiting(second, worker="two")

    first = Hands(jump)
    assert outbox.deliver_waiting(first, worker="one").sent == 1
    assert (first.sent, second.sent) == (["preposto@fornecedor.example"], [])
    assert attempts() == [("sent", "250 OK")]
    assert messages()[0].sent_at == START + timedelta(weeks=3), "when the server said so, not when we began"


def test_a_message_whose_papers_are_being_made_is_held_as_well(
    app_on_each_database: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vendor_tracker.usecases import outbox

    write()
    first, second = Hands(lambda _mail: None), Hands(lambda _mail: None)
    make = outbox._with_papers

    def slowly(mail: Any) -> Any:
        monkeypatch.setattr(outbox, "_with_papers", make)
        clock.move_to(START + timedelta(weeks=3))
        outbox.deliver_waiting(second, worker="two")
        return make(mail)

    monkeypatch.setattr(outbox, "_with_papers", slowly)
    assert outbox.deliver_waiting(first, worker="one").sent == 1
    assert (first.sent, second.sent) == (["preposto@fornecedor.example"], [])
    assert attempts() == [("sent", "250 OK")]


def test_a_claim_that_was_lost_before_the_server_was_talked_to_is_not_sent(
    app_on_each_database: Any, clock: Any
) -> None:
    from vendor_tracker.usecases import outbox

    write()
    late = Hands(lambda _mail: None)
    taken = outbox._claim("late")
    assert taken is not None
    clock.move_to(START + timedelta(weeks=3))
    assert outbox.deliver_waiting(Hands(lambda _mail: None), worker="quick").sent == 1
    assert outbox._hand_over(late, "late", *taken) is None
    assert late.sent == []


def test_senders_leave_nothing_behind_beside_an_sqlite_database(app: Any) -> None:
    from vendor_tracker.store.base import db
    from vendor_tracker.usecases import outbox

    write()
    database = Path(str(db.engine.url.database))
    beside: list[list[str]] = []
    sender = Hands(
        lambda _mail: beside.append([path.name for path in database.parent.glob(f"{database.name}-sending-*")])
    )
    outbox.deliver_waiting(sender, worker="one")
    assert beside == [[f"{database.name}-sending-{messages()[0].id}"]]
    assert not list(database.parent.glob(f"{database.name}-sending-*"))


def test_without_a_server_each_message_becomes_one_file(app: Any, tmp_path: Path) -> None:
    from vendor_tracker.mail import transport_for
    from vendor_tracker.running import settings
    from vendor_tracker.usecases.outbox import deliver_waiting

    write(attachments=[{"name": "recibo.txt", "media_type": "text/plain", "text": "Protocolo"}])
    write("test:2", "outra@fornecedor.example")
    transport = transport_for(settings())
    assert deliver_waiting(transport, worker="one").sent == 2
    files = sorted((settings().data_dir / "mail").iterdir())
    assert len(files) == 2
    assert all(path.suffix == ".eml" for path in files)
    read = [message_from_bytes(path.read_bytes(), policy=default) for path in files]
    assert {str(message["To"]) for message in read} == {
        "Renato Villar <preposto@fornecedor.example>",
        "Renato Villar <outra@fornecedor.example>",
    }
    assert any([part.get_filename() for part in message.iter_attachments()] == ["recibo.txt"] for message in read)


def test_an_address_that_is_no_address_is_refused_and_stops_nobody_else(app: Any, smtp_server: Any) -> None:
    write("test:1", "sem arroba")
    write("test:2", "boa@fornecedor.example")
    report = send(smtp_server.url)
    assert (report.sent, report.failed) == (1, 1)


def test_a_wrong_password_is_our_trouble_and_not_the_messages(app: Any, smtp_server: Any) -> None:
    write()
    assert send(smtp_server.url.replace("smtp://", "smtp://usuario:errada@")).deferred == 1
    assert messages()[0].state == "waiting"
