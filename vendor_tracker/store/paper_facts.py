"""What was signed and what was proven, as facts."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from contracts.facts import CoverageFact, EvidenceFact, InstrumentFact, Record
from vendor_tracker.clock import day_of
from vendor_tracker.store.knowledge import Knowledge
from vendor_tracker.store.tables import (
    CoverageReading,
    Evidence,
    EvidenceAgreement,
    EvidenceInciso,
    EvidenceReview,
    Instrument,
    IssuedDocument,
)
from vendor_tracker.store.tables.clauses import version_and_day


def instruments(seen: Knowledge) -> dict[int, list[InstrumentFact]]:
    """Return the signed papers with what was read in them."""
    rows = list(
        seen.session.execute(
            select(
                Instrument.agreement_id,
                Instrument.lineage,
                Instrument.kind,
                Instrument.title,
                Instrument.signed_on,
                Instrument.signed_by_both,
                Instrument.in_force_from,
                Instrument.in_force_until,
                Instrument.published_on,
                Instrument.file_id,
                IssuedDocument.clause_versions,
            )
            .outerjoin(IssuedDocument, IssuedDocument.id == Instrument.issued_document_id)
            .where(seen.of(Instrument.agreement_id), seen.known(Instrument))
            .order_by(Instrument.lineage, Instrument.id)
        )
    )
    readings = _readings(seen)
    texts: dict[tuple[tuple[str, str], ...], dict[str, date]] = {}
    found: dict[int, list[InstrumentFact]] = defaultdict(list)
    for row in rows:
        found[row.agreement_id].append(
            InstrumentFact(
                record=Record("instrument", row.lineage, row.title or f"Instrumento {row.lineage}"),
                kind=row.kind,
                signed_on=row.signed_on,
                signed_by_both=row.signed_by_both,
                in_force_from=row.in_force_from,
                in_force_until=row.in_force_until,
                published_on=seen.past(row.published_on),
                clauses=_clauses(row.clause_versions, texts),
                has_file=row.file_id is not None,
                readings=readings.get(row.lineage, {}),
            )
        )
    return found


def _clauses(
    versions: dict[str, str] | None, texts: dict[tuple[tuple[str, str], ...], dict[str, date]]
) -> dict[str, date]:
    """Return since when the text of each clause holds; documents of one edition share what is read once."""
    if not versions:
        return {}
    key = tuple(versions.items())
    if key not in texts:
        texts[key] = {clause_id: version_and_day(written)[1] for clause_id, written in key}
    return texts[key]


def _readings(seen: Knowledge) -> dict[int, dict[str, CoverageFact]]:
    """Return the newest confirmed reading of each point of each paper."""
    papers = select(Instrument.lineage).where(seen.of(Instrument.agreement_id))
    rows = seen.session.execute(
        select(
            CoverageReading.instrument_lineage,
            CoverageReading.point,
            CoverageReading.coverage,
            CoverageReading.quote,
            CoverageReading.place,
            CoverageReading.missing_idea,
            CoverageReading.recorded_at,
        )
        .where(CoverageReading.instrument_lineage.in_(papers), seen.recorded(CoverageReading))
        .order_by(CoverageReading.id)
    )
    found: dict[int, dict[str, CoverageFact]] = defaultdict(dict)
    for row in rows:
        found[row.instrument_lineage][row.point] = CoverageFact(
            row.point, row.coverage, row.quote, row.place, row.missing_idea, day_of(row.recorded_at)
        )
    return found


def evidence(seen: Knowledge) -> dict[int, list[EvidenceFact]]:
    """Return the proofs received, each with its newest review."""
    served = select(EvidenceAgreement.evidence_id).where(seen.of(EvidenceAgreement.agreement_id))
    incisos: dict[int, set[str]] = defaultdict(set)
    for evidence_id, inciso in seen.session.execute(
        select(EvidenceInciso.evidence_id, EvidenceInciso.inciso).where(EvidenceInciso.evidence_id.in_(served))
    ):
        incisos[evidence_id].add(inciso)
    reviews: dict[int, Row[Any]] = {}
    for row in seen.session.execute(
        select(
            EvidenceReview.evidence_id,
            EvidenceReview.decision,
            EvidenceReview.reason,
            EvidenceReview.decided_on,
            EvidenceReview.valid_from,
            EvidenceReview.valid_until,
            EvidenceReview.independent,
            EvidenceReview.covers_service,
        )
        .where(
            EvidenceReview.evidence_id.in_(served),
            seen.recorded(EvidenceReview),
            EvidenceReview.decided_on <= seen.on,
        )
        .order_by(EvidenceReview.id)
    ):
        reviews[row.evidence_id] = row
    found: dict[int, list[EvidenceFact]] = defaultdict(list)
    for row in seen.session.execute(
        select(
            EvidenceAgreement.agreement_id,
            Evidence.id,
            Evidence.kind,
            Evidence.title,
            Evidence.received_on,
            Evidence.valid_from,
            Evidence.valid_until,
        )
        .join(Evidence, Evidence.id == EvidenceAgreement.evidence_id)
        .where(
            seen.of(EvidenceAgreement.agreement_id),
            seen.recorded(EvidenceAgreement),
            seen.recorded(Evidence),
            Evidence.received_on <= seen.on,
        )
        .order_by(Evidence.id)
    ):
        review = reviews.get(row.id)
        found[row.agreement_id].append(
            EvidenceFact(
                record=Record("evidence", row.id, f"Evidência {row.id}: {row.title}"),
                kind=row.kind,
                incisos=frozenset(incisos.get(row.id, ())),
                received_on=row.received_on,
                decision=review.decision if review else None,
                decided_on=review.decided_on if review else None,
                valid_from=review.valid_from if review else row.valid_from,
                valid_until=review.valid_until if review else row.valid_until,
                independent=review.independent if review else False,
                covers_service=review.covers_service if review else None,
                decision_reason=review.reason if review else "",
            )
        )
    return found
