"""The hands of the demonstration: each method is one act of one person, done through the use case a page would call."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO

from contracts.vocabulary import (
    INCISOS,
    INDEPENDENT_EVIDENCE,
    AgreementKind,
    ContactRole,
    Coverage,
    EvidenceKind,
    IncidentSource,
    InstrumentKind,
    RequestKind,
    ReviewDecision,
    Role,
    StewardRole,
    UserRole,
)
from contracts.workdays import TermUnit, add_months
from vendor_tracker import clock
from vendor_tracker.demo import papers, signed
from vendor_tracker.demo.cast import OTHERS, PASSWORD, PEOPLE, UNITS, Company, ascii_of
from vendor_tracker.demo.clauses import saying
from vendor_tracker.demo.deals import Deal
from vendor_tracker.demo.papers import Clause
from vendor_tracker.demo.proofs import SCOPED, paper_of
from vendor_tracker.files import FileStore
from vendor_tracker.settings import Settings
from vendor_tracker.usecases import (
    accounts,
    agreements,
    batches,
    conduct,
    documents,
    evidence,
    instruments,
    judging,
    operators,
    requesting,
)
from vendor_tracker.usecases.batches import Filters
from vendor_tracker.usecases.evidence import Decision, EvidenceData
from vendor_tracker.usecases.filing import Upload
from vendor_tracker.usecases.instruments import PaperData, Reading
from vendor_tracker.usecases.requesting import NewItem
from vendor_tracker.usecases.work import Actor, look
from vendor_tracker.wording.batches import filter_words

MEGABYTE = 1024 * 1024


@dataclass(slots=True)
class Bond:
    """An agreement on record, and what its story needs to remember."""

    deal: Deal
    id: int
    operator_id: int
    label: str
    papers: dict[str, int] = field(default_factory=dict)
    fiscal: str = "fiscal@orgao.example"


def decided(kind: EvidenceKind | None, reason: str = "", *, months: int | None = None) -> Decision:
    """Return the decision about a proof that waits for one: accepted from today, or returned for ``reason``."""
    if reason or kind is None:
        return Decision(ReviewDecision.RETURNED, seen=None, reason=reason)
    return Decision(
        ReviewDecision.ACCEPTED,
        seen=None,
        valid_from=clock.today(),
        valid_until=add_months(clock.today(), months) if months else None,
        independent=kind in INDEPENDENT_EVIDENCE,
        covers_service=True if kind in SCOPED else None,
    )


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of conduct on record."""

    bond: Bond
    slug: str
    lineage: int


@dataclass(slots=True)
class Delivery:
    """A line of an agreed calendar, and when it comes next."""

    fact: Fact
    months: int
    next_due_on: date


@dataclass(slots=True)
class Hands:
    """Everybody's hands, and what they know of each other's records."""

    settings: Settings
    files: FileStore
    today: date
    """The day on which the demonstration is built: deals count their days from it."""
    actors: dict[str, Actor] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    bonds: dict[str, Bond] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    """Requests that a story answers itself."""
    _said: dict[int, tuple[Mapping[str, Clause], Mapping[str, papers.Passage]]] = field(default_factory=dict)

    # -- people --------------------------------------------------------------------------------------------------------

    def open_accounts(self) -> None:
        """Make the units and the accounts; one of them is closed again."""
        first = Actor("demo", display="Demonstração")
        for code, (name, acronym) in UNITS.items():
            self.units[code] = accounts.add_unit(first, code=code, name=name, acronym=acronym)
        for person in (*PEOPLE.values(), *OTHERS):
            user_id = accounts.add_user(
                first,
                email=person.email,
                name=person.name,
                role=person.role,
                password=PASSWORD if person not in OTHERS else None,
                unit_id=self.units.get(person.unit),
            )
            self.actors[person.email] = accounts.account(user_id).actor
        left = self.actors[OTHERS[-1].email]
        accounts.change_user(
            self.as_(UserRole.ADMIN), user_id=left.user_id or 0, role=UserRole.PROCUREMENT, active=False, unit_id=None
        )

    def as_(self, role: UserRole) -> Actor:
        """Return who signs in with a role."""
        return self.actors[PEOPLE[role].email]

    @property
    def officer(self) -> Actor:
        """Gestão de contratos."""
        return self.as_(UserRole.PROCUREMENT)

    @property
    def lawyer(self) -> Actor:
        """Jurídico."""
        return self.as_(UserRole.LEGAL)

    @property
    def encarregado(self) -> Actor:
        """The Encarregado."""
        return self.as_(UserRole.ENCARREGADO)

    def fiscal_of(self, bond: Bond) -> Actor:
        """Return the fiscal who follows an agreement."""
        return self.actors[bond.fiscal]

    # -- the register --------------------------------------------------------------------------------------------------

    def register(self, deal: Deal, *, completed: bool = True) -> Bond:
        """Put an agreement on record with its operator and, unless told otherwise, what is done with the data."""
        company = deal.company
        data = deal.instrument(self.today, self.units[deal.unit])
        agreement_id = agreements.create_agreement(
            self.officer,
            data=data,
            cnpj=company.cnpj,
            foreign_id=company.foreign_id,
            operator_name=company.name,
            regime=company.regime,
            country=company.country,
        )
        identity = agreements.edit_page(agreement_id=agreement_id, title="").identity
        bond = Bond(deal, agreement_id, identity.operator_id, identity.label)
        self.bonds[deal.key] = bond
        known = any(other is not bond and other.operator_id == bond.operator_id for other in self.bonds.values())
        if not known and company.address:
            operators.change_operator(
                self.officer,
                operator_id=bond.operator_id,
                name=company.name,
                regime=company.regime,
                country=company.country,
                address=company.address,
            )
        if completed:
            self.complete(bond)
        return bond

    def complete(self, bond: Bond) -> None:
        """Say what is done with which data, since the beginning, and in which role."""
        agreements.change_processing(
            self.officer,
            agreement_id=bond.id,
            data=bond.deal.processing(),
            holds_from=bond.deal.signed_on(self.today),
            reason="Dados completados pela unidade gestora",
        )
        if bond.deal.role is Role.OPERATOR:
            agreements.propose_role(self.officer, agreement_id=bond.id, role=Role.OPERATOR, justification="")

    def follow(self, bond: Bond, *, gestor: str, fiscal: str, portaria: str) -> None:
        """Appoint the gestor and the fiscal by portaria; ``fiscal`` is the e-mail of an account."""
        bond.fiscal = fiscal
        for role, name, email in (
            (StewardRole.GESTOR, gestor, f"{ascii_of(gestor.partition(' ')[0])}@orgao.example"),
            (StewardRole.FISCAL, self.actors[fiscal].display, fiscal),
        ):
            agreements.add_steward(
                self.officer, agreement_id=bond.id, role=role, name=name, email=email, portaria=portaria
            )

    def introduce(
        self,
        company: Company,
        bond: Bond,
        *,
        channel: bool | None = True,
        encarregado: str = "",
        since: date | None = None,
    ) -> None:
        """Register the preposto and, unless ``channel`` is ``None``, the incident channel (``True``: at any hour)."""
        operators.add_contact(
            self.officer,
            operator_id=bond.operator_id,
            role=ContactRole.PREPOSTO,
            name=company.preposto,
            email=company.email,
            phone="(00) 0000-0000",
            document="Carta de preposição",
            since=since,
        )
        if channel is not None:
            operators.add_contact(
                self.officer,
                operator_id=bond.operator_id,
                role=ContactRole.INCIDENT_CHANNEL,
                name="Central de incidentes",
                email=f"incidentes@{company.domain}.example",
                phone="0000 000 0000",
                reachable_always=channel,
                since=since,
            )
        if encarregado:
            operators.add_contact(
                self.officer,
                operator_id=bond.operator_id,
                role=ContactRole.ENCARREGADO,
                name=encarregado,
                email=f"privacidade@{company.domain}.example",
                since=since,
            )

    # -- papers --------------------------------------------------------------------------------------------------------

    def upload(self, data: bytes, name: str) -> Upload:
        """Return bytes as a form hands them in."""
        return Upload(BytesIO(data), name, 25 * MEGABYTE)

    def sign_original(
        self, bond: Bond, clauses: Mapping[str, Clause] | None = None, *, with_file: bool = True, published: bool = True
    ) -> None:
        """Register the instrument as signed at the beginning; it says ``clauses``, for who reads it later."""
        deal = bond.deal
        said = saying() if clauses is None else dict(clauses)
        data, passages = papers.contract(
            title=bond.label,
            body=self.settings.body.name,
            operator=deal.company.name,
            object_=deal.object[0].lower() + deal.object[1:],
            signed_on=deal.signed_on(self.today),
            clauses=said,
        )
        instrument = deal.instrument(self.today, None)
        bond.papers["original"] = instruments.register_instrument(
            self.officer,
            self.files,
            agreement_id=bond.id,
            data=PaperData(
                InstrumentKind.ORIGINAL,
                bond.label,
                signed_on=instrument.signed_on,
                signed_by_both=True,
                in_force_from=instrument.starts_on,
                published_on=instrument.published_on if published else None,
            ),
            upload=self.upload(data, f"{bond.label.replace('/', '-')} assinado.pdf") if with_file else None,
        )
        self._said[bond.papers["original"]] = (said, passages)

    def read(self, bond: Bond, paper: str = "original", *, points: Iterable[str] = (*INCISOS,)) -> None:
        """Confirm, as the lawyer, what a paper says about some points; what it does not mention is missing."""
        lineage = bond.papers[paper]
        said, passages = self._said[lineage]
        readings = []
        for point in points:
            clause, passage = said.get(point), passages.get(point)
            if clause is None or passage is None:
                readings.append(Reading(point, Coverage.MISSING))
            else:
                coverage = Coverage.PARTIAL if clause.missing_idea else Coverage.COVERED
                readings.append(Reading(point, coverage, passage.quote, passage.place, clause.missing_idea))
        instruments.confirm(self.lawyer, lineage=lineage, readings=readings)

    def read_all(self, bond: Bond, paper: str = "original") -> None:
        """Confirm every inciso and, of what the paper mentions, every formality."""
        said, _ = self._said[bond.papers[paper]]
        self.read(bond, paper, points=(*INCISOS, *(point for point in said if point not in INCISOS)))

    def issue(self, bond: Bond, kind: str) -> int:
        """Issue a document of the clause library; returns its id."""
        return documents.issue(self.lawyer, self.files, self.settings.body, agreement_id=bond.id, kind=kind).row.id

    def batch(self, filters: Filters) -> int:
        """Ask for the termos aditivos of a filtered list and let them be issued; returns the batch."""
        number = batches.start(self.lawyer, filters=filters, describe=filter_words)
        batches.work_through(self.files, self.settings.body, worker="demonstração")
        return number

    def propose(self, document_id: int, *, note: str = "") -> int:
        """Hand an issued document to the operator for signature; returns the proposal."""
        return documents.propose(self.lawyer, document_id=document_id, proposed_on=clock.today(), note=note)

    def refuse(self, proposal: int, *, note: str) -> None:
        """Record that the operator refused to sign today."""
        documents.answer_proposal(self.lawyer, lineage=proposal, refused_on=clock.today(), signed_on=None, note=note)

    def sign_issued(
        self, bond: Bond, document_id: int, *, title: str, kind: InstrumentKind = InstrumentKind.ADITIVO
    ) -> None:
        """Register the signed file of a document of ours, and confirm what it promised to say."""
        issued = documents.show(self.lawyer, document_id=document_id)
        lineage = instruments.register_instrument(
            self.officer,
            self.files,
            agreement_id=bond.id,
            data=PaperData(
                kind,
                title,
                signed_on=clock.today(),
                signed_by_both=True,
                in_force_from=clock.today(),
                published_on=clock.today() if bond.deal.kind is AgreementKind.CONTRATO else None,
                issued_document_id=document_id,
            ),
            upload=self.upload(self.files.read(issued.row.sha256), f"{title} assinado.docx"),
        )
        bond.papers[title] = lineage
        page = instruments.instrument_page(self.lawyer, lineage=lineage)
        instruments.confirm(
            self.lawyer,
            lineage=lineage,
            readings=[point.proposed for point in page.points if point.proposed is not None],
        )

    def return_altered(self, bond: Bond, document_id: int, *, title: str, kind: InstrumentKind) -> None:
        """Register a document of ours that came back signed with other words; the machine compares, nobody confirms."""
        issued = documents.show(self.lawyer, document_id=document_id)
        data = signed.altered(self.files.read(issued.row.sha256))
        bond.papers[title] = instruments.file_instrument(
            self.officer,
            self.files,
            agreement_id=bond.id,
            data=PaperData(kind, title, signed_on=clock.today(), signed_by_both=True, issued_document_id=document_id),
            upload=self.upload(data, f"{title} assinado.docx"),
        )

    def sign_ordinary(self, bond: Bond) -> None:
        """Register an ordinary contract, which the machine reads; the lawyer confirms some points, and corrects one."""
        deal = bond.deal
        heading, *paragraphs = (each.format(operator=deal.company.name) for each in signed.CONTRACT)
        instrument = deal.instrument(self.today, None)
        lineage = instruments.file_instrument(
            self.officer,
            self.files,
            agreement_id=bond.id,
            data=PaperData(
                InstrumentKind.ORIGINAL,
                bond.label,
                signed_on=instrument.signed_on,
                signed_by_both=True,
                in_force_from=instrument.starts_on,
            ),
            upload=self.upload(papers.pdf(heading, paragraphs), f"{bond.label.replace('/', '-')} assinado.pdf"),
        )
        bond.papers["original"] = lineage

    def begin_check(self, bond: Bond, points: Sequence[str], *, corrected: Reading) -> None:
        """Confirm, as the lawyer, what the machine proposes about some points, and conclude otherwise about one."""
        lineage = bond.papers["original"]
        page = instruments.instrument_page(self.lawyer, lineage=lineage)
        proposed = {point.point: point.proposed for point in page.points}
        # A "talvez" is no conclusion: nobody can confirm it as it stands.
        readings = [
            each for point in points if (each := proposed[point]) is not None and each.coverage is not Coverage.POSSIBLE
        ]
        instruments.confirm(self.lawyer, lineage=lineage, readings=[*readings, corrected])

    # -- proofs --------------------------------------------------------------------------------------------------------

    def prove(self, bond: Bond, kind: EvidenceKind, *, title: str = "", accepted_for: int | None = None) -> int:
        """Register, as the fiscal, a proof that came by other ways, and accept it for so many months if told to."""
        name, paragraphs = paper_of(kind, bond.deal.company.name, bond.label, clock.today())
        proof = evidence.register(
            self.fiscal_of(bond),
            self.files,
            agreement_id=bond.id,
            data=EvidenceData(kind, evidence.usual_incisos()[kind] or ("V",), title=title or name),
            upload=self.upload(papers.pdf(name, paragraphs), f"{name}.pdf"),
        )
        if accepted_for is not None:
            evidence.decide(self.fiscal_of(bond), evidence_id=proof, decision=decided(kind, months=accepted_for))
        return proof

    def call_false(self, proof: int, reason: str) -> None:
        """Conclude, as the Encarregado, that a proof is false."""
        evidence.decide(
            self.encarregado,
            evidence_id=proof,
            decision=Decision(ReviewDecision.FALSE, reason=reason, confirmed=True),
        )

    # -- requests ------------------------------------------------------------------------------------------------------

    def ask(
        self, bond: Bond, kind: RequestKind, incisos: Sequence[str], reason: str, *, due_in: int, kept: bool = False
    ) -> int:
        """Open a request by hand; returns its id. ``kept``: the story answers it, or nobody does."""
        words = {inciso: requesting.suggestion(inciso) for inciso in incisos}
        request_id = requesting.create_request(
            self.fiscal_of(bond),
            agreement_id=bond.id,
            kind=kind,
            items=[
                NewItem(inciso, words[inciso].title, words[inciso].question, wants_file=False) for inciso in incisos
            ],
            due_on=self.working_day(due_in),
            reason=reason,
        )
        if kept:
            self.kept.add(request_id)
        return request_id

    # -- conduct -------------------------------------------------------------------------------------------------------

    def _fact(self, bond: Bond, slug: str, **values: object) -> Fact:
        lineage = conduct.record(self.fiscal_of(bond), self.files, agreement_id=bond.id, slug=slug, values=values)
        return Fact(bond, slug, lineage)

    def _change(self, fact: Fact, **changes: object) -> None:
        actor = self.fiscal_of(fact.bond)
        held = conduct.show(actor, slug=fact.slug, lineage=fact.lineage).values
        conduct.revise(actor, self.files, slug=fact.slug, lineage=fact.lineage, values={**held, **changes})

    def people(self, bond: Bond, *labels: str, function: str) -> list[Fact]:
        """Register who has access, each with need and commitment."""
        return [
            self._fact(
                bond,
                "pessoa",
                label=label,
                function=function,
                has_need=True,
                need="Executa o serviço contratado.",
                committed_on=clock.today(),
                access_from=clock.today(),
            )
            for label in labels
        ]

    def left(self, person: Fact) -> None:
        """Record that somebody left and kept the access."""
        self._change(person, left_on=clock.today() - timedelta(days=3))

    def calendar(self, bond: Bond, *lines: tuple[str, int]) -> None:
        """Agree on what is sent, and how often in months."""
        for what, months in lines:
            fact = self._fact(
                bond, "envio", what=what, to_whom="Fiscal do acordo", months=months, agreed_on=clock.today()
            )
            self.deliveries.append(Delivery(fact, months, add_months(clock.today(), months)))

    def deliver(self, delivery: Delivery) -> None:
        """Record that a line of the calendar came today."""
        self._change(delivery.fact, last_delivered_on=clock.today(), next_due_on=None)
        delivery.next_due_on = add_months(clock.today(), delivery.months)

    def audit(self, bond: Bond, title: str, *, conclusion: str = "", refused: bool = False, **planned: object) -> Fact:
        """Record an audit done and concluded, or refused, today; ``planned`` are its scope, criteria and team."""
        today = clock.today()
        if refused:
            return self._fact(bond, "auditoria", title=title, planned_on=today, refused_on=today)
        done_on = today - timedelta(days=6)
        return self._fact(
            bond,
            "auditoria",
            title=title,
            planned_on=done_on,
            performed_on=done_on,
            concluded_on=today,
            conclusion=conclusion,
            **planned,
        )

    def plan_audit(self, bond: Bond, title: str, *, ahead: int) -> Fact:
        """Put an audit on the calendar."""
        return self._fact(bond, "auditoria", title=title, planned_on=self.working_day(ahead))

    def action(self, bond: Bond, inciso: str, description: str, *, due_in: int, audit: Fact | None = None) -> Fact:
        """Demand that something be mended."""
        return self._fact(
            bond,
            "acao-corretiva",
            inciso=inciso,
            description=description,
            due_on=self.working_day(due_in),
            audit_lineage=audit.lineage if audit else None,
        )

    def done(self, fact: Fact) -> None:
        """Record that a corrective action or an instruction was carried out today."""
        self._change(fact, done_on=clock.today())

    def incident(
        self,
        bond: Bond,
        title: str,
        description: str,
        *,
        suspected: float,
        reported: float | None,
        learned: float | None = None,
        source: IncidentSource = IncidentSource.OPERATOR,
        delay_reason: str = "",
        **told: object,
    ) -> Fact:
        """Record an incident; the numbers are hours before now, ``told`` what art. 25, § 1º, asks besides."""
        heard = learned if learned is not None else reported
        return self._fact(
            bond,
            "incidente",
            title=title,
            description=description,
            suspected_at=self.hours_ago(suspected),
            reported_at=None if reported is None else self.hours_ago(reported),
            learned_at=self.hours_ago(heard or 0),
            source=source,
            delay_reason=delay_reason,
            **told,
        )

    def instruct(self, bond: Bond, text: str, *, due_in: int) -> Fact:
        """Send an instruction."""
        return self._fact(bond, "instrucao", text=text, sent_on=clock.today(), due_on=self.working_day(due_in))

    def obeyed(self, order: Fact) -> None:
        """Record that an instruction was acknowledged and carried out."""
        self._change(order, acknowledged_on=clock.today(), done_on=clock.today())

    def ask_help(self, bond: Bond, subject: str) -> Fact:
        """Ask the operator to help with somebody's request."""
        return self._fact(bond, "auxilio", subject=subject, asked_on=clock.today())

    def helped(self, fact: Fact) -> None:
        """Record that the help came today."""
        self._change(fact, answered_on=clock.today())

    def test_channel(self, bond: Bond, *, answered_in: float | None) -> None:
        """Test the incident channel some days ago; ``answered_in`` hours, or never."""
        tested_at = self.hours_ago(50)
        self._fact(
            bond,
            "teste-do-canal",
            tested_at=tested_at,
            answered_at=None if answered_in is None else tested_at + timedelta(hours=answered_in),
        )

    def deviation(self, bond: Bond, inciso: str, description: str) -> None:
        """Record a fact that shows a duty broken."""
        self._fact(bond, "ocorrencia", inciso=inciso, description=description, found_on=clock.today())

    def paper(self, kind: str, about: Fact | int) -> int:
        """Issue a paper about a fact, or about a request by its id; returns its id."""
        lineage = about.lineage if isinstance(about, Fact) else about
        return documents.issue(self.lawyer, self.files, self.settings.body, kind=kind, subject_id=lineage).row.id

    def accept_disposal(self, bond: Bond) -> bool:
        """Close the agreement with the proof of disposal, if one was accepted already, and draw up its term."""
        groups = conduct.index(agreement_id=bond.id).groups
        lines = [line for group in groups if group.kind.slug == "descarte" for line in group.lines]
        if not lines:
            return False
        case = Fact(bond, "descarte", lines[0].lineage)
        proofs = conduct.show(self.fiscal_of(bond), slug="descarte", lineage=case.lineage).proofs
        if not proofs:
            return False
        self._change(
            case,
            manner="disposal",
            covers_copies=True,
            covers_backups=True,
            covers_sub_operators=True,
            evidence_id=proofs[0][0],
            accepted_on=clock.today(),
            what="Exames, laudos e cadastros de servidores, no sistema de agendamento e nas planilhas exportadas.",
            method="Apagamento seguro com sobrescrita e destruição das mídias de cópia.",
            responsible="Irene Pacheco",
        )
        self.paper("termo-de-devolucao-e-descarte", case)
        return True

    # -- days ----------------------------------------------------------------------------------------------------------

    def working_day(self, days: int, *, unit: TermUnit = TermUnit.CALENDAR_DAYS) -> date:
        """Return the working day on which a term of ``days`` from the story's today ends."""
        with look() as session:
            return judging.workdays_of(session).due_after(clock.today(), days, unit)

    def hours_ago(self, hours: float) -> datetime:
        """Return the moment so many hours before the story's now."""
        return clock.now() - timedelta(hours=hours)
