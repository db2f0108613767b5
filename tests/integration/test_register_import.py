"""Importing on both databases: once each, never over what people wrote, and quick enough to wait for."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from contracts.vocabulary import AgreementKind, EndReason, Regime
from tests.rig.cnpj import make_cnpj
from tests.rig.pncp import contract, contracts_file, pncp_id, term, terms_file
from vendor_tracker import clock
from vendor_tracker.importing.rows import NAME_NOT_INFORMED
from vendor_tracker.store import imports, register, register_lists
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    AgreementTerm,
    ImportBatch,
    Operator,
    Standing,
    TrailEntry,
    Unit,
)
from vendor_tracker.usecases import agreements, importing
from vendor_tracker.usecases.agreements import InstrumentData, ProcessingData
from vendor_tracker.usecases.importing import packing
from vendor_tracker.usecases.work import Actor, look

ACTOR = Actor("compras@orgao.example", display="Pessoa Fictícia")


def run(data: bytes, **options: Any) -> importing.ImportResult:
    return importing.import_file(ACTOR, data=data, filename="contratos.json", **options)


def count(table: Any) -> int:
    with look() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def held(sequence: int = 1) -> tuple[int, agreements.Said]:
    """Return the id of an imported agreement and what is on record of it."""
    with look() as session:
        agreement = register.agreement_by_pncp_id(session, pncp_id(sequence))
        assert agreement is not None
        return agreement.id, agreements.said_by(register.current_revision(session, agreement.id))


def test_a_contract_becomes_an_agreement_an_operator_and_a_unit(app_on_each_database: Any) -> None:
    result = run(contracts_file(contract(1)))
    assert result.json()["created"] == {"operators": 1, "agreements": 1}
    agreement, said = held()
    assert said.object == "SERVIÇOS DE HOSPEDAGEM DE SISTEMAS DE INFORMAÇÃO"
    assert (said.signed_on, said.starts_on, said.ends_on) == (date(2026, 3, 2), date(2026, 3, 10), date(2027, 3, 9))
    with look() as session:
        operator = session.scalars(select(Operator)).one()
        assert operator.regime is Regime.PRIVATE
        assert session.scalars(select(Unit)).one().code == "990001"
        standing = session.get(Standing, agreement)
        assert standing is not None
        assert standing.stage == "in_force"
    assert register_line(agreement).missing == 19


def register_line(agreement_id: int) -> Any:
    with look() as session:
        lines, _ = register_lists.agreement_lines(session, offset=0, limit=100)
    return next(line for line in lines if line.id == agreement_id)


def test_the_same_file_a_second_time_creates_and_revises_nothing(app_on_each_database: Any) -> None:
    data = contracts_file(*(contract(number) for number in range(1, 8)))
    run(data)
    before = (count(Agreement), count(Operator), count(AgreementRevision))
    result = run(data)
    assert (count(Agreement), count(Operator), count(AgreementRevision)) == before
    assert result.unchanged == 7
    assert result.created_agreements == result.updated == 0


def test_a_dry_run_counts_and_writes_nothing(app_on_each_database: Any) -> None:
    result = run(contracts_file(contract(1)), dry_run=True)
    assert result.created_agreements == 1
    assert count(Agreement) == count(ImportBatch) == count(TrailEntry) == 0


def test_what_the_source_changed_is_taken_and_what_people_completed_stays(app_on_each_database: Any) -> None:
    run(contracts_file(contract(1)))
    agreement, _ = held()
    agreements.change_processing(
        ACTOR,
        agreement_id=agreement,
        data=ProcessingData(purpose="Hospedar o sistema de processos", sensitive=True),
        holds_from=date(2026, 3, 2),
        reason="Dados completados",
    )
    result = run(contracts_file(contract(1, objetoContrato="HOSPEDAGEM E SUPORTE", valorGlobal=99)))
    assert result.updated == 1
    _, said = held()
    assert said.object == "HOSPEDAGEM E SUPORTE"
    assert str(said.value) == "99.00"
    assert said.purpose == "Hospedar o sistema de processos"
    assert said.sensitive is True


def test_a_field_of_the_source_that_a_person_corrected_is_kept_and_said(app_on_each_database: Any) -> None:
    run(contracts_file(contract(1)))
    agreement, said = held()
    agreements.change_instrument(
        ACTOR,
        agreement_id=agreement,
        data=InstrumentData(
            kind=AgreementKind.CONTRATO,
            number="00001/2026",
            pncp_id=pncp_id(1),
            sei_process=said.sei_process,
            object="Hospedagem de sistemas, corrigido",
            signed_on=said.signed_on,
            published_on=said.published_on,
            starts_on=said.starts_on,
            ends_on=said.ends_on,
            value=said.value,
        ),
        holds_from=date(2026, 3, 2),
        reason="Objeto corrigido",
    )
    batch = importing.preview_file(
        ACTOR, data=contracts_file(contract(1, objetoContrato="OUTRO TEXTO", processo="77777/2026")), filename="c.json"
    )
    (row,) = importing.show(batch_id=batch).rows
    assert row.outcome == "update"
    assert any("Foi mantido o que uma pessoa corrigiu: objeto" in reason for reason in row.reasons)
    importing.apply_batch(ACTOR, batch_id=batch)
    _, said = held()
    assert said.object == "Hospedagem de sistemas, corrigido"
    assert said.sei_process == "77777/2026"


def test_a_blank_of_the_source_erases_nothing(app_on_each_database: Any) -> None:
    run(contracts_file(contract(1)))
    run(contracts_file(contract(1, dataVigenciaFim=None, valorGlobal=None, processo="")))
    _, said = held()
    assert said.ends_on == date(2027, 3, 9)
    assert said.value is not None
    assert said.sei_process == "00001/2025"


def test_an_agreement_registered_by_hand_is_recognised_by_kind_number_and_operator(app_on_each_database: Any) -> None:
    number = make_cnpj(101)
    made = agreements.create_agreement(
        ACTOR,
        data=InstrumentData(
            kind=AgreementKind.CONTRATO,
            number="00001/2026",
            object="Registrado à mão",
            starts_on=date(2026, 3, 10),
        ),
        cnpj=number.value,
        operator_name="Empresa Fictícia 1",
    )
    result = run(contracts_file(contract(1)))
    assert result.created_agreements == 0
    assert result.updated == 1
    agreement, said = held()
    assert agreement == made
    assert said.object == "Registrado à mão"
    assert said.ends_on == date(2027, 3, 9)


def test_two_agreements_of_one_number_with_two_pncp_numbers_are_refused_with_the_reason(
    app_on_each_database: Any,
) -> None:
    run(contracts_file(contract(1)))
    other = contract(2, numeroContratoEmpenho="00001", niFornecedor=make_cnpj(101).value)
    result = run(contracts_file(other))
    ((_, reason),) = result.rejected
    assert pncp_id(1) in reason
    assert count(Agreement) == 1


def test_a_name_that_the_source_left_blank_is_filled_when_it_comes(app_on_each_database: Any) -> None:
    run(contracts_file(contract(1, nomeRazaoSocialFornecedor="")))
    with look() as session:
        assert session.scalars(select(Operator)).one().name == NAME_NOT_INFORMED
    run(contracts_file(contract(1)))
    with look() as session:
        operator = session.scalars(select(Operator)).one()
        assert operator.name == "EMPRESA FICTICIA 1 LTDA"
        lines, _ = register_lists.agreement_lines(session, words="ficticia 1", offset=0, limit=5)
    assert len(lines) == 1


def test_a_term_extends_from_its_signature_and_not_before(app_on_each_database: Any) -> None:
    run(contracts_file(contract(1)))
    result = run(terms_file(n1=[term()]))
    assert result.created_terms == 1
    agreement, said = held()
    assert said.ends_on == date(2028, 3, 9)
    with look() as session:
        rows = register.revisions(session, agreement)
        eve = register.holding_on(rows, date(2026, 8, 31))
        day = register.holding_on(rows, date(2026, 9, 1))
        assert eve is not None
        assert day is not None
        assert eve.ends_on == date(2027, 3, 9)
        assert day.ends_on == date(2028, 3, 9)
        assert day.reason == "Termo aditivo 00001/2026"


def test_the_same_terms_again_add_nothing_and_the_contract_file_does_not_bring_the_end_back(
    app_on_each_database: Any,
) -> None:
    run(contracts_file(contract(1)))
    run(terms_file(n1=[term()]))
    revisions = count(AgreementRevision)
    again = run(terms_file(n1=[term()]))
    assert again.unchanged == 1
    assert count(AgreementTerm) == 1
    run(contracts_file(contract(1, processo="88888/2026")))
    assert count(AgreementRevision) == revisions + 1
    _, said = held()
    assert said.ends_on == date(2028, 3, 9)
    assert said.sei_process == "88888/2026"


def test_an_older_term_that_comes_late_never_shortens_a_newer_one(app_on_each_database: Any) -> None:
    run(contracts_file(contract(1)))
    newer = term(numeroTermoContrato="00002/2026", dataAssinatura="2026-10-01", dataVigenciaFim="2029-03-09")
    run(terms_file(n1=[newer]))
    run(terms_file(n1=[term(dataVigenciaFim="2028-03-09")]))
    agreement, said = held()
    assert said.ends_on == date(2029, 3, 9)
    with look() as session:
        between = register.holding_on(register.revisions(session, agreement), date(2026, 9, 15))
    assert between is not None
    assert between.ends_on == date(2028, 3, 9)


def test_a_rescission_ends_the_agreement_on_its_last_day(app_on_each_database: Any) -> None:
    run(contracts_file(contract(1)))
    run(
        terms_file(
            n1=[term(tipoTermoContratoId=1, tipoTermoContratoNome="Termo de Rescisão", dataVigenciaFim="2026-10-31")]
        )
    )
    agreement, said = held()
    assert said.ended_on == date(2026, 10, 31)
    assert said.end_reason is EndReason.RESCISSION
    with look() as session:
        standing = session.get(Standing, agreement)
    assert standing is not None
    assert standing.stage == "ending"


def test_a_term_without_its_agreement_is_refused_and_says_what_to_do(app_on_each_database: Any) -> None:
    result = run(terms_file(n7=[term()]))
    assert result.rejected == ((1, "O acordo deste termo não está no registro. Importe antes a lista de contratos."),)


def test_applying_a_batch_twice_gives_the_same_answer_and_does_it_once(app_on_each_database: Any) -> None:
    batch = importing.preview_file(ACTOR, data=contracts_file(contract(1)), filename="c.json")
    assert count(Agreement) == 0
    first = importing.apply_batch(ACTOR, batch_id=batch)
    second = importing.apply_batch(ACTOR, batch_id=batch)
    assert first == second
    assert count(Agreement) == 1


def test_a_preview_is_applied_to_the_register_as_it_stands_by_then(app_on_each_database: Any) -> None:
    batch = importing.preview_file(ACTOR, data=contracts_file(contract(1), contract(2)), filename="c.json")
    run(contracts_file(contract(1)))
    result = importing.apply_batch(ACTOR, batch_id=batch)
    assert result.created_agreements == 1
    assert result.unchanged == 1


def test_ninety_four_contracts_need_a_number_of_queries_that_grows_only_with_what_is_written(
    app_on_each_database: Any, count_queries: Any
) -> None:
    data = contracts_file(*(contract(number) for number in range(1, 95)))
    run(data)
    with count_queries() as again:
        run(data, dry_run=True)
    assert int(again) < 12


def test_progress_ends_at_the_total(app_on_each_database: Any) -> None:
    told: list[tuple[int, int]] = []
    run(contracts_file(*(contract(number) for number in range(1, 31))), progress=lambda *pair: told.append(pair))
    assert told[-1] == (30, 30)
    assert told == sorted(told)


def test_a_file_of_another_source_is_refused_by_name(app_on_each_database: Any) -> None:
    import pytest

    from vendor_tracker.usecases.work import UseCaseError

    with pytest.raises(UseCaseError, match="outra fonte: PNCP"):
        run(contracts_file(contract(1)), source="spreadsheet")


def test_an_import_leaves_its_line_in_the_trail_with_the_files_fingerprint(app_on_each_database: Any) -> None:
    from hashlib import sha256

    data = contracts_file(contract(1))
    run(data)
    with look() as session:
        lines = session.scalars(select(TrailEntry).where(TrailEntry.act == "import_applied")).all()
    assert len(lines) == 1
    assert sha256(data).hexdigest() in lines[0].details
    assert clock.day_of(lines[0].at) == clock.today()


@given(
    st.text(min_size=1, max_size=40).filter(lambda text: text.strip()),
    st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)),
)
def test_a_row_comes_back_from_its_preview_as_it_went_in(text: str, day: date) -> None:
    from vendor_tracker.importing.detect import read_any

    record = contract(1, objetoContrato=text, dataVigenciaInicio=day.isoformat(), dataVigenciaFim=day.isoformat())
    for row in read_any(contracts_file(record)).agreements:
        (packed,) = packing.packed([row])
        assert packing.agreement_from(packed) == row


def test_a_fingerprint_ignores_the_place_in_the_file_and_nothing_that_is_said() -> None:
    from vendor_tracker.importing.detect import read_any

    first, second = read_any(contracts_file(contract(1), contract(2))).agreements
    (moved,) = read_any(contracts_file(contract(2))).agreements
    assert importing.fingerprint(moved) == importing.fingerprint(second)
    assert importing.fingerprint(first) != importing.fingerprint(second)
    (changed,) = read_any(contracts_file(contract(2, valorGlobal=1))).agreements
    assert importing.fingerprint(changed) != importing.fingerprint(second)


def test_two_imports_at_the_same_moment_write_once_and_the_second_says_so(
    app_on_each_database: Any, monkeypatch: Any
) -> None:
    import pytest

    from vendor_tracker.usecases.work import ConflictError

    batch = importing.preview_file(ACTOR, data=contracts_file(contract(1)), filename="c.json")
    run(contracts_file(contract(1)))
    monkeypatch.setattr(imports, "agreements_by", lambda *_args, **_kwargs: [])
    with pytest.raises(ConflictError, match="Nada foi gravado agora"):
        importing.apply_batch(ACTOR, batch_id=batch)
    assert count(Agreement) == 1
