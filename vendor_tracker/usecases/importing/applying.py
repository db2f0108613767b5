"""Writing what a plan says: units, operators, agreements and what each term does to its agreement."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from contracts.vocabulary import EndReason
from vendor_tracker.importing.rows import NAME_NOT_INFORMED, ImportedAgreement, ImportedOperator
from vendor_tracker.store import imports, register
from vendor_tracker.store.search import folded
from vendor_tracker.store.tables import Agreement, AgreementRevision, AgreementTerm, ImportBatch, Operator, Unit
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.importing.names import OWNED, SOURCE_NAMES, TERM_NAMES, imported_from, updated_from
from vendor_tracker.usecases.importing.packing import packed
from vendor_tracker.usecases.importing.planning import AgreementPlan, Plan, external_id, fingerprint, operator_key
from vendor_tracker.usecases.importing.previewing import result_of, shown_by
from vendor_tracker.usecases.importing.results import ImportResult
from vendor_tracker.usecases.work import Work

Progress = Callable[[int, int], None]


def carry_out(work: Work, batch: ImportBatch, plan: Plan, progress: Progress | None) -> ImportResult:
    """Write what the plan says in the caller's transaction, judge what changed and keep the result in the batch."""
    shown = shown_by(plan)
    result = result_of(plan, shown, batch.id)
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
    rows = packed(shown)
    for told in rows:
        if told["what"] == "agreement":
            told["agreement_id"] = made.get(str(told["row"]), told["agreement_id"])
    batch.result = {
        **result.json(),
        "skipped": [{"row": row, "reason": reason} for row, reason in result.skipped],
        "rejected": [{"row": row, "reason": reason} for row, reason in result.rejected],
        "rows": rows,
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


def _units(work: Work, plan: Plan) -> dict[str, Unit]:
    """Return the units that the rows name, registering those that are new."""
    names = {
        each.row.unit_code: each.row.unit_name or each.row.unit_code
        for each in plan.agreements
        if each.row.unit_code and each.outcome in {"create", "update"}
    }
    units = imports.units_by_code(work.session, names)
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
    key = operator_key(row.operator)
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
    work: Work, each: AgreementPlan, plan: Plan, operators: dict[str, Operator], units: Mapping[str, Unit]
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
            external_id=external_id(row),
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
            reason=imported_from(row.source),
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
            reason=updated_from(row.source),
            known=rows,
            **each.changes,
        )
    return agreement


def _owned(row: ImportedAgreement) -> dict[str, Any]:
    values = {key: getattr(row, key) for key in OWNED}
    values["sei_process"] = row.sei_process[:60]
    return values


def _write_terms(work: Work, plan: Plan) -> set[int]:
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
