"""Exposure: which points count, where the tiers begin, and that a person may only raise one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.evaluation import circumstances_of
from contracts.exposure import exposure_of
from contracts.policy import Policy
from contracts.vocabulary import SENSITIVE_CATEGORIES, DataCategory, Exposure
from tests.rig.facts import DAY, WORKDAYS, base_facts, judged, policy_with

SUB_OPERATOR = {"sub_operators": {"nuvem": {"name": "Nuvem Fictícia Ltda."}}}


@pytest.mark.parametrize(
    ("changes", "slug", "points"),
    [
        ({"sensitive": True}, "sensitive", 3),
        ({"data_categories": ["health"]}, "sensitive", 3),
        ({"children": True}, "children", 3),
        ({"subject_groups": ["children"]}, "children", 3),
        ({"judicial_secrecy": True}, "judicial_secrecy", 3),
        ({"volume": "up_to_1k"}, "volume", 0),
        ({"volume": "up_to_10k"}, "volume", 0),
        ({"volume": "up_to_100k"}, "volume", 1),
        ({"volume": "over_100k"}, "volume", 2),
        ({"international_transfer": True}, "international_transfer", 2),
        ({"uses_sub_operators": True}, "sub_operators", 1),
        (SUB_OPERATOR, "sub_operators", 1),
        ({"system_access": True}, "system_access", 2),
        ({"external_hosting": True}, "external_hosting", 1),
    ],
)
def test_each_factor_is_worth_its_points_and_no_other_changes(changes: dict[str, Any], slug: str, points: int) -> None:
    result = judged(changes).exposure
    assert {factor.slug: factor.points for factor in result.factors if factor.points} == (
        {slug: points} if points else {}
    )
    assert result.points == points
    assert next(factor for factor in result.factors if factor.slug == slug).present is True


@pytest.mark.parametrize("category", list(DataCategory))
def test_only_the_categories_the_law_calls_sensitive_are(category: DataCategory) -> None:
    result = judged({"data_categories": [category.value]}).exposure
    assert bool(result.points) is (category in SENSITIVE_CATEGORIES)


@pytest.mark.parametrize(
    ("changes", "points", "tier"),
    [
        ({}, 0, Exposure.LOW),
        ({"sensitive": True}, 3, Exposure.LOW),
        ({"sensitive": True, "external_hosting": True}, 4, Exposure.MEDIUM),
        ({"sensitive": True, "children": True, "system_access": True}, 8, Exposure.MEDIUM),
        ({"sensitive": True, "children": True, "judicial_secrecy": True}, 9, Exposure.HIGH),
    ],
)
def test_the_tiers_begin_at_four_and_at_nine_points(changes: dict[str, Any], points: int, tier: Exposure) -> None:
    result = judged(changes).exposure
    assert (result.points, result.tier, result.computed_tier) == (points, tier, tier)
    assert (result.medium_from, result.high_from) == (4, 9)


def test_what_nobody_has_told_us_counts_nothing_and_is_listed() -> None:
    untold = {
        "sensitive": "unknown",
        "volume": "unknown",
        "uses_sub_operators": "unknown",
        "system_access": "unknown",
    }
    result = judged(untold).exposure
    assert result.points == 0
    assert [factor.slug for factor in result.unknown] == ["sensitive", "volume", "sub_operators", "system_access"]
    assert {factor.detail for factor in result.unknown} == {"não informado"}


def test_every_line_of_the_arithmetic_is_in_portuguese_and_says_what_it_saw() -> None:
    result = judged({**SUB_OPERATOR, "international_transfer": True, "transfer_countries": ["PT", "ES"]}).exposure
    said = {factor.slug: factor.detail for factor in result.factors}
    assert said["sub_operators"] == "sim: Nuvem Fictícia Ltda."
    assert said["international_transfer"] == "sim: PT, ES"
    assert said["volume"] == "até mil titulares"
    assert said["children"] == "não"
    assert len({factor.label for factor in result.factors}) == 8


@pytest.mark.parametrize("raised", list(Exposure))
@pytest.mark.parametrize(
    ("changes", "computed"),
    [({}, Exposure.LOW), ({"sensitive": True, "external_hosting": True}, Exposure.MEDIUM)],
)
def test_a_person_may_raise_the_tier_and_never_lower_it(
    changes: dict[str, Any], computed: Exposure, raised: Exposure
) -> None:
    order = list(Exposure)
    result = judged(
        {**changes, "raised_exposure": raised.value, "raised_exposure_reason": "Incidente recente"}
    ).exposure
    assert result.computed_tier is computed
    assert result.tier is max(computed, raised, key=order.index)
    assert result.raised_reason == ("Incidente recente" if result.tier is not computed else "")


@given(
    sensitive=st.sampled_from([True, False, "unknown"]),
    children=st.sampled_from([True, False, "unknown"]),
    secrecy=st.sampled_from([True, False, "unknown"]),
    volume=st.sampled_from(["up_to_1k", "up_to_10k", "up_to_100k", "over_100k", "unknown"]),
    access=st.sampled_from([True, False, "unknown"]),
    hosting=st.sampled_from([True, False, "unknown"]),
    raised=st.sampled_from([*Exposure, "unknown"]),
)
def test_the_tier_that_judges_is_the_tier_that_is_shown(
    sensitive: Any, children: Any, secrecy: Any, volume: Any, access: Any, hosting: Any, raised: Any
) -> None:
    facts = base_facts(
        {
            "sensitive": sensitive,
            "children": children,
            "judicial_secrecy": secrecy,
            "volume": volume,
            "system_access": access,
            "external_hosting": hosting,
            "raised_exposure": raised,
        }
    )
    result = exposure_of(facts, Policy.load().on(DAY))
    assert result.points == sum(factor.points for factor in result.factors)
    assert circumstances_of(facts, DAY, policy=Policy.load(), workdays=WORKDAYS).exposure is result.tier


def test_points_and_tiers_follow_the_parameters() -> None:
    changes = {"sensitive": True}
    dearer = policy_with({"exposure_points": {"sensitive": 4}})
    stricter = policy_with({"exposure_bands": {"medium_from": 3}})
    assert judged(changes, policy=dearer).exposure.tier is Exposure.MEDIUM
    assert judged(changes, policy=stricter).exposure.tier is Exposure.MEDIUM
