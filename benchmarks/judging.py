"""Measure how long a thousand agreements take to be judged, without any database.

The agreements are in working order: two papers read for twelve incisos, ten proofs, ten requests, two audits, people,
a calendar, an incident, a request for help. Three depths are timed, because sentences are only put into words when they
are read: the verdicts; the verdicts with score, exposure and formalities; and everything, to the last sentence.

Run as ``python -m benchmarks.judging [AGREEMENTS] [ROUNDS]``; it prints the median of the rounds in milliseconds.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from contracts.evaluation import Assessment, evaluate
from contracts.facts import (
    AgreementFacts,
    AssistanceFact,
    AuditFact,
    ContactFact,
    CoverageFact,
    DeliveryFact,
    EvidenceFact,
    IncidentFact,
    InstructionFact,
    InstrumentFact,
    PersonFact,
    Record,
    RequestFact,
)
from contracts.policy import Policy
from contracts.vocabulary import (
    INCISOS,
    AgreementKind,
    ContactRole,
    Coverage,
    DataCategory,
    EvidenceKind,
    IncidentSource,
    InstrumentKind,
    RequestKind,
    RequestState,
    ReviewDecision,
    VolumeBand,
)
from contracts.workdays import Workdays

DAY = date(2026, 6, 15)
_PROOFS = (
    (EvidenceKind.INCIDENT_CHANNEL, "I"),
    (EvidenceKind.LOG_POLICY, "II"),
    (EvidenceKind.LOG_SAMPLE, "II"),
    (EvidenceKind.PENETRATION_TEST, "V"),
    (EvidenceKind.SELF_DECLARATION, "V"),
    (EvidenceKind.PROCESSING_RECORD, "VI"),
    (EvidenceKind.DIRECTIVES_ACKNOWLEDGEMENT, "VII"),
    (EvidenceKind.OWN_USE_DECLARATION, "VII"),
    (EvidenceKind.ACCESS_REVIEW, "VIII"),
    (EvidenceKind.ASSISTANCE_PROCEDURE, "X"),
)


def agreement(number: int) -> AgreementFacts:
    """Make one agreement; ``number`` shifts its days and leaves a few gaps, so that not all answers are alike."""
    start = date(2026, 1, 5) + timedelta(days=number % 60)

    def record(kind: str, label: str, place: int = 0) -> Record:
        return Record(kind, number * 100 + place, label)

    def paper(kind: InstrumentKind, place: int, incisos: Sequence[str]) -> InstrumentFact:
        readings = {inciso: CoverageFact(inciso, Coverage.COVERED, place="cláusula 9ª") for inciso in incisos}
        return InstrumentFact(
            record("instrument", f"Contrato nº {number}/2026, peça {place}", place),
            kind,
            start,
            True,
            start,
            published_on=start,
            readings=readings,
        )

    reported = datetime(2026, 5, 4, 12, tzinfo=UTC)
    return AgreementFacts(
        id=number,
        label=f"Contrato nº {number}/2026",
        kind=AgreementKind.CONTRATO,
        signed_on=start,
        starts_on=start,
        ends_on=date(2028, 12, 31),
        data_categories=frozenset({DataCategory.IDENTIFICATION, DataCategory.HEALTH}),
        volume=VolumeBand.UP_TO_100K,
        system_access=bool(number % 2),
        external_hosting=True,
        contacts=(
            ContactFact(record("contact", "Central"), ContactRole.INCIDENT_CHANNEL, start, reachable_always=True),
            ContactFact(record("contact", "Preposto"), ContactRole.PREPOSTO, start),
        ),
        instruments=(
            paper(InstrumentKind.ORIGINAL, 1, INCISOS[3:]),
            paper(InstrumentKind.ADITIVO, 2, INCISOS[: 3 - number % 2]),
        ),
        evidence=tuple(
            EvidenceFact(
                record("evidence", kind.value, place),
                kind,
                frozenset({inciso}),
                start,
                ReviewDecision.ACCEPTED if (number + place) % 9 else None,
                start,
                covers_service=True,
            )
            for place, (kind, inciso) in enumerate(_PROOFS)
        ),
        requests=tuple(
            RequestFact(
                record("request", f"Requisição {place}", place),
                RequestKind.INFORMATION,
                INCISOS[place],
                start,
                DAY + timedelta(days=30 - (number % 40)),
                RequestState.OPEN if place % 3 == 0 else RequestState.ACCEPTED,
            )
            for place in range(10)
        ),
        audits=(AuditFact(record("audit", "Auditoria"), start, start, start), AuditFact(record("audit", "Outra"), DAY)),
        incidents=(
            IncidentFact(
                record("incident", "Incidente"),
                reported - timedelta(hours=5),
                reported,
                reported,
                IncidentSource.OPERATOR,
            ),
        ),
        instructions=(InstructionFact(record("instruction", "Instrução"), start, DAY, start, start),),
        assistance=(AssistanceFact(record("assistance", "Pedido"), start, DAY, start),),
        people=tuple(PersonFact(record("person", "Pessoa", place), True, start, start) for place in range(5)),
        calendar=(DeliveryFact(record("calendar", "Registros"), "Registros", 3, start, start, start, DAY),),
    )


def verdicts(assessment: Assessment) -> None:
    """Read the verdicts alone, as the nightly judgement does."""
    for finding in assessment.findings:
        assert finding.verdict


def with_sums(assessment: Assessment) -> None:
    """Read what a boletim sums up."""
    verdicts(assessment)
    assert assessment.exposure.factors
    assert assessment.formalities
    assert assessment.score.weight >= 0


def every_sentence(assessment: Assessment) -> None:
    """Read every sentence a page could show."""
    with_sums(assessment)
    for finding in assessment.findings:
        assert finding.reasons
        assert finding.next_action.sentence
        for check in finding.checks:
            assert check.answer.reason


def median_ms(agreements: Sequence[AgreementFacts], read: Callable[[Assessment], None], rounds: int) -> float:
    """Return the median time to judge and read all the agreements, in milliseconds."""
    policy, workdays = Policy.load(), Workdays(frozenset(), "CNJ")
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        for facts in agreements:
            read(evaluate(facts, DAY, policy=policy, workdays=workdays))
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print the three depths."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    agreements = [agreement(number) for number in range(size)]
    for name, read in (
        ("verdicts", verdicts),
        ("verdicts, score, exposure, formalities", with_sums),
        ("every sentence", every_sentence),
    ):
        print(f"{name:<40} {size:>6} agreements {median_ms(agreements, read, rounds):>9.1f} ms")


if __name__ == "__main__":
    main()
