"""Days, amounts and text, as sources write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.importing.builders import CPF, CPF_MASKED
from vendor_tracker.importing.values import (
    MONEY_LIMIT,
    echo,
    fold,
    parse_code,
    parse_day,
    parse_instant,
    parse_money,
    plain_text,
    verbatim_text,
)

days = st.dates(min_value=date(1950, 1, 1), max_value=date(2200, 12, 31))
anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@given(days)
def test_a_day_is_read_back_from_every_shape_it_is_written_in(day):
    serial = (day - date(1899, 12, 30)).days
    shapes = [
        day,
        datetime(day.year, day.month, day.day, 23, 59),
        day.isoformat(),
        f"{day.isoformat()}T00:00:00",
        f"{day.isoformat()}T23:59:59Z",
        f"{day.isoformat()} 23:59:59-03:00",
        f"{day.day:02d}/{day.month:02d}/{day.year}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day:02d}-{day.month:02d}-{day.year} 00:00:00",
        day.strftime("%Y%m%d"),
    ]
    assert {parse_day(shape) for shape in shapes} == {day}
    assert parse_day(serial, serial=True) == parse_day(f"{serial},25", serial=True) == day


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1º de março de 2023", date(2023, 3, 1)),
        ("10 de Dezembro de 2025", date(2025, 12, 10)),
        ("5 abr 2026", date(2026, 4, 5)),
        ("29/02/2028", date(2028, 2, 29)),
        ("  01/02/2026 ", date(2026, 2, 1)),
    ],
)
def test_a_day_written_for_people_is_read(written, day):
    assert parse_day(written) == day


@pytest.mark.parametrize(
    "written",
    [
        "31/02/2026",
        "29/02/2027",
        "01/02/26",
        "2026-13-01",
        "0202-05-01",
        "20255-01-01",
        "amanhã",
        "45000",
        45000,
        True,
        [],
        {},
    ],
)
def test_what_is_not_a_day_is_refused_and_never_guessed(written):
    with pytest.raises(ValueError, match=r"day|range|month"):
        parse_day(written)


def test_a_blank_is_no_day_and_no_mistake():
    assert parse_day(None) is None
    assert parse_day("") is None
    assert parse_day("   ") is None


def test_a_number_is_a_day_only_where_spreadsheets_count_days():
    assert parse_day(46054, serial=True) == date(2026, 2, 1)
    with pytest.raises(ValueError, match="day"):
        parse_day(7, serial=True)


@given(st.decimals(min_value=0, max_value=MONEY_LIMIT - 1, places=2))
def test_an_amount_is_read_back_from_every_shape_it_is_written_in(amount):
    whole, cents = f"{amount:.2f}".split(".")
    grouped = f"{int(whole):,}"
    brazilian = f"{grouped.replace(',', '.')},{cents}"
    shapes = [amount, f"{whole}.{cents}", f"{whole},{cents}", brazilian, f"R$ {brazilian}", f"R${brazilian}"]
    assert {parse_money(shape) for shape in shapes} == {amount}
    if "," in grouped:
        assert parse_money(f"{grouped}.{cents}") == amount


@given(st.floats(min_value=0, max_value=1e12))
def test_an_amount_always_has_two_places_and_is_never_negative(number):
    amount = parse_money(number)
    assert amount.as_tuple().exponent == -2
    assert amount >= 0
    assert abs(amount - Decimal(str(number))) <= Decimal("0.005")


def test_a_point_before_three_digits_groups_thousands_as_brazilians_write():
    assert parse_money("1.234") == Decimal("1234.00")
    assert parse_money("1.234.567") == Decimal("1234567.00")
    assert parse_money("1234.5") == Decimal("1234.50")


@pytest.mark.parametrize(
    "written",
    [
        "1,234",
        "-5",
        -0.01,
        "1.23.456,00",
        "mil reais",
        "12,345,67",
        True,
        "NaN",
        float("nan"),
        float("inf"),
        "10000000000000,00",
    ],
)
def test_an_amount_that_could_be_two_or_none_is_refused(written):
    with pytest.raises(ValueError, match="amount"):
        parse_money(written)


@pytest.mark.parametrize("written", [None, "", "  ", "-", "R$ -", "–"])
def test_no_amount_is_no_mistake(written):
    assert parse_money(written) is None


@given(anything)
def test_no_value_whatsoever_breaks_a_reader(value):
    for read in (parse_day, lambda v: parse_day(v, serial=True), parse_money):
        try:
            read(value)
        except (ValueError, OverflowError, ArithmeticError) as error:
            assert str(error)  # noqa: PT017, a refusal is one of two right answers.
    assert isinstance(parse_code(value, 6), str)
    assert len(echo(value)) <= 120
    assert parse_instant(value) is None or parse_instant(value).tzinfo is UTC


@given(st.text())
def test_text_is_one_clean_line_and_cleaning_it_again_changes_nothing(text):
    clean = plain_text(text)
    assert clean == plain_text(clean)
    assert clean.isprintable()
    assert "  " not in clean
    clean.encode("utf-8")


def test_text_loses_what_cannot_be_seen_and_keeps_its_accents():
    assert plain_text("A\u00e7\u0061\u0303o\x00\u200b  p\u00fablica\ud800\n\tagora") == "Ação pública agora"


def test_an_object_keeps_its_paragraphs_and_hides_the_cpf_in_it():
    assert verbatim_text(f"ITEM A\r\n\r\n\r\n\r\nCONTRATADO: {CPF}") == f"ITEM A\n\nCONTRATADO: {CPF_MASKED}"


def test_a_text_without_end_is_cut_with_an_ellipsis():
    assert len(verbatim_text("x" * 1_000_000)) == 10_000
    assert plain_text("x" * 301).endswith("…")


def test_what_is_shown_of_a_bad_value_hides_the_cpf():
    assert echo(f"CPF 123.456.789-09 e {CPF}") == f"CPF {CPF_MASKED} e {CPF_MASKED}"
    assert echo(date(2026, 1, 31)) == "31/01/2026"
    assert echo({"a": 1}) == "(lista ou grupo de campos)"


def test_an_instant_without_zone_is_brasilias():
    assert parse_instant("2026-01-20T22:30:00") == datetime(2026, 1, 21, 1, 30, tzinfo=UTC)
    assert parse_instant("2026-01-20T22:30:00Z") == datetime(2026, 1, 20, 22, 30, tzinfo=UTC)
    assert parse_instant("2026-01-20T22:30:00.1234567").microsecond == 123456
    assert parse_instant("ontem") is None


def test_a_code_printed_as_a_number_gets_its_zeros_back():
    assert parse_code(40999, 6) == parse_code("40999", 6) == parse_code(40999.0, 6) == "040999"
    assert parse_code("2026NE000395", 6) == "2026NE000395"


def test_folding_forgets_accents_case_and_punctuation():
    assert fold("  Início da VIGÊNCIA (R$): ") == "inicio da vigencia r"
