"""The ``vendor-tracker`` command on a folder of its own: what it prints, what it refuses, what it leaves behind."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from docx import Document

from contracts.vocabulary import AgreementKind
from tests.rig.app import prepare
from tests.unit.importing.builders import as_json, contract, envelope, pncp_id

PASSWORD = "uma frase comprida"
DATABASE = "vendor-tracker.sqlite3"


@dataclass
class Terminal:
    """Somebody at a terminal whose data lie in one folder."""

    folder: Path
    database: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, answers: str | None = None) -> Result:
        from vendor_tracker.cli import main

        places = {"DATA_DIR": str(self.folder), "DATABASE_URL": f"sqlite:///{self.database}", "SMTP_URL": None}
        environment = {**places, **self.environment}
        return CliRunner().invoke(main, list(words), env=environment, input=answers)

    def says(self, *words: str, answers: str | None = None) -> str:
        done = self.run(*words, answers=answers)
        assert done.exit_code == 0, done.output + repr(done.exception)
        return done.stdout

    def refusal(self, *words: str) -> str:
        done = self.run(*words)
        assert done.exit_code not in {0, None}
        assert isinstance(done.exception, SystemExit), repr(done.exception)
        assert "Traceback" not in done.output
        return done.stderr

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.database)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@pytest.fixture
def bare(tmp_path: Path) -> Terminal:
    """A terminal where nothing was prepared."""
    return Terminal(tmp_path / "data", tmp_path / "data" / DATABASE, {"DATABASE_URL": ""})


@pytest.fixture
def terminal(databases: Any, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal whose database is prepared and empty."""
    with databases.fresh("sqlite", prepared_by=prepare) as url:
        yield Terminal(tmp_path / "data", Path(url.removeprefix("sqlite:///")))


@pytest.fixture(scope="module")
def register(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal over a small fictional register, for what only reads it."""
    with databases.fresh("sqlite", prepared_by=prepare) as url:
        terminal = Terminal(tmp_path_factory.mktemp("register"), Path(url.removeprefix("sqlite:///")))
        terminal.says("generate", "--agreements", "15", "--seed", "3")
        yield terminal


# -- preparing ---------------------------------------------------------------------------------------------------------


def test_every_command_explains_itself_in_portuguese(bare: Terminal) -> None:
    from vendor_tracker.cli import main

    listed = bare.says("--help")
    for name, command in main.commands.items():
        assert name in listed
        assert command.help, f"{name} says nothing about itself"
        assert command.help.splitlines()[0] in bare.says(name, "--help")


def test_init_prepares_the_database_and_the_first_account_once(bare: Terminal) -> None:
    bare.environment["ADMIN_PASSWORD"] = PASSWORD
    first = bare.says("init", "--non-interactive", "--admin-email", "chefe@orgao.example", "--admin-name", "Chefe")
    assert "Banco de dados pronto." in first
    assert "Conta de administração criada para chefe@orgao.example." in first
    assert "Já há contas; nenhuma foi criada." in bare.says("init", "--non-interactive", "--admin-email", "x@y.example")
    assert bare.rows('SELECT email, role FROM "user"') == [("chefe@orgao.example", "admin")]


def test_init_without_questions_tells_how_to_make_the_first_account(bare: Terminal) -> None:
    assert "vendor-tracker user add --role admin" in bare.says("init", "--non-interactive")


def test_init_asks_for_what_it_needs(bare: Terminal) -> None:
    said = bare.says("init", answers=f"Chefe@Orgao.example\nChefe\n{PASSWORD}\n{PASSWORD}\n")
    assert "E-mail de quem vai administrar" in said
    assert PASSWORD not in said
    assert bare.rows('SELECT email, name FROM "user"') == [("chefe@orgao.example", "Chefe")]


def test_before_init_a_command_says_what_to_run_first(bare: Terminal) -> None:
    for words in (("assess", "1"), ("evaluate",), ("trail", "verify"), ("user", "token", "a@b.example")):
        assert "vendor-tracker init" in bare.refusal(*words)


def test_a_wrong_setting_is_one_clear_line(bare: Terminal) -> None:
    bare.environment["SESSION_HOURS"] = "muitas"
    refused = bare.refusal("trail", "verify")
    assert "SESSION_HOURS" in refused
    assert len(refused.strip().splitlines()) == 1


# -- people ------------------------------------------------------------------------------------------------------------


def test_an_account_is_made_changed_and_given_a_token(terminal: Terminal) -> None:
    from tests.rig.app import opened

    add = ("user", "add", "--email", "juri@orgao.example", "--name", "Júri", "--role", "legal")
    assert "Conta criada para juri@orgao.example." in terminal.says(*add, "--password", PASSWORD)
    assert "Já existe uma conta para juri@orgao.example." in terminal.refusal(*add, "--password", PASSWORD)
    assert "Senha definida" in terminal.says("user", "password", "juri@orgao.example", "--password", PASSWORD + "!")
    token = terminal.says("user", "token", "juri@orgao.example", "--name", "planilha").strip()
    assert token.startswith("vt_")
    assert terminal.rows("SELECT name FROM api_token") == [("planilha",)]
    assert token not in str(terminal.rows("SELECT * FROM api_token")), "only the hash may be kept"
    with opened(f"sqlite:///{terminal.database}", terminal.folder) as app:
        headers = {"Authorization": f"Bearer {token}"}
        assert app.test_client().get("/api/v1/operators", headers=headers).status_code == 200


def test_a_password_is_asked_for_twice_when_it_is_not_given(terminal: Terminal) -> None:
    words = ("user", "add", "--email", "a@orgao.example", "--name", "Ana", "--role", "fiscal")
    assert "Repita a senha" in terminal.says(*words, answers=f"{PASSWORD}\n{PASSWORD}\n")
    short = terminal.refusal("user", "password", "a@orgao.example", "--password", "curta")
    assert "12" in short
    assert "Não há conta para b@orgao.example." in terminal.refusal("user", "token", "b@orgao.example")


# -- the register ------------------------------------------------------------------------------------------------------


def test_a_file_is_previewed_imported_and_recognised_the_second_time(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "contratos.json"
    file.write_bytes(envelope(contract(1), contract(2), contract(3, niFornecedor="12345678000100")))
    preview = json.loads(terminal.says("import", "pncp", str(file), "--dry-run", "--json"))
    assert (preview["read"], preview["created"]["agreements"], len(preview["rejected"])) == (3, 2, 1)
    assert terminal.rows("SELECT COUNT(*) FROM agreement") == [(0,)]
    assert "Criados: 1 operadores, 2 acordos" in terminal.says("import", "pncp", str(file))
    again = json.loads(terminal.says("import", "pncp", str(file), "--json"))
    assert (again["created"]["agreements"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert terminal.rows("SELECT COUNT(*) FROM standing") == [(2,)], "what is imported is judged at once"


def test_a_file_of_which_nothing_can_be_used_fails(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "contratos.json"
    file.write_bytes(as_json([contract(1, niFornecedor="12345678000100")]))
    done = terminal.run("import", "pncp", str(file))
    assert done.exit_code == 1
    assert "Recusados: 1." in done.stdout
    other = tmp_path / "outra.json"
    other.write_bytes(b"{}")
    assert terminal.refusal("import", "contratosgov", str(other))


def test_an_agreement_is_named_by_its_id_its_pncp_number_or_its_own_number(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "contratos.json"
    file.write_bytes(envelope(contract(1)))
    terminal.says("import", "pncp", str(file))
    [(identity, number)] = terminal.rows("SELECT id, number FROM agreement")
    found = [json.loads(terminal.says("assess", name, "--json")) for name in (str(identity), pncp_id(1), number)]
    assert found[0] == found[1] == found[2]
    assert found[0]["agreement"] == identity
    assert [finding["inciso"] for finding in found[0]["findings"]][:3] == ["I", "II", "III"]
    assert "Não há acordo" in terminal.refusal("assess", "99999/2099")


def test_an_assessment_is_readable_and_tells_what_to_do(register: Terminal) -> None:
    text = register.says("assess", "1")
    judged = json.loads(register.says("assess", "1", "--json"))
    for finding in judged["findings"]:
        assert f"\n{finding['inciso']:>4}  " in text
    joined = " ".join(text.split())
    assert all(reason in joined for finding in judged["findings"] for reason in finding["reasons"])
    assert "Previsto: " in text
    assert "→ " in text


@pytest.mark.parametrize(("written", "day"), [("2026-06-30", "2026-06-30"), ("30/06/2026", "2026-06-30")])
def test_a_day_may_be_written_both_ways(register: Terminal, written: str, day: str) -> None:
    [(agreement,)] = register.rows("SELECT MIN(id) FROM agreement WHERE created_at < '2026-06-01'")
    assert json.loads(register.says("assess", str(agreement), "--on", written, "--json"))["on"] == day


def test_a_day_that_is_none_or_lies_before_the_norm_is_refused(register: Terminal) -> None:
    assert "31/02/2026 não é um dia" in register.refusal("assess", "1", "--on", "31/02/2026")
    assert "A Portaria é de 20/10/2025" in register.refusal("assess", "1", "--on", "2025-10-19")


def test_the_whole_register_is_judged_and_counted(register: Terminal) -> None:
    today = register.says("evaluate")
    assert "15 acordos avaliados" in today
    assert "Nenhuma situação mudou." in today, "nothing happened since it was generated"
    counted = dict(register.rows("SELECT verdict, COUNT(*) FROM finding GROUP BY verdict"))
    assert f"Descumprida: {counted['breached']}" in today
    assert sum(counted.values()) == 15 * 12
    past = register.says("evaluate", "--on", "2026-03-31")
    assert "este foi apenas contado" in past


def test_the_book_of_obligations_quotes_all_twelve(terminal: Terminal) -> None:
    book = terminal.says("obligations")
    for inciso in ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"):
        assert f"\n{inciso} · " in book
    assert "informar formalmente ao CNJ, de imediato" in " ".join(book.split()) or "de imediato" in book
    assert "Parâmetro administrativo" in book
    assert "baixa" in book
    assert "o dia da Portaria" in terminal.refusal("obligations", "--on", "2025-10-19")


def test_a_round_of_the_jobs_is_told_in_words_and_in_json(terminal: Terminal) -> None:
    from vendor_tracker.scheduler import JOBS

    said = terminal.says("tick")
    assert all(f"{job.label}: " in said for job in JOBS)
    done = json.loads(terminal.says("tick", "--json"))
    assert list(done) == [job.name for job in JOBS]
    assert done["rejudge_register"]["agreements"] == 0


def test_a_document_is_issued_into_a_file(register: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "anexo.docx"
    said = register.says("document", "anexo", "--agreement", "2", "-o", str(target))
    [(code, sha256)] = register.rows("SELECT code, sha256 FROM issued_document WHERE agreement_id = 2")
    assert code in said
    assert sha256 in said
    assert "falta informar: " in said
    assert any("dados pessoais" in paragraph.text for paragraph in Document(str(target)).paragraphs)
    nowhere = register.refusal("document", "anexo", "--agreement", "2", "-o", str(tmp_path / "nenhuma" / "a.docx"))
    assert "não existe" in nowhere
    assert register.rows("SELECT COUNT(*) FROM issued_document") == [(1,)], "a refusal issues nothing"


def test_a_paper_about_a_record_asks_which_record(register: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "papel.docx"
    [(audit, agreement)] = register.rows("SELECT lineage, agreement_id FROM audit ORDER BY id LIMIT 1")
    order = ("document", "plano-de-auditoria", "--agreement", str(agreement), "-o", str(target))
    assert "pede --audit" in register.refusal(*order)
    assert "pede --audit" in register.refusal(*order, "--audit", str(audit), "--person", "1")
    said = register.says(*order, "--audit", str(audit))
    assert "Plano de Auditoria" in said
    query = "SELECT subject_kind, subject_id FROM issued_document WHERE kind = 'plano-de-auditoria'"
    assert register.rows(query) == [("audit", audit)]
    assert any("Do fundamento" in paragraph.text for paragraph in Document(str(target)).paragraphs)
    nobody = ("document", "requisicao-de-informacoes", "--agreement", "2", "-o", str(target))
    assert "Não há requisição" in register.refusal(*nobody, "--request", "1999/0001")
    assert "não trata de nenhum registro" in register.refusal(
        "document", "anexo", "--agreement", "2", "--audit", str(audit), "-o", str(target)
    )


def test_a_batch_goes_into_one_archive_with_its_index(register: Terminal, tmp_path: Path) -> None:
    from zipfile import ZipFile

    target = tmp_path / "lote.zip"
    said = register.says("batch", "termo-aditivo", "--stage", "in_force", "-o", str(target))
    [(number, state, done)] = register.rows("SELECT id, state, done FROM batch")
    assert state == "done"
    assert done > 0
    assert f"lote {number}" in said
    assert f"emitidos: {done}" in said
    assert "etapa “em vigor”" in said
    with ZipFile(target) as archive:
        assert archive.testzip() is None
        assert len([name for name in archive.namelist() if name.endswith("-termo-aditivo.docx")]) == done
        assert "indice.xlsx" in archive.namelist()
    nobody = register.refusal("batch", "termo-aditivo", "--text", "nada disto", "-o", str(target))
    assert "Nenhum acordo passa por este filtro" in nobody
    nowhere = register.refusal("batch", "termo-aditivo", "-o", str(tmp_path / "nenhuma" / "a.zip"))
    assert "não existe" in nowhere
    assert register.rows("SELECT COUNT(*) FROM batch") == [(1,)], "a refusal asks for nothing"


# -- the trail ---------------------------------------------------------------------------------------------------------


def test_a_line_that_was_altered_behind_our_back_is_named(terminal: Terminal) -> None:
    for name in ("a", "b", "c"):
        terminal.says(
            "user",
            "add",
            "--email",
            f"{name}@orgao.example",
            "--name",
            name,
            "--role",
            "fiscal",
            "--password",
            PASSWORD,
        )
    assert "Trilha íntegra: 3 linhas." in terminal.says("trail", "verify")
    connection = sqlite3.connect(terminal.database)
    connection.execute("DROP TRIGGER trail_entry_refuses_update")
    connection.execute("UPDATE trail_entry SET summary = 'Nada aconteceu.' WHERE seq = 2")
    connection.commit()
    connection.close()
    assert "linha 2" in terminal.refusal("trail", "verify")


# -- a fictional register ----------------------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_register_and_another_seed_another(databases: Any, tmp_path: Path) -> None:
    def names(seed: str) -> list[tuple[Any, ...]]:
        with databases.fresh("sqlite", prepared_by=prepare) as url:
            terminal = Terminal(tmp_path, Path(url.removeprefix("sqlite:///")))
            terminal.says("generate", "--agreements", "8", "--years", "2", "--seed", seed)
            return terminal.rows(
                "SELECT operator.name, cnpj, number, score, verdicts FROM agreement JOIN operator ON operator_id = operator.id "
                "JOIN standing ON agreement_id = agreement.id ORDER BY agreement.id"
            )

    first = names("5")
    assert first == names("5")
    assert first != names("6")


def test_a_fictional_register_has_every_situation_and_only_valid_cnpjs(register: Terminal) -> None:
    from contracts.cnpj import Cnpj
    from contracts.vocabulary import Verdict

    terminal = register
    numbers = [cnpj for (cnpj,) in terminal.rows("SELECT cnpj FROM operator WHERE cnpj IS NOT NULL")]
    assert [Cnpj.parse(number).value for number in numbers] == numbers
    verdicts = {verdict for (verdict,) in terminal.rows("SELECT DISTINCT verdict FROM finding")}
    assert verdicts >= {verdict.value for verdict in Verdict} - {"not_applicable"}
    assert terminal.rows("SELECT COUNT(*) FROM agreement WHERE current_revision_id IS NULL") == [(0,)]
    assert terminal.rows("PRAGMA foreign_key_check") == []


def test_a_register_in_use_is_never_filled_with_fiction(register: Terminal) -> None:
    before = register.rows("SELECT COUNT(*) FROM agreement")
    assert "só preenche um banco vazio" in register.refusal("generate", "--agreements", "3")
    assert register.rows("SELECT COUNT(*) FROM agreement") == before


def test_after_fiction_the_database_goes_on_numbering_by_itself(app_on_each_database: Any, make: Any) -> None:
    from tests.rig.cnpj import make_cnpj
    from vendor_tracker import generating
    from vendor_tracker.usecases import agreements
    from vendor_tracker.usecases.agreements import InstrumentData
    from vendor_tracker.usecases.work import SYSTEM

    files = app_on_each_database.extensions["vendor_tracker.files"]
    made = generating.generate(files, agreements=6, years=1, seed=2, snapshots=False)
    assert (made.agreements, made.months) == (6, 0)
    new = agreements.create_agreement(
        SYSTEM,
        data=InstrumentData(kind=AgreementKind.CONTRATO, number="00001/2026"),
        cnpj=make_cnpj(4).value,
        operator_name="Jangada Serviços de Informática Ltda.",
    )
    assert new == 7


# -- serving -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_web_serves_until_it_is_told_to_stop(terminal: Terminal, port: int) -> None:
    places = {"DATA_DIR": str(terminal.folder), "DATABASE_URL": f"sqlite:///{terminal.database}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "vendor_tracker.cli", "web", "--port", str(port)],
        env={**os.environ, **places},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        assert _answer(process, f"http://127.0.0.1:{port}/healthz") == 200
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output.decode()


def _answer(process: "subprocess.Popen[bytes]", url: str) -> int:
    """Ask until the server listens; a server that ended will never answer."""
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status
        except OSError:  # Nothing listens yet, or the worker is still building its application.
            try:
                process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError("the server ended before it answered") from None
