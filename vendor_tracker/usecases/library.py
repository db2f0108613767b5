"""The clause library as people read it: what serves each inciso, since when, in which documents, word for word."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from clause_library.catalogue import GAPS, Catalogue, Clause
from contracts.norm import ART_6_IV, ART_6_P1, ART_6_V, ART_14, LegalReference
from contracts.vocabulary import INCISOS, EditionState, Formality
from vendor_tracker import clock
from vendor_tracker.store import editions
from vendor_tracker.usecases.clause_texts import TextLine, TextTable, blocks_of, condition_in_words
from vendor_tracker.usecases.document_kinds import KIND_NAMES, SUBJECT_OF
from vendor_tracker.usecases.judging import catalogue_of
from vendor_tracker.usecases.older_texts import newest_texts
from vendor_tracker.usecases.work import NotFoundError, look

_FORMALITY_LAW: Mapping[Formality, LegalReference] = {
    Formality.PUBLIC_FUNCTION: ART_6_IV,
    Formality.PURPOSE: ART_6_P1,
    Formality.CATEGORIES: ART_6_P1,
    Formality.GUARANTEES: ART_6_P1,
    Formality.SUBJECT_ACCESS: ART_6_P1,
    Formality.BIENNIAL_REVIEW: ART_6_V,
}

_DOCUMENTS: Mapping[str, str] = {
    "anexo": "anexo",
    "termo-aditivo": "termo aditivo",
    "termo-de-compromisso": "termo de compromisso",
}
"""The documents that are made of the library's clauses; the others have sections of their own."""


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A clause in a list."""

    id: str
    title: str
    version: int
    since: date
    applies: str
    """When it stands in a document, in words that follow "entra quando"; empty when always."""
    documents: tuple[str, ...]
    """Names of the documents that may have it."""
    incisos: tuple[str, ...]
    formalities: tuple[Formality, ...]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document that the library makes. ``clauses`` counts those of the library, ``sections`` its own."""

    kind: str
    name: str
    subject: str
    """What it is about besides the agreement: ``request`` or the record slug of a fact; empty for the agreement."""
    clauses: int
    sections: int
    version: int


@dataclass(frozen=True, slots=True)
class LibraryPage:
    """The clauses in force on the day: those of each inciso, of each formality, and the rest."""

    title: str
    on: date
    edition_since: date
    edition: str
    by_inciso: tuple[tuple[str, tuple[ClauseLine, ...]], ...]
    by_formality: tuple[tuple[Formality, tuple[ClauseLine, ...]], ...]
    others: tuple[ClauseLine, ...]
    documents: tuple[DocumentLine, ...]
    total: int
    waiting: int
    """How many versions wait for approval."""
    outdated: int
    """How many agreements carry an older text of some clause."""


@dataclass(frozen=True, slots=True)
class ServedPoint:
    """A point of the Portaria that a clause serves, with its words."""

    inciso: str
    formality: Formality | None
    law_text: str
    law_place: str


@dataclass(frozen=True, slots=True)
class ClauseVersion:
    """One version of a clause, in full."""

    version: int
    since: date
    until: date | None
    holds: str
    """``scheduled``, ``in_force`` or ``past``."""
    edition: int | None
    """Lineage of the edition that it is, when it was written in the product."""
    title: str
    blocks: tuple[TextLine | TextTable, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class ClausePage:
    """A clause: its text, what it serves, when it applies."""

    title: str
    line: ClauseLine
    why: str
    points: tuple[ServedPoint, ...]
    current: ClauseVersion
    """The version in force, which is the one to read."""
    versions: tuple[ClauseVersion, ...]
    """Every version, the newest first."""
    open_edition: int | None
    """Lineage of the version that is being written or waits for approval."""
    waiting: bool
    """Whether that one waits for approval."""
    outdated: int
    """How many agreements still carry an older text."""

    @property
    def numbers(self) -> tuple[tuple[int, str], ...]:
        """The versions as a choice offers them."""
        return tuple((version.version, f"Versão {version.version}") for version in self.versions)


def _line(catalogue: Catalogue, clause: Clause) -> ClauseLine:
    held = [
        _DOCUMENTS.get(spec.id, spec.id)
        for spec in catalogue.documents.values()
        if clause.id in spec.clauses or clause.id in spec.gap_clauses
    ]
    return ClauseLine(
        clause.id,
        clause.title,
        clause.version,
        clause.since,
        condition_in_words(clause.applies_when),
        tuple(held),
        clause.incisos,
        clause.formalities,
    )


def _document_line(catalogue: Catalogue, kind: str) -> DocumentLine:
    spec = catalogue.document(kind)
    held = {clause for clause in (*spec.clauses, *spec.gap_clauses) if clause != GAPS}
    return DocumentLine(
        kind,
        KIND_NAMES[kind],
        SUBJECT_OF.get(kind, ""),
        len(held) - len(spec.own),
        len(spec.own),
        spec.version,
    )


def index() -> LibraryPage:
    """Return the clauses in force today."""
    on = clock.today()
    with look() as session:
        catalogue = catalogue_of(session)
        _, waiting = editions.editions(session, state=EditionState.SUBMITTED, size=1)
        _, outdated = editions.older_agreements(session, newest_texts(catalogue, on), today=on, size=1)
    lines = [_line(catalogue, clause) for clause in catalogue.on(on).values()]
    since, edition = catalogue.edition(on)
    return LibraryPage(
        title="Biblioteca de cláusulas",
        on=on,
        edition_since=since,
        edition=edition,
        by_inciso=tuple((inciso, tuple(line for line in lines if inciso in line.incisos)) for inciso in INCISOS),
        by_formality=tuple(
            (formality, tuple(line for line in lines if formality in line.formalities))
            for formality in Formality
            if any(formality in line.formalities for line in lines)
        ),
        others=tuple(line for line in lines if not line.incisos and not line.formalities),
        documents=tuple(_document_line(catalogue, kind) for kind in KIND_NAMES),
        total=len(lines),
        waiting=waiting,
        outdated=outdated,
    )


def show(*, clause_id: str) -> ClausePage:
    """Return a clause with every version of its text; raises :class:`NotFoundError`."""
    on = clock.today()
    with look() as session:
        catalogue = catalogue_of(session)
        written = {row.number: row.lineage for row in editions.approved(session) if row.clause_id == clause_id}
        being_written = editions.open_edition(session, clause_id)
        newest = {key: since for key, since in newest_texts(catalogue, on).items() if key == clause_id}
        outdated = editions.how_many_by_clause(session, newest, today=on).get(clause_id, 0)
    versions = tuple(
        ClauseVersion(
            clause.version,
            clause.since,
            clause.until,
            "in_force" if clause.in_force(on) else "scheduled" if on < clause.since else "past",
            written.get(clause.version),
            clause.title,
            blocks_of(catalogue, clause),
            clause.digest,
        )
        for clause in reversed(catalogue.versions_of(clause_id))
    )
    if not versions:
        message = "Esta cláusula não existe."
        raise NotFoundError(message)
    current = next((version for version in versions if version.holds == "in_force"), versions[0])
    held = next(clause for clause in catalogue.versions_of(clause_id) if clause.version == current.version)
    return ClausePage(
        title=held.title,
        line=_line(catalogue, held),
        why=held.why,
        points=tuple(
            [ServedPoint(each, None, ART_14[each].text or "", ART_14[each].short_citation) for each in held.incisos]
            + [
                ServedPoint("", each, _FORMALITY_LAW[each].text or "", _FORMALITY_LAW[each].short_citation)
                for each in held.formalities
                if each in _FORMALITY_LAW
            ]
        ),
        current=current,
        versions=versions,
        open_edition=None if being_written is None else being_written.lineage,
        waiting=being_written is not None and being_written.state is EditionState.SUBMITTED,
        outdated=outdated,
    )
