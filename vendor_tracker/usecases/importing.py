"""Importing agreements: read a file, show what would happen, row by row, and only then do it.

The file itself is never kept: it may hold individuals' CPFs in clear, which this product has no ground to collect. What
is kept is its SHA-256, by which anybody who has the file can prove that it is the one, and the rows as they were read,
with individuals left out and CPFs inside names already hidden.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import PurePath
from typing import Any

from sqlalchemy.orm import Session

from contracts.cnpj import Cnpj, mask_cpf_in
from contracts.vocabulary import AgreementKind, EndReason, Regime
from vendor_tracker.importing.detect import read_any
from vendor_tracker.importing.rows import (
    NAME_NOT_INFORMED,
    ImportedAgreement,
    ImportedOperator,
    ImportedTerm,
    ImportFile,
    RowProblem,
    UnreadableFile,
)
from vendor_tracker.importing.sentences import sentence_case
from vendor_tracker.importing.spreadsheet import template_xlsx
from vendor_tracker.importing.terms import effective_end
from vendor_tracker.store import register
from vendor_tracker.store.facts import agreement_label
from vendor_tracker.store.register import BatchLine
from vendor_tracker.store.search import folded
from vendor_tracker.store.tables import Agreement, AgreementRevision, AgreementTerm, ImportBatch, Operator, Unit, User
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.operators import one_at_a_time
from vendor_tracker.usecases.work import Actor, NotFoundError, UseCaseError, Work, act, look

PAGE_SIZE = 50
HISTORY_SIZE = 20

SOURCE_NAMES: Mapping[str, str] = {
    "pncp": "PNCP",
    "dadosabertos": "Compras.gov.br (dados abertos)",
    "contratosgov": "Contratos.gov.br",
    "spreadsheet": "planilha",
}
COMMAND_SOURCES: Mapping[str, frozenset[str]] = {
    "pncp": frozenset({"pncp", "dadosabertos"}),
    "contratosgov": frozenset({"contratosgov"}),
    "spreadsheet": frozenset({"spreadsheet"}),
}
"""What each name of the command line accepts."""

OUTCOMES = ("create", "update", "unchanged", "skipped", "rejected")
ATTENTION = ("rejected", "update", "create", "skipped", "unchanged")
"""The order of a page: what needs a person first."""
OWNED = ("sei_process", "object", "signed_on", "published_on", "starts_on", "ends_on", "value")
"""The fields that a source says. Everything else on an agreement was told by people, and no import touches it."""

FIELD_NAMES: Mapping[str, str] = {
    "sei_process": "processo",
    "object": "objeto",
    "signed_on": "data de assinatura",
    "published_on": "data de publicação",
    "starts_on": "início da vigência",
    "ends_on": "fim da vigência",
    "ended_on": "encerramento",
    "value": "valor",
    "operator_name": "nome do operador",
    "pncp_id": "número de controle do PNCP",
}
TERM_NAMES: Mapping[str, str] = {
    "aditivo": "Termo aditivo",
    "apostilamento": "Termo de apostilamento",
    "rescisao": "Termo de rescisão",
}

MEANWHILE = "Alguém gravou os mesmos acordos neste instante. Nada foi gravado agora; confira e tente de novo."

Progress = Callable[[int, int], None]


def _imported_from(source: str) -> str:
    return f"Importado: {SOURCE_NAMES[source]}"


def _updated_from(source: str) -> str:
    return f"Atualizado pela fonte: {SOURCE_NAMES[source]}"


# ----------------------------------------------------------------------------------------------------------------------
# What pages and scripts get
# ----------------------------------------------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """Where a file is handed in, and those that were."""

    title: str
    batches: tuple[BatchLine, ...]
    total: int
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A file that was read: before it is applied, what would happen; afterwards, what did."""

    title: str
    id: int
    source: str
    file_name: str
    sha256: str
    recorded_at: datetime
    recorded_by: str
    applied_at: datetime | None
    read: int
    counts: Mapping[str, int]
    """Rows by outcome."""
    new_operators: int
    warnings: int
    rows: tuple[PreviewRow, ...]
    total: int
    number: int
    size: int
    shown: str
    """The filter: an outcome, ``warnings`` or empty for all."""
    nothing_to_do: bool
    is_terms: bool


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


# ----------------------------------------------------------------------------------------------------------------------
# Rows to JSON and back
# ----------------------------------------------------------------------------------------------------------------------


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    message = f"{type(value).__name__} has no place in a preview."
    raise TypeError(message)


def _packed(rows: Iterable[Any]) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(json.dumps([asdict(row) for row in rows], default=_plain))
    return listed


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _agreement_from(packed: Mapping[str, Any]) -> ImportedAgreement:
    operator = packed["operator"]
    return ImportedAgreement(
        **{
            **packed,
            "kind": AgreementKind(packed["kind"]),
            "signed_on": _day(packed["signed_on"]),
            "starts_on": _day(packed["starts_on"]),
            "ends_on": _day(packed["ends_on"]),
            "published_on": _day(packed["published_on"]),
            "value": Decimal(packed["value"]) if packed["value"] is not None else None,
            "updated_at": datetime.fromisoformat(packed["updated_at"]) if packed["updated_at"] else None,
            "operator": ImportedOperator(
                **{**operator, "regime": Regime(operator["regime"]) if operator["regime"] else None}
            ),
        }
    )


def _term_from(packed: Mapping[str, Any]) -> ImportedTerm:
    days = {key: _day(packed[key]) for key in ("signed_on", "new_ends_on", "starts_on", "stated_ends_on")}
    return ImportedTerm(**{**packed, **days})


def _file_from(preview: Mapping[str, Any]) -> ImportFile:
    return ImportFile(
        source=preview["source"],
        agreements=tuple(_agreement_from(row) for row in preview["agreements"]),
        terms=tuple(_term_from(row) for row in preview["terms"]),
        problems=tuple(RowProblem(**row) for row in preview["problems"]),
        read=preview["read"],
    )


# ----------------------------------------------------------------------------------------------------------------------
# Planning
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _AgreementPlan:
    """What becomes of one agreement of the file."""

    row: ImportedAgreement
    outcome: str
    found: Agreement | None = None
    operator: Operator | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    names_operator: bool = False
    """Whether the source now knows the name of an operator that was recorded without one."""
    takes_pncp_id: bool = False
    reasons: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _TermPlan:
    """What becomes of one term of the file."""

    row: ImportedTerm
    outcome: str
    found: Agreement | None = None
    number: str = ""
    reasons: list[str] = field(default_factory=list)
    new_ends_on: date | None = None
    """The end that the term gives the agreement, when it moves it."""


@dataclass(slots=True)
class _Plan:
    """What becomes of a whole file, against the register as it stands."""

    file: ImportFile
    agreements: list[_AgreementPlan]
    terms: list[_TermPlan]
    revisions: dict[int, list[AgreementRevision]]
    new_operators: int = 0
    """Distinct operators that would be registered."""


def fingerprint(row: ImportedAgreement) -> str:
    """Return the SHA-256 of what the source says of an agreement; the place in the file and the moment are left out."""
    said = {
        "kind": row.kind.value,
        "number": row.number,
        "unit": row.unit_code,
        "operator": [row.operator.cnpj, row.operator.foreign_id, row.operator.name],
        **{key: str(getattr(row, key)) for key in OWNED},
    }
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _external_id(row: ImportedAgreement) -> str | None:
    """Return the identity in the source, prefixed by it; the PNCP number has a column of its own."""
    return None if row.pncp_id and row.external_id == row.pncp_id else f"{row.source}:{row.external_id}"[:80]


def _operator_key(operator: ImportedOperator) -> str:
    return operator.cnpj or f"PE:{operator.foreign_id}"


def _plan(session: Session, file: ImportFile) -> _Plan:
    """Compare every row with the register, in a number of queries that does not depend on the rows."""
    rows = file.agreements
    operators: dict[str, Operator] = dict(
        register.operators_by_cnpj(session, {row.operator.cnpj for row in rows if row.operator.cnpj})
    )
    foreign = {row.operator.foreign_id for row in rows if row.operator.foreign_id}
    operators |= {f"PE:{key}": row for key, row in register.operators_by_foreign_id(session, foreign).items()}

    pncp_ids = {row.pncp_id for row in rows if row.pncp_id} | {
        term.agreement_pncp_id for term in file.terms if term.agreement_pncp_id
    }
    external_ids = {key for row in rows if (key := _external_id(row))} | {
        f"{term.source}:{term.agreement_external_id}" for term in file.terms if term.agreement_external_id
    }
    by_pncp = {row.pncp_id: row for row in register.agreements_by(session, Agreement.pncp_id, pncp_ids)}
    by_external = {row.external_id: row for row in register.agreements_by(session, Agreement.external_id, external_ids)}
    owned = register.agreements_by(session, Agreement.operator_id, {row.id for row in operators.values()})
    by_number = {(row.operator_id, row.kind, row.number): row for row in owned}

    known = {row.id for row in (*by_pncp.values(), *by_external.values(), *owned)}
    revisions = register.revisions_of(session, known)
    listed: dict[int, list[AgreementTerm]] = {}
    for term in register.terms_of(session, known):
        listed.setdefault(term.agreement_id, []).append(term)

    plan = _Plan(file, [], [], revisions)
    fresh: set[str] = set()
    taken: set[tuple[str, AgreementKind, str]] = set()
    for row in rows:
        key = _operator_key(row.operator)
        operator = operators.get(key)
        found = by_pncp.get(row.pncp_id) if row.pncp_id else None
        if found is None:
            found = by_external.get(_external_id(row))
        if found is None and operator is not None:
            found = by_number.get((operator.id, row.kind, row.number))
        each = _plan_agreement(row, found, operator, revisions, listed)
        natural = (key, row.kind, row.number)
        if each.outcome == "create":
            if natural in taken:
                each.outcome = "rejected"
                each.reasons.append(
                    "O arquivo traz outro acordo com o mesmo número para o mesmo operador. Confira qual deles vale."
                )
            elif operator is None:
                fresh.add(key)
        taken.add(natural)
        plan.agreements.append(each)
    plan.new_operators = len(fresh)
    plan.terms = _plan_terms(file.terms, by_pncp, by_external, revisions, listed)
    return plan


def _plan_agreement(
    row: ImportedAgreement,
    found: Agreement | None,
    operator: Operator | None,
    revisions: Mapping[int, Sequence[AgreementRevision]],
    terms: Mapping[int, Sequence[AgreementTerm]],
) -> _AgreementPlan:
    each = _AgreementPlan(row, "create", found, operator)
    if found is None:
        return each
    if found.pncp_id and row.pncp_id and found.pncp_id != row.pncp_id:
        each.outcome = "rejected"
        each.reasons.append(
            f"O operador já tem um acordo com este tipo e número, e outro número de controle do PNCP: {found.pncp_id}."
        )
        return each
    each.takes_pncp_id = bool(row.pncp_id and not found.pncp_id)
    if operator is None or operator.id != found.operator_id:
        each.reasons.append("A fonte agora informa outro operador para este acordo. O registro foi mantido; confira.")
    elif operator.name == NAME_NOT_INFORMED and row.operator.name != NAME_NOT_INFORMED:
        each.names_operator = True
    rows = revisions.get(found.id, ())
    held = max(rows, key=lambda revision: (revision.holds_from, revision.id), default=None)
    if held is not None and not (found.source == row.source and found.source_hash == fingerprint(row)):
        if found.source == row.source:
            _merge(each, held, rows, terms.get(found.id, ()))
        else:
            _fill(each, held)
    each.before = {key: getattr(held, key) for key in each.changes}
    each.outcome = "update" if each.changes or each.names_operator or each.takes_pncp_id else "unchanged"
    return each


def _blank(value: object) -> bool:
    return value is None or value == ""


def _with_terms(end: date | None, terms: Iterable[AgreementTerm]) -> date | None:
    """Return an end that the source states, unless a term on record already took it further."""
    days = [term.new_ends_on for term in terms if term.kind != "rescisao" and term.new_ends_on is not None]
    return max([day for day in (end, *days) if day is not None], default=None)


def _merge(
    each: _AgreementPlan,
    held: AgreementRevision,
    rows: Sequence[AgreementRevision],
    terms: Sequence[AgreementTerm],
) -> None:
    """Take what the source changed, and leave alone what a person corrected since the source last spoke."""
    source = each.row.source
    said = {_imported_from(source), _updated_from(source)}
    base = max((row for row in rows if row.reason in said), key=lambda row: row.id, default=None)
    kept = []
    for key in OWNED:
        new, now = getattr(each.row, key), getattr(held, key)
        before = getattr(base, key) if base is not None else now
        accepted = {before}
        if key == "ends_on":
            new, accepted = _with_terms(new, terms), {before, _with_terms(before, terms)}
        if _blank(new) or new == now:
            continue
        if _blank(now) or now in accepted:
            each.changes[key] = new
        elif new != before:
            kept.append(FIELD_NAMES[key])
    if kept:
        each.reasons.append(f"Foi mantido o que uma pessoa corrigiu: {', '.join(kept)}.")


def _fill(each: _AgreementPlan, held: AgreementRevision) -> None:
    """Let a second source complete what is blank; it never speaks over the first."""
    for key in OWNED:
        new = getattr(each.row, key)
        if _blank(getattr(held, key)) and not _blank(new):
            each.changes[key] = new


def _plan_terms(
    terms: Sequence[ImportedTerm],
    by_pncp: Mapping[str | None, Agreement],
    by_external: Mapping[str | None, Agreement],
    revisions: Mapping[int, Sequence[AgreementRevision]],
    listed: Mapping[int, Sequence[AgreementTerm]],
) -> list[_TermPlan]:
    plans: list[_TermPlan] = []
    seen: set[tuple[int, str, str]] = set()
    ends: dict[int, date | None] = {}
    for term in sorted(terms, key=lambda term: (term.signed_on or date.min, term.row)):
        found = by_pncp.get(term.agreement_pncp_id) if term.agreement_pncp_id else None
        if found is None and term.agreement_external_id:
            found = by_external.get(f"{term.source}:{term.agreement_external_id}")
        each = _TermPlan(term, "create", found)
        plans.append(each)
        if found is None:
            each.outcome = "rejected"
            each.reasons.append("O acordo deste termo não está no registro. Importe antes a lista de contratos.")
            continue
        day = f"{term.signed_on:%d/%m/%Y}" if term.signed_on else "sem data"
        each.number = term.number[:60] or f"sem número ({day})"
        held = next(
            (row for row in listed.get(found.id, ()) if (row.kind, row.number) == (term.kind, each.number)), None
        )
        key = (found.id, term.kind, each.number)
        if held is not None:
            each.outcome = "unchanged"
            if (held.signed_on, held.new_ends_on) != (term.signed_on, term.new_ends_on):
                each.reasons.append(
                    "A fonte mudou as datas deste termo depois de importado. O registro foi mantido; confira o acordo."
                )
        elif key in seen:
            each.outcome = "skipped"
            each.reasons.append("O termo aparece mais de uma vez no arquivo. Foi usado o primeiro.")
        elif term.kind != "rescisao" and term.new_ends_on is not None:
            now = ends.get(found.id)
            if now is None:
                now = _end_on_record(revisions.get(found.id, ()))
            if now is None or term.new_ends_on > now:
                each.new_ends_on = ends[found.id] = term.new_ends_on
        seen.add(key)
    _doubt(plans, revisions)
    return sorted(plans, key=lambda each: each.row.row)


def _end_on_record(rows: Sequence[AgreementRevision]) -> date | None:
    held = max(rows, key=lambda row: (row.holds_from, row.id), default=None)
    return held.ends_on if held is not None else None


def _doubt(plans: Sequence[_TermPlan], revisions: Mapping[int, Sequence[AgreementRevision]]) -> None:
    """Say beside the last term of each agreement what a person should check in its dates."""
    by_agreement: dict[int, list[_TermPlan]] = {}
    for each in plans:
        if each.found is not None:
            by_agreement.setdefault(each.found.id, []).append(each)
    for agreement_id, found in by_agreement.items():
        rows = revisions.get(agreement_id, ())
        first = min(rows, key=lambda row: (row.holds_from, row.id), default=None)
        end = effective_end(first.ends_on if first is not None else None, [each.row for each in found])
        found[-1].reasons.extend(end.doubts)


# ----------------------------------------------------------------------------------------------------------------------
# The plan in words
# ----------------------------------------------------------------------------------------------------------------------


def _words(value: object) -> str:
    if _blank(value):
        return ""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"R$ {value:,.2f}".translate(str.maketrans(",.", ".,"))
    return str(value)


def _short(text: str, limit: int = 180) -> str:
    """Return a text cut at a word, without its final stop."""
    if len(text) <= limit:
        return text.rstrip(".")
    return text[:limit].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def _shown(plan: _Plan) -> list[PreviewRow]:
    """Return every row of the file as the preview shows it, in the order of the file."""
    warnings: dict[int, list[str]] = {}
    rows: list[PreviewRow] = []
    for problem in plan.file.problems:
        reason = f"{problem.reason} Lido: {problem.what_was_read}." if problem.what_was_read else problem.reason
        if problem.severity == "warning" and problem.row:
            warnings.setdefault(problem.row, []).append(reason)
            continue
        outcome = problem.severity if problem.severity in OUTCOMES else "skipped"
        title = problem.reference or ("Arquivo" if not problem.row else f"Linha {problem.row}")
        rows.append(PreviewRow(problem.row, "file" if not problem.row else "row", outcome, title, reasons=(reason,)))
    for each in plan.agreements:
        row = each.row
        changes = [
            RowChange(FIELD_NAMES[key], _words(each.before.get(key)), _words(value))
            for key, value in each.changes.items()
        ]
        if each.names_operator:
            changes.append(RowChange(FIELD_NAMES["operator_name"], "", row.operator.name))
        if each.takes_pncp_id:
            changes.append(RowChange(FIELD_NAMES["pncp_id"], "", row.pncp_id or ""))
        term = " a ".join(_words(day) for day in (row.starts_on, row.ends_on) if day)
        rows.append(
            PreviewRow(
                row.row,
                "agreement",
                each.outcome,
                agreement_label(row.kind, row.number),
                row.operator.name,
                Cnpj(row.operator.cnpj).formatted if row.operator.cnpj else (row.operator.foreign_id or ""),
                ". ".join(part for part in (_short(sentence_case(row.object)), term) if part),
                (*each.reasons, *warnings.pop(row.row, ())),
                tuple(changes),
                each.found.id if each.found is not None else None,
            )
        )
    for term_plan in plan.terms:
        term_row = term_plan.row
        owner = (
            agreement_label(term_plan.found.kind, term_plan.found.number)
            if term_plan.found is not None
            else term_row.agreement_pncp_id or term_row.agreement_external_id or ""
        )
        rows.append(
            PreviewRow(
                term_row.row,
                "term",
                term_plan.outcome,
                f"{TERM_NAMES[term_row.kind]} {term_plan.number or term_row.number}".strip(),
                owner,
                "",
                ". ".join(
                    part
                    for part in (
                        f"Assinado em {_words(term_row.signed_on)}" if term_row.signed_on else "",
                        _short(sentence_case(term_row.object)),
                    )
                    if part
                ),
                (*term_plan.reasons, *warnings.pop(term_row.row, ())),
                _term_changes(term_plan),
                term_plan.found.id if term_plan.found is not None else None,
            )
        )
    # A warning about a row that became nothing is still shown, because nobody may lose a sentence about their file.
    rows += [
        PreviewRow(number, "row", "skipped", f"Linha {number}", reasons=tuple(said))
        for number, said in warnings.items()
    ]
    return sorted(rows, key=lambda row: row.row)


def _term_changes(each: _TermPlan) -> tuple[RowChange, ...]:
    if each.outcome != "create":
        return ()
    if each.row.kind == "rescisao":
        ended = each.row.new_ends_on or each.row.signed_on
        return (RowChange(FIELD_NAMES["ended_on"], "", _words(ended)),) if ended else ()
    if each.new_ends_on is not None:
        return (RowChange(FIELD_NAMES["ends_on"], "", _words(each.new_ends_on)),)
    return ()


def _result(plan: _Plan, shown: Sequence[PreviewRow], batch_id: int | None = None) -> ImportResult:
    counts = Counter((row.what, row.outcome) for row in shown)

    def told(outcome: str) -> tuple[tuple[int, str], ...]:
        return tuple((row.row, " ".join(row.reasons)) for row in shown if row.outcome == outcome)

    return ImportResult(
        read=plan.file.read,
        created_operators=plan.new_operators,
        created_agreements=counts["agreement", "create"],
        created_terms=counts["term", "create"],
        updated=counts["agreement", "update"],
        unchanged=counts["agreement", "unchanged"] + counts["term", "unchanged"],
        skipped=told("skipped"),
        rejected=told("rejected"),
        batch_id=batch_id,
    )


# ----------------------------------------------------------------------------------------------------------------------
# Reading a file and showing what it would do
# ----------------------------------------------------------------------------------------------------------------------


def _read(data: bytes, filename: str, *, source: str | None, include_empenhos: bool) -> ImportFile:
    try:
        file = read_any(data, filename, include_empenhos=include_empenhos)
    except UnreadableFile as error:
        raise UseCaseError(str(error), field="arquivo") from None
    if source is not None and file.source not in COMMAND_SOURCES[source]:
        raise UseCaseError(
            f"O arquivo é de outra fonte: {SOURCE_NAMES[file.source]}. Escolha a fonte certa e tente de novo.",
            field="arquivo",
        )
    return file


def _clean_name(filename: str) -> str:
    """Return the name of a file without folders, and without a CPF that somebody may have put in it."""
    return mask_cpf_in(PurePath(filename.replace("\\", "/")).name)[-200:] or "arquivo"


def _store(work: Work, file: ImportFile, data: bytes, filename: str, plan: _Plan) -> ImportBatch:
    shown = _shown(plan)
    batch = ImportBatch(
        source=file.source,
        file_name=_clean_name(filename),
        sha256=sha256(data).hexdigest(),
        preview={
            "source": file.source,
            "read": file.read,
            "agreements": _packed(file.agreements),
            "terms": _packed(file.terms),
            "problems": _packed(file.problems),
            "rows": _packed(shown),
            "new_operators": plan.new_operators,
        },
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
    )
    work.session.add(batch)
    work.session.flush()
    work.trail(
        "import_read",
        "import",
        batch.id,
        f"Arquivo lido para importação: {batch.file_name}.",
        {"source": file.source, "sha256": batch.sha256, "read": file.read},
    )
    return batch


def preview_file(actor: Actor, *, data: bytes, filename: str, include_empenhos: bool = False) -> int:
    """Read a file and keep what it would do, without doing it; returns the batch's id.

    Raises :class:`UseCaseError` beside ``arquivo`` when it cannot be read.
    """
    file = _read(data, filename, source=None, include_empenhos=include_empenhos)
    with act(actor) as work:
        return _store(work, file, data, filename, _plan(work.session, file)).id


def apply_batch(actor: Actor, *, batch_id: int, progress: Progress | None = None) -> ImportResult:
    """Do what the preview showed, against the register as it stands now; a second time it does nothing."""
    with act(actor) as work, one_at_a_time(MEANWHILE):
        batch = register.batch_for_update(work.session, batch_id)
        if batch is None:
            raise NotFoundError("Não há essa importação.")
        if batch.applied_at is not None:
            return _result_from(batch)
        plan = _plan(work.session, _file_from(batch.preview))
        return _apply(work, batch, plan, progress)


def import_file(
    actor: Actor,
    *,
    data: bytes,
    filename: str,
    source: str | None = None,
    dry_run: bool = False,
    include_empenhos: bool = False,
    progress: Progress | None = None,
) -> ImportResult:
    """Read and apply a file in one act; with ``dry_run`` nothing is written.

    ``source`` (``pncp``, ``contratosgov``, ``spreadsheet``) refuses a file of another one. ``progress(done, total)``.
    """
    file = _read(data, filename, source=source, include_empenhos=include_empenhos)
    if dry_run:
        with look() as session:
            plan = _plan(session, file)
            return _result(plan, _shown(plan))
    with act(actor) as work, one_at_a_time(MEANWHILE):
        plan = _plan(work.session, file)
        return _apply(work, _store(work, file, data, filename, plan), plan, progress)


# ----------------------------------------------------------------------------------------------------------------------
# Applying
# ----------------------------------------------------------------------------------------------------------------------


def _apply(work: Work, batch: ImportBatch, plan: _Plan, progress: Progress | None) -> ImportResult:
    shown = _shown(plan)
    result = _result(plan, shown, batch.id)
    total = len(plan.agreements) + len(plan.terms)
    units = _units(work, plan)
    operators: dict[str, Operator] = {}
    touched: set[int] = set()
    made: dict[str, int] = {}
    for done, each in enumerate(plan.agreements, start=1):
        if each.outcome in {"create", "update"}:
            agreement = _write(work, each, plan, operators, units)
            touched.add(agreement.id)
            made[str(each.row.row)] = agreement.id
        elif each.outcome == "unchanged" and each.found is not None and each.found.source == each.row.source:
            each.found.source_hash = fingerprint(each.row)
        if progress is not None and done % 25 == 0:
            progress(done, total)
    touched |= _write_terms(work, plan)
    work.session.flush()
    judging.rejudge(work, sorted(touched), cause=f"Importação de {SOURCE_NAMES[plan.file.source]}")
    if progress is not None:
        progress(total, total)
    batch.applied_at = work.now
    # What the page of the result shows: the preview's rows, now with the agreements that were made.
    packed = _packed(shown)
    for told in packed:
        if told["what"] == "agreement":
            told["agreement_id"] = made.get(str(told["row"]), told["agreement_id"])
    batch.result = {
        **result.json(),
        "skipped": [{"row": row, "reason": reason} for row, reason in result.skipped],
        "rejected": [{"row": row, "reason": reason} for row, reason in result.rejected],
        "rows": packed,
    }
    work.trail(
        "import_applied",
        "import",
        batch.id,
        f"Importação aplicada: {result.created_agreements} acordos criados, {result.updated} atualizados, "
        f"{result.created_terms} termos registrados.",
        {key: value for key, value in result.json().items() if key != "rejected"}
        | {"rejected": len(result.rejected), "skipped": len(result.skipped), "sha256": batch.sha256},
    )
    return result


def _units(work: Work, plan: _Plan) -> dict[str, Unit]:
    """Return the units that the rows name, registering those that are new."""
    names = {
        each.row.unit_code: each.row.unit_name or each.row.unit_code
        for each in plan.agreements
        if each.row.unit_code and each.outcome in {"create", "update"}
    }
    units = register.units_by_code(work.session, names)
    for code, name in names.items():
        if code not in units:
            units[code] = Unit(code=code[:40], name=name[:200], acronym="")
            work.session.add(units[code])
    work.session.flush()
    return units


_ALPHA_2 = {
    "USA": "US", "GBR": "GB", "DEU": "DE", "FRA": "FR", "ESP": "ES", "PRT": "PT", "IRL": "IE", "NLD": "NL", "CAN": "CA",
    "ARG": "AR", "CHL": "CL", "COL": "CO", "MEX": "MX", "URY": "UY", "PRY": "PY", "ITA": "IT", "CHE": "CH", "BEL": "BE",
    "AUS": "AU", "JPN": "JP", "CHN": "CN", "IND": "IN", "ISR": "IL", "SGP": "SG", "SWE": "SE", "DNK": "DK", "NOR": "NO",
    "FIN": "FI", "AUT": "AT", "LUX": "LU", "POL": "PL", "EST": "EE", "BRA": "BR",
}  # fmt: skip
UNKNOWN_COUNTRY = "ZZ"
"""CLDR's code for an unknown region: better than saying Brazil of a foreign entity."""


def _country(operator: ImportedOperator) -> str:
    if operator.cnpj:
        return "BR"
    code = (operator.country or "").strip().upper()
    return _ALPHA_2.get(code, code if len(code) == 2 and code.isalpha() else UNKNOWN_COUNTRY)


def _operator(work: Work, row: ImportedAgreement, known: Operator | None, made: dict[str, Operator]) -> Operator:
    key = _operator_key(row.operator)
    if known is None:
        known = made.get(key)
    if known is None:
        known = Operator(
            cnpj=row.operator.cnpj,
            foreign_id=row.operator.foreign_id,
            name=row.operator.name[:300],
            search_name=folded(row.operator.name[:300]),
            regime=row.operator.regime,
            country=_country(row.operator),
            source=row.source,
            created_at=work.now,
            updated_at=work.now,
        )
        work.session.add(known)
        work.session.flush()
        made[key] = known
    elif known.name == NAME_NOT_INFORMED and row.operator.name != NAME_NOT_INFORMED:
        known.name, known.search_name = row.operator.name[:300], folded(row.operator.name[:300])
        known.updated_at = work.now
        work.session.flush()
        register.refresh_search_text(work.session, known)
    return known


def _write(
    work: Work, each: _AgreementPlan, plan: _Plan, operators: dict[str, Operator], units: Mapping[str, Unit]
) -> Agreement:
    row = each.row
    unit = units.get(row.unit_code)
    agreement = each.found
    if agreement is None:
        operator = _operator(work, row, each.operator, operators)
        agreement = Agreement(
            operator_id=operator.id,
            kind=row.kind,
            number=row.number[:60],
            pncp_id=row.pncp_id,
            external_id=_external_id(row),
            unit_id=unit.id if unit is not None else None,
            source=row.source,
            source_hash=fingerprint(row),
            created_at=work.now,
        )
        work.session.add(agreement)
        work.session.flush()
        days = [day for day in (row.signed_on, row.starts_on, row.published_on) if day is not None]
        register.add_revision(
            work.session,
            agreement,
            recorded_at=work.now,
            recorded_by_id=work.actor.user_id,
            holds_from=min(days[0] if days else work.today, work.today),
            reason=_imported_from(row.source),
            operator=operator,
            known=(),
            **_owned(row),
        )
        return agreement
    if each.operator is not None and each.operator.id == agreement.operator_id:
        _operator(work, row, each.operator, operators)
    if each.takes_pncp_id:
        agreement.pncp_id = row.pncp_id
    if agreement.unit_id is None and unit is not None:
        agreement.unit_id = unit.id
    if agreement.source == row.source:
        agreement.source_hash = fingerprint(row)
    if each.changes:
        rows = plan.revisions.get(agreement.id, [])
        register.add_revision(
            work.session,
            agreement,
            recorded_at=work.now,
            recorded_by_id=work.actor.user_id,
            holds_from=work.today,
            reason=_updated_from(row.source),
            known=rows,
            **each.changes,
        )
    return agreement


def _owned(row: ImportedAgreement) -> dict[str, Any]:
    values = {key: getattr(row, key) for key in OWNED}
    values["sei_process"] = row.sei_process[:60]
    return values


def _write_terms(work: Work, plan: _Plan) -> set[int]:
    """Add the terms and what each does to its agreement, the oldest first; returns the agreements that changed."""
    touched: set[int] = set()
    waiting = [each for each in plan.terms if each.outcome == "create" and each.found is not None]
    for each in sorted(waiting, key=lambda each: (each.row.signed_on or date.min, each.row.row)):
        agreement, term = each.found, each.row
        if agreement is None:
            continue
        touched.add(agreement.id)
        work.session.add(
            AgreementTerm(
                agreement_id=agreement.id,
                kind=term.kind,
                number=each.number,
                signed_on=term.signed_on,
                new_ends_on=term.new_ends_on,
                object=term.object,
                recorded_at=work.now,
                recorded_by_id=work.actor.user_id,
            )
        )
        rows = plan.revisions.setdefault(agreement.id, [])
        reason = f"{TERM_NAMES[term.kind]} {each.number}"
        day = min(term.signed_on or work.today, work.today)
        if term.kind == "rescisao":
            ended = term.new_ends_on or term.signed_on
            held = register.holding_on(rows, work.today)
            if ended is not None and (held is None or held.ended_on is None):
                _revise(work, agreement, rows, day, reason, ended_on=ended, end_reason=EndReason.RESCISSION)
        elif term.new_ends_on is not None:
            # Each later day is looked at by itself, so that an older term read late never shortens a newer one.
            for later in [day, *sorted({row.holds_from for row in rows if row.holds_from > day})]:
                held = register.holding_on(rows, later)
                if held is None or held.ends_on is None or term.new_ends_on > held.ends_on:
                    _revise(work, agreement, rows, later, reason, carry=False, ends_on=term.new_ends_on)
    return touched


def _revise(
    work: Work,
    agreement: Agreement,
    rows: list[AgreementRevision],
    day: date,
    reason: str,
    *,
    carry: bool = True,
    **changes: Any,
) -> None:
    register.add_revision(
        work.session,
        agreement,
        recorded_at=work.now,
        recorded_by_id=work.actor.user_id,
        holds_from=day,
        reason=reason,
        known=rows,
        carry=carry,
        **changes,
    )
    rows[:] = register.revisions(work.session, agreement.id)


def _result_from(batch: ImportBatch) -> ImportResult:
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


# ----------------------------------------------------------------------------------------------------------------------
# Pages
# ----------------------------------------------------------------------------------------------------------------------


def index(*, number: int = 1, size: int = HISTORY_SIZE) -> ImportsPage:
    """Return the page where files are handed in, with those that were."""
    with look() as session:
        batches, total = register.batches(session, offset=(number - 1) * size, limit=size)
    return ImportsPage("Importar acordos", tuple(batches), total, number, size)


def show(*, batch_id: int, shown: str = "", number: int = 1, size: int = PAGE_SIZE) -> BatchPage:
    """Return a file that was read: its preview, or what applying it did. Raises :class:`NotFoundError`.

    ``shown`` keeps only the rows of one outcome, or those with something to look at (``warnings``).
    """
    with look() as session:
        batch = session.get(ImportBatch, batch_id)
        if batch is None:
            raise NotFoundError("Não há essa importação.")
        by = session.get(User, batch.recorded_by_id) if batch.recorded_by_id is not None else None
        preview: Any = batch.preview
        result: Any = batch.result
        packed = result["rows"] if result else preview["rows"]
        rows = [
            PreviewRow(
                **{
                    **row,
                    "reasons": tuple(row["reasons"]),
                    "changes": tuple(RowChange(**change) for change in row["changes"]),
                }
            )
            for row in packed
        ]
        # What needs a person comes first; within each outcome, the order of the file.
        rows.sort(key=lambda row: (ATTENTION.index(row.outcome), row.row))
        counts = Counter(row.outcome for row in rows)
        doubtful = [row for row in rows if row.reasons and row.outcome in {"create", "update", "unchanged"}]
        wanted = doubtful if shown == "warnings" else [row for row in rows if shown in {"", row.outcome}]
        if shown not in {*OUTCOMES, "warnings"}:
            shown, wanted = "", rows
        total = len(wanted)
        number = min(number, max(1, (total + size - 1) // size))
        return BatchPage(
            title="Resultado da importação" if batch.applied_at else "Conferir antes de gravar",
            id=batch.id,
            source=SOURCE_NAMES.get(batch.source, batch.source),
            file_name=batch.file_name,
            sha256=batch.sha256,
            recorded_at=batch.recorded_at,
            recorded_by=by.name if by is not None else "",
            applied_at=batch.applied_at,
            read=preview["read"],
            counts={outcome: counts[outcome] for outcome in OUTCOMES},
            new_operators=result["created"]["operators"] if result else preview["new_operators"],
            warnings=len(doubtful),
            rows=tuple(wanted[(number - 1) * size : number * size]),
            total=total,
            number=number,
            size=size,
            shown=shown,
            nothing_to_do=not (counts["create"] or counts["update"]),
            is_terms=bool(preview["terms"]),
        )


def template() -> bytes:
    """Return the model spreadsheet (XLSX)."""
    return template_xlsx()
