"""What the pages about new versions of clauses show."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from clause_library.catalogue import Catalogue, Clause
from clause_library.draft import Blank, plain
from clause_library.editions import condition_as_data
from clause_library.placeholders import document_parameters, load_placeholders
from clause_library.resolving import Resolver
from clause_library.subjects import subject_of
from contracts.vocabulary import EditionState, Exposure
from vendor_tracker import clock
from vendor_tracker.settings import Body
from vendor_tracker.store import editions, search
from vendor_tracker.store.editions import EditionRow
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.usecases import describing
from vendor_tracker.usecases import edition_steps as steps
from vendor_tracker.usecases.clause_editions import example
from vendor_tracker.usecases.clause_editions.typed import (
    NO_CLAUSE,
    Typed,
    as_edition,
    base_of,
    base_of_edition,
    check,
    condition_data,
    first_day,
    next_number,
    typed_from,
    typed_of,
)
from vendor_tracker.usecases.clause_texts import (
    Difference,
    Fill,
    TextLine,
    TextTable,
    blocks_of,
    condition_in_words,
    difference,
    previous_of,
)
from vendor_tracker.usecases.edition_steps import NO_EDITION, ActLine
from vendor_tracker.usecases.judging import catalogue_of, edition_of, policy_of
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, look

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class PreviewView:
    """A version as typed: what is wrong with it, how it reads filled in, and how it differs from the text before it."""

    problems: tuple[str, ...]
    advice: tuple[str, ...]
    heading: str
    blocks: tuple[TextLine | TextTable, ...]
    filled_with: str
    """Whose data fill the fields: an agreement, or the fictional example."""
    not_found: str
    """What was looked for and not found, when no agreement matched."""
    difference: Difference | None


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field that a clause may use: how it is written, what it is called, and of what it is part."""

    written: str
    label: str
    group: str


@dataclass(frozen=True, slots=True)
class EditorPage:
    """The page on which a new version is written."""

    title: str
    clause_id: str
    clause_title: str
    in_force: Clause
    number: int
    edition: int | None
    """Lineage of the draft, once it was kept."""
    waiting: bool
    """Whether the edition waits for approval, and so is not written on."""
    revision: int
    typed: Typed
    returned: str
    """Why the draft was given back, when it was."""
    first_day: date
    compound: str
    """The condition in words when it is more than one name."""
    preview: PreviewView
    fields: tuple[FieldLine, ...]
    clauses: tuple[tuple[str, str], ...]
    """Id and title of every other clause, for references."""


@dataclass(frozen=True, slots=True)
class EditionPage:
    """An edition: what it says, what changes, what was done about it, and what this person may do."""

    title: str
    lineage: int
    revision: int
    clause_id: str
    clause_title: str
    number: int
    before: int
    """The version that the difference is told from."""
    state: EditionState
    holds: str
    """``""``, ``scheduled``, ``in_force`` or ``past``: where an approved edition stands today."""
    since: date | None
    until: date | None
    reason: str
    author: str
    approver: str
    incisos: tuple[str, ...]
    applies: str
    preview: PreviewView
    acts: tuple[ActLine, ...]
    may_approve: bool
    why_not: str
    """Why this person does not approve it, when it waits for approval."""
    may_withdraw: bool
    first_day: date
    outdated: int
    """How many agreements carry an older text of the clause once this one holds."""


@dataclass(frozen=True, slots=True)
class EditionsPage:
    """The list of editions."""

    title: str
    rows: tuple[EditionRow, ...]
    total: int
    number: int
    size: int
    state: EditionState | None
    today: date


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """Two versions of a clause, word by word."""

    title: str
    clause_id: str
    clause_title: str
    old: Clause
    new: Clause
    versions: tuple[int, ...]
    difference: Difference


# ----------------------------------------------------------------------------------------------------------------------
# Writing
# ----------------------------------------------------------------------------------------------------------------------


def editor_page(
    body: Body, *, clause_id: str, typed: Typed | None = None, revision: int | None = None, words: str = ""
) -> EditorPage:
    """Return the page for writing a new version: the draft on record, else the text in force; or what was just typed.

    ``revision`` is what the author saw when ``typed`` is given. ``words`` name the agreement to fill the preview with.
    Raises :class:`NotFoundError`.
    """
    today = clock.today()
    with look() as session:
        catalogue = catalogue_of(session)
        in_force = base_of(catalogue, clause_id, today)
        row = editions.open_edition(session, clause_id)
        started_from = in_force if row is None else base_of_edition(catalogue, row, today)
        shown = typed or (typed_from(in_force) if row is None else typed_of(row))
        number = next_number(catalogue, clause_id)
        one_name = isinstance(condition_as_data(started_from.applies_when), str)
        compound = "" if one_name else condition_in_words(started_from.applies_when)
        return EditorPage(
            title=f"Nova versão: {in_force.title}",
            clause_id=clause_id,
            clause_title=in_force.title,
            in_force=in_force,
            number=number,
            edition=None if row is None else row.lineage,
            waiting=row is not None and row.state is EditionState.SUBMITTED,
            revision=revision if revision is not None else 0 if row is None else row.id,
            typed=shown,
            returned=row.note if row is not None and row.state is EditionState.DRAFT else "",
            first_day=first_day(catalogue, clause_id, today),
            compound=compound,
            preview=_preview(session, body, catalogue, clause_id, shown, started_from, number, words),
            fields=_fields(catalogue),
            clauses=tuple(
                (clause.id, clause.title) for clause in catalogue.on(today).values() if clause.id != clause_id
            ),
        )


def _preview(
    session: Session,
    body: Body,
    catalogue: Catalogue,
    clause_id: str,
    typed: Typed,
    base: Clause,
    number: int,
    words: str,
) -> PreviewView:
    today = clock.today()
    first = first_day(catalogue, clause_id, today)
    try:
        condition = condition_data(typed, base)
    except UseCaseError as error:
        return PreviewView((error.message,), (), typed.title, (), example.NAME, "", None)
    since = typed.since if typed.since is not None and typed.since >= first else first
    found = check(session, catalogue, as_edition(clause_id, typed, number=number, since=since, condition=condition))
    before = base_of(catalogue, clause_id, since)
    return _read(session, body, found.clause, before, found.problems, found.advice, found.catalogue, words, typed.title)


def _read(
    session: Session,
    body: Body,
    clause: Clause | None,
    before: Clause | None,
    problems: tuple[str, ...],
    advice: tuple[str, ...],
    catalogue: Catalogue,
    words: str,
    heading: str,
) -> PreviewView:
    fill, name, not_found = _filler(session, body, catalogue, words)
    return PreviewView(
        problems=problems,
        advice=advice,
        heading=heading if clause is None else clause.title,
        blocks=() if clause is None else blocks_of(catalogue, clause, fill),
        filled_with=name,
        not_found=not_found,
        difference=None if clause is None or before is None else difference(catalogue, before, clause),
    )


def _filler(session: Session, body: Body, catalogue: Catalogue, words: str) -> tuple[Fill, str, str]:
    today = clock.today()
    found = search.agreements(session, words.strip(), limit=1) if words.strip() else []
    if found:
        description = describing.description_of(session, found[0].id, body=body, on=today)
        name = f"{agreement_label(found[0].kind, found[0].number)}, {found[0].operator}"
    else:
        description, name = example.description(body), example.NAME
    numbers = document_parameters(policy_of(session).on(today), Exposure.MEDIUM)
    known = load_placeholders().parameters
    most = {key: known[f"parametro.{key}"].maximum for key in numbers}
    allowed = {key: value for key, value in numbers.items() if (limit := most[key]) is None or value <= limit}
    resolver = Resolver(
        description, parameters=allowed, placeholders=catalogue.placeholders, document_name="Anexo", on=clock.today()
    )
    chain = description.sub_operators or (None,)

    def fill(field: str) -> tuple[str, bool]:
        try:
            line = resolver.resolve(field, chain[0] if field.startswith("suboperador.") else None)
        except KeyError:
            return "", False  # The field belongs to a document about something else than an agreement.
        if any(isinstance(inline, Blank) for inline in line):
            return "", False
        return plain(line), True

    return fill, name, "" if found or not words.strip() else words.strip()


_GROUPS = {
    "orgao": "O órgão",
    "operador": "O operador",
    "parte": "O operador",
    "instrumento": "O instrumento",
    "tratamento": "O tratamento",
    "suboperador": "Suboperadores (uma linha de quadro para cada um)",
    "parametro": "Parâmetros administrativos",
    "aditivo": "O termo aditivo",
    "documento": "Este documento",
}


def _fields(catalogue: Catalogue) -> tuple[FieldLine, ...]:
    placeholders = catalogue.placeholders
    labels = {name: fact.label for name, fact in placeholders.facts.items() if not subject_of(name)}
    labels |= {name: parameter.label for name, parameter in placeholders.parameters.items()}
    lines = [
        FieldLine(f"{{{name}}}", label, _GROUPS.get(name.partition(".")[0], "Outros")) for name, label in labels.items()
    ]
    order = list(dict.fromkeys([*_GROUPS.values(), "Outros"]))
    return tuple(sorted(lines, key=lambda line: (order.index(line.group), line.written)))


# ----------------------------------------------------------------------------------------------------------------------
# Deciding
# ----------------------------------------------------------------------------------------------------------------------


def edition_page(actor: Actor, body: Body, *, lineage: int, words: str = "") -> EditionPage:
    """Return an edition for its page; raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        row = editions.edition(session, lineage)
        if row is None:
            raise NotFoundError(NO_EDITION)
        catalogue = catalogue_of(session)
        approved = row.state is EditionState.APPROVED
        clause = next((each for each in catalogue.versions_of(row.clause_id) if each.version == row.number), None)
        first = first_day(catalogue, row.clause_id, today)
        if approved and clause is not None:
            before = previous_of(catalogue, clause)
            shown_clause: Clause | None = clause
            shown = _read(session, body, clause, before, (), (), catalogue, words, row.title)
        else:
            since = row.since if row.since is not None and row.since >= first else first
            before = base_of(catalogue, row.clause_id, since)
            edition = replace(edition_of(row, since), version=next_number(catalogue, row.clause_id))
            found = check(session, catalogue, edition)
            shown_clause = found.clause
            problems = found.problems if row.state is not EditionState.WITHDRAWN else ()
            shown = _read(
                session, body, found.clause, before, problems, found.advice, found.catalogue, words, row.title
            )
        done = editions.acts(session, lineage)
        newest = {row.clause_id: row.since} if approved and row.since is not None else {}
        may_approve, why_not = steps.may_approve(actor, row.state, done, of="de uma cláusula")
        names = {act.by_id: act.by for act in done}
        return EditionPage(
            title=f"{row.title}: versão {row.number}",
            lineage=lineage,
            revision=row.id,
            clause_id=row.clause_id,
            clause_title=row.title,
            number=row.number,
            before=before.version if before is not None else row.based_on,
            state=row.state,
            holds=_holds(clause, today) if approved else "",
            since=row.since,
            until=clause.until if approved and clause is not None else None,
            reason=row.reason,
            author=names.get(row.author_id, ""),
            approver=names.get(row.approver_id, "") if row.approver_id is not None else "",
            incisos=tuple(row.incisos),
            applies="" if shown_clause is None else condition_in_words(shown_clause.applies_when),
            preview=shown,
            acts=steps.history(done),
            may_approve=may_approve,
            why_not=why_not,
            may_withdraw=steps.may_withdraw(row.state, row.since, today),
            first_day=first,
            outdated=editions.how_many_by_clause(session, newest, today=today).get(row.clause_id, 0),
        )


def _holds(clause: Clause | None, today: date) -> str:
    if clause is None:
        return ""
    if today < clause.since:
        return "scheduled"
    return "in_force" if clause.in_force(today) else "past"


def index(*, state: EditionState | None = None, page: int = 1) -> EditionsPage:
    """Return a page of the list of editions, what changed last first."""
    with look() as session:
        rows, total = editions.editions(session, state=state, page=page, size=PAGE_SIZE)
    return EditionsPage("Versões de cláusulas", tuple(rows), total, page, PAGE_SIZE, state, clock.today())


def comparison(*, clause_id: str, old: int | None = None, new: int | None = None) -> ComparisonPage:
    """Return two versions of a clause, word by word; by default the last two. Raises :class:`NotFoundError`."""
    with look() as session:
        catalogue = catalogue_of(session)
    versions = {clause.version: clause for clause in catalogue.versions_of(clause_id)}
    if not versions:
        raise NotFoundError(NO_CLAUSE)
    numbers = sorted(versions)
    after = numbers[-1] if new is None else new
    before = max((number for number in numbers if number < after), default=after) if old is None else old
    if before not in versions or after not in versions:
        raise NotFoundError(NO_EDITION)
    first, second = versions[before], versions[after]
    return ComparisonPage(
        title=f"{second.title}: da versão {before} à versão {after}",
        clause_id=clause_id,
        clause_title=second.title,
        old=first,
        new=second,
        versions=tuple(numbers),
        difference=difference(catalogue, first, second),
    )
