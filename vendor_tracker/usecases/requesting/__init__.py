"""Requests to operators, as staff see and drive them: open, extend, decide, give back, cancel.

A request's history is in its events; the row repeats the newest one, so that lists need no history. Every act that
changes a request holds its row until the end, leaves an event and a trail line, and writes its mail to the outbox.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.requesting.asking import (
    LONGEST_TEXT,
    MOST_ITEMS,
    ChoiceGroup,
    NewItem,
    NewRequestPage,
    Preview,
    checked_term,
    kinds_for,
    law_of,
    new_request_page,
    preview_request,
    proposed_items,
    suggestion,
)
from vendor_tracker.usecases.requesting.deciding import decide_item, give_back, item_decided
from vendor_tracker.usecases.requesting.driving import (
    cancel,
    extend_term,
    prolong,
    reasoned,
    register_refusal,
    reissue_link,
)
from vendor_tracker.usecases.requesting.events import (
    add_event,
    head_of,
    link_days,
    locked_request,
    note_event,
    note_submission,
)
from vendor_tracker.usecases.requesting.joining import join_items
from vendor_tracker.usecases.requesting.letters import item_lines, preposto_of, send_letter, tell_preposto, write_letter
from vendor_tracker.usecases.requesting.opening import create_request, open_request
from vendor_tracker.usecases.requesting.pages import (
    PAGE_SIZES,
    ItemView,
    RequestPage,
    file_of_request,
    request_page,
    requests_page,
    review_term,
)
from vendor_tracker.usecases.requesting.silence import record_silence, settle_silence

__all__ = [
    "LONGEST_TEXT",
    "MOST_ITEMS",
    "PAGE_SIZES",
    "ChoiceGroup",
    "ItemView",
    "NewItem",
    "NewRequestPage",
    "Preview",
    "RequestPage",
    "add_event",
    "cancel",
    "checked_term",
    "create_request",
    "decide_item",
    "extend_term",
    "file_of_request",
    "give_back",
    "head_of",
    "item_decided",
    "item_lines",
    "join_items",
    "kinds_for",
    "law_of",
    "link_days",
    "locked_request",
    "new_request_page",
    "note_event",
    "note_submission",
    "open_request",
    "preposto_of",
    "preview_request",
    "prolong",
    "proposed_items",
    "reasoned",
    "record_silence",
    "register_refusal",
    "reissue_link",
    "request_page",
    "requests_page",
    "review_term",
    "send_letter",
    "settle_silence",
    "suggestion",
    "tell_preposto",
    "write_letter",
]
