"""An item of requests is written anew by one person, approved by another, asked from its day, and never forgotten."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from contracts.vocabulary import RequestKind
from vendor_tracker import clock
from vendor_tracker.store.base import db
from vendor_tracker.store.tables import QuestionEditionRow, RequestItem, TrailEntry
from vendor_tracker.usecases import judging, planning, question_editions, requesting
from vendor_tracker.usecases.question_editions import Typed
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, look

DAY = timedelta(days=1)
KEY = "inciso.VI"
OWN = Typed(
    title="Cópias fora do local",
    question="Informe onde o {body} tem cópias.",
    help="Basta a cidade.",
    wants_file=False,
    periodic=True,
    reason="Pedido do Comitê.",
)


@pytest.fixture
def people(make: Any) -> tuple[Actor, Actor]:
    """Who writes, and who approves."""
    return make.user("legal"), make.user("legal")


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 15, tzinfo=UTC)


def revision(lineage: int) -> int:
    return question_editions.edition_page(Actor("x"), lineage=lineage).revision


def written(author: Actor, since: date, key: str = KEY, text: str = "Envie o extrato assinado.") -> int:
    page = question_editions.editor_page(key)
    typed = replace(page.typed, question=text, reason="Vinha sem assinatura.", since=since)
    return question_editions.save(author, key=key, revision=page.revision, typed=typed, submit=True)


def approved(author: Actor, approver: Actor, since: date, **more: Any) -> int:
    lineage = written(author, since, **more)
    question_editions.approve(approver, lineage=lineage, revision=revision(lineage))
    return lineage


def own_item(author: Actor, approver: Actor, typed: Typed = OWN, inciso: str = "VI") -> str:
    lineage = question_editions.save(
        author, key="", inciso=inciso, revision=0, typed=replace(typed, since=clock.today()), submit=True
    )
    question_editions.approve(approver, lineage=lineage, revision=revision(lineage))
    return question_editions.edition_page(author, lineage=lineage).key


def asked_on(day: date, key: str = KEY) -> str | None:
    with look() as session:
        found = judging.questions_of(session, day).find(key)
        return None if found is None else found.text


def test_new_words_are_asked_from_their_day_by_hand_and_by_the_plan_and_old_requests_keep_theirs(
    app_on_each_database: Any, people: tuple[Actor, Actor], make: Any
) -> None:
    author, approver = people
    operator = make.operator()
    make.contact(operator, since=date(2026, 1, 1))
    agreement = make.agreement(operator)
    before = asked_on(clock.today())
    tomorrow = clock.today() + DAY
    old = requesting.create_request(
        author,
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        items=requesting.proposed_items((f"VI:{KEY}",)),
        due_on=judging_day(20),
        reason="",
    )
    approved(author, approver, tomorrow)
    assert asked_on(clock.today()) == before
    assert asked_on(tomorrow) == "Envie o extrato assinado."
    with time_machine.travel(noon(tomorrow), tick=False):
        [item] = requesting.proposed_items((f"VI:{KEY}",))
        assert (item.question, item.template) == ("Envie o extrato assinado.", f"{KEY}/2")
        own_item(author, approver)
        planning.plan_requests()
    with db.session() as session:
        [kept] = session.scalars(select(RequestItem).where(RequestItem.request_id == old)).all()
        planned = session.scalars(
            select(RequestItem).where(RequestItem.request_id != old).order_by(RequestItem.position)
        ).all()
    assert (kept.question, kept.template) == (before, f"{KEY}/1")
    assert planned, "the plan asked the agreement for the first time"
    assert all(item.template for item in planned)


def judging_day(days: int) -> date:
    with look() as session:
        return judging.workdays_of(session).next_working(clock.today() + timedelta(days=days))


def test_an_item_of_the_bodys_own_goes_with_the_complete_request_until_it_is_withdrawn(
    app: Any, people: tuple[Actor, Actor], make: Any
) -> None:
    author, approver = people
    key = own_item(author, approver)
    assert key == "extra.copias-fora-do-local"
    operator = make.operator()
    make.contact(operator, since=date(2026, 1, 1))
    first, second = make.agreement(operator), None
    planning.plan_requests()
    page = question_editions.editor_page(key)
    lineage = question_editions.save(
        author,
        key=key,
        revision=page.revision,
        typed=replace(page.typed, retires=True, reason="Já não é preciso.", since=clock.today() + DAY),
        submit=True,
    )
    question_editions.approve(approver, lineage=lineage, revision=revision(lineage))
    with time_machine.travel(noon(clock.today() + DAY), tick=False):
        assert asked_on(clock.today(), key) is None
        assert question_editions.show(key).retired
        second = make.agreement(operator)
        planning.plan_requests()
    with db.session() as session:
        rows = session.execute(
            select(
                RequestItem.template, RequestItem.title, RequestItem.question, RequestItem.help, RequestItem.inciso
            ).where(RequestItem.template.like("extra.%"))
        ).all()
    assert [tuple(row) for row in rows] == [
        (f"{key}/1", "Cópias fora do local", "Informe onde o CNJ tem cópias.", "Basta a cidade.", "VI")
    ], f"only {first} was asked before it was withdrawn, and {second} after"


def test_who_wrote_any_of_it_does_not_approve_and_every_act_leaves_its_row_and_line(
    app: Any, people: tuple[Actor, Actor], make: Any
) -> None:
    author, approver = people
    lineage = written(author, clock.today() + DAY)
    for refused in (author, make.user("admin")):
        with pytest.raises(UseCaseError, match=r"Quem escreveu|pessoa do jurídico"):
            question_editions.approve(refused, lineage=lineage, revision=revision(lineage))
    with pytest.raises(ConflictError):
        question_editions.approve(approver, lineage=lineage, revision=revision(lineage) - 1)
    question_editions.give_back(approver, lineage=lineage, revision=revision(lineage), reason="Falta o período.")
    page = question_editions.editor_page(KEY)
    assert page.returned == "Falta o período."
    question_editions.save(
        author, key=KEY, revision=page.revision, typed=replace(page.typed, title="Extrato do ano"), submit=True
    )
    question_editions.approve(approver, lineage=lineage, revision=revision(lineage))
    shown = question_editions.edition_page(approver, lineage=lineage)
    assert shown.preview.difference is not None
    assert [field.label for field in shown.preview.difference.fields] == ["Título"]
    assert any(line.changed for line in shown.preview.difference.lines)
    question_editions.withdraw(author, lineage=lineage, revision=shown.revision, reason="Fica para depois.")
    assert asked_on(clock.today() + DAY) == asked_on(clock.today())
    with db.session() as session:
        states = session.scalars(select(QuestionEditionRow.state).order_by(QuestionEditionRow.id)).all()
        acts = session.scalars(
            select(TrailEntry.act).where(TrailEntry.subject_kind == "question_edition").order_by(TrailEntry.seq)
        ).all()
    assert states == ["draft", "submitted", "draft", "draft", "submitted", "approved", "withdrawn"]
    assert [name.removeprefix("question_edition_") for name in acts] == [
        "saved", "submitted", "returned", "saved", "submitted", "approved", "withdrawn",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"question": "Envie {tudo}."}, "único campo"),
        ({"question": "Envie"}, "Termine a pergunta"),
        ({"reason": " "}, "motivo da mudança"),
        ({"since": date(2026, 1, 1)}, "não pode valer desde 01/01/2026"),
        ({"question": None}, "igual ao da versão anterior"),
        ({"title": "x" * 201}, "passa de 200"),
    ],
)
def test_what_could_not_be_asked_is_not_sent_and_nothing_is_kept(
    app: Any, people: tuple[Actor, Actor], change: dict[str, Any], sentence: str
) -> None:
    page = question_editions.editor_page(KEY)
    sound = replace(page.typed, question="Envie o extrato.", reason="Motivo.", since=clock.today() + DAY)
    if change == {"question": None}:
        change = {"question": page.typed.question}
    with pytest.raises(UseCaseError, match=sentence):
        question_editions.save(people[0], key=KEY, revision=0, typed=replace(sound, **change), submit=True)
    with db.session() as session:
        assert session.scalars(select(QuestionEditionRow)).all() == []


def test_two_people_at_one_item_do_not_overwrite_each_other_and_unknown_items_are_not_found(
    app: Any, people: tuple[Actor, Actor]
) -> None:
    page = question_editions.editor_page(KEY)
    question_editions.save(people[0], key=KEY, revision=0, typed=replace(page.typed, title="Um"))
    with pytest.raises(ConflictError, match="Outra pessoa mudou"):
        question_editions.save(people[1], key=KEY, revision=0, typed=replace(page.typed, title="Dois"))
    for key in ("inciso.XX", "nada", "extra.nunca-escrito"):
        with pytest.raises(NotFoundError):
            question_editions.show(key)
        with pytest.raises(NotFoundError):
            question_editions.save(people[0], key=key, revision=0, typed=page.typed)
