"""Taking in the files that came with a form, before anything is written and while nobody waits for us."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from vendor_tracker.files import FileStore
from vendor_tracker.running import settings
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.quarantine import Opener, QuickChecks, Verdict
from vendor_tracker.usecases.work import UseCaseError


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that came with the form. ``stream`` is seekable; ``too_large``: it passed the limit while coming in."""

    item_id: int
    name: str
    stream: BinaryIO
    too_large: bool = False


@dataclass(frozen=True, slots=True)
class TakenFile:
    """A file whose bytes are kept and that was looked at; nothing is on record about it yet."""

    item_id: int
    name: str
    media_type: str
    sha256: str
    size: int
    verdict: Verdict


def take_in(
    files: FileStore, new_files: Iterable[NewFile], *, opened: Opener | None = None
) -> tuple[list[TakenFile], dict[str, str]]:
    """Keep the bytes of files and check what can be checked at once; returns them, and what was wrong, by field.

    A file of a kind that is not accepted, too large or with macros is not kept; one that the deeper check refuses is,
    so that it is known what came, and nobody can open it. Slow checks are left to the job.
    """
    limit = settings().upload_limit_mb * 1024 * 1024
    checks = QuickChecks(files, opened)
    taken: list[TakenFile] = []
    problems: dict[str, str] = {}
    for new in new_files:
        field = f"arquivo-{new.item_id}"
        name = filing.clean_name(new.name)
        if new.too_large:
            problems[field] = (
                f"“{name}” passa de {settings().upload_limit_mb} MB e não foi guardado. "
                "Divida-o ou reduza-o e anexe de novo."
            )
            continue
        try:
            media_type, name = filing.examine(new.stream, name=new.name, limit=limit, field=field)
        except UseCaseError as error:
            problems[field] = f"“{name}” não foi guardado. {error.message}"
            continue
        kept = files.keep(new.stream, limit=limit)
        verdict = checks.judge(kept.sha256, kept.size, name, media_type)
        taken.append(TakenFile(new.item_id, name, media_type, kept.sha256, kept.size, verdict))
    return taken, problems
