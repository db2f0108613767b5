"""Serving with gunicorn: the web alone, or the web with the scheduler beside it on one machine."""

import atexit
import multiprocessing
import multiprocessing.util
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication

log = structlog.get_logger()


class Gunicorn(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our settings instead of a configuration file."""

    def __init__(self, build: Callable[[], Flask], options: dict[str, Any]) -> None:
        """Keep how to build the application: each worker builds its own after the fork."""
        self.build = build
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the application inside a worker."""
        return self.build()


def serve_web(
    build: Callable[[], Flask], *, host: str, port: int, workers: int = 1, when_ready: Callable[[], None] | None = None
) -> None:
    """Serve until a signal ends the process. Threads answer while another request waits for the database or a file."""
    options: dict[str, Any] = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": 8,
        "timeout": 60,
        "graceful_timeout": 20,
        "accesslog": None,
        "loglevel": "warning",
        "proc_name": "vendor-tracker",
        # Gunicorn 27 would otherwise write its control socket into the home folder.
        "control_socket_disable": True,
        # Memory that a rare large upload took is given back.
        "max_requests": 5000,
        "max_requests_jitter": 500,
        "post_fork": _forget_siblings,
    }
    if when_ready is not None:
        options["when_ready"] = lambda _server: when_ready()
    Gunicorn(build, options).run()


def _forget_siblings(_arbiter: Any, _worker: Any) -> None:
    """Let a forked worker leave quietly: the scheduler beside it is its parent's child, and not its to wait for."""
    atexit.unregister(multiprocessing.util._exit_function)  # type: ignore[attr-defined]  # noqa: SLF001 - There is no public name for it.


def _run_scheduler(build: Callable[[], Flask]) -> None:
    """Run the jobs in a process of its own, which ends with its parent."""
    from vendor_tracker import scheduler

    # Ctrl+C reaches every process of the terminal; this one is ended by its parent.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()

    def leave_with_parent() -> None:
        watch = threading.Event()
        while os.getppid() == parent:
            watch.wait(2)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=leave_with_parent, daemon=True).start()
    app = build()
    with app.app_context():
        scheduler.run_forever(app)


class Beside:
    """The scheduler beside the web: started again, ever less eagerly, whenever it ends without having been told to."""

    FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0
    """Seconds before another start; doubled each time, and short again after it has lived for the longest one."""

    def __init__(self, build: Callable[[], Flask]) -> None:
        """Keep how to build the application."""
        self.build = build
        self.stopping = threading.Event()
        self.process = self._born()

    def _born(self) -> BaseProcess:
        process = multiprocessing.get_context("spawn").Process(target=_run_scheduler, args=(self.build,), daemon=True)
        process.start()
        return process

    def watch(self) -> None:
        """Keep watching in a thread."""
        threading.Thread(target=self._watch, name="scheduler-watch", daemon=True).start()

    def _watch(self) -> None:
        # What a thread blocks its children are born with: Ctrl+C must not interrupt one that has just begun.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        wait = self.FIRST_WAIT
        while True:
            born_at = monotonic()
            # Gunicorn collects every child's end, so that only the sentinel tells of this one's.
            connection.wait([self.process.sentinel])
            if self.stopping.is_set():
                return
            wait = self.FIRST_WAIT if monotonic() - born_at > self.LONGEST_WAIT else min(wait, self.LONGEST_WAIT)
            log.error("scheduler ended; starting another", seconds=wait)
            if self.stopping.wait(wait):
                return
            wait *= 2
            self.process = self._born()

    def end(self) -> None:
        """End the scheduler and do not start another."""
        self.stopping.set()
        self.process.terminate()
        self.process.join(timeout=10)


def serve_all(
    build: Callable[[], Flask], *, host: str, port: int, when_ready: Callable[[], None] | None = None
) -> None:
    """Serve the web and run the scheduler beside it: one machine, one command."""
    # The scheduler is born deaf to Ctrl+C: it reaches every process of the terminal, and the parent ends this one.
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs = Beside(build)
    signal.signal(signal.SIGINT, heard)
    jobs.watch()
    owner = os.getpid()
    try:
        serve_web(build, host=host, port=port, when_ready=when_ready)
    finally:
        # A worker that was forked leaves through here too; the scheduler is not its child.
        if os.getpid() == owner:
            jobs.end()
