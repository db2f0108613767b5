"""The register on both databases: what is known of an agreement, from which day on, and what is never lost."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from contracts.vocabulary import (
    AgreementKind,
    ContactRole,
    DataCategory,
    DispensationGround,
    EndReason,
    Exposure,
    Regime,
    Role,
    StewardRole,
    SubjectGroup,
    UserRole,
)
from tests.rig.cnpj import make_cnpj
from vendor_tracker import clock
from vendor_tracker.settings import Body
from vendor_tracker.store import register, register_lists
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import Agreement, AgreementRevision, Contact, Operator, Standing, TrailEntry
from vendor_tracker.usecases import agreements, describing, operators
from vendor_tracker.usecases.agreements import InstrumentData, PeopleData, Person, ProcessingData
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, act, look

ACTOR = Actor("compras@orgao.example", role=UserRole.PROCUREMENT, display="Ana Fictícia")
ENCARREGADO = Actor("encarregado@orgao.example", role=UserRole.ENCARREGADO, display="Helena Prado")
FIRST = date(2026, 3, 2)


def instrument(**changes: Any) -> InstrumentData:
    values: dict[str, Any] = {
        "kind": AgreementKind.CONTRATO,
        "number": "00044/2026",
        "object": "Tradução de audiências",
        "signed_on": FIRST,
        "starts_on": FIRST,
        "ends_on": date(2028, 3, 1),
    }
    return InstrumentData(**{**values, **changes})


def created(**changes: Any) -> int:
    return agreements.create_agreement(
        ACTOR, data=instrument(**changes), cnpj=make_cnpj(61).value, operator_name="Ipê Amarelo Ltda."
    )


def said(agreement_id: int, on: date | None = None) -> agreements.Said:
    with look() as session:
        rows = register.revisions(session, agreement_id)
        return agreements.said_by(register.holding_on(rows, on or clock.today()))


def test_registering_makes_operator_revision_standing_and_trail(app_on_each_database: Any) -> None:
    agreement = created()
    with look() as session:
        row = session.get_one(Agreement, agreement)
        revision = session.get_one(AgreementRevision, row.current_revision_id)
        assert revision.holds_from == FIRST
        assert "traducao de audiencias" in row.search_text
        assert "ipe amarelo" in row.search_text
        assert session.get(Standing, agreement) is not None
        assert [line.act for line in session.scalars(select(TrailEntry))] == ["agreement_added"]


def test_a_refused_registration_leaves_nothing_behind(app_on_each_database: Any) -> None:
    with pytest.raises(UseCaseError) as refused:
        created(ends_on=FIRST - timedelta(days=1))
    assert refused.value.field == "ends_on"
    with look() as session:
        assert session.scalars(select(Operator)).all() == []
        assert session.scalars(select(TrailEntry)).all() == []


def test_the_same_kind_and_number_with_the_same_operator_is_a_conflict(app_on_each_database: Any) -> None:
    created()
    with pytest.raises(ConflictError) as refused:
        created()
    assert refused.value.field == "number"


def test_a_change_holds_from_its_day_and_the_days_before_keep_what_was(app_on_each_database: Any) -> None:
    agreement = created()
    agreements.change_instrument(
        ACTOR,
        agreement_id=agreement,
        data=instrument(ends_on=date(2029, 3, 1)),
        holds_from=date(2026, 9, 1),
        reason="1º termo aditivo",
    )
    assert said(agreement, date(2026, 8, 31)).ends_on == date(2028, 3, 1)
    assert said(agreement, date(2026, 9, 1)).ends_on == date(2029, 3, 1)


def test_a_correction_of_the_past_reaches_what_was_recorded_after_it(app_on_each_database: Any) -> None:
    agreement = created()
    agreements.change_instrument(
        ACTOR,
        agreement_id=agreement,
        data=instrument(ends_on=date(2029, 3, 1)),
        holds_from=date(2026, 9, 1),
        reason="1º termo aditivo",
    )
    agreements.change_processing(
        ACTOR,
        agreement_id=agreement,
        data=ProcessingData(purpose="Acessibilidade"),
        holds_from=FIRST,
        reason="Dados completados",
    )
    assert said(agreement, FIRST).purpose == "Acessibilidade"
    assert said(agreement).purpose == "Acessibilidade"
    assert said(agreement).ends_on == date(2029, 3, 1)
    assert said(agreement, FIRST).ends_on == date(2028, 3, 1)


def test_what_is_said_of_days_before_the_first_picture_is_read_from_it(app_on_each_database: Any) -> None:
    agreement = created()
    agreements.change_processing(
        ACTOR,
        agreement_id=agreement,
        data=ProcessingData(purpose="Acessibilidade"),
        holds_from=date(2026, 1, 1),
        reason="Dados completados",
    )
    assert said(agreement, date(2026, 1, 1)).object == "Tradução de audiências"
    assert said(agreement).purpose == "Acessibilidade"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["purpose", "guarantees"]), st.text("abc", max_size=3))))
def test_on_every_day_the_last_word_said_for_that_day_or_before_counts(
    app: Any, told: list[tuple[int, str, str]]
) -> None:
    with act(ACTOR) as work:
        operator, _ = operators.find_or_add(
            work, cnpj=make_cnpj(62).value, foreign_id=None, name="Operador", regime=None
        )
        agreement = Agreement(
            operator_id=operator.id,
            kind=AgreementKind.CONTRATO,
            number=f"{clock.now().timestamp()}",
            created_at=work.now,
        )
        work.session.add(agreement)
        work.session.flush()
        options: dict[str, Any] = {"recorded_at": work.now, "recorded_by_id": None, "reason": "r"}
        register.add_revision(work.session, agreement, holds_from=FIRST, purpose="", guarantees="", **options)
        for after, field, value in told:
            register.add_revision(
                work.session, agreement, holds_from=FIRST + timedelta(days=after), **{field: value}, **options
            )
        rows = register.revisions(work.session, agreement.id)
        for after in range(42):
            picture = register.holding_on(rows, FIRST + timedelta(days=after))
            for field in ("purpose", "guarantees"):
                expected = next((value for day, name, value in reversed(told) if name == field and day <= after), "")
                assert getattr(picture, field) == expected
        assert agreement.current_revision_id == max(rows, key=lambda row: (row.holds_from, row.id)).id


def test_lists_nobody_answered_are_null_in_the_database(app_on_each_database: Any) -> None:
    created()
    with db.engine.connect() as connection:
        row = connection.execute(text("SELECT count(*) FROM agreement_revision WHERE data_categories IS NULL")).scalar()
    assert row == 1


def test_what_is_missing_shrinks_as_it_is_answered_and_no_counts_as_an_answer(app_on_each_database: Any) -> None:
    agreement = created()
    with look() as session:
        assert set(register_lists.missing_of(session, agreement)) == set(register_lists.MISSING)
    agreements.change_processing(
        ACTOR,
        agreement_id=agreement,
        data=ProcessingData(
            purpose="Acessibilidade",
            sensitive=False,
            children=False,
            data_categories=(DataCategory.IMAGE_VOICE,),
            subject_groups=(SubjectGroup.PARTIES,),
        ),
        holds_from=FIRST,
        reason="Dados completados",
    )
    agreements.register_people(
        ACTOR,
        agreement_id=agreement,
        data=PeopleData(
            role=Role.OPERATOR,
            gestor=Person("Otávio Lins"),
            fiscal=Person("Marina Queiroz"),
            preposto=Person("Iara Bastos", "iara@ipe.example"),
        ),
    )
    with look() as session:
        left = set(register_lists.missing_of(session, agreement))
        (line,), _ = register_lists.agreement_lines(session, offset=0, limit=5)
    answered = {
        "purpose",
        "sensitive",
        "children",
        "data_categories",
        "subject_groups",
        "role",
        "gestor",
        "fiscal",
        "preposto",
    }
    assert left == set(register_lists.MISSING) - answered
    assert line.missing == len(left)


def test_an_approved_absence_of_personal_data_leaves_nothing_to_complete(app_on_each_database: Any) -> None:
    agreement = created()
    agreements.propose_role(
        ACTOR, agreement_id=agreement, role=Role.NO_PERSONAL_DATA, justification="Só fornecimento de papel."
    )
    with look() as session:
        assert register_lists.missing_of(session, agreement)
    agreements.decide_role(ENCARREGADO, agreement_id=agreement, approve=True)
    with look() as session:
        assert register_lists.missing_of(session, agreement) == ()
        _, total = register_lists.agreement_lines(session, only_incomplete=True, offset=0, limit=5)
    assert total == 0
    assert said(agreement).role_approved_by == "Helena Prado"


def test_only_the_encarregado_decides_about_a_role(app_on_each_database: Any) -> None:
    agreement = created()
    agreements.propose_role(
        ACTOR, agreement_id=agreement, role=Role.JOINT_CONTROLLER, justification="Decidem juntos a pesquisa."
    )
    with pytest.raises(UseCaseError):
        agreements.decide_role(ACTOR, agreement_id=agreement, approve=True)
    assert said(agreement).role_approved_on is None


def test_procurement_cannot_dispense(app_on_each_database: Any) -> None:
    agreement = created()
    with pytest.raises(UseCaseError):
        agreements.decide_dispensation(
            ACTOR, agreement_id=agreement, ground=DispensationGround.ART_6_P2, detail="Entre unidades de pessoas."
        )


def test_a_dispensation_waives_the_twelve_and_its_withdrawal_brings_them_back(app_on_each_database: Any) -> None:
    agreement = created()
    agreements.decide_dispensation(
        ENCARREGADO, agreement_id=agreement, ground=DispensationGround.ART_6_P2, detail="Entre unidades de pessoas."
    )
    with look() as session:
        assert session.get_one(Standing, agreement).verdicts.split() == ["not_applicable"] * 12
    agreements.decide_dispensation(ENCARREGADO, agreement_id=agreement, ground=None, detail="Não era entre unidades.")
    with look() as session:
        assert "not_applicable" not in session.get_one(Standing, agreement).verdicts.split()


def test_ending_makes_disposal_due_and_undoing_it_takes_that_back(app_on_each_database: Any) -> None:
    agreement = created()
    ended = clock.today() - timedelta(days=3)
    agreements.end_agreement(
        ACTOR, agreement_id=agreement, ended_on=ended, end_reason=EndReason.PURPOSE_MET, reason="Entrega concluída"
    )
    with look() as session:
        assert session.get_one(Standing, agreement).stage == "ending"
    agreements.undo_end(ACTOR, agreement_id=agreement, reason="Registrado no acordo errado")
    with look() as session:
        assert session.get_one(Standing, agreement).stage == "in_force"
    page = agreements.show(agreement_id=agreement)
    assert len(page.history) >= 3


def test_a_raised_exposure_counts_and_a_tier_below_the_sum_changes_nothing(app_on_each_database: Any) -> None:
    agreement = created()
    agreements.raise_exposure(
        ACTOR, agreement_id=agreement, tier=Exposure.HIGH, reason="Houve incidente em contrato igual"
    )
    with look() as session:
        assert session.get_one(Standing, agreement).exposure is Exposure.HIGH
    agreements.raise_exposure(ACTOR, agreement_id=agreement, tier=None, reason="O risco foi afastado")
    with look() as session:
        assert session.get_one(Standing, agreement).exposure is Exposure.LOW


def test_contacts_are_corrected_and_replaced_without_losing_who_answered_before(app_on_each_database: Any) -> None:
    agreement = created()
    with look() as session:
        operator = session.get_one(Agreement, agreement).operator_id
    begun = clock.today() - timedelta(days=10)
    first = operators.add_contact(
        ACTOR, operator_id=operator, role=ContactRole.PREPOSTO, name="Iara", email="iara@ipe.example", since=begun
    )
    operators.correct_contact(
        ACTOR,
        operator_id=operator,
        lineage=first,
        role=ContactRole.PREPOSTO,
        name="Iara Bastos",
        email="iara@ipe.example",
        since=begun,
    )
    operators.add_contact(
        ACTOR, operator_id=operator, role=ContactRole.PREPOSTO, name="Caio", email="caio@ipe.example", replaces=first
    )
    page = operators.show(operator_id=operator)
    assert [contact.name for contact in page.contacts] == ["Caio"]
    assert [contact.name for contact in page.former_contacts] == ["Iara Bastos"]
    assert page.former_contacts[0].until == clock.today() - timedelta(days=1)
    with look() as session:
        versions = session.scalars(select(Contact.name).order_by(Contact.id)).all()
    assert versions == ["Iara", "Iara Bastos", "Iara Bastos", "Caio"]


def test_people_registered_together_are_corrected_and_never_removed_by_a_blank(app_on_each_database: Any) -> None:
    agreement = created()
    agreements.register_people(
        ACTOR, agreement_id=agreement, data=PeopleData(fiscal=Person("Marina", document="Portaria 1/2026"))
    )
    assert agreements.register_people(ACTOR, agreement_id=agreement, data=PeopleData()) is False
    agreements.register_people(
        ACTOR, agreement_id=agreement, data=PeopleData(fiscal=Person("Marina Queiroz", document="Portaria 1/2026"))
    )
    page = agreements.show(agreement_id=agreement)
    assert [(row.role, row.name) for row in page.stewards] == [(StewardRole.FISCAL, "Marina Queiroz")]


def test_a_regime_that_changes_is_judged_again_in_every_agreement(app_on_each_database: Any) -> None:
    agreement = created()
    page = agreements.show(agreement_id=agreement)
    assert page.judgement.remarks == ()
    operators.change_operator(
        ACTOR, operator_id=page.identity.operator_id, name="Ipê Amarelo Ltda.", regime=Regime.PUBLIC
    )
    assert any("pública" in remark for remark in agreements.show(agreement_id=agreement).judgement.remarks)


def test_the_register_as_known_at_a_moment_does_not_know_what_came_later(app_on_each_database: Any, make: Any) -> None:
    from vendor_tracker.usecases import judging

    then = datetime(2026, 6, 30, 12, tzinfo=UTC)
    agreement = make.agreement(recorded_at=then, signed_on=FIRST, starts_on=FIRST, holds_from=FIRST)
    agreements.change_processing(
        ACTOR, agreement_id=agreement, data=ProcessingData(sensitive=True), holds_from=FIRST, reason="Completado"
    )
    with look() as session:
        past = judging.assess(session, agreement, on=date(2026, 7, 1))
        now = judging.assess(session, agreement, on=clock.today())
    assert past.facts.sensitive is None
    assert now.facts.sensitive is True


def test_a_description_for_documents_says_what_is_known_and_nothing_else(app_on_each_database: Any) -> None:
    agreement = created()
    with look() as session:
        bare = describing.description_of(session, agreement, body=Body(), on=clock.today())
    assert bare.number == "00044/2026"
    assert bare.operator.name == "Ipê Amarelo Ltda."
    assert bare.purpose is None
    assert bare.sub_operators is None
    assert bare.gestor is None
    agreements.change_processing(
        ACTOR,
        agreement_id=agreement,
        data=ProcessingData(
            purpose="Acessibilidade", uses_sub_operators=False, system_access=True, external_hosting=False
        ),
        holds_from=FIRST,
        reason="Completado",
    )
    agreements.register_people(
        ACTOR,
        agreement_id=agreement,
        data=PeopleData(
            gestor=Person("Otávio Lins"),
            preposto=Person("Iara Bastos", "iara@ipe.example"),
            channel=Person("Central de incidentes", phone="(61) 0000-0000", reachable_always=True),
        ),
    )
    with look() as session:
        told = describing.description_of(session, agreement, body=Body(), on=clock.today())
    assert told.purpose == "Acessibilidade"
    assert told.sub_operators == ()
    assert told.gestor == "Otávio Lins"
    assert told.operator.preposto_email == "iara@ipe.example"
    assert told.operator.incident_channel == "(61) 0000-0000"
    assert told.hosting == "sem hospedagem fora do órgão, com acesso a sistemas do órgão"
    agreements.add_sub_operator(ACTOR, agreement_id=agreement, name="Nuvem Serrana", country="IE", activity="Guarda")
    with look() as session:
        chained = describing.description_of(session, agreement, body=Body(), on=clock.today())
    assert chained.sub_operators is not None
    assert chained.sub_operators[0].country == "Irlanda"


def test_what_does_not_exist_is_said_to_be_not_found(app_on_each_database: Any) -> None:
    with pytest.raises(NotFoundError):
        agreements.show(agreement_id=7)
    with pytest.raises(NotFoundError):
        operators.show(operator_id=7)
    with pytest.raises(NotFoundError):
        agreements.end_steward(ACTOR, agreement_id=7, lineage=1, until=clock.today())
    with look() as session, pytest.raises(NotFoundError):
        describing.description_of(session, 7, body=Body(), on=clock.today())


def test_two_people_who_register_the_same_at_the_same_moment_make_one_agreement(
    app_on_each_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    created()
    monkeypatch.setattr(register, "agreement_by_number", lambda *_args, **_kwargs: None)
    with pytest.raises(ConflictError, match="por outra pessoa"):
        created()
    with look() as session:
        assert len(session.scalars(select(Agreement)).all()) == 1
        assert len(session.scalars(select(TrailEntry)).all()) == 1


def test_two_people_who_register_an_operator_at_the_same_moment_make_one(
    app_on_each_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = make_cnpj(63).value
    operators.register_operator(ACTOR, cnpj=number, name="Ipê", regime=None)
    monkeypatch.setattr(register, "operator_by_cnpj", lambda *_args, **_kwargs: None)
    with pytest.raises(ConflictError, match="por outra pessoa"):
        operators.register_operator(ACTOR, cnpj=number, name="Ipê", regime=None)
