"""Agreements: what is on record about each instrument, from which day on, and who decided it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from contracts.cnpj import Cnpj, CnpjError, mask_cpf_in
from contracts.evaluation import Assessment
from contracts.obligation import Finding
from contracts.vocabulary import (
    ActionKind,
    AgreementKind,
    ContactRole,
    DataCategory,
    DispensationGround,
    EndReason,
    Exposure,
    Regime,
    RequestKind,
    RequestState,
    Role,
    StewardRole,
    SubjectGroup,
    UserRole,
    VolumeBand,
)
from vendor_tracker import clock
from vendor_tracker.importing.building import read_pncp_id
from vendor_tracker.importing.sentences import sentence_case
from vendor_tracker.store import people, register
from vendor_tracker.store.facts import agreement_label
from vendor_tracker.store.register import AgreementLine, ContactLine, PaperLine
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    Operator,
    Steward,
    SubOperator,
    Unit,
)
from vendor_tracker.usecases import judging, operators
from vendor_tracker.usecases.operators import one_at_a_time
from vendor_tracker.usecases.presenting import ActionView, JudgementView, judgement_view, obligation_view
from vendor_tracker.usecases.work import Actor, ConflictError, NotFoundError, UseCaseError, Work, act, look

PAGE_SIZE = 50
REQUESTS_SHOWN = 20
STAGES = ("in_force", "ending", "future", "closed")
EARLIEST = date(1950, 1, 1)

NO_AGREEMENT = "Não há esse acordo no registro."


# ----------------------------------------------------------------------------------------------------------------------
# What pages show
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgreementsPage:
    """A page of the list of agreements; ``total`` counts those that the filters let through."""

    title: str
    agreements: tuple[AgreementLine, ...]
    units: tuple[tuple[int, str], ...]
    total: int
    number: int
    size: int
    filtered: bool
    today: date


@dataclass(frozen=True, slots=True)
class Said:
    """What is on record about an agreement, as it holds; ``None`` means that nobody has told us."""

    sei_process: str = ""
    object: str = ""
    signed_on: date | None = None
    published_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    ended_on: date | None = None
    end_reason: EndReason | None = None
    value: Decimal | None = None
    role: Role | None = None
    role_justification: str = ""
    role_approved_by: str = ""
    role_approved_on: date | None = None
    dispensation_ground: DispensationGround | None = None
    dispensation_detail: str = ""
    dispensation_by: str = ""
    dispensation_on: date | None = None
    purpose: str | None = None
    public_function: str | None = None
    legal_basis: str | None = None
    guarantees: str | None = None
    subject_access: str | None = None
    reviewed_on: date | None = None
    data_categories: tuple[DataCategory, ...] | None = None
    subject_groups: tuple[SubjectGroup, ...] | None = None
    sensitive: bool | None = None
    children: bool | None = None
    judicial_secrecy: bool | None = None
    volume: VolumeBand | None = None
    international_transfer: bool | None = None
    transfer_countries: tuple[str, ...] = ()
    system_access: bool | None = None
    external_hosting: bool | None = None
    uses_sub_operators: bool | None = None
    nobody_has_access: bool | None = None
    raised_exposure: Exposure | None = None
    raised_exposure_reason: str = ""
    incident_term_hours: int | None = None
    assistance_term_days: int | None = None
    disposal_term_days: int | None = None
    secret: bool = False
    secrecy_ground: str = ""


_ENUM_LISTS: Mapping[str, type[DataCategory] | type[SubjectGroup]] = {
    "data_categories": DataCategory,
    "subject_groups": SubjectGroup,
}


def said_by(revision: AgreementRevision | None) -> Said:
    """Return what a revision says, as a frozen value; nothing at all for ``None``."""
    if revision is None:
        return Said()
    values: dict[str, Any] = {}
    for item in fields(Said):
        value = getattr(revision, item.name)
        if item.name in _ENUM_LISTS and value is not None:
            value = tuple(_ENUM_LISTS[item.name](slug) for slug in value)
        elif item.name == "transfer_countries":
            value = tuple(value or ())
        values[item.name] = value
    return Said(**values)


@dataclass(frozen=True, slots=True)
class Identity:
    """What an agreement is called and with whom it is."""

    id: int
    label: str
    kind: AgreementKind
    number: str
    pncp_id: str | None
    unit_id: int | None
    unit: str
    source: str
    operator_id: int
    operator: str
    cnpj: str | None
    foreign_id: str | None
    regime: Regime | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something to do about an agreement, with every inciso that it mends.

    ``kind`` is an :class:`ActionKind` slug, or ``approve_role``.
    """

    kind: str
    sentence: str
    why: str
    incisos: tuple[str, ...]
    due_on: date | None
    action: ActionView | None = None
    """The action of the first of the incisos, for the page that does it."""


@dataclass(frozen=True, slots=True)
class StewardLine:
    """A gestor or fiscal."""

    lineage: int
    role: StewardRole
    name: str
    email: str
    portaria: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class SubOperatorLine:
    """A sub-operator; ``parent`` is the name of the one that engaged it, empty when the operator itself did."""

    lineage: int
    name: str
    cnpj: str | None
    country: str
    activity: str
    authorised_on: date | None
    since: date | None
    until: date | None
    parent: str


@dataclass(frozen=True, slots=True)
class TermLine:
    """An aditivo, apostilamento or rescission that the source lists."""

    kind: str
    number: str
    signed_on: date | None
    new_ends_on: date | None
    object: str


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request under the agreement."""

    id: int
    number: str
    kind: RequestKind
    state: RequestState
    opened_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that a revision changed; ``key`` is the column, and the values are as :class:`Said` has them."""

    key: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What changed, when it was recorded, from which day it holds, and who recorded it."""

    recorded_at: datetime
    by: str
    holds_from: date
    reason: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """One agreement: what to do, what is on record, how it stands and what happened to it."""

    title: str
    identity: Identity
    said: Said
    object: str
    """The object as a sentence, whatever letters the source used."""
    starts_on: date | None
    ends_on: date | None
    """Last day, terms of extension included."""
    today: date
    stage: str
    judgement: JudgementView
    next_steps: tuple[NextStep, ...]
    missing: tuple[str, ...]
    """Keys of :data:`vendor_tracker.store.register.MISSING` that nobody has answered."""
    contacts: tuple[ContactLine, ...]
    stewards: tuple[StewardLine, ...]
    former_stewards: tuple[StewardLine, ...]
    sub_operators: tuple[SubOperatorLine, ...]
    papers: tuple[PaperLine, ...]
    requests: tuple[RequestLine, ...]
    terms: tuple[TermLine, ...]
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class EditPage:
    """What the form of a section needs: the agreement, what is on record and the day it holds from."""

    title: str
    identity: Identity
    said: Said
    object: str
    """The object as a sentence, for reading; the form shows it as it is on record."""
    revision_id: int | None
    """What the form shows; handed back, it tells whether somebody else wrote in the meantime."""
    holds_from: date
    first_day: date
    today: date
    units: tuple[tuple[int, str], ...]
    contacts: tuple[ContactLine, ...]
    stewards: tuple[StewardLine, ...]
    sub_operators: tuple[SubOperatorLine, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What the first step of a registration needs."""

    title: str
    units: tuple[tuple[int, str], ...]
    operator: operators.OperatorValues | None


# ----------------------------------------------------------------------------------------------------------------------
# Reading
# ----------------------------------------------------------------------------------------------------------------------


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
        lines, total = register.agreement_lines(session, **filters, offset=(number - 1) * size, limit=size)
        if not lines and total:
            number = (total + size - 1) // size
            lines, total = register.agreement_lines(session, **filters, offset=(number - 1) * size, limit=size)
        units = tuple((unit.id, unit.name) for unit in people.units(session))
    shown = tuple(line._replace(object=sentence_case(line.object), missing=int(line.missing)) for line in lines)
    return AgreementsPage(
        "Acordos", shown, units, total, number, size, filtered=any(filters.values()), today=clock.today()
    )


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
        terms = register.terms_of(session, [agreement_id])
        stewards = [_steward_line(row) for row in register.stewards(session, agreement_id)]
        papers = register.papers_of(session, agreement_id)
        by = register.names_of(session, (row.recorded_by_id for row in rows))
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
            missing=register.missing_of(session, agreement_id),
            contacts=tuple(
                row
                for row in register.contacts(session, operator_id=identity.operator_id, agreement_id=agreement_id)
                if row.until is None or row.until >= today
            ),
            stewards=tuple(row for row in stewards if row.until is None or row.until >= today),
            former_stewards=tuple(row for row in stewards if row.until is not None and row.until < today),
            sub_operators=_sub_operator_lines(register.sub_operators(session, agreement_id)),
            papers=tuple(papers),
            requests=tuple(
                RequestLine(row.id, f"{row.year}/{row.sequence:04d}", row.kind, row.state, row.opened_on, row.due_on)
                for row in register.requests_of(session, agreement_id, limit=REQUESTS_SHOWN)
            ),
            terms=tuple(
                TermLine(row.kind, row.number, row.signed_on, row.new_ends_on, sentence_case(row.object))
                for row in terms
            ),
            history=history_of(rows, by),
        )


_GROUPED: Mapping[ActionKind, str] = {
    ActionKind.TERMO_ADITIVO: "Propor termo aditivo com as cláusulas que faltam",
    ActionKind.READ_INSTRUMENT: "Conferir o instrumento assinado",
    ActionKind.REQUEST_EVIDENCE: "Requisitar as evidências que faltam",
    ActionKind.REVIEW_EVIDENCE: "Conferir as evidências recebidas",
    ActionKind.COMPLETE_RECORD: "Completar o registro",
    ActionKind.CORRECTIVE_ACTION: "Exigir ações corretivas",
    ActionKind.FORMAL_NOTICE: "Notificar formalmente o operador",
}
"""What a step says when one act mends several incisos."""

_URGENCY: tuple[ActionKind, ...] = (
    ActionKind.FORMAL_NOTICE,
    ActionKind.CORRECTIVE_ACTION,
    ActionKind.READ_INSTRUMENT,
    ActionKind.TERMO_ADITIVO,
    ActionKind.REVIEW_EVIDENCE,
    ActionKind.REQUEST_EVIDENCE,
    ActionKind.COMPLETE_RECORD,
)
"""What is broken first, then what was promised, then what was proved, then our own records."""


def next_steps(assessment: Assessment, said: Said, *, has_papers: bool) -> tuple[NextStep, ...]:
    """Gather the next action of every obligation into as few acts as mend them all, the most urgent first."""
    steps: list[NextStep] = []
    if needs_approval(said):
        steps.append(
            NextStep(
                "approve_role",
                "Decidir sobre o papel proposto no tratamento",
                "Com o Encarregado. Enquanto não for aprovado, o acordo é avaliado como de operador (art. 14, caput)",
                (),
                None,
            )
        )
    by_kind: dict[ActionKind, list[Finding]] = {}
    for finding in (*assessment.findings, *assessment.further):
        if finding.next_action.kind is not ActionKind.NOTHING:
            by_kind.setdefault(finding.next_action.kind, []).append(finding)
    for kind in _URGENCY:
        found = by_kind.get(kind, [])
        if not found:
            continue
        days = [finding.next_action.due_on for finding in found if finding.next_action.due_on is not None]
        sentence = _GROUPED[kind]
        if kind is ActionKind.READ_INSTRUMENT and not has_papers:
            sentence = "Anexar o instrumento assinado e conferir o que ele prevê"
        if len(found) == 1:
            act_words, _, why = found[0].next_action.sentence.partition(": ")
            sentence, why = (act_words, why[:1].upper() + why[1:]) if why else (act_words, "")
        else:
            why = ""
        steps.append(
            NextStep(
                kind.value,
                sentence,
                why.rstrip("."),
                tuple(finding.inciso for finding in found),
                min(days, default=None),
                obligation_view(found[0]).action,
            )
        )
    return tuple(steps)


def needs_approval(said: Said) -> bool:
    """Tell whether a role other than operator was proposed and waits for the Encarregado."""
    return said.role is not None and said.role is not Role.OPERATOR and said.role_approved_on is None


def history_of(rows: Sequence[AgreementRevision], names: Mapping[int, str]) -> tuple[HistoryEntry, ...]:
    """Return what each act changed, the newest first.

    A revision is compared with the one that held on its day when it was recorded. One act may write several, because a
    change is carried into every later picture; it is told once, from its first day on.
    """
    entries: list[HistoryEntry] = []
    for place, row in enumerate(rows):
        last = rows[place - 1] if place else None
        if last is not None and (last.recorded_at, last.reason) == (row.recorded_at, row.reason):
            continue
        earlier = rows[:place]
        base = register.holding_on(earlier, row.holds_from)
        if base is None and earlier:
            base = min(earlier, key=lambda other: (other.holds_from, other.id))
        before, after = said_by(base), said_by(row)
        changes = tuple(
            FieldChange(item.name, _told(before, item.name), _told(after, item.name))
            for item in fields(Said)
            if getattr(before, item.name) != getattr(after, item.name)
        )
        by = names.get(row.recorded_by_id or 0, "")
        entries.append(HistoryEntry(row.recorded_at, by, row.holds_from, row.reason, changes))
    return tuple(reversed(entries))


def _told(said: Said, key: str) -> object:
    """Return a field as the history tells it: the object as a sentence, even when the source shouts."""
    value: object = getattr(said, key)
    return sentence_case(value) if key == "object" and isinstance(value, str) else value


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
        contacts = register.contacts(session, operator_id=identity.operator_id, agreement_id=agreement_id)
        return EditPage(
            title=title,
            identity=identity,
            said=said_by(held),
            object=sentence_case(held.object) if held is not None else "",
            revision_id=held.id if held is not None else None,
            holds_from=held.holds_from if held is not None else today,
            first_day=min(days),
            today=today,
            units=tuple((unit.id, unit.name) for unit in people.units(session)),
            contacts=tuple(row for row in contacts if row.until is None or row.until >= today),
            stewards=tuple(
                _steward_line(row)
                for row in register.stewards(session, agreement_id)
                if row.until is None or row.until >= today
            ),
            sub_operators=_sub_operator_lines(register.sub_operators(session, agreement_id)),
            missing=register.missing_of(session, agreement_id),
        )


def new_page(*, operator_id: int | None = None) -> NewPage:
    """Return what the first step of a registration shows, with an operator already chosen when one is given."""
    with look() as session:
        units = tuple((unit.id, unit.name) for unit in people.units(session))
        row = session.get(Operator, operator_id) if operator_id is not None else None
        chosen = None
        if row is not None:
            chosen = operators.OperatorValues(
                row.id, row.name, row.cnpj, row.foreign_id, row.regime, row.country, row.address
            )
    return NewPage("Registrar acordo", units, chosen)


# ----------------------------------------------------------------------------------------------------------------------
# Registering and changing
# ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InstrumentData:
    """What identifies and dates an instrument, as a form hands it in."""

    kind: AgreementKind
    number: str
    sei_process: str = ""
    pncp_id: str = ""
    unit_id: int | None = None
    object: str = ""
    signed_on: date | None = None
    published_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ProcessingData:
    """What is done with which personal data, as a form hands it in; ``None`` means that nobody knows yet."""

    purpose: str = ""
    public_function: str = ""
    legal_basis: str = ""
    data_categories: tuple[DataCategory, ...] = ()
    subject_groups: tuple[SubjectGroup, ...] = ()
    volume: VolumeBand | None = None
    sensitive: bool | None = None
    children: bool | None = None
    judicial_secrecy: bool | None = None
    international_transfer: bool | None = None
    transfer_countries: tuple[str, ...] = ()
    system_access: bool | None = None
    external_hosting: bool | None = None
    uses_sub_operators: bool | None = None
    guarantees: str = ""
    subject_access: str = ""
    reviewed_on: date | None = None


def _checked_instrument(
    work: Work, data: InstrumentData, *, agreement: Agreement | None, operator_id: int
) -> dict[str, Any]:
    """Return the revision's fields; raises beside the field that is wrong."""
    number = " ".join(data.number.split())[:60]
    process = " ".join(data.sei_process.split())[:60]
    if not number and data.kind is AgreementKind.NONE:
        number = process
        if not number:
            raise UseCaseError(
                "Sem instrumento, o processo identifica o compartilhamento. Informe o número do processo.",
                field="sei_process",
            )
    if not number:
        raise UseCaseError("Informe o número do instrumento, como está impresso nele.", field="number")
    if data.starts_on is not None and data.ends_on is not None and data.ends_on < data.starts_on:
        raise UseCaseError(
            f"O fim da vigência ({data.ends_on:%d/%m/%Y}) é anterior ao início ({data.starts_on:%d/%m/%Y}).",
            field="ends_on",
        )
    if data.signed_on is not None and data.signed_on > work.today:
        raise UseCaseError("A assinatura não pode estar no futuro. Confira a data.", field="signed_on")
    if data.value is not None and data.value < 0:
        raise UseCaseError("Informe um valor positivo.", field="value")
    pncp_id = data.pncp_id.strip()
    if pncp_id and read_pncp_id(pncp_id) is None:
        raise UseCaseError(
            "Confira o número de controle: são 14 caracteres do CNPJ, -2-, seis algarismos, barra e o ano. "
            "Exemplo: 12345678000195-2-000123/2026.",
            field="pncp_id",
        )
    same = register.agreement_by_number(work.session, operator_id=operator_id, kind=data.kind, number=number)
    if same is not None and (agreement is None or same.id != agreement.id):
        raise ConflictError(
            f"Este operador já tem no registro {agreement_label(same.kind, same.number)}. Confira o número ou abra "
            "o que já existe.",
            field="number",
        )
    if pncp_id:
        owner = register.agreement_by_pncp_id(work.session, pncp_id.upper())
        if owner is not None and (agreement is None or owner.id != agreement.id):
            raise ConflictError(
                f"Este número de controle já identifica {agreement_label(owner.kind, owner.number)}.", field="pncp_id"
            )
    if data.unit_id is not None and work.session.get(Unit, data.unit_id) is None:
        raise UseCaseError("Escolha uma unidade da lista.", field="unit_id")
    return {
        "number": number,
        "pncp_id": pncp_id.upper() or None,
        "sei_process": process,
        "object": mask_cpf_in(data.object.strip()),
        "signed_on": data.signed_on,
        "published_on": data.published_on,
        "starts_on": data.starts_on,
        "ends_on": data.ends_on,
        "value": data.value,
    }


def first_day(today: date, *days: date | None) -> date:
    """Return the day from which a first picture holds: the first one known, never in the future."""
    return min(next((day for day in days if day is not None), today), today)


def create_agreement(
    actor: Actor,
    *,
    data: InstrumentData,
    cnpj: str | None,
    foreign_id: str | None = None,
    operator_name: str = "",
    regime: Regime | None = None,
    country: str = "BR",
) -> int:
    """Register an agreement with an operator, who is registered too when new. Returns the agreement's id.

    Raises :class:`UseCaseError` beside the wrong field (``operator_name`` when the operator is new and unnamed) and
    :class:`ConflictError` beside ``number`` when the operator already has an agreement of this kind and number.
    """
    with act(actor) as work, one_at_a_time("Este acordo acabou de ser registrado por outra pessoa. Abra a lista."):
        try:
            operator, made = operators.find_or_add(
                work, cnpj=cnpj, foreign_id=foreign_id, name=operator_name, regime=regime, country=country
            )
        except UseCaseError as error:
            raise type(error)(error.message, field="operator_name" if error.field == "name" else error.field) from None
        values = _checked_instrument(work, data, agreement=None, operator_id=operator.id)
        agreement = Agreement(
            operator_id=operator.id,
            kind=data.kind,
            number=values.pop("number"),
            pncp_id=values.pop("pncp_id"),
            unit_id=data.unit_id,
            source="manual",
            created_at=work.now,
        )
        work.session.add(agreement)
        work.session.flush()
        register.add_revision(
            work.session,
            agreement,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
            holds_from=first_day(work.today, data.signed_on, data.starts_on, data.published_on),
            reason="Registro do acordo",
            operator=operator,
            known=(),
            **values,
        )
        work.trail(
            "agreement_added",
            "agreement",
            agreement.id,
            f"{agreement_label(agreement.kind, agreement.number)} registrado, com {operator.name}.",
            {"operator": operator.id, "operator_is_new": made, **values},
        )
        judging.rejudge(work, [agreement.id], cause="Acordo registrado")
        return agreement.id


def _agreement(work: Work, agreement_id: int) -> Agreement:
    agreement = work.session.get(Agreement, agreement_id, with_for_update=True)
    if agreement is None:
        raise NotFoundError(NO_AGREEMENT)
    return agreement


def _record(
    work: Work,
    agreement: Agreement,
    *,
    holds_from: date,
    reason: str,
    act_name: str,
    summary: str,
    cause: str,
    values: Mapping[str, Any],
    also: Mapping[str, tuple[object, object]] | None = None,
) -> bool:
    """Add a revision with what changed, its trail line and the new judgement; ``False`` when nothing changed.

    ``also`` are changes of the agreement itself: key -> (before, after).
    """
    rows = register.revisions(work.session, agreement.id)
    held = register.holding_on(rows, holds_from) or (rows[0] if rows else None)
    changed = {key: value for key, value in values.items() if held is None or _differs(getattr(held, key), value)}
    if not changed and not also:
        return False
    if changed:
        register.add_revision(
            work.session,
            agreement,
            recorded_at=work.now,
            recorded_by_id=work.actor.user_id,
            holds_from=holds_from,
            reason=reason[:300],
            known=rows,
            **changed,
        )
    elif also:
        refresh_search(work, agreement)
    before = {key: getattr(held, key) if held is not None else None for key in changed}
    after = dict(changed)
    for key, (old, new) in (also or {}).items():
        before[key], after[key] = old, new
    work.trail(
        act_name,
        "agreement",
        agreement.id,
        summary,
        {"holds_from": holds_from, "reason": reason, "before": before, "after": after},
    )
    judging.rejudge(work, [agreement.id], cause=cause)
    return True


def refresh_search(work: Work, agreement: Agreement) -> None:
    """Write the search text anew after the number or the PNCP number changed."""
    revision = register.current_revision(work.session, agreement.id)
    if revision is not None:
        operator = work.session.get_one(Operator, agreement.operator_id)
        agreement.search_text = register.search_text_of(agreement, operator, revision)


def _differs(before: object, after: object) -> bool:
    """Tell whether a field changed; an empty text and a missing one say the same."""
    if before in (None, "") and after in (None, ""):
        return False
    return before != after


def _checked_seen(agreement: Agreement, seen: int | None) -> None:
    """Refuse a form that was filled in over a picture that is no longer the present one."""
    if seen is not None and seen != agreement.current_revision_id:
        raise ConflictError(
            "Outra pessoa alterou este acordo enquanto você escrevia. Confira em outra aba o que mudou e envie de "
            "novo; o que você digitou está abaixo."
        )


def _checked_day(work: Work, day: date) -> None:
    if day > work.today:
        raise UseCaseError(
            "Informe um dia até hoje. O que ainda vai valer é registrado quando começar a valer.", field="holds_from"
        )
    if day < EARLIEST:
        raise UseCaseError("Confira o ano.", field="holds_from")


def _checked_reason(reason: str, *, field: str = "reason", least: int = 3) -> str:
    words = " ".join(reason.split())
    if len(words) < least:
        raise UseCaseError("Diga em uma frase o motivo; ela fica no histórico do acordo.", field=field)
    return words


def change_instrument(
    actor: Actor, *, agreement_id: int, data: InstrumentData, holds_from: date, reason: str, seen: int | None = None
) -> bool:
    """Change what identifies and dates the instrument, from a day on; ``False`` when nothing changed.

    ``seen`` is the revision that the person was looking at; :class:`ConflictError` when it is not the present one.
    """
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        _checked_seen(agreement, seen)
        _checked_day(work, holds_from)
        words = _checked_reason(reason)
        values = _checked_instrument(work, data, agreement=agreement, operator_id=agreement.operator_id)
        own = {
            "kind": (agreement.kind, data.kind),
            "number": (agreement.number, values.pop("number")),
            "pncp_id": (agreement.pncp_id, values.pop("pncp_id")),
            "unit_id": (agreement.unit_id, data.unit_id),
        }
        also = {key: (before, after) for key, (before, after) in own.items() if before != after}
        for key, (_, after) in also.items():
            setattr(agreement, key, after)
        work.session.flush()
        return _record(
            work,
            agreement,
            holds_from=holds_from,
            reason=words,
            act_name="agreement_changed",
            summary=f"Dados de {agreement_label(agreement.kind, agreement.number)} alterados.",
            cause="Dados do acordo alterados",
            values=values,
            also=also,
        )


def change_processing(
    actor: Actor, *, agreement_id: int, data: ProcessingData, holds_from: date, reason: str, seen: int | None = None
) -> bool:
    """Change what is on record about the personal data, from a day on; ``False`` when nothing changed.

    ``seen`` is the revision that the person was looking at; :class:`ConflictError` when it is not the present one.
    """
    countries = tuple(dict.fromkeys(name.strip() for name in data.transfer_countries if name.strip()))
    if data.international_transfer is False and countries:
        raise UseCaseError(
            "Você disse que não há transferência internacional. Retire os países ou mude a resposta.",
            field="transfer_countries",
        )
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        _checked_seen(agreement, seen)
        _checked_day(work, holds_from)
        words = _checked_reason(reason)
        if data.reviewed_on is not None and data.reviewed_on > work.today:
            raise UseCaseError("A revisão não pode estar no futuro.", field="reviewed_on")
        values: dict[str, Any] = {
            "purpose": data.purpose.strip() or None,
            "public_function": data.public_function.strip() or None,
            "legal_basis": data.legal_basis.strip() or None,
            "guarantees": data.guarantees.strip() or None,
            "subject_access": data.subject_access.strip() or None,
            "data_categories": [category.value for category in data.data_categories] or None,
            "subject_groups": [group.value for group in data.subject_groups] or None,
            "volume": data.volume,
            "sensitive": data.sensitive,
            "children": data.children,
            "judicial_secrecy": data.judicial_secrecy,
            "international_transfer": data.international_transfer,
            "transfer_countries": list(countries),
            "system_access": data.system_access,
            "external_hosting": data.external_hosting,
            "uses_sub_operators": data.uses_sub_operators,
            "reviewed_on": data.reviewed_on,
        }
        return _record(
            work,
            agreement,
            holds_from=holds_from,
            reason=words,
            act_name="agreement_processing_changed",
            summary=f"Dados pessoais tratados em {agreement_label(agreement.kind, agreement.number)} informados.",
            cause="Dados pessoais tratados informados",
            values=values,
        )


def change_deadlines(
    actor: Actor,
    *,
    agreement_id: int,
    incident_term_hours: int | None,
    assistance_term_days: int | None,
    disposal_term_days: int | None,
    holds_from: date,
    reason: str,
) -> bool:
    """Record the terms that the instrument itself sets, which take the place of the administrative parameters."""
    limits = {"incident_term_hours": 720, "assistance_term_days": 365, "disposal_term_days": 3650}
    values: dict[str, Any] = {
        "incident_term_hours": incident_term_hours,
        "assistance_term_days": assistance_term_days,
        "disposal_term_days": disposal_term_days,
    }
    for key, most in limits.items():
        number = values[key]
        if number is not None and not 0 <= number <= most:
            raise UseCaseError(f"Informe um número de 0 a {most}.", field=key)
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        _checked_day(work, holds_from)
        return _record(
            work,
            agreement,
            holds_from=holds_from,
            reason=_checked_reason(reason),
            act_name="agreement_deadlines_changed",
            summary=f"Prazos fixados por {agreement_label(agreement.kind, agreement.number)} registrados.",
            cause="Prazos do instrumento registrados",
            values=values,
        )


def change_secrecy(actor: Actor, *, agreement_id: int, secret: bool, ground: str) -> bool:
    """Protect parts of the agreement (art. 5º), or open them again."""
    words = " ".join(ground.split())
    if secret and not words:
        raise UseCaseError("Informe o fundamento legal da restrição.", field="secrecy_ground")
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        return _record(
            work,
            agreement,
            holds_from=work.today,
            reason="Restrição de acesso (art. 5º)" if secret else "Fim da restrição de acesso (art. 5º)",
            act_name="agreement_secrecy_changed",
            summary=f"Acesso aos documentos de {agreement_label(agreement.kind, agreement.number)} "
            + ("restrito." if secret else "reaberto."),
            cause="Restrição de acesso alterada",
            values={"secret": secret, "secrecy_ground": words if secret else ""},
        )


# -- decisions --------------------------------------------------------------------------------------------------------


def propose_role(actor: Actor, *, agreement_id: int, role: Role, justification: str) -> bool:
    """Propose who decides about the processing (art. 13). Any role but operator waits for the Encarregado."""
    words = " ".join(justification.split())
    if role is not Role.OPERATOR and len(words) < 10:
        raise UseCaseError(
            "Justifique em ao menos uma frase: o Encarregado decide com base nela.", field="justification"
        )
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        return _record(
            work,
            agreement,
            holds_from=work.today,
            reason="Papel no tratamento registrado" if role is Role.OPERATOR else "Papel no tratamento proposto",
            act_name="agreement_role_proposed",
            summary=f"Papel no tratamento proposto para {agreement_label(agreement.kind, agreement.number)}.",
            cause="Papel no tratamento proposto",
            values={
                "role": role,
                "role_justification": words,
                "role_approved_by": "",
                "role_approved_on": None,
            },
        )


def decide_role(actor: Actor, *, agreement_id: int, approve: bool, reason: str = "") -> None:
    """Approve the proposed role, or return it: the agreement is then judged as an operator's again."""
    if actor.role not in {UserRole.ENCARREGADO, UserRole.ADMIN}:
        raise UseCaseError("Só o Encarregado decide sobre o papel no tratamento.")
    words = " ".join(reason.split())
    if not approve and len(words) < 3:
        raise UseCaseError("Diga em uma frase por que a proposta não foi aprovada.", field="reason")
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        held = register.current_revision(work.session, agreement_id)
        if not needs_approval(said_by(held)):
            raise ConflictError("Não há papel aguardando decisão neste acordo; talvez alguém já tenha decidido.")
        label = agreement_label(agreement.kind, agreement.number)
        values: dict[str, Any] = (
            {"role_approved_by": actor.display or actor.name, "role_approved_on": work.today}
            if approve
            else {"role": None, "role_justification": "", "role_approved_by": "", "role_approved_on": None}
        )
        _record(
            work,
            agreement,
            holds_from=work.today,
            reason="Papel no tratamento aprovado" if approve else f"Papel no tratamento não aprovado: {words}",
            act_name="agreement_role_approved" if approve else "agreement_role_refused",
            summary=f"Papel no tratamento de {label} {'aprovado' if approve else 'não aprovado'}.",
            cause="Papel no tratamento aprovado" if approve else "Papel no tratamento não aprovado",
            values=values,
        )


def decide_dispensation(
    actor: Actor, *, agreement_id: int, ground: DispensationGround | None, detail: str, decided_on: date | None = None
) -> bool:
    """Decide that no instrument, or no assessment, is asked for; ``ground`` ``None`` withdraws the decision."""
    if actor.role not in {UserRole.ENCARREGADO, UserRole.LEGAL, UserRole.ADMIN}:
        raise UseCaseError("Só o Encarregado ou o Jurídico decidem sobre dispensa.")
    words = " ".join(detail.split())
    if len(words) < 10:
        raise UseCaseError("Explique em ao menos uma frase os fatos e o fundamento.", field="detail")
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        day = decided_on or work.today
        if day > work.today:
            raise UseCaseError("A decisão não pode estar no futuro.", field="decided_on")
        label = agreement_label(agreement.kind, agreement.number)
        values: dict[str, Any] = {
            "dispensation_ground": ground,
            "dispensation_detail": words if ground else "",
            "dispensation_by": (actor.display or actor.name) if ground else "",
            "dispensation_on": day if ground else None,
        }
        return _record(
            work,
            agreement,
            holds_from=day if ground else work.today,
            reason="Dispensa decidida (art. 6º)" if ground else f"Dispensa retirada: {words}",
            act_name="agreement_dispensed" if ground else "agreement_dispensation_withdrawn",
            summary=f"Dispensa {'decidida' if ground else 'retirada'} para {label}.",
            cause="Dispensa decidida" if ground else "Dispensa retirada",
            values=values,
        )


def raise_exposure(actor: Actor, *, agreement_id: int, tier: Exposure | None, reason: str) -> bool:
    """Raise the tier that the sum gives, with a reason; ``None`` returns to the sum. Nobody can lower it."""
    words = _checked_reason(reason, least=10)
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        label = agreement_label(agreement.kind, agreement.number)
        return _record(
            work,
            agreement,
            holds_from=work.today,
            reason=f"Exposição elevada: {words}" if tier else f"Exposição volta à soma: {words}",
            act_name="agreement_exposure_raised",
            summary=f"Exposição de {label} {'elevada' if tier else 'devolvida à soma'}.",
            cause="Exposição alterada",
            values={"raised_exposure": tier, "raised_exposure_reason": words if tier else ""},
        )


def end_agreement(actor: Actor, *, agreement_id: int, ended_on: date, end_reason: EndReason, reason: str) -> None:
    """Record that the bond ended, or will end, before its term (rescission, purpose met); disposal follows (XII)."""
    words = _checked_reason(reason)
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        held = register.current_revision(work.session, agreement_id)
        if held is not None and held.starts_on is not None and ended_on < held.starts_on:
            raise UseCaseError(
                f"O acordo começou em {held.starts_on:%d/%m/%Y}; informe um dia depois.", field="ended_on"
            )
        if (ended_on - work.today).days > 366:
            raise UseCaseError("Confira o ano: a data está a mais de um ano de hoje.", field="ended_on")
        if held is not None and held.ended_on is not None:
            raise ConflictError(f"Este acordo já foi encerrado em {held.ended_on:%d/%m/%Y}.", field="ended_on")
        label = agreement_label(agreement.kind, agreement.number)
        _record(
            work,
            agreement,
            holds_from=min(ended_on, work.today),
            reason=words,
            act_name="agreement_ended",
            summary=f"{label} encerrado em {ended_on:%d/%m/%Y}.",
            cause="Acordo encerrado",
            values={"ended_on": ended_on, "end_reason": end_reason},
        )


def undo_end(actor: Actor, *, agreement_id: int, reason: str) -> None:
    """Take back an end that was recorded by mistake; both stay in the history."""
    words = _checked_reason(reason)
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        held = register.current_revision(work.session, agreement_id)
        if held is None or held.ended_on is None:
            raise ConflictError("Este acordo não está encerrado antes do termo.")
        _record(
            work,
            agreement,
            holds_from=min(held.holds_from, work.today),
            reason=f"Encerramento desfeito: {words}",
            act_name="agreement_end_undone",
            summary=f"Encerramento de {agreement_label(agreement.kind, agreement.number)} desfeito.",
            cause="Encerramento desfeito",
            values={"ended_on": None, "end_reason": None},
        )


# -- who follows it ---------------------------------------------------------------------------------------------------


def add_steward(
    actor: Actor,
    *,
    agreement_id: int,
    role: StewardRole,
    name: str,
    email: str = "",
    portaria: str = "",
    since: date | None = None,
    replaces: int | None = None,
) -> int:
    """Register the gestor or a fiscal by portaria; returns the lineage. ``replaces`` ends the one before on the eve."""
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        day = since or work.today
        if not name.strip():
            raise UseCaseError("Informe o nome.", field="name")
        address = email.strip()
        if address and ("@" not in address or " " in address):
            raise UseCaseError("Informe um e-mail válido.", field="email")
        if day > work.today:
            raise UseCaseError("Informe um dia até hoje: o da designação.", field="since")
        if replaces is not None:
            former = _steward(work, agreement_id, replaces)
            if day <= former.since:
                raise UseCaseError(
                    f"A designação anterior é de {former.since:%d/%m/%Y}; informe um dia depois.", field="since"
                )
            eve = date.fromordinal(day.toordinal() - 1)
            work.session.add(former.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, until=eve))
        user = people.user_by_email(work.session, address) if address else None
        row = Steward(
            agreement_id=agreement_id,
            role=role,
            name=name.strip()[:200],
            email=address[:254],
            portaria=portaria.strip()[:120],
            user_id=user.id if user is not None else None,
            since=day,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        work.trail(
            "steward_added",
            "agreement",
            agreement_id,
            f"Designação registrada em {agreement_label(agreement.kind, agreement.number)}: {row.name}.",
            {"steward": row.lineage, "role": role, "portaria": row.portaria, "since": day, "replaces": replaces},
        )
        judging.rejudge(work, [agreement_id], cause="Gestor ou fiscal designado")
        return int(row.lineage or row.id)


def _steward(work: Work, agreement_id: int, lineage: int) -> Steward:
    row = register.newest(work.session, Steward, lineage)
    if row is None or row.agreement_id != agreement_id:
        raise NotFoundError("Não há essa designação.")
    return row


def end_steward(actor: Actor, *, agreement_id: int, lineage: int, until: date) -> None:
    """Record the last day of a designation."""
    with act(actor) as work:
        row = _steward(work, agreement_id, lineage)
        if until < row.since:
            raise UseCaseError(f"A designação é de {row.since:%d/%m/%Y}; informe um dia depois.", field="until")
        if until > work.today:
            raise UseCaseError("Informe um dia até hoje.", field="until")
        work.session.add(row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, until=until))
        work.trail(
            "steward_ended",
            "agreement",
            agreement_id,
            f"Designação encerrada: {row.name}.",
            {"steward": lineage, "until": until},
        )
        judging.rejudge(work, [agreement_id], cause="Designação encerrada")


def add_sub_operator(
    actor: Actor,
    *,
    agreement_id: int,
    name: str,
    cnpj: str | None = None,
    country: str = "BR",
    activity: str = "",
    authorised_on: date | None = None,
    since: date | None = None,
    parent: int | None = None,
) -> int:
    """Register a sub-operator; returns its lineage. ``parent`` is the lineage of the sub-operator that engaged it."""
    number = None
    if cnpj and cnpj.strip():
        try:
            number = Cnpj.parse(cnpj).value
        except CnpjError as error:
            raise UseCaseError(str(error), field="cnpj") from None
    clean = mask_cpf_in(" ".join(name.split()))[:300]
    if not clean:
        raise UseCaseError("Informe o nome do suboperador.", field="name")
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        if authorised_on is not None and authorised_on > work.today:
            raise UseCaseError("A autorização não pode estar no futuro.", field="authorised_on")
        if parent is not None:
            _sub_operator(work, agreement_id, parent)
        row = SubOperator(
            agreement_id=agreement_id,
            parent_lineage=parent,
            name=clean,
            cnpj=number,
            country=(country or "BR").upper()[:2],
            activity=activity.strip()[:300],
            authorised_on=authorised_on,
            since=since,
            recorded_at=work.now,
            recorded_by_id=actor.user_id,
        )
        work.session.add(row)
        work.session.flush()
        work.trail(
            "sub_operator_added",
            "agreement",
            agreement_id,
            f"Suboperador registrado em {agreement_label(agreement.kind, agreement.number)}: {clean}.",
            {"sub_operator": row.lineage, "authorised_on": authorised_on, "country": row.country},
        )
        judging.rejudge(work, [agreement_id], cause="Suboperador registrado")
        return int(row.lineage or row.id)


def _sub_operator(work: Work, agreement_id: int, lineage: int) -> SubOperator:
    row = register.newest(work.session, SubOperator, lineage)
    if row is None or row.agreement_id != agreement_id:
        raise NotFoundError("Não há esse suboperador.")
    return row


def authorise_sub_operator(actor: Actor, *, agreement_id: int, lineage: int, authorised_on: date) -> None:
    """Record the day on which the court authorised a sub-operator."""
    with act(actor) as work:
        row = _sub_operator(work, agreement_id, lineage)
        if authorised_on > work.today:
            raise UseCaseError("A autorização não pode estar no futuro.", field="authorised_on")
        work.session.add(
            row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, authorised_on=authorised_on)
        )
        work.trail(
            "sub_operator_authorised",
            "agreement",
            agreement_id,
            f"Suboperador autorizado: {row.name}.",
            {"sub_operator": lineage, "authorised_on": authorised_on},
        )
        judging.rejudge(work, [agreement_id], cause="Suboperador autorizado")


def end_sub_operator(actor: Actor, *, agreement_id: int, lineage: int, until: date) -> None:
    """Record the last day on which a sub-operator took part."""
    with act(actor) as work:
        row = _sub_operator(work, agreement_id, lineage)
        first = row.since or row.authorised_on
        if first is not None and until < first:
            raise UseCaseError(f"A participação começou em {first:%d/%m/%Y}; informe um dia depois.", field="until")
        if until > work.today:
            raise UseCaseError("Informe um dia até hoje.", field="until")
        work.session.add(row.next_version(recorded_at=work.now, recorded_by_id=actor.user_id, until=until))
        work.trail(
            "sub_operator_ended",
            "agreement",
            agreement_id,
            f"Participação de suboperador encerrada: {row.name}.",
            {"sub_operator": lineage, "until": until},
        )
        judging.rejudge(work, [agreement_id], cause="Suboperador encerrado")


# -- everybody at once ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """A person or channel as a form hands it in; without a name there is nobody to record."""

    name: str = ""
    email: str = ""
    phone: str = ""
    document: str = ""
    reachable_always: bool | None = None


@dataclass(frozen=True, slots=True)
class PeopleData:
    """The role of the other party and who answers on each side, as one step of a registration hands them in."""

    role: Role | None = None
    justification: str = ""
    gestor: Person = Person()
    fiscal: Person = Person()
    preposto: Person = Person()
    channel: Person = Person()


def register_people(actor: Actor, *, agreement_id: int, data: PeopleData) -> bool:
    """Record the role and the people of an agreement in one act; ``False`` when nothing changed.

    A person already on record for the same function is corrected; nobody is removed by being left blank. Errors stand
    beside fields named ``gestor_name``, ``preposto_email`` and so on.
    """
    words = " ".join(data.justification.split())
    if data.role not in {None, Role.OPERATOR} and len(words) < 10:
        raise UseCaseError(
            "Justifique em ao menos uma frase: o Encarregado decide com base nela.", field="justification"
        )
    people_by_field = {"gestor": data.gestor, "fiscal": data.fiscal, "preposto": data.preposto, "channel": data.channel}
    for prefix, person in people_by_field.items():
        address = person.email.strip()
        if address and ("@" not in address or " " in address):
            raise UseCaseError("Informe um e-mail válido.", field=f"{prefix}_email")
        if not person.name.strip() and (address or person.phone.strip() or person.document.strip()):
            raise UseCaseError("Informe o nome.", field=f"{prefix}_name")
    if data.preposto.name.strip() and not data.preposto.email.strip():
        raise UseCaseError("Informe o e-mail: é para onde vão as requisições.", field="preposto_email")
    if data.channel.name.strip() and not (data.channel.email.strip() or data.channel.phone.strip()):
        raise UseCaseError("Informe um meio de contato do canal: e-mail ou telefone.", field="channel_email")
    with act(actor) as work:
        agreement = _agreement(work, agreement_id)
        changed = [
            *_put_stewards(work, agreement, {StewardRole.GESTOR: data.gestor, StewardRole.FISCAL: data.fiscal}),
            *_put_contacts(
                work, agreement, {ContactRole.PREPOSTO: data.preposto, ContactRole.INCIDENT_CHANNEL: data.channel}
            ),
        ]
        label = agreement_label(agreement.kind, agreement.number)
        held = said_by(register.current_revision(work.session, agreement_id))
        decided = data.role is not None and (held.role is not data.role or held.role_justification != words)
        if changed:
            work.trail(
                "agreement_people_registered",
                "agreement",
                agreement_id,
                f"Pessoas de {label} registradas: {', '.join(changed)}.",
                {"people": changed},
            )
            judging.rejudge_operators(work, [agreement.operator_id], cause="Pessoas do acordo registradas")
        if decided:
            _record(
                work,
                agreement,
                holds_from=work.today,
                reason="Papel no tratamento registrado"
                if data.role is Role.OPERATOR
                else "Papel no tratamento proposto",
                act_name="agreement_role_proposed",
                summary=f"Papel no tratamento proposto para {label}.",
                cause="Papel no tratamento proposto",
                values={
                    "role": data.role,
                    "role_justification": words,
                    "role_approved_by": "",
                    "role_approved_on": None,
                },
            )
        return bool(changed) or decided


def _put_stewards(work: Work, agreement: Agreement, named: Mapping[StewardRole, Person]) -> list[str]:
    """Add or correct the present gestor and fiscal; returns the names that changed."""
    present = [row for row in register.stewards(work.session, agreement.id) if row.until is None]
    changed = []
    for role, person in named.items():
        name = person.name.strip()[:200]
        if not name:
            continue
        address = person.email.strip()[:254]
        user = people.user_by_email(work.session, address) if address else None
        said = {
            "name": name,
            "email": address,
            "portaria": person.document.strip()[:120],
            "user_id": user.id if user is not None else None,
        }
        held = next((row for row in present if row.role is role), None)
        if held is None:
            work.session.add(
                Steward(
                    agreement_id=agreement.id,
                    role=role,
                    since=work.today,
                    recorded_at=work.now,
                    recorded_by_id=work.actor.user_id,
                    **said,
                )
            )
        elif any(getattr(held, key) != value for key, value in said.items()):
            work.session.add(held.next_version(recorded_at=work.now, recorded_by_id=work.actor.user_id, **said))
        else:
            continue
        changed.append(name)
    return changed


def _put_contacts(work: Work, agreement: Agreement, named: Mapping[ContactRole, Person]) -> list[str]:
    """Add or correct the present preposto and incident channel of the operator; returns the names that changed."""
    present = register.present_contacts(work.session, agreement.operator_id)
    changed = []
    for role, person in named.items():
        name = person.name.strip()[:200]
        if not name:
            continue
        said: dict[str, Any] = {
            "name": name,
            "email": person.email.strip()[:254],
            "phone": person.phone.strip()[:60],
            "reachable_always": person.reachable_always if role is ContactRole.INCIDENT_CHANNEL else None,
        }
        serving = [row for row in present if row.role is role and row.agreement_id in {None, agreement.id}]
        held = min(serving, key=lambda row: row.agreement_id is None, default=None)
        if held is None:
            operators.put_contact(
                work, operator_id=agreement.operator_id, agreement_id=None, role=role, since=work.today, **said
            )
        elif any(getattr(held, key) != value for key, value in said.items()):
            work.session.add(held.next_version(recorded_at=work.now, recorded_by_id=work.actor.user_id, **said))
        else:
            continue
        changed.append(name)
    return changed
