"""Everything the environment may set, checked once at the start.

Each setting has one line here and one in ``docs/operacao.md``; a test compares the two.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(ValueError):
    """The environment asks for something impossible; the message is Portuguese and says what to do."""


@dataclass(frozen=True, slots=True)
class Body:
    """The body that runs the product; the default is the CNJ. The norm stays the Portaria."""

    name: str = "Conselho Nacional de Justiça"
    acronym: str = "CNJ"
    cnpj: str = "07421906000129"
    address: str = "SAF Sul, Quadra 2, Lotes 5/6, Brasília – DF, CEP 70070-600"
    encarregado: str = ""
    encarregado_substitute: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    signatory: str = ""
    committee_email: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process. Build it with :meth:`from_environment`, or by hand in tests."""

    database_url: str
    secret_key: str
    data_dir: Path
    smtp_url: str = ""
    mail_from: str = ""
    base_url: str = "http://127.0.0.1:8000"
    body: Body = field(default_factory=Body)
    demo: bool = False
    secure_cookies: bool = False
    upload_limit_mb: int = 25
    session_hours: int = 10
    trusted_proxies: int = 0
    log_format: str = "text"
    clamd_url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read and check the environment; raises :class:`SettingsError` with what to change."""
        env = os.environ if environment is None else environment
        data_dir = Path(env.get("DATA_DIR") or "instance").resolve()
        data_dir.mkdir(parents=True, exist_ok=True)
        base_url = (env.get("BASE_URL") or "http://127.0.0.1:8000").rstrip("/")
        if urlsplit(base_url).scheme not in {"http", "https"}:
            message = "BASE_URL precisa começar por http:// ou https://."
            raise SettingsError(message)
        smtp_url = env.get("SMTP_URL", "")
        if smtp_url and urlsplit(smtp_url).scheme not in {"smtp", "smtps", "smtp+starttls"}:
            message = "SMTP_URL precisa começar por smtp://, smtps:// ou smtp+starttls://."
            raise SettingsError(message)
        mail_from = env.get("MAIL_FROM", "")
        if smtp_url and not mail_from:
            message = "Com SMTP_URL definido, informe também MAIL_FROM, o remetente das mensagens."
            raise SettingsError(message)
        defaults = Body()
        clamd_url = env.get("CLAMD_URL", "")
        clamd = urlsplit(clamd_url)
        if clamd_url and not (clamd.scheme == "unix" and clamd.path) and not (clamd.scheme == "tcp" and clamd.port):
            message = "CLAMD_URL precisa ser unix:///caminho/do/soquete ou tcp://máquina:porta."
            raise SettingsError(message)
        body = Body(
            name=env.get("BODY_NAME") or defaults.name,
            acronym=env.get("BODY_ACRONYM") or defaults.acronym,
            cnpj=env.get("BODY_CNPJ") or defaults.cnpj,
            address=env.get("BODY_ADDRESS") or defaults.address,
            encarregado=env.get("BODY_ENCARREGADO", ""),
            encarregado_substitute=env.get("BODY_ENCARREGADO_SUBSTITUTE", ""),
            contact_email=env.get("BODY_CONTACT_EMAIL", ""),
            contact_phone=env.get("BODY_CONTACT_PHONE", ""),
            signatory=env.get("BODY_SIGNATORY", ""),
            committee_email=env.get("BODY_COMMITTEE_EMAIL", ""),
        )
        return cls(
            database_url=_database_url(env.get("DATABASE_URL", ""), data_dir),
            secret_key=env.get("SECRET_KEY") or _kept_secret(data_dir),
            data_dir=data_dir,
            smtp_url=smtp_url,
            mail_from=mail_from or f"nao-responda@{urlsplit(base_url).hostname or 'localhost'}",
            base_url=base_url,
            body=body,
            demo=env.get("DEMO", "") == "1",
            secure_cookies=base_url.startswith("https://"),
            upload_limit_mb=_whole(env, "UPLOAD_LIMIT_MB", 25),
            session_hours=_whole(env, "SESSION_HOURS", 10),
            trusted_proxies=_whole(env, "TRUSTED_PROXIES", 0),
            log_format=env.get("LOG_FORMAT") or "text",
            clamd_url=clamd_url,
        )


def _database_url(url: str, data_dir: Path) -> str:
    if not url:
        return f"sqlite:///{data_dir / 'vendor-tracker.sqlite3'}"
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    if not url.startswith(("sqlite:", "postgresql+")):
        message = "DATABASE_URL precisa ser sqlite:///… ou postgresql://…"
        raise SettingsError(message)
    return url


def _kept_secret(data_dir: Path) -> str:
    """Return the secret of this installation, made once and kept in a file only its owner reads."""
    path = data_dir / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdecimal():
        message = f"{name} precisa ser um número inteiro; veio {text!r}."
        raise SettingsError(message)
    return int(text)
