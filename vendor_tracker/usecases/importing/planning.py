"""What becomes of each row of a file, against the register as it stands; nothing is written here."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind
from vendor_tracker.importing.rows import (
    NAME_NOT_INFORMED,
    ImportedAgreement,
    ImportedOperator,
    ImportedTerm,
    ImportFile,
)
from vendor_tracker.importing.terms import effective_end
from vendor_tracker.store import imports, register_papers
from vendor_tracker.store.tables import Agreement, AgreementRevision, AgreementTerm, Operator
from vendor_tracker.usecases.importing.names import FIELD_NAMES, OWNED, imported_from, updated_from


@dataclass(slots=True)
class AgreementPlan:
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
class TermPlan:
    """What becomes of one term of the file."""

    row: ImportedTerm
    outcome: str
    found: Agreement | None = None
    number: str = ""
    reasons: list[str] = field(default_factory=list)
    new_ends_on: date | None = None
    """The end that the term gives the agreement, when it moves it."""


@dataclass(slots=True)
class Plan:
    """What becomes of a whole file, against the register as it stands."""

    file: ImportFile
    agreements: list[AgreementPlan]
    terms: list[TermPlan]
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


def external_id(row: ImportedAgreement) -> str | None:
    """Return the identity in the source, prefixed by it; the PNCP number has a column of its own."""
    return None if row.pncp_id and row.external_id == row.pncp_id else f"{row.source}:{row.external_id}"[:80]


def operator_key(operator: ImportedOperator) -> str:
    """Return what tells one operator of a file from another."""
    return operator.cnpj or f"PE:{operator.foreign_id}"


def plan_of(session: Session, file: ImportFile) -> Plan:
    """Compare every row with the register, in a number of queries that does not depend on the rows."""
    rows = file.agreements
    operators: dict[str, Operator] = dict(
        imports.operators_by_cnpj(session, {row.operator.cnpj for row in rows if row.operator.cnpj})
    )
    foreign = {row.operator.foreign_id for row in rows if row.operator.foreign_id}
    operators |= {f"PE:{key}": row for key, row in imports.operators_by_foreign_id(session, foreign).items()}

    pncp_ids = {row.pncp_id for row in rows if row.pncp_id} | {
        term.agreement_pncp_id for term in file.terms if term.agreement_pncp_id
    }
    external_ids = {key for row in rows if (key := external_id(row))} | {
        f"{term.source}:{term.agreement_external_id}" for term in file.terms if term.agreement_external_id
    }
    by_pncp = {row.pncp_id: row for row in imports.agreements_by(session, Agreement.pncp_id, pncp_ids)}
    by_external = {row.external_id: row for row in imports.agreements_by(session, Agreement.external_id, external_ids)}
    owned = imports.agreements_by(session, Agreement.operator_id, {row.id for row in operators.values()})
    by_number = {(row.operator_id, row.kind, row.number): row for row in owned}

    known = {row.id for row in (*by_pncp.values(), *by_external.values(), *owned)}
    revisions = imports.revisions_of(session, known)
    listed: dict[int, list[AgreementTerm]] = {}
    for term in register_papers.terms_of(session, known):
        listed.setdefault(term.agreement_id, []).append(term)

    plan = Plan(file, [], [], revisions)
    fresh: set[str] = set()
    taken: set[tuple[str, AgreementKind, str]] = set()
    for row in rows:
        key = operator_key(row.operator)
        operator = operators.get(key)
        found = by_pncp.get(row.pncp_id) if row.pncp_id else None
        if found is None:
            found = by_external.get(external_id(row))
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
) -> AgreementPlan:
    each = AgreementPlan(row, "create", found, operator)
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


def blank(value: object) -> bool:
    """Tell whether a field says nothing."""
    return value is None or value == ""


def _with_terms(end: date | None, terms: Iterable[AgreementTerm]) -> date | None:
    """Return an end that the source states, unless a term on record already took it further."""
    days = [term.new_ends_on for term in terms if term.kind != "rescisao" and term.new_ends_on is not None]
    return max([day for day in (end, *days) if day is not None], default=None)


def _merge(
    each: AgreementPlan,
    held: AgreementRevision,
    rows: Sequence[AgreementRevision],
    terms: Sequence[AgreementTerm],
) -> None:
    """Take what the source changed, and leave alone what a person corrected since the source last spoke."""
    source = each.row.source
    said = {imported_from(source), updated_from(source)}
    base = max((row for row in rows if row.reason in said), key=lambda row: row.id, default=None)
    kept = []
    for key in OWNED:
        new, now = getattr(each.row, key), getattr(held, key)
        before = getattr(base, key) if base is not None else now
        accepted = {before}
        if key == "ends_on":
            new, accepted = _with_terms(new, terms), {before, _with_terms(before, terms)}
        if blank(new) or new == now:
            continue
        if blank(now) or now in accepted:
            each.changes[key] = new
        elif new != before:
            kept.append(FIELD_NAMES[key])
    if kept:
        each.reasons.append(f"Foi mantido o que uma pessoa corrigiu: {', '.join(kept)}.")


def _fill(each: AgreementPlan, held: AgreementRevision) -> None:
    """Let a second source complete what is blank; it never speaks over the first."""
    for key in OWNED:
        new = getattr(each.row, key)
        if blank(getattr(held, key)) and not blank(new):
            each.changes[key] = new


def _plan_terms(
    terms: Sequence[ImportedTerm],
    by_pncp: Mapping[str | None, Agreement],
    by_external: Mapping[str | None, Agreement],
    revisions: Mapping[int, Sequence[AgreementRevision]],
    listed: Mapping[int, Sequence[AgreementTerm]],
) -> list[TermPlan]:
    plans: list[TermPlan] = []
    seen: set[tuple[int, str, str]] = set()
    ends: dict[int, date | None] = {}
    for term in sorted(terms, key=lambda term: (term.signed_on or date.min, term.row)):
        found = by_pncp.get(term.agreement_pncp_id) if term.agreement_pncp_id else None
        if found is None and term.agreement_external_id:
            found = by_external.get(f"{term.source}:{term.agreement_external_id}")
        each = TermPlan(term, "create", found)
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


def _doubt(plans: Sequence[TermPlan], revisions: Mapping[int, Sequence[AgreementRevision]]) -> None:
    """Say beside the last term of each agreement what a person should check in its dates."""
    by_agreement: dict[int, list[TermPlan]] = {}
    for each in plans:
        if each.found is not None:
            by_agreement.setdefault(each.found.id, []).append(each)
    for agreement_id, found in by_agreement.items():
        rows = revisions.get(agreement_id, ())
        first = min(rows, key=lambda row: (row.holds_from, row.id), default=None)
        end = effective_end(first.ends_on if first is not None else None, [each.row for each in found])
        found[-1].reasons.extend(end.doubts)
