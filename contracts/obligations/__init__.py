"""The twelve obligations of art. 14, one file an inciso, in the order of the Portaria."""

from datetime import date

from contracts.checks import CurrentEvidence
from contracts.obligation import Obligation
from contracts.obligations import (
    o01_incident_channel,
    o02_forensic_records,
    o03_terms_and_frequencies,
    o04_signed_instrument,
    o05_security_evidence,
    o06_processing_records,
    o07_instructions,
    o08_authorised_people,
    o09_audits,
    o10_assistance,
    o11_incident_report,
    o12_disposal,
)
from contracts.vocabulary import EvidenceKind

TWELVE: tuple[Obligation, ...] = (
    o01_incident_channel.OBLIGATION,
    o02_forensic_records.OBLIGATION,
    o03_terms_and_frequencies.OBLIGATION,
    o04_signed_instrument.OBLIGATION,
    o05_security_evidence.OBLIGATION,
    o06_processing_records.OBLIGATION,
    o07_instructions.OBLIGATION,
    o08_authorised_people.OBLIGATION,
    o09_audits.OBLIGATION,
    o10_assistance.OBLIGATION,
    o11_incident_report.OBLIGATION,
    o12_disposal.OBLIGATION,
)

BY_INCISO: dict[str, Obligation] = {obligation.inciso: obligation for obligation in TWELVE}


def renewals_of(kind: EvidenceKind, on: date) -> tuple[str, ...]:
    """Return the keys of the renewal parameters that obligations set on a kind of proof, besides its own validity."""
    versions = [version for obligation in TWELVE if (version := obligation.on(on)) is not None]
    tests = [requirement.test for version in versions for requirement in version.requires]
    keys = [test.refresh for test in tests if isinstance(test, CurrentEvidence) and kind in test.kinds and test.refresh]
    return tuple(dict.fromkeys(keys))
