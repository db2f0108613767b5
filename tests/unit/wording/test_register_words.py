"""Every field of an agreement has a name that people read, and every value a way to be printed."""

from datetime import date
from decimal import Decimal

import pytest

from contracts.vocabulary import DataCategory, Role
from vendor_tracker.importing.rows import Source
from vendor_tracker.store import register, register_lists
from vendor_tracker.usecases import agreements, importing
from vendor_tracker.wording.labels import NOT_INFORMED
from vendor_tracker.wording.register import (
    FIELD_LABELS,
    MISSING_LABELS,
    SOURCE_LABELS,
    STAGE_LABELS,
    TERM_LABELS,
    countries,
    country,
    shown,
)


def test_every_field_of_a_revision_has_a_name() -> None:
    assert set(FIELD_LABELS) == set(register.SAID) == set(agreements.Said.__dataclass_fields__)


def test_everything_that_can_be_missing_has_a_name() -> None:
    assert set(MISSING_LABELS) == set(register_lists.MISSING)


def test_every_stage_source_and_term_has_a_name() -> None:
    assert set(STAGE_LABELS) == {*agreements.STAGES, ""}
    assert set(SOURCE_LABELS) == {"manual", *Source.__args__}
    assert set(SOURCE_LABELS) - {"manual"} == set(importing.SOURCE_NAMES)
    assert set(TERM_LABELS) == set(importing.TERM_NAMES)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, NOT_INFORMED),
        ("", NOT_INFORMED),
        ((), NOT_INFORMED),
        (True, "sim"),
        (False, "não"),
        (date(2026, 3, 2), "02/03/2026"),
        (Decimal("1234.5"), "R$\u00a01.234,50"),
        (Role.JOINT_CONTROLLER, "Controlador conjunto"),
        ((DataCategory.HEALTH, DataCategory.CONTACT), "saúde e contato"),
        (24, "24"),
        (0, "0"),
        ("Pesquisa", "Pesquisa"),
    ],
)
def test_a_value_is_printed_in_portuguese_and_no_is_not_silence(value: object, words: str) -> None:
    assert shown(value) == words


def test_brazil_comes_first_and_the_others_by_name_whatever_their_accents() -> None:
    listed = countries()
    assert listed[0] == ("BR", "Brasil")
    assert listed[-1] == ("ZZ", "País não informado")
    names = [name for _, name in listed[1:-1]]
    assert names.index("África do Sul") < names.index("Alemanha") < names.index("Áustria") < names.index("Zimbábue")
    assert len({code for code, _ in listed}) == len(listed)


def test_a_country_that_nobody_knows_is_not_taken_for_brazil() -> None:
    assert country("IE") == "Irlanda"
    assert country("ZZ") == "País não informado"
    assert country("QQ") == "QQ"
