"""Several people work on one answer: nothing typed is lost, nothing is frozen unseen, no file counts before its check."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from sqlalchemy import event

from contracts.vocabulary import EvidenceKind, FileState, RequestKind, RequestState
from tests.rig.scanning import VIRUS, scanner

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
FISCAL = "fiscal@orgao.example"


@pytest.fixture(autouse=True)
def at() -> Iterator[Callable[..., None]]:
    """A clock that stands still and can be moved: ``at(minutes=3)`` counts from the start."""
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda **later: traveller.move_to(START + timedelta(**later))


def rows(table: type[Any]) -> list[Any]:
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from vendor_tracker.store.base import db

    with Session(db.engine) as session:
        return list(session.scalars(select(table).order_by(table.id)))


@dataclass
class Stage:
    """One request of a proof and a question in words, and the people who answer it."""

    app: Any
    request_id: int
    agreement_id: int

    @property
    def files(self) -> Any:
        return self.app.extensions["vendor_tracker.files"]

    def enter(self, *, generation: int = 1) -> Any:
        from vendor_tracker.usecases import answering, portal_links

        secret = portal_links.secret_of(self.request_id, generation)
        return answering.visit_of(answering.open_session(secret, address="192.0.2.1"))

    def invited(self, name: str = "Ana Souza", email: str = "ana@fornecedor.example") -> tuple[Any, str]:
        """Invite a colleague, who comes in; returns the visit and the secret of the link."""
        from vendor_tracker.store.tables import PortalGuest
        from vendor_tracker.usecases import answering, portal_links

        answering.invite(self.enter(), name=name, email=email)
        secret = portal_links.guest_secret(self.request_id, rows(PortalGuest)[-1].nonce)
        return answering.visit_of(answering.open_session(secret, address="192.0.2.2")), secret

    def page(self, visit: Any) -> Any:
        from vendor_tracker.usecases import answering

        return answering.answer_page(visit)

    def seen(self, visit: Any, name: str) -> Any:
        """What a page says it was made from."""
        from vendor_tracker.usecases import answering

        page = self.page(visit)
        return answering.Seen({item.id: (item.round, item.version) for item in page.items}, page.turn, name)

    def save(self, visit: Any, texts: dict[int, str], seen: Any = None, **more: Any) -> Any:
        from vendor_tracker.usecases import answering

        drafts = {item: answering.Draft(text) for item, text in texts.items()}
        return answering.save(visit, self.files, drafts=drafts, seen=seen or answering.Seen(), **more)

    def submit(self, visit: Any, texts: dict[int, str], seen: Any = None, **more: Any) -> str:
        from vendor_tracker.usecases import answering

        drafts = {item: answering.Draft(text) for item, text in texts.items()}
        return str(
            answering.submit(
                visit, name="Renato Villar", position="Preposto", declared=True, files=self.files, drafts=drafts,
                seen=seen or answering.Seen(), **more,
            )
        )  # fmt: skip

    def text(self, position: int) -> str:
        return str(self.page(self.enter()).items[position - 1].draft.text)


def pdf(item: int, name: str = "prova.pdf", data: bytes = PDF) -> Any:
    from vendor_tracker.usecases import answering

    return (answering.NewFile(item, name, BytesIO(data)),)


@pytest.fixture
def stage(app: Any, make: Any) -> Stage:
    from vendor_tracker.usecases import requesting
    from vendor_tracker.usecases.work import Actor

    operator = make.operator("Voz Clara Teleatendimento Ltda.")
    make.contact(operator, since=date(2026, 1, 1), recorded_at=START - timedelta(days=9))
    dated = {"signed_on": date(2026, 1, 5), "starts_on": date(2026, 1, 5), "ends_on": date(2027, 12, 31)}
    agreement = make.agreement(operator, number="017/2025", recorded_at=START - timedelta(days=9), **dated)
    request = requesting.create_request(
        Actor(FISCAL),
        agreement_id=agreement,
        kind=RequestKind.INFORMATION,
        items=[
            requesting.NewItem("V", "Certificado em vigor", "Envie.", (EvidenceKind.ISO_27001,)),
            requesting.NewItem("XI", "Houve incidente?", "Informe.", wants_file=False),
        ],
        due_on=date(2026, 3, 20),
        reason="O certificado anterior venceu.",
    )
    return Stage(app, request, agreement)


def test_what_two_people_type_into_one_item_is_kept_twice_until_somebody_chooses(stage: Stage, at: Any) -> None:
    from vendor_tracker.store.tables import AnswerDraft
    from vendor_tracker.usecases import answering

    renato, (ana, _) = stage.enter(), stage.invited()
    before_renato, before_ana = stage.seen(renato, "r"), stage.seen(ana, "a")
    stage.save(ana, {2: "Houve um, em março."}, before_ana)
    at(minutes=5)
    late = stage.save(renato, {1: "Segue.", 2: "Não houve."}, before_renato)
    assert list(late.conflicts) == [2]
    item = stage.page(renato).items[1]
    assert (item.draft.text, item.saved_by) == ("Houve um, em março.", "Ana Souza")
    assert [(each.draft.text, each.saved_by) for each in item.aside] == [("Não houve.", "Renato Villar")]
    assert stage.text(1) == "Segue.", "the other item is saved all the same"

    with pytest.raises(answering.AnswerRefusedError) as refused:
        stage.submit(renato, {}, new_files=pdf(1))
    assert "dois textos" in refused.value.problems["resposta-2"]

    stage.save(ana, {}, choice=answering.Choice("use", late.conflicts[2]))
    item = stage.page(ana).items[1]
    assert (item.draft.text, item.saved_by, item.aside) == ("Não houve.", "Ana Souza", ())
    said = [
        (draft.version, draft.text) for draft in rows(AnswerDraft) if draft.answer_id == rows(AnswerDraft)[0].answer_id
    ]
    assert (1, "Houve um, em março.") in said
    assert (None, "Não houve.") in said
    assert stage.submit(renato, {})


def test_a_page_that_changed_nothing_undoes_nobodys_work_and_one_page_never_contradicts_itself(stage: Stage) -> None:
    renato, (ana, _) = stage.enter(), stage.invited()
    old = stage.seen(renato, "r")
    stage.save(ana, {1: "De Ana."}, stage.seen(ana, "a"))
    assert not stage.save(renato, {1: "", 2: "De Renato."}, old).conflicts
    assert (stage.text(1), stage.text(2)) == ("De Ana.", "De Renato.")
    # The answer to the save before was still under way when the same page saved again.
    assert not stage.save(renato, {2: "De Renato, por inteiro."}, old).conflicts
    assert stage.text(2) == "De Renato, por inteiro."


def test_what_is_frozen_is_what_its_submitter_saw(stage: Stage) -> None:
    from vendor_tracker.store.tables import Receipt
    from vendor_tracker.usecases import answering

    renato, (ana, _) = stage.enter(), stage.invited()
    stage.save(renato, {1: "Segue.", 2: "Não houve."}, new_files=pdf(1))
    seen = stage.seen(renato, "r")
    stage.save(ana, {2: "Houve três."}, stage.seen(ana, "a"))
    with pytest.raises(answering.AnswerRefusedError) as refused:
        stage.submit(renato, {1: "Segue o certificado.", 2: "Não houve."}, seen)
    assert "Ana Souza alterou este item às 9h00" in refused.value.problems["resposta-2"]
    assert rows(Receipt) == []
    assert stage.text(1) == "Segue o certificado.", "what was typed is kept although nothing was sent"
    assert stage.text(2) == "Houve três."
    seen = stage.seen(renato, "r2")
    assert stage.submit(renato, {1: "Segue o certificado.", 2: "Houve três."}, seen)
    assert [item["resposta"] for item in rows(Receipt)[0].content["itens"]] == ["Segue o certificado.", "Houve três."]


def test_a_form_is_saved_and_submitted_in_one_transaction(stage: Stage) -> None:
    from vendor_tracker.store.base import db

    visit = stage.enter()
    seen, commits = stage.seen(visit, "r"), []

    def count(connection: Any) -> None:
        commits.append(connection)

    event.listen(db.engine, "commit", count)
    assert stage.submit(visit, {1: "Segue.", 2: "Não."}, seen, new_files=pdf(1))
    event.remove(db.engine, "commit", count)
    assert len(commits) == 1, "between two transactions a colleague's draft could slip in"


def test_sending_a_form_twice_gives_one_receipt_and_attaches_a_file_once(stage: Stage) -> None:
    from vendor_tracker.store.tables import AnswerFile, Receipt
    from vendor_tracker.usecases import answering, requesting
    from vendor_tracker.usecases.work import Actor, ConflictError

    visit = stage.enter()
    for _ in range(2):
        stage.save(visit, {1: "Segue."}, new_files=pdf(1))
    assert [file.name for file in stage.page(visit).items[0].files] == ["prova.pdf"]
    stage.save(visit, {}, new_files=pdf(1, "outro-nome.pdf"))
    assert len(stage.page(visit).items[0].files) == 2
    stage.save(visit, {}, withdraw=rows(AnswerFile)[-1].id)

    seen, texts = stage.seen(visit, "r"), {1: "Segue.", 2: "Não houve."}
    first = stage.submit(visit, texts, seen, new_files=pdf(1))
    assert stage.submit(visit, texts, seen, new_files=pdf(1)) == first
    with pytest.raises(ConflictError, match=first):
        stage.submit(visit, {**texts, 2: "Houve, sim."}, seen)
    assert len(rows(Receipt)) == 1
    assert [file.withdrawn_at is None for file in rows(AnswerFile)] == [True, False]

    requesting.decide_item(Actor(FISCAL), request_id=stage.request_id, item_id=2, accepted=False, reason="Explique.")
    requesting.give_back(Actor(FISCAL), request_id=stage.request_id)
    # The first form arrives once more, long after: it is not taken for the second answer.
    assert stage.submit(visit, texts, seen, new_files=pdf(1)) == first
    assert stage.page(visit).items[0].draft == answering.Draft()
    assert stage.submit(visit, {2: "Não houve nenhum."}, stage.seen(visit, "r2")) != first


def test_a_replaced_link_costs_neither_the_draft_nor_what_is_being_typed_nor_a_colleague(stage: Stage) -> None:
    from vendor_tracker.usecases import answering, portal_links, requesting
    from vendor_tracker.usecases.work import Actor

    token = answering.open_session(portal_links.secret_of(stage.request_id, 1), address="192.0.2.1")
    visit, (ana, _) = answering.visit_of(token), stage.invited()
    stage.save(visit, {1: "Salvo antes."}, stage.seen(visit, "r"))
    seen = stage.seen(visit, "r")
    requesting.reissue_link(Actor(FISCAL), request_id=stage.request_id)
    with pytest.raises(answering.LinkGoneError, match="substituído"):
        answering.visit_of(token)
    drafts = {1: answering.Draft("Salvo antes."), 2: answering.Draft("Digitado depois.")}
    assert answering.rescue(token, drafts=drafts, seen=seen)
    assert not answering.rescue(token, drafts={2: answering.Draft("Outra vez.")}, seen=seen), "once, and no more"
    assert not answering.rescue("inventado", drafts=drafts, seen=seen)

    stage.save(ana, {2: "A colega segue."}, stage.seen(ana, "a"))
    first, second = stage.page(stage.enter(generation=2)).items
    assert (first.draft.text, first.aside) == ("Salvo antes.", ())
    assert second.draft.text == "A colega segue."
    assert [each.draft.text for each in second.aside] == ["Digitado depois."]


def test_a_colleague_has_a_link_of_their_own_which_reaches_one_request_and_can_be_withdrawn(stage: Stage) -> None:
    from sqlalchemy import MetaData, select

    from vendor_tracker.store.base import db
    from vendor_tracker.store.tables import PortalGuest
    from vendor_tracker.usecases import answering, outbox, portal_links
    from vendor_tracker.usecases.work import Actor, NotFoundError

    ana, secret = stage.invited()
    for each in (secret, portal_links.secret_of(stage.request_id, 1)):
        assert len(base64.urlsafe_b64decode(each + "=")) * 8 == 256
    assert (ana.request_id, ana.guest) == (stage.request_id, "Ana Souza")
    sent: list[Any] = []

    class Postbox:
        def send(self, mail: Any) -> Any:
            sent.append(mail)
            return outbox.Delivery(outbox.Outcome.SENT, "250 ok")

    outbox.deliver_waiting(Postbox(), worker="here")
    carrying = [mail.recipient for mail in sent if secret in mail.body]
    assert carrying == ["ana@fornecedor.example"]
    own = portal_links.secret_of(stage.request_id, 1)
    assert [mail.recipient for mail in sent if own in mail.body] == ["preposto@fornecedor.example"]
    metadata = MetaData()
    metadata.reflect(db.engine)
    with db.engine.connect() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                assert not any(secret in str(value) for value in row), table.name

    bruno, other = stage.invited("Bruno d'Ávila", "bruno@fornecedor.example")
    with pytest.raises(NotFoundError):
        answering.revoke_invitation(bruno, guest_id=ana.guest_id)
    assert answering.revoke_invitation(stage.enter(), guest_id=ana.guest_id) == "Ana Souza"
    for refused in (lambda: answering.landing_page(secret, address="192.0.2.2"), lambda: stage_visit(secret)):
        with pytest.raises(answering.LinkGoneError, match="retirado por Renato Villar"):
            refused()
    answering.revoke_for_staff(
        Actor(FISCAL, display="Teresa Nóbrega"), request_id=stage.request_id, guest_id=bruno.guest_id
    )
    with pytest.raises(answering.LinkGoneError, match="retirado por Teresa Nóbrega"):
        answering.landing_page(other, address="192.0.2.2")
    assert [guest.revoked_at is not None for guest in rows(PortalGuest)] == [True, True], "withdrawn, and on record"


def stage_visit(secret: str) -> Any:
    from vendor_tracker.usecases import answering

    return answering.visit_of(answering.open_session(secret, address="192.0.2.2"))


def test_a_session_reaches_its_own_request_alone(stage: Stage) -> None:
    from vendor_tracker.store.tables import AnswerFile, PortalGuest
    from vendor_tracker.usecases import answering, requesting
    from vendor_tracker.usecases.work import Actor, NotFoundError

    other = another_request(stage, requesting, Actor(FISCAL))
    stranger, own = other.enter(), stage.enter()
    stage.save(own, {1: "Segredo da primeira."}, new_files=pdf(1))
    ana, _ = stage.invited()
    assert "Segredo" not in str(other.page(stranger))
    other.save(stranger, {1: "De fora.", 3: "Dentro."}, new_files=pdf(1, "de-fora.pdf", PDF + b"2"))
    assert (stage.text(1), other.text(1)) == ("Segredo da primeira.", "Dentro.")
    assert len(rows(AnswerFile)) == 1
    for refused in (
        lambda: answering.own_file(stranger, rows(AnswerFile)[0].id),
        lambda: answering.withdraw_file(stranger, answer_file_id=rows(AnswerFile)[0].id),
        lambda: answering.revoke_invitation(stranger, guest_id=rows(PortalGuest)[0].id),
        lambda: answering.receipt_page(stranger, stage.submit(ana, {2: "Não."})),
    ):
        with pytest.raises(NotFoundError):
            refused()


def another_request(stage: Stage, requesting: Any, actor: Any) -> Stage:
    """Ask the same operator something else."""
    request = requesting.create_request(
        actor,
        agreement_id=stage.agreement_id,
        kind=RequestKind.INFORMATION,
        items=[requesting.NewItem("XI", "Houve incidente?", "Informe.", wants_file=False)],
        due_on=date(2026, 3, 20),
        reason="Notícia na imprensa.",
    )
    return replace(stage, request_id=request)


def test_invitations_are_few_go_to_people_and_carry_no_link_of_somebody_else(stage: Stage, at: Any) -> None:
    from vendor_tracker.store.tables import Message, PortalGuest
    from vendor_tracker.usecases import answering, outbox, portal_links
    from vendor_tracker.usecases.work import UseCaseError

    renato = stage.enter()
    for name in ("", "[[portal:1]]", "Ganhe já: http://x.example", "a@b.example", "x" * 121):
        with pytest.raises(UseCaseError) as wrong:
            answering.invite(renato, name=name, email="ana@fornecedor.example")
        assert wrong.value.field == "nome-colega"
    for email in ("", "ana", "ana@fornecedor", "a@b.example,c@d.example", "preposto@fornecedor.example"):
        with pytest.raises(UseCaseError) as wrong:
            answering.invite(renato, name="Ana Souza", email=email)
        assert wrong.value.field == "email-colega"
    for number in range(6):
        at(minutes=20 * number)
        stage.invited(email=f"colega{number}@fornecedor.example")
        if not number:
            with pytest.raises(UseCaseError, match="já foi convidado"):
                answering.invite(renato, name="Ana Souza", email="Colega0@fornecedor.example")
    answering.revoke_invitation(renato, guest_id=rows(PortalGuest)[0].id)
    with pytest.raises(UseCaseError, match="contados os que foram retirados"):
        answering.invite(renato, name="Ana Souza", email="mais@fornecedor.example")
    assert sum(message.kind == "portal_invitation" for message in rows(Message)) == 6

    # A mark in a text that somebody typed brings no link: neither another request's, nor this one's to a colleague.
    bodies: list[str] = []

    class Postbox:
        def send(self, mail: Any) -> Any:
            bodies.append(mail.body)
            return outbox.Delivery(outbox.Outcome.SENT, "250 ok")

    message = rows(Message)[-1]
    with_marks = message.body + "[[portal:99]] [[portal:1/1]] [[portal:7/6]]"
    from vendor_tracker.usecases.work import SYSTEM, act

    with act(SYSTEM) as work:
        work.session.get_one(Message, message.id).body = with_marks
    outbox.deliver_waiting(Postbox(), worker="here")
    assert len(set(re.findall(r"/portal/r/\S+", bodies[-1]))) == 1
    assert portal_links.guest_secret(stage.request_id, rows(PortalGuest)[-1].nonce) in bodies[-1]


def test_three_invitations_in_a_row_have_to_wait(stage: Stage) -> None:
    from vendor_tracker.usecases.work import UseCaseError

    for number in range(3):
        stage.invited(email=f"colega{number}@fornecedor.example")
    with pytest.raises(UseCaseError, match="Aguarde 15 minutos"):
        stage.invited(email="colega4@fornecedor.example")


def scanned_by(stage: Stage, url: str) -> None:
    stage.app.extensions["vendor_tracker.settings"] = replace(
        stage.app.extensions["vendor_tracker.settings"], clamd_url=url
    )


def test_a_file_waits_in_quarantine_while_the_scanner_is_down_and_proves_nothing_until_it_was_checked(
    stage: Stage, at: Any, tmp_path: Any
) -> None:
    from contracts.vocabulary import UserRole
    from vendor_tracker.store.tables import Evidence, FileCheck, Receipt
    from vendor_tracker.usecases import answering, evidence, filing, requesting
    from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError

    scanned_by(stage, f"unix://{tmp_path / 'clamd.sock'}")
    visit, fiscal = stage.enter(), Actor(FISCAL, role=UserRole.FISCAL)
    stage.submit(visit, {1: "Segue.", 2: "Não."}, new_files=pdf(1))
    assert rows(Receipt)[0].content["itens"][0]["arquivos"][0]["conferencia"] == "em andamento"
    assert [check.state for check in rows(FileCheck)] == [FileState.CHECKING]
    attached = stage.page(visit).closed[0].files[0]
    with pytest.raises(NotFoundError, match="em conferência"):
        answering.own_file(visit, attached.id)
    file_id = requesting.file_of_request(fiscal, stage.request_id, attached.id)
    with pytest.raises(ConflictError, match="em conferência"):
        filing.open_file(fiscal, stage.files, file_id=file_id)
    assert rows(Evidence) == []
    items = requesting.request_page(fiscal, stage.request_id).items
    assert not items[0].to_decide, "nobody decides about a file that may yet become a proof"
    with pytest.raises(ConflictError, match="em conferência"):
        requesting.decide_item(fiscal, request_id=stage.request_id, item_id=1, accepted=True, reason="")

    assert answering.check_waiting(stage.files).later == 1
    assert answering.check_waiting(stage.files) == answering.CheckReport(), "it is left alone for a while"
    at(minutes=2)
    with scanner(tmp_path) as heard:
        assert answering.check_waiting(stage.files).clean == 1
    assert heard.scanned == [PDF]
    assert filing.open_file(fiscal, stage.files, file_id=file_id).data == PDF
    [proof] = rows(Evidence)
    assert proof.recorded_at == START + timedelta(minutes=2), "it is known since it was checked"
    assert [file.sha256 for file in evidence.show(fiscal, evidence_id=proof.id).files] == [attached.sha256]


def test_a_virus_found_after_the_answer_was_sent_gives_the_item_back_with_its_reason(
    stage: Stage, at: Any, tmp_path: Any
) -> None:
    from vendor_tracker.store.tables import Evidence, Message, Request
    from vendor_tracker.usecases import answering
    from vendor_tracker.usecases.work import NotFoundError

    scanned_by(stage, f"unix://{tmp_path / 'clamd.sock'}")
    visit = stage.enter()
    stage.submit(visit, {1: "Segue.", 2: "Não."}, new_files=pdf(1, "nota.txt", b"texto " + VIRUS))
    with scanner(tmp_path):
        assert answering.check_waiting(stage.files).refused == 1
    assert rows(Request)[0].state is RequestState.RETURNED
    assert rows(Evidence) == []
    [item] = stage.page(visit).items
    assert "“nota.txt” contém um programa malicioso" in item.returned_because
    letter = rows(Message)[-1]
    assert (letter.kind, letter.recipient) == ("request_returned", "preposto@fornecedor.example")
    assert "contém um programa" in letter.body
    with pytest.raises(NotFoundError, match="não se abre"):
        answering.own_file(visit, item.before.files[0].id)


def test_a_virus_in_a_draft_is_told_to_who_attached_it_and_keeps_the_answer_from_being_sent(
    stage: Stage, tmp_path: Any
) -> None:
    from vendor_tracker.store.tables import AnswerFile, Message
    from vendor_tracker.usecases import answering

    ana, _ = stage.invited()
    scanned_by(stage, f"unix://{tmp_path / 'clamd.sock'}")
    stage.save(ana, {1: "Segue.", 2: "Não."}, new_files=pdf(1, "nota.txt", b"texto " + VIRUS))
    with scanner(tmp_path):
        answering.check_waiting(stage.files)
        again = stage.save(ana, {}, new_files=pdf(2, "outra.txt", VIRUS))
    assert "malicioso" in again.problems["arquivo-2"]
    letters = [message for message in rows(Message) if message.kind == "portal_file_refused"]
    assert [letter.recipient for letter in letters] == ["ana@fornecedor.example"]
    with pytest.raises(answering.AnswerRefusedError) as refused:
        stage.submit(ana, {})
    assert "Retire-o da lista" in refused.value.problems["arquivo-1"]
    for file in rows(AnswerFile):
        stage.save(ana, {}, withdraw=file.id)
    assert stage.submit(ana, {}, new_files=pdf(1))


def test_a_paper_that_does_not_open_is_refused_with_what_to_do_and_one_that_opens_is_let_through(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vendor_tracker.demo import papers
    from vendor_tracker.usecases import quarantine

    monkeypatch.setattr(quarantine, "opener", quarantine.open_apart)
    visit = stage.enter()
    whole = papers.pdf("Certificado", ["Certificado em vigor."])
    saved = stage.save(visit, {1: "Segue."}, new_files=(*pdf(1, "quebrado.pdf"), *pdf(1, "inteiro.pdf", whole)))
    assert re.search("“quebrado.pdf” está danificado.*Gere-o de novo", saved.problems["arquivo-1"])
    files = {file.name: file.state for file in stage.page(visit).items[0].files}
    assert files == {"quebrado.pdf": FileState.REFUSED, "inteiro.pdf": FileState.CLEAN}
