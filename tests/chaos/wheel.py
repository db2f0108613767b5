"""One clock for all the processes of a run, which only the run can turn.

The product has no switch for its clock, so that no installation can be talked into another time: the processes of a run
are started by :mod:`tests.chaos.fleet`, which is no part of the package, and it is there that time is bent, for the
whole process and not for the product alone. Even so it refuses anything that is not the run's own.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import time_machine

VARIABLE = "CHAOS_CLOCK"
LOOK_SECONDS = 0.02

_REAL = time.time


class NotOurs(RuntimeError):
    """Somebody asked for another time outside a run of this proof."""


class Wheel:
    """The run's side: where the clock stands, and turning it forward. It keeps ticking by itself."""

    def __init__(self, path: Path, start: datetime) -> None:
        """Begin at ``start``; ``path`` is where the processes read how far ahead they are."""
        self.path = path
        self._ahead = start.timestamp() - _REAL()
        self._write()

    def now(self) -> datetime:
        """The moment in the run."""
        return datetime.fromtimestamp(_REAL() + self._ahead, UTC)

    def forward(self, by: timedelta) -> None:
        """Turn the clock of every process forward."""
        self._ahead += by.total_seconds()
        self._write()

    def forward_to(self, moment: datetime) -> None:
        """Turn it to a moment; nothing happens when that has passed."""
        if moment > self.now():
            self.forward(moment - self.now())

    def _write(self) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(repr(self._ahead), encoding="ascii")
        fresh.replace(self.path)


def check_ours(environment: Mapping[str, str]) -> Path:
    """Return the clock of a run; raises :class:`NotOurs` where anything could belong to an installation."""
    clock = Path(environment[VARIABLE])
    database = urlsplit(environment["DATABASE_URL"])
    if database.scheme == "sqlite":
        place = Path(database.path.removeprefix("/") if database.path.startswith("//") else database.path)
    else:
        # The server of a test listens on a socket in a temporary folder and nowhere else.
        place = Path(parse_qs(database.query).get("host", ["/"])[0])
    temporary = Path(tempfile.gettempdir()).resolve()
    for path in (clock, place, Path(environment["DATA_DIR"])):
        if temporary not in path.resolve().parents:
            message = f"{path} is not in the temporary folder: the clock is bent only for what a run throws away."
            raise NotOurs(message)
    for name in ("BASE_URL", "SMTP_URL"):
        if urlsplit(environment[name]).hostname != "127.0.0.1":
            message = f"{name} leaves this machine: the clock is bent only where nobody outside can see it."
            raise NotOurs(message)
    return clock


def follow(environment: Mapping[str, str], woken: Callable[[], None]) -> None:
    """Live by the run's clock from now on, in this process and in those it forks; ``woken`` hears of every turn."""
    path = check_ours(environment)
    ahead = float(path.read_text(encoding="ascii"))
    traveller = time_machine.travel(_REAL() + ahead, tick=True).start()

    def watch() -> None:
        nonlocal ahead
        pause = threading.Event()
        while not pause.wait(LOOK_SECONDS):
            stands = float(path.read_text(encoding="ascii"))
            if stands != ahead:
                traveller.shift(stands - ahead)
                ahead = stands
                woken()

    def begin() -> None:
        threading.Thread(target=watch, name="chaos clock", daemon=True).start()

    begin()
    os.register_at_fork(after_in_child=begin)
