"""One agreement or many, judged on any day with what was known then."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from contracts.evaluation import Assessment
from contracts.norm import PORTARIA_DATED_ON
from vendor_tracker import clock
from vendor_tracker.store.facts import load_facts
from vendor_tracker.usecases.judging.rulebook import book_of
from vendor_tracker.usecases.work import NotFoundError, UseCaseError, look


def knowledge_for(on: date, known_until: datetime | None = None) -> datetime | None:
    """Return the moment of knowledge for a day: its end when it is past, so that nothing learned later counts."""
    if known_until is not None:
        return known_until
    return clock.end_of(on) if on < clock.today() else None


def assess(session: Session, agreement_id: int, *, on: date, known_until: datetime | None = None) -> Assessment:
    """Judge one agreement on the day ``on``, past, present or future, with what was known then.

    ``known_until`` overrides the moment of knowledge. Raises :class:`NotFoundError` when there was no such agreement,
    and :class:`UseCaseError` for a day before the Portaria.
    """
    return assess_many(session, [agreement_id], on=on, known_until=known_until, required=True)[agreement_id]


def assess_many(
    session: Session,
    agreement_ids: Collection[int] | None,
    *,
    on: date,
    known_until: datetime | None = None,
    required: bool = False,
) -> dict[int, Assessment]:
    """Judge several agreements on one day, by id; see :func:`assess`. ``None`` judges the whole register."""
    if on < PORTARIA_DATED_ON:
        raise UseCaseError(
            f"A Portaria é de {PORTARIA_DATED_ON:%d/%m/%Y}; nenhum acordo é avaliado em dia anterior.", field="em"
        )
    moment = knowledge_for(on, known_until)
    facts = load_facts(session, agreement_ids, on=on, known_until=moment)
    if required and not facts:
        raise NotFoundError("Este acordo não existe, ou ainda não estava no registro nesse dia.")
    book = book_of(session, moment)
    return {agreement_id: book.judge(each, on) for agreement_id, each in facts.items()}


def assess_agreement(agreement_id: int, *, on: date | None = None) -> Assessment:
    """Judge one agreement outside any act: what the API and the command line print. ``on`` defaults to today."""
    with look() as session:
        return assess(session, agreement_id, on=on or clock.today())
