"""Importing agreements: read a file, show what would happen, row by row, and only then do it.

The file itself is never kept: it may hold individuals' CPFs in clear, which this product has no ground to collect. What
is kept is its SHA-256, by which anybody who has the file can prove that it is the one, and the rows as they were read,
with individuals left out and CPFs inside names already hidden.
"""

from vendor_tracker.usecases.importing.acts import apply_batch, import_file, preview_file
from vendor_tracker.usecases.importing.names import SOURCE_NAMES, TERM_NAMES
from vendor_tracker.usecases.importing.pages import BatchPage, ImportsPage, index, show, template
from vendor_tracker.usecases.importing.planning import fingerprint
from vendor_tracker.usecases.importing.results import ImportResult, PreviewRow, RowChange

__all__ = [
    "SOURCE_NAMES",
    "TERM_NAMES",
    "BatchPage",
    "ImportResult",
    "ImportsPage",
    "PreviewRow",
    "RowChange",
    "apply_batch",
    "fingerprint",
    "import_file",
    "index",
    "preview_file",
    "show",
    "template",
]
