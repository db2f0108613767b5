"""Who may enter the register, and what is never written down about individuals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.cnpj import cnpj_check_digits, is_cpf
from contracts.vocabulary import Regime
from tests.rig.cnpj import make_cnpj
from tests.unit.importing.builders import CPF, CPF_MASKED, SELLER
from vendor_tracker.importing.rows import NAME_NOT_INFORMED
from vendor_tracker.importing.suppliers import INDIVIDUAL, ZEROS_RESTORED, guess_regime, read_supplier


@given(st.integers(min_value=0, max_value=10_000), st.booleans())
def test_a_valid_cnpj_is_read_with_or_without_its_mask_and_in_either_case(seed, letters):
    cnpj = make_cnpj(seed, alphanumeric=letters)
    shapes = (cnpj.value, cnpj.formatted, cnpj.value.lower(), f" {cnpj.formatted.lower()} ")
    found = {read_supplier(shape, "Fictícia", "PJ").operator.cnpj for shape in shapes}
    assert found == {cnpj.value}


@given(st.integers(min_value=0, max_value=10_000), st.integers(min_value=1, max_value=9))
def test_one_wrong_digit_is_rejected_and_shown(seed, shift):
    cnpj = make_cnpj(seed).value
    wrong = cnpj[:-1] + str((int(cnpj[-1]) + shift) % 10)
    supplier = read_supplier(wrong, "Fictícia", "PJ")
    assert supplier.operator is None
    assert supplier.severity == "rejected"
    assert supplier.read == wrong
    assert "dígitos verificadores" in supplier.reason


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        (CPF, "PF"),
        ("123.456.789-09", "PF"),
        ("***.456.789-**", "FISICA"),
        ("***.456.789-**", ""),
        (CPF, "PJ"),
        (int(CPF), "PJ"),
        (CPF, None),
    ],
)
def test_an_individual_is_left_out_and_nothing_of_theirs_is_kept(identifier, kind):
    supplier = read_supplier(identifier, "MARIA FICTICIA DA SILVA", kind)
    assert supplier.operator is None
    assert supplier.severity == "skipped"
    assert supplier.reason == INDIVIDUAL
    assert supplier.read == ""
    assert "MARIA" not in repr(supplier)
    assert "456" not in repr(supplier)


def test_the_cpf_in_the_name_of_a_one_person_company_is_masked():
    operator = read_supplier(SELLER, f"MARIA FICTICIA {CPF}", "PJ").operator
    assert operator.name == f"MARIA FICTICIA {CPF_MASKED}"


def test_a_foreign_supplier_enters_with_the_identification_of_its_country():
    operator = read_supplier("123456789", "Fictional Data GmbH", "PE", "DEU").operator
    assert (operator.cnpj, operator.foreign_id, operator.kind) == (None, "123456789", "PE")
    assert (operator.country, operator.regime) == ("DEU", Regime.FOREIGN)
    assert read_supplier(" ", "Fictional Data GmbH", "PE").severity == "rejected"


def test_a_blank_name_beside_a_valid_cnpj_is_a_warning_and_not_a_loss():
    supplier = read_supplier(SELLER, "  ", "PJ")
    assert supplier.operator.name == NAME_NOT_INFORMED
    assert len(supplier.warnings) == 1


@pytest.mark.parametrize("identifier", [None, "", "  ", "..-/"])
def test_a_supplier_without_identification_is_rejected(identifier):
    assert read_supplier(identifier, "Fictícia Ltda", "PJ").severity == "rejected"


def test_a_unit_of_government_known_only_by_its_code_is_rejected_with_advice():
    supplier = read_supplier("110161", "UNIDADE FICTICIA", "UG")
    assert supplier.severity == "rejected"
    assert "CNPJ do órgão" in supplier.reason


@given(st.integers(min_value=0, max_value=10**7 - 1))
def test_zeros_lost_by_a_spreadsheet_are_restored_only_when_it_cannot_be_a_cpf(root):
    base = f"0{root:07d}0001"
    cnpj = base + cnpj_check_digits(base)
    number = int(cnpj)
    supplier = read_supplier(number, "Fictícia Ltda", "PJ")
    if len(str(number)) >= 12 or (len(str(number)) >= 8 and not is_cpf(str(number).zfill(11))):
        assert supplier.operator.cnpj == cnpj
        assert supplier.warnings == (ZEROS_RESTORED,)
    else:
        assert supplier.operator is None
        assert supplier.severity == "rejected"


@pytest.mark.parametrize(
    ("name", "regime"),
    [
        ("FICTICIA SERVICOS LTDA.", Regime.PRIVATE),
        ("Fictícia Seguros S/A", Regime.PRIVATE),
        ("ASSOCIACAO FICTICIA DE NORMAS", Regime.PRIVATE),
        ("MUNICÍPIO DE FICTÍCIA", Regime.PUBLIC),
        ("TRIBUNAL DE JUSTIÇA DO ESTADO", Regime.PUBLIC),
        ("UNIVERSIDADE FEDERAL FICTICIA", Regime.PUBLIC),
        ("SERVIÇO FEDERAL DE PROCESSAMENTO DE DADOS (SERPRO)", None),
        ("FUNDACAO FICTICIA", None),
    ],
)
def test_the_regime_is_guessed_only_when_the_name_tells_it(name, regime):
    assert guess_regime(name) == regime


def test_a_stated_regime_wins_over_the_guess():
    assert read_supplier(SELLER, "FICTICIA LTDA", "PJ", None, Regime.PUBLIC).operator.regime is Regime.PUBLIC
