"""The painel to take away: every agreement that its filters leave, on all pages, in the page's order and words."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind, Exposure, Verdict
from vendor_tracker import clock
from vendor_tracker.reports.painel_sheet import SheetHead, SheetLine, write_csv, write_xlsx
from vendor_tracker.store import standings
from vendor_tracker.usecases.painel import Filters, standing_filter
from vendor_tracker.usecases.work import look

FORMATS = ("csv", "xlsx")

HELD_BYTES = 1_000_000
"""How much of a file is kept in memory; what is more goes to a file on disk that vanishes when it is closed."""


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The words of the page."""

    verdicts: Mapping[Verdict, str]
    kinds: Mapping[AgreementKind, str]
    exposures: Mapping[Exposure, str]
    stages: Mapping[str, str]
    filters: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file to send; whoever sends it closes ``content``, which stands at its beginning."""

    content: IO[bytes]
    name: str
    lines: int


def painel_sheet(*, filters: Filters, form: str, words: SheetWords) -> Sheet:
    """Write the whole filtered matrix as ``csv`` or ``xlsx``, in memory that does not grow with the register."""
    today, now = clock.today(), clock.now()
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=HELD_BYTES)  # noqa: SIM115 - Whoever sends it closes it.
    try:
        with look() as session, tempfile.TemporaryDirectory() as folder:
            lines = _lines(session, filters, words)
            if form == "csv":
                number = write_csv(out, lines)
            else:
                judged = standings.last_judged(session)
                head = SheetHead(
                    title="Painel: doze obrigações",
                    judged_on=judged[0] if judged else today,
                    made_at=now.astimezone(clock.SAO_PAULO).replace(tzinfo=None),
                    filters=words.filters,
                )
                number = write_xlsx(out, folder, head, lines)
        out.seek(0)
    except BaseException:
        out.close()
        raise
    return Sheet(out, file_name(today, form), number)


def file_name(today: date, form: str) -> str:
    """Return the name under which the file is saved."""
    return f"painel-{today.isoformat()}.{form}"


def _lines(session: Session, filters: Filters, words: SheetWords) -> Iterator[SheetLine]:
    by_slug = {verdict.value: said for verdict, said in words.verdicts.items()}
    for row in standings.every_standing(session, standing_filter(filters)):
        yield SheetLine(
            operator=row.operator,
            kind=words.kinds[row.kind],
            number=row.number,
            stage=words.stages[row.stage],
            verdicts=[by_slug[slug] for slug in row.verdicts.split()],
            score=row.score,
            exposure=words.exposures[row.exposure],
            next_due_on=row.next_due_on,
        )
