"""Asking a virus scanner: clamd, over a Unix or TCP socket, by its INSTREAM command.

The bytes go over the socket in chunks, each behind its length in four bytes, most significant first; a chunk of no
length ends them. clamd answers one line: ``stream: OK``, ``stream: <name> FOUND`` or ``… ERROR``. See clamd(8).
"""

import socket
import struct
from urllib.parse import urlsplit

CHUNK = 1 << 16
LONGEST_ANSWER = 4096


class ScannerUnavailableError(Exception):
    """The scanner could not be asked, or did not say; the file is neither safe nor unsafe. ``str`` says why."""


def scan(url: str, data: bytes, *, seconds: float = 20.0) -> str:
    """Return the name of what clamd found in ``data``; empty when it found nothing.

    ``url`` is ``unix:///path`` or ``tcp://host:port``. Each step may take ``seconds``. Raises
    :class:`ScannerUnavailableError`.
    """
    try:
        with _connected(url, seconds) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), CHUNK):
                part = data[start : start + CHUNK]
                line.sendall(struct.pack("!L", len(part)) + part)
            line.sendall(struct.pack("!L", 0))
            answer = _answer(line)
    except OSError as error:
        raise ScannerUnavailableError(str(error)) from error
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerUnavailableError(answer or "no answer")


def _connected(url: str, seconds: float) -> socket.socket:
    where = urlsplit(url)
    if where.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(seconds)
        try:
            line.connect(where.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((where.hostname or "", where.port or 3310), timeout=seconds)


def _answer(line: socket.socket) -> str:
    """Read until clamd closes its answer with a zero byte or hangs up."""
    held = b""
    while len(held) < LONGEST_ANSWER and b"\0" not in held:
        part = line.recv(LONGEST_ANSWER)
        if not part:
            break
        held += part
    return held.partition(b"\0")[0].decode("utf-8", "replace").strip()
