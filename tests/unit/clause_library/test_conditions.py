"""When a clause applies."""

import pytest

from clause_library.conditions import NAMES, ConditionError, Situation, parse_condition


def test_a_name_holds_when_the_situation_says_so():
    assert parse_condition("sensitive").holds(Situation(sensitive=True))
    assert not parse_condition("sensitive").holds(Situation(children=True))


def test_always_holds_in_every_situation():
    condition = parse_condition("always")

    assert condition.is_always
    assert condition.holds(Situation())


@pytest.mark.parametrize("name", sorted(NAMES - {"always"}))
def test_each_name_is_decided_by_its_own_fact_alone(name):
    condition = parse_condition(name)

    assert not condition.is_always
    assert condition.holds(Situation(**{name: True}))
    assert not condition.holds(Situation(**dict.fromkeys(NAMES - {"always", name}, True)))


def test_all_any_and_not_combine_names():
    both = parse_condition({"all": ["sensitive", "children"]})
    either = parse_condition({"any": ["sensitive", "children"]})
    neither = parse_condition({"not": {"any": ["sensitive", "children"]}})

    assert [c.holds(Situation(sensitive=True, children=True)) for c in (both, either, neither)] == [True, True, False]
    assert [c.holds(Situation(sensitive=True)) for c in (both, either, neither)] == [False, True, False]
    assert [c.holds(Situation()) for c in (both, either, neither)] == [False, False, True]


@pytest.mark.parametrize(
    "raw",
    [
        "sensible",
        "",
        1,
        None,
        [],
        {},
        {"all": []},
        {"any": "sensitive"},
        {"not": ["sensitive", "children"]},
        {"all": ["sensitive"], "any": ["children"]},
        {"xor": ["sensitive"]},
        {"all": [{"not": "nothing"}]},
    ],
)
def test_an_unknown_name_or_shape_is_refused(raw):
    with pytest.raises(ConditionError):
        parse_condition(raw)
