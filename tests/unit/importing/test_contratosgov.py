"""Reading what Contratos.gov.br publishes."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import AgreementKind
from tests.unit.importing.builders import CPF_MASKED, SELLER, as_json, contract, federal, federal_term
from tests.unit.importing.test_pncp import noise
from vendor_tracker.importing import contratosgov
from vendor_tracker.importing.rows import UnreadableFile
from vendor_tracker.importing.suppliers import INDIVIDUAL


def test_a_contract_of_the_list_is_read_whole():
    file = contratosgov.read(as_json([federal()]))
    (agreement,) = file.agreements
    assert (file.source, file.read, file.problems) == ("contratosgov", 1, ())
    assert (agreement.pncp_id, agreement.external_id, agreement.number) == (None, "118999", "00029/2026")
    assert (agreement.kind, agreement.operator.cnpj) == (AgreementKind.CONTRATO, SELLER)
    assert (agreement.unit_code, agreement.unit_name) == ("040999", "TRIBUNAL FICTICIO")
    assert (agreement.starts_on, agreement.ends_on) == (date(2026, 2, 1), date(2027, 1, 31))
    assert (agreement.signed_on, agreement.published_on) == (date(2026, 1, 15), date(2026, 1, 20))
    assert agreement.value == Decimal("10354305.17")
    assert agreement.sei_process == "23082.006789/2026-88"
    assert agreement.source_status == "Ativo"


def test_an_individual_with_a_masked_cpf_is_left_out_without_a_trace():
    person = {"cnpj_cpf_idgener": CPF_MASKED, "nome": "MARIA FICTICIA", "tipo": "FISICA"}
    file = contratosgov.read(as_json([federal(fornecedor=person)]))
    assert file.agreements == ()
    assert [(p.severity, p.reason) for p in file.problems] == [("skipped", INDIVIDUAL)]
    assert "MARIA" not in repr(file)


def test_a_generic_identification_is_a_foreign_suppliers():
    stranger = {"cnpj_cpf_idgener": "EX0001", "nome": "FICTIONAL INC", "tipo": "IDGENERICO"}
    (agreement,) = contratosgov.read(as_json([federal(fornecedor=stranger)])).agreements
    assert (agreement.operator.kind, agreement.operator.foreign_id) == ("PE", "EX0001")


def test_an_empenho_is_left_out_unless_asked_for():
    data = as_json([federal(tipo="Empenho", numero="2026NE000001")])
    assert contratosgov.read(data).count("skipped") == 1
    assert contratosgov.read(data, include_empenhos=True).agreements[0].is_empenho


def test_the_history_gives_terms_that_name_the_contract_by_the_services_own_id():
    file = contratosgov.read(as_json([federal_term()]))
    (read,) = file.terms
    assert (read.agreement_pncp_id, read.agreement_external_id) == (None, "118999")
    assert (read.kind, read.changes_term, read.new_ends_on) == ("aditivo", True, date(2028, 1, 31))
    assert read.object == "PRORROGAR O PRAZO DE VIGÊNCIA POR MAIS 12 MESES"
    assert file.problems == ()


def test_a_term_qualified_by_something_else_changes_nothing():
    record = federal_term(observacao="REAJUSTE DE PREÇOS", qualificacao_termo=[{"codigo": 4, "descricao": "REAJUSTE"}])
    (read,) = contratosgov.read(as_json([record])).terms
    assert (read.changes_term, read.new_ends_on, read.stated_ends_on) == (False, None, date(2028, 1, 31))


@pytest.mark.parametrize("mark", [["VIGÊNCIA"], "VIGÊNCIA, REAJUSTE", [{"descricao": "Vigência"}], [{"codigo": 2}]])
def test_the_mark_of_a_changed_term_is_known_in_each_of_its_shapes(mark):
    (read,) = contratosgov.read(as_json([federal_term(observacao="", qualificacao_termo=mark)])).terms
    assert read.changes_term


def test_the_initial_contract_in_the_history_is_skipped_because_the_list_has_it():
    file = contratosgov.read(as_json([federal_term(id=1, tipo="Contrato"), federal_term()]))
    assert len(file.terms) == 1
    assert file.count("skipped") == 1


def test_the_newest_of_two_versions_stays():
    old = federal(objeto="VELHO", alterado_em="2026-01-01T00:00:00Z")
    new = federal(objeto="NOVO", alterado_em="2026-02-01T00:00:00Z")
    (agreement,) = contratosgov.read(as_json([new, old])).agreements
    assert agreement.object == "NOVO"
    assert agreement.updated_at == datetime(2026, 2, 1, tzinfo=UTC)


def test_contracts_of_the_pncp_are_not_mistaken_for_these():
    with pytest.raises(UnreadableFile, match=r"não são do Contratos\.gov\.br"):
        contratosgov.read(as_json([contract()]))


@given(st.dictionaries(st.sampled_from(sorted(federal())), noise, max_size=6))
def test_a_contract_with_noise_in_its_fields_is_read_or_explained(changes):
    file = contratosgov.read(as_json([federal(id=1), federal(id=2) | changes]))
    assert len(file.agreements) + file.count("rejected") + file.count("skipped") == 2


@given(st.dictionaries(st.sampled_from(sorted(federal_term())), noise, max_size=6))
def test_a_term_with_noise_in_its_fields_is_read_or_explained(changes):
    file = contratosgov.read(as_json([federal_term(id=1), federal_term(id=2) | changes]))
    assert len(file.terms) + file.count("rejected") + file.count("skipped") == 2


def test_a_record_that_nothing_identifies_is_rejected_and_items_that_are_none_too():
    file = contratosgov.read(as_json([federal(), federal(id=None), "x"]))
    assert len(file.agreements) == 1
    assert [(p.row, p.severity) for p in file.problems] == [(2, "rejected"), (3, "rejected")]
    history = contratosgov.read(as_json([federal_term(contrato_id=None), 7]))
    assert [(p.row, p.severity) for p in history.problems] == [(1, "rejected"), (2, "rejected")]


def test_an_unknown_kind_is_read_as_congenere_with_a_warning():
    file = contratosgov.read(as_json([federal(tipo="Novidade")]))
    assert file.agreements[0].kind is AgreementKind.CONGENERE
    assert [(p.severity, p.what_was_read) for p in file.problems] == [("warning", "Novidade")]


def test_a_contract_without_object_or_number_is_read_with_warnings():
    file = contratosgov.read(as_json([federal(objeto=None, numero=None)]))
    assert (file.agreements[0].number, file.agreements[0].object) == ("118999", "")
    assert [p.field for p in file.problems] == ["objeto", "número"]
