"""Sub-operators stand where they were engaged, whatever the records say of each other."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import INCISOS
from vendor_tracker.store.tables import SubOperator
from vendor_tracker.usecases.chains import chain_of, every_link

ON = date(2026, 11, 22)


def sub(lineage: int, parent: int | None = None, **fields) -> SubOperator:
    values = {
        "authorised_on": date(2026, 1, 5), "since": date(2026, 2, 1), "bound_on": date(2026, 1, 20),
        "bound_by": "contrato 3/2026", "bound_incisos": list(INCISOS), "activity": "hospedagem", "country": "BR", **fields,
    }  # fmt: skip
    return SubOperator(id=lineage, lineage=lineage, agreement_id=1, parent_lineage=parent, name=f"S{lineage}", **values)


@given(st.lists(st.one_of(st.none(), st.integers(0, 12)), max_size=12))
def test_everyone_stands_in_the_chain_once_and_below_whoever_engaged_them(parents):
    rows = [sub(number, parent) for number, parent in enumerate(parents)]
    links = list(every_link(chain_of(rows, ON)))
    assert sorted(link.lineage for link in links) == list(range(len(parents)))
    assert all(1 <= link.depth <= len(rows) for link in links)
    for link in links:
        assert all(child.depth == link.depth + 1 and parents[child.lineage] == link.lineage for child in link.children)


def test_one_with_everything_on_record_lacks_nothing():
    assert chain_of([sub(1)], ON)[0].gaps == ()


def gaps(*rows: SubOperator) -> tuple[str, ...]:
    return list(every_link(chain_of(rows, ON)))[-1].gaps


def test_each_gap_is_said_and_only_of_those_who_take_part():
    assert gaps(sub(1, authorised_on=None)) == ("Não consta autorização do órgão.",)
    assert gaps(sub(1, since=date(2026, 1, 4))) == ("Participa desde 04/01/2026, antes da autorização.",)
    assert gaps(sub(1, since=date(2026, 1, 5))) == ()
    assert gaps(sub(1, bound_on=None)) == ("Não consta o instrumento pelo qual assumiu os deveres do operador.",)
    assert gaps(sub(1, bound_incisos=None)) == ("Não consta quais deveres o instrumento dele alcança.",)
    assert gaps(sub(1, bound_incisos=[each for each in INCISOS if each not in {"IX", "XII"}])) == (
        "O instrumento dele não alcança os incisos IX e XII do art. 14.",
    )
    assert gaps(sub(1, activity=" ")) == ("Não consta o que ele faz com os dados.",)
    assert gaps(sub(1, authorised_on=None, bound_on=None, until=date(2026, 11, 21))) == ()
    assert gaps(sub(1, authorised_on=None, until=ON)) == ("Não consta autorização do órgão.",)


def test_who_was_engaged_by_one_that_left_is_pointed_out():
    left = sub(1, until=date(2026, 11, 21))
    assert gaps(left, sub(2, 1)) == ("Quem o contratou, S1, deixou a cadeia em 21/11/2026.",)
    assert gaps(sub(1, until=ON), sub(2, 1)) == ()
