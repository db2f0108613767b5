"""Writing a new edition of an item, sending it to a second person, approving it, giving it back, withdrawing it."""

from datetime import date
from typing import Any

from contracts.questions import QuestionEdition, QuestionsError, check_edition, question_book
from contracts.vocabulary import EditionState
from vendor_tracker.running import settings
from vendor_tracker.store import questions
from vendor_tracker.store.tables import QuestionEditionRow
from vendor_tracker.usecases import edition_steps as steps
from vendor_tracker.usecases.question_editions.typed import (
    NO_ITEM,
    Typed,
    check_limits,
    checked_inciso,
    cleaned,
    difference,
    first_day,
    new_key,
    next_number,
    problems_of,
    question_of,
    section_of,
    standing_on,
    typed_of,
    versions_of,
)
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, Work, act

DRAFT, SUBMITTED, WITHDRAWN = EditionState.DRAFT, EditionState.SUBMITTED, EditionState.WITHDRAWN


def save(actor: Actor, *, key: str, inciso: str = "", revision: int, typed: Typed, submit: bool = False) -> int:
    """Keep what was typed as a draft, and with ``submit`` send it to a second person; returns the edition's lineage.

    Args:
        actor: who writes.
        key: the item; empty begins a new one of the organisation's own, about ``inciso``.
        inciso: only read for a new item.
        revision: the row that the author saw, 0 when there was none; if another is newer, :class:`ConflictError`.
        typed: what was typed.
        submit: what is sent must be whole; if it is not, nothing is kept and :class:`UseCaseError` says what to mend.
    """
    check_limits(typed)
    with act(actor) as work:
        steps.take_turn(work)
        if not key:
            checked_inciso(inciso)
            key = new_key(typed.title, questions.known_keys(work.session))
        row = _saved(work, key, inciso, revision, typed)
        if submit:
            _submit(work, row)
        return row.lineage or row.id


def _saved(work: Work, key: str, inciso: str, revision: int, typed: Typed) -> QuestionEditionRow:
    section = section_of(key)
    versions = versions_of(work.session, key)
    held = questions.open_edition(work.session, key)
    base = standing_on(versions, work.today)
    if base is None and (section != "extra" or (held is None and not inciso)):
        raise NotFoundError(NO_ITEM)
    steps.check_open(held, revision)
    about = held.inciso if held is not None else base.question.inciso if base is not None else inciso
    kept = cleaned(typed, section, base.question.kinds if base is not None else ())
    values: dict[str, Any] = {
        "number": next_number(versions),
        "title": kept.title,
        "question": kept.question,
        "help": kept.help,
        "wants_file": kept.wants_file,
        "kinds": [kind.value for kind in kept.kinds],
        "periodic": kept.periodic,
        "retires": kept.retires and base is not None,
        "reason": kept.reason,
        "since": kept.since,
    }
    if held is not None and all(getattr(held, name) == value for name, value in values.items()):
        return held
    first = QuestionEditionRow(
        key=key,
        inciso=about,
        based_on=base.number if base is not None else 0,
        state=DRAFT,
        note="",
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
        author_id=work.actor.user_id,
        **values,
    )
    row = steps.keep_draft(work, held, first, values)
    _leave_line(work, row, "saved", f"Versão {row.number} do item “{_title(row)}” salva como rascunho.")
    return row


def _submit(work: Work, row: QuestionEditionRow) -> None:
    since = steps.day_given(row.since)
    if not row.reason:
        raise UseCaseError("Explique o motivo da mudança: quem aprova precisa dele.", field="reason")
    number = _sound(work, row, since)
    steps.advance(work, row, SUBMITTED, number=number)
    _leave_line(work, row, "submitted", f"Versão {number} do item “{_title(row)}” enviada para aprovação.")


def approve(actor: Actor, *, lineage: int, revision: int, since: date | None = None) -> None:
    """Approve what another person wrote; it is asked so from ``since``, or from the day that the author asked for."""
    with act(actor) as work:
        row = _take(work, lineage, revision, SUBMITTED, "Só o que foi enviado para aprovação pode ser aprovado.")
        steps.check_approver(actor, questions.acts(work.session, lineage), of="de um item")
        day = steps.day_given(since or row.since)
        number = _sound(work, row, day)
        retires = row.retires
        steps.approve(work, row, number=number, since=day)
        said = f"vale a partir de {day:%d/%m/%Y}"
        summary = (
            f"Item “{_title(row)}” deixa de ser pedido a partir de {day:%d/%m/%Y}."
            if retires
            else f"Versão {number} do item “{_title(row)}” aprovada; {said}."
        )
        _leave_line(work, row, "approved", summary, since=day)


def give_back(actor: Actor, *, lineage: int, revision: int, reason: str) -> None:
    """Give a submitted edition back to be written on, and say why; its author may take it back so, too."""
    with act(actor) as work:
        row = _take(work, lineage, revision, SUBMITTED, "Só o que foi enviado para aprovação pode ser devolvido.")
        note = steps.reason_given(reason, "Diga o que falta ou o que mudar.")
        steps.advance(work, row, DRAFT, note=note)
        _leave_line(work, row, "returned", f"Versão {row.number} do item “{_title(row)}” devolvida: {note}")


def withdraw(actor: Actor, *, lineage: int, revision: int, reason: str) -> None:
    """Give up an edition that does not hold yet, whatever its state, and say why."""
    with act(actor) as work:
        row = _take(work, lineage, revision, None, "Esta versão já foi retirada.")
        later = any(each.number > row.number for each in versions_of(work.session, row.key))
        steps.check_withdrawable(work, row, later=later, where="requisições")
        note = steps.reason_given(reason, "Diga por que a versão é retirada.")
        steps.advance(work, row, WITHDRAWN, note=note)
        _leave_line(work, row, "withdrawn", f"Versão {row.number} do item “{_title(row)}” retirada: {note}")


# ----------------------------------------------------------------------------------------------------------------------


def _take(work: Work, lineage: int, revision: int, state: EditionState | None, refusal: str) -> QuestionEditionRow:
    """Wait for who decides about items before us, and take the edition as the actor saw it."""
    steps.take_turn(work)
    return steps.check_taken(questions.edition(work.session, lineage), revision, state, refusal)


def _title(row: QuestionEditionRow) -> str:
    return row.title.replace("{body}", settings().body.acronym)


def _leave_line(work: Work, row: QuestionEditionRow, act_name: str, summary: str, *, since: date | None = None) -> None:
    work.trail(
        f"question_edition_{act_name}",
        "question_edition",
        row.lineage,
        summary,
        {"item": row.key, "number": row.number, "since": since or row.since},
    )


def _sound(work: Work, row: QuestionEditionRow, since: date) -> int:
    """Check the edition as it would hold; returns the number that it takes."""
    versions = versions_of(work.session, row.key)
    steps.check_day(work, since, first_day(versions, work.today), past="o que foi pedido")
    typed = typed_of(row)
    for field, sentence in problems_of(typed):
        raise UseCaseError(sentence, field=field)
    number = next_number(versions)
    question = question_of(typed, row.key, row.inciso, number)
    try:
        check_edition(question_book(), QuestionEdition(question, since, row.retires))
    except QuestionsError:
        raise UseCaseError("Este item não pode ser mudado assim: confira título, pergunta e inciso.") from None
    before = versions[-1] if versions else None
    changes = difference(before, question, retires=row.retires)
    if changes is not None and changes.is_empty:
        raise UseCaseError("O texto é igual ao da versão anterior; não há o que aprovar.", field="question")
    return number
