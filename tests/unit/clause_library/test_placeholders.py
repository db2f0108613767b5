"""The closed list of placeholders."""

from dataclasses import fields
from datetime import date

import pytest

from clause_library.description import SUBJECTS, AgreementDescription, Body, Operator, SubOperator
from clause_library.placeholders import (
    Parameter,
    PlaceholderError,
    document_parameters,
    load_placeholders,
    parse_placeholders,
)
from clause_library.resolving import FACTS, SUB_OPERATORS
from clause_library.subjects import FACTS_OF_SUBJECTS, LISTS_OF_SUBJECTS, subject_of
from contracts.policy import Override, Policy
from contracts.vocabulary import Exposure

FACT = '[facts."a.b"]\nlabel = "A"\nfield = "f"\n[parameters]\n'
PARAMETER = '[facts]\n[parameters."parametro.x"]\nlabel = "X"\nunit = "meses"\npolicy = "p"\n'


def test_every_fact_has_a_place_in_the_description():
    described = {field.name for field in fields(AgreementDescription)}
    parts = {"body": Body, "operator": Operator, "sub_operators": SubOperator, **SUBJECTS}
    arguments = {"amendment_number", "gaps", "document"}
    for fact in load_placeholders().facts.values():
        head, _, tail = fact.field.partition(".")
        if head == "signer":
            # No record holds what whoever signs will write.
            assert tail, fact.name
        elif tail:
            assert tail in {field.name for field in fields(parts[head])}, fact.name
        else:
            assert head in described | arguments, fact.name


def test_every_fact_can_be_said_and_nothing_else_can():
    names = set(load_placeholders().facts)
    lists = {"suboperador": SUB_OPERATORS, **LISTS_OF_SUBJECTS}
    of_lists = {f"{prefix}.{name}" for prefix, listing in lists.items() for name in listing.values}
    of_the_document = {"aditivo.ordinal", "aditivo.clausulas", "documento.nome", "documento.data", "item.referencia"}
    assert {*FACTS, *FACTS_OF_SUBJECTS, *of_lists, *of_the_document} == names
    assert {name for name in names if subject_of(name)} == {*FACTS_OF_SUBJECTS, *of_lists, "item.referencia"} - {
        name for name in of_lists if name.startswith("suboperador.")
    }


def test_every_parameter_is_an_administrative_parameter_of_the_same_unit():
    policy = Policy.load()
    for placeholder in load_placeholders().parameters.values():
        parameter = policy.parameter(placeholder.policy)
        assert parameter.unit == placeholder.unit, placeholder.name
        assert parameter.is_table is bool(placeholder.row), placeholder.name
        assert placeholder.row in {"", "exposure", *parameter.table_keys}, placeholder.name


def test_no_administrator_can_set_a_number_that_a_document_may_not_carry():
    policy = Policy.load()
    for placeholder in load_placeholders().parameters.values():
        parameter = policy.parameter(placeholder.policy)
        assert placeholder.maximum is None or parameter.maximum <= placeholder.maximum, placeholder.name


@pytest.mark.parametrize("exposure", list(Exposure))
def test_the_policy_fills_every_parameter(exposure):
    numbers = document_parameters(Policy.load().on(date(2026, 11, 22)), exposure)

    assert {f"parametro.{name}" for name in numbers} == set(load_placeholders().parameters)


def test_the_tier_of_the_agreement_decides_its_terms():
    policy = Policy.load().on(date(2026, 11, 22))

    low, high = (document_parameters(policy, tier) for tier in (Exposure.LOW, Exposure.HIGH))

    assert (low["revisao_acessos_meses"], high["revisao_acessos_meses"]) == (6, 3)
    assert low["varredura_meses"] == high["varredura_meses"] == 3


def test_a_decision_of_the_administrator_reaches_the_documents_from_its_day():
    policy = Policy.load().with_overrides([Override("incident_report_hours", date(2026, 6, 1), 12)])

    eve, day = (document_parameters(policy.on(on), Exposure.LOW) for on in (date(2026, 5, 31), date(2026, 6, 1)))

    assert eve["comunicacao_incidente_horas"] == 24
    assert day["comunicacao_incidente_horas"] == 12


def test_a_parameter_that_the_policy_lacks_is_left_to_be_asked_for():
    base = Policy.load()
    reduced = Policy(tuple(p for p in base.base if p.key != "log_retention_months"))

    numbers = document_parameters(reduced.on(date(2026, 11, 22)), Exposure.LOW)

    assert "guarda_registros_meses" not in numbers
    assert "descarte_dias" in numbers


@pytest.mark.parametrize("number", [-1, True, 2.0, "3", None])
def test_only_whole_numbers_from_zero_are_terms(number):
    with pytest.raises(PlaceholderError, match="inteiro"):
        Parameter("parametro.x", "X", "meses", "p").check(number)


@pytest.mark.parametrize(("number", "fits"), [(0, True), (10, True), (11, False)])
def test_a_bound_that_a_norm_implies_holds_to_the_last_day(number, fits):
    parameter = Parameter("parametro.x", "X", "dias úteis", "p", maximum=10)
    if fits:
        assert parameter.check(number) == number
    else:
        with pytest.raises(PlaceholderError, match="não pode passar de 10 dias úteis"):
            parameter.check(number)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("not toml", "TOML"),
        ("[facts]\n", "exactly"),
        (FACT + "[other]\n", "exactly"),
        (FACT.replace("field", "place"), "unknown or missing key"),
        (FACT.replace('"f"', "1"), "wrong type"),
        (FACT.replace('"a.b"', '"parametro.b"'), "belongs to"),
        (PARAMETER.replace("parametro.", "outro."), "begins with"),
        (PARAMETER.replace("meses", "luas"), "unknown unit"),
        (PARAMETER + 'maximum = "10"\n', "wrong type"),
        (PARAMETER + "colour = 1\n", "unknown or missing key"),
        ("facts = {a = 1}\nparameters = {}\n", "must be a section"),
    ],
)
def test_a_malformed_list_is_refused(text, complaint):
    with pytest.raises(PlaceholderError, match=complaint):
        parse_placeholders(text)


def test_a_well_formed_list_is_read():
    assert parse_placeholders(FACT).facts["a.b"].label == "A"
    assert parse_placeholders(PARAMETER).names == {"parametro.x"}
