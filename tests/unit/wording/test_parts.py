"""The pager, the geometry of the charts and the material of the sheet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import Leg, LegState
from vendor_tracker.wording import charts, parts
from vendor_tracker.wording.sheet import component_sheet


def address(number, size):
    return f"?pagina={number}&por-pagina={size}"


# Pager ------------------------------------------------------------------------------------------------------------------
def test_the_fourth_page_of_three_hundred_and_twenty_shows_61_to_80():
    pager = parts.build_pager(320, 4, 20, address)
    assert (pager.first, pager.last, pager.total, pager.count) == (61, 80, 320, 16)
    assert [page.number for page in pager.pages] == [1, 2, 3, 4, 5, 6, 16]
    assert [page.number for page in pager.pages if page.current] == [4]
    assert (pager.previous_url, pager.next_url) == (address(3, 20), address(5, 20))


def test_changing_the_page_size_keeps_the_first_item_in_sight():
    pager = parts.build_pager(320, 4, 20, address)
    assert [size.url for size in pager.sizes] == [address(4, 20), address(2, 50), address(1, 100)]


def test_an_empty_list_has_one_page_and_no_neighbours():
    pager = parts.build_pager(0, 9, 20, address)
    assert (pager.first, pager.last, pager.number, pager.count) == (0, 0, 1, 1)
    assert pager.previous_url == pager.next_url == ""


@given(st.integers(0, 5000), st.integers(-5, 500), st.integers(1, 200))
def test_every_page_lies_inside_its_list(total, number, size):
    pager = parts.build_pager(total, number, size, address)
    assert 1 <= pager.number <= pager.count
    assert (pager.count - 1) * size < max(total, 1) <= pager.count * size
    if total:
        assert 1 <= pager.first <= pager.last <= total
        assert pager.last - pager.first < size
    assert bool(pager.previous_url) is (pager.number > 1)
    assert bool(pager.next_url) is (pager.number < pager.count)
    assert sum(page.current for page in pager.pages) == 1


@pytest.mark.parametrize(("total", "size"), [(-1, 20), (10, 0)])
def test_an_impossible_list_is_refused(total, size):
    with pytest.raises(ValueError, match=r"list|page"):
        parts.build_pager(total, 1, size, address)


def test_three_states_become_the_three_legs_in_order():
    views = parts.legs_from((LegState.FULL, LegState.HALF, LegState.NONE))
    assert [view.leg for view in views] == [Leg.INSTRUMENT, Leg.EVIDENCE, Leg.CONDUCT]
    with pytest.raises(ValueError, match="three legs"):
        parts.legs_from((LegState.FULL,))


def test_an_obligation_is_named_by_its_inciso():
    assert parts.title_of("I") == "Forma de comunicação de incidentes"


# Charts -----------------------------------------------------------------------------------------------------------------
def test_a_count_is_drawn_in_steps_from_edge_to_edge():
    drawing = charts.steps((0, 9, 18), 18)
    assert drawing.path == "M4.0 50.0H80.0V27.0H156.0V4.0"
    assert (drawing.x, drawing.y) == (156.0, 4.0)


def test_a_single_value_stands_at_the_right_and_none_draws_nothing():
    assert charts.steps((9,), 18).x == 156.0
    assert charts.steps((), 18).path == ""
    assert charts.line((), 100, 20, 200, 6, 52).path == ""


def test_a_line_goes_from_point_to_point():
    assert charts.line((0, 100), 100, 20, 200, 6, 52).path == "M20.0 52.0L200.0 6.0"


def test_a_month_without_breach_has_no_bar():
    (bar,) = charts.bars((0, 9, 0), 18)
    assert (bar.x, bar.width, bar.height) == (77.0, 6, 23.0)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=24), st.integers(0, 400))
def test_nothing_is_drawn_outside_its_frame(values, maximum):
    drawing = charts.steps(values, maximum)
    assert 4 <= drawing.x <= 156
    assert 4 <= drawing.y <= 50
    assert all(4 <= bar.y <= 50 and bar.y + bar.height <= 50.05 for bar in charts.bars(values, maximum))


def test_a_chart_is_said_in_words():
    said = charts.sentence("IX", (10, 12), (4, 2), "dezembro de 2025", "novembro de 2026")
    assert said == "IX: atendidas de 10 em dezembro de 2025 a 12 em novembro de 2026; duas descumpridas ao fim"
    assert charts.sentence("I", (), (), "", "") == "I: ainda sem histórico"
    assert (
        charts.sentence("I", (3,), (0,), "x", "maio de 2026")
        == "I: três atendidas e nenhuma descumprida em maio de 2026"
    )


# The sheet --------------------------------------------------------------------------------------------------------------
def test_the_sheets_numbers_agree_with_each_other():
    sheet = component_sheet()
    assert sum(line.points for line in sheet.score_lines) == pytest.approx(16.5)
    assert sum(line.weight for line in sheet.score_lines if line.factor is not None) == 24
    assert all(sum(line.weights) == line.weight for line in sheet.score_lines)
    assert len(sheet.months) == len(sheet.score_points) == 12
    assert all(len(each.met) == len(each.breached) == 12 for each in sheet.multiples)
    assert (sheet.months[0].isoformat(), sheet.months[-1].isoformat()) == ("2025-12-01", "2026-11-01")
    assert sheet.score_points[-1] == sheet.matrix[1].score
