"""CNPJs are read strictly, with letters or without, and no CPF stays in a company's name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from validate_docbr import CNPJ as ReferenceCnpj  # noqa: N811
from validate_docbr import CPF as ReferenceCpf  # noqa: N811

from contracts.cnpj import Cnpj, CnpjError, cnpj_check_digits, is_cpf, mask_cpf_in
from tests.rig.cnpj import make_cnpj

REFERENCE = ReferenceCnpj()
BASES = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12).filter(
    lambda base: len(set(base)) > 1
)
CLASSIC_BASES = st.text("0123456789", min_size=12, max_size=12).filter(lambda base: len(set(base)) > 1)
CPF_BASES = st.text("0123456789", min_size=9, max_size=9).filter(lambda base: len(set(base)) > 1)


def cpf_of(base: str) -> str:
    """The CPF with these first nine digits, by the independent library's arithmetic."""
    return base + next(pair for pair in _PAIRS if ReferenceCpf().validate(base + pair))


_PAIRS = [f"{number:02}" for number in range(100)]


@pytest.mark.parametrize(
    "text", ["12.ABC.345/01DE-35", "12.345.678/000A-08", "00.000.000/0001-91", "07.421.906/0001-29"]
)
def test_the_official_examples_are_valid_and_keep_their_mask(text):
    assert Cnpj.parse(text).formatted == text


def test_the_check_digits_of_the_known_bases_are_right():
    assert cnpj_check_digits("12ABC3450001") == "88"
    assert cnpj_check_digits("12ABC34501DE") == "35"
    assert cnpj_check_digits("074219060001") == "29"


def test_the_parts_of_a_cnpj():
    cnpj = Cnpj.parse("12.ABC.345/01DE-35")
    assert (cnpj.value, str(cnpj), cnpj.root, cnpj.branch) == ("12ABC34501DE35", "12ABC34501DE35", "12ABC345", "01DE")
    assert cnpj.is_alphanumeric
    assert not Cnpj.parse("07421906000129").is_alphanumeric


@pytest.mark.parametrize("text", ["12abc34501de35", " 12.abc.345/01de-35 ", "12ABC34501DE35\n"])
def test_letters_in_lower_case_and_blanks_around_are_forgiven(text):
    assert Cnpj.parse(text) == Cnpj("12ABC34501DE35")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Informe o CNPJ"),
        ("   ", "Informe o CNPJ"),
        ("0742190600012", r"14 caracteres; este tem 13.*zeros à esquerda"),
        ("742190600012", r"14 caracteres; este tem 12.*zeros à esquerda"),
        ("074219060001299", r"14 caracteres; este tem 15\.$"),
        ("07421906", r"14 caracteres; este tem 8\.$"),
        ("07.421.906/0001-28", "dígitos verificadores do CNPJ não conferem"),
        ("12ABC3450001-88", "pontuação do CNPJ está fora do lugar"),
        ("07.421.906.0001-29", "pontuação do CNPJ está fora do lugar"),
        ("07421906/0001-29", "pontuação do CNPJ está fora do lugar"),
        ("07.421.906/0001 29", "caractere que não é aceito"),
        ("07421906_000129", "caractere que não é aceito"),
        ("07 421 906 0001 29", "caractere que não é aceito"),
        ("０７４２１９０６０００１２９", "caractere que não é aceito"),
        ("07421906000١29", "caractere que não é aceito"),
        ("07.421.906/0001–29", "caractere que não é aceito"),
        ("12ABÇ34501DE35", "caractere que não é aceito"),
        ("ßA345678000100", "caractere que não é aceito"),
        ("12ABC34501DE3A", "são algarismos"),
        ("00000000000000", "repete um só caractere"),
        ("11111111111180", "repete um só caractere"),
    ],
)
def test_what_is_not_a_cnpj_is_refused_with_what_is_wrong(text, message):
    with pytest.raises(CnpjError, match=message):
        Cnpj.parse(text)


def test_the_refusal_never_tells_the_right_check_digits():
    with pytest.raises(CnpjError) as refusal:
        Cnpj.parse("07421906000128")
    assert "29" not in str(refusal.value)


@pytest.mark.parametrize("value", ["12abc34501de35", "12.ABC.345/01DE-35", "12ABC34501DE36", ""])
def test_no_invalid_cnpj_can_be_made(value):
    with pytest.raises(CnpjError):
        Cnpj(value)


@pytest.mark.parametrize("base", ["", "12345678901", "1234567890123", "12345678901a", "12345678901١", "12.345.678/0"])
def test_check_digits_are_only_computed_for_twelve_characters(base):
    with pytest.raises(CnpjError, match="12 caracteres"):
        cnpj_check_digits(base)


@given(BASES)
def test_the_independent_library_agrees_on_every_cnpj(base):
    value = base + cnpj_check_digits(base)
    assert REFERENCE.validate(value)
    assert Cnpj.parse(value).value == value


@given(BASES)
def test_only_one_pair_of_check_digits_is_right(base):
    right = cnpj_check_digits(base)
    accepted = []
    for pair in _PAIRS:
        try:
            accepted.append(Cnpj(base + pair).value[12:])
        except CnpjError:
            continue
    assert accepted == [right]


@given(BASES)
def test_mask_and_no_mask_are_the_same_cnpj(base):
    cnpj = Cnpj(base + cnpj_check_digits(base))
    assert Cnpj.parse(cnpj.formatted) == Cnpj.parse(cnpj.formatted.lower()) == cnpj


@given(st.text(max_size=20))
def test_any_text_is_either_a_cnpj_or_a_cnpj_error(text):
    try:
        cnpj = Cnpj.parse(text)
    except CnpjError:
        return
    assert cnpj.value == cnpj.value.upper()
    assert len(cnpj.value) == 14


@given(st.integers(), st.booleans())
def test_the_fictional_cnpjs_of_the_tests_are_valid_and_repeatable(seed, alphanumeric):
    cnpj = make_cnpj(seed, alphanumeric=alphanumeric)
    assert cnpj == make_cnpj(seed, alphanumeric=alphanumeric)
    assert cnpj.is_alphanumeric is alphanumeric
    assert REFERENCE.validate(cnpj.value)


# CPF.


@pytest.mark.parametrize("text", ["12345678909", "123.456.789-09", " 123.456.789-09 ", "52998224725"])
def test_a_cpf_is_known_with_mask_or_without(text):
    assert is_cpf(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345678900",
        "1234567890",
        "123456789099",
        "00000000000",
        "99999999999",
        "123.456.78909",
        "１２３45678909",
        "ABCDEFGHIJK",
    ],
)
def test_what_is_not_a_cpf_is_not_taken_for_one(text):
    assert not is_cpf(text)


@given(st.text("0123456789", min_size=11, max_size=11))
def test_the_independent_library_agrees_on_every_cpf(digits):
    assert is_cpf(digits) == ReferenceCpf().validate(digits)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FULANO DE TAL 12345678909", "FULANO DE TAL ***.456.789-**"),
        ("12345678909 FULANO DE TAL", "***.456.789-** FULANO DE TAL"),
        ("FULANO DE TAL (CPF 123.456.789-09)", "FULANO DE TAL (CPF ***.456.789-**)"),
        ("FULANO DE TAL-12345678909.", "FULANO DE TAL-***.456.789-**."),
        ("FULANO DE TAL123456789-09", "FULANO DE TAL***.456.789-**"),
        ("FULANO 123.456.789/09 ME", "FULANO ***.456.789-** ME"),
        ("FULANO 12345678909 e SICRANO 52998224725", "FULANO ***.456.789-** e SICRANO ***.982.247-**"),
    ],
)
def test_a_cpf_in_a_company_name_is_hidden(text, expected):
    assert mask_cpf_in(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "EMPRESA FICTÍCIA LTDA",
        "FULANO DE TAL 12345678900",
        "00.000.000/0001-91",
        "00000000000191",
        "12.ABC.345/01DE-35",
        "07421906000129-2-000123/2025",
        "07.421.906/0001-29",
        "SEI nº 15739/2025",
        "0001234-55.2025.8.26.0100",
        "123456789091",
        "912345678909",
        "12345678909/2025",
        "***.456.789-**",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert mask_cpf_in(text) == text


def test_digits_at_the_end_of_an_alphanumeric_cnpj_are_not_a_cpf():
    hidden = 0
    for prefix in range(26**2):
        letters = "A" + chr(65 + prefix // 26) + chr(65 + prefix % 26)
        text = f"{letters}12345678909"
        is_cnpj = cnpj_check_digits(text[:12]) == text[12:]
        hidden += not is_cnpj
        assert (mask_cpf_in(text) == text) is is_cnpj
    assert 0 < hidden < 26**2


@given(CPF_BASES, st.text("ABC ÇÃ.-", max_size=8), st.text(" ABC", max_size=8))
def test_no_cpf_survives_wherever_it_stands_in_a_name(base, before, after):
    cpf = cpf_of(base)
    masked = mask_cpf_in(f"{before} {cpf} {after}")
    assert cpf not in masked
    assert f"***.{cpf[3:6]}.{cpf[6:9]}-**" in masked
    assert mask_cpf_in(masked) == masked


@given(BASES | CLASSIC_BASES, st.sampled_from(["", " ", "-2-000001/2026"]))
def test_no_cnpj_is_ever_taken_for_a_cpf(base, after):
    cnpj = Cnpj(base + cnpj_check_digits(base))
    for written in (cnpj.value, cnpj.formatted):
        assert mask_cpf_in(f"EMPRESA {written}{after}") == f"EMPRESA {written}{after}"
