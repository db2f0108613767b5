"""Operators: who they are, who answers for them, what they hold."""

from vendor_tracker.usecases.operators.contacts import (
    ContactValues,
    add_contact,
    contact_values,
    correct_contact,
    end_contact,
    put_contact,
)
from vendor_tracker.usecases.operators.identity import (
    change_operator,
    checked_identity,
    find_or_add,
    one_at_a_time,
    register_operator,
)
from vendor_tracker.usecases.operators.pages import (
    EVIDENCE_SHOWN,
    PAGE_SIZE,
    AgreementRow,
    OperatorPage,
    OperatorRow,
    OperatorsPage,
    OperatorValues,
    ProofRow,
    form_values,
    index,
    show,
    values_of,
)

__all__ = [
    "EVIDENCE_SHOWN",
    "PAGE_SIZE",
    "AgreementRow",
    "ContactValues",
    "OperatorPage",
    "OperatorRow",
    "OperatorValues",
    "OperatorsPage",
    "ProofRow",
    "add_contact",
    "change_operator",
    "checked_identity",
    "contact_values",
    "correct_contact",
    "end_contact",
    "find_or_add",
    "form_values",
    "index",
    "one_at_a_time",
    "put_contact",
    "register_operator",
    "show",
    "values_of",
]
