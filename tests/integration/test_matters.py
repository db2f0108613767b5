"""Instructions, help, audits and corrections: asked through a request, answered in the portal, turned into the fact."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine

from contracts.vocabulary import (
    CheckResult,
    FindingSeverity,
    Requester,
    RequestKind,
    RequestState,
    UserRole,
    Verdict,
)
from vendor_tracker.files import FileStore
from vendor_tracker.store.base import db
from vendor_tracker.usecases import answering, audits, conduct, judging, portal_links, requesting
from vendor_tracker.usecases.audits import Correction, Seen
from vendor_tracker.usecases.conduct import asking
from vendor_tracker.usecases.conduct.asking import NewAssistance
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, look

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""Monday, 2 March 2026, nine o'clock in Brasília."""
TODAY = date(2026, 3, 2)
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
ACTOR = Actor("auditora@orgao.example", role=UserRole.AUDITOR, display="Marta Leão")


@pytest.fixture
def at() -> Iterator[Callable[..., None]]:
    """A clock that stands still and can be moved: ``at(days=3)`` counts from the start."""
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda **later: traveller.move_to(START + timedelta(**later))


@pytest.fixture
def agreement(make: Any, at: Any) -> int:
    """An agreement in force with a preposto who can be written to."""
    operator = make.operator()
    before = START - timedelta(days=30)
    make.contact(operator, since=date(2026, 1, 1), recorded_at=before)
    days = {"signed_on": date(2026, 1, 5), "starts_on": date(2026, 1, 5), "ends_on": date(2027, 12, 31)}
    return int(make.agreement(operator, recorded_at=before, **days))


@pytest.fixture
def files(make: Any, tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "kept")


def fact(kind: str, lineage: int) -> Any:
    from vendor_tracker.store import conduct as store

    with db.session() as session:
        return store.current_fact(session, kind, lineage)


def requests_about(kind: str, lineage: int) -> list[Any]:
    from vendor_tracker.store import audits as store

    with look() as session:
        return store.requests_about(session, kind, [lineage]).get(lineage, [])


def verdict(agreement: int, inciso: str, on: date | None = None) -> tuple[Verdict, str]:
    """The situação of an inciso and every sentence behind it."""
    found = judging.assess_agreement(agreement, on=on).finding(inciso)
    return found.verdict, " ".join(each.reason for result in found.results for each in result.answers)


def answer(app: Any, request_id: int, *, cannot: dict[int, str] | None = None) -> Any:
    """Answer a request in the portal, every item in words and with a file where one is wanted."""
    from vendor_tracker.store.session import reading
    from vendor_tracker.store.tables import Request

    with reading() as session:
        generation = session.get_one(Request, request_id).link_generation
    token = answering.open_session(portal_links.secret_of(request_id, generation), address="192.0.2.1")
    visit = answering.visit_of(token)
    page = answering.answer_page(visit)
    reasons = cannot or {}
    drafts = {
        item.id: answering.Draft("" if item.position in reasons else "Feito.", reasons.get(item.position, ""), None)
        for item in page.items
    }
    new = tuple(
        answering.NewFile(item.id, f"prova-{item.position}.pdf", BytesIO(PDF + str(item.position).encode()))
        for item in page.items
        if item.wants_file and item.position not in reasons
    )
    assert not answering.save(visit, app.extensions["vendor_tracker.files"], drafts=drafts, new_files=new).problems
    answering.submit(visit, name="Renato Villar", position="Preposto", declared=True)
    return page


def decide(request_id: int, *decisions: bool) -> None:
    """Accept or return the items of a request that wait for a decision, in their order."""
    page = requesting.request_page(ACTOR, request_id)
    waiting = [item for item in page.items if item.to_decide]
    assert len(waiting) == len(decisions)
    for item, accepted in zip(waiting, decisions, strict=True):
        requesting.decide_item(
            ACTOR, request_id=request_id, item_id=item.id, accepted=accepted, reason="" if accepted else "Falta a data."
        )


# Instructions (VII).


def test_an_instruction_leaves_as_a_request_and_its_answer_is_the_acknowledgement_and_its_acceptance_the_fulfilment(
    app: Any, agreement: int, at: Any
) -> None:
    due = date(2026, 3, 16)
    lineage = asking.send_instruction(ACTOR, agreement_id=agreement, text="Suspender o envio por e-mail.", due_on=due)
    [request] = requests_about("instruction", lineage)
    assert (request.kind, request.due_on) == (RequestKind.INSTRUCTION, due)
    at(days=2)
    page = answer(app, request.id)
    assert ["Suspender o envio por e-mail." in item.question for item in page.items] == [True, False]
    row = fact("instruction", lineage)
    assert (row.sent_on, row.acknowledged_on, row.answered_on, row.done_on) == (
        TODAY, date(2026, 3, 4), date(2026, 3, 4), None,
    )  # fmt: skip
    # The term ends while the answer is with us: nothing runs against the operator.
    at(days=20)
    assert "a conferir" in conduct.show(ACTOR, slug="instrucao", lineage=lineage).standing
    assert "ainda não foi conferido" in verdict(agreement, "VII")[1]
    decide(request.id, True, True)
    assert fact("instruction", lineage).done_on == date(2026, 3, 4), "done the day it was shown, not the day we looked"
    assert "As instruções com prazo foram cumpridas." in verdict(agreement, "VII")[1]


def test_an_acknowledgement_given_at_once_leaves_the_fulfilment_owed_by_its_own_term(
    app: Any, agreement: int, at: Any
) -> None:
    due = date(2026, 3, 30)
    lineage = asking.send_instruction(ACTOR, agreement_id=agreement, text="Trocar as chaves.", due_on=due)
    [request] = requests_about("instruction", lineage)
    at(days=1)
    answer(app, request.id, cannot={2: "Comprovaremos até o dia 25."})
    row = fact("instruction", lineage)
    assert (row.acknowledged_on, row.answered_on) == (date(2026, 3, 3), None)
    decide(request.id, True, False)
    [request] = requests_about("instruction", lineage)
    assert (request.state, request.due_on, fact("instruction", lineage).due_on) == (RequestState.RETURNED, due, due)
    at(days=29)
    assert verdict(agreement, "VII")[0] is Verdict.BREACHED


def test_a_directive_asks_for_its_acknowledgement_alone_and_its_withdrawal_ends_it(agreement: int, at: Any) -> None:
    lineage = asking.send_instruction(ACTOR, agreement_id=agreement, text="Não usar e-mail pessoal.", due_on=None)
    [request] = requests_about("instruction", lineage)
    assert request.due_on == date(2026, 3, 4), "two days, by the administrative parameter"
    assert len(requesting.request_page(ACTOR, request.id).items) == 1
    requesting.cancel(ACTOR, request_id=request.id, reason="Enviada por engano.")
    assert fact("instruction", lineage).withdrawn_on == TODAY
    assert not judging.assess_agreement(agreement).facts.instructions


# Help (X).


def plea(**changes: Any) -> NewAssistance:
    values = {
        "subject": "Confirmação de tratamento, protocolo 12",
        "question": "Informe se trata dados do protocolo 12.",
        "requester": Requester.DATA_SUBJECT,
        "protocol_on": date(2026, 2, 24),
        **changes,
    }
    return NewAssistance(**values)


def test_help_is_owed_inside_the_courts_fifteen_days_which_are_extended_once_with_reasons(
    app: Any, agreement: int, at: Any
) -> None:
    lineage = asking.ask_assistance(ACTOR, agreement_id=agreement, asked=plea())
    [request] = requests_about("assistance", lineage)
    assert request.due_on == fact("assistance", lineage).due_on == date(2026, 3, 9), "five working days"
    page = asking.extension_page(lineage)
    assert page.clock.court_due_on == date(2026, 3, 11)
    assert page.clock.margin == 2
    with pytest.raises(UseCaseError, match="11/03/2026") as refused:
        requesting.extend_term(ACTOR, request_id=request.id, due_on=date(2026, 3, 16), reason="Pediu mais tempo.")
    assert refused.value.field == "due_on"
    with pytest.raises(UseCaseError, match="justificativa"):
        asking.extend_court_term(ACTOR, lineage=lineage, reason=" ")
    assert asking.extend_court_term(ACTOR, lineage=lineage, reason="Dados em três sistemas.") == date(2026, 3, 26)
    with pytest.raises(ConflictError, match="uma prorrogação"):
        asking.extend_court_term(ACTOR, lineage=lineage, reason="Outra vez.")
    requesting.extend_term(ACTOR, request_id=request.id, due_on=date(2026, 3, 16), reason="Pediu mais tempo.")
    assert fact("assistance", lineage).due_on == date(2026, 3, 16), "the record is owed by the term of its request"
    at(days=3)
    answer(app, request.id)
    assert fact("assistance", lineage).answered_on == date(2026, 3, 5)
    decide(request.id, False)
    row = fact("assistance", lineage)
    assert (row.answered_on, row.due_on) == (None, date(2026, 3, 12)), (
        "given back with the short term, not with twenty days"
    )
    at(days=11)
    assert verdict(agreement, "X")[0] is Verdict.BREACHED
    answer(app, request.id)
    at(days=12)
    decide(request.id, True)
    assert "depois do prazo" in verdict(agreement, "X")[1]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"protocol_on": None}, "protocol_on"),
        ({"protocol_on": date(2026, 3, 3)}, "protocol_on"),
        ({"court_due_on": date(2026, 3, 20)}, "court_due_on"),
        ({"due_on": date(2026, 3, 12)}, "due_on"),
        ({"subject": " "}, "subject"),
        ({"question": ""}, "question"),
        ({"requester": Requester.AUTHORITY, "court_due_on": date(2026, 2, 2)}, "court_due_on"),
        ({"requester": Requester.AUTHORITY, "court_due_on": date(2026, 3, 6), "due_on": date(2026, 3, 9)}, "due_on"),
    ],
)
def test_a_plea_whose_days_cannot_be_is_refused_beside_its_field_and_nothing_leaves(
    agreement: int, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(UseCaseError) as refused:
        asking.ask_assistance(ACTOR, agreement_id=agreement, asked=plea(**changes))
    assert refused.value.field == field
    assert requesting.requests_page().total == 0


# Audits (IX).


@pytest.fixture
def audit(agreement: int, files: Any) -> int:
    """An audit planned for 23/03/2026, of two incisos."""
    values = {
        "title": "Controle de acessos",
        "incisos": "II, VIII",
        "planned_on": date(2026, 3, 23),
        "scope": "Sistema A",
    }
    return conduct.record(ACTOR, files, agreement_id=agreement, slug="auditoria", values=values)


def test_the_notice_of_an_audit_is_a_request_and_refusing_it_is_refusing_the_audit(
    agreement: int, audit: int, at: Any
) -> None:
    page = audits.notice_page(audit)
    assert (page.notice_by, page.short) == (date(2026, 3, 13), False)
    request_id = audits.send_notice(ACTOR, audit_lineage=audit, due_on=page.due_on, incisos=("VIII",))
    items = requesting.request_page(ACTOR, request_id).items
    assert [item.inciso for item in items] == ["IX", "VIII"]
    assert "23/03/2026" in items[0].question
    [(head, messages)] = audits.show(ACTOR, audit).notices
    assert head.id == request_id
    assert [message.recipient for message in messages] == ["preposto@fornecedor.example"]
    with pytest.raises(ConflictError, match="aviso em curso"):
        audits.send_notice(ACTOR, audit_lineage=audit, due_on=page.due_on)
    with pytest.raises(ConflictError, match="registre nela a recusa formal"):
        audits.register_refusal(ACTOR, lineage=audit, on=TODAY, reason="Não receberá a equipe.")
    requesting.register_refusal(ACTOR, request_id=request_id, reason="Não receberá a equipe.")
    row = fact("audit", audit)
    assert (row.refused_on, row.refusal_reason) == (TODAY, "Não receberá a equipe.")
    situation, sentences = verdict(agreement, "IX")
    assert situation is Verdict.BREACHED
    assert "recusou ou impediu" in sentences


def test_a_notice_shorter_than_the_parameter_says_why(agreement: int, audit: int, at: Any) -> None:
    at(days=14)
    assert audits.notice_page(audit).short
    due = audits.notice_page(audit).due_on
    with pytest.raises(UseCaseError) as refused:
        audits.send_notice(ACTOR, audit_lineage=audit, due_on=due)
    assert refused.value.field == "short_reason"
    request_id = audits.send_notice(ACTOR, audit_lineage=audit, due_on=due, short_reason="Indício de acesso indevido.")
    assert "Indício de acesso indevido." in requesting.request_page(ACTOR, request_id).head.reason


def checked(files: Any, audit: int) -> Any:
    """Propose the checklist, answer every item, the first one of VIII as not conforming; returns that item."""
    audits.propose_checklist(ACTOR, audit_lineage=audit)
    page = audits.show(ACTOR, audit)
    bad = next(line for group in page.groups if group.inciso == "VIII" for line in group.lines)
    for group in page.groups:
        for line in group.lines:
            seen = (
                Seen(CheckResult.NONCONFORMING, "Três acessos de quem saiu.")
                if line == bad
                else Seen(CheckResult.CONFORMING)
            )
            audits.answer_check(ACTOR, files, lineage=line.lineage, seen=seen)
    return bad


def test_an_audit_goes_from_its_checklist_to_findings_corrections_and_a_conclusion(
    app: Any, agreement: int, files: Any, audit: int, at: Any
) -> None:
    at(days=21)
    bad = checked(files, audit)
    page = audits.show(ACTOR, audit)
    assert page.answered == page.total > 8
    assert {line.source for group in page.groups for line in group.lines} == {"requirement", "question"}
    with pytest.raises(UseCaseError, match="realizada"):
        audits.record_finding(
            ACTOR, check_lineage=bad.lineage, severity=FindingSeverity.SERIOUS, description="Acessos de quem saiu"
        )
    audits.perform(ACTOR, lineage=audit, on=date(2026, 3, 23))
    with pytest.raises(UseCaseError, match="não tem achado"):
        audits.conclude(ACTOR, lineage=audit, on=date(2026, 3, 23), conclusion="Há o que corrigir.")
    finding = audits.record_finding(
        ACTOR,
        check_lineage=bad.lineage,
        severity=FindingSeverity.SERIOUS,
        description="Acessos ativos de quem deixou o operador",
        correction=Correction("Retirar os três acessos", owner="Otávio Lemos, gerente"),
    )
    situation, sentences = verdict(agreement, "VIII")
    assert situation is Verdict.BREACHED, "a serious finding shows the duty broken, by the administrative parameter"
    assert "Acessos ativos de quem deixou o operador (constatado em 23/03/2026)." in sentences
    audits.conclude(ACTOR, lineage=audit, on=date(2026, 3, 23), conclusion="Acessos a corrigir.")
    with pytest.raises(ConflictError, match="concluída"):
        audits.answer_check(ACTOR, files, lineage=bad.lineage, seen=Seen(CheckResult.CONFORMING))
    [line] = audits.show(ACTOR, audit).findings
    [action] = line.actions
    assert (line.lineage, action.due_on, action.to_ask) == (finding, date(2026, 4, 6), True), (
        "ten days, rolled past Easter"
    )
    [request_id] = asking.ask_actions(ACTOR, lineages=[action.lineage])
    with pytest.raises(ConflictError, match="por requisitar"):
        asking.ask_actions(ACTOR, lineages=[action.lineage])
    answer(app, request_id)
    assert fact("corrective_action", action.lineage).answered_on == date(2026, 3, 23)
    decide(request_id, False)
    row = fact("corrective_action", action.lineage)
    assert (row.answered_on, row.reopened_on) == (None, date(2026, 3, 23))
    assert row.due_on == requests_about("corrective_action", action.lineage)[0].due_on
    at(days=25)
    answer(app, request_id)
    decide(request_id, True)
    row = fact("corrective_action", action.lineage)
    assert (row.done_on, row.verified_on, row.verified_by) == (date(2026, 3, 27), date(2026, 3, 27), "Marta Leão")
    assert "(constatado em" not in verdict(agreement, "VIII")[1], (
        "the breach is settled with the last action of the finding"
    )
    at(days=60)
    audits.verify_action(
        ACTOR, lineage=action.lineage, mended=False, on=None, how="Dois acessos voltaram.", due_on=date(2026, 5, 11)
    )
    assert fact("corrective_action", action.lineage).done_on is None
    assert verdict(agreement, "VIII")[0] is Verdict.BREACHED, "found wanting, it stands again"
    audits.withdraw_finding(ACTOR, lineage=finding, reason="Os acessos eram de outro contrato.")
    assert fact("corrective_action", action.lineage).withdrawn_on == date(2026, 5, 1)
    assert "(constatado em" not in verdict(agreement, "VIII")[1], "what did not hold no longer stands"
    assert "(constatado em" in verdict(agreement, "VIII", on=date(2026, 3, 24))[1], (
        "and what was known then is not rewritten"
    )


def test_several_corrections_of_an_audit_with_one_term_go_in_one_request_and_refusing_it_refuses_each(
    app_on_each_database: Any, agreement: int, files: Any, audit: int, at: Any
) -> None:
    lineages = [
        conduct.record(
            ACTOR, files, agreement_id=agreement, slug="acao-corretiva",
            values={"inciso": inciso, "description": f"Corrigir {inciso}", "due_on": due, "audit_lineage": audit},
        )
        for inciso, due in (("II", date(2026, 4, 10)), ("VIII", date(2026, 4, 10)), ("V", date(2026, 4, 11)))
    ]  # fmt: skip
    requests = asking.ask_actions(ACTOR, lineages=lineages)
    assert [len(requesting.request_page(ACTOR, each).items) for each in requests] == [2, 1]
    assert [each.lineage for each in requesting.request_page(ACTOR, requests[0]).matters] == lineages[:2]
    assert [line.actions for line in audits.index(standing="running").lines] == [3]
    assert fact("corrective_action", lineages[2]).due_on == date(2026, 4, 13), "a Saturday rolls to Monday"
    requesting.register_refusal(ACTOR, request_id=requests[0], reason="Não corrigirá.")
    assert [fact("corrective_action", each).refused_on for each in lineages] == [TODAY, TODAY, None]
    assert verdict(agreement, "II")[0] is verdict(agreement, "IX")[0] is Verdict.BREACHED
    requesting.cancel(ACTOR, request_id=requests[1], reason="Será pedida com outras.")
    assert fact("corrective_action", lineages[2]).withdrawn_on is None, "no longer asked, still required"


def test_the_report_quotes_the_checklist_the_findings_and_the_corrections(
    app: Any, agreement: int, files: Any, audit: int, at: Any, tmp_path: Path
) -> None:
    at(days=21)
    bad = checked(files, audit)
    audits.perform(ACTOR, lineage=audit, on=date(2026, 3, 23))
    audits.record_finding(
        ACTOR,
        check_lineage=bad.lineage,
        severity=FindingSeverity.MEDIUM,
        description="Acessos ativos de quem deixou o operador",
        correction=Correction("Retirar os três acessos", owner="Otávio Lemos, gerente"),
    )
    from docx import Document

    from tests.integration.test_documents_about import BODY
    from vendor_tracker.usecases import documents

    words = []
    for kind in ("plano-de-auditoria", "relatorio-de-auditoria"):
        document = Document(BytesIO(documents.render(BODY, kind=kind, subject_id=audit)))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        words.append(" ".join([*(paragraph.text for paragraph in document.paragraphs), *cells]))
    plan, report = words
    assert bad.text in plan
    for said in (
        bad.text,
        "Três acessos de quem saiu",
        "Não conforme",
        "Média",
        "Retirar os três acessos",
        "Otávio Lemos",
    ):
        assert said in report, said


def test_the_page_of_an_audit_takes_as_many_queries_for_one_item_as_for_many(
    app: Any, agreement: int, files: Any, audit: int, at: Any, count_queries: Any
) -> None:
    audits.add_check(ACTOR, audit_lineage=audit, inciso="II", text="Os relógios estão certos.")
    with count_queries() as few:
        audits.show(ACTOR, audit)
    audits.propose_checklist(ACTOR, audit_lineage=audit)
    with count_queries() as many:
        page = audits.show(ACTOR, audit)
    assert page.total > 8
    assert int(many) == int(few)
