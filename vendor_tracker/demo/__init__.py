"""The demonstration: the product with a fictional year of a court, one sign-in per role, on this machine alone."""

import os
import shutil
import signal
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import click
from flask import Flask
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from vendor_tracker.demo import building, importable
from vendor_tracker.demo.cast import PASSWORD, PEOPLE
from vendor_tracker.settings import Settings

PREPARING = "demonstracao-em-preparo"
"""Stands in the folder while it is being filled; whoever finds it starts over."""

IMPORTABLE = "contratos-pncp.json"


def run(*, host: str, port: int, data_dir: Path | None, console: Console) -> None:
    """Fill ``data_dir`` (a temporary folder when ``None``) unless it is filled, and serve until a signal comes."""
    _check_free(host, port)
    # Whoever stops us while the data are being made must not leave the temporary folder behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _folder(data_dir) as folder:
        try:
            app, settings = _prepared(folder, host, port, console)
            words = _words(app, settings, temporary=data_dir is None)
            _serve(app, settings, host, port, words)
        except KeyboardInterrupt:
            click.echo("\nDemonstração encerrada.")


def settings_for(folder: Path, host: str, port: int) -> Settings:
    """Return the settings of a demonstration in ``folder``, whatever the environment says of the real installation."""
    shown = f"[{host}]" if ":" in host else host
    return Settings.from_environment(
        {
            "DATA_DIR": str(folder),
            "BASE_URL": f"http://{shown}:{port}",
            "MAIL_FROM": "protecaodedados@orgao.example",
            "BODY_ENCARREGADO": "Helena Prado",
            "BODY_ENCARREGADO_SUBSTITUTE": "Davi Guimarães",
            "BODY_CONTACT_EMAIL": "protecaodedados@orgao.example",
            "BODY_CONTACT_PHONE": "(00) 0000-0000",
            "BODY_SIGNATORY": "Diretoria-Geral",
            "DEMO": "1",
        }
    )


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = f"A porta {port} de {host} não está livre ({error.strerror}). Escolha outra: make demo PORT=8001"
            raise click.ClickException(message) from None


@contextmanager
def _folder(data_dir: Path | None) -> Iterator[Path]:
    if data_dir is not None:
        data_dir.mkdir(parents=True, exist_ok=True)
        yield data_dir.resolve()
        return
    folder = Path(tempfile.mkdtemp(prefix="vendor-tracker-demo-"))
    owner = os.getpid()
    try:
        yield folder
    finally:
        # A worker that gunicorn forked leaves through here too; the folder is not its to take away.
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)


def _prepared(folder: Path, host: str, port: int, console: Console) -> tuple[Flask, Settings]:
    from vendor_tracker.app import create_app
    from vendor_tracker.store.base import db
    from vendor_tracker.usecases import installing

    mark = folder / PREPARING
    if mark.exists():
        for name in ("files", "mail"):
            shutil.rmtree(folder / name, ignore_errors=True)
        for leftover in folder.glob("vendor-tracker.sqlite3*"):
            leftover.unlink()
    register = folder / "vendor-tracker.sqlite3"
    filled = register.exists()
    if filled and not _is_demonstration(register):
        message = f"A pasta {folder} já guarda um registro que não é o da demonstração. Indique outra."
        raise click.ClickException(message)
    if not filled:
        mark.touch()
    settings = settings_for(folder, host, port)
    app = create_app(settings)
    with app.app_context():
        installing.prepare_database()
    if not filled:
        with _bar(console) as report:
            today = building.build(app, progress=report).today
        (folder / IMPORTABLE).write_text(importable.contracts(today), encoding="utf-8")
        mark.unlink()
    with app.app_context():
        # The workers are forked; each makes its own connections.
        db.engine.dispose()
    return app, settings


def _is_demonstration(register: Path) -> bool:
    """Look, without touching it, whether a register has the accounts of the demonstration."""
    wanted = {person.email for person in PEOPLE.values()}
    try:
        with closing(sqlite3.connect(f"{register.as_uri()}?mode=ro", uri=True)) as connection:
            return wanted <= {email for (email,) in connection.execute('SELECT email FROM "user"')}
    except sqlite3.Error:
        return False


@contextmanager
def _bar(console: Console) -> Iterator[building.Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    if not console.is_terminal:
        click.echo("Preparando os dados da demonstração…")
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Preparando os dados da demonstração", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _words(app: Flask, settings: Settings, *, temporary: bool) -> str:
    """Return what the terminal says once the pages answer."""
    from vendor_tracker.store.base import db

    request = building.open_request(app)
    with app.app_context():
        db.engine.dispose()
    lines = [
        "",
        "Demonstração: empresas, pessoas, processos e números são fictícios.",
        "",
        f"  Endereço   {settings.base_url}",
        "",
        "  Uma conta por papel (e-mail e senha):",
        "",
    ]
    widest = max(len(person.does) for person in PEOPLE.values())
    longest = max(len(person.email) for person in PEOPLE.values())
    lines += [f"    {person.does:<{widest}}   {person.email:<{longest}}   {PASSWORD}" for person in PEOPLE.values()]
    if request is not None:
        lines += [
            "",
            f"  O que o fornecedor vê, sem conta (requisição {request.number}, {request.operator}):",
            f"    {request.address}",
        ]
    lines += [
        "",
        f"  Mensagens  {settings.data_dir / 'mail'} (nada é enviado; cada mensagem é um arquivo .eml)",
        f"  Importar   {settings.data_dir / IMPORTABLE} (arquivo do PNCP, fictício, para experimentar a importação)",
    ]
    if temporary:
        lines.append("  Ao encerrar, os dados são apagados. Para guardá-los: vendor-tracker demo --data-dir PASTA")
    return "\n".join([*lines, "", "  Para encerrar, Ctrl+C.", ""])


def _serve(app: Flask, settings: Settings, host: str, port: int, words: str) -> None:
    from vendor_tracker.app import create_app
    from vendor_tracker.serving import serve_all

    del app  # Each worker builds its own.
    serve_all(partial(create_app, settings), host=host, port=port, when_ready=lambda: click.echo(words))


__all__ = ["run", "settings_for"]
