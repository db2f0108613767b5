"""Which requests fall due under one agreement on a day. Pure: facts, judgement and history in, what to ask out.

Three cadences exist, and each (cadence, period) has exactly one key, so that however often and by however many
processes the night's planning runs, it asks once:

* ``complete:<period>`` — everything, each inciso. The period is that of a rhythm decided for the agreement, by its
  month, or the day on which the interval of the exposure tier (``request_frequency_months``) was over: the beginning of
  the agreement, then the interval after the last one that was opened. See :mod:`contracts.schedule`.
* ``renewal:<year>-<month>`` — between two complete requests, proofs that are missing, expired, or will expire before
  the next month's planning could still ask in time (``request_lead_days``). One a month, so that a vendor is not asked
  in dribbles.
* ``disposal:<day>`` — the proof of inciso XII, once the bond has ended; after the end nothing periodic is asked.

An item that is already with the vendor, or with us for review, is not asked again. An item that the vendor formally
refused is not asked again by itself either: refusal is answered by notice, not by insistence, until the next complete
request. A suspension by decision puts off the first two cadences, and never the third.

Facts on record ask too (:mod:`contracts.occasions`): what each of them asks under an agreement is said here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.evaluation import Assessment
from contracts.facts import AgreementFacts, RequestFact
from contracts.norm import PORTARIA_DATED_ON
from contracts.obligation import Check, Finding
from contracts.occasions import OccasionRule, event_key
from contracts.policy import Policy, PolicyOn
from contracts.questions import question_book
from contracts.schedule import RhythmDecision, Schedule
from contracts.vocabulary import INCISOS, EvidenceKind, Leg, Occasion, RequestKind, RequestState, Verdict
from contracts.workdays import TermUnit, Workdays, add_months

COMPLETE, RENEWAL, DISPOSAL = "complete", "renewal", "disposal"

PENDING_STATES = frozenset({RequestState.DRAFT, RequestState.OPEN, RequestState.SUBMITTED, RequestState.RETURNED})
"""States in which an item is already being asked: with the vendor, or with us for review."""


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing to ask. ``kinds`` are the proofs that would do: none when only an answer in words is wanted.

    ``reason`` is a Portuguese sentence that says why it is asked now.
    """

    inciso: str
    kinds: tuple[EvidenceKind, ...]
    reason: str
    whole: bool = False
    """Whether it asks about the inciso as a whole, in the words of the inciso, whatever proofs would do."""

    @property
    def confirms(self) -> bool:
        """Tell whether the item only asks to confirm what is already on file."""
        return not self.kinds and not self.whole


@dataclass(frozen=True, slots=True)
class Due:
    """A request that is due: one per agreement and period, with its items in the order of the incisos."""

    kind: RequestKind
    cadence: str
    period: str
    """The period within the cadence; with the agreement it makes the key that the store keeps unique."""
    reason: str
    opens_on: date
    due_on: date
    items: tuple[DueItem, ...]

    def key(self, agreement_id: int) -> str:
        """Return the unique key of this request: ``cadence:<agreement>:<cadence>:<period>``."""
        return period_key(agreement_id, self.cadence, self.period)


def period_key(agreement_id: int, cadence: str, period: str) -> str:
    """Return the unique key of a planned request."""
    return f"cadence:{agreement_id}:{cadence}:{period}"


def requests_due(
    facts: AgreementFacts,
    assessment: Assessment,
    *,
    on: date,
    policy: Policy,
    workdays: Workdays,
    history: Mapping[str, date],
    decisions: Sequence[RhythmDecision] = (),
) -> tuple[Due, ...]:
    """Return what must be asked under one agreement on the day ``on``; at most one request.

    ``assessment`` is the judgement of the same facts on the same day. ``history`` maps the key of every request that
    was ever planned for the agreement, whatever became of it, to the day it was opened. ``decisions`` are those about
    how often this agreement is asked. Nothing is due before the agreement begins, once it is closed, or while every
    obligation is waived.

    Raises:
        ValueError: the assessment is of another agreement or day.
        CalendarRangeError: the term leaves what the calendar knows.
    """
    if assessment.agreement_id != facts.id or assessment.on != on:
        raise ValueError("the assessment must be of the same agreement and day")
    if not is_asked(facts, assessment, on):
        return ()
    parameters = policy.on(on)
    due_on = workdays.due_after(on, parameters.number("request_answer_days"), TermUnit.CALENDAR_DAYS)
    if facts.end is not None and facts.end < on:
        return _disposal(facts, assessment, facts.end, on, due_on, parameters, workdays, history)
    schedule = schedule_of(facts, assessment, policy=parameters, history=history, decisions=decisions)
    if schedule.suspended_until(on) is not None:
        return ()
    return _complete(facts, assessment, schedule, on, due_on, parameters, workdays) or _renewal(
        facts, assessment, schedule, on, due_on, parameters, history
    )


def is_asked(facts: AgreementFacts, assessment: Assessment, on: date) -> bool:
    """Tell whether anything at all is asked on the day: the bond has begun, is not closed and not wholly waived."""
    begins_on = facts.starts_on or facts.signed_on
    if (begins_on is not None and begins_on > on) or (facts.closed_on is not None and facts.closed_on <= on):
        return False
    return any(finding.verdict is not Verdict.NOT_APPLICABLE for finding in assessment.findings)


def schedule_of(
    facts: AgreementFacts,
    assessment: Assessment,
    *,
    policy: PolicyOn,
    history: Mapping[str, date],
    decisions: Sequence[RhythmDecision],
) -> Schedule:
    """Return what says when complete requests fall due: the decisions, the tier's interval, and those opened so far.

    A raised exposure that asked everything counts as a complete request.
    """
    months = policy.table("request_frequency_months")[assessment.when.exposure.value]
    return schedule_from(facts.id, facts.starts_on or facts.signed_on, months, history=history, decisions=decisions)


def schedule_from(
    agreement_id: int,
    begins_on: date | None,
    months: int,
    *,
    history: Mapping[str, date],
    decisions: Sequence[RhythmDecision],
) -> Schedule:
    """Return the schedule of an agreement that begins on a day and whose tier asks every ``months`` months."""
    prefix = period_key(agreement_id, COMPLETE, "")
    raised = event_key(agreement_id, Occasion.EXPOSURE_RAISED, "")
    opened = {key.removeprefix(prefix): day for key, day in history.items() if key.startswith(prefix)}
    opened |= {key: day for key, day in history.items() if key.startswith(raised)}
    return Schedule(tuple(decisions), opened, max(begins_on or PORTARIA_DATED_ON, PORTARIA_DATED_ON), months)


def event_items(
    rule: OccasionRule, facts: AgreementFacts, assessment: Assessment, *, on: date, parameters: PolicyOn, months: int
) -> tuple[DueItem, ...]:
    """Return what a fact asks under one agreement: the items of its rule, or those of a complete request.

    What does not apply to the agreement is left out. ``months`` is the interval between complete requests.
    """
    if rule.asks_everything:
        return _complete_items(facts, assessment, on, parameters, months)
    applies = {finding.inciso for finding in assessment.findings if finding.verdict is not Verdict.NOT_APPLICABLE}
    items = []
    for ask in rule.asks:
        if ask.inciso in applies:
            kinds = () if ask.proof is None else (ask.proof,)
            items.append(DueItem(ask.inciso, kinds, f"{rule.label}.", whole=ask.what == "inciso"))
    return tuple(items)


def _complete(
    facts: AgreementFacts,
    assessment: Assessment,
    schedule: Schedule,
    on: date,
    due_on: date,
    parameters: PolicyOn,
    workdays: Workdays,
) -> tuple[Due, ...]:
    slot = schedule.due(on, workdays)
    if slot is None:
        return ()
    months = schedule.interval(on)
    if slot.own:
        reason = f"Requisição periódica deste instrumento, devida em {slot.day:%d/%m/%Y}."
    elif schedule.opened:
        reason = f"Requisição periódica: o intervalo para esta faixa de exposição é de {_counted_months(months)}."
    else:
        reason = "Primeira requisição completa deste instrumento."
    items = _complete_items(facts, assessment, on, parameters, months)
    if not items:
        return ()
    return (Due(RequestKind.INFORMATION, COMPLETE, slot.period, reason, on, due_on, items),)


def _complete_items(
    facts: AgreementFacts, assessment: Assessment, on: date, parameters: PolicyOn, months: int
) -> tuple[DueItem, ...]:
    missing = _missing_items(facts, assessment, on, parameters, months)
    items: list[DueItem] = []
    for finding in (*assessment.findings, *assessment.further):
        if finding.verdict is Verdict.NOT_APPLICABLE:
            continue
        asked = [item for item in missing if item.inciso == finding.inciso]
        if asked:
            items += asked
        elif question_book().confirming(finding.inciso) and not _pending(facts.requests, finding.inciso, ()):
            items.append(DueItem(finding.inciso, (), "Confirmação periódica do que já consta do registro."))
    return tuple(items)


def _renewal(
    facts: AgreementFacts,
    assessment: Assessment,
    schedule: Schedule,
    on: date,
    due_on: date,
    parameters: PolicyOn,
    history: Mapping[str, date],
) -> tuple[Due, ...]:
    period = f"{on:%Y-%m}"
    if period_key(facts.id, RENEWAL, period) in history:
        return ()
    items = _missing_items(facts, assessment, on, parameters, schedule.interval(on))
    if not items:
        return ()
    reason = "Há prova ausente, vencida ou próxima do vencimento."
    return (Due(RequestKind.EVIDENCE_RENEWAL, RENEWAL, period, reason, on, due_on, items),)


def _disposal(
    facts: AgreementFacts,
    assessment: Assessment,
    ended_on: date,
    on: date,
    answer_by: date,
    parameters: PolicyOn,
    workdays: Workdays,
    history: Mapping[str, date],
) -> tuple[Due, ...]:
    # Where nobody has said that there are data to dispose of, or no term of the Portaria runs, a person decides.
    if not facts.data_known or ended_on < PORTARIA_DATED_ON:
        return ()
    # The obligation to prove disposal is waived with the others; a proof under review needs no second request.
    finding = next((finding for finding in assessment.findings if finding.inciso == "XII"), None)
    if finding is None or finding.verdict in {Verdict.NOT_APPLICABLE, Verdict.NOT_DUE}:
        return ()
    if facts.disposal is not None and facts.disposal.accepted_on is not None and facts.disposal.accepted_on <= on:
        return ()
    kinds = (EvidenceKind.DISPOSAL_CERTIFICATE,)
    if period_key(facts.id, DISPOSAL, ended_on.isoformat()) in history or _pending(facts.requests, "XII", kinds):
        return ()
    # The vendor never has less time than any other request gives, however late we ask.
    due_on = max(disposal_due_on(facts, ended_on, parameters, workdays), answer_by)
    item = DueItem("XII", kinds, f"O vínculo terminou em {ended_on:%d/%m/%Y}.")
    reason = (
        f"O vínculo terminou em {ended_on:%d/%m/%Y}: falta a prova do descarte ou da devolução dos dados "
        "(art. 14, XII)."
    )
    return (Due(RequestKind.DISPOSAL, DISPOSAL, ended_on.isoformat(), reason, on, due_on, (item,)),)


def disposal_due_on(facts: AgreementFacts, ended_on: date, parameters: PolicyOn, workdays: Workdays) -> date:
    """Return the last day to prove disposal: the instrument's term in days, or the administrative parameter.

    Raises:
        CalendarRangeError: the term leaves what the calendar knows.
    """
    days = facts.disposal_term_days
    if days is None:
        days = parameters.number("disposal_proof_days")
    return workdays.due_after(ended_on, days, TermUnit.CALENDAR_DAYS)


def _missing_items(
    facts: AgreementFacts, assessment: Assessment, on: date, parameters: PolicyOn, interval: int
) -> tuple[DueItem, ...]:
    """Return an item for each proof that fails on the day, or will fail before next month's planning could renew it."""
    horizon = _end_of_month(on) + timedelta(days=parameters.number("request_lead_days"))
    items: list[DueItem] = []
    for finding in (*assessment.findings, *assessment.further):
        if finding.verdict in {Verdict.NOT_APPLICABLE, Verdict.NOT_DUE}:
            continue
        for item in _items_of(finding, horizon):
            refused_since = add_months(on, -interval)
            if not _pending(facts.requests, item.inciso, item.kinds) and not _refused(
                facts.requests, item.inciso, item.kinds, refused_since
            ):
                items.append(item)
    return tuple(sorted(items, key=lambda item: (_order(item.inciso), item.kinds)))


def _items_of(finding: Finding, horizon: date) -> tuple[DueItem, ...]:
    """Turn the evidence checks of one finding into items: one a proof, and one where several proofs would do."""
    single: dict[tuple[EvidenceKind, ...], str] = {}
    several: tuple[EvidenceKind, ...] | None = None
    several_reason = ""
    for check in finding.legs[Leg.EVIDENCE].checks:
        reason = _why_ask(check, horizon)
        if reason is None or not check.asks_for:
            continue
        if len(check.asks_for) == 1:
            single.setdefault(check.asks_for, reason)
        elif several is None:
            several, several_reason = check.asks_for, reason
        else:
            # Two requirements that share proofs are served by one of the shared: asking for it once is enough.
            shared = tuple(kind for kind in several if kind in check.asks_for)
            several = shared or tuple(dict.fromkeys((*several, *check.asks_for)))
    items = [DueItem(finding.inciso, kinds, reason) for kinds, reason in single.items()]
    if several is not None and not any(kinds[0] in several for kinds in single):
        items.append(DueItem(finding.inciso, several, several_reason))
    return tuple(items)


def _why_ask(check: Check, horizon: date) -> str | None:
    """Say why a check's proof must be asked; ``None`` when it holds long enough or waits for our own review."""
    answer = check.answer
    if answer.holds is True:
        if answer.until is None or answer.until > horizon:
            return None
        return f"A prova que consta do registro vale até {answer.until:%d/%m/%Y}."
    if answer.holds is None and answer.records:
        return None
    return answer.reason


def _pending(requests: Iterable[RequestFact], inciso: str, kinds: tuple[EvidenceKind, ...]) -> bool:
    return any(request.state in PENDING_STATES and _same(request, inciso, kinds) for request in requests)


def _refused(requests: Iterable[RequestFact], inciso: str, kinds: tuple[EvidenceKind, ...], since: date) -> bool:
    return any(
        request.state is RequestState.REFUSED and request.opened_on > since and _same(request, inciso, kinds)
        for request in requests
    )


def _same(request: RequestFact, inciso: str, kinds: tuple[EvidenceKind, ...]) -> bool:
    return request.inciso == inciso and (not kinds or request.evidence_kind is None or request.evidence_kind in kinds)


def _end_of_month(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(days=1)


def _order(inciso: str) -> int:
    return INCISOS.index(inciso) if inciso in INCISOS else len(INCISOS)


def _counted_months(months: int) -> str:
    return "1 mês" if months == 1 else f"{months} meses"
