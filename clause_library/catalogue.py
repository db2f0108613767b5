"""Reads the clauses and the documents, refusing whatever is not exactly as it should be.

The data are the law office's; this file is what keeps a typing slip from reaching a signed paper.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType

from clause_library.conditions import ALWAYS, Condition, ConditionError, Situation, parse_condition
from clause_library.description import SUBJECTS
from clause_library.markup import (
    Block,
    Item,
    Line,
    MarkupError,
    Reference,
    Slot,
    lines_of,
    parse_body,
    parse_line,
    written,
)
from clause_library.phrases import DUTIES
from clause_library.placeholders import Placeholders, load_placeholders
from clause_library.subjects import list_of, subject_of
from contracts.vocabulary import INCISOS, Formality

IN_FORCE_SINCE = date(2025, 10, 20)
"""The day of the Portaria: from it on, each point has its clause on every day."""

GAPS = "@gaps"
"""In a document's list of clauses, the place of the clauses that mend the gaps."""

_CLAUSE_KEYS = frozenset(
    {"id", "title", "incisos", "formalities", "applies_when", "version", "since", "placeholders", "quotes", "why"}
)
_DOCUMENT_KEYS = frozenset(
    {"id", "version", "title", "subtitle", "header", "preamble", "clauses", "points", "closing", "signatures"}
)
_DOCUMENT_OPTIONAL = frozenset(
    {"recitals", "gap_clauses", "parties", "points_caption", "name", "subject", "numbering", "binding", "own", "since"}
    | {"without_instrument"}
)
_OWN_KEYS = frozenset({"id", "title", "why", "text"})
_OWN_OPTIONAL = frozenset({"applies_when", "incisos", "quotes"})
_POINTS_TABLES = frozenset({"matrix", "grounds", "none"})
_NUMBERINGS = frozenset({"clauses", "sections"})


class CatalogueError(ValueError):
    """The data of the library are wrong; the message names the file and what to mend.

    ``said`` says it in Portuguese to who writes a clause on a page, where a slip of the author can lead to it.
    """

    def __init__(self, message: str, said: str = "") -> None:
        """Keep both sentences."""
        super().__init__(message)
        self.said = said or message


@dataclass(frozen=True, slots=True)
class Clause:
    """One version of one clause, in force from ``since`` to ``until`` (both inclusive; ``None``: still in force)."""

    id: str
    title: str
    incisos: tuple[str, ...]
    formalities: tuple[Formality, ...]
    applies_when: Condition
    version: int
    since: date
    until: date | None
    placeholders: frozenset[str]
    quotes: tuple[str, ...]
    why: str
    body: tuple[Block, ...]
    digest: str
    """SHA-256 of the file, so that two texts never pass for the same version."""
    own: bool = False
    """Whether it belongs to one document alone, written in the document's file."""

    @property
    def points(self) -> tuple[str, ...]:
        """The incisos and formalities that the clause serves."""
        return (*self.incisos, *(formality.value for formality in self.formalities))

    @property
    def item_count(self) -> int:
        """How many items of level 2 the clause has."""
        return sum(1 for block in self.body if isinstance(block, Item))

    def in_force(self, on: date) -> bool:
        """Tell whether this version is used on the day."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class SignatureSpec:
    """Who signs, and when the block stands in the document."""

    applies_when: Condition
    party: Line
    name: Line
    position: Line
    capacity: Line


@dataclass(frozen=True, slots=True)
class PartiesSpec:
    """The table of the parties, or of what the document is about."""

    caption: Line
    header: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class DocumentSpec:
    """What a document is made of, in order.

    ``points`` says which table of points it has: "matrix", "grounds" or "none". ``name`` is what it calls itself
    ("este Anexo", always masculine), ``subject`` what it is about besides the agreement (a key of
    ``description.SUBJECTS``, or ""). ``numbering`` is "clauses" for an instrument and "sections" for a paper of
    administration. ``binding`` tells that it is an instrument once signed; ``without_instrument`` that it also fits
    an agreement that has none. ``own`` are the clauses that stand in this document alone, ``digest`` identifies them.
    """

    id: str
    version: int
    title: Line
    subtitle: tuple[Line, ...]
    header: Line
    preamble: tuple[Line, ...]
    recitals: tuple[Line, ...]
    parties: PartiesSpec | None
    clauses: tuple[str, ...]
    gap_clauses: tuple[str, ...]
    points: str
    points_caption: Line
    closing: Line
    signatures: tuple[SignatureSpec, ...]
    name: str = "Documento"
    subject: str = ""
    numbering: str = "clauses"
    binding: bool = True
    without_instrument: bool = False
    own: tuple[Clause, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All versions of all clauses, and the documents."""

    clauses: tuple[Clause, ...]
    documents: Mapping[str, DocumentSpec]
    placeholders: Placeholders

    def on(self, day: date) -> Mapping[str, Clause]:
        """The clauses in force on the day, by id, in the order of their ids.

        Raises:
            CatalogueError: the day is before the Portaria.
        """
        if day < IN_FORCE_SINCE:
            raise CatalogueError(
                f"A Portaria é de {IN_FORCE_SINCE:%d/%m/%Y}; não há cláusulas para {day:%d/%m/%Y}. "
                "Escolha um dia a partir dessa data."
            )
        return MappingProxyType({clause.id: clause for clause in self.clauses if clause.in_force(day)})

    def document(self, document_id: str) -> DocumentSpec:
        """The document with this id.

        Raises:
            CatalogueError: there is none.
        """
        if document_id not in self.documents:
            raise CatalogueError(f"no document {document_id!r}; there are {', '.join(self.documents)}")
        return self.documents[document_id]

    def serving(self, point: str, on: date) -> Clause | None:
        """The clause that serves an inciso ("XI") or a formality ("purpose") on the day, or ``None``."""
        return next((clause for clause in self.on(on).values() if point in clause.points), None)

    def edition(self, on: date) -> tuple[date, str]:
        """The clause set of the day: since when it has been the same, and eight characters that identify its text."""
        in_force = self.on(on)
        turning = [clause.since for clause in in_force.values()]
        turning += [
            clause.until + timedelta(days=1)
            for clause in self.clauses
            if clause.until is not None and clause.until < on
        ]
        digest = hashlib.sha256("".join(clause.digest for clause in in_force.values()).encode()).hexdigest()
        return max(turning), digest[:8]

    def edition_of(self, spec: DocumentSpec, on: date) -> tuple[date, str]:
        """The edition that a document is made from: the clause set of the day and the document's own clauses."""
        since, digest = self.edition(on)
        if not spec.own:
            return since, digest
        own_since = max(clause.since for clause in spec.own)
        return max(since, own_since), hashlib.sha256(f"{digest}{spec.digest}".encode()).hexdigest()[:8]

    def turning_days(self) -> tuple[date, ...]:
        """The days on which the set in force may differ from the eve's."""
        days = {IN_FORCE_SINCE}
        for clause in self.clauses:
            days.add(max(clause.since, IN_FORCE_SINCE))
            if clause.until is not None:
                days.add(clause.until + timedelta(days=1))
        return tuple(sorted(days))

    def versions_of(self, clause_id: str) -> tuple[Clause, ...]:
        """Every version of a clause, the oldest first; none when there is no such clause."""
        return tuple(clause for clause in self.clauses if clause.id == clause_id)

    def newer_texts(self) -> Mapping[str, tuple[date, ...]]:
        """For each clause whose text changed, the days from which a newer text holds, oldest first."""
        days: dict[str, list[date]] = {}
        for older, newer in pairwise(self.clauses):
            if older.id == newer.id:
                days.setdefault(newer.id, []).append(newer.since)
        return MappingProxyType({clause_id: tuple(since) for clause_id, since in days.items()})


@cache
def load_catalogue() -> Catalogue:
    """The library of the product, read and checked once a process.

    Raises:
        CatalogueError: the data are wrong.
    """
    root = files("clause_library")
    clauses = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in root.joinpath("clauses").iterdir()
        if entry.name.endswith(".md")
    }
    documents = {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in root.joinpath("documents").iterdir()
        if entry.name.endswith(".toml")
    }
    return parse_catalogue(clauses, documents, load_placeholders())


def parse_catalogue(clauses: Mapping[str, str], documents: Mapping[str, str], placeholders: Placeholders) -> Catalogue:
    """Read clause files and document files, given as name -> text, and check them against each other.

    Raises:
        CatalogueError: anything wrong in a file, or between files.
    """
    read = tuple(parse_clause(name, clauses[name], placeholders) for name in sorted(clauses))
    specs = tuple(_parse_document(name, documents[name], placeholders) for name in sorted(documents))
    if len({spec.id for spec in specs}) != len(specs):
        raise CatalogueError("two documents have the same id")
    return checked(read, {spec.id: spec for spec in specs}, placeholders)


def checked(clauses: Iterable[Clause], documents: Mapping[str, DocumentSpec], placeholders: Placeholders) -> Catalogue:
    """Put clauses and documents together, in order, and check them against each other.

    Raises:
        CatalogueError: they do not fit, on whatever day.
    """
    ordered = tuple(sorted(clauses, key=lambda clause: (clause.id, clause.version)))
    catalogue = Catalogue(ordered, MappingProxyType(dict(documents)), placeholders)
    _check_versions(catalogue)
    _check_references(catalogue)
    for day in catalogue.turning_days():
        _check_points(catalogue, day)
        for spec in catalogue.documents.values():
            _check_document(catalogue, spec, day)
    return catalogue


# One clause.


def parse_clause(name: str, text: str, placeholders: Placeholders) -> Clause:
    """Read one clause file, given its name and text.

    Raises:
        CatalogueError: anything wrong in it.
    """
    front, body = _front_matter(name, text)
    _check_keys(name, front, _CLAUSE_KEYS, frozenset({"until"}))
    try:
        condition = parse_condition(front["applies_when"])
        blocks = parse_body(body)
        formalities = tuple(Formality(value) for value in _texts(name, front, "formalities"))
    except (ConditionError, MarkupError) as error:
        said = error.said if isinstance(error, MarkupError) else ""
        raise CatalogueError(f"{name}: {error}", said) from error
    except ValueError as error:
        raise CatalogueError(f"{name}: unknown formality in {front['formalities']!r}") from error
    clause = Clause(
        id=_text(name, front, "id"),
        title=_text(name, front, "title"),
        incisos=_texts(name, front, "incisos"),
        formalities=formalities,
        applies_when=condition,
        version=_version(name, front),
        since=_day(name, front["since"], "since"),
        until=_day(name, front["until"], "until") if "until" in front else None,
        placeholders=frozenset(_texts(name, front, "placeholders")),
        quotes=_texts(name, front, "quotes"),
        why=_text(name, front, "why"),
        body=blocks,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    if name not in {f"{clause.id}.md", f"{clause.id}.v{clause.version}.md"}:
        raise CatalogueError(f"{name}: the file is named after the id, {clause.id}.md")
    if unknown := set(clause.incisos) - set(INCISOS):
        raise CatalogueError(f"{name}: unknown inciso {', '.join(sorted(unknown))}")
    if clause.points and not clause.applies_when.is_always:
        raise CatalogueError(
            f"{name}: a clause that serves the Portaria applies always",
            "A cláusula que atende a um inciso ou a uma formalidade entra sempre. Escolha “sempre”, ou desmarque o que "
            "ela atende.",
        )
    if clause.until is not None and clause.until < clause.since:
        raise CatalogueError(f"{name}: until is before since")
    _check_placeholders(name, clause, placeholders)
    _check_quotes(name, clause)
    return clause


def _front_matter(name: str, text: str) -> tuple[dict[str, object], str]:
    parts = text.split("+++\n")
    if len(parts) != 3 or parts[0]:
        raise CatalogueError(f"{name}: begins with front matter between two lines of +++")
    try:
        return tomllib.loads(parts[1]), parts[2]
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{name}: the front matter is not valid TOML: {error}") from error


def _check_keys(
    name: str, raw: Mapping[str, object], required: frozenset[str], optional: frozenset[str] = frozenset()
) -> None:
    if unknown := raw.keys() - required - optional:
        raise CatalogueError(f"{name}: unknown key {', '.join(sorted(unknown))}")
    if missing := required - raw.keys():
        raise CatalogueError(f"{name}: missing key {', '.join(sorted(missing))}")


def _text(name: str, raw: Mapping[str, object], key: str) -> str:
    value = raw[key]
    if not isinstance(value, str) or not value.strip():
        raise CatalogueError(f"{name}: {key} must be a text")
    return value


def _texts(name: str, raw: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = raw.get(key, [])
    if not isinstance(value, list) or not all(isinstance(part, str) and part.strip() for part in value):
        raise CatalogueError(f"{name}: {key} must be a list of texts")
    if len(set(value)) != len(value):
        raise CatalogueError(f"{name}: {key} repeats a text")
    return tuple(value)


def _version(name: str, raw: Mapping[str, object]) -> int:
    value = raw["version"]
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise CatalogueError(f"{name}: version must be a whole number from 1")
    return value


def _day(name: str, value: object, key: str) -> date:
    # A moment is also a date to Python; TOML tells them apart, and a clause is in force for whole days.
    if type(value) is not date:
        raise CatalogueError(f"{name}: {key} must be a day")
    return value


def _check_placeholders(name: str, clause: Clause, placeholders: Placeholders) -> None:
    used = _slots(lines_of(clause.body))
    if of_subjects := sorted(name for name in used if subject_of(name)):
        raise CatalogueError(
            f"{name}: a clause of the library speaks of the agreement only: {', '.join(of_subjects)}",
            f"Este campo é só de um documento próprio, e não das cláusulas: {', '.join(of_subjects)}.",
        )
    if unknown := used - placeholders.names:
        raise CatalogueError(
            f"{name}: unknown placeholder {', '.join(sorted(unknown))}",
            f"Não há campo com este nome: {', '.join(sorted(unknown))}. Escolha um da lista de campos.",
        )
    if used != clause.placeholders:
        raise CatalogueError(
            f"{name}: the list of placeholders differs from the text: {', '.join(sorted(used ^ clause.placeholders))}"
        )


def _slots(lines: Iterable[Line]) -> set[str]:
    return {inline.name for line in lines for inline in line if isinstance(inline, Slot)}


def _check_quotes(name: str, clause: Clause) -> None:
    text = "\n".join(written(line) for line in lines_of(clause.body))
    for quote in clause.quotes:
        if f"“{quote}”" not in text:
            raise CatalogueError(f"{name}: the text does not quote {quote!r}")


# One document.


def _parse_document(name: str, text: str, placeholders: Placeholders) -> DocumentSpec:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{name}: not valid TOML: {error}") from error
    _check_keys(name, raw, _DOCUMENT_KEYS, _DOCUMENT_OPTIONAL)
    _check_choices(name, raw)
    try:
        spec = DocumentSpec(
            id=_text(name, raw, "id"),
            version=_version(name, raw),
            title=parse_line(_text(name, raw, "title")),
            subtitle=_lines(name, raw, "subtitle"),
            header=parse_line(_text(name, raw, "header")),
            preamble=_lines(name, raw, "preamble"),
            recitals=_lines(name, raw, "recitals"),
            parties=_parse_parties(name, raw["parties"]) if "parties" in raw else None,
            clauses=_texts(name, raw, "clauses"),
            gap_clauses=_texts(name, raw, "gap_clauses"),
            points=raw["points"],
            points_caption=() if raw["points"] == "none" else parse_line(_text(name, raw, "points_caption")),
            closing=parse_line(_text(name, raw, "closing")),
            signatures=_parse_signatures(name, raw["signatures"]),
            name=_text(name, raw, "name") if "name" in raw else "Documento",
            subject=raw.get("subject", ""),
            numbering=raw.get("numbering", "clauses"),
            binding=raw.get("binding", True),
            without_instrument=raw.get("without_instrument", False),
            own=_parse_own(name, raw),
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )
    except (MarkupError, ConditionError) as error:
        raise CatalogueError(f"{name}: {error}") from error
    if name != f"{spec.id}.toml":
        raise CatalogueError(f"{name}: the file is named after the id, {spec.id}.toml")
    if (GAPS in spec.clauses) is not bool(spec.gap_clauses):
        raise CatalogueError(f"{name}: {GAPS} and gap_clauses go together")
    lines = _document_lines(spec)
    if any(isinstance(inline, Reference) for line in lines for inline in line):
        raise CatalogueError(f"{name}: only clauses refer to clauses")
    slots = _slots([*lines, *(line for clause in spec.own for line in lines_of(clause.body))])
    if unknown := slots - placeholders.names:
        raise CatalogueError(f"{name}: unknown placeholder {', '.join(sorted(unknown))}")
    if strange := sorted(slot for slot in slots if subject_of(slot) not in {"", spec.subject}):
        raise CatalogueError(f"{name}: the document is not about what {', '.join(strange)} says")
    if loose := sorted(slot for slot in _slots(lines) if list_of(slot)):
        raise CatalogueError(f"{name}: only rows and items of clauses repeat a list: {', '.join(loose)}")
    return spec


def _check_choices(name: str, raw: Mapping[str, object]) -> None:
    """Refuse a choice that is not one of those that exist."""
    for key, choices in (
        ("points", _POINTS_TABLES),
        ("numbering", _NUMBERINGS),
        ("subject", SUBJECTS.keys()),
        ("binding", {True, False}),
        ("without_instrument", {True, False}),
    ):
        if key in raw and raw[key] not in choices:
            raise CatalogueError(f"{name}: {key} must be one of {', '.join(sorted(map(str, choices)))}")
    if raw["points"] != "none" and "points_caption" not in raw:
        raise CatalogueError(f"{name}: missing key points_caption")


def _parse_own(name: str, raw: Mapping[str, object]) -> tuple[Clause, ...]:
    """Read the clauses that a document file brings itself; they change with the document, under its version."""
    entries = raw.get("own", [])
    if not isinstance(entries, list) or any(not isinstance(entry, dict) for entry in entries):
        raise CatalogueError(f"{name}: own must be a list of sections")
    if entries and "since" not in raw:
        raise CatalogueError(f"{name}: missing key since")
    clauses = []
    for entry in entries:
        _check_keys(name, entry, _OWN_KEYS, _OWN_OPTIONAL)
        text = _text(name, entry, "text")
        clause = Clause(
            id=_text(name, entry, "id"),
            title=_text(name, entry, "title"),
            incisos=_texts(name, entry, "incisos"),
            formalities=(),
            applies_when=parse_condition(entry.get("applies_when", ALWAYS)),
            version=_version(name, raw),
            since=_day(name, raw["since"], "since"),
            until=None,
            placeholders=frozenset(),
            quotes=_texts(name, entry, "quotes"),
            why=_text(name, entry, "why"),
            body=parse_body(text),
            digest=hashlib.sha256(text.encode()).hexdigest(),
            own=True,
        )
        if unknown := set(clause.incisos) - set(INCISOS):
            raise CatalogueError(f"{name}: unknown inciso {', '.join(sorted(unknown))}")
        _check_quotes(f"{name}, {clause.id}", clause)
        _check_repeated(f"{name}, {clause.id}", clause)
        clauses.append(clause)
    if len({clause.id for clause in clauses}) != len(clauses):
        raise CatalogueError(f"{name}: two clauses of its own have the same id")
    return tuple(clauses)


def repeats(item: Item) -> str:
    """The list, by its prefix, for whose members an item is repeated; "" when it stands once."""
    return next((prefix for slot in sorted(_slots(lines_of((item,)))) if (prefix := list_of(slot))), "")


def _check_repeated(name: str, clause: Clause) -> None:
    """An item that is repeated is the last of its clause, so that the numbers before it are known."""
    items = [block for block in clause.body if isinstance(block, Item)]
    if any(repeats(item) for item in items[:-1]):
        raise CatalogueError(f"{name}: only the last item of a clause is repeated for a list")


def _lines(name: str, raw: Mapping[str, object], key: str) -> tuple[Line, ...]:
    return tuple(parse_line(text) for text in _texts(name, raw, key))


def _parse_parties(name: str, raw: object) -> PartiesSpec:
    if not isinstance(raw, dict):
        raise CatalogueError(f"{name}: parties must be a section")
    _check_keys(name, raw, frozenset({"caption", "header", "rows"}))
    rows = raw["rows"]
    width = len(raw["header"]) if isinstance(raw["header"], list) else 0
    if not isinstance(rows, list) or not rows or any(not isinstance(row, list) or len(row) != width for row in rows):
        raise CatalogueError(f"{name}: every row of parties has as many cells as its header")
    return PartiesSpec(
        parse_line(_text(name, raw, "caption")),
        tuple(parse_line(str(cell)) for cell in raw["header"]),
        tuple(tuple(parse_line(str(cell)) for cell in row) for row in rows),
    )


def _parse_signatures(name: str, raw: object) -> tuple[SignatureSpec, ...]:
    if not isinstance(raw, list) or not raw:
        raise CatalogueError(f"{name}: a document is signed by somebody")
    blocks = []
    for entry in raw:
        _check_keys(name, entry, frozenset({"applies_when", "party", "name", "position", "capacity"}))
        blocks.append(
            SignatureSpec(
                parse_condition(entry["applies_when"]),
                parse_line(_text(name, entry, "party")),
                parse_line(_text(name, entry, "name")),
                parse_line(_text(name, entry, "position")),
                parse_line(_text(name, entry, "capacity")),
            )
        )
    return tuple(blocks)


def _document_lines(spec: DocumentSpec) -> list[Line]:
    lines = [spec.title, *spec.subtitle, spec.header, *spec.preamble, *spec.recitals, spec.points_caption, spec.closing]
    if spec.parties is not None:
        lines += [spec.parties.caption, *spec.parties.header]
        lines += [cell for row in spec.parties.rows for cell in row]
    for block in spec.signatures:
        lines += [block.party, block.name, block.position, block.capacity]
    return lines


# Between files.


def _check_versions(catalogue: Catalogue) -> None:
    """Refuse two versions of one clause in force on the same day, or with the same number."""
    for older, newer in pairwise(catalogue.clauses):
        if older.id != newer.id:
            continue
        if older.version == newer.version:
            raise CatalogueError(f"{older.id}: duplicate id, two files of version {older.version}")
        if older.until is None or newer.since <= older.until:
            raise CatalogueError(f"{older.id}: versions {older.version} and {newer.version} are in force together")


def _check_references(catalogue: Catalogue) -> None:
    by_id: dict[str, list[Clause]] = {}
    for clause in catalogue.clauses:
        by_id.setdefault(clause.id, []).append(clause)
    for clause in catalogue.clauses:
        _check_references_of(clause, by_id)
    for spec in catalogue.documents.values():
        of_document = {**by_id, **{clause.id: [clause] for clause in spec.own}}
        if taken := sorted(clause.id for clause in spec.own if clause.id in by_id):
            raise CatalogueError(f"{spec.id}: {', '.join(taken)} is a clause of the library")
        for clause in spec.own:
            _check_references_of(clause, of_document)


def _check_references_of(clause: Clause, by_id: Mapping[str, list[Clause]]) -> None:
    for line in lines_of(clause.body):
        for inline in line:
            if isinstance(inline, Reference):
                _check_reference(clause, inline, by_id)


def _check_reference(clause: Clause, reference: Reference, by_id: Mapping[str, list[Clause]]) -> None:
    if reference.clause == clause.id:
        if reference.item is None:
            raise CatalogueError(
                f"{clause.id}: a reference to itself names an item",
                f"A remissão à própria cláusula diz o item: {{{{ref:{clause.id}/2}}}}.",
            )
        targets = [clause]
    elif not reference.absent:
        raise CatalogueError(
            f"{clause.id}: the reference to {reference.clause} must say what to print with and without that clause",
            f"A remissão a “{reference.clause}” diz o que escrever com aquela cláusula e sem ela: "
            f"{{{{ref:{reference.clause}|da #|do dever correspondente}}}}.",
        )
    else:
        targets = by_id.get(reference.clause, [])
    if not targets:
        raise CatalogueError(
            f"{clause.id}: refers to {reference.clause}, which does not exist",
            f"A remissão é a “{reference.clause}”, e não há cláusula com este nome.",
        )
    for target in targets:
        if reference.item is not None and reference.item > target.item_count:
            raise CatalogueError(
                f"{clause.id}: refers to item {reference.item} of {target.id}, which has no such item",
                f"A cláusula “{clause.title}” remete ao item {reference.item} de “{target.title}” (versão "
                f"{target.version}), que só tem {target.item_count}.",
            )


def _check_points(catalogue: Catalogue, day: date) -> None:
    """Each inciso and each formality that a clause can supply has exactly one clause on the day."""
    serving: dict[str, list[str]] = {point: [] for point in DUTIES}
    for clause in catalogue.on(day).values():
        for point in clause.points:
            if point not in serving:
                raise CatalogueError(
                    f"{clause.id}: no clause can serve the formality {point!r}",
                    "Uma das formalidades marcadas não se atende com cláusula.",
                )
            serving[point].append(clause.id)
    for point, ids in serving.items():
        if len(ids) != 1:
            found = ", ".join(ids) or "none"
            what = f"o inciso {point}" if point in INCISOS else f"a formalidade “{DUTIES[point]}”"
            how_many = "nenhuma" if not ids else f"{len(ids)} ({found})"
            raise CatalogueError(
                f"on {day} exactly one clause must serve {point}; found: {found}",
                f"Uma só cláusula atende a cada ponto da Portaria; em {day:%d/%m/%Y}, {what} teria {how_many}.",
            )


def _check_document(catalogue: Catalogue, spec: DocumentSpec, day: date) -> None:
    in_force = {**catalogue.on(day), **{clause.id: clause for clause in spec.own}}
    wanted = (*(clause for clause in spec.clauses if clause != GAPS), *spec.gap_clauses)
    if unknown := [clause for clause in wanted if clause not in in_force]:
        raise CatalogueError(f"{spec.id}: no clause {', '.join(unknown)} in force on {day}")
    if len(set(wanted)) != len(wanted):
        raise CatalogueError(f"{spec.id}: a clause stands twice")
    if unused := [clause.id for clause in spec.own if clause.id not in wanted]:
        raise CatalogueError(f"{spec.id}: no place for its own clause {', '.join(unused)}")
    if spec.points == "none":
        return
    served = {point for clause in wanted for point in in_force[clause].points}
    if missing := [point for point in DUTIES if point not in served]:
        raise CatalogueError(f"{spec.id}: on {day} no clause of the document serves {', '.join(missing)}")


def applicable(catalogue: Catalogue, spec: DocumentSpec, situation: Situation, on: date) -> tuple[Clause, ...]:
    """The clauses of the document that the situation calls for, in the document's order, gaps left out."""
    in_force = {**catalogue.on(on), **{clause.id: clause for clause in spec.own}}
    chosen = (in_force[clause] for clause in spec.clauses if clause != GAPS)
    return tuple(clause for clause in chosen if clause.applies_when.holds(situation))
