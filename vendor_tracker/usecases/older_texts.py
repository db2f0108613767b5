"""Which agreements still carry an older text of a clause, and what changed since."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from clause_library.catalogue import Catalogue
from vendor_tracker import clock
from vendor_tracker.store import editions
from vendor_tracker.store.editions import OlderAgreement, OlderText
from vendor_tracker.usecases.clause_texts import Difference, difference, title_of
from vendor_tracker.usecases.judging import catalogue_of, policy_of
from vendor_tracker.usecases.work import NotFoundError, look

PAGE_SIZE = 20

TRANSITION = "clause_set_transition_days"
"""The administrative parameter that says how long an older text is still accepted."""


@dataclass(frozen=True, slots=True)
class OlderClause:
    """A clause that an agreement carries in an older text: in which document, from which version to which."""

    clause_id: str
    title: str
    held: int
    held_since: date
    now: int
    now_since: date
    signed: bool
    document_id: int
    document_title: str
    required_from: date | None
    """The first day on which the older text no longer covers; ``None`` when the text is not signed."""


@dataclass(frozen=True, slots=True)
class OlderLine:
    """An agreement that carries older texts."""

    agreement: OlderAgreement
    clauses: tuple[OlderClause, ...]

    @property
    def required_from(self) -> date | None:
        """The nearest day on which one of the texts no longer covers."""
        return min((clause.required_from for clause in self.clauses if clause.required_from), default=None)


@dataclass(frozen=True, slots=True)
class ClauseChoice:
    """A clause whose text changed, with how many agreements carry an older one."""

    clause_id: str
    title: str
    version: int
    since: date
    agreements: int


@dataclass(frozen=True, slots=True)
class OlderPage:
    """The list of agreements with older texts."""

    title: str
    rows: tuple[OlderLine, ...]
    total: int
    number: int
    size: int
    clauses: tuple[ClauseChoice, ...]
    clause_id: str
    signed: bool | None
    words: str
    today: date
    transition_days: int
    changes: tuple[tuple[str, str, int, int, Difference], ...]
    """What changed, once for each step that the rows show: clause id, title, from which version, to which, and how."""


def newest_texts(catalogue: Catalogue, today: date) -> dict[str, date]:
    """Return, for each clause whose text changed, since when the one in force holds."""
    in_force = catalogue.on(today)
    return {
        clause_id: in_force[clause_id].since
        for clause_id, days in catalogue.newer_texts().items()
        if clause_id in in_force and any(day <= today for day in days)
    }


def index(*, clause_id: str = "", signed: bool | None = None, words: str = "", page: int = 1) -> OlderPage:
    """Return a page of the agreements that carry an older text; raises :class:`NotFoundError` for an unknown clause."""
    today = clock.today()
    with look() as session:
        catalogue = catalogue_of(session)
        if clause_id and not catalogue.versions_of(clause_id):
            message = "Esta cláusula não existe."
            raise NotFoundError(message)
        newest = newest_texts(catalogue, today)
        many = editions.how_many_by_clause(session, newest, today=today)
        asked = {key: since for key, since in newest.items() if clause_id in ("", key)}
        found, total = editions.older_agreements(
            session, asked, today=today, signed=signed, words=words, page=page, size=PAGE_SIZE
        )
        transition = policy_of(session).on(today).number(TRANSITION)
        held = editions.older_texts(
            session, asked, agreement_ids=[agreement.agreement_id for agreement in found], today=today
        )
    by_agreement: dict[int, list[OlderClause]] = {}
    for text in held:
        by_agreement.setdefault(text.agreement_id, []).append(_line(catalogue, text, transition, today))
    rows = tuple(OlderLine(agreement, tuple(by_agreement.get(agreement.agreement_id, ()))) for agreement in found)
    return OlderPage(
        title="Acordos com texto anterior",
        rows=rows,
        total=total,
        number=page,
        size=PAGE_SIZE,
        clauses=tuple(
            ClauseChoice(key, title_of(catalogue, key), catalogue.on(today)[key].version, since, many.get(key, 0))
            for key, since in sorted(newest.items())
        ),
        clause_id=clause_id,
        signed=signed,
        words=words,
        today=today,
        transition_days=transition,
        changes=_changes(catalogue, rows),
    )


def of_agreements(session: Session, agreement_ids: Collection[int]) -> dict[int, tuple[OlderClause, ...]]:
    """Return the older texts that some agreements carry, by agreement; agreements without any are left out."""
    today = clock.today()
    catalogue = catalogue_of(session)
    newest = newest_texts(catalogue, today)
    if not newest:
        return {}
    transition = policy_of(session).on(today).number(TRANSITION)
    found: dict[int, list[OlderClause]] = {}
    for text in editions.older_texts(session, newest, agreement_ids=agreement_ids, today=today):
        found.setdefault(text.agreement_id, []).append(_line(catalogue, text, transition, today))
    return {agreement_id: tuple(clauses) for agreement_id, clauses in found.items()}


def _line(catalogue: Catalogue, text: OlderText, transition: int, today: date) -> OlderClause:
    now = catalogue.on(today)[text.clause_id]
    # The first text that superseded the one held starts the clock, as in the judgement of inciso IV.
    first = min(day for day in catalogue.newer_texts()[text.clause_id] if day > text.since)
    return OlderClause(
        clause_id=text.clause_id,
        title=now.title,
        held=text.version,
        held_since=text.since,
        now=now.version,
        now_since=now.since,
        signed=text.signed,
        document_id=text.document_id,
        document_title=text.document_title,
        required_from=first + timedelta(days=transition + 1) if text.signed else None,
    )


def _changes(catalogue: Catalogue, rows: tuple[OlderLine, ...]) -> tuple[tuple[str, str, int, int, Difference], ...]:
    steps = sorted({(clause.clause_id, clause.held, clause.now) for row in rows for clause in row.clauses})
    found = []
    for clause_id, held, now in steps:
        versions = {clause.version: clause for clause in catalogue.versions_of(clause_id)}
        if held in versions and now in versions:
            old, new = versions[held], versions[now]
            found.append((clause_id, new.title, held, now, difference(catalogue, old, new)))
    return tuple(found)
