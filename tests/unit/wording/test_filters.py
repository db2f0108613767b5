"""Dates, money, numbers and identifiers as Brazilians write them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from vendor_tracker.wording import filters as f
from vendor_tracker.wording.parts import Clock

DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))
INSTANTS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))
MONTHS = "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split()
WEEKDAYS = "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo".split()
TODAY = date(2026, 11, 19)


# Days ------------------------------------------------------------------------------------------------------------------
def test_a_day_is_written_day_month_year():
    assert f.day(date(2026, 11, 23)) == "23/11/2026"


@given(DAYS)
def test_the_short_day_can_be_read_back(on):
    day, month, year = f.day(on).split("/")
    assert date(int(year), int(month), int(day)) == on
    assert f.day(on) == f"{f.day_month(on)}/{year}"


def test_a_long_day_says_the_weekday():
    assert f.long_day(date(2026, 11, 23)) == "segunda-feira, 23 de novembro de 2026"


def test_the_first_of_a_month_is_an_ordinal():
    assert f.plain_day(date(2026, 12, 1)) == "1º de dezembro de 2026"
    assert f.plain_day(date(2026, 12, 11)) == "11 de dezembro de 2026"


@given(DAYS)
def test_the_long_day_is_made_of_portuguese_words_and_can_be_read_back(on):
    weekday, rest = f.long_day(on).split(", ")
    day, month, year = re.fullmatch(r"(\d+)º? de (\w+) de (\d+)", rest).groups()
    assert date(int(year), MONTHS.index(month) + 1, int(day)) == on
    assert weekday == WEEKDAYS[on.weekday()]
    assert ("º" in rest) is (on.day == 1)


@given(DAYS)
def test_months_are_named_in_portuguese(on):
    assert f.month_year(on) == f"{MONTHS[on.month - 1]} de {on.year}"
    assert MONTHS[on.month - 1].startswith(f.month(on))


# Instants ---------------------------------------------------------------------------------------------------------------
def test_a_receipt_says_the_second_and_the_zone():
    received = datetime(2026, 11, 20, 19, 7, 42, tzinfo=UTC)
    assert f.exact_moment(received) == "20 de novembro de 2026, às 16h07min42s (horário de Brasília)"
    assert f.moment(received) == "20/11/2026, às 16h07"
    assert f.iso(received) == "2026-11-20T16:07:42-03:00"


def test_a_full_hour_has_no_minutes():
    assert f.clock_time(datetime(2026, 11, 19, 9, 2, tzinfo=UTC)) == "6h02"
    assert f.clock_time(datetime(2026, 11, 19, 17, 32, tzinfo=UTC)) == "14h32"
    assert f.clock_time(datetime(2026, 11, 19, 12, 0, tzinfo=UTC)) == "9h"


def test_late_evening_in_utc_is_still_the_same_day_in_sao_paulo():
    assert f.day(datetime(2026, 11, 20, 2, 59, 59, tzinfo=UTC)) == "19/11/2026"
    assert f.day(datetime(2026, 11, 20, 3, 0, 0, tzinfo=UTC)) == "20/11/2026"


@given(INSTANTS, st.integers(min_value=-12, max_value=14))
def test_the_zone_in_which_an_instant_is_stored_does_not_change_what_is_printed(instant, hours):
    elsewhere = instant.astimezone(timezone(timedelta(hours=hours)))
    assert f.exact_moment(elsewhere) == f.exact_moment(instant)
    assert datetime.fromisoformat(f.iso(elsewhere)) == instant.replace(microsecond=0)


@pytest.mark.parametrize("printer", [f.day, f.moment, f.exact_moment, f.clock_time, f.long_day, f.iso])
def test_an_instant_without_zone_is_refused(printer):
    with pytest.raises(ValueError, match="time zone"):
        printer(datetime(2026, 11, 20, 12, 0))


@pytest.mark.parametrize(
    "printer",
    [
        f.day,
        f.day_month,
        f.plain_day,
        f.long_day,
        f.month,
        f.month_year,
        f.clock_time,
        f.moment,
        f.exact_moment,
        f.money,
        f.integer,
        f.decimal,
        f.cnpj,
        f.process_number,
        f.file_size,
        f.sha_short,
        f.yes_no,
        f.informed,
    ],
)
def test_what_nobody_has_told_us_is_said_to_be_missing(printer):
    assert printer(None) == "não informado"


# Deadlines --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("due", "said", "tone"),
    [
        (date(2026, 11, 17), "Vencida há 2 dias", "late"),
        (date(2026, 11, 18), "Vencida há 1 dia", "late"),
        (TODAY, "Vence hoje", "today"),
        (date(2026, 11, 20), "Até sex., 20/11", ""),
        (date(2026, 11, 23), "Até seg., 23/11", ""),
        (date(2027, 1, 11), "Até seg., 11/01/2027", ""),
    ],
)
def test_a_clock_says_how_the_deadline_stands(due, said, tone):
    assert f.clock(due, TODAY) == Clock(said, tone)


def test_a_masculine_deadline_is_vencido_and_none_is_said():
    assert f.relative_day(date(2026, 11, 17), TODAY, "m") == "Vencido há 2 dias"
    assert f.clock(None, TODAY) == Clock("Sem prazo", "")


@given(DAYS, DAYS)
def test_only_what_is_late_or_due_today_has_a_tone(due, today):
    assert f.clock_tone(due, today) == ("late" if due < today else "today" if due == today else "")
    assert f.clock(due, today).text.startswith("Vencida") is (due < today)
    assert f.in_days(due, today).startswith("há") is (due < today)
    assert f.days_left(due, today).startswith("Falta") is (due > today)


@pytest.mark.parametrize(
    ("due", "left", "distance"),
    [
        (date(2026, 11, 23), "Faltam 4 dias", "em 4 dias"),
        (date(2026, 11, 20), "Falta 1 dia", "em 1 dia"),
        (TODAY, "O prazo termina hoje", "hoje"),
        (date(2026, 11, 13), "O prazo terminou há 6 dias", "há 6 dias"),
    ],
)
def test_days_are_counted_to_and_from_the_deadline(due, left, distance):
    assert f.days_left(due, TODAY) == left
    assert f.in_days(due, TODAY) == distance


def test_a_tables_clock_is_short():
    assert f.short_clock(date(2026, 11, 17), TODAY) == Clock("17/11/2026, vencido", "late")
    assert f.short_clock(TODAY, TODAY) == Clock("hoje", "today")
    assert f.short_clock(date(2026, 11, 23), TODAY) == Clock("23/11/2026")
    assert f.short_clock(date(2027, 1, 11), TODAY) == Clock("11/01/2027")
    assert f.short_clock(None, TODAY) == Clock("sem prazo")


def test_a_deadline_given_as_an_instant_counts_on_its_day_in_sao_paulo():
    assert f.clock(datetime(2026, 11, 20, 2, 0, tzinfo=UTC), TODAY) == Clock("Vence hoje", "today")


# Numbers ----------------------------------------------------------------------------------------------------------------
def test_money_is_in_reais_with_a_space_that_does_not_break():
    assert f.money(Decimal("1234.56")) == "R$\N{NO-BREAK SPACE}1.234,56"
    assert f.money(0) == "R$\N{NO-BREAK SPACE}0,00"
    assert f.money(Decimal("-7.5")) == "-R$\N{NO-BREAK SPACE}7,50"


@given(st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False))
def test_money_loses_no_cent(amount):
    bare = f.money(amount).removeprefix("R$\N{NO-BREAK SPACE}").replace(".", "").replace(",", ".")
    assert Decimal(bare) == amount


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_whole_numbers_have_dots_every_three_digits(number):
    said = f.integer(number)
    assert int(said.replace(".", "")) == number
    assert re.fullmatch(r"-?\d{1,3}(\.\d{3})*", said)


def test_decimals_have_a_comma_and_no_useless_zero():
    assert [f.decimal(Decimal(each)) for each in ("68.75", "16.5", "24", "0.5", "1234.5")] == [
        "68,75",
        "16,5",
        "24",
        "0,5",
        "1.234,5",
    ]
    assert f.decimal(Decimal("1.25"), 0) == "1"


def test_a_percentage_comes_with_its_sum():
    assert f.percentage(7, 18) == "7 de 18 (39%)"
    assert f.percentage(1, 2) == "1 de 2 (50%)"
    assert f.percentage(0, 0) == "0 de 0"


@given(st.integers(min_value=0, max_value=500), st.integers(min_value=1, max_value=500))
def test_a_percentage_is_the_nearest_whole(part, whole):
    said = int(re.search(r"\((\d+)%\)", f.percentage(part, whole))[1])
    assert abs(Decimal(100 * part) / whole - said) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 byte"),
        (1, "1 byte"),
        (980, "980 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (412_000, "412 kB"),
        (999_400, "999 kB"),
        (999_600, "1 MB"),
        (1_100_000, "1,1 MB"),
        (25_000_000, "25 MB"),
        (999_960_000, "1 GB"),
        (5_000_000_000_000, "5.000 GB"),
    ],
)
def test_a_files_size_is_said_in_decimal_units(size, said):
    assert f.file_size(size) == said


@given(st.integers(min_value=1000, max_value=10**12))
def test_a_size_is_never_off_by_more_than_its_rounding(size):
    number, unit = f.file_size(size).split(" ")
    factor = {"kB": 10**3, "MB": 10**6, "GB": 10**9}[unit]
    said = Decimal(number.replace(".", "").replace(",", ".")) * factor
    assert abs(said - size) <= (Decimal(factor) / 2 if unit == "kB" else Decimal(factor) / 20)


# Identifiers ------------------------------------------------------------------------------------------------------------
def test_a_cnpj_is_masked_with_letters_or_without():
    assert f.cnpj("12ABC34501DE35") == "12.ABC.345/01DE-35"
    assert f.cnpj("12abc34501de35") == "12.ABC.345/01DE-35"
    assert f.cnpj("12.ABC.345/01DE-35") == "12.ABC.345/01DE-35"


@given(st.from_regex(r"[0-9A-Z]{12}[0-9]{2}", fullmatch=True))
def test_masking_a_cnpj_keeps_its_fourteen_characters(bare):
    masked = f.cnpj(bare)
    assert re.sub(r"[./-]", "", masked) == bare
    assert f.cnpj(masked) == masked


@given(st.text(max_size=20))
def test_what_is_not_a_cnpj_is_printed_as_it_stands(text):
    bare = re.sub(r"[.\-/\s]", "", text).upper()
    if not re.fullmatch(r"[0-9A-Z]{12}[0-9]{2}", bare):
        assert f.cnpj(text) == text


def test_process_numbers_get_the_mask_of_their_length():
    assert f.process_number("00012345620268070001") == "0001234-56.2026.8.07.0001"
    assert f.process_number("23000012345202611") == "23000.012345/2026-11"
    assert f.process_number(" 08.314/2026 ") == "08.314/2026"


def test_a_fingerprint_is_shortened_with_an_ellipsis():
    assert f.sha_short("0001656fbe829c97f3fd") == "0001656fbe82…"
    assert f.sha_short("0001656fbe82") == "0001656fbe82"


# Words ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "said"), [([], ""), (["I"], "I"), (["I", "II"], "I e II"), (["I", "II", "III"], "I, II e III")]
)
def test_the_last_of_a_list_is_joined_by_and(values, said):
    assert f.join_and(values) == said


def test_sentence_case_raises_only_the_first_letter():
    assert f.sentence_case("cinco atendidas, CNPJ") == "Cinco atendidas, CNPJ"
    assert f.sentence_case("") == ""


def test_a_label_carried_into_running_text_keeps_its_acronyms():
    assert f.lower_first("Informe uma data") == "informe uma data"
    assert f.lower_first("CNPJ inválido") == "CNPJ inválido"
    assert f.lower_first("") == ""


def test_yes_no_and_unknown_are_three_different_answers():
    assert [f.yes_no(each) for each in (True, False, None)] == ["Sim", "Não", "não informado"]


def test_an_empty_text_counts_as_not_informed_but_zero_does_not():
    assert f.informed("") == "não informado"
    assert f.informed(0) == 0


def test_a_page_without_a_title_is_refused():
    with pytest.raises(ValueError, match="um título"):
        f.required("  ", "um título")
    assert f.required("Painel", "um título") == "Painel"


@given(st.text(max_size=30))
def test_an_id_made_of_a_text_is_a_plain_slug(text):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", f.slug_id(text))


def test_registering_gives_every_filter_and_name_to_the_templates():
    env = Environment(autoescape=True)
    f.register(env)
    assert set(f.FILTERS) <= set(env.filters)
    assert set(f.GLOBALS) | {"component_sheet"} <= set(env.globals)
    assert env.from_string("{{ n|counted('dia', 'dias') }}").render(n=2) == "2 dias"


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (("II", "V"), "incisos II e V"),
        (("XII",), "inciso XII"),
        (("I", "purpose"), "inciso I, finalidade do tratamento compartilhado"),
        (("SEGURO-1",), "SEGURO-1"),
        ((), ""),
    ],
)
def test_the_points_of_a_paper_are_named_together(points, words):
    assert f.points_in_words(points) == words
