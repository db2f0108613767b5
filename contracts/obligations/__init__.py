"""The twelve obligations of art. 14, one file an inciso, in the order of the Portaria."""

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
