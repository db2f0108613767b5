"""What every process of a run needs before it can begin, loaded once in the server that they are forked from.

A process killed and started again would otherwise spend its first seconds on importing; now it is back at work at
once, and can be killed again.
"""

import tempfile
from pathlib import Path

from contracts.policy import Policy
from contracts.questions import question_book
from tests.chaos import fleet
from vendor_tracker.app import create_app
from vendor_tracker.calendars import cnj_calendar
from vendor_tracker.settings import Settings
from vendor_tracker.usecases.judging import CALENDAR_YEARS

with tempfile.TemporaryDirectory() as _folder:
    # An application that nobody will ask anything: making it loads every page, form and route.
    create_app(Settings(database_url="sqlite://", secret_key="unused", data_dir=Path(_folder)))
question_book()
Policy.load()
cnj_calendar(CALENDAR_YEARS)

__all__ = ["fleet"]
