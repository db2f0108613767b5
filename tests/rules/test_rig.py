"""The test rig itself: what it promises to the other tests is true."""

import contextlib
import smtplib
import socket
import sqlite3
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from docx import Document
from flask import Flask

from tests.rig.browser import Troubles
from tests.rig.databases import Databases
from tests.rig.serving import Served
from tests.rig.smtp import MailServer


def _version_and_tables(url: str) -> tuple[str, list[str]]:
    engine = sqlalchemy.create_engine(url)
    try:
        return engine.dialect.name, sqlalchemy.inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _make_a_table(url: str) -> None:
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE prepared (word VARCHAR(10))"))
        connection.execute(sqlalchemy.text("INSERT INTO prepared VALUES ('ação')"))
    engine.dispose()


def test_each_engine_answers_with_an_empty_database(database_url: str, database_kind: str) -> None:
    assert _version_and_tables(database_url) == (database_kind, [])


def test_postgresql_is_a_real_server_that_knows_accented_capitals(postgresql_url: str) -> None:
    engine = sqlalchemy.create_engine(postgresql_url)
    with engine.connect() as connection:
        version = connection.scalar(sqlalchemy.text("SHOW server_version_num"))
        lowered = connection.scalar(sqlalchemy.text("SELECT lower('AÇÃO')"))
    engine.dispose()
    assert int(str(version)) >= 160000
    assert lowered == "ação"


def test_sqlite_databases_keep_a_write_ahead_log(sqlite_url: str) -> None:
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_prepared_database_is_copied_and_the_copies_are_independent(databases: Databases, database_kind: Any) -> None:
    with databases.fresh(database_kind, prepared_by=_make_a_table) as first:
        engine = sqlalchemy.create_engine(first)
        with engine.begin() as connection:
            assert connection.scalar(sqlalchemy.text("SELECT word FROM prepared")) == "ação"
            connection.execute(sqlalchemy.text("DELETE FROM prepared"))
        engine.dispose()
        with databases.fresh(database_kind, prepared_by=_make_a_table) as second:
            engine = sqlalchemy.create_engine(second)
            with engine.connect() as connection:
                assert connection.scalar(sqlalchemy.text("SELECT count(*) FROM prepared")) == 1
            engine.dispose()


def _message(to: str = "ana@operador.example") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "lgpd@tribunal.example", to, "Requisição de informações"
    message.set_content("Responda até sexta-feira, às 18h.")
    return message


def test_the_mail_server_keeps_what_it_received_as_it_was_written(smtp_server: MailServer) -> None:
    with smtplib.SMTP(smtp_server.host, smtp_server.port) as client:
        client.send_message(_message())
    (mail,) = smtp_server.received
    assert mail.recipients == ("ana@operador.example",)
    assert mail.subject == "Requisição de informações"
    assert mail.text.strip() == "Responda até sexta-feira, às 18h."


def test_the_mail_server_refuses_when_told(smtp_server: MailServer) -> None:
    smtp_server.refuse("ninguem@operador.example")
    with smtplib.SMTP(smtp_server.host, smtp_server.port) as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.send_message(_message("ninguem@operador.example"))
    smtp_server.refuse_everything("451 4.3.0 Tente mais tarde")
    with smtplib.SMTP(smtp_server.host, smtp_server.port) as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.send_message(_message())
    assert refused.value.smtp_code == 451
    assert smtp_server.received == []


def _tiny_app() -> Flask:
    app = Flask("tiny")
    app.add_url_rule("/", "home", lambda: "<!doctype html><html lang=pt-BR><title>Painel</title><h1>Painel</h1></html>")
    app.add_url_rule(
        "/quebrada", "broken", lambda: "<!doctype html><title>x</title><script>semSentido()</script><h1>x</h1>"
    )
    return app


def test_an_application_is_served_on_this_machine(live_server: Callable[[Any], Served]) -> None:
    with urllib.request.urlopen(live_server(_tiny_app()).path("/")) as answer:
        assert "Painel" in answer.read().decode()


def test_the_browser_opens_a_page_in_portuguese_and_on_the_time_of_sao_paulo(
    live_server: Callable[[Any], Served], page: Any, page_troubles: Troubles
) -> None:
    page.goto(live_server(_tiny_app()).path("/"))
    assert page.title() == "Painel"
    assert page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]") == [
        "pt-BR",
        "America/Sao_Paulo",
    ]
    page_troubles.found.clear()  # The browser asks for a favicon, which the tiny application does not have.


def test_a_script_error_in_a_page_is_noticed(
    live_server: Callable[[Any], Served], page: Any, page_troubles: Troubles
) -> None:
    page.goto(live_server(_tiny_app()).path("/quebrada"))
    assert any("semSentido" in trouble for trouble in page_troubles.found)
    page_troubles.found.clear()


def test_libreoffice_opens_a_word_file_and_its_pages_can_be_drawn(
    docx_to_pdf: Callable[[bytes], bytes], pdf_to_images: Callable[[bytes], list[Path]]
) -> None:
    document = Document()
    document.add_heading("Termo aditivo", level=1)
    written = BytesIO()
    document.save(written)
    (page,) = pdf_to_images(docx_to_pdf(written.getvalue()))
    assert page.read_bytes().startswith(b"\x89PNG")


def test_no_test_reaches_another_machine() -> None:
    from tests.rig.guards import OutOfReachError

    with pytest.raises(OutOfReachError, match="this machine only"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OutOfReachError, match="this machine only"):
        socket.getaddrinfo("www.example.org", 443)


ATTEMPTS = {
    "a connection": "import socket; socket.create_connection(('127.0.0.1', 9), timeout=1)",
    "a listening socket": "import socket\nwith socket.socket() as listener: listener.bind(('127.0.0.1', 0))",
    "a database": "import sqlite3; sqlite3.connect(':memory:')",
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_a_unit_test_is_refused(attempt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.rig import guards

    monkeypatch.setattr(guards, "_reach", "nothing")
    with pytest.raises(guards.OutOfReachError, match="unit test"):
        exec(attempt, {})  # noqa: S102 - The attempt is one of ours, above.


def test_a_unit_test_is_told_from_the_others_by_its_folder() -> None:
    from tests.rig.guards import UNIT_TESTS, _is_unit

    assert _is_unit(UNIT_TESTS / "contracts" / "test_cnpj.py")
    assert not _is_unit(Path(__file__))


def test_what_the_machine_lacks_is_skipped_with_the_reason_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.rig.missing import missing

    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="sem navegador"):
        missing("sem navegador")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="sem navegador"):
        missing("sem navegador")
