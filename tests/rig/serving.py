"""Serving an application to a browser, or to any other client, on a free port of this machine."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server


@dataclass(frozen=True)
class Served:
    """A running application."""

    app: Any
    url: str

    def path(self, path: str) -> str:
        """The full address of a path that begins with a slash."""
        return self.url + path


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: pytest shows what the application logs."""


@contextmanager
def serving(app: Any) -> Iterator[Served]:
    """Serve a WSGI application in threads until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    # Idle keep-alive connections of a browser must not hold up the end of a test.
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Served(app, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join(timeout=20)
        server.server_close()


@pytest.fixture
def live_server() -> Iterator[Callable[[Any], Served]]:
    """A function that serves the given application until the test ends: ``live_server(app).url``."""
    with ExitStack() as running:
        yield lambda app: running.enter_context(serving(app))
