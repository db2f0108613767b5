"""A plan in words: the rows that a person checks before anything is written, and what they add up to."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from contracts.cnpj import Cnpj
from vendor_tracker.importing.sentences import sentence_case
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.usecases.importing.names import FIELD_NAMES, OUTCOMES, TERM_NAMES
from vendor_tracker.usecases.importing.planning import Plan, TermPlan, blank
from vendor_tracker.usecases.importing.results import ImportResult, PreviewRow, RowChange


def _words(value: object) -> str:
    if blank(value):
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


def shown_by(plan: Plan) -> list[PreviewRow]:
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


def _term_changes(each: TermPlan) -> tuple[RowChange, ...]:
    if each.outcome != "create":
        return ()
    if each.row.kind == "rescisao":
        ended = each.row.new_ends_on or each.row.signed_on
        return (RowChange(FIELD_NAMES["ended_on"], "", _words(ended)),) if ended else ()
    if each.new_ends_on is not None:
        return (RowChange(FIELD_NAMES["ends_on"], "", _words(each.new_ends_on)),)
    return ()


def result_of(plan: Plan, shown: Sequence[PreviewRow], batch_id: int | None = None) -> ImportResult:
    """Return what a plan does, in numbers, with every row that does not enter."""
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
