"""How mail leaves: over SMTP, or into a folder as ``.eml`` files when no server is configured.

Neither raises for what a server or a network may do. A temporary trouble is *deferred* and tried again; a refusal of
this recipient or of this message is *refused* for good. What is wrong with our own access to the server (sign-in,
sender) is deferred: it is not the message's fault, and it is mended by whoever runs the installation.
"""

import contextlib
import os
import smtplib
import ssl
import tempfile
from base64 import b64decode
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from vendor_tracker.clock import SAO_PAULO
from vendor_tracker.settings import Settings
from vendor_tracker.usecases.outbox import Delivery, Outcome, OutgoingMail, Transport

TIMEOUT_SECONDS = 30


def transport_for(settings: Settings) -> Transport:
    """Return what carries mail away in this installation."""
    if not settings.smtp_url:
        return FolderTransport(settings.data_dir / "mail", settings.mail_from, settings.body.name)
    return SmtpTransport(settings.smtp_url, settings.mail_from, settings.body.name)


def compose(mail: OutgoingMail, *, sender: str, sender_name: str) -> EmailMessage:
    """Return the message as the standard wants it: plain UTF-8 text, marked as written by a program."""
    message = EmailMessage()
    message["From"] = _address(sender, sender_name)
    message["To"] = _address(mail.recipient, mail.recipient_name)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at.astimezone(SAO_PAULO))
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "pt-BR"
    message.set_content(mail.body, charset="utf-8", cte="quoted-printable")
    for attachment in mail.attachments:
        maintype, _, subtype = str(attachment["media_type"]).partition("/")
        parameters = attachment.get("parameters")
        message.add_attachment(
            b64decode(str(attachment["base64"])) if "base64" in attachment else str(attachment["text"]).encode(),
            maintype=maintype,
            subtype=subtype,
            filename=str(attachment["name"]),
            params=dict(parameters) if isinstance(parameters, Mapping) else None,
        )
    return message


def _address(address: str, name: str) -> Address:
    return Address(" ".join(name.split()), addr_spec=address)


class FolderTransport:
    """Writes each mail into a folder, for installations without a server and for trying the product."""

    def __init__(self, folder: Path, sender: str, sender_name: str) -> None:
        """Use ``folder``, which is made when the first mail comes."""
        self.folder = folder
        self.sender = sender
        self.sender_name = sender_name

    def send(self, mail: OutgoingMail) -> Delivery:
        """Write the mail under a name that the same mail always has."""
        name = f"{mail.created_at:%Y%m%dT%H%M%S}-{mail.message_id.strip('<>').partition('@')[0][:16]}.eml"
        try:
            content = compose(mail, sender=self.sender, sender_name=self.sender_name).as_bytes()
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self.folder, prefix=".")
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            Path(temporary).replace(self.folder / name)
        except ValueError as error:
            return Delivery(Outcome.REFUSED, f"Endereço ou assunto inválido: {error}")
        except OSError as error:
            return Delivery(Outcome.DEFERRED, f"A pasta de mensagens não pôde ser escrita: {error}")
        return Delivery(Outcome.SENT, f"Gravada em {name}.")


class SmtpTransport:
    """Talks to one server: ``smtp://``, ``smtps://`` or ``smtp+starttls://``, with ``user:password@`` where asked."""

    def __init__(self, url: str, sender: str, sender_name: str) -> None:
        """Read the address of the server."""
        parts = urlsplit(url)
        self.scheme = parts.scheme
        self.host = parts.hostname or "localhost"
        self.port = parts.port or {"smtp": 25, "smtps": 465, "smtp+starttls": 587}[parts.scheme]
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")
        self.sender = sender
        self.sender_name = sender_name

    def send(self, mail: OutgoingMail) -> Delivery:
        """Try once, on a connection of its own."""
        try:
            message = compose(mail, sender=self.sender, sender_name=self.sender_name)
        except ValueError as error:
            return Delivery(Outcome.REFUSED, f"Endereço ou assunto inválido: {error}")
        server: smtplib.SMTP | None = None
        try:
            server = self._connect()
            if self.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            return self._hand_over(server, mail, message)
        except smtplib.SMTPAuthenticationError as error:
            return Delivery(Outcome.DEFERRED, f"O servidor não aceitou o nosso acesso: {_said(error)}")
        except smtplib.SMTPResponseException as error:
            return Delivery(Outcome.DEFERRED, f"O servidor não aceitou a conexão: {_said(error)}")
        except smtplib.SMTPServerDisconnected as error:
            return Delivery(Outcome.DEFERRED, f"O servidor encerrou a conexão antes de responder: {error}")
        except (smtplib.SMTPException, OSError) as error:
            return Delivery(Outcome.DEFERRED, f"O servidor {self.host}:{self.port} não pôde ser alcançado: {error}")
        except UnicodeError as error:
            return Delivery(Outcome.REFUSED, f"Endereço inválido: {error}")
        finally:
            _part(server)

    def _connect(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)

    def _hand_over(self, server: smtplib.SMTP, mail: OutgoingMail, message: EmailMessage) -> Delivery:
        """Speak the three sentences of a delivery ourselves, because the final answer is kept word for word."""
        server.ehlo_or_helo_if_needed()
        code, answer = server.mail(self.sender)
        if code != 250:
            return Delivery(Outcome.DEFERRED, f"O servidor não aceitou o remetente: {code} {_text(answer)}")
        code, answer = server.rcpt(mail.recipient)
        if code not in {250, 251}:
            return Delivery(_verdict(code), f"{code} {_text(answer)}")
        try:
            code, answer = server.data(message.as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:
            return Delivery(_verdict(int(error.smtp_code)), _said(error))
        return Delivery(Outcome.SENT if code == 250 else _verdict(code), f"{code} {_text(answer)}")


def _part(server: smtplib.SMTP | None) -> None:
    """Take leave; what the server says to that changes nothing about the delivery."""
    if server is not None:
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _verdict(code: int) -> Outcome:
    """Read a refusal: five hundred and up is for good."""
    return Outcome.REFUSED if code >= 500 else Outcome.DEFERRED


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_text(error.smtp_error)}"


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
