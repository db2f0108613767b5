"""The vendor's side of a request: opening the link, answering item by item, submitting, and the receipt.

A vendor has no account. A link opens nothing by being fetched: mail scanners and previews fetch links too. Pressing the
button on the landing page starts a session that reaches one request and nothing else. What was submitted can never be
changed or taken back by the vendor; what was only saved can, and even a withdrawn file stays on record.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.answering.checked import CheckReport, check_waiting
from vendor_tracker.usecases.answering.colleagues import (
    AccessPage,
    ColleaguesPage,
    access_page,
    colleagues_page,
    invite,
    revoke_for_staff,
    revoke_invitation,
)
from vendor_tracker.usecases.answering.merging import Draft
from vendor_tracker.usecases.answering.pages import AnswerPage, OpenItem, answer_page
from vendor_tracker.usecases.answering.papers import PaperFile, receipt_paper, receipt_paper_for_staff
from vendor_tracker.usecases.answering.protocols import is_protocol
from vendor_tracker.usecases.answering.receipts import (
    ReceiptCheck,
    receipt_content,
    receipt_for_staff,
    receipt_page,
    receipt_text,
    verify_receipt,
)
from vendor_tracker.usecases.answering.saving import (
    AnswerRefusedError,
    Choice,
    Saved,
    Seen,
    own_file,
    rescue,
    save,
    withdraw_file,
)
from vendor_tracker.usecases.answering.submitting import submit
from vendor_tracker.usecases.answering.taking import NewFile
from vendor_tracker.usecases.answering.visiting import (
    SESSION_HOURS,
    WRONG_LINKS,
    WRONG_LINKS_WINDOW,
    LinkGoneError,
    SessionEndedError,
    TooManyLinksError,
    Visit,
    end_session,
    landing_page,
    open_session,
    visit_of,
)

__all__ = [
    "SESSION_HOURS",
    "WRONG_LINKS",
    "WRONG_LINKS_WINDOW",
    "AccessPage",
    "AnswerPage",
    "AnswerRefusedError",
    "CheckReport",
    "Choice",
    "ColleaguesPage",
    "Draft",
    "LinkGoneError",
    "NewFile",
    "OpenItem",
    "PaperFile",
    "ReceiptCheck",
    "Saved",
    "Seen",
    "SessionEndedError",
    "TooManyLinksError",
    "Visit",
    "access_page",
    "answer_page",
    "check_waiting",
    "colleagues_page",
    "end_session",
    "invite",
    "is_protocol",
    "landing_page",
    "open_session",
    "own_file",
    "receipt_content",
    "receipt_for_staff",
    "receipt_page",
    "receipt_paper",
    "receipt_paper_for_staff",
    "receipt_text",
    "rescue",
    "revoke_for_staff",
    "revoke_invitation",
    "save",
    "submit",
    "verify_receipt",
    "visit_of",
    "withdraw_file",
]
