"""Agreements: what is on record about each instrument, from which day on, and who decided it.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.agreements.decisions import (
    decide_dispensation,
    decide_role,
    end_agreement,
    propose_role,
    raise_exposure,
    undo_end,
)
from vendor_tracker.usecases.agreements.pages import STAGES, edit_page, index, new_page, show
from vendor_tracker.usecases.agreements.people import (
    PeopleData,
    Person,
    add_steward,
    add_sub_operator,
    authorise_sub_operator,
    end_steward,
    end_sub_operator,
    register_people,
)
from vendor_tracker.usecases.agreements.recording import NO_AGREEMENT
from vendor_tracker.usecases.agreements.registering import (
    InstrumentData,
    ProcessingData,
    change_deadlines,
    change_instrument,
    change_processing,
    change_secrecy,
    create_agreement,
)
from vendor_tracker.usecases.agreements.said import FieldChange, HistoryEntry, Said, history_of, needs_approval, said_by
from vendor_tracker.usecases.agreements.views import (
    AgreementPage,
    AgreementsPage,
    EditPage,
    Identity,
    NewPage,
    RequestLine,
    StewardLine,
    SubOperatorLine,
    TermLine,
)
from vendor_tracker.usecases.agreements.what_next import NextStep, next_steps

__all__ = [
    "NO_AGREEMENT",
    "STAGES",
    "AgreementPage",
    "AgreementsPage",
    "EditPage",
    "FieldChange",
    "HistoryEntry",
    "Identity",
    "InstrumentData",
    "NewPage",
    "NextStep",
    "PeopleData",
    "Person",
    "ProcessingData",
    "RequestLine",
    "Said",
    "StewardLine",
    "SubOperatorLine",
    "TermLine",
    "add_steward",
    "add_sub_operator",
    "authorise_sub_operator",
    "change_deadlines",
    "change_instrument",
    "change_processing",
    "change_secrecy",
    "create_agreement",
    "decide_dispensation",
    "decide_role",
    "edit_page",
    "end_agreement",
    "end_steward",
    "end_sub_operator",
    "history_of",
    "index",
    "needs_approval",
    "new_page",
    "next_steps",
    "propose_role",
    "raise_exposure",
    "register_people",
    "said_by",
    "show",
    "undo_end",
]
