"""What every text written in the product goes through: a draft, sent to a second person, approved, or given up.

Every step is a new row of the text's lineage; nothing typed is ever lost. Who wrote any of it does not approve it.
Clauses and items of requests go through it alike; each says what it checks before a step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from contracts.vocabulary import EditionState, UserRole
from vendor_tracker.store import trails
from vendor_tracker.store.edition_history import EditionAct
from vendor_tracker.store.tables import ClauseEdition, QuestionEditionRow
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work

LONGEST_REASON = 2_000

NO_EDITION = "Esta versão não existe."

CHANGED_MEANWHILE = (
    "Outra pessoa mudou esta versão enquanto você escrevia. O que você escreveu continua na tela; abra a página em "
    "outra aba, compare e salve de novo."
)

SAID_OF_ACTS = {
    "begun": "Começou a versão",
    "saved": "Salvou o texto",
    "submitted": "Enviou para aprovação",
    "returned": "Devolveu",
    "approved": "Aprovou",
    "withdrawn": "Retirou",
}

Row = TypeVar("Row", ClauseEdition, QuestionEditionRow)


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act of the history of an edition."""

    what: str
    by: str
    at: datetime
    note: str


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------


def writers(done: Sequence[EditionAct]) -> set[int | None]:
    """Return who wrote any of the text: who gave a version back wrote nothing of it."""
    found: set[int | None] = set()
    before: EditionState | None = None
    for act in done:
        if act.state is EditionState.DRAFT and before is not EditionState.SUBMITTED:
            found.add(act.by_id)
        before = act.state
    return found


def history(done: Sequence[EditionAct]) -> tuple[ActLine, ...]:
    """Return the acts in words, the newest first."""
    lines = []
    before: EditionState | None = None
    for act in done:
        if act.state is EditionState.DRAFT:
            what = "begun" if before is None else "returned" if before is EditionState.SUBMITTED else "saved"
        else:
            what = act.state.value
        lines.append(ActLine(SAID_OF_ACTS[what], act.by, act.at, act.note))
        before = act.state
    return tuple(reversed(lines))


def may_approve(actor: Actor, state: EditionState, done: Sequence[EditionAct], *, of: str) -> tuple[bool, str]:
    """Tell whether a person may approve now, and why not. ``of``: what it is a version of: ``de uma cláusula``."""
    if state is not EditionState.SUBMITTED:
        return False, ""
    if actor.role is not UserRole.LEGAL:
        return False, f"Só uma pessoa do jurídico aprova a versão {of}."
    if actor.user_id in writers(done):
        return False, "Você escreveu esta versão. Quem aprova é outra pessoa do jurídico."
    return True, ""


def may_withdraw(state: EditionState, since: date | None, today: date) -> bool:
    """Tell whether a version can still be given up: it holds nowhere yet."""
    return state in (EditionState.DRAFT, EditionState.SUBMITTED) or (
        state is EditionState.APPROVED and since is not None and since > today
    )


# ----------------------------------------------------------------------------------------------------------------------
# Writing
# ----------------------------------------------------------------------------------------------------------------------


def check_open(held: Row | None, revision: int) -> None:
    """Refuse to write over what somebody else wrote meanwhile, or on what waits for approval."""
    if (held.id if held is not None else 0) != revision:
        raise ConflictError(CHANGED_MEANWHILE)
    if held is not None and held.state is not EditionState.DRAFT:
        raise ConflictError("Esta versão já foi enviada para aprovação. Peça que a devolvam para mudar o texto.")


def keep_draft(work: Work, held: Row | None, first: Row, values: dict[str, Any]) -> Row:
    """Keep a draft: ``first`` when there was none, else the next version of ``held`` with ``values``."""
    if held is None:
        return keep(work, first)
    return keep(
        work,
        held.next_version(
            recorded_at=work.now,
            recorded_by_id=work.actor.user_id,
            author_id=work.actor.user_id,
            note="",
            **values,
        ),
    )


def check_taken(row: Row | None, revision: int, state: EditionState | None, refusal: str) -> Row:
    """Return the edition as the actor saw it; the caller took its turn before it read the row.

    Raises :class:`NotFoundError` when there is none, :class:`ConflictError` when it has changed or stands otherwise.
    """
    if row is None:
        raise NotFoundError(NO_EDITION)
    if row.id != revision:
        raise ConflictError("Esta versão mudou depois que você abriu a página. Confira-a e decida de novo.")
    if state is not None and row.state is not state:
        raise ConflictError(refusal)
    return row


def take_turn(work: Work) -> None:
    """Wait for who decides about texts before us, so that the numbers and the one open edition hold."""
    trails.take_turn(work.session)


def check_approver(actor: Actor, done: Sequence[EditionAct], *, of: str) -> None:
    """Refuse an approval by who is not of the legal staff or wrote any of the text."""
    if actor.role is not UserRole.LEGAL:
        raise UseCaseError(f"A versão {of} é aprovada por uma pessoa do jurídico.")
    if actor.user_id in writers(done):
        raise UseCaseError("Quem escreveu a versão não a aprova. Peça a outra pessoa do jurídico.")


def check_withdrawable(work: Work, row: Row, *, later: bool, where: str) -> None:
    """Refuse to give up what holds already, or what a later version rests on.

    ``where``: where its words may be by now, as in ``documentos``.
    """
    if row.state is EditionState.WITHDRAWN:
        raise ConflictError("Esta versão já foi retirada.")
    if row.state is EditionState.APPROVED and row.since is not None and row.since <= work.today:
        raise UseCaseError(
            f"A versão vale desde {row.since:%d/%m/%Y} e já pode estar em {where}. Para mudar o texto, escreva uma "
            "nova versão."
        )
    if row.state is EditionState.APPROVED and later:
        raise UseCaseError("Há uma versão posterior já aprovada. Retire primeiro a última.")


def check_day(work: Work, since: date, first: date, *, past: str) -> None:
    """Refuse a day that is past, or on which another version begins. ``past``: what used the text of then."""
    if since < work.today:
        raise UseCaseError(
            f"A versão não pode valer desde {since:%d/%m/%Y}: {past} até ontem usou o texto de então. Escolha hoje ou "
            "um dia futuro.",
            field="since",
        )
    if since < first:
        raise UseCaseError(
            f"Já há uma versão que começa nesse dia ou depois dele. Escolha um dia a partir de {first:%d/%m/%Y}.",
            field="since",
        )


def advance(work: Work, row: Row, state: EditionState, *, note: str = "", **changes: Any) -> Row:
    """Put the next step of an edition on record."""
    return keep(
        work,
        row.next_version(recorded_at=work.now, recorded_by_id=work.actor.user_id, state=state, note=note, **changes),
    )


def approve(work: Work, row: Row, *, number: int, since: date) -> Row:
    """Put an approval on record."""
    return advance(
        work,
        row,
        EditionState.APPROVED,
        number=number,
        since=since,
        approver_id=work.actor.user_id,
        decided_at=work.now,
    )


def keep(work: Work, row: Row) -> Row:
    """Write a row and learn its id."""
    work.session.add(row)
    work.session.flush()
    return row


def day_given(day: date | None) -> date:
    """Return the day, or ask for it."""
    if day is None:
        raise UseCaseError("Informe o dia a partir do qual a versão vale.", field="since")
    return day


def reason_given(text: str, sentence: str) -> str:
    """Return the reason, or ask for it in a sentence."""
    if not text.strip():
        raise UseCaseError(sentence, field="reason")
    return text.strip()[:LONGEST_REASON]
