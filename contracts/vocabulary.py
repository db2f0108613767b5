"""The closed lists of the domain: every enumeration that rules, records and pages share.

Values are English slugs and are stored as they stand; the Portuguese that people read is in
``vendor_tracker/wording/labels.py`` and nowhere else.
"""

from enum import StrEnum

INCISOS: tuple[str, ...] = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
"""The twelve incisos of art. 14, in the order of the Portaria."""


class AgreementKind(StrEnum):
    """What kind of instrument binds the operator (art. 6º, IV; art. 14, caput)."""

    CONTRATO = "contrato"
    CONVENIO = "convenio"
    TERMO_COOPERACAO = "termo_cooperacao"
    TERMO_COMPROMISSO = "termo_compromisso"
    CONGENERE = "congenere"
    NONE = "none"
    """No instrument exists: sharing dispensed by art. 6º, § 2º, or by a law that says so."""


class Role(StrEnum):
    """Who decides about the processing (art. 13 and art. 14, caput and parágrafo único)."""

    OPERATOR = "operator"
    JOINT_CONTROLLER = "joint_controller"
    INDEPENDENT_CONTROLLER = "independent_controller"
    NO_PERSONAL_DATA = "no_personal_data"


class Regime(StrEnum):
    """The legal regime of the other party (art. 14, parágrafo único)."""

    PRIVATE = "private"
    PUBLIC = "public"
    FOREIGN = "foreign"


class DataCategory(StrEnum):
    """Families of personal data that an agreement entrusts."""

    IDENTIFICATION = "identification"
    CONTACT = "contact"
    FINANCIAL = "financial"
    FUNCTIONAL = "functional"
    PROCEDURAL = "procedural"
    AUTHENTICATION = "authentication"
    LOCATION = "location"
    IMAGE_VOICE = "image_voice"
    HEALTH = "health"
    BIOMETRIC = "biometric"
    GENETIC = "genetic"
    RACIAL_ETHNIC = "racial_ethnic"
    RELIGIOUS_POLITICAL = "religious_political"
    SEXUAL_LIFE = "sexual_life"
    CRIMINAL = "criminal"


SENSITIVE_CATEGORIES: frozenset[DataCategory] = frozenset(
    {
        DataCategory.HEALTH,
        DataCategory.BIOMETRIC,
        DataCategory.GENETIC,
        DataCategory.RACIAL_ETHNIC,
        DataCategory.RELIGIOUS_POLITICAL,
        DataCategory.SEXUAL_LIFE,
    }
)
"""Categories that LGPD, art. 5º, II, calls sensitive."""


class SubjectGroup(StrEnum):
    """Whose data they are."""

    PARTIES = "parties"
    LAWYERS = "lawyers"
    JUDGES = "judges"
    STAFF = "staff"
    DEPENDANTS = "dependants"
    OUTSOURCED = "outsourced"
    INTERNS = "interns"
    VISITORS = "visitors"
    CITIZENS = "citizens"
    DETAINED = "detained"
    CHILDREN = "children"


class VolumeBand(StrEnum):
    """How many data subjects, in bands that an officer can answer without counting."""

    UP_TO_1K = "up_to_1k"
    UP_TO_10K = "up_to_10k"
    UP_TO_100K = "up_to_100k"
    OVER_100K = "over_100k"


class Leg(StrEnum):
    """The three legs of an obligation; in Portuguese, aspectos."""

    INSTRUMENT = "instrument"
    EVIDENCE = "evidence"
    CONDUCT = "conduct"


class LegState(StrEnum):
    """How a leg stands on a day."""

    FULL = "full"
    HALF = "half"
    EMPTY = "empty"
    BROKEN = "broken"
    NONE = "none"


class Verdict(StrEnum):
    """How an obligation stands on a day; in Portuguese, situação. Listed worst first."""

    BREACHED = "breached"
    UNPROVEN = "unproven"
    PARTIAL = "partial"
    MET = "met"
    NOT_DUE = "not_due"
    NOT_APPLICABLE = "not_applicable"


class Exposure(StrEnum):
    """The tier that sets how closely an agreement is followed (an administrative parameter)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Coverage(StrEnum):
    """What an instrument says about one inciso or one formality.

    ``POSSIBLE`` is only ever proposed by the machine; a person confirms one of the other three.
    """

    COVERED = "covered"
    PARTIAL = "partial"
    POSSIBLE = "possible"
    MISSING = "missing"


class Formality(StrEnum):
    """The points that art. 6º, IV and §§ 1º–2º, asks of a sharing instrument."""

    KIND = "kind"
    PUBLIC_FUNCTION = "public_function"
    PURPOSE = "purpose"
    CATEGORIES = "categories"
    GUARANTEES = "guarantees"
    SUBJECT_ACCESS = "subject_access"
    BIENNIAL_REVIEW = "biennial_review"
    DISPENSATION = "dispensation"


class InstrumentKind(StrEnum):
    """A signed paper of an agreement."""

    ORIGINAL = "original"
    ADITIVO = "aditivo"
    ANEXO = "anexo"
    APOSTILAMENTO = "apostilamento"
    TERMO_COMPROMISSO = "termo_compromisso"


class DispensationGround(StrEnum):
    """Why no instrument is asked for."""

    ART_6_P2 = "art_6_p2"
    """Sharing between people-management units (art. 6º, § 2º, of the Portaria)."""
    LAW = "law"
    """A law that expressly waives the formality (art. 6º, § 1º, final part)."""
    NO_PERSONAL_DATA = "no_personal_data"


class EvidenceKind(StrEnum):
    """What a proof is; each kind has a default validity in ``policy.toml``."""

    ISO_27001 = "iso_27001"
    ISO_27701 = "iso_27701"
    SOC2_TYPE2 = "soc2_type2"
    PENETRATION_TEST = "penetration_test"
    VULNERABILITY_SCAN = "vulnerability_scan"
    CONTINUITY_TEST = "continuity_test"
    SECURITY_POLICY = "security_policy"
    TRAINING_RECORD = "training_record"
    INCIDENT_PLAN = "incident_plan"
    INCIDENT_CHANNEL = "incident_channel"
    LOG_POLICY = "log_policy"
    LOG_SAMPLE = "log_sample"
    COMMUNICATION_CALENDAR = "communication_calendar"
    PROCESSING_RECORD = "processing_record"
    DIRECTIVES_ACKNOWLEDGEMENT = "directives_acknowledgement"
    OWN_USE_DECLARATION = "own_use_declaration"
    ACCESS_REVIEW = "access_review"
    CONFIDENTIALITY_COMMITMENT = "confidentiality_commitment"
    AUDIT_REPORT = "audit_report"
    ASSISTANCE_PROCEDURE = "assistance_procedure"
    INSURANCE = "insurance"
    DISPOSAL_CERTIFICATE = "disposal_certificate"
    SELF_DECLARATION = "self_declaration"


INDEPENDENT_EVIDENCE: frozenset[EvidenceKind] = frozenset(
    {
        EvidenceKind.ISO_27001,
        EvidenceKind.ISO_27701,
        EvidenceKind.SOC2_TYPE2,
        EvidenceKind.PENETRATION_TEST,
        EvidenceKind.AUDIT_REPORT,
    }
)
"""Kinds that somebody other than the operator stands behind."""

SECURITY_EVIDENCE: frozenset[EvidenceKind] = INDEPENDENT_EVIDENCE | {
    EvidenceKind.VULNERABILITY_SCAN,
    EvidenceKind.CONTINUITY_TEST,
    EvidenceKind.SECURITY_POLICY,
    EvidenceKind.TRAINING_RECORD,
    EvidenceKind.INCIDENT_PLAN,
    EvidenceKind.INSURANCE,
    EvidenceKind.SELF_DECLARATION,
}
"""Kinds that speak of security measures (inciso V)."""


class ReviewDecision(StrEnum):
    """What a person decided about a proof."""

    ACCEPTED = "accepted"
    RETURNED = "returned"
    FALSE = "false"


class RequestKind(StrEnum):
    """Why something is asked of the operator."""

    INFORMATION = "information"
    EVIDENCE_RENEWAL = "evidence_renewal"
    AUDIT = "audit"
    CHANNEL_TEST = "channel_test"
    CORRECTIVE_ACTION = "corrective_action"
    DISPOSAL = "disposal"
    INSTRUCTION = "instruction"
    ASSISTANCE = "assistance"


class RequestState(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    OPEN = "open"
    """With the vendor."""
    SUBMITTED = "submitted"
    """Answered; with us."""
    RETURNED = "returned"
    """Given back to the vendor with a reason."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """The vendor formally refused to answer."""
    CANCELLED = "cancelled"


class RhythmKind(StrEnum):
    """What was decided about how often an agreement is asked."""

    OWN = "own"
    """A rhythm of its own."""
    DEFAULT = "default"
    """Back to what the exposure tier says."""
    SUSPENDED = "suspended"
    """Nothing periodic is asked until a day."""


class DayRule(StrEnum):
    """On which day of its month a rhythm falls due."""

    NTH_WORKING = "nth_working"
    LAST_WORKING = "last_working"
    MONTH_DAY = "month_day"
    """A day of the month, or the next working day."""


class Occasion(StrEnum):
    """A fact put on record that asks the operator something."""

    INCIDENT = "incident"
    SUB_OPERATOR = "sub_operator"
    INSTRUMENT = "instrument"
    CONTACT_CHANGED = "contact_changed"
    EXPOSURE_RAISED = "exposure_raised"


class ContactRole(StrEnum):
    """Who answers for the operator."""

    PREPOSTO = "preposto"
    ENCARREGADO = "encarregado"
    INCIDENT_CHANNEL = "incident_channel"
    LEGAL_REPRESENTATIVE = "legal_representative"


class StewardRole(StrEnum):
    """Who follows the agreement on the court's side."""

    GESTOR = "gestor"
    FISCAL = "fiscal"


class EndReason(StrEnum):
    """Why processing ended (art. 14, XII)."""

    TERM = "term"
    RESCISSION = "rescission"
    PURPOSE_MET = "purpose_met"


class IncidentSource(StrEnum):
    """From whom the court learned of an incident."""

    OPERATOR = "operator"
    THIRD_PARTY = "third_party"


class IncidentSeverity(StrEnum):
    """How serious an incident is (art. 25, § 1º, I): the levels of the scale in ``policy.toml``, lightest first."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    CRITICAL = "critical"


class DataNature(StrEnum):
    """What makes the data that an incident reached more or less delicate."""

    COMMON = "common"
    FINANCIAL = "financial"
    AUTHENTICATION = "authentication"
    VULNERABLE = "vulnerable"
    SECRECY = "secrecy"
    SENSITIVE = "sensitive"


class Harm(StrEnum):
    """What an incident may do to the data subjects, from nothing that is seen to what cannot be undone."""

    NONE = "none"
    MINOR = "minor"
    SERIOUS = "serious"
    GRAVE = "grave"


class IncidentClock(StrEnum):
    """The terms that an incident sets running for the court."""

    PRESIDENCY = "presidency"
    ANPD = "anpd"
    ANPD_COMPLEMENT = "anpd_complement"
    DATA_SUBJECTS = "data_subjects"


class ClockState(StrEnum):
    """How a term of an incident stands at a moment."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    RUNNING_OUT = "running_out"
    LATE = "late"
    MET = "met"
    MET_LATE = "met_late"
    NOT_DUE = "not_due"


class AuditMode(StrEnum):
    """How an audit is carried out (art. 14, IX)."""

    ON_SITE = "on_site"
    ON_PAPER = "on_paper"


class CheckResult(StrEnum):
    """What was seen about one item of an audit's checklist."""

    CONFORMING = "conforming"
    NONCONFORMING = "nonconforming"
    PARTIAL = "partial"
    UNVERIFIED = "unverified"
    NOT_APPLICABLE = "not_applicable"


class FindingSeverity(StrEnum):
    """How serious an audit's finding is: an administrative scale, told by ``policy.toml``, lightest first."""

    LIGHT = "light"
    MEDIUM = "medium"
    SERIOUS = "serious"


class Requester(StrEnum):
    """On whose behalf the operator is asked to help (art. 14, X)."""

    DATA_SUBJECT = "data_subject"
    AUTHORITY = "authority"
    OTHER = "other"


class AgendaKind(StrEnum):
    """What an agenda tells of a day."""

    REQUEST = "request"
    STEP = "step"
    PLANNED = "planned"
    """A complete request that is still to be opened."""
    INCIDENT = "incident"
    ASSISTANCE = "assistance"
    INSTRUCTION = "instruction"
    AUDIT = "audit"
    ACTION = "action"
    DISPOSAL = "disposal"
    EVIDENCE = "evidence"
    AGREEMENT_END = "agreement_end"
    REVIEW = "review"


class PublicField(StrEnum):
    """What the public portal shows of an agreement, in the order in which it is shown; each can be held back alone."""

    INSTRUMENT = "instrument"
    PARTY = "party"
    PURPOSE = "purpose"
    LEGAL_BASIS = "legal_basis"
    DATA_CATEGORIES = "data_categories"
    SUBJECT_GROUPS = "subject_groups"
    TERM = "term"
    INTERNATIONAL_TRANSFER = "international_transfer"


class EditionState(StrEnum):
    """Where a version of a clause stands that the organisation writes."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class FileState(StrEnum):
    """How far the check of a file that came from outside is."""

    CHECKING = "checking"
    CLEAN = "clean"
    REFUSED = "refused"


class UserRole(StrEnum):
    """What a signed-in person may do; the access table is written in these."""

    PROCUREMENT = "procurement"
    LEGAL = "legal"
    FISCAL = "fiscal"
    ENCARREGADO = "encarregado"
    COMMITTEE = "committee"
    AUDITOR = "auditor"
    ADMIN = "admin"


class ActionKind(StrEnum):
    """The tool that mends a gap."""

    CORRECTIVE_ACTION = "corrective_action"
    FORMAL_NOTICE = "formal_notice"
    TERMO_ADITIVO = "termo_aditivo"
    TERMO_COMPROMISSO = "termo_compromisso"
    READ_INSTRUMENT = "read_instrument"
    REQUEST_EVIDENCE = "request_evidence"
    COMPLETE_RECORD = "complete_record"
    REVIEW_EVIDENCE = "review_evidence"
    NOTHING = "nothing"
