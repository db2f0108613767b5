"""The pages of agreements: the list, one agreement, the form of a section, the first step of a registration."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from contracts.vocabulary import AgreementKind, Exposure
from vendor_tracker import clock
from vendor_tracker.importing.sentences import sentence_case
from vendor_tracker.store import parties, people, register, register_lists, register_papers
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.parties import ContactLine
from vendor_tracker.store.tables import Operator, Steward, SubOperator
from vendor_tracker.usecases import judging, older_texts, operators, rhythms
from vendor_tracker.usecases.agreements.recording import NO_AGREEMENT
from vendor_tracker.usecases.agreements.said import history_of, said_by
from vendor_tracker.usecases.agreements.views import (
    AgreementPage,
    AgreementsPage,
    EditPage,
    Identity,
    NewPage,
    RequestLine,
    StewardLine,
    SubOperatorLine,
    TermLine,
)
from vendor_tracker.usecases.agreements.what_next import next_steps
from vendor_tracker.usecases.presenting import judgement_view
from vendor_tracker.usecases.work import NotFoundError, look

PAGE_SIZE = 50
REQUESTS_SHOWN = 20
STAGES = ("in_force", "ending", "future", "closed")


def index(
    *,
    words: str = "",
    unit_id: int | None = None,
    kind: str = "",
    exposure: str = "",
    stage: str = "",
    only_incomplete: bool = False,
    number: int = 1,
    size: int = PAGE_SIZE,
) -> AgreementsPage:
    """Return a page of agreements, the newest instrument first. A filter that is no slug of its list is left out."""
    kind = kind if kind in {member.value for member in AgreementKind} else ""
    exposure = exposure if exposure in {member.value for member in Exposure} else ""
    stage = stage if stage in STAGES else ""
    filters: dict[str, Any] = {
        "words": words,
        "unit_id": unit_id,
        "kind": kind,
        "exposure": exposure,
        "stage": stage,
        "only_incomplete": only_incomplete,
    }
    with look() as session:
        lines, total = register_lists.agreement_lines(session, **filters, offset=(number - 1) * size, limit=size)
        if not lines and total:
            number = (total + size - 1) // size
            lines, total = register_lists.agreement_lines(session, **filters, offset=(number - 1) * size, limit=size)
        units = _units(session)
    shown = tuple(line._replace(object=sentence_case(line.object), missing=int(line.missing)) for line in lines)
    return AgreementsPage(
        "Acordos", shown, units, total, number, size, filtered=any(filters.values()), today=clock.today()
    )


def _units(session: Session) -> tuple[tuple[int, str], ...]:
    """Return the units that a list offers: (id, name)."""
    return tuple((unit.id, unit.name) for unit in people.units(session))


def _serves(until: date | None, today: date) -> bool:
    """Tell whether somebody whose last day is ``until`` still serves."""
    return until is None or until >= today


def _identity(session: Session, agreement_id: int) -> Identity:
    head = register.head(session, agreement_id)
    if head is None:
        raise NotFoundError(NO_AGREEMENT)
    return Identity(
        head.id,
        agreement_label(head.kind, head.number),
        head.kind,
        head.number,
        head.pncp_id,
        head.unit_id,
        head.unit,
        head.source,
        head.operator_id,
        head.operator,
        head.cnpj,
        head.foreign_id,
        head.regime,
    )


def show(*, agreement_id: int) -> AgreementPage:
    """Return everything about one agreement, judged today. Raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        identity = _identity(session, agreement_id)
        rows = register.revisions(session, agreement_id)
        said = said_by(register.holding_on(rows, today))
        assessment = judging.assess(session, agreement_id, on=today)
        terms = register_papers.terms_of(session, [agreement_id])
        stewards = [_steward_line(row) for row in parties.stewards(session, agreement_id)]
        papers = register_papers.papers_of(session, agreement_id)
        by = parties.names_of(session, (row.recorded_by_id for row in rows))
        rhythm, asked_next_on = rhythms.rhythm_of(session, assessment)
        return AgreementPage(
            title=identity.label,
            identity=identity,
            said=said,
            object=sentence_case(said.object),
            starts_on=said.starts_on,
            ends_on=assessment.facts.end,
            today=today,
            stage=judging.stage_of(assessment.facts, today),
            judgement=judgement_view(assessment),
            next_steps=next_steps(assessment, said, has_papers=any(paper.kind == "instrument" for paper in papers)),
            missing=register_lists.missing_of(session, agreement_id),
            contacts=_present_contacts(session, identity, today),
            stewards=tuple(row for row in stewards if _serves(row.until, today)),
            former_stewards=tuple(row for row in stewards if not _serves(row.until, today)),
            sub_operators=_sub_operator_lines(parties.sub_operators(session, agreement_id)),
            papers=tuple(papers),
            older_texts=older_texts.of_agreements(session, [agreement_id]).get(agreement_id, ()),
            requests=tuple(
                RequestLine(row.id, f"{row.year}/{row.sequence:04d}", row.kind, row.state, row.opened_on, row.due_on)
                for row in register_papers.requests_of(session, agreement_id, limit=REQUESTS_SHOWN)
            ),
            rhythm=rhythm,
            asked_next_on=asked_next_on,
            terms=tuple(
                TermLine(row.kind, row.number, row.signed_on, row.new_ends_on, sentence_case(row.object))
                for row in terms
            ),
            history=history_of(rows, by),
        )


def _present_contacts(session: Session, identity: Identity, today: date) -> tuple[ContactLine, ...]:
    """Return the contacts that serve the agreement today."""
    listed = parties.contacts(session, operator_id=identity.operator_id, agreement_id=identity.id)
    return tuple(row for row in listed if _serves(row.until, today))


def _steward_line(row: Steward) -> StewardLine:
    return StewardLine(int(row.lineage or row.id), row.role, row.name, row.email, row.portaria, row.since, row.until)


def _sub_operator_lines(rows: Iterable[SubOperator]) -> tuple[SubOperatorLine, ...]:
    listed = list(rows)
    names = {row.lineage: row.name for row in listed}
    return tuple(
        SubOperatorLine(
            int(row.lineage or row.id),
            row.name,
            row.cnpj,
            row.country,
            row.activity,
            row.authorised_on,
            row.since,
            row.until,
            names.get(row.parent_lineage, ""),
        )
        for row in listed
    )


def edit_page(*, agreement_id: int, title: str) -> EditPage:
    """Return what the form of a section of the agreement shows. Raises :class:`NotFoundError`."""
    today = clock.today()
    with look() as session:
        identity = _identity(session, agreement_id)
        rows = register.revisions(session, agreement_id)
        held = register.holding_on(rows, today)
        days = [row.holds_from for row in rows] or [today]
        return EditPage(
            title=title,
            identity=identity,
            said=said_by(held),
            object=sentence_case(held.object) if held is not None else "",
            revision_id=held.id if held is not None else None,
            holds_from=held.holds_from if held is not None else today,
            first_day=min(days),
            today=today,
            units=_units(session),
            contacts=_present_contacts(session, identity, today),
            stewards=tuple(
                _steward_line(row) for row in parties.stewards(session, agreement_id) if _serves(row.until, today)
            ),
            sub_operators=_sub_operator_lines(parties.sub_operators(session, agreement_id)),
            missing=register_lists.missing_of(session, agreement_id),
        )


def new_page(*, operator_id: int | None = None) -> NewPage:
    """Return what the first step of a registration shows, with an operator already chosen when one is given."""
    with look() as session:
        units = _units(session)
        row = session.get(Operator, operator_id) if operator_id is not None else None
        chosen = operators.values_of(row) if row is not None else None
    return NewPage("Registrar acordo", units, chosen)
