"""Judging what is on record: at once when a fact changes, nightly for the passage of time, monthly for the picture.

Nobody writes a verdict. What changed is written with the sentence that changed it, in the transaction of its act.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.judging.assessing import assess, assess_agreement, assess_many, knowledge_for
from vendor_tracker.usecases.judging.pictures import SnapshotResult, month_ends, take_snapshots
from vendor_tracker.usecases.judging.register import RegisterResult, evaluate_register
from vendor_tracker.usecases.judging.rejudging import Change, next_due_on, rejudge, rejudge_operators, stage_of
from vendor_tracker.usecases.judging.rulebook import (
    CALENDAR_YEARS,
    as_obligations,
    catalogue_of,
    edition_of,
    further_of,
    policy_of,
    question_edition_of,
    question_editions_of,
    questions_of,
    workdays_of,
)

__all__ = [
    "CALENDAR_YEARS",
    "Change",
    "RegisterResult",
    "SnapshotResult",
    "as_obligations",
    "assess",
    "assess_agreement",
    "assess_many",
    "catalogue_of",
    "edition_of",
    "evaluate_register",
    "further_of",
    "knowledge_for",
    "month_ends",
    "next_due_on",
    "policy_of",
    "question_edition_of",
    "question_editions_of",
    "questions_of",
    "rejudge",
    "rejudge_operators",
    "stage_of",
    "take_snapshots",
    "workdays_of",
]
