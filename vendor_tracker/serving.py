"""Serving with gunicorn: the web alone, or the web with the scheduler beside it on one machine."""

import atexit
import multiprocessing
import multiprocessing.util
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication


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


def serve_all(
    build: Callable[[], Flask], *, host: str, port: int, when_ready: Callable[[], None] | None = None
) -> None:
    """Serve the web and run the scheduler beside it: one machine, one command."""
    jobs = multiprocessing.get_context("spawn").Process(target=_run_scheduler, args=(build,), daemon=True)
    # Ctrl+C reaches every process of the terminal; the scheduler is born deaf to it, and its parent ends it.
    heard = signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs.start()
    signal.signal(signal.SIGINT, heard)
    owner = os.getpid()
    try:
        serve_web(build, host=host, port=port, when_ready=when_ready)
    finally:
        # A worker that was forked leaves through here too; the scheduler is not its child.
        if os.getpid() == owner:
            jobs.terminate()
            jobs.join(timeout=10)
