"""Instructions, pleas for help and corrective actions that reach the operator as requests, and the court's own clock.

Each is put on record and asked in one transaction; what the operator answers comes back to the record through
:mod:`vendor_tracker.usecases.requesting.matters`. What happened outside the product is still written by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from contracts.norm import ART_11, ART_14, LegalReference
from contracts.questions import TITLE_LIMIT
from contracts.subject_answer import ANSWER_DAYS, court_term
from contracts.vocabulary import Requester, RequestKind
from contracts.workdays import CalendarRangeError, TermUnit
from vendor_tracker import clock
from vendor_tracker.running import settings
from vendor_tracker.store import audits
from vendor_tracker.store import conduct as store
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.store.tables import Assistance, Instruction, Request
from vendor_tracker.usecases import mending
from vendor_tracker.usecases.conduct.fact_kind import day_text, known_inciso, short
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.judging import policy_of, rejudge, workdays_of
from vendor_tracker.usecases.mending import in_turn
from vendor_tracker.usecases.requesting import NewItem, open_request
from vendor_tracker.usecases.requesting.asking import LONGEST_TEXT, MOST_ITEMS, checked_term
from vendor_tracker.usecases.requesting.matters import assistance_days
from vendor_tracker.usecases.requesting.preflight import preflight_of
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, look

LONGEST_INSTRUCTION = LONGEST_TEXT - 1200
"""Characters of an instruction or of what is asked: room is left for what the item says around it."""


# ----------------------------------------------------------------------------------------------------------------------
# What the forms need
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class MatterPage:
    """The form of something that is put on record and asked at once."""

    title: str
    agreement: AgreementHead
    today: date
    law: LegalReference
    recipient: str
    email: str
    problem: str
    """Why it could not reach the operator, in a sentence; empty when it can."""
    days: int
    """Days of the term: to acknowledge an instruction (corridos), or to help (úteis)."""
    agreed: bool
    """Whether the term is the agreement's; otherwise it is the administrative parameter."""
    due_on: date
    """The term that is proposed."""


def _page(session: Session, agreement_id: int, title: str, law: LegalReference) -> MatterPage:
    today = clock.today()
    head = head_of(session, agreement_id)
    preflight = preflight_of(session, agreement_id, today)
    policy, workdays = policy_of(session).on(today), workdays_of(session)
    if law is ART_14["X"]:
        agreed = load_facts(session, [agreement_id], on=today)[agreement_id].assistance_term_days
        days = policy.number("assistance_term_days") if agreed is None else agreed
        due_on = workdays.add_working(today, days)
    else:
        agreed, days = None, policy.number("instruction_acknowledgement_days")
        due_on = workdays.due_after(today, days, TermUnit.CALENDAR_DAYS)
    return MatterPage(
        title,
        head,
        today,
        law,
        preflight.recipient,
        preflight.email,
        preflight.problem,
        days,
        agreed is not None,
        due_on,
    )


def instruction_page(agreement_id: int) -> MatterPage:
    """Return what the form of a new instruction needs; raises :class:`NotFoundError`."""
    with look() as session:
        return _page(session, agreement_id, "Enviar instrução ao operador", ART_14["VII"])


def assistance_page(agreement_id: int) -> MatterPage:
    """Return what the form of a new plea for help needs; raises :class:`NotFoundError`."""
    with look() as session:
        return _page(session, agreement_id, "Pedir auxílio ao operador", ART_14["X"])


def _reachable(work: Work, agreement_id: int) -> AgreementHead:
    head = head_of(work.session, agreement_id)
    problem = preflight_of(work.session, agreement_id, work.today).problem
    if problem:
        raise UseCaseError(problem)
    return head


def _text(text: str, field: str, sentence: str, longest: int = LONGEST_INSTRUCTION) -> str:
    clean = text.strip()
    if not clean:
        raise UseCaseError(sentence, field=field)
    if len(clean) > longest:
        raise UseCaseError(f"Use no máximo {longest} caracteres.", field=field)
    return clean


# ----------------------------------------------------------------------------------------------------------------------
# Instructions (inciso VII)
# ----------------------------------------------------------------------------------------------------------------------
def send_instruction(actor: Actor, *, agreement_id: int, text: str, due_on: date | None) -> int:
    """Send an instruction to the operator; returns its lineage.

    Without ``due_on`` it is a directive: it stands until it is changed, and only its acknowledgement is asked, within
    the administrative parameter.
    """
    clean = _text(text, "text", "Escreva a instrução.")
    with in_turn(actor) as work:
        head = _reachable(work, agreement_id)
        days = policy_of(work.session).on(work.today).number("instruction_acknowledgement_days")
        known_by = workdays_of(work.session).due_after(work.today, days, TermUnit.CALENDAR_DAYS)
        if due_on is not None:
            checked_term(work.session, due_on, work.today)
        row = Instruction(
            agreement_id=agreement_id,
            text=clean,
            sent_on=work.today,
            due_on=due_on,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        work.trail(
            "instruction_recorded",
            "instruction",
            row.lineage,
            f"Instrução registrada em {head.label}: {short(clean)}.",
            {"agreement": agreement_id, "text": clean, "due_on": due_on},
        )
        open_request(
            work,
            agreement_id=agreement_id,
            kind=RequestKind.INSTRUCTION,
            items=_instruction_items(clean, due_on, known_by, days),
            due_on=due_on or known_by,
            reason="Dê ciência da instrução e comprove que a cumpriu."
            if due_on
            else "Dê ciência da diretriz, que vale até que o órgão a altere.",
            matter=("instruction", row.lineage),
        )
        rejudge(work, [agreement_id], cause="Instrução enviada")
        return int(row.lineage or 0)


def _instruction_items(text: str, due_on: date | None, known_by: date, days: int) -> tuple[NewItem, ...]:
    """Return the acknowledgement and, where there is a term to do it by, the fulfilment, in these positions."""
    body = settings().body.acronym
    if due_on is None:
        first = f"O {body} transmite a diretriz seguinte:\n\n{text}\n\n"
    else:
        first = f"O {body} transmite a instrução seguinte, a ser cumprida até {due_on:%d/%m/%Y}:\n\n{text}\n\n"
    acknowledgement = NewItem(
        "VII",
        "Ciência da diretriz" if due_on is None else "Ciência da instrução",
        f"{first}Declare que tomou ciência e que a seguirá como está escrita. Se algo o impede, ou se a considera "
        f"contrária à lei, diga o quê e por quê. A ciência é esperada até {known_by:%d/%m/%Y} ({days} "
        f"{'dia corrido' if days == 1 else 'dias corridos'}, parâmetro administrativo).",
        wants_file=False,
    )
    if due_on is None:
        return (acknowledgement,)
    fulfilment = NewItem(
        "VII",
        "Comprovação do cumprimento",
        f"Diga o que foi feito, quando e por quem, e envie o que o comprova, até {due_on:%d/%m/%Y}. Se for dar agora "
        "só a ciência, informe aqui, em “Não consigo entregar este item”, a data em que comprovará: depois do exame "
        "da ciência, este item volta para você.",
        wants_file=False,
    )
    return (acknowledgement, fulfilment)


# ----------------------------------------------------------------------------------------------------------------------
# Help with data subjects and authorities (inciso X)
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NewAssistance:
    """What help is asked, and for whom. Nothing here names the data subject."""

    subject: str
    question: str
    requester: Requester
    protocol_on: date | None = None
    court_due_on: date | None = None
    """The term that an authority or another party gave; art. 11 sets the data subject's."""
    due_on: date | None = None
    """The operator's own term; none for the agreed one, or the parameter."""
    wants_file: bool = False


def ask_assistance(actor: Actor, *, agreement_id: int, asked: NewAssistance) -> int:
    """Ask the operator to help towards a data subject, an authority or another party; returns the lineage.

    The operator's term is the one agreed with it, else the administrative parameter, in working days, and always fits
    inside the court's own while that one runs.
    """
    subject = _text(asked.subject, "subject", "Diga o assunto, sem identificar o titular.", TITLE_LIMIT)
    question = _text(asked.question, "question", "Diga o que o operador deve fazer, informar ou entregar.")
    with in_turn(actor) as work:
        head = _reachable(work, agreement_id)
        workdays = workdays_of(work.session)
        ours = _court_clock(work, asked)
        days = assistance_days(work, agreement_id)
        due_on = asked.due_on
        if due_on is None:
            due_on = workdays.add_working(work.today, days)
            if ours is not None and work.today < ours < due_on:
                due_on = ours
        checked_term(work.session, due_on, work.today)
        if ours is not None and ours > work.today and due_on > ours:
            raise UseCaseError(
                f"O prazo do operador deve caber no do órgão, que termina em {day_text(ours)}.", field="due_on"
            )
        row = Assistance(
            agreement_id=agreement_id,
            subject=subject,
            asked_on=work.today,
            due_on=due_on,
            requester=asked.requester,
            protocol_on=asked.protocol_on,
            court_due_on=asked.court_due_on,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        work.trail(
            "assistance_recorded",
            "assistance",
            row.lineage,
            f"Pedido de auxílio registrado em {head.label}: {subject}.",
            {"agreement": agreement_id, "due_on": due_on, "requester": asked.requester},
        )
        open_request(
            work,
            agreement_id=agreement_id,
            kind=RequestKind.ASSISTANCE,
            items=(
                NewItem(
                    "X",
                    subject,
                    f"{question}\n\nResponda ao {settings().body.acronym}, que responde ao interessado: não se dirija "
                    "diretamente a ele. Não escreva aqui nome, CPF nem outro dado que identifique o titular; se for "
                    "preciso entregar dados dele, diga por que meio seguro os entregará.",
                    wants_file=asked.wants_file,
                ),
            ),
            due_on=due_on,
            reason="É para responder "
            + {
                Requester.DATA_SUBJECT: "a um titular de dados pessoais, no prazo do art. 11 da Portaria.",
                Requester.AUTHORITY: "a uma autoridade competente.",
                Requester.OTHER: "a um legítimo interessado.",
            }[asked.requester],
            matter=("assistance", row.lineage),
        )
        rejudge(work, [agreement_id], cause="Auxílio pedido ao operador")
        return int(row.lineage or 0)


def _court_clock(work: Work, asked: NewAssistance) -> date | None:
    """Return the court's own term, or refuse days that cannot be."""
    if asked.requester is Requester.DATA_SUBJECT:
        if asked.protocol_on is None:
            raise UseCaseError(
                "Informe o dia do protocolo do titular: dele conta o prazo do art. 11.", field="protocol_on"
            )
        if asked.court_due_on is not None:
            raise UseCaseError(
                "O prazo para responder ao titular é o do art. 11. Deixe em branco: ele conta do protocolo.",
                field="court_due_on",
            )
    if asked.protocol_on is not None and asked.protocol_on > work.today:
        raise UseCaseError("Este dia ainda não chegou.", field="protocol_on")
    if None not in (asked.protocol_on, asked.court_due_on) and (asked.court_due_on or date.min) < (
        asked.protocol_on or date.max
    ):
        raise UseCaseError("O prazo é anterior ao protocolo.", field="court_due_on")
    try:
        return court_term(asked.requester, asked.protocol_on, asked.court_due_on, _calendar(work.session, asked))
    except CalendarRangeError as error:
        raise UseCaseError(str(error), field="protocol_on") from None


def _calendar(session: Session, asked: NewAssistance) -> Any:
    today = clock.today()
    first = min(today, asked.protocol_on or today).year
    return workdays_of(session, (first, today.year + 1))


@dataclass(frozen=True, slots=True)
class CourtClock:
    """The two clocks of a plea for help: the operator's, and the court's around it."""

    requester: Requester | None
    law: LegalReference
    vendor_due_on: date
    vendor_answered_on: date | None
    court_due_on: date | None
    """Nobody has told us what counts: ``None``."""
    first_due_on: date | None
    """The court's term before it was extended; ``None`` when it was not."""
    extended_on: date | None
    extension_reason: str
    told_on: date | None
    may_extend: bool
    """Whether the one extension of art. 11 is still to be had: a data subject's plea whose first term runs."""
    extended_due_on: date | None
    """Where the extension would take, or took, the court's term."""
    margin: int | None
    """Working days between the operator's term and the court's; negative when it does not fit."""


def clock_of(session: Session, row: Any) -> CourtClock:
    """Return the two clocks of a plea for help."""
    today = clock.today()
    years = (min(row.asked_on, row.protocol_on or row.asked_on).year, max(row.due_on, today).year + 1)
    workdays = workdays_of(session, years)
    first = court_term(row.requester, row.protocol_on, row.court_due_on, workdays)
    longer = court_term(row.requester, row.protocol_on, row.court_due_on, workdays, extended=True)
    of_subject = row.requester is Requester.DATA_SUBJECT and first is not None
    due_on = longer if row.extended_on is not None else first
    return CourtClock(
        requester=row.requester,
        law=ART_11,
        vendor_due_on=row.due_on,
        vendor_answered_on=row.answered_on,
        court_due_on=due_on,
        first_due_on=first if row.extended_on is not None else None,
        extended_on=row.extended_on,
        extension_reason=row.extension_reason or "",
        told_on=row.told_on,
        may_extend=of_subject
        and row.extended_on is None
        and row.told_on is None
        and row.withdrawn_on is None
        and first is not None
        and today <= first,
        extended_due_on=longer if of_subject else None,
        margin=None if due_on is None else workdays.count(row.due_on, due_on),
    )


@dataclass(frozen=True, slots=True)
class ExtensionPage:
    """The form that extends the court's own term."""

    title: str
    agreement: AgreementHead
    lineage: int
    subject: str
    clock: CourtClock


def extension_page(lineage: int) -> ExtensionPage:
    """Return what the form of the extension of art. 11 needs; raises :class:`NotFoundError`."""
    with look() as session:
        row = _assistance(session, lineage)
        return ExtensionPage(
            "Prorrogar o prazo do órgão",
            head_of(session, row.agreement_id),
            lineage,
            row.subject,
            clock_of(session, row),
        )


def _assistance(session: Session, lineage: int) -> Any:
    row = store.current_fact(session, "assistance", lineage)
    if row is None:
        raise NotFoundError("Este registro não existe.")
    return row


def extend_court_term(actor: Actor, *, lineage: int, reason: str) -> date:
    """Extend once, with reasons, the court's own term towards the data subject (art. 11); returns the new term.

    The operator's term stays as it was: extending it is for its request.
    """
    why = _text(reason, "reason", "Escreva a justificativa fundamentada que o art. 11 exige.")
    with in_turn(actor) as work:
        row = _assistance(work.session, lineage)
        clock_ = clock_of(work.session, row)
        if row.extended_on is not None:
            raise ConflictError("O prazo do órgão já foi prorrogado. O art. 11 fala em uma prorrogação.")
        if not clock_.may_extend or clock_.extended_due_on is None:
            raise ConflictError(
                f"Só se prorroga o prazo do art. 11 de pedido de titular, com protocolo, antes que vençam os "
                f"{ANSWER_DAYS} dias e de o órgão responder."
            )
        mending.follow_up(
            work,
            "assistance",
            row,
            f"Prazo do órgão prorrogado até {day_text(clock_.extended_due_on)} (art. 11): {row.subject}.",
            extended_on=work.today,
            extension_reason=why,
        )
        rejudge(work, [row.agreement_id], cause="Prazo do órgão prorrogado")
        return clock_.extended_due_on


# ----------------------------------------------------------------------------------------------------------------------
# Corrective actions
# ----------------------------------------------------------------------------------------------------------------------
def askable(session: Session, rows: Sequence[Any]) -> list[Any]:
    """Return the corrective actions, of those given, that are owed and that no open request asks."""
    asked = audits.requests_about(session, "corrective_action", [row.lineage for row in rows])
    return [
        row
        for row in rows
        if row.done_on is None
        and row.withdrawn_on is None
        and not any(head.state in audits.STILL_OPEN for head in asked.get(row.lineage, ()))
    ]


def ask_actions(actor: Actor, *, lineages: Sequence[int]) -> tuple[int, ...]:
    """Ask the operator to carry out corrective actions and prove it; returns the requests.

    Those of one agreement with the same term go in one request. Raises :class:`ConflictError` when nothing of them is
    left to ask, and :class:`UseCaseError` when a term is past: it is set anew first.
    """
    with in_turn(actor) as work:
        rows = [_action(work.session, lineage) for lineage in dict.fromkeys(lineages)]
        rows = askable(work.session, rows)
        if not rows:
            raise ConflictError("Nenhuma destas ações corretivas está por requisitar.")
        late = [row for row in rows if row.due_on <= work.today]
        if late:
            raise UseCaseError(
                f"O prazo da ação “{short(late[0].description)}” terminou em {day_text(late[0].due_on)}. Fixe outro "
                "prazo na ação antes de requisitá-la."
            )
        requests: list[Request] = []
        rows.sort(key=lambda row: (row.agreement_id, row.due_on, row.lineage))
        for (agreement_id, due_on), group in groupby(rows, key=lambda row: (row.agreement_id, row.due_on)):
            _reachable(work, agreement_id)
            owed = list(group)
            requests += [
                _ask(work, agreement_id, due_on, owed[start : start + MOST_ITEMS])
                for start in range(0, len(owed), MOST_ITEMS)
            ]
        rejudge(work, sorted({row.agreement_id for row in rows}), cause="Ação corretiva requisitada")
        return tuple(request.id for request in requests)


def _action(session: Session, lineage: int) -> Any:
    row = store.current_fact(session, "corrective_action", lineage)
    if row is None:
        raise NotFoundError("Esta ação corretiva não existe.")
    return row


def _ask(work: Work, agreement_id: int, due_on: date, rows: Sequence[Any]) -> Request:
    """Ask some actions with one term; a term that ends without expediente rolls to the next working day."""
    last = workdays_of(work.session).next_working(due_on)
    for row in rows:
        if row.due_on != last:
            mending.follow_up(
                work,
                "corrective_action",
                row,
                f"Ação corretiva {row.lineage}: o prazo termina em dia sem expediente e passa a {day_text(last)}.",
                due_on=last,
            )
    titles = {row.audit_lineage for row in rows}
    audit = store.current_fact(work.session, "audit", titles.pop()) if len(titles) == 1 and None not in titles else None
    return open_request(
        work,
        agreement_id=agreement_id,
        kind=RequestKind.CORRECTIVE_ACTION,
        items=[_action_item(work, row, last) for row in rows],
        due_on=last,
        reason=("Corrija o que foi encontrado" if len(rows) == 1 else "Corrija os pontos encontrados")
        + (f" na auditoria “{audit.title}”" if audit is not None else "")
        + " e comprove a correção.",
        matter=("corrective_action", rows[0].lineage if len(rows) == 1 else None),
    )


def _action_item(work: Work, row: Any, due_on: date) -> NewItem:
    known_inciso(work, {"inciso": row.inciso})
    finding = None if row.finding_lineage is None else audits.finding(work.session, row.finding_lineage)
    found = f"Achado: {finding.description.rstrip('.')}.\n\n" if finding is not None else ""
    owner = f" Responde pela correção: {row.owner.rstrip('.')}." if row.owner else ""
    text = (
        f"{found}Correção exigida: {row.description.rstrip('.')}.\n\nDiga o que foi feito, quando e por quem, e envie "
        f"o que o comprova, até {due_on:%d/%m/%Y}.{owner}"
    )
    return NewItem(
        row.inciso,
        short(row.description, TITLE_LIMIT - 1),
        text[:LONGEST_TEXT],
        wants_file=True,
        matter=row.lineage,
    )
