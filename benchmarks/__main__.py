"""Measure the product on fictional registers of several sizes: ``python -m benchmarks [SIZE ...]``.

Without ``DATABASE_URL`` each size gets an SQLite file in a temporary folder. With it (PostgreSQL), each size gets a
database of its own beside the one named, which must let its user create one; the database named is never touched.
It prints a table and writes ``benchmarks/out/bench.json``, and the memory of one web worker to ``memory.json`` beside.
"""

import json
import logging
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, make_url, text

from benchmarks import delivery, documents, instruments, pages
from benchmarks import judging as pure
from benchmarks.memory import peak_mb
from benchmarks.pages import Measure
from contracts.evaluation import Assessment, evaluate
from contracts.facts import AgreementFacts
from contracts.policy import Policy
from contracts.workdays import Workdays
from vendor_tracker.app import create_app
from vendor_tracker.generating import generate
from vendor_tracker.settings import Settings
from vendor_tracker.store import boletim, findings
from vendor_tracker.store.base import db
from vendor_tracker.usecases.installing import prepare_database
from vendor_tracker.usecases.work import look

SIZES = (1000,)
OUT = Path(__file__).parent / "out" / "bench.json"
MEMORY = OUT.with_name("memory.json")


def main() -> None:
    """Fill, measure, print, write."""
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    # The timings are the answer; what the application would log about each request is not.
    logging.disable(logging.CRITICAL)
    lines: list[Measure] = []
    memories: list[dict[str, object]] = []
    print(f"{'what':<44}{'size':>8} {'backend':<12}{'n':>4}{'median ms':>12}{'p95 ms':>12}{'cpu ms':>12}")
    try:
        for size in sizes:
            for line in measured(size, memories):
                _say(line)
                lines.append(line)
            _say_memory(memories[-1:])
        documents_memories: list[dict[str, object]] = []
        for line in documents.measured(documents_memories):
            _say(line)
            lines.append(line)
        _say_memory(documents_memories)
        memories += documents_memories
        for line in instruments.measured():
            _say(line)
            lines.append(line)
    finally:
        # What was measured before something failed took long enough to be kept.
        _write(OUT, [line.as_json() for line in lines])
        _write(MEMORY, memories)
    print(f"\n{OUT.relative_to(Path(__file__).parent.parent)}")


def _say(line: Measure) -> None:
    times = f"{line.median_ms:>12.2f}{line.p95_ms:>12.2f}{line.cpu_ms:>12.2f}"
    print(f"{line.name:<44}{line.size:>8} {line.backend:<12}{line.n:>4}{times}", flush=True)


def _say_memory(memories: Sequence[dict[str, object]]) -> None:
    for memory in memories:
        size, backend = memory["size"], memory["backend"]
        print(f"{memory['name']:<44}{size:>8} {backend:<12}{'':>4}{memory['peak_mb']:>12} MB", flush=True)


def _write(path: Path, lines: Sequence[dict[str, object]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(lines, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def measured(size: int, memories: list[dict[str, object]]) -> Iterator[Measure]:
    """Measure one size: the rules alone, the register on a database, delivery; ``memories`` grows by one line."""
    agreements = [pure.agreement(number) for number in range(size)]
    for name, read in (("rules: verdicts", pure.verdicts), ("rules: every sentence", pure.every_sentence)):
        yield pages.timed(name, partial(judge_all, agreements, read), size=size, backend="none", rounds=5)
    with tempfile.TemporaryDirectory(prefix="vt-bench-") as folder, database(Path(folder)) as url:
        backend = make_url(url).get_backend_name()
        start, begun = time.perf_counter_ns(), time.process_time_ns()
        app = filled(url, Path(folder), size)
        wall = round((time.perf_counter_ns() - start) / 1e6, 2)
        cpu = round((time.process_time_ns() - begun) / 1e6, 2)
        yield Measure("generate, judge and picture the months", size, backend, 1, wall, wall, cpu)
        with app.app_context():
            try:
                memories.append(worker_memory(url, Path(folder), size, backend))
                yield from pages.measure(app, size=size, backend=backend)
            finally:
                db.engine.dispose()
    with tempfile.TemporaryDirectory(prefix="vt-bench-") as folder, database(Path(folder)) as url:
        yield from delivery.measure(url, Path(folder), size)


def worker_memory(url: str, folder: Path, size: int, backend: str) -> dict[str, object]:
    """Return the peak of one web worker that serves a working day's pages."""
    with look() as session:
        ids = findings.agreement_ids(session)
        [head] = boletim.agreement_heads(session, agreement_id=ids[len(ids) // 2])
    peak = peak_mb(url, folder, agreement=head.agreement_id, operator=head.operator_id)
    return {"name": "peak memory of one web worker", "size": size, "backend": backend, "peak_mb": peak}


def judge_all(agreements: Sequence[AgreementFacts], read: Callable[[Assessment], None]) -> None:
    """Judge every agreement and read what was found."""
    policy, workdays = Policy.load(), Workdays(frozenset(), "CNJ")
    for facts in agreements:
        read(evaluate(facts, pure.DAY, policy=policy, workdays=workdays))


def filled(url: str, folder: Path, size: int) -> Flask:
    """Build the application on an empty database and fill it."""
    app = create_app(Settings(database_url=url, secret_key=secrets.token_urlsafe(32), data_dir=folder))
    with app.app_context():
        prepare_database()
        generate(app.extensions["vendor_tracker.files"], agreements=size, years=3, seed=1)
    return app


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """Lend an empty database and take it back."""
    given = os.environ.get("DATABASE_URL", "")
    if not given or given.startswith("sqlite"):
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    name = f"vt_bench_{secrets.token_hex(4)}"
    server = create_engine(given, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        try:
            yield make_url(given).set(database=name).render_as_string(hide_password=False)
        finally:
            with server.connect() as connection:
                connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    finally:
        server.dispose()


if __name__ == "__main__":
    main()
