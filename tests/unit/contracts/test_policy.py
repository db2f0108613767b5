"""Administrative parameters are dated, complete, and never guessed."""

import tomllib
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.policy import (
    KEY_SETS,
    UNITS,
    NoValueError,
    Override,
    OverrideError,
    Policy,
    PolicyError,
    PolicyFileError,
    UnknownParameterError,
    parse_policy,
)
from contracts.vocabulary import INCISOS, EvidenceKind, Exposure, Verdict, VolumeBand

FIRST_DAY = date(2025, 10, 20)
DAYS = st.dates(min_value=FIRST_DAY, max_value=date(2060, 12, 31))
PARAMETERS = Policy.load().parameters
FILE = files("contracts").joinpath("policy.toml").read_text(encoding="utf-8")

SMALL = """
[answer_days]
group = "requests"
label = "Prazo de resposta"
unit = "dias corridos"
decided_by = "Parâmetro administrativo."
note = "Nota."
minimum = 1
maximum = 90
values = [{ since = 2025-10-20, value = 20 }, { since = 2026-07-01, value = 15 }]

[cycle_months]
group = "terms"
label = "Ciclo"
unit = "meses"
decided_by = "Parâmetro administrativo."
note = "Nota."
minimum = 0
maximum = 60
keyed_by = "Exposure"
values = [{ since = 2025-10-20, value = { low = 0, medium = 24, high = 12 } }]
"""


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.key)
def test_every_parameter_says_in_portuguese_what_it_is_and_that_it_is_no_law(parameter):
    assert parameter.label[0].isupper()
    assert parameter.unit in UNITS
    assert parameter.decided_by.startswith("Parâmetro administrativo: decide ")
    assert "A Portaria não fixa este número." in parameter.decided_by
    assert parameter.note.endswith(".")
    assert parameter.values[0].since == FIRST_DAY


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.key)
def test_every_parameter_has_a_value_on_the_first_day_and_none_on_its_eve(parameter):
    assert parameter.on(FIRST_DAY) == parameter.values[0]
    with pytest.raises(NoValueError, match=r"20/10/2025.*19/10/2025"):
        parameter.on(FIRST_DAY - timedelta(days=1))


@pytest.mark.parametrize("parameter", [p for p in PARAMETERS if p.is_table], ids=lambda parameter: parameter.key)
def test_every_table_answers_for_every_key_of_its_list_and_for_no_other(parameter):
    on = Policy.load().on(FIRST_DAY)
    assert tuple(on.table(parameter.key)) == parameter.table_keys
    if parameter.keyed_by:
        assert parameter.table_keys == KEY_SETS[parameter.keyed_by]
    else:
        assert all(parameter.entries.values())


def test_the_lists_that_key_tables_are_the_closed_lists_of_the_domain():
    on = Policy.load().on(FIRST_DAY)
    assert set(on.table("evidence_validity_months")) == set(EvidenceKind)
    assert set(on.table("audit_cycle_months")) == set(Exposure)
    assert tuple(on.table("score_weights")) == INCISOS
    assert set(on.table("score_values_percent")) == set(Verdict) - {Verdict.NOT_DUE, Verdict.NOT_APPLICABLE}
    assert {f"volume_{band}" for band in VolumeBand} <= set(on.table("exposure_points"))


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("evidence_warning_days", 60),
        ("channel_test_answer_hours", 24),
        ("incident_report_hours", 24),
        ("commitment_exhibition_days", 5),
        ("assistance_term_days", 5),
        ("disposal_proof_days", 30),
        ("amendment_signature_days", 60),
        ("clause_set_transition_days", 180),
        ("request_answer_days", 20),
        ("request_lead_days", 30),
        ("review_days", 10),
        ("portal_link_days", 15),
        ("portal_colleagues", 6),
        ("corrective_action_grace_days", 0),
        ("own_use_declaration_months", 12),
        ("directives_acknowledgement_months", 12),
        ("assistance_procedure_months", 24),
        ("processing_record_months", 12),
        ("log_policy_months", 12),
        ("incident_channel_refresh_months", {"low": 12, "medium": 12, "high": 6}),
        ("access_review_months", {"low": 6, "medium": 6, "high": 3}),
        ("audit_cycle_months", {"low": 0, "medium": 24, "high": 12}),
        ("request_frequency_months", {"low": 24, "medium": 12, "high": 6}),
        ("independent_proof_tiers", {"low": 0, "medium": 0, "high": 1}),
        ("self_declaration_suffices", {"low": 1, "medium": 0, "high": 0}),
        ("exposure_bands", {"medium_from": 4, "high_from": 9}),
        ("score_values_percent", {"met": 100, "partial": 50, "unproven": 0, "breached": 0}),
    ],
)
def test_the_defaults_are_the_agreed_ones(key, expected):
    on = Policy.load().on(FIRST_DAY)
    assert (on.table(key) if isinstance(expected, dict) else on.number(key)) == expected


def test_the_escalation_ladder_climbs_from_before_the_term_to_after_it():
    steps = list(Policy.load().on(FIRST_DAY).table("reminder_steps_days").values())
    assert steps == sorted(set(steps))
    assert steps[0] < 0 < steps[-1]


def test_records_of_processing_cannot_outlive_the_biennial_review():
    parameter = Policy.load().parameter("processing_record_months")
    with pytest.raises(PolicyError, match="25 está fora do intervalo de 1 a 24"):
        parameter.check(25)
    assert parameter.check(24) == 24


def test_an_unknown_parameter_is_an_error_and_never_a_default():
    on = Policy.load().on(FIRST_DAY)
    for ask in (on.number, on.table, on.parameter, on.value):
        with pytest.raises(UnknownParameterError, match="answer_dayz"):
            ask("answer_dayz")


def test_a_table_is_not_a_number_and_a_number_is_not_a_table():
    on = Policy.load().on(FIRST_DAY)
    with pytest.raises(PolicyError, match="é uma tabela"):
        on.number("score_weights")
    with pytest.raises(PolicyError, match="um número só"):
        on.table("review_days")


def test_a_table_cannot_be_changed_by_who_reads_it():
    with pytest.raises(TypeError):
        Policy.load().on(FIRST_DAY).table("score_weights")["I"] = 9


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2025, 10, 20), 20), (date(2026, 6, 30), 20), (date(2026, 7, 1), 15), (date(2040, 1, 1), 15)],
)
def test_a_new_value_counts_from_its_day_on_and_not_on_the_eve(day, expected):
    assert parse_policy(SMALL).on(day).number("answer_days") == expected


def test_the_file_is_read_once():
    assert Policy.load() is Policy.load()


# Overrides.


def test_an_override_counts_from_its_day_on_and_not_on_the_eve():
    policy = Policy.load().with_overrides([Override("review_days", date(2026, 3, 2), 7)])
    assert policy.on(date(2026, 3, 1)).number("review_days") == 10
    assert policy.on(date(2026, 3, 2)).number("review_days") == 7
    assert Policy.load().on(date(2026, 3, 2)).number("review_days") == 10


def test_a_new_edition_of_the_file_never_undoes_a_decision():
    policy = parse_policy(SMALL).with_overrides([Override("answer_days", date(2026, 2, 1), 30)])
    assert policy.on(date(2026, 1, 31)).number("answer_days") == 20
    assert policy.on(date(2026, 7, 1)).number("answer_days") == 30
    assert [value.since for value in policy.parameter("answer_days").values] == [FIRST_DAY, date(2026, 2, 1)]


def test_of_two_overrides_for_the_same_day_the_later_given_wins():
    policy = Policy.load().with_overrides([Override("review_days", FIRST_DAY, 7)])
    assert policy.with_overrides([Override("review_days", FIRST_DAY, 8)]).on(FIRST_DAY).number("review_days") == 8


def test_an_override_given_after_an_later_dated_one_leaves_it_standing():
    policy = Policy.load().with_overrides([Override("review_days", date(2027, 1, 1), 7)])
    policy = policy.with_overrides([Override("review_days", date(2026, 1, 1), 8)])
    assert [policy.on(date(year, 1, 1)).number("review_days") for year in (2026, 2027)] == [8, 7]


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (Override("nothing", FIRST_DAY, 1), "Não existe o parâmetro “nothing”"),
        (Override("review_days", date(2025, 10, 19), 1), "antes de 20/10/2025"),
        (Override("review_days", FIRST_DAY, 0), "0 está fora do intervalo de 1 a 60"),
        (Override("review_days", FIRST_DAY, 61), "61 está fora do intervalo"),
        (Override("review_days", FIRST_DAY, True), "número inteiro"),
        (Override("review_days", FIRST_DAY, {"low": 1}), "número inteiro"),
        (Override("audit_cycle_months", FIRST_DAY, 12), "é uma tabela"),
        (Override("audit_cycle_months", FIRST_DAY, {"low": 0, "high": 12}), "falta o valor de medium"),
        (
            Override("audit_cycle_months", FIRST_DAY, {"low": 0, "medium": 1, "high": 1, "top": 1}),
            "não existe a linha top",
        ),
        (Override("exposure_bands", FIRST_DAY, {"medium_from": 9, "high_from": 9}), "maior que o da linha anterior"),
        (Override("score_weights", FIRST_DAY, dict.fromkeys(INCISOS, 0)), "peso maior que zero"),
    ],
)
def test_an_override_that_does_not_fit_is_refused_with_its_reason(override, message):
    with pytest.raises(OverrideError, match=message):
        Policy.load().with_overrides([override])


OVERRIDES = st.lists(
    st.builds(Override, st.just("review_days"), DAYS, st.integers(min_value=1, max_value=60)), min_size=1, max_size=6
)


@given(OVERRIDES, DAYS)
def test_on_any_day_the_last_decision_up_to_it_is_what_counts(overrides, day):
    latest = {override.since: override.value for override in overrides}
    past = [since for since in latest if since <= day]
    expected = latest[max(past)] if past else 10
    assert Policy.load().with_overrides(overrides).on(day).number("review_days") == expected


@given(OVERRIDES, OVERRIDES)
def test_overrides_may_be_added_at_once_or_one_after_another(first, second):
    policy = Policy.load()
    assert (
        policy.with_overrides(first).with_overrides(second).parameters
        == policy.with_overrides([*first, *second]).parameters
    )


@given(OVERRIDES)
def test_an_override_touches_no_other_parameter(overrides):
    changed = Policy.load().with_overrides(overrides)
    assert [p for p in changed.parameters if p.key != "review_days"] == [
        p for p in PARAMETERS if p.key != "review_days"
    ]


# The file.


def test_the_file_holds_no_parameter_that_the_law_already_sets():
    assert not {"biennial_review_months", "data_subject_answer_days"} & set(tomllib.loads(FILE))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('note = "Nota."', 'note = "Nota."\nremark = "?"', "campo desconhecido: remark"),
        ('label = "Prazo de resposta"\n', "", "falta o campo label"),
        ('label = "Prazo de resposta"', 'label = ""', "label deve ser um texto"),
        ('unit = "dias corridos"', 'unit = "semanas"', "unidade desconhecida: semanas"),
        ('group = "requests"', 'group = "others"', "grupo desconhecido: others"),
        ('keyed_by = "Exposure"', 'keyed_by = "Colour"', "lista desconhecida em keyed_by: Colour"),
        ('keyed_by = "Exposure"', 'keyed_by = "Exposure"\nentries = { low = "Baixa" }', "não os dois"),
        ('keyed_by = "Exposure"', 'entries = { low = "" }', "um rótulo a cada linha"),
        ("minimum = 1\n", 'minimum = "1"\n', "números inteiros"),
        ("value = 15", "value = 91", "91 está fora do intervalo"),
        ("value = 15", "value = 15.5", "número inteiro"),
        ("value = 15", "value = 15, until = 2027-01-01", "exatamente since e value"),
        ("since = 2026-07-01", 'since = "2026-07-01"', "since deve ser um dia"),
        ("since = 2026-07-01", "since = 2026-07-01T00:00:00", "since deve ser um dia"),
        ("since = 2026-07-01", "since = 2025-10-20", "em ordem de data"),
        ("high = 12", "high = 12, top = 1", "não existe a linha top"),
        (", high = 12", "", "falta o valor de high"),
        (
            "values = [{ since = 2025-10-20, value = 20 }, { since = 2026-07-01, value = 15 }]",
            "values = []",
            "ao menos um valor",
        ),
        ("[answer_days]", "loose = 1\n[answer_days]", "deve ser uma seção"),
        ("[answer_days]", "[answer_days", "não é TOML válido"),
    ],
)
def test_the_file_refuses_what_it_does_not_know(old, new, message):
    assert old in SMALL
    with pytest.raises(PolicyFileError, match=message):
        parse_policy(SMALL.replace(old, new, 1))
