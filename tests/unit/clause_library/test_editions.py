"""What the organisation writes over the library's files is checked as a file is, and holds from its day."""

import json
from dataclasses import replace
from datetime import date

import pytest

from clause_library.catalogue import CatalogueError, Clause, load_catalogue
from clause_library.conditions import parse_condition
from clause_library.description import AgreementDescription, Body, Gap, Operator
from clause_library.draft import Draft, plain
from clause_library.drafting import NothingToAmend, draft_termo_aditivo
from clause_library.editions import Edition, advice, as_text, clause_of, condition_as_data, with_editions
from clause_library.markup import parse_body
from contracts.vocabulary import INCISOS, AgreementKind, Coverage

BASE = load_catalogue()
SINCE = date(2026, 4, 1)


def edition(clause_id: str = "audits", **changes: object) -> Edition:
    """The text in force of a clause as the edition that follows it, with the changes named."""
    held = BASE.versions_of(clause_id)[-1]
    same = Edition(
        clause_id,
        held.version + 1,
        SINCE,
        held.title,
        as_text(held),
        held.incisos,
        tuple(formality.value for formality in held.formalities),
        json.dumps(condition_as_data(held.applies_when)),
        held.why,
    )
    return replace(same, **changes)


@pytest.mark.parametrize("clause", BASE.clauses, ids=lambda clause: clause.id)
def test_every_clause_is_written_back_as_text_that_reads_the_same(clause: Clause) -> None:
    assert parse_body(as_text(clause)) == clause.body
    assert parse_condition(condition_as_data(clause.applies_when)) == clause.applies_when


@pytest.mark.parametrize("clause", BASE.clauses, ids=lambda clause: clause.id)
def test_any_clause_may_have_a_newer_version_that_holds_from_its_day_and_not_before(clause: Clause) -> None:
    library = with_editions(BASE, [edition(clause.id)])
    assert library.on(date(2026, 3, 31))[clause.id].version == clause.version
    assert library.on(SINCE)[clause.id].version == clause.version + 1
    assert library.newer_texts() == {clause.id: (SINCE,)}
    assert library.edition(SINCE)[0] == SINCE
    assert library.edition(SINCE)[1] != BASE.edition(SINCE)[1]


def test_without_editions_the_library_is_the_files() -> None:
    assert with_editions(BASE, []) is BASE
    assert BASE.newer_texts() == {}


def test_the_same_editions_give_the_same_library_and_another_text_another() -> None:
    first = with_editions(BASE, [edition()])
    assert with_editions(BASE, [edition()]) is first
    other = with_editions(BASE, [edition(title="Das auditorias")])
    assert other.on(SINCE)["audits"].title == "Das auditorias"
    assert first.on(SINCE)["audits"].digest != other.on(SINCE)["audits"].digest


def test_each_edition_ends_on_the_eve_of_the_next() -> None:
    second = edition(version=3, since=date(2026, 6, 1))
    library = with_editions(BASE, [second, edition()])
    assert [(held.version, held.until) for held in library.versions_of("audits")] == [
        (1, date(2026, 3, 31)),
        (2, date(2026, 5, 31)),
        (3, None),
    ]


def test_an_edition_must_begin_after_the_one_before_it() -> None:
    with pytest.raises(CatalogueError) as refused:
        with_editions(BASE, [edition(), edition(version=3)])
    assert "tem de começar depois" in refused.value.said


def test_a_file_of_a_later_release_never_replaces_what_the_organisation_approved() -> None:
    released = replace(
        BASE.versions_of("audits")[0],
        version=2,
        since=date(2026, 2, 1),
        until=None,
        title="Do produto",
        digest="0" * 64,
    )
    base = replace(BASE, clauses=(*BASE.clauses, released))
    library = with_editions(base, [edition(title="Do tribunal")])
    assert [held.title for held in library.versions_of("audits")] == [
        BASE.versions_of("audits")[0].title,
        "Do tribunal",
    ]


def test_an_edition_of_a_clause_that_the_library_does_not_have_is_refused() -> None:
    with pytest.raises(CatalogueError) as refused:
        with_editions(BASE, [replace(edition(), clause_id="nova")])
    assert refused.value.said.startswith("Não há texto anterior")


@pytest.mark.parametrize(
    ("clause_id", "changes", "said"),
    [
        ("audits", {"body": ""}, "sem texto"),
        ("audits", {"body": "Solto."}, "está fora de um item"),
        ("audits", {"body": "2. Dois."}, "saiu da ordem"),
        ("audits", {"body": "1. Um.\n\n+++\n"}, "não pode conter"),
        ("audits", {"body": "1. O {parte.sigla} age."}, "Não há campo com este nome: parte.sigla"),
        ("audits", {"body": "1. O {parte.termo age."}, "chave ou um asterisco"),
        ("audits", {"body": "1. Deve “permitir tudo”."}, "não está na Portaria palavra por palavra"),
        ("audits", {"body": "1. Ver {{ref:nenhuma|da #|de nada}}."}, "não há cláusula com este nome"),
        ("audits", {"body": "1. Ver {{ref:disposal}}."}, "com aquela cláusula e sem ela"),
        ("audits", {"body": "1. Ver {{ref:audits/4}}."}, "que só tem 1"),
        ("instructions", {"body": "1. Uma só."}, "remete ao item"),
        ("audits", {"incisos": ()}, "o inciso IX teria nenhuma"),
        ("audits", {"incisos": ("IX", "XI")}, "o inciso XI teria 2"),
        ("audits", {"applies_when": '"sensitive"'}, "entra sempre"),
        ("audits", {"formalities": ("kind",)}, "não se atende com cláusula"),
    ],
)
def test_what_a_file_may_not_have_an_edition_may_not_either(
    clause_id: str, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(CatalogueError) as refused:
        with_editions(BASE, [edition(clause_id, **changes)])
    assert said in refused.value.said


def test_every_inciso_is_served_on_every_day_of_a_library_with_editions() -> None:
    library = with_editions(BASE, [edition(), edition("incident-notice", since=date(2026, 5, 1))])
    for day in library.turning_days():
        assert all(library.serving(inciso, day) for inciso in INCISOS)


def test_a_title_with_quotation_marks_and_a_conditional_clause_are_kept_as_written() -> None:
    read = clause_of(
        edition("children", title='Dos "dados" de crianças \\ e', applies_when='{"any": ["children", "sensitive"]}'),
        BASE.placeholders,
    )
    assert read.title == 'Dos "dados" de crianças \\ e'
    assert condition_as_data(read.applies_when) == {"any": ["children", "sensitive"]}


def test_a_number_of_the_clause_s_own_and_references_by_number_are_worth_a_second_look() -> None:
    read = clause_of(edition(body="1. Em até 72 horas, avisa."), BASE.placeholders)
    assert any("72 horas" in sentence for sentence in advice(read, BASE))
    assert advice(clause_of(edition(), BASE.placeholders), BASE) == ()
    pointed = clause_of(edition("instructions"), BASE.placeholders)
    assert any("pelo número" in sentence for sentence in advice(pointed, BASE))


# ----------------------------------------------------------------------------------------------------------------------
# Bringing an instrument up to date
# ----------------------------------------------------------------------------------------------------------------------


def aditivo(renewing: tuple[str, ...], *, gaps: tuple[Gap, ...] = (), **told: object) -> Draft:
    described = AgreementDescription(
        body=Body(name="Tribunal", acronym="TRT"),
        operator=Operator(name="Exemplo Ltda."),
        kind=AgreementKind.CONTRATO,
        **told,
    )
    library = with_editions(BASE, [edition(), edition("children"), edition("aditivo-object")])
    return draft_termo_aditivo(described, gaps, renewing=renewing, parameters={}, on=SINCE, number=1, catalogue=library)


def test_the_termo_aditivo_brings_older_texts_up_to_date_and_says_so_in_its_grounds() -> None:
    draft = aditivo(("children", "audits"), gaps=(Gap("XI", Coverage.MISSING),))
    assert [clause.id for clause in draft.clauses][1:-2] == ["audits", "incident-notice", "children"]
    grounds = {plain(row[1]): plain(row[2]) for row in draft.points_table.rows}
    assert grounds["Texto em vigor da cláusula “Das auditorias e inspeções”"] == (
        "O Instrumento traz um texto anterior; o atual vale desde 01/04/2026."
    )
    assert [row.point for row in draft.matrix] == ["XI"]


def test_an_older_text_alone_is_enough_for_a_termo_aditivo() -> None:
    assert [clause.id for clause in aditivo(("children",)).clauses][1:-2] == ["children"]


def test_what_the_agreement_no_longer_calls_for_and_the_frame_of_a_termo_aditivo_are_not_renewed() -> None:
    with pytest.raises(NothingToAmend):
        aditivo(("children", "aditivo-object"), children=False)
