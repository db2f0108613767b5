"""Making a batch, in any number of processes: one holds it at a time, and any other goes on where that one died.

A document and the note that its agreement has it are written in one transaction, so that no crash lets an agreement be
issued twice or passed over. Drafting, which takes longer, happens before that transaction and holds nobody up.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from vendor_tracker.files import FileStore
from vendor_tracker.settings import Body
from vendor_tracker.store import batches
from vendor_tracker.store.tables import Batch
from vendor_tracker.usecases import documents
from vendor_tracker.usecases.batches.choosing import LEFT_OUT, screen
from vendor_tracker.usecases.batches.packing import pack
from vendor_tracker.usecases.filing import ZIP, record_kept
from vendor_tracker.usecases.work import Actor, UseCaseError, Work, act, job, look

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
"""How long a batch stays with a process that says nothing more; each step says something."""
RENEWED_EVERY = 10.0
"""Seconds between signs of life while the archive is written."""
CHUNK = 50
"""How many agreements are screened in one go."""
DEATHS = 3
"""An agreement at which so many processes died is given up, so that the others get their turn."""
TRIES = 5
"""How often putting the archive together may go wrong."""
LONGEST_REASON = 500

Progress = Callable[[int, int], None]


class LostError(Exception):
    """The lease ran out and another process has the batch; whatever it does, counts."""


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What a round came to: batches that ended, documents issued, agreements left out and failed."""

    ended: int = 0
    issued: int = 0
    left_out: int = 0
    broken: int = 0


@dataclass(slots=True)
class _Round:
    """One process at one batch."""

    files: FileStore
    body: Body
    worker: str
    batch_id: int
    deadline: float | None
    report: Progress | None
    issued: int = 0
    skipped: int = 0
    failed: int = 0

    @property
    def late(self) -> bool:
        """Tell whether the time of this round is over."""
        return self.deadline is not None and time.monotonic() >= self.deadline


def work_through(
    files: FileStore,
    body: Body,
    *,
    worker: str,
    seconds: float | None = None,
    batch_id: int | None = None,
    report: Progress | None = None,
) -> BatchReport:
    """Make the batches that wait, the oldest first, until none waits or the time is over.

    Args:
        files: where the documents and the archives are kept.
        body: the organisation, as the documents name it.
        worker: names this process; what it holds, no other touches until its lease is over.
        seconds: the time after which the batch is left for the next round; ``None`` goes on to the end.
        batch_id: makes this batch alone.
        report: told how many agreements are done and how many there are.
    """
    deadline = None if seconds is None else time.monotonic() + seconds
    ended = issued = left_out = broken = 0
    while deadline is None or time.monotonic() < deadline:
        found = _claim(worker, batch_id)
        if found is None:
            break
        at = _Round(files, body, worker, found, deadline, report)
        try:
            finished = _make(at)
        except LostError:
            log.warning("batch taken over by another process", batch=found)
            finished = False
        issued, left_out, broken = issued + at.issued, left_out + at.skipped, broken + at.failed
        ended += finished
        if batch_id is not None:
            break
    return BatchReport(ended, issued, left_out, broken)


def _claim(worker: str, batch_id: int | None) -> int | None:
    """Take a batch that nobody is at; ``None`` when none waits."""
    with look() as session:
        # Asked every few seconds by every process: when nothing waits, nobody's place as the writer is taken.
        if not batches.any_open(session):
            return None
    with act(job("batches")) as work:
        if batch_id is not None and (own := batches.held(work.session, batch_id, worker)) is not None:
            row = own
        else:
            found = batches.claimable(work.session, now=work.now, batch_id=batch_id)
            if found is None:
                return None
            row = found
            if row.claimed_by is not None and row.state == "running":
                _note_death(work, row)
        row.claimed_by, row.claimed_until = worker, work.now + LEASE
        if row.state == "queued":
            row.state, row.started_at = "running", work.now
        return row.id


def _note_death(work: Work, row: Batch) -> None:
    """Count that a process died at the first agreement that waits; after some times that agreement is given up."""
    for item_id, _ in batches.pending(work.session, row.id, limit=1):
        item = batches.pending_item(work.session, item_id)
        if item is None:
            return
        item.tries += 1
        if item.tries >= DEATHS:
            item.state, item.ended_at = "failed", work.now
            item.reason = (
                f"A emissão foi interrompida {DEATHS} vezes neste acordo. Tente emitir o termo aditivo na página dele."
            )
            row.failed += 1


def _held(work: Work, at: _Round) -> Batch:
    """Return the batch that this round holds, its lease renewed; raises :class:`LostError`."""
    row = batches.held(work.session, at.batch_id, at.worker)
    if row is None:
        raise LostError
    row.claimed_until = work.now + LEASE
    if at.report is not None:
        at.report(row.done + row.skipped + row.failed, row.total)
    return row


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The next agreements that get a document, as (item, agreement); ``more``: others may wait behind them."""

    waiting: tuple[tuple[int, int], ...]
    kind: str
    on: date
    asker: Actor
    more: bool


def _make(at: _Round) -> bool:
    """Go through the agreements that wait, then put the archive together; tells whether the batch ended."""
    while True:
        chunk = _next(at)
        for item_id, agreement_id in chunk.waiting:
            if not _issue_one(at, chunk, item_id, agreement_id):
                return _finish(at)
            if at.late:
                return _release(at)
        if not chunk.more:
            return _finish(at)
        if at.late:
            return _release(at)


def _next(at: _Round) -> _Chunk:
    """Screen the next agreements and write down at once which are left out."""
    with act(job("batches")) as work:
        row = _held(work, at)
        asker = Actor(row.asked_by, user_id=row.recorded_by_id)
        if row.state == "cancelling":
            return _Chunk((), row.kind, work.today, asker, more=False)
        waiting = batches.pending(work.session, row.id, limit=CHUNK)
        reasons = screen(work.session, [agreement for _, agreement in waiting], on=work.today, repeat=row.repeat)
        left_out = {item: LEFT_OUT[reasons[agreement]] for item, agreement in waiting if agreement in reasons}
        skipped = batches.skip(work.session, left_out, now=work.now)
        row.skipped += skipped
        at.skipped += skipped
        going = tuple(pair for pair in waiting if pair[1] not in reasons)
        return _Chunk(going, row.kind, work.today, asker, more=bool(waiting))


def _issue_one(at: _Round, chunk: _Chunk, item_id: int, agreement_id: int) -> bool:
    """Issue the document of one agreement, or write down why not; ``False`` when the batch is being cancelled."""
    document, state, reason = None, "done", ""
    try:
        with look() as session:
            document = documents.ready(session, at.body, agreement_id=agreement_id, kind=chunk.kind, on=chunk.on)
    except UseCaseError as error:
        state, reason = "skipped", error.message
    except DBAPIError:
        raise
    except Exception as error:
        log.exception("document of a batch failed", batch=at.batch_id, agreement=agreement_id)
        state, reason = "failed", _unexpected(error)
    if document is not None:
        try:
            return _record(at, item_id, chunk.asker, document)
        except OSError as error:
            log.exception("document of a batch could not be kept", batch=at.batch_id, agreement=agreement_id)
            state, reason = "failed", _unexpected(error)
    return _record(at, item_id, chunk.asker, None, state=state, reason=reason)


def _unexpected(error: Exception) -> str:
    return (
        f"A emissão falhou por um erro do sistema ({type(error).__name__}). "
        "Tente na página do acordo; se persistir, avise a administração."
    )


def _record(
    at: _Round,
    item_id: int,
    asker: Actor,
    document: documents.ReadyDocument | None,
    *,
    state: str = "done",
    reason: str = "",
) -> bool:
    """Put one agreement's outcome on record, in one transaction with its document."""
    with act(asker) as work:
        row = _held(work, at)
        if row.state == "cancelling":
            return False
        item = batches.pending_item(work.session, item_id)
        if item is None:
            raise LostError
        if document is not None:
            item.issued_document_id = documents.put_on_record(work, at.files, document).id
        item.state, item.reason, item.ended_at = state, reason[:LONGEST_REASON], work.now
        row.done += state == "done"
        row.skipped += state == "skipped"
        row.failed += state == "failed"
    at.issued += state == "done"
    at.skipped += state == "skipped"
    at.failed += state == "failed"
    return True


def _release(at: _Round) -> bool:
    """Leave the batch, which has not ended, to whoever comes next."""
    with act(job("batches")) as work:
        row = _held(work, at)
        # The moment stays, so that the page can tell a pause between two rounds from a batch that nobody comes back to.
        row.claimed_by, row.claimed_until = None, work.now
    return False


def _finish(at: _Round) -> bool:
    """Write the archive and end the batch; what goes wrong is tried again later, and in the end said."""
    last = time.monotonic()

    def alive() -> None:
        nonlocal last
        if time.monotonic() - last >= RENEWED_EVERY:
            with act(job("batches")) as work:
                _held(work, at)
            last = time.monotonic()

    try:
        with look() as session:
            packed = pack(session, at.files, at.batch_id, alive)
    except (DBAPIError, LostError):
        raise
    except Exception as error:
        log.exception("archive of a batch failed", batch=at.batch_id)
        return _give_up(at, error)
    with act(job("batches")) as work:
        row = _held(work, at)
        stopped = row.state == "cancelling"
        file = None
        if packed is not None:
            file = record_kept(work, packed.kept, name=packed.name, media_type=ZIP, restricted=packed.restricted)
            row.file_id = file.id
        row.state = "cancelled" if stopped else "done"
        row.ended_at, row.claimed_by, row.claimed_until = work.now, None, None
        work.trail(
            "batch_ended",
            "batch",
            row.id,
            f"Lote {row.id} {'interrompido' if stopped else 'concluído'}. Acordos: {row.total}; com termo emitido: "
            f"{row.done}; deixados de fora: {row.skipped}; com falha: {row.failed}.",
            {
                "done": row.done,
                "skipped": row.skipped,
                "failed": row.failed,
                "total": row.total,
                "sha256": file.sha256 if file is not None else None,
            },
        )
    return True


def _give_up(at: _Round, error: Exception) -> bool:
    with act(job("batches")) as work:
        row = _held(work, at)
        row.tries += 1
        row.problem = (
            f"O arquivo compactado não pôde ser montado ({type(error).__name__}). "
            "Os documentos emitidos estão na lista e podem ser baixados um a um."
        )
        if row.tries < TRIES:
            # Held by nobody until then: a full disk is given time to be emptied.
            row.claimed_by, row.claimed_until = None, work.now + LEASE * row.tries
            return False
        row.state = "failed"
        row.ended_at, row.claimed_by, row.claimed_until = work.now, None, None
        work.trail(
            "batch_ended",
            "batch",
            row.id,
            f"Lote {row.id} encerrado sem o arquivo compactado. Acordos com termo emitido: {row.done}.",
            {"done": row.done, "total": row.total, "error": type(error).__name__},
        )
        return True
