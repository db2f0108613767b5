"""The processes of a run: the product's own commands, each in a process of its own, and the hand that kills them."""

import http.client
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import vendor_tracker.cli
import vendor_tracker.scheduler
from tests.chaos import wheel


def live(environment: Mapping[str, str], arguments: list[str], log: str, sign: str) -> None:
    """Be one process: ``vendor-tracker`` with these arguments, by the run's clock, until killed."""
    from apscheduler.events import EVENT_SCHEDULER_STARTED
    from apscheduler.schedulers.blocking import BlockingScheduler

    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    for name in [name for name in os.environ if name.startswith(("BODY_", "SMTP", "S3", "OIDC"))]:
        del os.environ[name]
    os.environ.update(environment)
    asleep: list[Any] = []

    class Woken(BlockingScheduler):  # type: ignore[misc]
        """APScheduler sleeps until its next job by real time; a turned clock must wake it."""

        def start(self, *args: Any, **kwargs: Any) -> None:
            # Whoever listens hears that the scheduler has started, and sleeps from then on.
            self.add_listener(lambda _event: (asleep.append(self), Path(sign).touch()), EVENT_SCHEDULER_STARTED)
            super().start(*args, **kwargs)

    def wake() -> None:
        for scheduler in asleep:
            scheduler.wakeup()

    vendor_tracker.scheduler.BlockingScheduler = Woken
    wheel.follow(environment, wake)
    vendor_tracker.cli.main(args=arguments, standalone_mode=False)


@dataclass
class Member:
    """One place in the fleet, whoever fills it at the moment."""

    name: str
    process: BaseProcess | None = None
    port: int = 0
    back_at: float = 0.0
    at_work: bool = False

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.is_alive()


@dataclass
class Fleet:
    """All the processes. Only what was started here is ever ended, each by its own pid."""

    environment: Mapping[str, str]
    folder: Path
    schedulers: int
    webs: int
    members: list[Member] = field(default_factory=list)
    kills: list[str] = field(default_factory=list)
    orphans: set[int] = field(default_factory=set)
    cpu_seconds: float = 0.0
    """What those that were ended had spent on the processor, the workers of the web included."""

    def start(self) -> None:
        """Start every process."""
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload(["tests.chaos.nursery"])
        self.members = [Member(f"scheduler-{number}") for number in range(self.schedulers)]
        self.members += [Member(f"web-{number}") for number in range(self.webs)]
        for member in self.members:
            self._fill(member)

    def _fill(self, member: Member) -> None:
        arguments = ["scheduler"]
        member.at_work = False
        if member.name.startswith("web"):
            # The port of a killed server may still be held by its orphan for a second.
            member.port = _free_port()
            arguments = ["web", "--port", str(member.port)]
        log = str(self.folder / f"{member.name}.log")
        sign = self._sign(member)
        sign.unlink(missing_ok=True)
        member.process = self.context.Process(
            target=live, args=(dict(self.environment), arguments, log, str(sign)), name=member.name
        )
        with _without_main():
            member.process.start()

    def kill_one(self, random: Random, *, away_seconds: float) -> str:
        """Kill one of those that live, without warning; it comes back after a while. Returns its name."""
        living = [member for member in self.members if member.alive]
        if not living:
            return ""
        member = random.choice(living)
        assert member.process is not None
        workers = _children_of(member.process.pid) if member.name.startswith("web") else []
        if workers and random.random() < 0.5:
            # Half the time it is the worker, which its own parent replaces.
            self._note_cpu([*workers])
            _kill(random.choice(workers))
            self.kills.append(f"{member.name}'s worker")
            return self.kills[-1]
        self._note_cpu([member.process.pid, *workers])
        member.process.kill()
        member.process.join()
        self.orphans.update(workers)
        member.back_at = time.monotonic() + random.uniform(0, away_seconds)
        self.kills.append(member.name)
        return member.name

    def tend(self) -> bool:
        """Bring back whoever was away long enough; tells whether all are at work."""
        for member in self.members:
            if not member.alive and time.monotonic() >= member.back_at:
                self._fill(member)
            elif not member.at_work:
                member.at_work = _answers(member.port) if member.port else self._sign(member).exists()
        return all(member.alive and member.at_work for member in self.members)

    def _sign(self, member: Member) -> Path:
        """The file that a scheduler writes when it starts; it is taken away with the process."""
        return self.folder / f"{member.name}.working"

    @property
    def scheduler_kills(self) -> int:
        """How many schedulers were killed."""
        return sum(name.startswith("scheduler") for name in self.kills)

    def ports(self) -> list[int]:
        """Where the web is served."""
        return [member.port for member in self.members if member.port and member.alive]

    def stop(self) -> None:
        """End every process, and the workers that a killed server left behind."""
        for member in self.members:
            if member.process is not None and member.alive:
                workers = _children_of(member.process.pid)
                self._note_cpu([member.process.pid, *workers])
                self.orphans.update(workers)
                member.process.kill()
                member.process.join()
        for pid in self.orphans:
            if Path(f"/proc/{pid}/environ").exists() and self._is_ours(pid):
                _kill(pid)

    def _note_cpu(self, pids: list[int | None]) -> None:
        for pid in pids:
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
                self.cpu_seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _is_ours(self, pid: int) -> bool:
        """Tell whether a pid is still the worker we knew: its standard output is a log of this run."""
        try:
            return Path(f"/proc/{pid}/fd/1").readlink().is_relative_to(self.folder)
        except OSError:
            return False


@contextmanager
def _without_main() -> Iterator[None]:
    """Let a new process load nothing of the program that starts it, which it does not need and which is slow."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _children_of(pid: int | None) -> list[int]:
    """The processes whose parent is ``pid``."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
