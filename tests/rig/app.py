"""The application under test: prepared database, a client that inspects what it fetches, sign-in, a maker of records."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from lxml import html

PASSWORD = "uma frase para testes"
ROW_IDS = count(1)


def prepare(url: str) -> None:
    """Make every table in the database at ``url``; leaves no connection open."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    from vendor_tracker.store.setup import create_all

    engine = create_engine(url, poolclass=NullPool)
    create_all(engine)
    engine.dispose()


def make_settings(database_url: str, data_dir: Path, **changes: Any) -> Any:
    """Return settings for tests."""
    from vendor_tracker.settings import Body, Settings

    data_dir.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = {
        "database_url": database_url,
        "secret_key": "só para testes, nunca fora deles",
        "data_dir": data_dir,
        "mail_from": "protecaodedados@orgao.example",
        "base_url": "http://127.0.0.1",
        "body": Body(
            contact_email="protecaodedados@orgao.example",
            contact_phone="(61) 0000-0000",
            encarregado="Helena Prado",
            signatory="Diretoria-Geral",
        ),
    }
    return Settings(**{**values, **changes})


def hurry_passwords() -> None:
    """Hash passwords quickly: it is slow on purpose, hundreds of tests sign in, and none is about that slowness."""
    from argon2 import PasswordHasher

    from vendor_tracker.usecases import accounts

    accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@contextmanager
def opened(database_url: str, data_dir: Path, **changes: Any) -> Iterator[Any]:
    """Build the application on a prepared database and let its connections go at the end."""
    from vendor_tracker.app import create_app
    from vendor_tracker.store.base import db
    from vendor_tracker.usecases import quarantine

    hurry_passwords()
    # Nor do hundreds of small files open in a process of their own: the tests about quarantine bring the real one back.
    quarantine.opener = lambda _data, _name, _seconds: None
    app = create_app(make_settings(database_url, data_dir, **changes))
    app.testing = True
    with app.app_context():
        yield app
        db.engine.dispose()


@pytest.fixture
def app(databases: Any, tmp_path: Path) -> Iterator[Any]:
    """The application on an empty SQLite database, inside its context."""
    with databases.fresh("sqlite", prepared_by=prepare) as url, opened(url, tmp_path / "data") as application:
        yield application


@pytest.fixture
def app_on_each_database(databases: Any, database_kind: Any, tmp_path: Path) -> Iterator[Any]:
    """The application on SQLite, then on PostgreSQL."""
    with databases.fresh(database_kind, prepared_by=prepare) as url, opened(url, tmp_path / "data") as application:
        yield application


def inspect_page(body: str, path: str) -> html.HtmlElement:
    """Refuse a page that breaks a rule every page obeys; returns its tree."""
    tree = html.fromstring(body)
    assert tree.get("lang") == "pt-BR", f"{path}: the page is not marked as Portuguese"
    headings = tree.xpath("//h1")
    assert len(headings) == 1, f"{path}: {len(headings)} h1 instead of one"
    title = (tree.findtext(".//title") or "").strip()
    assert title, f"{path}: no title"
    ids = [node.get("id") for node in tree.xpath("//*[@id]")]
    twice = {name for name in ids if ids.count(name) > 1}
    assert not twice, f"{path}: duplicate ids {twice}"
    for control in tree.xpath("//input[not(@type='hidden') and not(@type='submit')] | //select | //textarea"):
        named = control.get("aria-label") or control.get("aria-labelledby")
        assert named or tree.xpath(f"//label[@for={control.get('id')!r}]"), (
            f"{path}: no label for {html.tostring(control, encoding='unicode')[:120]}"
        )
    for table in tree.xpath("//table"):
        assert table.xpath("./caption") or table.get("aria-label") or table.get("aria-labelledby"), (
            f"{path}: a table without caption"
        )
    assert not tree.xpath("//*[@style]"), f"{path}: inline style"
    assert not tree.xpath("//script[not(@src)]"), f"{path}: inline script"
    for form in tree.xpath("//form[translate(@method,'POST','post')='post']"):
        assert form.xpath(".//input[@name='csrf_token']"), f"{path}: a form without its token"
    for holder in tree.xpath("//*[@aria-describedby]"):
        for name in holder.get("aria-describedby").split():
            assert name in ids, f"{path}: aria-describedby points at a missing {name}"
    assert "None" not in [text.strip() for text in tree.xpath("//body//text()")], f"{path}: a bare None is printed"
    return tree


class Inspector:
    """A test client that reads every page as a careful reviewer would and fills in the form token by itself."""

    def __init__(self, application: Any) -> None:
        """Wrap the application's own client."""
        self.application = application
        self.plain = application.test_client()
        self.tree: html.HtmlElement | None = None

    def get(self, path: str, **options: Any) -> Any:
        """Fetch a page."""
        # A context of its own, as on a server: what Flask keeps in ``g`` must not leak from one visitor to the next.
        # What is handed out piece by piece is read to its end, or it would outlive its context.
        with self.application.app_context():
            return self._seen(self.plain.get(path, **{"buffered": True, **options}), path)

    def post(self, path: str, data: dict[str, Any] | None = None, *, token: bool = True, **options: Any) -> Any:
        """Send a form, with the token of the session."""
        fields = dict(data or {})
        if token:
            fields["csrf_token"] = self.token()
        with self.application.app_context():
            return self._seen(self.plain.post(path, data=fields, **{"buffered": True, **options}), path)

    def token(self) -> str:
        """Return a valid form token for this session."""
        with self.application.app_context():
            page = self.plain.get("/entrar")
        if page.status_code == 303:
            with self.application.app_context():
                page = self.plain.get("/minha-senha")
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert found, "no page with a form token"
        return found[1]

    def _seen(self, response: Any, path: str) -> Any:
        response.tree = None
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303}:
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            response.tree = self.tree = inspect_page(response.text, path)
            response.words = " ".join(" ".join(response.tree.xpath("//main//text()")).split())
        return response


@pytest.fixture
def client(app: Any) -> Inspector:
    """A client of the SQLite application that nobody has signed in with."""
    return Inspector(app)


@pytest.fixture
def sign_in(make: "Maker") -> Callable[..., Any]:
    """A function that signs a client in as somebody of a role: ``sign_in(client, "legal")``; returns the account's actor."""

    def enter(client: Inspector, role: str = "admin") -> Any:
        actor = make.user(role)
        answer = client.post("/entrar", {"email": actor.name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return actor

    return enter


@dataclass
class Maker:
    """Makes records straight in the tables, for tests about something else; the use cases have tests of their own."""

    session_factory: Callable[[], Any]
    made: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def writing(self) -> Iterator[Any]:
        """Open a session and commit at the end."""
        with self.session_factory() as session:
            yield session
            session.commit()

    def user(self, role: str = "admin", *, password: str = PASSWORD) -> Any:
        """Make an account of a role; returns its actor."""
        from contracts.vocabulary import UserRole
        from vendor_tracker.usecases import accounts
        from vendor_tracker.usecases.work import Actor

        number = next(ROW_IDS)
        user_id = accounts.add_user(
            Actor("tests"),
            email=f"{role}{number}@orgao.example",
            name=f"Pessoa {role.capitalize()} {number}",
            role=UserRole(role),
            password=password,
        )
        account = accounts.account_by_id(user_id)
        assert account is not None
        return account.actor

    def unit(self, name: str = "Tecnologia da Informação") -> int:
        """Make a unit; returns its id."""
        from vendor_tracker.store.tables import Unit

        with self.writing() as session:
            unit = Unit(code=f"U{next(ROW_IDS)}", name=name, acronym="")
            session.add(unit)
            session.flush()
            return unit.id

    def operator(self, name: str = "Nuvem Serrana Hospedagem S.A.", **fields: Any) -> int:
        """Make an operator with a valid fictional CNPJ; returns its id."""
        from contracts.vocabulary import Regime
        from tests.rig.cnpj import make_cnpj
        from vendor_tracker.store.search import folded
        from vendor_tracker.store.tables import Operator

        moment = fields.pop("created_at", datetime.now(UTC))
        number = next(ROW_IDS)
        values = {"cnpj": make_cnpj(number).value, "regime": Regime.PRIVATE, **fields}
        with self.writing() as session:
            operator = Operator(name=name, search_name=folded(name), created_at=moment, updated_at=moment, **values)
            session.add(operator)
            session.flush()
            return operator.id

    def agreement(
        self,
        operator_id: int | None = None,
        *,
        kind: str = "contrato",
        number: str | None = None,
        recorded_at: datetime | None = None,
        holds_from: date | None = None,
        **revision: Any,
    ) -> int:
        """Make an agreement in force with one revision; ``revision`` names columns of AgreementRevision. Returns its id."""
        from contracts.vocabulary import AgreementKind
        from vendor_tracker.store.search import folded
        from vendor_tracker.store.tables import Agreement, AgreementRevision

        recorded_at = recorded_at or datetime.now(UTC) - timedelta(days=1)
        today = datetime.now(UTC).date()
        own = {key: revision.pop(key) for key in ("pncp_id", "unit_id", "external_id", "source") if key in revision}
        values = {
            "sei_process": "01234/2025",
            "object": "Hospedagem de sistemas de informação",
            "signed_on": today - timedelta(days=400),
            "starts_on": today - timedelta(days=400),
            "ends_on": today + timedelta(days=700),
            **revision,
        }
        operator_id = operator_id or self.operator()
        with self.writing() as session:
            agreement = Agreement(
                operator_id=operator_id,
                kind=AgreementKind(kind),
                number=number or f"{next(ROW_IDS):05}/2025",
                created_at=recorded_at,
                **own,
            )
            session.add(agreement)
            session.flush()
            row = AgreementRevision(
                agreement_id=agreement.id,
                holds_from=holds_from or values["signed_on"] or today,
                recorded_at=recorded_at,
                reason="Registrado",
                **values,
            )
            session.add(row)
            session.flush()
            agreement.current_revision_id = row.id
            agreement.search_text = folded(f"{agreement.number} {values['sei_process']} {values['object']}")
            return agreement.id

    def contact(
        self, operator_id: int, *, role: str = "preposto", email: str = "preposto@fornecedor.example", **fields: Any
    ) -> int:
        """Make a contact of an operator; returns its id."""
        from contracts.vocabulary import ContactRole
        from vendor_tracker.store.tables import Contact

        moment = fields.pop("recorded_at", datetime.now(UTC) - timedelta(days=1))
        values = {"name": "Renato Villar", "since": (datetime.now(UTC) - timedelta(days=300)).date(), **fields}
        with self.writing() as session:
            contact = Contact(
                operator_id=operator_id, role=ContactRole(role), email=email, recorded_at=moment, **values
            )
            session.add(contact)
            session.flush()
            return contact.id

    def add(self, row: Any) -> Any:
        """Store any row and return it, loaded."""
        with self.writing() as session:
            session.add(row)
            session.flush()
            session.refresh(row)
            session.expunge(row)
            return row


@pytest.fixture
def make(request: pytest.FixtureRequest) -> Maker:
    """The maker of records, on whichever application the test uses."""
    name = "app_on_each_database" if "app_on_each_database" in request.fixturenames else "app"
    request.getfixturevalue(name)
    from sqlalchemy.orm import Session

    from vendor_tracker.store.base import db

    return Maker(lambda: Session(db.engine.execution_options(writes=True), expire_on_commit=False))


@dataclass
class QueryCount:
    """How many statements were sent."""

    statements: list[str] = field(default_factory=list)

    def __int__(self) -> int:
        """Return how many."""
        return len(self.statements)


@pytest.fixture
def count_queries(request: pytest.FixtureRequest) -> Callable[[], Any]:
    """A context manager that counts the statements sent to the database: ``with count_queries() as queries: …``."""
    name = "app_on_each_database" if "app_on_each_database" in request.fixturenames else "app"
    request.getfixturevalue(name)

    @contextmanager
    def counting() -> Iterator[QueryCount]:
        from sqlalchemy import event

        from vendor_tracker.store.base import db

        seen = QueryCount()

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
                seen.statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
