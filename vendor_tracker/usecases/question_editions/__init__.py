"""Items of requests as legal staff keep them: read by inciso, written anew, approved by a second person, withdrawn.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.question_editions.acts import approve, give_back, save, withdraw
from vendor_tracker.usecases.question_editions.pages import (
    ComparisonPage,
    EditionPage,
    EditionsPage,
    EditorPage,
    TemplatePage,
    TemplatesPage,
    comparison,
    edition_page,
    editor_page,
    index,
    new_page,
    show,
    templates_page,
)
from vendor_tracker.usecases.question_editions.typed import Typed

__all__ = [
    "ComparisonPage",
    "EditionPage",
    "EditionsPage",
    "EditorPage",
    "TemplatePage",
    "TemplatesPage",
    "Typed",
    "approve",
    "comparison",
    "edition_page",
    "editor_page",
    "give_back",
    "index",
    "new_page",
    "save",
    "show",
    "templates_page",
    "withdraw",
]
