"""What a fictional register says: operators, agreements, papers, proofs, requests and what happened.

Each operator has a profile, and chance decides the rest, so that every situação and every exposure comes up about as
often as a court would meet it. Nobody here exists.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

from contracts.norm import PORTARIA_DATED_ON
from contracts.vocabulary import (
    INCISOS,
    AgreementKind,
    ContactRole,
    Coverage,
    DataCategory,
    DispensationGround,
    EndReason,
    EvidenceKind,
    IncidentSource,
    InstrumentKind,
    Regime,
    RequestKind,
    RequestState,
    ReviewDecision,
    Role,
    StewardRole,
    SubjectGroup,
    VolumeBand,
)
from contracts.workdays import add_months
from vendor_tracker import clock
from vendor_tracker import generating_names as names
from vendor_tracker.files import KeptFile
from vendor_tracker.generating_rows import Writer
from vendor_tracker.store import tables
from vendor_tracker.store.search import folded

BATCH = 500
"""Agreements written at a time: enough rows for the database to be busy, few enough to fit in memory."""

OPERATORS_PER_AGREEMENT = 0.34

Report = Callable[[int, int], None]


class Profile(NamedTuple):
    """How an operator behaves: each number is the probability that the thing is as it should be."""

    weight: int
    clause: float
    proof: float
    conduct: float
    told: float


PROFILES: Sequence[Profile] = (
    Profile(weight=12, clause=1.0, proof=0.99, conduct=1.0, told=1.0),
    Profile(weight=30, clause=0.95, proof=0.8, conduct=0.97, told=0.95),
    Profile(weight=38, clause=0.7, proof=0.45, conduct=0.9, told=0.75),
    Profile(weight=20, clause=0.3, proof=0.12, conduct=0.75, told=0.4),
)
"""Exemplary, good, ordinary and poor operators."""

PROOFS: Sequence[tuple[EvidenceKind, tuple[str, ...], str]] = (
    (EvidenceKind.INCIDENT_CHANNEL, ("I",), "Ficha de comunicação de incidentes"),
    (EvidenceKind.LOG_POLICY, ("II",), "Política de registros"),
    (EvidenceKind.LOG_SAMPLE, ("II",), "Amostra de registros com resumo criptográfico"),
    (EvidenceKind.SECURITY_POLICY, ("V",), "Política de segurança da informação"),
    (EvidenceKind.PROCESSING_RECORD, ("VI",), "Extrato do registro de operações"),
    (EvidenceKind.DIRECTIVES_ACKNOWLEDGEMENT, ("VII",), "Ciência das diretrizes"),
    (EvidenceKind.OWN_USE_DECLARATION, ("VII",), "Declaração de não uso para finalidade própria"),
    (EvidenceKind.ACCESS_REVIEW, ("VIII",), "Revisão das pessoas autorizadas"),
    (EvidenceKind.ASSISTANCE_PROCEDURE, ("X",), "Procedimento de auxílio a titulares"),
    (EvidenceKind.INCIDENT_PLAN, ("XI",), "Plano de resposta a incidentes"),
)
COMPANY_PROOFS: Sequence[tuple[EvidenceKind, str]] = (
    (EvidenceKind.ISO_27001, "Certificado ISO/IEC 27001"),
    (EvidenceKind.PENETRATION_TEST, "Relatório de teste de intrusão"),
    (EvidenceKind.SOC2_TYPE2, "Relatório SOC 2, tipo 2"),
    (EvidenceKind.SELF_DECLARATION, "Autodeclaração de medidas de segurança"),
)
KINDS = (
    (AgreementKind.CONTRATO, 78),
    (AgreementKind.CONVENIO, 6),
    (AgreementKind.TERMO_COOPERACAO, 9),
    (AgreementKind.TERMO_COMPROMISSO, 4),
    (AgreementKind.CONGENERE, 2),
    (AgreementKind.NONE, 1),
)
ORDINARY_CATEGORIES = (
    DataCategory.IDENTIFICATION,
    DataCategory.CONTACT,
    DataCategory.FINANCIAL,
    DataCategory.FUNCTIONAL,
    DataCategory.PROCEDURAL,
    DataCategory.AUTHENTICATION,
    DataCategory.IMAGE_VOICE,
)
GRAVE_CATEGORIES = (DataCategory.HEALTH, DataCategory.BIOMETRIC, DataCategory.RACIAL_ETHNIC)
GROUPS = tuple(group for group in SubjectGroup if group is not SubjectGroup.CHILDREN)


@dataclass(slots=True)
class _Operator:
    """An operator while its agreements are made."""

    id: int
    name: str
    cnpj: str | None
    profile: Profile
    regime: Regime
    company_proofs: list[int]


@dataclass(slots=True)
class _Deal:
    """An agreement while its records are made."""

    id: int
    operator: _Operator
    kind: AgreementKind
    signed: date
    starts: date
    ends: date
    ended: date | None
    recorded: date
    instrument: int | None = None

    @property
    def last(self) -> date:
        """The last day of the bond."""
        return self.ended or self.ends


class Maker:
    """Invents one register."""

    def __init__(self, writer: Writer, random: Random, *, now: datetime, years: int, paper: KeptFile) -> None:
        self.add = writer.add
        self.writer = writer
        self.random = random
        self.now = now
        self.today = clock.day_of(now)
        self.years = years
        self.paper = paper
        self.opened = max(PORTARIA_DATED_ON, add_months(self.today, -12 * years)) + timedelta(days=5)
        """The day on which the imagined court began its register."""
        self.units: list[int] = []
        self.sequences: dict[int, int] = defaultdict(int)
        self.documents: set[str] = set()

    # -- chance and time ----------------------------------------------------------------------------------------------

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def told(self, profile: Profile, value: Any) -> Any:
        """Return ``value``, or ``None`` where nobody has told us."""
        return value if self.chance(profile.told) else None

    def day(self, first: date, last: date) -> date:
        """Return a day between the two, both included; ``first`` when they are the wrong way round."""
        return first + timedelta(days=self.random.randint(0, max(0, (last - first).days)))

    def at(self, day: date) -> datetime:
        """Return a moment of office hours on the day, never one that is yet to come."""
        moment = datetime.combine(
            day, time(self.random.randint(9, 17), self.random.randint(0, 59)), tzinfo=clock.SAO_PAULO
        )
        return min(moment, self.now)

    # -- the whole ----------------------------------------------------------------------------------------------------

    def fill(self, agreements: int, report: Report | None) -> int:
        """Make everything; returns how many operators there are."""
        for code, name, acronym in names.UNITS:
            self.units.append(self.add(tables.Unit, code=f"F-{code}", name=name, acronym=acronym))
        operators = [self._operator(number) for number in range(max(1, round(agreements * OPERATORS_PER_AGREEMENT)))]
        # A few operators hold many agreements, as in any court.
        weights = [1 / (1 + place) ** 0.6 for place in range(len(operators))]
        owners = [*operators, *self.random.choices(operators, weights, k=agreements)][:agreements]
        for number, operator in enumerate(owners, start=1):
            self._agreement(number, operator)
            if number % BATCH == 0 or number == agreements:
                self.writer.write()
                if report is not None:
                    report(number, agreements)
        return len(operators)

    # -- the register -------------------------------------------------------------------------------------------------

    def _operator(self, number: int) -> _Operator:
        profile = self.random.choices(PROFILES, [profile.weight for profile in PROFILES])[0]
        regime = self.random.choices((Regime.PRIVATE, Regime.PUBLIC, Regime.FOREIGN), (82, 14, 4))[0]
        recorded = self.day(self.opened, min(self.today, self.opened + timedelta(days=60)))
        moment = self.at(recorded)
        document = None
        if regime is not Regime.FOREIGN:
            while document is None or document in self.documents:
                document = names.cnpj(self.random, alphanumeric=self.chance(0.08))
            self.documents.add(document)
        name = {
            Regime.PRIVATE: lambda: names.company(self.random),
            Regime.PUBLIC: lambda: names.public_body(self.random),
            Regime.FOREIGN: lambda: names.foreign_entity(self.random, number),
        }[regime]()
        identity = self.add(
            tables.Operator,
            cnpj=document,
            foreign_id=f"EXT-{number:06}" if document is None else None,
            name=name,
            search_name=folded(name),
            regime=self.told(profile, regime),
            country="BR" if document else self.random.choice(("DE", "US", "IE", "NL")),
            source=self.random.choice(("pncp", "contratosgov", "manual")),
            created_at=moment,
            updated_at=moment,
        )
        operator = _Operator(identity, name, document, profile, regime, [])
        self._contacts(operator, recorded)
        self._company_proofs(operator, recorded)
        return operator

    def _contacts(self, operator: _Operator, recorded: date) -> None:
        profile = operator.profile
        for role, sure in (
            (ContactRole.PREPOSTO, 0.5 + profile.told / 2),
            (ContactRole.INCIDENT_CHANNEL, profile.told),
            (ContactRole.ENCARREGADO, profile.told * 0.9),
        ):
            if self.chance(sure):
                self.add(
                    tables.Contact,
                    operator_id=operator.id,
                    role=role,
                    name=names.person(self.random),
                    email=f"{role.value.replace('_', '-')}@operador{operator.id}.example",
                    phone=f"(61) 5555-{self.random.randint(0, 9999):04}",
                    reachable_always=self.told(profile, self.chance(0.4 + profile.proof * 0.6)),
                    since=recorded - timedelta(days=30),
                    recorded_at=self.at(recorded),
                )

    def _company_proofs(self, operator: _Operator, recorded: date) -> None:
        """Hand in what serves every agreement of the operator."""
        for kind, title in COMPANY_PROOFS:
            if not self.chance(operator.profile.proof * (1 if kind is EvidenceKind.ISO_27001 else 0.4)):
                continue
            received = self.day(max(recorded, self.today - timedelta(days=500)), self.today - timedelta(days=3))
            operator.company_proofs.append(self._proof(operator, kind, ("V", "IX"), title, received))

    def _agreement(self, number: int, operator: _Operator) -> None:
        profile = operator.profile
        kind = self.random.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])[0]
        signed, starts, ends, ended = self._dates()
        recorded = max(self.day(self.opened, self.opened + timedelta(days=60)), signed + timedelta(days=3))
        recorded = min(recorded, self.today)
        moment = self.at(recorded)
        subject = self.random.choice(names.OBJECTS)
        code = f"{number:05}/{signed.year}"
        process = f"{self.random.randint(1, 99999):05}/{signed.year}"
        pncp = f"{operator.cnpj}-2-{number:06}/{signed.year}" if operator.cnpj and self.chance(0.6) else None
        identity = self.add(
            tables.Agreement,
            operator_id=operator.id,
            kind=kind,
            number=code,
            pncp_id=pncp,
            unit_id=self.random.choice(self.units),
            source="pncp" if pncp else "manual",
            created_at=moment,
            search_text=folded(f"{code} {process} {pncp or ''} {subject} {operator.name} {operator.cnpj or ''}"),
        )
        deal = _Deal(identity, operator, kind, signed, starts, ends, ended, recorded)
        self._revision(deal, subject, process)
        self._stewards(deal)
        if kind is not AgreementKind.NONE:
            self._instruments(deal)
        self._proofs(deal)
        self._people(deal)
        self._calendar(deal)
        self._requests(deal)
        self._conduct(deal)
        self._end(deal)
        if not self.chance(profile.told):
            return
        for activity in ("Hospedagem", "Suporte de segundo nível")[: self.random.choice((0, 0, 0, 1, 2))]:
            self.add(
                tables.SubOperator,
                agreement_id=deal.id,
                name=names.company(self.random),
                activity=activity,
                authorised_on=self.told(profile, deal.signed),
                since=deal.starts,
                recorded_at=self.at(recorded),
            )

    def _dates(self) -> tuple[date, date, date, date | None]:
        """Return the days of signature, start, end, and of an early end: most agreements are in force."""
        today, months = self.today, self.random.choice((12, 12, 24, 30, 36, 60))
        stage = self.random.choices(("in_force", "over", "broken", "future"), (76, 16, 5, 3))[0]
        reach = 12 * self.years
        if stage == "future":
            signed = today - timedelta(days=self.random.randint(1, 30))
            starts = today + timedelta(days=self.random.randint(5, 90))
            return signed, starts, add_months(starts, months) - timedelta(days=1), None
        if stage == "over":
            ends = today - timedelta(days=self.random.randint(1, min(400, 30 * reach)))
            starts = add_months(ends, -min(months, reach)) + timedelta(days=1)
            return starts - timedelta(days=self.random.randint(0, 20)), starts, ends, None
        starts = today - timedelta(days=self.random.randint(10, max(11, 30 * min(reach, months) - 20)))
        ends = add_months(starts, months) - timedelta(days=1)
        ended = self.day(starts + timedelta(days=5), today - timedelta(days=1)) if stage == "broken" else None
        return starts - timedelta(days=self.random.randint(0, 20)), starts, ends, ended

    def _revision(self, deal: _Deal, subject: str, process: str) -> None:
        profile, told = deal.operator.profile, self.told
        grave = self.chance(0.3)
        categories = set(self.random.sample(ORDINARY_CATEGORIES, self.random.randint(2, 5)))
        if grave:
            categories.add(self.random.choice(GRAVE_CATEGORIES))
        groups = self.random.sample(GROUPS, self.random.randint(1, 4))
        children = self.chance(0.08)
        dispensed = deal.kind is AgreementKind.NONE or self.chance(0.03)
        approved = self.chance(0.3 + profile.told * 0.6)
        role = self.random.choices(
            (Role.OPERATOR, Role.JOINT_CONTROLLER, Role.INDEPENDENT_CONTROLLER, Role.NO_PERSONAL_DATA), (86, 6, 4, 4)
        )[0]
        ground = self.random.choice((DispensationGround.ART_6_P2, DispensationGround.LAW)) if dispensed else None
        early = self.random.choice((EndReason.RESCISSION, EndReason.PURPOSE_MET))
        said: dict[str, Any] = {
            "agreement_id": deal.id,
            "sei_process": process,
            "object": subject,
            "signed_on": deal.signed,
            "published_on": deal.signed + timedelta(days=4),
            "starts_on": deal.starts,
            "ends_on": deal.ends,
            "value": Decimal(self.random.randint(200_000, 900_000_000)) / 100,
            "role": told(profile, role),
            "role_justification": "Trata dados por conta do órgão, segundo as instruções dele.",
            "role_approved_by": "Encarregado" if approved else "",
            "role_approved_on": deal.recorded if approved else None,
            "dispensation_ground": ground,
            "dispensation_detail": "Decisão fictícia." if dispensed else "",
            "dispensation_by": "Encarregado" if dispensed else "",
            "dispensation_on": deal.recorded if dispensed else None,
            "purpose": told(profile, self.random.choice(names.PURPOSES)),
            "public_function": told(profile, "Administração da justiça"),
            "legal_basis": told(profile, "LGPD, art. 7º, III"),
            "guarantees": told(profile, "Criptografia, registro de acessos e cópias de segurança."),
            "subject_access": told(profile, "Pelo canal do Encarregado."),
            "reviewed_on": told(profile, self.day(deal.signed, self.today)),
            "data_categories": told(profile, sorted(category.value for category in categories)),
            "subject_groups": told(profile, sorted(group.value for group in groups)),
            "sensitive": told(profile, grave),
            "children": told(profile, children),
            "judicial_secrecy": told(profile, self.chance(0.15)),
            "volume": told(profile, self.random.choice(tuple(VolumeBand))),
            "international_transfer": told(profile, deal.operator.regime is Regime.FOREIGN or self.chance(0.05)),
            "system_access": told(profile, self.chance(0.45)),
            "external_hosting": told(profile, self.chance(0.4)),
            "uses_sub_operators": told(profile, self.chance(0.3)),
            "incident_term_hours": self.random.choice((None, 6, 24, 48)),
            "secret": self.chance(0.02),
        }
        self.add(
            tables.AgreementRevision,
            **said,
            holds_from=deal.signed,
            reason="Registrado",
            recorded_at=self.at(deal.recorded),
        )
        if deal.ended is not None:
            said |= {"ended_on": deal.ended, "end_reason": early}
            noted = min(self.today, max(deal.recorded, deal.ended))
            self.add(
                tables.AgreementRevision,
                **said,
                holds_from=deal.ended,
                reason="Fim antecipado",
                recorded_at=self.at(noted),
            )
        elif deal.kind is AgreementKind.CONTRATO and self.chance(0.12) and deal.ends > self.today:
            on = self.day(deal.recorded, self.today)
            self.add(
                tables.AgreementTerm,
                agreement_id=deal.id,
                kind="aditivo",
                number=f"1/{on.year}",
                signed_on=on,
                new_ends_on=add_months(deal.ends, 12),
                object="Prorrogação",
                recorded_at=self.at(on),
            )

    def _stewards(self, deal: _Deal) -> None:
        for role in (StewardRole.GESTOR, StewardRole.FISCAL):
            if self.chance(0.8):
                person = names.person(self.random)
                self.add(
                    tables.Steward,
                    agreement_id=deal.id,
                    role=role,
                    name=person,
                    email=f"{folded(person).replace(' ', '.')}@orgao.example",
                    portaria=f"Portaria nº {self.random.randint(1, 400)}/{deal.signed.year}",
                    since=deal.signed,
                    recorded_at=self.at(deal.recorded),
                )

    # -- papers and proofs --------------------------------------------------------------------------------------------

    def _file(self, name: str, moment: datetime) -> int:
        return self.add(
            tables.StoredFile,
            sha256=self.paper.sha256,
            size=self.paper.size,
            media_type="text/plain",
            name=name,
            recorded_at=moment,
        )

    def _instruments(self, deal: _Deal) -> None:
        profile = deal.operator.profile
        if not self.chance(0.3 + profile.told * 0.7):
            return
        moment = self.at(deal.recorded)
        has_file = self.chance(0.4 + profile.clause * 0.6)
        deal.instrument = self.add(
            tables.Instrument,
            agreement_id=deal.id,
            kind=InstrumentKind.ORIGINAL,
            title="Instrumento original",
            signed_on=deal.signed,
            signed_by_both=self.told(profile, True),
            in_force_from=deal.starts,
            published_on=self.told(profile, min(self.today, deal.signed + timedelta(days=4))),
            file_id=self._file(f"instrumento-{deal.id}.txt", moment) if has_file else None,
            recorded_at=moment,
        )
        if not self.chance(0.25 + profile.told * 0.75):
            return
        for place, inciso in enumerate(INCISOS, start=1):
            coverage = Coverage.COVERED
            if not self.chance(profile.clause):
                coverage = self.random.choice((Coverage.PARTIAL, Coverage.MISSING, Coverage.MISSING))
            self.add(
                tables.CoverageReading,
                instrument_lineage=deal.instrument,
                point=inciso,
                coverage=coverage,
                place=f"cláusula {place + 6}" if coverage is not Coverage.MISSING else "",
                missing_idea="o prazo" if coverage is Coverage.PARTIAL else "",
                recorded_at=moment,
            )
        if profile.clause < 0.9 and self.chance(0.25):
            proposed = self.day(deal.recorded, self.today)
            signed = proposed + timedelta(days=self.random.randint(5, 50)) if self.chance(0.3) else None
            self.add(
                tables.Proposal,
                agreement_id=deal.id,
                title="1º termo aditivo",
                proposed_on=proposed,
                signed_on=signed if signed is not None and signed <= self.today else None,
                refused_on=self.today if self.chance(0.03) else None,
                recorded_at=self.at(proposed),
            )

    def _proof(
        self, operator: _Operator, kind: EvidenceKind, incisos: tuple[str, ...], title: str, received: date
    ) -> int:
        """Hand in one proof, reviewed or still waiting; returns its id."""
        moment = self.at(received)
        identity = self.add(
            tables.Evidence,
            operator_id=operator.id,
            kind=kind,
            title=title,
            received_on=received,
            valid_from=received,
            file_id=self._file(f"{kind.value}.txt", moment),
            recorded_at=moment,
        )
        for inciso in incisos:
            self.add(tables.EvidenceInciso, evidence_id=identity, inciso=inciso)
        reviewed = received + timedelta(days=self.random.randint(1, 12))
        if reviewed <= self.today and self.chance(0.96):
            decision = self.random.choices(
                (ReviewDecision.ACCEPTED, ReviewDecision.RETURNED, ReviewDecision.FALSE), (930, 65, 5)
            )[0]
            self.add(
                tables.EvidenceReview,
                evidence_id=identity,
                decision=decision,
                reason="" if decision is ReviewDecision.ACCEPTED else "Não é deste serviço.",
                decided_on=reviewed,
                valid_from=received,
                covers_service=self.told(operator.profile, True),
                recorded_at=self.at(reviewed),
            )
        return identity

    def _proofs(self, deal: _Deal) -> None:
        profile = deal.operator.profile
        moment = self.at(deal.recorded)
        served = list(deal.operator.company_proofs)
        last = min(self.today, deal.last)
        for kind, incisos, title in PROOFS:
            if last > deal.recorded and self.chance(profile.proof):
                # Good operators renew; with the others a proof may have run out long ago.
                oldest = last - timedelta(days=150 if profile.proof > 0.7 else 600)
                served.append(
                    self._proof(deal.operator, kind, incisos, title, self.day(max(deal.recorded, oldest), last))
                )
        for evidence in served:
            self.add(tables.EvidenceAgreement, evidence_id=evidence, agreement_id=deal.id, recorded_at=moment)

    def _people(self, deal: _Deal) -> None:
        profile = deal.operator.profile
        if not self.chance(profile.told):
            return
        for number in range(1, self.random.randint(2, 5)):
            left = self.day(deal.starts, self.today) if self.chance(0.1) and deal.starts < self.today else None
            closed = left if left is not None and self.chance(0.5 + profile.conduct / 2) else None
            self.add(
                tables.AuthorisedPerson,
                agreement_id=deal.id,
                label=f"Crachá {deal.id}-{number}",
                function=self.random.choice(("Analista", "Atendente", "Administração de banco de dados")),
                has_need=self.told(profile, True),
                committed_on=deal.starts if self.chance(0.5 + profile.conduct / 2) else None,
                access_from=deal.starts,
                access_until=closed,
                left_on=left,
                recorded_at=self.at(deal.recorded),
            )

    def _calendar(self, deal: _Deal) -> None:
        profile = deal.operator.profile
        if not self.chance(profile.proof):
            return
        months = self.random.choice((1, 3, 6))
        fresh = self.chance(profile.conduct)
        delivered = self.today - timedelta(days=self.random.randint(1, 25) if fresh else 260)
        self.add(
            tables.Delivery,
            agreement_id=deal.id,
            what="Registro das operações de tratamento",
            to_whom="Fiscal do contrato",
            months=months,
            agreed_on=deal.starts,
            reviewed_on=max(deal.starts, deal.recorded),
            last_delivered_on=delivered if delivered > deal.starts else None,
            recorded_at=self.at(deal.recorded),
        )

    # -- what was asked and done --------------------------------------------------------------------------------------

    def _requests(self, deal: _Deal) -> None:
        last = min(self.today, deal.last)
        for _ in range(self.random.choice((0, 1, 1, 2, 3))):
            opened = self.day(deal.recorded, last)
            if opened <= last:
                self._request(deal, opened)

    def _request(self, deal: _Deal, opened: date) -> None:
        profile = deal.operator.profile
        due = opened + timedelta(days=15)
        year = opened.year
        self.sequences[year] += 1
        answered = opened + timedelta(days=self.random.randint(2, 14))
        state = RequestState.OPEN
        if self.chance(0.35 + profile.conduct * 0.62) and answered < self.today:
            state = self.random.choices(
                (RequestState.ACCEPTED, RequestState.SUBMITTED, RequestState.RETURNED, RequestState.REFUSED),
                (90, 6, 3, 1),
            )[0]
        if state is RequestState.RETURNED:
            due = answered + timedelta(days=25)
        items = self.random.sample(PROOFS, self.random.randint(1, 3))
        identity = self.add(
            tables.Request,
            agreement_id=deal.id,
            kind=self.random.choice((RequestKind.INFORMATION, RequestKind.EVIDENCE_RENEWAL)),
            year=year,
            sequence=self.sequences[year],
            reason="Renovação periódica da prova.",
            opened_on=opened,
            first_due_on=opened + timedelta(days=15),
            state=state,
            due_on=due,
            submitted_at=None if state in {RequestState.OPEN, RequestState.REFUSED} else self.at(answered),
            recorded_at=self.at(opened),
        )
        for position, (kind, incisos, title) in enumerate(items, start=1):
            self.add(
                tables.RequestItem,
                request_id=identity,
                position=position,
                inciso=incisos[0],
                evidence_kind=kind,
                title=title,
                question=f"Envie: {title.lower()}.",
                accepts=[kind.value],
            )
        story = [("opened", RequestState.OPEN, opened, opened + timedelta(days=15))]
        if state not in {RequestState.OPEN, RequestState.REFUSED}:
            story.append(("submitted", RequestState.SUBMITTED, answered, opened + timedelta(days=15)))
        if state not in {RequestState.OPEN, RequestState.SUBMITTED}:
            story.append((state.value, state, min(self.today, answered + timedelta(days=3)), due))
        for what, then, on, until in story:
            self.add(
                tables.RequestEvent, request_id=identity, kind=what, state=then, due_on=until, recorded_at=self.at(on)
            )

    def _conduct(self, deal: _Deal) -> None:
        """Record what happened: audits, what they led to, incidents, instructions, help asked, tests of the channel."""
        profile = deal.operator.profile
        moment, last = self.at(deal.recorded), min(self.today, deal.last)
        good = self.chance(profile.conduct)
        if last <= deal.recorded:
            return
        if self.chance(profile.proof * 0.6):
            on = self.day(deal.recorded, last)
            audit = self.add(
                tables.Audit,
                agreement_id=deal.id,
                title="Inspeção documental",
                planned_on=on,
                performed_on=on if good else None,
                concluded_on=on if good else None,
                refused_on=on if not good and self.chance(0.2) else None,
                conclusion="Sem ressalvas." if good else "",
                recorded_at=self.at(on),
            )
            if self.chance(0.3):
                due = on + timedelta(days=60)
                self.add(
                    tables.CorrectiveAction,
                    agreement_id=deal.id,
                    audit_lineage=audit,
                    inciso=self.random.choice(INCISOS[:11]),
                    description="Corrigir o que a inspeção apontou.",
                    due_on=due,
                    done_on=min(self.today, due) if good else None,
                    recorded_at=self.at(on),
                )
        if self.chance(0.06):
            learned = self.at(self.day(deal.recorded, last))
            told_in_time = learned - timedelta(hours=3)
            self.add(
                tables.Incident,
                agreement_id=deal.id,
                title="Acesso indevido a caixa de correio",
                suspected_at=learned - timedelta(hours=5 if good else 90),
                reported_at=told_in_time if good else learned,
                learned_at=learned,
                source=IncidentSource.OPERATOR,
                recorded_at=learned,
            )
        if self.chance(0.15):
            sent = self.day(deal.recorded, last)
            self.add(
                tables.Instruction,
                agreement_id=deal.id,
                text="Revisar as contas de acesso ao sistema.",
                sent_on=sent,
                due_on=sent + timedelta(days=20),
                acknowledged_on=sent if good else None,
                done_on=min(self.today, sent + timedelta(days=10)) if good else None,
                recorded_at=self.at(sent),
            )
        if self.chance(0.1):
            asked = self.day(deal.recorded, last)
            self.add(
                tables.Assistance,
                agreement_id=deal.id,
                subject="Confirmação de tratamento pedida por titular",
                asked_on=asked,
                due_on=asked + timedelta(days=7),
                answered_on=min(self.today, asked + timedelta(days=3)) if good else None,
                recorded_at=self.at(asked),
            )
        if self.chance(0.3):
            tested = self.at(self.day(deal.recorded, last))
            self.add(
                tables.ChannelTest,
                agreement_id=deal.id,
                tested_at=tested,
                answered_at=min(self.now, tested + timedelta(hours=2)) if good else None,
                recorded_at=tested,
            )
        if not good and self.chance(0.08):
            found = self.day(deal.recorded, last)
            self.add(
                tables.Deviation,
                agreement_id=deal.id,
                inciso=self.random.choice(("II", "VI", "VII")),
                description="Operação sem registro, encontrada em inspeção.",
                found_on=found,
                recorded_at=moment if found <= deal.recorded else self.at(found),
            )

    def _end(self, deal: _Deal) -> None:
        """Open the disposal case of an agreement that is over; good operators have proved the disposal."""
        if deal.last >= self.today:
            return
        begun = min(self.today, max(deal.last + timedelta(days=1), deal.recorded))
        proved = self.chance(0.15 + deal.operator.profile.proof * 0.75)
        evidence = accepted = None
        if proved:
            received = self.day(begun, min(self.today, begun + timedelta(days=28)))
            evidence = self._proof(
                deal.operator, EvidenceKind.DISPOSAL_CERTIFICATE, ("XII",), "Certificado de descarte", received
            )
            self.add(
                tables.EvidenceAgreement, evidence_id=evidence, agreement_id=deal.id, recorded_at=self.at(received)
            )
            accepted = min(self.today, received + timedelta(days=5)) if self.chance(0.8) else None
        self.add(
            tables.DisposalCase,
            agreement_id=deal.id,
            trigger=EndReason.TERM if deal.ended is None else EndReason.RESCISSION,
            triggered_on=deal.last,
            manner="disposal" if proved else "",
            covers_copies=proved or None,
            covers_backups=proved or None,
            covers_sub_operators=proved or None,
            evidence_id=evidence,
            accepted_on=accepted,
            recorded_at=self.at(begun),
        )
