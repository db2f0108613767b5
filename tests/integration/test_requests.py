"""A request from the night it falls due to the day its answer is accepted, on both databases."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
import time_machine

from contracts.vocabulary import EvidenceKind, RequestKind, RequestState

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""Monday, 2 March 2026, nine o'clock in Brasília."""

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


@pytest.fixture
def at() -> Iterator[Callable[..., None]]:
    """A clock that stands still and can be moved: ``at(days=3)`` counts from the start."""
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda **later: traveller.move_to(START + timedelta(**later))


def register(make: Any, **revision: Any) -> int:
    """Make an agreement in force on the test's days, with a preposto who can be written to."""
    operator = make.operator()
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=30))
    values = {"signed_on": date(2026, 1, 5), "starts_on": date(2026, 1, 5), "ends_on": date(2027, 12, 31), **revision}
    return int(make.agreement(operator, recorded_at=START - timedelta(days=30), **values))


def rows(table: type[Any]) -> list[Any]:
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from vendor_tracker.store.base import db

    with Session(db.engine) as session:
        return list(session.scalars(select(table).order_by(table.id)))


def enter(request_id: int) -> Any:
    """Open the request as the vendor does: by the link of the newest letter."""
    from vendor_tracker.store.base import db
    from vendor_tracker.store.session import reading
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import answering, portal_links

    assert db.engine
    with reading() as session:
        generation = session.get_one(Request, request_id).link_generation
    token = answering.open_session(portal_links.secret_of(request_id, generation), address="192.0.2.1")
    return answering.visit_of(token)


def owed(agreement_id: int) -> set[str]:
    """The incisos about which the rules see something waiting for the vendor."""
    from vendor_tracker.usecases import judging

    waiting = {RequestState.OPEN, RequestState.RETURNED}
    return {each.inciso for each in judging.assess_agreement(agreement_id).facts.requests if each.state in waiting}


def answer_everything(app: Any, visit: Any, *, files: dict[str, bytes] | None = None) -> str:
    from vendor_tracker.usecases import answering

    page = answering.answer_page(visit)
    drafts = {
        item.id: answering.Draft("Segue a prova.", "", item.accepts[0] if len(item.accepts) > 1 else None)
        for item in page.items
    }
    new = tuple(
        answering.NewFile(item.id, f"prova-{item.position}.pdf", BytesIO(PDF + str(item.position).encode()))
        for item in page.items
        if item.wants_file
    )
    saved = answering.save(visit, app.extensions["vendor_tracker.files"], drafts=drafts, new_files=new)
    assert not saved.problems
    return answering.submit(visit, name="Renato Villar", position="Preposto", declared=True)


def test_a_night_of_planning_opens_one_request_with_an_item_for_each_inciso_and_writes_to_the_preposto(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import Message, Request, RequestItem
    from vendor_tracker.usecases import planning

    agreement = register(make)
    report = planning.plan_requests()
    assert (report.opened, report.without_contact) == (1, 0)
    [request] = rows(Request)
    assert (request.year, request.sequence, request.agreement_id) == (2026, 1, agreement)
    assert request.state is RequestState.OPEN
    assert request.kind is RequestKind.INFORMATION
    assert request.due_on == date(2026, 3, 23)  # Twenty days on is a Sunday.
    incisos = {item.inciso for item in rows(RequestItem)}
    assert incisos == set("I II III IV V VI VII VIII IX X XI".split())
    [letter] = rows(Message)
    assert letter.recipient == "preposto@fornecedor.example"
    assert "2026/0001" in letter.subject
    assert "/portal/r/" not in letter.body, "the link is put in when the letter leaves, and stored nowhere"


def test_planning_again_the_same_night_or_the_next_opens_nothing_more(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import Message, Request
    from vendor_tracker.usecases import planning

    register(make)
    planning.plan_requests()
    assert planning.plan_requests().opened == 0
    at(days=1)
    assert planning.plan_requests().opened == 0
    assert len(rows(Request)) == len(rows(Message)) == 1


def test_an_agreement_without_a_preposto_is_counted_and_asked_as_soon_as_there_is_one(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.usecases import planning

    operator = make.operator()
    make.agreement(
        operator,
        recorded_at=START - timedelta(days=30),
        signed_on=date(2026, 1, 5),
        starts_on=date(2026, 1, 5),
        ends_on=date(2027, 12, 31),
    )
    assert planning.plan_requests() == planning.PlanReport(looked_at=1, opened=0, without_contact=1)
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START)
    at(days=1)
    assert planning.plan_requests().opened == 1


def test_two_processes_that_plan_at_once_open_one_request_for_each_agreement(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import Message, Request
    from vendor_tracker.usecases import planning

    agreements = {register(make) for _ in range(3)}
    together(app_on_each_database, planning.plan_requests, 3)
    requests = rows(Request)
    assert sorted(request.agreement_id for request in requests) == sorted(agreements)
    assert sorted(request.sequence for request in requests) == [1, 2, 3]
    assert len(rows(Message)) == 3


def together(app: Any, work: Callable[[], Any], how_many: int) -> list[Any]:
    """Run ``work`` in several threads that start at the same moment, each with its own connection."""
    barrier, results, errors = threading.Barrier(how_many), [], []

    def run() -> None:
        with app.app_context():
            barrier.wait()
            try:
                results.append(work())
            except BaseException as error:  # noqa: BLE001 - whatever it is, the main thread must hear of it
                errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(how_many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors, errors
    return results


def test_two_processes_that_look_at_the_ladder_at_once_send_one_message_a_step(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import Message, RequestEvent
    from vendor_tracker.usecases import escalating, planning

    register(make)
    planning.plan_requests()
    at(days=12)
    reports = together(app_on_each_database, escalating.escalate, 3)
    assert sum(report.steps for report in reports) == 1
    assert [message.kind for message in rows(Message)] == ["request_opened", "request_before"]
    assert [event.kind for event in rows(RequestEvent)] == ["opened", "step:preposto_before_7"]


def test_three_missed_nights_send_one_reminder_and_not_three(app_on_each_database: Any, make: Any, at: Any) -> None:
    from vendor_tracker.store.tables import Message
    from vendor_tracker.usecases import escalating, planning

    register(make)
    planning.plan_requests()
    at(days=28)  # 30 March: five working days past the term of 23 March, and nothing ran since the request left.
    escalating.escalate()
    kinds = [message.kind for message in rows(Message)]
    assert kinds == ["request_opened", "request_overdue_contacts"], "the stewards have no address here"
    escalating.escalate()
    assert len(rows(Message)) == 2


def test_a_missed_planning_is_made_up_for(app_on_each_database: Any, make: Any, at: Any) -> None:
    from vendor_tracker.store.tables import DisposalCase, Request
    from vendor_tracker.usecases import planning

    register(make, ends_on=date(2026, 3, 4), purpose="Atendimento telefônico")
    at(days=6)  # Nobody looked on 5, 6 and 7 March.
    report = planning.open_disposals()
    assert (report.cases, report.requests) == (1, 1)
    [case] = rows(DisposalCase)
    assert (case.triggered_on, case.due_on) == (date(2026, 3, 4), date(2026, 4, 6))  # 3 April is Good Friday.
    [request] = rows(Request)
    assert request.kind is RequestKind.DISPOSAL
    assert request.due_on == date(2026, 4, 6)
    assert planning.open_disposals() == planning.DisposalReport(0, 0)
    assert planning.plan_requests().opened == 0


def test_the_answer_becomes_a_receipt_whose_hash_anybody_can_recompute(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import Evidence, Message, Receipt, Request
    from vendor_tracker.usecases import answering, planning

    register(make)
    planning.plan_requests()
    [request] = rows(Request)
    at(days=3, hours=4, minutes=7, seconds=42)
    visit = enter(request.id)
    protocol = answer_everything(app_on_each_database, visit)
    assert protocol == "2026-0001-" + protocol[-2:]
    assert answering.is_protocol(protocol)
    [receipt] = rows(Receipt)
    content = answering.receipt_content(visit, protocol)
    assert sha256(content.encode()).hexdigest() == receipt.sha256
    said = json.loads(content)
    assert said["recebida_em"] == "2026-03-05T13:07:42.000000-03:00"
    first = said["itens"][0]["arquivos"][0]
    assert first["sha256"] == sha256(PDF + b"1").hexdigest()
    assert rows(Request)[0].state is RequestState.SUBMITTED
    kinds = {evidence.kind for evidence in rows(Evidence)}
    assert EvidenceKind.INCIDENT_CHANNEL in kinds
    assert [message.kind for message in rows(Message)] == ["request_opened", "receipt"]


def test_only_the_items_that_were_returned_open_again_and_the_ladder_starts_anew(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import Message, Request, RequestItem
    from vendor_tracker.usecases import answering, escalating, planning, requesting
    from vendor_tracker.usecases.work import Actor, act

    register(make)
    planning.plan_requests()
    [request] = rows(Request)
    answer_everything(app_on_each_database, enter(request.id))
    items = rows(RequestItem)
    for item in items[1:]:
        with act(Actor("fiscal")) as work:
            requesting.item_decided(work, item.id, accepted=True)
            work.trail("decided", "request", request.id, "Item aceito.")
    assert rows(Request)[0].state is RequestState.SUBMITTED
    at(days=10)
    with act(Actor("fiscal")) as work:
        requesting.item_decided(work, items[0].id, accepted=False, reason="Falta o contato que atende a qualquer hora.")
        work.trail("decided", "request", request.id, "Item devolvido.")
    [request] = rows(Request)
    assert request.state is RequestState.RETURNED
    assert request.due_on == date(2026, 4, 6)  # Twenty days on falls in Holy Week.
    letter = rows(Message)[-1]
    assert letter.kind == "request_returned"
    assert "Falta o contato que atende a qualquer hora." in letter.body
    assert owed(request.agreement_id) == {items[0].inciso}, "what was accepted is not owed again"
    page = answering.answer_page(enter(request.id))
    assert [item.position for item in page.items] == [1]
    assert page.items[0].returned_because == "Falta o contato que atende a qualquer hora."
    assert len(page.closed) == len(items) - 1
    at(days=22)
    escalating.escalate()
    assert rows(Message)[-1].kind == "request_before"
    protocol = answer_everything(app_on_each_database, enter(request.id))
    assert protocol.startswith("2026-0002-")
    with act(Actor("fiscal")) as work:
        requesting.item_decided(work, items[0].id, accepted=True)
        work.trail("decided", "request", request.id, "Item aceito.")
    assert rows(Request)[0].state is RequestState.ACCEPTED
    assert rows(Message)[-1].kind == "request_accepted"


def test_the_database_holds_no_link_that_opens(app_on_each_database: Any, make: Any, at: Any) -> None:
    from sqlalchemy import MetaData, select

    from vendor_tracker.store.base import db
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import outbox, planning, portal_links

    register(make)
    planning.plan_requests()
    [request] = rows(Request)
    sent: list[Any] = []

    class Postbox:
        def send(self, mail: Any) -> outbox.Delivery:
            sent.append(mail)
            return outbox.Delivery(outbox.Outcome.SENT, "250 ok")

    outbox.deliver_waiting(Postbox(), worker="here")
    secret = portal_links.secret_of(request.id, 1)
    assert f"http://127.0.0.1/portal/r/{secret}" in sent[0].body
    metadata = MetaData()
    metadata.reflect(db.engine)
    with db.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                assert not any(secret in str(value) for value in row), table.name


def test_a_reissued_link_replaces_the_old_one_and_ends_its_sessions(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import Message, Request
    from vendor_tracker.usecases import answering, planning, portal_links, requesting
    from vendor_tracker.usecases.work import Actor, NotFoundError

    register(make)
    planning.plan_requests()
    [request] = rows(Request)
    old = portal_links.secret_of(request.id, 1)
    token = answering.open_session(old, address="192.0.2.1")
    requesting.reissue_link(Actor("fiscal"), request_id=request.id)
    with pytest.raises(answering.LinkGoneError, match="substituído"):
        answering.landing_page(old, address="192.0.2.1")
    with pytest.raises(answering.LinkGoneError, match="substituído"):
        answering.visit_of(token)
    with pytest.raises(NotFoundError):
        answering.landing_page(old[:-1] + ("A" if old[-1] != "A" else "B"), address="192.0.2.1")
    assert answering.landing_page(portal_links.secret_of(request.id, 2), address="192.0.2.1").head.number == "2026/0001"
    assert rows(Message)[-1].kind == "request_link"


def test_a_link_lives_until_the_end_of_its_last_day_in_sao_paulo(app_on_each_database: Any, make: Any, at: Any) -> None:
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import answering, planning, portal_links

    register(make)
    planning.plan_requests()
    [request] = rows(Request)
    secret = portal_links.secret_of(request.id, 1)
    # Fifteen days after 23 March: 7 April, which ends at 03:00 UTC of the 8th.
    with time_machine.travel(datetime(2026, 4, 8, 2, 59, 59, tzinfo=UTC), tick=False):
        assert answering.landing_page(secret, address="192.0.2.1")
    with (
        time_machine.travel(datetime(2026, 4, 8, 3, 0, tzinfo=UTC), tick=False),
        pytest.raises(answering.LinkGoneError, match="terminou em 07/04/2026"),
    ):
        answering.landing_page(secret, address="192.0.2.1")


def test_many_unknown_links_from_one_address_have_to_wait(app_on_each_database: Any, make: Any, at: Any) -> None:
    from vendor_tracker.usecases import answering
    from vendor_tracker.usecases.work import NotFoundError

    for number in range(answering.WRONG_LINKS):
        with pytest.raises(NotFoundError):
            answering.landing_page(f"invented-{number}", address="192.0.2.9")
    with pytest.raises(answering.TooManyLinksError):
        answering.landing_page("invented", address="192.0.2.9")
    with pytest.raises(NotFoundError):
        answering.landing_page("invented", address="192.0.2.10")


def test_an_item_that_cannot_be_delivered_is_answered_by_saying_why(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import Evidence, Request
    from vendor_tracker.usecases import answering, planning

    register(make)
    planning.plan_requests()
    visit = enter(rows(Request)[0].id)
    page = answering.answer_page(visit)
    files = app_on_each_database.extensions["vendor_tracker.files"]
    with pytest.raises(answering.AnswerRefusedError) as refused:
        answering.submit(visit, name="", position="", declared=False)
    assert {"nome", "cargo", "declaro"} < set(refused.value.problems)
    assert len(refused.value.problems) == len(page.items) + 3
    drafts = {item.id: answering.Draft("", "O documento está em elaboração.") for item in page.items}
    answering.save(visit, files, drafts=drafts)
    assert answering.submit(visit, name="Renato Villar", position="Preposto", declared=True)
    assert rows(Evidence) == [], "saying why is no proof"


def test_a_bad_file_costs_neither_the_texts_nor_the_good_files(app_on_each_database: Any, make: Any, at: Any) -> None:
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import answering, planning

    register(make)
    planning.plan_requests()
    visit = enter(rows(Request)[0].id)
    first = answering.answer_page(visit).items[0]
    saved = answering.save(
        visit,
        app_on_each_database.extensions["vendor_tracker.files"],
        drafts={first.id: answering.Draft("Escrito com cuidado.")},
        new_files=(
            answering.NewFile(first.id, "programa.exe", BytesIO(b"MZ\x90\x00" + bytes(200))),
            answering.NewFile(first.id, "enorme.pdf", BytesIO(), too_large=True),
            answering.NewFile(first.id, "boa.pdf", BytesIO(PDF)),
        ),
    )
    assert saved.files == 1
    assert "passa de 25 MB" in saved.problems[f"arquivo-{first.id}"]
    again = answering.answer_page(visit).items[0]
    assert again.draft.text == "Escrito com cuidado."
    assert [file.name for file in again.files] == ["boa.pdf"]


def test_a_file_that_was_taken_back_is_not_delivered_and_stays_on_record(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import AnswerFile, Receipt, Request
    from vendor_tracker.usecases import answering, planning
    from vendor_tracker.usecases.work import ConflictError

    register(make)
    planning.plan_requests()
    visit = enter(rows(Request)[0].id)
    first = answering.answer_page(visit).items[0]
    files = app_on_each_database.extensions["vendor_tracker.files"]
    wrong = answering.NewFile(first.id, "errada.pdf", BytesIO(PDF + b"errada"))
    answering.save(visit, files, drafts={}, new_files=(wrong,))
    [attached] = answering.answer_page(visit).items[0].files
    assert answering.withdraw_file(visit, answer_file_id=attached.id) == "errada.pdf"
    assert answering.answer_page(visit).items[0].files == ()
    answer_everything(app_on_each_database, visit)
    [receipt] = rows(Receipt)
    assert "errada.pdf" not in json.dumps(receipt.content)
    assert len(rows(AnswerFile)) > 1
    with pytest.raises(ConflictError):
        answering.withdraw_file(visit, answer_file_id=rows(AnswerFile)[-1].id)


def test_whoever_is_asked_for_the_commitments_reads_their_shorter_term(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import RequestItem
    from vendor_tracker.usecases import requesting

    agreement = register(make)
    actor = make.user("fiscal")
    kinds = (EvidenceKind.CONFIDENTIALITY_COMMITMENT,)
    items = [
        requesting.NewItem("VIII", "Compromissos", "Envie os compromissos assinados.", kinds, wants_file=True),
        requesting.NewItem(
            "V", "Provas", "Envie as provas de segurança.", (EvidenceKind.PENETRATION_TEST,), wants_file=True
        ),
    ]
    requesting.create_request(
        actor,
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        items=items,
        due_on=START.date() + timedelta(days=21),
        reason="Conferência de rotina.",
    )
    commitments, proofs = rows(RequestItem)
    assert "Exiba-os até" in commitments.question
    assert "5 dias úteis para a exibição é parâmetro administrativo" in commitments.question
    assert proofs.question == "Envie as provas de segurança."


def test_an_extended_term_moves_the_link_and_tells_the_preposto(app_on_each_database: Any, make: Any, at: Any) -> None:
    from vendor_tracker.store.tables import Message, Request
    from vendor_tracker.usecases import planning, requesting
    from vendor_tracker.usecases.work import Actor, UseCaseError

    register(make)
    planning.plan_requests()
    [request] = rows(Request)
    with pytest.raises(UseCaseError, match="expediente"):
        requesting.extend_term(
            Actor("fiscal"), request_id=request.id, due_on=date(2026, 4, 3), reason="Pedido do operador."
        )
    requesting.extend_term(
        Actor("fiscal"), request_id=request.id, due_on=date(2026, 4, 10), reason="Pedido do operador."
    )
    [request] = rows(Request)
    assert (request.first_due_on, request.due_on) == (date(2026, 3, 23), date(2026, 4, 10))
    assert request.link_expires_at == datetime(2026, 4, 26, 3, 0, tzinfo=UTC)
    assert "10 de abril de 2026" in rows(Message)[-1].body


def test_a_refused_request_breaches_what_it_asked_and_is_not_asked_again_next_month(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from contracts.vocabulary import Verdict
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import judging, planning, requesting
    from vendor_tracker.usecases.work import Actor

    agreement = register(make)
    planning.plan_requests()
    [request] = rows(Request)
    requesting.register_refusal(Actor("fiscal"), request_id=request.id, reason="Ofício do operador de 03/03/2026.")
    assert judging.assess_agreement(agreement).finding("V").verdict is Verdict.BREACHED
    at(days=40)
    assert planning.plan_requests().opened == 0


def test_staff_cannot_open_a_request_that_reaches_nobody(app_on_each_database: Any, make: Any, at: Any) -> None:
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor, UseCaseError

    agreement = make.agreement(recorded_at=START - timedelta(days=2))
    item = requesting.NewItem("V", "Certificado", "Envie o certificado.")
    with pytest.raises(UseCaseError, match="preposto"):
        requesting.create_request(
            Actor("fiscal"),
            agreement_id=agreement,
            kind=RequestKind.INFORMATION,
            items=[item],
            due_on=date(2026, 3, 20),
            reason="",
        )
    assert rows(Request) == []


def test_a_receipt_wanted_by_several_at_once_is_set_once_and_is_the_same_for_all(
    app_on_each_database: Any, make: Any, at: Any
) -> None:
    from vendor_tracker.store.tables import ReceiptPaper, Request
    from vendor_tracker.usecases import planning
    from vendor_tracker.usecases.answering.papers import paper_of

    register(make)
    planning.plan_requests()
    protocol = answer_everything(app_on_each_database, enter(rows(Request)[0].id))
    files = app_on_each_database.extensions["vendor_tracker.files"]
    made = together(app_on_each_database, lambda: paper_of(files, protocol), 3)
    [paper] = rows(ReceiptPaper)
    assert {each.sha256 for each in made} == {paper.sha256}
    assert {sha256(each.data).hexdigest() for each in made} == {paper.sha256}
