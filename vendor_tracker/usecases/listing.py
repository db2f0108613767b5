"""Lists for programs: scorecards, proofs, incidents and issued documents, page by page; and how an agreement is named.

A page past the last one is empty and still says how many there are, so that a program knows when to stop.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from contracts.vocabulary import INCISOS, AgreementKind, Exposure, Verdict
from vendor_tracker.store import issued, listing, requests
from vendor_tracker.store.issued import IssuedRow
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.listing import EvidenceLine, IncidentLine, JudgedAgreement, JudgedOperator
from vendor_tracker.usecases.work import ConflictError, NotFoundError, look

T = TypeVar("T")
LARGEST_ID = 2**31 - 1

_WORST_FIRST = {verdict: place for place, verdict in enumerate(Verdict)}
_GRAVEST_LAST = {tier: place for place, tier in enumerate(Exposure)}


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A page of a list; ``total`` counts the whole list."""

    items: tuple[T, ...]
    total: int
    number: int
    size: int


@dataclass(frozen=True, slots=True)
class AgreementScore:
    """One agreement of a scorecard."""

    id: int
    label: str
    kind: AgreementKind
    number: str
    score: int | None
    exposure: Exposure
    stage: str
    verdicts: Mapping[str, Verdict]
    """By inciso, in the order of the Portaria."""
    next_due_on: date | None
    judged_on: date


@dataclass(frozen=True, slots=True)
class OperatorScore:
    """One operator's scorecard: of each inciso the worst verdict of its live agreements, and the lowest score."""

    id: int
    name: str
    cnpj: str | None
    foreign_id: str | None
    score: int | None
    exposure: Exposure
    verdicts: Mapping[str, Verdict]
    agreements: tuple[AgreementScore, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof with what it speaks to."""

    line: EvidenceLine
    incisos: tuple[str, ...]
    agreements: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IncidentEntry:
    """An incident with the name of its agreement."""

    line: IncidentLine
    agreement: str


def scorecards(*, number: int = 1, size: int = 50) -> Listed[OperatorScore]:
    """Return a page of operators with a live agreement, the worst first."""
    with look() as session:
        operators, total = listing.judged_operators(session, limit=size, offset=(number - 1) * size)
        rows = listing.judged_agreements(session, [operator.id for operator in operators]) if operators else []
    owned: dict[int, list[AgreementScore]] = {}
    for row in rows:
        owned.setdefault(row.operator_id, []).append(_agreement_score(row))
    return Listed(
        tuple(_operator_score(operator, owned[operator.id]) for operator in operators if operator.id in owned),
        total,
        number,
        size,
    )


def _agreement_score(row: JudgedAgreement) -> AgreementScore:
    verdicts = dict(zip(INCISOS, map(Verdict, row.verdicts.split()), strict=True))
    return AgreementScore(
        row.id,
        agreement_label(row.kind, row.number),
        row.kind,
        row.number,
        row.score,
        row.exposure,
        row.stage,
        verdicts,
        row.next_due_on,
        row.judged_on,
    )


def _operator_score(operator: JudgedOperator, agreements: list[AgreementScore]) -> OperatorScore:
    return OperatorScore(
        operator.id,
        operator.name,
        operator.cnpj,
        operator.foreign_id,
        min((item.score for item in agreements if item.score is not None), default=None),
        max((item.exposure for item in agreements), key=_GRAVEST_LAST.__getitem__),
        {
            inciso: min((item.verdicts[inciso] for item in agreements), key=_WORST_FIRST.__getitem__)
            for inciso in INCISOS
        },
        tuple(agreements),
    )


def evidence(
    *,
    operator_id: int | None = None,
    agreement_id: int | None = None,
    waiting: bool = False,
    number: int = 1,
    size: int = 50,
) -> Listed[Proof]:
    """Return a page of the proofs on file, the newest first; ``waiting``: only those that nobody has reviewed."""
    with look() as session:
        lines, total = listing.evidence(
            session,
            operator_id=operator_id,
            agreement_id=agreement_id,
            waiting=waiting,
            limit=size,
            offset=(number - 1) * size,
        )
        ids = [line.id for line in lines]
        incisos = listing.incisos_of(session, ids) if ids else {}
        served = listing.agreements_served(session, ids) if ids else {}
    return Listed(
        tuple(
            Proof(
                line,
                tuple(sorted(incisos.get(line.id, ()), key=_place)),
                tuple(served.get(line.id, ())),
            )
            for line in lines
        ),
        total,
        number,
        size,
    )


def _place(inciso: str) -> tuple[int, str]:
    """Sort incisos as the Portaria does, and what the organisation added after them."""
    return (INCISOS.index(inciso) if inciso in INCISOS else len(INCISOS), inciso)


def incidents(
    *, operator_id: int | None = None, agreement_id: int | None = None, number: int = 1, size: int = 50
) -> Listed[IncidentEntry]:
    """Return a page of the incidents on record, the newest known first."""
    with look() as session:
        lines, total = listing.incidents(
            session, operator_id=operator_id, agreement_id=agreement_id, limit=size, offset=(number - 1) * size
        )
    return Listed(
        tuple(IncidentEntry(line, agreement_label(line.kind, line.number)) for line in lines), total, number, size
    )


def documents_of(agreement_id: int, *, number: int = 1, size: int = 50) -> Listed[IssuedRow]:
    """Return a page of the documents issued for an agreement, the newest first. Raises :class:`NotFoundError`."""
    with look() as session:
        if not listing.has_agreement(session, agreement_id):
            raise NotFoundError("Não há esse acordo no registro.")
        rows, total = issued.issued_documents(session, agreement_id=agreement_id, page=number, size=size)
    return Listed(tuple(rows), total, number, size)


def agreement_called(text: str) -> int:
    """Return the id of the agreement that ``text`` names: its id, its PNCP number, or its own number as printed.

    Raises :class:`NotFoundError` when there is none and :class:`ConflictError` when several have the number.
    """
    name = text.strip()
    with look() as session:
        if re.fullmatch(r"[0-9]{1,10}", name):
            identity = int(name)
            if identity <= LARGEST_ID and listing.has_agreement(session, identity):
                return identity
        found = listing.agreements_named(session, name)
    if not found:
        raise NotFoundError(f"Não há acordo com id, número do PNCP ou número “{name}”.")
    if len(found) > 1:
        raise ConflictError(f"Mais de um acordo tem o número “{name}”. Use o id ou o número do PNCP.")
    return found[0]


def request_called(text: str) -> int:
    """Return the id of the request that ``text`` names: its number as printed, 2026/0001, or its id.

    Raises :class:`NotFoundError` when there is none.
    """
    name = text.strip()
    found: int | None = None
    if number := re.fullmatch(r"([0-9]{4})/([0-9]{1,6})", name):
        with look() as session:
            found = requests.id_of_number(session, int(number[1]), int(number[2]))
    elif re.fullmatch(r"[0-9]{1,10}", name) and int(name) <= LARGEST_ID:
        found = int(name)
    if found is None:
        raise NotFoundError(f"Não há requisição com número ou id “{name}”.")
    return found
