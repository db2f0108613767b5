"""The concept files: valid, complete on every day, and refused when they are not exactly as they should be."""

import tomllib
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.catalogue import IN_FORCE_SINCE
from clause_library.coverage.concepts import ConceptError, load_concepts, parse_concepts
from clause_library.coverage.matching import EntryError, parse_entry
from clause_library.coverage.words import fold, stem
from contracts.vocabulary import INCISOS

FOLDER = files("clause_library") / "concepts"
SHARED = {item.name: item.read_text("utf-8") for item in (FOLDER / "comum").iterdir() if item.name.endswith(".toml")}
POINTS = {item.name: item.read_text("utf-8") for item in FOLDER.iterdir() if item.name.endswith(".toml")}
TWELFTH = "12-descarte.toml"


def parsed_with(old, new, name=TWELFTH):
    assert old in POINTS[name]
    return parse_concepts(SHARED, POINTS | {name: POINTS[name].replace(old, new, 1)})


def test_each_inciso_has_its_concept():
    assert tuple(load_concepts().points) == INCISOS


@given(day=st.dates(min_value=IN_FORCE_SINCE, max_value=date(2040, 12, 31)))
def test_each_inciso_has_a_concept_on_every_day_in_force(day):
    assert tuple(load_concepts().on(day)) == INCISOS


def test_there_is_no_concept_before_the_portaria():
    assert not load_concepts().on(IN_FORCE_SINCE - timedelta(days=1))


def test_the_files_are_read_once():
    assert load_concepts() is load_concepts()


@pytest.mark.parametrize("point", INCISOS)
def test_each_idea_says_what_it_is_and_what_is_missing_in_portuguese(point):
    for idea in load_concepts().points[point].ideas:
        assert idea.name[0].islower()
        assert not idea.name.endswith(".")
        assert idea.missing
        assert not idea.missing.endswith(".")


def test_each_list_is_used():
    concepts = load_concepts()
    used = {"nega", "nega_pouco", "dispensa", "tema_dados", "tema_papeis", "titulo_de_tema", "fora_do_assunto"}
    used |= {"destino_alheio", "abre_definicoes", "titulo_de_definicoes", "nao_obriga", "mera_sugestao", "dado_solto"}
    used |= {"coisa_de_gente", "tema_certo", "info_sigilosa", "inclui_dados"}
    used |= {"equipara_a_dados", "informacoes_equiparadas", "suboperador", "repassa_deveres"}
    for concept in concepts.points.values():
        for idea in concept.ideas:
            for rule in idea.rules:
                used |= {rule.verb, *rule.words, *rule.without, *rule.off, *(name for _, name in rule.around)}
        for narrowing in concept.narrowings:
            used |= {narrowing.words, *narrowing.unless}
    for word_list in concepts.lists.values():
        used |= set(word_list.not_inside)
        used |= {element.value for entry in word_list.entries for element in entry.elements if element.kind == "list"}
    assert set(concepts.lists) <= used


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("titulo =", "titulos =", "chave desconhecida"),
        ('titulo = "', '# "', "falta a chave titulo"),
        ('verbo = "apagar"', 'verbos = "apagar"', "chave desconhecida"),
        ('verbo = "apagar"', 'verbo = "apagarr"', "não existe"),
        ('coberto = [["descarte", "evidencia"]]', 'coberto = [["descarte"]]', "ideias sem nível"),
        ('inciso = "XII"', 'inciso = "XIII"', "não existe"),
        ('inciso = "XII"', 'inciso = "XI"', "já tem arquivo"),
        ("desde = 2025-10-20", 'desde = "ontem"', "precisa ser um dia"),
        ("perto = 40", 'perto = "40"', "número inteiro"),
        ('deve = "operador"', 'deve = "todos"', "é operador ou contratante"),
        ("[niveis]", "[niveis", "TOML válido"),
    ],
)
def test_a_file_that_is_not_as_it_should_be_is_refused_with_the_reason(old, new, said):
    with pytest.raises(ConceptError, match=said):
        parsed_with(old, new)


def test_a_list_made_of_itself_is_refused():
    shared = SHARED | {"outra.toml": '[listas]\numa = ["{duas}"]\nduas = ["{uma}"]\n'}
    with pytest.raises(ConceptError, match="feita de si mesma"):
        parse_concepts(shared, POINTS)


def test_a_list_named_twice_is_refused():
    shared = SHARED | {"outra.toml": '[listas]\navisar = ["avisar"]\n'}
    with pytest.raises(ConceptError, match="já existe"):
        parse_concepts(shared, POINTS)


def test_an_inciso_without_a_file_is_named():
    points = {name: text for name, text in POINTS.items() if name != TWELFTH}
    with pytest.raises(ConceptError, match="XII"):
        parse_concepts(SHARED, points)


@pytest.mark.parametrize("written", ["", "...", "dar ...", "=", "*"])
def test_an_entry_without_a_word_is_refused(written):
    with pytest.raises(EntryError):
        parse_entry(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("notificar", "notificação"),
        ("notificará", "NOTIFICACAO"),
        ("incidente", "Incidentes"),
        ("eliminar", "eliminação"),
        ("registro", "registrar"),
    ],
)
def test_forms_of_a_word_have_one_stem_with_and_without_accents(one, other):
    assert stem(fold(one)) == stem(fold(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("contratante", "contratada"), ("contratada", "contrato"), ("controlador", "controle"), ("grave", "gravar")],
)
def test_words_that_must_not_be_taken_for_each_other_have_two_stems(one, other):
    assert stem(fold(one)) != stem(fold(other))


@given(word=st.text(min_size=1, max_size=30))
def test_any_word_can_be_folded_and_stemmed(word):
    assert isinstance(stem(fold(word)), str)


def test_the_concept_files_name_no_path_and_no_address():
    for text in (*SHARED.values(), *POINTS.values()):
        assert "/tmp" not in text
        assert "://" not in text
        assert tomllib.loads(text)
