"""What a document needs to know about an agreement. ``None`` always means *nobody has told us*, never "no"."""

from dataclasses import dataclass
from datetime import date, datetime

from contracts.vocabulary import (
    AgreementKind,
    AuditMode,
    CheckResult,
    Coverage,
    DataCategory,
    EndReason,
    EvidenceKind,
    FindingSeverity,
    Harm,
    IncidentSource,
    Regime,
    Role,
    SubjectGroup,
    Verdict,
    VolumeBand,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The court: the body that entrusts the data. Its acronym is read as masculine ("o CNJ", "o TRT")."""

    name: str
    acronym: str
    cnpj: str | None = None
    address: str | None = None
    signatory_name: str | None = None
    signatory_position: str | None = None
    encarregado_name: str | None = None
    encarregado_contact: str | None = None
    incident_channel: str | None = None
    data_subject_channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """The other party. A foreign one has ``foreign_id`` instead of a CNPJ."""

    name: str
    regime: Regime | None = None
    cnpj: str | None = None
    foreign_id: str | None = None
    address: str | None = None
    representative_name: str | None = None
    representative_position: str | None = None
    preposto_name: str | None = None
    preposto_email: str | None = None
    incident_channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubOperator:
    """Somebody who processes the entrusted data on the operator's behalf."""

    name: str
    identification: str | None = None
    service: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementDescription:
    """One agreement as a document describes it.

    An empty tuple of ``sub_operators`` says that there are none; an empty tuple of categories, groups or countries
    says nothing, and is asked for like ``None``.
    """

    body: Body
    operator: Operator
    kind: AgreementKind
    number: str | None = None
    process: str | None = None
    object: str | None = None
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    unit: str | None = None
    gestor: str | None = None
    fiscal: str | None = None
    amendment_ground: str | None = None
    """The provision that allows the instrument to be amended, as the legal staff write it."""
    role: Role | None = None
    """The other party's role; ``None`` is drafted as operator, which is what art. 14, caput, presumes."""
    purpose: str | None = None
    public_function: str | None = None
    legal_basis: str | None = None
    categories: tuple[DataCategory, ...] | None = None
    subject_groups: tuple[SubjectGroup, ...] | None = None
    sensitive: bool | None = None
    children: bool | None = None
    judicial_secrecy: bool | None = None
    international_transfer: bool | None = None
    transfer_countries: tuple[str, ...] | None = None
    transfer_mechanism: str | None = None
    sub_operators: tuple[SubOperator, ...] | None = None
    volume: VolumeBand | None = None
    hosting: str | None = None
    processing_term: str | None = None
    """How long the data are processed; ``None`` is drafted from the days of the agreement, when known."""
    guarantees: str | None = None


# What a document may be about besides the agreement. Here too ``None`` means that nobody has told us.


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestItemDescription:
    """One question of a request. ``provision`` says where its duty stands, ``law`` is that duty word for word."""

    inciso: str
    title: str
    question: str
    provision: str
    law: str
    accepts: tuple[EvidenceKind, ...] = ()
    """The proofs of which any one answers it; empty when words do."""
    wants_file: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDescription:
    """A numbered request (art. 14, caput). ``portal`` is the public address, never the secret link."""

    number: str
    opened_on: date
    due_on: date
    items: tuple[RequestItemDescription, ...]
    reason: str | None = None
    portal: str | None = None


@dataclass(frozen=True, slots=True)
class CheckDescription:
    """One sentence that an audit verifies, and the proofs of which any one shows it."""

    sentence: str
    proofs: tuple[EvidenceKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionDescription:
    """An inciso that an audit verifies: how it stands on record, and what to check."""

    inciso: str
    standing: Verdict
    checks: tuple[CheckDescription, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectiveActionDescription:
    """Something found and to be mended by a day. ``provision`` says where the duty stands."""

    provision: str
    description: str
    due_on: date
    done_on: date | None = None
    owner: str | None = None
    """Who answers for it on the operator's side."""
    verified_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDescription:
    """An item of an audit's checklist, its number there, and what was seen; ``proof`` names what was looked at."""

    item: int
    inciso: str
    sentence: str
    result: CheckResult | None = None
    note: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFindingDescription:
    """Something that an audit found wrong. ``item`` is the place of its item in the checklist."""

    provision: str
    item: int
    severity: FindingSeverity
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditDescription:
    """An audit or inspection (art. 14, IX). Each member of the team is "name, position"; none known is ``()``."""

    title: str
    criteria: tuple[CriterionDescription, ...]
    planned_on: date | None = None
    performed_on: date | None = None
    concluded_on: date | None = None
    refused_on: date | None = None
    independent: bool = False
    scope: str | None = None
    team: tuple[str, ...] = ()
    conclusion: str | None = None
    actions: tuple[CorrectiveActionDescription, ...] = ()
    notice_by: date | None = None
    """The last day to give notice of it, by the administrative parameter."""
    noticed_on: date | None = None
    """The day on which the operator was told of it by a request."""
    mode: AuditMode | None = None
    auditor: str | None = None
    """The independent auditor, by name."""
    period_from: date | None = None
    period_until: date | None = None
    refusal_reason: str | None = None
    seen: tuple[SeenDescription, ...] = ()
    """The checklist as it was answered; items that nobody has answered are left out."""
    findings: tuple[AuditFindingDescription, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDescription:
    """An incident, with what art. 25, § 1º, asks about it. Moments are aware."""

    title: str
    learned_at: datetime
    source: IncidentSource
    description: str | None = None
    suspected_at: datetime | None = None
    reported_at: datetime | None = None
    limit_hours: int | None = None
    """What the agreement, or the administrative parameter, allows between suspicion and report."""
    severity: str | None = None
    presidency_told_at: datetime | None = None
    affected_data: str | None = None
    affected_people: str | None = None
    measures: str | None = None
    risks: str | None = None
    delay_reason: str | None = None
    prevention: str | None = None
    harm: Harm | None = None
    presidency_hours: int | None = None
    """The administrative term to tell the Presidência, by the severity; ``None`` when it is not due."""
    anpd: str | None = None
    """What was communicated to the ANPD and when, or why nothing is due; a phrase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalDescription:
    """The return or disposal of the data (art. 14, XII). ``manner`` is ``return``, ``disposal`` or unknown."""

    trigger: EndReason
    triggered_on: date
    due_on: date | None = None
    manner: str | None = None
    what: str | None = None
    method: str | None = None
    responsible: str | None = None
    covers_copies: bool | None = None
    covers_backups: bool | None = None
    covers_sub_operators: bool | None = None
    evidence_title: str | None = None
    evidence_received_on: date | None = None
    evidence_sha256: str | None = None
    accepted_on: date | None = None
    retained: str | None = None
    """What a law obliges or allows the operator to keep; ``None`` when nothing is or nobody said."""
    retained_ground: str | None = None
    retained_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDescription:
    """Somebody with access to the data (art. 14, VIII). The name and the CPF are written by who signs, never kept."""

    label: str
    access_from: date
    function: str | None = None
    need: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPointDescription:
    """One point that is open with the operator; ``was_due_on`` is a term that has passed."""

    agreement: str
    provision: str
    found: str
    asked: str
    due_on: date
    was_due_on: date | None = None
    accepts: tuple[EvidenceKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDescription:
    """What a letter to the operator lists, of all its agreements."""

    points: tuple[OpenPointDescription, ...]


Subject = (
    RequestDescription
    | AuditDescription
    | IncidentDescription
    | DisposalDescription
    | PersonDescription
    | LetterDescription
)

SUBJECTS: dict[str, type[Subject]] = {
    "request": RequestDescription,
    "audit": AuditDescription,
    "incident": IncidentDescription,
    "disposal": DisposalDescription,
    "person": PersonDescription,
    "letter": LetterDescription,
}
"""What a document file may name as its subject."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A point that the signed instruments do not cover, or cover in part, as a person confirmed.

    ``point`` is an inciso ("XI"), the slug of a ``Formality`` ("purpose"), or the code of an obligation of the
    organisation, which the library has no clause for.

    Raises:
        ValueError: the reading is only proposed, not confirmed.
    """

    point: str
    coverage: Coverage
    missing_idea: str = ""

    def __post_init__(self) -> None:
        """Refuse a reading that nobody has confirmed."""
        if self.coverage is Coverage.POSSIBLE:
            raise ValueError(
                f"A leitura do ponto {self.point} ainda não foi confirmada. "
                "Confirme se o instrumento o cobre, cobre em parte ou não cobre, antes de redigir o termo aditivo."
            )
