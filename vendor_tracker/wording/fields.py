"""What the form components ask of a form's fields, read by their attributes, so that no form library is imported."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from vendor_tracker.wording.parts import ErrorLine

EXPIRED = "A página ficou aberta tempo demais. Envie de novo."


def field_kind(field: Any) -> str:
    """Tell how a field is drawn.

    ``radio`` and ``checkboxes`` are groups with a legend; ``checkbox`` stands beside its label; ``hidden`` has none;
    ``file``, ``textarea``, ``select`` and ``input`` stand under theirs.
    """
    option_kind = getattr(getattr(field, "option_widget", None), "input_type", "")
    if option_kind == "radio":
        return "radio"
    if hasattr(field, "choices"):
        many = option_kind == "checkbox" or getattr(field.widget, "multiple", False)
        return "checkboxes" if many else "select"
    kind = str(getattr(field.widget, "input_type", ""))
    if kind in {"checkbox", "hidden", "file"}:
        return kind
    return "input" if kind else "textarea"


def control_id(field: Any) -> str:
    """Give the id of the control that a link to the field must reach: in a group, its first choice."""
    return f"{field.id}-0" if field_kind(field) in {"radio", "checkboxes"} else str(field.id)


def error_lines(form: Any) -> tuple[ErrorLine, ...]:
    """List what a refused form must say on top: refusals of the whole form first, then each field's first error.

    Lists of fields and forms inside forms are followed. A protection token that has expired is said in words of ours.
    """
    general = [*getattr(form, "refusals", ()), *getattr(form, "form_errors", ())]
    return (*(ErrorLine(str(message)) for message in general), *_lines(form))


def _lines(fields: Iterable[Any]) -> Iterator[ErrorLine]:
    for field in fields:
        if hasattr(field, "entries"):
            yield from _lines(field.entries)
            yield from _own(field, [error for error in field.errors if isinstance(error, str)])
        elif isinstance(field.errors, Mapping):
            yield from _lines(field.form)
        else:
            yield from _own(field, list(field.errors))


def _own(field: Any, errors: list[Any]) -> Iterator[ErrorLine]:
    if not errors:
        return
    if str(field.name).endswith("csrf_token"):
        yield ErrorLine(EXPIRED)
    else:
        yield ErrorLine(str(errors[0]), str(field.label.text), control_id(field))
