"""Which agreements a batch takes, and why others are left out, said before anything is issued.

The answer is read from the signed papers alone, for thousands of agreements at once; drafting says the same of each.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from contracts.facts import AgreementFacts, merged_readings, older_texts
from contracts.vocabulary import INCISOS, AgreementKind, Coverage, Exposure, Role
from vendor_tracker import clock
from vendor_tracker.store import batches, register_lists
from vendor_tracker.store.batches import NewestDocument
from vendor_tracker.store.facts import load_bonds
from vendor_tracker.usecases import judging
from vendor_tracker.usecases.agreements import STAGES
from vendor_tracker.usecases.instruments import READABLE_FORMALITIES
from vendor_tracker.usecases.work import look

KIND = "termo-aditivo"
"""The document that batches issue: only what each instrument lacks."""

SCREENED = 500
"""How many agreements are looked at in one go."""

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Filters:
    """The filter of the list of agreements; empty values filter nothing. A slug of no list counts as empty."""

    words: str = ""
    unit_id: int | None = None
    kind: str = ""
    exposure: str = ""
    stage: str = ""
    only_incomplete: bool = False

    def cleaned(self) -> "Filters":
        """Return the filter as the list of agreements understands it."""
        return Filters(
            self.words.strip()[:200],
            self.unit_id,
            self.kind if self.kind in {member.value for member in AgreementKind} else "",
            self.exposure if self.exposure in {member.value for member in Exposure} else "",
            self.stage if self.stage in STAGES else "",
            self.only_incomplete,
        )

    def ids(self, session: Session) -> list[int]:
        """Return every agreement that passes, in the order of the list."""
        return register_lists.agreement_ids(session, **asdict(self))


class LeftOut(StrEnum):
    """Why an agreement gets no termo aditivo."""

    NO_INSTRUMENT = "no_instrument"
    NO_PERSONAL_DATA = "no_personal_data"
    DISPENSED = "dispensed"
    ENDED = "ended"
    NO_PAPER = "no_paper"
    UNREAD = "unread"
    COVERED = "covered"
    NO_CLAUSE = "no_clause"
    ISSUED = "issued"


LEFT_OUT: Mapping[LeftOut, str] = {
    LeftOut.NO_INSTRUMENT: "Está registrado sem instrumento; não há o que aditar.",
    LeftOut.NO_PERSONAL_DATA: "Está registrado sem tratamento de dados pessoais.",
    LeftOut.DISPENSED: "Está dispensado de instrumento, por decisão em registro.",
    LeftOut.ENDED: "O acordo já terminou; um termo aditivo não o alcança.",
    LeftOut.NO_PAPER: "Nenhum instrumento assinado em vigor está em registro, por isso não se sabe o que falta.",
    LeftOut.UNREAD: "Ninguém conferiu ainda o instrumento assinado.",
    LeftOut.COVERED: "Nenhuma lacuna nos pontos conferidos, e nenhum texto anterior.",
    LeftOut.NO_CLAUSE: "O que falta não se supre com cláusula da biblioteca.",
    LeftOut.ISSUED: "Já há termo aditivo emitido para as mesmas lacunas, com as cláusulas em vigor.",
}
"""The reasons, as the pages and the index print them."""


@dataclass(frozen=True, slots=True)
class ConfirmPage:
    """What a batch would do, before it is asked for."""

    title: str
    filters: Filters
    unit: str
    """Name of the unit filtered by, empty when none is."""
    repeat: bool
    total: int
    ready: int
    """How many would get a document."""
    left_out: tuple[tuple[LeftOut, str, int], ...]
    """For each reason that applies: the reason, its sentence and how many agreements; the most frequent first."""
    examples: tuple[tuple[int, str], ...]
    """(id, label) of the first agreements that would get a document."""
    open_batch: int | None
    """A batch that is being made, to lead there."""


def confirm_page(*, filters: Filters, repeat: bool = False) -> ConfirmPage:
    """Return how many agreements of the list would get a termo aditivo today, and why the others would not."""
    filters = filters.cleaned()
    on = clock.today()
    with look() as session:
        ids = filters.ids(session)
        reasons: Counter[LeftOut] = Counter()
        examples: list[tuple[int, str]] = []
        for start in range(0, len(ids), SCREENED):
            chunk = ids[start : start + SCREENED]
            facts = load_bonds(session, chunk, on=on)
            found = _screened(session, facts, on=on, repeat=repeat)
            reasons.update(found.values())
            examples += [(each, facts[each].label) for each in chunk if each not in found][: EXAMPLES - len(examples)]
        unit = batches.unit_name(session, filters.unit_id) if filters.unit_id is not None else ""
        rows, _ = batches.listed(session, KIND, page=1, size=1)
    open_batch = next((row.id for row in rows if row.state in batches.OPEN), None)
    return ConfirmPage(
        title="Gerar aditivo para todos com lacunas",
        filters=filters,
        unit=unit,
        repeat=repeat,
        total=len(ids),
        ready=len(ids) - reasons.total(),
        left_out=tuple((reason, LEFT_OUT[reason], count) for reason, count in reasons.most_common()),
        examples=tuple(examples),
        open_batch=open_batch,
    )


def screen(session: Session, agreement_ids: Collection[int], *, on: date, repeat: bool) -> dict[int, LeftOut]:
    """Return why agreements get no termo aditivo on the day; those that get one are not in the answer."""
    return _screened(session, load_bonds(session, agreement_ids, on=on), on=on, repeat=repeat)


def _screened(session: Session, facts: Mapping[int, AgreementFacts], *, on: date, repeat: bool) -> dict[int, LeftOut]:
    library = judging.catalogue_of(session)
    in_force = library.on(on)
    suppliable = {point for clause in library.document(KIND).gap_clauses for point in in_force[clause].points}
    points = (
        *INCISOS,
        *(formality.value for formality in READABLE_FORMALITIES),
        *(obligation.inciso for obligation in judging.further_of(session) if obligation.on(on) is not None),
    )
    frame = library.document(KIND).clauses
    texts = {clause: days for clause, days in library.newer_texts().items() if clause not in frame}
    newest = {} if repeat else batches.newest_documents(session, facts.keys(), KIND)
    edition = library.edition(on)[0]
    found = {}
    for agreement_id, each in facts.items():
        reason = _left_out(each, on, points, suppliable, texts, newest.get(agreement_id), edition)
        if reason is not None:
            found[agreement_id] = reason
    return found


def _left_out(
    facts: AgreementFacts,
    on: date,
    points: Sequence[str],
    suppliable: set[str],
    texts: Mapping[str, tuple[date, ...]],
    newest: NewestDocument | None,
    edition: date,
) -> LeftOut | None:
    if facts.kind is AgreementKind.NONE:
        return LeftOut.NO_INSTRUMENT
    if facts.role is not None and facts.role.role is Role.NO_PERSONAL_DATA and facts.role.approved_on is not None:
        return LeftOut.NO_PERSONAL_DATA
    if facts.dispensation is not None:
        return LeftOut.DISPENSED
    if judging.stage_of(facts, on) in {"ending", "closed"}:
        return LeftOut.ENDED
    papers = facts.papers_on(on)
    if not papers:
        return LeftOut.NO_PAPER
    readings = merged_readings(papers)
    read = [point for point in points if point in readings]
    if not read:
        return LeftOut.UNREAD
    gaps = {point for point in read if readings[point][0].coverage is not Coverage.COVERED}
    # A text that the court has replaced is mended like a gap.
    older = older_texts(papers, texts, facts.binding_day(on))
    if not gaps and not older:
        return LeftOut.COVERED
    mendable = gaps & suppliable
    if not mendable and not older:
        return LeftOut.NO_CLAUSE
    if newest is not None and mendable <= newest.covers and newest.clause_set_since == edition:
        return LeftOut.ISSUED
    return None
