"""An audit from notice to corrections, an instruction and two pleas for help, all through the portal."""

from datetime import timedelta
from io import BytesIO

from contracts.vocabulary import AuditMode, CheckResult, FindingSeverity, Requester
from vendor_tracker import clock
from vendor_tracker.demo import papers
from vendor_tracker.demo.hands import Bond, Hands
from vendor_tracker.demo.routine import trusted, visit
from vendor_tracker.demo.timeline import Story
from vendor_tracker.usecases import answering, audits, conduct, requesting
from vendor_tracker.usecases.answering import Draft, NewFile
from vendor_tracker.usecases.audits import Correction, Seen
from vendor_tracker.usecases.conduct import asking
from vendor_tracker.usecases.conduct.asking import NewAssistance

NOTES = {
    CheckResult.CONFORMING: "Visto no sistema de gestão de acessos, com a pessoa responsável.",
    CheckResult.UNVERIFIED: "A equipe que conhece o procedimento estava em férias.",
}


def story(hands: Hands) -> Story:
    """Audit the keeper of the backups, follow what was found, and ask it for help along the way."""
    yield 74
    bond = hands.bonds["copias"]
    auditor = hands.fiscal_of(bond)
    audit = conduct.record(
        auditor,
        hands.files,
        agreement_id=bond.id,
        slug="auditoria",
        values={
            "title": "Guarda das cópias de segurança",
            "incisos": "V e VIII",
            "scope": "Sala-cofre, console de cópias e contas de operação.",
            "period_from": clock.today() - timedelta(days=100),
            "period_until": clock.today() - timedelta(days=10),
            "mode": AuditMode.ON_SITE,
            "team": "Davi Sampaio, auditor\nLorena Queiroz, analista de segurança da informação",
            "planned_on": hands.working_day(26),
        },
    )
    audits.propose_checklist(auditor, audit_lineage=audit)
    notice = audits.send_notice(auditor, audit_lineage=audit, due_on=hands.working_day(12), incisos=("VIII",))
    hands.kept.add(notice)
    yield 66
    _answer(hands, bond, notice, "A equipe será recebida por Renata Couto, gerente de operações.")
    yield 63
    _decide(hands, bond, notice)
    yield 46
    audits.perform(auditor, lineage=audit, on=clock.today())
    _check(hands, bond, audit)
    yield 42
    audits.conclude(
        auditor,
        lineage=audit,
        on=clock.today(),
        conclusion="A guarda é adequada. Duas contas sem dono e o teste de recuperação antigo pedem correção.",
    )
    hands.paper("relatorio-de-auditoria", audit)
    page = audits.show(auditor, audit)
    actions = [action.lineage for finding in page.findings for action in finding.actions]
    asked = asking.ask_actions(auditor, lineages=actions)
    hands.kept.update(asked)
    yield 33
    _answer(hands, bond, asked[0], "As duas contas foram encerradas, e a relação foi conferida com o setor de pessoal.")
    yield 30
    _decide(hands, bond, asked[0])
    yield 12
    order = asking.send_instruction(
        auditor,
        agreement_id=bond.id,
        text="Guardar por doze meses, com resumo criptográfico diário, os registros de acesso à sala-cofre.",
        due_on=hands.working_day(25),
    )
    [sent] = _about(hands, "instrucao", order)
    hands.kept.add(sent)
    yield 11
    _answer(
        hands, bond, sent, "Ciente.", cannot={2: "A guarda começa no dia 1º do próximo mês; comprovaremos até o prazo."}
    )
    yield 9
    plea = asking.ask_assistance(
        hands.encarregado,
        agreement_id=bond.id,
        asked=NewAssistance(
            "Eliminação de dados, protocolo 2071",
            "Informe se há cópias com dados do protocolo 2071 e em que data cada uma é sobrescrita.",
            Requester.DATA_SUBJECT,
            protocol_on=clock.today() - timedelta(days=3),
        ),
    )
    [helped] = _about(hands, "auxilio", plea)
    hands.kept.add(helped)
    yield 6
    _answer(hands, bond, helped, "Há três cópias; a última é sobrescrita em noventa dias.")
    yield 5
    _decide(hands, bond, helped)
    asking.extend_court_term(
        hands.encarregado,
        lineage=plea,
        reason="A resposta depende da sobrescrita das cópias e de consulta à área de tecnologia.",
    )
    yield 2
    for asked in (
        NewAssistance(
            "Ofício de autoridade sobre registros de acesso",
            "Envie a relação dos acessos à sala-cofre no período indicado no ofício, sem nomes de terceiros.",
            Requester.AUTHORITY,
            court_due_on=hands.working_day(14),
            wants_file=True,
        ),
        NewAssistance(
            "Correção de cadastro, protocolo 2093",
            "Informe em que cópias consta o cadastro do protocolo 2093 e se é possível corrigi-lo em cada uma.",
            Requester.DATA_SUBJECT,
            protocol_on=clock.today(),
        ),
    ):
        running = asking.ask_assistance(hands.encarregado, agreement_id=bond.id, asked=asked)
        hands.kept.update(_about(hands, "auxilio", running))
    yield 1
    _visit_under_way(hands)


def _visit_under_way(hands: Hands) -> None:
    """Leave an inspection in the middle: something seen, one finding to ask about, the rest to be looked at."""
    bond = hands.bonds["arquivo"]
    auditor = hands.fiscal_of(bond)
    audit = conduct.record(
        auditor,
        hands.files,
        agreement_id=bond.id,
        slug="auditoria",
        values={
            "title": "Controle de chaves do depósito",
            "incisos": "VIII",
            "scope": "Depósito principal e sala de digitalização.",
            "mode": AuditMode.ON_SITE,
            "independent": True,
            "auditor": "Ateneu Auditores Associados",
            "planned_on": clock.today(),
            "performed_on": clock.today(),
        },
    )
    audits.propose_checklist(auditor, audit_lineage=audit)
    first, second, *_ = audits.show(auditor, audit).groups[0].lines
    for line, note in (
        (first, "O aditivo ainda não foi assinado."),
        (second, "Uma pessoa com chave e sem função no depósito."),
    ):
        audits.answer_check(auditor, hands.files, lineage=line.lineage, seen=Seen(CheckResult.NONCONFORMING, note))
    audits.record_finding(
        auditor,
        check_lineage=second.lineage,
        severity=FindingSeverity.MEDIUM,
        description="Uma pessoa guarda chave do depósito sem que a função o exija.",
        correction=Correction("Recolher a chave e registrar a entrega das demais por pessoa."),
    )


def _about(hands: Hands, slug: str, lineage: int) -> list[int]:
    return [head.id for head in conduct.show(hands.encarregado, slug=slug, lineage=lineage).requests]


def _answer(hands: Hands, bond: Bond, request_id: int, words: str, *, cannot: dict[int, str] | None = None) -> None:
    came, reasons = visit(request_id), cannot or {}
    items = answering.answer_page(came).items
    answering.submit(
        came,
        name=bond.deal.company.preposto,
        position=bond.deal.company.position,
        declared=True,
        files=hands.files,
        drafts={
            item.id: Draft(cannot_deliver=reasons[item.position]) if item.position in reasons else Draft(words)
            for item in items
        },
        new_files=tuple(
            NewFile(item.id, "Comprovação.pdf", BytesIO(papers.pdf("Comprovação", [words])))
            for item in items
            if item.wants_file and item.position not in reasons
        ),
        opened=trusted,
    )


def _decide(hands: Hands, bond: Bond, request_id: int) -> None:
    actor = hands.fiscal_of(bond)
    for item in requesting.request_page(actor, request_id).items:
        if item.to_decide:
            requesting.decide_item(actor, request_id=request_id, item_id=item.id, accepted=True, reason="")


def _check(hands: Hands, bond: Bond, audit: int) -> None:
    """Answer every item: one of each inciso is wrong, one could not be seen, the rest is as it should be."""
    actor = hands.fiscal_of(bond)
    for group in audits.show(actor, audit).groups:
        last = len(group.lines) - 1
        for place, line in enumerate(group.lines):
            result, note = CheckResult.CONFORMING, NOTES[CheckResult.CONFORMING]
            if place == 1:
                result = CheckResult.NONCONFORMING if group.inciso == "VIII" else CheckResult.PARTIAL
                note = (
                    "Duas contas de operação sem dono." if group.inciso == "VIII" else "Último teste de 14 meses atrás."
                )
            elif place == last:
                result, note = CheckResult.UNVERIFIED, NOTES[CheckResult.UNVERIFIED]
            audits.answer_check(actor, hands.files, lineage=line.lineage, seen=Seen(result, note))
            if place == 1:
                _find(hands, bond, line.lineage, group.inciso)


def _find(hands: Hands, bond: Bond, check: int, inciso: str) -> None:
    actor = hands.fiscal_of(bond)
    if inciso == "VIII":
        audits.record_finding(
            actor,
            check_lineage=check,
            severity=FindingSeverity.MEDIUM,
            description="Duas contas de operação do console não têm dono.",
            correction=Correction("Encerrar as contas sem dono e conferir as demais.", owner="Renata Couto, gerente"),
        )
        return
    audits.record_finding(
        actor,
        check_lineage=check,
        severity=FindingSeverity.LIGHT,
        description="O último teste de recuperação das cópias tem mais de doze meses.",
        correction=Correction("Refazer o teste de recuperação e enviar o relatório.", owner="Renata Couto, gerente"),
    )
