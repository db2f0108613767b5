"""A small register in every situation, judged: what tests of the painel and of the boletim look at."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

NOON = datetime(2026, 6, 15, 15, tzinfo=UTC)
"""Midday in São Paulo, 15/06/2026: the day of these tests."""


def moment(day: str) -> datetime:
    """Return midday in São Paulo of a day."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=15)


@dataclass
class Records:
    """Makes the records that change a verdict, on whichever application the test uses."""

    make: Any

    def instrument(
        self, agreement_id: int, *, covers: Any = None, title: str = "Contrato 017/2025", since: str = "2026-02-01"
    ) -> int:
        """Make a signed paper whose twelve readings are ``covers`` (inciso -> slug; the rest covered); returns its lineage."""
        from contracts.vocabulary import INCISOS, Coverage, InstrumentKind
        from vendor_tracker.store.tables import CoverageReading, Instrument, StoredFile

        recorded = moment(since)
        file = self.make.add(
            StoredFile(sha256="a" * 64, size=9, media_type="application/pdf", name="contrato.pdf", recorded_at=recorded)
        )
        paper = self.make.add(
            Instrument(
                agreement_id=agreement_id,
                kind=InstrumentKind.ORIGINAL,
                title=title,
                signed_on=date(2026, 1, 10),
                signed_by_both=True,
                in_force_from=date(2026, 1, 12),
                published_on=date(2026, 1, 15),
                file_id=file.id,
                recorded_at=recorded,
            )
        )
        for inciso in INCISOS:
            self.make.add(
                CoverageReading(
                    instrument_lineage=paper.lineage,
                    point=inciso,
                    coverage=Coverage((covers or {}).get(inciso, "covered")),
                    place="cláusula 12",
                    recorded_at=recorded,
                )
            )
        return paper.lineage

    def evidence(
        self, agreement_id: int, operator_id: int, *, inciso: str = "VI", kind: str = "processing_record",
        received: str = "2026-05-01", accepted: str | None = "2026-05-04", title: str = "Registro das operações",
    ) -> int:  # fmt: skip
        """Make a proof, accepted unless ``accepted`` is None; returns its id."""
        from contracts.vocabulary import EvidenceKind, ReviewDecision
        from vendor_tracker.store.tables import Evidence, EvidenceAgreement, EvidenceInciso, EvidenceReview

        recorded = moment(received)
        proof = self.make.add(
            Evidence(
                operator_id=operator_id,
                kind=EvidenceKind(kind),
                title=title,
                received_on=recorded.date(),
                recorded_at=recorded,
            )
        )
        self.make.add(EvidenceInciso(evidence_id=proof.id, inciso=inciso))
        self.make.add(EvidenceAgreement(evidence_id=proof.id, agreement_id=agreement_id, recorded_at=recorded))
        if accepted:
            self.make.add(
                EvidenceReview(
                    evidence_id=proof.id,
                    decision=ReviewDecision.ACCEPTED,
                    decided_on=date.fromisoformat(accepted),
                    covers_service=True,
                    recorded_at=moment(accepted),
                )
            )
        return int(proof.id)

    def request(
        self, agreement_id: int, *, due: str, state: str = "open", inciso: str = "VI", opened: str = "2026-05-01",
        submitted: str | None = None, sequence: int | None = None,
    ) -> int:  # fmt: skip
        """Make a request with its events; returns its id."""
        from contracts.vocabulary import RequestKind, RequestState
        from tests.rig.app import ROW_IDS
        from vendor_tracker.store.tables import Request, RequestEvent, RequestItem

        due_on = date.fromisoformat(due)
        request = self.make.add(
            Request(
                agreement_id=agreement_id,
                kind=RequestKind.INFORMATION,
                year=2026,
                # Far from the numbers that tests name: the counter is the whole process's and would reach them.
                sequence=sequence or 5_000 + next(ROW_IDS),
                opened_on=date.fromisoformat(opened),
                first_due_on=due_on,
                due_on=due_on,
                state=RequestState(state),
                submitted_at=moment(submitted) if submitted else None,
                recorded_at=moment(opened),
            )
        )
        self.make.add(
            RequestItem(
                request_id=request.id, position=1, inciso=inciso, title="Registro", question="Envie o registro."
            )
        )
        steps = [("sent", RequestState.OPEN, opened)]
        if submitted:
            steps.append(("submitted", RequestState(state), submitted))
        for kind, reached, day in steps:
            self.make.add(
                RequestEvent(request_id=request.id, kind=kind, state=reached, due_on=due_on, recorded_at=moment(day))
            )
        return int(request.id)

    def action(self, agreement_id: int, *, due: str, inciso: str = "IX", description: str = "Rever os acessos.") -> int:
        """Make a corrective action that is not done; returns its lineage."""
        from vendor_tracker.store.tables import CorrectiveAction

        row = self.make.add(
            CorrectiveAction(
                agreement_id=agreement_id,
                inciso=inciso,
                description=description,
                due_on=date.fromisoformat(due),
                recorded_at=moment("2026-05-02"),
            )
        )
        return int(row.lineage)

    def judge(self, *agreement_ids: int, cause: str = "Acordo registrado") -> Any:
        """Judge agreements now; returns what changed."""
        from vendor_tracker.usecases import judging
        from vendor_tracker.usecases.work import Actor, act

        with act(Actor("tests")) as work:
            return judging.rejudge(work, agreement_ids, cause=cause)


@pytest.fixture
def records(make: Any) -> Records:
    """The maker of records that change a verdict."""
    return Records(make)
