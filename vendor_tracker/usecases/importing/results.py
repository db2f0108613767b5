"""What an import shows and returns: its rows as a person checks them, and its numbers."""

from dataclasses import dataclass
from typing import Any

from vendor_tracker.store.tables import ImportBatch


@dataclass(frozen=True, slots=True)
class RowChange:
    """A field that a row changes, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What becomes of one row of the file."""

    row: int
    what: str
    """``agreement``, ``term`` or ``file`` (a problem of the whole file)."""
    outcome: str
    """One of :data:`OUTCOMES`."""
    title: str
    """How a person recognises the row: the instrument's name, or the reference that the file gives."""
    operator: str = ""
    cnpj: str = ""
    detail: str = ""
    reasons: tuple[str, ...] = ()
    """Why it was rejected or left out, or what deserves a look."""
    changes: tuple[RowChange, ...] = ()
    agreement_id: int | None = None


LISTED_ROWS = 12
"""How many rows of one reason the summary names before it only counts them."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do."""

    read: int
    created_operators: int
    created_agreements: int
    created_terms: int
    updated: int
    unchanged: int
    skipped: tuple[tuple[int, str], ...]
    rejected: tuple[tuple[int, str], ...]
    """Rows that could not be imported: (row, why)."""
    batch_id: int | None = None

    @property
    def anything_read(self) -> bool:
        """Tell whether at least one row was understood."""
        return bool(self.created_agreements or self.created_terms or self.updated or self.unchanged)

    @property
    def not_taken(self) -> tuple[tuple[int, str], ...]:
        """Return every row that did not enter, left out or refused, in the order of the file, each with its reason."""
        return tuple(sorted({*self.skipped, *self.rejected}))

    def json(self) -> dict[str, object]:
        """Return the result for scripts; ``rejected`` has every row that did not enter, so that the numbers add up."""
        return {
            "read": self.read,
            "created": {"operators": self.created_operators, "agreements": self.created_agreements},
            "updated": self.updated,
            "unchanged": self.unchanged,
            "terms": self.created_terms,
            "rejected": [{"row": row, "reason": reason} for row, reason in self.not_taken],
        }

    def summary(self) -> str:
        """Return the result in a few Portuguese lines."""
        lines = [
            f"Lidos: {self.read}.",
            (
                f"Criados: {self.created_operators} operadores, {self.created_agreements} acordos, "
                f"{self.created_terms} termos."
            ),
            f"Atualizados: {self.updated}. Sem mudança: {self.unchanged}.",
            f"Deixados de fora: {len(self.skipped)}. Recusados: {len(self.rejected)}.",
        ]
        reasons: dict[str, list[int]] = {}
        for row, reason in self.not_taken:
            reasons.setdefault(reason, []).append(row)
        for reason, rows in reasons.items():
            shown = ", ".join(str(row) for row in rows[:LISTED_ROWS])
            if len(rows) > LISTED_ROWS:
                shown += f" e mais {len(rows) - LISTED_ROWS}"
            lines.append(f"  {'linha' if len(rows) == 1 else 'linhas'} {shown}: {reason}")
        return "\n".join(lines)


def result_from(batch: ImportBatch) -> ImportResult:
    """Return what an applied batch did."""
    said: Any = batch.result or {}
    created = said.get("created", {})
    return ImportResult(
        read=said.get("read", 0),
        created_operators=created.get("operators", 0),
        created_agreements=created.get("agreements", 0),
        created_terms=said.get("terms", 0),
        updated=said.get("updated", 0),
        unchanged=said.get("unchanged", 0),
        skipped=tuple((row["row"], row["reason"]) for row in said.get("skipped", ())),
        rejected=tuple((row["row"], row["reason"]) for row in said.get("rejected", ())),
        batch_id=batch.id,
    )
