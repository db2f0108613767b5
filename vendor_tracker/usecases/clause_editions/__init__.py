"""New versions of clauses: written by legal staff, approved by a second person, in force from a day.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.clause_editions.acts import approve, give_back, save, withdraw
from vendor_tracker.usecases.clause_editions.pages import (
    ComparisonPage,
    EditionPage,
    EditionsPage,
    EditorPage,
    PreviewView,
    comparison,
    edition_page,
    editor_page,
    index,
)
from vendor_tracker.usecases.clause_editions.typed import COMPOUND, Typed

__all__ = [
    "COMPOUND",
    "ComparisonPage",
    "EditionPage",
    "EditionsPage",
    "EditorPage",
    "PreviewView",
    "Typed",
    "approve",
    "comparison",
    "edition_page",
    "editor_page",
    "give_back",
    "index",
    "save",
    "withdraw",
]
