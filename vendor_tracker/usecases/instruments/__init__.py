"""Signed papers of an agreement, and what a person confirms that each of them says.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.instruments.finding import head_of
from vendor_tracker.usecases.instruments.machine import (
    MachineState,
    ReadingReport,
    ask_for_letters,
    read_instrument,
    read_unread,
    recognise_waiting,
)
from vendor_tracker.usecases.instruments.pages import (
    CheckPage,
    InstrumentForm,
    InstrumentPage,
    PendingPage,
    ReaderPage,
    check_page,
    instrument_page,
    instrument_to_edit,
    new_instrument,
    pending_page,
    reader_page,
)
from vendor_tracker.usecases.instruments.proposing import Proposal, Reading
from vendor_tracker.usecases.instruments.reading import (
    READABLE_FORMALITIES,
    ConfirmResult,
    PointToRead,
    ReadingRefusedError,
    confirm,
)
from vendor_tracker.usecases.instruments.recording import (
    PaperData,
    correct_instrument,
    file_instrument,
    record_origin,
    refile_instrument,
    register_instrument,
)

__all__ = [
    "READABLE_FORMALITIES",
    "CheckPage",
    "ConfirmResult",
    "InstrumentForm",
    "InstrumentPage",
    "MachineState",
    "PaperData",
    "PendingPage",
    "PointToRead",
    "Proposal",
    "ReaderPage",
    "Reading",
    "ReadingRefusedError",
    "ReadingReport",
    "ask_for_letters",
    "check_page",
    "confirm",
    "correct_instrument",
    "file_instrument",
    "head_of",
    "instrument_page",
    "instrument_to_edit",
    "new_instrument",
    "pending_page",
    "read_instrument",
    "read_unread",
    "reader_page",
    "recognise_waiting",
    "record_origin",
    "refile_instrument",
    "register_instrument",
]
