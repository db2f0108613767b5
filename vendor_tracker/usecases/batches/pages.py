"""The pages of batches: the list, one batch as it comes along, and its archive."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from vendor_tracker import clock
from vendor_tracker.files import CHUNK, FileStore
from vendor_tracker.store import batches
from vendor_tracker.store.batches import BatchRow, ItemRow
from vendor_tracker.usecases.batches.acts import NO_BATCH
from vendor_tracker.usecases.batches.choosing import KIND
from vendor_tracker.usecases.filing import ZIP, may_read
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, act, look

PAGE_SIZE = 20
ITEMS_SHOWN = 50
ITEM_STATES = ("done", "skipped", "failed", "pending")


@dataclass(frozen=True, slots=True)
class BatchesPage:
    """The list of batches, the newest first."""

    title: str
    rows: tuple[BatchRow, ...]
    total: int
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class BatchPage:
    """One batch as it stands at this moment, and a page of its agreements."""

    title: str
    row: BatchRow
    going: bool
    """Whether there is still work to do."""
    stalled: bool
    """Whether nobody has worked on it for a while: no scheduler runs, or it was interrupted."""
    handled: int
    """How many agreements are through, one way or another."""
    counts: Mapping[str, int]
    """By state of an agreement."""
    readable: bool
    """Whether this person may open the archive."""
    state: str
    """The state that the list of agreements is filtered by; empty for all."""
    items: tuple[ItemRow, ...]
    items_total: int
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive of a batch, to be sent piece by piece. ``size`` in bytes."""

    name: str
    media_type: str
    size: int
    restricted: bool
    pieces: Iterator[bytes]


def index(*, page: int = 1) -> BatchesPage:
    """Return a page of the list of batches."""
    with look() as session:
        rows, total = batches.listed(session, KIND, page=page, size=PAGE_SIZE)
    return BatchesPage("Lotes de termos aditivos", tuple(rows), total, page, PAGE_SIZE)


def show(actor: Actor, *, batch_id: int, state: str = "", page: int = 1) -> BatchPage:
    """Return a batch for its page. Raises :class:`NotFoundError`."""
    state = state if state in ITEM_STATES else ""
    with look() as session:
        row = batches.batch_row(session, batch_id, KIND)
        if row is None:
            raise NotFoundError(NO_BATCH)
        items, total = batches.items(session, batch_id, state=state, page=page, size=ITEMS_SHOWN)
    handled = row.done + row.skipped + row.failed
    going = row.state in batches.OPEN
    now = clock.now()
    silent_since = row.held_until or row.started_at or row.asked_at
    return BatchPage(
        title=f"Lote {row.id}: termos aditivos",
        row=row,
        going=going,
        stalled=going and (now - silent_since).total_seconds() > 60,
        handled=handled,
        counts={"done": row.done, "skipped": row.skipped, "failed": row.failed, "pending": row.total - handled},
        readable=row.file_id is not None and may_read(actor.role, restricted=row.restricted),
        state=state,
        items=tuple(items),
        items_total=total,
        number=page,
        size=ITEMS_SHOWN,
    )


def archive(actor: Actor, files: FileStore, *, batch_id: int) -> Archive:
    """Return the archive of a batch; opening one with protected agreements leaves a line in the trail.

    Raises :class:`NotFoundError` when there is none or it is not this person's to see, and :class:`ConflictError` when
    the bytes kept no longer have the content that was written.
    """
    with look() as session:
        row = batches.batch_row(session, batch_id, KIND)
    if row is None or row.file_id is None or not may_read(actor.role, restricted=row.restricted):
        message = "Este arquivo não existe ou é protegido (art. 5º da Portaria)."
        raise NotFoundError(message)
    _check(files, row)
    if row.restricted:
        with act(actor) as work:
            work.trail(
                "restricted_file_opened",
                "stored_file",
                row.file_id,
                f"Arquivo protegido aberto: {row.file_name}.",
                {"sha256": row.sha256, "batch": row.id},
            )
    return Archive(row.file_name, ZIP, row.size, row.restricted, _pieces(files, row.sha256))


def _check(files: FileStore, row: BatchRow) -> None:
    digest = sha256()
    try:
        with files.open(row.sha256) as source:
            while piece := source.read(CHUNK):
                digest.update(piece)
    except OSError:
        digest = sha256(b"missing")
    if digest.hexdigest() != row.sha256:
        message = "O conteúdo guardado deste arquivo falta ou foi alterado. Avise a administração do sistema."
        raise ConflictError(message)


def _pieces(files: FileStore, digest: str) -> Iterator[bytes]:
    with files.open(digest) as source:
        while piece := source.read(CHUNK):
            yield piece
