"""Queries about operators and agreements, and the one way to record what is known of an agreement."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from contracts.vocabulary import AgreementKind, ContactRole, Exposure, Regime, Role, StewardRole
from vendor_tracker.store.base import current
from vendor_tracker.store.labels import KIND_WORDS
from vendor_tracker.store.search import escaped, folded
from vendor_tracker.store.tables import (
    Agreement,
    AgreementRevision,
    AgreementTerm,
    Contact,
    Evidence,
    EvidenceReview,
    FindingChange,
    ImportBatch,
    Instrument,
    IssuedDocument,
    Operator,
    Request,
    Standing,
    Steward,
    StoredFile,
    SubOperator,
    Unit,
    User,
)

V = TypeVar("V", Contact, Steward, SubOperator)
T = TypeVar("T")

CHUNK = 500
"""How many identifiers go into one statement; SQLite bounds its variables."""

_BOOKKEEPING = frozenset({"id", "recorded_at", "recorded_by_id", "agreement_id", "holds_from", "reason"})
SAID = tuple(column.key for column in AgreementRevision.__mapper__.column_attrs if column.key not in _BOOKKEEPING)
"""What a revision says of its agreement, in the order of the table; the other columns say when, why and by whom."""


class OperatorLine(NamedTuple):
    """A line of the list of operators."""

    id: int
    name: str
    cnpj: str | None
    foreign_id: str | None
    regime: Regime | None
    agreements: int
    in_force: int
    breached: int
    """Breached obligations, over all its agreements."""
    worst_score: int | None
    """The lowest score among its agreements in force."""
    exposure: int
    """The highest exposure among its agreements in force: 0 none, 1 low, 2 medium, 3 high."""


class AgreementLine(NamedTuple):
    """A line of the list of agreements."""

    id: int
    kind: AgreementKind
    number: str
    operator_id: int
    operator: str
    unit: str
    object: str
    starts_on: date | None
    ends_on: date | None
    ended_on: date | None
    score: int | None
    exposure: Exposure | None
    breached: int
    stage: str
    missing: int
    """How many of the data that PNCP does not know are still missing."""


class AgreementHead(NamedTuple):
    """What identifies an agreement and its operator."""

    id: int
    operator_id: int
    kind: AgreementKind
    number: str
    pncp_id: str | None
    external_id: str | None
    unit_id: int | None
    source: str
    created_at: datetime
    operator: str
    cnpj: str | None
    foreign_id: str | None
    regime: Regime | None
    unit: str


class AgreementOfOperator(NamedTuple):
    """An agreement on its operator's page."""

    id: int
    kind: AgreementKind
    number: str
    object: str
    starts_on: date | None
    ends_on: date | None
    ended_on: date | None
    score: int | None
    exposure: Exposure | None
    breached: int
    stage: str
    next_due_on: date | None


# -- writing ----------------------------------------------------------------------------------------------------------


def search_text_of(agreement: Agreement, operator: Operator, revision: AgreementRevision) -> str:
    """Return what the search of agreements looks in: kind, numbers, process, object and operator, folded."""
    words = (
        KIND_WORDS[agreement.kind],
        agreement.number,
        revision.sei_process,
        agreement.pncp_id or "",
        revision.object,
        operator.name,
        operator.cnpj or operator.foreign_id or "",
    )
    return folded(" ".join(words))


def _column_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave empty lists of facts out, so that the database holds NULL for "nobody has told us", never JSON's null."""
    return {
        key: value
        for key, value in values.items()
        if value is not None or key not in {"data_categories", "subject_groups", "transfer_countries"}
    }


def add_revision(
    session: Session,
    agreement: Agreement,
    *,
    recorded_at: datetime,
    recorded_by_id: int | None,
    holds_from: date,
    reason: str,
    operator: Operator | None = None,
    known: Sequence[AgreementRevision] | None = None,
    carry: bool = True,
    **changes: Any,
) -> AgreementRevision:
    """Record that ``changes`` are true of ``agreement`` from the day ``holds_from`` on.

    The new revision copies the one that held on that day. Where later days have revisions of their own, the same
    changes are carried into each of them, so that what was recorded after it does not undo a correction of the past.
    With ``carry`` false they are not, because the caller looks at each day by itself.
    Keeps ``current_revision_id`` and ``search_text``. ``operator`` and ``known`` (all its revisions, by id) spare
    queries. Returns the revision that now holds. Raises ``TypeError`` for a column that no revision has.
    """
    unknown = changes.keys() - set(SAID)
    if unknown:
        message = f"AgreementRevision has no columns {sorted(unknown)}."
        raise TypeError(message)
    operator = operator or session.get_one(Operator, agreement.operator_id)
    earlier = list(known) if known is not None else revisions(session, agreement.id)
    days = [holds_from]
    if carry:
        days += sorted({row.holds_from for row in earlier if row.holds_from > holds_from})
    rows = []
    for day in days:
        # What is said of days before the first picture is read from that picture: it is all that is known.
        base = holding_on(earlier, day) or min(earlier, key=lambda row: (row.holds_from, row.id), default=None)
        said = {key: getattr(base, key) for key in SAID} if base is not None else {}
        row = AgreementRevision(
            agreement_id=agreement.id,
            holds_from=day,
            reason=reason,
            recorded_at=recorded_at,
            recorded_by_id=recorded_by_id,
            **_column_values({**said, **changes}),
        )
        session.add(row)
        rows.append(row)
    session.flush()
    newest = max((*earlier, *rows), key=lambda row: (row.holds_from, row.id))
    agreement.current_revision_id = newest.id
    agreement.search_text = search_text_of(agreement, operator, newest)
    return newest


def holding_on(rows: Iterable[AgreementRevision], day: date) -> AgreementRevision | None:
    """Return the revision that holds on ``day``: the latest that had begun and, of one day, the last recorded."""
    begun = [row for row in rows if row.holds_from <= day]
    return max(begun, key=lambda row: (row.holds_from, row.id), default=None)


def refresh_search_text(session: Session, operator: Operator) -> None:
    """Write the search text of all agreements of an operator anew, after its name or number changed."""
    rows = session.execute(
        select(Agreement, AgreementRevision)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(Agreement.operator_id == operator.id)
    )
    for agreement, revision in rows:
        agreement.search_text = search_text_of(agreement, operator, revision)


# -- one record -------------------------------------------------------------------------------------------------------


def operator_by_cnpj(session: Session, cnpj: str) -> Operator | None:
    """Return the operator with these fourteen characters."""
    return session.scalar(select(Operator).where(Operator.cnpj == cnpj))


def operator_by_foreign_id(session: Session, foreign_id: str) -> Operator | None:
    """Return the foreign operator with this identification."""
    return session.scalar(select(Operator).where(Operator.foreign_id == foreign_id))


def agreement_by_number(session: Session, *, operator_id: int, kind: AgreementKind, number: str) -> Agreement | None:
    """Return the agreement of this operator with this kind and number."""
    return session.scalar(
        select(Agreement).where(
            Agreement.operator_id == operator_id, Agreement.kind == kind, Agreement.number == number
        )
    )


def agreement_by_pncp_id(session: Session, pncp_id: str) -> Agreement | None:
    """Return the agreement with this PNCP control number."""
    return session.scalar(select(Agreement).where(Agreement.pncp_id == pncp_id))


def head(session: Session, agreement_id: int) -> AgreementHead | None:
    """Return what identifies an agreement."""
    row = session.execute(
        select(
            Agreement.id,
            Agreement.operator_id,
            Agreement.kind,
            Agreement.number,
            Agreement.pncp_id,
            Agreement.external_id,
            Agreement.unit_id,
            Agreement.source,
            Agreement.created_at,
            Operator.name,
            Operator.cnpj,
            Operator.foreign_id,
            Operator.regime,
            func.coalesce(Unit.name, ""),
        )
        .join(Operator, Operator.id == Agreement.operator_id)
        .outerjoin(Unit, Unit.id == Agreement.unit_id)
        .where(Agreement.id == agreement_id)
    ).one_or_none()
    return None if row is None else AgreementHead._make(row)


def revisions(session: Session, agreement_id: int) -> list[AgreementRevision]:
    """Return every revision of an agreement, in the order in which they were recorded."""
    return list(
        session.scalars(
            select(AgreementRevision)
            .where(AgreementRevision.agreement_id == agreement_id)
            .order_by(AgreementRevision.id)
        )
    )


def current_revision(session: Session, agreement_id: int) -> AgreementRevision | None:
    """Return the revision that lists show."""
    return session.scalar(
        select(AgreementRevision)
        .join(Agreement, Agreement.current_revision_id == AgreementRevision.id)
        .where(Agreement.id == agreement_id)
    )


def ids_of_operator(session: Session, operator_id: int) -> list[int]:
    """Return the ids of an operator's agreements."""
    return list(
        session.scalars(select(Agreement.id).where(Agreement.operator_id == operator_id).order_by(Agreement.id))
    )


def newest(session: Session, table: type[V], lineage: int) -> V | None:
    """Return the version that counts of a contact, steward or sub-operator."""
    return session.scalar(select(table).where(table.lineage == lineage, current(table)))


# -- lists ------------------------------------------------------------------------------------------------------------


def has_words(column: Any, words: str) -> ColumnElement[bool]:
    """Return the condition that a folded column holds each of the words typed (the first eight)."""
    return and_(*(column.like(f"%{escaped(word)}%", escape="\\") for word in folded(words).split()[:8]))


_EXPOSURE_RANK = case((Standing.exposure == Exposure.HIGH, 3), (Standing.exposure == Exposure.MEDIUM, 2), else_=1)


def operator_lines(
    session: Session, *, words: str = "", regime: str = "", order: str = "name", offset: int, limit: int
) -> tuple[list[OperatorLine], int]:
    """Return a page of operators and how many there are.

    ``regime`` is a slug of :class:`Regime`, ``none`` for those without one, or empty. ``order`` is ``name`` or
    ``worst`` (breached first, then the lowest score).
    """
    conditions: list[ColumnElement[bool]] = []
    if words:
        bare = re.sub(r"[^0-9A-Za-z]", "", words).upper()
        found = [has_words(Operator.search_name, words)]
        if len(bare) >= 4:
            found += [
                Operator.cnpj.like(f"{bare}%"),
                func.upper(Operator.foreign_id).like(f"{escaped(bare)}%", escape="\\"),
            ]
        conditions.append(or_(*found))
    if regime == "none":
        conditions.append(Operator.regime.is_(None))
    elif regime:
        conditions.append(Operator.regime == Regime(regime))
    live = Standing.stage.in_(("in_force", "ending"))
    owned = (
        select(
            Agreement.operator_id,
            func.count().label("agreements"),
            func.sum(case((Standing.stage == "in_force", 1), else_=0)).label("in_force"),
            func.sum(case((live, Standing.breached), else_=0)).label("breached"),
            func.min(case((live, Standing.score), else_=None)).label("worst"),
            func.max(case((live, _EXPOSURE_RANK), else_=0)).label("exposure"),
        )
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
        .group_by(Agreement.operator_id)
        .subquery()
    )
    orders: tuple[Any, ...] = (Operator.search_name, Operator.id)
    if order == "worst":
        orders = (
            func.coalesce(owned.c.breached, 0).desc(),
            func.coalesce(owned.c.worst, 101),
            func.coalesce(owned.c.exposure, 0).desc(),
            *orders,
        )
    statement = (
        select(
            Operator.id,
            Operator.name,
            Operator.cnpj,
            Operator.foreign_id,
            Operator.regime,
            func.coalesce(owned.c.agreements, 0),
            func.coalesce(owned.c.in_force, 0),
            func.coalesce(owned.c.breached, 0),
            owned.c.worst,
            func.coalesce(owned.c.exposure, 0),
        )
        .outerjoin(owned, owned.c.operator_id == Operator.id)
        .where(*conditions)
        .order_by(*orders)
        .offset(offset)
        .limit(limit)
    )
    total = session.scalar(select(func.count()).select_from(Operator).where(*conditions)) or 0
    return [OperatorLine._make(row) for row in session.execute(statement)], total


def _blank(column: Any) -> ColumnElement[bool]:
    return or_(column.is_(None), column == "")


def _blank_list(column: Any) -> ColumnElement[bool]:
    """Tell whether a JSON list was never answered, whether the database holds NULL or JSON's own null."""
    return or_(column.is_(None), cast(column, String) == "null")


MISSING: Mapping[str, ColumnElement[bool]] = {
    "role": AgreementRevision.role.is_(None),
    "purpose": _blank(AgreementRevision.purpose),
    "legal_basis": _blank(AgreementRevision.legal_basis),
    "public_function": _blank(AgreementRevision.public_function),
    "data_categories": _blank_list(AgreementRevision.data_categories),
    "subject_groups": _blank_list(AgreementRevision.subject_groups),
    "sensitive": AgreementRevision.sensitive.is_(None),
    "children": AgreementRevision.children.is_(None),
    "judicial_secrecy": AgreementRevision.judicial_secrecy.is_(None),
    "volume": AgreementRevision.volume.is_(None),
    "international_transfer": AgreementRevision.international_transfer.is_(None),
    "system_access": AgreementRevision.system_access.is_(None),
    "external_hosting": AgreementRevision.external_hosting.is_(None),
    "uses_sub_operators": AgreementRevision.uses_sub_operators.is_(None),
    "guarantees": _blank(AgreementRevision.guarantees),
    "subject_access": _blank(AgreementRevision.subject_access),
    "gestor": ~exists().where(
        Steward.agreement_id == Agreement.id,
        Steward.role == StewardRole.GESTOR,
        current(Steward),
        Steward.until.is_(None),
    ),
    "fiscal": ~exists().where(
        Steward.agreement_id == Agreement.id,
        Steward.role == StewardRole.FISCAL,
        current(Steward),
        Steward.until.is_(None),
    ),
    "preposto": ~exists().where(
        Contact.operator_id == Agreement.operator_id,
        or_(Contact.agreement_id.is_(None), Contact.agreement_id == Agreement.id),
        Contact.role == ContactRole.PREPOSTO,
        Contact.email != "",
        current(Contact),
        Contact.until.is_(None),
    ),
}
"""What the public sources do not know and a person completes; each with the condition that it is still missing."""

_EXEMPT = or_(
    and_(AgreementRevision.role == Role.NO_PERSONAL_DATA, AgreementRevision.role_approved_on.is_not(None)),
    AgreementRevision.dispensation_ground.is_not(None),
)
_MISSING_COUNT = case(
    (_EXEMPT, 0), else_=sum((case((condition, 1), else_=0) for condition in MISSING.values()), start=literal(0))
)


def missing_of(session: Session, agreement_id: int) -> tuple[str, ...]:
    """Return the keys of :data:`MISSING` that nobody has answered for an agreement."""
    statement = (
        select(_EXEMPT.label("exempt"), *(condition.label(key) for key, condition in MISSING.items()))
        .select_from(Agreement)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .where(Agreement.id == agreement_id)
    )
    row = session.execute(statement).one_or_none()
    if row is None or row.exempt:
        return ()
    return tuple(key for key in MISSING if getattr(row, key))


def agreement_lines(
    session: Session,
    *,
    words: str = "",
    unit_id: int | None = None,
    kind: str = "",
    exposure: str = "",
    stage: str = "",
    only_incomplete: bool = False,
    offset: int,
    limit: int,
) -> tuple[list[AgreementLine], int]:
    """Return a page of agreements, the newest instrument first, and how many there are; filters are slugs or empty."""
    conditions: list[ColumnElement[bool]] = []
    if words:
        bare = re.sub(r"[^0-9A-Za-z]", "", words).casefold()
        found = has_words(Agreement.search_text, words)
        conditions.append(or_(found, Agreement.search_text.like(f"%{bare}%")) if len(bare) == 14 else found)
    if unit_id is not None:
        conditions.append(Agreement.unit_id == unit_id)
    if kind:
        conditions.append(Agreement.kind == AgreementKind(kind))
    if exposure:
        conditions.append(Standing.exposure == Exposure(exposure))
    if stage:
        conditions.append(Standing.stage == stage)
    if only_incomplete:
        conditions.append(_MISSING_COUNT > 0)
    source = (
        select(Agreement.id)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
        .where(*conditions)
    )
    total = session.scalar(select(func.count()).select_from(source.subquery())) or 0
    statement = (
        select(
            Agreement.id,
            Agreement.kind,
            Agreement.number,
            Agreement.operator_id,
            Operator.name,
            func.coalesce(Unit.name, ""),
            AgreementRevision.object,
            AgreementRevision.starts_on,
            AgreementRevision.ends_on,
            AgreementRevision.ended_on,
            Standing.score,
            Standing.exposure,
            func.coalesce(Standing.breached, 0),
            func.coalesce(Standing.stage, ""),
            _MISSING_COUNT,
        )
        .join(Operator, Operator.id == Agreement.operator_id)
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .outerjoin(Unit, Unit.id == Agreement.unit_id)
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
        .where(*conditions)
        .order_by(AgreementRevision.signed_on.desc().nulls_last(), Agreement.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [AgreementLine._make(row) for row in session.execute(statement)], total


def agreements_of_operator(session: Session, operator_id: int) -> list[AgreementOfOperator]:
    """Return an operator's agreements, those in force first, then the newest."""
    rank = case(
        (Standing.stage == "in_force", 0), (Standing.stage == "ending", 1), (Standing.stage == "future", 2), else_=3
    )
    statement = (
        select(
            Agreement.id,
            Agreement.kind,
            Agreement.number,
            AgreementRevision.object,
            AgreementRevision.starts_on,
            AgreementRevision.ends_on,
            AgreementRevision.ended_on,
            Standing.score,
            Standing.exposure,
            func.coalesce(Standing.breached, 0),
            func.coalesce(Standing.stage, ""),
            Standing.next_due_on,
        )
        .join(AgreementRevision, AgreementRevision.id == Agreement.current_revision_id)
        .outerjoin(Standing, Standing.agreement_id == Agreement.id)
        .where(Agreement.operator_id == operator_id)
        .order_by(rank, AgreementRevision.signed_on.desc().nulls_last(), Agreement.id.desc())
    )
    return [AgreementOfOperator._make(row) for row in session.execute(statement)]


class ContactLine(NamedTuple):
    """A contact as pages show it."""

    lineage: int
    agreement_id: int | None
    agreement: str
    role: ContactRole
    name: str
    email: str
    phone: str
    document: str
    reachable_always: bool | None
    since: date
    until: date | None


def contacts(session: Session, *, operator_id: int, agreement_id: int | None = None) -> list[ContactLine]:
    """Return the contacts of an operator, the present ones first; with ``agreement_id``, only those that serve it."""
    serves = [] if agreement_id is None else [or_(Contact.agreement_id.is_(None), Contact.agreement_id == agreement_id)]
    statement = (
        select(
            Contact.lineage,
            Contact.agreement_id,
            func.coalesce(Agreement.number, ""),
            Contact.role,
            Contact.name,
            Contact.email,
            Contact.phone,
            Contact.document,
            Contact.reachable_always,
            Contact.since,
            Contact.until,
        )
        .outerjoin(Agreement, Agreement.id == Contact.agreement_id)
        .where(Contact.operator_id == operator_id, current(Contact), *serves)
        .order_by(Contact.until.is_not(None), Contact.role, Contact.since.desc(), Contact.id.desc())
    )
    return [ContactLine._make(row) for row in session.execute(statement)]


def present_contacts(session: Session, operator_id: int) -> list[Contact]:
    """Return the rows of the contacts who answer for an operator now."""
    return list(
        session.scalars(
            select(Contact)
            .where(Contact.operator_id == operator_id, current(Contact), Contact.until.is_(None))
            .order_by(Contact.id)
        )
    )


def stewards(session: Session, agreement_id: int) -> list[Steward]:
    """Return the gestores and fiscais of an agreement, present ones first."""
    return list(
        session.scalars(
            select(Steward)
            .where(Steward.agreement_id == agreement_id, current(Steward))
            .order_by(Steward.until.is_not(None), Steward.role.desc(), Steward.since.desc(), Steward.id.desc())
        )
    )


def sub_operators(session: Session, agreement_id: int) -> list[SubOperator]:
    """Return the sub-operators of an agreement in the order in which they were registered."""
    return list(
        session.scalars(
            select(SubOperator)
            .where(SubOperator.agreement_id == agreement_id, current(SubOperator))
            .order_by(SubOperator.lineage, SubOperator.id)
        )
    )


def terms_of(session: Session, agreement_ids: Collection[int]) -> list[AgreementTerm]:
    """Return the aditivos, apostilamentos and rescissions of some agreements, in the order of their signature."""
    found: list[AgreementTerm] = []
    for ids in chunks(agreement_ids):
        found += session.scalars(
            select(AgreementTerm).where(AgreementTerm.agreement_id.in_(ids)).order_by(AgreementTerm.id)
        )
    return sorted(found, key=lambda term: (term.agreement_id, term.signed_on or date.min, term.id))


class PaperLine(NamedTuple):
    """A signed instrument or an issued document on the agreement's page."""

    kind: str
    """``instrument`` or ``document``."""
    id: int
    """Lineage of the instrument, or id of the issued document."""
    title: str
    on: date | None
    recorded_at: datetime
    sha256: str
    size: int | None
    name: str
    restricted: bool


def papers_of(session: Session, agreement_id: int) -> list[PaperLine]:
    """Return the signed instruments, then the documents issued, of an agreement, the newest of each first."""
    signed = session.execute(
        select(
            Instrument.lineage,
            Instrument.title,
            Instrument.signed_on,
            Instrument.recorded_at,
            StoredFile.sha256,
            StoredFile.size,
            StoredFile.name,
            StoredFile.restricted,
        )
        .outerjoin(StoredFile, StoredFile.id == Instrument.file_id)
        .where(Instrument.agreement_id == agreement_id, current(Instrument))
        .order_by(Instrument.signed_on.desc().nulls_last(), Instrument.id.desc())
    )
    issued = session.execute(
        select(
            IssuedDocument.id,
            IssuedDocument.title,
            literal(None),
            IssuedDocument.recorded_at,
            IssuedDocument.sha256,
            StoredFile.size,
            StoredFile.name,
            StoredFile.restricted,
        )
        .outerjoin(StoredFile, StoredFile.id == IssuedDocument.file_id)
        .where(IssuedDocument.agreement_id == agreement_id)
        .order_by(IssuedDocument.id.desc())
    )

    def line(kind: str, row: Iterable[Any]) -> PaperLine:
        identity, title, on, at, sha256, size, name, restricted = row
        return PaperLine(kind, identity, title, on, at, sha256 or "", size, name or "", bool(restricted))

    return [line("instrument", row) for row in signed] + [line("document", row) for row in issued]


def requests_of(session: Session, agreement_id: int, *, limit: int) -> list[Request]:
    """Return the newest requests of an agreement."""
    return list(
        session.scalars(
            select(Request).where(Request.agreement_id == agreement_id).order_by(Request.id.desc()).limit(limit)
        )
    )


class EvidenceLine(NamedTuple):
    """A proof on its operator's page."""

    id: int
    kind: Any
    title: str
    received_on: date
    decision: Any
    valid_until: date | None


def evidence_of(session: Session, operator_id: int, *, limit: int) -> list[EvidenceLine]:
    """Return the newest proofs that an operator handed in, with the newest decision about each."""
    newer = aliased(EvidenceReview)
    last = ~exists().where(newer.evidence_id == EvidenceReview.evidence_id, newer.id > EvidenceReview.id)
    statement = (
        select(
            Evidence.id,
            Evidence.kind,
            Evidence.title,
            Evidence.received_on,
            EvidenceReview.decision,
            func.coalesce(EvidenceReview.valid_until, Evidence.valid_until),
        )
        .outerjoin(EvidenceReview, and_(EvidenceReview.evidence_id == Evidence.id, last))
        .where(Evidence.operator_id == operator_id)
        .order_by(Evidence.received_on.desc(), Evidence.id.desc())
        .limit(limit)
    )
    return [EvidenceLine._make(row) for row in session.execute(statement)]


def changes_of(session: Session, agreement_id: int, *, limit: int) -> list[FindingChange]:
    """Return the newest changes of verdict of an agreement."""
    return list(
        session.scalars(
            select(FindingChange)
            .where(FindingChange.agreement_id == agreement_id)
            .order_by(FindingChange.id.desc())
            .limit(limit)
        )
    )


def names_of(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of users by id."""
    wanted = sorted({user_id for user_id in user_ids if user_id is not None})
    if not wanted:
        return {}
    return {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(wanted)))}


# -- import -----------------------------------------------------------------------------------------------------------


def chunks(values: Iterable[T], size: int = CHUNK) -> list[list[T]]:
    """Cut a collection into lists of at most ``size``."""
    listed = list(values)
    return [listed[start : start + size] for start in range(0, len(listed), size)]


def operators_by_cnpj(session: Session, numbers: Collection[str]) -> dict[str, Operator]:
    """Return the operators on record among these CNPJs."""
    found: dict[str, Operator] = {}
    for some in chunks(numbers):
        found |= {str(row.cnpj): row for row in session.scalars(select(Operator).where(Operator.cnpj.in_(some)))}
    return found


def operators_by_foreign_id(session: Session, numbers: Collection[str]) -> dict[str, Operator]:
    """Return the foreign operators on record among these identifications."""
    found: dict[str, Operator] = {}
    for some in chunks(numbers):
        rows = session.scalars(select(Operator).where(Operator.foreign_id.in_(some)))
        found |= {str(row.foreign_id): row for row in rows}
    return found


def agreements_by(session: Session, column: Any, values: Collection[Any]) -> list[Agreement]:
    """Return the agreements whose ``column`` is one of the values."""
    found: list[Agreement] = []
    for some in chunks(values):
        found += session.scalars(select(Agreement).where(column.in_(some)).order_by(Agreement.id))
    return found


def revisions_of(session: Session, agreement_ids: Collection[int]) -> dict[int, list[AgreementRevision]]:
    """Return every revision of some agreements, by agreement, in the order in which they were recorded."""
    found: dict[int, list[AgreementRevision]] = {}
    for some in chunks(agreement_ids):
        rows = session.scalars(
            select(AgreementRevision).where(AgreementRevision.agreement_id.in_(some)).order_by(AgreementRevision.id)
        )
        for row in rows:
            found.setdefault(row.agreement_id, []).append(row)
    return found


def units_by_code(session: Session, codes: Collection[str]) -> dict[str, Unit]:
    """Return the units with these codes."""
    found: dict[str, Unit] = {}
    for some in chunks(codes):
        found |= {row.code: row for row in session.scalars(select(Unit).where(Unit.code.in_(some)))}
    return found


class BatchLine(NamedTuple):
    """A file on the page of imports."""

    id: int
    source: str
    file_name: str
    recorded_at: datetime
    by: str
    applied_at: datetime | None
    read: int


def batches(session: Session, *, offset: int, limit: int) -> tuple[list[BatchLine], int]:
    """Return a page of the files that were read, the newest first, and how many there are."""
    statement = (
        select(
            ImportBatch.id,
            ImportBatch.source,
            ImportBatch.file_name,
            ImportBatch.recorded_at,
            func.coalesce(User.name, ""),
            ImportBatch.applied_at,
            ImportBatch.preview["read"].as_integer(),
        )
        .outerjoin(User, User.id == ImportBatch.recorded_by_id)
        .order_by(ImportBatch.id.desc())
        .offset(offset)
        .limit(limit)
    )
    total = session.scalar(select(func.count()).select_from(ImportBatch)) or 0
    return [BatchLine._make(row) for row in session.execute(statement)], total


def batch_for_update(session: Session, batch_id: int) -> ImportBatch | None:
    """Return a batch and keep it from everybody else until the transaction ends."""
    return session.scalar(select(ImportBatch).where(ImportBatch.id == batch_id).with_for_update())
