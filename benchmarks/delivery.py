"""Measure what delivery costs as the register grows: planning the night's requests, and dispatching the messages.

Under a hundred agreements of each register a request falls due; all the others are being asked already, so that what
grows is the register and not the work to be done. Planning opens what is due; the night that finds nothing due is
measured too, because it is the usual one and must not grow dear. Dispatch hands messages to a transport that accepts at
once, so that what is measured is ours: the claim, the letter with its link, the answer on record.

``make bench SIZES="100 1000 10000"`` shows the same work in a register of one, ten and a hundred times the size; so
does ``python -m benchmarks.delivery 100 1000 10000`` alone, which prints rates a second.
"""

import logging
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import make_url

from benchmarks.pages import Measure
from contracts.cadence import COMPLETE, period_key
from contracts.vocabulary import (
    INCISOS,
    AgreementKind,
    ContactRole,
    DataCategory,
    Regime,
    RequestKind,
    RequestState,
    SubjectGroup,
)
from vendor_tracker import clock
from vendor_tracker.app import create_app
from vendor_tracker.generating_rows import Writer
from vendor_tracker.settings import Settings
from vendor_tracker.store import tables
from vendor_tracker.store.base import db
from vendor_tracker.usecases import judging, outbox, planning
from vendor_tracker.usecases.installing import prepare_database
from vendor_tracker.usecases.outbox import Delivery, Outcome, OutgoingMail
from vendor_tracker.usecases.work import Actor, act

SIZES = (100, 1000, 10_000)
NIGHT = datetime(2026, 3, 16, 9, 20, tzinfo=UTC)
DUE = 100
"""Agreements of each register under which a request is due, however large it is."""

ACTOR = Actor("job:bench")


class Accepts:
    """A transport whose server accepts at once."""

    def send(self, mail: OutgoingMail) -> Delivery:  # noqa: ARG002 - what it says does not matter
        """Accept."""
        return Delivery(Outcome.SENT, "250 2.0.0 OK")


def main() -> None:
    """Fill, measure and print rates."""
    from benchmarks.__main__ import database

    logging.disable(logging.CRITICAL)
    print(f"{'what':<44}{'size':>8} {'backend':<12}{'n':>7}{'per second':>12}{'median ms':>12}{'cpu ms':>12}")
    for size in tuple(map(int, sys.argv[1:])) or SIZES:
        with tempfile.TemporaryDirectory(prefix="vt-bench-") as folder, database(Path(folder)) as url:
            for line in measure(url, Path(folder), size):
                rate = 1000 / line.median_ms
                print(
                    f"{line.name:<44}{line.size:>8} {line.backend:<12}{line.n:>7}"
                    f"{rate:>12.1f}{line.median_ms:>12.2f}{line.cpu_ms:>12.2f}",
                    flush=True,
                )


def measure(url: str, folder: Path, size: int) -> Iterator[Measure]:
    """Fill the empty database at ``url`` with ``size`` agreements and measure; times are for one of what is named."""
    backend = make_url(url).get_backend_name()
    app = create_app(Settings(database_url=url, secret_key=secrets.token_urlsafe(32), data_dir=folder / "delivery"))
    with app.app_context():
        try:
            prepare_database()
            fill(size)
            with clock.pretending(NIGHT):
                due = min(DUE, size)
                yield shared("delivery: open one due request", size, backend, due, open_what_is_due)
                yield shared("delivery: find one agreement not due", size, backend, size, find_nothing_due)
                yield each("delivery: dispatch one message", size, backend, due, dispatch_one)
        finally:
            db.engine.dispose()


def shared(name: str, size: int, backend: str, n: int, work: Callable[[], int]) -> Measure:
    """Do ``work`` once, which must do ``n`` of something, and share its time among them."""
    wall, cpu = time.perf_counter(), time.process_time()
    done = work()
    wall, cpu = 1000 * (time.perf_counter() - wall) / n, 1000 * (time.process_time() - cpu) / n
    assert done == n, f"{name}: {done} instead of {n}"
    return Measure(name, size, backend, n, round(wall, 2), round(wall, 2), round(cpu, 2))


def each(name: str, size: int, backend: str, n: int, work: Callable[[], int]) -> Measure:
    """Do ``work`` ``n`` times, which must do one of something each time."""
    walls, cpus = [], []
    for _ in range(n):
        wall, cpu = time.perf_counter(), time.process_time()
        done = work()
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
        assert done == 1, f"{name}: {done} instead of one"
    walls.sort()
    median, p95 = statistics.median(walls), walls[min(n - 1, int(0.95 * n))]
    return Measure(name, size, backend, n, round(median, 2), round(p95, 2), round(statistics.median(cpus), 2))


def open_what_is_due() -> int:
    """Plan the night; returns how many requests were opened."""
    return planning.plan_requests().opened


def find_nothing_due() -> int:
    """Plan the same night again; returns how many agreements were looked at."""
    report = planning.plan_requests()
    assert report.opened == 0
    return report.looked_at


def dispatch_one() -> int:
    """Send one of the messages that wait; returns how many left."""
    return outbox.deliver_waiting(Accepts(), worker="bench", most=1).sent


def fill(size: int) -> None:
    """Write a register in which :data:`DUE` agreements were never asked and the others a week ago, and judge it."""
    before = NIGHT - timedelta(days=7)
    signed_on = clock.day_of(before) - timedelta(days=60)
    due = set(Random(1).sample(range(size), min(DUE, size)))
    with clock.pretending(before), act(ACTOR) as work:
        writer = Writer(work.session)
        operator = 0
        for number in range(size):
            if number % 3 == 0:
                operator = writer.add(
                    tables.Operator,
                    foreign_id=f"bench-{number}",
                    name=f"Fornecedora Fictícia {number} Ltda.",
                    search_name=f"fornecedora ficticia {number} ltda.",
                    regime=Regime.PRIVATE,
                    created_at=before,
                    updated_at=before,
                )
                writer.add(
                    tables.Contact,
                    operator_id=operator,
                    role=ContactRole.PREPOSTO,
                    name="Renato Villar",
                    email=f"preposto{number}@fornecedor.example",
                    since=signed_on,
                    recorded_at=before,
                )
            agreement = writer.add(
                tables.Agreement,
                operator_id=operator,
                kind=AgreementKind.CONTRATO,
                number=f"{number:06}/2026",
                created_at=before,
            )
            writer.add(
                tables.AgreementRevision,
                agreement_id=agreement,
                holds_from=signed_on,
                object="Hospedagem de sistemas de informação",
                signed_on=signed_on,
                starts_on=signed_on,
                ends_on=clock.day_of(NIGHT) + timedelta(days=900),
                purpose="Hospedagem dos sistemas do órgão",
                data_categories=[DataCategory.IDENTIFICATION.value],
                subject_groups=[SubjectGroup.STAFF.value],
                recorded_at=before,
            )
            if number not in due:
                ask(writer, agreement, number + 1, signed_on, before)
        writer.finish()
        work.trail("bench", "register", None, "Registro fictício para medir.")
    with clock.pretending(NIGHT - timedelta(hours=1)):
        judging.evaluate_register(actor=ACTOR)


def ask(writer: Writer, agreement: int, sequence: int, signed_on: date, moment: datetime) -> None:
    """Write the complete request that is with the operator."""
    opened_on = clock.day_of(moment)
    term = {"state": RequestState.OPEN, "due_on": opened_on + timedelta(days=20), "recorded_at": moment}
    request = writer.add(
        tables.Request,
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        year=opened_on.year,
        sequence=sequence,
        period_key=period_key(agreement, COMPLETE, signed_on.isoformat()),
        opened_on=opened_on,
        first_due_on=opened_on + timedelta(days=20),
        **term,
    )
    for position, inciso in enumerate(INCISOS, 1):
        writer.add(
            tables.RequestItem,
            request_id=request,
            position=position,
            inciso=inciso,
            title=f"Inciso {inciso}",
            question="Pergunta fictícia.",
        )
    writer.add(tables.RequestEvent, request_id=request, kind="opened", **term)


if __name__ == "__main__":
    main()
