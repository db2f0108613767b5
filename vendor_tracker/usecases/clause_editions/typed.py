"""What somebody typed as a new version of a clause, and what is wrong or worth a second look in it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from clause_library.catalogue import Catalogue, CatalogueError, Clause, load_catalogue
from clause_library.editions import Edition, advice, as_text, clause_of, condition_as_data, with_editions
from contracts.vocabulary import INCISOS, Formality
from vendor_tracker.store import editions
from vendor_tracker.store.tables import ClauseEdition
from vendor_tracker.usecases.clause_texts import OF_AGREEMENTS
from vendor_tracker.usecases.edition_steps import LONGEST_REASON
from vendor_tracker.usecases.judging import edition_of
from vendor_tracker.usecases.work import NotFoundError, UseCaseError

LONGEST_TITLE = 200
LONGEST_BODY = 40_000
LONGEST_WHY = 1_000

NO_CLAUSE = "Esta cláusula não existe."

COMPOUND = "como-esta"
"""What the form says of a condition that is more than one name: it is kept as it is."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A version of a clause as its author has typed it so far; it need not make sense yet.

    ``applies`` is the name of a condition, or :data:`COMPOUND` for the one of the version that it began with.
    """

    title: str
    body: str
    incisos: tuple[str, ...]
    formalities: tuple[Formality, ...]
    applies: str
    why: str
    reason: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a version as typed would be: the clause, when it can be read, and what to mend or to look at."""

    clause: Clause | None
    problems: tuple[str, ...]
    advice: tuple[str, ...]
    catalogue: Catalogue
    """The library with this version in it, when it can be used; else without it."""


def typed_of(row: ClauseEdition) -> Typed:
    """Return what is on record of an edition as the form shows it."""
    return Typed(
        title=row.title,
        body=row.body,
        incisos=tuple(row.incisos),
        formalities=tuple(Formality(value) for value in row.formalities),
        applies=row.applies_when if isinstance(row.applies_when, str) else COMPOUND,
        why=row.why,
        reason=row.reason,
        since=row.since,
    )


def typed_from(clause: Clause) -> Typed:
    """Return the text of a clause, for beginning its next version."""
    condition = condition_as_data(clause.applies_when)
    return Typed(
        title=clause.title,
        body=as_text(clause),
        incisos=clause.incisos,
        formalities=clause.formalities,
        applies=condition if isinstance(condition, str) else COMPOUND,
        why=clause.why,
        reason="",
        since=None,
    )


def base_of(catalogue: Catalogue, clause_id: str, on: date) -> Clause:
    """Return the text that a new version begins with: the one in force, else the newest there is.

    Raises :class:`NotFoundError`.
    """
    versions = catalogue.versions_of(clause_id)
    if not versions:
        raise NotFoundError(NO_CLAUSE)
    return next((clause for clause in versions if clause.in_force(on)), versions[-1])


def base_of_edition(catalogue: Catalogue, row: ClauseEdition, on: date) -> Clause:
    """Return the text that an edition began with; the one in force, when a release took that file away."""
    versions = catalogue.versions_of(row.clause_id)
    began = next((clause for clause in versions if clause.version == row.based_on), None)
    return began or base_of(catalogue, row.clause_id, on)


def condition_data(typed: Typed, base: Clause) -> object:
    """Return the condition as it is kept; raises :class:`UseCaseError` for a name that is not on the list."""
    if typed.applies == COMPOUND:
        return condition_as_data(base.applies_when)
    if typed.applies not in OF_AGREEMENTS:
        message = "Escolha na lista quando a cláusula entra."
        raise UseCaseError(message, field="applies")
    return typed.applies


def check_limits(typed: Typed) -> None:
    """Refuse what cannot even be kept as a draft; raises :class:`UseCaseError`."""
    for field, text, most in (
        ("title", typed.title, LONGEST_TITLE),
        ("body", typed.body, LONGEST_BODY),
        ("why", typed.why, LONGEST_WHY),
        ("reason", typed.reason, LONGEST_REASON),
    ):
        if len(text) > most:
            message = f"O texto passa de {most:n} caracteres."
            raise UseCaseError(message, field=field)
    if not typed.title.strip():
        raise UseCaseError("Informe o título da cláusula.", field="title")
    if not typed.body.strip():
        raise UseCaseError("Escreva o texto da cláusula.", field="body")
    if set(typed.incisos) - set(INCISOS):
        raise UseCaseError("Escolha os incisos na lista.", field="incisos")


def normal_body(text: str) -> str:
    """Return a typed body as it is kept: its line ends alike, tabs as three spaces, no spaces at the ends of lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "   ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def next_number(catalogue: Catalogue, clause_id: str) -> int:
    """Return the number of the version that would follow those of the library, scheduled ones included."""
    return catalogue.versions_of(clause_id)[-1].version + 1


def first_day(catalogue: Catalogue, clause_id: str, today: date) -> date:
    """Return the first day from which a new version may hold: today, or the day after the newest version begins."""
    return max(today, catalogue.versions_of(clause_id)[-1].since + timedelta(days=1))


def as_edition(clause_id: str, typed: Typed, *, number: int, since: date, condition: object) -> Edition:
    """Return what was typed as the clause library takes it."""
    return Edition(
        clause_id=clause_id,
        version=number,
        since=since,
        title=" ".join(typed.title.split()),
        body=normal_body(typed.body),
        incisos=tuple(inciso for inciso in INCISOS if inciso in typed.incisos),
        formalities=tuple(formality.value for formality in Formality if formality in typed.formalities),
        applies_when=json.dumps(condition, ensure_ascii=False),
        why=" ".join(typed.why.split()) or "–",
    )


def check(session: Session, catalogue: Catalogue, edition: Edition) -> Checked:
    """Read an edition and try it in the library, with what was approved before it; nothing is raised."""
    try:
        clause = clause_of(edition, catalogue.placeholders)
    except CatalogueError as error:
        return Checked(None, (error.said,), (), catalogue)
    worth = advice(clause, catalogue)
    try:
        tried = with_editions(load_catalogue(), [*approved_editions(session), edition])
    except CatalogueError as error:
        return Checked(clause, (error.said,), worth, catalogue)
    return Checked(clause, (), worth, tried)


def approved_editions(session: Session) -> Sequence[Edition]:
    """Return the approved editions as the clause library takes them."""
    return [edition_of(row, row.since) for row in editions.approved(session) if row.since is not None]
