"""Every closed list has its Portuguese, and nothing else speaks for it."""

import inspect
import re
from enum import StrEnum

import pytest

from contracts import vocabulary as v
from vendor_tracker.wording import labels

LISTS = [
    kind for _, kind in inspect.getmembers(v, inspect.isclass) if issubclass(kind, StrEnum) and kind is not StrEnum
]
MEMBERS = [member for kind in LISTS for member in kind]


def name(member):
    return f"{type(member).__name__}.{member.name}"


@pytest.mark.parametrize("member", MEMBERS, ids=name)
def test_every_member_of_every_list_has_a_label(member):
    assert labels.label(member).strip()


@pytest.mark.parametrize("member", MEMBERS, ids=name)
def test_no_label_shows_the_slug_or_an_identifier(member):
    assert "_" not in labels.label(member)
    assert labels.label(member) != member.value


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.__name__)
def test_two_members_of_a_list_never_read_the_same(kind):
    said = [labels.label(member).casefold() for member in kind]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("kind", LISTS, ids=lambda kind: kind.__name__)
def test_a_list_has_no_label_for_what_it_does_not_hold(kind):
    assert set(labels.LABELS[kind]) == set(kind)


def test_the_situations_are_called_as_the_design_says():
    assert {each.value: labels.label(each) for each in v.Verdict} == {
        "met": "Atendida",
        "partial": "Parcial",
        "unproven": "Não demonstrada",
        "breached": "Descumprida",
        "not_due": "Ainda não exigível",
        "not_applicable": "Não se aplica",
    }


def test_the_three_aspects_are_called_as_the_design_says_in_their_fixed_order():
    assert [labels.label(leg) for leg in labels.LEG_ORDER] == ["Previsto", "Demonstrado", "Cumprido"]
    assert [labels.LEG_LETTERS[leg] for leg in labels.LEG_ORDER] == ["P", "D", "C"]
    assert labels.legs_in_words((v.LegState.FULL, v.LegState.HALF, v.LegState.BROKEN)) == (
        "Previsto: inteiro; Demonstrado: em parte; Cumprido: descumprido"
    )


def test_the_twelve_obligations_have_a_short_name_in_the_order_of_the_portaria():
    assert tuple(labels.OBLIGATION_TITLES) == v.INCISOS
    assert labels.inciso_title("XI") == "Comunicação imediata de incidentes"
    with pytest.raises(KeyError):
        labels.inciso_title("XIII")


def test_a_bare_text_is_refused_instead_of_printed_in_english():
    with pytest.raises(TypeError, match="pass the enum"):
        labels.label("met")


@pytest.mark.parametrize("member", [*v.Verdict, *v.LegState, *v.Coverage], ids=name)
def test_every_drawn_member_has_a_shape_of_the_sprite(member, sprite_ids):
    assert labels.shape(member) in sprite_ids


@pytest.fixture(scope="module")
def sprite_ids():
    from vendor_tracker.app import templates_folder

    sprite = (templates_folder() / "components" / "sprite.html").read_text(encoding="utf-8")
    return set(re.findall(r'<symbol id="([^"]+)"', sprite))


def test_the_sprite_draws_nothing_that_is_not_a_situation_or_an_aspect(sprite_ids):
    assert sprite_ids == {labels.shape(each) for each in [*v.Verdict, *v.LegState]}


def test_what_is_not_drawn_has_no_shape():
    with pytest.raises(TypeError, match="no shape"):
        labels.shape(v.Exposure.HIGH)


def test_a_machine_suggestion_looks_like_a_partial_coverage_but_says_that_it_is_only_possible():
    assert labels.shape(v.Coverage.POSSIBLE) == labels.shape(v.Coverage.PARTIAL)
    assert labels.label(v.Coverage.POSSIBLE) == "Talvez preveja"
    assert [labels.coverage_tone(each) for each in v.Coverage] == ["covered", "some", "some", "missing"]


def test_choices_of_a_form_carry_slug_and_label_in_order():
    assert labels.choices(v.Exposure) == [("low", "Baixa"), ("medium", "Média"), ("high", "Alta")]


def test_every_legend_explains_every_member():
    assert set(labels.VERDICT_ORDER) == set(v.Verdict) == set(labels.VERDICT_WHEN) == set(labels.VERDICT_FORMS)
    assert set(labels.LEG_STATE_WHEN) == set(v.LegState)
    assert set(labels.ACTION_VERBS) == set(v.ActionKind)
    assert set(labels.role_help("TRT-99")) == set(v.Role)
    assert labels.role_help("TRT-99")[v.Role.OPERATOR].startswith("Trata os dados em nome do TRT-99 ")
    assert set(labels.REGIME_HELP) == set(v.Regime)
