"""The demonstration's register, built once for the whole run and copied for each test that wants one."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Demonstration:
    """A filled register in a folder of its own."""

    folder: Path
    app: Any


@contextmanager
def opened_demo(folder: Path, *, port: int = 8000) -> Iterator[Any]:
    """Build the application on the register in ``folder`` and let its connections go at the end."""
    from tests.rig.app import hurry_passwords
    from vendor_tracker.app import create_app
    from vendor_tracker.demo import settings_for
    from vendor_tracker.store.base import db

    hurry_passwords()
    app = create_app(settings_for(folder, "127.0.0.1", port))
    app.testing = True
    with app.app_context():
        yield app
        db.engine.dispose()


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the register that nobody changes; the workers of one run share it."""
    from vendor_tracker.demo import building
    from vendor_tracker.usecases import installing

    base = tmp_path_factory.getbasetemp()
    # With xdist each worker has a folder of its own below the run's.
    shared = base.parent if base.name.startswith("popen-") else base
    folder = shared / "demonstration"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            with opened_demo(folder) as app:
                installing.prepare_database()
                building.build(app)
            (folder / "done").touch()
    return folder


@pytest.fixture
def demonstration(built_demo: Path, tmp_path: Path) -> Iterator[Callable[..., Demonstration]]:
    """A function that opens a copy of the register: ``demonstration(port=8123)``."""
    with ExitStack() as running:

        def open_copy(*, port: int = 8000) -> Demonstration:
            folder = tmp_path / "demonstration"
            shutil.copytree(built_demo, folder)
            (folder / "done").unlink()
            return Demonstration(folder, running.enter_context(opened_demo(folder, port=port)))

        yield open_copy
