"""The vendor's side of a request: opening the link, answering item by item, submitting, and the receipt.

A vendor has no account. A link opens nothing by being fetched: mail scanners and previews fetch links too. Pressing the
button on the landing page starts a session that reaches one request and nothing else. What was submitted can never be
changed or taken back by the vendor; what was only saved can, and even a withdrawn file stays on record.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.answering.pages import AnswerPage, Draft, OpenItem, answer_page
from vendor_tracker.usecases.answering.protocols import is_protocol
from vendor_tracker.usecases.answering.receipts import (
    ReceiptCheck,
    receipt_content,
    receipt_for_staff,
    receipt_page,
    receipt_text,
    verify_receipt,
)
from vendor_tracker.usecases.answering.saving import AnswerRefusedError, NewFile, own_file, save, withdraw_file
from vendor_tracker.usecases.answering.submitting import submit
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
    "AnswerPage",
    "AnswerRefusedError",
    "Draft",
    "LinkGoneError",
    "NewFile",
    "OpenItem",
    "ReceiptCheck",
    "SessionEndedError",
    "TooManyLinksError",
    "Visit",
    "answer_page",
    "end_session",
    "is_protocol",
    "landing_page",
    "open_session",
    "own_file",
    "receipt_content",
    "receipt_for_staff",
    "receipt_page",
    "receipt_text",
    "save",
    "submit",
    "verify_receipt",
    "visit_of",
    "withdraw_file",
]
