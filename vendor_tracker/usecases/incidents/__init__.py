"""Incidents (art. 14, XI, and art. 25): the operator's report, the court's terms, severity, and communications.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.incidents.channels import (
    ChannelPage,
    channel_page,
    issue_channel,
    revoke_channel,
)
from vendor_tracker.usecases.incidents.chasing import TermsReport, watch_terms
from vendor_tracker.usecases.incidents.handling import annul, assess, close, communicate, decide, join, reopen
from vendor_tracker.usecases.incidents.pages import (
    PAGE_SIZE,
    STANDINGS,
    IncidentPage,
    IncidentsPage,
    incident_page,
    incidents_page,
    joined_into,
)
from vendor_tracker.usecases.incidents.receipts import (
    IncidentReceiptCheck,
    OwnIncidentPage,
    OwnPage,
    incident_file,
    incident_receipt,
    incident_receipt_content,
    own_incident,
    own_page,
    verify_incident_receipt,
)
from vendor_tracker.usecases.incidents.reporting import (
    IncidentFile,
    Received,
    ReportRefusedError,
    Told,
    amend,
    report,
)
from vendor_tracker.usecases.incidents.visiting import (
    ChannelLanding,
    Reporter,
    channel_landing,
    closed_link_landing,
    closed_link_reports,
    end_channel_session,
    open_channel_session,
    open_closed_link_session,
    reporter_by_channel,
    reporter_by_request,
)

__all__ = [
    "PAGE_SIZE",
    "STANDINGS",
    "ChannelLanding",
    "ChannelPage",
    "IncidentFile",
    "IncidentPage",
    "IncidentReceiptCheck",
    "IncidentsPage",
    "OwnIncidentPage",
    "OwnPage",
    "Received",
    "ReportRefusedError",
    "Reporter",
    "TermsReport",
    "Told",
    "amend",
    "annul",
    "assess",
    "channel_landing",
    "channel_page",
    "close",
    "closed_link_landing",
    "closed_link_reports",
    "communicate",
    "decide",
    "end_channel_session",
    "incident_file",
    "incident_page",
    "incident_receipt",
    "incident_receipt_content",
    "incidents_page",
    "issue_channel",
    "join",
    "joined_into",
    "open_channel_session",
    "open_closed_link_session",
    "own_incident",
    "own_page",
    "reopen",
    "report",
    "reporter_by_channel",
    "reporter_by_request",
    "revoke_channel",
    "verify_incident_receipt",
    "watch_terms",
]
