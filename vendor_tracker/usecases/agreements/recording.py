"""Recording what is known of an agreement from a day on: one revision, one trail line, one new judgement."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from vendor_tracker.store import register
from vendor_tracker.store.tables import Agreement, Operator
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.work import ConflictError, NotFoundError, UseCaseError, Work

EARLIEST = date(1950, 1, 1)

NO_AGREEMENT = "Não há esse acordo no registro."


def locked(work: Work, agreement_id: int) -> Agreement:
    """Return the agreement, kept from everybody else until the act ends. Raises :class:`NotFoundError`."""
    agreement = work.session.get(Agreement, agreement_id, with_for_update=True)
    if agreement is None:
        raise NotFoundError(NO_AGREEMENT)
    return agreement


def record(
    work: Work,
    agreement: Agreement,
    *,
    holds_from: date,
    reason: str,
    act_name: str,
    summary: str,
    cause: str,
    values: Mapping[str, Any],
    also: Mapping[str, tuple[object, object]] | None = None,
) -> bool:
    """Add a revision with what changed, its trail line and the new judgement; ``False`` when nothing changed.

    ``also`` are changes of the agreement itself: key -> (before, after).
    """
    rows = register.revisions(work.session, agreement.id)
    held = register.holding_on(rows, holds_from) or (rows[0] if rows else None)
    changed = {key: value for key, value in values.items() if held is None or _differs(getattr(held, key), value)}
    if not changed and not also:
        return False
    if changed:
        register.add_revision(
            work.session,
            agreement,
            recorded_at=work.now,
            recorded_by_id=work.actor.user_id,
            holds_from=holds_from,
            reason=reason[:300],
            known=rows,
            **changed,
        )
    elif also:
        refresh_search(work, agreement)
    before = {key: getattr(held, key) if held is not None else None for key in changed}
    after = dict(changed)
    for key, (old, new) in (also or {}).items():
        before[key], after[key] = old, new
    work.trail(
        act_name,
        "agreement",
        agreement.id,
        summary,
        {"holds_from": holds_from, "reason": reason, "before": before, "after": after},
    )
    judging.rejudge(work, [agreement.id], cause=cause)
    return True


def refresh_search(work: Work, agreement: Agreement) -> None:
    """Write the search text anew after the number or the PNCP number changed."""
    revision = register.current_revision(work.session, agreement.id)
    if revision is not None:
        operator = work.session.get_one(Operator, agreement.operator_id)
        agreement.search_text = register.search_text_of(agreement, operator, revision)


def _differs(before: object, after: object) -> bool:
    """Tell whether a field changed; an empty text and a missing one say the same."""
    if before in (None, "") and after in (None, ""):
        return False
    return before != after


def checked_seen(agreement: Agreement, seen: int | None) -> None:
    """Refuse a form that was filled in over a picture that is no longer the present one."""
    if seen is not None and seen != agreement.current_revision_id:
        raise ConflictError(
            "Outra pessoa alterou este acordo enquanto você escrevia. Confira em outra aba o que mudou e envie de "
            "novo; o que você digitou está abaixo."
        )


def checked_day(work: Work, day: date) -> None:
    """Refuse a day in the future or before anything this register is about."""
    if day > work.today:
        raise UseCaseError(
            "Informe um dia até hoje. O que ainda vai valer é registrado quando começar a valer.", field="holds_from"
        )
    if day < EARLIEST:
        raise UseCaseError("Confira o ano.", field="holds_from")


def checked_reason(reason: str, *, field: str = "reason", least: int = 3) -> str:
    """Return a reason in one line; refuses one that says nothing."""
    words = " ".join(reason.split())
    if len(words) < least:
        raise UseCaseError("Diga em uma frase o motivo; ela fica no histórico do acordo.", field=field)
    return words
