"""What the law asks, the library's clauses promise: every inciso, on every day on which anything changes."""

from datetime import date, timedelta

import pytest

from clause_library.catalogue import load_catalogue
from contracts.norm import PORTARIA_DATED_ON
from contracts.obligation import Obligation
from contracts.obligations import TWELVE
from contracts.vocabulary import Formality
from tests.rig.facts import judged

IN_WRITING = (Formality.PURPOSE, Formality.CATEGORIES, Formality.GUARANTEES, Formality.SUBJECT_ACCESS)


def turning_days() -> list[date]:
    """Every day on which a book or a clause turns, with its eve where the Portaria was already in force."""
    days = {version.since for obligation in TWELVE for version in obligation.versions}
    days |= set(load_catalogue().turning_days())
    days |= {day - timedelta(days=1) for day in days}
    return sorted(day for day in days if day >= PORTARIA_DATED_ON)


@pytest.mark.parametrize("day", turning_days())
@pytest.mark.parametrize("obligation", TWELVE, ids=lambda obligation: obligation.inciso)
def test_every_inciso_in_force_is_served_by_a_clause(obligation: Obligation, day: date) -> None:
    version = obligation.on(day)
    assert version is not None
    clause = load_catalogue().serving(obligation.inciso, day)
    assert clause is not None, f"nenhuma cláusula serve ao inciso {obligation.inciso} em {day:%d/%m/%Y}"
    assert clause.applies_when.is_always, f"a cláusula {clause.id} deixaria documentos sem o inciso {obligation.inciso}"


@pytest.mark.parametrize("day", turning_days())
@pytest.mark.parametrize("point", IN_WRITING)
def test_what_the_instrument_must_say_about_sharing_is_served_by_a_clause(point: Formality, day: date) -> None:
    assert load_catalogue().serving(point.value, day) is not None


def test_an_instrument_of_the_first_edition_is_up_to_date_until_there_is_another() -> None:
    library = load_catalogue()
    held = {clause.id: clause.since for clause in library.clauses}
    changes = {"instruments": {"contrato": {"clauses": held}}}
    assert judged(changes, date(2028, 12, 31), clause_editions=library.newer_texts()).finding("IV").verdict == "met"
