"""Signed papers as staff read them, for their page and for their forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from contracts.vocabulary import INCISOS, Coverage
from vendor_tracker.files import FileStore
from vendor_tracker.store import issued, machine, papers
from vendor_tracker.store.issued import IssuedRow
from vendor_tracker.store.machine import PendingPaper
from vendor_tracker.store.papers import AgreementHead, InstrumentRow, ReadingRow
from vendor_tracker.store.tables import Instrument
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.document_kinds import INSTRUMENTS
from vendor_tracker.usecases.filing import FileView
from vendor_tracker.usecases.instruments.deriving import Comparison, IssuedChoice, Known, known_of
from vendor_tracker.usecases.instruments.finding import head_of, paper_of
from vendor_tracker.usecases.instruments.machine import MachineState, reader_version
from vendor_tracker.usecases.instruments.reading import PointToRead, points_of
from vendor_tracker.usecases.instruments.recording import PaperData
from vendor_tracker.usecases.instruments.sheet import Sheet, sheet_of
from vendor_tracker.usecases.work import Actor, act, look


@dataclass(frozen=True, slots=True)
class InstrumentForm:
    """What the form of a signed paper needs besides what is typed."""

    title: str
    agreement: AgreementHead
    issued: tuple[IssuedChoice, ...]
    present: PaperData | None = None
    lineage: int | None = None
    file: FileView | None = None


@dataclass(frozen=True, slots=True)
class PaperVersion:
    """One version of what is on record about a paper."""

    recorded_at: datetime
    recorded_by: str
    data: PaperData
    has_file: bool


@dataclass(frozen=True, slots=True)
class InstrumentPage:
    """A signed paper: what it is, what it says as confirmed, and how both came about."""

    title: str
    lineage: int
    agreement: AgreementHead
    data: PaperData
    file: FileView | None
    points: tuple[PointToRead, ...]
    history: tuple[ReadingRow, ...]
    """Every reading, newest first."""
    versions: tuple[PaperVersion, ...]
    issued: IssuedChoice | None
    siblings: tuple[InstrumentRow, ...]
    """The other papers of the agreement."""
    machine: MachineState | None = None
    """How far the machine has come with the file; ``None`` without a file."""
    comparison: Comparison | None = None
    """The document of ours from which the file derives, when it derives from one."""

    @property
    def promised(self) -> bool:
        """Whether what is proposed was only promised by the document that we issued: the signed file was not read."""
        return any(point.proposed is not None and point.proposed.source == "issued" for point in self.points)

    @property
    def marked(self) -> int:
        """How many points the form begins with a conclusion that only the machine has reached."""
        return sum(
            1
            for point in self.points
            if point.confirmed is None and point.proposed is not None and point.proposed.is_conclusive
        )

    @property
    def proposals_open(self) -> int:
        """How many proposals wait for a person's conclusion."""
        return sum(1 for point in self.points if point.proposed is not None and point.confirmed is None)

    @property
    def pending(self) -> tuple[PointToRead, ...]:
        """The incisos that nobody has concluded about in this paper."""
        return tuple(point for point in self.points if point.confirmed is None and point.numeral)


def _data(row: Instrument) -> PaperData:
    return PaperData(
        row.kind,
        row.title,
        row.signed_on,
        row.signed_by_both,
        row.in_force_from,
        row.in_force_until,
        row.published_on,
        row.issued_document_id,
    )


def _choices(session: Session, agreement_id: int) -> tuple[IssuedChoice, ...]:
    rows, _ = issued.issued_documents(session, agreement_id=agreement_id, size=100)
    return tuple(IssuedChoice(row.id, row.title, row.code, row.issued_at) for row in rows if row.kind in INSTRUMENTS)


def new_instrument(*, agreement_id: int) -> InstrumentForm:
    """Return what the form of a new paper needs."""
    with look() as session:
        head = head_of(session, agreement_id)
        return InstrumentForm("Registrar instrumento assinado", head, _choices(session, agreement_id))


def instrument_to_edit(actor: Actor, *, lineage: int) -> InstrumentForm:
    """Return what is on record about a paper, for the form that corrects it."""
    with look() as session:
        paper = paper_of(session, lineage)
        head = head_of(session, paper.agreement_id)
        file = papers.stored_file(session, paper.file_id)
        return InstrumentForm(
            f"Corrigir registro: {paper.title}",
            head,
            _choices(session, head.id),
            present=_data(paper),
            lineage=lineage,
            file=None if file is None else filing.view_of(file, actor, secret=head.secret),
        )


def _page(actor: Actor, session: Session, paper: Instrument, known: Known) -> InstrumentPage:
    head = head_of(session, paper.agreement_id)
    lineage = paper.lineage or paper.id
    history = tuple(papers.readings_of(session, lineage))
    document = issued.issued_row(session, paper.issued_document_id) if paper.issued_document_id else None
    versions = tuple(
        PaperVersion(row.recorded_at, name or "", _data(row), row.file_id is not None)
        for row, name in papers.instrument_versions(session, lineage)
    )
    return InstrumentPage(
        title=paper.title,
        lineage=lineage,
        agreement=head,
        data=_data(paper),
        file=None if known.file is None else filing.view_of(known.file, actor, secret=head.secret),
        points=points_of(session, history, known.proposals),
        history=history,
        versions=versions,
        issued=None
        if document is None
        else IssuedChoice(document.id, document.title, document.code, document.issued_at),
        siblings=tuple(row for row in papers.instruments_of(session, head.id) if row.lineage != lineage),
        machine=known.machine,
        comparison=known.comparison,
    )


def instrument_page(actor: Actor, *, lineage: int, files: FileStore | None = None) -> InstrumentPage:
    """Return a signed paper for its page; with ``files``, as compared with the document of ours that it may be."""
    with look() as session:
        paper = paper_of(session, lineage)
        return _page(actor, session, paper, known_of(session, files, paper))


@dataclass(frozen=True, slots=True)
class CheckPage:
    """A signed paper being checked: its points beside its text, or beside its differences from what we issued."""

    title: str
    paper: InstrumentPage
    sheet: Sheet | None
    """The text, when the machine read it and this person may open the file."""
    compares: bool
    """Whether the differences are shown instead of the text."""
    documents: tuple[IssuedChoice, ...]
    """The documents of ours with which the file can be compared."""
    chosen: int | None
    """The document that this visitor chose, 0 for none, ``None`` when nothing was chosen."""
    anchors: Mapping[str, str] = field(default_factory=dict)
    """For each point, where its first passage stands on this page."""
    foreign: IssuedRow | None = None
    """A document issued for another agreement whose code is in the file: perhaps the wrong file was sent."""


MOST_CODES = 3
"""How many of the codes in a file are looked up: it carries one, unless it quotes others."""


def check_page(
    actor: Actor,
    files: FileStore,
    *,
    lineage: int,
    chosen: int | None = None,
    text: bool = False,
    whole: bool = False,
    opened: bool = True,
) -> CheckPage:
    """Return a signed paper for its check.

    Args:
        actor: who checks; showing the text of a protected file leaves a line in the trail, as opening it does.
        files: where the signed file and the documents of ours are.
        lineage: the paper.
        chosen: the document of ours to compare with, 0 for none, ``None`` for the one that is recognised.
        text: show the text even where the differences from a document of ours can be shown.
        whole: show a long text whole.
        opened: the person opens the page now; not when the same page answers what was sent from it.
    """
    with look() as session:
        paper = paper_of(session, lineage)
        known = known_of(session, files, paper, chosen=chosen, with_text=True)
        page = _page(actor, session, paper, known)
        documents = tuple(
            IssuedChoice(each.id, each.title, each.code, each.issued_at)
            for each in machine.binding_documents(session, paper.agreement_id)
        )
        foreign = _foreign(session, paper, known)
    readable = page.file is not None and page.file.readable and bool(known.passages)
    compares = readable and known.comparison is not None and not text
    sheet = None
    anchors: Mapping[str, str] = {}
    if compares and known.comparison is not None:
        anchors = {point: clause.anchor for clause in reversed(known.comparison.clauses) for point in clause.points}
    elif readable:
        sheet = sheet_of(known.passages, known.proposals.values(), whole=whole)
        anchors = sheet.anchors
    if opened and readable and page.file is not None and page.file.restricted:
        with act(actor) as work:
            work.trail(
                "restricted_file_opened",
                "stored_file",
                page.file.id,
                f"Texto de arquivo protegido aberto na conferência: {page.file.name}.",
                {"sha256": page.file.sha256},
            )
    return CheckPage(page.title, page, sheet, compares, documents, chosen, anchors, foreign)


def _foreign(session: Session, paper: Instrument, known: Known) -> IssuedRow | None:
    """Return the document of another agreement whose code the file carries, when it carries none of its own."""
    if known.machine is None:
        return None
    rows = [issued.issued_by_code(session, code) for code in known.machine.codes[:MOST_CODES]]
    found = [row for row in rows if row is not None]
    return found[0] if found and all(row.agreement_id != paper.agreement_id for row in found) else None


@dataclass(frozen=True, slots=True)
class PendingPage:
    """The signed papers that wait for a person's conclusions."""

    title: str
    rows: tuple[PendingPaper, ...]
    total: int
    number: int
    size: int


PENDING_SIZE = 20


def pending_page(*, page: int = 1) -> PendingPage:
    """Return a page of the signed papers with incisos that nobody has concluded about, newest first."""
    with look() as session:
        rows, total = machine.pending_papers(session, page=page, size=PENDING_SIZE)
    return PendingPage("Instrumentos a conferir", tuple(rows), total, page, PENDING_SIZE)


@dataclass(frozen=True, slots=True)
class PointScore:
    """How the machine's proposals about one inciso ended, once a person had concluded."""

    inciso: str
    same: int
    """The person concluded what the machine had proposed."""
    raised: int
    """The person found more than the machine."""
    lowered: int
    """The person found less than the machine."""
    hints: int
    """The machine had only said "talvez": a person had to conclude."""

    @property
    def judged(self) -> int:
        """How many proposals took a stand, right or wrong."""
        return self.same + self.raised + self.lowered


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """What the reader can do, what it cannot, and how often people corrected it."""

    title: str
    scores: tuple[PointScore, ...]
    reader: str

    @property
    def total(self) -> PointScore:
        """The sums."""
        return PointScore(
            "",
            sum(each.same for each in self.scores),
            sum(each.raised for each in self.scores),
            sum(each.lowered for each in self.scores),
            sum(each.hints for each in self.scores),
        )


_STRENGTH = {Coverage.MISSING: 0, Coverage.PARTIAL: 1, Coverage.COVERED: 2}


def reader_page() -> ReaderPage:
    """Return how often people confirmed what the machine had proposed, by inciso."""
    counts = {inciso: [0, 0, 0, 0] for inciso in INCISOS}
    with look() as session:
        for row in machine.conclusions_beside_proposals(session, source="machine"):
            proposed = Coverage(row.proposed)
            if proposed is Coverage.POSSIBLE:
                counts[row.point][3] += row.times
                continue
            gap = _STRENGTH[row.confirmed] - _STRENGTH[proposed]
            counts[row.point][0 if gap == 0 else 1 if gap > 0 else 2] += row.times
    scores = tuple(PointScore(inciso, *numbers) for inciso, numbers in counts.items())
    return ReaderPage("Leitura automática de instrumentos", scores, reader_version())
