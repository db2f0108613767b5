"""The records of one agreement, sorted once by the inciso they speak of, as known on one day.

Sixty questions are asked of every agreement and thousands of agreements are judged at a time: without this each
question would walk through every record again. Nothing here decides; it only drops what had not happened yet and what
was never really asked (drafts and cancelled requests).
"""

from collections.abc import Mapping
from datetime import date

from contracts.facts import (
    AgreementFacts,
    CorrectiveActionFact,
    CoverageFact,
    DeviationFact,
    EvidenceFact,
    InstrumentFact,
    Record,
    RequestFact,
    merged_readings,
)
from contracts.vocabulary import RequestState

# Looking a member up by name costs as much as a call (Python 3.11), and these are looked up for every agreement.
_DRAFT = RequestState.DRAFT
_CANCELLED = RequestState.CANCELLED


class RecordIndex:
    """What is on record on the day ``on``, by inciso (or by the code of an obligation of the organisation)."""

    __slots__ = ("actions", "deviations", "evidence", "paper_records", "papers", "readings", "requests")

    def __init__(self, facts: AgreementFacts, on: date) -> None:
        self.papers: tuple[InstrumentFact, ...] = facts.papers_on(on)
        """The papers that bind, oldest first."""
        self.paper_records: tuple[Record, ...] = tuple([paper.record for paper in self.papers])
        self.readings: Mapping[str, tuple[CoverageFact, InstrumentFact]] = merged_readings(self.papers)
        self.requests: dict[str, list[RequestFact]] = {}
        self.actions: dict[str, list[CorrectiveActionFact]] = {}
        self.deviations: dict[str, list[DeviationFact]] = {}
        self.evidence: dict[str, list[EvidenceFact]] = {}
        requests, proofs = self.requests, self.evidence
        for request in facts.requests:
            state = request.state
            if state is not _DRAFT and state is not _CANCELLED and request.opened_on <= on:
                inciso = request.inciso
                if inciso in requests:
                    requests[inciso].append(request)
                else:
                    requests[inciso] = [request]
        for action in facts.corrective_actions:
            self.actions.setdefault(action.inciso, []).append(action)
        for deviation in facts.deviations:
            if deviation.found_on <= on:
                self.deviations.setdefault(deviation.inciso, []).append(deviation)
        for evidence in facts.evidence:
            if evidence.received_on <= on:
                for inciso in evidence.incisos:
                    if inciso in proofs:
                        proofs[inciso].append(evidence)
                    else:
                        proofs[inciso] = [evidence]
