"""A fictional register of any size, for measuring the program: ``vendor-tracker generate``.

Rows go straight into the tables, many at a time, because ten thousand agreements through the use cases would take an
hour and measure nothing else. What they lead to is judged afterwards as everything is: no verdict is invented here.
The same seed, size and day make the same register. Nobody in it exists; see :mod:`vendor_tracker.generating_records`.
"""

from dataclasses import dataclass
from random import Random

from sqlalchemy import func, select

from vendor_tracker.files import FileStore
from vendor_tracker.generating_records import Maker, Report
from vendor_tracker.generating_rows import Writer
from vendor_tracker.store import tables
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, act

ACTOR = Actor("generate", display="Registro fictício")
LARGEST = 200_000
LONGEST_YEARS = 10
PAPER = (
    "Papel fictício, gerado para medir o desempenho do sistema. Não tem valor algum.\n"
    "Nenhuma pessoa, empresa ou órgão citado existe.\n"
)


@dataclass(frozen=True, slots=True)
class Generated:
    """What was made: operators, agreements, rows of all tables, and pictures of months."""

    operators: int
    agreements: int
    rows: int
    months: int
    """Complete months whose picture was taken."""


def generate(
    files: FileStore, *, agreements: int, years: int, seed: int, snapshots: bool = True, report: Report | None = None
) -> Generated:
    """Fill an empty database with ``agreements`` signed over the last ``years``, judge them and picture the months.

    Raises :class:`ConflictError` when the database already holds an operator or an agreement, and
    :class:`UseCaseError` for a size out of bounds.
    """
    if not 1 <= agreements <= LARGEST:
        raise UseCaseError(f"Escolha de 1 a {LARGEST} acordos.", field="agreements")
    if not 1 <= years <= LONGEST_YEARS:
        raise UseCaseError(f"Escolha de 1 a {LONGEST_YEARS} anos.", field="years")
    paper = files.keep_bytes(PAPER.encode())
    with act(ACTOR) as work:
        held = work.session.scalar(select(func.count()).select_from(tables.Operator)) or 0
        held += work.session.scalar(select(func.count()).select_from(tables.Agreement)) or 0
        if held:
            raise ConflictError("O banco já tem operadores ou acordos. O registro fictício só preenche um banco vazio.")
        writer = Writer(work.session)
        maker = Maker(writer, Random(seed), now=work.now, years=years, paper=paper)  # noqa: S311 - fiction, no secret
        operators = maker.fill(agreements, report)
        writer.finish()
        work.trail(
            "generate",
            "register",
            None,
            f"Registro fictício gerado com {agreements} acordos.",
            {"agreements": agreements, "operators": operators, "years": years, "seed": seed},
        )
    judging.evaluate_register(actor=ACTOR)
    months = len(judging.take_snapshots(actor=ACTOR).months) if snapshots else 0
    return Generated(operators, agreements, writer.rows, months)
