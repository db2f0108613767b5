"""A mail server on this machine with bad days: it delays, refuses for a while or for good, and hangs up at any point.

What it does to a delivery comes off a shuffled deck, so that every misfortune happens. It remembers what it took in,
and whether the sender was told.
"""

import contextlib
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from random import Random
from typing import Any

DECK: dict[str, int] = {
    "fine": 58,
    "slow": 12,
    "hang up on connection": 3,
    "451 at recipient": 4,
    "550 at recipient": 2,
    "hang up before data": 3,
    "hang up in data": 3,
    "452 after data": 4,
    "554 after data": 2,
    "hang up after data, not taken": 3,
    "hang up after data, taken": 6,
}
"""What may happen to a delivery, and to how many of a hundred."""

LONGEST_DELAY_SECONDS = 0.4


@dataclass(frozen=True)
class Taken:
    """A message that the server took in: from then on it is its own to deliver."""

    message_id: str
    recipient: str
    subject: str
    text: str
    told: bool
    """Whether the sender heard that it was taken."""


class _HangUp(Exception):
    """The server closes the connection without a word."""


class Postmaster:
    """The server. ``on_taken`` hears of each message that was taken in, from a thread of the server."""

    def __init__(self, random: Random, on_taken: Callable[[Taken], None]) -> None:
        """Listen on a free port of this machine."""
        self.random = random
        self.on_taken = on_taken
        self.taken: list[Taken] = []
        self.fates: Counter[str] = Counter()
        self.calm = False
        self._deck: list[str] = []
        self._lock = threading.Lock()
        owner = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = 60

            def handle(self) -> None:
                with contextlib.suppress(OSError, _HangUp):
                    owner._talk(self)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 64

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _fate(self) -> str:
        with self._lock:
            if self.calm:
                return "fine"
            if not self._deck:
                self._deck = [fate for fate, cards in DECK.items() for _ in range(cards)]
                self.random.shuffle(self._deck)
            fate = self._deck.pop()
            self.fates[fate] += 1
            return fate

    def _talk(self, connection: Any) -> None:
        """Speak with one client, as far as the fate of this delivery lets it come."""
        fate = self._fate()

        def say(line: str) -> None:
            connection.wfile.write(line.encode() + b"\r\n")

        if fate == "hang up on connection":
            raise _HangUp
        say("220 postmaster.example")
        recipient = ""
        while line := connection.rfile.readline(2000):
            verb = line.strip().upper()
            if verb.startswith((b"EHLO", b"HELO")):
                say("250 postmaster.example")
            elif verb.startswith(b"MAIL"):
                say("250 2.1.0 OK")
            elif verb.startswith(b"RCPT"):
                recipient = line.decode("ascii", "replace").partition("<")[2].partition(">")[0]
                if fate in {"451 at recipient", "550 at recipient"}:
                    say("451 4.2.1 Tente mais tarde" if fate[0] == "4" else "550 5.1.1 Caixa inexistente")
                    fate = "fine"
                else:
                    say("250 2.1.5 OK")
            elif verb == b"DATA":
                self._data(connection, say, fate, recipient)
            elif verb == b"QUIT":
                say("221 2.0.0 Adeus")
                return
            else:
                say("250 2.0.0 OK")

    def _data(self, connection: Any, say: Callable[[str], None], fate: str, recipient: str) -> None:
        if fate == "hang up before data":
            raise _HangUp
        say("354 Pode mandar")
        if fate == "hang up in data":
            connection.rfile.readline(2000)
            raise _HangUp
        lines = []
        while (line := connection.rfile.readline(70_000)) != b".\r\n":
            if not line:
                raise _HangUp  # The sender died in the middle: there is nothing to take in.
            lines.append(line[1:] if line.startswith(b"..") else line)
        if fate in {"slow", "hang up after data, taken"}:
            self._dawdle()
        match fate:
            case "452 after data":
                say("452 4.3.1 Sem espaço agora")
            case "554 after data":
                say("554 5.7.1 Recusada")
            case "hang up after data, not taken":
                raise _HangUp
            case "hang up after data, taken":
                self._take(b"".join(lines), recipient, told=False)
                _reset(connection.connection)
                raise _HangUp
            case _:
                self._take(b"".join(lines), recipient, told=True)
                say("250 2.0.0 Aceita")

    def _dawdle(self) -> None:
        with self._lock:
            seconds = self.random.uniform(0, LONGEST_DELAY_SECONDS)
        threading.Event().wait(seconds)

    def _take(self, content: bytes, recipient: str, *, told: bool) -> None:
        message: Any = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(preferencelist=("plain",))
        taken = Taken(
            str(message["Message-ID"]),
            recipient,
            str(message["Subject"]),
            body.get_content() if body else "",
            told,
        )
        with self._lock:
            self.taken.append(taken)
        self.on_taken(taken)


def _reset(connection: socket.socket) -> None:
    """Close so that the client's next read fails at once."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
