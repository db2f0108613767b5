"""The archive of a batch: every issued document as it was issued, and the index of what became of each agreement.

Documents are read, checked against their SHA-256 and written one at a time, so that a thousand take no more memory than
one. The same documents give the same bytes.
"""

import re
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from vendor_tracker import clock
from vendor_tracker.files import FileStore, KeptFile
from vendor_tracker.reports.batch_index import IndexHead, IndexLine, IndexWriter
from vendor_tracker.running import settings
from vendor_tracker.store import batches
from vendor_tracker.store.batches import BatchRow, ItemRow
from vendor_tracker.usecases.batches.choosing import KIND
from vendor_tracker.usecases.judging import catalogue_of
from vendor_tracker.usecases.work import NotFoundError

READ_AT_ONCE = 200
INDEX_NAME = "indice.xlsx"
MOMENT = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP file knows: the archive's own times say nothing."""
LONGEST_NUMBER = 60
NOT_STARTED = "O lote foi cancelado antes deste acordo."
ALTERED = "O documento emitido falta na guarda de arquivos ou foi alterado, e não entrou no arquivo compactado."


@dataclass(frozen=True, slots=True)
class Packed:
    """The archive, kept: its address and size, its name, and whether art. 5º protects something in it."""

    kept: KeptFile
    name: str
    restricted: bool


def file_name(position: int, total: int, number: str, kind: str) -> str:
    """Return the name of a document in the archive: "007-acordo-00012-2025-termo-aditivo.docx".

    Only small letters, digits and hyphens, so that every system can unpack it; the position makes it unique.
    """
    plain = unicodedata.normalize("NFKD", number).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_NUMBER].strip("-") or "sem-numero"
    return f"{position:0{max(3, len(str(total)))}d}-acordo-{slug}-{kind}.docx"


def pack(session: Session, files: FileStore, batch_id: int, alive: Callable[[], None]) -> Packed | None:
    """Write the archive of a batch into the file store; ``None`` when it was cancelled before anything was issued.

    ``alive`` is called after each agreement.
    """
    row = batches.batch_row(session, batch_id, KIND)
    if row is None:
        message = "Este lote não existe."
        raise NotFoundError(message)
    if row.state == "cancelling" and not row.done:
        return None
    restricted = False
    prefix = f".lote-{row.id}-"
    for left in _scratch().glob(f"{prefix}*"):
        # A process that was killed at this archive left its parts behind.
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=_scratch()) as folder:
        archive, index = Path(folder, "lote.zip"), Path(folder, INDEX_NAME)
        with (
            zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as target,
            IndexWriter(index, folder, _head(row)) as writer,
        ):
            titles = {clause.id: clause.title for clause in catalogue_of(session).clauses}
            for item in _all_items(session, batch_id):
                name = ""
                shown = item
                if item.sha256:
                    try:
                        data = files.read(item.sha256)
                    except OSError:
                        shown = item._replace(reason=ALTERED)
                    else:
                        name = file_name(item.position, row.total, item.number, row.kind)
                        target.writestr(_entry(name), data)
                        restricted = restricted or item.restricted
                writer.line(_line(shown, name, titles))
                alive()
            writer.close()
            with index.open("rb") as source, target.open(_entry(INDEX_NAME), "w") as inner:
                shutil.copyfileobj(source, inner)
        with archive.open("rb") as made:
            kept = files.keep(made)
    return Packed(kept, f"Lote {row.id} - termos aditivos.zip", restricted)


def _scratch() -> Path:
    """Return where large files are put together: beside the data, because the system's own folder may be memory."""
    folder = settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, date_time=MOMENT)
    # A DOCX is compressed already; doing it again would cost time and save nothing.
    entry.compress_type = zipfile.ZIP_STORED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry


def _all_items(session: Session, batch_id: int) -> Iterator[ItemRow]:
    position = 0
    while found := batches.items_after(session, batch_id, position, limit=READ_AT_ONCE):
        yield from found
        position = found[-1].position


def _head(row: BatchRow) -> IndexHead:
    return IndexHead(
        number=row.id,
        filter_words=row.filter_words,
        asked_by=row.asked_by,
        asked_at=row.asked_at.astimezone(clock.SAO_PAULO).replace(tzinfo=None),
        cancelled=row.state == "cancelling",
        total=row.total,
        done=row.done,
        skipped=row.skipped,
        failed=row.failed,
    )


def _line(item: ItemRow, name: str, titles: dict[str, str]) -> IndexLine:
    return IndexLine(
        position=item.position,
        label=item.label,
        operator=item.operator,
        state=item.state,
        reason=item.reason or (NOT_STARTED if item.state == "pending" else ""),
        clauses=tuple(titles.get(clause, clause) for clause in item.clauses),
        missing=item.missing,
        issued_on=clock.day_of(item.issued_at) if item.issued_at is not None else None,
        code=item.code,
        sha256=item.sha256,
        file_name=name,
    )
