"""Batches: one document for every agreement of a filtered list, made in the background and handed out as an archive.

What was asked and how far it has come is on record, so that any process may go on where another stopped. Callers come
in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.batches.acts import cancel, start
from vendor_tracker.usecases.batches.choosing import KIND, LEFT_OUT, ConfirmPage, Filters, LeftOut, confirm_page
from vendor_tracker.usecases.batches.pages import Archive, BatchesPage, BatchPage, archive, index, show
from vendor_tracker.usecases.batches.working import BatchReport, work_through

__all__ = [
    "KIND",
    "LEFT_OUT",
    "Archive",
    "BatchPage",
    "BatchReport",
    "BatchesPage",
    "ConfirmPage",
    "Filters",
    "LeftOut",
    "archive",
    "cancel",
    "confirm_page",
    "index",
    "show",
    "start",
    "work_through",
]
