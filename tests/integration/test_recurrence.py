"""What opens requests: the rhythm decided for an agreement, and facts on record, each once and saying why."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from contracts.policy import Policy
from contracts.vocabulary import (
    ContactRole,
    DayRule,
    Exposure,
    IncidentSource,
    InstrumentKind,
    Occasion,
    RequestKind,
    RequestState,
    RhythmKind,
    UserRole,
)
from tests.rig.pncp import contract, contracts_file, term, terms_file
from vendor_tracker.usecases.work import Actor

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FISCAL = Actor("fiscal@orgao.example", role=UserRole.FISCAL, display="Fiscal Fictícia")


@pytest.fixture
def at() -> Iterator[Callable[..., None]]:
    """A clock that stands still and can be moved: ``at(days=3)`` counts from the start."""
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda **later: traveller.move_to(START + timedelta(**later))


def register(make: Any, **revision: Any) -> int:
    """Make an agreement in force, registered a month ago, whose operator has a preposto and an incident channel."""
    operator = make.operator()
    before = START - timedelta(days=30)
    make.contact(operator, since=date(2026, 1, 1), recorded_at=before)
    make.contact(
        operator, role="incident_channel", email="incidentes@fornecedor.example", since=date(2026, 1, 1),
        recorded_at=before, name="Central",
    )  # fmt: skip
    values = {
        "signed_on": date(2026, 1, 5),
        "starts_on": date(2026, 1, 5),
        "ends_on": date(2030, 12, 31),
        "purpose": "Hospedar sistemas",
        **revision,
    }
    return int(make.agreement(operator, recorded_at=before, **values))


def rows(table: type[Any]) -> list[Any]:
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from vendor_tracker.store.base import db

    with Session(db.engine) as session:
        return list(session.scalars(select(table).order_by(table.id)))


def plan() -> Any:
    from vendor_tracker.usecases import planning

    return planning.plan_requests()


def first_round(at: Callable[..., None]) -> None:
    """Ask the first complete request, and close it, so that nothing is open that a fact could join."""
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import requesting

    plan()
    for request in rows(Request):
        requesting.cancel(FISCAL, request_id=request.id, reason="Encerrada para o ensaio")
    at(days=1)
    plan()
    for request in rows(Request):
        if request.state is RequestState.OPEN:
            requesting.cancel(FISCAL, request_id=request.id, reason="Encerrada para o ensaio")
    at(days=3)


def incident(app: Any, agreement_id: int, *, learned_at: datetime | None = None, title: str = "Acesso indevido") -> int:
    from vendor_tracker import clock
    from vendor_tracker.usecases import conduct

    moment = learned_at or clock.now()
    return conduct.record(
        FISCAL,
        app.extensions["vendor_tracker.files"],
        agreement_id=agreement_id,
        slug="incidente",
        values={
            "title": title,
            "learned_at": moment,
            "suspected_at": moment,
            "reported_at": moment,
            "source": IncidentSource.OPERATOR,
        },
    )


def choose(kind: RhythmKind = RhythmKind.OWN, **more: Any) -> Any:
    from vendor_tracker import clock
    from vendor_tracker.usecases.rhythms import RhythmChoice

    values = {"holds_from": clock.today(), **more}
    if kind is RhythmKind.OWN:
        values = {"months": 3, "rule": DayRule.NTH_WORKING, "number": 5, **values}
    return RhythmChoice(kind, **values)


# ----------------------------------------------------------------------------------------------------------------------
# Rhythms
# ----------------------------------------------------------------------------------------------------------------------
def test_an_agreement_is_asked_on_the_days_that_were_shown_when_its_rhythm_was_decided(
    app: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store import trails
    from vendor_tracker.usecases import rhythms
    from vendor_tracker.usecases.work import look

    agreement = register(make)
    plan()
    at(days=1)
    choice = choose(holds_from=date(2026, 6, 1))
    preview = rhythms.preview_rhythm(agreement_id=agreement, choice=choice)
    assert preview.sentence == "a cada 3 meses, no 5º dia útil"
    assert preview.coming == (date(2026, 6, 8), date(2026, 9, 8), date(2026, 12, 7), date(2027, 3, 5))
    assert rhythms.set_rhythm(FISCAL, agreement_id=agreement, choice=choice, reason="Pedido da fiscalização")
    assert not rhythms.set_rhythm(FISCAL, agreement_id=agreement, choice=choice, reason="De novo"), "nothing changed"
    for shown, missed in zip(preview.coming, (0, 0, 3, 0), strict=True):
        day = (shown - START.date()).days
        at(days=day - 1)
        plan()  # What is asked every month.
        answer_all()
        known = len(complete_requests())
        at(days=day + missed)  # A night or three may be missed.
        plan()
        plan()
        assert [request.opened_on for request in complete_requests()[known:]] == [shown + timedelta(days=missed)]
        answer_all()
    keys = [request.period_key for request in complete_requests()[1:]]
    assert keys == [f"cadence:{agreement}:complete:{month}" for month in ("2026-06", "2026-09", "2026-12", "2027-03")]
    with look() as session:
        [line] = [entry for entry in trails.entries(session) if entry.act == "rhythm_set"]
    assert "a cada 3 meses, no 5º dia útil" in line.summary


def complete_requests() -> list[Any]:
    from vendor_tracker.store.tables import Request

    return [request for request in rows(Request) if ":complete:" in (request.period_key or "")]


def answer_all() -> None:
    """Take what is open for answered, as far as the planning sees it: withdrawn."""
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import requesting

    for request in rows(Request):
        if request.state is RequestState.OPEN:
            requesting.cancel(FISCAL, request_id=request.id, reason="Encerrada para o ensaio")


def test_a_suspension_holds_back_what_is_periodic_and_what_it_held_back_is_asked_at_its_end(
    app: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import AgreementRhythm
    from vendor_tracker.usecases import rhythms

    agreement = register(make)
    rhythms.set_rhythm(
        FISCAL,
        agreement_id=agreement,
        choice=choose(RhythmKind.SUSPENDED, until=date(2026, 3, 31)),
        reason="Execução suspensa",
    )
    assert plan().opened == 0
    page = rhythms.rhythm_page(agreement_id=agreement)
    assert page.view.sentence == "suspensa até 31/03/2026"
    assert page.view.coming[0] == date(2026, 4, 1)
    incident(app, agreement)
    assert plan().by_fact == 1, "a fact is not periodic"
    at(days=29)
    assert plan().opened == 0
    at(days=30)
    assert plan().opened == 1
    rhythms.set_rhythm(FISCAL, agreement_id=agreement, choice=choose(holds_from=date(2026, 9, 1)), reason="Primeira")
    rhythms.set_rhythm(
        FISCAL, agreement_id=agreement, choice=choose(holds_from=date(2026, 9, 1), months=6), reason="Segunda"
    )
    kept = rows(AgreementRhythm)
    assert [(row.reason, row.superseded_at is None) for row in kept] == [
        ("Execução suspensa", True), ("Primeira", False), ("Segunda", True),
    ]  # fmt: skip
    assert kept[2].lineage == kept[1].lineage, "what had not begun is taken the place of, and stays on record"


def test_a_decision_that_cannot_be_is_refused_beside_its_field(app: Any, make: Any, at: Any) -> None:
    from vendor_tracker.usecases import rhythms
    from vendor_tracker.usecases.work import UseCaseError

    agreement = register(make)
    for choice, field in (
        ({"holds_from": date(2026, 3, 1)}, "holds_from"),
        ({"holds_from": date(2031, 3, 3)}, "holds_from"),
        ({"months": 61}, "months"),
        ({"number": 11}, "months"),
        ({"kind": RhythmKind.SUSPENDED, "until": date(2026, 3, 1)}, "until"),
        ({"kind": RhythmKind.SUSPENDED}, "until"),
        ({"kind": RhythmKind.DEFAULT}, None),
    ):
        with pytest.raises(UseCaseError) as refused:
            rhythms.set_rhythm(FISCAL, agreement_id=agreement, choice=choose(**choice), reason="Ensaio")
        assert refused.value.field == field
    with pytest.raises(UseCaseError, match="motivo"):
        rhythms.set_rhythm(FISCAL, agreement_id=agreement, choice=choose(), reason=" ")


# ----------------------------------------------------------------------------------------------------------------------
# Facts
# ----------------------------------------------------------------------------------------------------------------------
def by_fact() -> list[Any]:
    from vendor_tracker.store.tables import RequestOccasion

    return rows(RequestOccasion)


def items_of(request_id: int) -> list[tuple[str, str]]:
    from vendor_tracker.store.tables import RequestItem

    return [
        (item.inciso, item.evidence_kind.value if item.evidence_kind else "")
        for item in rows(RequestItem)
        if item.request_id == request_id
    ]


def test_each_kind_of_fact_asks_once_what_its_rule_says_with_its_record(app: Any, make: Any, at: Any) -> None:
    from vendor_tracker.store.tables import Contact, Request
    from vendor_tracker.usecases import agreements, instruments, operators, requesting
    from vendor_tracker.usecases.instruments import PaperData

    agreement = register(make)
    first_round(at)
    operator = requesting.request_page(FISCAL, 1).head.operator_id
    files = app.extensions["vendor_tracker.files"]
    channel = next(row for row in rows(Contact) if row.role is ContactRole.INCIDENT_CHANNEL)

    def new_paper() -> object:
        data = PaperData(InstrumentKind.ADITIVO, "1º termo aditivo", date(2026, 3, 30), signed_by_both=True)
        return instruments.register_instrument(FISCAL, files, agreement_id=agreement, data=data, upload=None)

    steps: list[tuple[Callable[[], object], Occasion, list[tuple[str, str]]]] = [
        (lambda: incident(app, agreement), Occasion.INCIDENT, [("XI", ""), ("II", "")]),
        (
            lambda: agreements.add_sub_operator(FISCAL, agreement_id=agreement, name="Nuvem Terceira Ltda."),
            Occasion.SUB_OPERATOR,
            [("VI", "processing_record"), ("VII", "directives_acknowledgement"), ("VIII", "")],
        ),
        (new_paper, Occasion.INSTRUMENT, [("III", "communication_calendar"), ("VI", "")]),
        (
            lambda: operators.correct_contact(
                FISCAL,
                operator_id=operator,
                lineage=channel.lineage,
                role=ContactRole.INCIDENT_CHANNEL,
                name="Central",
                email="alertas@fornecedor.example",
            ),
            Occasion.CONTACT_CHANGED,
            [("I", "incident_channel")],
        ),
    ]
    for number, (happen, occasion, wanted) in enumerate(steps, 1):
        at(days=4 + 10 * number)
        plan()  # What is asked every month.
        answer_all()
        happen()
        report = plan()
        assert (report.by_fact, report.joined) == (1, 0), occasion
        assert plan().opened == 0, "once"
        noted = by_fact()[-1]
        request = rows(Request)[-1]
        assert (noted.occasion, noted.request_id, noted.joined) == (occasion, request.id, False)
        assert request.period_key == noted.key == f"event:{agreement}:{occasion}:{noted.key.rpartition(':')[2]}"
        assert items_of(request.id) == wanted
        assert "art. 14" in request.reason
        [view] = requesting.request_page(FISCAL, request.id).occasions
        assert view.record.label
        answer_all()
    assert len(by_fact()) == len(steps)


def test_a_raised_exposure_asks_everything_counts_as_complete_and_puts_an_audit_on_the_plan(
    app: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import Audit, Request
    from vendor_tracker.usecases import agreements, rhythms

    agreement = register(make)
    first_round(at)
    at(days=20)
    agreements.raise_exposure(
        FISCAL, agreement_id=agreement, tier=Exposure.HIGH, reason="Decisão do comitê sobre o serviço"
    )
    assert plan().by_fact == 1
    [noted] = by_fact()
    assert noted.key == f"event:{agreement}:exposure_raised:2026-03-22"
    assert len({inciso for inciso, _ in items_of(rows(Request)[-1].id)}) >= 10
    [audit] = rows(Audit)
    assert audit.planned_on == date(2027, 1, 7), "twelve months from the beginning, on a working day"
    view = rhythms.rhythm_page(agreement_id=agreement).view
    assert view.coming[0] == date(2026, 9, 22), "six months from the request that asked everything"
    answer_all()
    at(days=21)
    assert plan().by_fact == 0
    assert len(rows(Audit)) == 1


def test_a_fact_joins_the_request_that_the_operator_has_with_one_letter(app: Any, make: Any, at: Any) -> None:
    from vendor_tracker.store.tables import Message, Request
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.requesting import NewItem

    agreement = register(make)
    first_round(at)
    open_id = requesting.create_request(
        FISCAL,
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        items=[NewItem("XI", "Incidentes", "Houve incidente?")],
        due_on=date(2026, 3, 30),
        reason="Pedido da fiscalização",
    )
    letters = len(rows(Message))
    incident(app, agreement)
    report = plan()
    assert (report.opened, report.joined) == (0, 1)
    assert items_of(open_id) == [("XI", ""), ("II", "")], "only what was not asked yet"
    [letter] = rows(Message)[letters:]
    assert letter.kind == "request_joined"
    assert "itens novos" in letter.subject
    incident(app, agreement, title="Outro acesso indevido")
    assert plan().joined == 1
    assert len(items_of(open_id)) == 2, "it asks all of it already"
    assert len(rows(Message)) == letters + 1, "so no letter is needed"
    assert [view.joined for view in requesting.request_page(FISCAL, open_id).occasions] == [True, True]
    # With little time left to answer, what is asked is asked apart.
    at(days=20)
    incident(app, agreement, title="Terceiro")
    assert plan().by_fact == 1
    assert rows(Request)[-1].id != open_id


def test_a_fact_goes_with_what_is_due_the_same_night_and_may_wait_for_what_is_due_within_the_month(
    app: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import agreements, rhythms

    agreement = register(make)
    incident(app, agreement)
    report = plan()
    assert (report.opened, report.by_fact) == (1, 0)
    assert [noted.joined for noted in by_fact()] == [True]
    assert "incidente conhecido em 02/03/2026" in rows(Request)[0].reason
    answer_all()
    at(days=2)
    plan()  # What is asked every month.
    answer_all()
    rhythms.set_rhythm(
        FISCAL, agreement_id=agreement, choice=choose(months=1, holds_from=date(2026, 4, 6)), reason="Acompanhamento"
    )
    agreements.add_sub_operator(FISCAL, agreement_id=agreement, name="Nuvem Terceira Ltda.")
    at(days=10)
    assert plan().opened == 0, "a complete request is due within the month"
    at(days=36)
    assert plan().opened == 1
    assert [noted.occasion for noted in by_fact()] == [Occasion.INCIDENT, Occasion.SUB_OPERATOR]


def test_old_facts_and_what_came_with_the_agreement_ask_nothing(app: Any, make: Any, at: Any) -> None:
    from vendor_tracker.usecases import agreements, parameters

    agreement = register(make)
    first_round(at)
    incident(app, agreement, learned_at=START - timedelta(days=31))
    agreements.add_sub_operator(FISCAL, agreement_id=agreement, name="Antiga Ltda.", since=date(2026, 1, 10))
    assert plan().opened == 0
    new = register(make)
    at(days=4)
    assert plan().by_fact == 0
    assert new
    incident(app, agreement, learned_at=START)
    parameters.decide_parameter(
        FISCAL,
        key="event_requests",
        since=date(2026, 3, 6),
        value={
            "incident": 0,
            "sub_operator": 1,
            "instrument": 1,
            "contact_changed": 1,
            "exposure_raised": 1,
        },
        decided_by="Encarregado",
        reason="Em revisão",
    )
    assert plan().by_fact == 0, "switched off"


def test_an_import_of_ninety_agreements_with_their_aditivos_opens_no_request_by_fact(
    app: Any, make: Any, at: Any
) -> None:
    from vendor_tracker import clock
    from vendor_tracker.store.tables import Agreement, AgreementTerm
    from vendor_tracker.usecases import importing, judging, occasions, operators
    from vendor_tracker.usecases.work import look

    at(days=2)
    dates = {"dataAssinatura": "2026-01-20", "dataVigenciaInicio": "2026-02-01", "dataVigenciaFim": "2028-01-31"}
    data = contracts_file(*(contract(number, **dates) for number in range(1, 91)))
    importing.import_file(FISCAL, data=data, filename="contratos.json")
    assert len(rows(Agreement)) == 90
    for agreement in rows(Agreement)[:5]:
        operators.add_contact(
            FISCAL, operator_id=agreement.operator_id, role=ContactRole.PREPOSTO, name="Preposto", email="p@x.example"
        )
    at(days=3)
    first = rows(Agreement)[0]
    for number, signed in (("00001/2026", "2026-01-25"), ("00002/2026", "2026-02-28")):
        importing.import_file(
            FISCAL,
            data=terms_file(n1=[term(numeroTermoContrato=number, dataAssinatura=signed)]),
            filename="termos.json",
        )
    assert len(rows(AgreementTerm)) == 2
    with look() as session:
        today = clock.today()
        found = occasions.found(
            session, judging.assess_many(session, None, on=today), on=today, parameters=Policy.load().on(today)
        )
    assert {key: [each.key for each in events] for key, events in found.items()} == {
        first.id: [f"event:{first.id}:instrument:2026-02-28"]
    }, "of ninety agreements, only the aditivo of the week asks"
    report = plan()
    assert (report.opened, report.by_fact, report.without_contact) == (5, 0, 85), "and it joins the first request"
    assert [noted.joined for noted in by_fact()] == [True]


def test_three_processes_at_once_ask_about_a_fact_once(app_on_each_database: Any, make: Any, at: Any) -> None:
    from vendor_tracker.store.tables import Request

    agreement = register(make)
    first_round(at)
    before = len(rows(Request))
    incident(app_on_each_database, agreement)
    barrier, errors = threading.Barrier(3), []

    def run() -> None:
        with app_on_each_database.app_context():
            barrier.wait()
            try:
                plan()
            except BaseException as error:  # noqa: BLE001 - whatever it is, the main thread must hear of it
                errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(rows(Request)) == before + 1
    assert len(by_fact()) == 1


def test_the_agenda_tells_the_complete_requests_to_come_of_the_scope_and_leads_to_their_rhythm(
    app: Any, make: Any, at: Any, count_queries: Any
) -> None:
    from contracts.vocabulary import AgendaKind
    from vendor_tracker.usecases import agenda, judging, rhythms

    unit = make.unit()
    own, other = register(make, unit_id=unit), register(make)
    judging.evaluate_register()
    rhythms.set_rhythm(FISCAL, agreement_id=own, choice=choose(holds_from=date(2026, 6, 1)), reason="Pedido da unidade")
    plan()

    def told(month: date, **more: Any) -> list[tuple[date, str]]:
        page = agenda.agenda_page(month=month, view="list", kind=AgendaKind.PLANNED, **more)
        return [(line.day, line.path) for line in page.lines]

    assert told(date(2026, 6, 1)) == [(date(2026, 6, 8), f"/acordos/{own}/periodicidade")]
    assert told(date(2028, 3, 1), scope=agenda.Scope()) == [
        (date(2028, 3, 2), f"/acordos/{other}/periodicidade"),
        (date(2028, 3, 7), f"/acordos/{own}/periodicidade"),
    ], "two years after the first, by the tier"
    assert told(date(2028, 3, 1), scope=agenda.Scope(unit_id=unit)) == [
        (date(2028, 3, 7), f"/acordos/{own}/periodicidade")
    ]
    with count_queries() as few:
        told(date(2028, 3, 1))
    for _ in range(4):
        register(make)
    judging.evaluate_register()
    with count_queries() as many:
        told(date(2028, 3, 1))
    assert int(few) == int(many)
