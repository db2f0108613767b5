"""One run: the parts are set up, time passes, processes die, and in the end everything is counted."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

from sqlalchemy import func, select

from tests.chaos import ledger, register
from tests.chaos.fleet import Fleet
from tests.chaos.postmaster import Postmaster, Taken
from tests.chaos.vendors import Vendors
from tests.chaos.wheel import VARIABLE, Wheel
from tests.rig.app import opened
from vendor_tracker import clock
from vendor_tracker.scheduler import JOBS, daily, hourly
from vendor_tracker.settings import Body
from vendor_tracker.store import tables
from vendor_tracker.usecases import outbox, requesting
from vendor_tracker.usecases.work import Actor, look

SECRET = "a chave de uma prova, que não serve para mais nada"
STAFF = Actor("chaos-staff", display="Equipe da prova")
MORE_TIME_UNTIL = date(2026, 4, 30)
POLL_SECONDS = 0.05
COMPLAINTS = ("job failed", "raised an exception", "Exception on", "Traceback")
"""How the log of a process says that something went wrong that no kill explains."""


class Stuck(AssertionError):
    """Something that had to happen did not, within its deadline."""


@dataclass(frozen=True)
class Size:
    """How large a run is."""

    requests: int
    schedulers: int = 4
    webs: int = 2
    hands: int = 6
    kill_every_seconds: tuple[float, float] = (0.3, 4.0)
    away_seconds: float = 2.0
    """How long a killed process may be away."""
    most_kills: int = 1000
    beat_seconds: float = 0.25
    """Real seconds in which a minute of the run passes while there is something to do."""
    days_after_jump: tuple[int, ...] = (1, 7, 14)
    deadline_seconds: float = 1800
    """How long any one thing may be waited for."""


@dataclass
class Report:
    """What a run came to."""

    kind: str
    seed: int
    tables: list[ledger.Table]
    kills: list[str]
    fates: dict[str, int]
    http: dict[str, int]
    trouble: list[str]
    seconds: float
    cpu_seconds: float
    requests: int
    messages: int
    copies: int
    errors: list[str]

    @property
    def agrees(self) -> bool:
        """Tell whether every row agrees and nobody met an error."""
        return not self.trouble and not self.errors and not any(table.differing for table in self.tables)

    def __str__(self) -> str:
        killed = sum(name.startswith("scheduler") for name in self.kills)
        happened = (
            f"{self.kind}, seed {self.seed}: {self.requests} requests, {self.messages} messages "
            f"({self.copies} copies arrived), {killed} schedulers and {len(self.kills) - killed} web processes killed, "
            f"{self.seconds:.0f} s ({self.cpu_seconds:.0f} s of processor in the processes)"
        )
        lines = [
            happened,
            f"mail: {', '.join(f'{fate} {number}' for fate, number in sorted(self.fates.items()))}",
            f"web: {', '.join(f'{answer} {number}' for answer, number in sorted(self.http.items()))}",
            ledger.HEADING,
            *map(str, self.tables),
            *(f"trouble: {each}" for each in self.trouble[:20]),
            *(f"error in a process: {each}" for each in self.errors[:20]),
        ]
        return "\n".join(lines)


@dataclass
class Storm:
    """A run under way."""

    kind: str
    url: str
    folder: Path
    seed: int
    size: Size
    say: Callable[[str], None]
    staff_acts: list[tuple[int, str, str]] = field(default_factory=list)

    def run(self) -> Report:
        """Set up, let it happen, and count."""
        began = time.monotonic()
        self.random = Random(self.seed)
        self.wheel = Wheel(self.folder / "clock", register.START)
        body = Body(encarregado="Helena Prado", contact_email=register.ENCARREGADO, committee_email=register.COMMITTEE)
        with ExitStack() as ends:
            self.post = Postmaster(Random(self.random.random()), self._read)
            self.post.start()
            ends.callback(self.post.stop)
            environment = {
                VARIABLE: str(self.wheel.path),
                "DATABASE_URL": self.url,
                "DATA_DIR": str(self.folder / "data"),
                "SECRET_KEY": SECRET,
                "SMTP_URL": self.post.url,
                "MAIL_FROM": "protecaodedados@orgao.example",
                "BASE_URL": "http://127.0.0.1",
                "BODY_ENCARREGADO": body.encarregado,
                "BODY_CONTACT_EMAIL": body.contact_email,
                "BODY_COMMITTEE_EMAIL": body.committee_email,
            }
            app = ends.enter_context(opened(self.url, self.folder / "data", secret_key=SECRET, body=body))
            self.deals = register.fill(register.deal_out(self.size.requests, self.random), self.random)
            self.fleet = Fleet(environment, self.folder, self.size.schedulers, self.size.webs)
            ends.callback(self.fleet.stop)
            self.vendors = Vendors(self.deals, self.fleet.ports, Random(self.random.random()), hands=self.size.hands)
            ends.callback(self.vendors.stop)
            self.fleet.start()
            self._next_kill = self._next_beat = 0.0
            self.killing = False
            self._live(began)
            self.vendors.stop()
            self.fleet.stop()
            with self._today():
                counted = ledger.tables_of(
                    ledger.Story(
                        self.deals, self.vendors.said, self.staff_acts, self.post.taken, self.fleet.scheduler_kills
                    ),
                    app.extensions["vendor_tracker.files"],
                )
        return Report(
            self.kind,
            self.seed,
            counted,
            self.fleet.kills,
            dict(self.post.fates),
            dict(self.vendors.seen),
            self.vendors.trouble + self._server_errors(),
            time.monotonic() - began,
            self.fleet.cpu_seconds,
            len(counted[0].received),
            len(counted[3].received),
            len(self.post.taken),
            self._errors(),
        )

    def _read(self, letter: Taken) -> None:
        self.vendors.read(letter)

    def _live(self, began: float) -> None:
        """The story of a run."""
        first = sum(len(deal.expected_periods) > 0 and deal.role != "begins late" for deal in self.deals)
        self._until("all are at work", self.fleet.tend)
        self.killing = True
        self._until("the first requests are opened", lambda: self._count(tables.Request) >= first)
        self._until("half of the first letters arrived", lambda: len(self.vendors.links) >= first / 2)
        self.say(
            f"{self._ago(began)} {first} first requests; {len(self.vendors.links)} letters have arrived; three weeks pass"
        )
        # While something is in flight, because that is when a clock set forward could do harm.
        self._until("a message is in flight", lambda: self._in_flight() > 0 or self._due() == 0)
        # What is asked again for them is asked next month, once today's planning is over.
        self._until("today's planning is done", lambda: self._done("plan_requests"))
        self._cancel_some()
        self.wheel.forward_to(register.AFTER_JUMP)
        self._until("the rounds of the new day are done", self._rounds_done)
        self._give_more_time()
        self._new_links()
        self.vendors.let_late_ones_answer()
        for days in self.size.days_after_jump:
            self._until("what is due has left and everybody has answered", self._quiet)
            self.say(
                f"{self._ago(began)} {clock.day_of(self.wheel.now())}: {self._count(tables.Request)} requests, "
                f"{len(self.post.taken)} letters taken in, {self.vendors.finished} vendors done, {len(self.fleet.kills)} kills"
            )
            moment = register.AFTER_JUMP + timedelta(days=days)
            self.wheel.forward_to(moment)
            self._until(f"the rounds of day {days} are done", self._rounds_done)
        self.killing = False
        self.post.calm = True
        self._until("the outbox is empty and everybody has answered", self._all_sent)
        # The clock may have gone on over midnight while the last messages waited for their turn.
        self._until("the rounds of the last day are done", lambda: self._rounds_done() and self._all_sent())
        self.say(f"{self._ago(began)} {clock.day_of(self.wheel.now())}: all is said; counting")

    def _ago(self, began: float) -> str:
        return f"{time.monotonic() - began:5.0f} s"

    # ------------------------------------------------------------------------------------------------------------------
    # Waiting
    # ------------------------------------------------------------------------------------------------------------------
    def _until(self, what: str, holds: Callable[[], bool]) -> None:
        """Let time pass and processes die until something holds."""
        pause = Event()
        deadline = time.monotonic() + self.size.deadline_seconds
        while not holds():
            if time.monotonic() > deadline:
                raise Stuck(f"seed {self.seed}: waited in vain until {what}.\n{self._state()}")
            self._tend()
            pause.wait(POLL_SECONDS)

    def _tend(self) -> None:
        now = time.monotonic()
        if not self.fleet.tend():
            # The next to die is chosen when all are back at work, however slow the machine: otherwise none would work.
            self._next_kill = now + self.random.uniform(*self.size.kill_every_seconds)
        elif self.killing and now >= self._next_kill and len(self.fleet.kills) < self.size.most_kills:
            self.fleet.kill_one(self.random, away_seconds=self.size.away_seconds)
        self._try_again()
        if now >= self._next_beat:
            self._next_beat = now + self.size.beat_seconds
            self.wheel.forward(timedelta(minutes=self._pace()))

    def _pace(self) -> int:
        """How many minutes pass at a beat: each brings the senders out; where nobody has work, time may fly."""
        if self._due() or self._in_flight():
            return 1
        under_way = self._count(tables.JobRun, tables.JobRun.finished_at.is_(None))
        return 3 if under_way or self.vendors.busy else 15

    # ------------------------------------------------------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------------------------------------------------------
    @contextmanager
    def _today(self) -> Iterator[None]:
        with clock.pretending(self.wheel.now()):
            yield

    def _count(self, table: type[Any], *conditions: Any) -> int:
        with look() as session:
            return session.scalar(select(func.count(table.id)).where(*conditions)) or 0

    def _due(self) -> int:
        message = tables.Message
        return self._count(message, message.state == "waiting", message.next_try_at <= self.wheel.now())

    def _in_flight(self) -> int:
        return self._count(tables.Message, tables.Message.state == "sending")

    def _done(self, job: str) -> bool:
        """Tell whether somebody completed the round of today, or of this hour."""
        each = next(each for each in JOBS if each.name == job)
        assert each.slot is not None
        slot = "" if each.slot is hourly else each.slot(self.wheel.now())
        with look() as session:
            runs = session.scalars(
                select(tables.JobRun).where(
                    tables.JobRun.job == job,
                    tables.JobRun.slot.startswith(slot or daily(self.wheel.now())),
                    tables.JobRun.finished_at.is_not(None),
                )
            )
            return any("error" not in (run.outcome or {}) for run in runs)

    def _rounds_done(self) -> bool:
        return all(self._done(each.name) for each in JOBS if each.slot is not None)

    def _quiet(self) -> bool:
        return not self.vendors.busy and self._due() == 0 and self._in_flight() == 0

    def _all_sent(self) -> bool:
        return not self.vendors.busy and self._count(tables.Message, tables.Message.state != "sent") == 0

    def _state(self) -> str:
        with look() as session:
            states = dict(
                session.execute(select(tables.Message.state, func.count()).group_by(tables.Message.state)).all()
            )
            runs = [
                f"{run.job} {run.slot} {run.started_at:%d/%m %H:%M} "
                f"{'under way' if run.finished_at is None else run.outcome}"
                for run in session.scalars(select(tables.JobRun).order_by(tables.JobRun.id.desc()).limit(12))
            ]
        return "\n".join(
            [
                f"clock {self.wheel.now():%Y-%m-%d %H:%M} UTC",
                f"{self._count(tables.Request)} requests, messages {states}, {self._due()} due",
                f"vendors busy {self.vendors.busy}, {self.vendors.finished} of {len(self.vendors.said)} done",
                str(dict(self.vendors.seen)),
                *self.vendors.trouble[:5],
                *runs,
                *self._errors()[:5],
            ]
        )

    def _errors(self) -> list[str]:
        """What the processes complained about: the first lines of their logs that speak of an error."""
        found = []
        for log in sorted(self.folder.glob("*.log")):
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            found += [f"{log.stem}: {line[:200]}" for line in lines if any(sign in line for sign in COMPLAINTS)]
        return found

    def _server_errors(self) -> list[str]:
        return [f"{answer}: {number}" for answer, number in self.vendors.seen.items() if " 5" in answer]

    # ------------------------------------------------------------------------------------------------------------------
    # Staff
    # ------------------------------------------------------------------------------------------------------------------
    def _try_again(self) -> None:
        """Somebody of the staff puts every message that was refused back in line."""
        with look() as session:
            failed = list(session.scalars(select(tables.Message.id).where(tables.Message.state == "failed")))
        for message_id in failed:
            with self._today():
                outbox.retry(STAFF, message_id=message_id)

    def _requests_of(self, role: str) -> list[tuple[int, str]]:
        """The first request of each agreement of a role, with the preposto's address."""
        deals = {deal.agreement_id: deal for deal in self.deals if deal.role == role}
        with look() as session:
            rows = session.execute(
                select(tables.Request.agreement_id, func.min(tables.Request.id)).group_by(tables.Request.agreement_id)
            )
            return [
                (request_id, deals[agreement_id].preposto) for agreement_id, request_id in rows if agreement_id in deals
            ]

    def _cancel_some(self) -> None:
        for request_id, preposto in self._requests_of("is cancelled"):
            with self._today():
                requesting.cancel(STAFF, request_id=request_id, reason="Aberta por engano.")
            self.staff_acts.append((request_id, "cancelled", preposto))

    def _give_more_time(self) -> None:
        for request_id, preposto in self._requests_of("says nothing, is given more time"):
            with self._today():
                requesting.extend_term(
                    STAFF, request_id=request_id, due_on=MORE_TIME_UNTIL, reason="Pedido do operador."
                )
            self.staff_acts.append((request_id, f"extended:{MORE_TIME_UNTIL.isoformat()}", preposto))

    def _new_links(self) -> None:
        for request_id, preposto in self._requests_of("answers late, by a new link"):
            with self._today():
                requesting.reissue_link(STAFF, request_id=request_id)
            self.staff_acts.append((request_id, "link:2", preposto))


def storm(kind: str, url: str, folder: Path, *, seed: int, size: Size, say: Callable[[str], None] = print) -> Report:
    """Run once on the prepared database at ``url``; ``folder`` is empty and in the temporary folder."""
    folder.mkdir(parents=True, exist_ok=True)
    report = Storm(kind, url, folder, seed, size, say).run()
    if report.agrees:
        shutil.rmtree(folder, ignore_errors=True)
    return report
