"""Audits and inspections (art. 14, IX): plan, notice, checklist, findings, corrective actions, conclusion, refusal.

The audit itself is a fact of conduct like the others (:mod:`vendor_tracker.usecases.conduct`); what it verifies, finds
and requires is kept in lineages of its own, and every change is a new version.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.audits.checklist import Seen, add_check, answer_check, leave_out, propose_checklist
from vendor_tracker.usecases.audits.findings import (
    Correction,
    add_action,
    record_finding,
    verify_action,
    withdraw_finding,
)
from vendor_tracker.usecases.audits.notice import (
    NoticePage,
    conclude,
    notice_page,
    perform,
    register_refusal,
    send_notice,
)
from vendor_tracker.usecases.audits.pages import (
    PAGE_SIZES,
    AskPage,
    AuditForm,
    AuditPage,
    AuditsPage,
    CheckPage,
    FindingPage,
    VerifyPage,
    ask_page,
    check_page,
    finding_page,
    form,
    index,
    new_finding_page,
    show,
    verify_page,
)

__all__ = [
    "PAGE_SIZES",
    "AskPage",
    "AuditForm",
    "AuditPage",
    "AuditsPage",
    "CheckPage",
    "Correction",
    "FindingPage",
    "NoticePage",
    "Seen",
    "VerifyPage",
    "add_action",
    "add_check",
    "answer_check",
    "ask_page",
    "check_page",
    "conclude",
    "finding_page",
    "form",
    "index",
    "leave_out",
    "new_finding_page",
    "notice_page",
    "perform",
    "propose_checklist",
    "record_finding",
    "register_refusal",
    "send_notice",
    "show",
    "verify_action",
    "verify_page",
    "withdraw_finding",
]
