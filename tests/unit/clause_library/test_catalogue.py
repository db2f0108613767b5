"""The clauses and documents as data: what is refused, and what the product's own library promises."""

import re
from datetime import date, timedelta

import pytest

from clause_library.catalogue import IN_FORCE_SINCE, CatalogueError, load_catalogue, parse_catalogue
from clause_library.markup import lines_of, written
from clause_library.phrases import DUTIES
from clause_library.placeholders import load_placeholders
from contracts.norm import is_verbatim
from contracts.vocabulary import INCISOS, Formality

PLACEHOLDERS = load_placeholders()
FORMALITIES = tuple(point for point in DUTIES if point not in INCISOS)


def clause(name="one", *, body="1. O {parte.termo} age.", points=None, **front):
    """The text of a clause file that serves every point, unless told otherwise."""
    incisos, formalities = points if points is not None else (INCISOS, [str(value) for value in FORMALITIES])
    fields = {
        "id": f'"{name}"',
        "title": '"Do dever"',
        "incisos": _list(incisos),
        "formalities": _list(formalities),
        "applies_when": '"always"',
        "version": "1",
        "since": "2025-10-20",
        "placeholders": _list(sorted(set(re.findall(r"(?<!\{)\{([a-z_.]+)\}(?!\})", body)))),
        "quotes": "[]",
        "why": '"Porque sim."',
    } | front
    lines = [f"{key} = {value}" for key, value in fields.items() if value is not None]
    return "+++\n" + "\n".join(lines) + f"\n+++\n\n{body}\n"


def _list(values):
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


def document(name="doc", **changes):
    fields = {
        "id": f'"{name}"',
        "version": "1",
        "title": '"Termo"',
        "subtitle": "[]",
        "header": '"Termo"',
        "preamble": '["Texto."]',
        "clauses": '["one"]',
        "points": '"matrix"',
        "points_caption": '"Pontos"',
        "closing": '"Fim."',
        "signatures": '[{applies_when = "always", party = "P", name = "N", position = "C", capacity = "R"}]',
    } | changes
    return "\n".join(f"{key} = {value}" for key, value in fields.items() if value is not None) + "\n"


def read(clauses=None, documents=None):
    return parse_catalogue(
        clauses if clauses is not None else {"one.md": clause()},
        documents if documents is not None else {"doc.toml": document()},
        PLACEHOLDERS,
    )


SMALL = ((), ())
"""The points of a clause that serves none."""


def test_a_sound_library_is_read():
    catalogue = read()

    assert [c.id for c in catalogue.clauses] == ["one"]
    assert catalogue.serving("XI", date(2026, 1, 1)).id == "one"
    assert catalogue.document("doc").clauses == ("one",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (clause(colour='"red"'), "unknown key colour"),
        (clause(why=None), "missing key why"),
        (clause(title='""'), "title must be a text"),
        (clause(incisos='["XIII"]'), "unknown inciso XIII"),
        (clause(formalities='["beauty"]'), "unknown formality"),
        (clause(applies_when='"sometimes"'), "unknown condition 'sometimes'"),
        (clause(applies_when='"sensitive"'), "applies always"),
        (clause(version="0"), "version must be"),
        (clause(version="true"), "version must be"),
        (clause(since='"2025-10-20"'), "since must be a day"),
        (clause(since="2025-10-20T10:00:00"), "since must be a day"),
        (clause(until="2025-10-19"), "until is before since"),
        (clause(body="1. O {parte.sigla} age."), r"unknown placeholder parte\.sigla"),
        (clause(placeholders="[]"), "differs from the text: parte.termo"),
        (clause(placeholders='["parte.termo", "orgao.sigla"]'), "differs from the text: orgao.sigla"),
        (clause(quotes='["sem demora"]'), "does not quote 'sem demora'"),
        (clause(quotes='["a", "a"]'), "repeats"),
        (clause(incisos="[1]"), "must be a list of texts"),
        (clause(body="Solto."), "outside an item"),
        (clause(body="1. {{ref:two|da #|de outra}}."), "refers to two, which does not exist"),
        (clause(body="1. {{ref:one/2}}."), "has no such item"),
        (clause(body="1. {{ref:one}}."), "names an item"),
        (clause().replace("+++\n", "---\n"), "front matter between"),
        (clause(title="sem aspas"), "not valid TOML"),
    ],
)
def test_a_clause_file_with_a_slip_is_refused_and_named(text, complaint):
    with pytest.raises(CatalogueError, match=complaint):
        read({"one.md": text})


def test_a_file_is_named_after_its_clause():
    with pytest.raises(CatalogueError, match=r"named after the id, one\.md"):
        read({"another.md": clause()})


def test_a_reference_to_another_clause_says_what_to_print_without_it():
    with pytest.raises(CatalogueError, match="with and without"):
        read({"one.md": clause(), "two.md": clause("two", points=SMALL, body="1. {{ref:one}}.")})


def test_a_duplicate_id_is_refused():
    with pytest.raises(CatalogueError, match="duplicate id"):
        read({"one.md": clause(), "one.v1.md": clause()})


def test_two_versions_are_never_in_force_together():
    newer = clause(version="2", since="2026-01-01")
    with pytest.raises(CatalogueError, match="in force together"):
        read({"one.md": clause(until="2026-01-01"), "one.v2.md": newer})


def test_a_new_version_takes_over_on_its_day():
    catalogue = read(
        {"one.v1.md": clause(until="2025-12-31"), "one.md": clause(version="2", since="2026-01-01", title='"Novo"')}
    )

    assert catalogue.on(date(2025, 12, 31))["one"].version == 1
    assert catalogue.on(date(2026, 1, 1))["one"].version == 2
    assert catalogue.edition(date(2025, 12, 31)) != catalogue.edition(date(2026, 1, 1))
    assert catalogue.edition(date(2026, 1, 1))[0] == date(2026, 1, 1)


def test_a_clause_that_is_withdrawn_leaves_a_new_edition_from_the_next_day_on():
    extra = clause("two", points=((), ()), until="2025-12-31", applies_when='"children"')
    catalogue = read({"one.md": clause(), "two.md": extra})

    assert catalogue.edition(date(2025, 12, 31))[0] == IN_FORCE_SINCE
    assert catalogue.edition(date(2026, 1, 1))[0] == date(2026, 1, 1)
    assert catalogue.edition(date(2026, 1, 1))[0] in catalogue.turning_days()


def test_only_a_text_that_follows_another_of_the_same_clause_makes_the_older_one_old():
    catalogue = read(
        {
            "one.v1.md": clause(until="2025-12-31"),
            "one.md": clause(version="2", since="2026-01-01"),
            "two.md": clause("two", points=((), ()), since="2026-02-01", applies_when='"children"'),
        }
    )

    assert catalogue.turning_days() == (IN_FORCE_SINCE, date(2026, 1, 1), date(2026, 2, 1))
    assert catalogue.newer_texts() == {"one": (date(2026, 1, 1),)}
    assert [held.version for held in catalogue.versions_of("one")] == [1, 2]


def test_a_day_without_the_clause_of_a_point_is_refused():
    with pytest.raises(CatalogueError, match="on 2026-01-02 exactly one clause must serve I; found: none"):
        read({"one.v1.md": clause(until="2026-01-01"), "one.md": clause(version="2", since="2026-01-03")})
    with pytest.raises(CatalogueError, match="on 2025-10-20 exactly one clause must serve I"):
        read({"one.md": clause(since="2025-10-21")})


def test_two_clauses_never_serve_the_same_point():
    with pytest.raises(CatalogueError, match="serve XI; found: one, two"):
        read({"one.md": clause(), "two.md": clause("two", points=(["XI"], []))})


@pytest.mark.parametrize("formality", ["kind", "dispensation"])
def test_no_clause_claims_a_formality_that_no_text_can_supply(formality):
    with pytest.raises(CatalogueError, match="no clause can serve"):
        read({"one.md": clause(), "two.md": clause("two", points=([], [formality]))})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (document(colour='"red"'), "unknown key colour"),
        (document(closing=None), "missing key closing"),
        (document(points='"list"'), "points must be one of"),
        (document(clauses='["two"]'), "no clause two in force"),
        (document(clauses='["one", "@gaps"]'), "go together"),
        (document(gap_clauses='["one"]'), "go together"),
        (document(clauses='["one", "@gaps"]', gap_clauses='["one"]'), "stands twice"),
        (document(title='"{nada.aqui}"'), r"unknown placeholder nada\.aqui"),
        (document(preamble='["{{ref:one|da #|de}}"]'), "only clauses refer"),
        (document(signatures="[]"), "signed by somebody"),
        (document(signatures='[{applies_when = "always", party = "P"}]'), "missing key"),
        (document(signatures='"Fulana"'), "signed by somebody"),
        (document(parties='{caption = "P", header = ["a", "b"], rows = [["x"]]}'), "as many cells"),
        (document(title='"**aberto"'), "stray"),
        ("id = ", "not valid TOML"),
    ],
)
def test_a_document_file_with_a_slip_is_refused(text, complaint):
    with pytest.raises(CatalogueError, match=complaint):
        read(documents={"doc.toml": text})


def test_a_document_that_leaves_a_point_without_clause_is_refused():
    with pytest.raises(CatalogueError, match="no clause of the document serves I, II"):
        read({"one.md": clause(), "two.md": clause("two", points=SMALL)}, {"doc.toml": document(clauses='["two"]')})


def test_a_day_before_the_portaria_has_no_clauses():
    with pytest.raises(CatalogueError, match="20/10/2025"):
        load_catalogue().on(date(2025, 10, 19))
    assert load_catalogue().on(IN_FORCE_SINCE)


def test_an_unknown_document_is_refused():
    with pytest.raises(CatalogueError, match="termo-aditivo"):
        load_catalogue().document("oficio")


# The product's own library.


@pytest.mark.parametrize("point", [*INCISOS, *FORMALITIES])
def test_each_point_of_the_portaria_has_its_clause_on_every_turning_day_and_its_eve(point):
    catalogue = load_catalogue()
    for day in catalogue.turning_days():
        for on in {day, max(day - timedelta(days=1), IN_FORCE_SINCE)}:
            served = catalogue.serving(point, on)
            assert served is not None
            assert point in served.points


def test_the_formalities_that_a_text_can_supply_are_exactly_those_of_art_6():
    assert set(FORMALITIES) == set(Formality) - {Formality.KIND, Formality.DISPENSATION}


@pytest.mark.parametrize("read_clause", load_catalogue().clauses, ids=lambda c: f"{c.id}-v{c.version}")
def test_every_quotation_is_found_word_for_word_in_the_portaria(read_clause):
    for quote in read_clause.quotes:
        assert is_verbatim(quote), quote


@pytest.mark.parametrize("read_clause", load_catalogue().clauses, ids=lambda c: f"{c.id}-v{c.version}")
def test_whatever_stands_between_quotation_marks_is_declared_as_a_quotation(read_clause):
    quoted = re.findall(r"“([^”]*)”", "\n".join(written(line) for line in lines_of(read_clause.body)))
    assert set(quoted) <= set(read_clause.quotes)


@pytest.mark.parametrize("inciso", INCISOS)
def test_the_clause_of_each_inciso_quotes_the_inciso_and_cites_it(inciso):
    served = load_catalogue().serving(inciso, date(2026, 1, 1))
    text = "\n".join(written(line) for line in lines_of(served.body))

    assert f"art. 14, {inciso})" in text
    assert served.quotes
    assert served.quotes[0] in written(served.body[0].line)


def test_no_clause_sets_a_number_of_hours_days_or_months_by_itself():
    # The two numbers that norms set: art. 11 of the Portaria and ANPD's resolution.
    from_norms = {"15 (quinze) dias", "3 (três) dias", "24 horas por dia", "7 dias da semana"}
    for read_clause in load_catalogue().clauses:
        text = " ".join(written(line) for line in lines_of(read_clause.body))
        found = re.findall(
            r"\d+(?: \([a-zà-ú ]+\))? (?:horas?|dias?|mes(?:es)?|mês|anos?)(?: por dia| da semana)?", text
        )
        assert set(found) <= from_norms, f"{read_clause.id}: {found}"


def test_no_clause_counts_an_incident_in_working_hours_or_from_its_confirmation():
    text = " ".join(written(line) for line in lines_of(load_catalogue().serving("XI", date(2026, 1, 1)).body))

    assert "da primeira suspeita" in text
    assert "nunca se conta em horas ou dias úteis" in text


def test_no_clause_cites_a_law_that_the_library_is_not_sure_of():
    sure = {"13.709/2018", "12.527/2011"}
    for read_clause in load_catalogue().clauses:
        text = " ".join(written(line) for line in lines_of(read_clause.body))
        assert set(re.findall(r"Lei nº ([\d./]+\d)", text)) <= sure, read_clause.id
        assert set(re.findall(r"Resolução ([A-Z/]+ nº [\d/]+)", text)) <= {"CD/ANPD nº 15/2024"}, read_clause.id
