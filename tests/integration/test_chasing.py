"""From the first reminder to silence: who hears, what comes back, what is asked for, and what a record shows of it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from icalendar import Calendar

from contracts.vocabulary import RequestKind, RequestState

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""Monday, 2 March 2026, nine o'clock in Brasília."""

DUE = date(2026, 3, 23)

PREPOSTO, COLLEAGUE = "preposto@fornecedor.example", "contratos@fornecedor.example"


@pytest.fixture
def at() -> Iterator[Callable[[date], None]]:
    """A clock that stands still at nine of a day of Brasília, and can be moved."""
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda day: traveller.move_to(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


class Server:
    """Carries every mail, except to the addresses that refuse for good."""

    def __init__(self, *refuses: str) -> None:
        self.refuses = set(refuses)
        self.sent: list[Any] = []

    def send(self, mail: Any) -> Any:
        from vendor_tracker.usecases.outbox import Delivery, Outcome

        if mail.recipient in self.refuses:
            return Delivery(Outcome.REFUSED, "550 5.1.1 Caixa inexistente")
        self.sent.append(mail)
        return Delivery(Outcome.SENT, "250 Aceita")

    def deliver(self) -> None:
        from vendor_tracker.usecases import outbox

        outbox.deliver_waiting(self, worker="tests")


def rows(table: Any) -> list[Any]:
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from vendor_tracker.store.base import db

    with Session(db.engine) as session:
        return list(session.scalars(select(table).order_by(table.id)))


@pytest.fixture
def asked(app: Any, make: Any, at: Any) -> int:
    """A request about inciso I with its term on 23 March, under an agreement with a preposto and a fiscal."""
    from contracts.vocabulary import StewardRole
    from vendor_tracker.store.tables import Steward
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    operator = make.operator()
    since = {"since": date(2026, 1, 1), "recorded_at": START - timedelta(days=30)}
    make.contact(operator, email=PREPOSTO, **since)
    days = {"signed_on": date(2026, 1, 5), "starts_on": date(2026, 1, 5), "ends_on": date(2027, 12, 31)}
    agreement = make.agreement(operator, recorded_at=START - timedelta(days=30), **days)
    fiscal = make.user("fiscal")
    make.add(
        Steward(
            agreement_id=agreement,
            role=StewardRole.FISCAL,
            name="Teresa Nóbrega",
            email="fiscal@orgao.example",
            user_id=fiscal.user_id,
            since=date(2026, 1, 5),
            recorded_at=START - timedelta(days=30),
        )
    )
    return requesting.create_request(
        Actor("fiscal"),
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        items=[requesting.NewItem("I", "Canal de incidentes", "Como se comunica um incidente?", wants_file=False)],
        due_on=DUE,
        reason="",
    )


def events(kind: str) -> list[Any]:
    from vendor_tracker.store.tables import RequestEvent

    return [event for event in rows(RequestEvent) if event.kind.partition(":")[0] == kind]


def judged(request_id: int) -> Any:
    """Return the finding about inciso I of the request's agreement, as it stands."""
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import judging

    [agreement] = {row.agreement_id for row in rows(Request) if row.id == request_id}
    return next(each for each in judging.assess_agreement(agreement).findings if each.inciso == "I")


def reasons(request_id: int) -> str:
    return " ".join(answer.reason for leg in judged(request_id).legs.values() for answer in leg.answers).lower()


def climb(at: Any, until: date) -> None:
    """Look at the ladder on every day up to the given one."""
    from vendor_tracker import clock
    from vendor_tracker.usecases import escalating

    day = clock.today()
    while day < until:
        day += timedelta(days=1)
        at(day)
        escalating.escalate()


def last_rung() -> date:
    """Return the day of the last step for the term of the request."""
    from contracts.escalation import ladder
    from vendor_tracker.usecases import judging
    from vendor_tracker.usecases.work import look

    with look() as session:
        policy, workdays = judging.policy_of(session), judging.workdays_of(session)
        return ladder(DUE, policy=policy, on=DUE, workdays=workdays)[-1].day


def enter(request_id: int) -> Any:
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import answering, portal_links

    [generation] = [row.link_generation for row in rows(Request) if row.id == request_id]
    token = answering.open_session(portal_links.secret_of(request_id, generation), address="192.0.2.1")
    return answering.visit_of(token)


def answer(request_id: int) -> None:
    """Answer the request whole, in words."""
    from flask import current_app

    from vendor_tracker.usecases import answering

    visit = enter(request_id)
    [item] = answering.answer_page(visit).items
    answering.save(
        visit,
        current_app.extensions["vendor_tracker.files"],
        drafts={item.id: answering.Draft("Pelo endereço incidentes@fornecedor.example, a qualquer hora.")},
        new_files=(),
    )
    answering.submit(visit, name="Renato Villar", position="Preposto", declared=True)


def decide(request_id: int, *, accepted: bool) -> None:
    from vendor_tracker.store.tables import RequestItem
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    [item] = [row.id for row in rows(RequestItem) if row.request_id == request_id]
    requesting.decide_item(
        Actor("fiscal"),
        request_id=request_id,
        item_id=item,
        accepted=accepted,
        reason="" if accepted else "Incompleta.",
    )


# ----------------------------------------------------------------------------------------------------------------------
# Silence
# ----------------------------------------------------------------------------------------------------------------------
def test_silence_after_the_last_step_is_a_finding_until_the_answer_is_accepted(
    asked: int, at: Any, client: Any, sign_in: Any
) -> None:
    from vendor_tracker.store.tables import Deviation
    from vendor_tracker.usecases import escalating, requesting
    from vendor_tracker.usecases.work import Actor

    server = Server()
    server.deliver()
    last = last_rung()
    assert last > date(2026, 4, 20), "Easter lies between the term and the last step"
    climb(at, last)
    assert rows(Deviation) == [], "the last day is still a day to answer"
    assert enter(asked).request_id == asked, "whoever is urged to answer must be able to, until that day"
    climb(at, last + timedelta(days=1))
    escalating.escalate()
    [fact] = rows(Deviation)
    assert (fact.inciso, fact.source, fact.request_id, fact.settled_on) == ("I", "silence", asked, None)
    assert len(events("silence")) == 1
    assert "silêncio após o último aviso" in reasons(asked)

    sign_in(client, "fiscal")
    page = client.get(f"/requisicoes/{asked}")
    [link] = page.tree.xpath("//a[starts-with(@href, '/fatos/ocorrencia/')]/@href")
    assert "Silêncio após o último aviso" in client.get(link).words
    # The link has run out by now; whoever wants to answer after all gets a new one.
    requesting.reissue_link(Actor("fiscal"), request_id=asked)
    answer(asked)
    assert "silêncio após o último aviso" in reasons(asked), "an answer that nobody has read settles nothing"
    at(date(2026, 5, 4))
    decide(asked, accepted=True)
    newest = rows(Deviation)[-1]
    assert newest.settled_on == last + timedelta(days=1), "it was settled when the answer came, however late we read it"
    assert "silêncio após o último aviso" not in reasons(asked)


def test_a_request_that_reached_nobody_is_our_failure_and_no_silence(
    asked: int, at: Any, client: Any, sign_in: Any
) -> None:
    from contracts.vocabulary import Verdict
    from vendor_tracker.store.tables import Deviation
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    server = Server(PREPOSTO)
    server.deliver()
    for month in (4, 5, 6):
        climb(at, date(2026, month, 28))
        server.deliver()
    assert rows(Deviation) == []
    assert judged(asked).verdict is not Verdict.BREACHED
    assert "não chegou ao operador: nenhuma mensagem foi entregue" in reasons(asked)
    told = [mail.subject for mail in server.sent if mail.recipient == "fiscal@orgao.example"]
    assert any(subject.startswith("Operador não recebe mensagens") for subject in told)
    sign_in(client, "fiscal")
    assert "Nenhuma mensagem desta requisição chegou ao operador." in client.get(f"/requisicoes/{asked}").words
    queue = client.get("/painel").words
    assert f"Corrigir o endereço que não recebe mensagens: {PREPOSTO}" in queue
    server.refuses.clear()
    requesting.reissue_link(Actor("fiscal"), request_id=asked)
    server.deliver()
    at(date(2026, 6, 29))
    assert judged(asked).verdict is Verdict.BREACHED, "from the day on which it was reached, the term counts"


def test_an_address_refused_for_good_hands_the_request_to_the_next_contact_once(
    asked: int, make: Any, at: Any, client: Any, sign_in: Any
) -> None:
    from vendor_tracker.store.tables import Contact, Request
    from vendor_tracker.usecases import escalating, requesting
    from vendor_tracker.usecases.work import Actor

    [preposto] = rows(Contact)
    make.contact(preposto.operator_id, role="encarregado", email=COLLEAGUE, since=date(2026, 1, 1), recorded_at=START)
    server = Server(PREPOSTO)
    server.deliver()
    first, second = escalating.escalate(), escalating.escalate()
    server.deliver()
    assert (first.redirected, second.redirected) == (1, 0)
    [letter] = [mail for mail in server.sent if mail.recipient == COLLEAGUE]
    assert f"A que foi enviada a {PREPOSTO} não pôde ser entregue" in " ".join(letter.body.split())
    assert "/portal/r/" in letter.body
    [event] = events("undelivered")
    assert "550 5.1.1 Caixa inexistente" in event.note
    assert COLLEAGUE in event.note

    sign_in(client, "fiscal")
    page = client.get(f"/operadores/{preposto.operator_id}").words
    assert "Endereço com falha" in page
    assert client.get("/mensagens?situacao=failing").words.count(PREPOSTO) == 1
    # A corrected contact no longer has the address; a later success of the same one would clear it too.
    server.refuses.clear()
    assert rows(Request)[0].state is RequestState.OPEN
    requesting.reissue_link(Actor("fiscal"), request_id=asked)
    at(date(2026, 3, 3))
    server.deliver()
    sign_in(client, "fiscal")
    assert "Endereço com falha" not in client.get(f"/operadores/{preposto.operator_id}").words


# ----------------------------------------------------------------------------------------------------------------------
# A later term
# ----------------------------------------------------------------------------------------------------------------------
def test_while_an_extension_asked_in_time_waits_the_operator_is_not_called_late(asked: int, at: Any) -> None:
    from contracts.vocabulary import Verdict
    from vendor_tracker.store.tables import Request
    from vendor_tracker.usecases import extensions
    from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError

    at(DUE)
    visit = enter(asked)
    with pytest.raises(UseCaseError, match="Pode-se pedir até 22/04/2026"):
        extensions.ask(visit, until=date(2026, 6, 1), reason="Férias.", person="Renato Villar")
    extensions.ask(visit, until=date(2026, 4, 10), reason="Férias coletivas.", person="Renato Villar")
    with pytest.raises(ConflictError, match="Já há um pedido"):
        extensions.ask(visit, until=date(2026, 4, 13), reason="Férias.", person="Renato Villar")
    climb(at, date(2026, 4, 6))
    assert {event.kind for event in events("step")} <= {"step:preposto_before_1", "step:preposto_before_7"}
    assert judged(asked).verdict is not Verdict.BREACHED
    assert "mas a prorrogação, pedida dentro dele, espera por decisão" in reasons(asked)

    remains = extensions.refuse(Actor("fiscal"), request_id=asked, reason="O pedido é simples.")
    assert remains == date(2026, 4, 8), "two working days are left, because our decision came late"
    assert [row.due_on for row in rows(Request)] == [remains]
    with pytest.raises(ConflictError, match="já foi alcançado"):
        extensions.ask(enter(asked), until=date(2026, 4, 13), reason="Férias.", person="Renato Villar")
    climb(at, date(2026, 4, 9))
    assert events("step")[-1].kind == "step:preposto_after_1", "the ladder starts anew from the term that remained"
    assert judged(asked).verdict is Verdict.BREACHED


def test_what_the_operators_calendar_holds_moves_with_the_term_and_is_withdrawn_with_the_request(
    asked: int, at: Any, smtp_server: Any
) -> None:
    from vendor_tracker.mail import SmtpTransport
    from vendor_tracker.usecases import extensions, outbox, requesting
    from vendor_tracker.usecases.work import Actor

    def held() -> list[tuple[str, str, date, int, str]]:
        """Open the calendar of every letter to the preposto: method, identity, day, number, status."""
        found = []
        for received in smtp_server.received:
            for part in received.message.iter_attachments():
                assert part.get_content_type() == "text/calendar"
                assert part.get_param("charset") == "utf-8"
                calendar = Calendar.from_ical(part.get_content())
                [event] = calendar.walk("VEVENT")
                assert str(part.get_param("method")) == str(calendar["METHOD"])
                assert "/portal/" not in part.get_content(), "agendas are shared, and the address is personal"
                found.append(
                    (str(calendar["METHOD"]), str(event["UID"]), event.decoded("DTSTART"), int(event["SEQUENCE"]),
                     str(event["STATUS"]))
                )  # fmt: skip
        return found

    def deliver() -> None:
        sender = SmtpTransport(smtp_server.url, "protecaodedados@orgao.example", "Conselho Nacional de Justiça")
        outbox.deliver_waiting(sender, worker="tests")

    at(date(2026, 3, 10))
    extensions.ask(enter(asked), until=date(2026, 4, 10), reason="Férias coletivas.", person="Renato Villar")
    extensions.grant(Actor("fiscal"), request_id=asked, until=date(2026, 4, 8), reason="Motivo aceito.")
    requesting.cancel(Actor("fiscal"), request_id=asked, reason="Aberta por engano.")
    deliver()
    uid = f"requisicao-{asked}@127.0.0.1"
    assert held() == [
        ("PUBLISH", uid, DUE, 0, "CONFIRMED"),
        ("PUBLISH", uid, date(2026, 4, 8), 1, "CONFIRMED"),
        ("CANCEL", uid, date(2026, 4, 8), 2, "CANCELLED"),
    ]


def test_the_operator_asks_in_the_portal_and_staff_decide_on_a_page(
    asked: int, at: Any, client: Any, sign_in: Any, app: Any
) -> None:
    from tests.rig.app import Inspector
    from vendor_tracker.store.tables import Request, TermExtension
    from vendor_tracker.usecases import portal_links

    at(date(2026, 3, 20))
    [generation] = [row.link_generation for row in rows(Request)]
    vendor = Inspector(app)
    secret = portal_links.secret_of(asked, generation)
    assert vendor.post(f"/portal/r/{secret}").status_code == 303
    assert "Pedir prorrogação" in vendor.get("/portal/requisicao").words
    typed = {"ate": "10/04/2026", "motivo": "", "pessoa": "Renato Villar"}
    refused = vendor.post("/portal/prorrogacao", typed)
    assert refused.status_code == 422
    assert "Diga por que o prazo não basta." in refused.words
    assert vendor.post("/portal/prorrogacao", {**typed, "motivo": "Férias coletivas."}).status_code == 303
    assert "à espera de decisão" in vendor.get("/portal/requisicao").words

    sign_in(client, "fiscal")
    assert "Decidir o pedido de prorrogação da requisição 2026/0001" in client.get("/painel").words
    page = f"/requisicoes/{asked}/pedido-de-prorrogacao"
    assert "Férias coletivas." in client.get(page).words
    assert client.post(page, {"decision": "conceder", "due_on": "", "reason": "Sim."}).status_code == 422
    done = {"decision": "conceder", "due_on": "2026-04-08", "reason": "Motivo comprovado."}
    assert client.post(page, done).status_code == 303
    assert [(row.decision, row.granted_until) for row in rows(TermExtension)] == [("granted", date(2026, 4, 8))]
    shown = client.get(f"/requisicoes/{asked}").words
    assert "Concedida até 08/04/2026" in shown
    assert "Férias coletivas." in shown
    assert "foi concedida até 08/04/2026" in vendor.get("/portal/requisicao").words
