"""Putting a fact on record, and recording its newer version."""

from typing import Any

from vendor_tracker.files import FileStore
from vendor_tracker.store import conduct as store
from vendor_tracker.store.papers import AgreementHead
from vendor_tracker.usecases import filing, mending
from vendor_tracker.usecases.conduct.fact_kind import LONGEST_TEXT, FactKind, Typed, Values
from vendor_tracker.usecases.conduct.kinds import current_fact, kind_of
from vendor_tracker.usecases.filing import Upload
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.judging import Change, rejudge
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, Work, act


def _checked(work: Work, kind: FactKind, head: AgreementHead, values: Values) -> Typed:
    """Return the values ready for the table; raises :class:`UseCaseError` beside the first field that is wrong."""
    unknown = values.keys() - set(kind.fields)
    if unknown:
        message = f"{kind.record} has no fields {sorted(unknown)}"
        raise TypeError(message)
    clean = {
        name: value.strip() if isinstance(value, str) and not hasattr(value, "name") else value
        for name, value in values.items()
    }
    for name, value in clean.items():
        longest = _longest(kind, name)
        if isinstance(value, str) and len(value) > longest:
            message = f"Use no máximo {longest} caracteres."
            raise UseCaseError(message, field=name)
    kind.check(work, head, clean)
    return clean


def _longest(kind: FactKind, field: str) -> int:
    length = store.longest(kind.record, field)
    return LONGEST_TEXT if length is None else length


def record(
    actor: Actor, files: FileStore, *, agreement_id: int, slug: str, values: Values, upload: Upload | None = None
) -> int:
    """Put a fact on record; returns its lineage. ``values`` are by the names of :attr:`FactKind.fields`."""
    kind = kind_of(slug)
    with act(actor) as work:
        head = head_of(work.session, agreement_id)
        clean = _checked(work, kind, head, values)
        if kind.record == "disposal":
            _only_case(work, head)
        if kind.takes_file:
            clean["file_id"] = filing.receive_upload(work, files, upload, restricted=head.secret)
        table: Any = store.TABLES[kind.record]
        row = table(agreement_id=agreement_id, recorded_at=work.now, recorded_by_id=actor.user_id, **clean)
        work.session.add(row)
        work.session.flush()
        if kind.after is not None:
            kind.after(work, row)
        rejudge(work, [agreement_id], cause=kind.cause)
        work.trail(
            f"{kind.record}_recorded",
            kind.record,
            row.lineage,
            f"{kind.cause} em {head.label}: {kind.label(row)}.",
            {"agreement": agreement_id, **clean},
        )
        return int(row.lineage)


def _unwritten(value: object) -> object:
    """Take an empty text for none: a text that nobody has written is null in records older than its column."""
    return None if value == "" else value


def _only_case(work: Work, head: AgreementHead) -> None:
    if any(row.accepted_on is None for row in store.facts_of_kind(work.session, head.id, "disposal")):
        message = "Já há um caso de devolução ou descarte em aberto neste acordo. Complete-o em vez de abrir outro."
        raise ConflictError(message)


def revise(
    actor: Actor, files: FileStore, *, slug: str, lineage: int, values: Values, upload: Upload | None = None
) -> tuple[Change, ...]:
    """Record a new version of a fact; returns the verdicts that changed.

    A version that says the same is not recorded.
    """
    kind = kind_of(slug)
    with act(actor) as work:
        row = current_fact(work.session, kind, lineage)
        head = head_of(work.session, row.agreement_id)
        clean = _checked(work, kind, head, values)
        if kind.takes_file:
            kept = filing.receive_upload(work, files, upload, restricted=head.secret)
            clean["file_id"] = row.file_id if kept is None else kept
        if all(_unwritten(getattr(row, name)) == _unwritten(value) for name, value in clean.items()):
            return ()
        newer = row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, **clean)
        work.session.add(newer)
        work.session.flush()
        if kind.record == "corrective_action":
            mending.settle(work, newer)
        if kind.after is not None:
            kind.after(work, newer)
        changes = rejudge(work, [head.id], cause=f"{kind.cause}: registro atualizado")
        work.trail(
            f"{kind.record}_revised",
            kind.record,
            lineage,
            f"Registro atualizado em {head.label}: {kind.name.lower()}, {kind.label(newer)}.",
            {"agreement": head.id, **clean},
        )
        return changes
