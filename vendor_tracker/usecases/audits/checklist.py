"""The checklist of an audit: proposed from the book that judges, edited, and answered item by item."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.checks import common_conduct
from contracts.vocabulary import INCISOS, CheckResult
from vendor_tracker.files import FileStore
from vendor_tracker.running import settings
from vendor_tracker.store import audits as store
from vendor_tracker.store.tables import AuditCheck
from vendor_tracker.usecases import filing
from vendor_tracker.usecases.audits.common import audit_of, check_of, refuse_ended, within, written
from vendor_tracker.usecases.conduct.fact_kind import short
from vendor_tracker.usecases.describing_subjects import incisos_in
from vendor_tracker.usecases.filing import Upload
from vendor_tracker.usecases.instruments import head_of
from vendor_tracker.usecases.judging import assess, questions_of
from vendor_tracker.usecases.mending import in_turn
from vendor_tracker.usecases.work import Actor, ConflictError, UseCaseError, Work

MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Proposed:
    """An item that the book proposes for a checklist."""

    inciso: str
    text: str
    source: str
    proofs: tuple[str, ...]


def _proposed(work: Work, audit: Any) -> Iterable[Proposed]:
    """Yield what each criterion's obligation requires on the day, and what the question book asks about it.

    What is asked of every obligation alike (no request overdue, no correction overdue, no fact against it) is read in
    the court's own register, so there is nothing to go and see.
    """
    assessment = assess(work.session, audit.agreement_id, on=work.today)
    book, body = questions_of(work.session, work.today), settings().body.acronym
    for inciso in incisos_in(audit.incisos):
        own_records = {requirement.sentence for requirement in common_conduct(inciso)}
        for requirement in assessment.finding(inciso).version.requires:
            if requirement.sentence in own_records:
                continue
            proofs = tuple(kind.value for kind in requirement.asks_for)
            yield Proposed(inciso, requirement.sentence, "requirement", proofs)
        yield Proposed(inciso, book.incisos[inciso].addressed(body).text, "question", ())


def propose_checklist(actor: Actor, *, audit_lineage: int) -> int:
    """Put on the checklist what the criteria call for and it does not have yet; returns how many items were added.

    An item that somebody took off stays off.
    """
    with in_turn(actor) as work:
        audit = audit_of(work.session, audit_lineage)
        refuse_ended(audit)
        present = store.checks(work.session, audit_lineage)
        known = {(row.inciso, row.text) for row in present}
        position = max((row.position for row in present), default=0)
        added = 0
        for item in _proposed(work, audit):
            if (item.inciso, item.text) in known:
                continue
            position, added = position + 1, added + 1
            work.session.add(
                AuditCheck(
                    agreement_id=audit.agreement_id,
                    audit_lineage=audit_lineage,
                    position=position,
                    inciso=item.inciso,
                    text=item.text,
                    source=item.source,
                    proofs=list(item.proofs),
                    note="",
                    recorded_at=work.now,
                    recorded_by_id=actor.user_id,
                )
            )
        if not added:
            raise ConflictError("O roteiro já tem todos os itens que os critérios propõem.")
        work.session.flush()
        work.trail(
            "audit_checklist_proposed",
            "audit",
            audit_lineage,
            f"Roteiro da auditoria “{audit.title}”: {added} itens propostos a partir das obrigações e das perguntas.",
            {"agreement": audit.agreement_id, "items": added},
        )
        return added


def add_check(actor: Actor, *, audit_lineage: int, inciso: str, text: str) -> int:
    """Add an item of one's own to the checklist; returns its lineage."""
    clean = written(text, "text", "Escreva o que se verifica, numa frase.")
    if inciso not in INCISOS:
        raise UseCaseError("Escolha o inciso que o item verifica.", field="inciso")
    with in_turn(actor) as work:
        audit = audit_of(work.session, audit_lineage)
        refuse_ended(audit)
        present = store.checks(work.session, audit_lineage)
        if len(present) >= MOST_ITEMS:
            raise UseCaseError(f"Um roteiro tem no máximo {MOST_ITEMS} itens.", field="text")
        row = AuditCheck(
            agreement_id=audit.agreement_id,
            audit_lineage=audit_lineage,
            position=max((each.position for each in present), default=0) + 1,
            inciso=inciso,
            text=clean,
            source="own",
            proofs=[],
            note="",
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        work.trail(
            "audit_check_added",
            "audit",
            audit_lineage,
            f"Roteiro da auditoria “{audit.title}”: item acrescentado sobre o inciso {inciso}, {short(clean)}.",
            {"agreement": audit.agreement_id, "check": row.lineage, "inciso": inciso, "text": clean},
        )
        return int(row.lineage or 0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen about an item of the checklist."""

    result: CheckResult | None
    note: str = ""
    evidence_id: int | None = None
    text: str | None = None
    """The item in other words; ``None`` leaves it as it is."""


def answer_check(
    actor: Actor, files: FileStore, *, lineage: int, seen: Seen, upload: Upload | None = None
) -> int | None:
    """Record what was seen about an item; returns the next item that nobody has answered, ``None`` when none is left.

    What is not conforming is told in words: the note is what the finding and the report quote.
    """
    note = within(seen.note, "note")
    if seen.result in {CheckResult.NONCONFORMING, CheckResult.PARTIAL} and not note:
        raise UseCaseError("Diga o que se constatou: a anotação fundamenta o achado.", field="note")
    with in_turn(actor) as work:
        row = check_of(work.session, lineage)
        audit = audit_of(work.session, row.audit_lineage)
        refuse_ended(audit)
        head = head_of(work.session, row.agreement_id)
        if seen.evidence_id is not None and seen.evidence_id not in {
            identity for identity, _ in store.proofs_of_agreement(work.session, row.agreement_id)
        }:
            raise UseCaseError("Escolha uma evidência deste acordo.", field="evidence_id")
        kept = filing.receive_upload(work, files, upload, restricted=head.secret)
        changes: dict[str, Any] = {
            "result": seen.result,
            "note": note,
            "evidence_id": seen.evidence_id,
            "file_id": row.file_id if kept is None else kept,
            "checked_on": None if seen.result is None else (row.checked_on or work.today),
            "left_out_on": None,
        }
        if seen.text is not None:
            changes["text"] = written(seen.text, "text", "Escreva o que se verifica, numa frase.")
        if any(getattr(row, name) != value for name, value in changes.items()):
            newer = row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, **changes)
            work.session.add(newer)
            work.session.flush()
            work.trail(
                "audit_check_answered",
                "audit",
                row.audit_lineage,
                f"Roteiro da auditoria “{audit.title}”, item {row.position} (inciso {row.inciso}): anotado.",
                {"agreement": row.agreement_id, "check": lineage, **changes},
            )
        return next_unanswered(store.checks(work.session, row.audit_lineage), after=row.position)


def next_unanswered(rows: Iterable[AuditCheck], *, after: int) -> int | None:
    """Return the next item that waits for an answer, going round at the end of the list."""
    waiting = [row for row in rows if row.result is None and row.left_out_on is None]
    waiting.sort(key=lambda row: (row.position <= after, row.position))
    return None if not waiting else waiting[0].lineage


def leave_out(actor: Actor, *, lineage: int) -> int:
    """Take an item off the checklist; it stays on record and may come back. Returns the audit's lineage."""
    with in_turn(actor) as work:
        row = check_of(work.session, lineage)
        audit = audit_of(work.session, row.audit_lineage)
        refuse_ended(audit)
        if any(
            each.check_lineage == lineage and each.withdrawn_on is None
            for each in store.findings(work.session, row.audit_lineage)
        ):
            raise ConflictError("Deste item nasceu um achado. Retire antes o achado.")
        left: date | None = work.today if row.left_out_on is None else None
        newer = row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, left_out_on=left)
        work.session.add(newer)
        work.session.flush()
        work.trail(
            "audit_check_left_out" if left else "audit_check_restored",
            "audit",
            row.audit_lineage,
            f"Roteiro da auditoria “{audit.title}”, item {row.position} (inciso {row.inciso}): "
            f"{'retirado' if left else 'devolvido ao roteiro'}.",
            {"agreement": row.agreement_id, "check": lineage},
        )
        return row.audit_lineage
