"""What surrounds every page: the house, the viewer, the menu. A route hands :func:`render` one frozen page value."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import current_app, flash, g, render_template, request, url_for
from flask_login import current_user

from vendor_tracker.settings import Settings
from vendor_tracker.usecases.work import Actor
from vendor_tracker.web.access import ACCESS
from vendor_tracker.wording.labels import label
from vendor_tracker.wording.parts import House, NavGroup, NavItem, Places, Viewer

MENU: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Hoje", (("Painel", "painel.show"), ("Agenda", "agenda.index"))),
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
        (
            ("Biblioteca de cláusulas", "library.index"),
            ("Versões de cláusulas", "clause_editions.index"),
            ("Documentos emitidos", "documents.index"),
            ("Instrumentos a conferir", "instruments.index"),
        ),
    ),
    (
        "Exigir",
        (
            ("Requisições", "requests.index"),
            ("Modelos de itens", "questions.index"),
            ("Evidências a conferir", "evidence.index"),
            ("Auditorias", "audits.index"),
            ("Incidentes", "incidents.index"),
            ("Mensagens enviadas", "messages.index"),
        ),
    ),
    (
        "Prestar contas",
        (
            ("Transparência", "transparency.index"),
            ("Com quem compartilhamos", "sharing.show"),
            ("Revisão bienal", "reviews.index"),
            ("Extrato para o Ropa", "ropa.show"),
            ("Obrigações e parâmetros", "book.show"),
            ("Trilha de auditoria", "trail.index"),
        ),
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


def tell(title: str, text: str = "", kind: str = "good") -> None:
    """Tell the reader on the next page what was done, with a sentence under its title."""
    flash({"title": title, "text": text}, kind)  # type: ignore[arg-type] # It is kept in the session as JSON.


def house() -> House:
    """Return the house value of the layouts."""
    body = settings().body
    lines = []
    if body.contact_email or body.contact_phone:
        where = " ou ".join(part for part in (body.contact_email, body.contact_phone) if part)
        lines.append(f"Dúvidas: {where}.")
    return House(
        body_name=body.name,
        body_acronym=body.acronym,
        norm_label="Portaria Presidência CNJ nº 369/2025, art. 14",
        contact_lines=tuple(lines),
        demo_notice=settings().demo,
    )


def viewer() -> Viewer | None:
    """Return who is looking, or ``None`` before sign-in."""
    if not current_user.is_authenticated:
        return None
    return Viewer(current_user.name, label(current_user.role))


def places() -> Places:
    """Return the addresses that every page needs; what the viewer may not open is left out."""
    if not current_user.is_authenticated:
        return Places(home=url_for("home.start"), sign_in=url_for("session.sign_in"))

    def reach(endpoint: str) -> str:
        return url_for(endpoint) if endpoint in current_app.view_functions and may(endpoint) else ""

    return Places(
        home=reach("home.start"),
        search=reach("home.search"),
        sign_out=reach("session.sign_out"),
        account=reach("session.password"),
        law=reach("book.show"),
    )


@cache
def _version(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def static_url(name: str) -> str:
    """Return the address of a static file with its content's version, so that browsers keep it for a year."""
    folder = Path(current_app.static_folder or "")
    return url_for("static", filename=name, v=_version(folder / name))


def surround() -> dict[str, Any]:
    """Return what every layout reads; see the comments at the top of ``templates/layout``."""
    return {
        "house": house(),
        "viewer": viewer(),
        "places": places(),
        "nav": nav() if current_user.is_authenticated and not g.get("bare_page") else (),
        "static_url": static_url,
        "may": may,
    }


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
                or (
                    here not in exact
                    and endpoint.partition(".")[0] == subject
                    and endpoint.endswith((".index", ".show"))
                ),
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
