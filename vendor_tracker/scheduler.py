"""The jobs: a table of names, times and use cases, run by a clock in any number of processes.

Jobs hold no state: they look at the clock and the records, so a night that was missed is made up for by the next run. A
slot in the database keeps two processes from doing the same round; where they still meet, unique keys make one request
per period and one message per step. A round that nobody finished, because a process died, a machine slept or the clock
was set forward, is made up for within minutes of being noticed. Times are São Paulo's, and so is the day: the jobs ask
:mod:`vendor_tracker.clock`.
"""

import os
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from flask import Flask, current_app

from vendor_tracker import clock
from vendor_tracker.mail import transport_for
from vendor_tracker.running import settings
from vendor_tracker.usecases import (
    answering,
    batches,
    committee,
    escalating,
    incidents,
    instruments,
    jobs,
    judging,
    outbox,
    planning,
    reviews,
)
from vendor_tracker.usecases.requesting import many

log = structlog.get_logger()

BATCH_SECONDS = 5
"""How often batches are looked at; a run stops a second before the next, so that no process is held for long."""

CHECK_SECONDS = 10
"""How often files that wait for their check are looked at."""

LATE_SECONDS = 3600
"""How late a run may start when the machine was busy or asleep; what comes later than that is made up for."""

MAKE_UP = {"minute": "3-59/10"}
"""When each process looks for rounds whose time has come and that nobody has done."""


def daily(moment: datetime) -> str:
    """Name the slot of a job that runs once a day: São Paulo's day."""
    return clock.day_of(moment).isoformat()


def hourly(moment: datetime) -> str:
    """Name the slot of a job that runs once an hour, by São Paulo's clock."""
    return moment.astimezone(clock.SAO_PAULO).strftime("%Y-%m-%dT%H")


def monthly(moment: datetime) -> str:
    """Name the slot of a job that runs once a month: on its first day, or on the first that anything runs."""
    return clock.day_of(moment).strftime("%Y-%m")


@dataclass(frozen=True, slots=True)
class Job:
    """A line of the table. Without ``slot``, every process runs it: its use case takes turns by itself."""

    name: str
    label: str
    cron: Mapping[str, str]
    slot: Callable[[datetime], str] | None
    run: Callable[[], object]
    whole: Callable[[], object] | None = None
    """What is run by hand instead, when a run of the clock stops after a while and leaves the rest to the next."""


def worker_name() -> str:
    """Name this process, so that what it claims is told apart from what others claim."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def _send_mail() -> object:
    return outbox.deliver_waiting(transport_for(settings()), worker=worker_name())


def _make_batches(seconds: float | None = None) -> object:
    files = current_app.extensions["vendor_tracker.files"]
    return batches.work_through(files, settings().body, worker=worker_name(), seconds=seconds)


def _ask_lists(seconds: float | None = None) -> object:
    return many.work_through(worker=worker_name(), seconds=seconds)


def _read_files() -> object:
    return instruments.read_unread(current_app.extensions["vendor_tracker.files"])


def _check_files(seconds: float | None = None) -> object:
    return answering.check_waiting(current_app.extensions["vendor_tracker.files"], seconds=seconds)


def _recognise_letters() -> object:
    return instruments.recognise_waiting(current_app.extensions["vendor_tracker.files"])


JOBS: tuple[Job, ...] = (
    # In the order of a round: what was signed, what ended, what time changed, what is due, who is reminded, the mail.
    Job("read_files", "Lê os instrumentos que ninguém leu", {"hour": "4", "minute": "20"}, daily, _read_files),
    Job("open_disposal", "Abre os casos de descarte de vínculos encerrados", {"hour": "5", "minute": "40"}, daily,
        planning.open_disposals),
    Job("rejudge_register", "Reavalia todos os acordos", {"hour": "6", "minute": "2"}, daily,
        judging.evaluate_register),
    Job("plan_requests", "Abre as requisições devidas", {"hour": "6", "minute": "20"}, daily,
        planning.plan_requests),
    Job("open_reviews", "Põe na fila as revisões bienais vencidas", {"hour": "6", "minute": "35"}, daily,
        reviews.open_due),
    Job("snapshots", "Guarda o retrato mensal", {"hour": "6", "minute": "50"}, daily,
        judging.take_snapshots),
    Job("committee_month", "Envia o resumo do mês ao CGLGPD", {"hour": "7", "minute": "40"}, monthly,
        committee.send_month),
    Job("escalate", "Envia lembretes e avisos de prazo", {"minute": "10"}, hourly, escalating.escalate),
    Job("watch_terms", "Avisa dos prazos de incidentes", {"minute": "*/5"}, None, incidents.watch_terms),
    Job("make_batches", "Emite os lotes de documentos", {"second": f"*/{BATCH_SECONDS}"}, None,
        partial(_make_batches, seconds=BATCH_SECONDS - 1), _make_batches),
    Job("ask_lists", "Abre as requisições em lote", {"second": f"*/{BATCH_SECONDS}"}, None,
        partial(_ask_lists, seconds=BATCH_SECONDS - 1), _ask_lists),
    Job("recognise_letters", "Reconhece o texto de digitalizações", {"minute": "*"}, None, _recognise_letters),
    Job("check_files", "Confere os arquivos recebidos pelo portal", {"second": f"*/{CHECK_SECONDS}"}, None,
        partial(_check_files, seconds=CHECK_SECONDS - 1), _check_files),
    Job("send_mail", "Envia as mensagens que esperam", {"minute": "*"}, None, _send_mail),
)  # fmt: skip
"""Every job. A test forbids times in the hours whose date differs between UTC and São Paulo."""


def run_due(app: Flask, now: datetime | None = None) -> dict[str, dict[str, object]]:
    """Run every job once, in order; returns what each came to. For the command line and for tests.

    Whoever asks wants the records looked at now, so that a slot that is already done is done again; one that another
    process is at is passed over (``{"skipped": …}``). Nothing is opened or sent twice, whoever runs it.
    """
    moment = now or clock.now()
    return {each.name: _run(app, each, moment, again=True) for each in JOBS}


def _run(app: Flask, each: Job, moment: datetime, *, again: bool) -> dict[str, object]:
    with app.app_context():
        taken = None
        if each.slot is not None:
            taken = jobs.claim(each.name, each.slot(moment), again=again)
            if taken is None:
                return {"skipped": "outro processo está com esta rotina, ou já a fez"}
        try:
            run = each.whole if again and each.whole is not None else each.run
            outcome = as_plain(run())
        except Exception as error:
            log.exception("job failed", job=each.name)
            outcome = {"error": f"{type(error).__name__}: {error}"}
            if app.testing:
                raise
        if taken is not None:
            jobs.finish(taken, outcome)
        return outcome


def as_plain(report: object) -> dict[str, object]:
    """Return a use case's report as plain values, for JSON: lists are counted, days are written out."""
    if not is_dataclass(report) or isinstance(report, type):
        return {}
    return {name: _plain(value) for name, value in asdict(report).items()}


def _plain(value: Any) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key.value if isinstance(key, Enum) else str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return len(value)
    return value


def _arm(app: Flask, scheduler: BaseScheduler) -> BaseScheduler:
    for each in JOBS:
        scheduler.add_job(
            lambda each=each: _run(app, each, clock.now(), again=False),
            CronTrigger(timezone=clock.SAO_PAULO, **each.cron),
            id=each.name,
            name=each.label,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=LATE_SECONDS,
        )
    scheduler.add_job(
        lambda: make_up(app),
        CronTrigger(timezone=clock.SAO_PAULO, **MAKE_UP),
        id="make_up",
        name="Retoma rotinas que ninguém concluiu",
        coalesce=True,
        max_instances=1,
        misfire_grace_time=LATE_SECONDS,
    )
    # What was missed while nothing ran is made up for at once, however long the start took.
    scheduler.add_job(
        lambda: _catch_up(app), id="catch_up", name="Retoma o que ficou para trás", misfire_grace_time=None
    )
    return scheduler


def _catch_up(app: Flask) -> None:
    """Do the rounds of the day that were not done; what has no slot runs by itself within seconds."""
    moment = clock.now()
    for each in JOBS:
        if each.slot is not None:
            _run(app, each, moment, again=False)


def make_up(app: Flask) -> None:
    """Do every round whose time has come and that nobody has done: it died half way, failed, or was slept through."""
    moment = clock.now()
    for each in JOBS:
        if each.slot is not None and _time_has_come(each, moment):
            _run(app, each, moment, again=False)


def _time_has_come(each: Job, moment: datetime) -> bool:
    """Tell whether the job's time within its slot, a day or an hour, has passed."""
    local = moment.astimezone(clock.SAO_PAULO)
    return (local.hour, local.minute) >= (int(each.cron.get("hour", local.hour)), int(each.cron["minute"]))


def start(app: Flask) -> BackgroundScheduler:
    """Start the clock in a thread of this process; call ``shutdown()`` on what is returned."""
    scheduler = _arm(app, BackgroundScheduler(timezone=clock.SAO_PAULO))
    scheduler.start()
    return scheduler


def run_forever(app: Flask) -> None:
    """Run the clock in this process until it is stopped."""
    scheduler = _arm(app, BlockingScheduler(timezone=clock.SAO_PAULO))
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        log.info("scheduler stopped")
