"""Obligations that the organisation adds to the twelve, as data.

Art. 14, caput, says of its list "dentre os quais se incluem, todavia não se limitam": a court may require more. Each
added obligation is judged like the twelve, by the same questions, but does not enter the score.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from contracts.checks import CurrentEvidence, clause_covers, common_conduct
from contracts.norm import ART_14_CAPUT, LegalReference
from contracts.obligation import Obligation, Requirement, Version
from contracts.vocabulary import INCISOS, EvidenceKind, Leg

GROUND = "Obrigação acrescida pelo órgão (art. 14, caput: “dentre os quais se incluem, todavia não se limitam”)"
"""How the ground of an added obligation is cited."""


@dataclass(frozen=True, slots=True)
class FurtherObligation:
    """One obligation as somebody decided it. ``until`` is its last day, when it has one.

    Any one of ``evidence_kinds`` proves it; what takes two proofs is two obligations.

    Raises ``ValueError``, in Portuguese, when it could never be judged: a code that is an inciso, a last day before the
    first, or nothing to look at (neither a clause nor any evidence).
    """

    code: str
    title: str
    text: str
    since: date
    until: date | None
    needs_clause: bool
    evidence_kinds: tuple[EvidenceKind, ...]
    decided_by: str
    decided_on: date

    def __post_init__(self) -> None:
        """Refuse what could not be judged."""
        if not self.code.strip() or self.code in INCISOS:
            raise ValueError(f"O código “{self.code}” não serve: use um código próprio, como “A-1”.")
        if self.until is not None and self.until < self.since:
            raise ValueError(f"A obrigação {self.code} termina antes de começar; confira as datas.")
        if not self.needs_clause and not self.evidence_kinds:
            raise ValueError(f"A obrigação {self.code} precisa de cláusula ou de ao menos um tipo de evidência.")


def reference_of(record: FurtherObligation) -> LegalReference:
    """Cite an added obligation: its text is the organisation's, its ground the caput of art. 14."""
    return LegalReference(
        key=f"further_{record.code}",
        norm=ART_14_CAPUT.norm,
        article=ART_14_CAPUT.article,
        label=f"{GROUND}. Decisão de {record.decided_by}, em {record.decided_on:%d/%m/%Y}",
        text=record.text,
    )


def further_obligations(records: Iterable[FurtherObligation]) -> tuple[Obligation, ...]:
    """Build the obligations, in the order of the records; several records of one code are its successive versions.

    A version holds until the eve of the next one, or until its own last day if that comes first.
    """
    by_code: dict[str, list[FurtherObligation]] = {}
    for record in records:
        by_code.setdefault(record.code, []).append(record)
    return tuple(_obligation(sorted(versions, key=lambda item: item.since)) for versions in by_code.values())


def _obligation(records: list[FurtherObligation]) -> Obligation:
    return Obligation(records[0].code, records[-1].title, tuple(_version(record) for record in records))


def _version(record: FurtherObligation) -> Version:
    code = record.code
    clause = (Requirement(Leg.INSTRUMENT, "O instrumento prevê esta obrigação.", clause_covers(code)),)
    proof = (
        Requirement(
            Leg.EVIDENCE,
            "Há evidência desta obrigação, aceita e em vigor.",
            CurrentEvidence(
                code, record.evidence_kinds, missing=f"Nenhuma evidência da obrigação {code} está no registro."
            ),
            asks_for=record.evidence_kinds,
        ),
    )
    return Version(
        since=record.since,
        until=record.until,
        law=reference_of(record),
        related=(ART_14_CAPUT,),
        requires=(
            *(clause if record.needs_clause else ()),
            *(proof if record.evidence_kinds else ()),
            *common_conduct(code),
        ),
    )
