"""Agreements: the list, the steps of a registration, the page of one, its sections and the decisions about it.

Each module adds its pages to the one blueprint.
"""

from vendor_tracker.web.agreements import changing, decisions, pages, parties, registering
from vendor_tracker.web.agreements.base import blueprint

__all__ = ["blueprint", "changing", "decisions", "pages", "parties", "registering"]
