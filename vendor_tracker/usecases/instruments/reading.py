"""What a person confirms that a signed paper says, point by point, with the law beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contracts.norm import ART_6_IV, ART_6_P1, ART_14, LegalReference
from contracts.vocabulary import INCISOS, Coverage, Formality
from vendor_tracker.files import FileStore
from vendor_tracker.store import papers, rulebook
from vendor_tracker.store.papers import ReadingRow
from vendor_tracker.store.tables import CoverageReading
from vendor_tracker.usecases.instruments.deriving import known_of
from vendor_tracker.usecases.instruments.finding import head_of, paper_of
from vendor_tracker.usecases.instruments.proposing import LONGEST_PLACE, LONGEST_QUOTE, Proposal, Reading
from vendor_tracker.usecases.judging import Change, rejudge
from vendor_tracker.usecases.work import Actor, UseCaseError, act, look

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
    proposed: Proposal | None

    @property
    def shown(self) -> Reading | None:
        """What the form begins with: what was confirmed, else what is proposed."""
        if self.confirmed is not None:
            held = self.confirmed
            return Reading(held.point, held.coverage, held.quote, held.place, held.missing_idea)
        return self.proposed


def points_of(
    session: Session, history: Sequence[ReadingRow], proposed: Mapping[str, Proposal]
) -> tuple[PointToRead, ...]:
    """Return every point of a paper with the law beside it, what was confirmed and what is proposed."""
    newest: dict[str, ReadingRow] = {}
    for row in history:
        newest.setdefault(row.point, row)
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


def confirm(
    actor: Actor,
    *,
    lineage: int,
    readings: Sequence[Reading],
    files: FileStore | None = None,
    compared_with: int | None = None,
) -> ConfirmResult:
    """Record what a person concluded about points of a paper; points left out stay as they are.

    What was proposed to the person is kept beside each conclusion: with ``files``, a signed file that derives from a
    document of ours was compared with it; ``compared_with`` is the document that the person chose (0: none).

    Raises :class:`ReadingRefusedError` for a point that is not of the paper or a conclusion that does not say where or
    what; then nothing is recorded.
    """
    # Comparing takes a moment, and the database waits for nobody meanwhile.
    with look() as session:
        proposals = known_of(session, files, paper_of(session, lineage), chosen=compared_with).proposals
    with act(actor) as work:
        paper = paper_of(work.session, lineage)
        head = head_of(work.session, paper.agreement_id)
        history = papers.readings_of(work.session, lineage)
        points = {point.point: point for point in points_of(work.session, history, proposals)}
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
                    proposed=None if proposed is None else proposed.kept(),
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
