"""What every reader gives back: frozen rows, and one explained problem for each thing that did not become a row."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from contracts.vocabulary import AgreementKind, Regime

PersonKind = Literal["PJ", "PF", "PE"]
TermKind = Literal["aditivo", "apostilamento", "rescisao"]
Severity = Literal["rejected", "warning", "skipped"]
Source = Literal["pncp", "dadosabertos", "contratosgov", "spreadsheet"]

NAME_NOT_INFORMED = "(nome não informado na fonte)"
"""Stands for a supplier's name when the source left it blank beside a valid CNPJ. It is a name to be replaced: whoever
applies the rows must never write it over a name already on record."""


class UnreadableFile(Exception):
    """The file as a whole cannot be read. Its text is one Portuguese sentence that says what to do next."""


@dataclass(frozen=True, slots=True)
class ImportedOperator:
    """The other party of an agreement.

    Exactly one of ``cnpj`` and ``foreign_id`` is filled. ``kind`` is the PNCP's: PJ (legal entity), PE (foreign); PF
    (individual) is in the type because the source has it, but no reader ever lets an individual through.
    """

    cnpj: str | None
    """14 characters, upper case, without punctuation; check digits already verified."""
    foreign_id: str | None
    name: str
    kind: PersonKind
    country: str | None = None
    """As the source writes it (usually ISO 3166-1 alpha-3); None when the source is silent."""
    regime: Regime | None = None
    """A guess from the name, for a person to confirm; None when the name does not tell."""


@dataclass(frozen=True, slots=True)
class ImportedAgreement:
    """One agreement as the source describes it, before any amendment is applied."""

    row: int
    """Position in the file: the record's ordinal, from 1, or the line of the spreadsheet."""
    pncp_id: str | None
    external_id: str
    """How the source itself names the record; never empty, and the same on every import of that record."""
    kind: AgreementKind
    number: str
    """As printed, with the year: ``00004/2023``; ``2022NE000395`` for an empenho."""
    sei_process: str
    unit_code: str
    unit_name: str
    object: str
    """Verbatim, with CPFs masked; see ``sentences.sentence_case`` for showing it."""
    signed_on: date | None
    starts_on: date | None
    ends_on: date | None
    """None when the source states no end."""
    value: Decimal | None
    """Brazilian reais, two places, never negative."""
    operator: ImportedOperator
    published_on: date | None
    is_empenho: bool
    body_cnpj: str | None
    """CNPJ of the contracting body, 14 characters; None when the source does not say."""
    source: Source
    updated_at: datetime | None
    """Aware, UTC: when the source last changed the record."""
    source_status: str = ""
    """The source's own word about the record (``Ativo``, ``Inativo``), which says nothing about its dates."""


@dataclass(frozen=True, slots=True)
class ImportedTerm:
    """One aditivo, apostilamento or rescisão of an agreement."""

    agreement_pncp_id: str | None
    number: str
    kind: TermKind
    signed_on: date | None
    new_ends_on: date | None
    """The agreement's new last day; filled only when ``changes_term``."""
    object: str
    changes_term: bool
    agreement_external_id: str | None = None
    """The agreement's ``external_id`` in the same source, when the source does not use PNCP numbers."""
    row: int = 0
    starts_on: date | None = None
    stated_ends_on: date | None = None
    """The end date printed beside the term, whether or not the term changes anything."""
    source: Source = "pncp"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Something that did not go through, in words for the person who sent the file."""

    row: int
    """0 when the problem is the file's, not one row's."""
    reason: str
    severity: Severity
    field: str = ""
    """The Portuguese name of the field, or of the column."""
    what_was_read: str = ""
    """What the file says, shortened and with CPFs masked."""
    reference: str = ""
    """How a person recognises the row: the PNCP number or the agreement's number."""


@dataclass(frozen=True, slots=True)
class ImportFile:
    """Everything that was read in one file."""

    source: Source
    agreements: tuple[ImportedAgreement, ...] = ()
    terms: tuple[ImportedTerm, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    read: int = 0
    """Records (or non-empty lines) found, whatever became of them."""

    @property
    def operators(self) -> tuple[ImportedOperator, ...]:
        """The distinct other parties, in the order of the file; a named entry wins over one without a name."""
        found: dict[str, ImportedOperator] = {}
        for agreement in self.agreements:
            operator = agreement.operator
            key = operator.cnpj or f"PE:{operator.foreign_id}"
            if key not in found or found[key].name == NAME_NOT_INFORMED:
                found[key] = operator
        return tuple(found.values())

    def count(self, severity: Severity) -> int:
        """How many problems have that severity."""
        return sum(1 for problem in self.problems if problem.severity == severity)

    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Each distinct reason and how often it was given, the most frequent first."""
        counted = Counter(problem.reason for problem in self.problems)
        return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


@dataclass(slots=True)
class Findings:
    """Collects the problems of one reading; each reader makes its own."""

    problems: list[RowProblem] = field(default_factory=list)

    def reject(self, row: int, reason: str, field_name: str = "", read: str = "", reference: str = "") -> None:
        """Record that the row was not imported because something in it is wrong."""
        self.problems.append(RowProblem(row, reason, "rejected", field_name, read, reference))

    def warn(self, row: int, reason: str, field_name: str = "", read: str = "", reference: str = "") -> None:
        """Record that the row was imported and deserves a look."""
        self.problems.append(RowProblem(row, reason, "warning", field_name, read, reference))

    def skip(self, row: int, reason: str, field_name: str = "", read: str = "", reference: str = "") -> None:
        """Record that the row was left out on purpose, and nothing in it is wrong."""
        self.problems.append(RowProblem(row, reason, "skipped", field_name, read, reference))

    def sorted(self) -> tuple[RowProblem, ...]:
        """The problems in the order of the file; what weighs more first within a row."""
        weight = {"rejected": 0, "skipped": 1, "warning": 2}
        return tuple(sorted(self.problems, key=lambda problem: (problem.row, weight[problem.severity])))
