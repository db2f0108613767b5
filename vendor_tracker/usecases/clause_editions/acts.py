"""Writing a new version of a clause, sending it to a second person, approving it, giving it back, withdrawing it.

Every act is a new row; nothing typed is ever lost. Who wrote any of the text does not approve it.
"""

from datetime import date
from typing import Any

from clause_library.catalogue import Clause
from contracts.vocabulary import INCISOS, EditionState, Formality, UserRole
from vendor_tracker.store import editions, trails
from vendor_tracker.store.tables import ClauseEdition
from vendor_tracker.usecases.clause_editions.pages import writers
from vendor_tracker.usecases.clause_editions.typed import (
    LONGEST_REASON,
    NO_EDITION,
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
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act

DRAFT, SUBMITTED = EditionState.DRAFT, EditionState.SUBMITTED
APPROVED, WITHDRAWN = EditionState.APPROVED, EditionState.WITHDRAWN

CHANGED_MEANWHILE = (
    "Outra pessoa mudou esta versão enquanto você escrevia. O que você escreveu continua na tela; abra a página em "
    "outra aba, compare e salve de novo."
)


def save(actor: Actor, *, clause_id: str, revision: int, typed: Typed, submit: bool = False) -> int:
    """Keep what was typed as a draft, and with ``submit`` send it to a second person; returns the edition's lineage.

    ``revision`` is the row that the author saw, 0 when there was none: if another one is newer, :class:`ConflictError`.
    What was not changed is not kept twice. What is sent must be whole and pass every check of the library; if it does
    not, nothing is kept and :class:`UseCaseError` says what to mend.
    """
    check_limits(typed)
    with act(actor) as work:
        # From here on nobody else decides about clauses, so that the numbers and the one open edition hold.
        trails.take_turn(work.session)
        row = _saved(work, clause_id, revision, typed)
        if submit:
            _submit(work, row)
        return row.lineage or row.id


def _saved(work: Work, clause_id: str, revision: int, typed: Typed) -> ClauseEdition:
    catalogue = catalogue_of(work.session)
    base = base_of(catalogue, clause_id, work.today)
    held = editions.open_edition(work.session, clause_id)
    if (held.id if held is not None else 0) != revision:
        raise ConflictError(CHANGED_MEANWHILE)
    if held is not None and held.state is not DRAFT:
        raise ConflictError("Esta versão já foi enviada para aprovação. Peça que a devolvam para mudar o texto.")
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
    recorded: dict[str, Any] = {
        "recorded_at": work.now,
        "recorded_by_id": work.actor.user_id,
        "author_id": work.actor.user_id,
    }
    if held is None:
        row = ClauseEdition(clause_id=clause_id, based_on=base.version, state=DRAFT, note="", **recorded, **values)
    else:
        row = held.next_version(note="", **recorded, **values)
    _keep(work, row)
    work.trail(
        "clause_edition_saved",
        "clause_edition",
        row.lineage,
        f"Versão {row.number} da cláusula “{row.title}” salva como rascunho.",
        {"clause": clause_id, "number": row.number, "revision": row.id},
    )
    return row


def _submit(work: Work, row: ClauseEdition) -> None:
    since = _since(row.since)
    if not row.reason:
        raise UseCaseError("Explique o motivo da mudança: quem aprova precisa dele.", field="reason")
    if not row.why:
        raise UseCaseError("Diga por que a cláusula está no documento.", field="why")
    _check_day(work, row, since)
    number = _sound(work, row, since)
    _keep(
        work,
        row.next_version(
            recorded_at=work.now, recorded_by_id=work.actor.user_id, state=SUBMITTED, number=number, note=""
        ),
    )
    _leave_line(work, row, "submitted", f"Versão {number} da cláusula “{row.title}” enviada para aprovação.")


def approve(actor: Actor, *, lineage: int, revision: int, since: date | None = None) -> None:
    """Approve what another person wrote; it holds from ``since``, or from the day that the author asked for.

    What is signed with an older text is judged anew at once when the version holds from today on; for a later day, the
    nightly judgement sees it.
    """
    with act(actor) as work:
        row = _take(work, lineage, revision, SUBMITTED, "Só o que foi enviado para aprovação pode ser aprovado.")
        if actor.role is not UserRole.LEGAL:
            raise UseCaseError("A versão de uma cláusula é aprovada por uma pessoa do jurídico.")
        if actor.user_id in writers(editions.acts(work.session, lineage)):
            raise UseCaseError("Quem escreveu a versão não a aprova. Peça a outra pessoa do jurídico.")
        day = _since(since or row.since)
        _check_day(work, row, day)
        number = _sound(work, row, day)
        _keep(
            work,
            row.next_version(
                recorded_at=work.now,
                recorded_by_id=actor.user_id,
                state=APPROVED,
                number=number,
                since=day,
                approver_id=actor.user_id,
                decided_at=work.now,
                note="",
            ),
        )
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
        note = _reason(reason, "Diga o que falta ou o que mudar.")
        _keep(work, row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, state=DRAFT, note=note))
        _leave_line(work, row, "returned", f"Versão {row.number} da cláusula “{row.title}” devolvida: {note}")


def withdraw(actor: Actor, *, lineage: int, revision: int, reason: str) -> None:
    """Give up a version that does not hold yet, whatever its state, and say why."""
    with act(actor) as work:
        row = _take(work, lineage, revision, None, "Esta versão já foi retirada.")
        if row.state is WITHDRAWN:
            raise ConflictError("Esta versão já foi retirada.")
        if row.state is APPROVED and row.since is not None and row.since <= work.today:
            raise UseCaseError(
                f"A versão vale desde {row.since:%d/%m/%Y} e já pode estar em documentos. Para mudar o texto, escreva "
                "uma nova versão."
            )
        note = _reason(reason, "Diga por que a versão é retirada.")
        after = [other for other in editions.approved(work.session) if other.clause_id == row.clause_id]
        if row.state is APPROVED and any(other.number > row.number for other in after):
            raise UseCaseError("Há uma versão posterior já aprovada. Retire primeiro a última.")
        _keep(work, row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, state=WITHDRAWN, note=note))
        _leave_line(work, row, "withdrawn", f"Versão {row.number} da cláusula “{row.title}” retirada: {note}")


# ----------------------------------------------------------------------------------------------------------------------


def _take(work: Work, lineage: int, revision: int, state: EditionState | None, refusal: str) -> ClauseEdition:
    """Wait for who decides about clauses before us, and take the edition as the actor saw it."""
    trails.take_turn(work.session)
    row = editions.edition(work.session, lineage)
    if row is None:
        raise NotFoundError(NO_EDITION)
    if row.id != revision:
        raise ConflictError("Esta versão mudou depois que você abriu a página. Confira-a e decida de novo.")
    if state is not None and row.state is not state:
        raise ConflictError(refusal)
    return row


def _keep(work: Work, row: ClauseEdition) -> None:
    work.session.add(row)
    work.session.flush()


def _leave_line(work: Work, row: ClauseEdition, act_name: str, summary: str, *, since: date | None = None) -> None:
    work.trail(
        f"clause_edition_{act_name}",
        "clause_edition",
        row.lineage,
        summary,
        {"clause": row.clause_id, "since": since or row.since},
    )


def _since(day: date | None) -> date:
    if day is None:
        raise UseCaseError("Informe o dia a partir do qual a versão vale.", field="since")
    return day


def _reason(text: str, sentence: str) -> str:
    if not text.strip():
        raise UseCaseError(sentence, field="reason")
    return text.strip()[:LONGEST_REASON]


def _check_day(work: Work, row: ClauseEdition, since: date) -> None:
    if since < work.today:
        raise UseCaseError(
            f"A versão não pode valer desde {since:%d/%m/%Y}: o que foi emitido e avaliado até ontem usou o texto de "
            "então. Escolha hoje ou um dia futuro.",
            field="since",
        )
    first = first_day(catalogue_of(work.session), row.clause_id, work.today)
    if since < first:
        raise UseCaseError(
            f"Já há uma versão que começa nesse dia ou depois dele. Escolha um dia a partir de {first:%d/%m/%Y}.",
            field="since",
        )


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
