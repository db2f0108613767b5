"""Incidents as the court handles them: how late the operator told, how serious it is, and which terms run.

Three kinds of number meet here and are never mixed. The operator's own term is the agreement's, or an administrative
parameter (art. 14, XI, says "de imediato", without hours). The term to the Presidência and the severity scale are
administrative too: art. 25, § 1º, I and II, leaves them to the protocol. The terms to the ANPD and to the data subjects
are those of Resolução CD/ANPD nº 15/2024 (arts. 6º and 9º): three working days from knowing that the incident reached
personal data, and twenty more to complete a partial communication, on the *federal* calendar, because the judicial
recess does not stop an authority of the executive branch.

Everything is told its moment; nothing here reads a clock.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from contracts.obligation import SAO_PAULO, day_of
from contracts.policy import PolicyOn
from contracts.vocabulary import ClockState, DataNature, Harm, IncidentClock, IncidentSeverity, VolumeBand
from contracts.workdays import Workdays

ANPD_WORKING_DAYS = 3
"""Dias úteis to communicate to the ANPD (Resolução CD/ANPD nº 15/2024, art. 6º)."""

COMPLEMENT_WORKING_DAYS = 20
"""Dias úteis to complete it, from the day of the communication (Resolução CD/ANPD nº 15/2024, art. 6º, § 3º)."""

SUBJECTS_WORKING_DAYS = 3
"""Dias úteis to communicate to the data subjects (Resolução CD/ANPD nº 15/2024, art. 9º)."""

OPEN_STATES = frozenset({ClockState.RUNNING, ClockState.RUNNING_OUT, ClockState.LATE})
"""A term that still asks for something."""


# ----------------------------------------------------------------------------------------------------------------------
# How long the operator took
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Latency:
    """From when the operator became aware to when the court's server received the report, and the limit for it."""

    aware_at: datetime
    received_at: datetime
    agreed_hours: int | None
    administrative_hours: int

    @property
    def elapsed(self) -> timedelta:
        """Return what passed; hours run without pause, whatever the day."""
        return self.received_at - self.aware_at

    @property
    def limit_hours(self) -> int:
        """Return the hours that count: the shorter of the agreed term and the administrative limit."""
        if self.agreed_hours is None:
            return self.administrative_hours
        return min(self.agreed_hours, self.administrative_hours)

    @property
    def limit_is_parameter(self) -> bool:
        """Tell whether the limit is the administrative parameter and not the agreement's own term."""
        return self.agreed_hours is None or self.administrative_hours < self.agreed_hours

    @property
    def late(self) -> bool:
        """Tell whether the limit was passed; its last second still is in time."""
        return self.elapsed > timedelta(hours=self.limit_hours)

    @property
    def difference(self) -> timedelta:
        """Return how much was left, or by how much the limit was passed; never negative."""
        return abs(self.elapsed - timedelta(hours=self.limit_hours))


def hours_and_minutes(length: timedelta) -> str:
    """Write a length of time: "26 h 14 min", "24 h", "40 min"; seconds are said only when nothing else is."""
    seconds = int(length.total_seconds())
    hours, rest = divmod(seconds, 3600)
    minutes = rest // 60
    parts = ([f"{hours:,} h".replace(",", ".")] if hours else []) + ([f"{minutes} min"] if minutes else [])
    return " ".join(parts) or f"{seconds} s"


# ----------------------------------------------------------------------------------------------------------------------
# How serious it is
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SeverityFactor:
    """One line of the arithmetic: what was considered, in the scale's own words, and its points."""

    label: str
    points: int


@dataclass(frozen=True, slots=True)
class SeverityProposal:
    """What the administrative scale proposes. ``level`` is ``None`` while nothing at all is known."""

    level: IncidentSeverity | None
    points: int
    factors: tuple[SeverityFactor, ...]
    unknown: tuple[str, ...]
    """What nobody has told us, in Portuguese; it counts nothing, so that the level may only rise with it."""
    moderate_from: int
    high_from: int
    critical_from: int
    since: date
    """The day from which the scale holds."""


def propose_severity(
    *, natures: Collection[DataNature], volume: VolumeBand | None, harm: Harm | None, policy: PolicyOn
) -> SeverityProposal:
    """Apply the scale of art. 25, § 1º, I: the nature that weighs most, the volume, the potential of harm."""
    points, bands = policy.table("incident_severity_points"), policy.table("incident_severity_bands")
    words = policy.parameter("incident_severity_points").entries
    keys: list[str] = []
    unknown: list[str] = []
    if natures:
        # The order of the list decides between natures of equal weight, so that the same facts read the same.
        keys.append(
            max((f"nature_{each.value}" for each in DataNature if each in natures), key=lambda key: points[key])
        )
    else:
        unknown.append("a natureza dos dados")
    if volume is None:
        unknown.append("o volume de titulares")
    else:
        keys.append(f"volume_{volume.value}")
    if harm is None:
        unknown.append("o potencial de dano")
    else:
        keys.append(f"harm_{harm.value}")
    factors = tuple(SeverityFactor(words[key], points[key]) for key in keys)
    total = sum(factor.points for factor in factors)
    steps = (bands["moderate_from"], bands["high_from"], bands["critical_from"])
    level = tuple(IncidentSeverity)[sum(total >= step for step in steps)] if keys else None
    since = max(policy.value(key).since for key in ("incident_severity_points", "incident_severity_bands"))
    return SeverityProposal(level, total, factors, tuple(unknown), *steps, since)


# ----------------------------------------------------------------------------------------------------------------------
# Which terms run
# ----------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentTimes:
    """What the terms are counted from, and what stopped them. Moments are aware."""

    learned_at: datetime
    """When the court learned of it, from whomever."""
    reached_data: bool | None = None
    """Whether personal data were reached; ``None`` while it is suspected and not confirmed."""
    reached_data_known_at: datetime | None = None
    relevant_risk: bool | None = None
    """Whether it may bring relevant risk or harm to the data subjects; ``None`` while nobody has decided."""
    severity: IncidentSeverity | None = None
    """As confirmed by a person."""
    presidency_told_at: datetime | None = None
    anpd_told_at: datetime | None = None
    anpd_partial: bool = False
    """Whether that first communication was declared incomplete."""
    anpd_completed_at: datetime | None = None
    subjects_told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """One term as it stands: from when, until when, when it was met. ``due_at`` is the last instant that is in time."""

    kind: IncidentClock
    state: ClockState
    starts_at: datetime | None
    due_at: datetime | None
    met_at: datetime | None
    why: str
    """In a Portuguese sentence: what it counts from, or why it does not run."""
    hours: int | None = None
    """The length of a term that is an administrative parameter, in hours; ``None`` for the terms of the Resolution."""

    @property
    def open(self) -> bool:
        """Tell whether it still asks for something."""
        return self.state in OPEN_STATES


NO_DATA = "Apurou-se que o incidente não alcançou dados pessoais."
NO_RISK = "Decidiu-se que não há risco nem dano relevante aos titulares."
_FROM_KNOWLEDGE = (
    "Conta da ciência de que o incidente alcançou dados pessoais, em dias úteis do calendário federal, sem o primeiro."
)


def clocks(times: IncidentTimes, *, now: datetime, policy: PolicyOn, federal: Workdays) -> tuple[Clock, ...]:
    """Return the four terms as they stand ``now``, in the order of the page.

    Doubt never stops a term that is already running: only a decision does. The term to the ANPD and the one to the data
    subjects start when it becomes known that personal data were reached, and not before: a suspicion does not start
    them. What was communicated stays met, whatever is decided afterwards.
    """
    warning = policy.number("incident_warning_percent")
    spared = NO_DATA if times.reached_data is False else NO_RISK if times.relevant_risk is False else ""
    known_at = times.reached_data_known_at if times.reached_data else None
    return (
        _presidency(times, now, policy, warning, spared),
        _of_resolution(
            IncidentClock.ANPD, known_at, times.anpd_told_at, ANPD_WORKING_DAYS, now, warning, federal, spared
        ),
        _complement(times, now, warning, federal, spared),
        _of_resolution(
            IncidentClock.DATA_SUBJECTS, known_at, times.subjects_told_at, SUBJECTS_WORKING_DAYS, now, warning, federal,
            spared,
        ),
    )  # fmt: skip


def _presidency(times: IncidentTimes, now: datetime, policy: PolicyOn, warning: int, spared: str) -> Clock:
    table = policy.table("incident_presidency_hours")
    hours = min(table.values()) if times.severity is None else table[times.severity.value]
    due_at = times.learned_at + timedelta(hours=hours)
    met_at = times.presidency_told_at
    if met_at is None and spared:
        return Clock(IncidentClock.PRESIDENCY, ClockState.NOT_DUE, times.learned_at, None, None, spared, hours)
    why = "Conta de quando o órgão soube, em horas corridas" + (
        ". Sem gravidade confirmada, vale o menor prazo da escala."
        if times.severity is None
        else ", conforme a gravidade confirmada."
    )
    state = _state(times.learned_at, due_at, met_at, now, warning)
    return Clock(IncidentClock.PRESIDENCY, state, times.learned_at, due_at, met_at, why, hours)


def _of_resolution(
    kind: IncidentClock,
    known_at: datetime | None,
    met_at: datetime | None,
    days: int,
    now: datetime,
    warning: int,
    federal: Workdays,
    spared: str,
) -> Clock:
    if met_at is None and spared:
        return Clock(kind, ClockState.NOT_DUE, known_at, None, None, spared)
    if known_at is None:
        why = "Ainda não se confirmou que o incidente alcançou dados pessoais; a suspeita não inicia este prazo."
        return Clock(kind, ClockState.NOT_STARTED if met_at is None else ClockState.MET, None, None, met_at, why)
    due_at = last_instant(federal.add_working(day_of(known_at), days))
    return Clock(kind, _state(known_at, due_at, met_at, now, warning), known_at, due_at, met_at, _FROM_KNOWLEDGE)


def _complement(times: IncidentTimes, now: datetime, warning: int, federal: Workdays, spared: str) -> Clock:
    kind, told_at = IncidentClock.ANPD_COMPLEMENT, times.anpd_told_at
    if told_at is None:
        if spared:
            return Clock(kind, ClockState.NOT_DUE, None, None, None, spared)
        why = "Começa com a comunicação à ANPD, se ela for incompleta."
        return Clock(kind, ClockState.NOT_STARTED, None, None, times.anpd_completed_at, why)
    if not times.anpd_partial:
        return Clock(kind, ClockState.NOT_DUE, None, None, None, "A comunicação à ANPD foi feita por inteiro.")
    due_at = last_instant(federal.add_working(day_of(told_at), COMPLEMENT_WORKING_DAYS))
    why = "Conta do dia da comunicação incompleta à ANPD, em dias úteis do calendário federal, sem o primeiro."
    return Clock(kind, _state(told_at, due_at, times.anpd_completed_at, now, warning), told_at, due_at,
                 times.anpd_completed_at, why)  # fmt: skip


def _state(starts_at: datetime, due_at: datetime, met_at: datetime | None, now: datetime, warning: int) -> ClockState:
    if met_at is not None:
        return ClockState.MET if met_at <= due_at else ClockState.MET_LATE
    if now > due_at:
        return ClockState.LATE
    return ClockState.RUNNING_OUT if due_at - now <= (due_at - starts_at) * warning / 100 else ClockState.RUNNING


def last_instant(day: date) -> datetime:
    """Return the last instant of a São Paulo day: what is done by it is done in time."""
    return datetime.combine(day, time.max, SAO_PAULO)


def next_due(all_clocks: Collection[Clock]) -> Clock | None:
    """Return the open term that ends first; ``None`` when nothing is asked."""
    running = [(clock.due_at, clock) for clock in all_clocks if clock.open and clock.due_at is not None]
    return min(running, key=lambda pair: pair[0])[1] if running else None
