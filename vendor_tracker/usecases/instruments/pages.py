"""Signed papers as staff read them, for their page and for their forms."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from vendor_tracker.store import issued, papers
from vendor_tracker.store.papers import AgreementHead, InstrumentRow, ReadingRow
from vendor_tracker.store.tables import Instrument
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.document_kinds import OF_AGREEMENT
from vendor_tracker.usecases.filing import FileView
from vendor_tracker.usecases.instruments.finding import head_of, paper_of
from vendor_tracker.usecases.instruments.reading import PointToRead, points_of
from vendor_tracker.usecases.instruments.recording import PaperData
from vendor_tracker.usecases.work import Actor, look


@dataclass(frozen=True, slots=True)
class IssuedChoice:
    """A document of ours that a signed paper may be."""

    id: int
    title: str
    code: str
    issued_at: datetime


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
    return tuple(IssuedChoice(row.id, row.title, row.code, row.issued_at) for row in rows if row.kind in OF_AGREEMENT)


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


def instrument_page(actor: Actor, *, lineage: int) -> InstrumentPage:
    """Return a signed paper, for its page and for its check."""
    with look() as session:
        paper = paper_of(session, lineage)
        head = head_of(session, paper.agreement_id)
        history = tuple(papers.readings_of(session, lineage))
        file = papers.stored_file(session, paper.file_id)
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
            file=None if file is None else filing.view_of(file, actor, secret=head.secret),
            points=points_of(session, paper, history),
            history=history,
            versions=versions,
            issued=None
            if document is None
            else IssuedChoice(document.id, document.title, document.code, document.issued_at),
            siblings=tuple(row for row in papers.instruments_of(session, head.id) if row.lineage != lineage),
        )
