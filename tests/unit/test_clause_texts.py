"""A clause is laid out and compared as people read it."""

from dataclasses import replace

import pytest

from clause_library.catalogue import Clause, load_catalogue
from clause_library.conditions import NAMES
from clause_library.markup import parse_body
from vendor_tracker.usecases.clause_texts import (
    CONDITIONS,
    OF_AGREEMENTS,
    blocks_of,
    condition_in_words,
    difference,
    title_of,
)

LIBRARY = load_catalogue()
HELD = LIBRARY.versions_of("audits")[0]


def written(body: str, **changes: object) -> Clause:
    return replace(HELD, body=parse_body(body), **changes)


def test_every_condition_of_the_library_has_its_words() -> None:
    assert set(CONDITIONS) == NAMES
    assert set(OF_AGREEMENTS) < NAMES
    for clause in LIBRARY.clauses:
        words = condition_in_words(clause.applies_when)
        assert "_" not in words
        assert bool(words) is not clause.applies_when.is_always


def test_a_paragraph_that_comes_in_leaves_those_after_it_unchanged_whatever_their_numbers() -> None:
    old = written("1. Primeiro dever.\n2. Segundo dever:\n   a) com alínea.\n3. Terceiro dever.")
    new = written("1. Primeiro dever.\n2. Dever novo.\n3. Segundo dever:\n   a) com alínea.\n4. Terceiro dever.")
    found = difference(LIBRARY, old, new)
    assert [(line.number, line.changed) for line in found.lines] == [
        ("1.", False),
        ("2.", True),
        ("3.", False),
        ("a)", False),
        ("4.", False),
    ]
    assert [(run.changed, len(run.lines)) for run in found.runs] == [(True, 2), (False, 3)]
    assert [(run.changed, len(run.lines)) for run in difference(LIBRARY, old, old).runs] == [(False, 4)]
    short = written("1. Primeiro dever mudado.\n2. Segundo dever:\n   a) com alínea.\n3. Terceiro dever mudado.")
    assert [(run.changed, len(run.lines)) for run in difference(LIBRARY, old, short).runs] == [(True, 4)]
    back = difference(LIBRARY, new, old)
    gone = next(line for line in back.lines if line.changed)
    assert (gone.number, [part.kind for part in gone.parts]) == ("2.", ["deleted"])


def test_tables_are_compared_row_by_row() -> None:
    old = written("1. Um:\n\nQuadro: Prazos\n\n| Aviso | Dias |\n|---|---|\n| Auditoria | dez |\n")
    new = written("1. Um:\n\nQuadro: Prazos\n\n| Aviso | Dias |\n|---|---|\n| Auditoria | quinze |\n")
    changed = [line for line in difference(LIBRARY, old, new).lines if line.changed]
    assert ["".join(part.text for part in line.parts) for line in changed] == ["Auditoria | dezquinze"]


def test_what_is_said_otherwise_besides_the_text_is_told_field_by_field() -> None:
    new = replace(HELD, title="Das auditorias", incisos=())
    found = difference(LIBRARY, HELD, new)
    assert [(item.label, item.after) for item in found.fields] == [
        ("Título", "Das auditorias"),
        ("Incisos do art. 14", "nenhum"),
    ]
    assert not found.is_empty
    assert difference(LIBRARY, HELD, HELD).is_empty


@pytest.mark.parametrize("known", [True, False])
def test_a_field_is_shown_with_its_words_when_they_are_on_record_and_else_by_its_name(known: bool) -> None:
    blocks = blocks_of(LIBRARY, written("1. O {orgao.sigla} age."), lambda name: (f"<{name}>", known))
    parts = [(part.kind, part.text) for part in blocks[0].parts]
    assert parts[1] == (("filled", "<orgao.sigla>") if known else ("slot", "Sigla do órgão"))


def test_an_unknown_clause_is_called_by_its_id() -> None:
    assert title_of(LIBRARY, "inventada") == "inventada"
