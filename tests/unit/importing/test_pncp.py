"""Reading what the PNCP and dadosabertos.compras publish."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary import AgreementKind, Regime
from tests.rig.cnpj import make_cnpj
from tests.unit.importing.builders import (
    BODY,
    CPF,
    CPF_MASKED,
    OTHER_SELLER,
    SELLER,
    as_json,
    contract,
    envelope,
    open_data,
    pncp_id,
    term,
)
from vendor_tracker.importing import pncp
from vendor_tracker.importing.building import DUPLICATE_OLDER, EMPENHO_SKIPPED
from vendor_tracker.importing.rows import NAME_NOT_INFORMED, ImportedAgreement, ImportedOperator, UnreadableFile
from vendor_tracker.importing.suppliers import INDIVIDUAL


def only(file):
    assert len(file.agreements) == 1, file.problems
    return file.agreements[0]


def test_a_contract_is_read_whole():
    file = pncp.read(envelope(contract()))
    assert (file.source, file.read, file.problems) == ("pncp", 1, ())
    assert only(file) == ImportedAgreement(
        row=1,
        pncp_id=pncp_id(9),
        external_id=pncp_id(9),
        kind=AgreementKind.CONTRATO,
        number="00009/2026",
        sei_process="01234/2025",
        unit_code="040999",
        unit_name="TRIBUNAL FICTICIO",
        object="HOSPEDAGEM DE SISTEMAS EM NUVEM.",
        signed_on=date(2026, 1, 15),
        starts_on=date(2026, 2, 1),
        ends_on=date(2028, 1, 31),
        value=Decimal("1234567.89"),
        operator=ImportedOperator(SELLER, None, "FICTICIA SERVICOS DE NUVEM LTDA", "PJ", "BRA", Regime.PRIVATE),
        published_on=date(2026, 1, 16),
        is_empenho=False,
        body_cnpj=BODY,
        source="pncp",
        updated_at=datetime(2026, 1, 20, 13, 0, tzinfo=UTC),
    )


def test_an_envelope_a_bare_list_and_saved_pages_hold_the_same_contracts():
    records = [contract(1), contract(2)]
    shapes = [{"data": records}, records, [{"data": records[:1]}, {"data": records[1:]}]]
    assert len({pncp.read(as_json(shape)).agreements for shape in shapes}) == 1


def test_an_answer_without_contracts_is_empty_and_no_mistake():
    file = pncp.read(b'{"data": [], "totalRegistros": 0, "empty": true}')
    assert (file.agreements, file.problems, file.read) == ((), (), 0)


def test_the_open_data_service_is_read_though_its_fields_have_other_names():
    file = pncp.read(as_json({"resultado": [open_data()], "totalRegistros": 1}))
    agreement = only(file)
    assert (file.source, agreement.source) == ("dadosabertos", "dadosabertos")
    assert agreement.pncp_id == pncp_id(140)
    assert (agreement.number, agreement.unit_code, agreement.body_cnpj) == ("00021/2026", "040999", BODY)
    assert (agreement.starts_on, agreement.ends_on) == (date(2026, 2, 1), date(2028, 1, 31))
    assert agreement.value == Decimal("16315.00")


def test_without_a_pncp_number_the_unit_and_the_number_identify_the_contract():
    agreement = only(pncp.read(as_json({"resultado": [open_data(numeroControlePncpContrato=None)]})))
    assert agreement.pncp_id is None
    assert agreement.external_id == "040999:00021/2026"


def test_a_contract_excluded_at_the_source_is_skipped():
    file = pncp.read(as_json({"resultado": [open_data(contratoExcluido=True)]}))
    assert file.agreements == ()
    assert file.count("skipped") == 1


def test_a_missing_control_number_is_made_of_body_year_and_sequence():
    assert only(pncp.read(envelope(contract(7, numeroControlePNCP=None)))).pncp_id == pncp_id(7)


def test_a_record_that_nothing_identifies_is_rejected():
    record = contract(numeroControlePNCP=None, sequencialContrato=None)
    file = pncp.read(envelope(record))
    assert file.agreements == ()
    assert file.problems[0].severity == "rejected"


def test_the_version_updated_last_stays_and_the_others_are_told_as_duplicates():
    old = contract(objetoContrato="VELHO", dataAtualizacaoGlobal="2026-01-20T10:00:00")
    new = contract(objetoContrato="NOVO", dataAtualizacaoGlobal="2026-03-20T10:00:00")
    for records in ([old, new, old], [new, old, old], [old, old, new]):
        file = pncp.read(envelope(*records))
        assert only(file).object == "NOVO"
        assert [p.reason for p in file.problems] == [DUPLICATE_OLDER] * 2
        assert {p.severity for p in file.problems} == {"skipped"}
        assert {p.reference for p in file.problems} == {pncp_id(9)}
        assert file.read == 3


def test_a_wrong_newest_version_is_not_replaced_by_an_older_one():
    new = contract(niFornecedor="00000000000000", dataAtualizacaoGlobal="2026-03-20T10:00:00")
    file = pncp.read(envelope(contract(), new))
    assert file.agreements == ()
    assert {p.severity for p in file.problems} == {"rejected", "skipped"}


def test_the_same_sequence_in_another_year_is_another_contract():
    other = contract(9, numeroControlePNCP=pncp_id(9, 2025), anoContrato=2025)
    assert [a.number for a in pncp.read(envelope(contract(9), other)).agreements] == ["00009/2026", "00009/2025"]


def empenho(sequence=9):
    return contract(sequence, tipoContrato={"id": 7, "nome": "Empenho"}, numeroContratoEmpenho="2026NE000395")


def test_an_empenho_is_left_out_with_an_explanation_unless_asked_for():
    file = pncp.read(envelope(empenho(), contract(10)))
    assert [a.number for a in file.agreements] == ["00010/2026"]
    assert [(p.severity, p.reason) for p in file.problems] == [("skipped", EMPENHO_SKIPPED)]
    asked = pncp.read(envelope(empenho(), contract(10)), include_empenhos=True)
    assert [(a.number, a.is_empenho) for a in asked.agreements] == [("2026NE000395", True), ("00010/2026", False)]


@pytest.mark.parametrize(
    ("number", "name", "kind"),
    [
        (1, "Contrato (termo inicial)", AgreementKind.CONTRATO),
        (6, "Convênio", AgreementKind.CONVENIO),
        (10, "Acordo de Cooperação Técnica (ACT)", AgreementKind.TERMO_COOPERACAO),
        (11, "Termo de Compromisso", AgreementKind.TERMO_COMPROMISSO),
        (9, "Termo de Execução Descentralizada (TED)", AgreementKind.CONGENERE),
        (12, None, AgreementKind.CONTRATO),
        ("6", None, AgreementKind.CONVENIO),
    ],
)
def test_the_kind_of_instrument_is_the_sources_own(number, name, kind):
    assert only(pncp.read(envelope(contract(tipoContrato={"id": number, "nome": name})))).kind is kind


def test_an_unknown_kind_is_read_as_congenere_with_a_warning():
    file = pncp.read(envelope(contract(tipoContrato={"id": 99, "nome": "Novidade"})))
    assert only(file).kind is AgreementKind.CONGENERE
    assert [(p.severity, p.what_was_read) for p in file.problems] == [("warning", "Novidade")]


def test_an_individual_leaves_no_trace_in_what_was_read():
    record = contract(tipoPessoa="PF", niFornecedor=CPF, nomeRazaoSocialFornecedor="MARIA FICTICIA")
    file = pncp.read(envelope(record))
    assert file.agreements == ()
    assert [(p.severity, p.reason) for p in file.problems] == [("skipped", INDIVIDUAL)]
    assert "MARIA" not in repr(file)
    assert CPF not in repr(file)


def test_a_foreign_supplier_and_a_one_person_company_are_read():
    foreign = contract(1, tipoPessoa="PE", niFornecedor="12345678X", codigoPaisFornecedor="USA")
    person = contract(2, nomeRazaoSocialFornecedor=f"JOSE FICTICIO {CPF}")
    first, second = pncp.read(envelope(foreign, person)).operators
    assert (first.cnpj, first.foreign_id, first.regime) == (None, "12345678X", Regime.FOREIGN)
    assert second.name == f"JOSE FICTICIO {CPF_MASKED}"


def test_a_cpf_in_the_object_is_masked():
    record = contract(objetoContrato=f"CONTRATAÇÃO DE INSTRUTOR, CPF {CPF}")
    assert only(pncp.read(envelope(record))).object == f"CONTRATAÇÃO DE INSTRUTOR, CPF {CPF_MASKED}"


def test_a_named_record_of_the_same_operator_gives_it_its_name():
    file = pncp.read(
        envelope(contract(1, nomeRazaoSocialFornecedor=""), contract(2), contract(3, niFornecedor=OTHER_SELLER))
    )
    assert file.agreements[0].operator.name == NAME_NOT_INFORMED
    assert [o.name for o in file.operators] == ["FICTICIA SERVICOS DE NUVEM LTDA"] * 2


def test_an_end_before_the_start_is_rejected_with_both_days():
    file = pncp.read(envelope(contract(dataVigenciaInicio="2026-02-01", dataVigenciaFim="2026-01-31")))
    assert file.agreements == ()
    assert file.problems[0].severity == "rejected"
    assert file.problems[0].reason == "O fim da vigência (31/01/2026) é anterior ao início (01/02/2026)."


def test_an_agreement_of_a_single_day_is_accepted():
    assert only(pncp.read(envelope(contract(dataVigenciaInicio="2026-02-01", dataVigenciaFim="2026-02-01"))))


def test_a_term_that_cannot_be_read_is_rejected_and_a_missing_one_is_a_warning():
    file = pncp.read(envelope(contract(1, dataVigenciaFim="0202-05-01"), contract(2, dataVigenciaFim=None)))
    assert [(a.row, a.ends_on) for a in file.agreements] == [(2, None)]
    assert [(p.row, p.severity, p.field) for p in file.problems] == [
        (1, "rejected", "fim da vigência"),
        (2, "warning", "fim da vigência"),
    ]
    assert file.problems[0].what_was_read == "0202-05-01"


def test_an_unreadable_amount_or_signature_is_a_warning_only():
    file = pncp.read(envelope(contract(valorGlobal="muito", dataAssinatura="ontem")))
    assert (only(file).value, only(file).signed_on) == (None, None)
    assert {p.severity for p in file.problems} == {"warning"}
    assert len(file.problems) == 2


def test_amounts_keep_their_cents():
    assert only(pncp.read(b"[" + as_json(contract()).replace(b"1234567.89", b"0.10") + b"]")).value == Decimal("0.10")


def test_codes_printed_as_numbers_are_the_same_codes():
    record = contract(
        9,
        niFornecedor=int(SELLER),
        numeroContratoEmpenho=9,
        anoContrato="2026",
        unidadeOrgao={"codigoUnidade": 40999, "nomeUnidade": "X"},
    )
    agreement = only(pncp.read(envelope(record)))
    assert (agreement.operator.cnpj, agreement.unit_code, agreement.number) == (SELLER, "040999", "9/2026")


def test_items_that_are_no_records_are_rejected_one_by_one():
    file = pncp.read(as_json({"data": [contract(), None, "x", 7, []]}))
    assert len(file.agreements) == 1
    assert [p.row for p in file.problems] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "vazio"),
        (b"  \n", "vazio"),
        (b'{"data": [', "incompleto"),
        (b"[" * 100_000, "níveis demais"),
        (b'{"data": [' * 50_000, "níveis demais"),
        (b'{"mensagem": "erro"}', "não traz uma lista"),
        (b"3", "não traz uma lista"),
        (b'[{"a": 1}]', "não são contratos"),
        (b'["a", "b"]', "não são contratos"),
        ('{"data": "ã"}'.encode("latin-1"), "UTF-8"),
        (b'{"data": [' + b"null," * 50_001 + b"null]}", "mais de 50000"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_in_a_sentence(data, sentence):
    with pytest.raises(UnreadableFile, match=sentence) as refused:
        pncp.read(data)
    assert str(refused.value)[0].isupper()
    assert str(refused.value).endswith(".")


def test_numbers_without_end_and_without_value_do_no_harm():
    text = as_json([contract(1), contract(2)]).decode()
    text = text.replace("1234567.89", "9" * 5000, 1).replace("1234567.89", "NaN", 1)
    file = pncp.read(text.encode())
    assert [a.value for a in file.agreements] == [None, Decimal("1000.50")]


# Terms ---------------------------------------------------------------------------------------------------------------


def test_terms_are_recognised_by_what_the_file_holds():
    by_key = as_json({pncp_id(9): [term(1), term(2)], pncp_id(10): []})
    as_list = as_json([{**term(1), "numeroControlePNCP": pncp_id(9)}, {**term(2), "numeroControlePNCP": pncp_id(9)}])
    enveloped = as_json({pncp_id(9): {"data": [term(1), term(2)]}})
    first, second, third = (pncp.read(data) for data in (by_key, as_list, enveloped))
    assert first.terms == second.terms == third.terms
    assert [t.agreement_pncp_id for t in first.terms] == [pncp_id(9)] * 2
    assert first.agreements == ()
    with pytest.raises(UnreadableFile, match="termos aditivos, não contratos"):
        pncp.read_contracts(by_key)
    with pytest.raises(UnreadableFile, match="contratos, não termos"):
        pncp.read_terms(envelope(contract()))


def test_a_marked_extension_gives_the_new_end():
    (read,) = pncp.read_terms(as_json({pncp_id(9): [term()]})).terms
    assert (read.kind, read.number, read.signed_on) == ("aditivo", "00001/2027", date(2027, 12, 10))
    assert (read.changes_term, read.new_ends_on, read.starts_on) == (True, date(2030, 1, 31), date(2028, 2, 1))


def test_a_readjustment_keeps_its_date_apart_and_changes_nothing():
    record = term(
        tipoTermoContratoNome="Termo de Apostilamento",
        qualificacaoVigencia=False,
        objetoTermoContrato="REAJUSTE DE PREÇOS",
    )
    (read,) = pncp.read_terms(as_json({pncp_id(9): [record]})).terms
    assert (read.changes_term, read.new_ends_on, read.stated_ends_on) == (False, None, date(2030, 1, 31))


def test_an_extension_that_the_source_forgot_to_mark_counts_with_a_warning():
    file = pncp.read_terms(as_json({pncp_id(9): [term(qualificacaoVigencia=False)]}))
    assert file.terms[0].new_ends_on == date(2030, 1, 31)
    assert [(p.severity, p.what_was_read) for p in file.problems] == [("warning", "31/01/2030")]


def test_a_rescission_ends_on_its_own_day_or_on_the_day_it_was_signed():
    base = {"tipoTermoContratoNome": "Termo de Rescisão", "qualificacaoVigencia": False, "dataVigenciaInicio": None}
    file = pncp.read_terms(as_json({pncp_id(9): [term(1, **base), term(2, **base, dataVigenciaFim=None)]}))
    assert [t.new_ends_on for t in file.terms] == [date(2030, 1, 31), date(2027, 12, 10)]


def test_a_term_of_no_agreement_and_one_of_no_kind_are_rejected():
    file = pncp.read_terms(as_json({"outra coisa": [term()], pncp_id(9): [term(tipoTermoContratoNome="Ofício")]}))
    assert file.terms == ()
    assert [p.severity for p in file.problems] == ["rejected", "rejected"]


def test_a_term_listed_twice_is_read_once_in_its_newest_version():
    newer = term(dataAtualizacao="2028-01-01T00:00:00", dataVigenciaFim="2031-01-31")
    file = pncp.read_terms(as_json({pncp_id(9): [newer, term()]}))
    assert [t.new_ends_on for t in file.terms] == [date(2031, 1, 31)]
    assert file.count("skipped") == 1


# Noise ---------------------------------------------------------------------------------------------------------------

noise = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(sorted(contract())), noise, max_size=6))
def test_a_contract_with_noise_in_its_fields_is_read_or_explained(changes):
    file = pncp.read(as_json({"data": [contract(1) | changes, contract(2)]}))
    assert file.read == 2
    assert len(file.agreements) + file.count("rejected") + file.count("skipped") >= 2
    for agreement in file.agreements:
        assert agreement.external_id
        assert agreement.number
        assert (agreement.operator.cnpj is None) != (agreement.operator.foreign_id is None)
        assert agreement.starts_on is None or agreement.ends_on is None or agreement.starts_on <= agreement.ends_on


@given(st.dictionaries(st.sampled_from(sorted(term())), noise, max_size=6))
def test_a_term_with_noise_in_its_fields_is_read_or_explained(changes):
    file = pncp.read_terms(as_json({pncp_id(9): [term() | changes]}))
    assert len(file.terms) + file.count("rejected") == 1
    for read in file.terms:
        assert read.changes_term or read.new_ends_on is None


@given(noise)
def test_any_json_is_read_or_refused_with_a_sentence(payload):
    for read in (pncp.read, pncp.read_contracts, pncp.read_terms):
        try:
            read(json.dumps(payload).encode())
        except UnreadableFile as refused:
            assert str(refused).endswith(".")  # noqa: PT017, a refusal is one of two right answers.


@given(st.lists(st.integers(min_value=1, max_value=6), max_size=12))
def test_every_record_read_is_an_agreement_or_has_its_reason(sequences):
    file = pncp.read(envelope(*(contract(n, niFornecedor=make_cnpj(n).value) for n in sequences)))
    assert len(file.agreements) == len(set(sequences))
    assert len(file.agreements) + len(file.problems) == file.read == len(sequences)
