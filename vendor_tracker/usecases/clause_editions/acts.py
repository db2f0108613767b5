"""Writing a new version of a clause, sending it to a second person, approving it, giving it back, withdrawing it.

Every act is a new row; nothing typed is ever lost. Who wrote any of the text does not approve it.
"""

from datetime import date
from typing import Any

from clause_library.catalogue import Clause
from contracts.vocabulary import INCISOS, EditionState, Formality
from vendor_tracker.store import editions
from vendor_tracker.store.tables import ClauseEdition
from vendor_tracker.usecases import edition_steps as steps
from vendor_tracker.usecases.clause_editions.typed import (
    Typed,
    as_edition,
    base_of,
    base_of_edition,
    check,
    check_limits,
    condition_data,
    first_day,
    next_number,
    normal_body,
    typed_of,
)
from vendor_tracker.usecases.judging import catalogue_of, rejudge
from vendor_tracker.usecases.work import Actor, UseCaseError, Work, act

DRAFT, SUBMITTED, WITHDRAWN = EditionState.DRAFT, EditionState.SUBMITTED, EditionState.WITHDRAWN


def save(actor: Actor, *, clause_id: str, revision: int, typed: Typed, submit: bool = False) -> int:
    """Keep what was typed as a draft, and with ``submit`` send it to a second person; returns the edition's lineage.

    ``revision`` is the row that the author saw, 0 when there was none: if another one is newer, :class:`ConflictError`.
    What was not changed is not kept twice. What is sent must be whole and pass every check of the library; if it does
    not, nothing is kept and :class:`UseCaseError` says what to mend.
    """
    check_limits(typed)
    with act(actor) as work:
        steps.take_turn(work)
        row = _saved(work, clause_id, revision, typed)
        if submit:
            _submit(work, row)
        return row.lineage or row.id


def _saved(work: Work, clause_id: str, revision: int, typed: Typed) -> ClauseEdition:
    catalogue = catalogue_of(work.session)
    base = base_of(catalogue, clause_id, work.today)
    held = editions.open_edition(work.session, clause_id)
    steps.check_open(held, revision)
    started_from = base if held is None else base_of_edition(catalogue, held, work.today)
    values: dict[str, Any] = {
        "number": next_number(catalogue, clause_id),
        "title": " ".join(typed.title.split()),
        "body": normal_body(typed.body),
        "incisos": [inciso for inciso in INCISOS if inciso in typed.incisos],
        "formalities": [formality.value for formality in Formality if formality in typed.formalities],
        "applies_when": condition_data(typed, started_from),
        "why": " ".join(typed.why.split()),
        "reason": typed.reason.strip(),
        "since": typed.since,
    }
    if held is not None and all(getattr(held, name) == value for name, value in values.items()):
        return held
    first = ClauseEdition(
        clause_id=clause_id,
        based_on=base.version,
        state=DRAFT,
        note="",
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
        author_id=work.actor.user_id,
        **values,
    )
    row = steps.keep_draft(work, held, first, values)
    work.trail(
        "clause_edition_saved",
        "clause_edition",
        row.lineage,
        f"Versão {row.number} da cláusula “{row.title}” salva como rascunho.",
        {"clause": clause_id, "number": row.number, "revision": row.id},
    )
    return row


def _submit(work: Work, row: ClauseEdition) -> None:
    since = steps.day_given(row.since)
    if not row.reason:
        raise UseCaseError("Explique o motivo da mudança: quem aprova precisa dele.", field="reason")
    if not row.why:
        raise UseCaseError("Diga por que a cláusula está no documento.", field="why")
    _check_day(work, row, since)
    number = _sound(work, row, since)
    steps.advance(work, row, SUBMITTED, number=number)
    _leave_line(work, row, "submitted", f"Versão {number} da cláusula “{row.title}” enviada para aprovação.")


def approve(actor: Actor, *, lineage: int, revision: int, since: date | None = None) -> None:
    """Approve what another person wrote; it holds from ``since``, or from the day that the author asked for.

    What is signed with an older text is judged anew at once when the version holds from today on; for a later day, the
    nightly judgement sees it.
    """
    with act(actor) as work:
        row = _take(work, lineage, revision, SUBMITTED, "Só o que foi enviado para aprovação pode ser aprovado.")
        steps.check_approver(actor, editions.acts(work.session, lineage), of="de uma cláusula")
        day = steps.day_given(since or row.since)
        _check_day(work, row, day)
        number = _sound(work, row, day)
        steps.approve(work, row, number=number, since=day)
        _leave_line(
            work,
            row,
            "approved",
            f"Versão {number} da cláusula “{row.title}” aprovada; vale a partir de {day:%d/%m/%Y}.",
            since=day,
        )
        if day <= work.today:
            ids = editions.agreements_with_older_text(work.session, row.clause_id, day, today=work.today)
            rejudge(work, ids, cause=f"Nova versão da cláusula “{row.title}”")


def give_back(actor: Actor, *, lineage: int, revision: int, reason: str) -> None:
    """Give a submitted version back to be written on, and say why; its author may take it back so, too."""
    with act(actor) as work:
        row = _take(work, lineage, revision, SUBMITTED, "Só o que foi enviado para aprovação pode ser devolvido.")
        note = steps.reason_given(reason, "Diga o que falta ou o que mudar.")
        steps.advance(work, row, DRAFT, note=note)
        _leave_line(work, row, "returned", f"Versão {row.number} da cláusula “{row.title}” devolvida: {note}")


def withdraw(actor: Actor, *, lineage: int, revision: int, reason: str) -> None:
    """Give up a version that does not hold yet, whatever its state, and say why."""
    with act(actor) as work:
        row = _take(work, lineage, revision, None, "Esta versão já foi retirada.")
        after = [other for other in editions.approved(work.session) if other.clause_id == row.clause_id]
        later = any(other.number > row.number for other in after)
        steps.check_withdrawable(work, row, later=later, where="documentos")
        note = steps.reason_given(reason, "Diga por que a versão é retirada.")
        steps.advance(work, row, WITHDRAWN, note=note)
        _leave_line(work, row, "withdrawn", f"Versão {row.number} da cláusula “{row.title}” retirada: {note}")


# ----------------------------------------------------------------------------------------------------------------------


def _take(work: Work, lineage: int, revision: int, state: EditionState | None, refusal: str) -> ClauseEdition:
    """Wait for who decides about clauses before us, and take the edition as the actor saw it."""
    steps.take_turn(work)
    return steps.check_taken(editions.edition(work.session, lineage), revision, state, refusal)


def _leave_line(work: Work, row: ClauseEdition, act_name: str, summary: str, *, since: date | None = None) -> None:
    work.trail(
        f"clause_edition_{act_name}",
        "clause_edition",
        row.lineage,
        summary,
        {"clause": row.clause_id, "since": since or row.since},
    )


def _check_day(work: Work, row: ClauseEdition, since: date) -> None:
    first = first_day(catalogue_of(work.session), row.clause_id, work.today)
    steps.check_day(work, since, first, past="o que foi emitido e avaliado")


def _sound(work: Work, row: ClauseEdition, since: date) -> int:
    """Check the edition in the library as it would hold; returns the number that it takes."""
    catalogue = catalogue_of(work.session)
    number = next_number(catalogue, row.clause_id)
    edition = as_edition(row.clause_id, typed_of(row), number=number, since=since, condition=row.applies_when)
    found = check(work.session, catalogue, edition)
    if found.problems:
        raise UseCaseError(found.problems[0], field="body")
    before = base_of(catalogue, row.clause_id, since)
    if found.clause is not None and _same(found.clause, before):
        raise UseCaseError("O texto é igual ao da versão anterior; não há o que aprovar.", field="body")
    return number


def _same(new: Clause, old: Clause) -> bool:
    names = ("title", "body", "incisos", "formalities", "applies_when", "why")
    return all(getattr(new, name) == getattr(old, name) for name in names)
