"""Files from outside wait in quarantine until they were checked: for viruses, and whether they open at all.

What a file is by its bytes, its size, macros and archives with a password are judged while it comes in
(:mod:`vendor_tracker.usecases.filing`). Here is what takes longer: the virus scanner, when the installation has one,
and opening a PDF or Word file in the separate, limited process that reads signed files. A file whose check came to
nothing, because the scanner is down, goes on waiting: silence is never taken for safety.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from clause_library.passages import UnreadableFileError
from clause_library.reading.apart import check_apart
from contracts.vocabulary import FileState
from vendor_tracker.clamd import ScannerUnavailableError, scan
from vendor_tracker.files import FileStore
from vendor_tracker.running import settings
from vendor_tracker.store.tables import FileCheck, StoredFile
from vendor_tracker.usecases.filing import DOCX, PDF
from vendor_tracker.usecases.work import Work

log = structlog.get_logger()

QUICK_BYTES = 8 * 1024 * 1024
"""A larger file is left to the job, so that whoever sent it does not wait for its check."""
QUICK_SECONDS = 8
"""How long whoever sends files may wait for the checks of all of them."""
JOB_SECONDS = 18
LEASE = timedelta(minutes=5)
"""How long a file stays with the process that checks it."""
BACK_OFF_MINUTES = (1, 2, 5, 15, 30, 60)
MOST_FAILURES = 5
"""So often a file may fail to be opened for a reason that may be ours; then it is refused."""

_REFUSED = {
    "encrypted": "está protegido por senha. Salve-o sem senha e envie de novo.",
    "corrupted": "está danificado ou incompleto e não abre. Gere-o de novo a partir do original.",
    "bomb": "cresce demais ao ser aberto. Gere-o de novo a partir do original.",
    "entities": "traz definições que um documento comum nunca traz. Abra-o no Word e salve-o de novo como .docx.",
    "nested": "tem uma estrutura fora do comum e não pode ser conferido. Gere-o de novo a partir do original.",
    "too_demanding": "exige memória demais para ser aberto. Gere-o de novo a partir do original ou divida-o.",
}
"""By the reader's code, what is wrong with a file; the sentence goes on after the file's name."""
_PERHAPS_OURS = {"busy", "failed", "too_slow"}

Opener = Callable[[bytes, str, int], None]
"""Opens the bytes of a PDF or Word file with this name, within so many seconds; raises ``UnreadableFileError``."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check came to; ``reason`` says in a Portuguese sentence why a file was refused."""

    state: FileState
    reason: str = ""


WAITS = Verdict(FileState.CHECKING)
CLEAN = Verdict(FileState.CLEAN)


def open_apart(data: bytes, name: str, seconds: int) -> None:
    """Open a file in the process apart. What it says is of no interest here, only that it can be said."""
    check_apart(data, name, seconds=seconds)


opener: Opener = open_apart
"""What opens files, unless the caller brings another."""


def judge(
    data: bytes, name: str, media_type: str, *, seconds: int, tries: int = 0, opened: Opener | None = None
) -> Verdict:
    """Check the bytes of a file that was let in; :data:`WAITS` when it cannot be told now.

    ``tries`` counts the earlier checks of this file that came to nothing.
    """
    url = settings().clamd_url
    if url:
        try:
            found = scan(url, data)
        except ScannerUnavailableError as error:
            log.warning("the virus scanner did not answer", error=str(error))
            return WAITS
        if found:
            log.warning("a virus was found", name=found)
            return _refused(name, "contém um programa malicioso. Confira o seu computador e envie outra cópia.")
    if media_type not in {PDF, DOCX}:
        return CLEAN
    try:
        (opened or opener)(data, name, seconds)
    except UnreadableFileError as error:
        if error.code in _REFUSED:
            return _refused(name, _REFUSED[error.code])
        if error.code in _PERHAPS_OURS:
            if tries < MOST_FAILURES:
                return WAITS
            return _refused(name, "não pôde ser aberto. Gere-o de novo a partir do original ou divida-o.")
        # A scan without text and a very long log are proofs like others: they open.
    return CLEAN


def _refused(name: str, why: str) -> Verdict:
    return Verdict(FileState.REFUSED, f"O arquivo “{name}” {why}")


@dataclass(slots=True)
class QuickChecks:
    """The checks that whoever sends files waits for: together they take no longer than :data:`QUICK_SECONDS`."""

    files: FileStore
    opened: Opener | None = None
    spent: float = 0.0

    def judge(self, digest: str, size: int, name: str, media_type: str) -> Verdict:
        """Check a kept file now, or say that it waits."""
        left = int(QUICK_SECONDS - self.spent)
        if size > QUICK_BYTES or left < 1:
            return WAITS
        began = time.monotonic()
        try:
            return judge(self.files.read(digest), name, media_type, seconds=left, opened=self.opened)
        finally:
            self.spent += time.monotonic() - began


def record(work: Work, file: StoredFile, verdict: Verdict) -> None:
    """Put a file that has just come under quarantine, or on record as checked."""
    waits = verdict.state is FileState.CHECKING
    work.session.add(
        FileCheck(
            file_id=file.id,
            state=verdict.state,
            reason=verdict.reason,
            came_at=work.now,
            checked_at=None if waits else work.now,
            next_try_at=work.now,
            tries=0 if waits else 1,
        )
    )
    work.session.flush()


def later(tries: int) -> timedelta:
    """Return how long to wait after so many checks that came to nothing."""
    return timedelta(minutes=BACK_OFF_MINUTES[min(max(tries, 1), len(BACK_OFF_MINUTES)) - 1])
