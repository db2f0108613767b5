"""When a fact changes: what was found is written anew, with the sentence that changed it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contracts.evaluation import Assessment
from contracts.facts import AgreementFacts, Record
from contracts.obligation import Finding
from contracts.vocabulary import RequestState, Verdict
from vendor_tracker.store import findings, standings, trails
from vendor_tracker.store.facts import load_facts
from vendor_tracker.store.findings import FindingValues
from vendor_tracker.usecases.judging.rulebook import book_of
from vendor_tracker.usecases.work import Work

BATCH = 200
"""Agreements judged in one transaction of the nightly job: writers wait about a second, not a minute."""


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that is no longer what it was, with the sentence that decided."""

    agreement_id: int
    inciso: str
    before: Verdict
    after: Verdict
    reason: str


def rejudge(
    work: Work, agreement_ids: Iterable[int], *, cause: str, about: tuple[str, int] | None = None
) -> tuple[Change, ...]:
    """Judge the agreements anew in the caller's transaction and keep what changed, with ``cause`` ("Evidência aceita").

    Call it after the facts were added and flushed. ``about`` is the kind and id of the record that the act was about:
    the sentence kept with a change is then the one that leans on it, not the first that decided. Returns the verdicts
    that changed; a first judgement changes none.
    """
    ids = sorted(set(agreement_ids))
    changes: list[Change] = []
    for start in range(0, len(ids), BATCH):
        changes.extend(_rejudge_batch(work, ids[start : start + BATCH], cause, about))
    return tuple(changes)


def rejudge_operators(work: Work, operator_ids: Iterable[int], *, cause: str) -> tuple[Change, ...]:
    """Judge every agreement of the operators anew; for facts that an operator has once for all of them."""
    work.session.flush()
    return rejudge(work, findings.agreements_of_operators(work.session, sorted(set(operator_ids))), cause=cause)


def _rejudge_batch(work: Work, ids: Sequence[int], cause: str, about: tuple[str, int] | None) -> list[Change]:
    session, on = work.session, work.today
    session.flush()
    # Waiting for the writers before us, so that no finding is judged on facts that are already old.
    trails.take_turn(session)
    facts = load_facts(session, ids, on=on)
    book = book_of(session)
    held = findings.present_findings(session, ids)
    unseen = set(held)
    written: list[tuple[FindingValues, date]] = []
    stands: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    changes: list[Change] = []
    for agreement_id, each in facts.items():
        assessment = book.judge(each, on)
        stands.append(_standing(assessment, each, work.now))
        for finding in (*assessment.findings, *assessment.further):
            values = _values(agreement_id, finding)
            key = (agreement_id, finding.inciso)
            unseen.discard(key)
            before = held.get(key)
            if before is None:
                written.append((values, on))
                continue
            if before.verdict is not finding.verdict:
                written.append((values, on))
                reason, records = _what_changed(finding, about)
                change = Change(agreement_id, finding.inciso, before.verdict, finding.verdict, reason)
                changes.append(change)
                changed.append(_change_row(change, records, work, cause))
            elif not findings.same_finding(before, values):
                written.append((values, before.since))
    findings.write_findings(session, written)
    findings.remove_findings(session, sorted(unseen))
    standings.write_standings(session, stands)
    findings.add_changes(session, changed)
    return changes


def _values(agreement_id: int, finding: Finding) -> FindingValues:
    action = finding.next_action
    return FindingValues(
        agreement_id=agreement_id,
        inciso=finding.inciso,
        verdict=finding.verdict,
        legs=" ".join(result.state.value for result in finding.results),
        reasons=list(finding.reasons),
        records=[{"kind": record.kind, "id": record.id, "label": record.label} for record in finding.records],
        next_action={
            "kind": action.kind.value,
            "sentence": action.sentence,
            "leg": action.leg.value if action.leg else None,
            "due_on": action.due_on.isoformat() if action.due_on else None,
            "evidence_kinds": [kind.value for kind in action.evidence_kinds],
        },
    )


def _what_changed(finding: Finding, about: tuple[str, int] | None) -> tuple[str, tuple[Record, ...]]:
    """Return the sentence that leans on what the act was about, or else the first that decided, with its records."""
    if about is not None:
        for check in finding.checks:
            found = tuple(record for record in check.answer.records if (record.kind, record.id) == about)
            if found:
                return check.answer.reason, found
    return finding.reasons[0], finding.deciding[0].records


def _change_row(change: Change, records: Sequence[Record], work: Work, cause: str) -> dict[str, object]:
    record = {"kind": records[0].kind, "id": records[0].id, "label": records[0].label} if records else None
    return {
        "agreement_id": change.agreement_id,
        "inciso": change.inciso,
        "at": work.now,
        "on": work.today,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "cause": cause,
        "record": record,
    }


def _standing(assessment: Assessment, facts: AgreementFacts, now: datetime) -> dict[str, object]:
    verdicts = [finding.verdict for finding in assessment.findings]
    exposure = assessment.exposure
    return {
        "agreement_id": assessment.agreement_id,
        "judged_on": assessment.on,
        "judged_at": now,
        "score": assessment.score.value,
        "exposure": exposure.tier,
        "points": exposure.points,
        **twelve_of(assessment),
        "breached": verdicts.count(Verdict.BREACHED),
        "unproven": verdicts.count(Verdict.UNPROVEN),
        "partial": verdicts.count(Verdict.PARTIAL),
        "met": verdicts.count(Verdict.MET),
        "stage": stage_of(facts, assessment.on),
        "next_due_on": next_due_on(assessment, facts),
    }


def twelve_of(assessment: Assessment) -> dict[str, str]:
    """Return the verdicts and the legs of the twelve, as the tables keep them."""
    return {
        "verdicts": " ".join(finding.verdict.value for finding in assessment.findings),
        "legs": " ".join(",".join(result.state.value for result in finding.results) for finding in assessment.findings),
    }


def stage_of(facts: AgreementFacts, on: date) -> str:
    """Tell where an agreement is in its life on the day: future, in_force, ending (ended, not disposed) or closed."""
    if facts.closed_on is not None and facts.closed_on <= on:
        return "closed"
    if facts.starts_on is not None and on < facts.starts_on:
        return "future"
    if facts.end is not None and facts.end < on:
        return "ending"
    return "in_force"


def next_due_on(assessment: Assessment, facts: AgreementFacts) -> date | None:
    """Return the nearest day on which something falls due, overdue ones included; ``None``: nothing."""
    on = assessment.on
    if stage_of(facts, on) == "closed":
        return None
    waiting = (RequestState.OPEN, RequestState.RETURNED)
    days: list[date | None] = [request.due_on for request in facts.requests if request.state in waiting]
    days += [action.due_on for action in facts.corrective_actions if action.done_on is None]
    days += [help_.due_on for help_ in facts.assistance if help_.answered_on is None]
    days += [instruction.due_on for instruction in facts.instructions if instruction.done_on is None]
    days += [delivery.next_due_on for delivery in facts.calendar]
    days += [finding.next_action.due_on for finding in assessment.findings]
    if facts.disposal is not None and facts.disposal.accepted_on is None:
        days.append(facts.disposal.due_on)
    if facts.end is not None and facts.end >= on:
        days.append(facts.end)
    return min((day for day in days if day is not None), default=None)
