"""Measure the pages, the API, the imports and the judgements of a register that is already filled.

Two times are taken: by the clock, which counts the database's work too, and of this process on the processor, which a
busy machine does not change. Every page is asked for through the whole application, from the address to the last byte.
"""

import re
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from flask import Flask

from benchmarks.importable import contracts
from contracts.vocabulary import UserRole
from vendor_tracker import clock
from vendor_tracker.store import boletim, findings
from vendor_tracker.store.facts import load_facts
from vendor_tracker.usecases import accounts, importing, judging
from vendor_tracker.usecases.work import Actor, act, look

ROUNDS = 30
"""How often a page is asked for; the first time, which fills what a process remembers, is not counted."""

PAGES = (
    ("painel", "/painel"),
    ("painel, filtered by situação", "/painel?situacao=breached"),
    ("painel, searched", "/painel?busca=servicos"),
    ("painel, last page", "/painel?pagina=999999"),
    ("boletim", "/acordos/{agreement}/boletim"),
    ("boletim on a past day", "/acordos/{agreement}/boletim?em={past}"),
    ("boletim of an operator", "/operadores/{operator}/boletim"),
    ("agreement", "/acordos/{agreement}"),
    ("agreements", "/acordos"),
    ("operators", "/operadores"),
    ("requests", "/requisicoes"),
    ("evidence to review", "/evidencias"),
    ("book of obligations", "/obrigacoes"),
    ("search", "/busca?q=servicos+informatica"),
)
"""Name and address of every page measured."""

ADDRESSES = (
    ("API: assessment", "/api/v1/agreements/{agreement}/assessment"),
    ("API: assessment on a past day", "/api/v1/agreements/{agreement}/assessment?on={past}"),
    ("API: 200 scorecards", "/api/v1/scorecards?page_size=200"),
)
"""Name and address of every answer of the API measured."""

PAST_DAYS = 30
"""How far back a past day lies."""

IMPORTED = 500
"""Contracts in the file that is imported, new ones each time."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table; times in milliseconds: by the clock, and the median of this process on the processor."""

    name: str
    size: int
    backend: str
    n: int
    median_ms: float
    p95_ms: float
    cpu_ms: float

    def as_json(self) -> dict[str, object]:
        """Return the line as ``bench.json`` holds it."""
        return asdict(self)


def measure(app: Flask, *, size: int, backend: str, rounds: int = ROUNDS) -> Iterator[Measure]:
    """Measure every page and judgement on ``app``'s database, one after another, inside its context.

    It adds accounts and, at the very end, imports contracts. Raises ``RuntimeError`` when the register is empty or a
    page does not answer 200.
    """

    def line(name: str, work: Callable[[], Any], times: int = rounds) -> Measure:
        return timed(name, work, size=size, backend=backend, rounds=times)

    today = clock.today()
    past = today - timedelta(days=PAST_DAYS)
    with look() as session:
        ids = findings.agreement_ids(session)
        then = findings.agreement_ids(session, created_before=clock.start_of(past))
        if not then:
            raise RuntimeError("nothing was on the register a month ago: there is nothing to measure")
        middle = then[len(then) // 2]
        [head] = boletim.agreement_heads(session, agreement_id=middle)
    few = max(1, min(5, 5000 // len(ids)))
    yield line("evaluate the whole register", judging.evaluate_register, few)
    with look() as session:
        yield line("load the facts of the whole register", lambda: load_facts(session, None, on=today), few)
        yield line("load the facts of one agreement", lambda: load_facts(session, [middle], on=today))
        yield line("judge one agreement", lambda: judging.assess(session, middle, on=today))
    yield line("judge one agreement anew and keep it", lambda: rejudge_one(middle))
    visit = visitor(app)
    values = {"agreement": middle, "operator": head.operator_id, "past": past}
    for name, address in PAGES:
        yield line(name, partial(visit, address.format(**values)))
    call = caller(app)
    for name, address in ADDRESSES:
        yield line(name, partial(call, address.format(**values)))
    seeds = count(1)
    yield line(f"import {IMPORTED} contracts of the PNCP", lambda: import_new(next(seeds)), 3)


def timed(name: str, work: Callable[[], Any], *, size: int, backend: str, rounds: int) -> Measure:
    """Do ``work`` once unseen and ``rounds`` times measured."""
    work()
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter_ns(), time.process_time_ns()
        work()
        walls.append((time.perf_counter_ns() - wall) / 1e6)
        cpus.append((time.process_time_ns() - cpu) / 1e6)
    walls.sort()
    p95 = walls[min(len(walls) - 1, int(0.95 * len(walls)))]
    return Measure(
        name,
        size,
        backend,
        rounds,
        round(statistics.median(walls), 2),
        round(p95, 2),
        round(statistics.median(cpus), 2),
    )


def import_new(seed: int) -> None:
    """Import a file whose contracts are all new."""
    made = importing.import_file(
        Actor("job:bench"), data=contracts(IMPORTED, seed=seed), filename="contratos.json", source="pncp"
    )
    if made.created_agreements != IMPORTED:
        raise RuntimeError(f"{made.created_agreements} of {IMPORTED} contracts were imported")


def rejudge_one(agreement_id: int) -> None:
    """Judge one agreement in an act of its own, as every change of a fact does."""
    with act(Actor("job:bench")) as work:
        judging.rejudge(work, [agreement_id], cause="Medição")


def visitor(app: Flask) -> Callable[[str], None]:
    """Sign somebody in who may see everything, and return a function that asks for a page."""
    password = secrets.token_urlsafe(20)
    email = f"bench-{secrets.token_hex(4)}@orgao.example"
    accounts.add_user(Actor("job:bench"), email=email, name="Medição", role=UserRole.ENCARREGADO, password=password)
    client = app.test_client()
    with app.app_context():
        form = client.get("/entrar").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', form)
        if token is None:
            raise RuntimeError("the sign-in page has no form")
        answer = client.post("/entrar", data={"email": email, "password": password, "csrf_token": token[1]})
    if answer.status_code != 303:
        raise RuntimeError(f"sign-in answered {answer.status_code}")

    def visit(path: str) -> None:
        # A context of its own, as on a server, so that nothing is remembered from one visit to the next.
        with app.app_context():
            found = client.get(path)
        if found.status_code != 200:
            raise RuntimeError(f"{path} answered {found.status_code}")

    return visit


def caller(app: Flask) -> Callable[[str], None]:
    """Give a program a token, and return a function that calls the API with it."""
    email = f"bench-{secrets.token_hex(4)}@orgao.example"
    accounts.add_user(Actor("job:bench"), email=email, name="Medição", role=UserRole.ENCARREGADO)
    headers = {"Authorization": f"Bearer {accounts.issue_token(Actor('job:bench'), email=email, name='medição')}"}
    client = app.test_client()

    def call(path: str) -> None:
        with app.app_context():
            found = client.get(path, headers=headers)
        if found.status_code != 200:
            raise RuntimeError(f"{path} answered {found.status_code}")

    return call
