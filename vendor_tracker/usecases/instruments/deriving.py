"""What is known about the file of a signed paper: what the machine read, and how it differs from what we issued.

Where the file derives from a document of ours, each clause that came back as it was is proposed as what it was written
to say; of an altered one, what the machine reads in it; of one that did not come back, that it is missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from clause_library.passages import Passage, PointReading, Quote
from clause_library.redline import DERIVES_FROM, Fate, Redline, RedlineClause
from contracts.vocabulary import INCISOS, Coverage
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.store import issued, machine, papers
from vendor_tracker.store.tables import Instrument, IssuedDocument, StoredFile
from vendor_tracker.store.tables.clauses import version_and_day
from vendor_tracker.usecases.instruments.issued_text import redline_of
from vendor_tracker.usecases.instruments.kept import unpacked_text
from vendor_tracker.usecases.instruments.machine import MachineState, state_of
from vendor_tracker.usecases.instruments.proposing import LONGEST_PLACE, Proposal, clipped, of_machine
from vendor_tracker.usecases.judging import catalogue_of

LONGEST_NAME = 70
SURE = 1.0
"""How sure the comparison of words is."""

NONE = 0
"""Chosen by who says that a file derives from no document of ours."""


@dataclass(frozen=True, slots=True)
class IssuedChoice:
    """A document of ours that a signed paper may be."""

    id: int
    title: str
    code: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words of a compared clause: ``equal``, ``inserted``, ``deleted``, ``blank`` or ``filled``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ComparedClause:
    """A clause of ours, of theirs, or both, and the points that it was written to serve."""

    anchor: str
    fate: str
    """``unchanged``, ``altered``, ``missing`` or ``new``."""
    title: str
    pieces: tuple[Piece, ...]
    paragraph: int | None
    page: int | None
    moved: bool
    filled: int
    left_blank: int
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A signed file beside the document of ours from which it derives.

    ``recognised_by`` is ``record`` (a person said so), ``choice`` (this visitor asks), ``code`` or ``likeness``.
    """

    document: IssuedChoice
    recognised_by: str
    likeness: float
    same_code: bool
    clauses: tuple[ComparedClause, ...]

    def count(self, fate: str) -> int:
        """Return how many clauses had this fate."""
        return sum(clause.fate == fate for clause in self.clauses)

    @property
    def is_unlike(self) -> bool:
        """Whether the file holds so little of the document that it hardly derives from it."""
        return self.likeness < DERIVES_FROM


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a paper's file, and what is therefore proposed.

    ``machine`` is ``None`` without a file; ``passages`` are empty when nothing was read, or nobody asked for the text.
    """

    file: StoredFile | None
    machine: MachineState | None
    passages: tuple[Passage, ...]
    comparison: Comparison | None
    proposals: Mapping[str, Proposal]


def known_of(
    session: Session,
    files: FileStore | None,
    paper: Instrument,
    *,
    chosen: int | None = None,
    with_text: bool = False,
) -> Known:
    """Return what is known about a paper's file.

    Args:
        session: open for reading.
        files: where the documents of ours are; without it, they are not compared with what was signed.
        paper: the newest version of the paper's record.
        chosen: the document of the agreement to compare with, 0 for none, ``None`` for the one that is recognised.
        with_text: also return the text, where the machine read it.
    """
    file = papers.stored_file(session, paper.file_id)
    known = None if file is None else state_of(machine.readings_of_file(session, file.sha256), clock.now())
    document, recognised_by = _document(session, paper, known, chosen)
    passages: tuple[Passage, ...] = ()
    compares = document is not None and files is not None
    if known is not None and known.reading_id is not None and (with_text or compares):
        packed = machine.text_of(session, known.reading_id)
        passages = unpacked_text(packed) if packed is not None else ()
    found = dict(known.points) if known is not None else {}
    reader = known.reader if known is not None else ""
    proposals = {point: of_machine(each, reader) for point, each in found.items()}
    comparison = None
    if document is not None and files is not None and passages and file is not None:
        redline = redline_of(
            files, sha256=file.sha256, reader=reader, passages=passages, document_sha256=document.sha256
        )
        if redline is not None:
            comparison = _comparison(document, recognised_by, redline, _titles(session, document))
            proposals |= _compared(document, comparison, passages, found, reader)
    if document is not None and comparison is None and not proposals:
        proposals = _promised(document)
    return Known(file, known, passages, comparison, proposals)


def _document(
    session: Session, paper: Instrument, known: MachineState | None, chosen: int | None
) -> tuple[IssuedDocument | None, str]:
    """Return the document from which the file derives, and how that is known."""
    if chosen is not None:
        row = issued.issued_document(session, chosen) if chosen != NONE else None
        return (row, "choice") if row is not None and row.agreement_id == paper.agreement_id else (None, "")
    if paper.issued_document_id is not None:
        return issued.issued_document(session, paper.issued_document_id), "record"
    if known is None or not (known.codes or known.likeness):
        return None, ""
    documents = {each.id: each for each in machine.binding_documents(session, paper.agreement_id)}
    by_code = next((each.id for each in documents.values() if each.code in known.codes), None)
    alike = next((each for each, score in known.likeness if each in documents and score >= DERIVES_FROM), None)
    recognised = by_code if by_code is not None else alike
    if recognised is None:
        return None, ""
    return issued.issued_document(session, recognised), "code" if by_code is not None else "likeness"


def _promised(document: IssuedDocument) -> dict[str, Proposal]:
    """Return what the document was issued to say, for a file that was not read."""
    return {
        point: Proposal(
            point,
            Coverage.COVERED,
            quote=document.passages.get(point, {}).get("quote", ""),
            place=document.passages.get(point, {}).get("place", ""),
        )
        for point in document.covers
    }


# ----------------------------------------------------------------------------------------------------------------------
# Clauses and what they serve
# ----------------------------------------------------------------------------------------------------------------------


def _same(text: str) -> str:
    return "".join(text.casefold().split())


def _titles(session: Session, document: IssuedDocument) -> dict[str, tuple[str, ...]]:
    """Return, for the title of each clause of the document, the points that the clause serves."""
    library = catalogue_of(session)
    spec = library.documents.get(document.kind)
    own = {} if spec is None else {clause.id: clause for clause in spec.own}
    found: dict[str, tuple[str, ...]] = {}
    for clause_id, written in document.clause_versions.items():
        version, _ = version_and_day(written)
        clause = next((each for each in library.versions_of(clause_id) if each.version == version), own.get(clause_id))
        if clause is not None:
            found[_same(clause.title)] = clause.points
    return found


def _comparison(
    document: IssuedDocument, recognised_by: str, redline: Redline, points: Mapping[str, tuple[str, ...]]
) -> Comparison:
    clauses = tuple(
        ComparedClause(
            anchor=f"c-{number}",
            fate=clause.fate.value,
            title=clause.title,
            pieces=_pieces(clause),
            paragraph=clause.paragraph,
            page=clause.page,
            moved=clause.moved,
            filled=clause.filled,
            left_blank=clause.left_blank,
            points=_points(document, clause, points),
        )
        for number, clause in enumerate(redline.clauses, start=1)
    )
    choice = IssuedChoice(document.id, document.title, document.code, document.recorded_at)
    return Comparison(choice, recognised_by, redline.likeness, redline.same_code, clauses)


def _pieces(clause: RedlineClause) -> tuple[Piece, ...]:
    """Return the segments without the title that the page prints above them, unless it is the title that changed."""
    pieces = [Piece(segment.kind, segment.text) for segment in clause.segments]
    title = (clause.signed or clause.issued).partition("\n")[0]
    if pieces and pieces[0].text.startswith(f"{title}\n"):
        pieces[0] = Piece(pieces[0].kind, pieces[0].text[len(title) + 1 :])
    return tuple(piece for piece in pieces if piece.text)


def _points(document: IssuedDocument, clause: RedlineClause, points: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if clause.fate is Fate.NEW:
        return ()
    served = points.get(_same(clause.issued.partition("\n")[0]), ())
    return tuple(point for point in served if point in document.covers)


# ----------------------------------------------------------------------------------------------------------------------
# Proposals
# ----------------------------------------------------------------------------------------------------------------------


def _compared(
    document: IssuedDocument,
    comparison: Comparison,
    passages: Sequence[Passage],
    found: Mapping[str, PointReading],
    reader: str,
) -> dict[str, Proposal]:
    """Return what the comparison proposes about each point that the document was issued to serve."""
    proposals: dict[str, Proposal] = {}
    for point in document.covers:
        clauses = [clause for clause in comparison.clauses if point in clause.points]
        if not clauses:
            continue
        read = found.get(point)
        if all(clause.fate == Fate.UNCHANGED for clause in clauses):
            proposals[point] = _as_issued(point, clauses, comparison, passages, read, reader)
        elif all(clause.fate == Fate.MISSING for clause in clauses):
            lead = "A cláusula emitida não voltou no arquivo assinado."
            if read is not None and read.coverage is not Coverage.MISSING:
                proposals[point] = of_machine(read, reader, lead=lead, altered=True)
            elif point in INCISOS:
                proposals[point] = Proposal(
                    point, Coverage.MISSING, source="redline", why=lead, confidence=SURE, reader=reader
                )
        elif read is not None:
            changed = next((clause for clause in clauses if clause.fate == Fate.ALTERED), None)
            lead = "Uma das cláusulas emitidas não voltou no arquivo assinado."
            if changed is not None:
                lead = "A cláusula emitida voltou alterada: leia a diferença antes de concluir."
                read = _within(changed, comparison, passages, read)
            proposals[point] = of_machine(read, reader, lead=lead, altered=True)
    return proposals


def _as_issued(
    point: str,
    clauses: Sequence[ComparedClause],
    comparison: Comparison,
    passages: Sequence[Passage],
    read: PointReading | None,
    reader: str,
) -> Proposal:
    """Return the proposal of clauses that came back as they were; a blank that nobody filled in is a gap."""
    first = clauses[0]
    quotes = _quotes(first, comparison, passages, read)
    blanks = sum(clause.left_blank for clause in clauses)
    missing = ("um campo da cláusula voltou sem preenchimento",) if blanks else ()
    return Proposal(
        point,
        Coverage.PARTIAL if blanks else Coverage.COVERED,
        quote=quotes[0].text if quotes else "",
        place=_place(first, passages),
        missing_idea="Preencher o campo que a cláusula deixou em branco" if blanks else "",
        source="redline",
        why="A cláusula emitida voltou sem alteração"
        + (", mas com campo em branco." if blanks else ", com os campos preenchidos." if first.filled else "."),
        missing=missing,
        confidence=SURE,
        quotes=quotes,
        reader=reader,
    )


def _place(clause: ComparedClause, passages: Sequence[Passage]) -> str:
    start = next((each for each in passages if each.paragraph == clause.paragraph), None)
    if start is None:
        return clipped(clause.title, LONGEST_PLACE)
    label = start.label.rstrip(". ").capitalize()
    name = clipped(start.text, LONGEST_NAME)
    words = f"{label}, {name[:1].lower()}{name[1:]}" if label else name
    where = f"p. {start.page}" if start.page is not None else f"parágrafo {start.paragraph}"
    return clipped(f"{words}, {where}", LONGEST_PLACE)


def _within(
    clause: ComparedClause, comparison: Comparison, passages: Sequence[Passage], read: PointReading
) -> PointReading:
    """Return what was read with the words of the altered clause first, where it has any."""
    start, end = _reach(clause, comparison)
    inside = tuple(each for each in read.quotes if start <= each.paragraph < end)
    if not inside or inside[0] == read.quotes[0]:
        return read
    others = tuple(each for each in read.quotes if each not in inside)
    return replace(read, quotes=(*inside, *others), place=_place(clause, passages))


def _reach(clause: ComparedClause, comparison: Comparison) -> tuple[float, float]:
    """Return the paragraphs of the signed file between which a clause stands."""
    if clause.paragraph is None:
        return float("inf"), float("inf")
    starts = sorted(each.paragraph for each in comparison.clauses if each.paragraph is not None)
    return clause.paragraph, next((start for start in starts if start > clause.paragraph), float("inf"))


def _quotes(
    clause: ComparedClause, comparison: Comparison, passages: Sequence[Passage], read: PointReading | None
) -> tuple[Quote, ...]:
    """Return where in the clause the point is said: what the machine marks there, else the clause's first paragraph."""
    start, end = _reach(clause, comparison)
    inside = tuple(each for each in (read.quotes if read else ()) if start <= each.paragraph < end)
    if inside:
        return inside
    body = next((each for each in passages if start < each.paragraph < end), None)
    return () if body is None else (Quote(body.text, body.paragraph, body.page, 0, len(body.text)),)
