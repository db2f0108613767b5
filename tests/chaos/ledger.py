"""What was to be expected, laid beside what is on record and what arrived, row by row.

What is expected follows from how the register was made, from what vendors and staff were told, and from the ladder as
the regulation's own package reads it; never from the rows that are being checked.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.escalation import Waiting, steps_due
from contracts.policy import Policy
from contracts.vocabulary import RequestState
from contracts.workdays import Workdays
from tests.chaos.postmaster import Taken
from tests.chaos.register import COMMITTEE, ENCARREGADO, Deal
from tests.chaos.vendors import Said
from vendor_tracker import clock
from vendor_tracker.files import FileStore
from vendor_tracker.store import facts, findings, tables
from vendor_tracker.usecases import judging, trails
from vendor_tracker.usecases.judging import rejudging, rulebook
from vendor_tracker.usecases.work import look

INTERRUPTED = "O processo que enviava foi interrompido"
HELD = frozenset({"opened", "returned", "extended"})
ENDS = frozenset({"submitted", "cancelled", "accepted", "refused"})


@dataclass(frozen=True)
class Table:
    """One subject: what each row should be, and what it is."""

    name: str
    expected: Mapping[str, object]
    received: Mapping[str, object]

    @property
    def differing(self) -> list[tuple[str, object, object]]:
        """The rows that differ: key, expected, received; ``None`` where one side has no such row."""
        keys = sorted({*self.expected, *self.received})
        rows = [(key, self.expected.get(key), self.received.get(key)) for key in keys]
        return [row for row in rows if row[1] != row[2]]

    def __str__(self) -> str:
        differing = self.differing
        lines = [f"{self.name:<46}{len(self.expected):>9}{len(self.received):>9}{len(differing):>9}"]
        lines += [
            f"    {key}\n      expected {expected!r}\n      received {received!r}"
            for key, expected, received in differing[:40]
        ]
        return "\n".join(lines)


HEADING = f"{'table':<46}{'expected':>9}{'received':>9}{'differ':>9}"


@dataclass(frozen=True)
class Story:
    """What happened on our side of the run: the register, what vendors and staff were told, what mail was taken in."""

    deals: Sequence[Deal]
    said: Mapping[str, Said]
    staff: Sequence[tuple[int, str, str]]
    """Acts of staff that write to the preposto: request, step of the message's key, address."""
    taken: Sequence[Taken]
    most_interrupted: int
    """How many messages may have been cut off in flight by a killed sender."""


def tables_of(story: Story, files: FileStore) -> list[Table]:
    """Return every table, for the present application at the present moment of the run."""
    with look() as session:
        deals = {deal.agreement_id: deal for deal in story.deals}
        requests = {row.id: row for row in session.scalars(select(tables.Request))}
        policy, workdays = judging.policy_of(session), judging.workdays_of(session)
        steps, taken_steps = _steps(session, requests, policy, workdays)
        messages = list(session.scalars(select(tables.Message)))
        return [
            _periods(story, requests.values()),
            _numbers(session, requests.values()),
            steps,
            _came_back(session, requests),
            _messages(session, story, deals, requests, taken_steps, messages),
            _deliveries(session, story, messages),
            _interrupted(session, story),
            _answers(session, story, requests),
            _files(session, story, requests, files),
            _receipts(session, story, requests),
            _proofs(session),
            _trail(session, requests, taken_steps, messages),
            _findings(session),
        ]


def _ones(keys: Iterable[str]) -> dict[str, object]:
    return dict(Counter(keys))


def _number(request: tables.Request) -> str:
    return f"{request.year}/{request.sequence:04d}"


def _periods(story: Story, requests: Iterable[tables.Request]) -> Table:
    expected = {period: 1 for deal in story.deals for period in deal.expected_periods}
    return Table("requests: one per (cadence, period)", expected, _ones(str(row.period_key) for row in requests))


def _numbers(session: Session, requests: Iterable[tables.Request]) -> Table:
    received = _ones(_number(row) for row in requests)
    protocols = [protocol.rpartition("-")[0] for protocol in session.scalars(select(tables.Receipt.protocol))]
    expected = [f"2026/{number:04d}" for number in range(1, len(received) + 1)]
    expected += [f"2026-{number:04d}" for number in range(1, len(protocols) + 1)]
    return Table("numbers and protocols: none twice, no gap", dict.fromkeys(expected, 1), received | _ones(protocols))


# ----------------------------------------------------------------------------------------------------------------------
# Steps
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Stretch:
    """A time in which the vendor had the word, under one term."""

    asked_on: date
    due_on: date
    begins: datetime
    ends: datetime | None

    def lasts(self, begun: datetime, done: datetime) -> bool:
        """Tell whether the vendor had the word from one moment to another."""
        return self.begins <= begun and (self.ends is None or done <= self.ends)

    def due(self, on: date, policy: Policy, workdays: Workdays) -> frozenset[str]:
        waiting = Waiting(RequestState.OPEN, self.asked_on, self.due_on)
        return frozenset(step.slug for step in steps_due(waiting, (), on=on, policy=policy, workdays=workdays))


def _stretches(events: Sequence[tables.RequestEvent]) -> list[_Stretch]:
    """Read the history of one request."""
    found: list[_Stretch] = []
    asked_on = clock.day_of(events[0].recorded_at)
    for event in events:
        if event.kind in HELD | ENDS and found and found[-1].ends is None:
            last = found.pop()
            found.append(_Stretch(last.asked_on, last.due_on, last.begins, event.recorded_at))
        if event.kind in HELD:
            if event.kind != "extended":
                asked_on = clock.day_of(event.recorded_at)
            found.append(_Stretch(asked_on, event.due_on, event.recorded_at, None))
    return found


def _steps(
    session: Session, requests: Mapping[int, tables.Request], policy: Policy, workdays: Workdays
) -> tuple[Table, list[tuple[int, date, str]]]:
    """Lay the ladder beside the steps taken.

    A step must have been taken when a round that was completed saw its request waiting from beginning to end; it may
    have been taken when its day had come while the request waited, by a round that was cut off.
    """
    events: dict[int, list[tables.RequestEvent]] = defaultdict(list)
    for event in session.scalars(select(tables.RequestEvent).order_by(tables.RequestEvent.id)):
        events[event.request_id].append(event)
    rounds = [
        (row.started_at, row.finished_at)
        for row in session.scalars(
            select(tables.JobRun).where(tables.JobRun.job == "escalate").order_by(tables.JobRun.id)
        )
        if row.finished_at is not None and "error" not in (row.outcome or {})
    ]
    expected: set[str] = set()
    taken: list[tuple[int, date, str]] = []
    for request_id, history in events.items():
        steps = [event for event in history if event.kind.startswith("step:")]
        taken += [(request_id, event.due_on, event.kind.removeprefix("step:")) for event in steps]
        for stretch in _stretches(history):
            owed = {
                slug
                for begun, done in rounds
                if stretch.lasts(begun, done)
                for slug in stretch.due(clock.day_of(begun), policy, workdays)
            }
            owed |= {
                slug
                for event in steps
                if stretch.lasts(event.recorded_at, event.recorded_at) and event.due_on == stretch.due_on
                for slug in stretch.due(clock.day_of(event.recorded_at), policy, workdays)
                if event.kind == f"step:{slug}"
            }
            expected |= {f"{_number(requests[request_id])} {stretch.due_on} {slug}" for slug in owed}
    received = _ones(f"{_number(requests[request_id])} {due_on} {slug}" for request_id, due_on, slug in taken)
    return Table("steps: one per (request, term, step)", dict.fromkeys(expected, 1), received), taken


# ----------------------------------------------------------------------------------------------------------------------
# Mail
# ----------------------------------------------------------------------------------------------------------------------
def _told(deal: Deal, slug: str) -> tuple[str, ...]:
    """To whom a step speaks under an agreement of the run."""
    match slug.partition("_")[0]:
        case "preposto":
            return (deal.preposto,)
        case "contacts":
            return deal.contacts
        case "stewards":
            return deal.stewards
        case "encarregado":
            return (ENCARREGADO,)
        case _:
            return (COMMITTEE,)


def _returns(session: Session) -> list[tables.RequestEvent]:
    """Return what was written down of letters to operators that came back, oldest first."""
    kind = tables.RequestEvent.kind
    return list(
        session.scalars(
            select(tables.RequestEvent).where(kind.startswith("undelivered:")).order_by(tables.RequestEvent.id)
        )
    )


def _came_back(session: Session, requests: Mapping[int, tables.Request]) -> Table:
    received = _ones(f"{_number(requests[event.request_id])} {event.kind}" for event in _returns(session))
    return Table("letters that came back: taken further once", dict.fromkeys(received, 1), received)


def _taken_further(session: Session, deal: Deal, event: tables.RequestEvent) -> set[str]:
    """Return the messages that must follow a letter that came back: to one other contact, or to gestor and fiscal."""
    failed = session.get_one(tables.Message, int(event.kind.partition(":")[2])).recipient
    for email in deal.contacts:
        if email != failed and f"seguiu para {email}," in event.note:
            return {f"request:{event.request_id}:redirected:{event.kind.partition(':')[2]}:{email}"}
    if "Não há outro contato" in event.note:
        return {f"request:{event.request_id}:unreachable:{event.due_on}:{email}" for email in deal.stewards}
    return set()


def _told_of_the_month(session: Session, written: Collection[str]) -> set[str]:
    """Return the committee's monthly messages: one for each month whose round says that it wrote, or had begun to."""
    reader = sha256(COMMITTEE.encode()).hexdigest()[:32]
    keys = set()
    for run in session.scalars(select(tables.JobRun).where(tables.JobRun.job == "committee_month")):
        last = date.fromisoformat(f"{run.slot}-01") - timedelta(days=1)
        key = f"committee:{last:%Y-%m}:{reader}"
        if (run.outcome or {}).get("messages") or key in written:
            keys.add(key)
    return keys


def _messages(
    session: Session,
    story: Story,
    deals: Mapping[int, Deal],
    requests: Mapping[int, tables.Request],
    taken_steps: Iterable[tuple[int, date, str]],
    messages: Sequence[tables.Message],
) -> Table:
    expected = {f"request:{row.id}:opened:{deals[row.agreement_id].preposto}" for row in requests.values()}
    for request_id, due_on, slug in taken_steps:
        for email in _told(deals[requests[request_id].agreement_id], slug):
            expected.add(f"request:{request_id}:{due_on}:{slug}:{email}")
    expected |= {f"request:{request_id}:{step}:{email}" for request_id, step, email in story.staff}
    for event in _returns(session):
        expected |= _taken_further(session, deals[requests[event.request_id].agreement_id], event)
    expected |= _told_of_the_month(session, {row.key for row in messages})
    by_number = {_number(row): row for row in requests.values()}
    for said in story.said.values():
        if said.protocol:
            request = by_number[said.number].id
            expected.add(f"request:{request}:receipt:{said.protocol}:{said.deal.preposto}")
            expected |= {f"request:{request}:received:{said.protocol}:{email}" for email in said.deal.stewards}
    return Table("messages: one per (request, step, address)", _ones(expected), _ones(row.key for row in messages))


def _deliveries(session: Session, story: Story, messages: Sequence[tables.Message]) -> Table:
    """Every message arrived; more than once only where an answer was lost or its sender was killed in flight."""
    arrived: dict[str, list[Taken]] = defaultdict(list)
    for taken in story.taken:
        arrived[taken.message_id].append(taken)
    sent: Counter[int] = Counter()
    cut_off: Counter[int] = Counter()
    for attempt in session.scalars(select(tables.MessageAttempt)):
        sent[attempt.message_id] += attempt.outcome == "sent"
        cut_off[attempt.message_id] += attempt.answer.startswith(INTERRUPTED)
    expected: dict[str, object] = {}
    received: dict[str, object] = {}
    for message in messages:
        copies = arrived.pop(message.message_id, [])
        explained = sum(not copy.told for copy in copies) + cut_off[message.id]
        expected[message.key] = ("sent", 1, "arrived", "explained", 1)
        received[message.key] = (
            message.state,
            sent[message.id],
            "arrived" if copies else "never arrived",
            "explained" if len(copies) <= 1 + explained else f"{len(copies)} copies, {explained} explained",
            len({(copy.recipient, copy.subject) for copy in copies}),
        )
    received |= {f"unknown {identity}": len(copies) for identity, copies in arrived.items()}
    return Table("deliveries: at least once, twice only if cut off", expected, received)


def _interrupted(session: Session, story: Story) -> Table:
    statement = select(tables.MessageAttempt).where(tables.MessageAttempt.answer.startswith(INTERRUPTED))
    cut_off = len(list(session.scalars(statement)))
    least = min(cut_off, story.most_interrupted)
    return Table("messages cut off: at most one per kill", {"cut off": least}, {"cut off": cut_off})


# ----------------------------------------------------------------------------------------------------------------------
# Answers
# ----------------------------------------------------------------------------------------------------------------------
def _answers(session: Session, story: Story, requests: Mapping[int, tables.Request]) -> Table:
    expected = {
        f"{said.number} item {item}": (text, bool(said.protocol))
        for said in story.said.values()
        for item, text in said.drafts.items()
    }
    rows = session.execute(
        select(tables.RequestItem.request_id, tables.Answer).join(
            tables.RequestItem, tables.RequestItem.id == tables.Answer.item_id
        )
    )
    received = {
        f"{_number(requests[request_id])} item {answer.item_id}": (answer.text, answer.submitted_at is not None)
        for request_id, answer in rows
    }
    return Table("answers: the last text confirmed, sent or not", expected, received)


def _files(session: Session, story: Story, requests: Mapping[int, tables.Request], files: FileStore) -> Table:
    expected = {
        f"{said.number} item {item}": sorted(digests)
        for said in story.said.values()
        for item, digests in said.files.items()
    }
    found: dict[str, set[str]] = defaultdict(set)
    rows = session.execute(
        select(tables.RequestItem.request_id, tables.Answer.item_id, tables.StoredFile.sha256)
        .join(tables.Answer, tables.Answer.item_id == tables.RequestItem.id)
        .join(tables.AnswerFile, tables.AnswerFile.answer_id == tables.Answer.id)
        .join(tables.StoredFile, tables.StoredFile.id == tables.AnswerFile.file_id)
        .where(tables.AnswerFile.withdrawn_at.is_(None))
    )
    for request_id, item_id, digest in rows:
        # Reading checks the bytes against their address.
        files.read(digest)
        found[f"{_number(requests[request_id])} item {item_id}"].add(digest)
    return Table(
        "files: whole, and where they were attached", expected, {key: sorted(each) for key, each in found.items()}
    )


def _receipts(session: Session, story: Story, requests: Mapping[int, tables.Request]) -> Table:
    expected = {said.number: [(said.protocol, said.receipt_sha256)] for said in story.said.values() if said.protocol}
    received: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for receipt in session.scalars(select(tables.Receipt).order_by(tables.Receipt.id)):
        received[_number(requests[receipt.request_id])].append((receipt.protocol, receipt.sha256))
    return Table("receipts: one per submission", expected, dict(received))


def _proofs(session: Session) -> Table:
    rows = session.scalars(select(tables.Evidence.request_item_id).where(tables.Evidence.request_item_id.is_not(None)))
    received = _ones(f"item {item_id}" for item_id in rows)
    return Table("proofs made of answers: none twice", dict.fromkeys(received, 1), received)


# ----------------------------------------------------------------------------------------------------------------------
# Trail and findings
# ----------------------------------------------------------------------------------------------------------------------
def _trail(
    session: Session,
    requests: Mapping[int, tables.Request],
    taken_steps: Sequence[object],
    messages: Sequence[tables.Message],
) -> Table:
    acts = Counter(session.scalars(select(tables.TrailEntry.act)))
    receipts = len(list(session.scalars(select(tables.Receipt.id))))
    wanted = {
        "request_opened": len(requests),
        "request_step": len(taken_steps),
        "answer_submitted": receipts,
        "mail_sent": len(messages),
    }
    check = trails.verify()
    return Table(
        "trail: the chain holds, one line per act",
        {**wanted, "chain": "holds"},
        {**{act: acts[act] for act in wanted}, "chain": check.problem or "holds"},
    )


def _findings(session: Session) -> Table:
    """Judge the whole register anew, and compare each finding with the one on record."""
    expected: dict[str, object] = {}
    held = findings.present_findings(session, None)
    received: dict[str, object] = {f"{agreement} {inciso}": "as judged anew" for agreement, inciso in held}
    book = rulebook.book_of(session)
    for agreement_id, each in facts.load_facts(session, None, on=clock.today()).items():
        assessment = book.judge(each, clock.today())
        for finding in (*assessment.findings, *assessment.further):
            values: Any = rejudging._values(agreement_id, finding)
            key = f"{agreement_id} {finding.inciso}"
            expected[key] = "as judged anew"
            present = held.get((agreement_id, finding.inciso))
            if present is not None and not findings.same_finding(present, values):
                received[key] = f"{present.verdict}, {present.reasons}; anew {values.verdict}, {values.reasons}"
    return Table("findings: as judged anew", expected, received)
