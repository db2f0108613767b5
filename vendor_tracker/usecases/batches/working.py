"""Making a batch, in any number of processes: one holds it at a time, and any other goes on where that one died.

A document and the note that its agreement has it are written in one transaction, so that no crash lets an agreement be
issued twice or passed over. Drafting, which takes longer, happens before that transaction and holds nobody up.
"""

import time
from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy.exc import DBAPIError

from vendor_tracker.files import FileStore
from vendor_tracker.settings import Body
from vendor_tracker.store import batches
from vendor_tracker.usecases import documents
from vendor_tracker.usecases.batches.choosing import KIND, LEFT_OUT, screen
from vendor_tracker.usecases.batches.packing import pack
from vendor_tracker.usecases.filing import ZIP, record_kept
from vendor_tracker.usecases.rounds import (
    DEATHS,
    LEASE,
    LostError,
    Progress,
    Round,
    conclude,
    count,
    go_through,
    held,
    release,
)
from vendor_tracker.usecases.work import Actor, UseCaseError, act, job, look

log = structlog.get_logger()

RENEWED_EVERY = 10.0
"""Seconds between signs of life while the archive is written."""
CHUNK = 50
"""How many agreements are screened in one go."""
TRIES = 5
"""How often putting the archive together may go wrong."""

GAVE_UP = f"A emissão foi interrompida {DEATHS} vezes neste acordo. Tente emitir o termo aditivo na página dele."


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What a round came to: batches that ended, documents issued, agreements left out and failed."""

    ended: int = 0
    issued: int = 0
    left_out: int = 0
    broken: int = 0


@dataclass(slots=True, kw_only=True)
class _Round(Round):
    """One process at one batch of documents."""

    files: FileStore
    body: Body


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

    def begin(found: int, deadline: float | None) -> _Round:
        return _Round(worker, found, deadline, report, files=files, body=body)

    came = go_through(KIND, worker=worker, seconds=seconds, batch_id=batch_id, begin=begin, make=_make, gave_up=GAVE_UP)
    return BatchReport(came.ended, came.done, came.left_out, came.broken)


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
                return release(at)
        if not chunk.more:
            return _finish(at)
        if at.late:
            return release(at)


def _next(at: _Round) -> _Chunk:
    """Screen the next agreements and write down at once which are left out."""
    with act(job("batches")) as work:
        row = held(work, at)
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
        row = held(work, at)
        if row.state == "cancelling":
            return False
        made = {} if document is None else {"issued_document_id": documents.put_on_record(work, at.files, document).id}
        conclude(work, row, item_id, state=state, reason=reason, **made)
    count(at, state)
    return True


def _finish(at: _Round) -> bool:
    """Write the archive and end the batch; what goes wrong is tried again later, and in the end said."""
    last = time.monotonic()

    def alive() -> None:
        nonlocal last
        if time.monotonic() - last >= RENEWED_EVERY:
            with act(job("batches")) as work:
                held(work, at)
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
        row = held(work, at)
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
        row = held(work, at)
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
