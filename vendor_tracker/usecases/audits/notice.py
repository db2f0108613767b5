"""Telling the operator of an audit, and how an audit ends."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from contracts.questions import QuestionBook
from contracts.vocabulary import AuditMode, CheckResult, RequestKind
from contracts.workdays import TermUnit
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import audits as store
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.usecases import mending
from vendor_tracker.usecases.audits.common import audit_of, within, written
from vendor_tracker.usecases.conduct.fact_kind import day_text
from vendor_tracker.usecases.describing_subjects import incisos_in
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.judging import policy_of, questions_of, rejudge, workdays_of
from vendor_tracker.usecases.mending import in_turn
from vendor_tracker.usecases.requesting import NewItem, open_request
from vendor_tracker.usecases.requesting.asking import checked_term
from vendor_tracker.usecases.requesting.preflight import preflight_of
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, look


@dataclass(frozen=True, slots=True)
class NoticePage:
    """The form of an audit's notice."""

    title: str
    agreement: AgreementHead
    lineage: int
    audit: str
    planned_on: date | None
    today: date
    days: int
    """Days between notice and audit: the administrative parameter, unless the instrument says otherwise."""
    notice_by: date | None
    """The last day to give notice by that parameter."""
    short: bool
    """Whether that day has passed, so that the shorter notice needs a reason."""
    due_on: date
    """The term proposed for the operator's answer."""
    recipient: str
    email: str
    problem: str
    criteria: tuple[tuple[str, str], ...]
    """The incisos whose information may be asked with the notice, with the question of the book."""


def notice_page(lineage: int) -> NoticePage:
    """Return what the form of a notice needs; raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        audit = audit_of(session, lineage)
        policy, workdays = policy_of(session).on(today), workdays_of(session)
        days = policy.number("audit_notice_days")
        notice_by = None if audit.planned_on is None else audit.planned_on - timedelta(days=days)
        due_on = workdays.due_after(today, policy.number("request_answer_days"), TermUnit.CALENDAR_DAYS)
        if audit.planned_on is not None and today < audit.planned_on <= due_on:
            eve = workdays.previous_working(audit.planned_on - timedelta(days=1))
            due_on = max(eve, workdays.add_working(today, 1))
        preflight = preflight_of(session, audit.agreement_id, today)
        book, body = questions_of(session, today), settings().body.acronym
        return NoticePage(
            "Avisar o operador da auditoria",
            head_of(session, audit.agreement_id),
            lineage,
            audit.title,
            audit.planned_on,
            today,
            days,
            notice_by,
            notice_by is not None and today > notice_by,
            due_on,
            preflight.recipient,
            preflight.email,
            preflight.problem,
            tuple((inciso, book.incisos[inciso].addressed(body).title) for inciso in incisos_in(audit.incisos)),
        )


def send_notice(
    actor: Actor, *, audit_lineage: int, due_on: date, incisos: Collection[str] = (), short_reason: str = ""
) -> int:
    """Tell the operator of an audit by a request of kind AUDIT; returns the request's id.

    The first item asks who will receive the team; each of ``incisos`` asks the information of the question book. A
    notice shorter than the administrative parameter says why. That it left, and when, is on the request's messages.
    """
    why = within(short_reason, "short_reason")
    with in_turn(actor) as work:
        audit = audit_of(work.session, audit_lineage)
        if audit.performed_on is not None or audit.refused_on is not None or audit.concluded_on is not None:
            raise ConflictError("Só se avisa de auditoria que ainda não foi realizada nem recusada.")
        if audit.planned_on is None or audit.planned_on <= work.today:
            raise UseCaseError("Informe antes, no registro da auditoria, um dia planejado posterior a hoje.")
        if store.open_request_about(work.session, "audit", audit_lineage) is not None:
            raise ConflictError("Esta auditoria já tem aviso em curso.")
        problem = preflight_of(work.session, audit.agreement_id, work.today).problem
        if problem:
            raise UseCaseError(problem)
        days = policy_of(work.session).on(work.today).number("audit_notice_days")
        if audit.planned_on - timedelta(days=days) < work.today and not why:
            raise UseCaseError(
                f"O dia planejado está a menos de {days} dias corridos (parâmetro administrativo). Diga por que o "
                "aviso é mais curto, ou planeje outro dia.",
                field="short_reason",
            )
        checked_term(work.session, due_on, work.today)
        if due_on > audit.planned_on:
            raise UseCaseError(
                f"A resposta deve vir até o dia planejado, {day_text(audit.planned_on)}.", field="due_on"
            )
        request = open_request(
            work,
            agreement_id=audit.agreement_id,
            kind=RequestKind.AUDIT,
            items=[_reception(audit), *_information(questions_of(work.session, work.today), audit, incisos)],
            due_on=due_on,
            reason=f"Auditoria “{audit.title}”, planejada para {day_text(audit.planned_on)}."
            + (f" Aviso mais curto que o usual: {why}" if why else ""),
            matter=("audit", audit_lineage),
        )
        work.trail(
            "audit_notified",
            "audit",
            audit_lineage,
            f"Aviso da auditoria “{audit.title}” enviado ao operador.",
            {"agreement": audit.agreement_id, "request": request.id, "short_reason": why},
        )
        rejudge(work, [audit.agreement_id], cause="Auditoria avisada")
        return request.id


def _reception(audit: Any) -> NewItem:
    """Ask who will receive the team, saying what will be audited, when, how and by whom."""
    body = settings().body.acronym
    who = f"equipe do {body}"
    if audit.independent:
        who = f"auditor independente autorizado pelo {body}" + (f", {audit.auditor}" if audit.auditor else "")
    place = {AuditMode.ON_SITE: ", no local", AuditMode.ON_PAPER: ", por documentos, à distância", None: ""}[audit.mode]
    scope = (audit.scope or "").strip().rstrip(".")
    criteria = incisos_in(audit.incisos)
    return NewItem(
        "IX",
        "Ciência da auditoria e quem acompanhará a equipe",
        f"O {body} fará a auditoria “{audit.title}”, planejada para {day_text(audit.planned_on)}{place}, por {who}."
        + period_words(audit)
        + (f" Alcance: {scope}." if scope else "")
        + f" {'Critério: inciso' if len(criteria) == 1 else 'Critérios: incisos'} {', '.join(criteria)} do art. 14. "
        "Confirme que receberá a equipe e diga quem a acompanhará, com cargo e contato. Se algo impede o dia "
        "planejado, diga o quê e proponha outro. Recusar a auditoria descumpre o art. 14, IX.",
        wants_file=False,
    )


def period_words(audit: Any) -> str:
    """Say which days are audited, in a sentence after another; nothing when nobody said."""
    start, end = audit.period_from, audit.period_until
    if start is not None and end is not None:
        return f" Período auditado: de {day_text(start)} a {day_text(end)}."
    if start is not None:
        return f" Período auditado: desde {day_text(start)}."
    return f" Período auditado: até {day_text(end)}." if end is not None else ""


def _information(book: QuestionBook, audit: Any, incisos: Collection[str]) -> list[NewItem]:
    body = settings().body.acronym
    items = []
    for inciso in incisos_in(audit.incisos):
        if inciso in incisos:
            question = book.incisos[inciso].addressed(body)
            items.append(
                NewItem(
                    inciso,
                    question.title,
                    question.text,
                    reason="Informação que a auditoria verificará.",
                    help=question.help,
                    template=f"{question.key}/{question.number}",
                )
            )
    return items


def conclude(actor: Actor, *, lineage: int, on: date, conclusion: str) -> None:
    """Conclude an audit: from that day the cycle of inciso IX counts, and the report may be issued.

    Every item that stays on the checklist has its answer by then, and every nonconformity its finding.
    """
    text = written(conclusion, "conclusion", "Escreva a conclusão.")
    with in_turn(actor) as work:
        audit = audit_of(work.session, lineage)
        if audit.refused_on is not None or audit.concluded_on is not None:
            raise ConflictError("Esta auditoria já foi encerrada.")
        if audit.performed_on is None:
            raise UseCaseError("Informe antes, no registro da auditoria, o dia em que ela foi realizada.")
        if on > work.today:
            raise UseCaseError("Este dia ainda não chegou.", field="on")
        if on < audit.performed_on:
            raise UseCaseError("A conclusão é anterior à auditoria.", field="on")
        rows = [row for row in store.checks(work.session, lineage) if row.left_out_on is None]
        waiting = [row for row in rows if row.result is None]
        if waiting:
            raise UseCaseError(
                f"O roteiro tem {len(waiting)} {'item' if len(waiting) == 1 else 'itens'} sem constatação. Anote-os, "
                "ainda que como não verificados, ou retire-os do roteiro."
            )
        found = {row.check_lineage for row in store.findings(work.session, lineage) if row.withdrawn_on is None}
        loose = [row for row in rows if row.result is CheckResult.NONCONFORMING and row.lineage not in found]
        if loose:
            raise UseCaseError(
                f"O item {loose[0].position} do roteiro está não conforme e não tem achado. Registre o achado ou "
                "corrija a anotação."
            )
        mending.follow_up(
            work, "audit", audit, f"Auditoria “{audit.title}” concluída.", concluded_on=on, conclusion=text
        )
        rejudge(work, [audit.agreement_id], cause="Auditoria concluída")


def perform(actor: Actor, *, lineage: int, on: date) -> None:
    """Record the day on which the audit was carried out."""
    with in_turn(actor) as work:
        audit = audit_of(work.session, lineage)
        if audit.refused_on is not None or audit.concluded_on is not None:
            raise ConflictError("Esta auditoria já foi encerrada.")
        if on > work.today:
            raise UseCaseError("Este dia ainda não chegou.", field="on")
        mending.follow_up(
            work, "audit", audit, f"Auditoria “{audit.title}” realizada em {day_text(on)}.", performed_on=on
        )
        rejudge(work, [audit.agreement_id], cause="Auditoria realizada")


def register_refusal(actor: Actor, *, lineage: int, on: date, reason: str) -> None:
    """Record that the operator refused or prevented the audit: a breach of inciso IX from that day."""
    why = written(reason, "reason", "Diga as razões que o operador apresentou, ou que nenhuma apresentou.")
    with in_turn(actor) as work:
        audit = audit_of(work.session, lineage)
        if audit.performed_on is not None:
            raise ConflictError("A auditoria foi realizada: não pode constar também como recusada.")
        if audit.refused_on is not None:
            raise ConflictError("A recusa já está em registro.")
        told = store.open_request_about(work.session, "audit", lineage)
        if told is not None:
            raise ConflictError(
                f"O aviso está na requisição {told.number}: registre nela a recusa formal, e a auditoria a acompanha."
            )
        if on > work.today:
            raise UseCaseError("Este dia ainda não chegou.", field="on")
        mending.follow_up(
            work,
            "audit",
            audit,
            f"Recusa da auditoria “{audit.title}” pelo operador registrada.",
            refused_on=on,
            refusal_reason=why,
        )
        rejudge(work, [audit.agreement_id], cause="Recusa de auditoria registrada")
