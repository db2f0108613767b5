"""A mail server on this machine that keeps what it receives and can be told to refuse."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    """One delivery: who sent it, to whom, and the message with its text decoded."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The plain text of the message; empty when it has none."""
        body = self.message.get_body(preferencelist=("plain",))
        return body.get_content() if body else ""


class MailServer:
    """What the tests see of the server. ``received`` grows with each accepted message, in order."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self._refusals: dict[str, str] = {}
        self._refuse_all: str | None = None
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", 0))
        self.host, self.port = listener.getsockname()
        self._controller = _OnSocket(self, listener)

    @property
    def url(self) -> str:
        """The value for ``SMTP_URL``."""
        return f"smtp://{self.host}:{self.port}"

    def refuse(self, recipient: str, answer: str = "550 5.1.1 No such mailbox") -> None:
        """Refuse one recipient from now on, with this answer."""
        self._refusals[recipient.lower()] = answer

    def refuse_everything(self, answer: str = "451 4.3.0 Try again later") -> None:
        """Refuse every message from now on, after its text, with this answer."""
        self._refuse_all = answer

    def accept_everything(self) -> None:
        """Forget every refusal."""
        self._refusals.clear()
        self._refuse_all = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for the name of the SMTP command.
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.lower() in self._refusals:
            return self._refusals[address.lower()]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - The same.
        if self._refuse_all is not None:
            return self._refuse_all
        content = envelope.content or b""
        message: Any = message_from_bytes(content if isinstance(content, bytes) else content.encode(), policy=default)
        self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return f"250 2.0.0 Queued as test-{len(self.received)}"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()


class _OnSocket(Controller):
    """A controller on a socket that is already bound, since port 0 means nothing to the stock one."""

    def __init__(self, handler: MailServer, listener: socket.socket) -> None:
        super().__init__(handler, hostname=handler.host, port=handler.port, ready_timeout=30)
        self._listener = listener

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)


@pytest.fixture
def smtp_server() -> Iterator[MailServer]:
    """A mail server of the test's own on a free port of this machine."""
    server = MailServer()
    server.start()
    yield server
    server.stop()
