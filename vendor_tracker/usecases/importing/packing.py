"""The rows of a file, to JSON and back, so that what was previewed is what is applied."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from contracts.vocabulary import AgreementKind, Regime
from vendor_tracker.importing.rows import ImportedAgreement, ImportedOperator, ImportedTerm, ImportFile, RowProblem


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    message = f"{type(value).__name__} has no place in a preview."
    raise TypeError(message)


def packed(rows: Iterable[Any]) -> list[dict[str, object]]:
    """Return rows as JSON keeps them."""
    listed: list[dict[str, object]] = json.loads(json.dumps([asdict(row) for row in rows], default=_plain))
    return listed


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def agreement_from(kept: Mapping[str, Any]) -> ImportedAgreement:
    """Return the row of an agreement that JSON kept."""
    operator = kept["operator"]
    return ImportedAgreement(
        **{
            **kept,
            "kind": AgreementKind(kept["kind"]),
            "signed_on": _day(kept["signed_on"]),
            "starts_on": _day(kept["starts_on"]),
            "ends_on": _day(kept["ends_on"]),
            "published_on": _day(kept["published_on"]),
            "value": Decimal(kept["value"]) if kept["value"] is not None else None,
            "updated_at": datetime.fromisoformat(kept["updated_at"]) if kept["updated_at"] else None,
            "operator": ImportedOperator(
                **{**operator, "regime": Regime(operator["regime"]) if operator["regime"] else None}
            ),
        }
    )


def _term_from(kept: Mapping[str, Any]) -> ImportedTerm:
    days = {key: _day(kept[key]) for key in ("signed_on", "new_ends_on", "starts_on", "stated_ends_on")}
    return ImportedTerm(**{**kept, **days})


def file_from(preview: Mapping[str, Any]) -> ImportFile:
    """Return the file that a preview kept."""
    return ImportFile(
        source=preview["source"],
        agreements=tuple(agreement_from(row) for row in preview["agreements"]),
        terms=tuple(_term_from(row) for row in preview["terms"]),
        problems=tuple(RowProblem(**row) for row in preview["problems"]),
        read=preview["read"],
    )
