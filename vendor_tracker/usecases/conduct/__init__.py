"""What happened under an agreement: audits, corrective actions, incidents, instructions, people, disposal.

A fact is never rewritten: correcting it records a new version of the same lineage, and the older one stays.

Callers come in here; each module behind this door keeps one part of the subject.
"""

from vendor_tracker.usecases.conduct.kinds import KINDS, SLUGS
from vendor_tracker.usecases.conduct.pages import FactPage, index, new_fact, show
from vendor_tracker.usecases.conduct.recording import record, revise

__all__ = [
    "KINDS",
    "SLUGS",
    "FactPage",
    "index",
    "new_fact",
    "record",
    "revise",
    "show",
]
