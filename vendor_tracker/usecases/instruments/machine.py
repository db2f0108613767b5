"""Having the machine read the file of a signed paper: once for each content and version of the reader.

The file is read after it was safely put on record, outside any transaction and in a process of its own. A row says who
is at it, so that two processes do not read the same; what was read stays when a newer reader reads anew.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Literal

from sqlalchemy.exc import IntegrityError

import clause_library
from clause_library.passages import CoverageReading, PointReading, ReadFile, UnreadableFileError
from clause_library.reading import ocr_available
from clause_library.reading.apart import check_apart
from clause_library.redline import codes_in
from contracts.vocabulary import INCISOS, Coverage
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.store import machine, papers
from vendor_tracker.store.tables import MachineReading
from vendor_tracker.usecases.instruments.finding import head_of, paper_of
from vendor_tracker.usecases.instruments.issued_text import likenesses
from vendor_tracker.usecases.instruments.kept import packed_points, packed_text, unpacked_points
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act, job, look

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long a reading may last, the wait for a turn and a busy machine included; later, whoever took it has died."""
LETTERS_LEASE = timedelta(minutes=15)
"""The same for the recognition of letters, which works page by page."""
RETRIED = frozenset({"busy", "failed", "too_slow", "too_demanding", "missing_file"})
"""Errors that may be the machine's and not the file's: the nightly round tries again."""
MOST_ATTEMPTS = 3
AT_NIGHT = 500
"""How many files one night reads at most; the others wait for the next."""
NIGHT_SECONDS = 3600

_MISSING_FILE = "O conteúdo guardado deste arquivo falta ou foi alterado. Avise a administração do sistema."
_DIED = "A leitura foi interrompida antes do fim. Peça a leitura de novo; se persistir, avise a administração."
_NO_FILE = "O arquivo assinado ainda não foi enviado. Envie-o em “Corrigir registro” e peça a leitura depois."


@cache
def reader_version() -> str:
    """Return the digest of the reader's rules and concepts, so that a changed reader is another version."""
    root = Path(clause_library.__file__).parent
    parts = [root / "passages.py"]
    for folder in ("reading", "coverage", "concepts"):
        parts += [each for each in (root / folder).rglob("*") if each.suffix in {".py", ".toml"}]
    digest = hashlib.sha256()
    for each in sorted(parts):
        digest.update(f"{each.relative_to(root).as_posix()}\0".encode())
        digest.update(each.read_bytes())
    return digest.hexdigest()[:12]


State = Literal["unread", "reading", "waiting", "failed", "read"]


@dataclass(frozen=True, slots=True)
class MachineState:
    """How far the machine has come with the file of a paper.

    ``waiting`` is in line for the recognition of letters. ``current`` tells whether the reader of today read it;
    ``offers_letters`` whether the file has no text and this server could recognise its letters.
    """

    state: State
    reading_id: int | None = None
    read_at: datetime | None = None
    reader: str = ""
    current: bool = True
    error_code: str = ""
    error: str = ""
    offers_letters: bool = False
    media_type: str = ""
    pages: int | None = None
    provisions: int = 0
    notes: tuple[str, ...] = ()
    points: tuple[tuple[str, PointReading], ...] = ()
    codes: tuple[str, ...] = ()
    likeness: tuple[tuple[int, float], ...] = ()
    """For ids of issued documents of the agreement, how alike the file is, from 0 to 1."""

    @property
    def may_ask(self) -> bool:
        """Whether there is anything to ask the machine for."""
        return self.state in {"unread", "failed"} or (self.state == "read" and not self.current)

    def count(self, *levels: Coverage) -> int:
        """Return how many incisos were proposed with one of these levels."""
        return sum(1 for _, point in self.points if point.coverage in levels)


def state_of(rows: Sequence[MachineReading], now: datetime) -> MachineState:
    """Tell what the rows of one content, oldest first, come to: the newest text counts, else the newest attempt."""
    own = [row for row in rows if row.reader == reader_version()]
    read = [row for row in rows if row.ended_at is not None and not row.error_code]
    chosen = next((row for row in reversed(read) if row.reader == reader_version()), read[-1] if read else None)
    if chosen is not None:
        points = unpacked_points(chosen.points)
        return MachineState(
            "read",
            chosen.id,
            chosen.ended_at,
            chosen.reader,
            chosen.reader == reader_version(),
            media_type=chosen.media_type,
            pages=chosen.pages,
            provisions=chosen.provisions,
            notes=tuple(chosen.notes),
            points=tuple((inciso, points[inciso]) for inciso in INCISOS if inciso in points),
            codes=tuple(chosen.derives.get("codes", ())),
            likeness=tuple((int(each), score) for each, score in chosen.derives.get("likeness", {}).items()),
        )
    if not own:
        return MachineState("unread")
    newest = own[-1]
    if newest.ended_at is None:
        if newest.ocr and (newest.held_until is None or newest.held_until < now):
            return MachineState("waiting")
        if newest.held_until is not None and newest.held_until >= now:
            return MachineState("reading")
        return MachineState("failed", error_code="died", error=_DIED)
    return MachineState(
        "failed",
        read_at=newest.ended_at,
        reader=newest.reader,
        error_code=newest.error_code,
        error=newest.error,
        offers_letters=newest.error_code == "no_text" and ocr_available(),
    )


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The file of a paper, as a reading needs it."""

    lineage: int
    title: str
    agreement: str
    agreement_id: int
    sha256: str
    name: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a reading came to: the text and what it says, or an error."""

    read: ReadFile | None = None
    coverage: CoverageReading | None = None
    codes: tuple[str, ...] = ()
    likeness: tuple[tuple[int, float], ...] = ()
    error_code: str = ""
    error: str = ""


def read_instrument(actor: Actor, files: FileStore, *, lineage: int) -> MachineState:
    """Have the machine read the file of a signed paper, unless this version of the reader did; returns what is known.

    Raises :class:`NotFoundError` for no such paper, and :class:`UseCaseError` when it has no file.
    """
    wanted = _wanted(lineage)
    taken = _take(actor, wanted)
    if taken is not None:
        _complete(actor, taken, wanted, _outcome(files, wanted))
    return machine_state(wanted.sha256)


def read_after_filing(actor: Actor, files: FileStore, *, lineage: int) -> MachineState | None:
    """Read a paper that was just put on record; whatever happens here, the record stands."""
    try:
        return read_instrument(actor, files, lineage=lineage)
    except UseCaseError:
        return None
    except Exception:
        # The file is safe and can be read at any time; who handed it in must not be told that it failed.
        log.exception("the file of paper %s could not be read after it was filed", lineage)
        return None


def ask_for_letters(actor: Actor, *, lineage: int) -> None:
    """Put a scan in line for the recognition of its letters, which may take minutes.

    Raises :class:`ConflictError` when it is in line, has a text, or this server cannot do it.
    """
    wanted = _wanted(lineage)
    with act(actor) as work:
        rows = machine.readings_of_file(work.session, wanted.sha256)
        if not state_of(rows, work.now).offers_letters:
            message = "Este arquivo não espera reconhecimento de texto (OCR). Recarregue a página."
            raise ConflictError(message)
        work.session.add(_row(work, wanted.sha256, rows, ocr=True))
        work.trail(
            "letters_asked",
            "instrument",
            lineage,
            f"Reconhecimento de texto (OCR) pedido: {wanted.title}, {wanted.agreement}.",
            {"sha256": wanted.sha256},
        )


def machine_state(sha256: str) -> MachineState:
    """Return how far the machine has come with a content."""
    with look() as session:
        return state_of(machine.readings_of_file(session, sha256), clock.now())


def _wanted(lineage: int) -> _Wanted:
    with look() as session:
        paper = paper_of(session, lineage)
        head = head_of(session, paper.agreement_id)
        file = papers.stored_file(session, paper.file_id)
        if file is None:
            raise UseCaseError(_NO_FILE)
        return _Wanted(lineage, paper.title, head.label, head.id, file.sha256, file.name)


def _row(work: Work, sha256: str, rows: Sequence[MachineReading], *, ocr: bool) -> MachineReading:
    own = [row.attempt for row in rows if row.reader == reader_version()]
    return MachineReading(
        sha256=sha256,
        reader=reader_version(),
        attempt=max(own, default=0) + 1,
        ocr=ocr,
        tries=0 if ocr else 1,
        held_until=None if ocr else work.now + LEASE,
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
    )


def _take(actor: Actor, wanted: _Wanted) -> int | None:
    """Take a content for this process; ``None`` when it was read, or somebody is at it."""
    try:
        with act(actor) as work:
            rows = machine.readings_of_file(work.session, wanted.sha256)
            known = state_of(rows, work.now)
            if known.state in {"reading", "waiting"} or (known.state == "read" and known.current):
                return None
            if any(_held(row, work.now) for row in rows):
                # A text of an older reader hides that somebody is at it with the reader of today.
                return None
            row = _row(work, wanted.sha256, rows, ocr=False)
            work.session.add(row)
            work.session.flush()
            return row.id
    except IntegrityError:
        # Another process took the same attempt while we looked: it is theirs.
        return None


def _held(row: MachineReading, now: datetime) -> bool:
    return (
        row.reader == reader_version() and row.ended_at is None and row.held_until is not None and row.held_until >= now
    )


def _outcome(files: FileStore, wanted: _Wanted, *, ocr: bool = False) -> _Outcome:
    """Read the bytes apart from everything, and compare the text with our documents of the agreement."""
    try:
        data = files.read(wanted.sha256)
    except OSError:
        return _Outcome(error_code="missing_file", error=_MISSING_FILE)
    try:
        read, coverage = check_apart(data, wanted.name, ocr=ocr)
    except UnreadableFileError as error:
        return _Outcome(error_code=error.code, error=error.sentence)
    alike = likenesses(files, agreement_id=wanted.agreement_id, passages=read.passages)
    return _Outcome(read, coverage, codes_in(read.passages), alike)


def _complete(actor: Actor, reading_id: int, wanted: _Wanted, outcome: _Outcome) -> None:
    with act(actor) as work:
        row = machine.for_completion(work.session, reading_id)
        if row.ended_at is not None:
            return
        row.ended_at, row.held_until = work.now, None
        row.error_code, row.error = outcome.error_code, outcome.error
        said = f"não pôde ser lido. {outcome.error}"
        details: dict[str, object] = {"sha256": wanted.sha256, "reader": row.reader, "error": outcome.error_code}
        if outcome.read is not None and outcome.coverage is not None:
            row.media_type, row.pages = outcome.read.media_type, outcome.read.pages
            row.provisions = outcome.coverage.provisions
            row.notes = list(outcome.read.notes)
            row.points = packed_points(outcome.coverage.points)
            row.passages = packed_text(outcome.read.passages)
            row.derives = {
                "codes": list(outcome.codes),
                "likeness": {str(each): round(score, 3) for each, score in outcome.likeness},
            }
            said = "foi lido; o que a máquina propõe espera conferência."
            details["proposed"] = {name: each.coverage.value for name, each in outcome.coverage.points.items()}
        work.trail(
            "instrument_machine_read",
            "instrument",
            wanted.lineage,
            f"O arquivo de {wanted.title}, {wanted.agreement}, {said}",
            details,
        )


# ----------------------------------------------------------------------------------------------------------------------
# Jobs
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadingReport:
    """What a round came to."""

    read: int
    unreadable: int


def read_unread(files: FileStore) -> ReadingReport:
    """Read every file that this reader has not read, of papers with an inciso that nobody concluded about."""
    actor = job("read_files")
    report = ReadingReport(0, 0)
    with look() as session:
        waiting = machine.unread_papers(
            session,
            reader=reader_version(),
            now=clock.now(),
            retried=RETRIED,
            most=MOST_ATTEMPTS,
            limit=AT_NIGHT,
        )
    until = monotonic() + NIGHT_SECONDS
    for each in waiting:
        if monotonic() > until:
            break
        known = read_after_filing(actor, files, lineage=each.lineage)
        report = _counted(report, known is not None and known.state == "read")
    return report


def recognise_waiting(files: FileStore) -> ReadingReport:
    """Read, one by one, the scans that wait for the recognition of their letters."""
    actor = job("recognise_letters")
    report = ReadingReport(0, 0)
    with look() as session:
        if not machine.any_waiting_for_letters(session):
            return report
    while True:
        taken = _take_waiting(actor)
        if taken is None:
            return report
        reading_id, wanted = taken
        outcome = _outcome(files, wanted, ocr=True) if wanted is not None else _Outcome(error_code="died", error=_DIED)
        if wanted is None:
            _give_up(actor, reading_id, outcome)
        else:
            _complete(actor, reading_id, wanted, outcome)
        report = _counted(report, outcome.read is not None)


def _counted(report: ReadingReport, read: bool) -> ReadingReport:
    return replace(report, read=report.read + 1) if read else replace(report, unreadable=report.unreadable + 1)


def _take_waiting(actor: Actor) -> tuple[int, _Wanted | None] | None:
    """Take the oldest scan in line; without a paper when none has this file any more, or it failed too often."""
    with act(actor) as work:
        row = machine.waiting_for_letters(work.session, now=work.now)
        if row is None:
            return None
        row.tries += 1
        row.held_until = work.now + LETTERS_LEASE
        reading_id, sha256, tries = row.id, row.sha256, row.tries
        lineages = machine.papers_of_file(work.session, sha256)
    if tries > MOST_ATTEMPTS or not lineages:
        return reading_id, None
    try:
        return reading_id, _wanted(lineages[0])
    except NotFoundError:
        return reading_id, None


def _give_up(actor: Actor, reading_id: int, outcome: _Outcome) -> None:
    with act(actor) as work:
        row = machine.for_completion(work.session, reading_id)
        row.ended_at, row.held_until = work.now, None
        row.error_code, row.error = outcome.error_code, outcome.error
        work.trail(
            "instrument_machine_read",
            "machine_reading",
            reading_id,
            "O reconhecimento de texto (OCR) de um arquivo foi abandonado.",
            {"sha256": row.sha256, "error": outcome.error_code},
        )
