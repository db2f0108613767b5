"""A virus scanner for tests: a real socket that speaks clamd's INSTREAM and knows one virus."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR"
"""The beginning of the test file that every scanner knows; no whole one stands here, or scanners would find it."""


@dataclass
class Scanner:
    """What was asked of the scanner."""

    url: str
    scanned: list[bytes] = field(default_factory=list)
    answer: bytes = b""
    """Answered instead of what is true, when set."""


@contextmanager
def scanner(folder: Path | None = None) -> Iterator[Scanner]:
    """Listen on a TCP port of this machine, or on a Unix socket in ``folder``, while the block lasts."""
    if folder is None:
        listener = socket.create_server(("127.0.0.1", 0))
        heard = Scanner(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
    else:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(folder / "clamd.sock"))
        listener.listen()
        heard = Scanner(f"unix://{folder / 'clamd.sock'}")

    def serve() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line:
                _answer(line, heard)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield heard
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _answer(line: socket.socket, heard: Scanner) -> None:
    with line.makefile("rb") as source:
        if source.read(10) != b"zINSTREAM\0":
            line.sendall(b"UNKNOWN COMMAND\0")
            return
        data = b""
        while length := struct.unpack("!L", source.read(4))[0]:
            data += source.read(length)
    heard.scanned.append(data)
    line.sendall(heard.answer or (b"stream: Eicar-Test-Signature FOUND\0" if VIRUS in data else b"stream: OK\0"))
