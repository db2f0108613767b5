"""Whether a request can reach the operator and be answered, told to staff before anything is sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from contracts.evaluation import Assessment
from contracts.vocabulary import EvidenceKind, Verdict
from vendor_tracker import clock
from vendor_tracker.store import outbox, questions, recipients
from vendor_tracker.store.outbox import Failure
from vendor_tracker.store.questions import AskedItem
from vendor_tracker.store.requests import RequestHead
from vendor_tracker.usecases import judging

NO_CONTACT = "O acordo não tem preposto com e-mail em vigor. Registre-o no operador antes de enviar a requisição."

_MAILBOX = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]{2,}")


@dataclass(frozen=True, slots=True)
class PreflightLine:
    """One thing that was looked at. ``standing``: ``good``, ``warn`` (may be sent all the same) or ``bad``."""

    standing: str
    said: str
    request_id: int | None = None
    """The request that already asks the same, to lead there."""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Preflight:
    """Whether a request can reach the operator, told before anything is sent."""

    recipient: str
    email: str
    problem: str
    """Why it cannot be sent, in a sentence; empty when it can."""
    lines: tuple[PreflightLine, ...] = ()
    """Everything that was looked at, in the order of a reader's questions; only from :func:`whole_preflight`."""

    @property
    def warnings(self) -> tuple[PreflightLine, ...]:
        """Return what should be looked at before it is sent."""
        return tuple(line for line in self.lines if line.standing == "warn")


class Asks(Protocol):
    """An item as far as its answer goes."""

    @property
    def inciso(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def kinds(self) -> tuple[EvidenceKind, ...]: ...
    @property
    def template(self) -> str: ...
    @property
    def wants_file(self) -> bool: ...


def preflight_of(session: Session, agreement_id: int, on: date) -> Preflight:
    """Tell whether a request would reach the operator on the day."""
    preposto = recipients.prepostos(session, [agreement_id], on).get(agreement_id)
    if preposto is None:
        return Preflight("", "", NO_CONTACT)
    return Preflight(preposto.name, preposto.email, "")


def whole_preflight(
    session: Session, agreement_id: int, on: date, *, items: Sequence[Asks], due_on: date | None = None
) -> Preflight:
    """Look at all that could keep the operator from answering ``items``: contact, address, agreement, items, term.

    A term that cannot stand is refused beside its field (``checked_term``); here it is only said in words.
    """
    found = preflight_of(session, agreement_id, on)
    lines: list[PreflightLine] = []
    if found.problem:
        lines.append(PreflightLine("bad", found.problem))
    else:
        lines.append(PreflightLine("good", f"O e-mail irá a {found.recipient}, preposto, em {found.email}."))
        lines += address_lines(session, found.email)
    assessment = judging.assess(session, agreement_id, on=on)
    lines.append(bond_line(assessment, on))
    asked = questions.being_asked(session, [agreement_id]).get(agreement_id, ())
    lines += item_lines(assessment, items, asked)
    lines += answer_lines([(item.wants_file, bool(item.kinds)) for item in items])
    if due_on is not None:
        lines.append(link_line(session, due_on, on))
        days = (due_on - on).days
        working = judging.workdays_of(session).count(on, due_on)
        lines.append(
            PreflightLine(
                "good" if working >= MINIMUM_WORKING_DAYS else "warn",
                f"O prazo termina em {due_on:%d/%m/%Y}, dia útil: {_counted(days, 'dia corrido', 'dias corridos')}, "
                f"{_counted(working, 'dia útil', 'dias úteis')}.",
            )
        )
    return replace(found, lines=tuple(lines))


MINIMUM_WORKING_DAYS = 3
"""A term with fewer working days is pointed at; it is nobody's rule, so it is never refused."""


def failing_words(failure: Failure) -> str:
    """Say that an address does not take our messages."""
    return (
        f"O endereço {failure.recipient} não recebe: a última mensagem, de "
        f"{clock.day_of(failure.at):%d/%m/%Y}, não foi entregue. Confirme o contato com o operador."
    )


def address_lines(session: Session, email: str) -> list[PreflightLine]:
    """Say what is wrong with the address that a request goes to: its shape, or that our last message did not arrive."""
    if not _MAILBOX.fullmatch(email):
        return [PreflightLine("warn", f"“{email}” não tem a forma de um endereço de e-mail. Corrija o contato.")]
    failure = outbox.failing(session, [email]).get(email.lower())
    return [] if failure is None else [PreflightLine("warn", failing_words(failure))]


def answer_lines(items: Sequence[tuple[bool, bool]]) -> list[PreflightLine]:
    """Say whether each item can be answered so that the answer proves something.

    An item is told by two facts: whether it wants a file, and whether it says which proofs would do.
    """
    if not items:
        return []
    vague = [str(position) for position, (wants_file, accepts) in enumerate(items, 1) if wants_file and not accepts]
    lines = []
    if vague:
        which = f"O item {vague[0]} exige" if len(vague) == 1 else f"Os itens {', '.join(vague)} exigem"
        lines.append(
            PreflightLine(
                "warn", f"{which} arquivo sem dizer que prova serve: o que vier será lido, mas não vira evidência."
            )
        )
    files = sum(wants_file for wants_file, _ in items)
    said = "Basta responder por escrito." if not files else f"{_counted(files, 'item pede', 'itens pedem')} arquivo."
    lines.append(PreflightLine("good", f"{_counted(len(items), 'item', 'itens')} a responder. {said}"))
    return lines


def link_line(session: Session, due_on: date, on: date) -> PreflightLine:
    """Say until when the operator's link will open, were it sent on the day."""
    days = judging.policy_of(session).on(on).number("portal_link_days")
    return PreflightLine(
        "good",
        f"O endereço do portal abre até {due_on + timedelta(days=days):%d/%m/%Y}, "
        f"{_counted(days, 'dia', 'dias')} depois do prazo (parâmetro administrativo).",
    )


def open_lines(
    session: Session, head: RequestHead, items: Sequence[tuple[bool, bool]], *, now: datetime
) -> tuple[PreflightLine, ...]:
    """Look at all that could keep the operator from answering a request that waits for it; ``items`` as above."""
    found = preflight_of(session, head.agreement_id, clock.day_of(now))
    lines = [PreflightLine("bad", found.problem)] if found.problem else address_lines(session, found.email)
    if not found.problem and not lines:
        lines.append(PreflightLine("good", f"O preposto, {found.recipient}, recebe em {found.email}."))
    expires_at = head.link_expires_at
    if expires_at is None or expires_at <= now:
        lines.append(PreflightLine("bad", "O acesso do operador terminou. Envie um novo endereço."))
    else:
        last = clock.day_of(expires_at - timedelta(seconds=1))
        lines.append(PreflightLine("good", f"O endereço do portal abre até {last:%d/%m/%Y}."))
    return (*lines, *answer_lines(items))


def bond_line(assessment: Assessment, on: date) -> PreflightLine:
    """Say whether the agreement is in force on the day."""
    facts = assessment.facts
    stage = judging.stage_of(facts, on)
    if stage == "future" and facts.starts_on is not None:
        return PreflightLine("warn", f"O acordo só começa em {facts.starts_on:%d/%m/%Y}.")
    if stage == "closed":
        return PreflightLine("warn", "O acordo está encerrado, e o descarte dos dados já foi provado.")
    if stage == "ending" and facts.end is not None:
        return PreflightLine(
            "warn",
            f"O acordo terminou em {facts.end:%d/%m/%Y}. Depois do fim, o que a Portaria exige é a prova do descarte "
            "ou da devolução dos dados (art. 14, XII).",
        )
    return PreflightLine("good", "O acordo está em vigor.")


def item_lines(assessment: Assessment, items: Sequence[Asks], asked: Sequence[AskedItem]) -> list[PreflightLine]:
    """Say of each item whether its inciso applies, and whether something about it is being asked already."""
    lines = []
    applies = applying(assessment)
    for inciso in dict.fromkeys(item.inciso for item in items):
        if inciso in applies and applies[inciso] is Verdict.NOT_APPLICABLE:
            lines.append(PreflightLine("warn", f"O inciso {inciso} não se aplica a este acordo."))
        elif inciso in applies and applies[inciso] is Verdict.NOT_DUE:
            lines.append(PreflightLine("warn", f"O inciso {inciso} ainda não é exigível deste acordo."))
    seen: set[tuple[int, str]] = set()
    for item in items:
        same = same_item(item, asked)
        near = same or next((each for each in asked if each.inciso == item.inciso), None)
        if near is None or (near.request_id, item.inciso) in seen:
            continue
        seen.add((near.request_id, item.inciso))
        what = f"o mesmo (“{near.title}”)" if same else f"algo sobre o inciso {item.inciso} (“{near.title}”)"
        lines.append(PreflightLine("warn", f"Já se pede {what} nesta requisição:", near.request_id, near.number))
    if not any(line.standing == "warn" for line in lines):
        lines.append(PreflightLine("good", "Todo item se aplica ao acordo, e nada disso está sendo pedido agora."))
    return lines


def applying(assessment: Assessment) -> Mapping[str, Verdict]:
    """Return the verdict of each obligation, those that the organisation added included."""
    return {finding.inciso: finding.verdict for finding in (*assessment.findings, *assessment.further)}


def same_item(item: Asks, asked: Sequence[AskedItem]) -> AskedItem | None:
    """Return the item being asked that is the same: of the same template, or of the same inciso with a proof in common.

    An item of the organisation's own is the same only as itself.
    """
    key = item.template.partition("/")[0]
    for each in asked:
        other = each.template.partition("/")[0]
        if each.inciso != item.inciso:
            continue
        if key and other and (key == other or "extra" in (key.partition(".")[0], other.partition(".")[0])):
            if key == other:
                return each
            continue
        if not item.kinds and not each.kinds and key.startswith("inciso.") and not other:
            return each
        if set(item.kinds) & set(each.kinds):
            return each
    return None


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
