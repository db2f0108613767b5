"""What is on record about one agreement, as a frozen snapshot that the rules read.

Everywhere ``None`` means *nobody has told us*; it never means "no". Days are São Paulo days; moments are aware
datetimes. A snapshot holds only what was known at the moment it was taken for, so the rules need no history of their
own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from contracts.vocabulary import (
    AgreementKind,
    ContactRole,
    Coverage,
    DataCategory,
    DispensationGround,
    EndReason,
    EvidenceKind,
    Exposure,
    Formality,
    IncidentSource,
    InstrumentKind,
    Regime,
    RequestKind,
    RequestState,
    ReviewDecision,
    Role,
    SubjectGroup,
    VolumeBand,
)


@dataclass(frozen=True, slots=True)
class Record:
    """A pointer to the record that decided something, so that a page can link to it.

    ``kind`` is a slug of the store ("instrument", "evidence", "request", "audit", "corrective_action", "incident",
    "instruction", "assistance", "person", "disposal", "calendar", "channel_test", "proposal", "agreement",
    "contact"); ``label`` is Portuguese.
    """

    kind: str
    id: int
    label: str


@dataclass(frozen=True, slots=True)
class CoverageFact:
    """What a person confirmed that one instrument says about one inciso, formality or further obligation."""

    point: str
    """An inciso ("XI"), a :class:`Formality` slug, or the code of an obligation of the organisation."""
    coverage: Coverage
    quote: str = ""
    place: str = ""
    missing_idea: str = ""
    confirmed_on: date | None = None


@dataclass(frozen=True, slots=True)
class InstrumentFact:
    """One signed paper of the agreement."""

    record: Record
    kind: InstrumentKind
    signed_on: date | None
    signed_by_both: bool | None
    in_force_from: date | None
    in_force_until: date | None = None
    published_on: date | None = None
    clauses: Mapping[str, date] = field(default_factory=dict)
    """For each clause in it, since when its text holds, when it was issued from our library."""
    has_file: bool = True
    readings: Mapping[str, CoverageFact] = field(default_factory=dict)

    def in_force(self, on: date) -> bool:
        """Tell whether the paper binds on the day ``on``, first and last day included.

        A paper known to lack a signature binds nobody. An apostilamento is written by one side alone, so it binds the
        operator only when it is on record that both signed: inciso IV speaks of *signing* the clauses.
        """
        if not self.signed_by_both and (self.signed_by_both is False or self.kind is InstrumentKind.APOSTILAMENTO):
            return False
        start = self.in_force_from or self.signed_on
        return start is not None and start <= on and (self.in_force_until is None or on <= self.in_force_until)


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """A proof on file and what was decided about it."""

    record: Record
    kind: EvidenceKind
    incisos: frozenset[str]
    received_on: date
    decision: ReviewDecision | None
    """``None`` while nobody has reviewed it."""
    decided_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    """Last day it counts, as the reviewer set it; ``None``: only the default validity of its kind limits it."""
    independent: bool = False
    covers_service: bool | None = None
    decision_reason: str = ""


@dataclass(frozen=True, slots=True)
class RequestFact:
    """One item asked of the operator about one inciso."""

    record: Record
    kind: RequestKind
    inciso: str
    opened_on: date
    due_on: date
    """The term in force on the day: the first one, an extension, or the one set when it was returned."""
    state: RequestState
    submitted_on: date | None = None
    evidence_kind: EvidenceKind | None = None
    formal: bool = True
    extension_pending: bool = False
    """A later term was asked for within the term, and the court has not decided: being late is the court's doing."""
    unreached: bool = False
    """Whatever was sent about it came back, and nobody opened the portal: the operator does not know of it."""


@dataclass(frozen=True, slots=True)
class AuditFact:
    """An audit or inspection of inciso IX."""

    record: Record
    planned_on: date | None
    performed_on: date | None = None
    concluded_on: date | None = None
    refused_on: date | None = None
    independent: bool = False


@dataclass(frozen=True, slots=True)
class CorrectiveActionFact:
    """Something the operator must mend by a day."""

    record: Record
    inciso: str
    description: str
    due_on: date
    done_on: date | None = None
    answered_on: date | None = None
    """The day on which the operator said it was mended, while the court still has to look."""
    refused_on: date | None = None


@dataclass(frozen=True, slots=True)
class DeviationFact:
    """A fact that shows a duty broken and that no other record kind holds.

    Examples: logs altered (II), an operation without record (VI), data found after the certificate (XII).
    """

    record: Record
    inciso: str
    description: str
    found_on: date
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class IncidentFact:
    """A risk, threat or incident of inciso XI."""

    record: Record
    suspected_at: datetime | None
    """First suspicion on the operator's side; ``None`` when nobody has established it."""
    reported_at: datetime | None
    """Formal communication to the court; ``None`` while there is none."""
    learned_at: datetime
    source: IncidentSource


@dataclass(frozen=True, slots=True)
class InstructionFact:
    """A directive or instruction of inciso VII."""

    record: Record
    sent_on: date
    due_on: date | None
    acknowledged_on: date | None = None
    done_on: date | None = None
    answered_on: date | None = None
    """The day on which the operator said it was done, while the court still has to look."""


@dataclass(frozen=True, slots=True)
class AssistanceFact:
    """Help asked of the operator for a data subject, an authority or another legitimate party (inciso X)."""

    record: Record
    asked_on: date
    due_on: date
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonFact:
    """One authorised person of inciso VIII, with no more data than needed."""

    record: Record
    has_need: bool | None
    committed_on: date | None
    access_from: date
    access_until: date | None = None
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class DeliveryFact:
    """One line of the agreed calendar of inciso III."""

    record: Record
    what: str
    months: int | None
    """Interval between deliveries; ``None`` when it is delivered upon an event only."""
    agreed_on: date
    reviewed_on: date
    last_delivered_on: date | None = None
    next_due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChannelTestFact:
    """A test of the incident channel (inciso I)."""

    record: Record
    tested_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProposalFact:
    """A termo aditivo or compromisso offered to the operator for signature (inciso IV)."""

    record: Record
    proposed_on: date
    refused_on: date | None = None
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class DisposalFact:
    """The disposal or return case of inciso XII."""

    record: Record
    trigger: EndReason
    triggered_on: date
    due_on: date | None = None
    covers_copies: bool | None = None
    covers_backups: bool | None = None
    covers_sub_operators: bool | None = None
    accepted_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContactFact:
    """Somebody who answers for the operator."""

    record: Record
    role: ContactRole
    since: date
    until: date | None = None
    reachable_always: bool | None = None


@dataclass(frozen=True, slots=True)
class SubOperatorFact:
    """A sub-operator of the agreement."""

    record: Record
    name: str
    authorised_on: date | None
    country: str = "BR"
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Dispensation:
    """A decision that no instrument, or no assessment, is asked for."""

    ground: DispensationGround
    detail: str
    decided_by: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class RoleDecision:
    """Who is controller and who is operator (art. 13), with its reason; ``approved_on`` None means only proposed."""

    role: Role
    justification: str = ""
    approved_by: str = ""
    approved_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """Everything on record about one agreement that a rule may ask for."""

    id: int
    label: str
    kind: AgreementKind
    regime: Regime | None = None
    role: RoleDecision | None = None
    dispensation: Dispensation | None = None

    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    """Last day of the term in force on the day, terms of extension included."""
    ended_on: date | None = None
    """Day on which the bond really ended before its term (rescission, or purpose met)."""
    end_reason: EndReason | None = None
    closed_on: date | None = None
    """Day on which accepted disposal evidence closed the agreement."""

    purpose: str | None = None
    public_function: str | None = None
    legal_basis: str | None = None
    guarantees: str | None = None
    subject_access: str | None = None
    reviewed_on: date | None = None
    data_categories: frozenset[DataCategory] | None = None
    subject_groups: frozenset[SubjectGroup] | None = None
    sensitive: bool | None = None
    children: bool | None = None
    judicial_secrecy: bool | None = None
    volume: VolumeBand | None = None
    international_transfer: bool | None = None
    transfer_countries: tuple[str, ...] = ()
    system_access: bool | None = None
    external_hosting: bool | None = None
    uses_sub_operators: bool | None = None
    sub_operators: tuple[SubOperatorFact, ...] = ()
    raised_exposure: Exposure | None = None
    raised_exposure_reason: str = ""

    incident_term_hours: int | None = None
    assistance_term_days: int | None = None
    disposal_term_days: int | None = None

    contacts: tuple[ContactFact, ...] = ()
    instruments: tuple[InstrumentFact, ...] = ()
    evidence: tuple[EvidenceFact, ...] = ()
    requests: tuple[RequestFact, ...] = ()
    audits: tuple[AuditFact, ...] = ()
    corrective_actions: tuple[CorrectiveActionFact, ...] = ()
    deviations: tuple[DeviationFact, ...] = ()
    incidents: tuple[IncidentFact, ...] = ()
    instructions: tuple[InstructionFact, ...] = ()
    assistance: tuple[AssistanceFact, ...] = ()
    people: tuple[PersonFact, ...] | None = None
    """``None`` when nobody has registered who has access; an empty tuple when it is on record that nobody has."""
    calendar: tuple[DeliveryFact, ...] = ()
    channel_tests: tuple[ChannelTestFact, ...] = ()
    proposals: tuple[ProposalFact, ...] = ()
    disposal: DisposalFact | None = None

    @property
    def record(self) -> Record:
        """Return the pointer to the agreement itself."""
        return Record("agreement", self.id, self.label)

    @property
    def data_known(self) -> bool:
        """Tell whether anybody has said that personal data were entrusted at all.

        A contract that came from a public source says nothing of it: a supermarket's looks like a data centre's.
        """
        said = (self.purpose, self.data_categories, self.subject_groups, self.sensitive, self.volume, self.people)
        return any(said) or (self.role is not None and self.role.role is not Role.NO_PERSONAL_DATA)

    @property
    def end(self) -> date | None:
        """Return the last day of the bond: the real end if there was one, otherwise the term."""
        return self.ended_on or self.ends_on

    def binding_day(self, on: date) -> date:
        """Return the day whose papers count on the day ``on``: the day itself or, once the bond is over, its last day.

        Art. 14, XII, and LGPD, art. 47, bind the operator beyond the end, so what was agreed is read as it last stood.
        """
        end = self.end
        return on if end is None or on <= end else end

    def papers_on(self, on: date) -> tuple[InstrumentFact, ...]:
        """Return the papers that bind on the day ``on``, the oldest first; see :meth:`binding_day`."""
        if not self.instruments:
            return ()
        day = self.binding_day(on)
        held = [paper for paper in self.instruments if paper.in_force(day)]
        if len(held) > 1:
            held.sort(key=_start_of)
        return tuple(held)

    def coverage(self, point: str, on: date) -> tuple[CoverageFact, InstrumentFact] | None:
        """Return the confirmed reading of ``point`` that counts on the day ``on``, and the paper it stands in.

        The papers in force add up: the fullest reading counts, and among equals that of the newest paper, so that a
        termo aditivo mends the contract but an apostilamento cannot take a clause away. ``None``: never read.
        """
        return merged_readings(self.papers_on(on)).get(point)

    def formality(self, point: Formality, on: date) -> tuple[CoverageFact, InstrumentFact] | None:
        """Return the confirmed reading of a formality of art. 6º; see :meth:`coverage`."""
        return self.coverage(point.value, on)


def _start_of(paper: InstrumentFact) -> date:
    return paper.in_force_from or paper.signed_on or date.min


# Looking a member up by name costs as much as a call (Python 3.11), and these are looked up for every reading.
_COVERED, _POSSIBLE = Coverage.COVERED, Coverage.POSSIBLE
_FULLNESS = {Coverage.MISSING: 0, Coverage.PARTIAL: 1, Coverage.COVERED: 2}


def older_texts(
    papers: tuple[InstrumentFact, ...], editions: Mapping[str, tuple[date, ...]], day: date
) -> dict[str, tuple[date, date]]:
    """Return, for each clause that the papers carry in an older text, since when that text and the next one hold.

    ``editions`` are the days of the newer texts by clause, oldest first. Of each clause the newest text in any of the
    papers counts. The first text that superseded it is given, because the transition counts from it.
    """
    older = {}
    for clause, days in editions.items():
        texts = [paper.clauses[clause] for paper in papers if clause in paper.clauses]
        if texts:
            held = max(texts)
            first = next((edition for edition in days if held < edition <= day), None)
            if first is not None:
                older[clause] = (held, first)
    return older


def merged_readings(papers: tuple[InstrumentFact, ...]) -> dict[str, tuple[CoverageFact, InstrumentFact]]:
    """Lay the confirmed readings of ``papers`` (oldest first) over one another, the fullest of each point winning.

    What only the machine read (:data:`Coverage.POSSIBLE`) is left out: nobody has confirmed it.
    """
    best: dict[str, tuple[CoverageFact, InstrumentFact]] = {}
    for paper in papers:
        for point, reading in paper.readings.items():
            coverage = reading.coverage
            if coverage is _COVERED:
                best[point] = (reading, paper)  # Nothing is fuller, and among equals the newest counts.
            elif coverage is not _POSSIBLE:
                held = best.get(point)
                if held is None or _FULLNESS[coverage] >= _FULLNESS[held[0].coverage]:
                    best[point] = (reading, paper)
    return best
