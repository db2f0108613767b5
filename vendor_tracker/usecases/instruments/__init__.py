"""Signed papers of an agreement, and what a person confirms that each of them says.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.instruments.finding import head_of
from vendor_tracker.usecases.instruments.pages import (
    InstrumentForm,
    InstrumentPage,
    instrument_page,
    instrument_to_edit,
    new_instrument,
)
from vendor_tracker.usecases.instruments.reading import (
    READABLE_FORMALITIES,
    ConfirmResult,
    PointToRead,
    Reading,
    ReadingRefusedError,
    confirm,
)
from vendor_tracker.usecases.instruments.recording import PaperData, correct_instrument, register_instrument

__all__ = [
    "READABLE_FORMALITIES",
    "ConfirmResult",
    "InstrumentForm",
    "InstrumentPage",
    "PaperData",
    "PointToRead",
    "Reading",
    "ReadingRefusedError",
    "confirm",
    "correct_instrument",
    "head_of",
    "instrument_page",
    "instrument_to_edit",
    "new_instrument",
    "register_instrument",
]
