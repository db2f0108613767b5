"""From rows to :class:`~contracts.facts.AgreementFacts`: everything a rule may ask, in a fixed number of queries.

What may be known on which day is said in :mod:`vendor_tracker.store.knowledge`; each subject has a file of its own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.orm import Session

from contracts.facts import AgreementFacts, Dispensation, RoleDecision
from contracts.vocabulary import DataCategory, EndReason, SubjectGroup
from vendor_tracker.store import conduct_facts, paper_facts, party_facts, request_facts
from vendor_tracker.store.knowledge import Knowledge
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.tables import Agreement, AgreementRevision, AgreementTerm, Operator


def load_facts(
    session: Session, agreement_ids: Collection[int] | None, *, on: date, known_until: datetime | None = None
) -> dict[int, AgreementFacts]:
    """Return the facts of the agreements by id, in ascending order of id.

    ``agreement_ids`` ``None`` means the whole register. An agreement not yet recorded at ``known_until`` is left out.
    The number of queries does not depend on the number of agreements.
    """
    seen = Knowledge(session, agreement_ids, on, known_until)
    agreements = _agreements(seen)
    if not agreements:
        return {}
    revisions = _revisions(seen)
    terms = _terms(seen)
    parts: dict[str, Mapping[int, Any]] = {
        "sub_operators": party_facts.sub_operators(seen),
        "instruments": paper_facts.instruments(seen),
        "evidence": paper_facts.evidence(seen),
        "requests": request_facts.requests(seen),
        "audits": conduct_facts.audits(seen),
        "corrective_actions": conduct_facts.corrective_actions(seen),
        "deviations": conduct_facts.deviations(seen),
        "incidents": conduct_facts.incidents(seen),
        "instructions": conduct_facts.instructions(seen),
        "assistance": conduct_facts.assistance(seen),
        "calendar": conduct_facts.calendar(seen),
        "channel_tests": conduct_facts.channel_tests(seen),
        "proposals": request_facts.proposals(seen),
    }
    contacts = party_facts.contacts(seen)
    people = party_facts.people(seen)
    disposals = conduct_facts.disposals(seen)
    facts = {}
    for row in agreements:
        revision = revisions.get(row.id)
        disposal = disposals.get(row.id)
        facts[row.id] = AgreementFacts(
            id=row.id,
            label=agreement_label(row.kind, row.number),
            kind=row.kind,
            regime=row.regime,
            contacts=(*contacts.get((row.operator_id, None), ()), *contacts.get((row.operator_id, row.id), ())),
            people=people.get(row.id, () if revision is not None and revision.nobody_has_access else None),
            disposal=disposal,
            closed_on=disposal.accepted_on if disposal else None,
            **{name: tuple(found.get(row.id, ())) for name, found in parts.items()},
            **_said_by(seen, revision, terms.get(row.id, ())),
        )
    return facts


def load_bonds(session: Session, agreement_ids: Collection[int] | None, *, on: date) -> dict[int, AgreementFacts]:
    """Return only what says which papers bind and what they cover: kind, role, term, end and signed papers.

    For questions about thousands of agreements that need no judgement; everything else in the facts is empty.
    """
    seen = Knowledge(session, agreement_ids, on, None)
    revisions, terms = _revisions(seen), _terms(seen)
    papers, disposals = paper_facts.instruments(seen), conduct_facts.disposals(seen)
    return {
        row.id: AgreementFacts(
            id=row.id,
            label=agreement_label(row.kind, row.number),
            kind=row.kind,
            regime=row.regime,
            instruments=tuple(papers.get(row.id, ())),
            closed_on=disposals[row.id].accepted_on if row.id in disposals else None,
            **_said_by(seen, revisions.get(row.id), terms.get(row.id, ())),
        )
        for row in _agreements(seen)
    }


def _agreements(seen: Knowledge) -> list[Row[Any]]:
    known = [] if seen.known_until is None else [Agreement.created_at < seen.known_until]
    return list(
        seen.session.execute(
            select(Agreement.id, Agreement.kind, Agreement.number, Agreement.operator_id, Operator.regime)
            .join(Operator, Operator.id == Agreement.operator_id)
            .where(seen.of(Agreement.id), *known)
            .order_by(Agreement.id)
        )
    )


def _revisions(seen: Knowledge) -> dict[int, Row[Any]]:
    """Choose for each agreement the revision that holds on the day: the latest that had begun and was known."""
    columns = [
        column
        for column in AgreementRevision.__table__.c
        if column.name
        not in {"recorded_at", "recorded_by_id", "reason", "object", "value", "sei_process", "published_on"}
    ]
    place = (
        func.row_number()
        .over(
            partition_by=AgreementRevision.agreement_id,
            order_by=(AgreementRevision.holds_from.desc(), AgreementRevision.id.desc()),
        )
        .label("place")
    )
    chosen = (
        select(AgreementRevision.id, place)
        .where(
            seen.of(AgreementRevision.agreement_id),
            AgreementRevision.holds_from <= seen.on,
            seen.recorded(AgreementRevision),
        )
        .subquery()
    )
    rows = seen.session.execute(
        select(*columns).join(chosen, and_(chosen.c.id == AgreementRevision.id, chosen.c.place == 1))
    )
    return {row.agreement_id: row for row in rows}


def _terms(seen: Knowledge) -> dict[int, list[Row[Any]]]:
    rows = seen.session.execute(
        select(AgreementTerm.agreement_id, AgreementTerm.kind, AgreementTerm.signed_on, AgreementTerm.new_ends_on)
        .where(seen.of(AgreementTerm.agreement_id), seen.recorded(AgreementTerm))
        .order_by(AgreementTerm.id)
    )
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if row.signed_on is None or row.signed_on <= seen.on:
            found[row.agreement_id].append(row)
    return found


def _said_by(seen: Knowledge, revision: Row[Any] | None, terms: Iterable[Row[Any]]) -> dict[str, Any]:
    """Return the fields that the chosen revision and the listed terms say."""
    if revision is None:
        return {}
    role = None
    if revision.role is not None:
        role = RoleDecision(
            revision.role,
            revision.role_justification,
            revision.role_approved_by,
            seen.past(revision.role_approved_on),
        )
    dispensation = None
    if revision.dispensation_ground is not None and revision.dispensation_on is not None:
        dispensation = Dispensation(
            revision.dispensation_ground,
            revision.dispensation_detail,
            revision.dispensation_by,
            revision.dispensation_on,
        )
    ends_on, ended_on, end_reason = revision.ends_on, seen.past(revision.ended_on), revision.end_reason
    for term in terms:
        if term.kind == "rescisao":
            ended_on = ended_on or seen.past(term.new_ends_on or term.signed_on)
            end_reason = end_reason or (EndReason.RESCISSION if ended_on else None)
        elif term.new_ends_on is not None and (ends_on is None or term.new_ends_on > ends_on):
            # An aditivo extends. What shortens a bond is its rescission, which has a field of its own.
            ends_on = term.new_ends_on
    return {
        "role": role,
        "dispensation": dispensation,
        "signed_on": revision.signed_on,
        "starts_on": revision.starts_on,
        "ends_on": ends_on,
        "ended_on": ended_on,
        "end_reason": end_reason,
        "purpose": revision.purpose,
        "public_function": revision.public_function,
        "legal_basis": revision.legal_basis,
        "guarantees": revision.guarantees,
        "subject_access": revision.subject_access,
        "reviewed_on": seen.past(revision.reviewed_on),
        "data_categories": (
            None if revision.data_categories is None else frozenset(map(DataCategory, revision.data_categories))
        ),
        "subject_groups": (
            None if revision.subject_groups is None else frozenset(map(SubjectGroup, revision.subject_groups))
        ),
        "sensitive": revision.sensitive,
        "children": revision.children,
        "judicial_secrecy": revision.judicial_secrecy,
        "volume": revision.volume,
        "international_transfer": revision.international_transfer,
        "transfer_countries": tuple(revision.transfer_countries or ()),
        "system_access": revision.system_access,
        "external_hosting": revision.external_hosting,
        "uses_sub_operators": revision.uses_sub_operators,
        "raised_exposure": revision.raised_exposure,
        "raised_exposure_reason": revision.raised_exposure_reason,
        "incident_term_hours": revision.incident_term_hours,
        "assistance_term_days": revision.assistance_term_days,
        "disposal_term_days": revision.disposal_term_days,
    }
