"""What surrounds every page: the house, the viewer, the menu. A route hands :func:`render` one frozen page value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request, url_for
from flask_login import current_user

from contracts.vocabulary import UserRole
from vendor_tracker.settings import Settings
from vendor_tracker.usecases.work import Actor
from vendor_tracker.web.access import ACCESS
from vendor_tracker.wording.labels import label


@dataclass(frozen=True, slots=True)
class House:
    """Whose product this is, as every layout prints it."""

    body_name: str
    body_acronym: str
    norm_label: str
    contact_email: str
    contact_phone: str
    demo: bool


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking."""

    name: str
    role: UserRole
    role_label: str


@dataclass(frozen=True, slots=True)
class NavItem:
    """One line of the menu."""

    label: str
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class NavGroup:
    """A titled group of the menu."""

    title: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the way here; the last has no url."""

    label: str
    url: str | None = None


MENU: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Hoje", (("Painel", "painel.show"),)),
    (
        "Registro",
        (
            ("Operadores", "operators.index"),
            ("Acordos", "agreements.index"),
            ("Registrar acordo", "agreements.create"),
            ("Importar", "imports.index"),
        ),
    ),
    (
        "Documentos",
        (("Biblioteca de cláusulas", "library.index"), ("Documentos emitidos", "documents.index")),
    ),
    (
        "Exigir",
        (
            ("Requisições", "requests.index"),
            ("Evidências a conferir", "evidence.index"),
            ("Mensagens enviadas", "messages.index"),
        ),
    ),
    (
        "Prestar contas",
        (("Obrigações e parâmetros", "book.show"), ("Trilha de auditoria", "trail.index")),
    ),
    (
        "Administrar",
        (("Pessoas e acessos", "users.index"), ("Parâmetros", "parameters.index"), ("Calendário", "calendar.index")),
    ),
)
"""The whole menu: titles, and (label, endpoint). Each person sees the lines that the access table lets them open."""


def settings() -> Settings:
    """Return the settings of this application."""
    return current_app.extensions["vendor_tracker.settings"]  # type: ignore[no-any-return]


def actor() -> Actor:
    """Return the signed-in person as the use cases want it."""
    return current_user.actor  # type: ignore[no-any-return]


def may(endpoint: str) -> bool:
    """Tell whether the signed-in person may open ``endpoint``; templates use it to leave out what would be refused."""
    access = ACCESS.get(endpoint)
    if access is None:
        return False
    return access.public or (current_user.is_authenticated and current_user.role in access.roles)


def house() -> House:
    """Return the house value of the layouts."""
    body = settings().body
    return House(
        body_name=body.name,
        body_acronym=body.acronym,
        norm_label="Portaria Presidência CNJ nº 369/2025, art. 14",
        contact_email=body.contact_email,
        contact_phone=body.contact_phone,
        demo=settings().demo,
    )


def viewer() -> Viewer | None:
    """Return who is looking, or ``None`` before sign-in."""
    if not current_user.is_authenticated:
        return None
    return Viewer(current_user.name, current_user.role, label(current_user.role))


def nav() -> tuple[NavGroup, ...]:
    """Return the menu of the person who is looking."""
    here = request.endpoint or ""
    subject = here.partition(".")[0]
    known = current_app.view_functions
    groups = []
    for title, lines in MENU:
        open_lines = [(text, endpoint) for text, endpoint in lines if endpoint in known and may(endpoint)]
        exact = {endpoint for _, endpoint in open_lines}
        items = tuple(
            NavItem(
                text,
                url_for(endpoint),
                current=endpoint == here
                or (here not in exact and endpoint.partition(".")[0] == subject and endpoint.endswith((".index", ".show"))),
            )
            for text, endpoint in open_lines
        )
        if items:
            groups.append(NavGroup(title, items))
    return tuple(groups)


def render(template: str, page: Any, *, status: int = 200, **extra: Any) -> tuple[str, int]:
    """Render ``template`` with the frozen ``page`` value, which has a ``title``; ``extra`` is for forms only."""
    return render_template(template, page=page, **extra), status


def page_number(args: Any) -> int:
    """Return the page asked for in the query, at least 1; nonsense counts as 1."""
    text = args.get("pagina", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def choices(values: Sequence[Any], *, blank: str | None = None) -> list[Any]:
    """Return WTForms choices for enumeration members, each with its Portuguese label."""
    from wtforms import SelectChoice

    listed = [SelectChoice(value=value.value, label=label(value)) for value in values]
    return ([SelectChoice(value="", label=blank)] if blank is not None else []) + listed
