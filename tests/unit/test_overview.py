"""What is worse, where it is weak, on whom several depend, and what a spreadsheet must not run."""

import csv
from datetime import date
from io import BytesIO, StringIO

from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import INCISOS, Exposure, LegState, Verdict
from vendor_tracker.reports.painel_sheet import SheetLine, write_csv
from vendor_tracker.store.overview import MonthStanding, PartyLink, Pattern, Transfer
from vendor_tracker.usecases.changes import is_worse
from vendor_tracker.usecases.dependence import gather
from vendor_tracker.usecases.trends import trend_of
from vendor_tracker.usecases.weaknesses import lines_of

verdicts = st.sampled_from(Verdict)
twelve = st.lists(verdicts, min_size=12, max_size=12)
legs = st.lists(st.lists(st.sampled_from(LegState), min_size=3, max_size=3), min_size=12, max_size=12)
alike = st.builds(
    lambda said, marks, number: Pattern(" ".join(said), " ".join(",".join(each) for each in marks), number),
    twelve,
    legs,
    st.integers(1, 40),
)
links = st.lists(
    st.builds(
        PartyLink,
        name=st.sampled_from(["Nimbus Nuvem", "NIMBUS  NUVEM", "Âncora Dados", "Ancora Dados", "Farol"]),
        cnpj=st.sampled_from([None, "11222333000181", "11222333000262", "44555666000109"]),
        country=st.sampled_from(["BR", "NL", "IE"]),
        agreement_id=st.integers(1, 9),
        operator_id=st.integers(1, 5),
        exposure=st.sampled_from(Exposure),
    ),
    max_size=25,
)


@given(st.one_of(st.none(), verdicts), verdicts)
def test_what_became_worse_would_become_better_the_other_way_round(before, after):
    said = is_worse(before, after)
    if before is None or said is None:
        assert said is None
    else:
        assert is_worse(after, before) is not said


@given(st.lists(alike, max_size=6))
def test_each_obligation_counts_every_agreement_once_and_the_weakest_come_first(patterns):
    lines = lines_of(patterns, [])
    total = sum(each.agreements for each in patterns)
    assert {line.inciso for line in lines} == set(INCISOS)
    assert all(sum(line.counts.values()) == total for line in lines)
    order = [(line.counts.get(Verdict.BREACHED, 0), line.short) for line in lines]
    assert order == sorted(order, reverse=True)
    assert all(line.weakest is None or line.weakest.lacking + line.weakest.half <= line.short for line in lines)


@given(links)
def test_one_company_is_one_party_and_no_agreement_is_lost(rows):
    parties, countries = gather(rows, [Transfer(99, 9, ["NL", "BR"], Exposure.HIGH)])
    assert {agreement for party in parties for agreement in party.agreements} == {row.agreement_id for row in rows}
    roots = [{cnpj[:8] for cnpj in party.cnpjs} for party in parties]
    assert all(len(each) <= 1 for each in roots), "two companies are never one party"
    named = [next(iter(each)) for each in roots if each]
    assert len(named) == len(set(named)), "one root of CNPJ is one party"
    counts = [len(party.operators) for party in parties]
    assert counts == sorted(counts, reverse=True)
    assert "BR" not in countries
    assert 99 in countries["NL"].agreements


def test_a_name_without_cnpj_joins_the_only_company_that_bears_it():
    def link(name, cnpj, operator):
        return PartyLink(name, cnpj, "BR", operator, operator, Exposure.LOW)

    parties, _ = gather([link("Nimbus Nuvem", "11222333000181", 1), link("nimbus  núvem", None, 2)], [])
    assert [len(party.operators) for party in parties] == [2]
    two = [link("Farol", "11222333000181", 1), link("Farol", "44555666000109", 2), link("Farol", None, 3)]
    assert len(gather(two, [])[0]) == 3, "with two companies of one name nobody can tell which it is"


def test_months_are_counted_by_agreement_and_one_month_is_no_course():
    met, bad = " ".join(["met"] * 12), " ".join(["breached", *["met"] * 11])
    first, last = date(2026, 4, 30), date(2026, 5, 31)
    months, year = trend_of(
        [MonthStanding(last, met, 90, 2), MonthStanding(first, bad, 40, 1), MonthStanding(last, bad, None, 1)]
    )
    assert [(each.month, each.agreements, each.breached, each.score) for each in months] == [
        (first, 1, 1, 40),
        (last, 3, 1, 90),
    ]
    assert year is not None
    assert (year.breached["I"], year.met["I"], year.met["II"], year.agreements) == ((1, 1), (0, 2), (1, 3), 3)
    assert trend_of([MonthStanding(last, met, 90, 2)])[1] is None


@given(st.text(max_size=30))
def test_no_cell_of_the_csv_is_a_formula_and_no_word_is_lost(name):
    out = BytesIO()
    write_csv(out, [SheetLine(name, "Contrato", "1", "Em vigor", ["Atendida"] * 12, 50, "Alta", None)])
    rows = list(csv.reader(StringIO(out.getvalue().decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == 2
    cell = rows[1][0]
    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert cell.removeprefix("'") == "".join(c for c in name if c in "\t\n" or c >= " ").removeprefix("'")
