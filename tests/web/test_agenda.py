"""The agenda as people open it, and as their calendars read it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from icalendar import Calendar

from contracts.vocabulary import AgendaKind, RequestKind

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAYS = {"signed_on": date(2026, 1, 5), "starts_on": date(2026, 1, 5), "ends_on": date(2026, 12, 18)}


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    """A clock that stands still and can be moved."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller.move_to


def register(make: Any, **revision: Any) -> int:
    operator = make.operator()
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=30))
    return int(make.agreement(operator, recorded_at=START - timedelta(days=30), **{**DAYS, **revision}))


def follow(make: Any, agreement: int, user_id: int) -> None:
    from contracts.vocabulary import StewardRole
    from vendor_tracker.store.tables import Steward

    make.add(
        Steward(
            agreement_id=agreement,
            role=StewardRole.FISCAL,
            name="Teresa Nóbrega",
            email="fiscal@orgao.example",
            user_id=user_id,
            since=date(2026, 1, 5),
            recorded_at=START - timedelta(days=30),
        )
    )


def ask(agreement: int, due_on: date = date(2026, 3, 23)) -> int:
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    return requesting.create_request(
        Actor("fiscal"),
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        items=[requesting.NewItem("I", "Canal de incidentes", "Como se comunica um incidente?", wants_file=False)],
        due_on=due_on,
        reason="",
    )


def fill(make: Any, agreement: int) -> None:
    """Put one commitment of every kind that has a record of its own into March, besides the request."""
    from contracts.vocabulary import EndReason, EvidenceKind, IncidentClock, IncidentSource, ReviewDecision
    from vendor_tracker.store.tables import (
        Agreement,
        Assistance,
        Audit,
        CorrectiveAction,
        DisposalCase,
        Evidence,
        EvidenceAgreement,
        EvidenceReview,
        Incident,
        IncidentCase,
        Instruction,
    )

    told = {"agreement_id": agreement, "recorded_at": START - timedelta(days=9)}
    make.add(Audit(title="Auditoria anual", planned_on=date(2026, 3, 10), **told))
    make.add(CorrectiveAction(inciso="V", description="Cifrar as cópias", due_on=date(2026, 3, 11), **told))
    make.add(Assistance(subject="Acesso", asked_on=date(2026, 3, 1), due_on=date(2026, 3, 12), **told))
    make.add(Instruction(text="Apagar", sent_on=date(2026, 3, 1), due_on=date(2026, 3, 13), **told))
    make.add(DisposalCase(trigger=EndReason.TERM, triggered_on=date(2026, 3, 1), due_on=date(2026, 3, 16), **told))
    case = make.add(
        Incident(
            title="Tentativa de acesso",
            learned_at=START,
            source=IncidentSource.OPERATOR,
            **{**told, "recorded_at": START},
        )
    )
    make.add(
        IncidentCase(
            incident_lineage=case.id,
            agreement_id=agreement,
            opened_at=START,
            next_clock=IncidentClock.ANPD,
            next_due_at=datetime(2026, 3, 5, 21, 30, tzinfo=UTC),
        )
    )
    with make.writing() as session:
        operator = session.get(Agreement, agreement).operator_id
    proof = make.add(
        Evidence(
            operator_id=operator,
            kind=EvidenceKind.ISO_27001,
            title="Certificado ISO/IEC 27001",
            received_on=date(2026, 1, 6),
            recorded_at=START - timedelta(days=9),
        )
    )
    make.add(EvidenceAgreement(evidence_id=proof.id, agreement_id=agreement, recorded_at=START))
    make.add(
        EvidenceReview(
            evidence_id=proof.id,
            decision=ReviewDecision.ACCEPTED,
            decided_on=date(2026, 1, 7),
            valid_until=date(2026, 3, 31),
            recorded_at=START - timedelta(days=8),
        )
    )


def test_a_month_shows_every_kind_of_commitment_and_each_leads_to_its_record(
    app: Any, make: Any, client: Any, sign_in: Any, at: Any
) -> None:
    agreement = register(make, reviewed_on=date(2024, 3, 20), ends_on=date(2026, 3, 27))
    ask(agreement)
    fill(make, agreement)
    sign_in(client, "fiscal")
    page = client.get("/agenda?mes=2026-03&vista=lista")
    for words in (
        "Incidente “Tentativa de acesso”: comunicar à ANPD, até 18h30",
        "Auditoria planejada: Auditoria anual",
        "Ação corretiva: Cifrar as cópias",
        "Auxílio pedido ao operador: Acesso",
        "Instrução a cumprir: Apagar",
        "Prova do descarte ou da devolução dos dados",
        "Requisição 2026/0001: termina o prazo do operador",
        "Requisição 2026/0001: lembrete ao preposto, se não houver resposta",
        "Requisição 2026/0001: aviso ao gestor e ao fiscal, se não houver resposta",
        "Termina a validade da evidência: Certificado ISO/IEC 27001",
        "Termina a vigência do acordo",
        "Revisão do compartilhamento, ao menos a cada dois anos (art. 6º, V)",
    ):
        assert words in page.words, words
    links = set(page.tree.xpath("//div[@class='agenda']//a/@href"))
    kinds = len(AgendaKind) - 1  # No complete request is still to be opened in this month.
    assert len(links) == kinds - 2, "steps share the request's page, and a review that of the agreement's end"
    for link in links:
        assert client.get(link).status_code == 200, link
    month = client.get("/agenda?mes=2026-03")
    assert set(month.tree.xpath("//table[contains(@class, 'month')]//li/a/@href")) == links
    only = client.get("/agenda?mes=2026-03&vista=lista&tipo=audit")
    assert len(only.tree.xpath("//div[@class='agenda']//a")) == 1


def test_the_agenda_is_narrowed_to_a_person_and_a_unit(app: Any, make: Any, client: Any, sign_in: Any, at: Any) -> None:
    unit = make.unit("Departamento de Tecnologia")
    mine, other = register(make), register(make, unit_id=unit)
    ask(mine)
    ask(other)
    me = sign_in(client, "fiscal")
    follow(make, mine, me.user_id)

    def numbers(asked: str) -> list[str]:
        page = client.get(f"/agenda?mes=2026-03&vista=lista&tipo=request{asked}")
        return [text.split(":")[0] for text in page.tree.xpath("//div[@class='agenda']//a/text()")]

    assert numbers("") == ["Requisição 2026/0001", "Requisição 2026/0002"]
    assert numbers(f"&pessoa={me.user_id}") == ["Requisição 2026/0001"]
    assert numbers(f"&unidade={unit}") == ["Requisição 2026/0002"]
    assert numbers(f"&unidade={unit}&pessoa={me.user_id}") == []


def test_a_fuller_month_takes_no_more_queries(
    app: Any, make: Any, client: Any, sign_in: Any, at: Any, count_queries: Any
) -> None:
    agreement = register(make)
    ask(agreement)
    sign_in(client, "fiscal")

    def queries(view: str) -> int:
        client.get(f"/agenda?mes=2026-03{view}")
        with count_queries() as seen:
            client.get(f"/agenda?mes=2026-03{view}")
        return int(seen)

    before = queries(""), queries("&vista=lista")
    for _ in range(60):
        ask(agreement)
    after = queries(""), queries("&vista=lista")
    assert after[0] <= before[0]
    assert after[1] <= before[1]
    page = client.get("/agenda?mes=2026-03")
    assert "mais 57" in page.words, "a day shows four; the rest is one link away"
    assert "1 a 50 de" in client.get("/agenda?mes=2026-03&vista=lista").words


# ----------------------------------------------------------------------------------------------------------------------
# Calendars to subscribe to
# ----------------------------------------------------------------------------------------------------------------------
def subscribe(client: Any, unit: int | str = "") -> str:
    """Make an address on the page; returns its path."""
    page = client.post("/agenda/assinaturas", {"unidade": unit})
    assert page.headers["Cache-Control"] == "no-store"
    [address] = page.tree.xpath("//*[@data-copy]/@data-copy")
    assert address.startswith("http://127.0.0.1/agenda/")
    assert address not in client.get("/agenda/assinaturas").text, "it is shown once"
    return str(address.removeprefix("http://127.0.0.1"))


def told(response: Any) -> dict[str, tuple[date, int, str, str]]:
    """Read a calendar back: identity -> day, number, status, title."""
    assert response.mimetype == "text/calendar"
    return {
        str(event["UID"]): (
            event.decoded("DTSTART"),
            int(event["SEQUENCE"]),
            str(event["STATUS"]),
            str(event["SUMMARY"]),
        )
        for event in Calendar.from_ical(response.data).walk("VEVENT")
    }


def test_a_calendar_keeps_its_numbers_as_terms_move_and_fall_away(
    app: Any, make: Any, client: Any, sign_in: Any, at: Any
) -> None:
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    agreement, foreign = register(make), register(make)
    me = sign_in(client, "fiscal")
    follow(make, agreement, me.user_id)
    request, _ = ask(agreement), ask(foreign)
    path = subscribe(client)
    reader = app.test_client()
    first = reader.get(path)
    assert "private" in first.headers["Cache-Control"]
    assert first.headers["Last-Modified"]
    uid, end = f"request-{request}@127.0.0.1", f"agreement-end-{agreement}@127.0.0.1"
    title = "Requisição 2026/0001: termina o prazo do operador"
    assert told(first) == {
        uid: (date(2026, 3, 23), 0, "CONFIRMED", title),
        end: (date(2026, 12, 18), 0, "CONFIRMED", "Termina a vigência do acordo"),
    }
    events = Calendar.from_ical(first.data).walk("VEVENT")
    assert {str(event["URL"]) for event in events} == {
        f"http://127.0.0.1/requisicoes/{request}",
        f"http://127.0.0.1/acordos/{agreement}",
    }
    assert reader.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    at(START + timedelta(hours=3))
    assert reader.get(path).data == first.data, "the same calendar is the same bytes"

    requesting.extend_term(Actor("fiscal"), request_id=request, due_on=date(2026, 4, 8), reason="Pedido.")
    moved = reader.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert moved.status_code == 200
    assert told(moved)[uid] == (date(2026, 4, 8), 1, "CONFIRMED", title)
    assert told(moved)[end][1] == 0
    requesting.cancel(Actor("fiscal"), request_id=request, reason="Engano.")
    assert told(reader.get(path))[uid] == (date(2026, 4, 8), 2, "CANCELLED", title)

    newer = subscribe(client)
    assert told(reader.get(newer))[uid][1] == 2, "a replaced address goes on with the same numbers"
    assert reader.get(path).status_code == 410


def test_a_calendar_says_nothing_of_a_protected_agreement_but_that_there_is_a_term(
    app: Any, make: Any, client: Any, sign_in: Any, at: Any
) -> None:
    unit = make.unit()
    ask(register(make, unit_id=unit, secret=True))
    sign_in(client, "fiscal")
    body = app.test_client().get(subscribe(client, unit)).text.replace("\r\n ", "")
    assert "Prazo de requisição (acordo protegido\\, art. 5º)" in body
    assert "Nuvem Serrana" not in body
    assert "Contrato" not in body


def test_an_address_opens_only_for_as_long_as_its_owner_has_an_account(
    app: Any, make: Any, client: Any, sign_in: Any, at: Any
) -> None:
    from hashlib import sha256

    from vendor_tracker.store.tables import CalendarFeed, User

    me = sign_in(client, "fiscal")
    path = subscribe(client)
    reader = app.test_client()
    assert reader.get(path).status_code == 200
    with make.writing() as session:
        [feed] = session.query(CalendarFeed).all()
        assert feed.token_hash == sha256(path.removeprefix("/agenda/").removesuffix(".ics").encode()).hexdigest()
        session.get(User, me.user_id).active = False
    gone = reader.get(path)
    assert gone.status_code == 410
    assert "encerrada" in gone.text
    with make.writing() as session:
        session.get(User, me.user_id).active = True
    assert reader.get(path).status_code == 200
    assert client.post(f"/agenda/assinaturas/{feed.id}/revogar").status_code == 303
    assert reader.get(path).status_code == 410
    assert reader.get("/agenda/inventado.ics").status_code == 404
