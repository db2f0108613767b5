"""From rows to :class:`~contracts.facts.AgreementFacts`: everything a rule may ask, in a fixed number of queries.

Two clocks run here. ``on`` is the day that is judged: what had not happened by its end is left out. ``known_until`` is
the moment of knowledge: a row recorded later, or a version superseded before, does not exist. ``None`` means everything
known now, rows of the caller's own transaction included.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from contracts.facts import (
    AgreementFacts,
    AssistanceFact,
    AuditFact,
    ChannelTestFact,
    ContactFact,
    CorrectiveActionFact,
    CoverageFact,
    DeliveryFact,
    DeviationFact,
    Dispensation,
    DisposalFact,
    EvidenceFact,
    IncidentFact,
    InstructionFact,
    InstrumentFact,
    PersonFact,
    ProposalFact,
    Record,
    RequestFact,
    RoleDecision,
    SubOperatorFact,
)
from contracts.vocabulary import DataCategory, EndReason, RequestState, SubjectGroup
from vendor_tracker.clock import day_of, end_of
from vendor_tracker.store.base import Recorded, Versioned, current, known_at
from vendor_tracker.store.dialects import among
from vendor_tracker.store.labels import agreement_label
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    AgreementTerm,
    Assistance,
    Audit,
    AuthorisedPerson,
    ChannelTest,
    Contact,
    CorrectiveAction,
    CoverageReading,
    Delivery,
    Deviation,
    DisposalCase,
    Evidence,
    EvidenceAgreement,
    EvidenceInciso,
    EvidenceReview,
    Incident,
    Instruction,
    Instrument,
    IssuedDocument,
    Operator,
    Proposal,
    Request,
    RequestEvent,
    RequestItem,
    SubOperator,
)

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def load_facts(
    session: Session, agreement_ids: Collection[int] | None, *, on: date, known_until: datetime | None = None
) -> dict[int, AgreementFacts]:
    """Return the facts of the agreements by id, in ascending order of id.

    ``agreement_ids`` ``None`` means the whole register. An agreement not yet recorded at ``known_until`` is left out.
    The number of queries does not depend on the number of agreements.
    """
    return _Loader(session, agreement_ids, on, known_until).load()


class _Loader:
    """One loading: what is common to its queries."""

    def __init__(self, session: Session, ids: Collection[int] | None, on: date, known_until: datetime | None) -> None:
        self.session = session
        self.ids = ids
        self.on = on
        self.known_until = known_until

    # -- conditions ---------------------------------------------------------------------------------------------------

    def _known(self, table: type[Versioned]) -> ColumnElement[bool]:
        return current(table) if self.known_until is None else known_at(table, self.known_until)

    def _recorded(self, table: type[Recorded]) -> ColumnElement[bool]:
        return true() if self.known_until is None else table.recorded_at < self.known_until

    def _of(self, column: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[bool]:
        return among(self.session, column, self.ids)

    def _past(self, day: date | None) -> date | None:
        """Return the day of something that happens once, unless it lies after the judged day."""
        return day if day is not None and day <= self.on else None

    def _past_moment(self, moment: datetime | None) -> datetime | None:
        return moment if moment is not None and day_of(moment) <= self.on else None

    def _versioned(self, table: Any) -> Iterable[Row[Any]]:
        """Select the known versions of a table of agreement facts, oldest lineage first."""
        skip = {"superseded_at", "recorded_at", "recorded_by_id"}
        columns = [column for column in table.__table__.c if column.name not in skip]
        return self.session.execute(
            select(*columns).where(self._of(table.agreement_id), self._known(table)).order_by(table.lineage, table.id)
        )

    # -- the whole ----------------------------------------------------------------------------------------------------

    def load(self) -> dict[int, AgreementFacts]:
        agreements = self._agreements()
        if not agreements:
            return {}
        revisions = self._revisions()
        terms = self._terms()
        parts: dict[str, Mapping[int, Any]] = {
            "sub_operators": self._sub_operators(),
            "instruments": self._instruments(),
            "evidence": self._evidence(),
            "requests": self._requests(),
            "audits": self._audits(),
            "corrective_actions": self._corrective_actions(),
            "deviations": self._deviations(),
            "incidents": self._incidents(),
            "instructions": self._instructions(),
            "assistance": self._assistance(),
            "calendar": self._calendar(),
            "channel_tests": self._channel_tests(),
            "proposals": self._proposals(),
        }
        contacts = self._contacts()
        people = self._people()
        disposals = self._disposals()
        facts = {}
        for row in agreements:
            revision = revisions.get(row.id)
            disposal = disposals.get(row.id)
            facts[row.id] = AgreementFacts(
                id=row.id,
                label=agreement_label(row.kind, row.number),
                kind=row.kind,
                regime=row.regime,
                contacts=(*contacts.get((row.operator_id, None), ()), *contacts.get((row.operator_id, row.id), ())),
                people=people.get(row.id, () if revision is not None and revision.nobody_has_access else None),
                disposal=disposal,
                closed_on=disposal.accepted_on if disposal else None,
                **{name: tuple(found.get(row.id, ())) for name, found in parts.items()},
                **self._said_by(revision, terms.get(row.id, ())),
            )
        return facts

    def _agreements(self) -> list[Row[Any]]:
        known = [] if self.known_until is None else [Agreement.created_at < self.known_until]
        return list(
            self.session.execute(
                select(Agreement.id, Agreement.kind, Agreement.number, Agreement.operator_id, Operator.regime)
                .join(Operator, Operator.id == Agreement.operator_id)
                .where(self._of(Agreement.id), *known)
                .order_by(Agreement.id)
            )
        )

    def _revisions(self) -> dict[int, Row[Any]]:
        """Choose for each agreement the revision that holds on the day: the latest that had begun and was known."""
        columns = [
            column
            for column in AgreementRevision.__table__.c
            if column.name
            not in {"recorded_at", "recorded_by_id", "reason", "object", "value", "sei_process", "published_on"}
        ]
        place = (
            func.row_number()
            .over(
                partition_by=AgreementRevision.agreement_id,
                order_by=(AgreementRevision.holds_from.desc(), AgreementRevision.id.desc()),
            )
            .label("place")
        )
        chosen = (
            select(AgreementRevision.id, place)
            .where(
                self._of(AgreementRevision.agreement_id),
                AgreementRevision.holds_from <= self.on,
                self._recorded(AgreementRevision),
            )
            .subquery()
        )
        rows = self.session.execute(
            select(*columns).join(chosen, and_(chosen.c.id == AgreementRevision.id, chosen.c.place == 1))
        )
        return {row.agreement_id: row for row in rows}

    def _terms(self) -> dict[int, list[Row[Any]]]:
        rows = self.session.execute(
            select(AgreementTerm.agreement_id, AgreementTerm.kind, AgreementTerm.signed_on, AgreementTerm.new_ends_on)
            .where(self._of(AgreementTerm.agreement_id), self._recorded(AgreementTerm))
            .order_by(AgreementTerm.id)
        )
        found: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in rows:
            if row.signed_on is None or row.signed_on <= self.on:
                found[row.agreement_id].append(row)
        return found

    def _said_by(self, revision: Row[Any] | None, terms: Iterable[Row[Any]]) -> dict[str, Any]:
        """Return the fields that the chosen revision and the listed terms say."""
        if revision is None:
            return {}
        role = None
        if revision.role is not None:
            role = RoleDecision(
                revision.role,
                revision.role_justification,
                revision.role_approved_by,
                self._past(revision.role_approved_on),
            )
        dispensation = None
        if revision.dispensation_ground is not None and revision.dispensation_on is not None:
            dispensation = Dispensation(
                revision.dispensation_ground,
                revision.dispensation_detail,
                revision.dispensation_by,
                revision.dispensation_on,
            )
        ends_on, ended_on, end_reason = revision.ends_on, self._past(revision.ended_on), revision.end_reason
        for term in terms:
            if term.kind == "rescisao":
                ended_on = ended_on or self._past(term.new_ends_on or term.signed_on)
                end_reason = end_reason or (EndReason.RESCISSION if ended_on else None)
            elif term.new_ends_on is not None and (ends_on is None or term.new_ends_on > ends_on):
                # An aditivo extends. What shortens a bond is its rescission, which has a field of its own.
                ends_on = term.new_ends_on
        return {
            "role": role,
            "dispensation": dispensation,
            "signed_on": revision.signed_on,
            "starts_on": revision.starts_on,
            "ends_on": ends_on,
            "ended_on": ended_on,
            "end_reason": end_reason,
            "purpose": revision.purpose,
            "public_function": revision.public_function,
            "legal_basis": revision.legal_basis,
            "guarantees": revision.guarantees,
            "subject_access": revision.subject_access,
            "reviewed_on": self._past(revision.reviewed_on),
            "data_categories": (
                None if revision.data_categories is None else frozenset(map(DataCategory, revision.data_categories))
            ),
            "subject_groups": (
                None if revision.subject_groups is None else frozenset(map(SubjectGroup, revision.subject_groups))
            ),
            "sensitive": revision.sensitive,
            "children": revision.children,
            "judicial_secrecy": revision.judicial_secrecy,
            "volume": revision.volume,
            "international_transfer": revision.international_transfer,
            "transfer_countries": tuple(revision.transfer_countries or ()),
            "system_access": revision.system_access,
            "external_hosting": revision.external_hosting,
            "uses_sub_operators": revision.uses_sub_operators,
            "raised_exposure": revision.raised_exposure,
            "raised_exposure_reason": revision.raised_exposure_reason,
            "incident_term_hours": revision.incident_term_hours,
            "assistance_term_days": revision.assistance_term_days,
            "disposal_term_days": revision.disposal_term_days,
        }

    # -- who ----------------------------------------------------------------------------------------------------------

    def _contacts(self) -> dict[tuple[int, int | None], list[ContactFact]]:
        rows = self.session.execute(
            select(
                Contact.operator_id,
                Contact.agreement_id,
                Contact.lineage,
                Contact.role,
                Contact.name,
                Contact.since,
                Contact.until,
                Contact.reachable_always,
            )
            .where(
                Contact.operator_id.in_(select(Agreement.operator_id).where(self._of(Agreement.id))),
                or_(Contact.agreement_id.is_(None), self._of(Contact.agreement_id)),
                self._known(Contact),
            )
            .order_by(Contact.lineage, Contact.id)
        )
        found: dict[tuple[int, int | None], list[ContactFact]] = defaultdict(list)
        for row in rows:
            record = Record("contact", row.lineage, f"Contato: {row.name}")
            found[row.operator_id, row.agreement_id].append(
                ContactFact(record, row.role, row.since, row.until, row.reachable_always)
            )
        return found

    def _sub_operators(self) -> dict[int, list[SubOperatorFact]]:
        found: dict[int, list[SubOperatorFact]] = defaultdict(list)
        for row in self._versioned(SubOperator):
            begun = row.since is None or row.since <= self.on
            if begun and (row.until is None or self.on <= row.until):
                record = Record("sub_operator", row.lineage, f"Suboperador: {row.name}")
                found[row.agreement_id].append(
                    SubOperatorFact(record, row.name, self._past(row.authorised_on), row.country, row.until)
                )
        return found

    def _people(self) -> dict[int, tuple[PersonFact, ...]]:
        found: dict[int, list[PersonFact]] = defaultdict(list)
        for row in self._versioned(AuthorisedPerson):
            found[row.agreement_id].append(
                PersonFact(
                    Record("person", row.lineage, f"Pessoa autorizada: {row.label}"),
                    row.has_need,
                    self._past(row.committed_on),
                    row.access_from,
                    row.access_until,
                    self._past(row.left_on),
                )
            )
        return {agreement: tuple(people) for agreement, people in found.items()}

    # -- papers and proofs --------------------------------------------------------------------------------------------

    def _instruments(self) -> dict[int, list[InstrumentFact]]:
        rows = list(
            self.session.execute(
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
                .where(self._of(Instrument.agreement_id), self._known(Instrument))
                .order_by(Instrument.lineage, Instrument.id)
            )
        )
        readings = self._readings()
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
                    published_on=self._past(row.published_on),
                    clause_set_since=_newest_day(row.clause_versions),
                    has_file=row.file_id is not None,
                    readings=readings.get(row.lineage, {}),
                )
            )
        return found

    def _readings(self) -> dict[int, dict[str, CoverageFact]]:
        """Return the newest confirmed reading of each point of each paper."""
        papers = select(Instrument.lineage).where(self._of(Instrument.agreement_id))
        rows = self.session.execute(
            select(
                CoverageReading.instrument_lineage,
                CoverageReading.point,
                CoverageReading.coverage,
                CoverageReading.quote,
                CoverageReading.place,
                CoverageReading.missing_idea,
                CoverageReading.recorded_at,
            )
            .where(CoverageReading.instrument_lineage.in_(papers), self._recorded(CoverageReading))
            .order_by(CoverageReading.id)
        )
        found: dict[int, dict[str, CoverageFact]] = defaultdict(dict)
        for row in rows:
            found[row.instrument_lineage][row.point] = CoverageFact(
                row.point, row.coverage, row.quote, row.place, row.missing_idea, day_of(row.recorded_at)
            )
        return found

    def _evidence(self) -> dict[int, list[EvidenceFact]]:
        served = select(EvidenceAgreement.evidence_id).where(self._of(EvidenceAgreement.agreement_id))
        incisos: dict[int, set[str]] = defaultdict(set)
        for evidence_id, inciso in self.session.execute(
            select(EvidenceInciso.evidence_id, EvidenceInciso.inciso).where(EvidenceInciso.evidence_id.in_(served))
        ):
            incisos[evidence_id].add(inciso)
        reviews: dict[int, Row[Any]] = {}
        for row in self.session.execute(
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
                self._recorded(EvidenceReview),
                EvidenceReview.decided_on <= self.on,
            )
            .order_by(EvidenceReview.id)
        ):
            reviews[row.evidence_id] = row
        found: dict[int, list[EvidenceFact]] = defaultdict(list)
        for row in self.session.execute(
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
                self._of(EvidenceAgreement.agreement_id),
                self._recorded(EvidenceAgreement),
                self._recorded(Evidence),
                Evidence.received_on <= self.on,
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

    # -- what was asked -----------------------------------------------------------------------------------------------

    def _requests(self) -> dict[int, list[RequestFact]]:
        asked = select(Request.id).where(
            self._of(Request.agreement_id), self._recorded(Request), Request.opened_on <= self.on
        )
        # The state on the day is told by the events, because the row itself only repeats the newest one.
        by_then = [RequestEvent.recorded_at < end_of(self.on)]
        if self.known_until is not None:
            by_then.append(RequestEvent.recorded_at < self.known_until)
        last: dict[int, Row[Any]] = {}
        submitted: dict[int, date] = {}
        accepted: dict[int, bool] = {}
        for row in self.session.execute(
            select(
                RequestEvent.request_id,
                RequestEvent.kind,
                RequestEvent.state,
                RequestEvent.due_on,
                RequestEvent.recorded_at,
            )
            .where(RequestEvent.request_id.in_(asked), *by_then)
            .order_by(RequestEvent.id)
        ):
            last[row.request_id] = row
            kind, _, item = row.kind.partition(":")
            if kind in {"item_accepted", "item_returned"} and item.isdecimal():
                accepted[int(item)] = kind == "item_accepted"
            elif row.state is RequestState.SUBMITTED and (kind == "submitted" or row.request_id not in submitted):
                submitted[row.request_id] = day_of(row.recorded_at)
        found: dict[int, list[RequestFact]] = defaultdict(list)
        for row in self.session.execute(
            select(
                Request.agreement_id,
                Request.id,
                Request.kind,
                Request.year,
                Request.sequence,
                Request.opened_on,
                Request.first_due_on,
                RequestItem.id.label("item_id"),
                RequestItem.inciso,
                RequestItem.evidence_kind,
            )
            .join(RequestItem, RequestItem.request_id == Request.id)
            .where(self._of(Request.agreement_id), self._recorded(Request), Request.opened_on <= self.on)
            .order_by(Request.id, RequestItem.position)
        ):
            event = last.get(row.id)
            state = event.state if event else RequestState.DRAFT
            if state is RequestState.RETURNED and accepted.get(row.item_id):
                # Only the items that were returned are owed again.
                state = RequestState.ACCEPTED
            found[row.agreement_id].append(
                RequestFact(
                    record=Record("request", row.id, f"Requisição {row.year}/{row.sequence:04d}"),
                    kind=row.kind,
                    inciso=row.inciso,
                    opened_on=row.opened_on,
                    due_on=event.due_on if event else row.first_due_on,
                    state=state,
                    submitted_on=submitted.get(row.id),
                    evidence_kind=row.evidence_kind,
                )
            )
        return found

    def _proposals(self) -> dict[int, list[ProposalFact]]:
        found: dict[int, list[ProposalFact]] = defaultdict(list)
        for row in self._versioned(Proposal):
            if row.proposed_on <= self.on:
                record = Record("proposal", row.lineage, f"Proposta {row.lineage}: {row.title}")
                found[row.agreement_id].append(
                    ProposalFact(record, row.proposed_on, self._past(row.refused_on), self._past(row.signed_on))
                )
        return found

    # -- what happened ------------------------------------------------------------------------------------------------

    def _audits(self) -> dict[int, list[AuditFact]]:
        found: dict[int, list[AuditFact]] = defaultdict(list)
        for row in self._versioned(Audit):
            found[row.agreement_id].append(
                AuditFact(
                    Record("audit", row.lineage, f"Auditoria {row.lineage}: {row.title}"),
                    row.planned_on,
                    self._past(row.performed_on),
                    self._past(row.concluded_on),
                    self._past(row.refused_on),
                    row.independent,
                )
            )
        return found

    def _corrective_actions(self) -> dict[int, list[CorrectiveActionFact]]:
        found: dict[int, list[CorrectiveActionFact]] = defaultdict(list)
        for row in self._versioned(CorrectiveAction):
            found[row.agreement_id].append(
                CorrectiveActionFact(
                    Record("corrective_action", row.lineage, f"Ação corretiva {row.lineage}"),
                    row.inciso,
                    row.description,
                    row.due_on,
                    self._past(row.done_on),
                )
            )
        return found

    def _deviations(self) -> dict[int, list[DeviationFact]]:
        found: dict[int, list[DeviationFact]] = defaultdict(list)
        for row in self._versioned(Deviation):
            if row.found_on <= self.on:
                found[row.agreement_id].append(
                    DeviationFact(
                        Record("deviation", row.lineage, f"Ocorrência {row.lineage}"),
                        row.inciso,
                        row.description,
                        row.found_on,
                        self._past(row.settled_on),
                    )
                )
        return found

    def _incidents(self) -> dict[int, list[IncidentFact]]:
        found: dict[int, list[IncidentFact]] = defaultdict(list)
        for row in self._versioned(Incident):
            if day_of(row.learned_at) <= self.on:
                found[row.agreement_id].append(
                    IncidentFact(
                        Record("incident", row.lineage, f"Incidente {row.lineage}: {row.title}"),
                        row.suspected_at,
                        self._past_moment(row.reported_at),
                        row.learned_at,
                        row.source,
                    )
                )
        return found

    def _instructions(self) -> dict[int, list[InstructionFact]]:
        found: dict[int, list[InstructionFact]] = defaultdict(list)
        for row in self._versioned(Instruction):
            if row.sent_on <= self.on:
                found[row.agreement_id].append(
                    InstructionFact(
                        Record("instruction", row.lineage, f"Instrução {row.lineage}, de {row.sent_on:%d/%m/%Y}"),
                        row.sent_on,
                        row.due_on,
                        self._past(row.acknowledged_on),
                        self._past(row.done_on),
                    )
                )
        return found

    def _assistance(self) -> dict[int, list[AssistanceFact]]:
        found: dict[int, list[AssistanceFact]] = defaultdict(list)
        for row in self._versioned(Assistance):
            if row.asked_on <= self.on:
                found[row.agreement_id].append(
                    AssistanceFact(
                        Record("assistance", row.lineage, f"Pedido de auxílio {row.lineage}: {row.subject}"),
                        row.asked_on,
                        row.due_on,
                        self._past(row.answered_on),
                    )
                )
        return found

    def _calendar(self) -> dict[int, list[DeliveryFact]]:
        found: dict[int, list[DeliveryFact]] = defaultdict(list)
        for row in self._versioned(Delivery):
            if row.agreed_on <= self.on and (row.until is None or self.on <= row.until):
                found[row.agreement_id].append(
                    DeliveryFact(
                        Record("calendar", row.lineage, f"Envio combinado: {row.what}"),
                        row.what,
                        row.months,
                        row.agreed_on,
                        row.reviewed_on,
                        self._past(row.last_delivered_on),
                        row.next_due_on,
                    )
                )
        return found

    def _channel_tests(self) -> dict[int, list[ChannelTestFact]]:
        found: dict[int, list[ChannelTestFact]] = defaultdict(list)
        for row in self._versioned(ChannelTest):
            day = day_of(row.tested_at)
            if day <= self.on:
                record = Record("channel_test", row.lineage, f"Teste do canal de {day:%d/%m/%Y}")
                found[row.agreement_id].append(
                    ChannelTestFact(record, row.tested_at, self._past_moment(row.answered_at))
                )
        return found

    def _disposals(self) -> dict[int, DisposalFact]:
        """Return the newest disposal case of each agreement."""
        found: dict[int, DisposalFact] = {}
        for row in self._versioned(DisposalCase):
            if row.triggered_on <= self.on:
                found[row.agreement_id] = DisposalFact(
                    Record("disposal", row.lineage, f"Descarte ou devolução {row.lineage}"),
                    row.trigger,
                    row.triggered_on,
                    row.due_on,
                    row.covers_copies,
                    row.covers_backups,
                    row.covers_sub_operators,
                    self._past(row.accepted_on),
                )
        return found


def _newest_day(clause_versions: Mapping[str, str] | None) -> date | None:
    """Return the day of the newest clause version, where the issued document says the day of each."""
    days = [_ISO_DAY.search(str(version)) for version in (clause_versions or {}).values()]
    return max((date.fromisoformat(found.group()) for found in days if found), default=None)
