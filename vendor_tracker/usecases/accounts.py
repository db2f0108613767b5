"""People who sign in: accounts, passwords, tokens."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from contracts.vocabulary import UserRole
from vendor_tracker import clock
from vendor_tracker.store import people
from vendor_tracker.store.tables import ApiToken, Unit, User
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, act, look

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 8
TRIES_PER_ADDRESS = 60
LONGEST_PASSWORD = 200
SHORTEST_PASSWORD = 12

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_urlsafe(24))
"""What an unknown address is checked against, so that it takes as long as a known one."""


class TooManyTriesError(UseCaseError):
    """Too many wrong tries in the window."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person's account as the application needs it."""

    id: int
    name: str
    email: str
    role: UserRole
    unit_id: int | None
    active: bool
    session_epoch: int

    @property
    def actor(self) -> Actor:
        """Return the person as the use cases want them."""
        return Actor(self.email, user_id=self.id, role=self.role, unit_id=self.unit_id, display=self.name)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A line of the list of people."""

    account: Account
    unit: str
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The page of people and their access."""

    title: str
    people: tuple[AccountRow, ...]
    units: tuple[tuple[int, str], ...]


def _account(user: User) -> Account:
    return Account(user.id, user.name, user.email, user.role, user.unit_id, user.active, user.session_epoch)


def account_by_id(user_id: int) -> Account | None:
    """Return the account, or ``None``."""
    with look() as session:
        user = session.get(User, user_id)
        return None if user is None else _account(user)


def _matches(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def sign_in(*, email: str, password: str, address: str) -> Account:
    """Let a person in; raises :class:`TooManyTriesError`, or :class:`UseCaseError` not telling which part is wrong."""
    moment = clock.now()
    key = email.strip().lower()
    with look() as session:
        by_account = people.tries(session, scope="sign_in", key=key, now=moment, window=WINDOW)
        by_address = people.tries(session, scope="sign_in_address", key=address, now=moment, window=WINDOW)
        user = people.user_by_email(session, key)
        stored = user.password_hash if user is not None and user.active else None
    if by_account >= TRIES_PER_ACCOUNT or by_address >= TRIES_PER_ADDRESS:
        message = "Muitas tentativas com dados errados. Aguarde 15 minutos e tente de novo."
        raise TooManyTriesError(message)
    if user is None or not _matches(stored, password[:LONGEST_PASSWORD]):
        with act(Actor(key[:200] or "desconhecido")) as work:
            people.count_try(work.session, scope="sign_in", key=key, now=work.now, window=WINDOW)
            people.count_try(work.session, scope="sign_in_address", key=address, now=work.now, window=WINDOW)
        message = "E-mail ou senha não conferem."
        raise UseCaseError(message)
    with act(Actor(user.email, user_id=user.id)) as work:
        row = work.session.get_one(User, user.id)
        row.last_seen_at = work.now
        work.trail("sign_in", "user", row.id, f"{row.name} entrou.")
        return _account(row)


def _set_password(user: User, password: str, *, field: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        message = f"Use de {SHORTEST_PASSWORD} a {LONGEST_PASSWORD} caracteres."
        raise UseCaseError(message, field=field)
    user.password_hash = _hasher.hash(password)
    user.session_epoch += 1


def change_password(actor: Actor, *, current: str, new: str) -> Account:
    """Change one's own password."""
    with act(actor) as work:
        user = work.session.get_one(User, actor.user_id)
        if not _matches(user.password_hash, current):
            message = "A senha atual não confere."
            raise UseCaseError(message, field="current")
        _set_password(user, new, field="new")
        work.trail("password_changed", "user", user.id, f"{user.name} trocou a própria senha.")
        return _account(user)


def add_user(
    actor: Actor, *, email: str, name: str, role: UserRole, password: str | None = None, unit_id: int | None = None
) -> int:
    """Create an account; without ``password`` nobody can enter until one is set."""
    address = email.strip().lower()
    if "@" not in address or " " in address:
        message = "Informe um e-mail válido."
        raise UseCaseError(message, field="email")
    if not name.strip():
        message = "Informe o nome."
        raise UseCaseError(message, field="name")
    with act(actor) as work:
        if people.user_by_email(work.session, address) is not None:
            message = f"Já existe uma conta para {address}."
            raise ConflictError(message, field="email")
        user = User(
            email=address,
            name=name.strip(),
            role=role,
            unit_id=unit_id,
            created_at=work.now,
            session_epoch=0,
            active=True,
        )
        if password is not None:
            _set_password(user, password, field="password")
        work.session.add(user)
        work.session.flush()
        work.trail("user_added", "user", user.id, f"Conta criada para {user.name}.", {"email": address, "role": role})
        return user.id


def set_password(actor: Actor, *, email: str, password: str) -> None:
    """Set somebody's password; their sessions end."""
    with act(actor) as work:
        user = people.user_by_email(work.session, email)
        if user is None:
            message = f"Não há conta para {email}."
            raise NotFoundError(message)
        _set_password(user, password, field="password")
        work.trail("password_set", "user", user.id, f"Senha definida para {user.name}.")


def account(user_id: int) -> Account:
    """Return the account; raises :class:`NotFoundError`."""
    found = account_by_id(user_id)
    if found is None:
        message = "Não há essa conta."
        raise NotFoundError(message)
    return found


def change_user(
    actor: Actor, *, user_id: int, role: UserRole, active: bool, unit_id: int | None, password: str | None = None
) -> None:
    """Change a person's role, unit or password, or close or reopen the account. Nobody shuts themselves out."""
    with act(actor) as work:
        user = work.session.get(User, user_id)
        if user is None:
            message = "Não há essa conta."
            raise NotFoundError(message)
        if user.id == actor.user_id and (not active or role is not UserRole.ADMIN):
            message = "Você não pode retirar o seu próprio acesso de administração."
            raise UseCaseError(message, field="role")
        before = {"role": user.role, "active": user.active, "unit_id": user.unit_id}
        if user.active and not active:
            user.session_epoch += 1
        user.role, user.active, user.unit_id = role, active, unit_id
        if password is not None:
            _set_password(user, password, field="password")
        work.trail(
            "user_changed",
            "user",
            user.id,
            f"Acesso de {user.name} alterado.",
            {"before": before, "after": {"role": role, "active": active, "unit_id": unit_id}},
        )


def people_page() -> PeoplePage:
    """Return everybody with an account."""
    with look() as session:
        rows = tuple(AccountRow(_account(user), unit or "", user.last_seen_at) for user, unit in people.users(session))
        return PeoplePage("Pessoas e acessos", rows, tuple((unit.id, unit.name) for unit in people.units(session)))


def unit_options() -> Sequence[tuple[int, str]]:
    """Return the units that may be chosen: (id, name)."""
    with look() as session:
        return tuple((unit.id, unit.name) for unit in people.units(session))


def add_unit(actor: Actor, *, code: str, name: str, acronym: str = "") -> int:
    """Register a unit of the court."""
    with act(actor) as work:
        if people.unit_by_code(work.session, code.strip()) is not None:
            message = f"Já existe uma unidade com o código {code}."
            raise ConflictError(message, field="code")
        unit = Unit(code=code.strip(), name=name.strip(), acronym=acronym.strip())
        work.session.add(unit)
        work.session.flush()
        work.trail("unit_added", "unit", unit.id, f"Unidade {unit.name} registrada.", {"code": unit.code})
        return unit.id


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def issue_token(actor: Actor, *, email: str, name: str) -> str:
    """Make a bearer token for a person; it is shown once and only its hash is kept."""
    token = "vt_" + secrets.token_urlsafe(32)
    with act(actor) as work:
        user = people.user_by_email(work.session, email)
        if user is None:
            message = f"Não há conta para {email}."
            raise NotFoundError(message)
        row = ApiToken(user_id=user.id, name=name.strip() or "sem nome", token_hash=_hash(token), created_at=work.now)
        work.session.add(row)
        work.session.flush()
        work.trail(
            "token_issued", "api_token", row.id, f"Chave de acesso à API criada para {user.name}.", {"name": row.name}
        )
    return token


def bearer(token: str) -> Account | None:
    """Return the account behind a live bearer token."""
    if not token.startswith("vt_") or len(token) > LONGEST_PASSWORD:
        return None
    with look() as session:
        found = people.token_owner(session, _hash(token))
        return None if found is None else _account(found[1])
