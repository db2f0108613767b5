"""Signed papers of an agreement, and what a person confirms that each of them says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from contracts.norm import ART_6_IV, ART_6_P1, ART_14, LegalReference
from contracts.vocabulary import INCISOS, Coverage, Formality, InstrumentKind
from vendor_tracker.files import FileStore
from vendor_tracker.store import issued, papers, rulebook
from vendor_tracker.store.papers import AgreementHead, InstrumentRow, ReadingRow
from vendor_tracker.store.tables import CoverageReading, Instrument
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.filing import FileView, Upload
from vendor_tracker.usecases.judging import Change, rejudge
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, Work, act, look

READABLE_FORMALITIES: tuple[Formality, ...] = (
    Formality.PUBLIC_FUNCTION,
    Formality.PURPOSE,
    Formality.CATEGORIES,
    Formality.GUARANTEES,
    Formality.SUBJECT_ACCESS,
)
"""The formalities of art. 6º that can be read in the paper itself."""

_FORMALITY_LAW: Mapping[Formality, LegalReference] = {
    Formality.PUBLIC_FUNCTION: ART_6_IV,
    Formality.PURPOSE: ART_6_P1,
    Formality.CATEGORIES: ART_6_P1,
    Formality.GUARANTEES: ART_6_P1,
    Formality.SUBJECT_ACCESS: ART_6_P1,
}

LONGEST_QUOTE = 4_000
LONGEST_PLACE = 120
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class PaperData:
    """What is typed about a signed paper."""

    kind: InstrumentKind
    title: str
    signed_on: date | None = None
    signed_by_both: bool | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None
    published_on: date | None = None
    issued_document_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person concluded about one point of a paper."""

    point: str
    coverage: Coverage
    quote: str = ""
    place: str = ""
    missing_idea: str = ""


@dataclass(frozen=True, slots=True)
class PointToRead:
    """One point of a paper being checked: the law beside it, what was confirmed, and what is proposed."""

    point: str
    numeral: str
    """What is printed before the name: the inciso, or empty."""
    title: str
    """Empty for an inciso and a formality, whose names are labels."""
    formality: Formality | None
    law_text: str
    law_place: str
    confirmed: ReadingRow | None
    proposed: Reading | None

    @property
    def shown(self) -> Reading | None:
        """What the form begins with: what was confirmed, else what is proposed."""
        if self.confirmed is not None:
            held = self.confirmed
            return Reading(held.point, held.coverage, held.quote, held.place, held.missing_idea)
        return self.proposed


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


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------


def head_of(session: Session, agreement_id: int) -> AgreementHead:
    """Return the head of an agreement; raises :class:`NotFoundError`."""
    head = papers.agreement_head(session, agreement_id)
    if head is None:
        message = "Este acordo não existe."
        raise NotFoundError(message)
    return head


def _paper(session: Session, lineage: int) -> Instrument:
    paper = papers.current_instrument(session, lineage)
    if paper is None:
        message = "Este instrumento não existe."
        raise NotFoundError(message)
    return paper


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
    return tuple(IssuedChoice(row.id, row.title, row.code, row.issued_at) for row in rows)


def new_instrument(*, agreement_id: int) -> InstrumentForm:
    """Return what the form of a new paper needs."""
    with look() as session:
        head = head_of(session, agreement_id)
        return InstrumentForm("Registrar instrumento assinado", head, _choices(session, agreement_id))


def instrument_to_edit(actor: Actor, *, lineage: int) -> InstrumentForm:
    """Return what is on record about a paper, for the form that corrects it."""
    with look() as session:
        paper = _paper(session, lineage)
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
        paper = _paper(session, lineage)
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
            points=_points(session, paper, history),
            history=history,
            versions=versions,
            issued=None
            if document is None
            else IssuedChoice(document.id, document.title, document.code, document.issued_at),
            siblings=tuple(row for row in papers.instruments_of(session, head.id) if row.lineage != lineage),
        )


def _points(session: Session, paper: Instrument, history: Sequence[ReadingRow]) -> tuple[PointToRead, ...]:
    newest: dict[str, ReadingRow] = {}
    for row in history:
        newest.setdefault(row.point, row)
    proposed = _proposals(session, paper)
    points = [
        PointToRead(
            inciso,
            inciso,
            "",
            None,
            ART_14[inciso].text or "",
            ART_14[inciso].short_citation,
            newest.get(inciso),
            proposed.get(inciso),
        )
        for inciso in INCISOS
    ]
    for formality in READABLE_FORMALITIES:
        law = _FORMALITY_LAW[formality]
        point = formality.value
        points.append(
            PointToRead(
                point, "", "", formality, law.text or "", law.short_citation, newest.get(point), proposed.get(point)
            )
        )
    points.extend(
        PointToRead(
            further.code,
            "",
            further.title,
            None,
            further.text,
            f"obrigação acrescentada por {further.decided_by}",
            newest.get(further.code),
            proposed.get(further.code),
        )
        for further in rulebook.further_obligations(session)
        if further.needs_clause
    )
    return tuple(points)


def _proposals(session: Session, paper: Instrument) -> Mapping[str, Reading]:
    """Return what the issued document promised to say, when the paper is one of ours."""
    document = issued.issued_document(session, paper.issued_document_id) if paper.issued_document_id else None
    if document is None:
        return {}
    return {
        point: Reading(
            point,
            Coverage.COVERED,
            quote=document.passages.get(point, {}).get("quote", ""),
            place=document.passages.get(point, {}).get("place", ""),
        )
        for point in document.covers
    }


# ----------------------------------------------------------------------------------------------------------------------
# Recording
# ----------------------------------------------------------------------------------------------------------------------


def _check(work: Work, agreement_id: int, data: PaperData) -> None:
    if not data.title.strip():
        message = "Dê um nome ao instrumento, por exemplo “1º termo aditivo”."
        raise UseCaseError(message, field="title")
    if len(data.title) > LONGEST_TITLE:
        message = f"Use no máximo {LONGEST_TITLE} caracteres."
        raise UseCaseError(message, field="title")
    if data.signed_on is not None and data.signed_on > work.today:
        message = "O dia da assinatura ainda não chegou. Registre o instrumento depois de assinado."
        raise UseCaseError(message, field="signed_on")
    if data.signed_by_both and data.signed_on is None:
        message = "Informe o dia em que a última parte assinou."
        raise UseCaseError(message, field="signed_on")
    start = data.in_force_from or data.signed_on
    if data.in_force_until is not None and start is not None and data.in_force_until < start:
        message = "O fim da vigência é anterior ao começo."
        raise UseCaseError(message, field="in_force_until")
    if data.published_on is not None and data.signed_on is not None and data.published_on < data.signed_on:
        message = "A publicação é anterior à assinatura. Confira as duas datas."
        raise UseCaseError(message, field="published_on")
    if data.issued_document_id is not None:
        document = issued.issued_document(work.session, data.issued_document_id)
        if document is None or document.agreement_id != agreement_id:
            message = "Escolha um documento emitido para este acordo."
            raise UseCaseError(message, field="issued_document_id")


def register_instrument(
    actor: Actor, files: FileStore, *, agreement_id: int, data: PaperData, upload: Upload | None
) -> int:
    """Put a signed paper on record; returns its lineage. Its clauses count only once a person has read them."""
    with act(actor) as work:
        head = head_of(work.session, agreement_id)
        _check(work, agreement_id, data)
        file_id = filing.receive_upload(work, files, upload, restricted=head.secret)
        row = Instrument(
            agreement_id=agreement_id,
            kind=data.kind,
            title=data.title.strip(),
            signed_on=data.signed_on,
            signed_by_both=data.signed_by_both,
            in_force_from=data.in_force_from,
            in_force_until=data.in_force_until,
            published_on=data.published_on,
            issued_document_id=data.issued_document_id,
            file_id=file_id,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        _sign_proposals(work, data)
        rejudge(work, [agreement_id], cause="Instrumento registrado")
        work.trail(
            "instrument_registered",
            "instrument",
            row.id,
            f"Instrumento registrado em {head.label}: {row.title}.",
            {"agreement": agreement_id, "kind": data.kind, "signed_on": data.signed_on, "file": file_id},
        )
        return row.id


def correct_instrument(actor: Actor, files: FileStore, *, lineage: int, data: PaperData, upload: Upload | None) -> None:
    """Record a new version of what is known about a paper; the older one stays. A file replaces the one on record."""
    with act(actor) as work:
        row = _paper(work.session, lineage)
        head = head_of(work.session, row.agreement_id)
        _check(work, row.agreement_id, data)
        file_id = filing.receive_upload(work, files, upload, restricted=head.secret) or row.file_id
        work.session.add(
            row.next_version(
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
                kind=data.kind,
                title=data.title.strip(),
                signed_on=data.signed_on,
                signed_by_both=data.signed_by_both,
                in_force_from=data.in_force_from,
                in_force_until=data.in_force_until,
                published_on=data.published_on,
                issued_document_id=data.issued_document_id,
                file_id=file_id,
            )
        )
        work.session.flush()
        _sign_proposals(work, data)
        rejudge(work, [row.agreement_id], cause="Registro do instrumento corrigido")
        work.trail(
            "instrument_corrected",
            "instrument",
            lineage,
            f"Registro do instrumento corrigido em {head.label}: {data.title.strip()}.",
            {"agreement": row.agreement_id, "file": file_id},
        )


def _sign_proposals(work: Work, data: PaperData) -> None:
    """Close the proposals made with the document that this paper is, on the day both sides had signed."""
    if data.issued_document_id is None or not data.signed_by_both:
        return
    for held in issued.proposals_of(work.session, issued_document_id=data.issued_document_id):
        proposal = issued.current_proposal(work.session, held.lineage)
        if proposal is not None and proposal.signed_on is None:
            work.session.add(
                proposal.next_version(
                    recorded_at=work.now, recorded_by_id=work.actor.user_id, signed_on=data.signed_on, refused_on=None
                )
            )
    work.session.flush()


class ReadingRefusedError(UseCaseError):
    """One or more conclusions are incomplete; ``problems`` are (field, sentence) pairs, in the order of the page."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        """Keep them all, so that the page can show each beside its field."""
        super().__init__(problems[0][1], field=problems[0][0])
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class ConfirmResult:
    """What a check changed: how many conclusions were recorded, and which verdicts are no longer what they were."""

    recorded: int
    changes: tuple[Change, ...]


def confirm(actor: Actor, *, lineage: int, readings: Sequence[Reading]) -> ConfirmResult:
    """Record what a person concluded about points of a paper; points left out stay as they are.

    Raises :class:`ReadingRefusedError` for a point that is not of the paper or a conclusion that does not say where or
    what; then nothing is recorded.
    """
    with act(actor) as work:
        paper = _paper(work.session, lineage)
        head = head_of(work.session, paper.agreement_id)
        history = papers.readings_of(work.session, lineage)
        points = {point.point: point for point in _points(work.session, paper, history)}
        clean = [_clean(reading) for reading in readings]
        problems = [problem for reading in clean for problem in _problems(reading, points)]
        if problems:
            raise ReadingRefusedError(problems)
        recorded = []
        for reading in clean:
            held = points[reading.point]
            if held.confirmed is not None and held.shown == reading:
                continue
            proposed = held.proposed
            work.session.add(
                CoverageReading(
                    instrument_lineage=lineage,
                    point=reading.point,
                    coverage=reading.coverage,
                    quote=reading.quote,
                    place=reading.place,
                    missing_idea=reading.missing_idea,
                    proposed=None
                    if proposed is None
                    else {"coverage": proposed.coverage.value, "quote": proposed.quote, "place": proposed.place},
                    recorded_at=work.now,
                    recorded_by_id=actor.user_id,
                )
            )
            recorded.append(reading)
        if not recorded:
            return ConfirmResult(0, ())
        work.session.flush()
        changes = rejudge(work, [paper.agreement_id], cause="Conferência do instrumento")
        work.trail(
            "instrument_read",
            "instrument",
            lineage,
            f"Conferência de {paper.title}, {head.label}: {', '.join(reading.point for reading in recorded)}.",
            {"agreement": paper.agreement_id, "readings": {item.point: item.coverage.value for item in recorded}},
        )
        return ConfirmResult(len(recorded), changes)


def _clean(reading: Reading) -> Reading:
    """Leave out what does not belong to the conclusion: a missing clause has no place, a whole one lacks nothing."""
    missing = reading.coverage is Coverage.MISSING
    return Reading(
        reading.point,
        reading.coverage,
        quote="" if missing else reading.quote.strip(),
        place="" if missing else reading.place.strip(),
        missing_idea=reading.missing_idea.strip() if reading.coverage is Coverage.PARTIAL else "",
    )


def _problems(reading: Reading, points: Mapping[str, PointToRead]) -> list[tuple[str, str]]:
    if reading.point not in points:
        return [("", "Um dos pontos enviados não é deste instrumento. Recarregue a página.")]
    found = []
    if reading.coverage is Coverage.POSSIBLE:
        found.append((f"{reading.point}-coverage", "Conclua: prevê, prevê em parte ou não prevê."))
    if reading.coverage in {Coverage.COVERED, Coverage.PARTIAL} and not reading.place:
        found.append((f"{reading.point}-place", "Diga onde está, por exemplo “cláusula 12.4, página 11”."))
    if len(reading.place) > LONGEST_PLACE:
        found.append((f"{reading.point}-place", f"Use no máximo {LONGEST_PLACE} caracteres."))
    if reading.coverage is Coverage.PARTIAL and not reading.missing_idea:
        found.append((f"{reading.point}-missing_idea", "Diga o que falta; o termo aditivo usará estas palavras."))
    for name, text in (("quote", reading.quote), ("missing_idea", reading.missing_idea)):
        if len(text) > LONGEST_QUOTE:
            found.append((f"{reading.point}-{name}", f"Use no máximo {LONGEST_QUOTE} caracteres."))
    return found
