"""Filters of the painel under a name. They belong to one person; what is withdrawn stays on record."""

from dataclasses import dataclass

from vendor_tracker.store import views as store
from vendor_tracker.store.search import folded
from vendor_tracker.store.standings import UnitRow, units
from vendor_tracker.store.tables import SavedView
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, Work, act, look

MOST = 40
"""Saved filters of one person: a list that long is no shortcut any more."""

LONGEST_NAME = 80
LONGEST_QUERY = 600


@dataclass(frozen=True, slots=True)
class View:
    """Filters under a name; ``query`` is what stands in the address after the question mark."""

    id: int
    name: str
    query: str
    is_default: bool


@dataclass(frozen=True, slots=True)
class ViewsPage:
    """Everything that a person saved."""

    title: str
    views: tuple[View, ...]
    units: tuple[UnitRow, ...]
    """To say in words which unit a filter names."""


def views_page(actor: Actor) -> ViewsPage:
    """Return what the actor saved, by name."""
    with look() as session:
        rows = store.of_user(session, _user_id(actor))
        return ViewsPage("Filtros salvos", tuple(view_of(row) for row in rows), tuple(units(session)))


def view_of(row: SavedView) -> View:
    """Return a row as pages show it."""
    return View(row.id, row.name, row.query, row.is_default)


def save(actor: Actor, *, name: str, query: str) -> View:
    """Save filters under a name; raises :class:`UseCaseError` for an empty or taken name, or for no filter."""
    if not query or len(query) > LONGEST_QUERY:
        raise UseCaseError(
            "Escolha ao menos um filtro antes de salvar." if not query else "Os filtros são longos demais."
        )
    with act(actor) as work:
        rows = _held(work)
        if len(rows) >= MOST:
            raise UseCaseError(f"Você já tem {MOST} filtros salvos. Retire um que não usa mais.", field="name")
        said = _free(name, rows)
        row = SavedView(
            user_id=_user_id(actor), name=said, query=query, is_default=False, created_at=work.now, withdrawn_at=None
        )
        work.session.add(row)
        work.session.flush()
        work.trail("view_saved", "saved_view", row.id, f"Filtros do painel salvos como “{said}”.", {"query": query})
        return view_of(row)


def rename(actor: Actor, *, view_id: int, name: str) -> bool:
    """Give saved filters another name; ``False`` when it is the same."""
    with act(actor) as work:
        rows = _held(work)
        row = _own(rows, view_id)
        said = _free(name, [each for each in rows if each.id != view_id])
        if said == row.name:
            return False
        former, row.name = row.name, said
        work.trail("view_renamed", "saved_view", row.id, f"Filtros salvos “{former}” passam a se chamar “{said}”.")
        return True


def make_default(actor: Actor, *, view_id: int, default: bool) -> None:
    """Open the painel with these filters from now on, or, when ``default`` is false, with none."""
    with act(actor) as work:
        rows = _held(work)
        row = _own(rows, view_id)
        if row.is_default is default:
            return
        for each in rows:
            each.is_default = default and each.id == view_id
        said = "abre com" if default else "não abre mais com"
        work.trail("view_default_set", "saved_view", row.id, f"O painel {said} os filtros “{row.name}”.")


def withdraw(actor: Actor, *, view_id: int) -> None:
    """Offer saved filters no more. They stay on record."""
    with act(actor) as work:
        row = _own(_held(work), view_id)
        row.withdrawn_at, row.is_default = work.now, False
        work.trail("view_withdrawn", "saved_view", row.id, f"Filtros salvos “{row.name}” retirados.")


def _held(work: Work) -> list[SavedView]:
    user_id = _user_id(work.actor)
    store.hold(work.session, user_id)
    return store.of_user(work.session, user_id)


def _own(rows: list[SavedView], view_id: int) -> SavedView:
    for row in rows:
        if row.id == view_id:
            return row
    raise NotFoundError("Não há esses filtros salvos.")


def _free(name: str, rows: list[SavedView]) -> str:
    said = " ".join(name.split())
    if not said:
        raise UseCaseError("Dê um nome aos filtros.", field="name")
    if len(said) > LONGEST_NAME:
        raise UseCaseError(f"Use um nome de até {LONGEST_NAME} letras.", field="name")
    if any(folded(row.name) == folded(said) for row in rows):
        raise UseCaseError(f"Você já tem filtros salvos com o nome “{said}”.", field="name")
    return said


def _user_id(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotFoundError("Só uma pessoa com conta salva filtros.")
    return actor.user_id
