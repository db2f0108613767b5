"""The questions that many obligations ask: is the clause there, is the proof current, is anything overdue.

Each function here makes the test of one requirement. What is counted in days is not late on its last day: "past" always
means that the day of the judgement is later. What happened after the day of the judgement is not looked at.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from contracts.facts import AgreementFacts, EvidenceFact, InstrumentFact, RequestFact
from contracts.obligation import Answer, Circumstances, Named, Requirement, Test, no, quiet, unknown, yes
from contracts.vocabulary import (
    INCISOS,
    INDEPENDENT_EVIDENCE,
    ActionKind,
    AgreementKind,
    Coverage,
    EvidenceKind,
    Leg,
    RequestState,
    ReviewDecision,
)
from contracts.workdays import add_months

# Looking a member up by name costs as much as a call (Python 3.11), and these are looked up for every agreement.
_COVERED = Coverage.COVERED
_PARTIAL = Coverage.PARTIAL
_REFUSED = RequestState.REFUSED
_OPEN = RequestState.OPEN
_RETURNED = RequestState.RETURNED
_ACCEPTED = ReviewDecision.ACCEPTED


def about(point: str) -> str:
    """Name an inciso or an obligation of the organisation, with its article: "o inciso XI", "a obrigação A-1"."""
    return f"o inciso {point}" if point in INCISOS else f"a obrigação {point}"


def also(others: int) -> str:
    """Return the sentence that tells how many more records are in the same state, or nothing."""
    if others <= 0:
        return ""
    return f" O mesmo ocorre em mais {others} {'registro' if others == 1 else 'registros'}."


def mended(when: Circumstances, inciso: str, since: date) -> bool:
    """Tell whether a corrective action about ``inciso`` was concluded on or after the day ``since``.

    Something that can no longer be done in time (an incident reported late) would otherwise stay a breach for ever,
    even after the operator has mended what caused it.
    """
    return any(
        action.done_on is not None and since <= action.done_on <= when.on
        for action in when.index.actions.get(inciso, ())
    )


# ----------------------------------------------------------------------------------------------------------------------
# Previsto
# ----------------------------------------------------------------------------------------------------------------------
def no_paper(facts: AgreementFacts, when: Circumstances) -> Answer:
    """Say why no paper binds on the day: none ever, none in force, or nobody has told us."""
    if facts.kind is AgreementKind.NONE:
        return no(
            "O acordo não tem instrumento, e nenhuma dispensa decidida consta do registro.", records=(facts.record,)
        )
    if not facts.instruments:
        return unknown("Nenhum instrumento assinado está no registro deste acordo.", records=(facts.record,))
    day = facts.binding_day(when.on)
    papers = tuple(paper.record for paper in facts.instruments)
    undated = [
        paper
        for paper in facts.instruments
        if paper.signed_by_both is not False and paper.in_force_from is None and paper.signed_on is None
    ]
    if undated:
        return unknown(
            "Não consta desde quando vigora o {}.",
            Named("instrumento", undated[0].record.label),
            records=(undated[0].record,),
            remedy=ActionKind.COMPLETE_RECORD,
        )
    starts = [
        (paper.in_force_from or paper.signed_on, paper)
        for paper in facts.instruments
        if paper.signed_by_both is not False
    ]
    coming = [(start, paper) for start, paper in starts if start is not None and start > day]
    if coming:
        start, paper = min(coming, key=lambda pair: pair[0])
        return unknown(
            "O {} só vigora a partir de {}.",
            Named("instrumento", paper.record.label),
            start,
            records=(paper.record,),
            until=start - timedelta(days=1),
            remedy=ActionKind.NOTHING,
        )
    return no("Não há instrumento assinado em vigor em {}.", day, records=papers)


def holds_until(facts: AgreementFacts, paper: InstrumentFact) -> date | None:
    """Return the last day of a paper that ends before the bond; what ends with the bond is read as it last stood."""
    end = facts.end
    if paper.in_force_until is None or (end is not None and paper.in_force_until >= end):
        return None
    return paper.in_force_until


def clause_covers(point: str) -> Test:
    """Ask whether the confirmed reading of the papers in force covers ``point``."""
    named = about(point)

    def test(facts: AgreementFacts, when: Circumstances) -> Answer:
        found = when.index.readings.get(point)
        if found is None:
            if not when.index.papers:
                return no_paper(facts, when)
            return unknown(
                "Ninguém conferiu ainda se o {} cobre {}.",
                Named("instrumento", when.index.papers[0].record.label),
                named,
                records=when.index.paper_records,
            )
        reading, paper = found
        if reading.coverage is _COVERED:
            until = None if paper.in_force_until is None else holds_until(facts, paper)
            place = reading.place
            if place:
                return yes("O {} cobre {} ({}).", paper, named, place, records=(paper.record,), until=until)
            return yes("O {} cobre {}.", paper, named, records=(paper.record,), until=until)
        if reading.coverage is _PARTIAL:
            where = f" ({reading.place})" if reading.place else ""
            idea = reading.missing_idea.strip().rstrip(".")
            missing = f"; falta: {idea}" if idea else ""
            return no(
                "O {} cobre {} só em parte{}{}.",
                paper,
                named,
                where,
                missing,
                records=(paper.record,),
                partly=True,
            )
        return no("O {} não cobre {}.", paper, named, records=(paper.record,))

    return test


# ----------------------------------------------------------------------------------------------------------------------
# Demonstrado
# ----------------------------------------------------------------------------------------------------------------------
SCOPED_EVIDENCE = INDEPENDENT_EVIDENCE | {EvidenceKind.VULNERABILITY_SCAN, EvidenceKind.CONTINUITY_TEST}
"""Proofs about some place or system, which say nothing of ours until somebody has looked at their scope."""

Staleness = Callable[[AgreementFacts, Circumstances, EvidenceFact], Answer | date | None]
"""Says why an accepted proof, still within its term, no longer tells the truth; ``None`` when it does.

A day is the last one on which it still does, when something on record is about to make it untrue.
"""


def starts_on(evidence: EvidenceFact) -> date:
    """Return the day from which a proof's validity is counted: its own, or the day it was received."""
    return evidence.valid_from or evidence.received_on


def accepted(evidence: EvidenceFact, on: date) -> bool:
    """Tell whether a person had accepted the proof by the day ``on``."""
    return evidence.decision is _ACCEPTED and (evidence.decided_on is None or evidence.decided_on <= on)


def sent(
    when: Circumstances, inciso: str, kind: EvidenceKind, *, after: Iterable[date | None] = ()
) -> EvidenceFact | None:
    """Return an accepted proof of this kind: what it says and our records do not is ours to register, not to ask again.

    A proof decided about before any of the days ``after`` speaks of what was true then, and does not count. Whether it
    is still current is for the requirement that asks for it.
    """
    found = [item for item in when.index.evidence.get(inciso, ()) if item.kind is kind and accepted(item, when.on)]
    if not found:
        return None
    known = max((day for day in after if day is not None), default=None)
    newest = max(found, key=lambda item: item.decided_on or item.received_on)
    return newest if known is None or known <= (newest.decided_on or newest.received_on) else None


def waiting(evidence: EvidenceFact, on: date) -> bool:
    """Tell whether the proof was still to be reviewed on the day ``on``."""
    return evidence.decision is None or (evidence.decided_on is not None and evidence.decided_on > on)


_months_after = lru_cache(maxsize=65_536)(add_months)
"""The same few days and terms come back for thousands of agreements."""


def last_valid_day(
    evidence: EvidenceFact, when: Circumstances, refresh: str | None = None
) -> tuple[date | None, str | None]:
    """Return the last day a proof counts, and the key of the parameter that sets it.

    The shortest of three wins: the end the reviewer wrote down, the default validity of the kind, and the renewal that
    the obligation itself asks for (``refresh``). Zero months means without end.
    """
    months, key = when.numbers.validity(evidence.kind, refresh, when.exposure)
    end = _months_after(evidence.valid_from or evidence.received_on, months) if months else None
    if evidence.valid_until is not None and (end is None or evidence.valid_until <= end):
        return evidence.valid_until, None
    return end, key if months else None


@dataclass(frozen=True, slots=True)
class CurrentEvidence:
    """Ask for an accepted proof of one of ``kinds`` about ``point``, in its term and about this service.

    ``missing`` is the sentence for when there is none at all; ``refresh`` the key of the renewal parameter; ``stale``
    finds what makes a proof in its term untrue; ``scope_known`` refuses a certificate or test whose scope nobody has
    looked at.
    """

    point: str
    kinds: Sequence[EvidenceKind]
    missing: str
    refresh: str | None = None
    stale: Staleness | None = None
    scope_known: bool = False
    none: Answer = field(init=False, repr=False, compare=False)
    """The answer when there is no such proof at all, which is always the same."""

    def __post_init__(self) -> None:
        """Put the answer for no proof into words once."""
        object.__setattr__(self, "none", no(self.missing))

    def __call__(
        self, facts: AgreementFacts, when: Circumstances, offered: Sequence[EvidenceFact] | None = None
    ) -> Answer:
        """Answer for one agreement on one day, from all its proofs on the point or from those ``offered``.

        Proofs of another kind are left aside. This is asked ten times of every agreement, so what a sound proof goes
        through is written out here.
        """
        if offered is None:
            offered = when.index.evidence.get(self.point)
        if not offered:
            return self.none
        best: tuple[EvidenceFact, date | None, str | None] | None = None
        failed: Answer | None = None
        unread: list[EvidenceFact] = []
        kinds, on = self.kinds, when.on
        for evidence in offered:
            if evidence.kind not in kinds:
                continue
            decision, decided_on = evidence.decision, evidence.decided_on
            if decision is None or (decided_on is not None and decided_on > on):
                unread.append(evidence)
                continue
            end, key = last_valid_day(evidence, when, self.refresh)
            if (
                decision is _ACCEPTED
                and evidence.covers_service
                and (end is None or on <= end)
                and (evidence.valid_from or evidence.received_on) <= on
            ):
                flaw = self.stale(facts, when, evidence) if self.stale is not None else None
            else:
                flaw = self._flaw(evidence, end, key, facts, when)
            if isinstance(flaw, Answer):
                # Of several flawed proofs the one that is half there, and among those the newest, says most.
                if failed is None or flaw.holds is None or (failed.holds is False and flaw.partly >= failed.partly):
                    failed = flaw
                continue
            if flaw is not None and (end is None or flaw < end):
                end, key = flaw, None
            if best is None or (best[1] is not None and (end is None or end > best[1])):
                best = (evidence, end, key)
        if best is not None:
            evidence, end, key = best
            if end is None:
                return yes("A {} foi aceita e não tem prazo para vencer.", evidence, records=(evidence.record,))
            return yes(
                "A {} foi aceita e vale até {}.", evidence, end, records=(evidence.record,), until=end, parameter=key
            )
        if unread:
            newest = max(unread, key=lambda evidence: evidence.received_on)
            return unknown(
                "A {}, recebida em {}, ainda não foi conferida.",
                newest,
                newest.received_on,
                records=(newest.record,),
                remedy=ActionKind.REVIEW_EVIDENCE,
            )
        return failed or self.none

    def _flaw(
        self, evidence: EvidenceFact, end: date | None, key: str | None, facts: AgreementFacts, when: Circumstances
    ) -> Answer | date | None:
        """Return why a reviewed proof does not count on the day; else what :data:`Staleness` returns."""
        records = (evidence.record,)
        if evidence.decision is not _ACCEPTED:
            verb = "devolvida" if evidence.decision is ReviewDecision.RETURNED else "considerada falsa"
            why = evidence.decision_reason.strip().rstrip(".")
            reason = f": {why}" if why else ""
            if evidence.decided_on is None:
                return no("A {} foi {}{}.", evidence, verb, reason, records=records)
            return no("A {} foi {} em {}{}.", evidence, verb, evidence.decided_on, reason, records=records)
        if evidence.covers_service is False:
            return no("A {} não abrange o serviço deste acordo.", evidence, records=records, partly=True)
        if starts_on(evidence) > when.on:
            return no("A {} só vale a partir de {}.", evidence, starts_on(evidence), records=records, partly=True)
        if end is not None and end < when.on:
            return no("A {} valeu até {}.", evidence, end, records=records, partly=True, parameter=key)
        if self.scope_known and evidence.covers_service is None and evidence.kind in SCOPED_EVIDENCE:
            return unknown(
                "Não consta se a {} abrange o serviço deste acordo.",
                evidence,
                records=records,
                remedy=ActionKind.REVIEW_EVIDENCE,
            )
        return self.stale(facts, when, evidence) if self.stale is not None else None


# ----------------------------------------------------------------------------------------------------------------------
# Cumprido
# ----------------------------------------------------------------------------------------------------------------------
def no_overdue_request(point: str) -> Test:
    """Ask that no request about ``point`` be refused, or past its term and not answered.

    What was answered late has been answered: on the day nothing is owed. A returned request has a new term. Where the
    court owes a decision about a later term, or could not reach the operator, the silence is not the operator's.
    """
    nothing = quiet(f"Não há requisição sobre {about(point)} no registro.")
    answered = yes(f"Nenhuma requisição sobre {about(point)} está sem resposta.")

    def test(facts: AgreementFacts, when: Circumstances) -> Answer:  # noqa: ARG001 - every test is called alike.
        requests = when.index.requests.get(point)
        if requests is None:
            return nothing
        on = when.on
        failed, excused, next_due = [], None, None
        for request in requests:
            state = request.state
            if state is _OPEN or state is _RETURNED:
                if request.due_on < on and (request.extension_pending or request.unreached):
                    excused = excused or request
                elif request.due_on < on:
                    failed.append(request)
                elif next_due is None or request.due_on < next_due.due_on:
                    next_due = request
            elif state is _REFUSED:
                failed.append(request)
        if failed:
            failed.sort(key=lambda request: (request.state is not _REFUSED, request.due_on))
            first, records = failed[0], tuple(request.record for request in failed)
            others = also(len(failed) - 1)
            if first.state is _REFUSED:
                return no(
                    "A {} foi recusada pelo operador.{}", first, others,
                    records=records, remedy=ActionKind.FORMAL_NOTICE,
                )  # fmt: skip
            return no(
                "A {} venceu em {} e não foi respondida.{}", first, first.due_on, others,
                records=records, remedy=ActionKind.FORMAL_NOTICE,
            )  # fmt: skip
        if excused is not None:
            return _excused(excused, None if next_due is None else next_due.due_on)
        if next_due is not None:
            last = next_due.due_on
            return yes("A {} está no prazo, que termina em {}.", next_due, last, records=(next_due.record,), until=last)
        return answered

    return test


def _excused(request: RequestFact, until: date | None) -> Answer:
    """Say why a request that is past its term is not held against the operator."""
    if request.unreached:
        return yes(
            "A {} não chegou ao operador: nenhuma mensagem foi entregue, e a falta não é dele.",
            request,
            records=(request.record,),
            until=until,
        )
    return yes(
        "O prazo da {} terminou em {}, mas a prorrogação, pedida dentro dele, espera por decisão.",
        request,
        request.due_on,
        records=(request.record,),
        until=until,
    )


def no_overdue_corrective_action(point: str | None) -> Test:
    """Ask that no corrective action about ``point`` (``None``: any inciso) be refused, or past its term and tolerance.

    What the operator says is mended is ours to look at: until somebody does, its term does not run against it.
    """
    about_it = "" if point is None else f" sobre {about(point)}"
    nothing = _no_action(about_it)
    concluded = yes(f"As ações corretivas exigidas{about_it} foram concluídas.")

    def test(facts: AgreementFacts, when: Circumstances) -> Answer:
        actions = when.index.actions.get(point) if point is not None else facts.corrective_actions
        if not actions:
            return nothing
        on, overdue, refused, last, answered = when.on, [], [], None, None
        grace = when.number("corrective_action_grace_days")
        for action in actions:
            if action.done_on is not None and action.done_on <= on:
                continue
            if action.refused_on is not None and action.refused_on <= on:
                refused.append(action)
                continue
            if action.answered_on is not None and action.answered_on <= on:
                answered = answered or action
                continue
            limit = action.due_on + timedelta(days=grace)
            if limit < on:
                overdue.append(action)
            elif last is None or limit < last:
                last = limit
        if refused:
            refused.sort(key=lambda action: action.refused_on or on)
            first = refused[0]
            return no(
                "O operador recusou, em {}, a {}.{}",
                first.refused_on,
                Named("ação corretiva", first.record.label),
                also(len(refused) + len(overdue) - 1),
                records=tuple(action.record for action in (*refused, *overdue)),
                remedy=ActionKind.FORMAL_NOTICE,
            )
        if overdue:
            overdue.sort(key=lambda action: action.due_on)
            first = overdue[0]
            return no(
                "O prazo da {} venceu em {}, e ela não foi concluída.{}",
                Named("ação corretiva", first.record.label),
                first.due_on,
                also(len(overdue) - 1),
                records=tuple(action.record for action in overdue),
                parameter="corrective_action_grace_days" if grace else None,
                remedy=ActionKind.FORMAL_NOTICE,
            )
        if last is not None:
            return yes("As ações corretivas em curso estão no prazo, que termina em {}.", last, until=last)
        if answered is not None:
            return yes(
                "O operador deu por cumprida, em {}, a {}; a correção ainda não foi conferida.",
                answered.answered_on,
                Named("ação corretiva", answered.record.label),
                records=(answered.record,),
            )
        return concluded

    return test


def _no_action(about_it: str) -> Answer:
    return quiet(f"Não há ação corretiva{about_it} no registro.")


def no_open_deviation(point: str, nothing: str = "") -> Test:
    """Ask that no fact on record shows ``point`` broken and not yet settled."""
    silent = _no_deviation(point, nothing)

    def test(facts: AgreementFacts, when: Circumstances) -> Answer:  # noqa: ARG001 - every test is called alike.
        deviations = when.index.deviations.get(point)
        if deviations is None:
            return silent
        standing = [
            deviation for deviation in deviations if deviation.settled_on is None or deviation.settled_on > when.on
        ]
        if not standing:
            return yes("O que foi constatado sobre {} já foi sanado.", about(point))
        first = min(standing, key=lambda deviation: deviation.found_on)
        description = first.description.strip().rstrip(".") or "Descumprimento sem descrição"
        return no(
            "{} (constatado em {}).{}",
            description[:1].upper() + description[1:],
            first.found_on,
            also(len(standing) - 1),
            records=tuple(deviation.record for deviation in standing),
        )

    return test


def _no_deviation(point: str, nothing: str) -> Answer:
    return quiet(nothing or f"Nenhum descumprimento sobre {about(point)} está no registro.")


# ----------------------------------------------------------------------------------------------------------------------
# What every obligation asks
# ----------------------------------------------------------------------------------------------------------------------
def common_conduct(point: str, deviation: str = "", nothing: str = "") -> tuple[Requirement, ...]:
    """Return what every obligation asks of conduct: requests answered, faults mended in time, no fact against it.

    ``deviation`` is the obligation's own sentence about facts that show it broken, and ``nothing`` the sentence for
    when there is none.
    """
    return (
        Requirement(
            Leg.CONDUCT,
            f"Nenhuma requisição sobre {about(point)} foi recusada nem passou do prazo sem resposta.",
            no_overdue_request(point),
        ),
        Requirement(
            Leg.CONDUCT,
            f"Nenhuma ação corretiva sobre {about(point)} passou do prazo.",
            no_overdue_corrective_action(point),
            untouched=_no_action(f" sobre {about(point)}"),
        ),
        Requirement(
            Leg.CONDUCT,
            deviation or f"Nenhum fato no registro mostra {about(point)} descumprido.",
            no_open_deviation(point, nothing),
            untouched=_no_deviation(point, nothing),
        ),
    )
