"""What agreements are judged and asked by: parameters, calendars, further obligations, editions of texts."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from clause_library.catalogue import Catalogue, load_catalogue
from clause_library.editions import Edition, with_editions
from contracts.evaluation import Assessment, evaluate
from contracts.facts import AgreementFacts
from contracts.obligation import Obligation
from contracts.organisation import FurtherObligation, further_obligations
from contracts.policy import Override, Policy
from contracts.questions import Question, QuestionBook, QuestionEdition, question_book
from contracts.questions import with_editions as with_questions
from contracts.vocabulary import EvidenceKind
from contracts.workdays import Workdays
from vendor_tracker.calendars import CalendarChange, cnj_calendar, federal_calendar
from vendor_tracker.store import editions, questions, rulebook
from vendor_tracker.store.rulebook import FurtherRow
from vendor_tracker.store.tables import ClauseEdition, QuestionEditionRow

CALENDAR_YEARS = (2000, 2060)
"""The years a calendar answers for. Terms start from days on record and end a few years ahead at most."""

_Remembered = WeakKeyDictionary[Any, dict[object, Any]]
_policies: _Remembered = WeakKeyDictionary()
_calendars: _Remembered = WeakKeyDictionary()
_catalogues: _Remembered = WeakKeyDictionary()
_questions: _Remembered = WeakKeyDictionary()


def _remember(memory: _Remembered, session: Session, key: object, make: Any) -> Any:
    """Return what this process already made of the same rows of the same database, else make it."""
    pool = session.get_bind().engine.pool
    held = memory.setdefault(pool, {})
    if key not in held:
        if len(held) > 16:
            held.clear()
        held[key] = make()
    return held[key]


def policy_of(session: Session, known_until: datetime | None = None) -> Policy:
    """Return the administrative parameters with the organisation's decisions, as known at the moment (default: now)."""
    edition = rulebook.last_override(session, known_until)
    if edition is None:
        return Policy.load()

    def make() -> Policy:
        rows = rulebook.overrides(session, up_to=edition[0])
        return Policy.load().with_overrides(Override(row.key, row.since, row.value) for row in rows)

    made: Policy = _remember(_policies, session, edition, make)
    return made


def workdays_of(session: Session, years: Iterable[int] = (), *, calendar: str = "cnj") -> Workdays:
    """Return the court's calendar (or, with ``calendar="federal"``, ANPD's) with the entries of the administrator.

    It answers for :data:`CALENDAR_YEARS`, and for ``years`` where they reach further.
    """
    first, last = min((CALENDAR_YEARS[0], *years)), max((CALENDAR_YEARS[1], *years))

    def make() -> Workdays:
        rows = rulebook.calendar_days(session, calendar=calendar)
        changes = [CalendarChange(row.day, row.closed, row.name, row.source) for row in rows]
        return (federal_calendar if calendar == "federal" else cnj_calendar)((first, last), changes)

    key = (calendar, first, last, rulebook.last_calendar_day(session))
    made: Workdays = _remember(_calendars, session, key, make)
    return made


def further_of(session: Session, known_until: datetime | None = None) -> tuple[Obligation, ...]:
    """Return the obligations that the organisation added to the twelve, as known at the moment (default: now)."""
    return as_obligations(rulebook.further_obligations(session, known_until=known_until))


def as_obligations(rows: Iterable[FurtherRow]) -> tuple[Obligation, ...]:
    """Build the obligations of the organisation from their records."""
    return further_obligations(
        FurtherObligation(
            row.code,
            row.title,
            row.text,
            row.since,
            row.until,
            row.needs_clause,
            tuple(EvidenceKind(slug) for slug in row.evidence_kinds),
            row.decided_by,
            row.decided_on,
        )
        for row in rows
    )


def catalogue_of(session: Session, known_until: datetime | None = None) -> Catalogue:
    """Return the clauses and documents as known at the moment (default: now): the files, and what was approved since.

    Everything that drafts, shows, compares or judges clauses asks here. A process keeps what it built, and asks the
    database each time whether another process has decided anything since.
    """
    mark = editions.mark(session, known_until)
    if mark is None:
        return load_catalogue()

    def make() -> Catalogue:
        rows = editions.approved(session, known_until)
        return with_editions(load_catalogue(), [edition_of(row, row.since) for row in rows if row.since is not None])

    made: Catalogue = _remember(_catalogues, session, mark, make)
    return made


def edition_of(row: ClauseEdition, since: date) -> Edition:
    """Return a recorded edition as the clause library takes it, in force from ``since``."""
    return Edition(
        clause_id=row.clause_id,
        version=row.number,
        since=since,
        title=row.title,
        body=row.body,
        incisos=tuple(row.incisos),
        formalities=tuple(row.formalities),
        applies_when=json.dumps(row.applies_when, ensure_ascii=False),
        why=row.why,
    )


def questions_of(session: Session, on: date, known_until: datetime | None = None) -> QuestionBook:
    """Return what is asked on a day, word for word: the file, and what was approved since, as known at the moment.

    Everything that asks, plans or shows items asks here. ``known_until`` defaults to now.
    """
    mark = questions.mark(session, known_until)
    if mark is None:
        return question_book()
    made: tuple[QuestionEdition, ...] = _remember(
        _questions, session, mark, lambda: question_editions_of(session, known_until)
    )
    return with_questions(question_book(), made, on)


def question_editions_of(session: Session, known_until: datetime | None = None) -> tuple[QuestionEdition, ...]:
    """Return the approved editions of items as the rules take them, by key and number."""
    rows = questions.approved(session, known_until)
    return tuple(question_edition_of(row, row.since) for row in rows if row.since is not None)


def question_edition_of(row: QuestionEditionRow, since: date) -> QuestionEdition:
    """Return a recorded edition of an item, in force from ``since``."""
    kinds = tuple(EvidenceKind(slug) for slug in row.kinds)
    question = Question(
        row.title,
        row.question,
        row.help,
        row.wants_file,
        kinds,
        row.inciso,
        row.key,
        row.number,
        since,
        row.periodic,
    )
    return QuestionEdition(question, since, row.retires)


@dataclass(frozen=True, slots=True)
class Book:
    """Everything a judgement needs besides the facts."""

    policy: Policy
    workdays: Workdays
    further: tuple[Obligation, ...]
    editions: Mapping[str, tuple[date, ...]]

    def judge(self, facts: AgreementFacts, on: date) -> Assessment:
        """Judge one agreement on the day."""
        return evaluate(
            facts,
            on,
            policy=self.policy,
            workdays=self.workdays,
            further=self.further,
            clause_editions=self.editions,
        )


def book_of(session: Session, known_until: datetime | None = None) -> Book:
    """Return the book as known at the moment (default: now)."""
    return Book(
        policy_of(session, known_until),
        workdays_of(session),
        further_of(session, known_until),
        catalogue_of(session, known_until).newer_texts(),
    )
