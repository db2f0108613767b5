"""Every table, by subject. Importing this package is what makes the metadata whole."""

from vendor_tracker.store.tables.conduct import (
    Assistance,
    Audit,
    AuthorisedPerson,
    ChannelTest,
    CorrectiveAction,
    Delivery,
    Deviation,
    DisposalCase,
    Incident,
    Instruction,
)
from vendor_tracker.store.tables.judgement import (
    CalendarDay,
    FindingChange,
    FindingRow,
    PolicyOverride,
    Snapshot,
    Standing,
    TrailEntry,
    TrailHead,
)
from vendor_tracker.store.tables.papers import (
    CoverageReading,
    Evidence,
    EvidenceAgreement,
    EvidenceInciso,
    EvidenceReview,
    FurtherObligationRow,
    Instrument,
    IssuedDocument,
    Proposal,
    StoredFile,
)
from vendor_tracker.store.tables.people import ApiToken, Throttle, Unit, User
from vendor_tracker.store.tables.register import (
    Agreement,
    AgreementRevision,
    AgreementTerm,
    Contact,
    ImportBatch,
    Operator,
    Steward,
    SubOperator,
)
from vendor_tracker.store.tables.requests import (
    Answer,
    AnswerFile,
    JobRun,
    Message,
    MessageAttempt,
    PortalSession,
    Receipt,
    Request,
    RequestEvent,
    RequestItem,
)

__all__ = [
    "Agreement", "AgreementRevision", "AgreementTerm", "Answer", "AnswerFile", "ApiToken", "Assistance", "Audit",
    "AuthorisedPerson", "CalendarDay", "ChannelTest", "Contact", "CorrectiveAction", "CoverageReading", "Delivery",
    "Deviation", "DisposalCase", "Evidence", "EvidenceAgreement", "EvidenceInciso", "EvidenceReview", "FindingChange",
    "FindingRow", "FurtherObligationRow", "ImportBatch", "Incident", "Instruction", "Instrument", "IssuedDocument", "JobRun",
    "Message", "MessageAttempt", "Operator", "PolicyOverride", "PortalSession", "Proposal", "Receipt", "Request",
    "RequestEvent", "RequestItem", "Snapshot", "Standing", "Steward", "StoredFile", "SubOperator", "Throttle",
    "TrailEntry", "TrailHead", "Unit", "User",
]
